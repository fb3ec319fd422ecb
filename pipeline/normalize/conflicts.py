"""Statements of one submission that cannot all be true: of form, letter, notes, results, codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from pipeline.normalize import amounts
from pipeline.normalize.reading import Reading, part, parts
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

# Durations closer than this are told from memory or rounded: no contradiction (assumption).
AGREEMENT_DAYS = 7
# Starts further apart are two courses of one drug (as when episodes are joined).
SAME_COURSE_DAYS = 61
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
    """What one place says of how long a drug was taken."""

    source: str
    ingredient: str
    dose: amounts.Dose | None
    start: DateRange | None
    days: Quantity
    text: str
    place: Place


def _durations(case: Case, mentions: Sequence[Mention], reading: Reading) -> Iterator[Conflict]:
    """Form, letter and notes that give different durations of what may be one course."""
    told = [t for m in mentions for t in [_told(m, reading)] if t is not None]
    seen: set[tuple[str, ...]] = set()
    for one, other in combinations(told, 2):
        if one.source == other.source or not _may_be_one(one, other) or not _apart(one, other):
            continue
        sides = tuple(
            drug.id
            for drug in case.medications
            if drug.ingredient == one.ingredient
            and drug.status not in NOT_TAKEN
            and {one.place, other.place} & set(drug.places)
        )
        if sides and sides not in seen:
            seen.add(sides)
            yield Conflict(
                about=f"how long {one.ingredient} was taken",
                sides=sides,
                stated=(
                    Stated(text=one.text, place=one.place),
                    Stated(text=other.text, place=other.place),
                ),
                quantity="duration",
            )


def _told(m: Mention, reading: Reading) -> _Told | None:
    """A duration as stated or between two dates; of what has only a start, the longest possible."""
    if m.label != "medication" or m.family or m.hypothetical or m.negated or m.possible:
        return None
    if m.section == "fills" or NOT_TAKEN & {p.code for p in parts(m, "status")}:
        return None
    stated, start, stop = part(m, "duration"), part(m, "start"), part(m, "stop")
    began, ended = reading.when(start, m), reading.when(stop, m)
    days = amounts.duration(stated.text) if stated is not None else None
    if days is None and began is not None:
        until = ended or (DateRange.day(reading.as_of) if reading.as_of else None)
        days = days_between(began, until) if until is not None else None
        if days is not None and ended is None:
            days = Quantity(low=None, high=days.high, unit="d")
    if days is None or reading.doubtful(*(p for p in (stated, start, stop) if p is not None)):
        return None
    dose = part(m, "dose")
    told_by = (stated,) if stated is not None else (start, stop)
    words = " to ".join(p.text for p in told_by if p is not None)
    return _Told(
        _source(reading.page(m).kind),
        m.code,
        amounts.dose(dose.text) if dose is not None else None,
        began,
        days,
        words,
        reading.place(m),
    )


def _source(kind: PageKind) -> str:
    """Pages of one kind repeat each other; forms, cover sheets and orders are one kind here."""
    forms = (PageKind.REQUEST, PageKind.COVER, PageKind.ORDER)
    return "form" if kind in forms else kind.value


def _may_be_one(one: _Told, other: _Told) -> bool:
    """One drug, and neither dose nor dates tell the courses apart."""
    if one.ingredient != other.ingredient:
        return False
    if one.dose is not None and other.dose is not None and one.dose != other.dose:
        return False
    a = one.start.earliest if one.start else None
    b = other.start.earliest if other.start else None
    return a is None or b is None or abs((a - b).days) <= SAME_COURSE_DAYS


def _apart(one: _Told, other: _Told) -> bool:
    for less, more in ((one.days, other.days), (other.days, one.days)):
        if less.high is not None and more.low is not None and less.high + AGREEMENT_DAYS < more.low:
            return True
    return False


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
