"""What becomes of files: read whole, refused with a reason, never half."""

from __future__ import annotations

import shutil
from pathlib import Path

import pikepdf
import pytest

from pipeline.errors import (
    DamagedDocument,
    DocumentError,
    EmptyDocument,
    EncryptedDocument,
    UnsupportedFormat,
)
from pipeline.ingest import page_picture, read_submission
from pipeline.ingest.raw import RawWord
from pipeline.ingest.textlayer import TextLayer
from tests.ingest.pages import lines, pdf, scanned, tiff

NOTE = ("Progress note for an invented patient", "Prednisone 60 mg daily since 02/03/2026.")


def test_kind_is_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    path = pdf(tmp_path / "scan.tif", lines(*NOTE))
    assert read_submission([path]).files[0].kind == "pdf"


def test_a_password_is_reported_and_never_guessed(tmp_path: Path) -> None:
    with pytest.raises(EncryptedDocument):
        read_submission([pdf(tmp_path / "a.pdf", lines(*NOTE), password="secret")])


def test_a_file_locked_only_for_editing_is_read(tmp_path: Path) -> None:
    plain, locked = pdf(tmp_path / "plain.pdf", lines(*NOTE)), tmp_path / "locked.pdf"
    with pikepdf.open(plain) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="owner", user=""))
    assert "Prednisone 60 mg daily" in read_submission([locked]).text


def test_empty_and_foreign_files_are_told_apart(tmp_path: Path) -> None:
    empty, other = tmp_path / "empty.pdf", tmp_path / "other.pdf"
    empty.write_bytes(b"")
    other.write_bytes(b"PK\x03\x04 stored %PDF-1.4")
    with pytest.raises(EmptyDocument):
        read_submission([empty])
    with pytest.raises(UnsupportedFormat):
        read_submission([other])


def test_a_fax_that_broke_off_is_not_read_in_part(tmp_path: Path) -> None:
    source = pdf(tmp_path / "a.pdf", lines(*NOTE), lines(*NOTE), lines(*NOTE))
    whole = tiff(tmp_path / "a.tif", scanned(source))
    cut = tmp_path / "cut.tif"
    cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * 0.6)])
    with pytest.raises(DamagedDocument):
        read_submission([cut])


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_a_cut_pdf_keeps_all_its_pages_or_is_refused(tmp_path: Path, share: float) -> None:
    whole = pdf(tmp_path / "a.pdf", *(lines(*NOTE, f"Page {n}") for n in range(6)))
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
    try:
        document = read_submission([cut])
    except DocumentError:
        return
    assert "repaired" in document.files[0].warnings


@pytest.mark.parametrize("between", [b"", b"\n" * 40])
def test_two_documents_glued_together_are_never_read_as_one(tmp_path: Path, between: bytes) -> None:
    one = pdf(tmp_path / "a.pdf", lines(*NOTE)).read_bytes()
    two = pdf(tmp_path / "b.pdf", lines("Laboratory report", "IgG 905 mg/dL")).read_bytes()
    glued = tmp_path / "c.pdf"
    glued.write_bytes(one + between + two)
    with pytest.raises(DamagedDocument):
        read_submission([glued])


@pytest.mark.parametrize("first", ["Page I of 3", "Page l 0f 3", "Page 1of 3"])
def test_a_misread_page_number_is_no_missing_page(tmp_path: Path, first: str) -> None:
    pages = (lines(*NOTE, text) for text in (first, "Page 2 of 3", "Page 3 of 3"))
    document = read_submission([pdf(tmp_path / "a.pdf", *pages)])
    assert document.files[0].missing_pages == ()


def test_a_bad_member_of_a_folder_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    good, bad = pdf(tmp_path / "b.pdf", lines(*NOTE)), tmp_path / "a.pdf"
    bad.write_bytes(b"%PDF-1.4 nothing")
    document = read_submission([good, bad])
    assert [file.name for file in document.files] == ["b.pdf"]
    assert [(u.name, u.code) for u in document.unread] == [("a.pdf", "document.damaged")]


