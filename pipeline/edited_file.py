"""An edited CSV file or workbook as rows of cells, whatever program saved it."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO, StringIO
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import UsageError
from pipeline.schema import TableName

MAX_BYTES = 64 << 20
MAX_UNPACKED = 1 << 30  # of a workbook, which is a ZIP archive
MAX_COLUMNS = 200
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


def read_tables(path: Path) -> dict[TableName, list[Line]]:
    """Which tables a file holds, and their rows; raises UsageError.

    A CSV file holds one, in any usual encoding and with any usual separator; a workbook (xlsx) one
    on each sheet that is one, and other sheets are left alone.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path.name}: too large to be a table of OUT")
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    if content.startswith(b"PK"):
        return _read_workbook(path, content)
    table, lines = _read_csv(path, content)
    return {table: lines}


def _read_csv(path: Path, content: bytes) -> tuple[TableName, list[Line]]:
    text = _decoded(content)
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    try:
        header, *rows = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    except (csv.Error, ValueError) as error:
        raise UsageError(f"{path.name}: is no CSV file") from error
    names = _names(path, header)
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


def _names(path: Path, header: Iterable[str]) -> list[str]:
    names = [name.strip() for name in header]
    for name in names:
        if name and names.count(name) > 1:
            raise UsageError(f"{path.name}: row 1, column {name}: stands twice in the header")
    return names


def _read_workbook(path: Path, content: bytes) -> dict[TableName, list[Line]]:
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise UsageError("to read xlsx files needs `pip install -e '.[review]'`") from error
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise UsageError(f"{path.name}: too large to be a workbook of OUT")
        # Not what a program last computed: a formula is refused, as it may be anything.
        book = load_workbook(BytesIO(content), read_only=True, data_only=False)
    except UsageError:
        raise
    except Exception as error:  # whatever a damaged archive makes of a reader of XML
        raise UsageError(f"{path.name}: is no workbook (xlsx)") from error
    found: dict[TableName, list[Line]] = {}
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what a file says of them need not be so
        rows = ((cell.value for cell in row) for row in sheet.iter_rows(max_col=MAX_COLUMNS))
        names = _names(path, (_typed(value) for value in next(rows, ())))
        table = _table_or_none(names)
        if table is None:
            continue
        if table in found:
            raise UsageError(f"{path.name}: two sheets hold {table}")
        found[table] = []
        for number, row in enumerate(rows, start=2):
            cells = {name: _typed(value) for name, value in zip(names, row, strict=False) if name}
            for name, cell in cells.items():
                if cell.startswith("="):
                    where = f"row {number} of {table}, column {name}"
                    raise UsageError(f"{path.name}: {where}: is a formula; paste its value")
            if any(cells.values()):
                found[table].append(Line(number, cells))
    if not found:
        raise UsageError(f"{path.name}: holds no table of facts of OUT")
    return found


def _typed(value: object) -> str:
    """What a person sees in a cell of a workbook; days in ISO 8601."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
    return str(value).strip()


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _table_or_none(names: Sequence[str]) -> TableName | None:
    for table, column in _TELLING.items():
        if {"row_id", "submission_id", column} <= set(names):
            return table
    return None


def _table_of(path: Path, names: Sequence[str]) -> TableName:
    table = _table_or_none(names)
    if table is not None:
        return table
    if "criterion" in names or "recommendation" in names:
        raise UsageError(
            f"{path.name}: holds conclusions; correct the facts they rest on, in medications.csv,"
            " labs.csv, diagnoses.csv or findings.csv"
        )
    raise UsageError(f"{path.name}: is no table of facts of OUT (no columns row_id, submission_id)")
