"""What operators watch: a log of JSON lines, a summary of the last run, metrics for Prometheus.

Nothing here holds a word of a submission or the name of a file, which may be a patient's: a
submission is called by the first 8 digits of its content's hash, as in its id.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pipeline import __version__
from pipeline.errors import UsageError
from pipeline.ledger import STATES, Ledger, Run, unreported
from pipeline.store import STAGES, Made, write_atomically
from pipeline.worker import Outcome, Task

LOG = "log.jsonl"
SUMMARY = "run_summary.json"
METRICS = "metrics.prom"


def now() -> str:
    """This moment, UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def append(path: Path, lines: Iterable[Mapping[str, object]]) -> None:
    """Add JSON lines to a file of the owner only; a line that a kill cut short stays by itself."""
    content = "".join(json.dumps(line, allow_nan=False) + "\n" for line in lines).encode()
    if not content:
        return
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "r+b", buffering=0) as file:
        os.fchmod(handle, 0o600)
        size = file.seek(0, os.SEEK_END)
        is_torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        file.write(b"\n" * is_torn + content)


def log_outcome(out: Path, run: str, task: Task, outcome: Outcome) -> None:
    """A line for each stage that was run for a submission, or that failed."""
    common: dict[str, object] = {
        "time": now(),
        "run": run,
        "submission": task.sha256[:8],
        "version": __version__,
    }
    lines: list[dict[str, object]] = [
        common | {"stage": stage, "result": "made"} | _costs(outcome.made[stage])
        | dict(outcome.sizes.get(stage, {}))
        for stage in outcome.redone
    ]  # fmt: skip
    if outcome.error_class:
        failed: dict[str, object] = {
            "stage": outcome.stage,
            "result": outcome.state,
            "error": outcome.error_class,
        }
        lines.append(common | failed)
    append(out / LOG, lines)


def _costs(made: Made) -> dict[str, object]:
    return {"seconds": made.seconds, "peak_mib": made.peak_mib, "sha256": made.digest[:12]}


def conclude(
    out: Path,
    ledger: Ledger,
    run: Run,
    outcomes: Iterable[Outcome],
    *,
    extras: Mapping[str, object],
    metrics: Path | None,
) -> None:
    """Write the line of the run to the log, its summary and the metrics."""
    made = [(stage, outcome.made[stage]) for outcome in outcomes for stage in outcome.redone]
    summary = {
        **run._asdict(),
        "seconds": round(_seconds(run), 3),
        "version": __version__,
        "errors": dict(sorted(_errors(ledger).items())),
        "stages": {stage: _stage(costs) for stage, costs in _by_stage(made).items()},
        **extras,
    }
    append(out / LOG, [{"time": now(), "run": run.started, "stage": "run", **summary}])
    write_atomically(out / SUMMARY, (json.dumps(summary, indent=2) + "\n").encode())
    text = exposition(ledger, run, _by_stage(made)).encode()
    write_atomically(out / METRICS, text)
    if metrics is not None:  # outside OUT, for a collector that may not look into it
        try:
            write_atomically(metrics, text, mode=0o644)
        except OSError as error:
            why = f"cannot be written ({error.strerror}); all else was done"
            raise UsageError(f"{metrics}: {why}") from error


def _seconds(run: Run) -> float:
    began, ended = datetime.fromisoformat(run.started), datetime.fromisoformat(run.ended)
    return max(0.0, (ended - began).total_seconds())


def _errors(ledger: Ledger) -> Counter[str]:
    codes = Counter(s.error_class for s in ledger.submissions() if s.error_class)
    return codes + Counter(one.error_class for one in ledger.unopened())


def _by_stage(made: Iterable[tuple[str, Made]]) -> dict[str, list[Made]]:
    found: dict[str, list[Made]] = {}
    for stage, costs in made:
        found.setdefault(stage, []).append(costs)
    return {stage: found[stage] for stage in STAGES if stage in found}


def _stage(costs: list[Made]) -> dict[str, float]:
    return {
        "count": len(costs),
        "seconds": round(sum(cost.seconds for cost in costs), 3),
        "peak_mib": max(cost.peak_mib for cost in costs),
    }


def exposition(ledger: Ledger, run: Run, by_stage: Mapping[str, list[Made]]) -> str:
    """The metrics in Prometheus' text form (exposition format 0.0.4)."""
    submissions, unopened = ledger.submissions(), ledger.unopened()
    states = Counter(submission.state for submission in submissions)
    states.update(one.state for one in unopened)
    waits = [*(s.first_seen for s in unreported(submissions)), *(one.since for one in unopened)]
    ended = datetime.fromisoformat(run.ended)
    oldest = min((datetime.fromisoformat(seen) for seen in waits), default=ended)
    families: list[tuple[str, str, list[tuple[str, float]]]] = [
        (
            "chartgap_submissions",
            "Submissions in the ledger by state.",
            [(f'{{state="{state}"}}', states[state]) for state in STATES],
        ),
        (
            "chartgap_errors",
            "Submissions in the ledger by code of what went wrong.",
            [(f'{{code="{code}"}}', n) for code, n in sorted(_errors(ledger).items())],
        ),
        (
            "chartgap_oldest_unreported_seconds",
            "Age of the oldest submission in the inbox that has no report.",
            [("", max(0.0, (ended - oldest).total_seconds()))],
        ),
        (
            "chartgap_run_files",
            "Files in of the last run by state.",
            [(f'{{state="{state}"}}', getattr(run, state)) for state in STATES],
        ),
        ("chartgap_run_files_in", "Files in of the last run.", [("", run.files_in)]),
        ("chartgap_run_redone", "Submissions that the last run worked on.", [("", run.redone)]),
        ("chartgap_run_seconds", "Wall time of the last run.", [("", _seconds(run))]),
        (
            "chartgap_run_end_timestamp_seconds",
            "When the last run ended.",
            [("", ended.timestamp())],
        ),
        (
            "chartgap_run_stage_seconds",
            "Time of each stage in the last run, summed over processes.",
            [(f'{{stage="{s}"}}', _stage(by_stage[s])["seconds"]) for s in by_stage],
        ),
        (
            "chartgap_run_stage_peak_bytes",
            "Highest memory of a process during each stage in the last run.",
            [(f'{{stage="{s}"}}', _stage(by_stage[s])["peak_mib"] * 2**20) for s in by_stage],
        ),
    ]
    lines = [
        f'# HELP chartgap_info Version.\n# TYPE chartgap_info gauge\nchartgap_info{{version="{__version__}"}} 1'
    ]
    for name, words, samples in families:
        lines.append(f"# HELP {name} {words}\n# TYPE {name} gauge")
        lines += [f"{name}{labels} {value:.15g}" for labels, value in samples]
    return "\n".join(lines) + "\n"
