"""The parts of a document that are read in one go: paragraphs, table cells, form answers.

Left out: pages of another patient, repeated pages, printed criteria, running headers, and the
printed wording of request forms, which says nothing about the patient.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.lexicon import load_lexicon, models_dir, read_table
from pipeline.nlp.spans import mark, trimmed
from pipeline.notation.dates import find_dates
from pipeline.notation.matches import Match
from pipeline.notation.sigs import find_frequencies, find_routes
from pipeline.schema import Block, BlockKind, Document, Page, PageKind, Speaker

SILENT_KINDS = {PageKind.CRITERIA, PageKind.BLANK}


# Sections of a few words: "Allergies: codeine." in a paragraph ends with that paragraph.
LOCAL_SECTIONS = {
    "allergies",
    "family_history",
    "social_history",
    "review_of_systems",
    "premedication",
    "form",
}
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
    joints: tuple[int, ...] = ()  # line ends within a sentence, to be read as blanks

    def text(self, document: Document) -> str:
        """The words, of the same length as in the document."""
        text = document.text[self.start : self.end]
        for joint in self.joints:
            if self.start <= joint < self.end:
                text = text[: joint - self.start] + " " + text[joint - self.start + 1 :]
        return text


def readable_pages(document: Document) -> Iterator[tuple[int, Page]]:
    """Pages that may state facts of the case, with their index."""
    for index, page in enumerate(document.pages):
        if page.foreign or page.duplicate_of or page.kind in SILENT_KINDS:
            continue
        yield index, page


# An order set adds to a heading when its drugs are given: "Premedication 30 minutes before infusion".
# Goals add by when they are to be reached: "Goals by 03/31/2025".
WHEN_GIVEN = r"(?:\s+(?:by|due)\s+\d[\d/.-]*|\s+\d+\s*min(?:ute)?s?\s+(?:before|prior\s+to)\s+(?:(?:each|every|the)\s+)?(?:infusion|dose)s?)?"


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
        rf"(?:^|(?<=\n)|(?<=[.;]\s)|(?<=[.;]\s\s))[ \t]*(?:[A-Z0-9]{{1,2}}[.)]\s+|[-\u2022*]\s*)?(?P<name>{names}){WHEN_GIVEN}\s*"
        rf"(?::|(?=\n|$)|\.(?=\s+[A-Z])|\s[-\u2013](?=\s)|(?<=[a-z])\t)",
        re.IGNORECASE,
    )
    return pattern, sections


# "Copied from the note of 05/02/2025", "brought forward by template from ...", "Exam 02/03/2025
# (copied for reference)": text that bears an earlier date.
PRINTED_DAY = r"[A-Za-z]*\.?\s?\d[\w/ ,.-]*?\d{2,4}"
COPIED = re.compile(
    r"(?P<end>\bend\s+(?:of\s+)?(?:the\s+)?copied\b[^\n\].]*\]?)"
    r"|(?P<open>[\[(]\s*)?(?:\b(?:copied|carried|pulled)(?:\s+(?:forward|over|in))?|"
    r"\b(?:brought|rolled|moved|imported|transferred|pasted|cloned|auto-?populated|repeated|retained)\s+(?:forward|over)|"
    r"\b(?:pasted|cloned|imported|auto-?populated))\s+"
    r"(?:(?:by|with|using|through|via)\s+(?:(?:the|a|an)\s+)?[\w-]+\b\s*)?"
    r"(?:from|[,;(]?\s*(?:source|origin|original)\b\s*:?)\s+(?:(?!\d)[\w-]+\s+){0,4}?"
    rf"(?P<date>{PRINTED_DAY})(?=\s*(?:\]|\)|:|-|\n|$|\.\s|,[^)\]\n\d]*[)\]]))"
    r"(?:\s*,[^)\]\n\d]*(?=[)\]]))?\s*[\]):-]*"
    rf"|(?<![\w/])(?P<day>{PRINTED_DAY})\s*[\[(]\s*(?:copied|carried|brought|pulled|pasted)\b[^)\]\n\d]*[)\]]\s*:?",
    re.IGNORECASE,
)


def prose_passages(document: Document, models: Path) -> Iterator[Passage]:
    """Paragraphs in reading order, cut at headings, each with the section that it is in.

    Text between a mark that it was copied from an earlier note and the mark of its end bears
    the date of that note; without an end mark, the rest of the paragraph does, or the next one
    where the mark stands alone. A mark that opens a bracket holds until it closes.
    """
    copied, page = "", -1
    for pieces, _ in _sectioned_blocks(document, models):
        for piece in pieces:
            if piece.page != page:
                copied, page = "", piece.page
            rest = document.text[piece.end : document.pages[piece.page].end]
            after, part = copied, piece
            for part, after in _cut_copied(piece, document, copied):  # noqa: B007
                yield part
            copied = after
            heads = not document.text[part.start : part.end].strip()  # the mark heads what follows
            if copied and not heads and not any(m["end"] for m in COPIED.finditer(rest)):
                copied = ""


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
    section, file, kind, speaker = "", "", PageKind.BLANK, Speaker.PATIENT
    for index, page in readable_pages(document):
        if page.speaker is not speaker:  # nothing runs on to what others say
            section, speaker = "", page.speaker
        if page.file != file or page.kind is not kind or section in LOCAL_SECTIONS:
            goes_on = page.file == file and section in RUNNING_ON and page.kind in NOTE_LIKE
            section, file, kind = section if goes_on else "", page.file, page.kind
        for at, run in enumerate(_runs(page, document.text, models)):
            block = run[0]
            if block.kind is BlockKind.FORM:
                section = "form"
                continue
            joints = tuple(
                i
                for part, after in itertools.pairwise(run)
                for i in range(part.end - 1, after.start)
                if document.text[i] == "\n"
            )
            base = Passage(block.start, run[-1].end, section, index, page.kind, "", joints)
            pieces = list(_cut_at_headings(base, document, models))
            known = heading_pattern(models)[0].search(base.text(document)) is not None
            if block.kind is BlockKind.HEADING and not known:
                # An unknown heading ends the section: a short one, and the title of a page.
                if len(base.text(document).split()) <= 6 or at == 0:
                    section = ""
                    pieces = [replace(piece, section="") for piece in pieces]
            else:
                section = pieces[-1].section
                inline = pieces[-1].text(document).strip() and block.kind is not BlockKind.HEADING
                if inline and section in LOCAL_SECTIONS and section != base.section:
                    section = base.section
            yield pieces, section


NOTE_KINDS = {PageKind.NOTE, PageKind.OTHER, PageKind.LETTER, PageKind.IMAGING}
FRESH_LINE = re.compile(r"\s*(?:[-\u2022*\u00b7]|#?\d{1,2}[.)]\s|[A-Za-z][A-Za-z /()&-]{1,28}:|\()")


def _runs(page: Page, whole: str, models: Path) -> Iterator[list[Block]]:
    """Blocks of prose; lines of one sentence that the page's spacing tore apart are one run.

    A form line whose label is a heading of a note ("MEDS: ...") is prose.
    """
    run: list[Block] = []
    for block in page.blocks:
        if block.kind in (BlockKind.FURNITURE, BlockKind.TABLE):
            if run:
                yield run
            run = []
            continue
        if (
            block.kind is BlockKind.FORM
            and page.kind in NOTE_KINDS
            and _has_headings(whole[block.start : block.end], models)
        ):
            block = block.model_copy(update={"kind": BlockKind.PARAGRAPH})
        together = run and not whole[run[-1].end : block.start].strip()
        if together and _goes_on(
            whole[run[-1].start : run[-1].end], run[-1], whole[block.start : block.end], block
        ):
            run[-1] = run[-1].model_copy(update={"kind": BlockKind.PARAGRAPH})
            run.append(block)
            continue
        if run:
            yield run
        run = [block]
    if run:
        yield run


def _has_headings(text: str, models: Path) -> bool:
    return heading_pattern(models)[0].search(text) is not None


# Words that end no sentence, and such as begin none.
UNFINISHED = re.compile(
    r"\b(?:for|of|and|or|with|without|from|to|the|a|an|in|on|by|at|since|until|after|before|was|is|has|had|due|spite)\.?$",
    re.IGNORECASE,
)
GOING_ON = re.compile(r"\s*(?:of|and|or|with|without|to|in|for|by|than|that|which|while|but)\b")
LINE_LENGTH = 45  # characters; shorter lines are entries of a list, not torn sentences


def _begins_alike(text: str, following: str) -> bool:
    """Whether two lines begin with numbers of the same form, as entries of a list do: "2019-2020: ..."."""
    first, second = (re.sub(r"\d", "0", (t.split() or [""])[0]) for t in (text, following))
    return first == second and "0" in first and first[-1] in ":.)-0"


def _goes_on(text: str, block: Block, following: str, after: Block) -> bool:
    """Whether a block ends in the middle of a sentence that the next one goes on with.

    A line that was taken for a heading may, where its last word asks for more: "64 mg from".
    """
    unfinished = block.kind is BlockKind.HEADING and UNFINISHED.search(text.rstrip()) is not None
    if not (block.kind is BlockKind.PARAGRAPH or unfinished):
        return False
    if after.kind is not BlockKind.PARAGRAPH:
        return False
    if FRESH_LINE.match(following) or _begins_alike(text, following):
        return False
    last = text.rstrip().rsplit("\n", 1)[-1]
    first = following.lstrip()[:1]
    if not last or last[-1] in ".!?:":
        return False
    if len(last) < LINE_LENGTH:
        torn = UNFINISHED.search(last) is not None or GOING_ON.match(following) is not None
        return (first.islower() and (last[-1] == "," or torn)) or (first.isdigit() and torn)
    return first.islower() or first.isdigit() or last[-1] in ",-/"


def _cut_at_headings(passage: Passage, document: Document, models: Path) -> Iterator[Passage]:
    for part in sections_of(passage.text(document), models, passage.section):
        yield replace(
            passage,
            start=passage.start + part.start,
            end=passage.start + part.end,
            section=part.code,
        )


def sections_of(text: str, models: Path, section: str = "") -> Iterator[Match]:
    """The stretches of a text under its headings, which are left out; `code` is the section.

    Args:
        section: The one that holds where the text begins.
    """
    pattern, sections = heading_pattern(models)
    position = 0
    for m in pattern.finditer(text):
        name = " ".join(m["name"].lower().split())
        single = len(name) == 1
        if single and not (m.group(0).rstrip().endswith(":") and m["name"].isupper()):
            continue
        if m.group(0).rstrip().endswith((".", "-", "\u2013")) and not m["name"][0].isupper():
            continue
        if text[position : m.start()].strip():
            yield Match(position, m.start(), "section", section)
        position, section = m.end(), sections.get(name, "")
    yield Match(position, len(text), "section", section)


def _cut_copied(passage: Passage, document: Document, copied: str) -> Iterator[tuple[Passage, str]]:
    """Parts of a passage with the date that each was copied from, and what holds after each."""
    text = passage.text(document)
    position = 0
    for start, end, day in [*_marks_of_copies(text), (len(text), len(text), "")]:
        part = replace(
            passage, start=passage.start + position, end=passage.start + start, copied_from=copied
        )
        if start < len(text):
            dates = find_dates("on " + day) if day else []
            copied = ("on " + day)[dates[0].start : dates[0].end] if dates else ""
            position = end
        yield part, copied


def _marks_of_copies(text: str) -> list[tuple[int, int, str]]:
    """Start, end and day of the marks that text was copied; '' for the day where copies end."""
    marks = []
    for m in COPIED.finditer(text):
        marks.append((m.start(), m.end(), m["date"] or m["day"] or ""))
        if m["open"] and m.group(0)[-1] not in ")]":
            close = text.find("]" if "[" in m["open"] else ")", m.end())
            marks += [(close, close + 1, "")] if close >= 0 else []
    return sorted(marks)


ABBREVIATED = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|vs|c/w|approx|incl|e\.g|i\.e|No|St|Jr|Sr|Inc|lat|ant|ins|act|resp|ca|cf|dx|hx|fx|"
    r"pt|wt|ht|tab|tabs|cap|caps|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z]|\(b|^\d{1,2}|\n\d{1,2})\.$",
)


# Goes on about the drug before it: directions, and what a list of medications prints after them.
SIG = re.compile(r"sig\s*[:.]|(?:refills?|disp(?:ense)?|qty|quantity)\b", re.IGNORECASE)
DOSE_BEFORE = re.compile(r"\d\s*(?:mg|mcg|g|units?)\.\s*$", re.IGNORECASE)


def _is_sig(text: str, before: int, start: int) -> bool:
    """Whether a dose ends at `before`, and from `start` on it is said how often or which way."""
    if not DOSE_BEFORE.search(text, max(0, before - 12), before):
        return False
    after = text[start : start + 30]
    return any(m.start == 0 for m in (*find_frequencies(after), *find_routes(after)))


@cache
def _short_names() -> frozenset[str]:
    """Abbreviations of drugs, in lower case."""
    drugs = load_lexicon(models_dir()).drugs.values()
    return frozenset(name.lower() for drug in drugs for name in drug.abbreviations)


def _is_short_name(text: str, before: int, start: int) -> bool:
    """Whether the full stop at `before` is that of a drug's short name, which a number follows."""
    word = re.search(r"(?<![\w-])([A-Za-z]+)\.$", text[max(0, before - 12) : before])
    return (
        word is not None and text[start : start + 1].isdigit() and word[1].lower() in _short_names()
    )


