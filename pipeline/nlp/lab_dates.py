"""Which date in a sentence is the day of which result."""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline.nlp.lab_tests import Group, Result
from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match

LEADING = 60  # characters between a date and the first test that it dates

OF_ALL = re.compile(
    r"[(,;]\s*(?:all|each|both)(?:\s+(?:on|from|of|dated|drawn|collected|done|in))*\s+",
    re.IGNORECASE,
)  # "(all April 8)"
INTRODUCES = re.compile(
    r"(?:\W|\b(?:on|in|as|of|by|at|the|her|his|labs?|laborator(?:y|ies)|stud(?:y|ies)|serolog\w+|results?|blood\s?work|from|dated|date|"
    r"drawn|collected|screen(?:s|ing)?|tests?|testing|bloods?|work-?up|panel|flares?|flared|relapsed?|infection|infectious|hepatitis|pre-?treatment|baseline|recent|latest|"
    r"last|most|initial|repeat|outside|visit)\b)*",
    re.IGNORECASE,
)


def add_dates(sentence: Sentence, groups: list[Group]) -> None:
    """Give every result the date that stands beside it; one "of all" belongs to each."""
    told = [g for g in groups if g.results and g.tests]
    if not told:
        return
    first = told[0].start
    of_all = OF_ALL.search(sentence.text)
    if of_all is not None:
        date = next(
            (d for d in sentence.dates if of_all.end() <= d.start <= of_all.end() + 1), None
        )
        if date is not None:
            for group in told:
                for result in group.results:
                    result.parts.append(("date", date))
            return
    inside = [
        d for d in sentence.dates if d.start >= first and not _heads_a_value(sentence.text, d)
    ]
    leading = [d for d in sentence.dates if d.end <= first and first - d.end < LEADING]
    leading = [d for d in leading if _introduces(sentence.text, d)]
    undated: list[Result] = []
    for i, group in enumerate(told):
        end = told[i + 1].start if i + 1 < len(told) else len(sentence.text)
        own = [d for d in inside if group.end <= d.start < end]
        bracket = _dated_bracket(sentence, group)
        if bracket is not None:
            for result in group.results:
                result.parts.append(("date", bracket))
            continue
        undated += _date_group(sentence, group, own)
    shared = leading[-1:] if leading else _closing(sentence, told, inside)
    for result in undated:
        if shared and (leading or len(inside) == 1):
            result.parts.append(("date", shared[0]))
        elif (then := _when_it_changed(sentence, first, result)) is not None:
            result.parts.append(("date", then))


CHANGED = re.compile(
    r"\b(?:rose|climbed|jumped|shot|went|fell|dropped|sank|crept|came\s+(?:down|up))\b[^.;]*$",
    re.IGNORECASE,
)


def _when_it_changed(sentence: Sentence, first: int, result: Result) -> Match | None:
    """The only day before what is told as an event: "In June she was weaker, and the CK rose to 900"."""
    before = [d for d in sentence.dates if d.end <= first]
    if len(before) != 1 or CHANGED.search(sentence.text[first : result.start]) is None:
        return None
    return before[0] if ";" not in sentence.text[before[0].end : result.start] else None


