"""The queue through the stages: what is due, many at a time, and what became of it."""

from __future__ import annotations

import contextlib
import fcntl
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures import as_completed
from dataclasses import dataclass, field
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from pipeline import __version__, store
from pipeline.criteria import is_of_payer, load_policies
from pipeline.errors import KnowledgeError, TimedOut, TooLargeDocument, UsageError
from pipeline.export import export_tables
from pipeline.intake import Arrival, Inbox, safe_name, scan
from pipeline.ledger import REPORTED, TROUBLED, Ledger, Submission
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.store import STAGES, Made
from pipeline.worker import Outcome, Task, prepare, process

# Wall time that one submission may take; 500 scanned pages take less on one core.
TIMEOUT_S = 1200.0
# A crash is tried again at the next runs, in case the machine was to blame.
MAX_ATTEMPTS = 3
# Causes outside the submission and the software, tried again at every run.
PASSING = ("os.", "tool.", "source.")

Watch = Callable[[int, int], None]


@dataclass
class Balance:
    """What a command did.

    Attributes:
        submissions: All that it looked at, as the ledger has them now.
        outcomes: Of those that were due.
        unreadable: Safe names of entries that could not even be hashed.
    """

    submissions: list[Submission] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    duplicates: int = 0
    waiting: int = 0
    skipped: int = 0
    unreadable: list[str] = field(default_factory=list)

    @property
    def states(self) -> Counter[str]:
        """How many submissions are in which state."""
        return Counter(submission.state for submission in self.submissions)

    @property
    def troubled(self) -> list[Submission]:
        """Those that have no report."""
        return [submission for submission in self.submissions if submission.state in TROUBLED]


@dataclass(frozen=True)
class Batch:
    """What all submissions of a command have in common."""

    out: Path
    ledger: Ledger
    models: Path
    policies: Path
    payer: str
    recipes: dict[str, str]
    workers: int
    timeout_s: float
    watch: Watch

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
    workers: int | None = None,
    timeout_s: float = TIMEOUT_S,
    watch: Watch = lambda done, total: None,
) -> Balance:
    """Bring every submission of `inbox` up to date; raises UsageError and KnowledgeError.

    `payer` names whose policies are used first, whatever payers the requests name.
    """
    if not inbox.is_dir():
        raise UsageError(f"{inbox}: no such folder")
    if out.resolve().is_relative_to(inbox.resolve()):
        raise UsageError(f"{out}: the output must not lie in the inbox")
    with _batch(out, policies, payer, workers, timeout_s, watch, create=True) as batch:
        queue = scan(inbox)
        balance = Balance(skipped=queue.skipped)
        tasks = _receive(batch, queue, balance)
        _bring_up_to_date(batch, tasks, balance)
        seen = {arrival.sha256 for arrival in queue.arrivals}
        balance.submissions = [s for s in batch.ledger.submissions() if s.sha256 in seen]
    return balance


def reprocess(
    out: Path,
    since: str,
    submission_ids: Sequence[str] = (),
    *,
    workers: int | None = None,
    timeout_s: float = TIMEOUT_S,
    watch: Watch = lambda done, total: None,
) -> Balance:
    """Redo the stage `since` and those after it, with policies and payer of the last run."""
    with _batch(out, None, "", workers, timeout_s, watch, create=False) as batch:
        known = {submission.id: submission for submission in batch.ledger.submissions()}
        for submission_id in submission_ids:
            if submission_id not in known:
                raise UsageError(f"{submission_id}: no such submission in {out}")
        chosen = [known[name] for name in submission_ids] or list(known.values())
        made = batch.ledger.made()
        # What could not be read stays so unless it is read again.
        again = [s for s in chosen if since == "ingest" or s.state in REPORTED or submission_ids]
        tasks = [_task(batch, s, made.get(s.id, {}), since, forced=True) for s in again]
        balance = Balance()
        _bring_up_to_date(batch, tasks, balance)
        ids = {submission.id for submission in chosen}
        balance.submissions = [s for s in batch.ledger.submissions() if s.id in ids]
    return balance


@contextlib.contextmanager
def _batch(
    out: Path,
    policies: Path | None,
    payer: str,
    workers: int | None,
    timeout_s: float,
    watch: Watch,
    *,
    create: bool,
) -> Iterator[Batch]:
    """Hold `out` for this command alone."""
    models = models_dir()
    try:
        if create:
            store.make_private_folder(out)
        with _exclusive(out), Ledger.open(out, create=create) as ledger:
            kept = ledger.setting("policies")
            if policies is None:
                policies = Path(kept) if kept and not create else models / "policies"
            policies = policies.resolve()
            if not any(policies.glob("*.yaml")):
                raise UsageError(f"{policies}: no policy file (*.yaml) here")
            payer = payer if create else ledger.setting("payer")
            if payer:
                _check_payer(payer, policies, models)
            ledger.set("policies", str(policies))
            ledger.set("payer", payer)
            recipes = store.recipes(models, policies)
            recipes["criteria"] = store.stage_key(recipes["criteria"], payer, [])
            count = workers or os.cpu_count() or 1
            yield Batch(out, ledger, models, policies, payer, recipes, count, timeout_s, watch)
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise UsageError(f"{out}: cannot be used ({error.strerror})") from error


