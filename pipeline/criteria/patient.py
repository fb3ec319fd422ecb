"""The kind that asks how old the patient is."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import model_validator

from pipeline.criteria.base import Criterion, Verdict, View, met, not_met, unclear
from pipeline.criteria.facts import affirmed, findings, unique
from pipeline.criteria.parameters import UNITS, Age
from pipeline.logic import Truth, all_of, negate
from pipeline.quantities import Quantity
from pipeline.schema import Finding, Reason

MONTHS = 12


class AgeBetween(Criterion):
    """Old enough, and young enough, on the day of the request.

    Attributes:
        start: The youngest age, reached on the birthday.
        end: The age from which on it is too old.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("age",)

    kind: Literal["age"]
    start: Age | None = None
    end: Age | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> AgeBetween:
        if self.start is None and self.end is None:
            raise ValueError("needs start, end or both")
        return self

    def judge(self, view: View) -> Verdict:
        """The birth date tells the age; without one, the age as stated."""
        case = view.case
        told = [f for f in affirmed(findings(case, {"age"})) if f.value.isdigit()]
        if case.birth_date is not None and case.as_of is not None:
            months = months_between(case.birth_date, case.as_of)
            said = f"Born {case.birth_date}: {_in_words(months)} on {case.as_of}"
            if self._is_disputed(view, case.as_of):
                days = ", ".join(unique(stated.text for stated in case.birth_dates))
                text = f"Different birth dates: {days}"
                return unclear(Reason.CONFLICTING, text, told, self.asks("age"), case.birth_dates)
            return self._weigh(Quantity.exactly(float(months), "mo"), said, told, view)
        if told:
            lows, highs = zip(*(_now(f, case.as_of) for f in told), strict=True)
            high = None if None in highs else max(h for h in highs if h is not None)
            said = f"Stated age: {', '.join(unique(_told(f) for f in told))}"
            return self._weigh(Quantity(low=min(lows), high=high), said, told, view)
        return self.silent("Neither a birth date nor an age is stated")

    def _is_disputed(self, view: View, as_of: date) -> bool:
        """Whether the birth dates that pages print lie on both sides of what is asked."""
        sure = [s.text for s in view.case.birth_dates if not s.place.doubtful]
        ages = [months_between(date.fromisoformat(day), as_of) for day in sure]
        return len({self._truth(Quantity.exactly(float(age), "mo")) for age in ages}) > 1

    def _truth(self, months: Quantity) -> Truth:
        truths = [months.at_least(self.start.value)] if self.start else []
        truths += [negate(months.at_least(self.end.value))] if self.end else []
        return all_of(truths)

    def _weigh(self, months: Quantity, said: str, told: list[Finding], view: View) -> Verdict:
        born = view.case.birth_dates
        bounds = [(b.value, word) for b, word in ((self.start, "from"), (self.end, "under")) if b]
        asked = " ".join(f"{word} {_in_words(round(b))}" for b, word in bounds)
        truth = self._truth(months)
        if truth is Truth.TRUE:
            return met(f"{said} ({asked})", told, born)
        if truth is Truth.UNKNOWN:
            return unclear(Reason.AMBIGUOUS, said, told, self.asks("age"), born)
        return not_met(f"{said} (served: {asked})", told, born)


def months_between(birth: date, day: date) -> int:
    """Completed months of age on a day."""
    return (day.year - birth.year) * MONTHS + day.month - birth.month - (day.day < birth.day)


def _in_words(months: int) -> str:
    years, rest = divmod(months, MONTHS)
    return f"{months} months" if rest and years < 3 else f"{years} years"


def _told(age: Finding) -> str:
    return f"{age.value} {age.unit or 'years'}"


def _now(age: Finding, as_of: date | None) -> tuple[float, float | None]:
    """Least and most months of age at the request, of an age as stated some time before.

    An age in years is completed years: it may be anything up to the next birthday.
    """
    unit = UNITS["months"].get(age.unit or "years", 1)
    least = float(age.value) * unit
    first, last = age.stated.earliest, age.stated.latest
    if as_of is None or first is None or last is None or last > as_of:
        return least, None if first is None else least + unit
    if unit < MONTHS:
        return least + months_between(last, as_of), least + months_between(first, as_of) + unit + 1
    low, high = (months_between(day, as_of) // MONTHS * MONTHS for day in (last, first))
    return least + low, least + high + MONTHS
