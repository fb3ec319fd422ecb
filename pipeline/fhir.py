"""A case as a FHIR R4 Bundle (type `collection`), for a warehouse or a FHIR server.

Patient, a DocumentReference for each file, Condition, MedicationStatement and Observation for the
facts that are the patient's and stand, and for each of them a Provenance with page, box and words.
Facts of others, hypothetical ones, questions and demands are left out. A code is given where it is
printed, or as LOINC and UCUM of a name or unit that is; one that was only linked to a name bears
the extension `urn:chartgap:linked`. Nothing is inferred: an observation is `unknown` in status,
as no page is known to be final, and `registered` while it is pending.

Value sets: HL7 FHIR 4.0.1 (medication-statement-status, observation-status, condition-ver-status,
v3-ObservationInterpretation, quantity-comparator).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from pipeline import __version__
from pipeline.errors import UsageError
from pipeline.places import patient
from pipeline.quantities import DateRange
from pipeline.schema import (
    STANDS,
    About,
    Assertion,
    Case,
    Diagnosis,
    Document,
    FactBase,
    Finding,
    LabResult,
    Medication,
    Place,
    WhatToSend,
)
from pipeline.wording import printable

Resource = dict[str, Any]

ICD10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
LINKED = "urn:chartgap:linked"
PLACE = "urn:chartgap:place"
SUBMISSION = "urn:chartgap:submission"
PAS = "http://hl7.org/fhir/us/davinci-pas"

MEDIA = {
    "pdf": "application/pdf",
    "tiff": "image/tiff",
    "png": "image/png",
    "jpeg": "image/jpeg",
}
STATEMENT_STATUS = {
    "current": "active",
    "past": "completed",  # "no longer being taken", whatever came of it
    "requested": "intended",
    "planned": "intended",
    "not_taken": "not-taken",
    "": "unknown",
}
VERIFICATION = {
    Assertion.AFFIRMED: "confirmed",
    Assertion.HISTORICAL: "confirmed",
    Assertion.POSSIBLE: "provisional",
    Assertion.NEGATED: "refuted",
}
INTERPRETATION = {
    "positive": "POS",
    "negative": "NEG",
    "indeterminate": "IND",
    "high": "H",
    "low": "L",
    "normal": "N",
}
COMPARATORS = frozenset(("<", "<=", ">=", ">"))


def bundle(case: Case, document: Document, ucum: Iterable[str], recorded: str) -> Resource:
    """The case as a Bundle of FHIR 4.0.1, checked by the models of `fhir.resources` (R4B).

    Args:
        ucum: Units that are UCUM codes; another unit stays in words.
        recorded: When the case was made, an instant (`2026-03-09T12:00:00Z`).

    Raises:
        UsageError: if `fhir.resources` is not installed.
    """
    ids = _Ids(case.submission_id)
    units = frozenset(ucum)
    entries = [_patient(case, document, ids)]
    entries += [_file(file.name, file.kind, ids) for file in document.files]
    for fact, resource in _facts(case, units, ids):
        resource["id"] = ids.uuid(fact.id)
        entries += [resource, _provenance(fact, resource, ids, recorded)]
    whole = {
        "resourceType": "Bundle",
        "id": ids.uuid("bundle"),
        "identifier": {"system": SUBMISSION, "value": case.submission_id},
        "type": "collection",
        "timestamp": recorded,
        "entry": [{"fullUrl": f"urn:uuid:{entry['id']}", "resource": entry} for entry in entries],
    }
    return _checked("Bundle", whole)


class Ask(NamedTuple):
    """What a request for attachments needs and no packet holds.

    Attributes:
        payer_url: Where the payer takes attachments.
        payer, practice: Their identifiers, as the payer knows them.
        claim: Reference of the Claim.
        line: Of the Claim, from 1.
    """

    payer_url: str
    payer: str
    practice: str
    claim: str
    line: int


def task(send: WhatToSend, ask: Ask) -> Resource:
    """A Task of Da Vinci PAS that asks for what is missing (`profile-task`, version 2.2).

    That it conforms to the profile has not been checked by HL7's own validator.
    """
    temporary = f"{PAS}/CodeSystem/PASTempCodes"

    def code(word: str) -> Resource:
        return {"coding": [{"system": temporary, "code": word}]}

    needed = [
        {
            "extension": [
                {
                    "url": f"{PAS}/StructureDefinition/extension-paLineNumber",
                    "valueInteger": ask.line,
                }
            ],
            "type": code("attachments-needed"),
            "valueCodeableConcept": {"text": item.text},
        }
        for item in send.items
    ]
    whole = {
        "resourceType": "Task",
        "id": _Ids(send.submission_id).uuid("task"),
        "meta": {"profile": [f"{PAS}/StructureDefinition/profile-task"]},
        "identifier": [{"system": SUBMISSION, "value": send.submission_id}],
        "status": "requested",
        "intent": "order",
        "code": code("attachment-request-code"),
        "requester": {"identifier": {"value": ask.payer}},
        "owner": {"identifier": {"value": ask.practice}},
        "reasonCode": code("priorAuthorization"),
        "reasonReference": {"reference": ask.claim},
        "input": [{"type": code("payer-url"), "valueUrl": ask.payer_url}, *needed],
    }
    return _checked("Task", whole)


def _checked(kind: str, whole: Resource) -> Resource:
    """The resource as the models of `fhir.resources` read it."""
    try:
        from fhir.resources.R4B import get_fhir_model_class
    except ImportError as error:
        raise UsageError("FHIR needs the extra packages: pip install 'chartgap[fhir]'") from error
    model = get_fhir_model_class(kind).model_validate(whole)
    checked: Resource = json.loads(model.model_dump_json())
    return checked


class _Ids:
    """Ids of a submission's resources, the same each time."""

    def __init__(self, submission_id: str) -> None:
        self._root = uuid5(NAMESPACE_URL, f"{SUBMISSION}:{submission_id}")

    def uuid(self, name: str) -> str:
        return str(uuid5(self._root, name))

    def reference(self, kind: str, name: str) -> Resource:
        return {"reference": f"urn:uuid:{self.uuid(name)}", "type": kind}


