"""Tables: laboratory results, treatments, fill histories, strength grades, questions.

What a table is about is read from its column heads (`column_headers.csv`), else from what its
first column names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.lexicon import fold, load_lexicon, read_table
from pipeline.nlp.cues import Match
from pipeline.nlp.expressions import NUMBER, find_dates
from pipeline.nlp.lab_grammar import COMPARATOR, QUALITATIVE
from pipeline.nlp.language import names_in
from pipeline.nlp.passages import Passage
from pipeline.nlp.sentence import Sentence, read_sentence
from pipeline.schema import Document, Mention, Page, Span, Table


@dataclass(frozen=True)
class Filled:
    """A cell as text with its place in the document."""

    text: str
    start: int
    end: int

    def part(self, label: str, code: str = "") -> Mention:
        return Mention(label=label, start=self.start, end=self.end, text=self.text, code=code)


Row = dict[int, Filled]  # filled cells by column


@cache
def header_roles(models: Path) -> dict[str, list[str]]:
    """Roles by folded column head; a head may have several ("Result", "Response")."""
    roles: dict[str, list[str]] = {}
    for _, row in read_table(models / "lexicon" / "column_headers.csv"):
        for head in row["headers"].split("|"):
            roles.setdefault(fold(head), []).append(row["role"])
    return roles


def rows_of(table: Table, document: Document) -> list[Row]:
    """The rows of a table, empty cells left out."""
    rows: dict[int, Row] = {}
    for cell in table.cells:
        text = document.text[cell.start : cell.end]
        stripped = text.strip()
        if stripped:
            start = cell.start + len(text) - len(text.lstrip())
            rows.setdefault(cell.row, {})[cell.column] = Filled(stripped, start, start + len(stripped))
        else:
            rows.setdefault(cell.row, {})
    return [rows[key] for key in sorted(rows)]


def column_roles(rows: list[Row], models: Path) -> tuple[dict[int, list[str]], int]:
    """Roles of each column, and how many rows the heads take (0 when there are none)."""
    best: tuple[dict[int, list[str]], int] = ({}, 0)
    for index, row in enumerate(rows[:3]):
        roles: dict[int, list[str]] = {}
        for column, cell in row.items():
            head = re.sub(r"\s*\([^)]*\)\s*$", "", fold(cell.text)).strip(" :*#")
            known = header_roles(models).get(fold(cell.text)) or header_roles(models).get(head)
            if known:
                roles[column] = known
            elif find_dates(cell.text) and len(cell.text) < 40:
                roles[column] = ["dated"]
        if len(roles) > len(best[0]) and len(roles) >= min(2, len(row)):
            best = (roles, index + 1)
    return best


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
        yield from _labs(table, rows, roles, heads, document, models)
    elif kind in ("treatments", "fills"):
        for row in rows[heads:]:
            yield from treatment_row(row, roles, passage, document, models, fills=kind == "fills")
    elif kind == "strength":
        yield from _strength(rows, roles, heads, document)
    elif kind == "questions":
        for row in rows[heads:]:
            yield from _question(row, document, models)


def row_span(row: Row) -> Span:
    """From the first to the last filled cell."""
    return Span(start=min(c.start for c in row.values()), end=max(c.end for c in row.values()))


def is_prose_table(table: Table, document: Document, models: Path) -> bool:
    """Whether a table is of no known kind, so that its rows are read as sentences."""
    rows = rows_of(table, document)
    roles, _ = column_roles(rows, models)
    return table_kind(rows, roles, models) == ""


# ----------------------------------------------------------------------- laboratory


def lab_of(text: str, models: Path) -> str:
    """The analyte that a test's cell names, '' if the lexicon knows none."""
    lexicon = load_lexicon(models)
    clean = text.strip(" .*:#|_'\u2018\u2019-")
    candidates = [clean, re.sub(r"\s*\([^)]*\)", "", clean), clean.split(",")[0], re.sub(r",", "", clean)]
    candidates += [m.group(1) for m in re.finditer(r"\(([^)]*)\)", clean)]
    for candidate in candidates:
        test = lexicon.lab(candidate.strip())
        if test is not None:
            return test.analyte
    if len(clean) > 60:
        return ""
    tests = [n for n in names_in(clean, models) if n.kind == "lab"]
    if len(tests) != 1:
        return ""
    rest = clean[: tests[0].start] + " " + clean[tests[0].end :]
    return tests[0].code if MODIFIERS.fullmatch(rest) else ""


