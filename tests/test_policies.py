"""Every shipped policy: it loads, its examples hold, and these leave no status untried."""

import re
import shutil
import textwrap
import time
from datetime import date
from pathlib import Path

import pytest
import yaml

from pipeline.criteria import (
    check_policy,
    choose_policy,
    coverage,
    evaluate,
    key_tables,
    load_policies,
    run_examples,
    skeleton,
)
from pipeline.criteria.drug_trial import DrugTrial
from pipeline.criteria.examples import reports
from pipeline.criteria.lines import read_yaml
from pipeline.criteria.notation import case_of
from pipeline.criteria.policy import Policy
from pipeline.criteria.results import LabRatio
from pipeline.errors import KnowledgeError
from pipeline.lexicon import fold, load_lexicon, models_dir
from pipeline.schema import Status

MODELS = models_dir()
POLICIES = sorted((MODELS / "policies").glob("*.yaml"))
SHIPPED = MODELS / "policies" / "rituximab-polymyositis.yaml"

# What a kind of criterion can never come to; not_applicable needs a waiver.
NEVER = {
    "request": {Status.NOT_MET},
    "no_drug_attribution": {Status.NOT_DOCUMENTED},
    "organ_assessment": {Status.NOT_MET},
    "current_dose_and_taper": {Status.NOT_MET},
    "serology": {Status.NOT_MET},
    "lab_values": {Status.NOT_MET, Status.NEEDS_REVIEW},
}


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_examples_hold(path: Path) -> None:
    assert run_examples(path) == []


PLAIN = [path for path in POLICIES if not check_policy(path).indications]


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: path.stem)
def test_examples_take_every_criterion_through_every_status(path: Path) -> None:
    policy = check_policy(path)
    seen: dict[str, set[Status]] = {criterion.id: set() for criterion in policy.criteria}
    for _, report, _ in reports(path, policy):
        for result in report.criteria:
            seen[result.id].add(result.status)
    for criterion in policy.criteria:
        waivable = getattr(criterion, "waived_by", ())
        possible = set(Status) - (set() if waivable else {Status.NOT_APPLICABLE})
        untried = possible - NEVER.get(criterion.kind, set()) - seen[criterion.id]
        assert not untried, f"{criterion.id} is never {sorted(untried)} in the examples"


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_examples_raise_every_alert_and_stay_silent(path: Path) -> None:
    policy = check_policy(path)
    raised: dict[str, set[bool]] = {rule.id: set() for rule in policy.alerts}
    for _, report, _ in reports(path, policy):
        alerts = {alert.id for alert in report.alerts}
        for rule in policy.alerts:
            raised[rule.id].add(rule.id in alerts)
    assert all(states == {True, False} for states in raised.values()), raised


def test_policies_of_one_folder_load_together() -> None:
    policies = load_policies(MODELS, load_lexicon(MODELS))
    assert "rituximab-polymyositis" in {policy.id for policy in policies}


def altered(tmp_path: Path, old: str, new: str) -> Path:
    """A copy of the shipped policy with one change."""
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    copy = tmp_path / SHIPPED.name
    copy.write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    within: {", "    whithin: {", "did you mean 'within'"),
        ("kind: lab_ratio", "kind: lab_ration", "lab_ratio"),
        (
            "analyte: creatine_kinase\n    label",
            "analyte: creatine_kinse\n    label",
            "creatine_kinase",
        ),
        ("[methotrexate, azathioprine,", "[methotrexat, azathioprine,", "methotrexate"),
        ("classes: [immune_checkpoint_inhibitor]", "classes: [checkpoint_inhibitor]", "drug class"),
        ("value: [polymyositis]", "value: [polymiositis]", "polymyositis"),
        ("finding: adl_limitation", "finding: adl_limitations", "adl_limitation"),
        ("answers: [drug_induced]", "answers: [drug_induce]", "drug_induced"),
        ("value: 90, unit: d, source", "value: 90, source", "'unit' is missing"),
        ("value: 90, unit: d, source: assumption", "value: 90, unit: d", "'source' is missing"),
        ("value: 90, unit: d", "value: soon, unit: d", "number"),
        ("shorter_when: severe_organ", "shorter_when: sever_organ", "severe_organ_compromise"),
        ("      date: collection", "      day: collection", "missing"),
        ("J9312, ", "J9321, ", "unknown HCPCS code"),
        ("group: checkpoint_inhibitors", "group: checkpoint_inhibitor", "checkpoint_inhibitors"),
        ("value: 90, unit: d", "value: 90, unit: dd", "unknown unit 'dd'"),
        ("value: 90, unit: d", "value: 90, unit: x ULN", "unknown unit 'x ULN'; one of d, day"),
        ("value: 90, unit: d", "value: -90, unit: d", "greater than or equal to 0"),
        ("value: 90, unit: d", "value: .inf, unit: d", "finite"),
        ("value: 90, unit: d", "value: 2.5, unit: months", "say it in days"),
        ("value: 3, unit: x ULN", "value: 3, unit: U/L", "unknown unit 'U/L'"),
        ("value: 10, unit: mg/d", "value: 10, unit: mg", "did you mean 'mg/d'"),
        ('value: 10, unit: "%"', "value: 10, unit: mg/d", "unknown unit 'mg/d'"),
    ],
)
def test_a_wrong_policy_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = altered(tmp_path, old, new)
    changed = path.read_text(encoding="utf-8").splitlines()
    original = SHIPPED.read_text(encoding="utf-8").splitlines()
    line = next(i + 1 for i, text in enumerate(original) if changed[i] != text)
    with pytest.raises(KnowledgeError) as caught:
        check_policy(path, MODELS)
    assert caught.value.file == path.name
    assert told in caught.value.reason, caught.value.reason
    # A key that is lacking, or the words of a part, are told at the entry that lacks them.
    assert abs(caught.value.line - line) <= 12 if "missing" in told else caught.value.line == line


