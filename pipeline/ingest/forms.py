"""Labels and what is filled in: in ruled boxes, after colons, on blanks, in listings."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pipeline.errors import KnowledgeError
from pipeline.ingest.grids import Grid, GridCell
from pipeline.ingest.lines import SMALL_GAP, Line, lines_of, pitch_of
from pipeline.ingest.raw import Entry, RawWord, inside
from pipeline.schema import Box

BLANK = re.compile(r"[_.…]{3,}|_+")
LABEL_WORD_LIMIT = 7
TYPED_GAP = 1.7  # letters of white before a label in typewriter faces: two spaces, not one
SENTENCE_WORDS = 16  # a value of more words is prose


@dataclass
class Field:
    """A label and its value as words; no words when the place is empty.

    `rest` is what stands behind the value after a gap, without a label.
    """

    label: list[RawWord]
    value: list[RawWord]
    origin: Literal["box", "line", "acroform"]
    doubtful: bool = False
    rest: list[RawWord] = dataclass_field(default_factory=list)


@lru_cache
def vocabulary(models: Path) -> frozenset[str]:
    """Words of forms and heads, in lower case: a word broken at a line's end is one of them.

    Names of drugs and tests are not among them: a new row in their tables must not repeat the
    reading of pages. They stand unbroken elsewhere in most submissions.
    """
    words: set[str] = set()
    for name in ("page_kinds.csv", "field_labels.csv"):
        text = (models / "lexicon" / name).read_text(encoding="utf-8")
        words |= set(re.findall(r"[a-z]{5,}", text.lower()))
    return frozenset(words)


@lru_cache
def known_labels(models: Path) -> frozenset[str]:
    """Label phrases of forms, in lower case without punctuation.

    Raises:
        KnowledgeError: If the table has no `label` column.
    """
    path = models / "lexicon" / "field_labels.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if "label" not in (rows.fieldnames or ()):
            raise KnowledgeError(path.name, 1, "column label is missing")
        return frozenset(plain(row["label"]) for row in rows)


def plain(text: str) -> str:
    """Lower case, letters and digits only, single spaces."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower()).split())


def is_form(grid: Grid, words: list[RawWord], entries: list[Entry], labels: frozenset[str]) -> bool:
    """Whether a grid's cells hold a small label on top and a value, or nothing, below."""
    votes = [_vote(cell.box, words, entries, labels) for cell in grid.cells]
    score = sum(v for v in votes if v is not None)
    return score > 0 or (score == 0 and len(grid.rows) == 1 and 1 in votes)


def _vote(
    box: Box, words: list[RawWord], entries: list[Entry], labels: frozenset[str]
) -> int | None:
    """1 for a cell of a form, -1 for a cell of a table, None for an empty one."""
    inner = lines_of([w for w in words if inside(w, box, 0.5)], [])
    if not inner:
        return None
    height = box[3] - box[1]
    first = inner[0]
    known = plain(first.text) in labels
    if any(_overlaps(e.box, box) for e in entries):
        return 1
    if len(inner) == 1:
        low = first.bottom - box[1] < 0.62 * height and height > 1.9 * (first.bottom - first.top)
        return 1 if low and (known or height > 2.2 * first.size) else -1
    smaller = first.size < 0.9 * inner[1].size
    on_top = first.bottom - box[1] < 0.55 * height
    return 1 if on_top and (smaller or known) else -1


