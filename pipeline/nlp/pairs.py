"""Labels and what stands beside, below or behind them: fields, tables of labels, lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.lexicon import fold
from pipeline.nlp.cells import Filled, Pair, Row, filled, lines_in, rows_of
from pipeline.nlp.cues import find_cues, load_cues
from pipeline.nlp.diagnoses import find_codes
from pipeline.nlp.labels import (
    HCPCS,
    ONLY_LENGTH,
    REQUEST_KINDS,
    inner_labels,
    is_answer,
    is_of_kind,
    kind_of,
    kind_of_pair,
    leaves_open,
)
from pipeline.nlp.language import names_in
from pipeline.nlp.titles import titles
from pipeline.nlp.unmarked import PART_OF_HEADING, unmarked_pairs
from pipeline.schema import Block, BlockKind, Document, Page, PageKind, Table, Tick


def pairs_of(page: Page, document: Document, models: Path) -> list[Pair]:
    """Labels and values of a page, from its fields, its tables of labels, and lines "Label: value"."""
    bare = [
        pair
        for pair in unmarked_pairs(page, document, models)
        if _is_answered(pair, page, document, models)
    ]
    found = [
        Pair(filled(f.label, document), filled(f.value, document) if f.value else None)
        for f in page.fields
        if not any(f.label.start <= b.label.start < f.label.end for b in bare)
    ]
    for table in page.tables:
        if page.kind in FORMS:
            found += _service_lines(table, document, models)
            found += _coded_rows(table, document, models)
        found += _table_pairs(table, page, document, models)
    found += _line_pairs(page, document, models)
    found += bare
    found = [part for pair in found for part in _unfolded(pair, models)]
    found = [_marked(pair, page, document) for pair in found if not _asks(pair, page)]
    found = [_told(pair, page, document, models) for pair in found]
    unique = {(pair.label.start, pair.kind): pair for pair in reversed(found)}
    return sorted(unique.values(), key=lambda pair: pair.label.start)


FORMS = (PageKind.REQUEST, PageKind.ORDER, PageKind.COVER)


def _is_answered(pair: Pair, page: Page, document: Document, models: Path) -> bool:
    """Whether what stands by a label is such as it asks for: a drug, a code, a date."""
    kind = _told(pair, page, document, models).kind.replace("therapy_drug", "drug")
    return pair.value is not None and is_answer(kind, pair.value.text, models)


def _asks(pair: Pair, page: Page) -> bool:
    """Whether what seems an answer holds questions with boxes: the printed wording of the form."""
    value = pair.value
    return value is not None and any(
        box.question is not None and value.start <= box.question.start < value.end
        for box in page.checkboxes
    )


def _marked(pair: Pair, page: Page, document: Document) -> Pair:
    """A pair whose value is a row of options with their boxes: what stands at an empty one is not said."""
    value = pair.value
    if value is None:
        return pair
    inside = [
        (box.label, box.state)
        for box in page.checkboxes
        if box.label is not None and value.start <= box.label.start < box.label.end <= value.end
    ]
    empty = sorted((label.start, label.end) for label, state in inside if state is Tick.EMPTY)
    if not empty:
        return pair
    starts = [value.start, *(end for _, end in empty)]
    ends = [*(start for start, _ in empty), value.end]
    for start, end in zip(starts, ends, strict=True):
        if any(start <= at.start < end for at, state in inside if state is Tick.TICKED):
            text = document.text[start:end]
            start += len(text) - len(text.lstrip())
            return replace(pair, value=Filled(text.strip(), start, start + len(text.strip())))
    return replace(pair, value=None)


def _unfolded(pair: Pair, models: Path) -> Iterator[Pair]:
    """A pair, and those whose labels stand within its value: "Drug: X  Dates: ...  Outcome: ..."."""
    value = pair.value
    if value is None or pair.kind:
        yield pair
        return
    labels = list(inner_labels(value.text, models))
    ends = [start for start, _ in labels] + [len(value.text)]
    before = value.text[: ends[0]].rstrip()
    yield replace(
        pair, value=Filled(before, value.start, value.start + len(before)) if before else None
    )
    for (start, colon), end in zip(labels, ends[1:], strict=True):
        told = value.text[colon + 1 : end].strip()
        at = value.start + value.text.index(told, colon + 1)
        label = Filled(value.text[start:colon], value.start + start, value.start + colon)
        yield Pair(label, Filled(told, at, at + len(told)) if told else None, pair.in_table)


def _told(pair: Pair, page: Page, document: Document, models: Path) -> Pair:
    """A pair with its kind: by label and answer, else by the heading that it stands under.

    "Name" under the heading "B. Drug" is that of the drug; a drug under "Previously tried", or of
    the label "Prior biologic", is one that was tried.
    """
    value = pair.value.text if pair.value is not None else ""
    kind = pair.kind or kind_of_pair(pair.label.text, value, models)
    heading = heading_over(page, document, pair.label.start)
    if fold(pair.label.text).strip(" :") in PART_OF_HEADING:
        named = kind_of(re.sub(r"^\s*[A-Z][.)]\s+", "", heading.text), models) if heading else ""
        kind = named if named in ("drug", "diagnosis") else kind
    past = of_the_past(pair.label.text) or (
        heading is not None
        and of_the_past(heading.text)
        and REQUESTED.search(pair.label.text) is None
    )
    if kind == "drug" and past:
        kind = "therapy_drug"
    if kind == "length" and past:
        kind = "therapy_dates"
    return replace(pair, kind=kind)


def heading_over(page: Page, document: Document, offset: int) -> Filled | None:
    """What heads a place of a page: the last heading before it, or line that ends in a colon."""
    found = None
    for block in page.blocks:
        if block.end > offset:
            break
        text = document.text[block.start : block.end].strip()
        if block.kind is BlockKind.HEADING or _heads(block, text):
            found = Filled(text, block.start, block.start + len(text))
    return found


def _heads(block: Block, text: str) -> bool:
    """Whether a line of prose heads what follows: it ends in a colon, or names past treatment."""
    if block.kind is not BlockKind.PARAGRAPH or len(text) > 200 or re.search(r"\d", text[4:]):
        return False
    return text.endswith(":") or (len(text) < 90 and text[-1:] not in ".;," and of_the_past(text))


REQUESTED = re.compile(r"\brequest", re.IGNORECASE)
PAST = re.compile(
    r"\b(?:tried|trials?|fail\w*|previous\w*|prior(?![\s-]+(?:auth|approv|review|to))|past|earlier|history"
    r"|intoleran\w*|contra-?indicat\w*|tolerated|discontinued|used\s+before)\b",
    re.IGNORECASE,
)


def of_the_past(heading: str) -> bool:
    """Whether a heading or question is about treatments of the past, not what is requested."""
    return PAST.search(heading) is not None


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


def is_label_table(table: Table, page: Page, document: Document, models: Path) -> bool:
    """Whether a table's cells are labels with their values beside them."""
    return len(_table_pairs(table, page, document, models)) >= 3


