"""Finding and answer mentions -> findings and answers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.normalize.reading import Reading, assertion_of, best_first, part
from pipeline.notation import amounts, numbers
from pipeline.quantities import DateRange, Quantity
from pipeline.schema import Answer, Assertion, Doubt, Finding, Mention, Place

COUNSELLED = re.compile(
    r"counsel|discuss|review|inform|guide|aware|explain|educat|warn|consent|understand|talked|went\s+over|risks?\s+(?:and|vs|versus|/)\s*benefits?",
    re.IGNORECASE,
)
NOT_COUNSELLED = re.compile(
    r"\b(?:not|never|no|without|hasn't|wasn't|lacks?|missing)\b(?:\s+[\w-]+){0,4}?\s+(?:counsel|discuss|review|inform|explain|educat|warn|consent|document|record)",
    re.IGNORECASE,
)
TO_BE_COUNSELLED = re.compile(
    r"\b(?:will|plan(?:s|ned)?\s+to|going\s+to|needs?\s+to|should|must|to\s+be)\s+(?:\w+\s+){0,2}?(?:counsel|discuss|review|inform|explain|educat|warn|consent)",
    re.IGNORECASE,
)
CTCAE = re.compile(r"grade\s*([0-5]|IV|I{1,3})\b", re.IGNORECASE)
CTCAE_BARE = re.compile(r"CTCAE\s*[:,]?\s*([0-5]|IV|I{1,3})\b", re.IGNORECASE)
ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}


@dataclass
class Draft:
    """A finding while its statements are joined."""

    finding: str
    value: str = ""
    unit: str = ""
    site: str = ""
    of: tuple[str, ...] = ()
    duration: Quantity | None = None
    date: DateRange | None = None
    assertion: Assertion = Assertion.AFFIRMED
    stated: DateRange = field(default_factory=DateRange)
    doubtful: bool = False
    doubted: tuple[Doubt, ...] = ()
    places: list[Place] = field(default_factory=list)

    @property
    def key(self) -> tuple[object, ...]:
        day = self.date.iso if self.date else ""
        dated = self.finding in (
            "muscle_strength",
            "weight",
            "adl_limitation",
            "ctcae_grade",
            "normal_strength",
        )
        stated = self.stated.iso if dated else ""
        free = self.value.lower()[:40] if self.finding == "adl_limitation" else self.value
        return (
            self.finding,
            free,
            self.unit,
            self.site.lower(),
            self.of,
            self.assertion,
            day if not dated else stated,
        )


def build_findings(
    mentions: list[Mention], reading: Reading, of_courses: Iterable[Draft] = ()
) -> list[Finding]:
    """One finding for each distinct statement of mentions and of drug courses, with all its places."""
    drafts = [_draft(m, reading) for m in mentions if m.label == "finding"]
    kept: dict[tuple[object, ...], Draft] = {}
    for draft in (*filter(None, drafts), *of_courses):
        same = kept.get(draft.key)
        if same is None:
            kept[draft.key] = draft
        else:
            same.places += draft.places
            same.doubtful = same.doubtful and draft.doubtful
            same.doubted = tuple(d for d in same.doubted if d in draft.doubted)
    return [_finding(d, reading) for d in _told_once(list(kept.values()))]


STUDIES = frozenset(("emg", "mri", "biopsy", "pft", "echocardiogram"))
ORGANS = frozenset(
    ("organ_involvement", "dysphagia", "ild", "cardiac_involvement", "respiratory_compromise")
)
RETOLD = STUDIES | ORGANS | {"weight"}


def _told_once(drafts: list[Draft]) -> list[Draft]:
    """Drafts without those that only repeat another: the same study, organ or weight told again.

    Only where all that is told of it agrees: where statements differ, which came last matters.
    """
    kept: list[Draft] = []
    for draft in sorted(drafts, key=_detail, reverse=True):
        group = [d for d in drafts if d.finding == draft.finding]
        fuller = next((d for d in kept if _repeats(draft, d)), None)
        if draft.finding in RETOLD and fuller is not None and _agree(group):
            fuller.places += draft.places
            fuller.doubtful = fuller.doubtful and draft.doubtful
            fuller.doubted = tuple(d for d in fuller.doubted if d in draft.doubted)
        else:
            kept.append(draft)
    return [d for d in drafts if any(d is k for k in kept)]


def _detail(draft: Draft) -> tuple[int, int, int]:
    """How much a draft tells: its day to the day, its value, its site."""
    return (len(draft.date.iso) if draft.date else 0, len(draft.value), len(draft.site))


def _agree(group: list[Draft]) -> bool:
    """Whether all statements of one finding say the same; a study that is pending says nothing."""
    told = {
        (d.assertion, d.value if d.finding in STUDIES or d.finding == "weight" else "", d.unit)
        for d in group
        if d.value not in ("pending", "not_done")
    }
    return len(told) == 1


def _repeats(draft: Draft, fuller: Draft) -> bool:
    """Whether a draft tells nothing that a fuller one of the same finding does not."""
    day = draft.date.iso if draft.date else ""
    whole = fuller.date.iso if fuller.date else ""
    # The findings of a report name muscles of the region in its title.
    one_report = draft.finding in STUDIES and day == whole != "" and _page(draft) == _page(fuller)
    return (
        (draft.finding, draft.unit, draft.of, draft.assertion)
        == (fuller.finding, fuller.unit, fuller.of, fuller.assertion)
        and draft.value.lower() in ("", fuller.value.lower())
        and (draft.site.lower() in ("", fuller.site.lower()) or one_report)
        and whole.startswith(day)
    )


def _page(draft: Draft) -> tuple[str, int]:
    return draft.places[0].file, draft.places[0].page


def _finding(d: Draft, reading: Reading) -> Finding:
    return Finding(
        id=reading.row_id("finding", *d.key),
        assertion=d.assertion,
        doubtful=d.doubtful,
        doubted=d.doubted,
        stated=d.stated,
        places=best_first(d.places),
        finding=d.finding,
        value=d.value,
        unit=d.unit,
        site=d.site,
        of=d.of,
        duration=d.duration,
        date=d.date,
    )


def _draft(m: Mention, reading: Reading) -> Draft | None:
    draft = Draft(
        finding=m.code,
        assertion=assertion_of(m),
        doubted=m.doubted,
        stated=reading.written(m),
        places=[reading.place(m)],
        date=reading.when(part(m, "date"), m),
    )
    value, site = part(m, "value"), part(m, "site")
    if site is not None:
        side = f"{site.code} " if site.code in ("right", "left") else ""
        draft.site = side + " ".join(site.text.split())
    match m.code:
        case "muscle_strength":
            if value is None:
                return None
            mrc = value.code or re.sub(r"\s*/\s*5$", "", value.text).replace(" ", "")
            draft.value = f"{mrc}/5"
            draft.doubtful = reading.doubtful(value)
        case "emg" | "mri" | "biopsy" | "pft" | "echocardiogram":
            draft.value = value.code if value is not None else ""
            draft.date = draft.date or reading.study_date(m)
        case "ctcae_grade":
            grade = CTCAE.search(m.text) or CTCAE_BARE.search(m.text)
            if grade is None:
                return None
            draft.value = ROMAN.get(grade[1].upper(), grade[1])
            draft.doubtful = reading.doubtful(m)
        case "weight":
            unit = part(m, "unit")
            if value is None or unit is None:
                return None
            draft.value = f"{numbers.number(value.text):g}"
            draft.unit = "kg" if unit.text.lower().startswith("k") else "lb"
            draft.doubtful = reading.doubtful(value)
        case "adl_limitation":
            whole = draft.assertion is Assertion.NEGATED and part(m, "activity") is None
            draft.value = "" if whole else m.text
            if draft.assertion is Assertion.AFFIRMED and _long_ago(draft):
                draft.assertion = Assertion.POSSIBLE  # whether it is so still is not told
        case "flare":
            return _flare(m, draft, reading)
        case "drug_attribution":
            draft.of = tuple(p.code for p in m.parts)
        case "pml_counselling":
            scope = reading.document.text[m.scope.start : m.scope.end] if m.scope else m.text
            if not COUNSELLED.search(scope):
                return None
            draft.assertion = _counselling(scope)
        case (
            "organ_involvement"
            | "dysphagia"
            | "ild"
            | "cardiac_involvement"
            | "respiratory_compromise"
        ):
            severity = part(m, "severity")
            if severity is not None and draft.assertion is Assertion.AFFIRMED:
                draft.value = severity.text
        case "steroid_dependence" | "persistent_disease" | "taper_attempt":
            if draft.assertion is Assertion.HISTORICAL:
                draft.assertion = Assertion.AFFIRMED
        case "active_infection":
            if draft.assertion is not Assertion.AFFIRMED:
                return None
        case _ if value is not None and value.code:
            draft.value = value.code
            draft.of = tuple(p.code for p in m.parts if p.label == "disease")
        case _:
            draft.of = tuple(dict.fromkeys(p.code for p in m.parts if p.label == "drug"))
    return draft


LONG_AGO = 365  # days


def _long_ago(draft: Draft) -> bool:
    """Whether the day that a limitation is told of lies more than a year before that of the text."""
    last = draft.date.latest if draft.date is not None else None
    written = draft.stated.earliest
    return last is not None and written is not None and (written - last).days > LONG_AGO


def _counselling(scope: str) -> Assertion:
    """Whether a risk was discussed; naming a risk is hypothetical, discussing it is not."""
    if NOT_COUNSELLED.search(scope):
        return Assertion.NEGATED
    return Assertion.HYPOTHETICAL if TO_BE_COUNSELLED.search(scope) else Assertion.AFFIRMED


def _flare(m: Mention, draft: Draft, reading: Reading) -> Draft:
    """A worsening that follows a reduction of a corticosteroid is a taper failure; else disease."""
    if draft.assertion in (Assertion.HISTORICAL, Assertion.POSSIBLE):
        draft.assertion = (
            Assertion.AFFIRMED if draft.assertion is Assertion.HISTORICAL else draft.assertion
        )
    lowering, dose, drug = part(m, "lowering"), part(m, "dose"), part(m, "drug")
    known = reading.lexicon.drugs.get(drug.code) if drug is not None else None
    steroid = known is not None and known.drug_class == "corticosteroid"
    if drug is not None and drug.code in reading.lexicon.drug_classes:
        steroid = drug.code == "corticosteroid"
    if lowering is None or not steroid:
        draft.finding = "persistent_disease"
        return draft
    draft.finding = "taper_failure"
    if dose is not None:
        amount = amounts.dose(f"{dose.text} {dose.code}" if dose.code == "mg" else dose.text)
        if amount is not None:
            draft.value, draft.unit = f"{amount.value:g}", amount.printed_unit
            draft.doubtful = reading.doubtful(dose)
    return draft


def build_answers(mentions: list[Mention], reading: Reading) -> list[Answer]:
    """Questions of forms with what was marked or written."""
    answers = []
    for m in mentions:
        if m.label != "answer":
            continue
        topic, _, value = m.code.partition("=")
        detail = part(m, "detail")
        text = (
            re.sub(r"^\s*(?:yes|no)\b\W*", "", detail.text, flags=re.I)
            if detail is not None
            else ""
        )
        answers.append(
            Answer.model_validate(
                {
                    "id": reading.row_id("answer", topic, value, m.text),
                    "stated": reading.written(m),
                    "places": (reading.place(m),),
                    "topic": topic,
                    "value": value,
                    "detail": text,
                }
            )
        )
    return answers
