"""General kinds that ask for what is stated: a state, its absence, a promise, a response."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import ClassVar, Literal

from pydantic import model_validator

from pipeline.criteria.base import Criterion, Verdict, View, met, not_met, unclear
from pipeline.criteria.facts import (
    RESPONSE,
    affirmed,
    amount,
    asserted,
    findings,
    is_code_of,
    is_taken,
    latest,
    latest_day,
    on_day,
    results,
    stated_on,
    unique,
)
from pipeline.criteria.outcomes import outcome_of, tell_outcome
from pipeline.criteria.parameters import Analyte, DiagnosisKey, Filled, FindingKey, Icd10
from pipeline.schema import (
    Assertion,
    Diagnosis,
    Fact,
    Finding,
    LabResult,
    Medication,
    Reason,
    Stated,
)

Silence = Literal["not_documented", "met"]


class State(Criterion):
    """One of some states: of the disease, of the patient, or that something was done.

    Attributes:
        findings: What shows it, with one of `values` where there are any; the same finding with
            another value then shows the contrary.
        diagnoses, codes: Diseases that are such a state, by key or by a code that begins so.
        about: Diseases of which it must be said, where it is said of any.
        contrary: Findings that show that it is not so.
        past: It counts too where it is only told as history.
        absent: It must not be so. That is `met` only where it is denied, unless `silence` is `met`.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("evidence",)

    kind: Literal["state"]
    findings: tuple[FindingKey, ...] = ()
    values: tuple[Filled, ...] = ()
    about: tuple[DiagnosisKey, ...] = ()
    diagnoses: tuple[DiagnosisKey, ...] = ()
    codes: tuple[Icd10, ...] = ()
    contrary: tuple[FindingKey, ...] = ()
    past: bool = False
    absent: bool = False
    silence: Silence = "not_documented"

    @model_validator(mode="after")
    def _asks_something(self) -> State:
        if not (self.findings or self.diagnoses or self.codes):
            raise ValueError("needs findings, diagnoses or codes")
        if self.silence == "met" and not self.absent:
            raise ValueError("silence: met goes with absent: true only")
        return self

    def judge(self, view: View) -> Verdict:
        """What is affirmed, denied, suspected, and only told of the past."""
        known = self._known(view)
        yes: list[Fact] = list(affirmed(known))
        coded = [s for s in view.case.request.diagnosis_codes if is_code_of(s.text, self.codes)]
        past = asserted(known, Assertion.HISTORICAL)
        if self.past:
            yes, past = [*yes, *past], []
        no = [*asserted(known, Assertion.NEGATED), *self._contrary(view)]
        maybe = asserted(known, Assertion.POSSIBLE)
        if self.absent:
            return self._without(view, yes, coded, no, [*maybe, *past])
        if (yes or coded) and no and not (_is_later(yes, no) or _is_later(no, yes)):
            said = f"Both stated and denied: {_names([*yes, *no], coded)}"
            return unclear(Reason.CONFLICTING, said, [*yes, *no], stated=coded)
        if (yes or coded) and not _is_later(no, yes):
            return met(f"Stated: {_names(yes, coded)}", yes, coded)
        if no:
            return not_met(f"Not so: {_names(no)}", [*no, *yes])
        if maybe:
            return unclear(
                Reason.AMBIGUOUS, f"Only suspected: {_names(maybe)}", maybe, self.asks("evidence")
            )
        if past:
            return self.partial(f"Only as history: {_names(past)}", past)
        return self.silent("Nothing is said of it")

    def _without(
        self,
        view: View,
        yes: Sequence[Fact],
        coded: Sequence[Stated],
        no: Sequence[Fact],
        maybe: Sequence[Fact],
    ) -> Verdict:
        """Its absence: a denial, or the form's answer "no"."""
        given = view.answers(self.answers)
        yes = [*yes, *(a for a in given if a.value == "yes")]
        no = [*no, *(a for a in given if a.value == "no")]
        unread = [a for a in given if a.value == "unreadable"]
        if (yes or coded) and no:
            said = f"Both stated and denied: {_names([*yes, *no], coded)}"
            return unclear(Reason.CONFLICTING, said, [*yes, *no], stated=coded)
        if yes or coded:
            return not_met(f"Stated: {_names(yes, coded)}", yes, coded)
        if maybe:
            said = f"Suspected, or told as history: {_names(maybe)}"
            return unclear(Reason.AMBIGUOUS, said, maybe, self.asks("evidence"))
        if unread:
            said = "The form's answer cannot be read"
            return unclear(Reason.UNREADABLE, said, unread, self.asks("evidence"))
        if no:
            return met(f"Denied: {_names(no)}", no)
        if self.silence == "met":
            return met("It is not mentioned")._replace(by_absence=True)
        return self.silent("Nothing is said of it")

    def weigh_answers(self, verdict: Verdict, view: View) -> Verdict:
        """Of an absence, the answers are part of the judgement: "no" speaks for it."""
        return verdict if self.absent else super().weigh_answers(verdict, view)

    def _known(self, view: View) -> list[Finding | Diagnosis]:
        case = view.case
        found = [
            f
            for f in findings(case, self.findings)
            if (not self.values or f.value in self.values) and self._is_about(f)
        ]
        diseases = [
            d for d in case.diagnoses if d.key in self.diagnoses or is_code_of(d.icd10, self.codes)
        ]
        return [*found, *diseases]

    def _is_about(self, finding: Finding) -> bool:
        return not (self.about and finding.of) or bool({*self.about} & {*finding.of})

    def _contrary(self, view: View) -> list[Finding]:
        """Affirmed findings that say that it is not so."""
        others = affirmed(findings(view.case, self.contrary))
        if not self.values:
            return others
        same = [f for f in affirmed(findings(view.case, self.findings)) if self._is_about(f)]
        return [*others, *(f for f in same if f.value and f.value not in self.values)]


