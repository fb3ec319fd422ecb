"""The command line. It prints names of submissions, codes and counts, never what they say.

Only `show` and `explain` do, which are asked to.
"""

from __future__ import annotations

import csv
import getpass
import json
import signal
import sqlite3
import sys
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from rich.text import Text

from pipeline import __version__, telling
from pipeline.corrections import load_corrections
from pipeline.criteria import (
    check_policy,
    coverage,
    evaluate,
    fits,
    key_tables,
    run_examples,
    schema,
    skeleton,
    untried,
)
from pipeline.engines import UNFIT
from pipeline.errors import ChartgapError, KnowledgeError, UsageError
from pipeline.fhir import Ask
from pipeline.ledger import (
    FILE_NAME,
    STATES,
    TROUBLED,
    Ledger,
    Run,
    Submission,
    Unopened,
    is_gone,
    trouble,
)
from pipeline.lexicon import models_dir
from pipeline.parquet import write_parquet
from pipeline.run import (
    TIMEOUT_S,
    Balance,
    Options,
    Reading,
    Watch,
    apply_corrections,
    export_fhir,
    export_workbook,
    rebuild,
    records_of,
    reprocess,
    retry,
    run_queue,
    stored_cases,
    withdraw_corrections,
)
from pipeline.schema import Correction
from pipeline.store import STAGES, Made
from pipeline.wording import printable, safe_name

UNUSABLE = 2
LISTED = 20  # lines of the work list that a terminal shows

app = typer.Typer(
    name="chartgap",
    help="Reads prior-authorization packets and reports what they show of a policy, where on the"
    " page, and what is missing. It never approves and never denies.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
policy_app = typer.Typer(help="Check policy files and run their examples.", no_args_is_help=True)
corrections_app = typer.Typer(help="Take analysts' corrections back in.", no_args_is_help=True)
app.add_typer(policy_app, name="policy")
app.add_typer(corrections_app, name="corrections")
export_app = typer.Typer(help="Write cases for other systems.", no_args_is_help=True)
app.add_typer(export_app, name="export")


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
Where = Annotated[Engine, typer.Option("--engine", help="Where the work is done.")]
Scheduler = Annotated[
    str, typer.Option(help="Address of the Dask scheduler (tcp://host:8786), with --engine dask.")
]
Metrics = Annotated[
    Path | None,
    typer.Option(help="Also write the metrics to this file, outside OUT, for a node exporter."),
]


def _known_ids(context: typer.Context, incomplete: str) -> list[str]:
    """The ids that begin so, for the shell, where OUT has been named already."""
    try:
        with Ledger.open(Path(context.params["out"])) as ledger:
            known = [submission.id for submission in ledger.submissions()]
    except (ChartgapError, sqlite3.DatabaseError, KeyError, TypeError):
        return []
    return [name for name in known if name.startswith(incomplete)]


Ids = Annotated[
    list[str] | None,
    typer.Argument(help="Ids of submissions (default: all).", autocompletion=_known_ids),
]
By = Annotated[str, typer.Option("--by", help="Who corrects (default: the user's login name).")]
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
        Path,
        typer.Argument(help="Every file and every folder in it is one submission; or one file."),
    ],
    out: Out,
    policy: Annotated[
        Path | None, typer.Option("--policy", help="Folder of policies (default: the shipped).")
    ] = None,
    payer: Annotated[
        str, typer.Option("--payer", help="Payer whose policies are used (default: as requested).")
    ] = "",
    workers: Workers = None,
    engine: Where = Engine.LOCAL,
    scheduler: Scheduler = "",
    timeout: Timeout = TIMEOUT_S,
    metrics: Metrics = None,
    verbose: Verbose = False,
) -> None:
    """Process the queue once and exit; what is up to date is left alone."""
    with _options(out, workers, engine, scheduler, timeout, metrics) as options:
        balance = run_queue(inbox, out, policies=policy, payer=payer, options=options)
    _conclude(balance, out, verbose=verbose)


@app.command("reprocess")
def reprocess_command(
    out: Out,
    since: Annotated[
        Stage | None,
        typer.Option("--from", help="The first stage to redo (default: what is not up to date)."),
    ] = None,
    submissions: Ids = None,
    policy_id: Annotated[
        str, typer.Option(help="Only submissions that this policy was used for, or none was.")
    ] = "",
    workers: Workers = None,
    engine: Where = Engine.LOCAL,
    scheduler: Scheduler = "",
    timeout: Timeout = TIMEOUT_S,
    metrics: Metrics = None,
    verbose: Verbose = False,
) -> None:
    """Redo a stage and those after it, reusing what the stages before it left."""
    with _options(out, workers, engine, scheduler, timeout, metrics) as options:
        balance = reprocess(
            out,
            since.value if since else None,
            submissions or [],
            policy_id=policy_id,
            options=options,
        )
    _print_changes(balance)
    _conclude(balance, out, verbose=verbose)


