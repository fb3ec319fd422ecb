"""What findings mean once the words are marked: joined, dated, graded, attributed."""

from __future__ import annotations

import pytest

from pipeline.schema import Assertion, Finding
from tests.notes import case_of


def found(text: str, finding: str) -> list[Finding]:
    """The findings of one key in a note."""
    return [f for f in case_of(text).findings if f.finding == finding]


def test_repeated_statement_is_one_finding_with_two_places() -> None:
    """The same grade of the same muscle is told once."""
    [strength] = found("Deltoids 4/5.\nPlan discussed.\nDeltoids 4/5.\n", "muscle_strength")
    assert strength.value == "4/5"
    assert len(strength.places) == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Grade III myositis.", "3"),
        ("Myositis, CTCAE v5.0 grade 2.", "2"),
        ("CTCAE 4 myositis.", "4"),
    ],
)
def test_toxicity_grade_is_not_the_version(text: str, value: str) -> None:
    """Roman and Arabic grades; the number of the CTCAE edition is none."""
    assert [f.value for f in found(text, "ctcae_grade")] == [value]


def test_worsening_on_a_steady_dose_is_no_taper_failure() -> None:
    """Only a reduction of the corticosteroid makes a worsening a flare on taper."""
    assert not found("She flared on prednisone 40 mg daily.", "taper_failure")
    assert not found("Methotrexate was reduced to 10 mg and she flared.", "taper_failure")
    [flare] = found("She flared when prednisone was reduced to 15 mg.", "taper_failure")
    assert (flare.value, flare.unit) == ("15", "mg")


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        ("PML was discussed and she consents.", [Assertion.AFFIRMED]),
        ("Counselling on PML is not documented.", [Assertion.NEGATED]),
        ("PML was not discussed.", [Assertion.NEGATED]),
        ("Will discuss the risk of PML.", [Assertion.HYPOTHETICAL]),
        ("Rituximab carries a risk of PML.", []),
    ],
)
def test_counselling_is_told_from_naming_the_risk(text: str, assertion: list[Assertion]) -> None:
    """A risk that is only named was not discussed."""
    assert [f.assertion for f in found(text, "pml_counselling")] == assertion


def test_attribution_names_drug_and_disease() -> None:
    """Who reads the case learns which drug is blamed for which disease."""
    [blamed] = found("Her myositis was attributed to nivolumab.", "drug_attribution")
    assert blamed.of == ("nivolumab", "myositis")
    [cleared] = found("Her myositis is not felt to be due to nivolumab.", "drug_attribution")
    assert cleared.assertion is Assertion.NEGATED


def test_copied_text_bears_its_own_date() -> None:
    """An examination copied forward is as old as the note that it comes from."""
    text = "Deltoids 5/5.\n[Copied from note of 02/03/2026] Deltoids 3/5. [End of copied text]\n"
    dated = {f.value: f.stated.iso for f in found(text, "muscle_strength")}
    assert dated == {"5/5": "", "3/5": "2026-02-03"}
