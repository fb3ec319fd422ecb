"""Write the packets of `packets/`; the same bytes every time. All of it is invented."""

from __future__ import annotations

from pathlib import Path

import partial
import pathways

FOLDER = Path(__file__).parent / "packets"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for draw in (
        pathways.refractory_appeal, pathways.ild_consult, pathways.taper_flare,
        pathways.intolerance, pathways.stale_ck, partial.low_dose_scan, partial.good_response,
        partial.nivolumab_unlinked, partial.suspected, partial.dermatomyositis_fax,
    ):
        draw(FOLDER)


if __name__ == "__main__":
    main()
