"""Cells of laboratory sheets: which test, value, unit, flag, range or date a cell holds."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from pipeline.lexicon import load_lexicon
from pipeline.nlp.cells import Filled, days_in, is_day
from pipeline.nlp.lab_tests import STEPS
from pipeline.nlp.language import names_in
from pipeline.nlp.likeness import Nearest
from pipeline.notation.numbers import NUMBER
from pipeline.notation.results import (
    ALLELE,
    COMPARATOR,
    FLAG,
    LEAD,
    OPPOSITES,
    QUALITATIVE,
    SPAN,
    UNIT,
    VALUE,
)
from pipeline.schema import Mention

# Words beside a test's name that leave it the same test; any other may make it another one.
MODIFIERS = re.compile(
    r"(?:[\s,;:()/*#.-]|\b(?:total|serum|plasma|blood|level|levels|quant(?:itative)?|qual(?:itative)?|qn|ql|ser|plas|s|p|b|screen|test|assay|"
    r"result|value|current|repeat|by|method|eia|elisa|cmia|clia|ifa|pcr|w|with|(?:reflex|rflx)(?:\s+to)?\s+(?:pcr|rna|dna|naat|igm|quant\w*|confirm\w*|titer)|reflex|rflx|high|sensitivity|hs|auto(?:mated)?|fasting|random|"
    r"u|l|iu|mg|dl|g|ml|ng|the|of|collected|drawn|activity|enzyme|concentration|measured|abnormal|interpretation|interp)\b)*",
    re.IGNORECASE,
)
# What a laboratory would run next is not the test of this row: "reflex to IgM".
RUN_NEXT = re.compile(r"\b(?:reflex|rflx)(?:\s+to)?\s*$", re.IGNORECASE)
OF_ANTIBODY = re.compile(r"\b(?:abs?|antibod\w*|anti\w*|virus|specific)\b", re.IGNORECASE)
LONGEST_NAME = 60  # characters of a test's cell; a longer one is a comment


@lru_cache(maxsize=8192)
def lab_of(text: str, models: Path) -> str:
    """The analyte that a test's cell names, '' if the lexicon knows none."""
    lexicon = load_lexicon(models)
    clean = " ".join(text.split()).strip(" .*:#|_'\u2018\u2019-")
    if both := BOTH_NAMES.fullmatch(clean):  # in two languages
        one, other = (lab_of(_plain_letters(name), models) for name in both.groups())
        if one and one == other:
            return one
    clean = clean[: measured_from(clean, models)].rstrip(" ,([-")
    bare = re.sub(r"\s*\([^)]*\)", "", clean)
    inside = " ".join(re.findall(r"\(([^)]*)\)", clean))
    candidates = [clean, re.sub(r",", "", clean)]
    if MODIFIERS.fullmatch(inside) or _is_measure(inside, models):
        candidates.append(bare)
    if clean.count("(") > clean.count(")"):
        candidates.append(clean[: clean.rfind("(")])  # the rest of the name is cut off
    head, _, rest = bare.partition(",")
    if MODIFIERS.fullmatch(rest):
        candidates.append(head)
    elif rest:
        candidates.append(f"{rest} {head}")  # "Surface antigen, hepatitis B"
    for candidate in candidates:
        test = lexicon.lab(candidate.strip())
        if test is not None:
            return test.analyte
    named, outer = lexicon.lab(inside.strip()), lexicon.lab(bare.strip())
    if named is not None and (outer is None or outer == named) and not OF_ANTIBODY.search(bare):
        return named.analyte
    if len(clean) > LONGEST_NAME:
        return ""
    tests = [n for n in names_in(clean, models) if n.kind == "lab"]
    if len(tests) != 1:
        return tests_alike(models).misread(clean) if re.search("[A-Za-z]", clean) else ""
    if RUN_NEXT.search(clean[: tests[0].start]):
        return ""
    rest = clean[: tests[0].start] + " " + clean[tests[0].end :]
    return tests[0].code if MODIFIERS.fullmatch(rest) else ""


BOTH_NAMES = re.compile(r"([^/]+) / ([^/]+)")


def _plain_letters(text: str) -> str:
    """A text without accents, each letter as long as before."""
    folded = (unicodedata.normalize("NFD", letter)[0] for letter in text)
    return "".join(folded)


def day_apart(cell: Filled, models: Path) -> tuple[Filled, Filled] | None:
    """A test and its day of collection that one cell prints: "IgG 06/24/2026", "03/02/26 CK"."""
    days = days_in(cell.text)
    if len(days) != 1 or not is_day(cell.text[days[0].start : days[0].end]):
        return None
    start, end = days[0].start, days[0].end
    before, after = cell.text[:start].rstrip(" ,(:-\u2013"), cell.text[end:].lstrip(" ,):-\u2013")
    if bool(before) is bool(after):
        return None
    name = (
        Filled(before, cell.start, cell.start + len(before))
        if before
        else Filled(after, cell.end - len(after), cell.end)
    )
    day = Filled(cell.text[start:end], cell.start + start, cell.start + end)
    return (name, day) if lab_of(name.text, models) else None


