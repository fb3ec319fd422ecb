"""Diagnoses that no lexicon name covers: entries of problem lists that ICD-10-CM knows.

Only where each entry is a diagnosis: numbered or bulleted lines under such headings, and columns
headed diagnosis or problem. An entry counts when it links to a code as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.nlp import tables
from pipeline.nlp.cells import row_span
from pipeline.nlp.code_set import SYMPTOMS
from pipeline.nlp.language import read_sentence
from pipeline.nlp.linking import bearing, link
from pipeline.nlp.passages import Passage, prose_passages, readable_pages
from pipeline.schema import Document, Mention, PageKind

SECTIONS = frozenset(("past_history", "assessment", "assessment_and_plan"))
ENTRY = re.compile(
    r"^[ \t]*(?:[-\u2022*\u00b7]|#?\d{1,2}[.)])[ \t]*(?P<name>[A-Za-z][^\n]*?)"
    r"(?=[ \t]*(?:[.;:]?[ \t]*$|[.;:][ \t]|\t|\(|[ \t][\u2013-][ \t]))",
    re.MULTILINE,
)


class Entry(NamedTuple):
    """A line or row, and the name of a problem in it; offsets are those of the document."""

    line: tuple[int, int]
    name: tuple[int, int]
    passage: Passage
    origin: str


def unlisted_entries(
    found: Sequence[Mention], document: Document, models: Path
) -> Iterator[Mention]:
    """Mentions of diseases in entries where `found` has none; their names are as printed."""
    taken = [
        (m.start, m.end)
        for m in found
        if m.label == "diagnosis" or (m.label == "request" and m.code == "icd10")
    ]
    text = document.text
    for line, name, passage, origin in (*_lines(document, models), *_rows(document, models)):
        if any(start < line[1] and line[0] < end for start, end in taken):
            continue
        known = link(text[slice(*name)], models)
        if known is not None and not SYMPTOMS.match(known.code):
            sentence = read_sentence(text[slice(*line)], line[0], passage, models, origin)
            mention = sentence.mention("diagnosis", name[0] - line[0], name[1] - line[0])
            yield bearing(mention, known, text)


def _lines(document: Document, models: Path) -> Iterator[Entry]:
    """Numbered and bulleted lines of the sections that list problems."""
    for passage in prose_passages(document, models):
        if passage.section not in SECTIONS or passage.kind is PageKind.REQUEST:
            continue
        text, begin = passage.text(document), passage.start
        for m in ENTRY.finditer(text):
            last = text.find("\n", m.end())
            line = (begin + m.start(), begin + (last if last >= 0 else len(text)))
            yield Entry(line, (begin + m.start("name"), begin + m.end("name")), passage, "prose")


def _rows(document: Document, models: Path) -> Iterator[Entry]:
    """Rows of tables with a column of diagnoses."""
    for index, page in readable_pages(document):
        if page.kind is PageKind.REQUEST:
            continue
        for table in page.tables:
            for grid in tables.grids_of(table, page, document, models):
                column = _column_of_problems(grid) if not grid.kind else None
                for row in grid.body if column is not None else ():
                    cell = row.get(column) if column is not None else None
                    if cell is not None:
                        whole = row_span(row)
                        passage = Passage(whole.start, whole.end, "", index, page.kind)
                        yield Entry(
                            (whole.start, whole.end), (cell.start, cell.end), passage, "table"
                        )


CODE = re.compile(r"\W*[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\W*")


def _column_of_problems(grid: tables.Grid) -> int | None:
    """The only column headed as one of problems, else that of words beside a column of codes."""
    headed = [c for c, names in grid.roles.items() if "diagnosis" in names]
    if len(headed) == 1 or not grid.body:
        return headed[0] if headed and grid.heads else None
    width = max(max(row, default=0) for row in grid.body) + 1
    texts = {c: [row[c].text for row in grid.body if c in row] for c in range(width)}
    coded = [c for c, told in texts.items() if told and all(CODE.fullmatch(t) for t in told)]
    worded = [
        c for c, told in texts.items() if told and all(re.search("[a-z]{4}", t) for t in told)
    ]
    near = [c for c in worded if any(abs(c - other) == 1 for other in coded)]
    return max(near, key=lambda c: sum(map(len, texts[c]))) if near else None
