"""What awaits people, the worst first: `worklist.csv` and `index.html`, a line per submission.

Worst first: what could not be read, then what a clinician has to look at, then what the practice
has to be asked for, then what no policy serves, then what shows all that the policy asks for;
among these, those with alerts and with most open criteria, then those that wait longest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from pipeline.ledger import Submission
from pipeline.reviews import People
from pipeline.schema import Case, GapReport, Status
from pipeline.wording import printable, template

Row = dict[str, str | float | bool | None]

COLUMNS = (
    *("rank", "submission_id", "state", "error_class", "recommendation", "patient"),
    *("birth_date", "product", "payer", "policy_id", "requested_on", "received"),
    *("open", "alerts", "conflicts", "incomplete", "pages", "ocr_pages", "corrected"),
    *("previous", "report", "claimed_by", "reviewed_by", "reviewed_at"),
)
RANKS: Mapping[str, int] = {
    "": 0,  # no report: quarantined, failed or waiting
    "clinician_review": 1,
    "request_information": 2,
    "no_policy": 3,
    "criteria_met": 4,
}
HEADINGS: Mapping[str, str] = {
    "": "Could not be read",
    "clinician_review": "A clinician should look",
    "request_information": "Ask the practice for what is missing",
    "no_policy": "No policy serves the request",
    "criteria_met": "Every required criterion is documented",
}
SETTLED = frozenset({Status.MET, Status.NOT_APPLICABLE})


def without_report(submission_id: str, state: str, error_class: str, received: str = "") -> Row:
    """The line of what has no report."""
    return {
        "submission_id": submission_id,
        "state": state,
        "error_class": error_class,
        "recommendation": "",
        "received": received[:10],
    }


def with_report(submission: Submission, case: Case, report: GapReport, corrected: int) -> Row:
    """The line of a submission with a report; texts as printed, dates in ISO 8601."""
    request = report.request
    return without_report(
        submission.id, submission.state, submission.error_class, submission.first_seen
    ) | {
        "recommendation": report.recommendation,
        "patient": printable(case.patient),
        "birth_date": case.birth_date.isoformat() if case.birth_date else "",
        "product": printable(request.product or request.ingredient or ""),
        "payer": "; ".join(dict.fromkeys(printable(s.text) for s in case.request.payer)),
        "policy_id": report.policy.id if report.policy else "",
        "requested_on": case.as_of.isoformat() if case.as_of else "",
        "open": "; ".join(c.id for c in report.criteria if c.required and c.status not in SETTLED),
        "alerts": "; ".join(alert.id for alert in report.alerts),
        "conflicts": len(report.conflicts),
        "incomplete": ";".join(report.legibility.incomplete),
        "pages": report.legibility.pages,
        "ocr_pages": report.legibility.ocr_pages,
        "corrected": corrected,
        "previous": submission.follows,
        "report": f"submissions/{quote(submission.id)}/gap_report.html",
    }


def with_people(row: Row, people: People, version: str) -> Row:
    """The line with who works on it, and who found nothing to do in this version of its report."""
    seen = people.seen if people.seen and people.seen.version == version else None
    told = {"reviewed_by": seen.by, "reviewed_at": seen.at} if seen else {}
    return row | {"claimed_by": people.holder, **told}


def ordered(rows: Iterable[Row]) -> list[Row]:
    """The lines, the worst first, numbered from 1."""
    worst_first = sorted(rows, key=_urgency)
    return [{"rank": number, **row} for number, row in enumerate(worst_first, 1)]


def _urgency(row: Row) -> tuple[int, int, int, str, str]:
    alerts, still_open = (str(row.get(name) or "") for name in ("alerts", "open"))
    return (
        RANKS[str(row["recommendation"])],
        -len(alerts.split(";")) if alerts else 0,
        -len(still_open.split(";")) if still_open else 0,
        str(row.get("requested_on") or row.get("received") or "9999"),
        str(row["submission_id"]),
    )


def page(rows: Sequence[Row]) -> str:
    """`index.html`: the lines under what is to be done with them; no scripts, nothing from outside."""
    groups = [
        (word or "unread", heading, [row for row in rows if row["recommendation"] == word])
        for word, heading in HEADINGS.items()
    ]
    return template("index.html", ("plain", _plain)).render(
        groups=[g for g in groups if g[2]], total=len(rows)
    )


def _plain(code: object) -> str:
    """Codes as words."""
    return str(code or "").replace("_", " ")
