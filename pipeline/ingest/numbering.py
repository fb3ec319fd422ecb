"""Page numbers as printed, and the pages that they, or a cover, promise and that did not come."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.places import words_between
from pipeline.schema import Page, PageKind, Speaker

DIGIT = r"[\dSOoIlB|]"
PAGE_OF = re.compile(
    rf"(?P<ref>\b(?:see|on|from|at|in|cf\.?|of|to)\s+(?:the\s+)?)?\b(?:[Pp]ages?|PAGES?|[Pp]g\.?|PG\.?|P\.?|[Ss]heet)\s*[:.#]?\s*(?P<n>{DIGIT}{{1,3}})\s*"
    rf"(?:[o0O]f|OF|/)\s*(?P<total>{DIGIT}{{1,3}})(?!\w|[/.]\d)"
)
ALONE = re.compile(
    r"(?:^|(?<=[\n\t]))\s*-?\s*(?P<n>\d{1,3})\s*(?P<sign>of|/)\s*(?P<total>\d{1,3})\s*-?\s*(?=[\n\t]|$)"
)
"""A number that is all of a line or of what stands apart in it."""
EDGE = 3  # lines at the top and bottom of a page where such a number may stand
AS_DIGITS = str.maketrans("SOoIl|B", "5001118")  # as page numbers of faxes are misread
FAX_LINE = re.compile(r"\d{1,2}:\d\d|\d{1,2}:?\d\d\s?[ap]m?\b", re.IGNORECASE)
FAX_WORD = re.compile(r"\d{3}[-.\s]\d{4}|\bfax\b|\bfrom\b|\bto\b", re.IGNORECASE)
PROMISED = re.compile(
    r"(?:(?:total\s+)?(?:number|no\.?|#)\s*of\s+pages|total\s+pages|\bpages?\b)"
    r"(?P<how>(?:\s*\(?\s*(?:including|incl\.?|with|excluding|excl\.?|to\s+follow|following|sent|total|transmitted|this|the|cover(?:\s+(?:sheet|page))?)\b\.?)*\s*\)?)"
    r"\s*[:\t]+\s*(?P<n>\d{1,3})\b(?!\s*(?:of|/)\s*\d)(?P<after>[^\n\t]{0,40})"
    r"|(?<![\d:/.,-])\b(?P<n2>\d{1,3})[^\S\n]+pages?\s+(?P<how2>(?:in\s+total,?\s+)?(?:including|incl\.?|excluding|excl\.?|with|to\s+follow|following)\b[^\n\t]{0,20})",
    re.IGNORECASE,
)
FOLLOWING = re.compile(r"excl|follow|without|not\s+(?:incl|count)|plus\s+cover", re.IGNORECASE)
ACCOUNT = re.compile(r"(?=(?:.*\d){5})[A-Za-z0-9-]+")
HEAD_WORDS = 25
MANY = 4  # pages that hardly any form has
FAX = re.compile(r"\bfax\b|facsimile|transmi", re.IGNORECASE)


@dataclass(frozen=True)
class PageNumber:
    """A page number with its total.

    Attributes:
        faxed: It stands in the line of a fax machine.
        bare: It stands alone, as "2 / 6", which may be something else on a single page.
    """

    number: int
    total: int
    faxed: bool = False
    bare: bool = False


def numbers_on(page: Page, text: str) -> list[PageNumber]:
    """The page numbers with totals that a page bears."""
    found = []
    for match in PAGE_OF.finditer(text, page.start, page.end):
        if match["ref"]:
            continue
        for number, total in _readings(match["n"], match["total"]):
            found.append(PageNumber(number, total, is_fax_line(line_at(text, match.start()))))
    lines = [line for line in text[page.start : page.end].split("\n") if line.strip()]
    for line in [*lines[:EDGE], *lines[EDGE:][-EDGE:]]:
        for match in ALONE.finditer(line):
            number, total = int(match["n"]), int(match["total"])
            if 0 < number <= total:
                bare = match["sign"] == "/"
                found.append(PageNumber(number, total, is_fax_line(line), bare))
    return list(dict.fromkeys(found))


def line_at(text: str, offset: int) -> str:
    """The line that holds an offset."""
    end = text.find("\n", offset)
    return text[text.rfind("\n", 0, offset) + 1 : end if end >= 0 else len(text)]


def is_fax_line(line: str) -> bool:
    """Whether a line is that of a fax machine: a time beside a number, a sender or a receiver."""
    return bool(FAX_LINE.search(line) and FAX_WORD.search(line))


def _readings(number: str, total: str) -> Iterator[tuple[int, int]]:
    """A number and its total, with letters read as digits, or left out after a digit."""
    plain = number.translate(AS_DIGITS)
    for way in dict.fromkeys((total.translate(AS_DIGITS), re.sub(r"(?<=\d)\D+$", "", total))):
        if plain.isdigit() and way.isdigit() and 0 < int(plain) <= int(way):
            yield int(plain), int(way)


def missing_pages(pages: Sequence[Page], text: str, came: int) -> tuple[int, ...]:
    """Numbers that the pages of a file promise, document by document, or its cover, and that did not come.

    Args:
        came: Pages of the whole submission.
    """
    counted = [p for p in pages if not p.duplicate_of]
    numbers = settled([numbers_on(page, text) for page in counted])
    missing: set[int] = set()
    for run in _runs(numbers):
        if all(_tells_nothing(counted[at]) for at in run.pages.values()):
            continue
        missing |= {n for n in run.lacking() if not _excused(n, run, counted, numbers)}
    promised = _promised(pages, text)
    if promised > came and not missing:
        missing |= set(range(came + 1, promised + 1))
    return tuple(sorted(missing))


def settled(numbers: list[list[PageNumber]]) -> list[list[PageNumber]]:
    """One reading of each number: that whose total most pages bear; lone fractions are none."""
    totals = Counter(total for found in numbers for total in {n.total for n in found})
    kept_numbers = []
    for found in numbers:
        kept: dict[int, PageNumber] = {}
        for n in found:
            if n.bare and totals[n.total] < 2:
                continue
            other = kept.get(n.number)
            if (
                other is None
                or totals[n.total] > totals[other.total]
                or (
                    str(other.total).startswith(str(n.total))
                    and totals[n.total] == totals[other.total]
                )
            ):
                kept[n.number] = n
        kept_numbers.append(list(kept.values()))
    return kept_numbers


@dataclass
class _Run:
    """The pages of one document: by their number, the place in the file."""

    total: int
    pages: dict[int, int]

    def lacking(self) -> list[int]:
        return [n for n in range(1, self.total + 1) if n not in self.pages]


def _runs(numbers: list[list[PageNumber]]) -> list[_Run]:
    """Documents in the order of the file: a number that a document has begins the next one."""
    runs: list[_Run] = []
    for at, found in enumerate(numbers):
        for n in found:
            open_runs = [r for r in runs if r.total == n.total and n.number not in r.pages]
            if open_runs:
                open_runs[-1].pages[n.number] = at
            else:
                runs.append(_Run(n.total, {n.number: at}))
    return runs


def _tells_nothing(page: Page) -> bool:
    """Whether a page is of no document of the patient's."""
    return page.speaker in (Speaker.OTHER, Speaker.GENERAL) or page.kind is PageKind.CRITERIA


