"""Words and rules of a page -> the pieces that its text is made of, in reading order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.ingest.forms import (
    BLANK,
    Field,
    box_fields,
    is_form,
    is_prose,
    line_fields,
    plain,
)
from pipeline.ingest.grids import Grid, grids_of, is_level
from pipeline.ingest.lines import ITEM, Line, body_size, is_heading, lines_of
from pipeline.ingest.paragraphs import paragraphs
from pipeline.ingest.raw import RawPage, RawWord, Square, inside
from pipeline.ingest.tables import RawTable, aligned_table, listing, ruled_table
from pipeline.ingest.ticks import TickBox, cell_ticks, line_ticks
from pipeline.schema import BlockKind, Box

EDGE = 0.1  # share of the page's height at its top and bottom where running lines stand
RUNNING = re.compile(
    r"\bpage\s*\d+\s*(?:of|/)\s*\d+|^\W*(?:page|pg|p)\W{0,2}\d+\W*$|\bP\.\s?\d+(?:/\d+)?$"
    r"|^(?:printed|confidential\b)|\bpg\.? ?\d+$",
    re.IGNORECASE,
)
DATE = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}")
RULE_OF_SIGNS = re.compile(r"[=\-*~.]{8,}")


@dataclass
class Piece:
    """A block of the page: rows of cells of words, and what is known of them."""

    kind: BlockKind
    top: float
    rows: list[list[list[RawWord]]]
    fields: list[Field] = field(default_factory=list)
    ticks: list[TickBox] = field(default_factory=list)
    table: RawTable | None = None
    caption: list[RawWord] = field(default_factory=list)


def running_lines(pages: Iterable[RawPage]) -> frozenset[str]:
    """Lines at the top or bottom that several pages bear, numbers aside."""
    seen: Counter[str] = Counter()
    for page in pages:
        edge = [line for line in lines_of(page.words, []) if _at_edge(line, page)]
        seen.update({_running_key(line) for line in edge})
    return frozenset(key for key, count in seen.items() if count > 1 and len(key) > 3)


def _running_key(line: Line) -> str:
    return re.sub(r"[\d\W]+", "", line.text.lower())


def _at_edge(line: Line, page: RawPage) -> bool:
    height = page.frame[1]
    return line.bottom < EDGE * height or line.top > (1 - EDGE) * height


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
    body = body_size(lines_of(words, []))
    cuts = sorted(piece.top for piece in pieces)
    for part in _parts(lines, cuts):
        pieces += _Flow(part, page, labels, running, body).pieces()
    pieces += [
        Piece(BlockKind.FURNITURE, 0.0 if index == 0 else page.frame[1], [[words]])
        for index, words in enumerate(page.margin)
        if words
    ]
    pieces.sort(key=lambda piece: piece.top)
    _caption(pieces)
    _number_groups(pieces)
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
            if tall or not titled and not held:
                continue
        if broken and _hides_columns(grid, there):
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


def _grid_piece(
    grid: Grid, page: RawPage, words: list[RawWord], labels: frozenset[str]
) -> list[Piece]:
    there = [w for w in words if inside(w, grid.box)]
    squares = [s for s in page.squares if _within_any(s.box, [grid])]
    if is_form(grid, there, page.entries, labels):
        rows = box_fields(grid, there, page.entries)
        fields = [f for row in rows for f in row]
        piece = _form(grid.box[1], fields)
        if squares:
            _tick_cells(piece, ruled_table(grid, there), squares)
        return [piece] if fields else []
    table = ruled_table(grid, there)
    questions = _questionnaire(table)
    if questions:
        return [_form(grid.box[1], questions)]
    piece = Piece(BlockKind.TABLE, grid.box[1], _table_rows(table), table=table)
    piece.ticks = cell_ticks(table, squares, 0)
    return [piece]


def _tick_cells(piece: Piece, table: RawTable, squares: list[Square]) -> None:
    piece.ticks = cell_ticks(table, squares, 0)


def _table_rows(table: RawTable) -> list[list[list[RawWord]]]:
    return [[cell.words for cell in row] for row in table.rows]


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


def _form(top: float, fields: list[Field]) -> Piece:
    rows = [[part for part in (f.label, f.value, f.rest) if part] for f in fields]
    return Piece(BlockKind.FORM, top, rows, fields=list(fields))


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
            pieces.append(_form(entry.box[1], [made]))
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


class _Flow:
    """Lines that stand between grids, cut into pieces."""

    def __init__(
        self,
        lines: list[Line],
        page: RawPage,
        labels: frozenset[str],
        running: frozenset[str],
        body: float,
    ) -> None:
        self.lines, self.page, self.labels, self.running = lines, page, labels, running
        self.body = body
        self.made: list[Piece] = []
        self.prose: list[Line] = []
        self.found = [line_fields(line, labels) if not line.squares else [] for line in lines]

    def pieces(self) -> list[Piece]:
        at = 0
        while at < len(self.lines):
            at += self._take(at)
        self._end_prose()
        return self.made

    def _take(self, at: int) -> int:
        """Make a piece of the line, or of several; the number of lines taken."""
        line = self.lines[at]
        if self._is_furniture(line):
            return self._add(Piece(BlockKind.FURNITURE, line.top, _rows([line])))
        if line.squares:
            return self._ticks(line)
        blanks = self._blanks_below(at)
        if blanks:
            return self._add(_form(line.top, [self._field_on_blanks(at, blanks)]), 1 + blanks)
        table = aligned_table(self.lines, at)
        if table is not None:
            piece = Piece(BlockKind.TABLE, line.top, _table_rows(table[0]), table=table[0])
            return self._add(piece, table[1])
        if self._is_form_line(at):
            return self._form_line(at)
        count = listing(self.lines, at)
        if count:
            return self._add(_form(line.top, _listed(self.lines[at : at + count])), count)
        if is_heading(line, self.body) or self._is_underlined(line):
            return self._add(Piece(BlockKind.HEADING, line.top, _rows([line])))
        self.prose.append(line)
        return 1

    def _add(self, piece: Piece, count: int = 1) -> int:
        self._end_prose()
        last = self.made[-1] if self.made else None
        if last and piece.kind is last.kind is BlockKind.FORM:
            last.rows += piece.rows
            last.fields += piece.fields
            last.ticks += piece.ticks
        else:
            self.made.append(piece)
        return count

    def _end_prose(self) -> None:
        for lines in paragraphs(self.prose):
            words = [w for line in lines for w in line.words]
            rows = [[words]] if len(lines) > 1 else _rows(lines)
            self.made.append(Piece(BlockKind.PARAGRAPH, lines[0].top, rows))
        self.prose = []

    def _is_furniture(self, line: Line) -> bool:
        if not _at_edge(line, self.page):
            return False
        return _running_key(line) in self.running or bool(RUNNING.search(line.text))

    def _ticks(self, line: Line) -> int:
        asked = self._question_above(line)
        group = 1 + max((t.group for p in self.made for t in p.ticks), default=0)
        stacked = self._stacked_with(line)
        ticks, fields = line_ticks(line, asked, stacked if stacked is not None else group)
        if stacked is not None and self.made[-1].ticks and not asked:
            for tick in ticks:
                tick.question = tick.question or self.made[-1].ticks[-1].question
        cells = [asked] if asked else []
        cells += [chunk.words for chunk in line.chunks if chunk.words]
        piece = Piece(BlockKind.FORM, line.top, [_merged_question(cells, asked, ticks)])
        piece.ticks, piece.fields = ticks, fields
        return self._add(piece)

    def _stacked_with(self, line: Line) -> int | None:
        """The group of the line above when both hold one option each, at one left edge."""
        last = self.made[-1].ticks[-1] if self.made and self.made[-1].ticks else None
        if (
            self.prose
            or last is None
            or len(line.chunks) != 1
            or last.question is not None
            and (last.square.box[0] > line.x0 + 4 or last.square.box[0] < line.x0 - 4)
        ):
            return None
        near = line.top - last.square.box[3] < 2 * line.size
        return last.group if near and len(self.made[-1].rows[-1]) == 1 else None

    def _question_above(self, line: Line) -> list[RawWord]:
        """Lines of prose above that end in the question which the boxes answer."""
        if not self.prose:
            return []
        last = self.prose[-1]
        starts_with_box = line.chunks[0].square is not None
        text = last.text.rstrip()
        if line.top - last.bottom > 1.5 * line.size:
            return []
        if starts_with_box and not text.endswith(("?", ":")):
            return []
        if not starts_with_box and text.endswith((".", "?", ":", "!")):
            return []
        first = line.words[0].text if line.words else ""
        if not starts_with_box and not first[:1].islower():
            return []
        return self.prose.pop().words

    def _is_form_line(self, at: int) -> bool:
        """Whether a line of labels and values is one of a form and not of prose."""
        fields = self.found[at]
        if not fields:
            return False
        if self._is_strong(at):
            return True
        field_ = fields[0]
        if is_prose(field_) or not field_.value or self._goes_on(at):
            return False
        known = plain(" ".join(w.text for w in field_.label)) in self.labels
        beside = [i for i in (at - 1, at + 1) if 0 <= i < len(self.lines) and self._near(i, at)]
        if known:
            return any(self.found[i] and not self._goes_on(i) for i in beside)
        return any(self._is_strong(i) for i in beside)

    def _is_strong(self, at: int) -> bool:
        blank = any(BLANK.fullmatch(w.text) for w in self.lines[at].words)
        return bool(self.found[at]) and (len(self.found[at]) > 1 or blank)

    def _near(self, a: int, b: int) -> bool:
        return abs(self.lines[a].top - self.lines[b].top) < 2.2 * self.lines[b].size

    def _is_underlined(self, line: Line) -> bool:
        """Whether a short line stands on a rule that is longer than it."""
        if len(line.chunks) != 1 or len(line.words) > 8 or line.text.rstrip()[-1:] in ".:,;":
            return False
        return any(
            is_level(rule)
            and -3 < (rule[1] + rule[3]) / 2 - line.bottom < 0.6 * line.size
            and rule[0] < line.x0 + 6
            and rule[2] - rule[0] > 1.5 * (line.x1 - line.x0)
            for rule in self.page.rules
        )

    def _blanks_below(self, at: int) -> int:
        """How many numbered blanks follow a line that ends in a colon."""
        if not self.lines[at].text.rstrip().endswith(":") or len(self.lines[at].chunks) > 1:
            return 0
        count = 0
        for line in self.lines[at + 1 :]:
            numbered = bool(line.words) and bool(ITEM.match(line.words[0].text))
            if not (numbered or count) or not any(BLANK.fullmatch(w.text) for w in line.words):
                break
            if any(w.text.endswith(":") for w in line.words) or line.squares:
                break
            count += 1
        return count

    def _field_on_blanks(self, at: int, count: int) -> Field:
        below = [w for line in self.lines[at + 1 : at + 1 + count] for w in line.words]
        value = [w for w in below if not BLANK.fullmatch(w.text) and not ITEM.match(w.text)]
        return Field(self.lines[at].words, value, "line")

    def _goes_on(self, at: int) -> bool:
        """Whether the next line is the rest of this one's sentence."""
        if at + 1 >= len(self.lines) or self.found[at + 1] or not self._near(at + 1, at):
            return False
        line, following = self.lines[at], self.lines[at + 1]
        same = len(following.chunks) == 1 and abs(following.x0 - line.x0) < 4
        return same and line.x1 > 0.75 * self.page.frame[0]

    def _form_line(self, at: int) -> int:
        fields = self.found[at]
        count = 1
        while at + count < len(self.lines):
            line = self.lines[at + count]
            if self.found[at + count] or line.squares or len(line.chunks) != 1:
                break
            if line.top - self.lines[at + count - 1].bottom > 0.7 * line.size:
                break
            owner = [f for f in fields if f.value and abs(f.value[0].x0 - line.x0) < 4]
            if not owner:
                break
            owner[-1].value += line.words
            count += 1
        return self._add(_form(self.lines[at].top, fields), count)


def _rows(lines: list[Line]) -> list[list[list[RawWord]]]:
    return [[chunk.words for chunk in line.chunks if chunk.words] for line in lines]


def _merged_question(
    cells: list[list[RawWord]], asked: list[RawWord], ticks: list[TickBox]
) -> list[list[RawWord]]:
    """Cells of a row of boxes, with a question begun in the line above made one cell."""
    if asked and ticks and len(ticks[0].question) > len(asked) and len(cells) > 1:
        return [cells[0] + cells[1], *cells[2:]]
    return cells


def _listed(lines: list[Line]) -> list[Field]:
    fields: list[Field] = []
    for line in lines:
        if len(line.chunks) == 1:
            fields[-1].value += line.chunks[0].words
        else:
            fields.append(Field(line.chunks[0].words, line.chunks[1].words, "line"))
    return fields


def _caption(pieces: list[Piece]) -> None:
    """Give each table the heading, or the line with a date, that stands right above it."""
    for before, piece in zip(pieces, pieces[1:], strict=False):
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
