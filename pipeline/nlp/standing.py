"""Whom each statement is about, how it stands and what came of it: the one place that says so.

Two readings meet here: the rules (context cues, sections, the page's speaker) and the trained
reader. What the rules take for a statement about the patient counts only where the reader does
not deny it; where the reader is in doubt, or the two understand an outcome differently, the
mention is `doubted` and decides nothing. The bounds stand in `models/statements/settings.json`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pipeline.nlp.cues import load_cues
from pipeline.nlp.demands import demanded_stretches
from pipeline.nlp.findings import STUDIES
from pipeline.nlp.language import names_in
from pipeline.nlp.outcome_answers import HARM
from pipeline.nlp.passages import sentences
from pipeline.nlp.pieces import Statement
from pipeline.nlp.reader import NOT_TAKEN, Opinion, load_reader
from pipeline.nlp.setbacks import is_gain, is_setback
from pipeline.notation.dates import find_dates
from pipeline.places import page_at, words_between
from pipeline.schema import (
    STANDS,
    About,
    BlockKind,
    Document,
    Doubt,
    Mention,
    Page,
    PageKind,
    Standing,
    Table,
)

KINDS = {
    "medication": "drug",
    "medication_class": "drug",
    "lab": "lab",
    "diagnosis": "diagnosis",
    "finding": "finding",
}
OTHERS = (About.RELATIVE, About.OTHER_PERSON)
# How a treatment went badly: that it did is what two readings must agree on, not in which way.
BADLY = {"failed", "intolerant", "partial_response"}
# Why a drug cannot be taken (again): that it was not borne, or that it never could have been.
UNFIT = {"intolerant", "contraindicated"}


@dataclass(frozen=True)
class Bounds:
    """From which probabilities on the reader is believed; the curves are in docs/statements.md.

    Attributes:
        denied: Below this probability of standing, a treatment is set aside.
        named: Below this one, a result or a diagnosis, of which it has learned from fewer.
        doubted: Below this one, it is doubted.
        table: Below this one, a result in a table is doubted.
        finding: Below this one, a finding.
        whose: Below this probability that it is about the patient, a finding too.
        outcome: From this probability on, an outcome that only the reader sees is shown.
        agrees: From this one on, the reader agrees with an outcome that the rules see.
        replaced: From this one on, its outcome is shown in the place of that of the rules.
        confirmed: From this probability of having gone badly on, a failure that only the reader
            sees is believed where the words that tell it name a setback.
        status: From this one on, its status counts where the rules only assume one.
    """

    denied: float
    named: float
    doubted: float
    table: float
    finding: float
    whose: float
    outcome: float
    agrees: float
    replaced: float
    confirmed: float
    status: float


@dataclass(frozen=True)
class Around:
    """What stands around a mention.

    Attributes:
        told: Each outcome that the rules find, denied ones too, with its drug.
        drugs: Where drugs are named, with their codes.
    """

    document: Document
    models: Path
    bounds: Bounds
    told: Sequence[tuple[str, Mention]]
    drugs: Sequence[tuple[int, int, str]]


def with_standing(mentions: Sequence[Mention], document: Document, models: Path) -> list[Mention]:
    """The mentions with `about`, `standing`, `doubted`, and with what the reader adds as parts."""
    running = _running_heads(document)
    pages = {p.start: _standing_of(p, document, running, models) for p in document.pages}
    mixed = _of_two_days(mentions, document)
    gone = {p.start: _tests_withdrawn(p, document, models) for p in document.pages}
    voided = [w for p in document.pages for w in _results_voided(p, document, models)]
    wanted = demanded_stretches(document, models)
    ruled = [_by_rules(m, document, pages, gone, wanted) for m in mentions]
    ruled = [_without_voided(m, document, voided, models) for m in ruled]
    ruled = [_doubted(m) if page_at(document, m.start) in mixed else m for m in ruled]
    reader = load_reader(models)
    if reader is None:
        return ruled
    bounds = Bounds(**reader.bounds)
    opinions: dict[Statement, Opinion] = {}

    def asked(statement: Statement) -> Opinion:
        if statement not in opinions:
            opinions[statement] = reader.read([statement])[0]
        return opinions[statement]

    result: list[Mention] = []
    told = [(m.code, p) for m in ruled for p in m.parts if p.label in ("outcome", "not_outcome")]
    drugs = [(m.start, m.end, m.code) for m in ruled if KINDS.get(m.label) == "drug"]
    around = Around(document, models, bounds, told, [d for d in drugs if d[2]])
    named: dict[tuple[str, str], tuple[Statement, int]] = {}
    aside: dict[tuple[str, str], dict[str, object]] = {}  # named last as somebody else's
    for m in ruled:
        kind = KINDS.get(m.label)
        if kind is not None and not _is_named(m) and (m.label, m.code) in aside:
            result.append(m.model_copy(update=aside[m.label, m.code]))
            continue
        if kind is None or m.about is not About.PATIENT or m.standing not in STANDS:
            if kind is not None and _is_named(m):
                aside[m.label, m.code] = {"about": m.about, "standing": m.standing}
            if kind == "drug" and m.about in OTHERS and _is_named(m):
                place = statement_of(m, kind, document)
                if place is not None:  # what came of it for somebody else decides nothing
                    parts, _ = _outcome(m, asked(place[0]), place[1], around)
                    m = m.model_copy(update={"parts": parts})
            result.append(m)
            continue
        found = statement_of(m, kind, document) if _is_named(m) else None
        if found is None:
            found = named.get((m.label, m.code))  # "it", or a dose alone: of the drug named before
        else:
            aside.pop((m.label, m.code), None)
        if found is None:
            result.append(m)
            continue
        named[m.label, m.code] = found
        statement, shift = found
        result.append(_weighed(m, kind, asked(statement), shift, around))
    return result


def _of_two_days(mentions: Sequence[Mention], document: Document) -> list[Page]:
    """Pages with two notes side by side: one line bears two days of visits, of which is unknown."""
    days = [m for m in mentions if m.label == "date" and m.code == "visit"]
    return [
        page_at(document, one.start)
        for one, other in pairwise(sorted(days, key=lambda m: m.start))
        if one.text != other.text and "\n" not in document.text[one.end : other.start]
    ]


def _doubted(m: Mention) -> Mention:
    doubt: tuple[Doubt, ...] = (*m.doubted, "standing")
    return m.model_copy(update={"doubted": doubt}) if m.label in KINDS else m


TITLE_LINES, TITLE_WORDS = 3, 14  # at the head and foot of a page
RUNNING_LINES = 6  # of the head of a page, with the lines that other pages bear too
# In which the letterhead, the address and the title of a letter stand; the words of such a title.
LETTER_LINES, LETTER_TITLE = 12, 6
DIGITS = re.compile(r"\d+")


def _standing_of(
    page: Page, document: Document, running: frozenset[str], models: Path
) -> Standing | None:
    """How all of a page stands by a short line at its head or foot; None where none says so.

    A practice that answers a decision writes on its own account.
    """
    titles = load_cues(models, "page_titles.csv", "standing", "source")
    text = document.text[page.start : page.end]
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    heads = [line for line in lines[:RUNNING_LINES] if DIGITS.sub("", line) not in running]
    edges = [*heads[:TITLE_LINES], *lines[-TITLE_LINES:]]
    # Below a letterhead and an address the title of a letter is a heading of its own.
    headings = _headings(page, document)
    titled = [line for line in lines[:LETTER_LINES] if line in headings]
    for line in [*edges, *titled]:
        whole = OF_THE_PAGE.search(line) is not None
        if len(line.split()) > TITLE_WORDS * (1 + whole) or line.endswith("?"):
            continue
        for title in titles:
            standing = Standing(title.kind)
            if standing is Standing.DEMANDED and OWN_ANSWER.search(line):
                continue
            if standing is Standing.WITHDRAWN and not whole and _tests_in(line, models):
                continue  # of that test alone
            is_title = line in heads[:2] or (line in titled and len(line.split()) <= LETTER_TITLE)
            if title.pattern.search(line) and (standing is Standing.WITHDRAWN or is_title):
                return standing
    return Standing.CONDITIONAL if _is_addressed(text) else None


def _headings(page: Page, document: Document) -> set[str]:
    return {
        " ".join(document.text[block.start : block.end].split())
        for block in page.blocks
        if block.kind is BlockKind.HEADING
    }


def _running_heads(document: Document) -> frozenset[str]:
    """Lines, without their digits, that head several pages of a file: the title stands below them."""
    heads = Counter(
        (page.file, line)
        for page in document.pages
        for line in {
            DIGITS.sub("", " ".join(line.split()))
            for line in document.text[page.start : page.end].strip().split("\n")[:RUNNING_LINES]
        }
    )
    return frozenset(line for (_, line), pages in heads.items() if pages > 1)


def _tests_withdrawn(page: Page, document: Document, models: Path) -> frozenset[str]:
    """The tests whose results a line that names them takes back: "Result for IgA withdrawn".

    Such a line stands anywhere on a laboratory's page, on others at the head or foot.
    """
    withdrawn = [
        title
        for title in load_cues(models, "page_titles.csv", "standing", "source")
        if title.kind == Standing.WITHDRAWN
    ]
    found: set[str] = set()
    lines = [line for line in document.text[page.start : page.end].split("\n") if line.strip()]
    if page.kind is not PageKind.LABORATORY:
        lines = [*lines[:TITLE_LINES], *lines[-TITLE_LINES:]]
    for line in lines:
        short = len(line.split()) <= TITLE_WORDS and "\t" not in line  # no row, which has its own
        if short and any(title.pattern.search(line) for title in withdrawn):
            found |= _tests_in(line, models)
    return frozenset(found)


# What a remark that takes back a result is of, without naming the test again.
OF_RESULT = re.compile(
    r"\b(?:specimens?|samples?|tubes?|blood|results?|values?|tests?|draw|re-?draw|re-?collect\w*|report(?:ed)?)\b",
    re.IGNORECASE,
)
# Of another specimen than the one whose result stands before: "the earlier sample had been void".
OF_ANOTHER = re.compile(
    r"\b(?:earlier|previous(?:ly)?|prior|first|initial|original|old|other)\s+(?:\w+\s+)?(?:specimen|sample|tube|result|value|test|draw|report)s?\b"
    r"|\b(?:not|never|no|nothing|none)\b[^.;]{0,30}\b(?:void|withdrawn|retracted|cancel|mislabel|invalid|affected)",
    re.IGNORECASE,
)
VOIDED_WITHIN = 200  # characters from the end of a sentence with a result to the remark on it


def _results_voided(page: Page, document: Document, models: Path) -> list[tuple[int, int]]:
    """Sentences that take back a result without naming its test: "Sample mislabeled, result void"."""
    titles = load_cues(models, "page_titles.csv", "standing", "source")
    withdrawn = [title for title in titles if title.kind == Standing.WITHDRAWN]
    text = document.text[page.start : page.end]
    return [
        (page.start + start, page.start + end)
        for start, end in sentences(text)
        if any(title.pattern.search(text, start, end) for title in withdrawn)
        and OF_RESULT.search(text, start, end)
        and not _tests_in(text[start:end], models)
    ]


def _without_voided(
    m: Mention, document: Document, voided: Sequence[tuple[int, int]], models: Path
) -> Mention:
    """A result as the next remark on it leaves it: taken back, or doubted where another may be meant."""
    if m.label != "lab" or m.origin == "table" or m.scope is None or m.standing not in STANDS:
        return m
    end = m.scope.end
    remark = next((w for w in voided if 0 <= w[0] - end < VOIDED_WITHIN), None)
    if remark is None or page_at(document, m.start) is not page_at(document, remark[0]):
        return m
    if _tests_in(document.text[end : remark[0]], models):
        return m
    if OF_ANOTHER.search(document.text, *remark):
        return _doubted(m)
    return m.model_copy(update={"standing": Standing.WITHDRAWN})


def _tests_in(line: str, models: Path) -> set[str]:
    return {n.code for n in names_in(line, models) if n.kind == "lab"}


# "Specimen mislabelled: these results are not this patient's, do not use them."
OF_THE_PAGE = re.compile(
    r"\b(?:these|all|above|listed|shown) (?:results?|values|findings|entries|data)\b|\b(?:results?|values) above\b"
    r"|\bthis (?:report|page|sheet|result|record|note)\b",
    re.IGNORECASE,
)


def _is_addressed(text: str) -> bool:
    """Whether most of a page's sentences speak to the reader as a patient: advice, no record."""
    told = [text[start:end] for start, end in sentences(text)]
    told = [sentence for sentence in told if len(sentence.split()) >= SENTENCE_WORDS]
    addressed = sum(TO_A_PATIENT.search(sentence) is not None for sentence in told)
    return addressed > 1 and addressed >= ADDRESSED * len(told)


