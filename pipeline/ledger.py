"""The ledger: what became of every submission, in one SQLite file that only the parent writes.

It holds names of files, hashes, states, codes and times; nothing that stands in a submission.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Self

from pipeline.errors import UsageError
from pipeline.store import STAGES, Made

FILE_NAME = "ledger.sqlite"

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
    attempts INTEGER NOT NULL,      -- failures in a row under the same recipe
    recipe TEXT NOT NULL,           -- digest of code, libraries and knowledge last tried with
    software_version TEXT NOT NULL,
    policy_id TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    updated TEXT NOT NULL
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
    seen TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
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


class Ledger:
    """An open ledger; every change is durable when the method returns."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    def open(cls, out: Path, *, create: bool = False) -> Self:
        """The ledger of `out`; raises UsageError when there is none (and not `create`)."""
        path = out / FILE_NAME
        if create:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            path.chmod(0o600)
        elif not path.is_file():
            raise UsageError(f"{out}: no {FILE_NAME} here; `chartgap run` makes one")
        try:
            connection = sqlite3.connect(path)
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(_SCHEMA)
        except sqlite3.DatabaseError as error:
            raise UsageError(f"{path}: cannot be used as a ledger") from error
        return cls(connection)

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
        with closing(self._db.execute(query)) as rows:
            return [Submission(*row) for row in rows]

    def by_content(self) -> dict[str, Submission]:
        """All, by the hash of their content."""
        return {submission.sha256: submission for submission in self.submissions()}

    def made(self) -> dict[str, dict[str, Made]]:
        """The artifacts of each submission, by stage."""
        found: dict[str, dict[str, Made]] = {}
        query = "SELECT submission_id, stage, key, digest, seconds, peak_mib FROM stages"
        with closing(self._db.execute(query)) as rows:
            for submission_id, stage, *cells in rows:
                found.setdefault(submission_id, {})[stage] = Made(*cells)
        return found

    def record(self, submission: Submission, made: dict[str, Made]) -> None:
        """Keep what became of a submission and, in place of the former ones, its artifacts."""
        now = _now()
        row = submission._replace(first_seen=submission.first_seen or now, updated=now)
        with self._db:
            self._db.execute(
                f"INSERT OR REPLACE INTO submissions ({', '.join(Submission._fields)})"
                f" VALUES ({', '.join('?' * len(row))})",
                row,
            )
            self._db.execute("DELETE FROM stages WHERE submission_id = ?", (row.id,))
            self._db.executemany(
                "INSERT INTO stages VALUES (?, ?, ?, ?, ?, ?)",
                [(row.id, stage, *made[stage]) for stage in STAGES if stage in made],
            )

    def move(self, submission_id: str, source: bytes) -> None:
        """Keep where the content was last seen."""
        with self._db:
            self._db.execute(
                "UPDATE submissions SET source = ? WHERE id = ? AND source <> ?",
                (source, submission_id, source),
            )

    # -- the rest

    def arrive(self, arrivals: Iterable[tuple[str, str, str]]) -> None:
        """Keep what was found in the inbox: name, state, hash."""
        now = _now()
        with self._db:
            # What waited may have been renamed since.
            self._db.execute("DELETE FROM arrivals WHERE state IN ('waiting', 'unreadable')")
            self._db.executemany(
                "INSERT OR REPLACE INTO arrivals VALUES (?, ?, ?, ?)",
                [(*arrival, now) for arrival in arrivals],
            )

    def arrivals(self, state: str) -> list[str]:
        """Names of the inbox entries last seen in a state."""
        query = "SELECT name FROM arrivals WHERE state = ? ORDER BY name"
        with closing(self._db.execute(query, (state,))) as rows:
            return [name for (name,) in rows]

    def setting(self, name: str) -> str:
        """A value kept for the next command; '' if there is none."""
        query = "SELECT value FROM settings WHERE name = ?"
        with closing(self._db.execute(query, (name,))) as rows:
            row = rows.fetchone()
        return "" if row is None else str(row[0])

    def set(self, name: str, value: str) -> None:
        """Keep a value for the next command."""
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
