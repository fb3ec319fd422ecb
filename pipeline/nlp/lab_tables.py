"""Laboratory sheets: whose result each cell is, with its unit, range, flag and date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.lexicon import load_lexicon
from pipeline.nlp.cells import Filled, Row, days_in, row_span
from pipeline.nlp.columns import head_roles
from pipeline.nlp.lab_cells import (
    is_date,
    is_flag,
    is_number,
    is_range,
    is_step,
    is_unit,
    lab_of,
    part_of_date,
    parts_of_name,
    range_parts,
    result_parts,
    run_together,
    tests_alike,
)
from pipeline.nlp.lab_columns import NO_RESULT, Columns, lab_columns
from pipeline.nlp.lab_rows import of_specimen, reference_below, several_results
from pipeline.nlp.lab_shapes import Line, as_line, days_above, lab_mention, whole_rows
from pipeline.nlp.language import names_in
from pipeline.nlp.question_tables import topics_of
from pipeline.nlp.rows_between import day_of_heading, previous_result, tells_day
from pipeline.notation.day_series import years_of_heads
from pipeline.notation.numbers import NUMBER
from pipeline.schema import Mention


@dataclass(frozen=True)
class Sheet:
    """How a sheet is laid out: its columns, the row of their heads, the day of collection."""

    columns: Columns
    head: Row
    date: Mention | None
    title: tuple[Filled, str] | None = None  # the only test, which the caption names

    def since(self, day: Mention | None) -> Sheet:
        """The sheet as it goes on below a line that names another day of collection."""
        return self if day is None or self.columns["dated"] else replace(self, date=day)

    def of_day(self, column: int) -> Mention | None:
        """The day in a column's head; where the head lacks the year, the one that its neighbours give."""
        if column not in self.head:
            return None
        day = part_of_date(self.head[column].text, self.head[column].start)
        if day is None or column not in self.columns["dated"]:
            return day
        heads = [self.head[c].text for c in self.columns["dated"] if c in self.head]
        told = years_of_heads(heads)[heads.index(self.head[column].text)]
        return day.model_copy(update={"code": told}) if told else day


def layout(
    rows: list[Row],
    roles: dict[int, list[str]],
    heads: int,
    caption: Filled | None,
    models: Path,
    above: Mention | None = None,
) -> Sheet:
    """The layout of a sheet with its tests in rows.

    Args:
        above: The day of collection that the lines above the sheet name.
    """
    date = part_of_date(caption.text, caption.start) if caption is not None else None
    if date is None or (above is not None and caption is not None and caption.start <= above.start):
        date = above or date  # the caption is itself such a line, with more than one date in it
    columns = lab_columns(rows, roles, heads, models)
    date = _day_of_title(rows, roles, heads) or date
    return Sheet(columns, rows[heads - 1] if heads else {}, date, _titled(caption, models))


def _day_of_title(rows: list[Row], roles: dict[int, list[str]], heads: int) -> Mention | None:
    """The only day in the rows above the heads, or in the head of the first column."""
    title = [cell for row in rows[: max(heads - 1, 0)] for cell in row.values()]
    days = [day for cell in title if (day := part_of_date(cell.text, cell.start)) is not None]
    if len({day.text for day in days}) == 1:
        return days[0]
    first = rows[heads - 1].get(0) if heads else None
    dated = [c for c, names in roles.items() if names == ["dated"]]
    return part_of_date(first.text, first.start) if first is not None and dated == [0] else None


def _titled(caption: Filled | None, models: Path) -> tuple[Filled, str] | None:
    """The one test that a caption names, its day aside: "QUANTIFERON-TB GOLD 08/14/2026"."""
    if caption is None:
        return None
    text = caption.text
    for day in reversed(days_in(text)):
        text = text[: day.start] + " " + text[day.end :]
    analyte = lab_of(text, models)
    return (caption, analyte) if analyte else None


