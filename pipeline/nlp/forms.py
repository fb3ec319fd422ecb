"""Forms: what their fields say of the request and of earlier therapy, and their free answers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.lexicon import fold, load_lexicon
from pipeline.nlp.cells import Filled, Pair, Row, rows_of
from pipeline.nlp.columns import kind_of_cell
from pipeline.nlp.diagnoses import find_codes, find_diagnoses
from pipeline.nlp.flares import CORTICOSTEROID, TAPERING
from pipeline.nlp.labels import HCPCS, ONLY_LENGTH, leaves_open
from pipeline.nlp.language import names_in, read_sentence
from pipeline.nlp.pairs import FORMS, is_asking, of_the_past
from pipeline.nlp.passages import NOTE_KINDS, Passage, heading_pattern, prose_passages
from pipeline.nlp.payers import LONGEST, insures
from pipeline.nlp.question_tables import answer_mentions, replied
from pipeline.nlp.treatment_tables import treatment_row
from pipeline.notation.dates import find_dates
from pipeline.notation.numbers import WORD
from pipeline.schema import Document, Mention, Page, PageKind, Span

THERAPY_COLUMNS = {
    "therapy_start": 1,
    "therapy_stop": 2,
    "therapy_dates": 3,
    "therapy_outcome": 4,
    "dose": 5,
    "dose_and_schedule": 5,
    "schedule": 6,
}
THERAPY_ROLES = {
    0: ["drug"],
    1: ["start"],
    2: ["stop"],
    3: ["dates"],
    4: ["outcome"],
    5: ["dose"],
    6: ["sig"],
}


def field_mentions(
    page: Page, index: int, document: Document, models: Path, pairs: Sequence[Pair]
) -> Iterator[Mention]:
    """Mentions of the request, of treatments and answers that the labels of a page state.

    `pairs` are those of `pairs_of`.
    """
    therapy: Row = {}
    passage = Passage(0, 0, "form", index, page.kind)
    for pair in _therapies_named(pairs, page, models):
        label, value = pair.label, pair.value
        kind = pair.kind
        reply = replied(value.text) if value else ""
        if value is not None and reply and (label.text.rstrip().endswith("?") or not kind):
            yield from answer_mentions(label, value, reply, "field", models)
            continue
        if (
            not kind
            and value is not None
            and any(n.kind == "drug" for n in names_in(label.text, models))
        ):
            if _tells_course(pair, page):
                continue  # read as prose
            listed = Passage(0, 0, "current_medications", index, page.kind)
            yield from treatment_row(
                {0: label, 6: value}, THERAPY_ROLES, listed, document, models, fills=False
            )
            continue
        if kind == "therapy_drug":
            yield from _therapy(therapy, passage, document, models)
            therapy = {0: value} if value else {-1: label}
            continue
        if 0 in therapy and value is not None and _counts_time(label, value):
            span = document.text[label.start : value.end]
            therapy[LABELLED_UNIT] = Filled(span, label.start, value.end)
            continue
        if therapy and kind == "length" and leaves_open(label.text):
            kind = "therapy_dates"
        length = kind == "therapy_dates" and not therapy and value and _is_length(label, value)
        if length and (page.kind in FORMS or is_asking(page, document, models)):
            kind = "length"  # "Duration: 12 months" of no treatment that was named before
        if therapy and kind in THERAPY_COLUMNS:
            if value is not None and 0 in therapy:
                column = THERAPY_COLUMNS[kind]
                therapy[column] = _joined(therapy.get(column), value, document)
            continue
        if therapy:
            yield from _therapy(therapy, passage, document, models)
            therapy = {}
        if value is not None and (kind != "payer" or _names_plan(label, value, page, models)):
            yield from request_mentions(kind, value, passage, models)
    yield from _therapy(therapy, passage, document, models)


def _is_length(label: Filled, value: Filled) -> bool:
    """Whether "Duration" or "Length" on a form asks how long the approval is to last."""
    return leaves_open(label.text) and ONLY_LENGTH.match(value.text) is not None


def _joined(first: Filled | None, second: Filled, document: Document) -> Filled:
    """Two answers of one kind that stand by each other ("Dates: ...  Duration: ...") as one."""
    if first is None or not 0 <= second.start - first.end < 40:
        return second
    return Filled(document.text[first.start : second.end], first.start, second.end)


def _therapies_named(pairs: Sequence[Pair], page: Page, models: Path) -> Iterator[Pair]:
    """ "Drug" or "Agent" once more, with how long and what came of it, is an earlier treatment.

    On a page that asks for nothing it is one the first time, too.
    """
    tried, asked = False, page.kind in NOTE_KINDS
    for pair, after in itertools.zip_longest(pairs, pairs[1:]):
        kind, following = pair.kind, after.kind if after else ""
        dated = after is not None and _is_course(after, models)
        if tried and _is_course(pair, models):
            pair = replace(pair, kind="therapy_dates")
        tried = kind == "drug" and asked and (following.startswith("therapy") or dated)
        if tried:
            pair = replace(pair, kind="therapy_drug")
        asked = asked or kind == "drug"
        yield pair


def _is_course(pair: Pair, models: Path) -> bool:
    """Whether a field of no known kind is answered with a course: from one day to another, or to now."""
    return (
        not pair.kind
        and pair.value is not None
        and kind_of_cell(pair.value.text, models) in ("dates", "duration")
    )


def _counts_time(label: Filled, value: Filled) -> bool:
    """Whether a label names the unit of which its answer is the bare number: "Weeks on it: 3"."""
    return (
        re.fullmatch(r"\W*\d{1,3}\W*", value.text) is not None
        and re.search(r"\b(?:days|weeks|wks|months|mos|years|yrs)\b", label.text, re.I) is not None
    )


LABELLED_UNIT = 8  # the column of a length whose unit its label names


def _therapy(row: Row, passage: Passage, document: Document, models: Path) -> Iterator[Mention]:
    if 0 not in row:
        return
    counted = row.pop(LABELLED_UNIT, None)
    for found in treatment_row(row, THERAPY_ROLES, passage, document, models, fills=False):
        told = {p.label for p in found.parts}
        if counted is not None and found.label == "medication" and "duration" not in told:
            lasted = counted.part("duration")
            found = found.model_copy(update={"parts": (*found.parts, lasted)})
        yield found


# What tells when: "as directed by the prescriber" does not.
TELLS_WHEN = re.compile(
    rf"\d|\b(?:{WORD}|once|twice|single|dai?ly|nightly|(?:bi-?)?weekly|fortnight\w*|monthly|quarterly|yearly|annual\w*|half-?year\w*|"
    r"days?|weeks?|months?|years?|induction|maintenance|loading|q\w{1,3})\b",
    re.IGNORECASE,
)
# What a vial holds is no dose: "500 mg/50 mL", "100 mg vial".
STRENGTH = re.compile(
    r"\s*(?:(?:/|per|in)\s*(?:\d[\d.,]*\s*)?mL\b|(?:single[\s-](?:dose|use)\s+|prefilled\s+)?"
    r"(?:vial|syringe|pen|ampoule|ampule|carton)s?\b)",
    re.IGNORECASE,
)
ON = re.compile(r"[\s,]+(?:on|at|in|every)$", re.IGNORECASE)


_NUMBER = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve)(?:\s*\(\w+\))?"
COUNTED = re.compile(
    rf"(?<![\w/.-]){_NUMBER}\s+(?:single\s+|loading\s+|maintenance\s+)?(?:infusions?|doses|injections|vials|cycles)\b(?!\s+(?:per|each|every|of|a)\b)",
    re.IGNORECASE,
)
# How long what is asked for lasts in all: "12 fills (1 year)", "for another 12 months".
IN_ALL = re.compile(
    rf"(?:\b(?:fills?|refills?|cycles?|doses?|infusions?)\s*\(|\b(?:for|over)\s+(?:another\s+|the\s+(?:next|coming)\s+)?)"
    rf"(?P<long>{_NUMBER}\s*(?:weeks?|months?|years?))\b\)?(?!\s+(?:then|and\s+then|followed))",
    re.IGNORECASE,
)


def request_mentions(kind: str, value: Filled, passage: Passage, models: Path) -> Iterator[Mention]:
    """What a field says of the request; a code tells by itself what it is, whatever the label."""
    sentence = read_sentence(value.text, value.start, passage, models, "field")

    def stated(label: str, start: int = 0, end: int | None = None, code: str = "") -> Mention:
        stop = len(value.text) if end is None else end
        mention = sentence.mention("request", start, stop, label)
        return mention.model_copy(update={"parts": (value.part("code", code),)} if code else {})

    known = load_lexicon(models).hcpcs
    products = [n for n in sentence.names if n.kind == "drug"] if kind == "drug" else []
    for name in products:
        yield stated("product", name.start, name.end, name.code)
    if kind not in ("therapy_outcome", "allergies"):
        for m in HCPCS.finditer(value.text):
            if m.group(0) in known or kind == "hcpcs":
                yield stated("hcpcs", m.start(), m.end(), m.group(0))
    doses = [d for d in sentence.doses if not STRENGTH.match(value.text, d.end)]
    spots = sentence.schedules or (sentence.frequencies if kind != "dose" else ())
    # "Order: 1,000 mg on day 1 and day 15" tells of the product that another field names.
    alone = bool(doses and spots) and doses[0].start < 3
    both = kind == "dose_and_schedule" or (kind == "drug" and (bool(products) or alone))
    if kind == "dose" and doses:
        yield stated("dose")
    elif doses and (both or (kind == "schedule" and spots)):
        times = [
            m.start for m in (*sentence.schedules, *sentence.frequencies) if m.start > doses[0].end
        ]
        before = value.text[: min(times, default=len(value.text))].rstrip(" ,;-")
        yield stated("dose", doses[0].start, max(len(ON.sub("", before)), doses[0].end))
    if kind == "schedule" and not (doses and spots) and TELLS_WHEN.search(value.text):
        yield stated("schedule")
    elif kind in ("schedule", "dose", "dose_and_schedule", "drug") and spots:
        yield stated("schedule", spots[0].start, spots[-1].end)
    if kind in ("icd10", "diagnosis", "hcpcs", "drug"):
        for code in find_codes(value.text, coded_place=kind == "icd10"):
            yield stated("icd10", code.start, code.end, code.code)
    if kind in ("icd10", "diagnosis"):
        yield from find_diagnoses(sentence, coded_place=kind == "icd10")
    if kind == "request_date" and sentence.dates:
        yield stated("request_date", sentence.dates[0].start, sentence.dates[0].end)
    if kind in ("drug", "quantity", "dose_and_schedule"):
        # "Carvykti, one infusion"; "28 / 28 days, 12 fills (1 year)"
        counted = COUNTED.search(value.text) if kind != "quantity" else None
        if counted is not None:
            yield stated("quantity", counted.start(), counted.end())
        lasts = IN_ALL.search(value.text)
        if lasts is not None:
            yield stated("length", lasts.start("long"), lasts.end("long"))
    if kind in ("quantity", "length") and re.search(r"\d|[A-Za-z]", value.text):
        yield stated(kind)
    is_form = re.search(r"\b(?:request|form|review|authori[sz]ation)\b", value.text, re.IGNORECASE)
    points = re.match(r"\s*(?:please\s+)?(?:see|per|as|refer)\b", value.text, re.IGNORECASE)
    if (
        kind == "payer"
        and not (is_form or points)
        and not any(n.kind == "drug" for n in sentence.names)
    ):
        yield stated("payer")  # "Plan: Ruxience" is what is planned


def _names_plan(label: Filled, value: Filled, page: Page, models: Path) -> bool:
    """ "Plan: ..." is of the insurer on forms and where one is named, in a note of what is planned."""
    insurer = re.search(r"insur|pay[eo]r|carrier|health|benefit|member", label.text, re.IGNORECASE)
    named = len(value.text) <= LONGEST and insures(value.text, models)
    return page.kind not in NOTE_KINDS or insurer is not None or named


READ_AS_PROSE = {"", "weight"}
SENTENCES = re.compile(r"[a-z\d)]\.\s+[A-Z]")


def _tells_course(pair: Pair, page: Page) -> bool:
    """Whether a note tells of the drug of a label in sentences with days, not by a sig alone."""
    label, value = pair.label, pair.value
    return (
        value is not None
        and page.kind in NOTE_KINDS
        and 0 <= value.start - label.end < 4
        and bool(find_dates(value.text))
        and SENTENCES.search(value.text) is not None
    )


def free_fields(page: Page, models: Path, pairs: Sequence[Pair]) -> Iterator[tuple[Span, str]]:
    """Fields whose words are read as prose, with their labels.

    "Current CK: 3120" is read with its label; of "Comment: ..." only the answer is the
    practice's.
    """
    for pair in pairs:
        label, value = pair.label, pair.value
        if value is None or re.match(r"(?:no|none|n/a)\W*$", value.text, re.I):
            continue
        kind = pair.kind
        headed = fold(label.text) in heading_pattern(models)[1]
        if page.kind in NOTE_KINDS and headed and not pair.in_table:
            continue  # a heading of a note: read with its paragraph
        if (
            not headed
            and kind not in READ_AS_PROSE
            and not re.match(r"(?:if\s+yes|comment|rationale|clinical)", label.text, re.I)
        ):
            continue
        if not kind and any(n.kind == "drug" for n in names_in(label.text, models)):
            if _tells_course(pair, page):
                yield Span(start=label.start, end=value.end), ""
            continue  # a drug with its sig: read as a treatment
        asked = {n.kind for n in names_in(label.text, models)}
        naming = (
            kind == "weight"
            or (
                "drug_class" in asked
                and not any(n.kind == "drug" for n in names_in(value.text, models))
            )
            or "lab" in asked
            or bool(re.search(r"strength|\bMRC\b|\bEMG\b|\bMRI\b|weight", label.text, re.I))
        )
        if naming and label.end <= value.start and value.start - label.end < 4:
            yield Span(start=label.start, end=value.end), ""
        else:
            yield Span(start=value.start, end=value.end), label.text


def drugs_asked(label: str, models: Path) -> tuple[tuple[str, str], ...]:
    """The drugs that a label asks about, (code, kind); a taper without a name is a corticosteroid's."""
    named = tuple(
        (n.code, n.kind) for n in names_in(label, models) if n.kind in ("drug", "drug_class")
    )
    tapered = re.search(rf"\b(?:{TAPERING})\b", label, re.IGNORECASE)
    return named or (((CORTICOSTEROID, "drug_class"),) if tapered else ())