@cache
def tests_alike(models: Path) -> Nearest:
    """The names of all tests, by likeness."""
    return Nearest((term.text, term.key) for term in load_lexicon(models).lab_terms)


def _in_bracket(text: str, position: int) -> bool:
    """Whether more than the bracket's sign stands between an open bracket and a place in it."""
    opened = max(text.rfind(sign, 0, position) for sign in "([")
    return opened > max(text.rfind(sign, 0, position) for sign in ")]") and bool(
        text[opened + 1 : position].strip()
    )


IN_BRACKETS = r"(?:[^()\[\]]|\([^()]*\))+"  # "(3.0-9.0 x10(9)/L)"
AT_END = re.compile(rf"[(\[](?P<inside>{IN_BRACKETS})[)\]]\s*$")
UNIT_AT_END = re.compile(rf"(?<=[\s,(\[])(?P<unit>{UNIT})(?=[)\]]?\s*$)", re.IGNORECASE)


def unit_at_end(text: str, models: Path) -> re.Match[str] | None:
    """The unit that follows a test's name in its cell: "CREATINE KINASE U/L"."""
    m = UNIT_AT_END.search(text)
    return m if m is not None and is_unit(m["unit"], models) else None


def measured_from(text: str, models: Path) -> int:
    """Where unit and range begin that stand behind a test's name: "CK U/L (30-200)"; else its end."""
    end = len(text)
    while True:
        held = AT_END.search(text[:end])
        unit = unit_at_end(text[:end], models)
        if held is not None and _is_measure(held["inside"].strip(), models):
            end = held.start()
        elif unit is not None and not _in_bracket(text, unit.start()):
            end = unit.start()
        else:
            return end
        end = len(text[:end].rstrip())


def _is_measure(text: str, models: Path) -> bool:
    """Whether the brackets after a test's name hold its unit, range or abbreviation."""
    return bool(text) and (is_unit(text, models) or is_range(text, models))


# -------------------------------------------------------------------------- looks


def is_unit(text: str, models: Path) -> bool:
    """Whether a cell holds nothing but a unit."""
    return load_lexicon(models).unit(text.strip(" .")) is not None


REFERENCE = r"(?:ref(?:erence)?|normal|nl|usual|expected|standard|desired)\.?(?:\s+(?:range|interval|values?|limits?))?"
ONE_RANGE = re.compile(
    rf"(?:(?:{UNIT})\s+)?(?:{REFERENCE}\s*[:=]?\s*)?(?:{COMPARATOR}?\s*{SPAN}|(?:{COMPARATOR}|below|under|(?:up\s+)?to|less\s+than)\s*(?:{NUMBER}))"
    rf"\s*(?:{UNIT})?",
    re.IGNORECASE,
)


def is_range(text: str, models: Path) -> bool:
    """Whether a cell looks like a reference range."""
    return ONE_RANGE.fullmatch(text.strip(" ()[].")) is not None


FLAG_CELL = re.compile(
    rf"\*?(?:{FLAG}|A|N|HI|LO|abn(?:ormal)?|normal|above|below|(?:above|below|in|within|out\s+of)\s+(?:the\s+)?(?:normal\s+)?(?:range|limits?)|"
    r"above\s+normal|below\s+normal|crit(?:ical)?)\*?",
    re.IGNORECASE,
)


def is_flag(text: str, models: Path) -> bool:
    """Whether a cell holds nothing but a flag."""
    return FLAG_CELL.fullmatch(text.strip()) is not None


@lru_cache(maxsize=4096)
def is_result(text: str) -> bool:
    """Whether a cell holds a value or a word of a result."""
    return bool(result_parts(Filled(text, 0, len(text))))


# What may stand beside the day in its cell: whose specimen, or that it was taken then.
BESIDE_DAY = re.compile(
    r"\b(?:serum|plasma|(?:whole\s+)?blood|bld|ser|plas|collected|drawn|fasting|hrs?|hours|edt|est|cst|cdt|mst|mdt|pst|pdt|utc|final)\b",
    re.IGNORECASE,
)


def is_date(text: str, models: Path) -> bool:
    """Whether a cell holds nothing but a day, and maybe a time and the specimen."""
    found = days_in(text)
    if len(found) != 1:
        return False
    rest = text[: found[0].start] + " " + text[found[0].end :]
    return re.search("[A-Za-z]{3}", BESIDE_DAY.sub(" ", rest)) is None