def read_rows(rows: Iterable[Row], sheet: Sheet, models: Path) -> Iterator[Mention]:
    """The results of rows, each of one test; rows between them may name a day or an earlier result."""
    analyte, section_day = "", None
    headed = sheet.title  # a test whose result stands below, in a row of its own
    columns = sheet.columns
    rows = whole_rows(list(rows), columns["test"][0] if columns["test"] else 0, models)
    for column in columns["collected"]:
        if columns["test"] and column < columns["test"][0]:
            rows = days_above(rows, column)
    for index, row in enumerate(rows):
        if not row:
            continue
        below = reference_below(rows, index, models)
        repeated = head_roles(row, models)
        found = find_test(row, sheet.columns, models)
        if found is None and len(repeated) >= 2 and len(repeated) == len(row):
            sheet = _under(sheet, row, lab_columns(rows, repeated, 0, models))
            continue
        several = several_results(row, sheet.columns, below, models) if found is None else []
        if several:
            own = _own_day(row, sheet, models) or section_day or sheet.date
            for name, code, parts in several:
                yield lab_mention(code, name, row_span(row), [*parts, *([own] if own else [])])
            continue
        line = as_line(row, models)
        if found is None and line is not None:
            day = _own_day(row, sheet, models) or section_day or sheet.date
            yield line.mention(row, day)
            continue
        if found is None and headed is not None and _is_result_of(row, sheet.columns):
            yield from _lab_row(row, *headed, sheet, section_day, below, models)
            continue
        if found is None:
            yield from previous_result(row, analyte)
            if len(row) == 1 or tells_day(row):
                # Under columns of days, a heading without a day ends the section of the one before.
                section_day = day_of_heading(row, None if sheet.columns["dated"] else section_day)
            continue
        test, analyte, held = found
        if len(row) == 1 and held is None:
            headed = (test, analyte)
        elif headed is not None and not is_step(test, headed[1], models):
            headed = None
        analyte = of_specimen(row, test, analyte, models)
        if not analyte:
            continue
        if held is not None:
            own = _own_day(row, sheet, models) or section_day
            parts = _dated(result_parts(held), own, sheet)
            if parts:
                yield lab_mention(analyte, test, row_span(row), parts)
        else:
            told = list(_lab_row(row, test, analyte, sheet, section_day, below, models))
            day = _own_day(row, sheet, models) or section_day or sheet.date
            yield from _as_both_say(told, line, row, day)


def _as_both_say(
    told: list[Mention], line: Line | None, row: Row, day: Mention | None
) -> list[Mention]:
    """What the columns and the row as a line say; a value that the two read differently is doubtful."""
    if line is None:
        return told
    if not told:
        return [line.mention(row, day)]
    values = [p.start for m in told for p in m.parts if p.label == "value"]
    if len(told) == 1 and values and line.value.start not in values:
        return [told[0].model_copy(update={"doubted": ("value",)})]
    return told


def find_test(row: Row, columns: Columns, models: Path) -> tuple[Filled, str, Filled | None] | None:
    """(cell of the test, analyte, its result when that stands in the same cell)."""
    column = columns["test"][0] if columns["test"] else 0
    test = row.get(column)
    if test is None:
        return None
    analyte = lab_of(test.text, models)
    if analyte:
        return test, analyte, None
    following = row.get(column + 1)
    if following is not None and not result_parts(following) and not following.text[:1].isdigit():
        joined = f"{test.text} {following.text}"  # a name cut in two: "HEP | C AB"
        analyte = lab_of(joined, models)
        if analyte:
            return Filled(joined, test.start, following.end), analyte, None
    named = _assay_named(row, test, column, models)
    if named is not None:
        return named
    others = [c for key in ("result", "dated") for c in columns[key] if c in row and c != column]
    if any(result_parts(row[c]) for c in others):
        analyte = _alike(row, test, models)
        return (test, analyte, None) if analyte else None
    return run_together(test, models)


# What an infection is screened for by, by the topic of a question (`questions.csv`).
SCREENED_BY = {
    "tuberculosis": {"igra", "tst"},
    "hepatitis_b": {"hbsag", "anti_hbc"},
    "hepatitis_c": {"anti_hcv"},
}


