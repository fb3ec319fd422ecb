"""Results set as cards: the test's name alone, its value, range and flag in lines below or beside it.

Portals for patients print them so, one below the other or side by side:

    CK, TOTAL            Normal range: 30 - 223 U/L
    Your value: 1,020 U/L High
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.lexicon import load_lexicon
from pipeline.nlp.cells import Filled, rows_of
from pipeline.nlp.lab_cells import (
    REFERENCE,
    is_date,
    is_flag,
    is_range,
    is_step,
    is_unit,
    lab_of,
    part_of_date,
    range_parts,
    result_parts,
)
from pipeline.nlp.lab_days import Days
from pipeline.nlp.lab_shapes import lab_mention
from pipeline.schema import BlockKind, Document, Mention, Page, PageKind, Span

LONGEST = 6  # lines of a card below the name
DAY = r"(?:(?:date|time|day)\s+)?(?:collected|drawn|taken|sampled)(?:\s+(?:on|at|date))?|(?:collection|specimen|draw|test|result|sample)\s+date|date(?:\s+of\s+(?:collection|test|draw|service))?"
LABELS = {
    "test": r"(?:lab\s+)?test(?:\s+name)?|component|analyte|name\s+of\s+test",
    "value": r"(?:your\s+|current\s+|latest\s+|measured\s+|patient\s+|test\s+|most\s+recent\s+)?(?:value|result|level|reading)s?",
    "range": rf"(?:lab(?:oratory)?\s+)?(?:{REFERENCE}|(?:healthy|typical|target)\s+range|range|limits)",
    "unit": r"units?(?:\s+of\s+measure)?|uom",
    "flag": r"(?:abnormal\s+)?flag|status|interpretation",
    "date": DAY,
}
LABELLED = {
    label: re.compile(rf"(?:{pattern})(?P<colon>\s*[:=]\s*|\s+|\s*$)", re.IGNORECASE)
    for label, pattern in LABELS.items()
}


@dataclass
class Card:
    """What stands on a card under a test's name."""

    name: Filled
    analyte: str
    end: int
    parts: list[Mention] = field(default_factory=list)
    labelled: bool = False  # the value, or the range, bears its label
    waiting: str = ""  # a label whose answer stands in the next cell or line

    def has(self, *labels: str) -> bool:
        return any(p.label in labels for p in self.parts)


Line = list[Filled]


def card_mentions(page: Page, days: Days, document: Document, models: Path) -> Iterator[Mention]:
    """The results of the cards of a page."""
    if page.kind is PageKind.REQUEST:
        return
    lines = _lines(page, document, models)
    at = 0
    while at < len(lines):
        cards, taken = _cards(lines, at, models)
        for card in cards:
            if _is_result(card, page, models):
                day = days.at(card.name.start)
                parts = [p for p in card.parts if p.label not in ("expected", "status")]
                if day is not None and not card.has("date"):
                    parts.append(day)
                yield lab_mention(
                    card.analyte, card.name, Span(start=card.name.start, end=card.end), parts
                )
        at += taken if any(card.has("value") for card in cards) else 1


def _lines(page: Page, document: Document, models: Path) -> list[Line]:
    """Lines of a page as cells; of tables only those whose first row names tests alone."""
    found: list[tuple[int, Line]] = []
    for block in page.blocks:
        if block.kind in (BlockKind.FURNITURE, BlockKind.TABLE):
            continue
        for m in re.finditer(r"[^\n]+", document.text[block.start : block.end]):
            line = _cells(m.group(0), block.start + m.start())
            if line:
                found.append((line[0].start, line))
    for table in page.tables:
        rows = [row for row in rows_of(table, document) if row]
        heads = [bool(lab_of(cell.text, models)) for cell in rows[0].values()] if rows else []
        if len(heads) > 1 and all(heads) and all(len(row) == len(heads) for row in rows[:2]):
            found += [(min(c.start for c in row.values()), list(row.values())) for row in rows]
    return [line for _, line in sorted(found, key=lambda f: f[0])]


def _cells(text: str, offset: int) -> Line:
    return [
        Filled(m.group(0), offset + m.start(), offset + m.end())
        for m in re.finditer(r"[^\t]*[^\s][^\t]*", text)
    ]


# --------------------------------------------------------------------------- cards


