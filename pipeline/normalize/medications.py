"""Statements of treatments -> facts: one row for each episode of a drug."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from pipeline.normalize.episode import Episode, latest_day
from pipeline.normalize.reading import Reading, best_first
from pipeline.normalize.steps import courses_of
from pipeline.normalize.timeline import MEMORY, line_of
from pipeline.normalize.together import together
from pipeline.normalize.told import HARM, Told, statements
from pipeline.notation import dates
from pipeline.notation.sigs import doses_a_day
from pipeline.quantities import DateRange, Quantity, days_between
from pipeline.schema import Assertion, Medication, Mention, PageKind, Place

# What counts of several outcomes of one episode.
OUTCOMES = ("contraindicated", "intolerant", "failed", "partial_response", "responded")
REQUEST_FIRST = {PageKind.REQUEST: 0, PageKind.ORDER: 1, PageKind.LETTER: 2, PageKind.NOTE: 3}


def build_medications(
    mentions: list[Mention], requested: set[str], reading: Reading
) -> list[Medication]:
    """All treatment episodes; `requested` names the ingredients that the submission asks for."""
    told = together(statements(mentions, requested, reading), mentions, reading)
    facts: list[Medication] = []
    for ingredient in dict.fromkeys(t.ingredient for t in told):
        own = [t for t in told if t.ingredient == ingredient]
        usual, stepped = _usual_frequency(own), _is_stepped(own)
        episodes = episodes_of(own)
        rows = [_medication(e, usual, stepped, reading) for e in episodes]
        ids = {e: row.id for e, row in zip(episodes, rows, strict=True)}
        for e, course, row in zip(episodes, courses_of(episodes), rows, strict=True):
            step_of = "" if course is e else ids[course]
            facts.append(row.model_copy(update={"step_of": step_of}))
    return facts


# -------------------------------------------------------------------- stories of a drug


def episodes_of(told: Sequence[Told]) -> list[Episode]:
    """The episodes of one drug: those taken, and what is planned, asked for, refused, of a relative."""
    of: dict[str, list[Told]] = {}
    for t in (_as_stopped(t, told) for t in told):
        of.setdefault(t.kind, []).append(t)
    taken = line_of(of.pop("taken", []))
    others = line_of(of.pop("if_taken", []))
    others += [e for kind, own in of.items() for e in _gathered(kind, own)]
    kept: list[Episode] = []
    for e in others:
        course = next((o for o in [*taken, *others] if o is not e and _only_repeats(e, o)), None)
        if course is None:
            kept.append(e)
        else:
            course.seen += [*e.told, *e.seen]
    return [*(e for e in taken if not _is_outweighed(e, kept)), *kept]


def _as_stopped(t: Told, told: Sequence[Told]) -> Told:
    """ "No prednisone since July 27" of a drug that was taken before says that it was stopped.

    A denial without a day of its own, or of ever, stays one: it speaks against the course.
    """
    day, written = t.first_day, t.written.earliest
    if not t.absent or day is None or written is None or day >= written.toordinal():
        return t
    if t.dosed or t.duration is not None or t.how != "not_taken":
        return t
    begun = [o.first_day for o in told if o.kind == "taken" and o.first_day is not None]
    ended = replace(t, how="stopped", assertion=Assertion.AFFIRMED, start=None)
    return ended if any(first < day for first in begun) else t


def _gathered(kind: str, told: Sequence[Told]) -> list[Episode]:
    """What is told of a drug that is not taken, or of a relative's, dosed statements first."""
    found: list[Episode] = []
    for t in sorted(told, key=lambda t: (not t.dosed, t.order)):
        same = next((e for e in found if _is_same_aside(kind, e, t)), None)
        if same is None:
            found.append(Episode([t]))
        else:
            same.told.append(t)
    for e in found:
        e.outcomes = list(dict.fromkeys(o for t in e.told for o in t.outcomes))
    return found


def _is_same_aside(kind: str, e: Episode, t: Told) -> bool:
    products = {o.product for o in e.told} - {""}
    if kind == "requested" and t.product and products and t.product not in products:
        return False
    if e.amount is not None and t.amount is not None and e.amount != t.amount:
        return False
    if kind in ("requested", "not_taken"):
        return True
    if t.dosed != e.dosed and kind != "planned":
        return False
    return dates.compatible(e.start, t.start) and dates.compatible(e.stop, t.stop)


def _only_repeats(e: Episode, course: Episode) -> bool:
    """Whether what is planned, denied or told on a condition is but another word about a course."""
    if e.kind == "planned":
        return _is_plan_of(e, course)
    if e.kind == "if_taken":
        same = not e.dosed or (e.amount is not None and e.amount == course.amount)
        return course.kind == "taken" and same and dates.compatible(e.start, course.start)
    return e.kind == "not_taken" and _is_denied_beside(e, course)