SENTENCE_WORDS, ADDRESSED = 5, 0.5  # of a sentence; the share of them that makes a page advice
# A letter to a payer or a colleague says "you" too, of what they decide or sent.
TO_A_PATIENT = re.compile(
    r"\b(?:ask(?:ed)?|tell|bring|show|call|if|when|whether|before|that|have|are|may|should|please|will) you\b"
    r"|\byou (?:may|should|will|must|can|have|had|are|were|need|take|took|feel|ever|come)\b"
    r"|\byour (?:doctor|nurse|pharmacist|physician|provider|care team|blood|body|medicines?|infusion|appointment|strength|"
    r"hepatitis|QuantiFERON|CK|EMG|MRI|treatment|symptoms|rights)\b",
    re.IGNORECASE,
)
OWN_ANSWER = re.compile(r"\b(?:appeal|re:|response|reply|answer|necessity)", re.IGNORECASE)


def _by_rules(
    m: Mention,
    document: Document,
    pages: Mapping[int, Standing | None],
    gone: Mapping[int, frozenset[str]],
    wanted: Sequence[tuple[int, int]],
) -> Mention:
    """What the context cues say, in the contract's words; a number is a result in a question too."""
    numeric = any(p.label == "value" and any(c.isdigit() for c in p.text) for p in m.parts)
    if m.standing is Standing.ASKED and m.label == "lab" and numeric:
        return m.model_copy(update={"standing": Standing.STATED})
    if m.label == "diagnosis" and ANSWERED.match(document.text, m.end):
        return m.model_copy(update={"hypothetical": True, "standing": Standing.ASKED})
    rule = any(start <= m.start < end for start, end in wanted)
    if (
        m.standing is Standing.PLANNED and m.label == "finding" and rule
    ):  # "the prescriber agrees to"
        return m.model_copy(update={"about": About.GENERAL, "standing": Standing.DEMANDED})
    if m.about is not About.PATIENT or m.standing is not Standing.STATED:
        return m
    if m.label in KINDS and _is_example(m, document):
        return m.model_copy(update={"about": About.GENERAL})
    if m.label in KINDS and rule:
        return m.model_copy(update={"about": About.GENERAL, "standing": Standing.DEMANDED})
    page = page_at(document, m.start).start
    if m.label == "lab" and m.code in gone[page]:
        return m.model_copy(update={"standing": Standing.WITHDRAWN})
    whole = pages[page]
    if whole is Standing.WITHDRAWN and m.label in KINDS:
        return m.model_copy(update={"standing": whole})
    if whole is not None and m.label in KINDS:
        return m.model_copy(update={"doubted": ("standing",)})
    if m.label != "date" and (
        _is_struck(m, document) or _is_taken_back(m, document) or _is_replaced(m, document)
    ):
        return m.model_copy(update={"standing": Standing.WITHDRAWN})
    if m.family:
        return m.model_copy(update={"about": About.RELATIVE})
    if m.copied_from:
        return m.model_copy(update={"standing": Standing.COPIED})
    return m


