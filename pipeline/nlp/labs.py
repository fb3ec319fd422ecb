"""Laboratory results in prose: a test, and the values, ranges, flags and dates that belong to it."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.nlp.lab_dates import add_dates
from pipeline.nlp.lab_tests import CONDITION, STEPS, Group, Result, find_groups
from pipeline.nlp.lab_values import read_multiple, read_series, read_values
from pipeline.nlp.lab_words import read_state, read_words, word_before
from pipeline.nlp.names import Name
from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match
from pipeline.notation.numbers import NUMBER
from pipeline.notation.results import COMPARATOR, QUALITATIVE, UNIT, WORDED
from pipeline.schema import Mention

REACH = 110  # characters after a test within which its results stand


# What is true of patients at large: "may be seen in patients taking corticosteroids".
AT_LARGE = re.compile(
    r"\b(?:may|can|might|should)\b.*\b(?:patients|people|persons)\b|\b(?:patients|people|persons)\b.*\b(?:may|can|might|should)\b|"
    # A laboratory's remark: "Reactive HCV antibody results should be followed up with an RNA test".
    r"\b(?:positive|reactive|equivocal|indeterminate|borderline|negative|elevated|low)\b[^.;:\d]*\b(?:results|specimens|samples|values|tests)\b"
    r"[^.;:\d]*\b(?:should|must|are\s+to|may|might|do\s+not|does\s+not|cannot)\b|"
    # and what a finding of its kind may mean, of nobody: "Isolated core antibody may reflect ..."
    r"^(?!.*\b(?:her|his|their|my|the\s+patient)\b)[^.;:\d]*\b(?:positive|reactive|equivocal|indeterminate|negative|elevated|isolated|low|high)\b"
    r"[^.;:\d]*\b(?:may|might|can|could)\s+(?:also\s+|be\s+|occur|indicate|reflect|represent|suggest|signify|mean|follow|arise|result)",
    re.IGNORECASE,
)


def find_labs(sentence: Sentence, previous: Sentence | None = None) -> list[Mention]:
    """Mentions of tests with a result; a test without one says nothing.

    Args:
        previous: The sentence before, whose test a sentence may go on about: "On 4/27: 4,050."
    """
    if AT_LARGE.search(sentence.text):
        return []
    sentence = replace(
        sentence, dates=tuple(d for d in sentence.dates if _is_day(sentence.text, d))
    )
    sentence = _as_corrected(sentence)
    groups = find_groups(sentence)
    if not groups and previous is not None:
        return _going_on(sentence, previous) or _its_result(sentence, previous)
    taken = 0
    for index, group in enumerate(groups):
        _find_results(sentence, group, taken)
        if not group.results and index:
            _take_over(sentence, groups[index - 1], group)
        taken = max([taken, *(r.end for r in group.results)])
    _share_units(sentence, groups)
    _result_after_steps(sentence, groups)
    add_dates(sentence, groups)
    found = [
        _mention(sentence, test, result)
        for group in groups
        for i, test in enumerate(group.tests)
        for result in (group.results[i : i + 1] if group.zipped else group.results)
    ]
    return _same_day(sentence, previous, found)


_NUMBER = rf"(?:{COMPARATOR}\s*)?(?:{NUMBER})\s*(?:{UNIT})?"
_FORMERLY = r"(?:first|originally|previously|initially|earlier|formerly|wrongly|erroneously|mistakenly|incorrectly)"
_PUT = r"(?:issued|reported|given|printed|posted|released|stated|listed|charted|recorded|communicated|called|read|resulted|filed|entered)"
_NOW = (
    r"[\s,]*(?:(?:which|and|but|it|this)\s+)*(?:is|was|are|were|should|must|has|have|had|reads?|now|in\s+fact|actually|corrected|amended|revised)"
    r"(?:\s+(?:now|in\s+fact|actually|really|to|be|been|have|has|read|reads|as|corrected|amended|revised|changed))*"
)
# A result that the sentence itself puts right: "first issued as 4,100 U/L is 410 U/L", "corrected
# from 4,100 to 410", "410 U/L (previously reported as 4,100)".
CORRECTED = re.compile(
    rf"\b(?:{_FORMERLY}\s+)*{_PUT}\b[^.;:()]{{0,30}}?\bas\s+{_NUMBER}(?:\s*\([^()]*\))?{_NOW}\s+(?={_NUMBER})"
    rf"|[,(]?\s*(?:not\s+{_NUMBER}\s*,?\s*as\s+)?\b{_FORMERLY}\s+{_PUT}\s+(?:(?:as|at|to\s+be)\s+)?{_NUMBER}[^\w\n]*?(?=[),.;]|\s|$)"
    rf"|\b(?:corrected|amended|revised|changed)\s+from\s+{_NUMBER}\s*(?=to\s+{_NUMBER})"
    rf"|{_NUMBER},?\s*(?:(?:has|have|had|was|now|since|been|later|is)\s+)*(?:corrected|amended|revised)\s+(?=to\s+{_NUMBER})",
    re.IGNORECASE,
)


def _as_corrected(sentence: Sentence) -> Sentence:
    """The sentence without the results that it puts right itself, each left blank in its place."""
    gone = [m.span() for m in CORRECTED.finditer(sentence.text)]
    rest = sentence.text
    for start, end in gone:
        rest = rest[:start] + " " * (end - start) + rest[end:]
    if not gone or not re.search(r"\d", rest):
        return sentence
    dates = [d for d in sentence.dates if not any(a < d.end and d.start < b for a, b in gone)]
    return replace(sentence, text=rest, dates=tuple(dates))


SAME_DAY = re.compile(r"\b(?:the|that)\s+same\s+(?:day|date)\b", re.IGNORECASE)


def _same_day(sentence: Sentence, previous: Sentence | None, found: list[Mention]) -> list[Mention]:
    """ "QuantiFERON was negative on the same day": the one day of the sentence before."""
    if previous is None or not found or sentence.dates or not SAME_DAY.search(sentence.text):
        return found
    days = [d for d in previous.dates if _is_day(previous.text, d)]
    if len({previous.text[d.start : d.end] for d in days}) != 1:
        return found
    day = previous.part("date", days[0])
    return [m.model_copy(update={"parts": (*m.parts, day)}) for m in found]


def _is_day(text: str, date: Match) -> bool:
    """Whether what reads like a date is one here: no value ("CK of 1905 U/L"), no range ("11.8-15.4")."""
    printed = text[date.start : date.end]
    if len(set(re.findall(r"(?<=\d)[/.-](?=\d)", printed))) > 1:
        return False
    return (
        re.fullmatch(r"\d{4}", printed) is None
        or re.match(rf"\s*(?:{UNIT})", text[date.end :], re.IGNORECASE) is None
    )


GOES_ON = re.compile(
    rf"\W*(?:(?:on|in)\s+)?\W*(?:it\s+was|was|had\s+been)?[\s:,=-]*(?P<value>(?:{NUMBER}))\s*(?P<unit>{UNIT})?\W*",
    re.IGNORECASE,
)


def _going_on(sentence: Sentence, previous: Sentence) -> list[Mention]:
    """ "On 04/27/2026: 4,050." after a sentence about one test: another day and value of it."""
    if len(sentence.dates) != 1:
        return []
    date = sentence.dates[0]
    blank = sentence.text[: date.start] + " " * (date.end - date.start) + sentence.text[date.end :]
    m = GOES_ON.fullmatch(blank)
    told = [
        m
        for m in find_labs(previous)
        if any(p.label == "value" and re.search(r"\d", p.text) for p in m.parts)
    ]
    if m is None or date.end > m.start("value") or len({t.code for t in told}) != 1:
        return []
    result = Result(m.start("value"), m.end(), [("date", date)])
    result.add("value", *m.span("value"))
    if m["unit"]:
        result.add("unit", *m.span("unit"))
    parts = tuple(sentence.part(label, match, match.code) for label, match in result.parts)
    inherited = tuple(
        p for p in told[-1].parts if p.label in ("unit", "range") and not result.has(p.label)
    )
    return [
        sentence.mention(
            "lab", m.start("value"), m.end("value"), told[-1].code, parts=parts + inherited
        )
    ]


RESULT_IS = re.compile(
    rf"\W*(?:(?:the|final|overall|qualitative|test|assay)\s+)*(?:results?|interpretation)\s*(?:[:=]|is|was)?\s*"
    rf"(?P<result>{QUALITATIVE.pattern})(?!\s*(?:or\b|/|\?))",
    re.IGNORECASE,
)


def _its_result(sentence: Sentence, previous: Sentence) -> list[Mention]:
    """ "Result: Negative." after a sentence that names one assay, and at most its steps."""
    m = RESULT_IS.match(sentence.text)
    tests = [test for group in find_groups(previous) for test in group.tests]
    if m is None or not tests or re.search(r"\w", sentence.text[m.end() :]):
        return []
    first, steps = tests[0], {test.code for test in tests[1:]}
    if not steps <= set(STEPS.get(first.code, ())):
        return []
    if any(
        told.code == first.code and all(p.code != "pending" for p in told.parts)
        for told in find_labs(previous)
    ):
        return []
    parts = [sentence.part("value", Match(*m.span("result"), "value", "word"), "word")]
    days = [d for d in previous.dates if _is_day(previous.text, d)]
    parts += [previous.part("date", day) for day in days if len(days) == 1]
    return [sentence.mention("lab", *m.span("result"), first.code, parts=tuple(parts))]


def _result_after_steps(sentence: Sentence, groups: list[Group]) -> None:
    """ "QuantiFERON: nil 0.05, mitogen 8.2, result negative": the word is the assay's."""
    if not groups or groups[0].results or len(groups[0].tests) != 1 or len(groups) < 2:
        return
    steps = STEPS.get(groups[0].tests[0].code, ())
    if any(test.code not in steps for group in groups[1:] for test in group.tests):
        return
    last = max(result.end for g in groups[1:] for result in g.results or [Result(0, g.end)])
    m = RESULT_IS.match(sentence.text, last)
    if m is not None:
        result = Result(*m.span("result"))
        result.parts.append(("value", Match(*m.span("result"), "value", "word")))
        groups[0].results = [result]


