"""Forms: what is requested, previous therapy in fields, questions with boxes, free fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.lexicon import fold, load_lexicon, read_table
from pipeline.nlp.diagnoses import find_codes, find_diagnoses
from pipeline.nlp.language import names_in
from pipeline.nlp.passages import Passage, prose_passages
from pipeline.nlp.sentence import read_sentence
from pipeline.nlp.tables import Filled, Row, answer_mentions, topics_of, treatment_row
from pipeline.schema import Checkbox, Document, FormField, Mention, Page, PageKind, Span, Tick

HCPCS = re.compile(r"(?<![A-Za-z0-9])[JQCA]\d{4}(?![0-9])")
THERAPY_COLUMNS = {"therapy_start": 1, "therapy_stop": 2, "therapy_dates": 3, "therapy_outcome": 4, "dose": 5, "dose_and_schedule": 5, "schedule": 6}
THERAPY_ROLES = {0: ["drug"], 1: ["start"], 2: ["stop"], 3: ["dates"], 4: ["outcome"], 5: ["dose"], 6: ["sig"]}


@cache
def load_labels(models: Path) -> dict[str, str]:
    """Kinds of field by folded label; earlier rows of `request_fields.csv` win."""
    labels: dict[str, str] = {}
    for _, row in read_table(models / "lexicon" / "request_fields.csv"):
        for label in row["labels"].split("|"):
            labels.setdefault(fold(label), row["field"])
    return labels


def kind_of(label: str, models: Path) -> str:
    """Which kind of field a printed label is, '' if unknown."""
    text = fold(re.sub(r"^[\W\d]*[.)]\s*", "", label)).strip(" :*#?.")
    labels = load_labels(models)
    plain = re.sub(r"\s*\([^)]*\)", "", text).strip()
    numbered = re.sub(r"\s*#?\s*\d+$", "", plain).strip()
    for candidate in (text, plain, re.sub(r"\(s\)", "", text), numbered):
        if candidate in labels:
            return labels[candidate]
    return ""


def _filled(span: Span, document: Document) -> Filled:
    return Filled(document.text[span.start : span.end], span.start, span.end)


def field_mentions(page: Page, index: int, document: Document, models: Path) -> Iterator[Mention]:
    """Mentions of the request and of previous therapy that the fields of a page state."""
    therapy: Row = {}
    passage = Passage(0, 0, "form", index, page.kind)
    for form_field in page.fields:
        label = document.text[form_field.label.start : form_field.label.end]
        kind = kind_of(label, models)
        value = _filled(form_field.value, document) if form_field.value else None
        asked = Filled(label, form_field.label.start, form_field.label.end)
        reply = re.match(r"(yes|no)\b", value.text, re.IGNORECASE) if value else None
        if value is not None and reply and (label.rstrip().endswith("?") or not kind):
            yield from answer_mentions(asked, value, reply.group(1).lower(), "field", models)
            continue
        if kind == "therapy_drug":
            yield from _therapy(therapy, passage, document, models)
            therapy = {0: value} if value else {-1: Filled(label, form_field.label.start, form_field.label.end)}
            continue
        if therapy and kind in THERAPY_COLUMNS:
            if value is not None and 0 in therapy:
                therapy[THERAPY_COLUMNS[kind]] = value
            continue
        if therapy:
            yield from _therapy(therapy, passage, document, models)
            therapy = {}
        if value is not None:
            yield from _request(kind, value, passage, models)
    yield from _therapy(therapy, passage, document, models)


def _therapy(row: Row, passage: Passage, document: Document, models: Path) -> Iterator[Mention]:
    if 0 in row:
        yield from treatment_row(row, THERAPY_ROLES, passage, document, models, fills=False)


def _request(kind: str, value: Filled, passage: Passage, models: Path) -> Iterator[Mention]:
    sentence = read_sentence(value.text, value.start, passage, tuple(names_in(value.text, models)), models, "field")

    def stated(label: str, start: int = 0, end: int | None = None, code: str = "") -> Mention:
        stop = len(value.text) if end is None else end
        mention = sentence.mention("request", start, stop, label)
        return mention.model_copy(update={"parts": (value.part("code", code),)} if code else {})

    if kind == "drug":
        for name in sentence.names:
            if name.kind == "drug":
                yield stated("product", name.start, name.end, name.code)
    if kind in ("drug", "hcpcs"):
        for m in HCPCS.finditer(value.text):
            yield stated("hcpcs", m.start(), m.end(), m.group(0))
    if kind == "dose" and sentence.doses:
        yield stated("dose")
    if kind == "dose_and_schedule" and sentence.doses:
        times = [m.start for m in (*sentence.schedules, *sentence.frequencies)]
        before = value.text[: min(times, default=len(value.text))].rstrip(" ,;-")
        yield stated("dose", sentence.doses[0].start, max(len(before), sentence.doses[0].end))
    if kind in ("schedule", "dose_and_schedule", "dose"):
        spots = sentence.schedules or (sentence.frequencies if kind != "dose" or sentence.schedules else ())
        if kind == "schedule" and re.search("[A-Za-z]", value.text):
            yield stated("schedule")
        elif spots:
            yield stated("schedule", spots[0].start, spots[-1].end)
    if kind in ("icd10", "diagnosis"):
        for code in find_codes(value.text, coded_place=kind == "icd10"):
            yield stated("icd10", code.start, code.end, code.code)
        yield from find_diagnoses(sentence, coded_place=kind == "icd10")
    if kind == "request_date" and sentence.dates:
        yield stated("request_date", sentence.dates[0].start, sentence.dates[0].end)
    if kind == "payer":
        yield stated("payer")


READ_AS_PROSE = {"", "weight"}


def free_fields(page: Page, document: Document, models: Path) -> Iterator[tuple[Span, bool]]:
    """Fields whose words are read as prose: (span, whether the label belongs to it).

    "Current CK: 3120" needs its label; of "Comment: ..." only the answer is the practice's.
    """
    for form_field in page.fields:
        if form_field.value is None:
            continue
        label = document.text[form_field.label.start : form_field.label.end]
        kind = kind_of(label, models)
        if re.match(r"no\b", document.text[form_field.value.start : form_field.value.end], re.I):
            continue
        if kind not in READ_AS_PROSE and not re.match(r"(?:if\s+yes|comment|rationale|clinical)", label, re.I):
            continue
        naming = kind == "weight" or any(n.kind == "lab" for n in names_in(label, models)) or bool(
            re.search(r"strength|\bMRC\b|\bEMG\b|\bMRI\b|weight", label, re.I)
        )
        joined = naming and form_field.label.end <= form_field.value.start and form_field.value.start - form_field.label.end < 4
        if joined:
            yield Span(start=form_field.label.start, end=form_field.value.end), True
        else:
            yield form_field.value, False


def checkbox_mentions(page: Page, index: int, document: Document, models: Path) -> Iterator[Mention]:
    """Answers that ticked, empty and unreadable boxes give, and products they request."""
    groups: dict[object, list[Checkbox]] = {}
    for number, box in enumerate(page.checkboxes):
        groups.setdefault(box.group if box.group is not None else f"single {number}", []).append(box)
    for boxes in groups.values():
        if _is_yes_no(boxes, document):
            yield from _yes_no(boxes, document, models)
        else:
            for box in boxes:
                yield from _statement(box, page, index, document, models)


def _label(box: Checkbox, document: Document) -> str:
    return document.text[box.label.start : box.label.end].strip() if box.label else ""


def _is_yes_no(boxes: list[Checkbox], document: Document) -> bool:
    labels = {re.sub(r"\W", "", _label(b, document)).lower() for b in boxes}
    return bool(labels & {"yes", "no", "y", "n"}) and any(b.question for b in boxes)


def _yes_no(boxes: list[Checkbox], document: Document, models: Path) -> Iterator[Mention]:
    asked = next(b.question for b in boxes if b.question)
    if asked is None:
        return
    question = _filled(asked, document)
    states = {re.sub(r"\W", "", _label(b, document)).lower()[:1]: b for b in boxes}
    ticked = [k for k, b in states.items() if b.state is Tick.TICKED and k in "yn"]
    unreadable = any(b.state is Tick.UNREADABLE for b in boxes) or len(ticked) > 1
    value = "unreadable" if unreadable else {"y": "yes", "n": "no"}[ticked[0]] if ticked else "blank"
    answer = states[ticked[0]].label if ticked and not unreadable else None
    yield from answer_mentions(
        question, _filled(answer, document) if answer else None, value, "checkbox", models
    )


def _statement(box: Checkbox, page: Page, index: int, document: Document, models: Path) -> Iterator[Mention]:
    """A box beside a statement or a product: only a tick says something."""
    if box.label is None or box.state is Tick.EMPTY:
        return
    label = _filled(box.label, document)
    passage = Passage(0, 0, "form", index, page.kind)
    drugs = [n for n in names_in(label.text, models) if n.kind == "drug"]
    codes = list(HCPCS.finditer(label.text))
    if box.state is Tick.TICKED and drugs and (codes or not re.search(r"tried|failed|prior|previous|intoleran", label.text, re.I)):
        if page.kind in (PageKind.REQUEST, PageKind.ORDER, PageKind.COVER):
            yield from _request("drug", label, passage, models)
            return
    if re.search(r"attached|enclosed|included|sent", label.text, re.I) or not topics_of(label.text, models):
        return
    value = "yes" if box.state is Tick.TICKED else "unreadable"
    yield from answer_mentions(label, None, value, "checkbox", models)




EXAMPLE = re.compile(r"e\.g|such\s+as|example|for\s+instance|codes?\s+include|covered", re.IGNORECASE)


def coded_lines(document: Document, models: Path) -> Iterator[Mention]:
    """ICD-10-CM codes that stand on a request form outside its fields, with the names beside them."""
    for passage in prose_passages(document, models):
        text = passage.text(document)
        if passage.kind in (PageKind.LETTER, PageKind.ORDER, PageKind.COVER, PageKind.REQUEST):
            yield from _billing_codes(text, passage, models)
        if passage.kind is not PageKind.REQUEST or EXAMPLE.search(text) or len(text) > 120:
            continue
        codes = find_codes(text)
        if not codes:
            continue
        sentence = read_sentence(text, passage.start, passage, tuple(names_in(text, models)), models, "field")
        for code in codes:
            yield sentence.mention("request", code.start, code.end, "icd10")
        yield from find_diagnoses(sentence)


def _billing_codes(text: str, passage: Passage, models: Path) -> Iterator[Mention]:
    """HCPCS codes that the lexicon knows, where a request names its product by them."""
    if EXAMPLE.search(text):
        return
    known = load_lexicon(models).hcpcs
    codes = [m for m in HCPCS.finditer(text) if m.group(0) in known]
    if len({known[m.group(0)].ingredient for m in codes}) == 1 and len({m.group(0) for m in codes}) == 1:
        sentence = read_sentence(text, passage.start, passage, (), models, "field")
        for m in codes:
            yield sentence.mention("request", m.start(), m.end(), "hcpcs")
