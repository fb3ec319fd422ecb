"""The text layer of a PDF page: whether to trust it, and what it holds."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pdfplumber.page import Page as PlumberPage
from pdfplumber.utils.text import extract_words

from pipeline.errors import TooLargeDocument
from pipeline.ingest import characters, rulings
from pipeline.ingest.apart import closed_up, rejoined
from pipeline.ingest.fields import Widget, entry_of
from pipeline.ingest.glyphs import solid_boxes, symbol, without_boxes
from pipeline.ingest.limits import MAX_CHARACTERS
from pipeline.ingest.raster import Gray
from pipeline.ingest.raw import RawPage, RawWord, Square
from pipeline.ingest.strikes import strike_marks, struck_out
from pipeline.schema import Box

GARBAGE = 0.1  # share of characters without meaning above which a layer is not used
NUMBER = re.compile(r"\d+(?:\.\d+)?%?$")
FAR_MORE = 1.3  # how many times its words another reader finds in a layer that lacks some
SCAN_COVER = 0.6  # share of the page that one picture covers on a scan
LEAST_CHARACTERS = 12  # a layer of fewer on an inked page is a stamp on a scan
UNMAPPED = re.compile(r"[^\W_]\(cid:\d+\)[^\W_]|\d\(cid:|\(cid:\d+\)\d")
"""A character without a meaning within a word or a number; alone it is a bullet."""
HYPHENS = str.maketrans("\u2010\u2011\u2212", "---")
INKED = 0.0004  # share of dark pixels above which something stands on the page
TURNED = 0.6  # share of characters that do not stand upright on a page drawn sideways
LEAST_SIDE, MOST_SIDE = 4, 24  # points: sides of boxes to tick, walls and marks included
VISIBLE_CONTRAST = 24  # of 255: least difference between letters and what is behind them
FONT_BOLD = re.compile(r"bold|black|heavy|semib", re.IGNORECASE)


@dataclass
class TextLayer:
    """Words and rules of a page's text layer, in points of the page as displayed."""

    size: tuple[float, float]
    words: list[RawWord] = field(default_factory=list)
    margin: list[list[RawWord]] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    said: Counter[str] = field(default_factory=Counter)  # all its words, hidden ones too
    usable: bool = True
    hidden: int = 0
    found: int = 0  # words that it holds, as they stand
    drawn: bool = True  # something as small as a box to tick is drawn, or a picture

    def page(self, gray: Gray, widgets: list[Widget]) -> RawPage:
        """The page made of the layer, the fields, and the boxes that the picture shows."""
        dpi = gray.shape[1] * 72 / self.size[0]
        words, solid = solid_boxes(self.words, gray, dpi)
        words, glyphs = without_boxes(words)
        page = RawPage(self.size, self.size, "text", words, self.margin, self.rules)
        page.entries = [entry_of(widget) for widget in widgets if widget.state is None]
        buttons = [Square(w.box, w.state) for w in widgets if w.state is not None]
        squares = rulings.squares_in(gray, dpi) if self.drawn else []
        drawn = [Square(_scaled(box, 72 / dpi), state) for box, state in squares]
        letters = [w for w in [*words, *(w for m in self.margin for w in m)] if len(w.text) > 1]
        drawn = [s for s in drawn if not _part_of_word(s, letters)]
        page.squares = _distinct([*buttons, *drawn, *glyphs, *solid])
        page.words = [w for w in page.words if not _fills_box(w, page.squares)]
        if self.hidden:
            page.warnings.append("hidden_text")
        if any(entry.doubtful for entry in page.entries):
            page.warnings.append("field_appearance_differs")
        if not page.words and not page.entries:
            page.origin = "blank"
        return page

    def agrees_with(self, text: str) -> bool:
        """Whether another reader of the file finds at least half of the same words."""
        layer, other = Counter(_letters(w.text) for w in self.words), _words(text)
        least = min(layer.total(), other.total())
        return least < 5 or (layer & other).total() >= 0.5 * least

    def lacks(self, text: str) -> bool:
        """Whether another reader of the file finds many more words than the layer holds.

        Letters that a reader has no character map for are left out without a sign.
        """
        noted = sum(len(words) for words in self.margin)
        seen = max(self.found, len(self.words)) + noted + self.hidden
        return _words(text).total() > FAR_MORE * seen + 3

    def disagreement(self, page: RawPage) -> list[str]:
        """`layer_disagrees` when the layer says other words or numbers than the picture shows."""
        layer = self.said
        shown = Counter(_plain(w.text) for w in page.words)
        if layer.total() < 5 or not shown:
            return []
        common = (layer & shown).total()
        numbers = {_plain(w.text) for w in page.words if not w.doubtful and NUMBER.match(w.text)}
        other = common < 0.5 * min(layer.total(), shown.total()) or bool(numbers - layer.keys())
        return ["layer_disagrees"] if other else []