def _table_pairs(table: Table, page: Page, document: Document, models: Path) -> list[Pair]:
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
    within = page.kind in FORMS or inline * 2 >= sum(map(len, rows))
    found: list[Pair] = []
    for row in rows:
        for column in sorted(row):
            pair = None
            if within:
                cell = row[column]
                pair = _split_label(cell, models) or _captioned(cell, page, document, models)
            following = row.get(column + 1)
            if pair is not None:
                found.append(pair)
            elif column in labels and following is not None and column + 1 not in labels:
                found.append(Pair(row[column], following, in_table=True))
                found += _codes_behind(row, column, labels)
    return found


def _captioned(cell: Filled, page: Page, document: Document, models: Path) -> Pair | None:
    """A cell whose first line is the label of what stands below it, as boxes of forms are filled."""
    first, *rest = lines_in(cell, page, document)
    if not rest:
        return None
    value = document.text[rest[0].start : cell.end].strip()
    kind = kind_of(first.text, models)
    if kind not in REQUEST_KINDS or not is_answer(kind, value, models):
        return None
    return Pair(first, Filled(value, rest[0].start, rest[0].start + len(value)), in_table=True)


def _codes_behind(row: Row, column: int, labels: set[int]) -> Iterator[Pair]:
    """Codes in cells of their own behind the answer: "Drug and code | Truxima | Q5115"."""
    at = column + 2
    while at in row and at not in labels:
        cell = row[at]
        codes = find_codes(cell.text, coded_place=True)
        if HCPCS.fullmatch(cell.text):
            yield Pair(row[column], cell, in_table=True, kind="hcpcs")
        elif len(codes) == 1 and codes[0].end - codes[0].start >= len(cell.text) - 2:
            yield Pair(row[column], cell, in_table=True, kind="icd10")
        at += 1


