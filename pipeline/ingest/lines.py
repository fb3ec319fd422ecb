"""Words -> lines and chunks: what stands side by side, and where wide gaps part it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import mean, median, pstdev

from pipeline.ingest.raw import RawWord, Square, union
from pipeline.schema import Box

WIDE_GAP = 1.0  # ems of white between words that part a line; a space has 0.25 to 0.3
WIDE_GAP_FIXED = 2.5  # the same for typewriter faces in widths of a letter; two spaces have 2
BEARINGS, EVEN = 0.25, 0.045
"""White beside a typed word, in letters; spread of letter widths: 0.03 typed, 0.075 set."""
SHORT_GAP_FIXED = 1.75  # the same for typed lines of few letters, rows of a table; a space has 1.3
TYPED_LINES = 3  # lines typed in one pitch that show a page to be typed
SAME_PITCH, NEAR_PITCH = 0.06, 0.2  # by how much pitches of lines, widths of short words may differ
SMALL_GAP = 0.55  # ems of white before a label that stands in the middle of a line
ITEM = re.compile(r"^(?:[-•*–—▪◦‣]|\(?\d{1,2}[.)]|\(?[a-zA-Z][.)]|#\d+)$")


@dataclass
class Chunk:
    """Words of a line between wide gaps; `square` is the box that it follows, if any."""

    words: list[RawWord]
    square: Square | None = None

    @property
    def x0(self) -> float:
        return self.words[0].x0 if self.words else self.square.box[0] if self.square else 0.0

    @property
    def x1(self) -> float:
        return self.words[-1].x1 if self.words else self.square.box[2] if self.square else 0.0

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass
class Line:
    """Chunks on one baseline."""

    chunks: list[Chunk]
    words: list[RawWord] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = [word for chunk in self.chunks for word in chunk.words]
        boxes = [w.box for w in self.words] + [s.box for s in self.squares]
        self.box: Box = union(boxes)
        self.size: float = median([w.size for w in self.words] or [self.box[3] - self.box[1]])
        letters = [w for w in self.words if any(c.isalnum() for c in w.text)]
        self.bold: bool = bool(letters) and all(w.bold for w in letters)

    @property
    def squares(self) -> list[Square]:
        return [chunk.square for chunk in self.chunks if chunk.square is not None]

    @property
    def text(self) -> str:
        return "\t".join(chunk.text for chunk in self.chunks if chunk.words)

    @property
    def x0(self) -> float:
        return self.box[0]

    @property
    def x1(self) -> float:
        return self.box[2]

    @property
    def top(self) -> float:
        return self.box[1]

    @property
    def bottom(self) -> float:
        return self.box[3]


def lines_of(words: list[RawWord], squares: list[Square]) -> list[Line]:
    """Lines from top to bottom, each cut at wide gaps and before boxes."""
    rows: list[list[RawWord | Square]] = []
    spans: list[tuple[float, float]] = []
    items: list[RawWord | Square] = [*words, *squares]
    for item in sorted(items, key=lambda i: (i.box[1] + i.box[3]) / 2):
        at = _row_of(item.box, spans)
        if at is None:
            rows.append([item])
            spans.append((item.box[1], item.box[3]))
        else:
            rows[at].append(item)
            spans[at] = _core(rows[at])
    rows = [sorted(row, key=lambda i: i.box[0]) for row in rows]
    typed = _pitch_of_page(rows)
    lines = [Line(_chunks(row, typed)) for row in rows]
    return sorted(lines, key=lambda line: (line.top + line.bottom) / 2)


def _row_of(box: Box, spans: list[tuple[float, float]]) -> int | None:
    """The row with which a box shares at least half of the lower height."""
    for at in range(len(spans) - 1, max(-1, len(spans) - 6), -1):
        top, bottom = spans[at]
        shared = min(bottom, box[3]) - max(top, box[1])
        if shared >= 0.5 * min(bottom - top, box[3] - box[1]):
            return at
    return None


def _core(row: list[RawWord | Square]) -> tuple[float, float]:
    """Mean top and bottom of a row's taller items."""
    tallest = max(i.box[3] - i.box[1] for i in row)
    tall = [i.box for i in row if i.box[3] - i.box[1] >= 0.6 * tallest]
    return (sum(b[1] for b in tall) / len(tall), sum(b[3] for b in tall) / len(tall))


def _pitch_of_page(rows: list[list[RawWord | Square]]) -> float:
    """The pitch that several lines of a page are typed in; 0 if there is none."""
    found = [pitch_of([item for item in row if isinstance(item, RawWord)]) for row in rows]
    told = sorted(pitch for pitch in found if pitch)
    usual = median(told) if told else 0.0
    same = [pitch for pitch in told if abs(pitch - usual) <= SAME_PITCH * usual]
    return usual if len(same) >= TYPED_LINES else 0.0