def _plain(word: str) -> str:
    return word.lower().strip(".,;:()")


def _words(text: str) -> Counter[str]:
    return Counter(_letters(word) for word in text.split())


def _letters(word: str) -> str:
    """A word's letters whatever their order: readers turn words of Arabic and Hebrew round."""
    return "".join(sorted(word))


def read_text_layer(page: PlumberPage, size: tuple[float, float], gray: Gray) -> TextLayer:
    """The layer of a page that pdfplumber has opened; gives the parsed page back at the end."""
    try:
        return _read(page, size, gray)
    finally:
        page.close()


def _read(page: PlumberPage, size: tuple[float, float], gray: Gray) -> TextLayer:
    chars = page.chars
    if len(chars) > MAX_CHARACTERS:
        raise TooLargeDocument("more characters on a page than the limit")
    layer = TextLayer(size)
    for char in chars:
        char["text"] = symbol(char["text"], char["fontname"])
    letters = [c for c in chars if c["text"].strip()]
    chars, covered = characters.uncovered(page, chars, gray)
    shift = _shift(page, size)
    level = [c for c in characters.distinct(chars) if c.get("upright", True)]
    level, blanks = characters.off_lines(level)
    level, notes = characters.lowered(level)
    words = _words_of(level, shift)
    layer.words = [w for w in words if _visible(w, gray, size)]
    layer.said = Counter(_plain(w.text) for w in words)
    layer.hidden, layer.found = len(words) - len(layer.words) + covered, len(layer.words)
    layer.drawn = _has_small_drawings(page)
    layer.margin = _margin(page, shift)
    if notes:
        layer.margin.append(_words_of(notes, shift))
    rules = _rules(page, shift) + [_moved_box(line, shift) for line in blanks]
    layer.words, layer.rules = struck_out(layer.words, rules, strike_marks(page, shift))
    layer.words = rejoined(closed_up(layer.words))
    layer.usable = not (
        _garbage(letters) > GARBAGE
        or _picture_cover(page) > SCAN_COVER
        or (len(letters) < LEAST_CHARACTERS and float((gray < 160).mean()) > INKED)
        or sum(not c["upright"] for c in letters) > TURNED * len(letters)
        or len(layer.words) < 0.5 * len(words)
        or any(UNMAPPED.search(w.text) for w in words)
    )
    return layer


def _has_small_drawings(page: PlumberPage) -> bool:
    """Whether boxes to tick may be drawn on a page: looking for them takes a third of its time."""
    drawn = [*page.rects, *page.lines, *page.curves]
    return bool(page.images or page.annots) or any(
        LEAST_SIDE <= max(item["width"], item["height"]) <= MOST_SIDE for item in drawn
    )


def _words_of(chars: list[dict[str, Any]], shift: tuple[float, float]) -> list[RawWord]:
    found = extract_words(chars, x_tolerance_ratio=0.25, y_tolerance=2, return_chars=True)
    return [w for word in found if (w := _word(word, shift)).text]


def _shift(page: PlumberPage, size: tuple[float, float]) -> tuple[float, float]:
    """What to subtract from pdfplumber's places, which count from the media box."""
    if abs(page.width - size[0]) < 1 and abs(page.height - size[1]) < 1:
        return (page.bbox[0], page.bbox[1])
    crop = page.cropbox
    return (crop[0], crop[1])


