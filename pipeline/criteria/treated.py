"""General kinds that ask which treatments were, are or will be given, for how long, and with what outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import ClassVar, Literal, NamedTuple

from pydantic import Field, model_validator

from pipeline.criteria.base import Criterion, Verdict, View, met, not_met, unclear
from pipeline.criteria.courses import Continuity, courses, informative, is_range, told_days
from pipeline.criteria.facts import (
    PERSISTENCE,
    RESPONSE,
    affirmed,
    asserted,
    describe,
    findings,
    is_never,
    is_of_before,
    is_of_now,
    is_taken,
    never_taken,
    number_in,
    of_group,
    taken,
    unique,
)
from pipeline.criteria.outcomes import outcome_of, responses, tell_outcome
from pipeline.criteria.parameters import (
    FindingKey,
    Group,
    GroupName,
    LeastDays,
    Lines,
    MostDays,
    Threshold,
)
from pipeline.criteria.shown import Silence
from pipeline.logic import Truth, any_of
from pipeline.quantities import DateRange, Quantity, days_between
from pipeline.schema import Assertion, Fact, Finding, Medication, Reason

Outcome = Literal["failed", "intolerant", "contraindicated"]
HOLDS = (Assertion.AFFIRMED, Assertion.HISTORICAL)
# Episodes of one drug are one course while a gap is no longer than a month.
CONTINUITY = Continuity(
    gap=Threshold(value=31, unit="d", source="assumption"),
    dose_change=Threshold(value=92, unit="d", source="assumption"),
)


class Unit(NamedTuple):
    """A drug or group and whether it counts: `truth` UNKNOWN where that stays open."""

    name: str
    truth: Truth
    facts: tuple[Fact, ...]


class Treated(Criterion):
    """So many drugs or groups taken, by their outcome, for so long, not too long ago; or none ever.

    Attributes:
        groups: Which treatments; none means the requested drug.
        count: How many different ones, counted as `of` says.
        outcome: Only these outcomes count; none means that it was taken, whatever came of it.
        duration: One course of the drug lasted so long.
        within: It was still taken in so many days before the request.
        never: None of them was ever taken. That is `met` only where it is denied, unless `silence`
            is `met`.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("treatment",)

    kind: Literal["treated"]
    groups: tuple[GroupName, ...] = ()
    count: int = Field(default=1, ge=1)
    of: Literal["drugs", "groups"] = "drugs"
    outcome: tuple[Outcome, ...] = ()
    duration: LeastDays | None = None
    within: MostDays | None = None
    never: bool = False
    silence: Silence = "not_documented"

    @model_validator(mode="after")
    def _fits_together(self) -> Treated:
        asks = self.outcome or self.duration or self.within or self.count > 1
        if self.never and asks:
            raise ValueError("never: goes with no outcome, duration, within or count")
        if self.silence == "met" and not self.never:
            raise ValueError("silence: met goes with never: true only")
        return self

    def rests_on(self, verdict: Verdict) -> tuple[Fact, ...]:
        """What was never taken rests on nothing that can be contradicted but by a course of it."""
        return () if self.never else verdict.facts

    def bounds(self, view: View) -> tuple[float, ...]:
        """The days that a course takes."""
        return (self.duration.value,) if self.duration else ()

    def judge(self, view: View) -> Verdict:
        """What counts, then what may count, then what speaks against it."""
        if self.never:
            return self._never(view)
        units = self._units(view)
        sure = [unit for unit in units if unit.truth is Truth.TRUE]
        facts = unique(fact for unit in sure for fact in unit.facts)
        if len(_names(sure)) >= self.count:
            return met(_told(facts), facts)
        vague = [unit for unit in units if unit.truth is Truth.UNKNOWN]
        if vague and len(_names([*sure, *vague])) >= self.count:
            facts = unique([*facts, *(fact for unit in vague for fact in unit.facts)])
            return unclear(Reason.AMBIGUOUS, _told(facts), facts, self.asks("treatment"))
        return self._short(view, units, facts)

    def _short(self, view: View, units: Sequence[Unit], counted: Sequence[Fact]) -> Verdict:
        """Too few: shown to be so only where all that there is speaks against it."""
        label = self._label(view)
        against = unique(f for unit in units if unit.truth is Truth.FALSE for f in unit.facts)
        if counted:
            told = f"{len(_names(u for u in units if u.truth is Truth.TRUE))} of {self.count}"
            return self.partial(f"{told}: {_told(counted)}", [*counted], "treatment")
        drugs = [d for name in self._groups(view) for d in self._of(view, name)]
        silent = [d for d in drugs if d not in against and is_taken(d)]
        if against and not silent:
            return not_met(_told(against), against)
        if drugs:
            said = f"Not as asked for: {_told(unique(drugs))}"
            return self.partial(said, unique(drugs), "treatment")
        never = [never_taken(view, name) for name in self.groups]
        if never and all(never):
            return not_met(f"Never taken: {label}", [fact for known in never for fact in known])
        return self.silent(f"No treatment with {label}")

    def _units(self, view: View) -> list[Unit]:
        found: list[Unit] = []
        for name in self._groups(view):
            drugs = informative(self._of(view, name))
            own = [
                self._unit(i, [d for d in drugs if d.ingredient == i], view) for i in _drugs(drugs)
            ]
            own += self._told_of(view, name, {unit.name for unit in own})
            if self.of == "groups":
                own = [unit._replace(name=name) for unit in own]
            found += own
        return found

    def _unit(self, name: str, drugs: Sequence[Medication], view: View) -> Unit:
        """What the episodes of one drug, and statements about it, come to."""
        if self.outcome:
            return self._by_outcome(name, drugs, view)
        had = [drug for drug in drugs if is_taken(drug)]
        maybe = [drug for drug in drugs if drug.assertion is Assertion.POSSIBLE]
        if not had:
            return Unit(name, Truth.UNKNOWN if maybe else Truth.FALSE, tuple(maybe or ()))
        lengths = self._lengths(had, view)
        truths = [self._long(had, lengths), self._recent(had, view)]
        if Truth.FALSE in truths:
            return Unit(name, Truth.FALSE, tuple(had))
        if truths[0] is Truth.UNKNOWN and self._is_too_new(had, view):
            return Unit(name, Truth.FALSE, tuple(had))
        if truths[0] is Truth.UNKNOWN and not any(map(is_range, lengths)):
            return Unit(name, Truth.FALSE, ())  # how long is not said: nothing to weigh
        known = [t for t in truths if t is not None]
        return Unit(name, Truth.TRUE if set(known) <= {Truth.TRUE} else Truth.UNKNOWN, tuple(had))

    def _by_outcome(self, name: str, drugs: Sequence[Medication], view: View) -> Unit:
        said = [
            f
            for f in findings(view.case, {RESPONSE, PERSISTENCE})
            if name in f.of and f.assertion in (Assertion.AFFIRMED, Assertion.POSSIBLE)
        ]
        told: list[Medication | Finding] = [*drugs, *said]
        sure = [f for f in told if outcome_of(f) in self.outcome and f.assertion in HOLDS]
        if sure:
            had = [d for d in drugs if is_taken(d)]
            long = self._long(had, self._lengths(had, view))
            if long is None or any(outcome_of(f) != "failed" for f in sure):
                return Unit(name, Truth.TRUE, tuple(sure))
            # A failure counts once it was tried for long enough.
            return Unit(name, long, tuple(sure))
        maybe = [f for f in told if outcome_of(f) in (*self.outcome, "partial_response")]
        if maybe:
            return Unit(name, Truth.UNKNOWN, tuple(maybe))
        good = [f for f in told if outcome_of(f) == "responded" and f.assertion in HOLDS]
        return Unit(name, Truth.FALSE, tuple(good))

    def _told_of(self, view: View, name: str, known: set[str]) -> list[Unit]:
        """Statements about the group that name no drug of it that is known."""
        group = view.groups.get(name)
        if group is None or self.duration or self.within:
            return []
        keys = {RESPONSE, PERSISTENCE} if self.outcome else {"exposure", RESPONSE, PERSISTENCE}
        said = [
            f
            for f in findings(view.case, keys)
            if group.named_in(f.of)
            and not known & set(f.of)
            and f.assertion in HOLDS
            and f.value not in ("planned", "not_taken")
            and (not self.outcome or outcome_of(f) in self.outcome)
        ]
        # Beside a drug of the group it is no other one: what it names may be that drug.
        anonymous = [
            f for f in said if not (known and set(f.of) & {*group.classes, *group.also_called})
        ]
        return [Unit(f.of[0], Truth.TRUE, (f,)) for f in anonymous]

    def _lengths(self, drugs: Sequence[Medication], view: View) -> list[Quantity]:
        """Days of each course of the episodes of one drug, where a length is asked."""
        runs = courses(drugs, view.case.as_of, CONTINUITY) if self.duration else []
        return [run.days for run in runs]

    def _long(self, drugs: Sequence[Medication], lengths: Sequence[Quantity]) -> Truth | None:
        """Whether one course was long enough; None where no length is asked."""
        if self.duration is None:
            return None
        told = [drug.course for drug in drugs if drug.course is not None]
        return any_of([days.at_least(self.duration.value) for days in (*lengths, *told)])

    def _is_too_new(self, drugs: Sequence[Medication], view: View) -> bool:
        """Whether all of it began so lately that it cannot have lasted as long as is asked."""
        as_of, days = view.case.as_of, self.duration
        begun = [drug.start.earliest for drug in drugs if drug.start is not None]
        told = all(d.start is not None or d.status == "current" or _bare(d) for d in drugs)
        return (
            as_of is not None
            and days is not None
            and bool(begun)
            and told
            and all(day is not None and (as_of - day).days + 1 < days.value for day in begun)
        )

    def _recent(self, drugs: Sequence[Medication], view: View) -> Truth | None:
        if self.within is None:
            return None
        as_of = view.case.as_of
        if as_of is None:
            return Truth.UNKNOWN
        opening = as_of - timedelta(days=self.within.value)
        return any_of([_since(drug, DateRange(earliest=opening, latest=as_of)) for drug in drugs])

    def _never(self, view: View) -> Verdict:
        """A course of it, its denial, or silence."""
        label, names = self._label(view), self._groups(view)
        drugs = [drug for name in names for drug in self._of(view, name)]
        said = [
            f
            for name in self.groups
            for f in findings(view.case, {"exposure"})
            if view.groups[name].named_in(f.of)
            and f.assertion in HOLDS
            and f.value not in ("planned", "not_taken")
            and not _is_denied(f, view.groups[name], view)
        ]
        # A class that is only named may be the requested drug itself, where that is of it.
        asked = view.case.request.ingredient
        named = [
            f
            for f in said
            if not (f.value or f.date) and any(asked in view.groups[n].but for n in self.groups)
        ]
        said = [f for f in said if f not in named]
        given = view.answers(self.answers)
        yes: list[Fact] = unique(
            [*(d for d in drugs if is_taken(d)), *said, *(a for a in given if a.value == "yes")]
        )
        no = [a for a in given if a.value == "no"]
        denied = [
            [fact for fact in never_taken(view, name) if not is_of_now(fact)]
            for name in self.groups
        ]
        whole = [f for known in denied for f in known] if all(denied) else []
        if yes and (no or whole):
            said_both = f"Both taken and never taken: {label}"
            return unclear(Reason.CONFLICTING, said_both, [*yes, *no, *whole])
        if yes:
            return not_met(f"Taken: {_told(yes)}", yes)
        maybe: list[Fact] = [
            drug for drug in drugs if not is_never(drug) and drug.assertion is Assertion.POSSIBLE
        ]
        # A name alone says nothing against words that deny it.
        maybe += named if not (no or whole) else []
        unread = [a for a in given if a.value == "unreadable"]
        if maybe or unread:
            reason = Reason.AMBIGUOUS if maybe else Reason.UNREADABLE
            return unclear(reason, f"Whether it was taken is not clear: {label}", [*maybe, *unread])
        if no or whole:
            return met(f"Never taken: {label}", [*no, *whole])
        if self.silence == "met":
            return met(f"Not mentioned: {label}")._replace(by_absence=True)
        return self.silent(f"Whether {label} was taken is not stated")

    def weigh_answers(self, verdict: Verdict, view: View) -> Verdict:
        """Of what was never taken, the answers are part of the judgement: "no" speaks for it."""
        return verdict if self.never else super().weigh_answers(verdict, view)

    def _groups(self, view: View) -> tuple[str, ...]:
        return self.groups or ("",)

    def _of(self, view: View, name: str) -> list[Medication]:
        """Episodes of a group, or of the requested drug."""
        if name:
            return of_group(view.case, view.groups[name])
        asked = view.case.request.ingredient
        return [drug for drug in view.case.medications if drug.ingredient == asked]

    def _label(self, view: View) -> str:
        labels = [view.groups[name].label for name in self.groups]
        return ", ".join(labels) or view.case.request.ingredient or "the requested drug"


