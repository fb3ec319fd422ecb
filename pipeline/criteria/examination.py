"""Kinds that ask for findings of the examination: strength, function, organs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, Literal

from pipeline.criteria.base import Criterion, Verdict, View, met, not_met, unclear
from pipeline.criteria.facts import (
    affirmed,
    asserted,
    findings,
    latest,
    number_in,
    on_day,
    unique,
)
from pipeline.criteria.parameters import (
    Filled,
    FindingKey,
    Knowledge,
    Listed,
    StrengthGrade,
    ToxicityGrade,
)
from pipeline.logic import Truth
from pipeline.quantities import Quantity
from pipeline.schema import Assertion, Finding, Reason

FULL_STRENGTH = 5  # Medical Research Council scale, 0 to 5
ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}


def mrc_grade(value: str) -> Quantity | None:
    """The MRC grade of `4-/5`, `4+`, `3/5`; a 5- may be taken for 4 or 5. None if there is none."""
    found = re.match(
        r"\s*([0-5])\s*([+-]?)(?:\s*(?:to|-|\u2013)\s*([0-5])[+-]?)?\s*(?:/\s*5)?\s*$", value
    )
    if found is None:
        return None
    low, high = int(found[1]), int(found[3] or found[1])
    if found[2] == "-" and low == FULL_STRENGTH:
        low = FULL_STRENGTH - 1
    return Quantity(low=float(min(low, high)), high=float(max(low, high)))


def ctcae_grade(value: str) -> Quantity | None:
    """The CTCAE grade, in Arabic or Roman figures."""
    text = value.strip().upper().removeprefix("GRADE").strip()
    return number_in(ROMAN.get(text, text))


class GradedStrength(Criterion):
    """Graded weakness at the most recent examination.

    Attributes:
        manual: Finding with MRC grades; weak at `weak_at_most` or below.
        toxicity: Finding with CTCAE grades; weak from `toxic_from` to `toxic_to`.
        ungraded: Finding that speaks of weakness without a grade.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("grade",)

    kind: Literal["graded_strength"]
    manual: FindingKey
    toxicity: FindingKey
    ungraded: Listed[FindingKey]
    weak_at_most: StrengthGrade
    toxic_from: ToxicityGrade
    toxic_to: ToxicityGrade

    def judge(self, view: View) -> Verdict:
        """Any weak muscle group suffices."""
        known = affirmed(findings(view.case, {self.manual, self.toxicity}))
        graded = latest([f for f in known if self._is_weak(f) is not None])
        if not graded:
            words = findings(view.case, set(self.ungraded.value))
            vague = [f for f in [*affirmed(known), *words] if f.assertion is not Assertion.FAMILY]
            if vague:
                return self.partial("Weakness is described without a grade", vague)
            return self.silent("No strength is recorded")
        truths = {f: self._is_weak(f) for f in graded}
        weak = [f for f in graded if truths[f] is Truth.TRUE]
        full = [f for f in graded if truths[f] is Truth.FALSE and _on_another_page(f, weak)]
        if weak and full:
            said = f"Two examinations of one day differ: {_grades([*weak, *full])}"
            return unclear(Reason.CONFLICTING, said, [*weak, *full])
        if weak:
            return met(_grades(weak), weak)
        if any(truth is Truth.UNKNOWN for truth in truths.values()):
            return unclear(Reason.AMBIGUOUS, _grades(graded), graded)
        return not_met(f"No graded weakness: {_grades(graded)}", graded)

    def _is_weak(self, finding: Finding) -> Truth | None:
        if finding.finding == self.manual:
            grade = mrc_grade(finding.value)
            return grade.at_most(self.weak_at_most.value) if grade else None
        grade = ctcae_grade(finding.value)
        if grade is None:
            return None
        low, high = grade.at_least(self.toxic_from.value), grade.at_most(self.toxic_to.value)
        if Truth.FALSE in (low, high):
            return Truth.FALSE
        return Truth.TRUE if low is high is Truth.TRUE else Truth.UNKNOWN


def _on_another_page(full: Finding, weak: Sequence[Finding]) -> bool:
    """Whether a page that tells of no weakness gives full strength to a muscle that is weak on others."""
    pages = {(p.file, p.page) for f in weak for p in f.places}
    site = full.site.casefold()
    same = any(site in f.site.casefold() for f in weak)  # no site: all muscles
    return same and pages.isdisjoint((p.file, p.page) for p in full.places)


def _grades(graded: Sequence[Finding]) -> str:
    told = unique(f"{f.site} {f.value}".strip() for f in graded)
    return "; ".join(told) + (on_day(graded[0]) if graded else "")


class Score(Knowledge):
    """A score of function, by name, and the value at which nothing is limited."""

    name: Filled
    unlimited: float
    source: Filled


class Function(Criterion):
    """Limitation in activities of daily living at the most recent examination."""

    PARTS: ClassVar[tuple[str, ...]] = ("limitation",)

    kind: Literal["function"]
    finding: FindingKey
    scores: tuple[Score, ...] = ()

    def judge(self, view: View) -> Verdict:
        """Limited, independent, or both said of one day."""
        known = findings(view.case, {self.finding})
        # One activity that is no trouble, by name, says nothing of the others.
        independent = [f for f in asserted(known, Assertion.NEGATED) if not f.value]
        last = latest([*affirmed(known), *independent])
        limited = [f for f in affirmed(last) if not self._is_unlimited(f)]
        free = [f for f in last if f not in limited]
        if limited and free:
            said = f"Both limited and independent: {_words(last)}"
            return unclear(Reason.CONFLICTING, said, [*limited, *free])
        if limited:
            return met(_words(limited), limited)
        if free:
            return not_met(f"No limitation: {_words(free)}", free)
        maybe = asserted(known, Assertion.POSSIBLE)
        if maybe:
            return unclear(Reason.AMBIGUOUS, _words(maybe), maybe)
        return self.silent("Function is not described")

    def _is_unlimited(self, finding: Finding) -> bool:
        for score in self.scores:
            if finding.value.casefold().startswith(score.name.casefold()):
                value = number_in(finding.value[len(score.name) :])
                return value is not None and value.low == score.unlimited
        return False


def _words(known: Sequence[Finding]) -> str:
    return "; ".join(
        unique(f.value or (f.places[0].text if f.places else f.finding) for f in known)
    )
