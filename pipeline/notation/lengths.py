"""Lengths of time, found and valued by one pattern: "just over 3 1/2 months"."""

from __future__ import annotations

import re

from pipeline.notation.matches import Match, apart_from
from pipeline.notation.numbers import AMOUNT, HALF_MORE, WORD, number
from pipeline.quantities import Quantity

DAYS = {"d": (1, 1), "n": (1, 1), "w": (7, 7), "f": (14, 14), "m": (28, 31), "y": (365, 366)}
"""Least and most days of a unit, by its first letter: a month has 28 to 31 days."""
NEAR = 0.8  # of a length that is nearly reached, the share that surely was
HALF = 0.5  # the same of the better part of a length

_SHORT = r"days?|nights?|d|weeks?|wks?|w|fortnights?|months?|mos?|m|years?|yrs?|y"
_LONG = r"days?|nights?|weeks?|wks?|fortnights?|months?|years?|yrs?"
_A_LITTLE = r"(?:(?:just|well|a\s+(?:little|bit)|slightly|somewhat)\s+)?"
# What is said before a length of how far it goes. "About" leaves it as printed.
_AT_LEAST = rf"{_A_LITTLE}(?:more\s+than|over|longer\s+than|upwards?\s+of|(?<=just\s)past|(?<=well\s)past)|at\s+least|>\s*=?|\u2265"
_NEARLY = (
    rf"(?:almost|nearly|close\s+to|not\s+quite|not\s+yet|barely|scarcely|{_A_LITTLE}(?:short\s+of|shy\s+of)"
    r"|(?:just|a\s+(?:little|bit)|slightly)\s+(?:under|less\s+than))"
)
_AT_MOST = (
    r"(?:not?\s+(?:more|longer)|less|fewer|shorter)\s+than|under|<\s*=?|\u2264|at\s+most|up\s+to|"
    r"(?:a\s+)?maximum\s+of|(?:a\s+)?part\s+of"
)
_MOSTLY = r"(?:the\s+(?:better|best|greater|larger|major)(?:\s+(?:part|half))?|the\s+bulk|most)\s+of"  # more than half
_ABOUT = r"~|\u2248|about|approximately|approx\.?|around|only|roughly|some|a\s+(?:good|full|whole|total\s+of)|circa|ca\.?"
_HEDGE = rf"(?:(?:(?P<nearly>{_NEARLY})|(?P<most>{_AT_MOST})|(?P<mostly>{_MOSTLY})|(?P<least>{_AT_LEAST})|(?:{_ABOUT}))(?:\s+|(?<=[<>=~\u2248\u2264\u2265])\s*))?"
_FILLED = (
    r"(?:full\s+|consecutive\s+|successive\s+|straight\s+|total\s+|entire\s+|whole\s+|more\s+)?"
)
_LENGTH = (
    rf"{_HEDGE}(?:(?P<low>{AMOUNT})(?:\s*(?:-|\u2013|to|or)\s*(?P<high>{AMOUNT}))?\+?[\s-]*{_FILLED}(?P<unit>{_SHORT})"
    rf"|(?P<word>{WORD})(?:[\s-]+(?:to|or)[\s-]+(?P<word_high>{WORD}))?[\s-]+{_FILLED}(?P<unit_of_word>{_LONG}))"
    rf"(?![A-Za-z/])(?P<half>(?:{HALF_MORE})(?![A-Za-z]))?"
    rf"(?:\s+(?:and\s+)?(?P<rest>(?:{AMOUNT}|{WORD})[\s-]*(?P<rest_unit>days?|weeks?|wks?|months?|mos?))(?![A-Za-z/]|\s+(?:later|ago|before|after|off)\b))?"
)


def _unnamed(pattern: str) -> str:
    return re.sub(r"\?P<\w+>", "?:", pattern)


_VALUED = re.compile(rf"(?<![\w.,/]){_LENGTH}", re.IGNORECASE)
_OF_COURSE = re.compile(r"day\s+(\d{1,3})", re.IGNORECASE)  # "on day 12 of"

