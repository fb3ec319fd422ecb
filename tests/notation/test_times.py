"""Lengths, days and frequencies as printed: what is found has its value, and nothing is invented."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicon import models_dir
from pipeline.notation.amounts import dose, find_doses
from pipeline.notation.dates import Order, day_orders, find_dates, parse
from pipeline.notation.lengths import duration, find_durations
from pipeline.notation.sigs import doses_a_day, frequency_parts

WRITTEN = date(2026, 9, 1)


def length(text: str) -> tuple[float | None, float | None] | None:
    """The bounds in days of the one length of a text."""
    (found,) = find_durations(text)
    told = duration(text[found.start : found.end])
    return (told.low, told.high) if told is not None else None


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("for 2-3 weeks", (14, 21)),
        ("for almost 4 weeks", (22.4, 28)),
        ("for not quite four weeks", (22.4, 28)),
        ("for just over 3 weeks", (21, None)),
        ("for well over ten weeks", (70, None)),
        ("for the better part of a year", (182.5, 366)),
        ("for part of a year", (0, 366)),
        ("for a maximum of 4 weeks", (0, 28)),
        ("for some 12 weeks", (84, 84)),
        ("x 3 1/2 months", (99.5, 108.5)),
        ("for 1\u00bd years", (548, 549)),
        ("for a year and a half", (548, 549)),
        ("for 1 year and 2 months", (421, 428)),
        ("for seventeen weeks", (119, 119)),
        ("for half a year", (183, 183)),
        ("for a fortnight", (14, 14)),
        ("for several weeks", None),
    ],
)
def test_lengths_compose(text: str, bounds: tuple[float | None, float | None] | None) -> None:
    assert length(text) == (pytest.approx(bounds) if bounds else None)


@pytest.mark.parametrize(
    "text", ["a 62M on", "labs every 2 weeks", "back in 6 weeks", "8 weeks ago", "48 years old"]
)
def test_other_times_are_no_lengths(text: str) -> None:
    assert find_durations(text) == []


def days(text: str) -> list[str]:
    """The days and months of a text, "?" for one that stays open."""
    found = [parse(m.code or text[m.start : m.end], WRITTEN) for m in find_dates(text)]
    return [when.iso if when is not None else "?" for when in found]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("from Mar-2025 to Sep-2025", ["2025-03", "2025-09"]),
        ("since Jun '25", ["2025-06"]),
        ("since 25AUG2025", ["2025-08-25"]),
        ("2025-11-03T08:30Z", ["2025-11-03"]),
        ("from 3 March to 7 July 2025", ["2025-03-03", "2025-07-07"]),
        ("11/10 - 02/20/2026", ["2025-11-10", "2026-02-20"]),
        ("between Feb and Sept 2025", ["2025-02", "2025-09"]),
        ("Jan 4-11, 2026", ["2026-01-04", "2026-01-11"]),
        ("12-13 May 2026", ["2026-05-12", "2026-05-13"]),
        ("from the 5th to the 19th of March 2026", ["2026-03-05", "2026-03-19"]),
        ("the 2nd of April 2026 through the 30th", ["2026-04-02", "2026-04-30"]),
        ("from May 4th to the 11th", ["2026-05-04", "2026-05-11"]),
        ("on May 4 and the 2nd infusion", ["2026-05-04"]),
        ("20 until 15 June", ["2026-06-15"]),
        ("on 8/14, and again on 3/2/2025", ["2026-08-14", "2025-03-02"]),
        ("signed 04 / 19 / 2026", ["2026-04-19"]),  # in the boxes of a form
        ("from 4 /9/ 2026, 60 / 40 / 20 mg", ["2026-04-09"]),
        ("since Mar-25", ["?"]),  # a day of March, or March of a year
        ("31/12/2025", ["?"]),
        ("she may take", []),
    ],
)
def test_days_in_every_spelling(text: str, told: list[str]) -> None:
    assert days(text) == told


@pytest.mark.parametrize(
    ("text", "word", "a_day"),
    [
        ("q 6 h", "four times daily", 4),
        ("every seven days", "weekly", 1 / 7),
        ("every other day", "every other day", 0.5),
        ("on Mondays, Wednesdays and Fridays", "three times weekly", 3 / 7),
        ("3x/week", "three times weekly", 3 / 7),
        ("qhs", "daily", 1),
        ("every morning", "daily", 1),
        ("every 6 weeks", "every 6 weeks", 1 / 42),
        ("once a month", "monthly", 12 / 365.25),
    ],
)
def test_a_frequency_has_its_doses_a_day(text: str, word: str, a_day: float) -> None:
    (found,) = frequency_parts(text, models_dir())
    assert found.code == word
    assert doses_a_day(found.code) == pytest.approx(a_day, rel=0.01)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1 000 mg IV", [(1000, "mg")]),
        ("1 200 mg IV", []),  # one of 200 mg, or 1,200 mg
        ("2 x 500 mg tablets", [(1000, "mg")]),
        ("1-1/2 tab", [(1.5, "tablet")]),
        ("iiss caps", [(2.5, "capsule")]),
        ("24/26 mg", [(24, "mg")]),
        ("50 -> 100 -> 150 mg", [(150, "mg")]),
        ("15 mg in the morning and 5 mg at bedtime", [(20, "mg")]),
        ("two units of packed red cells", []),
    ],
)
def test_doses(text: str, told: list[tuple[float, str]]) -> None:
    found = [dose(text[m.start : m.end]) for m in find_doses(text)]
    assert [(d.value, d.unit) for d in found if d is not None] == told


@given(st.text(alphabet="0123456789 /-.,\u00bdmgxqwdayhalftonend", max_size=40))
def test_what_is_found_as_a_dose_is_worth_something(text: str) -> None:
    for m in find_doses(text):
        printed = text[m.start : m.end]
        assert dose(f"{printed} mg" if m.code == "mg" else printed) is not None


MONTH, DAY, OPEN = Order.MONTH_FIRST, Order.DAY_FIRST, Order.OPEN


@pytest.mark.parametrize(
    ("pages", "orders"),
    [
        (["Taken 04/05/2026"], [MONTH]),
        (["Taken 04.05.2026"], [OPEN]),
        (["born 23/04/1961, taken 04/05/2026"], [DAY]),
        (["born 23 / 04 / 1961, taken 04 / 05 / 2026"], [DAY]),
        (["born 23.04.1961", "Taken 04.05.2026"], [DAY, DAY]),
        (["born 04/23/1961", "Taken 04.05.2026"], [MONTH, MONTH]),
        (["born 04/23/1961, seen 08/14/2026", "Taken 24.04.2026", "Seen 04/05/2026"],
         [MONTH, OPEN, MONTH]),  # one day alone against others may be misread
        (["born 04/23/1961, seen 08/14/2026", "Taken 24.04.2026, born 23.04.1961", "05.04.2026"],
         [MONTH, DAY, DAY]),  # a page of a laboratory abroad
        (["born 04/23/1961, seen 14/08/2026, taken 04/05/2026"], [OPEN]),
        (["30/20/10 mg, then 04/05/2026"], [MONTH]),  # steps of a dose
    ],
)  # fmt: skip
def test_days_that_can_be_read_in_one_way_only_settle_the_others(
    pages: list[str], orders: list[Order]
) -> None:
    assert day_orders(pages) == orders


@pytest.mark.parametrize(
    ("printed", "order", "told"),
    [
        ("04/05/2026", DAY, "2026-05-04"),
        ("15.09.2026", DAY, "2026-09-15"),
        ("5/4/26", DAY, "2026-04-05"),
        ("09/2026", DAY, "2026-09"),
        ("2026-04-05", DAY, "2026-04-05"),
        ("5 April 2026", DAY, "2026-04-05"),
        ("04/05/2026", MONTH, "2026-04-05"),
        ("05.05.2026", OPEN, "2026-05-05"),
        ("24.04.2026", OPEN, "2026-04-24"),
    ],
)
def test_a_day_in_figures_is_read_in_its_order(printed: str, order: Order, told: str) -> None:
    found = parse(printed, WRITTEN, order)
    assert found is not None and found.iso == told


def test_a_day_of_open_order_is_either_of_two() -> None:
    found = parse("04.09.2026", WRITTEN, OPEN)
    assert found is not None and found.iso == ""
    assert (found.earliest, found.latest) == (date(2026, 4, 9), date(2026, 9, 4))
