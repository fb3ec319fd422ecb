"""An analyst's edited CSV file: which cells a person changed, and which are wrong."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import UsageError
from pipeline.export import COLUMNS, fact_cells, row_version, table_cells
from pipeline.lexicon import Lexicon
from pipeline.normalize.corrections import COLUMNS as CORRECTABLE
from pipeline.normalize.corrections import WrongCell
from pipeline.schema import (
    Case,
    CellChange,
    Correction,
    Document,
    Place,
    TableFact,
    TableName,
)
from pipeline.spreadsheets import is_same, number_in, plain

NOT_IN_PACKET = "not in packet"
# As many wrong cells are named; the rest are counted.
NAMED = 20
MAX_BYTES = 64 << 20
# A column that no other table has.
_TELLING: Mapping[TableName, str] = {
    "medications": "ingredient", "labs": "analyte", "diagnoses": "icd10", "findings": "finding"
}  # fmt: skip


class Line(NamedTuple):
    """A row of the edited file; `number` is what a spreadsheet shows beside it."""

    number: int
    cells: dict[str, str]

    def cell(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass
class Known:
    """What a submission has now, to compare with."""

    case: Case
    document: Document
    cells: dict[TableName, dict[str, dict[str, str]]]
    facts: dict[str, TableFact]


@dataclass
class Edits:
    """What was found in an edited file."""

    table: TableName
    corrections: list[Correction] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def complain(self, line: Line, column: str, why: str) -> None:
        """Note a wrong cell by row and column, without what stands in it."""
        self.wrong.append(f"row {line.number}, column {column}: {why}")


def read_edits(
    path: Path,
    submissions: Mapping[str, tuple[Case, Document]],
    earlier: Sequence[Correction],
    lexicon: Lexicon,
    by: str,
    at: str,
) -> list[Correction]:
    """The corrections that a file asks for, beyond those made `earlier`.

    Args:
        submissions: Case and document of each, as they are now.

    Raises:
        UsageError: The file is no table of facts, or some of its cells are wrong; these are named.
    """
    table, lines = read_table(path)
    edits = Edits(table)
    known = {name: _known(*records) for name, records in submissions.items()}
    seen: dict[str, int] = {}
    for line in lines:
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
    if edits.wrong:
        rest = len(edits.wrong) - NAMED
        more = [f"and {rest} more"] if rest > 0 else []
        listed = "\n  ".join((*edits.wrong[:NAMED], *more))
        raise UsageError(f"{path.name}: nothing was applied\n  {listed}")
    first = len(earlier) + 1
    return [
        correction.model_copy(update={"id": f"c{number}"})
        for number, correction in enumerate(edits.corrections, first)
    ]


def _known(case: Case, document: Document) -> Known:
    facts: tuple[TableFact, ...] = (
        *case.medications, *case.labs, *case.diagnoses, *case.findings
    )  # fmt: skip
    return Known(case, document, table_cells(case), {fact.id: fact for fact in facts})


# ------------------------------------------------------------------------------- the file


def read_table(path: Path) -> tuple[TableName, list[Line]]:
    """Which table a file is, and its rows; any usual encoding and separator. Raises UsageError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path.name}: too large to be a table of OUT")
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    text = _decoded(content)
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    try:
        header, *rows = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    except (csv.Error, ValueError) as error:
        raise UsageError(f"{path.name}: is no CSV file") from error
    names = [name.strip() for name in header]
    table = _table_of(path, names)
    lines = []
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
            raise UsageError(f"{path.name}: row {number} has more cells than there are columns")
        cells = dict(zip(names, row, strict=False))
        if separator == ";":  # of a country that writes 1,5
            cells = {name: re.sub(r"^(-?\d+),(\d+)$", r"\1.\2", c) for name, c in cells.items()}
        lines.append(Line(number, cells))
    return table, lines


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _table_of(path: Path, names: Sequence[str]) -> TableName:
    for table, column in _TELLING.items():
        if {"row_id", "submission_id", column} <= set(names):
            return table
    if "criterion" in names or "recommendation" in names:
        raise UsageError(
            f"{path.name}: holds conclusions; correct the facts they rest on, in medications.csv,"
            " labs.csv, diagnoses.csv or findings.csv"
        )
    raise UsageError(f"{path.name}: is no table of facts of OUT (no columns row_id, submission_id)")


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
    removes = any(_fold(cell) == NOT_IN_PACKET for cell in line.cells.values())
    base = _base(edits.table, line, row_id, now, earlier)
    if base is None:
        if not _is_untouched(edits.table, line):
            why = "the row has changed since this file was written; take a new one"
            edits.complain(line, "row_version", why)
        return
    touched = [
        column
        for column in COLUMNS[edits.table]
        if column in line.cells
        and column != "row_version"
        and not is_same(base[column], line.cells[column])
    ]
    if not touched:
        return
    correctable = CORRECTABLE[edits.table]
    fact = submission.facts[row_id]
    common = {
        "id": "", "submission_id": submission.case.submission_id, "table": edits.table,
        "row_id": row_id, "fact": fact, "by": by, "at": at,
    }  # fmt: skip
    if removes:
        edits.corrections.append(Correction(what="not_in_packet", **common))
        return
    changes = []
    for column in touched:
        if column not in correctable:
            edits.complain(line, column, _why_not(column))
            continue
        try:
            after = _read(edits.table, column, line.cells[column], lexicon)
        except WrongCell as error:
            edits.complain(line, column, str(error))
            continue
        if not is_same(now[column], after):
            changes.append(CellChange(column=column, before=plain(now[column]), after=after))
    if changes:
        edits.corrections.append(Correction(what="changed", cells=tuple(changes), **common))


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


