"""More parts of pages: ticked boxes, drop-down fields, two columns."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.colors import HexColor, black
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, FrameBreak, PageTemplate


class Ticks(Flowable):
    """A row of drawn boxes with captions; widths in inches, one per box; an X where it is on."""

    def __init__(
        self,
        options: Sequence[tuple[bool, str]],
        widths: Sequence[float],
        font: str = "Helvetica",
        size: float = 9,
    ) -> None:
        super().__init__()
        self.options, self.widths, self.font, self.size = options, widths, font, size

    def wrap(self, wide: float, high: float) -> tuple[float, float]:
        return wide, self.size * 1.7

    def draw(self) -> None:
        page, x, side = self.canv, 0.0, self.size
        for (on, caption), width in zip(self.options, self.widths, strict=True):
            page.setLineWidth(0.7)
            page.rect(x, 2, side, side)
            if on:
                page.setLineWidth(1.3)
                page.line(x + 1.5, 3.5, x + side - 1.5, side + 0.5)
                page.line(x + 1.5, side + 0.5, x + side - 1.5, 3.5)
            page.setFont(self.font, self.size)
            page.drawString(x + side + 4, 3.5, caption)
            x += width * inch


class Choice(Flowable):
    """A question of a web page with its answer in a drop-down (or, not `down`, a text) field."""

    def __init__(self, question: str, answer: str, down: bool = True) -> None:
        super().__init__()
        self.question, self.answer, self.down = question, answer, down

    def wrap(self, wide: float, high: float) -> tuple[float, float]:
        return wide, 24

    def draw(self) -> None:
        page, left, wide = self.canv, 3.3 * inch, 3.4 * inch
        page.setFont("Helvetica", 9)
        page.drawString(0, 8, self.question)
        page.setStrokeColor(HexColor("#9AA5B1"))
        page.roundRect(left, 2, wide, 18, 3)
        page.setStrokeColor(black)
        page.drawString(left + 6, 8, self.answer)
        if self.down:
            arrow = page.beginPath()
            arrow.moveTo(left + wide - 14, 13)
            arrow.lineTo(left + wide - 6, 13)
            arrow.lineTo(left + wide - 10, 8)
            arrow.close()
            page.drawPath(arrow, fill=1, stroke=0)


def columns(
    top: Sequence[Flowable],
    left: Sequence[Flowable],
    right: Sequence[Flowable],
    head: float = 1.2,
    foot: str = "",
) -> bytes:
    """One letter-size page: `top` across it (`head` inches high), two columns beneath."""
    out = BytesIO()
    margin, gutter = 0.6 * inch, 0.3 * inch
    wide, high = LETTER[0] - 2 * margin, LETTER[1] - 1.1 * inch
    half, body = (wide - gutter) / 2, high - head * inch
    frames = [
        Frame(margin, 0.6 * inch + body, wide, head * inch, 0, 0, 0, 0),
        Frame(margin, 0.6 * inch, half, body, 0, 0, 0, 0),
        Frame(margin + half + gutter, 0.6 * inch, half, body, 0, 0, 0, 0),
    ]

    def furniture(canvas: Canvas, _: object) -> None:
        canvas.setFont("Helvetica", 7)
        canvas.drawString(margin, 0.35 * inch, foot)
        canvas.setLineWidth(0.4)
        middle = margin + half + gutter / 2
        canvas.line(middle, 0.6 * inch, middle, 0.6 * inch + body)

    pages = BaseDocTemplate(out, pagesize=LETTER)
    pages.addPageTemplates(PageTemplate(frames=frames, onPage=furniture))
    pages.build([*top, FrameBreak(), *left, FrameBreak(), *right])
    return out.getvalue()
