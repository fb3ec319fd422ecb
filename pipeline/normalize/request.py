"""What is requested: product, dose, schedule, codes, date and payer, each as printed."""

from __future__ import annotations

from collections import Counter
from datetime import date

from pipeline.normalize import dates
from pipeline.normalize.reading import Reading
from pipeline.places import locate
from pipeline.schema import Medication, Mention, PageKind, RequestedDrug, Stated

DATED_PAGES = (PageKind.REQUEST, PageKind.ORDER, PageKind.LETTER, PageKind.COVER)
FORM_FIRST = {
    PageKind.REQUEST: 0,
    PageKind.ORDER: 1,
    PageKind.OTHER: 2,
    PageKind.LETTER: 3,
    PageKind.COVER: 4,
}


def requested_ingredients(mentions: list[Mention], reading: Reading) -> Counter[str]:
    """Ingredients that forms and letters ask for, with how often."""
    found: Counter[str] = Counter()
    for m in mentions:
        if m.label == "request" and m.code == "product" and m.parts:
            found[m.parts[0].code] += 3
        elif m.label == "request" and m.code == "hcpcs" and m.text in reading.lexicon.hcpcs:
            found[reading.lexicon.hcpcs[m.text].ingredient] += 3
        elif (
            m.label == "medication"
            and any(p.label == "status" and p.code == "requested" for p in m.parts)
            and not m.family
            and not m.negated
        ):
            found[m.code] += 1
    billed = {row.ingredient for row in reading.lexicon.hcpcs.values()}
    if any(ingredient in billed for ingredient in found):
        # A product that a plan is billed for, not the earlier agents that a form also asks about.
        found = Counter({k: v for k, v in found.items() if k in billed})
    if any(count >= 3 for count in found.values()):
        return Counter({k: v for k, v in found.items() if v >= 3})
    return found


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
            (r.latest, m)
            for m in found
            for r in [dates.parse(m.text)]
            if r is not None and r.latest
        ]
        if days:
            latest = max(d for d, _ in days)
            return latest, [m for d, m in days if d == latest]
    return None, []


def latest_written(mentions: list[Mention]) -> date | None:
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
        for r in [dates.parse(m.text)]
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
        (reading.page(m).file, reading.page(m).number)
        for m in mentions
        if (m.label == "request" and m.code in ("product", "hcpcs"))
        or (
            m.label == "medication"
            and m.code == ingredient
            and any(p.code == "requested" for p in m.parts)
        )
    }
    near = [p for page, p in coded if (page.file, page.number) in asking] or [p for _, p in coded]
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


def build_request(
    mentions: list[Mention], ingredient: str, medications: list[Medication], reading: Reading
) -> RequestedDrug:
    """The request; a statement of the form comes before one of a letter or note."""

    def stated(code: str) -> list[Stated]:
        found = sorted(
            (m for m in mentions if m.label == "request" and m.code == code),
            key=lambda m: (FORM_FIRST.get(reading.page(m).kind, 5), m.start),
        )
        return [Stated(text=m.text, place=locate(reading.document, m.start, m.end)) for m in found]

    asked = [m for m in medications if m.status == "requested" and m.ingredient == ingredient]
    products = _branded(stated("product") + _asked_in_prose(mentions, ingredient, reading), reading)
    if not products:
        products = [
            Stated(text=p, place=m.places[0])
            for m in asked
            for p in [m.product or m.ingredient]
            if m.places
        ]
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
        hcpcs=tuple(stated("hcpcs")),
        dose=tuple(doses),
        schedule=tuple(schedules),
        diagnosis_codes=tuple(codes),
        request_date=tuple(
            Stated(text=m.text, place=locate(reading.document, m.start, m.end))
            for m in date_mentions
        ),
        payer=tuple(stated("payer")),
    )
