"""A course that a form asks for in one line: boxes for the drugs, and behind them how long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.nlp.cells import Filled, filled
from pipeline.nlp.language import names_in, read_sentence
from pipeline.nlp.pairs import heading_over, of_the_past
from pipeline.nlp.passages import Passage
from pipeline.notation.lengths import find_durations
from pipeline.schema import Checkbox, Document, Mention, Page, Tick

ASKS_LENGTH = re.compile(
    r"\b(?:duration|how\s+long|length|lasted|given\s+for|taken\s+for|for)\b[\s:(]*", re.IGNORECASE
)
# "Weeks: 8", "Number of weeks 8": the unit is printed before the number.
UNIT_FIRST = re.compile(
    r"\b(?P<unit>days?|weeks?|months?)(?:\s+(?:taken|used|tried|given|of\s+(?:use|therapy|treatment)))?[\s:#_]*(?P<number>\d{1,3})(?![\d/.])",
    re.IGNORECASE,
)


def ticked_courses(page: Page, index: int, document: Document, models: Path) -> Iterator[Mention]:
    """The drug whose box alone is ticked in a line that asks which was tried and for how long."""
    groups: dict[int, list[Checkbox]] = {}
    for box in page.checkboxes:
        if box.group is not None and box.label is not None and box.question is not None:
            groups.setdefault(box.group, []).append(box)
    for boxes in groups.values():
        ticked = [b for b in boxes if b.state is Tick.TICKED]
        if len(ticked) != 1 or any(b.state is Tick.UNREADABLE for b in boxes):
            continue
        question = filled(boxes[0].question, document)  # type: ignore[arg-type]
        label = filled(ticked[0].label, document)  # type: ignore[arg-type]
        heading = heading_over(page, document, label.start)
        classed = any(n.kind == "drug_class" for n in names_in(question.text, models))
        past = of_the_past(question.text) or (heading is not None and of_the_past(heading.text))
        last = max(b.label.end for b in boxes if b.label is not None)
        length = _length_behind(last, document)
        if length is None or not past or not (classed or of_the_past(question.text)):
            continue
        passage = Passage(0, 0, "form", index, page.kind)
        passage = replace(passage, section="past_medications")
        sentence = read_sentence(label.text, label.start, passage, models, "checkbox")
        drugs = [n for n in sentence.names if n.kind == "drug"]
        if len(drugs) != 1 or len(label.text.split()) > 2:
            continue
        mention = sentence.mention("medication", drugs[0].start, drugs[0].end, drugs[0].code)
        name = Filled(mention.text, mention.start, mention.end)
        parts = (name.part("product"), question.part("status", "past"), length.part("duration"))
        yield mention.model_copy(update={"parts": parts})


def _length_behind(at: int, document: Document) -> Filled | None:
    """The one length of time that is filled in between the last box of a line and its end."""
    end = document.text.find("\n", at)
    rest = document.text[at : end if end >= 0 else len(document.text)]
    found = [(m.start, m.end) for m in find_durations(rest)]
    asked = [f for f in found if ASKS_LENGTH.search(rest[: f[0]])]
    if not found:
        turned = UNIT_FIRST.search(rest)
        asked = [turned.span()] if turned is not None else []
    if len(asked) != 1 or len(found) > 1:
        return None
    start, stop = asked[0]
    text = rest[start:stop]
    turned = UNIT_FIRST.fullmatch(text)
    text = f"{turned['number']} {turned['unit']}" if turned is not None else text
    return Filled(text, at + start, at + stop)
