"""Tables: laboratory results, treatments, fill histories, strength grades, questions.

What a table is about is read from its column heads (`column_headers.csv`), else from what its
first column names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.lexicon import read_table
from pipeline.nlp.cells import Filled, Row, column_roles, row_span, rows_of
from pipeline.nlp.lab_cards import card_mentions
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
from pipeline.nlp.lab_tables import Sheet, known_tests, layout, read_rows
from pipeline.nlp.language import names_in
from pipeline.nlp.passages import Passage
from pipeline.nlp.treatment_tables import treatment_row, treatment_rows
from pipeline.schema import Document, Mention, Page, Span, Table


def table_kind(
    rows: list[Row], roles: dict[int, list[str]], models: Path, caption: Filled | None = None
) -> str:
    """`labs`, `treatments`, `fills`, `strength`, `questions` or ''."""
    present = {role for column in roles.values() for role in column}
    first = [row[min(row)].text for row in rows if row]
    tests = known_tests(rows, models)
    drugs = sum(1 for text in first if any(n.kind == "drug" for n in names_in(text, models)))
    if "fill_date" in present and ("drug" in present or "days_supply" in present):
        return "fills"
    if {"yes", "no"} <= present or (
        "question" in present and ("answer" in present or "result" in present)
    ):
        return "questions"
    if "drug" in present and "test" not in present and drugs > tests:
        return "treatments"
    if "emg_sign" in present:
        return "emg"  # needle findings are graded with plus signs too: they are no strength
    grades = sum(1 for row in rows for c in row.values() if grade_of(c.text))
    if grades >= 2 and (present & {"muscle", "right", "left", "bilateral"}) and not tests:
        return "strength"
    if (
        ("test" in present or tests >= 2)
        and (present & {"result", "dated", "reference", "units"} or tests >= 2)
        and tests >= drugs
    ):
        return "labs" if tests or "test" in present else ""
    if series_of(rows, caption, models) is not None:
        return "labs"
    if "drug" in present or drugs >= 2:
        return "treatments"
    answered = sum(
        1 for row in rows for c in list(row.values())[1:] if re.match(r"(?:yes|no)\b", c.text, re.I)
    )
    asked = sum(1 for text in first if text.endswith("?"))
    return "questions" if answered and asked else ""


def read_table_mentions(
    table: Table, page: Page, page_index: int, section: str, document: Document, models: Path
) -> Iterator[Mention]:
    """All mentions of a table."""
    rows = rows_of(table, document)
    roles, heads = column_roles(rows, models)
    caption = _caption(table, document)
    kind = table_kind(rows, roles, models, caption)
    passage = Passage(0, 0, section, page_index, page.kind)
    if kind == "labs" or (not kind and not heads and known_tests(rows, models)):
        yield from _results(table, page, document, models)
    elif kind in ("treatments", "fills"):
        yield from treatment_rows(
            rows, roles, heads, passage, document, models, fills=kind == "fills"
        )
    elif kind == "strength":
        yield from _strength(rows, roles, heads, document)
    elif kind == "questions":
        for row in rows[heads:]:
            yield from _question(row, roles, document, models)


def is_prose_table(table: Table, document: Document, models: Path) -> bool:
    """Whether a table is of no known kind, so that its rows are read as sentences."""
    rows = rows_of(table, document)
    roles, _ = column_roles(rows, models)
    return table_kind(rows, roles, models, _caption(table, document)) == ""


def _caption(table: Table, document: Document) -> Filled | None:
    span = table.caption
    return Filled(document.text[span.start : span.end], span.start, span.end) if span else None


# --------------------------------------------------------------------- laboratory


def _results(table: Table, page: Page, document: Document, models: Path) -> Iterator[Mention]:
    """The results of a sheet; one without heads goes on under the columns of the sheet above it."""
    rows = closed_brackets(rows_of(table, document))
    roles, heads = column_roles(rows, models)
    caption = _caption(table, document)
    series = series_of(rows, caption, models)
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
    if above:
        _, sheet, columns = above[-1]
        found = list(read_rows(aligned_rows(table, page, columns, document), sheet, models))
        if found:
            yield from found
            return
    day = days_of(page, document).at(_start(table))
    yield from read_rows(rows[heads:], layout(rows, roles, heads, caption, models, day), models)


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
    roles, _ = column_roles([row], models)
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
        rows = closed_brackets(rows_of(table, document))
        roles, heads = column_roles(rows, models)
        caption = _caption(table, document)
        if (
            heads
            and table_kind(rows, roles, models) == "labs"
            and series_of(rows, caption, models) is None
        ):
            found.append(
                (
                    _start(table),
                    layout(rows, roles, heads, caption, models, days.at(_start(table))),
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


# ------------------------------------------------------------------------- strength


GRADE_CELL = re.compile(
    r"^\s*[\u2018'|]?(?P<grade>[0-5])\s?(?P<sign>[+-])?\s*(?:/\s*5|[1Il|]5)?\s*$"
)


def grade_of(text: str) -> str:
    """The MRC grade of a table cell ("4-", "3+/5"), '' if it is none.

    A faxed slash is often read as 1, I or l ("4-15"): a grade above 5 does not exist, so there
    is one way to read it.
    """
    m = GRADE_CELL.match(text)
    return f"{m['grade']}{m['sign'] or ''}" if m else ""


def _strength(
    rows: list[Row], roles: dict[int, list[str]], heads: int, document: Document
) -> Iterator[Mention]:
    sides = {c: n[0] for c, n in roles.items() if n[0] in ("right", "left")}
    for row in rows[heads:]:
        if not row:
            continue
        site = row[min(row)]
        if grade_of(site.text) or not re.search("[A-Za-z]{3}", site.text):
            continue
        for column, cell in row.items():
            grade = grade_of(cell.text)
            if not grade or cell is site:
                continue
            parts = [cell.part("value", grade), site.part("site", sides.get(column, ""))]
            yield Mention(
                label="finding",
                start=cell.start,
                end=cell.end,
                text=cell.text,
                code="muscle_strength",
                scope=row_span(row),
                section="examination",
                origin="table",
                parts=tuple(parts),
            )


# ------------------------------------------------------------------------ questions


@cache
def load_questions(models: Path) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The rows of `questions.csv`: (topic, pattern)."""
    path = models / "lexicon" / "questions.csv"
    return tuple((r["topic"], re.compile(r["pattern"], re.IGNORECASE)) for _, r in read_table(path))


