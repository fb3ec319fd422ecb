"""Forms: what is requested, previous therapy in fields, questions with boxes, free fields."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pipeline.lexicon import fold, load_lexicon, read_table
from pipeline.nlp.answers import MARK, REPLY
from pipeline.nlp.cues import find_cues, load_cues
from pipeline.nlp.diagnoses import find_codes, find_diagnoses
from pipeline.nlp.expressions import find_dates, find_doses
from pipeline.nlp.language import names_in, read_sentence
from pipeline.nlp.medications import Focus, find_medications
from pipeline.nlp.passages import NOTE_KINDS, Passage, heading_pattern, prose_passages
from pipeline.nlp.tables import Filled, Row, answer_mentions, rows_of, topics_of, treatment_row
from pipeline.schema import (
    BlockKind,
    Checkbox,
    Document,
    Mention,
    Page,
    PageKind,
    Span,
    Table,
    Tick,
)

HCPCS = re.compile(r"(?<![A-Za-z0-9])[JQCA]\d{4}(?![0-9])")
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
    parts = [p for p in re.split(r"(?:\s*(?:/|&|,|\band\b|\bor\b))+\s*", plain) if p]
    kinds = {labels.get(part, "") for part in parts if part not in SAYS_NOTHING}
    return next((kind for kind, of in COMPOSITE.items() if kinds and kinds <= of), "")


# "Drug and HCPCS", "Dose, route", "Diagnosis and ICD-10-CM": what a field of several parts is.
SAYS_NOTHING = {"route", "quantity", "qty", "form", "units", "name"}
COMPOSITE = {
    "dose": {"dose"},
    "schedule": {"schedule"},
    "dose_and_schedule": {"dose", "schedule", "dose_and_schedule"},
    "icd10": {"icd10", "diagnosis"},
    "hcpcs": {"hcpcs"},
    "drug": {"drug", "hcpcs", "dose", "schedule", "dose_and_schedule"},
}


def _filled(span: Span, document: Document) -> Filled:
    return Filled(document.text[span.start : span.end], span.start, span.end)


@dataclass(frozen=True)
class Pair:
    """A label and what stands beside it; `value` is None when the place is empty.

    Attributes:
        kind: The kind of field where its place tells it, not its label: "Name" under "Drug".
    """

    label: Filled
    value: Filled | None
    in_table: bool = False
    kind: str = ""


def pairs_of(page: Page, document: Document, models: Path) -> list[Pair]:
    """Labels and values of a page, from its fields, its tables of labels, and lines "Label: value"."""
    bare = list(_bare_pairs(page, document, models))
    found = [
        Pair(_filled(f.label, document), _filled(f.value, document) if f.value else None)
        for f in page.fields
        if not any(f.label.start <= b.label.start < f.label.end for b in bare)
    ]
    for table in page.tables:
        if page.kind is PageKind.REQUEST:
            found += _service_lines(table, document, models)
        found += _table_pairs(table, document, models)
    found += _line_pairs(page, document, models)
    found += bare
    found = [_by_heading(pair, page, document, models) for pair in found]
    return sorted(found, key=lambda pair: pair.label.start)


def _by_heading(pair: Pair, page: Page, document: Document, models: Path) -> Pair:
    """ "Name" under the heading "B. Drug" is that of the drug."""
    if fold(pair.label.text).strip(" :") not in PART_OF_HEADING:
        return pair
    above = [b for b in page.blocks if b.kind is BlockKind.HEADING and b.end <= pair.label.start]
    if not above:
        return pair
    heading = document.text[above[-1].start : above[-1].end]
    kind = kind_of(re.sub(r"^\s*[A-Z][.)]\s+", "", heading), models)
    return replace(pair, kind=kind) if kind in ("drug", "diagnosis") else pair


PART_OF_HEADING = ("name", "text", "description")


def _service_lines(table: Table, document: Document, models: Path) -> Iterator[Pair]:
    """Lines of service: heads "Code, Description, Dose, Frequency", a billed product in each row."""
    rows = rows_of(table, document)
    kinds = {c: kind_of(cell.text, models) for c, cell in rows[0].items()} if rows else {}
    if "hcpcs" not in kinds.values() or any(k.startswith("therapy") for k in kinds.values()):
        return
    for row in rows[1:]:
        if not any(kinds.get(c) == "hcpcs" and HCPCS.search(cell.text) for c, cell in row.items()):
            continue
        for column, cell in row.items():
            kind = kinds.get(column, "")
            if kind == "diagnosis" and not find_codes(cell.text):  # "Description" of the product:
                unit = re.search(r"\s*,?\s*\d", cell.text)  # a strength there is what is billed
                end = unit.start() if unit else len(cell.text)
                kind, cell = "drug", Filled(cell.text[:end], cell.start, cell.start + end)
            if kind in REQUEST_KINDS and column in rows[0]:
                yield Pair(rows[0][column], cell, in_table=True, kind=kind)


@cache
def _bare_label(models: Path) -> re.Pattern[str]:
    """A label that is known, at the start of what stands apart in a line, before its value."""
    names = [label for label, kind in load_labels(models).items() if kind in BARE_KINDS]
    names += PART_OF_HEADING
    listed = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))
    return re.compile(rf"\s*(?P<label>{listed})\s+(?P<value>[^\s:].{{0,79}}?)\s*$", re.IGNORECASE)


REQUEST_KINDS = {
    "drug",
    "hcpcs",
    "dose",
    "dose_and_schedule",
    "schedule",
    "icd10",
    "diagnosis",
    "request_date",
    "payer",
}
BARE_KINDS = REQUEST_KINDS - {"payer"}  # the name of a plan cannot be told from other words
SCHEDULED = re.compile(
    r"\d|\b(?:daily|weekly|monthly|once|twice|every|day|week|month)", re.IGNORECASE
)


def _bare_pairs(page: Page, document: Document, models: Path) -> Iterator[Pair]:
    """ "Drug Ruxience   HCPCS Q5119" on the lines of a form to be filled in, without a colon.

    A value counts that is of the kind of its label: a drug, a code, a date.
    """
    if page.kind not in (PageKind.REQUEST, PageKind.ORDER):
        return
    for block in page.blocks:
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.FORM, BlockKind.HEADING):
            continue
        for part in re.finditer(r"[^\t\n]+", document.text[block.start : block.end]):
            m = _bare_label(models).match(part.group(0))
            if m is None or not m["label"][0].isupper():
                continue
            start = block.start + part.start()
            pair = Pair(
                Filled(m["label"], start + m.start("label"), start + m.end("label")),
                Filled(m["value"], start + m.start("value"), start + m.end("value")),
            )
            pair = _by_heading(pair, page, document, models)
            if _is_of_kind(pair.kind or kind_of(m["label"], models), m["value"], models):
                yield pair


def _is_of_kind(kind: str, value: str, models: Path) -> bool:
    """Whether a value is such as a field of a kind holds."""
    if kind in ("drug", "diagnosis"):
        return any(n.kind == kind and n.start < 3 for n in names_in(value, models))
    if kind == "hcpcs":
        return HCPCS.match(value) is not None
    if kind == "icd10":
        codes = find_codes(value, coded_place=True)
        return bool(codes) and codes[0].start < 3
    if kind in ("dose", "dose_and_schedule"):
        return any(d.start < 3 for d in find_doses(value))
    if kind == "schedule":
        return SCHEDULED.search(value) is not None
    return kind == "request_date" and any(d.start < 3 for d in find_dates(value))


def is_label_table(table: Table, document: Document, models: Path) -> bool:
    """Whether a table's cells are labels with their values beside them."""
    return len(_table_pairs(table, document, models)) >= 3


