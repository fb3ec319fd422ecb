"""nlp: Document -> Mentions. What is named where, and of what kind; values stay as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.lexicon import fold, models_dir
from pipeline.nlp import tables
from pipeline.nlp.asked import asked_mentions
from pipeline.nlp.boxes import (
    as_marked,
    by_agent,
    checkbox_mentions,
    ticked_statements,
    without_questions,
    written_answers,
)
from pipeline.nlp.cells import Pair, rows_of
from pipeline.nlp.dates import find_page_dates
from pipeline.nlp.entries import with_lines_below
from pipeline.nlp.forms import coded_cells, coded_lines, drugs_asked, field_mentions, free_fields
from pipeline.nlp.lab_days import dated_lists
from pipeline.nlp.lab_lines import without_repeats
from pipeline.nlp.language import mentions_in, names_in
from pipeline.nlp.linking import with_links
from pipeline.nlp.names import Name
from pipeline.nlp.pairs import is_label_table, pairs_of
from pipeline.nlp.passages import (
    Passage,
    heading_pattern,
    prose_passages,
    readable_pages,
    section_before,
)
from pipeline.nlp.payers import payer_mentions
from pipeline.nlp.persons import with_persons
from pipeline.nlp.problem_lists import unlisted_entries
from pipeline.nlp.product_lines import product_lines, titled_products
from pipeline.nlp.reader import load_reader
from pipeline.nlp.sentence import Setting
from pipeline.nlp.speakers import with_speakers
from pipeline.nlp.standing import with_standing
from pipeline.nlp.statements import Thread, outcome_asked
from pipeline.nlp.strength_tables import goal_columns
from pipeline.nlp.studies import Report, conclusions, techniques
from pipeline.nlp.survey import survey
from pipeline.nlp.ticked_courses import ticked_courses
from pipeline.notation.dates import find_dates
from pipeline.schema import Document, Mention, Mentions, Page, PageKind, Span, Table

VERSION = 1


def extract_mentions(document: Document, models: Path | None = None) -> Mentions:
    """Mark everything of interest in `document`; the lexicon is that under `models`."""
    folder = models_dir(models)
    document = tables.with_titles(as_marked(document))
    found: list[Mention] = []
    found += find_page_dates(document, folder)
    asked, lines_asking = product_lines(document, folder)
    pairs = {index: pairs_of(page, document, folder) for index, page in readable_pages(document)}
    found += [m for m in _prose(document, folder, pairs) if not _is_asked(m, lines_asking)]
    found = with_lines_below(found, document, folder)
    found += asked
    found += coded_lines(document, folder)
    found += payer_mentions(document, folder, pairs)
    found += asked_mentions(document, folder, pairs)
    found += written_answers(document, folder)
    for index, page in readable_pages(document):
        for table in page.tables:
            section = _section_of(table, page, document, folder)
            filled = without_questions(table, page, document)
            found += tables.read_table_mentions(filled, page, index, section, document, folder)
        lines = tables.results_in_lines(page, document, folder)
        found = dated_lists(without_repeats(found, lines), page, document, folder) + lines
        found += field_mentions(page, index, document, folder, pairs[index])
        found += coded_cells(page, index, document, folder)
        found += checkbox_mentions(page, index, document, folder)
        found += ticked_courses(page, index, document, folder)
    if not any(m.label == "request" and m.code in ("product", "hcpcs") for m in found):
        found += titled_products(document, folder)
    found += unlisted_entries(found, document, folder)
    found = by_agent(_asked_once(found), folder)
    found = with_links(found, document, folder)
    found = with_persons(with_speakers(found, document), document)
    found.sort(key=lambda m: (m.start, m.end, m.label))
    found = with_standing(found, document, folder)
    unique = {m.model_dump_json(): m for m in found}
    reader = load_reader(folder)
    return Mentions(
        weights=reader.digest if reader is not None else "",
        mentions=tuple(sorted(unique.values(), key=lambda m: (m.start, m.end, m.label))),
    )


def _is_asked(m: Mention, lines: list[Span]) -> bool:
    """Whether a treatment that prose seems to tell of stands in a line that asks for it."""
    return m.label == "medication" and any(s.start <= m.start < s.end for s in lines)


def _asked_once(found: list[Mention]) -> list[Mention]:
    """The mentions, of a request the fuller one where two read the same words."""
    told: list[Mention] = []
    for m in sorted(
        (m for m in found if m.label == "request"), key=lambda m: (m.start - m.end, m.start)
    ):
        if not any(t.code == m.code and t.start < m.end and m.start < t.end for t in told):
            told.append(m)
    return [m for m in found if m.label != "request"] + told


# "Discharge medication | Dose": what the patient goes home with is taken.
TAKEN_LIST = re.compile(
    r"\b(?:discharge|home|current|active|present|reconciled|outpatient)\s+(?:medications?|medicines?|meds?|drugs?)\b(?!\s+(?:stopped|discontinued|held))",
    re.IGNORECASE,
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
    head = " ".join(
        document.text[c.start : c.end] for c in table.cells if c.row < table.header_rows
    )
    if TAKEN_LIST.search(head):
        return "current_medications"
    section = section_before(document, models, first)
    if "medication" in caption or section == "current_medications":
        return "current_medications"
    grids = tables.grids_of(table, page, document, models)
    roles = {role for grid in grids for names in grid.roles.values() for role in names}
    open_ended = not roles & {"stop", "dates", "outcome", "result", "duration", "fill_date"}
    if "drug" in roles and open_ended and page.kind is PageKind.NOTE and section in ("", "form"):
        return "current_medications"
    return section


def _prose(
    document: Document, models: Path, pairs: Mapping[int, Sequence[Pair]]
) -> Iterator[Mention]:
    """Everything that sentences say, page by page in reading order."""
    whole = survey(document.text, models)
    concluded, told_by = conclusions(document), techniques(document, models)
    thread, speaker = Thread(report=Report(conclusions=concluded, techniques=told_by)), None
    for passage, origin, label in _passages(document, models, pairs):
        if document.pages[passage.page].speaker is not speaker:  # nothing runs on to others
            thread = Thread(report=Report(conclusions=concluded, techniques=told_by))
            speaker = document.pages[passage.page].speaker
        setting = Setting(
            passage,
            passage.start,
            origin,
            asked=outcome_asked(label, models),
            label=label,
            about=drugs_asked(label, models),
            explained=whole.abbreviations,
            unknown_drugs=_inside(passage, whole.unknown_drugs),
        )
        yield from mentions_in(passage.text(document), models, setting, thread)


def _inside(passage: Passage, names: tuple[Name, ...]) -> tuple[Name, ...]:
    """Names of the document that stand in a passage, relative to it."""
    return tuple(
        Name(n.start - passage.start, n.end - passage.start, n.kind, n.code)
        for n in names
        if passage.start <= n.start and n.end <= passage.end
    )


# Lines of a request form that the practice wrote: answers that follow "If yes", comments, and
# lists of drugs with their doses.
FILLED_IN = re.compile(
    r"\s*(?:if\s+(?:yes|so)\b[^:\n]*:|(?:comments?|rationale|clinical\s+(?:rationale|information|summary))\s*:|"
    r"[-\u2022*]\s*[A-Za-z][^\n]*\d\s*(?:mg|mcg|g|units)\b)",
    re.IGNORECASE,
)


# A letter on a form, or told in its boxes: sentences about one person. Printed wording speaks of
# members, and of "he or she".
TELLS_OF_ONE = re.compile(
    r"(?:\b[Ss]?[Hh]e|\bM(?:r|rs|s)\.?\s+[A-Z][\w-]+|\b[Mm]y\s+patient)\s+[a-z]"
)
OF_ANYBODY = re.compile(
    r"\b(?:s?he|her|his|him)\s*(?:/|\bor\b)\s*(?:s?he|her|hers|his|him)\b|\(s\)he|\?", re.IGNORECASE
)
TELLING_LENGTH = 60  # characters


def _is_filled_in(passage: Passage, document: Document) -> bool:
    """Whether a paragraph of a request form is the practice's own.

    Printed wording bears no dates and stands under no heading of a note.
    """
    text = passage.text(document)
    dated = any(re.search(r"\d{4}|\d/\d", text[d.start : d.end]) for d in find_dates(text))
    headed = passage.section not in ("", "form") and len(text) > 20
    long = len(text) > TELLING_LENGTH
    tells = TELLS_OF_ONE.search(text) is not None and OF_ANYBODY.search(text) is None
    return FILLED_IN.match(text) is not None or headed or (long and (dated or tells))


STATES = ("function", "examination")


def _states_filled_in(
    table: Table, index: int, page: Page, document: Document, models: Path
) -> Iterator[tuple[Passage, str, str]]:
    """What a form's table says beside the heading of a note: "Activities of daily living | ..."."""
    for row in rows_of(table, document):
        if not row:
            continue
        label, *answers = (row[c] for c in sorted(row))
        section = heading_pattern(models)[1].get(fold(label.text).strip(" :"), "")
        if section in STATES and len(answers) == 1 and not tables.NO_WORDS.match(answers[0].text):
            told = Passage(answers[0].start, answers[0].end, section, index, page.kind)
            yield told, "field", label.text


