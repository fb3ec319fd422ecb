"""Lines that ask for a product without a label: "Re: Truxima, Q5115, 1000 mg IV, day 1 and day 15".

A line is one of these where it begins with a billed product, alone or behind words that ask, bears
what an order does (the product's code, a dose, a schedule), and tells nothing of treatment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.lexicon import load_lexicon
from pipeline.nlp.cells import Filled
from pipeline.nlp.forms import COUNTED, EXAMPLE, request_mentions
from pipeline.nlp.labels import HCPCS
from pipeline.nlp.language import names_in, read_sentence
from pipeline.nlp.names import Name
from pipeline.nlp.pairs import of_the_past
from pipeline.nlp.passages import Passage, prose_passages, readable_pages
from pipeline.nlp.titles import titles
from pipeline.notation.dates import find_dates
from pipeline.schema import Document, Mention, PageKind, Span

SILENT = (PageKind.LABORATORY, PageKind.IMAGING, PageKind.FILLS, PageKind.CRITERIA)
LISTS = ("past_medications", "current_medications", "premedication", "fills", "allergies")
PIECE = re.compile(r"(?:[^\n.;]|[.;](?!\s+[A-Z(]|\s*$))+[.;]?")
APART = re.compile(r"(?:[^\n\t.;]|[.;](?!\s+[A-Z(]|\s*$))+[.;]?")  # cells of a line stand apart
LONGEST = 240  # characters of a line; more is a paragraph that tells
# What may stand before the product: nothing, or words that ask.
LEAD = re.compile(
    r"(?:re|regarding|subject|about|concerning|appeal|request\w*|order\w*|authori[sz]\w*|approv\w*"
    r"|product|drug|service|coverage|we\s+ask|please)\b|\bdenied\s*:",
    re.IGNORECASE,
)
# Words of a sentence that tells, or of a rule: an order has none of them.
TELLS = re.compile(
    r"\b(?:was|were|is|are|has|have|had|been|did|does|received|got|took|taken|given|infused|started|began"
    r"|completed|finished|stopped|failed|helped|worked|since|until|last|if|may|must|should|would|could"
    r"|preferred|covered|formulary|not|no|never|denied|refused|declined)\b",
    re.IGNORECASE,
)


def product_lines(document: Document, models: Path) -> tuple[list[Mention], list[Span]]:
    """What such lines request, and where they stand."""
    found: list[Mention] = []
    spans: list[Span] = []
    for passage in prose_passages(document, models):
        if passage.kind in SILENT or passage.section in LISTS:
            continue
        for line in _lines(passage, document, models):
            found += request_mentions("drug", line, passage, models)
            spans.append(Span(start=line.start, end=line.end))
        if passage.kind is not PageKind.NOTE:
            for line in _regimens(passage, document, models):
                found += request_mentions("dose_and_schedule", line, passage, models)
    return found, spans


def titled_products(document: Document, models: Path) -> list[Mention]:
    """The drug that the titles of pages that ask name, where all name the same."""
    found = [
        (title, Passage(title.line.start, title.line.end, "form", index, page.kind))
        for index, page in readable_pages(document)
        for title in titles(page, document, models)
    ]
    if len({name.code for title, _ in found for name in title.drugs}) != 1:
        return []
    return [
        mention
        for title, passage in found
        for mention in request_mentions("drug", title.line, passage, models)
        if mention.code == "product"
    ]


def _lines(passage: Passage, document: Document, models: Path) -> Iterator[Filled]:
    """The lines of a passage, each from its product on."""
    text = passage.text(document)
    counted = COUNTED.search(text) is not None
    if not counted and HCPCS.search(text) is None and not re.search(r"\d\s*(?:mg|g)\b", text):
        return
    pieces = list(PIECE.finditer(text))
    for at, piece in enumerate(pieces):
        product = _product(piece.group(0), models)
        if product is None or not _asks(piece.group(0), product, passage, models):
            continue
        start, end = piece.start() + product.start, piece.end()
        following = pieces[at + 1] if at + 1 < len(pieces) else None
        if following is not None and _names_disease(following.group(0), models):
            end = following.end()
        line = text[start:end].rstrip()
        yield Filled(line, passage.start + start, passage.start + start + len(line))


def _regimens(passage: Passage, document: Document, models: Path) -> Iterator[Filled]:
    """Lines with a dose and an infusion schedule that name no drug: "Regimen: 1 g, day 1 and day 15".

    Whatever the label before them says, such a line of a letter or form is of what is requested.
    """
    text = passage.text(document)
    for piece in APART.finditer(text):
        line = piece.group(0)
        if len(line) > LONGEST or TELLS.search(line) or EXAMPLE.search(line) or of_the_past(line):
            continue
        sentence = read_sentence(line, passage.start + piece.start(), passage, models, "field")
        if not (sentence.schedules and sentence.doses) or sentence.dates:
            continue
        if not any(n.kind in ("drug", "drug_class") for n in sentence.names):
            start = passage.start + piece.start()
            yield Filled(line.rstrip(), start, start + len(line.rstrip()))


def _product(text: str, models: Path) -> Name | None:
    """The billed product that a piece begins with or asks for; None where it names other drugs."""
    billed = {row.ingredient for row in load_lexicon(models).hcpcs.values()}
    drugs = [n for n in names_in(text, models) if n.kind in ("drug", "drug_class")]
    if not drugs or len({n.code for n in drugs}) != 1 or drugs[0].code not in billed:
        return None
    lead = text[: drugs[0].start]
    asking = LEAD.search(lead) is not None and not of_the_past(lead)
    return drugs[0] if asking or not re.search(r"\w", lead) else None


def _asks(text: str, product: Name, passage: Passage, models: Path) -> bool:
    """Whether a piece is an order in its form: product, code, dose, schedule, and nothing told."""
    rest = text[product.start :]
    if len(text) > LONGEST or EXAMPLE.search(text) or TELLS.search(rest) or of_the_past(rest):
        return False
    if find_dates(rest):
        return False  # days on which it was given
    lexicon = load_lexicon(models)
    codes = {m.group(0) for m in HCPCS.finditer(rest) if m.group(0) in lexicon.hcpcs}
    if any(lexicon.hcpcs[c].ingredient != product.code for c in codes) or len(codes) > 1:
        return False
    sentence = read_sentence(rest, 0, passage, models, "field")
    dosed, timed = bool(sentence.doses), bool(sentence.schedules or sentence.frequencies)
    branded = any(lexicon.brand(rest[n.start : n.end]) for n in sentence.names if n.kind == "drug")
    if passage.kind is PageKind.REQUEST and codes and "\t" not in rest:
        return True
    if passage.kind is PageKind.NOTE:
        return bool(codes) and dosed
    if COUNTED.search(rest):  # "Carvykti, one infusion": the number says all that there is to it
        dosed = timed = True
    return (dosed or timed) if codes else dosed and timed and branded


def _names_disease(text: str, models: Path) -> bool:
    """Whether a piece behind the product begins with the disease or its code."""
    named = any(n.kind == "diagnosis" and n.start < 12 for n in names_in(text, models))
    return len(text) < 120 and named and not TELLS.search(text)
