"""Notes as Document records, for tests of what stands in sentences."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.nlp import extract_mentions
from pipeline.normalize import build_case
from pipeline.schema import Block, BlockKind, Case, Document, Page, PageKind, SourceFile, Word

MODELS = Path(__file__).resolve().parent.parent / "models"


def note(text: str, kind: PageKind = PageKind.NOTE) -> Document:
    """A one-page document; each line of `text` is a paragraph, in letters of 6 x 10 points."""
    words, blocks = [], []
    for number, line in enumerate(re.finditer(r"[^\n]*\n?", text)):
        if not line.group(0).strip():
            continue
        blocks.append(Block(kind=BlockKind.PARAGRAPH, start=line.start(), end=line.end()))
        for word in re.finditer(r"\S+", line.group(0)):
            x = 6.0 * word.start()
            words.append(
                Word(
                    text=word.group(0),
                    start=line.start() + word.start(),
                    box=(x, 12.0 * number, x + 6.0 * len(word.group(0)), 12.0 * number + 10),
                )
            )
    page = Page(
        file="note.pdf", number=1, width=612, height=792, start=0, end=len(text), origin="text",
        kind=kind, words=tuple(words), blocks=tuple(blocks), confidence=1.0,
    )  # fmt: skip
    source = SourceFile(name="note.pdf", sha256="0" * 64, kind="pdf", pages=1)
    return Document(files=(source,), text=text, pages=(page,))


def case_of(text: str, kind: PageKind = PageKind.NOTE) -> Case:
    """The case that a note alone makes."""
    document = note(text, kind)
    return build_case("note-00000000", document, extract_mentions(document, MODELS), MODELS)


def marked_sentences(path: Path) -> list[tuple[str, list[str]]]:
    """(sentence, what must come out) of a file of marked sentences; `#` begins a comment."""
    found: list[tuple[str, list[str]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            found[-1][1].append(line.strip())
        else:
            found.append((line.strip(), []))
    return found
