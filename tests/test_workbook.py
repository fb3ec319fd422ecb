"""Corrections by workbook (xlsx): out, through a spreadsheet, and back in."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.edited_file import read_tables
from pipeline.edits import WrongCells, edits_of
from pipeline.errors import UsageError
from pipeline.ingest import read_submission
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.nlp import extract_mentions
from pipeline.normalize import build_case
from pipeline.normalize.corrections import corrected
from pipeline.schema import Case, Correction, Document, Finding, Medication, TableName
from pipeline.workbook import workbook
from tests.conftest import NOTE, REQUEST, write_pdf

LABS = (
    "LABORATORY REPORT   Collected: 08/20/2026",
    "Patient: Testa Sampleton    DOB: 01/02/1960",
    "Creatine kinase 4,812 U/L (reference 30 - 223)",
    "Aldolase 12.50 U/L (reference 1.0 - 7.5)",
    "ANA 1:160",
    '=HYPERLINK("http://evil.example","CK") polymyositis',
)
AT = "2026-09-09T00:00:00Z"


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Document]:
    base = tmp_path_factory.mktemp("workbook")
    files = [write_pdf(base / "request.pdf", REQUEST), write_pdf(base / "note.pdf", NOTE, LABS)]
    document = read_submission(files, models_dir())
    return build_case("packet-1", document, extract_mentions(document, models_dir())), document


@pytest.fixture
def book(read_once: tuple[Case, Document], tmp_path: Path) -> Path:
    (tmp_path / "corrections.xlsx").write_bytes(workbook([read_once[0]]))
    return tmp_path / "corrections.xlsx"


Edit = Callable[[Any, dict[str, int]], object]


def save(book: Path, table: TableName, change: Edit) -> Path:
    """The workbook with a sheet changed: `change` gets it and the number of each column."""
    opened = openpyxl.load_workbook(book)
    sheet = opened[table]
    change(sheet, {cell.value: cell.column for cell in sheet[1]})
    opened.save(book)
    return book


def row_of(sheet: Any, columns: dict[str, int], column: str, value: str) -> int:
    rows = range(2, sheet.max_row + 1)
    return next(n for n in rows if sheet.cell(n, columns[column]).value == value)


def taken(
    book: Path, records: tuple[Case, Document], earlier: Sequence[Correction] = ()
) -> list[Correction]:
    known = {"packet-1": records}
    lexicon = load_lexicon(models_dir())
    return edits_of(book.name, read_tables(book), known, earlier, lexicon, "anna", AT)


def test_nothing_changed_is_nothing_corrected(book: Path, read_once: tuple[Case, Document]) -> None:
    assert taken(book, read_once) == []
    opened = openpyxl.load_workbook(book)
    opened.save(book)
    assert taken(book, read_once) == []
    cells = [cell for sheet in opened for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}  # nothing of a packet is a formula


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_libreoffice_changes_nothing(
    book: Path, read_once: tuple[Case, Document], tmp_path: Path
) -> None:
    command = ["soffice", "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved")]
    home = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    subprocess.run([*command, str(book)], check=True, capture_output=True, env=home)
    assert taken(tmp_path / "saved" / book.name, read_once) == []


def test_review_columns_say_what_is_right(book: Path, read_once: tuple[Case, Document]) -> None:
    def review(sheet: Any, columns: dict[str, int]) -> None:
        ck = row_of(sheet, columns, "analyte", "creatine_kinase")
        sheet.cell(ck, columns["correct_value"], 4182)  # a number, as spreadsheets keep them
        sheet.cell(ck, columns["comment"], "digits swapped")
        aldolase = row_of(sheet, columns, "analyte", "aldolase")
        sheet.cell(aldolase, columns["correct_status"], "not in packet")
        assert [sheet.cell(1, sheet.max_column - 2 + n).value for n in range(3)] == [
            "correct_value",
            "correct_status",
            "comment",
        ]

    first, second = taken(save(book, "labs", review), read_once)
    assert (first.what, first.comment) == ("changed", "digits swapped")
    assert [(c.column, c.before, c.after) for c in first.cells] == [("value", "4812", "4182")]
    assert second.what == "not_in_packet"


def test_a_row_may_be_confirmed_or_only_commented(
    book: Path, read_once: tuple[Case, Document]
) -> None:
    def review(sheet: Any, columns: dict[str, int]) -> None:
        steroid = row_of(sheet, columns, "ingredient", "prednisone")
        sheet.cell(steroid, columns["correct_status"], "confirmed")
        other = row_of(sheet, columns, "ingredient", "methotrexate")
        sheet.cell(other, columns["comment"], "ask the practice")

    made = taken(save(book, "medications", review), read_once)
    assert [(c.what, c.comment) for c in made] == [("confirmed", ""), ("noted", "ask the practice")]
    assert [c.what for c in taken(book, read_once, made)] == ["confirmed"]  # told once


def test_a_row_that_changed_since_is_refused(book: Path, read_once: tuple[Case, Document]) -> None:
    def review(sheet: Any, columns: dict[str, int]) -> None:
        ck = row_of(sheet, columns, "analyte", "creatine_kinase")
        sheet.cell(ck, columns["correct_value"], "4182")

    old = save(book, "labs", review)
    (first,) = taken(old, read_once)
    case, document = read_once
    now = [
        corrected(lab, first, load_lexicon(models_dir())) if lab.id == first.row_id else lab
        for lab in case.labs
    ]
    newer = (case.model_copy(update={"labs": tuple(now)}), document)
    assert taken(old, newer, [first]) == []  # it says the same

    def again(sheet: Any, columns: dict[str, int]) -> None:
        ck = row_of(sheet, columns, "analyte", "creatine_kinase")
        sheet.cell(ck, columns["correct_value"], "999")

    with pytest.raises(WrongCells) as refused:
        taken(save(book, "labs", again), newer, [first])
    (wrong,) = refused.value.wrong
    assert wrong.column == "value" and wrong.row.endswith(" of labs") and "changed" in wrong.why


def test_formulas_and_contradictions_are_refused(
    book: Path, read_once: tuple[Case, Document]
) -> None:
    def twice(sheet: Any, columns: dict[str, int]) -> None:
        ck = row_of(sheet, columns, "analyte", "creatine_kinase")
        sheet.cell(ck, columns["value"], "180")
        sheet.cell(ck, columns["correct_value"], "190")

    with pytest.raises(WrongCells, match="correct_value: says otherwise than value"):
        taken(save(book, "labs", twice), read_once)

    def formula(sheet: Any, columns: dict[str, int]) -> None:
        sheet.cell(2, columns["correct_value"], "=1+1")

    with pytest.raises(UsageError, match="is a formula"):
        taken(save(book, "labs", formula), read_once)


@pytest.mark.parametrize("content", [b"PK\x03\x04 no archive", b"PK"])
def test_a_damaged_workbook_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    with pytest.raises(UsageError, match="no workbook"):
        read_tables(tmp_path / "x.xlsx")


def test_cells_of_few_words_offer_them(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)["labs"]
    offered = [rule.formula1 for rule in sheet.data_validations.dataValidation]
    assert any("pending" in words and "not in packet" in words for words in offered)
    assert all(len(words) <= 257 for words in offered)  # more is refused by spreadsheets


def test_what_a_person_says_leaves_no_doubt_of_it() -> None:
    drug = Medication(
        id="m1", ingredient="prednisone", outcome="failed", doubted=("standing", "outcome"),
        doubtful=True,
    )  # fmt: skip

    def after(what: str, *cells: tuple[str, str]) -> Medication | Finding:
        correction = Correction.model_validate(
            {
                "id": "c1", "submission_id": "s", "table": "medications", "row_id": "m1",
                "what": what, "by": "anna", "at": AT, "fact": drug,
                "cells": [{"column": c, "before": "", "after": a} for c, a in cells],
            }
        )  # fmt: skip
        return corrected(drug, correction, load_lexicon(models_dir()))  # type: ignore[return-value]

    assert after("confirmed").doubted == () and not after("confirmed").doubtful
    assert after("changed", ("outcome", "intolerant")).doubted == ("standing",)
    assert after("changed", ("dose_value", "40")).doubted == ("standing", "outcome")
