"""Laboratory results in prose, sentence by sentence: `labs.txt` says what each one states."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.quantities import DateRange
from pipeline.schema import Assertion, LabResult
from tests.notes import case_of

MARKED = Path(__file__).with_name("labs.txt")
HEAD = "Date of visit: 09/01/2026"


def marked() -> list[tuple[str, set[frozenset[str]]]]:
    """(sentence, results) of every line; a result is the set of its marks."""
    pairs = []
    for line in MARKED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            sentence, _, told = line.rpartition(" => ")
            results = {frozenset(r.split()) for r in told.split(" ; ") if r.strip() != "nothing"}
            pairs.append((sentence, results))
    return pairs


def marks(lab: LabResult) -> frozenset[str]:
    """A result in the notation of the file; what follows from the range is left out."""
    found = {lab.analyte, lab.unit, lab.interpretation, day(lab.collected)}
    if lab.value is not None:
        found.add(f"{lab.comparator}{lab.value:g}" if lab.value < 1e5 else f"{lab.value:.0f}")
    if lab.ref_low is not None or lab.ref_high is not None:
        found.add("..".join("" if v is None else f"{v:g}" for v in (lab.ref_low, lab.ref_high)))
    elif lab.ratio_to_uln is not None:
        sign = lab.comparator if lab.value is None else ""
        found.add(f"{sign}{lab.ratio_to_uln:g}x")
    if lab.assertion is not Assertion.AFFIRMED:
        found.add(lab.assertion.value)
    return frozenset(found - {""})


def day(when: DateRange | None) -> str:
    """The printed precision of a date: a day, a month, a year, or ''."""
    return when.iso if when is not None else ""


@pytest.mark.parametrize(("sentence", "results"), marked(), ids=[s[:60] for s, _ in marked()])
def test_a_sentence_states(sentence: str, results: set[frozenset[str]]) -> None:
    case = case_of(f"{HEAD}\n{sentence}\n")
    assert {marks(lab) for lab in case.labs} == results
