"""Laboratory sheets: whose result each cell is, with its unit, range, flag and date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.lexicon import load_lexicon
from pipeline.nlp.cells import Filled, Row, column_roles, row_span
from pipeline.nlp.expressions import NUMBER, find_dates
from pipeline.nlp.lab_grammar import COMPARATOR, FLAG, LEAD, OPPOSITES, QUALITATIVE, UNIT, VALUE
from pipeline.nlp.language import names_in
from pipeline.schema import Document, Mention, Span, Table

Columns = dict[str, list[int]]  # columns by role

# Words beside a test's name that leave it the same test; any other may make it another one.
MODIFIERS = re.compile(
    r"(?:[\s,;:()/*#.-]|\b(?:total|serum|plasma|blood|level|levels|quant(?:itative)?|qual(?:itative)?|qn|ql|ser|plas|s|p|b|screen|test|assay|"
    r"result|value|current|repeat|by|method|eia|elisa|cmia|clia|ifa|w|with|reflex|rflx|high|sensitivity|hs|auto(?:mated)?|fasting|random|"
    r"u|l|iu|mg|dl|g|ml|ng|the|of|collected|drawn|activity|enzyme|concentration|measured|abnormal)\b)*",
    re.IGNORECASE,
)
OF_ANTIBODY = re.compile(r"\b(?:abs?|antibod\w*|anti\w*|virus|specific)\b", re.IGNORECASE)


def lab_of(text: str, models: Path) -> str:
    """The analyte that a test's cell names, '' if the lexicon knows none."""
    lexicon = load_lexicon(models)
    clean = text.strip(" .*:#|_'\u2018\u2019-")
    bare = re.sub(r"\s*\([^)]*\)", "", clean)
    inside = " ".join(re.findall(r"\(([^)]*)\)", clean))
    candidates = [clean, re.sub(r",", "", clean)]
    if MODIFIERS.fullmatch(inside) or _is_measure(inside, models):
        candidates.append(bare)
    head, _, rest = bare.partition(",")
    if MODIFIERS.fullmatch(rest):
        candidates.append(head)
    for candidate in candidates:
        test = lexicon.lab(candidate.strip())
        if test is not None:
            return test.analyte
    named, outer = lexicon.lab(inside.strip()), lexicon.lab(bare.strip())
    if named is not None and (outer is None or outer == named) and not OF_ANTIBODY.search(bare):
        return named.analyte
    if len(clean) > 60:
        return ""
    tests = [n for n in names_in(clean, models) if n.kind == "lab"]
    if len(tests) != 1:
        return ""
    rest = clean[: tests[0].start] + " " + clean[tests[0].end :]
    return tests[0].code if MODIFIERS.fullmatch(rest) else ""


def _is_measure(text: str, models: Path) -> bool:
    """Whether the brackets after a test's name hold its unit, range or abbreviation."""
    lexicon = load_lexicon(models)
    return bool(text) and (lexicon.unit(text) is not None or _is_range(text, models))


# --------------------------------------------------------------------------- rows


def lab_mentions(
    table: Table, rows: list[Row], roles: dict[int, list[str]], heads: int, document: Document, models: Path
) -> Iterator[Mention]:
    """All results of a sheet, its tests in rows or in columns."""
    turned = turned_sheet(rows, models)
    if turned is not None:
        yield from _results_by_date(rows, turned, models)
        return
    columns = _lab_columns(rows, roles, heads, models)
    caption = document.text[table.caption.start : table.caption.end] if table.caption else ""
    date = part_of_date(caption, table.caption.start) if table.caption else None
    head = rows[heads - 1] if heads else {}
    analyte = ""
    for row in rows[heads:]:
        if not row:
            continue
        test = row.get(columns["test"][0]) if columns["test"] else None
        if len(row) <= 1:
            only = next(iter(row.values()))
            yield from _previous(only, analyte)
            if re.search(r"collect|drawn|date", only.text, re.I):
                date = part_of_date(only.text, only.start) or date
            continue
        repeated, _ = column_roles([row], models)
        if len(repeated) >= 2 and len(repeated) == len(row) and not lab_of(test.text if test else "", models):
            roles, head = repeated, row
            columns = _lab_columns(rows, roles, heads, models)
            continue
        if test is None:
            continue
        analyte = lab_of(test.text, models)
        if analyte:
            yield from _lab_row(row, test, analyte, columns, head, date)


