"""Statements of one packet that contradict each other, and those that only sound as if."""

from __future__ import annotations

import pytest

from pipeline.nlp import extract_mentions
from pipeline.normalize import build_case
from pipeline.schema import Block, Case, Document, Page, PageKind
from tests import notes
from tests.notes import MODELS, note

FORM, LETTER, NOTE, LAB = (
    PageKind.REQUEST,
    PageKind.LETTER,
    PageKind.NOTE,
    PageKind.LABORATORY,
)
HEAD = "Date of request: 07/06/2026\nDOB: 04/25/1970\n"


def packet(*pages: tuple[PageKind, str]) -> Document:
    """Several one-page documents as the pages of one."""
    text, found = "", []
    for number, (kind, words) in enumerate(pages, start=1):
        (page,) = note(words + "\n", kind).pages
        shift = len(text)
        found.append(_moved(page, number, shift))
        text += words + "\n"
    return note("x").model_copy(update={"text": text, "pages": tuple(found)})


def _moved(page: Page, number: int, shift: int) -> Page:
    words = tuple(w.model_copy(update={"start": w.start + shift}) for w in page.words)
    blocks = tuple(
        Block(kind=b.kind, start=b.start + shift, end=b.end + shift) for b in page.blocks
    )
    offsets = {"start": page.start + shift, "end": page.end + shift}
    return page.model_copy(update={"number": number, "words": words, "blocks": blocks, **offsets})


def case_of(*pages: tuple[PageKind, str]) -> Case:
    document = packet(*pages)
    return build_case("packet", document, extract_mentions(document, MODELS), MODELS)


def told(case: Case) -> list[tuple[str, tuple[int, ...]]]:
    """What each conflict is about, and the pages of its sides."""
    facts = {f.id: f for f in (*case.labs, *case.findings, *case.medications)}
    return [
        (
            c.about,
            tuple(s.place.page for s in c.stated)
            or tuple(facts[side].places[0].page for side in c.sides),
        )
        for c in case.conflicts
    ]


TWELVE = HEAD + "Methotrexate 15 mg weekly for 12 weeks, no response."


@pytest.mark.parametrize("kind", [LETTER, PageKind.OTHER])
def test_letter_or_unnamed_form_against_note(kind: PageKind) -> None:
    other = "Visit 07/01/2026\nMethotrexate 15 mg weekly was taken for 3 weeks only."
    assert told(case_of((kind, TWELVE), (NOTE, other))) == [
        ("how long methotrexate was taken", (1, 2))
    ]


def test_a_duration_against_a_start_that_leaves_no_time_for_it() -> None:
    other = "Visit 07/01/2026\nMethotrexate 15 mg weekly was started on 06/20/2026."
    assert told(case_of((LETTER, TWELVE), (NOTE, other))) == [
        ("how long methotrexate was taken", (1, 2))
    ]


@pytest.mark.parametrize(
    "other",
    [
        "Methotrexate 15 mg weekly was taken for 3 months.",  # 84 to 93 days
        "Methotrexate 25 mg weekly was taken for 3 weeks.",  # another dose
        "Azathioprine 150 mg daily was taken for 3 weeks.",
        "Methotrexate 15 mg weekly will be given for 3 weeks.",  # planned
        "Her mother took methotrexate 15 mg weekly for 3 weeks.",
        "Methotrexate 15 mg weekly was started on 01/20/2026.",
    ],
)
def test_what_is_no_contradiction(other: str) -> None:
    assert told(case_of((LETTER, TWELVE), (NOTE, f"Visit 07/01/2026\n{other}"))) == []


def test_a_smaller_dose_begun_too_late_for_a_longer_course() -> None:
    other = "Visit 07/01/2026\nMethotrexate 10 mg weekly was started on 06/20/2026."
    (conflict,) = case_of((LETTER, TWELVE), (NOTE, other)).conflicts
    least, most = conflict.days[0].low, conflict.days[1].high
    assert (least, most) == (84, 17)  # 12 weeks; 06/20 to the request of 07/06


@pytest.mark.parametrize(
    "other",
    [
        # steps of the course, and a dose without an end
        "Methotrexate 10 mg weekly 04/06/2026 to 04/26/2026, then 15 mg weekly since.",
        "Methotrexate 10 mg weekly was started on 06/20/2026.\nMethotrexate 15 mg weekly.",
        # one note tells less than another of the same kind
        "Methotrexate 15 mg weekly for 3 weeks so far.\nMethotrexate 15 mg weekly x 12 weeks.",
    ],
)
def test_steps_of_a_course_do_not_contradict_the_whole(other: str) -> None:
    letter = HEAD + "She has taken methotrexate for 12 weeks in all, without response."
    assert told(case_of((LETTER, letter), (NOTE, f"Visit 07/01/2026\n{other}"))) == []


