"""What all criteria share: their verdicts, what they may look at, and the central rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Self

from pydantic import Field, model_validator

from pipeline.criteria import counter
from pipeline.criteria.facts import all_facts
from pipeline.criteria.parameters import Filled, Group, Knowledge, Topic, suggestion
from pipeline.logic import Truth
from pipeline.schema import (
    Answer,
    Assertion,
    Case,
    Conflict,
    Fact,
    Legibility,
    Reason,
    Stated,
    Status,
)

if TYPE_CHECKING:
    from pipeline.criteria.policy import AnyCriterion

SATISFIED = frozenset({Status.MET, Status.NOT_APPLICABLE})

# -------------------------------------------------------------------------- verdicts


class Verdict(NamedTuple):
    """What a criterion comes to, and what that rests on.

    Attributes:
        by_absence: It rests on nothing being said, so it falls with a page that was not read.
    """

    status: Status
    rationale: str
    facts: tuple[Fact, ...] = ()
    reason: Reason | None = None
    missing: tuple[str, ...] = ()
    stated: tuple[Stated, ...] = ()
    by_absence: bool = False


def met(rationale: str, facts: Iterable[Fact] = (), stated: Iterable[Stated] = ()) -> Verdict:
    """The facts satisfy the criterion."""
    return Verdict(Status.MET, rationale, tuple(facts), stated=tuple(stated))


def not_met(rationale: str, facts: Iterable[Fact] = (), stated: Iterable[Stated] = ()) -> Verdict:
    """The facts show that the criterion is not satisfied."""
    return Verdict(Status.NOT_MET, rationale, tuple(facts), stated=tuple(stated))


def waived(rationale: str, facts: Iterable[Fact]) -> Verdict:
    """The criterion need not be shown."""
    return Verdict(Status.NOT_APPLICABLE, rationale, tuple(facts))


def unclear(
    reason: Reason,
    rationale: str,
    facts: Iterable[Fact] = (),
    missing: Iterable[str] = (),
    stated: Iterable[Stated] = (),
) -> Verdict:
    """Evidence is there, but a person must look at it."""
    return Verdict(
        Status.NEEDS_REVIEW, rationale, tuple(facts), reason, tuple(missing), tuple(stated)
    )


# ------------------------------------------------------------------------- criterion


class Criterion(Knowledge):
    """Base of all kinds.

    Attributes:
        PARTS: What a kind may find lacking; the policy words each under `missing`.
        answers: Topics of form questions that ask for this criterion.
        no_decides: Whether the answer "no" shows that it is not satisfied.
        when: A condition; while it does not hold, the criterion is not asked for.
        WEIGHS_OUTCOMES: It asks what came of a treatment, not only whether it was taken.
        WEIGHS_CONFLICTS: It weighs the contradictions of the case itself.
    """

    PARTS: ClassVar[tuple[str, ...]] = ()
    WEIGHS_OUTCOMES: ClassVar[bool] = True
    WEIGHS_CONFLICTS: ClassVar[bool] = False

    id: str = ""
    title: Filled
    required: bool = True
    source: str = ""
    when: AnyCriterion | None = None
    answers: tuple[Topic, ...] = ()
    no_decides: bool = True
    missing: Mapping[str, Filled] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _words_known_parts(self) -> Criterion:
        for part in self.missing:
            if part not in self.parts():
                raise ValueError(f"missing: unknown part {part!r}{suggestion(part, self.parts())}")
        return self

    def named(self, name: str) -> Self:
        """With ids for it and all that it is made of: `name.1`, `name.when`."""
        when = self.when.named(f"{name}.when") if self.when is not None else None
        return self.model_copy(update={"id": name, "when": when})

    def nodes(self) -> Iterator[Criterion]:
        """It, its condition and all that it is made of."""
        yield self
        if self.when is not None:
            yield from self.when.nodes()

    def of_indication(self, indication: Knowledge) -> Self:
        """With what it leaves to the indication that it stands in."""
        if self.when is None:
            return self
        return self.model_copy(update={"when": self.when.of_indication(indication)})

    @property
    def asks_plans(self) -> bool:
        """Whether it asks for what is planned, so that it need not be sure that it is taken."""
        return False

    def parts(self) -> tuple[str, ...]:
        """What may be found lacking."""
        return self.PARTS

    def judge(self, view: View) -> Verdict:
        """What the facts of `view` show; central rules are applied afterwards."""
        raise NotImplementedError

    def needs(self) -> tuple[str, ...]:
        """Ids of criteria whose verdicts this one uses."""
        return ()

    def bounds(self, view: View) -> tuple[float, ...]:
        """Days on either side of which a duration decides otherwise; none if no duration counts."""
        return ()

    def rests_on(self, verdict: Verdict) -> tuple[Fact, ...]:
        """The facts of a verdict that would have to be true for it to hold."""
        return verdict.facts

    def asks(self, *parts: str) -> tuple[str, ...]:
        """The policy's words for what is lacking, where it has some."""
        plain = f"a document that shows: {self.title}"
        return tuple(dict.fromkeys(self.missing.get(part, plain) for part in parts))

    def silent(self, rationale: str) -> Verdict:
        """Nothing in the submission is about the criterion."""
        return Verdict(
            Status.NOT_DOCUMENTED,
            rationale,
            reason=Reason.MISSING,
            missing=self.asks(*self.parts()),
        )

    def partial(self, rationale: str, facts: Iterable[Fact], *parts: str) -> Verdict:
        """Something is said, but `parts` are lacking."""
        return Verdict(
            Status.NOT_DOCUMENTED,
            rationale,
            tuple(facts),
            Reason.PARTIAL,
            self.asks(*(parts or self.parts())),
        )

    def weigh_answers(self, verdict: Verdict, view: View) -> Verdict:
        """Let the form's answers speak: "no" is evidence, "yes" without details is not enough."""
        given = view.answers(self.answers)
        says_no = [a for a in given if a.value == "no"] if self.no_decides else []
        says_yes = [a for a in given if a.value == "yes"]
        if verdict.status is Status.MET and says_no:
            facts = (*verdict.facts, *says_no)
            return unclear(Reason.CONFLICTING, f'{verdict.rationale}; a form says "No"', facts)
        if verdict.status is not Status.NOT_DOCUMENTED:
            return verdict
        if says_no and says_yes:
            return unclear(
                Reason.CONFLICTING, 'Forms say both "Yes" and "No"', (*says_yes, *says_no)
            )
        if any(a.value == "unreadable" for a in given) and not says_no:
            unread = [a for a in given if a.value == "unreadable"]
            return unclear(
                Reason.UNREADABLE, "The form's answer cannot be read", unread, verdict.missing
            )
        if says_no:
            return not_met('The form answers "No"', says_no)
        if says_yes and not verdict.facts:
            said = 'The form answers "Yes" without details'
            return verdict._replace(rationale=said, facts=tuple(says_yes), reason=Reason.PARTIAL)
        return verdict


