"""Two sheets side by side on one landscape page: each is read, and speaks, for itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.ingest import read_submission
from pipeline.places import locate, page_of, printed_pages
from pipeline.schema import Document
from tests.ingest.pages import FORM, lines, pdf, scanned, spread, tiff

NOTE = [
    "CLINIC NOTE",
    "Patient: Sorley, Ragnhild",
    "DOB: 04/09/1958",
    "Date of service: 05/01/2026",
    "Assessment: polymyositis, still weak.",
    "Plan: as discussed with her.",
]
RESULTS = ["Collected: 04/20/2026", "Creatine kinase 5120 U/L (30-200) H", "HBsAg negative"]
OF_ANOTHER = ["LABORATORY REPORT", "Patient: Halvorsen, Birgit", "DOB: 08/25/1971", *RESULTS]
LEAFLET = [
    "Before your first infusion your doctor",
    "will look at the blood for hepatitis",
    "and tell you how the medicine is given",
    "into a vein over some hours, and what",
    "to do when you feel unwell afterwards.",
    "Most people are back home by evening.",
]


def packet(tmp_path: Path, left: list[str], right: list[str], scan: bool = False) -> Document:
    """A form, then a landscape page of two halves."""
    path = pdf(tmp_path / "packet.pdf", lines(*FORM), spread(left, right))
    return read_submission([tiff(tmp_path / "packet.tif", scanned(path)) if scan else path])


def told(document: Document) -> list[tuple[int, str]]:
    return [(page.number, page.speaker.value) for page in document.pages]


@pytest.mark.parametrize("scan", [False, True])
def test_each_sheet_speaks_of_its_own_patient(tmp_path: Path, scan: bool) -> None:
    document = packet(tmp_path, NOTE, OF_ANOTHER, scan)
    assert told(document) == [(1, "patient"), (2, "patient"), (2, "other")]
    assert document.files[0].pages == 2
    assert "HBsAg" not in document.text[document.pages[1].start : document.pages[1].end]


@pytest.mark.parametrize(
    ("right", "speaker"),
    [
        (["Ostwick Clinic, page 2 of 2", *RESULTS], "patient"),  # goes on from "page 1 of 2"
        (["SHIFT SUMMARY", "Recorded on 04/30/2026", *RESULTS], "general"),  # nobody's
        (["Name: Sorley, Gudrun   born 01/30/1990", *RESULTS, "All normal."], "other"),
    ],
)
def test_the_right_sheet_is_told_by_its_own_head(
    tmp_path: Path, right: list[str], speaker: str
) -> None:
    foot = ["Ostwick Clinic, page 1 of 2"] if "page" in right[0] else []
    document = packet(tmp_path, [*NOTE, *foot], right)
    assert told(document)[1:] == [(2, "patient"), (2, speaker)]


def test_a_sheet_after_one_of_another_person_is_that_persons(tmp_path: Path) -> None:
    left, right = [*OF_ANOTHER, "Page 1 of 2"], ["Remarks", *RESULTS, "Page 2 of 2"]
    assert told(packet(tmp_path, left, right))[1:] == [(2, "other"), (2, "other")]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (["FLOWSHEET", *NOTE[1:4], "CK", "Aldolase", "IgG"],
         ["", "", "", "04/01/2026   05/01/2026", "4120   3980", "9.1   8.8", "980   1010"]),
        (["AFTER VISIT SUMMARY", *NOTE[1:4], "Medications", "folic acid 1 mg daily"],
         ["", "", "", "", "Problems", "polymyositis", "cataract of both eyes", "old fracture"]),
        (LEAFLET, LEAFLET[::-1]),
    ],
)  # fmt: skip
def test_tables_and_columns_under_one_head_stay_together(
    tmp_path: Path, left: list[str], right: list[str]
) -> None:
    assert len(packet(tmp_path, left, right).pages) == 2


def test_frames_drawn_round_the_sheets_leave_them_apart(tmp_path: Path) -> None:
    sheets = spread(["GARDEN STUDIO", *NOTE[1:]], ["GARDEN STUDIO", *OF_ANOTHER[1:]])

    def framed(canvas: Canvas) -> None:
        sheets(canvas)
        canvas.rect(20, 20, 368, 570)
        canvas.rect(403, 20, 368, 570)

    path = pdf(tmp_path / "packet.pdf", lines(*FORM), framed)
    assert told(read_submission([path]))[1:] == [(2, "patient"), (2, "other")]


def test_what_a_sheet_says_is_shown_on_the_page_that_was_sent(tmp_path: Path) -> None:
    document = packet(tmp_path, NOTE, OF_ANOTHER)
    at = document.text.index("5120")
    place = locate(document, at, at + 4)
    assert place.page == 2 and place.box[0] > 420  # right of the middle of 792 points
    assert page_of(document, place) == document.pages[2]
    whole = printed_pages(document)[place.file, 2]
    assert {word.text for word in whole.words} >= {"5120", "polymyositis,"}
    assert whole.speaker == "other"
