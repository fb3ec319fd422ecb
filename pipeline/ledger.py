"""The ledger: what became of every submission, in one SQLite file that only the parent writes.

It holds names of files, hashes, states, codes and times; nothing that stands in a submission.
Each row is then also kept in a small file of its own under `records/`, from which a damaged ledger
is rebuilt. A record may be a step behind; what it says of an artifact is checked before use.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Self

from pipeline.errors import UsageError
from pipeline.store import STAGES, Made, make_private_folder, write_atomically

FILE_NAME = "ledger.sqlite"
RECORDS = "records"
RUNS = "runs.jsonl"
SETTINGS = "_settings.json"  # no id of a submission begins so
REBUILD = "`chartgap rebuild --out OUT` makes it anew from what lies in OUT"

# States of a submission. `flagged` is done too, but some of it could not be read or is not the
# patient's; `waiting` is tried again at the next run.
STATES = ("done", "flagged", "quarantined", "failed", "waiting")
REPORTED = ("done", "flagged")
TROUBLED = ("quarantined", "failed")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS submissions (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,             -- of the file or folder, as it can be printed
    sha256 TEXT NOT NULL UNIQUE,    -- of the content
    source BLOB NOT NULL,           -- path of the file or folder, as the system has it
    state TEXT NOT NULL,
    error_class TEXT NOT NULL,      -- code of the error, '' if none
    error_stage TEXT NOT NULL,      -- stage that it arose in, '' if unknown
    error_frames TEXT NOT NULL,     -- where in the code, without the message
    attempts INTEGER NOT NULL,      -- failures in a row under the same recipe, but passing ones
    recipe TEXT NOT NULL,           -- digest of code, libraries and knowledge last tried with
    software_version TEXT NOT NULL,
    policy_id TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    updated TEXT NOT NULL,
    follows TEXT NOT NULL DEFAULT ''   -- id of the submission that bore the name before, '' if none
);
CREATE TABLE IF NOT EXISTS stages (
    submission_id TEXT NOT NULL REFERENCES submissions (id),
    stage TEXT NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    seconds REAL NOT NULL,
    peak_mib REAL NOT NULL,
    PRIMARY KEY (submission_id, stage)
);
CREATE TABLE IF NOT EXISTS arrivals (
    name TEXT PRIMARY KEY,          -- of an entry of the inbox
    state TEXT NOT NULL,            -- submitted, duplicate, waiting, unreadable
    sha256 TEXT NOT NULL,           -- '' while waiting
    seen TEXT NOT NULL              -- last; of what cannot be opened, first
);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS runs (
    started TEXT PRIMARY KEY,
    ended TEXT NOT NULL,            -- '' while it is at work, and of one that was killed
    command TEXT NOT NULL,
    files_in INTEGER NOT NULL,
    done INTEGER NOT NULL,
    flagged INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    redone INTEGER NOT NULL,        -- submissions that any stage was run for
    CHECK (files_in = done + flagged + quarantined + failed + waiting)
);
"""


class Submission(NamedTuple):
    """A submission as the ledger has it; times are UTC, ISO 8601."""

    id: str
    name: str
    sha256: str
    source: bytes
    state: str
    error_class: str = ""
    error_stage: str = ""
    error_frames: str = ""
    attempts: int = 0
    recipe: str = ""
    software_version: str = ""
    policy_id: str = ""
    policy_version: str = ""
    first_seen: str = ""
    updated: str = ""
    follows: str = ""


class Unopened(NamedTuple):
    """An entry of the inbox that cannot be opened, so that it has no hash and no id."""

    name: str
    since: str

    @property
    def state(self) -> str:
        """It is tried again at every run."""
        return "failed"

    @property
    def error_class(self) -> str:
        """Why it cannot be opened is the system's matter."""
        return "source.unreadable"


class Run(NamedTuple):
    """What one command did: files in, and how many of them are in which state now."""

    started: str
    ended: str = ""
    command: str = ""
    files_in: int = 0
    done: int = 0
    flagged: int = 0
    quarantined: int = 0
    failed: int = 0
    waiting: int = 0
    redone: int = 0


