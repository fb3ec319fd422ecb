"""A page between its reader and the layout: words, rules and boxes in one frame.

The *reading frame* is the page turned and straightened so that lines of text run level, in
points from its top left corner; `RawPage.shown` takes a box back to the page as displayed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from pipeline.schema import Box, Tick


@dataclass(frozen=True, slots=True, eq=False)
class RawWord:
    """A word in the reading frame; `size` is its type size in points (of OCR: its height).

    `doubtful`: a number that was recognised by one engine only, or put right by its neighbours.
    `struck`: a line was drawn through it.
    """

    text: str
    box: Box
    size: float
    bold: bool = False
    confidence: float = 1.0
    shown: Box | None = None
    doubtful: bool = False
    struck: bool = False

    @property
    def x0(self) -> float:
        return self.box[0]

    @property
    def top(self) -> float:
        return self.box[1]

    @property
    def x1(self) -> float:
        return self.box[2]

    @property
    def bottom(self) -> float:
        return self.box[3]

    @property
    def middle(self) -> float:
        return (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Square:
    """A printed box to tick."""

    box: Box
    state: Tick


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A fillable text field; `words` is what it holds, `doubtful` when it shows other words."""

    box: Box
    words: tuple[RawWord, ...]
    doubtful: bool = False


def _same(box: Box) -> Box:
    return box


@dataclass
class RawPage:
    """What was read of a page; sizes and boxes in points.

    Attributes:
        size: Width and height as displayed.
        frame: Width and height of the reading frame.
        rules: Ruling lines as boxes of (nearly) no thickness.
        margin: Words that stand apart from the flow: fax header lines, turned stamps.
        sheet: The part of the page as displayed that it is, where two sheets lie side by side.
    """

    size: tuple[float, float]
    frame: tuple[float, float]
    origin: Literal["text", "ocr", "blank"]
    words: list[RawWord] = field(default_factory=list)
    margin: list[list[RawWord]] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    squares: list[Square] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    turned: int = 0
    unreadable: bool = False
    warnings: list[str] = field(default_factory=list)
    sheet: Box | None = None
    shown: Callable[[Box], Box] = _same


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all (at least one)."""
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return (min(x0), min(top), max(x1), max(bottom))


def inside(word: RawWord, box: Box, slack: float = 1.0) -> bool:
    """Whether the word's centre lies in the box."""
    x = (word.x0 + word.x1) / 2
    return box[0] - slack <= x <= box[2] + slack and box[1] - slack <= word.middle <= box[3] + slack
