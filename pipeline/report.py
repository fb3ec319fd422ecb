"""The gap report as one HTML page for people, without scripts, with evidence on page pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pipeline.announced import awaited
from pipeline.corrections import cells_in, cited, subject_of
from pipeline.criteria import Policy
from pipeline.figures import Figure, PageKey, figures, pictures
from pipeline.places import patient, printed_pages
from pipeline.plots import charts, strips, timeline
from pipeline.quantities import DateRange
from pipeline.schema import (
    Box,
    Case,
    CriterionResult,
    Document,
    Evidence,
    FactBase,
    GapReport,
    Page,
    PageReference,
    SendItem,
    Speaker,
    Stated,
    Status,
)
from pipeline.wording import printable, template

OPEN_FIGURES = 4  # more places than these are folded away
SETTLED = frozenset({Status.MET, Status.NOT_APPLICABLE})

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


@dataclass(frozen=True)
class OpenPoint:
    """A required criterion that is open, and the pages that say why."""

    criterion: CriterionResult
    pages: tuple[PageReference, ...]

    @property
    def is_silent(self) -> bool:
        """Nothing in the packet speaks of it."""
        return self.criterion.status is Status.NOT_DOCUMENTED and not self.criterion.evidence


class Gallery:
    """Shows each place once: where it is cited again, it is referred to by number."""

    def __init__(self, pages: Mapping[PageKey, Page]) -> None:
        self.pages = pages
        self.shown: dict[tuple[object, ...], int] = {}
        self.count = 0

    def __call__(self, evidence: Iterable[Evidence]) -> list[Figure]:
        """The windows on places that were not shown yet."""
        fresh = [item for item in evidence if _key(item) not in self.shown]
        made = figures(fresh, self.pages)
        for figure in made:
            self.count += 1
            figure.number = self.count
            self.shown |= {_key(item): self.count for item in figure.texts}
        return made

    def again(self, evidence: Iterable[Evidence]) -> list[tuple[Evidence, int]]:
        """The places that were shown before, with the number of their window; ask before showing."""
        known = {_key(item): item for item in evidence if _key(item) in self.shown}
        return [(item, self.shown[key]) for key, item in known.items()]


def _key(item: Evidence) -> tuple[object, ...]:
    return item.file, item.page, item.bbox, item.text


def write_html(
    report: GapReport,
    case: Case,
    document: Document,
    files: Mapping[str, Path],
    to_send: Sequence[SendItem] = (),
    policy: Policy | None = None,
    announced: Sequence[Stated] = (),
) -> str:
    """Return the whole page; a file that is missing or unreadable costs only its pictures.

    `policy` is the one that was applied: its bounds are drawn. `announced` is what the packet says
    of itself that is pending or attached.
    """
    pages = printed_pages(document)
    filled = template(
        "gap_report.html", ("day", _day), ("number", _number), ("css", _css), ("short", _short)
    )
    cut, small = pictures(_cited_boxes(report), pages, files)
    gallery = Gallery(pages)
    return filled.render(
        report=report,
        case=case,
        document=document,
        patient=patient(document),
        requested=_requested(report, case),
        pictures=cut,
        thumbnails=small,
        originals={name: path.resolve().as_uri() for name, path in files.items() if path.exists()},
        figures=gallery,
        again=gallery.again,
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
        open_points=_open(report),
        settled=[c for c in report.criteria if c.required and c.status in SETTLED],
        others=[c for c in report.criteria if not c.required],
        # What was found is louder than what nobody wrote down.
        loud=[alert for alert in report.alerts if alert.evidence],
        quiet=[alert for alert in report.alerts if not alert.evidence],
        awaited=_each_once([*awaited(case), *announced]),
        timeline=timeline(case, policy),
        charts=charts(case, policy),
        strips=strips(case, policy),
        typed=cells_in(report, case),
        recommendation=RECOMMENDATION_WORDS[report.recommendation],
        status_words=STATUS_WORDS,
        reason_words=REASON_WORDS,
        page_remarks=PAGE_REMARKS,
        speaker_remarks=SPEAKER_REMARKS,
        foreign=_foreign(report, document),
    )


def _open(report: GapReport) -> list[OpenPoint]:
    """Required criteria that are open: first what a clinician has to judge, last what is silent."""
    found = [
        OpenPoint(c, _pages(c.evidence))
        for c in report.criteria
        if c.required and c.status not in SETTLED
    ]
    order = (Status.NOT_MET, Status.NEEDS_REVIEW, Status.NOT_DOCUMENTED)
    return sorted(found, key=lambda p: (order.index(p.criterion.status), p.is_silent))


def _pages(evidence: Iterable[Evidence]) -> tuple[PageReference, ...]:
    """Each page once."""
    found = dict.fromkeys((item.file, item.page) for item in evidence)
    return tuple(PageReference(file=file, page=page) for file, page in found)


def _each_once(said: Iterable[Stated]) -> list[Stated]:
    """Statements without those that stand within another one of the same page."""
    found: list[Stated] = []
    for one in sorted(said, key=lambda s: -len(s.text)):
        if not any(one.text in other.text and _page_of(one) == _page_of(other) for other in found):
            found.append(one)
    return sorted(found, key=lambda s: (*_page_of(s), s.place.box[1]))


def _page_of(said: Stated) -> tuple[str, int]:
    return said.place.file, said.place.page


def _css(text: object) -> str:
    """Any text within a string of a style sheet."""
    return "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in printable(text))


def _short(text: object, length: int = 180) -> str:
    """The beginning of a text, in whole words."""
    words = printable(text)
    return words if len(words) <= length else words[:length].rsplit(" ", 1)[0] + " …"


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
        for made in fact.corrected:
            common = {
                "subject": subject_of(fact),
                "by": made.by,
                "at": made.at,
                "id": made.correction,
            }
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
    """What is requested, as labelled lines; what nobody states is left out where that is no gap."""
    request = report.request
    product = request.product or request.ingredient or ""
    doses = [
        f"{drug.dose_value:g} {drug.dose_unit}"
        for drug in case.medications
        if drug.status == "requested" and drug.dose_value is not None
    ]
    unsaid = "not stated"
    if report.legibility.unreadable_pages or report.legibility.missing_pages:
        unsaid = "not found; pages are unread or missing"
    latest = f"{unsaid}; the latest page is of {case.as_of.isoformat()}" if case.as_of else unsaid
    dates = "; ".join(dict.fromkeys(stated.text for stated in case.request.request_date))
    lines = [
        ("Product", " ".join(filter(None, [product, request.hcpcs and f"({request.hcpcs})"]))),
        ("Dose", request.dose or "; ".join(dict.fromkeys(doses))),
        ("Schedule", request.schedule or ""),
        ("Diagnosis codes", ", ".join(request.diagnosis_codes)),
        ("Request date", dates or latest),
        ("Payer", "; ".join({s.text.casefold(): s.text for s in case.request.payer}.values())),
    ]
    return [(label, text or unsaid) for label, text in lines]


def _counts(criteria: Iterable[CriterionResult]) -> dict[str, int]:
    """How many required criteria there are, and how many are met or waived."""
    required = [criterion for criterion in criteria if criterion.required]
    return {
        "required": len(required),
        "settled": sum(criterion.status in SETTLED for criterion in required),
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


def _cited_boxes(report: GapReport) -> dict[PageKey, list[Box]]:
    """The boxes that are shown of each page."""
    shown: dict[PageKey, list[Box]] = {}
    for evidence in cited(report):
        shown.setdefault((evidence.file, evidence.page), []).append(evidence.bbox)
    return shown