def _is_struck(m: Mention, document: Document) -> bool:
    """Whether a line was drawn through its name, or through the value of a result."""
    page = page_at(document, m.start)
    told = [m, *(p for p in m.parts if m.label == "lab" and p.label in ("value", "word"))]
    return any(word.struck for p in told for word in words_between(page, p.start, p.end))


# "The note says eight weeks. That is wrong.": what the sentence before says does not stand.
TAKEN_BACK = re.compile(
    r"[.;)\s]*(?:that|this|it|which|the\s+(?:above|former|latter))\s+(?:statement\s+|entry\s+|figure\s+)?(?:is|was)\s+"
    r"(?:wrong|incorrect|erroneous|mistaken|untrue|false|inaccurate|not\s+(?:right|correct|so|true|accurate|the\s+case)|"
    r"an?\s+(?:[\w-]+\s+){0,2}(?:errors?|mistakes?|slips?|typos?|oversights?|mix-?ups?|misprints?|blunders?))\b",
    re.IGNORECASE,
)


# "A typical candidate: ...", "... This is an example", "Examples of a good answer: ...": nobody's.
EXAMPLE = re.compile(
    r"\bexamples?\s+(?:of|for)\s+(?:[\w'-]+\s+){0,5}?(?:answers?|repl(?:y|ies)|responses?|wordings?|requests?|submissions?|entr(?:y|ies)|"
    r"documentation|narratives?)\s*:|(?:^|[.;)]\s+)\W*examples?\s*:|"
    r"\b(?:sample|example|model)\s+(?:answers?|repl(?:y|ies)|responses?|wordings?|phrasings?|narratives?)\b[^.;:]{0,40}:|"
    r"\b(?:ideal|good|complete|acceptable|helpful|suitable|sufficient)\s+(?:answers?|repl(?:y|ies)|wordings?|phrasings?|narratives?)\b[^.;:]{0,40}:|"
    r"\b(?:typical|sample|example|model|fictitious|fictional|hypothetical|imaginary|illustrative|made-?up)\s+"
    r"(?:candidate|patient|case|member|applicant|person|submission|request|entry)\b[^.;]*[:=\u2013\u2014-]|\bfor\s+example\s*:",
    re.IGNORECASE,
)
AN_EXAMPLE = re.compile(
    r"[.;)\s\"'\u201d]*\b(?:this|that|it|the\s+above)\s+(?:is|was|serves\s+as)\s+(?:only\s+|just\s+|merely\s+|for\s+)*(?:an?\s+|the\s+)?(?:\w+\s+)?"
    r"(?:example|illustration|sample|model\s+case|made-?up|fictitious|fictional|hypothetical|imaginary|invented)\b",
    re.IGNORECASE,
)


