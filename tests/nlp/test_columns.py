"""Tables whose heads are unknown, missing, merged or elsewhere: cells tell what their columns are."""

from __future__ import annotations

import itertools

import pytest

from pipeline.nlp import extract_mentions
from pipeline.normalize import build_case
from pipeline.schema import Case, Document, PageKind
from tests.nlp.test_labs import marks
from tests.nlp.test_tables import episode, sheet

RESULTS = [
    ["Test", "Result", "Flag", "Units", "Reference"],
    ["Creatine kinase", "3,140", "H", "U/L", "26-192"],
    ["Aldolase", "6.6", "", "U/L", "1.5-8.1"],
    ["Immunoglobulin G", "512", "L", "mg/dL", "600-1540"],
    ["Hepatitis B surface antigen", "Non-reactive", "", "", ""],
]
COURSES = [
    ["Drug", "Dose", "Start", "Stop", "Outcome"],
    ["Methotrexate", "15 mg PO weekly", "02/02/2026", "05/04/2026", "no benefit"],
    ["Leflunomide", "20 mg PO daily", "05/11/2026", "08/03/2026", "stopped for diarrhea"],
]
ORDERS = [(0, 1, 2, 3, 4), (1, 2, 3, 4, 0), (0, 3, 1, 4, 2), (4, 0, 2, 1, 3)]


def printed(rows: list[list[str]]) -> str:
    return "\n".join(" | ".join(row) for row in rows)


def case_of(rows: list[list[str]], above: str, kind: PageKind = PageKind.NOTE) -> Case:
    document, _ = sheet(f"{above}\n---\n{printed(rows)}\n=>\n")
    page = document.pages[0].model_copy(update={"kind": kind})
    document = document.model_copy(update={"pages": (page,)})
    return build_case("sample", document, extract_mentions(document))


def results(rows: list[list[str]]) -> set[frozenset[str]]:
    return {marks(r) for r in case_of(rows, "Drawn: 09/03/2026", PageKind.LABORATORY).labs}


def courses(rows: list[list[str]], above: str = "Visit 09/10/2026\nEARLIER DRUGS") -> set[str]:
    return {episode(m) for m in case_of(rows, above).medications}


@pytest.mark.parametrize("order", ORDERS)
def test_the_order_of_columns_changes_no_result(order: tuple[int, ...]) -> None:
    assert results([[row[i] for i in order] for row in RESULTS]) == results(RESULTS)


@pytest.mark.parametrize("order", [o for o in ORDERS if o.index(2) < o.index(3)])
def test_neither_order_of_columns_nor_lack_of_heads_changes_a_course(
    order: tuple[int, ...],
) -> None:
    moved = [[row[i] for i in order] for row in COURSES]
    assert courses(moved) == courses(COURSES)
    assert courses(moved[1:]) == courses(COURSES)


def test_lack_of_heads_changes_no_result() -> None:
    assert results(RESULTS[1:]) == results(RESULTS)


@pytest.mark.parametrize(
    "heads", [["Zeta", "Eta", "Theta", "Iota", "Kappa"], ["", "", "", "", "x"]]
)
def test_unknown_heads_change_nothing(heads: list[str]) -> None:
    assert results([heads, *RESULTS[1:]]) == results(RESULTS)
    assert courses([heads, *COURSES[1:]]) == courses(COURSES)


def test_what_this_reads_is_what_is_printed() -> None:
    assert results(RESULTS) == {
        frozenset(line.split())
        for line in (
            "creatine_kinase 3140 U/L 26..192 high 2026-09-03",
            "aldolase 6.6 U/L 1.5..8.1 normal 2026-09-03",
            "igg 512 mg/dL 600..1540 low 2026-09-03",
            "hbsag negative 2026-09-03",
        )
    }
    assert courses(COURSES) == {
        "methotrexate 15 2026-02-02 2026-05-04 - past failed",
        "leflunomide 20 2026-05-11 2026-08-03 - past intolerant",
    }