def _table_pairs(table: Table, document: Document, models: Path) -> list[Pair]:
    """Cells of label columns take the cell to their right; "DRUG: Rituxan" holds both.

    A column is one of labels when half of its cells are labels that are known; a table of data
    has its labels in one row only.
    """
    rows = rows_of(table, document)
    known: dict[int, list[bool]] = {}
    inline = 0
    for row in rows:
        for column, cell in row.items():
            known.setdefault(column, []).append(bool(kind_of(cell.text, models)))
            inline += _split_label(cell, models) is not None
    labels = {
        c
        for c, told in known.items()
        if sum(told) * 2 >= len(told) and sum(told) >= min(2, len(rows))
    }
    found: list[Pair] = []
    for row in rows:
        for column in sorted(row):
            pair = _split_label(row[column], models) if inline * 2 >= sum(map(len, rows)) else None
            following = row.get(column + 1)
            if pair is not None:
                found.append(pair)
            elif column in labels and following is not None and column + 1 not in labels:
                found.append(Pair(row[column], following, in_table=True))
    return found


LABEL = re.compile(
    r"\s*(?P<label>[A-Za-z][A-Za-z0-9 /&().'-]{0,45}?)[ ]*(?::|\.{3,}|\u2026|\t)\s*(?P<value>\S.*)",
    re.DOTALL,
)