def test_wrong_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    path = altered(tmp_path, "products: [rituximab]", "products: [rituximab")
    with pytest.raises(KnowledgeError) as caught:
        check_policy(path, MODELS)
    assert caught.value.line in range(12, 18)


@pytest.mark.parametrize(
    ("unit", "value", "days"),
    [
        ("d", 28, 28), ("days", 28, 28), ("wk", 4, 28), ("weeks", 6, 42), ("month", 1, 31),
        ("months", 3, 92), ("year", 1, 366),
    ],
)  # fmt: skip
def test_a_time_to_be_reached_is_read_in_its_unit(
    tmp_path: Path, unit: str, value: int, days: int
) -> None:
    """Of months, the most days that they can have: who took it for fewer may have fallen short."""
    old = 'duration: {value: 28, unit: d, source: "required documentation, 2"}'
    path = altered(tmp_path, old, f"duration: {{value: {value}, unit: {unit}, source: section 1}}")
    trial = check_policy(path, MODELS).by_id["immunosuppressant_trial"]
    assert isinstance(trial, DrugTrial)
    assert (trial.duration.value, trial.duration.unit) == (days, "d")


def test_a_time_not_to_be_passed_is_as_short_as_its_months_can_be(tmp_path: Path) -> None:
    path = altered(tmp_path, "within: {value: 90, unit: d,", "within: {value: 3, unit: months,")
    level = check_policy(path, MODELS).by_id["ck_level"]
    assert isinstance(level, LabRatio) and level.within.value == 89


LAUGHS = "a0: &a0 [x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10)
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "id: &id [*id]\n",
        "id: &id {id: *id}\n",
        "id: " + "[" * 20_000,
        "".join(f"{' ' * depth}id:\n" for depth in range(1_000)),
        "id: " + "x" * 50_000_000,
        "? [id]\n: x\n",
        "version: 2026-02-31\n",
    ],
    ids=["laughs", "alias", "mapping", "lists", "maps", "scalar", "key", "date"],
)
def test_what_nests_or_multiplies_without_end_is_refused_at_once(tmp_path: Path, text: str) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(text, encoding="utf-8")
    began = time.process_time()
    with pytest.raises(KnowledgeError, match=r"hostile\.yaml"):
        read_yaml(path)
    assert time.process_time() - began < 1


WITHIN = "within: {value: 1, unit: year, source: section 1}"
OLD = "2025-06-14"  # a year and a day before 2026-06-15


