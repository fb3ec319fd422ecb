"""What a medication row claims, and that its first words show it."""

from __future__ import annotations

import re

from tests.notes import case_of


def test_months_do_not_bound_a_duration() -> None:
    """From some day of June to some day of June is no number of days."""
    text = "Prednisone 15 mg daily from June 2026 to June 2026.\n"
    rows = [m for m in case_of(text).medications if m.ingredient == "prednisone"]
    assert rows and all(m.duration_days is None for m in rows)


def test_days_are_counted_between_printed_days() -> None:
    """Both days count."""
    text = "Prednisone 60 mg daily from 03/02/2026 to 04/12/2026.\n"
    [row] = [m for m in case_of(text).medications if m.ingredient == "prednisone"]
    assert row.duration_days == 42


def test_row_leads_with_the_words_that_print_its_dose() -> None:
    """An analyst checks the dose of a row against its first place."""
    text = (
        "Visit of 09/21/2026. Assessment: refractory to prednisone.\n"
        "Prednisone 60 mg daily was taken from 03/02/2026 to 04/12/2026.\n"
    )
    doses = [m for m in case_of(text).medications if m.dose_value is not None]
    assert doses
    for m in doses:
        assert re.search(rf"\b{m.dose_value:g}\b", m.places[0].text)
