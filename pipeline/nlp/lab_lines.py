"""Rows of laboratory sheets that were not read as part of their table.

A long sheet may come as several tables, the lower ones without heads, and as single lines. Such
rows are read by the columns of the sheet above them on the page, else by what their cells look
like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.nlp.cells import Filled, Row
from pipeline.nlp.lab_cells import (
    REFERENCE,
    day_apart,
    is_date,
    is_flag,
    is_range,
    is_unit,
    lab_of,
    result_parts,
    run_together,
)
from pipeline.nlp.lab_columns import KEYS, Columns
from pipeline.nlp.lab_days import days_of
from pipeline.nlp.lab_tables import Sheet, read_rows
from pipeline.schema import Block, BlockKind, Cell, Document, Mention, Page, PageKind, Table

Interval = tuple[float, float]
Intervals = dict[int, Interval]  # where each column stands along the line


def columns_along(table: Table, page: Page) -> Intervals:
    """Where the columns of a table stand along its lines."""
    found: Intervals = {}
    for cell in table.cells:
        if cell.end > cell.start:
            a, b = _along(cell.box, page)
            low, high = found.get(cell.column, (a, b))
            found[cell.column] = (min(a, low), max(b, high))
    return found


def _along(box: tuple[float, float, float, float], page: Page) -> Interval:
    """A box's extent in the direction of writing."""
    return (box[1], box[3]) if page.turned in (90, 270) else (box[0], box[2])


def aligned(
    cells: Sequence[tuple[Filled, Interval]], columns: Intervals, document: Document
) -> Row:
    """Cells under the columns of another table; those under one column become one cell."""
    row: Row = {}
    for cell, (a, b) in cells:
        column = min(
            columns, key=lambda c: (_apart((a, b), columns[c]), abs(sum(columns[c]) - a - b))
        )
        held = row.get(column)
        start, end = (
            (min(held.start, cell.start), max(held.end, cell.end))
            if held
            else (cell.start, cell.end)
        )
        row[column] = Filled(
            " ".join(document.text[start:end].split()) if held else cell.text, start, end
        )
    return row


def _apart(a: Interval, b: Interval) -> float:
    """The gap between two stretches of a line, 0 where they overlap."""
    return max(0.0, a[0] - b[1], b[0] - a[1])


def aligned_rows(table: Table, page: Page, columns: Intervals, document: Document) -> list[Row]:
    """The rows of a table without heads under the columns of the sheet above it."""
    by_row: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if document.text[cell.start : cell.end].strip():
            by_row.setdefault(cell.row, []).append(cell)
    return [aligned_cells(cells, page, columns, document) for _, cells in sorted(by_row.items())]


def aligned_cells(cells: Sequence[Cell], page: Page, columns: Intervals, document: Document) -> Row:
    """The filled cells of a row of one table under the columns of another."""
    held = [(_filled(c.start, c.end, document), _along(c.box, page)) for c in cells]
    return aligned(held, columns, document)


def _filled(start: int, end: int, document: Document) -> Filled:
    text = document.text[start:end]
    lead = len(text) - len(text.lstrip())
    return Filled(text.strip(), start + lead, start + lead + len(text.strip()))


# -------------------------------------------------------------------------- lines

CUT = re.compile(r"\t+|\s*(?:\.{3,}|\u2026)\s*|\s\.{1,2}\s")  # a wide gap, or a row of dots


def line_mentions(
    page: Page, sheets: Sequence[tuple[int, Sheet, Intervals]], document: Document, models: Path
) -> Iterator[Mention]:
    """Results of lines that stand like rows: a test, a gap, its result.

    Args:
        sheets: The sheets of the page: (where it begins, layout, columns along the line).
    """
    days = days_of(page, document)
    kinds = {BlockKind.PARAGRAPH, BlockKind.HEADING}
    if page.kind is not PageKind.REQUEST:  # there, labels and answers are read as such
        kinds.add(BlockKind.FORM)
    for block in page.blocks:
        if block.kind not in kinds:
            continue
        above = [s for s in sheets if s[0] < block.start]
        for cells in _lines(block, document):
            if len(cells) < 2:
                continue
            found: list[Mention] = []
            if above:
                begun, sheet, columns = above[-1]
                sheet = sheet.since(days.between(begun, cells[0].start))
                row = aligned([(c, _extent(c, page)) for c in cells], columns, document)
                found = list(read_rows([row], sheet, models))
            yield from found or _loose(cells, days.at(cells[0].start), models)


def _lines(block: Block, document: Document) -> Iterator[list[Filled]]:
    for line in re.finditer(r"[^\n]+", document.text[block.start : block.end]):
        position, cells = line.start(), []
        for cut in [*CUT.finditer(line.group(0)), None]:
            end = line.start() + cut.start() if cut else line.end()
            cell = _filled(block.start + position, block.start + end, document)
            if cell.text:
                cells.append(cell)
            position = line.start() + cut.end() if cut else end
        yield cells


def _extent(cell: Filled, page: Page) -> Interval:
    """Where the words of a cell stand along the line."""
    spans = [_along(w.box, page) for w in page.words if cell.start <= w.start < cell.end]
    return (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else (0.0, 0.0)


EXPECTED_CELL = re.compile(
    rf"\[\s*[A-Za-z][A-Za-z -]*\]|\(?\s*{REFERENCE}\W+[A-Za-z][A-Za-z -]*\)?", re.IGNORECASE
)  # "[NEGATIVE]", "(Ref: Negative)"


def _loose(cells: list[Filled], day: Mention | None, models: Path) -> Iterator[Mention]:
    """A line by itself: one test, one result, and what else its cells look like."""
    if (parted := day_apart(cells[0], models)) is not None:
        cells = [parted[0], *cells[1:], parted[1]]
    tests = [i for i, cell in enumerate(cells[:2]) if lab_of(cell.text, models)]
    if not tests and (joined := run_together(cells[0], models)) is not None:
        cells, tests = [joined[0], joined[2], *cells[1:]], [0]
    if len(tests) != 1:
        return
    columns: Columns = {key: [] for key in KEYS}
    columns["test"] = tests
    looks = (("collected", is_date), ("flag", is_flag), ("units", is_unit), ("reference", is_range))
    for i, cell in enumerate(cells):
        if i in tests:
            continue
        if EXPECTED_CELL.fullmatch(cell.text):
            continue
        key = next((k for k, fits in looks if fits(cell.text, models) and not columns[k]), "")
        if not key and result_parts(cell):
            key = "result"
        if key:
            columns[key].append(i)
        else:
            return  # words that are none of a result's: no row of a sheet
    row = dict(enumerate(cells))
    words = {
        cells[i].text.lower() for i in columns["result"] if re.search("[A-Za-z]{3}", cells[i].text)
    }
    if len(columns["result"]) == 1 or (len(words) == 1 and len(columns["result"]) == 2):
        columns["result"] = columns["result"][:1]
        yield from read_rows([row], Sheet(columns, {}, day), models)


def without_repeats(mentions: list[Mention], rows: list[Mention]) -> list[Mention]:
    """Mentions without those that prose reading found in lines that were read as rows."""
    spans = [m.scope for m in rows if m.scope is not None]
    return [
        m
        for m in mentions
        if m.label != "lab"
        or m.origin != "prose"
        or not any(s.start <= m.start and m.end <= s.end for s in spans)
    ]
