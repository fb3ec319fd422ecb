"""Words as results: "non-reactive", "not elevated", "pending"."""

from __future__ import annotations

import re

from pipeline.nlp.lab_tests import Group, Result
from pipeline.nlp.sentence import Sentence
from pipeline.notation.dates import MONTH
from pipeline.notation.matches import Match
from pipeline.notation.results import (
    EXPECTS,
    LEAD,
    NON_REACTIVE,
    OPPOSITES,
    QUALITATIVE,
    RATIO,
    SOURCE,
)

DENIAL = re.compile(
    r"\b(?:no|not|never|denies|denied|without|neither|nor|n't)\s+(?:[\w-]+\s+){0,5}$", re.IGNORECASE
)
MODIFIER = r"(?:(?:serum|total|repeat|initial|recent|prior|previous|the|her|his|a|an|both|for|on|result|results|for:)\s+){0,3}"
BEFORE = re.compile(
    rf"(?<![A-Za-z-])(?P<word>{NON_REACTIVE}|negative|positive|normal|elevated|pending|awaiting|indeterminate|borderline|reactive|high|low|"
    rf"ordered|sent|drawn|undetectable|still\s+out(?=\s*:)|not\s+back(?=\s*:))(?P<colon>\s*:)?\s+{MODIFIER}$",
    re.IGNORECASE,
)

# "Reactive Non-reactive": what was found beside what is expected, in an unknown order.
ENDS_IN_WORD = re.compile(
    r"(?<![A-Za-z])(?:non\s?-?\s?)?(?:reactive|negative|positive|detected)\s+$", re.IGNORECASE
)
TESTED_FOR = re.compile(r"\bfor\b", re.IGNORECASE)  # "history negative for hepatitis" is no test
TESTS = re.compile(r"\b(?:test|screen|serolog|lab|blood)", re.IGNORECASE)

# Between a result and the same test's next one, and between that and its day; days left out.
GOES_ON = re.compile(
    r"[\s(]*(?:(?:in|on|of|from)\s+)?[\s)]*(?:[,;]|\band\b|\bthen\b|\bbut\b)\s*(?:(?:and|then|but|again|now|repeat(?:ed)?|was|it|turned|became|went)\s+)*",
    re.IGNORECASE,
)
ON_DAY = re.compile(r"[\s(:]*(?:(?:again|in|on|of|from|by)\s+)*", re.IGNORECASE)


def is_denied(text: str, word: re.Match[str]) -> bool:
    """ "No history of positive PPD", "has not normalized": a denied word is no result."""
    return DENIAL.search(re.split(r"[,;:(]", text[: word.start()])[-1]) is not None


def read_words(sentence: Sentence, start: int, end: int) -> list[Result]:
    """A qualitative result after a test."""
    text = sentence.text
    ratios = list(RATIO.finditer(text, start, end))
    blanks = [(d.start, d.end) for d in sentence.dates]
    for m in QUALITATIVE.finditer(text, start, end):
        if any(r.start() <= m.start() < r.end() for r in ratios):
            continue
        expects = EXPECTS.search(text, start, m.start())
        if expects is not None:
            blanks.append((expects.start(), m.end()))
            continue
        if not LEAD.fullmatch(without(text, start, m.start(), blanks)) or is_denied(text, m):
            return []
        if re.search(r"\b(?:is|are)\s+$", text[: m.start()]) and re.match(
            r"\s+(?:when|if)\b", text[m.end() :]
        ):
            return []  # "is positive when ...": how the test is read
        if OPPOSITES.match(text, m.end()):  # "neg pos": boxes or a choice of words
            return []
        if m["word"] and _is_passing(text, m):
            continue
        if re.search(r",|\band\b", text[start : m.start()]) and names_follow(sentence, m.end()):
            return []  # "HBsAg drawn, and normal CK"
        return [_word(m), *_later_words(sentence, m.end(), end)]
    return []


def _word(m: re.Match[str]) -> Result:
    label = "word" if m["word"] else "sign"
    return Result(m.start(), m.end(), [("value", Match(*m.span(label), "value", "word"))])


def _later_words(sentence: Sentence, position: int, end: int) -> list[Result]:
    """The same test on other days: "HBsAg pos in 2019, neg 3/4/2026", each with a day of its own."""
    text, found = sentence.text, []
    days = [d for d in sentence.dates if position <= d.start]
    for m in QUALITATIVE.finditer(text, position, end):
        between = without(text, position, m.start(), [(d.start, d.end) for d in days])
        before = [d for d in days if d.end <= m.start()]
        after = [
            d for d in days if m.end() <= d.start and ON_DAY.fullmatch(text[m.end() : d.start])
        ]
        if not (GOES_ON.fullmatch(between) and before and after) or names_follow(sentence, m.end()):
            break
        found.append(_word(m))
        position, days = m.end(), after
    return found