def _split_label(cell: Filled, models: Path) -> Pair | None:
    """ "Drug: Truxima" and "Diagnosis ...... M33.20" as label and value, for labels that are known."""
    m = LABEL.match(cell.text)
    if m is None or not kind_of(m["label"], models):
        return None
    value = m["value"].strip().rstrip("|").rstrip()
    label = Filled(m["label"], cell.start + m.start("label"), cell.start + m.end("label"))
    return Pair(
        label,
        Filled(value, cell.start + m.start("value"), cell.start + m.start("value") + len(value)),
    )


# A line "Dose: ..." is of the requested drug on the request itself only.
DOSING = {"schedule", "dose", "dose_and_schedule"}


def _line_pairs(page: Page, document: Document, models: Path) -> Iterator[Pair]:
    """Paragraphs "Label: value" of requests that were not read as fields."""
    if page.kind in (PageKind.LABORATORY, PageKind.IMAGING, PageKind.FILLS):
        return
    for block in page.blocks:
        if (
            block.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING)
            or block.end - block.start > 160
        ):
            continue
        text = document.text[block.start : block.end].rstrip()
        apart = _apart(text, block.start, models) if page.kind is PageKind.REQUEST else None
        if apart is not None:
            yield apart
            continue
        pair = _split_label(Filled(text, block.start, block.start + len(text)), models)
        if (
            pair is not None
            and kind_of(pair.label.text, models)
            in REQUEST_KINDS
            - (set() if page.kind in (PageKind.REQUEST, PageKind.ORDER) else DOSING)
            and (
                page.kind is not PageKind.NOTE
                or kind_of(pair.label.text, models)
                in (
                    "drug",
                    "hcpcs",
                    "request_date",
                )
            )
        ):
            yield pair


def _apart(text: str, start: int, models: Path) -> Pair | None:
    """A line "question, gap, answer" of a form, about a drug or answered yes or no.

    Other words that stand beside each other may be the captions of two boxes.
    """
    label, gap, value = text.partition("\t")
    if not gap or "\n" in text or "\t" in value:
        return None
    kind = kind_of(label, models)
    if kind and not kind.startswith("therapy"):
        return None
    about = {n.kind for n in names_in(value, models)}
    asked = {n.kind for n in names_in(label, models)} & {"drug", "drug_class"}
    told = re.search(r"\d", value) or find_cues(
        value, load_cues(models, "treatment_cues.csv", "kind", "code")
    )
    replied = re.fullmatch(r"(?:yes|no)\W*", value, re.IGNORECASE)
    if not (kind or replied or "drug" in about or (asked and told)):
        return None
    left, right = len(label), len(label) + 1
    return Pair(Filled(label, start, start + left), Filled(value, start + right, start + len(text)))