def _check_payer(payer: str, policies: Path, models: Path) -> None:
    """A misspelt payer must not silently give way to another policy."""
    known = load_policies(policies, load_lexicon(models))
    if not any(is_of_payer(policy, payer) for policy in known):
        names = "; ".join(name for policy in known for name in policy.payers)
        raise UsageError(f"no policy of payer {payer!r}; known are: {names or 'none'}")


@contextlib.contextmanager
def _exclusive(out: Path) -> Iterator[None]:
    """Keep other runs off; the system gives the lock back even when this process is killed."""
    if not out.is_dir():
        raise UsageError(f"{out}: no such folder")
    handle = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise UsageError(f"{out}: another run is at work here") from error
    finally:
        os.close(handle)


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
        balance.waiting += state == "waiting"
        if state == "unreadable":
            balance.unreadable.append(safe_name(arrival.path))
        if state not in ("submitted", "duplicate") or arrival.sha256 in tasks:
            continue
        if submission is None:
            submission = known[arrival.sha256] = _enter(batch, arrival)
        if state == "submitted" or not Path(os.fsdecode(submission.source)).exists():
            submission = submission._replace(source=os.fsencode(arrival.path.absolute()))
            batch.ledger.move(submission.id, submission.source)
        due = _due(batch, submission, made.get(submission.id, {}))
        if due:
            tasks[arrival.sha256] = _task(batch, submission, made.get(submission.id, {}), due)
    batch.ledger.arrive(seen)
    return list(tasks.values())


def _arrival_state(arrival: Arrival, submission: Submission | None) -> str:
    if arrival.state in ("waiting", "unreadable"):
        return arrival.state
    return "duplicate" if submission and submission.name != arrival.name else "submitted"


def _enter(batch: Batch, arrival: Arrival) -> Submission:
    submission = Submission(
        arrival.submission_id,
        arrival.name,
        arrival.sha256,
        os.fsencode(arrival.path.absolute()),
        "waiting",
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
    is_same = submission.recipe == batch.recipe
    if submission.state == "quarantined" and is_same:
        return ""
    passes = submission.error_class.startswith(PASSING)
    is_spent = submission.attempts >= MAX_ATTEMPTS and not passes
    if submission.state == "failed" and is_same and is_spent:
        return ""
    folder = store.submission_folder(batch.out, submission.id)
    for stage in STAGES:
        if any(name not in made for name in (stage, *store.INPUTS[stage])):
            return stage
        digests = [made[name].digest for name in store.INPUTS[stage]]
        key = store.stage_key(batch.recipes[stage], submission.sha256, digests)
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
    )


# ---------------------------------------------------------------------------- the pool


def _bring_up_to_date(batch: Batch, tasks: list[Task], balance: Balance) -> None:
    """Run the tasks, keep each outcome as soon as it is there, then write the tables."""
    if tasks:
        # A mistake in a table or policy stops the command before any submission is touched.
        load_policies(batch.policies, load_lexicon(batch.models))
        known = {submission.id: submission for submission in batch.ledger.submissions()}
        with contextlib.closing(_outcomes(batch, tasks)) as outcomes:
            for outcome in outcomes:
                _keep(batch, known[outcome.submission_id], outcome)
                if outcome.error_class == KnowledgeError.code:
                    raise UsageError(outcome.frames)
                balance.outcomes.append(outcome)
                batch.watch(len(balance.outcomes), len(tasks))
    export_tables(batch.out, batch.ledger)


def _outcomes(batch: Batch, tasks: list[Task]) -> Generator[Outcome, None, None]:
    """Each task in a child process; a crash or a time-out costs that submission only."""
    with (
        store.scratch(batch.out) as scratch,
        ProcessPool(
            max_workers=min(batch.workers, len(tasks)),
            initializer=prepare,
            initargs=(str(scratch),),
            context=multiprocessing.get_context("spawn"),
        ) as pool,
    ):
        futures = {
            pool.schedule(process, args=(task,), timeout=batch.timeout_s): task for task in tasks
        }
        try:
            for future in as_completed(futures):
                task = futures[future]
                try:
                    yield future.result()
                except FutureTimeoutError:
                    yield _lost(task, "quarantined", TimedOut.code)
                except ProcessExpired:
                    yield _lost(task, "failed", "worker.crashed")
        except BaseException:
            pool.stop()
            raise


def _lost(task: Task, state: str, code: str) -> Outcome:
    """The outcome of a child that could not tell it: what was to be redone is removed."""
    store.discard(task.folder, task.due)
    before = STAGES[: STAGES.index(task.due)]
    kept = {stage: task.made[stage] for stage in before if stage in task.made}
    return Outcome(task.submission_id, state, kept, error_class=code)


def _keep(batch: Batch, submission: Submission, outcome: Outcome) -> None:
    is_failure = outcome.state in TROUBLED
    is_again = is_failure and submission.recipe == batch.recipe
    batch.ledger.record(
        submission._replace(
            state=outcome.state,
            error_class=outcome.error_class,
            error_stage=outcome.stage,
            error_frames=outcome.frames,
            attempts=is_failure + (submission.attempts if is_again else 0),
            recipe=batch.recipe,
            software_version=__version__,
            policy_id=outcome.policy_id,
            policy_version=outcome.policy_version,
        ),
        outcome.made,
    )