def _assay_named(
    row: Row, test: Filled, column: int, models: Path
) -> tuple[Filled, str, Filled] | None:
    """A row that names an infection, and whose answer names the test: "TB test | T-SPOT negative"."""
    answer = row.get(column + 1)
    joined = run_together(answer, models) if answer is not None else None
    if joined is None or NO_RESULT.search(test.text):
        return None
    asked = (SCREENED_BY.get(topic, set()) for topic in topics_of(test.text, models))
    return joined if any(joined[1] in tests for tests in asked) else None


def _under(sheet: Sheet, row: Row, columns: Columns) -> Sheet:
    """The layout below a second row of heads; columns that it leaves open keep their days.

    "DATE | 01/06/2025 | 03/03/2025 |" over "TEST | | | UNITS | RANGE".
    """
    kept = [c for c in sheet.columns["dated"] if c not in row]
    if not kept or columns["dated"] or any(c in row for c in columns["result"]):
        return Sheet(columns, row, sheet.date)
    columns = {key: [c for c in found if c not in kept] for key, found in columns.items()}
    columns["dated"] = kept
    return Sheet(
        columns, {**{c: sheet.head[c] for c in kept if c in sheet.head}, **row}, sheet.date
    )


RESULT_NAME = re.compile(
    r"\W*(?:(?:final|overall|qualitative|test|assay)\s+)?(?:result|interpretation|interp)\W*",
    re.IGNORECASE,
)


def _is_result_of(row: Row, columns: Columns) -> bool:
    """Whether a row gives the result of the test that stands above it: "RESULT: | NEGATIVE"."""
    name = row.get(columns["test"][0] if columns["test"] else 0)
    return name is not None and RESULT_NAME.fullmatch(name.text) is not None


def _alike(row: Row, test: Filled, models: Path) -> str:
    """The test that a name is like, where range or unit, or a word of result, bears it out.

    Figures in place of a name ("166") need both.
    """
    if len({n.code for n in names_in(test.text, models) if n.kind == "lab"}) > 1:
        return ""  # "AST, ALT" is like either
    nearest = tests_alike(models)
    worded = re.search("[A-Za-z]", test.text) is not None
    analyte = nearest.key(test.text) if worded else nearest.misread(test.text)
    known = load_lexicon(models).labs.get(analyte)
    if known is None or (worded and head_roles({0: test}, models)):
        return ""
    texts = [cell.text for cell in row.values() if cell is not test]
    units = {load_lexicon(models).ucum(text) for text in texts if is_unit(text, models)}
    ranged = any(_is_span(text, models) for text in texts)
    if not worded:
        return analyte if ranged and units & set(known.units) else ""
    return analyte if not units or not known.units or units & set(known.units) else ""


# --------------------------------------------------------------------------- rows


def _lab_row(
    row: Row,
    test: Filled,
    analyte: str,
    sheet: Sheet,
    section_day: Mention | None,
    below: Row,
    models: Path,
) -> Iterator[Mention]:
    columns = sheet.columns
    current = next((c for c in columns["result"] if c in row), None)  # in range, or out of range
    # Under columns of days a later section may have columns of its own: the result, then its range.
    days = [c for c in columns["dated"] if c in row and not _is_span(row[c].text, models)]
    own = _own_day(row, sheet, models)
    results = {
        c: result_parts(row[c])
        for c in dict.fromkeys(
            (*([current] if current is not None else []), *days, *columns["previous"])
        )
        if c in row
    }
    results = {c: parts for c, parts in results.items() if parts}
    if not results and columns["flag"][:1] and columns["flag"][0] in row:
        results = {
            c: [p for p in result_parts(row[c]) if p.code == "word"] for c in columns["flag"]
        }
        results = {
            c: parts for c, parts in results.items() if parts
        }  # the interpretation is all there is
    usual = _known_unit(results.values(), models)
    for column, told in results.items():
        parts = _with_known_unit(told, usual, models)
        single = len(days) <= 1 and column not in columns["previous"]
        lone = len(results) == 1
        shared = _beside(row, test, sheet, column, single, lone, models)
        if column in below and is_range(below[column].text, models):
            shared += range_parts(below[column])
        parts = _with_shared(parts, shared)
        if not any(p.label == "date" for p in parts):
            if column in columns["dated"]:
                when = (section_day if len(days) == 1 else None) or sheet.of_day(column)
            elif column in columns["previous"]:
                when = sheet.of_day(column)
                if when is None:
                    continue  # an earlier result of an unknown day
            else:
                when = own
            when = when or section_day or sheet.date
            parts += [when] if when is not None else []
        yield lab_mention(analyte, test, row_span(row), parts)


