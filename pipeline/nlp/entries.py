"""What stands by an entry of a list of treatments belongs to it, though it is a line of its own.

A labelled line under an entry ("Outcome: ...", "Cycle 2: ...") tells of the drugs of the entry.
A line with two dates and no drug heads a phase: the entries below it were taken between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.nlp.cells import Filled
from pipeline.nlp.language import read_sentence
from pipeline.nlp.outcome_answers import outcome_parts
from pipeline.nlp.passages import Passage, readable_pages
from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match
from pipeline.schema import Document, Mention, Page

LABEL = re.compile(
    r"(?:^|[-\u2013\u2022*;.|])\s*(?P<label>(?:(?:best|clinical|treatment|overall)\s+)?(?:outcome|response|result)s?"
    r"|reason\s+(?:for\s+)?(?:stopp\w+|discontinu\w+))\s*[:=]\s*(?P<answer>[^\n]*)",
    re.IGNORECASE,
)
GIVEN = re.compile(
    r"\W*(?:cycles?|infusions?|doses?|rounds?|pulses?|injections?)\s*#?\s*\d+\s*[:(\u2013-]\s*\S",
    re.IGNORECASE,
)
TO = re.compile(r"\s*(?:-|\u2013|\u2014|to|through|thru|until|till)\s*", re.IGNORECASE)
LASTING = re.compile(r"\W*(?:total\s+)?duration\s*:", re.IGNORECASE)
OWN_DAYS = re.compile(
    r"\W*(?:(?:trial|treatment|therapy)\s+)?(?:dates?|period|days|time|start\w*|begun|began|from|taken|given|used)\b[^:\n]{0,30}:",
    re.IGNORECASE,
)  # "Dates: ..." under an entry heads nothing
LONGEST_HEAD = 90  # characters of a line that heads a phase
TIMES = {"start", "stop", "duration", "response_after"}


@dataclass
class Entry:
    """A line that names drugs: places of their mentions, and the days of cycles below it, in order."""

    drugs: list[int] = field(default_factory=list)
    given: list[Mention] = field(default_factory=list)

    def close(self, result: list[Mention]) -> None:
        """Make the days of cycles a course: it began with the first, and the last is its end."""
        course = self.given[:1]
        if len(self.given) > 1:
            last = self.given[-1]
            stopped = last.model_copy(update={"label": "status", "code": "stopped"})
            course += [last.model_copy(update={"label": "stop"}), stopped]
        _add(self.drugs, course, result, unless=TIMES)


@dataclass
class Phase:
    """A line that heads entries with two days, or one and an open end; places of their mentions."""

    times: list[Mention] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)


def with_lines_below(
    mentions: Sequence[Mention], document: Document, models: Path
) -> list[Mention]:
    """The mentions, those of treatments with what the lines by their entries tell of them."""
    result = list(mentions)
    named = {
        m.start: n
        for n, m in enumerate(result)
        if m.label in ("medication", "medication_class") and m.origin == "prose" and _is_named(m)
    }
    for index, page in readable_pages(document):
        if any(page.start <= start < page.end for start in named):
            _read_page(page, Passage(0, 0, "", index, page.kind), named, result, document, models)
    return result


def _is_named(m: Mention) -> bool:
    return any(p.label == "product" for p in m.parts)


def _read_page(
    page: Page,
    passage: Passage,
    named: dict[int, int],
    result: list[Mention],
    document: Document,
    models: Path,
) -> None:
    """Add to the mentions of a page what its lines tell of them."""
    entry, phase = Entry(), Phase()
    for line in _lines(page, document):
        drugs = [named[s] for s in sorted(named) if line.start <= s < line.end]
        answers = list(LABEL.finditer(line.text))
        first = line.start + answers[0].start() if answers else line.end
        own = [n for n in drugs if result[n].start < first]
        if own:
            entry.close(result)
            entry = Entry(own)
            phase.entries += own
            _add(own, phase.times, result, unless=TIMES)
        for answer in answers:
            sentence = _answer(line, answer, passage, models)
            parts = outcome_parts([sentence], answer["label"])
            if any(p.label == "outcome" for p in parts):
                _add(own or phase.entries or entry.drugs, parts, result, unless={"outcome"})
        if drugs or answers:
            continue
        sentence = read_sentence(line.text, line.start, passage, models)
        if GIVEN.match(line.text) and len(sentence.dates) == 1:
            entry.given.append(sentence.part("start", sentence.dates[0]))
        elif LASTING.match(line.text) and sentence.durations:
            entry.close(result)
            _add(entry.drugs, [sentence.part("duration", sentence.durations[0])], result, TIMES)
        elif OWN_DAYS.match(line.text):
            _add(entry.drugs, _phase(line, sentence).times, result, TIMES)
        else:
            entry.close(result)
            entry, phase = Entry(), _phase(line, sentence)
    entry.close(result)


def _lines(page: Page, document: Document) -> Iterator[Filled]:
    """The lines of a page that hold more than space, tables left out."""
    cells = [c for table in page.tables for c in table.cells]
    for m in re.finditer(r"[^\n]*\S[^\n]*", document.text[page.start : page.end]):
        start, end = page.start + m.start(), page.start + m.end()
        if not any(c.start < end and start < c.end for c in cells):
            yield Filled(m.group(0), start, end)


def _answer(line: Filled, answer: re.Match[str], passage: Passage, models: Path) -> Sentence:
    start = line.start + answer.start("answer")
    return read_sentence(answer["answer"], start, passage, models)


def _phase(line: Filled, sentence: Sentence) -> Phase:
    """A line without a drug that gives two days, from one to the other, or one up to now."""
    days = sentence.dates
    other = any(n.kind in ("drug", "drug_class", "lab") for n in sentence.names)
    if len(line.text) > LONGEST_HEAD or other or sentence.doses or not 1 <= len(days) <= 2:
        return Phase()
    rest = line.text[days[-1].end :]
    if len(days) == 2:
        whole = TO.fullmatch(line.text[days[0].end : days[1].start]) and re.fullmatch(r"\W*", rest)
        if not whole:
            return Phase()
        start, stop = (sentence.part(r, d) for r, d in zip(("start", "stop"), days, strict=True))
        return Phase([start, stop, sentence.part("status", days[1], "stopped")])
    still = re.fullmatch(
        rf"{TO.pattern}(?:present|ongoing|current|now|date)\W*", rest, re.IGNORECASE
    )
    if still is None:
        return Phase()
    open_end = Match(days[0].end, len(line.text), "status", "current")
    return Phase([sentence.part("start", days[0]), sentence.part("status", open_end)])


def _add(
    places: Sequence[int], parts: Sequence[Mention], result: list[Mention], unless: set[str]
) -> None:
    """Add parts to mentions that tell nothing of the kind themselves; what lists assume gives way."""
    for n in places:
        m = result[n]
        if any(p.label in unless for p in m.parts):
            continue
        kept = tuple(
            p
            for p in m.parts
            if not (p.code == "listed" and any(q.label == "status" for q in parts))
        )
        told = any(p.label == "status" for p in kept)
        added = tuple(p for p in parts if p.label != "status" or not told)
        result[n] = m.model_copy(update={"parts": (*kept, *added)})