ALSO = re.compile(
    r",?\s*(?:and\s+so|as|so|and\s+likewise)\s+(?:was|were|is|are|did)\s+(?:(?:the|her|his|an?)\s+)?",
    re.IGNORECASE,
)


def _take_over(sentence: Sentence, before: Group, group: Group) -> None:
    """ "HBsAg was negative, as was the QuantiFERON": the word of the tests before."""
    if len(before.results) != 1 or not ALSO.fullmatch(
        sentence.text[before.results[0].end : group.start]
    ):
        return
    word = before.results[0].get("value")
    if word is not None and word.code in ("word", "pending"):
        group.results = [Result(group.start, group.end, [("value", word)])]


def _mention(sentence: Sentence, test: Name, result: Result) -> Mention:
    parts = tuple(sentence.part(label, m, m.code) for label, m in result.parts)
    flags: dict[str, object] = {}
    tested = re.search(r"\b(?:screen|test)(?:ed|ing)?\s+for\b", sentence.text[: test.start], re.I)
    if tested and not CONDITION.search(sentence.text[: test.start]):
        flags["hypothetical"] = False  # "screened for tuberculosis with QuantiFERON: negative"
    return sentence.mention("lab", test.start, test.end, test.code, parts=parts, **flags)


# "CK up; back to 20 on 3/4": what is said of the test is over before the number.
SAID = re.compile(r"[^;\d]*[A-Za-z][^;\d]*;")


