"""Words of a page that were struck out: by a line through them, or by a mark on them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from itertools import pairwise
from typing import Any

from pdfplumber.page import Page as PlumberPage

from pipeline.ingest.raw import RawWord
from pipeline.schema import Box

THROUGH = (0.28, 0.7)  # where a line strikes a word, from top to bottom; underlines lie lower
COVERED = 0.6  # least share of a word's width that a line strikes
BEYOND = 0.8  # type sizes by which such a line may reach beyond the words; a line to write on does
THIN = 3.5  # points; on a page that lay askew a line is thicker than it was drawn
APART = 2.0  # type sizes between words of different columns
ACROSS = 3  # least number of words of a row


def struck_out(
    words: list[RawWord], rules: list[Box], marks: list[Box]
) -> tuple[list[RawWord], list[Box]]:
    """The words, with those struck out marked, and the rules that strike none."""
    ordered = sorted(words, key=lambda w: w.middle)
    middles = [w.middle for w in ordered]
    struck: set[int] = set()
    kept: list[Box] = []
    for rule in rules:
        under = _under(rule, ordered, middles)
        spans = bool(under) and _spans(rule, under)
        if spans or (under and _crosses(rule, under, words)):
            struck |= {id(w) for w in under}
        if not spans:  # without its lines through rows a grid on a scan falls apart
            kept.append(rule)
    for mark in marks:
        struck |= {id(w) for w in words if _within(w, mark)}
    if not struck:
        return words, rules
    return [replace(w, struck=True) if id(w) in struck else w for w in words], kept


def _under(rule: Box, ordered: list[RawWord], middles: list[float]) -> list[RawWord]:
    """The words through which a level rule goes."""
    x0, top, x1, bottom = rule
    y = (top + bottom) / 2
    if bottom - top > THIN or x1 - x0 <= THIN:
        return []
    near = ordered[bisect_left(middles, y - 12) : bisect_right(middles, y + 12)]
    low, high = THROUGH
    return [
        w for w in near
        if low <= (y - w.top) / max(w.bottom - w.top, 1e-6) <= high
        and min(x1, w.x1) - max(x0, w.x0) >= COVERED * (w.x1 - w.x0)
        and any(c.isalnum() for c in w.text)
    ]  # fmt: skip


def _spans(rule: Box, words: list[RawWord]) -> bool:
    """Whether a rule is no longer than the words that it goes through."""
    slack = BEYOND * max(w.size for w in words)
    starts, ends = min(w.x0 for w in words), max(w.x1 for w in words)
    return starts - slack <= rule[0] and rule[2] <= ends + slack


def _crosses(rule: Box, under: list[RawWord], words: list[RawWord]) -> bool:
    """Whether a rule goes through every word of a row of several columns, empty space too.

    What parts two rows goes through no words, what is written on lies at their feet.
    """
    y = (rule[1] + rule[3]) / 2
    row = [w for w in words if w.top < y < w.bottom and rule[0] < (w.x0 + w.x1) / 2 < rule[2]]
    missed = [w for w in row if w not in under and any(c.isalnum() for c in w.text)]
    ordered = sorted(under, key=lambda w: w.x0)
    columns = [b for a, b in pairwise(ordered) if b.x0 - a.x1 > APART * a.size]
    return len(under) >= ACROSS and bool(columns) and not missed


def _within(word: RawWord, mark: Box) -> bool:
    x = (word.x0 + word.x1) / 2
    return mark[0] <= x <= mark[2] and mark[1] <= word.middle <= mark[3]


def strike_marks(page: PlumberPage, shift: tuple[float, float]) -> list[Box]:
    """Places of the page's /StrikeOut annotations, one for each line of text that they cover."""
    found: list[Box] = []
    for note in page.annots:
        data = note.get("data") or {}
        if "StrikeOut" not in str(data.get("Subtype")):
            continue
        points = data.get("QuadPoints")
        quads = _quads(points, float(page.mediabox[3])) if isinstance(points, list) else []
        boxes = quads or [(note["x0"], note["top"], note["x1"], note["bottom"])]
        dx, dy = shift
        found += [(b[0] - dx, b[1] - dy, b[2] - dx, b[3] - dy) for b in boxes]
    return found


def _quads(points: list[Any], height: float) -> list[Box]:
    """Boxes of eight numbers each, as PDF 32000-1 (12.5.6.10) has them, counted from the top."""
    numbers = [float(p) for p in points if isinstance(p, int | float)]
    groups = [numbers[at : at + 8] for at in range(0, len(numbers) - 7, 8)]
    return [
        (min(g[::2]), height - max(g[1::2]), max(g[::2]), height - min(g[1::2])) for g in groups
    ]
