"""The files of a submission -> one Document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.errors import (
    ChartgapError,
    DamagedDocument,
    DocumentError,
    EmptyDocument,
    TooLargeDocument,
    UnsupportedFormat,
)
from pipeline.ingest import images, scan
from pipeline.ingest.assemble import TextBuilder
from pipeline.ingest.forms import known_labels, vocabulary
from pipeline.ingest.layout import pieces_of, running_lines
from pipeline.ingest.limits import MAX_BYTES, MAX_PAGES
from pipeline.ingest.numbering import missing_pages
from pipeline.ingest.page_kinds import page_kind
from pipeline.ingest.pdf import CONTENT_LOST, PdfPages
from pipeline.ingest.raster import sheet_of
from pipeline.ingest.raw import RawPage
from pipeline.ingest.sheets import sheets_of
from pipeline.ingest.speakers import speakers
from pipeline.schema import Document, Page, SourceFile, UnreadFile

MAGIC = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
    b"II*\x00": "tiff",
    b"MM\x00*": "tiff",
    b"II+\x00": "tiff",
    b"MM\x00+": "tiff",
}
PDF_HEADER_WITHIN = 1024  # bytes before `%PDF-` that readers accept (PDF 32000-1, annex H)
MODELS = Path(__file__).resolve().parents[2] / "models"


@dataclass
class _File:
    """A file as read, before its pages become text."""

    name: str
    sha256: str
    kind: str
    pages: list[RawPage]
    warnings: list[str] = field(default_factory=list)
    attachments: tuple[str, ...] = ()


def read_submission(paths: Sequence[Path], models: Path | None = None) -> Document:
    """Read the files of a submission, in name order, as one document.

    Raises:
        DocumentError: If the only file, or every file, cannot be read, the first one's error;
            if all together have more pages than the limit.
    """
    files: list[_File] = []
    unread: list[UnreadFile] = []
    errors: list[DocumentError] = []
    for path in sorted(paths, key=lambda p: p.name):
        data, left = b"", MAX_PAGES - sum(len(file.pages) for file in files)
        try:
            data = _bytes_of(path)
            files.append(_read_file(path.name, data, left))
        except _TooManyPagesError:
            raise TooLargeDocument("more pages than the limit") from None
        except DocumentError as error:
            errors.append(error)
            digest = hashlib.sha256(data).hexdigest()
            unread.append(UnreadFile(name=path.name, sha256=digest, code=error.code))
    if not files:
        raise errors[0] if errors else EmptyDocument("no files")
    return _document(files, unread, models or MODELS)


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise TooLargeDocument("more bytes than the limit")
        data = path.read_bytes()
    except OSError:
        raise DamagedDocument("the file cannot be read from the disk") from None
    if not data:
        raise EmptyDocument("no bytes")
    return data


def kind_of(data: bytes) -> str:
    """pdf, tiff, png or jpeg, by the first bytes.

    Raises:
        UnsupportedFormat: If it is none of these.
    """
    for magic, kind in MAGIC.items():
        if data.startswith(magic):
            return kind
    if not data.startswith(b"PK") and b"%PDF-" in data[:PDF_HEADER_WITHIN]:
        return "pdf"
    raise UnsupportedFormat("no PDF, TIFF, PNG or JPEG by its content")


class _TooManyPagesError(DocumentError):
    """A file's pages and those before them are more than the limit of a submission."""


def _read_file(name: str, data: bytes, left: int) -> _File:
    """Read one file; whatever a library raises becomes an error of ours, without its text."""
    try:
        return _pages_of(name, data, left)
    except ChartgapError:
        raise
    except (MemoryError, RecursionError):
        raise TooLargeDocument("the file does not fit into memory") from None
    except Exception:
        raise DamagedDocument("the file cannot be read") from None


def _pages_of(name: str, data: bytes, left: int) -> _File:
    digest, kind = hashlib.sha256(data).hexdigest(), kind_of(data)
    if kind == "pdf":
        document = PdfPages(data)
        try:
            _check_number(document.count, left)
            return _File(
                name, digest, kind, list(document.read()), document.warnings, document.attachments
            )
        finally:
            document.close()
    _check_number(images.page_count(data), left)
    return _File(name, digest, kind, [_of_frame(frame) for frame in images.frames(data)])


