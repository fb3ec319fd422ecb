"""What stands out from the paper of a page, at any gray: whether it is blank, and pale print."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ingest import raster
from pipeline.ingest.raster import Gray, Sheet

LEAST_CONTRAST = 16  # of 255: less than print of 10 percent gray, more than the grain of paper
NOISE_TIMES = 6.0  # how far beyond the grain of the paper a mark stands out
LETTER_INCHES = (0.028, 0.35)  # sides of a letter: x-height of 4 points to capitals of 35
DRAWN_INCHES = 0.15  # least sides of what is drawn or written by hand
BESIDE_INCHES = 0.2  # white between letters of a line
EDGE_INCHES, HOLE_FILLED = 0.7, 0.6  # punched holes: near an edge, and solid
LEAST_MARKS, MANY_MARKS = 3, 60  # letters that make a line; marks that are no dust
BLANK_INK = 0.0004  # share of dark pixels above which a page is not blank
DARK = 128  # contrast from which print is dark
LEAST_PALE, MID_TONES = 5, 0.0002  # pale letters worth a look; share of pixels that may be such
STRENGTH = 215  # contrast that pale print is given


@dataclass(frozen=True)
class _Marks:
    """Components that stand out: labels by pixel, boxes (x, y, w, h, area), contrast by pixel."""

    labels: NDArray[np.int32]
    stats: NDArray[np.int32]
    contrast: Gray


def is_blank(sheet: Sheet) -> bool:
    """Whether nothing but specks, streaks and punched holes differs from the paper."""
    dark = float((sheet.gray < 128).mean())
    if dark >= BLANK_INK and float((raster.ink_of(sheet.gray) > 0).mean()) >= BLANK_INK:
        return False
    marks = _marks_of(np.asarray(cv2.medianBlur(sheet.gray, 3), np.uint8))
    letters = []
    for x, y, w, h, area in marks.stats[1:]:
        if DRAWN_INCHES * sheet.dpi < min(w, h):
            if not _is_hole(sheet, x, y, w, h, area):
                return False
        elif _letter_like(w, h, sheet.dpi):
            letters.append((int(x), int(y), int(x + w), int(y + h)))
    return len(letters) <= MANY_MARKS and _in_lines(letters, sheet.dpi) < LEAST_MARKS


def _letter_like(width: int, height: int, dpi: float) -> bool:
    least, most = (inches * dpi for inches in LETTER_INCHES)
    return max(width, height) >= least and height <= most and width <= 2 * most


def _is_hole(sheet: Sheet, x: int, y: int, width: int, height: int, area: int) -> bool:
    rows, columns = sheet.gray.shape
    near = EDGE_INCHES * sheet.dpi
    at_edge = x < near or y < near or x + width > columns - near or y + height > rows - near
    return at_edge and area > HOLE_FILLED * width * height and 0.7 < width / height < 1.4


def _in_lines(letters: list[tuple[int, int, int, int]], dpi: float) -> int:
    """How many marks have another beside them, as letters have and dust has not."""
    near = BESIDE_INCHES * dpi
    beside: set[int] = set()
    for (i, a), (j, b) in combinations(enumerate(letters), 2):
        level = min(a[3], b[3]) > max(a[1], b[1])
        if level and max(a[0], b[0]) - min(a[2], b[2]) < near:
            beside |= {i, j}
    return len(beside)


def _marks_of(gray: Gray) -> _Marks:
    """Components of what is darker than the paper around it by more than its grain."""
    contrast = np.asarray(cv2.subtract(_paper_of(gray), gray), np.uint8)
    sample = contrast[::7, ::7]
    least = max(LEAST_CONTRAST, NOISE_TIMES * 1.48 * float(np.median(sample)))
    mask = np.asarray(contrast > least, np.uint8)
    labels, stats = cv2.connectedComponentsWithStats(mask, connectivity=8)[1:3]
    return _Marks(labels, stats, contrast)


def _paper_of(gray: Gray) -> Gray:
    """The light of the paper at each pixel: the brightest around it, in coarse steps."""
    height, width = gray.shape
    small = cv2.resize(
        gray, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA
    )
    bright = cv2.medianBlur(np.asarray(cv2.dilate(small, np.ones((5, 5), np.uint8)), np.uint8), 5)
    return np.asarray(cv2.resize(bright, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def strengthened(sheet: Sheet) -> Sheet:
    """The sheet with pale print as dark as the other: each letter by its own contrast.

    Points and dashes are strengthened where they stand among pale letters, by the letters'.
    """
    gray = sheet.gray
    if float(((gray > 100) & (gray < 240)).mean()) < MID_TONES:
        return sheet
    marks = _marks_of(gray)
    inked = marks.labels > 0
    peak = np.zeros(len(marks.stats), np.uint8)
    np.maximum.at(peak, marks.labels[inked], marks.contrast[inked])
    left, top, width, height = (marks.stats[:, at] for at in range(4))
    least, most = (inches * sheet.dpi for inches in LETTER_INCHES)
    pale = (peak < DARK) & (height <= most) & (width <= 2 * most)
    pale[0] = False
    letters = pale & (height >= least)
    if int(letters.sum()) < LEAST_PALE:
        return sheet
    among = np.zeros_like(gray)
    for x, y, w, h in marks.stats[letters, :4]:
        among[max(0, y - h // 2) : y + h + h // 2, max(0, x - h) : x + w + h] = 1
    pale &= among[top + height // 2, left + width // 2] > 0
    usual = float(np.median(peak[letters]))
    by = np.where(letters, peak, np.maximum(peak, 0.7 * usual))
    times = np.where(pale, STRENGTH / np.maximum(by, 1), 0.0)[marks.labels]
    stronger = 255 - np.minimum(255, marks.contrast * times)
    return replace(sheet, gray=np.where(times > 0, stronger, gray).astype(np.uint8))
