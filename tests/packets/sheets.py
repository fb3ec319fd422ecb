"""Drawing parts for the invented packets: pages of text and tables in several typefaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
import reportlab
from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    PageBreak,
    Paragraph,
    Preformatted,
    SimpleDocTemplate,
    Spacer,
    Table,
)

rl_config.invariant = 1  # no time stamps: the same bytes every time
_FONTS = Path(reportlab.__file__).parent / "fonts"
for _name, _file in (("Vera", "Vera"), ("Vera-Bold", "VeraBd"), ("Vera-Oblique", "VeraIt")):
    pdfmetrics.registerFont(TTFont(_name, str(_FONTS / f"{_file}.ttf")))
pdfmetrics.registerFontFamily(
    "Vera", normal="Vera", bold="Vera-Bold", italic="Vera-Oblique", boldItalic="Vera-Bold"
)

Cell = str | Flowable
LINES = {
    "none": [],
    "grid": [("GRID", (0, 0), (-1, -1), 0.5, colors.black)],
    "box": [("BOX", (0, 0), (-1, -1), 0.8, colors.black)],
    "under": [("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black)],
    "rows": [("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.grey)],
    "columns": [
        ("LINEAFTER", (0, 0), (-2, -1), 0.4, colors.grey),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
    ],
    "zebra": [("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, colors.HexColor("#E8ECF2")])],
}


@dataclass(frozen=True)
class Face:
    """A practice's look: fonts, size in points, colour of headings, indents in points."""

    font: str = "Helvetica"
    bold: str = "Helvetica-Bold"
    size: float = 10
    ink: str = "#000000"
    band: str = ""
    gap: float = 4
    centered: bool = False

    def _style(self, **changes: object) -> ParagraphStyle:
        base: dict[str, object] = {
            "fontName": self.font,
            "fontSize": self.size,
            "leading": self.size * 1.25,
            "spaceAfter": self.gap,
        }
        return ParagraphStyle("s", **(base | changes))  # type: ignore[arg-type]

    def p(self, text: str, indent: float = 0, size: float = 0) -> Paragraph:
        size = size or self.size
        return Paragraph(text, self._style(leftIndent=indent, fontSize=size, leading=size * 1.25))

    def title(self, text: str, size: float = 15) -> Paragraph:
        align = {"alignment": TA_CENTER} if self.centered else {}
        return Paragraph(
            text,
            self._style(
                fontName=self.bold, fontSize=size, leading=size * 1.3, textColor=self.ink, **align
            ),
        )

    def h(self, text: str) -> Paragraph:
        band = {"backColor": self.band, "borderPadding": 2} if self.band else {}
        return Paragraph(
            text,
            self._style(
                fontName=self.bold,
                fontSize=self.size + 0.5,
                textColor=self.ink,
                spaceBefore=self.gap + 4,
                **band,
            ),
        )

    def lines(self, *texts: str, indent: float = 0) -> list[Flowable]:
        return [self.p(text, indent) for text in texts]

    def table(
        self,
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        lines: str = "none",
        head: bool = True,
        pad: float = 2,
        size: float = 0,
    ) -> Table:
        """A table left-aligned in the frame; widths in inches; long cells are wrapped."""
        size = size or self.size - 0.5
        plain = self._style(fontSize=size, leading=size * 1.2, spaceAfter=0)
        strong = self._style(fontName=self.bold, fontSize=size, leading=size * 1.2, spaceAfter=0)
        cells = [
            [Paragraph(c, strong if head and i == 0 else plain) for c in row]
            for i, row in enumerate(rows)
        ]
        style = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), pad),
            ("BOTTOMPADDING", (0, 0), (-1, -1), pad),
            *LINES[lines],
        ]
        return Table(
            cells,
            [w * inch for w in widths],
            style=style,
            hAlign="LEFT",
            spaceAfter=self.gap + 2,
            spaceBefore=2,
        )


def gap(points: float = 8) -> Spacer:
    return Spacer(1, points)


def turn() -> PageBreak:
    return PageBreak()


def typed(text: str, size: float = 10, font: str = "Courier") -> Flowable:
    """Typewriter lines, spacing kept."""
    return Preformatted(
        text.strip("\n"), ParagraphStyle("t", fontName=font, fontSize=size, leading=size * 1.2)
    )


def doc(
    story: Sequence[Flowable | list[Flowable]],
    head: str = "",
    foot: str = "",
    margin: float = 0.8,
    font: str = "Helvetica",
    size: float = 8,
) -> bytes:
    """The story as a letter-size PDF; `head` and `foot` stand on each page ({n}: its number)."""
    out = BytesIO()

    def furniture(canvas: Canvas, _: object) -> None:
        canvas.setFont(font, size)
        number = canvas.getPageNumber()
        canvas.drawString(margin * inch, LETTER[1] - 0.45 * inch, head.format(n=number))
        canvas.drawString(margin * inch, 0.4 * inch, foot.format(n=number))

    flat: list[Flowable] = []
    for part in story:
        flat.extend(part if isinstance(part, list) else [part])
    SimpleDocTemplate(
        out,
        pagesize=LETTER,
        leftMargin=margin * inch,
        rightMargin=margin * inch,
        topMargin=0.7 * inch,
        bottomMargin=0.65 * inch,
    ).build(flat, onFirstPage=furniture, onLaterPages=furniture)
    return out.getvalue()


def bind(parts: Sequence[bytes], target: Path) -> None:
    """Write the parts, in order, as one PDF; the fields of the first part's form are kept."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if len(parts) == 1:
        target.write_bytes(parts[0])
        return
    with pikepdf.open(BytesIO(parts[0])) as whole:
        for part in parts[1:]:
            with pikepdf.open(BytesIO(part)) as more:
                whole.pages.extend(more.pages)
        whole.save(target, deterministic_id=True)