def _check_number(pages: int, left: int) -> None:
    if pages > left:
        raise _TooManyPagesError("more pages than the limit")


def _of_frame(frame: images.Frame) -> RawPage:
    if frame.gray is None:
        lost = RawPage(frame.size, frame.size, "blank", unreadable=True)
        lost.warnings.append(CONTENT_LOST)
        return lost
    page = scan.read_scan(frame.gray, frame.size)
    if frame.cut:
        page.unreadable = True
        page.warnings.append(CONTENT_LOST)
    return page


def _document(files: list[_File], unread: list[UnreadFile], models: Path) -> Document:
    own = {w.text.lower() for f in files for page in f.pages for w in page.words if len(w.text) > 4}
    builder = TextBuilder(vocabulary(models) | {word.strip(".,;:()") for word in own})
    pages: list[Page] = []
    for file in files:
        sheets = [(n, raw) for n, page in enumerate(file.pages, start=1) for raw in sheets_of(page)]
        running = running_lines(raw for _, raw in sheets)
        for number, raw in sheets:
            pieces = pieces_of(raw, known_labels(models), running)
            pages.append(builder.page(raw, pieces, file.name, number))
    text = builder.text
    pages = [_described(page, text, models) for page in pages]
    marks, speaking = speakers(pages, text)
    copies = _duplicates(pages, text)
    pages = [
        page.model_copy(update={"identity": own.identity, "speaker": speaker, "duplicate_of": copy})
        for page, own, speaker, copy in zip(pages, marks, speaking, copies, strict=True)
    ]
    came = sum(len(file.pages) for file in files)
    sources = tuple(_source(file, pages, text, came) for file in files)
    return Document(files=sources, unread=tuple(unread), text=text, pages=tuple(pages))


def _described(page: Page, text: str, models: Path) -> Page:
    kind, reason = page_kind(page, text, models)
    return page.model_copy(update={"kind": kind, "kind_reason": reason})


def _duplicates(pages: list[Page], text: str) -> list[str]:
    """For each page the earlier one with the same words, '' if none."""
    seen: dict[str, str] = {}
    found = []
    for page in pages:
        key = " ".join(text[page.start : page.end].split()).lower()
        earlier = seen.get(key, "") if len(page.words) > 5 else ""
        found.append(earlier)
        seen.setdefault(key, f"{page.file}#{page.number}")
    return found


def _source(file: _File, pages: list[Page], text: str, came: int) -> SourceFile:
    own = [page for page in pages if page.file == file.name]
    return SourceFile(
        name=file.name,
        sha256=file.sha256,
        kind=file.kind,
        pages=len(file.pages),
        missing_pages=missing_pages(own, text, came),
        attachments=file.attachments,
        warnings=tuple(dict.fromkeys(file.warnings)),
    )


def page_picture(path: Path, page_number: int, dpi: float = 150) -> Image.Image:
    """A page (from 1) as displayed, of `dpi` dots per inch on both axes.

    Raises:
        DocumentError: If it cannot be drawn.
    """
    data = _bytes_of(path)
    if kind_of(data) == "pdf":
        document = PdfPages(data)
        try:
            if not 0 < page_number <= document.count:
                raise DamagedDocument("no such page")
            return Image.fromarray(document.picture(page_number - 1, dpi)[0])
        finally:
            document.close()
    frame = images.frame(data, page_number - 1)
    assert frame.gray is not None
    sheet = sheet_of(frame.gray, frame.size)
    target = (round(frame.size[0] * dpi / 72), round(frame.size[1] * dpi / 72))
    return Image.fromarray(np.asarray(sheet.gray)).resize(target)


def files_of(submission: Path) -> Iterator[Path]:
    """The file itself, or a folder's regular files in name order, hidden ones left out."""
    if submission.is_dir():
        members = sorted(submission.iterdir(), key=lambda p: p.name)
        yield from (p for p in members if p.is_file() and not p.name.startswith("."))
    else:
        yield submission
