"""Rows and points below the announcement of a demand, and answers that look like it."""

from __future__ import annotations

import pytest

from pipeline.nlp import extract_mentions
from pipeline.nlp.demands import demanded_stretches
from pipeline.schema import BlockKind, PageKind, Standing
from tests.notes import MODELS, case_of, note

ROWS = [
    "a) Methotrexate or azathioprine for at least twelve weeks",
    "b) Negative HBsAg and anti-HBc",
]


@pytest.mark.parametrize(
    "announcement",
    [
        "Our policy for inflammatory muscle disease calls for the following:",
        "The guideline on rituximab for myositis asks for each of these:",
        "Your chart notes do not document that each of these was done:",
        "The records that we hold do not show the following:",
    ],
)
def test_points_below_a_demand_are_demanded(announcement: str) -> None:
    case = case_of("\n".join([announcement, *ROWS, "", "She takes prednisone 20 mg daily."]))
    taken = {d.ingredient for d in case.medications if d.standing is Standing.STATED}
    assert taken == {"prednisone"}
    assert not [d for d in case.labs if d.standing is Standing.STATED]


def test_an_answer_to_a_demand_announces_none() -> None:
    text = (
        "As your policy for myositis asks, here is her record:\na) Methotrexate for twelve weeks\n"
    )
    assert not demanded_stretches(note(text), MODELS)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Summit's notice insisting on twelve weeks of azathioprine came on Monday.", False),
        ("The insurer's letter asking for proof of methotrexate for 8 weeks is enclosed.", False),
        ("A checklist calling for six months of tacrolimus lay on the desk.", False),
        ("Her last letter: azathioprine 150 mg daily for twelve weeks without response.", True),
    ],
)
def test_what_a_letter_asks_for_is_no_course(text: str, taken: bool) -> None:
    stated = [d for d in case_of(text).medications if d.standing is Standing.STATED]
    assert bool(stated) is taken


def test_what_a_denial_titled_below_its_address_names_is_doubted() -> None:
    text = (
        "HIGH PLAINS HEALTH COOPERATIVE\n\nCare Management, Case 88-1\n\nNora Vantassel\n\n12 Elm Road\n\n"
        "NOTICE OF ADVERSE DETERMINATION\n\nEMG or MRI with active inflammation.\n"
    )
    document = note(text, PageKind.OTHER)
    (page,) = document.pages
    blocks = tuple(
        b.model_copy(update={"kind": BlockKind.HEADING})
        if document.text[b.start : b.end].startswith("NOTICE")
        else b
        for b in page.blocks
    )
    page = page.model_copy(update={"blocks": blocks})
    document = document.model_copy(update={"pages": (page,)})
    found = [m for m in extract_mentions(document, MODELS).mentions if m.code in ("mri", "emg")]
    assert found and all("standing" in m.doubted for m in found)
