"""More parts of pages: coloured strips, captioned boxes, message bubbles, a side column."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    PageTemplate,
    Paragraph,
    Table,
)


class Strip(Flowable):
    """A coloured strip across the page: words at its left end and at its right one."""

    def __init__(self, left: str, right: str = "", ink: str = "#33526E", size: float = 10) -> None:
        super().__init__()
        self.left, self.right, self.ink, self.size = left, right, ink, size
        self.wide = 0.0

    def wrap(self, wide: float, high: float) -> tuple[float, float]:
        self.wide = wide
        return wide, self.size * 2.1

    def draw(self) -> None:
        page, size = self.canv, self.size
        page.setFillColor(HexColor(self.ink))
        page.rect(0, size * 0.25, self.wide, size * 1.6, fill=1, stroke=0)
        page.setFillColor(white)
        page.setFont("Helvetica-Bold", size)
        page.drawString(6, size * 0.7, self.left)
        page.setFont("Helvetica", size * 0.85)
        page.drawRightString(self.wide - 6, size * 0.7, self.right)
        page.setFillColor(black)


def boxed(
    rows: Sequence[Sequence[tuple[str, str]]],
    wide: float = 6.73,
    hand: str = "Helvetica",
    size: float = 10,
) -> list[Flowable]:
    """Boxes side by side, each with a small caption above what is filled in."""
    small = ParagraphStyle("c", fontName="Helvetica", fontSize=6.5, leading=8)
    filled = ParagraphStyle("f", fontName=hand, fontSize=size, leading=size * 1.2)
    return [
        Table(
            [[[Paragraph(caption, small), Paragraph(value, filled)] for caption, value in row]],
            [wide * inch / len(row)] * len(row),
            style=[
                ("GRID", (0, 0), (-1, -1), 0.5, black),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ],
            hAlign="LEFT",
        )
        for row in rows
    ]


def bubble(who: str, when: str, text: str, mine: bool = False) -> Table:
    """One message of a thread, shifted to the right where it is the practice's own."""
    body = ParagraphStyle("b", fontName="Helvetica", fontSize=9.5, leading=12.5)
    words = Paragraph(f"<b>{who}</b> &nbsp; <font size=7.5>{when}</font><br/>{text}", body)
    return Table(
        [["", words] if mine else [words, ""]],
        [(1.2 if mine else 5.7) * inch, (5.7 if mine else 1.2) * inch],
        style=[
            ("BACKGROUND", (mine, 0), (mine, 0), HexColor("#E3EEF9" if mine else "#F1F1F1")),
            ("TOPPADDING", (0, 0), (-1, -1), 5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ],
        hAlign="LEFT",
        spaceAfter=6,
    )


def beside(
    left: Sequence[Flowable], right: Sequence[Flowable], side: float = 2.1, foot: str = ""
) -> bytes:
    """One letter-size page with a tinted column of `side` inches at the left."""
    out = BytesIO()
    margin, gutter = 0.5 * inch, 0.25 * inch
    high, edge = LETTER[1] - 1.1 * inch, side * inch
    rest = LETTER[0] - 2 * margin - edge - gutter
    frames = [
        Frame(margin, 0.6 * inch, edge, high, 6, 4, 6, 4),
        Frame(margin + edge + gutter, 0.6 * inch, rest, high, 0, 0, 0, 0),
    ]

    def furniture(canvas: Canvas, _: object) -> None:
        canvas.setFillColor(HexColor("#EDF1F4"))
        canvas.rect(margin, 0.6 * inch, edge, high, fill=1, stroke=0)
        canvas.setFillColor(black)
        canvas.setFont("Helvetica", 7)
        canvas.drawString(margin, 0.35 * inch, foot)

    pages = BaseDocTemplate(out, pagesize=LETTER)
    pages.addPageTemplates(PageTemplate(frames=frames, onPage=furniture))
    pages.build([*left, FrameBreak(), *right])
    return out.getvalue()
