"""TIFF, PNG and JPEG files: their pages as gray pictures."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from pipeline.errors import DamagedDocument, DocumentError, EmptyDocument, TooLargeDocument
from pipeline.ingest import faxcode
from pipeline.ingest.integrity import ends_in_filling
from pipeline.ingest.limits import MAX_PAGES, MOST_DECODED_MEGAPIXELS
from pipeline.ingest.raster import Gray

LONG_SIDE_POINTS = 792.0
"""Assumed length of a page whose picture does not say its resolution: 11 inches (letter)."""
STRIP_TAGS, LENGTH_TAGS = (273, 324), (279, 325)  # TIFF: offsets and lengths of strips, tiles
COMPRESSION, FILL_ORDER, ROWS_PER_STRIP, T4_OPTIONS = 259, 266, 278, 292  # TIFF 6.0
GROUP3, GROUP4, LEAST_BIT_FIRST = 3, 4, 2
UNKNOWN_SIZE = (612.0, 792.0)  # points, of a page that cannot be opened: letter

warnings.filterwarnings("ignore", module="PIL")  # Pillow's warnings quote the file
Image.MAX_IMAGE_PIXELS = None  # the limit below is ours, with an error of its own


class Frame(NamedTuple):
    """A page of a picture file.

    Attributes:
        gray: None where it cannot be decoded.
        size: In points, as displayed.
        cut: Its data end before its last row.
        error: Why it cannot be decoded.
    """

    gray: Gray | None
    size: tuple[float, float]
    cut: bool = False
    error: DocumentError | None = None


def page_count(data: bytes) -> int:
    """Pages of a picture file; raises DocumentError if their list is broken."""
    with _opened(data) as image:
        return _frame_count(image)


def frames(data: bytes) -> Iterator[Frame]:
    """All pages in order; one that cannot be decoded costs itself and no other.

    Raises:
        DocumentError: If the list of pages is broken, or no page can be decoded.
    """
    with _opened(data) as image:
        count = _frame_count(image)
        if count > MAX_PAGES:
            raise TooLargeDocument("more pages than the limit")
        lost = 0
        for index in range(count):
            frame = _frame(image, index, data)
            lost += frame.gray is None
            if lost == count and frame.error is not None:
                raise frame.error
            yield frame


def frame(data: bytes, index: int) -> Frame:
    """Page `index` (from 0); raises DocumentError if there is none or it cannot be decoded."""
    with _opened(data) as image:
        if not 0 <= index < _frame_count(image):
            raise DamagedDocument("no such page")
        found = _frame(image, index, data)
        if found.error is not None:
            raise found.error
        return found


def _frame(image: Image.Image, index: int, data: bytes) -> Frame:
    try:
        image.seek(index)
    except Exception:
        raise DamagedDocument("the list of pages is broken") from None
    size = UNKNOWN_SIZE
    try:
        _check_extent(image, len(data))
        size = _size(image)
        cut = _is_cut(image, data)
        gray = _gray(image)
        return Frame(gray, size, cut or (image.format == "JPEG" and ends_in_filling(gray)))
    except DocumentError as error:
        return Frame(None, size, error=error)
    except MemoryError:
        return Frame(None, size, error=TooLargeDocument("the picture does not fit into memory"))
    except Exception:  # whatever Pillow raises on damaged bytes
        return Frame(None, size, error=DamagedDocument("a picture cannot be decoded"))


def _gray(image: Image.Image) -> Gray:
    """The picture in 8 bits of gray, upright by its orientation tag, on white paper."""
    image.load()
    shown = ImageOps.exif_transpose(image)
    if shown.mode in ("RGBA", "LA", "PA", "P"):
        layer = shown.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        shown = Image.alpha_composite(paper, layer)
    if shown.mode.startswith(("I", "F")):
        return _of_deep(np.asarray(shown, dtype=np.float64))
    return np.array(shown.convert("L"))


def _of_deep(values: NDArray[np.float64]) -> Gray:
    """Pixels of more than 8 bits, in 8: by the full range of 16 bits, or by their own."""
    low, high = float(values.min()), float(values.max())
    if low >= 0 and 255 < high < 1 << 16:
        low, high = 0.0, 65535.0
    elif 0 <= low <= high <= 255 and high > 1:
        low, high = 0.0, 255.0
    return np.asarray((values - low) * (255 / max(high - low, 1e-9)), dtype=np.uint8)


def _opened(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(data), formats=("TIFF", "PNG", "JPEG"))
    except Exception:  # whatever Pillow raises on damaged bytes
        raise DamagedDocument("the picture file cannot be opened") from None


def _frame_count(image: Image.Image) -> int:
    """Pages of the file; a directory that loops or breaks off is damage."""
    try:
        count = int(getattr(image, "n_frames", 1))
    except Exception:
        raise DamagedDocument("the list of pages is broken") from None
    if count < 1:
        raise EmptyDocument("no pages")
    return count


def _check_extent(image: Image.Image, length: int) -> None:
    """Raise where a page is too large or too small, or its data lie beyond the file's end."""
    if image.width * image.height > MOST_DECODED_MEGAPIXELS * 1_000_000:
        raise TooLargeDocument("a picture has more pixels than the limit")
    if image.width < 8 or image.height < 8:
        raise EmptyDocument("a picture has no extent")
    for start, size in _strips(image):
        if start + size > length:
            raise DamagedDocument("the file is cut off")


def _strips(image: Image.Image) -> list[tuple[int, int]]:
    """Offset and length of each strip or tile of a page of a TIFF."""
    tags = getattr(image, "tag_v2", None)
    if tags is None:
        return []
    return [
        pair
        for offsets, lengths in zip(STRIP_TAGS, LENGTH_TAGS, strict=True)
        for pair in zip(tags.get(offsets, ()), tags.get(lengths, ()), strict=False)
    ]


def _is_cut(image: Image.Image, data: bytes) -> bool:
    """Whether fax codes of a TIFF page end before its rows; Pillow fills the rest with white."""
    tags = getattr(image, "tag_v2", {})
    code = tags.get(COMPRESSION)
    if code not in (GROUP3, GROUP4):
        return False
    k = -1 if code == GROUP4 else int(tags.get(T4_OPTIONS, 0)) & 1
    in_strip = int(tags.get(ROWS_PER_STRIP, image.height))
    for at, (start, size) in enumerate(_strips(image)):
        strip = data[start : start + size]
        if tags.get(FILL_ORDER) == LEAST_BIT_FIRST:
            strip = faxcode.mirrored(strip)
        rows = min(in_strip, image.height - at * in_strip)
        if faxcode.breaks_off(strip, image.width, rows, k):
            return True
    return False


def _size(image: Image.Image) -> tuple[float, float]:
    turned = image.getexif().get(0x0112, 1) >= 5  # orientations 5 to 8 lie on their side
    across, down = _resolution(image)
    size = (image.width * 72 / across, image.height * 72 / down)
    return (size[1], size[0]) if turned else size


def _resolution(image: Image.Image) -> tuple[float, float]:
    """Dots per inch, when the file says and the page has a believable size, else assumed."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        across = down = 0.0
    if across > 20 and down > 20:
        inches = (image.width / across, image.height / down)
        if all(2 <= side <= 40 for side in inches):
            return across, down
    dpi = max(image.width, image.height) * 72 / LONG_SIDE_POINTS
    return dpi, dpi
