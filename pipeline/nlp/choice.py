"""Who wins: the lexicon, the grammars or the networks, span by span, and what belongs together.

How they are weighed is in docs/recogniser.md. Without weights it is the lexicon and the grammars
alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import filter_spans

from pipeline.lexicon import load_lexicon
from pipeline.nlp.passages import sentences
from pipeline.nlp.recogniser import sureness
from pipeline.nlp.spans import mark
from pipeline.notation.amounts import find_amounts, strength_at
from pipeline.notation.dates import find_dates
from pipeline.notation.lengths import find_durations
from pipeline.notation.matches import Match
from pipeline.notation.results import COMPARATOR, LEAD, TIME_AFTER, UNIT, WORDED
from pipeline.notation.sigs import find_frequencies, find_routes

# How sure the recogniser must be of the label of a span (mean probability over its tokens), by
# what says it. Chosen by measurement: see docs/recogniser.md.
NAME, AMBIGUOUS_NAME, TEST, DISEASE = 0.05, 0.4, 0.2, 0.05  # a name of the lexicon
NEAR_DRUG, ELSEWHERE = 0.05, 0.7  # an expression of the grammar, in a sentence with a drug or not
ALONE = {  # nothing but the recogniser
    "DRUG": 0.8,
    "DOSE": 0.8,
    "FREQUENCY": 0.8,
    "ROUTE": 0.8,
    "LAB_NAME": 0.65,
    "LAB_VALUE": 0.7,
    "DIAGNOSIS": 0.65,
    "FINDING": 0.5,
    "FORM": 0.5,
}
# What the lexicon knows by its core: kind, side and stage ("left-sided", "type 2") are seen by the
# recogniser, so its borders count.
WHOLE = ("DIAGNOSIS", "FINDING", "LAB_NAME")


class LabelledSpan(NamedTuple):
    """Characters [start, end) of a text that bear a label."""

    start: int
    end: int
    label: str


class Relation(NamedTuple):
    """A pair of spans that belong together; `type` is "DRUG-DOSE", "LAB_NAME-LAB_VALUE", ..."""

    type: str
    head: LabelledSpan
    tail: LabelledSpan


Doc.set_extension("links", default=(), force=True)


@Language.factory("chartgap_choice", default_config={"models": ""})
def make_choice(nlp: Language, name: str, models: str) -> Callable[[Doc], Doc]:
    """Build the component that sets `doc.spans["chosen"]`, a row of spans without overlaps."""

    def choose(doc: Doc) -> Doc:
        spans = combine(doc, Path(models))
        return mark(doc, {"chosen": [Match(s.start, s.end, s.label, "") for s in spans]})

    return choose


@Language.component("chartgap_links")
def set_links(doc: Doc) -> Doc:
    """Set `doc._.links`: which of the chosen spans belong together."""
    doc._.links = tuple(link(doc.text, chosen(doc)))
    return doc


def chosen(doc: Doc) -> list[LabelledSpan]:
    """What the choice left in `doc.spans`."""
    return [LabelledSpan(s.start_char, s.end_char, s.label_) for s in doc.spans["chosen"]]


def combine(doc: Doc, models: Path) -> list[LabelledSpan]:
    """The spans of the lexicon, the grammars and the recogniser as one row without overlaps."""
    read = "recognised" in doc.spans  # by the networks
    sure = _sureness(doc) if read else lambda span: 1.0
    known = [s for s, least in _known(doc, models, not read) if sure(s) >= least]
    found = [(1 + sure(span), _tidied(doc.text, span)) for span in known]
    for token_span in doc.spans.get("recognised", []):
        span = LabelledSpan(token_span.start_char, token_span.end_char, token_span.label_)
        if span.label in ALONE and sure(span) >= ALONE[span.label]:
            there = {k.label for k in known if k.start < span.end and span.start < k.end}
            wins = span.label in WHOLE and there == {span.label}
            found.append((sure(span) + 2 * wins, _tidied(doc.text, span)))
    kept = _without_overlaps(found)
    more = [
        *_ratios_of(doc.text, kept),
        *_forms_after(doc.text, kept),
        *_values_after(doc.text, kept),
        *_words_beside(doc.text, kept),
    ]
    return sorted(_without_overlaps([*((2, k) for k in kept), *((1, m) for m in more)]))


def _known(doc: Doc, models: Path, alone: bool) -> Iterator[tuple[LabelledSpan, float]]:
    """What lexicon and grammars say, each with how sure the recogniser must be of it to keep it."""
    lexicon = load_lexicon(models)
    drugs = []
    tests = {(span.start, span.end) for span in doc.spans["lab"]}
    for span in filter_spans([*doc.spans["drug"], *doc.spans["drug_class"]]):
        resulted = (span.start, span.end) in tests and _is_resulted(doc.text, span.end_char)
        if resulted or DEVICE.fullmatch(span.text):
            continue
        known = lexicon.drugs.get(span.kb_id_)
        ambiguous = known is not None and known.ambiguous
        drugs.append(span.start_char)
        if not (alone and ambiguous):
            least = AMBIGUOUS_NAME if ambiguous else NAME
            yield LabelledSpan(span.start_char, span.end_char, "DRUG"), least
    drugs += [s.start_char for s in doc.spans.get("recognised", []) if s.label_ == "DRUG"]
    for span in doc.spans["lab"]:
        least = 0.0 if _is_resulted(doc.text, span.end_char) else TEST
        yield LabelledSpan(span.start_char, span.end_char, "LAB_NAME"), least
    for sign in VITAL.finditer(doc.text):
        yield LabelledSpan(sign.start(), sign.end(), "LAB_NAME"), TEST
    for span in doc.spans["diagnosis"]:
        symptom = lexicon.diseases[span.kb_id_].group == "symptom"
        label = "FINDING" if symptom else "DIAGNOSIS"
        yield LabelledSpan(span.start_char, span.end_char, label), DISEASE
    for score in SCORE.finditer(doc.text):
        yield LabelledSpan(score.start(), score.end(), "LAB_VALUE"), 0.0
    amounts = find_amounts(doc.text)
    about = sorted([*drugs, *(m.start for m in amounts if m.kind == "strength")])
    parts = list(sentences(doc.text))
    treated = [(s, e) for s, e in parts if any(s <= a < e for a in about)]
    for label, matches in (
        ("DOSE", amounts),
        ("FREQUENCY", find_frequencies(doc.text)),
        ("ROUTE", find_routes(doc.text)),
    ):
        for m in matches:
            near = any(s <= m.start < e for s, e in treated)
            if near or not alone:
                yield LabelledSpan(m.start, m.end, label), NEAR_DRUG if near else ELSEWHERE
    for duration in _durations(doc.text, parts, about):
        yield duration, 0.0


# "The past three months", "the next 4 days": the words before the length are part of the span.
WHICH_TIME = re.compile(r"\bthe\s+(?:past|last|next)\s+$", re.IGNORECASE)
# What leads from a drug to how long it is taken: "on it for", "daily x", "over the next".
HOW_LONG = re.compile(
    r"(?:\bx|\b(?:for|over|within|during|another|additional|minimum\s+of|total\s+of))"
    r"(?:\s+(?:an?\s+(?:additional|total\s+of)|the\s+(?:past|last|next)))?\s*$",
    re.IGNORECASE,
)
COURSE = re.compile(r"[\s-]*(?:course|trial)\b", re.IGNORECASE)
OF_WHAT = re.compile(r"(?:[\s-]*(?:course|trial))?\s+of\s+(?:\w+\s+)?", re.IGNORECASE)
TAKING = re.compile(
    r"\bon\s+(?:it|them|(?:this|that|the)\s+(?:medications?|medicines?|drugs?|antibiotics?))\b",
    re.IGNORECASE,
)
TAKEN_SINCE = re.compile(
    r",?\s+(?:he|she|they|the\s+patient)\s+(?:has|have|had)\s+been\s+(?:treated\s+with|taking|using|on|put\s+on)\b",
    re.IGNORECASE,
)
NOT_TAKING = re.compile(r"\b(?:not|never|out\s+of|without|off)\b|n't\b", re.IGNORECASE)


def _durations(
    text: str, parts: Sequence[tuple[int, int]], drugs: Sequence[int]
) -> Iterator[LabelledSpan]:
    """How long drugs are taken; `parts` are the sentences, `drugs` where names and strengths begin."""
    for m in find_durations(text):
        first, last = next(((s, e) for s, e in parts if s <= m.start < e), (m.start, m.end))
        here = [d - first for d in drugs if first <= d < last]
        if _is_of_treatment(text[first:last], m.start - first, m.end - first, here):
            which = WHICH_TIME.search(text, max(first, m.start - 12), m.start)
            yield LabelledSpan(which.start() if which else m.start, m.end, "DURATION")


def _is_of_treatment(sentence: str, start: int, end: int, drugs: Sequence[int]) -> bool:
    """Whether a length of time is that of taking a drug, not of a symptom or until a visit.

    The drug or its dose stands before it in the sentence, or, in "six weeks of Lamisil", after it.

    Args:
        drugs: Where drugs and strengths begin in the sentence.
    """
    before = sentence[:start]
    of_what = OF_WHAT.match(sentence, end)
    if of_what and any(end < d <= of_what.end() for d in drugs):
        return True
    if TAKEN_SINCE.match(sentence, end):
        return any(d > end for d in drugs)
    named = [d for d in drugs if d < start]
    led = (
        HOW_LONG.search(before)
        or COURSE.match(sentence, end)
        or any(re.fullmatch(r"[\w-]+\s+", before[d:]) for d in named)
    )
    taken = named or TAKING.search(before)
    return bool(led and taken) and NOT_TAKING.search(before) is None


# "Rates her pain as 6 to 8 out of 10": a score says by itself that it is one.
SCORE = re.compile(
    r"(?<![\w./])\d{1,2}(?:\s?(?:-|\u2013|to)\s?\d{1,2})?\s?(?:/\s?10|\s+out\s+of\s+10)(?![\w/]|\.\d|\s*mg)",
    re.IGNORECASE,
)
VITAL = re.compile(
    r"(?<![A-Za-z])(?:blood\s+pressure|BP|pulse(?:\s+ox(?:imetry)?)?|heart\s+rate|respirat(?:ions?|ory\s+rate)|temp(?:erature)?|"
    r"weight|height|BMI|body\s+mass\s+index|O2\s+sat(?:uration)?s?|oxygen\s+saturation|pulse\s+rate)"
    r"(?=(?:\s+(?:is|was|of|at|now))*\s*:?\s*\d)",
    re.IGNORECASE,
)
DEVICE = re.compile(r"(?:inhalers?|nebuli[sz]ers?|eye\s?drops)", re.IGNORECASE)
# What belongs to the name of a product: how it is released, and "insulin" after a brand of it.
PRODUCT = re.compile(
    r"(?:[\s-]+(?:[SXELICD]R|XL|LA|CD|ODT|HFA|HCT|DS|EC|PM|Diskus|Flexpen|SoloStar|Pen)\b)+|\s+insulins?\b"
    r"|(?<=itamin)\s+(?:[ACDEK]\d?|B-?\d{1,2})\b",
    re.IGNORECASE,
)
FORM_AFTER = re.compile(
    r"\s+(?:(?:oral|nasal|topical|transdermal)\s+)?(?P<form>inhalers?|nebuli[sz]ers?|patch(?:es)?|creams?|ointment|gel|lotion|"
    r"foam|shampoo|solution|suspension|syrup|sprays?|(?:eye\s?)?drops|suppositor(?:y|ies)|tablets?|capsules?)(?![A-Za-z])",
    re.IGNORECASE,
)
LINK = re.compile(r"[\s:,]*(?:(?:of|was|is|level)\s+)*")
RATIO = re.compile(r"\s+(?P<ratio>\d+(?:\.\d+)?/\d+(?:\.\d+)?)(?![\d/]|\s*mg)")
YEAR = re.compile(r"(?:19|20)\d\d(?:'?s)?")
RESULT = re.compile(
    rf"(?<![\w#.])(?:(?:{COMPARATOR}|{WORDED})\s*)?"
    r"\d+(?:,\d{3})*(?:\.\d+)?\+?(?:\s*(?:/|-|\u2013|:|\bover\b)\s*\d+(?:,\d{3})*(?:\.\d+)?\+?)*(?:'?s\b|\+)?"
    rf"(?:\s*(?:mm\s?Hg|{UNIT}|%|percent|degrees?(?:\s+(?:F\b|C\b|Fahrenheit|Celsius))?|pounds?|lbs?\b|kg\b|kilograms?|"
    r"inches|(?:beats|breaths)\s+per\s+minute|bpm\b|per\s+minute|out\s+of\s+10\b|(?<=\d)[FC]\b|cm\b|mm\b|mL\b|liters?|seconds))?"
    r"(?![A-Za-z0-9]|-\d)",
    re.IGNORECASE,
)


def _tidied(text: str, span: LabelledSpan) -> LabelledSpan | None:
    """The same span at the borders that its kind has: whole numbers, whole names of products.

    None for digits that are no number of a result: parts of dates, telephone numbers, counts.
    """
    start, end, label = span
    if label == "DRUG":
        more = PRODUCT.match(text, end)
        form = FORM_AFTER.search(text, start, end)
        if form is not None and form.end() == end:  # "albuterol inhaler" is a drug and a form
            return LabelledSpan(
                start, start + len(text[start : form.start("form")].rstrip()), label
            )
        return LabelledSpan(start, more.end() if more else end, label)
    if (
        label == "LAB_VALUE"
        and not SCORE.fullmatch(text, start, end)
        and re.search(r"\d", text[start:end])
    ):
        line = text.rfind("\n", 0, start) + 1
        for r in RESULT.finditer(text, max(line, start - 30), end + 40):
            if YEAR.fullmatch(r.group(0)):
                continue
            if r.start() < end and start < r.end() and re.search(r"\d", text[start : r.end()]):
                return LabelledSpan(r.start(), r.end(), label)
        return None
    if label == "LAB_VALUE":  # "well controlled", of which the recogniser may see a part
        line = text.rfind("\n", 0, start) + 1
        for word in WORD.finditer(text, max(line, start - 20), end + 20):
            if word.start() <= start and end <= word.end():
                return LabelledSpan(word.start(), word.end(), label)
    if label == "LAB_NAME":  # "% neutrophils", "AST 25"
        first = re.match(r"[\d%.,\s]*(?=[A-Za-z])", text[start:end])
        last = re.search(r"[\s:]+[\d.,/]+$", text[start:end])
        return LabelledSpan(
            start + (first.end() if first else 0), start + last.start() if last else end, label
        )
    return span


def _is_resulted(text: str, end: int) -> bool:
    """Whether a name of a drug and of a test ("sodium 139") is that of a test: no dose follows."""
    m = RESULT.match(text, LINK.match(text, end).end())  # type: ignore[union-attr]
    return m is not None and not strength_at(text, m.start())


def _ratios_of(text: str, spans: Sequence[LabelledSpan]) -> Iterator[LabelledSpan]:
    """The two strengths of a combination without a unit: "Advair 250/50"."""
    for span in spans:
        m = RATIO.match(text, span.end) if span.label == "DRUG" else None
        if m is not None:
            yield LabelledSpan(m.start("ratio"), m.end("ratio"), "DOSE")


def _forms_after(text: str, spans: Sequence[LabelledSpan]) -> Iterator[LabelledSpan]:
    """The forms that stand right after a drug: "albuterol inhaler", "Lidoderm patch"."""
    for span in spans:
        m = FORM_AFTER.match(text, span.end) if span.label == "DRUG" else None
        if m is not None:
            yield LabelledSpan(m.start("form"), m.end("form"), "FORM")


def _values_after(text: str, spans: Sequence[LabelledSpan]) -> Iterator[LabelledSpan]:
    """The numbers that follow the names of tests, with nothing between them but linking words."""
    dates = find_dates(text)
    for span in spans:
        if span.label == "LAB_NAME":
            gap = LEAD.match(text, span.end)
            at = gap.end() if gap else span.end
            m = RESULT.match(text, at)
            if m is None or at == span.end or "\n" in text[span.end : at] or text[at - 1].isalnum():
                continue
            if any(d.start < m.end() and m.start() < d.end for d in dates):
                continue
            if TIME_AFTER.match(text, m.end()):
                continue
            yield LabelledSpan(m.start(), m.end(), "LAB_VALUE")


def _sureness(doc: Doc) -> Callable[[LabelledSpan], float]:
    """How sure the recogniser is of a span."""
    starts = np.asarray([t.idx for t in doc], dtype=np.int64)

    def sure(span: LabelledSpan) -> float:
        first = max(int(np.searchsorted(starts, span.start, side="right")) - 1, 0)
        last = max(int(np.searchsorted(starts, span.end)), first + 1)
        return sureness(doc, first, last, span.label)

    return sure


RESULT_WORD = (
    r"(?:within\s+(?:normal\s+limits|(?:normal\s+)?range)|(?:slightly\s+|mildly\s+|markedly\s+)?elevated|(?:ab|low[\s-])?normal|negative|"
    r"positive|unremarkable|pending|(?:non-?)?reactive|equivocal|stable|low|high|lower|higher|increased|decreased|reduced|"
    r"raised|improved|well[\s-]controlled|under\s+control|good|better|great|okay|fine)"
)
LINKING_WORD = (
    r"(?:is|was|are|were|has|have|had|been|came|back|returned|remains?|looked|looks|levels?|results?|readings?|screen|today|also|"
    r"seems?(?:\s+to)?|appears?(?:\s+to)?|be|running|trending|all|essentially|completely|generally|again|typically|usually|often|mostly|reportedly|recently|initially|now|still|overall)"
)
WORD = re.compile(rf"(?<![A-Za-z-]){RESULT_WORD}(?![A-Za-z])", re.IGNORECASE)
WORD_AFTER = re.compile(
    rf"(?:\s+{LINKING_WORD})*\s*[:,]?\s*(?P<word>{RESULT_WORD})(?![A-Za-z])",
    re.IGNORECASE,
)
WORD_BEFORE = re.compile(rf"(?<![A-Za-z-])(?P<word>{RESULT_WORD})\s+$", re.IGNORECASE)


def _words_beside(text: str, spans: Sequence[LabelledSpan]) -> Iterator[LabelledSpan]:
    """The words that say a test's result: "TSH was normal", "elevated blood pressure"."""
    for span in spans:
        if span.label == "LAB_NAME":
            for m in (
                WORD_AFTER.match(text, span.end),
                WORD_BEFORE.search(text, max(0, span.start - 30), span.start),
            ):
                if m is not None:
                    yield LabelledSpan(m.start("word"), m.end("word"), "LAB_VALUE")


