"""A packet as its page shows it: pages with boxes, criteria and facts, open and doubtful first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pipeline.corrections import load_corrections
from pipeline.export import fact_cells
from pipeline.ledger import Submission
from pipeline.places import patient, printed_pages
from pipeline.schema import (
    STANDS,
    About,
    Alert,
    Box,
    Case,
    Correction,
    CriterionResult,
    Document,
    Evidence,
    GapReport,
    Page,
    Speaker,
    Status,
    TableFact,
    TableName,
)
from pipeline.store import ARTIFACTS, digest_of, submission_folder

UNSURE = 0.8  # a reading below this confidence is shown as one
SETTLED = frozenset({Status.MET, Status.NOT_APPLICABLE})
# What a line of the list says of a fact, besides its subject.
SAID: Mapping[TableName, tuple[str, ...]] = {
    "medications": (
        *("product", "dose_value", "dose_unit", "route", "frequency", "start_date", "stop_date"),
        *("duration_days", "status", "outcome", "outcome_reason"),
    ),
    "labs": ("comparator", "value", "unit", "interpretation", "collected_date"),
    "diagnoses": ("icd10", "assertion"),
    "findings": ("value", "unit", "site", "date"),
}
SUBJECT: Mapping[TableName, str] = {
    "medications": "ingredient", "labs": "analyte", "diagnoses": "name", "findings": "finding"
}  # fmt: skip


class Spot(NamedTuple):
    """A box on a page; `sheet` counts the pages of the packet from 0."""

    sheet: int
    box: Box
    text: str
    row_id: str = ""

    @property
    def edges(self) -> str:
        """The box as an attribute of an element."""
        return " ".join(f"{edge:.1f}" for edge in self.box)


class Leaf(NamedTuple):
    """A page of the packet, and how it has to be turned to be read (degrees clockwise)."""

    sheet: int
    page: Page
    title: str
    remark: str

    @property
    def frame(self) -> str:
        """The part of the plane that the turned page takes, as a viewBox."""
        width, height = self.page.width, self.page.height
        if self.page.turned % 180:
            return f"{(width - height) / 2:g} {(height - width) / 2:g} {height:g} {width:g}"
        return f"0 0 {width:g} {height:g}"

    @property
    def turn(self) -> str:
        """The turning of the page about its middle."""
        return f"rotate({self.page.turned} {self.page.width / 2:g} {self.page.height / 2:g})"


class Line(NamedTuple):
    """A fact in the list.

    Attributes:
        marks: Why a person should look at it, in words.
        known: What people said of it, in words.
    """

    table: TableName
    row_id: str
    subject: str
    said: str
    cells: Mapping[str, str]
    spot: Spot | None
    marks: tuple[str, ...]
    known: str

    @property
    def is_open(self) -> bool:
        """Whether somebody should look at it first."""
        return bool(self.marks)


class Judged(NamedTuple):
    """A criterion, its evidence on the pages."""

    result: CriterionResult
    spots: tuple[Spot, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is not settled."""
        return self.result.status not in SETTLED


class Told(NamedTuple):
    """An alert or a contradiction."""

    text: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Packet:
    """All that the page shows; `version` is that of the report."""

    submission: Submission
    case: Case
    document: Document
    report: GapReport
    version: str
    who: Mapping[str, str]
    leaves: tuple[Leaf, ...]
    criteria: tuple[Judged, ...]
    alerts: tuple[Told, ...]
    conflicts: tuple[Told, ...]
    facts: tuple[Line, ...]
    corrections: tuple[Correction, ...]

    @property
    def open_criteria(self) -> list[Judged]:
        """Required ones that are not settled."""
        return [one for one in self.criteria if one.is_open and one.result.required]

    @property
    def other_criteria(self) -> list[Judged]:
        """The rest of them."""
        return [one for one in self.criteria if not (one.is_open and one.result.required)]

    @property
    def open_facts(self) -> list[Line]:
        """Those that somebody should look at."""
        return [line for line in self.facts if line.is_open]

    @property
    def other_facts(self) -> list[Line]:
        """The rest of them."""
        return [line for line in self.facts if not line.is_open]

    def fact(self, row_id: str) -> Line | None:
        """The fact of a row."""
        return next((line for line in self.facts if line.row_id == row_id), None)


