"""The same run on a Dask cluster: scheduler and workers are processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline import engines
from pipeline.ledger import Ledger
from pipeline.run import Options, run_queue
from tests.conftest import NOTE, REQUEST, Chartgap, killing, readers_of, run_chartgap, write_pdf

DASK = str(Path(sys.executable).parent / "dask")


class Cluster(NamedTuple):
    """A scheduler and its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    contact = folder / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    where = ["--scheduler-file", str(contact)]
    serve = [DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", *where]
    work = [DASK, "worker", *where, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
    root = str(Path(__file__).parents[1])
    processes = [subprocess.Popen(serve, **quiet)]  # type: ignore[call-overload]
    try:
        deadline = time.monotonic() + 60
        while not contact.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        environment = os.environ | {"PYTHONPATH": root}
        for number in range(2):
            command = [*work, "--local-directory", str(folder / str(number))]
            processes.append(
                subprocess.Popen(command, env=environment, **quiet)  # type: ignore[call-overload]
            )
        yield Cluster(json.loads(contact.read_text("utf-8"))["address"], processes[1:])
    finally:
        for process in processes:
            process.kill()
            process.wait()


def tree(out: Path) -> dict[str, bytes]:
    paths = [*out.glob("submissions/*/*"), *out.glob("*.csv")]
    return {str(path.relative_to(out)): path.read_bytes() for path in paths}


def test_a_cluster_gives_the_same_bytes_even_when_a_worker_is_killed(
    cluster: Cluster, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    for number in range(6):
        write_pdf(inbox / f"{number}.pdf", REQUEST, NOTE, (f"Visit {number}",))
    (inbox / "empty.pdf").write_bytes(b"")
    local, far = tmp_path / "local", tmp_path / "far"
    assert run_chartgap("run", inbox, "--out", local, "--workers", 1).returncode == 1

    def kill_one() -> None:
        deadline = time.monotonic() + 120
        while not list(far.glob("submissions/*/document.json")) and time.monotonic() < deadline:
            time.sleep(0.02)
        os.kill(cluster.workers[0].pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    command = ["run", inbox, "--out", far, "--engine", "dask", "--scheduler", cluster.address]
    result = run_chartgap(*command)
    killer.join()
    assert result.returncode == 1, result.stderr
    assert "7 in = 6 done + 0 flagged + 1 quarantined + 0 failed" in result.stdout, result.stderr
    assert tree(far) == tree(local)
    assert "7 unchanged" in run_chartgap(*command).stdout


def tried(out: Path) -> list[str]:
    """The errors that were logged, in the order of time."""
    lines = [json.loads(line) for line in (out / "log.jsonl").read_text("utf-8").splitlines()]
    return [line["error"] for line in lines if line.get("error")]


def state(out: Path) -> str:
    with Ledger.open(out) as ledger:
        return " ".join(f"{s.state} {s.error_class}".strip() for s in ledger.submissions())


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux")


@needs_proc
def test_what_is_killed_from_outside_is_no_poison(tmp_path: Path) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    for number in range(2):
        write_pdf(inbox / f"{number}.pdf", REQUEST, (f"Visit {number}",))
    # Before the children have begun to read, and another night while they read.
    for night, cpu_s in enumerate((0.0, 1.0), 1):
        with killing(os.getpid(), cpu_s=cpu_s):
            run_queue(inbox, out, options=Options(workers=2))
        # Each is tried once with the others and once alone, no more this night, nor given up.
        assert tried(out) == ["worker.killed"] * 4 * night
        assert state(out) == "failed worker.killed failed worker.killed"
    told: list[tuple[int, int]] = []
    names: set[str] = set()
    watched = Options(workers=2, watch=lambda *counts: told.append(counts), reading=names.update)
    assert run_queue(inbox, out, options=watched).files == {"done": 2}
    # The total is known before the first is done, and what is being read is named.
    assert (told[0], told[-1]) == ((0, 2), (2, 2))
    assert names <= {path.name for path in (out / "submissions").iterdir()} and names


@needs_proc
@pytest.mark.parametrize("by", [signal.SIGSEGV, signal.SIGKILL])
def test_what_crashes_by_itself_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: signal.Signals
) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    write_pdf(inbox / "a.pdf", REQUEST, *[NOTE] * 150)  # long enough to be seen being read
    if by is signal.SIGKILL:  # of what had more memory than a submission should need
        monkeypatch.setattr(engines, "HOG_BYTES", 1 << 20)

    def crash(read: Sequence[str]) -> None:
        for reader in readers_of(os.getpid()) if read else ():
            os.kill(reader, by)

    run_queue(inbox, out, options=Options(workers=1, reading=crash))
    assert (tried(out), state(out)) == (["worker.crashed"] * 3, "quarantined worker.crashed")


@needs_proc
def test_what_is_killed_on_a_cluster_is_no_poison(cluster: Cluster, tmp_path: Path) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    write_pdf(inbox / "a.pdf", REQUEST)
    command = ["run", inbox, "--out", out, "--engine", "dask", "--scheduler", cluster.address]
    with killing(*(worker.pid for worker in cluster.workers), cpu_s=1.0):
        assert run_chartgap(*command).returncode == 1
    assert (tried(out), state(out)) == (["worker.killed"] * 2, "failed worker.killed")


def test_a_cluster_that_cannot_be_used_is_told(chartgap: Chartgap, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    alone = chartgap("run", inbox, "--out", tmp_path / "out", "--engine", "dask")
    assert alone.returncode == 2 and "go together" in alone.stderr
