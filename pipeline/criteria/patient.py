"""The kind that asks how old the patient is."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from pipeline.criteria.base import Criterion, Verdict, View, met, not_met, unclear
from pipeline.criteria.facts import affirmed, findings, unique
from pipeline.criteria.parameters import Filled, Knowledge, Listed
from pipeline.logic import Truth
from pipeline.quantities import Quantity
from pipeline.schema import Finding, Reason


class AgeBranch(Knowledge):
    """Ages that a part of the policy serves, from `start` (years) to the start of the next."""

    name: Filled
    start: float = Field(ge=0, allow_inf_nan=False)


class Age(Criterion):
    """Old enough for one of the branches on the day of the request."""

    PARTS: ClassVar[tuple[str, ...]] = ("age",)

    kind: Literal["age"]
    branches: Listed[AgeBranch]

    def judge(self, view: View) -> Verdict:
        """The birth date tells the age; without one, the age as stated."""
        case = view.case
        told = [f for f in affirmed(findings(case, {"age"})) if f.value.isdigit()]
        if case.birth_date is not None and case.as_of is not None:
            years = Quantity.exactly(float(years_between(case.birth_date, case.as_of)), "a")
            said = f"Born {case.birth_date}: {years.low:.0f} years on {case.as_of}"
            return self._weigh(years, said, told, view)
        if told:
            lows, highs = zip(*(_now(f, case.as_of) for f in told), strict=True)
            high = None if None in highs else max(h for h in highs if h is not None)
            said = f"Stated age: {', '.join(unique(f.value for f in told))}"
            return self._weigh(Quantity(low=min(lows), high=high), said, told, view)
        return self.silent("Neither a birth date nor an age is stated")

    def _weigh(self, years: Quantity, said: str, told: list[Finding], view: View) -> Verdict:
        born = view.case.birth_dates
        open_branches: list[str] = []
        for branch in sorted(self.branches.value, key=lambda b: -b.start):
            truth = years.at_least(branch.start)
            if truth is Truth.TRUE:
                name = " or ".join([*open_branches, branch.name])
                return met(f"{said} ({name}: from {branch.start:.0f} years)", told, born)
            if truth is Truth.UNKNOWN:
                open_branches.append(branch.name)
        if open_branches:
            return unclear(Reason.AMBIGUOUS, said, told, self.asks("age"), born)
        return not_met(f"{said} (younger than the policy serves)", told, born)


def years_between(birth: date, day: date) -> int:
    """Completed years of age on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _now(age: Finding, as_of: date | None) -> tuple[float, float | None]:
    """Least and most completed years at the request, of an age as stated some time before."""
    years = float(age.value)
    first, last = age.stated.earliest, age.stated.latest
    if as_of is None or first is None or last is None or last > as_of:
        return years, None if first is None else years + 1
    return years + years_between(last, as_of), years + years_between(first, as_of) + 1
