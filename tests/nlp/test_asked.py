"""What kind of request it is, what the prescriber promises, and what a form says by its answers."""

import pytest

from pipeline.schema import Assertion, Case, PageKind
from tests.notes import case_of

FORM = "Drug requested: Humira 40 mg pen\nICD-10: K50.00\nRequest date: 09/24/2026\n"


def kinds_of(case: Case) -> set[str]:
    return {f.value for f in case.findings if f.finding == "request_phase"}


@pytest.mark.parametrize(
    ("text", "kind", "asked"),
    [
        ("Status: RENEWAL - runs out 12/03\n", PageKind.REQUEST, {"continuation"}),
        ("PA type: Reauthorization\n", PageKind.REQUEST, {"continuation"}),
        ("Is this request for continuation of therapy? Yes\n", PageKind.REQUEST, {"continuation"}),
        ("We ask for renewal of adalimumab for a year.\n", PageKind.LETTER, {"continuation"}),
        ("I ask to keep him on the same dose.\n", PageKind.LETTER, {"continuation"}),
        ("Review type: Initial / Renewal\n", PageKind.REQUEST, set()),
        ("Therapy: initial dose 160 mg, then 80 mg\n", PageKind.REQUEST, set()),
        ("We ask the plan to continue to weigh her case.\n", PageKind.LETTER, set()),
        ("If it helps we shall ask for renewal in May.\n", PageKind.LETTER, set()),
    ],
)
def test_the_kind_of_request_is_read_wherever_it_is_told(
    text: str, kind: PageKind, asked: set[str]
) -> None:
    assert kinds_of(case_of(text, kind)) == asked


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Biologics: REAUTHORIZATION", {"continuation"}),
        ("Biologics: initial request or reauthorization", set()),
    ],
)
def test_the_title_of_a_form_tells_its_kind_unless_it_is_for_both(
    title: str, asked: set[str]
) -> None:
    assert kinds_of(case_of(f"{title}\n{FORM}", PageKind.REQUEST)) == asked


def test_the_first_dose_on_a_form_is_of_the_drug_it_asks_for() -> None:
    case = case_of(f"{FORM}Date of first dose: May 11, 2026\n", PageKind.REQUEST)
    begun = [m.start.iso for m in case.medications if m.ingredient == "adalimumab" and m.start]
    assert begun == ["2026-05-11"]


@pytest.mark.parametrize(
    ("line", "length"),
    [
        ("Duration: 12 months", ["12 months"]),
        ("Length of therapy asked for: 12 months", ["12 months"]),
    ],
)
def test_the_length_that_a_form_asks_for(line: str, length: list[str]) -> None:
    case = case_of(f"{FORM}{line}\n".replace(": ", "\t"), PageKind.REQUEST)
    assert [stated.text for stated in case.request.length] == length


@pytest.mark.parametrize(
    ("text", "finding", "assertion"),
    [
        ("I judge his organs and marrow fit for the cells.", "organ_function_adequate", Assertion.AFFIRMED),
        ("Heart, liver, kidneys and marrow are adequate.", "organ_function_adequate", Assertion.AFFIRMED),
        ("We are not yet certified under the REMS.", "rems_site", Assertion.NEGATED),
        ("Our REMS application was sent last week.", "rems_site", Assertion.NEGATED),
        ("I will watch her for cytokine release.", "monitors_crs", Assertion.AFFIRMED),
    ],
)  # fmt: skip
def test_what_the_prescriber_states(text: str, finding: str, assertion: Assertion) -> None:
    found = case_of(f"{text}\n").findings
    assert [f.assertion for f in found if f.finding == finding] == [assertion]


@pytest.mark.parametrize(
    "text",
    [
        "Kidney and marrow function are not adequate yet.",
        "The marrow is inadequate, the liver fine.",
    ],
)
def test_organs_that_are_not_adequate_are_not_stated_to_be(text: str) -> None:
    found = case_of(f"{text}\n").findings
    assert all(
        f.assertion is not Assertion.AFFIRMED
        for f in found
        if f.finding == "organ_function_adequate"
    )


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Cyclosporine, tacrolimus or otherwise: never before.", "not_taken"),
        ("Prior cyclosporine: none.", "not_taken"),
    ],
)
def test_what_is_listed_before_none_was_not_taken(text: str, status: str) -> None:
    meds = case_of(f"{text}\n").medications
    assert {m.status for m in meds if m.ingredient == "cyclosporine"} == {status}


def test_a_length_asked_for_inside_a_line_of_a_form() -> None:
    line = "40 mg every 2 weeks. Approval asked for: 6 months\n"
    case = case_of(f"{FORM}{line}", PageKind.REQUEST)
    assert [stated.text for stated in case.request.length] == ["6 months"]
