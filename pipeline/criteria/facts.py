"""Choosing among facts: which count, which is the latest, and how to write them down."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from pipeline.criteria.parameters import Group
from pipeline.quantities import DateRange, Quantity
from pipeline.schema import (
    Assertion,
    Case,
    Fact,
    Finding,
    LabResult,
    Medication,
    PageKind,
)

if TYPE_CHECKING:
    from pipeline.criteria.base import View

FactT = TypeVar("FactT", bound=Fact)
ItemT = TypeVar("ItemT")

SINGLE_DOSES = frozenset({"once", "as needed"})  # premedication and the like: no course
RESPONSE = "treatment_response"
PERSISTENCE = "persistent_disease"
FORM_PAGES = frozenset({PageKind.REQUEST, PageKind.COVER, PageKind.ORDER})


def all_facts(case: Case) -> tuple[Fact, ...]:
    """Every fact of the case."""
    return (*case.medications, *case.labs, *case.diagnoses, *case.findings, *case.answers)


def affirmed(facts: Iterable[FactT]) -> list[FactT]:
    """Those that the text states as so, now, of the patient."""
    return [fact for fact in facts if fact.assertion is Assertion.AFFIRMED]


def asserted(facts: Iterable[FactT], assertion: Assertion) -> list[FactT]:
    """Those that the text puts in this way."""
    return [fact for fact in facts if fact.assertion is assertion]


def findings(case: Case, keys: Collection[str]) -> list[Finding]:
    """Findings of these kinds, however asserted."""
    return [finding for finding in case.findings if finding.finding in keys]


def results(case: Case, analytes: Collection[str]) -> list[LabResult]:
    """Results of these tests that came in; a pending one is no result."""
    return [
        lab
        for lab in case.labs
        if lab.analyte in analytes
        and lab.assertion in (Assertion.AFFIRMED, Assertion.HISTORICAL)
        and lab.interpretation != "pending"
    ]


def of_group(case: Case, group: Group) -> list[Medication]:
    """Episodes of a group of treatments, however asserted."""
    return [
        drug
        for drug in case.medications
        if drug.ingredient in group.ingredients
        and (not group.brands or drug.product in group.brands)
        and drug.route not in group.other_routes
        and not (group.systemic and drug.frequency in SINGLE_DOSES)
    ]


def is_taken(drug: Medication) -> bool:
    """The patient takes or took it; a past episode may be told as history."""
    return (
        drug.assertion in (Assertion.AFFIRMED, Assertion.HISTORICAL)
        and drug.status not in ("requested", "planned", "not_taken")
        and drug.outcome != "contraindicated"
        and not _is_ordered(drug)
    )


def _is_ordered(drug: Medication) -> bool:
    """Only an infusion order names it: it is to be given, and nothing tells that it was."""
    told = drug.start or drug.stop or drug.stated_duration or drug.outcome != "unknown"
    on_orders = all(place.page_kind is PageKind.ORDER for place in drug.places)
    return bool(drug.places) and on_orders and not told


def taken(view: View, name: str) -> list[Medication]:
    """Episodes of a group that the patient takes or took."""
    return [drug for drug in of_group(view.case, view.groups[name]) if is_taken(drug)]


def is_never(drug: Medication) -> bool:
    """The text says that it was not taken (not merely planned)."""
    return drug.status == "not_taken" or (
        drug.assertion is Assertion.NEGATED and drug.status not in ("requested", "planned")
    )


def stated_on(fact: Fact) -> DateRange:
    """When it was so: collected, examined, or else when the text was written."""
    if isinstance(fact, LabResult):
        return fact.collected or DateRange()
    if isinstance(fact, Finding) and fact.date is not None:
        return fact.date
    return fact.stated


def latest_day(fact: Fact) -> date:
    """The last day on which it may have been so; the earliest of all days when undated."""
    return stated_on(fact).latest or date.min


def latest(facts: Sequence[FactT]) -> list[FactT]:
    """Those of the latest day; all when none bears a date."""
    last = max((latest_day(fact) for fact in facts), default=date.min)
    return [fact for fact in facts if latest_day(fact) == last]


def is_on_form(fact: Fact) -> bool:
    """Only request forms, cover sheets and orders state it."""
    return bool(fact.places) and all(place.page_kind in FORM_PAGES for place in fact.places)


def ratio_of(lab: LabResult) -> Quantity | None:
    """Value over the laboratory's own upper limit, else the ratio as stated."""
    if lab.value is not None and lab.ref_high:
        ratio = lab.value / lab.ref_high
    elif lab.ratio_to_uln is not None:
        ratio = lab.ratio_to_uln
    else:
        return None
    if lab.comparator in (">", ">=", "≥"):
        return Quantity(low=ratio, high=None)
    if lab.comparator in ("<", "<=", "≤"):
        return Quantity(low=0, high=ratio)
    return Quantity.exactly(ratio)


