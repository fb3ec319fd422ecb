"""What the titles of pages ask for, and what is asked beside it: lengths, numbers, specialists."""

from __future__ import annotations

import pytest

from pipeline.schema import Case, PageKind, Standing
from tests.notes import case_of

FORM = "Patient: Jane Roe\nICD-10: G35\nDate of request: 09/24/2026\n"


@pytest.mark.parametrize(
    ("title", "kind", "ingredient"),
    [
        ("Plan of the Lakes - Ocrevus prior approval (initial)", PageKind.REQUEST, "ocrelizumab"),
        ("Prior authorization request\tGILENYA (fingolimod)", PageKind.REQUEST, "fingolimod"),
        ("Otezla (apremilast) - reauthorization", PageKind.OTHER, "apremilast"),
        ("Prior authorization: Humira or Enbrel", PageKind.REQUEST, ""),
        ("Step therapy list, Otezla prior authorization", PageKind.REQUEST, ""),
    ],
)
def test_a_title_asks_for_the_one_drug_that_it_names(
    title: str, kind: PageKind, ingredient: str
) -> None:
    assert case_of(f"{title}\n{FORM}", kind).request.ingredient == ingredient


def test_a_field_that_names_the_drug_says_more_than_the_title() -> None:
    case = case_of(f"Humira prior authorization\n{FORM}Drug: Skyrizi 150 mg\n", PageKind.REQUEST)
    assert case.request.ingredient == "risankizumab"


@pytest.mark.parametrize(
    ("text", "payer"),
    [
        ("AETNA Tysabri infusion - renewal\nDrug: Tysabri 300 mg IV\nICD-10: G35\n", ["AETNA"]),
        ("Drug: Tysabri 300 mg IV\nClinical benefit: see the note of May\nICD-10: G35\n", []),
    ],
)
def test_the_plan_heads_a_title_and_is_no_pointer(text: str, payer: list[str]) -> None:
    assert [p.text for p in case_of(text, PageKind.OTHER).request.payer] == payer


@pytest.mark.parametrize(
    ("line", "length"),
    [
        ("Drug apremilast (Otezla) 30 mg, twice daily, #60 Length of approval asked: 9 months", ["9 months"]),
        ("Reauthorization requested for six months. Apremilast 30 mg twice daily.", ["six months"]),
        ("Our last authorization was for 6 months.", []),
    ],
)  # fmt: skip
def test_how_long_the_approval_is_to_last(line: str, length: list[str]) -> None:
    case = case_of(f"Otezla (apremilast) prior authorization\n{line}\n{FORM}", PageKind.REQUEST)
    assert [stated.text for stated in case.request.length] == length


def test_what_we_ask_for_tells_dose_and_number() -> None:
    asked = "What we ask for: 5 mg (1 mL) under the skin, every month, three doses over the next 3 months.\n"
    request = case_of(f"Drug: Spinraza\n{asked}{FORM}", PageKind.REQUEST).request
    assert [q.text for q in request.quantity] == ["three doses"]
    assert [d.text.split(" (")[0] for d in request.dose] == ["5 mg"]


def _consulted(case: Case) -> set[str]:
    return {f.value for f in case.findings if f.finding == "consulted_specialty"}


@pytest.mark.parametrize(
    ("line", "specialties"),
    [
        ("Answered by: Ann Poe, MD, Rheumatology, 03/02/2026", {"rheumatology"}),
        ("Asked by: Ann Poe, MD, Rheumatology, 03/02/2026", set()),
    ],
)
def test_who_answers_a_consult_was_consulted(line: str, specialties: set[str]) -> None:
    assert _consulted(case_of(f"eConsult\n{line}\n", PageKind.OTHER)) == specialties


RULE = "The policy asks for each of these:\n- the prescriber agrees to monitor for neurologic toxicities;\n"


@pytest.mark.parametrize(
    ("text", "promised"),
    [(RULE, False), ("I will monitor for neurologic toxicities.\n", True)],
)
def test_a_promise_that_a_rule_demands_is_none(text: str, promised: bool) -> None:
    case = case_of(f"Dear Dr. Roe:\n{text}", PageKind.LETTER)
    held = [f for f in case.findings if f.finding == "monitors_neurotoxicity" and f.standing is Standing.STATED]  # fmt: skip
    assert bool(held) is promised
