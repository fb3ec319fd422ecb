"""The command line. It prints names of submissions, codes and counts, never what they say."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipeline import __version__
from pipeline.criteria import check_policy, run_examples
from pipeline.errors import ChartgapError, UsageError
from pipeline.ledger import STATES, TROUBLED, Ledger
from pipeline.lexicon import models_dir
from pipeline.run import TIMEOUT_S, Balance, Watch, reprocess, run_queue
from pipeline.store import STAGES, Made

UNUSABLE = 2

app = typer.Typer(
    name="chartgap",
    help="Reads prior-authorization packets and reports what they show of a policy, where on the"
    " page, and what is missing. It never approves and never denies.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
policy_app = typer.Typer(help="Check policy files and run their examples.", no_args_is_help=True)
corrections_app = typer.Typer(help="Take analysts' corrections back in.", no_args_is_help=True)
app.add_typer(policy_app, name="policy")
app.add_typer(corrections_app, name="corrections")


class Engine(StrEnum):
    """Where the work is done."""

    LOCAL = "local"
    DASK = "dask"


class Stage(StrEnum):
    """A stage to begin from."""

    INGEST = "ingest"
    NLP = "nlp"
    NORMALIZE = "normalize"
    CRITERIA = "criteria"


Out = Annotated[Path, typer.Option("--out", help="Folder of the ledger, tables and reports.")]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Submissions worked on at a time (default: the cores).")
]
Timeout = Annotated[
    float,
    typer.Option(min=0.01, help="Seconds that one submission may take before it is given up."),
]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Also show time and peak memory of each stage.")
]


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if version:
        print(f"chartgap {__version__}")
        raise typer.Exit


@app.command("run")
def run_command(
    inbox: Annotated[
        Path, typer.Argument(help="Every file and every folder in it is one submission.")
    ],
    out: Out,
    policy: Annotated[
        Path | None, typer.Option("--policy", help="Folder of policies (default: the shipped).")
    ] = None,
    payer: Annotated[
        str, typer.Option("--payer", help="Payer whose policies are used (default: as requested).")
    ] = "",
    workers: Workers = None,
    engine: Annotated[Engine, typer.Option(help="Where the work is done.")] = Engine.LOCAL,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of the dask scheduler, with --engine dask.")
    ] = None,
    timeout: Timeout = TIMEOUT_S,
    verbose: Verbose = False,
) -> None:
    """Process the queue once and exit; what is up to date is left alone."""
    if engine is Engine.DASK or scheduler:
        raise UsageError("--engine dask is not available in this version; use --engine local")
    with _progress() as watch:
        balance = run_queue(
            inbox,
            out,
            policies=policy,
            payer=payer,
            workers=workers,
            timeout_s=timeout,
            watch=watch,
        )
    _conclude(balance, out, verbose=verbose)


@app.command("reprocess")
def reprocess_command(
    out: Out,
    since: Annotated[Stage, typer.Option("--from", help="The first stage to redo.")],
    submissions: Annotated[
        list[str] | None, typer.Argument(help="Ids of submissions (default: all).")
    ] = None,
    workers: Workers = None,
    timeout: Timeout = TIMEOUT_S,
    verbose: Verbose = False,
) -> None:
    """Redo a stage and those after it, reusing what the stages before it left."""
    with _progress() as watch:
        balance = reprocess(
            out, since.value, submissions or [], workers=workers, timeout_s=timeout, watch=watch
        )
    for outcome in sorted(balance.outcomes, key=lambda outcome: outcome.submission_id):
        for change in outcome.changes:
            print(f"{outcome.submission_id}: {change}")
    count = sum(bool(outcome.changes) for outcome in balance.outcomes)
    print(f"Changed: {count} of {len(balance.outcomes)}")
    _conclude(balance, out, verbose=verbose)


@app.command("status")
def status_command(out: Out, verbose: Verbose = False) -> None:
    """Show the ledger: counts per state, what failed and why."""
    with Ledger.open(out) as ledger:
        submissions, made = ledger.submissions(), ledger.made()
        waiting, duplicates = ledger.arrivals("waiting"), ledger.arrivals("duplicate")
    for state in STATES:
        print(f"{state:<12}{sum(submission.state == state for submission in submissions):>6}")
    print(f"{'unfinished':<12}{len(waiting):>6}  still growing when last looked at")
    print(f"{'duplicate':<12}{len(duplicates):>6}  same content under another name")
    for submission in submissions:
        if submission.state in (*TROUBLED, "waiting"):
            stage = f" in {submission.error_stage}" if submission.error_stage else ""
            times = f", tried {submission.attempts} times" if submission.attempts > 1 else ""
            code = f", {submission.error_class}" if submission.error_class else ""
            print(f"{submission.id}: {submission.state}{code}{stage}{times}")
            if verbose and submission.error_frames:
                print("  " + submission.error_frames.replace("\n", "\n  "))
        elif verbose:
            print(_costs(submission.id, ((name, made[submission.id][name]) for name in STAGES)))


@app.command("review")
def review_command(out: Out) -> None:
    """Open the review pages (not available in this version)."""
    raise UsageError(
        "review pages are not available in this version; open submissions/*/gap_report.html"
    )


@corrections_app.command("apply")
def corrections_apply(file: Path, out: Out) -> None:
    """Take an edited CSV back in (not available in this version)."""
    raise UsageError("corrections are not available in this version")


@policy_app.command("check")
def policy_check(file: Path) -> None:
    """Validate a policy file; errors name the file and the line."""
    check_policy(_existing(file), models_dir())
    print(f"{file}: ok")


@policy_app.command("test")
def policy_test(file: Path) -> None:
    """Run the examples of a policy file."""
    failures = run_examples(_existing(file), models_dir())
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{file}: {f'{len(failures)} examples failed' if failures else 'all examples passed'}")
    raise typer.Exit(1 if failures else 0)


def _existing(file: Path) -> Path:
    if not file.is_file():
        raise UsageError(f"{file}: no such file")
    return file


# ----------------------------------------------------------------------------- output


@contextmanager
def _progress() -> Iterator[Watch]:
    """A bar on a terminal, silence elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("Submissions"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _conclude(balance: Balance, out: Path, *, verbose: bool) -> NoReturn:
    """Print what went wrong and the balance, and exit 0 or 1."""
    if verbose:
        for outcome in balance.outcomes:
            redone = ((stage, outcome.made[stage]) for stage in outcome.redone)
            print(_costs(outcome.submission_id, redone), file=sys.stderr)
    for submission in balance.troubled:
        print(f"{submission.id}: {submission.state}, {submission.error_class}", file=sys.stderr)
        if submission.error_class == "tool.missing":
            print(f"  {submission.error_frames}", file=sys.stderr)
    for name in balance.unreadable:
        print(f"{name}: failed, source.unreadable", file=sys.stderr)
    print(_balance_line(balance, out))
    raise typer.Exit(1 if balance.troubled or balance.unreadable else 0)


def _balance_line(balance: Balance, out: Path) -> str:
    """`7 submissions: 5 done, 2 quarantined (4 unchanged). Reports: OUT/submissions`."""
    states = balance.states
    counts = ", ".join(f"{states[state]} {state}" for state in STATES if states[state])
    unchanged = len(balance.submissions) - len(balance.outcomes)
    extras = [
        (unchanged, "unchanged"),
        (balance.duplicates, "same as another"),
        (balance.waiting, "still growing"),
        (balance.skipped, "entries skipped (hidden, links or no files)"),
        (len(balance.unreadable), "not readable at all"),
    ]
    notes = ", ".join(f"{count} {words}" for count, words in extras if count)
    total = len(balance.submissions)
    return (
        f"{total} submission{'' if total == 1 else 's'}{f': {counts}' if counts else ''}"
        f"{f' ({notes})' if notes else ''}. Reports: {out / 'submissions'}"
    )


def _costs(name: str, stages: Iterable[tuple[str, Made]]) -> str:
    costs = (f"{stage} {made.seconds:.1f} s {made.peak_mib:.0f} MiB" for stage, made in stages)
    return f"{name}: {', '.join(costs) or 'nothing redone'}"


def main() -> None:
    """Run the command; whatever goes wrong, say so without quoting a submission."""
    # As on Ctrl-C, children are ended and temporary files removed.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        app()
    except ChartgapError as error:
        print(f"chartgap: {error.message}", file=sys.stderr)
    except OSError as error:
        print(f"chartgap: {error.filename or 'files'}: {error.strerror}", file=sys.stderr)
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        print(f"chartgap: {type(error).__name__} at {place}: a fault", file=sys.stderr)
    else:
        return
    sys.exit(UNUSABLE)


if __name__ == "__main__":
    main()