def _text(words: str) -> str:
    return printable(words)


def _filled(**values: Any) -> Resource:
    """What is known of it; FHIR has no empty words and no empty lists."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


# ------------------------------------------------------------------------------ resources


def _patient(case: Case, document: Document, ids: _Ids) -> Resource:
    name = _text(patient(document)["name"])
    return _filled(
        resourceType="Patient",
        id=ids.uuid("patient"),
        name=[{"text": name}] if name else [],
        birthDate=case.birth_date.isoformat() if case.birth_date else "",
    )


def _file(name: str, kind: str, ids: _Ids) -> Resource:
    attachment = _filled(contentType=MEDIA.get(kind, ""), title=_text(name))
    return {
        "resourceType": "DocumentReference",
        "id": ids.uuid(f"file {name}"),
        "status": "current",
        "subject": ids.reference("Patient", "patient"),
        "content": [{"attachment": attachment}],
    }


def _facts(case: Case, units: frozenset[str], ids: _Ids) -> Iterator[tuple[FactBase, Resource]]:
    """The facts that are the patient's and stand, what is requested and planned among them."""
    for diagnosis in case.diagnoses:
        if _stands(diagnosis):
            yield diagnosis, _condition(diagnosis, ids)
    for medication in case.medications:
        if _stands(medication) or _is_meant_for_the_patient(medication):
            yield medication, _statement(medication, units, ids)
    for result in case.labs:
        if _stands(result):
            yield result, _result(result, units, ids)
    for finding in case.findings:
        if _stands(finding):
            yield finding, _finding(finding, units, ids)


def _stands(fact: FactBase) -> bool:
    return (
        fact.about is About.PATIENT
        and fact.standing in STANDS
        and fact.assertion not in (Assertion.HYPOTHETICAL, Assertion.FAMILY)
    )


def _is_meant_for_the_patient(fact: Medication) -> bool:
    return fact.about is About.PATIENT and fact.status in ("requested", "planned")


def _condition(fact: Diagnosis, ids: _Ids) -> Resource:
    coding = []
    if fact.icd10:
        coding.append(_filled(system=ICD10_CM, code=fact.icd10, display=fact.icd10_description))
    elif fact.linked_icd10:
        linked = _filled(system=ICD10_CM, code=fact.linked_icd10, display=fact.linked_description)
        coding.append({"extension": [{"url": LINKED, "valueBoolean": True}], **linked})
    verification = {"system": f"{TERMINOLOGY}/condition-ver-status"}
    return _filled(
        resourceType="Condition",
        subject=ids.reference("Patient", "patient"),
        verificationStatus={"coding": [verification | {"code": VERIFICATION[fact.assertion]}]},
        code=_filled(coding=coding, text=_text(fact.name or fact.icd10)),
        recordedDate=fact.stated.iso,
    )


