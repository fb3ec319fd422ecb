"""Kinds that ask for laboratory results and studies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import ClassVar, Literal

from pydantic import model_validator

from pipeline.criteria.base import Criterion, Verdict, View, met, not_met, unclear
from pipeline.criteria.facts import (
    affirmed,
    amount,
    asserted,
    findings,
    latest,
    on_day,
    ratio_of,
    results,
    stated_on,
    unique,
)
from pipeline.criteria.parameters import (
    Analyte,
    FindingKey,
    Knowledge,
    Listed,
    MostDays,
    TimesUpperLimit,
)
from pipeline.logic import Truth, all_of
from pipeline.quantities import DateRange, not_below
from pipeline.schema import Assertion, Case, Fact, Finding, LabResult, Reason, Status

DETERMINATE = frozenset({"positive", "negative"})


def tell(lab: LabResult, name: str) -> str:
    """Value, range and ratio as arithmetic."""
    value = lab.value_text or ("" if lab.value is None else amount(lab.value))
    unit = f" {lab.unit}" if lab.unit and lab.unit not in value else ""
    ratio = ratio_of(lab)
    if lab.value is not None and lab.ref_high and ratio is not None:
        times = lab.value / lab.ref_high
        return f"{name} {value}{unit} / {amount(lab.ref_high)} = {times:.3g} x ULN{on_day(lab)}"
    if ratio is not None:
        return (
            f"{name} {lab.comparator}{amount(lab.ratio_to_uln or 0)} x ULN as stated{on_day(lab)}"
        )
    return f"{name} {value}{unit} without a reference range{on_day(lab)}"


class LabRatio(Criterion):
    """The most recent result, if recent enough, against a multiple of the upper limit."""

    PARTS: ClassVar[tuple[str, ...]] = ("result", "date")

    kind: Literal["lab_ratio"]
    analyte: Analyte
    label: str
    at_least: TimesUpperLimit
    within: MostDays

    def judge(self, view: View) -> Verdict:
        """Currency first, then the ratio."""
        known = results(view.case, {self.analyte})
        if not known:
            return self.silent(f"No {self.label} result")
        last = latest(known)
        current = currency(stated_on(last[0]), view.case.as_of, self.within.value)
        said = "; ".join(unique(tell(lab, self.label) for lab in last))
        if not latest_day_known(last[0]):
            return self.partial(f"Undated: {said}", last, "date")
        said += self._age(last[0], view.case)
        if current is Truth.FALSE:
            verdict = self.partial(f"Too old: {said}", last, "result")
            return verdict._replace(reason=Reason.STALE)
        if current is Truth.UNKNOWN:
            return unclear(Reason.AMBIGUOUS, f"May be too old: {said}", last, self.asks("date"))
        return self._weigh(last, said)

    def _weigh(self, last: Sequence[LabResult], said: str) -> Verdict:
        ratios = [ratio for lab in last if (ratio := ratio_of(lab)) is not None]
        if not ratios:
            return unclear(Reason.AMBIGUOUS, said, last, self.asks("result"))
        truths = {ratio.at_least(self.at_least.value) for ratio in ratios}
        needed = f"{said} (needed: {amount(self.at_least.value)} x ULN)"
        if truths == {Truth.TRUE}:
            return met(needed, last)
        if truths == {Truth.FALSE}:
            return not_met(needed, last)
        decided = {Truth.TRUE, Truth.FALSE} <= truths
        return unclear(Reason.CONFLICTING if decided else Reason.AMBIGUOUS, needed, last)

    def _age(self, lab: LabResult, case: Case) -> str:
        on = stated_on(lab)
        if case.as_of is None or on.latest is None or on.latest > case.as_of:
            return ""
        days = (case.as_of - on.latest).days
        return f", {days} days before {case.as_of.isoformat()}"


def currency(on: DateRange, as_of: date | None, days: float) -> Truth:
    """Whether something of that day is no older than so many days before the request date.

    What is later than the request date is current too: the packet was sent after it.
    """
    if as_of is None:
        return Truth.UNKNOWN
    opening, closing = as_of - timedelta(days=days), as_of + timedelta(days=days)
    if on.latest is not None and on.latest > closing:
        return Truth.UNKNOWN  # a date that far ahead is a misprint
    return not_below(on.earliest, on.latest, opening)


def _own_day(fact: Fact) -> DateRange:
    """When a result was collected or a study done, as far as its own date tells.

    A study without a date was done before it was written of, nobody knows how long before.
    """
    if isinstance(fact, Finding):
        return fact.date or DateRange()
    return stated_on(fact)


def latest_day_known(lab: LabResult) -> bool:
    """The result bears a date."""
    return stated_on(lab).latest is not None


class Dated(Criterion):
    """Base of kinds that may ask how old a result is.

    Attributes:
        within: Days before the request date; an older result is none. None: any age will do.
    """

    within: MostDays | None = None

    def age(self, on: Iterable[DateRange], view: View) -> Truth:
        """Whether all, none or only some of these days are surely recent enough."""
        if self.within is None:
            return Truth.TRUE
        return all_of([currency(day, view.case.as_of, self.within.value) for day in on])

    def outdated(self, said: str, facts: Sequence[Fact], missing: tuple[str, ...]) -> Verdict:
        """What is there is too old."""
        return Verdict(
            Status.NOT_DOCUMENTED, f"Too old: {said}", tuple(facts), Reason.STALE, missing
        )

    def undated(self, said: str, facts: Sequence[Fact], missing: tuple[str, ...]) -> Verdict:
        """It stays open how old it is: its date leaves it open, or it bears none."""
        if all(_own_day(fact).latest for fact in facts):
            return unclear(Reason.AMBIGUOUS, f"May be too old: {said}", facts, missing)
        return Verdict(
            Status.NOT_DOCUMENTED, f"Undated: {said}", tuple(facts), Reason.PARTIAL, missing
        )

    def by_age(
        self,
        ages: Mapping[str, Truth],
        known: Mapping[str, Sequence[LabResult]],
        tell: Callable[[LabResult], str],
        missing: tuple[str, ...],
    ) -> Verdict | None:
        """What results that are not surely recent come to; None where all are recent."""
        for age, verdict in ((Truth.UNKNOWN, self.undated), (Truth.FALSE, self.outdated)):
            labs = unique(lab for one in ages if ages[one] is age for lab in known[one])
            if labs:
                return verdict("; ".join(unique(map(tell, labs))), labs, missing)
        return None


class Serology(Dated):
    """Results of all of `all_of`, or of one of `any_of`, whatever they are.

    Each analyte of `all_of` is also a part that may be missing; `any_of` together are `result`.
    """

    kind: Literal["serology"]
    all_of: Listed[Analyte] | None = None
    any_of: Listed[Analyte] | None = None

    @model_validator(mode="after")
    def _names_analytes(self) -> Serology:
        if (self.all_of is None) == (self.any_of is None):
            raise ValueError("needs either all_of or any_of")
        return self

    def parts(self) -> tuple[str, ...]:
        """Each of `all_of`, else the result and its repetition."""
        return self.all_of.value if self.all_of else ("result", "repeat")

    def judge(self, view: View) -> Verdict:
        """One of the latest results per analyte must be positive or negative."""
        analytes = (self.all_of or self.any_of or Listed(value=("",), source="-")).value
        states = {analyte: self._state(view.case, analyte) for analyte in analytes}
        facts = unique(lab for labs, _ in states.values() for lab in labs)
        said = "; ".join(unique(_result(lab, view) for lab in facts))
        known = [analyte for analyte in analytes if states[analyte][1] == "known"]
        ages = {one: self.age(map(stated_on, states[one][0]), view) for one in known}
        done = [analyte for analyte in known if ages[analyte] is Truth.TRUE]
        if len(done) == len(analytes) or (self.any_of and done):
            shown = [lab for analyte in done for lab in states[analyte][0]]
            return met("; ".join(unique(_result(lab, view) for lab in shown)), shown)
        lacking = self._lacking([a for a in analytes if a not in done])
        disputed = [analyte for analyte in analytes if states[analyte][1] == "disputed"]
        if disputed:
            return unclear(Reason.CONFLICTING, f"Different results: {said}", facts)
        vague = [analyte for analyte in analytes if states[analyte][1] == "vague"]
        if vague:
            again = (self.missing["repeat"],) if "repeat" in self.missing else lacking
            return unclear(Reason.AMBIGUOUS, f"Indeterminate: {said}", facts, again)
        known_labs = {one: states[one][0] for one in known}
        aged = self.by_age(ages, known_labs, lambda lab: _result(lab, view), lacking)
        if aged is not None:
            return aged
        pending = [lab for lab in view.case.labs if lab.analyte in analytes and lab not in facts]
        text = f"Found: {said}" if said else "No result"
        if any(lab.interpretation == "pending" for lab in pending):
            text += "; ordered or pending"
        shown = [*facts, *affirmed(pending)]
        reason = Reason.PARTIAL if shown else Reason.MISSING
        return Verdict(Status.NOT_DOCUMENTED, text, tuple(shown), reason, lacking)

    def _lacking(self, analytes: Sequence[str]) -> tuple[str, ...]:
        if self.any_of:
            return (self.missing["result"],)
        return tuple(self.missing[analyte] for analyte in analytes)

    def _state(self, case: Case, analyte: str) -> tuple[list[LabResult], str]:
        last = latest(results(case, {analyte}))
        seen = {lab.interpretation for lab in last}
        if seen >= DETERMINATE:
            return last, "disputed"
        if "indeterminate" in seen:
            return last, "vague"
        return last, "known" if seen & DETERMINATE else "unknown"


def _result(lab: LabResult, view: View) -> str:
    word = lab.interpretation or lab.value_text or "result not stated"
    return f"{view.name(lab.analyte)} {word}{on_day(lab)}"


class LabValues(Dated):
    """A value of every one of some analytes; each is also a part that may be missing."""

    kind: Literal["lab_values"]
    analytes: Listed[Analyte]

    def parts(self) -> tuple[str, ...]:
        """Every analyte."""
        return self.analytes.value

    def judge(self, view: View) -> Verdict:
        """The latest valued result of each."""
        found = {
            analyte: latest([lab for lab in results(view.case, {analyte}) if lab.value is not None])
            for analyte in self.analytes.value
        }
        facts = [lab for labs in found.values() for lab in labs]
        said = "; ".join(unique(_value(lab, view) for lab in facts))
        ages = {one: self.age(map(stated_on, labs), view) for one, labs in found.items() if labs}
        lacking = [one for one in found if ages.get(one) is not Truth.TRUE]
        if not lacking:
            return met(said, facts)
        aged = self.by_age(ages, found, lambda lab: _value(lab, view), self.asks(*lacking))
        if aged is not None:
            return aged
        shown = [*facts, *results(view.case, set(lacking))]
        if not shown:
            return self.silent("No values")
        return self.partial(f"Found: {said or 'no value'}", shown, *lacking)


def _value(lab: LabResult, view: View) -> str:
    value = f"{lab.comparator}{amount(lab.value or 0)}"
    return f"{view.name(lab.analyte)} {value} {lab.unit}{on_day(lab)}"


class Study(Knowledge):
    """A kind of study; at `not_sites` it says nothing of the disease."""

    finding: FindingKey
    not_sites: tuple[str, ...] = ()


class StudyFindings(Dated):
    """Abnormal findings of one of the studies."""

    PARTS: ClassVar[tuple[str, ...]] = ("report",)

    kind: Literal["study_findings"]
    studies: Listed[Study]

    def judge(self, view: View) -> Verdict:
        """One abnormal study suffices; all that were done are normal shows the contrary."""
        known = [f for f in findings(view.case, self._keys()) if self._is_apt(f)]
        told = [f for f in affirmed(known) if f.value in ("abnormal", "normal")]
        done = [f for f in told if self.age([_own_day(f)], view) is Truth.TRUE]
        abnormal = [f for f in done if f.value == "abnormal"]
        if abnormal:
            return met(_studies(abnormal, view), abnormal)
        maybe = [f for f in asserted(known, Assertion.POSSIBLE) if f.value == "abnormal"]
        maybe = [f for f in maybe if self.age([_own_day(f)], view) is not Truth.FALSE]
        if maybe:
            return unclear(Reason.AMBIGUOUS, "; ".join(_study(f, view) for f in maybe), maybe)
        vague = [f for f in told if self.age([_own_day(f)], view) is Truth.UNKNOWN]
        if any(f.value == "abnormal" for f in vague) or (vague and not done):
            return self.undated(_studies(vague, view), vague, self.asks("report"))
        if done:
            return not_met(_studies(done, view), done)
        if told:
            return self.outdated(_studies(told, view), told, self.asks("report"))
        other: list[Fact] = [f for f in known if f.assertion is not Assertion.FAMILY]
        if other:
            said = "; ".join(unique(_study(f, view) for f in known))
            return self.partial(f"No findings yet: {said}", other)
        return self.silent("No study is reported")

    def _keys(self) -> set[str]:
        return {study.finding for study in self.studies.value}

    def _is_apt(self, finding: Finding) -> bool:
        site = finding.site.casefold()
        return not any(
            study.finding == finding.finding and any(word in site for word in study.not_sites)
            for study in self.studies.value
        )


def _studies(findings: Sequence[Finding], view: View) -> str:
    return "; ".join(unique(_study(finding, view) for finding in findings))


def _study(finding: Finding, view: View) -> str:
    state = finding.value.replace("_", " ") or "result not stated"
    return f"{view.name(finding.finding)} {state}{on_day(finding)}"
