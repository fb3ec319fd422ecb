"""Tables: laboratory results, treatments, fill histories, strength grades, questions.

What a table is about is read from its column heads (`column_headers.csv`), else from what its
first column names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

from pipeline.lexicon import fold
from pipeline.nlp.cells import Filled, Row, filled, row_span, rows_of
from pipeline.nlp.columns import (
    Roles,
    column_roles,
    head_roles,
    head_row,
    names_drug,
    panels,
)
from pipeline.nlp.lab_cards import card_mentions
from pipeline.nlp.lab_cells import part_of_date
from pipeline.nlp.lab_columns import known_tests
from pipeline.nlp.lab_days import days_of
from pipeline.nlp.lab_lines import (
    Intervals,
    aligned_cells,
    aligned_rows,
    columns_along,
    line_mentions,
)
from pipeline.nlp.lab_rows import closed_brackets
from pipeline.nlp.lab_series import results_by_day, series_of
from pipeline.nlp.lab_shapes import days_apart, unfolded
from pipeline.nlp.lab_tables import Sheet, layout, read_rows
from pipeline.nlp.language import names_in
from pipeline.nlp.pairs import FORMS
from pipeline.nlp.passages import Passage
from pipeline.nlp.question_tables import (
    asked_and_told,
    question_mentions,
    replied,
    rest_of_question,
)
from pipeline.nlp.strength_tables import grade_of, strength_mentions
from pipeline.nlp.treatment_tables import dose_log, treatment_rows
from pipeline.notation.dates import find_dates, parse
from pipeline.schema import BlockKind, Document, Mention, Page, Span, Table


@dataclass(frozen=True)
class Grid:
    """A table, or one of several that stand side by side in it.

    Attributes:
        rows: Its rows as they were meant, those of its heads included.
        roles: What its columns hold.
        heads: How many rows the heads take, 0 when there are none.
        kind: `labs`, `treatments`, `fills`, `strength`, `questions`, `emg` or ''.
        caption: The line above it.
        day: The day of collection of the table that it goes on from.
    """

    rows: list[Row]
    roles: Roles
    heads: int
    kind: str
    caption: Filled | None
    day: Mention | None = None

    @property
    def body(self) -> list[Row]:
        return self.rows[self.heads :]


def grids_of(table: Table, page: Page, document: Document, models: Path) -> list[Grid]:
    """A table as grids, each with what its columns hold; one that goes on has the heads above."""
    caption = _caption(table, document)
    rows = closed_brackets(unfolded(rows_of(table, document), models))
    rows = days_apart(rows, models)
    found = []
    for panel in (one for part in _from_answers(rows) for one in panels(part, models)):
        roles, heads = column_roles(panel, models)
        day = None
        if not heads:
            head, day = _head_before(table, panel, page, document, models)
            panel = [head, *panel] if head else panel
            roles, heads = column_roles(panel, models) if head else (roles, heads)
        kind = table_kind(panel, roles, heads, models, caption)
        found.append(Grid(panel, roles, heads, kind, caption, day))
    return found


def _from_answers(rows: list[Row]) -> list[list[Row]]:
    """A form's grid, cut where a row "Question | Yes | No" heads what is below its fields."""
    for index, row in enumerate(rows[1:], 1):
        heads = [fold(row[c].text).strip(" :") for c in sorted(row)]
        if len(heads) > 1 and heads[0].startswith("question") and heads[-1] in ANSWERED:
            return [rows[:index], rows[index:]]
        if {"yes", "no"} <= set(heads) and not any("?" in head for head in heads):
            alone = sum("yes" in fold(c.text) for r in rows[index + 1 :] for c in r.values()) == 0
            if alone and all(len(head.split()) <= HEAD_WORDS for head in heads):
                return [rows[:index], rows[index:]]
            return [rows]
    return [rows]


HEAD_WORDS = 4
ANSWERED = {"answer", "answers", "response", "responses", "reply", "your answer"}


def with_titles(document: Document) -> Document:
    """The document, the first row of a table taken for its caption where it says whose it is.

    Name, birth date and day of collection that stand in columns are no heads of what is below.
    """
    born = {parse(p.identity.birth_date) for p in document.pages if p.identity.birth_date} - {None}

    def titled(table: Table) -> Table:
        top = min((cell.row for cell in table.cells), default=0)
        first = [c for c in table.cells if c.row == top]
        text = document.text[first[0].start : first[-1].end] if first else ""
        if len(first) == len(table.cells) or not any(
            parse(text[d.start : d.end]) in born for d in find_dates(text)
        ):
            return table
        line = Span(start=first[0].start, end=first[-1].end)
        rest = tuple(c for c in table.cells if c.row != top)
        heads = max(table.header_rows - 1, 0)
        return table.model_copy(update={"cells": rest, "header_rows": heads, "caption": line})

    pages = tuple(
        page.model_copy(update={"tables": tuple(map(titled, page.tables))})
        if page.kind not in FORMS
        else page
        for page in document.pages
    )
    return document.model_copy(update={"pages": pages})


