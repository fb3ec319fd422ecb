"""What is requested: product, dose, schedule, codes, date and payer, each as printed.

Every statement about a product is evidence, wherever it stands: a field, a ticked box or a code
weighs more than a sentence that asks for it, that more than a plan, and a plan more than a product
that is merely named. The best supported is the request; what only a plan or a name supports is
doubtful, so that a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from pipeline.normalize.reading import Reading, parts
from pipeline.places import locate
from pipeline.schema import Medication, Mention, PageKind, RequestedDrug, Stated


class Weight(IntEnum):
    """How much a statement says that a product is requested."""

    NAMED = 1
    PLANNED = 2
    ASKED = 3
    FILLED_IN = 4


# Classes of what is given beside a requested product or was given before it.
ORDINARY = frozenset(
    {
        "corticosteroid",
        "conventional_immunosuppressant",
        "calcineurin_inhibitor",
        "alkylating_agent",
        "antihistamine",
        "analgesic",
        "anticoagulant",
        "antiemetic",
        "vitamin_or_mineral",
        "immune_checkpoint_inhibitor",
    }
)
# "IVIG was asked for in August and refused": a request of before, which got its answer.
TURNED_DOWN = re.compile(
    r"\b(?:was|were|been|had)\b[^.;]*\b(?:refused|denied|declined|rejected|turned\s+down|not\s+(?:approved|granted))\b",
    re.IGNORECASE,
)
GIVEN = frozenset({"past", "begun", "current", "stopped"})
GIVEN_SECTIONS = frozenset({"past_medications", "current_medications", "fills"})
GIVEN_PARTS = frozenset({"outcome", "start", "stop", "fill_date"})


LISTED = 3  # products whose codes make a list to choose from; two may contradict each other
DATED_PAGES = (PageKind.REQUEST, PageKind.ORDER, PageKind.LETTER, PageKind.COVER)
FORM_FIRST = {
    PageKind.REQUEST: 0,
    PageKind.ORDER: 1,
    PageKind.OTHER: 2,
    PageKind.LETTER: 3,
    PageKind.COVER: 4,
}


@dataclass(frozen=True)
class Wanted:
    """What is requested by the evidence.

    Attributes:
        ingredient: '' where nothing is requested.
        rivals: Other ingredients that are as well supported.
        weight: Of its best evidence; None without any.
    """

    ingredient: str = ""
    rivals: tuple[str, ...] = ()
    weight: Weight | None = None

    @property
    def all(self) -> set[str]:
        """It and its rivals."""
        return {self.ingredient, *self.rivals} - {""}

    @property
    def doubtful(self) -> bool:
        """Whether only a plan or a name speaks for it."""
        return self.weight is not None and self.weight < Weight.ASKED


def requested(mentions: Iterable[Mention], reading: Reading) -> Wanted:
    """The best supported product; what is given beside others only where no other is asked for."""
    evidence: dict[str, list[Weight]] = {}
    given: set[str] = set()
    for m in mentions:
        ingredient, weight = _evidence(m, reading)
        if weight is not None:
            evidence.setdefault(ingredient, []).append(weight)
        elif ingredient:
            given.add(ingredient)
    ranks = {
        ingredient: _rank(ingredient, max(weights), reading)
        for ingredient, weights in evidence.items()
        if max(weights) > Weight.PLANNED or ingredient not in given
    }
    ranks = {ingredient: rank for ingredient, rank in ranks.items() if rank is not None}
    if not ranks:
        return Wanted()
    best = max(ranks, key=lambda i: (ranks[i], len(evidence[i])))
    rivals = tuple(i for i in ranks if i != best and ranks[i] == ranks[best])
    return Wanted(best, rivals, max(evidence[best]))


def _evidence(m: Mention, reading: Reading) -> tuple[str, Weight | None]:
    """Of which ingredient a mention says how surely that it is requested; no weight: it was given."""
    if m.label == "request" and m.code == "product" and m.parts:
        return m.parts[0].code, Weight.FILLED_IN
    if m.label == "request" and m.code == "hcpcs" and m.text in reading.lexicon.hcpcs:
        return reading.lexicon.hcpcs[m.text].ingredient, Weight.FILLED_IN
    if m.label != "medication" or m.family or m.negated or m.hypothetical:
        return "", None
    told = {p.code for p in parts(m, "status")}
    if "requested" in told:
        text = reading.document.text[m.scope.start : m.scope.end] if m.scope else m.text
        return m.code, Weight.NAMED if TURNED_DOWN.search(text) else Weight.ASKED
    if "not_taken" in told:
        return "", None
    if told & GIVEN or m.section in GIVEN_SECTIONS or any(p.label in GIVEN_PARTS for p in m.parts):
        return m.code, None
    return m.code, Weight.PLANNED if "planned" in told or m.section == "plan" else Weight.NAMED


def _rank(ingredient: str, weight: Weight, reading: Reading) -> tuple[int, bool, int] | None:
    """The order of what is requested; None where it is none: a usual drug, merely planned or named.

    A special product that is planned comes before a usual drug on the form.
    """
    drug = reading.lexicon.drugs.get(ingredient)
    usual = drug is not None and drug.drug_class in ORDINARY
    billed = any(row.ingredient == ingredient for row in reading.lexicon.hcpcs.values())
    if weight >= Weight.ASKED:
        return (1 if usual else 3, billed, weight)
    if usual or not billed:
        return None
    return (2 if weight is Weight.PLANNED else 0, billed, weight)


def request_date(mentions: list[Mention], reading: Reading) -> tuple[date | None, list[Mention]]:
    """The date of the request and where it stands.

    A date field of a form counts, then a form's signature, then a letter's date.
    """
    fields = [m for m in mentions if m.label == "request" and m.code == "request_date"]
    heads = [m for m in mentions if m.label == "date"]
    forms = (PageKind.REQUEST, PageKind.ORDER)

    def on(found: list[Mention], kinds: tuple[PageKind, ...]) -> list[Mention]:
        return [m for m in found if reading.page(m).kind in kinds]

    choices = (
        on([m for m in heads if m.code == "request"], (*DATED_PAGES, PageKind.OTHER)),
        on(fields, forms),
        on([m for m in heads if m.code in ("signed", "written", "alone")], forms),
        on([m for m in heads if m.code in ("letter", "alone")], (PageKind.LETTER,)),
        on(fields, (PageKind.COVER, PageKind.LETTER, PageKind.OTHER)),
        on([m for m in heads if m.code in ("written", "alone")], (PageKind.COVER,)),
    )
    for found in choices:
        days = [
            (r.latest, m) for m in found for r in [reading.day(m)] if r is not None and r.latest
        ]
        if days:
            latest = max(d for d, _ in days)
            return latest, [m for d, m in days if d == latest]
    return None, []


def latest_written(mentions: list[Mention], reading: Reading) -> date | None:
    """The latest date on which any page was written, signed, printed or reported."""
    roles = (
        "visit",
        "letter",
        "alone",
        "signed",
        "written",
        "printed",
        "reported",
        "collected",
        "study",
    )
    days = [
        r.latest
        for m in mentions
        if m.label == "date" and m.code in roles
        for r in [reading.day(m)]
        if r is not None and r.latest is not None
    ]
    return max(days, default=None)


def _asked_in_prose(mentions: list[Mention], ingredient: str, reading: Reading) -> list[Stated]:
    """Products that a letter or note asks for in so many words."""
    return [
        Stated(text=p.text, place=locate(reading.document, p.start, p.end))
        for m in mentions
        if m.label == "medication"
        and m.code == ingredient
        and not (m.family or m.negated)
        and any(q.label == "status" and q.code == "requested" for q in m.parts)
        for p in m.parts
        if p.label == "product"
    ]


def _printed_codes(mentions: list[Mention], ingredient: str, reading: Reading) -> list[Stated]:
    """Where no field states a code: those beside diagnoses on pages that state the request, else on any."""
    coded = [
        (reading.page(m), p)
        for m in mentions
        if m.label == "diagnosis" and not (m.family or m.negated or m.hypothetical)
        for p in m.parts
        if p.label == "code"
    ]
    asking = {
        reading.page(m).start
        for m in mentions
        if (m.label == "request" and m.code in ("product", "hcpcs"))
        or (
            m.label == "medication"
            and m.code == ingredient
            and any(p.code == "requested" for p in m.parts)
        )
    }
    near = [p for page, p in coded if page.start in asking] or [p for _, p in coded]
    first = {p.text: p for p in reversed(near)}
    return [
        Stated(text=p.text, place=locate(reading.document, p.start, p.end))
        for p in reversed(first.values())
    ]


def _branded(products: list[Stated], reading: Reading) -> list[Stated]:
    """Products by their brands; a generic name beside a brand says nothing more."""
    named = [(reading.lexicon.brand(p.text), p) for p in products]
    brands = [p.model_copy(update={"text": brand}) for brand, p in named if brand]
    return brands or products


def _billed(codes: list[Stated], products: list[Stated], reading: Reading) -> list[Stated]:
    """Codes as stated; of several products' codes, as a form lists them all, the requested one's.

    Where a code of the requested product stands among codes of others, those are what may be chosen.
    """
    brands = {reading.lexicon.brand(p.text) for p in products} - {""}
    bills = {c.text: reading.lexicon.hcpcs[c.text].product for c in codes if c.text in reading.lexicon.hcpcs}  # fmt: skip
    if len(set(bills.values())) < LISTED or len(brands) != 1 or not brands & set(bills.values()):
        return codes
    return [c for c in codes if bills.get(c.text) in brands]


def build_request(
    mentions: list[Mention], wanted: Wanted, medications: list[Medication], reading: Reading
) -> RequestedDrug:
    """The request; a statement of the form comes before one of a letter or note."""
    ingredient = wanted.ingredient
    others = {_evidence(m, reading)[0] for m in mentions} - wanted.all - {""}
    products_of = [m for m in mentions if m.label == "request" and m.code == "product"]

    def of_others(m: Mention) -> bool:
        """Whether a field that tells of other products alone states this beside them."""
        beside = {_evidence(p, reading)[0] for p in products_of if m.scope and p.scope == m.scope}
        return bool(beside) and beside <= others

    def stated(code: str) -> list[Stated]:
        found = sorted(
            (
                m
                for m in mentions
                if m.label == "request"
                and m.code == code
                and (code not in ("product", "hcpcs") or _evidence(m, reading)[0] not in others)
                and not of_others(m)
            ),
            key=lambda m: (FORM_FIRST.get(reading.page(m).kind, 5), m.start),
        )
        return [Stated(text=m.text, place=locate(reading.document, m.start, m.end)) for m in found]

    asked = [m for m in medications if m.status == "requested" and m.ingredient == ingredient]
    products = _branded(stated("product") + _asked_in_prose(mentions, ingredient, reading), reading)
    if not products:
        named = [
            Stated(text=m.product or m.ingredient, place=m.places[0]) for m in asked if m.places
        ]
        products = _branded(named, reading)
    doses = stated("dose")
    if not doses:
        doses = [
            Stated(text=f"{m.dose_value:g} {m.dose_unit}", place=m.places[0])
            for m in asked
            if m.dose_value is not None and m.places
        ]
    schedules = stated("schedule")
    if not schedules:
        schedules = [
            Stated(text=m.frequency, place=m.places[0]) for m in asked if m.frequency and m.places
        ]
    codes = stated("icd10") or _printed_codes(mentions, ingredient, reading)
    _, date_mentions = request_date(mentions, reading)
    return RequestedDrug(
        ingredient=ingredient,
        products=tuple(products),
        hcpcs=tuple(_billed(stated("hcpcs"), products, reading)),
        dose=tuple(doses),
        schedule=tuple(schedules),
        diagnosis_codes=tuple(codes),
        request_date=tuple(
            Stated(text=m.text, place=locate(reading.document, m.start, m.end))
            for m in date_mentions
        ),
        quantity=tuple(stated("quantity")),
        length=tuple(stated("length")),
        payer=tuple(stated("payer")),
        doubtful=wanted.doubtful,
    )