def test_panels_side_by_side_are_cut_where_their_heads_repeat() -> None:
    left, right = RESULTS[:3], [RESULTS[0], *RESULTS[3:]]
    beside = [a + b for a, b in itertools.zip_longest(left, right, fillvalue=[""] * 5)]
    assert results(beside) == results(RESULTS)
    assert results(beside[1:]) == results(RESULTS)


def test_heads_run_together_hide_no_result() -> None:
    rows = [["Assay", "Result Flag", "Units", "Reference"]]
    rows += [[r[0], f"{r[1]} {r[2]}".strip(), r[3], r[4]] for r in RESULTS[1:]]
    assert results(rows) == results(RESULTS)


def test_a_sheet_without_column_lines_is_one_of_rows() -> None:
    rows = [[" ".join(filter(None, row))] for row in RESULTS]
    assert results(rows) == results(RESULTS)


def test_of_two_words_the_heads_tell_which_one_was_found() -> None:
    rows = ["Hepatitis C antibody Reactive Non-reactive", "T-SPOT.TB Negative Negative"]
    told = results([["Test Result Expected"], *([row] for row in rows)])
    assert {frozenset(("anti_hcv", "positive", "2026-09-03"))} <= told
    unknown = results([[row] for row in rows])
    assert not any("anti_hcv" in result for result in unknown)


def test_a_range_under_units_is_a_range_and_a_value_in_the_cell_of_the_name_is_doubtful() -> None:
    rows = [
        ["Test", "Result", "Units", "Reference"],
        ["LDH", "388 H", "125 - 243 U/L", ""],
        ["Aldolase l122 H", "1 - 8", "U/L", ""],
    ]
    labs = {r.analyte: r for r in case_of(rows, "Drawn: 09/03/2026", PageKind.LABORATORY).labs}
    assert (labs["ldh"].value, labs["ldh"].unit, labs["ldh"].ref_high) == (388, "U/L", 243)
    assert not labs["ldh"].doubtful
    assert labs["aldolase"].doubtful


def test_names_are_told_by_likeness_but_not_against_their_units() -> None:
    rows = [
        ["Test", "Result", "Units", "Reference"],
        ["HEPATITIS C ANTIBDY", "NEGATIVE", "", ""],
        ["lgA", "188", "mg/dL", "61-437"],
        ["CREATINE KNASE, TOTAL", "455", "U/L", "26-192"],
        ["IMMUNOGLOBLIN M", "77", "seconds", "20-80"],
        ["Collected by", "A. Nurse", "", ""],
    ]
    told = {r.analyte for r in case_of(rows, "Drawn: 09/03/2026", PageKind.LABORATORY).labs}
    assert told == {"anti_hcv", "iga", "creatine_kinase"}


def test_a_long_name_goes_on_below_and_a_day_stands_for_several_rows() -> None:
    rows = [
        ["Collected", "Test", "Result", "Units", "Reference"],
        ["09/03/2026", "Hepatitis B virus core", "Reactive", "", "Non-reactive"],
        ["", "antibody, total", "", "", ""],
        ["", "Platelet Count", "131 x", "", "150 - 400 x"],
        ["", "", "10^9/L", "", "10^9/L"],
        ["07/01/2026", "Aldolase", "9.9", "U/L", "1.5-8.1"],
        ["", "Potassium", "4.4", "mmol/L", "3.5-5.1"],
    ]
    assert results(rows) == {
        frozenset(line.split())
        for line in (
            "anti_hbc positive 2026-09-03",
            "platelets 131 10*9/L 150..400 low 2026-09-03",
            "aldolase 9.9 U/L 1.5..8.1 high 2026-07-01",
            "potassium 4.4 mmol/L 3.5..5.1 normal 2026-07-01",
        )
    }


