"""Outcomes that two readings tell: the trained reader's, and the words' own."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.ingest import read_submission
from pipeline.nlp import extract_mentions
from pipeline.nlp.setbacks import is_setback
from pipeline.normalize import build_case
from pipeline.schema import Assertion, Case
from tests.ingest.pages import grid, lines, pdf
from tests.notes import MODELS, case_of


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("with precious little to show", True),
        ("it has done nothing that I can see", True),
        ("the joints stayed swollen as before, disease still active", True),
        ("hardly any benefit", True),
        ("the rash persisted", True),
        ("she grew weaker on it", True),
        ("never got control of the colitis", True),
        ("at no dose has she regained the stairs", True),
        ("ten days of increasing weakness", True),
        ("at the end he had as many stools as at the start", True),
        ("she is no weaker", False),
        ("no worse than before", False),
        ("helped a great deal", False),
        ("the pain settled and she works again", False),
        ("better, though the rash persists", False),
        ("he was admitted", False),
        ("one kidney and an eGFR of 58", False),
    ],
)
def test_setbacks(words: str, told: bool) -> None:
    """A lack of gain, what persists, what grew worse; a gain beside it leaves it open."""
    assert is_setback(words, MODELS) is told


def failed(case: Case, ingredient: str) -> bool:
    return any(
        d.ingredient == ingredient and d.outcome == "failed" and not d.doubted
        for d in case.medications
    )


@pytest.mark.parametrize(
    "text",
    [
        "Six months of mycophenolate 2 g daily and she is still weak.",
    ],
)
def test_a_failure_in_own_words_stands_where_both_readings_see_it(text: str) -> None:
    case = case_of(text)
    names = {"methotrexate", "azathioprine", "mycophenolate mofetil"}
    assert any(failed(case, name) for name in names)


@pytest.mark.parametrize(
    "text",
    [
        "Methotrexate 20 mg weekly ran from March to August 2025 with a great deal to show.",
        "Her brother took methotrexate 20 mg weekly for a year with precious little to show.",
        "If methotrexate has little to show by August, we will stop it.",
        "Methotrexate 20 mg weekly since March; on azathioprine before it she was still weak.",
        "The plan requires methotrexate for three months with little to show.",
    ],
)
def test_another_persons_another_drugs_or_a_conditional_failure_does_not_stand(text: str) -> None:
    assert not failed(case_of(text), "methotrexate")


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Drug intolerances: methotrexate (stomatitis); codeine (itch).", True),
        ("Assessment: methotrexate not tolerated (pancreatitis).", True),
        ("Known intolerances: none. Methotrexate (no rash).", False),
        ("Her sister's intolerances: methotrexate (stomatitis).", False),
    ],
)
def test_a_harm_beside_a_drug_in_a_list_of_intolerances(text: str, stands: bool) -> None:
    unfit = {
        d.ingredient
        for d in case_of(text).medications
        if d.outcome in ("intolerant", "contraindicated")
        and not d.doubted
        and d.about == "patient"
        and d.assertion in (Assertion.AFFIRMED, Assertion.HISTORICAL)
    }
    assert ("methotrexate" in unfit) is stands


@pytest.mark.parametrize(
    ("text", "dose"),
    [
        ("Prednisone taper failed at 15 mg.", "15"),
        ("In June, on going from 20 to 17.5 mg of prednisone, he could not climb the stairs; he went back to 30 mg.", "17.5"),
        ("In June prednisone went from 20 to 17.5 mg; she climbs the stairs as before.", ""),
        ("The prednisone taper failed because he lost the tablets.", ""),
    ],
)  # fmt: skip
def test_flares_on_the_way_down(text: str, dose: str) -> None:
    found = [f.value for f in case_of(text).findings if f.finding == "taper_failure"]
    assert found == ([dose] if dose else [])


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("Azathioprine was sent in May. He did not take one tablet, nor any drug of that kind.", True),
        ("Conventional agents: none was ever given.", True),
        ("Conventional agents: none was given after May.", False),
        ("Azathioprine was taken in May, and other drugs of that kind before it.", False),
    ],
)  # fmt: skip
def test_a_class_that_was_never_taken(text: str, never: bool) -> None:
    denied = [
        f
        for f in case_of(text).findings
        if f.finding == "exposure" and f.assertion is Assertion.NEGATED and not f.doubted
    ]
    assert bool(denied) is never


def test_questions_of_a_table_that_are_answered_in_words(tmp_path: Path) -> None:
    rows = [
        ["Question", "Entry"],
        ["Prednisone taper attempts", "Down to 15 mg in May. Flare at 15 mg, back to 25 mg."],
        ["Azathioprine", "Not tried"],
        ["What she cannot do", "Lift a pan; wash her hair"],
        ["Limits in daily life", "none"],
    ]

    def draw(canvas: Canvas) -> None:
        lines("Summary of treatment", "Ada Quill, born 04/05/1961", y=740)(canvas)
        grid(canvas, [50, 220, 560], [100.0 + 24 * n for n in range(6)], rows)

    document = read_submission([pdf(tmp_path / "a.pdf", draw)])
    case = build_case("a-00000000", document, extract_mentions(document, MODELS), MODELS)
    flares = [f.value for f in case.findings if f.finding == "taper_failure"]
    assert flares == ["15"]
    limits = [f.value for f in case.findings if f.finding == "adl_limitation"]
    assert len(limits) == 1 and "Lift a pan" in limits[0]
    assert {d.status for d in case.medications if d.ingredient == "azathioprine"} == {"not_taken"}
