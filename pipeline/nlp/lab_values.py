"""Numbers as results: values with unit, range and flag, series, multiples of a limit."""

from __future__ import annotations

import re

from pipeline.lexicon import load_lexicon, models_dir
from pipeline.nlp.lab_tests import CONDITION, Group, Result
from pipeline.nlp.lab_words import is_denied, names_follow, without
from pipeline.nlp.names import Name
from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match
from pipeline.notation.results import (
    ALLELE,
    COMPARATOR,
    LEAD,
    NAMED_RANGES,
    ORDINAL_BEFORE,
    POWER,
    QUALITATIVE,
    RANGE,
    RATIO,
    SERIES,
    THOUSANDS,
    TIME_AFTER,
    UNIT,
    VALUE,
    WORDED,
    reference_range,
)

BESIDE = 25  # characters after a value within which its range or multiple stands


def read_series(sentence: Sentence, group: Group, start: int, end: int) -> bool:
    """As many values as tests, in their order: "AST/ALT 145/162"."""
    m = SERIES.search(sentence.text, start, end)
    if m is None or not LEAD.fullmatch(sentence.text[start : m.start()]):
        return False
    if any(d.start < m.end() and m.start() < d.end for d in sentence.dates):
        return False
    stop = m.start("unit") if m["unit"] else m.end()
    values = list(re.finditer(r"\d[\d,.]*\d|\d", sentence.text[m.start() : stop]))
    if len(values) != len(group.tests):
        return False
    for value in values:
        result = Result(m.start() + value.start(), m.start() + value.end())
        result.add("value", result.start, result.end)
        if m["unit"]:
            result.add("unit", m.start("unit"), m.end("unit"))
        group.results.append(result)
    group.results[-1].end = m.end()
    group.zipped = True
    return True


# "His CK in March, on both drugs, was 710": what the patient took when it was drawn.
ASIDE = re.compile(
    r"(?P<aside>,\s*(?:while\s+|still\s+|then\s+)?(?:on|off|under|despite|before|after|with|without|during)\s[^,.;:()\d]{2,50},)"
    r"(?=\s*(?:was|is|had\s+been|were|measured|came|stood|of|at)\b)",
    re.IGNORECASE,
)


def _blocked(
    sentence: Sentence, ranges: list[re.Match[str]], ratios: list[re.Match[str]]
) -> list[tuple[int, int]]:
    """Stretches whose numbers are no results: ranges, multiples, dates, lengths of time, doses."""
    blocked = [(m.start(), m.end()) for m in (*ranges, *ratios)]
    blocked += [(d.start, d.end) for d in (*sentence.dates, *sentence.durations)]
    blocked += [m.span() for m in (*POWER.finditer(sentence.text), *ALLELE.finditer(sentence.text))]
    blocked += [m.span("aside") for m in ASIDE.finditer(sentence.text)]
    for dose in sentence.doses:
        text = sentence.text[dose.start : dose.end]
        if re.search(r"mg|mcg|unit|iu|g$|gram|/\s*kg", text, re.I) and not re.match(
            r"\s*(?:/|%|per\s+(?:(?:deci|milli|micro)?lit|d?l\b|ml\b))",
            sentence.text[dose.end :],
            re.I,
        ):
            blocked.append((dose.start, dose.end))
    return blocked


# What keeps a value from the test before it: it is wanted, denied, a bound, a change, another's.
FORBIDS = re.compile(
    r";|\b(?:if|unless|until|goals?|targets?|aim\w*|wants?|wish\w*|keep|keeping|below\s+which|threshold|cut-?off|would|could|should|may|might|will|"
    r"no|not|never|without|nor|neither|denie[sd]|normal|limits?|range|reference|than|each|every|whenever|"
    r"brother|sister|mother|father|son|daughter|wife|husband|his\s+twin|patients|"
    r"erythema|redness|positive|negative|(?:non-?)?reactive|undetect\w+|pending)\b|\bby\s*$",
    re.IGNORECASE,
)
# "Fell by 500 U/L" tells a change.
CHANGE = re.compile(
    r"\b(?:fell|fallen|dropp\w+|declin\w+|decreas\w+|improv\w+|rose|risen|increas\w+|climb\w+|up|down|went)\b[^.;,\d]{0,20}\bby\s+(?:about\s+|some\s+)?$",
    re.IGNORECASE,
)
BRACKETED = re.compile(r"\([^()\d]*\)")
PIECES = re.compile(r"[,:]|\b(?:and|but|while|whereas|with|then)\b", re.IGNORECASE)