@pytest.mark.parametrize(
    "line", ["Bled 09/03/2026", "Venous blood, 09/03/2026 07:15", "Sample:\t09/03/2026"]
)
def test_a_lone_day_that_is_of_nothing_else_is_that_of_collection(line: str) -> None:
    above = f"DOB 02/02/1961\n{line}\nPrinted 09/09/2026"
    labs = case_of(RESULTS, above, PageKind.LABORATORY).labs
    assert {lab.collected.iso for lab in labs if lab.collected} == {"2026-09-03"}


@pytest.mark.parametrize("line", ["Report generated: 09/09/2026", "Ordered 09/01/2026"])
def test_the_day_of_a_report_or_order_is_none_of_collection(line: str) -> None:
    assert not any(lab.collected for lab in case_of(RESULTS, line, PageKind.LABORATORY).labs)


def test_a_title_row_gives_the_day() -> None:
    rows = [["09/03/2026", "", "", "", ""], *RESULTS]
    labs = case_of(rows, "Printed 09/09/2026", PageKind.LABORATORY).labs
    assert {lab.collected.iso for lab in labs if lab.collected} == {"2026-09-03"}


def test_a_log_of_doses_takes_its_drug_from_head_or_title() -> None:
    rows = [
        ["From", "To", "Prednisolone per day", "Remarks"],
        ["03/02/2026", "03/29/2026", "50 mg", "no better"],
        ["03/30/2026", "present", "35 mg", ""],
    ]
    steps = {
        "prednisolone 50 2026-03-02 2026-03-29 - past failed",
        "prednisolone 35 2026-03-30 - - current unknown",
    }
    assert courses(rows, "Visit 09/10/2026\nSTEROID LOG") == steps
    rows[0][2] = "Per day"
    assert courses(rows, "Visit 09/10/2026\nPREDNISOLONE LOG") == steps


def test_drugs_of_a_regimen_share_dates_and_outcome_but_no_dose() -> None:
    rows = [
        ["Regimen", "Dates", "Outcome"],
        ["Azathioprine/Prednisolone (AP)", "2025-02-03 - 2025-06-30", "No response"],
        ["Methotrexate 15 mg + Dexamethasone 4 mg", "2025-07-07 - 2025-11-10", "No response"],
    ]
    assert courses(rows) == {
        "azathioprine - 2025-02-03 2025-06-30 - past failed",
        "prednisolone - 2025-02-03 2025-06-30 - past failed",
        "methotrexate 15 2025-07-07 2025-11-10 - past failed",
        "dexamethasone 4 2025-07-07 2025-11-10 - past failed",
    }


def test_a_column_of_status_outweighs_dates() -> None:
    rows = [
        ["Medication", "Sig", "Start", "Status"],
        ["Azathioprine 50 mg tab", "2 tabs daily", "01/05/2026", "Entered in error"],
        ["Leflunomide 20 mg tab", "1 tab daily", "02/02/2026", "Never filled"],
        ["Lisinopril 10 mg tab", "1 tab daily", "02/01/2024", "Active"],
    ]
    told = {line.split()[0]: line.split()[5] for line in courses(rows)}
    assert told == {
        "azathioprine": "not_taken",
        "leflunomide": "not_taken",
        "lisinopril": "current",
    }


def pages_of(*texts: str) -> Document:
    """Sheets as the pages of one document."""
    body, pages, first = "", [], None
    for number, text in enumerate(texts, 1):
        document, _ = sheet(text + "=>\n")
        first = first or document
        page = document.pages[0].model_dump_json()
        moved = type(document.pages[0]).model_validate_json(page)
        pages.append(_moved(moved, len(body), number))
        body += document.text
    assert first is not None
    source = first.files[0].model_copy(update={"pages": len(texts)})
    return Document(files=(source,), text=body, pages=tuple(pages))


