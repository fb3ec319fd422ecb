"""What speaks against a verdict, and what only seems to."""

import datetime
from typing import Any

from pipeline.criteria import check_policy, evaluate
from pipeline.criteria.notation import case_of
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.schema import GapReport, Status

MODELS = models_dir()
POLICY = check_policy(MODELS / "policies" / "rituximab-polymyositis.yaml")


def report(*facts: dict[str, Any], **more: Any) -> GapReport:
    example = {"as_of": datetime.date(2026, 6, 15), **more}
    return evaluate(POLICY, case_of(facts, example, load_lexicon(MODELS)))


def status(found: GapReport, criterion: str) -> Status:
    return next(one.status for one in found.criteria if one.id == criterion)


HIGH = {
    "drug": "prednisone", "id": "high", "dose": "70 mg", "start": "2026-01-05", "for": "6 wk",
    "status": "past", "outcome": "failed", "stated": "2026-06-10",
}  # fmt: skip
NOW = {
    "drug": "prednisone", "id": "now", "dose": "20 mg", "start": "2026-03-02", "ongoing": True,
    "status": "current", "stated": "2026-06-10",
}  # fmt: skip
WEIGHT = {"finding": "weight", "value": 70, "unit": "kg", "date": "2026-06-10"}
BETTER = {
    "finding": "treatment_response", "value": "responded", "of": ["prednisone"],
    "stated": "2026-06-10",
}  # fmt: skip


def test_what_came_of_a_course_does_not_speak_against_its_having_been_taken() -> None:
    found = report(HIGH, NOW, WEIGHT, BETTER)
    assert status(found, "corticosteroid_trial") is Status.MET
    assert status(found, "current_corticosteroid") is Status.MET
    assert status(found, "treatment_failure") is Status.NEEDS_REVIEW


def test_a_dose_that_ended_is_not_the_present_one_though_the_drug_goes_on() -> None:
    old = {**HIGH, "stop": "2026-02-16", "ongoing": True, "status": "current"}
    taper = {"finding": "taper_attempt", "stated": "2026-06-10"}
    assert status(report(old, taper), "current_corticosteroid") is Status.NOT_DOCUMENTED


def test_a_later_note_of_another_disease_outweighs_an_earlier_one() -> None:
    first = {"disease": "polymyositis", "stated": "2025-11-03"}
    then = {"disease": "inclusion_body_myositis", "stated": "2026-05-11"}
    coded = {"request": {"ingredient": "rituximab", "diagnosis_codes": "M33.20"}}
    found = report(coded, first, then)
    assert status(found, "diagnosis") is Status.NOT_MET
    assert "code_contradicted" in {alert.id for alert in found.alerts}
    same_day = report(coded, first, {**then, "stated": "2025-11-03"})
    assert status(same_day, "diagnosis") is Status.NEEDS_REVIEW


def test_a_page_that_bears_nobodys_name_breaks_a_silence_and_decides_nothing() -> None:
    drug = {"drug": "ipilimumab", "status": "past", "about": "general"}
    found = report(drug, general_pages=[1])
    assert status(found, "clinical_context") is Status.NEEDS_REVIEW
    assert status(report(drug), "clinical_context") is Status.MET


def test_no_alert_rests_on_what_one_reading_alone_sees() -> None:
    drug = {"drug": "nivolumab", "status": "past", "doubted": ["standing"]}
    assert "checkpoint_inhibitor" not in {alert.id for alert in report(drug).alerts}


def test_a_result_without_a_range_is_high_where_it_is_far_above_the_printed_one() -> None:
    aza = {
        "drug": "azathioprine", "dose": "150 mg", "start": "2026-01-19", "ongoing": True,
        "status": "current", "outcome": "failed", "stated": "2026-06-10",
    }  # fmt: skip
    steroid = {**HIGH, "for": "20 wk"}
    before = {
        "lab": "creatine_kinase", "value": "3100 U/L", "range": [30, 200], "collected": "2026-01-03"
    }  # fmt: skip
    late = {"lab": "creatine_kinase", "value": "1500 U/L", "collected": "2026-04-20"}
    found = report(steroid, aza, WEIGHT, before, late)
    assert status(found, "refractory_disease") is Status.MET
    slight = {**late, "value": "320 U/L"}
    assert status(report(steroid, aza, WEIGHT, before, slight), "refractory_disease") is not (
        Status.MET
    )


def test_a_drug_that_is_only_named_leaves_no_longer_trial_open() -> None:
    short = {"drug": "methotrexate", "for": "2 wk", "status": "past"}
    named = {"drug": "azathioprine", "status": "past"}
    seen = {**named, "doubted": ["standing"]}
    assert status(report(short, seen), "immunosuppressant_trial") is Status.NOT_MET
    assert status(report(short, named), "immunosuppressant_trial") is Status.NOT_DOCUMENTED
    assert status(report(seen), "immunosuppressant_trial") is not Status.NOT_MET


def test_an_activity_done_with_ease_is_against_the_same_limitation_alone() -> None:
    limited = {"finding": "adl_limitation", "value": "cannot climb stairs", "stated": "2026-03-02"}
    same = {"value": "Climbs stairs without difficulty", "assertion": "negated"}
    other = {"value": "Combs her hair without difficulty", "assertion": "negated"}
    later = {"finding": "adl_limitation", "stated": "2026-06-10"}
    asked = "functional_impairment"
    assert status(report(limited, {**later, **same}), asked) is Status.NEEDS_REVIEW
    assert status(report(limited, {**later, **other}), asked) is Status.MET
    assert status(report({**later, **same}), asked) is Status.NOT_DOCUMENTED


def test_two_pages_of_one_day_that_grade_a_muscle_as_weak_and_as_full_need_review() -> None:
    day = {"finding": "muscle_strength", "stated": "2026-06-10"}
    weak = {**day, "value": "3/5", "site": "right deltoids"}
    full = {**day, "value": "5/5"}

    def strength(second: dict[str, Any], page: int) -> Status:
        case = case_of((weak, second), {"as_of": datetime.date(2026, 6, 15)}, load_lexicon(MODELS))
        [first, other] = (
            one.model_copy(
                update={"places": tuple(p.model_copy(update={"page": at}) for p in one.places)}
            )
            for one, at in zip(case.findings, (1, page), strict=True)
        )
        told = case.model_copy(update={"findings": (first, other)})
        return status(evaluate(POLICY, told), "muscle_strength")

    assert strength(full, 2) is Status.NEEDS_REVIEW
    assert strength({**full, "site": "left deltoids"}, 2) is Status.MET
    assert strength({**full, "site": "deltoids"}, 2) is Status.NEEDS_REVIEW
    assert strength({**full, "site": "grip"}, 2) is Status.MET
    assert strength({**full, "stated": "2026-03-02"}, 2) is Status.MET