def _cards(lines: Sequence[Line], at: int, models: Path) -> tuple[list[Card], int]:
    """The cards whose names stand in a line, and how many lines they take."""
    first = _named(lines[at], models)
    if len(first) > 1 and len(first) == len(lines[at]):
        cards = first
    elif len(first) == 1:
        cards = first
        if not all(_add(cards[0], c, models) for c in _others(lines[at], cards[0])):
            return [], 1
        if cards[0].has("value"):
            return [], 1  # name and value in one line are a row, not a card
    else:
        return [], 1
    count = 1
    for line in lines[at + 1 : at + 1 + LONGEST]:
        if len(cards) == 1 and is_step(line[0], cards[0].analyte, models):
            count += 1
            continue
        if _named(line, models) or not _add_line(cards, line, models):
            break
        count += 1
    return cards, count


def _named(line: Line, models: Path) -> list[Card]:
    """Cards for the cells of a line that hold a test's name and nothing else."""
    found = []
    for i, cell in enumerate(line):
        label = LABELLED["test"].match(cell.text)
        held = cell
        if label is not None and label["colon"].strip():
            held = _after(cell, label.end())
            held = line[i + 1] if not held.text and i + 1 < len(line) else held
        elif i and LABELLED["test"].fullmatch(line[i - 1].text.strip()):
            continue  # named by the label before it
        analyte = lab_of(held.text, models) if re.search("[A-Za-z]", held.text) else ""
        if analyte and not result_parts(held):
            found.append(Card(held, analyte, held.end))
    return found


def _others(line: Line, card: Card) -> Line:
    return [
        c
        for c in line
        if not (c.start <= card.name.start < c.end)
        and not LABELLED["test"].fullmatch(c.text.strip())
    ]


def _add_line(cards: list[Card], line: Line, models: Path) -> bool:
    """Add a line to the cards above it: a cell to each, or all to the only one."""
    if len(cards) == 1:
        return all(_add(cards[0], cell, models) for cell in line)
    if len(line) != len(cards):
        return False
    return all(_add(card, cell, models) for card, cell in zip(cards, line, strict=True))


def _after(cell: Filled, position: int) -> Filled:
    return Filled(cell.text[position:].strip(), cell.start + position, cell.end)


def _add(card: Card, cell: Filled, models: Path) -> bool:
    """Add what a cell says of a card's test; False if it says nothing that a card does."""
    label, held = card.waiting, cell
    if not label:
        label, held = _label_of(cell)
        if label and not held.text:
            card.waiting = label
            return True
    card.waiting = ""
    found = _parts(label, held, models)
    if not found or any(card.has(p.label) for p in found if p.label in ("value", "range", "date")):
        return False
    if label in ("value", "range"):
        card.labelled = True
    card.parts += [p for p in found if not card.has(p.label)]
    card.end = max(card.end, cell.end)
    return True


def _label_of(cell: Filled) -> tuple[str, Filled]:
    """(label, what follows it) of a cell; '' for one without."""
    for label, pattern in LABELLED.items():
        m = pattern.match(cell.text)
        if m is None or label == "test":
            continue
        if m["colon"].strip() or m.end() == len(cell.text):
            return label, _after(cell, m.end())
        if label == "range":
            return label, _after(cell, m.end())
        held = _after(cell, m.end())
        worded = {p.code for p in result_parts(held)} == {"word"}
        if label == "value" and (re.match(r"[<>]?\s*\d", held.text) or worded):
            return label, held
    return "", cell


def _parts(label: str, cell: Filled, models: Path) -> list[Mention]:
    """The parts of a result that a cell holds, by its label, else by what it looks like."""
    if label == "range" or (not label and is_range(cell.text, models)):
        if is_range(cell.text, models):
            return range_parts(cell)
        word = result_parts(cell)
        return [cell.part("expected")] if word and all(p.code == "word" for p in word) else []
    if label == "unit" or (not label and is_unit(cell.text, models)):
        return [cell.part("unit")] if is_unit(cell.text, models) else []
    if label == "date" or (not label and is_date(cell.text, models)):
        day = part_of_date(cell.text, cell.start)
        return [day] if day is not None and label == "date" else []
    if is_flag(cell.text, models) and label in ("", "flag"):
        return [cell.part("flag")]
    if label == "flag":
        return [cell.part("status")]
    return result_parts(cell)


def _is_result(card: Card, page: Page, models: Path) -> bool:
    """Whether a card holds a value that is surely its test's.

    A number under a name may be anything: label, range, or a unit of the test must stand by it.
    """
    value = next((p for p in card.parts if p.label == "value"), None)
    if value is None:
        return False
    if card.labelled or card.has("range", "expected"):
        return True
    if value.code == "word":
        return page.kind is PageKind.LABORATORY
    unit = next((p.text for p in card.parts if p.label == "unit"), "")
    test, known = load_lexicon(models).labs.get(card.analyte), load_lexicon(models).unit(unit)
    return test is not None and known is not None and known.ucum in test.units
