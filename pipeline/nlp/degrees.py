"""How severe a disease is said to be: "moderate to severe eczema", "asthma, severe persistent"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match
from pipeline.schema import Mention

SEVERITY = "severity"
DEGREE = re.compile(
    r"(?<![\w-])(?P<mild>mild(?:[\s-]*(?:to|-|/|or|and)[\s-]*moderate)?)(?!ly)\b"
    r"|(?<![\w-])(?P<severe>moderate(?:ly)?[\s-]*(?:to|-|/|and|or)[\s-]*severe(?:ly)?|severe|moderate)\b",
    re.IGNORECASE,
)
_KIND = (
    r"(?:chronic|persistent|active|uncontrolled|poorly|controlled|eosinophilic|allergic|adult|childhood|pediatric|refractory|"
    r"recalcitrant|plaque|steroid-dependent|type[\s-]2|intermittent|disease|stable|now|still|,|\()"
)
TO_DISEASE = re.compile(rf"(?:[\s,-]+{_KIND})*[\s,]+$", re.IGNORECASE)
# Between a disease and its degree: its code, a sign, a verb, or what says since when.
FROM_DISEASE = re.compile(
    rf"[\s,:;(\u2013-]*(?:\(?[A-Z]\d\d(?:\.\w+)?\)?)?[\s,:;(\u2013-]*(?:(?:(?:it|which|this|that)\s+)?(?:is|was|remains?|has\s+been|now|currently|of|"
    rf"severity|degree|grade|and|{_KIND})[\s,:(-]*)*$",
    re.IGNORECASE,
)
# "Asthma for thirty-one years and it is severe": the disease is taken up by a pronoun.
TAKEN_UP = re.compile(
    r"[^.;]{0,80}?(?:\band\b|,)\s*(?:it\s+)?(?:(?:is|was|has\s+been|remains)\s+)?$", re.IGNORECASE
)
# What the degree is then of, if not of the disease: "severe itch".
NO_NOUN = re.compile(
    rf"\s*(?:[.,;:)]|$|(?:and|or|for|by|in|on|since|with|without|despite|at|according|per|as|today|this|that|when|again|ever|{_KIND})\b)",
    re.IGNORECASE,
)
ASKED = re.compile(r"\b(?:severity|how\s+severe|degree\s+of)\b", re.IGNORECASE)


def find_degrees(sentence: Sentence, label: str = "") -> Iterator[Mention]:
    """The severity of diseases; of a field that asks for it, `label`, its answer."""
    diseases = [n for n in sentence.names if n.kind == "diagnosis"]
    for m in DEGREE.finditer(sentence.text):
        value = "mild" if m["mild"] else "moderate_to_severe"
        after = [n for n in diseases if n.start >= m.end()]
        before = [n for n in diseases if n.end <= m.start()]
        free = NO_NOUN.match(sentence.text, m.end()) is not None
        disease = next((n for n in diseases if n.start <= m.start() and m.end() <= n.end), None)
        if disease is not None:
            pass  # "moderate persistent X" is the name itself
        elif after and TO_DISEASE.fullmatch(sentence.text[m.end() : after[0].start]):
            disease = after[0]
        elif before and free:
            between = sentence.text[before[-1].end : m.start()]
            if FROM_DISEASE.fullmatch(between) or TAKEN_UP.fullmatch(between):
                disease = before[-1]
        answers = ASKED.search(label or sentence.text[: m.start()]) is not None and free
        if disease is None and not answers:
            continue
        span = Match(m.start(), m.end(), "value", value)
        parts = [sentence.part("value", span, value)]
        if disease is not None:
            named = Match(disease.start, disease.end, "disease", disease.code)
            parts.append(sentence.part("disease", named))
        yield sentence.mention("finding", m.start(), m.end(), SEVERITY, parts=tuple(parts))
