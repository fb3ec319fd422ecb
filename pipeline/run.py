"""The queue through the stages: what is due, many at a time, and what became of it."""

from __future__ import annotations

import contextlib
import difflib
import errno
import fcntl
import json
import os
import socket
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from pipeline import __version__, engines, fhir, observability, store
from pipeline.corrections import in_force, load_corrections, save_corrections, withdrawn
from pipeline.criteria import is_of_payer, load_policies
from pipeline.edited_file import Line, read_tables
from pipeline.engines import Engine
from pipeline.errors import KnowledgeError, TooLargeDocument, UsageError
from pipeline.export import export_tables
from pipeline.fhir import Ask
from pipeline.intake import Arrival, Inbox, scan
from pipeline.ledger import REPORTED, RUNS, STATES, TROUBLED, Ledger, Run, Submission
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.repair import Rebuilt, rebuilt
from pipeline.schema import Case, Correction, Document, GapReport, Record, TableName, WhatToSend
from pipeline.spreadsheets import plain
from pipeline.store import STAGES, Made
from pipeline.wording import safe_name
from pipeline.worker import Outcome, Task, stage_key

# Wall time that one submission may take; 500 scanned pages take less on one core.
TIMEOUT_S = 1200.0
# Failures of one submission, within a run and over several, before it is given up.
MAX_ATTEMPTS = 3
# Causes outside the submission and the software, tried again at every run, however often.
PASSING = ("os.", "tool.", "source.", engines.KILLED)
# Causes within the submission: to try again is of no use while nothing changes.
LASTING = (
    "document.unsupported", "document.empty", "document.encrypted", "document.damaged",
    "document.too_large",
)  # fmt: skip
LOCK = ".lock"

RecordT = TypeVar("RecordT", bound=Record)


class Busy(UsageError):
    """Another run holds OUT."""


Watch = Callable[[int, int], None]
Reading = Callable[[Sequence[str]], None]


@dataclass
class Balance:
    """What a command did.

    Attributes:
        submissions: All that it looked at, as the ledger has them now.
        files: States of the files in: `files in = done + flagged + quarantined + failed + waiting`.
        outcomes: Of those that were due, the last one of each.
        unreadable: Safe names of entries that could not even be hashed; they count as failed.
        duplicates: Files in of the same content as another.
        growing: Files in that were not complete; they count as waiting.
        skipped, side_files: Entries that are no submission; members of folders that bear no page.
    """

    submissions: list[Submission] = field(default_factory=list)
    files: Counter[str] = field(default_factory=Counter)
    outcomes: list[Outcome] = field(default_factory=list)
    duplicates: int = 0
    growing: int = 0
    skipped: int = 0
    side_files: int = 0
    unreadable: list[str] = field(default_factory=list)

    @property
    def troubled(self) -> list[Submission]:
        """Those that have no report."""
        return [submission for submission in self.submissions if submission.state in TROUBLED]


@dataclass(frozen=True)
class Options:
    """How the work is done; what comes out is the same.

    Attributes:
        workers: Submissions at a time on this machine, None for its cores.
        scheduler: Address of the Dask scheduler to use, '' for this machine alone.
        timeout_s: Wall time that one submission may take.
        metrics: A file outside OUT that the metrics are also written to.
        engine: Where submissions are worked on, if not where the rest says.
        until: The last stage to bring up to date; with another than the last one, tables stay as
            they are too, until `reprocess`.
        watch, reading: Told how many are done of how many, and which are being read.
    """

    workers: int | None = None
    scheduler: str = ""
    timeout_s: float = TIMEOUT_S
    metrics: Path | None = None
    engine: Engine | None = None
    until: str = STAGES[-1]
    watch: Watch = lambda done, total: None
    reading: Reading = lambda names: None


@dataclass(frozen=True)
class Batch:
    """What all submissions of a command have in common."""

    out: Path
    ledger: Ledger
    models: Path
    policies: Path
    payer: str
    recipes: dict[str, str]
    corrections: dict[str, tuple[Correction, ...]]
    engine: Engine
    options: Options
    run: Run

    @property
    def recipe(self) -> str:
        """Digest of all that decides what becomes of a submission, besides itself."""
        return store.stage_key("", "", self.recipes.values())


