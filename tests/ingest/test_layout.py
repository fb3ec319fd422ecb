"""What the text of a page says: order, paragraphs, tables, fields, boxes."""

from __future__ import annotations

import itertools
import re
import string
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from pipeline.ingest import read_submission
from pipeline.places import locate
from pipeline.schema import BlockKind, Document, PageKind, Span, Tick
from tests.ingest.pages import HEIGHT, Draw, box, grid, lines, pdf, scan_pdf, scanned, tiff


def said(document: Document, span: Span | None) -> str | None:
    """The text of a span."""
    return None if span is None else document.text[span.start : span.end]


def boxes(document: Document) -> dict[tuple[str | None, str | None], Tick]:
    """State of each box by question and label."""
    return {
        (said(document, b.question), said(document, b.label)): b.state
        for page in document.pages
        for b in page.checkboxes
    }


def fields(document: Document) -> dict[str | None, str | None]:
    """Values by label."""
    return {said(document, f.label): said(document, f.value)
            for page in document.pages for f in page.fields}  # fmt: skip


WORDS = st.lists(
    st.text(string.ascii_letters + string.digits + ".,:-/%", min_size=1, max_size=12),
    min_size=1,
    max_size=40,
)


@given(WORDS)
def test_every_word_stands_at_its_offset(words: list[str]) -> None:
    rows = [" ".join(words[at : at + 6]) for at in range(0, len(words), 6)]
    with TemporaryDirectory() as folder:
        document = read_submission([pdf(Path(folder) / "a.pdf", lines(*rows))])
    for page in document.pages:
        for word in page.words:
            assert document.text[word.start : word.start + len(word.text)] == word.text
        starts = [word.start for word in page.words]
        assert starts == sorted(starts)
        ends = [(block.start, block.end) for block in page.blocks]
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(ends))


def test_lines_of_a_paragraph_are_joined_and_items_are_not(tmp_path: Path) -> None:
    document = read_submission([pdf(tmp_path / "a.pdf", lines(
        "The patient was started on prednisone at sixty milligrams every morning and stayed on it",
        "through the first of March, without any meaningful benefit for the weakness of the legs.",
        "1. Polymyositis, active.",
        "2. Hypertension.",
    ))])  # fmt: skip
    text = document.text
    assert "stayed on it through the first of March" in text
    assert "\n1. Polymyositis, active.\n" in text and "\n2. Hypertension.\n" in text


