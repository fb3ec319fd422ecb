"""Kinds that ask how treatment went: failure, intolerance, tapering, the present dose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal

from pipeline.criteria.base import Criterion, Verdict, View, met, not_met, unclear
from pipeline.criteria.courses import PREDNISONE_MG, prednisone_mg
from pipeline.criteria.facts import (
    PERSISTENCE,
    RESPONSE,
    affirmed,
    amount,
    asserted,
    describe,
    findings,
    latest,
    number_in,
    of_group,
    on_day,
    taken,
    unique,
)
from pipeline.criteria.parameters import (
    Filled,
    FindingKey,
    GroupName,
    Listed,
    MilligramsADay,
)
from pipeline.logic import Truth
from pipeline.quantities import Quantity
from pipeline.schema import Assertion, Fact, Finding, Medication, Reason

MILLIGRAMS = frozenset({"mg", "mg/d", "mg/day", ""})


def responses(view: View, groups: Sequence[str], value: str) -> list[Fact]:
    """Episodes and statements with this outcome (failed, partial_response, responded)."""
    known = [view.groups[name] for name in groups]
    drugs = [drug for name in groups for drug in taken(view, name) if drug.outcome == value]
    said = [
        finding
        for finding in affirmed(findings(view.case, {RESPONSE}))
        if finding.value == value
        and (not finding.of or any(group.named_in(finding.of) for group in known))
    ]
    return unique([*drugs, *said])


def persistence(view: View, groups: Sequence[str]) -> list[Finding]:
    """Statements that the disease persists on or despite one of the groups."""
    known = [view.groups[name] for name in groups]
    return [
        finding
        for finding in affirmed(findings(view.case, {PERSISTENCE}))
        if any(group.named_in(finding.of) for group in known)
    ]


class TreatmentOutcome(Criterion):
    """Explicit failure of, or intolerance to, a treatment of the groups."""

    PARTS: ClassVar[tuple[str, ...]] = ("outcome",)

    kind: Literal["treatment_outcome"]
    groups: tuple[GroupName, ...]

    def judge(self, view: View) -> Verdict:
        """An explicit failure outweighs a partial or good response beside it."""
        failed = responses(view, self.groups, "failed")
        persistent = persistence(view, self.groups)
        intolerant = responses(view, self.groups, "intolerant")
        shown: list[Fact] = unique([*failed, *persistent, *intolerant])
        if shown:
            return met("; ".join(unique(tell_outcome(fact) for fact in shown)), shown)
        partial = responses(view, self.groups, "partial_response")
        good = responses(view, self.groups, "responded")
        if partial:
            said = "; ".join(unique(tell_outcome(fact) for fact in [*partial, *good]))
            return unclear(Reason.AMBIGUOUS, said, [*partial, *good], self.asks("outcome"))
        if good:
            return not_met("; ".join(unique(tell_outcome(fact) for fact in good)), good)
        drugs = [drug for name in self.groups for drug in taken(view, name)]
        if drugs:
            return self.partial("Treatment is documented, its outcome is not", drugs)
        return self.silent("No treatment outcome is documented")


def outcome_of(fact: Medication | Finding) -> str:
    """What came of a treatment, in the words of the contract; what persists under it failed."""
    if isinstance(fact, Medication):
        return fact.outcome
    return "failed" if fact.finding == PERSISTENCE else fact.value


def tell_outcome(fact: Fact) -> str:
    """A drug and its outcome, or a statement of response, in words."""
    if isinstance(fact, Medication):
        why = f" ({fact.outcome_reason})" if fact.outcome_reason else ""
        return f"{describe(fact)}: {fact.outcome.replace('_', ' ')}{why}"
    if isinstance(fact, Finding):
        said = fact.value if fact.finding == RESPONSE else fact.finding
        about = f" to {', '.join(fact.of)}" if fact.of else ""
        return f"{said.replace('_', ' ')}{about}{on_day(fact)}"
    return fact.kind


class DrugIntolerance(Criterion):
    """A contraindication or intolerance to one drug of the group, with its reason.

    Attributes:
        no_reasons: Words that repeat the outcome and give no reason for it.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("reason",)

    kind: Literal["drug_intolerance"]
    group: GroupName
    no_reasons: Listed[str]

    def judge(self, view: View) -> Verdict:
        """The reason must be stated; a suspicion is for a person."""
        drugs = of_group(view.case, view.groups[self.group])
        unfit = [drug for drug in drugs if drug.outcome in ("intolerant", "contraindicated")]
        sure = [d for d in unfit if d.assertion in (Assertion.AFFIRMED, Assertion.HISTORICAL)]
        reasoned = [drug for drug in sure if self._is_reason(drug.outcome_reason)]
        if reasoned:
            return met("; ".join(unique(tell_outcome(drug) for drug in reasoned)), reasoned)
        maybe = asserted(unfit, Assertion.POSSIBLE)
        if sure:
            said = "; ".join(unique(tell_outcome(drug) for drug in sure))
            return self.partial(f"No reason is stated: {said}", sure)
        if maybe:
            said = "; ".join(unique(tell_outcome(drug) for drug in maybe))
            return unclear(Reason.AMBIGUOUS, f"Only suspected: {said}", maybe, self.asks("reason"))
        return self.silent("No contraindication or intolerance is stated")

    def _is_reason(self, words: str) -> bool:
        return words.casefold().strip(" .,:;()") not in ("", *self.no_reasons.value)