def run_queue(
    inbox: Path,
    out: Path,
    *,
    policies: Path | None = None,
    payer: str = "",
    options: Options = Options(),
) -> Balance:
    """Bring every submission of `inbox` up to date; raises UsageError and KnowledgeError.

    `payer` names whose policies are used first, whatever payers the requests name.
    """
    if not inbox.exists():
        raise UsageError(f"{inbox}: no such folder or file")
    if out.resolve().is_relative_to(inbox.resolve()):
        raise UsageError(f"{out}: the output must not lie in the inbox")
    with _batch(out, "run", options, policies=policies, payer=payer, create=True) as batch:
        queue = scan(inbox)
        beside = sum(arrival.side_files for arrival in queue.arrivals)
        balance = Balance(skipped=queue.skipped, side_files=beside)
        tasks = _receive(batch, queue, balance)
        _bring_up_to_date(batch, tasks, balance)
        known = batch.ledger.by_content()
        seen = {arrival.sha256 for arrival in queue.arrivals}
        balance.submissions = [s for sha256, s in known.items() if sha256 in seen]
        for arrival in queue.arrivals:
            submission = known.get(arrival.sha256)
            unknown = "waiting" if arrival.state == "waiting" else "failed"
            balance.files[submission.state if submission else unknown] += 1
        _conclude(batch, balance)
    return balance


def reprocess(
    out: Path,
    since: str | None = None,
    submission_ids: Collection[str] = (),
    *,
    policy_id: str = "",
    options: Options = Options(),
) -> Balance:
    """Redo the stage `since` and those after it; without it, what is not up to date.

    Policies and payer are those of the last run. `policy_id` chooses the submissions that the
    policy was applied to, and those that no policy served.
    """
    with _batch(out, "reprocess", options) as batch:
        chosen = _chosen(batch, submission_ids)
        if policy_id:
            known = {p.id for p in load_policies(batch.policies, load_lexicon(batch.models))}
            if policy_id not in known | {s.policy_id for s in chosen}:
                raise UsageError(f"{policy_id}: no such policy; known are: {', '.join(known)}")
            chosen = [s for s in chosen if s.policy_id in (policy_id, "")]
        made = batch.ledger.made()
        if since is None:
            due = [(s, _due(batch, s, made.get(s.id, {}))) for s in chosen]
        else:
            # What could not be read stays so unless it is read again.
            reads = since == "ingest" or bool(submission_ids)
            due = [(s, since) for s in chosen if reads or s.state in REPORTED]
        tasks = [
            _task(batch, s, made.get(s.id, {}), stage, forced=since is not None)
            for s, stage in due
            if stage
        ]
        return _redo(batch, tasks, chosen)


def retry(
    out: Path, submission_ids: Collection[str] = (), *, options: Options = Options()
) -> Balance:
    """Try again what failed, however often it was tried, unless the submission is to blame."""
    with _batch(out, "retry", options) as batch:
        chosen = [
            s
            for s in _chosen(batch, submission_ids)
            if submission_ids
            or (s.state in (*TROUBLED, "waiting") and s.error_class not in LASTING)
        ]
        made = batch.ledger.made()
        tasks = []
        for submission in chosen:
            own = made.get(submission.id, {})
            due = _stale_stage(batch, submission, own)
            if due:
                tasks.append(_task(batch, submission, own, due))
        return _redo(batch, tasks, chosen, fresh=True)


def apply_corrections(
    file: Path, out: Path, by: str, *, options: Options = Options()
) -> tuple[Balance, list[Correction]]:
    """Take an edited table of OUT back in and recompute what depends on it.

    All of its corrections are kept, or none: raises UsageError, which names the wrong cells.
    """
    return correct(file.name, read_tables(file), out, by, options=options)


def correct(
    source: str,
    tables: Mapping[TableName, Sequence[Line]],
    out: Path,
    by: str,
    *,
    options: Options = Options(),
) -> tuple[Balance, list[Correction]]:
    """As `apply_corrections`, of edited rows that were read already; errors name their source."""
    from pipeline.edits import edits_of  # knows what cells mean, and is slow to import

    with _batch(out, "corrections", options) as batch:
        earlier = load_corrections(out)
        named = {plain(line.cell("submission_id")) for rows in tables.values() for line in rows}
        submissions = {
            s.id: (_read(out, s, "normalize", Case), _read(out, s, "ingest", Document))
            for s in batch.ledger.submissions()
            if s.state in REPORTED and s.id in named
        }
        lexicon, at = load_lexicon(batch.models), batch.run.started[:19] + "Z"
        made = edits_of(source, tables, submissions, earlier, lexicon, by, at)
        if made:
            save_corrections(out, [*earlier, *made])
        return _recompute(batch, made), made


