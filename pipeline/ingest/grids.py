"""Cells between ruling lines; a cell may span columns and rows."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.ingest.raw import union
from pipeline.schema import Box

SNAP = 2.5  # rules nearer than this are one rule (points); double borders lie 1 to 2 apart
REACH = 4.0  # how far a rule may end before the rule that it meets (points)
COVERED = 0.55  # share of a cell's side that must be ruled, for faxes lose parts of rules
BORDER_REACH = 14.0  # an upright rule so near the ends of level ones is their border (points)
SEEN = 0.35  # share of a broken rule that must be seen for the whole of it to be assumed
TRACE = 0.15  # share of a row's height in which a lost upright rule still shows
MOSTLY = 0.7  # share of a grid that an upright rule must cross to be taken to cross it all
SPACE = 6.0  # widest space between words of 10 to 12 points
LOST_ROW = 1.6  # rows higher than the usual one by this factor may be two
LEAST_BAND = 6.0  # no row is lower: nothing is printed smaller (points)


@dataclass(frozen=True)
class GridCell:
    """A cell; row and column count from 0 in the grid."""

    row: int
    column: int
    box: Box


@dataclass(frozen=True)
class Grid:
    """Connected cells, by row."""

    box: Box
    cells: tuple[GridCell, ...]

    @property
    def rows(self) -> list[list[GridCell]]:
        """Cells of each row from left to right."""
        count = max(cell.row for cell in self.cells) + 1
        return [[c for c in self.cells if c.row == row] for row in range(count)]


@dataclass
class _Rule:
    """A rule at a height (or an x) with its stretches."""

    at: float
    spans: list[tuple[float, float]]

    def covers(self, low: float, high: float, share: float = COVERED) -> bool:
        """Whether that share of [low, high] is ruled."""
        total, end = 0.0, low
        for start, stop in sorted(self.spans):
            start, stop = max(start, end), min(stop, high)
            if stop > start:
                total, end = total + stop - start, stop
        return total >= share * (high - low)


def grids_of(rules: Sequence[Box], broken: bool = False, words: Sequence[Box] = ()) -> list[Grid]:
    """The grids that rules form, from top to bottom.

    With `broken`, as on faxes, a rule of which parts are seen is taken to run on to the ends
    of its grid, except through the boxes of `words`.
    """
    grids = [g for part in _connected(rules) for g in _grids(part, broken, words)]
    return sorted(grids, key=lambda grid: (grid.box[1], grid.box[0]))


def is_level(rule: Box) -> bool:
    """Whether a rule runs from left to right."""
    return rule[2] - rule[0] >= rule[3] - rule[1]


def _connected(rules: Sequence[Box]) -> list[list[Box]]:
    """Rules grouped by whether they touch, directly or through others."""
    groups: list[list[Box]] = []
    for rule in rules:
        touching = [g for g in groups if any(_touch(rule, other) for other in g)]
        merged = [rule, *(other for group in touching for other in group)]
        groups = [g for g in groups if g not in touching] + [merged]
    return groups


def _touch(a: Box, b: Box) -> bool:
    return (
        a[0] <= b[2] + REACH
        and b[0] <= a[2] + REACH
        and a[1] <= b[3] + REACH
        and b[1] <= a[3] + REACH
        and (is_level(a) != is_level(b) or _in_line(a, b))
    )


def _in_line(a: Box, b: Box) -> bool:
    low = 1 if is_level(a) else 0
    return abs((a[low] + a[low + 2] - b[low] - b[low + 2]) / 2) <= SNAP


def _merged(parts: Iterable[tuple[float, float, float]]) -> list[_Rule]:
    rules: list[_Rule] = []
    for at, start, stop in sorted(parts):
        if rules and at - rules[-1].at <= SNAP:
            rules[-1].spans.append((start, stop))
        else:
            rules.append(_Rule(at, [(start, stop)]))
    return rules


def _grids(rules: list[Box], broken: bool, words: Sequence[Box]) -> list[Grid]:
    level = _merged(((r[1] + r[3]) / 2, r[0], r[2]) for r in rules if is_level(r))
    upright = _merged(((r[0] + r[2]) / 2, r[1], r[3]) for r in rules if not is_level(r))
    if broken and len(level) > 1 and upright:
        upright = _with_borders(level, upright)
        level = _mended_level(level, upright)
        level = _with_lost_rows(level, upright, words)
    if len(level) < 2 or len(upright) < 2:
        return []
    grids: list[Grid] = []
    cells: list[Box] = []
    for above, below in itertools.pairwise(level):
        if below.at - above.at < LEAST_BAND:  # the gap between two tables
            grids, cells = grids + _numbered(cells), []
            continue
        edges = [rule.at for rule in upright if rule.covers(above.at, below.at)]
        if broken:
            edges = _mended_edges(upright, edges, above.at, below.at, words)
        for left, right in itertools.pairwise(edges):
            if right - left >= LEAST_BAND:
                _add(cells, (left, above.at, right, below.at), above)
    return grids + _numbered(cells)


def _with_borders(level: list[_Rule], upright: list[_Rule]) -> list[_Rule]:
    """The upright rules, with borders from the first level rule to the last on both sides.

    A border that was not seen is where the level rules end: faxes shorten them, never lengthen.
    """
    top, bottom = level[0].at, level[-1].at
    starts = [min(span[0] for span in rule.spans) for rule in level]
    stops = [max(span[1] for span in rule.spans) for rule in level]
    enough = max(2, len(level) / 2)
    first, last = upright[0].at, upright[-1].at
    left_lost = sum(x < first - BORDER_REACH for x in starts) >= enough
    right_lost = sum(x > last + BORDER_REACH for x in stops) >= enough
    left = _Rule(min(starts) if left_lost else first, [(top, bottom)])
    right = _Rule(max(stops) if right_lost else last, [(top, bottom)])
    inner = [r for r in upright if left.at + LEAST_BAND < r.at < right.at - LEAST_BAND]
    return [left, *inner, right]


def _mended_level(level: list[_Rule], upright: list[_Rule]) -> list[_Rule]:
    """Level rules seen in part made as wide as their grid; what is only a dash is dropped."""
    left, right = upright[0].at, upright[-1].at
    mended = []
    for rule in level:
        seen = sum(stop - start for start, stop in rule.spans)
        start, stop = min(s[0] for s in rule.spans), max(s[1] for s in rule.spans)
        if seen >= SEEN * (right - left):
            mended.append(_Rule(rule.at, [(left, right)]))
        elif all(any(abs(end - u.at) <= 2 * REACH for u in upright) for end in (start, stop)):
            mended.append(rule)
    return mended


def _with_lost_rows(level: list[_Rule], upright: list[_Rule], words: Sequence[Box]) -> list[_Rule]:
    """The level rules, and those lost between lines of words that stand in several columns."""
    edges = [rule.at for rule in upright]
    if len(edges) < 3 or len(level) < 2:
        return level
    added = []
    usual = median(below.at - above.at for above, below in itertools.pairwise(level))
    for above, below in itertools.pairwise(level):
        if len(level) < 4 or below.at - above.at < LOST_ROW * usual:
            continue
        inside = sorted(
            (w for w in words
             if above.at < (w[1] + w[3]) / 2 < below.at and edges[0] < w[0] < edges[-1]),
            key=lambda w: w[1] + w[3],
        )  # fmt: skip
        lines = _text_lines(inside)
        for upper, lower in itertools.pairwise(lines):
            both = [{_column(w, edges) for w in line} for line in (upper, lower)]
            crossed = sum(_crossed(edge, [*upper, *lower]) for edge in edges[1:-1])
            prose = crossed > (len(edges) - 2) / 2
            if all(len(columns) > 1 for columns in both) and not prose:
                at = (max(w[3] for w in upper) + min(w[1] for w in lower)) / 2
                added.append(_Rule(at, [(edges[0], edges[-1])]))
    return sorted([*level, *added], key=lambda rule: rule.at)


def _crossed(edge: float, words: Sequence[Box]) -> bool:
    """Whether a word, or two with just a space between, stand across an upright rule."""
    for w in words:
        margin = max(3.0, 0.2 * (w[2] - w[0]))
        if w[0] + margin < edge < w[2] - margin:
            return True
        if w[2] <= edge + 2 and any(
            o[0] >= edge - 2 and 0 < o[0] - w[2] < SPACE and abs(o[1] - w[1]) < 4 for o in words
        ):
            return True
    return False


def _text_lines(words: Sequence[Box]) -> list[list[Box]]:
    """Boxes sorted by their middles, cut where the middles jump."""
    lines: list[list[Box]] = []
    for word in words:
        middle = (word[1] + word[3]) / 2
        if lines and middle - (lines[-1][-1][1] + lines[-1][-1][3]) / 2 < 5:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _column(word: Box, edges: list[float]) -> int:
    return sum(edge <= (word[0] + word[2]) / 2 for edge in edges)


def _mended_edges(
    upright: list[_Rule], edges: list[float], top: float, bottom: float, words: Sequence[Box]
) -> list[float]:
    """Edges of a row's cells: with rules that are seen above and below but lost here.

    What would cut a word in two is no edge: a comment runs across all columns.
    """
    left, right = upright[0], upright[-1]  # the borders, as long as the grid
    low, high = left.spans[0]
    mended = []
    for rule in upright:
        start, stop = min(s[0] for s in rule.spans), max(s[1] for s in rule.spans)
        reaches = start <= bottom - REACH and top + REACH <= stop
        traced = reaches and rule.covers(top, bottom, TRACE) and stop - start > 2 * (bottom - top)
        found = traced or rule.covers(low, high, MOSTLY)
        crossed = _crossed(rule.at, [w for w in words if top < (w[1] + w[3]) / 2 < bottom])
        if rule in (left, right) or rule.at in edges or (found and not crossed):
            mended.append(rule.at)
    return mended


def _add(cells: list[Box], cell: Box, above: _Rule) -> None:
    """Add a cell, or lengthen the one above when no rule lies between them."""
    if not above.covers(cell[0], cell[2]):
        for at, other in enumerate(cells):
            same = abs(other[0] - cell[0]) < SNAP and abs(other[2] - cell[2]) < SNAP
            if same and abs(other[3] - cell[1]) < SNAP:
                cells[at] = (other[0], other[1], other[2], cell[3])
                return
    cells.append(cell)


def _numbered(cells: list[Box]) -> list[Grid]:
    if not cells:
        return []
    tops = _steps(cell[1] for cell in cells)
    lefts = _steps(cell[0] for cell in cells)
    numbered = [GridCell(_step_of(cell[1], tops), _step_of(cell[0], lefts), cell) for cell in cells]
    numbered.sort(key=lambda cell: (cell.row, cell.column))
    return [Grid(union(cells), tuple(numbered))]


def _steps(values: Iterable[float]) -> list[float]:
    steps: list[float] = []
    for value in sorted(values):
        if not steps or value - steps[-1] > SNAP:
            steps.append(value)
    return steps


def _step_of(value: float, steps: list[float]) -> int:
    return max(i for i, step in enumerate(steps) if step <= value + 0.01)
