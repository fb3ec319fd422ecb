"""What is told of one drug -> a line of its doses over time, and what is read off that line.

Every statement binds the line: its dose was taken, from a day, to a day, for so long, and is or is
no longer taken when the text was written. A statement has a weight: words of a sentence over an
entry of a list over what only a section's heading suggests. Where not all can hold, the line is the
one that breaks the fewest and the lightest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from pipeline.normalize import dates
from pipeline.normalize.told import Told, last_of
from pipeline.quantities import DateRange, Quantity, days_between

PER_DAY = {
    "daily": 1.0, "twice daily": 2.0, "three times daily": 3.0, "four times daily": 4.0,
}  # fmt: skip
# One dose told with starts that lie closer is one stretch of it, told from memory.
SAME_START = 61
# A course that began more than this after the end of another one is another one (late refills).
PAUSE = 21
# Lengths that differ by less are told from memory or rounded.
MEMORY = 7
# What a statement weighs that a drug is, or is no longer, taken.
SENTENCE, DAYS, ENTRY, READ, SUGGESTED, OPEN = 4.0, 3.0, 2.0, 1.5, 1.0, 0.5
RETURN = 1.0  # for each dose in between when a dose is taken again without being told so
HARM = frozenset({"intolerant", "contraindicated"})


@dataclass
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
                return min(lengths, key=_breadth)
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
        if own and own[0] in PER_DAY:
            return next((f for f in own if "day" in f and f not in PER_DAY), own[0])
        return own[0] if own else ""

    @property
    def written(self) -> DateRange:
        """When the latest of its statements was written."""
        return max((t.written for t in [*self.told, *self.whole]), key=_latest)


def _told_day(
    told: Sequence[Told], which: str, of_fills: Callable[..., DateRange]
) -> DateRange | None:
    """The day as exactly as it is told; of several supplies, the first start and the last end."""
    days = [d for t in told if t.section != "fills" and (d := getattr(t, which)) is not None]
    fills = [d for t in told if t.section == "fills" and (d := getattr(t, which)) is not None]
    if fills:
        days.append(of_fills(fills, key=_latest))
    return min(days, key=dates.width, default=None)


def _breadth(q: Quantity) -> float:
    return (q.high if q.high is not None else 10**6) - (q.low or 0)


def _latest(written: DateRange) -> int:
    return written.latest.toordinal() if written.latest else 0


# ------------------------------------------------------------------------ drawing the line


def line_of(told: Sequence[Told]) -> list[Episode]:
    """The episodes of one drug that was taken, in the order in which they are told."""
    dosed = sorted((t for t in told if t.dosed), key=_binding)
    dosed = [t for t in dosed if not _is_titration(t, dosed)]
    loose = [t for t in told if t not in dosed]
    steps: list[Episode] = []
    for t in dosed:
        _add(steps, t, lambda e, t: _is_step(e, t, dosed))
    steps.sort(key=lambda e: min(t.order for t in e.told))
    whole = [t for t in loose if steps and not _is_apart(t, steps)]
    apart: list[Episode] = []
    for t in (t for t in loose if t not in whole):
        _add(apart, t, _is_stretch)
    for e in [*steps, *apart]:
        e.told.sort(key=lambda t: (t.section == "fills", t.order))
    for e in steps:
        e.whole, e.alone = whole, len(steps) == 1
    _give_outcomes(steps, whole)
    episodes = [*steps, *apart]
    unplaced = _find_present(steps, whole)
    for e in apart:
        _find_present([e], [])
    if unplaced:
        episodes.append(Episode(unplaced, present=True, outcomes=_told_outcomes(unplaced)))
    for e in apart:
        e.outcomes = _told_outcomes(e.told)
    _close(steps)
    if steps:
        first = min(steps, key=lambda e: (e.first_day or 10**7, min(t.order for t in e.told)))
        first.course = _length_of_whole(whole)
    for e in steps:
        e.seen += [t for t in whole if e is steps[0] or t.outcomes]
    return episodes


def _binding(t: Told) -> tuple[bool, bool, bool, int]:
    """Which statements set the steps that others join."""
    return t.low_dose is None, t.first_day is None, t.section == "fills", t.order


def _is_titration(t: Told, dosed: Sequence[Told]) -> bool:
    """Whether "10 to 20 mg, from January to June" is of a course whose doses are told one by one."""
    if t.low_dose is None or t.dose is None:
        return False
    steps = [o.dose.value for o in dosed if o.dose and o.low_dose is None and o.section != "fills"]
    inside = {value for value in steps if t.low_dose <= value <= t.dose.value}
    return len(inside) > 1


def _add(episodes: list[Episode], t: Told, fits: Callable[[Episode, Told], bool]) -> None:
    """Put a statement to the episode that it tells of: of several, the one begun last before it."""
    fitting = [e for e in episodes if fits(e, t)]
    if not fitting:
        episodes.append(Episode([t]))
        return
    day = t.first_day or _latest(t.written)
    best = min(fitting, key=lambda e: ((e.first_day or 0) > day, abs((e.first_day or 0) - day)))
    best.told.append(t)


def _is_stretch(e: Episode, t: Told) -> bool:
    """Whether two statements without a dose can be of one stretch of time."""
    return dates.compatible(e.start, t.start) and dates.compatible(e.stop, t.stop)


def _is_step(e: Episode, t: Told, dosed: Sequence[Told]) -> bool:
    """Whether a statement is of a step: the same dose, and nothing that tells the two apart."""
    if t.section == "fills" and any(_is_within(t, o) for o in e.told):
        return True
    if not _is_one_dose(e, t) or not _are_one_times(e.frequency, t):
        return False
    if _is_over_before(e.stop, t.start) or _is_over_before(t.stop, e.start):
        return False
    begun, other = e.first_day, t.first_day
    if begun is None or other is None or dates.compatible(e.start, t.start):
        return True
    low, high = sorted((begun, other))
    between = any(
        d.amount != t.amount and d.first_day is not None and low < d.first_day < high for d in dosed
    )
    return high - low <= SAME_START and not between


def _is_within(fill: Told, titration: Told) -> bool:
    """Whether a supply is of one of the doses, and the days, of a titration told in one."""
    if titration.low_dose is None or titration.dose is None or fill.dose is None:
        return False
    if not titration.low_dose <= fill.dose.value <= titration.dose.value:
        return False
    early = _is_over_before(fill.stop, titration.start)
    return not early and not _is_over_before(titration.stop, fill.start)


def _is_one_dose(e: Episode, t: Told) -> bool:
    """Equal amounts; "40 mg (0.5 mg/kg)" is one dose told twice in one breath."""
    if t.amount is not None and e.amount is not None and t.milligrams is not None:
        return t.amount == e.amount
    if t.dose is not None and any(t.dose == o.dose for o in e.told):
        return True
    if t.per_kg is None and e.per_kg is None:
        return False
    if t.per_kg == e.per_kg:
        return dates.compatible(e.start, t.start)
    return any(_in_brackets(o, t) or _in_brackets(t, o) for o in e.told)


def _in_brackets(o: Told, t: Told) -> bool:
    """Whether the dose by weight of `t` follows the dose of `o` within a few words."""
    by_weight = t.per_kg is not None and t.milligrams is None and o.per_kg is None
    return by_weight and o.place == t.place and 0 <= t.begin - o.begin <= 60


def _are_one_times(frequency: str, t: Told) -> bool:
    """Whether frequencies agree; "reduce by 5 mg every 2 weeks" is of the steps, not of the dose."""
    if not frequency or not t.frequency or frequency == t.frequency:
        return True
    if frequency == "daily" and t.frequency.startswith("every ") and "week" in t.frequency:
        return not t.dated
    return not {frequency, t.frequency} & set(PER_DAY)


def _is_over_before(stop: DateRange | None, start: DateRange | None) -> bool:
    """Whether one stretch surely ended well before another one began."""
    ended, begun = stop.latest if stop else None, start.earliest if start else None
    return ended is not None and begun is not None and (begun - ended).days > PAUSE


def _is_apart(t: Told, steps: Sequence[Episode]) -> bool:
    """Whether what is told without a dose surely is another course than all that have one."""
    end = t.stop or last_of(t.start, t.duration)
    starts, ends = [e.start for e in steps], [e.stop or _lasts(e) for e in steps]
    before = all(start is not None and _is_over_before(end, start) for start in starts)
    after = all(stop is not None and _is_over_before(stop, t.start) for stop in ends)
    return before or after


def _lasts(e: Episode) -> DateRange | None:
    return last_of(e.start, e.duration)


def _length_of_whole(whole: Sequence[Told]) -> Quantity | None:
    """The closest length that is told of a drug whatever its doses."""
    whole = [t for t in whole if t.stands and not t.doubtful]
    found = [t.duration for t in whole if t.duration is not None]
    found += [
        days_between(t.start, t.stop)
        for t in whole
        if t.start is not None and t.stop is not None and t.duration is None
    ]
    return min(found, key=_breadth, default=None)


# -------------------------------------------------------------------------- reading it


def _told_outcomes(told: Iterable[Told]) -> list[str]:
    return list(dict.fromkeys(o for t in told for o in t.outcomes))


def _give_outcomes(steps: Sequence[Episode], whole: Sequence[Told]) -> None:
    """What is told of the drug came of every dose of which nothing else is told; harm, of the last."""
    for e in steps:
        e.outcomes = _told_outcomes(e.told)
    last = max(steps, key=lambda e: (e.first_day or 0, _latest(e.written)), default=None)
    for t in whole:
        for e in steps:
            harmed = HARM & set(t.outcomes)
            if not harmed or e.alone or (e is last and not e.outcomes):
                e.outcomes += [o for o in t.outcomes if o not in e.outcomes]


def _weight(t: Told) -> float:
    """What a statement weighs that says, or lets one think, that a drug is or is not taken."""
    if t.section == "fills":
        return SUGGESTED
    if t.listed and t.how == "current":
        return ENTRY
    if t.sure or t.how == "stopped":
        return SENTENCE
    return READ if t.read and t.read == t.how else SUGGESTED


def _is_open(t: Told) -> bool:
    """Begun, or named with its dose and times, and no word of an end: it may go on."""
    if t.how not in ("", "begun") or t.stop is not None or HARM & set(t.outcomes) or not t.dosed:
        return False
    end = last_of(t.start, t.duration)
    if t.duration is not None and (end is None or not 0 < _latest(t.written) <= _latest(end)):
        return False
    if t.how == "begun":
        return bool(t.frequency or t.start is not None)
    listed = t.section in ("past_medications", "fills")
    return bool(t.frequency) and not listed and "failed" not in t.outcomes


def _says_now(t: Told) -> float:
    if t.how == "current":
        return _weight(t)
    return OPEN if _is_open(t) else 0.0


def _says_over(t: Told) -> float:
    if t.how in ("stopped", "past"):
        return _weight(t)
    return DAYS if t.stop is not None and t.how != "current" else 0.0


def _find_present(steps: Sequence[Episode], whole: Sequence[Told]) -> list[Told]:
    """Mark the dose that the line ends with, if it goes on.

    Returns the statements without a dose that say so where no told dose can be the one.
    """
    least = SUGGESTED if len(steps) == 1 else ENTRY
    now = [t for t in whole if _says_now(t) >= least]
    candidates = [e for e in steps if any(map(_says_now, e.told))]
    if now and not candidates:
        candidates = [e for e in steps if not any(map(_says_over, e.told))]
    broken = {id(e): _broken(e, steps, whole) for e in candidates}
    rested = _broken(None, steps, whole)
    best = min(candidates, key=lambda e: (broken[id(e)], *_recency(e)), default=None)
    if best is not None and broken[id(best)] < rested:
        best.present = True
        return []
    return now if len(steps) > 1 and rested and rested[0] >= ENTRY else []


def _recency(e: Episode) -> tuple[int, int, int]:
    """What comes last, first."""
    now = [t for t in e.told if _says_now(t)] or e.told
    return (
        -max(_latest(t.written) for t in now),
        -(e.first_day or 0),
        -max(t.order for t in now),
    )


def _broken(last: Episode | None, steps: Sequence[Episode], whole: Sequence[Told]) -> list[float]:
    """What breaks if the line ends with an episode, or with none: weights, the heaviest first."""
    found = [
        _cost_without(t, e, steps, whole) if last is None else _cost(t, e, last)
        for e in (None, *steps)
        for t in (whole if e is None else e.told)
    ]
    if last is not None:
        found += [RETURN for e in steps if e.amount != last.amount and _begins_after(e, last)]
    return sorted((weight for weight in found if weight), reverse=True)


def _cost_without(
    t: Told, of: Episode | None, steps: Sequence[Episode], whole: Sequence[Told]
) -> float:
    """What a statement weighs if nothing is taken in the end, unless others tell that it ended since."""
    others = of.told if of is not None else [*whole, *(o for e in steps for o in e.told)]
    now = _says_now(t)
    since = any(_says_over(o) >= min(now, DAYS) and _is_later(o, t) for o in others)
    written = _latest(t.written)
    reached = of is None and any(
        e.stop is not None and 0 < written <= _latest(e.stop) for e in steps
    )
    return 0.0 if since or reached else now


def _cost(t: Told, of: Episode | None, last: Episode) -> float:
    """What a statement of an episode, or of the drug, weighs if the line breaks it."""
    later = any(
        _says_now(o) >= SUGGESTED and _is_later(o, t) and not _is_of_whole(o, of) for o in last.told
    )
    if of is None or of is last:
        return 0.0 if later else _says_over(t)
    now = _says_now(t)
    if now <= OPEN and _begins_after(last, of):
        return 0.0  # it went on until the next dose
    if _is_of_whole(t, last):
        now = min(now, SUGGESTED)
    was_then = last.first_day is not None and 0 < _latest(t.written) < last.first_day
    return 0.0 if was_then or later else now


def _is_of_whole(t: Told, other: Episode | None) -> bool:
    """ "80 mg, from November to now", and another dose since: it is the course that lasts."""
    begun = other.first_day if other is not None else None
    return t.first_day is not None and begun is not None and t.first_day < begun


def _is_later(one: Told, other: Told) -> bool:
    return 0 < _latest(other.written) < _latest(one.written)


def _begins_after(one: Episode, other: Episode) -> bool:
    a, b = one.first_day, other.first_day
    return a is not None and b is not None and b < a


def _close(steps: Sequence[Episode]) -> None:
    """A dose of which no end is told ended the day before the next one began.

    A length that is told with a dose and is longer than that is of the course that it began.
    """
    dated = sorted((e for e in steps if e.first_day is not None), key=lambda e: e.first_day or 0)
    for e, after in pairwise(dated):
        start, length = after.start, e.duration
        if e.stop is not None or e.present or start is None or e.amount == after.amount:
            continue
        exact = start.earliest is not None and start.earliest == start.latest
        room = (after.first_day or 0) - (e.first_day or 0)
        if start.earliest is None or not exact or room <= 0:
            continue
        if length is not None and (length.low is None or length.low <= room + MEMORY):
            continue
        e.cut = length is not None
        e.until = DateRange.day(start.earliest - timedelta(days=1))
