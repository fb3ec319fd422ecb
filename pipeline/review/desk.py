"""What the pages do with OUT: corrections, claims, letters; slow work has a thread of its own."""

from __future__ import annotations

import contextlib
import os
import queue
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pipeline import engines, run, store
from pipeline.edited_file import Line
from pipeline.errors import UsageError
from pipeline.lexicon import models_dir
from pipeline.observability import now
from pipeline.review import child
from pipeline.reviews import People, Review, add_reviews
from pipeline.schema import Correction, TableName

# Reports and tables are made anew when nobody has corrected anything for so long, seconds.
IDLE_S = 4.0
# For how long a correction waits for another run to end, seconds.
PATIENCE_S = 8.0

T = TypeVar("T")
Job = tuple[Callable[[Path], Any], "Future[Any]"]


class Refused(UsageError):
    """Somebody else has done something meanwhile."""


@dataclass
class Desk:
    """A person at work in OUT.

    Attributes:
        stale: Submissions whose report and tables have not followed yet.
    """

    out: Path
    by: str
    stale: set[str] = field(default_factory=set)
    clerk: queue.Queue[Job | None] = field(default_factory=queue.Queue)
    drawer: queue.Queue[Job | None] = field(default_factory=queue.Queue)


def at_work(desk: Desk) -> Callable[[], None]:
    """Start the threads that correct and draw; what comes back ends them and what is left to do."""
    threads = [
        threading.Thread(target=_work, args=(desk, desk.clerk, child.ready_to_compute, True)),
        threading.Thread(target=_work, args=(desk, desk.drawer, child.ready_to_draw, False)),
    ]
    for thread in threads:
        thread.start()

    def end() -> None:
        for jobs in (desk.clerk, desk.drawer):
            jobs.put(None)
        for thread in threads:
            thread.join()

    return end


def _work(
    desk: Desk, jobs: queue.Queue[Job | None], ready: Callable[[], bool], completes: bool
) -> None:
    """Do the jobs one after the other, with a child that stays warm; then what was put off."""
    with tempfile.TemporaryDirectory(prefix=".review-", dir=desk.out.absolute()) as folder:
        scratch = Path(folder)
        # What takes long the first time; whatever is wrong is told to who first asks for it.
        with contextlib.suppress(Exception):
            if completes:
                child.ready()
            engines.begin(ready, scratch=scratch)  # what is asked meanwhile waits for it
            if completes:
                store.recipes(models_dir(), models_dir() / "policies")
        while True:
            try:
                job = jobs.get(timeout=IDLE_S)
            except queue.Empty:
                if completes and desk.stale:
                    _complete(desk, scratch)
                continue
            if job is None:
                break
            function, future = job
            try:
                future.set_result(function(scratch))
            except BaseException as error:
                future.set_exception(error)
        if completes and desk.stale:
            _complete(desk, scratch)
        engines.drop_own_pool()


def done_by(jobs: queue.Queue[Job | None], function: Callable[[Path], T]) -> T:
    """What a job in another thread comes to."""
    future: Future[T] = Future()
    jobs.put((function, future))
    return future.result()


def _complete(desk: Desk, scratch: Path) -> None:
    """Reports and tables of what was corrected or looked at."""
    ids = sorted(desk.stale)
    try:
        run.reprocess(desk.out, submission_ids=ids, options=_options(scratch, store.STAGES[-1]))
    except run.Busy:  # that run writes the tables; the reports are made another time
        return
    except Exception:  # what is wrong is told when somebody next corrects something
        pass
    desk.stale.difference_update(ids)


def _options(scratch: Path, until: str) -> run.Options:
    engine = partial(engines.kept, scratch=scratch, timeout_s=run.TIMEOUT_S)
    return run.Options(engine=engine, until=until)


# ------------------------------------------------------------------------- corrections


def correct(desk: Desk, table: TableName, line: Line) -> list[Correction]:
    """Take an edited or added row in, as from a spreadsheet; raises WrongCells and UsageError."""
    submission_id = line.cell("submission_id")
    claim(desk, submission_id)
    tables: Mapping[TableName, Sequence[Line]] = {table: [line]}

    def job(scratch: Path) -> list[Correction]:
        options = _options(scratch, "letter")
        balance, made = _patiently(
            lambda: run.correct("the page", tables, desk.out, desk.by, options=options)
        )
        _check(balance)
        return made

    made = done_by(desk.clerk, job)
    desk.stale.add(submission_id)
    return made


