"""Which episodes of a drug are steps of a course: they are shown in its row and have none.

A course of doses is one row: its highest dose, the present one, and every dose that is told with
days, a length or an outcome of its own. What only stands between them (a dose on the way down or up,
a plan to change it, a supply of it) is a step: an episode of the case with its places.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.normalize.episode import Episode

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
            return next((o for o in before if _is_one_request(o, e)), e)
    return e


# ---------------------------------------------------------------------------- of courses


def _is_passed(e: Episode, taken: Sequence[Episode]) -> bool:
    """Whether nothing but the doses around it bounds a dose, and one of them is higher."""
    if e.present or not e.dosed:
        return False
    by_word = [o for o in taken if o is not e and o.dosed and not _is_of_fills(o)]
    if _is_of_fills(e):
        return bool(by_word)
    if any(t.how == "begun" for t in e.told) or not any(_is_higher(o, e) for o in by_word):
        return False
    if any(_is_of_one_run(o, e) for o in by_word):
        return True
    bounded = any(t.stop or t.duration for t in e.told)
    exact = e.start is not None and e.start.earliest == e.start.latest
    return not bounded and not (exact and any(t.outcomes for t in e.told))


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
        o.place == t.place and o.dated and (o.start, o.stop, o.duration) == (t.start, t.stop, t.duration)
        for o in higher.told
        for t in e.told
    )


def _nearest(e: Episode, heads: Sequence[Episode]) -> Episode | None:
    """The course that a step is of: the last begun or told before it, else the next; None if far."""
    day, order = e.first_day, min(t.order for t in e.told)
    dated = [(h.first_day, h) for h in heads if h.first_day is not None]
    if day is not None and dated:
        begun = max((d for d, _ in dated if d <= day), default=min(d for d, _ in dated))
        head = next(h for d, h in dated if d == begun)
        ended = head.stop.latest if head.stop else None
        until = day if head.present else ended.toordinal() if ended else begun
        return head if begun - APART <= day <= max(until, begun) + APART else None
    told = sorted((min(t.order for t in h.told), i) for i, h in enumerate(heads) if h.dosed)
    if not told:
        return None
    before = [i for first, i in told if first <= order]
    return heads[before[-1] if before else told[0][1]]


# --------------------------------------------------------------------------- of requests


def _is_one_request(one: Episode, other: Episode) -> bool:
    """Whether two doses are one: told in one breath, or one is by weight or area and the other not."""
    a, b = ({t.product for t in e.told} - {""} for e in (one, other))
    if a and b and not a & b:
        return False
    if {p for t in one.told for p in t.places} & {p for t in other.told for p in t.places}:
        return True
    per = [{t.dose.per for t in e.told if t.dose is not None} for e in (one, other)]
    return all(per) and not per[0] & per[1]
