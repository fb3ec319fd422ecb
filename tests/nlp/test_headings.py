"""Headings of order sets, which may say when their drugs are given."""

from __future__ import annotations

import pytest

from pipeline.nlp.passages import prose_passages
from tests.notes import MODELS, note


@pytest.mark.parametrize(
    "heading",
    [
        "Premedication",
        "Premedication 30 minutes before each infusion",
        "Premedications 60 min prior to dose",
    ],
)
def test_time_of_giving_belongs_to_the_heading(heading: str) -> None:
    [passage] = prose_passages(note(f"{heading}: acetaminophen 650 mg PO.\n"), MODELS)
    assert passage.section == "premedication"
