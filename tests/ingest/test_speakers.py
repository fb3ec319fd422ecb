"""Of whom a page speaks: invented packets of a form, a note, and a page of somebody or nobody."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from pipeline.ingest import read_submission
from pipeline.schema import Document
from tests.ingest.pages import FORM, lines, pdf, scan_pdf, scanned

NOTE = [
    "CLINIC NOTE",
    "Sorley, Ragnhild   DOB 04/09/1958   MRN 5512-07",
    "Date of service: 05/01/2026",
    "Assessment: polymyositis.",
]
RESULTS = ["Collected: 04/20/2026", "Creatine kinase   5120 U/L   (30-200)  H", "HBsAg   Negative"]
LEAFLET = [
    "What we like to see",
    "A creatine kinase of 5120 U/L",
    "HBsAg negative before treatment",
]


def packet(tmp_path: Path, *pages: list[str], scan: bool = False) -> Document:
    path = pdf(tmp_path / "packet.pdf", *(lines(*page) for page in pages))
    return read_submission([scan_pdf(tmp_path / "scan.pdf", scanned(path)) if scan else path])


def speakers(tmp_path: Path, *pages: list[str], scan: bool = False) -> list[str]:
    return [page.speaker.value for page in packet(tmp_path, *pages, scan=scan).pages]


def of_report(tmp_path: Path, *head: str, scan: bool = False) -> str:
    """Of whom a report speaks that bears these lines, in a packet of a form and a note."""
    report = ["LABORATORY REPORT", *head, *RESULTS]
    return speakers(tmp_path, FORM, NOTE, report, scan=scan)[-1]


@pytest.mark.parametrize(
    "head",
    [
        ["Pt: Halvorsen, Birgit   Birthdate: 25AUG1971"],
        ["MEMBER NAME : BIRGIT HALVORSEN", "DOB : 1971-08-25"],
        ["RE: Birgit Halvorsen, d.o.b. 25 August 1971"],
        ["Patient: Dr. Birgit Halvorsen, born 25-Aug-71"],
        ["Name: birgit halvorsen   born 8/25/71"],
        ["Patient: HALVORSEN^BIRGIT^A"],
        ["Last name: Halvorsen     First name: Birgit"],
        ["Patient Name", "Halvorsen, Birgit"],
        ["Birgit Halvorsen | 08/25/1971 | F | MRN 889123"],
        ["Room 4   SORLEY, RAGNA   F   11/30/1949   MRN 61 208 44"],
        [
            "Patient              DOB              MRN",
            "Halvorsen, Birgit    08/25/1971       889123",
        ],
        ["Patient: Sorley, Otto   DOB: 02/01/1955"],  # a husband
        ["Patient: Sorley, Gudrun   DOB: 04/09/1958"],  # a twin
        ["Patient: Sorley, Ragnhild   DOB: 04/09/1988"],  # a daughter of the same name
        ["Patient: Sorley, Ragnhild   DOB: 04/09/1959"],
        ["Patient: Sorley, Ragnhild", "MRN: 7712-99"],
        ["Date of Birth: August 25, 1971"],
        ["Patient ID: 881-2231"],
        ["Sorley, Gudrun F 04/09/1958 Chart 30-77125"],
    ],
)
def test_a_page_of_another_person_is_told_by_name_birth_date_or_number(
    tmp_path: Path, head: list[str]
) -> None:
    assert of_report(tmp_path, *head) == "other"


@pytest.mark.parametrize(
    "head",
    [
        ["Pt: RAGNHILD SORLEY   Birthdate: 09APR1958"],
        ["Ragnhild K. Sorley | 04/09/1958"],
        ["SORLEY RAGNHILD F 1958-04-09"],
        ["Patient: Mrs. Sorley   DOB: April 9, 1958"],
        ["Patient: R. Sorley"],
        ["Member: Sorley-Lund, Ragnhild   DOB 4/9/58"],
        ["Patient: Sorley, Ragnhild   DOB: 04/09/1958   MRN: 99-1-2233"],  # of another hospital
        ["Mrs. Sorley had her blood taken today."],
        ["RE: Rituximab Infusion", "Ragnhild Sorley needs it."],
        ["Patient: Tolerating therapy", "DOB: 04/09/1958", "Ragnhild Sorley"],
        ["MRN 5512-07"],
        ["Ragnhild Sorley   04/21/2026", "Blood drawn on the ward."],
        ["Sorley, Ragnhild F 04/09/1958 Chart 30-77125"],
        ["SORLEY, RAGNHILD    F    04/09/1958    Client: Four Winds J&P"],
        ["Client: Alder Creek    Patient: Sorley, Ragnhild   DOB: 04/09/1958"],
        ["Sorley, Ragnhild    Female    04/09/1958", "Client: Halvorsen, Birgit"],
        ["Guarantor: Sorley, Otto", "Patient: Sorley, Ragnhild   DOB: 04/09/1958", "Subscriber DOB: 02/01/1955"],
        ["Patient: Sorley, Ragnhild", "Provider: Halvorsen, Birgit MD", "Physician Name: Birgit Halvorsen"],
    ],
)  # fmt: skip
def test_the_patients_own_page_is_known_in_other_words(tmp_path: Path, head: list[str]) -> None:
    assert of_report(tmp_path, *head) == "patient"


@pytest.mark.parametrize(
    "head",
    [
        ["DOB: 31/31/19"],
        ["Patient: 4471-B"],
        ["Client: Halvorsen, Birgit"],  # who sent the specimen, or whose it is
        ["Patient: Bjornstad, Ragnhild   DOB: 04/09/1958"],  # a new surname, perhaps
        ["Room 4   SORLEY, RAGNA   F   11/30/1949   week of 04/20/2026"],
        ["Patient: Sorley, Ragnhild   DOB: 09/04/1958"],  # day and month the other way round
    ],
)
def test_what_cannot_be_told_is_in_doubt(tmp_path: Path, head: list[str]) -> None:
    assert of_report(tmp_path, *head) == "doubtful"


@pytest.mark.parametrize(
    "body",
    [
        ["Sorley, Ragnhild: no sample", "Okonjo, Dagny: CK 4210, HBsAg negative"],
        ["7 Ragnhild Sorley: to come", "9 Dagny Okonjo: CK 4210, HBsAg negative"],
        ["Ragnhild Sorley (04/09/1958), new", "Dagny Okonjo (11/30/1962), CK 4210"],
        ["SORLEY, RAGNHILD    F    04/09/1958", "OKONJO, DAGNY    F    11/30/1962", "CK 4210"],
        ["Ragnhild Sorley - no records", "Dagny Okonjo - CK 4210, HBsAg negative"],
        ["Sorley, Ragnhild      Okonjo, Dagny", "born 04/09/1958      born 11/30/1962",
         "no results      CK 4210"],
        ["Patient: Sorley, Ragnhild   DOB: 04/09/1958", "No sample.",
         "Patient: Okonjo, Dagny   DOB: 11/30/1962", "CK 4210, HBsAg negative"],
    ],
)  # fmt: skip
def test_a_page_that_also_tells_of_somebody_else_is_in_doubt(
    tmp_path: Path, body: list[str]
) -> None:
    page = ["RESULTS OF TODAY'S CLINIC", *body]
    assert speakers(tmp_path, FORM, NOTE, page)[-1] == "doubtful"


@pytest.mark.parametrize(
    "body",
    [
        ["Folic Acid   1 mg daily", "Calcium Carbonate   500 mg", "Signed: Imre Solway, MD"],
        ["Imre Solway, MD   05/01/2026", "Chief Complaint: weakness", "Sleep Study - none"],
        ["WHARFSIDE DRUG #114", "SORLEY RAGNHILD: DOB 04/09/1958", "FOLIC ACID 1 MG TAB   30"],
        ["Office Visit 03/03/2026", "Muscle Biopsy 01/12/2024", "Referred By   Dagny Okonjo MD"],
    ],
)
def test_drugs_visits_and_physicians_are_no_other_patients(tmp_path: Path, body: list[str]) -> None:
    page = ["CLINIC NOTE", "Ragnhild Sorley   04/09/1958", *body, "She takes folic acid."]
    assert speakers(tmp_path, FORM, NOTE, page)[-1] == "patient"


@pytest.mark.parametrize(
    ("head", "speaker"),
    [
        ("Patient: Sorley, Gudrun   DOB: 04/09/1958", "other"),
        ("Patient: Sorley, Ragnhild   DOB: 04/09/1953", "doubtful"),
        ("Patient: Sorley, Ragnhild   DOB: 04/09/1953   MRN: 5512-07", "patient"),
    ],
)
def test_on_a_scan_a_digit_may_be_misread(tmp_path: Path, head: str, speaker: str) -> None:
    assert of_report(tmp_path, head, scan=True) == speaker


@pytest.mark.parametrize(
    ("whose", "speaker"),
    [
        ("Patient: Halvorsen, Birgit   DOB: 08/25/1971", "other"),
        ("Patient: Sorley, Ragnhild   DOB: 04/09/1958", "patient"),
    ],
)
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Page 1 of 2", ["SEROLOGY", "HBsAg   Negative", "Page 2 of 2"]),
        ("Specimen 26-44712", ["LABORATORY REPORT (cont.)", "HBsAg   Negative"]),
        ("The sample was taken while she had been fasting for twelve hours and", ["was kept on ice."]),
    ],
)  # fmt: skip
def test_a_document_is_one_persons_to_its_end(
    tmp_path: Path, whose: str, speaker: str, first: str, second: list[str]
) -> None:
    report = ["LABORATORY REPORT", whose, "Creatine kinase   5120 U/L", first]
    assert speakers(tmp_path, FORM, NOTE, report, second)[-2:] == [speaker, speaker]


@pytest.mark.parametrize("foot", ["", "Printed 05/02/2026 10:51  Page {} of 3"])
def test_a_page_of_nobody_is_general_whatever_counts_it(tmp_path: Path, foot: str) -> None:
    pages = [[*page, foot.format(n)] for n, page in enumerate((FORM, NOTE, LEAFLET), start=1)]
    assert speakers(tmp_path, *pages) == ["patient", "patient", "general"]


def test_a_page_of_nobody_in_a_fax_is_general(tmp_path: Path) -> None:
    line = "05/02/2026 10:1{0}  FROM 5555550100 TO PA DEPT  P. {0}/3"
    pages = [[line.format(n), *page] for n, page in enumerate((FORM, NOTE, LEAFLET), start=1)]
    assert speakers(tmp_path, *pages)[-1] == "general"


def test_a_packet_without_any_name_is_the_patients(tmp_path: Path) -> None:
    assert speakers(tmp_path, ["Date of service: 05/01/2026", "Polymyositis."]) == ["patient"]


def test_the_form_says_who_the_patient_is(tmp_path: Path) -> None:
    other = ["CLINIC NOTE", "Patient: Halvorsen, Birgit   DOB: 08/25/1971"]
    found = speakers(tmp_path, FORM, [*other, "Seen in May."], [*other, "Seen in June."])
    assert found == ["patient", "other", "other"]


@pytest.mark.parametrize(
    ("pages", "missing"),
    [
        ([[*FORM, "Page 1 of 2"], NOTE, RESULTS], (2,)),
        ([[*FORM, "Page 1 of 2"], [*NOTE, "Page 1 of 2"]], (2,)),
        ([[*FORM, "Page 1 of 2"], [*NOTE, "Page 2 of 2"], [*NOTE, "Addendum", "Page 2 of 2"]], (1,)),
        ([[*FORM, "pg 1/3"], [*NOTE, "pg 3/3"]], (2,)),
        ([["FAX COVER SHEET", "To: Plan", "Number of pages (incl. cover): 5"], FORM, NOTE], (4, 5)),
        ([["FAX COVER SHEET", "To: Plan", "Pages to follow: 3"], FORM, NOTE], (4,)),
        ([["FAX COVER SHEET", "Sent 05/11/2026 at 10:52", "Pages to follow: 2"], FORM, NOTE], ()),
        ([["FAX COVER SHEET", "Sent at 10:52 pages to follow: 2"], FORM, NOTE], ()),
        ([["FAX COVER SHEET", "To: Plan", "Pages: 3 with this one"], FORM, NOTE], ()),
        ([["FAX COVER SHEET", "To: Plan", "4 pages including cover"], FORM, NOTE], (4,)),
        ([[*FORM, "Page 1 of 2"], [*NOTE, "Page 2 of 2"], [*LEAFLET, "Page 3 of 12"]], ()),
        ([FORM, [*NOTE, "Her letter says so on page 2 of 7."]], ()),
        ([[*NOTE, "3 / 5"], FORM], ()),
    ],
)  # fmt: skip
def test_pages_that_are_promised_and_did_not_come(
    tmp_path: Path, pages: list[list[str]], missing: tuple[int, ...]
) -> None:
    assert packet(tmp_path, *pages).files[0].missing_pages == missing


def test_a_note_on_a_page_and_a_file_within_are_named(tmp_path: Path) -> None:
    path = pdf(tmp_path / "packet.pdf", lines(*FORM), lines(*NOTE))
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.attachments["outside results.pdf"] = b"%PDF-1.4"
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Text,
            Rect=[10, 10, 30, 30],
            Contents=pikepdf.String("Began another drug in May"),
        )
        document.pages[1].obj["/Annots"] = pikepdf.Array([document.make_indirect(note)])
        document.save(path)
    read = read_submission([path]).files[0]
    assert read.attachments == ("outside results.pdf", "note on page 2")
    assert {"attachments_ignored", "notes_ignored"} <= set(read.warnings)