def _coded_rows(table: Table, document: Document, models: Path) -> Iterator[Pair]:
    """Rows that hold a diagnosis code in a cell of its own, whatever heads the columns."""
    for row in rows_of(table, document):
        for column, cell in sorted(row.items()):
            codes = find_codes(cell.text, coded_place=True)
            if len(codes) != 1 or codes[0].end - codes[0].start < len(cell.text) - 2:
                continue
            named = row.get(column + 1)
            if named is None or not any(
                n.kind == "diagnosis" for n in names_in(named.text, models)
            ):
                named = cell
            label = row.get(column - 1, cell)
            text = document.text[cell.start : named.end]
            yield Pair(label, Filled(text, cell.start, named.end), in_table=True, kind="icd10")


LABEL = re.compile(
    r"\s*(?P<label>[A-Za-z][A-Za-z0-9 /&().'-]{0,45}?)[ ]*(?::|\.{3,}|\u2026|\t)\s*(?P<value>\S.*)",
    re.DOTALL,
)


# "What is the diagnosis? Polymyositis": the answer stands behind the question.
QUESTION = re.compile(
    r"\s*(?:\d+[.)]\s*)?(?P<label>(?:what|which|how|for\s+wh|please|name|state)\b[^?:\n]{3,90})[?:]\s*(?P<value>\S.*)",
    re.DOTALL | re.IGNORECASE,
)


def _split_label(cell: Filled, models: Path) -> Pair | None:
    """ "Drug: Truxima" and "Diagnosis ...... M33.20" as label and value, for labels that are known."""
    m = LABEL.match(cell.text)
    if m is None or not kind_of(m["label"], models):
        m = QUESTION.match(cell.text)
    if m is None or not kind_of_pair(m["label"], m["value"], models):
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
        if pair is not None and _says_so(pair, page, document, models):
            yield pair


def is_asking(page: Page, document: Document, models: Path) -> bool:
    """Whether a page of no known kind asks as forms do: a line names the code of a product, or the drug.

    Its title may do so, too.
    """
    if page.kind is not PageKind.OTHER:
        return False
    if any(titles(page, document, models)):
        return True
    asked = re.compile(r"\s*(?P<label>[^\n\t:?]{3,60})[:?\t]\s*(?P<value>[^\n]+)")
    found = asked.finditer(document.text, page.start, page.end)
    return (
        any(
            kind in ("drug", "hcpcs") and is_of_kind(kind, m["value"], models)
            for m in found
            for kind in [kind_of_pair(m["label"].strip(), m["value"], models)]
        )
        or any(
            box.label is not None and HCPCS.search(document.text[box.label.start : box.label.end])
            for box in page.checkboxes
        )
        or bool(unmarked_pairs(page, document, models))
    )


def _says_so(pair: Pair, page: Page, document: Document, models: Path) -> bool:
    """Whether a line of a page of this kind may state what is requested."""
    kind = kind_of_pair(pair.label.text, pair.value.text if pair.value else "", models)
    if page.kind in (PageKind.REQUEST, PageKind.ORDER) or is_asking(page, document, models):
        # "Duration: 12 months" may be of what is asked for, where no treatment stands before it.
        lasts = kind == "therapy_dates" and leaves_open(pair.label.text)
        told = lasts and pair.value is not None and ONLY_LENGTH.match(pair.value.text)
        return kind in REQUEST_KINDS or bool(told)
    if page.kind is PageKind.NOTE:
        return kind in ("drug", "hcpcs", "request_date")
    return kind in REQUEST_KINDS - DOSING


QUESTION_NUMBER = re.compile(r"\s*(?:question\s+|q)?\d{1,2}\s*[.):]\s*[A-Za-z]", re.IGNORECASE)


def _apart(text: str, start: int, models: Path) -> Pair | None:
    """A line "question, gap, answer" of a form, about a drug or answered yes or no.

    Other words that stand beside each other may be the captions of two boxes, where no number
    leads them as a question.
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
    numbered = QUESTION_NUMBER.match(label) and len(value.split()) > 2
    if not (kind or replied or "drug" in about or (asked and told) or numbered):
        return None
    left, right = len(label), len(label) + 1
    return Pair(Filled(label, start, start + left), Filled(value, start + right, start + len(text)))