def _belongs(
    sentence: Sentence, test: Name, m: re.Match[str], between: str, ranges: list[re.Match[str]]
) -> bool:
    """Whether a value is the test's, whatever words lead from one to the other.

    A value with a unit of the test, or with a range right after it, is the nearest test's unless
    something forbids it. Another subject may stand only in a piece of its own: after a comma or
    "and" the words that lead to the value are linking words, or none.
    """
    gap = BRACKETED.sub(" ", between)
    if FORBIDS.search(gap) or CONDITION.search(sentence.text[: m.start()]):
        return False
    known = load_lexicon(models_dir())
    own, unit = known.labs.get(test.code), known.ucum(m["unit"].strip()) if m["unit"] else ""
    fits = unit not in ("", "%") and own is not None and unit in own.units
    ranged = any(
        r.start() >= m.end("value") and not sentence.text[m.end() : r.start()].strip()
        for r in ranges
    )
    if not (fits or (ranged and not m["unit"])):
        return False
    if any(test.end <= n.start < m.start() for n in sentence.names):
        return False
    pieces = PIECES.split(gap)
    return len(pieces) == 1 or LEAD.fullmatch(pieces[-1]) is not None


def read_values(sentence: Sentence, test: Name, start: int, end: int) -> list[Result]:
    """The values after a test."""
    text = sentence.text
    ranges = [
        m
        for m in RANGE.finditer(text, start, min(len(text), end + BESIDE))
        if not _is_time(sentence, m)
    ]
    ratios = list(RATIO.finditer(text, start, end))
    blocked = _blocked(sentence, ranges, ratios)
    results: list[Result] = []
    position, skipped = start, list(blocked)
    for m in VALUE.finditer(text, start, end):
        s, e = m.span("value")
        if any(a < e and s < b for a, b in blocked):
            continue
        if ORDINAL_BEFORE.search(text[:s]) or (not m["unit"] and TIME_AFTER.match(text[e:])):
            skipped.append((s, m.end()))
            continue
        between = without(text, position, s, skipped)
        # "CK 8/10/26 1,515; 7/6/26 520": after a semicolon only another day goes on with the test.
        cut = (
            ";" in between
            and results
            and not (DAY_NEXT.fullmatch(between) and _days_between(sentence, position, s))
        )
        if cut or not (
            LEAD.fullmatch(between.replace(";", " "))
            or _belongs(sentence, test, m, between, ranges)
        ):
            if not results:
                break
            continue
        whole = _with_thousands(text, m, ranges)
        if whole is not None:
            results.append(whole)
            position = whole.end
            blocked.append((s, whole.end))
            continue
        if (
            not m["unit"]
            and not m["flag"]
            and re.match(r"[A-Za-z]", text[m.end() :])
            and m.end() == e
        ):
            continue
        if CHANGE.search(text[start:s]):
            skipped.append((s, m.end()))
            continue
        if re.match(rf"{COMPARATOR}|{WORDED}", m["value"], re.I) and CONDITION.search(text[:s]):
            continue
        results.append(_result(text, m, between, position))
        position = m.end()
    for i, result in enumerate(results):
        following = results[i + 1].start if i + 1 < len(results) else len(text)
        _add_beside(
            sentence, result, ranges, ratios, start if i == 0 else results[i - 1].end, following
        )
    _share_with_earlier(text, results)
    return results


UNLIKELY = 0.1  # of the upper limit: a value below it is hardly one by itself


def _with_thousands(text: str, m: re.Match[str], ranges: list[re.Match[str]]) -> Result | None:
    """ "4 310 U/L (0-190)": one number, where its first figures alone are far below the range."""
    whole = THOUSANDS.match(text, m.start("value"))
    unit = UNIT_AFTER.match(text, whole.end()) if whole is not None else None
    if whole is None or unit is None or m["unit"] or m["flag"]:
        return None
    beside = [r for r in ranges if 0 <= r.start() - unit.end() < 3]
    high = reference_range(beside[0].group())[1] if beside else None
    if high is None or float(m["value"]) >= UNLIKELY * high:
        return None
    result = Result(whole.start(), unit.end())
    result.add("value", *whole.span())
    result.add("unit", *unit.span("unit"))
    return result


DAY_NEXT = re.compile(r"[\s;:,()-]*(?:(?:on|and|then)\b[\s:,(]*)*", re.IGNORECASE)


def _days_between(sentence: Sentence, start: int, end: int) -> bool:
    return any(start <= d.start and d.end <= end for d in sentence.dates)


def _is_time(sentence: Sentence, m: re.Match[str]) -> bool:
    """Whether a range of numbers is a length of time, a date or a dose."""
    if TIME_AFTER.match(sentence.text[m.end("open") :]) if m["open"] else False:
        return True
    return any(
        d.start < m.end() and m.start() < d.end for d in (*sentence.dates, *sentence.durations)
    )