class TaperDependence(Criterion):
    """A flare on lowering the corticosteroid to a dose at or above a bound, or the statement."""

    PARTS: ClassVar[tuple[str, ...]] = ("flare",)

    kind: Literal["taper_dependence"]
    group: GroupName
    flare: FindingKey
    statement: FindingKey
    at_least: MilligramsADay

    def judge(self, view: View) -> Verdict:
        """Any flare at or above the bound, or the statement without a lower dose."""
        known = findings(view.case, {self.flare, self.statement})
        truths = {f: self._is_dependent(f, view) for f in affirmed(known)}
        shown = [f for f, truth in truths.items() if truth is Truth.TRUE]
        if shown:
            return met("; ".join(unique(self._tell(f, view) for f in shown)), shown)
        unknown = [f for f, truth in truths.items() if truth is Truth.UNKNOWN]
        ranged = [f for f in unknown if self._dose(f, view) is not None]
        if ranged:
            said = "; ".join(unique(self._tell(f, view) for f in ranged))
            return unclear(Reason.AMBIGUOUS, said, ranged, self.asks("flare"))
        if unknown:
            said = "; ".join(unique(self._tell(f, view) for f in unknown))
            return self.partial(f"Dose at the flare not stated: {said}", unknown)
        below = [f for f, truth in truths.items() if truth is Truth.FALSE]
        free = [f for f in asserted(known, Assertion.NEGATED) if self._is_free(f, view)]
        if below or free:
            said = "; ".join(unique(self._tell(f, view) for f in [*below, *free]))
            return not_met(said, [*below, *free])
        maybe = asserted(known, Assertion.POSSIBLE)
        if maybe:
            return unclear(Reason.AMBIGUOUS, "Only suspected", maybe, self.asks("flare"))
        return self.silent("No flare on tapering is stated")

    def _is_dependent(self, finding: Finding, view: View) -> Truth:
        dose = self._dose(finding, view)
        if dose is None:
            return Truth.TRUE if finding.finding == self.statement else Truth.UNKNOWN
        return dose.at_least(self.at_least.value)

    def _is_free(self, finding: Finding, view: View) -> bool:
        """Denied outright, or without a flare at a dose below the bound, stated or current."""
        if finding.finding == self.statement:
            return True
        dose = self._dose(finding, view)
        if dose is not None:
            return dose.at_least(self.at_least.value) is Truth.FALSE
        now = [d for d in latest(current(view, self.group)) if d.daily_dose_mg is not None]
        doses = [prednisone_mg(drug, view.equivalents) for drug in now]
        return bool(doses) and all(d is not None and d < self.at_least.value for d in doses)

    def _dose(self, finding: Finding, view: View) -> Quantity | None:
        """Prednisone-equivalent mg a day at the flare."""
        if finding.unit.casefold() not in MILLIGRAMS:
            return None
        dose = number_in(finding.value)
        named = [i for i in finding.of if i in view.equivalents]
        if dose is None or not named:
            return dose
        scale = PREDNISONE_MG / view.equivalents[named[0]]
        return Quantity(low=(dose.low or 0) * scale, high=(dose.high or 0) * scale)

    def _tell(self, finding: Finding, view: View) -> str:
        dose = self._dose(finding, view)
        no = "no " if finding.assertion is Assertion.NEGATED else ""
        at = f" at {amount(dose.low or 0)} mg" if dose is not None else ""
        return f"{no}{finding.finding.replace('_', ' ')}{at}{on_day(finding)}"