@app.command("retry")
def retry_command(
    out: Out,
    submissions: Ids = None,
    workers: Workers = None,
    engine: Where = Engine.LOCAL,
    scheduler: Scheduler = "",
    timeout: Timeout = TIMEOUT_S,
    metrics: Metrics = None,
    verbose: Verbose = False,
) -> None:
    """Try again what failed, crashed or took too long, however often it was tried before."""
    with _options(out, workers, engine, scheduler, timeout, metrics) as options:
        balance = retry(out, submissions or [], options=options)
    _print_changes(balance)
    _conclude(balance, out, verbose=verbose)


@app.command("rebuild")
def rebuild_command(out: Out) -> None:
    """Make a damaged or lost ledger anew from what lies in OUT."""
    made = rebuild(out)
    for name in made.unusable:
        print(f"{name}: unusable, left out", file=sys.stderr)
    if made.unusable:
        print("`chartgap run` reads anew what is missing", file=sys.stderr)
    count = made.submissions
    print(f"{out / FILE_NAME}: made anew with {count} submissions; a damaged one lies beside it")


@app.command("status")
def status_command(out: Out, verbose: Verbose = False) -> None:
    """Show the ledger: counts per state, what failed and why, the balance of the last run."""
    with Ledger.open(out) as ledger:
        submissions, made, runs = ledger.submissions(), ledger.made(), ledger.runs()
        waiting, duplicates = ledger.arrivals("waiting"), ledger.arrivals("duplicate")
        unopened = ledger.unopened()
    states = Counter(submission.state for submission in submissions)
    states.update(one.state for one in unopened)
    for state in STATES:
        print(f"{state:<12}{states[state]:>6}")
    print(f"{'unfinished':<12}{len(waiting):>6}  still growing when last looked at")
    print(f"{'duplicate':<12}{len(duplicates):>6}  same content under another name")
    for run in runs[-1:]:
        print(_run_line(run))
    codes = Counter(submission.error_class for submission in submissions if submission.error_class)
    codes.update(one.error_class for one in unopened)
    for code, count in sorted(codes.items()):
        print(f"{code:<24}{count:>6}")
    now = datetime.now(UTC)
    for submission in submissions:
        if submission.state in (*TROUBLED, "waiting"):
            print(_trouble_line(submission, now))
            if verbose and submission.error_frames:
                print("  " + submission.error_frames.replace("\n", "\n  "))
        elif verbose:
            stages = ((name, made[submission.id][name]) for name in STAGES)
            print(_costs(submission.id, stages) + _follows(submission))
    for entry in unopened:
        print(_unopened_line(entry, now))


def _unopened_line(entry: Unopened, now: datetime) -> str:
    here = _age(now - datetime.fromisoformat(entry.since))
    return f"{safe_name(Path(entry.name))}: {entry.state}, {entry.error_class}, here for {here}"


def _run_line(run: Run) -> str:
    if not run.ended:
        return f"Last: {run.command} of {run.started[:19]}Z is at work, or was ended from outside"
    states = {state: int(getattr(run, state)) for state in STATES}
    return f"Last: {run.command} of {run.started[:19]}Z: {_equation(run.files_in, states)}"


def _trouble_line(submission: Submission, now: datetime) -> str:
    stage = f" in {submission.error_stage}" if submission.error_stage else ""
    times = f", tried {submission.attempts} times" if submission.attempts > 1 else ""
    code = f", {submission.error_class}" if submission.error_class else ""
    since, seen = (
        _age(now - datetime.fromisoformat(t)) for t in (submission.updated, submission.first_seen)
    )
    ages = f", tried {since} ago" + (f", here for {seen}" if seen != since else "")
    left = ", no longer in the inbox" if is_gone(submission) else ""
    told = f"{code}{stage}{times}{ages}{left}{_follows(submission)}"
    return f"{submission.id}: {submission.state}{told}"


def _follows(submission: Submission) -> str:
    return f", follows {submission.follows}" if submission.follows else ""