@pytest.mark.parametrize(
    ("written", "words", "is_conflict"),
    [
        ("07/01/2026", "Methotrexate 10 mg weekly, begun two weeks ago.", True),
        ("07/01/2026", "Methotrexate was started 3 weeks ago at 7.5 mg weekly.", True),
        ("07/01/2026", "Methotrexate was started four months ago at 10 mg weekly.", False),
        ("04/15/2026", "Methotrexate 10 mg weekly, begun two weeks ago.", False),  # since then
        ("07/01/2026", "Methotrexate 10 mg weekly. Azathioprine was begun two weeks ago.", False),
    ],
)
def test_how_long_ago_it_was_begun_leaves_no_room(
    written: str, words: str, is_conflict: bool
) -> None:
    note_ = f"Date of visit: {written}\n{words}"
    assert bool(told(case_of((LETTER, TWELVE), (NOTE, note_)))) is is_conflict


SHEET = "Collected: 06/29/2026\nCreatine kinase 1320 U/L (30-165)"


@pytest.mark.parametrize(
    ("prose", "is_conflict"),
    [
        ("CK 06/29/2026: 1230 U/L", True),
        ("CK 06/29/2026: 1320 U/L", False),
        ("CK 06/29/2026: 1300 U/L", False),  # rounded
        ("CK 06/22/2026: 1230 U/L", False),  # of another day
    ],
)
def test_prose_against_the_laboratory_sheet(prose: str, is_conflict: bool) -> None:
    found = told(case_of((LAB, SHEET), (NOTE, f"Visit 07/01/2026\n{prose}")))
    assert bool(found) is is_conflict


def test_positive_against_negative() -> None:
    sheet = "Collected: 06/29/2026\nHBsAg: positive"
    assert told(case_of((LAB, sheet), (LETTER, "07/01/2026\nHBsAg is negative."))) != []


@pytest.mark.parametrize(("age", "is_conflict"), [(56, False), (55, False), (65, True), (46, True)])
def test_age_against_birth_date(age: int, is_conflict: bool) -> None:
    pages = (FORM, HEAD), (NOTE, f"Date of visit: 07/01/2026\n{age}-year-old woman with weakness.")
    assert bool(told(case_of(*pages))) is is_conflict


@pytest.mark.parametrize(
    "text",
    [
        "Her 30-year-old sister has lupus.",
        "Policy serves patients of age 18 years or older.",
        "Diagnosed at age 30.",
    ],
)
def test_ages_that_are_not_the_patients(text: str) -> None:
    case = case_of((NOTE, f"Date of visit: 07/01/2026\n{text}"))
    assert [f for f in case.findings if f.finding == "age"] == []


def test_a_note_that_ends_what_it_begins_leaves_no_room_for_the_form() -> None:
    """Begun on a day and, on the same page, taken for days only."""
    note_ = (
        "Date of visit: 07/01/2026\nMethotrexate 15 mg weekly was begun on 04/06/2026. "
        "She took it for 12 days, then stopped. Seen again today."
    )
    assert [about for about, _ in told(case_of((LETTER, TWELVE), (NOTE, note_)))] == [
        "how long methotrexate was taken"
    ]


@pytest.mark.parametrize(
    "words",
    [
        "I overstated how long he was on azathioprine.",
        "Correction: the time he spent on azathioprine was given too long.",
        "The dates above were incorrect.",
        "It was nine tablets in all.",
        "He swallowed eleven pills altogether.",
    ],
)
def test_length_taken_back(words: str) -> None:
    """A length that later words take back, or count fewer doses of, is in dispute."""
    told = "Azathioprine 150 mg daily was taken for twelve weeks without benefit."
    case = notes.case_of(f"{told} {words}\n")
    assert [c.about for c in case.conflicts] == ["how long azathioprine was taken"]


@pytest.mark.parametrize(
    "words",
    [
        "She had ninety tablets in all.",
        "We waited too long before she came back.",
        "It was the wrong dose at that time.",
    ],
)
def test_length_that_stands(words: str) -> None:
    """Words of something else, or of as many doses, dispute no length."""
    told = "Azathioprine 150 mg daily was taken for twelve weeks without benefit."
    assert notes.case_of(f"{told} {words}\n").conflicts == ()


def test_length_told_beside_the_day_of_the_prescription() -> None:
    """ "Prescribed in January ... took it for two weeks only, from January 5": shorter than the form."""
    form = "Request date: 06/02/2026\nAzathioprine 100 mg daily from 01/05/2026 to 04/20/2026 (15 weeks)\n"
    letter = (
        "I prescribed azathioprine 100 mg daily in January 2026. She says that she took it for two weeks "
        "only, from January 5 to January 19, 2026, and let it lapse.\n"
    )
    case = case_of((PageKind.REQUEST, form), (PageKind.LETTER, letter))
    assert [c.about for c in case.conflicts] == ["how long azathioprine was taken"]
