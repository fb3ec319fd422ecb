"""What stands below the announcement of a demand: "Our guideline asks for the following:".

A demand holds to the end of its sentence; what it asks for often stands below it, row by row in
a table, or point by point. None of that is said of the patient.
"""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.nlp.context import Contexts, find_context, load_context
from pipeline.nlp.passages import sentences
from pipeline.schema import Block, BlockKind, Document, Page

# A point of a list: "1. ...", "b) ...", "- ...".
POINT = re.compile(
    r"\W*(?:(?:\d{1,2}|[a-z]|[ivx]{1,4})[.):]|[-*\u2022\u00b7\u2013])\s", re.IGNORECASE
)
# Who answers a demand announces what there is: "As your guideline asks, here are her results:".
ANSWERS = re.compile(
    r"\b(?:here|enclosed|attached|below|answers?|repl(?:y|ies)|respon(?:d|se)s?|she|he|her|his|results|"
    r"(?:my|this|the)\s+patient(?:['\u2019]s)?|(?:is|are|as)\s+(?:shown|met|follows|documented))\b",
    re.IGNORECASE,
)


def demanded_stretches(document: Document, models: Path) -> list[tuple[int, int]]:
    """Where the tables and points stand that a demand announces."""
    found: list[tuple[int, int]] = []
    for page in document.pages:
        open_until = -1  # the end of the demand, or of its last point
        for block in page.blocks:
            text = document.text[block.start : block.end]
            if open_until >= 0 and _belongs(block, text, page):
                found.append((block.start, block.end))
                open_until = block.end
                continue
            open_until = block.end if _announces(text, models) else -1
    return found


def _belongs(block: Block, text: str, page: Page) -> bool:
    in_table = any(
        block.start <= cell.start < block.end for table in page.tables for cell in table.cells
    )
    return block.kind is BlockKind.TABLE or in_table or POINT.match(text) is not None


def _announces(text: str, models: Path) -> bool:
    """Whether a text ends in a demand that goes on behind its colon."""
    text = text.rstrip()
    if not text.endswith(":"):
        return False
    start, end = list(sentences(text))[-1]
    last = text[start:end]
    asked = Contexts(last, find_context(last, load_context(models))).of(len(last), len(last) + 1)
    return "demanded" in asked and ANSWERS.search(last) is None