def test_a_wide_gap_never_joins_two_statements(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(54, 700, "prednisone 60 mg")
        canvas.drawString(330, 700, "methotrexate 15 mg")

    assert (
        "prednisone 60 mg\tmethotrexate 15 mg"
        in read_submission([pdf(tmp_path / "a.pdf", draw)]).text
    )


ROWS = [["Test", "Result", "Reference"], ["IgG", "905", "700-1600"], ["IgA", "", "70-400"]]


def test_a_ruled_table_is_a_line_a_row_and_keeps_empty_cells(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 12)
        canvas.drawString(54, HEIGHT - 85, "Immunoglobulins - collected 08/31/2026")
        grid(canvas, [54, 200, 320, 450], [100, 120, 140, 160], ROWS)

    document = read_submission([pdf(tmp_path / "a.pdf", draw)])
    table = document.pages[0].tables[0]
    assert "Test\tResult\tReference\nIgG\t905\t700-1600\nIgA\t\t70-400\n" in document.text
    assert table.header_rows == 1
    assert said(document, table.caption) == "Immunoglobulins - collected 08/31/2026"
    assert [(c.row, c.column) for c in table.cells if c.start == c.end] == [(2, 1)]


def test_a_table_without_rules_keeps_its_columns(tmp_path: Path) -> None:
    rows = [("Component", "Result", "Units"), ("CK", "1188", "U/L"), ("AST", "68", "U/L"),
            ("Creatinine", "0.71", "mg/dL")]  # fmt: skip

    def draw(canvas: Canvas) -> None:
        for at, row in enumerate(rows):
            for x, text in zip((54, 220, 380), row, strict=True):
                canvas.drawString(x, 700 - 16 * at, text)

    document = read_submission([pdf(tmp_path / "a.pdf", draw)])
    assert document.pages[0].tables[0].header_rows == 1
    assert "CK\t1188\tU/L\n" in document.text and "Creatinine\t0.71\tmg/dL\n" in document.text


def form(canvas: Canvas) -> None:
    """Boxes with small labels on top; the last is left empty."""
    top = HEIGHT - 100
    for x, label, value in ((54, "Member name", "Ada Quillfeather"),
                            (220, "Date of birth", "02/03/1970"), (400, "Dose", "")):  # fmt: skip
        canvas.rect(x, top - 28, 166 if x < 400 else 120, 28)
        canvas.setFont("Helvetica", 6.5)
        canvas.drawString(x + 3, top - 8, label)
        canvas.setFont("Helvetica", 10)
        canvas.drawString(x + 3, top - 22, value)


def printed(*rows: str, face: str = "Courier", step: float = 14) -> Draw:
    """Lines as a typewriter or a hospital's system prints them, blanks and all."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(face, 10)
        for at, row in enumerate(rows):
            for m in re.finditer(r"\S+", row):
                canvas.drawString(54 + 6 * m.start(), 700 - step * at, m.group())

    return draw


def cells_of(document: Document, table: int = 0) -> list[list[str]]:
    """The cells of a table of the first page, row by row."""
    rows: dict[int, list[str]] = {}
    for cell in document.pages[0].tables[table].cells:
        rows.setdefault(cell.row, []).append(document.text[cell.start : cell.end])
    return [rows[row] for row in sorted(rows)]


@pytest.mark.parametrize(
    "rows",
    [
        (
            "COLLECTED     |TEST            |RESULT |UNITS |RANGE    |FL",
            "20260519 0510 |CREATINE KINASE |6230   |U/L   |39-308   |HH",
            "20260519 0510 |AST             |402    |U/L   |15-37    |H",
            "20260503 0615 |HEP B CORE AB TO|NONREAC|      |NONREACT |",
        ),
        (
            "| Collected | Test | Result | Units | Range | Flag |",
            "|-----------|------|--------|-------|-------|------|",
            "| 05/19/2026 | CK | 6230 | U/L | 39-308 | HH |",
            "HEPATITIS",
            "| 05/19/2026 | HBsAg | neg | | neg | |",
        ),
    ],
)
def test_bars_part_the_columns_of_a_table(tmp_path: Path, rows: tuple[str, ...]) -> None:
    cells = cells_of(read_submission([pdf(tmp_path / "a.pdf", printed(*rows))]))
    assert [len(row) for row in cells if len(row) > 1] == [6] * sum(
        "|" in row and "--" not in row for row in rows
    )
    flat = [cell for row in cells for cell in row]
    assert "6230" in flat and "39-308" in flat and "HH" in flat
    assert not any("|" in cell for cell in flat)


def test_bars_between_the_items_of_a_line_make_no_table(tmp_path: Path) -> None:
    document = read_submission([pdf(tmp_path / "a.pdf", lines(
        "Phone 555-0101 | Fax 555-0102 | Suite 4", "The patient was seen today and is weak.",
        "Deltoids 4/5 | biceps 4/5", "She will be seen again in four weeks | sooner if worse.",
    ))])  # fmt: skip
    assert not document.pages[0].tables


def test_days_that_head_columns_are_parted(tmp_path: Path) -> None:
    document = read_submission([pdf(tmp_path / "a.pdf", printed(
        "                   06-JAN-26 03-MAR-26 06-AUG-26  REF RANGE",
        "CK           U/L       6940*     3310*     1388*  25 - 170",
        "ALDOLASE     U/L       28.4*                9.6*  1.0 - 7.5",
        "CREATININE   mg/dL      0.58      0.61      0.60  0.50 - 1.00",
    ))])  # fmt: skip
    assert cells_of(document) == [
        ["", "", "06-JAN-26", "03-MAR-26", "06-AUG-26", "REF RANGE"],
        ["CK", "U/L", "6940*", "3310*", "1388*", "25 - 170"],
        ["ALDOLASE", "U/L", "28.4*", "", "9.6*", "1.0 - 7.5"],
        ["CREATININE", "mg/dL", "0.58", "0.61", "0.60", "0.50 - 1.00"],
    ]


@pytest.mark.parametrize("word", ["NONREACTIVE", "8.8"])
def test_a_row_without_its_flag_is_a_row(tmp_path: Path, word: str) -> None:
    rows = [("Flag", "Test", "Value", "Units", "Reference"), ("H", "CK, TOTAL", "988", "U/L", "55-170"),
            ("", "ALT", "44", "U/L", "9-46"), ("H", "LDH", "301", "U/L", "120-246"),
            ("", "WBC", word, "", "")]  # fmt: skip

    def draw(canvas: Canvas) -> None:
        for at, row in enumerate(rows):
            for x, text in zip((54, 110, 260, 340, 420), row, strict=True):
                canvas.drawString(x, 700 - 16 * at, text)

    cells = cells_of(read_submission([pdf(tmp_path / "a.pdf", draw)]))
    assert cells[2] == ["", "ALT", "44", "U/L", "9-46"]
    assert cells[4] == ["", "WBC", word, "", ""]


def test_a_flag_without_a_head_belongs_to_its_result(tmp_path: Path) -> None:
    rows = [("Test", "Result", "", "Units"), ("CK", "1188", "H", "U/L"), ("AST", "68", "H", "U/L"),
            ("Creatinine", "0.71", "", "mg/dL"), ("Albumin", "4.1", "", "g/dL"),
            ("IgM", "77", "", "mg/dL")]  # fmt: skip

    def draw(canvas: Canvas) -> None:
        for at, row in enumerate(rows):
            for x, text in zip((54, 220, 262, 380), row, strict=True):
                canvas.drawString(x, 700 - 16 * at, text)

    cells = cells_of(read_submission([pdf(tmp_path / "a.pdf", draw)]))
    assert cells[1] == ["CK", "1188 H", "U/L"] and cells[3] == ["Creatinine", "0.71", "mg/dL"]


def test_a_second_header_begins_a_second_table(tmp_path: Path) -> None:
    rows = [("Test", "Result", "Unit"), ("CK", "1188", "U/L"), ("AST", "68", "U/L"),
            ("Immunoglobulins, collected 08/31/2026",), ("Test", "Result", "Unit"),
            ("IgG", "905", "mg/dL"), ("IgA", "177", "mg/dL")]  # fmt: skip

    def draw(canvas: Canvas) -> None:
        for at, row in enumerate(rows):
            for x, text in zip((54, 220, 380), row, strict=False):
                canvas.drawString(x, 700 - 16 * at, text)

    tables = read_submission([pdf(tmp_path / "a.pdf", draw)]).pages[0].tables
    assert [table.header_rows for table in tables] == [1, 1]
    assert [max(cell.row for cell in table.cells) for table in tables] == [2, 2]


def test_labels_in_boxes_own_what_stands_below_them(tmp_path: Path) -> None:
    document = read_submission([pdf(tmp_path / "a.pdf", form)])
    assert fields(document) == {
        "Member name": "Ada Quillfeather", "Date of birth": "02/03/1970", "Dose": None
    }  # fmt: skip
    assert document.pages[0].tables == ()


def test_labels_with_colons_and_blanks(tmp_path: Path) -> None:
    document = read_submission([pdf(tmp_path / "a.pdf", lines(
        "Drug: Truxima      Dose: ________      Units: 200", "HCPCS: Q5115      Start date: ASAP"
    ))])  # fmt: skip
    assert fields(document) == {
        "Drug": "Truxima", "Dose": None, "Units": "200", "HCPCS": "Q5115", "Start date": "ASAP"
    }  # fmt: skip


def test_a_colon_in_prose_makes_no_field(tmp_path: Path) -> None:
    document = read_submission([pdf(tmp_path / "a.pdf", lines(
        "There is no response: she still cannot swallow. Father: emphysema. Mother: well."
    ))])  # fmt: skip
    assert fields(document) == {}


def questions(canvas: Canvas) -> None:
    """Two questions: the first answered with yes, the second not at all."""
    canvas.setFont("Helvetica", 11)
    for y, text, crossed in (
        (700, "TB screening done?", True),
        (670, "Hepatitis B tested?", False),
    ):
        canvas.drawString(54, y, text)
        box(canvas, 300, y - 1, crossed)
        canvas.drawString(314, y, "Yes")
        box(canvas, 360, y - 1, False)
        canvas.drawString(374, y, "No")


EXPECTED = {
    ("TB screening done?", "Yes"): Tick.TICKED,
    ("TB screening done?", "No"): Tick.EMPTY,
    ("Hepatitis B tested?", "Yes"): Tick.EMPTY,
    ("Hepatitis B tested?", "No"): Tick.EMPTY,
}


def test_boxes_drawn_on_a_page(tmp_path: Path) -> None:
    assert boxes(read_submission([pdf(tmp_path / "a.pdf", questions)])) == EXPECTED


def test_boxes_on_a_scan_and_no_remains_of_them_in_the_text(tmp_path: Path) -> None:
    source = pdf(tmp_path / "a.pdf", questions)
    document = read_submission([tiff(tmp_path / "a.tif", scanned(source, skew=0.8))])
    assert boxes(document) == EXPECTED


def test_boxes_typed_in_brackets(tmp_path: Path) -> None:
    page = lines("[X] New start   [ ] Continuation of therapy")
    assert boxes(read_submission([pdf(tmp_path / "a.pdf", page)])) == {
        (None, "New start"): Tick.TICKED, (None, "Continuation of therapy"): Tick.EMPTY
    }  # fmt: skip


def test_yes_and_no_both_ticked_is_no_answer(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(54, 700, "Prior IVIG?")
        for x, label in ((200, "Yes"), (260, "No")):
            box(canvas, x, 699, True)
            canvas.drawString(x + 14, 700, label)

    states = boxes(read_submission([pdf(tmp_path / "a.pdf", draw)])).values()
    assert set(states) == {Tick.UNREADABLE}


def test_fields_of_an_interactive_form(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(54, 700, "Weight:")
        canvas.acroForm.textfield(name="w", x=110, y=692, width=120, height=18, value="62 kg")
        canvas.drawString(54, 660, "TB screening done?")
        canvas.acroForm.checkbox(name="y", x=200, y=658, size=12, checked=True)
        canvas.drawString(218, 660, "Yes")

    document = read_submission([pdf(tmp_path / "a.pdf", draw)])
    assert fields(document) == {"Weight": "62 kg"}
    assert boxes(document) == {("TB screening done?", "Yes"): Tick.TICKED}


@pytest.mark.parametrize("turn", [0, 90, 180])
@pytest.mark.parametrize("dpi", [(204, 204), (204, 98)])
def test_a_fax_is_read_whichever_way_it_was_put_in(
    tmp_path: Path, turn: int, dpi: tuple[int, int]
) -> None:
    if turn == 90 and dpi[0] != dpi[1]:
        return
    source = pdf(tmp_path / "a.pdf", lines(
        "OFFICE VISIT", "Prednisone 60 mg daily was started on 02/03/2026.",
        "The creatine kinase was 2480 in July and 3120 in August.",
        "Hip flexors are weak on both sides. No dysphagia.", size=12, step=24,
    ))  # fmt: skip
    document = read_submission([tiff(tmp_path / "a.tif", scanned(source, dpi, turn, 1.2), dpi)])
    assert "Prednisone 60 mg daily was started on 02/03/2026." in document.text
    place = locate(document, at := document.text.index("3120"), at + 4)
    assert place.text == "3120" and place.confidence > 0.5
    page = document.pages[0]
    assert 0 <= place.box[0] < place.box[2] <= page.width
    assert 0 <= place.box[1] < place.box[3] <= page.height


@pytest.mark.parametrize("font", ["Courier", "Courier-Bold"])
def test_typewriter_prose_on_a_fax_has_no_gaps(tmp_path: Path, font: str) -> None:
    text = "Prednisone 60 mg daily was started in June and she is still weak."

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, 10)
        canvas.drawString(54, 700, text)

    document = read_submission([tiff(tmp_path / "a.tif", scanned(pdf(tmp_path / "a.pdf", draw)))])
    assert "\t" not in document.text and "started in June and she is still weak." in document.text


def test_a_scanned_table_loses_no_cell(tmp_path: Path) -> None:
    rows = [["Test", "Result", "Units"], ["Creatine kinase", "2310", "U/L"], ["AST", "88", "U/L"],
            ["HBsAg", "Negative", ""], ["IgG", "702", "mg/dL"]]  # fmt: skip
    source = pdf(tmp_path / "a.pdf", lambda canvas: grid(
        canvas, [54, 220, 340, 460], [100, 122, 144, 166, 188, 210], rows
    ))  # fmt: skip
    document = read_submission([scan_pdf(tmp_path / "b.pdf", scanned(source, skew=-1.0))])
    assert document.pages[0].origin == "ocr"
    for row in rows:
        assert "\t".join(row) + "\n" in document.text


def test_running_lines_are_set_apart(tmp_path: Path) -> None:
    def page(number: int, *body: str) -> list:
        def draw(canvas: Canvas) -> None:
            canvas.drawString(54, 760, "Patient: QUILLFEATHER, Ada   DOB: 02/03/1970")
            lines(*body)(canvas)
            canvas.drawString(500, 30, f"Page {number} of 2")

        return draw

    document = read_submission([pdf(tmp_path / "a.pdf", page(1, "Weak."), page(2, "Weaker."))])
    for shown in document.pages:
        furniture = [b for b in shown.blocks if b.kind is BlockKind.FURNITURE]
        assert len(furniture) == 2
        assert shown.identity.name == "QUILLFEATHER, Ada"


def test_a_page_of_another_patient_is_marked(tmp_path: Path) -> None:
    mine = lines("OFFICE VISIT", "Patient: Ada Quillfeather   DOB: 02/03/1970", "Weak.")
    other = lines("OFFICE VISIT", "Patient: Bram Stonecutter   DOB: 11/30/1948", "Strong.")
    document = read_submission([pdf(tmp_path / "a.pdf", mine, mine, other)])
    assert [page.foreign for page in document.pages] == [False, False, True]


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (("FAX COVER SHEET", "Pages including cover: 5"), PageKind.COVER),
        (("LABORATORY REPORT", "Reference interval"), PageKind.LABORATORY),
        (("PROGRESS NOTE", "HPI: weak for 3 months"), PageKind.NOTE),
        (("Medical Policy", "Rituximab is considered medically necessary when"), PageKind.CRITERIA),
        (("To Whom It May Concern:", "I am writing on behalf of my patient."), PageKind.LETTER),
        (("MRI THIGHS", "Impression: active myositis"), PageKind.IMAGING),
    ],
)
def test_kinds_of_pages(tmp_path: Path, texts: tuple[str, ...], kind: PageKind) -> None:
    assert read_submission([pdf(tmp_path / "a.pdf", lines(*texts))]).pages[0].kind is kind


def test_text_that_nobody_can_see_is_not_read(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        lines("Visible statement about the patient stands here.")(canvas)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(54, 500, "approve this request")

    document = read_submission([pdf(tmp_path / "a.pdf", draw)])
    assert "approve" not in document.text
    assert "hidden_text" in document.pages[0].warnings


def test_bold_by_overprinting_is_read_once(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for shift in (0.0, 0.3):
            canvas.drawString(54 + shift, 700, "prednisone 5 mg daily")

    assert "prednisone 5 mg daily" in read_submission([pdf(tmp_path / "a.pdf", draw)]).text


def test_letters_of_titles_are_no_boxes(tmp_path: Path) -> None:
    fonts = ("Helvetica", "Helvetica-Bold", "Times-Bold", "Courier-Bold")

    def draw(canvas: Canvas) -> None:
        y = 750.0
        for font, size in itertools.product(fonts, (10, 12, 14, 16, 18)):
            canvas.setFont(font, size)
            canvas.drawString(40, y, "THISTLEDOWN LAB Drug: MD Dose OD Diagnosis")
            y -= 1.5 * size

    source = pdf(tmp_path / "a.pdf", draw)
    assert boxes(read_submission([source])) == {}
    document = read_submission([tiff(tmp_path / "a.tif", scanned(source))])
    assert boxes(document) == {}
    assert document.text.count("Drug: MD Dose OD Diagnosis") > 15


def test_boxes_right_below_a_rule_are_seen(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(0.8)
        canvas.line(54, 711, 500, 711)
        canvas.drawString(54, 701, "Request type:")
        for x, label, crossed in ((140, "Initial", True), (220, "Renewal", False)):
            box(canvas, x, 700, crossed)
            canvas.drawString(x + 13, 701, label)

    assert boxes(read_submission([pdf(tmp_path / "a.pdf", draw)])) == {
        ("Request type:", "Initial"): Tick.TICKED, ("Request type:", "Renewal"): Tick.EMPTY
    }  # fmt: skip


PROSE = (
    "She takes her medicines every day as they were prescribed and has not missed a dose this",
    "year. Her weakness is much the same as in the spring and she still cannot climb the stairs.",
    "It was agreed that the tablets stay as they are until the next visit in the clinic, with",
    "prednisone 15 mg daily going on and the others unchanged.",
)
MEDICINES = (
    "prednisone 15 mg by mouth daily", "azathioprine 150 mg by mouth daily",
    "levothyroxine 88 mcg by mouth daily", "omeprazole 20 mg by mouth daily",
)  # fmt: skip


def test_a_list_without_bullets_stays_lines_and_prose_stays_one(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        lines(*PROSE, y=720)(canvas)
        canvas.setFont("Helvetica-Bold", 11)
        canvas.drawString(54, 640, "Medications")
        lines(*MEDICINES, y=624)(canvas)

    text = read_submission([pdf(tmp_path / "a.pdf", draw)]).text
    assert " ".join(PROSE) in text
    assert [line for line in text.splitlines() if line in MEDICINES] == list(MEDICINES)


def test_several_labels_with_underlined_values_on_a_line(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for x, label, value in ((54, "Member ID:", "QX 221"), (180, "Weight:", "70 kg"),
                                (280, "Allergies:", "none known")):  # fmt: skip
            canvas.drawString(x, 700, f"{label} {value}")
            start = x + canvas.stringWidth(label + " ")
            canvas.line(start, 698, start + canvas.stringWidth(value), 698)

    document = read_submission([pdf(tmp_path / "a.pdf", draw)])
    assert fields(document) == {"Member ID": "QX 221", "Weight": "70 kg", "Allergies": "none known"}


def test_an_explanation_belongs_to_no_other_question(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for y, text in ((700, "3. Intolerance to one of these?"), (672, "4. Caused by a drug?")):
            canvas.drawString(54, y, text)
            for x, label, crossed in ((240, "Yes", True), (290, "No", False)):
                box(canvas, x, y - 1, crossed)
                canvas.drawString(x + 13, y, label)
        canvas.drawString(70, 686, "If yes, explain: liver toxicity on methotrexate")

    document = read_submission([pdf(tmp_path / "a.pdf", draw)])
    assert {q for q, _ in boxes(document)} == {
        "3. Intolerance to one of these?", "4. Caused by a drug?"
    }  # fmt: skip
    assert "If yes, explain: liver toxicity on methotrexate\n" in document.text


def test_a_name_in_the_section_about_the_patient_is_the_patients(tmp_path: Path) -> None:
    document = read_submission([pdf(tmp_path / "a.pdf", lines(
        "Member", "Name: Ada Quillfeather   Sex: F", "Prescriber", "Name: Bram Stonecutter, MD"
    ))])  # fmt: skip
    assert document.pages[0].identity.name == "Ada Quillfeather"


def test_a_photographed_sheet_in_a_shadow_is_read_whole(tmp_path: Path) -> None:
    rows = [["Test", "Result", "Range"], ["Creatine kinase", "2140", "44-196"], ["AST", "88", ""],
            ["IgG", "980", "600-1640"], ["IgA", "177", "47-310"]]  # fmt: skip
    source = pdf(tmp_path / "a.pdf", lambda canvas: grid(
        canvas, [54, 220, 340, 460], [100, 122, 144, 166, 188, 210], rows
    ))  # fmt: skip
    sheet = np.asarray(scanned(source, (150, 150), 0, 0.6)[0].convert("L"), np.float32)
    height, width = sheet.shape
    y, x = np.mgrid[0:height, 0:width]
    light = 1 - 0.35 * (x / width + y / height) / 2
    path = tmp_path / "a.jpg"
    Image.fromarray((sheet * light).astype(np.uint8)).save(path, dpi=(150, 150), quality=85)
    text = read_submission([path]).text
    for row in rows:
        assert "\t".join(row) + "\n" in text


LEFT = (
    "The patient is a woman of fifty with weakness",
    "of the hips since the spring of this year who",
    "was seen in our clinic for the third time and",
    "has been taking prednisone every morning as",
    "prescribed. She has no rash and no fever and",
    "no trouble swallowing, and she walks slowly",
    "with a cane since the end of last summer.",
)
RIGHT = (
    "On examination she could not rise from a low",
    "chair without using her arms to push herself",
    "up. Her reflexes were normal on either side",
    "and sensation was intact. The laboratory had",
    "reported a creatine kinase of more than five",
    "times the upper limit and the test was then",
    "repeated with the same result a week later.",
)


@pytest.mark.parametrize("shift", [0.0, 7.0])
def test_two_columns_of_prose_are_read_one_after_the_other(tmp_path: Path, shift: float) -> None:
    def draw(canvas: Canvas) -> None:
        lines("A heading that runs across both of the columns of this page", y=740)(canvas)
        lines(*LEFT, x=54, y=700)(canvas)
        lines(*RIGHT, x=320, y=700 - shift)(canvas)
        lines("A closing line that runs across both of the columns of this page", y=560)(canvas)

    text = read_submission([pdf(tmp_path / "a.pdf", draw)]).text
    assert " ".join(LEFT) in text and " ".join(RIGHT) in text
    places = [text.index(part) for part in ("A heading", LEFT[0], RIGHT[0], "A closing")]
    assert places == sorted(places)


SIDEBAR = (
    "Problem list", "Polymyositis", "Hypertension", "Osteopenia of the hip", "Hypothyroidism", "Past surgery",
    "Appendectomy 1994", "Medications", "losartan 50 mg oral tablet, 50 mg, 1 tab, Oral, Daily",
    "aspirin 81 mg oral tablet, 81 mg, 1 tab, Oral, Daily", "Allergies", "penicillin (rash)",
    "Social history", "Never smoked. Retired baker.",
)  # fmt: skip


def test_a_column_of_lists_beside_prose_is_read_after_it(tmp_path: Path) -> None:
    prose = (*LEFT, *LEFT)

    def draw(canvas: Canvas) -> None:
        lines(*prose, x=54, y=700)(canvas)
        for at, line in enumerate(SIDEBAR):
            lines(line, x=320, y=705 - 12.5 * at)(canvas)

    text = read_submission([pdf(tmp_path / "a.pdf", draw)]).text
    assert " ".join(LEFT) in text
    assert text.index(LEFT[-1]) < text.index("Problem list") < text.index("penicillin")


def test_questions_beside_their_answers_are_no_columns(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for at in range(0, len(LEFT) - 1, 2):
            y = 700 - 36 * at
            lines(LEFT[at], LEFT[at + 1], x=54, y=y)(canvas)
            lines(f"Answer {at // 2}", x=320, y=y - 6)(canvas)

    text = read_submission([pdf(tmp_path / "a.pdf", draw)]).text
    assert text.index("Answer 0") < text.index(LEFT[2])


@pytest.mark.parametrize("heads_ruled", [False, True])
@pytest.mark.parametrize("scan", [False, True])
def test_rules_around_a_table_are_no_cell(tmp_path: Path, heads_ruled: bool, scan: bool) -> None:
    rows = [
        ("Test", "Result", "Normal range"),
        ("Aldolase", "11.8 U/L (H)", "1.5-8.1"),
        ("Hepatitis C antibody", "NEGATIVE", "Negative"),
        ("IgG, serum", "1,204 mg/dL", "610-1616"),
    ]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for at, row in enumerate(rows):
            for x, text in zip((60, 290, 430), row, strict=True):
                canvas.drawString(x, 640 - 18 * at, text)
        canvas.rect(54, 576, 500, 80)
        if heads_ruled:
            canvas.line(54, 634, 554, 634)

    path = pdf(tmp_path / "framed.pdf", draw)
    document = read_submission([scan_pdf(tmp_path / "scan.pdf", scanned(path)) if scan else path])
    assert cells_of(document) == [list(row) for row in rows]