def withdraw_corrections(
    ids: Collection[str], out: Path, by: str, *, options: Options = Options()
) -> tuple[Balance, list[Correction]]:
    """Take corrections back, and recompute what depends on them."""
    with _batch(out, "corrections", options) as batch:
        earlier = load_corrections(out)
        now = withdrawn(earlier, ids, by, batch.run.started[:19] + "Z")
        made = [correction for correction in now if correction not in earlier]
        if made:
            save_corrections(out, now)
        return _recompute(batch, made), made


def _read(out: Path, submission: Submission, stage: str, kind: type[RecordT]) -> RecordT:
    path = store.submission_folder(out, submission.id) / store.ARTIFACTS[stage]
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise UsageError(f"{path}: cannot be read; `chartgap run` makes it anew") from error


def _recompute(batch: Batch, changed: Sequence[Correction]) -> Balance:
    """Bring up to date what corrections changed; a run that was killed before is made good."""
    batch = replace(batch, corrections=in_force(load_corrections(batch.out)))
    ids = {correction.submission_id for correction in changed}
    made = batch.ledger.made()
    known = [s for s in batch.ledger.submissions() if s.state in REPORTED]
    corrected = {*ids, *batch.corrections}
    due = [(s, _due(batch, s, made.get(s.id, {}))) for s in known if s.id in corrected]
    tasks = [_task(batch, s, made.get(s.id, {}), stage) for s, stage in due if stage]
    return _redo(batch, tasks, [s for s in known if s.id in ids])


def records_of(beginning: str, out: Path) -> tuple[Case, GapReport, Document]:
    """What became of one submission, by its id or a beginning of it; raises UsageError."""
    with Ledger.open(out) as ledger:
        known = {submission.id: submission for submission in ledger.submissions()}
    submission = known[_full_id(beginning, known, out)]
    if submission.state not in REPORTED:
        told = f"{submission.state}, {submission.error_class}".removesuffix(", ")
        raise UsageError(f"{submission.id}: has no report ({told})")
    return (
        _read(out, submission, "normalize", Case),
        _read(out, submission, "criteria", GapReport),
        _read(out, submission, "ingest", Document),
    )


def stored_cases(out: Path) -> Iterator[Case]:
    """The cases of all submissions with a report, by id."""
    with Ledger.open(out) as ledger:
        known = [s for s in ledger.submissions() if s.state in REPORTED]
    for submission in sorted(known, key=lambda one: one.id):
        yield _read(out, submission, "normalize", Case)


def export_fhir(ids: Collection[str], out: Path, ask: Ask | None = None) -> list[Path]:
    """Write `OUT/fhir/ID.json`, a FHIR R4 Bundle, of the submissions of these ids, all without any.

    With `ask`, also `ID.task.json` where something is missing. Raises UsageError.
    """
    with Ledger.open(out) as ledger:
        known = {s.id: s for s in ledger.submissions() if s.state in REPORTED}
    chosen = [_full_id(name, known, out) for name in ids] or sorted(known)
    units = {unit.ucum for unit in load_lexicon(models_dir()).units.values()}
    folder = out / "fhir"
    folder.mkdir(mode=0o700, exist_ok=True)
    written = []
    for name in dict.fromkeys(chosen):
        case = _read(out, known[name], "normalize", Case)
        document = _read(out, known[name], "ingest", Document)
        made = store.submission_folder(out, name) / store.ARTIFACTS["normalize"]
        recorded = datetime.fromtimestamp(int(made.stat().st_mtime), UTC).isoformat()
        resources = {f"{name}.json": fhir.bundle(case, document, units, recorded)}
        send = _read(out, known[name], "send", WhatToSend) if ask else None
        if ask and send and send.items:
            resources[f"{name}.task.json"] = fhir.task(send, ask)
        for file, resource in resources.items():
            text = json.dumps(resource, ensure_ascii=False, indent=1)
            store.write_atomically(folder / file, text.encode())
            written.append(folder / file)
    return written


