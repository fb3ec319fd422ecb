"""An edited CSV file as rows of cells, whatever program saved it."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import UsageError
from pipeline.schema import TableName

MAX_BYTES = 64 << 20
# A column that no other table has.
_TELLING: Mapping[TableName, str] = {
    "medications": "ingredient", "labs": "analyte", "diagnoses": "icd10", "findings": "finding"
}  # fmt: skip


class Line(NamedTuple):
    """A row of the edited file; `number` is what a spreadsheet shows beside it."""

    number: int
    cells: dict[str, str]

    def cell(self, column: str) -> str:
        return self.cells.get(column, "")


def read_table(path: Path) -> tuple[TableName, list[Line]]:
    """Which table a file is, and its rows; any usual encoding and separator. Raises UsageError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path.name}: too large to be a table of OUT")
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    text = _decoded(content)
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    try:
        header, *rows = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    except (csv.Error, ValueError) as error:
        raise UsageError(f"{path.name}: is no CSV file") from error
    names = [name.strip() for name in header]
    for name in names:
        if name and names.count(name) > 1:
            raise UsageError(f"{path.name}: row 1, column {name}: stands twice in the header")
    table = _table_of(path, names)
    lines = []
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
            raise UsageError(f"{path.name}: row {number} has more cells than there are columns")
        cells = dict(zip(names, row, strict=False))
        if separator == ";":  # of a country that writes 1,5
            cells = {name: re.sub(r"^(-?\d+),(\d+)$", r"\1.\2", c) for name, c in cells.items()}
        lines.append(Line(number, cells))
    return table, lines


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _table_of(path: Path, names: Sequence[str]) -> TableName:
    for table, column in _TELLING.items():
        if {"row_id", "submission_id", column} <= set(names):
            return table
    if "criterion" in names or "recommendation" in names:
        raise UsageError(
            f"{path.name}: holds conclusions; correct the facts they rest on, in medications.csv,"
            " labs.csv, diagnoses.csv or findings.csv"
        )
    raise UsageError(f"{path.name}: is no table of facts of OUT (no columns row_id, submission_id)")
