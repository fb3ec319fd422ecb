"""What the reader of statements sees: a stretch of text around a name, cut into word pieces.

The name itself is hidden, wherever it stands in the stretch, so no drug or disease can be learned
by its name: exchanging a name by another of its kind changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

BEFORE, AFTER = 50, 64  # word pieces beside the name that are read
CHARACTERS = 8  # of text that are looked at for each piece wanted
HIDDEN = {
    "drug": "this drug",
    "lab": "this test",
    "diagnosis": "this disease",
    "finding": "this finding",
}
KINDS = tuple(HIDDEN)


@dataclass(frozen=True)
class Statement:
    """A name in its text: `text[start:end]` is the name, `kind` one of `KINDS`."""

    text: str
    start: int
    end: int
    kind: str = "drug"


@dataclass(frozen=True)
class Pieces:
    """Numbers of word pieces, and which of them stand for the name.

    Attributes:
        ids: With the marks that begin and end a text, and the marks around the name.
        name: Half-open, in `ids`, the marks around the name included.
        places: For each piece its stretch of `Statement.text`, (-1, -1) where it has none.
    """

    ids: tuple[int, ...]
    name: tuple[int, int]
    places: tuple[tuple[int, int], ...]


def load_tokenizer(folder: Path) -> Tokenizer:
    """The word pieces of the encoder."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def pieces_of(statement: Statement, tokenizer: Tokenizer) -> Pieces:
    """What is read of a statement."""
    text, start, end = statement.text, statement.start, statement.end
    first = max(0, start - BEFORE * CHARACTERS)
    left = _hidden(text, first, start, statement, tokenizer)[-BEFORE:]
    right = _hidden(text, end, min(len(text), end + AFTER * CHARACTERS), statement, tokenizer)
    right = right[:AFTER]
    word = tokenizer.encode(HIDDEN[statement.kind], add_special_tokens=False).ids
    mark = {sign: int(tokenizer.token_to_id(sign) or 0) for sign in ("[CLS]", "[SEP]", "#", "$")}
    none = (-1, -1)
    rows = [
        (mark["[CLS]"], none),
        *left,
        (mark["#"], none),
        *((piece, (start, end)) for piece in word),
        (mark["$"], none),
        *right,
        (mark["[SEP]"], none),
    ]
    opens = len(left) + 1
    return Pieces(
        tuple(piece for piece, _ in rows),
        (opens, opens + len(word) + 2),
        tuple(place for _, place in rows),
    )


def _hidden(
    text: str, start: int, end: int, statement: Statement, tokenizer: Tokenizer
) -> list[tuple[int, tuple[int, int]]]:
    """Pieces of a stretch, with the name hidden wherever it stands in it again."""
    name = re.escape(text[statement.start : statement.end])
    same = re.compile(rf"(?<!\w){name}(?!\w)", re.IGNORECASE)
    found: list[tuple[int, tuple[int, int]]] = []
    at = start
    for m in same.finditer(text, start, end):
        found += _cut(text, at, m.start(), tokenizer)
        word = tokenizer.encode(HIDDEN[statement.kind], add_special_tokens=False).ids
        found += [(piece, m.span()) for piece in word]
        at = m.end()
    return [*found, *_cut(text, at, end, tokenizer)]


def _cut(
    text: str, start: int, end: int, tokenizer: Tokenizer
) -> list[tuple[int, tuple[int, int]]]:
    if start >= end:
        return []
    coded = tokenizer.encode(text[start:end], add_special_tokens=False)
    return [
        (piece, (start + a, start + b))
        for piece, (a, b) in zip(coded.ids, coded.offsets, strict=True)
    ]
