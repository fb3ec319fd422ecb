"""Where a stretch of a document's text stands on the page, and whose document it is."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable

from pipeline.schema import Box, Document, Page, Place, Speaker, Word


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
        box=around(word.box for word in words),
        text=" ".join(word.text for word in words),
        confidence=sum(word.confidence for word in words) / len(words),
        doubtful=any(word.doubtful for word in words),
    )


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all of them."""
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return (min(x0), min(top), max(x1), max(bottom))


def words_in(page: Page, box: Box) -> tuple[Word, ...]:
    """The words whose middle lies in a box."""
    x0, top, x1, bottom = box
    return tuple(
        word
        for word in page.words
        if x0 <= (word.box[0] + word.box[2]) / 2 <= x1
        and top <= (word.box[1] + word.box[3]) / 2 <= bottom
    )


def words_at(page: Page, text: str) -> tuple[Word, ...]:
    """The words of a page that say `text`, whatever blanks, case and outer marks; () if none do."""
    wanted = "".join(map(_bare, text.split()))
    bare = [_bare(word.text) for word in page.words]
    for first, word in enumerate(bare if wanted else ()):
        said, last = word, first
        while wanted.startswith(said) and len(said) < len(wanted) and last + 1 < len(bare):
            last += 1
            said += bare[last]
        if word and said == wanted:
            return page.words[first : last + 1]
    return ()


def _bare(word: str) -> str:
    """A word as it is compared."""
    return unicodedata.normalize("NFKC", word).casefold().strip(".,;:()[]\"'")


def patient(document: Document) -> dict[str, str]:
    """Name and birth date that most pages bear, as printed."""
    own = [page.identity for page in document.pages if page.speaker is Speaker.PATIENT]
    names = Counter(identity.name for identity in own if identity.name)
    births = Counter(identity.birth_date for identity in own if identity.birth_date)
    return {
        "name": names.most_common(1)[0][0] if names else "",
        "birth": births.most_common(1)[0][0] if births else "",
    }
