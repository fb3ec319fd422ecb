"""Alerts, and alternatives to consider first: shown always, never changing a status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import Field

from pipeline.criteria.base import View
from pipeline.criteria.facts import (
    RESPONSE,
    affirmed,
    findings,
    latest,
    of_group,
    results,
    stated_on,
    taken,
    unique,
)
from pipeline.criteria.identity import DiagnosisStated, NoDrugAttribution
from pipeline.criteria.organs import OrganAssessment, OrganState
from pipeline.criteria.parameters import (
    Analyte,
    CriterionId,
    DiagnosisKey,
    Filled,
    FindingKey,
    GroupName,
    Knowledge,
    MostDays,
    Topic,
)
from pipeline.criteria.results import currency, latest_day_known
from pipeline.logic import Truth
from pipeline.schema import Assertion, Fact, LabResult, Medication, Reason, Stated

Shown = tuple[Sequence[Fact], Sequence[Stated]]


class AlertBase(Knowledge):
    """An alert.

    Attributes:
        review: Even when every criterion is met, a clinician must look.
    """

    id: Filled
    message: Filled
    source: Filled
    review: bool = False

    def raised(self, view: View) -> Shown | None:
        """The evidence when the alert stands, else None."""
        raise NotImplementedError


class NoTrial(AlertBase):
    """For one of the groups nothing shows that it was taken, not tolerated or contraindicated."""

    kind: Literal["no_trial"]
    groups: tuple[GroupName, ...]
    answers: dict[GroupName, tuple[Topic, ...]] = Field(default_factory=dict)

    def raised(self, view: View) -> Shown | None:
        """Adequacy is not asked here."""
        return None if all(self._is_tried(view, name) for name in self.groups) else ((), ())

    def _is_tried(self, view: View, name: str) -> bool:
        unfit = [
            drug
            for drug in of_group(view.case, view.groups[name])
            if drug.outcome in ("intolerant", "contraindicated")
            and drug.assertion in (Assertion.AFFIRMED, Assertion.HISTORICAL)
        ]
        yes = [a for a in view.answers(self.answers.get(name, ())) if a.value == "yes"]
        return bool(taken(view, name) or unfit or yes or exposed(view, name))


class PositiveResult(AlertBase):
    """One of the analytes is positive."""

    kind: Literal["positive_result"]
    analytes: tuple[Analyte, ...]

    def raised(self, view: View) -> Shown | None:
        """Any positive result, however old."""
        return _some(
            lab for lab in results(view.case, self.analytes) if lab.interpretation == "positive"
        )


class LowResult(AlertBase):
    """The latest result is below its own range, or a disease says so."""

    kind: Literal["low_result"]
    analyte: Analyte
    diagnoses: tuple[DiagnosisKey, ...] = ()

    def raised(self, view: View) -> Shown | None:
        """Marked low, or below the lower limit."""
        low: list[Fact] = [lab for lab in latest(results(view.case, {self.analyte})) if is_low(lab)]
        low += affirmed(d for d in view.case.diagnoses if d.key in self.diagnoses)
        return _some(low)


def is_low(lab: LabResult) -> bool:
    """Marked low, or below the lower limit of its own range."""
    below = lab.value is not None and lab.ref_low is not None and lab.value < lab.ref_low
    return lab.interpretation == "low" or (below and lab.comparator not in (">", ">="))


class DrugExposure(AlertBase):
    """A drug of the group of a criterion on attribution was taken, or is blamed."""

    kind: Literal["drug_exposure"]
    criterion: CriterionId

    def raised(self, view: View) -> Shown | None:
        """Exposure or attribution, suspected ones too."""
        asked = view.criteria[self.criterion]
        if not isinstance(asked, NoDrugAttribution):
            return None
        blamed = asked.attributions(view, Assertion.AFFIRMED)
        maybe = asked.attributions(view, Assertion.POSSIBLE)
        yes = [a for a in view.answers(asked.answers) if a.value == "yes"]
        return _some([*blamed, *maybe, *asked.exposures(view), *yes])


class LessSpecificCode(AlertBase):
    """A code that leaves the organ open while the notes document one."""

    kind: Literal["less_specific_code"]
    codes: tuple[Filled, ...]
    criterion: CriterionId

    def raised(self, view: View) -> Shown | None:
        """The code and the organ findings."""
        asked = view.criteria[self.criterion]
        stated = view.case.request.diagnosis_codes
        coded = [s for s in stated if s.text.strip().upper() in self.codes]
        if not isinstance(asked, OrganAssessment) or not coded:
            return None
        state = OrganState(view, asked.organs.value, asked.general)
        return (state.all_involved, coded) if state.all_involved else None


class ContradictedCode(AlertBase):
    """The notes say another disease, or no such organ, where the form's code says so."""

    kind: Literal["contradicted_code"]
    diagnosis: CriterionId
    organs: CriterionId | None = None

    def raised(self, view: View) -> Shown | None:
        """A form or code that the notes outweigh."""
        disease = view.criteria[self.diagnosis]
        verdict = view.verdict(self.diagnosis)
        if isinstance(disease, DiagnosisStated) and disease.is_overruled(verdict):
            return verdict.facts, verdict.stated
        organs = view.criteria[self.organs] if self.organs else None
        if isinstance(organs, OrganAssessment) and (codes := organs.contradicted(view)):
            return view.verdict(organs.id).facts, codes
        return None


