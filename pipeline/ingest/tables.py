"""Tables: ruled grids, and lines whose chunks stand in columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.ingest.forms import LABEL_WORD_LIMIT
from pipeline.ingest.grids import Grid
from pipeline.ingest.lines import Chunk, Line, lines_of
from pipeline.ingest.raw import RawWord, inside, union
from pipeline.schema import Box

LEAST_COLUMNS, LEAST_ROWS = 3, 3  # of a table without rules, its header counted
ALIGNED = 6.0  # points by which the left edges of a column may differ
PITCH = 2.4  # lines of a table lie no further apart, in multiples of their usual distance
TWO_BLANKS = 0.9  # type sizes; in a typewriter face one blank has 0.6, two have 1.2
HEAD_PITCH = 4.0  # type sizes from the heads to the first row, a rule of signs between them
NUMBER = re.compile(r"^[<>=≤≥~]*-?\d[\d,.:/x^+-]*%?$")
AMOUNT = re.compile(r"[<>=≤≥]*\d[\d,.]*%?")
FLAG = re.compile(r"[HLA]{1,2}|HI|LO|\*{1,3}|[↑↓]{1,2}")  # beside a result, in its column
LONGEST_FLAG = 3  # letters of a cell in a column of flags


@dataclass
class TableCell:
    """A cell's words, in reading order."""

    row: int
    column: int
    box: Box
    words: list[RawWord] = field(default_factory=list)


@dataclass
class RawTable:
    """A table's cells by row; the first `header_rows` rows name the columns."""

    box: Box
    cells: list[TableCell]
    header_rows: int
    ruled: bool

    @property
    def rows(self) -> list[list[TableCell]]:
        count = max(cell.row for cell in self.cells) + 1
        rows: list[list[TableCell]] = [[] for _ in range(count)]
        for cell in self.cells:
            rows[cell.row].append(cell)
        return [row for row in rows if row]


def ruled_table(grid: Grid, words: list[RawWord]) -> RawTable:
    """The table that a grid of rules holds."""
    cells = []
    for cell in grid.cells:
        there = lines_of([w for w in words if inside(w, cell.box, 0.5)], [])
        cells.append(
            TableCell(cell.row, cell.column, cell.box, [w for line in there for w in line.words])
        )
    return RawTable(grid.box, cells, _header_rows(cells), True)


def _header_rows(cells: list[TableCell]) -> int:
    """1 when the first row names columns: bold, or words over rows that hold numbers."""
    first = [c for c in cells if c.row == 0]
    filled = [c for c in first if c.words]
    if len(first) < 2 or not filled:
        return 0
    if all(w.bold for c in filled for w in c.words):
        return 1
    below = [c for c in cells if c.row > 0]
    if any(w.bold for c in below for w in c.words):
        return 0
    numbers = sum(_is_number(c) for c in filled)
    return 0 if numbers > len(filled) / 2 or not below else 1


def _is_number(cell: TableCell) -> bool:
    return bool(cell.words) and bool(NUMBER.match(cell.words[0].text))


def aligned_table(lines: list[Line], at: int) -> tuple[RawTable, int] | None:
    """A table without upright rules that starts at a line, and how many lines it takes."""
    header = lines[at]
    if not _may_be_row(header) or not (
        len(header.chunks) >= LEAST_COLUMNS or _heads_columns(lines, at)
    ):
        return None
    lefts = _columns(lines, at)
    if len(lefts) < LEAST_COLUMNS:
        return None
    rows: list[list[TableCell]] = []
    pitch, last = 3.0 * header.size, at
    pending: list[Line] = []
    for index in range(at, len(lines)):
        line = lines[index]
        full = index == at + 1 and len(line.chunks) >= max(LEAST_COLUMNS, len(header.chunks))
        allowed = HEAD_PITCH * header.size if full else max(pitch, PITCH * header.size)
        if index > at and line.top - lines[index - 1].top > allowed:
            break
        if index > at and _heads_again(line, header):
            break
        cells = _row_cells(line, lefts) if _may_be_row(line) else None
        if cells is None or (index > at and len(line.chunks) == 1):
            if len(line.chunks) != 1 or line.squares or len(pending) > 2:
                break
            pending.append(line)
            continue
        for single in pending:
            _add_single(rows, single, lefts)
        pending = []
        _add_row(rows, cells, lefts, line, lines[index - 1])
        last = index
    if sum(len([c for c in row if c.words]) > 1 for row in rows) < LEAST_ROWS:
        return None
    return numbered(rows), last - at + 1


