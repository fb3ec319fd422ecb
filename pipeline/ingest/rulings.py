"""Ruling lines and printed boxes found in the pixels of a page."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ingest.raster import Gray, ink_of
from pipeline.schema import Tick

PixelBox = tuple[int, int, int, int]

LINE_INCHES = 0.45  # shortest level rule, and shortest broken upright one: longer than letters
STEM_INCHES = 0.16  # shortest solid upright rule: the height of a narrow table row
THICK_INCHES = 0.035  # thickest rule: 2.5 points
FAINT_GAP_INCHES, FAINT_SEEN = 0.35, 0.2  # gaps in a dotted rule, and how much must be seen
GAP_INCHES = 0.8  # longest gap that a fax leaves in a level rule
NICK_INCHES = 0.03  # longest gap in an upright rule, shorter than between strokes of two lines
UNBROKEN, BESIDE_INCHES, BESIDE_SHARE = 0.95, 0.03, 0.4
"""An upright rule is solid, or has white at its sides over most of its rows, so far."""
BOX_INCHES = (0.08, 0.21)  # inner side of a box to tick: 6 to 15 points
WALL_INCHES = 0.07  # what the walls of a box add to its width, both sides together
CORNER_INCHES, CORNER_INK = 0.015, 1.1  # of four corners together: O and Q have under 0.8
SIDE_INK = 0.25  # of the two corners of either side: those of D have under 0.12
ROUNDED = 0.15  # of a corner of the inside: more ink there belongs to a curve
LETTER_GAP, LETTER_HEIGHT = 0.12, 0.4
"""A letter stands nearer to its neighbour than this share of its width, over so much height."""
SOLID = 0.9  # least share of ink in a box that was blackened
STROKE_REACH = 0.7  # sides of a box that strokes of a tick reach beyond it
WALL_INK = 0.85  # least share of ink of each wall of a box that strokes cross
BEYOND = 0.5  # most ink beside its walls
MOST_CROSSED = 400  # places of a page that are looked at for such boxes
EMPTY_INK, TICKED_INK = 0.04, 0.08
"""Share of ink inside a box. A cross of fax quality covers over 0.15, specks under 0.03."""


def _boxes(mask: NDArray[np.uint8]) -> list[PixelBox]:
    stats = cv2.connectedComponentsWithStats(mask, connectivity=8)[2]
    return [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:]]


def _thin_parts(ink: Gray, axis: int, thick: int) -> Gray:
    """The components no thicker than `thick` along `axis`: what is left of a broken rule."""
    labels, stats = cv2.connectedComponentsWithStats(ink, connectivity=8)[1:3]
    thin = stats[:, cv2.CC_STAT_HEIGHT if axis == 0 else cv2.CC_STAT_WIDTH] <= thick
    thin[0] = False
    return np.asarray(thin[labels] * 255, dtype=np.uint8)


def _runs_in(ink: Gray, length: int, axis: int) -> Gray:
    """Straight runs of at least `length` pixels, be their edges ragged by a pixel."""
    thicken = np.ones((3, 1) if axis == 0 else (1, 3), np.uint8)
    return _opened(np.asarray(cv2.dilate(ink, thicken), np.uint8), length, axis)


def _opened(ink: Gray, length: int, axis: int) -> Gray:
    kernel = np.ones((1, length) if axis == 0 else (length, 1), np.uint8)
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel), np.uint8)


def _broken(parts: Gray, length: int, axis: int, gap: int) -> Gray:
    """Runs of at least `length` pixels in which gaps up to `gap` are bridged."""
    thicken = np.ones((3, 1) if axis == 0 else (1, 3), np.uint8)
    bridge = np.ones((1, gap) if axis == 0 else (gap, 1), np.uint8)
    parts = np.asarray(cv2.dilate(parts, thicken), np.uint8)
    joined = np.asarray(cv2.morphologyEx(parts, cv2.MORPH_CLOSE, bridge), np.uint8)
    return _opened(joined, length, axis)


def _runs(ink: Gray, parts: Gray, solid: int, broken: int, axis: int, dpi: float) -> list[PixelBox]:
    thick = max(3, int(THICK_INCHES * dpi))
    mask = _runs_in(ink, solid, axis) | _broken(parts, broken, axis, int(0.1 * dpi))
    low, high = (1, 3) if axis == 0 else (0, 2)
    runs = [b for b in _boxes(np.asarray(mask, np.uint8)) if b[high] - b[low] <= 2 * thick]
    if axis == 1:  # letters of lines below each other would make faint upright rules
        return runs
    faint = _broken(parts, 3 * broken, axis, int(FAINT_GAP_INCHES * dpi))
    for box in _boxes(faint):
        seen = parts[box[1] : box[3], box[0] : box[2]].any(axis=axis).mean()
        if box[high] - box[low] <= 2 * thick and seen >= FAINT_SEEN:
            runs.append(box)
    return runs


def rules_in(gray: Gray, dpi: float) -> tuple[list[PixelBox], list[PixelBox], Gray]:
    """Level rules, upright rules that meet them, and the mask of their ink."""
    ink = ink_of(gray)
    thick = max(3, int(THICK_INCHES * dpi))
    line, stem = int(LINE_INCHES * dpi), int(STEM_INCHES * dpi)
    flat, tall = _thin_parts(ink, 0, thick), _thin_parts(ink, 1, thick)
    rows = _joined(_runs(ink, flat, line, line, 0, dpi), thick, int(GAP_INCHES * dpi))
    stems = _joined(_runs(ink, tall, stem, line, 1, dpi), 2, max(3, int(NICK_INCHES * dpi)), 1)
    near = int(0.07 * dpi)
    stems = [s for s in stems if _between_rules(s, rows, near) and not _of_letters(ink, s, dpi)]
    level = _ink_of_rules(ink, rows, flat, line, 0)
    upright = _ink_of_rules(ink, stems, tall, stem, 1)
    stroke = thick + 3  # letters that cross a rule keep their strokes
    level &= ~(_opened(ink, stroke, 1) & ~upright)
    upright &= ~(_opened(ink, stroke, 0) & ~level)
    return rows, stems, level | upright


def _ink_of_rules(ink: Gray, rules: list[PixelBox], parts: Gray, length: int, axis: int) -> Gray:
    """The mask of rules: their straight runs and what is left of broken ones, a pixel wider."""
    runs = _runs_in(ink, length, axis) | np.asarray(cv2.dilate(parts, np.ones((3, 3), np.uint8)))
    mask = np.zeros_like(ink)
    for x0, y0, x1, y1 in rules:
        there = np.s_[max(0, y0 - 2) : y1 + 2, max(0, x0 - 2) : x1 + 2]
        mask[there] = runs[there]
    return mask


def _joined(runs: Iterable[PixelBox], thick: int, gap: int, axis: int = 0) -> list[PixelBox]:
    """Runs that lie in one line and near each other as one rule."""
    low, high, across = (0, 2, 1) if axis == 0 else (1, 3, 0)
    joined: list[PixelBox] = []
    for run in sorted(runs, key=lambda run: (run[low], run[across])):
        middle = (run[across] + run[across + 2]) / 2
        for at, other in enumerate(joined):
            aligned = abs((other[across] + other[across + 2]) / 2 - middle) <= thick
            if aligned and run[low] - other[high] <= gap:
                joined[at] = _around(other, run)
                break
        else:
            joined.append(run)
    return joined


def _around(a: PixelBox, b: PixelBox) -> PixelBox:
    return (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))


def _between_rules(stem: PixelBox, rows: list[PixelBox], near: int) -> bool:
    """Whether level rules cross or meet the stem at two heights: no letter does that."""
    heights = [
        (row[1] + row[3]) / 2
        for row in rows
        if row[0] - near <= stem[0] and stem[2] <= row[2] + near
        and stem[1] - near <= row[3] and row[1] <= stem[3] + near
    ]  # fmt: skip
    return bool(heights) and (
        max(heights) - min(heights) > 2 * near or stem[3] - stem[1] > 6 * near
    )


def _of_letters(ink: Gray, stem: PixelBox, dpi: float) -> bool:
    """Whether strokes of letters below each other make the stem: letters stand beside letters."""
    x0, y0, x1, y1 = stem
    inked = ink[y0:y1, x0:x1].any(axis=1)
    if not inked.any() or float(inked.mean()) >= UNBROKEN:
        return False
    near = max(2, round(BESIDE_INCHES * dpi))
    left = ink[y0:y1, max(0, x0 - 1 - near) : max(0, x0 - 1)].any(axis=1)
    right = ink[y0:y1, x1 + 1 : x1 + 1 + near].any(axis=1)
    return float((left | right)[inked].mean()) > BESIDE_SHARE


def erased(gray: Gray, mask: Gray) -> Gray:
    """The picture with the masked ink made paper."""
    clean = gray.copy()
    clean[mask > 0] = 255
    return clean


def squares_in(gray: Gray, dpi: float) -> list[tuple[PixelBox, Tick]]:
    """Boxes to tick and what is inside, by pixels: crosses, ticks, stamps and ink alike."""
    ink = ink_of(gray)
    line = int(LINE_INCHES * dpi)
    rules = _opened(ink, line, 0) | _opened(ink, line, 1)
    found = _squares(ink, dpi)
    if rules.any():  # a box that touches a rule is seen once the rule is gone
        others = _squares(np.asarray(ink & ~cv2.dilate(rules, np.ones((3, 3), np.uint8))), dpi)
        found += [(box, state) for box, state in others if not any(_meet(box, b) for b, _ in found)]
    outlined = [box for box, _ in found]
    empty = [box for box, state in found if state is Tick.EMPTY]
    found += _crossed(ink, [*outlined, *_filled(ink, dpi, outlined)], empty)
    return found + [
        (box, Tick.TICKED)
        for box in _filled(ink, dpi, outlined)
        if not any(_meet(box, other) for other, _ in found)
    ]


def _crossed(
    ink: Gray, known: list[PixelBox], empty: list[PixelBox]
) -> list[tuple[PixelBox, Tick]]:
    """Boxes whose outline strokes cross: where all four walls of an empty box in line stand again.

    A form draws its boxes alike. Strokes add ink to a box and take none away.
    """
    found: list[tuple[PixelBox, Tick]] = []
    seen = (ink > 0).astype(np.float32)
    outlines = [outline for box in empty if (outline := _outline(ink, box)) is not None]
    for width, height, wall in sorted({(b[2] - b[0], b[3] - b[1], wall) for b, wall in outlines}):
        walls = _walls_at(seen, width, height, wall)
        walls[walls < WALL_INK] = 0
        for y, x in _peaks(walls):
            box = (x, y, x + width, y + height)
            inside = ink[y + wall : y + height - wall, x + wall : x + width - wall]
            if (
                any(_meet(box, other) for other in [*known, *(b for b, _ in found)])
                or not any(_level_with(box, other) for other, _ in outlines)
                or not _on_paper(ink, box)
                or float((inside > 0).mean()) > SOLID
            ):
                continue
            found.append((box, tick_state(inside)))
    return found


def _outline(ink: Gray, box: PixelBox) -> tuple[PixelBox, int] | None:
    """An empty box to the pixel, and the thickness of its thinnest wall."""
    x0, y0, x1, y1 = box
    inked = ink[y0:y1, x0:x1] > 0
    rows, columns = (np.nonzero(inked.mean(axis=axis) > WALL_INK)[0] for axis in (1, 0))
    if not rows.size or not columns.size:
        return None
    sides = [(rows, int(rows[0]), int(rows[-1])), (columns, int(columns[0]), int(columns[-1]))]
    walls = [
        count
        for lines, low, high in sides
        for count in ((lines < (low + high) / 2).sum(), (lines > (low + high) / 2).sum())
    ]
    if min(walls) < 1:
        return None
    (_, top, bottom), (_, left, right) = sides
    return (x0 + left, y0 + top, x0 + right + 1, y0 + bottom + 1), int(min(walls))


def _walls_at(seen: NDArray[np.float32], width: int, height: int, wall: int) -> NDArray[np.float32]:
    """For each place, the share of ink in the least inked wall of a box with its top left there."""

    def sums(w: int, h: int) -> NDArray[np.float32]:
        """Share of ink of the rectangle of that size that begins at each place."""
        return np.asarray(
            cv2.boxFilter(seen, -1, (w, h), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT),
            np.float32,
        )

    across, down = sums(width, wall), sums(wall, height)
    least = np.minimum(across, down)
    below, right = np.zeros_like(across), np.zeros_like(down)
    below[: -(height - wall)] = across[height - wall :]
    right[:, : -(width - wall)] = down[:, width - wall :]
    return np.asarray(np.minimum(least, np.minimum(below, right)), np.float32)


def _peaks(scores: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Places (row, column) of the highest score of each stretch of scores above 0, best first."""
    places = (scores > 0).astype(np.uint8)
    stats = cv2.connectedComponentsWithStats(places, connectivity=8)[2]
    found = []
    for x, y, w, h, _ in stats[1:MOST_CROSSED]:
        there = scores[y : y + h, x : x + w]
        row, column = np.unravel_index(int(there.argmax()), there.shape)
        found.append((float(there.max()), int(y + row), int(x + column)))
    return [(y, x) for _, y, x in sorted(found, key=lambda f: -f[0])]


