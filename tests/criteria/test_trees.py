"""Trees of criteria: three-valued, with the least that would settle them, and asked on a condition."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

import pytest
import yaml

from pipeline.criteria import Policy, evaluate
from pipeline.criteria.notation import case_of
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.nlp import extract_mentions
from pipeline.normalize import build_case
from pipeline.schema import CriterionResult, PageKind, Status
from tests.notes import MODELS, note

LEXICON = load_lexicon(models_dir())
AS_OF = datetime.date(2026, 6, 15)
# What makes a state met, not met, for review, not documented.
FACTS: dict[str, list[dict[str, Any]]] = {
    "met": [{}],
    "not_met": [{"assertion": "negated"}],
    "needs_review": [{"assertion": "possible"}],
    "not_documented": [],
}
KEYS = ("fistula", "dysphagia", "ild")
ORDER = ("met", "needs_review", "not_documented", "not_met")


def policy_of(criterion: str) -> Policy:
    """A policy whose criterion `asked` is as given in YAML."""
    data = yaml.safe_load(
        f"""
id: trial
version: 2026-01-01
title: Trial
source: {{kind: payer_policy, name: Plan, standing: none, read: 2026-01-01}}
products: [infliximab]
diagnosis: diagnosis
groups:
  steroids: {{label: steroid, source: s, classes: [corticosteroid], ingredients: [prednisone]}}
  biologics: {{label: biologic, source: s, ingredients: [ustekinumab], also_called: [biologic]}}
criteria:
  - {{id: diagnosis, title: disease, kind: diagnosis, source: s, diagnoses: {{value: [crohn_disease], source: s}}}}
  - {criterion}
