"""Which episodes of a drug have a row, and which are steps of another one's course."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.export import fact_rows
from pipeline.lexicon import load_lexicon
from pipeline.normalize.corrections import apply_corrections
from pipeline.quantities import DateRange
from pipeline.schema import Case, CellChange, Correction, Medication
from tests.notes import MODELS, case_of

HEAD = "Visit date: 09/14/2026\n"


def shown(case: Case, drug: str = "prednisone") -> list[float | None]:
    """Doses of the rows of medications.csv."""
    rows = fact_rows(case)["medications"]
    return sorted(float(r["dose_value"] or 0) for r in rows if r["ingredient"] == drug)


@pytest.mark.parametrize(
    ("text", "drug", "doses"),
    [
        (
            "Prednisone 65 mg daily from 02/02/2026 to 03/15/2026. In May 35 mg daily. "
            "She takes prednisone 27.5 mg daily now.",
            "prednisone",
            [27.5, 65],
        ),
        (
            "Prednisone 65 mg daily from 02/02/2026 to 03/15/2026. On prednisone 10 mg daily in June the "
            "weakness came back. Now takes prednisone 25 mg daily.",
            "prednisone",
            [10, 25, 65],
        ),
        (
            "Azathioprine 25 mg daily, 75 mg from 03/09/2026, and she takes azathioprine 125 mg daily since 04/06/2026.",
            "azathioprine",
            [125],
        ),
        (
            "She takes methotrexate 12.5 mg weekly.\nPlan:\nIncrease methotrexate to 17.5 mg weekly.",
            "methotrexate",
            [12.5],
        ),
        (
            "Prednisone 45 mg daily from 01/12/2026 to 02/22/2026, stopped. Prednisone 35 mg daily "
            "from 06/01/2026 to 07/05/2026.",
            "prednisone",
            [35, 45],
        ),
        ("She takes prednisone 35 mg daily. She was never on more than 55 mg of prednisone.", "prednisone", [35]),
        ("She takes prednisone 15 mg daily. She cannot get below 15 mg of prednisone.", "prednisone", [15]),
        ("Continue prednisone 30 mg daily and lower it by 2.5 mg weekly.", "prednisone", [30]),
    ],
)  # fmt: skip
def test_rows_of_a_course(text: str, drug: str, doses: list[float]) -> None:
    """The highest, the present and the turning dose; the doses on the way are in the case alone."""
    assert shown(case_of(HEAD + text), drug) == doses


def test_step_keeps_its_places_and_names_its_course() -> None:
    case = case_of(
        HEAD + "Prednisone 65 mg daily from 02/02/2026 to 03/15/2026. In May 35 mg daily. "
        "She takes prednisone 27.5 mg daily now."
    )
    [step] = [m for m in case.medications if m.step_of]
    assert step.dose_value == 35 and step.places
    assert step.step_of in {m.id for m in case.medications if m.dose_value == 65}


def test_length_of_that_dose_is_of_the_dose_told_before() -> None:
    text = "Visit date: 03/16/2026\nShe started prednisone 55 mg daily on 02/02/2026. She has now had six weeks of that dose.\n"
    [row] = [m for m in case_of(text).medications if m.ingredient == "prednisone"]
    assert row.duration_days == 42


def test_length_beyond_a_dose_s_own_days_is_no_length_of_it() -> None:
    text = HEAD + "Prednisone 75 mg daily 01/12/2026 - 02/23/2026, then tapered over five months.\n"
    rows = [m for m in case_of(text).medications if m.dose_value == 75]
    assert [m.duration_days for m in rows] == [43]


def test_dose_lasts_to_the_next_only_where_none_lies_between() -> None:
    """70 mg did not go on until 12.5 mg began: 30 and 20 mg lay between, nobody says when."""
    text = (
        HEAD
        + "Prednisone 70 mg daily was begun on 01/19/2026. It was lowered to prednisone 30 mg. "
        "Then prednisone 12.5 mg from 08/03/2026.\n"
    )
    [first] = [m for m in case_of(text).medications if m.dose_value == 70]
    assert first.stop is None and first.duration_days is None


@pytest.mark.parametrize("cell", [("duration_days", "28", "10"), ("status", "past", "not_taken")])
def test_who_corrects_a_course_speaks_of_its_steps(cell: tuple[str, str, str]) -> None:
    """No step makes a course longer, or taken, that a person said was not."""
    course = Medication(id="med-a", ingredient="prednisone", status="past", dose_value=60)
    step = Medication(id="med-b", ingredient="prednisone", status="past", step_of="med-a")
    made = Correction(
        id="c1", submission_id="s", table="medications", row_id="med-a", what="changed",
        cells=(CellChange(column=cell[0], before=cell[1], after=cell[2]),), fact=course,
        by="reader", at="2026-11-01T00:00:00Z",
    )  # fmt: skip
    facts = {"medications": [course, step], "labs": [], "diagnoses": [], "findings": []}
    kept, _ = apply_corrections(facts, [made], load_lexicon(MODELS), lambda _: DateRange())  # type: ignore[arg-type]
    assert [f.id for f in kept["medications"]] == ["med-a"]


SAID = (
    "Prednisone 60 mg daily from 02/02/2026 to 03/15/2026.",
    "Prednisone 40 mg daily from 03/16/2026 to 04/12/2026.",
    "She takes prednisone 20 mg daily since 04/13/2026.",
    "Methotrexate 15 mg weekly from 02/02/2026 to 05/03/2026, no response.",
)


def told(case: Case) -> set[tuple[object, ...]]:
    """What is told of each episode, its places aside."""
    return {
        (m.ingredient, m.dose_value, m.status, m.duration_days, m.start, m.stop, m.outcome)
        for m in case.medications
    }


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(list(permutations(SAID))), st.integers(min_value=0, max_value=3))
def test_order_and_repetition_change_no_episode(said: tuple[str, ...], again: int) -> None:
    """A statement told again is another place of what it tells."""
    once = case_of(HEAD + "\n".join(SAID) + "\n")
    twice = case_of(HEAD + "\n".join((*said, said[again])) + "\n")
    assert told(twice) == told(once)
    assert len(twice.medications) == len(once.medications)