def _overlaps(inner: Box, outer: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def box_fields(grid: Grid, words: list[RawWord], entries: list[Entry]) -> list[list[Field]]:
    """The fields of a form grid, by row."""
    return [[f for cell in row if (f := _box_field(cell, words, entries))] for row in grid.rows]


def _box_field(cell: GridCell, words: list[RawWord], entries: list[Entry]) -> Field | None:
    inner = lines_of([w for w in words if inside(w, cell.box, 0.5)], [])
    held = [entry for entry in entries if _overlaps(entry.box, cell.box)]
    if held:
        label = [w for line in inner for w in line.words]
        value = [w for entry in held for w in entry.words]
        return Field(label, value, "acroform", any(e.doubtful for e in held)) if label else None
    if not inner:
        return None
    label, rest = _label_first(inner)
    return Field(label, [w for w in rest if not BLANK.fullmatch(w.text)], "box")


def _label_first(inner: list[Line]) -> tuple[list[RawWord], list[RawWord]]:
    """The label in the first line of a box, or before its colon, and the words after it."""
    first = inner[0].words
    below = [w for line in inner[1:] for w in line.words]
    for at, word in enumerate(first[:-1]):
        if word.text.endswith(":") and at < LABEL_WORD_LIMIT:
            return first[: at + 1], first[at + 1 :] + below
    return first, below


def line_fields(line: Line, labels: frozenset[str]) -> list[Field]:
    """Fields of a line of `Label: value` pairs; empty when it is not such a line throughout."""
    fields: list[Field] = []
    pitch = pitch_of(line.words)
    for chunk in line.chunks:
        parts = _labelled(chunk.words, labels, pitch)
        if not parts:
            return []
        if parts[0][0]:
            fields += [Field(label, value, "line") for label, value in parts]
        elif fields and len(parts) == 1:
            fields[-1].value += parts[0][1]
        else:
            return []
    if any(is_prose(field) for field in fields):
        return []
    for field in fields:
        field.value = [w for w in field.value if not BLANK.fullmatch(w.text)]
        if not pitch:
            _cut_at_gap(field)
    return fields


def _cut_at_gap(field: Field) -> None:
    """Keep as the value what stands before the first gap wider than spaces are."""
    for at in range(1, len(field.value)):
        before, word = field.value[at - 1], field.value[at]
        if abs(word.middle - before.middle) < 3 and word.x0 - before.x1 > 0.7 * word.size:
            field.value, field.rest = field.value[:at], field.value[at:]
            return


def _labelled(
    words: list[RawWord], labels: frozenset[str], pitch: float
) -> list[tuple[list[RawWord], list[RawWord]]]:
    """Words cut into (label, value); the first label is empty when words stand before it."""
    parts: list[tuple[list[RawWord], list[RawWord]]] = []
    start = 0
    for at, word in enumerate(words):
        if not word.text.endswith(":") or (len(word.text) < 2 and at == start):
            continue
        begin = _label_start(words, start, at, labels, pitch)
        if begin is None:
            continue
        if begin > start and not parts:
            parts.append(([], words[start:begin]))
        elif parts:
            parts[-1] = (parts[-1][0], words[start:begin])
        parts.append((words[begin : at + 1], []))
        start = at + 1
    if not parts:
        return [([], words)] if words else []
    parts[-1] = (parts[-1][0], words[start:])
    return parts


def _label_start(
    words: list[RawWord], start: int, colon: int, labels: frozenset[str], pitch: float
) -> int | None:
    """Where the label that ends at `colon` begins: at a gap, at the chunk's start, or by name."""
    begins = range(max(start, colon - LABEL_WORD_LIMIT), colon + 1)
    for begin in reversed(begins):
        before = words[begin - 1] if begin > start else None
        if before is None:
            continue
        gap = TYPED_GAP * pitch if pitch else SMALL_GAP * before.size
        if words[begin].x0 - before.x1 > gap or BLANK.fullmatch(before.text):
            return begin if _is_label(words[begin : colon + 1]) else None
    if start == 0 and begins[0] == 0 and _is_label(words[: colon + 1]):
        return 0
    for begin in begins:
        phrase = plain(" ".join(w.text for w in words[begin : colon + 1]))
        if phrase in labels and words[begin].text[0].isupper():
            return begin
    return None


def _is_label(words: list[RawWord]) -> bool:
    """A capitalised phrase that is no end of a sentence."""
    inner = [w.text for w in words[:-1]]
    ended = any(t.endswith((",", ";")) or (t.endswith(".") and len(t) > 4) for t in inner)
    first = words[0].text
    return (first[0].isupper() or first[0] in "#0123456789") and not ended


def is_prose(field: Field) -> bool:
    """Whether what follows the colon is a sentence rather than an entry."""
    words = [w.text for w in field.value]
    ends = [t for t in words if t.endswith(".") and len(t) > 4]
    return len(words) > SENTENCE_WORDS or (len(words) > 2 and bool(ends))
