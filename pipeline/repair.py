"""A ledger made anew from the small files that its rows are also kept in."""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import UsageError
from pipeline.ledger import (
    FILE_NAME,
    RECORDS,
    RUNS,
    SETTINGS,
    STATES,
    Ledger,
    Run,
    Submission,
    records,
)
from pipeline.store import STAGES, Made

# What an unusable file raises where it is read, taken apart or entered.
_UNUSABLE = (
    *(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError),
    *(sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError, OverflowError),
)


class Rebuilt(NamedTuple):
    """A ledger made anew: how many submissions it has, and names of what could not be used."""

    submissions: int
    unusable: tuple[str, ...]


def rebuilt(out: Path) -> Rebuilt:
    """Make the ledger anew from OUT, setting the damaged file aside.

    What a record does not tell (arrivals) is found again by the next run; a submission whose record
    is unusable is read again by it. Raises UsageError.
    """
    paths = list(records(out))
    if not paths and not (out / FILE_NAME).exists():
        raise UsageError(f"{out}: nothing here to rebuild a ledger from")
    unusable = []
    count = 0
    fresh = out / f".{FILE_NAME}.rebuilt"
    with Ledger.fresh(fresh, out) as ledger:
        for path in paths:
            try:
                ledger.restore(*_record(path))
                count += 1
            except _UNUSABLE:
                unusable.append(path)
        runs = out / RUNS
        try:
            lines = runs.read_bytes().splitlines() if runs.exists() else []
        except OSError:
            lines = []
            unusable.append(runs)
        lost = sum(not _restore_run(ledger, line) for line in lines)
        settings = out / RECORDS / SETTINGS
        try:
            for name, value in _settings(settings).items():
                ledger.set(name, value)
        except _UNUSABLE:
            unusable.append(settings)
    for suffix in ("-journal", "-wal", "-shm"):
        out.joinpath(FILE_NAME + suffix).unlink(missing_ok=True)
    if (out / FILE_NAME).exists():
        (out / FILE_NAME).replace(out / f"{FILE_NAME}.damaged")
    fresh.replace(out / FILE_NAME)
    for path in unusable:  # so that nobody takes it for the record of what was lost
        path.replace(path.with_name(f"{path.name}.damaged"))
    names = [str(path.relative_to(out)) for path in unusable]
    return Rebuilt(count, (*names, *([f"{RUNS}: {lost} lines"] if lost else [])))


def _record(path: Path) -> tuple[Submission, dict[str, Made]]:
    content = json.loads(path.read_bytes())
    cells = content["submission"]
    row = Submission(**cells | {"source": os.fsencode(cells["source"])})
    made = {stage: Made(*cells) for stage, cells in content["made"].items()}
    texts = [cell for name, cell in row._asdict().items() if name not in ("source", "attempts")]
    texts += [text for one in made.values() for text in (one.key, one.digest)]
    is_sound = all(isinstance(text, str) for text in texts) and isinstance(row.attempts, int)
    if not is_sound or row.id != path.stem or row.state not in STATES or not set(made) <= {*STAGES}:
        raise ValueError("not the record of this submission")
    for moment in (row.first_seen, row.updated):
        datetime.fromisoformat(moment)
    return row, made


def _restore_run(ledger: Ledger, line: bytes) -> bool:
    """Enter a run as it was noted down; a blank line stands where a kill cut one short."""
    if not line.strip():
        return True
    try:
        run = Run(**json.loads(line))
        if not all(isinstance(text, str) for text in run[:3]):
            raise ValueError("no run")
        ledger.log_run(run)
    except _UNUSABLE:
        return False
    return True


def _settings(path: Path) -> dict[str, str]:
    """What decides how submissions are read; empty when there is no such file."""
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    if not all(isinstance(text, str) for pair in found.items() for text in pair):
        raise ValueError("no settings")
    return dict(found)