def _excused(
    number: int, run: _Run, pages: Sequence[Page], numbers: Sequence[Sequence[PageNumber]]
) -> bool:
    """Whether a recognised page stands where this one should, its number misread or lost."""
    below = [n for n in run.pages if n < number]
    above = [n for n in run.pages if n > number]
    if _counts_the_file(run, pages, numbers):
        return number <= len(pages)
    lowest, highest = max(below, default=0), min(above, default=run.total + 1)
    lacking = highest - lowest - 1
    if below:
        first = run.pages[lowest] + 1
        last = run.pages[highest] if above else min(len(pages), first + lacking)
    else:
        last = run.pages[highest]
        first = max(0, last - lacking)
    beside = pages[run.pages[lowest if below else highest]]
    unnumbered = [
        at
        for at in range(first, last)
        if (pages[at].origin == "ocr" and all(n.total != run.total for n in numbers[at]))
        or (not numbers[at] and _of_one_account(pages[at], beside, number))
    ]
    return len(unnumbered) >= lacking


def _counts_the_file(
    run: _Run, pages: Sequence[Page], numbers: Sequence[Sequence[PageNumber]]
) -> bool:
    """Whether a count goes over all that was sent and not every page bears it.

    The first page of a form that counts itself stands alike at the head of a packet.
    """
    in_place = all(at == n - 1 for n, at in run.pages.items()) and run.total <= len(pages)
    firsts = [at for at in run.pages.values() if pages[at].kind is not PageKind.REQUEST]
    many = run.total >= MANY
    faxed = all(
        any(x.faxed for x in numbers[at] if x.total == run.total) for at in run.pages.values()
    )
    return in_place and run.total == len(pages) and bool(firsts or faxed or many)


def _of_one_account(page: Page, other: Page, number: int) -> bool:
    """Whether two pages are of one kind, and the one is a first page, or bears the other's account."""
    if page.kind is not other.kind or number == 1:
        return page.kind is other.kind
    heads = [
        {w.text for w in p.words[:HEAD_WORDS] if ACCOUNT.fullmatch(w.text)} for p in (page, other)
    ]
    return bool(heads[0] & heads[1])


def _promised(pages: Sequence[Page], text: str) -> int:
    """How many pages a cover says were sent, itself counted; 0 where none says so."""
    for page in pages[:2]:
        body = text[page.start : page.end]
        if page.kind is not PageKind.COVER and not (page.number == 1 and FAX.search(body)):
            continue
        for match in PROMISED.finditer(text, page.start, page.end):
            start, end = match.span("n") if match["n"] else match.span("n2")
            if any(word.doubtful for word in words_between(page, start, end)):
                continue
            how = f"{match['how'] or ''} {match['after'] or ''} {match['how2'] or ''}"
            return int(text[start:end]) + bool(FOLLOWING.search(how))
    return 0