def _is_untouched(table: TableName, line: Line) -> bool:
    version = plain(line.cell("row_version"))
    return bool(version) and version == row_version(table, line.cells)


def _why_not(column: str) -> str:
    if column == "correction":
        return f"write {NOT_IN_PACKET!r} here or nothing; `corrections withdraw` takes one back"
    return "cannot be corrected; add a row and mark this one as not in packet"


def _compare_with_gone(
    edits: Edits, line: Line, row_id: str, submission: Known, earlier: Sequence[Correction]
) -> None:
    """A row that is not there now: taken out by a person, or not read any more."""
    is_removed = any(
        not c.withdrawn_at and c.row_id == row_id and c.what == "not_in_packet" for c in earlier
    )
    removes = any(_fold(cell) == NOT_IN_PACKET for cell in line.cells.values())
    if _is_untouched(edits.table, line) or (is_removed and removes):
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
    place = _place(edits, line, submission)
    cells = []
    for column, kind in CORRECTABLE[edits.table].items():
        text = line.cell(column)
        if not plain(text) and kind.needed:
            if column in ("assertion", "outcome"):
                continue  # affirmed, unknown
            edits.complain(line, column, "an added row must have it")
        elif plain(text):
            try:
                after = _read(edits.table, column, text, lexicon)
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
            by=by,
            at=at,
        )
    )


def _place(edits: Edits, line: Line, submission: Known) -> Place | None:
    """Where an added row stands: its page, and the whole of it unless a box is given."""
    names = [file.name for file in submission.document.files]
    file = plain(line.cell("file")) or (names[0] if len(names) == 1 else "")
    if file not in names:
        edits.complain(line, "file", "no such file in the submission" if file else "which file?")
        return None
    number = re.fullmatch(r"(\d{1,6})(\.0+)?", plain(line.cell("page")))
    pages = {page.number: page for page in submission.document.pages if page.file == file}
    page = pages.get(int(number[1])) if number else None
    if page is None:
        edits.complain(line, "page", f"not a page of the file, which has {len(pages)}")
        return None
    box = (0.0, 0.0, page.width, page.height)
    edges = [plain(line.cell(name)) for name in ("x0", "top", "x1", "bottom")]
    if any(edges):
        values = [number_in(edge) for edge in edges]
        x0, top, x1, bottom = (math.nan if value is None else value for value in values)
        if not (0 <= x0 < x1 <= page.width + 1 and 0 <= top < bottom <= page.height + 1):
            edits.complain(line, "x0", "x0, top, x1 and bottom are no box on the page, in points")
            return None
        box = (x0, top, x1, bottom)
    return Place(
        file=file, page=page.number, page_kind=page.kind, box=box,
        text=plain(line.cell("text")), confidence=1.0,
    )  # fmt: skip


def _read(table: TableName, column: str, text: str, lexicon: Lexicon) -> str:
    """The cell as it is written in OUT; '' for an emptied one. Raises WrongCell."""
    kind, cell = CORRECTABLE[table][column], plain(text)
    if cell:
        return kind.read(cell, lexicon)[1]
    if kind.needed:
        raise WrongCell(f"must not be empty; write {NOT_IN_PACKET!r} if it is none")
    return ""


def _fold(cell: str) -> str:
    return " ".join(re.sub(r"[_-]", " ", cell).casefold().split())
