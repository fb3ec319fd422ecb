"""Boxes that strokes cross, boxes that a font draws solid, and print that is tiny."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.ingest import read_submission
from pipeline.schema import Tick
from tests.ingest.pages import lines, pdf, scanned, tiff
from tests.ingest.test_layout import boxes

ASKED = ("Was plasma exchange given?", "Is it a renewal?", "Was a biopsy done?", "Any infection?")
ANSWERS = ("Yes", "No", "No", "")
Strokes = Callable[[Canvas, float, float], None]


def hook(canvas: Canvas, x: float, y: float) -> None:
    canvas.line(x - 3, y + 10, x + 3, y - 2)
    canvas.line(x + 3, y - 2, x + 13, y + 12)


def slash(canvas: Canvas, x: float, y: float) -> None:
    canvas.line(x - 4, y - 3, x + 13, y + 12)


def cross(canvas: Canvas, x: float, y: float) -> None:
    canvas.line(x - 3, y - 3, x + 12, y + 12)
    canvas.line(x - 3, y + 12, x + 12, y - 3)


def form(strokes: Strokes, solid: bool = False) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        for at, (asked, answer) in enumerate(zip(ASKED, ANSWERS, strict=True)):
            y = 700 - 28 * at
            canvas.setFont("Helvetica", 10)
            canvas.drawString(54, y, asked)
            for x, label in ((300, "Yes"), (370, "No")):
                canvas.drawString(x + 16, y, label)
                canvas.setLineWidth(0.8)
                if solid:
                    canvas.setFont("ZapfDingbats", 10)
                    canvas.drawString(x, y, "n")  # a solid square
                    canvas.setFont("Helvetica", 10)
                else:
                    canvas.rect(x, y - 1, 9, 9)
                canvas.setLineWidth(1.6)
                if answer == label:
                    strokes(canvas, x, y - 1)

    return draw


def ticked(states: dict[tuple[str | None, str | None], Tick]) -> set[tuple[str | None, str | None]]:
    return {box for box, state in states.items() if state is Tick.TICKED}


RIGHT = {(ASKED[0], "Yes"), (ASKED[1], "No"), (ASKED[2], "No")}


@pytest.mark.parametrize("strokes", [hook, slash, cross])
def test_strokes_beyond_a_box_tick_it(tmp_path: Path, strokes: Strokes) -> None:
    states = boxes(read_submission([pdf(tmp_path / "a.pdf", form(strokes))]))
    assert ticked(states) == RIGHT
    assert sorted(states.values()).count(Tick.EMPTY) == 5


def test_strokes_beyond_a_box_on_a_fax(tmp_path: Path) -> None:
    source = pdf(tmp_path / "a.pdf", form(hook))
    states = boxes(read_submission([tiff(tmp_path / "a.tif", scanned(source, skew=0.6))]))
    assert ticked(states) == RIGHT
    assert len(states) == 8


def test_solid_squares_are_boxes_and_strokes_beside_them_tick_them(tmp_path: Path) -> None:
    states = boxes(read_submission([pdf(tmp_path / "a.pdf", form(hook, solid=True))]))
    assert ticked(states) == RIGHT
    assert len(states) == 8


def test_solid_squares_that_are_all_marked_cannot_be_read(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        form(hook, solid=True)(canvas)
        canvas.setLineWidth(1.6)
        for at in range(len(ASKED)):
            for x in (300, 370):
                hook(canvas, x, 699 - 28 * at)

    states = boxes(read_submission([pdf(tmp_path / "a.pdf", draw)]))
    assert not {Tick.TICKED, Tick.EMPTY} & set(states.values())


@pytest.mark.parametrize("dpi", [(300, 300), None])
def test_tiny_print_of_a_picture_is_read(tmp_path: Path, dpi: tuple[int, int] | None) -> None:
    page = lines(
        "OFFICE NOTE",
        "Seen on 10/05/2026. Azathioprine 125 mg daily for sixteen weeks without benefit.",
        "Deltoids 3/5, hip flexors 3/5. CK 2310 U/L on 10/01/2026.",
        y=760, size=5, step=8,
    )  # fmt: skip
    picture = scanned(pdf(tmp_path / "a.pdf", page), (300, 300))[0]
    path = tmp_path / "a.png"
    picture.convert("L").save(path, **({"dpi": dpi} if dpi else {}))
    text = read_submission([path]).text
    assert "Azathioprine 125 mg daily for sixteen weeks" in " ".join(text.split())


@pytest.mark.parametrize("mark", ["(o)", "(*)"])
def test_radio_buttons_that_are_typed(tmp_path: Path, mark: str) -> None:
    asked = ("Prior transplant?", "Any allergy?")

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for at, question in enumerate(asked):
            yes, no = (mark, "( )") if at else ("( )", mark)
            canvas.drawString(54, 700 - 20 * at, question)
            canvas.drawString(300, 700 - 20 * at, f"{yes} yes")
            canvas.drawString(370, 700 - 20 * at, f"{no} no")
        canvas.drawString(54, 600, "Vitamins (o) and minerals")

    document = read_submission([pdf(tmp_path / "a.pdf", draw)])
    told = [box.state for box in document.pages[0].checkboxes]
    assert told == [Tick.EMPTY, Tick.TICKED, Tick.TICKED, Tick.EMPTY]


HEADED = (
    ("Is the disease active?", 0),
    ("Gene therapy before?", 1),
    ("Enrolled in a trial?", None),
)


def headed(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 10)
    for x, head in ((300, "YES"), (360, "NO"), (420, "not known")):
        canvas.drawString(x, 720, head)
    for at, (asked, answer) in enumerate(HEADED):
        y = 700 - 22 * at
        canvas.drawString(54, y, asked)
        for column, x in enumerate((300, 360, 420)):
            canvas.rect(x, y - 1, 9, 9)
            if column == answer:
                cross(canvas, x, y - 1)


def test_a_line_of_heads_says_what_bare_boxes_below_it_mean(tmp_path: Path) -> None:
    states = boxes(read_submission([pdf(tmp_path / "a.pdf", headed)]))
    assert ticked(states) == {(HEADED[0][0], "YES"), (HEADED[1][0], "NO")}
