"""The gap report as one HTML page for people, without scripts, with evidence on page pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from pipeline.corrections import cells_in, cited
from pipeline.figures import PageKey, figures, pictures
from pipeline.places import patient, printed_pages
from pipeline.quantities import DateRange
from pipeline.schema import (
    Box,
    Case,
    CriterionResult,
    Document,
    Evidence,
    FactBase,
    GapReport,
    SendItem,
    Speaker,
    Status,
)
from pipeline.wording import template

OPEN_FIGURES = 4  # more places than these are folded away

STATUS_WORDS: Mapping[str, tuple[str, str]] = {
    "met": ("✓", "Met"),
    "not_met": ("✗", "Not met"),
    "not_documented": ("?", "Not documented"),
    "needs_review": ("!", "Needs review"),
    "not_applicable": ("–", "Not applicable"),
    "tried_failed": ("✗", "Tried, failed"),
    "tried": ("✓", "Tried"),
    "contraindicated": ("–", "Contraindicated or not tolerated"),
}
REASON_WORDS: Mapping[str, str] = {
    "missing": "the packet does not say",
    "partial": "a part is missing",
    "stale": "too old",
    "unreadable": "could not be read",
    "ambiguous": "can be read in more than one way",
    "conflicting": "the packet contradicts itself",
}
PAGE_REMARKS: Mapping[str, str] = {
    "layer_disagrees": "its hidden text and its picture differ; the picture was read",
    "layer_incomplete": "its text layer lacks words; the picture was read",
    "text_layer_failed": "its text layer is damaged; the picture was read",
    "readers_differ": "programs show it differently",
    "content_lost": "what stood on it could not be drawn, or only a part of it",
    "illegible": "what was recognised on it are mostly no words",
    "recognition_cut": "recognising it took too long and was broken off",
    "xfa_placeholder": "it only asks for another program; the form itself is drawn by none",
    "document.damaged": "it is damaged",
    "document.too_large": "it is larger than the limits allow",
    "document.empty": "it has no extent",
    "hidden_text": "words that cannot be seen on it were left out",
    "field_appearance_differs": "a field shows other words than it holds",
}
SPEAKER_REMARKS: Mapping[Speaker, str] = {
    Speaker.PATIENT: "",
    Speaker.GENERAL: "says of nobody that it speaks of them ",
    Speaker.DOUBTFUL: "may be another patient's ",
    Speaker.OTHER: "another patient's ",
}
CORRECTED_WORDS: Mapping[str, str] = {
    "added": "added by hand",
    "changed": "corrected",
    "confirmed": "confirmed by hand",
}
RECOMMENDATION_WORDS: Mapping[str, tuple[str, str]] = {
    "criteria_met": (
        "Every required criterion is documented",
        "Each has evidence in the packet, or is waived by the pathway. A clinician decides.",
    ),
    "request_information": (
        "Ask the practice for what is missing",
        "Some of what the policy asks for is not in the packet. The list below says what.",
    ),
    "clinician_review": (
        "A clinician should look",
        "Something in the packet needs clinical judgement before anything else is asked for.",
    ),
    "no_policy": (
        "No policy serves this request",
        "Nothing was compared with a policy. Everything that was read is listed below.",
    ),
}


def write_html(
    report: GapReport,
    case: Case,
    document: Document,
    files: Mapping[str, Path],
    to_send: Sequence[SendItem] = (),
) -> str:
    """Return the whole page; a file that is missing or unreadable costs only its pictures."""
    pages = printed_pages(document)
    filled = template("gap_report.html", ("day", _day), ("number", _number))
    return filled.render(
        report=report,
        case=case,
        document=document,
        patient=patient(document),
        requested=_requested(report, case),
        pictures=pictures(_cited_boxes(report), pages, files),
        figures=lambda evidence: figures(evidence, pages),
        place=_place,
        several_files=len(report.source_files) > 1,
        open_figures=OPEN_FIGURES,
        to_send=to_send,
        titles={criterion.id: criterion.title for criterion in report.criteria},
        counts=_counts(report.criteria),
        corrections=list(_corrections(case)),
        corrected={
            fact.id: CORRECTED_WORDS[fact.corrected[0].what]
            for fact in _table_facts(case)
            if fact.corrected
        },
        attention=_attention(report),
        typed=cells_in(report, case),
        recommendation=RECOMMENDATION_WORDS[report.recommendation],
        status_words=STATUS_WORDS,
        reason_words=REASON_WORDS,
        page_remarks=PAGE_REMARKS,
        speaker_remarks=SPEAKER_REMARKS,
        foreign=_foreign(report, document),
    )


def _day(value: DateRange | None) -> str:
    """A date as far as it is known: 2026-03-04, 2026-03, or '' when not stated."""
    return "" if value is None else value.iso


def _number(value: float | None) -> str:
    """A number as people write it: 60, 4.5, or '' when not stated."""
    return "" if value is None else f"{value:.10g}"


def _place(fact: FactBase) -> Evidence | None:
    """The best place of a fact."""
    if not fact.places:
        return None
    best = fact.places[0]
    return Evidence(file=best.file, page=best.page, bbox=best.box, text=best.text)


def _table_facts(case: Case) -> Iterable[FactBase]:
    return chain(case.medications, case.labs, case.diagnoses, case.findings)


def _corrections(case: Case) -> Iterable[dict[str, str]]:
    """What people changed, a line for each cell."""
    for fact in _table_facts(case):
        named = ("ingredient", "analyte", "name", "finding")
        subject = next(str(getattr(fact, name)) for name in named if hasattr(fact, name))
        for made in fact.corrected:
            common = {"subject": subject, "by": made.by, "at": made.at, "id": made.correction}
            for cell in made.cells:
                what = f"{made.what} {cell.column}"
                yield common | {"what": what, "before": cell.before, "after": cell.after}
            if not made.cells:
                yield common | {"what": made.what, "before": "", "after": ""}
    for gone in case.removed:
        where = "; ".join(dict.fromkeys(f"{p.file} p. {p.page}" for p in gone.places))
        said = {"what": "not in packet", "before": where, "after": ""}
        yield said | {"subject": gone.subject, "by": gone.by, "at": gone.at, "id": gone.correction}


def _requested(report: GapReport, case: Case) -> list[tuple[str, str]]:
    """What is requested, as labelled lines; '' where the packet does not say."""
    request = report.request
    return [
        ("Product", request.product or request.ingredient or ""),
        ("HCPCS", request.hcpcs or ""),
        ("Dose", request.dose or ""),
        ("Schedule", request.schedule or ""),
        ("Diagnosis codes", ", ".join(request.diagnosis_codes)),
        ("Request date", "; ".join(stated.text for stated in case.request.request_date)),
        ("Payer", "; ".join(dict.fromkeys(stated.text for stated in case.request.payer))),
    ]


def _counts(criteria: Iterable[CriterionResult]) -> dict[str, int]:
    """How many required criteria there are, and how many are met or waived."""
    required = [criterion for criterion in criteria if criterion.required]
    settled = {Status.MET, Status.NOT_APPLICABLE}
    return {
        "required": len(required),
        "settled": sum(criterion.status in settled for criterion in required),
    }


def _foreign(report: GapReport, document: Document) -> list[dict[str, object]]:
    """Pages of others, and those that may be, with what they bear."""
    doubtful = {
        (p.file, p.number, p.identity.name) for p in document.pages if p.speaker is Speaker.DOUBTFUL
    }
    return [
        page.model_dump() | {"doubtful": (page.file, page.page, page.name) in doubtful}
        for page in report.legibility.foreign_pages
    ]


def _attention(report: GapReport) -> list[CriterionResult]:
    """Required criteria that a clinician has to look at."""
    open_to_judgement = {Status.NOT_MET, Status.NEEDS_REVIEW}
    return [c for c in report.criteria if c.required and c.status in open_to_judgement]


def _cited_boxes(report: GapReport) -> dict[PageKey, list[Box]]:
    """The boxes that are shown of each page."""
    shown: dict[PageKey, list[Box]] = {}
    for evidence in cited(report):
        shown.setdefault((evidence.file, evidence.page), []).append(evidence.bbox)
    return shown
