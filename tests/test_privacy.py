"""No word of a packet reaches the screen or the ledger, whatever happens to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import worker
from tests.conftest import Chartgap, lock_pdf, settle, write_pdf

CANARIES = ("Quillfeather", "Zebedee", "03/17/1951", "XK-4471902", "tocilizumabish")
LINES = (
    "Patient: Quillfeather, Zebedee   DOB: 03/17/1951   MRN: XK-4471902",
    "Polymyositis. Took tocilizumabish 40 mg daily for 9 weeks without benefit.",
)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inbox")
    whole = write_pdf(folder / "whole.pdf", LINES, LINES)
    lock_pdf(whole, folder / "locked.pdf")
    text = "\n".join(LINES).encode() * 30
    broken = {
        "letter.pdf": text,
        "header_only.pdf": b"%PDF-1.7\n" + text,
        "cut.pdf": whole.read_bytes()[:-300],
        "garbled.pdf": whole.read_bytes().replace(b"endobj", text),
        "picture.png": b"\x89PNG\r\n\x1a\n" + text,
        "fax.tif": b"II*\x00" + text,
    }
    for name, content in broken.items():
        (folder / name).write_bytes(content)
        settle(folder / name)
    return folder


def test_output_and_ledger_hold_nothing_of_a_packet(
    inbox: Path, tmp_path: Path, chartgap: Chartgap
) -> None:
    out = tmp_path / "out"
    run = chartgap("run", inbox, "--out", out, "--workers", 1, "-v")
    status = chartgap("status", "--out", out, "-v")
    again = chartgap("reprocess", "--out", out, "--from", "normalize", "-v")
    said = "".join(r.stdout + r.stderr for r in (run, status, again))
    ledger = (out / "ledger.sqlite").read_bytes()
    assert "whole-" in said
    for canary in CANARIES:
        assert canary not in said
        assert canary.encode() not in ledger
    # The packet itself was read: the words are where they belong.
    (document,) = out.glob("submissions/whole-*/document.json")
    assert "Quillfeather" in document.read_text(encoding="utf-8")


def test_a_fault_is_kept_without_its_message() -> None:
    try:
        int(LINES[0])
    except ValueError as error:
        outcome = worker.failure("a-1", error, "normalize", {}, ())
    assert (outcome.state, outcome.error_class) == ("failed", "error.ValueError")
    assert not any(canary in str(outcome) for canary in CANARIES)
