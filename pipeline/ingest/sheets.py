"""Two sheets side by side on one landscape page: found by their gutter and heads, read one by one.

A page that is scanned open, or printed two to a sheet, holds two pages: each has its own head,
its own running lines and page number, perhaps its own patient. A table, an article of two columns
or a form has one head; its halves stay together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.ingest.flow import at_edge, running_key
from pipeline.ingest.grids import is_level
from pipeline.ingest.identity import DAY, Marks, marks_of
from pipeline.ingest.lines import Line, body_size, is_heading, lines_of
from pipeline.ingest.names import Likeness, likeness
from pipeline.ingest.numbering import ALONE, PAGE_OF, is_fax_line
from pipeline.ingest.raw import RawPage, RawWord
from pipeline.schema import Box

LANDSCAPE = 1.15  # width by height; two letter pages on one have 1.29 (halved) or 1.55
MIDDLE = (0.4, 0.6)  # shares of the width between which the gutter lies
GUTTER = 0.025  # its least width there, as a share of the page's
LEDGE = 0.01  # how far a frame round a sheet may stand out from its words into the gutter
LEAST_WORDS, LEAST_LINES = 8, 3  # of a sheet
HEAD, TITLED = 6, 3  # lines of a sheet's head; within which a line that both bear is a running head
LEAST_SHARED = 10  # signs of such a line
LEVEL = 0.08  # share of the height by which heads of two sheets may differ


def sheets_of(page: RawPage) -> list[RawPage]:
    """The page itself, or its left and its right sheet."""
    lines = lines_of(page.words, [])
    running = [line for line in lines if at_edge(line, page) and is_fax_line(line.text)]
    apart = {id(word) for line in running for word in line.words}
    words = [word for word in page.words if id(word) not in apart]
    middle = _gutter(page, words)
    if middle is None:
        return [page]
    left = [word for word in words if word.x1 <= middle]
    right = [word for word in words if word.x0 >= middle]
    if not _are_two(lines_of(left, []), lines_of(right, []), page):
        return [page]
    margin = [*page.margin, *(line.words for line in running)]
    width, height = page.frame
    return [
        _part(page, left, margin, (0.0, 0.0, middle, height)),
        _part(page, right, [], (middle, 0.0, width, height)),
    ]


def _gutter(page: RawPage, words: list[RawWord]) -> float | None:
    """Where near the middle white runs through the whole height, if it does."""
    width, height = page.frame
    if width < LANDSCAPE * height or not words:
        return None
    boxes = [word.box for word in words]
    boxes += [square.box for square in page.squares] + [entry.box for entry in page.entries]
    ledge = LEDGE * width
    boxes += [(x0 + ledge, y0, x1 - ledge, y1) for x0, y0, x1, y1 in filter(is_level, page.rules)]
    low, high = MIDDLE[0] * width, MIDDLE[1] * width
    reached, gaps = low, []
    for box in sorted(boxes):
        gaps.append((min(box[0], high) - reached, reached))
        reached = max(reached, box[2])
    gaps.append((high - reached, reached))
    size, start = max(gaps)
    return min(max(width / 2, start), start + size) if size >= GUTTER * width else None


def _are_two(left: list[Line], right: list[Line], page: RawPage) -> bool:
    """Whether what stands on either side of a gutter are sheets of their own."""
    for lines in (left, right):
        if len(lines) < LEAST_LINES or sum(len(line.words) for line in lines) < LEAST_WORDS:
            return False
    persons = (_marks(left), _marks(right))
    return (
        _differ(*persons)
        or _share_a_head(left, right)
        or all(map(_is_numbered, (left, right)))
        or (
            all(_is_headed(lines, body_size(lines)) for lines in (left, right))
            and abs(left[0].top - right[0].top) < LEVEL * page.frame[1]
        )
    )


def _text(lines: Iterable[Line]) -> str:
    return "".join(f"{line.text}\n" for line in lines)


def _marks(lines: list[Line]) -> Marks:
    return marks_of(_text(lines[:HEAD]))


def _differ(a: Marks, b: Marks) -> bool:
    """Whether two heads bear names or birth dates of two people."""
    unlike = bool(a.names and b.names) and all(
        likeness(x, y, True) > Likeness.NEAR for x in a.names for y in b.names
    )
    return unlike or bool(a.births and b.births and not set(a.births) & set(b.births))


def _share_a_head(left: list[Line], right: list[Line]) -> bool:
    """Whether both begin with a letterhead, or a line of whose page it is, that is the same."""
    heads = [
        {
            running_key(line)
            for line in lines[:TITLED]
            if len(line.chunks) == 1 or marks_of(line.text).any
        }
        for lines in (left, right)
    ]
    return any(len(key) >= LEAST_SHARED for key in heads[0] & heads[1])


def _is_numbered(lines: list[Line]) -> bool:
    """Whether a page number stands at the top or bottom."""
    edges = _text([*lines[:2], *lines[-2:]])
    return any(pattern.search(edges) is not None for pattern in (PAGE_OF, ALONE))


def _is_headed(lines: list[Line], body: float) -> bool:
    """Whether it begins with a title, and says under it of what day it is."""
    days = [line for line in lines[:HEAD] if DAY.search(line.text)]
    dated = any(sum(c.isalpha() for c in DAY.sub("", line.text)) > 3 for line in days)
    return is_heading(lines[0], body) and dated


def _part(page: RawPage, words: list[RawWord], margin: list[list[RawWord]], area: Box) -> RawPage:
    """A part of a page as a page, whose frame begins at its own left edge."""
    left, _, right, height = area

    def moved(box: Box, by: float = -left) -> Box:
        return (box[0] + by, box[1], box[2] + by, box[3])

    def within(box: Box) -> bool:
        return left <= (box[0] + box[2]) / 2 < right

    def written(those: Iterable[RawWord]) -> list[RawWord]:
        return [replace(word, box=moved(word.box)) for word in those]

    return replace(
        page,
        frame=(right - left, height),
        words=written(words),
        margin=[written(line) for line in margin],
        rules=[moved(box) for box in page.rules if within(box)],
        squares=[replace(s, box=moved(s.box)) for s in page.squares if within(s.box)],
        entries=[
            replace(e, box=moved(e.box), words=tuple(written(e.words)))
            for e in page.entries
            if within(e.box)
        ],
        shown=lambda box: page.shown(moved(box, left)),
        sheet=page.shown(area),
    )