# ------------------------------------------------------------------------------ view


@dataclass(frozen=True)
class View:
    """A case as a criterion sees it, with the verdicts of the criteria it depends on.

    Attributes:
        equivalents: Milligrams equal to 5 mg of prednisone, by ingredient.
        names: How reports name keys of analytes and findings.
    """

    case: Case
    criteria: Mapping[str, Criterion]
    groups: Mapping[str, Group]
    equivalents: Mapping[str, float]
    names: Mapping[str, str]
    _memory: dict[str, Verdict] = field(default_factory=dict, repr=False)

    def name(self, key: str) -> str:
        """A key as reports name it."""
        return self.names.get(key, key.replace("_", " "))

    def verdict(self, criterion_id: str) -> Verdict:
        """The verdict on one criterion, central rules but that on doubt included."""
        if criterion_id not in self._memory:
            criterion = self.criteria[criterion_id]
            condition = self.verdict(criterion.when.id) if criterion.when is not None else None
            verdict = unasked(criterion, condition) if condition is not None else None
            self._memory[criterion_id] = verdict or self._judged(criterion)
        return self._memory[criterion_id]

    def _judged(self, criterion: Criterion) -> Verdict:
        verdict = criterion.weigh_answers(criterion.judge(self), self)
        verdict = _heed_counter_evidence(verdict, self, criterion)
        verdict = _heed_conflicts(verdict, self, criterion)
        return _heed_unread(verdict, self.case.legibility)

    def without(self, facts: Collection[Fact]) -> View:
        """The case as it is seen without some facts."""
        kept = {
            name: tuple(fact for fact in getattr(self.case, name) if fact not in facts)
            for name in ("medications", "labs", "diagnoses", "findings", "answers")
        }
        return replace(self, case=self.case.model_copy(update=kept), _memory={})

    def answers(self, topics: Collection[str]) -> list[Answer]:
        """What forms answer to these topics; a blank is silence."""
        return [
            answer
            for answer in self.case.answers
            if answer.topic in topics
            and answer.value != "blank"
            and answer.assertion is Assertion.AFFIRMED
        ]


