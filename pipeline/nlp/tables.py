"""Tables: laboratory results, treatments, fill histories, strength grades, questions.

What a table is about is read from its column heads (`column_headers.csv`), else from what its
first column names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.lexicon import load_lexicon, read_table
from pipeline.nlp.cells import Filled, Row, column_roles, row_span, rows_of
from pipeline.nlp.cues import Match
from pipeline.nlp.lab_tables import lab_mentions, lab_of, turned_sheet
from pipeline.nlp.language import names_in
from pipeline.nlp.passages import Passage
from pipeline.nlp.sentence import Sentence, read_sentence
from pipeline.schema import Document, Mention, Page, Span, Table


def table_kind(rows: list[Row], roles: dict[int, list[str]], models: Path) -> str:
    """`labs`, `treatments`, `fills`, `strength`, `questions` or ''."""
    present = {role for column in roles.values() for role in column}
    lexicon = load_lexicon(models)
    first = [row[min(row)].text for row in rows if row]
    tests = sum(1 for text in first if lab_of(text, models))
    drugs = sum(1 for text in first if any(n.kind == "drug" for n in names_in(text, models)))
    if "fill_date" in present and ("drug" in present or "days_supply" in present):
        return "fills"
    if "question" in present and ("answer" in present or "result" in present):
        return "questions"
    if "emg_sign" in present:
        return "emg"  # needle findings are graded with plus signs too: they are no strength
    grades = sum(1 for row in rows for c in row.values() if grade_of(c.text))
    if grades >= 2 and (present & {"muscle", "right", "left", "bilateral"}) and not tests:
        return "strength"
    if ("test" in present or tests >= 2) and (present & {"result", "dated", "reference", "units"} or tests >= 2) and tests >= drugs:
        return "labs" if tests or "test" in present else ""
    if turned_sheet(rows, models) is not None:
        return "labs"
    if "drug" in present or (drugs >= 2 and lexicon.drugs):
        return "treatments"
    answered = sum(1 for row in rows for c in list(row.values())[1:] if re.match(r"(?:yes|no)\b", c.text, re.I))
    asked = sum(1 for text in first if text.endswith("?"))
    return "questions" if answered and asked else ""


def read_table_mentions(
    table: Table, page: Page, page_index: int, section: str, document: Document, models: Path
) -> Iterator[Mention]:
    """All mentions of a table."""
    rows = rows_of(table, document)
    roles, heads = column_roles(rows, models)
    kind = table_kind(rows, roles, models)
    passage = Passage(0, 0, section, page_index, page.kind)
    if kind == "labs":
        yield from lab_mentions(table, rows, roles, heads, document, models)
    elif kind in ("treatments", "fills"):
        for row in rows[heads:]:
            yield from treatment_row(row, roles, passage, document, models, fills=kind == "fills")
    elif kind == "strength":
        yield from _strength(rows, roles, heads, document)
    elif kind == "questions":
        for row in rows[heads:]:
            yield from _question(row, document, models)


def is_prose_table(table: Table, document: Document, models: Path) -> bool:
    """Whether a table is of no known kind, so that its rows are read as sentences."""
    rows = rows_of(table, document)
    roles, _ = column_roles(rows, models)
    return table_kind(rows, roles, models) == ""


# ----------------------------------------------------------------------- treatments


def treatment_row(
    row: Row, roles: dict[int, list[str]], passage: Passage, document: Document, models: Path, *, fills: bool
) -> Iterator[Mention]:
    """A drug and what its row says of dose, dates and outcome."""
    by_role: dict[str, Filled] = {}
    for column, cell in row.items():
        for role in roles.get(column, []):
            role = {"result": "outcome", "dated": "outcome", "answer": "outcome"}.get(role, role)
            by_role.setdefault(role, cell)
    drug_cell = by_role.get("drug") or (row.get(min(row)) if row else None)
    if drug_cell is None:
        return
    drugs = [n for n in names_in(drug_cell.text, models) if n.kind in ("drug", "drug_class")]
    if not drugs:
        return
    name = next((n for n in drugs if n.kind == "drug"), drugs[0])
    sentences = {
        role: _sentence(cell, passage, models)
        for role, cell in by_role.items()
        if role not in ("prescriber", "quantity", "test")
    }
    drug_sentence = sentences.get("drug") or _sentence(drug_cell, passage, models)
    parts = list(_sig_parts(sentences, drug_sentence))
    parts += _date_parts(by_role, sentences)
    if fills:
        for label, role in (("fill_date", "fill_date"), ("days_supply", "days_supply")):
            if role in by_role:
                parts.append(by_role[role].part(label))
    outcome = sentences.get("outcome")
    if outcome is not None:
        cues = [c for c in outcome.cues if c.kind == "outcome"]
        parts += [outcome.part("outcome", c) for c in cues[:1]]
        parts.append(by_role["outcome"].part("reason"))
        parts += [outcome.part("status", c) for c in outcome.cues if c.kind == "status" and c.code in ("stopped", "not_taken", "current", "planned")][:1]
    parts.append(
        Mention(
            label="product",
            start=drug_cell.start + name.start,
            end=drug_cell.start + name.end,
            text=drug_cell.text[name.start : name.end],
        )
    )
    start, end = drug_cell.start + name.start, drug_cell.start + name.end
    doses = [p for p in parts if p.label == "dose"]
    rest = [p for p in parts if p.label != "dose"]
    label = "medication" if name.kind == "drug" else "medication_class"
    for dose in doses or [None]:  # type: ignore[list-item]
        yield Mention(
            label=label,
            start=start,
            end=end,
            text=document.text[start:end],
            code=name.code,
            scope=row_span(row),
            section="fills" if fills else passage.section,
            origin="table",
            parts=tuple(([dose] if dose is not None else []) + rest),
        )


def _sentence(cell: Filled, passage: Passage, models: Path) -> Sentence:
    return read_sentence(cell.text, cell.start, passage, tuple(names_in(cell.text, models)), models, "table")


def _sig_parts(sentences: dict[str, Sentence], drug: Sentence) -> Iterator[Mention]:
    """Dose, frequency, route and duration from the cells that hold them, the most telling first."""
    order = [sentences[r] for r in ("dose", "sig", "strength") if r in sentences]
    dosed = False
    for sentence in order:
        amounts = [d for d in sentence.doses if "(" not in sentence.text[: d.start] or not dosed]
        mass = [d for d in amounts if re.search(r"mg|mcg|g\b|unit|ml", sentence.text[d.start : d.end], re.I)]
        counts = [d for d in amounts if d not in mass]
        if mass and not dosed:
            inside = [d for d in mass if "(" in sentence.text[: d.start]]
            outside = [d for d in mass if d not in inside]
            for d in outside or inside:
                yield sentence.part("dose", d)
            dosed = True
        elif mass:
            yield from (sentence.part("strength", d) for d in mass)
        yield from (sentence.part("count", d) for d in counts[:1])
    strengths = list(drug.doses)
    yield from (drug.part("strength" if dosed or any(True for s in order if s.doses) else "dose", d) for d in strengths[:1])
    for label, find in (("frequency", "frequencies"), ("schedule", "schedules"), ("route", "routes"), ("duration", "durations")):
        for role in ("sig", "dose", "route", "duration", "dates", "drug", "outcome"):
            matches = getattr(sentences[role], find) if role in sentences else ()
            if role == "outcome" and label != "duration":
                continue
            if matches:
                yield sentences[role].part(label, matches[0])
                break


def _date_parts(by_role: dict[str, Filled], sentences: dict[str, Sentence]) -> list[Mention]:
    parts = []
    for role in ("start", "stop"):
        sentence = sentences.get(role)
        if sentence is None:
            continue
        if sentence.dates:
            parts.append(sentence.part(role, sentence.dates[0]))
            if role == "start" and len(sentence.dates) > 1:
                parts.append(sentence.part("stop", sentence.dates[1]))
        ongoing = re.search(r"ongoing|present|current|continu\w*|now\b|today|active|to\s+date", sentence.text, re.I)
        if role == "stop" and ongoing and re.search(r"\d", sentence.text) and not sentence.dates:
            continue  # "ongoing, now 20": the drug goes on, at another dose than the row's
        if role == "stop" and ongoing:
            parts.append(sentence.part("status", Match(ongoing.start(), ongoing.end(), "status", "current")))
        elif role == "stop" and sentence.dates:
            d = sentence.dates[0]
            parts.append(sentence.part("status", Match(d.start, d.end, "status", "stopped")))
    dates = sentences.get("dates") or sentences.get("duration")
    if dates is not None and not any(p.label == "start" for p in parts):
        for d, role in zip(dates.dates, ("start", "stop"), strict=False):
            parts.append(dates.part(role, d))
        ongoing = re.search(r"ongoing|present|current|now\b|to\s+date", dates.text, re.I)
        if ongoing:
            parts.append(dates.part("status", Match(ongoing.start(), ongoing.end(), "status", "current")))
    return parts


# ------------------------------------------------------------------------- strength


GRADE_CELL = re.compile(r"^\s*[\u2018'|]?(?P<grade>[0-5])\s?(?P<sign>[+-])?\s*(?:/\s*5|[1Il|]5)?\s*$")


def grade_of(text: str) -> str:
    """The MRC grade of a table cell ("4-", "3+/5"), '' if it is none.

    A faxed slash is often read as 1, I or l ("4-15"): a grade above 5 does not exist, so there
    is one way to read it.
    """
    m = GRADE_CELL.match(text)
    return f"{m['grade']}{m['sign'] or ''}" if m else ""


def _strength(rows: list[Row], roles: dict[int, list[str]], heads: int, document: Document) -> Iterator[Mention]:
    sides = {c: n[0] for c, n in roles.items() if n[0] in ("right", "left")}
    for row in rows[heads:]:
        if not row:
            continue
        site = row[min(row)]
        if grade_of(site.text) or not re.search("[A-Za-z]{3}", site.text):
            continue
        for column, cell in row.items():
            grade = grade_of(cell.text)
            if not grade or cell is site:
                continue
            parts = [cell.part("value", grade), site.part("site", sides.get(column, ""))]
            yield Mention(
                label="finding",
                start=cell.start,
                end=cell.end,
                text=cell.text,
                code="muscle_strength",
                scope=row_span(row),
                section="examination",
                origin="table",
                parts=tuple(parts),
            )


# ------------------------------------------------------------------------ questions


@cache
def load_questions(models: Path) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The rows of `questions.csv`: (topic, pattern)."""
    path = models / "lexicon" / "questions.csv"
    return tuple((r["topic"], re.compile(r["pattern"], re.IGNORECASE)) for _, r in read_table(path))


