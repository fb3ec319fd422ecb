"""People's corrections as they are kept: one file in OUT, replaced as a whole, never shortened.

A withdrawn correction stays in it, with who withdrew it and when.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain
from pathlib import Path

from pydantic import ValidationError

from pipeline.errors import UsageError
from pipeline.schema import Case, Correction, Evidence, FactBase, GapReport, TableFact
from pipeline.store import write_atomically

FILE_NAME = "corrections.jsonl"


def load_corrections(out: Path) -> list[Correction]:
    """All that were ever made, in the order of time; raises UsageError for a damaged file."""
    path = out / FILE_NAME
    found = []
    for number, line in enumerate(path.read_bytes().splitlines() if path.exists() else (), 1):
        try:
            found.append(Correction.model_validate_json(line))
        except ValidationError as error:
            raise UsageError(f"{path}:{number}: is no correction; nothing was done") from error
    return found


def save_corrections(out: Path, corrections: Iterable[Correction]) -> None:
    """Replace the file; all of the corrections are kept, or none."""
    lines = "".join(f"{correction.model_dump_json()}\n" for correction in corrections)
    write_atomically(out / FILE_NAME, lines.encode())


def in_force(corrections: Iterable[Correction]) -> dict[str, tuple[Correction, ...]]:
    """Those that say something of a fact and were not withdrawn, by submission."""
    found: dict[str, list[Correction]] = {}
    for correction in corrections:
        if not correction.withdrawn_at and correction.what != "noted":
            found.setdefault(correction.submission_id, []).append(correction)
    return {submission_id: tuple(own) for submission_id, own in found.items()}


def cells_in(report: GapReport, case: Case) -> int:
    """How many corrected cells a report rests on; a row that is confirmed, or not in the packet, is one.

    Those of the rows that it shows as evidence, of other rows on the same subject (which might have
    been the ones that count), and all that decide whether a row is looked at.
    """
    shown = {item.row_id for item in cited(report)}
    facts: list[TableFact] = [*case.medications, *case.labs, *case.diagnoses, *case.findings]
    subjects = {_subject(fact) for fact in facts if fact.id in shown}
    count = len(case.removed)
    for fact in facts:
        columns = {cell.column for made in fact.corrected for cell in made.cells}
        columns |= {"" for made in fact.corrected if made.what == "confirmed"}
        is_used = fact.id in shown or _subject(fact) in subjects
        count += len(columns if is_used else columns & _DECIDING)
    return count


def cited(report: GapReport) -> Iterable[Evidence]:
    """Every piece of evidence that a report shows."""
    groups = [criterion.evidence for criterion in report.criteria]
    groups += [alert.evidence for alert in report.alerts]
    groups += [alternative.evidence for alternative in report.alternatives]
    groups += [conflict.sides for conflict in report.conflicts]
    yield from chain.from_iterable(groups)


# By these a row is the patient's, stands, and is of the drug, test or disease that is asked for.
_DECIDING = frozenset(
    {
        "assertion",
        "about",
        "standing",
        "status",
        "ingredient",
        "analyte",
        "name",
        "icd10",
        "finding",
    }
)


def subject_of(fact: FactBase) -> str:
    """The drug, test, disease or finding that a row of a table is about."""
    named = ("ingredient", "analyte", "name", "finding")
    return next(str(getattr(fact, name)) for name in named if hasattr(fact, name))


def _subject(fact: TableFact) -> tuple[str, str]:
    return fact.kind, subject_of(fact)


def withdrawn(
    corrections: Iterable[Correction], ids: Collection[str], by: str, at: str
) -> list[Correction]:
    """All corrections, with those of these ids withdrawn; raises UsageError for an unknown id."""
    known = {correction.id: correction for correction in corrections}
    for name in ids:
        if name not in known:
            raise UsageError(f"{name}: no such correction; nothing was withdrawn")
        if not known[name].withdrawn_at:
            update = {"withdrawn_by": by, "withdrawn_at": at}
            known[name] = known[name].model_copy(update=update)
    return list(known.values())
