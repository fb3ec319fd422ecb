"""What letters and forms of any wording ask for."""

from __future__ import annotations

import pytest

from pipeline.nlp import extract_mentions
from pipeline.normalize import build_case
from pipeline.schema import PageKind, RequestedDrug
from tests.notes import MODELS, note


def request_of(text: str, kind: PageKind) -> RequestedDrug:
    document = note(text, kind)
    return build_case("x-00000000", document, extract_mentions(document, MODELS), MODELS).request


@pytest.mark.parametrize(
    ("text", "kind", "schedule"),
    [
        (
            "I write to ask for approval of Rituxan (J9312).\n\n"
            "I propose 1000 milligrams intravenously, and the same again two weeks later.\n",
            PageKind.LETTER,
            "and the same again two weeks later",
        ),
        (
            "PLEASE APPROVE:\n\nRuxience (rituximab-pvvr, code Q5119)\n\n"
            "1000 mg intravenously on day 1 and day 15\n",
            PageKind.OTHER,
            "day 1 and day 15",
        ),
        (
            "Requested drug: Truxima Q5115\n\nDose and directions: 1000 mg IV, day 1 and day 15\n",
            PageKind.REQUEST,
            "day 1 and day 15",
        ),
    ],
)
def test_dose_and_schedule_of_what_is_asked_for(text: str, kind: PageKind, schedule: str) -> None:
    request = request_of(text, kind)
    assert request.ingredient == "rituximab"
    assert [d.text.split(" ")[0].replace(",", "") for d in request.dose] == ["1000"]
    assert [s.text.removeprefix("on ") for s in request.schedule] == [schedule]


def test_a_plan_of_treatment_is_no_health_plan() -> None:
    text = "Requested drug: Ruxience Q5119\n\nPLAN: Ruxience. Tenofovir goes on for a year.\n"
    assert request_of(text, PageKind.REQUEST).payer == ()