def _heads_again(line: Line, header: Line) -> bool:
    """Whether a line names columns as the header does: another table begins there."""
    names = {chunk.text.lower() for chunk in header.chunks}
    own = [chunk.text.lower() for chunk in line.chunks]
    return len(own) > 1 and own[0] in names and sum(name in names for name in own) > 1


def _heads_columns(lines: list[Line], at: int) -> bool:
    """Whether a line names the columns of the next but for the first, which needs no name."""
    if at + 1 >= len(lines) or len(lines[at].chunks) < 2:
        return False
    following = lines[at + 1].chunks
    return len(following) == len(lines[at].chunks) + 1 and all(
        abs(chunk.x0 - below.x0) <= 3 * ALIGNED
        for chunk, below in zip(lines[at].chunks, following[1:], strict=True)
    )


def _may_be_row(line: Line) -> bool:
    """Not a row of boxes, nor of labels with colons."""
    labels = sum(chunk.text.endswith(":") or ": " in chunk.text for chunk in line.chunks)
    return not line.squares and labels <= len(line.chunks) // 3


def _columns(lines: list[Line], at: int) -> list[float]:
    """Left edges of columns: of the header's chunks, with those that rows share.

    Rows may share the right edges of a column that has no head: units are set so.
    """
    header = lines[at]
    lefts = [chunk.x0 for chunk in header.chunks]
    if len(lefts) < LEAST_COLUMNS:
        lefts.insert(0, lines[at + 1].x0)
    following = lines[at + 1 : at + 8]
    again = next((i for i, line in enumerate(following) if _heads_again(line, header)), None)
    near = [
        _cut_at_columns(line, lefts)
        for line in following[:again]
        if len(line.chunks) >= 2 and _may_be_row(line)
    ]
    if not near:
        return []
    extra = [c for row in near for c in row if not _alone_under_head(c, row, header.chunks)]
    for chunk in sorted(extra, key=lambda c: c.x0):
        headed = any(head.x0 < chunk.x1 and chunk.x0 < head.x1 for head in header.chunks)
        shared = sum(
            any(
                abs(c.x0 - chunk.x0) <= ALIGNED or (not headed and abs(c.x1 - chunk.x1) <= ALIGNED)
                for c in row
            )
            for row in near
        )
        taken = any(abs(chunk.x0 - left) <= 4 * ALIGNED for left in lefts)
        if shared >= max(2, len(near) - 1) and not taken:
            lefts.append(chunk.x0)
    return sorted(lefts)


def _alone_under_head(chunk: Chunk, row: list[Chunk], heads: list[Chunk]) -> bool:
    """Whether a chunk stands below one head and no other of its row does: its column's."""
    for head in heads:
        if head.x0 - ALIGNED <= chunk.x0 and chunk.x1 <= head.x1 + ALIGNED:
            return sum(head.x0 < c.x1 and c.x0 < head.x1 for c in row) == 1
    return False


def _row_cells(line: Line, lefts: list[float]) -> list[TableCell] | None:
    """The line's chunks by column; None when they do not stand in the columns."""
    cells: dict[int, TableCell] = {}
    for chunk in _cut_at_columns(line, lefts):
        column = _column_of(chunk, lefts)
        if column is None:
            return None
        if column in cells:
            held = cells[column]
            if not _is_flagged(held.words, chunk.words):
                return None
            held.words += chunk.words
            held.box = union(word.box for word in held.words)
            continue
        box = union(word.box for word in chunk.words)
        cells[column] = TableCell(0, column, box, list(chunk.words))
    return [cells[c] for c in sorted(cells)]


def _cut_at_columns(line: Line, lefts: list[float]) -> list[Chunk]:
    """The line's chunks, cut where two blanks stand before a column: typists leave no more."""
    parts: list[Chunk] = []
    for chunk in line.chunks:
        held: list[RawWord] = []
        for word in chunk.words:
            begins = any(abs(word.x0 - left) <= ALIGNED for left in lefts)
            if held and begins and word.x0 - held[-1].x1 > TWO_BLANKS * line.size:
                parts.append(Chunk(held))
                held = []
            held.append(word)
        parts.append(Chunk(held, chunk.square))
    return parts


