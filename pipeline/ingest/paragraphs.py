"""Lines of prose -> paragraphs."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from statistics import median

from pipeline.ingest.lines import ITEM, Line

LABEL = re.compile(r"^[A-Z\[][A-Za-z /&'-]{0,40}:")
SPACING = 1.9  # lines of a paragraph lie less than this apart, in type sizes, top to top
LOOSER = 1.25  # a distance larger by this factor than the paragraph's own ends it
INDENT = 30.0  # largest indent of a first line in points
FULL = 0.85  # share of the width beyond which most lines of wrapped prose reach
RAGGED = 0.6  # share of the width that a line of prose reaches before its sentence goes on
PROSE_WORDS = 5  # lines of more words are prose rather than titles or entries
ENTRY = re.compile(
    r"^[A-Za-z][\w/'-]*(?: [A-Za-z/()-]+){0,4} \(?\d[\d.,/-]* ?-?(?:mg|mcg|g|mL|ml|units?|IU|%|tabs?)\b"
)
"""A line that starts with a drug and its strength: an entry of a list of medicines."""
SENTENCE_END = re.compile(r"[a-z0-9)]{2}\. [A-Z]")


def paragraphs(lines: list[Line], page: Sequence[Line] = ()) -> Iterator[list[Line]]:
    """Runs of lines that are read as one; each line is in exactly one.

    `page` holds all lines of the page: they show how far prose reaches there.
    """
    current: list[Line] = []
    pitch = _pitch(lines)
    listed = _is_list(lines)
    for line in lines:
        right = _right_edge(lines, [] if listed is None else page, line)
        if current and _continues(current, line, right, pitch, bool(listed)):
            current.append(line)
        else:
            if current:
                yield current
            current = [line]
    if current:
        yield current


def _is_list(lines: list[Line]) -> bool | None:
    """True when most lines are entries such as `folic acid 1 mg daily`; None for narrow prose.

    Narrow prose is what its own lines, not those of the page, show the right edge of: three or
    more lines, most of which reach it.
    """
    entries = sum(_is_entry(line) for line in lines)
    if entries > 1 and entries >= 0.5 * len(lines):
        return True
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    full = sum(line.x1 - left > FULL * (right - left) for line in lines)
    return None if len(lines) > 2 and full >= 0.6 * len(lines) else False


def _is_entry(line: Line) -> bool:
    """Whether a line names a drug and its strength first, and no sentence ends within it."""
    return bool(ENTRY.match(line.text)) and not SENTENCE_END.search(line.text)


def _right_edge(lines: list[Line], page: Sequence[Line], line: Line) -> float:
    """How far lines near this one reach, and lines of the page with the same left edge."""
    near = [o.x1 for o in lines if abs(o.top - line.top) < 12 * line.size and len(o.chunks) == 1]
    same = sorted(
        o.x1 for o in page
        if len(o.chunks) == 1 and abs(o.x0 - line.x0) < INDENT and len(o.words) > PROSE_WORDS
    )  # fmt: skip
    return max([*near, *same[:-1]], default=line.x1)  # one line may be a banner


def _pitch(lines: list[Line]) -> float:
    """Usual distance between the lines of paragraphs; 0 when there are too few to tell."""
    steps = [_baseline(b) - _baseline(a) for a, b in itertools.pairwise(lines)
             if a.words and b.words]  # fmt: skip
    close = [s for s, line in zip(steps, lines, strict=False) if 0 < s < SPACING * line.size]
    return median(close) if len(close) > 3 else 0.0


def _continues(current: list[Line], line: Line, right: float, pitch: float, listed: bool) -> bool:
    """Whether a line goes on with the paragraph; `right` is where lines end, `pitch` usual."""
    last = current[-1]
    if len(line.chunks) > 1 or len(last.chunks) > 1 or not line.words or not last.words:
        return False
    step = _baseline(line) - _baseline(last)
    if step > SPACING * max(line.size, last.size) or (pitch and step > LOOSER * pitch):
        return False
    if len(current) > 1 and step > LOOSER * (_baseline(last) - _baseline(current[-2])):
        return False
    if not 0.8 < line.size / max(last.size, 1) < 1.25 or not _edges_agree(current, line):
        return False
    space = 0.3 * last.size
    first = line.words[0]
    full = last.x1 + space + (first.x1 - first.x0) > right - 1
    if starts_anew(line, last, full) or (listed and _is_entry(line)):
        return False
    text = last.text.rstrip()
    reaches = listed or last.x1 - current[0].x0 > RAGGED * (right - current[0].x0)
    ended = text.endswith((".", ";", ":", "!", "?"))
    running_on = first.text[0].islower() and not ended and reaches
    hangs = line.x0 > current[0].x0 + 3 and bool(ITEM.match(current[0].words[0].text))
    return full or running_on or hangs


def _baseline(line: Line) -> float:
    """Height of the line's middle word boxes, steadier than its extremes."""
    middles = sorted(word.middle for word in line.words)
    return middles[len(middles) // 2]


def starts_anew(line: Line, last: Line, full: bool) -> bool:
    """Whether a line begins an item of a list or a labelled paragraph."""
    first = line.words[0].text
    if ITEM.match(first) and len(line.words) > 1:
        return True
    label = LABEL.match(line.text)
    if label is None:
        return False
    if line.words[0].bold and not last.words[-1].bold:
        return True
    ended = last.text.rstrip().endswith((".", ":", "!", "?", ")", "]"))
    return ended and (not full or len(label.group().split()) <= 2)


def _edges_agree(current: list[Line], line: Line) -> bool:
    """Whether the line starts where the paragraph's lines, or the text of its item, start."""
    first, last = current[0], current[-1]
    slack = max(3.0, 0.35 * line.size)
    edges = [last.x0]
    if len(current) == 1:
        edges += [word.x0 for word in first.words[1:3]]
        if 0 < first.x0 - line.x0 <= INDENT:
            return True
    return any(abs(edge - line.x0) <= slack for edge in edges)
