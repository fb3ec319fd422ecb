"""Facts of a policy's examples in a compact notation, as a case.

Every fact is a mapping whose first key names its sort: `drug`, `lab`, `disease`, `finding`,
`answer`, `request`. Days are ISO dates, months or ranges `a..b`; amounts are `60 mg`; durations
are `6 wk`, `2-3 wk`, `42 d`, `1 mo`. What is not said is not stated.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.lexicon import Lexicon
from pipeline.notation.sigs import doses_a_day
from pipeline.quantities import DateRange, Quantity
from pipeline.schema import (
    About,
    Answer,
    Assertion,
    Case,
    Conflict,
    Diagnosis,
    Fact,
    Finding,
    ForeignPage,
    LabResult,
    Legibility,
    Medication,
    PageKind,
    PageReference,
    Place,
    RequestedDrug,
    Standing,
    Stated,
)

# Days per unit, least and most: a month has 28 to 31 days, a year 365 or 366.
DAYS = {"d": (1, 1), "wk": (7, 7), "mo": (28, 31), "a": (365, 366)}
COMMON = frozenset({"id", "assertion", "about", "standing", "doubtful", "doubted", "stated", "on"})


class NotationError(ValueError):
    """A fact of an example that cannot be understood."""


def case_of(
    facts: Sequence[Mapping[str, Any]], example: Mapping[str, Any], lexicon: Lexicon
) -> Case:
    """The case that an example describes; `example` gives as_of, conflicts, and what was not read."""
    found = [fact_of(fact, i, lexicon) for i, fact in enumerate(facts) if "request" not in fact]
    request = request_of([fact["request"] for fact in facts if "request" in fact])
    return Case(
        submission_id="example",
        source_files=("packet.pdf",),
        as_of=example.get("as_of"),
        birth_date=example.get("birth_date"),
        birth_dates=birth_dates_of(example.get("birth_date")),
        request=request,
        medications=tuple(f for f in found if isinstance(f, Medication)),
        labs=tuple(f for f in found if isinstance(f, LabResult)),
        diagnoses=tuple(f for f in found if isinstance(f, Diagnosis)),
        findings=tuple(f for f in found if isinstance(f, Finding)),
        answers=tuple(f for f in found if isinstance(f, Answer)),
        conflicts=tuple(conflict_of(one) for one in example.get("conflicts", ())),
        legibility=legibility_of(example),
    )


def conflict_of(one: Mapping[str, Any]) -> Conflict:
    """A contradiction between facts by id; with `days`, only on how long it was."""
    days = tuple(duration_of(text) for text in one.get("days", ()))
    return Conflict(
        about=one["about"],
        sides=tuple(one["sides"]),
        quantity="duration" if days else "",
        days=days,
    )


def legibility_of(example: Mapping[str, Any]) -> Legibility:
    """Pages by number (`unreadable`, `missing_pages`, `foreign_pages`, `general_pages`), and `attachments` unread."""

    def pages(key: str) -> Sequence[int]:
        return [int(page) for page in example.get(key, ())]

    def references(key: str) -> tuple[PageReference, ...]:
        return tuple(PageReference(file="packet.pdf", page=page) for page in pages(key))

    return Legibility(
        pages=1,
        ocr_pages=0,
        mean_confidence=None,
        unreadable_pages=references("unreadable"),
        missing_pages=references("missing_pages"),
        general_pages=references("general_pages"),
        foreign_pages=tuple(
            ForeignPage(file="packet.pdf", page=page) for page in pages("foreign_pages")
        ),
        attachments=tuple(example.get("attachments", ())),
    )


def birth_dates_of(day: date | None) -> tuple[Stated, ...]:
    """The place of a birth date."""
    if day is None:
        return ()
    text = day.isoformat()
    return (Stated(text=text, place=place_of("born", text, PageKind.REQUEST)),)


def request_of(parts: Sequence[Mapping[str, Any]]) -> RequestedDrug:
    """What is requested; every part may be one text or a list of texts."""
    names = (
        "products",
        "hcpcs",
        "dose",
        "schedule",
        "diagnosis_codes",
        "quantity",
        "length",
        "payer",
    )
    ingredient = ""
    stated: dict[str, tuple[Stated, ...]] = {}
    for part in parts:
        if not isinstance(part, Mapping):
            raise NotationError("write {request: {ingredient: NAME, dose: AMOUNT, ...}}")
        unknown = set(part) - {*names, "ingredient", "doubtful"}
        if unknown:
            raise NotationError(f"request: unknown key {sorted(unknown)[0]!r}")
        ingredient = ingredient or str(part.get("ingredient", ""))
        for name in names:
            texts = part.get(name, [])
            for text in [texts] if isinstance(texts, str) else texts:
                doubtful = name in part.get("doubtful", ())
                place = place_of("request", text, PageKind.REQUEST, doubtful)
                stated[name] = (*stated.get(name, ()), Stated(text=text, place=place))
    return RequestedDrug(ingredient=ingredient, **stated)


def place_of(key: str, text: str, kind: PageKind, doubtful: bool = False) -> Place:
    """A place of an example: it has words, and no real box."""
    box = (72.0, 72.0, 144.0, 84.0)
    return Place(
        file="packet.pdf",
        page=1,
        page_kind=kind,
        box=box,
        text=f"{key}: {text}",
        confidence=1,
        doubtful=doubtful,
    )


def fact_of(fact: Mapping[str, Any], position: int, lexicon: Lexicon) -> Fact:
    """One fact; its id is `id`, else its position."""
    name = str(fact.get("id", f"fact-{position + 1}"))
    kind = PageKind.REQUEST if fact.get("on") == "form" else PageKind.NOTE
    common: dict[str, Any] = {
        "id": name,
        "assertion": Assertion(fact.get("assertion", "affirmed")),
        "about": About(fact.get("about", "patient")),
        "standing": Standing(fact.get("standing", "stated")),
        "doubtful": bool(fact.get("doubtful", False)),
        "doubted": tuple(fact.get("doubted", ())),
        "stated": days_of_text(fact["stated"]) if "stated" in fact else DateRange(),
    }
    sort = next(iter(fact))
    makers: dict[str, Callable[..., Fact]] = {
        "drug": _drug,
        "lab": _lab,
        "disease": _disease,
        "finding": _finding,
        "answer": _answer,
    }
    if sort not in makers:
        raise NotationError(f"unknown sort of fact {sort!r}")
    own = {key: value for key, value in fact.items() if key not in COMMON and key != sort}
    spot = str(own.pop("place", name))
    common["places"] = (place_of(spot, str(fact[sort]), kind, common["doubtful"]),)
    return makers[sort](str(fact[sort]), own, common, lexicon)


def _drug(name: str, own: dict[str, Any], common: dict[str, Any], lexicon: Lexicon) -> Medication:
    drug = lexicon.drugs.get(name)
    if drug is None:
        raise NotationError(f"unknown drug {name!r}")
    value, unit = amount_of(own.pop("dose", ""))
    frequency = own.pop("frequency", "daily" if unit == "mg" else "")
    per_kg = value if unit == "mg/kg" else None
    times = doses_a_day(frequency) or 0.0
    daily = value * times if value is not None and unit == "mg" and times >= 1 else None
    return Medication(
        ingredient=name,
        drug_class=drug.drug_class,
        dose_value=value,
        dose_unit=unit,
        frequency=frequency,
        daily_dose_mg=daily,
        dose_per_kg=per_kg,
        stated_duration=duration_of(own.pop("for")) if "for" in own else None,
        start=days_of_text(own.pop("start")) if "start" in own else None,
        stop=days_of_text(own.pop("stop")) if "stop" in own else None,
        outcome_reason=own.pop("reason", ""),
        **own,
        **common,
    )


def _lab(name: str, own: dict[str, Any], common: dict[str, Any], lexicon: Lexicon) -> LabResult:
    if name not in lexicon.labs:
        raise NotationError(f"unknown analyte {name!r}")
    low, high = own.pop("range", (None, None))
    comparator, value, unit = "", None, ""
    if "value" in own:
        text = str(own.pop("value"))
        comparator = text[0] if text[0] in "<>" else ""
        value, unit = amount_of(text.removeprefix(comparator))
    collected = days_of_text(own.pop("collected")) if "collected" in own else None
    return LabResult(
        analyte=name,
        value=value,
        comparator=own.pop("comparator", comparator),
        unit=unit,
        ref_low=low,
        ref_high=high,
        ratio_to_uln=own.pop("ratio", None),
        interpretation=own.pop("result", ""),
        collected=collected,
        **own,
        **common,
    )


def _disease(key: str, own: dict[str, Any], common: dict[str, Any], lexicon: Lexicon) -> Diagnosis:
    if key not in lexicon.diseases:
        raise NotationError(f"unknown diagnosis {key!r}")
    name = own.pop("name", lexicon.diseases[key].name)
    return Diagnosis(key=key, name=name, icd10=own.pop("code", ""), **own, **common)


def _finding(key: str, own: dict[str, Any], common: dict[str, Any], _: Lexicon) -> Finding:
    of = own.pop("of", ())
    return Finding(
        finding=key,
        value=str(own.pop("value", "")),
        of=(of,) if isinstance(of, str) else tuple(of),
        duration=duration_of(own.pop("for")) if "for" in own else None,
        date=days_of_text(own.pop("date")) if "date" in own else None,
        **own,
        **common,
    )


def _answer(topic: str, own: dict[str, Any], common: dict[str, Any], _: Lexicon) -> Answer:
    return Answer(topic=topic, **own, **common)


def amount_of(text: object) -> tuple[float | None, str]:
    """`60 mg` as number and unit."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(.*)", str(text))
    return (float(found[1]), found[2]) if found else (None, "")


def duration_of(text: str) -> Quantity:
    """`6 wk`, `2-3 wk`, `42 d` in days."""
    found = re.fullmatch(r"(\d+)(?:-(\d+))?\s*(d|wk|mo|a)", text)
    if found is None:
        raise NotationError("a duration is a number, or range, and one of d, wk, mo, a")
    least, most = DAYS[found[3]]
    return Quantity(low=int(found[1]) * least, high=int(found[2] or found[1]) * most, unit="d")


def days_of_text(text: object) -> DateRange:
    """A day, a month `2026-03`, a year, or a range `2026-03-01..2026-03-09`."""
    first, _, last = str(text).partition("..")
    if last:
        return DateRange(earliest=_edge(first, 0), latest=_edge(last, 1))
    return DateRange(earliest=_edge(first, 0), latest=_edge(first, 1))


def _edge(text: str, side: int) -> date | None:
    parts = [int(part) for part in text.split("-")] if text else []
    if not parts:
        return None
    month = parts[1] if len(parts) > 1 else (1, 12)[side]
    last = calendar.monthrange(parts[0], month)[1]
    return date(parts[0], month, parts[2] if len(parts) > 2 else (1, last)[side])