def _age(age: timedelta) -> str:
    """A length of time in its largest unit: `3 d`."""
    seconds = int(age.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{max(0, seconds)} s"


Id = Annotated[
    str,
    typer.Argument(
        help="Id of a submission, or a beginning that only one has.", autocompletion=_known_ids
    ),
]


@app.command("show")
def show_command(submission: Id, out: Out) -> None:
    """Show the case: every fact that was read, where, and what the report says."""
    case, report, _ = records_of(submission, out)
    print(f"{case.submission_id}")
    for line in telling.show(case, report):
        print(line)


@app.command("explain")
def explain_command(
    submission: Id,
    out: Out,
    criterion: Annotated[str, typer.Argument(help="Id of a criterion (default: all).")] = "",
) -> None:
    """Show the chain from page to status: the words, the fact, the criterion."""
    case, report, document = records_of(submission, out)
    chosen = [c for c in report.criteria if criterion in ("", c.id)]
    if criterion and not chosen:
        known = ", ".join(c.id for c in report.criteria) or "none: no policy was applied"
        raise UsageError(f"{criterion}: no such criterion; known are {known}")
    for line in telling.explain(chosen, case, document):
        print(line)


@export_app.command("fhir")
def export_fhir_command(
    out: Out,
    submission: Annotated[
        str,
        typer.Argument(help="Id of a submission, or a beginning of it.", autocompletion=_known_ids),
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="All submissions with a report.")] = False,
    payer_url: Annotated[str, typer.Option(help="Where the payer takes attachments.")] = "",
    payer: Annotated[str, typer.Option(help="The payer's identifier.")] = "",
    practice: Annotated[str, typer.Option(help="The practice's identifier.")] = "",
    claim: Annotated[str, typer.Option(help="Reference of the Claim (Claim/123).")] = "",
    line: Annotated[int, typer.Option(min=1, help="Line of the Claim.")] = 1,
) -> None:
    """Write FHIR R4 bundles to OUT/fhir; with the payer's address and a Claim, a PAS Task too."""
    if bool(submission) == every:
        raise UsageError("name one submission, or give --all")
    told = (payer_url, payer, practice, claim)
    if any(told) and (every or not all(told)):
        raise UsageError(
            "a Task needs one submission, --payer-url, --payer, --practice and --claim"
        )
    ask = Ask(payer_url, payer, practice, claim, line) if all(told) else None
    for path in export_fhir([submission] if submission else [], out, ask):
        print(path)


@export_app.command("parquet")
def export_parquet_command(out: Out) -> None:
    """Write the tables of OUT to OUT/parquet, with types (needs the extra `parquet`)."""
    for path in write_parquet(out):
        print(path)


@export_app.command("xlsx")
def export_xlsx_command(out: Out, submissions: Ids = None) -> None:
    """Write OUT/corrections.xlsx, to be corrected and given back to `corrections apply`."""
    print(export_workbook(submissions or [], out))


@app.command("review")
def review_command(
    out: Out,
    by: By = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port (default: any free).")] = 0,
) -> None:
    """Serve the review pages to this machine alone, until Ctrl-C; the address is printed."""
    from pipeline.review.server import serve

    serve(out, _user(by), port, print)


@corrections_app.command("apply")
def corrections_apply(
    file: Annotated[
        Path, typer.Argument(help="An edited labs.csv and so on, or corrections.xlsx.")
    ],
    out: Out,
    by: By = "",
    workers: Workers = None,
) -> None:
    """Take an edited CSV or xlsx back in, all of it or nothing; recompute what depends on it."""
    with _options(out, workers) as options:
        balance, made = apply_corrections(file, out, _user(by), options=options)
    _print_corrections(made)
    _print_changes(balance)
    count = len(made)
    print(f"{count} correction{'' if count == 1 else 's'} taken from {file.name}")
    _conclude(balance, out, verbose=False)


@corrections_app.command("list")
def corrections_list(out: Out) -> None:
    """List all corrections: which, when, who, where; what they say stands in corrections.csv."""
    with Ledger.open(out):
        _print_corrections(load_corrections(out))


@corrections_app.command("withdraw")
def corrections_withdraw(
    ids: Annotated[list[str], typer.Argument(help="c1 c2 ..., as `corrections list` names them.")],
    out: Out,
    by: By = "",
    workers: Workers = None,
) -> None:
    """Take corrections back, and recompute what depends on them."""
    with _options(out, workers) as options:
        balance, made = withdraw_corrections(ids, out, _user(by), options=options)
    _print_corrections(made)
    _print_changes(balance)
    _conclude(balance, out, verbose=False)


