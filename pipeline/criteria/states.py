"""Kinds that ask for the state of a disease, and for earlier treatment that did not help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pipeline.criteria.base import Criterion, Verdict, View, met, not_met, unclear, waived
from pipeline.criteria.facts import (
    PERSISTENCE,
    affirmed,
    asserted,
    describe,
    findings,
    never_taken,
    of_group,
    on_day,
    taken,
    unique,
)
from pipeline.criteria.identity import DiagnosisStated
from pipeline.criteria.outcomes import persistence, responses, tell_outcome
from pipeline.criteria.parameters import (
    CriterionId,
    Filled,
    FindingKey,
    GroupName,
    Knowledge,
    Listed,
)
from pipeline.schema import Assertion, Fact, Finding, Reason, Stated, Status

PRESENT_OR_PAST = (Assertion.AFFIRMED, Assertion.HISTORICAL)


class DiseaseState(Knowledge):
    """A state of the disease, shown by a finding or by a code.

    Attributes:
        after: Findings of which one must be stated too, now or as history.
        past: It counts as history too.
    """

    name: Filled
    findings: tuple[FindingKey, ...]
    codes: tuple[Filled, ...] = ()
    after: tuple[FindingKey, ...] = ()
    past: bool = False


class DiagnosisInState(DiagnosisStated):
    """One of the diseases, affirmed, and in one of the states."""

    PARTS: ClassVar[tuple[str, ...]] = ("diagnosis", "state")

    kind: Literal["diagnosis_in_state"]
    states: Listed[DiseaseState]

    def judge(self, view: View) -> Verdict:
        """The disease first, then its state."""
        verdict = super().judge(view)
        if verdict.status is not Status.MET:
            return verdict
        for state in self.states.value:
            facts, stated = self.shown(state, view)
            if facts or stated:
                said = f"{verdict.rationale}, {state.name}"
                told = unique([*verdict.stated, *stated])
                return met(said, unique([*verdict.facts, *facts]), told)
        keys = {key for state in self.states.value for key in state.findings}
        maybe = asserted(findings(view.case, keys), Assertion.POSSIBLE)
        if maybe:
            said = f"{verdict.rationale}; its state is only suspected"
            return unclear(Reason.AMBIGUOUS, said, [*verdict.facts, *maybe], self.asks("state"))
        lacking = f"{verdict.rationale}; none of: {', '.join(s.name for s in self.states.value)}"
        found = self.partial(lacking, verdict.facts, "state")
        return found._replace(stated=verdict.stated)

    def shown(self, state: DiseaseState, view: View) -> tuple[list[Fact], list[Stated]]:
        """What shows a state: findings, coded diagnoses, codes of the request."""
        case = view.case
        counted = PRESENT_OR_PAST if state.past else (Assertion.AFFIRMED,)
        facts: list[Fact] = [
            f for f in findings(case, set(state.findings)) if f.assertion in counted
        ]
        facts += [d for d in case.diagnoses if d.assertion in counted and d.icd10 in state.codes]
        stated = [s for s in case.request.diagnosis_codes if s.text.strip() in state.codes]
        if not state.after:
            return facts, stated
        before = [f for f in findings(case, set(state.after)) if f.assertion in PRESENT_OR_PAST]
        return ([*facts, *before], stated) if facts and before else ([], [])

    def state_named(self, name: str) -> DiseaseState | None:
        """The state of that name."""
        return next((state for state in self.states.value if state.name == name), None)


class StateWaiver(Knowledge):
    """A criterion on the state of the disease, and the state that waives."""

    criterion: CriterionId
    state: Filled


class PriorTreatment(Criterion):
    """A treatment of the groups without response, or not tolerated.

    Attributes:
        all_contraindicated: A contraindication to all of them will do too; of a group of whole
            classes, to one drug while none was taken.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("outcome",)

    kind: Literal["prior_treatment"]
    groups: tuple[GroupName, ...]
    all_contraindicated: bool = False
    waived_by: StateWaiver | None = None

    def needs(self) -> tuple[str, ...]:
        """The criterion that may waive it."""
        return (self.waived_by.criterion,) if self.waived_by else ()

    def judge(self, view: View) -> Verdict:
        """What did not help or was not tolerated wins over a waiver."""
        failed = [*self._outcomes(view, "failed"), *persistence(view, self.groups)]
        shown = unique([*failed, *self._outcomes(view, "intolerant")])
        if shown:
            return met("; ".join(unique(tell_outcome(fact) for fact in shown)), shown)
        barred = self._barred(view) if self.all_contraindicated else []
        if barred:
            return met("; ".join(unique(tell_outcome(fact) for fact in barred)), barred)
        if (waiver := self._waiver(view)) is not None:
            return waiver
        partial, good = self._outcomes(view, "partial_response"), self._outcomes(view, "responded")
        said = "; ".join(unique(tell_outcome(fact) for fact in [*partial, *good]))
        if partial:
            return unclear(Reason.AMBIGUOUS, said, [*partial, *good], self.asks("outcome"))
        if good:
            return not_met(said, good)
        return self._undecided(view)

    def _outcomes(self, view: View, value: str) -> list[Fact]:
        """Only what names a treatment of the groups."""
        return [
            fact
            for fact in responses(view, self.groups, value)
            if not isinstance(fact, Finding) or fact.of
        ]

    def _barred(self, view: View) -> list[Fact]:
        found: list[Fact] = []
        for name in self.groups:
            group = view.groups[name]
            unfit = [
                drug
                for drug in of_group(view.case, group)
                if drug.outcome == "contraindicated" and drug.assertion in PRESENT_OR_PAST
            ]
            names = {drug.ingredient for drug in unfit}
            is_barred = bool(names) if group.classes else names >= set(group.ingredients)
            if not is_barred or taken(view, name):
                return []
            found += unfit
        return found

    def _waiver(self, view: View) -> Verdict | None:
        if self.waived_by is None:
            return None
        asked = view.criteria[self.waived_by.criterion]
        state = (
            asked.state_named(self.waived_by.state) if isinstance(asked, DiagnosisInState) else None
        )
        if state is None or not isinstance(asked, DiagnosisInState):
            return None
        facts, stated = asked.shown(state, view)
        if not (facts or stated) or view.verdict(asked.id).status is not Status.MET:
            return None
        return waived(f"Not asked for {state.name} disease", facts)._replace(stated=tuple(stated))

    def _undecided(self, view: View) -> Verdict:
        drugs = [drug for name in self.groups for drug in taken(view, name)]
        if drugs:
            said = "; ".join(unique(describe(drug) for drug in drugs))
            return self.partial(f"Taken, outcome not stated: {said}", drugs)
        never = [never_taken(view, name) for name in self.groups]
        labels = ", ".join(view.groups[name].label for name in self.groups)
        if never and all(never):
            return not_met(f"Never taken: {labels}", [fact for known in never for fact in known])
        others = [drug for name in self.groups for drug in of_group(view.case, view.groups[name])]
        if others:
            said = "; ".join(unique(describe(drug) for drug in others))
            return self.partial(f"No course with its outcome: {said}", others)
        return self.silent(f"No course of {labels}")


