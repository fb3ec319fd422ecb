"""Which criteria and leaves of a policy its examples take through which statuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.criteria.examples import reports
from pipeline.criteria.policy import Policy
from pipeline.schema import CriterionResult, Status

Seen = dict[str, set[Status]]  # by branch and criterion


def coverage(path: Path, policy: Policy, models: Path | None = None) -> Seen:
    """The statuses that the examples give every criterion and part of every branch."""
    seen: Seen = {
        _name(branch.branch, node_id): set()
        for branch in policy.branches()
        for node_id, node in branch.by_id.items()
        if not node_id.endswith(".when")
    }
    for _, report, _ in reports(path, policy, models):
        used = report.policy
        branch = (used.indication, used.phase) if used is not None else ("", "")
        for result in _all(report.criteria):
            seen.setdefault(_name(branch, result.id), set()).add(result.status)
    return seen


def untried(seen: Seen) -> Iterator[str]:
    """A line for each criterion that no example shows as met, or none as anything else."""
    for name, statuses in seen.items():
        lacking = [] if statuses & {Status.MET, Status.NOT_APPLICABLE} else ["met"]
        if not statuses - {Status.MET}:
            lacking.append("open or not met")
        if lacking:
            yield f"{name}: never {', never '.join(lacking)}"


def _all(results: Iterable[CriterionResult]) -> Iterator[CriterionResult]:
    for result in results:
        yield result
        yield from _all(result.parts)


def _name(branch: tuple[str, str], node: str) -> str:
    return "/".join(part for part in (*branch, node) if part)
