"""People's corrections of facts: what a corrected cell means, and how it changes a fact.

Corrections are an input of normalize like the mentions, and win over them: they are applied to
whatever is extracted now. A corrected fact that is not extracted any more stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from pipeline.icd10cm import title_of
from pipeline.lexicon import Lexicon
from pipeline.normalize.correctable import CORRECTABLE, LARGEST, SUBJECT, WrongCell
from pipeline.normalize.labs import against_range, word_of
from pipeline.normalize.medications import course_days
from pipeline.normalize.standing import restood
from pipeline.notation import amounts
from pipeline.notation.sigs import doses_a_day
from pipeline.quantities import DateRange, Quantity
from pipeline.schema import (
    About,
    Assertion,
    Corrected,
    Correction,
    Diagnosis,
    Doubt,
    Finding,
    LabResult,
    Medication,
    Place,
    Removed,
    Standing,
    TableFact,
    TableName,
)

Facts = dict[TableName, list[TableFact]]
# Who writes one of these says of which drug, whose, of what dose and how long a course was.
OF_THE_COURSE = frozenset(
    {
        *("assertion", "about", "standing", "ingredient", "status", "dose_value", "dose_unit"),
        *("daily_dose_mg", "frequency", "duration_days", "start_date", "stop_date"),
    }
)
_BLANK: Mapping[TableName, TableFact] = {
    "medications": Medication(ingredient=""),
    "labs": LabResult(analyte=""),
    "diagnoses": Diagnosis(name=""),
    "findings": Finding(finding=""),
}


# Which cells, once a person wrote one of them, leave no doubt of this kind.
_SETTLES: Mapping[Doubt, frozenset[str]] = {
    "standing": frozenset({"assertion", "about", "standing", "status"}),
    "outcome": frozenset({"outcome"}),
    "value": frozenset({"value"}),
}


def apply_corrections(
    facts: Facts,
    corrections: Iterable[Correction],
    lexicon: Lexicon,
    written: Callable[[Place], DateRange],
    told: Mapping[str, TableFact] = MappingProxyType({}),
) -> tuple[Facts, tuple[Removed, ...]]:
    """The facts as people corrected them, and what is not in the packet.

    Args:
        written: When the text at a place was written.
        told: Of facts that are not the patient's or do not stand, by id: as they would be if they
            were and did.
    """
    result: Facts = {table: list(rows) for table, rows in facts.items()}
    removed = []
    for correction in corrections:
        rows = result[correction.table]
        at = _index(rows, correction)
        if correction.what == "not_in_packet":
            removed.append(_removed(correction))
            if at is not None:
                gone = rows.pop(at)
                result[correction.table] = _without_steps(rows, gone.id)
            continue
        base = rows[at] if at is not None else correction.fact
        if base is not None and at is None:  # not read any more: as it was
            base = base.model_copy(update={"corrected": ()})
        if base is None:
            stated = written(correction.place) if correction.place else DateRange()
            update = {"id": correction.row_id, "stated": stated}
            base = _BLANK[correction.table].model_copy(update=update)
        changed = corrected(base, correction, lexicon, told.get(base.id))
        if at is None:
            rows.append(changed)
        else:
            rows[at] = changed
            if OF_THE_COURSE & {change.column for change in correction.cells}:
                result[correction.table] = _without_steps(rows, base.id)
    return result, tuple(removed)


def _without_steps(rows: Sequence[TableFact], course: str) -> list[TableFact]:
    """Without the steps that a row showed: a person says how the course was, or that it was none."""
    return [f for f in rows if not (isinstance(f, Medication) and f.step_of == course)]


def _removed(correction: Correction) -> Removed:
    fact = correction.fact
    return Removed(
        correction=correction.id,
        table=correction.table,
        row_id=correction.row_id,
        subject=str(getattr(fact, SUBJECT[correction.table], "")),
        places=fact.places if fact is not None else (),
        by=correction.by,
        at=correction.at,
    )


def _index(rows: Sequence[TableFact], correction: Correction) -> int | None:
    """Where the corrected fact is among those extracted now.

    By its id, else, as ids change with what is extracted, by subject and place: of several, the
    one that has most in common with the fact as it was.
    """
    for at, row in enumerate(rows):
        if row.id == correction.row_id:
            return at
    was = correction.fact
    if was is None:
        return None
    subject = SUBJECT[correction.table]
    before = was.model_dump(exclude={"id", "places"})

    def likeness(row: TableFact) -> int:
        now = row.model_dump(exclude={"id", "places"})
        return sum(before[name] == now.get(name) for name in before)

    near = [
        at
        for at, row in enumerate(rows)
        if getattr(row, subject) == getattr(was, subject) and _share_place(row, was)
    ]
    return max(near, key=lambda at: likeness(rows[at]), default=None)


def _share_place(one: TableFact, other: TableFact) -> bool:
    return any(overlap(a, b) for a in one.places for b in other.places)


def overlap(a: Place, b: Place) -> bool:
    """Whether two places have some of a page in common."""
    (ax0, atop, ax1, abottom), (bx0, btop, bx1, bbottom) = a.box, b.box
    is_same_page = (a.file, a.page) == (b.file, b.page)
    return is_same_page and ax0 < bx1 and bx0 < ax1 and atop < bbottom and btop < abottom


def corrected(
    fact: TableFact, correction: Correction, lexicon: Lexicon, told: TableFact | None = None
) -> TableFact:
    """A fact with corrected cells and what follows from them; a person has read it: no doubt.

    `told` is the fact as the text tells it, whoever it is about and however it stands.
    """
    cells: dict[str, Any] = {}
    for change in correction.cells:
        try:
            column = CORRECTABLE[correction.table][change.column]
            cells[change.column] = column.read(change.after, lexicon)[0] if change.after else None
        except WrongCell:  # a name that has since left the lexicon
            cells[change.column] = change.after
    follow = {
        "medications": _medication, "labs": _lab, "diagnoses": _diagnosis, "findings": _finding
    }[correction.table]  # fmt: skip
    update = follow(fact, cells, lexicon)
    words = (("assertion", Assertion), ("about", About), ("standing", Standing))
    update |= {name: kind(cells[name]) for name, kind in words if name in cells}
    if correction.place is not None:
        update["places"] = (correction.place,)
    update["doubtful"] = False
    update["doubted"] = tuple(
        doubt
        for doubt in fact.doubted
        if correction.what == "changed" and not _SETTLES[doubt] & set(cells)
    )
    update["corrected"] = (
        *fact.corrected,
        Corrected(
            correction=correction.id,
            what=correction.what if correction.what in ("added", "confirmed") else "changed",
            cells=correction.cells,
            by=correction.by,
            at=correction.at,
        ),
    )
    changed = restood(fact.model_copy(update=update), set(cells), told)
    return type(fact).model_validate(changed.model_dump())


def _texts(cells: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The cells of these names, empty text where they were emptied."""
    return {name: "" if cells[name] is None else cells[name] for name in names if name in cells}


