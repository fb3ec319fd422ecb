"""What did not arrive is said, and costs no more than its page."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name, Stream
from PIL import Image, ImageDraw, ImageFont

from pipeline.errors import TooLargeDocument
from pipeline.ingest import read_submission
from pipeline.report import PAGE_REMARKS
from pipeline.schema import Document
from tests.ingest.pages import lines, pdf, scan_pdf, scanned, tiff

NOTE = ("Progress note for an invented patient", "Prednisone 60 mg daily since 02/03/2026.")
OTHER = ("Second page of the same note", "Ticks of the jaw were seen by nobody.")
Change = Callable[[pikepdf.Pdf], None]


def changed(path: Path, change: Change) -> Document:
    """A document of two pages of text, the second changed."""
    with pikepdf.open(pdf(path, lines(*NOTE), lines(*OTHER))) as document:
        change(document)
        out = io.BytesIO()
        document.save(out, compress_streams=False)
    path.write_bytes(out.getvalue())
    return read_submission([path])


def content(data: bytes, code: str) -> Change:
    def change(document: pikepdf.Pdf) -> None:
        stream = Stream(document, b"")
        stream.write(data, filter=Name(code))
        document.pages[1].obj.Contents = document.make_indirect(stream)

    return change


def without_content(document: pikepdf.Pdf) -> None:
    del document.pages[1].obj["/Contents"]


def two_streams(document: pikepdf.Pdf) -> None:
    """The first can be read, the second not: half of the page is drawn."""
    broken = Stream(document, b"")
    broken.write(b"\x78\x9cnoise and no code", filter=Name.FlateDecode)
    page = document.pages[1].obj
    page.Contents = pikepdf.Array([page.Contents, document.make_indirect(broken)])


DEFLATED = zlib.compress(b"BT /F1 9 Tf 60 700 Td (Words that are cut off) Tj ET " * 30)


@pytest.mark.parametrize(
    "change",
    [content(DEFLATED[:20], "/FlateDecode"), content(b"x" * 50, "/InventedDecode"),
     without_content, two_streams],
)  # fmt: skip
def test_content_that_does_not_decode_is_no_blank_page(tmp_path: Path, change: Change) -> None:
    first, second = changed(tmp_path / "a.pdf", change).pages
    assert not first.unreadable
    assert second.unreadable and "content_lost" in second.warnings


def test_empty_content_is_a_blank_page(tmp_path: Path) -> None:
    second = changed(tmp_path / "a.pdf", content(zlib.compress(b"q Q"), "/FlateDecode")).pages[1]
    assert second.origin == "blank" and not second.unreadable


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_a_picture_that_breaks_off_is_not_read_without_a_word(tmp_path: Path, share: float) -> None:
    (page,) = scanned(pdf(tmp_path / "a.pdf", lines(*NOTE, *OTHER)), (100, 100))
    held = io.BytesIO()
    page.convert("L").save(held, "JPEG")
    data = held.getvalue()[: int(len(held.getvalue()) * share)]

    def change(document: pikepdf.Pdf) -> None:
        image = Stream(document, b"")
        image.write(data, filter=Name.DCTDecode)
        for key, value in {"Type": Name.XObject, "Subtype": Name.Image, "Width": page.width,
                           "Height": page.height, "BitsPerComponent": 8,
                           "ColorSpace": Name.DeviceGray}.items():  # fmt: skip
            image[f"/{key}"] = value
        shown = document.pages[1].obj
        shown.Resources = Dictionary(XObject=Dictionary(I=document.make_indirect(image)))
        shown.Contents = document.make_indirect(Stream(document, b"q 612 0 0 792 0 0 cm /I Do Q"))

    second = changed(tmp_path / "b.pdf", change).pages[1]
    assert second.unreadable is (share < 1)


@pytest.mark.parametrize("whole", [True, False])
def test_a_fax_whose_code_ends_in_zeros_broke_off(tmp_path: Path, whole: bool) -> None:
    (page,) = scanned(pdf(tmp_path / "a.pdf", lines(*NOTE, *OTHER)))
    held = io.BytesIO()
    page.save(held, "TIFF", compression="group4", dpi=(204, 204), tiffinfo={278: page.height})
    data = bytearray(held.getvalue())
    tags = Image.open(io.BytesIO(data)).tag_v2  # type: ignore[attr-defined]
    (start,), (size,) = tags[273], tags[279]
    if not whole:
        data[start + size // 2 : start + size] = bytes(size - size // 2)
    path = tmp_path / "a.tif"
    path.write_bytes(data)
    (read,) = read_submission([path]).pages
    assert ("content_lost" in read.warnings) is read.unreadable is not whole


def test_one_bad_page_costs_no_other(tmp_path: Path) -> None:
    def tiny(document: pikepdf.Pdf) -> None:
        document.pages[1].obj.MediaBox = pikepdf.Array([0, 0, 5, 5])

    document = changed(tmp_path / "a.pdf", tiny)
    assert "Prednisone 60 mg" in document.text
    assert [page.unreadable for page in document.pages] == [False, True]


def test_a_page_of_more_characters_than_a_page_has_costs_no_other(tmp_path: Path) -> None:
    def long(document: pikepdf.Pdf) -> None:
        row = b"BT /F1 1 Tf 9 %d Td (" + b"many words without a meaning " * 900 + b") Tj ET\n"
        drawn = b"".join(row % (9 + at * 9) for at in range(3))
        document.pages[1].obj.Contents = document.make_indirect(Stream(document, drawn))

    document = changed(tmp_path / "a.pdf", long)
    assert [page.unreadable for page in document.pages] == [False, True]
    assert "document.too_large" in document.pages[1].warnings
    assert set(document.pages[1].warnings) <= set(PAGE_REMARKS)  # the report says them in words


def test_a_form_that_only_another_viewer_can_draw_is_unreadable(tmp_path: Path) -> None:
    def dynamic(document: pikepdf.Pdf) -> None:
        form = Dictionary(
            Fields=pikepdf.Array(), XFA=document.make_indirect(Stream(document, b"<x/>"))
        )
        document.Root.AcroForm = document.make_indirect(form)

    assert all(page.unreadable for page in changed(tmp_path / "a.pdf", dynamic).pages)


def sheet(*texts: str, size: int = 32, ink: int = 0, specks: int = 0) -> Image.Image:
    """A scanned page at 150 dots per inch."""
    image = Image.new("L", (1275, 1650), 255)
    draw = ImageDraw.Draw(image)
    for at, text in enumerate(texts):
        draw.text((120, 150 + at * 60), text, fill=ink, font=ImageFont.load_default(size))
    places = np.random.default_rng(5).integers(0, (1275, 1650), (specks, 2))
    for x, y in places:
        image.putpixel((int(x), int(y)), 0)
    return image


def test_pale_print_is_read_and_specks_alone_are_blank(tmp_path: Path) -> None:
    pale, specked = sheet(*OTHER, "Dose 7.5 mg", ink=215), sheet(specks=300)
    read = read_submission([scan_pdf(tmp_path / "a.pdf", [pale, specked])])
    assert "seen by nobody" in read.text and "7.5 mg" in read.text
    assert [page.origin for page in read.pages] == ["ocr", "blank"]
    assert not any(page.unreadable for page in read.pages)


def test_one_short_line_is_no_blank_page(tmp_path: Path) -> None:
    (page,) = read_submission([scan_pdf(tmp_path / "a.pdf", [sheet("No drugs", size=18)])]).pages
    assert page.words or page.unreadable


def test_a_fax_page_with_nothing_but_the_senders_line_is_blank(tmp_path: Path) -> None:
    image = sheet()
    line = "04/11/2026 09:12 FROM 555-010-0100 TO INTAKE P. 2/2"
    ImageDraw.Draw(image).text((40, 8), line, fill=0, font=ImageFont.load_default(20))
    path = tiff(tmp_path / "a.tif", [image.convert("1")], (150, 150))
    (page,) = read_submission([path]).pages
    assert page.origin == "blank" and not page.unreadable


def test_print_too_small_for_its_resolution_is_illegible(tmp_path: Path) -> None:
    texts = [f"{text} and so on for a while" for text in (*NOTE, *OTHER)]
    (page,) = read_submission([scan_pdf(tmp_path / "a.pdf", [sheet(*texts, size=8)])]).pages
    assert page.unreadable


def test_sixteen_bits_of_gray_are_read(tmp_path: Path) -> None:
    deep = np.asarray(sheet(*OTHER), np.uint16) * 257
    Image.fromarray(deep).save(tmp_path / "a.png")
    assert "seen by nobody" in read_submission([tmp_path / "a.png"]).text


def test_the_limit_of_pages_counts_over_a_folder(tmp_path: Path) -> None:
    first = pdf(tmp_path / "1.pdf", lines(*NOTE))
    with pikepdf.open(first) as document:
        for _ in range(499):
            document.pages.append(document.pages[0])
        document.save(tmp_path / "2.pdf")
    with pytest.raises(TooLargeDocument):
        read_submission([first, tmp_path / "2.pdf"])