def _lab_columns(rows: list[Row], roles: dict[int, list[str]], heads: int, models: Path) -> Columns:
    """Columns by what they hold; where heads do not tell, by what their cells look like."""
    keys = ("test", "result", "previous", "dated", "flag", "units", "reference", "collected")
    columns: Columns = {k: [] for k in keys}
    for column, names in sorted(roles.items()):
        for name in names:
            if name in columns and not any(column in found for found in columns.values()):
                columns[name].append(column)
    width = max((max(row, default=0) for row in rows), default=0) + 1
    body = rows[heads:]
    named = [c for c in range(width) if any(c in r and lab_of(r[c].text, models) for r in body)]
    if named and (not columns["test"] or columns["test"][0] not in named):
        columns = {k: [c for c in found if c != named[0]] for k, found in columns.items()}
        columns["test"] = [named[0]]
    if not columns["test"]:
        columns["test"] = [0]
    looks: tuple[tuple[str, Callable[[str, Path], bool]], ...] = (
        ("flag", _is_flag), ("units", _is_unit), ("reference", _is_range), ("collected", _is_date)
    )  # fmt: skip
    for key, fits in looks:
        taken = {c for found in columns.values() for c in found}
        if not columns[key]:
            free = [c for c in range(width) if c not in taken]
            columns[key] = [c for c in free if _mostly([r[c].text for r in body if c in r], fits, models)][:1]
    if not columns["result"] and not columns["dated"]:
        taken = {c for found in columns.values() for c in found}
        columns["result"] = [c for c in range(width) if c not in taken and c > columns["test"][0]][:1]
    return columns


def _mostly(texts: list[str], fits: Callable[[str, Path], bool], models: Path) -> bool:
    return len(texts) >= 2 and sum(fits(text, models) for text in texts) * 2 > len(texts)


def _is_unit(text: str, models: Path) -> bool:
    return load_lexicon(models).unit(text) is not None


def _is_range(text: str, models: Path) -> bool:
    span = rf"{COMPARATOR}?\s*(?:{NUMBER})(?:\s*[-\u2013\u2014]\s*(?:{NUMBER}))"
    return re.fullmatch(rf"(?:{span}|{COMPARATOR}\s*(?:{NUMBER}))\s*(?:{UNIT})?", text.strip(" ()[]"), re.I) is not None


def _is_flag(text: str, models: Path) -> bool:
    return re.fullmatch(rf"\*?(?:{FLAG}|A|N)\*?", text, re.IGNORECASE) is not None


def _is_date(text: str, models: Path) -> bool:
    found = find_dates(text)
    return len(found) == 1 and not re.search("[A-Za-z]{3}", text[: found[0].start] + text[found[0].end :])


def _lab_row(
    row: Row, test: Filled, analyte: str, columns: Columns, head: Row, date: Mention | None
) -> Iterator[Mention]:
    unit = [row[c].part("unit") for c in columns["units"][:1] if c in row]
    ranges = [row[c] for c in columns["reference"][:1] if c in row]
    flags = [row[c].part("flag") for c in columns["flag"][:1] if c in row]
    own = row.get(columns["collected"][0]) if columns["collected"] else None
    current = next((c for c in columns["result"] if c in row), None)  # in range, or out of range
    several = sum(1 for c in columns["dated"] if c in row) > 1
    for column in dict.fromkeys((*([current] if current is not None else []), *columns["dated"], *columns["previous"])):
        cell = row.get(column)
        parts = result_parts(cell) if cell is not None else []
        if cell is None or not parts:
            continue
        labels = {p.label for p in parts}
        shared = list(unit)
        shared += [p for c in ranges for p in range_parts(c)]
        if not several and column not in columns["previous"]:
            shared += flags
        parts += [p for p in shared if p.label not in labels and not (p.label == "unit" and p in shared[1:] and unit)]
        if "date" not in labels:
            when = own.part("date") if own is not None else None
            if column in columns["dated"] and column in head:
                when = part_of_date(head[column].text, head[column].start) or when
            elif column in columns["previous"]:
                when = part_of_date(head[column].text, head[column].start) if column in head else None
                if when is None:
                    continue  # an earlier result of an unknown day
            when = when or date
            parts += [when] if when is not None else []
        yield _mention(analyte, test.start, test.end, test.text, row_span(row), parts)


