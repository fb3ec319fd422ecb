"""Rows of laboratory sheets as they were meant: unfolded, joined, with what stands once for many.

A sheet without column lines may come as rows of one cell, a long name or unit may go on in a row
of its own, and a day may stand once for the rows below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.lexicon import fold
from pipeline.nlp.cells import EMPTY, Filled, Row, row_span
from pipeline.nlp.columns import known_heads
from pipeline.nlp.lab_cells import (
    day_apart,
    is_date,
    is_flag,
    is_range,
    is_result,
    is_unit,
    lab_of,
    part_of_date,
    range_parts,
    result_parts,
    run_together,
)
from pipeline.notation.results import QUALITATIVE, VALUE
from pipeline.schema import Mention, Span

UNFOLDED = {"test": 0, "result": 1, "flag": 2, "units": 3, "reference": 4}
MOST_WORDS = 4  # of a head


def days_apart(rows: list[Row], models: Path) -> list[Row]:
    """Rows whose first cell prints a test with its day, the day in a column of its own behind all."""
    width = max((max(row, default=0) for row in rows), default=0) + 1
    found = []
    for row in rows:
        first = min(row, default=0)
        parted = day_apart(row[first], models) if len(row) > 1 else None
        found.append({**row, first: parted[0], width: parted[1]} if parted else row)
    return found


def unfolded(rows: list[Row], models: Path) -> list[Row]:
    """Rows of one cell each, "Sodium 139 mEq/L 136-145", as cells of test, result and range."""
    single = [row for row in rows if len(row) == 1]
    if not single or len(single) * 3 < len(rows) * 2 or max(map(len, rows)) > 2:
        return rows
    heads = next(
        (h for row in single[:2] if (h := _heads_of(next(iter(row.values())), models))), {}
    )
    cut = [_unfolded_row(row, heads, models) for row in rows]
    return cut if any(len(c) > len(row) for c, row in zip(cut, rows, strict=True)) else rows


def _heads_of(cell: Filled, models: Path) -> Row:
    """The heads that stand in one cell, "Test Name Result Flag Units Range"; {} if it holds others."""
    words = list(re.finditer(r"\S+", cell.text))
    found: Row = {}
    at = 0
    while at < len(words):
        for size in range(min(MOST_WORDS, len(words) - at), 0, -1):
            start, end = words[at].start(), words[at + size - 1].end()
            roles = _roles(cell.text[start:end], models)
            parted = {r for word in words[at : at + size] for r in _roles(word.group(), models)[:1]}
            if roles and len(parted) < 2:  # "Result Flag" may be two heads, and is here
                place = Filled(cell.text[start:end], cell.start + start, cell.start + end)
                found[UNFOLDED[roles[0]]] = place
                at += size
                break
        else:
            return {}
    return found if len(found) > 1 and 0 in found else {}


def _roles(head: str, models: Path) -> list[str]:
    return [r for r in known_heads(models).get(fold(head), ()) if r in UNFOLDED]


def _unfolded_row(row: Row, heads: Row, models: Path) -> Row:
    if len(row) != 1:
        return row
    cell = next(iter(row.values()))
    if heads and cell.start == heads[0].start:
        return heads
    joined = run_together(cell, models) or _two_words(cell, heads, models)
    if joined is None:
        return {0: cell}
    name, _, rest = joined
    cut = _end_of_result(rest.text, bool(heads.get(4)))
    held = {
        0: name,
        1: Filled(rest.text[:cut].rstrip(), rest.start, rest.start + len(rest.text[:cut].rstrip())),
    }
    if cut < len(rest.text):
        held[4] = Filled(rest.text[cut:], rest.start + cut, rest.end)
    return held


def _two_words(cell: Filled, heads: Row, models: Path) -> tuple[Filled, str, Filled] | None:
    """A test with a word of result and one of what is expected, where heads tell their order."""
    if not heads.get(1) or not heads.get(4) or heads[1].start > heads[4].start:
        return None
    for gap in re.finditer(r"\s+", cell.text):
        rest = cell.text[gap.end() :]
        first = QUALITATIVE.match(rest) or VALUE.match(rest)
        analyte = lab_of(cell.text[: gap.start()], models) if first is not None else ""
        if analyte:
            name = Filled(cell.text[: gap.start()], cell.start, cell.start + gap.start())
            return name, analyte, Filled(rest, cell.start + gap.end(), cell.end)
    return None


def _end_of_result(text: str, expected: bool) -> int:
    """Where a result ends and its range, or the word that is expected, begins."""
    first = QUALITATIVE.match(text) or VALUE.match(text)
    if first is None:
        return len(text)
    gap = re.compile(r"\s*").match(text, first.end())
    at = gap.end() if gap else first.end()
    rest = text[at:]
    word = expected and QUALITATIVE.match(rest) is not None
    return (
        at
        if rest and (word or is_range(re.sub(r"\s*\([A-Za-z ]+\)$", "", rest), Path()))
        else len(text)
    )


# ---------------------------------------------------------------------------- joined

GOES_ON = re.compile(r"[a-z(]|\d+\^")


def whole_rows(rows: list[Row], test: int, models: Path) -> list[Row]:
    """Rows with what goes on below joined to them: the rest of a name, the power of a unit.

    Args:
        test: The column of tests.
    """
    whole: list[Row] = []
    for row in rows:
        if whole and _goes_on(whole[-1], row, test, models):
            above = whole[-1]
            whole[-1] = {c: _joined(above.get(c), row.get(c)) for c in sorted({*above, *row})}
        else:
            whole.append(row)
    return whole


def _joined(upper: Filled | None, lower: Filled | None) -> Filled:
    if upper is None or lower is None:
        cell = upper or lower
        assert cell is not None
        return cell
    return Filled(f"{upper.text} {lower.text}", upper.start, lower.end)


def _goes_on(above: Row, row: Row, test: int, models: Path) -> bool:
    """Whether a row is the rest of the one above: it has no result, and its name is no other test.

    The result may stand beside the rest of a name that a comma cut.
    """
    if not row or test not in above:
        return False
    if len(above) < 2:
        begun, rest = above[test].text, row.get(test)
        if rest is None or len(row) < 2 or not begun.endswith(","):
            return False
        return bool(lab_of(f"{begun} {rest.text}", models)) and not lab_of(rest.text, models)
    if any(is_result(c.text) and not is_unit(c.text, models) for i, c in row.items() if i != test):
        return False
    name = row.get(test)
    rests = [c.text for i, c in row.items() if i != test]
    if name is None:
        return all(is_unit(t, models) or GOES_ON.match(t) for t in rests)
    joined = lab_of(f"{above[test].text} {name.text}", models)
    alone, upper = lab_of(name.text, models), lab_of(above[test].text, models)
    if not joined or is_date(name.text, models) or is_range(name.text, models):
        return False
    begins = GOES_ON.match(name.text) is not None or not upper or above[test].text.endswith(",")
    return begins and (not alone or alone == joined or not upper)


def days_above(rows: list[Row], column: int) -> list[Row]:
    """Rows with the day of the rows above where theirs is left blank."""
    filled, held = [], None
    for row in rows:
        cell = row.get(column)
        if cell is not None and not EMPTY.fullmatch(cell.text):
            held = cell
        filled.append(
            {**row, column: held} if cell is None and held is not None and len(row) > 1 else row
        )
    return filled


# ------------------------------------------------------------------------- as a line

STROKE = re.compile(r"(?:^|\s)[lI|!](?=\d{2,})")  # a rule, or a one, before a number


@dataclass(frozen=True)
class Line:
    """A row as a line without borders: a test, its only result, and what else its cells are."""

    test: Filled
    analyte: str
    value: Mention
    parts: tuple[Mention, ...]
    sure: bool = True

    def mention(self, row: Row, day: Mention | None) -> Mention:
        """The result of the row; of the day given, where the row bears none."""
        dated = day is None or any(p.label == "date" for p in self.parts)
        parts = [*self.parts, *([] if dated or day is None else [day])]
        told = lab_mention(self.analyte, self.test, row_span(row), parts)
        return told if self.sure else told.model_copy(update={"doubted": ("value",)})


def as_line(row: Row, models: Path) -> Line | None:
    """A row read by what its pieces are, whatever columns they stand in; None if it tells no one result."""
    cells = [row[c] for c in sorted(row)]
    head = _name_of(cells, models)
    if head is None:
        return None
    test, analyte, rest, sure = head
    result: list[Mention] = []
    beside: list[Mention] = []
    for cell in rest:
        if is_flag(cell.text, models):
            beside.append(cell.part("flag"))
        elif is_unit(cell.text, models):
            beside.append(cell.part("unit"))
        elif is_range(cell.text, models) and not cell.text.strip()[:1].isalpha():
            beside += range_parts(cell)
        elif is_date(cell.text, models):
            beside += [day for day in [part_of_date(cell.text, cell.start)] if day is not None]
        elif told := result_parts(cell):
            if result:
                return None
            result = told
        elif not EMPTY.fullmatch(cell.text):
            return None
    value = next((p for p in result if p.label == "value"), None)
    if value is None:
        return None
    labels = {p.label for p in result}
    extra = [
        p for i, p in enumerate(beside) if p.label not in labels | {b.label for b in beside[:i]}
    ]
    return Line(test, analyte, value, (*result, *extra), sure)


def _name_of(cells: list[Filled], models: Path) -> tuple[Filled, str, list[Filled], bool] | None:
    """(test, analyte, cells of the rest, whether no stroke before a number had to be left out)."""
    if not cells:
        return None
    first, rest = cells[0], cells[1:]
    analyte = lab_of(first.text, models)
    if analyte:
        return first, analyte, rest, True
    joined = run_together(first, models)
    if joined is not None:
        return joined[0], joined[1], [joined[2], *rest], True
    stroke = STROKE.search(first.text)
    analyte = lab_of(first.text[: stroke.start()], models) if stroke is not None else ""
    if stroke is None or not analyte:
        return None
    name = Filled(first.text[: stroke.start()], first.start, first.start + stroke.start())
    value = Filled(first.text[stroke.end() :], first.start + stroke.end(), first.end)
    return name, analyte, [value, *rest], False


def lab_mention(analyte: str, test: Filled, scope: Span, parts: list[Mention]) -> Mention:
    """A result of a sheet."""
    return Mention(
        label="lab",
        start=test.start,
        end=test.end,
        text=test.text,
        code=analyte,
        scope=scope,
        section="results",
        origin="table",
        parts=tuple(parts),
    )
