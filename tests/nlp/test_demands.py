"""Rows and points below the announcement of a demand, and answers that look like it."""

from __future__ import annotations

import pytest

from pipeline.nlp.demands import demanded_stretches
from pipeline.schema import Standing
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