def _is_example(m: Mention, document: Document) -> bool:
    """Whether a statement is of an invented person, as its own words before it or the next ones say."""
    if m.scope is None or m.origin == "table":
        return False
    text = document.text
    led = EXAMPLE.search(text, m.scope.start, m.start) is not None
    said = AN_EXAMPLE.search(text, m.end, m.scope.end) or AN_EXAMPLE.match(text, m.scope.end)
    return led or said is not None


def _is_taken_back(m: Mention, document: Document) -> bool:
    """Whether the next sentence says that what this one says is wrong."""
    return m.scope is not None and TAKEN_BACK.match(document.text, m.scope.end) is not None


# "Polymyositis? Our answer is yes": a question that is answered at once is no doubt of its own.
ANSWERED = re.compile(
    r"[^.;?\n]{0,20}\?[\s)\"\u201d]*(?:(?:our|my|the)\s+)?(?:answer|reply|response|yes|no|none|nil|denied|indeed|correct|confirmed|agreed|definitely|certainly)\b",
    re.IGNORECASE,
)


# "He carried the label X for years. Sequencing found Y instead": the next sentence takes it back.
LABELLED = re.compile(
    r"\b(?:label\w*|called|carried|diagnosed|thought|believed|taken\s+for|treated|managed|coded|regarded|considered)\b",
    re.IGNORECASE,
)
REPLACED = re.compile(
    r"\s*[^.;\n]*\b(?:instead(?!\s+of)|(?:it|this|that)\s+(?:is|was)\s+(?:in\s+(?:fact|truth|reality)|actually|really)|turn(?:s|ed)\s+out|"
    r"(?:true|real|right|correct)\s+(?:diagnosis|disease)|"
    r"(?:was|were|is)\s+(?:a\s+)?(?:mistake\w*|wrong|misdiagnos\w+))\b",
    re.IGNORECASE,
)


