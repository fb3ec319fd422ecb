"""Days as printed, as ranges of days: one table of forms that both finds and values them.

A year that is not printed is borrowed from the other end of the same expression ("3 March to 7
July 2025"), else it is the last one that fits when the text was written.

Days in figures are printed month first, as in the United States, unless the text itself shows that
it prints the day first: one that can only be read so settles the others (`day_orders`). Where that
stays open, such a date is either of its two days, as a range.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import zip_longest

from pipeline.notation.matches import Match
from pipeline.quantities import DateRange

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NAME = rf"(?P<name>{MONTH})"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_ANY_YEAR = r"(?P<year>(?:19|20)\d{2}|\d{2})"
_SHORT_YEAR = r"['\u2018\u2019](?P<year>\d{2})"
_MONTH = r"(?P<month>\d{1,2})"
_DAY = r"(?P<day>\d{1,2})"
_DAY_TH = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_PART = r"(?P<part>(?:early|mid|late|the\s+(?:end|beginning|middle|start)\s+of|end\s+of)[\s-]*)?"
# A clock after an ISO day belongs to it; it says nothing about the day.
_CLOCK = r"(?:T\d{2}(?::?\d{2}){1,2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_NO_VERB = (
    r"(?:(?<=in )|(?<=from )|(?<=since )|(?<=late )|(?<=early )|(?<=mid-)|(?<=of ))"  # before "may"
)
_ALONE = (
    r"(?P<name>january|february|march|april|june|july|august|september|october|november|december|"
    rf"{_NO_VERB}may|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
# Each form with what may not follow it; the first that fits at a place wins.
_FORMS = (
    rf"{_YEAR}-{_MONTH}-{_DAY}{_CLOCK}",
    rf"{_YEAR}/(?P<month>0[1-9]|1[0-2])/(?P<day>0[1-9]|[12]\d|3[01])(?![\d/])",
    rf"{_YEAR}[ -]{_NAME}[ -]{_DAY}(?!\d)",
    rf"{_DAY}-{_NAME}-(?P<year>\d{{2}})(?![\d-])",
    rf"{_DAY}(?P<name>{'|'.join(_MONTHS)}){_ANY_YEAR}(?!\d)",
    rf"{_NAME}-{_DAY}-{_ANY_YEAR}(?![\d-])",
    rf"{_MONTH}/{_DAY}/{_ANY_YEAR}(?![\d/])",
    rf"{_MONTH} ?/ ?{_DAY} ?/ ?{_YEAR}(?! ?[\d/])",  # in the boxes of a form
    rf"{_MONTH}-{_DAY}-{_ANY_YEAR}(?![\d-])",
    rf"{_MONTH}\.{_DAY}\.{_YEAR}(?![\d.])",
    rf"{_NAME}[\s:\u00b7]*{_DAY_TH},?\s*(?:of\s+)?(?:{_YEAR}|{_SHORT_YEAR.replace('year', 'year_')})",
    rf"{_DAY_TH}[\s-]+(?:of\s+)?{_NAME}[\s,-]*(?:{_YEAR}|{_SHORT_YEAR.replace('year', 'year_')})",
    rf"{_PART}{_NAME},?\s+(?:of\s+)?{_YEAR}",
    rf"{_PART}{_NAME},?\s*(?:of\s+)?{_SHORT_YEAR}(?!\d)",
    rf"{_PART}{_NAME}[-/]{_YEAR}(?![\d-])",
    rf"(?P<open>{_NAME}-\d{{2}})(?![\d-])",  # a day of March, or March of a year
    rf"{_YEAR}-(?P<month>0[1-9]|1[0-2])(?!\d)",
    rf"(?P<month>0?[1-9]|1[0-2])/{_YEAR}",
    rf"{_DAY_TH}(?:-{_NAME}|\s+(?:of\s+|(?!may\b)){_NAME.replace('name', 'name_')})(?![-\s,]*(?:19|20)\d\d)",
    rf"{_NAME}\s*{_DAY_TH}(?![\d,]*\d)(?!\s*(?:mg|mcg|g\b|units?|%)|:\d)",
    r"(?<![\d/])(?P<month>0?[1-9]|1[0-2])/(?P<day>0[1-9]|[12]\d|3[01]|[1-9])(?![\d/]|\s*(?:mg|tab|of\b))",
    rf"{_PART}{_ALONE}",
    rf"{_YEAR}(?![\d-])",
    r"(?P<relative>yesterday|today|last\s+(?:week|month)|this\s+(?:week|month))",
)
_VALUED = tuple(re.compile(form.replace(_NO_VERB, ""), re.IGNORECASE) for form in _FORMS)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")  # of machines; found in cells only
_DATE = re.compile(
    r"(?<![\w/.,])(?:"
    + "|".join("(?:" + re.sub(r"\?P<\w+>", "?:", form) + ")" for form in _FORMS)
    + r")(?![A-Za-z])",
    re.IGNORECASE,
)
# A bare year or month is a date only after a word that makes it one.
_BARE = re.compile(r"(?:19|20)\d{2}|[A-Za-z .-]+", re.IGNORECASE)
_BEFORE_BARE = re.compile(
    r"(?:in|since|from|until|till|through|of|by|on|to|between|and|before|after|during|late|early|mid|"
    r"[(,;:/-]|->|summer|fall|autumn|spring|winter)\s*$",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"yester|today|last|this", re.IGNORECASE)
_SMALL = re.compile(r"[a-z][A-Za-z]{2}\.?")  # "may", "sat"

# Two ends of one expression, of which the later one prints what both share.
_TO = r"\s*(?:-|\u2013|\u2014|to|through|thru|until|till|and)\s*(?:the\s+)?"
_TO_DAY = re.compile(  # "May 4-11, 2026", "May 4th to the 11th"
    rf"{_TO}(?P<end>(?P<day>\d{{1,2}})(?:(?:st|nd|rd|th)?,?\s*(?P<year>(?:19|20)\d\d)(?!\d)"
    rf"|(?P<ordinal>st|nd|rd|th)(?!\w|\s+(?:of\s+)?{MONTH})))",
    re.IGNORECASE,
)
# "12-13 May 2026", "the 12th until the 13th of May"
_DAY_TO = re.compile(
    rf"(?<![\w/.,-])(?P<printed>(?P<day>\d{{1,2}})(?P<ordinal>st|nd|rd|th)?){_TO}$", re.IGNORECASE
)
_WITH_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_BETWEEN = re.compile(_TO, re.IGNORECASE)


class Order(StrEnum):
    """How a text prints its days in figures."""

    MONTH_FIRST = "month first"
    DAY_FIRST = "day first"
    OPEN = "open"


_IN_FIGURES = re.compile(r"\d{1,2}(?:[/.-]| ?/ ?)\d{1,2}(?!\d)")
_FULL = re.compile(  # a day in figures with its year; "30/20/10 mg" are steps of a dose
    r"(?<![\d/.,-])(?P<a>\d{1,2}) ?(?P<sign>[/.-]) ?(?P<b>\d{1,2}) ?(?P=sign) ?"
    r"(?P<year>(?:19|20)\d\d|(?<=/)\d\d)(?![\d/-]|\.\d|\s*(?:mg|mcg|g|units?)\b)"
)
_OUTWEIGHS = 3  # times as many days of one order as of the other: the others are misread


def day_orders(pages: Sequence[str]) -> list[Order]:
    """How each page prints its days in figures, by the days that can be read in one way only.

    A page follows its own, else the others that print with the same sign, else all. One day alone
    does not speak against many others of the document: a figure may be misread. Where nothing
    speaks for either, strokes and dashes are month first, and dots are open.
    """
    told = [_days_told(text) for text in pages]
    whole = set().union(*told) if told else set()
    return [_order_of(text, own, whole) for text, own in zip(pages, told, strict=True)]


_Told = tuple[str, bool, str]  # (sign, whether the day stands first, as printed)


def _days_told(text: str) -> set[_Told]:
    """The days of a text that can be read in one way only, each once."""
    found: set[_Told] = set()
    for m in _FULL.finditer(text):
        a, b = int(m["a"]), int(m["b"])
        if 12 < max(a, b) <= 31 and 1 <= min(a, b) <= 12:
            found.add((m["sign"], a > b, m[0]))
    return found


def _order_of(text: str, own: set[_Told], whole: set[_Told]) -> Order:
    signs = {m["sign"] for m in _FULL.finditer(text)}
    rest = _weighed(whole - own)
    here = _weighed(own)
    if here is not None:
        lone_against = len(own) == 1 and rest not in (None, here)
        return Order.OPEN if lone_against else here
    alike = _weighed({t for t in whole if t[0] in signs})
    return alike or rest or (Order.OPEN if signs == {"."} else Order.MONTH_FIRST)


def _weighed(told: set[_Told]) -> Order | None:
    """What days that can be read in one way only say together; None where there are none."""
    days = sum(first for _, first, _ in told)
    months = len(told) - days
    if not told:
        return None
    if days >= _OUTWEIGHS * months:
        return Order.DAY_FIRST
    return Order.MONTH_FIRST if months >= _OUTWEIGHS * days else Order.OPEN


def find_dates(text: str) -> list[Match]:
    """Dates, absolute or partial; `code` is what is borrowed from the other end of an expression.

    `code` is '' where the date says all itself, else a date that `parse` understands: of "May 4-11,
    2026" the ends have the codes "2026-05-04" and "2026-05-11".
    """
    found: list[Match] = []
    for m in _DATE.finditer(text):
        if (found and m.start() < found[-1].end) or not _is_date(text, m):
            continue
        printed = m.group(0)
        name, value = re.search(MONTH, printed, re.IGNORECASE), parse(printed)
        month = _MONTHS.index(name.group(0)[:3].lower()) + 1 if name is not None else 0
        year = value.earliest.year if value is not None and value.earliest is not None else None
        first = _DAY_TO.search(text, 0, m.start()) if month and printed[0].isdigit() else None
        if first is not None and _leads(first, printed, found, dated=year is not None):
            found += _named(first.span("printed"), year, month, first["day"])
        found.append(Match(m.start(), m.end(), "date", ""))
        last = _TO_DAY.match(text, m.end()) if _WITH_DAY.search(printed) and month else None
        if last is not None and last["ordinal"] and re.match(r"\s*and\b", last[0]):
            last = None  # "on May 4 and the 2nd infusion"
        if last is not None and (year is None or not last["year"]):
            year = int(last["year"]) if last["year"] else year
            found += _named(last.span("end"), year, month, last["day"])
    return [
        Match(this.start, this.end, "date", this.code or _borrowed(text, this, following))
        for this, following in zip_longest(found, found[1:])
    ]


def _is_date(text: str, m: re.Match[str]) -> bool:
    """Whether a bare year or month stands where it can only be one."""
    printed = m.group(0)
    if not _BARE.fullmatch(printed) or _RELATIVE.match(printed):
        return True
    led = m.start() == 0 or _BEFORE_BARE.search(text[: m.start()]) is not None
    return led and not _SMALL.fullmatch(printed)


def _leads(first: re.Match[str], until: str, found: list[Match], *, dated: bool) -> bool:
    """Whether a number is the first day of an expression: "20 until 15 May" holds a dose."""
    free = not found or found[-1].end <= first.start("day")
    last = re.match(r"\d{1,2}", until)
    earlier = last is not None and int(first["day"]) <= int(last[0])
    return free and earlier and (dated or first["ordinal"] is not None)


def _named(span: tuple[int, int], year: int | None, month: int, day: str) -> list[Match]:
    """A day of a month that is named at the other end; without a year it is found as that is."""
    if year is None:
        return [Match(*span, "date", f"{_MONTHS[month - 1]} {int(day)}")]
    when = _day(year, month, int(day))
    return [Match(*span, "date", when.iso)] if when is not None else []


def _borrowed(text: str, this: Match, following: Match | None) -> str:
    """ "11/10 to 02/20/2026", "Feb and Sept 2025": the first end is the last such one before."""
    printed = text[this.start : this.end]
    if following is None or not _BETWEEN.fullmatch(text, this.end, following.start):
        return ""
    until = parse(following.code or text[following.start : following.end])
    if until is None or until.latest is None or parse(printed) is not None:
        return ""
    when = parse(printed, until.latest)
    if when is not None and when.earliest and when.earliest > until.latest:
        when = parse(printed, until.latest - timedelta(days=31))
    if when is None or when.earliest is None:
        return ""
    return when.iso or f"{printed} {when.earliest.year}"


def in_figures(text: str) -> bool:
    """Whether a date is printed as figures of day and month, in one order or the other."""
    return _IN_FIGURES.match(text) is not None


def parse(text: str, written: date | None = None, order: Order | None = None) -> DateRange | None:
    """The days that a printed date can mean, or None.

    Args:
        written: When the text was written. A date without a year is the last one on or before
            it (in a chart, such dates look back), or up to a month after it.
        order: How the text around it prints days in figures, by `day_orders`; None for what
            nothing is known of, which is month first.
    """
    t = " ".join(text.replace("\u00b7", " ").strip().lower().split())  # a speck in a gap
    if m := _COMPACT.fullmatch(t):
        return _day(int(m[1]), int(m[2]), int(m[3]))
    for form in _VALUED:
        if m := form.fullmatch(t):
            told = m.groupdict()
            turned = {**told, "month": told.get("day"), "day": told.get("month")}
            if order in (None, Order.MONTH_FIRST) or not in_figures(t):
                return _meaning(told, written)
            if order is Order.DAY_FIRST:
                return _meaning(turned, written)
            return _either(_meaning(told, written), _meaning(turned, written))
    return None


def _either(a: DateRange | None, b: DateRange | None) -> DateRange | None:
    """From the earlier of two readings of a day to the later one; the only one that is a day."""
    ends = [d for r in (a, b) if r is not None for d in (r.earliest, r.latest) if d is not None]
    return DateRange(earliest=min(ends), latest=max(ends)) if ends else None


def _meaning(told: dict[str, str | None], written: date | None) -> DateRange | None:
    if told.get("open"):
        return None
    if told.get("relative"):
        return _relative(told["relative"] or "", written) if written is not None else None
    name, digits = told.get("name") or told.get("name_"), told.get("month")
    month = _MONTHS.index(name[:3]) + 1 if name else int(digits) if digits else None
    printed = told.get("year") or told.get("year_")
    year = _year(printed) if printed else None
    day = told.get("day")
    if month is None:
        return DateRange.year(year) if year is not None else None
    if not 1 <= month <= 12:
        return None
    if day is None:
        return _part_of_month(told.get("part") or "", month, year, written)
    if year is not None:
        return _day(year, month, int(day))
    return _last_fitting(month, int(day), written) if written is not None else None


def _day(year: int, month: int, day: int) -> DateRange | None:
    try:
        return DateRange.day(date(year, month, day))
    except ValueError:
        return None


def _year(text: str) -> int:
    year = int(text)
    return year + (2000 if year < 70 else 1900) if year < 100 else year


def _last_fitting(month: int, day: int, written: date) -> DateRange | None:
    for year in (written.year + 1, written.year, written.year - 1):
        found = _day(year, month, day)
        if (
            found is not None
            and found.earliest is not None
            and found.earliest <= written + timedelta(days=31)
        ):
            return found
    return None


def _part_of_month(
    part: str, month: int, year: int | None, written: date | None
) -> DateRange | None:
    """Thirds of a month for early, mid and late; the whole month without such a word."""
    if year is None:
        if written is None:
            return None
        year = written.year if date(written.year, month, 1) <= written else written.year - 1
    whole = DateRange.month(year, month)
    if "end of" in part:
        return DateRange.day(whole.latest) if whole.latest else whole
    bounds = (
        (1, 10)
        if "early" in part or "beginning" in part or "start" in part
        else (11, 20)
        if "mid" in part
        else (21, None)
        if "late" in part
        else None
    )
    if bounds is None:
        return whole
    last = date(year, month, bounds[1]) if bounds[1] else whole.latest
    return DateRange(earliest=date(year, month, bounds[0]), latest=last)


def _relative(text: str, written: date) -> DateRange | None:
    match text:
        case "today":
            return DateRange.day(written)
        case "yesterday":
            return DateRange.day(written - timedelta(days=1))
        case "last week":
            return DateRange(
                earliest=written - timedelta(days=13), latest=written - timedelta(days=1)
            )
        case "this week":
            return DateRange(earliest=written - timedelta(days=6), latest=written)
        case "last month":
            first = written.replace(day=1) - timedelta(days=1)
            return DateRange.month(first.year, first.month)
        case "this month":
            return DateRange.month(written.year, written.month)
    return None


def compatible(a: DateRange | None, b: DateRange | None) -> bool:
    """Whether two ranges can be the same day; an unknown one fits any."""
    if a is None or b is None:
        return True
    if a.earliest is None or a.latest is None or b.earliest is None or b.latest is None:
        return True
    return a.earliest <= b.latest and b.earliest <= a.latest


def width(value: DateRange | None) -> int:
    """Days of uncertainty; unknown is widest."""
    if value is None or value.earliest is None or value.latest is None:
        return 10**6
    return (value.latest - value.earliest).days
