"""The examples of a policy: facts and the statuses that they must come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.criteria.gap import evaluate
from pipeline.criteria.lines import read_yaml
from pipeline.criteria.notation import NotationError, case_of
from pipeline.criteria.parameters import suggestion
from pipeline.criteria.policy import Policy, load_policy
from pipeline.errors import KnowledgeError
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.schema import GapReport

KEYS = frozenset(
    {
        "name",
        "as_of",
        "birth_date",
        "base",
        "without",
        "facts",
        "unreadable",
        "missing_pages",
        "foreign_pages",
        "general_pages",
        "attachments",
        "conflicts",
        "expect",
        "reasons",
        "missing",
        "alerts",
        "no_alerts",
        "alternatives",
        "recommendation",
        "readiness",
    }
)


def check_policy(path: Path, models: Path | None = None) -> Policy:
    """Read a policy file; raises KnowledgeError with file and line when it is wrong.

    Several versions of a policy lie beside each other: `ID.yaml`, `ID@2024-07-01.yaml`.
    """
    policy = load_policy(path, load_lexicon(models_dir(models)), models_dir(models))
    if path.stem.partition("@")[0] != policy.id:
        raise KnowledgeError(path.name, 1, f"id {policy.id!r} is not the name of the file")
    return policy


def run_examples(path: Path, models: Path | None = None) -> list[str]:
    """One line per expectation that an example of the policy fails; empty when all hold.

    The examples stand in `examples/`, beside the policy and under its name.
    Raises KnowledgeError when either file is wrong.
    """
    policy = check_policy(path, models)
    return [
        f"{name}: {failure}"
        for name, report, expected in reports(path, policy, models)
        for failure in failures(report, expected)
    ]


def reports(
    path: Path, policy: Policy, models: Path | None = None
) -> Iterator[tuple[str, GapReport, Mapping[str, Any]]]:
    """Name, report and expectations of every example."""
    place = path.parent / "examples" / path.name
    if not place.is_file():
        raise KnowledgeError(path.name, 0, f"has no examples at examples/{path.name} beside it")
    data, lines = read_yaml(place)
    named = f"examples/{place.name}"  # the policy's own file has the same name
    lexicon = load_lexicon(models_dir(models))
    bases = data.get("bases", {})
    for i, example in enumerate(data["examples"]):
        line = lines.get(("examples", i), 0)
        for key in example:
            if key not in KEYS:
                raise KnowledgeError(named, line, f"unknown key {key!r}{suggestion(key, KEYS)}")
        full = {"as_of": data.get("as_of"), **example}
        base = bases.get(example.get("base", ""), [])
        kept = [fact for fact in base if fact.get("id") not in example.get("without", ())]
        facts = [*kept, *(example.get("facts") or ())]
        try:
            case = case_of(facts, full, lexicon)
        except (NotationError, ValidationError, TypeError, ValueError) as error:
            reason = _reason(error)
            raise KnowledgeError(named, line, f"{example.get('name')}: {reason}") from error
        yield str(example["name"]), evaluate(policy, case), example


def _reason(error: Exception) -> str:
    """What is wrong with a fact, in a line."""
    if not isinstance(error, ValidationError):
        return str(error).splitlines()[0]
    first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(step) for step in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"unknown key {key!r}"
    return f"{key}: {first['msg']}"


def failures(report: GapReport, expected: Mapping[str, Any]) -> list[str]:
    """What a report says against what an example expects of it."""
    results = {result.id: result for result in report.criteria}
    found: list[str] = []
    for criterion, status in (expected.get("expect") or {}).items():
        if criterion not in results:
            found.append(f"unknown criterion {criterion!r}{suggestion(criterion, results)}")
        elif results[criterion].status.value != status:
            result = results[criterion]
            found.append(f"{criterion} is {result.status}, not {status}: {result.rationale}")
    for criterion, reason in (expected.get("reasons") or {}).items():
        if results[criterion].reason != reason:
            found.append(f"{criterion} has reason {results[criterion].reason}, not {reason}")
    for criterion, words in (expected.get("missing") or {}).items():
        told = "; ".join(results[criterion].missing)
        found += [f"{criterion} does not ask for {w!r}: {told}" for w in words if w not in told]
    return found + _other_failures(report, expected)


def _other_failures(report: GapReport, expected: Mapping[str, Any]) -> list[str]:
    alerts = {alert.id for alert in report.alerts}
    standing = {alternative.id: alternative.status for alternative in report.alternatives}
    found = [f"no alert {a}" for a in expected.get("alerts", ()) if a not in alerts]
    found += [f"alert {a}" for a in expected.get("no_alerts", ()) if a in alerts]
    for name, status in (expected.get("alternatives") or {}).items():
        if standing.get(name) != status:
            found.append(f"alternative {name} is {standing.get(name)}, not {status}")
    for key in ("recommendation", "readiness"):
        if key in expected and getattr(report, key) != expected[key]:
            found.append(f"{key} is {getattr(report, key)}, not {expected[key]}")
    return found