def export_workbook(ids: Collection[str], out: Path) -> Path:
    """Write `OUT/corrections.xlsx`, the facts of the submissions of these ids, all without any.

    Raises UsageError.
    """
    from pipeline.workbook import workbook

    with Ledger.open(out) as ledger:
        known = {s.id: s for s in ledger.submissions() if s.state in REPORTED}
    chosen = dict.fromkeys([_full_id(name, known, out) for name in ids] or sorted(known))
    content = workbook(_read(out, known[name], "normalize", Case) for name in chosen)
    store.write_atomically(out / "corrections.xlsx", content)
    return out / "corrections.xlsx"


def rebuild(out: Path) -> Rebuilt:
    """Make a damaged ledger anew from what lies in `out`."""
    with _exclusive(out):
        return rebuilt(out)


def _chosen(batch: Batch, submission_ids: Collection[str]) -> list[Submission]:
    """The submissions of these ids, all without any; raises UsageError."""
    known = {submission.id: submission for submission in batch.ledger.submissions()}
    names = dict.fromkeys(_full_id(name, known, batch.out) for name in submission_ids)
    return [known[name] for name in names] or list(known.values())


def _full_id(beginning: str, known: Collection[str], out: Path) -> str:
    """The id that begins so; raises UsageError where none does, or several do."""
    found = [beginning] if beginning in known else [i for i in known if i.startswith(beginning)]
    if len(found) != 1 or not beginning:
        several = f"begins {len(found)} ids of" if found else "no such submission in"
        near = difflib.get_close_matches(beginning, known, 1) if not found else []
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"{beginning}: {several} {out}{hint}")
    return found[0]


def _redo(
    batch: Batch, tasks: list[Task], chosen: list[Submission], *, fresh: bool = False
) -> Balance:
    balance = Balance()
    _bring_up_to_date(batch, tasks, balance, fresh=fresh)
    ids = {submission.id for submission in chosen}
    balance.submissions = [s for s in batch.ledger.submissions() if s.id in ids]
    balance.files = Counter(submission.state for submission in balance.submissions)
    _conclude(batch, balance)
    return balance


@contextlib.contextmanager
def _batch(
    out: Path,
    command: str,
    options: Options,
    *,
    policies: Path | None = None,
    payer: str = "",
    create: bool = False,
) -> Iterator[Batch]:
    """Hold `out` for this command alone."""
    models = models_dir()
    try:
        if create:
            store.make_private_folder(out)
        with _exclusive(out), Ledger.open(out, create=create) as ledger:
            store.sweep(out)
            kept = ledger.setting("policies")
            if policies is None:
                policies = Path(kept) if kept and not create else models / "policies"
            policies = policies.resolve()
            if not any(policies.glob("*.yaml")):
                raise UsageError(f"{policies}: no policy file (*.yaml) here")
            payer = payer if create else ledger.setting("payer")
            if payer:
                _check_payer(payer, policies, models)
            ledger.adopt({"policies": str(policies), "payer": payer})
            run = Run(observability.now(), command=command)
            ledger.log_run(run)
            engine = _engine(out, models, policies, payer, options)
            yield Batch(
                out,
                ledger,
                models,
                policies,
                payer,
                store.recipes(models, policies, payer),
                in_force(load_corrections(out)),
                engine,
                options,
                run,
            )
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise UsageError(f"{out}: cannot be used ({error.strerror})") from error
    except OSError as error:
        if error.errno in (errno.EROFS, errno.ENOSPC, errno.EDQUOT):
            raise UsageError(
                f"{out}: cannot be written ({error.strerror}); nothing is lost, run again when it can"
            ) from error
        raise


def _engine(out: Path, models: Path, policies: Path, payer: str, options: Options) -> Engine:
    if options.engine is not None:
        return options.engine
    if options.scheduler:
        return partial(
            engines.dask,
            out=out,
            scheduler=options.scheduler,
            timeout_s=options.timeout_s,
            policies=policies,
            models=models,
            payer=payer,
        )
    count = options.workers or os.cpu_count() or 1
    return partial(
        engines.local,
        out=out,
        workers=count,
        timeout_s=options.timeout_s,
        reading=options.reading,
    )


def _check_payer(payer: str, policies: Path, models: Path) -> None:
    """A misspelt payer must not silently give way to another policy."""
    known = load_policies(policies, load_lexicon(models))
    if not any(is_of_payer(policy, payer) for policy in known):
        names = "; ".join(name for policy in known for name in policy.payers)
        raise UsageError(f"no policy of payer {payer!r}; known are: {names or 'none'}")


