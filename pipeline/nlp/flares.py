"""Flares in prose, with the dose at which they came and the word that lowers the dose to it."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.lexicon import load_lexicon
from pipeline.nlp.cues import Match
from pipeline.nlp.sentence import Sentence
from pipeline.schema import Mention

OWN_GROUP = "inflammatory_myopathy"  # flares of diseases of other groups are not of the disease

FLARE = re.compile(
    r"\b(?:flar(?:e[ds]?|ing)|relaps(?:e[ds]?|ing)|recurr(?:ed|ence)|exacerbat\w+|"
    r"(?:weakness|symptoms?|myositis|disease|strength|CK|weak)\b[\s\w]{0,25}?(?:recurred|returned|came\s+back|worsened|deteriorated|rebounded|rose|climbed|worse)|"
    r"(?:worsening|recurrent|return\s+of|rebound)\b[\s\w]{0,20}?(?:weakness|symptoms?|myositis|disease|CK|strength))",
    re.IGNORECASE,
)
NO_FLARE = re.compile(r"\b(?:no|without|never|not|denies)\s+(?:\w+\s+){0,3}$", re.IGNORECASE)
TAPERING = r"taper\w*|wean\w*"
LOWERING = re.compile(
    rf"\b(?:{TAPERING}|reduc\w*|lower\w*|decreas\w*|cut\b|drop\w*|below|under|down\s+to|reach(?:ed|ing)|came\s+off|go\s+lower|attempts?|"
    r"stepp\w+\s+down|less\s+than|withdraw\w*|stopp\w+|discontinu\w+)",
    re.IGNORECASE,
)
RELAPSE = re.compile(r"flar|relaps|recur|return|came\s+back|rebound", re.IGNORECASE)
DOSE_WORD = re.compile(r"steroid|pred|dose|\bmg\b|medrol|glucocortic", re.IGNORECASE)
LOWERING_REACH = 45  # characters between a word of lowering and the dose or drug that it lowers
AT_DOSE = re.compile(
    r"\s*(?:\w+\s+){0,3}?(?:at|on|below|when|while|after|to|each\s+time|with|whenever|upon|under|\()",
    re.IGNORECASE,
)


def find_flares(sentence: Sentence, models: Path) -> list[Mention]:
    """The first flare, with the dose at which it came and the word that lowers the dose to it."""
    for m in FLARE.finditer(sentence.text):
        if _of_other_disease(sentence, m.start(), m.end(), models):
            continue
        denied = NO_FLARE.search(sentence.text[: m.start()]) is not None
        dose = _dose_at(sentence, m.start(), m.end())
        lowering = _lowering(sentence, m.start(), m.end(), dose)
        parts = []
        if dose is not None:
            parts.append(sentence.part("dose", dose))
        if lowering is not None:
            parts.append(sentence.part("lowering", lowering))
        mention = sentence.mention("finding", m.start(), m.end(), "flare", parts=tuple(parts))
        return [mention.model_copy(update={"negated": denied})]
    return []


def _of_other_disease(sentence: Sentence, start: int, end: int, models: Path) -> bool:
    """ "Asthma exacerbation", "flare of gout": the name beside is that of another disease."""
    diseases = load_lexicon(models).diseases
    for name in sentence.names:
        gap = (
            sentence.text[end : name.start]
            if name.start >= end
            else sentence.text[name.end : start]
        )
        beside = name.kind == "diagnosis" and re.fullmatch(
            r"\s*(?:(?:up|ups|of|in|the|her|his|an?|acute)\s+)*", gap
        )
        group = diseases[name.code].group if name.code in diseases else OWN_GROUP
        if beside and not group.startswith(OWN_GROUP) and group != "symptom":
            return True
    return False


def _dose_at(sentence: Sentence, start: int, end: int) -> Match | None:
    """The dose at which a flare came: the last before it, or the one named with it."""
    before = [d for d in sentence.doses if d.end <= start]
    after = [d for d in sentence.doses if d.start >= end]
    if after and re.match(r"\s*\(?\s*at\s+(?:about\s+)?$", sentence.text[end : after[0].start]):
        return after[0]
    if before:
        return before[-1]
    if after and AT_DOSE.match(sentence.text[end:]):
        # "from 20 mg to 15 mg": it came at the lower end.
        to = len(after) > 1 and re.fullmatch(
            r"\s*(?:daily|a\s+day|/d|/day)?\s*(?:to|->|\u2192)\s*",
            sentence.text[after[0].end : after[1].start],
        )
        return after[1] if to else after[0]
    return None


def _lowering(sentence: Sentence, start: int, end: int, dose: Match | None) -> Match | None:
    """The word that lowers a dose; "relapsed at 12.5 mg" implies one, "worse on 40 mg" does not."""
    for m in LOWERING.finditer(sentence.text):
        left, right = sentence.clause(m.end())
        near = sentence.text[
            max(left, m.start() - LOWERING_REACH) : min(right, m.end() + LOWERING_REACH)
        ]
        if re.fullmatch(TAPERING, m.group(0), re.IGNORECASE) or DOSE_WORD.search(near):
            return Match(m.start(), m.end(), "lowering", "")
    if dose is None or not RELAPSE.search(sentence.text[start:end]):
        return None
    if start < dose.start and re.fullmatch(
        r"\s*(?:again\s+)?at\s+(?:about\s+)?", sentence.text[end : dose.start]
    ):
        return Match(end, dose.start, "lowering", "")
    fronted = re.search(
        r"(?:^|[,;]\s*)at\s+(?:about\s+)?$", sentence.text[: dose.start], re.IGNORECASE
    )
    return Match(fronted.start(), dose.start, "lowering", "") if fronted else None
