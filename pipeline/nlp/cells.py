"""Cells of a table as text with places, and what the heads of its columns mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.lexicon import fold, read_table
from pipeline.nlp.expressions import find_dates
from pipeline.schema import Document, Mention, Span, Table


@dataclass(frozen=True)
class Filled:
    """A cell as text with its place in the document."""

    text: str
    start: int
    end: int

    def part(self, label: str, code: str = "") -> Mention:
        return Mention(label=label, start=self.start, end=self.end, text=self.text, code=code)


Row = dict[int, Filled]  # filled cells by column


@cache
def header_roles(models: Path) -> dict[str, list[str]]:
    """Roles by folded column head; a head may have several ("Result", "Response")."""
    roles: dict[str, list[str]] = {}
    for _, row in read_table(models / "lexicon" / "column_headers.csv"):
        for head in row["headers"].split("|"):
            roles.setdefault(fold(head), []).append(row["role"])
    return roles


def rows_of(table: Table, document: Document) -> list[Row]:
    """The rows of a table, empty cells left out."""
    rows: dict[int, Row] = {}
    for cell in table.cells:
        text = document.text[cell.start : cell.end]
        stripped = text.strip()
        if stripped:
            start = cell.start + len(text) - len(text.lstrip())
            rows.setdefault(cell.row, {})[cell.column] = Filled(stripped, start, start + len(stripped))
        else:
            rows.setdefault(cell.row, {})
    return [rows[key] for key in sorted(rows)]


def column_roles(rows: list[Row], models: Path) -> tuple[dict[int, list[str]], int]:
    """Roles of each column, and how many rows the heads take (0 when there are none)."""
    best: tuple[dict[int, list[str]], int] = ({}, 0)
    for index, row in enumerate(rows[:3]):
        roles: dict[int, list[str]] = {}
        for column, cell in row.items():
            head = re.sub(r"\s*\([^)]*\)\s*$", "", fold(cell.text)).strip(" :*#")
            known = header_roles(models).get(fold(cell.text)) or header_roles(models).get(head)
            if known:
                roles[column] = known
            elif find_dates(cell.text) and len(cell.text) < 40:
                roles[column] = ["dated"]
        if len(roles) > len(best[0]) and len(roles) >= min(2, len(row)):
            best = (roles, index + 1)
    return best


def row_span(row: Row) -> Span:
    """From the first to the last filled cell."""
    return Span(start=min(c.start for c in row.values()), end=max(c.end for c in row.values()))