class StaleResult(AlertBase):
    """A result that counted as too old."""

    kind: Literal["stale_result"]

    def raised(self, view: View) -> Shown | None:
        """Of any criterion."""
        verdicts = [view.verdict(one) for one in view.criteria]
        return _some(f for v in verdicts if v.reason is Reason.STALE for f in v.facts)


class OldResult(AlertBase):
    """A result that a criterion rests on is older than so many days, or may be by its date.

    Criteria that say themselves how old a result may be are left to do so.
    """

    kind: Literal["old_result"]
    criteria: tuple[CriterionId, ...] = Field(min_length=1)
    older_than: MostDays

    def raised(self, view: View) -> Shown | None:
        """The dated results that are not surely recent."""
        asked = [view.criteria[one] for one in self.criteria]
        silent = [one for one in asked if getattr(one, "within", None) is None]
        labs = [
            fact
            for one in silent
            for fact in view.verdict(one.id).facts
            if isinstance(fact, LabResult) and latest_day_known(fact)
        ]
        as_of, days = view.case.as_of, self.older_than.value
        return _some(
            lab
            for lab in unique(labs)
            if as_of is not None and currency(stated_on(lab), as_of, days) is not Truth.TRUE
        )


class FindingPresent(AlertBase):
    """A finding is affirmed."""

    kind: Literal["finding_present"]
    finding: FindingKey

    def raised(self, view: View) -> Shown | None:
        """Affirmed only."""
        return _some(affirmed(findings(view.case, {self.finding})))


class FindingAbsent(AlertBase):
    """A finding is nowhere affirmed."""

    kind: Literal["finding_absent"]
    finding: FindingKey

    def raised(self, view: View) -> Shown | None:
        """Silence or denial."""
        return None if affirmed(findings(view.case, {self.finding})) else ((), ())


AlertRule = Annotated[
    NoTrial
    | PositiveResult
    | LowResult
    | DrugExposure
    | LessSpecificCode
    | ContradictedCode
    | StaleResult
    | OldResult
    | FindingPresent
    | FindingAbsent,
    Field(discriminator="kind"),
]


def _some(facts: Iterable[Fact]) -> Shown | None:
    shown = list(facts)
    return (shown, ()) if shown else None


def exposed(view: View, name: str) -> list[Fact]:
    """Statements that something of a group was taken, without naming a drug."""
    group = view.groups[name]
    return [
        finding
        for finding in findings(view.case, {"exposure"})
        if group.named_in(finding.of)
        and finding.assertion in (Assertion.AFFIRMED, Assertion.HISTORICAL)
        and finding.value not in ("planned", "not_taken")
    ]


Standing = Literal["tried_failed", "tried", "contraindicated", "not_documented"]


class AlternativeRule(Knowledge):
    """A therapy to consider first.

    Attributes:
        beyond_first: Look at the drugs of the group beyond the first that was tried.
        answers: Topics of form questions that ask for it.
    """

    id: Filled
    title: Filled
    source: Filled
    group: GroupName
    beyond_first: bool = False
    answers: tuple[Topic, ...] = ()

    def standing(self, view: View) -> tuple[Standing, Sequence[Fact]]:
        """What the packet says of it, and where."""
        unfit = [
            drug
            for drug in of_group(view.case, view.groups[self.group])
            if drug.outcome in ("contraindicated", "intolerant")
            and drug.assertion in (Assertion.AFFIRMED, Assertion.HISTORICAL)
        ]
        if self.beyond_first:
            return self._beyond_first(view, unfit)
        failed = [*_failed(taken(view, self.group)), *self._failures(view)]
        if failed:
            return "tried_failed", failed
        if unfit:
            return "contraindicated", unfit
        yes = [a for a in view.answers(self.answers) if a.value == "yes"]
        tried = [*taken(view, self.group), *exposed(view, self.group), *yes]
        return ("tried", tried) if tried else ("not_documented", ())

    def _failures(self, view: View) -> list[Fact]:
        group = view.groups[self.group]
        return [
            finding
            for finding in affirmed(findings(view.case, {RESPONSE}))
            if finding.value == "failed" and group.named_in(finding.of)
        ]

    def _beyond_first(
        self, view: View, unfit: Sequence[Medication]
    ) -> tuple[Standing, Sequence[Fact]]:
        tried = sorted(taken(view, self.group), key=_start)
        names = unique(drug.ingredient for drug in tried)
        others = [drug for drug in tried if drug.ingredient in names[1:]]
        if _failed(others):
            return "tried_failed", _failed(others)
        rest = set(view.groups[self.group].ingredients) - set(names[:1])
        barred = [drug for drug in unfit if drug.ingredient in rest]
        if rest and rest <= {drug.ingredient for drug in barred}:
            return "contraindicated", barred
        return ("tried", others) if others else ("not_documented", ())


def _failed(drugs: Iterable[Medication]) -> list[Fact]:
    return [drug for drug in drugs if drug.outcome == "failed"]


def _start(drug: Medication) -> str:
    """Undated ones last, else in the order of the case."""
    return drug.start.earliest.isoformat() if drug.start and drug.start.earliest else "9"