def topics_of(question: str, models: Path) -> list[str]:
    """What a question asks about; the first row that fits wins, but for the two hepatitides."""
    found = [topic for topic, pattern in load_questions(models) if pattern.search(question)]
    paired = [t for t in found if t in ("hepatitis_b", "hepatitis_c")]
    if found and found[0] in paired:
        return paired
    return found[:1]


def answer_mentions(
    question: Filled, answer: Filled | None, value: str, origin: str, models: Path
) -> Iterator[Mention]:
    """One mention for each topic of a question; `code` is `topic=value`."""
    last = answer or question
    for topic in topics_of(question.text, models):
        parts = (answer.part("detail"),) if answer is not None else ()
        yield Mention.model_validate(
            {
                "label": "answer",
                "start": min(question.start, last.start),
                "end": max(question.end, last.end),
                "text": question.text,
                "code": f"{topic}={value}",
                "scope": Span(start=min(question.start, last.start), end=max(question.end, last.end)),
                "section": "form",
                "origin": origin,
                "parts": parts,
            }
        )


def _question(row: Row, document: Document, models: Path) -> Iterator[Mention]:
    cells = [row[c] for c in sorted(row)]
    if len(cells) < 2:
        return
    question, answer = cells[0], cells[1]
    m = re.match(r"(yes|no)\b", answer.text, re.IGNORECASE)
    if m is None:
        return
    yield from answer_mentions(question, answer, m.group(1).lower(), "table", models)


__all__ = [
    "Filled",
    "Row",
    "answer_mentions",
    "column_roles",
    "is_prose_table",
    "read_table_mentions",
    "row_span",
    "rows_of",
    "table_kind",
    "topics_of",
    "treatment_row",
]
