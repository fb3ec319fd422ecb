"""Laboratory sheets with a row for each day: tests as columns, or one test named by the title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.nlp.cells import Filled, Row, row_span
from pipeline.nlp.lab_cells import (
    is_date,
    is_flag,
    is_unit,
    lab_of,
    part_of_date,
    parts_of_name,
    range_parts,
    result_parts,
)
from pipeline.nlp.lab_shapes import lab_mention
from pipeline.nlp.language import names_in
from pipeline.schema import Mention


@dataclass(frozen=True)
class Series:
    """The row of heads, the days' column, the tests by column, and what their heads say of them."""

    head: int
    days: int
    tests: dict[int, tuple[Filled, str]]


def series_of(rows: list[Row], caption: Filled | None, models: Path) -> Series | None:
    """How a sheet with a row for each day is laid out, None if it is none."""
    return _tests_as_columns(rows, models) or _titled(rows, caption, models)


def _tests_as_columns(rows: list[Row], models: Path) -> Series | None:
    for index, row in enumerate(rows[:2]):
        body = [r for r in rows[index + 1 :] if r]
        tests = {c: (cell, a) for c, cell in row.items() if (a := lab_of(cell.text, models))}
        tests = {c: t for c, t in tests.items() if any(c in r and result_parts(r[c]) for r in body)}
        dated = [
            c
            for c in range(max(row, default=0) + 1)
            if any(c in r and is_date(r[c].text, models) for r in body)
        ]
        days = next((c for c in dated if c not in tests), None)
        if tests and days is not None and days < min(tests):
            return Series(index, days, tests)
    return None


def _titled(rows: list[Row], caption: Filled | None, models: Path) -> Series | None:
    """ "CREATINE KINASE, EARLIER RESULTS" over a column of days and one of values."""
    if caption is None or len(caption.text) > 120:
        return None
    tests = {n.code: n for n in names_in(caption.text, models) if n.kind == "lab"}
    if len(tests) != 1 or any(lab_of(cell.text, models) for row in rows for cell in row.values()):
        return None
    body = [row for row in rows if any(is_date(cell.text, models) for cell in row.values())]
    if not body or len(body) < len(rows) - 2:
        return None
    days = {c for row in body for c, cell in row.items() if is_date(cell.text, models)}
    values = {
        c
        for row in body
        for c, cell in row.items()
        if c not in days and result_parts(cell) and not is_flag(cell.text, models)
    }
    if len(days) != 1 or len(values) != 1:
        return None
    head = -1 if rows[0] is body[0] else 0
    return Series(head, days.pop(), {values.pop(): (caption, next(iter(tests)))})


REFERENCE_ROW = re.compile(
    r"(?:ref|normal|usual|range|limits?|units?|expected)\b|reference", re.IGNORECASE
)


def results_by_day(rows: list[Row], series: Series, models: Path) -> Iterator[Mention]:
    """The results of each day; units and ranges stand in the heads or in rows of their own."""
    shared = {c: parts_of_name(head, models) for c, (head, _) in series.tests.items()}
    body = rows[series.head + 1 :]
    for row in body:
        first = row.get(series.days)
        if first is not None and REFERENCE_ROW.match(first.text):
            for c in series.tests:
                if c in row:
                    shared[c] += (
                        [row[c].part("unit")]
                        if is_unit(row[c].text, models)
                        else range_parts(row[c])
                    )
    for row in body:
        first = row.get(series.days)
        if first is None or not is_date(first.text, models):
            continue
        flags = [
            cell.part("flag")
            for c, cell in row.items()
            if c not in series.tests and is_flag(cell.text, models)
        ]
        for c, (_, analyte) in series.tests.items():
            parts = result_parts(row[c]) if c in row else []
            if parts:
                labels = {p.label for p in parts}
                extra = [*shared[c], *(flags if len(series.tests) == 1 else ())]
                parts += [p for p in extra if p.label not in labels]
                day = part_of_date(first.text, first.start)
                parts += [day] if day is not None else []
                yield lab_mention(analyte, row[c], row_span(row), parts)
