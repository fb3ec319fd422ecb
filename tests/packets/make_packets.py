"""Write the packets of `packets/`; the same bytes every time. All of it is invented."""

from __future__ import annotations

from pathlib import Path

from drawn import (
    p01_refractory_appeal,
    p02_ild_consult,
    p03_taper_flare,
    p04_intolerance,
    p05_stale_ck,
    p06_low_dose_scan,
    p07_good_response,
    p08_nivolumab_unlinked,
    p09_suspected,
    p10_dermatomyositis_fax,
    p11_strangers_page,
    p12_criteria_page,
    p13_form_against_note,
    p14_giant_cell,
    p15_crohns,
    p16_bedside_photo,
    p17_positive_tuberculin,
    p18_cardiac_two_products,
    p19_never_conventional,
    p20_ruined_results,
)

FOLDER = Path(__file__).parent / "packets"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for packet in (
        p01_refractory_appeal,
        p02_ild_consult,
        p03_taper_flare,
        p04_intolerance,
        p05_stale_ck,
        p06_low_dose_scan,
        p07_good_response,
        p08_nivolumab_unlinked,
        p09_suspected,
        p10_dermatomyositis_fax,
        p11_strangers_page,
        p12_criteria_page,
        p13_form_against_note,
        p14_giant_cell,
        p15_crohns,
        p16_bedside_photo,
        p17_positive_tuberculin,
        p18_cardiac_two_products,
        p19_never_conventional,
        p20_ruined_results,
    ):
        packet.draw(FOLDER)


if __name__ == "__main__":
    main()
