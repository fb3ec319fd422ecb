"""One course told on several pages is one row; what is read off its line of doses."""

from __future__ import annotations

import pytest

from pipeline.schema import About, Case, Medication
from tests.normalize.test_conflicts import LETTER, NOTE, case_of

OTHER_HEAD = "September 14, 2026\nTo the reviewer:\n"
NOTE_HEAD = "Visit date: 09/10/2026\n"
LETTER_HEAD = "September 12, 2026\nTo whom it may concern:\n"
MEDICINES = "Current medications:\n"


def rows(case: Case, drug: str) -> list[Medication]:
    """The patient's own episodes of a drug."""
    found = [m for m in case.medications if m.ingredient == drug]
    return [m for m in found if m.about is About.PATIENT]


def seen(case: Case, drug: str) -> list[tuple[float | None, str]]:
    """Dose and status of each episode, the highest dose first."""
    told = [(m.dose_value, m.status) for m in rows(case, drug)]
    return sorted(told, key=lambda row: -(row[0] or 0))


def pages_of(m: Medication) -> set[int]:
    return {place.page for place in m.places}


def test_course_told_on_three_pages_is_one_row() -> None:
    """Two letters and a list tell one course; each is a place of it."""
    case = case_of(
        (LETTER, OTHER_HEAD + "Azathioprine 150 mg daily since 04/06/2026, no response."),
        (LETTER, LETTER_HEAD + "She has taken azathioprine 150 mg daily since early April."),
        (NOTE, NOTE_HEAD + MEDICINES + "- azathioprine 150 mg PO daily"),
    )
    [row] = rows(case, "azathioprine")
    assert (row.status, row.outcome, row.start.iso if row.start else "") == (
        "current", "failed", "2026-04-06",
    )  # fmt: skip
    assert pages_of(row) == {1, 2, 3}


def test_drug_taken_up_again_is_a_second_episode() -> None:
    """Stopped, and begun again at the same dose a year later."""
    case = case_of(
        (
            NOTE,
            NOTE_HEAD
            + "Methotrexate 15 mg weekly from 02/03/2025 to 05/05/2025, stopped for a move.\n"
            "Methotrexate 15 mg weekly again since 06/01/2026.",
        ),
        (LETTER, LETTER_HEAD + "She is on methotrexate 15 mg weekly."),
    )
    found = rows(case, "methotrexate")
    assert sorted((m.status, m.start.iso if m.start else "") for m in found) == [
        ("current", "2026-06-01"),
        ("past", "2025-02-03"),
    ]


TAPER = "Prednisone 60 mg daily from 04/06/2026, 40 mg daily from 05/18/2026, 20 mg daily since 06/29/2026."


def test_steps_of_a_taper_end_where_the_next_begins() -> None:
    """Each step has the days until the next one, and only the last goes on."""
    found = rows(case_of((NOTE, NOTE_HEAD + TAPER)), "prednisone")
    told = [(m.dose_value, m.status, m.duration_days) for m in found]
    assert told == [(60, "past", 42), (40, "past", 42), (20, "current", 74)]


def test_length_of_the_whole_is_no_further_row_and_no_contradiction() -> None:
    """What is told of the drug alone is a place of its course; a step never contradicts it."""
    case = case_of(
        (NOTE, NOTE_HEAD + TAPER),
        (LETTER, LETTER_HEAD + "In all he has had five months of prednisone, without success."),
    )
    assert seen(case, "prednisone") == [(60, "past"), (40, "past"), (20, "current")]
    assert any(2 in pages_of(m) for m in rows(case, "prednisone"))
    assert not case.conflicts


def test_length_longer_than_its_dose_lasted_is_of_the_course() -> None:
    """A letter tells the first dose with the days of all."""
    case = case_of(
        (LETTER, OTHER_HEAD + "Prednisone 60 mg daily, 22 weeks, inadequate response."),
        (NOTE, NOTE_HEAD + TAPER),
    )
    first, *later = rows(case, "prednisone")
    assert (first.dose_value, first.duration_days, len(later)) == (60, 42, 2)


def test_newer_page_gives_the_present_dose() -> None:
    """A list of an older note is no present dose beside a newer one."""
    case = case_of(
        (NOTE, "Visit date: 05/04/2026\n" + MEDICINES + "- methotrexate 10 mg weekly"),
        (NOTE, NOTE_HEAD + MEDICINES + "- methotrexate 15 mg weekly"),
    )
    assert seen(case, "methotrexate") == [(15, "current"), (10, "past")]


def test_sentence_outranks_the_heading_of_a_list() -> None:
    """A list of earlier treatment only suggests that a drug is no longer taken."""
    case = case_of(
        (LETTER, OTHER_HEAD + "Prior therapy:\n- sulfasalazine 2 g daily, no effect"),
        (NOTE, NOTE_HEAD + "Plan:\nContinue sulfasalazine 2 g daily."),
    )
    [row] = rows(case, "sulfasalazine")
    assert row.status == "current"


def test_dose_by_weight_in_brackets_is_the_same_dose() -> None:
    """ "40 mg (0.5 mg/kg)" is told twice in one breath."""
    case = case_of((NOTE, NOTE_HEAD + "Prednisone 40 mg daily (0.5 mg/kg) since 07/06/2026."))
    [row] = rows(case, "prednisone")
    assert (row.dose_value, row.dose_per_kg, row.status) == (40, 0.5, "current")