"""
    )
    return Policy.model_validate(data)


def judged(criterion: str, facts: list[dict[str, Any]]) -> CriterionResult:
    report = evaluate(policy_of(criterion), case_of(facts, {"as_of": AS_OF}, LEXICON))
    return next(result for result in report.criteria if result.id == "asked")


def leaf(key: str) -> str:
    return f"{{title: {key}, kind: state, findings: [{key}], missing: {{evidence: note on {key}}}}}"


def tree(kind: str, keys: tuple[str, ...], more: str = "") -> str:
    of = ", ".join(leaf(key) for key in keys)
    return f"{{id: asked, title: asked, source: s, kind: {kind}{more}, of: [{of}]}}"


def facts_of(statuses: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"finding": key, **fact}
        for key, status in zip(KEYS, statuses, strict=False)
        for fact in FACTS[status]
    ]


def joined(kind: str, statuses: tuple[str, ...]) -> str:
    """The rules in words, apart from the code: what the parts come to."""
    have = set(statuses)
    if kind == "all_of":
        return next(s for s in ("not_met", "needs_review", "not_documented", "met") if s in have)
    if kind == "any_of":
        return next(s for s in ORDER if s in have)
    met, review = statuses.count("met"), statuses.count("needs_review")
    if met >= 2:
        return "met"
    if len(statuses) - statuses.count("not_met") < 2:
        return "not_met"
    return "needs_review" if met + review >= 2 else "not_documented"


@pytest.mark.parametrize("kind", ["all_of", "any_of", "at_least"])
def test_a_tree_is_three_valued(kind: str) -> None:
    more = ", count: 2" if kind == "at_least" else ""
    policy = policy_of(tree(kind, KEYS, more))
    for statuses in itertools.product(FACTS, repeat=3):
        case = case_of(facts_of(statuses), {"as_of": AS_OF}, LEXICON)
        result = next(c for c in evaluate(policy, case).criteria if c.id == "asked")
        assert result.status == joined(kind, statuses), statuses
        assert [part.status for part in result.parts] == list(statuses)
        assert bool(result.reason) == (result.status in ("needs_review", "not_documented"))
        if result.status in ("met", "not_met"):
            assert result.evidence


@pytest.mark.parametrize("status", FACTS)
def test_not_turns_a_decision_round_and_leaves_doubt(status: str) -> None:
    turned = {"met": "not_met", "not_met": "met"}.get(status, status)
    assert judged(tree("not", KEYS[:1]), facts_of((status,))).status == turned


def test_what_is_missing_is_the_least_that_settles_it() -> None:
    every = tree("all_of", KEYS)
    assert judged(every, facts_of(("met",))).missing == ("note on dysphagia", "note on ild")
    both = f"{{title: both, kind: all_of, of: [{leaf('fistula')}, {leaf('dysphagia')}]}}"
    either = f"{{id: asked, title: asked, source: s, kind: any_of, of: [{both}, {leaf('ild')}]}}"
    assert judged(either, []).missing == ("note on ild",)
    assert judged(either, facts_of(("met",))).missing in (("note on dysphagia",), ("note on ild",))
    # a way of which a part is not met is out, whatever its other parts say
    assert judged(either, facts_of(("not_met",))).missing == ("note on ild",)


def test_two_ways_half_shown_are_no_way() -> None:
    ways = ", ".join(
        f"{{title: way, kind: all_of, of: [{leaf(a)}, {leaf(b)}]}}"
        for a, b in (("fistula", "dysphagia"), ("ild", "cardiac_involvement"))
    )
    either = f"{{id: asked, title: asked, source: s, kind: any_of, of: [{ways}]}}"
    assert judged(either, [{"finding": "fistula"}, {"finding": "ild"}]).status == "not_documented"


@pytest.mark.parametrize(
    ("condition", "status", "missing"),
    [
        ("met", "not_documented", "note on dysphagia"),
        ("not_met", "not_applicable", None),
        ("not_documented", "not_documented", "note on fistula"),
        ("needs_review", "needs_review", "note on fistula"),
    ],
)
def test_a_criterion_counts_only_under_its_condition(
    condition: str, status: str, missing: str | None
) -> None:
    asked = f"{leaf('dysphagia')[:-1]}, id: asked, source: s, when: {leaf('fistula')}}}"
    result = judged(asked, facts_of((condition,)))
    assert (result.status, next(iter(result.missing), None)) == (status, missing)


def test_what_is_not_asked_is_left_out_of_a_tree() -> None:
    asked = f"{leaf('dysphagia')[:-1]}, when: {leaf('fistula')}}}"
    every = f"{{id: asked, title: asked, source: s, kind: all_of, of: [{asked}, {leaf('ild')}]}}"
    found = judged(every, [{"finding": "fistula", "assertion": "negated"}, {"finding": "ild"}])
    assert found.status is Status.MET


@pytest.mark.parametrize(
    ("silence", "more", "status"),
    [("", {}, "not_documented"), (", silence: met", {}, "met"), (", silence: met", {"missing_pages": [3]}, "not_documented"),
     (", silence: met", {"unreadable": [3]}, "needs_review")],
)  # fmt: skip
def test_silence_about_an_absence(silence: str, more: dict[str, Any], status: str) -> None:
    asked = f"{{id: asked, title: asked, source: s, kind: state, findings: [fistula], absent: true{silence}}}"
    case = case_of([], {"as_of": AS_OF, **more}, LEXICON)
    result = next(c for c in evaluate(policy_of(asked), case).criteria if c.id == "asked")
    assert result.status == status


def test_a_doubtful_part_makes_no_tree_met() -> None:
    facts = [{"finding": "fistula"}, {"finding": "dysphagia", "doubtful": True}]
    assert judged(tree("all_of", KEYS[:2]), facts).status == "needs_review"
    assert judged(tree("any_of", KEYS[:2]), facts).status == "met"


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ([{"drug": "prednisone", "status": "past"}], "met"),
        ([{"drug": "prednisone", "status": "planned"}], "not_documented"),
        ([{"drug": "prednisone", "assertion": "possible"}], "needs_review"),
        ([{"drug": "prednisone", "status": "past", "about": "relative"}], "not_documented"),
        ([{"drug": "prednisone", "status": "past", "standing": "withdrawn"}], "not_documented"),
    ],
)
def test_tried_asks_no_outcome_and_only_what_was_taken(
    facts: list[dict[str, Any]], status: str
) -> None:
    asked = "{id: asked, title: asked, source: s, kind: treated, groups: [steroids]}"
    assert judged(asked, facts).status == status


@pytest.mark.parametrize(
    ("limit", "request_", "status"),
    [
        ("length: {value: 6, unit: months, source: s}", {"length": "6 months"}, "met"),
        ("length: {value: 6, unit: months, source: s}", {"length": "180 days"}, "met"),
        ("length: {value: 6, unit: months, source: s}", {"length": "7 months"}, "not_met"),
        ("length: {value: 1, unit: year, source: s}", {"length": "12 months"}, "met"),
        ("length: {value: 12, unit: months, source: s}", {"length": "1 year"}, "met"),
        ("length: {value: 12, unit: months, source: s}", {"length": "13 months"}, "not_met"),
        ("length: {value: 12, unit: months, source: s}", {}, "not_applicable"),
        ("dose: {value: 5, unit: mg/kg, source: s}", {"dose": "5 mg/kg"}, "met"),
        ("dose: {value: 5, unit: mg/kg, source: s}", {"dose": "5.5 mg/kg"}, "not_met"),
        ("dose: {value: 5, unit: mg/kg, source: s}", {"dose": "400 mg"}, "not_documented"),
        ("dose: {value: 12, unit: mg, source: s}", {"dose": "12000 mcg"}, "met"),
        ("every: {value: 8, unit: weeks, source: s}", {"schedule": "every 8 weeks"}, "met"),
        ("every: {value: 8, unit: weeks, source: s}", {"schedule": "every 4 weeks"}, "not_met"),
        ("quantity: {value: 4, unit: doses, source: s}", {"quantity": "4 doses"}, "met"),
        ("quantity: {value: 4, unit: doses, source: s}", {"quantity": "5"}, "not_met"),
        ("quantity: {value: 4, unit: doses, source: s}", {"quantity": "three doses"}, "met"),
        (
            "quantity: {value: 4, unit: doses, source: s}",
            {"quantity": "Six doses, weekly"},
            "not_met",
        ),
    ],
)
def test_a_request_keeps_to_a_limit_or_does_not(
    limit: str, request_: dict[str, Any], status: str
) -> None:
    asked = f"{{id: asked, title: asked, source: s, kind: request_limit, {limit}}}"
    assert judged(asked, [{"request": {"ingredient": "infliximab", **request_}}]).status == status


def from_words(criterion: str, text: str) -> CriterionResult:
    document = note(text, PageKind.NOTE)
    case = build_case("x-00000000", document, extract_mentions(document, MODELS), MODELS)
    report = evaluate(policy_of(criterion), case)
    return next(result for result in report.criteria if result.id == "asked")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("She has had no biologic before.", "not_documented"),
        ("No biologic was ever given to him.", "not_documented"),
        ("No biologic will be combined with it.", "met"),
        ("She takes no biologic.", "met"),
    ],
)
def test_what_was_never_given_may_still_be_given_together(text: str, status: str) -> None:
    asked = "{id: asked, title: asked, source: s, kind: concurrent, not_together: [biologics]}"
    assert from_words(asked, f"HISTORY: {text}\n").status == status


def test_a_plan_that_is_doubted_counts_only_where_plans_are_asked_for() -> None:
    fact = {"drug": "prednisone", "status": "planned", "doubted": ["standing"]}
    together = "{id: asked, title: asked, source: s, kind: concurrent, together: [steroids]}"
    not_together = together.replace("together:", "not_together:")
    assert judged(together, [fact]).status == "met"
    assert judged(not_together, [fact]).status in ("needs_review", "not_documented")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"assertion": "possible", "value": "rheumatology"}, "met"),
        ({"assertion": "possible", "value": "cardiology"}, "met"),
        ({"value": "cardiology"}, "needs_review"),
    ],
)
def test_a_note_signed_by_somebody_does_not_contest_the_prescribers_specialty(
    more: dict[str, Any], status: str
) -> None:
    asked = "{id: asked, title: asked, source: s, kind: prescriber, specialties: {value: [rheumatology], source: s}}"
    own = {"finding": "prescriber_specialty", "value": "rheumatology"}
    assert judged(asked, [own, {"finding": "prescriber_specialty", **more}]).status == status


def measured(analyte: str, value: float, day: str, unit: str = "mg/L") -> dict[str, Any]:
    return {"lab": analyte, "value": f"{value} {unit}", "collected": day}


ON_DRUG = {"drug": "infliximab", "status": "current", "start": "2026-01-10"}
CRP_BETTER = "{id: asked, title: helps, kind: response, source: s, lower_is_better: [crp, esr]}"


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ([measured("crp", 40, "2026-01-05"), measured("crp", 4, "2026-05-01")], "met"),
        ([measured("crp", 40, "2026-01-05"), measured("crp", 38, "2026-05-01")], "not_documented"),
        ([measured("crp", 4, "2026-01-05"), measured("crp", 40, "2026-05-01")], "needs_review"),
        ([measured("crp", 40, "2026-02-05"), measured("crp", 4, "2026-05-01")], "not_documented"),
        ([measured("crp", 40, "2026-01-05"), measured("crp", 4, "2026-01-08")], "not_documented"),
        (
            [
                measured("crp", 40, "2026-01-05"),
                measured("crp", 4, "2026-05-01"),
                measured("esr", 10, "2026-01-05", "mm/h"),
                measured("esr", 50, "2026-05-01", "mm/h"),
            ],
            "needs_review",
        ),
    ],
)
def test_a_measure_before_the_drug_and_on_it_tells_whether_it_helped(
    facts: list[dict[str, Any]], status: str
) -> None:
    asked = {"request": {"ingredient": "infliximab"}}
    assert judged(CRP_BETTER, [asked, ON_DRUG, *facts]).status == status


@pytest.mark.parametrize(("start", "status"), [("2026-05-01", "not_met"), ("2025-05-01", "met")])
def test_a_drug_begun_too_lately_was_not_taken_long_enough(start: str, status: str) -> None:
    criterion = (
        "{id: asked, title: established, kind: treated, source: s, groups: [biologics], "
        "duration: {value: 6, unit: months, source: s}}"
    )
    drug = {"drug": "ustekinumab", "status": "current", "start": start}
    assert judged(criterion, [drug]).status == status


@pytest.mark.parametrize(("of", "status"), [("crohn_disease", "met"), ("asthma", "not_documented")])
def test_a_state_of_another_disease_does_not_count(of: str, status: str) -> None:
    criterion = (
        "{id: asked, title: severe, kind: state, source: s, findings: [severity], "
        "values: [moderate_to_severe], about: [crohn_disease]}"
    )
    fact = {"finding": "severity", "value": "moderate_to_severe", "of": [of]}
    assert judged(criterion, [fact]).status == status


@pytest.mark.parametrize(
    ("days", "status"),
    [
        (["2009-08-09", "1989-08-09"], "needs_review"),
        (["1990-08-09", "1989-08-09"], "met"),
        (["2010-08-09", "2009-08-09"], "not_met"),
    ],
)
def test_birth_dates_that_differ_are_for_a_person_where_it_matters(
    days: list[str], status: str
) -> None:
    criterion = "{id: asked, title: adult, kind: age, source: s, start: {value: 18, unit: years, source: s}}"
    text = "".join(f"Date of birth: {day}\n" for day in days)
    document = note(f"Date of visit: 06/15/2026\n{text}", PageKind.NOTE)
    case = build_case("x-00000000", document, extract_mentions(document, MODELS), MODELS)
    report = evaluate(policy_of(criterion), case)
    assert next(r.status for r in report.criteria if r.id == "asked") == status
