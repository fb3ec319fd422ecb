"""Prose set in two columns, or beside a column of lists: found by its gutter, read by columns."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from statistics import median

from pipeline.ingest.lines import Line, lines_of

LEAST_LINES = 6  # of each column: fewer are a letterhead, a form, or a table
LEAST_WORDS = 4  # median of a line of prose in a column
REACHING, REACH = 0.5, 0.75  # share of a column's lines that fill that share of its width
GOING_ON = 0.3  # share of a column's lines that end within a sentence
SENTENCES = 0.5  # share of its lines with words that only sentences have
ASKED = 0.1  # share of lines that end in a question, above which what is beside are answers
SIDE_LINES, SIDE_WORDS = 0.6, 2  # a column of lists: share of the prose's lines, median of words
LABELLED = 0.2  # share of lines with `Label:` above which it is a form


def in_columns(lines: list[Line]) -> list[list[Line]]:
    """The lines in runs; two columns of prose become one run each, the left one first."""
    edge = _right_column(lines)
    if edge is None:
        return [lines]
    runs: list[list[Line]] = []
    apart: list[Line] = []
    for line in [*lines, None]:
        if line is not None and not line.squares and not _crosses(line, edge):
            apart.append(line)
            continue
        runs += _columns(apart, edge)
        apart = []
        if line is not None:
            if runs and runs[-1] and _crosses(runs[-1][-1], edge):
                runs[-1].append(line)
            else:
                runs.append([line])
    return runs if len(runs) > 1 and any(_starts_right(r, edge) for r in runs) else [lines]


def _right_column(lines: list[Line]) -> float | None:
    """Left edge that chunks far from the left margin share, if enough do."""
    if not lines:
        return None
    start, end = min(line.x0 for line in lines), max(line.x1 for line in lines)
    middle = start + 0.35 * (end - start)
    seconds = [c.x0 for line in lines for c in line.chunks if c.x0 > middle]
    if len(seconds) < LEAST_LINES:
        return None
    [(step, _)] = Counter(round(x / 4) for x in seconds).most_common(1)
    near = [x for x in seconds if abs(x - 4 * step) <= 4]
    return min(near) if len(near) >= LEAST_LINES else None


def _crosses(line: Line, edge: float) -> bool:
    """Whether words of a line stand in the white before the right column."""
    return any(w.x0 < edge - 3 and w.x1 > edge - 5 for w in line.words)


def _starts_right(lines: list[Line], edge: float) -> bool:
    return min(line.x0 for line in lines) >= edge - 3


def _columns(lines: list[Line], edge: float) -> list[list[Line]]:
    """Left and right column of lines that leave the gutter free; one run if not both are prose."""
    if not lines:
        return []
    words = [w for line in lines for w in line.words]
    left = lines_of([w for w in words if w.x0 < edge - 3], [])
    right = lines_of([w for w in words if w.x0 >= edge - 3], [])
    together = _is_prose(left) and (_is_prose(right) or _is_side(right, left))
    return [left, right] if together else [lines]


LINKING = re.compile(
    r"\b(?:the|of|and|with|to|was|in|has|is|for|had|on|not|no|from|he|she|his|her|we|at|a|an|by)\b",
    re.IGNORECASE,
)


def _is_side(lines: list[Line], prose: list[Line]) -> bool:
    """Whether lines beside prose are lists of their own (problems, medications), not its values."""
    return (
        len(lines) >= max(LEAST_LINES, SIDE_LINES * len(prose))
        and median(len(line.words) for line in lines) >= SIDE_WORDS
    )


def _is_prose(lines: list[Line]) -> bool:
    if len(lines) < LEAST_LINES or median(len(line.words) for line in lines) < LEAST_WORDS:
        return False
    start, end = min(line.x0 for line in lines), max(line.x1 for line in lines)
    texts = [line.text.strip() for line in lines]
    reaching = sum(line.x1 - start > REACH * (end - start) for line in lines)
    labelled = sum(any(w.text.endswith(":") for w in line.words[:4]) for line in lines)
    parted = sum(len(line.chunks) > 1 for line in lines)
    going_on = sum(
        text[-1:] not in ".:;?!" and after[:1].islower()
        for text, after in itertools.pairwise(texts)
    )
    return (
        reaching >= REACHING * len(lines)
        and labelled <= LABELLED * len(lines)
        and parted <= LABELLED * len(lines)
        and going_on >= GOING_ON * len(lines)
        and sum(LINKING.search(text) is not None for text in texts) >= SENTENCES * len(lines)
        and sum(text.endswith("?") for text in texts) <= ASKED * len(lines)
    )