def test_dose_gone_back_to_is_the_present_one() -> None:
    """Lowered, then back: the line ends with the higher dose."""
    case = case_of(
        (
            NOTE,
            NOTE_HEAD
            + "Prednisone 50 mg daily from 06/01/2026. On 07/13/2026 it was lowered to 30 mg. "
            "Since 08/03/2026 she takes prednisone 50 mg daily again.",
        ),
        (LETTER, LETTER_HEAD + "Her dose is prednisone 50 mg daily."),
    )
    present = [m.dose_value for m in rows(case, "prednisone") if m.status == "current"]
    assert present == [50]


def test_to_present_beside_a_later_dose_is_of_the_course() -> None:
    """A letter names the first dose and that the course goes on."""
    case = case_of(
        (LETTER, OTHER_HEAD + "Prednisone 70 mg daily, 03/02/2026 to present."),
        (NOTE, NOTE_HEAD + MEDICINES + "- prednisone 25 mg PO daily, started 08/17/2026"),
    )
    assert seen(case, "prednisone") == [(70, "past"), (25, "current")]


def test_contradictory_lengths_are_one_row_and_one_conflict() -> None:
    """Twelve weeks in the letter, begun three weeks ago in the note."""
    case = case_of(
        (LETTER, OTHER_HEAD + "Leflunomide 20 mg daily for 12 weeks, no response."),
        (NOTE, NOTE_HEAD + "Leflunomide 20 mg daily was started on 08/20/2026."),
    )
    [row] = rows(case, "leflunomide")
    assert pages_of(row) == {1, 2}
    assert [c.about for c in case.conflicts] == ["how long leflunomide was taken"]


@pytest.mark.parametrize(
    "plan",
    [
        "Plan:\nContinue azathioprine.",
        "Plan:\nAzathioprine 100 mg daily, recheck in six weeks.",
    ],
)
def test_plan_to_go_on_is_a_place_of_the_course(plan: str) -> None:
    """No row of its own, and the start stays."""
    case = case_of((NOTE, NOTE_HEAD + "Azathioprine 100 mg daily since 07/06/2026.\n" + plan))
    [row] = rows(case, "azathioprine")
    assert (row.status, row.start.iso if row.start else "") == ("current", "2026-07-06")


def test_plan_to_raise_a_dose_is_a_row_of_its_own() -> None:
    """What is to come is not what is taken."""
    text = MEDICINES + "- methotrexate 15 mg weekly\nPlan:\nIncrease methotrexate to 20 mg weekly."
    case = case_of((NOTE, NOTE_HEAD + text))
    assert seen(case, "methotrexate") == [(20, "planned"), (15, "current")]


def test_what_a_relative_took_stays_apart() -> None:
    """The same drug and dose, told of somebody else, is no place of the patient's course."""
    case = case_of(
        (
            NOTE,
            NOTE_HEAD + "Azathioprine 100 mg daily since 07/06/2026.\n"
            "Family history: her mother took azathioprine 100 mg daily for two years.",
        )
    )
    [row] = rows(case, "azathioprine")
    assert all("mother" not in place.text for place in row.places)
    assert any(m.about is About.RELATIVE for m in case.medications)


def test_denial_that_it_was_ever_taken_stays_beside_the_course() -> None:
    """It speaks against the course, and is no end of it; "none since" is one."""
    taken = "Methotrexate 20 mg weekly from 01/05/2026 to 06/01/2026, no response.\n"
    case = case_of((NOTE, NOTE_HEAD + taken + "On review, methotrexate was never started."))
    assert seen(case, "methotrexate") == [(20, "past"), (None, "not_taken")]
    begun = "Methotrexate 20 mg weekly was begun on 01/05/2026.\n"
    case = case_of((NOTE, NOTE_HEAD + begun + "There was no methotrexate after 06/01/2026."))
    assert ("current" in {status for _, status in seen(case, "methotrexate")}) is False


def test_harm_is_of_the_dose_that_did_it() -> None:
    """Stopped for harm at the last dose; the doses before it were borne."""
    case = case_of(
        (
            NOTE,
            NOTE_HEAD
            + "Methotrexate 10 mg weekly from 03/02/2026 to 04/12/2026, then 20 mg weekly "
            "from 04/13/2026 to 05/10/2026.",
        ),
        (LETTER, LETTER_HEAD + "Methotrexate was stopped because of hepatotoxicity."),
    )
    found = {m.dose_value: m.outcome for m in rows(case, "methotrexate")}
    assert found == {10: "unknown", 20: "intolerant"}


def test_every_episode_has_its_own_id() -> None:
    """Also two of one dose on one page without days."""
    text = TAPER + " In 2019 she had prednisone 60 mg daily for two weeks."
    ids = [m.id for m in case_of((NOTE, NOTE_HEAD + text)).medications]
    assert len(set(ids)) == len(ids)


def test_entry_with_its_last_day_is_past_under_any_heading() -> None:
    """The days of an entry outrank what the heading of its list suggests."""
    text = MEDICINES + "- methotrexate 15 mg weekly, 05/04/2025 to 08/03/2025, no response"
    [row] = rows(case_of((NOTE, NOTE_HEAD + text)), "methotrexate")
    assert (row.status, row.stop.iso if row.stop else "") == ("past", "2025-08-03")
