"""normalize: Document + Mentions -> Case. What the marked words mean: codes, amounts, days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.lexicon import load_lexicon, models_dir
from pipeline.normalize.conflicts import build_conflicts
from pipeline.normalize.corrected_request import corrected_request
from pipeline.normalize.corrections import Facts, apply_corrections
from pipeline.normalize.courses import course_drafts
from pipeline.normalize.diagnoses import build_diagnoses
from pipeline.normalize.findings import build_answers, build_findings
from pipeline.normalize.labs import build_labs
from pipeline.normalize.medications import build_medications
from pipeline.normalize.patient import age_drafts, build_birth_dates
from pipeline.normalize.reading import Reading
from pipeline.normalize.request import (
    build_request,
    latest_written,
    request_date,
    requested,
)
from pipeline.normalize.standing import (
    Whose,
    by_standing,
    heeding_withdrawn,
    one_row_each,
    put,
    with_standing,
)
from pipeline.notation import amounts
from pipeline.places import page_at, page_of, patient, printed_pages
from pipeline.schema import (
    Case,
    Conflict,
    Correction,
    Diagnosis,
    Document,
    Finding,
    ForeignPage,
    LabResult,
    Legibility,
    Medication,
    Mention,
    Mentions,
    PageReference,
    Speaker,
    Stated,
    TableFact,
)

VERSION = 1

DOSE = re.compile(
    r"\d[\d,.]*\s*(?:mg|g|mcg|grams?|milligrams?|units|mL)\b(?:\s*(?:/|per)\s*(?:kg|m2|m\u00b2))?",
    re.IGNORECASE,
)

# Of a page: a line or two, as on the strip of a note that was cut off.
STRAY_WORDS = 25


def build_case(
    submission_id: str,
    document: Document,
    mentions: Mentions,
    models: Path | None = None,
    corrections: Sequence[Correction] = (),
) -> Case:
    """All that a submission says, as facts with their places, and as people corrected them."""
    lexicon = load_lexicon(models_dir(models))
    reading = Reading(submission_id, document, lexicon)
    _read_page_dates(list(mentions.mentions), reading)
    found, asides = by_standing(mentions.mentions)
    asked_on, _ = request_date(found, reading)
    reading.as_of = asked_on or latest_written(found, reading)
    wanted = requested(found, reading)
    medications = build_medications(_with_requests(found), wanted.all, reading)
    request = build_request(found, wanted, medications, reading)
    medications = _filled_in(medications, wanted.ingredient, request.dose, request.schedule)
    birth_date, birth_dates = build_birth_dates(found, reading)
    drafts = [*course_drafts(found, reading), *age_drafts(reading)]
    facts: Facts = {
        "medications": [*medications],
        "labs": [*build_labs(found, reading)],
        "diagnoses": [*build_diagnoses(found, reading)],
        "findings": [*build_findings(found, reading, drafts)],
    }
    for table, told in facts.items():
        facts[table] = [with_standing(fact) for fact in told]
    aside: dict[str, TableFact] = {}
    for whose, spoken in asides.items():
        aside |= _add_asides(facts, whose, spoken, reading)
    facts["medications"] = one_row_each(facts["medications"], _stray(document))
    facts = {table: heeding_withdrawn(told) for table, told in facts.items()}
    read = facts
    facts, removed = apply_corrections(
        read, corrections, lexicon, lambda at: reading.page_written(page_of(document, at)), aside
    )
    case = Case(
        submission_id=submission_id,
        weights=mentions.weights,
        source_files=tuple(f.name for f in document.files),
        as_of=reading.as_of,
        patient=patient(document)["name"],
        birth_date=birth_date,
        birth_dates=birth_dates,
        request=corrected_request(request, read, facts, lexicon),
        medications=tuple(m for m in facts["medications"] if isinstance(m, Medication)),
        labs=tuple(lab for lab in facts["labs"] if isinstance(lab, LabResult)),
        diagnoses=tuple(d for d in facts["diagnoses"] if isinstance(d, Diagnosis)),
        findings=tuple(f for f in facts["findings"] if isinstance(f, Finding)),
        answers=tuple(build_answers(found, reading)),
        removed=removed,
        legibility=legibility(document),
    )
    conflicts = build_conflicts(case, found, reading)
    return case.model_copy(update={"conflicts": tuple(c for c in conflicts if _is_open(c, case))})


def _stray(document: Document) -> set[tuple[str, int]]:
    """Pages that bear nobody's name, and less than any leaflet or printed criteria say."""
    return {
        (page.file, page.number)
        for page in document.pages
        if page.speaker is Speaker.GENERAL
        and len(document.text[page.start : page.end].split()) < STRAY_WORDS
    }


