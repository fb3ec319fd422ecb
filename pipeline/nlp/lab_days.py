"""The day of collection that a line of a page gives to the results below it.

"Collected 05/19/2026  CHEMISTRY", "Bloods 05/04/2026", "Results, July 6, 2026": such a line holds
for the sheets and lists after it, until another one names a day.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.nlp.cells import Filled, days_in, is_day, rows_of
from pipeline.nlp.lab_cells import lab_of
from pipeline.nlp.passages import sentences
from pipeline.notation.matches import Match
from pipeline.schema import BlockKind, Document, Mention, Page, PageKind

LEADING = 40  # characters before a date that say what it is of
LONGEST = 90  # characters of a heading in words
LONGEST_HEAD = 160  # of one line with patient, days of collection and report

COLLECTED = re.compile(
    r"\b(?:collect\w*|coll|drawn?|bled|(?:specimens?|samples?)(?:\s+(?:was\s+|were\s+)?(?:taken|obtained))?|(?:bloods?|labs?)(?:\s+(?:was\s+|were\s+)?(?:taken|obtained))|sampl(?:ed|ing)|blood[\s-]draw|ven[ei]puncture|phlebotomy)\b\.?\W*"
    r"(?:(?:date|dt|time|on|at|collected|received|drawn|and)\b\W*)*$",
    re.IGNORECASE,
)
TO_COME = re.compile(
    r"\b(?:next|due|scheduled?|future|upcoming|will|to\s+be|planned|if)\b", re.IGNORECASE
)
# On a laboratory's own page the service is the drawing of the specimen.
SERVICE = re.compile(r"\b(?:date\s+of\s+service|service\s+date|DOS)\W*$", re.IGNORECASE)
OF_LABS = (
    r"labs?|laborator(?:y|ies)|results?|bloods?|blood\s*work|tests?|testing|studies|serolog(?:y|ies)|chemistr(?:y|ies)|"
    r"h(?:a?)ematology|immunology|immunoglobulins?|enzymes|panels?|cbc|cmp|bmp|lfts?|screen(?:ing)?|infection|infectious\s+disease"
)
HEADING = re.compile(
    rf"(?:\W|\b(?:{OF_LABS}|of|from|on|at|dated?|for|drawn|collected|taken|done|the|and|muscle|hepatitis|pre-?treatment|data|values|recent|latest|last|"
    r"most|today|findings|report(?:ed)?|work-?up|am|pm|am|hrs?|\d{1,2}:\d{2}|review|trends?|summary|special|general|baseline|fasting)\b)*",
    re.IGNORECASE,
)
NAMES_LABS = re.compile(rf"\b(?:{OF_LABS})\b", re.IGNORECASE)
EARLIER = re.compile(r"\b(?:prior|previous|earlier|past|old|outside|historical)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Days:
    """Where on a page a day begins to hold, and which; None ends the one before."""

    starts: tuple[int, ...]
    days: tuple[Mention | None, ...]

    def at(self, position: int) -> Mention | None:
        """The day that holds at a place."""
        index = bisect_right(self.starts, position) - 1
        return self.days[index] if index >= 0 else None

    def between(self, after: int, position: int) -> Mention | None:
        """The day that holds at a place, where it is named after another one."""
        index = bisect_right(self.starts, position) - 1
        return self.days[index] if index >= 0 and self.starts[index] > after else None


def days_of(page: Page, document: Document) -> Days:
    """The days of collection that the lines of a page name, in order.

    A line that came to lie in a table is a row of one cell; it holds for the tables below too.
    """
    found: list[tuple[int, Mention | None]] = []
    alone = [
        cell
        for table in page.tables
        for row in rows_of(table, document)
        for cell in row.values()
        if len(row) == 1
    ]
    for cell in alone:
        told, day = _day_of_heading(cell, page.kind)
        if told and day is not None:
            found.append((day.start, day))
    for block in page.blocks:
        if block.kind in (BlockKind.TABLE, BlockKind.FURNITURE):
            continue
        for cell in _cells(document.text, block.start, block.end):
            told, day = _day_of_heading(cell, page.kind)
            if told:
                found.append((cell.start, day))
    if not found:
        found = [(page.start, day) for day in _lone_day(page, document)]
    if not found and GOES_ON.search(document.text[page.start : page.end]):
        at = document.pages.index(page)
        before = document.pages[at - 1] if at and page.kind is not PageKind.REQUEST else page
        if before.kind is PageKind.LABORATORY and before.file == page.file:
            found = [(page.start, day) for day in days_of(before, document).days[-1:]]
    found.sort(key=lambda f: f[0])
    return Days(tuple(at for at, _ in found), tuple(day for _, day in found))


GOES_ON = re.compile(r"\bpage\s*(?:[2-9]|1\d)\s*(?:of|/)\s*\d|\bcontinued\b|\(cont", re.IGNORECASE)
# Words before a day that say what else it may be of than of the specimen.
OF_ELSE = re.compile(
    r"\b(?:birth|dob|born|print|report|rptd|generat|issu|receiv|recd|fax|sign|order|request|visit|service|seen|refer|due|"
    r"next|expir|valid|releas|authori[sz]|post|result|complet|final|version|rev|approv|verif|start|since|from|period|dated?\W*$)",
    re.IGNORECASE,
)


def _lone_day(page: Page, document: Document) -> list[Mention]:
    """The only day of a laboratory's page that nothing says to be of birth, print or report."""
    if page.kind is not PageKind.LABORATORY:
        return []
    told: dict[str, Mention] = {}
    for block in page.blocks:
        if block.kind is BlockKind.TABLE:
            continue
        for cell in _cells(document.text, block.start, block.end):
            for day in days_in(cell.text) if len(cell.text) <= LONGEST_HEAD else ():
                lead = cell.text[max(0, day.start - LEADING) : day.start]
                if not OF_ELSE.search(lead) and not TO_COME.search(cell.text):
                    start, end = cell.start + day.start, cell.start + day.end
                    text = cell.text[day.start : day.end]
                    told.setdefault(text, Filled(text, start, end).part("date"))
    return list(told.values()) if len(told) == 1 else []


