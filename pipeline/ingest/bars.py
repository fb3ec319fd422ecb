"""Tables whose columns are parted by printed bars, as hospital systems print them:

COLLECTED     |TEST            |RESULT |UNITS |RANGE
20260519 0510 |CREATINE KINASE |6230   |U/L   |39-308
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from pipeline.ingest.lines import Line
from pipeline.ingest.raw import RawWord, union
from pipeline.ingest.tables import LEAST_ROWS, RawTable, TableCell, numbered

BARS = re.compile("[|\u00a6\u2502\u2503]")
LEAST_BARS = 2  # in a row; a single one parts the items of a line
PENDING = 2  # lines without bars that may stand between rows: headings
PITCH = 3.0  # lines of a table lie no further apart, in type sizes
ASIDE = 1.5  # type sizes by which recognised bars of a column may differ
RULE = re.compile(r"[-+=_|\u2500-\u257f]+")


def barred_table(lines: list[Line], at: int) -> tuple[RawTable, int] | None:
    """A table with bars between its columns that starts at a line, and how many lines it takes."""
    count = _count(lines[at])
    if count < LEAST_BARS:
        return None
    rows = [lines[at]]
    held: list[tuple[Line, bool]] = [(lines[at], True)]
    pending: list[Line] = []
    taken = 1
    for index in range(at + 1, len(lines)):
        line = lines[index]
        if line.squares or line.top - lines[index - 1].top > PITCH * line.size:
            break
        if all(RULE.fullmatch(word.text) for word in line.words):
            continue
        if _count(line) == count and _in_line(line, rows[0]):
            held += [(single, False) for single in pending]
            held.append((line, True))
            rows.append(line)
            pending, taken = [], index - at + 1
        elif _count(line) or len(pending) == PENDING:
            break
        else:
            pending.append(line)
    if len(rows) < LEAST_ROWS:
        return None
    cells = [_cells(line) if barred else [_single(line)] for line, barred in held]
    return numbered(_without_margins(cells, count)), taken


def _count(line: Line) -> int:
    """Bars of a line, but for those of rules."""
    return sum(
        len(BARS.findall(w.text))
        for w in line.words
        if not RULE.fullmatch(w.text) or len(w.text) == 1
    )


def _in_line(line: Line, head: Line) -> bool:
    """Whether bars stand under those of the head; of recognised ones some are misread figures."""
    if all(word.confidence == 1.0 for word in (*line.words, *head.words)):
        return True
    return all(
        abs(a - b) <= ASIDE * head.size for a, b in zip(_places(line), _places(head), strict=True)
    )


def _places(line: Line) -> list[float]:
    """Where the bars of a line stand, from left to right."""
    return [
        word.x0 + (word.x1 - word.x0) * (m.start() + 0.5) / len(word.text)
        for word in line.words
        for m in BARS.finditer(word.text)
    ]


def _cells(line: Line) -> list[TableCell]:
    """What stands between the bars of a line; words that hold a bar are cut at it."""
    parts: list[list[RawWord]] = [[]]
    for word in line.words:
        position = 0
        for m in [*BARS.finditer(word.text), None]:
            end = m.start() if m is not None else len(word.text)
            if end > position:
                parts[-1].append(_piece(word, position, end))
            if m is not None:
                parts.append([])
                position = m.end()
    edges = [line.x0, *_places(line), line.x1]
    return [
        TableCell(
            0,
            column,
            union(w.box for w in words)
            if words
            else (left, line.top, max(left, right), line.bottom),
            words,
        )
        for column, (words, (left, right)) in enumerate(zip(parts, pairwise(edges), strict=True))
    ]


def _piece(word: RawWord, start: int, end: int) -> RawWord:
    """The letters of a word from one place to another; all are taken to be equally wide."""
    if (start, end) == (0, len(word.text)):
        return word
    wide = (word.x1 - word.x0) / len(word.text)
    box = (word.x0 + start * wide, word.top, word.x0 + end * wide, word.bottom)
    return replace(word, text=word.text[start:end], box=box)


def _single(line: Line) -> TableCell:
    return TableCell(0, 0, line.box, list(line.words))


def _without_margins(rows: list[list[TableCell]], count: int) -> list[list[TableCell]]:
    """Rows without the empty columns outside bars that enclose them: "| CK | 6230 | U/L |"."""
    full = [row for row in rows if len(row) == count + 1]
    first = 1 if not any(row[0].words for row in full) else 0
    last = count if not any(row[-1].words for row in full) else count + 1
    for row in full:
        del row[last:], row[:first]
        for column, cell in enumerate(row):
            cell.column = column
    return rows
