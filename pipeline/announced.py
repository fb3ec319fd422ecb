"""What a packet says of itself: that something is attached, comes later, or is not back yet.

It decides nothing. It is shown to people, in the packet's own words, where something is open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.lexicon import read_table
from pipeline.places import locate
from pipeline.schema import (
    BlockKind,
    Case,
    Document,
    FactBase,
    Page,
    PageKind,
    Speaker,
    Stated,
)

TABLE = "announcements.csv"
MOST = 12  # more than these are a list of enclosures, and its first lines tell that
LONGEST = 240  # characters: a longer stretch is no sentence
_PIECE = re.compile(r"[^\n]+?(?:(?<=[a-z)\d]{2})[.;](?=\s|$)|(?=\n)|$)")


def announcements(document: Document, models: Path) -> list[Stated]:
    """The sentences that say so, in the order of the pages, each once."""
    rows = read_table(models / "lexicon" / TABLE)
    says = re.compile("|".join(f"(?:{cells['pattern']})" for _, cells in rows), re.IGNORECASE)
    found: dict[str, Stated] = {}
    for page in document.pages:
        if page.speaker is not Speaker.OTHER and page.kind is not PageKind.CRITERIA:
            for start, end in _pieces(document, page):
                text = document.text[start:end]
                if len(text) <= LONGEST and says.search(text):
                    place = locate(document, start, end)
                    found.setdefault(text.casefold(), Stated(text=place.text, place=place))
    return list(found.values())[:MOST]


def awaited(case: Case) -> list[Stated]:
    """Results and studies that are ordered or pending, in the packet's own words."""
    facts: list[FactBase] = [lab for lab in case.labs if lab.interpretation == "pending"]
    facts += [finding for finding in case.findings if finding.value == "pending"]
    return [Stated(text=fact.places[0].text, place=fact.places[0]) for fact in facts if fact.places]


def _pieces(document: Document, page: Page) -> Iterator[tuple[int, int]]:
    """Sentences and lines of running text; the questions of forms announce nothing."""
    for block in page.blocks:
        if block.kind is BlockKind.PARAGRAPH:
            for piece in _PIECE.finditer(document.text, block.start, block.end):
                text = piece.group()
                lead = len(text) - len(text.lstrip())
                if text.strip():
                    yield piece.start() + lead, piece.end()
