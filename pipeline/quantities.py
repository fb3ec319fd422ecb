"""Amounts and dates as closed intervals, and comparisons that may stay undecided.

A chart seldom states a value exactly: "<7 mg/dL", "2-3 weeks", "March 2026". An exact
value is an interval of width zero. Strict bounds are widened to closed ones, so that
the error is always towards UNKNOWN.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

from pipeline.logic import Truth, all_of


class Ordered(Protocol):
    """What can be compared: numbers with numbers, dates with dates."""

    def __lt__(self, other: Self, /) -> bool: ...
    def __le__(self, other: Self, /) -> bool: ...


OrderedT = TypeVar("OrderedT", bound=Ordered)


def not_below(low: OrderedT | None, high: OrderedT | None, bound: OrderedT) -> Truth:
    """Whether all, none or only some of [low, high] is at or above `bound`."""
    if low is not None and bound <= low:
        return Truth.TRUE
    if high is not None and high < bound:
        return Truth.FALSE
    return Truth.UNKNOWN


def not_above(low: OrderedT | None, high: OrderedT | None, bound: OrderedT) -> Truth:
    """Whether all, none or only some of [low, high] is at or below `bound`."""
    if high is not None and high <= bound:
        return Truth.TRUE
    if low is not None and bound < low:
        return Truth.FALSE
    return Truth.UNKNOWN


class Quantity(BaseModel):
    """A number between `low` and `high` (None: no bound), in `unit` (UCUM, or as printed)."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    low: float | None
    high: float | None
    unit: str | None = None

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("the lower bound is above the upper one")
        return self

    @classmethod
    def exactly(cls, value: float, unit: str | None = None) -> Quantity:
        """The interval of width zero at `value`."""
        return cls(low=value, high=value, unit=unit)

    def at_least(self, bound: float) -> Truth:
        """Whether the quantity is at least `bound` (in the same unit)."""
        return not_below(self.low, self.high, bound)

    def at_most(self, bound: float) -> Truth:
        """Whether the quantity is at most `bound` (in the same unit)."""
        return not_above(self.low, self.high, bound)


class DateRange(BaseModel):
    """A day between `earliest` and `latest`, both inclusive (None: no bound)."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    earliest: date | None = None
    latest: date | None = None

    @classmethod
    def day(cls, value: date) -> DateRange:
        """Exactly one day."""
        return cls(earliest=value, latest=value)

    @classmethod
    def month(cls, year: int, month: int) -> DateRange:
        """Some day of a month."""
        last = calendar.monthrange(year, month)[1]
        return cls(earliest=date(year, month, 1), latest=date(year, month, last))

    @classmethod
    def year(cls, year: int) -> DateRange:
        """Some day of a year."""
        return cls(earliest=date(year, 1, 1), latest=date(year, 12, 31))

    @property
    def iso(self) -> str:
        """`2026-03-09`, `2026-03` or `2026` when just that is known, else ''."""
        first, last = self.earliest, self.latest
        if first is None or last is None:
            return ""
        if first == last:
            return first.isoformat()
        if DateRange.month(first.year, first.month) == self:
            return f"{first:%Y-%m}"
        return f"{first:%Y}" if DateRange.year(first.year) == self else ""

    def within(self, as_of: date, days: int) -> Truth:
        """Whether it lies in the `days` days before `as_of`, or on it."""
        opening = as_of - timedelta(days=days)
        return all_of(
            [
                not_below(self.earliest, self.latest, opening),
                not_above(self.earliest, self.latest, as_of),
            ]
        )


COURSE = 14  # days


def days_treated(start: DateRange, stop: DateRange) -> Quantity:
    """Days of a treatment with a start and a stop date, as an interval of at least 0 d.

    Dates of a few days name the days of treatment ("03/03 to 03/05" are three infusions): both
    count. Of a longer course it stays open whether the drug was still taken on the day on which it
    was stopped: "05/06 to 06/02" is 27 or 28 days, and a bound of 28 is not surely reached.
    """
    days = days_between(start, stop)
    if days.low is None or days.low <= COURSE:
        return days
    return Quantity(low=days.low - 1, high=days.high, unit="d")


def days_between(start: DateRange, stop: DateRange) -> Quantity:
    """Days from `start` to `stop`, both days counted, as an interval of at least 0 d."""
    low = high = None
    if start.latest is not None and stop.earliest is not None:
        low = float(max(0, (stop.earliest - start.latest).days + 1))
    if start.earliest is not None and stop.latest is not None:
        high = float(max(0, (stop.latest - start.earliest).days + 1))
    if low is not None and high is not None and high < low:
        low, high = high, low
    return Quantity(low=low, high=high, unit="d")
