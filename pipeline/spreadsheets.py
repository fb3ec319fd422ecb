"""What spreadsheets do to the cells of a CSV file, and what they must not do.

They run text as formulas, so that it is neutralised. And they rewrite cells that nobody touched:
1.50 becomes 1.5, 4/5 a date, 1:40 a time of day; what one may have made of a cell is no change.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence

# What spreadsheets take as the start of a formula, or skip before one; the wide forms are what
# some of them turn into the narrow (OWASP, CSV Injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutralise(text: str) -> str:
    """Text that no spreadsheet takes as a formula: with an apostrophe before it if need be."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def plain(cell: str) -> str:
    """A cell without outer blanks and without the apostrophe that neutralises a formula."""
    is_neutralised = cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS)
    return " ".join(cell.removeprefix("'" if is_neutralised else "").split())


def version_of(cells: Iterable[str]) -> str:
    """A digest of cells, the same after a spreadsheet saved them; it begins with a letter."""
    texts = [_canonical(cell) for cell in cells]
    return f"v{hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:10]}"


def is_same(before: str, after: str) -> bool:
    """Whether `after` is `before`, or what a spreadsheet makes of it when it opens and saves."""
    old, new = plain(before), plain(after)
    if old == new or _canonical(before) == _canonical(after):
        return True
    a, b = number_in(old), number_in(new)
    if a is not None and b is not None:
        return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)
    return new in set(_rewritten(old))


def _canonical(cell: str) -> str:
    text = plain(cell)
    number = number_in(text)
    if number is not None:
        return f"{number:.6g}"
    if text.casefold() in ("true", "false"):
        return text.casefold()
    if found := re.fullmatch(r"(\d\d?)/(\d\d?)/((?:19|20)\d\d)", text):  # of the United States
        return f"{found[3]}-{int(found[1]):02}-{int(found[2]):02}"
    return text


def number_in(text: str) -> float | None:
    """A number as people and spreadsheets write it: 1200, 1,200.50, $5, 12.50%, 1E+20, 1 1/2."""
    if found := re.fullmatch(r"(-?\d+) (\d)/(\d)", text, re.ASCII):
        return float(found[1]) + int(found[2]) / max(1, int(found[3]))
    clean = re.sub(r"(?<=\d),(?=\d{3}(?:\D|$))", "", text.removeprefix("$"))
    found = re.fullmatch(
        r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(%?)", clean, re.ASCII | re.IGNORECASE
    )
    if found is None:
        return None
    value = float(found[1]) / (100 if found[2] else 1)
    return value if math.isfinite(value) else None


_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def _rewritten(text: str) -> Iterator[str]:
    """What spreadsheets show for a text that they take as a date or a time of day.

    LibreOffice with "detect special numbers", and Excel; dates as in the United States.
    """
    if found := re.fullmatch(r"(\d{1,5}):(\d\d)(?::(\d\d))?( ?[AP]M)?", text, re.IGNORECASE):
        yield from _clock(int(found[1]), int(found[2]), int(found[3] or 0), found[4] or "")
    month = day = 0
    years: Sequence[int] = range(1990, 2100)
    if found := re.fullmatch(r"(\d\d?)[/-](\d\d?)(?:[/-](\d\d(?:\d\d)?))?", text):
        month, day = int(found[1]), int(found[2])
        if found[3]:
            years = [int(found[3]) + (2000 if len(found[3]) == 2 else 0)]
        if month <= 12 and 13 <= day <= 99 and not found[3]:  # 5/26: May 2026
            yield from _as_dates(1, month, [1900 + day, 2000 + day])
    elif found := re.fullmatch(r"([a-z]{3})[a-z]*[ -](\d\d?|\d{4})", text, re.IGNORECASE):
        month = _month(found[1])
        if len(found[2]) == 4:
            day, years = 1, [int(found[2])]
        else:
            day = int(found[2])
            yield from _as_dates(1, month, [1900 + day, 2000 + day])
    elif found := re.fullmatch(r"(\d{4})-(\d\d?)", text):  # a LOINC code, a month
        month, day, years = int(found[2]), 1, [int(found[1])]
    yield from _as_dates(day, month, years)


def _month(name: str) -> int:
    short = name.casefold()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _as_dates(day: int, month: int, years: Sequence[int]) -> Iterator[str]:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return
    name = _MONTHS[month - 1].capitalize()
    yield from (f"{day}-{name}", f"{day:02}-{name}", f"{name}-{day}", f"{name}-{day:02}")
    for year in years:
        yield f"{year}-{month:02}-{day:02}"
        for short in (f"{year}", f"{year % 100:02}"):
            yield from (f"{month}/{day}/{short}", f"{month:02}/{day:02}/{short}")
            yield from (f"{day}-{name}-{short}", f"{name}-{short}", f"{name} {short}")


def _clock(hours: int, minutes: int, seconds: int, half: str) -> Iterator[str]:
    if half.strip().upper() == "PM" and hours < 12:
        hours += 12
    tail = f"{minutes:02}:{seconds:02}"
    yield from (f"{hours}:{tail}", f"{hours:02}:{tail}", f"{hours}:{minutes:02}")
    yield f"{hours:02}:{minutes:02}"
    of_day, name = hours % 24 % 12 or 12, "PM" if hours % 24 >= 12 else "AM"
    yield from (f"{of_day:02}:{tail} {name}", f"{of_day}:{tail} {name}")
    yield from (f"{of_day:02}:{minutes:02} {name}", f"{of_day}:{minutes:02} {name}")
