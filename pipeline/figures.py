"""Evidence on the pictures of its pages: which part of a page to show, and what to mark in it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ChartgapError
from pipeline.schema import Box, Evidence, Page

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 110  # a nurse reads 8 pt print at it, and a page stays near 100 kB
MANY, DPI_OF_MANY = 16, 88  # of more pages than these, still legible: a report stays below 3 MB
GREYS = 8  # as many as print needs
JPEG_QUALITY = 40  # for photographs and noisy faxes, which PNG cannot compress
SMALL_DPI = 26  # of a page as a whole: what sort of page it is can be told
SMALL_GREYS = 4
MOST_SMALL = 60  # pages that are shown as a whole; a report stays small
CONTEXT = 26.0  # points shown above and below the words: two lines of print
HEADER_REACH = 150.0  # points: the head of a table is shown too when it is no further above

PageKey = tuple[str, int]


@dataclass
class Figure:
    """Places of one page near each other: a window of the page and the boxes marked in it.

    Attributes:
        turned: Degrees clockwise by which the window is turned to be read.
        number: Names it within its page.
    """

    file: str
    page: int
    view: Box
    turned: int = 0
    boxes: list[Box] = field(default_factory=list)
    texts: list[Evidence] = field(default_factory=list)
    number: int = 0

    @property
    def frame(self) -> Box:
        """Left, top, width and height of the window after turning it about its middle."""
        x0, top, x1, bottom = self.view
        width, height = x1 - x0, bottom - top
        if self.turned % 180:
            width, height = height, width
        return ((x0 + x1 - width) / 2, (top + bottom - height) / 2, width, height)


@dataclass(frozen=True)
class Picture:
    """The rows of a page from `top` to `bottom` (points) as a data URI; `number` names it."""

    number: int
    uri: str
    width: float
    top: float
    bottom: float


def _window(box: Box, page: Page) -> Box:
    """The part of the page to show around a box: the printed width, and some lines of context."""
    boxes = [box, *(word.box for word in page.words)]
    print_area = (
        max(0.0, min(b[0] for b in boxes) - 8),
        max(0.0, min(b[1] for b in boxes) - 8),
        min(page.width, max(b[2] for b in boxes) + 8),
        min(page.height, max(b[3] for b in boxes) + 8),
    )
    if page.turned % 180:  # lines run up or down the page
        x0, x1 = max(0.0, box[0] - CONTEXT), min(page.width, box[2] + CONTEXT)
        return (x0, print_area[1], x1, print_area[3])
    heads = [table.box[1] - 4 for table in page.tables if _holds(table.box, box)]
    near = [head for head in heads if box[1] - head <= HEADER_REACH]
    top = max(0.0, min([box[1] - CONTEXT, *near]))
    return (print_area[0], top, print_area[2], min(page.height, box[3] + CONTEXT))


def figures(evidence: Iterable[Evidence], pages: Mapping[PageKey, Page]) -> list[Figure]:
    """Group evidence into windows: places whose windows overlap are shown in one."""
    grouped: list[Figure] = []
    distinct = {(item.file, item.page, item.bbox, item.text): item for item in evidence}
    for item in distinct.values():
        page = pages.get((item.file, item.page))
        view = _window(item.bbox, page) if page else item.bbox
        near = next((f for f in grouped if _joins(f, item, view)), None)
        if near is None:
            near = Figure(item.file, item.page, view, page.turned if page else 0)
            grouped.append(near)
        near.view = _union(near.view, view)
        near.boxes += _marks(item, page)
        near.texts.append(item)
    return grouped


def _marks(item: Evidence, page: Page | None) -> list[Box]:
    """One box for each line of the words cited, or the whole box when they are not found in it."""
    inside = [word for word in page.words if _holds(item.bbox, word.box)] if page else []
    wanted = item.text.split()
    texts = [word.text for word in inside]
    for first in range(len(texts) - len(wanted) + 1):
        if texts[first : first + len(wanted)] == wanted:
            return _lines([word.box for word in inside[first : first + len(wanted)]])
    return [item.bbox]


def _lines(boxes: list[Box]) -> list[Box]:
    """Unite the boxes of words that follow each other on a line."""
    lines: list[Box] = []
    for box in boxes:
        middle = (box[1] + box[3]) / 2
        if lines and lines[-1][1] <= middle <= lines[-1][3]:
            lines[-1] = _union(lines[-1], box)
        else:
            lines.append(box)
    return lines


def _joins(figure: Figure, item: Evidence, view: Box) -> bool:
    """Whether a window is of the same page and overlaps."""
    same_page = (figure.file, figure.page) == (item.file, item.page)
    a, b = figure.view, view
    return same_page and a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def _holds(outer: Box, inner: Box) -> bool:
    """Whether the middle of `inner` lies in `outer`."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _union(a: Box, b: Box) -> Box:
    return (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))


def pictures(
    shown: Mapping[PageKey, list[Box]],
    pages: Mapping[PageKey, Page],
    files: Mapping[str, Path],
) -> tuple[dict[PageKey, Picture], dict[PageKey, str]]:
    """Each page that is shown, cut to the rows that are; and the first pages as a whole, small.

    What cannot be drawn is left out. A page is drawn once.
    """
    # Imported here, as it brings in the file readers, which the plain records do not need.
    from pipeline.ingest import page_picture

    dpi = DPI if len(shown) <= MANY else DPI_OF_MANY
    cut: dict[PageKey, Picture] = {}
    small: dict[PageKey, str] = {}
    numbers = {key: number for number, key in enumerate(shown, start=1)}
    for position, (key, page) in enumerate(pages.items()):
        if key not in shown and position >= MOST_SMALL:
            continue
        try:
            picture = page_picture(files[key[0]], key[1], dpi if key in shown else SMALL_DPI)
        except (KeyError, ChartgapError, OSError):
            continue
        if key in shown:
            cut[key] = _rows(picture, numbers[key], page, shown[key])
        if position < MOST_SMALL:
            small[key] = _small(picture, page)
    return cut, small


def _rows(picture: Image, number: int, page: Page, boxes: list[Box]) -> Picture:
    scale = picture.height / page.height
    first = int(min(_window(box, page)[1] for box in boxes) * scale)
    last = max(round(max(_window(box, page)[3] for box in boxes) * scale), first + 1)
    rows = picture.crop((0, first, picture.width, last))
    return Picture(number, _data_uri(rows), page.width, first / scale, last / scale)


def _small(picture: Image, page: Page) -> str:
    """The whole page, upright, in a few greys."""
    grey = picture.convert("L")
    grey.thumbnail((page.width * SMALL_DPI / 72, page.height * SMALL_DPI / 72))
    stored = BytesIO()
    grey.rotate(-page.turned, expand=True).quantize(SMALL_GREYS).save(stored, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(stored.getvalue()).decode('ascii')}"


def _data_uri(picture: Image) -> str:
    """The picture in greys as a data: URI, in whichever of two encodings is smaller."""
    grey = picture.convert("L")
    png, jpeg = BytesIO(), BytesIO()
    grey.quantize(GREYS).save(png, "PNG", optimize=True)
    grey.save(jpeg, "JPEG", quality=JPEG_QUALITY)
    kind, encoded = min(("png", png), ("jpeg", jpeg), key=lambda pair: len(pair[1].getvalue()))
    return f"data:image/{kind};base64,{base64.b64encode(encoded.getvalue()).decode('ascii')}"