EXAMPLE = re.compile(
    r"e\.g|such\s+as|example|for\s+instance|codes?\s+include|covered", re.IGNORECASE
)


def coded_lines(document: Document, models: Path) -> Iterator[Mention]:
    """ICD-10-CM codes that stand on a request form outside its fields, with the names beside them."""
    for passage in prose_passages(document, models):
        text = passage.text(document)
        if passage.kind not in (PageKind.LABORATORY, PageKind.IMAGING, PageKind.FILLS):
            yield from _billing_codes(text, passage, models)
        if passage.kind is not PageKind.REQUEST or EXAMPLE.search(text) or len(text) > 120:
            continue
        codes = find_codes(text)
        if not codes:
            continue
        sentence = read_sentence(text, passage.start, passage, models, "field")
        for code in codes:
            yield sentence.mention("request", code.start, code.end, "icd10")
        yield from find_diagnoses(sentence)


def coded_cells(page: Page, index: int, document: Document, models: Path) -> Iterator[Mention]:
    """Billing codes that a form's tables print beside the product, in its cell: "Truxima Q5115"."""
    passage = Passage(0, 0, "form", index, page.kind)
    for table in page.tables if page.kind in FORMS else ():
        rows = rows_of(table, document)
        for row in rows:
            beside = " ".join(cell.text for cell in row.values())
            for column, cell in row.items():
                head = rows[0].get(column)
                names = {n.code for n in names_in(cell.text, models) if n.kind == "drug"}
                billed = load_lexicon(models).hcpcs
                codes = [m for m in HCPCS.finditer(cell.text) if m.group(0) in billed]
                told = of_the_past(beside) or (head is not None and of_the_past(head.text))
                if told or len(codes) != 1 or names != {billed[codes[0].group(0)].ingredient}:
                    continue
                sentence = read_sentence(cell.text, cell.start, passage, models, "field")
                yield sentence.mention("request", codes[0].start(), codes[0].end(), "hcpcs")


def _was_given(before: str) -> bool:
    """Whether what stands before a code labels it as of the past: "Prior biologic: Truxima Q5115"."""
    label = re.search(r"(?:^|[\n.;])([^\n.;:]{3,60}):[^\n.;]*$", before)
    return label is not None and of_the_past(label[1])


def _billing_codes(text: str, passage: Passage, models: Path) -> Iterator[Mention]:
    """HCPCS codes that the lexicon knows, where a request names its product by them."""
    if EXAMPLE.search(text):
        return
    known = load_lexicon(models).hcpcs
    codes = [
        m for m in HCPCS.finditer(text) if m.group(0) in known and not _was_given(text[: m.start()])
    ]
    if (
        len({known[m.group(0)].ingredient for m in codes}) == 1
        and len({m.group(0) for m in codes}) == 1
    ):
        sentence = read_sentence(text, passage.start, passage, models, "field")
        for m in codes:
            yield sentence.mention("request", m.start(), m.end(), "hcpcs")
