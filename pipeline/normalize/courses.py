"""Findings that statements about drugs make: responses, exposures to a class, flares on taper."""

from __future__ import annotations

import re

from pipeline.normalize.findings import Draft
from pipeline.normalize.reading import Reading, assertion_of, part, parts
from pipeline.notation import lengths
from pipeline.schema import Assertion, Mention

FLARE_ON_TAPER = re.compile(
    r"(?:flare\w*|relaps\w*|worsen\w*|recur\w*|weak\w*)[^.;]{0,40}(?:taper\w*|reduc\w*|lower\w*|wean\w*|decreas\w*|below)"
    r"|(?:taper\w*|reduc\w*|lower\w*|wean\w*|decreas\w*)[^.;]{0,40}(?:flare\w*|relaps\w*|worsen\w*|recur\w*)"
    # "Flared at 15 mg" implies a way down to it; "flared on 60 mg" does not.
    r"|(?:flare[ds]?|relapse[ds]?)\s+(?:again\s+|twice\s+)?(?:at|below)\s+(?:about\s+)?(?P<dose>\d+(?:\.\d+)?)\s*mg",
    re.IGNORECASE,
)
NO_FLARE = re.compile(
    r"\b(?:no|without|not|never)\s+(?:\w+\s+){0,2}(?:flare|relaps|worsen|recur)", re.IGNORECASE
)
RESPONSES = {"failed", "partial_response", "responded"}


def course_drafts(mentions: list[Mention], reading: Reading) -> list[Draft]:
    """Drafts of findings from medication mentions."""
    drafts: list[Draft] = []
    for m in mentions:
        if m.label not in ("medication", "medication_class"):
            continue
        drafts += _responses(m, reading)
        if m.label == "medication_class":
            drafts += _exposure(m, reading)
        drafts += _flares(m, reading)
    return drafts


# Drugs for one place: what came of a cream says nothing of the disease.
LOCAL_ROUTES = frozenset({"topical", "ophthalmic", "otic", "intranasal", "inhaled", "rectal"})


def _draft(m: Mention, finding: str, reading: Reading, **values: object) -> Draft:
    draft = Draft(finding=finding, stated=reading.written(m), places=[reading.place(m)])
    draft.doubted = m.doubted
    for name, value in values.items():
        setattr(draft, name, value)
    return draft


def _responses(m: Mention, reading: Reading) -> list[Draft]:
    """How the disease answered, and after how many days when the sentence says so."""
    route = part(m, "route")
    local = route is not None and route.code in LOCAL_ROUTES
    if m.family or m.hypothetical or local:
        return []
    after = part(m, "response_after") or (
        part(m, "duration") if m.label == "medication_class" else None
    )
    duration = lengths.duration(after.text) if after is not None else None
    return [
        _draft(m, "treatment_response", reading, value=p.code, of=(m.code,), duration=duration)
        for p in parts(m, "outcome")
        if p.code in RESPONSES
    ]


def _exposure(m: Mention, reading: Reading) -> list[Draft]:
    """A class or procedure named without a drug of it."""
    status = part(m, "status")
    told = status.code if status is not None else ""
    assertion = assertion_of(m)
    if told == "not_taken" or assertion is Assertion.NEGATED:
        assertion, told = Assertion.NEGATED, "not_taken"
    elif assertion is Assertion.HYPOTHETICAL or told in ("planned", "requested"):
        told = "planned"
    value = {"stopped": "past", "requested": "planned"}.get(told, told)
    return [_draft(m, "exposure", reading, of=(m.code,), value=value, assertion=assertion)]


def _flares(m: Mention, reading: Reading) -> list[Draft]:
    """A form's outcome cell may say that lowering a corticosteroid brings the disease back."""
    reason = part(m, "reason")
    drug = reading.lexicon.drugs.get(m.code)
    steroid = m.code == "corticosteroid" or (
        drug is not None and drug.drug_class == "corticosteroid"
    )
    told = FLARE_ON_TAPER.search(reason.text) if reason is not None else None
    if reason is None or told is None or not steroid or NO_FLARE.search(reason.text, 0, told.end()):
        return []
    at = told["dose"]
    dose = re.search(r"(\d+(?:\.\d+)?)\s*mg", f"{at} mg" if at else reason.text)
    value = f"{float(dose[1]):g}" if dose else ""
    return [_draft(m, "taper_failure", reading, value=value, unit="mg" if dose else "")]
