"""The year of heads that print only month and day ("05/01 ... 08/03/2026").

A series of days is printed in order, oldest or newest first. A head without a year takes it from
the heads with one, where only one of the two orders fits into a year.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

PRINTED = re.compile(
    r"(?<![\d/])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>(?:20)?\d{2}))?(?![\d/])"
)
YEAR = timedelta(days=365)


def years_of_heads(heads: list[str]) -> list[str]:
    """For each head, the ISO day that it must be where it lacks the year; '' where that is open."""
    nothing = [""] * len(heads)
    printed = [PRINTED.search(head) for head in heads]
    told = [m for m in printed if m is not None]
    if len(told) < len(heads) or not any(m["year"] for m in told) or all(m["year"] for m in told):
        return nothing
    monthly = [(int(m["month"]), int(m["day"])) for m in told]
    known = [
        _day(2000 + int(m["year"]) % 100, *pair) if m["year"] else None
        for m, pair in zip(told, monthly, strict=True)
    ]
    if not any(known):
        return nothing
    rising = _in_order(known, monthly)
    falling = _in_order(known[::-1], monthly[::-1])[::-1]
    fitting = [order for order in (rising, falling) if order and max(order) - min(order) < YEAR]
    if len(fitting) != 1:
        return nothing
    return ["" if k else day.isoformat() for k, day in zip(known, fitting[0], strict=True)]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_order(known: list[date | None], monthly: list[tuple[int, int]]) -> list[date]:
    """The days as a rising series, each as near as may be to the one it is read from; [] if none is."""
    found = list(known)
    first = next(i for i, day in enumerate(found) if day is not None)
    for i in range(first - 1, -1, -1):
        found[i] = _nearest(monthly[i], found[i + 1], -1)
    for i in range(first + 1, len(found)):
        found[i] = found[i] or _nearest(monthly[i], found[i - 1], 1)
    told = [day for day in found if day is not None]
    rising = all(a <= b for a, b in pairwise(told))
    return told if rising and len(told) == len(found) else []


def _nearest(monthly: tuple[int, int], beside: date | None, step: int) -> date | None:
    """The last such day before another, or (with step 1) the first one after it."""
    if beside is None:
        return None
    for year in (beside.year, beside.year + step):
        day = _day(year, *monthly)
        if day is not None and (day <= beside if step < 0 else day >= beside):
            return day
    return None
