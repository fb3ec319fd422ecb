"""A page that tells nothing of the patient decides nothing: a sample of `trap_packets`."""

from __future__ import annotations

import pytest

from tests.trap_packets import (
    breaks,
    judged,
    packets,
    read_file,
    read_packet,
    try_packet,
    whose,
    with_page,
)
from tests.trap_pages import Trap, pdf_of, traps, words_of

SAMPLE = frozenset(
    {
        "stranger_note",
        "namesake_results",
        "planned",
        "cancelled",
        "declined",
        "contraindicated_combination",
    }
)
PACKETS = {path.name: path for path in packets()}
TRUE_RESULTS = """# LABORATORY REPORT
Patient: {name}    DOB: {dob}    Collected: {day}
| Test | Result | Reference range
| Hepatitis B surface antigen | Nonreactive | Nonreactive
| Hepatitis B core antibody | Nonreactive | Nonreactive
| Hepatitis C antibody | Nonreactive | Nonreactive"""


@pytest.mark.parametrize(
    "name",
    ["05_bare_request.pdf", pytest.param("q05_referral_form.pdf", marks=pytest.mark.slow)],
)
def test_no_trap_decides_in_a_packets_favour(name: str) -> None:
    tally = try_packet(PACKETS[name], SAMPLE, ("pdf",), joined=False, number=1)
    assert (tally.runs, tally.skipped) == (len(SAMPLE), 0)
    assert tally.broken == ()


@pytest.mark.parametrize("joined", [False, True])
def test_a_page_that_does_tell_of_the_patient_is_seen_to_decide(joined: bool) -> None:
    files = read_packet(PACKETS["05_bare_request.pdf"])
    document, asked_on, birth, before = judged(files)
    page = Trap("results", "own", (TRUE_RESULTS,), frozenset())
    words = words_of(page, whose(document.pages, birth, asked_on), 0)
    assert words is not None
    added = with_page(files, read_file("zz_page.pdf", pdf_of(words)), joined)
    told = [what for what, _ in breaks(before, judged(added)[-1], page, "zz_page.pdf")]
    assert {f"hepatitis_{kind}: not_documented -> met" for kind in "bc"} <= set(told)


def test_traps_are_many_and_in_several_wordings() -> None:
    assert len(traps()) >= 30
    assert all(len(trap.wordings) == 3 for trap in traps())
    assert len({trap.name for trap in traps()}) == len(traps())