_FOUND = re.compile(
    rf"(?<![\w.,/])(?P<lead>(?:x|for|for\s+the\s+(?:past|last)|over\s+the\s+(?:past|last)|during\s+the\s+(?:past|last)|"
    rf"after|despite|within|total\s+of|course\s+of|trial\s+of|completed|had|has\s+had|took|lasted|lasting|duration:?|"
    rf"only|since|into|of|the\s+(?:past|last)|throughout)\s*)?"
    rf"(?P<length>{_unnamed(_LENGTH)})(?P<tail>\s+(?:of|on|into|at|trial|course|later|ago|history|old|supply|period|high|with|without|apart|after|before|in|and\s+counting))?",
    re.IGNORECASE,
)
# "Stopped after ten weeks", "he quit it on day 9", "off at two weeks": so long was it taken.
_STOPPED_IN = re.compile(
    r"\b(?:stopp?ed|discontinued|dropped|quit|ended|ceased|abandoned|withdrawn|d/c'?d|(?:came|taken|took\s+(?:her|him|me))\s+off|"
    r"(?<=[,;:(]\s)off|g[ai]ven?\s+(?:it\s+)?up|threw\s+(?:it\s+)?(?:out|away))\s+(?:(?:it|this|that|them)\s+)?(?:only\s+|just\s+)?"
    r"(?:after|within|in|at|by|on)\s+(?:only\s+|just\s+)?$",
    re.IGNORECASE,
)
# "Eleven weeks later it was stopped", "sixteen weeks later, we gave it up".
_STOPPED_LATER = re.compile(
    r"\s*,?\s*(?:\w+\s+){0,2}?(?:(?:it|this|that|the\s+(?:drug|medication|treatment)|both)\s+(?:was|were|had\s+to\s+be|has\s+been)\s+(?:\w+\s+)?"
    r"(?:stopped|discontinued|dropped|ended|abandoned|withdrawn|given\s+up|d/c'?d)|"
    r"(?:stopped|discontinued|dropped|quit|abandoned|withdrew|g[ai]ve\s+up(?:\s+on)?|came\s+off|gave)\s+(?:it|this|that|both|the\s+(?:drug|medication)))\b",
    re.IGNORECASE,
)
# "Prednisone, a fortnight and no longer": not how often it is taken.
_IN_ALL = re.compile(
    r"\s*(?:and\s+(?:no|not)\s+(?:a\s+day\s+)?(?:longer|more)|in\s+(?:all|total)|all\s+told|altogether|at\s+(?:the\s+)?most)\b",
    re.IGNORECASE,
)
# "An 18-month good response to X": so long it was taken at least.
OF_GAIN = re.compile(
    r"[\s-]+(?:[\w-]+\s+){0,2}?(?:response|remission|benefit|run|stretch|spell)\s+(?:to|on|with|of|under)\b",
    re.IGNORECASE,
)
_NONE_AFTER = {"later", "ago", "history", "old", "apart", "before", "supply", "after"}
_NONE_BEFORE = re.compile(r"(?:every|q|each|recheck|rtc|return|in)\s*$", re.IGNORECASE)


# "Weeks on it: 3": the unit stands in the label.
_COUNTED = re.compile(
    r"\b(?P<unit>days|weeks|wks|months|mos|years|yrs)\b[^\d\n]{0,40}[\s:=](?P<count>\d{1,3})\s*$",
    re.IGNORECASE,
)


