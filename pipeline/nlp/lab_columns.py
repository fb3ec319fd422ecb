"""What the columns of a laboratory sheet hold: by their heads, else by what their cells look like."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from pipeline.nlp.cells import Filled, Row
from pipeline.nlp.lab_cells import (
    has_value,
    is_date,
    is_flag,
    is_number,
    is_range,
    is_unit,
    lab_of,
    result_parts,
)

KEYS = (
    "test",
    "result",
    "previous",
    "dated",
    "flag",
    "units",
    "reference",
    "low_limit",
    "high_limit",
    "collected",
)
Columns = dict[str, list[int]]  # columns by role


def lab_columns(rows: list[Row], roles: dict[int, list[str]], heads: int, models: Path) -> Columns:
    """Columns by what they hold; where heads do not tell, by what their cells look like."""
    columns: Columns = {k: [] for k in KEYS}
    for column, names in sorted(roles.items()):
        for name in names:
            if name in columns and not any(column in found for found in columns.values()):
                columns[name].append(column)
    width = max((max(row, default=0) for row in rows), default=0) + 1
    body = rows[heads:]
    _drop_limits_of_words(columns, body, models)
    columns["flag"] = [
        c for c in columns["flag"] if not _mostly(_cells(body, c), has_value, models)
    ]
    _find_tests(columns, body, width, models)
    _tell_units_from_ranges(columns, body, models)
    looks: tuple[tuple[str, Callable[[str, Path], bool]], ...] = (
        ("flag", is_flag), ("units", is_unit), ("reference", is_range), ("collected", is_date)
    )  # fmt: skip
    for key, fits in looks:
        taken = {c for found in columns.values() for c in found}
        if not columns[key] and not (key == "reference" and columns["high_limit"]):
            free = [c for c in range(width) if c not in taken and not _asks(rows, c)]
            columns[key] = [c for c in free if _mostly(_cells(body, c), fits, models)][:1]
            if key == "reference" and not columns[key]:
                columns[key] = [c for c in free if _holds_limits(_cells(body, c), models)][:1]
    if not columns["result"] and not columns["dated"]:
        taken = {c for found in columns.values() for c in found}
        free = [
            c
            for c in range(width)
            if c not in taken and c > columns["test"][0] and not _asks(rows, c)
        ]
        told = {c: sum(1 for r in body if c in r and result_parts(r[c])) for c in free}
        columns["result"] = [c for c in free if told[c] and told[c] * 2 >= max(told.values())][:1]
        if not columns["result"] and not any("reference" in names for names in roles.values()):
            columns["result"], columns["reference"] = (
                columns["reference"],
                [],
            )  # "<5", "<0.2": results below a limit
    return columns


NO_RESULT = re.compile(
    r"\b(?:threshold|target|goal|cut-?off|action|hold|frequency|interval|schedule|due|next|how\s+often|criteri\w+|requir\w+)\b",
    re.IGNORECASE,
)


def _asks(rows: list[Row], column: int) -> bool:
    """Whether a column's head says that it holds what is wanted, not what was found."""
    first = next((row[column].text for row in rows if column in row), "")
    return NO_RESULT.search(first) is not None


def _cells(body: list[Row], column: int) -> list[str]:
    return [r[column].text for r in body if column in r]


def _drop_limits_of_words(columns: Columns, body: list[Row], models: Path) -> None:
    """ "Low" and "High" head limits only over numbers; else they are columns of flags."""
    for key in ("low_limit", "high_limit"):
        columns[key] = [c for c in columns[key] if _mostly(_cells(body, c), is_number, models)][:1]


def _tell_units_from_ranges(columns: Columns, body: list[Row], models: Path) -> None:
    """A head over two columns ("Units - Range") stands over one of them: what its cells are decides."""
    for key, other, fits, not_so in (
        ("reference", "units", is_unit, is_range),
        ("units", "reference", is_range, is_unit),
    ):
        wrong = [
            c
            for c in columns[key]
            if _mostly(_cells(body, c), fits, models)
            and not any(not_so(text, models) for text in _cells(body, c))
        ]
        if wrong and not columns[other]:
            columns[key] = [c for c in columns[key] if c not in wrong]
            columns[other] = wrong


def _find_tests(columns: Columns, body: list[Row], width: int, models: Path) -> None:
    """The column that names tests, whatever its head says."""
    named = {c: sum(1 for text in _cells(body, c) if lab_of(text, models)) for c in range(width)}
    best = max(named, key=lambda c: (named[c], -c), default=0)
    if named.get(best) and (not columns["test"] or not named[columns["test"][0]]):
        for found in columns.values():
            if best in found:
                found.remove(best)
        columns["test"] = [best]
    if not columns["test"]:
        columns["test"] = [0]
    for key, found in columns.items():
        if key != "test":
            columns[key] = [c for c in found if c not in columns["test"]]


def _holds_limits(texts: list[str], models: Path) -> bool:
    """Whether a column holds what is normal: ranges, and words such as "Not detected"."""
    ranges = [text for text in texts if is_range(text, models)]
    words = [
        text
        for text in texts
        if re.search("[A-Za-z]{3}", text) and result_parts(Filled(text, 0, len(text)))
    ]
    return (
        len(ranges) >= 2
        and len(set(ranges) | set(words)) >= 2
        and len(ranges) + len(words) == len(texts)
    )


def _mostly(texts: list[str], fits: Callable[[str, Path], bool], models: Path) -> bool:
    return len(texts) >= 2 and sum(fits(text, models) for text in texts) * 2 > len(texts)


def known_tests(rows: list[Row], models: Path) -> int:
    """In how many cells the column with most tests names one."""
    width = max((max(row, default=0) for row in rows), default=0) + 1
    return max(
        (sum(1 for text in _cells(rows, c) if lab_of(text, models)) for c in range(width)),
        default=0,
    )
