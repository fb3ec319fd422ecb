"""What the fact builders share: where a mention stands, when it was written, how it is put."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pipeline.lexicon import Lexicon
from pipeline.notation import dates
from pipeline.places import locate, page_at
from pipeline.quantities import DateRange
from pipeline.schema import Assertion, Document, Mention, Page, PageKind, Place, Speaker

# The roles of dated heads, the most telling first, that say when a page was written.
WRITTEN = ("visit", "letter", "alone", "signed", "written", "request", "collected", "reported")
# A copied, dictated or filled-in text is best evidenced where it was first recorded.
RANK = {
    PageKind.LABORATORY: 0, PageKind.IMAGING: 0, PageKind.NOTE: 1, PageKind.LETTER: 2, PageKind.OTHER: 3,
    PageKind.ORDER: 4, PageKind.REQUEST: 5, PageKind.FILLS: 6, PageKind.COVER: 7,
}  # fmt: skip


@dataclass
class Reading:
    """A document with its lexicon and dates, as the builders of facts use it."""

    submission_id: str
    document: Document
    lexicon: Lexicon
    page_dates: dict[int, dict[str, DateRange]] = field(default_factory=dict)
    study_dates: list[tuple[int, DateRange]] = field(default_factory=list)  # (offset, date)
    whose: tuple[str, str] | None = None  # about and standing of what is no fact of the patient
    as_of: date | None = None

    @cached_property
    def births(self) -> frozenset[str]:
        """The birth dates that the pages bear, as ISO 8601: no day on which anything was done."""
        printed = (page.identity.birth_date for page in self.document.pages)
        return frozenset(day.iso for text in printed if text for day in [dates.parse(text)] if day)

    def page(self, mention: Mention) -> Page:
        return page_at(self.document, mention.start)

    def place(self, mention: Mention) -> Place:
        """The sentence, row or field that states a mention."""
        scope = mention.scope
        if scope is None:
            return locate(self.document, mention.start, mention.end)
        return locate(self.document, min(scope.start, mention.start), max(scope.end, mention.end))

    def doubtful(self, *stretches: Mention) -> bool:
        """Whether a number or code among the stretches may be misread."""
        return any(locate(self.document, m.start, m.end).doubtful for m in stretches)

    def study_date(self, mention: Mention) -> DateRange | None:
        """The date in the head of the report that a mention is part of."""
        page = self.page(mention)
        if page.kind is not PageKind.IMAGING:
            return None
        before = [d for at, d in self.study_dates if page.start <= at < mention.start]
        return before[-1] if before else None

    def written(self, mention: Mention) -> DateRange:
        """When the text was written: its copied-forward date, the page's, else unknown."""
        if mention.copied_from:
            found = self.parse(mention.copied_from, mention.start, self.as_of)
            if found is not None:
                return found
        return self.page_written(self.page(mention))

    def page_written(self, page: Page) -> DateRange:
        """The best date of a page, or of the pages before it in the same file.

        None is taken across a page that speaks of somebody else, and none by a general page.
        """
        upto = bisect_right([p.start for p in self.document.pages], page.start)
        for earlier in reversed(self.document.pages[:upto]):
            if (earlier.file, earlier.speaker) != (page.file, page.speaker):
                break
            roles = self.page_dates.get(earlier.start, {})
            for role in WRITTEN:
                if role in roles:
                    return roles[role]
            if page.speaker is Speaker.GENERAL:
                break
        return DateRange()

    def when(self, part: Mention | None, mention: Mention) -> DateRange | None:
        """The days that a date part means, read from when its text was written."""
        if part is None:
            return None
        written = self.written(mention).latest or self.as_of
        if part.code and self._order(part.start) is not dates.Order.MONTH_FIRST:
            told = dates.parse(part.code)
            return None if dates.in_figures(part.text) else told  # what was borrowed is in doubt
        return self.parse(part.code or part.text, part.start, written)

    def day(self, mention: Mention) -> DateRange | None:
        """The days that the words of a date mean."""
        return self.parse(mention.text, mention.start)

    def parse(self, text: str, at: int, written: date | None = None) -> DateRange | None:
        """The days that a date printed at an offset means, in the order in which its page prints them."""
        return dates.parse(text, written, self._order(at))

    def _order(self, at: int) -> dates.Order:
        return self._orders[page_at(self.document, at).start]

    @cached_property
    def _orders(self) -> dict[int, dates.Order]:
        """How the page that begins at an offset prints its days in figures."""
        pages = self.document.pages
        texts = [self.document.text[p.start : p.end] for p in pages]
        return {p.start: o for p, o in zip(pages, dates.day_orders(texts), strict=True)}

    def row_id(self, kind: str, *key: object) -> str:
        """Stable for the same submission and content."""
        text = json.dumps([self.submission_id, kind, *[str(k) for k in key], *(self.whose or ())])
        return f"{kind[:3]}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def part(mention: Mention, label: str) -> Mention | None:
    """The first part of a label."""
    return next((p for p in mention.parts if p.label == label), None)


def parts(mention: Mention, label: str) -> list[Mention]:
    """All parts of a label."""
    return [p for p in mention.parts if p.label == label]


def assertion_of(mention: Mention) -> Assertion:
    """The contract's word for the context flags; whose it is comes before how sure it is."""
    if mention.family:
        return Assertion.FAMILY
    if mention.hypothetical:
        return Assertion.HYPOTHETICAL
    if mention.negated:
        return Assertion.NEGATED
    if mention.possible:
        return Assertion.POSSIBLE
    return Assertion.HISTORICAL if mention.historical else Assertion.AFFIRMED


def best_first(places: list[Place]) -> tuple[Place, ...]:
    """Places without repetition, the most telling kind of page first."""
    unique = {(p.file, p.page, p.box): p for p in places}
    return tuple(
        sorted(
            unique.values(),
            key=lambda p: (RANK.get(p.page_kind, 9), p.file, p.page, p.box[1], p.box[0]),
        )
    )