class RefractoryDisease(Criterion):
    """The disease is stated to be refractory, or fails on treatment.

    Attributes:
        words: Words that state it of the disease as such, without naming a treatment.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("statement",)

    kind: Literal["refractory_disease"]
    groups: tuple[GroupName, ...]
    words: Listed[str]

    def judge(self, view: View) -> Verdict:
        """The statement, or a failure on treatment; persistence alone is for a person."""
        plain = [f for f in affirmed(findings(view.case, {PERSISTENCE})) if not f.of]
        stated = [f for f in plain if self._says_so(f)]
        failed = responses(view, self.groups, "failed")
        shown: list[Fact] = unique([*stated, *failed, *persistence(view, self.groups)])
        if shown:
            return met("; ".join(unique(self._tell(fact) for fact in shown)), shown)
        partial = responses(view, self.groups, "partial_response")
        good = responses(view, self.groups, "responded")
        said = "; ".join(unique(tell_outcome(fact) for fact in [*partial, *good]))
        if partial or (good and plain):
            facts = [*partial, *good, *plain]
            return unclear(Reason.AMBIGUOUS, said, facts, self.asks("statement"))
        if good:
            return not_met(said, good)
        if plain:
            treated: Sequence[Fact] = [d for name in self.groups for d in taken(view, name)]
            said = "The disease persists; whether on treatment is not stated"
            if treated:
                return unclear(Reason.AMBIGUOUS, said, [*plain, *treated], self.asks("statement"))
            return self.partial(said, plain)
        return self.silent("Nothing states that the disease is refractory")

    def _says_so(self, finding: Finding) -> bool:
        texts = " ".join(place.text for place in finding.places).casefold()
        return any(word in texts for word in self.words.value)

    def _tell(self, fact: Fact) -> str:
        if isinstance(fact, Finding) and fact.finding == PERSISTENCE and self._says_so(fact):
            return f"Stated to be refractory{on_day(fact)}"
        return tell_outcome(fact)
