"""The kind that asks for failure of two treatments together, after a trial of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal

from pipeline.criteria.base import Criterion, Verdict, View, met, not_met, unclear
from pipeline.criteria.courses import Continuity, courses, informative, last_day
from pipeline.criteria.facts import (
    PERSISTENCE,
    RESPONSE,
    affirmed,
    describe,
    findings,
    is_never,
    latest,
    latest_day,
    never_taken,
    of_group,
    ratio_of,
    results,
    stated_on,
    taken,
    unique,
)
from pipeline.criteria.outcomes import (
    current,
    persistence,
    responses,
    tell_outcome,
)
from pipeline.criteria.parameters import (
    Analyte,
    CriterionId,
    FindingKey,
    GroupName,
    LeastDays,
)
from pipeline.logic import Truth, any_of
from pipeline.quantities import DateRange, days_between
from pipeline.schema import Fact, Finding, LabResult, Medication, Reason, Status

FAR_ABOVE = 2  # times an upper limit: laboratories differ in theirs, and not by so much
Window = tuple[DateRange, DateRange]  # first and last day


class CombinationFailure(Criterion):
    """Persistent symptoms and an elevated analyte after enough weeks of two treatments together.

    Attributes:
        first, second: Groups that are combined; their trials are `first_trial`, `second_trial`.
        together: Days that both must have been taken.
        bridged_by: Findings that show the first treatment to go on from its start to its present
            dose, whatever the dates of the doses between.
        answered_by: Findings that say that nothing persists on treatment.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("trials", "combination", "symptoms", "result")

    kind: Literal["combination_failure"]
    first: GroupName
    second: GroupName
    first_trial: CriterionId
    second_trial: CriterionId
    together: LeastDays
    analyte: Analyte
    bridged_by: tuple[FindingKey, ...]
    answered_by: tuple[FindingKey, ...] = ()
    continuity: Continuity

    def needs(self) -> tuple[str, ...]:
        """Both trials."""
        return (self.first_trial, self.second_trial)

    def bounds(self, view: View) -> tuple[float, ...]:
        """The days of both together."""
        return (self.together.value,)

    def judge(self, view: View) -> Verdict:
        """Trials, then whether the disease answered, the overlap, symptoms and the analyte."""
        trials = [view.verdict(self.first_trial), view.verdict(self.second_trial)]
        for verdict in trials:
            if verdict.status is Status.NOT_MET:
                return not_met(f"No adequate trial: {verdict.rationale}", verdict.facts)
        answered = self._answered(view)
        if answered:
            treated = [*current(view, self.first), *current(view, self.second)]
            said = "; ".join(unique(tell_outcome(fact) for fact in answered))
            return not_met(f"Nothing persists on treatment: {said}", [*answered, *treated])
        if trials[1].status is Status.NOT_APPLICABLE:
            return self._without_trial(view, trials[1])
        for verdict in trials:
            if verdict.status is Status.NEEDS_REVIEW:
                return unclear(verdict.reason or Reason.AMBIGUOUS, verdict.rationale, verdict.facts)
        for verdict in trials:
            if verdict.status is Status.NOT_DOCUMENTED:
                if not any(one.facts for one in trials):
                    return self.silent("No combination of treatments is documented")
                facts = unique(fact for one in trials for fact in one.facts)
                return self.partial(
                    f"No adequate trial shown: {verdict.rationale}", facts, "trials"
                )
        return self._weigh(view, unique([*trials[0].facts, *trials[1].facts]))

    def _without_trial(self, view: View, waiver: Verdict) -> Verdict:
        """The second treatment was waived: was it shown never to have lasted long enough?"""
        drugs = informative(taken(view, self.second))
        runs = courses(drugs, view.case.as_of, self.continuity)
        lengths = [run.days.at_least(self.together.value) for run in runs]
        if drugs and any_of(lengths) is Truth.FALSE:
            said = "; ".join(unique(describe(drug) for drug in drugs))
            return not_met(
                f"The combination never reached {self.together.value:.0f} days: {said}", drugs
            )
        never = never_taken(view, self.second) or [
            drug
            for drug in of_group(view.case, view.groups[self.second])
            if is_never(drug) and drug.outcome != "contraindicated"  # which tells of this one alone
        ]
        if not drugs and never:
            return not_met("The combination was never taken", never)
        return self.partial("The combination is not shown", waiver.facts, "combination")

    def _weigh(self, view: View, facts: Sequence[Fact]) -> Verdict:
        windows = self._windows(view)
        enough = [
            Truth.UNKNOWN if window is None else days_between(*window).at_least(self.together.value)
            for window in windows
        ]
        long = [w for w, t in zip(windows, enough, strict=True) if w and t is Truth.TRUE]
        stated = self._stated_combination(view)
        if windows and any_of(enough) is Truth.FALSE and not stated:
            return not_met(f"Together for less than {self.together.value:.0f} days", facts)
        symptoms = self._symptoms(view)
        high, normal = self._elevations(view, long)
        if normal and not high:
            return not_met(
                "The analyte is not above its range on the combination", [*facts, *normal]
            )
        lacking = [
            part
            for part, given in (
                ("combination", long or stated),
                ("symptoms", symptoms),
                ("result", high),
            )
            if not given
        ]
        if lacking:
            text = f"Not shown: {', '.join(lacking)}"
            return self.partial(text, [*facts, *symptoms, *high], *lacking)
        longest = max((days_between(*window).low or 0 for window in long), default=0)
        days = f"At least {longest:.0f} days together" if longest else "Together as stated"
        values = ", ".join(f"{lab.value_text or lab.value or 'high'}" for lab in high)
        return met(
            f"{days}; symptoms persist; {view.name(self.analyte)} {values}",
            unique([*facts, *symptoms, *high]),
        )

    def _windows(self, view: View) -> list[Window | None]:
        """First and last day of every overlap of the two treatments; None where undated."""
        drugs = informative(taken(view, self.second))
        names = unique(drug.ingredient for drug in drugs)
        seconds = [
            bounds
            for name in names
            for bounds in self._bounds([d for d in drugs if d.ingredient == name], view)
        ]
        firsts = self._bounds(informative(taken(view, self.first)), view)
        last = self._present(view)
        if last is not None:
            firsts += [(one[0], last) for one in firsts if one is not None]
        # Of what goes on, only the dose ended on the day of its end.
        going = [d for d in current(view, self.first) if d.stop and d.stated.latest]
        firsts += [(d.start, d.stated) for d in going if d.start]
        return [_overlap(one, other) for one in firsts for other in seconds]

    def _bounds(self, drugs: Sequence[Medication], view: View) -> list[Window | None]:
        as_of = view.case.as_of
        return [_bounds(run.episodes, as_of) for run in courses(drugs, as_of, self.continuity)]

    def _present(self, view: View) -> DateRange | None:
        """The last known day of the present dose, where tapering to it is documented."""
        if not affirmed(findings(view.case, set(self.bridged_by))):
            return None
        ends = [last_day(drug, view.case.as_of) for drug in current(view, self.first)]
        return max((end for end in ends if end is not None), key=_order, default=None)

    def _stated_combination(self, view: View) -> list[Finding]:
        """Statements of a response to both treatments after long enough."""
        groups = [view.groups[self.first], view.groups[self.second]]
        return [
            finding
            for finding in affirmed(findings(view.case, {RESPONSE, PERSISTENCE}))
            if all(group.named_in(finding.of) for group in groups)
            and finding.duration is not None
            and finding.duration.at_least(self.together.value) is Truth.TRUE
        ]

    def _answered(self, view: View) -> list[Fact]:
        """What says, later than any symptom, that the disease is quiet on what is taken now."""
        if not (current(view, self.first) or current(view, self.second)):
            return []
        known = [f for f in affirmed(findings(view.case, set(self.answered_by))) if not f.site]
        quiet: list[Fact] = unique([*known, *self._responses_now(view)])
        last = latest(quiet)
        symptoms = self._symptoms(view)
        if not last or any(latest_day(fact) >= latest_day(last[0]) for fact in symptoms):
            return []
        return last

    def _responses_now(self, view: View) -> list[Finding]:
        """Statements of a good response to one of the treatments, or to both."""
        good = responses(view, (self.first, self.second), "responded")
        return [fact for fact in good if isinstance(fact, Finding)]

    def _symptoms(self, view: View) -> list[Fact]:
        """Failure of, or persistence despite, either treatment; or persistence as such."""
        groups = (self.first, self.second)
        said = [*responses(view, groups, "failed"), *persistence(view, groups)]
        if not said and responses(view, groups, "responded"):
            return []  # the disease answered: "active" elsewhere is of another time
        plain = [f for f in affirmed(findings(view.case, {PERSISTENCE})) if not f.of]
        return unique([*said, *plain])

    def _elevations(
        self, view: View, windows: Sequence[Window]
    ) -> tuple[list[LabResult], list[LabResult]]:
        """The latest result late in an overlap, above its range or not."""
        late = [
            lab
            for lab in results(view.case, {self.analyte})
            if self._is_high(lab, view) is not Truth.UNKNOWN
            and any(self._is_late(lab, window) for window in windows)
        ]
        last = latest(late)
        high = [lab for lab in last if self._is_high(lab, view) is Truth.TRUE]
        return high, [lab for lab in last if lab not in high]

    def _is_high(self, lab: LabResult, view: View) -> Truth:
        """Above its own range; without one, far above every range that the packet prints of it."""
        truth = _is_high(lab)
        limits = [o.ref_high for o in results(view.case, {self.analyte}) if o.ref_high]
        if truth is Truth.UNKNOWN and limits and lab.value is not None and not lab.comparator:
            return Truth.TRUE if lab.value >= FAR_ABOVE * max(limits) else Truth.UNKNOWN
        return truth

    def _is_late(self, lab: LabResult, window: Window) -> bool:
        start, end = window
        on = stated_on(lab)
        if on.latest is None or end.latest is None or end.latest < on.latest:
            return False
        return days_between(start, on).at_least(self.together.value) is Truth.TRUE


def _overlap(one: Window | None, other: Window | None) -> Window | None:
    if one is None or other is None:
        return None
    return max(one[0], other[0], key=_order), min(one[1], other[1], key=_order)


def _bounds(episodes: Sequence[Medication], as_of: date | None) -> Window | None:
    start = episodes[0].start
    ends = [end for drug in episodes if (end := last_day(drug, as_of)) is not None]
    if start is None or start.latest is None or not ends:
        return None
    return start, max(ends, key=_order)


def _order(day: DateRange) -> str:
    known = day.latest or day.earliest
    return known.isoformat() if known else ""


def _is_high(lab: LabResult) -> Truth:
    """Above the upper limit of its own range, or marked so."""
    ratio = ratio_of(lab)
    if ratio is not None and ratio.low is not None:
        if ratio.low > 1:
            return Truth.TRUE
        return Truth.FALSE if ratio.high is not None and ratio.high <= 1 else Truth.UNKNOWN
    if lab.interpretation == "high":
        return Truth.TRUE
    return Truth.FALSE if lab.interpretation in ("normal", "low") else Truth.UNKNOWN
