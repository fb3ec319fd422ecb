"""Small invented pages for the tests of ingest."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

Draw = Callable[[Canvas], None]
HEIGHT = letter[1]

# The form of an invented patient, of whom other pages speak or not.
FORM = [
    "PRIOR AUTHORIZATION REQUEST",
    "Patient: Sorley, Ragnhild   DOB: 04/09/1958   MRN: 5512-07",
    "Date of request: 05/02/2026",
    "Requested drug: rituximab (J9312) 1000 mg",
]


def pdf(path: Path, *pages: Draw, password: str = "") -> Path:
    """A PDF with one page per drawing."""
    canvas = Canvas(str(path), pagesize=letter, encrypt=password or None)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def lines(*texts: str, x: float = 54, y: float = 720, size: float = 10, step: float = 14) -> Draw:
    """Lines of text, the first at `y` points from the bottom."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        for at, text in enumerate(texts):
            canvas.drawString(x, y - at * step, text)

    return draw


def grid(canvas: Canvas, lefts: list[float], tops: list[float], rows: list[list[str]]) -> None:
    """A ruled table; `tops` are measured from the top of the page."""
    canvas.setLineWidth(0.8)
    for top in tops:
        canvas.line(lefts[0], HEIGHT - top, lefts[-1], HEIGHT - top)
    for left in lefts:
        canvas.line(left, HEIGHT - tops[0], left, HEIGHT - tops[-1])
    canvas.setFont("Helvetica", 10)
    for top, row in zip(tops, rows, strict=False):
        for left, text in zip(lefts, row, strict=False):
            canvas.drawString(left + 4, HEIGHT - top - 14, text)


def box(canvas: Canvas, x: float, y: float, crossed: bool, side: float = 9) -> None:
    """A box to tick."""
    canvas.setLineWidth(0.8)
    canvas.rect(x, y, side, side)
    if crossed:
        canvas.line(x, y, x + side, y + side)
        canvas.line(x, y + side, x + side, y)


def scanned(
    path: Path, dpi: tuple[int, int] = (204, 204), turn: int = 0, skew: float = 0.0
) -> list:
    """The pages of a PDF as a fax machine would send them."""
    pages = []
    document = pdfium.PdfDocument(str(path))
    document.init_forms()
    for page in document:
        gray = np.array(page.render(scale=300 / 72, grayscale=True).to_pil())
        height, width = gray.shape
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1)
        gray = cv2.warpAffine(gray, matrix, (width, height), borderValue=(255,))
        size = (round(width * dpi[0] / 300), round(height * dpi[1] / 300))
        gray = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
        image = Image.fromarray(gray).point(lambda value: 255 * (value > 150)).convert("1")
        pages.append(image.rotate(turn, expand=True))
    document.close()
    return pages


def tiff(path: Path, pages: list, dpi: tuple[int, int] = (204, 204)) -> Path:
    """A multi-page G4 TIFF."""
    pages[0].save(path, save_all=True, append_images=pages[1:], compression="group4", dpi=dpi)
    return path


def scan_pdf(path: Path, pages: list) -> Path:
    """A PDF of pictures."""
    canvas = Canvas(str(path), pagesize=letter)
    for image in pages:
        held = io.BytesIO()
        image.convert("L").save(held, "PNG")
        held.seek(0)
        canvas.drawImage(ImageReader(held), 0, 0, *letter)
        canvas.showPage()
    canvas.save()
    return path


def spread(left: list[str], right: list[str], top: float = 560) -> Draw:
    """Two sheets side by side on a landscape page; gaps of three blanks are columns."""

    def draw(canvas: Canvas) -> None:
        width, height = landscape(letter)
        canvas.setPageSize((width, height))
        canvas.setFont("Helvetica", 9)
        for x, texts in ((40, left), (width / 2 + 28, right)):
            for at, text in enumerate(texts):
                for column, part in enumerate(text.split("   ")):
                    canvas.drawString(x + 130 * column, top - 15 * at, part)

    return draw
