"""The letter to the practice as pages for the printer and the fax."""

from __future__ import annotations

import unicodedata
from io import BytesIO

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

FONT, SIZE, LEAD = "Courier", 10, 12.5  # points; 78 characters fill a line
LEFT, TOP, BOTTOM = 72, 728, 76


def print_letter(text: str) -> bytes:
    """A PDF of letter size with the lines of the text and the number of each sheet.

    The same text makes the same bytes. A character that the font lacks is printed without its
    marks, or as `?`.
    """
    lines = [_printed(line) for line in text.splitlines()]
    rows = int((TOP - BOTTOM) / LEAD)
    sheets = [lines[first : first + rows] for first in range(0, len(lines), rows)] or [[]]
    held = BytesIO()
    canvas = Canvas(held, pagesize=letter, invariant=1)
    canvas.setTitle("Request for information")
    for number, sheet in enumerate(sheets, start=1):
        canvas.setFont(FONT, SIZE)
        for row, line in enumerate(sheet):
            canvas.drawString(LEFT, TOP - row * LEAD, line)
        canvas.drawRightString(letter[0] - LEFT, BOTTOM - 30, f"{number} / {len(sheets)}")
        canvas.showPage()
    canvas.save()
    return held.getvalue()


def _printed(line: str) -> str:
    """The line in characters that the font has (those of Windows-1252)."""
    return "".join(c if _is_known(c) else _bare(c) for c in line)


def _is_known(character: str) -> bool:
    return bool(character.encode("cp1252", "ignore"))


def _bare(character: str) -> str:
    return unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode() or "?"
