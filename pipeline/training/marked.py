"""Marked statements, in the forms in which they are kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

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
    """Statements of files in both forms: notes with `facts`, and one statement a line."""
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip():
                continue
            record = json.loads(line)
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
