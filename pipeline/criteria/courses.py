"""How long a treatment was taken, and how high a corticosteroid was dosed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.criteria.facts import affirmed, findings, span
from pipeline.criteria.parameters import (
    Knowledge,
    MostDays,
)
from pipeline.quantities import DateRange, Quantity, days_between, days_treated
from pipeline.schema import Case, Finding, Medication, Place

PREDNISONE_MG = 5.0  # the reference amount of the drug table's equivalents
KG_PER_LB = 0.45359237
SLACK = 7  # days by which a length as people tell it may be longer than its dates


@dataclass(frozen=True)
class Course:
    """Episodes without a gap; `days` from the start of the first one."""

    episodes: tuple[Medication, ...]
    days: Quantity


def last_day(drug: Medication, as_of: date | None) -> DateRange | None:
    """The last day of an episode as far as it is known; None when nothing tells it.

    What is still taken reaches from the end of its stated duration to the day of the statement.
    """
    if drug.stop is not None:
        return drug.stop
    counted = None
    if drug.start is not None and drug.stated_duration is not None:
        counted = _after(drug.start, drug.stated_duration)
    known = drug.stated.earliest or as_of
    if not (drug.ongoing or drug.status == "current") or known is None:
        return counted
    latest = max(known, drug.stated.latest or known, as_of or known)
    if counted is None:
        return DateRange(earliest=known, latest=latest)
    return DateRange(earliest=counted.earliest, latest=max(latest, counted.latest or latest))


def _after(start: DateRange, days: Quantity) -> DateRange:
    def end(day: date | None, length: float | None) -> date | None:
        return None if day is None or length is None else day + timedelta(days=max(length - 1, 0))

    return DateRange(earliest=end(start.earliest, days.low), latest=end(start.latest, days.high))


def days_of(drug: Medication, as_of: date | None) -> list[Quantity]:
    """Every duration that an episode states or that its dates give, in days."""
    found = []
    if drug.stated_duration is not None:
        found.append(drug.stated_duration)
    if drug.start is not None and (drug.stop is not None or drug.stated_duration is None):
        end = last_day(drug, as_of)
        if end is not None:
            counted = days_treated if drug.stop is not None else days_between
            days = counted(drug.start, end)
            if not (found and _agree(found[0], days)):  # "4 weeks, from 03/16 to 04/12"
                found.append(days)
    longest = _room(drug, as_of)
    if found and longest is not None and (found[0].low or 0) > longest + SLACK:
        found.append(Quantity(low=None, high=longest, unit="d"))
    if not found and drug.duration_days is not None:
        found.append(Quantity.exactly(float(drug.duration_days), "d"))
    return found


def _room(drug: Medication, as_of: date | None) -> float | None:
    """The days from an exact start to the day of the statement; a length cannot be longer."""
    begun = drug.start.earliest if drug.start else None
    told = [day for day in (drug.stated.latest, as_of) if day is not None]
    if begun is None or not told or drug.stop is not None:
        return None
    return float((max(told) - begun).days + 1)


def _agree(stated: Quantity, counted: Quantity) -> bool:
    """Whether a stated duration is one of those that the dates leave open."""
    return (
        None not in (stated.low, stated.high, counted.low, counted.high)
        and counted.low <= stated.low  # type: ignore[operator]
        and stated.high <= counted.high  # type: ignore[operator]
    )


class Continuity(Knowledge):
    """When episodes are one course.

    Attributes:
        gap: Days between the end of one and the start of the next that are no interruption.
        dose_change: Days for which an episode without an end is taken to last until the next.
    """

    gap: MostDays
    dose_change: MostDays


def courses(
    drugs: Sequence[Medication], as_of: date | None, continuity: Continuity
) -> list[Course]:
    """For each episode, the course that begins with it.

    A dated episode is followed by those that begin before the gap is over; one without an end
    lasts until the dose changes. An undated one is followed by those that the same place states.
    """
    dated = sorted(
        (drug for drug in drugs if drug.start is not None and drug.start.earliest is not None),
        key=lambda drug: (_opening(drug), drug.id),
    )
    undated = [drug for drug in drugs if drug not in dated]
    found = [_dated_course(dated[i:], undated, as_of, continuity) for i in range(len(dated))]
    absorbed = {drug for run in found for drug in run.episodes}
    rest = [drug for drug in undated if drug not in absorbed]
    return found + [_undated_course(drug, drugs, as_of) for drug in rest]


def informative(drugs: Sequence[Medication]) -> list[Medication]:
    """Without bare mentions of a drug of which another episode tells more."""
    told = {drug.ingredient for drug in drugs if not _is_bare(drug)}
    return [drug for drug in drugs if not _is_bare(drug) or drug.ingredient not in told]


def _is_bare(drug: Medication) -> bool:
    dosed = drug.dose_value is not None or drug.daily_dose_mg is not None
    dated = drug.start or drug.stop or drug.stated_duration or drug.duration_days is not None
    return not (dosed or dated or drug.dose_per_kg is not None)


def _opening(drug: Medication) -> date:
    return (drug.start and drug.start.earliest) or date.min


def _dated_course(
    drugs: Sequence[Medication],
    undated: Sequence[Medication],
    as_of: date | None,
    continuity: Continuity,
) -> Course:
    first, start = drugs[0], drugs[0].start or DateRange()
    chain, end = [first], last_day(first, as_of)
    for drug in drugs[1:]:
        if _follows(chain[-1], end, _opening(drug), continuity):
            chain.append(drug)
            end = _later(end, last_day(drug, as_of))
    for drug in undated:
        known = last_day(drug, as_of)
        if known is None or known.earliest is None or drug.ingredient != chain[-1].ingredient:
            continue
        if _follows(chain[-1], end, known.earliest, continuity):
            chain.append(drug)
            end = _later(end, known)
    if (
        end is None or last_day(chain[-1], as_of) is None
    ):  # when it ended is not said: at least until it began
        begun = chain[-1].start or start
        low = days_between(start, _later(end, begun) or begun).low
        return Course(tuple(chain), Quantity(low=low, high=None, unit="d"))
    counted = days_treated if chain[-1].stop is not None else days_between
    days, stated = counted(start, end), chain[0].stated_duration
    if len(chain) == 1 and stated is not None and _agree(stated, days):
        days = stated
    return Course(tuple(chain), days)


def _follows(
    before: Medication, end: DateRange | None, begins: date, continuity: Continuity
) -> bool:
    if end is None:
        return _is_near(before, begins, continuity)
    return end.latest is None or begins <= end.latest + timedelta(days=continuity.gap.value)


def _is_near(before: Medication, day: date | None, continuity: Continuity) -> bool:
    return day is not None and day <= _opening(before) + timedelta(
        days=continuity.dose_change.value
    )


def _later(one: DateRange | None, other: DateRange | None) -> DateRange | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda end: (end.latest or date.max, end.earliest or date.min))


def _undated_course(drug: Medication, drugs: Sequence[Medication], as_of: date | None) -> Course:
    lengths = days_of(drug, as_of)
    if not lengths:
        return Course((drug,), Quantity(low=None, high=None, unit="d"))
    after = list(drugs)[list(drugs).index(drug) + 1 :]
    chain = [drug, *(d for d in after if d.start is None and _same_place(d, drug))]
    parts = [lengths[0], *(q for d in chain[1:] for q in days_of(d, as_of)[:1])]
    return Course(tuple(chain), sum_of(parts))


def _same_place(one: Medication, other: Medication) -> bool:
    def spots(places: Iterable[Place]) -> set[tuple[object, ...]]:
        return {(place.file, place.page, place.box, place.text) for place in places}

    return bool(spots(one.places) & spots(other.places))


def sum_of(parts: Iterable[Quantity]) -> Quantity:
    """The sum; open where a part is open above."""
    parts = list(parts)
    high = None if any(q.high is None for q in parts) else sum(q.high or 0 for q in parts)
    return Quantity(low=sum(q.low or 0 for q in parts), high=high, unit="d")


def is_unknown(days: Quantity) -> bool:
    """Nothing tells how long."""
    return days.low is None and days.high is None


def prednisone_mg(drug: Medication, equivalents: Mapping[str, float]) -> float | None:
    """Prednisone-equivalent milligrams a day; None when the dose is not known."""
    equal = equivalents.get(drug.ingredient)
    if equal is None or drug.daily_dose_mg is None:
        return None
    return drug.daily_dose_mg * PREDNISONE_MG / equal


def weight_kg(case: Case, near: DateRange | None) -> tuple[float, Finding] | None:
    """The body weight recorded nearest to the day `near`, in kilograms."""
    known = []
    for finding in affirmed(findings(case, {"weight"})):
        try:
            value = float(finding.value)
        except ValueError:
            continue
        factor = {"kg": 1.0, "lb": KG_PER_LB, "[lb_av]": KG_PER_LB}.get(finding.unit)
        if factor is not None and value > 0:
            known.append((value * factor, finding))
    if not known:
        return None
    target = near.earliest if near is not None else None

    def distance(item: tuple[float, Finding]) -> tuple[int, float]:
        day = (item[1].date or item[1].stated).earliest
        if day is None or target is None:
            return (10**6, item[0])
        return (abs((day - target).days), item[0])

    # Undated weights are all as near; the highest asks for the highest dose.
    nearest = min(distance(item)[0] for item in known)
    return max((item for item in known if distance(item)[0] == nearest), key=lambda item: item[0])


def told_days(days: Quantity) -> str:
    """The length of a course in words."""
    return "not stated" if is_unknown(days) else span(days)


def is_range(days: Quantity) -> bool:
    """Both bounds are known."""
    return days.low is not None and days.high is not None