# Words beside a test's name that leave it the same test; any other may make it another one.
MODIFIERS = re.compile(
    r"(?:[\s,;:()/*#.-]|\b(?:total|serum|plasma|blood|level|levels|quant(?:itative)?|qn|ser|plas|s|p|b|screen|test|assay|result|"
    r"value|current|repeat|by|method|eia|elisa|cmia|clia|ifa|w|with|reflex|rflx|high|sensitivity|hs|auto(?:mated)?|fasting|random|"
    r"u|l|iu|mg|dl|g|ml|ng|the|of|collected|drawn|activity|enzyme|concentration|measured)\b)*",
    re.IGNORECASE,
)


RESULT = re.compile(
    rf"^\s*(?P<value>{COMPARATOR}?\s*(?:{NUMBER}))\s*(?P<flag>\*?\s*\(?(?:HH|LL|H|L|A|high|low|abnormal|crit\w*|normal)\)?\s*\*?|[\u2191\u2193*])?"
    r"\s*(?P<unit>[A-Za-z\u00b5%][\w/^*.\u00b5%]*(?:\s*/\s*\w+)?)?\s*(?P<flag2>\(?(?:HH|LL|H|L|high|low)\)?)?\s*$",
    re.IGNORECASE,
)
PREVIOUS = re.compile(
    rf"(?:previous|prior|last)\s+(?:result|value)?\s*\(?(?P<date>\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{2,4}})\)?\s*:?\s*(?P<value>{COMPARATOR}?\s*(?:{NUMBER}))\s*(?P<flag>high|low|H|L)?",
    re.IGNORECASE,
)


def _labs(
    table: Table, rows: list[Row], roles: dict[int, list[str]], heads: int, document: Document, models: Path
) -> Iterator[Mention]:
    columns = _lab_columns(rows, roles, heads, models)
    caption = document.text[table.caption.start : table.caption.end] if table.caption else ""
    date = _part_of_date(caption, table.caption.start) if table.caption else None
    analyte = ""
    for row in rows[heads:]:
        if not row:
            continue
        test = row.get(columns["test"][0]) if columns["test"] else None
        if len(row) <= 1:
            only = next(iter(row.values()))
            yield from _previous(only, analyte)
            if re.search(r"collect|drawn|date", only.text, re.I):
                date = _part_of_date(only.text, only.start) or date
            continue
        repeated, _ = column_roles([row], models)
        if len(repeated) >= 2 and len(repeated) == len(row) and not lab_of(test.text if test else "", models):
            roles = repeated
            columns = _lab_columns(rows, roles, heads, models)
            continue
        if test is None:
            continue
        analyte = lab_of(test.text, models)
        if analyte:
            yield from _lab_row(row, test, analyte, columns, rows[heads - 1] if heads else {}, date)


def _lab_columns(rows: list[Row], roles: dict[int, list[str]], heads: int, models: Path) -> dict[str, list[int]]:
    """Columns by what they hold; where heads do not tell, the first names and the second tells."""
    columns: dict[str, list[int]] = {k: [] for k in ("test", "result", "dated", "flag", "units", "reference", "collected")}
    for column, names in sorted(roles.items()):
        for name in names:
            if name in columns and not any(column in found for found in columns.values()):
                columns[name].append(column)
    width = max((max(row, default=0) for row in rows), default=0) + 1
    named = [c for c in range(width) if sum(1 for r in rows[heads:] if c in r and lab_of(r[c].text, models)) >= 1]
    if named and (not columns["test"] or columns["test"][0] not in named):
        columns["test"] = [named[0]]
        for key in ("result", "reference", "dated", "flag", "units"):
            columns[key] = [c for c in columns[key] if c != named[0]]
    if not columns["test"]:
        columns["test"] = [0]
    taken = {c for found in columns.values() for c in found}
    body = rows[heads:]
    for key, fits in (("units", _is_unit), ("reference", _is_range)):
        if not columns[key]:
            columns[key] = [
                c
                for c in range(width)
                if c not in taken and _mostly([r[c].text for r in body if c in r], lambda t, f=fits: f(t, models))
            ][:1]
            taken |= set(columns[key])
    if not columns["result"] and not columns["dated"]:
        taken = {c for found in columns.values() for c in found}
        free = [c for c in range(width) if c not in taken and c > columns["test"][0]]
        columns["result"] = free[:1]
    return columns


