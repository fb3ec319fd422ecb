"""What sort of page it is, by the phrases that such pages bear."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.errors import KnowledgeError
from pipeline.schema import BlockKind, Page, PageKind

LEAST_SCORE = 4  # a title that names the kind, or several phrases together
TITLE_LINES = 6  # where titles stand: the first lines, and headings anywhere


TITLE_WORDS = 14


@dataclass(frozen=True)
class Cue:
    """A phrase; `where` is title (first lines or a heading), heading, start (of a line), any, or
    label (at the start of a line or of what stands apart in it)."""

    kind: PageKind
    phrase: str
    where: str
    weight: int


@lru_cache
def cues(models: Path) -> tuple[Cue, ...]:
    """The table of cues.

    Raises:
        KnowledgeError: If a row is not a cue.
    """
    path = models / "lexicon" / "page_kinds.csv"
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                kind, weight = PageKind(row["kind"]), int(row["weight"])
            except (KeyError, ValueError):
                raise KnowledgeError(path.name, line, "not a kind and a weight") from None
            found.append(Cue(kind, _plain(row["phrase"]), row["where"], weight))
    return tuple(found)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9/]+", " ", text.lower()).split())


def page_kind(page: Page, text: str, models: Path) -> tuple[PageKind, str]:
    """The kind of a page, and the phrases that say so."""
    if page.origin == "blank" or not page.words:
        return PageKind.BLANK, "nothing is printed on it"
    lines = [_plain(line) for line in text[page.start : page.end].splitlines()]
    lines = [line for line in lines if line]
    headings = [
        _plain(text[block.start : block.end])
        for block in page.blocks
        if block.kind is BlockKind.HEADING
    ]
    places = {
        "title": [*_short(lines[:TITLE_LINES]), *headings],
        "heading": [*lines[:3], *headings],
        "any": lines,
        "start": lines,
        "label": [_plain(part) for part in re.split(r"[\t\n]", text[page.start : page.end])],
    }
    scores: dict[PageKind, int] = {}
    reasons: dict[PageKind, list[str]] = {}
    for cue in cues(models):
        if _stands(cue, places[cue.where]):
            scores[cue.kind] = scores.get(cue.kind, 0) + cue.weight
            reasons.setdefault(cue.kind, []).append(cue.phrase)
    for kind, extra, reason in _by_layout(page, text):
        scores[kind] = scores.get(kind, 0) + extra
        reasons.setdefault(kind, []).append(reason)
    best = max(scores, key=lambda kind: scores[kind], default=PageKind.OTHER)
    if scores.get(best, 0) < LEAST_SCORE:
        return PageKind.OTHER, "no phrase names its kind"
    return best, ", ".join(dict.fromkeys(reasons[best]))


def _short(lines: list[str]) -> list[str]:
    """Lines that can be titles: no prose."""
    return [line for line in lines if len(line.split()) <= TITLE_WORDS]


def _stands(cue: Cue, lines: list[str]) -> bool:
    if cue.where == "heading":
        return cue.phrase in lines
    if cue.where in ("start", "label"):
        return any(line == cue.phrase or line.startswith(cue.phrase + " ") for line in lines)
    return any(f" {cue.phrase} " in f" {line} " for line in lines)


# A letter whatever it is about: a day alone in a line at its head, and words of leave before a name.
DAY_ALONE = re.compile(
    r"\s*(?:(?:\d{1,2}\s+)?[A-Z][a-z]{2,8}\.?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4})\s*"
)
LEAVE = re.compile(r"\s*[A-Z][a-z]+(?:\s+[a-z]+){0,3}\s*,\s*")
NAME = re.compile(r"\s*(?:[A-Z][\w.\u2019'-]*,?\s*){2,8}")


def _is_letter(lines: list[str]) -> bool:
    dated = any(DAY_ALONE.fullmatch(line) for line in lines[:12])
    return dated and any(
        LEAVE.fullmatch(leave) and any(NAME.fullmatch(name) for name in lines[at + 1 : at + 4])
        for at, leave in enumerate(lines)
        if at > 5
    )


def _by_layout(page: Page, text: str) -> list[tuple[PageKind, int, str]]:
    """What lines, fields, boxes and tables say of the kind."""
    found = []
    if _is_letter([line for line in text[page.start : page.end].splitlines() if line.strip()]):
        found.append((PageKind.LETTER, 6, "dated, with words of leave"))
    if len(page.fields) + len(page.checkboxes) >= 12:
        found.append((PageKind.REQUEST, 3, "many fields to fill in"))
    if sum(len(table.cells) for table in page.tables) >= 30:
        found.append((PageKind.LABORATORY, 1, "large tables"))
    return found
