"""The kinds that join others: all of them, any of them, at least so many, or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from pipeline.criteria.base import Criterion, Verdict, View
from pipeline.criteria.facts import unique
from pipeline.criteria.parameters import CriterionId, Knowledge
from pipeline.schema import Fact, Reason, Status

if TYPE_CHECKING:
    from pipeline.criteria.policy import AnyCriterion

OPEN = (Status.NEEDS_REVIEW, Status.NOT_DOCUMENTED)
SWAPPED = {Status.MET: Status.NOT_MET, Status.NOT_MET: Status.MET}


def _is_id(value: Any) -> str:
    return "id" if isinstance(value, str) else "part"


class Tree(Criterion):
    """Parts, each a criterion or the id of one, of which so many must be satisfied.

    A part that is not asked for is left out; where none is, neither is the tree. What would settle
    it is the least that does: of alternatives the one that lacks least.

    Attributes:
        count: Of `at_least`: how many.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("evidence",)
    WEIGHS_CONFLICTS: ClassVar[bool] = True

    kind: Literal["all_of", "any_of", "at_least", "not"]
    of: tuple[
        Annotated[
            Annotated[CriterionId, Tag("id")] | Annotated[AnyCriterion, Tag("part")],
            Discriminator(_is_id),
        ],
        ...,
    ] = Field(min_length=1)
    count: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _counts_its_parts(self) -> Tree:
        if (self.kind == "at_least") != (self.count is not None):
            raise ValueError("'count' belongs to at_least, and to it alone")
        if self.count is not None and self.count > len(self.of):
            raise ValueError(f"count: {self.count} of {len(self.of)} parts")
        if self.kind == "not" and len(self.of) != 1:
            raise ValueError("not: takes one part")
        return self

    @property
    def part_ids(self) -> tuple[str, ...]:
        """Ids of the parts, in their order."""
        return tuple(one if isinstance(one, str) else one.id for one in self.of)

    def named(self, name: str) -> Self:
        """A part that has an id of its own keeps it."""
        of = [
            one if isinstance(one, str) else one.named(one.id or f"{name}.{n}")
            for n, one in enumerate(self.of, start=1)
        ]
        return super().named(name).model_copy(update={"of": tuple(of)})

    def nodes(self) -> Iterator[Criterion]:
        """The parts that are ids are criteria of their own."""
        yield from super().nodes()
        for one in self.of:
            if not isinstance(one, str):
                yield from one.nodes()

    def of_indication(self, indication: Knowledge) -> Self:
        """Its parts too."""
        of = [one if isinstance(one, str) else one.of_indication(indication) for one in self.of]
        return super().of_indication(indication).model_copy(update={"of": tuple(of)})

    def needs(self) -> tuple[str, ...]:
        """The parts."""
        return self.part_ids

    def rests_on(self, verdict: Verdict) -> tuple[Fact, ...]:
        """Nothing of its own: what speaks against a part was weighed there."""
        return ()

    def judge(self, view: View) -> Verdict:
        """By the verdicts of its parts."""
        return self.joined(view.verdict, {one: view.criteria[one] for one in self.part_ids})

    def joined(
        self, verdict_of: Callable[[str], Verdict], criteria: Mapping[str, Criterion]
    ) -> Verdict:
        """What the verdicts of the parts come to, as a truth of three values with its reasons."""
        found = [(criteria[one].title, verdict_of(one)) for one in self.part_ids]
        asked = [(t, v) for t, v in found if v.status is not Status.NOT_APPLICABLE]
        if not asked:
            return _told(Status.NOT_APPLICABLE, found)
        if self.kind == "not":
            told = asked[0][1]
            status = Status.NOT_DOCUMENTED if told.by_absence else told.status
            return self._settled(SWAPPED.get(status, status), asked, asked)
        needed = {"all_of": len(asked), "any_of": 1}.get(self.kind, self.count or 1)
        needed = min(needed, len(asked))
        by = {status: [(t, v) for t, v in asked if v.status is status] for status in Status}
        met, review, silent = by[Status.MET], by[Status.NEEDS_REVIEW], by[Status.NOT_DOCUMENTED]
        if len(met) >= needed:
            return self._settled(Status.MET, met, ())
        if len(met) + len(review) + len(silent) < needed:
            return self._settled(Status.NOT_MET, by[Status.NOT_MET], ())
        ways = sorted([*review, *silent], key=lambda one: len(one[1].missing))
        least = ways if self.kind == "all_of" else ways[: needed - len(met)]
        is_near = bool(review) and (self.kind == "all_of" or len(met) + len(review) >= needed)
        if is_near:
            return self._settled(Status.NEEDS_REVIEW, review, least)
        return self._settled(Status.NOT_DOCUMENTED, silent, least, shown=[*met, *review, *silent])

    def _settled(
        self,
        status: Status,
        parts: Sequence[tuple[str, Verdict]],
        least: Sequence[tuple[str, Verdict]],
        shown: Sequence[tuple[str, Verdict]] = (),
    ) -> Verdict:
        verdict = _told(status, parts)
        if shown:
            verdict = verdict._replace(facts=_told(status, shown).facts)
        if status not in OPEN:
            absent = [v.by_absence for _, v in parts]
            rests = any(absent) if self.kind in ("all_of", "not") else all(absent)
            return verdict._replace(by_absence=status is Status.MET and rests)
        words = tuple(dict.fromkeys(word for _, v in least for word in v.missing))
        reasons = [v.reason for _, v in parts if v.reason is not None]
        if status is Status.NEEDS_REVIEW:
            return verdict._replace(reason=reasons[0], missing=words)
        reason = Reason.PARTIAL if verdict.facts else Reason.MISSING
        own = self.asks("evidence") if self.missing or not words else words
        return verdict._replace(reason=reason, missing=own)


def _told(status: Status, parts: Sequence[tuple[str, Verdict]]) -> Verdict:
    said = "; ".join(unique(f"{title}: {verdict.rationale}" for title, verdict in parts))
    return Verdict(
        status,
        said,
        tuple(unique(fact for _, verdict in parts for fact in verdict.facts)),
        stated=tuple(unique(one for _, verdict in parts for one in verdict.stated)),
    )