def _is_passing(text: str, m: re.Match[str]) -> bool:
    """A word that only leads on: "drawn, pending", "CK was ordered and is normal"."""
    return (
        m["word"].lower() == "ordered"
        and QUALITATIVE.search(text, m.end()) is not None
        and bool(re.match(r"\s*(?:,|and)\s*(?:is|was|were|are|came)", text[m.end() :]))
    )


WHEN = (
    rf"(?:\s+(?:today|yesterday|tonight|here|off|out|again|as\s+well|for\s+(?:that|this)|this\s+\w+|last\s+\w+|on\s+\w+day|\d{{1,2}}/\d{{1,2}}|{MONTH}|"
    r"(?:on|at|in|to|by|from|through|with)\b(?:\s+(?:the|an?|our|their))?(?:\s+[\w:/-]+){0,3}?(?=\s*[.,;)]|\s*$|\s+and\b)))*"
)
# "sent to the reference lab, no answer yet": a test without its result. What follows the comma
# may say so again, or be of another test.
AWAITED = re.compile(
    rf"(?:\s+(?:antibod(?:y|ies)|levels?|tit(?:er|re)s?|panel|screen|test))?[\s,:(]*(?:(?:has|have|had|was|were|is|are|been|to|be|also|just|both|re-?)\s+)*"
    rf"(?P<word>(?:re-?)?sent|drawn|ordered|submitted|requested|added)(?:\s+on)?{WHEN}"
    r"(?=\s*(?:[.;)]|$)|\s*,\s*(?:but\s+|and\s+)?(?:(?:both|is|are|order)\s+)*(?:no\b|not\b|still\b|await|pending|in\s+process|results?\b|(?:the\s+)?lab\b|(?:(?:an?|the|her|his)\s*)?$)|\s+(?:and|but)\s+(?:is\s+|are\s+)?(?:not|still|pending)\b)",
    re.IGNORECASE,
)
NOT_BACK = re.compile(
    r"[^.;\d]{0,60}?\b(?P<word>(?:still\s+)?(?:out\s+)?at\s+the\s+lab|still\s+out|not\s+(?:yet\s+)?back|no\s+(?:result|answer|report)s?(?=\s+(?:yet|on\s+file)|\s*[.;,)]|\s*$)|"
    r"order\s+is\s+in|result\s+(?:is\s+)?open|not\s+(?:yet\s+)?(?:reported|resulted))\b",
    re.IGNORECASE,
)
TAKEN_BACK = re.compile(
    r"[\s,:(]*(?:(?:that|which|posted|reported|resulted|dated|filed|of|from|on|was|were|is|has|have|been|the|now|since)\s+)*"
    r"(?P<word>retracted|withdrawn|voided|pulled|recalled|struck|removed)(?![\w-])",
    re.IGNORECASE,
)


def read_state(sentence: Sentence, group: Group, start: int, end: int) -> list[Result]:
    """That a test was sent and is not back, or that its result was taken back."""
    blanks = [(d.start, d.end) for d in sentence.dates]
    tests = {(test.start, test.end) for test in group.tests}
    others = [n.start for n in sentence.names if n.start >= start and (n.start, n.end) not in tests]
    end = min([end, *others])
    rest = without(sentence.text, start, end, blanks)
    for state in (AWAITED, TAKEN_BACK, NOT_BACK):
        m = state.match(rest)
        if m is not None:
            s, e = m.span("word")
            word = Match(start + s, start + e, "value", "pending")
            return [Result(word.start, word.end, [("value", word)])]
    return []


def word_before(sentence: Sentence, group: Group, taken: int) -> Match | None:
    """A qualitative word right before a test: "negative HBsAg", "Awaiting QuantiFERON"."""
    m = BEFORE.search(sentence.text[: group.start])
    if m is None or m.start() < taken or ENDS_IN_WORD.search(sentence.text[: m.start()]):
        return None
    word = m["word"].lower()
    if (word in ("sent", "drawn", "ordered") and not m["colon"]) or word in ("sent", "drawn"):
        return None
    if is_denied(sentence.text, m) or (
        TESTED_FOR.search(m.group()) and not TESTS.search(sentence.text[: m.start()])
    ):
        return None
    out = word.startswith(("still", "not"))
    return Match(*m.span("word"), "value", "pending" if out else "word")


def names_follow(sentence: Sentence, position: int) -> bool:
    """ "CK 4512, elevated aldolase": the word belongs to the next test."""
    return any(
        n.kind == "lab"
        and 0 <= n.start - position < 12
        and not re.search(r"[,;.]", sentence.text[position : n.start])
        for n in sentence.names
    )


def without(text: str, start: int, end: int, stretches: list[tuple[int, int]]) -> str:
    """`text[start:end]` with the stretches left blank."""
    piece = list(text[start:end])
    for a, b in stretches:
        for i in range(max(a, start), min(b, end)):
            piece[i - start] = " "
    return SOURCE.sub(" ", "".join(piece))