def _mention(analyte: str, start: int, end: int, text: str, scope: Span, parts: list[Mention]) -> Mention:
    return Mention(
        label="lab",
        start=start,
        end=end,
        text=text,
        code=analyte,
        scope=scope,
        section="results",
        origin="table",
        parts=tuple(parts),
    )


# -------------------------------------------------------------------------- cells

BEFORE_VALUE = re.compile(rf"\s*(?:(?P<flag>(?:{FLAG})|\*+|A)\s+)?", re.IGNORECASE)
LOOSE_UNIT = re.compile(r"\s*(?P<unit>(?:[A-Za-z\u00b5][\w^*.\u00b5]*\s*/\s*[\w.]+|[A-Za-z\u00b5]{1,3}/?[A-Za-z]{1,3}))(?=\s|$)")
AFTER_VALUE = re.compile(
    rf"(?:[\s*,;:/()\[\]|!-]|\b(?:abnormal|abn|a|final|critical|crit|comment|\d{{1,2}}|{FLAG})\b|{FLAG})*", re.IGNORECASE
)
# "77 40-230": the next column run into this one.
SPAN_AFTER = re.compile(
    rf"\s*[\[(]?\s*(?P<range>(?:{NUMBER})\s*[-\u2013]\s*(?:{NUMBER})|{COMPARATOR}\s*(?:{NUMBER}))\s*(?:{UNIT})?\s*[\])]?\s*", re.IGNORECASE
)


def result_parts(cell: Filled) -> list[Mention]:
    """Value, flag, unit, range, date and word of a result cell; nothing when it is no result."""
    text = cell.text
    dates = find_dates(text)
    plain = text
    for d in dates:
        plain = plain[: d.start] + " " * (d.end - d.start) + plain[d.end :]

    def part(label: str, start: int, end: int, code: str = "") -> Mention:
        return Mention(label=label, start=cell.start + start, end=cell.start + end, text=text[start:end], code=code)

    word = _word_of_cell(plain)
    found = next((m for m in VALUE.finditer(plain) if _is_value_of_cell(plain, m, word)), None)
    if found is None:
        parts = [part("value", *word.span("word"), "word")] if word is not None else []
    else:
        parts = [part("value", *found.span("value"))]
        flag = BEFORE_VALUE.match(plain)
        if flag is not None and flag["flag"] and flag.end() == found.start():
            parts.append(part("flag", *flag.span("flag")))
        parts += [part(label, *found.span(g)) for g, label in (("flag", "flag"), ("flag2", "flag"), ("unit", "unit")) if found[g]]
        loose = LOOSE_UNIT.match(plain, found.end()) if not found["unit"] else None
        if loose is not None and not QUALITATIVE.match(plain, loose.start("unit")) and not _is_flag(loose["unit"], Path()):
            parts.append(part("unit", *loose.span("unit")))
        beside = SPAN_AFTER.match(plain, found.end())
        if beside is not None:
            parts.append(part("range", *beside.span("range")))
        if word is not None:
            parts.append(part("word", *word.span("word"), "word"))
    if parts and dates:
        parts.append(part("date", dates[-1].start, dates[-1].end))
    return parts


def _word_of_cell(text: str) -> re.Match[str] | None:
    """The qualitative word that a cell begins with, or that follows its number."""
    if len(text) > 60 or re.search(r"\b(?:if|when|unless|or)\b|\?", text, re.IGNORECASE):
        return None
    word = next((m for m in QUALITATIVE.finditer(text) if m["word"]), None)
    if word is None or OPPOSITES.match(text, word.end()) or _is_flag(word["word"], Path()):
        return None
    before = VALUE.sub(" ", text[: word.start()])
    return word if LEAD.fullmatch(before) else None


def _is_value_of_cell(text: str, m: re.Match[str], word: re.Match[str] | None) -> bool:
    """Whether only flags, a unit and the result's word stand beside a number."""
    before, after = text[: m.start()], text[m.end() :]
    if word is not None and word.end() <= m.start():
        return re.fullmatch(r"[\s(:,;]*", text[word.end() : m.start()]) is not None
    if not BEFORE_VALUE.fullmatch(before):
        return False
    if word is not None and word.start() >= m.end():
        after = text[m.end() : word.start()]
    loose = LOOSE_UNIT.match(after) if not m["unit"] else None
    rest = after[loose.end() :] if loose else after
    ends = (AFTER_VALUE.fullmatch(rest), AFTER_VALUE.fullmatch(after), SPAN_AFTER.fullmatch(rest), SPAN_AFTER.fullmatch(after))
    return any(end is not None for end in ends)