def _bare(drug: Medication) -> bool:
    """Whether it only names the drug."""
    return not (drug.stop or drug.stated_duration or drug.course or drug.dose_value)


def _names(units: Iterable[Unit]) -> set[str]:
    return {unit.name for unit in units}


def _drugs(drugs: Iterable[Medication]) -> list[str]:
    return unique(drug.ingredient for drug in drugs)


def _since(drug: Medication, window: DateRange) -> Truth:
    """Whether a drug was taken on a day of a window."""
    if drug.status == "current" or drug.ongoing:
        return Truth.TRUE
    last = drug.stop or drug.start
    if last is None or window.earliest is None:
        return Truth.UNKNOWN
    if last.earliest is not None and last.earliest >= window.earliest:
        return Truth.TRUE
    ended = drug.stop is not None and last.latest is not None and last.latest < window.earliest
    return Truth.FALSE if ended else Truth.UNKNOWN


def _told(facts: Iterable[Fact]) -> str:
    return "; ".join(unique(_tell(fact) for fact in facts))


def _tell(fact: Fact) -> str:
    if isinstance(fact, Medication):
        if fact.outcome != "unknown":
            return tell_outcome(fact)
        long = fact.stated_duration or fact.course
        state = f" ({fact.status.replace('_', ' ')})" if fact.status else ""
        return f"{describe(fact)}{f', {told_days(long)}' if long else ''}{state}"
    if isinstance(fact, Finding):
        return tell_outcome(fact) if fact.finding != "exposure" else ", ".join(fact.of)
    return "a form's answer"


