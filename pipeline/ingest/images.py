"""TIFF, PNG and JPEG files: their pages as gray pictures."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps

from pipeline.errors import DamagedDocument, EmptyDocument, TooLargeDocument
from pipeline.ingest.limits import MAX_MEGAPIXELS, MAX_PAGES
from pipeline.ingest.raster import Gray

LONG_SIDE_POINTS = 792.0
"""Assumed length of a page whose picture does not say its resolution: 11 inches (letter)."""
STRIP_TAGS, LENGTH_TAGS = (273, 324), (279, 325)  # TIFF: offsets and lengths of strips, tiles

warnings.filterwarnings("ignore", module="PIL")  # Pillow's warnings quote the file
Image.MAX_IMAGE_PIXELS = None  # the limit below is ours, with an error of its own


def picture_pages(data: bytes) -> list[tuple[float, float]]:
    """Sizes in points of all pages, as displayed.

    Raises:
        DocumentError: If a page is cut off, too large or cannot be decoded.
    """
    with _opened(data) as image:
        count = _frame_count(image)
        if count > MAX_PAGES:
            raise TooLargeDocument("more pages than the limit")
        sizes = []
        for index in range(count):
            _seek(image, index)
            _check_whole(image, len(data))
            sizes.append(_size(image))
        return sizes


def picture(data: bytes, index: int) -> Gray:
    """Page `index` (from 0) as a gray picture, upright by its orientation tag."""
    with _opened(data) as image:
        _seek(image, index)
        try:
            shown = ImageOps.exif_transpose(image)
            if shown.mode in ("RGBA", "LA", "PA", "P"):
                layer = shown.convert("RGBA")
                paper = Image.new("RGBA", layer.size, "white")
                shown = Image.alpha_composite(paper, layer)
            return np.array(shown.convert("L"))
        except MemoryError:
            raise TooLargeDocument("the picture does not fit into memory") from None
        except Exception:
            raise DamagedDocument("a picture cannot be decoded") from None


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


def _seek(image: Image.Image, index: int) -> None:
    try:
        image.seek(index)
    except Exception:
        raise DamagedDocument("the list of pages is broken") from None
    if image.width * image.height > MAX_MEGAPIXELS * 1_000_000:
        raise TooLargeDocument("a picture has more pixels than the limit")
    if image.width < 8 or image.height < 8:
        raise EmptyDocument("a picture has no extent")


def _check_whole(image: Image.Image, length: int) -> None:
    """Decode a page whose data lie wholly in the file; Pillow alone accepts cut-off faxes."""
    tags = getattr(image, "tag_v2", None)
    if tags is not None:
        for offsets, lengths in zip(STRIP_TAGS, LENGTH_TAGS, strict=True):
            pairs = zip(tags.get(offsets, ()), tags.get(lengths, ()), strict=False)
            if any(start + size > length for start, size in pairs):
                raise DamagedDocument("the file is cut off")
    try:
        image.load()
    except MemoryError:
        raise TooLargeDocument("the picture does not fit into memory") from None
    except Exception:
        raise DamagedDocument("a picture cannot be decoded") from None


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


def frames(data: bytes) -> Iterator[tuple[Gray, tuple[float, float]]]:
    """All pages: picture and size in points."""
    for index, size in enumerate(picture_pages(data)):
        yield picture(data, index), size