def _is_replaced(m: Mention, document: Document) -> bool:
    """Whether a diagnosis was a label that the next sentence replaces; whatever names it again does not."""
    if m.label != "diagnosis" or m.scope is None:
        return False
    text = document.text
    labelled = LABELLED.search(text, m.scope.start, m.start)
    replaced = REPLACED.match(text, m.scope.end)
    return bool(labelled and replaced) and m.text.casefold() not in replaced[0].casefold()  # type: ignore[index]


def _is_named(m: Mention) -> bool:
    """Whether the mention stands at its own name."""
    return m.label not in ("medication", "medication_class") or any(
        p.label == "product" for p in m.parts
    )


def statement_of(m: Mention, kind: str, document: Document) -> tuple[Statement, int] | None:
    """What the reader sees of a mention, and how far its offsets are from the document's.

    A row of a table is read with the heads of its columns, all else with the page around it.
    """
    page = page_at(document, m.start)
    if m.origin == "table":
        row = _row(m, page, document)
        if row is not None:
            return Statement(row[0], m.start - row[1], m.end - row[1], kind), row[1]
    text = document.text[page.start : page.end].replace("\t", "|")
    return Statement(text, m.start - page.start, m.end - page.start, kind), page.start


def _row(m: Mention, page: Page, document: Document) -> tuple[str, int] | None:
    """The heads and the row of a table that a mention stands in, and the shift of its offsets."""
    for table in page.tables:
        at = next((c for c in table.cells if c.start <= m.start < max(c.end, c.start + 1)), None)
        if at is None or at.row < table.header_rows:
            continue
        row = [c for c in table.cells if c.row == at.row and c.end > c.start]
        start, end = min(c.start for c in row), max(c.end for c in row)
        if not all(a.end <= b.start for a, b in pairwise(sorted(row, key=lambda c: c.start))):
            return None
        head = _heads(table, document)
        text = head + document.text[start:end].replace("\t", "|").replace("\n", "|")
        return text, start - len(head)
    return None


def _heads(table: Table, document: Document) -> str:
    """The caption and the heads of the columns, a line each."""
    lines = []
    if table.caption is not None:
        lines.append(document.text[table.caption.start : table.caption.end])
    for row in range(table.header_rows):
        cells = [c for c in table.cells if c.row == row and c.end > c.start]
        lines.append(" | ".join(document.text[c.start : c.end] for c in cells))
    return "".join(" ".join(line.split()) + "\n" for line in lines if line.strip())


# ------------------------------------------------------------------------------ two readings


