"""The kind that asks for one drug of a group for long enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pipeline.criteria.base import Criterion, Verdict, View, met, not_met, unclear, waived
from pipeline.criteria.courses import (
    Continuity,
    Course,
    courses,
    informative,
    is_range,
    told_days,
)
from pipeline.criteria.disputes import disputes
from pipeline.criteria.facts import (
    describe,
    never_taken,
    of_group,
    taken,
    unique,
)
from pipeline.criteria.parameters import (
    CriterionId,
    GroupName,
    LeastDays,
    MostDays,
)
from pipeline.logic import Truth, any_of
from pipeline.schema import Medication, Reason, Status


class DrugTrial(Criterion):
    """At least one drug of a group for long enough; the longest trial counts.

    Attributes:
        agreement: Days by which form and notes may differ on a duration without contradiction.
        waived_by: Criteria that waive the trial when met.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("trial", "duration")
    WEIGHS_OUTCOMES: ClassVar[bool] = False

    kind: Literal["drug_trial"]
    group: GroupName
    duration: LeastDays
    agreement: MostDays
    continuity: Continuity
    waived_by: tuple[CriterionId, ...] = ()

    def needs(self) -> tuple[str, ...]:
        """The criteria that waive the trial."""
        return self.waived_by

    def bounds(self, view: View) -> tuple[float, ...]:
        """The days that a trial takes."""
        return (self.duration.value,)

    def judge(self, view: View) -> Verdict:
        """An adequate trial wins over a waiver; a waiver wins over all else."""
        drugs = informative(taken(view, self.group))
        runs = self.runs(drugs, view)
        disputed = disputes(drugs, view.case.as_of, self.duration.value, self.agreement.value)
        adequate = [
            run
            for run in runs
            if run.days.at_least(self.duration.value) is Truth.TRUE
            and run.episodes[0].ingredient not in unique_names(disputed)
        ]
        if adequate:
            best = max(adequate, key=lambda run: run.days.low or 0)
            return met(f"{_run(best)} (needed: {self.duration.value:.0f} days)", best.episodes)
        for waiver in self.waived_by:
            verdict = view.verdict(waiver)
            if verdict.status is Status.MET:
                title = view.criteria[waiver].title
                return waived(f"Waived by {title}: {verdict.rationale}", verdict.facts)
        if disputed:
            said = "; ".join(_run(run) for run in runs)
            return unclear(Reason.CONFLICTING, f"Durations contradict each other: {said}", disputed)
        return self._undecided(view, drugs, runs)

    def runs(self, drugs: Sequence[Medication], view: View) -> list[Course]:
        """The courses of each drug by itself, and those told as a whole, whatever the doses."""
        found = [Course((drug,), drug.course) for drug in drugs if drug.course is not None]
        for name in unique_names(drugs):
            own = [d for d in drugs if d.ingredient == name]
            found += courses(own, view.case.as_of, self.continuity)
        return found

    def _undecided(self, view: View, drugs: list[Medication], runs: list[Course]) -> Verdict:
        label = view.groups[self.group].label
        if not drugs:
            never = never_taken(view, self.group)
            if never:
                return not_met(f"Never taken: {label}", never)
            others = of_group(view.case, view.groups[self.group])
            if others:
                said = "; ".join(unique(f"{describe(d)} ({_standing(d)})" for d in others))
                return self.partial(f"No trial of {label}: {said}", others)
            return self.silent(f"No trial of {label}")
        said = "; ".join(unique(_run(run) for run in runs))
        intolerant = [drug for drug in drugs if drug.outcome == "intolerant"]
        runs = [run for run in runs if not all(map(_is_only_named, run.episodes))] or runs
        enough = [run.days.at_least(self.duration.value) for run in runs]
        if any_of(enough) is Truth.FALSE and not intolerant:
            return not_met(f"Shorter than {self.duration.value:.0f} days: {said}", drugs)
        if any(t is Truth.UNKNOWN and is_range(r.days) for t, r in zip(enough, runs, strict=True)):
            text = f"The duration leaves {self.duration.value:.0f} days open: {said}"
            return unclear(Reason.AMBIGUOUS, text, drugs, self.asks("duration"))
        return self.partial(f"Duration not shown: {said}", drugs, "duration")


def unique_names(drugs: Sequence[Medication]) -> list[str]:
    """Ingredients in the order of the case."""
    return list(dict.fromkeys(drug.ingredient for drug in drugs))


def _is_only_named(drug: Medication) -> bool:
    """Whether a drug is named and nothing else told of it: no trial that may have been longer."""
    told = drug.start or drug.stop or drug.stated_duration or drug.duration_days is not None
    dosed = drug.dose_value is not None or drug.dose_per_kg is not None
    return "standing" in drug.doubted and not told and not dosed and drug.outcome == "unknown"


def _run(run: Course) -> str:
    doses = " then ".join(unique(describe(drug) for drug in run.episodes))
    return f"{doses}: {told_days(run.days)}"


def _standing(drug: Medication) -> str:
    if drug.outcome in ("contraindicated", "intolerant"):
        return drug.outcome
    return (drug.status or drug.assertion.value).replace("_", " ")