def _medication(fact: Any, cells: Mapping[str, Any], lexicon: Lexicon) -> dict[str, Any]:
    update = _texts(
        cells, "ingredient", "product", "dose_unit", "route", "frequency", "status",
        "outcome", "outcome_reason",
    )  # fmt: skip
    update |= {name: cells[name] for name in ("dose_value", "daily_dose_mg") if name in cells}
    if "ingredient" in cells:
        drug = lexicon.drugs.get(update["ingredient"])
        update["drug_class"] = drug.drug_class if drug is not None else ""
    if "status" in cells:
        update["ongoing"] = update["status"] == "current"
    for name, column in (("start", "start_date"), ("stop", "stop_date")):
        if column in cells:
            update[name] = cells[column]
    now = {**fact.__dict__, **update}
    if "duration_days" in cells:
        days = cells["duration_days"]
        update["duration_days"] = days
        update["stated_duration"] = None if days is None else Quantity.exactly(float(days), "d")
    elif {"start_date", "stop_date"} & set(cells):
        update["duration_days"] = course_days(fact.stated_duration, now["start"], now["stop"])
    if {"dose_value", "dose_unit", "frequency"} & set(cells):
        update["dose_per_kg"] = None
        if "daily_dose_mg" not in cells:
            update["daily_dose_mg"] = _daily(now["dose_value"], now["dose_unit"], now["frequency"])
    return update


def _daily(value: float | None, unit: str, frequency: str) -> float | None:
    times = doses_a_day(frequency)
    mass = amounts.Dose(value, unit).milligrams if value is not None else None
    return round(mass * times, 6) if mass and times and times >= 1 else None


def _lab(fact: Any, cells: Mapping[str, Any], lexicon: Lexicon) -> dict[str, Any]:
    update = _texts(cells, "analyte", "comparator", "unit", "interpretation")
    update |= {name: cells[name] for name in ("ref_low", "ref_high") if name in cells}
    if "analyte" in cells:
        test = lexicon.labs.get(update["analyte"])
        update["loinc"] = test.loinc if test is not None else ""
    if "value" in cells:
        text = cells["value"] or ""
        number = re.fullmatch(r"(<=|>=|<|>)?\s*(-?\d+(\.\d+)?(e[+-]?\d+)?)", text, re.IGNORECASE)
        amount = float(number[2]) if number else None
        if amount is not None and abs(amount) > LARGEST:
            amount = None
        update |= {"value": amount, "value_text": text}
        if number and number[1] and "comparator" not in cells:
            update["comparator"] = number[1]
    if "collected_date" in cells:
        update["collected"] = cells["collected_date"]
    now = {**fact.__dict__, **update}
    value, high = now["value"], now["ref_high"]
    if "ratio_to_uln" in cells:
        update["ratio_to_uln"] = cells["ratio_to_uln"]
    elif {"value", "ref_high"} & set(cells):
        update["ratio_to_uln"] = round(value / high, 4) if value is not None and high else None
    if {"value", "ref_low", "ref_high"} & set(cells) and "interpretation" not in cells:
        # A flag that stood beside a misread value was read from it, or is the laboratory's own.
        placed = word_of(now["value_text"])
        if value is not None:
            placed = against_range(value, now["comparator"], now["ref_low"], high)
        update["interpretation"] = placed or ("" if "value" in cells else fact.interpretation)
    return update


def _diagnosis(fact: Any, cells: Mapping[str, Any], lexicon: Lexicon) -> dict[str, Any]:
    update = _texts(cells, "name", "icd10")
    if "name" in cells:
        disease = lexicon.disease(update["name"])
        update["key"] = disease.key if disease is not None else ""
    if "icd10" in cells:
        update["icd10_description"] = title_of(update["icd10"])
    if {"name", "icd10", "assertion"} & set(cells):  # what was linked was the name as read
        update |= {"linked_icd10": "", "linked_description": ""}
    return update


def _finding(fact: Any, cells: Mapping[str, Any], lexicon: Lexicon) -> dict[str, Any]:
    update = _texts(cells, "finding", "value", "unit", "site")
    if "date" in cells:
        update["date"] = cells["date"]
    return update