def current(view: View, group: str) -> list[Medication]:
    """Episodes of a group that are going on."""
    return [
        drug
        for drug in taken(view, group)
        if (drug.status == "current" or (drug.ongoing and drug.status == ""))
        and drug.assertion is Assertion.AFFIRMED
    ]


class CurrentDoseAndTaper(Criterion):
    """The present dose, and what was tried in lowering it.

    Attributes:
        history: Findings that tell of tapering, affirmed or denied.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("dose", "taper")
    WEIGHS_OUTCOMES: ClassVar[bool] = False

    kind: Literal["current_dose_and_taper"]
    group: GroupName
    history: tuple[FindingKey, ...]
    label: Filled

    def rests_on(self, verdict: Verdict) -> tuple[Fact, ...]:
        """The doses: whatever was tried, or was not, is a history of tapering."""
        return tuple(fact for fact in verdict.facts if isinstance(fact, Medication))

    def judge(self, view: View) -> Verdict:
        """Most recent dose; a documented reduction is a history too."""
        dosed = [d for d in current(view, self.group) if d.daily_dose_mg is not None]
        now = _most_recent([d for d in dosed if not _was_left(d, view.case.as_of)])
        tapers: list[Fact] = [
            f
            for f in findings(view.case, set(self.history))
            if f.assertion in (Assertion.AFFIRMED, Assertion.NEGATED, Assertion.HISTORICAL)
        ]
        tapers += self._reductions(view, now)
        if len({(d.ingredient, d.daily_dose_mg) for d in now}) > 1 and _is_one_drug(now):
            said = f"Different present doses: {'; '.join(unique(describe(d) for d in now))}"
            return unclear(Reason.CONFLICTING, said, now)
        facts = [*now, *tapers]
        said = "; ".join(unique(describe(d) for d in now)) or "dose not stated"
        if now and tapers:
            return met(f"Now {said}; taper history documented", facts)
        if not facts:
            return self.silent(f"Neither the present dose of {self.label} nor a taper is stated")
        lacking = [p for p, given in (("dose", now), ("taper", tapers)) if not given]
        return self.partial(f"Now {said}", facts, *lacking)

    def _reductions(self, view: View, now: Sequence[Medication]) -> list[Medication]:
        """Earlier episodes at a higher dose that the present dose followed."""
        present = max((prednisone_mg(d, view.equivalents) or 0 for d in now), default=0)
        return [
            drug
            for drug in taken(view, self.group)
            if now
            and drug not in now
            and drug.start is not None
            and (prednisone_mg(drug, view.equivalents) or 0) > present
            and any(_is_before(drug, later) for later in now)
        ]


def _was_left(drug: Medication, as_of: date | None) -> bool:
    """Whether the drug goes on and its dose does not: the dose ended on an earlier day."""
    ended = drug.stop.latest if drug.stop is not None else None
    return ended is not None and as_of is not None and ended < as_of


def _most_recent(drugs: Sequence[Medication]) -> list[Medication]:
    """Those that the latest text states; among these, those without a start, or begun last."""
    last = max((_told_on(drug) for drug in drugs), default="")
    told = [drug for drug in drugs if _told_on(drug) == last]
    present = [drug for drug in told if not _begun(drug)]
    begun = max((_begun(drug) for drug in told), default="")
    return present or [drug for drug in told if _begun(drug) == begun]


def _told_on(drug: Medication) -> str:
    return drug.stated.latest.isoformat() if drug.stated.latest else ""


def _begun(drug: Medication) -> str:
    return drug.start.latest.isoformat() if drug.start and drug.start.latest else ""


def _is_before(one: Medication, other: Medication) -> bool:
    if other.start is None:
        return True
    return _begun(one) < _begun(other)


def _is_one_drug(drugs: Sequence[Medication]) -> bool:
    return len({drug.ingredient for drug in drugs}) == 1
