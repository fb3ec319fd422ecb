"""Where submissions are worked on: in child processes here, or on the workers of a Dask cluster.

Either way a submission is read by `worker.process` in a child with limits on time and memory,
and whatever that child does costs that submission only. Results come in any order.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from pipeline import store
from pipeline.errors import TimedOut, UsageError
from pipeline.store import STAGES
from pipeline.worker import MEMORY_BYTES, Outcome, Task, prepare, process

CRASHED = "worker.crashed"
KILLED = "worker.killed"
UNFIT = "worker.unfit"
# For how long a scheduler and its first worker are waited for, seconds.
PATIENCE_S = 30
# How a child ends that another process, or a system short of memory, has ended: nothing that it
# reads makes it do so. A child that catches SIGTERM exits with its number.
ENDED_FROM_OUTSIDE = (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGHUP, int(signal.SIGTERM))
# A child that was killed with more resident memory than this may itself be why. Half of its
# limit, as the limit is of address space, of which some is never touched.
HOG_BYTES = MEMORY_BYTES // 2
# Pools that may break or stand still in a row before what is left is given up for this time.
MAX_POOLS = 3
# Seconds beyond the time limit of a submission after which a pool in which nothing ends stands
# still: a child killed while it held a lock of the pool may leave it so.
SLACK_S = 120.0

AnswerT = TypeVar("AnswerT")
Engine = Callable[[Sequence[Task]], Generator[Outcome, None, None]]


def local(
    tasks: Sequence[Task],
    *,
    out: Path,
    workers: int,
    timeout_s: float,
    reading: Callable[[Sequence[str]], None] = lambda names: None,
) -> Generator[Outcome, None, None]:
    """`workers` at a time in child processes of this one; `reading` is told their ids, as it goes."""
    left = {task.submission_id: task for task in tasks}
    idle = 0
    with store.scratch(out) as scratch:
        while left and idle < MAX_POOLS:
            idle += 1
            pool = _through_a_pool(list(left.values()), workers, scratch, timeout_s, reading)
            for outcome in pool:
                del left[outcome.submission_id]
                idle = 0
                yield outcome
    for task in left.values():
        yield lost(task, "failed", KILLED)


def _through_a_pool(
    tasks: Sequence[Task],
    workers: int,
    scratch: Path,
    timeout_s: float,
    reading: Callable[[Sequence[str]], None],
) -> Generator[Outcome, None, None]:
    """The outcomes of all tasks, or of fewer when the pool breaks or stands still."""
    with _pool(min(workers, len(tasks)), scratch) as pool:
        try:
            futures = {_schedule(pool, task, timeout_s): task for task in tasks}
            while ended := _some_ended(
                futures,
                pool,
                timeout_s,
                lambda: reading([t.submission_id for f, t in futures.items() if f.running()]),
            ):
                for future in ended:
                    yield _outcome(future, futures.pop(future))
        except BrokenProcessPool:  # a child was killed before it had begun, and took the rest along
            pass
        finally:
            pool.stop()


def _schedule(pool: ProcessPool, task: Task, timeout_s: float) -> Any:
    try:
        return pool.schedule(process, (task,), timeout=timeout_s)
    except RuntimeError as error:  # it has broken before
        raise BrokenProcessPool from error


def _some_ended(
    futures: Collection[Any],
    pool: ProcessPool,
    timeout_s: float,
    tell: Callable[[], None] = lambda: None,
) -> set[Any]:
    """Those that have ended, at least one; none when there are none, or none will end."""
    deadline = time.monotonic() + timeout_s + SLACK_S
    while futures:
        tell()
        ended = wait(futures, 1.0, FIRST_COMPLETED).done
        if ended or not pool.active or time.monotonic() > deadline:
            return ended
    return set()


def dask(
    tasks: Sequence[Task],
    *,
    out: Path,
    scheduler: str,
    timeout_s: float,
    policies: Path,
    models: Path,
    payer: str,
) -> Generator[Outcome, None, None]:
    """On the workers of a Dask cluster, which see the same files under the same paths.

    Raises:
        UsageError: Dask is not installed, no scheduler or worker answers, or a worker has other
            code, tables or paths.
    """
    try:
        from distributed import Client
        from distributed import as_completed as as_dask_completed
    except ImportError as error:
        raise UsageError("--engine dask needs `pip install -e '.[dask]'`") from error
    try:
        client = Client(scheduler, timeout=PATIENCE_S)
    except (OSError, ValueError) as error:
        raise UsageError(f"{scheduler}: no Dask scheduler answers there") from error
    with client, store.scratch(out) as scratch:
        _check_workers(client, out.absolute(), models, policies, payer, tasks[0].recipes)
        futures = {
            # Not pure: the key must tell nothing of the task, as the scheduler logs keys.
            client.submit(isolated, task, str(scratch), timeout_s, pure=False): task
            for task in tasks
        }
        for future in as_dask_completed(futures):
            task = futures[future]
            if future.status == "finished":
                yield future.result()
            else:  # workers died with it several times over; what reads it is a child of theirs
                yield lost(task, "failed", KILLED)
            future.release()


def isolated(task: Task, scratch: str, timeout_s: float) -> Outcome:
    """What `local` does, for one submission on a worker of a cluster; it never raises."""
    try:
        why = unfit(task.folder.parents[1], task.models, task.policies, task.payer, task.recipes)
        if why:
            return Outcome(task.submission_id, "failed", dict(task.made), (), UNFIT, "", why)
        return _by_own_child(task, scratch, timeout_s)
    except Exception as error:
        drop_own_pool()
        return lost(task, "failed", f"error.{type(error).__name__}")


def kept(
    tasks: Sequence[Task], *, scratch: Path, timeout_s: float
) -> Generator[Outcome, None, None]:
    """One after the other in a child that this thread keeps, with all that it has loaded."""
    for task in tasks:
        yield _by_own_child(task, str(scratch), timeout_s)


def begin(function: Callable[..., Any], *arguments: Any, scratch: Path) -> Any:
    """Have a function called in the child that `kept` keeps; what it says is a future."""
    return _own_pool(str(scratch)).schedule(function, arguments, timeout=PATIENCE_S)


def ask(function: Callable[..., AnswerT], *arguments: Any, scratch: Path) -> AnswerT | None:
    """What a function says in the child that `kept` keeps; None where it fails or dies of it."""
    try:
        answer: AnswerT = begin(function, *arguments, scratch=scratch).result()
    except Exception:
        if not _own_pool(str(scratch)).active:
            drop_own_pool()
        return None
    return answer


def _by_own_child(task: Task, scratch: str, timeout_s: float) -> Outcome:
    for _ in range(MAX_POOLS):
        try:
            pool = _own_pool(scratch)
            for future in _some_ended([_schedule(pool, task, timeout_s)], pool, timeout_s):
                return _outcome(future, task)
        except BrokenProcessPool:  # the child was killed before it had begun
            pass
        drop_own_pool()
    return lost(task, "failed", KILLED)


def unfit(out: Path, models: Path, policies: Path, payer: str, recipes: Mapping[str, str]) -> str:
    """Why a process cannot do the work of another one, '' if it can."""
    if multiprocessing.current_process().daemon:
        return "it may start no children: set DASK_DISTRIBUTED__WORKER__DAEMON=False"
    if not os.access(out, os.W_OK):
        return f"it cannot write to {out}"
    if not models.is_dir() or not policies.is_dir():
        return f"it does not see {models if policies.is_dir() else policies}"
    if dict(_recipes(models, policies, payer)) != dict(recipes):
        return "its code, libraries, tables or policies are not the same"
    return ""


@cache
def _recipes(models: Path, policies: Path, payer: str) -> Mapping[str, str]:
    return store.recipes(models, policies, payer)


def lost(task: Task, state: str, code: str) -> Outcome:
    """The outcome of a child that could not tell it: what was to be redone is removed."""
    store.discard(task.folder, task.due)
    before = STAGES[: STAGES.index(task.due)]
    kept = {stage: task.made[stage] for stage in before if stage in task.made}
    return Outcome(task.submission_id, state, kept, error_class=code)


def _outcome(future: Any, task: Task) -> Outcome:
    try:
        found: Outcome = future.result()
    except FutureTimeoutError:
        return lost(task, "quarantined", TimedOut.code)
    except ProcessExpired as error:
        return lost(task, "failed", KILLED if _is_from_outside(error) else CRASHED)
    return found


def _is_from_outside(error: ProcessExpired) -> bool:
    """Whether a child was killed for what it did not do; the submission is not suspected then.

    How much memory it had is not known, but the most that any child so far had is.
    """
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024  # KiB, on Linux
    return error.exitcode in ENDED_FROM_OUTSIDE and peak < HOG_BYTES


def _pool(workers: int, scratch: Path) -> ProcessPool:
    return ProcessPool(
        max_workers=workers,
        initializer=prepare,
        initargs=(str(scratch), os.getpid()),
        context=multiprocessing.get_context("spawn"),
    )


# ------------------------------------------------------------------- a worker of a cluster

_pools: dict[int, tuple[str, ProcessPool]] = {}


def _own_pool(scratch: str) -> ProcessPool:
    """A pool of one child for this thread, kept while it is of use: models take time to load."""
    me = threading.get_ident()
    if me in _pools and _pools[me][0] != scratch:
        drop_own_pool()
    folder = Path(scratch) / f"{socket.gethostname()}-{os.getpid()}-{me}"
    store.make_private_folder(folder)  # each run removes those of the run before
    if me not in _pools:
        _pools[me] = (scratch, _pool(1, folder))
    return _pools[me][1]


def drop_own_pool() -> None:
    """End the pool of this thread; the next submission gets another."""
    _, pool = _pools.pop(threading.get_ident(), ("", None))
    if pool is not None:
        pool.stop()
        pool.join()


def _check_workers(
    client: Any, out: Path, models: Path, policies: Path, payer: str, recipes: Mapping[str, str]
) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE_S)
        found = client.run(unfit, out, models, policies, payer, dict(recipes))
    except TimeoutError as error:
        raise UsageError("the Dask scheduler has no workers") from error
    except ImportError as error:
        raise UsageError("the Dask workers lack chartgap") from error
    for address, why in found.items():
        if why:
            raise UsageError(f"Dask worker {address}: {why}")