def _word(word: dict[str, Any], shift: tuple[float, float]) -> RawWord:
    chars = word["chars"]
    bold = sum(bool(FONT_BOLD.search(c["fontname"])) for c in chars) > len(chars) / 2
    sizes = sorted(c["size"] for c in chars)
    return RawWord(
        text=_clean(word["text"]),
        box=_moved(word, shift),
        size=sizes[len(sizes) // 2],
        bold=bold,
    )


def _clean(text: str) -> str:
    """Text without white space, unseen characters and halves of characters, with plain hyphens."""
    text = text.translate(HYPHENS)
    if text.endswith(SOFT_HYPHEN):  # one within a word is not shown
        text = text[:-1] + "-"
    kept = "".join(c for c in text if not c.isspace() and unicodedata.category(c) not in UNSEEN)
    return kept.encode("utf-8", "ignore").decode("utf-8")


SOFT_HYPHEN, UNSEEN = "\u00ad", {"Cc", "Cf"}


def _moved_box(box: Box, shift: tuple[float, float]) -> Box:
    dx, dy = shift
    return (box[0] - dx, box[1] - dy, box[2] - dx, box[3] - dy)


def _moved(item: dict[str, Any], shift: tuple[float, float]) -> Box:
    dx, dy = shift
    return (item["x0"] - dx, item["top"] - dy, item["x1"] - dx, item["bottom"] - dy)


def _visible(word: RawWord, gray: Gray, size: tuple[float, float]) -> bool:
    """Whether the picture of the page shows something where the word is said to stand."""
    scale = gray.shape[1] / size[0]
    x0, top, x1, bottom = (int(edge * scale) for edge in word.box)
    part = gray[max(0, top) : max(0, bottom) + 1, max(0, x0) : max(0, x1) + 1]
    return part.size > 0 and int(np.ptp(part)) >= VISIBLE_CONTRAST


def _margin(page: PlumberPage, shift: tuple[float, float]) -> list[list[RawWord]]:
    """Text that does not stand upright: stamps and notes along the edge."""
    if all(c["upright"] for c in page.chars):
        return []
    turned = page.filter(lambda item: not item.get("upright", False))
    found = turned.extract_words(char_dir_rotated="btt", return_chars=True)
    words = [w for word in found if (w := _word(word, shift)).text]
    return [words] if words else []


def _garbage(letters: list[dict[str, Any]]) -> float:
    """Share of characters that the font does not map to anything readable."""
    if not letters:
        return 0.0
    texts: list[str] = [c["text"] for c in letters]
    bad = sum(t.startswith("(cid:") or any(_unmapped(ch) for ch in t) for t in texts)
    return bad / len(letters)


def _unmapped(character: str) -> bool:
    code = ord(character)
    return 0xE000 <= code <= 0xF8FF or code < 32 or code == 0xFFFD or 0x80 <= code < 0xA0


def _picture_cover(page: PlumberPage) -> float:
    """Share of the page under its largest picture."""
    area: float = page.width * page.height or 1.0
    covers: list[float] = [
        max(0.0, min(i["x1"], page.width) - max(i["x0"], 0))
        * max(0.0, min(i["bottom"], page.height) - max(i["top"], 0))
        for i in page.images
    ]
    return max(covers, default=0.0) / area


def _rules(page: PlumberPage, shift: tuple[float, float]) -> list[Box]:
    """Drawn lines and the sides of drawn boxes; the sides of mere shading are no rules."""
    rules: list[Box] = []
    for line in page.lines:
        box = _moved(line, shift)
        if min(box[2] - box[0], box[3] - box[1]) < 1.5 and _shows(line, "stroking_color"):
            rules.append(box)
    for rect in page.rects:
        x0, top, x1, bottom = box = _moved(rect, shift)
        width, height = x1 - x0, bottom - top
        if max(width, height) < 16 and min(width, height) > 4:
            continue  # a box to tick
        if min(width, height) <= 2.5:
            if max(width, height) > 4:
                rules.append(box)
        elif rect.get("stroke") and _shows(rect, "stroking_color"):
            rules += [(x0, top, x1, top), (x0, bottom, x1, bottom)]
            rules += [(x0, top, x0, bottom), (x1, top, x1, bottom)]
    return [r for r in rules if max(r[2] - r[0], r[3] - r[1]) > 4]


def _shows(item: dict[str, Any], key: str) -> bool:
    """Whether it is drawn in anything but white."""
    return not characters.is_white(item.get(key))


def _scaled(box: tuple[int, int, int, int], scale: float) -> Box:
    return (box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale)


def _distinct(squares: list[Square]) -> list[Square]:
    """Boxes without those that repeat an earlier one at the same place."""
    kept: list[Square] = []
    for square in squares:
        x, y = (square.box[0] + square.box[2]) / 2, (square.box[1] + square.box[3]) / 2
        if not any(
            k.box[0] - 2 <= x <= k.box[2] + 2 and k.box[1] - 2 <= y <= k.box[3] + 2 for k in kept
        ):
            kept.append(square)
    return kept


def _fills_box(word: RawWord, squares: list[Square]) -> bool:
    """Whether a short word is the mark inside a box."""
    if len(word.text) > 2:
        return False
    x = (word.x0 + word.x1) / 2
    return any(
        s.box[0] - 1 <= x <= s.box[2] + 1 and s.box[1] - 1 <= word.middle <= s.box[3] + 1
        for s in squares
    )


def _part_of_word(square: Square, words: list[RawWord]) -> bool:
    """Whether a box is the inside of a letter."""
    x, y = (square.box[0] + square.box[2]) / 2, (square.box[1] + square.box[3]) / 2
    return any(w.x0 <= x <= w.x1 and w.top <= y <= w.bottom for w in words)