def packet(out: Path, submission: Submission) -> Packet:
    """What lies in OUT of a submission; raises OSError and ValidationError where it is damaged."""
    folder = submission_folder(out, submission.id)
    case = Case.model_validate_json((folder / ARTIFACTS["normalize"]).read_bytes())
    document = Document.model_validate_json((folder / ARTIFACTS["ingest"]).read_bytes())
    report = GapReport.model_validate_json((folder / ARTIFACTS["criteria"]).read_bytes())
    pages = printed_pages(document)
    sheets = {key: number for number, key in enumerate(pages)}
    judged = [Judged(c, _spots(c.evidence, sheets)) for c in report.criteria]
    judged.sort(key=lambda one: (not one.is_open, not one.result.required))
    own = [c for c in load_corrections(out) if c.submission_id == submission.id]
    return Packet(
        submission=submission,
        case=case,
        document=document,
        report=report,
        version=digest_of(folder / ARTIFACTS["criteria"]),
        who=patient(document),
        leaves=tuple(
            Leaf(sheets[key], page, f"{key[0]}, page {key[1]}", _remark(page))
            for key, page in pages.items()
        ),
        criteria=tuple(judged),
        alerts=tuple(_alert(alert, sheets) for alert in report.alerts),
        conflicts=tuple(Told(c.about, _spots(c.sides, sheets)) for c in report.conflicts),
        facts=tuple(_lines(case, judged, sheets)),
        corrections=tuple(c for c in reversed(own) if not c.withdrawn_at),
    )


def _alert(alert: Alert, sheets: Mapping[tuple[str, int], int]) -> Told:
    return Told(alert.message, _spots(alert.evidence, sheets))


def _remark(page: Page) -> str:
    words = {
        Speaker.OTHER: "another patient's page",
        Speaker.DOUBTFUL: "may be another patient's page",
        Speaker.GENERAL: "says of nobody that it speaks of them",
    }
    told = [words.get(page.speaker, ""), "some of it could not be read" if page.unreadable else ""]
    return "; ".join(filter(None, told))


def _spots(evidence: Iterable[Evidence], sheets: Mapping[tuple[str, int], int]) -> tuple[Spot, ...]:
    found = (
        Spot(sheets[item.file, item.page], item.bbox, item.text, item.row_id)
        for item in evidence
        if (item.file, item.page) in sheets
    )
    return tuple(dict.fromkeys(found))


def _lines(
    case: Case, judged: Sequence[Judged], sheets: Mapping[tuple[str, int], int]
) -> list[Line]:
    """The facts: first those that a person should look at, then in the order of the pages."""
    named: dict[str, list[str]] = {}
    for one in judged:
        for row_id in dict.fromkeys(spot.row_id for spot in one.spots):
            if one.is_open and one.result.required:
                named.setdefault(row_id, []).append(one.result.title)
    disputed = {side for conflict in case.conflicts for side in conflict.sides}
    tables: tuple[tuple[TableName, Sequence[TableFact]], ...] = (
        ("medications", case.medications),
        ("labs", case.labs),
        ("diagnoses", case.diagnoses),
        ("findings", case.findings),
    )
    lines = [
        _line(case.submission_id, table, fact, named.get(fact.id, ()), disputed, sheets)
        for table, facts in tables
        for fact in facts
    ]
    return sorted(lines, key=lambda line: (not line.is_open, *_order(line)))


def _order(line: Line) -> tuple[float, float]:
    return (line.spot.sheet, line.spot.box[1]) if line.spot else (1e9, 0.0)


def _line(
    submission_id: str,
    table: TableName,
    fact: TableFact,
    open_for: Collection[str],
    disputed: Collection[str],
    sheets: Mapping[tuple[str, int], int],
) -> Line:
    cells = fact_cells(submission_id, table, fact)
    place = fact.places[0] if fact.places else None
    spot = None
    if place is not None and (place.file, place.page) in sheets:
        spot = Spot(sheets[place.file, place.page], place.box, place.text, fact.id)
    told = [cells[name] for name in SAID[table] if cells[name] not in ("", "unknown")]
    whose = [
        fact.about.value if fact.about is not About.PATIENT else "",
        fact.standing.value if fact.standing not in STANDS else "",
        cells["assertion"] if cells["assertion"] != "affirmed" and table != "diagnoses" else "",
    ]
    return Line(
        table,
        fact.id,
        cells[SUBJECT[table]],
        ", ".join([*told, *filter(None, whose)]),
        cells,
        spot,
        tuple(_marks(fact, open_for, disputed)),
        cells["correction"],
    )


def _marks(fact: TableFact, open_for: Collection[str], disputed: Collection[str]) -> Iterable[str]:
    settled = any(made.what == "confirmed" for made in fact.corrected)
    if fact.doubtful:
        yield "may be misread"
    if fact.doubted:
        yield "two readings differ"
    if fact.id in disputed:
        yield "contradicted"
    if fact.places and fact.places[0].confidence < UNSURE and not fact.corrected:
        yield "hard to read"
    if open_for and not settled:
        yield f"open: {'; '.join(open_for)}"