def _is_plan_of(plan: Episode, course: Episode) -> bool:
    """Whether a course is the one that was planned, or is to go on; a bare plan is of any."""
    if course.kind not in ("taken", "requested"):
        return False
    if not plan.dosed:
        if any(t.dated for t in plan.told):
            return False
        timed = any(t.frequency for t in plan.told)
        return course.present or not (timed or (plan.outcomes and course.kind != "taken"))
    if plan.amount is None or plan.amount != course.amount:
        return False
    begun = plan.first_day or 0
    if course.present and begun <= _day(plan.written.latest):
        return True
    told = plan.start is not None and course.start is not None
    return told and dates.compatible(plan.start, course.start)


def _day(day: date | None) -> int:
    return day.toordinal() if day is not None else 0


def _is_denied_beside(denial: Episode, course: Episode) -> bool:
    """Whether a drug is unfit, or absent, only since it was taken: no denial that it was."""
    if course.kind == "requested":  # "should it be refused": no word on whether it was ever taken
        return not denial.dosed and denial.told[0].assertion is Assertion.POSSIBLE
    if course.kind != "taken" or course.present:
        return False
    if any(t.absent for t in denial.told):
        over, day = course.stop, denial.written.earliest
        return bool(over and over.latest and day and over.latest <= day)
    told = course.dosed or any(t.dated for t in course.told)
    if "intolerant" not in course.outcomes:
        return False
    if "intolerant" in denial.outcomes:  # "not tolerated" denies that it was borne
        return not denial.dosed and not any(t.dated for t in denial.told)
    return told and all(t.how != "not_taken" for t in denial.told)


def _is_outweighed(e: Episode, others: Sequence[Episode]) -> bool:
    """Whether a drug is only named, as if taken, that others say must not or did not be taken."""
    if e.dosed or any(t.dated or t.sure or t.listed for t in e.told):
        return False
    denied = next((o for o in others if _is_denied_since(o, e)), None)
    if denied is not None and not e.outcomes:
        denied.seen += e.told
        return True
    if e.present:
        return False
    unfit = next((o for o in others if "contraindicated" in o.outcomes), None)
    if unfit is None:
        return False
    untaken = any(t.how == "not_taken" for t in unfit.told)
    if not set(e.outcomes) <= (HARM if untaken else {"contraindicated"}):
        return False
    unfit.seen += e.told
    return True


def _is_denied_since(o: Episode, e: Episode) -> bool:
    """Whether a drug that is only named is said, on a later day, not to have been taken."""
    written = latest_day(e.written)
    return o.kind == "not_taken" and 0 < written < latest_day(o.written)


# --------------------------------------------------------------------------- frequency


def _is_stepped(told: Sequence[Told]) -> bool:
    """Whether doses of a drug follow one another in steps, over told stretches of time, and no
    statement gives any frequency: "80 mg from May to July, then 15 mg, back up to 30 mg"."""
    own = [t for t in told if t.milligrams is not None and t.kind == "taken"]
    lasting = any(t.duration or (t.start and t.stop) for t in own)
    oral = all(t.route in ("", "oral") for t in own)
    printed = any(t.frequency for t in told)
    return lasting and oral and not printed and len({t.milligrams for t in own}) > 1


def _usual_frequency(told: Sequence[Told]) -> str:
    """The one frequency that all dosed statements of a drug give, else ''."""
    given = {t.frequency for t in told if t.frequency and t.dose is not None and _is_taken(t)}
    # "Begin 60 mg daily", and later "60 mg from March to May": what was ordered is what was taken.
    given = given or {
        t.frequency for t in told if t.frequency and t.how == "planned" and t.milligrams
    }
    return given.pop() if len(given) == 1 else ""


def _is_taken(t: Told) -> bool:
    return t.kind == "taken"


# ------------------------------------------------------------------------------- facts


def _medication(e: Episode, usual: str, stepped: bool, reading: Reading) -> Medication:
    drug = reading.lexicon.drugs.get(e.told[0].ingredient)
    drug_class = drug.drug_class if drug is not None else ""
    status, told = _status(e), e.bearing
    outcome = next((o for o in OUTCOMES if o in e.outcomes), "unknown")
    if status == "requested":
        outcome = "unknown"  # what was not given yet came to nothing: the words are of another
    if outcome == "contraindicated" and status == "past" and not e.dosed:
        status = "not_taken"
    places = [p for t in [*e.told, *e.seen] for p in t.places]
    dose = _first([t.dose for t in e.told])
    start, stop, duration = e.start, e.stop, e.duration
    reaches = stop or (e.written if status == "current" and e.written.earliest else None)
    frequency = e.frequency
    if not frequency and usual == "daily" and _may_be_daily(e):
        frequency = "daily"
    return Medication.model_validate(
        {
            "id": reading.row_id(
                "medication", e.told[0].ingredient, dose, frequency, status,
                e.told[0].assertion, start.iso if start else "", e.told[0].place.page,
            ),
            "assertion": e.told[0].assertion,
            "doubtful": all(t.doubtful for t in e.told),
            "doubted": _doubted(e, outcome),
            "stated": e.written,
            "places": _showing_dose(places, dose.value if dose else None, status),
            "ingredient": e.told[0].ingredient,
            "product": _first([t.product for t in e.told]) or "",
            "drug_class": drug_class,
            "dose_value": dose.value if dose else None,
            "dose_unit": dose.printed_unit if dose else "",
            "route": _first([t.route for t in told]) or "",
            "frequency": frequency,
            "daily_dose_mg": _daily(e, usual, stepped and drug_class == "corticosteroid"),
            "dose_per_kg": e.per_kg,
            "stated_duration": duration,
            "course": None if e.alone else e.course,
            "duration_days": _days(e, duration, start, reaches),
            "start": start,
            "stop": stop,
            "ongoing": status == "current",
            "status": status,
            "outcome": outcome,
            "outcome_reason": _reason(e),
        }
    )  # fmt: skip