def _statement(fact: Medication, units: frozenset[str], ids: _Ids) -> Resource:
    reasons = [fact.outcome if fact.outcome != "unknown" else "", fact.outcome_reason]
    dosage = _filled(
        timing={"code": {"text": _text(fact.frequency)}} if fact.frequency else {},
        route={"text": _text(fact.route)} if fact.route else {},
        doseAndRate=[
            {"doseQuantity": quantity}
            for quantity in [_quantity(fact.dose_value, fact.dose_unit, units)]
            if quantity
        ],
    )
    return _filled(
        resourceType="MedicationStatement",
        status=STATEMENT_STATUS[fact.status],
        statusReason=[{"text": _text(reason)} for reason in reasons if _text(reason)],
        medicationCodeableConcept={"text": _text(fact.product or fact.ingredient)},
        subject=ids.reference("Patient", "patient"),
        effectivePeriod=_filled(start=_day(fact.start), end=_day(fact.stop)),
        dateAsserted=fact.stated.iso,
        dosage=[dosage] if dosage else [],
    )


def _result(fact: LabResult, units: frozenset[str], ids: _Ids) -> Resource:
    pending = fact.interpretation == "pending"
    value = {} if pending else _quantity(fact.value, fact.unit, units, fact.comparator)
    words = "" if pending or value else _text(fact.value_text)
    limits = _filled(
        low=_quantity(fact.ref_low, fact.unit, units),
        high=_quantity(fact.ref_high, fact.unit, units),
    )
    code = INTERPRETATION.get(fact.interpretation, "")
    system = f"{TERMINOLOGY}/v3-ObservationInterpretation"
    name = _text(fact.analyte.replace("_", " "))
    return _filled(
        resourceType="Observation",
        status="registered" if pending else "unknown",
        category=[
            {"coding": [{"system": f"{TERMINOLOGY}/observation-category", "code": "laboratory"}]}
        ],
        code=_filled(
            coding=[{"system": LOINC, "code": fact.loinc}] if fact.loinc else [], text=name
        ),
        subject=ids.reference("Patient", "patient"),
        effectiveDateTime=_day(fact.collected),
        valueQuantity=value,
        valueString=words,
        interpretation=[{"coding": [{"system": system, "code": code}]}] if code else [],
        referenceRange=[limits] if limits else [],
    )


def _finding(fact: Finding, units: frozenset[str], ids: _Ids) -> Resource:
    told = _text(fact.value)
    number = float(told) if fact.unit and told.replace(".", "", 1).isdigit() else None
    quantity = _quantity(number, fact.unit, units)
    if not told:
        told = "absent" if fact.assertion is Assertion.NEGATED else "present"
    name = _text(fact.finding.replace("_", " "))
    return _filled(
        resourceType="Observation",
        status="registered" if told == "pending" else "unknown",
        code={"text": f"{name}, {', '.join(fact.of)}" if fact.of else name},
        subject=ids.reference("Patient", "patient"),
        effectiveDateTime=_day(fact.date) or fact.stated.iso,
        valueQuantity=quantity,
        valueString="" if quantity or told == "pending" else told,
        bodySite={"text": _text(fact.site)} if fact.site else {},
    )


def _quantity(
    value: float | None, unit: str, units: frozenset[str], comparator: str = ""
) -> Resource:
    if value is None:
        return {}
    coded = {"system": UCUM, "code": unit} if unit in units else {}
    symbol = comparator if comparator in COMPARATORS else ""
    return {"value": value, **_filled(comparator=symbol, unit=_text(unit)), **coded}


def _day(day: DateRange | None) -> str:
    return day.iso if day else ""


def _provenance(fact: FactBase, resource: Resource, ids: _Ids, recorded: str) -> Resource:
    """Where it stands, and who says so: the software, or a person who corrected or added it."""
    agents: list[Mapping[str, Any]] = [
        {
            "type": {
                "coding": [
                    {"system": f"{TERMINOLOGY}/provenance-participant-type", "code": "assembler"}
                ]
            },
            "who": {"display": f"chartgap {__version__}"},
        }
    ]
    people = dict.fromkeys(_text(corrected.by) for corrected in fact.corrected)
    agents += [{"who": {"display": person}} for person in people if person]
    return {
        "resourceType": "Provenance",
        "id": ids.uuid(f"provenance {fact.id}"),
        "target": [ids.reference(resource["resourceType"], fact.id)],
        "recorded": recorded,
        "agent": agents,
        **_filled(entity=[_source(place, ids) for place in fact.places]),
    }


def _source(place: Place, ids: _Ids) -> Resource:
    """A place as an entity: page from 1, box in points from the top left corner, the words."""
    box = " ".join(f"{edge:g}" for edge in (round(edge, 2) for edge in place.box))
    parts = [{"url": "page", "valueInteger": place.page}, {"url": "box", "valueString": box}]
    if _text(place.text):
        parts.append({"url": "words", "valueString": _text(place.text)})
    return {
        "extension": [{"url": PLACE, "extension": parts}],
        "role": "source",
        "what": ids.reference("DocumentReference", f"file {place.file}"),
    }
