"""PDF files: opened by two readers, repaired if need be, each page read as text or picture."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator

import numpy as np
import pdfplumber
import pikepdf
import pypdfium2 as pdfium

from pipeline.errors import (
    DamagedDocument,
    DocumentError,
    EmptyDocument,
    EncryptedDocument,
    TooLargeDocument,
)
from pipeline.ingest.attachments import NOTE, attachments_of
from pipeline.ingest.fields import Widget, read_fields
from pipeline.ingest.integrity import Break, broken_pages
from pipeline.ingest.limits import MAX_MEGAPIXELS, MAX_PAGES, RENDER_DPI
from pipeline.ingest.raster import Gray
from pipeline.ingest.raw import RawPage
from pipeline.ingest.scan import read_scan
from pipeline.ingest.textlayer import TextLayer, read_text_layer

for _library in ("pdfminer", "pdfplumber", "pypdfium2", "pikepdf"):
    logging.getLogger(_library).setLevel(logging.CRITICAL + 1)  # they quote the document

GLUED = re.compile(rb"%%EOF[\s\0]{0,4096}%PDF-\d")
"""Two files in one: of these, each reader shows another, and none shows both."""
READERS_DIFFER = "readers_differ"
CONTENT_LOST = "content_lost"
XFA_PLACEHOLDER = "xfa_placeholder"
PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
LEAST_LETTERS = 3  # letters and digits in the text layer of a page that is not blank
LETTER = (612.0, 792.0)  # points, of a page whose size nobody can tell


class PdfPages:
    """An opened PDF.

    Attributes:
        warnings: What was done to open it, and what in it was ignored.
        attachments: Files inside it and notes on its pages, by name; none was opened.

    Raises:
        DocumentError: If it cannot be opened, even after repair.
    """

    def __init__(self, data: bytes) -> None:
        self.warnings: list[str] = []
        data = self._readable(data)
        self._pdfium = _open_pdfium(data)
        self._pdfium.init_forms()
        self._plumber = pdfplumber.open(io.BytesIO(_with_annotations(data)))
        self._data = data
        self.count = len(self._pdfium)
        self.attachments: tuple[str, ...] = ()
        self._note_ignored_parts(data)

    def _readable(self, data: bytes) -> bytes:
        """The bytes, or those of a repaired copy, that two readers agree on."""
        if GLUED.search(data):
            raise DamagedDocument("one document is appended to another")
        try:
            counts = _page_counts(data)
            if counts[0] == counts[1] > 0:
                return data
        except EncryptedDocument:
            raise
        except DocumentError:
            counts = (0, 0)
        repaired = _resaved(data)
        counts = _page_counts(repaired)
        if counts[0] == counts[1] == 0:
            raise EmptyDocument("no pages")
        if counts[0] != counts[1]:
            raise DamagedDocument("readers disagree on the number of pages")
        self.warnings.append("repaired")
        return repaired

    def _note_ignored_parts(self, data: bytes) -> None:
        codes, self.attachments = _ignored_parts(data)
        self.warnings += codes

    def read(self) -> Iterator[RawPage]:
        """All pages in order; one that cannot be read costs itself and no other.

        Raises:
            DocumentError: If no page can be read, or half of them are lost to repair.
        """
        fields, broken = read_fields(self._data), broken_pages(self._data)
        differing = lost = 0
        for index in range(self.count):
            try:
                page = self._page(index, fields, broken.get(index))
            except DocumentError as error:
                if self.count == 1:
                    raise
                page = self._unread(index, error.code)
            differing += READERS_DIFFER in page.warnings
            lost += page.origin == "blank" and page.unreadable
            if differing > self.count / 2:
                raise DamagedDocument("readers see different documents")
            if lost >= self.count / 2 and "repaired" in self.warnings:
                raise DamagedDocument("repair did not bring back half of the pages")
            if lost == self.count:
                raise DamagedDocument("no page can be read")
            yield page

    def _unread(self, index: int, why: str) -> RawPage:
        """A page of which nothing was read."""
        try:
            size = self._pdfium[index].get_size()
        except Exception:  # not even a size
            size = LETTER
        lost = RawPage(size=size, frame=size, origin="blank", unreadable=True)
        lost.warnings += [CONTENT_LOST, why]
        return lost

    def _page(self, index: int, fields: dict[int, list[Widget]], broken: Break | None) -> RawPage:
        if broken is Break.TOO_LARGE:
            raise TooLargeDocument("the content of a page is more than the limit")
        page = self._as_read(index, fields)
        lost = page.origin == "blank" and self._is_lost(index, page)
        if lost or broken is not None:
            page.unreadable = True
            page.warnings.append(CONTENT_LOST)
        if XFA_PLACEHOLDER in self.warnings:
            page.unreadable = True
            page.warnings.append(XFA_PLACEHOLDER)
        return page

    def _as_read(self, index: int, fields: dict[int, list[Widget]]) -> RawPage:
        gray, size = self.picture(index)
        layer = _text_layer(self._plumber, index, size, gray)
        if layer is None:
            page = read_scan(gray, size)
            page.warnings.append("text_layer_failed")
        elif not layer.usable:
            page = read_scan(gray, size)
            page.warnings += layer.disagreement(page)
        else:
            page = self._of_layer(layer, index, gray, fields.get(index, []))
        return page

    def _of_layer(self, layer: TextLayer, index: int, gray: Gray, widgets: list[Widget]) -> RawPage:
        """The page as its text layer has it, unless the file's other reader says otherwise."""
        other = self._other_text(index)
        if layer.agrees_with(other):
            if not layer.lacks(other):
                return layer.page(gray, widgets)
            page = read_scan(gray, layer.size)
            page.warnings.append("layer_incomplete")
            return page
        page = read_scan(gray, layer.size)
        page.warnings += ["layer_disagrees", READERS_DIFFER]
        page.unreadable = True  # what the other reader found may stand there as well
        return page

    def _is_lost(self, index: int, page: RawPage) -> bool:
        """Whether something that should have been drawn on a blank page was not.

        So it may be on one of a repaired file, on one with letters in its text layer, and on
        one with a picture that cannot be decoded. A white picture is a blank page.
        """
        if "repaired" in self.warnings:
            return True
        if sum(c.isalnum() for c in self._other_text(index)) >= LEAST_LETTERS:
            return True
        unparsed = "text_layer_failed" in page.warnings
        try:
            for item in self._pdfium[index].get_objects(max_depth=3):
                if unparsed and item.type == pdfium.raw.FPDF_PAGEOBJ_TEXT:
                    return True
                if item.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE:
                    item.get_bitmap()
        except Exception:  # whatever pdfium raises on a picture that it cannot decode
            return True
        return False

    def _other_text(self, index: int) -> str:
        """The page's text as pdfium reads it: of a glued file it may be another document."""
        try:
            page = self._pdfium[index]
            text = str(page.get_textpage().get_text_range())
            page.close()
            return text
        except Exception:  # nothing to compare with
            return ""

    def picture(self, index: int, dpi: float = RENDER_DPI) -> tuple[Gray, tuple[float, float]]:
        """A page as a gray picture, and its size in points."""
        return render(self._pdfium, index, dpi)

    def close(self) -> None:
        """Give back what the readers hold."""
        self._plumber.close()
        self._pdfium.close()


