"""Kinds that ask for organ involvement, and for organ compromise that resists treatment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pipeline.criteria.base import Criterion, Verdict, View, met, not_met, unclear
from pipeline.criteria.courses import Continuity, courses
from pipeline.criteria.facts import (
    affirmed,
    asserted,
    findings,
    latest,
    on_day,
    stated_on,
    taken,
    unique,
)
from pipeline.criteria.outcomes import persistence, responses
from pipeline.criteria.parameters import (
    Filled,
    FindingKey,
    GroupName,
    Knowledge,
    LeastDays,
    Listed,
    OrganSystems,
)
from pipeline.logic import Truth, any_of
from pipeline.quantities import Quantity, days_between
from pipeline.schema import Assertion, Fact, Finding, Medication, Reason, Stated


class OrganGroup(Knowledge):
    """An organ system.

    Attributes:
        findings: Affirmed: involved; negated: not.
        studies: Normal: not involved; abnormal: tells the severity.
        codes: ICD-10-CM codes that say it is involved.
    """

    name: Filled
    findings: tuple[FindingKey, ...]
    studies: tuple[FindingKey, ...] = ()
    codes: tuple[Filled, ...] = ()


class OrganState:
    """What the case says of the organ systems: per system the latest statements."""

    def __init__(self, view: View, groups: Sequence[OrganGroup], general: str) -> None:
        case = view.case
        self.groups = groups
        self.involved: dict[str, list[Finding]] = {}
        self.spared: dict[str, list[Finding]] = {}
        self.suspected: list[Finding] = []
        self.severity: dict[str, list[Finding]] = {}
        overall = findings(case, {general})
        self.general_spared = asserted(overall, Assertion.NEGATED)
        self.general_involved = affirmed(overall)
        for group in groups:
            self._read(
                group, findings(case, set(group.findings)), findings(case, set(group.studies))
            )

    def _read(
        self, group: OrganGroup, known: Sequence[Finding], studies: Sequence[Finding]
    ) -> None:
        last = [
            f
            for key in group.findings
            for f in latest(
                [
                    f
                    for f in known
                    if f.finding == key and f.assertion in (Assertion.AFFIRMED, Assertion.NEGATED)
                ]
            )
        ]
        self.involved[group.name] = affirmed(last)
        normal = [f for f in affirmed(studies) if f.value == "normal"]
        self.spared[group.name] = [*asserted(last, Assertion.NEGATED), *normal]
        self.suspected += asserted(known, Assertion.POSSIBLE)
        self.severity[group.name] = [f for f in affirmed(studies) if f.value == "abnormal"]

    @property
    def all_involved(self) -> list[Finding]:
        """Statements of involvement of any system."""
        return [*self.general_involved, *(f for known in self.involved.values() for f in known)]

    @property
    def all_spared(self) -> list[Finding]:
        """Statements that a system, or all, are not involved."""
        return [*self.general_spared, *(f for known in self.spared.values() for f in known)]

    @property
    def disputed(self) -> list[Finding]:
        """One finding both affirmed and denied on one day."""
        return [
            f
            for group in self.groups
            for f in (*self.involved[group.name], *self.spared[group.name])
            if {o.finding for o in self.involved[group.name]}
            & {o.finding for o in self.spared[group.name]}
            and f.finding in group.findings
        ]

    def is_spared_throughout(self, systems: float) -> bool:
        """Stated in general, or for at least so many systems, and none is involved."""
        stated = [group for group in self.groups if self.spared[group.name]]
        return not self.all_involved and (bool(self.general_spared) or len(stated) >= systems)


class OrganAssessment(Criterion):
    """Organ involvement with its severity, or stated to be absent."""

    PARTS: ClassVar[tuple[str, ...]] = ("involvement", "severity")

    kind: Literal["organ_assessment"]
    organs: Listed[OrganGroup]
    general: FindingKey
    absent_systems: OrganSystems

    def judge(self, view: View) -> Verdict:
        """Codes that the notes contradict, then involvement, then absence."""
        state = OrganState(view, self.organs.value, self.general)
        codes = self.contradicted(view)
        if codes:
            said = f"The code {', '.join(s.text for s in codes)} is contradicted by the notes"
            return unclear(Reason.CONFLICTING, said, state.all_spared, stated=codes)
        if state.disputed:
            return unclear(Reason.CONFLICTING, _organs(view, state.disputed), state.disputed)
        if state.all_involved:
            return self._involved(state, view)
        if state.is_spared_throughout(self.absent_systems.value):
            return met(f"Stated to be absent: {_organs(view, state.all_spared)}", state.all_spared)
        if state.suspected:
            return unclear(
                Reason.AMBIGUOUS, f"Suspected: {_organs(view, state.suspected)}", state.suspected
            )
        if state.all_spared:
            said = f"Only some organs are assessed: {_organs(view, state.all_spared)}"
            return self.partial(said, state.all_spared, "involvement")
        return self.silent("Organ involvement is not assessed")

    def _involved(self, state: OrganState, view: View) -> Verdict:
        facts = state.all_involved
        measured = [
            f for name, known in state.involved.items() if known for f in state.severity[name]
        ]
        if measured or any(f.value for f in facts):
            return met(f"Involved: {_organs(view, [*facts, *measured])}", [*facts, *measured])
        return self.partial(
            f"Involved, severity not stated: {_organs(view, facts)}", facts, "severity"
        )

    def contradicted(self, view: View) -> list[Stated]:
        """Organ-specific codes of the request whose organ the notes say is not involved."""
        state = OrganState(view, self.organs.value, self.general)
        found = []
        for stated in view.case.request.diagnosis_codes:
            groups = [g for g in self.organs.value if stated.text.strip().upper() in g.codes]
            spared = all(state.spared[g.name] or state.general_spared for g in groups)
            involved = any(state.involved[g.name] for g in groups) or state.general_involved
            if groups and spared and not involved:
                found.append(stated)
        return found


def _organs(view: View, known: Sequence[Finding]) -> str:
    told = []
    for f in known:
        no = "no " if f.assertion is Assertion.NEGATED else ""
        told.append(f"{no}{view.name(f.finding)} {f.value}".strip() + on_day(f))
    return "; ".join(unique(told))


class OrganCompromise(Criterion):
    """Organ compromise that did not respond to enough days of a treatment.

    Attributes:
        mild: Words of severity that make it a question for a person.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("compromise", "response")

    kind: Literal["organ_compromise"]
    organs: Listed[OrganGroup]
    general: FindingKey
    absent_systems: OrganSystems
    group: GroupName
    unresponsive_days: LeastDays
    mild: Listed[str]
    continuity: Continuity

    def bounds(self, view: View) -> tuple[float, ...]:
        """The days after which no response counts."""
        return (self.unresponsive_days.value,)

    def judge(self, view: View) -> Verdict:
        """Compromise first, then the response to treatment."""
        state = OrganState(view, self.organs.value, self.general)
        if state.disputed:
            return unclear(Reason.CONFLICTING, "Both stated and denied", state.disputed)
        if state.all_involved:
            return self._weigh_response(state.all_involved, view)
        if state.is_spared_throughout(self.absent_systems.value):
            return not_met("No organ compromise: stated to be absent", state.all_spared)
        if state.suspected:
            return unclear(
                Reason.AMBIGUOUS, "Only suspected", state.suspected, self.asks("compromise")
            )
        if state.all_spared:
            return self.partial("Only some organs are assessed", state.all_spared, "compromise")
        return self.silent("No organ compromise is stated")

    def _weigh_response(self, involved: Sequence[Finding], view: View) -> Verdict:
        organs = ", ".join(unique(f"{view.name(f.finding)} {f.value}".strip() for f in involved))
        label = view.groups[self.group].label
        failed = responses(view, (self.group,), "failed")
        lasting = persistence(view, (self.group,))
        days = {fact: self._days(fact, view) for fact in unique([*failed, *lasting])}
        enough = {f: q.at_least(self.unresponsive_days.value) for f, q in days.items()}
        shown = [fact for fact, truth in enough.items() if truth is Truth.TRUE]
        if shown:
            lasted = max(days[fact].low or 0 for fact in shown)
            told = f"{organs}; no response after {lasted:.0f} days of {label}"
            facts: list[Fact] = [*involved, *shown]
            if all(self._is_mild(f) for f in involved):
                return unclear(Reason.AMBIGUOUS, f"Mild: {told}", facts)
            if all(f.finding == self.general and not f.site for f in involved):
                said = f"Which organ is not stated: {told}"
                return unclear(Reason.AMBIGUOUS, said, facts, self.asks("compromise"))
            return met(told, facts)
        if enough and any_of(enough.values()) is Truth.FALSE:
            told = f"{organs}; {label} for less than {self.unresponsive_days.value:.0f} days"
            return not_met(told, [*involved, *enough])
        if not enough:
            good = responses(view, (self.group,), "responded")
            if good:
                return not_met(f"{organs}; responded to {label}", [*involved, *good])
        said = (
            f"{organs}; response to {self.unresponsive_days.value:.0f} days of {label} not stated"
        )
        return self.partial(said, [*involved, *enough], "response")

    def _is_mild(self, finding: Finding) -> bool:
        words = finding.value.casefold().split()
        return any(mild in words for mild in self.mild.value)

    def _days(self, fact: Fact, view: View) -> Quantity:
        """Days on treatment when the failure was stated."""
        if isinstance(fact, Finding) and fact.duration is not None:
            return fact.duration
        drugs = taken(view, self.group)
        until = stated_on(fact) if isinstance(fact, Finding) else fact.stated
        begun = [d.start for d in drugs if d.start is not None and d.start.earliest is not None]
        if begun and until.latest is not None:
            first = min(begun, key=lambda start: (start.earliest, start.latest))
            known = days_between(first, until)
            treated = _longest(view, drugs, self.continuity)
            if treated is not None and treated.at_least(known.low or 0) is not Truth.FALSE:
                return known
        treated = _longest(view, drugs, self.continuity)
        return treated or Quantity(low=None, high=None, unit="d")


def _longest(view: View, drugs: Sequence[Medication], continuity: Continuity) -> Quantity | None:
    runs = [run.days for run in courses(drugs, view.case.as_of, continuity)]
    return max(runs, key=lambda days: days.low or 0, default=None)