def _level_with(box: PixelBox, other: PixelBox) -> bool:
    """Whether two boxes stand in one row or one column, to a quarter of their size."""
    near = 0.25 * (box[2] - box[0])
    return abs(box[1] - other[1]) <= near or abs(box[0] - other[0]) <= near


def _on_paper(ink: Gray, box: PixelBox) -> bool:
    """Whether beyond each wall of a box lies more paper than ink: it is no part of a table or bar."""
    x0, y0, x1, y1 = box
    near = max(3, round(0.2 * (x1 - x0)))
    strips = (
        ink[max(0, y0 - near) : max(0, y0 - 1), x0:x1],
        ink[y1 + 1 : y1 + near, x0:x1],
        ink[y0:y1, max(0, x0 - near) : max(0, x0 - 1)],
        ink[y0:y1, x1 + 1 : x1 + near],
    )
    return all(strip.size == 0 or float((strip > 0).mean()) < BEYOND for strip in strips)


def without_squares(gray: Gray, squares: list[PixelBox]) -> Gray:
    """The picture with boxes to tick made paper, and strokes that reach out of them, but no letters."""
    clean = gray.copy()
    if not squares:
        return clean
    labels, stats = cv2.connectedComponentsWithStats(ink_of(gray), connectivity=8)[1:3]
    for x0, y0, x1, y1 in squares:
        reach = round(STROKE_REACH * (x1 - x0))
        top, left = max(0, y0 - reach), max(0, x0 - reach)
        there = np.s_[top : y1 + reach, left : x1 + reach]
        for label in np.unique(labels[y0:y1, x0:x1]):
            x, y, w, h, _ = stats[label]
            inside = left <= x and top <= y and x + w <= x1 + reach and y + h <= y1 + reach
            if label and inside:
                clean[there][labels[there] == label] = 255
        clean[max(0, y0 - 2) : y1 + 3, max(0, x0 - 2) : x1 + 3] = 255
    return clean