@pytest.mark.parametrize(
    ("criterion", "at", "facts", "expected"),
    [
        ("tuberculosis", "any_of: {value: [igra", [{"lab": "igra", "result": "negative", "collected": "2025-06-15"}], "met"),
        ("tuberculosis", "any_of: {value: [igra", [{"lab": "igra", "result": "negative", "collected": OLD}], "not_documented stale"),
        ("tuberculosis", "any_of: {value: [igra", [{"lab": "igra", "result": "negative", "collected": "2025"}], "needs_review ambiguous"),
        ("tuberculosis", "any_of: {value: [igra", [{"lab": "igra", "result": "negative"}], "not_documented partial"),
        ("tuberculosis", "any_of: {value: [igra", [{"lab": "igra", "result": "negative", "collected": OLD}, {"lab": "tst", "result": "negative", "collected": "2026-05-01"}], "met"),
        ("hepatitis_b", "all_of: {value: [hbsag", [{"lab": "hbsag", "result": "negative", "collected": "2026-05-01"}, {"lab": "anti_hbc", "result": "negative", "collected": OLD}], "not_documented stale"),
        ("immunoglobulins", "analytes: {value: [igg", [{"lab": g, "value": "90 mg/dL", "collected": d} for g, d in (("igg", "2026-05-01"), ("igm", "2026-05-01"), ("iga", OLD))], "not_documented stale"),
        ("immunoglobulins", "analytes: {value: [igg", [{"lab": g, "value": "90 mg/dL", "collected": "2026-05-01"} for g in ("igg", "igm", "iga")], "met"),
        ("emg_or_mri", "studies:\n      value:\n        - {finding: emg", [{"finding": "emg", "value": "abnormal", "date": OLD}], "not_documented stale"),
        ("emg_or_mri", "studies:\n      value:\n        - {finding: emg", [{"finding": "emg", "value": "abnormal", "date": "2026-01-02"}], "met"),
        ("emg_or_mri", "studies:\n      value:\n        - {finding: emg", [{"finding": "emg", "value": "abnormal", "stated": "2026-06-01"}], "not_documented partial"),
        ("emg_or_mri", "studies:\n      value:\n        - {finding: emg", [{"finding": "emg", "value": "abnormal", "date": OLD}, {"finding": "mri", "value": "normal", "date": "2026-01-02"}], "not_met"),
    ],
)  # fmt: skip
def test_a_policy_may_ask_how_old_results_are(
    tmp_path: Path, criterion: str, at: str, facts: list[dict[str, object]], expected: str
) -> None:
    policy = check_policy(altered(tmp_path, at, f"{WITHIN}\n    {at}"), MODELS)
    facts = [{k: date_of(v) for k, v in fact.items()} for fact in facts]
    case = case_of(facts, {"as_of": date(2026, 6, 15)}, load_lexicon(MODELS))
    (result,) = [c for c in evaluate(policy, case).criteria if c.id == criterion]
    assert " ".join(filter(None, (result.status, result.reason))) == expected
    assert result.evidence


def date_of(value: object) -> object:
    """As YAML reads it."""
    return yaml.safe_load(value) if isinstance(value, str) and value[:2] == "20" else value


def test_a_key_that_stands_twice_is_told(tmp_path: Path) -> None:
    path = altered(tmp_path, "    label: CK\n", "    label: CK\n    label: CPK\n")
    with pytest.raises(KnowledgeError, match="stands twice"):
        check_policy(path, MODELS)


def test_criteria_that_depend_on_each_other_are_told(tmp_path: Path) -> None:
    old = "waived_by: [severe_organ_compromise, immunosuppressant_intolerance]"
    path = altered(tmp_path, old, "waived_by: [refractory_disease]")
    with pytest.raises(KnowledgeError, match="depend on each other"):
        check_policy(path, MODELS)


SHORT = "outcome: [failed], duration: {value: 8, unit: weeks, source: page 1}"


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ("{drug: mesalamine, for: 7 wk, status: past, outcome: failed}", "not_met"),
        ("{drug: mesalamine, for: 8 wk, status: past, outcome: failed}", "met"),
        ("{drug: mesalamine, status: past, outcome: failed}", "needs_review"),
        ("{drug: mesalamine, for: 2 wk, status: past, outcome: intolerant}", "not_documented"),
    ],
)
def test_a_failure_counts_once_it_was_tried_for_long_enough(
    tmp_path: Path, course: str, expected: str
) -> None:
    criterion = (
        f"{{id: tried, title: Mesalamine, kind: treated, source: page 1, groups: [asa], {SHORT}}}"
    )
    policy = check_policy(small(tmp_path, criterion), MODELS)
    facts = [yaml.safe_load(course)]
    case = case_of(facts, {"as_of": date(2026, 6, 15)}, load_lexicon(MODELS))
    (result,) = [c for c in evaluate(policy, case).criteria if c.id == "tried"]
    assert result.status == expected


@pytest.mark.parametrize(
    ("bounds", "told"),
    [
        ("above: {value: 300, unit: mg/dL, source: page 1}", "'eosinophils' is not given in mg/dL"),
        (
            "above: {value: 300, unit: /uL, source: page 1}, under: {value: 9, unit: mg/dL, source: page 1}",
            "in different units",
        ),
    ],
)
def test_a_bound_in_a_unit_that_the_test_never_has_is_told(
    tmp_path: Path, bounds: str, told: str
) -> None:
    criterion = f"{{id: count, title: Eosinophils, kind: measured, source: page 1, analytes: [eosinophils], {bounds}}}"
    with pytest.raises(KnowledgeError, match=told):
        check_policy(small(tmp_path, criterion), MODELS)