def _weighed(m: Mention, kind: str, opinion: Opinion, shift: int, around: Around) -> Mention:
    """A mention as both readings put it."""
    document, bounds = around.document, around.bounds
    doubted: list[Doubt] = list(m.doubted)
    update: dict[str, object] = {}
    told = {p.code for p in m.parts if p.label == "status"}
    aside = m.negated or bool(told & set(NOT_TAKEN))  # nothing is claimed that could be denied
    sure = 1.0 if aside else _sure(m, kind, opinion)
    # Of sheets of results and of findings, which it did not learn from, a plain denial is believed.
    sheet = kind == "lab" and m.origin == "table"
    least = bounds.table if sheet else bounds.finding if kind == "finding" else bounds.doubted
    if kind == "finding" and opinion.probabilities["about"]["patient"] < bounds.whose:
        least = 1.1
    ticked = kind == "finding" and m.origin == "checkbox"  # the tick says that it stands
    if m.standing in STANDS and not m.hypothetical and sure < least and not ticked:
        doubted.append("standing")
        deniable = kind != "finding" and not _is_answer(m, document)
        if deniable and sure < (bounds.denied if kind == "drug" else bounds.named):
            update |= _set_aside(opinion)
    if kind == "drug":
        put = m.model_copy(update=update)
        parts, differs = _outcome(put, opinion, shift, around)
        if differs:
            doubted.append("outcome")
        status, likely = opinion.best("status")
        borne = any(p.label == "outcome" and p.code == "intolerant" for p in m.parts)
        if status in NOT_TAKEN and borne and not differs:
            status = ""  # what was not tolerated was taken
        if status == "not_taken" and LOWERED.search(document.text[max(0, m.start - 40) : m.start]):
            status, doubted = "", [d for d in doubted if d != "standing"]  # denied is the lowering
        if status and (likely >= bounds.status or (status in NOT_TAKEN and "standing" in doubted)):
            parts = (*parts, _part(m, "status_read", status))
        update["parts"] = parts
    return m.model_copy(update=update | {"doubted": tuple(doubted)})


# "We have never managed to bring her prednisone down": what is lowered is taken.
LOWERED = re.compile(
    r"\b(?:bring|get|lower|reduce|taper|wean|cut|decrease|withdraw)\s+(?:her|his|their|the|this|my\s+patient's)\s+(?:dose\s+of\s+|daily\s+|oral\s+)*$",
    re.IGNORECASE,
)


def _is_answer(m: Mention, document: Document) -> bool:
    """What was filled in: a field, a box, a table of a form, a row with the course of a drug.

    The reader sees it without what was asked: it may doubt that it is of the patient, not deny it.
    """
    if m.origin != "table":
        return m.origin in ("field", "checkbox")
    form = page_at(document, m.start).kind in (PageKind.REQUEST, PageKind.COVER)
    return form or {"duration", "outcome"} <= {p.label for p in m.parts}


# What only stands once it was done: a study, a taper.
DONE = frozenset({*STUDIES, "taper_attempt"})


def _sure(m: Mention, kind: str, opinion: Opinion) -> float:
    """How likely the reader has what the rules say: that it is stated of the patient.

    What the rules put aside already need not have been taken; of an entry of a list of what is
    taken the heading says that it is, and only another person or a withdrawal speaks against it;
    so it is with a row of a table of results.
    """
    told = {p.code for p in m.parts if p.label == "status"}
    in_list = m.section == "current_medications" or "listed" in told
    if in_list or (kind == "lab" and m.origin == "table"):
        p = opinion.probabilities
        against = ("asked", "demanded", "conditional", "withdrawn")
        return p["about"]["patient"] * (1 - sum(p["standing"][word] for word in against))
    if kind == "finding" and m.code not in DONE:
        # "I will watch for X", "the infusion will be given here": a promise stands as a plan.
        return opinion.stands(kind) + opinion.probabilities["standing"]["planned"]
    # What must not be taken need not have been.
    unfit = any(p.label == "outcome" and p.code in UNFIT for p in m.parts)
    return opinion.stands("" if unfit else kind)


def _set_aside(opinion: Opinion) -> dict[str, object]:
    """Whose it is and how it stands, as the reader has it; of one that stands, nothing."""
    about, standing = opinion.best("about")[0], opinion.best("standing")[0]
    if about != "patient":
        return {"about": About(about), "standing": Standing(standing)}
    if standing not in ("stated", "copied", "planned", "ordered"):
        return {"standing": Standing(standing)}
    return {}  # not taken, or not yet: its status says so