class LinesOfTherapy(Criterion):
    """So many earlier lines of therapy, among them drugs of certain groups.

    A count that is stated counts; drugs alone do not tell which of them were one regimen.

    Attributes:
        including: Groups of which each must have been taken.
        counted_by: The finding whose value is the number of lines.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("lines",)

    kind: Literal["lines"]
    at_least: Lines
    including: tuple[GroupName, ...] = ()
    counted_by: FindingKey
    therapies: tuple[GroupName, ...]

    def judge(self, view: View) -> Verdict:
        """The stated number, then what the drugs allow; then the groups."""
        told = affirmed(findings(view.case, {self.counted_by}))
        numbers = [(f, number_in(f.value)) for f in told]
        counts = [(f, n) for f, n in numbers if n is not None]
        drugs = unique(d for name in self.therapies for d in taken(view, name))
        lacking = [name for name in self.including if not taken(view, name)]
        facts: list[Fact] = [*(f for f, _ in counts), *drugs]
        said = (
            f"{', '.join(f.value for f, _ in counts)} lines stated; taken: {_told(drugs) or 'none'}"
        )
        truths = {n.at_least(self.at_least.value) for _, n in counts}
        if {Truth.TRUE, Truth.FALSE} <= truths:
            return unclear(Reason.CONFLICTING, said, facts, self.asks("lines"))
        if truths == {Truth.FALSE}:
            return not_met(said, facts)
        if Truth.TRUE in truths or (self.at_least.value <= 1 and drugs):
            if not lacking:
                return met(said, facts)
            labels = ", ".join(view.groups[name].label for name in lacking)
            return self.partial(f"{said}; not shown: {labels}", facts, "lines")
        if len(_drugs(drugs)) >= self.at_least.value and not lacking:
            text = f"How many lines these were is not stated: {_told(drugs)}"
            return unclear(Reason.AMBIGUOUS, text, facts, self.asks("lines"))
        if facts:
            return self.partial(said, facts, "lines")
        return self.silent("No earlier line of therapy is stated")


class RefractoryTo(Criterion):
    """The disease did not answer to one of the groups, progressed on it, or came back soon after.

    Attributes:
        relapse: Findings that say that it came back; they count with `within` only.
        within: Days after the end of the treatment in which it came back.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("statement",)

    kind: Literal["refractory_to"]
    groups: tuple[GroupName, ...]
    relapse: tuple[FindingKey, ...] = ()
    within: MostDays | None = None

    def judge(self, view: View) -> Verdict:
        """An explicit failure, else a relapse within the time; a good response denies it."""
        failed = [f for f in responses(view, self.groups, "failed") if _is_named(f)]
        groups = [view.groups[name] for name in self.groups]
        failed += [
            f
            for f in affirmed(findings(view.case, {PERSISTENCE}))
            if any(group.named_in(f.of) for group in groups)
        ]
        if failed:
            return met(_told(failed), unique(failed))
        back = affirmed(findings(view.case, self.relapse))
        back = [f for f in back if not f.of or any(g.named_in(f.of) for g in groups)]
        timed = [(f, self._soon(f, view)) for f in back] if self.within else []
        soon = [f for f, truth in timed if truth is Truth.TRUE]
        if soon:
            return met(_relapses(soon), soon)
        vague = [f for f, truth in timed if truth is Truth.UNKNOWN]
        partial = [f for f in responses(view, self.groups, "partial_response") if _is_named(f)]
        if vague or partial:
            said = "; ".join(filter(None, (_relapses(vague), _told(partial))))
            return unclear(Reason.AMBIGUOUS, said, [*vague, *partial], self.asks("statement"))
        good = [f for f in responses(view, self.groups, "responded") if _is_named(f)]
        late = [f for f, truth in timed if truth is Truth.FALSE]
        denied = [
            f
            for f in asserted(findings(view.case, {PERSISTENCE}), Assertion.NEGATED)
            if any(group.named_in(f.of) for group in groups)
        ]
        if good or late or denied:
            said = "; ".join(filter(None, (_relapses(late), _told([*good, *denied]))))
            return not_met(said, [*late, *good, *denied])
        drugs = [drug for name in self.groups for drug in taken(view, name)]
        if drugs:
            return self.partial(f"Outcome not stated: {_told(drugs)}", drugs)
        return self.silent(f"No treatment with {', '.join(g.label for g in groups)}")

    def _soon(self, relapse: Finding, view: View) -> Truth:
        """Whether it came back within the time: as stated, else from the last day of the treatment."""
        bound = self.within.value if self.within else 0.0
        if relapse.duration is not None:
            return relapse.duration.at_most(bound)
        ends = [
            drug.stop for name in self.groups for drug in taken(view, name) if drug.stop is not None
        ]
        if not ends or relapse.date is None:
            return Truth.UNKNOWN
        last = max(ends, key=lambda end: end.latest or end.earliest or date.min)
        days = days_between(last, relapse.date)
        return Quantity(low=(days.low or 1) - 1, high=days.high and days.high - 1).at_most(bound)