def is_number(text: str, models: Path) -> bool:
    """Whether a cell holds nothing but a number."""
    return re.fullmatch(rf"(?:{NUMBER})\s*(?:{UNIT})?", text.strip(), re.IGNORECASE) is not None


def has_value(text: str, models: Path) -> bool:
    """Whether a cell holds a number as a result."""
    return any(
        p.label == "value" and p.code != "word" for p in result_parts(Filled(text, 0, len(text)))
    )


# -------------------------------------------------------------------------- parts

FLAG_ONLY = re.compile(rf"\*?(?:{FLAG}|A|N)\*?", re.IGNORECASE)
BEFORE_VALUE = re.compile(
    rf"\s*(?:(?P<flag>(?:{FLAG})|\*+|A)\s+|(?P<mark>[*!\u2191\u2193]+))?", re.IGNORECASE
)  # "H 742", "*742"
LOOSE_UNIT = re.compile(
    r"\s*(?P<unit>(?:[A-Za-z\u00b5][\w^*.\u00b5]*\s*/\s*[\w.]+|[A-Za-z\u00b5]{1,3}/?[A-Za-z]{1,3}))(?=\s|$)"
)
AFTER_VALUE = re.compile(
    rf"(?:[\s*.,;:/()\[\]|!^\u2020\u2021#-]|\b(?:abnormal|abn|a|final|critical|crit|comment|\d{{1,2}}|{FLAG})\b|{FLAG})*",
    re.IGNORECASE,
)
# "77 40-230": the next column run into this one.
SPAN_AFTER = re.compile(
    rf"[\s.]*(?:(?P<flag>{FLAG})\s*)?[\[(]?\s*(?P<range>{SPAN}|{COMPARATOR}\s*(?:{NUMBER}))\s*(?:{UNIT})?\s*[\])]?\s*",
    re.IGNORECASE,
)


# "1 874 U/L": in a cell of its own, a blank between figures parts thousands.
SPACED = re.compile(rf"^([1-9]) (\d{{3}})(?=\W*$|\s*[(*]?(?:{FLAG}|{UNIT}))", re.IGNORECASE)
# "n\u00e9gatif / negative": a word said twice.
SAID_TWICE = re.compile(r"^\s*(?P<stem>[a-z]{4})[a-z]* / (?=(?P=stem))", re.IGNORECASE)


def result_parts(cell: Filled) -> list[Mention]:
    """Value, flag, unit, range, date and word of a result cell; nothing when it is no result."""
    return list(_result_parts(cell))


@lru_cache(maxsize=4096)
def _result_parts(cell: Filled) -> tuple[Mention, ...]:
    text = SPACED.sub("\\1\u2009\\2", cell.text)
    if ALLELE.search(text):
        return ()
    dates = days_in(text)
    plain = text
    for d in dates:
        plain = plain[: d.start] + " " * (d.end - d.start) + plain[d.end :]

    def part(label: str, start: int, end: int, code: str = "") -> Mention:
        return Mention(
            label=label,
            start=cell.start + start,
            end=cell.start + end,
            text=text[start:end],
            code=code,
        )

    word = _word_of_cell(plain)
    found = next((m for m in VALUE.finditer(plain) if _is_value_of_cell(plain, m, word)), None)
    if found is None:
        parts = [part("value", *word.span("word"), "word")] if word is not None else []
    else:
        parts = [part("value", *found.span("value"))]
        flag = BEFORE_VALUE.match(plain)
        name = "mark" if flag is not None and flag["mark"] else "flag"
        if flag is not None and flag[name] and flag.end() == found.start():
            parts.append(part("flag", *flag.span(name)))
        parts += [
            part(label, *found.span(g))
            for g, label in (("flag", "flag"), ("flag2", "flag"), ("unit", "unit"))
            if found[g]
        ]
        loose = LOOSE_UNIT.match(plain, found.end()) if not found["unit"] else None
        if (
            loose is not None
            and not QUALITATIVE.match(plain, loose.start("unit"))
            and not FLAG_ONLY.fullmatch(loose["unit"])
        ):
            parts.append(part("unit", *loose.span("unit")))
        beside = SPAN_AFTER.match(plain, found.end())
        if beside is not None:
            parts.append(part("range", *beside.span("range")))
        if word is not None:
            parts.append(part("word", *word.span("word"), "word"))
    if parts and dates:
        parts.append(part("date", dates[-1].start, dates[-1].end))
    return tuple(parts)


# "NONREACTIVE [NONREACTIVE]", "Positive (Ref: Negative)": what is expected, after what was found.
EXPECTED = re.compile(
    rf"(?<=\w)\s*(?:\[\s*(?:{REFERENCE}\W*)?[A-Za-z][A-Za-z -]*\]|\(\s*{REFERENCE}\W+[A-Za-z][A-Za-z -]*\))\s*$",
    re.IGNORECASE,
)