def _mostly(texts: list[str], fits: Callable[[str], bool]) -> bool:
    return len(texts) >= 2 and sum(map(fits, texts)) * 2 > len(texts)


def _is_unit(text: str, models: Path) -> bool:
    return load_lexicon(models).unit(text) is not None


def _is_range(text: str, models: Path) -> bool:
    return re.fullmatch(rf"{COMPARATOR}?\s*(?:{NUMBER})(?:\s*-\s*(?:{NUMBER}))?", text) is not None


def _lab_row(
    row: Row, test: Filled, analyte: str, columns: dict[str, list[int]], head: Row, date: Mention | None
) -> Iterator[Mention]:
    shared = []
    for label, key in (("unit", "units"), ("range", "reference"), ("flag", "flag")):
        cell = row.get(columns[key][0]) if columns[key] else None
        if cell is not None:
            shared.append(cell.part(label))
    own = row.get(columns["collected"][0]) if columns["collected"] else None
    results = [(c, row.get(c)) for c in (*columns["result"][:1], *columns["dated"])]
    several = sum(1 for c in columns["dated"] if c in row) > 1
    for column, cell in results:
        if cell is None:
            continue
        parts = _result_parts(cell)
        if not parts:
            continue
        inline = any(p.label == "flag" for p in parts)
        parts += [p for p in shared if not (p.label == "flag" and (inline or several)) and not (p.label == "unit" and any(q.label == "unit" for q in parts))]
        if own is not None:
            parts.append(own.part("date"))
        elif column in columns["dated"] and column in head:
            found = _part_of_date(head[column].text, head[column].start)
            if found is not None:
                parts.append(found)
        elif date is not None:
            parts.append(date)
        yield Mention(
            label="lab",
            start=test.start,
            end=test.end,
            text=test.text,
            code=analyte,
            scope=row_span(row),
            section="results",
            origin="table",
            parts=tuple(parts),
        )


def _result_parts(cell: Filled) -> list[Mention]:
    """Value, flag and unit of a result cell; nothing when it is no result."""
    m = RESULT.match(cell.text)
    if m is not None:
        parts = []
        for group, label in (("value", "value"), ("flag", "flag"), ("flag2", "flag"), ("unit", "unit")):
            if m[group] and m[group].strip():
                text = m[group].strip()
                start = cell.start + m.start(group) + len(m[group]) - len(m[group].lstrip())
                parts.append(Mention(label=label, start=start, end=start + len(text), text=text))
        return parts
    word = QUALITATIVE.search(cell.text)
    if word is not None and len(cell.text) < 60:
        start = cell.start + word.start("word")
        return [Mention(label="value", start=start, end=cell.start + word.end("word"), text=word["word"], code="word")]
    return []


def _previous(cell: Filled, analyte: str) -> Iterator[Mention]:
    """ "Previous result 05/13/2026: 1420 High" under a test is a result of that test."""
    m = PREVIOUS.search(cell.text)
    if m is None or not analyte:
        return
    parts = [
        Mention(label=label, start=cell.start + m.start(label), end=cell.start + m.end(label), text=m[label])
        for label in ("value", "date", "flag")
        if m[label]
    ]
    yield Mention(
        label="lab",
        start=cell.start + m.start(),
        end=cell.start + m.end(),
        text=m.group(0),
        code=analyte,
        scope=Span(start=cell.start, end=cell.end),
        section="results",
        origin="table",
        parts=tuple(parts),
    )


NOT_COLLECTED = re.compile(r"(?:report\w*|receiv\w*|print\w*|issued|dob|born|birth\w*|date\s+of\s+birth)\W*(?:date|on)?\W*$", re.IGNORECASE)


def _part_of_date(text: str, offset: int) -> Mention | None:
    dates = find_dates(text)
    dates = [d for d in dates if not NOT_COLLECTED.search(text[: d.start])]
    if not dates:
        return None
    d = next((d for d in dates if re.search(r"collect|drawn", text[: d.start], re.I)), dates[-1])
    return Mention(label="date", start=offset + d.start, end=offset + d.end, text=text[d.start : d.end])


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