def topics_of(question: str, models: Path) -> list[str]:
    """What a question asks about; the first row that fits wins, but for the two hepatitides."""
    found = [topic for topic, pattern in load_questions(models) if pattern.search(question)]
    paired = [t for t in found if t in ("hepatitis_b", "hepatitis_c")]
    if found and found[0] in paired:
        return paired
    return found[:1]


def answer_mentions(
    question: Filled, answer: Filled | None, value: str, origin: str, models: Path
) -> Iterator[Mention]:
    """One mention for each topic of a question; `code` is `topic=value`, `scope` holds the answer too."""
    last = answer or question
    for topic in topics_of(question.text, models):
        parts = (answer.part("detail"),) if answer is not None else ()
        yield Mention.model_validate(
            {
                "label": "answer",
                "start": question.start,
                "end": question.end,
                "text": question.text,
                "code": f"{topic}={value}",
                "scope": Span(
                    start=min(question.start, last.start), end=max(question.end, last.end)
                ),
                "section": "form",
                "origin": origin,
                "parts": parts,
            }
        )


MARKED = re.compile(
    r"[\[(]?[xX\u2713\u2714\u2717\u2718\u25cf\u2612*]{1,2}[\])]?"
)  # a fax doubles a mark


def _question(
    row: Row, roles: dict[int, list[str]], document: Document, models: Path
) -> Iterator[Mention]:
    if not row:
        return
    marks = {name: c for c, names in roles.items() for name in names if name in ("yes", "no")}
    if len(marks) == 2:
        yield from _marked(row, marks, models)
        return
    cells = [row[c] for c in sorted(row)]
    if len(cells) < 2:
        return
    question, answer = cells[0], cells[1]
    m = re.match(r"(yes|no)\b", answer.text, re.IGNORECASE)
    if m is None:
        return
    yield from answer_mentions(question, answer, m.group(1).lower(), "table", models)


def _marked(row: Row, marks: dict[str, int], models: Path) -> Iterator[Mention]:
    """A question with a mark under Yes or No; both, or a mark that is none, cannot be read."""
    asked = row[min(row)]
    if min(row) in marks.values():
        return
    given = {
        name: row[c]
        for name, c in marks.items()
        if c in row and not re.fullmatch(r"[-\u2010-\u2015_.\s]*", row[c].text)
    }
    value = next(iter(given), "blank")
    if len(given) > 1 or any(
        not MARKED.fullmatch(cell.text) and cell.text.lower() != name
        for name, cell in given.items()
    ):
        value = "unreadable"
    yield from answer_mentions(asked, given.get(value), value, "table", models)


__all__ = [
    "Filled",
    "Row",
    "answer_mentions",
    "column_roles",
    "is_prose_table",
    "read_table_mentions",
    "results_in_lines",
    "row_span",
    "rows_of",
    "table_kind",
    "topics_of",
    "treatment_row",
]