def _head_before(
    table: Table, rows: list[Row], page: Page, document: Document, models: Path
) -> tuple[Row, Mention | None]:
    """Heads and day of the last table of the page before, where a table at a page's top goes on."""
    at = document.pages.index(page)
    upper = document.pages[at - 1] if at else None
    if upper is None or upper.file != page.file or not upper.tables:
        return {}, None
    start = _start(table)
    words = {BlockKind.FURNITURE, BlockKind.TABLE}
    if any(b.start < start and b.kind not in words for b in page.blocks):
        return {}, None
    before = max(upper.tables, key=_start)
    above = rows_of(before, document)
    _, heads = head_row(above, models)
    width = max((max(row, default=0) for row in above), default=0)
    if not heads or width != max((max(row, default=0) for row in rows), default=0):
        return {}, None
    caption = _caption(before, document)
    told = part_of_date(caption.text, caption.start) if caption is not None else None
    return above[heads - 1], told or days_of(upper, document).at(_start(before))


def table_kind(
    rows: list[Row], roles: Roles, heads: int, models: Path, caption: Filled | None = None
) -> str:
    """What a table is about: `labs`, `treatments`, `fills`, `strength`, `questions`, `emg` or ''."""
    present = {role for names in roles.values() for role in names}
    top = [fold(rows[0][c].text).strip(" :") for c in sorted(rows[0])] if rows else []
    if len(top) > 1 and top[0].startswith("question") and top[-1] in ANSWERED:
        return "questions"
    first = [row[min(row)].text for row in rows if row]
    tests = known_tests(rows, models)
    drugs = sum(names_drug(text, models) for text in first)
    if "fill_date" in present and ("drug" in present or "days_supply" in present):
        return "fills"
    if {"yes", "no"} <= present or (
        "question" in present and ("answer" in present or "result" in present)
    ):
        return "questions"
    if "drug" in present and not present & {"test", "units", "reference"}:
        return "treatments"
    if "emg_sign" in present:
        return "emg"  # needle findings are graded with plus signs too: they are no strength
    grades = sum(1 for row in rows for c in row.values() if grade_of(c.text))
    if grades >= 2 and not tests and (present & MUSCLES or _names_muscles(rows)):
        return "strength"
    if ("test" in present or tests >= 2) and tests >= drugs:
        return "labs"
    if tests and heads and present & {"result", "dated"} and tests >= drugs:
        return "labs"
    if series_of(rows, caption, models) is not None:
        return "labs"
    if "drug" in present or drugs >= 2:
        return "treatments"
    told = [cells for row in rows if len(cells := asked_and_told(row)) > 1]
    answered = sum(1 for cells in told for c in cells[1:] if replied(c.text))
    asked = sum(1 for cells in told if cells[0].text.endswith("?"))
    return "questions" if answered and asked else ""


MUSCLES = {"muscle", "right", "left", "bilateral"}


def _names_muscles(rows: list[Row]) -> bool:
    """Whether beside each grade of a table stands a name, and nothing else does: its heads are gone."""
    rest = [c.text for row in rows for i, c in row.items() if i != min(row)]
    graded = [text for text in rest if grade_of(text)]
    return len(graded) == len(rest) and any(re.search(r"[/+-]", text) for text in graded)


def read_table_mentions(
    table: Table, page: Page, page_index: int, section: str, document: Document, models: Path
) -> Iterator[Mention]:
    """All mentions of a table."""
    passage = Passage(0, 0, section, page_index, page.kind)
    for grid in grids_of(table, page, document, models):
        log = None
        if grid.kind in ("", "labs"):
            log = dose_log(grid.rows, grid.roles, grid.heads, grid.caption, models)
        if log is not None:
            steps, roles = log
            yield from treatment_rows(steps, roles, 0, passage, document, models, fills=False)
        if grid.kind == "labs" or (
            not grid.kind and not grid.heads and known_tests(grid.rows, models)
        ):
            yield from _results(grid, table, page, document, models)
        elif grid.kind in ("treatments", "fills"):
            asks = any("question" in names for names in grid.roles.values())
            rows = [r for r in grid.body if not asks or (r and _is_drug(r[min(r)], models))]
            yield from treatment_rows(
                [*grid.rows[: grid.heads], *rows],
                grid.roles,
                grid.heads,
                passage,
                document,
                models,
                fills=grid.kind == "fills",
            )
        elif grid.kind == "strength" and section != "goals":
            yield from strength_mentions(grid.rows, grid.roles, grid.heads)
        elif grid.kind == "questions":
            for row, before in zip(grid.body, [{}, *grid.body], strict=False):
                yield from question_mentions(row, grid.roles, models)
                yield from rest_of_question(row, before, models)


def _is_drug(question: Filled, models: Path) -> bool:
    """Whether what is asked about is a drug and no more: "Mycophenolate", not "Prednisone taper"."""
    named = [n for n in names_in(question.text, models) if n.kind in ("drug", "drug_class")]
    return bool(named) and len(question.text) - sum(n.end - n.start for n in named) <= BESIDE_NAME


