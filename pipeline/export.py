"""The CSV files for analysts, rebuilt from the artifacts of all submissions.

UTF-8, RFC 4180, ISO dates; an empty cell is not stated. Columns are an interface: README.md
lists them, new ones are added at the end, none is renamed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path

from pipeline import worklist
from pipeline.corrections import FILE_NAME as CORRECTIONS
from pipeline.corrections import cells_in, load_corrections
from pipeline.datapackage import datapackage
from pipeline.ledger import REPORTED, Ledger, Submission, Unopened
from pipeline.quantities import DateRange
from pipeline.reviews import FILE_NAME as REVIEWS
from pipeline.reviews import People, load_reviews, people_of
from pipeline.schema import (
    About,
    Case,
    Correction,
    Diagnosis,
    Evidence,
    FactBase,
    Finding,
    GapReport,
    LabResult,
    Medication,
    Standing,
    Status,
    TableFact,
    TableName,
)
from pipeline.spreadsheets import neutralise, version_of
from pipeline.store import (
    ARTIFACTS,
    code_digest,
    digest_of,
    stage_key,
    submission_folder,
    write_atomically,
)
from pipeline.wording import safe_name

INDEX = "index.html"
PACKAGE = "datapackage.json"

Cell = str | float | bool | None
Row = dict[str, Cell]

_FACT = (
    *("row_id", "submission_id", "file", "page", "x0", "top", "x1", "bottom"),
    *("text", "confidence", "assertion"),
)
_PEOPLE = ("correction", "row_version")  # what was corrected; a digest of what may be
_WHOSE = ("about", "standing")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "medications": (
        *_FACT,
        *("ingredient", "product", "drug_class", "dose_value", "dose_unit", "route", "frequency"),
        *("daily_dose_mg", "duration_days", "start_date", "stop_date", "status", "outcome"),
        *("outcome_reason", *_PEOPLE, *_WHOSE),
    ),
    "labs": (
        *_FACT,
        *("analyte", "loinc", "value", "comparator", "unit", "ref_low", "ref_high"),
        *("ratio_to_uln", "interpretation", "collected_date", *_PEOPLE, *_WHOSE, "value_number"),
    ),
    "diagnoses": (*_FACT, "name", "icd10", "icd10_description", *_PEOPLE, *_WHOSE),
    "findings": (*_FACT, "finding", "value", "unit", "site", "date", *_PEOPLE, *_WHOSE, "of"),
    "gaps": (
        *("submission_id", "policy_id", "policy_version", "criterion", "required", "status"),
        *("reason", "rationale", "missing", "evidence"),
    ),
    "summary": (
        *("submission_id", "policy_id", "policy_version", "recommendation", "readiness"),
        *(status.value for status in Status),
        *("alerts", "conflicts", "pages", "ocr_pages", "state", "error_class"),
        *("corrected", "incomplete"),
    ),
    "worklist": worklist.COLUMNS,
    "corrections": (
        *("correction", "submission_id", "table", "row_id", "what", "file", "page", "column"),
        *("before", "after", "by", "at", "withdrawn_by", "withdrawn_at", "comment"),
    ),
}


def export_tables(out: Path, ledger: Ledger) -> None:
    """Write the CSV files anew unless they are up to date."""
    submissions, made, unopened = ledger.submissions(), ledger.made(), ledger.unopened()
    inputs = [
        digest_of(out / CORRECTIONS),
        digest_of(out / REVIEWS),
        *(f"{s.id} {s.state} {s.error_class}" for s in submissions),
        *(f"{one.name} {one.error_class}" for one in unopened),
        *(row.digest for rows in made.values() for row in rows.values()),
    ]
    key = stage_key(code_digest("pipeline.export"), "", sorted(inputs))
    files = (*(f"{name}.csv" for name in COLUMNS), INDEX, PACKAGE)
    if ledger.setting("tables") == key and all((out / name).is_file() for name in files):
        return
    tables = _tables(out, submissions)
    for one in unopened:
        tables["summary"].append(_unopened(one))
        name = safe_name(Path(one.name))
        tables["worklist"].append(worklist.without_report(name, one.state, one.error_class))
    tables["worklist"] = worklist.ordered(tables["worklist"])
    for name, rows in tables.items():
        write_atomically(out / f"{name}.csv", to_csv(rows, COLUMNS[name]).encode())
    write_atomically(out / INDEX, worklist.page(tables["worklist"]).encode())
    write_atomically(out / PACKAGE, datapackage(COLUMNS).encode())
    ledger.set("tables", key)


def shown_cells(rows: Iterable[Row], columns: tuple[str, ...]) -> list[list[str]]:
    """The rows as they are shown in a table: numbers as printed, text neutralised."""
    return [[_cell(row.get(column)) for column in columns] for row in rows]


def to_csv(rows: Iterable[Row], columns: tuple[str, ...]) -> str:
    """Rows as CSV; numbers stay numbers, text is neutralised."""
    import pandas as pd  # slow to import, and most runs have nothing to write

    cells = shown_cells(rows, columns)
    table = pd.DataFrame(cells, columns=list(columns), dtype=object)
    buffer = StringIO()
    table.to_csv(buffer, index=False, lineterminator="\r\n")
    return buffer.getvalue()


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return neutralise(value) if isinstance(value, str) else str(value)


# ------------------------------------------------------------------------------- rows


def _tables(out: Path, submissions: Iterable[Submission]) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    people = people_of(load_reviews(out))
    for submission in submissions:
        if submission.state not in REPORTED:
            tables["summary"].append(_outcome(submission))
            tables["worklist"].append(
                worklist.without_report(
                    submission.id, submission.state, submission.error_class, submission.first_seen
                )
            )
            continue
        folder = submission_folder(out, submission.id)
        case = Case.model_validate_json((folder / ARTIFACTS["normalize"]).read_bytes())
        judged = (folder / ARTIFACTS["criteria"]).read_bytes()
        report = GapReport.model_validate_json(judged)
        for table, rows in fact_rows(case).items():
            tables[table] += rows
        tables["gaps"] += _gaps(report)
        typed = cells_in(report, case)
        tables["summary"].append(_outcome(submission) | _summary(report) | {"corrected": typed})
        line = worklist.with_report(submission, case, report, typed)
        version = hashlib.sha256(judged).hexdigest()
        own = people.get(submission.id, People())
        tables["worklist"].append(worklist.with_people(line, own, version))
    tables["corrections"] = [
        row for correction in load_corrections(out) for row in _correction(correction)
    ]
    return tables


def fact_rows(case: Case) -> dict[TableName, list[Row]]:
    """The rows of a case in the tables of facts."""
    return {
        "medications": _facts(
            "medications", case, [drug for drug in case.medications if not drug.step_of]
        ),
        "labs": _facts("labs", case, case.labs),
        "diagnoses": _facts("diagnoses", case, case.diagnoses),
        "findings": _facts("findings", case, case.findings),
    }


def table_cells(case: Case) -> dict[TableName, dict[str, dict[str, str]]]:
    """The cells of a case's rows as they stand in the CSV files, by table and row_id."""
    return {
        table: {str(row["row_id"]): _cells(table, row) for row in rows}
        for table, rows in fact_rows(case).items()
    }


