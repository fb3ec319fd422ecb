"""Lines of a page between its grids -> pieces: headings, tables, fields, boxes, paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.ingest.bars import barred_table
from pipeline.ingest.forms import BLANK, Field, is_prose, line_fields, plain
from pipeline.ingest.grids import is_level
from pipeline.ingest.lines import ITEM, Chunk, Line, is_heading
from pipeline.ingest.paragraphs import paragraphs
from pipeline.ingest.raw import RawPage, RawWord
from pipeline.ingest.tables import RawTable, aligned_table, listing
from pipeline.ingest.ticks import TickBox, head_over, heads_answers, line_ticks
from pipeline.schema import BlockKind

EDGE = 0.1  # share of the page's height at its top and bottom where running lines stand
RUNNING = re.compile(
    r"\bpage\s*\d+\s*(?:of|/)\s*\d+|^\W*(?:page|pg|p)\W{0,2}\d+\W*$|\bP\.\s?\d+(?:/\d+)?$"
    r"|^(?:printed|confidential\b)|\bpg\.? ?\d+$",
    re.IGNORECASE,
)


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


def running_key(line: Line) -> str:
    return re.sub(r"[\d\W]+", "", line.text.lower())


def at_edge(line: Line, page: RawPage) -> bool:
    height = page.frame[1]
    return line.bottom < EDGE * height or line.top > (1 - EDGE) * height


def table_rows(table: RawTable) -> list[list[list[RawWord]]]:
    return [[cell.words for cell in row] for row in table.rows]


def form_piece(top: float, fields: list[Field]) -> Piece:
    rows = [[part for part in (f.label, f.value, f.rest) if part] for f in fields]
    return Piece(BlockKind.FORM, top, rows, fields=list(fields))


@dataclass(frozen=True)
class Around:
    """What a part of a page is read by: the page, known labels, running lines, its prose."""

    page: RawPage
    labels: frozenset[str]
    running: frozenset[str]
    body: float
    lines: list[Line]
    heads: list[Chunk] = field(default_factory=list)  # "YES   NO   not known" over boxes below


class Flow:
    """Lines that stand between grids, cut into pieces."""

    def __init__(self, lines: list[Line], around: Around) -> None:
        self.lines, self.around = lines, around
        self.page, self.labels, self.running = around.page, around.labels, around.running
        self.body = around.body
        self.made: list[Piece] = []
        self.prose: list[Line] = []
        self.found = [line_fields(line, self.labels) if not line.squares else [] for line in lines]

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
        if heads_answers(line):
            self.around.heads[:] = line.chunks
        blanks = self._blanks_below(at)
        if blanks:
            return self._add(form_piece(line.top, [self._field_on_blanks(at, blanks)]), 1 + blanks)
        table = barred_table(self.lines, at) or aligned_table(self.lines, at)
        if table is not None:
            piece = Piece(BlockKind.TABLE, line.top, table_rows(table[0]), table=table[0])
            return self._add(piece, table[1])
        if self._is_form_line(at):
            return self._form_line(at)
        count = listing(self.lines, at)
        if count:
            return self._add(form_piece(line.top, _listed(self.lines[at : at + count])), count)
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
        for lines in paragraphs(self.prose, self.around.lines) if self.prose else ():
            words = [w for line in lines for w in line.words]
            rows = [[words]] if len(lines) > 1 else _rows(lines)
            self.made.append(Piece(BlockKind.PARAGRAPH, lines[0].top, rows))
        self.prose = []

    def _is_furniture(self, line: Line) -> bool:
        if not at_edge(line, self.page):
            return False
        return running_key(line) in self.running or bool(RUNNING.search(line.text))

    def _ticks(self, line: Line) -> int:
        asked = self._question_above(line)
        group = 1 + max((t.group for p in self.made for t in p.ticks), default=0)
        stacked = self._stacked_with(line)
        ticks, fields = line_ticks(line, asked, stacked if stacked is not None else group)
        if stacked is not None and self.made[-1].ticks and not asked:
            for tick in ticks:
                tick.question = tick.question or self.made[-1].ticks[-1].question
        if not any(tick.label for tick in ticks):
            for tick in ticks:
                tick.label = head_over(tick.square, self.around.heads)
        cells = [asked] if asked else []
        cells += [chunk.words for chunk in line.chunks if chunk.words]
        piece = Piece(BlockKind.FORM, line.top, [_merged_question(cells, asked, ticks)])
        piece.ticks, piece.fields = ticks, fields
        return self._add(piece)

    def _stacked_with(self, line: Line) -> int | None:
        """The group of the line above when both hold one option each, at one left edge."""
        last = self.made[-1] if self.made and not self.prose else None
        if last is None or not last.ticks or len(line.chunks) != 1 or len(last.rows[-1]) != 1:
            return None
        above = last.ticks[-1]
        aligned = abs(above.square.box[0] - line.x0) < 4
        near = line.top - above.square.box[3] < 2 * line.size
        return above.group if aligned and near else None

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
        return self._add(form_piece(self.lines[at].top, fields), count)


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
