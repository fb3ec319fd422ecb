"""The CSV files, as spreadsheets and scripts read them."""

from __future__ import annotations

import csv
import re
from datetime import date
from io import StringIO
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.export import COLUMNS, export_tables, to_csv
from pipeline.ledger import Ledger, Submission
from pipeline.quantities import DateRange
from pipeline.schema import (
    Assertion,
    Case,
    CriterionResult,
    Diagnosis,
    Evidence,
    GapReport,
    LabResult,
    Legibility,
    Medication,
    Place,
    PolicyReference,
    ReportedRequest,
    Status,
)
from pipeline.spreadsheets import FORMULA_STARTS, neutralise
from pipeline.store import Made, make_private_folder, submission_folder, write_atomically

LEGIBILITY = Legibility(pages=2, ocr_pages=1, mean_confidence=0.9)


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(path.read_text(encoding="utf-8"), newline="")))


def place(page: int, text: str) -> Place:
    return Place(file="note.pdf", page=page, box=(1.234, 2, 3, 4), text=text, confidence=0.98765)


def exported(out: Path, *cases: tuple[Case, GapReport]) -> dict[str, list[dict[str, str]]]:
    with Ledger.open(out, create=True) as ledger:
        for number, (case, report) in enumerate(cases):
            folder = submission_folder(out, case.submission_id)
            make_private_folder(folder)
            made = {
                "normalize": write_atomically(
                    folder / "case.json", case.model_dump_json().encode()
                ),
                "criteria": write_atomically(
                    folder / "gap_report.json", report.model_dump_json().encode()
                ),
            }
            ledger.record(
                Submission(case.submission_id, "name", str(number), b"source", "done"),
                {stage: Made("key", digest, 0.0, 0.0) for stage, digest in made.items()},
            )
        ledger.record(Submission("z-broken", "z", "z", b"z", "quarantined", "document.damaged"), {})
        export_tables(out, ledger)
    return {name: read(out / f"{name}.csv") for name in COLUMNS}


def packet() -> tuple[Case, GapReport]:
    case = Case(
        submission_id="a-1",
        source_files=("note.pdf",),
        as_of=date(2026, 9, 8),
        legibility=LEGIBILITY,
        medications=(
            Medication(
                id="m2",
                ingredient="methotrexate",
                dose_value=17.5,
                dose_unit="mg",
                start=DateRange.month(2026, 3),
                outcome_reason="-nausea",
                places=(place(2, "=methotrexate 17.5 mg"), place(1, "MTX")),
            ),
            Medication(id="m1", ingredient="prednisone", places=(place(1, "prednisone"),)),
        ),
        labs=(
            LabResult(id="l1", analyte="base_excess", value=-3.0, places=(place(1, "-3"),)),
            LabResult(id="l2", analyte="hbsag", value_text="Non-Reactive", places=(place(1, "x"),)),
        ),
        diagnoses=(
            Diagnosis(
                id="d1",
                name="lupus",
                assertion=Assertion.FAMILY,
                places=(place(1, "mother: lupus"),),
            ),
        ),
    )
    page = {"file": "note.pdf", "bbox": (1, 2, 3, 4), "text": "CK"}
    report = GapReport(
        submission_id="a-1",
        source_files=("note.pdf",),
        software_version="0",
        policy=PolicyReference(id="p", version="2026-01-01", source="an article"),
        request=ReportedRequest(),
        recommendation="request_information",
        readiness=50,
        criteria=(
            CriterionResult(
                id="ck",
                title="CK",
                required=True,
                status=Status.NOT_DOCUMENTED,
                rationale="old",
                missing=("a CK", "its range"),
                evidence=tuple(Evidence(page=number, **page) for number in (2, 2, 3)),
            ),
        ),
        legibility=LEGIBILITY,
    )
    return case, report


