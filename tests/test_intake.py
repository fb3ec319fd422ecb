"""What counts as a submission, and when two are the same."""

from __future__ import annotations

import os
import string
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.intake import MAX_BYTES, Arrival, scan
from pipeline.wording import safe_name
from tests.conftest import settle


def put(path: Path, content: bytes = b"content") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return settle(path)


def arrivals(inbox: Path) -> dict[str, Arrival]:
    return {arrival.name: arrival for arrival in scan(inbox, quiet_s=0.2).arrivals}


def test_every_file_and_every_folder_is_a_submission(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf")
    put(tmp_path / "packet" / "2_note.pdf")
    put(tmp_path / "packet" / "1_form.pdf")
    found = arrivals(tmp_path)
    assert list(found) == ["a.pdf", "packet"]
    assert [path.name for path in found["packet"].files] == ["1_form.pdf", "2_note.pdf"]


def test_a_file_given_as_inbox_is_its_only_submission(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf")
    put(tmp_path / "b.pdf")
    assert list(arrivals(tmp_path / "b.pdf")) == ["b.pdf"]
    (tmp_path / "link.pdf").symlink_to("a.pdf")
    assert list(arrivals(tmp_path / "link.pdf")) == ["a.pdf"]


def test_what_is_no_file_is_skipped_and_counted(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    put(inbox / "a.pdf")
    put(inbox / ".hidden.pdf")
    os.mkfifo(inbox / "pipe.pdf")
    (inbox / "link.pdf").symlink_to(inbox / "a.pdf")
    (inbox / "folder_link").symlink_to(tmp_path)
    put(inbox / "packet" / "a.pdf")
    put(inbox / "packet" / "nested" / "b.pdf")
    (inbox / "packet" / "link.pdf").symlink_to("/etc/hostname")
    found = scan(inbox)
    assert [arrival.name for arrival in found.arrivals] == ["a.pdf", "packet"]
    assert found.skipped == 4
    assert found.arrivals[1].skipped == 2


def test_content_decides_what_is_the_same(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf", b"one")
    put(tmp_path / "b.pdf", b"one")
    put(tmp_path / "c.pdf", b"two")
    found = arrivals(tmp_path)
    assert found["a.pdf"].sha256 == found["b.pdf"].sha256 != found["c.pdf"].sha256


def test_a_file_of_a_folder_counts_with_its_name_and_content(tmp_path: Path) -> None:
    put(tmp_path / "p" / "1.pdf", b"one")
    put(tmp_path / "q" / "2.pdf", b"one")
    put(tmp_path / "r" / "1.pdf", b"two")
    put(tmp_path / "s" / "1.pdf", b"one")
    found = arrivals(tmp_path)
    assert len({arrival.sha256 for arrival in found.values()}) == 3
    assert found["p"].sha256 == found["s"].sha256


def test_a_growing_file_waits(tmp_path: Path) -> None:
    put(tmp_path / "ready.pdf")
    put(tmp_path / "upload.pdf.part")
    growing = tmp_path / "packet" / "growing.pdf"
    put(growing)

    def grow() -> None:
        with growing.open("ab") as file:
            for _ in range(20):
                file.write(b"more")
                file.flush()
                time.sleep(0.05)

    growing.touch()
    thread = threading.Thread(target=grow)
    thread.start()
    found = arrivals(tmp_path)
    thread.join()
    states = {name: arrival.state for name, arrival in found.items()}
    assert states == {"ready.pdf": "ready", "upload.pdf.part": "waiting", "packet": "waiting"}


def test_a_fresh_file_that_no_longer_grows_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"just now")
    assert arrivals(tmp_path)["a.pdf"].state == "ready"


def test_a_huge_sparse_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.pdf").open("wb") as file:
        file.truncate(MAX_BYTES * 1000)
    settle(tmp_path / "huge.pdf")
    assert arrivals(tmp_path)["huge.pdf"].state == "too_large"


def test_an_inbox_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        scan(tmp_path / "missing")


def test_names_that_are_not_utf_8_can_be_printed(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.pdf")
    put(tmp_path / name)
    (arrival,) = scan(tmp_path).arrivals
    assert arrival.name == "caf\\xe9.pdf"
    arrival.submission_id.encode("ascii")


@given(st.text(st.characters(exclude_characters="/\0"), min_size=1))
def test_any_name_becomes_a_safe_one(name: str) -> None:
    safe = safe_name(Path("inbox", name))
    assert set(safe) <= set(string.ascii_letters + string.digits + "._-")
    assert 0 < len(safe) <= 60
    assert safe[0] not in ".-"


def test_what_windows_and_fax_servers_leave_in_a_folder_is_no_page(tmp_path: Path) -> None:
    put(tmp_path / "packet" / "1_form.pdf")
    plain = arrivals(tmp_path)["packet"]
    put(tmp_path / "packet" / "Thumbs.db", b"\xd0\xcf\x11\xe0")
    put(tmp_path / "packet" / "job.xml", b"<fax/>")
    put(tmp_path / "packet" / "note.txt", b"%PDF-1.4 a document by its content")
    put(tmp_path / "packet" / "letter.docx", b"PK")
    packet = arrivals(tmp_path)["packet"]
    assert [p.name for p in packet.files] == ["1_form.pdf", "letter.docx", "note.txt"]
    assert (packet.side_files, packet.skipped) == (2, 0)
    assert packet.sha256 != plain.sha256
