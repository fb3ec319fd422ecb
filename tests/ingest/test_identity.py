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
