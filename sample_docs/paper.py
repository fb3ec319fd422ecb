"""Drawing the parts that packets are made of; lengths in points, from the top left corner."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Literal

from reportlab.lib.pagesizes import letter
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = letter
Tick = tuple[str, bool]


class Paper:
    """A PDF that is drawn downwards: every method starts at `y` and leaves it below its work."""

    def __init__(self, target: Path | BytesIO, family: str = "Helvetica", left: float = 54) -> None:
        out = target if isinstance(target, BytesIO) else str(target)
        self.canvas = Canvas(out, pagesize=letter, invariant=1, pageCompression=1)
        self.family, self.left, self.right = family, left, WIDTH - left
        self.y = 54.0
        self.page = 1

    def font(self, size: float, bold: bool = False) -> str:
        name = f"{self.family}-Bold" if bold else self.family
        if self.family == "Times-Roman":
            name = "Times-Bold" if bold else "Times-Roman"
        self.canvas.setFont(name, size)
        return name

    def write(self, x: float, y: float, text: str, size: float = 10, bold: bool = False) -> float:
        """Write one line with its baseline at `y`; return where it ends."""
        name = self.font(size, bold)
        self.canvas.drawString(x, HEIGHT - y, text)
        return x + self.canvas.stringWidth(text, name, size)

    def box(self, x: float, y: float, width: float, height: float, weight: float = 0.6) -> None:
        self.canvas.setLineWidth(weight)
        self.canvas.rect(x, HEIGHT - y - height, width, height)

    def rule(self, x0: float, x1: float, y: float, weight: float = 0.6) -> None:
        self.canvas.setLineWidth(weight)
        self.canvas.line(x0, HEIGHT - y, x1, HEIGHT - y)

    def gap(self, height: float = 8) -> None:
        self.y += height

    def title(self, text: str, size: float = 14) -> None:
        self.y += size
        self.write(self.left, self.y, text, size, bold=True)
        self.y += 6

    def heading(self, text: str, size: float = 10.5, underline: bool = False) -> None:
        self.y += size + 8
        end = self.write(self.left, self.y, text, size, bold=True)
        if underline:
            self.rule(self.left, end, self.y + 2)
        self.y += 3

    def bar(self, text: str) -> None:
        """A section title, white on dark grey."""
        self.y += 6
        self.canvas.setFillGray(0.25)
        self.canvas.rect(
            self.left, HEIGHT - self.y - 15, self.right - self.left, 15, fill=1, stroke=0
        )
        self.canvas.setFillGray(1)
        self.write(self.left + 4, self.y + 11, text, 9.5, bold=True)
        self.canvas.setFillGray(0)
        self.y += 15

    def prose(self, text: str, size: float = 10, indent: float = 0) -> None:
        """A paragraph, broken into lines."""
        name = self.font(size)
        for line in simpleSplit(text, name, size, self.right - self.left - indent):
            self.y += size * 1.3
            self.write(self.left + indent, self.y, line, size)
        self.y += size * 0.5

    def lines(self, *texts: str, size: float = 10, indent: float = 0) -> None:
        """Lines as they stand."""
        for text in texts:
            self.y += size * 1.35
            self.write(self.left + indent, self.y, text, size)

    def cells(self, fields: Sequence[tuple[str, str, float]], height: float = 27) -> None:
        """A row of boxes, each with a small label above its value; widths are shares of 1."""
        x, full = self.left, self.right - self.left
        for label, value, share in fields:
            self.box(x, self.y, share * full, height)
            self.write(x + 3, self.y + 8, label, 6.5)
            self.write(x + 4, self.y + 21, value, 10)
            x += share * full
        self.y += height

    def blanks(self, *fields: tuple[str, str, float], size: float = 10) -> None:
        """Labels on one line, each followed by an underlined place for the answer (points)."""
        self.y += size * 1.75
        x = self.left
        for label, value, length in fields:
            x = self.write(x, self.y, f"{label} ", size)
            self.rule(x, x + length, self.y + 2)
            self.write(x + 3, self.y, value, size)
            x += length + 14

    def ticks(
        self,
        question: str,
        options: Sequence[Tick],
        style: Literal["drawn", "bracket"] = "drawn",
        size: float = 9.5,
    ) -> None:
        """A question and its options, with drawn squares or [X]."""
        self.y += size * 1.7
        x = self.write(self.left, self.y, question, size) + 14 if question else self.left
        for label, ticked in options:
            if style == "bracket":
                x = self.write(x, self.y, f"[{'X' if ticked else ' '}] {label}", size) + 14
                continue
            self.box(x, self.y - 8, 8.5, 8.5)
            if ticked:
                bottom = HEIGHT - self.y - 0.5
                self.canvas.setLineWidth(1.1)
                self.canvas.line(x + 1.5, bottom + 1.5, x + 7, bottom + 7)
                self.canvas.line(x + 1.5, bottom + 7, x + 7, bottom + 1.5)
            x = self.write(x + 13, self.y, label, size) + 16

    def table(
        self,
        widths: Sequence[float],
        rows: Sequence[Sequence[str]],
        ruled: bool = True,
        size: float = 9.5,
    ) -> None:
        """Rows under a bold first row; widths in points; a row of one cell spans."""
        height = size * (1.75 if ruled else 1.5)
        self.y += 4
        for number, row in enumerate(rows):
            x = self.left
            for width, text in zip(widths, row, strict=False):
                if ruled:
                    self.box(x, self.y, width if len(row) > 1 else sum(widths), height)
                self.write(x + 4, self.y + height - size * 0.5, text, size, bold=number == 0)
                x += width
            self.y += height
        self.y += 6

    def furniture(self, text: str) -> None:
        """A running line at the foot of the page."""
        self.write(self.left, HEIGHT - 30, text, 7.5)

    def turn(self) -> None:
        """Begin a new page."""
        self.canvas.showPage()
        self.page += 1
        self.y = 54.0

    def save(self) -> None:
        self.canvas.save()
