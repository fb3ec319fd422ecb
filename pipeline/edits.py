"""Edited rows of the tables, from a file or a page: which cells a person changed, and which are wrong."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from pipeline.edited_file import Line
from pipeline.errors import UsageError
from pipeline.export import COLUMNS, fact_cells, row_version, table_cells
from pipeline.lexicon import Lexicon
from pipeline.normalize.correctable import CORRECTABLE, USUAL, WrongCell, check_finding
from pipeline.places import around, printed_pages, words_at, words_in
from pipeline.quantities import DateRange
from pipeline.schema import (
    Box,
    Case,
    CellChange,
    Correction,
    Document,
    Page,
    Place,
    Speaker,
    TableFact,
    TableName,
)
from pipeline.spreadsheets import is_same, number_in, plain

NOT_IN_PACKET = "not in packet"
CONFIRMED = "confirmed"
STALE_ROW = "the row has changed since this file was written; take a new one"
STALE_CELL = "has been changed since this file was written"
# Columns at the right of a spreadsheet that say what a reviewer thinks of the row, and the column
# of each table that they are about.
VALUE, STATUS, COMMENT = "correct_value", "correct_status", "comment"
VALUE_OF: Mapping[TableName, str] = {
    "medications": "dose_value", "labs": "value", "diagnoses": "icd10", "findings": "value"
}  # fmt: skip
STATUS_OF: Mapping[TableName, str] = {
    "medications": "status", "labs": "interpretation",
    "diagnoses": "assertion", "findings": "assertion",
}  # fmt: skip
LONGEST_COMMENT = 500
# As many wrong cells are named; the rest are counted.
NAMED = 20


@dataclass
class Known:
    """What a submission has now, to compare with."""

    case: Case
    document: Document
    cells: dict[TableName, dict[str, dict[str, str]]]
    facts: dict[str, TableFact]


class Wrong(NamedTuple):
    """A wrong cell, without what stands in it; `row` says where, as a spreadsheet shows it."""

    row: str
    column: str
    why: str


class WrongCells(UsageError):
    """Some cells are wrong, so that nothing was applied."""

    def __init__(self, wrong: Sequence[Wrong], source: str) -> None:
        listed = [f"row {cell.row}, column {cell.column}: {cell.why}" for cell in wrong[:NAMED]]
        rest = len(wrong) - NAMED
        told = "\n  ".join((*listed, *([f"and {rest} more"] if rest > 0 else [])))
        super().__init__(f"{source}: nothing was applied\n  {told}")
        self.wrong = tuple(wrong)


@dataclass
class Edits:
    """What was found in an edited table."""

    table: TableName
    corrections: list[Correction] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    named: bool = False  # of several tables in one file: say which

    def complain(self, line: Line, column: str, why: str) -> None:
        """Note a wrong cell by row and column, without what stands in it."""
        row = f"{line.number} of {self.table}" if self.named else str(line.number)
        self.wrong.append(Wrong(row, column, why))


def edits_of(
    source: str,
    tables: Mapping[TableName, Sequence[Line]],
    submissions: Mapping[str, tuple[Case, Document]],
    earlier: Sequence[Correction],
    lexicon: Lexicon,
    by: str,
    at: str,
) -> list[Correction]:
    """The corrections that edited tables ask for, beyond those made `earlier`.

    Args:
        source: What errors name.
        submissions: Case and document of each, as they are now.

    Raises:
        UsageError: A table is none of facts.
        WrongCells: Some of its cells are wrong; these are named.
    """
    known = {name: _known(*records) for name, records in submissions.items()}
    found = [Edits(table, named=len(tables) > 1) for table in tables]
    for edits in found:
        seen: dict[str, int] = {}
        for line in tables[edits.table]:
            row_id = plain(line.cell("row_id"))
            if row_id in seen:
                why = f"stands in row {seen[row_id]} too; an added row has none"
                edits.complain(line, "row_id", why)
                continue
            if row_id:
                seen[row_id] = line.number
            submission = known.get(plain(line.cell("submission_id")))
            if submission is None:
                edits.complain(line, "submission_id", "no such submission with a report")
            elif row_id:
                _compare(edits, line, row_id, submission, earlier, lexicon, by, at)
            else:
                _add(edits, line, submission, earlier, lexicon, by, at)
    if wrong := [cell for edits in found for cell in edits.wrong]:
        raise WrongCells(wrong, source)
    made = (correction for edits in found for correction in edits.corrections)
    return [
        correction.model_copy(update={"id": f"c{number}"})
        for number, correction in enumerate(made, len(earlier) + 1)
    ]


def _known(case: Case, document: Document) -> Known:
    facts: tuple[TableFact, ...] = (
        *case.medications, *case.labs, *case.diagnoses, *case.findings
    )  # fmt: skip
    return Known(case, document, table_cells(case), {fact.id: fact for fact in facts})


# ---------------------------------------------------------------------- what was changed


def _compare(
    edits: Edits,
    line: Line,
    row_id: str,
    submission: Known,
    earlier: Sequence[Correction],
    lexicon: Lexicon,
    by: str,
    at: str,
) -> None:
    """A row that came from OUT."""
    now = submission.cells[edits.table].get(row_id)
    if now is None:
        _compare_with_gone(edits, line, row_id, submission, earlier)
        return
    reviewed = any(plain(line.cell(column)) for column in (VALUE, STATUS, COMMENT))
    base = _base(edits.table, line, row_id, now, earlier)
    if base is None:
        if reviewed or not _is_untouched(edits.table, line):
            edits.complain(line, "row_version", STALE_ROW)
        return
    since = _changed_since(line, row_id, base, now, earlier)
    line = _with_review(edits, line, base)
    touched = [
        column
        for column in COLUMNS[edits.table]
        if column in line.cells
        and column != "row_version"
        and not is_same(base[column], line.cells[column])
        and (column != "correction" or plain(line.cells[column]))
    ]
    common = {
        "id": "", "submission_id": submission.case.submission_id, "table": edits.table,
        "row_id": row_id, "fact": submission.facts[row_id], "by": by, "at": at,
        "comment": _comment(edits, line),
    }  # fmt: skip
    if any(_fold(line.cell(column)) == NOT_IN_PACKET for column in (*touched, COMMENT)):
        if since:
            edits.complain(line, "row_version", STALE_ROW)
        edits.corrections.append(Correction(what="not_in_packet", **common))
        return
    changes = _changes(edits, line, touched, base, now, since, lexicon, at)
    confirms = _fold(line.cell("correction")) == CONFIRMED and "correction" in touched
    what: Literal["changed", "confirmed", "noted"] | None = None
    if changes:
        what = "changed"
    elif confirms and CONFIRMED not in now["correction"].split("; "):
        what = "confirmed"
        if since:
            edits.complain(line, "row_version", STALE_ROW)
    elif common["comment"] and not _is_noted(row_id, common["comment"], earlier):
        what = "noted"
    if what is not None:
        edits.corrections.append(Correction(what=what, cells=tuple(changes), **common))


def _changes(
    edits: Edits,
    line: Line,
    touched: Sequence[str],
    base: Mapping[str, str],
    now: Mapping[str, str],
    since: Collection[str],
    lexicon: Lexicon,
    at: str,
) -> list[CellChange]:
    """What a person wrote in a row that says something else now."""
    correctable = CORRECTABLE[edits.table]
    changes = []
    for column in touched:
        if column == "correction" and _fold(line.cell(column)) == CONFIRMED:
            continue
        if column not in correctable:
            edits.complain(line, column, _why_not(column))
            continue
        try:
            after = _read(edits.table, line, column, at, lexicon)
        except WrongCell as error:
            edits.complain(line, column, str(error))
            continue
        if not is_same(now[column], after):
            if column in since:
                edits.complain(line, column, STALE_CELL)
            changes.append(CellChange(column=column, before=plain(now[column]), after=after))
    return changes


def _with_review(edits: Edits, line: Line, base: Mapping[str, str]) -> Line:
    """The row with what its review columns say in the cells that they are about."""
    cells = dict(line.cells)
    value, status = plain(line.cell(VALUE)), plain(line.cell(STATUS))
    said = [(VALUE, VALUE_OF[edits.table], value)]
    if _fold(status) in (NOT_IN_PACKET, CONFIRMED):
        said.append((STATUS, "correction", status))
    else:
        said.append((STATUS, STATUS_OF[edits.table], status))
    for told_in, column, cell in said:
        if not cell:
            continue
        before = base.get(column, "")
        typed = cells.get(column, before)
        if not is_same(before, typed) and not is_same(typed, cell):
            edits.complain(line, told_in, f"says otherwise than {column}")
        cells[column] = cell
    return Line(line.number, cells)


def _comment(edits: Edits, line: Line) -> str:
    comment = plain(line.cell(COMMENT))
    if len(comment) > LONGEST_COMMENT:
        edits.complain(line, COMMENT, f"longer than {LONGEST_COMMENT} characters")
    if not comment.isprintable():
        edits.complain(line, COMMENT, "holds characters that cannot be printed")
    return comment


def _is_noted(row_id: str, comment: object, earlier: Sequence[Correction]) -> bool:
    return any(
        made.row_id == row_id and made.comment == comment and not made.withdrawn_at
        for made in earlier
    )


def _base(
    table: TableName,
    line: Line,
    row_id: str,
    now: Mapping[str, str],
    earlier: Sequence[Correction],
) -> Mapping[str, str] | None:
    """The row as it was when the file was written, where that is known."""
    version = plain(line.cell("row_version"))
    if version in ("", now["row_version"]):
        return now
    for made in reversed(earlier):
        if made.row_id == row_id and made.fact is not None:
            cells = fact_cells(made.submission_id, table, made.fact)
            if cells["row_version"] == version:
                return cells
    return None


def _changed_since(
    line: Line,
    row_id: str,
    base: Mapping[str, str],
    now: Mapping[str, str],
    earlier: Sequence[Correction],
) -> Collection[str]:
    """The columns that do not say any more what they said when the file was written."""
    if plain(line.cell("row_version")):
        return {column for column in base if not is_same(base[column], now[column])}
    # Nobody knows when it was written: before any correction of the row, it may be.
    made = (c for c in earlier if c.row_id == row_id and not c.withdrawn_at)
    return {cell.column for correction in made for cell in correction.cells}


def _is_untouched(table: TableName, line: Line) -> bool:
    version = plain(line.cell("row_version"))
    return bool(version) and version == row_version(table, line.cells)


def _why_not(column: str) -> str:
    if column == "value_number":
        return "follows the value; correct that"
    if column == "correction":
        words = f"{NOT_IN_PACKET!r}, {CONFIRMED!r}"
        return f"write {words} here or nothing; `corrections withdraw` takes one back"
    return "cannot be corrected; add a row and mark this one as not in packet"


def _compare_with_gone(
    edits: Edits, line: Line, row_id: str, submission: Known, earlier: Sequence[Correction]
) -> None:
    """A row that is not there now: taken out by a person, or not read any more."""
    is_removed = any(
        not c.withdrawn_at and c.row_id == row_id and c.what == "not_in_packet" for c in earlier
    )
    removes = any(_fold(cell) == NOT_IN_PACKET for cell in line.cells.values())
    reviewed = any(plain(line.cell(column)) for column in (VALUE, STATUS))
    if (is_removed and removes) or (not reviewed and _is_untouched(edits.table, line)):
        return
    why = "said not to be in the packet before" if is_removed else "no such row of the submission"
    edits.complain(line, "row_id", why)


def _add(
    edits: Edits,
    line: Line,
    submission: Known,
    earlier: Sequence[Correction],
    lexicon: Lexicon,
    by: str,
    at: str,
) -> None:
    """A row added by hand."""
    before = len(edits.wrong)
    line = _with_review(edits, line, {})
    place = _place(edits, line, submission)
    cells = []
    for column, kind in CORRECTABLE[edits.table].items():
        text = line.cell(column)
        if not plain(text) and kind.needed:
            if column in USUAL:
                continue
            edits.complain(line, column, "an added row must have it")
        elif plain(text):
            try:
                after = _read(edits.table, line, column, at, lexicon)
                cells.append(CellChange(column=column, before="", after=after))
            except WrongCell as error:
                edits.complain(line, column, str(error))
    if len(edits.wrong) > before or place is None:
        return
    submission_id = submission.case.submission_id
    content = json.dumps(
        [submission_id, edits.table, place.file, place.page, [c.model_dump() for c in cells]]
    )
    row_id = f"add-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
    made = (*(c for c in earlier if not c.withdrawn_at), *edits.corrections)
    if any(c.row_id == row_id and c.what == "added" for c in made):
        return  # the same file again
    edits.corrections.append(
        Correction(
            id="",
            submission_id=submission_id,
            table=edits.table,
            row_id=row_id,
            what="added",
            cells=tuple(cells),
            place=place,
            comment=_comment(edits, line),
            by=by,
            at=at,
        )
    )


def _place(edits: Edits, line: Line, submission: Known) -> Place | None:
    """Where an added row stands: in the box that is given, else where its words are printed."""
    names = [file.name for file in submission.document.files]
    file = plain(line.cell("file")) or (names[0] if len(names) == 1 else "")
    if file not in names:
        edits.complain(line, "file", "no such file in the submission" if file else "which file?")
        return None
    number = re.fullmatch(r"([0-9]{1,6})(\.0+)?", plain(line.cell("page")))
    pages = {n: p for (name, n), p in printed_pages(submission.document).items() if name == file}
    page = pages.get(int(number[1])) if number else None
    if page is None:
        edits.complain(line, "page", f"not a page of the file, which has {len(pages)}")
        return None
    if page.speaker in (Speaker.OTHER, Speaker.DOUBTFUL) and not plain(line.cell("about")):
        why = "the page bears another name or birth date; say whom the row is about"
        edits.complain(line, "about", why)
        return None
    text = plain(line.cell("text"))
    edges = [plain(line.cell(name)) for name in ("x0", "top", "x1", "bottom")]
    if any(edges):
        box = _box(edges, page)
        if box is None:
            edits.complain(line, "x0", "x0, top, x1 and bottom are no box on the page, in points")
            return None
        text = text or " ".join(word.text for word in words_in(page, box))
    else:
        words = words_at(page, text)
        if not words:
            why = "not on the page" if text else "an added row must have it, or a box on the page"
            edits.complain(line, "text", why)
            return None
        box = around(word.box for word in words)
        text = " ".join(word.text for word in words)
    return Place(
        file=file, page=page.number, page_kind=page.kind, box=box, text=text, confidence=1.0
    )


def _box(edges: Sequence[str], page: Page) -> Box | None:
    values = [number_in(edge) for edge in edges]
    x0, top, x1, bottom = (math.nan if value is None else value for value in values)
    is_box = 0 <= x0 < x1 <= page.width + 1 and 0 <= top < bottom <= page.height + 1
    return (x0, top, x1, bottom) if is_box else None


def _read(table: TableName, line: Line, column: str, at: str, lexicon: Lexicon) -> str:
    """The cell as it is written in OUT; '' for an emptied one. Raises WrongCell."""
    kind, cell = CORRECTABLE[table][column], plain(line.cell(column))
    if not cell:
        if kind.needed:
            raise WrongCell(f"must not be empty; write {NOT_IN_PACKET!r} if it is none")
        return ""
    value, written = kind.read(cell, lexicon)
    if isinstance(value, DateRange) and _is_to_come(
        value, line, column, date.fromisoformat(at[:10])
    ):
        raise WrongCell("a day that is still to come")
    if table == "findings" and column == "value":
        check_finding(_key(plain(line.cell("finding"))), written)
    return written


def _is_to_come(day: DateRange, line: Line, column: str, today: date) -> bool:
    """Whether a day lies ahead on which nothing can have been; a plan may begin and end there."""
    planned = _key(plain(line.cell("status"))) in ("requested", "planned")
    is_plan = planned and column in ("start_date", "stop_date")
    return day.earliest is not None and day.earliest > today and not is_plan


def _key(cell: str) -> str:
    return "_".join(cell.casefold().split())


def _fold(cell: str) -> str:
    return " ".join(re.sub(r"[_-]", " ", cell).casefold().split())