def _passages(
    document: Document, models: Path, pairs: Mapping[int, Sequence[Pair]]
) -> Iterator[tuple[Passage, str, str]]:
    """Paragraphs, free form answers (with their labels) and rows of tables of no known kind.

    The printed wording of a request form is the payer's, not the practice's: only what was
    filled in counts there.
    """
    for passage in prose_passages(document, models):
        if passage.kind is not PageKind.REQUEST or _is_filled_in(passage, document):
            yield passage, "prose", ""
    for index, page in readable_pages(document):
        for span, label in free_fields(page, models, pairs[index]):
            section = heading_pattern(models)[1].get(fold(label), "rationale")
            yield Passage(span.start, span.end, section, index, page.kind), "field", label
        for stated in ticked_statements(page, document, models):
            yield Passage(stated.start, stated.end, "rationale", index, page.kind), "checkbox", ""
        for table in page.tables:
            for question, answer in tables.answers_in_words(table, page, document, models):
                # "SMN2 copies | 2": a number says nothing without the test that is asked for.
                measured = re.match(r"\W*\d", answer.text) and any(
                    n.kind == "lab" for n in names_in(question.text, models)
                )
                begin = question.start if measured else answer.start
                told = Passage(begin, answer.end, "rationale", index, page.kind)
                yield told, "field", "" if measured else question.text
            plain = tables.is_prose_table(table, page, document, models)
            if page.kind is PageKind.REQUEST and plain:
                yield from _states_filled_in(table, index, page, document, models)
            if (
                page.kind is not PageKind.REQUEST
                and plain
                and not is_label_table(table, page, document, models)
            ):
                rows = rows_of(table, document)
                first = min((cell.start for cell in table.cells), default=page.start)
                inside = "goals" if section_before(document, models, first) == "goals" else ""
                goals = goal_columns(rows)
                for row in rows:
                    for span, aimed in tables.stretches_of(row, goals):
                        section = "goals" if aimed else inside
                        yield Passage(span.start, span.end, section, index, page.kind), "table", ""
