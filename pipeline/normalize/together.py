"""What several statements tell together: fills, what came of a class, what followed what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from pipeline.normalize.reading import Reading, parts
from pipeline.normalize.told import Told, last_of
from pipeline.quantities import DateRange
from pipeline.schema import Assertion, Mention

THEN = re.compile(
    r"\b(?:then|followed\s+by|thereafter|switched\s+to|changed\s+to)\b", re.IGNORECASE
)
THAT_DOSE = re.compile(r"\b(?:that|this|the\s+same)\s+(?:dose|dosage|amount)\b", re.IGNORECASE)

# Fills closer than this many days after the last one ran out are one course (late refills).
REFILL_GAP = 21


def together(told: Sequence[Told], mentions: Sequence[Mention], reading: Reading) -> list[Told]:
    """The statements with what others beside them add."""
    joined = _join_fills(told, reading.as_of)
    for m in mentions:
        if m.label == "medication_class" and not (m.family or m.hypothetical):
            joined = [_with_class_outcome(t, m, reading) for t in joined]
    return [_of_that_dose(t, joined) for t in _following(joined, reading)]


def _join_fills(told: Sequence[Told], as_of: date | None) -> list[Told]:
    """Statements with the fills of each dose as one supply, from the first to the end of the last."""
    kept = [t for t in told if t.section != "fills"]
    fills = sorted((t for t in told if t.section == "fills"), key=lambda t: t.first_day or 0)
    for key in dict.fromkeys(map(_dose, fills)):
        supply: Told | None = None
        for fill in (replace(t, stop=_end(t)) for t in fills if _dose(t) == key):
            if supply is not None and _continues(supply, fill):
                more = (*supply.more, *fill.places)
                supply = replace(supply, stop=fill.stop or supply.stop, more=more)
                continue
            if supply is not None:
                kept.append(_reaching(supply, as_of))
            supply = fill
        if supply is not None:
            kept.append(_reaching(supply, as_of))
    return kept


def _dose(t: Told) -> tuple[object, ...]:
    return t.ingredient, t.amount, t.frequency


def _end(fill: Told) -> DateRange | None:
    if fill.start is None or fill.start.latest is None or not fill.days_supply:
        return None
    return DateRange.day(fill.start.latest + timedelta(days=fill.days_supply - 1))


def _continues(supply: Told, fill: Told) -> bool:
    ended = supply.stop.latest if supply.stop else None
    begun = fill.start.earliest if fill.start else None
    return ended is not None and begun is not None and (begun - ended).days <= REFILL_GAP


def _reaching(supply: Told, as_of: date | None) -> Told:
    """A supply that reaches the request may still be taken: the record cannot tell."""
    ended = supply.stop.latest if supply.stop else None
    if ended is None or as_of is None:
        return supply
    lasts = ended >= as_of - timedelta(days=REFILL_GAP)
    return replace(supply, how="current" if lasts else "past")


def _with_class_outcome(t: Told, m: Mention, reading: Reading) -> Told:
    """ "No response to three weeks of corticosteroids" is told of each corticosteroid taken.

    "No candidate for further steroid" is not: it tells what may come, and denies no course.
    """
    found = [p for p in parts(m, "outcome") if p.code != "contraindicated"]
    drug = reading.lexicon.drugs.get(t.ingredient)
    taken = t.kind == "taken" and t.assertion is not Assertion.HYPOTHETICAL and t.dosed
    if not found or t.outcomes or not taken or t.section == "fills":
        return t
    if drug is None or drug.drug_class != m.code:
        return t
    codes = tuple(dict.fromkeys(p.code for p in found))
    agreed = t.agreed if "outcome" in m.doubted else t.agreed | set(codes)
    more = (*t.more, reading.place(m))
    return replace(t, outcomes=codes, agreed=agreed, reason=t.reason or found[0].text, more=more)


def _following(told: Sequence[Told], reading: Reading) -> Iterator[Told]:
    """ "500 mg daily for 3 days from 07/14, then 40 mg daily": the second begins where the first ends."""
    drugs = reading.lexicon.drugs
    if told:
        yield told[0]
    for first, second in pairwise(told):
        classes = {d.drug_class for t in (first, second) if (d := drugs.get(t.ingredient))}
        one_place = bool(set(first.places) & set(second.places)) and second.origin == "prose"
        between = reading.document.text[first.end : second.begin] if one_place else ""
        end = first.stop or last_of(first.start, first.duration)
        if second.start is None and len(classes) == 1 and THEN.search(between):
            second = replace(second, start=_day_after(end))
        yield second


def _of_that_dose(t: Told, told: Sequence[Told]) -> Told:
    """ "She has had six weeks of that dose": the length of the dose that the page told last."""
    if t.dosed or t.duration is None or t.kind != "taken" or not THAT_DOSE.search(t.place.text):
        return t
    page = (t.place.file, t.place.page)
    before = [
        o
        for o in told
        if o.ingredient == t.ingredient and o.order < t.order and o.dosed and o.kind == "taken"
        if (o.place.file, o.place.page) == page
    ]
    last = max(before, key=lambda o: o.order, default=None)
    if last is None:
        return t
    return replace(t, dose=last.dose, per_kg=last.per_kg, start=t.start or last.start)


def _day_after(end: DateRange | None) -> DateRange | None:
    if end is None or end.earliest is None or end.latest is None:
        return None
    day = timedelta(days=1)
    return DateRange(earliest=end.earliest + day, latest=end.latest + day)
