"""Printed dates as ranges of days; a year that is not printed is the last one that fits."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pipeline.quantities import DateRange

MONTHS = {
    m: i + 1
    for i, m in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    )
}
NAMED = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"


def _day(year: int, month: int, day: int) -> DateRange | None:
    try:
        return DateRange.day(date(year, month, day))
    except ValueError:
        return None


def _year(text: str) -> int:
    year = int(text)
    return year + (2000 if year < 70 else 1900) if year < 100 else year


def parse(text: str, written: date | None = None) -> DateRange | None:
    """The days that a printed date can mean, or None.

    Args:
        written: When the text was written. A date without a year is the last one on or before
            it (in a chart, such dates look back), or up to a month after it.
    """
    t = " ".join(text.replace("\u00b7", " ").strip().lower().split())  # a speck in a gap
    if m := re.fullmatch(r"((?:19|20)\d{2})([-/]?)(\d{2})\2(\d{2})", t):
        return _day(int(m[1]), int(m[3]), int(m[4]))
    if m := re.fullmatch(r"((?:19|20)\d{2})-(\d{1,2})-(\d{1,2})", t):
        return _day(int(m[1]), int(m[2]), int(m[3]))
    if m := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})", t):
        return _day(_year(m[3]), int(m[1]), int(m[2]))
    if m := re.fullmatch(
        rf"{NAMED}[\s:]*(\d{{1,2}})(?:st|nd|rd|th)?,?\s*(?:of\s+)?((?:19|20)\d{{2}})", t
    ):
        return _day(int(m[3]), MONTHS[m["month"]], int(m[2]))
    if m := re.fullmatch(
        rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{NAMED}[\s,-]*((?:19|20)\d{{2}})", t
    ):
        return _day(int(m[3]), MONTHS[m["month"]], int(m[1]))
    if m := re.fullmatch(rf"(\d{{1,2}})-{NAMED}-(\d{{2}})", t):
        return _day(_year(m[3]), MONTHS[m["month"]], int(m[1]))
    if m := re.fullmatch(rf"{NAMED}-(\d{{1,2}})-(\d{{2,4}})", t):
        return _day(_year(m[3]), MONTHS[m["month"]], int(m[2]))
    if m := re.fullmatch(r"((?:19|20)\d{2})-(\d{2})", t):
        return DateRange.month(int(m[1]), int(m[2]))
    if m := re.fullmatch(r"(\d{1,2})/((?:19|20)\d{2})", t):
        return DateRange.month(int(m[2]), int(m[1])) if 1 <= int(m[1]) <= 12 else None
    if m := re.fullmatch(r"(?:19|20)\d{2}", t):
        return DateRange.year(int(t))
    if m := re.fullmatch(
        rf"(?P<part>(?:early|mid|late|the |end |of |beginning |middle |start |-| )*){NAMED},?(?:\s+(?:of\s+)?((?:19|20)\d{{2}}))?",
        t,
    ):
        return _part_of_month(m["part"], MONTHS[m["month"]], int(m[3]) if m[3] else None, written)
    if written is None:
        return None
    if m := re.fullmatch(rf"{NAMED}\s*(\d{{1,2}})(?:st|nd|rd|th)?", t):
        return _last_fitting(MONTHS[m["month"]], int(m[2]), written)
    if m := re.fullmatch(rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{NAMED}", t):
        return _last_fitting(MONTHS[m["month"]], int(m[1]), written)
    if m := re.fullmatch(r"(\d{1,2})/(\d{1,2})", t):
        return _last_fitting(int(m[1]), int(m[2]), written)
    return _relative(t, written)


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
