"""How well boxes are read: `python -m tests.measure_ticks [--pages N]`.

Pages of Yes/No questions are drawn in every encoding that forms come in, with one box, no box or
(rarely) both boxes of a question ticked, and read as they are or as a fax. A line for each
encoding gives the precision and recall of ticked boxes, how many boxes were read wrongly (as
ticked when empty, or the other way round) and how many were left unreadable though they were not.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import letter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.ingest import read_submission
from pipeline.schema import Tick
from tests.ingest.pages import scan_pdf, scanned, tiff

QUESTIONS = (
    "Has the patient tried a corticosteroid?", "Is the patient pregnant?", "Was hepatitis B excluded?",
    "Is there an active infection?", "Was a muscle biopsy done?", "Does the patient have lung disease?",
    "Will another biologic be given?", "Was the dose lowered without success?", "Is this a renewal?",
    "Has the patient been vaccinated?", "Is the drug given in a hospital?", "Are chart notes attached?",
)  # fmt: skip
Mark = Callable[[Canvas, float, float, float, bool], None]  # canvas, x, y, side, ticked


def crossed(canvas: Canvas, x: float, y: float, side: float, ticked: bool) -> None:
    canvas.rect(x, y, side, side)
    if ticked:
        canvas.line(x + 1, y + 1, x + side - 1, y + side - 1)
        canvas.line(x + 1, y + side - 1, x + side - 1, y + 1)


def checked(canvas: Canvas, x: float, y: float, side: float, ticked: bool) -> None:
    canvas.rect(x, y, side, side)
    if ticked:
        canvas.setLineWidth(1.4)
        canvas.line(x + 1.5, y + side / 2, x + side / 2.5, y + 2)
        canvas.line(x + side / 2.5, y + 2, x + side - 1, y + side + 2)
        canvas.setLineWidth(0.8)


def hooked(canvas: Canvas, x: float, y: float, side: float, ticked: bool) -> None:
    """A tick of a pen whose strokes leave the box on both sides."""
    canvas.rect(x, y, side, side)
    if ticked:
        canvas.setLineWidth(1.8)
        canvas.line(x - 3, y + side + 1, x + side / 3, y - 1)
        canvas.line(x + side / 3, y - 1, x + side + 3, y + side + 2)
        canvas.setLineWidth(0.8)


def slashed(canvas: Canvas, x: float, y: float, side: float, ticked: bool) -> None:
    """One stroke from below the box to above it."""
    canvas.rect(x, y, side, side)
    if ticked:
        canvas.setLineWidth(1.8)
        canvas.line(x - 4, y - 3, x + side + 4, y + side + 3)
        canvas.setLineWidth(0.8)


def filled(canvas: Canvas, x: float, y: float, side: float, ticked: bool) -> None:
    canvas.rect(x, y, side, side, fill=int(ticked))


def lettered(canvas: Canvas, x: float, y: float, side: float, ticked: bool) -> None:
    canvas.rect(x, y, side, side)
    if ticked:
        canvas.setFont("Helvetica-Bold", side)
        canvas.drawCentredString(x + side / 2, y + 1.4, "X")
        canvas.setFont("Helvetica", 10)


def bracketed(canvas: Canvas, x: float, y: float, _side: float, ticked: bool) -> None:
    canvas.drawString(x - 4, y + 1, "[X]" if ticked else "[ ]")


def dingbat(canvas: Canvas, x: float, y: float, side: float, ticked: bool) -> None:
    """A box of the symbol font, with a tick of the same font over it."""
    canvas.setFont("ZapfDingbats", side + 2)
    canvas.drawString(x, y, "\u274f")
    if ticked:
        canvas.drawString(x + 1, y + 1, "\u2713")
    canvas.setFont("Helvetica", 10)


def stamped(canvas: Canvas, x: float, y: float, side: float, ticked: bool) -> None:
    """A picture of a box, as word processors paste it."""
    picture = Image.new("L", (40, 40), 255)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((1, 1, 38, 38), outline=0, width=3)
    if ticked:
        pen.line((8, 20, 17, 31, 34, 6), fill=0, width=5)
    canvas.drawImage(ImageReader(picture), x, y, side, side)


def field(canvas: Canvas, x: float, y: float, side: float, ticked: bool) -> None:
    canvas.acroForm.checkbox(name=f"f{x:.0f}_{y:.0f}", x=x, y=y, size=side, checked=ticked)


MARKS: dict[str, Mark] = {
    "box and cross": crossed, "box and tick": checked, "box filled": filled, "box and letter X": lettered,
    "tick beyond the box": hooked, "box and slash": slashed,
    "[X] typed": bracketed, "symbol font": dingbat, "picture": stamped, "form field": field,
}  # fmt: skip
WAYS: dict[str, Callable[[Path], Path]] = {
    "digital": lambda path: path,
    "scan 200 dpi": lambda path: scan_pdf(path.with_suffix(".scan.pdf"), scanned(path, skew=0.7)),
    "fine fax": lambda path: tiff(
        path.with_suffix(".tif"), scanned(path, (204, 196), skew=-1.1), (204, 196)
    ),
    "standard fax": lambda path: tiff(
        path.with_suffix(".98.tif"), scanned(path, (204, 98), skew=0.9), (204, 98)
    ),
}
States = dict[tuple[str, str], Tick]


def key(question: str, label: str) -> tuple[str, str]:
    """The end of a question and a label in small letters: how words are read is not the point."""
    return " ".join(question.lower().split()[-2:]), re.sub(r"\W", "", label).lower()


def draw(path: Path, mark: Mark, chance: random.Random) -> States:
    """One page of questions, and what a reader should see."""
    canvas = Canvas(str(path), pagesize=letter)
    canvas.setLineWidth(0.8)
    canvas.setFont("Helvetica-Bold", 12)
    canvas.drawString(54, 740, "PRIOR AUTHORIZATION REQUEST")
    expected: States = {}
    side = chance.choice((8, 9, 10, 12))
    for at, question in enumerate(QUESTIONS):
        y = 700 - 34 * at
        canvas.setFont("Helvetica", 10)
        canvas.drawString(54, y, question)
        answer = chance.choices(("Yes", "No", "", "both"), (5, 5, 2, 1))[0]
        for x, label in ((300, "Yes"), (360, "No")):
            ticked = answer in (label, "both")
            mark(canvas, x, y - 1, side, ticked)
            canvas.drawString(x + side + 5, y, label)
            seen = Tick.TICKED if ticked else Tick.EMPTY
            expected[key(question, label)] = Tick.UNREADABLE if answer == "both" else seen
    canvas.save()
    return expected


def read(path: Path) -> States:
    """The boxes of a page by question and label."""
    document = read_submission([path])
    text = document.text
    return {
        key(text[box.question.start : box.question.end], text[box.label.start : box.label.end]): box.state
        for page in document.pages
        for box in page.checkboxes
        if box.question and box.label
    }  # fmt: skip


def compare(expected: States, found: States, total: Counter[str]) -> None:
    """Count how the boxes of a page were read."""
    for asked, state in expected.items():
        seen = found.get(asked)
        total["boxes"] += 1
        total["missed"] += seen is None
        total["ticked"] += state is Tick.TICKED
        total["ticked found"] += state is seen is Tick.TICKED
        total["read as ticked"] += seen is Tick.TICKED
        total["wrong"] += {state, seen} == {Tick.TICKED, Tick.EMPTY}
        total["wrong"] += state is Tick.UNREADABLE and seen in (Tick.TICKED, Tick.EMPTY)
        total["unreadable"] += seen is Tick.UNREADABLE and state is not Tick.UNREADABLE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=4, help="pages for each encoding and way")
    options = parser.parse_args()
    print("| encoding | read as | boxes | precision | recall | wrong | unreadable | missed |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for name, mark in MARKS.items():
            for way, worn in WAYS.items():
                total: Counter[str] = Counter()
                for seed in range(options.pages):
                    path = Path(folder) / f"{len(name)}{seed}.pdf"
                    expected = draw(path, mark, random.Random(f"{name} {seed}"))
                    compare(expected, read(worn(path)), total)
                precision = total["ticked found"] / max(1, total["read as ticked"])
                recall = total["ticked found"] / max(1, total["ticked"])
                cells = (name, way, total["boxes"], f"{precision:.3f}", f"{recall:.3f}",
                         total["wrong"], total["unreadable"], total["missed"])  # fmt: skip
                print("| " + " | ".join(map(str, cells)) + " |", flush=True)


if __name__ == "__main__":
    main()
