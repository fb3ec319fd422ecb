"""Nothing is lost, and nothing of a patient stands where it does not belong."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest

from pipeline import observability
from pipeline.errors import UsageError
from pipeline.export import export_tables
from pipeline.ledger import Ledger, Run
from pipeline.run import Options, rebuild, reprocess, retry, run_queue
from tests.conftest import NOTE, REQUEST, run_chartgap, settle, write_pdf

ONE = Options(workers=1)
CANARY = "Quillfeather"
LINES = (f"Patient: {CANARY}, Zebedee   DOB: 03/17/1951", "Polymyositis. Prednisone 60 mg daily.")


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    base = tmp_path_factory.mktemp("safety")
    inbox, out = base / "inbox", base / "out"
    write_pdf(inbox / f"{CANARY}_Zebedee.pdf", REQUEST, NOTE)
    write_pdf(inbox / "named.pdf", LINES)
    (inbox / "empty.pdf").write_bytes(b"")
    settle(inbox / "empty.pdf")
    out.mkdir(mode=0o755)  # made by a careless hand
    assert run_chartgap("run", inbox, "--out", out, "--workers", 1, umask=0).returncode == 1
    return inbox, out


@pytest.fixture
def queue(read_once: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    shutil.copytree(read_once[1], tmp_path / "out")
    return read_once[0], tmp_path / "out"


def tree(out: Path) -> dict[str, bytes]:
    paths = [*out.glob("submissions/*/*"), *out.glob("*.csv")]
    return {str(path.relative_to(out)): path.read_bytes() for path in paths}


# ------------------------------------------------------------------------------ the ledger


@pytest.mark.parametrize("damage", ["garbage", "emptied", "gone", "within"])
def test_a_damaged_ledger_is_said_to_be_so_and_rebuilt(
    queue: tuple[Path, Path], damage: str
) -> None:
    inbox, out = queue
    before, path = tree(out), out / "ledger.sqlite"
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    elif damage == "within":
        path.write_bytes(content[:4096] + os.urandom(len(content) - 4096))
    else:
        path.write_bytes(b"" if damage == "emptied" else b"no database" * 1000)
    with pytest.raises(UsageError, match="`chartgap rebuild --out OUT`"):
        run_queue(inbox, out, options=ONE)
    assert rebuild(out) == (3, ())
    again = run_queue(inbox, out, options=ONE)
    assert (again.files, again.outcomes) == ({"done": 2, "quarantined": 1}, [])
    assert tree(out) == before
    with Ledger.open(out) as ledger:
        assert len(ledger.runs()) == 2


@pytest.mark.parametrize("damage", ["empty", "alien", "list", "deep", "folder"])
def test_a_damaged_record_does_not_stop_a_rebuild(queue: tuple[Path, Path], damage: str) -> None:
    _, out = queue
    record = next(path for path in out.glob("records/*.json") if path.name.startswith("named"))
    texts = {"empty": b"", "list": b"[1]", "deep": b"[" * 100_000}
    texts["alien"] = b'{"submission": {"colour": "red"}}'
    if damage == "folder":
        record.unlink()
        record.mkdir()
    else:
        record.write_bytes(texts[damage])
    assert rebuild(out) == (2, (f"records/{record.name}",))
    assert rebuild(out) == (2, ())


def test_a_damaged_record_is_named_and_its_submission_read_again(queue: tuple[Path, Path]) -> None:
    inbox, out = queue
    before = tree(out)
    record = next(path for path in out.glob("records/*.json") if path.name.startswith("named"))
    record.write_bytes(record.read_bytes()[:300])
    (out / "ledger.sqlite").unlink()
    told = run_chartgap("rebuild", "--out", out)
    assert (told.returncode, told.stderr.splitlines()[0]) == (
        0, f"records/{record.name}: unusable, left out",
    )  # fmt: skip
    again = run_queue(inbox, out, options=ONE)
    assert again.files == {"done": 2, "quarantined": 1}
    assert [outcome.submission_id for outcome in again.outcomes] == [record.stem]
    assert tree(out) == before
    (out / "ledger.sqlite").unlink()
    assert rebuild(out) == (3, ())


def test_what_else_is_damaged_is_left_out_of_a_rebuilt_ledger(queue: tuple[Path, Path]) -> None:
    inbox, out = queue
    (out / "ledger.sqlite").unlink()
    with (out / "runs.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"colour": "red"}\n[]\n{"started": null}\n{"started": "2026", "done": 3}\n')
    (out / "records" / "_settings.json").write_text("[1, 2]", encoding="utf-8")
    assert rebuild(out) == (3, ("records/_settings.json", "runs.jsonl: 4 lines"))
    assert run_queue(inbox, out, options=ONE).outcomes == []
    with Ledger.open(out) as ledger:
        assert len(ledger.runs()) == 2


def test_the_last_run_is_the_last_whatever_the_clock_says(tmp_path: Path) -> None:
    with Ledger.open(tmp_path, create=True) as ledger:
        for started in ("2026-09-08T01:00:00", "2025-08-04T01:00:00"):
            ledger.log_run(Run(started, command="run"))
            ledger.log_run(Run(started, started, command="run"))
        assert [run.started[:4] for run in ledger.runs()] == ["2026", "2025"]


def metric(out: Path, name: str) -> float:
    lines = (out / "metrics.prom").read_text("utf-8").splitlines()
    return float(next(line.split()[-1] for line in lines if line.startswith(name + " ")))


def test_what_left_the_inbox_or_was_replaced_is_not_waited_for(tmp_path: Path) -> None:
    inbox, out, oldest = tmp_path / "inbox", tmp_path / "out", "chartgap_oldest_unreported_seconds"
    for content in (b"half of it", b"the other half"):
        inbox.mkdir(exist_ok=True)
        (inbox / "scan.pdf").write_bytes(content)
        settle(inbox / "scan.pdf")
        run_queue(inbox, out, options=ONE)
        with Ledger.open(out) as ledger:
            (first, *_) = sorted(ledger.submissions(), key=lambda s: bool(s.follows))
            age = first._replace(first_seen="2020-01-01T00:00:00+00:00")
            ledger.restore(age, {})
        if content == b"half of it":
            run_queue(inbox, out, options=ONE)
            assert metric(out, oldest) > 86400
    # The first is older, but another file stands in its place.
    run_queue(inbox, out, options=ONE)
    assert metric(out, oldest) < 86400
    (inbox / "scan.pdf").unlink()
    run_queue(inbox, out, options=ONE)
    assert metric(out, oldest) == 0
    assert "no longer in the inbox" in run_chartgap("status", "--out", out).stdout


def test_what_cannot_be_opened_is_told_everywhere(tmp_path: Path) -> None:
    """A file that its reader may not open has no content, so no id; it goes by its name."""
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    with Ledger.open(out_folder(out), create=True) as ledger:
        ledger.arrive([("shut away.pdf", "unreadable", "")])
        (first,) = ledger.unopened()
        ledger.arrive([("shut away.pdf", "unreadable", ""), ("b.pdf", "unreadable", "")])
        assert ledger.unopened()[1] == first
        export_tables(out, ledger)
        run = Run("2026-09-08T01:00:00+00:00", "2036-09-08T01:00:00+00:00", command="run")
        text = observability.exposition(ledger, run, {})
    rows = [line.split(",") for line in (out / "summary.csv").read_text("utf-8").splitlines()]
    told = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [(row["submission_id"], row["state"], row["error_class"]) for row in told] == [
        ("b", "failed", "source.unreadable"), ("shut_away", "failed", "source.unreadable"),
    ]  # fmt: skip
    assert 'chartgap_submissions{state="failed"} 2' in text
    assert 'chartgap_errors{code="source.unreadable"} 2' in text
    aged = next(line for line in text.splitlines() if line.startswith("chartgap_oldest"))
    assert float(aged.split()[1]) > 86400
    status = run_chartgap("status", "--out", out).stdout
    assert re.search(r"^failed +2$", status, re.MULTILINE)
    assert "shut_away: failed, source.unreadable, here for " in status
    # Opened or taken away, it is forgotten.
    run_queue(inbox, out, options=ONE)
    assert "shut_away" not in run_chartgap("status", "--out", out).stdout
    assert "shut_away" not in (out / "summary.csv").read_text("utf-8")


def out_folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_the_ledger_refuses_what_does_not_balance(tmp_path: Path) -> None:
    import sqlite3

    with Ledger.open(tmp_path, create=True) as ledger, pytest.raises(sqlite3.IntegrityError):
        ledger.log_run(Run("2026-09-08", files_in=3, done=1, failed=1))


def test_a_new_content_under_an_old_name_is_linked_to_the_earlier(tmp_path: Path) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    for number in range(3):
        (inbox / "scan.pdf").parent.mkdir(exist_ok=True)
        (inbox / "scan.pdf").write_bytes(b"no PDF %d" % number)
        settle(inbox / "scan.pdf")
        run_queue(inbox, out, options=ONE)
    with Ledger.open(out) as ledger:
        follows = {s.id: s.follows for s in ledger.submissions()}
    (first,) = [name for name in follows if not follows[name]]
    assert len(follows) == 3 and list(follows.values()).count(first) == 1
    status = run_chartgap("status", "--out", out).stdout
    assert f"follows {first}" in status
    assert "Last: run of " in status and "1 in = 0 done" in status
    assert re.search(r"document\.unsupported +3\n", status)
    assert re.search(r"quarantined, document.unsupported in ingest, tried \d+ (s|min) ago", status)


def test_eight_digits_that_agree_do_not_take_anothers_place(queue: tuple[Path, Path]) -> None:
    inbox, out = queue
    with Ledger.open(out) as ledger:
        (known,) = [s for s in ledger.submissions() if s.name == "named.pdf"]
        forged = known.sha256[:8] + "0" * 56
        ledger.record(known._replace(sha256=forged), {})
    run_queue(inbox, out, options=ONE)
    with Ledger.open(out) as ledger:
        ids = {s.sha256: s.id for s in ledger.submissions()}
    assert (ids[forged], ids[known.sha256]) == (known.id, f"named-{known.sha256[:16]}")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount")
def test_a_read_only_out_is_told_and_left_alone(queue: tuple[Path, Path], tmp_path: Path) -> None:
    inbox, out = queue
    seen = tmp_path / "seen"
    seen.mkdir()
    bind = subprocess.run(
        ["mount", "--bind", str(out), str(seen)], capture_output=True, check=False
    )
    if bind.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(seen)], check=True)
        result = run_chartgap("run", inbox, "--out", seen)
        assert result.returncode == 2
        assert "cannot be written (Read-only file system)" in result.stderr
        assert run_chartgap("status", "--out", seen).returncode == 0
    finally:
        subprocess.run(["umount", str(seen)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount")
def test_a_full_disk_loses_nothing(queue: tuple[Path, Path], tmp_path: Path) -> None:
    inbox, finished = queue
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        full = run_chartgap("run", inbox, "--out", disk / "out", "--workers", 1)
        assert full.returncode in (1, 2)
        assert (
            "os.ENOSPC" in full.stderr
            or "No space left" in full.stderr
            or "no space" in full.stderr
        )
        subprocess.run(["mount", "-o", "remount,size=100m", str(disk)], check=True)
        run_chartgap("run", inbox, "--out", disk / "out", "--workers", 1)
        assert tree(disk / "out") == tree(finished)
        assert not list((disk / "out").rglob(".*.????????"))
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_what_a_killed_write_left_is_removed(queue: tuple[Path, Path]) -> None:
    inbox, out = queue
    (folder,) = out.glob("submissions/named-*")
    for path in (folder / ".case.json.abcd1234", out / ".gaps.csv.wxyz_789"):
        path.write_text("half", encoding="utf-8")
    run_queue(inbox, out, options=ONE)
    assert not list(out.rglob(".*.????????"))


def test_a_poison_is_given_up_after_three_times_and_retried_on_demand(
    queue: tuple[Path, Path],
) -> None:
    inbox, out = queue
    with Ledger.open(out) as ledger:
        (known,) = [s for s in ledger.submissions() if s.name == "named.pdf"]
        broken = known._replace(state="quarantined", error_class="worker.crashed", attempts=3)
        ledger.record(broken, {})
    assert run_queue(inbox, out, options=ONE).outcomes == []
    # The empty file is to blame itself: to read it again would be of no use.
    again = retry(out, options=ONE)
    assert again.files == {"done": 1}
    assert [outcome.changes for outcome in again.outcomes] == [("state: quarantined -> done",)]
    assert retry(out, options=ONE).files == {}


def test_reprocessing_by_hashes_or_policy_does_nothing_twice(queue: tuple[Path, Path]) -> None:
    _, out = queue
    assert reprocess(out, options=ONE).outcomes == []
    with Ledger.open(out) as ledger:
        policies = {s.policy_id for s in ledger.submissions()} - {""}
    assert policies
    assert reprocess(out, policy_id=policies.pop(), options=ONE).outcomes == []
    with pytest.raises(UsageError, match="known are: "):
        reprocess(out, policy_id="none", options=ONE)


# ------------------------------------------------------------------------------- the patient


def test_out_is_closed_to_others_even_when_somebody_else_made_it(
    read_once: tuple[Path, Path],
) -> None:
    _, out = read_once
    for path in (out, *out.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path.name


def test_log_summary_and_metrics_name_no_file_and_no_patient(
    read_once: tuple[Path, Path],
) -> None:
    _, out = read_once
    watched = [
        out / name for name in ("log.jsonl", "run_summary.json", "metrics.prom", "runs.jsonl")
    ]
    for path in watched:
        content = path.read_text("utf-8")
        assert CANARY not in content and "named" not in content and ".pdf" not in content
    lines = [json.loads(line) for line in watched[0].read_text("utf-8").splitlines()]
    stages = [line["stage"] for line in lines if line.get("result") == "made"]
    assert {stages.count(stage) for stage in ("ingest", "nlp", "normalize", "criteria")} == {2}
    for line in lines:
        if line.get("result") == "made":
            assert re.fullmatch("[0-9a-f]{8}", line["submission"])
            assert line["bytes"] > 0 and line["seconds"] >= 0 and line["version"]
    summary = json.loads(watched[1].read_text("utf-8"))
    assert summary["files_in"] == 3 == summary["done"] + summary["quarantined"]
    metrics = watched[2].read_text("utf-8")
    assert 'chartgap_submissions{state="done"} 2\n' in metrics
    for line in metrics.splitlines():
        sample = r'[a-z_]+(\{[a-z_]+="[^"\\\n]*"\})? [0-9.e+-]+'
        assert re.fullmatch(rf"# (HELP|TYPE) [a-z_]+ .+|{sample}", line), line


def test_nothing_of_a_packet_is_seen_while_it_is_read(tmp_path: Path) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    for number in range(3):
        write_pdf(inbox / f"{CANARY}{number}.pdf", LINES, (f"Visit {number}",))
    command = [sys.executable, "-m", "pipeline", "run", str(inbox), "--out", str(out)]
    command += ["--workers", "1"]
    environment = os.environ | {"TMPDIR": str(tmp_path / "tmp")}
    (tmp_path / "tmp").mkdir()
    seen: set[bytes] = set()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        while process.poll() is None:
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(path.read_bytes() + path.with_name("comm").read_bytes())
                except OSError:
                    continue
            for path in (*(tmp_path / "tmp").rglob("*"), *(out / ".scratch").rglob("*")):
                seen.add(path.name.encode())
            time.sleep(0.05)
        assert process.stderr is not None
        seen.add(process.stderr.read())
    assert not [title for title in seen if CANARY.encode() in title]
    assert list((tmp_path / "tmp").iterdir()) == []
    assert not (out / ".scratch").exists()


def test_hostile_names_become_rows_and_pages_that_are_safe(tmp_path: Path) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    names = ["=cmd|'!A1'.pdf", "<script>alert(1)<.pdf", "a\nb.pdf", "\u202efdp.pdf", "-rf.pdf"]
    packet = write_pdf(tmp_path / "packet.pdf", REQUEST, NOTE)
    for number, name in enumerate(names):
        folder = inbox / f"{number}{name}"
        folder.mkdir(parents=True)
        shutil.copy(packet, folder / name)
        (folder / f"{number}.pdf").write_bytes(b"")
        settle(folder / f"{number}.pdf")
        settle(folder / name)
    os.mkfifo(inbox / "pipe.pdf")
    (inbox / "link.pdf").symlink_to("/etc/hostname")
    with (inbox / "sparse.pdf").open("wb") as file:
        file.truncate(1 << 40)
    settle(inbox / "sparse.pdf")
    result = run_chartgap("run", inbox, "--out", out, "--workers", 1)
    assert "6 in = 0 done + 5 flagged + 1 quarantined" in result.stdout, result.stdout
    assert "2 entries skipped" in result.stdout
    for path in out.glob("*.csv"):
        rows = csv.reader(StringIO(path.read_text("utf-8"), newline=""))
        assert not [c for row in rows for c in row if re.match(r"[=@\t\r\n]", c)], path.name
    for page in out.glob("submissions/*/gap_report.html"):
        assert "<script" not in page.read_text("utf-8")
        assert page.parent.parent == out / "submissions"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root for a namespace without network")
def test_no_command_needs_a_network(queue: tuple[Path, Path]) -> None:
    inbox, out = queue
    alone = ["unshare", "-n", sys.executable, "-m", "pipeline"]
    if subprocess.run(["unshare", "-n", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no namespaces here")
    for command in (
        ["run", str(inbox), "--out", str(out)],
        ["reprocess", "--out", str(out), "--from", "normalize", "--workers", "1"],
        ["corrections", "apply", str(out / "labs.csv"), "--out", str(out), "--by", "anna"],
        ["status", "--out", str(out)],
    ):
        result = subprocess.run([*alone, *command], capture_output=True, text=True, check=False)
        assert result.returncode in (0, 1), result.stderr
        assert "a fault" not in result.stderr