def _outcome(
    m: Mention, opinion: Opinion, shift: int, around: Around
) -> tuple[tuple[Mention, ...], bool]:
    """The parts with the outcome that is shown, and whether only one of the readings has it."""
    document, bounds, ruled = around.document, around.bounds, around.told
    own = {p.code for p in m.parts if p.label == "outcome"}
    outcome, likely = opinion.best("outcome")
    alike = own | (BADLY if own & BADLY else set()) | (UNFIT if own & UNFIT else set())
    agreed = sum(opinion.probabilities["outcome"][code] for code in alike)
    if own and agreed >= bounds.agrees:
        return m.parts, False
    good = outcome in ("responded", "partial_response") and m.about is About.PATIENT
    surer = own or good  # what is shown of the patient speaks against a failure told elsewhere
    told = outcome and likely >= (bounds.replaced if surer else bounds.outcome)
    if told and m.scope is not None and any(p.code == "not_taken" for p in m.parts):
        # What bars a drug that was not taken is said of it where that is said.
        at = opinion.words[0] + shift if opinion.words is not None else -1
        told = m.scope.start <= at < m.scope.end
    # What is only asked for has not failed: the words are of what was taken before, or the disease.
    asked = any(p.code in ("requested", "planned") for p in m.parts if p.label == "status")
    unused = asked or m.hypothetical or m.standing not in STANDS
    if not own and unused and outcome in ("failed", "partial_response"):
        return m.parts, False
    if told and not own and not _tells(m, opinion.words, shift, document):
        return m.parts, False
    if not own and outcome == "responded" and not _names_gain(opinion, shift, around):
        return m.parts, False
    if not told or _is_denied(outcome, m, opinion, shift, ruled):
        return m.parts, bool(own)
    others = tuple(p for p in m.parts if p.label not in ("outcome", "reason"))
    same = {p.code for code, p in _at_words(opinion, shift, ruled) if code == m.code}
    outcome = same.pop() if same and outcome not in same else outcome
    shown = _told(m, outcome, opinion.words, shift, document)
    worse = shown.code == "intolerant" and is_setback(shown.text, around.models)
    if worse and HARM.search(shown.text) is None:  # the disease grew worse on it; it did no harm
        outcome, shown = "failed", shown.model_copy(update={"code": "failed"})
    badly = sum(opinion.probabilities["outcome"][code] for code in BADLY)
    sure = not own and badly >= bounds.confirmed and outcome in ("failed", "intolerant")
    return (*others, shown), not (sure and _is_confirmed(m, shown, around))


