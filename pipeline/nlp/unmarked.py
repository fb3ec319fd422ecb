"""Labels and answers with no sign between them: beside each other, or the answer on the next line.

"Drug Ruxience", "How often day 1 and day 15" as lines or as cells of a form, and the questions of a
web form with the answers below. Where nothing marks the label, the answer must be such as it asks for.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.lexicon import load_lexicon
from pipeline.nlp.cells import Filled, Pair
from pipeline.nlp.labels import (
    HCPCS,
    REQUEST_KINDS,
    TOLD_BY_ANSWER,
    inner_labels,
    is_answer,
    kind_of,
    kind_of_pair,
    load_labels,
)
from pipeline.nlp.language import names_in
from pipeline.schema import Block, BlockKind, Document, Page, PageKind

BARE_KINDS = REQUEST_KINDS - {"payer"}  # the name of a plan cannot be told from other words
PART_OF_HEADING = ("name", "text", "description")
ASKING = re.compile(r"(?:what|which|how|name|state)\b", re.IGNORECASE)


def unmarked_pairs(page: Page, document: Document, models: Path) -> list[Pair]:
    """Pairs of a form; of a page of no known kind where they name a billed product and more of it."""
    if page.kind not in (PageKind.REQUEST, PageKind.ORDER, PageKind.OTHER, PageKind.COVER):
        return []
    if page.kind is PageKind.OTHER and not _names_product(page, document, models):
        return []
    found = [*_beside(page, document, models), *_below(page, document, models)]
    if page.kind in (PageKind.REQUEST, PageKind.ORDER):
        return found
    told = [
        (kind, pair)
        for pair in found
        for kind in [kind_of_pair(pair.label.text, pair.value.text if pair.value else "", models)]
        if pair.value is not None and is_answer(kind, pair.value.text, models)
    ]
    asks = any(
        kind in ("drug", "hcpcs") and _is_billed(pair.value.text, models)
        for kind, pair in told
        if pair.value is not None
    )
    return [pair for _, pair in told] if asks and len({kind for kind, _ in told}) > 1 else []


def _names_product(page: Page, document: Document, models: Path) -> bool:
    return HCPCS.search(document.text, page.start, page.end) is not None or _is_billed(
        document.text[page.start : page.end], models
    )


def _is_billed(text: str, models: Path) -> bool:
    """Whether a text names a product that has a code of its own, or the code."""
    known = load_lexicon(models).hcpcs
    billed = {row.ingredient for row in known.values()}
    return any(m.group(0) in known for m in HCPCS.finditer(text)) or any(
        n.kind == "drug" and n.code in billed for n in names_in(text, models)
    )


@cache
def _bare_label(models: Path) -> re.Pattern[str]:
    """A label that is known, at the start of what stands apart in a line, before its value."""
    names = [label for label, kind in load_labels(models).items() if kind in BARE_KINDS]
    names += PART_OF_HEADING
    listed = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))
    return re.compile(rf"\s*(?P<label>{listed})\s+(?P<value>[^\s:].{{0,79}}?)\s*$", re.IGNORECASE)


def _beside(page: Page, document: Document, models: Path) -> Iterator[Pair]:
    """ "Drug Ruxience   HCPCS Q5119" on the lines or in the cells of a form."""
    for block in page.blocks:
        if block.kind is BlockKind.FURNITURE:
            continue
        for start, whole in _stretches(block, document, models):
            inner = list(inner_labels(whole, models))  # "Drug X 10 mg  Length asked: 12 months"
            part = whole[: inner[0][0]] if inner else whole
            m = _bare_label(models).match(part)
            if m is not None and m["label"][0].isupper():
                yield Pair(
                    Filled(m["label"], start + m.start("label"), start + m.end("label")),
                    Filled(m["value"], start + m.start("value"), start + m.end("value")),
                )
                ends = [begin for begin, _ in inner[1:]] + [len(whole)]
                for (begin, colon), end in zip(inner, ends, strict=False):
                    told = whole[colon + 1 : end].strip()
                    at = start + whole.index(told, colon + 1)
                    label = Filled(whole[begin:colon], start + begin, start + colon)
                    yield Pair(label, Filled(told, at, at + len(told)) if told else None)


def _stretches(block: Block, document: Document, models: Path) -> Iterator[tuple[int, str]]:
    """What stands apart in a block, with its offset; of a table not the rows of other drugs."""
    text, asked = document.text[block.start : block.end], True
    for line in re.finditer(r"[^\n]+", text):
        if block.kind is BlockKind.TABLE:
            drugs = any(n.kind == "drug" for n in names_in(line.group(0), models))
            asked = _is_billed(line.group(0), models) if drugs else asked
        if asked:
            for part in re.finditer(r"[^\t]+", line.group(0)):
                yield block.start + line.start() + part.start(), part.group(0)


def _below(page: Page, document: Document, models: Path) -> Iterator[Pair]:
    """ "Which drug are you requesting?" and on the next line "Ruxience (rituximab-pvvr)"."""
    lines = [
        Filled(text, block.start, block.start + len(text))
        for block in page.blocks
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
        for text in [document.text[block.start : block.end].rstrip()]
    ]
    for label, value in itertools.pairwise(lines):
        if "\t" in label.text or "\t" in value.text or max(len(label.text), len(value.text)) > 100:
            continue
        asked = kind_of(label.text, models) in TOLD_BY_ANSWER or ASKING.match(label.text)
        if asked and not kind_of(value.text, models) and not value.text.endswith(("?", ":")):
            yield Pair(label, value)
