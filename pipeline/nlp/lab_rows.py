"""Rows of laboratory sheets that are more than one test and its cells.

One row may hold several tests ("HBsAg / anti-HBc"), a row of its own the range of the test above
it, and a cell the specimen, which may make the test another one.
"""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.nlp.cells import Filled, Row, days_in
from pipeline.nlp.lab_cells import (
    REFERENCE,
    is_range,
    lab_of,
    parts_of_name,
    range_parts,
    result_parts,
)
from pipeline.nlp.unlisted_tests import SPECIMEN
from pipeline.notation.numbers import NUMBER, number
from pipeline.schema import Mention

REFERENCE_NAME = re.compile(rf"\W*(?:{REFERENCE}|limits?|range)\W*", re.IGNORECASE)
OTHER_SPECIMEN = re.compile(rf"\W*(?P<specimen>{SPECIMEN})(?:\s+fluid)?\W*", re.IGNORECASE)
TIME = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b")
BRACKET_LIMIT = 3  # cells that one pair of brackets may have been cut into


def closed_brackets(rows: list[Row]) -> list[Row]:
    """Rows with what stands between two brackets, or around a dash, in one cell.

    "(normal | to | 200)", "25 | - 170".
    """
    return [_joined_ranges(_closed(row)) for row in rows]


LOW_END = re.compile(rf"(?P<low>{NUMBER})\s*(?P<dash>[-\u2013])?")
HIGH_END = re.compile(rf"(?P<dash>[-\u2013]\s+)?(?P<high>{NUMBER})")


def _joined_ranges(row: Row) -> Row:
    """A row with the two ends of a range in one cell, where the dash shows that it was cut."""
    joined = dict(row)
    for column in sorted(row):
        cell, following = joined.get(column), row.get(column + 1)
        low = LOW_END.fullmatch(cell.text) if cell is not None else None
        high = HIGH_END.fullmatch(following.text) if following is not None else None
        if cell is None or following is None or low is None or high is None:
            continue
        rising = (number(low["low"]) or 0) < (number(high["high"]) or 0)
        if rising and bool(low["dash"]) is not bool(high["dash"]):
            text = f"{cell.text} {following.text}"
            joined[column] = Filled(text, cell.start, following.end)
            del joined[column + 1]
    return joined


def _closed(row: Row) -> Row:
    joined: Row = {}
    waiting: list[int] = []
    for column in sorted(row):
        cell = row[column]
        if waiting:
            first = joined[waiting[0]]
            waiting.append(column)
            joined[waiting[0]] = Filled(f"{first.text} {cell.text}", first.start, cell.end)
        else:
            joined[column] = cell
            waiting = [column]
        if _is_closed(joined[waiting[0]].text):
            waiting = []
        elif len(waiting) > BRACKET_LIMIT:
            break
    return joined if not waiting or len(waiting) == 1 else dict(row)


def _is_closed(text: str) -> bool:
    return all(text.count(a) <= text.count(b) for a, b in ("()", "[]"))


# ---------------------------------------------------------------------- specimen


def of_specimen(row: Row, test: Filled, analyte: str, models: Path) -> str:
    """The analyte by the specimen in a cell of its own; '' for one that the lexicon does not know."""
    for cell in row.values():
        text = TIME.sub(" ", cell.text)
        for day in reversed(days_in(text)):
            text = text[: day.start] + " " + text[day.end :]
        m = OTHER_SPECIMEN.fullmatch(text) if cell is not test else None
        if m is not None:
            return lab_of(f"{m['specimen']} {test.text}", models)
    return analyte


# --------------------------------------------------------------- ranges below


def reference_below(rows: list[Row], index: int, models: Path) -> Row:
    """The cells of the next row when it holds the ranges of this one."""
    following = rows[index + 1] if index + 1 < len(rows) else {}
    first = following.get(min(following)) if following else None
    if first is None or len(following) < 2 or not REFERENCE_NAME.fullmatch(first.text):
        return {}
    return following


# ------------------------------------------------------------- several tests

CUT = re.compile(r"\s*/\s*|\s*[,;]\s+")
LONGEST = 80  # characters of a cell that names several tests
Told = tuple[Filled, str, list[Mention]]


def several_results(
    row: Row, columns: dict[str, list[int]], below: Row, models: Path
) -> list[Told]:
    """(name, analyte, parts) for each test of a row with several tests and as many results."""
    column = columns["test"][0] if columns["test"] else 0
    cell = row.get(column)
    held = [c for c in columns["result"] if c in row]
    if cell is None or len(cell.text) > LONGEST or len(held) != 1:
        return []
    shared = parts_of_name(cell, models)
    names = _pieces(_without_bracket(cell))
    analytes = [lab_of(name.text, models) for name in names]
    if len(names) < 2 or not all(analytes) or len(set(analytes)) < len(analytes):
        return []
    results = _results(row[held[0]], len(names))
    if not results:
        return []
    shared += [row[c].part("unit") for c in columns["units"][:1] if c in row]
    limits = [row[c] for c in columns["reference"][:1] if c in row]
    limits += [below[c] for c in held if c in below]
    ranges = next((r for r in (_pieces(c) for c in limits) if len(r) == len(names)), [])
    found = []
    for i, (name, analyte) in enumerate(zip(names, analytes, strict=True)):
        parts = list(results[i])
        if ranges and is_range(ranges[i].text, models):
            parts += range_parts(ranges[i])
        labels = {p.label for p in parts}
        if not any(p.code == "word" for p in parts):
            parts += [p for p in shared if p.label == "unit" and p.label not in labels]
        found.append((name, analyte, parts))
    return found


def _results(cell: Filled, count: int) -> list[list[Mention]]:
    """As many results as tests, or one word that holds for all of them."""
    pieces = _pieces(cell)
    results = [result_parts(piece) for piece in pieces]
    if len(pieces) == 1 and results[0] and all(p.code == "word" for p in results[0]):
        results = results * count
    return results if len(results) == count and all(results) else []


def _without_bracket(cell: Filled) -> Filled:
    """A cell without the unit or range in brackets at its end."""
    text = re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*$", "", cell.text)
    return Filled(text, cell.start, cell.start + len(text))


def _pieces(cell: Filled) -> list[Filled]:
    """What stands between the signs that part several tests or results."""
    found, position = [], 0
    cuts = list(CUT.finditer(cell.text))
    for start, end in [*((m.start(), m.end()) for m in cuts), (len(cell.text), len(cell.text))]:
        text = cell.text[position:start]
        if text.strip():
            found.append(Filled(text, cell.start + position, cell.start + start))
        position = end
    return found
