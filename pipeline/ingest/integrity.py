"""What of a PDF page's content does not decode whole: readers pass over it without a word."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from enum import Enum
from typing import Any

import numpy as np
import pikepdf
from PIL import Image

from pipeline.ingest import faxcode

FLATE = {"/FlateDecode", "/Fl"}
OTHER_CODES = {
    "/LZWDecode", "/LZW", "/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx",
    "/RunLengthDecode", "/RL", "/Crypt",
}  # fmt: skip
JPEG, JPEG2000, FAX = {"/DCTDecode", "/DCT"}, {"/JPXDecode"}, {"/CCITTFaxDecode", "/CCF"}
PICTURE_CODES = JPEG | JPEG2000 | FAX | {"/JBIG2Decode"}
MOST_DECODED = 64 * 2**20  # bytes of content; a page of 60,000 characters has some 5 million
DRAWN = re.compile(rb"/([^\s/<>\[\]()]+)\s+Do\b")
END_OF_JPEG = b"\xff\xd9"
DEPTH = 4  # of forms within forms
COMPONENTS = {"/DeviceGray": 1, "/CalGray": 1, "/G": 1, "/Indexed": 1, "/I": 1, "/Separation": 1,
              "/DeviceRGB": 3, "/CalRGB": 3, "/RGB": 3, "/Lab": 3, "/DeviceCMYK": 4, "/CMYK": 4}  # fmt: skip
FILLED = range(120, 137)  # what a decoder of JPEG paints where the data have ended: middle gray
LEAST_FILLED = 8  # rows: one row of blocks


class Break(Enum):
    """In what way the content of a page does not decode whole."""

    LOST = "lost"
    TOO_LARGE = "too_large"


class _BrokenError(Exception):
    """Content that does not decode whole."""

    kind = Break.LOST


class _TooLargeError(_BrokenError):
    """Content that decodes to more than any page has: no reader should be given it."""

    kind = Break.TOO_LARGE


def broken_pages(data: bytes) -> dict[int, Break]:
    """Pages by index whose content, or a picture on them, does not decode whole."""
    found: dict[int, Break] = {}
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            seen: dict[tuple[int, int], bool] = {}
            for index, page in enumerate(document.pages):
                broken = _break_of(page.obj, seen)
                if broken is not None:
                    found[index] = broken
    except Exception:  # a structure that does not open is others' to tell
        return found
    return found


def _break_of(page: pikepdf.Object, seen: dict[tuple[int, int], bool]) -> Break | None:
    try:
        _check(_contents(page), page.get("/Resources"), seen, 0)
    except _BrokenError as broken:
        return broken.kind
    except Exception:  # keys of kinds that no page should have
        return None
    return None


def _contents(page: pikepdf.Object) -> bytes:
    """Decoded content of a page; one without any that has fonts or pictures of its own lost it."""
    if "/Contents" not in page:
        own = page.get("/Resources", {})
        if own.get("/Font") or own.get("/XObject"):
            raise _BrokenError
        return b""
    contents = page.get("/Contents")
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n".join(_decoded(part) for part in parts)


def _check(content: bytes, resources: Any, seen: dict[tuple[int, int], bool], depth: int) -> None:
    """Raise `_BrokenError` if a form or picture that the content draws does not decode."""
    drawn = resources.get("/XObject", {}) if resources is not None else {}
    for name in dict.fromkeys(DRAWN.findall(content)):
        thing = drawn.get("/" + name.decode("latin-1"))
        if not isinstance(thing, pikepdf.Stream):
            continue
        if thing.objgen in seen:
            if seen[thing.objgen]:
                raise _BrokenError
            continue
        seen[thing.objgen] = False
        if thing.get("/Subtype") == "/Image":
            if _is_cut(thing):
                seen[thing.objgen] = True
                raise _BrokenError
        elif thing.get("/Subtype") == "/Form" and depth < DEPTH:
            _check(_decoded(thing), thing.get("/Resources", resources), seen, depth + 1)


def _filters(stream: pikepdf.Object) -> list[str]:
    named = stream.get("/Filter")
    if named is None:
        return []
    return [str(n) for n in named] if isinstance(named, pikepdf.Array) else [str(named)]


def _decoded(stream: Any) -> bytes:
    """The bytes of a content stream, all of them."""
    if not isinstance(stream, pikepdf.Stream) or "/F" in stream:
        raise _BrokenError
    filters = _filters(stream)
    if set(filters) - FLATE - OTHER_CODES:
        raise _BrokenError
    raw: bytes = stream.read_raw_bytes()
    while filters and filters[0] in FLATE and "/DecodeParms" not in stream:
        raw, filters = _inflated(raw), filters[1:]
    if not filters:
        return raw
    try:
        return bytes(stream.read_bytes())
    except Exception:
        raise _BrokenError from None


def _inflated(raw: bytes) -> bytes:
    """Bytes of a deflated stream; its checksum at the end may be missing, nothing else."""
    decoder = zlib.decompressobj(-15)
    try:
        data = decoder.decompress(raw.lstrip(b"\r\n")[2:], MOST_DECODED)
    except zlib.error:
        raise _BrokenError from None
    if len(data) >= MOST_DECODED:
        raise _TooLargeError
    if raw and not decoder.eof:
        raise _BrokenError
    return data


def _is_cut(picture: pikepdf.Object) -> bool:
    """Whether the data of a picture end before its last row."""
    filters = _filters(picture)
    if "/F" in picture or set(filters) - FLATE - OTHER_CODES - PICTURE_CODES:
        return True
    width, height = int(picture.get("/Width", 0)), int(picture.get("/Height", 0))
    raw = picture.read_raw_bytes()
    while len(filters) > 1 and filters[0] in FLATE:
        try:
            raw, filters = _inflated(raw), filters[1:]
        except _BrokenError:
            return True
    if len(filters) != 1:
        return False
    if filters[0] in JPEG:
        return jpeg_is_cut(raw)
    if filters[0] in JPEG2000:
        return END_OF_JPEG not in raw[-64:]
    if filters[0] in FAX:
        parms = _parms(picture)
        columns = int(parms.get("/Columns", 1728))
        k, aligned = int(parms.get("/K", 0)), bool(parms.get("/EncodedByteAlign", False))
        return faxcode.breaks_off(raw, columns, height, k, aligned)
    if filters[0] in FLATE:
        return _rows_missing(picture, raw, width, height)
    return False


def _parms(picture: pikepdf.Object) -> Any:
    parms = picture.get("/DecodeParms", {})
    return parms[-1] if isinstance(parms, pikepdf.Array) else parms


def _rows_missing(picture: pikepdf.Object, raw: bytes, width: int, height: int) -> bool:
    """Whether a deflated picture inflates to fewer bytes than its rows have."""
    bits = 1 if picture.get("/ImageMask", False) else int(picture.get("/BitsPerComponent", 8))
    wanted = (width * bits * _components(picture.get("/ColorSpace")) + 7) // 8 * height
    return sum(_inflated_sizes(raw)) < faxcode.LEAST_SHARE * wanted


def _inflated_sizes(raw: bytes) -> Iterator[int]:
    decoder, rest = zlib.decompressobj(), raw
    try:
        while rest and not decoder.eof:
            yield len(decoder.decompress(rest, 1 << 20))
            rest = decoder.unconsumed_tail
    except zlib.error:
        return


def _components(space: Any) -> int:
    """Colour components of a picture, at least one."""
    if isinstance(space, pikepdf.Array) and len(space):
        if str(space[0]) == "/ICCBased":
            return int(space[1].get("/N", 1))
        return COMPONENTS.get(str(space[0]), 1)
    return COMPONENTS.get(str(space), 1)


def jpeg_is_cut(data: bytes) -> bool:
    """Whether a JPEG lacks its end or rows, be its end marker there or not."""
    if END_OF_JPEG not in data[-64:]:
        return True
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            return ends_in_filling(np.asarray(image.convert("L")))
    except Exception:  # whatever Pillow raises on data that break off
        return True


def ends_in_filling(gray: np.ndarray[Any, Any]) -> bool:
    """Whether the last rows are of the one gray that decoders paint where data are missing."""
    last = gray[-LEAST_FILLED:]
    return last.size > 0 and int(np.ptp(last)) == 0 and int(last[0, 0]) in FILLED
