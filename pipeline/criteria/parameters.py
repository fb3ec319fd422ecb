"""Parameters of criteria: keys checked against the lexicon, and values with their source."""

from __future__ import annotations

import calendar
import difflib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
)

from pipeline.icd10cm import CATEGORY, codes_under, is_code

Filled = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Knowledge(BaseModel):
    """Base of all that a policy file holds: frozen, and strict about keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


# ------------------------------------------------------------------------ vocabulary


@dataclass(frozen=True)
class Vocabulary:
    """The keys that a policy may use, by what they name.

    Attributes:
        meant: By sort, the key that other names stand for: brands, abbreviations.
        units: By analyte the units in which it is given, where the tables know them.
    """

    keys: Mapping[str, Collection[str]]
    meant: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    units: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def check(self, sort: str, key: str) -> str:
        """`key`, or a ValueError that suggests the nearest known one."""
        known = self.keys.get(sort)
        if known is None or key in known:
            return key
        meant = self.meant[sort](key) if sort in self.meant else ""
        near = f"; it is another name of {meant!r}" if meant else suggestion(key, known)
        raise ValueError(f"unknown {sort} {key!r}{near}")


def suggestion(key: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` when something known is close, else ''."""
    near = difflib.get_close_matches(key, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _checked(sort: str) -> AfterValidator:
    def check(key: str, info: ValidationInfo) -> str:
        vocabulary = info.context
        return vocabulary.check(sort, key) if isinstance(vocabulary, Vocabulary) else key

    return AfterValidator(check)


def _is_code(code: str) -> str:
    if not is_code(code):
        near = suggestion(code, codes_under(code[:CATEGORY]))
        raise ValueError(f"{code!r} is no code of ICD-10-CM{near}")
    return code


Icd10 = Annotated[str, AfterValidator(_is_code)]
"""A code of ICD-10-CM, or the beginning of some that is one itself (`K50`, `M33.1`)."""
DrugName = Annotated[str, _checked("drug")]
HcpcsCode = Annotated[str, _checked("HCPCS code")]
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

    value: float = Field(ge=0, allow_inf_nan=False)
    unit: Filled
    source: Filled


# Spellings of each unit that a policy may use, and what one of it is in the unit that is meant.
UNITS: Mapping[str, Mapping[str, float]] = {
    "d": {"d": 1, "day": 1, "days": 1, "wk": 7, "week": 7, "weeks": 7},
    "mg/d": {"mg/d": 1, "mg/day": 1, "g/d": 1000, "g/day": 1000},
    "mg/kg/d": {"mg/kg/d": 1, "mg/kg/day": 1},
    "x ULN": {"x ULN": 1, "ULN": 1},
    "%": {"%": 1},
    "MRC grade": {"MRC grade": 1},
    "CTCAE grade": {"CTCAE grade": 1},
    "organ systems": {"organ systems": 1, "organ system": 1},
    "months": {"months": 1, "month": 1, "mo": 1, "years": 12, "year": 12, "a": 12},
    "lines": {"lines": 1, "line": 1},
}
MONTHS: Mapping[str, int] = {
    **dict.fromkeys(("mo", "month", "months"), 1),
    **dict.fromkeys(("a", "year", "years"), 12),
}
# Of four years in a row, one of them a leap year.
_MONTH_DAYS = tuple(
    calendar.monthrange(year, month)[1] for year in range(2021, 2025) for month in range(1, 13)
)


def days_of_months(months: int) -> tuple[int, int]:
    """The fewest and the most days that so many months in a row can have."""
    lengths = _MONTH_DAYS * (months // len(_MONTH_DAYS) + 2)
    runs = [sum(lengths[first : first + months]) for first in range(len(_MONTH_DAYS))]
    return min(runs), max(runs)


def _in_unit(unit: str, months: Literal["fewest", "most", "mean"] = "most") -> AfterValidator:
    """Read a threshold in one of the spellings of `unit`; it comes out in `unit` itself."""

    def convert(threshold: Threshold) -> Threshold:
        value = threshold.value
        if threshold.unit in UNITS[unit]:
            value *= UNITS[unit][threshold.unit]
        elif unit == "d" and threshold.unit in MONTHS:
            count = value * MONTHS[threshold.unit]
            if not count.is_integer() or count > 1200:
                raise ValueError(f"{value:g} {threshold.unit} cannot be counted; say it in days")
            fewest, most = days_of_months(int(count))
            value = {"fewest": fewest, "most": most, "mean": (fewest + most) / 2}[months]
        else:
            known = [*UNITS[unit], *(MONTHS if unit == "d" else ())]
            near = suggestion(threshold.unit, known)
            told = f"; one of {', '.join(known)}"
            raise ValueError(f"unknown unit {threshold.unit!r}{near or told}")
        return threshold.model_copy(update={"value": value, "unit": unit})

    return AfterValidator(convert)


# A time that must be reached: a month of it is as long as months can be. One that must not be
# passed: as short. So a comparison that the calendar leaves open is never in the policy's favour.
LeastDays = Annotated[Threshold, _in_unit("d", "most")]
MostDays = Annotated[Threshold, _in_unit("d", "fewest")]
About = Annotated[Threshold, _in_unit("d", "mean")]
MilligramsADay = Annotated[Threshold, _in_unit("mg/d")]
MilligramsPerKilogramADay = Annotated[Threshold, _in_unit("mg/kg/d")]
TimesUpperLimit = Annotated[Threshold, _in_unit("x ULN")]
Percent = Annotated[Threshold, _in_unit("%")]
StrengthGrade = Annotated[Threshold, _in_unit("MRC grade")]
ToxicityGrade = Annotated[Threshold, _in_unit("CTCAE grade")]
Age = Annotated[Threshold, _in_unit("months")]
Lines = Annotated[Threshold, _in_unit("lines")]
OrganSystems = Annotated[Threshold, _in_unit("organ systems")]


class Listed(Knowledge, Generic[EntryT]):
    """A list that a reader of the policy may change."""

    value: tuple[EntryT, ...] = Field(min_length=1)
    source: Filled


class Group(Knowledge):
    """Treatments that the policy treats as one.

    Attributes:
        label: As reports name it.
        ingredients: Resolved on loading: those named and those of `classes`, without `but`.
        but: Drugs that do not count.
        brands: Only courses of these products count.
        also_called: Class keys under which a text may speak of the group without naming a drug.
        systemic: Only what has a prednisone equivalent, and by none of `other_routes`.
    """

    label: Filled
    source: Filled
    ingredients: tuple[DrugName, ...] = ()
    classes: tuple[DrugClassKey, ...] = ()
    but: tuple[DrugName, ...] = ()
    brands: tuple[Filled, ...] = ()
    also_called: tuple[DrugClassKey, ...] = ()
    systemic: bool = False
    other_routes: tuple[str, ...] = ()

    def named_in(self, about: Iterable[str]) -> bool:
        """Whether one of `about` (ingredients or classes) is of this group."""
        return bool({*self.ingredients, *self.classes, *self.also_called} & set(about))
