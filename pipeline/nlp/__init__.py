"""nlp: Document -> Mentions. What is named where, and of what kind; values stay as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.lexicon import fold, load_lexicon, models_dir
from pipeline.nlp import tables
from pipeline.nlp.attributions import find_attributions
from pipeline.nlp.cues import Match, find_cues, load_cues
from pipeline.nlp.dates import find_page_dates
from pipeline.nlp.diagnoses import find_diagnoses
from pipeline.nlp.expressions import find_dates
from pipeline.nlp.findings import find_findings
from pipeline.nlp.flares import CORTICOSTEROID, LOWERING, TAPERING
from pipeline.nlp.forms import (
    checkbox_mentions,
    coded_lines,
    field_mentions,
    free_fields,
    is_label_table,
    is_written_answer,
    written_answers,
)
from pipeline.nlp.lab_days import dated_lists
from pipeline.nlp.lab_lines import without_repeats
from pipeline.nlp.labs import find_labs
from pipeline.nlp.language import Name, names_in, survey
from pipeline.nlp.linking import with_links
from pipeline.nlp.medications import Focus, find_medications
from pipeline.nlp.passages import (
    Passage,
    heading_pattern,
    prose_passages,
    readable_pages,
    section_before,
    sentences,
)
from pipeline.nlp.problem_lists import unlisted_entries
from pipeline.nlp.sentence import Sentence, read_sentence
from pipeline.nlp.studies import Report, find_studies
from pipeline.schema import Document, Mention, Mentions, Page, PageKind, Table

VERSION = 1


def extract_mentions(document: Document, models: Path | None = None) -> Mentions:
    """Mark everything of interest in `document`; the lexicon is that under `models`."""
    folder = models_dir(models)
    found: list[Mention] = []
    found += find_page_dates(document, folder)
    found += _prose(document, folder)
    found += coded_lines(document, folder)
    found += written_answers(document, folder)
    for index, page in readable_pages(document):
        for table in page.tables:
            section = _section_of(table, page, document, folder)
            found += tables.read_table_mentions(table, page, index, section, document, folder)
        lines = tables.results_in_lines(page, document, folder)
        found = dated_lists(without_repeats(found, lines), page, document, folder) + lines
        found += field_mentions(page, index, document, folder)
        found += checkbox_mentions(page, index, document, folder)
    found += unlisted_entries(found, document, folder)
    found = with_links(found, document, folder)
    unique = {m.model_dump_json(): m for m in found}
    return Mentions(
        mentions=tuple(sorted(unique.values(), key=lambda m: (m.start, m.end, m.label)))
    )


def _section_of(table: Table, page: Page, document: Document, models: Path) -> str:
    """The section that a table stands in: by its caption, else by the headings before it.

    A list of drugs in a note that names neither an end nor an outcome is of what is taken now.
    """
    first = min((cell.start for cell in table.cells), default=page.start)
    caption = (
        document.text[table.caption.start : table.caption.end].lower() if table.caption else ""
    )
    taken_now = re.search(r"current|active|present", caption)
    if not taken_now and re.search(r"prior|previous|past|tried|history\s+of\s+treatment", caption):
        return "past_medications"
    section = section_before(document, models, first)
    if "medication" in caption or section == "current_medications":
        return "current_medications"
    rows = tables.rows_of(table, document)
    roles = {role for names in tables.column_roles(rows, models)[0].values() for role in names}
    open_ended = not roles & {"stop", "dates", "outcome", "result", "duration", "fill_date"}
    if "drug" in roles and open_ended and page.kind is PageKind.NOTE and section in ("", "form"):
        return "current_medications"
    return section


def _prose(document: Document, models: Path) -> Iterator[Mention]:
    """Everything that sentences say, page by page in reading order."""
    report = Report()
    whole = survey(document.text, models)
    last, page = Focus(), -1
    for passage, origin, label in _passages(document, models):
        # A line that begins with a dose, or asks for one, goes on about the drug of the line before.
        focus = last if passage.page == page and GOES_ON.match(passage.text(document)) else Focus()
        last, page = focus, passage.page
        told = _outcome_asked(label, models)
        previous: Sentence | None = None
        text = passage.text(document)
        names = names_in(text, models, whole.abbreviations)
        names = _with_unknown(names, whole.unknown_drugs, passage)
        for start, end in sentences(text):
            inside = tuple(
                Name(n.start - start, n.end - start, n.kind, n.code)
                for n in names
                if start <= n.start and n.end <= end
            )
            sentence = read_sentence(
                text[start:end], passage.start + start, passage, inside, models, origin
            )
            if _is_question(sentence):
                continue
            for mention in _read(sentence, previous, focus, report, models):
                yield _with_outcome(mention, told, sentence) if told else mention
            previous = sentence


def _with_unknown(names: list[Name], unknown: tuple[Name, ...], passage: Passage) -> list[Name]:
    """Names in a passage, and the drugs there that only the recogniser sees."""
    own = [
        Name(n.start - passage.start, n.end - passage.start, n.kind, n.code)
        for n in unknown
        if passage.start <= n.start and n.end <= passage.end
    ]
    own = [n for n in own if not any(o.start < n.end and n.start < o.end for o in names)]
    return sorted([*names, *own], key=lambda n: (n.start, n.end))


# Lines of a request form that the practice wrote: answers that follow "If yes", comments, and
# lists of drugs with their doses.
FILLED_IN = re.compile(
    r"\s*(?:if\s+(?:yes|so)\b[^:\n]*:|(?:comments?|rationale|clinical\s+(?:rationale|information|summary))\s*:|"
    r"[-\u2022*]\s*[A-Za-z][^\n]*\d\s*(?:mg|mcg|g|units)\b)",
    re.IGNORECASE,
)


def _is_filled_in(passage: Passage, document: Document) -> bool:
    """Whether a paragraph of a request form is the practice's own.

    Printed wording bears no dates and stands under no heading of a note.
    """
    text = passage.text(document)
    dated = any(re.search(r"\d{4}|\d/\d", text[d.start : d.end]) for d in find_dates(text))
    headed = passage.section not in ("", "form") and len(text) > 20
    return FILLED_IN.match(text) is not None or headed or (dated and len(text) > 60)


def _is_question(sentence: Sentence) -> bool:
    """A printed question says nothing about the patient."""
    if is_written_answer(sentence.text):
        return True
    return sentence.text.rstrip().endswith("?") and sentence.passage.kind is not PageKind.NOTE


def _outcome_asked(label: str, models: Path) -> str:
    """What a field asks of the drugs in its answer: "Agents that cannot be used, and why"."""
    cues = find_cues(label, load_cues(models, "treatment_cues.csv", "kind", "code"))
    codes = {c.code for c in cues if c.kind == "outcome"} & {"intolerant", "contraindicated"}
    if any(c.code == "not_taken" for c in cues):
        return "not_taken"
    return "contraindicated" if "contraindicated" in codes else "intolerant" if codes else ""


def _with_outcome(mention: Mention, outcome: str, sentence: Sentence) -> Mention:
    """A drug named in answer to such a question, with the words after it as the reason."""
    if outcome == "not_taken":
        return (
            mention.model_copy(update={"negated": True})
            if mention.label.startswith("medication")
            else mention
        )
    if mention.label != "medication" or any(p.label == "outcome" for p in mention.parts):
        return mention
    end = mention.end - sentence.offset
    rest = re.match(r"[\s,:;(\u2013-]*([^.;]{0,80})", sentence.text[end:])
    last = end + rest.end() if rest else end
    whole = Match(mention.start - sentence.offset, last, "outcome", outcome)
    reason = Match(end, last, "reason", "")
    parts = (*mention.parts, sentence.part("outcome", whole), sentence.part("reason", reason))
    return mention.model_copy(update={"parts": parts, "negated": False})


def _passages(document: Document, models: Path) -> Iterator[tuple[Passage, str, str]]:
    """Paragraphs, free form answers (with their labels) and rows of tables of no known kind.

    The printed wording of a request form is the payer's, not the practice's: only what was
    filled in counts there.
    """
    for passage in prose_passages(document, models):
        if passage.kind is not PageKind.REQUEST or _is_filled_in(passage, document):
            yield passage, "prose", ""
    for index, page in readable_pages(document):
        for span, label in free_fields(page, document, models):
            section = heading_pattern(models)[1].get(fold(label), "rationale")
            yield Passage(span.start, span.end, section, index, page.kind), "field", label
        for table in page.tables:
            plain = tables.is_prose_table(table, document, models)
            if (
                page.kind is not PageKind.REQUEST
                and plain
                and not is_label_table(table, document, models)
            ):
                for row in tables.rows_of(table, document):
                    if row:
                        span = tables.row_span(row)
                        yield Passage(span.start, span.end, "", index, page.kind), "table", ""


def _read(
    sentence: Sentence, previous: Sentence | None, focus: Focus, report: Report, models: Path
) -> Iterator[Mention]:
    if sentence.passage.section == "allergies":
        yield from _allergies(sentence)
        return
    if sentence.passage.section != "instructions" and not ADVICE.search(sentence.text):
        yield from find_medications(sentence, focus, ambiguous_drugs(models))
    yield from find_labs(sentence, previous)
    yield from find_diagnoses(sentence)
    yield from find_attributions(sentence)
    for finding in find_findings(sentence, models):
        if finding.code == "flare":
            finding = _with_focus(_with_earlier_dose(finding, previous), sentence, focus, models)
        yield finding
    yield from find_studies(sentence, report, models)


# Leaflets speak to the reader of what will be done; a summary for the patient of what was done.
ADVICE = re.compile(
    r"\b(?:you|patients)\s+(?:will|should|may|must|can|need\s+to)\b|\bif\s+you\b", re.IGNORECASE
)


GOES_ON = re.compile(
    r"\s*(?:\d[\d,.]*\s*(?:mg|g|mcg|milligrams?|grams?)\b|"
    r"(?:I|we)\s+(?:propose|request|ask|plan|would\s+like|intend)\b|the\s+(?:proposed|planned|requested)\s+dose)",
    re.IGNORECASE,
)


@cache
def ambiguous_drugs(models: Path) -> frozenset[str]:
    """Drugs whose names are also those of tests, foods or ordinary words."""
    return frozenset(k for k, drug in load_lexicon(models).drugs.items() if drug.ambiguous)


def _allergies(sentence: Sentence) -> Iterator[Mention]:
    """Entries of an allergy list are no trials; they are kept apart."""
    for name in sentence.names:
        if name.kind in ("drug", "drug_class"):
            yield sentence.mention("allergy", name.start, name.end, name.code)


def _with_earlier_dose(flare: Mention, previous: Sentence | None) -> Mention:
    """ "We reached 15 mg in June; ..." or the sentence before may name the dose of a flare."""
    if previous is None or any(p.label == "dose" for p in flare.parts):
        return flare
    lowered = LOWERING.search(previous.text)
    if lowered is None or not previous.doses:
        return flare
    parts = (
        *flare.parts,
        previous.part("dose", previous.doses[-1]),
        previous.part("lowering", Match(lowered.start(), lowered.end(), "lowering", "")),
    )
    return flare.model_copy(update={"parts": parts})


def _with_focus(flare: Mention, sentence: Sentence, focus: Focus, models: Path) -> Mention:
    """The drug that was lowered: the last one that the text is about.

    What is tapered or weaned is the corticosteroid, where the text is about one.
    """
    if not focus.drugs:
        return flare
    code = focus.drugs[-1][0]
    if any(p.label == "lowering" and re.match(TAPERING, p.text, re.I) for p in flare.parts):
        known = load_lexicon(models).drugs
        steroids = [
            c for c, _ in focus.drugs if c in known and known[c].drug_class == CORTICOSTEROID
        ]
        code = steroids[-1] if steroids else code
    place = Match(0, len(sentence.text), "drug", code)
    return flare.model_copy(update={"parts": (*flare.parts, sentence.part("drug", place))})
