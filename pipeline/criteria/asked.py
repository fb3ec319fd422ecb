"""General kinds that look at the request itself: who asks, and whether it keeps to the limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import ClassVar, Literal, NamedTuple

from pydantic import Field, model_validator

from pipeline.criteria.base import Criterion, Verdict, View, met, not_met, unclear, waived
from pipeline.criteria.courses import weight_kg
from pipeline.criteria.facts import affirmed, amount, asserted, findings, unique
from pipeline.criteria.parameters import About, Filled, HcpcsCode, Listed, MostDays, Threshold
from pipeline.notation import amounts, lengths, sigs
from pipeline.notation.numbers import WORD, number
from pipeline.quantities import DateRange, Quantity
from pipeline.schema import Assertion, Fact, Finding, Reason, Stated

SPECIALTY, CONSULTED = "prescriber_specialty", "consulted_specialty"
DAYS_OF_MONTH = 30.44
MONTH_SPREAD = 1.15  # by which the longest of a month's lengths may exceed the shortest
ROUNDING = 1.05  # a vial cannot be divided: what a dose by weight may exceed its limit by


class Prescriber(Criterion):
    """The prescriber is of one of the specialties, or has consulted somebody who is.

    Attributes:
        specialties: Values of the finding `prescriber_specialty`.
        consultation: Whether the advice of such a specialist is enough.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("specialty",)

    kind: Literal["prescriber"]
    specialties: Listed[Filled]
    consultation: bool = False

    def rests_on(self, verdict: Verdict) -> tuple[Fact, ...]:
        """The consultation; the statements of the own specialty have been weighed."""
        return tuple(
            f for f in verdict.facts if not (isinstance(f, Finding) and f.finding == SPECIALTY)
        )

    def judge(self, view: View) -> Verdict:
        """The specialty of who prescribes, then the consultation."""
        wanted = self.specialties.value
        known = findings(view.case, {SPECIALTY})
        own = affirmed(known)
        fit = [f for f in own if f.value in wanted]
        others = [f for f in own if f.value not in wanted]
        advice = [f for f in findings(view.case, {CONSULTED}) if f.value in wanted]
        consulted = [f for f in advice if f.assertion in (Assertion.AFFIRMED, Assertion.HISTORICAL)]
        if fit and not others:
            return met(f"Prescriber: {_values(fit)}", fit)
        if self.consultation and consulted:
            return met(f"Consulted: {_values(consulted)}", [*consulted, *own])
        if fit:
            said = f"Different specialties are stated: {_values([*fit, *others])}"
            return unclear(Reason.CONFLICTING, said, [*fit, *others], self.asks("specialty"))
        maybe = [*(f for f in asserted(known, Assertion.POSSIBLE) if f.value in wanted)]
        maybe += (
            [f for f in advice if f.assertion is Assertion.POSSIBLE] if self.consultation else []
        )
        if maybe:
            said = f"Not sure: {_values(maybe)}"
            return unclear(Reason.AMBIGUOUS, said, maybe, self.asks("specialty"))
        if others and self.consultation:
            said = f"Prescriber: {_values(others)}; no consultation is documented"
            return self.partial(said, others)
        if others:
            return not_met(f"Prescriber: {_values(others)}", others)
        return self.silent("The prescriber's specialty is not stated")


def _values(facts: Sequence[Finding]) -> str:
    return ", ".join(unique(fact.value.replace("_", " ") for fact in facts))


class Asked(NamedTuple):
    """What the request asks of one thing, and the statements that say so."""

    amount: Quantity | None
    said: str
    stated: tuple[Stated, ...]
    facts: tuple[Fact, ...] = ()


