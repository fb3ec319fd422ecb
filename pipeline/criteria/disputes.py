"""Durations of one treatment that cannot all be true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipeline.criteria.courses import days_of
from pipeline.criteria.facts import is_on_form
from pipeline.logic import Truth
from pipeline.quantities import Quantity, days_between
from pipeline.schema import Medication


def disputes(
    drugs: Sequence[Medication], as_of: date | None, bound: float, agreement: float
) -> list[Medication]:
    """Episodes that contradict each other on whether a drug was taken for `bound` days.

    Either one episode's stated and dated durations fall on different sides of it, or those of
    what may be one episode on form and in notes do, and lie more than `agreement` days apart.
    """
    for drug in drugs:
        if _are_split(days_of(drug, as_of), bound):
            return [drug]
    told = [drug for drug in drugs if _explicit_days(drug) is not None]
    for one in told:
        for other in told:
            if not is_on_form(one) or is_on_form(other) or not _may_be_one(one, other):
                continue
            pair = [days for days in map(_explicit_days, (one, other)) if days is not None]
            if _are_split(pair, bound) and _are_apart(pair[0], pair[1], agreement):
                return [one, other]
    return []


def _are_split(lengths: Sequence[Quantity], bound: float) -> bool:
    return {Truth.TRUE, Truth.FALSE} <= {days.at_least(bound) for days in lengths}


def _explicit_days(drug: Medication) -> Quantity | None:
    """As stated, or between two stated dates; what is still going on has no duration yet."""
    if drug.stated_duration is not None:
        return drug.stated_duration
    if drug.start is not None and drug.stop is not None and not drug.ongoing:
        return days_between(drug.start, drug.stop)
    return None


def _are_apart(one: Quantity, other: Quantity, agreement: float) -> bool:
    for less, more in ((one, other), (other, one)):
        if less.high is not None and more.low is not None and less.high + agreement < more.low:
            return True
    return False


def _may_be_one(one: Medication, other: Medication) -> bool:
    """One drug, and nothing tells the two apart: neither dose nor dates."""
    if one.ingredient != other.ingredient:
        return False
    if None not in (one.dose_value, other.dose_value) and one.dose_value != other.dose_value:
        return False
    return not (_is_over_before(one, other) or _is_over_before(other, one))


def _is_over_before(one: Medication, other: Medication) -> bool:
    ended = one.stop.latest if one.stop else None
    begun = other.start.earliest if other.start else None
    return ended is not None and begun is not None and ended < begun
