"""How often and by which way a drug is taken: `models/lexicon/sig_terms.csv` and what composes.

The table has the words of the contract, each with its doses a day and the wordings that do not
follow a rule ("qid", "MWF"). "Every 7 days", "q6h", "3 times a week" follow one: they are read as
doses a day, and named by the word of the table that is worth the same.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pipeline.lexicon import models_dir, read_table
from pipeline.notation.matches import Match, apart_from, compiled
from pipeline.notation.numbers import number

_WORD = r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|sixteen|eighteen|twenty|thirty|one[\s-]half|half|quarter"
_N = rf"(?:\d+|{_WORD}|several|few)"
_RANGE = rf"{_N}(?:\s*(?:-|\u2013|to|or)\s*{_N})?"
_HOURS = r"(?:hours?|hrs?|h)\b\.?"
_PERIOD = r"(?:hours?|hrs?|days?|weeks?|wks?|months?|mos?|years?|minutes?|mins?|nights?|mornings?|evenings?|afternoons?)"
# What follows a rule, and the wordings that no word of the table is worth.
_BY_RULE = re.compile(
    r"(?<![A-Za-z0-9.])(?:"
    rf"q\.?\s?{_RANGE}\s?(?:[-.]\s?)?(?:{_HOURS}|d(?:ays?)?\b|w(?:ee)?ks?\b|weeks?\b|w\b|mo(?:nths?)?\b|min\w*)"
    r"|q\.?\s?(?:d(?:ay|aily)?|h\.?(?:our)?|w(?:(?:ee)?k)?|shift)(?![A-Za-z])\.?"
    r"|(?<![A-Za-z])h\.\s?s\.?|a\.c\.?(?![A-Za-z])"
    rf"|(?:every|each)\s+(?:other\s+|second\s+|single\s+)?(?:{_RANGE}[\s-]*)?{_PERIOD}|each\s+bedtime"
    rf"|(?:once|twice|thrice|one\s+time|{_RANGE}\s*(?:times|x))(?:\s+or\s+(?:twice|{_N}\s+times))?[\s-]*(?:an?\s+|per\s+|each\s+|every\s+|/\s*)?(?:day|daily|week|weekly|wk|month|monthly|night|nightly|year|yearly)(?![A-Za-z])"
    rf"|once\s+(?:at\s+night|at\s+bedtime|every\s+{_PERIOD})"
    r"|hourly|quarterly|at\s+noon|(?:in|for)\s+the\s+afternoon|for\s+the\s+(?:morning|evening)"
    r"|(?:with|before|after)\s+(?:each\s+)?(?:meals?|breakfast|lunch|dinner|supper)"
    r"|per\s+24\s*(?:hours?|hrs?)|around\s+the\s+clock|(?:[1-6]x|x[1-6])\s*/?\s*(?:day|daily|week|weekly|wk)"
    r")(?![A-Za-z])",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\.?[\s-]*(?:,\s*)?(?:and\s+|on\s+an?\s+|or\s+|only\s+)?", re.IGNORECASE)

# "Relapsed within a week": a length of time.
_ONE_UNIT = re.compile(r"an?\s+(?:day|week|month)", re.IGNORECASE)
_LENGTH_BEFORE = re.compile(
    r"\b(?:within|for|in|after|over|about|almost|nearly|than|half|under|of|until|just|lasted)\s+$",
    re.IGNORECASE,
)
# "Follow up with Dr. Roe as needed" is no way to take a drug.
_OF_VISIT = re.compile(
    r"\b(?:follow[\s-]?up|return|recheck|see|seen|visit)\b(?:[^.;,\n]|Dr\.){0,30}$", re.IGNORECASE
)
# Days of a period, by what it begins with; a week has seven days, a month 30.44.
_DAYS = {"h": 1 / 24, "d": 1.0, "w": 7.0, "m": 365.25 / 12, "y": 365.25}
_UNIT = r"(?P<period>h(?:ours?|rs?)?|d(?:ays?|aily)?|w(?:eeks?|eekly|ks?)?|mo(?:nths?|nthly|s)?|y(?:ears?|early|rs?)?)\.?"
_TIMES = re.compile(
    rf"(?P<times>once|twice|thrice|one\s+time|{_N}\s*(?:times|x)|[1-6]x)[\s-]*(?:an?\s+|per\s+|each\s+|every\s+|/\s*)?{_UNIT}",
    re.IGNORECASE,
)
_EVERY = re.compile(
    rf"(?:once\s+)?(?:every|each|q\.?)\s*(?:(?P<second>other|second|2nd)\s+|(?P<n>\d+|{_WORD})[\s.-]*)?{_UNIT}",
    re.IGNORECASE,
)
SAME = 0.02  # of a number of doses, the share by which two wordings of one frequency may differ


@cache
def sig_terms(models: Path, *kinds: str) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """(kind, contract's word, pattern) of some kinds of sig term, in the order of the table."""
    path = models / "lexicon" / "sig_terms.csv"
    return tuple(
        (row["kind"], row["term"], compiled(path, line, row["pattern"]))
        for line, row in read_table(path)
        if row["kind"] in kinds and row["pattern"]
    )


@cache
def _worth(models: Path) -> dict[str, float]:
    return {
        row["term"]: float(row["per_day"])
        for _, row in read_table(models / "lexicon" / "sig_terms.csv")
        if row["per_day"]
    }


def doses_a_day(frequency: str, models: Path | None = None) -> float | None:
    """Doses a day of a contract's word or a printed frequency; None where that is open."""
    known = _worth(models or models_dir())
    return known[frequency] if frequency in known else _composed(frequency)


def taken_daily(frequency: str) -> bool:
    """Whether a frequency is so many doses every day."""
    return (doses_a_day(frequency) or 0.0) >= 1


def _composed(printed: str) -> float | None:
    text = printed.strip()
    if m := _TIMES.fullmatch(text):
        words = {"once": 1.0, "twice": 2.0, "thrice": 3.0}
        times = words.get(m["times"].lower()) or number(m["times"])
        return times / _DAYS[m["period"][0].lower()] if times else None
    if m := _EVERY.fullmatch(text):
        every = 2.0 if m["second"] else number(m["n"]) if m["n"] else 1.0
        return 1 / (every * _DAYS[m["period"][0].lower()]) if every else None
    return None


def find_sigs(text: str, models: Path, *kinds: str) -> list[Match]:
    """Sig terms of some kinds by start, `code` the contract's word; earlier rows of the table win."""
    found: list[Match] = []
    for kind, term, pattern in sig_terms(models, *kinds):
        found += apart_from(
            found, [Match(*m.span(), kind, term or m.group(0)) for m in pattern.finditer(text)]
        )
    return sorted(found, key=lambda m: m.start)


def frequency_parts(text: str, models: Path) -> list[Match]:
    """What says how often, part by part; `code` is the contract's word, or '' where it has none."""
    named = find_sigs(text, models, "frequency")
    found = []
    named = [
        n
        for n in named
        if not (
            _ONE_UNIT.fullmatch(text, n.start, n.end) and _LENGTH_BEFORE.search(text, 0, n.start)
        )
    ]
    for m in _BY_RULE.finditer(text):
        if _ONE_UNIT.fullmatch(m.group(0)) and _LENGTH_BEFORE.search(text, 0, m.start()):
            continue
        worth = _composed(m.group(0))
        inside = [n for n in named if n.start < m.end() and m.start() < n.end]
        if worth is not None:
            code = next(
                (t for t, w in _worth(models).items() if abs(w - worth) <= SAME * worth),
                " ".join(m.group(0).lower().split()),
            )
            if all(m.start() <= n.start and n.end <= m.end() for n in inside):
                found.append(Match(*m.span(), "frequency", code))
        elif not inside:
            found.append(Match(*m.span(), "frequency", ""))
    return sorted([*found, *apart_from(found, named)], key=lambda m: m.start)


def find_frequencies(text: str) -> list[Match]:
    """Frequencies by start; parts that go together are one: "every 6 hours as needed".

    The full stop of an abbreviation stays outside, as the annotation guideline asks.
    """
    found: list[Match] = []
    for m in frequency_parts(text, models_dir()):
        if m.code == "once" or (m.code == "as needed" and _OF_VISIT.search(text, 0, m.start)):
            continue
        end = m.end - 1 if text[m.end - 1] == "." else m.end
        if found and _JOINED.fullmatch(text, found[-1].end, m.start):
            found[-1] = Match(found[-1].start, end, "frequency", "")
        else:
            found.append(Match(m.start, end, "frequency", ""))
    return found


def find_routes(text: str) -> list[Match]:
    """Routes by start, without the full stop of an abbreviation."""
    return [
        Match(m.start, m.end - 1 if text[m.end - 1] == "." else m.end, "route", "")
        for m in find_sigs(text, models_dir(), "route", "site")
    ]
