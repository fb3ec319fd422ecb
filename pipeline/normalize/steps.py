"""Which episodes of a drug are steps of a course: they are shown in its row and have none.

A course of doses has a row for its highest dose, for the present one, for the dose at which it
turned (lowered to it, the disease came back), and for every dose of which a length, a last day or an
outcome is told. What only stands between them (a dose on the way, a plan to change it, a supply) is a
step: an episode of the case, with its places.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.normalize.episode import Episode
from pipeline.normalize.told import Told

# A dose told alone this many days from a course is none of its steps.
APART = 365


def courses_of(episodes: Sequence[Episode]) -> list[Episode]:
    """For each episode of one drug, the episode whose row shows it: itself, unless it is a step."""
    taken = [e for e in episodes if e.kind == "taken"]
    heads = [e for e in taken if not _is_passed(e, taken)]
    return [_course(e, taken, heads, episodes) for e in episodes]


def _course(
    e: Episode, taken: Sequence[Episode], heads: Sequence[Episode], episodes: Sequence[Episode]
) -> Episode:
    if e in taken:
        return e if e in heads else _nearest(e, heads) or e
    before = [o for o in episodes[: episodes.index(e)] if o.kind == e.kind]
    match e.kind:
        case "planned" if e.dosed:  # a change of what is taken now
            return next((o for o in heads if o.present), e)
        case "not_taken" if e.dosed:
            return next((o for o in before if o.dosed), e)
        case "requested":
            asked = [o for o in episodes if o.kind == e.kind and (o is e or _is_one_request(o, e))]
            return max(asked, key=_fullness)
    return e


# ---------------------------------------------------------------------------- of courses


def _is_passed(e: Episode, taken: Sequence[Episode]) -> bool:
    """Whether nothing but the doses around it bounds a dose, and one of them is higher."""
    if e.present or not e.dosed:
        return False
    by_word = [o for o in taken if o is not e and o.dosed and not _is_of_fills(o)]
    if _is_of_fills(e):
        return bool(by_word)
    if not any(_is_higher(o, e) for o in by_word):
        return False
    if any(_is_of_one_run(o, e) for o in by_word):
        return True
    after = _next(e, by_word)
    if after is not None and _is_higher(after, e) and any(_came_down(o, e) for o in by_word):
        return False
    return not any(_is_bounded(t) for t in e.told)


def _is_bounded(t: Told) -> bool:
    """Whether days, a length or an outcome are told of this dose itself."""
    begun = t.how == "begun" and t.start is not None
    return begun or bool(t.stop or t.duration or t.agreed)


def _came_down(higher: Episode, e: Episode) -> bool:
    """Whether a higher dose came before: days count, else the order of telling."""
    a, b = higher.first_day, e.first_day
    told_first = _order(higher) < _order(e)
    earlier = told_first if a is None or b is None or a == b else a < b
    return earlier and _is_higher(higher, e)


def _order(e: Episode) -> int:
    return min(t.order for t in e.told)


def _next(e: Episode, line: Sequence[Episode]) -> Episode | None:
    """The dose after one: by its day, else in the words of the same place, else the present one."""
    day, order = e.first_day, _order(e)
    later = [(o.first_day, o) for o in line if day is not None and (o.first_day or 0) > day]
    if later:
        return min(later, key=lambda dated: dated[0] or 0)[1]
    places = {t.place for t in e.told}
    told = [(t.order, o) for o in line for t in o.told if t.place in places and t.order > order]
    if told:
        return min(told, key=lambda said: said[0])[1]
    return next((o for o in line if o.present), None)


def _is_of_fills(e: Episode) -> bool:
    return all(t.section == "fills" for t in e.told)


def _is_higher(one: Episode, other: Episode) -> bool:
    """Whether a dose is surely higher; those of different units cannot be compared."""
    a, b = one.amount, other.amount
    return a is not None and b is not None and a[1] == b[1] and a[0] > b[0]


def _is_of_one_run(higher: Episode, e: Episode) -> bool:
    """ "60 mg down to 5 mg, 02/23 to 05/18": the days are of the run, not of each of its doses."""
    if not _is_higher(higher, e):
        return False
    return any(
        o.place == t.place and o.stop is not None and (o.start, o.stop) == (t.start, t.stop)
        for o in higher.told
        for t in e.told
    )


def _nearest(e: Episode, heads: Sequence[Episode]) -> Episode | None:
    """The course that a step is of: the last begun or told before it, else the next; None if far."""
    day, order = e.first_day, _order(e)
    dated = [(h.first_day, h) for h in heads if h.first_day is not None]
    if day is not None and dated:
        begun = max((d for d, _ in dated if d <= day), default=min(d for d, _ in dated))
        head = next(h for d, h in dated if d == begun)
        ended = head.stop.latest if head.stop else None
        until = day if head.present else ended.toordinal() if ended else begun
        return head if begun - APART <= day <= max(until, begun) + APART else None
    told = sorted((_order(h), i) for i, h in enumerate(heads) if h.dosed)
    if not told:
        return None
    before = [i for first, i in told if first <= order]
    return heads[before[-1] if before else told[0][1]]


# --------------------------------------------------------------------------- of requests


def _fullness(e: Episode) -> tuple[bool, int]:
    """How much is asked for: which way, how often, how much."""
    routed = any(t.route for t in e.told)
    return e.dosed, routed + bool(e.frequency)


def _is_one_request(one: Episode, other: Episode) -> bool:
    """Whether two doses are one: told in one breath, or one is by weight or area and the other not."""
    a, b = ({t.product for t in e.told} - {""} for e in (one, other))
    if a and b and not a & b:
        return False
    if {p for t in one.told for p in t.places} & {p for t in other.told for p in t.places}:
        return True
    per = [{t.dose.per for t in e.told if t.dose is not None} for e in (one, other)]
    return all(per) and not per[0] & per[1]