def small(tmp_path: Path, criterion: str) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(
        f"""
id: small
version: 2026-01-01
title: Small
source: {{kind: payer_policy, name: Small Plan, standing: An invented policy., read: 2026-01-01}}
products: [vedolizumab]
diagnosis: dx
groups:
  asa: {{label: mesalamine, source: page 1, ingredients: [mesalamine]}}
criteria:
  - id: dx
    title: Ulcerative colitis
    kind: diagnosis
    source: page 1
    diagnoses: {{value: [ulcerative_colitis], source: page 1}}
    codes: {{value: [K51], source: ICD-10-CM}}
    missing: {{diagnosis: a note}}
  - {criterion}
""",
        encoding="utf-8",
    )
    return path


def test_a_failing_example_names_the_example_and_the_criterion(tmp_path: Path) -> None:
    path = altered(tmp_path, "at_least: {value: 3,", "at_least: {value: 4,")
    examples = tmp_path / "examples"
    examples.mkdir()
    shutil.copy(SHIPPED.parent / "examples" / SHIPPED.name, examples)
    failures = run_examples(path, MODELS)
    assert any("exactly three times" in f and "ck_level" in f for f in failures)


def test_every_number_names_its_source() -> None:
    policy: Policy = check_policy(SHIPPED)
    assert policy.source.kind == "unverified_article"
    assert "no payer's policy" in policy.source.standing


def test_the_worked_example_of_the_guide_works(tmp_path: Path) -> None:
    guide = Path(__file__).parent.parent / "docs" / "write-a-policy.md"
    blocks = re.findall(r"```yaml\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    policy, examples = (textwrap.dedent(block) for block in blocks)
    path = tmp_path / "example-tocilizumab.yaml"
    path.write_text(policy, encoding="utf-8")
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / path.name).write_text(examples, encoding="utf-8")
    assert run_examples(path, MODELS) == []
    slip = path.read_text(encoding="utf-8").replace("takayasu_arteritis", "takayasu_arterits")
    path.write_text(slip, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="did you mean 'takayasu_arteritis'"):
        check_policy(path, MODELS)


LIBRARY = [path for path in POLICIES if path not in PLAIN]
# What stands in the criteria as a unit: doses of corticosteroids are told as so much of it.
AS_UNIT = {"prednisone"}


def test_no_python_names_a_drug_a_disease_a_test_or_a_payer() -> None:
    lexicon = load_lexicon(MODELS)
    drugs = (
        n for d in lexicon.drugs.values() if not d.ambiguous for n in (*d.names, *d.abbreviations)
    )
    diseases = (
        name
        for d in lexicon.diseases.values()
        if d.group not in ("symptom", "health_status")
        for name in (d.name, *d.aliases)
    )
    tests = (n for t in lexicon.labs.values() for n in (t.analyte, *t.aliases) if len(n) > 3)
    payers = (name for policy in load_policies(MODELS, lexicon) for name in policy.payers)
    names = {fold(n).replace("_", " ") for n in (*drugs, *diseases, *tests, *payers) if len(n) > 4}
    pipeline = Path(__file__).parents[1] / "pipeline"
    for path in (*sorted((pipeline / "criteria").glob("*.py")), pipeline / "nlp" / "asked.py"):
        words = re.findall(r"[a-z0-9&']+", path.read_text("utf-8").casefold().replace("_", " "))
        text = f" {' '.join(words)} "
        assert {name for name in names if f" {name} " in text} <= AS_UNIT, path.name


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_examples_try_every_criterion_of_the_library_on_both_sides(path: Path) -> None:
    """Each criterion, in one branch at least, is met in an example and open or not met in one."""
    policy = check_policy(path)
    seen: dict[str, set[Status]] = {}
    for name, statuses in coverage(path, policy).items():
        seen.setdefault(name.rpartition("/")[2], set()).update(statuses)
    top = {criterion.id for branch in policy.branches() for criterion in branch.criteria}
    always_open = {
        criterion.id
        for branch in policy.branches()
        for criterion in branch.criteria
        if any(node.kind == "reference" for node in criterion.nodes())
    }
    for name in top - always_open:
        assert seen[name] & {Status.MET, Status.NOT_APPLICABLE}, f"{name} is never met"
        assert seen[name] - {Status.MET}, f"{name} is always met"


