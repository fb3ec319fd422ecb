"""Marked statements, in the forms in which they are kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.nlp.pieces import Statement
from pipeline.nlp.reader import HEADS


@dataclass(frozen=True)
class Marked:
    """A statement with its marks; `words` is the stretch that tells the outcome, or None."""

    statement: Statement
    marks: dict[str, str]
    words: tuple[int, int] | None
    hand: str
    id: str
    is_note: bool = False


def read_marked(paths: Iterable[Path]) -> Iterator[Marked]:
    """Statements of files in the three forms: notes with `facts`, one statement a line, and spans
    with flags (`entities`, which tell less)."""
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip():
                continue
            record = json.loads(line)
            if "entities" in record:
                yield from _flagged(record, path.stem)
                continue
            for n, fact in enumerate(record.get("facts", [record])):
                text, name = record["text"], fact["name"]
                quote = fact.get("quote", text)
                start = fact.get("start")
                if not isinstance(start, int):
                    start = text.index(quote) + quote.index(name)
                told = fact.get("outcome_words", "")
                at = text.find(told) if told else -1
                statement = Statement(text, start, start + len(name), fact.get("kind", "drug"))
                marks = {k: fact[k] for k in HEADS if k in fact}
                words = (at, at + len(told)) if at >= 0 else None
                yield Marked(
                    statement, marks, words, path.stem, f"{record['id']}#{n}", "facts" in record
                )


FLAGGED = {"DRUG": "drug", "DIAGNOSIS": "diagnosis", "FINDING": "finding", "LAB_NAME": "lab"}
ASSERTIONS = {
    "fam": "family",
    "hypo": "hypothetical",
    "neg": "negated",
    "poss": "possible",
    "hist": "historical",
}
STATUSES = {"current": "current", "past": "past", "planned": "planned", "never": "not_taken"}
OUTCOMES = {
    "failed": "failed",
    "responded": "responded",
    "intolerant": "intolerant",
    "allergy": "intolerant",
    "contraindicated": "contraindicated",
}


def _flagged(record: dict[str, Any], hand: str) -> Iterator[Marked]:
    """Spans of a note whose flags say how they stand."""
    for n, entity in enumerate(record["entities"]):
        kind, flags = FLAGGED.get(entity["label"]), set(entity.get("flags", ()))
        if kind is None or (kind in ("finding", "lab") and n % 3):
            continue
        marks = {
            "about": "relative" if "fam" in flags else "patient",
            "assertion": next((w for f, w in ASSERTIONS.items() if f in flags), "affirmed"),
            "standing": "conditional"
            if "hypo" in flags
            else "planned"
            if "planned" in flags
            else "stated",
        }
        if kind == "drug" and flags & set(STATUSES):
            marks["status"] = next(w for f, w in STATUSES.items() if f in flags)
            marks["outcome"] = next((w for f, w in OUTCOMES.items() if f in flags), "")
        statement = Statement(record["text"], entity["start"], entity["end"], kind)
        yield Marked(statement, marks, None, hand, f"{record['id']}#{n}", True)
