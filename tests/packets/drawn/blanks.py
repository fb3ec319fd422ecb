"""More parts of pages: blanks filled by hand, tables that go on over the page."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.units import inch
from reportlab.platypus import Flowable, Table


class Blank(Flowable):
    """Printed captions with ruled blanks after them, and what a hand wrote into each.

    `parts` are (caption, answer, width in inches); the answer may be empty.
    """

    def __init__(
        self,
        parts: Sequence[tuple[str, str, float]],
        hand: str = "Times-BoldItalic",
        size: float = 10,
        written: float = 13,
    ) -> None:
        super().__init__()
        self.parts, self.hand, self.size, self.written = parts, hand, size, written

    def wrap(self, wide: float, high: float) -> tuple[float, float]:
        return wide, self.written * 1.75

    def draw(self) -> None:
        page, left = self.canv, 0.0
        for number, (caption, answer, width) in enumerate(self.parts):
            page.setFont("Helvetica", self.size)
            page.drawString(left, 4, caption)
            start = left + page.stringWidth(caption, "Helvetica", self.size) + 4
            end = left + width * inch - 6
            page.setLineWidth(0.5)
            page.line(start, 2, end, 2)
            page.setFont(self.hand, self.written)
            page.drawString(start + 3, 5 + number % 2, answer)  # a hand keeps no exact line
            left += width * inch


def running(table: Table, rows: int = 1) -> Table:
    """The table with its first `rows` repeated on each page that it goes on to."""
    table.repeatRows = rows
    return table
