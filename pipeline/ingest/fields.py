"""Form fields of a PDF (AcroForm): what they hold, where, and whether they show the same."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import pikepdf

from pipeline.ingest.raw import Entry, RawWord
from pipeline.schema import Box, Tick

PUSH_BUTTON = 1 << 16  # flag of /Ff, PDF 32000-1 table 226
HIDDEN = 0b10 | 0b100000  # flags of /F: hidden, no view
CHARACTER = 0.5  # mean width of a character, in ems of Helvetica


@dataclass(frozen=True)
class Widget:
    """A field's place on a page; `state` is None for fields that hold text."""

    box: Box
    text: str = ""
    state: Tick | None = None
    doubtful: bool = False


def read_fields(data: bytes) -> dict[int, list[Widget]]:
    """Widgets by page index; empty when the file has none or they cannot be read."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if "/AcroForm" not in document.Root:
                return {}
            return {index: _widgets(page) for index, page in enumerate(document.pages)}
    except Exception:  # a broken form leaves the page as drawn
        return {}


def _widgets(page: pikepdf.Page) -> list[Widget]:
    found = []
    for annotation in page.get("/Annots", []):
        try:
            widget = _widget(annotation, page)
        except Exception:  # one broken field does not take the others with it
            continue
        if widget is not None:
            found.append(widget)
    return found


def _widget(annotation: Any, page: pikepdf.Page) -> Widget | None:
    if annotation.get("/Subtype") != "/Widget" or int(annotation.get("/F", 0)) & HIDDEN:
        return None
    kind, flags = str(_inherited(annotation, "/FT")), int(_inherited(annotation, "/Ff") or 0)
    box = _shown(annotation, page)
    value = _inherited(annotation, "/V")
    if kind == "/Btn":
        return None if flags & PUSH_BUTTON else Widget(box, state=_state(annotation, value))
    if kind not in ("/Tx", "/Ch"):
        return None
    text = _text_of(value)
    return Widget(box, text, doubtful=_shows_other(annotation, text))


def _inherited(annotation: Any, key: str) -> Any:
    """A field's attribute, its own or of the fields that it belongs to."""
    for _ in range(20):
        if key in annotation:
            return annotation[key]
        if "/Parent" not in annotation:
            return None
        annotation = annotation["/Parent"]
    return None


def _text_of(value: Any) -> str:
    if isinstance(value, pikepdf.Array):
        return ", ".join(str(item) for item in value)
    if isinstance(value, pikepdf.Stream):
        return str(value.read_bytes(), "latin-1")
    return "" if value is None else str(value)


def _state(annotation: Any, value: Any) -> Tick:
    """Ticked when it shows a state other than /Off; unreadable when field and look differ."""
    shows = str(annotation.get("/AS", value if value is not None else "/Off"))
    holds = str(value) if value is not None else "/Off"
    normal = annotation.get("/AP", {}).get("/N", {})
    own = [str(name) for name in normal if str(name) != "/Off"] if len(normal) else []
    ticked, held = shows != "/Off", holds != "/Off" and (not own or holds in own)
    if ticked != held:
        return Tick.UNREADABLE
    return Tick.TICKED if ticked else Tick.EMPTY


def _shows_other(annotation: Any, text: str) -> bool:
    """Whether the drawn appearance, if it can be read, has other letters than the value."""
    try:
        stream = annotation["/AP"]["/N"]
        shown = []
        for operands, operator in pikepdf.parse_content_stream(stream):
            if str(operator) == "Tj":
                shown.append(bytes(operands[0]))
            elif str(operator) == "TJ":
                shown += [bytes(o) for o in operands[0] if isinstance(o, pikepdf.String)]
        drawn = b"".join(shown).decode("ascii")
    except Exception:  # no appearance, or in letters of its own
        return False
    letters = re.sub(r"\W", "", drawn)
    return bool(letters) and letters != re.sub(r"\W", "", text)


def _shown(annotation: Any, page: pikepdf.Page) -> Box:
    """The field's rectangle on the page as displayed."""
    a, b, c, d = (float(number) for number in annotation["/Rect"])
    left, low, right, high = (float(number) for number in page.cropbox)
    x0, x1, y0, y1 = min(a, c) - left, max(a, c) - left, min(b, d) - low, max(b, d) - low
    width, height = right - left, high - low
    turn = int(page.obj.get("/Rotate", 0) or 0) % 360
    if turn == 90:
        return (y0, x0, y1, x1)
    if turn == 180:
        return (width - x1, y0, width - x0, y1)
    if turn == 270:
        return (height - y1, width - x1, height - y0, width - x0)
    return (x0, height - y1, x1, height - y0)


def entry_of(widget: Widget) -> Entry:
    """A text field with its words laid out inside its rectangle."""
    x0, top, x1, bottom = widget.box
    lines = [line.split() for line in widget.text.splitlines() if line.strip()]
    size = min(10.0, max(5.0, (bottom - top) * 0.8 / max(1, len(lines))))
    words, y = [], top + 1
    for line in lines:
        x = x0 + 2
        for text in line:
            width = CHARACTER * size * len(text)
            if x + width > x1 and x > x0 + 2:
                x, y = x0 + 2, y + 1.2 * size
            box = (x, y, max(x + 1, min(x + width, x1)), min(y + size, bottom))
            words.append(RawWord(text, box, size))
            x += width + CHARACTER * size
        y += 1.2 * size
    return Entry(widget.box, tuple(words), widget.doubtful)