def field_mentions(page: Page, index: int, document: Document, models: Path) -> Iterator[Mention]:
    """Mentions of the request, of treatments and answers that the labels of a page state."""
    therapy: Row = {}
    passage = Passage(0, 0, "form", index, page.kind)
    for pair in _therapies_named(pairs_of(page, document, models), models):
        label, value = pair.label, pair.value
        kind = pair.kind or kind_of(label.text, models)
        reply = re.match(r"(yes|no)\b", value.text, re.IGNORECASE) if value else None
        if value is not None and reply and (label.text.rstrip().endswith("?") or not kind):
            yield from answer_mentions(label, value, reply.group(1).lower(), "field", models)
            continue
        if (
            not kind
            and value is not None
            and any(n.kind == "drug" for n in names_in(label.text, models))
        ):
            listed = Passage(0, 0, "current_medications", index, page.kind)
            yield from treatment_row(
                {0: label, 6: value}, THERAPY_ROLES, listed, document, models, fills=False
            )
            continue
        if kind == "therapy_drug":
            yield from _therapy(therapy, passage, document, models)
            therapy = {0: value} if value else {-1: label}
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


def _therapies_named(pairs: list[Pair], models: Path) -> Iterator[Pair]:
    """ "Drug" or "Agent" once more, with how long and what came of it, is an earlier treatment."""
    asked = False
    for pair, after in itertools.zip_longest(pairs, pairs[1:]):
        kind = pair.kind or kind_of(pair.label.text, models)
        following = (after.kind or kind_of(after.label.text, models)) if after else ""
        if kind == "drug" and asked and following.startswith("therapy"):
            pair = replace(pair, kind="therapy_drug")
        asked = asked or kind == "drug"
        yield pair


def _therapy(row: Row, passage: Passage, document: Document, models: Path) -> Iterator[Mention]:
    if 0 in row:
        yield from treatment_row(row, THERAPY_ROLES, passage, document, models, fills=False)


def _request(kind: str, value: Filled, passage: Passage, models: Path) -> Iterator[Mention]:
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
    if kind == "dose" and sentence.doses:
        yield stated("dose")
    elif (kind == "dose_and_schedule" or (products and kind == "drug")) and sentence.doses:
        times = [
            m.start
            for m in (*sentence.schedules, *sentence.frequencies)
            if m.start > sentence.doses[0].end
        ]
        before = value.text[: min(times, default=len(value.text))].rstrip(" ,;-")
        yield stated("dose", sentence.doses[0].start, max(len(before), sentence.doses[0].end))
    spots = sentence.schedules or (sentence.frequencies if kind != "dose" else ())
    if kind == "schedule" and re.search("[A-Za-z]", value.text):
        yield stated("schedule")
    elif kind in ("dose", "dose_and_schedule", "drug") and spots:
        yield stated("schedule", spots[0].start, spots[-1].end)
    if kind in ("icd10", "diagnosis", "hcpcs", "drug"):
        for code in find_codes(value.text, coded_place=kind == "icd10"):
            yield stated("icd10", code.start, code.end, code.code)
    if kind in ("icd10", "diagnosis"):
        yield from find_diagnoses(sentence, coded_place=kind == "icd10")
    if kind == "request_date" and sentence.dates:
        yield stated("request_date", sentence.dates[0].start, sentence.dates[0].end)
    if kind == "payer" and not any(n.kind == "drug" for n in sentence.names):
        yield stated("payer")  # "Plan: Ruxience" is what is planned


READ_AS_PROSE = {"", "weight"}


def free_fields(page: Page, document: Document, models: Path) -> Iterator[tuple[Span, str]]:
    """Fields whose words are read as prose, with their labels.

    "Current CK: 3120" is read with its label; of "Comment: ..." only the answer is the
    practice's.
    """
    for pair in pairs_of(page, document, models):
        label, value = pair.label, pair.value
        if value is None or re.match(r"(?:no|none|n/a)\W*$", value.text, re.I):
            continue
        kind = pair.kind or kind_of(label.text, models)
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


def checkbox_mentions(
    page: Page, index: int, document: Document, models: Path
) -> Iterator[Mention]:
    """Answers that ticked, empty and unreadable boxes give, and products they request."""
    groups: dict[object, list[Checkbox]] = {}
    for number, box in enumerate(page.checkboxes):
        groups.setdefault(box.group if box.group is not None else f"single {number}", []).append(
            box
        )
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
    value = (
        "unreadable" if unreadable else {"y": "yes", "n": "no"}[ticked[0]] if ticked else "blank"
    )
    answer = states[ticked[0]].label if ticked and not unreadable else None
    yield from answer_mentions(
        question, _filled(answer, document) if answer else None, value, "checkbox", models
    )


