"""Kill, starve and poison runs of 40 packets, and compare what comes out with an undisturbed run.

    python tests/kill_runs.py [--folder DIR] [--only kill,full,twice,bombs,cluster] [--packets 40]

A kept script, not a test: it takes the better part of an hour on two cores. `full` needs root, to
mount a tmpfs. Results are compared by SHA-256 of every table and artifact; the ledger and the log
hold times and differ. Exit code 1 when anything differs.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHARTGAP = [sys.executable, "-m", "pipeline"]
KILLS = 10


def make_inbox(inbox: Path, count: int) -> None:
    """`count` submissions out of our own samples; copies differ by a comment at their end."""
    sources = sorted((ROOT / "sample_docs" / "inbox").iterdir())
    sources += sorted((ROOT / "tests" / "packets" / "packets").iterdir())
    inbox.mkdir(parents=True)
    for number in range(count):
        source = sources[number % len(sources)]
        target = inbox / f"{number:02}_{source.name}"
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)
        if number >= len(sources):
            end = next(p for p in (target, *sorted(target.glob("*"))) if p.is_file())
            with end.open("ab") as file:
                file.write(f"\n% copy {number}\n".encode())
    age(inbox)


def age(inbox: Path) -> None:
    """Nothing looks as if it were still growing."""
    then = time.time() - 3600
    for path in inbox.rglob("*"):
        os.utime(path, (then, then))


def add_bombs(inbox: Path) -> None:
    """Four submissions that cost memory or time without end, in the place of four others.

    Two nest deeper than the memory goes, two draw more lines than the time allows.
    """
    for number, path in enumerate(sorted(inbox.iterdir())[3:40:10][:4]):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        content = b"0 0 m 1 1 l S\n" * (32 << 20) if number % 2 else b"q " * (300 << 20)
        stream = zlib.compress(content + b" " * number, 9)
        (inbox / f"{path.name[:2]}_bomb.pdf").write_bytes(pdf_of(stream))
    age(inbox)


def pdf_of(stream: bytes) -> bytes:
    """A page whose content unpacks to far more than the file holds."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(stream) + stream + b"\nendstream",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size 5>>\nstartxref\n%d\n%%%%EOF" % (
        table, len(body),
    )  # fmt: skip


def run(inbox: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [*CHARTGAP, "run", str(inbox), "--out", str(out), *more]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def tree(out: Path) -> dict[str, str]:
    """SHA-256 of every table and artifact, and whatever else lies among them."""
    paths = [*out.glob("*.csv"), *(p for p in (out / "submissions").rglob("*") if p.is_file())]
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    }


def compare(what: str, found: dict[str, str], wanted: dict[str, str]) -> bool:
    """Print whether two trees are equal."""
    names = sorted(n for n in {*found, *wanted} if found.get(n) != wanted.get(n))
    digest = hashlib.sha256(json.dumps(sorted(found.items())).encode()).hexdigest()[:12]
    verdict = "equal" if not names else f"DIFFERENT: {', '.join(names[:5])}"
    print(f"  {what}: {len(found)} files, {digest}: {verdict}", flush=True)
    return not names


def last(result: subprocess.CompletedProcess[str]) -> str:
    return (result.stdout.strip() or result.stderr.strip()).splitlines()[-1].split(". Reports")[0]


def killed(inbox: Path, out: Path, wanted: dict[str, str]) -> bool:
    """Kill at ten random points, told by what is done and not by the clock, then run once more."""
    chance = random.Random(6)
    for _ in range(KILLS):
        command = [*CHARTGAP, "run", str(inbox), "--out", str(out)]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = _reports(out) + chance.randint(0, 5)
        while _reports(out) < until and process.poll() is None:
            time.sleep(0.02)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=chance.uniform(0.0, 3.0))
        process.kill()
        process.wait()
        half = [str(p) for p in out.glob("submissions/*/*.json") if not _is_json(p)]
        left = len(list(out.rglob(".*.????????")))
        print(
            f"  killed: {_reports(out)} reports stand, {len(half)} half-written, {left} left over"
        )
        if half:
            return False
    print(f"  then: {last(run(inbox, out))}", flush=True)
    return compare("ten times killed", tree(out), wanted)


def _reports(out: Path) -> int:
    return len(list(out.glob("submissions/*/gap_report.html")))


def _is_json(path: Path) -> bool:
    with contextlib.suppress(ValueError):
        json.loads(path.read_bytes())
        return True
    return False