def unasked(criterion: Criterion, condition: Verdict) -> Verdict | None:
    """What a criterion comes to by its condition alone; None where it holds, and it is asked.

    While it is open whether the criterion is asked, it is open itself.
    """
    if condition.status in SATISFIED:
        return None
    title = criterion.when.title if criterion.when is not None else ""
    if condition.status is not Status.NOT_MET:
        return condition._replace(rationale=f"Asked only if: {title}. {condition.rationale}")
    told = waived(f"Not asked, for this does not hold: {title}. {condition.rationale}", ())
    return told._replace(facts=condition.facts, stated=condition.stated)


def _heed_counter_evidence(verdict: Verdict, view: View, criterion: Criterion) -> Verdict:
    """Satisfied only by facts that nothing of the same day or later speaks against.

    Where others suffice, the contested ones are left out; else both sides are the evidence.
    """
    if verdict.status not in SATISFIED:
        return verdict
    facts, against = counter.contested(
        criterion.rests_on(verdict), view.case, criterion.WEIGHS_OUTCOMES
    )
    if not facts:
        return verdict
    rest = view.without(facts).verdict(criterion.id)
    if rest.status in SATISFIED and not (rest.by_absence or set(rest.facts) & set(against)):
        return rest
    said = f"{verdict.rationale}. Against it: {counter.tell(against)}"
    shown = tuple(dict.fromkeys((*verdict.facts, *against)))
    return unclear(Reason.CONFLICTING, said, shown, verdict.missing, verdict.stated)


def is_touched(criterion: Criterion, verdict: Verdict, conflict: Conflict, view: View) -> bool:
    """Whether a verdict rests on a side of a contradiction, and the sides decide differently.

    Durations do so only when they fall on different sides of a bound of the criterion.
    """
    if criterion.WEIGHS_CONFLICTS:
        return False
    ids = {fact.id for fact in verdict.facts if fact.id}
    if not (ids & set(conflict.sides) or set(verdict.stated) & set(conflict.stated)):
        return False
    bounds = criterion.bounds(view)
    if conflict.quantity == "" or not bounds:
        return conflict.quantity == ""
    if not conflict.days:
        return True
    return any(
        {Truth.TRUE, Truth.FALSE} <= {days.at_least(bound) for days in conflict.days}
        for bound in bounds
    )


def _heed_conflicts(verdict: Verdict, view: View, criterion: Criterion) -> Verdict:
    """A status that rests on disputed statements is no decision; all sides are its evidence."""
    if verdict.status is Status.NOT_DOCUMENTED:
        return verdict
    conflicts = [c for c in view.case.conflicts if is_touched(criterion, verdict, c, view)]
    if not conflicts or (
        verdict.status is Status.NEEDS_REVIEW and verdict.reason is not Reason.CONFLICTING
    ):
        return verdict
    sides = {side for conflict in conflicts for side in conflict.sides}
    others = (f for f in all_facts(view.case) if f.id in sides and f not in verdict.facts)
    told = (stated for conflict in conflicts for stated in conflict.stated)
    said = verdict.rationale
    if verdict.status is not Status.NEEDS_REVIEW:
        about = ", ".join(sorted({conflict.about for conflict in conflicts}))
        said = f"The documents contradict each other ({about}). {verdict.rationale}"
    return unclear(
        Reason.CONFLICTING,
        said,
        (*verdict.facts, *others),
        verdict.missing,
        tuple(dict.fromkeys((*verdict.stated, *told))),
    )


def _heed_unread(verdict: Verdict, legibility: Legibility) -> Verdict:
    """While a page is unread or did not come, silence means nothing.

    What would be met by absence is for a person where the page is there and cannot be read; where
    it is not there, it is asked for.
    """
    unread = legibility.unreadable_pages
    pages = ", ".join(f"{page.file} p. {page.page}" for page in unread)
    lacking = not_arrived(legibility)
    said = verdict.rationale
    if unread:
        said += f". Could not be read: {pages}"
    if lacking:
        said += f". Not there: {'; '.join(lacking)}"
    if verdict.by_absence and unread:
        return unclear(Reason.UNREADABLE, said, verdict.facts, lacking)
    if verdict.by_absence and lacking:
        return Verdict(Status.NOT_DOCUMENTED, said, verdict.facts, Reason.MISSING, lacking)
    if verdict.status is Status.NOT_DOCUMENTED:
        return verdict._replace(rationale=said)
    return verdict


def not_arrived(legibility: Legibility) -> tuple[str, ...]:
    """What asks for each page that did not come and each attachment that was not read."""
    pages = [f"page {page.page} of {page.file}" for page in legibility.missing_pages]
    return (
        *(f"{page}, which did not arrive" for page in pages),
        *(f"what is attached and was not read, on pages: {n}" for n in legibility.attachments),
    )
