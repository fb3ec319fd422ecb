"""A queue from files to reports, by the command that users type."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.ledger import Ledger
from pipeline.lexicon import models_dir
from pipeline.schema import Case, Document, GapReport, Mentions
from pipeline.store import ARTIFACTS, STAGES
from tests.conftest import (
    NOTE,
    REQUEST,
    Chartgap,
    lock_pdf,
    readers_of,
    run_chartgap,
    settle,
    write_pdf,
)


class Finished(NamedTuple):
    """A queue that was run once."""

    inbox: Path
    out: Path
    result: subprocess.CompletedProcess[str]
    before: dict[Path, tuple[int, int]]


def fill(inbox: Path) -> None:
    """Two good submissions, one partly readable, one twice, and four that cannot be read."""
    whole = write_pdf(inbox / "whole.pdf", REQUEST, NOTE)
    settle((inbox / "whole again.pdf").parent)
    (inbox / "whole again.pdf").write_bytes(whole.read_bytes())
    write_pdf(inbox / "folder" / "1_request.pdf", REQUEST)
    write_pdf(inbox / "folder" / "2_note.pdf", NOTE)
    write_pdf(inbox / "partly" / "1_request.pdf", REQUEST)
    (inbox / "partly" / "2_note.pdf").write_bytes(b"")
    (inbox / "empty.pdf").write_bytes(b"")
    (inbox / "letter.pdf").write_bytes(b"Dear colleague, this is no PDF at all.\n" * 40)
    lock_pdf(whole, inbox / "locked.pdf")
    (inbox / "cut.pdf").write_bytes(whole.read_bytes()[:400])
    for path in inbox.rglob("*"):
        settle(path)


def changes(folder: Path) -> dict[Path, tuple[int, int]]:
    """When each file was last changed, and which file it is."""
    stats = {path: path.stat() for path in folder.rglob("*") if path.is_file()}
    return {path: (found.st_mtime_ns, found.st_ino) for path, found in stats.items()}


def states(out: Path) -> dict[str, str]:
    """State and code of each submission, by name."""
    with Ledger.open(out) as ledger:
        return {s.name: f"{s.state} {s.error_class}".strip() for s in ledger.submissions()}


def identifier(out: Path, name: str) -> str:
    with Ledger.open(out) as ledger:
        return next(s.id for s in ledger.submissions() if s.name == name)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    base = tmp_path_factory.mktemp("queue")
    inbox, out = base / "inbox", base / "out"
    fill(inbox)
    before = changes(inbox)
    # The umask of a careless shell must not open the output to others.
    return Finished(
        inbox, out, run_chartgap("run", inbox, "--out", out, "--workers", 1, umask=0), before
    )


def test_each_submission_ends_in_its_own_state(finished: Finished) -> None:
    found = states(finished.out)
    assert found.pop("whole.pdf", found.pop("whole again.pdf", "")) == "done"
    assert found == {
        "folder": "done",
        "partly": "flagged",
        "empty.pdf": "quarantined document.empty",
        "letter.pdf": "quarantined document.unsupported",
        "locked.pdf": "quarantined document.encrypted",
        "cut.pdf": "quarantined document.damaged",
    }


def test_the_broken_ones_are_named_and_the_exit_code_says_so(finished: Finished) -> None:
    assert finished.result.returncode == 1
    for name, code in {"empty": "empty", "letter": "unsupported", "locked": "encrypted"}.items():
        assert f"{identifier(finished.out, f'{name}.pdf')}: quarantined, document.{code}" in (
            finished.result.stderr
        )
    last = finished.result.stdout.splitlines()[-1]
    # The copy counts with the submission that it is a copy of.
    assert last.startswith("8 in = 3 done + 1 flagged + 4 quarantined + 0 failed + 0 waiting")
    assert "1 same as another" in finished.result.stdout


def test_every_artifact_can_be_read_back(finished: Finished) -> None:
    folder = finished.out / "submissions" / identifier(finished.out, "folder")
    assert {path.name for path in folder.iterdir()} == set(ARTIFACTS.values())
    kinds = {"document": Document, "mentions": Mentions, "case": Case, "gap_report": GapReport}
    for name, kind in kinds.items():
        kind.model_validate_json((folder / f"{name}.json").read_bytes())
    report = json.loads((folder / "gap_report.json").read_text(encoding="utf-8"))
    assert report["submission_id"] == folder.name
    assert report["source_files"] == ["1_request.pdf", "2_note.pdf"]
    assert (folder / "gap_report.html").read_text(encoding="utf-8").lstrip().startswith("<")


def test_a_submission_that_cannot_be_read_leaves_no_artifacts(finished: Finished) -> None:
    assert len(list((finished.out / "submissions").iterdir())) == 3


def test_the_inbox_is_left_as_it_was(finished: Finished) -> None:
    assert changes(finished.inbox) == finished.before


def test_only_the_owner_can_read_the_output(finished: Finished) -> None:
    for path in (finished.out, *finished.out.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path.name


def test_a_second_run_does_nothing(finished: Finished, chartgap: Chartgap) -> None:
    before = changes(finished.out / "submissions"), (finished.out / "gaps.csv").stat().st_mtime_ns
    again = chartgap("run", finished.inbox, "--out", finished.out)
    after = changes(finished.out / "submissions"), (finished.out / "gaps.csv").stat().st_mtime_ns
    assert before == after
    assert again.returncode == 1  # the quarantined are still not done
    assert "7 unchanged" in again.stdout


def test_status_counts_and_explains(finished: Finished, chartgap: Chartgap) -> None:
    status = chartgap("status", "--out", finished.out)
    assert status.returncode == 0
    counts = dict(line.split()[:2] for line in status.stdout.splitlines()[:7])
    assert (counts["done"], counts["flagged"], counts["quarantined"]) == ("2", "1", "4")
    assert "quarantined, document.encrypted in ingest" in status.stdout


@pytest.mark.parametrize("since", STAGES[:4])
def test_reprocess_redoes_a_stage_and_those_after_it(
    finished: Finished, chartgap: Chartgap, since: str
) -> None:
    name = identifier(finished.out, "folder")
    before = changes(finished.out / "submissions")
    result = chartgap("reprocess", "--out", finished.out, "--from", since, name)
    assert result.returncode == 0, result.stderr
    after = changes(finished.out / "submissions")
    redone = {path.name for path in before if before[path] != after[path]}
    # What only shows the findings stays while these stay.
    assert redone == {ARTIFACTS[stage] for stage in STAGES[STAGES.index(since) : 4]}
    assert {path.parent.name for path in before if before[path] != after[path]} == {name}


def test_a_damaged_artifact_is_made_again(finished: Finished, chartgap: Chartgap) -> None:
    folder = finished.out / "submissions" / identifier(finished.out, "folder")
    whole = (folder / "case.json").read_bytes()
    (folder / "case.json").write_bytes(whole[: len(whole) // 2])
    before = changes(folder)
    chartgap("run", finished.inbox, "--out", finished.out)
    assert (folder / "case.json").read_bytes() == whole
    after = changes(folder)
    # What was made from it is as it was, and need not be made again.
    assert {path.name for path in before if before[path] != after[path]} == {"case.json"}


def test_a_changed_policy_redoes_the_criteria_only(
    finished: Finished, chartgap: Chartgap, tmp_path: Path
) -> None:
    for path in (models_dir() / "policies").glob("*.yaml"):
        changed = path.read_text(encoding="utf-8") + "\n# a remark\n"
        (tmp_path / path.name).write_text(changed, encoding="utf-8")
    folder = finished.out / "submissions" / identifier(finished.out, "folder")
    before = changes(folder)
    chartgap("run", finished.inbox, "--out", finished.out, "--policy", tmp_path)
    after = changes(folder)
    redone = {path.name for path in before if before[path] != after[path]}
    # A remark changes nothing in the report, so that the page for people stays.
    assert redone == {"gap_report.json", "what_to_send.json"}


def test_what_takes_too_long_is_given_up_and_can_be_tried_again(
    chartgap: Chartgap, tmp_path: Path
) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    write_pdf(inbox / "a.pdf", REQUEST)
    result = chartgap("run", inbox, "--out", out, "--timeout", 0.01)
    assert result.returncode == 1
    assert states(out) == {"a.pdf": "quarantined document.timeout"}
    # The same again would take as long again, unless somebody asks for it.
    assert "1 unchanged" in chartgap("run", inbox, "--out", out).stdout
    assert chartgap("reprocess", "--out", out, "--from", "ingest").returncode == 0
    assert states(out) == {"a.pdf": "done"}
    # Another file in its place is another submission; the two are never mixed.
    first = identifier(out, "a.pdf")
    write_pdf(inbox / "a.pdf", NOTE)
    gone = chartgap("reprocess", "--out", out, "--from", "ingest", first)
    assert "1 waiting" in gone.stdout
    chartgap("run", inbox, "--out", out, "--timeout", 0.01)
    with Ledger.open(out) as ledger:
        assert {s.id: s.error_class for s in ledger.submissions()}[first] == "source.missing"
        assert len(ledger.submissions()) == 2


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux")
def test_a_crash_costs_that_submission_only_and_is_tried_again(
    chartgap: Chartgap, tmp_path: Path
) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    for number in range(3):
        write_pdf(inbox / f"{number}.pdf", REQUEST, (f"Visit {number}",))
    command = [sys.executable, "-m", "pipeline", "run", str(inbox), "--out", str(out)]
    process = subprocess.Popen(
        [*command, "--workers", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not list(out.glob("submissions/*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    for worker in readers_of(process.pid):
        os.kill(worker, signal.SIGKILL)
    said, errors = process.communicate(timeout=300)
    assert (process.returncode, errors) == (0, "")
    assert "3 in = 3 done" in said
    lines = [json.loads(line) for line in (out / "log.jsonl").read_text("utf-8").splitlines()]
    (lost,) = [line for line in lines if line.get("error")]
    assert (lost["result"], lost["error"]) == ("failed", "worker.killed")


def test_an_unusable_command_exits_with_2(chartgap: Chartgap, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    assert chartgap("run", tmp_path / "missing", "--out", tmp_path / "o").returncode == 2
    assert chartgap("run", inbox, "--out", inbox / "out").returncode == 2
    assert chartgap("run", inbox).returncode == 2
    assert chartgap("run", inbox, "--out", tmp_path / "o", "--policy", inbox).returncode == 2
    assert chartgap("run", inbox, "--out", tmp_path / "o", "--engine", "dask").returncode == 2
    assert chartgap("status", "--out", inbox).returncode == 2
    assert chartgap("review", "--out", tmp_path / "o").returncode == 2
    assert chartgap("policy", "check", tmp_path / "missing.yaml").returncode == 2
    assert list(inbox.iterdir()) == []


def test_an_empty_queue_is_no_error(chartgap: Chartgap, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    result = chartgap("run", tmp_path / "inbox", "--out", tmp_path / "out")
    assert (result.returncode, result.stderr) == (0, "")
    unknown = chartgap("reprocess", "--out", tmp_path / "out", "--from", "nlp", "nobody-00000000")
    assert unknown.returncode == 2


def test_two_runs_in_one_folder_are_refused(chartgap: Chartgap, tmp_path: Path) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    growing = inbox / "a.pdf"
    growing.write_bytes(b"x")
    os.utime(growing, (time.time() + 2, time.time() + 2))  # the first run looks twice, 2 s apart
    command = [sys.executable, "-m", "pipeline", "run", str(inbox), "--out", str(out)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
        deadline = time.monotonic() + 60
        while not (out / "ledger.sqlite").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        first.send_signal(signal.SIGSTOP)  # for as long as the second needs to begin
        result = chartgap("run", inbox, "--out", out)
        first.kill()
    assert result.returncode == 2
    assert f"another run is at work here (process {first.pid} on " in result.stderr
    # What a killed run leaves of its lock keeps nobody off.
    assert "1 in" in chartgap("run", inbox, "--out", out).stdout