def _wide_gap(words: list[RawWord], typed: float) -> float:
    """The white that parts a line, in points.

    Args:
        typed: The pitch of the page; a row of figures has too few letters to tell it.
    """
    em = median([w.size for w in words] or [10.0])
    pitch = pitch_of(words)
    if pitch:
        return WIDE_GAP_FIXED * pitch
    widths = [(w.x1 - w.x0) / (len(w.text) - BEARINGS) for w in words if len(w.text) > 2]
    fits = len(widths) > 1 and all(abs(w - typed) <= NEAR_PITCH * typed for w in widths)
    return max(WIDE_GAP * em, SHORT_GAP_FIXED * typed) if fits else WIDE_GAP * em


def _chunks(row: list[RawWord | Square], typed: float = 0.0) -> list[Chunk]:
    words = [item for item in row if isinstance(item, RawWord)]
    em = median([w.size for w in words] or [10.0])
    gap = _wide_gap(words, typed)
    chunks: list[Chunk] = []
    for item in row:
        if isinstance(item, Square):
            chunks.append(Chunk([], item))
        elif chunks and item.x0 - _end(chunks[-1]) <= _allowed(chunks[-1], gap, em):
            chunks[-1].words.append(item)
        else:
            chunks.append(Chunk([item]))
    return [part for chunk in chunks for part in _parted_dates(chunk)]


DATE = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|\d{1,2}-?[A-Za-z]{3}-?(?:\d{4}|\d{2})"
)


def _parted_dates(chunk: Chunk) -> list[Chunk]:
    """A chunk with one date right after the other cut around them: they are heads of columns."""
    days = [DATE.fullmatch(word.text) is not None for word in chunk.words]
    beside = [a and b for a, b in pairwise(days)]
    if not any(beside):
        return [chunk]
    series = [a or b for a, b in zip([*beside, False], [False, *beside], strict=True)]
    parts = [Chunk([chunk.words[0]], chunk.square)]
    for at, word in enumerate(chunk.words[1:], 1):
        if series[at] or series[at - 1]:
            parts.append(Chunk([word]))
        else:
            parts[-1].words.append(word)
    return parts


def _allowed(chunk: Chunk, gap: float, em: float) -> float:
    """The widest gap that does not part: more after a box, and after an item's bullet."""
    if not chunk.words or (len(chunk.words) == 1 and ITEM.match(chunk.words[0].text)):
        return 2.5 * em
    return gap


def _end(chunk: Chunk) -> float:
    return chunk.words[-1].x1 if chunk.words else chunk.square.box[2] if chunk.square else 0.0


def pitch_of(words: list[RawWord]) -> float:
    """Points from letter to letter where all are equally wide, as typewriters print; else 0."""
    widths = [(w.x1 - w.x0) / len(w.text) for w in words if len(w.text) >= 3]
    if len(widths) >= 3 and max(widths) - min(widths) < 0.04 * max(widths):
        return mean(widths)
    # Of recognised words the white beside the first and the last letter is not part of the box.
    letters = [w for w in words if len(w.text) > 3 and any(c.isalpha() for c in w.text)]
    widths = [(w.x1 - w.x0) / (len(w.text) - BEARINGS) for w in letters]
    even = len(widths) > 3 and pstdev(widths) < EVEN * mean(widths)
    return mean(widths) if even else 0.0


def body_size(lines: list[Line]) -> float:
    """Type size of the running text: that of most letters."""
    sizes = sorted((w.size, len(w.text)) for line in lines for w in line.words if w.size > 0)
    half = sum(n for _, n in sizes) / 2
    seen = 0
    for size, count in sizes:
        seen += count
        if seen >= half:
            return size
    return 10.0


UNFINISHED = re.compile(
    r"[a-z] (?:from|of|with|and|or|the|a|to|for|in|on|at|by|was|is|since|until)$"
)


def is_heading(line: Line, body: float) -> bool:
    """A short line by itself, larger, bold or in capitals, that is no sentence."""
    text = line.text.strip()
    letters = [c for c in text if c.isalpha()]
    if len(line.chunks) != 1 or line.squares or len(letters) < 3 or len(line.words) > 12:
        return False
    if text.endswith((".", ",", ";")) or (":" in text[:-1] and not line.bold):
        return False
    if letters[0].islower() and not line.bold:
        return False  # the rest of a sentence, or an entry of a list
    if UNFINISHED.search(text):
        return False  # the first line of a sentence
    capitals = all(c.isupper() for c in letters)
    larger = line.size > 1.12 * body and len(line.words) <= 8
    return line.bold or larger or capitals
