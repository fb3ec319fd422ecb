"""Cells of a table as text with places, and the days that they print."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.notation.dates import find_dates
from pipeline.notation.matches import Match
from pipeline.places import words_between
from pipeline.schema import Document, Mention, Page, Span, Table, Word


@dataclass(frozen=True)
class Filled:
    """A cell as text with its place in the document."""

    text: str
    start: int
    end: int

    def part(self, label: str, code: str = "") -> Mention:
        return Mention(label=label, start=self.start, end=self.end, text=self.text, code=code)


def filled(span: Span, document: Document) -> Filled:
    """What stands in a span."""
    return Filled(document.text[span.start : span.end], span.start, span.end)


Row = dict[int, Filled]  # filled cells by column


@dataclass(frozen=True)
class Pair:
    """A label and what stands beside it; `value` is None when the place is empty.

    Attributes:
        kind: The kind of field, by its label, its answer and the heading that it stands under.
    """

    label: Filled
    value: Filled | None
    in_table: bool = False
    kind: str = ""


# What is written where nothing is to be said.
EMPTY = re.compile(r"[-\u2010-\u2015_.*\s]*|n/?a", re.IGNORECASE)


def rows_of(table: Table, document: Document) -> list[Row]:
    """The rows of a table, empty cells left out."""
    rows: dict[int, Row] = {}
    for cell in table.cells:
        text = document.text[cell.start : cell.end]
        stripped = text.strip()
        if stripped:
            start = cell.start + len(text) - len(text.lstrip())
            rows.setdefault(cell.row, {})[cell.column] = Filled(
                stripped, start, start + len(stripped)
            )
        else:
            rows.setdefault(cell.row, {})
    return [rows[key] for key in sorted(rows)]


def lines_in(cell: Filled, page: Page, document: Document) -> list[Filled]:
    """The lines in which a cell is printed, by where its words stand."""
    starts: list[int] = []
    last: Word | None = None
    for word in words_between(page, cell.start, cell.end):
        if last is None or word.box[1] >= (last.box[1] + last.box[3]) / 2:
            starts.append(max(word.start, cell.start))
        last = word
    ends = [*starts[1:], cell.end]
    return [
        Filled(text, start, start + len(text))
        for start, end in zip(starts, ends, strict=True)
        for text in [document.text[start:end].rstrip()]
    ]


# Words before a date that make it no day of collection.
NOT_COLLECTED = re.compile(
    r"(?:rptd|resulted|final(?:ized)?|verified|completed|released|rec(?=\W)|report\w*|receiv\w*|recd|rcvd|print\w*|issued|generat\w*|order(?:ed)?|request\w*|fax\w*|sign\w*|dob|d\.o\.b\.?|born|birth\w*|date\s+of\s+birth)(?:\W*(?:date|on|at|generated|issued|printed)\b)*\W*$",
    re.IGNORECASE,
)


# "20260519 0510": eight figures are a day only where nothing else stands, or after its name.
COMPACT = re.compile(
    r"(?:^\s*|\b(?:collect(?:ed|ion)|coll|drawn)\.?(?:\s+(?:date|on|at))*\W{1,3})"
    r"(?P<day>(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
    r"(?:[\sT@-]*(?:[01]\d|2[0-3]):?[0-5]\d(?::?[0-5]\d)?)?\s*$",
    re.IGNORECASE,
)


def is_day(text: str) -> bool:
    """Whether what reads like a date is one: no bare number ("1905"), no range ("11.8-15")."""
    signs = set(re.findall(r"(?<=\d)[/.-](?=\d)", text))
    return (
        len(signs) < 2 and re.search(r"\d", text) is not None and re.fullmatch(r"\d+", text) is None
    )


def days_in(text: str) -> list[Match]:
    """Days and months of collection that a cell prints."""
    compact = COMPACT.search(text)
    found = [Match(*compact.span("day"), "date", "")] if compact is not None else find_dates(text)
    return [
        d
        for d in found
        if (compact is not None or is_day(text[d.start : d.end]))
        and not NOT_COLLECTED.search(text[: d.start])
    ]


def row_span(row: Row) -> Span:
    """From the first to the last filled cell."""
    return Span(start=min(c.start for c in row.values()), end=max(c.end for c in row.values()))