def _without_overlaps(found: Sequence[tuple[float, LabelledSpan | None]]) -> list[LabelledSpan]:
    kept: list[LabelledSpan] = []
    weighed = [(weight, span) for weight, span in found if span is not None]
    for _, span in sorted(weighed, key=lambda f: (-f[0], f[1])):
        if not any(k.start < span.end and span.start < k.end for k in kept):
            kept.append(span)
    return kept


# -------------------------------------------------------------------------- relations

OF_A_DRUG = ("DOSE", "FREQUENCY", "ROUTE", "DURATION")
OF = re.compile(r"\s*(?:(?:tablets?|capsules?|dose)\s+)?(?:of\s+)(?:\w+\s+)?", re.IGNORECASE)


def link(text: str, spans: Sequence[LabelledSpan]) -> Iterator[Relation]:
    """Each dose, frequency, route, duration with its drug; each value with its test.

    It is the nearest before it in its line; else, and for "50 mg of Benadryl", the nearest after.
    """
    for span in spans:
        head = "DRUG" if span.label in OF_A_DRUG else "LAB_NAME"
        if span.label not in (*OF_A_DRUG, "LAB_VALUE"):
            continue
        left = text.rfind("\n", 0, span.start) + 1
        right = text.find("\n", span.end)
        right = len(text) if right < 0 else right
        heads = [s for s in spans if s.label == head and left <= s.start and s.end <= right]
        before = [s for s in heads if s.end <= span.start]
        after = [s for s in heads if s.start >= span.end]
        own = before[-1] if before else after[0] if after else None
        if after and OF.fullmatch(text, span.end, after[0].start):
            own = after[0]
        if own is not None:
            yield Relation(f"{head}-{span.label}", own, span)
