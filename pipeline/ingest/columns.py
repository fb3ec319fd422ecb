"""Prose set in two columns: found by its gutter, to be read column by column."""

from __future__ import annotations

from collections import Counter
from statistics import median

from pipeline.ingest.lines import Line, lines_of

LEAST_LINES = 6  # of each column: fewer are a letterhead, a form, or a table
LEAST_WORDS = 4  # median of a line of prose in a column
REACHING, REACH = 0.6, 0.75  # share of a column's lines that fill that share of its width
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
    return [left, right] if _is_prose(left) and _is_prose(right) else [lines]


def _is_prose(lines: list[Line]) -> bool:
    if len(lines) < LEAST_LINES or median(len(line.words) for line in lines) < LEAST_WORDS:
        return False
    start, end = min(line.x0 for line in lines), max(line.x1 for line in lines)
    reaching = sum(line.x1 - start > REACH * (end - start) for line in lines)
    labelled = sum(any(w.text.endswith(":") for w in line.words[:4]) for line in lines)
    parted = sum(len(line.chunks) > 1 for line in lines)
    return (
        reaching >= REACHING * len(lines)
        and labelled <= LABELLED * len(lines)
        and parted <= LABELLED * len(lines)
    )
