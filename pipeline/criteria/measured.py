"""The general kind that asks for a result: a number against a bound, a word, or that there is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import ValidationInfo, model_validator

from pipeline.criteria.base import Verdict, View, met, not_met, unclear
from pipeline.criteria.facts import (
    affirmed,
    amount,
    findings,
    latest,
    number_in,
    on_day,
    ratio_of,
    results,
    stated_on,
    unique,
)
from pipeline.criteria.parameters import Analyte, Filled, FindingKey, Threshold, Vocabulary
from pipeline.criteria.results import Dated
from pipeline.logic import Truth, all_of, negate
from pipeline.quantities import Quantity
from pipeline.schema import Assertion, Fact, Finding, LabResult, Reason

TIMES_LIMIT = "x ULN"
# What one of each spelling of a count of cells is in cells per microlitre; other units are not converted.
PER_UL = {"/uL": 1.0, "10*3/uL": 1e3, "10*9/L": 1e3, "10*6/L": 1.0, "/mm3": 1.0, "{cells}/uL": 1.0}
Bound = Literal["at_least", "above", "at_most", "under"]


class Measured(Dated):
    """One of some results or findings: with one of the words, within the bounds, or any value.

    The latest counts; `ever` takes any, as for a baseline before treatment.

    Attributes:
        results: Words of which the result must be one (`positive`, `negative`, ...).
        at_least, above, at_most, under: Bounds, in the unit of the result or in `x ULN`.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("result",)

    kind: Literal["measured"]
    analytes: tuple[Analyte, ...] = ()
    findings: tuple[FindingKey, ...] = ()
    results: tuple[Filled, ...] = ()
    at_least: Threshold | None = None
    above: Threshold | None = None
    at_most: Threshold | None = None
    under: Threshold | None = None
    ever: bool = False

    @model_validator(mode="after")
    def _asks_something(self) -> Measured:
        if not (self.analytes or self.findings):
            raise ValueError("needs analytes or findings")
        return self

    @model_validator(mode="after")
    def _can_be_compared(self, info: ValidationInfo) -> Measured:
        """A bound in a unit that a test never has would leave every result open."""
        units = {bound.unit for _, bound in self._bounds()} - {TIMES_LIMIT}
        if len(units) > 1:
            raise ValueError(f"bounds of one result in different units: {', '.join(sorted(units))}")
        known = info.context.units if isinstance(info.context, Vocabulary) else {}
        for analyte in self.analytes if units else ():
            usual = known.get(analyte, ())
            if usual and all(_factor(one, *units) is None for one in usual):
                raise ValueError(
                    f"{analyte!r} is not given in {min(units)}; it is in {', '.join(usual)}"
                )
        return self

    def judge(self, view: View) -> Verdict:
        """One that satisfies is enough; what is there and does not shows the contrary."""
        found = self._results(view)
        told = [(fact, self._truth(fact), self.age([stated_on(fact)], view)) for fact in found]
        both = [(fact, all_of([truth, age])) for fact, truth, age in told]
        good = [fact for fact, truth in both if truth is Truth.TRUE]
        recent = [(fact, truth) for fact, truth, age in told if age is Truth.TRUE]
        against = [fact for fact, truth in recent if truth is Truth.FALSE]
        said = self._said([fact for fact, _, _ in told], view)
        if good and any(_is_one(fact, other) for fact in good for other in against):
            return unclear(Reason.CONFLICTING, f"Different results: {said}", [*good, *against])
        if good:
            return met(self._said(good, view), good)
        vague = [fact for fact, truth in both if truth is Truth.UNKNOWN]
        aged = [fact for fact in vague if self.age([stated_on(fact)], view) is Truth.UNKNOWN]
        if aged and len(aged) == len(vague):
            return self.undated(said, aged, self.asks("result"))
        if vague:
            return unclear(Reason.AMBIGUOUS, f"Leaves it open: {said}", vague, self.asks("result"))
        if against:
            return not_met(f"{said} (asked: {self._asked()})", against)
        if told:
            return self.outdated(said, [fact for fact, _, _ in told], self.asks("result"))
        return self._without(view)

    def _without(self, view: View) -> Verdict:
        waiting: list[Fact] = [
            lab
            for lab in view.case.labs
            if lab.analyte in self.analytes and lab.assertion is Assertion.AFFIRMED
        ]
        if waiting:
            return self.partial("Ordered or pending, or without a value", waiting)
        maybe = [f for f in findings(view.case, self.findings) if f.assertion is Assertion.POSSIBLE]
        if maybe:
            said = "Only suspected"
            return unclear(Reason.AMBIGUOUS, said, maybe, self.asks("result"))
        return self.silent("No such result")

    def _results(self, view: View) -> list[LabResult | Finding]:
        """Of each test or finding the latest that have a value, or all."""
        groups: list[list[LabResult | Finding]] = [
            [lab for lab in results(view.case, {key}) if _has_value(lab)] for key in self.analytes
        ]
        groups += [
            [f for f in affirmed(findings(view.case, {key})) if f.value] for key in self.findings
        ]
        chosen = groups if self.ever else [latest(facts) for facts in groups]
        return [fact for facts in chosen for fact in facts]

    def _truth(self, fact: LabResult | Finding) -> Truth:
        truths = []
        if self.results:
            word = fact.interpretation if isinstance(fact, LabResult) else fact.value
            plain = fact.value_text.casefold() if isinstance(fact, LabResult) else ""
            if word in self.results or plain in self.results:
                truths.append(Truth.TRUE)
            else:
                truths.append(Truth.UNKNOWN if word in ("", "indeterminate") else Truth.FALSE)
        for name, bound in self._bounds():
            value = _value(fact, bound.unit)
            if value is None:
                truths.append(Truth.UNKNOWN)
            elif name in ("at_least", "under"):
                reached = value.at_least(bound.value)
                truths.append(reached if name == "at_least" else negate(reached))
            else:
                kept = value.at_most(bound.value)
                truths.append(kept if name == "at_most" else negate(kept))
        return all_of(truths)

    def _bounds(self) -> list[tuple[Bound, Threshold]]:
        named: tuple[Bound, ...] = ("at_least", "above", "at_most", "under")
        given = [(name, getattr(self, name)) for name in named]
        return [(name, bound) for name, bound in given if bound is not None]

    def _asked(self) -> str:
        bounds = [f"{n.replace('_', ' ')} {amount(b.value)} {b.unit}" for n, b in self._bounds()]
        return "; ".join([*(("/".join(self.results),) if self.results else ()), *bounds])

    def _said(self, facts: Sequence[LabResult | Finding], view: View) -> str:
        return "; ".join(unique(_tell(fact, view) for fact in facts))


