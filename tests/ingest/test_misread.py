"""What fax type is misread as, put right only where nothing else can stand."""

from __future__ import annotations

import pytest

from pipeline.ingest.misread import UNSURE, repaired
from pipeline.ingest.raw import RawWord


def row(text: str) -> list[RawWord]:
    """Words of one line, 5 points a letter."""
    words, x = [], 50.0
    for part in text.split():
        words.append(RawWord(part, (x, 100, x + 5 * len(part), 108), 8, confidence=0.9))
        x += 5 * len(part) + 4
    return words


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("1000 mg IV day | and day 15", "1000 mg IV day 1 and day 15"),
        ("Troponin | normal x2", "Troponin I normal x2"),
        ("1000 mg [V on day 1.", "1000 mg IV on day 1."),
        ("weight 176 Ib.", "weight 176 lb."),
        ("IgG 702 me/dt", "IgG 702 mg/dL"),
        ("creatinine 0.9 mg/dL. Then", "creatinine 0.9 mg/dL. Then"),
        ("U/A normal", "U/A normal"),
        ("stage | disease", "stage | disease"),
        ("Father | Mother", "Father | Mother"),
    ],
)
def test_neighbours_tell_what_was_printed(read: str, meant: str) -> None:
    assert " ".join(word.text for word in repaired(row(read))) == meant


def test_a_speck_behind_a_unit_that_stands_alone_is_dropped() -> None:
    assert [word.text for word in repaired(row("mg/dL."))] == ["mg/dL"]


@pytest.mark.parametrize("text", ["day | and", "took 1OO mg", "took l5 mg"])
def test_numbers_that_were_put_right_or_hold_letters_are_unsure(text: str) -> None:
    read = repaired(row(text))[1]
    assert read.doubtful and read.confidence <= UNSURE