def test_the_version_in_force_on_the_day_of_the_request_is_used() -> None:
    policies = load_policies(MODELS, load_lexicon(MODELS))
    facts = [
        {"request": {"ingredient": "palbociclib", "payer": "FEP Blue"}},
        {"disease": "breast_cancer"},
    ]
    for day, version in (
        (date(2026, 6, 15), date(2025, 7, 1)),
        (date(2025, 6, 30), date(2024, 7, 1)),
        (date(2020, 1, 1), date(2024, 7, 1)),
    ):
        case = case_of(facts, {"as_of": day}, load_lexicon(MODELS))
        chosen = choose_policy(policies, case).policy
        assert chosen is not None and chosen.version == version


@pytest.mark.parametrize(
    ("facts", "branch"),
    [
        ([{"request": {"diagnosis_codes": "M05.79"}}, {"disease": "crohn_disease"}], ("rheumatoid_arthritis", "initial")),
        ([{"disease": "psoriatic_arthritis"}], ("psoriatic_arthritis", "initial")),
        ([{"disease": "crohn_disease"}, {"drug": "adalimumab", "status": "current"}], ("crohn_disease", "continuation")),
        ([{"disease": "crohn_disease"}, {"drug": "adalimumab", "status": "past"}], ("crohn_disease", "initial")),
        ([{"disease": "crohn_disease"}, {"drug": "adalimumab", "status": "current"}, {"finding": "request_phase", "value": "initial"}], ("crohn_disease", "initial")),
        ([{"disease": "crohn_disease"}, {"finding": "request_phase", "value": "continuation"}], ("crohn_disease", "continuation")),
        ([{"disease": "crohn_disease"}, {"finding": "request_phase", "value": "continuation"}, {"finding": "request_phase", "value": "initial"}], ("crohn_disease", "initial")),
    ],
)  # fmt: skip
def test_the_request_chooses_indication_and_phase(
    facts: list[dict[str, object]], branch: tuple[str, str]
) -> None:
    policy = check_policy(MODELS / "policies" / "cigna-adalimumab.yaml")
    request = {"request": {"ingredient": "adalimumab"}}
    case = case_of([request, *facts], {"as_of": date(2026, 6, 15)}, load_lexicon(MODELS))
    used = evaluate(policy, case).policy
    assert used is not None and (used.indication, used.phase) == branch
    assert "Judged as:" in used.source


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "rituximab-polymyositis.yaml"
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in (
        ("products: [rituximab]", "products: [Humira]"),
        ("kind: lab_ratio", "kind: lab_ration"),
        ("codes: {value: [M33.2]", "codes: {value: [M66.99]"),
        ("    analytes: {value: [igg", "    within_days: 3\n    analytes: {value: [igg"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        check_policy(path, MODELS)
    told = [caught.value, *caught.value.others]
    assert [one.line for one in told] == sorted(one.line for one in told)
    reasons = "; ".join(one.reason for one in told)
    assert "another name of 'adalimumab'" in reasons
    assert "did you mean 'lab_ratio'" in reasons
    assert "'M66.99' is no code of ICD-10-CM" in reasons
    assert "unknown key 'within_days'; did you mean 'within'" in reasons


def test_a_key_of_another_kind_is_none_of_this(tmp_path: Path) -> None:
    path = altered(
        tmp_path, "    label: CK\n", "    label: CK\n    duration: {value: 3, unit: d}\n"
    )
    with pytest.raises(KnowledgeError) as caught:
        check_policy(path, MODELS)
    assert "here may stand" in caught.value.reason and "at_least" in caught.value.reason


def test_a_file_bears_the_id_of_its_policy(tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    shutil.copy(SHIPPED, path)
    with pytest.raises(KnowledgeError, match="not the name of the file"):
        check_policy(path, MODELS)


def test_a_policy_without_examples_says_where_they_belong(tmp_path: Path) -> None:
    path = altered(tmp_path, "title: Rit", "title: A Rit")
    with pytest.raises(KnowledgeError, match="no examples at examples/"):
        run_examples(path, MODELS)


def test_the_skeleton_lacks_nothing_but_what_is_to_be_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "new-policy.yaml"
    path.write_text(skeleton("new-policy"), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        check_policy(path, MODELS)
    for one in (caught.value, *caught.value.others):
        assert "at least 1 item" in one.reason or "needs findings" in one.reason, one.reason


def test_the_keys_in_the_guide_are_those_of_the_models() -> None:
    guide = Path(__file__).parent.parent / "docs" / "policy-keys.md"
    assert guide.read_text(encoding="utf-8") == key_tables()