def fact_cells(submission_id: str, table: TableName, fact: TableFact) -> dict[str, str]:
    """The cells of a fact as they would stand in the CSV file."""
    return _cells(table, _row(submission_id, table, fact))


def _cells(table: TableName, row: Row) -> dict[str, str]:
    return {column: _cell(row.get(column)) for column in COLUMNS[table]}


def row_version(table: TableName, cells: Mapping[str, str]) -> str:
    """A digest of what a row says, by which it is known whether it has changed since."""
    told = COLUMNS[table][len(_FACT) : COLUMNS[table].index(_PEOPLE[0])]
    whose = [cells.get(column, "") for column in _WHOSE]
    ordinary = [About.PATIENT.value, Standing.STATED.value]
    return version_of(
        [
            *(cells.get(column, "") for column in ("assertion", *told)),
            *(whose if any(whose) and whose != ordinary else ()),
        ]
    )


def _facts(table: TableName, case: Case, facts: Iterable[TableFact]) -> list[Row]:
    """A row per fact, in the order of the pages."""
    rows = [_row(case.submission_id, table, fact) for fact in facts]
    return sorted(rows, key=lambda row: tuple(_sortable(row.get(name)) for name in _ORDER))


def _row(submission_id: str, table: TableName, fact: TableFact) -> Row:
    row = _place(submission_id, fact) | _told(fact) | _people(fact)
    return row | {"row_version": row_version(table, {name: _cell(row[name]) for name in row})}


def _told(fact: TableFact) -> Row:
    match fact:
        case Medication():
            return _medication(fact)
        case LabResult():
            return _lab(fact)
        case Diagnosis():
            return _diagnosis(fact)
        case Finding():
            return _finding(fact)


_ORDER = ("file", "page", "top", "x0", "row_id")


def _sortable(value: Cell) -> tuple[float, str]:
    return (0.0, value) if isinstance(value, str) else (float(value or 0), "")


def _place(submission_id: str, fact: FactBase) -> Row:
    row: Row = {
        "row_id": fact.id,
        "submission_id": submission_id,
        "assertion": fact.assertion.value,
        "about": fact.about.value,
        "standing": fact.standing.value,
    }
    if fact.places:
        best = fact.places[0]
        x0, top, x1, bottom = (round(edge, 2) for edge in best.box)
        row |= {"file": best.file, "page": best.page, "text": best.text}
        row |= {"x0": x0, "top": top, "x1": x1, "bottom": bottom}
        row |= {"confidence": round(best.confidence, 3)}
    return row