def _user(by: str) -> str:
    """Who corrects; what a terminal would obey in a name is left out."""
    try:
        return printable(by)[:100] or getpass.getuser()
    except (KeyError, OSError) as error:
        raise UsageError("who corrects? name them with --by") from error


def _print_corrections(corrections: Iterable[Correction]) -> None:
    for correction in corrections:
        print(_correction_line(correction))


def _correction_line(correction: Correction) -> str:
    """Which row and columns, never what they say."""
    columns = ", ".join(cell.column for cell in correction.cells)
    undone = ""
    if correction.withdrawn_at:
        undone = f", withdrawn {correction.withdrawn_at} by {printable(correction.withdrawn_by)}"
    what = correction.what.replace("_", " ")
    return (
        f"{correction.id}: {correction.at} {printable(correction.by)}: {correction.submission_id}"
        f" {correction.table} {correction.row_id} {what}{f' {columns}' if columns else ''}{undone}"
    )


@policy_app.command("check")
def policy_check(files: list[Path]) -> None:
    """Validate policy files; errors name the file and the line."""
    wrong = False
    for file in files:
        try:
            check_policy(_existing(file), models_dir())
        except KnowledgeError as error:
            wrong = True
            for one in (error, *error.others):
                print(one.message, file=sys.stderr)
        else:
            print(f"{file}: ok")
    raise typer.Exit(2 if wrong else 0)


@policy_app.command("test")
def policy_test(
    files: list[Path],
    untried_too: Annotated[
        bool, typer.Option("--untried", help="Also list what no example tries on both sides.")
    ] = False,
) -> None:
    """Run the examples of policy files, and say how much of each they try."""
    failed = False
    for file in files:
        policy = check_policy(_existing(file), models_dir())
        failures = run_examples(file, models_dir())
        failed |= bool(failures)
        for failure in failures:
            print(failure, file=sys.stderr)
        seen = coverage(file, policy, models_dir())
        lacking = list(untried(seen))
        for line in lacking if untried_too else ():
            print(f"  {line}")
        tried = f"{len(seen) - len(lacking)} of {len(seen)} criteria and parts"
        print(f"{file}: {tried} are tried on both sides")
        print(
            f"{file}: {f'{len(failures)} examples failed' if failures else 'all examples passed'}"
        )
    raise typer.Exit(1 if failed else 0)


@policy_app.command("schema")
def policy_schema(
    keys: Annotated[bool, typer.Option("--keys", help="Tables of all keys, as Markdown.")] = False,
) -> None:
    """Print the JSON Schema of policy files, with which editors complete and check them."""
    print(key_tables() if keys else json.dumps(schema(), indent=2), end="" if keys else "\n")


@policy_app.command("new")
def policy_new(file: Path) -> None:
    """Write a commented skeleton of a policy to a file that is not there yet."""
    _not_there(file)
    file.write_text(skeleton(file.stem), encoding="utf-8")
    print(f"{file}: fill in what stands in capitals, then chartgap policy check {file}")


@policy_app.command("draft")
def policy_draft(
    print_: Annotated[Path, typer.Argument(metavar="PDF", help="The payer's policy.")],
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Where to write it; else to the screen.")
    ] = None,
) -> None:
    """Read a payer's policy into a draft that a person must finish: no file with a todo is used."""
    from pipeline.drafting import draft  # it brings what reads pages; no other command needs it

    if file is None:
        name = safe_name(_existing(print_)).lower()
        print(draft(print_, name), end="")
        return
    _not_there(file)
    file.write_text(draft(_existing(print_), file.stem), encoding="utf-8")
    print(f"{file}: settle what is marked todo, then chartgap policy check {file}")


@policy_app.command("diff")
def policy_diff(
    old: Annotated[Path, typer.Argument(help="The policy as it is.")],
    new: Annotated[Path, typer.Argument(help="The policy as it would be.")],
    out: Out,
) -> None:
    """Show which stored cases a changed policy would judge otherwise, and why; OUT stays as it is."""
    before, after = (check_policy(_existing(file), models_dir()) for file in (old, new))
    cases = changed = 0
    for case in stored_cases(out):
        if not (fits(before, case) or fits(after, case)):
            continue
        cases += 1
        flips = list(telling.flips(evaluate(before, case), evaluate(after, case)))
        changed += bool(flips)
        if flips:
            print(case.submission_id, *flips, sep="\n")
    print(f"{changed} of {cases} cases would change")


def _not_there(file: Path) -> None:
    if file.exists():
        raise UsageError(f"{file}: is there already")
    if not file.parent.is_dir():
        raise UsageError(f"{file.parent}: no such folder")


