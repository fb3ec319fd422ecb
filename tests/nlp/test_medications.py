"""The marked sentences of medications.txt: what a note says of treatments."""

from pathlib import Path

import pytest

from pipeline.schema import Assertion, Medication
from tests.notes import case_of, marked_sentences

SENTENCES = marked_sentences(Path(__file__).with_name("medications.txt"))
DATE_OF_NOTE = "Date of service: 09/02/2026\n"


def told(medication: Medication, key: str) -> str:
    """One property of an episode, as the marked sentences write it."""
    match key:
        case "dose":
            return (
                f"{medication.dose_value:g} {medication.dose_unit}" if medication.dose_value else ""
            )
        case "daily":
            return f"{medication.daily_dose_mg:g}" if medication.daily_dose_mg else ""
        case "days":
            return str(medication.duration_days)
        case "start" | "stop":
            day = medication.start if key == "start" else medication.stop
            return day.iso if day else ""
        case "reason":
            return medication.outcome_reason
    return str(getattr(medication, key))


def fits(medication: Medication, wanted: str) -> bool:
    ingredient, *properties = [part.strip() for part in wanted.split("|")]
    if medication.ingredient != ingredient:
        return False
    for name in properties:
        key, _, value = name.partition(" ")
        found = told(medication, key)
        if value not in found if key == "reason" else found != value:
            return False
    return True


@pytest.mark.parametrize(("sentence", "wanted"), SENTENCES, ids=[s[:50] for s, _ in SENTENCES])
def test_a_note_tells_of_treatments(sentence: str, wanted: list[str]) -> None:
    own = [
        m
        for m in case_of(DATE_OF_NOTE + sentence + "\n").medications
        if m.assertion is not Assertion.FAMILY
    ]
    shown = "\n".join(
        str(m.model_dump(exclude={"places", "stated", "id"}, exclude_defaults=True)) for m in own
    )
    if wanted == ["nothing"]:
        assert not own, shown
        return
    for line in wanted:
        assert any(fits(m, line) for m in own), f"{line}\nfound:\n{shown}"
