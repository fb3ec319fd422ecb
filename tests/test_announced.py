"""What a packet says of itself: pending, attached, to follow."""

from __future__ import annotations

import pytest

from pipeline.announced import announcements
from pipeline.lexicon import models_dir
from pipeline.schema import PageKind
from tests.notes import note


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Tapered last month. Muscle MRI report is attached.", "Muscle MRI report is attached."),
        ("The viral panel was drawn and results are still pending.", "The viral panel"),
        ("Biopsy slides will follow by mail.", "Biopsy slides will follow by mail."),
        ("We await your answer on the pending request.", ""),
        ("She is attached to her dog; weakness is stable.", ""),
        ("Weakness is stable.", ""),
    ],
)
def test_sentences_that_announce_something(line: str, said: str) -> None:
    texts = [one.text for one in announcements(note(line), models_dir())]
    assert (texts[0].startswith(said) if said else True) and len(texts) == bool(said)


def test_printed_criteria_announce_nothing() -> None:
    page = note("Chart notes must be attached.", PageKind.CRITERIA)
    assert announcements(page, models_dir()) == []
