"""Statements of one submission that cannot all be true: of form, letter, notes, results, codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from typing import NamedTuple

from pipeline.normalize.reading import Reading, part, parts
from pipeline.normalize.timeline import MEMORY, SAME_START
from pipeline.notation import amounts, dates, lengths, numbers
from pipeline.places import locate
from pipeline.quantities import DateRange, Quantity, days_between
from pipeline.schema import (
    Assertion,
    Case,
    Conflict,
    Finding,
    LabResult,
    Mention,
    PageKind,
    Place,
    Stated,
)

AGE_AGREEMENT = 1  # years; text is copied forward, and birthdays pass
NOT_TAKEN = frozenset({"requested", "planned", "not_taken"})
CONTRARY = {"positive": "negative", "negative": "positive"}


def build_conflicts(
    case: Case, mentions: Sequence[Mention], reading: Reading
) -> tuple[Conflict, ...]:
    """All contradictions of a case, each with its sides and their places."""
    return (
        *_durations(case, mentions, reading),
        *_results(case),
        *_products(case, reading),
        *_ages(case),
    )


# ------------------------------------------------------------------------- durations


class _Told(NamedTuple):
    """What one place says of a drug that was taken, and for how long.

    Attributes:
        began: It says that the drug was begun, not only that the dose was changed.
        ended: It says that the taking is over.
        days: None where nothing bounds them.
    """

    source: str
    ingredient: str
    dose: amounts.Dose | None
    start: DateRange | None
    began: bool
    ended: bool
    days: Quantity | None
    text: str
    place: Place


def _durations(case: Case, mentions: Sequence[Mention], reading: Reading) -> Iterator[Conflict]:
    """Form, letter and notes of which one tells of a longer course than another leaves room for.

    Sources are compared, not sentences: the steps of a course may each be shorter than the whole.
    In one source a course that is over cannot have been shorter than what is told of it before.
    """
    told = [t for m in mentions for t in [_told(m, reading)] if t is not None]
    sources = dict.fromkeys((t.ingredient, t.source) for t in told)
    for (drug, one), (other_drug, other) in permutations(sources, 2):
        if drug != other_drug:
            continue
        of_drug = [t for t in told if t.ingredient == drug]
        long = [t for t in of_drug if t.source == one and t.days is not None and t.days.low]
        pairs = [(t, _at_most(t, other, of_drug)) for t in long]
        apart = [(t, parts) for t, parts in pairs if parts and _is_longer(t, parts)]
        if not apart:
            continue
        whole, parts = max(apart, key=lambda pair: (pair[0].days and pair[0].days.low) or 0)
        yield from _conflict(case, whole, parts)
    for whole, later in combinations(told, 2):
        if whole.ingredient == later.ingredient and _is_shorter_whole(later, whole):
            yield from _conflict(case, whole, [later])
    lesser = [t for m in mentions for t in [_less_than_told(m, mentions, reading)] if t is not None]
    for less in dict.fromkeys(lesser):
        of_drug = [t for t in told if t.ingredient == less.ingredient]
        longest = max(of_drug, key=lambda t: _longest([t]), default=less)
        days = _longest([longest])  # what has no end yet would have lasted until now
        if days > _longest([less]) + MEMORY:
            whole = longest._replace(days=Quantity(low=days, high=days, unit="d"))
            yield from _conflict(case, whole, [less])


# A length that is taken back, without another one: "I overstated how long she was on it".
LENGTH = r"(?:how\s+(?:long|many\s+(?:days|weeks|months|doses|tablets|refills))|lengths?|durations?|days|weeks|months|dates|time|course)"
WRONG = r"(?:too\s+(?:long|high|generous(?:ly)?|many)|mistaken(?:ly)?|wrong(?:ly)?|in\s+error|erroneous(?:ly)?|incorrect(?:ly)?|inaccurate(?:ly)?)"
TOO_LONG = r"(?:over-?(?:stat|estimat|report|count)\w*|exaggerat\w*|inflat(?:ed|es|ing)|misstat\w*|mis-?remember\w*|misjudg\w*)"
TAKEN_BACK = re.compile(
    rf"\b(?:{TOO_LONG}|{WRONG}\s+(?:about|as\s+to|on|regarding|in))\b[^.;\n]{{0,40}}?\b{LENGTH}\b"
    rf"|\b{LENGTH}\b(?:\s+[\w'-]+){{0,8}}?\s+(?:is|was|were|are|been|given|stated|put|told)\s+(?:\w+\s+){{0,2}}?"
    rf"(?:{WRONG}|{TOO_LONG})\b",
    re.IGNORECASE,
)
# All the doses there ever were: "it was nine tablets in all".
IN_ALL = re.compile(
    rf"(?P<count>{numbers.NUMBER}|{numbers.WORD})\s+(?:\w+\s+)?(?:tablets?|pills?|capsules?|doses|injections?|shots?)\s+"
    r"(?:in\s+(?:all|total)|altogether|all\s+told|in\s+the\s+whole|and\s+(?:no|never)\s+more)\b"
    r"(?!\s+(?:a|an|each|every|per|daily|weekly|once|twice)\b)",
    re.IGNORECASE,
)
NEXT = re.compile(r"[^\w(]*(?P<words>[^.;\n]+)")


def _less_than_told(m: Mention, mentions: Sequence[Mention], reading: Reading) -> _Told | None:
    """A drug whose length is taken back, or whose doses are counted, where it is named or next."""
    if m.label != "medication" or m.scope is None or m.family or m.origin != "prose":
        return None
    text = reading.document.text
    spans = [(m.scope.start, m.scope.end)]
    if (after := NEXT.match(text, m.scope.end)) is not None:
        start, end = after.span("words")
        if not any(
            o.label == "medication" and o.code != m.code and start <= o.start < end
            for o in mentions
        ):
            spans.append((start, end))
    for start, end in spans:
        found, most = TAKEN_BACK.search(text, start, end), 0.0
        if found is None:
            found = IN_ALL.search(text, start, end)
            count = numbers.number(found["count"]) if found is not None else None
            if found is None or count is None:
                continue
            weekly = any(
                p.code == "weekly"
                for o in mentions
                if o.code == m.code
                for p in parts(o, "frequency")
            )
            most = count * (7 if weekly else 1)
        return _Told(
            "", m.code, None, None, began=False, ended=True,
            days=Quantity(low=None, high=most, unit="d"),
            text=found.group(), place=locate(reading.document, *found.span()),
        )  # fmt: skip
    return None


def _is_shorter_whole(later: _Told, told: _Told) -> bool:
    """Whether a length of all of a course that is over is less than one told of it before."""
    if told.source != later.source or told.place == later.place or told.start or later.start:
        return False
    closed = later.days is not None and later.days.low is not None and later.ended
    known = told.days is not None and told.days.low is not None
    return closed and known and later.dose is None and _is_longer(told, [later])


def _conflict(case: Case, whole: _Told, parts: Sequence[_Told]) -> Iterator[Conflict]:
    spots = {whole.place, *(t.place for t in parts)}
    sides = tuple(
        drug.id
        for drug in case.medications
        if drug.ingredient == whole.ingredient
        and drug.status not in NOT_TAKEN
        and spots & set(drug.places)
    )
    if sides and whole.days is not None:
        told = (whole, *parts)
        yield Conflict(
            about=f"how long {whole.ingredient} was taken",
            sides=sides,
            stated=tuple(Stated(text=t.text, place=t.place) for t in told),
            quantity="duration",
            days=(whole.days, Quantity(low=None, high=_longest(parts), unit="d")),
        )


def _at_most(whole: _Told, source: str, told: Sequence[_Told]) -> list[_Told]:
    """What a source tells of the course of `whole`; empty where it leaves room for it.

    It leaves room where a dose has no end, or where it tells only steps of a course whose other
    doses stand elsewhere.
    """
    own = [t for t in told if t.source == source and _may_be_one(t, whole)]
    own = [t for t in own if not any(_is_end_of(other, t) for other in own)]
    bounded = [t for t in own if t.days is not None and t.days.high is not None]
    loose = [t for t in told if t.source == source and t.days is None and t.dose is not None]
    if any(t.dose not in [b.dose for b in bounded] for t in loose):
        return []
    elsewhere = {t.dose for t in told if t.dose is not None} - {t.dose for t in bounded}
    are_steps = whole.dose is None and elsewhere and all(t.dose is not None for t in bounded)
    return [] if are_steps else bounded


def _is_end_of(one: _Told, begun: _Told) -> bool:
    """Whether `one` tells how long the course lasted of which `begun` only tells the first day.

    "Begun on May 4. She took it for 15 days and stopped": the same page, without a dose of its own.
    """
    closed = one.days is not None and one.days.low is not None and one.ended and one.dose is None
    only_begun = begun.days is not None and begun.days.low is None  # it may be called past
    same_page = (one.place.file, one.place.page) == (begun.place.file, begun.place.page)
    same_start = one.start is None or dates.compatible(one.start, begun.start)
    return closed and only_begun and same_page and same_start


def _longest(parts: Sequence[_Told]) -> float:
    """Days of all steps together; what is told twice of one dose is one step."""
    steps: dict[amounts.Dose | None, float] = {}
    for t in parts:
        steps[t.dose] = max(steps.get(t.dose, 0), (t.days and t.days.high) or 0)
    undosed = steps.pop(None, 0)
    return max(undosed, sum(steps.values()))


def _is_longer(whole: _Told, parts: Sequence[_Told]) -> bool:
    least = (whole.days and whole.days.low) or 0
    return _longest(parts) + MEMORY < least


# "Begun two weeks ago", "was put on it 3 months ago": it cannot have been taken for longer.
BEGUN_AGO = re.compile(
    r"\b(?:begun|began|start(?:ed|ing)?|initiated|commenced|introduced|added|put\s+on|placed\s+on)\b"
    r"[^.;\n]{0,40}?(?P<length>\b(?:\w+[\s-]+)?[\w.]+[\s-]+(?:days?|weeks?|wks?|months?|mos?|years?|yrs?))\s+ago\b",
    re.IGNORECASE,
)


def _since_begun(m: Mention, reading: Reading) -> tuple[str, Quantity] | None:
    """The words that say how long ago a drug was begun, and the longest that it can have been taken."""
    if m.scope is None or not any(p.code == "begun" for p in parts(m, "status")):
        return None
    ago = BEGUN_AGO.search(reading.document.text, m.scope.start, m.scope.end)
    days = lengths.duration(ago["length"]) if ago is not None else None
    written = reading.written(m).earliest
    if ago is None or days is None or days.high is None or written is None or not reading.as_of:
        return None
    most = days.high + (reading.as_of - written).days
    return ago.group(), Quantity(low=None, high=most, unit="d")


def _told(m: Mention, reading: Reading) -> _Told | None:
    """A duration as stated or between two dates; of what has only a start, the longest possible."""
    if m.label != "medication" or m.family or m.hypothetical or m.negated or m.possible:
        return None
    statuses = {p.code for p in parts(m, "status")}
    if m.section == "fills" or NOT_TAKEN & statuses:
        return None
    stated, start, stop = part(m, "duration"), part(m, "start"), part(m, "stop")
    if reading.doubtful(*(p for p in (stated, start, stop) if p is not None)):
        return None
    began, ended = reading.when(start, m), reading.when(stop, m)
    days = lengths.duration(stated.text) if stated is not None else None
    if days is None and began is not None:
        until = ended or (DateRange.day(reading.as_of) if reading.as_of else None)
        days = days_between(began, until) if until is not None else None
        if days is not None and ended is None:
            days = Quantity(low=None, high=days.high, unit="d")
    dose = part(m, "dose")
    told_by = (stated,) if stated is not None else (start, stop)
    words = " to ".join(p.text for p in told_by if p is not None)
    if days is None and (ago := _since_begun(m, reading)) is not None:
        words, days = ago
    if days is None and dose is None:
        return None
    return _Told(
        _source(reading.page(m).kind),
        m.code,
        amounts.dose(dose.text) if dose is not None else None,
        began,
        "begun" in statuses,
        ended is not None or bool({"past", "stopped"} & statuses),
        days,
        words,
        reading.place(m),
    )


def _source(kind: PageKind) -> str:
    """Pages of one kind repeat each other; forms, cover sheets and orders are one kind here."""
    forms = (PageKind.REQUEST, PageKind.COVER, PageKind.ORDER)
    return "form" if kind in forms else kind.value


def _may_be_one(one: _Told, whole: _Told) -> bool:
    """Neither dose nor dates tell the courses apart; where a drug was begun, no dose was before."""
    if not one.began and None not in (one.dose, whole.dose) and one.dose != whole.dose:
        return False
    a = one.start.earliest if one.start else None
    b = whole.start.earliest if whole.start else None
    return a is None or b is None or abs((a - b).days) <= SAME_START


# --------------------------------------------------------------------------- results


def _results(case: Case) -> Iterator[Conflict]:
    """One test of one day with two outcomes, on different pages."""
    known = [
        lab
        for lab in case.labs
        if lab.assertion is Assertion.AFFIRMED and not lab.doubtful and not lab.comparator
    ]
    for one, other in combinations(known, 2):
        if one.analyte != other.analyte or _pages(one) & _pages(other):
            continue
        if _values_differ(one, other) or _outcomes_differ(one, other):
            day = one.collected.iso if one.collected else ""
            about = f"{one.analyte.replace('_', ' ')}{f' of {day}' if day else ''}"
            yield Conflict(about=about, sides=(one.id, other.id))


def _pages(lab: LabResult) -> set[tuple[str, int]]:
    return {(place.file, place.page) for place in lab.places}


def _same_day(one: LabResult, other: LabResult) -> bool:
    day = one.collected.earliest if one.collected else None
    return day is not None and one.collected == other.collected == DateRange.day(day)


def _values_differ(one: LabResult, other: LabResult) -> bool:
    """Values of one day and unit of which neither is the other one rounded."""
    if one.value is None or other.value is None or not _same_day(one, other):
        return False
    if one.unit and other.unit and one.unit != other.unit:
        return False
    return not (_is_rounded(one.value, other.value) or _is_rounded(other.value, one.value))


def _is_rounded(exact: float, told: float) -> bool:
    """Whether `told` is `exact` to as many digits as `told` has."""
    digits = len(f"{told:g}".replace(".", "").strip("0")) or 1
    return float(f"{exact:.{digits}g}") == told


def _outcomes_differ(one: LabResult, other: LabResult) -> bool:
    """Positive against negative; words without a date speak of every day."""
    if CONTRARY.get(one.interpretation, "-") != other.interpretation:
        return False
    return _same_day(one, other) or one.collected is None or other.collected is None


# ------------------------------------------------------------------- request, patient


def _products(case: Case, reading: Reading) -> Iterator[Conflict]:
    """Several brands, several codes, or a code of another brand."""
    asked, lexicon = case.request, reading.lexicon
    brands = {lexicon.brand(s.text) or s.text.casefold(): s for s in reversed(asked.products)}
    codes = {s.text.upper(): s for s in reversed(asked.hcpcs)}
    if len(brands) > 1 or len(codes) > 1:
        stated = (*brands.values(), *codes.values())
        yield Conflict(about="which product is requested", sides=(), stated=stated)
    if len(brands) == len(codes) == 1:
        (brand, product), (code, billed) = next(iter(brands.items())), next(iter(codes.items()))
        row = lexicon.hcpcs.get(code)
        other = lexicon.brand(row.product) if row is not None and row.product else ""
        if other and lexicon.brand(brand) and other != brand:
            yield Conflict(
                about="product and HCPCS code requested", sides=(), stated=(product, billed)
            )


def _ages(case: Case) -> Iterator[Conflict]:
    """A stated age that the birth date does not give for the day of the text."""
    if case.birth_date is None or not case.birth_dates:
        return
    for age in case.findings:
        if age.finding != "age" or age.doubtful or age.assertion is not Assertion.AFFIRMED:
            continue
        if not _fits_birth(age, case.birth_date.toordinal()):
            yield Conflict(
                about="age and birth date",
                sides=(age.id,),
                stated=(
                    case.birth_dates[0],
                    Stated(text=f"{age.value} years", place=age.places[0]),
                ),
            )


def _fits_birth(age: Finding, birth: int) -> bool:
    first, last = age.stated.earliest, age.stated.latest
    if first is None or last is None:
        return True
    low, high = ((day.toordinal() - birth) / 365.25 for day in (first, last))
    return low - 1 - AGE_AGREEMENT <= float(age.value) <= high + AGE_AGREEMENT
