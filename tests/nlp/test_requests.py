"""What letters and forms of any wording ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.ingest import read_submission
from pipeline.nlp import extract_mentions
from pipeline.nlp.cells import Filled, Pair
from pipeline.nlp.forms import field_mentions
from pipeline.nlp.labels import kind_of, kind_of_pair
from pipeline.normalize import build_case
from pipeline.notation.lengths import duration
from pipeline.schema import PageKind, RequestedDrug
from tests.ingest.pages import HEIGHT, box, grid, lines, pdf
from tests.notes import MODELS, note


def request_of(text: str, kind: PageKind) -> RequestedDrug:
    document = note(text, kind)
    return build_case("x-00000000", document, extract_mentions(document, MODELS), MODELS).request


@pytest.mark.parametrize(
    ("text", "kind", "schedule"),
    [
        (
            "I write to ask for approval of Rituxan (J9312).\n\n"
            "I propose 1000 milligrams intravenously, and the same again two weeks later.\n",
            PageKind.LETTER,
            "and the same again two weeks later",
        ),
        (
            "PLEASE APPROVE:\n\nRuxience (rituximab-pvvr, code Q5119)\n\n"
            "1000 mg intravenously on day 1 and day 15\n",
            PageKind.OTHER,
            "day 1 and day 15",
        ),
        (
            "Requested drug: Truxima Q5115\n\nDose and directions: 1000 mg IV, day 1 and day 15\n",
            PageKind.REQUEST,
            "day 1 and day 15",
        ),
        (
            "Appeal concerning Riabni (rituximab-arrx), Q5123\n\n"
            "Course wished: 1000 mg as an infusion on day 1 and day 15; a further one after half a year\n",
            PageKind.LETTER,
            "day 1 and day 15",
        ),
        (
            "I am writing to request Ruxience, 1000 mg by infusion on day 0 and another gram on day 14.\n",
            PageKind.LETTER,
            "day 0 and another gram on day 14",
        ),
    ],
)
def test_dose_and_schedule_of_what_is_asked_for(text: str, kind: PageKind, schedule: str) -> None:
    request = request_of(text, kind)
    assert request.ingredient == "rituximab"
    assert [d.text.split(" ")[0].replace(",", "") for d in request.dose] == ["1000"]
    assert [s.text.removeprefix("on ") for s in request.schedule] == [schedule]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        # labels with no sign before their answers, on a page of no known kind
        (
            "Infused medicine request\n\nMedication Ruxience (rituximab-pvvr) Q5119\n\n"
            "Dose 500 mg IV\n\nHow often day 1 and day 15\n\nDx polymyositis, M33.20\n",
            PageKind.OTHER,
        ),
        # questions of a web form, the answer on the next line
        (
            "Which medicine is requested?\n\nRuxience (rituximab-pvvr)\n\nHCPCS code\n\nQ5119\n\n"
            "Dose per infusion\n\n500 mg IV\n\nHow often?\n\nday 1 and day 15\n\n"
            "Primary ICD-10-CM code\n\nM33.20\n",
            PageKind.REQUEST,
        ),
        # lines that ask for it without a label
        (
            "Ruxience (rituximab-pvvr), Q5119, 500 mg IV, day 1 and day 15. M33.20, polymyositis.\n",
            PageKind.OTHER,
        ),
        (
            "Re: second appeal for Ruxience (Q5119) 500 mg IV, day 1 and day 15, for M33.20\n\n"
            "In 2021 he was thought to have dermatomyositis (M33.10).\n",
            PageKind.LETTER,
        ),
    ],
)
def test_product_code_dose_and_schedule_wherever_they_stand(text: str, kind: PageKind) -> None:
    request = request_of(text, kind)
    assert {p.text for p in request.products} == {"Ruxience"}
    assert {h.text for h in request.hcpcs} == {"Q5119"}
    assert {d.text for d in request.dose} == {"500 mg IV"}
    assert {s.text for s in request.schedule} == {"day 1 and day 15"}
    assert {c.text for c in request.diagnosis_codes} == {"M33.20"}


@pytest.mark.parametrize(
    "text",
    [
        "Truxima (Q5115) 1000 mg IV was given on 3/4/2024 and 3/18/2024.",
        "Prior biologic: Truxima Q5115 1000 mg IV, day 1 and day 15.",
        "Truxima Q5115 1000 mg IV every 6 months is covered if methotrexate failed.",
    ],
)
def test_lines_that_tell_of_a_product_do_not_ask_for_it(text: str) -> None:
    request = request_of(f"Visit of May 2, 2026.\n\n{text}\n", PageKind.OTHER)
    assert request.doubtful or not (request.products or request.dose)


@pytest.mark.parametrize(
    ("dose", "schedule", "told"),
    [
        ("375 mg/m2", "once a week, 4 infusions", ("weekly", "intravenous")),
        ("1000 mg by vein", "day 1 and day 15", ("day 1 and day 15", "intravenous")),
        ("1400 mg under the skin", "weekly infusions", ("weekly", "")),
    ],
)
def test_route_and_frequency_of_what_is_requested(
    dose: str, schedule: str, told: tuple[str, str]
) -> None:
    text = f"Requested drug: Truxima Q5115\n\nDose: {dose}\n\nSchedule: {schedule}\n"
    document = note(text, PageKind.REQUEST)
    case = build_case("x-00000000", document, extract_mentions(document, MODELS), MODELS)
    (asked,) = case.medications
    assert (asked.frequency, asked.route) == told


def test_a_diagnosis_code_under_the_label_code() -> None:
    text = "Product Riabni Q5123\nDiagnosis Polymyositis\tCode M33.22\n"
    request = request_of(text, PageKind.REQUEST)
    assert {h.text for h in request.hcpcs} == {"Q5123"}
    assert {c.text for c in request.diagnosis_codes} == {"M33.22"}


def test_a_plan_of_treatment_is_no_health_plan() -> None:
    text = "Requested drug: Ruxience Q5119\n\nPLAN: Ruxience. Tenofovir goes on for a year.\n"
    assert request_of(text, PageKind.REQUEST).payer == ()


def test_labels_and_values_on_lines_without_colons() -> None:
    text = (
        "Drug review request\nDrug Ruxience\tHCPCS Q5119\nDose 1000 mg IV\tHow often day 1 and day 15\n"
        "Diagnosis polymyositis\tICD-10 M33.22\nSigned R. Example\tDate 3/9/26\n"
        "Drug intolerance (describe)\tPregnant\n"
    )
    request = request_of(text, PageKind.REQUEST)
    assert [p.text for p in request.products] == ["Ruxience"]
    assert {h.text for h in request.hcpcs} == {"Q5119"}
    assert [d.text for d in request.dose] == ["1000 mg IV"]
    assert [s.text for s in request.schedule] == ["day 1 and day 15"]
    assert {c.text for c in request.diagnosis_codes} == {"M33.22"}
    assert [d.text for d in request.request_date] == ["3/9/26"]


def test_captions_beside_each_other_are_no_answers() -> None:
    text = (
        "Drug Truxima\tHCPCS Q5115\nDrug intolerance (describe)\tPregnant\nHeart failure\tStroke\n"
    )
    document = note(text, PageKind.REQUEST)
    mentions = extract_mentions(document, MODELS)
    case = build_case("x-00000000", document, mentions, MODELS)
    assert not case.diagnoses


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Drug and HCPCS", "drug"),
        ("Medication, strength and directions", "drug"),
        ("Dose, route", "dose"),
        ("Dose / route / frequency", "dose_and_schedule"),
        ("Frequency, number of doses", "schedule"),
        ("Diagnosis and ICD-10-CM", "icd10"),
        ("Name and address", "ignored"),
        ("Drug and alcohol history", ""),
    ],
)
def test_labels_of_several_parts(label: str, kind: str) -> None:
    assert kind_of(label, MODELS) == kind


def test_earlier_drugs_of_a_web_form_are_not_requested() -> None:
    text = (
        "Drug and billing code\tRuxience Q5119\nSchedule\t2 doses, 14 days apart\n"
        "Corticosteroid, daily dose\tPrednisone 60 mg daily\nCorticosteroid, length of trial\t14 weeks\n"
        "Agent\tMethotrexate\nLength of trial\t3 weeks\nOutcome\tpancytopenia\n"
    )
    document = note(text, PageKind.REQUEST)
    case = build_case("x-00000000", document, extract_mentions(document, MODELS), MODELS)
    found = {m.ingredient: (m.status, m.duration_days) for m in case.medications}
    assert found["prednisone"] == ("past", 98)
    assert found["methotrexate"] == ("past", 21)
    assert case.request.ingredient == "rituximab"


def test_a_request_of_before_that_was_refused_is_not_this_one() -> None:
    text = (
        "ASSESSMENT: Polymyositis, active.\n\nIVIG was requested in May and turned down by her plan.\n\n"
        "PLAN: We will start rituximab 1000 mg IV on day 1 and day 15.\n"
    )
    request = request_of(text, PageKind.NOTE)
    assert request.ingredient == "rituximab"


def test_a_list_of_other_drugs_states_no_schedule_of_the_requested_one() -> None:
    form = "Requested drug: Riabni\n\nDose: 1000 mg IV\n\nFrequency:\n\n"
    others = (
        "MEDICINES: lisinopril 20 mg daily, simvastatin stopped in 2023, aspirin 81 mg daily.\n"
    )
    request = request_of(form + others, PageKind.REQUEST)
    assert [p.text for p in request.products] == ["Riabni"]
    assert [d.text for d in request.dose] == ["1000 mg IV"]
    assert request.schedule == ()
    own = "MEDICINES: Riabni 1000 mg day 1 and day 15.\n"
    assert request_of(form + own, PageKind.REQUEST).schedule


def test_an_order_without_the_product_doses_the_one_above() -> None:
    form = "Drug: Truxima, Q5115\nOrder: 500 mg by vein on day 1 and day 15\n"
    request = request_of(form, PageKind.REQUEST)
    assert [d.text for d in request.dose] == ["500 mg by vein"]
    assert [s.text for s in request.schedule] == ["on day 1 and day 15"]


@pytest.mark.parametrize(
    "head",
    [
        "Great Basin Health Plan - Medical Drug Prior Approval",
        "GREAT BASIN HEALTH PLAN / INFUSION PRECERTIFICATION",
        "Great Basin Health Plan",
    ],
)
def test_the_plan_in_the_title_of_a_form_is_its_payer(tmp_path: Path, head: str) -> None:
    page = [head, "Member: Sorley, Ragnhild   DOB: 04/09/1958", "Drug: Truxima Q5115"]
    document = read_submission([pdf(tmp_path / "p.pdf", lines(*page))])
    told = [m.text for m in extract_mentions(document).mentions if m.code == "payer"]
    assert [text.lower() for text in told] == ["great basin health plan"]


def test_a_letter_that_says_what_it_is_asks_for_the_patient(tmp_path: Path) -> None:
    letter = [
        "HARROW MUSCLE CLINIC",
        "May 4, 2026",
        "Great Basin Health Plan, Drug Review",
        "Patient: Sorley, Ragnhild   DOB: 04/09/1958",
        "This is a renewed appeal for Riabni (rituximab-arrx), Q5123, 1000 mg IV on days 1 and 15.",
        "It is to be infused at our clinic.",
        "I have cared for her since March.",
        "Yours faithfully,",
        "Imre Solway, MD",
    ]
    document = read_submission([pdf(tmp_path / "p.pdf", lines(*letter))])
    assert document.pages[0].kind is PageKind.LETTER
    case = build_case("x-00000000", document, extract_mentions(document, MODELS), MODELS)
    assert (case.request.ingredient, case.request.hcpcs[0].text) == ("rituximab", "Q5123")


@pytest.mark.parametrize(
    ("line", "payer"),
    [
        ("Nurse's summary for Great Basin Health Plan", "Great Basin Health Plan"),
        ("Compiled for Ostrander Mutual", "Ostrander Mutual"),
        ("Prepared for Tallow Ridge, utilization review", "Tallow Ridge"),
        ("Prepared for Tallow Ridge Infusion Center, drug review", ""),
        ("Summary for Tallow Ridge", ""),
        ("Her mother wrote to Great Basin Health Plan in May.", ""),
    ],
)
def test_whom_a_summary_was_written_for_is_its_payer(line: str, payer: str) -> None:
    text = f"{line}\n\nWe ask for Truxima Q5115, 1000 mg IV on day 1 and day 15.\n"
    document = note(text, PageKind.OTHER)
    told = [m.text for m in extract_mentions(document, MODELS).mentions if m.code == "payer"]
    assert told == ([payer] if payer else [])


@pytest.mark.parametrize("head", ["Humana", "HUMANA - Drug Review", "Humana Commercial"])
def test_a_payer_whose_name_does_not_say_that_it_insures(tmp_path: Path, head: str) -> None:
    page = [head, "Request for a medical drug", "Member: Sorley, Ragnhild   DOB: 04/09/1958", "Drug: Truxima Q5115"]  # fmt: skip
    document = read_submission([pdf(tmp_path / "p.pdf", lines(*page))])
    told = [m.text for m in extract_mentions(document).mentions if m.code == "payer"]
    assert [text.split()[0].lower() for text in told] == ["humana"]


@pytest.mark.parametrize(
    ("label", "value", "kind"),
    [
        ("Coverage sought for", "9 months", "length"),
        ("Months of approval", "6 months", "length"),
        ("Term", "one year", "length"),
        ("Term", "spring", ""),
        ("Requested", "3 infusions in 4 weeks", "quantity"),
        ("Requested", "26 weeks", "length"),
        ("Asked for", "26 weeks", "length"),
        ("Asked for", "Truxima 500 mg vial", "drug"),
        ("Length of trial", "9 months", "therapy_dates"),
        ("Duration", "9 months", "therapy_dates"),
    ],
)
def test_a_label_that_leaves_open_what_it_asks_is_told_by_its_answer(
    label: str, value: str, kind: str
) -> None:
    assert kind_of_pair(label, value, MODELS) == kind


@pytest.mark.parametrize(
    ("line", "specialty"),
    [
        ("Prescriber: Ansa Brill, MD, Rheumatology", {"prescriber_specialty": "rheumatology"}),
        ("Ordering physician: Ansa Brill, DO (Nephrology)", {"prescriber_specialty": "nephrology"}),
        ("Prescriber: Ansa Brill, MD, 4 Neurology Way", {}),
        (
            "In consultation with: Piet Onyx, MD, dermatology",
            {"consulted_specialty": "dermatology"},
        ),
    ],
)
def test_specialty_beside_the_name_on_a_form(line: str, specialty: dict[str, str]) -> None:
    text = f"Requested drug: Truxima Q5115\n\n{line}\n"
    mentions = extract_mentions(note(text, PageKind.REQUEST), MODELS).mentions
    told = {
        m.code: m.parts[0].code
        for m in mentions
        if m.code.endswith("_specialty") and not m.possible
    }
    assert told == specialty


def form_of(tmp_path: Path, *rows: list[str], marks: tuple[bool, ...] = ()) -> RequestedDrug:
    """The request of a form that is one ruled table; `marks` are boxes before its rows, below its head."""
    lefts = [54, 90, 300, 500] if marks else [54, 300, 540]

    def draw(canvas: Canvas) -> None:
        lines("Prior authorization request", "Member ID: 71", y=760)(canvas)
        tops = [100 + 20 * n for n in range(len(rows) + 1)]
        grid(canvas, lefts, tops, [["", *row] if marks else row for row in rows])
        for n, crossed in enumerate(marks, 1):
            box(canvas, 60, HEIGHT - tops[n] - 15, crossed)

    document = read_submission([pdf(tmp_path / "p.pdf", draw)])
    assert document.pages[0].kind is PageKind.REQUEST
    return build_case("x-00000000", document, extract_mentions(document, MODELS), MODELS).request


def test_products_to_choose_from_are_those_that_are_marked(tmp_path: Path) -> None:
    rows = [["Product", "Directions"], ["Remicade 100 mg vial", ""], ["Renflexis 100 mg vial", "300 mg IV at weeks 0, 2 and 6"]]  # fmt: skip
    request = form_of(tmp_path, *rows, marks=(False, True))
    assert [p.text for p in request.products] == ["Renflexis"]


def test_diagnoses_to_choose_from_are_those_that_are_marked(tmp_path: Path) -> None:
    rows = [
        ["Diagnosis", "ICD-10"],
        ["Ulcerative colitis", "K51.90"],
        ["Crohn's disease", "K50.90"],
    ]
    request = form_of(tmp_path, *rows, marks=(False, True))
    assert [c.text for c in request.diagnosis_codes] == ["K50.90"]


def test_a_cell_that_is_headed_insurance_names_the_plan(tmp_path: Path) -> None:
    rows = [["Patient", "Insurance"], ["Ada Quist", "Primary: Prairie Health Plan"], ["Drug", "Inflectra Q5103"]]  # fmt: skip
    assert [p.text for p in form_of(tmp_path, *rows).payer] == ["Prairie Health Plan"]


def test_a_code_in_the_cell_of_the_ordered_product(tmp_path: Path) -> None:
    rows = [["Rx", "Directions"], ["Renflexis (infliximab-abda) HCPCS Q5104", "300 mg IV at weeks 0, 2 and 6"]]  # fmt: skip
    assert [h.text for h in form_of(tmp_path, *rows).hcpcs] == ["Q5104"]


def test_of_all_codes_that_a_form_lists_the_requested_products_counts() -> None:
    text = (
        "Requested drug: Truxima\n\nDose: 500 mg IV\n\n"
        "Codes: J9312 Rituxan, Q5115 Truxima, Q5119 Ruxience, Q5123 Riabni\n"
    )
    assert [h.text for h in request_of(text, PageKind.REQUEST).hcpcs] in ([], ["Q5115"])
    text = "Requested drug: Truxima\n\nHCPCS: Q5119\n"
    assert [h.text for h in request_of(text, PageKind.REQUEST).hcpcs] == ["Q5119"]


@pytest.mark.parametrize("head", ["Plan", "Health plan"])
def test_a_plan_that_is_named_beside_its_label_on_a_page_of_no_known_kind(head: str) -> None:
    text = f"{head}: Prairie Health Plan\n\nDrug: Inflectra (infliximab-dyyb), Q5103\n"
    assert [p.text for p in request_of(text, PageKind.OTHER).payer] == ["Prairie Health Plan"]


@pytest.mark.parametrize(
    "schedule",
    [
        "d0 + d14",
        "D1 and D15",
        "D1/D15",
        "repeated once in 2 weeks",
        "repeat one time after 15 days",
    ],
)
def test_short_hands_of_two_infusions(schedule: str) -> None:
    text = f"Requested drug: Riabni Q5123\n\nDose and directions: 1000 mg IV, {schedule}\n"
    assert [s.text for s in request_of(text, PageKind.REQUEST).schedule] == [schedule]


def test_a_label_above_its_answer_in_one_cell(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        lines("Prior authorization request", "Member ID: 71", y=760)(canvas)
        grid(
            canvas, [54, 250, 500], [HEIGHT - 700, HEIGHT - 660, HEIGHT - 620], [["", ""], ["", ""]]
        )
        canvas.setFont("Helvetica", 8)
        cells = {(58, 690): "Drug name and HCPCS", (58, 678): "Riabni (rituximab-arrx) Q5123",
                 (254, 690): "Dose / route / frequency", (254, 678): "500 mg IV on day 1 and day 15",
                 (58, 650): "Diagnosis", (58, 638): "Polymyositis", (254, 650): "ICD-10-CM", (254, 638): "M33.20"}  # fmt: skip
        for (x, y), text in cells.items():
            canvas.drawString(x, y, text)

    document = read_submission([pdf(tmp_path / "p.pdf", draw)])
    request = build_case("x-00000000", document, extract_mentions(document, MODELS), MODELS).request
    assert {p.text for p in request.products} == {"Riabni"}
    assert [h.text for h in request.hcpcs] == ["Q5123"]
    assert [s.text.removeprefix("on ") for s in request.schedule] == ["day 1 and day 15"]


@pytest.mark.parametrize(
    ("told", "is_schedule"),
    [
        ("as directed by the prescriber", False),
        ("per protocol", False),
        ("see order", False),
        ("two doses a fortnight apart", True),
        ("day 1 and day 15", True),
        ("weekly x 4", True),
    ],
)
def test_a_schedule_tells_when(told: str, is_schedule: bool) -> None:
    text = f"Requested drug: Truxima Q5115\n\nDose: 1000 mg\n\nFrequency: {told}\n"
    assert bool(request_of(text, PageKind.REQUEST).schedule) is is_schedule


@pytest.mark.parametrize(
    ("label", "count", "days"), [("Weeks on it", "3", 21), ("Months taken", "4", 118)]
)
def test_a_label_names_the_unit_of_its_answer(label: str, count: str, days: int) -> None:
    cells = ("Conventional agent", "methotrexate 15 mg weekly", label, count)
    document = note("\n".join(cells) + "\n", PageKind.REQUEST)
    agent, drug, asked, told = (
        Filled(cell, start, start + len(cell))
        for cell in cells
        for start in [document.text.index(cell)]
    )
    pairs = [Pair(agent, drug, kind="therapy_drug"), Pair(asked, told)]
    (found,) = field_mentions(document.pages[0], 0, document, MODELS, pairs)
    (lasted,) = [p.text for p in found.parts if p.label == "duration"]
    length = duration(lasted)
    assert found.code == "methotrexate" and length is not None
    assert length.low is not None and length.high is not None
    assert length.low <= days <= length.high
