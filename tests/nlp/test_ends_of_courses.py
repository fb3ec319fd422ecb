"""When a course ended, told in the sentence after it, and what is no end or outcome at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.ingest import read_submission
from pipeline.nlp import extract_mentions
from pipeline.normalize import build_case
from pipeline.schema import Assertion, Medication
from tests.ingest.pages import HEIGHT, box, lines, pdf
from tests.notes import MODELS, case_of

VISIT = "Date of visit: 11/23/2026\n"


def course(text: str, ingredient: str) -> Medication:
    found = [d for d in case_of(VISIT + text).medications if d.ingredient == ingredient]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Methotrexate 15 mg weekly from 1 March 2026. On 1 July it was stopped.", 123),
        ("Methotrexate 15 mg weekly since 03/02/2026. On 05/04/2026 we gave it up.", 64),
        ("Methotrexate 15 mg weekly from 1 March 2026. We abandoned it on 1 July.", 123),
        ("Methotrexate 15 mg weekly since 03/02/2026. Nine weeks later it was stopped.", 63),
        ("Methotrexate 15 mg weekly was begun 03/02/2026 and stopped 05/04/2026.", 64),
        ("On 03/02/2026 methotrexate 15 mg weekly was begun; on 05/04/2026 it was dropped.", 64),
    ],
)
def test_a_day_before_the_stop_is_the_day_of_the_stop(text: str, days: int) -> None:
    found = course(text, "methotrexate")
    assert found.status == "past"
    assert found.duration_days == days


@pytest.mark.parametrize(
    "text",
    [
        "Methotrexate 15 mg weekly from 1 March 2026. On 5 May she gave up driving.",
        "Methotrexate 15 mg weekly from 1 March 2026. She stopped walking in June.",
        "Methotrexate 15 mg weekly from 1 March 2026. On 5 May azathioprine was stopped.",
    ],
)
def test_what_else_was_given_up_ends_no_course(text: str) -> None:
    found = course(text, "methotrexate")
    assert (found.status, found.stop) == ("current", None)


@pytest.mark.parametrize(
    ("text", "dose", "days"),
    [
        ("Prednisone 60 mg a day from 1 June 2026, lowered from 1 July.", 60, 31),
        ("Prednisone 60 mg daily since 05/01/2026, tapered from 07/01/2026.", 60, 62),
        ("Prednisone seventy milligrams each morning from 02/02/2026. She stayed on seventy until 03/20/2026, then came down ten every other week.", 70, 47),
    ],
)  # fmt: skip
def test_the_day_of_a_lowering_ends_the_dose(text: str, dose: float, days: int) -> None:
    found = course(text, "prednisone")
    assert (found.dose_value, found.duration_days) == (dose, days)


def test_a_day_of_a_lowering_from_another_dose_does_not() -> None:
    case = case_of(VISIT + "Prednisone 20 mg daily, reduced in May 2026 from 60 mg.")
    assert {d.stop for d in case.medications if d.dose_value == 20} == {None}


@pytest.mark.parametrize(
    ("words", "dose"),
    [("sixty-five milligrams a day", 65), ("seventy mg daily", 70), ("5 mg tab TK 3 T PO QD", 15)],
)
def test_doses_in_words_and_in_the_signs_of_pharmacies(words: str, dose: float) -> None:
    assert course(f"Prednisone {words}", "prednisone").dose_value == dose


def test_the_day_of_one_drug_is_not_that_of_the_next() -> None:
    found = course(
        "No longer on methotrexate (last dose 3/3/2026), azathioprine 50 mg daily from 4/4/2026.",
        "azathioprine",
    )
    assert found.stop is None and found.start is not None


@pytest.mark.parametrize(
    "text",
    [
        "She took prednisone 20 mg daily and mycophenolate 1 g BID, both filled without a gap.",
        "Mycophenolate 1 g BID was taken without a break from May to August.",
        "Mycophenolate 1 g BID for eight weeks, then downward.",
    ],
)
def test_how_steadily_a_drug_is_taken_is_no_outcome(text: str) -> None:
    assert course(text, "mycophenolate mofetil").outcome == "unknown"


def test_more_of_a_drug_that_was_not_used_denies_no_drug() -> None:
    case = case_of(
        VISIT + "Prednisone 40 mg daily for nine weeks. Larger amounts were not used because "
        "her sugars would not permit it (type 2 diabetes)."
    )
    assert {d.status for d in case.medications} == {"past"}
    assert [d.assertion for d in case.diagnoses] == [Assertion.AFFIRMED]


def test_a_number_that_begins_with_an_abbreviation_names_no_disease() -> None:
    assert not case_of("MRN OA-338102, reference PM-2231, account IBM-77120.").diagnoses
    assert case_of("Assessment: IBM, biopsy-proven.").diagnoses


@pytest.mark.parametrize(
    ("behind", "days"),
    [("Duration 3 weeks", 21), ("Weeks: 9", 63), ("", None), ("weak 3 weeks", None)],
)
def test_the_length_behind_the_boxes_is_that_of_the_ticked_drug(
    tmp_path: Path, behind: str, days: int | None
) -> None:
    def draw(canvas: Canvas) -> None:
        lines("PRIOR AUTHORIZATION REQUEST", "Member: Ada Quill   DOB: 04/05/1961", y=740)(canvas)
        lines("Requested drug: rituximab (J9312) 1000 mg", y=705)(canvas)
        lines("Treatment history", y=670, size=13)(canvas)
        canvas.setFont("Helvetica", 10)
        canvas.drawString(54, HEIGHT - 150, "Immunosuppressant:")
        for at, (name, ticked) in enumerate(
            [("azathioprine", False), ("methotrexate", True), ("mycophenolate", False)]
        ):
            box(canvas, 170 + 95 * at, HEIGHT - 151, ticked)
            canvas.drawString(184 + 95 * at, HEIGHT - 150, name)
        canvas.drawString(465, HEIGHT - 150, behind)

    document = read_submission([pdf(tmp_path / "a.pdf", draw)])
    case = build_case("a-00000000", document, extract_mentions(document, MODELS), MODELS)
    told = {(d.ingredient, d.duration_days) for d in case.medications if d.duration_days}
    assert told == (set() if days is None else {("methotrexate", days)})


@pytest.mark.parametrize(
    "told",
    [
        "She stayed on this until 13 April 2026.",
        "She kept to all six until 13 April 2026, then came down.",
        "He remained on the full dose through 13 April 2026.",
        "She took all of it until 13 April 2026.",
    ],
)
def test_the_day_until_which_a_dose_was_kept_is_its_end(told: str) -> None:
    found = course(f"Prednisone 60 mg each morning from 2 March 2026. {told}", "prednisone")
    assert (found.status, found.duration_days) == ("past", 43)


def test_what_somebody_wants_to_keep_is_no_end() -> None:
    text = "Prednisone 60 mg each morning from 2 March 2026. She wants to stay on it until 13 December."
    assert course(text, "prednisone").stop is None


def _stops(text: str) -> list[str]:
    return [d.stop.iso if d.stop else "" for d in case_of(VISIT + text).medications]


def test_the_end_of_a_drug_is_that_of_its_last_dose() -> None:
    steps = "Methotrexate 15 mg weekly from 2 March 2026, 20 mg weekly from 4 May 2026. "
    assert _stops(steps + "It was stopped on 20 July 2026.") == ["2026-05-03", "2026-07-20"]
    assert _stops(steps + "Leflunomide was begun in June. It was stopped on 20 July 2026.")[1] == ""
