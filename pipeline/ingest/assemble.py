"""Pieces of pages -> `Document.text` and the records that point into it."""

from __future__ import annotations

import re

from pipeline.ingest.flow import Piece
from pipeline.ingest.raw import RawPage, RawWord
from pipeline.schema import (
    Block,
    BlockKind,
    Cell,
    Checkbox,
    FormField,
    Page,
    Span,
    Table,
    Word,
)

"""Confidence under which a recognised word with a digit is marked. Wrong numbers were measured
mostly above it, so it is a net with wide meshes: a low mark is bad, a high one proves nothing."""


class TextBuilder:
    """The text of a submission, grown page by page."""

    def __init__(self, vocabulary: frozenset[str] = frozenset()) -> None:
        self.vocabulary = vocabulary
        self.parts: list[str] = []
        self.length = 0

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def page(self, raw: RawPage, pieces: list[Piece], file: str, number: int) -> Page:
        """Append a page's pieces; its record, with kind and identity left to others."""
        writer = _PageWriter(self, raw)
        start = self.length
        for piece in pieces:
            writer.piece(piece)
        self.append("\n")
        words = tuple(sorted(writer.words, key=lambda word: word.start))
        confidence = sum(w.confidence for w in words) / len(words) if words else None
        return Page(
            file=file,
            number=number,
            sheet=raw.sheet,
            width=raw.size[0],
            height=raw.size[1],
            start=start,
            end=self.length,
            origin=raw.origin,
            turned=raw.turned,
            confidence=confidence,
            words=words,
            blocks=tuple(writer.blocks),
            tables=tuple(writer.tables),
            fields=tuple(writer.fields),
            checkboxes=tuple(writer.checkboxes),
            unreadable=raw.unreadable,
            warnings=tuple(dict.fromkeys(raw.warnings)),
        )

    def append(self, text: str) -> None:
        """Add text at the end."""
        self.parts.append(text)
        self.length += len(text)


class _PageWriter:
    """Writes pieces and remembers where each word came to stand."""

    def __init__(self, builder: TextBuilder, raw: RawPage) -> None:
        self.builder, self.raw = builder, raw
        self.words: list[Word] = []
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.fields: list[FormField] = []
        self.checkboxes: list[Checkbox] = []
        self.places: dict[int, tuple[int, int]] = {}

    def piece(self, piece: Piece) -> None:
        start = self.builder.length
        offsets = [self._row(row) for row in piece.rows]
        end = self.builder.length
        if end == start:
            return
        self.blocks.append(Block(kind=piece.kind, start=start, end=end))
        if piece.kind is not BlockKind.FURNITURE:
            self.builder.append("\n")
        self._fields(piece)
        self._ticks(piece)
        if piece.table is not None:
            self._table(piece, offsets)

    def _row(self, row: list[list[RawWord]]) -> list[int]:
        """Write a line of cells; the offset at which each cell starts."""
        offsets = []
        for at, cell in enumerate(row):
            if at:
                self.builder.append("\t")
            offsets.append(self.builder.length)
            self._cell(cell)
        self.builder.append("\n")
        return offsets

    def _cell(self, words: list[RawWord]) -> None:
        written = [w for w in words if not w.text.startswith("__")]  # a blank to write on
        for at, word in enumerate(written):
            following = written[at + 1] if at + 1 < len(written) else None
            halves = following is not None and self._is_half(word, following)
            self._word(word, word.text.rstrip("-") if halves else word.text)
            if following is not None and not halves and not _broken_at_hyphen(word, following):
                self.builder.append(" ")

    def _is_half(self, word: RawWord, following: RawWord) -> bool:
        """Whether a word goes on in the next line: both parts are one that the tables know."""
        if not _on_next_line(word, following) or not word.text[-2:].rstrip("-").isalpha():
            return False
        known = self.builder.vocabulary
        first = re.sub(r"^\W+|-$", "", word.text).lower()
        whole = first + re.sub(r"\W+.*$", "", following.text)
        return whole in known and (word.text.endswith("-") or first not in known)

    def _word(self, word: RawWord, text: str) -> None:
        start = self.builder.length
        self.places[id(word)] = (start, start + len(text))
        doubtful = word.doubtful or word.text == "|"  # a misread 1 or I
        self.words.append(
            Word(
                text=text,
                start=start,
                box=word.shown or self.raw.shown(word.box),
                confidence=word.confidence,
                doubtful=doubtful,
                struck=word.struck,
            )
        )
        self.builder.append(text)

    def _span(self, words: list[RawWord]) -> Span | None:
        """From the first to the last of words, as far as they were written."""
        places = [self.places[id(word)] for word in words if id(word) in self.places]
        if not places:
            return None
        return Span(start=min(p[0] for p in places), end=max(p[1] for p in places))

    def _fields(self, piece: Piece) -> None:
        for field in piece.fields:
            label = self._span(field.label)
            if label is not None:
                label = Span(start=label.start, end=self._before_colon(field.label, label))
                value = self._span(field.value)
                made = FormField(
                    label=label, value=value, origin=field.origin, doubtful=field.doubtful
                )
                self.fields.append(made)

    @staticmethod
    def _before_colon(words: list[RawWord], label: Span) -> int:
        colons = len(words[-1].text) - len(words[-1].text.rstrip(":"))
        return max(label.start, label.end - colons)

    def _ticks(self, piece: Piece) -> None:
        for tick in piece.ticks:
            self.checkboxes.append(
                Checkbox(
                    box=self.raw.shown(tick.square.box),
                    state=tick.square.state,
                    label=self._span(tick.label),
                    question=self._span(tick.question),
                    group=tick.group,
                )
            )

    def _table(self, piece: Piece, offsets: list[list[int]]) -> None:
        table = piece.table
        assert table is not None
        cells = []
        for row, starts in zip(table.rows, offsets, strict=True):
            for cell, start in zip(row, starts, strict=True):
                span = self._span(cell.words)
                cells.append(
                    Cell(
                        row=cell.row,
                        column=cell.column,
                        start=span.start if span else start,
                        end=span.end if span else start,
                        box=self.raw.shown(cell.box),
                    )
                )
        self.tables.append(
            Table(
                box=self.raw.shown(table.box),
                cells=tuple(cells),
                header_rows=table.header_rows,
                ruled=table.ruled,
                caption=self._span(piece.caption),
            )
        )


def _broken_at_hyphen(before: RawWord, word: RawWord) -> bool:
    """Whether a line ended within a word: `non-` and, a line lower, `necrotic`."""
    return _on_next_line(before, word) and bool(re.search(r"[A-Za-z]-$", before.text))


def _on_next_line(before: RawWord, word: RawWord) -> bool:
    lower = word.top > before.bottom - 1 and word.x0 < before.x0
    return lower and word.text[:1].islower()
