"""Which dose of a drug is taken when the packet is written: the one that breaks the least.

A statement weighs what its form is worth: words of a sentence over an entry of a list, over what the
trained reader sees, over what only the heading of a section suggests.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.normalize.episode import Episode, latest_day
from pipeline.normalize.told import HARM, Told, last_of

# What a statement weighs that a drug is, or is no longer, taken.
SENTENCE, DAYS, ENTRY, READ, SUGGESTED, OPEN = 4.0, 3.0, 2.0, 1.5, 1.0, 0.5
RETURN = 1.0  # for each dose in between when a dose is taken again without being told so


def find_present(steps: Sequence[Episode], whole: Sequence[Told]) -> list[Told]:
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


def _weight(t: Told) -> float:
    """What a statement weighs that says, or lets one think, that a drug is or is not taken."""
    if t.section == "fills":
        return SUGGESTED
    if t.listed and t.how == "current":
        # With its length and what came of it, an entry of a form accounts for a course.
        return OPEN if t.duration is not None and t.outcomes and not t.start else ENTRY
    if t.sure or t.how == "stopped":
        return SENTENCE
    return READ if t.read and t.read == t.how else SUGGESTED


def _is_open(t: Told) -> bool:
    """Begun, or named with its dose and times, and no word of an end: it may go on."""
    if t.how not in ("", "begun") or t.stop is not None or HARM & set(t.outcomes) or not t.dosed:
        return False
    end = last_of(t.start, t.duration)
    if t.duration is not None and (end is None or not 0 < latest_day(t.written) <= latest_day(end)):
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


def _recency(e: Episode) -> tuple[int, int, int]:
    """What comes last, first."""
    now = [t for t in e.told if _says_now(t)] or e.told
    return (
        -max(latest_day(t.written) for t in now),
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
    written = latest_day(t.written)
    reached = of is None and any(
        e.stop is not None and 0 < written <= latest_day(e.stop) for e in steps
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
    was_then = last.first_day is not None and 0 < latest_day(t.written) < last.first_day
    return 0.0 if was_then or later else now


def _is_of_whole(t: Told, other: Episode | None) -> bool:
    """ "80 mg, from November to now", and another dose since: it is the course that lasts."""
    if other is None or t.first_day is None:
        return False
    if other.first_day is not None:
        return t.first_day < other.first_day
    # "80 mg, begun in April, ongoing", and "present dose 25 mg" without a day.
    return any(_says_now(o) >= SENTENCE and not _is_later(t, o) for o in other.told)


def _is_later(one: Told, other: Told) -> bool:
    return 0 < latest_day(other.written) < latest_day(one.written)


def _begins_after(one: Episode, other: Episode) -> bool:
    a, b = one.first_day, other.first_day
    return a is not None and b is not None and b < a
