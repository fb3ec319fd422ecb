"""The parts of a document that are read in one go: paragraphs, table cells, form answers.

Left out: pages of another patient, repeated pages, printed criteria, running headers, and the
printed wording of request forms, which says nothing about the patient.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pipeline.lexicon import read_table
from pipeline.schema import BlockKind, Document, Page, PageKind

SILENT_KINDS = {PageKind.CRITERIA, PageKind.BLANK}


# Sections of a few words: "Allergies: codeine." in a paragraph ends with that paragraph.
LOCAL_SECTIONS = {"allergies", "family_history", "social_history", "review_of_systems", "premedication", "form"}
# Sections of a note that go on over a page break, whatever kind the next page looks like.
RUNNING_ON = {"assessment_and_plan", "plan"}
NOTE_LIKE = {PageKind.NOTE, PageKind.OTHER, PageKind.IMAGING}


@dataclass(frozen=True)
class Passage:
    """A stretch of text under one heading; offsets are those of the document."""

    start: int
    end: int
    section: str
    page: int  # index in Document.pages
    kind: PageKind
    copied_from: str = ""

    def text(self, document: Document) -> str:
        return document.text[self.start : self.end]


def readable_pages(document: Document) -> Iterator[tuple[int, Page]]:
    """Pages that may state facts of the case, with their index."""
    for index, page in enumerate(document.pages):
        if page.foreign or page.duplicate_of or page.kind in SILENT_KINDS:
            continue
        yield index, page


@cache
def heading_pattern(models: Path) -> tuple[re.Pattern[str], dict[str, str]]:
    """The pattern of headings at the start of a line or clause, and the section of each."""
    sections: dict[str, str] = {}
    alternatives: list[str] = []
    for _, row in read_table(models / "lexicon" / "sections.csv"):
        for heading in row["headings"].split("|"):
            heading = heading.strip().replace("?", "")
            sections[heading] = row["section"]
            alternatives.append(re.escape(heading).replace(r"\ ", r"\s+"))
    alternatives.sort(key=len, reverse=True)
    names = "|".join(alternatives)
    pattern = re.compile(
        rf"(?:^|(?<=\n)|(?<=[.;]\s)|(?<=[.;]\s\s))[ \t]*(?:[A-Z0-9]{{1,2}}[.)]\s+|[-\u2022*]\s*)?(?P<name>{names})\s*"
        rf"(?::|(?=\n|$)|\.(?=\s+[A-Z])|\s[-\u2013](?=\s)|(?<=[a-z])\t)",
        re.IGNORECASE,
    )
    return pattern, sections


COPIED = re.compile(
    r"\[?\s*copied\s+(?:forward\s+)?from\s+(?:(?:the\s+)?(?:note|visit|encounter)\s+(?:of|on|dated)\s+)?"
    r"(?P<date>[\w/ ,.-]*?\d{2,4})\s*(?:\]|:|\n|$)(?P<body>.*?)(?=\[?\s*end\s+(?:of\s+)?copied|\Z)",
    re.IGNORECASE | re.DOTALL,
)


def prose_passages(document: Document, models: Path) -> Iterator[Passage]:
    """Paragraphs in reading order, cut at headings, each with the section that it is in."""
    for pieces, _ in _sectioned_blocks(document, models):
        yield from (part for piece in pieces for part in _cut_copied(piece, document.text))


def section_before(document: Document, models: Path, offset: int) -> str:
    """The section that holds at an offset, by the headings before it on its page."""
    section = ""
    for pieces, after in _sectioned_blocks(document, models):
        if pieces and pieces[0].start >= offset:
            break
        page = document.pages[pieces[0].page] if pieces else None
        if page is not None and page.start <= offset < page.end:
            section = after
    return section


def _sectioned_blocks(document: Document, models: Path) -> Iterator[tuple[list[Passage], str]]:
    """Blocks of prose cut at headings, and the section that holds after each."""
    section, file, kind = "", "", PageKind.BLANK
    for index, page in readable_pages(document):
        if page.file != file or page.kind is not kind or section in LOCAL_SECTIONS:
            goes_on = page.file == file and section in RUNNING_ON and page.kind in NOTE_LIKE
            section, file, kind = section if goes_on else "", page.file, page.kind
        for block in page.blocks:
            if block.kind in (BlockKind.FURNITURE, BlockKind.TABLE):
                continue
            if block.kind is BlockKind.FORM:
                section = "form"
                continue
            base = Passage(block.start, block.end, section, index, page.kind)
            pieces = list(_cut_at_headings(base, document.text, models))
            known = heading_pattern(models)[0].search(base.text(document)) is not None
            if block.kind is BlockKind.HEADING and not known:
                if len(base.text(document).split()) <= 6:  # an unknown heading ends the section
                    section = ""
                    pieces = [replace(piece, section="") for piece in pieces]
            else:
                section = pieces[-1].section
                inline = pieces[-1].text(document).strip() and block.kind is not BlockKind.HEADING
                if inline and section in LOCAL_SECTIONS and section != base.section:
                    section = base.section
            yield pieces, section


def _cut_at_headings(passage: Passage, whole: str, models: Path) -> Iterator[Passage]:
    pattern, sections = heading_pattern(models)
    text = whole[passage.start : passage.end]
    position, section = 0, passage.section
    for m in pattern.finditer(text):
        name = " ".join(m["name"].lower().split())
        single = len(name) == 1
        if single and not (m.group(0).rstrip().endswith(":") and m["name"].isupper()):
            continue
        if m.group(0).rstrip().endswith((".", "-", "\u2013")) and not m["name"][0].isupper():
            continue
        if text[position : m.start()].strip():
            yield replace(
                passage, start=passage.start + position, end=passage.start + m.start(), section=section
            )
        position, section = m.end(), sections.get(name, "")
    yield replace(passage, start=passage.start + position, section=section)


def _cut_copied(passage: Passage, whole: str) -> Iterator[Passage]:
    text = whole[passage.start : passage.end]
    position = 0
    for m in COPIED.finditer(text):
        if m.start() > position:
            yield replace(passage, start=passage.start + position, end=passage.start + m.start())
        yield replace(
            passage,
            start=passage.start + m.start("body"),
            end=passage.start + m.end("body"),
            copied_from=m["date"].strip(),
        )
        position = m.end()
    if position < len(text):
        yield replace(passage, start=passage.start + position)


ABBREVIATED = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|vs|c/w|approx|incl|e\.g|i\.e|No|St|Jr|Sr|Inc|lat|ant|ins|act|resp|ca|cf|dx|hx|fx|"
    r"pt|wt|ht|tab|tabs|cap|caps|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z]|^\d{1,2}|\n\d{1,2})\.$",
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of `text`: cut at line ends and after full stops that end one."""
    cuts = [0]
    for m in re.finditer(r"\n+|(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9\u2022*-])", text):
        if "\n" not in m.group(0) and ABBREVIATED.search(text[max(0, m.start() - 9) : m.start()]):
            continue
        cuts.append(m.end())
    cuts.append(len(text))
    spans = []
    for start, end in zip(cuts, cuts[1:], strict=False):
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        if end > start:
            spans.append((start, end))
    return spans
