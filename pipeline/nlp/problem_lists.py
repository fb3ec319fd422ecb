"""Diagnoses that no lexicon name covers: entries of problem lists that ICD-10-CM knows.

Only where each entry is a diagnosis: numbered or bulleted lines under such headings, and columns
headed diagnosis or problem. An entry counts when it links to a code as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.nlp import tables
from pipeline.nlp.cells import Row, column_roles, row_span, rows_of
from pipeline.nlp.code_set import SYMPTOMS
from pipeline.nlp.linking import link
from pipeline.nlp.passages import Passage, prose_passages, readable_pages
from pipeline.nlp.sentence import read_sentence
from pipeline.schema import Document, Mention, PageKind

SECTIONS = frozenset(("past_history", "assessment", "assessment_and_plan"))
ENTRY = re.compile(
    r"^[ \t]*(?:[-\u2022*\u00b7]|#?\d{1,2}[.)])[ \t]*(?P<name>[A-Za-z][^\n]*?)"
    r"(?=[ \t]*(?:[.;:]?[ \t]*$|[.;:][ \t]|\t|\(|[ \t][\u2013-][ \t]))",
    re.MULTILINE,
)


def unlisted_entries(
    found: Sequence[Mention], document: Document, models: Path
) -> Iterator[Mention]:
    """Mentions of diseases in entries where `found` has none; their names are as printed."""
    taken = [
        (m.start, m.end)
        for m in found
        if m.label == "diagnosis" or (m.label == "request" and m.code == "icd10")
    ]

    def is_free(start: int, end: int) -> bool:
        return not any(s < end and start < e for s, e in taken)

    for passage in prose_passages(document, models):
        if passage.section not in SECTIONS or passage.kind is PageKind.REQUEST:
            continue
        text = passage.text(document)
        for m in ENTRY.finditer(text):
            last = text.find("\n", m.end())
            line = (m.start(), last if last >= 0 else len(text))
            if is_free(passage.start + line[0], passage.start + line[1]):
                yield from _entry(text[slice(*line)], line[0], m.span("name"), passage, models)
    for row, name, passage in _listed_in_tables(document, models):
        span = row_span(row)
        if is_free(span.start, span.end):
            text = document.text[span.start : span.end]
            place = (name[0] - span.start, name[1] - span.start)
            yield from _entry(text, 0, place, passage, models, "table")


def _entry(
    text: str,
    begin: int,
    name: tuple[int, int],
    passage: Passage,
    models: Path,
    origin: str = "prose",
) -> Iterator[Mention]:
    """The mention of an entry at `name`, when it is a disease; `text` is its line or row."""
    start, end = name[0] - begin, name[1] - begin
    known = link(text[start:end], models)
    if known is not None and not SYMPTOMS.match(known.code):
        sentence = read_sentence(text, passage.start + begin, passage, (), models, origin)
        yield sentence.mention("diagnosis", start, end)


def _listed_in_tables(
    document: Document, models: Path
) -> Iterator[tuple[Row, tuple[int, int], Passage]]:
    """(row, place of its diagnosis, passage) of tables with a column of diagnoses."""
    for index, page in readable_pages(document):
        if page.kind is PageKind.REQUEST:
            continue
        for table in page.tables:
            rows = rows_of(table, document)
            roles, heads = column_roles(rows, models)
            columns = [c for c, names in roles.items() if "diagnosis" in names]
            if len(columns) != 1 or not heads or tables.table_kind(rows, roles, models):
                continue
            for row in rows[heads:]:
                if columns[0] in row:
                    cell, whole = row[columns[0]], row_span(row)
                    passage = Passage(whole.start, whole.end, "", index, page.kind)
                    yield row, (cell.start, cell.end), passage
