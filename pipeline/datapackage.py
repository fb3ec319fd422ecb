"""`datapackage.json`: the tables described as a Frictionless Data Package, made from the records.

What a column holds (type, unit, allowed words) is read off the fields of `schema.py`, so that the
description cannot say other things than the code. Specification: Frictionless Data Package 1.0.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from pipeline import __version__
from pipeline.quantities import DateRange
from pipeline.schema import (
    CriterionResult,
    Diagnosis,
    Finding,
    LabResult,
    Medication,
    Place,
    PolicyReference,
    Status,
)

Field = dict[str, Any]

RECORDS: Mapping[str, tuple[type[BaseModel], ...]] = {
    "medications": (Medication, Place),
    "labs": (LabResult, Place),
    "diagnoses": (Diagnosis, Place),
    "findings": (Finding, Place),
    "gaps": (CriterionResult,),
}
TITLES: Mapping[str, str] = {
    "medications": "One row per treatment episode: drug, course of doses, outcome",
    "labs": "One row per result: analyte, value, date",
    "diagnoses": "One row per diagnosis with its assertion",
    "findings": "One row per finding",
    "gaps": "One row per submission and criterion",
    "summary": "One row per submission",
    "worklist": "One row per submission, the worst first",
    "corrections": "One row per corrected cell",
}
# Columns under another name than their field, or of no record.
FIELDS: Mapping[str, str] = {
    "start_date": "start",
    "stop_date": "stop",
    "collected_date": "collected",
    "row_id": "id",
    "criterion": "id",
    "value_number": "value",
}
KINDS: Mapping[str, Field] = {
    "page": {"type": "integer", "constraints": {"minimum": 1}},
    "confidence": {"type": "number", "constraints": {"minimum": 0, "maximum": 1}},
    **{edge: {"type": "number", "unit": "pt"} for edge in ("x0", "top", "x1", "bottom")},
    **{
        count: {"type": "integer", "constraints": {"minimum": 0}}
        for count in ("conflicts", "pages", "ocr_pages", "corrected", *(s.value for s in Status))
    },
    "rank": {"type": "integer", "constraints": {"minimum": 1}},
    "readiness": {"type": "integer", "unit": "%"},
    "requested_on": {"type": "date"},
    "received": {"type": "date"},
    "birth_date": {"type": "date"},
    "duration_days": {"type": "integer", "unit": "d"},
    "daily_dose_mg": {"type": "number", "unit": "mg/d"},
    "missing": {"type": "string"},
    "evidence": {"type": "string"},
    "row_version": {"type": "string"},
}
# A number where there is one, else the words of the page.
WORDS_TOO = frozenset((("labs", "value"),))
PARTIAL_DATE = {"type": "string", "constraints": {"pattern": r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"}}


def datapackage(columns: Mapping[str, tuple[str, ...]]) -> str:
    """The descriptor of all tables, by their columns."""
    package = {
        "profile": "tabular-data-package",
        "name": "chartgap",
        "version": __version__,
        "resources": [_resource(table, names) for table, names in columns.items()],
    }
    return json.dumps(package, indent=1) + "\n"


def _resource(table: str, columns: tuple[str, ...]) -> Field:
    schema: Field = {"fields": [_field(table, c) for c in columns], "missingValues": [""]}
    if "row_id" in columns and table != "corrections":
        schema["primaryKey"] = ["submission_id", "row_id"]
    return {
        "profile": "tabular-data-resource",
        "name": table,
        "title": TITLES[table],
        "path": f"{table}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "header": True},
        "schema": schema,
    }


def _field(table: str, column: str) -> Field:
    if column in KINDS and (table, column) not in WORDS_TOO:
        return {"name": column, **KINDS[column]}
    if (table, column) in WORDS_TOO:
        return {"name": column, "type": "string"}
    name = FIELDS.get(column, column)
    records: tuple[type[BaseModel], ...] = (*RECORDS.get(table, ()), PolicyReference)
    for record in records:
        if name in record.model_fields:
            return {"name": column, **_kind(record.model_fields[name].annotation)}
    return {"name": column, "type": "string"}


def _kind(annotation: Any) -> Field:
    """The type of a field as Frictionless calls it, with its allowed words."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(a for a in get_args(annotation) if a is not type(None))
    if get_origin(annotation) is Literal:
        words = [word for word in get_args(annotation) if word]
        return {"type": "string", "constraints": {"enum": words}}
    if isinstance(annotation, type):
        if issubclass(annotation, StrEnum):
            return {"type": "string", "constraints": {"enum": [word.value for word in annotation]}}
        if issubclass(annotation, DateRange):
            return dict(PARTIAL_DATE)
        for kind, name in ((bool, "boolean"), (int, "integer"), (float, "number")):
            if issubclass(annotation, kind):
                return {"type": name}
    return {"type": "string"}
