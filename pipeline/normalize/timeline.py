"""What is told of one drug -> a line of its doses over time, in episodes.

Every statement binds the line: its dose was taken, from a day, to a day, for so long, and is or is
no longer taken when the text was written. Where not all can hold, the line is the one that breaks
the fewest and the lightest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from itertools import pairwise

from pipeline.normalize.episode import Episode, breadth, latest_day
from pipeline.normalize.present import find_present
from pipeline.normalize.told import HARM, Told, last_of
from pipeline.notation import dates
from pipeline.notation.sigs import taken_daily
from pipeline.quantities import DateRange, Quantity, days_between

# One dose told with starts that lie closer is one stretch of it, told from memory.
SAME_START = 61
# A course that began more than this after the end of another one is another one (late refills).
PAUSE = 21
# Lengths that differ by less are told from memory or rounded.
MEMORY = 7


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
    unplaced = find_present(steps, whole)
    for e in apart:
        find_present([e], [])
    if unplaced:
        episodes.append(Episode(unplaced, present=True, outcomes=_told_outcomes(unplaced)))
    for e in apart:
        e.outcomes = _told_outcomes(e.told)
    _close(steps)
    _end(steps, whole)
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
    day = t.first_day or latest_day(t.written)
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
    return not (taken_daily(frequency) or taken_daily(t.frequency))


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
    return min(found, key=breadth, default=None)


# -------------------------------------------------------------------------- reading it


def _told_outcomes(told: Iterable[Told]) -> list[str]:
    return list(dict.fromkeys(o for t in told for o in t.outcomes))


def _give_outcomes(steps: Sequence[Episode], whole: Sequence[Told]) -> None:
    """What is told of the drug came of every dose of which nothing else is told; harm, of the last."""
    for e in steps:
        e.outcomes = _told_outcomes(e.told)
    last = max(steps, key=lambda e: (e.first_day or 0, latest_day(e.written)), default=None)
    for t in whole:
        for e in steps:
            harmed = HARM & set(t.outcomes)
            if not harmed or e.alone or (e is last and not e.outcomes):
                e.outcomes += [o for o in t.outcomes if o not in e.outcomes]


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
        if any(_is_between(o, e, after) for o in steps if o.first_day is None and not o.present):
            continue
        e.cut = length is not None
        e.until = DateRange.day(start.earliest - timedelta(days=1))


def _end(steps: Sequence[Episode], whole: Sequence[Told]) -> None:
    """The last day that is told of the drug, without a dose, is that of the dose taken on it.

    Only where every dose has its first day: one without may have been taken then.
    """
    days = [t.stop for t in whole if t.stop is not None and t.stands and not t.doubtful]
    if (
        len(steps) < 2
        or len(days) != 1
        or any(e.first_day is None and not e.present for e in steps)
    ):
        return
    first, last = days[0].earliest, days[0].latest
    if first is None or last is None:
        return
    begun = [e for e in steps if e.first_day is not None]
    before = [e for e in begun if (e.first_day or 0) < first.toordinal()]
    if (
        any(first.toordinal() <= (e.first_day or 0) <= last.toordinal() for e in begun)
        or not before
    ):
        return
    taken = max(before, key=lambda e: e.first_day or 0)
    if taken.stop is None and taken.duration is None and not taken.present:
        taken.until = days[0]


def _is_between(o: Episode, e: Episode, after: Episode) -> bool:
    """Whether a dose without a day lies between two: then the first did not last to the second."""
    if o.amount is None or e.amount is None or after.amount is None:
        return False
    low, high = sorted((e.amount[0], after.amount[0]))
    return o.amount[1] == e.amount[1] == after.amount[1] and low < o.amount[0] < high