def _existing(file: Path) -> Path:
    if not file.is_file():
        raise UsageError(f"{file}: no such file")
    return file


# ----------------------------------------------------------------------------- output


@contextmanager
def _options(
    out: Path,
    workers: int | None,
    engine: Engine = Engine.LOCAL,
    scheduler: str = "",
    timeout: float = TIMEOUT_S,
    metrics: Path | None = None,
) -> Iterator[Options]:
    """How a command is to work, with a progress bar on a terminal."""
    if (engine is Engine.DASK) != bool(scheduler):
        raise UsageError("--engine dask and --scheduler ADDRESS go together")
    try:
        with _progress() as (watch, reading):
            yield Options(workers, scheduler, timeout, metrics, watch=watch, reading=reading)
    except sqlite3.DatabaseError as error:
        raise UsageError(trouble(error, out / FILE_NAME)) from error


@contextmanager
def _progress() -> Iterator[tuple[Watch, Reading]]:
    """A bar on a terminal that names what is being read, silence elsewhere."""
    console = Console(stderr=True)
    columns = (
        *(TextColumn("Submissions"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()),
        TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True)),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=None, visible=False)  # until it is known how many there are
        yield (
            lambda done, total: bar.update(task, completed=done, total=total, visible=True),
            lambda names: bar.update(task, description=", ".join(names)),
        )


def _print_changes(balance: Balance) -> None:
    """What became different, by submission and criterion."""
    for outcome in sorted(balance.outcomes, key=lambda outcome: outcome.submission_id):
        for change in outcome.changes:
            print(f"{outcome.submission_id}: {change}")
    count = sum(bool(outcome.changes) for outcome in balance.outcomes)
    print(f"Changed: {count} of {len(balance.outcomes)}")


def _conclude(balance: Balance, out: Path, *, verbose: bool) -> NoReturn:
    """Print what went wrong and the balance, and exit 0 or 1."""
    if verbose:
        for outcome in balance.outcomes:
            redone = ((stage, outcome.made[stage]) for stage in outcome.redone)
            print(_costs(outcome.submission_id, redone), file=sys.stderr)
    for submission in balance.troubled:
        print(f"{submission.id}: {submission.state}, {submission.error_class}", file=sys.stderr)
        if submission.error_class in ("tool.missing", UNFIT):
            print(f"  {submission.error_frames}", file=sys.stderr)
    for name in balance.unreadable:
        print(f"{name}: failed, source.unreadable", file=sys.stderr)
    _print_worklist(out)
    print(_balance_line(balance, out))
    raise typer.Exit(1 if balance.troubled or balance.unreadable else 0)


def _print_worklist(out: Path) -> None:
    """On a terminal what awaits people, the worst first, without what the packets say."""
    console = Console()
    if not console.is_terminal:
        return
    with (out / "worklist.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    table = Table("No.", "Submission", "Recommendation", "Open criteria", "Alerts", box=None)
    for row in rows[:LISTED]:
        what = row["recommendation"] or f"{row['state']}, {row['error_class']}"
        cells = (row["rank"], row["submission_id"], what, row["open"], row["alerts"])
        table.add_row(*(Text(printable(cell)) for cell in cells))
    console.print(table)
    if len(rows) > LISTED:
        print(f"and {len(rows) - LISTED} more in {out / 'worklist.csv'}")


def _balance_line(balance: Balance, out: Path) -> str:
    """`7 in = 4 done + 1 flagged + 2 quarantined + 0 failed + 0 waiting (...). Reports: ...`."""
    worked = {outcome.submission_id for outcome in balance.outcomes}
    extras = [
        (sum(s.id not in worked for s in balance.submissions), "unchanged"),
        (balance.duplicates, "same as another"),
        (balance.growing, "still growing"),
        (balance.skipped, "entries skipped (hidden, links or no files)"),
        (len(balance.unreadable), "not readable at all"),
    ]
    notes = ", ".join(f"{count} {words}" for count, words in extras if count)
    equation = _equation(balance.files.total(), balance.files)
    return f"{equation}{f' ({notes})' if notes else ''}. Reports: {out / 'submissions'}"


def _equation(total: int, states: Mapping[str, int]) -> str:
    return f"{total} in = " + " + ".join(f"{states.get(state, 0)} {state}" for state in STATES)


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
    except sqlite3.DatabaseError as error:
        print(f"chartgap: {trouble(error, Path(FILE_NAME))}", file=sys.stderr)
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
