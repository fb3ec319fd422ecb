"""Laboratory results in prose: a test, and the values, ranges, flags and dates that belong to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.lexicon import load_lexicon, models_dir
from pipeline.nlp.cues import Match
from pipeline.nlp.lab_grammar import (
    COMPARATOR,
    LEAD,
    NAMED_RANGES,
    OPPOSITES,
    ORDINAL_BEFORE,
    QUALITATIVE,
    RANGE,
    RATIO,
    SERIES,
    SOURCE,
    TIME_AFTER,
    UNIT,
    VALUE,
    WORDED,
)
from pipeline.nlp.language import Name
from pipeline.nlp.sentence import Sentence
from pipeline.schema import Mention

REACH = 110  # characters after a test within which its results stand
BESIDE = 25  # characters after a value within which its range or multiple stands
LEADING = 60  # characters between a date and the first test that it dates


@dataclass
class Result:
    """A value or word of a test, with what stands beside it."""

    start: int
    end: int
    parts: list[tuple[str, Match]] = field(default_factory=list)

    def add(self, label: str, start: int, end: int) -> None:
        self.parts.append((label, Match(start, end, label, "word" if label == "word" else "")))

    def has(self, label: str) -> bool:
        return any(name == label for name, _ in self.parts)

    def get(self, label: str) -> Match | None:
        return next((match for name, match in self.parts if name == label), None)


@dataclass
class Group:
    """Tests that share what follows them: "HBsAg, anti-HBc and anti-HCV negative"."""

    tests: list[Name]
    limit: int  # where the next group begins
    results: list[Result] = field(default_factory=list)
    zipped: bool = False  # one result for each test, in their order

    @property
    def start(self) -> int:
        return self.tests[0].start

    @property
    def end(self) -> int:
        return self.tests[-1].end


def find_labs(sentence: Sentence) -> list[Mention]:
    """Mentions of tests with a result; a test without one says nothing."""
    groups = _groups(sentence)
    taken = 0
    for group in groups:
        _find_results(sentence, group, taken)
        taken = max([taken, *(r.end for r in group.results)])
    _share_units(sentence, groups)
    _add_dates(sentence, groups)
    return [
        _mention(sentence, test, result)
        for group in groups
        for i, test in enumerate(group.tests)
        for result in (group.results[i : i + 1] if group.zipped else group.results)
    ]


def _mention(sentence: Sentence, test: Name, result: Result) -> Mention:
    parts = tuple(sentence.part(label, m, m.code) for label, m in result.parts)
    flags: dict[str, object] = {}
    tested = re.search(r"\b(?:screen|test)(?:ed|ing)?\s+for\b", sentence.text[: test.start], re.I)
    if tested and not CONDITION.search(sentence.text[: test.start]):
        flags["hypothetical"] = False  # "screened for tuberculosis with QuantiFERON: negative"
    return sentence.mention("lab", test.start, test.end, test.code, parts=parts, **flags)


# ---------------------------------------------------------------------------- tests

JOINED = re.compile(
    r"\s*(?:,|and|&|/|\+|or|,\s*and)\s*(?:(?:serum|total|also|the|a|her|his)\s+)?", re.IGNORECASE
)
# What stands before a test that is wanted, not resulted.
WANTED = re.compile(
    r"\b(?:goal|target|threshold|cut-?off|range\s+(?:for|of)|limits?\s+(?:for|of)|"
    r"(?:re)?check(?:ing)?|monitor(?:ing)?|follow(?:ing)?)\s+(?:(?:for|of|is|the|her|his|a|an)\s+)*$",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"\b(?:if|unless|until|hold|stop|call|notify|goal|target|keep|maintain|threshold|must|should|requires?|"
    r"required|requirement|criteri\w+|when(?:ever)?)\b",
    re.IGNORECASE,
)


def _groups(sentence: Sentence) -> list[Group]:
    groups: list[Group] = []
    tests = [t for n in sentence.names for t in _test_of(sentence, n) if not _of_another_kind(sentence, t)]
    for test in sorted(tests, key=lambda t: t.start):
        if groups:
            gap = sentence.text[groups[-1].end : test.start]
            if JOINED.fullmatch(gap):
                groups[-1].tests.append(test)
                continue
            groups[-1].limit = test.start
        groups.append(Group([test], len(sentence.text)))
    return [g for g in groups if not WANTED.search(sentence.text[: g.start])]


RESULT_WORD = re.compile(r"(?:elevated|high|low|increased|decreased)\s+", re.IGNORECASE)
# Tests of another specimen, and classes of antibody against something else ("VZV IgG").
SPECIMEN = r"(?:urine|urinary|csf|cerebrospinal|pleural|synovial|ascitic|peritoneal|joint|stool|f[a]?ecal|saliva|cord|sweat|bal)"
SPECIMEN_BEFORE = re.compile(rf"\b{SPECIMEN}(?:\s+fluid)?\s+$", re.IGNORECASE)
SPECIMEN_AFTER = re.compile(rf"\s*[,(]?\s*(?:in\s+(?:the\s+)?)?{SPECIMEN}\b", re.IGNORECASE)
CLASS_OF_ANTIBODY = re.compile(r"Ig[ADEGM]", re.IGNORECASE)
OWN_CLASS = re.compile(
    r"(?:^|[^\w\s-]|\b(?:and|or|the|her|his|a|an|of|for|with|but|by|is|was|were|on|in|total|serum|quant(?:itative)?|immunoglobulins?|"
    r"level|levels|normal|low|high|elevated|decreased|reduced|negative|recent|repeat|latest|last|baseline|initial|current|check\w*|labs?|"
    r"her|ordered|pending|results?|include[ds]?|including|showed|shows?|had|has|mg/dL|g/L|H|L))\s*$",
    re.IGNORECASE,
)


def _test_of(sentence: Sentence, name: Name) -> list[Name]:
    """The test that a name is, also the one inside of a diagnosis such as "elevated CK"."""
    if name.kind == "lab":
        return [name]
    text = sentence.text[name.start : name.end]
    m = RESULT_WORD.match(text) if name.kind == "diagnosis" else None
    test = load_lexicon(models_dir()).lab(text[m.end() :]) if m is not None else None
    return [Name(name.start + m.end(), name.end, "lab", test.analyte)] if m is not None and test is not None else []


def _of_another_kind(sentence: Sentence, test: Name) -> bool:
    """Whether the words beside a test make it another test."""
    before, after = sentence.text[: test.start], sentence.text[test.end :]
    named = sentence.text[test.start : test.end]
    if re.search(r"\b(?:low|high)[\s-]+$", before, re.I) and re.match(r"[^.;]{0,60}\bdiets?\b", after, re.I):
        return True
    if SPECIMEN_BEFORE.search(before) or SPECIMEN_AFTER.match(after):
        return True
    return bool(CLASS_OF_ANTIBODY.fullmatch(named)) and not OWN_CLASS.search(before)


def _find_results(sentence: Sentence, group: Group, taken: int) -> None:
    start, end = group.end, min(group.limit, group.end + REACH)
    if len(group.tests) > 1 and _in_series(sentence, group, start, end):
        return
    results = _numeric(sentence, start, end)
    if results and len(group.tests) > 1:
        signed = len(results) == 1 and re.match(rf"{COMPARATOR}|{WORDED}", _text(sentence, results[0]), re.I)
        slashed = "/" in sentence.text[group.tests[-2].end : group.tests[-1].start]
        if not signed:
            group.tests = [] if slashed else group.tests[-1:]
    results = results or _ratios(sentence, start, end)
    before = _word_before(sentence, group, taken)
    if results:
        if before is not None:
            results[0].add("word", before.start, before.end)
    else:
        results = _words(sentence, start, end)
        if not results and before is not None:
            results = [Result(before.start, group.end, [("value", before)])]
    group.results = results


def _text(sentence: Sentence, result: Result) -> str:
    return sentence.text[result.start : result.end]


# --------------------------------------------------------------------------- values


def _in_series(sentence: Sentence, group: Group, start: int, end: int) -> bool:
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


def _blocked(sentence: Sentence, ranges: list[re.Match[str]], ratios: list[re.Match[str]]) -> list[tuple[int, int]]:
    """Stretches whose numbers are no results: ranges, multiples, dates, lengths of time, doses."""
    blocked = [(m.start(), m.end()) for m in (*ranges, *ratios)]
    blocked += [(d.start, d.end) for d in (*sentence.dates, *sentence.durations)]
    for dose in sentence.doses:
        text = sentence.text[dose.start : dose.end]
        if re.search(r"mg|mcg|unit|iu|g$|gram|/\s*kg", text, re.I) and not re.match(r"\s*(?:/|%)", sentence.text[dose.end :]):
            blocked.append((dose.start, dose.end))
    return blocked


def _numeric(sentence: Sentence, start: int, end: int) -> list[Result]:
    text = sentence.text
    ranges = [m for m in RANGE.finditer(text, start, min(len(text), end + BESIDE)) if not _is_time(sentence, m)]
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
        between = _without(text, position, s, skipped)
        if ";" in between and results or not LEAD.fullmatch(between):
            if not results:
                break
            continue
        if not m["unit"] and not m["flag"] and re.match(r"[A-Za-z]", text[m.end() :]) and m.end() == e:
            continue
        if re.match(rf"{COMPARATOR}|{WORDED}", m["value"], re.I) and CONDITION.search(text[:s]):
            continue
        results.append(_result(text, m, between, position))
        position = m.end()
    for i, result in enumerate(results):
        following = results[i + 1].start if i + 1 < len(results) else len(text)
        _add_beside(sentence, result, ranges, ratios, start if i == 0 else results[i - 1].end, following)
    _share_with_earlier(text, results)
    return results


def _is_time(sentence: Sentence, m: re.Match[str]) -> bool:
    """Whether a range of numbers is a length of time, a date or a dose."""
    if TIME_AFTER.match(sentence.text[m.end("open") :]) if m["open"] else False:
        return True
    return any(d.start < m.end() and m.start() < d.end for d in (*sentence.dates, *sentence.durations))


def _without(text: str, start: int, end: int, stretches: list[tuple[int, int]]) -> str:
    """`text[start:end]` with the stretches left blank."""
    piece = list(text[start:end])
    for a, b in stretches:
        for i in range(max(a, start), min(b, end)):
            piece[i - start] = " "
    return SOURCE.sub(" ", "".join(piece))


WORD_TO_VALUE = re.compile(r"\s*(?:(?:at|to|of|with\s+an?)\b|[(:=])?\s*(?:titers?\s+(?:of\s+)?|an?\s+)?", re.IGNORECASE)
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
    if words and WORD_TO_VALUE.fullmatch(text[words[-1].end() : m.start("value")]) and not _denied(text, words[-1]):
        result.add("word", *words[-1].span("word"))
    return result


def _add_beside(
    sentence: Sentence, result: Result, ranges: list[re.Match[str]], ratios: list[re.Match[str]], floor: int, ceiling: int
) -> None:
    """The range, word and multiple that belong to a value."""
    text = sentence.text
    after = [r for r in ranges if result.end - 1 <= r.start() < ceiling]
    near = [r for r in after if _stays(sentence, text[result.end : r.start()], r)]
    before = [r for r in ranges if floor <= r.start() and r.end() <= result.start + 1 and (not r["open"] or not text[r.end() : result.start].strip())]
    chosen = near[:1] or before[-1:]
    if chosen:
        group = next(g for g in NAMED_RANGES if chosen[0][g])
        result.add("range", *chosen[0].span(group))
        unit = UNIT_AFTER.match(text, chosen[0].end(group))
        if unit is not None and not result.has("unit"):
            result.add("unit", *unit.span("unit"))
    told = QUALITATIVE.search(text, result.end, min(len(text), result.end + 30))
    if told is not None and told["word"] and re.fullmatch(r"[\s,:()*-]*(?:induration)?[\s,:()-]*(?:weakly\s+)?", text[result.end : told.start()]):
        leads_on = re.match(r"\s*(?:,|and)?\s*(?:at|to|of)?\s*\d", text[told.end() :])
        if not leads_on and not _names_follow(sentence, told.end()):
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


def _names_follow(sentence: Sentence, position: int) -> bool:
    """ "CK 4512, elevated aldolase": the word belongs to the next test."""
    return any(n.kind == "lab" and 0 <= n.start - position < 12 and not re.search(r"[,;.]", sentence.text[position : n.start]) for n in sentence.names)


def _share_with_earlier(text: str, results: list[Result]) -> None:
    """ "from 4,512 to 980 U/L (30-200)": unit and range of the last hold for those before it."""
    for earlier, later in zip(reversed(results[:-1]), reversed(results[1:]), strict=False):
        for label in ("unit", "range"):
            match = later.get(label)
            if match is not None and not earlier.has(label):
                earlier.parts.append((label, match))


def _ratios(sentence: Sentence, start: int, end: int) -> list[Result]:
    m = RATIO.search(sentence.text, start, end)
    if m is None or not LEAD.fullmatch(_without(sentence.text, start, m.start(), [(d.start, d.end) for d in sentence.dates])):
        return []
    return [Result(m.start(), m.end(), [("ratio", Match(m.start(), m.end(), "ratio", ""))])]


def _share_units(sentence: Sentence, groups: list[Group]) -> None:
    """ "IgG 890, IgA 110, IgM 75 mg/dL": the unit of an enumeration stands at its end."""
    for group, following in zip(reversed(groups[:-1]), reversed(groups[1:]), strict=False):
        if len(group.results) != 1 or not following.results:
            continue
        unit = following.results[0].get("unit") or following.results[0].get("shared_unit")
        gap = sentence.text[group.results[0].end : following.start]
        if unit is not None and not group.results[0].has("unit") and re.fullmatch(r"[\s,/]*(?:and\s+)?", gap):
            group.results[0].parts.append(("shared_unit", unit))


# ---------------------------------------------------------------------------- words

DENIAL = re.compile(r"\b(?:no|not|never|denies|denied|without|neither|nor|n't)\s+(?:[\w-]+\s+){0,5}$", re.IGNORECASE)
MODIFIER = r"(?:(?:serum|total|repeat|initial|recent|prior|previous|the|her|his|a|an|both|for|on|result|results|for:)\s+){0,3}"
BEFORE = re.compile(
    r"(?<![A-Za-z-])(?P<word>non-?reactive|negative|positive|normal|elevated|pending|awaiting|indeterminate|borderline|reactive|high|low|"
    rf"ordered|sent|drawn|undetectable)(?P<colon>\s*:)?\s+{MODIFIER}$",
    re.IGNORECASE,
)

TESTED_FOR = re.compile(r"\bfor\b", re.IGNORECASE)  # "history negative for hepatitis" is no test
TESTS = re.compile(r"\b(?:test|screen|serolog|lab|blood)", re.IGNORECASE)


def _denied(text: str, word: re.Match[str]) -> bool:
    """ "No history of positive PPD", "has not normalized": a denied word is no result."""
    return DENIAL.search(re.split(r"[,;:(]", text[: word.start()])[-1]) is not None


def _words(sentence: Sentence, start: int, end: int) -> list[Result]:
    """A qualitative result after a test."""
    text = sentence.text
    ratios = list(RATIO.finditer(text, start, end))
    blanks = [(d.start, d.end) for d in sentence.dates]
    for m in QUALITATIVE.finditer(text, start, end):
        if any(r.start() <= m.start() < r.end() for r in ratios):
            continue
        if not LEAD.fullmatch(_without(text, start, m.start(), blanks)) or _denied(text, m):
            return []
        if OPPOSITES.match(text, m.end()):  # "neg pos": boxes or a choice of words
            return []
        if m["word"] and _is_passing(text, m):
            continue
        if re.search(r",|\band\b", text[start : m.start()]) and _names_follow(sentence, m.end()):
            return []  # "HBsAg drawn, and normal CK"
        label = "word" if m["word"] else "sign"
        return [Result(m.start(), m.end(), [("value", Match(*m.span(label), "value", "word"))])]
    return []


def _is_passing(text: str, m: re.Match[str]) -> bool:
    """A word that only leads on: "drawn, pending", "CK was ordered and is normal"."""
    return m["word"].lower() == "ordered" and QUALITATIVE.search(text, m.end()) is not None and bool(
        re.match(r"\s*(?:,|and)\s*(?:is|was|were|are|came)", text[m.end() :])
    )


def _word_before(sentence: Sentence, group: Group, taken: int) -> Match | None:
    """A qualitative word right before a test: "negative HBsAg", "Awaiting QuantiFERON"."""
    m = BEFORE.search(sentence.text[: group.start])
    if m is None or m.start() < taken:
        return None
    word = m["word"].lower()
    if word in ("sent", "drawn", "ordered") and not m["colon"] or word in ("sent", "drawn"):
        return None
    if _denied(sentence.text, m) or (TESTED_FOR.search(m.group()) and not TESTS.search(sentence.text[: m.start()])):
        return None
    return Match(*m.span("word"), "value", "word")


# ---------------------------------------------------------------------------- dates

INTRODUCES = re.compile(
    r"(?:\W|\b(?:on|in|as|of|by|at|the|her|his|labs?|laborator(?:y|ies)|stud(?:y|ies)|serolog\w+|results?|blood\s?work|from|dated|date|"
    r"drawn|collected|screening|testing|recent|latest|last|most|initial|repeat|outside|visit)\b)*",
    re.IGNORECASE,
)


def _add_dates(sentence: Sentence, groups: list[Group]) -> None:
    """Give every result the date that stands beside it."""
    told = [g for g in groups if g.results and g.tests]
    if not told:
        return
    first = told[0].start
    inside = [d for d in sentence.dates if d.start >= first]
    leading = [d for d in sentence.dates if d.end <= first and first - d.end < LEADING]
    leading = [d for d in leading if INTRODUCES.fullmatch(sentence.text[: d.start])]
    undated: list[Result] = []
    for i, group in enumerate(told):
        end = told[i + 1].start if i + 1 < len(told) else len(sentence.text)
        own = [d for d in inside if group.end <= d.start < end]
        undated += _date_group(sentence, group, own)
    shared = leading[-1:] if leading else _closing(sentence, told, inside)
    for result in undated:
        if shared and (leading or len(inside) == 1):
            result.parts.append(("date", shared[0]))


def _date_group(sentence: Sentence, group: Group, dates: list[Match]) -> list[Result]:
    """Date the results of one group; those that get none are returned."""
    results = group.results
    last = results[-1].end
    if group.zipped or len(results) == 1:
        near = [d for d in dates if d.start >= last][:1] or dates[-1:]
        for result in results:
            result.parts += [("date", d) for d in near]
        return [] if near else list(results)
    if len(dates) == len(results) and all(d.start >= last for d in dates):
        for result, date in zip(results, dates, strict=True):
            result.parts.append(("date", date))
        return []
    left = list(results)
    for date in dates:
        owner = _owner(sentence.text, results, date)
        if owner is not None and owner in left:
            owner.parts.append(("date", date))
            left.remove(owner)
    early = [d for d in sentence.dates if d.end <= group.start and group.start - d.end < 5]
    if early and dates and left and left[0] is results[0]:  # "On 6/1 CK was 4512, on 8/1 it was 3120"
        left[0].parts.append(("date", early[-1]))
        left = left[1:]
    return [] if dates else left


def _owner(text: str, results: list[Result], date: Match) -> Result | None:
    """The value beside a date: the one before it, unless a comma or "now" cuts them apart."""
    before = [r for r in results if r.end <= date.start + 1]
    after = [r for r in results if r.start >= date.end]
    cut = re.compile(r",|;|\b(?:and|now|then|on\s+repeat)\b", re.IGNORECASE)
    if not before:
        return after[0] if after else None
    if after and cut.search(text[before[-1].end : date.start]) and not cut.search(text[date.end : after[0].start]):
        return after[0]
    return before[-1]


def _closing(sentence: Sentence, told: list[Group], inside: list[Match]) -> list[Match]:
    """ "HBsAg neg, anti-HBc neg, HCV Ab neg (3/4/2026)": one date at the end of an enumeration."""
    if len(inside) != 1 or re.search(r"\w", sentence.text[inside[0].end :]):
        return []
    for group, following in zip(told, told[1:], strict=False):
        if not re.fullmatch(r"[\s,/()]*(?:and\s+)?", sentence.text[group.results[-1].end : following.start]):
            return []
    return inside
