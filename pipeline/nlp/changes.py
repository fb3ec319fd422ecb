"""What got better, told by two values of a measure: "stools fell from ten to two", "ACT 12 then, 22 today".

`measures.csv` says of which measures a lower or a higher value is better, and which finding that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline.lexicon import read_table
from pipeline.nlp.sentence import Sentence
from pipeline.notation.dates import MONTH
from pipeline.notation.matches import Match, compiled
from pipeline.notation.numbers import NUMBER, WORD, number, worded
from pipeline.schema import Mention

BETTER = 0.2  # by which part of the first value the second must differ
BEFORE, BEHIND = 70, 25  # letters between a measure and its values
_TIMES = {"once": 1.0, "twice": 2.0, "none": 0.0, "no": 0.0, "zero": 0.0}
_ONE = rf"(?<![\w./])(?:{NUMBER}|{WORD}|once|twice|none|zero)(?![\w/])"


def _value(name: str) -> str:
    return rf"(?:(?:about|around|some|nearly|over|only|just|to)\s+)*(?P<{name}>{_ONE}(?:\s*(?:to|or|-|\u2013)\s*{_ONE})?)"


_FILL = r"[^.;:\d]{0,32}?"
_MOVED = r"(?:fell|dropped|went|came|gone|declined|decreased|improved|rose|increased|climbed|fallen|risen|grown|cut|halved)"
_EARLIER = (
    r"(?:then|before(?:hand)?|previously|earlier|at\s+baseline|at\s+(?:the\s+)?(?:start|outset)|initially|last\s+\w+|a\s+year\s+ago|"
    rf"in\s+(?:{MONTH}|\d{{4}})(?:\s+(?:last\s+year|of\s+last\s+year|\d{{4}}))?)"
)
_NOW = r"(?:now|today|currently|at\s+present|at\s+this\s+visit|since)"
PAIRS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bfrom\s+{_value('a')}{_FILL}\b(?:down\s+to|up\s+to|to)\s+{_value('b')}",
        rf"{_value('a')}{_FILL}\s*(?:->|\u2192|=>)\s*{_value('b')}",
        rf"{_value('a')}{_FILL}\b{_MOVED}\s+(?:\w+\s+)?to\s+{_value('b')}",
        rf"{_value('b')}[^.:\d]{{0,32}}?(?:[(;,]\s*|\b(?:where|when)\s+(?:there|it|she|he)\s+)"
        rf"(?:(?:it|this|she|he)\s+)?(?:was|were|had\s+been|down\s+from|up\s+from|from|earlier|previously|formerly)\s+(?:at\s+)?{_value('a')}",
        rf"{_value('b')}{_FILL}\b(?:down\s+from|up\s+from|instead\s+of|compared\s+(?:with|to)|versus|vs\.?|as\s+against)\s+{_value('a')}",
        rf"{_value('a')}{_FILL}\b{_EARLIER}\b[^.\d]{{0,20}}?[;,]?\s*(?:and\s+|but\s+)?(?:{_NOW}\s+(?:it\s+is\s+|is\s+)?{_value('b')}|{_value('c')}{_FILL}\b{_NOW}\b)",
    )
]
# What is counted is a length of time or an amount of a drug, no value of the measure.
OTHER_UNIT = re.compile(
    r"\s*-?(?:mg|mcg|g|kg|lbs?|pounds?|years?|yrs?|months?|weeks?|wks?|days?|hours?|hrs?|mL|doses?|cycles?|infusions?)\b",
    re.IGNORECASE,
)
UNREAL = re.compile(
    r"\?\s*$|\b(?:if|unless|until|should|would|could|(?-i:may)|might|goals?|aims?|targets?|hop(?:e|es|ing)|expect\w*|must|trial|study|studies)\b",
    re.IGNORECASE,
)


# What was better for a while only.
BACK = re.compile(
    r"\b(?:back\s+(?:up\s+)?(?:to|at)|again|return(?:ed|ing|s)|relaps\w*|los[st]\w*|worse\w*|but\s+(?:now|since|then)|for\s+a\s+(?:while|time)|at\s+first)\b",
    re.IGNORECASE,
)


class Measure(NamedTuple):
    """A row of `measures.csv`."""

    finding: str
    better: str
    pattern: re.Pattern[str]


@cache
def load_measures(models: Path) -> tuple[Measure, ...]:
    """The rows of `measures.csv`."""
    path = models / "lexicon" / "measures.csv"
    return tuple(
        Measure(row["finding"], row["better"], compiled(path, line, row["pattern"]))
        for line, row in read_table(path)
    )


def find_changes(sentence: Sentence, models: Path) -> Iterator[Mention]:
    """Measures that got better; one that got worse only perhaps says that the drug does not help."""
    text = sentence.text
    named = [
        (m.start(), m.end(), one)
        for one in load_measures(models)
        for m in one.pattern.finditer(text)
    ]
    if not named or UNREAL.search(text):
        return
    taken: list[tuple[int, int]] = []
    for pattern in PAIRS:
        for m in pattern.finditer(text):
            if any(start < m.end() and m.start() < end for start, end in taken):
                continue
            change, measure = _change(sentence, m), _nearest(named, m)
            if change is None or measure is None:
                continue
            taken.append(m.span())
            start, end, one = measure
            gain = -change if one.better == "lower" else change
            if abs(gain) < BETTER:
                continue
            first, last = min(start, m.start()), max(end, m.end())
            drugs = [n for n in sentence.names if n.kind == "drug" and n.start < last]
            parts = [sentence.part("drug", Match(n.start, n.end, "drug", n.code)) for n in drugs]
            found = sentence.mention("finding", first, last, one.finding, parts=tuple(parts))
            unsure = found.possible or gain < 0 or BACK.search(text) is not None
            yield found.model_copy(update={"negated": False, "possible": unsure})


def _nearest(
    named: list[tuple[int, int, Measure]], m: re.Match[str]
) -> tuple[int, int, Measure] | None:
    """The measure whose values these are: the last one named before them, or among or right after them."""
    inside = [n for n in named if m.start() <= n[0] < m.end()]
    before = [n for n in named if n[1] <= m.start() and m.start() - n[1] <= BEFORE]
    after = [n for n in named if m.end() <= n[0] <= m.end() + BEHIND]
    near = inside[:1] or before[-1:] or after[:1]
    return near[0] if near else None


def _change(sentence: Sentence, m: re.Match[str]) -> float | None:
    """By which part of the earlier value the later one differs."""
    told = m.groupdict()
    last = "c" if told.get("c") else "b"
    values = []
    for name in ("a", last):
        start, end = m.span(name)
        dated = any(d.start < end and start < d.end for d in sentence.dates)
        if dated or OTHER_UNIT.match(sentence.text, end):
            return None
        values.append(_worth(told[name] or ""))
    first, second = values
    if first is None or second is None or first == second == 0:
        return None
    return (second - first) / first if first else 1.0


def _worth(words: str) -> float | None:
    """A number, or the middle of a range."""
    found = []
    for piece in re.split(r"\s*(?:\bto\b|\bor\b|-|\u2013)\s*", words, flags=re.IGNORECASE):
        known = _TIMES.get(piece.lower())
        known = known if known is not None else number(piece)
        known = known if known is not None else worded(piece)
        if known is None:
            return None
        found.append(known)
    return sum(found) / len(found)
