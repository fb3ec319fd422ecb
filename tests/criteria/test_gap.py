"""What a reader of a report would miss: the choice of a policy, central rules, wording."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.criteria import (
    Policy,
    applied_in,
    check_policy,
    choose_policy,
    evaluate,
    load_policies,
    select_policy,
)
from pipeline.criteria.notation import (
    NotationError,
    case_of,
    days_of_text,
    duration_of,
    place_of,
)
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.schema import Case, Conflict, PageKind, Reason, Stated, Status

MODELS = models_dir()
PATH = MODELS / "policies" / "rituximab-polymyositis.yaml"
NOTE = PageKind.NOTE


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
        ([request(diagnosis_codes="M33.13"), {"disease": "dermatomyositis"}], False),
        ([request(), {"disease": "dermatomyositis"}], True),
        ([request(diagnosis_codes="M05.79")], False),
        ([request(diagnosis_codes="M05.79"), {"disease": "polymyositis"}], True),
        ([request(diagnosis_codes="M05.79", doubtful=["diagnosis_codes"])], True),
        (
            [request(diagnosis_codes="M05.79"), {"disease": "polymyositis", "assertion": "family"}],
            False,
        ),
        (
            [
                request(diagnosis_codes="M05.79"),
                {"disease": "polymyositis", "assertion": "possible"},
            ],
            False,
        ),
        # coded for a disease that the notes state, while they deny what an earlier office called it
        (
            [
                request(diagnosis_codes="M05.79"),
                {"disease": "rheumatoid_arthritis", "code": "M0579"},
                {"disease": "polymyositis"},
                {"disease": "polymyositis", "assertion": "negated"},
            ],
            False,
        ),
        # a form that names another disease without a code
        (
            [
                request(),
                {"disease": "rheumatoid_arthritis", "on": "form"},
                {"disease": "polymyositis", "assertion": "negated"},
            ],
            False,
        ),
        ([request(), {"disease": "hypertension", "on": "form"}], True),
        ([{"request": {"ingredient": "infliximab", "diagnosis_codes": "M33.20"}}], False),
    ],
)
def test_a_policy_serves_its_product_and_disease(
    policy: Policy, facts: list[dict[str, Any]], is_served: bool
) -> None:
    assert (select_policy([policy], case(*facts)) is policy) is is_served


PAYER = "Blue Cross Blue Shield of North Dakota"
MYOSITIS, MYOPATHY = "rituximab-polymyositis", "bcbsnd-rituximab-inflammatory-myopathy"


@pytest.fixture(scope="module")
def shipped() -> tuple[Policy, ...]:
    return load_policies(MODELS, load_lexicon(MODELS))


@pytest.mark.parametrize(
    ("facts", "payer", "chosen"),
    [
        ([request(diagnosis_codes="M33.20")], "", MYOSITIS),
        ([request(diagnosis_codes="M33.20")], PAYER, MYOPATHY),
        ([request(diagnosis_codes="M33.20")], "bcbsnd", MYOPATHY),
        ([request(diagnosis_codes="M33.20")], MYOPATHY, MYOPATHY),
        ([request(diagnosis_codes="M33.20", payer=f"{PAYER.upper()} (PPO)")], "", MYOPATHY),
        ([request(diagnosis_codes="M33.20", payer="Blue Cross Blue Shield")], "", MYOSITIS),
        ([request(diagnosis_codes="M33.20", payer="Northwind Mutual")], "", MYOSITIS),
        # two payers' policies serve the disease, and no payer is named
        ([request(diagnosis_codes="M33.13"), {"disease": "dermatomyositis"}], "", None),
        ([request(diagnosis_codes="M33.13", payer="Northwind Mutual")], "", None),
        ([request(diagnosis_codes="M33.13")], "Northwind Mutual", None),
        ([request(diagnosis_codes="M33.13", payer=["Northwind Mutual", PAYER])], "", MYOPATHY),
        # a form of one disease over notes of another
        (
            [
                request(diagnosis_codes="M33.20"),
                {"disease": "polymyositis", "on": "form"},
                {"disease": "dermatomyositis"},
            ],
            "",
            MYOSITIS,
        ),
        ([request(), {"disease": "polymyositis", "assertion": "possible"}], "", MYOSITIS),
        ([request()], "", MYOSITIS),
        ([request(diagnosis_codes="M05.79")], PAYER, None),
        (
            [{"request": {"ingredient": "infliximab", "diagnosis_codes": "K50.80"}}],
            "",
            None,
        ),
        (
            [{"request": {"ingredient": "infliximab", "diagnosis_codes": "K50.80"}}],
            PAYER,
            "bcbsnd-infliximab-crohns",
        ),
        # the only one that serves it, while no payer is named
        (
            [{"request": {"ingredient": "adalimumab", "diagnosis_codes": "K50.80"}}],
            "",
            "cigna-adalimumab",
        ),
        (
            [
                {
                    "request": {
                        "ingredient": "infliximab",
                        "diagnosis_codes": "K50.80",
                        "payer": "Acme",
                    }
                }
            ],
            "",
            None,
        ),
        ([{"request": {"ingredient": "infliximab", "diagnosis_codes": "M05.79"}}], "", None),
    ],
)
def test_product_disease_and_payer_choose_the_policy(
    shipped: tuple[Policy, ...], facts: list[dict[str, Any]], payer: str, chosen: str | None
) -> None:
    choice = choose_policy(shipped, case(*facts), payer)
    assert (choice.policy.id if choice.policy else None) == chosen


def test_a_report_names_the_version_and_the_branch_by_which_it_was_made(
    shipped: tuple[Policy, ...],
) -> None:
    asked = case({"request": {"ingredient": "adalimumab", "diagnosis_codes": "L40.0"}})
    choice = choose_policy(shipped, asked)
    assert choice.policy is not None
    older = choice.policy.model_copy(update={"version": choice.policy.version.replace(year=2000)})
    report = evaluate(choice.policy, asked)
    used = applied_in(report, [older, *shipped])
    assert used is not None
    assert (used.id, used.version) == ("cigna-adalimumab", choice.policy.version)
    assert used.branch == ("plaque_psoriasis", "initial")
    assert [c.id for c in used.criteria] == [c.id for c in report.criteria]
    assert applied_in(evaluate(None, asked), shipped) is None


def test_the_report_says_which_policy_was_used_and_why(shipped: tuple[Policy, ...]) -> None:
    asked = case(request(diagnosis_codes="M33.20"))
    for payer, why in (("", "no payer is named whose policy is here"), (PAYER, "command line")):
        choice = choose_policy(shipped, asked, payer)
        report = evaluate(choice.policy, asked, choice.why)
        assert report.policy is not None
        assert why in report.policy.source
        assert "read 2026-11-01" in report.policy.source
    assert MYOPATHY in choose_policy(shipped, asked).why


def test_one_packet_may_satisfy_one_policy_and_not_another(shipped: tuple[Policy, ...]) -> None:
    asked = case(
        request(products="Truxima", diagnosis_codes="M33.20"),
        {"disease": "polymyositis"},
        {"drug": "methotrexate", "status": "past", "outcome": "failed"},
        birth_date=datetime.date(1980, 1, 1),
    )
    found = {
        policy.id: evaluate(policy, asked).recommendation
        for policy in shipped
        if policy.id in (MYOSITIS, MYOPATHY)
    }
    assert found == {MYOSITIS: "request_information", MYOPATHY: "criteria_met"}


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


def duration_dispute() -> Case:
    """One episode of which form and note tell different durations."""
    told = case(
        {"drug": "methotrexate", "id": "mtx", "for": "12 wk", "status": "past", "outcome": "failed"}
    )
    places = [place_of(kind.value, "methotrexate", kind) for kind in (PageKind.REQUEST, NOTE)]
    stated = tuple(Stated(text=t, place=p) for t, p in zip(("12 wk", "3 wk"), places, strict=True))
    (drug,) = told.medications
    conflict = Conflict(about="how long", sides=("mtx",), stated=stated, quantity="duration")
    return told.model_copy(
        update={
            "medications": (drug.model_copy(update={"places": tuple(places)}),),
            "conflicts": (conflict,),
        }
    )


def test_a_disputed_duration_shows_both_places_and_leaves_trials_open(policy: Policy) -> None:
    report = evaluate(policy, duration_dispute())
    (conflict,) = report.conflicts
    assert [side.row_id for side in conflict.sides] == ["mtx", "mtx"]
    assert len({side.text for side in conflict.sides}) == 2
    assert "immunosuppressant_trial" in conflict.criteria
    results = {r.id: r for r in report.criteria}
    trial = results["immunosuppressant_trial"]
    assert (trial.status, trial.reason) == (Status.NEEDS_REVIEW, Reason.CONFLICTING)
    assert {side.text for side in conflict.sides} <= {e.text for e in trial.evidence}


def test_a_disputed_duration_leaves_the_outcome_alone(policy: Policy) -> None:
    results = {r.id: r for r in evaluate(policy, duration_dispute()).criteria}
    assert results["treatment_failure"].status is Status.MET


def test_what_rests_on_a_disputed_result_is_for_a_person(policy: Policy) -> None:
    facts = [
        {"lab": "creatine_kinase", "id": v, "value": f"{v} U/L", "range": [30, 200], "collected": d}
        for v, d in (("1320", "2026-06-01"), ("1230", "2026-06-01"))
    ]
    conflicts = [{"about": "creatine kinase", "sides": ["1320", "1230"]}]
    report = evaluate(policy, case(*facts, conflicts=conflicts))
    result = next(r for r in report.criteria if r.id == "ck_level")
    assert (result.status, result.reason) == (Status.NEEDS_REVIEW, Reason.CONFLICTING)
    assert report.conflicts[0].criteria == ("ck_level",)


def test_both_sides_of_counter_evidence_are_shown_and_reported(policy: Policy) -> None:
    facts = [
        {"drug": "methotrexate", "id": "course", "for": "12 wk", "status": "past"},
        {"drug": "methotrexate", "id": "never", "status": "not_taken", "assertion": "negated"},
    ]
    report = evaluate(policy, case(*facts))
    result = next(r for r in report.criteria if r.id == "immunosuppressant_trial")
    assert {"course", "never"} == {e.row_id for e in result.evidence}
    assert "Against it" in result.rationale
    (conflict,) = report.conflicts
    assert "immunosuppressant_trial" in conflict.criteria


def test_what_one_of_two_readings_sees_is_shown(policy: Policy) -> None:
    blamed = {"finding": "drug_attribution", "of": ["pembrolizumab"], "id": "blame"}
    report = evaluate(policy, case({**blamed, "doubted": ["standing"]}))
    result = next(r for r in report.criteria if r.id == "clinical_context")
    assert (result.status, result.reason) == (Status.NEEDS_REVIEW, Reason.AMBIGUOUS)
    assert "Two readings" in result.rationale
    assert [e.row_id for e in result.evidence] == ["blame"]


def test_a_contradiction_that_a_criterion_comes_upon_is_reported(policy: Policy) -> None:
    """Form against notes: the notes hold, and both are shown."""
    report = evaluate(
        policy,
        case(
            request(diagnosis_codes="M33.20"),
            {"disease": "polymyositis", "id": "form", "on": "form"},
            {"disease": "dermatomyositis", "id": "note"},
        ),
    )
    (conflict,) = report.conflicts
    assert conflict.criteria == ("diagnosis",)
    assert {"form", "note"} <= {side.row_id for side in conflict.sides}
    result = next(r for r in report.criteria if r.id == "diagnosis")
    assert result.status is Status.NOT_MET


def test_a_product_billed_under_the_code_of_another_is_for_a_person(policy: Policy) -> None:
    asked = case(request(products="Truxima", hcpcs="Q5119", dose="1 g", schedule="days 1 and 15"))
    stated = (*asked.request.products, *asked.request.hcpcs)
    conflict = Conflict(about="product and code", sides=(), stated=stated)
    report = evaluate(policy, asked.model_copy(update={"conflicts": (conflict,)}))
    assert report.conflicts[0].criteria == ("requested_product",)
    assert report.criteria[0].status is Status.NEEDS_REVIEW


def test_silence_beside_an_unreadable_page_names_the_page(policy: Policy) -> None:
    report = evaluate(policy, case(request(), unreadable=[3]))
    result = next(r for r in report.criteria if r.id == "hepatitis_b")
    assert result.status is Status.NOT_DOCUMENTED
    assert "packet.pdf p. 3" in result.rationale


def test_no_python_of_the_criteria_names_a_drug_or_disease_of_a_policy(
    shipped: tuple[Policy, ...],
) -> None:
    names = {i for p in shipped for group in p.groups.values() for i in group.ingredients}
    names |= {"rituximab", "myositis", "truxima", "hepatitis", "creatine", "crohn", "fistul"}
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
