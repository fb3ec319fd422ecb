"""What a nurse sees on the page, and what a hostile document must not be able to do to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from pipeline.report import write_html
from pipeline.schema import (
    Alert,
    Case,
    CriterionResult,
    Diagnosis,
    Document,
    Evidence,
    ForeignPage,
    GapReport,
    Identity,
    LabResult,
    Legibility,
    Medication,
    Page,
    PageReference,
    Place,
    PolicyReference,
    Reason,
    ReportedConflict,
    ReportedRequest,
    SendItem,
    SourceFile,
    Stated,
    Status,
    Word,
)

FILE = "packet.pdf"
BOX = (72.0, 100.0, 200.0, 112.0)
MARKUP = """<script>alert("x")</script> & <img src=x onerror='y'> {{ 7 * 7 }}"""


def evidence(text: str = "CK 1200 U/L", box: tuple[float, float, float, float] = BOX) -> Evidence:
    return Evidence(file=FILE, page=1, bbox=box, text=text, row_id="lab-1")


def criterion(id_: str, status: Status, required: bool = True, **more: object) -> CriterionResult:
    values = {"id": id_, "title": f"Title of {id_}", "rationale": "Because.", **more}
    return CriterionResult.model_validate({**values, "status": status, "required": required})


def report(*criteria: CriterionResult, **more: object) -> GapReport:
    values: dict[str, object] = {
        "submission_id": "packet-00000000",
        "source_files": (FILE,),
        "software_version": "0",
        "policy": PolicyReference(id="p", version="1", source="No payer's policy."),
        "request": ReportedRequest(product="Examplumab"),
        "recommendation": "request_information",
        "readiness": 50,
        "criteria": criteria,
        "legibility": Legibility(pages=1, ocr_pages=0, mean_confidence=1.0),
    }
    return GapReport.model_validate({**values, **more})


def document(name: str = "Ada Sample", turned: int = 0) -> Document:
    word = Word(text="CK", start=0, box=BOX)
    page = Page(
        file=FILE,
        number=1,
        width=612,
        height=792,
        start=0,
        end=2,
        origin="text",
        turned=turned,
        words=(word,),
        identity=Identity(name=name),
    )
    source = SourceFile(name=FILE, sha256="0", kind="pdf", pages=1)
    return Document(files=(source,), text="CK", pages=(page,))


def case(text: str = "CK 1200 U/L") -> Case:
    place = Place(file=FILE, page=1, box=BOX, text=text, confidence=1)
    lab = LabResult(id="lab-1", analyte="creatine_kinase", value_text=text, places=(place,))
    reading = Legibility(pages=1, ocr_pages=0, mean_confidence=1.0)
    return Case(
        submission_id="packet-00000000",
        source_files=(FILE,),
        as_of=None,
        labs=(lab,),
        legibility=reading,
    )


@pytest.fixture
def packet(tmp_path: Path) -> Path:
    path = tmp_path / FILE
    canvas = Canvas(str(path), pagesize=(612, 792))
    canvas.drawString(72, 682, "CK 1200 U/L")
    canvas.save()
    return path


def test_a_linked_code_is_shown_as_one_that_is_not_printed(packet: Path) -> None:
    place = Place(file=FILE, page=1, box=BOX, text="HTN", confidence=1)
    linked = Diagnosis(
        id="d", name="hypertension", linked_icd10="I10", linked_description="Essential", places=(place,)
    )  # fmt: skip
    told = case().model_copy(update={"diagnoses": (linked,)})
    html = write_html(report(criterion("ck", Status.MET)), told, document(), {FILE: packet})
    assert "linked, not printed: I10 Essential</td>" in html


def test_evidence_is_marked_on_the_picture_of_its_page(packet: Path) -> None:
    shown = report(criterion("ck", Status.MET, evidence=(evidence(),)))
    html = write_html(shown, case(), document(), {FILE: packet})
    assert html.count("data:image/") == 2, "the part of the page, and the page as a whole"
    mark = re.search(r'<rect class="mark" x="([\d.]+)" y="([\d.]+)"', html)
    assert mark and (float(mark[1]), float(mark[2])) == (70.0, 98.0)
    assert "CK 1200 U/L" in html


def test_what_is_cited_many_times_is_shown_once(packet: Path) -> None:
    boxes = [(72.0, top, 200.0, top + 12) for top in (100.0, 300.0, 500.0)]
    many = [
        criterion(f"c{i}", Status.MET, evidence=tuple(evidence(box=box) for box in boxes))
        for i in range(5)
    ]
    html = write_html(report(*many), case(), document(), {FILE: packet})
    assert html.count("data:image/") == 2
    assert html.count('<rect class="mark"') == 3, "each place is shown once"
    assert html.count("Shown already") == 4


def test_only_the_cited_words_are_marked_not_their_neighbours(packet: Path) -> None:
    """A sentence that runs over two lines has a box that also holds parts of its neighbours."""
    places = {"Weak.": (72, 100), "She": (150, 100), "cannot": (180, 100), "rise.": (72, 114)}
    words = [
        Word(text=text, start=i, box=(x, y, x + 28.0, y + 10.0))
        for i, (text, (x, y)) in enumerate(places.items())
    ]
    (page,) = document().pages
    read = document().model_copy(
        update={"pages": (page.model_copy(update={"words": tuple(words)}),)}
    )
    cited = evidence("She cannot rise.", (72.0, 100.0, 208.0, 124.0))
    html = write_html(
        report(criterion("adl", Status.MET, evidence=(cited,))), case(), read, {FILE: packet}
    )
    marks = re.findall(r'<rect class="mark" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', html)
    assert marks == [("148.0", "98.0", "62.0"), ("70.0", "112.0", "32.0")]


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_part_of_a_turned_page_is_shown_upright(packet: Path, turned: int) -> None:
    shown = report(criterion("ck", Status.MET, evidence=(evidence(),)))
    html = write_html(shown, case(), document(turned=turned), {FILE: packet})
    view = re.search(r'viewBox="([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)"', html)
    turn = re.search(r'transform="rotate\((\d+) ([\d.]+) ([\d.]+)\)"', html)
    assert view and turn
    left, top, width, height = (float(part) for part in view.groups())
    assert turn[1] == str(turned)
    middle = (left + width / 2, top + height / 2)
    assert (float(turn[2]), float(turn[3])) == pytest.approx(middle, abs=0.2)


def test_words_are_still_shown_when_the_file_is_gone(tmp_path: Path) -> None:
    shown = report(criterion("ck", Status.MET, evidence=(evidence(),)))
    for files in ({}, {FILE: tmp_path / "gone.pdf"}):
        html = write_html(shown, case(), document(), files)
        assert "CK 1200 U/L" in html
        assert "page picture not available" in html


def test_nothing_from_the_packet_becomes_markup() -> None:
    bad = evidence(MARKUP)
    hostile = report(
        criterion("a", Status.NEEDS_REVIEW, rationale=MARKUP, missing=(MARKUP,), evidence=(bad,)),
        alerts=(Alert(id="x", message=MARKUP, evidence=(bad,)),),
        conflicts=(ReportedConflict(about=MARKUP, sides=(bad, bad), criteria=("a",)),),
        request=ReportedRequest(product=MARKUP, dose=MARKUP, diagnosis_codes=(MARKUP,)),
    )
    html = write_html(hostile, case(MARKUP), document(MARKUP), {})
    assert "<script" not in html
    assert "<img" not in html
    assert "49" not in re.sub(r"<style>.*?</style>", "", html, flags=re.S)
    assert "&lt;script&gt;" in html


@given(st.text(max_size=40))
def test_direction_and_control_characters_cannot_reorder_what_is_read(text: str) -> None:
    marked = report(criterion("a", Status.MET, evidence=(evidence(f"1\u202e{text}\x00\u2066"),)))
    html = write_html(marked, case(), document(), {})
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00]", html)


@pytest.mark.parametrize(
    ("recommendation", "words"),
    [
        ("criteria_met", "Every required criterion is documented"),
        ("request_information", "Ask the practice for what is missing"),
        ("clinician_review", "A clinician should look"),
        ("no_policy", "No policy serves this request"),
    ],
)
def test_never_sounds_like_a_determination(recommendation: str, words: str) -> None:
    shown = report(criterion("a", Status.MET), recommendation=recommendation)
    html = write_html(shown, case(), document(), {})
    assert words in html
    assert "not a determination" in html
    assert "No payer&#39;s policy." in html
    rest = html.replace("It neither approves nor denies.", "").lower()
    assert not re.search(r"\bapprov|\bden(y|ied|ial)", rest)


def test_what_to_send_links_to_the_criteria_that_it_settles() -> None:
    shown = report(criterion("ck", Status.NOT_DOCUMENTED), criterion("way", Status.NOT_DOCUMENTED))
    items = (
        SendItem(text="CK with range", criteria=("ck", "way")),
        SendItem(text=MARKUP, criteria=("way",), any_one_of=("Flare dose", MARKUP)),
    )
    html = write_html(shown, case(), document(), {}, items)
    listed = html[html.index("What to send</h2>") : html.index("<h2>Everything that was read")]
    assert listed.index("CK with range") < listed.index("Flare dose")
    assert '<a href="#ck">Title of ck</a>; <a href="#way">Title of way</a>' in listed
    assert "<script" not in listed
    assert "What to send" not in write_html(shown, case(), document(), {})


def test_status_is_said_in_words_and_signs_not_only_in_colour() -> None:
    shown = report(
        criterion("a", Status.MET),
        criterion("b", Status.NOT_MET),
        criterion("c", Status.NOT_DOCUMENTED, reason=Reason.STALE),
        criterion("d", Status.NEEDS_REVIEW, reason=Reason.CONFLICTING),
        criterion("e", Status.NOT_APPLICABLE),
    )
    html = write_html(shown, case(), document(), {})
    badges = re.findall(r'class="badge (\w+)"><span[^>]*>(.)</span> ([\w ]+)<', html)
    assert ("met", "✓", "Met") in badges
    assert ("not_met", "✗", "Not met") in badges
    assert ("not_documented", "?", "Not documented") in badges
    assert ("needs_review", "!", "Needs review") in badges
    assert ("not_applicable", "–", "Not applicable") in badges
    assert "too old" in html
    assert "the packet contradicts itself" in html


def test_pages_that_could_not_be_used_are_named() -> None:
    reading = Legibility(
        pages=4,
        ocr_pages=2,
        mean_confidence=0.7,
        unreadable_pages=(PageReference(file=FILE, page=3),),
        foreign_pages=(ForeignPage(file=FILE, page=4, name="Doe, Jane", birth_date="01/02/1960"),),
        attachments=("results.pdf",),
    )
    html = write_html(report(legibility=reading), case(), document(), {})
    assert re.search(r"Could not be read:</strong> page 3", html)
    assert re.search(
        r"another patient.{1,6}s name, birth date or record number:</strong> page 4", html
    )
    assert "Doe, Jane" in html
    assert "01/02/1960" in html
    assert re.search(r"Attached, and not read:</strong> <bdi>results.pdf", html)


def body(html: str) -> str:
    return html[html.index("<main") :]


def test_first_screen_says_why_and_where_what_is_to_judge_first() -> None:
    shown = report(
        criterion("fine", Status.MET, evidence=(evidence("fine words"),)),
        criterion("silent", Status.NOT_DOCUMENTED, reason=Reason.MISSING, rationale="No result"),
        criterion(
            "vague", Status.NEEDS_REVIEW, reason=Reason.AMBIGUOUS,
            rationale="IGRA indeterminate", evidence=(evidence("vague words"),),
        ),
        criterion("low", Status.NOT_MET, rationale="Only 9 days", evidence=(evidence("9 d"),)),
        criterion("aside", Status.NOT_DOCUMENTED, required=False, rationale="No flare"),
        recommendation="clinician_review",
        alerts=(
            Alert(id="hep", message="A test is positive.", evidence=(evidence("positive"),)),
            Alert(id="pml", message="No counselling is documented."),
        ),
    )  # fmt: skip
    html = body(write_html(shown, case(), document(), {}))
    verdict = html[html.index('class="verdict') : html.index("</section>")]
    told = [verdict.index(word) for word in ("Only 9 days", "IGRA indeterminate", "#silent")]
    assert told == sorted(told)
    assert 'href="#low"' in verdict and "page 1" in verdict
    assert "A test is positive." in verdict
    assert "No counselling" not in verdict and "No counselling" in html
    assert "No flare" not in verdict
    cards = [html.index(f'id="{name}"') for name in ("low", "vague", "silent", "fine", "aside")]
    assert cards == sorted(cards)
    assert '<details class="line" id="fine">' in html


def test_pages_link_to_the_original(packet: Path) -> None:
    shown = report(criterion("ck", Status.NOT_MET, evidence=(evidence(),)))
    html = write_html(shown, case(), document(), {FILE: packet})
    assert f'<a href="{packet.resolve().as_uri()}#page=1">page 1</a>' in html
    gone = write_html(shown, case(), document(), {})
    assert "file:" not in gone and "page 1" in gone


def test_name_on_every_printed_sheet_cannot_leave_its_string() -> None:
    html = write_html(report(), case(), document('Eve"; } body { display: none } @import "x'), {})
    style = html[html.index("<style>") : html.index("</style>")]
    at = style.index("@top-left")
    assert style[at : style.index("@top-right")].count('"') == 2
    assert "@import" not in style


def test_without_a_policy_what_was_read_is_the_page() -> None:
    shown = report(recommendation="no_policy", policy=None, readiness=None)
    html = body(write_html(shown, case(), document(), {}))
    assert "<details open><summary>Laboratory results" in html
    assert "Open criteria" not in html and "What to send" not in html


def test_what_is_not_read_is_not_called_unstated() -> None:
    unread = Legibility(
        pages=2, ocr_pages=1, mean_confidence=0.4,
        unreadable_pages=(PageReference(file=FILE, page=2),),
    )  # fmt: skip
    assert 'Dose</dt><dd class="unsaid"><bdi>not stated' in write_html(
        report(), case(), document(), {}
    )
    html = write_html(report(legibility=unread), case(), document(), {})
    assert 'Dose</dt><dd class="unsaid"><bdi>not found; pages are unread' in html
    given = Medication(
        ingredient="examplumab", dose_value=40, dose_unit="mg", status="requested", id="m"
    )
    asked = case().model_copy(update={"medications": (given,)})
    assert "Dose</dt><dd><bdi>40 mg" in write_html(report(), asked, document(), {})


def test_the_packets_own_words_on_what_is_pending() -> None:
    place = Place(file=FILE, page=1, box=BOX, text="Hep C antibody - in process", confidence=1)
    awaited = LabResult(id="l", analyte="anti_hcv", interpretation="pending", places=(place,))
    told = case().model_copy(update={"labs": (awaited,)})
    announced = Stated(text="Imaging is enclosed", place=place)
    html = write_html(report(), told, document(), {}, (), None, (announced,))
    part = html[html.index("pending or attached</h2>") :]
    assert "Hep C antibody - in process" in part and "Imaging is enclosed" in part
