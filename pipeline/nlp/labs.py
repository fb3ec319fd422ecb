"""Laboratory results in prose: a test, and the values, ranges, flags and dates that follow it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.nlp.cues import Match
from pipeline.nlp.expressions import NUMBER, WORD_NUMBER
from pipeline.nlp.language import Name
from pipeline.nlp.sentence import Sentence
from pipeline.schema import Mention

COMPARATOR = r"(?:<=|>=|<|>|\u2264|\u2265)"
VALUE = re.compile(
    rf"(?<![\w.,/-])(?P<value>{COMPARATOR}?\s*(?:{NUMBER}))(?:\s*\(?(?P<flag>H|L|HH|LL|high|low)\)?(?![A-Za-z]))?"
    r"\s*(?P<unit>(?:\[?i?u\]?|k?iu|mg|mcg|ug|\u00b5g|ng|pg|g|mmol|umol|\u00b5mol|nmol|pmol|meq|mm|k|x\s*10[e^*]?\d+|10[\^*]\d|fl|mosm)"
    r"\s*/\s*(?:d?l|ml|ul|\u00b5l|h|hr|hour|mm3|kg)|%|mm(?![a-z/])|cells/\w+|copies/ml|g%)?",
    re.IGNORECASE,
)
RATIO = re.compile(
    rf"(?P<value>(?:{COMPARATOR}|about\s+|approximately\s+|over\s+|more\s+than\s+|nearly\s+|~\s*)?\s*(?:{NUMBER}|{WORD_NUMBER}))"
    r"[\s-]*(?:x|\u00d7|times|fold|-fold)\s*(?:above\s+)?(?:the\s+)?(?:laboratory'?s?\s+)?(?:ULN|upper\s+limit(?:\s+of\s+(?:the\s+)?normal)?|normal\s+limit|normal)",
    re.IGNORECASE,
)
RANGE = re.compile(
    rf"(?:\(|\[|,)?\s*(?:(?:ref(?:erence)?(?:\s+(?:range|interval))?|normal(?:\s+range)?|nl|range|ULN|upper\s+limit(?:\s+of\s+normal)?)"
    rf"\s*(?:of|is|was|:|=)?\s*(?P<named>{COMPARATOR}?\s*(?:{NUMBER})(?:\s*(?:-|\u2013|to)\s*(?:{NUMBER}))?)"
    rf"|[(\[]\s*(?P<bare>(?:{NUMBER})\s*(?:-|\u2013)\s*(?:{NUMBER})|{COMPARATOR}\s*(?:{NUMBER}))\s*(?:[A-Za-z/]+)?\s*[)\]])",
    re.IGNORECASE,
)
QUALITATIVE = re.compile(
    r"(?<![A-Za-z-])(?P<word>non-?\s?reactive|not\s+detected|undetect(?:ed|able)|negative|neg|reactive|positive|pos|detected|"
    r"indeterminate|borderline|equivocal|invalid|normal(?!\s+(?:range|<|\d))|unremarkable|within\s+normal\s+limits|wnl|elevated|"
    r"pending|ordered|not\s+(?:yet\s+)?(?:done|drawn|obtained|available|performed|resulted)|to\s+be\s+drawn|low(?![\s-]*(?:dose|grade|titer))|high(?![\s-]*(?:dose|grade|risk|titer))|immune(?![\s-]+\w))(?![A-Za-z])",
    re.IGNORECASE,
)
TIME_AFTER = re.compile(r"\s*(?:-|to)?\s*\d*\s*(?:days?|weeks?|wks?|months?|mos?|years?|hours?|hrs?|min|times|doses?|visits?|a\.?m|p\.?m|x\b|fold)", re.I)
REACH = 110  # characters after a test within which its results stand


@dataclass
class Result:
    """A value or word of a test, with what stands beside it."""

    start: int
    end: int
    parts: list[tuple[str, Match]]


def find_labs(sentence: Sentence) -> list[Mention]:
    """Mentions of tests with a result; a test without one says nothing."""
    tests = [n for n in sentence.names if n.kind == "lab"]
    groups = _groups(sentence, tests)
    mentions = []
    for index, group in enumerate(groups):
        start = group[-1].end
        end = groups[index + 1][0].start if index + 1 < len(groups) else len(sentence.text)
        end = min(end, start + REACH)
        results = _numeric(sentence, start, end) or _ratios(sentence, start, end)
        if not results or len(group) > 1:
            words = _words(sentence, group, start, end, index + 1 < len(groups))
            results = words or results
        dates = [d for d in sentence.dates if group[0].end <= d.start < end]
        leading = [d for d in sentence.dates if d.end <= group[0].start and group[0].start - d.end < 40]
        for test in group:
            for i, result in enumerate(results):
                parts = [sentence.part(label, m, m.code) for label, m in result.parts]
                date = _date_of(sentence, result, results, i, dates, start) or (leading[-1] if leading and not dates else None)
                if date is not None:
                    parts.append(sentence.part("date", date))
                mentions.append(sentence.mention("lab", test.start, test.end, test.code, parts=tuple(parts)))
    return mentions


def _groups(sentence: Sentence, tests: list[Name]) -> list[list[Name]]:
    """Tests that share a result: "HBsAg, anti-HBc and anti-HCV negative"."""
    groups: list[list[Name]] = []
    for test in tests:
        if groups:
            gap = sentence.text[groups[-1][-1].end : test.start]
            if re.fullmatch(r"\s*(?:,|and|&|/|or|,\s*and)\s*(?:serum\s+)?", gap, re.IGNORECASE):
                groups[-1].append(test)
                continue
        groups.append([test])
    return groups


def _numeric(sentence: Sentence, start: int, end: int) -> list[Result]:
    text = sentence.text
    ranges = [m for m in RANGE.finditer(text, start, end)]
    ratios = [m for m in RATIO.finditer(text, start, end)]
    blocked = [(m.start(), m.end()) for m in (*ranges, *ratios)]
    blocked += [(d.start, d.end) for d in (*sentence.dates, *sentence.durations)]
    blocked += [(d.start, d.end) for d in sentence.doses if re.search(r"mg|mcg", text[d.start : d.end], re.I) and not re.match(r"\s*/", text[d.end :])]
    results: list[Result] = []
    position = start
    for m in VALUE.finditer(text, start, end):
        s, e = m.start("value"), m.end("value")
        if any(a < e and s < b for a, b in blocked):
            continue
        between = text[position:s]
        for a, b in blocked:
            if position <= a and b <= s:
                between = between.replace(text[a:b], " ", 1)
        if not _leads_to_value(between, first=not results):
            if not results:
                break
            continue
        if TIME_AFTER.match(text[m.end() :]) and not m["unit"]:
            continue
        if re.match(r"\s*:\s*\d", text[e:]) or re.search(r"(?:^|[^\d/])1\s*:\s*$", text[:s]):
            continue  # a titer such as 1:80 is no amount
        parts = [("value", Match(s, e, "value", ""))]
        for label in ("unit", "flag"):
            if m[label]:
                parts.append((label, Match(m.start(label), m.end(label), label, "")))
        results.append(Result(s, m.end(), parts))
        position = m.end()
    for result in results:
        following = [r for r in ranges if r.start() >= result.end - 1 and r.start() - result.end < 25]
        if following:
            group = "named" if following[0]["named"] else "bare"
            result.parts.append(("range", Match(following[0].start(group), following[0].end(group), "range", "")))
        told = QUALITATIVE.search(text, result.end, min(end, result.end + 30))
        if told is not None and re.fullmatch(r"[\s,;:()-]*(?:induration)?[\s,;:()-]*", text[result.end : told.start()]):
            result.parts.append(("word", Match(told.start("word"), told.end("word"), "word", "")))
        beside = [r for r in ratios if 0 <= r.start() - result.end < 25]
        if beside:
            result.parts.append(("ratio", Match(beside[0].start(), beside[0].end(), "ratio", "")))
    return results


LEAD_WORDS = (
    r"of|was|is|were|are|at|to|from|still|level|levels|total|value|result|rose|risen|rising|fell|fallen|falling|came|down|up|only|now|has|had|"
    r"been|remains?|remained|measured|elevated|peaked|peak|climbing|again|increased|decreased|improved|dropped|today|most|recent|recently|last|"
    r"latest|current|currently|initial|initially|baseline|approximately|about|around|over|nearly|serum|the|a|high|low|then|and|repeat|repeated|"
    r"read|on|in|by|reading|score|persistently|markedly|still|stood|it|reached|checked|drawn|collected|dated|placed|presentation|diagnosis|with|"
    r"u|l|units?|iu|per|liter|mg|dl|ng|ml|g|k|ul|mm|h|hr|as|she|he|her|his|who|which|max|maximum|average|normal|abnormal|"
    r"week|month|year|april|may|june|july|august|mid|early|late"
)
LEAD = re.compile(rf"(?:\s|[:=,;(\[)\]~/\u2192>-]|->|(?:{LEAD_WORDS})\b)*", re.IGNORECASE)


def _leads_to_value(between: str, *, first: bool) -> bool:
    """Whether only linking words stand between a test (or its last value) and a number."""
    if ";" in between and not first:
        return False
    return LEAD.fullmatch(between) is not None


def _ratios(sentence: Sentence, start: int, end: int) -> list[Result]:
    m = RATIO.search(sentence.text, start, end)
    if m is None or not LEAD.fullmatch(sentence.text[start : m.start()].rstrip("~<>=")):
        return []
    return [Result(m.start(), m.end(), [("ratio", Match(m.start(), m.end(), "ratio", ""))])]


def _words(sentence: Sentence, group: list[Name], start: int, end: int, followed: bool) -> list[Result]:
    """A qualitative result after a test, or just before it ("negative HBsAg", "no anti-HBc")."""
    m = QUALITATIVE.search(sentence.text, start, end)
    if m is not None and not re.search(r"[;]", sentence.text[start : m.start()]) and m.start() - start < 60:
        if not re.search(r"\b(?:but|and|with)\b.*\b(?:normal|weakness)\b", sentence.text[start : m.end()], re.I):
            return [Result(m.start(), m.end(), [("value", Match(m.start("word"), m.end("word"), "value", "word"))])]
    before = re.search(
        r"(?P<word>non-?reactive|negative|positive|normal|elevated|pending|indeterminate|reactive)\s+(?:\w+\s+)?$",
        sentence.text[: group[0].start],
        re.IGNORECASE,
    )
    if before is not None:
        return [
            Result(before.start(), group[0].end, [("value", Match(before.start("word"), before.end("word"), "value", "word"))])
        ]
    return []


def _date_of(
    sentence: Sentence, result: Result, results: list[Result], index: int, dates: list[Match], start: int
) -> Match | None:
    """The date of a result: the first after it and before the next, or one before the first."""
    floor = result.end
    ceiling = results[index + 1].start if index + 1 < len(results) else len(sentence.text)
    after = [d for d in dates if floor <= d.start < ceiling]
    if after:
        return after[0]
    before = [d for d in dates if start <= d.start and d.end <= result.start]
    earlier = results[index - 1].end if index else start
    own = [d for d in before if d.start >= earlier]
    if own:
        return own[-1]
    later = [d for d in dates if d.start >= floor]
    return later[0] if later and index == len(results) - 1 and len(results) == 1 else None
