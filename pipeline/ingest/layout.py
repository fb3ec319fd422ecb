"""Words and rules of a page -> the pieces that its text is made of, in reading order."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from pipeline.ingest.columns import in_columns
from pipeline.ingest.flow import Around, Flow, Piece, at_edge, form_piece, running_key, table_rows
from pipeline.ingest.forms import (
    Field,
    box_fields,
    is_form,
    plain,
)
from pipeline.ingest.grids import Grid, grids_of
from pipeline.ingest.lines import Line, body_size, lines_of
from pipeline.ingest.raw import RawPage, RawWord, Square, inside
from pipeline.ingest.tables import RawTable, aligned_table, ruled_table
from pipeline.ingest.ticks import cell_ticks
from pipeline.schema import BlockKind, Box

DATE = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}")
RULE_OF_SIGNS = re.compile(r"[=\-*~.]{8,}")


def running_lines(pages: Iterable[RawPage]) -> frozenset[str]:
    """Lines at the top or bottom that several pages bear, numbers aside."""
    seen: Counter[str] = Counter()
    for page in pages:
        edge = [line for line in lines_of(page.words, []) if at_edge(line, page)]
        seen.update({running_key(line) for line in edge})
    return frozenset(key for key, count in seen.items() if count > 1 and len(key) > 3)


def pieces_of(page: RawPage, labels: frozenset[str], running: frozenset[str]) -> list[Piece]:
    """The page's pieces from top to bottom."""
    words = [w for w in page.words if not RULE_OF_SIGNS.fullmatch(w.text)]
    grids = _kept_grids(page, words, labels)
    pieces = [piece for grid in grids for piece in _grid_piece(grid, page, words, labels)]
    cells = [cell.box for grid in grids for cell in grid.cells]
    free = [w for w in words if not any(inside(w, box, 0.5) for box in cells)]
    squares = [s for s in page.squares if not _within_any(s.box, grids)]
    loose, free = _loose_entries(page, grids, free)
    pieces += loose
    lines = lines_of(free, squares)
    around = Around(
        page, labels, running, body_size(lines_of(words, [])),
        [line for line in lines if not at_edge(line, page)],
    )  # fmt: skip
    cuts = sorted(piece.top for piece in pieces)
    for part in _parts(lines, cuts):
        pieces += _flow(part, around)
    pieces += [
        Piece(BlockKind.FURNITURE, 0.0 if index == 0 else page.frame[1], [[words]])
        for index, words in enumerate(page.margin)
        if words
    ]
    pieces.sort(key=lambda piece: piece.top)
    _caption(pieces)
    _number_groups(pieces)
    return pieces


def _flow(lines: list[Line], around: Around) -> list[Piece]:
    """Pieces of lines between grids; of prose in columns, in the order of reading."""
    runs = in_columns(lines)
    if len(runs) == 1:
        return Flow(lines, around).pieces()
    pieces: list[Piece] = []
    for run in runs:
        pieces += Flow(run, replace(around, lines=run)).pieces()
    highest = lines[0].top
    for at, piece in enumerate(pieces):  # pieces are put in order by their tops
        piece.top = highest + at * 0.01
    return pieces


def _in_any(box: Box, grids: list[Grid]) -> bool:
    probe = RawWord("", box, 1.0)
    return any(inside(probe, grid.box) for grid in grids)


def _within_any(box: Box, grids: list[Grid]) -> bool:
    """Whether all of a box lies in a grid; one that hangs over the border belongs to no cell."""
    return any(
        g.box[0] < box[0] and box[2] < g.box[2] and g.box[1] < box[1] and box[3] < g.box[3]
        for g in grids
    )


def _kept_grids(page: RawPage, words: list[RawWord], labels: frozenset[str]) -> list[Grid]:
    """Grids that hold words; a lone cell only when it is a box of a form."""
    broken = page.origin == "ocr"
    kept = []
    for grid in grids_of(page.rules, broken, [w.box for w in words] if broken else ()):
        there = [w for w in words if inside(w, grid.box)]
        held = [e for e in page.entries if inside(RawWord("", e.box, 1.0), grid.box)]
        if not there and not held:
            continue
        if len(grid.cells) == 1:
            tall = grid.box[3] - grid.box[1] > 0.5 * page.frame[1]
            titled = bool(there) and plain(lines_of(there, [])[0].text) in labels
            if tall or (not titled and not held):
                continue
        if (broken and _hides_columns(grid, there)) or _is_frame(grid, there):
            continue
        kept.append(grid)
    return kept


def _hides_columns(grid: Grid, words: list[RawWord]) -> bool:
    """Whether upright rules were lost: rows of several chunks in one cell, one below another."""
    lefts: Counter[int] = Counter()
    for cell in grid.cells:
        inner = lines_of([w for w in words if inside(w, cell.box, 0.5)], [])
        if len(inner) == 1 and len(inner[0].chunks) > 1:
            lefts.update(round(chunk.x0 / 6) for chunk in inner[0].chunks[1:])
    return max(lefts.values(), default=0) >= 3