def _people(fact: FactBase) -> Row:
    """What people said of it: `added`, `corrected: value, status`, `confirmed`."""
    changed = dict.fromkeys(
        cell.column for made in fact.corrected if made.what == "changed" for cell in made.cells
    )
    words = ["added"] if any(made.what == "added" for made in fact.corrected) else []
    words += [f"corrected: {', '.join(changed)}"] if changed else []
    words += ["confirmed"] if any(made.what == "confirmed" for made in fact.corrected) else []
    return {"correction": "; ".join(words)}


def _correction(correction: Correction) -> Iterator[Row]:
    """A row per cell; one for a row that is not in the packet."""
    fact = correction.fact
    place = correction.place or (fact.places[0] if fact is not None and fact.places else None)
    common: Row = {
        "correction": correction.id,
        "submission_id": correction.submission_id,
        "table": correction.table,
        "row_id": correction.row_id,
        "what": correction.what,
        "file": place.file if place else "",
        "page": place.page if place else None,
        "by": correction.by,
        "at": correction.at,
        "withdrawn_by": correction.withdrawn_by,
        "withdrawn_at": correction.withdrawn_at,
        "comment": correction.comment,
    }
    for cell in correction.cells:
        yield common | {"column": cell.column, "before": cell.before, "after": cell.after}
    if not correction.cells:
        yield common


def _medication(fact: Medication) -> Row:
    return {
        "ingredient": fact.ingredient,
        "product": fact.product,
        "drug_class": fact.drug_class,
        "dose_value": fact.dose_value,
        "dose_unit": fact.dose_unit,
        "route": fact.route,
        "frequency": fact.frequency,
        "daily_dose_mg": fact.daily_dose_mg,
        "duration_days": fact.duration_days,
        "start_date": _iso(fact.start),
        "stop_date": _iso(fact.stop),
        "status": fact.status,
        "outcome": fact.outcome,
        "outcome_reason": fact.outcome_reason,
    }


def _lab(fact: LabResult) -> Row:
    return {
        "analyte": fact.analyte,
        "loinc": fact.loinc,
        "value": fact.value_text if fact.value is None else fact.value,
        "value_number": fact.value,
        "comparator": fact.comparator,
        "unit": fact.unit,
        "ref_low": fact.ref_low,
        "ref_high": fact.ref_high,
        "ratio_to_uln": fact.ratio_to_uln,
        "interpretation": fact.interpretation,
        "collected_date": _iso(fact.collected),
    }


def _diagnosis(fact: Diagnosis) -> Row:
    linked = f"linked: {fact.linked_icd10} {fact.linked_description}" if fact.linked_icd10 else ""
    return {
        "name": fact.name,
        "icd10": fact.icd10,
        "icd10_description": fact.icd10_description or linked,
    }


def _finding(fact: Finding) -> Row:
    return {
        "finding": fact.finding,
        "value": fact.value,
        "unit": fact.unit,
        "site": fact.site,
        "date": _iso(fact.date),
        "of": "; ".join(fact.of),
    }


def _iso(day: DateRange | None) -> str:
    return day.iso if day else ""


def _gaps(report: GapReport) -> Iterator[Row]:
    for result in report.criteria:
        yield {
            "submission_id": report.submission_id,
            "policy_id": report.policy.id if report.policy else "",
            "policy_version": report.policy.version if report.policy else "",
            "criterion": result.id,
            "required": result.required,
            "status": result.status.value,
            "reason": result.reason.value if result.reason else "",
            "rationale": result.rationale,
            "missing": "; ".join(result.missing),
            "evidence": _references(result.evidence),
        }


def _references(evidence: Iterable[Evidence]) -> str:
    """`note.pdf p. 2; labs.pdf p. 1`, each page once."""
    return "; ".join(dict.fromkeys(f"{item.file} p. {item.page}" for item in evidence))


def _outcome(submission: Submission) -> Row:
    return {
        "submission_id": submission.id,
        "state": submission.state,
        "error_class": submission.error_class,
    }


def _unopened(entry: Unopened) -> Row:
    """What cannot be opened has no content and so no id: it goes by its name alone."""
    name = safe_name(Path(entry.name))
    return {"submission_id": name, "state": entry.state, "error_class": entry.error_class}


def _summary(report: GapReport) -> Row:
    counts = Counter(result.status.value for result in report.criteria)
    return {
        "policy_id": report.policy.id if report.policy else "",
        "policy_version": report.policy.version if report.policy else "",
        "recommendation": report.recommendation,
        "readiness": report.readiness,
        **{status.value: counts[status.value] for status in Status},
        "alerts": "; ".join(alert.id for alert in report.alerts),
        "conflicts": len(report.conflicts),
        "pages": report.legibility.pages,
        "ocr_pages": report.legibility.ocr_pages,
        "incomplete": ";".join(report.legibility.incomplete),
    }