def _cells(text: str, start: int, end: int) -> Iterator[Filled]:
    """The cells of lines; a label that a colon ends has its answer with it."""
    for m in re.finditer(r"[^\t\n]+(?:(?<=:)\t+[^\t\n]+)?", text[start:end]):
        yield Filled(m.group(0), start + m.start(), start + m.end())


def _day_of_heading(cell: Filled, kind: PageKind) -> tuple[bool, Mention | None]:
    """(whether a cell is a heading of results, the one day that it gives them)."""
    days = days_in(cell.text)
    led = re.search(r":(?=\s)", cell.text)  # "Labs 8/14/26: CK 4512, ..."
    if led is not None and days and days[0].end <= led.start():
        head = Filled(cell.text[: led.start()], cell.start, cell.start + led.start())
        if _heads_results(head.text, days_in(head.text)):
            cell, days = head, days_in(head.text)
    collected = [d for d in days if _is_collected(cell.text, d, kind)]
    if len(cell.text) > LONGEST_HEAD or TO_COME.search(cell.text):
        return False, None  # prose, or a day to come
    if collected:
        days = collected
    elif len(cell.text) > LONGEST or not _heads_results(cell.text, days):
        return False, None
    if len({cell.text[d.start : d.end] for d in days}) != 1:
        return bool(collected or EARLIER.search(cell.text)), None
    day = days[0]
    start, end = cell.start + day.start, cell.start + day.end
    return True, Filled(cell.text[day.start : day.end], start, end).part("date")


def _is_collected(text: str, day: Match, kind: PageKind) -> bool:
    before = text[max(0, day.start - LEADING) : day.start]
    return COLLECTED.search(before) is not None or (
        kind is PageKind.LABORATORY and SERVICE.search(before) is not None
    )


def _heads_results(text: str, days: list[Match]) -> bool:
    """Whether a cell holds words of laboratory headings alone, and days; an undated one only if it is of earlier results."""
    if not NAMES_LABS.search(text):
        return False
    rest = text
    for day in reversed(days):
        rest = rest[: day.start] + " " + rest[day.end :]
    if days:
        return HEADING.fullmatch(rest) is not None
    return (
        EARLIER.search(rest) is not None and HEADING.fullmatch(EARLIER.sub(" ", rest)) is not None
    )


# ------------------------------------------------------------------ lists in prose

