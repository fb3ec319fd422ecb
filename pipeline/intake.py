"""The queue: what lies in INBOX, told apart by content. Nothing here writes."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import Literal, NamedTuple

from pipeline.errors import UsageError
from pipeline.wording import safe_name

# A file modified this recently may still be growing: it is looked at again after as long.
QUIET_S = 2.0
# Names that transfers give to files until they are complete.
UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp", ".download")
# What Windows and fax servers leave beside the pages of a document.
SIDE_FILES = (".db", ".ini", ".xml", ".txt", ".log", ".lnk", ".url", ".json")
DOCUMENTS = (b"%PDF-", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"\x89PNG", b"\xff\xd8\xff")
# Above it a file is not even hashed; a fax of 500 pages has some 50 MB. An assumption.
MAX_BYTES = 1 << 30

State = Literal["ready", "waiting", "too_large", "unreadable"]
Look = dict[Path, tuple[int, int, int]]


class Arrival(NamedTuple):
    """An entry of the inbox.

    Attributes:
        name: As it can be printed.
        files: The file itself, or the files of the folder in name order.
        sha256: Of the content; '' unless `state` is `ready` or `too_large`.
        skipped: Members of the folder that are no files: folders, links, pipes, devices.
        side_files: Members that bear no page: what Windows and fax servers leave in a folder.
    """

    name: str
    path: Path
    files: tuple[Path, ...]
    sha256: str
    state: State
    skipped: int
    side_files: int = 0

    @property
    def submission_id(self) -> str:
        """Stable for the same content under the same name."""
        return self.identifier(8)

    def identifier(self, digits: int) -> str:
        """The safe name and so many digits of the content's hash."""
        return f"{safe_name(self.path)}-{self.sha256[:digits]}"


class Inbox(NamedTuple):
    """What lies in an inbox; `skipped` counts hidden entries, links, pipes and devices."""

    arrivals: tuple[Arrival, ...]
    skipped: int


def scan(inbox: Path, quiet_s: float = QUIET_S) -> Inbox:
    """Look at every entry of `inbox`, twice where it is recent; raises UsageError.

    A file stands for an inbox that holds nothing else. An entry that changes between two looks is `waiting`.
    """
    try:
        entries = [inbox.resolve()] if inbox.is_file() else sorted(inbox.iterdir())
    except OSError as error:
        raise UsageError(f"{inbox}: cannot be read as an inbox ({error.strerror})") from error
    usable = [path for path in entries if _is_plain(path) or _is_folder(path)]
    first = {path: _look(path) for path in usable}
    _let_settle(first, quiet_s)
    arrivals = tuple(_arrival(path, first[path]) for path in usable)
    return Inbox(arrivals, len(entries) - len(usable))


def printable_name(path: Path) -> str:
    """The name, with bytes that are not UTF-8 written as `\\xNN`."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")


def members(path: Path) -> tuple[tuple[Path, ...], int]:
    """The files of a submission in name order, and how many things among them are no files.

    Side files count as neither.
    """
    if not _is_folder(path):
        return (path,), 0
    entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    plain = [entry for entry in entries if _is_plain(entry)]
    return tuple(p for p in plain if not _is_side_file(p)), len(entries) - len(plain)


def side_files(path: Path) -> int:
    """How many files of a folder bear no page."""
    if not _is_folder(path):
        return 0
    return sum(_is_plain(entry) and _is_side_file(entry) for entry in path.iterdir())


def _is_side_file(path: Path) -> bool:
    """Whether it is one by its name, and no document by its content."""
    if path.suffix.lower() not in SIDE_FILES:
        return False
    with path.open("rb") as file:
        head = file.read(1024)
    return not any(mark in head for mark in DOCUMENTS)


def content_hash(path: Path) -> str:
    """SHA-256 of a file, or of the sorted names and hashes of a folder's files."""
    if not _is_folder(path):
        return _file_hash(path)
    digest = hashlib.sha256()
    for member in members(path)[0]:
        digest.update(os.fsencode(member.name) + b"\0" + _file_hash(member).encode() + b"\n")
    return digest.hexdigest()


def _arrival(path: Path, first: Look) -> Arrival:
    files: tuple[Path, ...] = ()
    skipped, beside, sha256 = 0, 0, ""
    try:
        files, skipped = members(path)
        beside = side_files(path)
        state: State = "waiting"
        if sum(size for size, *_ in first.values()) > MAX_BYTES:
            sha256, state = _stand_in_hash(files), "too_large"
        elif _look(path) == first and not any(_is_unfinished(p) for p in (path, *files)):
            sha256 = content_hash(path)
            state = "ready" if _look(path) == first else "waiting"
    except FileNotFoundError:  # moved away meanwhile
        state = "waiting"
    except OSError:
        state = "unreadable"
    return Arrival(printable_name(path), path, files, sha256, state, skipped, beside)


def _look(path: Path) -> Look:
    """Size, time of change and inode of each file of a submission."""
    try:
        stats = {member: member.stat() for member in members(path)[0]}
    except OSError:
        return {}
    return {p: (stat.st_size, stat.st_mtime_ns, stat.st_ino) for p, stat in stats.items()}


def _let_settle(looks: dict[Path, Look], quiet_s: float) -> None:
    """Wait until the youngest of the recent files has had time to grow."""
    changed = [mtime_ns for look in looks.values() for _, mtime_ns, _ in look.values()]
    age_s = time.time() - max(changed, default=0) / 1e9
    if age_s < quiet_s:
        time.sleep(min(quiet_s, quiet_s - age_s))


def _is_unfinished(path: Path) -> bool:
    return path.suffix.lower() in UNFINISHED


def _stand_in_hash(files: tuple[Path, ...]) -> str:
    """Tells submissions that are too large to be read apart: names, sizes and first bytes."""
    digest = hashlib.sha256(b"too large\n")
    for member in files:
        with member.open("rb") as file:
            digest.update(os.fsencode(member.name) + b"\0%d\0" % member.stat().st_size)
            digest.update(file.read(1 << 20))
    return digest.hexdigest()


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.name.startswith(".")


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not path.name.startswith(".")
