"""What analysts corrected in an OUT, as marked statements; they are read here and kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.corrections import load_corrections
from pipeline.nlp.standing import KINDS, statement_of
from pipeline.places import page_at
from pipeline.schema import Correction, Document, Mention, Mentions
from pipeline.store import ARTIFACTS, submission_folder
from pipeline.training.marked import Marked

MARKS = ("about", "standing", "status", "outcome")  # columns that people may correct


def corrected_statements(out: Path) -> list[Marked]:
    """A statement for each corrected cell of these columns, where its words are found again."""
    found: list[Marked] = []
    for correction in load_corrections(out):
        marks = {c.column: c.after for c in correction.cells if c.column in MARKS}
        if correction.what != "changed" or correction.withdrawn_at or not marks:
            continue
        folder = submission_folder(out, correction.submission_id)
        document = Document.model_validate_json((folder / ARTIFACTS["ingest"]).read_bytes())
        mentions = Mentions.model_validate_json((folder / ARTIFACTS["nlp"]).read_bytes())
        if marks.get("outcome") == "unknown":
            marks["outcome"] = ""
        for m in _mentions_of(correction, mentions, document):
            statement = statement_of(m, KINDS[m.label], document)
            if statement is not None:
                found.append(Marked(statement[0], marks, None, "corrections", correction.id, True))
    return found


def _mentions_of(
    correction: Correction, mentions: Mentions, document: Document
) -> Iterator[Mention]:
    """The mentions that the corrected fact rests on: same name, same page, within its words."""
    fact = correction.fact
    if fact is None:
        return
    names = {getattr(fact, field, "") for field in ("ingredient", "analyte", "key")} - {""}
    for m in mentions.mentions:
        page = page_at(document, m.start)
        here = any((p.file, p.page) == (page.file, page.number) for p in fact.places)
        first = (m.text.split() or [""])[0]
        if (
            m.label in KINDS
            and m.code in names
            and here
            and any(first in p.text for p in fact.places)
        ):
            yield m