def _own_day(row: Row, sheet: Sheet, models: Path) -> Mention | None:
    """The day in a row's column of collection."""
    cell = row.get(sheet.columns["collected"][0]) if sheet.columns["collected"] else None
    return (
        part_of_date(cell.text, cell.start)
        if cell is not None and is_date(cell.text, models)
        else None
    )


def _is_span(text: str, models: Path) -> bool:
    """Whether a cell holds a range with two ends, which no result looks like ("<5" may be one)."""
    two = re.search(rf"(?:{NUMBER})\s*(?:[-\u2013\u2014]|to\b)\s*(?:{NUMBER})", text)
    return two is not None and is_range(text, models)


def _beside(
    row: Row, test: Filled, sheet: Sheet, column: int, single: bool, lone: bool, models: Path
) -> list[Mention]:
    """What a row says of a result outside its cell: unit, range, flag, by what each cell is.

    Args:
        column: Of the result; cells without a head count after it.
        single: Whether a flag in the row is of this result.
        lone: Whether the row has no other result, so that cells without a head are of this one.
    """
    columns = sheet.columns
    heads = {c: key for key, found in columns.items() for c in found}
    found: list[Mention] = []
    for c in sorted(row, key=lambda c: (c not in heads, c)):
        cell, head = row[c], heads.get(c, "")
        loose = lone and c > column and (head == "dated" or (not head and c not in sheet.head))
        if cell is test or c == column or not (loose or head in BESIDE):
            continue
        if head != "dated" and (head == "flag" or is_flag(cell.text, models)):
            found += _flag_parts(cell) if single else []
        elif is_unit(cell.text, models):
            found.append(cell.part("unit"))
        elif _is_span(cell.text, models) or (head != "dated" and is_range(cell.text, models)):
            found += range_parts(cell)
        elif head in LIMITS and is_number(cell.text, models):
            found.append(cell.part(head))
        elif head == "reference":
            found += range_parts(cell)
        elif head == "units":
            found.append(cell.part("unit"))
    return found + parts_of_name(test, models)


LIMITS = ("low_limit", "high_limit")
BESIDE = frozenset(("units", "reference", "flag", *LIMITS))


def _flag_parts(cell: Filled) -> list[Mention]:
    words = [p.model_copy(update={"label": "word"}) for p in result_parts(cell) if p.code == "word"]
    return [*words, cell.part("flag")]


def _with_shared(parts: list[Mention], shared: list[Mention]) -> list[Mention]:
    """The parts of a result, and what its row says besides; what stands in its own cell comes first."""
    held = list(parts)
    for p in shared:
        if not any(h.label == p.label for h in held):
            held.append(p)
    return held


def _known_unit(results: Iterable[list[Mention]], models: Path) -> Mention | None:
    """A unit of the row's results that the lexicon knows."""
    units = [p for parts in results for p in parts if p.label == "unit"]
    return next((u for u in units if is_unit(u.text, models)), None)


def _with_known_unit(parts: list[Mention], usual: Mention | None, models: Path) -> list[Mention]:
    """Results of one test have one unit: a misread one gives way to its neighbour's."""
    if usual is None:
        return list(parts)
    return [usual if p.label == "unit" and not is_unit(p.text, models) else p for p in parts]


def _dated(parts: list[Mention], section_day: Mention | None, sheet: Sheet) -> list[Mention]:
    """A result outside the columns: of the section's or the sheet's day; none where there are several."""
    days = sheet.columns["dated"]
    if section_day is None and len(days) > 1:
        return []
    when = section_day or (sheet.of_day(days[0]) if days else sheet.date)
    return (
        [*parts, when] if when is not None and not any(p.label == "date" for p in parts) else parts
    )