def is_code_of(text: str, codes: Iterable[str]) -> bool:
    """Whether a printed ICD-10-CM code is one of some codes, or begins as one of them."""
    code = text.upper().replace(".", "").strip()
    return any(code.startswith(known.replace(".", "")) for known in codes)


def unique(items: Iterable[ItemT]) -> list[ItemT]:
    """Without repetition, order kept."""
    return list(dict.fromkeys(items))


def number_in(text: str) -> Quantity | None:
    """The first number of a text, or range of numbers, without its unit."""
    found = re.search(r"(\d+(?:\.\d+)?)(?:\s*(?:-|to|\u2013)\s*(\d+(?:\.\d+)?))?", text)
    if found is None:
        return None
    low = float(found[1])
    high = float(found[2]) if found[2] else low
    return Quantity(low=min(low, high), high=max(low, high))


def amount(value: float) -> str:
    """A number without a needless decimal point."""
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"


def span(quantity: Quantity) -> str:
    """`42 days`, `28 to 31 days`, `at least 20 days`."""
    low, high = quantity.low, quantity.high
    if low is None or high is None:
        known = f"at least {low:.0f}" if low is not None else f"at most {high or 0:.0f}"
        return f"{known} days"
    return f"{low:.0f} days" if low == high else f"{low:.0f} to {high:.0f} days"


def describe(drug: Medication) -> str:
    """Drug and dose as printed."""
    if drug.dose_value is None:
        return drug.ingredient
    parts = (drug.ingredient, amount(drug.dose_value), drug.dose_unit, drug.frequency)
    return " ".join(part for part in parts if part)


def on_day(fact: Fact) -> str:
    """` on 2026-03-09`, or '' when the day is not known."""
    iso = stated_on(fact).iso
    return f" on {iso}" if iso else ""


# Words of a denial that tell of the time before, and those that tell of now or of what is planned.
_BEFORE = re.compile(
    r"\b(?:(?:has|have|had|having|was|were)\b|ve\s|before|prior|previous(?:ly)?|earlier|past|histor\w+|ever|never|naive|"
    r"so\s+far|to\s+date|until\s+now|yet)",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:will|would|shall|going\s+to|plan(?:s|ned|ning)?|intend\w*|takes?|taking|goes|uses?|using|receiv(?:es|ing)|"
    r"current(?:ly)?|now|at\s+present|presently|today|together|along(?:side)?|concurrent\w*|concomitant\w*|simultaneous\w*|combin\w+|"
    r"beside|continu\w+|with\s+(?:it|this)|(?:is|are)\s+(?:not\s+|to\s+|being\s+)*(?:on|given|added|used|taken|part|be)|"
    r"remains?|stays?)\b",
    re.IGNORECASE,
)


def is_of_before(fact: Fact) -> bool:
    """Whether all words that deny a treatment tell of the time before, not of what is to come."""
    words = [place.text for place in fact.places]
    return bool(words) and all(_BEFORE.search(w) and not _NOW.search(w) for w in words)


def is_of_now(fact: Fact) -> bool:
    """Whether all words that deny a treatment tell of now or of what is to come, none of before."""
    words = [place.text for place in fact.places]
    return bool(words) and all(_NOW.search(w) and not _BEFORE.search(w) for w in words)


def never_taken(view: View, name: str) -> list[Fact]:
    """Statements that nothing of the group was ever taken."""
    group = view.groups[name]
    drugs = of_group(view.case, group)
    said = [
        finding
        for finding in findings(view.case, {"exposure"})
        if group.named_in(finding.of)
        and (finding.assertion is Assertion.NEGATED or finding.value == "not_taken")
    ]
    every = {drug.ingredient for drug in drugs if is_never(drug)} >= set(group.ingredients)
    return [*said, *(drugs if every else [])]
