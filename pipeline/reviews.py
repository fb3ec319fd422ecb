"""Who works on a submission, who has looked at it, and its letter: one file in OUT, only added to.

What people say of facts are corrections (`corrections.jsonl`), and not here.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import ValidationError

from pipeline.errors import UsageError
from pipeline.schema import Record

FILE_NAME = "reviews.jsonl"


class Review(Record):
    """What a person did with a submission as a whole.

    Attributes:
        what: `claimed` or `released` it; has `seen` it and there is nothing to do, or `reopened`
            it; saved the `letter`, or gave it free (`letter_released`).
        version: Of the report that was seen, or that the letter was written from: its SHA-256.
        text: Of the letter.
        at: UTC, ISO 8601.
    """

    submission_id: str
    what: Literal["claimed", "released", "seen", "reopened", "letter", "letter_released"]
    by: str
    at: str
    version: str = ""
    text: str = ""


class People(NamedTuple):
    """What is so of a submission now; None or '' where it is not.

    Attributes:
        holder: Who has claimed it.
        seen: The last time that somebody found nothing to do.
        letter, released: The letter as last saved, and as last given free.
    """

    holder: str = ""
    since: str = ""
    seen: Review | None = None
    letter: Review | None = None
    released: Review | None = None


def load_reviews(out: Path) -> list[Review]:
    """All, in the order of time; raises UsageError for a damaged file."""
    path = out / FILE_NAME
    return _parsed(path, path.read_bytes() if path.exists() else b"")


def people_of(reviews: Iterable[Review]) -> dict[str, People]:
    """What is so now, by submission."""
    found: dict[str, People] = {}
    for made in reviews:
        now = found.get(made.submission_id, People())
        match made.what:
            case "claimed":
                now = now._replace(holder=made.by, since=made.at)
            case "released":
                now = now._replace(holder="", since="")
            case "seen" | "reopened":
                now = now._replace(seen=made if made.what == "seen" else None)
            case "letter":
                now = now._replace(letter=made)
            case "letter_released":
                now = now._replace(letter=made, released=made)
        found[made.submission_id] = now
    return found


def add_reviews(out: Path, decide: Callable[[dict[str, People]], Sequence[Review]]) -> None:
    """Add what `decide` makes of what is so now; nobody else adds anything meanwhile.

    `decide` raises UsageError where it may not be so.
    """
    handle = os.open(out / FILE_NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed
        content = file.read()
        file.truncate(content.rfind(b"\n") + 1)  # without the line that a kill cut short
        new = decide(people_of(_parsed(out / FILE_NAME, content)))
        lines = "".join(f"{made.model_dump_json()}\n" for made in new)
        file.write(lines.encode())
        file.flush()
        os.fsync(file.fileno())


def _parsed(path: Path, content: bytes) -> list[Review]:
    found = []
    *lines, _ = content.split(b"\n")  # what a kill cut short was told to nobody
    for number, line in enumerate(lines, 1):
        try:
            found.append(Review.model_validate_json(line))
        except ValidationError as error:
            raise UsageError(f"{path}:{number}: is no review; remove that line") from error
    return found
