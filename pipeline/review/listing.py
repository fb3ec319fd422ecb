"""The queue: the lines of the work list that a filter lets through, and what comes next in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from pipeline import worklist
from pipeline.corrections import cells_in
from pipeline.ledger import FILE_NAME, REPORTED, Ledger, Submission
from pipeline.reviews import People, load_reviews, people_of
from pipeline.schema import Case, GapReport
from pipeline.spreadsheets import plain
from pipeline.store import ARTIFACTS, digest_of, submission_folder

Row = dict[str, str]
# What a filter may ask, by the name that it has in an address; the words are codes.
AGES: Mapping[str, tuple[int, int]] = {"0-2": (0, 2), "3-7": (3, 7), "8-": (8, 1 << 30)}
STATES = ("to_do", "mine", "claimed", "seen")


class Filter(NamedTuple):
    """Which lines are asked for; '' lets all through."""

    recommendation: str = ""
    policy: str = ""
    open: str = ""
    legibility: str = ""
    age: str = ""
    state: str = ""

    @property
    def query(self) -> str:
        """As it stands in an address."""
        asked = {name: word for name, word in self._asdict().items() if word}
        return f"?{urlencode(asked)}" if asked else ""


def asked_for(query: Mapping[str, str]) -> Filter:
    """The filter that an address asks for."""
    return Filter(**{name: query.get(name, "") for name in Filter._fields})


def key_of(submission: Submission) -> str:
    """How a submission is called in an address: by its content, and by no name."""
    return submission.sha256[:16]


def submissions(out: Path) -> dict[str, Submission]:
    """Those with a report, by key."""
    path = out / FILE_NAME
    return _submissions(out, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _submissions(out: Path, _changed: int) -> dict[str, Submission]:
    with Ledger.open(out) as ledger:
        return {key_of(s): s for s in ledger.submissions() if s.state in REPORTED}


def rows(out: Path, stale: Iterable[str]) -> list[Row]:
    """All lines of the work list, the worst first, with their keys ('' without a report).

    `stale` names those that the tables have not followed yet.
    """
    path = out / "worklist.csv"
    listed = [dict(row) for row in _rows(path, path.stat().st_mtime_ns)]
    known = {s.id: s for s in submissions(out).values()}
    people = people_of(load_reviews(out))
    anew = {name: _anew(out, known[name]) for name in stale if name in known}
    found = [anew.get(row["submission_id"], row) for row in listed]
    for row in found:
        submission = known.get(row["submission_id"])
        row["key"] = key_of(submission) if submission else ""
        row["claimed_by"] = people.get(row["submission_id"], People()).holder
    return found


@lru_cache(maxsize=2)
def _rows(path: Path, _changed: int) -> list[Row]:
    empty = dict.fromkeys(worklist.COLUMNS, "")  # an earlier version wrote fewer
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            empty | {n: plain(cell) for n, cell in row.items()} for row in csv.DictReader(lines)
        ]


def _anew(out: Path, submission: Submission) -> Row:
    folder = submission_folder(out, submission.id)
    case = Case.model_validate_json((folder / ARTIFACTS["normalize"]).read_bytes())
    report = GapReport.model_validate_json((folder / ARTIFACTS["criteria"]).read_bytes())
    line = worklist.with_report(submission, case, report, cells_in(report, case))
    own = people_of(load_reviews(out)).get(submission.id, People())
    line = worklist.with_people(line, own, digest_of(folder / ARTIFACTS["criteria"]))
    return dict.fromkeys(worklist.COLUMNS, "") | {n: str(cell or "") for n, cell in line.items()}


def chosen(listed: Iterable[Row], asked: Filter, by: str) -> list[Row]:
    """The lines that the filter lets through, in their order."""
    today = datetime.now(UTC).date()
    return [row for row in listed if _passes(row, asked, by, today)]


def _passes(row: Row, asked: Filter, by: str, today: date) -> bool:
    if asked.recommendation and (row["recommendation"] or "unread") != asked.recommendation:
        return False
    if asked.policy and row["policy_id"] != asked.policy:
        return False
    if asked.open and asked.open not in row["open"].split("; "):
        return False
    if asked.legibility and asked.legibility not in _legibility(row):
        return False
    if asked.age and not _is_of_age(row, asked.age, today):
        return False
    is_seen, holder = bool(row["reviewed_by"]), row["claimed_by"]
    return {
        "to_do": not is_seen,
        "mine": holder == by,
        "claimed": holder not in ("", by),
        "seen": is_seen,
    }.get(asked.state, True)


def _legibility(row: Row) -> list[str]:
    scanned = ["scanned"] if row["ocr_pages"] not in ("", "0") else []
    return [*(filter(None, row["incomplete"].split(";")) or ()), *scanned] or ["all_read"]


def _is_of_age(row: Row, asked: str, today: date) -> bool:
    least, most = AGES.get(asked, (0, 1 << 30))
    try:
        days = (today - date.fromisoformat(row["received"])).days
    except ValueError:
        return False
    return least <= max(0, days) <= most


def offered(listed: Sequence[Row]) -> dict[str, list[str]]:
    """The words that each filter can ask of these lines."""
    return {
        "recommendation": _words(row["recommendation"] or "unread" for row in listed),
        "policy": _words(row["policy_id"] for row in listed),
        "open": sorted(_words(word for row in listed for word in row["open"].split("; "))),
        "legibility": _words(word for row in listed for word in _legibility(row)),
        "age": list(AGES),
        "state": list(STATES),
    }


def _words(words: Iterable[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if word]


def beside(listed: Sequence[Row], key: str) -> tuple[str, str]:
    """The keys before and after one in the list, '' where there is none.

    Of one that the filter does not let through any more, the first.
    """
    keys = [row["key"] for row in listed if row["key"]]
    if key not in keys:
        return "", keys[0] if keys else ""
    at = keys.index(key)
    return keys[at - 1] if at else "", keys[at + 1] if at + 1 < len(keys) else ""
