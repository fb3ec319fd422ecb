"""What is requested is found by evidence, and answers keep what they were asked."""

from __future__ import annotations

import pytest

from pipeline.criteria import evaluate
from pipeline.criteria.policy import load_policy
from pipeline.lexicon import load_lexicon
from pipeline.nlp.labels import kind_of_pair
from pipeline.schema import PageKind, Status
from tests.notes import MODELS, case_of

POLICY = load_policy(MODELS / "policies" / "rituximab-polymyositis.yaml", load_lexicon(MODELS))


@pytest.mark.parametrize(
    ("label", "value", "kind"),
    [
        ("NDC / billing J-code", "Q5115", "hcpcs"),
        ("Drug name (brand or generic)", "Truxima", "drug"),
        ("Directions for administration", "1000 mg IV on day 1 and day 15", "schedule"),
        ("What is the diagnosis", "polymyositis", "diagnosis"),
        ("Dose to be administered", "1000 mg", "dose"),
        ("Insurance company", "Alder Valley", "payer"),
        ("Prescriber phone", "555-0100", "ignored"),
    ],
)
def test_labels_in_other_words(label: str, value: str, kind: str) -> None:
    assert kind_of_pair(label, value, MODELS) == kind


def test_a_product_that_is_only_planned_is_judged_but_not_met() -> None:
    case = case_of("Polymyositis.\nPlan: start Ruxience 1000 mg IV on day 1 and day 15.\n")
    assert case.request.ingredient == "rituximab"
    report = evaluate(POLICY, case)
    assert report.criteria[0].id == "requested_product"
    assert report.criteria[0].status is Status.NEEDS_REVIEW


def test_a_product_that_was_given_before_is_not_the_request() -> None:
    case = case_of("Rituxan was given in 2022 without benefit.\nPrednisone 20 mg daily.\n")
    assert case.request.ingredient == ""


def test_what_a_vial_holds_is_no_dose() -> None:
    text = (
        "Requested drug: Riabni\nStrength: 500 mg/50 mL vial\n"
        "Directions: 1000 mg IV on day 1 and day 15\n"
    )
    request = case_of(text, PageKind.REQUEST).request
    assert [d.text for d in request.dose] == ["1000 mg IV"]


def test_a_plan_is_known_as_addressee() -> None:
    text = "Birchmont Mutual\nUtilization Management Department\nI request approval of Truxima.\n"
    assert [p.text for p in case_of(text, PageKind.LETTER).request.payer] == ["Birchmont Mutual"]
    clinic = "Birchmont Clinic\nUtilization Management Department\nI request approval of Truxima.\n"
    assert not case_of(clinic, PageKind.LETTER).request.payer