def _is_flagged(first: list[RawWord], second: list[RawWord]) -> bool:
    """Whether words side by side under one head are a result and its flag."""
    texts = [" ".join(word.text for word in words) for words in (first, second)]
    flags = [FLAG.fullmatch(text) is not None for text in texts]
    return flags.count(True) == 1 and NUMBER.match(texts[flags.index(False)]) is not None


def _column_of(chunk: Chunk, lefts: list[float]) -> int | None:
    """The column whose left edge is nearest, if the chunk starts near it or lies within."""
    nearest = min(range(len(lefts)), key=lambda i: abs(lefts[i] - chunk.x0))
    if abs(lefts[nearest] - chunk.x0) <= 3 * ALIGNED:
        return nearest
    for column, left in enumerate(lefts):
        right = lefts[column + 1] if column + 1 < len(lefts) else float("inf")
        if left - ALIGNED <= chunk.x0 and chunk.x1 <= right:
            return column
    return None


def _add_row(
    rows: list[list[TableCell]],
    cells: list[TableCell],
    lefts: list[float],
    line: Line,
    before: Line,
) -> None:
    """Add a row, or what is the second line of cells of the row above."""
    wrapped = (
        rows
        and cells[0].column > 0
        and line.top - before.bottom < 0.6 * line.size
        and not _is_own_row(rows, cells)
    )
    if wrapped and len(cells) < len(lefts) - 1:
        above = {cell.column: cell for cell in rows[-1]}
        if all(cell.column in above and above[cell.column].words for cell in cells):
            for cell in cells:
                above[cell.column].words += cell.words
            return
    held = {cell.column: cell for cell in cells}
    rows.append([held.get(c) or _empty(c, lefts, line) for c in range(len(lefts))])


def _is_own_row(rows: list[list[TableCell]], cells: list[TableCell]) -> bool:
    """Whether cells that leave the first column empty are a row of their own.

    A number under a number is another one. Where the first column holds flags alone, the second
    one names the rows.
    """
    above = {cell.column: cell for cell in rows[-1]}
    for cell in cells:
        over = above.get(cell.column)
        if over is not None and _is_amount(over) and _is_amount(cell):
            return True
    first = [c for row in rows[1:] for c in row if c.column == 0 and c.words]
    flags = bool(first) and all(
        len("".join(w.text for w in c.words)) <= LONGEST_FLAG for c in first
    )
    return flags and cells[0].column == 1 and len(cells) > 1


def _is_amount(cell: TableCell) -> bool:
    return len(cell.words) == 1 and AMOUNT.fullmatch(cell.words[0].text) is not None


def _empty(column: int, lefts: list[float], line: Line) -> TableCell:
    right = lefts[column + 1] if column + 1 < len(lefts) else max(line.x1, lefts[column] + 1)
    return TableCell(0, column, (lefts[column], line.top, right, line.bottom))


def _add_single(rows: list[list[TableCell]], line: Line, lefts: list[float]) -> None:
    """A line of one chunk inside a table: a heading of rows, a comment, or a row of one cell."""
    column = _column_of(line.chunks[0], lefts) or 0
    rows.append([TableCell(0, column, line.box, list(line.words))])


def numbered(rows: list[list[TableCell]]) -> RawTable:
    """The table of rows of cells; each cell gets the number of its row."""
    cells = []
    for index, row in enumerate(rows):
        for cell in row:
            cell.row = index
            cells.append(cell)
    return RawTable(union(cell.box for cell in cells), cells, _header_rows(cells), False)


def listing(lines: list[Line], at: int) -> int:
    """How many lines from `at` form a listing of names and values in two columns."""
    first = lines[at]
    if len(first.chunks) != 2 or first.squares or not first.chunks[0].text[0].isalpha():
        return 0
    lefts = [chunk.x0 for chunk in first.chunks]
    count, rows = 0, 0
    for index in range(at, len(lines)):
        line = lines[index]
        if index > at and line.top - lines[index - 1].bottom > 1.6 * line.size:
            break
        same = len(line.chunks) == 2 and all(
            abs(c.x0 - left) < ALIGNED for c, left in zip(line.chunks, lefts, strict=True)
        )
        goes_on = len(line.chunks) == 1 and abs(line.x0 - lefts[1]) < ALIGNED and rows
        if line.squares or not (same or goes_on):
            break
        if same and len(line.chunks[0].words) > LABEL_WORD_LIMIT:
            break
        rows += same
        count = index - at + 1
    return count if rows >= LEAST_ROWS else 0