def test_errors_do_not_quote_the_document(tmp_path: Path) -> None:
    bad = tmp_path / "a.pdf"
    bad.write_bytes(b"%PDF-1.4\n1 0 obj << /Title (Zebulon Quarrymoor) >> endobj\ntrailer <<>>")
    with pytest.raises(DocumentError) as caught:
        read_submission([bad])
    assert "Quarrymoor" not in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_the_inbox_is_not_written_to(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", lines(*NOTE))
    before = path.read_bytes()
    read_submission([path])
    assert [p.name for p in tmp_path.iterdir()] == ["a.pdf"] and path.read_bytes() == before


def test_a_page_sent_twice_and_a_page_that_is_missing(tmp_path: Path) -> None:
    first = lines(*NOTE, "Weakness of the hips was graded 3/5 today.", "Page 1 of 3")
    last = lines("Plan: rituximab is requested for this person.", "Page 3 of 3")
    document = read_submission([pdf(tmp_path / "a.pdf", first, first, last)])
    assert [page.duplicate_of for page in document.pages] == ["", "a.pdf#1", ""]
    assert document.files[0].missing_pages == (2,)


def test_pictures_of_pages_use_the_points_of_the_words(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", lines("X" * 12, x=100, y=600, size=20))
    word = read_submission([path]).pages[0].words[0]
    picture = page_picture(path, 1, 72)
    x0, top, x1, bottom = (round(edge) for edge in word.box)
    assert picture.crop((x0, top, x1, bottom)).getextrema()[0] < 100
    assert picture.crop((x0, top - 30, x1, top - 5)).getextrema()[0] > 200


def test_the_same_content_under_another_name_reads_the_same(tmp_path: Path) -> None:
    one = pdf(tmp_path / "a.pdf", lines(*NOTE))
    other = Path(shutil.copy(one, tmp_path / "b.pdf"))
    assert read_submission([one]).text == read_submission([other]).text


def test_what_is_attached_to_a_pdf_or_would_run_in_it_is_left_alone_and_said(
    tmp_path: Path,
) -> None:
    path, other = pdf(tmp_path / "plain.pdf", lines(*NOTE)), tmp_path / "other.pdf"
    with pikepdf.open(path) as document:
        document.attachments["notes.txt"] = b"Prednisone 5 mg"
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        document.pages[0].obj["/AA"] = pikepdf.Dictionary(O=action)
        document.save(other)
    document_read = read_submission([other])
    assert set(document_read.files[0].warnings) == {"javascript_ignored", "attachments_ignored"}
    assert "5 mg" not in document_read.text


def test_letters_without_a_character_map_are_read_from_the_picture(tmp_path: Path) -> None:
    """pdfminer leaves them out without a sign: half of the page would be missing."""
    layer = TextLayer(size=(612.0, 792.0))
    layer.words = [RawWord(text, (0, 0, 10, 10), 10) for text in ("Prednisone", "60", "mg")]
    assert not layer.lacks("Prednisone 60 mg")
    assert layer.lacks("Prednisone 60 mg daily since February and methotrexate weekly")


def test_what_was_typed_over_a_form_is_read(tmp_path: Path) -> None:
    path, typed = pdf(tmp_path / "a.pdf", lines("Drug requested:", "Dose:")), tmp_path / "typed.pdf"
    with pikepdf.open(path) as document:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        look = pikepdf.Stream(document, b"BT /F 10 Tf 2 4 Td (Truxima 1000 mg) Tj ET")
        look["/Type"], look["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Form
        look["/BBox"] = [0, 0, 120, 16]
        look["/Resources"] = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[140, 716, 260, 732],
            Contents="Truxima 1000 mg", AP=pikepdf.Dictionary(N=look), F=4,
        )  # fmt: skip
        document.pages[0].obj["/Annots"] = document.make_indirect(pikepdf.Array([note]))
        document.save(typed)
    assert "Truxima 1000 mg" in read_submission([typed]).text