class Ledger:
    """An open ledger; every change is durable when the method returns."""

    def __init__(self, connection: sqlite3.Connection, out: Path) -> None:
        self._db = connection
        self._out = out

    @classmethod
    def open(cls, out: Path, *, create: bool = False) -> Self:
        """The ledger of `out`; raises UsageError when there is none (and not `create`).

        Also when it is damaged, or empty while there are records of what stood in it.
        """
        path = out / FILE_NAME
        if not path.is_file():
            if any(records(out)):
                raise UsageError(f"{path}: the ledger is gone; {REBUILD}")
            if not create:
                raise UsageError(f"{out}: no {FILE_NAME} here; `chartgap run` makes one")
        if create:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            path.chmod(0o600)
        try:
            return cls(_connect(path), out)
        except sqlite3.DatabaseError as error:
            raise UsageError(trouble(error, path)) from error

    @classmethod
    def fresh(cls, path: Path, out: Path) -> Self:
        """An empty ledger of `out` in a file of its own, in place of what may be there."""
        path.unlink(missing_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        connection = sqlite3.connect(path)
        connection.executescript(_SCHEMA)
        return cls(connection, out)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- submissions

    def submissions(self) -> list[Submission]:
        """All, by id."""
        query = f"SELECT {', '.join(Submission._fields)} FROM submissions ORDER BY id"
        with contextlib.closing(self._db.execute(query)) as rows:
            return [Submission(*row) for row in rows]

    def by_content(self) -> dict[str, Submission]:
        """All, by the hash of their content."""
        return {submission.sha256: submission for submission in self.submissions()}

    def made(self) -> dict[str, dict[str, Made]]:
        """The artifacts of each submission, by stage."""
        found: dict[str, dict[str, Made]] = {}
        query = "SELECT submission_id, stage, key, digest, seconds, peak_mib FROM stages"
        with contextlib.closing(self._db.execute(query)) as rows:
            for submission_id, stage, *cells in rows:
                found.setdefault(submission_id, {})[stage] = Made(*cells)
        return found

    def record(self, submission: Submission, made: dict[str, Made]) -> None:
        """Keep what became of a submission and, in place of the former ones, its artifacts."""
        now = _now()
        row = submission._replace(first_seen=submission.first_seen or now, updated=now)
        stages = {stage: made[stage] for stage in STAGES if stage in made}
        self.restore(row, stages)
        write_record(self._out, row, stages)

    def restore(self, row: Submission, made: Mapping[str, Made]) -> None:
        """Enter a submission as it was recorded."""
        with self._db:
            self._db.execute(
                f"INSERT OR REPLACE INTO submissions ({', '.join(Submission._fields)})"
                f" VALUES ({', '.join('?' * len(row))})",
                row,
            )
            self._db.execute("DELETE FROM stages WHERE submission_id = ?", (row.id,))
            self._db.executemany(
                "INSERT INTO stages VALUES (?, ?, ?, ?, ?, ?)",
                [(row.id, stage, *cells) for stage, cells in made.items()],
            )

    def move(self, submission: Submission, source: bytes) -> Submission:
        """Keep where the content was last seen."""
        if source == submission.source:
            return submission
        moved = submission._replace(source=source)
        with self._db:
            self._db.execute(
                "UPDATE submissions SET source = ? WHERE id = ?", (source, submission.id)
            )
        write_record(self._out, moved, self.made().get(submission.id, {}))
        return moved

    # -- the rest

    def arrive(self, arrivals: Iterable[tuple[str, str, str]]) -> None:
        """Keep what was found in the inbox: name, state, hash."""
        now = _now()
        since = {one.name: one.since for one in self.unopened()}
        rows = [
            (name, state, sha256, since.get(name, now) if state == "unreadable" else now)
            for name, state, sha256 in arrivals
        ]
        with self._db:
            # What waited may have been renamed since.
            self._db.execute("DELETE FROM arrivals WHERE state IN ('waiting', 'unreadable')")
            self._db.executemany("INSERT OR REPLACE INTO arrivals VALUES (?, ?, ?, ?)", rows)

    def unopened(self) -> list[Unopened]:
        """What could not be opened when last looked at, by name."""
        query = "SELECT name, seen FROM arrivals WHERE state = 'unreadable' ORDER BY name"
        with contextlib.closing(self._db.execute(query)) as rows:
            return [Unopened(*row) for row in rows]

    def arrivals(self, state: str) -> list[str]:
        """Names of the inbox entries last seen in a state."""
        query = "SELECT name FROM arrivals WHERE state = ? ORDER BY name"
        with contextlib.closing(self._db.execute(query, (state,))) as rows:
            return [name for (name,) in rows]

    def setting(self, name: str) -> str:
        """A value kept for the next command; '' if there is none."""
        query = "SELECT value FROM settings WHERE name = ?"
        with contextlib.closing(self._db.execute(query, (name,))) as rows:
            row = rows.fetchone()
        return "" if row is None else str(row[0])

    def set(self, name: str, value: str) -> None:
        """Keep a value for the next command."""
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))

    def adopt(self, settings: Mapping[str, str]) -> None:
        """Keep what decides how submissions are read, also for a ledger made anew."""
        if any(self.setting(name) != value for name, value in settings.items()):
            content = json.dumps(settings, sort_keys=True)
            make_private_folder(self._out / RECORDS)
            write_atomically(self._out / RECORDS / SETTINGS, content.encode())
        for name, value in settings.items():
            self.set(name, value)

    def log_run(self, run: Run) -> None:
        """Keep what a command did; SQLite refuses numbers that do not balance."""
        with self._db:
            self._db.execute(
                f"INSERT OR REPLACE INTO runs ({', '.join(Run._fields)})"
                f" VALUES ({', '.join('?' * len(run))})",
                run,
            )

    def runs(self) -> list[Run]:
        """All commands that changed something, the last one last, whatever the clock said."""
        query = f"SELECT {', '.join(Run._fields)} FROM runs ORDER BY rowid"
        with contextlib.closing(self._db.execute(query)) as rows:
            return [Run(*row) for row in rows]


