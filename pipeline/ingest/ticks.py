"""Boxes to tick: what each stands for, and what is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.ingest.forms import BLANK, Field, plain
from pipeline.ingest.lines import SMALL_GAP, Chunk, Line, lines_of
from pipeline.ingest.raw import RawWord, Square, inside
from pipeline.ingest.tables import RawTable, TableCell
from pipeline.schema import Tick

YES, NO = {"yes", "y"}, {"no", "n"}
BESIDE = 6.0  # points by which a box may stand beside the word that heads its column
ORDINAL = re.compile(r"\W*(?:Q\s?)?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.):]?\W*")


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


def heads_answers(line: Line) -> bool:
    """Whether a line heads columns of boxes: "YES   NO   not known", words that stand apart."""
    said = {plain(chunk.text) for chunk in line.chunks}
    return bool(said & YES) and bool(said & NO)


def head_over(square: Square, heads: list[Chunk]) -> list[RawWord]:
    """The answer that heads the column in which a box without words stands."""
    middle = (square.box[0] + square.box[2]) / 2
    over = [c for c in heads if c.words and c.x0 - BESIDE <= middle <= c.x1 + BESIDE]
    return over[0].words if len(over) == 1 and len(over[0].words) < 4 else []


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
    """Boxes inside the cells of a table.

    A cell that asks nothing itself is asked by the first of its row and, where it has no words
    at all, answered by the head of its column. A box that is alone in its row, under no head that
    answers, marks the words beside it: "[x] | I will watch for infections."
    """
    ticks: list[TickBox] = []
    header = {cell.column: cell.words for cell in table.cells if cell.row == 0}
    for row in table.rows:
        boxed = [(cell, _squares_in(cell, squares)) for cell in row]
        told = [cell.words for cell in row if cell.words]
        if len(told) > 1 and ORDINAL.fullmatch(" ".join(w.text for w in told[0])):
            told = told[1:]  # the number of the question
        alone = sum(len(held) for _, held in boxed) == 1
        for cell, held in boxed:
            made = _asked_in(cell, held)
            last = group + max((tick.group for tick in made), default=0)
            head = header.get(cell.column, []) if cell.row > 0 else []
            answers = plain(" ".join(w.text for w in head)) in YES | NO
            for tick in made:
                bare, first = not tick.label, cell is row[0]
                if bare and alone and told and not answers and (first or not head):
                    tick.label, tick.group = told[0], tick.group + group
                    continue
                if bare:
                    tick.label = head
                if (first and not (bare and answers)) or _asks(tick.question):
                    tick.group += group
                else:  # boxes of one row answer its question together
                    tick.question = told[0] if told else []
                    tick.group = -1 - cell.row
            group = last
            ticks += made
    return consistent(ticks)


def _asks(words: list[RawWord]) -> bool:
    """Whether words beside a box ask a question of their own, and do not merely caption it."""
    return len(words) > 2 or any(w.text.endswith("?") for w in words)


def _asked_in(cell: TableCell, squares: list[Square]) -> list[TickBox]:
    """The boxes of a cell in reading order, each with the question that stands last before it."""
    ticks: list[TickBox] = []
    asked: list[RawWord] = []
    for line in lines_of(cell.words, squares) if squares else []:
        for chunk in line.chunks:
            words = chunk.words
            if chunk.square is None and ticks and not asked and _goes_on(ticks[-1], line, words):
                ticks[-1].label = [*ticks[-1].label, *words]
                continue
            if chunk.square is not None:
                new = bool(asked) or not ticks
                question = last_sentence(asked) if new else ticks[-1].question
                group = ticks[-1].group + new if ticks else 1
                label = option(words)
                ticks.append(TickBox(chunk.square, label, question, group))
                words, asked = words[len(label) :], []
            asked = [*asked, *words]
    return ticks


def _goes_on(tick: TickBox, line: Line, words: list[RawWord]) -> bool:
    """Whether an option of several words goes on in the next line."""
    long = len(tick.label) > 2 and not line.squares
    return long and tick.label[-1].bottom <= words[0].middle and words[0].text[:1].islower()


def option(words: list[RawWord]) -> list[RawWord]:
    """The words of an option; after a bare yes or no, what begins anew is no part of it."""
    if not words or plain(words[0].text) not in YES | NO:
        return words
    for at, word in enumerate(words[1:], 1):
        if word.text[:1].isupper() or not word.text[:1].isalpha():
            return words[:at]
    return words


def last_sentence(words: list[RawWord]) -> list[RawWord]:
    """The last sentence of what stands before a box: what it answers.

    A caption with a colon is part of a question of few words ("Contraindicated: methotrexate").
    """
    for at in range(len(words) - 2, -1, -1):
        text, rest = words[at].text, words[at + 1 :]
        ended = text.endswith(("?", "!")) or (text.endswith(".") and len(text) > 4)
        headed = text.endswith(":") and (len(rest) > 3 or rest[-1].text.endswith("?"))
        if (ended or headed) and not rest[0].text[:1].islower():
            return rest
    return words


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
