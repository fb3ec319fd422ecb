"""What is requested, as people corrected the rows of the tables that state it.

The request is read from fields of the form; its row is in medications.csv and its codes in
diagnoses.csv. Where a person corrected the row, the row counts and not the field. The billing code
has no column: it stays as printed, and a contradiction with the product is reported as such.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from pipeline.lexicon import Lexicon, fold
from pipeline.normalize.correctable import plain_number
from pipeline.normalize.corrections import Facts, overlap
from pipeline.normalize.standing import OWN
from pipeline.schema import About, Assertion, Diagnosis, Medication, RequestedDrug, Stated

# Columns that state each part of a request.
PRODUCT = ("ingredient", "product")
DOSE = ("dose_value", "dose_unit")
SCHEDULE = ("frequency",)
# Columns that make a row a request, or none.
STANDING = ("status", "assertion", "about", "standing")

# Whether a row is what a statement is of.
Holds = Callable[[Medication, Stated], bool]


def corrected_request(
    request: RequestedDrug, before: Facts, after: Facts, lexicon: Lexicon
) -> RequestedDrug:
    """The request as it follows from the corrected facts.

    Args:
        request: As it was read.
        before: The facts as they were read.
        after: The facts as they were corrected.
    """
    request = request.model_copy(update={"diagnosis_codes": _codes(request, before, after)})
    asked = _requested(after)
    changed = [m for m in asked if _is_changed(m, (*PRODUCT, *DOSE, *SCHEDULE, *STANDING))]
    ids = {m.id for m in asked}
    own = [m for m in _requested(before) if m.ingredient == request.ingredient]
    gone = [m for m in own if m.id not in ids]
    if not changed and not gone:
        return request
    # What people wrote comes first; what they did not touch follows in its order.
    asked = [*changed, *(m for m in asked if m not in changed)]
    ingredient = request.ingredient
    if ingredient not in {m.ingredient for m in asked} and (own or not ingredient):
        ingredient = asked[0].ingredient if asked else ""
    rows = [m for m in asked if m.ingredient == ingredient]

    def part(
        stated: Sequence[Stated],
        columns: Collection[str],
        value: Callable[[Medication], str],
        holds: Holds = _holds,
    ) -> tuple[Stated, ...]:
        """What the corrected rows say, and what was read of the others."""
        told = [m for m in rows if _is_changed(m, (*columns, *STANDING))]
        others = [m for m in rows if m not in told]
        if told:
            kept = tuple(s for s in stated if any(holds(m, s) for m in others))
        else:
            kept = _without(stated, gone, others, holds)
        if not told and ingredient != request.ingredient and not kept:
            return tuple(Stated(text=value(m), place=m.places[0]) for m in others if value(m))
        return (*(_stated(value(m), m, stated) for m in told if value(m)), *kept)

    def names(m: Medication, stated: Stated) -> bool:
        return brand(product(m)) == brand(stated.text)

    def brand(name: str) -> str:
        return lexicon.brand(name) or fold(name)

    def product(m: Medication) -> str:
        return lexicon.brand(m.product) or m.product or m.ingredient

    return request.model_copy(
        update={
            "ingredient": ingredient,
            "doubtful": request.doubtful and not changed,
            "products": part(request.products, PRODUCT, product, names),
            "hcpcs": _without(request.hcpcs, gone, rows, _holds),
            "dose": part(request.dose, DOSE, _dose),
            "schedule": part(request.schedule, SCHEDULE, lambda m: m.frequency),
        }
    )


def _without(
    stated: Sequence[Stated],
    gone: Sequence[Medication],
    rows: Sequence[Medication],
    holds: Holds,
) -> tuple[Stated, ...]:
    """What is not of a row that is gone alone; nothing when no row is left."""
    if not rows:
        return ()
    return tuple(
        s for s in stated if any(holds(m, s) for m in rows) or not any(holds(m, s) for m in gone)
    )


def _requested(facts: Facts) -> list[Medication]:
    return [
        m
        for m in facts["medications"]
        if isinstance(m, Medication)
        and m.status == "requested"
        and m.assertion is not Assertion.NEGATED
        and m.about is About.PATIENT
        and m.standing in OWN
    ]


def _is_changed(fact: Medication | Diagnosis, columns: Collection[str]) -> bool:
    """Whether a person wrote one of these cells, or the row."""
    return any(
        made.what == "added" or any(cell.column in columns for cell in made.cells)
        for made in fact.corrected
    )


def _holds(fact: Medication | Diagnosis, stated: Stated) -> bool:
    return any(overlap(place, stated.place) for place in fact.places)


def _stated(text: str, fact: Medication | Diagnosis, printed: Sequence[Stated]) -> Stated:
    """What a row says, at the place that was printed; a person has read it: no doubt."""
    place = next((s.place for s in printed if _holds(fact, s)), None) or fact.places[0]
    return Stated(text=text, place=place.model_copy(update={"doubtful": False}), row_id=fact.id)


def _dose(m: Medication) -> str:
    return "" if m.dose_value is None else f"{plain_number(m.dose_value)} {m.dose_unit}".strip()


def _codes(request: RequestedDrug, before: Facts, after: Facts) -> tuple[Stated, ...]:
    """The codes of the request; one that is the code of a corrected diagnosis follows it."""
    read = {d.id: d for d in before["diagnoses"] if isinstance(d, Diagnosis) and d.icd10}
    now = {d.id: d for d in after["diagnoses"] if isinstance(d, Diagnosis)}
    found = []
    for stated in request.diagnosis_codes:
        row = next(
            (
                d
                for d in read.values()
                if _bare(d.icd10) == _bare(stated.text) and _holds(d, stated)
            ),
            None,
        )
        new = now.get(row.id) if row is not None else None
        if row is None or (new is not None and not _is_changed(new, ("icd10",))):
            found.append(stated)
        elif new is not None and new.icd10:
            found.append(_stated(new.icd10, new, [stated]))
    return tuple(found)


def _bare(code: str) -> str:
    return code.upper().replace(".", "").strip()