DRAWN = re.compile(
    r"(?:^|[,;.:(]|\b(?:they|these|those|it|all|both|tests?|labs?|results?|bloods?|was|were))\s*(?:drawn|collected|obtained|taken|sampled|dated)\s+(?:on\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)


def _introduces(text: str, day: Match) -> bool:
    """Whether a day before the first test is that of what follows: "Here they are, drawn 7/3: ..."."""
    if INTRODUCES.fullmatch(text[: day.start]):
        return True
    headed = re.match(r"\s*[:)]", text[day.end :]) is not None
    return headed and DRAWN.search(text[: day.start]) is not None


def _heads_a_value(text: str, day: Match) -> bool:
    """ "CK 9.4x ULN (7/20: 6.8x)": a day that a colon parts from an earlier value in its bracket."""
    opened, closed = text.rfind("(", 0, day.start), text.rfind(")", 0, day.start)
    return opened > closed and re.match(r"\s*:\s*[<>]?\d", text[day.end :]) is not None


def _dated_bracket(sentence: Sentence, group: Group) -> Match | None:
    """ "In February (CK 950 U/L) and in May (CK 1,210 U/L)": the day right before its bracket."""
    opened = sentence.text.rfind("(", 0, group.start)
    closed = sentence.text.find(")", group.results[-1].start)
    if opened < 0 or closed < 0 or ")" in sentence.text[opened : group.start]:
        return None
    if any(opened < d.start < closed for d in sentence.dates):
        return None
    before = [d for d in sentence.dates if d.end <= opened]
    return before[-1] if before and not sentence.text[before[-1].end : opened].strip() else None


BESIDE = re.compile(r"\W*(?:(?:on|in|at|from|dated)\s+)?", re.IGNORECASE)


def _nearest(text: str, named: int, start: int, end: int, dates: list[Match]) -> list[Match]:
    """The date of a result: right after it, else between the name and it, else after it at all.

    "CK on August 6 was 1,388; a repeat is ordered today."
    """
    after = [d for d in dates if d.start >= end][:1]
    if after and BESIDE.fullmatch(text, end, after[0].start):
        return after
    between = [d for d in dates if named <= d.start and d.end <= start]
    return between[-1:] or after or dates[-1:]


def _date_group(sentence: Sentence, group: Group, dates: list[Match]) -> list[Result]:
    """Date the results of one group; those that get none are returned."""
    results = group.results
    last = results[-1].end
    if _date_first(results, group.end, dates):
        for result, date in zip(results, dates, strict=True):
            result.parts.append(("date", date))
        return []
    if group.zipped or len(results) == 1:
        near = _nearest(sentence.text, group.end, results[0].start, last, dates)
        for result in results:
            result.parts += [("date", d) for d in near]
        return [] if near else list(results)
    if len(dates) == len(results) and all(d.start >= last for d in dates):
        for result, date in zip(results, dates, strict=True):
            result.parts.append(("date", date))
        return []
    left = list(results)
    for date in dates:
        owner = _owner(sentence.text, results, date)
        if owner is not None and owner in left:
            owner.parts.append(("date", date))
            left.remove(owner)
    early = [d for d in sentence.dates if d.end <= group.start and group.start - d.end < 5]
    if (
        early and dates and left and left[0] is results[0]
    ):  # "On 6/1 CK was 4512, on 8/1 it was 3120"
        left[0].parts.append(("date", early[-1]))
        left = left[1:]
    return [] if dates else left


def _date_first(results: list[Result], start: int, dates: list[Match]) -> bool:
    """ "CK 8/10/26 1,515; 7/6/26 520": each value right after its day."""
    if len(results) != len(dates) or len(results) < 2:
        return False
    floors = [start, *(r.end for r in results)]
    return all(
        floor <= d.start and d.end <= r.start
        for floor, d, r in zip(floors, dates, results, strict=False)
    )


def _owner(text: str, results: list[Result], date: Match) -> Result | None:
    """The value beside a date: the one before it, unless a comma or "now" cuts them apart."""
    before = [r for r in results if _value_end(r) <= date.start + 1]
    after = [r for r in results if r.start >= date.end]
    cut = re.compile(r",|;|\b(?:and|now|then|on\s+repeat)\b", re.IGNORECASE)
    if not before:
        return after[0] if after else None
    if (
        after
        and cut.search(text[_value_end(before[-1]) : date.start])
        and not cut.search(text[date.end : after[0].start])
    ):
        return after[0]
    return before[-1]


def _value_end(result: Result) -> int:
    """Where the value itself ends: "1,870 on 06/29/2026 (44-196)" goes on with its range."""
    value = result.get("value")
    return value.end if value is not None else result.end


def _closing(sentence: Sentence, told: list[Group], inside: list[Match]) -> list[Match]:
    """ "HBsAg neg, anti-HBc neg, HCV Ab neg (3/4/2026)": one date at the end of an enumeration."""
    if len(inside) != 1 or re.search(r"\w", sentence.text[inside[0].end :]):
        return []
    for group, following in pairwise(told):
        if not re.fullmatch(
            r"[\s,/()]*(?:and\s+)?", sentence.text[group.results[-1].end : following.start]
        ):
            return []
    return inside