WORD_TO_VALUE = re.compile(
    r"\s*(?:(?:at|to|of|with\s+an?)\b|[(:=])?\s*(?:titers?\s+(?:of\s+)?|an?\s+)?", re.IGNORECASE
)
ARROW = re.compile(r"(?P<arrow>[\u2191\u2193]+)\s*$")


def _result(text: str, m: re.Match[str], between: str, position: int) -> Result:
    """A value with its unit, and the flag or word that stands right before or after it."""
    result = Result(m.start("value"), m.end())
    result.add("value", *m.span("value"))
    for group, label in (("unit", "unit"), ("flag", "flag"), ("flag2", "flag")):
        if m[group]:
            result.add(label, *m.span(group))
    arrow = ARROW.search(text, position, m.start("value"))
    if arrow is not None:
        result.add("flag", *arrow.span("arrow"))
    words = [w for w in QUALITATIVE.finditer(text, position, m.start("value")) if w["word"]]
    if (
        words
        and WORD_TO_VALUE.fullmatch(text[words[-1].end() : m.start("value")])
        and not re.search(r"\bfrom\s+$", text[: words[-1].start()])
        and not is_denied(text, words[-1])
    ):
        result.add("word", *words[-1].span("word"))
    return result


def _add_beside(
    sentence: Sentence,
    result: Result,
    ranges: list[re.Match[str]],
    ratios: list[re.Match[str]],
    floor: int,
    ceiling: int,
) -> None:
    """The range, word and multiple that belong to a value."""
    text = sentence.text
    after = [r for r in ranges if result.end - 1 <= r.start() < ceiling]
    near = [r for r in after if _stays(sentence, text[result.end : r.start()], r)]
    before = [
        r
        for r in ranges
        if floor <= r.start()
        and r.end() <= result.start + 1
        and (not r["open"] or not text[r.end() : result.start].strip())
    ]
    chosen = near[:1] or before[-1:]
    if chosen:
        group = next(g for g in NAMED_RANGES if chosen[0][g])
        result.add("range", *chosen[0].span(group))
        result.end = max(result.end, chosen[0].end())
        unit = UNIT_AFTER.match(text, chosen[0].end(group)) or UNIT_AFTER.match(
            text, chosen[0].end()
        )
        if unit is not None and not result.has("unit"):
            result.add("unit", *unit.span("unit"))
    told = QUALITATIVE.search(text, result.end, min(len(text), result.end + 30))
    if (
        told is not None
        and told["word"]
        and re.fullmatch(
            r"[\s,:()*-]*(?:induration)?[\s,:()-]*(?:weakly\s+)?", text[result.end : told.start()]
        )
    ):
        leads_on = re.match(r"\s*(?:,|and)?\s*(?:at|to|of)?\s*\d", text[told.end() :])
        if not leads_on and not names_follow(sentence, told.end()):
            result.add("word", *told.span("word"))
    beside = [r for r in ratios if 0 <= r.start() - result.end < BESIDE and r.start() < ceiling]
    if beside:
        result.add("ratio", *beside[0].span())


UNIT_AFTER = re.compile(rf"\s*(?P<unit>{UNIT})", re.IGNORECASE)


def _stays(sentence: Sentence, gap: str, found: re.Match[str]) -> bool:
    """Whether a range after a value is still about it: only its date may stand between."""
    if found["open"]:
        return not gap.strip(" \t,")
    return len(gap) < BESIDE + 15 and not re.search(r"\b(?:and|but|then)\b", gap)


def _share_with_earlier(text: str, results: list[Result]) -> None:
    """ "from 4,512 to 980 U/L (30-200)": unit and range of the last hold for those before it."""
    for earlier, later in zip(reversed(results[:-1]), reversed(results[1:]), strict=False):
        for label in ("unit", "range"):
            match = later.get(label)
            if match is not None and not earlier.has(label):
                earlier.parts.append((label, match))


def _forbidden(gap: str) -> bool:
    """Whether a multiple of the limit, which is a test's, is not of the one that stands before it."""
    if LEAD.fullmatch(gap):
        return False
    pieces = PIECES.split(BRACKETED.sub(" ", gap))
    led = len(pieces) == 1 or LEAD.fullmatch(pieces[-1]) is not None
    return not led or any(p.search(gap) for p in (FORBIDS, CONDITION))


def read_multiple(sentence: Sentence, start: int, end: int) -> list[Result]:
    m = RATIO.search(sentence.text, start, end)
    days = [(d.start, d.end) for d in sentence.dates]
    if m is None or _forbidden(without(sentence.text, start, m.start(), days)):
        return []
    return [Result(m.start(), m.end(), [("ratio", Match(m.start(), m.end(), "ratio", ""))])]
