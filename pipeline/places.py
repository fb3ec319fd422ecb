"""Where a stretch of a document's text stands on the page."""

from __future__ import annotations

from bisect import bisect_right

from pipeline.schema import Box, Document, Page, Place, Word


def page_at(document: Document, offset: int) -> Page:
    """The page whose part of the text holds `offset` (the nearest one before, if none does)."""
    starts = [page.start for page in document.pages]
    return document.pages[max(0, bisect_right(starts, offset) - 1)]


def words_between(page: Page, start: int, end: int) -> tuple[Word, ...]:
    """The page's words that overlap [start, end), by offset."""
    first = bisect_right(page.words, start, key=lambda word: word.start)
    while first > 0 and page.words[first - 1].start + len(page.words[first - 1].text) > start:
        first -= 1
    last = first
    while last < len(page.words) and page.words[last].start < end:
        last += 1
    return page.words[first:last]


def locate(document: Document, start: int, end: int) -> Place:
    """The place of a stretch: box, words and confidence on the first page that it is on."""
    page = page_at(document, start)
    words = words_between(page, start, min(end, page.end))
    if not words:
        box: Box = (0.0, 0.0, page.width, page.height)
        return Place(
            file=page.file, page=page.number, page_kind=page.kind, box=box, text="",
            confidence=0.0, doubtful=True,
        )  # fmt: skip
    return Place(
        file=page.file,
        page=page.number,
        page_kind=page.kind,
        box=(
            min(word.box[0] for word in words),
            min(word.box[1] for word in words),
            max(word.box[2] for word in words),
            max(word.box[3] for word in words),
        ),
        text=" ".join(word.text for word in words),
        confidence=sum(word.confidence for word in words) / len(words),
        doubtful=any(word.doubtful for word in words),
    )