def _find_results(sentence: Sentence, group: Group, taken: int) -> None:
    start, end = group.end, min(group.limit, group.end + REACH)
    if len(group.tests) > 1 and read_series(sentence, group, start, end):
        return
    results = [
        r
        for r in read_values(sentence, group.tests[-1], start, end)
        if not SAID.match(sentence.text, group.end, r.start)
    ]
    if results and len(group.tests) > 1:
        signed = len(results) == 1 and re.match(
            rf"{COMPARATOR}|{WORDED}", _text(sentence, results[0]), re.I
        )
        slashed = "/" in sentence.text[group.tests[-2].end : group.tests[-1].start]
        if not signed:
            group.tests = [] if slashed else group.tests[-1:]
    results = results or read_multiple(sentence, start, end)
    before = word_before(sentence, group, taken)
    if results:
        if before is not None:
            results[0].add("word", before.start, before.end)
    else:
        results = read_words(sentence, start, end)
        if not results and before is not None and not _is_disease(sentence, group):
            results = [Result(before.start, group.end, [("value", before)])]
        results = results or read_state(sentence, group, start, end)
    group.results = results


def _is_disease(sentence: Sentence, group: Group) -> bool:
    """ "Elevated CK" without a number is a diagnosis: studies that link it, relatives that have it."""
    return any(n.kind == "diagnosis" and n.start < group.start < n.end for n in sentence.names)


def _text(sentence: Sentence, result: Result) -> str:
    return sentence.text[result.start : result.end]


def _share_units(sentence: Sentence, groups: list[Group]) -> None:
    """ "IgG 890, IgA 110, IgM 75 mg/dL": the unit of an enumeration stands at its end."""
    for group, following in zip(reversed(groups[:-1]), reversed(groups[1:]), strict=False):
        if len(group.results) != 1 or not following.results:
            continue
        unit = following.results[0].get("unit") or following.results[0].get("shared_unit")
        gap = sentence.text[group.results[0].end : following.start]
        if (
            unit is not None
            and not group.results[0].has("unit")
            and re.fullmatch(r"[\s,/]*(?:and\s+)?", gap)
        ):
            group.results[0].parts.append(("shared_unit", unit))
