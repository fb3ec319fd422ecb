"""Dates that say when a page was written, signed, requested, or its specimen taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.lexicon import read_table
from pipeline.nlp.passages import COPIED, readable_pages
from pipeline.notation.dates import find_dates
from pipeline.schema import Document, Mention, Page, PageKind

LETTER_DATE_LINES = 8  # a letter's own date stands in its head,
LETTER_DATE_WIDTH = 80  # on a short line
WITH_YEAR = re.compile(r"(?:19|20)\d\d|[/.-]\d\d$")
# A line with a dose, a grade or a second date tells of a treatment or a finding.
OF_A_FACT = re.compile(
    r"\d\s*(?:mg|mcg|g|%|u/l)\b|(?:19|20)\d\d|\d/\d|\b(?:since|from|until|to)\s*$", re.IGNORECASE
)

OPENS = re.compile(
    r"\s*[.|\u00b7]\s+(?:to|attn?|attention|dear|re|regarding|concerning)\b", re.IGNORECASE
)


# "Letter to: the plan, Utilization Review <tab> November 12, 2026": a day in words, in a cell of its own.
IN_WORDS = re.compile(
    r"[A-Za-z]{3,9}\.?\s+\d{1,2},?\s+(?:19|20)\d\d|\d{1,2}\s+[A-Za-z]{3,9}\.?\s+(?:19|20)\d\d"
)
OF_A_PERSON = re.compile(
    r"\b(?:born|birth|dob|d\.o\.b|b\.|age|name|patient|member)\b", re.IGNORECASE
)


# "Dr. Ana Reyes, hospitalist 10/30/2026": the name of whoever wrote it, and the day.
SIGNS = re.compile(
    r"\s*(?:Dr\.?\s+[A-Z][\w.'\u2019-]+(?:\s+[A-Z][\w.'\u2019-]+){0,3}(?:,\s*[A-Za-z .]{2,30})?"
    r"|[A-Z][\w.'\u2019-]+(?:\s+[A-Z][\w.'\u2019-]+){1,3},\s*(?:MD|DO|NP|PA(?:-C)?|APRN|RN|MBBS|FNP(?:-C)?|DNP)(?:,\s*[A-Za-z .]{2,30})?)"
    r"[\s,|\u2013\u2014-]+"
)


def _stands_apart(line: str, start: int, end: int) -> bool:
    """Whether a day in words ends a line of an addressee or a letterhead, apart from the rest of it."""
    last = line[:start].endswith("\t") and not line[end:].strip()
    rest = line[:start]
    other = re.search(r"\d", rest) or OF_A_PERSON.search(rest)
    return bool(last and IN_WORDS.fullmatch(line, start, end) and not other)


@cache
def load_roles(models: Path) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The rows of `date_roles.csv`: (role, pattern that stands before the date)."""
    path = models / "lexicon" / "date_roles.csv"
    return tuple(
        (row["role"], re.compile(rf"(?:{row['pattern']})$", re.IGNORECASE))
        for _, row in read_table(path)
    )


def find_page_dates(document: Document, models: Path) -> Iterator[Mention]:
    """Dated heads of pages; `code` is the role, or `alone` for a date on a line of its own."""
    for _, page in readable_pages(document):
        yield from _dates_of(page, document, models)


def _dates_of(page: Page, document: Document, models: Path) -> Iterator[Mention]:
    text = document.text[page.start : page.end]
    copies = [c.span() for c in COPIED.finditer(text)]
    for m in find_dates(text):
        if not re.search(r"\d", text[m.start : m.end]):
            continue
        if any(start <= m.start < end for start, end in copies):  # the day of an earlier note
            continue
        before = text[max(0, m.start - 70) : m.start].replace("\t", " ")
        role = next((role for role, pattern in load_roles(models) if pattern.search(before)), "")
        line_start = text.rfind("\n", 0, m.start) + 1
        line_end = text.find("\n", m.end)
        line = text[line_start : line_end if line_end >= 0 else len(text)]
        if not role and line.strip() == text[m.start : m.end].strip():
            role = "alone"
        near_head = text.count("\n", 0, m.start) < LETTER_DATE_LINES
        # "23 November 2026. To: the plan": a date that is a sentence of its own opens a letter.
        if not role and near_head and not line[: m.start - line_start].strip():
            role = "alone" if OPENS.match(line, m.end - line_start) else ""
        if not role and near_head and _stands_apart(line, m.start - line_start, m.end - line_start):
            role = "alone" if text[m.start : m.end] != page.identity.birth_date else ""
        ends = not line[m.end - line_start :].strip() and WITH_YEAR.search(text[m.start : m.end])
        if not role and ends and SIGNS.fullmatch(line[: m.start - line_start]):
            role = "signed"
        in_head = near_head and len(line) < LETTER_DATE_WIDTH
        rest = line[: m.start - line_start] + line[m.end - line_start :]
        is_own = WITH_YEAR.search(text[m.start : m.end]) and not OF_A_FACT.search(rest)
        if not role and page.kind is PageKind.LETTER and in_head and is_own:
            role = "letter"
        if role:
            yield Mention(
                label="date",
                start=page.start + m.start,
                end=page.start + m.end,
                text=text[m.start : m.end],
                code=role,
            )
