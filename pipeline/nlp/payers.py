"""The plan that a request is sent to: its form's head, the addressee, the insurance card.

A field "Health plan: ..." is read with the other fields. Elsewhere a name counts where its own
words say that it insures, or where a department of a plan is addressed under it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from pipeline.lexicon import fold, read_table
from pipeline.nlp.cells import Filled, Pair, lines_in, rows_of
from pipeline.nlp.labels import kind_of, load_labels
from pipeline.nlp.language import names_in
from pipeline.nlp.pairs import is_asking
from pipeline.nlp.passages import readable_pages
from pipeline.notation.matches import compiled
from pipeline.schema import BlockKind, Document, Mention, Page, PageKind, Span

INSURER = re.compile(
    r"\b(?:health\s*(?:plan|care\s+plan|net|partners|insurance|options|choice)s?|insur\w+|assurance|mutual|"
    r"blue\s*(?:cross|shield)|HMO|PPO|EPO|medicaid|medicare|benefits?\s+(?:plan|fund|trust)|managed\s+care|"
    r"care\s+plan|casualty|indemnity|advantage\s+plan)\b",
    re.IGNORECASE,
)
PRACTICE = re.compile(
    r"\b(?:clinics?|hospital|associates|physicians?|rheumatolog\w+|neurolog\w+|gastroenterolog\w+|medical\s+(?:center|group)|"
    r"infusion|pharmacy|M\.?D|university|laborator\w+|department\s+of\s+(?:medicine|neurology))\b",
    re.IGNORECASE,
)
# The part of a plan that decides on requests; what stands before it is the plan.
DEPARTMENT = re.compile(
    r"[\s,;|/\u2013-]*\b(?:(?:attn|attention)\b\W*)?(?:the\s+)?(?:prior\s+auth\w*|pre-?auth\w*|utili[sz]ation\s+(?:management|review)|"
    r"prior\s+approval|pre-?cert\w*|medical\s+(?:review|director|management)|pharmacy\s+(?:services|benefits?|review|department)|"
    r"appeals?|coverage\s+(?:review|determin\w+)|clinical\s+review|specialty\s+(?:drug|pharmacy)|"
    r"drug\s+(?:review|authori[sz]ation)|case\s+review)\b",
    re.IGNORECASE,
)
ADDRESSED = {"to", "submit to", "send to", "return to", "fax to", "mail to", "fax form to", "return form to",
             "submitted to", "addressed to", "fax completed form to"}  # fmt: skip
# "Case summary for ...", "Prepared for ..., drug review": whom a paper was written for.
WRITTEN_FOR = re.compile(
    r"\s*(?:(?!for\b|to\b)[\w'\u2019-]+\s+){0,3}(?:summary|request|prepared|compiled|written|submission|submitted|application|"
    r"appeal|packet|letter|statement|addressed|sent)\s+(?:for|to)\s*:?\s+(?:the\s+)?",
    re.IGNORECASE,
)
RECORDS = (PageKind.NOTE, PageKind.LABORATORY, PageKind.IMAGING)
CARD = re.compile(
    r"\b(?:subscriber|member\s+id|group\s*(?:no|number|#)|rx\s*(?:bin|pcn|grp|group)|co-?pay)\b",
    re.IGNORECASE,
)
PIECE = re.compile(r"\S(?:(?!\s[-\u2013\u2014|/\u00b7]\s).)*\S")
LETTERHEAD = 4  # lines at the head of a page among which a letterhead stands
TOP_LINES = 9  # and the address under it
LONGEST = 60


@cache
def _insurers(models: Path) -> tuple[re.Pattern[str], ...]:
    path = models / "lexicon" / "insurers.csv"
    return tuple(compiled(path, line, row["pattern"]) for line, row in read_table(path))


def insures(text: str, models: Path) -> bool:
    """Whether a name says that it insures, or is one of a known payer."""
    return INSURER.search(text) is not None or any(p.search(text) for p in _insurers(models))


def payer_mentions(
    document: Document, models: Path, pairs: Mapping[int, Sequence[Pair]]
) -> Iterator[Mention]:
    """Names of plans that stand as letterhead of a form, addressee, or on an insurance card.

    `pairs` are those of `pairs_of`, by index of the page.
    """
    certain: list[Filled] = []
    heads: list[Filled] = []
    for index, page in readable_pages(document):
        certain += _addressees(page, document, models, pairs[index])
        certain += _under_heads(page, document, models)
        heads += _heads(page, document, models)
    known = {fold(found.text) for found in certain}
    for found in certain + [h for h in heads if insures(h.text, models) or fold(h.text) in known]:
        yield Mention(
            label="request",
            start=found.start,
            end=found.end,
            text=found.text,
            code="payer",
            scope=Span(start=found.start, end=found.end),
            origin="field",
        )


def _name(found: Filled, models: Path) -> Filled | None:
    """The name that a line holds, None where it is none of an organisation that could be a plan."""
    text = found.text.rstrip(" ,;|-")
    if not 3 < len(text) <= LONGEST or ":" in text or re.search(r"\d", text):
        return None
    if PRACTICE.search(text) or not text[0].isupper() or text.endswith((".", "?")):
        return None
    if fold(text) in load_labels(models):  # "Insurance" heads the name
        return None
    if any(n.kind in ("drug", "diagnosis", "test") for n in names_in(text, models)):
        return None
    return Filled(text, found.start, found.start + len(text))


def _addressees(
    page: Page, document: Document, models: Path, pairs: Sequence[Pair]
) -> Iterator[Filled]:
    """What stands after "To:", and before "Prior Authorization Department"."""
    for pair in pairs:
        if pair.value is not None and fold(pair.label.text).strip(" :") in ADDRESSED:
            yield from _before_department(pair.value, models, surely=True)
    for line, following in _lines(page, document):
        written = WRITTEN_FOR.match(line.text) if page.kind not in RECORDS else None
        if written is not None:
            end = written.end()
            whom = Filled(line.text[end:], line.start + end, line.end)
            yield from _before_department(whom, models, surely=True)
        to = re.match(r"\s*(?:submit|send|return|fax|mail)?\s*to\s*:\s*", line.text, re.IGNORECASE)
        at = to.end() if to is not None else 0
        rest = Filled(line.text[at:], line.start + at, line.end)
        addressed = to is not None or page.kind in (PageKind.LETTER, PageKind.COVER)
        if addressed:
            yield from _before_department(rest, models, surely=False)
        department = DEPARTMENT.match(following)
        if department is not None and department.start() == 0 and addressed:
            name = _name(rest, models)
            if name is not None and not re.search(r"request|form\b|letter", name.text, re.I):
                yield name


# "Primary: ..." in a cell that is headed "Insurance"; a second plan is not the one that is asked.
PRIMARY = re.compile(r"\s*(?:primary|1st|first)\b[\w\s]*:\s*|\s*(?:plan|name|carrier)\s*:\s*", re.I)


def _under_heads(page: Page, document: Document, models: Path) -> Iterator[Filled]:
    """The plan that a cell names below the head "Insurance", among its number and group."""
    for table in page.tables:
        rows = rows_of(table, document)
        for head, row in itertools.pairwise(rows):
            for column, cell in row.items():
                if column not in head or kind_of(head[column].text, models) != "payer":
                    continue
                for line in lines_in(cell, page, document):
                    lead = PRIMARY.match(line.text)
                    at = lead.end() if lead is not None else 0
                    name = _name(Filled(line.text[at:], line.start + at, line.end), models)
                    if name is not None and insures(name.text, models):
                        yield name


def _before_department(line: Filled, models: Path, *, surely: bool) -> Iterator[Filled]:
    department = DEPARTMENT.search(line.text)
    cut = line.text[: department.start()] if department is not None else line.text
    name = _name(Filled(cut, line.start, line.start + len(cut)), models)
    if name is not None and (
        insures(name.text, models) or (surely and department is not None)
        or (department is not None and re.match(r"\s*dep|.*\bdep", line.text[department.end() :], re.I))
    ):  # fmt: skip
        yield name


def _heads(page: Page, document: Document, models: Path) -> Iterator[Filled]:
    """Lines at the head of a form, and of an insurance card."""
    text = document.text[page.start : page.end]
    card = len({m.group(0).lower() for m in CARD.finditer(text)}) > 1 and len(text) < 900
    form = page.kind in (PageKind.REQUEST, PageKind.CRITERIA)
    letter = page.kind is PageKind.LETTER
    other = page.kind is PageKind.OTHER and is_asking(page, document, models)
    if not (form or card or letter or other):
        return
    for at, (line, _) in enumerate(itertools.islice(_lines(page, document), TOP_LINES)):
        if line.text.rstrip().endswith(","):  # a name that goes on elsewhere is not yet one
            continue
        department = DEPARTMENT.search(line.text)
        cut = line.text[: department.start()] if department is not None else line.text
        # "Plan - Medical Drug Prior Approval", "PLAN / INFUSION PRECERTIFICATION": name and title.
        for piece in PIECE.finditer(cut):
            start = line.start + piece.start()
            name = _name(Filled(piece.group(0), start, start + len(piece.group(0))), models)
            if name is None and at < LETTERHEAD:
                name = _known_at(piece.group(0), start, models)  # "CIGNA Infliximab IV"
            if name is not None and (
                insures(name.text, models) or ((form or card) and at < LETTERHEAD)
            ):
                yield name


def _known_at(text: str, start: int, models: Path) -> Filled | None:
    """The known insurer with which a title begins, before the drug that it names."""
    first = min((n.start for n in names_in(text, models) if n.kind == "drug"), default=0)
    for pattern in _insurers(models):
        known = pattern.match(text)
        if known is not None and known.end() <= first:
            return Filled(known.group(0), start, start + known.end())
    return None


def _lines(page: Page, document: Document) -> Iterator[tuple[Filled, str]]:
    """Lines of a page outside its tables, each with the one after it."""
    found: list[Filled] = []
    for block in page.blocks:
        if block.kind is BlockKind.TABLE:
            continue
        for m in re.finditer(r"[^\n\t]+", document.text[block.start : block.end]):
            start = block.start + m.start()
            found.append(Filled(m.group(0).rstrip(), start, start + len(m.group(0).rstrip())))
    for line, after in zip(found, [*found[1:], None], strict=False):
        yield line, after.text if after is not None else ""