def _statement(
    box: Checkbox, page: Page, index: int, document: Document, models: Path
) -> Iterator[Mention]:
    """A box beside a statement, product, dose or code: only a tick says something."""
    if box.label is None or box.state is Tick.EMPTY:
        return
    label = _filled(box.label, document)
    passage = Passage(0, 0, "form", index, page.kind)
    asking = page.kind in (PageKind.REQUEST, PageKind.ORDER, PageKind.COVER)
    if (
        box.state is Tick.TICKED
        and asking
        and not re.search(r"tried|failed|prior|previous|intoleran", label.text, re.I)
    ):
        found = list(_ordered(label, passage, models))
        if found:
            yield from found
            return
    if re.search(r"attached|enclosed|included|sent", label.text, re.I) or not topics_of(
        label.text, models
    ):
        return
    value = "yes" if box.state is Tick.TICKED else "unreadable"
    yield from answer_mentions(label, None, value, "checkbox", models)


def _ordered(label: Filled, passage: Passage, models: Path) -> Iterator[Mention]:
    """What a ticked box orders: a billed product, its dose and days, a diagnosis code, another drug."""
    lexicon = load_lexicon(models)
    billed = {row.ingredient for row in lexicon.hcpcs.values()}
    sentence = read_sentence(label.text, label.start, passage, models, "checkbox")
    drugs = [n for n in sentence.names if n.kind == "drug"]
    if any(n.code in billed for n in drugs) or HCPCS.search(label.text):
        yield from _request("drug", label, passage, models)
    elif find_codes(label.text):
        yield from _request("icd10", label, passage, models)
    elif (
        not drugs
        and sentence.doses
        and (sentence.schedules or sentence.frequencies or sentence.routes)
    ):
        yield from _request("dose_and_schedule", label, passage, models)
    elif drugs and sentence.doses:
        order = replace(sentence, passage=replace(passage, section="premedication"))
        yield from find_medications(order, Focus())


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


def _billing_codes(text: str, passage: Passage, models: Path) -> Iterator[Mention]:
    """HCPCS codes that the lexicon knows, where a request names its product by them."""
    if EXAMPLE.search(text):
        return
    known = load_lexicon(models).hcpcs
    codes = [m for m in HCPCS.finditer(text) if m.group(0) in known]
    if (
        len({known[m.group(0)].ingredient for m in codes}) == 1
        and len({m.group(0) for m in codes}) == 1
    ):
        sentence = read_sentence(text, passage.start, passage, models, "field")
        for m in codes:
            yield sentence.mention("request", m.start(), m.end(), "hcpcs")


def written_answers(document: Document, models: Path) -> Iterator[Mention]:
    """Questions in running text with marks typed or read as "[X] Yes [ ] No", or "...: No"."""
    for passage in prose_passages(document, models):
        text = passage.text(document)
        for line in re.finditer(r"[^\n]+", text):
            yield from _written_answer(line.group(0), passage.start + line.start(), models)


def _written_answer(line: str, start: int, models: Path) -> Iterator[Mention]:
    told = REPLY.match(line)
    if told is not None:
        asked = Filled(told["asked"], start + told.start("asked"), start + told.end("asked"))
        answer = Filled(told["reply"], start + told.start("reply"), start + told.end("reply"))
        yield from answer_mentions(asked, answer, told["reply"].lower(), "prose", models)
        return
    question, sign, rest = line.partition("?")
    marks = list(MARK.finditer(rest))
    if not sign or not any(m["word"] for m in marks):
        return
    ticked = {m["word"].lower() for m in marks if m["word"] and m["tick"]}
    value = ticked.pop() if len(ticked) == 1 else "unreadable" if ticked else "blank"
    asked = Filled(question, start, start + len(question))
    given = rest[: marks[-1].end()].lstrip()
    end = start + len(question) + 1 + marks[-1].end()
    answer = Filled(given, end - len(given), end)
    yield from answer_mentions(asked, answer, value, "prose", models)
