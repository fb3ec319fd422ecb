"""Boxes to tick: what each stands for, and what is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.ingest.forms import BLANK, Field, plain
from pipeline.ingest.lines import SMALL_GAP, Chunk, Line
from pipeline.ingest.raw import RawWord, Square, inside
from pipeline.ingest.tables import RawTable, TableCell
from pipeline.schema import Tick

YES, NO = {"yes", "y"}, {"no", "n"}


@dataclass
class TickBox:
    """A box with the words of its option and of the question that it answers."""

    square: Square
    label: list[RawWord]
    question: list[RawWord]
    group: int


def line_ticks(
    line: Line, question: list[RawWord], group: int
) -> tuple[list[TickBox], list[Field]]:
    """Boxes of a line, and fields that stand behind them ("If yes: ____").

    `question` is asked by the lines above; words before the first box come after it.
    """
    ticks: list[TickBox] = []
    fields: list[Field] = []
    asked = list(question)
    for chunk in line.chunks:
        if chunk.square is None:
            field = _field(chunk.words)
            if field is not None and ticks:
                fields.append(field)
            elif ticks:
                asked, group = list(chunk.words), group + 1
            else:
                asked += chunk.words
            continue
        label, rest = _option(chunk)
        ticks.append(TickBox(chunk.square, label, asked, group))
        field = _field(rest)
        if field is not None:
            fields.append(field)
    return consistent(ticks), fields


def _option(chunk: Chunk) -> tuple[list[RawWord], list[RawWord]]:
    """An option's words, and those of a label with a colon that follows after a gap."""
    words = chunk.words
    for at in range(1, len(words)):
        gap = words[at].x0 - words[at - 1].x1
        labelled = any(w.text.endswith(":") for w in words[at : at + 4])
        if labelled and gap > SMALL_GAP * words[at].size:
            return words[:at], words[at:]
    return words, []


def _field(words: list[RawWord]) -> Field | None:
    for at, word in enumerate(words):
        if word.text.endswith(":") and at < 5:
            value = [w for w in words[at + 1 :] if not BLANK.fullmatch(w.text)]
            blank = any(BLANK.fullmatch(w.text) for w in words[at + 1 :])
            return Field(words[: at + 1], value, "line") if value or blank else None
    return None


def cell_ticks(table: RawTable, squares: list[Square], group: int) -> list[TickBox]:
    """Boxes inside the cells of a table: one question a row."""
    ticks = []
    header = {cell.column: cell for cell in table.cells if cell.row == 0}
    for row in table.rows:
        first = row[0]
        for cell in row:
            for square in _squares_in(cell, squares):
                label = [w for w in cell.words if w.x0 >= square.box[2] - 1]
                others = [s for s in _squares_in(cell, squares) if s.box[0] > square.box[0]]
                label = [w for w in label if all(w.x1 <= o.box[0] + 1 for o in others)]
                if not label and cell.column in header and cell.row > 0:
                    label = header[cell.column].words
                question = first.words if first is not cell else _before(cell, squares)
                ticks.append(TickBox(square, label, question, group + cell.row))
    return consistent(ticks)


def _before(cell: TableCell, squares: list[Square]) -> list[RawWord]:
    first = min(s.box[0] for s in _squares_in(cell, squares))
    return [w for w in cell.words if w.x1 <= first + 1]


def _squares_in(cell: TableCell, squares: list[Square]) -> list[Square]:
    probe = [(s, RawWord("", s.box, 1.0)) for s in squares]
    return sorted((s for s, word in probe if inside(word, cell.box)), key=lambda s: s.box[0])


def consistent(ticks: list[TickBox]) -> list[TickBox]:
    """The boxes, with "yes" and "no" of one question made unreadable when both are ticked."""
    spoilt = set()
    for group in {tick.group for tick in ticks}:
        marked = {
            plain(" ".join(w.text for w in t.label))
            for t in ticks
            if t.group == group and t.square.state is not Tick.EMPTY
        }
        if marked & YES and marked & NO:
            spoilt.add(group)
    return [
        replace(t, square=Square(t.square.box, Tick.UNREADABLE)) if t.group in spoilt else t
        for t in ticks
    ]