def _is_later(one: Sequence[Fact], other: Sequence[Fact]) -> bool:
    """Whether the last of `one` is known to be of a later day than all of `other`."""
    first = [latest_day(fact) for fact in one]
    return bool(first) and bool(other) and max(first) > max(map(latest_day, other))


def _names(facts: Iterable[Fact], stated: Iterable[Stated] = ()) -> str:
    return ", ".join(unique([*map(_name, facts), *(s.text for s in stated)]))


def _name(fact: Fact) -> str:
    if isinstance(fact, LabResult):
        value = f"{amount(fact.value)} {fact.unit}".strip() if fact.value is not None else ""
        return f"{fact.analyte.replace('_', ' ')} {value}{on_day(fact)}"
    if isinstance(fact, Diagnosis):
        return fact.name or fact.icd10
    if isinstance(fact, Finding):
        no = "no " if fact.assertion is Assertion.NEGATED else ""
        value = f" ({fact.value})" if fact.value else ""
        return f"{no}{fact.finding.replace('_', ' ')}{value}{on_day(fact)}"
    return f'"{getattr(fact, "value", fact.kind)}" on a form'


class Statement(Criterion):
    """A statement of the prescriber to this very thing, or the form's box for it, ticked.

    Attributes:
        findings: What the statement is read as; one that says what will be done counts too.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("statement",)

    kind: Literal["statement"]
    findings: tuple[FindingKey, ...] = ()

    @model_validator(mode="after")
    def _asks_something(self) -> Statement:
        if not (self.findings or self.answers):
            raise ValueError("needs findings, answers or both")
        return self

    def judge(self, view: View) -> Verdict:
        """A statement and its denial contradict each other; a doubtful one is for a person."""
        known = findings(view.case, self.findings)
        given = view.answers(self.answers)
        yes: list[Fact] = [*affirmed(known), *(a for a in given if a.value == "yes")]
        no: list[Fact] = [
            *asserted(known, Assertion.NEGATED),
            *(a for a in given if a.value == "no"),
        ]
        maybe = asserted(known, Assertion.POSSIBLE)
        unread = [a for a in given if a.value == "unreadable"]
        if yes and no:
            return unclear(Reason.CONFLICTING, "Both stated and denied", [*yes, *no])
        if yes:
            return met(f"Stated: {_names(yes)}", yes)
        if no:
            return not_met(f"Denied: {_names(no)}", no)
        if maybe or unread:
            reason = Reason.AMBIGUOUS if maybe else Reason.UNREADABLE
            return unclear(
                reason, "The statement is not clear", [*maybe, *unread], self.asks("statement")
            )
        return self.silent("No such statement")

    def weigh_answers(self, verdict: Verdict, view: View) -> Verdict:
        """The answers are the statement."""
        return verdict


# By how much a measure must have moved to be better, and what of it is no more than its spread.
BETTER, SPREAD = 0.2, 0.05


class ResponseShown(Criterion):
    """That the requested drug helped, or that the disease does not get worse on it.

    Attributes:
        findings: What shows it without naming the drug: a measure or a symptom that got better.
        outcomes: Outcomes of the drug that count.
        lower_is_better, higher_is_better: Tests and scores of which the last value before the
            drug was begun is set against the latest on it.
        stable: That such a value is no worse is enough.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("response",)

    kind: Literal["response"]
    findings: tuple[FindingKey, ...] = ()
    outcomes: tuple[Literal["responded", "partial_response"], ...] = ("responded",)
    lower_is_better: tuple[Analyte, ...] = ()
    higher_is_better: tuple[Analyte, ...] = ()
    stable: bool = False

    def judge(self, view: View) -> Verdict:
        """An outcome of the drug, or such a finding; one of another drug says nothing."""
        asked = view.case.request.ingredient
        drugs = [d for d in view.case.medications if d.ingredient == asked and is_taken(d)]
        said = [f for f in affirmed(findings(view.case, {RESPONSE})) if not f.of or asked in f.of]
        told: list[Medication | Finding] = [d for d in drugs if d.outcome != "unknown"]
        told += said
        good: list[Fact] = [fact for fact in told if outcome_of(fact) in self.outcomes]
        seen = [f for f in findings(view.case, self.findings) if not f.of or asked in f.of]
        good += affirmed(seen)
        better, worse = self._moved(drugs, view)
        good += better
        bad = [fact for fact in told if outcome_of(fact) in ("failed", "intolerant")]
        bad += asserted(seen, Assertion.NEGATED)
        if good and bad:
            facts = [*good, *bad]
            return unclear(Reason.CONFLICTING, f"Both: {_outcomes(facts)}", facts)
        if better and worse and good == better:
            text = f"Some better, some worse: {_outcomes([*better, *worse])}"
            return unclear(Reason.AMBIGUOUS, text, [*better, *worse], self.asks("response"))
        if good:
            return met(_outcomes(good), good)
        if bad:
            return not_met(_outcomes(bad), bad)
        maybe: list[Fact] = [*(fact for fact in told if fact not in bad), *worse]
        maybe += asserted(seen, Assertion.POSSIBLE)
        if maybe:
            return unclear(Reason.AMBIGUOUS, _outcomes(maybe), maybe, self.asks("response"))
        if drugs:
            return self.partial("Taken, how it helped is not stated", drugs)
        return self.silent("No response to the requested drug is stated")

    def _moved(self, drugs: Sequence[Medication], view: View) -> tuple[list[Fact], list[Fact]]:
        """Pairs of results, before the drug and on it, that got better, and that got worse."""
        as_of = view.case.as_of or date.max
        days = [
            d.start
            for d in drugs
            if d.start is not None and not (d.doubtful or "standing" in d.doubted)
        ]
        days = [day for day in days if day.earliest is not None and day.earliest <= as_of]
        begun = max(days, key=lambda day: day.earliest or date.min, default=None)
        first, last = (begun.earliest, begun.latest) if begun is not None else (None, None)
        better: list[Fact] = []
        worse: list[Fact] = []
        if first is None or last is None:
            return better, worse
        for analyte in (*self.lower_is_better, *self.higher_is_better):
            known = [lab for lab in results(view.case, {analyte}) if _is_number(lab)]
            before = [lab for lab in known if stated_on(lab).latest and latest_day(lab) <= first]
            since = [lab for lab in known if (day := stated_on(lab).earliest) and day > last]
            if not before or not since:
                continue
            base, now = latest(before), latest(since)
            if (
                len({(lab.value, lab.unit) for lab in base}) > 1
                or len({lab.value for lab in now}) > 1
            ):
                continue
            change = _change(base[0], now[0])
            if change is None:
                continue
            gain = -change if analyte in self.lower_is_better else change
            if gain >= (-SPREAD if self.stable else BETTER):
                better += [base[0], now[0]]
            elif gain < -SPREAD:
                worse += [base[0], now[0]]
        return better, worse


def _is_number(lab: LabResult) -> bool:
    return lab.value is not None and not lab.comparator and not lab.doubtful and not lab.doubted


def _change(base: LabResult, now: LabResult) -> float | None:
    """By which part of itself a value rose, or fell; None where the two cannot be compared."""
    if base.value is None or now.value is None or not base.value or base.unit != now.unit:
        return None
    return (now.value - base.value) / abs(base.value)


def _outcomes(facts: Sequence[Fact]) -> str:
    return "; ".join(unique(tell_outcome(f) if _is_outcome(f) else _name(f) for f in facts))


def _is_outcome(fact: Fact) -> bool:
    return isinstance(fact, Medication) or (isinstance(fact, Finding) and fact.finding == RESPONSE)


class Reference(Criterion):
    """Something that only a source beside the packet can tell: always for a person.

    Attributes:
        look_up: Which source, and what in it.
    """

    kind: Literal["reference"]
    look_up: Filled

    def judge(self, view: View) -> Verdict:
        """Never decided here."""
        return unclear(Reason.AMBIGUOUS, f"To be looked up: {self.look_up}")
