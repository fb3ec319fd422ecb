"""Of whom, of which column and of which organ something is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.ingest import read_submission
from pipeline.ingest.identity import marks_of
from pipeline.nlp import extract_mentions
from pipeline.normalize import build_case
from pipeline.schema import About, Assertion, PageKind
from tests.ingest.pages import grid, lines, pdf
from tests.notes import MODELS, case_of


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Concerning: Ada Quill, born 5 October 1974, certificate 12", {"Ada Quill"}),
        ("The file of Ada Quill, born 04/05/1961", {"Ada Quill"}),
        ("Ada Quill, born in Utrecht, seen 04/05/2026", set()),
    ],
)
def test_a_name_before_a_birth_date(text: str, names: set[str]) -> None:
    assert {n.printed for n in marks_of(text).names} == names


def test_a_clause_without_a_person_goes_on_about_the_same_relative() -> None:
    case = case_of(
        "Older sister has polymyositis too, azathioprine failed; on rituximab 1 yr, doing well.\n"
    )
    assert {d.about for d in case.medications} == {About.RELATIVE}


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        ("Swallowing: mild, pills only, never aspirated.", Assertion.AFFIRMED),
        ("Swallowing: moderate trouble with solids, no choking.", Assertion.AFFIRMED),
        ("Swallowing: normal, never aspirated.", Assertion.NEGATED),
        ("Swallow and heart normal by history.", Assertion.NEGATED),
    ],
)
def test_an_organ_as_a_label_and_how_bad_it_is(text: str, assertion: Assertion) -> None:
    found = {f.assertion for f in case_of(text).findings if f.finding == "dysphagia"}
    assert found == {assertion}


def test_what_the_cells_are_tells_units_from_ranges(tmp_path: Path) -> None:
    rows = [
        ["Test", "09/15/2026", "Units - Range", ""],
        ["CK", "402", "U/L", "29-168"],
        ["ALT", "30", "U/L", "6-29"],
        ["Creatinine", "0.80", "mg/dL", "0.60-1.00"],
    ]

    def draw(canvas: Canvas) -> None:
        lines("LABORATORY REPORT", "Patient: Ada Quill   DOB: 04/05/1961", y=740)(canvas)
        grid(canvas, [50, 180, 280, 400, 520], [100.0 + 24 * n for n in range(5)], rows)

    document = read_submission([pdf(tmp_path / "a.pdf", draw)])
    case = build_case("a-00000000", document, extract_mentions(document, MODELS), MODELS)
    told = {d.analyte: (d.unit, d.ref_low, d.ref_high) for d in case.labs}
    assert told["creatine_kinase"] == ("U/L", 29, 168)


def test_a_needle_study_is_known_by_its_columns(tmp_path: Path) -> None:
    rows = [
        ["Muscle", "Insertional", "Fibs / PSW", "MUP", "Recruitment"],
        ["R deltoid", "increased", "2+", "short", "early"],
        ["R tibialis", "normal", "0", "normal", "full"],
    ]

    def draw(canvas: Canvas) -> None:
        lines("ELECTRODIAGNOSTIC LABORATORY", "Patient: Ada Quill   DOB: 04/05/1961", y=750)(canvas)
        lines("Nerve conduction: within laboratory limits.", y=700)(canvas)
        grid(canvas, [50, 150, 250, 350, 450, 550], [110.0 + 24 * n for n in range(4)], rows)
        lines("Conclusion. Irritable myopathy of the proximal muscles.", y=560)(canvas)

    document = read_submission([pdf(tmp_path / "a.pdf", draw)])
    assert document.pages[0].kind is PageKind.IMAGING
    case = build_case("a-00000000", document, extract_mentions(document, MODELS), MODELS)
    assert {f.value for f in case.findings if f.finding == "emg"} == {"abnormal"}


def test_a_letter_is_of_the_day_in_its_first_line() -> None:
    body = "She takes prednisone 20 mg daily and has not improved.\n"
    first = "23 November 2026. To: Lakeshore Benefit Fund, Clinical Review.\n"
    apart = "Letter to: Lakeshore Benefit Fund\tNovember 23, 2026\n"
    born = "Ada Quill, birth date\tNovember 23, 1966\n"
    assert {str(case_of(head + body).as_of) for head in (first, apart)} == {"2026-11-23"}
    assert case_of(born + body).as_of is None


def test_a_question_that_is_answered_none_is_no_disease() -> None:
    found = case_of("Current infection? none, afebrile\n").diagnoses
    assert not [d for d in found if d.assertion is Assertion.AFFIRMED]