def starved(inbox: Path, folder: Path, wanted: dict[str, str]) -> bool:
    """Fill a tmpfs up, then let it grow."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        print("  full disk: skipped, no tmpfs can be mounted here")
        return True
    try:
        for size in (6, 12):
            subprocess.run(["mount", "-o", f"remount,size={size}m", str(disk)], check=True)
            result = run(inbox, disk / "out")
            print(f"  {size} MiB, exit code {result.returncode}: {last(result)}", flush=True)
        subprocess.run(["mount", "-o", "remount,size=2g", str(disk)], check=True)
        print(f"  2 GiB: {last(run(inbox, disk / 'out'))}")
        return compare("full disk", tree(disk / "out"), wanted)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def twice(inbox: Path, out: Path, wanted: dict[str, str]) -> bool:
    """Start two runs at once."""
    command = [*CHARTGAP, "run", str(inbox), "--out", str(out)]
    both = [
        subprocess.Popen(
            command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    said = [process.communicate() for process in both]
    for process, (output, errors) in zip(both, said, strict=True):
        line = (output or errors).strip().splitlines()[-1].split(". Reports")[0]
        print(f"  exit code {process.returncode}: {line}")
    refused = sum("another run is at work" in errors for _, errors in said)
    return compare("two at once", tree(out), wanted) and refused == 1


def bombed(inbox: Path, out: Path, wanted: dict[str, str]) -> bool:
    """Four bombs cost themselves only."""
    result = run(inbox, out, "--timeout", "240")
    print(f"  {last(result)}")
    for line in result.stderr.splitlines():
        if "bomb" in line:
            print(f"  {line}")
    found = tree(out)
    rest = {n: d for n, d in found.items() if n.startswith("submissions") and "_bomb" not in n}
    numbers = {Path(n).parts[1][:2] for n in rest}  # of the submissions that no bomb replaced
    kept = {n: d for n, d in wanted.items() if n.startswith("submissions")}
    others = {n: d for n, d in kept.items() if Path(n).parts[1][:2] in numbers}
    bombs = [path for path in inbox.iterdir() if "_bomb" in path.name]
    are_all_there = len(numbers) >= len({Path(n).parts[1] for n in kept}) - len(bombs)
    return compare("all but the bombs", rest, others) and are_all_there


def clustered(inbox: Path, out: Path, seconds: float, wanted: dict[str, str]) -> bool:
    """Two Dask workers on this machine."""
    dask = str(Path(sys.executable).parent / "dask")
    contact = out.parent / "scheduler.json"
    where = ["--scheduler-file", str(contact)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    serve = [dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", *where]
    work = [dask, "worker", *where, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
    processes = [subprocess.Popen(serve, **quiet)]  # type: ignore[call-overload]
    try:
        while not contact.exists():
            time.sleep(0.1)
        for name in ("a", "b"):
            folder = ["--local-directory", str(out.parent / f"worker-{name}")]
            processes.append(subprocess.Popen([*work, *folder], cwd=ROOT, **quiet))  # type: ignore[call-overload]
        address = json.loads(contact.read_text("utf-8"))["address"]
        began = time.monotonic()
        result = run(inbox, out, "--engine", "dask", "--scheduler", address)
        print(f"  {last(result)}")
        print(f"  Dask {time.monotonic() - began:.0f} s, undisturbed local run {seconds:.0f} s")
        return compare("two Dask workers", tree(out), wanted)
    finally:
        for process in processes:
            process.kill()
            process.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trials; 0 when every tree is equal."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", default="kill,full,twice,bombs,cluster,one")
    parser.add_argument("--packets", type=int, default=40)
    given = parser.parse_args(arguments)
    trials = given.only.split(",")
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        inbox = folder / "inbox"
        make_inbox(inbox, given.packets)
        began = time.monotonic()
        result = run(inbox, folder / "plain")
        seconds = time.monotonic() - began
        wanted = tree(folder / "plain")
        print(f"undisturbed, {seconds:.0f} s: {last(result)}", flush=True)
        began = time.monotonic()
        print(f"again: {last(run(inbox, folder / 'plain'))}, {time.monotonic() - began:.1f} s")
        good = []
        if "one" in trials:
            began = time.monotonic()
            run(inbox, folder / "one", "--workers", "1")
            print(f"one worker: {time.monotonic() - began:.0f} s", flush=True)
            good.append(compare("one worker", tree(folder / "one"), wanted))
        if "kill" in trials:
            good.append(killed(inbox, folder / "killed", wanted))
        if "full" in trials:
            good.append(starved(inbox, folder, wanted))
        if "twice" in trials:
            good.append(twice(inbox, folder / "twice", wanted))
        if "cluster" in trials:
            good.append(clustered(inbox, folder / "cluster", seconds, wanted))
        if "bombs" in trials:
            add_bombs(inbox)
            good.append(bombed(inbox, folder / "bombed", wanted))
    print("all equal" if all(good) else "DIFFERENCES")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
