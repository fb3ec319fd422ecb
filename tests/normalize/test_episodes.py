"""What a medication row claims, and that its first words show it."""

from __future__ import annotations

import re

import pytest

from pipeline.schema import About, Assertion, Medication
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


def prednisone(text: str) -> list[Medication]:
    """The rows of prednisone that are the patient's own."""
    rows = case_of(text).medications
    return [m for m in rows if m.ingredient == "prednisone" and m.about is About.PATIENT]


def test_what_goes_on_has_lasted_to_the_day_of_the_note() -> None:
    """From its start to the latest page that says so; both days count."""
    text = "Visit date: 05/31/2026\nSince May 2, 2026 she takes prednisone 30 mg once a day.\n"
    [row] = prednisone(text)
    assert (row.status, row.duration_days) == ("current", 30)


def test_frequency_is_that_of_all_other_statements_of_the_drug() -> None:
    """What was ordered daily was taken daily; nothing tells it of a lone dose."""
    text = "Plan: begin prednisone 70 mg daily on May 4, 2026.\nInterval history:\nPrednisone 70 mg from May 4, 2026 to June 15, 2026, no change.\n"
    [row] = prednisone(text)
    assert (row.status, row.daily_dose_mg, row.duration_days) == ("past", 70, 43)
    [alone] = prednisone("Prednisone 70 mg from May 4, 2026 to June 15, 2026.\n")
    assert alone.daily_dose_mg is None


def test_steps_of_a_corticosteroid_are_daily_doses() -> None:
    """Steps over told stretches of time: only a frequency that is printed is printed."""
    text = "Prednisone 70 mg from May 4, 2026 to June 15, 2026, then down. In July 12.5 mg, now back on 25 mg.\n"
    assert {m.dose_value: m.daily_dose_mg for m in prednisone(text)}.get(70) == 70
    assert all(not m.frequency for m in prednisone(text))
    weekly = "Methotrexate 10 mg from May 4, 2026 to June 15, 2026, then 15 mg.\n"
    assert all(m.daily_dose_mg is None for m in case_of(weekly).medications)


@pytest.mark.parametrize(
    ("text", "doses"),
    [
        ("Pred 65/d from 2/3. Now 17.5/d.", {65.0, 17.5}),
        ("She is on 15 of prednisone since the 4th.", {15.0}),
        ("Takes prednisone 20 mg daily. Stools 3/d.", {20.0}),
        ("Takes prednisone 20 mg daily with vitamin D 2000/d.", {20.0}),
    ],
)
def test_prednisone_is_written_without_its_unit(text: str, doses: set[float]) -> None:
    """A number alone is in mg where the drug is prednisone, and no dose of anything else."""
    assert {m.dose_value for m in prednisone(text) if m.dose_unit == "mg"} == doses


def test_names_alone_are_no_further_rows() -> None:
    """A question, a plan or a stretch without a dose is a place of the course that it names."""
    text = (
        "Prednisone 60 mg daily from 03/02/2026 to 04/12/2026, then 20 mg daily from 04/13/2026.\n"
        "Should prednisone be refused, call.\nOn prednisone since March 2026.\n"
    )
    assert [m.dose_value for m in prednisone(text)] == [60, 20]


def test_denied_taper_is_no_denied_drug() -> None:
    """ "Not tried to lower it" is of the dose."""
    case = case_of("She takes prednisone 25 mg once a day. We have not tried to lower it.\n")
    assert [m.status for m in case.medications] == ["current"]
    [taper] = [f for f in case.findings if f.finding == "taper_attempt"]
    assert taper.assertion is Assertion.NEGATED


@pytest.mark.parametrize(
    "words",
    [
        "Not a candidate for further steroid alone.",
        "More corticosteroid is contraindicated.",
        "She cannot be given steroids any longer.",
    ],
)
def test_bar_on_a_class_denies_no_course(words: str) -> None:
    """What may not be given any more of a class was taken all the same."""
    case = case_of(f"Prednisone 70 mg daily was taken from March 2 to April 20, 2026. {words}\n")
    course = next(m for m in case.medications if m.dose_value == 70)
    assert (course.status, course.outcome) == ("past", "unknown")


def test_new_paragraph_tells_on() -> None:
    """ "He began with 70 mg a day": of the one drug that the paragraph before is about."""
    told = "He has lived with prednisone for a year.\nHe began on May 4, 2026 with 70 mg a day and stayed there until July 1, 2026.\n"
    course = next(m for m in case_of(told).medications if m.dose_value == 70)
    assert (course.ingredient, course.duration_days) == ("prednisone", 59)


def test_new_paragraph_after_two_drugs_tells_of_neither() -> None:
    """Which of two drugs it is, is open."""
    told = "He has been on lisinopril and prednisone.\nHe began on May 4, 2026 with 70 mg a day.\n"
    assert all(m.dose_value is None for m in case_of(told).medications)


def test_bound_that_cannot_be_passed_is_no_dose() -> None:
    """ "Unable to go under 20 mg" orders none."""
    case = case_of("She has been unable to go under 20 mg of prednisone without losing ground.\n")
    assert all(m.dose_value is None for m in case.medications)


def test_steps_in_words_without_the_drug() -> None:
    """A sentence that begins with a number in words goes on about the drug, as one in digits does."""
    told = (
        "Visit of 07/09/2026\nI put her on prednisone 60 mg a day on March 3, 2026. "
        "Fifty, forty, and since the middle of June thirty milligrams a day.\n"
    )
    now = next(m for m in case_of(told).medications if m.dose_value == 30)
    assert (now.ingredient, now.status) == ("prednisone", "current")
