"""Our spans as other annotation guidelines put them, to be compared with their annotations.

Nothing is found or dropped here: borders and labels follow what the description of a corpus says.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.nlp.annotation import Annotation
from pipeline.nlp.choice import LabelledSpan, Relation

Notation = Callable[[str, LabelledSpan], list[LabelledSpan]]

ARTICLE = re.compile(
    r"(?:(?<=\s)|^)(?:the|an?|his|her|their|this|these|any|other)\s+$", re.IGNORECASE
)
COUNTED = re.compile(
    r"(?P<count>.*?\S)\s+(?P<form>tablets?|tabs?|capsules?|drops?|pills?|sprays?|patch)",
    re.IGNORECASE,
)
TWO_FREQUENCIES = re.compile(
    r"(?P<first>.+?)[\s,]+(?P<second>p\.?\s?r\.?\s?n|as needed)", re.IGNORECASE
)
THERAPY = re.compile(r"\s+(?:therapy|treatment|regimen|management)\b", re.IGNORECASE)


def with_symptoms(text: str, span: LabelledSpan) -> list[LabelledSpan]:
    """Symptoms and signs are DIAGNOSIS."""
    label = "DIAGNOSIS" if span.label == "FINDING" else span.label
    return [span._replace(label=label)]


def as_in_kiwi(text: str, span: LabelledSpan) -> list[LabelledSpan]:
    """kiwi: symptoms are DIAGNOSIS, forms DOSE; articles inside; full stops of abbreviations too."""
    start, end, label = with_symptoms(text, span)[0]
    if label in ("DRUG", "LAB_NAME", "DIAGNOSIS"):
        article = ARTICLE.search(text[max(0, start - 8) : start])
        start -= len(article.group(0)) if article else 0
    if label == "DRUG":
        therapy = THERAPY.match(text, end)
        end = therapy.end() if therapy else end
    if label == "DOSE":
        m = COUNTED.fullmatch(text, start, end)
        if m is not None:
            return [
                LabelledSpan(start, m.end("count"), label),
                LabelledSpan(m.start("form"), end, label),
            ]
    if label in ("FREQUENCY", "ROUTE"):
        m = TWO_FREQUENCIES.fullmatch(text, start, end)
        cuts = [m.span("first"), m.span("second")] if m else [(start, end)]
        return [LabelledSpan(s, e + _has_stop(text, s, e), label) for s, e in cuts]
    return [LabelledSpan(start, end, "DOSE" if label == "FORM" else label)]


def _has_stop(text: str, start: int, end: int) -> bool:
    return text[end : end + 1] == "." and re.search(r"\.\s?\w$", text[start:end]) is not None


NOTATIONS: dict[str, Notation] = {
    "kiwi_mtsamples": as_in_kiwi,
    "bc5cdr": with_symptoms,
    "e3c_en": with_symptoms,
}


def in_notation(corpus: str, text: str, found: Annotation) -> Annotation:
    """The annotation of `text` as the guideline of `corpus` puts it; as it is for other corpora."""
    notation = NOTATIONS.get(corpus)
    if notation is None:
        return found
    spans = [s for span in found.spans for s in notation(text, span)]
    pairs = [
        Relation(r.type, head, tail)
        for r in found.relations
        for head in notation(text, r.head)
        for tail in notation(text, r.tail)
    ]
    return Annotation(tuple(spans), tuple(pairs))
