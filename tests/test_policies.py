"""Every shipped policy: it loads, its examples hold, and these leave no status untried."""

import re
import shutil
import textwrap
from pathlib import Path

import pytest

from pipeline.criteria import check_policy, load_policies, run_examples
from pipeline.criteria.examples import reports
from pipeline.criteria.policy import Policy
from pipeline.errors import KnowledgeError
from pipeline.lexicon import load_lexicon, models_dir
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


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
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
    assert told in caught.value.reason
    # A key that is lacking, or the words of a part, are told at the entry that lacks them.
    assert abs(caught.value.line - line) <= 12 if "missing" in told else caught.value.line == line


def test_wrong_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    path = altered(tmp_path, "products: [rituximab]", "products: [rituximab")
    with pytest.raises(KnowledgeError) as caught:
        check_policy(path, MODELS)
    assert caught.value.line in range(12, 18)


def test_a_key_that_stands_twice_is_told(tmp_path: Path) -> None:
    path = altered(tmp_path, "    label: CK\n", "    label: CK\n    label: CPK\n")
    with pytest.raises(KnowledgeError, match="stands twice"):
        check_policy(path, MODELS)


def test_criteria_that_depend_on_each_other_are_told(tmp_path: Path) -> None:
    old = "waived_by: [severe_organ_compromise, immunosuppressant_intolerance]"
    path = altered(tmp_path, old, "waived_by: [refractory_disease]")
    with pytest.raises(KnowledgeError, match="depend on each other"):
        check_policy(path, MODELS)


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