def _moved(page, by: int, number: int):  # type: ignore[no-untyped-def]
    def at(record):  # type: ignore[no-untyped-def]
        update = {k: getattr(record, k) + by for k in ("start", "end") if hasattr(record, k)}
        return record.model_copy(update=update)

    tables = [
        t.model_copy(
            update={
                "cells": tuple(map(at, t.cells)),
                "caption": at(t.caption) if t.caption else None,
            }
        )
        for t in page.tables
    ]
    parts = {"words": tuple(map(at, page.words)), "blocks": tuple(map(at, page.blocks))}
    return at(page).model_copy(update={**parts, "tables": tuple(tables), "number": number})


def test_a_table_that_goes_on_over_the_page_has_its_heads_and_day_before() -> None:
    first = "Drawn: 09/03/2026\n---\n" + printed(RESULTS[:3]) + "\n"
    document = pages_of(first, "---\n" + printed(RESULTS[3:]) + "\n")
    case = build_case("sample", document, extract_mentions(document))
    assert {marks(lab) for lab in case.labs} == results(RESULTS)


ROW = ["Sulfasalazine 1 g twice daily", "03/03/2025 - 08/04/2025", "no benefit whatsoever"]
LONG_HEADS = [
    "Name of medication",
    "Dates (from/to) and how long it was used",
    "What was documented, with side effects and reactions that the person reported",
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_one_row_under_long_heads_is_a_course_in_any_order(order: tuple[int, ...]) -> None:
    rows = [[line[i] for i in order] for line in (LONG_HEADS, ROW)]
    assert courses(rows) == {"sulfasalazine 1 2025-03-03 2025-08-04 - past failed"}


def test_a_name_that_is_broken_in_its_cell_is_read() -> None:
    rows = [
        ["Medication", "Begun", "Ended", "Outcome"],
        ["Methotrexate/Hydroxychlo roquine", "02/03/2025", "06/02/2025", "no benefit"],
    ]
    assert courses(rows) == {
        "methotrexate - 2025-02-03 2025-06-02 - past failed",
        "hydroxychloroquine - 2025-02-03 2025-06-02 - past failed",
    }


def test_units_at_both_bounds_and_alleles_in_a_sheet() -> None:
    rows = [
        ["Test", "Result", "Flag", "Reference"],
        ["Hemoglobin", "9.8 g/dL", "L", "12.0 g/dL - 15.5 g/dL"],
        ["TPMT genotype", "*1/*3A", "", "*1/*1"],
        ["Aldolase", "6.6 U/L", "", "1.5 U/L to 8.1 U/L"],
    ]
    assert results(rows) == {
        frozenset(line.split())
        for line in (
            "hemoglobin 9.8 g/dL 12..15.5 low 2026-09-03",
            "aldolase 6.6 U/L 1.5..8.1 normal 2026-09-03",
        )
    }


def test_course_and_result_in_one_cell_and_heads_in_two_rows() -> None:
    together = [
        ["Therapy", "Course and result"],
        ["Leflunomide 20 mg daily", "02/03/2025 to 06/02/2025, ineffective"],
    ]
    assert courses(together) == {"leflunomide 20 2025-02-03 2025-06-02 - past failed"}
    below = [
        ["Medication", "Therapy", "", "Result"],
        ["", "Start", "Stop", ""],
        ["Leflunomide 20 mg daily", "02/03/2025", "06/02/2025", "ineffective"],
    ]
    assert courses(below) == {"leflunomide 20 2025-02-03 2025-06-02 - past failed"}


def test_a_status_with_its_day_under_heads_of_other_tables() -> None:
    rows = [
        ["Generic (Brand)", "Strength", "Directions", "Started", "Status"],
        [
            "sulfasalazine (Azulfidine)",
            "500 mg",
            "twice daily",
            "03/03/2025",
            "Discontinued 06/02/2025",
        ],
        ["folic acid", "1 mg", "daily", "03/03/2025", "Active"],
    ]
    assert {e.split()[-2] for e in courses(rows) if e.startswith("sulfa")} == {"past"}