def _is_one(one: Fact, other: Fact) -> bool:
    """Whether both are results of one test."""
    if isinstance(one, LabResult) and isinstance(other, LabResult):
        return one.analyte == other.analyte
    if isinstance(one, Finding) and isinstance(other, Finding):
        return one.finding == other.finding
    return False


def _has_value(lab: LabResult) -> bool:
    known = lab.value is not None or lab.value_text or lab.interpretation
    return bool(known) or lab.ratio_to_uln is not None


def _value(fact: LabResult | Finding, unit: str) -> Quantity | None:
    """The value in a unit, as an interval; None where it is none, or in another unit."""
    if isinstance(fact, Finding):
        told = number_in(fact.value)
        is_same = not fact.unit or fact.unit.casefold() == unit.casefold()
        return told if is_same else None
    if unit == TIMES_LIMIT:
        return ratio_of(fact)
    if fact.value is None:
        return None
    factor = _factor(fact.unit, unit)
    if factor is None:
        return None
    value = fact.value * factor
    if fact.comparator in (">", ">=", "\u2265"):
        return Quantity(low=value, high=None)
    if fact.comparator in ("<", "<=", "\u2264"):
        return Quantity(low=None, high=value)
    return Quantity.exactly(value)


def _factor(printed: str, unit: str) -> float | None:
    """What turns a printed unit into that of a bound; None where it is not known."""
    if printed == unit or unit.startswith("{"):  # a count of something needs no unit
        return 1.0 if printed in ("", unit) or printed.startswith("{") else None
    one, other = PER_UL.get(printed), PER_UL.get(unit)
    return one / other if one is not None and other is not None else None


def _tell(fact: LabResult | Finding, view: View) -> str:
    if isinstance(fact, Finding):
        return f"{view.name(fact.finding)} {fact.value} {fact.unit}".strip() + on_day(fact)
    value = "" if fact.value is None else f"{fact.comparator}{amount(fact.value)} {fact.unit}"
    return f"{view.name(fact.analyte)} {value.strip() or fact.interpretation or fact.value_text}{on_day(fact)}"
