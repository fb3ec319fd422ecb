"""Which pages go on from the page before them: numbers, running lines, sentences, tables, lists."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pipeline.ingest.identity import days_in
from pipeline.ingest.numbering import is_fax_line, numbers_on, settled
from pipeline.lexicon import read_table
from pipeline.schema import BlockKind, Page, PageKind

MODELS = Path(__file__).resolve().parents[2] / "models"
EDGE = 2  # lines at the top and bottom that may be a running head or foot
LEAST_SHARED = 10  # signs of a running line
HEAD = 3  # lines that may say "continued"
LINE_LENGTH = 45  # signs; shorter lines are entries, not torn sentences
TITLE_WORDS = 12
CONTINUED = re.compile(
    r"\b(?:continued|cont['\u2019]?d|contd)\b|\(cont\.?\)|"
    r"\bpage\s+(?:two|three|four|five|six|[2-9]|\d\d)\b(?!\s*(?:of|/))",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"(?:(?:section|part)\s+(?P<section>\d{1,2}|[B-H]\b)|(?P<item>\d{1,2})[.)]\s)", re.IGNORECASE
)
REPORTING = {PageKind.NOTE, PageKind.LABORATORY, PageKind.IMAGING, PageKind.FILLS}
BULLET = re.compile(r"[-\u2022*\u00b7\u25cf]\s")
PERIOD = ".!?:;"


class Continuations:
    """Says of each page of a submission whether it goes on from the one before.

    Args:
        marked: For each page whether it bears a name, a birth date or a record number.
    """

    def __init__(self, pages: Sequence[Page], text: str, marked: Sequence[bool]) -> None:
        self.pages = pages
        self.lines = [_lines(page, text) for page in pages]
        self.numbers = settled([numbers_on(page, text) for page in pages])
        self.several = _of_several_documents(pages, marked, self.numbers)
        self.bearing = _bearing(pages, self.lines)
        self.sizes = Counter(page.file for page in pages)

    def how(self, index: int) -> str:
        """What says that a page goes on from the one before it in its file; '' if nothing does."""
        if index == 0 or self.pages[index - 1].file != self.pages[index].file:
            return ""
        before, here = self.lines[index - 1], self.lines[index]
        if not before or not here:
            return ""
        if self._next_number(index):
            return "number"
        if any(CONTINUED.search(line) and len(line.split()) <= TITLE_WORDS for line in here[:HEAD]):
            return "continued"
        if self._same_document(index):
            return "running line"
        return self._text_goes_on(index)

    def _next_number(self, index: int) -> bool:
        """Whether "2 of 3" follows "1 of 3"; a count of all pages sent says nothing of documents."""
        file = self.pages[index].file
        before = {(n.number, n.total) for n in self.numbers[index - 1]}
        for n in self.numbers[index]:
            whole = self.several[file] and (n.faxed or self._counts_all(file, n.total))
            if (n.number - 1, n.total) in before and not n.faxed and not whole:
                return True
        return False

    def _counts_all(self, file: str, total: int) -> bool:
        """Whether a count goes over pages of several documents."""
        own = [i for i, p in enumerate(self.pages) if p.file == file]
        bearing = [i for i in own if any(n.total == total for n in self.numbers[i])]
        kinds = {self.pages[i].kind for i in bearing} & _KINDS
        firsts = sum(
            any(n.total == total and n.number == 1 for n in self.numbers[i]) for i in bearing
        )
        return firsts <= 1 and len(bearing) > 2 and len(kinds) > 1 and total >= len(own) - 1

    def _same_document(self, index: int) -> bool:
        """Whether both pages bear a line that only some pages of the file bear.

        A line with a number of its own (accession, time of printing) is that of a document; one
        without may be a letterhead, and a page that opens with a title under it begins anew,
        unless it is of a kind that reports on somebody, on a day.
        """
        file = self.pages[index].file
        running = set(map(_key, _edges(self.lines[index - 1])))
        dated = any(any(days_in(x)) for x in self.lines[index] if _key(x) not in running)
        reports = self.pages[index].kind in REPORTING and dated
        for line in _edges(self.lines[index]):
            key = _key(line)
            if len(key) < LEAST_SHARED or is_fax_line(line):
                continue
            if key not in running:
                continue
            if reports:
                return True
            if self.several[file] and len(self.bearing[file, key]) >= self.sizes[file]:
                continue
            exact = line in self.lines[index - 1] and len(re.sub(r"\D", "", line)) >= 4
            if exact or not self._opens_anew(index):
                return True
        return False

    def _first(self, index: int) -> str:
        """The first line of a page below its running head."""
        running = {_key(line) for line in _edges(self.lines[index - 1])}
        body = [
            line
            for line in self.lines[index]
            if not is_fax_line(line)
            and (_key(line) not in running or len(_key(line)) < LEAST_SHARED)
        ]
        return body[0] if body else ""

    def _opens_anew(self, index: int) -> bool:
        """Whether a page opens with a title of its own: no heading of a note, no row, no sentence."""
        first = self._first(index)
        if not first or _section(first) or BULLET.match(first) or first[:1].islower():
            return False
        return len(first.split()) <= TITLE_WORDS and not first.endswith((".", ";", ","))

    def _text_goes_on(self, index: int) -> str:
        page, previous = self.pages[index], self.pages[index - 1]
        first = self._first(index)
        last = next(
            (x for x in reversed(self.lines[index - 1]) if not is_fax_line(x) and not _is_foot(x)),
            "",
        )
        if not first or not last:
            return ""
        if first[:1].islower() and last[-1] not in PERIOD:
            return "sentence"
        if (
            len(last) >= LINE_LENGTH
            and last[-1] not in PERIOD
            and "\t" not in last
            and not self._opens_anew(index)
        ):
            return "sentence"
        if _hangs(previous, last) and not self._opens_anew(index):
            return "section"
        headed = last.endswith(":") or _section(last) or BULLET.match(last) is not None
        if BULLET.match(first) and headed:
            return "list"
        if _number_of(first) > 1 and self._reached(index - 1, first):
            return "list"
        rows = any(t.cells for t in previous.tables) or last.count("\t") == first.count("\t")
        if _is_row(page, first) and (headed or rows):
            return "table"
        note = previous.kind not in (
            PageKind.REQUEST,
            PageKind.COVER,
            PageKind.CRITERIA,
            PageKind.BLANK,
        )
        return "section" if note and _section(first) else ""

    def _reached(self, index: int, first: str) -> bool:
        """Whether the number before that of `first` is reached by the page before."""
        wanted = NUMBERED.match(first)
        assert wanted is not None
        told = [m for line in self.lines[index] if (m := NUMBERED.match(line))]
        if wanted["section"]:
            reached = [_number_of(m.group()) for m in told if m["section"]]
            return (
                self.pages[index].kind is PageKind.REQUEST
                or max(reached, default=0) == _number_of(first) - 1
            )
        return (
            bool(told)
            and told[-1]["item"] is not None
            and int(told[-1]["item"]) == int(wanted["item"]) - 1
        )


_KINDS = set(PageKind) - {PageKind.OTHER, PageKind.BLANK}


def _lines(page: Page, text: str) -> list[str]:
    return [line.strip() for line in text[page.start : page.end].split("\n") if line.strip()]


def _edges(lines: list[str]) -> list[str]:
    return [*lines[:EDGE], *lines[EDGE:][-EDGE:]]


def _key(line: str) -> str:
    return re.sub(r"[\d\s]+", " ", line).strip().lower()


def _is_foot(line: str) -> bool:
    return bool(re.search(r"\bpage\b|^\W*\d+\W*$|^\d+ (?:of|/) \d+$", line, re.IGNORECASE))


def _of_several_documents(
    pages: Sequence[Page], marked: Sequence[bool], numbers: Sequence[Sequence[object]]
) -> dict[str, bool]:
    """For each file whether it holds more than one document, as far as its pages tell."""
    kinds: dict[str, set[PageKind]] = defaultdict(set)
    for page, has_marks in zip(pages, marked, strict=True):
        if page.kind in (PageKind.REQUEST, PageKind.COVER) or (has_marks and page.kind in _KINDS):
            kinds[page.file].add(page.kind)
    return defaultdict(bool, {file: len(found) > 1 for file, found in kinds.items()})


def _bearing(pages: Sequence[Page], lines: Sequence[list[str]]) -> dict[tuple[str, str], set[int]]:
    """Pages of a file that bear a line at their edge."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for index, page in enumerate(pages):
        for line in _edges(lines[index]):
            found[page.file, _key(line)].add(index)
    return found


