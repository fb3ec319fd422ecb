"""What a digital page shows, where its characters in a row say something else."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.ingest import read_submission
from pipeline.schema import Document
from tests.ingest.pages import HEIGHT, Draw, grid, lines, pdf, scanned, tiff

FILL = "A line of the note that is long enough to be one."


def read(path: Path, draw: Draw) -> Document:
    def page(canvas: Canvas) -> None:
        lines(FILL, FILL, y=760)(canvas)
        canvas.setFont("Helvetica", 10)
        draw(canvas)

    return read_submission([pdf(path, page)])


def raised(canvas: Canvas, x: float, y: float, before: str, small: str, after: str) -> None:
    """Text with a small raised part in it."""
    canvas.setFont("Helvetica", 10)
    canvas.drawString(x, y, before)
    x += canvas.stringWidth(before, "Helvetica", 10)
    canvas.setFont("Helvetica", 6)
    canvas.drawString(x, y + 4, small)
    x += canvas.stringWidth(small, "Helvetica", 6)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(x, y, after)


def test_a_raised_number_is_a_footnote_or_an_exponent(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        raised(canvas, 54, 700, "LDH 240", "2", " U/L")
        raised(canvas, 54, 680, "Platelets 88 x 10", "9", "/L")
        raised(canvas, 54, 660, "Area 1.9 m", "2", " of skin")
        canvas.drawString(54, 640, "Page 1 of 2")

    text = read(tmp_path / "a.pdf", draw).text
    assert "LDH 240 U/L" in text
    assert "88 x 10^9/L" in text
    assert "1.9 m2 of skin" in text
    assert "Page 1 of 2" in text


def test_letters_printed_twice_are_read_once(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(54, 700, "Ferritin 1155 ng/mL")
        canvas.drawString(54.4, 700, "Ferritin 1155 ng/mL")

    text = read(tmp_path / "a.pdf", draw).text
    assert text.count("Ferritin 1155 ng/mL") == 1


def test_what_a_white_box_hides_is_not_read(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(54, 700, "Ferritin 1155 ng/mL")
        canvas.setFillGray(1)
        canvas.rect(92, 697, 24, 12, stroke=0, fill=1)
        canvas.setFillGray(0)
        canvas.drawString(94, 700, "48")
        canvas.setFillGray(1)
        canvas.rect(50, 655, 200, 14, stroke=0, fill=1)  # a ground that is drawn first
        canvas.setFillGray(0)
        canvas.drawString(54, 660, "Sodium 139 mmol/L")

    text = read(tmp_path / "a.pdf", draw).text
    assert "1155" not in text and "48" in text
    assert "Sodium 139 mmol/L" in text


def test_a_line_through_words_strikes_them(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(54, 700, "Leflunomide stopped")
        canvas.line(54, 703, 107, 703)
        canvas.drawString(54, 680, "Underlined")
        canvas.line(54, 678.5, 100, 678.5)
        canvas.drawString(54, 660, "Marked words")

    path = tmp_path / "a.pdf"
    read(path, draw)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        mark = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.StrikeOut, Rect=[50, 656, 90, 672]
        )
        document.pages[0].obj.Annots = pikepdf.Array([document.make_indirect(mark)])
        document.save(path)
    (page,) = read_submission([path]).pages
    assert [word.text for word in page.words if word.struck] == ["Leflunomide", "Marked"]


def test_words_struck_out_on_a_fax_are_known(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 11)
        for y, text in ((700, "Leflunomide 20 mg daily"), (670, "Taken for ten weeks")):
            canvas.drawString(54, y, text)
        canvas.setLineWidth(1)
        canvas.line(54, 703.5, 54 + canvas.stringWidth("Leflunomide 20 mg daily"), 703.5)
        canvas.line(54, 667, 54 + canvas.stringWidth("Taken for ten weeks"), 667)

    fax = tiff(tmp_path / "a.tif", scanned(pdf(tmp_path / "a.pdf", draw), skew=0.4))
    (page,) = read_submission([fax]).pages
    assert [word.struck for word in page.words] == [True] * 4 + [False] * 4


@pytest.mark.parametrize("scan", [False, True])
def test_a_row_of_a_table_that_a_line_goes_through_is_struck(tmp_path: Path, scan: bool) -> None:
    rows = [
        ["Medicine", "Amount", "Months", "What came of it"],
        ["Leflunomide", "20 mg daily", "02/25 - 06/25", "no change"],
        ["Sulfasalazine", "2 g daily", "07/25 - 09/25", "hives, ended"],
        ["Tofacitinib", "5 mg daily", "10/25 -", "not better"],
        ["Ramipril", "5 mg daily", "2019 -", ""],
    ]

    def draw(canvas: Canvas) -> None:
        tops = [120.0 + 30 * n for n in range(6)]
        grid(canvas, [50, 180, 300, 420, 560], tops, rows)
        canvas.setLineWidth(1.2)
        for n in (2, 3):  # from the first word to the edge of the table, over empty space too
            canvas.line(54, HEIGHT - tops[n] - 11, 554, HEIGHT - tops[n] - 11)
        canvas.drawString(54, HEIGHT - 320, "Signed")  # on a line to write on
        canvas.line(54, HEIGHT - 322, 400, HEIGHT - 322)

    path = pdf(tmp_path / "a.pdf", draw)
    (page,) = read_submission([tiff(tmp_path / "a.tif", scanned(path)) if scan else path]).pages
    struck = {word.text for word in page.words if word.struck}
    assert {"2", "5", "g", "mg"} & struck and len(struck) >= 10
    kept = [row for at, row in enumerate(rows) if at not in (2, 3)]
    words = {word for row in kept for cell in row for word in cell.split()} - {
        "-",
        "5",
        "mg",
        "daily",
    }
    assert not words & struck and "Signed" not in struck


def test_an_answer_over_underscores_is_read(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(54, 700, "Drug tried: " + "_" * 30)
        canvas.drawString(120, 701, "leflunomide 20 mg")

    assert "leflunomide 20 mg" in read(tmp_path / "a.pdf", draw).text


def test_numbers_and_words_that_stand_apart(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(54, 700, "CK 3, 870 U/L, but doses of 50, 100, 150 mg")
        canvas.drawString(54, 680, "F e r r i t i n   9 1   n g / m L")

    document = read(tmp_path / "a.pdf", draw)
    assert "CK 3,870 U/L" in document.text and "50, 100, 150 mg" in document.text
    assert "Ferritin" in document.text and "91" in document.text
    doubtful = {word.text for page in document.pages for word in page.words if word.doubtful}
    assert doubtful == {"3,870", "91"}


def test_a_word_broken_at_the_end_of_a_line_is_one(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        lines(
            "She had heard of mycophenolate before.",
            "The treatment was changed in the spring of the year to mycopheno-",
            "late and it was well tolerated; the trial was a steroid-",
            "sparing one for the whole of the time that she was with us.", y=700,
        )(canvas)  # fmt: skip

    text = read(tmp_path / "a.pdf", draw).text
    assert "mycophenolate and" in text
    assert "steroid-sparing" in text
