"""Words that turn what stands beside them: lengths not reached, denials, later labels, bad specimens."""

from __future__ import annotations

import pytest

from pipeline.criteria import evaluate
from pipeline.criteria.policy import load_policy
from pipeline.lexicon import load_lexicon
from pipeline.schema import Case, Standing, Status
from tests.notes import MODELS, case_of

POLICY = load_policy(MODELS / "policies" / "rituximab-polymyositis.yaml", load_lexicon(MODELS))


def told(text: str) -> Case:
    return case_of(f"Date of visit: 08/18/2026\n{text}\n")


def statuses(text: str) -> dict[str, Status]:
    return {one.id: one.status for one in evaluate(POLICY, told(text)).criteria}


@pytest.mark.parametrize(
    ("length", "status"),
    [
        ("nearly four weeks", Status.NEEDS_REVIEW),
        ("just under 4 weeks", Status.NEEDS_REVIEW),
        ("close to twelve weeks", Status.MET),
        ("not more than two weeks", Status.NOT_MET),
        ("less than 3 weeks", Status.NOT_MET),
        ("at most 20 days", Status.NOT_MET),
    ],
)
def test_a_length_that_is_not_quite_reached_is_not_reached(length: str, status: Status) -> None:
    seen = statuses(f"Mycophenolate 1 g twice daily was taken for {length}.")
    assert seen["immunosuppressant_trial"] is status


def test_an_age_with_a_sex_is_no_length_of_treatment() -> None:
    (drug,) = told("57M on azathioprine, comes for review.").medications
    assert drug.stated_duration is None


@pytest.mark.parametrize(
    ("days", "first", "last"),
    [
        ("Mar 9-16, 2026", "2026-03-09", "2026-03-16"),
        ("June 2 - October 5, 2025", "2025-06-02", "2025-10-05"),
    ],
)
def test_a_year_that_is_printed_once_is_that_of_both_days(days: str, first: str, last: str) -> None:
    (drug,) = told(f"Azathioprine 150 mg daily, {days}.").medications
    assert drug.start is not None and drug.stop is not None
    assert (drug.start.iso, drug.stop.iso) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "The disease is not resistant to azathioprine 100 mg daily.",
        "She is not refractory to azathioprine.",
    ],
)
def test_a_failure_that_is_denied_is_none(text: str) -> None:
    assert statuses(text)["treatment_failure"] is not Status.MET


def test_a_response_that_was_lost_is_none() -> None:
    text = "Azathioprine 100 mg daily from 01/05/2025: full response, then relapsed."
    assert all(drug.outcome != "responded" for drug in told(text).medications)


def test_what_must_not_be_taken_is_stated_though_it_was_not_taken() -> None:
    text = "He is not a candidate for methotrexate because of cirrhosis."
    assert statuses(text)["immunosuppressant_intolerance"] is Status.MET


def test_a_specimen_that_is_no_good_takes_its_result_with_it() -> None:
    (lab,) = told("CK 3,905 U/L (26-190) on 08/11/2026; sample contaminated, redraw.").labs
    assert lab.standing is Standing.WITHDRAWN


def test_a_label_of_another_person_is_of_that_person() -> None:
    seen = statuses("Husband: azathioprine 100 mg daily for 8 months, no response.")
    assert seen["immunosuppressant_trial"] is Status.NOT_DOCUMENTED


def test_a_name_that_should_not_be_used_any_more_is_denied() -> None:
    text = (
        "Inclusion body myositis. The label polymyositis from last year should no longer be used."
    )
    assert statuses(text)["diagnosis"] is Status.NOT_MET


def test_a_disease_that_somebody_raised_is_not_stated() -> None:
    text = "Polymyositis. Dermatomyositis was raised by the referring clinic."
    assert statuses(text)["diagnosis"] is Status.MET


@pytest.mark.parametrize(
    "text", ["Polymyositis not yet established.", "Polymyositis remains unproven."]
)
def test_what_is_not_established_is_only_possible(text: str) -> None:
    assert statuses(text)["diagnosis"] is Status.NEEDS_REVIEW


def test_a_demand_reaches_to_the_end_of_its_list() -> None:
    text = (
        "Rituximab is covered when (1) azathioprine was taken for 12 weeks; (2) CK is raised; and "
        "(3) the myositis is not due to ipilimumab or pembrolizumab."
    )
    assert all(drug.standing is not Standing.STATED for drug in told(text).medications)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Plan: no azathioprine.", Status.MET),
        ("In truth azathioprine was never taken.", Status.NEEDS_REVIEW),
    ],
)
def test_what_is_not_taken_now_may_have_been_taken(said: str, status: Status) -> None:
    text = f"Azathioprine 150 mg daily was taken from 01/05/2026 to 04/06/2026.\n\n{said}"
    assert statuses(text)["immunosuppressant_trial"] is status
