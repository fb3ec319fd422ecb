"""Whose page it is, by the name that it prints."""

from __future__ import annotations

import pytest

from pipeline.ingest.identity import identity_of


@pytest.mark.parametrize(
    "line", ["CK, TOTAL\tNormal range: 30 - 223 U/L", "AST, ALT", "IGG, SERUM", "HEMOGLOBIN, BLOOD"]
)
def test_a_test_is_no_name(line: str) -> None:
    assert identity_of(f"Test Results\n{line}\n").name == ""


def test_the_name_in_a_banner_is_found_below_tests() -> None:
    assert identity_of("CK, TOTAL\n88\nDOE, JANE A\n").name == "DOE, JANE A"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Patient Jane Q. Doe-Roe\tDOB 01/30/1988\tPlan U33", "Jane Q. Doe-Roe"),
        ('Member ....... Jane "Jo" Roe\tDate of birth 1988-01-30', 'Jane "Jo" Roe'),
        ("Patient Care Roe\tFax 01/30/1988", ""),
        ("Patient information\tDOB 01/30/1988", ""),
    ],
)
def test_a_name_stands_behind_its_label_in_a_cell_beside_the_birth_date(
    line: str, name: str
) -> None:
    assert identity_of(f"Request\n{line}\n").name == name