# Full stops that end a sentence: before a blank, or between a word and one with a capital letter.
STOPS = re.compile(
    r"\n+|(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9\u2022*-])|(?<=[\w)/][\w)%][.!?])(?=[A-Z][a-z]+\b(?!\.|@))|(?<=[a-z\d][a-z\d)%][.!?])(?=[A-Z]{2,}\b)"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of `text`: cut at line ends and after full stops that end one."""
    cuts = [0]
    for m in STOPS.finditer(text):
        if "\n" not in m.group(0) and ABBREVIATED.search(text[max(0, m.start() - 9) : m.start()]):
            continue
        if "\n" not in m.group(0) and (
            SIG.match(text, m.end())
            or _is_sig(text, m.start(), m.end())
            or _is_short_name(text, m.start(), m.end())
        ):
            continue
        cuts.append(m.end())
    cuts.append(len(text))
    spans = []
    for start, end in itertools.pairwise(cuts):
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        if end > start:
            spans.append((start, end))
    return spans


# ------------------------------------------------------------------- components of the pipeline


@Language.factory("chartgap_sections", default_config={"models": ""})
def make_sections(nlp: Language, name: str, models: str) -> Callable[[Doc], Doc]:
    """Build the component that sets `doc.spans["section"]` of a plain text.

    Passages of a document come from its pages and know their sections.
    """

    def cut(doc: Doc) -> Doc:
        parts = [trimmed(part, doc.text) for part in sections_of(doc.text, Path(models))]
        return mark(doc, {"section": [part for part in parts if part.end > part.start]})

    return cut


@Language.component("chartgap_sentences")
def set_sentences(doc: Doc) -> Doc:
    """Set `doc.spans["sentence"]`; a text that is one cell or answer is one sentence."""
    whole = doc._.setting is not None and doc._.setting.one_sentence
    borders = [(0, len(doc.text))] if whole else sentences(doc.text)
    doc = mark(doc, {"sentence": [Match(s, e, "sentence", "") for s, e in borders if e > s]})
    for span in doc.spans["sentence"]:
        doc[span.start].is_sent_start = True
    return doc