def undo(desk: Desk, submission_id: str, correction: str) -> None:
    """Take a correction back; raises UsageError."""
    claim(desk, submission_id)

    def job(scratch: Path) -> None:
        options = _options(scratch, "letter")
        balance, _ = _patiently(
            lambda: run.withdraw_corrections([correction], desk.out, desk.by, options=options)
        )
        _check(balance)

    done_by(desk.clerk, job)
    desk.stale.add(submission_id)


def _patiently(function: Callable[[], T]) -> T:
    """What it comes to once no other run is at work; raises Busy after a while."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return function()
        except run.Busy:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _check(balance: run.Balance) -> None:
    for submission in balance.troubled:
        raise UsageError(f"kept, but not computed ({submission.error_class})")


# ------------------------------------------------------------------- the submission as a whole


def claim(desk: Desk, submission_id: str, *, takes_over: bool = False) -> None:
    """Claim it for the person; raises Refused where somebody else has it."""

    def decide(known: dict[str, People]) -> list[Review]:
        holder = known.get(submission_id, People()).holder
        if holder == desk.by:
            return []
        if holder and not takes_over:
            raise Refused(f"{holder} has claimed it; take it over, or leave it to them")
        return [_review(desk, submission_id, "claimed")]

    add_reviews(desk.out, decide)
    desk.stale.add(submission_id)


def release(desk: Desk, submission_id: str) -> None:
    """Give back what the person has claimed."""

    def decide(known: dict[str, People]) -> list[Review]:
        is_own = known.get(submission_id, People()).holder == desk.by
        return [_review(desk, submission_id, "released")] if is_own else []

    add_reviews(desk.out, decide)
    desk.stale.add(submission_id)


def see(desk: Desk, submission_id: str, version: str) -> None:
    """Nothing is to be done about the report of this version; raises Refused for an older one."""
    if report_version(desk, submission_id) != version:
        raise Refused("the report has changed since it was shown")

    def decide(known: dict[str, People]) -> list[Review]:
        holder = known.get(submission_id, People()).holder
        if holder not in ("", desk.by):
            raise Refused(f"{holder} has claimed it; take it over, or leave it to them")
        made = [_review(desk, submission_id, "seen", version=version)]
        return [*made, *([_review(desk, submission_id, "released")] if holder else [])]

    add_reviews(desk.out, decide)
    desk.stale.add(submission_id)


def reopen(desk: Desk, submission_id: str) -> None:
    """There is something to do after all."""
    add_reviews(desk.out, lambda known: [_review(desk, submission_id, "reopened")])
    desk.stale.add(submission_id)


def save_letter(
    desk: Desk, submission_id: str, text: str, *, version: str, after: str, releases: bool
) -> None:
    """Keep the letter as a person wrote it, and give it free in `OUT/letters`.

    Args:
        version: Of the report that it was written from.
        after: When the letter that the person began with was saved, '' for the program's.

    Raises:
        Refused: The report has changed since, or somebody else saved another letter.
    """
    if report_version(desk, submission_id) != version:
        raise Refused("the report has changed since this letter was begun; look at what is new")

    def decide(known: dict[str, People]) -> list[Review]:
        now_so = known.get(submission_id, People())
        if now_so.holder not in ("", desk.by):
            raise Refused(f"{now_so.holder} has claimed it; take it over, or leave it to them")
        if (now_so.letter.at if now_so.letter else "") != after:
            by = now_so.letter.by if now_so.letter else ""
            raise Refused(f"{by} has saved another letter since; copy what you want to keep")
        claimed = [] if now_so.holder else [_review(desk, submission_id, "claimed")]
        what = "letter_released" if releases else "letter"
        return [*claimed, _review(desk, submission_id, what, version=version, text=text)]

    add_reviews(desk.out, decide)
    if releases:
        store.make_private_folder(desk.out / "letters")
        store.write_atomically(desk.out / "letters" / f"{submission_id}.txt", text.encode())
    desk.stale.add(submission_id)


def report_version(desk: Desk, submission_id: str) -> str:
    """SHA-256 of the report as it is now."""
    folder = store.submission_folder(desk.out, submission_id)
    return store.digest_of(folder / store.ARTIFACTS["criteria"])


def _review(
    desk: Desk, submission_id: str, what: Any, *, version: str = "", text: str = ""
) -> Review:
    return Review(
        submission_id=submission_id, what=what, by=desk.by, at=now(), version=version, text=text
    )


def picture(desk: Desk, source: bytes, file: str, sha256: str, number: int) -> bytes | None:
    """A page as JPEG; None where the file is gone, has changed or cannot be drawn."""
    path = Path(os.fsdecode(source))
    return done_by(
        desk.drawer,
        lambda scratch: engines.ask(child.drawn, path, file, sha256, number, scratch=scratch),
    )