def is_gone(submission: Submission) -> bool:
    """Whether its file has left the inbox."""
    try:
        os.lstat(submission.source)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:  # it cannot be told
        return False
    return False


def unreported(submissions: Iterable[Submission]) -> list[Submission]:
    """Those that somebody waits for: without a report, in the inbox, not replaced by another."""
    known = list(submissions)
    replaced = {(one.follows, one.source) for one in known}
    return [
        one
        for one in known
        if one.state not in REPORTED and (one.id, one.source) not in replaced and not is_gone(one)
    ]


# --------------------------------------------------------------------- damage and repair


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(_SCHEMA)
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError("damaged")
        known = {row[1] for row in connection.execute("PRAGMA table_info(submissions)")}
        if "follows" not in known:  # a ledger of an earlier version
            connection.execute(
                "ALTER TABLE submissions ADD COLUMN follows TEXT NOT NULL DEFAULT ''"
            )
        (count,) = connection.execute("SELECT count(*) FROM submissions").fetchone()
        if not count and any(records(path.parent)):
            raise sqlite3.DatabaseError("emptied")
    except BaseException:
        connection.close()
        raise
    return connection


def trouble(error: sqlite3.Error, path: Path) -> str:
    """What is wrong with a ledger, in words, and what to do."""
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith("SQLITE_FULL"):
        return f"{path}: no space left on the disk; nothing is lost, run again when there is"
    if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_BUSY")):
        return f"{path}: cannot be written ({code})"
    return f"{path}: the ledger is damaged; {REBUILD}"


def records(out: Path) -> Iterable[Path]:
    """The files that the rows of submissions are also kept in, by name."""
    return sorted(path for path in (out / RECORDS).glob("[!._]*.json"))


def write_record(out: Path, row: Submission, made: Mapping[str, Made]) -> None:
    """Keep a row of the ledger beside it."""
    cells = row._asdict() | {"source": os.fsdecode(row.source)}  # any bytes, as JSON escapes
    content = json.dumps({"submission": cells, "made": made}, indent=0)
    make_private_folder(out / RECORDS)
    write_atomically(out / RECORDS / f"{row.id}.json", content.encode("ascii"))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
