"""The request for information to the practice as plain text; a person releases it.

It asks for documents, says what was found in those that came, and which statements contradict each
other. Templates, payers and the names of documents are in `models/letters/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any, NamedTuple

import yaml
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.announced import awaited
from pipeline.errors import KnowledgeError
from pipeline.lexicon import read_table
from pipeline.places import patient
from pipeline.schema import (
    Case,
    CriterionResult,
    Document,
    Evidence,
    GapReport,
    PageKind,
    Reason,
    SendItem,
    Stated,
    WhatToSend,
)
from pipeline.wording import printable

FOLDER = "letters"
WIDTH = 78  # characters: fits a fax page
MOST_QUOTES = 4  # of one document
LONGEST_QUOTE = 200  # characters
UNREAD = "Pages and attachments that did not arrive or could not be read"
OTHER = "Clinic note"
DRAFT = (
    "DRAFT - NOT SENT. A person must read this, correct it where needed, and release it. "
    "It was written by a program from what it read in the submitted pages."
)
NOTHING = "DRAFT - NOT TO BE SENT. There is nothing that has to be asked of the practice."


class Letterhead(BaseModel):
    """A template, whom it serves, and how the practice answers.

    Attributes:
        template: A file of the same folder.
        payers: Names on forms; none: it serves whom no other one serves.
        due_days: Days after the date of the request.
        fax, contact: Of the reviewers, '' to be filled in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    template: str
    payers: tuple[str, ...] = ()
    due_days: int = Field(gt=0)
    fax: str = ""
    contact: str = ""


