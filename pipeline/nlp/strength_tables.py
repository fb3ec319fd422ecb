"""Tables of muscle strength: a grade under each side, beside the muscle."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.nlp.cells import Row, row_span
from pipeline.nlp.columns import Roles
from pipeline.schema import Mention

# Heads of columns that say what shall be reached, or what would do.
GOAL_HEAD = re.compile(
    r"\b(?:goals?|targets?|expected|anticipated|desired|projected|to\s+reach|examples?|sample)\b",
    re.IGNORECASE,
)


def goal_columns(rows: list[Row]) -> set[int]:
    """Columns of a table that hold goals, examples and the like: no findings."""
    return {c for c, cell in rows[0].items() if GOAL_HEAD.search(cell.text)} if rows else set()


GRADE_CELL = re.compile(
    r"^\s*[\u2018'|]?(?P<grade>[0-5])\s?(?P<sign>[+-])?\s*(?:/\s*5|[1Il|]5)?\s*$"
)


def grade_of(text: str) -> str:
    """The MRC grade of a table cell ("4-", "3+/5"), '' if it is none.

    A faxed slash is often read as 1, I or l ("4-15"): a grade above 5 does not exist, so there
    is one way to read it.
    """
    m = GRADE_CELL.match(text)
    return f"{m['grade']}{m['sign'] or ''}" if m else ""


def strength_mentions(rows: list[Row], roles: Roles, heads: int) -> Iterator[Mention]:
    """The grades of a table: a muscle in each row, a side in each column."""
    sides = {c: n[0] for c, n in roles.items() if n[0] in ("right", "left")}
    goals = goal_columns(rows[heads - 1 :]) if heads else set()
    for row in rows[heads:]:
        if not row:
            continue
        site = row[min(row)]
        if grade_of(site.text) or not re.search("[A-Za-z]{3}", site.text):
            continue
        for column, cell in row.items():
            grade = grade_of(cell.text)
            if not grade or cell is site or column in goals:
                continue
            parts = [cell.part("value", grade), site.part("site", sides.get(column, ""))]
            yield Mention(
                label="finding",
                start=cell.start,
                end=cell.end,
                text=cell.text,
                code="muscle_strength",
                scope=row_span(row),
                section="examination",
                origin="table",
                parts=tuple(parts),
            )
