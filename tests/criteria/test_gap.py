"""What a reader of a report would miss: the choice of a policy, central rules, wording."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.criteria import Policy, check_policy, evaluate, select_policy
from pipeline.criteria.notation import NotationError, case_of, days_of_text, duration_of
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.schema import Case, Status

MODELS = models_dir()
PATH = MODELS / "policies" / "rituximab-polymyositis.yaml"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return check_policy(PATH)


def case(*facts: dict[str, Any], **more: Any) -> Case:
    example = {"as_of": datetime.date(2026, 6, 15), **more}
    return case_of(facts, example, load_lexicon(MODELS))


def request(**parts: Any) -> dict[str, Any]:
    return {"request": {"ingredient": "rituximab", **parts}}


@pytest.mark.parametrize(
    ("facts", "is_served"),
    [
        ([request(diagnosis_codes="M33.20")], True),
        ([request(diagnosis_codes="M3320")], True),
        ([request()], True),
        ([{"request": {"hcpcs": "Q5119", "diagnosis_codes": "M33.22"}}], True),
        ([request(diagnosis_codes="M33.13"), {"disease": "dermatomyositis"}], True),
        ([request(diagnosis_codes="M05.79")], False),
        (
            [request(diagnosis_codes="M05.79"), {"disease": "polymyositis", "assertion": "family"}],
            False,
        ),
        (
            [
                request(diagnosis_codes="M05.79"),
                {"disease": "polymyositis", "assertion": "possible"},
            ],
            True,
        ),
        ([{"request": {"ingredient": "infliximab", "diagnosis_codes": "M33.20"}}], False),
    ],
)
def test_a_policy_serves_its_product_and_disease(
    policy: Policy, facts: list[dict[str, Any]], is_served: bool
) -> None:
    assert (select_policy([policy], case(*facts)) is policy) is is_served


def test_a_payers_policy_is_used_only_when_named_or_alone(policy: Policy) -> None:
    payers = policy.model_copy(update={"id": "other", "payers": ("Example Health",)})
    asked = case(request(diagnosis_codes="M33.20"))
    assert select_policy([policy, payers], asked) is policy
    assert select_policy([policy, payers], asked, payer="Example Health") is payers
    assert select_policy([payers], asked) is payers


def test_no_policy_still_reports_the_request() -> None:
    report = evaluate(None, case({"request": {"ingredient": "infliximab", "products": "Avsola"}}))
    assert (report.recommendation, report.policy, report.readiness) == ("no_policy", None, None)
    assert report.request.product == "Avsola"


def test_a_report_says_what_standing_its_policy_has(policy: Policy) -> None:
    report = evaluate(policy, case(request()))
    assert report.policy is not None
    assert "no payer's policy" in report.policy.source


def test_the_rationale_shows_the_arithmetic(policy: Policy) -> None:
    lab = {
        "lab": "creatine_kinase",
        "value": "3120 U/L",
        "range": [26, 192],
        "collected": "2026-06-07",
    }
    told = {r.id: r.rationale for r in evaluate(policy, case(lab)).criteria}["ck_level"]
    assert "3120 U/L / 192 = 16.2 x ULN on 2026-06-07, 8 days before 2026-06-15" in told


def test_a_conflict_is_reported_with_both_sides_and_its_criteria(policy: Policy) -> None:
    facts = [
        {"drug": "methotrexate", "id": "form", "for": "12 wk", "status": "past", "on": "form"},
        {"drug": "methotrexate", "id": "note", "for": "6 wk", "status": "past"},
    ]
    conflicts = [{"about": "duration of methotrexate", "sides": ["form", "note"]}]
    report = evaluate(policy, case(*facts, conflicts=conflicts))
    (conflict,) = report.conflicts
    assert [side.row_id for side in conflict.sides] == ["form", "note"]
    assert "immunosuppressant_trial" in conflict.criteria


def test_silence_beside_an_unreadable_page_names_the_page(policy: Policy) -> None:
    report = evaluate(policy, case(request(), unreadable=[3]))
    result = next(r for r in report.criteria if r.id == "hepatitis_b")
    assert result.status is Status.NOT_DOCUMENTED
    assert "packet.pdf p. 3" in result.rationale


def test_no_python_of_the_criteria_names_a_drug_or_disease_of_the_policy(policy: Policy) -> None:
    names = {i for group in policy.groups.values() for i in group.ingredients}
    names |= {"rituximab", "myositis", "truxima", "hepatitis", "creatine"}
    names -= {"prednisone"}  # the reference drug of equivalents, by convention
    folder = Path(__file__).parents[2] / "pipeline" / "criteria"
    for path in folder.glob("*.py"):
        text = path.read_text(encoding="utf-8").lower()
        assert not {name for name in names if name in text}, path.name


def test_months_are_28_to_31_days() -> None:
    assert (duration_of("2 mo").low, duration_of("2 mo").high) == (56, 62)
    with pytest.raises(NotationError):
        duration_of("two months")


def test_a_month_is_an_interval_of_days() -> None:
    assert days_of_text("2026-02").latest == datetime.date(2026, 2, 28)
    assert days_of_text("2026").earliest == datetime.date(2026, 1, 1)