def _word_of_cell(text: str) -> re.Match[str] | None:
    """The qualitative word that a cell begins with, or that follows its number."""
    text = EXPECTED.sub("", text)
    said = SAID_TWICE.match(_plain_letters(text))
    if said is not None:
        text = " " * said.end() + text[said.end() :]
    if len(text) > LONGEST_NAME or re.search(r"\b(?:if|when|unless|or)\b|\?", text, re.IGNORECASE):
        return None
    word = next((m for m in QUALITATIVE.finditer(text) if m["word"]), None)
    if word is None or OPPOSITES.match(text, word.end()) or FLAG_ONLY.fullmatch(word["word"]):
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
    ends = (
        AFTER_VALUE.fullmatch(rest),
        AFTER_VALUE.fullmatch(after),
        SPAN_AFTER.fullmatch(rest),
        SPAN_AFTER.fullmatch(after),
    )
    return any(end is not None for end in ends)


NIL = re.compile(r"\W*nil\b", re.IGNORECASE)  # a word of its own that elsewhere names no test


def is_step(cell: Filled, analyte: str, models: Path) -> bool:
    """Whether a cell names a step of an assay, with or without its value: "TB1-Nil 0.01"."""
    joined = run_together(cell, models)
    named = joined[1] if joined is not None else lab_of(cell.text, models)
    steps = STEPS.get(analyte, ())
    return named in steps or (bool(steps) and NIL.match(cell.text) is not None)


RANGE_UNIT = re.compile(rf"(?:\d\s*|^\s*)(?P<unit>{UNIT})", re.IGNORECASE)


def range_parts(cell: Filled) -> list[Mention]:
    """The range of a cell, and the unit that is printed with it."""
    m = RANGE_UNIT.search(cell.text)
    parts = [cell.part("range")]
    if m is not None:
        start = cell.start + m.start("unit")
        parts.append(Mention(label="unit", start=start, end=start + len(m["unit"]), text=m["unit"]))
    return parts


def parts_of_name(cell: Filled, models: Path) -> list[Mention]:
    """Unit and range beside a test's name: "CK (U/L) [30-200]", "GLUCOSE mg/dL"."""
    parts: list[Mention] = []
    for m in re.finditer(
        rf"[(\[](?:{REFERENCE}\W*)?({IN_BRACKETS})[)\]]|,\s*(\S+)$", cell.text, re.IGNORECASE
    ):
        group = 1 if m[1] else 2
        held = Filled(m[group], cell.start + m.start(group), cell.start + m.end(group))
        if is_unit(held.text, models):
            parts.append(held.part("unit"))
        elif is_range(held.text, models):
            parts += range_parts(held)
    bracket = AT_END.search(cell.text)
    named = cell.text[: bracket.start()].rstrip() if bracket is not None else cell.text
    ends = unit_at_end(named, models) or unit_at_end(cell.text, models)
    if ends is not None and not any(p.label == "unit" for p in parts):
        start, end = ends.span("unit")
        parts.append(Filled(ends["unit"], cell.start + start, cell.start + end).part("unit"))
    return parts


def part_of_date(text: str, offset: int) -> Mention | None:
    """The day of collection that a caption or head prints."""
    dates = days_in(text)
    if not dates:
        return None
    d = next(
        (
            d
            for d in dates
            if re.search(r"collect|\bcoll\b|drawn|specimen|sampled", text[: d.start], re.I)
        ),
        dates[-1],
    )
    return Mention(
        label="date", start=offset + d.start, end=offset + d.end, text=text[d.start : d.end]
    )


TWO_WORDS = re.compile(
    r"(?<![\w-])(?P<one>(?:non\s?-?\s?)?reactive|negative|positive|(?:not\s+)?detected|(?:ab)?normal)\s+(?!(?P=one)\b)"
    r"(?:(?:non\s?-?\s?)?reactive|negative|positive|(?:not\s+)?detected|(?:ab)?normal)\W*$",
    re.IGNORECASE,
)


def run_together(cell: Filled, models: Path) -> tuple[Filled, str, Filled] | None:
    """A test and its result in one cell, "Hep B core Ab total Negative": (test, analyte, result)."""
    if len(cell.text) > LONGEST_NAME + 20:
        return None
    gaps = list(re.finditer(r"[\s.:=\u2026_]+", cell.text))
    if TWO_WORDS.search(cell.text):
        return None  # what was found and what is expected: only heads tell which is which
    for gap in reversed(gaps):
        name = Filled(cell.text[: gap.start()], cell.start, cell.start + gap.start())
        rest = Filled(cell.text[gap.end() :], cell.start + gap.end(), cell.end)
        if not rest.text or not re.search("[A-Za-z]", name.text):
            continue
        analyte = lab_of(name.text, models)
        if analyte and result_parts(rest):
            return name, analyte, rest
    return None
