"""What specks and remains of ruling lines are recognised as."""

from __future__ import annotations

import pytest

from pipeline.ingest.ocr import Reading
from pipeline.ingest.reread import without_noise


@pytest.mark.parametrize(
    ("read", "kept"),
    [
        ("IgM (97 40-230", "IgM 97 40-230"),
        ("IgM [97 40-230", "IgM 97 40-230"),
        ("prednisone (40 mg daily)", "prednisone (40 mg daily)"),
        ("IgM (97)", "IgM (97)"),
    ],
)
def test_the_remains_of_an_upright_rule_are_no_bracket(read: str, kept: str) -> None:
    words = [
        Reading(text, 60 * at, 10, 60 * at + 50, 22, 0.9) for at, text in enumerate(read.split())
    ]
    assert [r.text for r in without_noise(words)] == kept.split()
