"""Boxes to tick and questions answered yes or no: what a tick orders, tells or answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.lexicon import load_lexicon
from pipeline.nlp.answers import MARK, REPLY
from pipeline.nlp.cells import Filled, filled, row_span, rows_of
from pipeline.nlp.diagnoses import find_codes
from pipeline.nlp.forms import request_mentions
from pipeline.nlp.labels import HCPCS
from pipeline.nlp.language import names_in, read_sentence
from pipeline.nlp.medications import Focus, find_medications
from pipeline.nlp.organs import spared
from pipeline.nlp.pairs import FORMS, heading_over, is_asking, of_the_past
from pipeline.nlp.passages import Passage, prose_passages
from pipeline.nlp.question_tables import answer_mentions, topics_of
from pipeline.nlp.statements import outcome_asked
from pipeline.notation.dates import find_dates
from pipeline.schema import Cell, Checkbox, Document, Mention, Page, Span, Table, Tick


def checkbox_mentions(
    page: Page, index: int, document: Document, models: Path
) -> Iterator[Mention]:
    """Answers that ticked, empty and unreadable boxes give, and products they request."""
    groups: dict[object, list[Checkbox]] = {}
    for number, box in enumerate(page.checkboxes):
        groups.setdefault(box.group if box.group is not None else f"single {number}", []).append(
            box
        )
    passage = Passage(0, 0, "form", index, page.kind)
    for boxes in groups.values():
        if _is_yes_no(boxes, document):
            yield from _yes_no(boxes, page, passage, document, models)
        else:
            for box in boxes:
                yield from _statement(box, page, passage, document, models)


# "I will watch for X and give Y where it is needed" says what will be done; it orders no Y.
SAYS = re.compile(
    r"\b(?:I|we|s?he|they|it|patient|member|prescriber|provider|product|drug|treatment|therapy|disease|site|cent(?:er|re))\b[^.;]*?"
    r"\b(?:will|shall|has|have|had|is|are|was|were|does|did|do|agrees?|attests?|confirms?|understands?)\b",
    re.IGNORECASE,
)


SAYS_NONE = re.compile(
    r"\b(?:patient|member|enrollee|s?he|they|there)\s+(?:\w+\s+)?(?:has|have|is|are|had)\s+(?:no|never|free\s+of|without)\b",
    re.IGNORECASE,
)


def ticked_statements(page: Page, document: Document, models: Path) -> Iterator[Filled]:
    """What the practice stated by a tick: "[x] She has had no gene therapy", on no known topic.

    An option that answers the question beside it is none, and neither is what names what to send.
    """
    for box in page.checkboxes:
        label = _filled(box.label, document)
        if box.state is not Tick.TICKED or label is None or SAYS.search(label.text) is None:
            continue
        heading = _filled(box.question, document) or heading_over(page, document, label.start)
        past = heading is not None and of_the_past(heading.text)
        if past or ATTACHED.search(label.text) or HCPCS.search(label.text):
            continue
        if find_codes(label.text):
            continue
        # Of a known topic a tick alone answers; what denies a state and names no drug is stated.
        named = {n.kind for n in names_in(label.text, models)}
        denies = SAYS_NONE.search(label.text) and not named & {"drug", "drug_class"}
        if topics_of(label.text, models) and not denies:
            continue
        yield label


def _filled(span: Span | None, document: Document) -> Filled | None:
    printed = filled(span, document) if span is not None else None
    return printed if printed is not None and printed.text.strip() else None


def _word(box: Checkbox, document: Document) -> str:
    """The word of a yes or no, '' for other options ("No generic exists")."""
    label = _filled(box.label, document)
    text = re.sub(r"\W", "", label.text).lower() if label else ""
    return text[:1] if text in ("yes", "no", "y", "n") else ""


def _is_yes_no(boxes: list[Checkbox], document: Document) -> bool:
    return any(_word(b, document) for b in boxes) and any(b.question for b in boxes)


def _yes_no(
    boxes: list[Checkbox], page: Page, passage: Passage, document: Document, models: Path
) -> Iterator[Mention]:
    question = next((q for b in boxes if (q := _filled(b.question, document))), None)
    if question is None:
        return
    states = {word: b for b in boxes if (word := _word(b, document))}
    ticked = [word for word, b in states.items() if b.state is Tick.TICKED]
    unreadable = any(b.state is Tick.UNREADABLE for b in boxes) or len(ticked) > 1
    value = (
        "unreadable" if unreadable else {"y": "yes", "n": "no"}[ticked[0]] if ticked else "blank"
    )
    answer = _filled(states[ticked[0]].label, document) if ticked and not unreadable else None
    yield from answer_mentions(question, answer, value, "checkbox", models)
    if value in ("yes", "no"):
        yield from _agent(question, answer, value, passage, models)
    if value == "no" and answer is not None:
        yield from _spared(question, answer, page, passage, document, models)


INVOLVED = re.compile(
    r"\W*(?:is\s+it\s+|organ\s+)?(?:involve(?:d|ment)|affected)\W*", re.IGNORECASE
)


def _spared(
    question: Filled,
    answer: Filled,
    page: Page,
    passage: Passage,
    document: Document,
    models: Path,
) -> Iterator[Mention]:
    """An organ with "no" under "Involved", where its row says by what that was found."""
    for table in page.tables:
        rows = rows_of(table, document)
        heads = [c for c, cell in rows[0].items() if INVOLVED.fullmatch(cell.text)] if rows else []
        for row in rows[1:] if heads else ():
            own, beside = row[min(row)] if row else None, [row[c] for c in row if c > heads[0]]
            if own is None or own.start != question.start or not beside:
                continue
            if not any(row[c].start <= answer.start < row[c].end for c in heads if c in row):
                continue
            sentence = read_sentence(own.text, own.start, passage, models, "checkbox")
            for mention in spared(sentence):
                yield mention.model_copy(update={"scope": row_span(row)})


def _agent(
    question: Filled, answer: Filled | None, value: str, passage: Passage, models: Path
) -> Iterator[Mention]:
    """A question whether one agent was tried: its answer is a course, or that it was not taken."""
    drugs = [n for n in names_in(question.text, models) if n.kind == "drug"]
    topics = topics_of(question.text, models)
    if len({n.code for n in drugs}) != 1 or not topics or not topics[0].endswith("_trial"):
        return
    if re.search(r"fail|response|inadequate", question.text, re.IGNORECASE) and value == "no":
        return  # "Failed methotrexate? No" does not say that it was not taken
    sentence = read_sentence(question.text, question.start, passage, models, "checkbox")
    mention = sentence.mention("medication", drugs[0].start, drugs[0].end, drugs[0].code)
    told = (answer or question).part("status", "past" if value == "yes" else "not_taken")
    yield mention.model_copy(update={"negated": value == "no", "parts": (told,)})


def _statement(
    box: Checkbox, page: Page, passage: Passage, document: Document, models: Path
) -> Iterator[Mention]:
    """A box beside a statement, product, dose or code: only a tick says something.

    What stands over the box says whether it orders or tells of the past.
    """
    label = _filled(box.label, document)
    if label is None or box.state is Tick.EMPTY:
        return
    heading = _filled(box.question, document) or heading_over(page, document, label.start)
    past = of_the_past(label.text) or (heading is not None and of_the_past(heading.text))
    if box.state is Tick.TICKED:
        tried = heading is not None and past and not topics_of(label.text, models)[1:]
        found = list(
            _tried(label, heading, passage, models)
            if tried and heading is not None
            else ()
            if past
            else ()
            if SAYS.search(label.text)
            else _ordered(label, passage, models, form=_is_form(page, document, models))
        )
        if found:
            yield from found
            return
    if re.search(r"attached|enclosed|included|\bsent\b", label.text, re.I) or not topics_of(
        label.text, models
    ):
        return
    value = "yes" if box.state is Tick.TICKED else "unreadable"
    yield from answer_mentions(label, None, value, "checkbox", models)


def _tried(label: Filled, heading: Filled, passage: Passage, models: Path) -> Iterator[Mention]:
    """Drugs of a ticked box under a heading such as "Previously tried" or "Intolerant of"."""
    sentence = read_sentence(
        label.text, label.start, replace(passage, section="past_medications"), models, "checkbox"
    )
    told = outcome_asked(heading.text, models)
    mixed = re.search(r"\b(?:tri(?:ed|als?)|fail\w*)\b", heading.text, re.IGNORECASE)
    for found in find_medications(sentence, Focus()):
        if not any(p.label == "status" for p in found.parts):
            part = (
                heading.part("outcome", told)
                if told and not mixed and told != "not_taken"
                else heading.part("status", "past")
            )
            found = found.model_copy(update={"parts": (*found.parts, part)})
        yield found


def _is_form(page: Page, document: Document, models: Path) -> bool:
    return page.kind in FORMS or is_asking(page, document, models)


PREMEDICATION = re.compile(r"\bpre-?med\w*|\bpre-?treat\w*", re.IGNORECASE)


def _ordered(label: Filled, passage: Passage, models: Path, *, form: bool) -> Iterator[Mention]:
    """What a ticked box orders: a billed product, its dose and days, a diagnosis code, another drug.

    A bare drug that has a code counts on a form; a product with its code or dose on any page.
    """
    lexicon = load_lexicon(models)
    billed = {row.ingredient for row in lexicon.hcpcs.values()}
    sentence = read_sentence(label.text, label.start, passage, models, "checkbox")
    drugs = [n for n in sentence.names if n.kind == "drug"]
    coded = HCPCS.search(label.text) is not None
    branded = any(lexicon.brand(label.text[n.start : n.end]) for n in drugs)
    # What is given before the infusion is ordered with it; it is not what is asked for.
    before = PREMEDICATION.search(label.text) is not None
    if (coded or (any(n.code in billed for n in drugs) and (form or branded))) and not before:
        yield from request_mentions("drug", label, passage, models)
    elif not form:
        return
    elif find_codes(label.text):
        yield from request_mentions("icd10", label, passage, models)
    elif (
        not drugs
        and sentence.doses
        and (sentence.schedules or sentence.frequencies or sentence.routes)
    ):
        yield from request_mentions("dose_and_schedule", label, passage, models)
    elif drugs and sentence.doses:
        order = replace(sentence, passage=replace(passage, section="premedication"))
        yield from find_medications(order, Focus())


def without_questions(table: Table, page: Page, document: Document) -> Table:
    """A table as it was filled in: of cells of boxes what is ticked, of printed questions nothing."""

    def asks(start: int, end: int) -> bool:
        return any(
            b.question is not None
            and b.label is not None
            and start <= b.question.start < b.question.end <= b.label.start < end
            for b in page.checkboxes
        )

    def answered(start: int, end: int) -> Span | None:
        """What is ticked in a cell of boxes alone, whose question stands in another cell."""
        own = [
            b for b in page.checkboxes if b.label and start <= b.label.start < b.label.end <= end
        ]
        asked = [b for b in own if b.question and not start <= b.question.start < end]
        if len(own) < 2 or len(asked) < len(own):
            return None
        rest = "".join(
            document.text[at]
            for at in range(start, end)
            if not any(b.label and b.label.start <= at < b.label.end for b in own)
        )
        if re.search(r"\w", rest):
            return None
        ticked = [b.label for b in own if b.state is Tick.TICKED]
        return ticked[0] if len(ticked) == 1 else Span(start=start, end=start)

    def read(cell: Cell) -> Cell:
        if asks(cell.start, cell.end):
            return cell.model_copy(update={"end": cell.start})
        told = answered(cell.start, cell.end)
        return cell if told is None else cell.model_copy(update=dict(told))

    return table.model_copy(update={"cells": tuple(read(cell) for cell in table.cells)})


ATTACHED = re.compile(
    r"\b(?:attach|enclos|includ)\w*|\b(?:sent|copy|copies|received)\b", re.IGNORECASE
)


def as_marked(document: Document) -> Document:
    """The document without what stands in rows of a form's tables that were there to be marked.

    A column of single boxes beside products, diseases or codes chooses among them: the rows whose
    box is empty, where another's is ticked, are printed wording. A row that bears a day was filled in.
    """
    pages = tuple(
        page.model_copy(
            update={"tables": tuple(_marked_rows(t, page, document) for t in page.tables)}
        )
        if page.checkboxes and page.kind in FORMS
        else page
        for page in document.pages
    )
    return document.model_copy(update={"pages": pages})


def _marked_rows(table: Table, page: Page, document: Document) -> Table:
    states: dict[int, dict[int, list[Tick]]] = {}  # by column and row
    for cell in table.cells:
        if document.text[cell.start : cell.end].strip():
            continue
        x0, top, x1, bottom = cell.box
        held = [
            b.state
            for b in page.checkboxes
            if x0 <= (b.box[0] + b.box[2]) / 2 <= x1 and top <= (b.box[1] + b.box[3]) / 2 <= bottom
        ]
        if held:
            states.setdefault(cell.column, {})[cell.row] = held
    head = {c.column: document.text[c.start : c.end] for c in table.cells if c.row == 0}
    unmarked: set[int] = set()
    for column, rows in states.items():
        if ATTACHED.search(head.get(column, "")) or any(len(held) > 1 for held in rows.values()):
            continue
        if any(held == [Tick.TICKED] for held in rows.values()):
            unmarked |= {row for row, held in rows.items() if held == [Tick.EMPTY]}
    printed = {
        row
        for row in unmarked
        if not any(find_dates(document.text[c.start : c.end]) for c in table.cells if c.row == row)
    }
    cells = tuple(
        c.model_copy(update={"end": c.start}) if c.row in printed else c for c in table.cells
    )
    return table.model_copy(update={"cells": cells})


def by_agent(found: list[Mention], models: Path) -> list[Mention]:
    """The mentions without a "no" for one agent where the same was answered "yes" of another.

    "Tried azathioprine? yes", "Tried methotrexate? no": one of the class was tried. What else is
    read of a question that its boxes answer ("Yes No" as printed) is no second answer.
    """

    def agents(m: Mention) -> set[str]:
        return {n.code for n in names_in(m.text, models) if n.kind == "drug"}

    boxed = {
        (m.start, m.code.partition("=")[0])
        for m in found
        if m.label == "answer" and m.origin == "checkbox" and m.code.endswith(("=yes", "=no"))
    }
    found = [
        m
        for m in found
        if m.label != "answer"
        or m.origin == "checkbox"
        or (m.start, m.code.partition("=")[0]) not in boxed
        or m.code.endswith(("=yes", "=no"))
    ]
    answers = {m.start: m for m in found if m.label == "answer" and len(agents(m)) == 1}
    told = {m.code for m in answers.values()}
    return [
        m
        for m in found
        if not (
            m.start in answers
            and m.label == "answer"
            and m.code.endswith("=no")
            and m.code.removesuffix("no") + "yes" in told
        )
    ]


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
