"""Parameters of criteria: keys checked against the lexicon, and values with their source."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
)

Filled = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Knowledge(BaseModel):
    """Base of all that a policy file holds: frozen, and strict about keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# ------------------------------------------------------------------------ vocabulary


@dataclass(frozen=True)
class Vocabulary:
    """The keys that a policy may use, by what they name."""

    keys: Mapping[str, Collection[str]]

    def check(self, sort: str, key: str) -> str:
        """`key`, or a ValueError that suggests the nearest known one."""
        known = self.keys.get(sort)
        if known is not None and key not in known:
            raise ValueError(f"unknown {sort} {key!r}{suggestion(key, known)}")
        return key


def suggestion(key: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` when something known is close, else ''."""
    near = difflib.get_close_matches(key, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _checked(sort: str) -> AfterValidator:
    def check(key: str, info: ValidationInfo) -> str:
        vocabulary = info.context
        return vocabulary.check(sort, key) if isinstance(vocabulary, Vocabulary) else key

    return AfterValidator(check)


DrugName = Annotated[str, _checked("drug")]
DrugClassKey = Annotated[str, _checked("drug class")]
Analyte = Annotated[str, _checked("analyte")]
FindingKey = Annotated[str, _checked("finding")]
DiagnosisKey = Annotated[str, _checked("diagnosis")]
Topic = Annotated[str, _checked("question")]
GroupName = Annotated[str, _checked("group")]
CriterionId = Annotated[str, _checked("criterion")]


# ------------------------------------------------------------------------ parameters

EntryT = TypeVar("EntryT")


class Threshold(Knowledge):
    """A number that a reader of the policy may change; `source` is a section or `assumption`."""

    value: float
    unit: Filled
    source: Filled


class Listed(Knowledge, Generic[EntryT]):
    """A list that a reader of the policy may change."""

    value: tuple[EntryT, ...] = Field(min_length=1)
    source: Filled


class Group(Knowledge):
    """Treatments that the policy treats as one.

    Attributes:
        label: As reports name it.
        ingredients: Resolved on loading: those named and those of `classes`.
        also_called: Class keys under which a text may speak of the group without naming a drug.
        systemic: Only what has a prednisone equivalent, and by none of `other_routes`.
    """

    label: Filled
    source: Filled
    ingredients: tuple[DrugName, ...] = ()
    classes: tuple[DrugClassKey, ...] = ()
    also_called: tuple[DrugClassKey, ...] = ()
    systemic: bool = False
    other_routes: tuple[str, ...] = ()

    def named_in(self, about: Iterable[str]) -> bool:
        """Whether one of `about` (ingredients or classes) is of this group."""
        return bool({*self.ingredients, *self.classes, *self.also_called} & set(about))