# A setback "on X" is of X, not of a drug named before.
ON_ANOTHER = re.compile(
    r"[^.;\n]{0,30}?\b(?:on|despite|with|under|of|from|to)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
# The head of a list of drugs that were not borne; an allergy alone is no treatment.
INTOLERANCES = re.compile(
    r"\b(?<!possible )(?<!known )(?<!common )(?:drug\s+)?(?:intoleranc\w+|not\s+tolerated)\s*(?:\([^()]*\)\s*)?:",
    re.IGNORECASE,
)
JOINED = re.compile(r"(?:[\s,/&+(|]|and|or|plus|with)*$", re.IGNORECASE)


def _is_confirmed(m: Mention, shown: Mention, around: Around) -> bool:
    """Whether the words of an outcome that only the reader sees tell it too, of this drug.

    A failure names a setback; an intolerance a harm, in a list of what was not tolerated. No other
    drug stands between the name and the words, unless it is joined to the name.
    """
    text = around.document.text
    if not _is_named(m):
        return False
    if shown.code == "intolerant":
        list_of = m.scope is not None and INTOLERANCES.search(text, m.scope.start, m.start)
        beside = 0 <= shown.start - m.end <= 4 and text[m.end : shown.start].strip(" (:-,") == ""
        if list_of and beside and HARM.search(shown.text):
            return True
        return _is_stopped_for_harm(m, shown, around)
    if not is_setback(shown.text, around.models):
        return False
    others = sorted(d for d in around.drugs if d[2] != m.code)
    if m.end <= shown.start:
        between = [d for d in others if m.end <= d[0] and d[1] <= shown.start]
        gaps = [text[a:b] for a, b in pairwise([m.end, *(at for d in between for at in d[:2])])]
    else:
        between = [d for d in others if shown.end <= d[0] and d[1] <= m.start]
        gaps = [text[a:b] for a, b in pairwise([*(at for d in between for at in d[:2]), m.start])]
        gaps = gaps[1:]
    if not all(JOINED.fullmatch(gap) for gap in gaps[::2]):
        return False
    behind = next((d for d in others if d[0] >= shown.end and d[0] > m.start), None)
    if behind is None or ON_ANOTHER.match(text[shown.end : behind[0]]) is None:
        return True
    return shown.start > m.start and JOINED.match(text[m.end : behind[0]]) is not None


# What stands between a harm and a stop that did not come of it, or denies either.
APART = re.compile(
    r"\b(?:no|not|never|without|denies|denied|but|although|though|before|unrelated|other\s+reasons?|despite|until|if|would|may|might|"
    r"could|should|will)\b|n't\b",
    re.IGNORECASE,
)


def _is_stopped_for_harm(m: Mention, shown: Mention, around: Around) -> bool:
    """Whether the rules see a drug stopped, and a harm in the clause of its stop, and no other drug there."""
    stop = next((p for p in m.parts if p.label == "status" and p.code == "stopped"), None)
    if stop is None or m.scope is None or any(p.label == "not_outcome" for p in m.parts):
        return False
    text = around.document.text
    start = max(m.scope.start, text.rfind(";", m.scope.start, stop.start) + 1)
    end = min([m.scope.end, *(at for at in (text.find(";", stop.end),) if at >= 0)])
    alone = not any(start <= d[0] < end and d[2] != m.code for d in around.drugs)
    told = shown.start < end and start < shown.end
    harm = HARM.search(text, start, end)
    return alone and told and harm is not None and APART.search(text, start, end) is None


def _is_denied(
    outcome: str, m: Mention, opinion: Opinion, shift: int, ruled: Sequence[tuple[str, Mention]]
) -> bool:
    """Whether the rules find what the reader saw denied, or said of another thing than the drug."""
    if opinion.words is None:
        return any(p.label == "not_outcome" and p.code == outcome for p in m.parts)
    there = _at_words(opinion, shift, ruled)
    own = [p for code, p in there if code == m.code]
    return any(p.label == "not_outcome" for p in own) or (bool(there) and not own)


def _at_words(
    opinion: Opinion, shift: int, ruled: Sequence[tuple[str, Mention]]
) -> list[tuple[str, Mention]]:
    """What the rules find in the words that tell the reader an outcome."""
    if opinion.words is None:
        return []
    start, end = opinion.words[0] + shift, opinion.words[1] + shift
    return [(code, p) for code, p in ruled if p.start < end and start < p.end]


# What stands between words and the sign that makes a question of them.
QUESTION = re.compile(r"[^.;:!?\n\t]{0,80}\?")


def _tells(m: Mention, words: tuple[int, int] | None, shift: int, document: Document) -> bool:
    """Whether what the reader takes for an outcome holds a word that is neither name nor number.

    Nothing came of a drug by its being named, or by its days.
    """
    if words is None:
        return False
    start, end = words[0] + shift, words[1] + shift
    if QUESTION.match(document.text, end) is not None:
        return False  # "Intolerance of X? No": a question tells nothing
    known = [(m.start, m.end), *((p.start, p.end) for p in m.parts)]
    rest = "".join(
        " " if any(a <= at < b for a, b in known) else document.text[at]
        for at in range(max(start, 0), end)
    )
    for day in find_dates(rest):
        rest = rest[: day.start] + " " * (day.end - day.start) + rest[day.end :]
    return re.search(r"[A-Za-z]{3}", COURSE.sub(" ", rest)) is not None


# How steadily a drug is taken and which way its dose goes is no outcome: "without a gap since June".
COURSE = re.compile(
    r"\b(?:(?:without|with\s+no|no|never|not)\s+(?:an?\s+|any\s+|one\s+|a\s+single\s+)?(?:\w+\s+)?"
    r"(?:gaps?|breaks?|interruptions?|pauses?|lapses?|missed\s+(?:doses?|refills?|days?)|miss(?:ed|ing)|skipp(?:ed|ing)|omissions?)"
    r"|uninterrupted(?:ly)?|continuous(?:ly)?|consecutive(?:ly)?|faithful(?:ly)?|regular(?:ly)?|stead(?:y|ily)|gradual(?:ly)?|stepwise|slow(?:ly)?"
    r"|(?:(?:re)?filled|taken|took|taking|given|used|kept|stayed|dispensed|collected|continued|went\s+on|goes\s+on)"
    r"|(?:up|down)wards?|then|in|on|to|since|until|from|for|through(?:out)?|before|after(?:wards)?|thereafter|ever|now|today|and|both|each|all|it|they|them|the|was|were|has|have|had|been|she|her|his"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|spring|summer|autumn|fall|winter|days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)


def _names_gain(opinion: Opinion, shift: int, around: Around) -> bool:
    """Whether the words that the reader takes for a good answer name one at all."""
    if opinion.words is None:
        return True
    start, end = opinion.words[0] + shift, opinion.words[1] + shift
    return is_gain(around.document.text[max(start, 0) : end], around.models)


def _told(
    m: Mention, outcome: str, words: tuple[int, int] | None, shift: int, document: Document
) -> Mention:
    """The words that tell an outcome, as a part; without them, those of the mention."""
    if words is not None and words[0] + shift >= 0:
        start, end = words[0] + shift, words[1] + shift
        return Mention(
            label="outcome", start=start, end=end, text=document.text[start:end], code=outcome
        )
    return _part(m, "outcome", outcome)


def _part(m: Mention, label: str, code: str) -> Mention:
    return Mention(label=label, start=m.start, end=m.end, text=m.text, code=code)
