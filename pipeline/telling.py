"""A case, and the chain from page to status, as lines of text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pipeline.export import fact_rows
from pipeline.schema import Case, CriterionResult, Document, Evidence, GapReport
from pipeline.wording import printable

# Columns that are said otherwise: where it stands, and by which row.
_APART = frozenset(
    {"submission_id", "file", "page", "x0", "top", "x1", "bottom", "text", "row_id", "row_version"}
)
# What goes without saying.
_USUAL = {"assertion": "affirmed", "about": "patient", "standing": "stated", "outcome": "unknown"}

Facts = Mapping[str, str]


def show(case: Case, report: GapReport) -> Iterator[str]:
    """What was read of a submission, a line for each fact; then what the report says."""
    for table, rows in fact_rows(case).items():
        yield f"{table} ({len(rows)})"
        for row in rows:
            place = f"{printable(row.get('file') or '')} p. {row.get('page') or '?'}"
            yield f"  {row['row_id']}  {place}: {_said(row)}"
            yield f"    {printable(row.get('text') or '')!r}"
    policy = f"{report.policy.id} {report.policy.version}" if report.policy else "no policy"
    yield f"report: {report.recommendation}, {policy}"
    yield from (
        f"  {c.id}: {c.status}{f', {c.reason}' if c.reason else ''}" for c in report.criteria
    )


def explain(criteria: Iterable[CriterionResult], case: Case, document: Document) -> Iterator[str]:
    """Of each criterion its status, why, and every place that it rests on with the fact read there."""
    rows = {str(r["row_id"]): _said(r) for rows in fact_rows(case).values() for r in rows}
    rows |= {a.id: f"{a.topic}: {a.value} {printable(a.detail)}".strip() for a in case.answers}
    for criterion in criteria:
        why = f", {criterion.reason}" if criterion.reason else ""
        yield f"{criterion.id}: {criterion.status}{why}"
        yield f"  {printable(criterion.rationale)}"
        yield from (f"  missing: {printable(part)}" for part in criterion.missing)
        for item in criterion.evidence:
            yield from _chain(item, rows, document)


def flips(before: GapReport, after: GapReport) -> Iterator[str]:
    """What another version of a policy would say otherwise, a line each with the new reason."""
    if before.recommendation != after.recommendation:
        yield f"  recommendation: {before.recommendation} -> {after.recommendation}"
    old = {result.id: result for result in before.criteria}
    new = {result.id: result for result in after.criteria}
    for name in dict.fromkeys((*old, *new)):
        one, other = old.get(name), new.get(name)
        if one is None or other is None or one.status is not other.status:
            words = [str(result.status) if result else "not asked" for result in (one, other)]
            why = f": {printable(other.rationale)}" if other is not None else ""
            yield f"  {name}: {' -> '.join(words)}{why}"


def _chain(item: Evidence, rows: Facts, document: Document) -> Iterator[str]:
    """The page, the words in the box, the fact made of them."""
    page = next((p for p in document.pages if (p.file, p.number) == (item.file, item.page)), None)
    read = f", {page.kind}, words from {page.origin}" if page else ""
    box = " ".join(f"{edge:.0f}" for edge in item.bbox)
    yield f"  {printable(item.file)} p. {item.page} [{box}]{read}"
    yield f"    says {printable(item.text)!r}"
    if item.row_id:
        corrected = ", as people corrected it" if item.corrected else ""
        yield f"    read as {item.row_id}: {rows.get(item.row_id, '')}{corrected}"


def _said(row: Mapping[str, object]) -> str:
    """The cells of a row that say something."""
    return ", ".join(
        f"{name} {printable(value)}"
        for name, value in row.items()
        if name not in _APART and value not in (None, "") and _USUAL.get(name) != value
    )
