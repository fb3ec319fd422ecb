"""Characters of a text layer put right before they are taken for words.

What a page shows and what its characters say in a row differ where letters are printed twice to
look bold, raised (a footnote's number, an exponent), covered by a white box, or written over a
line of underscores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from pdfminer.layout import LTChar, LTContainer, LTCurve
from pdfplumber.page import Page as PlumberPage

from pipeline.ingest.raster import Gray
from pipeline.schema import Box

Char = dict[str, Any]

TWICE = 0.12  # ems between two prints of one letter; the narrowest letters stand 0.2 apart
RAISED_SIZE, RAISED_BY, RAISED_NEAR = 0.85, 0.1, 0.15  # of the size of the letter before
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
UNITS = {"m", "cm", "mm", "dm", "km", "s", "kg/m", "ml/min/1.73m", "/m", "mg/m", "/mm", "g/m"}
"""What a raised digit is a power of; behind any other word it is a footnote's number."""
TIMES = "xX×*·"
LEAST_COVER = (8.0, 5.0)  # points: width and height of a box that hides letters
WHITE = 0.97
UNDERSCORES = 3  # that make a line to write on


def distinct(chars: list[Char]) -> list[Char]:
    """Characters without those printed a second time, a little aside, to look bold."""
    kept: list[Char] = []
    places: dict[tuple[str, int], list[Char]] = defaultdict(list)
    for char in chars:
        row, near = int(char["top"]), TWICE * char["size"]
        text = char["text"]
        twins = (c for at in (row - 1, row, row + 1) for c in places.get((text, at), ()))
        if text.strip() and any(
            abs(c["x0"] - char["x0"]) <= near and abs(c["top"] - char["top"]) <= near for c in twins
        ):
            continue
        places[text, row].append(char)
        kept.append(char)
    return kept


