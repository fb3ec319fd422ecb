"""Two values of a measure that tell what got better."""

import pytest

from pipeline.schema import Assertion
from tests.notes import case_of

SHOWN = {
    "objective_improvement",
    "symptom_improvement",
    "seizure_reduction",
    "exacerbations_fewer",
    "motor_milestones_kept",
}


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("Bowel movements went from nine a day to two.", "symptom_improvement"),
        ("Three stools a day where there had been eleven.", "symptom_improvement"),
        ("Stools once or twice a day; was seven to nine in March.", "symptom_improvement"),
        ("CRP 41 then, 3 today.", "objective_improvement"),
        ("Harvey-Bradshaw score 3 (was 12 in May).", "objective_improvement"),
        ("Calprotectin 1,200 -> 150.", "objective_improvement"),
        ("His fits are down from six a day to one.", "seizure_reduction"),
        ("ACT 11 in January; now 21.", "exacerbations_fewer"),
        ("FEV1 rose from 58 % to 79 %.", "exacerbations_fewer"),
        ("RULM 14 at baseline, 18 now.", "motor_milestones_kept"),
    ],
)
def test_two_values_tell_that_a_measure_got_better(text: str, finding: str) -> None:
    found = [f for f in case_of(f"{text}\n").findings if f.finding in SHOWN]
    assert {(f.finding, f.assertion) for f in found} == {(finding, Assertion.AFFIRMED)}


@pytest.mark.parametrize(
    "text",
    [
        "CRP rose from 3 to 25 after the dose was stretched.",
        "Stools fell from nine to two and were back at eight by May.",
        "Goal: stools from ten to three.",
        "If stools fall from ten to three we shall go on.",
        "Infusions went from every 8 weeks to every 6 weeks for the pain.",
        "Prednisone was cut from 40 mg to 10 mg, pain the same.",
        "Pain 3/10 today.",
        "CRP 25 in May, 24 today.",
    ],
)
def test_what_did_not_get_better_or_not_for_good_is_not_affirmed(text: str) -> None:
    found = [f for f in case_of(f"{text}\n").findings if f.finding in SHOWN]
    assert all(f.assertion is not Assertion.AFFIRMED for f in found)


def test_what_got_better_on_a_drug_that_is_named_is_of_that_drug() -> None:
    found = case_of("On infliximab her stools fell from nine to three.\n").findings
    assert [f.of for f in found if f.finding in SHOWN] == [("infliximab",)]
