"""The command as users run it, and small packets made on the spot. All patients are invented."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, settings
from reportlab.pdfgen.canvas import Canvas

# The same examples every time, so that a change is judged by what it changes; `make explore`
# draws new ones, many more of them.
SLOW = [HealthCheck.too_slow]
settings.register_profile(
    "same", derandomize=True, max_examples=120, deadline=None, suppress_health_check=SLOW
)
settings.register_profile("explore", max_examples=3000, deadline=None, suppress_health_check=SLOW)
settings.load_profile("same")

REQUEST = (
    "PRIOR AUTHORIZATION REQUEST",
    "Patient: Testa Sampleton    DOB: 01/02/1960",
    "Requested drug: Truxima (rituximab-abbs) Q5115, 1000 mg IV on day 1 and day 15",
    "Diagnosis: polymyositis, ICD-10 M33.20",
    "Date of request: 09/08/2026",
)
NOTE = (
    "OFFICE NOTE 09/01/2026",
    "Patient: Testa Sampleton    DOB: 01/02/1960",
    "Polymyositis. Prednisone 80 mg daily from 03/02/2026 to 06/01/2026, inadequate response.",
    "Methotrexate 20 mg weekly for 12 weeks, failed.",
    "Hip flexor strength 3/5 bilaterally.",
)

Chartgap = Callable[..., "subprocess.CompletedProcess[str]"]


def write_pdf(path: Path, *pages: Sequence[str]) -> Path:
    """A PDF with a text layer, a line per string, last changed an hour ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas = Canvas(str(path), pagesize=(612, 792), invariant=1)
    for lines in pages:
        canvas.setFont("Helvetica", 11)
        for number, line in enumerate(lines):
            canvas.drawString(54, 720 - 24 * number, line)
        canvas.showPage()
    canvas.save()
    return settle(path)


def lock_pdf(source: Path, path: Path) -> Path:
    """A copy that opens only with a password."""
    with pikepdf.open(source) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="owner", user="user"))
    return settle(path)


def settle(path: Path) -> Path:
    """Make a file look an hour old, so that nobody waits for it to grow."""
    then = time.time() - 3600
    os.utime(path, (then, then))
    return path


def run_chartgap(*arguments: object, umask: int = -1) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)],
        capture_output=True,
        text=True,
        umask=umask,
        timeout=600,
        check=False,
    )


def readers_of(pid: int, cpu_s: float = 0.0) -> list[int]:
    """Process ids of a process's children that read submissions and took so much time of a core."""
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # of a thread that has just ended
            for child in path.read_text("ascii").split():
                fields = Path(f"/proc/{child}/stat").read_text("ascii").rpartition(")")[2].split()
                used = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
                if used >= cpu_s and b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
    return found


@contextlib.contextmanager
def killing(*pids: int, by: signal.Signals = signal.SIGKILL, cpu_s: float = 0.0) -> Iterator[None]:
    """Meanwhile, whatever reads for these processes is ended as soon as it took so much time."""
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.02):
            for reader in (one for pid in pids for one in readers_of(pid, cpu_s)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(reader, by)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.fixture(scope="session")
def chartgap() -> Chartgap:
    """The command line."""
    return run_chartgap
