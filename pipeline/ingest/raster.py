"""Pictures of pages made ready for reading: square pixels, flat light, upright, straight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ingest.limits import MOST_READ_MEGAPIXELS
from pipeline.schema import Box

Gray = NDArray[np.uint8]
Matrix = NDArray[np.float64]

READING_DPI = (200.0, 300.0)
"""Fax resolution is read as it is; finer scans gain nothing above 300 (toolchain notes)."""

SMALL_PRINT, USUAL_PRINT = 4.6, 6.0  # points: heights under which three quarters of letters are
LEAST_PIXELS = 12  # height of letters that hold enough to be read
LEAST_LETTERS = 60  # marks as high as letters, from which print is measured

SQUARE_CORNER = 0.3  # cosine: corners of a photographed sheet have 73 to 107 degrees
EDGE_CONTRAST = 20  # least fall of light from a sheet to what it lies on, of 255


@dataclass(frozen=True)
class Sheet:
    """A gray picture (0 is ink), its resolution, and the way back: pixels to shown points."""

    gray: Gray
    dpi: float
    to_shown: Matrix

    @property
    def frame(self) -> tuple[float, float]:
        """Width and height of the reading frame in points."""
        return (self.gray.shape[1] * 72 / self.dpi, self.gray.shape[0] * 72 / self.dpi)

    def points(self, pixels: tuple[float, float, float, float]) -> Box:
        """A pixel box in points of the reading frame."""
        scale = 72 / self.dpi
        x0, top, x1, bottom = pixels
        return (x0 * scale, top * scale, x1 * scale, bottom * scale)

    @property
    def shown(self) -> Callable[[Box], Box]:
        """What takes a box of the reading frame to the page as displayed; it keeps no picture."""
        return partial(_moved, self.to_shown, self.dpi)


def _moved(to_shown: Matrix, dpi: float, box: Box) -> Box:
    x0, top, x1, bottom = (edge * dpi / 72 for edge in box)
    corners = np.array([[[x0, top], [x1, top], [x1, bottom], [x0, bottom]]], np.float64)
    moved = cv2.perspectiveTransform(corners, to_shown)[0]
    low, high = moved.min(axis=0), moved.max(axis=0)
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def sheet_of(gray: Gray, size: tuple[float, float]) -> Sheet:
    """A picture of a page of `size` points, resampled to square pixels, no more than can be read."""
    height, width = gray.shape
    across, down = width * 72 / size[0], height * 72 / size[1]
    dpi = min(max(across, down, READING_DPI[0]), READING_DPI[1])
    dpi = min(dpi, 72 * (MOST_READ_MEGAPIXELS * 1e6 / (size[0] * size[1])) ** 0.5)
    target = (round(size[0] * dpi / 72), round(size[1] * dpi / 72))
    if target != (width, height):
        shrinks = target[0] < width and target[1] < height
        method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
        gray = _gray(cv2.resize(gray, target, interpolation=method))
    return Sheet(gray, dpi, np.diag([72 / dpi, 72 / dpi, 1.0]))


def to_print(sheet: Sheet) -> Sheet:
    """The sheet with the resolution at which its letters are of a usual size, where they are tiny.

    Pictures often say no resolution, or a wrong one; all that follows is measured in inches.
    """
    stats = cv2.connectedComponentsWithStats(ink_of(sheet.gray), connectivity=8)[2][1:]
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    most = 0.3 * sheet.dpi
    heights = high[(high >= 5) & (high < most) & (wide > 2) & (wide < most)]
    if len(heights) < LEAST_LETTERS:
        return sheet
    letter = float(np.percentile(heights, 75))
    points = letter * 72 / sheet.dpi
    if points >= SMALL_PRINT or letter < LEAST_PIXELS:  # what was never seen is not to be guessed
        return sheet
    dpi = sheet.dpi * points / USUAL_PRINT
    if dpi >= READING_DPI[0]:
        return replace(sheet, dpi=dpi)
    height, width = sheet.gray.shape
    most_pixels = (MOST_READ_MEGAPIXELS * 1e6 / (height * width)) ** 0.5
    scale = min(READING_DPI[0] / dpi, max(1.0, most_pixels))
    gray = _gray(cv2.resize(sheet.gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC))
    return Sheet(gray, dpi * scale, sheet.to_shown @ np.diag([1 / scale, 1 / scale, 1.0]))


def _gray(picture: Any) -> Gray:
    return np.asarray(picture, dtype=np.uint8)


def ink_of(gray: Gray) -> Gray:
    """255 where there is ink, 0 elsewhere."""
    return _gray(cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1])


def turned(sheet: Sheet, degrees: int) -> Sheet:
    """The sheet turned clockwise by a multiple of 90 degrees."""
    if degrees == 0:
        return sheet
    height, width = sheet.gray.shape
    code, back = {
        90: (cv2.ROTATE_90_CLOCKWISE, [[0, 1, 0], [-1, 0, height], [0, 0, 1]]),
        180: (cv2.ROTATE_180, [[-1, 0, width], [0, -1, height], [0, 0, 1]]),
        270: (cv2.ROTATE_90_COUNTERCLOCKWISE, [[0, -1, width], [1, 0, 0], [0, 0, 1]]),
    }[degrees]
    gray = _gray(cv2.rotate(sheet.gray, code))
    return Sheet(gray, sheet.dpi, sheet.to_shown @ np.array(back, np.float64))


def densest(sheet: Sheet, inches: float) -> Sheet:
    """The square part of that side that holds most ink: lines of text rather than rules."""
    side = int(inches * sheet.dpi)
    ink = (ink_of(sheet.gray) > 0).astype(np.float32)
    held = cv2.boxFilter(ink, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
    y, x = np.unravel_index(int(held.argmax()), held.shape)
    top, left = max(0, int(y) - side // 2), max(0, int(x) - side // 2)
    return replace(sheet, gray=sheet.gray[top : top + side, left : left + side])


def is_level(gray: Gray) -> bool:
    """Whether ink changes more from row to row than from column to column, as level lines do."""
    ink = (ink_of(gray) > 0).astype(np.float32)
    rows, columns = np.diff(ink.mean(axis=1)), np.diff(ink.mean(axis=0))
    return float((rows**2).sum()) >= float((columns**2).sum())


def straightened(sheet: Sheet) -> Sheet:
    """The sheet turned by the small angle (at most 4 degrees) at which its lines lie level."""
    angle = _skew(sheet.gray)
    if abs(angle) < 0.1:
        return sheet
    height, width = sheet.gray.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    gray = cv2.warpAffine(
        sheet.gray, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,)
    )
    back = np.vstack([cv2.invertAffineTransform(matrix), [0, 0, 1]])
    return Sheet(_gray(gray), sheet.dpi, sheet.to_shown @ back)


def _skew(gray: Gray) -> float:
    """Angle in degrees that makes the rows of ink most distinct (projection profile)."""
    small = cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    ink = (small < 160).astype(np.float32)
    height, width = ink.shape

    def distinctness(angle: float) -> float:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
        level = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_NEAREST)
        rows = level.sum(axis=1)
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    coarse = max(np.arange(-4, 4.01, 0.5), key=distinctness)
    return float(max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=distinctness))


def without_border(sheet: Sheet) -> Sheet:
    """The sheet without the black slivers that scanners leave along the edges."""
    ink = ink_of(sheet.gray)
    _count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    height, width = ink.shape
    thin = 0.25 * sheet.dpi
    x, y, w, h = (stats[:, i] for i in range(4))
    touches = (x <= 1) | (y <= 1) | (x + w >= width - 1) | (y + h >= height - 1)
    sliver = touches & ((w < thin) | (h < thin))
    sliver[0] = False
    if not sliver.any():
        return sheet
    gray = sheet.gray.copy()
    gray[sliver[labels]] = 255
    return replace(sheet, gray=gray)


def flattened(gray: Gray, dpi: float) -> Gray:
    """The picture divided by its blurred background: shadows gone, paper white."""
    size = int(dpi / 8) | 1
    paper = cv2.medianBlur(_gray(cv2.dilate(gray, np.ones((size, size), np.uint8))), 41)
    flat = cv2.divide(gray, paper, scale=255)
    return _gray(flat)


def is_photo(gray: Gray) -> bool:
    """Whether the light is uneven or the paper lies on something: no bilevel or clean scan."""
    small = cv2.resize(gray, (64, 64), interpolation=cv2.INTER_AREA)
    white = (small > 235).mean()
    return bool(white < 0.5)


def paper_only(sheet: Sheet) -> Sheet:
    """A photographed sheet cut out along its four edges and laid flat, if they can be found."""
    corners = _paper_corners(sheet.gray)
    if corners is None:
        return sheet
    top_left, top_right, bottom_right, bottom_left = corners
    width = int(max(_gap(top_left, top_right), _gap(bottom_left, bottom_right)))
    height = int(max(_gap(top_left, bottom_left), _gap(top_right, bottom_right)))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    gray = cv2.warpPerspective(
        sheet.gray, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,)
    )
    back = np.linalg.inv(np.asarray(matrix, np.float64))
    return Sheet(_gray(gray), sheet.dpi, sheet.to_shown @ back)


def _gap(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float(np.hypot(*(a - b)))


def _paper_corners(gray: Gray) -> NDArray[np.float32] | None:
    """Corners of the brightest large four-sided area, clockwise from the top left."""
    blurred = cv2.GaussianBlur(gray, (0, 0), 5)
    bright = cv2.threshold(blurred, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1]
    bright = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((41, 41), np.uint8))
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    if not 0.3 * gray.size < cv2.contourArea(outline) < 0.97 * gray.size:
        return None
    corners = cv2.approxPolyDP(cv2.convexHull(outline), 0.03 * cv2.arcLength(outline, True), True)
    if len(corners) != 4:
        return None
    points = corners[:, 0, :].astype(np.float32)
    total, difference = points.sum(axis=1), points[:, 0] - points[:, 1]
    ordered = np.array(
        [
            points[total.argmin()],
            points[difference.argmax()],
            points[total.argmax()],
            points[difference.argmin()],
        ],
        np.float32,
    )
    return ordered if _is_sheet(blurred, ordered) else None


def _is_sheet(gray: Gray, corners: NDArray[np.float32]) -> bool:
    """Whether four corners are about square, and light falls off sharply at every side.

    A shadow across a sheet that fills the picture has neither.
    """
    height, width = gray.shape
    reach = 0.01 * max(height, width)
    for at in range(4):
        before, here, after = corners[at - 1], corners[at], corners[(at + 1) % 4]
        a, b = before - here, after - here
        cosine = float(a @ b) / max(1e-6, float(np.hypot(*a) * np.hypot(*b)))
        if abs(cosine) > SQUARE_CORNER:
            return False
        outward = np.array([b[1], -b[0]]) / max(1e-6, float(np.hypot(*b))) * reach
        places = [here + b * share for share in (0.2, 0.35, 0.5, 0.65, 0.8)]
        falls = [_light(gray, p - outward) - _light(gray, p + outward) for p in places]
        if float(np.median(falls)) < EDGE_CONTRAST:
            return False
    return True


def _light(gray: Gray, at: NDArray[np.float64]) -> float:
    """Brightness at a place; beyond the picture it is dark."""
    x, y = round(float(at[0])), round(float(at[1]))
    height, width = gray.shape
    return float(gray[y, x]) if 0 <= x < width and 0 <= y < height else 0.0
