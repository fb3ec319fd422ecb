"""People's corrections of facts: what a corrected cell means, and how it changes a fact.

Corrections are an input of normalize like the mentions, and win over them: they are applied to
whatever is extracted now. A corrected fact that is not extracted any more stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pipeline import icd10
from pipeline.lexicon import Lexicon
from pipeline.normalize import amounts, dates
from pipeline.normalize.labs import against_range, word_of
from pipeline.normalize.medications import PER_DAY, course_days
from pipeline.quantities import DateRange, Quantity
from pipeline.schema import (
    Assertion,
    Corrected,
    Correction,
    Diagnosis,
    Finding,
    LabResult,
    Medication,
    Place,
    Removed,
    TableFact,
    TableName,
)

Facts = dict[TableName, list[TableFact]]


class WrongCell(ValueError):
    """A cell that means nothing; says why, without quoting it."""


class Column(NamedTuple):
    """A column that people may correct.

    Attributes:
        read: The value of a cell that is not empty, and how it is written; raises WrongCell.
        needed: A row cannot do without it.
    """

    read: Callable[[str, Lexicon], tuple[Any, str]]
    needed: bool = False


def _number(text: str, _: Lexicon) -> tuple[float, str]:
    try:
        value = float(text)
    except ValueError:
        raise WrongCell("not a number") from None
    if abs(value) > 1e12 or value != value:
        raise WrongCell("not a number that can be measured")
    return value, _plain(value)


def _whole(text: str, lexicon: Lexicon) -> tuple[int, str]:
    value, _ = _number(text, lexicon)
    if value < 0 or not value.is_integer():
        raise WrongCell("not a whole number of days")
    return int(value), str(int(value))


def _day(text: str, _: Lexicon) -> tuple[DateRange, str]:
    if not re.fullmatch(r"\d{4}(-\d{1,2}){0,2}|\d{1,2}/\d{1,2}/(\d\d|\d{4})", text):
        raise WrongCell("not a date such as 2026-03-09, 2026-03 or 2026")
    when = dates.parse(text)
    if when is None or not when.iso:
        raise WrongCell("not a date of the calendar")
    return when, when.iso


def _text(text: str, _: Lexicon) -> tuple[str, str]:
    return text, text


def _key(text: str, _: Lexicon) -> tuple[str, str]:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", text):
        raise WrongCell("not a key such as muscle_strength")
    return text, text


def _ingredient(text: str, lexicon: Lexicon) -> tuple[str, str]:
    drug = lexicon.drug(text)
    if drug is None and lexicon.drug_class(text) is None:
        raise WrongCell("not a drug of models/lexicon/drugs.csv")
    name = drug.ingredient if drug is not None else text.casefold()
    return name, name


def _analyte(text: str, lexicon: Lexicon) -> tuple[str, str]:
    test = lexicon.labs.get(text) or lexicon.lab(text.replace("_", " "))
    if test is None:
        raise WrongCell("not a test of models/lexicon/labs.csv")
    return test.analyte, test.analyte


def _code(text: str, _: Lexicon) -> tuple[str, str]:
    code = text.upper()
    if not re.fullmatch(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?", code):
        raise WrongCell("not an ICD-10-CM code such as M33.20")
    return code, code


def _one_of(*words: str) -> Callable[[str, Lexicon], tuple[str, str]]:
    def read(text: str, _: Lexicon) -> tuple[str, str]:
        word = "_".join(text.casefold().split())
        if word not in words:
            raise WrongCell(f"none of: {', '.join(words)}")
        return word, word

    return read


_ASSERTION = Column(_one_of(*(assertion.value for assertion in Assertion)), needed=True)
COLUMNS: Mapping[TableName, Mapping[str, Column]] = {
    "medications": {
        "assertion": _ASSERTION,
        "ingredient": Column(_ingredient, needed=True),
        "product": Column(_text),
        "dose_value": Column(_number),
        "dose_unit": Column(_text),
        "route": Column(_text),
        "frequency": Column(_text),
        "daily_dose_mg": Column(_number),
        "duration_days": Column(_whole),
        "start_date": Column(_day),
        "stop_date": Column(_day),
        "status": Column(_one_of("current", "past", "requested", "planned", "not_taken")),
        "outcome": Column(
            _one_of(
                *("failed", "intolerant", "contraindicated", "partial_response", "responded"),
                "unknown",
            ),
            needed=True,
        ),
        "outcome_reason": Column(_text),
    },
    "labs": {
        "assertion": _ASSERTION,
        "analyte": Column(_analyte, needed=True),
        "value": Column(_text),
        "comparator": Column(_one_of("<", "<=", ">", ">=")),
        "unit": Column(_text),
        "ref_low": Column(_number),
        "ref_high": Column(_number),
        "ratio_to_uln": Column(_number),
        "interpretation": Column(
            _one_of("positive", "negative", "indeterminate", "high", "low", "normal", "pending")
        ),
        "collected_date": Column(_day),
    },
    "diagnoses": {
        "assertion": _ASSERTION,
        "name": Column(_text, needed=True),
        "icd10": Column(_code),
    },
    "findings": {
        "assertion": _ASSERTION,
        "finding": Column(_key, needed=True),
        "value": Column(_text),
        "unit": Column(_text),
        "site": Column(_text),
        "date": Column(_day),
    },
}
SUBJECT: Mapping[TableName, str] = {
    "medications": "ingredient",
    "labs": "analyte",
    "diagnoses": "name",
    "findings": "finding",
}
_BLANK: Mapping[TableName, TableFact] = {
    "medications": Medication(ingredient=""),
    "labs": LabResult(analyte=""),
    "diagnoses": Diagnosis(name=""),
    "findings": Finding(finding=""),
}


def apply_corrections(
    facts: Facts,
    corrections: Iterable[Correction],
    lexicon: Lexicon,
    written: Callable[[Place], DateRange],
) -> tuple[Facts, tuple[Removed, ...]]:
    """The facts as people corrected them, and what is not in the packet.

    `written` tells when the text at a place was written.
    """
    result: Facts = {table: list(rows) for table, rows in facts.items()}
    removed = []
    for correction in corrections:
        rows = result[correction.table]
        at = _index(rows, correction)
        if correction.what == "not_in_packet":
            removed.append(_removed(correction))
            if at is not None:
                del rows[at]
            continue
        base = rows[at] if at is not None else correction.fact
        if base is not None and at is None:  # not read any more: as it was
            base = base.model_copy(update={"corrected": ()})
        if base is None:
            stated = written(correction.place) if correction.place else DateRange()
            update = {"id": correction.row_id, "stated": stated}
            base = _BLANK[correction.table].model_copy(update=update)
        changed = corrected(base, correction, lexicon)
        if at is None:
            rows.append(changed)
        else:
            rows[at] = changed
    return result, tuple(removed)


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
    return any(_overlap(a, b) for a in one.places for b in other.places)


def _overlap(a: Place, b: Place) -> bool:
    (ax0, atop, ax1, abottom), (bx0, btop, bx1, bbottom) = a.box, b.box
    is_same_page = (a.file, a.page) == (b.file, b.page)
    return is_same_page and ax0 < bx1 and bx0 < ax1 and atop < bbottom and btop < abottom


def corrected(fact: TableFact, correction: Correction, lexicon: Lexicon) -> TableFact:
    """A fact with corrected cells and what follows from them; a person has read it: no doubt."""
    cells: dict[str, Any] = {}
    for change in correction.cells:
        try:
            column = COLUMNS[correction.table][change.column]
            cells[change.column] = column.read(change.after, lexicon)[0] if change.after else None
        except WrongCell:  # a name that has since left the lexicon
            cells[change.column] = change.after
    follow = {
        "medications": _medication, "labs": _lab, "diagnoses": _diagnosis, "findings": _finding
    }[correction.table]  # fmt: skip
    update = follow(fact, cells, lexicon)
    if "assertion" in cells:
        update["assertion"] = Assertion(cells["assertion"])
    if correction.place is not None:
        update["places"] = (correction.place,)
    update["doubtful"] = False
    update["corrected"] = (
        *fact.corrected,
        Corrected(
            correction=correction.id,
            what="added" if correction.what == "added" else "changed",
            cells=correction.cells,
            by=correction.by,
            at=correction.at,
        ),
    )
    changed = fact.model_copy(update=update)
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
    factor = PER_DAY.get(frequency)
    mass = amounts.Dose(value, unit).milligrams if value is not None else None
    return round(mass * factor, 6) if mass is not None and factor is not None else None


def _lab(fact: Any, cells: Mapping[str, Any], lexicon: Lexicon) -> dict[str, Any]:
    update = _texts(cells, "analyte", "comparator", "unit", "interpretation")
    update |= {name: cells[name] for name in ("ref_low", "ref_high") if name in cells}
    if "analyte" in cells:
        test = lexicon.labs.get(update["analyte"])
        update["loinc"] = test.loinc if test is not None else ""
    if "value" in cells:
        text = cells["value"] or ""
        number = re.fullmatch(r"(<=|>=|<|>)?\s*(-?\d+(\.\d+)?(e[+-]?\d+)?)", text, re.IGNORECASE)
        update |= {"value": float(number[2]) if number else None, "value_text": text}
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
        update |= {"icd10_description": icd10.title(update["icd10"]), "linked": False}
    return update


def _finding(fact: Any, cells: Mapping[str, Any], lexicon: Lexicon) -> dict[str, Any]:
    update = _texts(cells, "finding", "value", "unit", "site")
    if "date" in cells:
        update["date"] = cells["date"]
    return update


def _plain(value: float) -> str:
    """A number as the CSV files have it."""
    return str(int(value)) if value.is_integer() else repr(value)