def _filled(ink: Gray, dpi: float, outlined: list[PixelBox]) -> list[PixelBox]:
    """Boxes that were blackened: solid squares in line with an outlined one of their size.

    Without such a partner a black square is a bullet.
    """
    least, most = (int(side * dpi) for side in BOX_INCHES)
    stats = cv2.connectedComponentsWithStats(ink, connectivity=8)[2]
    found = []
    for x, y, w, h, area in stats[1:]:
        square = least <= w <= most + 4 and least <= h <= most + 4 and 0.78 < w / h < 1.28
        if square and area > SOLID * w * h and _stands_alone(ink, (x, y, w, h)):
            box = (int(x), int(y), int(x + w), int(y + h))
            if any(_in_line(box, other) for other in outlined):
                found.append(box)
    return found


def _in_line(box: PixelBox, other: PixelBox) -> bool:
    """Whether a box is of another's size, and in its row or its column."""
    size, width = box[2] - box[0], other[2] - other[0]
    beside = abs((box[1] + box[3]) - (other[1] + other[3])) < size
    below = abs(box[0] - other[0]) < 0.3 * size
    return 0.8 < size / width < 1.25 and (beside or below)


def _squares(ink: Gray, dpi: float) -> list[tuple[PixelBox, Tick]]:
    least, most = (int(side * dpi) for side in BOX_INCHES)
    sides = _opened(ink, max(5, int(0.8 * least)), 0) | _opened(ink, max(5, int(0.8 * least)), 1)
    sides = cv2.morphologyEx(sides, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    outlines, tree = cv2.findContours(sides, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    found: list[tuple[PixelBox, Tick]] = []
    for at, outline in enumerate(outlines):
        parent = int(tree[0][at][3])
        if parent < 0:
            continue
        hole, whole = cv2.boundingRect(outline), cv2.boundingRect(outlines[parent])
        if not _is_box(hole, whole, least, most, WALL_INCHES * dpi):
            continue
        x, y, w, h = hole
        if cv2.contourArea(outline) + cv2.arcLength(outline, True) / 2 < 0.88 * w * h:
            continue
        if not _stands_alone(ink, whole) or not _has_corners(ink, whole, dpi):
            continue
        state = tick_state(ink[y : y + h, x : x + w])
        if _is_round(ink[y + 2 : y + h - 2, x + 2 : x + w - 2]):
            continue
        found.append(((whole[0], whole[1], whole[0] + whole[2], whole[1] + whole[3]), state))
    return found


def _meet(a: PixelBox, b: PixelBox) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _is_box(
    hole: tuple[int, int, int, int],
    whole: tuple[int, int, int, int],
    least: int,
    most: int,
    walls: float,
) -> bool:
    """Square, of the right size, and not part of something larger (a letter, a table)."""
    width, height = hole[2], hole[3]
    return (
        least <= width <= most
        and least <= height <= most
        and 0.78 < width / height < 1.28
        and whole[2] - width <= walls
        and whole[3] - height <= walls
    )


def text_boxes(ink: Gray, dpi: float) -> list[PixelBox]:
    """Stretches of ink as high as lines of 5 to 20 points, specks left out; top first."""
    labels, stats = cv2.connectedComponentsWithStats(ink, connectivity=8)[1:3]
    letter = (stats[:, cv2.CC_STAT_HEIGHT] > 0.035 * dpi) & (
        stats[:, cv2.CC_STAT_HEIGHT] < 0.25 * dpi
    )
    letter[0] = False
    letters = np.asarray(letter[labels] * 255, np.uint8)
    bridge = np.ones((3, max(3, int(0.12 * dpi))), np.uint8)
    lines = _boxes(np.asarray(cv2.morphologyEx(letters, cv2.MORPH_CLOSE, bridge), np.uint8))
    return [b for b in lines if 0.05 * dpi < b[3] - b[1] < 0.3 * dpi and b[2] - b[0] > 0.04 * dpi]


def _stands_alone(ink: Gray, box: tuple[int, int, int, int]) -> bool:
    """Whether at least three sides border on paper, and no letter follows or precedes closely."""
    x, y, w, h = box
    step = max(3, round(0.2 * w))
    strips = (
        ink[max(0, y - step) : max(0, y - 1), x : x + w],
        ink[y + h + 1 : y + h + step, x : x + w],
        ink[y : y + h, max(0, x - step) : max(0, x - 1)],
        ink[y : y + h, x + w + 1 : x + w + step],
    )
    if sum(strip.size == 0 or float((strip > 0).mean()) < 0.06 for strip in strips) < 3:
        return False
    near = max(2, round(LETTER_GAP * w))
    beside = (
        ink[y : y + h, max(0, x - near) : max(0, x - 1)],
        ink[y : y + h, x + w + 1 :][:, :near],
    )
    return not any(side.size and (side > 0).any(axis=1).mean() > LETTER_HEIGHT for side in beside)


def _has_corners(ink: Gray, box: tuple[int, int, int, int], dpi: float) -> bool:
    """Whether the corners are inked, on both sides: those of O, Q and the right of D are round."""
    x, y, w, h = box
    d = max(2, round(CORNER_INCHES * dpi))
    left, right = (
        [float((ink[t : t + d, s : s + d] > 0).mean()) for t in (y, y + h - d)]
        for s in (x, x + w - d)
    )
    return sum(left + right) >= CORNER_INK and min(sum(left), sum(right)) >= SIDE_INK


def _is_round(inside: NDArray[np.uint8]) -> bool:
    """Whether ink cuts corners off an inside without a mark in its middle, as in O and D."""
    dy, dx = (max(2, round(0.2 * side)) for side in inside.shape)
    if float((inside[dy:-dy, dx:-dx] > 0).mean()) > EMPTY_INK:
        return False
    corners = (inside[:dy, :dx], inside[:dy, -dx:], inside[-dy:, :dx], inside[-dy:, -dx:])
    return sum(float((corner > 0).mean()) > ROUNDED for corner in corners) > 1


def tick_state(ink: NDArray[np.uint8]) -> Tick:
    """State of a box by the ink within its sides."""
    height, width = ink.shape
    dy, dx = max(1, round(0.12 * height)), max(1, round(0.12 * width))
    share = float((ink[dy : height - dy, dx : width - dx] > 0).mean())
    if share < EMPTY_INK:
        return Tick.EMPTY
    return Tick.TICKED if share > TICKED_INK else Tick.UNREADABLE