# Words that tell of another day than that of the list.
OTHER_DAY = re.compile(
    r"\b(?:prior|previous(?:ly)?|baseline|initial(?:ly)?|diagnosis|onset|admission|last|earlier|before|since|ago|peak(?:ed)?|"
    r"was|were|had|been|nadir|now|today|repeat(?:ed)?|ordered|pending|will|not)\b",
    re.IGNORECASE,
)
BULLET = re.compile(r"[\s*\u2022\u25aa\u00b7>-]*")


def dated_lists(
    mentions: list[Mention], page: Page, document: Document, models: Path
) -> list[Mention]:
    """Mentions of a page, those of a list under a dated heading with the heading's day.

    A list goes on as long as each line begins with a test; what else is written below it, and a
    line that speaks of another time, has a day of its own or none.
    """
    if page.kind is PageKind.REQUEST:
        return mentions
    days = days_of(page, document)
    own = [m for m in mentions if m.label == "lab" and page.start <= m.start < page.end]
    given = _of_led_paragraphs(own, page, document)
    if not days.starts or not own:
        return [given.get(id(m), m) for m in mentions]
    holding: Mention | None = None
    for start, end in _lines(page, document):
        heading = next((i for i, at in enumerate(days.starts) if start <= at < end), None)
        inside = [m for m in own if start <= m.start < end]
        text = document.text[start:end]
        if heading is not None:
            holding = days.at(end)
            if OTHER_DAY.search(text):
                continue
        elif not inside:
            holding = holding if _goes_on(text, models) else None
        elif OTHER_DAY.search(text) or BULLET.fullmatch(text[: inside[0].start - start]) is None:
            holding = None
        day = holding
        if day is None and page.kind is PageKind.LABORATORY and not OTHER_DAY.search(text):
            day = days.at(start)
        for m in inside if day is not None else ():
            if (
                id(m) not in given
                and m.origin == "prose"
                and not any(p.label == "date" for p in m.parts)
            ):
                given[id(m)] = m.model_copy(update={"parts": (*m.parts, day)})
    return [given.get(id(m), m) for m in mentions]


LED = re.compile(r"[\s*\u2022\u25aa\u00b7>-]*")


def _of_led_paragraphs(labs: list[Mention], page: Page, document: Document) -> dict[int, Mention]:
    """Results without a day in paragraphs that begin with one: "03/02/2026: CK 3,900. IgG 812."

    It holds up to a sentence that names another day or speaks of another time.
    """
    given: dict[int, Mention] = {}
    for block in page.blocks:
        if block.kind is BlockKind.FURNITURE or block.kind is BlockKind.TABLE:
            continue
        for line in re.finditer(r"[^\n]+", document.text[block.start : block.end]):
            days = [d for d in days_in(line[0]) if is_day(line[0][d.start : d.end])][:1]
            led = bool(days) and LED.fullmatch(line[0], 0, days[0].start) is not None
            if not led or not re.match(r"\s*:\s", line[0][days[0].end :]):
                continue
            at = block.start + line.start()
            text = line[0][days[0].start : days[0].end]
            day = Filled(text, at + days[0].start, at + days[0].end).part("date")
            for start, end in sentences(line[0]):
                told = line[0][start:end]
                if OTHER_DAY.search(told) or (start and days_in(told)):
                    break
                for m in labs:
                    if at + start <= m.start < at + end and not any(
                        p.label == "date" for p in m.parts
                    ):
                        given[id(m)] = m.model_copy(update={"parts": (*m.parts, day)})
    return given


def _lines(page: Page, document: Document) -> Iterator[tuple[int, int]]:
    """Lines of a page, cut at sentence ends."""
    for block in page.blocks:
        if block.kind is BlockKind.FURNITURE:
            continue
        for start, end in sentences(document.text[block.start : block.end]):
            yield block.start + start, block.start + end


def _goes_on(text: str, models: Path) -> bool:
    """Whether a line within a list is a heading of tests, a legend, or a test without a result."""
    legend = re.match(r"\s*[*^#\u2020]", text) is not None or not re.search("[A-Za-z]", text)
    return (
        legend
        or HEADING.fullmatch(text) is not None
        or bool(lab_of(re.split(r"[:\t]", text)[0], models))
    )
