"""The tables of facts as one workbook (xlsx) for people who correct them.

Each sheet is the CSV file of the same name and three columns at the right for what a reviewer
says of the row. Every cell is text, so that no program rewrites what nobody touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from pipeline.edits import COMMENT, CONFIRMED, NOT_IN_PACKET, STATUS, STATUS_OF, VALUE
from pipeline.errors import UsageError
from pipeline.export import COLUMNS, Row, fact_rows, shown_cells
from pipeline.normalize.correctable import CORRECTABLE
from pipeline.schema import Case, TableName

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

TEXT = "@"  # the format of cells that a program must not take for a date or a number
SPARE_ROWS = 200  # that may be added by hand
WIDTHS: Mapping[str, float] = {"text": 48, "submission_id": 24, "file": 20, COMMENT: 40}
HINTS: Mapping[str, str] = {
    VALUE: "The right value of this row.",
    STATUS: f"The right status, {CONFIRMED!r} where all is right, or {NOT_IN_PACKET!r}.",
    COMMENT: "Kept with the correction, for people.",
}


def workbook(cases: Iterable[Case]) -> bytes:
    """The workbook of these cases; raises UsageError where openpyxl is not installed."""
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise UsageError("to write xlsx files needs `pip install -e '.[review]'`") from error
    rows: dict[TableName, list[Row]] = {table: [] for table in CORRECTABLE}
    for case in cases:
        for table, own in fact_rows(case).items():
            rows[table] += own
    book = Workbook()
    book.remove(book.worksheets[0])
    for table, own in rows.items():
        _fill(book.create_sheet(table), table, own)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(sheet: Worksheet, table: TableName, rows: list[Row]) -> None:
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    columns = (*COLUMNS[table], VALUE, STATUS, COMMENT)
    bold, locked = Font(bold=True), PatternFill("solid", fgColor="E8E8E8")
    for cells in ([*columns], *shown_cells(rows, columns)):
        sheet.append([cell or None for cell in cells])
        for cell in sheet[sheet.max_row]:
            if cell.value is not None:
                cell.data_type = "s"  # whatever it looks like
                cell.number_format = TEXT
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    last = len(rows) + 1 + SPARE_ROWS
    words = {name: column.words for name, column in CORRECTABLE[table].items() if column.words}
    words[STATUS] = (*words[STATUS_OF[table]], CONFIRMED, NOT_IN_PACKET)
    for number, name in enumerate(columns, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = WIDTHS.get(name, max(10, len(name) + 2))
        sheet.column_dimensions[letter].number_format = TEXT
        is_open = name in CORRECTABLE[table] or name in HINTS
        sheet.cell(1, number).font = bold
        if not is_open:
            sheet.cell(1, number).fill = locked
        if name in words:
            rule = DataValidation("list", formula1=f'"{",".join(words[name])}"', allow_blank=True)
            rule.error = f"One of: {', '.join(words[name])}"[:250]
            rule.prompt = HINTS.get(name)
            rule.showErrorMessage = True
            rule.add(f"{letter}2:{letter}{last}")
            sheet.add_data_validation(rule)
