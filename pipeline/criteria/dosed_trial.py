"""The kind that asks for a treatment at a high dose for long enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pipeline.criteria.base import Criterion, Verdict, View, met, not_met, unclear
from pipeline.criteria.courses import (
    Continuity,
    Course,
    courses,
    days_of,
    informative,
    is_range,
    is_unknown,
    prednisone_mg,
    told_days,
    weight_kg,
)
from pipeline.criteria.disputes import disputes
from pipeline.criteria.facts import (
    affirmed,
    amount,
    describe,
    findings,
    never_taken,
    span,
    taken,
    unique,
)
from pipeline.criteria.parameters import (
    CriterionId,
    DrugName,
    GroupName,
    Knowledge,
    LeastDays,
    Listed,
    MilligramsADay,
    MilligramsPerKilogramADay,
    MostDays,
    Percent,
    Threshold,
)
from pipeline.logic import Truth, all_of, any_of
from pipeline.quantities import Quantity
from pipeline.schema import Fact, Medication, Reason, Status

# A dose that falls short of a bound by rounding of floating point numbers is no shortfall.
ROUNDING = 1e-6


class Pulse(Knowledge):
    """An intravenous dose that is high whatever the weight, if given on enough days."""

    ingredients: Listed[DrugName]
    daily_dose: MilligramsADay
    days: LeastDays
    routes: Listed[str]


class DosedTrial(Criterion):
    """A corticosteroid at a high dose for long enough, counted from the start at high dose.

    Attributes:
        per_kg: Prednisone-equivalent mg/kg/day that is high, less `tolerance_percent`.
        any_weight: Prednisone-equivalent mg/day that is high whatever the weight.
        unknown_weight: The same while no weight is documented.
        agreement: Days by which form and notes may differ on a duration without contradiction.
        shorter_when: `shortened` suffices when that criterion is met.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("dose", "duration")
    WEIGHS_OUTCOMES: ClassVar[bool] = False

    kind: Literal["dosed_trial"]
    group: GroupName
    per_kg: MilligramsPerKilogramADay
    tolerance_percent: Percent
    any_weight: MilligramsADay
    unknown_weight: MilligramsADay
    pulse: Pulse
    duration: LeastDays
    shortened: LeastDays
    shorter_when: CriterionId
    agreement: MostDays
    continuity: Continuity

    def needs(self) -> tuple[str, ...]:
        """The criterion that shortens the trial."""
        return (self.shorter_when,)

    def bounds(self, view: View) -> tuple[float, ...]:
        """The days that this case asks for."""
        return (self._bound(view).value,)

    def _bound(self, view: View) -> Threshold:
        is_short = view.verdict(self.shorter_when).status is Status.MET
        return self.shortened if is_short else self.duration

    def judge(self, view: View) -> Verdict:
        """Weigh every course that begins at what is or may be a high dose."""
        drugs = informative(taken(view, self.group))
        label = view.groups[self.group].label
        if not drugs:
            never = never_taken(view, self.group)
            if never:
                return not_met(f"Never taken: {label}", never)
            return self.silent(f"No course of {label} with dose and duration")
        bound = self._bound(view)
        disputed = disputes(drugs, view.case.as_of, bound.value, self.agreement.value)
        if disputed:
            said = "; ".join(unique(describe(drug) for drug in disputed))
            return unclear(Reason.CONFLICTING, f"Durations contradict: {said}", disputed)
        return self._weigh(view, drugs, bound)

    def _weigh(self, view: View, drugs: list[Medication], bound: Threshold) -> Verdict:
        runs = courses(drugs, view.case.as_of, self.continuity)
        heights = {drug: self._height(drug, view) for drug in drugs}
        high = [run for run in runs if heights[run.episodes[0]][0] is not Truth.FALSE]
        if not high:
            said = "; ".join(unique(heights[drug][1] for drug in drugs))
            weighed = [fact for drug in drugs for fact in heights[drug][2]]
            return not_met(f"Only lower doses are documented: {said}", unique([*drugs, *weighed]))
        lengths = {run: self._length(run, drugs, view) for run in high}
        for run in high:
            height, said, proof = heights[run.episodes[0]]
            if all_of([height, lengths[run].at_least(bound.value)]) is Truth.TRUE:
                text = f"{said}; {span(lengths[run])} from its start (needed: {bound.value:.0f})"
                return met(text, unique([*run.episodes, *proof]))
        return self._undecided(high, heights, lengths, bound)

    def _undecided(
        self,
        high: list[Course],
        heights: dict[Medication, tuple[Truth, str, list[Fact]]],
        lengths: dict[Course, Quantity],
        bound: Threshold,
    ) -> Verdict:
        facts: list[Fact] = unique(
            fact for run in high for fact in (*run.episodes, *heights[run.episodes[0]][2])
        )
        said = "; ".join(
            unique(f"{heights[r.episodes[0]][1]}, duration {told_days(lengths[r])}" for r in high)
        )
        dosed = [run for run in high if heights[run.episodes[0]][0] is Truth.TRUE]
        enough = {run: lengths[run].at_least(bound.value) for run in high}
        if all(truth is Truth.FALSE for truth in enough.values()):
            return not_met(f"Shorter than {bound.value:.0f} days: {said}", facts)
        open_runs = [run for run in dosed if enough[run] is Truth.UNKNOWN]
        if any(is_range(lengths[run]) for run in open_runs):
            text = f"The duration leaves {bound.value:.0f} days open: {said}"
            return unclear(Reason.AMBIGUOUS, text, facts, self.asks("duration"))
        parts = []
        if not dosed:
            parts.append("dose")
        if open_runs or not any(truth is Truth.TRUE for truth in enough.values()):
            parts.append("duration")
        return self.partial(f"Only part is documented: {said}", facts, *parts)

    def _height(self, drug: Medication, view: View) -> tuple[Truth, str, list[Fact]]:
        """Whether an episode is at a high dose, why, and the weight used."""
        name = describe(drug)
        dose = prednisone_mg(drug, view.equivalents)
        by_vein = drug.route in self.pulse.routes.value
        if by_vein and drug.daily_dose_mg is not None:
            lasting = (
                any_of(
                    days.at_least(self.pulse.days.value) for days in days_of(drug, view.case.as_of)
                )
                if days_of(drug, view.case.as_of)
                else Truth.UNKNOWN
            )
            if (
                drug.ingredient in self.pulse.ingredients.value
                and drug.daily_dose_mg >= self.pulse.daily_dose.value
            ):
                return lasting, f"{name} intravenously", []
            if lasting is not Truth.TRUE:
                return lasting, f"{name} intravenously", []
        if drug.dose_per_kg is not None:
            return self._by_weight(drug.dose_per_kg * self._scale(drug, view), name, [])
        if dose is None:
            return Truth.UNKNOWN, f"{name} (daily dose not stated)", []
        return self._by_dose(drug, dose, view)

    def _by_dose(self, drug: Medication, dose: float, view: View) -> tuple[Truth, str, list[Fact]]:
        said = f"{describe(drug)} = {amount(dose)} mg/day prednisone-equivalent"
        if dose + ROUNDING >= self.any_weight.value:
            return Truth.TRUE, said, []
        weight = weight_kg(view.case, drug.start or drug.stated)
        if weight is not None:
            kilograms, finding = weight
            said = f"{said} / {amount(kilograms)} kg"
            return self._by_weight(dose / kilograms, said, [finding])
        high = dose + ROUNDING >= self.unknown_weight.value
        return (Truth.TRUE if high else Truth.FALSE), f"{said}, weight not documented", []

    def _by_weight(
        self, per_kg: float, said: str, proof: list[Fact]
    ) -> tuple[Truth, str, list[Fact]]:
        bound = self.per_kg.value * (1 - self.tolerance_percent.value / 100)
        truth = Truth.TRUE if per_kg + ROUNDING >= bound else Truth.FALSE
        return truth, f"{said} = {per_kg:.2f} mg/kg/day", proof

    def _scale(self, drug: Medication, view: View) -> float:
        return 5.0 / view.equivalents.get(drug.ingredient, 5.0)

    def _length(self, run: Course, drugs: Sequence[Medication], view: View) -> Quantity:
        """The days of a course; what is said elsewhere may prolong it, never shorten it."""
        days = run.days
        said = self._said_on_treatment(run, drugs, view)
        if said is not None and (is_unknown(days) or (days.low or 0) < (said.low or 0)):
            days = said
        if (
            days.high is not None
            and run.episodes[-1].stop is None
            and any(drug.start is None and drug not in run.episodes for drug in drugs)
        ):
            return Quantity(low=days.low, high=None, unit="d")  # it may have gone on
        return days

    def _said_on_treatment(
        self, run: Course, drugs: Sequence[Medication], view: View
    ) -> Quantity | None:
        """Days of treatment that a statement of response gives, if it began at this dose."""
        dose = run.episodes[0].daily_dose_mg
        if dose is None or any((drug.daily_dose_mg or 0) > dose for drug in drugs):
            return None
        group = view.groups[self.group]
        said = [
            finding.duration
            for finding in affirmed(findings(view.case, {"treatment_response"}))
            if finding.duration is not None and group.named_in(finding.of)
        ]
        return max(said, key=lambda days: days.low or 0, default=None)