RANGE_UNIT = re.compile(rf"\d\s*(?P<unit>{UNIT})", re.IGNORECASE)


def range_parts(cell: Filled) -> list[Mention]:
    """The range of a cell, and the unit that is printed with it."""
    m = RANGE_UNIT.search(cell.text)
    parts = [cell.part("range")]
    if m is not None:
        start = cell.start + m.start("unit")
        parts.append(Mention(label="unit", start=start, end=start + len(m["unit"]), text=m["unit"]))
    return parts


PREVIOUS = re.compile(
    rf"(?:previous|prior|last)\s+(?:result|value)?\s*\(?(?P<date>\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{2,4}})\)?\s*:?\s*(?P<value>{COMPARATOR}?\s*(?:{NUMBER}))\s*(?P<flag>high|low|H|L)?",
    re.IGNORECASE,
)


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
    yield _mention(
        analyte, cell.start + m.start(), cell.start + m.end(), m.group(0), Span(start=cell.start, end=cell.end), parts
    )


NOT_COLLECTED = re.compile(r"(?:report\w*|receiv\w*|print\w*|issued|dob|born|birth\w*|date\s+of\s+birth)\W*(?:date|on)?\W*$", re.IGNORECASE)


def part_of_date(text: str, offset: int) -> Mention | None:
    """The day of collection that a caption or head prints."""
    dates = [d for d in find_dates(text) if not NOT_COLLECTED.search(text[: d.start])]
    if not dates:
        return None
    d = next((d for d in dates if re.search(r"collect|drawn", text[: d.start], re.I)), dates[-1])
    return Mention(label="date", start=offset + d.start, end=offset + d.end, text=text[d.start : d.end])


# ------------------------------------------------------------------- days as rows


@dataclass(frozen=True)
class Turned:
    """A sheet with a row for each day: the row of heads, the days' column, tests by column."""

    head: int
    days: int
    tests: dict[int, str]


def turned_sheet(rows: list[Row], models: Path) -> Turned | None:
    """How a sheet with days as rows and tests as columns is laid out, None if it is none."""
    for index, row in enumerate(rows[:2]):
        body = [r for r in rows[index + 1 :] if r]
        tests = {c: a for c, cell in row.items() if (a := lab_of(cell.text, models))}
        tests = {c: a for c, a in tests.items() if any(c in r and result_parts(r[c]) for r in body)}
        dated = [c for c in range(max(row, default=0) + 1) if any(c in r and _is_date(r[c].text, models) for r in body)]
        days = next((c for c in dated if c not in tests), None)
        if tests and days is not None and days < min(tests):
            return Turned(index, days, tests)
    return None


def _results_by_date(rows: list[Row], turned: Turned, models: Path) -> Iterator[Mention]:
    head = rows[turned.head]
    shared = {c: _in_brackets(head[c], models) for c in turned.tests}
    for row in rows[turned.head + 1 :]:
        first = row.get(turned.days)
        if first is None:
            continue
        if re.match(r"(?:ref|normal|range|limits?|units?)\b|reference", first.text, re.IGNORECASE):
            for c in turned.tests:
                if c in row:
                    shared[c] += [row[c].part("unit")] if _is_unit(row[c].text, models) else range_parts(row[c])
            continue
        if not _is_date(first.text, models):
            continue
        for c, analyte in turned.tests.items():
            parts = result_parts(row[c]) if c in row else []
            if parts:
                labels = {p.label for p in parts}
                parts += [p for p in shared[c] if p.label not in labels]
                parts.append(first.part("date"))
                yield _mention(analyte, row[c].start, row[c].end, row[c].text, row_span(row), parts)


def _in_brackets(head: Filled, models: Path) -> list[Mention]:
    """Unit and range in the head of a test's column: "CK (U/L) [30-200]"."""
    parts: list[Mention] = []
    for m in re.finditer(r"[(\[]([^)\]]+)[)\]]|,\s*(\S+)$", head.text):
        group = 1 if m[1] else 2
        cell = Filled(m[group], head.start + m.start(group), head.start + m.end(group))
        if _is_unit(cell.text, models):
            parts.append(cell.part("unit"))
        elif _is_range(cell.text, models):
            parts += range_parts(cell)
    return parts