T = TypeVar("T")


def _first(values: Sequence[T]) -> T | None:
    return next((v for v in values if v), None)


def _status(e: Episode) -> str:
    if e.kind == "family":
        ended = e.stop is not None or any(t.how in ("stopped", "past") for t in e.told)
        return "past" if ended else "current"
    if e.kind in ("taken", "if_taken"):
        return "current" if e.present else "past"
    return e.kind


def _doubted(e: Episode, outcome: str) -> tuple[str, ...]:
    """What only one of two readings says of an episode."""
    told = [*e.told, *e.whole]
    alone = outcome != "unknown" and not any(outcome in t.agreed for t in told)
    stands = any(t.stands for t in e.told)
    return (*(() if stands else ("standing",)), *(("outcome",) if alone else ()))


def _reason(e: Episode) -> str:
    """The words of what came of it; of others only where they tell its outcome."""
    own = [t.reason for t in e.told]
    return _first([*own, *(t.reason for t in e.whole if set(t.outcomes) & set(e.outcomes))]) or ""


def _showing_dose(places: list[Place], dose: float | None, status: str) -> tuple[Place, ...]:
    """Words that print the dose lead: the row must be checkable by its first place."""
    found = list(best_first(places))
    if status == "requested":
        found.sort(key=lambda p: REQUEST_FIRST.get(p.page_kind, 4))
    if dose is not None:
        value = rf"(?<![\d.,]){dose:g}(?![\d,]|\.\d)"
        found.sort(key=lambda p: re.search(value, p.text.replace(",", "")) is None)
    return tuple(found)


def _may_be_daily(e: Episode) -> bool:
    """Whether it is a mass that was taken by mouth."""
    route = _first([t.route for t in e.told])
    massed = any(t.milligrams is not None for t in e.told)
    return e.kind == "taken" and massed and route in (None, "oral")


def _daily(e: Episode, usual: str, stepped: bool) -> float | None:
    """Milligrams a day; the lower end of a range. None unless taken every day."""
    told = next((t for t in e.told if t.milligrams is not None), None)
    if told is None or told.dose is None or told.milligrams is None:
        return None
    milligrams = told.milligrams
    if told.low_dose is not None:
        milligrams = milligrams * told.low_dose / told.dose.value
    taken = e.kind == "taken"
    frequency = e.frequency or (usual if taken else "")
    if not frequency and stepped and taken:
        frequency = "daily"  # a corticosteroid that goes up and down in steps is taken every day
    times = doses_a_day(frequency)
    return round(milligrams * times, 6) if times is not None and times >= 1 else None


def _days(
    e: Episode, duration: Quantity | None, start: DateRange | None, stop: DateRange | None
) -> int | None:
    """As `course_days`; a length that is longer than a statement's own two days is of more than it."""
    days = course_days(duration, start, stop)
    for t in e.told:
        dated = course_days(None, t.start, t.stop)
        exact = dated is not None and dates.width(t.start) == dates.width(t.stop) == 0
        if exact and days is not None and dated is not None and days > dated + MEMORY:
            days = dated
    return days


def course_days(
    duration: Quantity | None, start: DateRange | None, stop: DateRange | None
) -> int | None:
    """Days as stated, else from the dates when these bound it closely.

    Within 31 days and twofold; two months as such ("from March to December") within 62 days and
    by half. Of a length that was exceeded ("more than a year") the number that is said.
    """
    if duration is not None and duration.low is not None:
        longest = duration.low if duration.high is None else duration.high
        return round((duration.low + longest) / 2)
    if start is None or stop is None or not start.earliest or not stop.latest:
        return None
    counted = days_between(start, stop)
    low, high = counted.low, counted.high
    if low is None or high is None or high > 2 * low:
        return None
    close = high - low <= 31 or (high - low <= 62 and 2 * high <= 3 * low)
    return round((low + high) / 2) if close else None