class RequestLimit(Criterion):
    """What is requested is no more than the policy gives; not asked where it is not requested.

    Attributes:
        dose: The most for one time, in mg, mcg, mg/kg, mg/m2 and the like, or a day (`mg/d`).
        every: The fewest days between two doses.
        quantity: The most doses, infusions and the like.
        length: The longest time asked for.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("request",)

    kind: Literal["request_limit"]
    dose: Threshold | None = None
    every: MostDays | None = None
    quantity: Threshold | None = None
    length: About | None = None

    @model_validator(mode="after")
    def _limits_one_thing(self) -> RequestLimit:
        if sum(one is not None for one in self._limits()) != 1:
            raise ValueError("needs one of dose, every, quantity, length")
        return self

    def _limits(self) -> tuple[Threshold | None, ...]:
        return (self.dose, self.every, self.quantity, self.length)

    def judge(self, view: View) -> Verdict:
        """Within the limit, above it, or not asked at all."""
        limit = next(one for one in self._limits() if one is not None)
        gives = f"the policy gives {self._in_words(limit)}"
        asked = self._asked(view, limit)
        if asked is None:
            return waived(f"Not asked; {gives}", ())
        said = f"Asks for {asked.said}; {gives}"
        if asked.amount is None:
            if asked.facts or not limit.unit.endswith(("/kg", "/m2")):
                return unclear(
                    Reason.AMBIGUOUS, said, asked.facts, self.asks("request"), asked.stated
                )
            lacking = self.partial(f"{said}; no weight is stated", asked.facts)
            return lacking._replace(stated=asked.stated)
        value = asked.amount
        low, high = value.low or 0.0, value.high
        if self.every is not None:
            within, above = low >= limit.value, high is not None and high < limit.value
        else:
            within, above = high is not None and high <= limit.value, low > limit.value
        if within:
            return met(said, asked.facts, asked.stated)
        if above and limit.unit.endswith(("/kg", "/m2")) and low <= limit.value * ROUNDING:
            text = f"{said}, within the rounding of a vial"
            return unclear(Reason.AMBIGUOUS, text, asked.facts, stated=asked.stated)
        if above:
            return not_met(said, asked.facts, asked.stated)
        return unclear(Reason.AMBIGUOUS, said, asked.facts, self.asks("request"), asked.stated)

    def _in_words(self, limit: Threshold) -> str:
        months = limit.value / DAYS_OF_MONTH
        if self.length is not None and abs(months - round(months)) < 0.1 and months >= 1:
            return f"{round(months)} months"
        return f"{amount(limit.value)} {limit.unit}"

    def _asked(self, view: View, limit: Threshold) -> Asked | None:
        request = view.case.request
        if self.length is not None:
            return _widest(request.length, _length)
        if self.quantity is not None:
            unit = limit.unit
            return _widest(request.quantity, lambda text: _count(text, unit))
        if self.every is not None:
            return _widest(request.schedule, _interval)
        return self._dose(view, limit)

    def _dose(self, view: View, limit: Threshold) -> Asked | None:
        """The dose in the unit of the limit; by weight where that is given per kilogram."""
        request = view.case.request
        if not request.dose:
            return None
        unit, _, per = limit.unit.partition("/")
        today = DateRange(earliest=view.case.as_of)
        known = weight_kg(view.case, today) if per == "kg" else None
        found = []
        for stated in request.dose:
            dose = amounts.dose(stated.text)
            found.append(_in_unit(dose, unit, per, known[0] if known else None))
        said = ", ".join(unique(stated.text for stated in request.dose))
        facts = (known[1],) if known and any(f for f in found) else ()
        if any(value is None for value in found):
            return Asked(None, said, request.dose)
        values = [value for value in found if value is not None]
        if per == "d":
            times = [t for s in request.schedule if (t := sigs.doses_a_day(s.text)) is not None]
            values = [value * max(times, default=1.0) for value in values]
        each = f" ({amount(max(values))} {limit.unit})" if per == "kg" else ""
        return Asked(
            Quantity(low=max(values), high=max(values)), f"{said}{each}", request.dose, facts
        )


def _in_unit(dose: amounts.Dose | None, unit: str, per: str, weight: float | None) -> float | None:
    """A dose in `unit`, divided by the weight where the limit is by weight."""
    if dose is None:
        return None
    scale = amounts.MILLIGRAMS.get(dose.unit), amounts.MILLIGRAMS.get(unit)
    if dose.unit == unit:
        value: float | None = dose.value
    elif scale[0] and scale[1]:
        value = dose.value * scale[0] / scale[1]
    else:
        return None
    if dose.per == per or (per == "d" and dose.per in ("", "day", "d")):
        return value
    if per == "kg" and not dose.per and weight and value is not None:
        return value / weight
    return None


def _widest(stated: Sequence[Stated], read: Callable[[str], Quantity | None]) -> Asked | None:
    """What statements ask for, from the least to the most; None where there is none."""
    if not stated:
        return None
    said = ", ".join(unique(one.text for one in stated))
    found = [value for one in stated if (value := read(one.text)) is not None]
    if len(found) < len(stated):
        return Asked(None, said, tuple(stated))
    highs = [value.high for value in found if value.high is not None]
    high = max(highs) if len(highs) == len(found) else None
    return Asked(Quantity(low=max(v.low or 0 for v in found), high=high), said, tuple(stated))


def _length(text: str) -> Quantity | None:
    """Days asked for; a month is as long as months are on average, to a day."""
    # A fax prints "1year" as "lyear".
    days = lengths.duration(re.sub(r"^\s*[lI|](?=\s?(?:day|week|month|year))", "1 ", text))
    if days is None or days.low is None or days.high is None:
        return days
    middle = (days.low + days.high) / 2
    if days.high > days.low * MONTH_SPREAD:
        return days
    return Quantity.exactly(max(0.0, middle - 1), "d")


def _count(text: str, unit: str) -> Quantity | None:
    """A number of what the limit counts, or a bare number; "one infusion" as "1 infusion"."""
    spelled = re.match(rf"\s*({WORD})\b", text, re.IGNORECASE)
    if spelled is not None and (value := number(spelled[1])) is not None:
        text = f"{value:g}{text[spelled.end() :]}"
    text = re.sub(rf"(?<=\d)\s*\(\s*{WORD}\s*\)", " ", text, flags=re.IGNORECASE)  # "1 (one)"
    found = re.match(r"\s*#?\s*(\d+(?:\.\d+)?)\s*\(?([A-Za-z]*)", text)
    if found is None:
        return None
    word = unit.casefold().rstrip("s")
    if found[2] and found[2].casefold().rstrip("s") != word:
        other = re.search(rf"(\d+(?:\.\d+)?)\s*{re.escape(word)}", text, re.IGNORECASE)
        return Quantity.exactly(float(other[1])) if other else None
    return Quantity.exactly(float(found[1]))


def _interval(text: str) -> Quantity | None:
    """The days between doses of a printed schedule."""
    times = [
        per_day
        for m in sigs.find_frequencies(text)
        if (per_day := sigs.doses_a_day(text[m.start : m.end].lower())) is not None
    ]
    if not times:
        return None
    return Quantity(low=round(1 / max(times)), high=round(1 / min(times)))


class ProductAsked(Criterion):
    """The requested product is one of some brands, by name or billing code.

    Attributes:
        brands: As in the drug table; a product without a brand is none of them.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("product",)

    kind: Literal["product"]
    brands: tuple[Filled, ...] = Field(min_length=1)
    hcpcs: tuple[HcpcsCode, ...] = ()

    def judge(self, view: View) -> Verdict:
        """Every name and code of the request must say the same."""
        asked = view.case.request
        names = {name.casefold() for name in self.brands}
        truths = {any(n in s.text.casefold() for n in names) for s in asked.products}
        truths |= {s.text.strip().upper() in self.hcpcs for s in asked.hcpcs if self.hcpcs}
        stated = (*asked.products, *asked.hcpcs)
        said = f"Requested: {', '.join(unique(s.text for s in stated))}"
        if len(truths) > 1:
            return unclear(Reason.CONFLICTING, said, stated=stated)
        if not truths:
            return self.silent("The requested product is not named")
        return met(said, stated=stated) if truths == {True} else not_met(said, stated=stated)