@cache
def _headings() -> frozenset[str]:
    """Headings of the sections of a note."""
    return frozenset(
        heading.strip().replace("?", "")
        for _, row in read_table(MODELS / "lexicon" / "sections.csv")
        for heading in row["headings"].split("|")
    )


def _section(line: str) -> bool:
    """Whether a line begins with a heading of a note."""
    named = re.split(r"[:.\t]| [-\u2013] ", line)[0].strip().lower()
    return re.sub(r"^\w{1,2}[.)]\s+", "", named) in _headings()


def _number_of(line: str) -> int:
    found = NUMBERED.match(line)
    if found is None:
        return 0
    told = found["section"] or found["item"]
    return int(told) if told.isdigit() else ord(told.upper()) - ord("A") + 1


def _hangs(page: Page, last: str) -> bool:
    """Whether a page ends with a heading under which nothing stands."""
    blocks = [b for b in page.blocks if b.kind is not BlockKind.FURNITURE]
    heading = bool(blocks) and blocks[-1].kind is BlockKind.HEADING
    return (heading or last.isupper()) and len(last.split()) <= TITLE_WORDS and "\t" not in last


def _is_row(page: Page, first: str) -> bool:
    """Whether a page opens with a row of a table that has no head of its own."""
    blocks = [b for b in page.blocks if b.kind is not BlockKind.FURNITURE]
    opens = bool(blocks) and blocks[0].kind is BlockKind.TABLE
    return "\t" in first and (opens or first.count("\t") > 1) and bool(re.search(r"\d", first))
