"""A stretch of time with one dose of a drug, as its statements tell it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pipeline.normalize.told import Told
from pipeline.notation import dates
from pipeline.notation.sigs import taken_daily
from pipeline.quantities import DateRange, Quantity


@dataclass(eq=False)  # each is itself: two may be told in the same words
class Episode:
    """A stretch of the line with one dose, and all that tells of it.

    Attributes:
        told: The statements of this dose; of a drug without any dose, all of its stretch.
        whole: Statements without a dose of the course that it is all or a step of.
        alone: No other dose of the drug is told: what is told of the whole is told of it.
        seen: Statements that only name it again (a plan to go on, a question, its absence since).
        present: The line has this dose when the packet was written.
        until: Its last day, where only the next dose tells it.
        cut: A longer length is told than the next dose leaves room for: it is of the whole course.
        course: Days of the whole course that it is the first step of, as stated.
        outcomes: What is told to have come of it.
    """

    told: list[Told]
    whole: list[Told] = field(default_factory=list)
    alone: bool = True
    seen: list[Told] = field(default_factory=list)
    present: bool = False
    until: DateRange | None = None
    cut: bool = False
    course: Quantity | None = None
    outcomes: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """As of its statements."""
        return self.told[0].kind

    @property
    def bearing(self) -> list[Told]:
        """The statements whose days, length and reason are its own, its own ones first."""
        return [*self.told, *(self.whole if self.alone else ())]

    @property
    def start(self) -> DateRange | None:
        """The first day, as exactly as it is told."""
        return _told_day(self.told, "start", min) or _told_day(self.bearing, "start", min)

    @property
    def stop(self) -> DateRange | None:
        """The last day as told, else as the next dose gives it; none of what goes on."""
        if self.present:
            return None
        own = _told_day(self.told, "stop", max) or _told_day(self.bearing, "stop", max)
        return own or self.until

    @property
    def duration(self) -> Quantity | None:
        """The closest length that is stated, if there was room for it before the next dose."""
        if self.cut:
            return None
        for told in (self.told, self.bearing):
            lengths = [t.duration for t in told if t.duration is not None]
            if lengths:
                return min(lengths, key=breadth)
        return None

    @property
    def first_day(self) -> int | None:
        """The earliest first day, as an ordinal."""
        start = self.start
        return start.earliest.toordinal() if start is not None and start.earliest else None

    @property
    def amount(self) -> tuple[float, str] | None:
        """Its dose."""
        return next((t.amount for t in self.told if t.amount is not None), None)

    @property
    def per_kg(self) -> float | None:
        """Its dose by weight."""
        return next((t.per_kg for t in self.told if t.per_kg is not None), None)

    @property
    def dosed(self) -> bool:
        """Whether its dose is told."""
        return any(t.dosed for t in self.told)

    @property
    def frequency(self) -> str:
        """As told first; times of days ("daily in the morning") tell more than "daily"."""
        own = [t.frequency for t in self.told if t.frequency]
        if own and taken_daily(own[0]):
            return next((f for f in own if "day" in f and not taken_daily(f)), own[0])
        return own[0] if own else ""

    @property
    def written(self) -> DateRange:
        """When the latest of its statements was written."""
        return max((t.written for t in [*self.told, *self.whole]), key=latest_day)


def _told_day(
    told: Sequence[Told], which: str, of_fills: Callable[..., DateRange]
) -> DateRange | None:
    """The day as exactly as it is told; of several supplies, the first start and the last end."""
    days = [d for t in told if t.section != "fills" and (d := getattr(t, which)) is not None]
    fills = [d for t in told if t.section == "fills" and (d := getattr(t, which)) is not None]
    if fills:
        days.append(of_fills(fills, key=latest_day))
    return min(days, key=dates.width, default=None)


def breadth(q: Quantity) -> float:
    """Days between the bounds of a length."""
    return (q.high if q.high is not None else 10**6) - (q.low or 0)


def latest_day(written: DateRange) -> int:
    """The latest day as an ordinal, 0 if it is not known."""
    return written.latest.toordinal() if written.latest else 0
