"""Diagnoses in sentences, as `diagnoses.txt` marks them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.nlp.diagnoses import is_code
from pipeline.schema import Assertion
from tests.nlp.test_findings import marked
from tests.notes import case_of

MARKED = Path(__file__).with_name("diagnoses.txt")
EXPECTED = re.compile(
    r"(?P<maybe>\()?(?P<key>\w+)(?:=(?P<code>[\w.]+))?"
    r"(?:\s+(?P<assertion>negated|possible|historical|hypothetical|family))?\)?"
)


def differences(text: str, listed: str) -> tuple[set[tuple[str, str, str]], set[tuple[str, ...]]]:
    """What should have come out and did not; what came out and should not."""
    expected = [e for part in listed.split(";") if (e := EXPECTED.fullmatch(part.strip()))]
    rows = {(e["key"], e["code"] or "", e["assertion"] or "affirmed"): e["maybe"] for e in expected}
    found = {
        (d.key or d.name, d.icd10, d.assertion.value)
        for d in case_of(text).diagnoses
        if d.assertion is not Assertion.HYPOTHETICAL
    }
    return {row for row, maybe in rows.items() if not maybe} - found, found - rows.keys()


@pytest.mark.parametrize(("line", "text", "listed"), marked(MARKED))
def test_sentence(line: int, text: str, listed: str) -> None:
    """A sentence states the diagnoses that the file lists, and no other."""
    missed, wrong = differences(text, listed)
    assert not missed and not wrong, (
        f"diagnoses.txt:{line}: {text} - missed {missed}, wrong {wrong}"
    )


@pytest.mark.parametrize(
    ("text", "known"),
    [("B20", True), ("C50.911", True), ("A00-A09", False), ("M33.2", True), ("X1", False)],
)
def test_categories_that_are_blocks_too_are_codes(text: str, known: bool) -> None:
    assert is_code(text) is known


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Known Hailey-Hailey disease.", [("Hailey-Hailey disease", "affirmed")]),
        ("No Kugelberg-Welander syndrome.", [("Kugelberg-Welander syndrome", "negated")]),
        ("Seen at the Institute of Rheumatic Disease and the Women's Disease Center.", []),
    ],
)
def test_a_disease_that_no_table_knows_keeps_its_printed_name(
    text: str, told: list[tuple[str, str]]
) -> None:
    assert [(d.name, d.assertion.value) for d in case_of(text).diagnoses] == told