class Letters(BaseModel):
    """`letters.yaml`: the letterheads, and the labels of fields that name the practice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    letters: tuple[Letterhead, ...] = Field(min_length=1)
    practice: Mapping[str, tuple[str, ...]]


class Quote(NamedTuple):
    """Words of the packet and their page."""

    where: str
    text: str


class Dispute(NamedTuple):
    """Statements that contradict each other."""

    about: str
    quotes: tuple[Quote, ...]


class Asked(NamedTuple):
    """A document, what it should show, and what of it the packet has."""

    title: str
    parts: tuple[SendItem, ...]
    found: tuple[Quote, ...]
    disputes: tuple[Dispute, ...]


class Printed(NamedTuple):
    """What a form says, '' where it does not or says two things, and the page."""

    text: str
    page: int


def write_request(
    send: WhatToSend,
    case: Case,
    document: Document,
    report: GapReport,
    announced: Sequence[Stated],
    models: Path,
) -> str:
    """The whole text; without anything to ask, a line that says so.

    `announced` is what the packet says of itself that is pending, attached or to follow.
    Raises KnowledgeError for a template or table under `models` that cannot be used.
    """
    if not send.items:
        return f"{NOTHING}\nReference: {printable(send.submission_id)}\n"
    letters = load_letters(models)
    payers = [printable(stated.text) for stated in case.request.payer]
    head = _letterhead(letters, payers)
    asked, product = case.request, next(iter(case.request.products), None)
    named = [product.text if product else asked.ingredient, *(s.text for s in asked.hcpcs[:1])]
    several = len(report.source_files) > 1
    documents = _documents(send.items, report, _titles(models), several)
    said = (
        _quote(stated.place.file, stated.place.page, stated.text, several)
        for stated in (*awaited(case), *announced)
    )
    quoted = {quote for one in documents for quote in one.found}
    filled = _template(models, head.template).render(
        draft=DRAFT,
        practice=_practice(document, letters.practice),
        patient={name: printable(text) for name, text in patient(document).items()},
        request=", ".join(printable(text) for text in named if text),
        requested_on=next((printable(stated.text) for stated in asked.request_date), ""),
        payer=payers[0] if payers else "",
        reference=printable(send.submission_id),
        due=(case.as_of + timedelta(days=head.due_days)).isoformat() if case.as_of else "",
        due_days=head.due_days,
        fax=head.fax,
        contact=head.contact,
        documents=documents,
        pending=[quote for quote in dict.fromkeys(said) if quote not in quoted],
    )
    lines = [line.rstrip() for line in filled.splitlines() if line != _LEFT_OUT]
    return "\n".join(lines).strip() + "\n"


def load_letters(models: Path) -> Letters:
    """`letters.yaml`; raises KnowledgeError where it cannot be used."""
    path = models / FOLDER / "letters.yaml"
    try:
        letters = Letters.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, yaml.YAMLError, ValidationError) as error:
        raise KnowledgeError(path.name, 0, f"cannot be used: {error}") from error
    if all(letter.payers for letter in letters.letters):
        raise KnowledgeError(path.name, 0, "no letter serves the payers that none names")
    return letters


def _letterhead(letters: Letters, payers: Iterable[str]) -> Letterhead:
    named = {payer.casefold() for payer in payers}
    own = [h for h in letters.letters if named & {payer.casefold() for payer in h.payers}]
    return own[0] if own else next(h for h in letters.letters if not h.payers)


def _titles(models: Path) -> dict[str, str]:
    """The document that settles each kind of criterion."""
    rows = read_table(models / FOLDER / "documents.csv")
    return {cells["kind"]: cells["document"] for _, cells in rows}


def _documents(
    items: Sequence[SendItem], report: GapReport, titles: Mapping[str, str], several: bool
) -> list[Asked]:
    """What is asked for by document, in the order of the items."""
    grouped: dict[str, list[SendItem]] = {}
    for item in items:
        title = titles.get(item.kind, OTHER) if item.criteria else UNREAD
        grouped.setdefault(title, []).append(item)
    results = {result.id: result for result in report.criteria}
    made = []
    for title, parts in grouped.items():
        first = dict.fromkeys(part.criteria[0] for part in parts if part.criteria)
        criteria = [results[name] for name in first if name in results]
        disputes = tuple(_disputes(criteria, report, several))
        told = {quote for dispute in disputes for quote in dispute.quotes}
        quotes = (
            _quoted(item, several)
            for result in criteria
            if result.reason is not Reason.CONFLICTING
            for item in result.evidence
        )
        found = tuple(q for q in dict.fromkeys(quotes) if q.text and q not in told)
        made.append(Asked(title, tuple(parts), found[:MOST_QUOTES], disputes))
    return made


def _disputes(
    criteria: Sequence[CriterionResult], report: GapReport, several: bool
) -> Iterable[Dispute]:
    """The contradictions that leave one of the criteria open, by their statements."""
    for result in criteria:
        if result.reason is not Reason.CONFLICTING:
            continue
        touching = [c for c in report.conflicts if result.id in c.criteria]
        sides = [(printable(c.about), c.sides) for c in touching]
        for about, evidence in sides or [(result.title, result.evidence)]:
            quotes = dict.fromkeys(_quoted(item, several) for item in evidence)
            yield Dispute(about, tuple(quotes)[: MOST_QUOTES + 2])


def _quoted(item: Evidence, several: bool) -> Quote:
    return _quote(item.file, item.page, item.text, several)


def _quote(file: str, page: int, text: str, several: bool) -> Quote:
    words = printable(text)
    if len(words) > LONGEST_QUOTE:
        words = words[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " ..."
    return Quote(f"{f'{printable(file)}, ' if several else ''}page {page}", words)


def _practice(document: Document, labels: Mapping[str, tuple[str, ...]]) -> dict[str, Printed]:
    """Who asked, as the fields of request forms say it."""
    found: dict[str, dict[str, Printed]] = {name: {} for name in labels}
    for page in document.pages:
        for field in page.fields if page.kind is PageKind.REQUEST else ():
            label = document.text[field.label.start : field.label.end]
            bare = re.sub(r"^[\d.)\s]+|[\s:.]+$", "", printable(label)).casefold()
            value = field.value and document.text[field.value.start : field.value.end]
            text = printable(value or "")
            for name, known in labels.items():
                if text and bare in known:
                    found[name].setdefault(text.casefold(), Printed(text, page.number))
    nobody = Printed("", 0)
    return {n: next(iter(v.values())) if len(v) == 1 else nobody for n, v in found.items()}


# -------------------------------------------------------------------------- template

_LEFT_OUT = "\0"  # a line whose field the packet does not state


@cache
def _template(models: Path, name: str) -> Template:
    environment: Any = SandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.filters.update(wrapped=_wrapped, field=_field)
    try:
        text = (models / FOLDER / name).read_text(encoding="utf-8")
        made: Template = environment.from_string(text)
    except (OSError, ValueError, TemplateError) as error:
        raise KnowledgeError(name, getattr(error, "lineno", 0) or 0, str(error)) from error
    return made


def _wrapped(text: str, lead: str = "", rest: str | None = None) -> str:
    """Lines of a fax page; the first begins with `lead`, the others are indented as far."""
    indent = " " * len(lead) if rest is None else rest
    return "\n".join(wrap(printable(text), WIDTH, initial_indent=lead, subsequent_indent=indent))


def _field(label: str, text: str, width: int = 17) -> str:
    """A label and what is said, or nothing where nothing is said."""
    if not text:
        return _LEFT_OUT
    return "\n".join(
        wrap(
            printable(text),
            WIDTH,
            initial_indent=f"{label + ':':<{width}}",
            subsequent_indent=" " * width,
        )
    )
