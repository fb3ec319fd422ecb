"""Lists of treatments whose days and outcomes stand in lines of their own, or are shared."""

from __future__ import annotations

import pytest

from pipeline.nlp import extract_mentions
from pipeline.normalize import build_case
from pipeline.schema import Document, FormField, PageKind, Span
from tests.nlp.test_tables import episode
from tests.notes import MODELS, case_of, note

HEAD = "Date of visit: 10/05/2026\n\nEARLIER TREATMENT\n\n"


def told(text: str) -> set[str]:
    return {episode(m) for m in case_of(HEAD + text).medications}


@pytest.mark.parametrize(
    "line",
    [
        "Methotrexate/Sulfasalazine (2025-02-03 to 2025-06-02)",
        "Methotrexate + Sulfasalazine (MS) (02/03/2025 - 06/02/2025)",
        "Methotrexate and sulfasalazine (2025-02-03 to 2025-06-02)",
    ],
)
def test_drugs_of_a_regimen_share_its_days_and_the_outcome_below(line: str) -> None:
    assert told(f"- {line}\n\nOutcome: No response.\n") == {
        "methotrexate - 2025-02-03 2025-06-02 - past failed",
        "sulfasalazine - 2025-02-03 2025-06-02 - past failed",
    }


def test_drugs_of_a_sentence_are_no_regimen() -> None:
    found = told("Takes methotrexate 15 mg weekly and prednisone 40 mg daily since 02/03/2025.\n")
    assert not any(e.startswith("methotrexate 15 2025") for e in found)


def test_an_outcome_below_is_of_its_own_entry() -> None:
    assert told(
        "- Leflunomide 20 mg daily (2024-01-08 to 2024-05-06)\n\nResponse: Partial.\n\n"
        "- Mycophenolate mofetil 1 g twice daily (2024-06-03 to 2025-01-06)\n\n"
        "Response: None after 7 months.\n"
    ) == {
        "leflunomide 20 2024-01-08 2024-05-06 - past partial_response",
        "mycophenolate_mofetil 1 2024-06-03 2025-01-06 - past failed",
    }


def test_a_phase_gives_its_days_to_the_entries_below_it() -> None:
    assert told(
        "Remission phase (3/4/24 - 5/6/24)\n\n- Prednisolone 50 mg daily\n\n"
        "Upkeep (5/7/24 - 12/2/24)\n\n- Azathioprine 125 mg daily\n\n- Prednisolone 10 mg daily\n"
    ) == {
        "prednisolone 50 2024-03-04 2024-05-06 - past unknown",
        "azathioprine 125 2024-05-07 2024-12-02 - past unknown",
        "prednisolone 10 2024-05-07 2024-12-02 - past unknown",
    }


def test_a_phase_ends_where_another_line_follows() -> None:
    found = told("Upkeep (5/7/24 - 12/2/24)\n\nNow\n\n- Azathioprine 125 mg daily\n")
    assert found == {"azathioprine 125 - - - past unknown"}


def test_days_of_infusions_below_a_drug_are_its_course() -> None:
    assert told(
        "Cyclophosphamide 750 mg IV monthly\n\nInfusion 1: April 7, 2025\n\nInfusion 2: May 5, 2025\n\n"
        "Infusion 3: June 2, 2025\n"
    ) == {"cyclophosphamide 750 2025-04-07 2025-06-02 - past unknown"}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("Progressive disease with falling strength.", "failed"),
        ("Progressive improvement.", "unknown"),
        ("Early benefit, then worse again.", "failed"),
        ("None.", "failed"),
        ("Good.", "responded"),
    ],
)
def test_a_labelled_outcome_in_the_line_of_its_drug(answer: str, outcome: str) -> None:
    line = f"Azathioprine 125 mg daily (2025-03-03 to 2025-09-01) - Outcome: {answer}\n"
    assert told(line) == {f"azathioprine 125 2025-03-03 2025-09-01 - past {outcome}"}


def test_labelled_lines_below_a_drug_are_its_own_and_not_of_the_next() -> None:
    found = told(
        "Agent: Leflunomide\n\nDates: 03/03/2025 to 09/01/2025\n\nOutcome: none\n\n"
        "Agent: Azathioprine\n\nDates: 10/06/2025 to 02/02/2026\n\nOutcome: partial\n"
    )
    assert found == {
        "leflunomide - 2025-03-03 2025-09-01 - past failed",
        "azathioprine - 2025-10-06 2026-02-02 - past partial_response",
    }


def _labelled(label: str, value: str) -> Document:
    """A note with one labelled line, read as a field."""
    head = "Date of visit: 10/05/2026\n"
    document = note(f"{head}{label}\t{value}\n", PageKind.NOTE)
    begin = len(head)
    middle = begin + len(label) + 1
    field = FormField(
        label=Span(start=begin, end=begin + len(label)),
        value=Span(start=middle, end=middle + len(value)),
        origin="line",
    )
    page = document.pages[0]
    blocks = tuple(b for b in page.blocks if b.start != begin)
    page = page.model_copy(update={"fields": (field,), "blocks": blocks})
    return document.model_copy(update={"pages": (page,)})


def test_sentences_behind_the_label_of_a_drug_are_read_as_prose() -> None:
    document = _labelled(
        "Leflunomide",
        "20 mg daily from 2/3/2026 to 6/2/2026, then off. No better in any way. None since.",
    )
    case = build_case("x-00000000", document, extract_mentions(document, MODELS), MODELS)
    assert {episode(m) for m in case.medications} == {
        "leflunomide 20 2026-02-03 2026-06-02 - past failed"
    }


def test_a_line_signed_by_name_says_when_the_page_was_written() -> None:
    text = "Prednisone 70 mg daily since 10/12.\n\nDr. Petra Aldous, internist 10/30/2026\n"
    (found,) = case_of(text).medications
    assert found.start is not None and found.start.iso == "2026-10-12"
    named = "Prednisone 70 mg daily since 10/12.\n\nSeen by Dr. Petra Aldous before 10/30/2026\n"
    assert all(m.start is None or m.start.iso != "2026-10-12" for m in case_of(named).medications)