def _text_layer(
    document: pdfplumber.PDF, index: int, size: tuple[float, float], gray: Gray
) -> TextLayer | None:
    try:
        return read_text_layer(document.pages[index], size, gray)
    except TooLargeDocument:
        raise
    except (MemoryError, RecursionError):
        raise TooLargeDocument("a page does not fit into memory") from None
    except Exception:  # pdfminer raises nearly anything on a broken page; the picture is left
        return None


def render(
    document: pdfium.PdfDocument, index: int, dpi: float
) -> tuple[Gray, tuple[float, float]]:
    """A page as displayed, as a gray picture of at most the allowed pixels; size in points."""
    try:
        page = document[index]
        width, height = page.get_size()
        if width < 9 or height < 9:
            raise DamagedDocument("a page has no extent")
        most = (MAX_MEGAPIXELS * 1e6 / (width * height)) ** 0.5
        scale = min(dpi / 72, most)
        bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=True)
        gray = np.array(bitmap.to_numpy(), dtype=np.uint8, copy=True)
        page.close()
    except DocumentError:
        raise
    except MemoryError:
        raise TooLargeDocument("a page does not fit into memory") from None
    except Exception:
        raise DamagedDocument("a page cannot be drawn") from None
    return (gray[:, :, 0] if gray.ndim == 3 else gray), (width, height)