def lowered(chars: list[Char]) -> tuple[list[Char], list[Char]]:
    """Characters without raised numbers of footnotes, and those; exponents follow a `^`."""
    usual = float(np.median([c["size"] for c in chars])) if chars else 0.0
    digits = [c for c in chars if c["text"] in SUPERSCRIPTS or c["text"].isdigit()]
    small = [
        c for c in digits
        if c["text"] in SUPERSCRIPTS or c["size"] < RAISED_SIZE * usual
    ]  # fmt: skip
    if not small:
        return chars, []
    rows: dict[int, list[Char]] = defaultdict(list)
    for char in chars:
        for row in range(int(char["top"]) // 4, int(char["bottom"]) // 4 + 1):
            rows[row].append(char)
    notes: set[int] = set()
    raised: set[int] = set()
    for char in sorted(small, key=lambda c: (round(c["top"]), c["x0"])):
        base = _before(char, rows[int(char["bottom"]) // 4], raised)
        continued = bool(base) and id(base[-1]) in raised
        if not base or not (continued or _is_raised(char, base[-1])):
            continue
        raised.add(id(char))
        if continued and id(base[-1]) in notes:
            notes.add(id(char))
        elif continued:
            char["text"] = SUPERSCRIPTS.get(char["text"], char["text"])
        else:
            _settle(char, base, rows[int(char["bottom"]) // 4], notes)
    body = [c for c in chars if id(c) not in notes]
    return body, [c for c in chars if id(c) in notes]


def _before(char: Char, row: list[Char], raised: set[int]) -> list[Char]:
    """The characters that a raised one follows without a gap, in reading order."""
    found: list[Char] = []
    at = char["x0"]
    for other in sorted(row, key=lambda c: -float(c["x1"])):
        beside = other is not char and other["x1"] <= at + 1 and other["text"].strip()
        if not beside:
            continue
        if at - other["x1"] > RAISED_NEAR * other["size"]:
            break
        found.append(other)
        at = other["x0"]
        if id(other) in raised:
            break
    return found[::-1]


def _is_raised(char: Char, base: Char) -> bool:
    if char["text"] in SUPERSCRIPTS:
        return True
    smaller = char["size"] < RAISED_SIZE * base["size"]
    return bool(smaller and char["bottom"] < base["bottom"] - RAISED_BY * base["size"])


def _settle(char: Char, base: list[Char], row: list[Char], notes: set[int]) -> None:
    """Make a raised digit an exponent, leave it, or note it as a footnote's number."""
    said = "".join(c["text"] for c in base)
    after = [c["text"] for c in row if 0 <= c["x0"] - char["x1"] + 1 < 1.5 * char["size"]]
    plain = str(SUPERSCRIPTS.get(char["text"], char["text"]))
    power = said.endswith("10") and not said[:-2].endswith(tuple("0123456789."))
    if power and (said[:-2].endswith(tuple(TIMES)) or "/" in after or _times_before(base, row)):
        char["text"] = "^" + plain
    elif said.lower().lstrip("(") not in UNITS and not said.lower().endswith(("/m", "1.73m")):
        notes.add(id(char))


def _times_before(base: list[Char], row: list[Char]) -> bool:
    """Whether a multiplication sign stands before the base, a blank between."""
    first = base[0]
    return any(c["text"] in TIMES and 0 <= first["x0"] - c["x1"] < 0.8 * first["size"] for c in row)


def off_lines(chars: list[Char]) -> tuple[list[Char], list[Box]]:
    """Characters without underscores that others are written over, and these as lines."""
    rows: dict[int, list[Char]] = defaultdict(list)
    for char in chars:
        if char["text"] == "_":
            rows[round(char["top"])].append(char)
    gone: set[int] = set()
    lines: list[Box] = []
    for top, run in rows.items():
        if len(run) < UNDERSCORES:
            continue
        over = [
            c for c in chars
            if c["text"] != "_" and c["text"].strip() and abs(c["top"] - top) < 0.5 * c["size"]
        ]  # fmt: skip
        if any(_meet(under, char) for char in over for under in run):
            gone |= {id(c) for c in run}
            lines += _joined(run)
    return ([c for c in chars if id(c) not in gone], lines) if gone else (chars, [])


def _meet(under: Char, char: Char) -> bool:
    shared = min(under["x1"], char["x1"]) - max(under["x0"], char["x0"])
    return bool(shared > 0.3 * min(under["x1"] - under["x0"], char["x1"] - char["x0"]))


def _joined(run: list[Char]) -> Iterator[Box]:
    """Lines that underscores side by side draw, at their lower edge."""
    start = last = None
    for char in sorted(run, key=lambda c: float(c["x0"])):
        if start is None or last is None or char["x0"] - last["x1"] > 1:
            if start is not None and last is not None:
                yield (start["x0"], start["bottom"] - 1, last["x1"], start["bottom"] - 1)
            start = char
        last = char
    if start is not None and last is not None:
        yield (start["x0"], start["bottom"] - 1, last["x1"], start["bottom"] - 1)


def uncovered(page: PlumberPage, chars: list[Char], shown: Gray) -> tuple[list[Char], int]:
    """Characters of a page that no white box drawn later hides, and how many it hides.

    A covered one is hidden when the picture shows nothing there, or letters drawn on the box.
    """
    if not any(_covers(item) for item in (*page.rects, *page.curves)):
        return chars, 0
    drawn = list(_drawn(page.layout))
    letters = [(at, item) for at, item in enumerate(drawn) if isinstance(item, LTChar)]
    if len(letters) != len(chars):
        return chars, 0
    boxes = [(at, item) for at, item in enumerate(drawn) if not isinstance(item, LTChar)]
    hidden: set[int] = set()
    for at, box in boxes:
        under = [n for n, (i, c) in enumerate(letters) if i < at and _inside(c, box)]
        if not under:
            continue
        over = [c for i, c in letters if i > at and _inside(c, box)]
        hidden |= {
            n for n in under
            if any(_overlap(letters[n][1], c) for c in over) or not _shows(chars[n], page, shown)
        }  # fmt: skip
    return [c for n, c in enumerate(chars) if n not in hidden], len(hidden)


def _covers(item: dict[str, Any]) -> bool:
    wide, high = LEAST_COVER
    fill = item.get("fill") and is_white(item.get("non_stroking_color"))
    return bool(fill and item["width"] >= wide and item["height"] >= high)


def is_white(color: Any) -> bool:
    """Whether a colour of one or three components is white or nearly."""
    if isinstance(color, int | float):
        color = (color,)
    if not isinstance(color, tuple | list) or len(color) not in (1, 3):
        return False
    return all(isinstance(c, int | float) and c > WHITE for c in color)


def _drawn(things: Iterable[Any]) -> Iterator[Any]:
    """Letters and white boxes in the order in which they are drawn."""
    for item in things:
        if isinstance(item, LTChar):
            yield item
        elif isinstance(item, LTCurve):
            wide, high = LEAST_COVER
            large = item.width >= wide and item.height >= high
            if large and item.fill and is_white(item.non_stroking_color):
                yield item
        elif isinstance(item, LTContainer):
            yield from _drawn(item)


def _inside(char: Any, box: Any) -> bool:
    x, y = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
    return bool(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1)


def _overlap(a: Any, b: Any) -> bool:
    wide = min(a.x1, b.x1) - max(a.x0, b.x0)
    high = min(a.y1, b.y1) - max(a.y0, b.y0)
    return bool(wide > 0 and high > 0.3 * min(a.height, b.height))


def _shows(char: Char, page: PlumberPage, shown: Gray) -> bool:
    """Whether the picture shows more than paper where a character stands."""
    scale = shown.shape[1] / float(page.width)
    x0, y0 = (char["x0"] - page.bbox[0]) * scale, (char["top"] - page.bbox[1]) * scale
    x1, y1 = (char["x1"] - page.bbox[0]) * scale, (char["bottom"] - page.bbox[1]) * scale
    part = shown[max(0, int(y0)) : int(y1) + 1, max(0, int(x0)) : int(x1) + 1]
    return part.size > 0 and int(np.ptp(part)) > 24