@contextlib.contextmanager
def _exclusive(out: Path) -> Iterator[None]:
    """Keep other runs off; the system gives the lock back even when this process is killed.

    A file, not the folder: over NFS only what is open for writing can be locked.
    """
    if not out.is_dir():
        raise UsageError(f"{out}: no such folder")
    handle = os.open(out / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        out.chmod(0o700)
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": observability.now()}
        os.truncate(handle, 0)
        os.pwrite(handle, json.dumps(holder).encode(), 0)
        yield
    except BlockingIOError as error:
        raise Busy(f"{out}: another run is at work here{_holder(handle)}") from error
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    """Who holds the lock, in words."""
    try:
        holder = json.loads(os.pread(handle, 4096, 0))
        return f" (process {holder['pid']} on {holder['host']} since {holder['since'][:19]}Z)"
    except (ValueError, KeyError, TypeError):  # it has only just begun
        return ""


# ------------------------------------------------------------------------- what is due


def _receive(batch: Batch, queue: Inbox, balance: Balance) -> list[Task]:
    """Enter what has arrived in the ledger; tasks for what is not up to date."""
    known, made = batch.ledger.by_content(), batch.ledger.made()
    tasks: dict[str, Task] = {}
    seen: list[tuple[str, str, str]] = []
    for arrival in queue.arrivals:
        submission = known.get(arrival.sha256)
        state = _arrival_state(arrival, submission)
        seen.append((arrival.name, state, arrival.sha256))
        balance.duplicates += state == "duplicate"
        balance.growing += state == "waiting"
        if state == "unreadable":
            balance.unreadable.append(safe_name(arrival.path))
        if state not in ("submitted", "duplicate") or arrival.sha256 in tasks:
            continue
        if submission is None:
            submission = known[arrival.sha256] = _enter(batch, arrival, list(known.values()))
        if state == "submitted" or not Path(os.fsdecode(submission.source)).exists():
            submission = batch.ledger.move(submission, os.fsencode(arrival.path.absolute()))
        due = _due(batch, submission, made.get(submission.id, {}))
        if due:
            tasks[arrival.sha256] = _task(batch, submission, made.get(submission.id, {}), due)
    batch.ledger.arrive(seen)
    return list(tasks.values())


def _arrival_state(arrival: Arrival, submission: Submission | None) -> str:
    if arrival.state in ("waiting", "unreadable"):
        return arrival.state
    return "duplicate" if submission and submission.name != arrival.name else "submitted"


def _enter(batch: Batch, arrival: Arrival, others: Sequence[Submission]) -> Submission:
    taken = {other.id for other in others}
    # Eight digits can be made to agree on purpose; nobody may take another's place that way.
    submission_id = next(n for n in map(arrival.identifier, (8, 16, 64)) if n not in taken)
    followed = {other.follows for other in others}
    follows = [s.id for s in others if s.name == arrival.name and s.id not in followed]
    submission = Submission(
        submission_id,
        arrival.name,
        arrival.sha256,
        os.fsencode(arrival.path.absolute()),
        "waiting",
        follows=max(follows, default=""),
    )
    if arrival.state == "too_large":
        submission = submission._replace(
            state="quarantined",
            error_class=TooLargeDocument.code,
            recipe=batch.recipe,
            software_version=__version__,
        )
    batch.ledger.record(submission, {})
    return submission


def _due(batch: Batch, submission: Submission, made: dict[str, Made]) -> str:
    """The first stage to redo, '' when there is nothing to do."""
    if submission.state == "quarantined" and submission.recipe == batch.recipe:
        return ""
    return _stale_stage(batch, submission, made)


def _stale_stage(batch: Batch, submission: Submission, made: dict[str, Made]) -> str:
    """The first stage whose artifact is missing or not made from what there is now."""
    folder = store.submission_folder(batch.out, submission.id)
    corrections = batch.corrections.get(submission.id, ())
    for stage in STAGES:
        if any(name not in made for name in (stage, *store.INPUTS[stage])):
            return stage
        key = stage_key(stage, batch.recipes, submission.sha256, made, corrections)
        if not store.is_fresh(folder, stage, key, made[stage]):
            return stage
    return ""


def _task(
    batch: Batch, submission: Submission, made: dict[str, Made], due: str, *, forced: bool = False
) -> Task:
    return Task(
        submission.id,
        submission.sha256,
        Path(os.fsdecode(submission.source)),
        store.submission_folder(batch.out.absolute(), submission.id),
        batch.models,
        batch.policies,
        batch.recipes,
        made,
        due,
        forced,
        batch.payer,
        batch.corrections.get(submission.id, ()),
        batch.options.until,
    )


# ------------------------------------------------------------------- what becomes of them


def _bring_up_to_date(
    batch: Batch, tasks: list[Task], balance: Balance, *, fresh: bool = False
) -> None:
    """Run the tasks, keep each outcome as soon as it is there, then write the tables.

    What crashed is tried again once all others are done, in case the machine was to blame. What
    was killed from outside is tried once more after that, each alone: there is most memory then.
    `fresh` forgets how often each was tried before.
    """
    if tasks:
        # A mistake in a table or policy stops the command before any submission is touched.
        load_policies(batch.policies, load_lexicon(batch.models))
    known = {submission.id: submission for submission in batch.ledger.submissions()}
    if fresh:
        known = {name: submission._replace(attempts=0) for name, submission in known.items()}
    first, last = dict(known), dict[str, Outcome]()
    queue = {task.submission_id: task for task in tasks}
    killed: dict[str, Task] = {}
    batch.options.watch(0, len(tasks))
    alone: set[str] = set()
    while queue or killed:
        if not queue:
            submission_id, task = killed.popitem()
            queue = {submission_id: task}
            alone.add(submission_id)
        again: dict[str, Task] = {}
        with contextlib.closing(batch.engine(list(queue.values()))) as outcomes:
            for outcome in outcomes:
                if outcome.error_class == KnowledgeError.code:
                    raise UsageError(outcome.frames)
                task = queue[outcome.submission_id]
                submission = _keep(batch, known[outcome.submission_id], outcome)
                known[submission.id] = submission
                observability.log_outcome(batch.out, batch.run.started, task, outcome)
                last[submission.id] = outcome
                if submission.state == "failed" and outcome.error_class == engines.CRASHED:
                    again[submission.id] = task._replace(made=outcome.made)
                elif outcome.error_class == engines.KILLED and submission.id not in alone:
                    killed[submission.id] = task._replace(made=outcome.made)
                batch.options.watch(len(last) - len(again) - len(killed), len(tasks))
        queue = again
    balance.outcomes = [
        outcome._replace(changes=(*_new_state(first[name], known[name]), *outcome.changes))
        for name, outcome in last.items()
    ]
    if batch.options.until == STAGES[-1]:
        export_tables(batch.out, batch.ledger)


def _new_state(before: Submission, after: Submission) -> tuple[str, ...]:
    """How the state of a submission that was tried before has changed."""
    if not before.recipe or before.state == after.state:
        return ()
    return (f"state: {before.state} -> {after.state}",)


def _keep(batch: Batch, submission: Submission, outcome: Outcome) -> Submission:
    """Record an outcome; what failed too often is given up."""
    is_failure = outcome.state in TROUBLED
    is_passing = outcome.error_class.startswith(PASSING)
    is_again = is_failure and submission.recipe == batch.recipe
    attempts = (is_failure and not is_passing) + (submission.attempts if is_again else 0)
    is_spent = attempts >= MAX_ATTEMPTS and not is_passing
    kept = submission._replace(
        state="quarantined" if outcome.state == "failed" and is_spent else outcome.state,
        error_class=outcome.error_class,
        error_stage=outcome.stage,
        error_frames=outcome.frames,
        attempts=attempts,
        recipe=batch.recipe,
        software_version=__version__,
        policy_id=outcome.policy_id,
        policy_version=outcome.policy_version,
    )
    batch.ledger.record(kept, outcome.made)
    return kept


def _conclude(batch: Batch, balance: Balance) -> None:
    """Write down what the command did, in the ledger and for those who watch."""
    counts = {state: balance.files[state] for state in STATES}
    run = Run(
        batch.run.started,
        observability.now(),
        batch.run.command,
        balance.files.total(),
        redone=len(balance.outcomes),
        **counts,
    )
    batch.ledger.log_run(run)
    observability.append(batch.out / RUNS, [run._asdict()])
    extras = {
        "engine": "dask" if batch.options.scheduler else "local",
        "same_as_another": balance.duplicates,
        "skipped": balance.skipped,
        "side_files": balance.side_files,
        "changed": sum(bool(outcome.changes) for outcome in balance.outcomes),
    }
    observability.conclude(
        batch.out,
        batch.ledger,
        run,
        balance.outcomes,
        extras=extras,
        metrics=batch.options.metrics,
    )