def _open_pdfium(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == PASSWORD_ERROR:
            raise EncryptedDocument("it opens only with a password") from None
        raise DamagedDocument("the file cannot be opened") from None
    except Exception:
        raise DamagedDocument("the file cannot be opened") from None


def _page_counts(data: bytes) -> tuple[int, int]:
    """Pages as pdfium and as pdfminer count them; 0 where the latter cannot."""
    document = _open_pdfium(data)
    try:
        count = len(document)
    finally:
        document.close()
    if count > MAX_PAGES:
        raise TooLargeDocument("more pages than the limit")
    try:
        with pdfplumber.open(io.BytesIO(data)) as other:
            return count, len(other.pages)
    except MemoryError:
        raise TooLargeDocument("the file does not fit into memory") from None
    except Exception:
        return count, 0


def _resaved(data: bytes) -> bytes:
    """A copy whose structure qpdf has rebuilt, without encryption."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if len(document.pages) == 0:
                raise EmptyDocument("no pages")
            out = io.BytesIO()
            document.save(out)
            return out.getvalue()
    except DocumentError:
        raise
    except pikepdf.PasswordError:
        raise EncryptedDocument("it opens only with a password") from None
    except MemoryError:
        raise TooLargeDocument("the file does not fit into memory") from None
    except Exception:
        raise DamagedDocument("the file cannot be repaired") from None


TYPED_OVER = {"/FreeText", "/Stamp"}


def _with_annotations(data: bytes) -> bytes:
    """The bytes with what was typed or stamped over pages made part of them.

    Annotations are drawn with a page, but stand in no text layer; practices fill in forms with
    them. Fields keep their own way (`fields.py`).
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            typed = False
            for page in document.pages:
                kept = [
                    note
                    for note in page.obj.get("/Annots", [])
                    if note.get("/Subtype") in TYPED_OVER and "/AP" in note
                ]
                typed = typed or bool(kept)
                page.obj["/Annots"] = pikepdf.Array(kept)
            if not typed:
                return data
            if "/AcroForm" in document.Root:
                del document.Root["/AcroForm"]
            document.flatten_annotations("screen")
            out = io.BytesIO()
            document.save(out)
            return out.getvalue()
    except Exception:  # whatever is wrong with them, the page itself can be read
        return data


def _ignored_parts(data: bytes) -> tuple[list[str], tuple[str, ...]]:
    """Codes of active, attached or locked content, which is never run nor opened; what is attached."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            root = document.Root
            actions = [root.get("/OpenAction"), *_actions(root)]
            annotations: list[pikepdf.Object] = []
            for page in document.pages:
                actions += _actions(page.obj)
                annotations += list(page.obj.get("/Annots", []))
            for annotation in annotations:
                actions += [annotation.get("/A"), *_actions(annotation)]
            attached = attachments_of(document)
            found = {
                "encrypted": document.is_encrypted,
                "javascript_ignored": "/JavaScript" in root.get("/Names", {})
                or any(isinstance(a, pikepdf.Dictionary) and "/JS" in a for a in actions),
                "attachments_ignored": any(not NOTE.match(name) for name in attached),
                "notes_ignored": any(NOTE.match(name) for name in attached),
                "xfa_ignored": "/XFA" in root.get("/AcroForm", {}),
                XFA_PLACEHOLDER: _is_placeholder(root),
            }
            return [code for code, is_there in found.items() if is_there], attached
    except Exception:
        return [], ()


def _is_placeholder(root: pikepdf.Object) -> bool:
    """Whether the pages only ask for another viewer: the form itself is XFA and drawn by no reader.

    Such a form has no fields of its own, or says that it must be laid out first (XFA 3.3).
    """
    form = root.get("/AcroForm", {})
    return "/XFA" in form and (bool(root.get("/NeedsRendering")) or not form.get("/Fields"))


def _actions(thing: pikepdf.Object) -> list[pikepdf.Object]:
    """What happens when a document, page or field is opened, changed or left."""
    triggers = thing.get("/AA", {})
    return [triggers[key] for key in triggers.keys()]  # noqa: SIM118 (no mapping)
