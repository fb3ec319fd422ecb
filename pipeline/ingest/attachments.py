"""What a PDF holds beside its pages: files inside it, and notes that are not drawn on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pikepdf

# Drawn with the page, read in ways of their own, or empty shells of other annotations.
NO_NOTES = {"/FreeText", "/Stamp", "/Widget", "/Link", "/Popup", "/FileAttachment", "/PrinterMark", "/TrapNet"}  # fmt: skip
DRAWN_WHEN_SHOWN = {"/FreeText", "/Stamp"}
MEDIA = {"/Sound", "/Movie", "/Screen", "/RichMedia", "/3D"}
NOTE = re.compile(r"note on page \d+")
UNNAMED = "a file without a name"


def attachments_of(document: pikepdf.Pdf) -> tuple[str, ...]:
    """Names of the files inside a PDF, and the notes on its pages by their page."""
    found = [*_embedded(document)]
    for number, page in enumerate(document.pages, start=1):
        found += _named_files(page.obj)
        for annotation in page.obj.get("/Annots", []):
            if not isinstance(annotation, pikepdf.Dictionary):
                continue
            kind = str(annotation.get("/Subtype", ""))
            if kind == "/FileAttachment":
                found.append(_name_of(annotation.get("/FS", pikepdf.Dictionary())))
            elif kind in MEDIA:
                found.append(f"sound or film on page {number}")
            elif _is_note(annotation, kind):
                found.append(f"note on page {number}")
    return tuple(dict.fromkeys(found))


def _embedded(document: pikepdf.Pdf) -> Iterator[str]:
    for key, attached in document.attachments.items():
        yield attached.filename or str(key) or UNNAMED
    yield from _named_files(document.Root)


def _named_files(holder: pikepdf.Object) -> Iterator[str]:
    """Files that a document or page calls its own (PDF 2.0, 14.13)."""
    for given in holder.get("/AF", []):
        if isinstance(given, pikepdf.Dictionary) and "/EF" in given:
            yield _name_of(given)


def _name_of(given: pikepdf.Object) -> str:
    if isinstance(given, pikepdf.Dictionary):
        return str(given.get("/UF", given.get("/F", ""))) or UNNAMED
    return str(given) or UNNAMED


def _is_note(annotation: pikepdf.Object, kind: str) -> bool:
    """Whether words are kept in an annotation that nothing on the page shows."""
    if (
        "/StateModel" in annotation
        or not str(annotation.get("/Contents", annotation.get("/RC", ""))).strip()
    ):
        return False
    return kind not in NO_NOTES or (kind in DRAWN_WHEN_SHOWN and "/AP" not in annotation)
