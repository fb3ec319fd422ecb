"""Where submissions are worked on: in child processes here, or on the workers of a Dask cluster.

Either way a submission is read by `worker.process` in a child with limits on time and memory,
and whatever that child does costs that submission only. Results come in any order.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures import as_completed
from functools import cache
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessPool

from pipeline import store
from pipeline.errors import TimedOut, UsageError
from pipeline.store import STAGES
from pipeline.worker import Outcome, Task, prepare, process

CRASHED = "worker.crashed"
UNFIT = "worker.unfit"
# For how long a scheduler and its first worker are waited for, seconds.
PATIENCE_S = 30

Engine = Callable[[Sequence[Task]], Generator[Outcome, None, None]]


def local(
    tasks: Sequence[Task], *, out: Path, workers: int, timeout_s: float
) -> Generator[Outcome, None, None]:
    """`workers` at a time in child processes of this one."""
    with (
        store.scratch(out) as scratch,
        _pool(min(workers, len(tasks)), scratch) as pool,
    ):
        futures = {pool.schedule(process, args=(task,), timeout=timeout_s): task for task in tasks}
        try:
            for future in as_completed(futures):
                yield _outcome(future, futures[future])
        except BaseException:
            pool.stop()
            raise


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
            else:  # the worker died with it several times over, or was taken away
                yield lost(task, "failed", CRASHED)
            future.release()


def isolated(task: Task, scratch: str, timeout_s: float) -> Outcome:
    """What `local` does, for one submission on a worker of a cluster; it never raises."""
    try:
        why = unfit(task.folder.parents[1], task.models, task.policies, task.payer, task.recipes)
        if why:
            return Outcome(task.submission_id, "failed", dict(task.made), (), UNFIT, "", why)
        return _outcome(_own_pool(scratch).schedule(process, (task,), timeout=timeout_s), task)
    except Exception as error:
        _pools.pop(threading.get_ident(), None)
        return lost(task, "failed", f"error.{type(error).__name__}")


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
    except ProcessExpired:
        return lost(task, "failed", CRASHED)
    return found


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
        _pools.pop(me)[1].stop()
    folder = Path(scratch) / f"{socket.gethostname()}-{os.getpid()}-{me}"
    store.make_private_folder(folder)  # each run removes those of the run before
    if me not in _pools:
        _pools[me] = (scratch, _pool(1, folder))
    return _pools[me][1]


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