def test_a_fact_is_one_row_at_its_best_place(tmp_path: Path) -> None:
    first, second = exported(tmp_path, packet())["medications"]
    assert (first["row_id"], second["row_id"]) == ("m1", "m2")  # in the order of the pages
    assert second["file"], second["page"] == ("note.pdf", "2")
    assert (second["x0"], second["bottom"], second["confidence"]) == ("1.23", "4", "0.988")
    assert second["start_date"] == "2026-03"
    assert (second["dose_value"], second["daily_dose_mg"], second["route"]) == ("17.5", "", "")


def test_formulas_are_neutralised_and_numbers_stay_numbers(tmp_path: Path) -> None:
    tables = exported(tmp_path, packet())
    assert tables["medications"][1]["text"] == "'=methotrexate 17.5 mg"
    assert tables["medications"][1]["outcome_reason"] == "'-nausea"
    assert [row["value"] for row in tables["labs"]] == ["-3", "Non-Reactive"]


def test_a_relatives_disease_is_marked_as_such(tmp_path: Path) -> None:
    assert exported(tmp_path, packet())["diagnoses"][0]["assertion"] == "family"


def test_a_linked_code_is_no_printed_one(tmp_path: Path) -> None:
    linked = Diagnosis(
        id="d1",
        name="hypertension",
        linked_icd10="I10",
        linked_description="Essential (primary) hypertension",
        places=(place(1, "HTN"),),
    )
    case, report = packet()
    case = case.model_copy(update={"diagnoses": (linked,)})
    (row,) = exported(tmp_path, (case, report))["diagnoses"]
    assert row["icd10"] == ""
    assert row["icd10_description"] == "linked: I10 Essential (primary) hypertension"


def test_gaps_say_what_is_missing_and_where_to_look(tmp_path: Path) -> None:
    (row,) = exported(tmp_path, packet())["gaps"]
    assert row["missing"] == "a CK; its range"
    assert row["evidence"] == "note.pdf p. 2; note.pdf p. 3"
    assert (row["required"], row["status"], row["reason"]) == ("true", "not_documented", "")


def test_the_summary_also_names_what_has_no_report(tmp_path: Path) -> None:
    done, broken = exported(tmp_path, packet())["summary"]
    assert (done["state"], done["readiness"], done["not_documented"]) == ("done", "50", "1")
    assert (broken["state"], broken["error_class"]) == ("quarantined", "document.damaged")
    assert broken["readiness"] == broken["met"] == ""


def test_tables_without_rows_still_have_their_columns(tmp_path: Path) -> None:
    exported(tmp_path)
    for name, columns in COLUMNS.items():
        header = (tmp_path / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        assert header.split(",") == list(columns)


def test_the_readme_lists_the_columns() -> None:
    readme = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")
    for name, columns in COLUMNS.items():
        own = columns[11:] if columns[0] == "row_id" else columns
        row = re.search(rf"\| `{name}.csv` \|.*\| `([^|]*)` \|", readme)
        assert row and row[1].split(", ") == list(own), name
    assert ", ".join(COLUMNS["labs"][:11]) in readme


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2))
)
def test_no_text_reaches_a_spreadsheet_as_a_formula(rows: list[list[str]]) -> None:
    content = to_csv([{"a": a, "b": b} for a, b in rows], ("a", "b"))
    _, *cells = csv.reader(StringIO(content, newline=""))
    assert len(cells) == len(rows)
    for row, texts in zip(cells, rows, strict=True):
        for cell, text in zip(row, texts, strict=True):
            assert not cell.startswith(FORMULA_STARTS)
            assert cell in (text, f"'{text}")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_back_exactly(number: float) -> None:
    content = to_csv([{"a": number, "b": None}], ("a", "b"))
    _, (cell, empty) = csv.reader(StringIO(content, newline=""))
    assert (float(cell), empty) == (number, "")


def test_plain_text_is_left_alone() -> None:
    assert neutralise("4-/5") == "4-/5"
