"""The title of a page that asks for a drug: "AFINITOR (everolimus) - prior authorization".

A form made for one drug need not name it again in a field: its title says what is asked for.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.nlp.cells import Filled
from pipeline.nlp.language import names_in
from pipeline.nlp.names import Name
from pipeline.schema import BlockKind, Document, Page, PageKind

TITLE_LINES, TITLE_WORDS = 3, 14
TITLED = (PageKind.REQUEST, PageKind.ORDER, PageKind.COVER, PageKind.OTHER)
ASKS = re.compile(
    r"\b(?:prior\s+(?:auth\w*|approval|review)|pre-?(?:auth|cert|determination)\w*|(?:re-?)?(?:authori[sz]|certif)ation|"
    r"(?:re-?)?auth|request|renewal|continuation|notification|orders?(?:\s+set)?|coverage\s+review|PA\s+form)\b",
    re.IGNORECASE,
)
# The answer to a request, what was before, and a rule are no request.
ANSWERS = re.compile(
    r"\b(?:approved|denied|denial|decision|notice|determin\w+|expir\w+|letter|polic(?:y|ies)|criteria|guidelines?|list|"
    r"history|histor\w+|previous|earlier|old|copy|tried|failed|cancel+ed|withdrawn)\b|\?|\bnot\b",
    re.IGNORECASE,
)


class Title(NamedTuple):
    """A line that titles a page, and the names of the one drug in it."""

    line: Filled
    drugs: tuple[Name, ...]


def titles(page: Page, document: Document, models: Path) -> Iterator[Title]:
    """The lines at the head of a page that ask for one drug, which they name."""
    if page.kind not in TITLED:
        return
    heads = (
        m
        for block in page.blocks
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
        for m in re.compile(r"[^\n]+").finditer(document.text, block.start, block.end)
    )
    for m in itertools.islice(heads, TITLE_LINES):
        words = m.group(0)
        if (
            len(words.split()) > TITLE_WORDS
            or words.rstrip().endswith(".")
            or ANSWERS.search(words)
        ):
            continue
        drugs = tuple(n for n in names_in(words, models) if n.kind == "drug")
        if len({n.code for n in drugs}) == 1 and ASKS.search(words):
            yield Title(Filled(words, m.start(), m.end()), drugs)