BESIDE_NAME = 4  # letters and signs around the names of drugs: ", ", " or "
# What is no answer in words: a mark, a bare yes or no, or where the answer stands.
NO_WORDS = re.compile(
    r"\W*(?:(?:yes|no|y|n|none|nil|n/?a|unknown|[xX]{1,2})\W*)?$|(?:see|as|per|refer)\b[^.;]*$",
    re.IGNORECASE,
)


def answers_in_words(
    table: Table, page: Page, document: Document, models: Path
) -> Iterator[tuple[Filled, Filled]]:
    """The rows of a table of questions that are answered in words: (question, answer)."""
    for grid in grids_of(table, page, document, models):
        asks = any("question" in names for names in grid.roles.values())
        if grid.kind != "questions" and not asks:
            continue
        marks = {c for c, names in grid.roles.items() if set(names) & {"yes", "no"}}
        for row in grid.body:
            cells = asked_and_told({c: cell for c, cell in row.items() if c not in marks})
            for question, answer in pairwise(cells[:2]):
                treated = grid.kind != "questions" and _is_drug(question, models)
                if not treated and not NO_WORDS.match(answer.text):
                    yield question, answer


def is_prose_table(table: Table, page: Page, document: Document, models: Path) -> bool:
    """Whether a table is of no known kind, so that its rows are read as sentences."""
    return all(
        not grid.kind and not dose_log(grid.rows, grid.roles, grid.heads, grid.caption, models)
        for grid in grids_of(table, page, document, models)
    )


def stretches_of(row: Row, goals: set[int]) -> Iterator[tuple[Span, bool]]:
    """A row in stretches of neighbouring cells, each with whether its columns hold goals."""
    for of_goals, columns in groupby(sorted(row), key=lambda c: c in goals):
        yield row_span({c: row[c] for c in columns}), of_goals


def _caption(table: Table, document: Document) -> Filled | None:
    return filled(table.caption, document) if table.caption else None


# --------------------------------------------------------------------- laboratory


def _results(
    grid: Grid, table: Table, page: Page, document: Document, models: Path
) -> Iterator[Mention]:
    """The results of a sheet; one without heads goes on under the columns of the sheet above it."""
    rows, roles, heads = grid.rows, grid.roles, grid.heads
    series = series_of(rows, grid.caption, models)
    if series is not None:
        yield from results_by_day(rows, series, models)
        return
    left = _head_above(table, page, document, models) if not heads else {}
    if left:
        rows = [left, *rows]
        roles, heads = column_roles(rows, models)
    above = (
        [s for s in _sheets(page, document, models) if s[0] < _start(table)] if not heads else []
    )
    days = days_of(page, document)
    if above:
        begun, sheet, columns = above[-1]
        sheet = sheet.since(days.between(begun, _start(table)))
        found = list(read_rows(aligned_rows(table, page, columns, document), sheet, models))
        if found:
            yield from found
            return
    day = days.at(_start(table)) or grid.day
    yield from read_rows(
        rows[heads:], layout(rows, roles, heads, grid.caption, models, day), models
    )


def _head_above(table: Table, page: Page, document: Document, models: Path) -> Row:
    """The heads of a table that were taken for the last row of the one right above it."""
    before = [t for t in page.tables if _start(t) < _start(table)]
    if not before or not table.cells:
        return {}
    upper = max(before, key=_start)
    last = max((cell.row for cell in upper.cells), default=0)
    cells = [c for c in upper.cells if c.row == last and document.text[c.start : c.end].strip()]
    between = document.text[max(c.end for c in upper.cells) : _start(table)]
    if len(cells) < 2 or between.strip():
        return {}
    row = aligned_cells(cells, page, columns_along(table, page), document)
    roles = head_roles(row, models)
    named = {role for names in roles.values() for role in names}
    heading = len(roles) >= max(2, len(row) - 1) and named & {"test", "result"}
    return row if heading and len(row) == len(cells) else {}


def _start(table: Table) -> int:
    return min((cell.start for cell in table.cells), default=0)


def _sheets(page: Page, document: Document, models: Path) -> list[tuple[int, Sheet, Intervals]]:
    """The laboratory sheets of a page that have heads: (where it begins, layout, columns along the line)."""
    found = []
    days = days_of(page, document)
    for table in page.tables:
        grids = grids_of(table, page, document, models)
        grid = grids[0]
        if (
            len(grids) == 1
            and grid.heads
            and grid.kind == "labs"
            and series_of(grid.rows, grid.caption, models) is None
        ):
            day = days.at(_start(table))
            found.append(
                (
                    _start(table),
                    layout(grid.rows, grid.roles, grid.heads, grid.caption, models, day),
                    columns_along(table, page),
                )
            )
    return sorted(found, key=lambda sheet: sheet[0])


def results_in_lines(page: Page, document: Document, models: Path) -> list[Mention]:
    """Results of lines that stand like rows of a laboratory sheet, or like cards."""
    cards = list(card_mentions(page, days_of(page, document), document, models))
    spans = [m.scope for m in cards if m.scope is not None]
    lines = line_mentions(page, _sheets(page, document, models), document, models)
    return cards + [m for m in lines if not any(s.start <= m.start < s.end for s in spans)]