def _is_named(fact: Fact) -> bool:
    """Whether it names the treatment that it speaks of."""
    return not isinstance(fact, Finding) or bool(fact.of)


def _relapses(facts: Sequence[Finding]) -> str:
    return "; ".join(
        unique(
            f"{f.finding.replace('_', ' ')}{f' after {told_days(f.duration)}' if f.duration else ''}"
            for f in facts
        )
    )


class Concurrent(Criterion):
    """What is, or will be, given together with the requested drug; or what must not be.

    Attributes:
        together: One drug of each of these groups is given with it, now or as planned.
        not_together: None of these is. That is `met` only where it is denied, unless `silence` is
            `met`.
        denied_by: Findings that say that nothing of the kind is given with it.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("treatment",)
    WEIGHS_OUTCOMES: ClassVar[bool] = False

    kind: Literal["concurrent"]
    together: tuple[GroupName, ...] = ()
    not_together: tuple[GroupName, ...] = ()
    denied_by: tuple[FindingKey, ...] = ()
    silence: Silence = "not_documented"

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Concurrent:
        if bool(self.together) == bool(self.not_together):
            raise ValueError("needs either together or not_together")
        return self

    @property
    def asks_plans(self) -> bool:
        """What is to be given together with the requested drug is the plan itself."""
        return bool(self.together)

    def rests_on(self, verdict: Verdict) -> tuple[Fact, ...]:
        """What is given; of what is not, the statements have been weighed."""
        return verdict.facts if self.together else ()

    def judge(self, view: View) -> Verdict:
        """Given, not given, or open, for each group."""
        return self._with(view) if self.together else self._without(view)

    def _with(self, view: View) -> Verdict:
        given = {name: _given(self._others(view, name)) for name in self.together}
        facts = [drug for drugs in given.values() for drug in drugs]
        lacking = [name for name, drugs in given.items() if not drugs]
        if not lacking:
            return met(f"Given with it: {_told(facts)}", facts)
        rest = [drug for name in lacking for drug in self._others(view, name)]
        maybe = [drug for drug in rest if _may_be_given(drug)]
        if maybe and len(_groups_of(maybe, lacking, view)) == len(lacking):
            said = f"Whether it is given with it is not clear: {_told(maybe)}"
            return unclear(Reason.AMBIGUOUS, said, [*facts, *maybe], self.asks("treatment"))
        labels = ", ".join(view.groups[name].label for name in lacking)
        never = [fact for name in lacking for fact in never_taken(view, name)]
        denied = [f for f in rest if is_never(f)]
        if never or (denied and len(denied) == len(rest)):
            return not_met(f"Not given: {labels}", unique([*never, *denied]))
        if rest or facts:
            return self.partial(f"Not shown to be given with it: {labels}", [*facts, *rest])
        return self.silent(f"Nothing is said of: {labels}")

    def _without(self, view: View) -> Verdict:
        labels = ", ".join(view.groups[name].label for name in self.not_together)
        drugs = unique(d for name in self.not_together for d in self._others(view, name))
        given = view.answers(self.answers)
        yes: list[Fact] = [*_given(drugs), *(a for a in given if a.value == "yes")]
        no: list[Fact] = [
            *affirmed(findings(view.case, self.denied_by)),
            *(a for a in given if a.value == "no"),
        ]
        no += self._denials(view)
        if yes and no:
            return unclear(Reason.CONFLICTING, f"Both given and not given: {labels}", [*yes, *no])
        if yes:
            return not_met(f"Given with it: {_told(yes)}", yes)
        maybe: list[Fact] = [drug for drug in drugs if _may_be_given(drug)]
        maybe += self._mentions(view)
        unread = [a for a in given if a.value == "unreadable"]
        if (maybe and not no) or unread:
            reason = Reason.UNREADABLE if unread else Reason.AMBIGUOUS
            said = f"Whether it goes on beside it is not clear: {_told(maybe)}"
            return unclear(reason, said, [*maybe, *unread], self.asks("treatment"))
        if no:
            return met(f"Said not to be given with it: {labels}", unique(no))
        if self.silence == "met":
            return met(f"Not mentioned: {labels}")._replace(by_absence=True)
        return self.silent(f"Whether it is given with {labels} is not stated")

    def _denials(self, view: View) -> list[Fact]:
        """Denials of all the groups; a denial of one leaves the others open.

        That nothing of the kind was given before does not tell what is given from now on.
        """
        found = [
            [fact for fact in never_taken(view, name) if not is_of_before(fact)]
            for name in self.not_together
        ]
        return [fact for known in found for fact in known] if all(found) else []

    def _mentions(self, view: View) -> list[Fact]:
        """A class that is named as taken now, without a drug."""
        groups = [view.groups[name] for name in self.not_together]
        return [
            f
            for f in affirmed(findings(view.case, {"exposure"}))
            if f.value in ("current", "planned", "")
            and any(g.named_in(f.of) and not _is_denied(f, g, view) for g in groups)
        ]

    def _others(self, view: View, name: str) -> list[Medication]:
        """Episodes of a group, the requested drug left out."""
        asked = view.case.request.ingredient
        return [d for d in of_group(view.case, view.groups[name]) if d.ingredient != asked]

    def weigh_answers(self, verdict: Verdict, view: View) -> Verdict:
        """Of what is forbidden, the answers are part of the judgement: "no" speaks for it."""
        return verdict if self.not_together else super().weigh_answers(verdict, view)


def _is_denied(fact: Finding, group: Group, view: View) -> bool:
    """Whether it is named in the very words that deny the group: "no such drug, X included"."""
    denials = [
        f
        for f in findings(view.case, {"exposure"})
        if f.assertion is Assertion.NEGATED and group.named_in(f.of)
    ]
    said = {place.text for denial in denials for place in denial.places}
    return fact.value in ("", "planned") and any(place.text in said for place in fact.places)


def _given(drugs: Iterable[Medication]) -> list[Medication]:
    """Those that are taken now or planned, not ended and not only suspected."""
    return [
        drug
        for drug in drugs
        if drug.assertion is Assertion.AFFIRMED
        and drug.outcome not in ("contraindicated", "failed", "intolerant")
        and (
            drug.status in ("current", "planned", "requested") or (drug.ongoing and not drug.status)
        )
        and drug.stop is None
    ]


def _may_be_given(drug: Medication) -> bool:
    """Whether it stays open that it goes on: no end is told, or it is only suspected."""
    if drug.assertion is Assertion.POSSIBLE:
        return True
    open_ = drug.status in ("current", "planned", "") and drug.assertion is Assertion.AFFIRMED
    return open_ and drug.outcome != "contraindicated" and drug not in _given([drug])


def _groups_of(drugs: Sequence[Medication], names: Sequence[str], view: View) -> list[str]:
    return [n for n in names if any(d.ingredient in view.groups[n].ingredients for d in drugs)]