def duration(text: str) -> Quantity | None:
    """A length of time in days, as an interval: "2-3 weeks" is 14 to 21 d, "6 months" 168 to 186 d."""
    if day := _OF_COURSE.fullmatch(text.strip()):
        return Quantity.exactly(float(day[1]), "d")
    m = _VALUED.search(text)
    if m is None:
        counted = _COUNTED.search(text)
        return duration(f"{counted['count']} {counted['unit']}") if counted is not None else None
    low = number(m["low"] or m["word"])
    reached = m["high"] or m["word_high"]
    high = number(reached) if reached else low
    if low is None or high is None:  # "several weeks"
        return None
    unit = (m["unit"] or m["unit_of_word"]).lower()
    more = (0.25 if "quarter" in m["half"] else 0.5) if m["half"] else 0.0
    short, long = DAYS[unit[0]]
    few, many = min(low, high) + more, max(low, high) + more
    # Of two months in a row at most one is short: half of one is half of a long one.
    least, most = int(few) * short + few % 1 * long, many * long
    if m["rest"] and unit[0] != m["rest_unit"][0].lower():
        rest, (short, long) = number(m["rest"]) or 0.0, DAYS[m["rest_unit"][0].lower()]
        least, most = least + rest * short, most + rest * long
    if m["least"]:
        return Quantity(low=least, high=None, unit="d")
    if m["most"]:
        return Quantity(low=0, high=most, unit="d")
    reached_least = NEAR if m["nearly"] else HALF if m["mostly"] else 1
    return Quantity(low=least * reached_least, high=most, unit="d")


def _pieces(start: int, length: str) -> list[tuple[int, int]]:
    """The places of the lengths in what was found as one: "2 weeks and 6 weeks" are two."""
    m = _VALUED.match(length)
    if (
        m is None
        or not m["rest"]
        or m["rest_unit"][0].lower() != (m["unit"] or m["unit_of_word"])[0].lower()
    ):
        return [(start, start + len(length))]
    first = re.sub(r"\s+(?:and\s+)?$", "", length[: m.start("rest")])
    return [(start, start + len(first)), (start + m.start("rest"), start + len(length))]


def find_durations(text: str) -> list[Match]:
    """Lengths of time; `code` is the word that leads to it, lower case ('' if none).

    `stopped` where that is how long something was taken before it was stopped.
    """
    found = []
    for m in _FOUND.finditer(text):
        tail = (m["tail"] or "").strip().lower()
        before = text[: m.start("length")]
        if _STOPPED_IN.search(before) and tail not in _NONE_AFTER:
            found.append(Match(m.start("length"), m.end("length"), "duration", "stopped"))
            continue
        if tail == "later" and _STOPPED_LATER.match(text, m.end()):
            found.append(Match(m.start("length"), m.end("length"), "duration", "stopped"))
            continue
        led = (m["lead"] or "").split()[:1] in (["for"], ["x"], ["completed"], ["took"], ["after"])
        if (
            tail in _NONE_AFTER and not (led and tail in ("before", "after"))
        ) or _NONE_BEFORE.search(before):
            continue
        length = m["length"]
        bare = re.fullmatch(rf"(?:a|an)[\s-]+(?:{_LONG})", length, re.I) and not m["lead"]
        total = re.search(r"[,;:(]\s*$", before) and _IN_ALL.match(text, m.end("length"))
        if bare and tail != "on" and not total:  # but "a year on tofacitinib"
            continue
        apart = re.search(r"[,;|(]\s*$", before) and re.match(r"\s*(?:[,;|.)]|$)", text[m.end() :])
        if (
            re.search(r"\d\s*[mdwy]$", length, re.I)
            and not m["lead"]
            and not (apart and re.search(r"\d\s+d$", length))  # "62M": an age and a sex
        ):
            continue
        if re.match(r"[\s-]*(?:old|year)", text[m.end("length") :], re.I):
            continue
        lead = " ".join((m["lead"] or "").lower().split())
        code = lead or ("of" if tail in ("of", "on", "at", "into") else "")
        if tail in ("trial", "course", "high", "into"):
            code = tail if tail == "into" else "course"
        elif not code and OF_GAIN.match(text, m.end("length")):
            code = "course"
        for start, end in _pieces(m.start("length"), length):
            found.append(Match(start, end, "duration", code))
    days = []
    for m in re.finditer(rf"\b{_OF_COURSE.pattern}(?!\d)", text, re.IGNORECASE):
        if _STOPPED_IN.search(text[: m.start()]):
            days.append(Match(m.start(), m.end(), "duration", "stopped"))
        elif re.match(r"\s+of\s+(?!the\b)", text[m.end() :], re.IGNORECASE):
            days.append(Match(m.start(), m.end(), "duration", "into"))
    return sorted([*found, *apart_from(found, days)], key=lambda m: m.start)