def _add_asides(
    facts: Facts, whose: Whose, spoken: list[Mention], reading: Reading
) -> dict[str, TableFact]:
    """What is told of others, or does not stand: facts of their own that decide nothing.

    Returns them by id as they would be if they were the patient's and stood.
    """
    apart = replace(reading, whose=whose)
    told: Facts = {
        "medications": [*build_medications(spoken, set(), apart)],
        "labs": [*build_labs(spoken, apart)],
        "diagnoses": [*build_diagnoses(spoken, apart)],
        "findings": [*build_findings(spoken, apart)],
    }
    for table, found in told.items():
        facts[table] += [put(fact, whose) for fact in found]
    return {fact.id: fact for found in told.values() for fact in found}


def _is_open(conflict: Conflict, case: Case) -> bool:
    """Whether no person has said how long it was."""
    if conflict.quantity != "duration":
        return True
    dated = {"duration_days", "start_date", "stop_date"}
    return not any(
        change.column in dated
        for drug in case.medications
        if drug.id in conflict.sides
        for made in drug.corrected
        for change in made.cells
    )


def _read_page_dates(mentions: list[Mention], reading: Reading) -> None:
    """Dates of pages by role; the first of a role on a page counts."""
    for m in mentions:
        if m.label != "date":
            continue
        when = reading.day(m)
        if when is None or when.latest is None or not 1990 <= when.latest.year <= 2100:
            continue
        if m.code == "study":
            reading.study_dates.append((m.start, when))
        page = page_at(reading.document, m.start)
        reading.page_dates.setdefault(page.start, {}).setdefault(m.code, when)


def _with_requests(mentions: list[Mention]) -> list[Mention]:
    """Requested products are medication mentions too."""
    extra = [
        m.model_copy(
            update={
                "label": "medication",
                "code": m.parts[0].code,
                "parts": (
                    Mention(label="product", start=m.start, end=m.end, text=m.text),
                    Mention(
                        label="status", start=m.start, end=m.end, text=m.text, code="requested"
                    ),
                ),
            }
        )
        for m in mentions
        if m.label == "request" and m.code == "product" and m.parts
    ]
    return [*mentions, *extra]


VENOUS = re.compile(
    r"\b(?:iv|intravenous\w*|by\s+vein|infusions?|infused)\b|[\[|l]V\b", re.IGNORECASE
)
SUBCUTANEOUS = re.compile(r"\b(?:sc|sq|subq|subcut\w*|under\s+the\s+skin)\b", re.IGNORECASE)
WEEKLY = re.compile(
    r"(?:weekly|once\s+weekly|(?:once|one)\s+(?:a|per|each|every)\s+week)\b", re.IGNORECASE
)


def _filled_in(
    medications: list[Medication],
    ingredient: str,
    dose: tuple[Stated, ...],
    schedule: tuple[Stated, ...],
) -> list[Medication]:
    """A form prints product, dose and schedule in fields of their own: they are one request."""
    result = []
    for m in medications:
        if m.status == "requested" and m.ingredient == ingredient:
            printed = DOSE.search(dose[0].text) if dose and m.dose_value is None else None
            amount = amounts.dose(printed.group(0)) if printed else None
            update: dict[str, object] = {}
            if amount is not None:
                update |= {"dose_value": amount.value, "dose_unit": amount.printed_unit}
            if schedule and not m.frequency:
                printed_times = re.sub(r"^on\s+", "", schedule[0].text, flags=re.IGNORECASE)
                update["frequency"] = "weekly" if WEEKLY.match(printed_times) else printed_times
            said = " ".join(stated.text for stated in (*dose[:1], *schedule[:1]))
            if not m.route and VENOUS.search(said) and not SUBCUTANEOUS.search(said):
                update["route"] = "intravenous"
            m = m.model_copy(update=update)
        result.append(m)
    return result


def legibility(document: Document) -> Legibility:
    """How well the pages could be read; files that could not be are named by their first page."""
    printed = printed_pages(document).values()
    confidences = [p.confidence for p in document.pages if p.confidence is not None]
    unreadable = [PageReference(file=p.file, page=p.number) for p in printed if p.unreadable]
    unreadable += [PageReference(file=f.name, page=1) for f in document.unread]
    return Legibility(
        pages=len(printed),
        ocr_pages=sum(p.origin == "ocr" for p in printed),
        mean_confidence=round(sum(confidences) / len(confidences), 4) if confidences else None,
        unreadable_pages=tuple(unreadable),
        foreign_pages=tuple(
            ForeignPage(
                file=p.file,
                page=p.number,
                name=p.identity.name,
                birth_date=p.identity.birth_date,
            )
            for p in document.pages
            if p.speaker in (Speaker.OTHER, Speaker.DOUBTFUL)
        ),
        general_pages=tuple(
            PageReference(file=p.file, page=p.number)
            for p in document.pages
            if p.speaker is Speaker.GENERAL
        ),
        missing_pages=tuple(
            PageReference(file=f.name, page=number)
            for f in document.files
            for number in f.missing_pages
        ),
        attachments=tuple(
            f"{f.name}: {name}" if len(document.files) > 1 else name
            for f in document.files
            for name in f.attachments
        ),
    )
