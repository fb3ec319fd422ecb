"""Printed numbers, ranges, doses and lengths of time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.notation import amounts, lengths, numbers, results


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("30-200", (30, 200)),
        ("30 - 200 U/L", (30, 200)),
        ("700 – 1,600 mg/dL", (700, 1600)),
        ("0.00-0.04", (0, 0.04)),
        ("< OR = 8.1 U/L", (None, 8.1)),
        ("<=36", (None, 36)),
        ("<200", (None, 200)),
        (">=60 mL/min/1.73m2", (60, None)),
        (">59", (59, None)),
        ("up to 190", (None, 190)),
        ("<1:40", (None, 40)),
        ("61 437", (61, 437)),  # a fax lost the dash
        ("Male: 39-308 Female: 26-192", (None, None)),  # whose is not said
        ("200-30", (None, None)),
        ("Negative", (None, None)),
        ("Not established", (None, None)),
        ("", (None, None)),
    ],
)
def test_reference_ranges(text: str, bounds: tuple[float | None, float | None]) -> None:
    assert results.reference_range(text) == bounds


@pytest.mark.parametrize(
    ("text", "sign"),
    [("<0.2", "<"), (">= 60", ">="), ("≤5", "<="), ("< or = 5", "<="), ("over 5000", ">"),
     ("at least 10", ">="), ("less than 3", "<"), ("4512", "")],
)  # fmt: skip
def test_signs_before_values(text: str, sign: str) -> None:
    assert results.comparator(text) == sign


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_range_is_read_as_printed_or_not_at_all(low: float, high: float) -> None:
    first, second = round(low, 2), round(high, 2)
    expected = (first, second) if first <= second else (None, None)
    assert results.reference_range(f"{first:,.2f} - {second:,.2f} mg/dL") == expected


@given(st.text(max_size=30))
def test_any_text_is_read_without_error(text: str) -> None:
    results.reference_range(text)
    results.comparator(text)
    numbers.number(text)
    amounts.dose(text)
    lengths.duration(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4,512", 4512),
        ("5,0", 5),
        (".5", 0.5),
        ("twelve", 12),
        ("1,050.5 mg", 1050.5),
        ("none", None),
    ],
)
def test_numbers(text: str, value: float | None) -> None:
    assert numbers.number(text) == value
