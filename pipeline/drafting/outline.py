"""A document as an outline: numbered, lettered and bulleted items, nested as they are printed.

What an item belongs to is told by its mark (the next of a list that is open, or the first of a new
one) and, where lists are set in, by its place on the line; many payers print whole trees flush left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from pipeline.places import around, words_in
from pipeline.schema import BlockKind, Checkbox, Document, Page, Word

HEADING_WORDS = 10  # with more words a line is no heading
BOX = "\u2610"
NEAR = 6.0  # points by which the marks of one list may differ in their place
APART = 0.2  # of its height: so much more space than usual above a line parts it from the last
EDGE = 0.1  # of the height of a page, where running lines stand
SHORT = 0.8  # of the width between equal margins: where no line goes so far, none is full
WIDE = 1.5  # heights of a gap that is more than a blank

_BULLET = r"[\u2022\u25cf\u25cb\u25e6\u25aa\u25a0\u25a1\u2610\u2751\u25ba\u27a2\u2713\u2756\u2013\u2014*\u00b7\u00a7\ue000-\uf8ff-]|\(cid:\d+\)|o(?=\s+\S)"
_MARK = re.compile(
    rf"(?:(?P<bullet>{_BULLET})|(?P<left>\(?)(?P<name>\d{{1,2}}|[A-Za-z]|[ivx]{{2,5}}|[IVX]{{2,5}})(?P<right>\.\)|[.):]|(?<=\d)(?=\s\s)))(?:\s+(?=\S)|(?<=\))(?=[A-Z][a-z]))"
    r"|(?P<path>\d{1,2}(?:\.\d{1,2})+)\.?\s+(?=\S)"
)
_JOINED = re.compile(r"\W*(?P<word>and|or|and/or)\W*", re.IGNORECASE)
_TRAILING = re.compile(
    r"(?:\s*[;,.]\s*|\s+[-\u2013(\[]+\s*|\s+(?=(?-i:AND|OR)))[-\u2013(\[]*(?P<word>and/or|and|or)[-\u2013)\]:]*\s*$",
    re.IGNORECASE,
)
_LEADING = re.compile(r"\s*[-\u2013]?\s*(?P<word>AND|OR)[-\u2013:,]*\s+(?=\S)")
_NUMBERED = re.compile(r"\bpage\s*\d+(?:\s*(?:of|/)\s*\d+)?\W*$", re.IGNORECASE)
_NOTE = re.compile(r"\W*(?:please\s+)?notes?\b\s*:?|\W*examples?\b", re.IGNORECASE)
_ROMAN = {"i": 1, "v": 5, "x": 10}


@dataclass
class Item:
    """A line or paragraph of the outline and what is printed under it.

    Attributes:
        x: Where it begins, in points from the left.
        notes: Remarks under it that are no items: "Note: examples are ...".
        joins: The words printed between its children, `and` or `or`, in lower case.
    """

    text: str
    page: int
    x: float
    mark: str = ""
    children: list[Item] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)

    def walk(self) -> Iterator[Item]:
        """Itself and all that is under it, as printed."""
        yield self
        for child in self.children:
            yield from child.walk()


class _Line(NamedTuple):
    text: str
    page: int
    x0: float
    x1: float
    top: float
    bottom: float
    first: float  # how wide its first word is
    margin: float  # where the lines of its body may be taken to end, however short they are
    body: tuple[int, int]  # lines of one body follow each other: those of pages, or of a cell


def outline(document: Document) -> Item:
    """The outline of a document under an item without text; running headers are left out."""
    lines = [line for page in document.pages for line in _lines(page)]
    root = Item("", 0, -1.0)
    path: list[tuple[Item, _Style]] = [(root, _Style("", 0))]
    pending = ""
    for paragraph in _paragraphs(lines):
        text = " ".join(line.text for line in paragraph)
        first = paragraph[0]
        if joined := _JOINED.fullmatch(text):
            pending = joined["word"].lower()
            continue
        if leading := _LEADING.match(text):
            pending, text = leading["word"].lower(), text[leading.end() :]
        trailing = _TRAILING.search(text)
        if trailing:
            text = text[: trailing.start()]
        if _NOTE.match(text) and len(path) > 1:
            path[-1][0].notes.append(text)
        else:
            while text:
                mark = _MARK.match(text)
                rest = text[mark.end() :] if mark else text
                # "II. A. Disease" opens two lists at once.
                more = mark and (inner := _MARK.match(rest)) and _begins(inner)
                item = Item(
                    "" if more else rest, first.page, first.x0, mark[0].strip() if mark else ""
                )
                _place(item, _styles(mark), path, pending)
                text, pending = (rest, "") if more else ("", "")
        if trailing:
            pending = trailing["word"].lower()
    return root


# ------------------------------------------------------------------------------ lines


def _lines(page: Page) -> Iterator[_Line]:
    """The lines of a page; a cell of several lines is read by itself."""
    edges = (EDGE * page.height, (1 - EDGE) * page.height)
    running = [b for b in page.blocks if b.kind is BlockKind.FURNITURE]
    words = [w for w in page.words if not any(b.start <= w.start < b.end for b in running)]
    margin = SHORT * (page.width - min((w.box[0] for w in words), default=0.0))
    taken: set[int] = set()
    bodies: list[tuple[float, float, list[list[Word]]]] = []
    for table in page.tables:
        for cell in table.cells:
            rows = _rows(words_in(page, cell.box))
            if len(rows) > 1:
                taken |= {word.start for row in rows for word in row}
                bodies.append((cell.box[1], 0.0, rows))
    tops = sorted(top for top, _, _ in bodies)
    parts: dict[int, list[list[Word]]] = {}
    for row in _rows(w for w in words if w.start not in taken):
        parts.setdefault(sum(top < row[0].box[1] for top in tops), []).append(row)
    bodies += [(rows[0][0].box[1], margin, rows) for rows in parts.values()]
    for at, (_, edge, rows) in enumerate(sorted(bodies, key=lambda one: one[0])):
        body = (page.number, at) if tops else (0, 0)  # the text of a page without cells goes on
        for row in rows:
            x0, top, x1, bottom = around(w.box for w in row)
            text, end = row[0].text, row[0].box[2]
            for word in row[1:]:
                text += ("  " if word.box[0] - end > WIDE * (bottom - top) else " ") + word.text
                end = word.box[2]
            if _NUMBERED.search(text) and not edges[0] < top < edges[1]:
                continue  # a footer that no other page repeats
            if box := _box_before(page, row[0]):  # a drawn box to tick is a bullet
                text, x0 = f"{BOX} {text}", box.box[0]
            width = row[0].box[2] - row[0].box[0]
            yield _Line(text, page.number, x0, x1, top, bottom, width, edge, body)


def _box_before(page: Page, word: Word) -> Checkbox | None:
    """The box to tick that stands before the first word of a line."""
    height = word.box[3] - word.box[1]
    middle = (word.box[1] + word.box[3]) / 2
    for one in page.checkboxes:
        beside = 0 <= word.box[0] - one.box[2] + NEAR <= 3 * height
        if beside and one.box[1] - height / 2 <= middle <= one.box[3] + height / 2:
            return one
    return None


def _rows(words: Iterable[Word]) -> list[list[Word]]:
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.box[1] + w.box[3], w.box[0])):
        middle = (word.box[1] + word.box[3]) / 2
        if rows and rows[-1][0].box[1] < middle < rows[-1][0].box[3]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w.box[0]) for row in rows]


def _paragraphs(lines: list[_Line]) -> Iterator[list[_Line]]:
    """Lines that are one text: a line goes on where the next one's first word had no place left."""
    edges: dict[tuple[int, int], float] = {}
    for line in lines:
        edges[line.body] = max(edges.get(line.body, line.margin), line.x1)
    gaps = [b.top - a.bottom for a, b in pairwise(lines) if b.top > a.bottom]
    usual = sorted(gaps)[len(gaps) // 5] if gaps else 0.0
    held: list[_Line] = []
    for line in lines:
        if held and not _goes_on(held, line, edges[line.body], usual):
            yield held
            held = []
        held.append(line)
    if held:
        yield held


def _goes_on(held: list[_Line], line: _Line, edge: float, usual: float) -> bool:
    last, height = held[-1], line.bottom - line.top
    if last.body != line.body or _MARK.match(line.text) or _JOINED.fullmatch(line.text):
        return False
    if _LEADING.match(line.text) and re.search(r"following|:", line.text):
        return False
    lower, gap = line.text[:1].islower(), line.top - last.bottom
    if last.page == line.page and gap > max(height * lower, usual + APART * height):
        return False
    if line.x0 < held[0].x0 - NEAR:
        return False
    if last.text[-1:] in ".:" and not lower and len(line.text.split()) <= HEADING_WORDS:
        return False
    full = last.x1 + line.first + height / 4 > edge
    return full or lower


# ------------------------------------------------------------------------------ marks


class _Style(NamedTuple):
    """How the marks of a list look, and which of them this is (0: no mark at all)."""

    look: str
    number: int


def _styles(mark: re.Match[str] | None) -> list[_Style]:
    """What a mark may be: "i." is the first of one list or the ninth of another."""
    if mark is None:
        return []
    if mark["bullet"]:
        return [_Style(mark["bullet"], -1)]
    if mark["path"]:
        parts = mark["path"].split(".")
        return [_Style(f"{len(parts)} parts", int(parts[-1]))]
    name, case = mark["name"], "A" if mark["name"].isupper() else "a"
    look = f"{mark['left']}{{}}{mark['right']}"
    if name.isdigit():
        return [_Style(look.format(1), int(name))]
    found = []
    if set(name.lower()) <= set(_ROMAN):
        found.append(_Style(look.format("I" if case == "A" else "i"), _roman(name.lower())))
    if len(name) == 1:
        found.append(_Style(look.format(case), ord(name.lower()) - ord("a") + 1))
    return found


def _roman(name: str) -> int:
    worth = [_ROMAN[letter] for letter in name]
    pairs = zip(worth, [*worth[1:], 0], strict=True)
    return sum(-one if one < after else one for one, after in pairs)


def _begins(mark: re.Match[str]) -> bool:
    return any(style.number == 1 for style in _styles(mark))


def _place(item: Item, styles: list[_Style], path: list[tuple[Item, _Style]], joined: str) -> None:
    """Hang an item under what it belongs to; `path` are the items that are open, from the root."""
    depth, style = _depth(item, styles, path)
    del path[depth:]
    parent = path[-1][0]
    if joined and parent.children:
        parent.joins.append(joined)
    parent.children.append(item)
    path.append((item, style))


def _depth(item: Item, styles: list[_Style], path: list[tuple[Item, _Style]]) -> tuple[int, _Style]:
    """How many of the open items stay open, and which of the marks it is."""

    def near(at: int) -> bool:
        return abs(path[at][0].x - item.x) <= NEAR

    following = [
        (at, style)
        for at in range(len(path) - 1, 0, -1)
        for style in styles
        if path[at][1].look == style.look
        and (style.number == path[at][1].number + 1 or (style.number < 0 and near(at)))
    ]
    if following:
        return next((one for one in following if near(one[0])), following[0])
    set_in = len(path)
    while set_in > 1 and path[set_in - 1][0].x > item.x + NEAR:
        set_in -= 1
    first = next((style for style in styles if style.number in (1, -1)), None)
    if first is not None:
        return set_in, first
    same = [at for at in range(1, len(path)) if styles and path[at][1].look == styles[-1].look]
    if same:  # a mark whose forerunner was not seen
        return same[-1], styles[-1]
    while set_in > 1 and path[set_in - 1][0].x > item.x - NEAR:
        set_in -= 1
    return set_in, (styles[-1] if styles else _Style("", 0))