def _is_frame(grid: Grid, words: list[RawWord]) -> bool:
    """Whether rules only stand around a table, or under its heads: its columns have none."""
    if any(len(row) > 1 for row in grid.rows):
        return False
    lines = lines_of(words, [])
    return any(aligned_table(lines, at) is not None for at in range(len(lines)))


def _grid_piece(
    grid: Grid, page: RawPage, words: list[RawWord], labels: frozenset[str]
) -> list[Piece]:
    there = [w for w in words if inside(w, grid.box)]
    squares = [s for s in page.squares if _within_any(s.box, [grid])]
    if is_form(grid, there, page.entries, labels):
        rows = box_fields(grid, there, page.entries)
        fields = [f for row in rows for f in row]
        piece = form_piece(grid.box[1], fields)
        if squares:
            _tick_cells(piece, ruled_table(grid, there), squares)
        return [piece] if fields else []
    table = ruled_table(grid, there)
    questions = _questionnaire(table)
    if questions:
        return [form_piece(grid.box[1], questions)]
    piece = Piece(BlockKind.TABLE, grid.box[1], table_rows(table), table=table)
    piece.ticks = cell_ticks(table, squares, 0)
    return [piece]


def _tick_cells(piece: Piece, table: RawTable, squares: list[Square]) -> None:
    piece.ticks = cell_ticks(table, squares, 0)


def _questionnaire(table: RawTable) -> list[Field]:
    """Rows of question and answer as fields; empty when the table is none such."""
    rows = table.rows[table.header_rows :]
    asked = [row for row in rows if row[0].words and row[0].words[-1].text.endswith(("?", ":"))]
    if any(len(row) != 2 for row in rows) or len(asked) < 0.6 * len(rows) or not rows:
        return []
    fields = [Field(row[0].words, row[1].words, "line") for row in rows if row[0].words]
    if table.header_rows:
        head = table.rows[0]
        if len(head) == 2 and head[0].words:
            fields.insert(0, Field(head[0].words, head[1].words, "line"))
    return fields


def _loose_entries(
    page: RawPage, grids: list[Grid], free: list[RawWord]
) -> tuple[list[Piece], list[RawWord]]:
    """Fields outside any grid: the label is what is printed to the left, or above."""
    pieces = []
    for entry in page.entries:
        if _in_any(entry.box, grids):
            continue
        lines = lines_of(free, [])
        beside = _beside(entry.box, lines) or _above(entry.box, lines)
        taken = set(map(id, beside))
        free = [w for w in free if id(w) not in taken]
        if beside:
            made = Field(beside, list(entry.words), "acroform", entry.doubtful)
            pieces.append(form_piece(entry.box[1], [made]))
        elif entry.words:
            pieces.append(Piece(BlockKind.PARAGRAPH, entry.box[1], [[list(entry.words)]]))
    return pieces, free


def _beside(box: Box, lines: list[Line]) -> list[RawWord]:
    best: list[RawWord] = []
    for line in lines:
        shared = min(line.bottom, box[3]) - max(line.top, box[1])
        if shared < 0.4 * min(line.bottom - line.top, box[3] - box[1]):
            continue
        for chunk in line.chunks:
            if chunk.words and chunk.x1 <= box[0] + 3 and box[0] - chunk.x1 < 150:
                best = chunk.words
    return best


def _above(box: Box, lines: list[Line]) -> list[RawWord]:
    for line in reversed(lines):
        if not 0 <= box[1] - line.bottom + 3 < 18:
            continue
        for chunk in line.chunks:
            if chunk.words and chunk.x0 < box[2] and box[0] - 3 < chunk.x1:
                return chunk.words
    return []


def _parts(lines: list[Line], cuts: list[float]) -> list[list[Line]]:
    """Lines between the grids."""
    parts: list[list[Line]] = [[] for _ in range(len(cuts) + 1)]
    for line in lines:
        parts[sum(cut <= line.top for cut in cuts)].append(line)
    return [part for part in parts if part]


def _caption(pieces: list[Piece]) -> None:
    """Give each table the heading, or the line with a date, that stands right above it."""
    for before, piece in itertools.pairwise(pieces):
        if piece.table is None or before.table is not None or not before.rows:
            continue
        words = [w for cell in before.rows[-1] for w in cell]
        text = " ".join(w.text for w in words)
        titled = before.kind is BlockKind.HEADING or bool(DATE.search(text))
        if words and titled and len(words) <= 16 and before.kind is not BlockKind.FURNITURE:
            piece.caption = words


def _number_groups(pieces: list[Piece]) -> None:
    """Make the groups of boxes unique within the page."""
    count = 0
    for piece in pieces:
        known: dict[int, int] = {}
        for tick in piece.ticks:
            if tick.group not in known:
                count += 1
                known[tick.group] = count
            tick.group = known[tick.group]
