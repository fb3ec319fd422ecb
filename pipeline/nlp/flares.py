"""Flares in prose, each with the dose at which it came and the word that lowers the dose to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.lexicon import load_lexicon
from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match
from pipeline.schema import Mention

OWN_GROUP = "inflammatory_myopathy"  # flares of diseases of other groups are not of the disease
CORTICOSTEROID = "corticosteroid"

FLARE = re.compile(
    r"\b(?:flar(?:e[ds]?|ing)|relaps(?:e[ds]?|ing)|recurr(?:ed|ence)|exacerbat\w+|"
    # A taper that failed at a dose; one that was given up for another reason brought no flare.
    r"(?:taper\w*\s+(?:attempts?\s+)?(?:(?:has|have|had|again|twice|also)\s+)*failed|failed\s+(?:\w+\s+){0,2}taper\w*)(?=\s+(?:again\s+|twice\s+)?(?:at|on|below)\s+\d)|"
    r"(?:weakness|symptoms?|myositis|disease|strength|CK|weak)\b[\s\w]{0,25}?(?:recur(?:red|s)|return(?:ed|s)|c[ao]mes?\s+back|worsen(?:ed|s)|deteriorate[ds]|rebound(?:ed|s)|rose|rises|climb(?:ed|s)|worse)|"
    r"(?:legs?|knees?|arms?|thighs?|shoulders?|hips?|grip|strength)\s+(?:(?:have|has|had|were|was|are|is|began|started)\s+)?(?:buckl\w+|g[ai]v(?:e|es|en|ing)\s+(?:way|out))|"
    r"(?:worsening|recurrent|return\s+of|rebound)\b[\s\w]{0,20}?(?:weakness|symptoms?|myositis|disease|CK|strength))",
    re.IGNORECASE,
)
NO_FLARE = re.compile(r"\b(?:no|without|never|not|denies)\s+(?:\w+\s+){0,3}$", re.IGNORECASE)
# "Cannot come below 15 mg without a flare": two denials affirm.
NEVER_WITHOUT = re.compile(
    r"(?:\b(?:cannot|can\s+not|could\s+not|could\s+never|never|not|unable|impossible|fail(?:s|ed))|n['\u2019]t)\b(?:(?!\b(?:and|but|so|then|yet)\b)[^;:,])*\bwithout\s+(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)
TAPERING = r"taper\w*|wean\w*"
LOWERING = re.compile(
    rf"\b(?:{TAPERING}|reduc\w*|lower\w*|decreas\w*|cut\b|drop\w*|below|under|down\s+to|reach(?:e[ds]|ing)?|came\s+off|go\s+lower|attempts?|"
    r"stepp\w+\s+down|less\s+than|withdraw\w*|stopp\w+|discontinu\w+|"
    # "Went to 15 mg: ...; back to 20 mg" tells by the way back that it was a way down.
    r"(?:every|each)\s+time\b[^.;]{0,30}?\b(?:to|at|on)(?=\s+\d)|whenever\b[^.;]{0,30}?\b(?:to|at|on)(?=\s+\d)|"
    r"went\s+to(?=\s+\d[\d.]*\s*mg\b[^.]{0,160}\bback\s+(?:up\s+)?(?:to|on)\s+\d))",
    re.IGNORECASE,
)
RELAPSE = re.compile(r"flar|relaps|fail|recur|return|c[ao]mes?\s+back|rebound", re.IGNORECASE)
DOSE_WORD = re.compile(r"steroid|pred|dose|\bmg\b|medrol|glucocortic", re.IGNORECASE)
STEROID_WORD = re.compile(r"\w*steroids?\b|\bpred\b", re.IGNORECASE)
LOWERING_REACH = 45  # characters between a word of lowering and the dose or drug that it lowers
# What may stand between a flare and its dose: "flared twice: when prednisone reached 15 mg", but
# not "flared and had to return to 30 mg".
AT_DOSE = re.compile(
    r"\s*\(\s*|(?!.*\b(?:back|return\w*|up|increas\w*|rais\w*|resum\w*|restart\w*|put|went|again\s+to|now|currently|today|"
    r"and\s+(?:s?he|they|it|we|the|was|were|has|had|is|then|pred\w*))\b)"
    r"[^.;\d]{0,30}?\b(?:at|on|below|when|while|after|to|each\s+time|with|whenever|upon|under|once)\b[^.;,\d]{0,30}",
    re.IGNORECASE,
)
# "... at 12.5 mg, 15 mg and again at 20 mg": doses of further flares.
NEXT_DOSE = re.compile(
    r"\s*(?:daily|a\s+day|per\s+day|/d(?:ay)?)?[\s,(]*(?:in\s*)?[\s),]*(?:and|then|or)?\s*(?:again|later)?\s*(?:at|on|below|under)?\s*(?:about\s+)?",
    re.IGNORECASE,
)
LOWER_END = re.compile(r"\s*(?:daily|a\s+day|/d|/day)?\s*(?:to|->|\u2192)\s*", re.IGNORECASE)
# Words that make an earlier dose the dose of the flare: "on reaching 7.5 mg he flared".
DOSE_BEFORE = re.compile(
    r"(?:\b(?:at|on|to|under|below|than|reach\w*|of|when|while)|->|\u2192)\s+(?:[a-z]+\s+){0,3}$",
    re.IGNORECASE,
)
# A taper told after a flare came after it, unless a word says that it came with it.
TAPER_FOLLOWS = re.compile(
    r"[;:]|\b(?:then|later|subsequently|afterwards?|treated|started|restarted|increased|raised)\b",
    re.IGNORECASE,
)


def find_flares(sentence: Sentence, models: Path) -> list[Mention]:
    """The first flare, once for each dose at which it is said to have come."""
    for m in FLARE.finditer(sentence.text):
        if of_other_disease(sentence, m.start(), m.end(), models):
            continue
        before = sentence.text[: m.start()]
        denied = NO_FLARE.search(before) is not None and NEVER_WITHOUT.search(before) is None
        doses = _doses_at(sentence, m.start(), m.end())
        lowering = _lowering(sentence, m.start(), m.end(), doses[0] if doses else None)
        drug = _lowered_drug(sentence, lowering, models) if lowering is not None else None
        found = []
        for dose in doses or (None,):
            parts = [
                sentence.part(place.kind, place)
                for place in (dose, lowering, drug)
                if place is not None
            ]
            mention = sentence.mention("finding", m.start(), m.end(), "flare", parts=tuple(parts))
            found.append(mention.model_copy(update={"negated": denied}))
        return found
    return []


def of_other_disease(sentence: Sentence, start: int, end: int, models: Path) -> bool:
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


def _doses_at(sentence: Sentence, start: int, end: int) -> list[Match]:
    """The doses at which a flare came: those named after it, else the last before it."""
    after = [d for d in sentence.doses if d.start >= end]
    if after and AT_DOSE.fullmatch(_undated(sentence, end, after[0].start)):
        return list(_chain(sentence, after))
    before = [d for d in sentence.doses if d.end <= start]
    step = before[-1] if before else None
    if step is not None and (lower := _step_down(sentence, step, start)) is not None:
        return [lower]
    for dose in reversed(before):
        if DOSE_BEFORE.search(sentence.text[: dose.start]):
            lowered = any(
                re.match(TAPERING, m.group(0), re.IGNORECASE)
                for m in LOWERING.finditer(sentence.text, dose.end, start)
            )
            return [] if lowered else [dose]
    return []


# "20 mg -> 15 mg on 4/14, flare ...": the flare that follows a step comes at its lower end.
STEP = re.compile(
    r"(?P<from>\d+(?:\.\d+)?)\s*(?:mg)?\s*(?:->|\u2192|=>|>)\s*(?P<to>\d+(?:\.\d+)?)\s*(?:mg)?",
    re.IGNORECASE,
)
AFTER_STEP = re.compile(
    r"\s*(?:daily|a\s+day|/d(?:ay)?)?\s*(?:on|in|at)?\s*(?:[,;:(\u2013\u2014-]|->|\u2192|=>|>|and|then|led\s+to|brought(?:\s+on)?|with)?\s*(?:an?\s+|the\s+|another\s+)?",
    re.IGNORECASE,
)


def _step_down(sentence: Sentence, dose: Match, flare: int) -> Match | None:
    """The lower end of a step of a taper that a flare at `flare` follows; None if it is none."""
    step = STEP.fullmatch(sentence.text[dose.start : dose.end].strip())
    if dose.code != "taper" or step is None or float(step["from"]) <= float(step["to"]):
        return None
    if AFTER_STEP.fullmatch(_undated(sentence, dose.end, flare)) is None:
        return None
    return Match(dose.start + step.start("to"), dose.start + step.end("to"), "dose", "mg")


def _chain(sentence: Sentence, doses: list[Match]) -> Iterator[Match]:
    """The first dose and those joined to it; of "from 20 mg to 15 mg" the lower end."""
    last = doses[0]
    for dose in doses[1:]:
        if LOWER_END.fullmatch(sentence.text[last.end : dose.start]):
            last = dose
        elif NEXT_DOSE.fullmatch(_undated(sentence, last.end, dose.start)):
            yield last
            last = dose
        else:
            break
    yield last


def _undated(sentence: Sentence, start: int, end: int) -> str:
    """A stretch without the dates in it, nor the number of a flare ("flare #1")."""
    text = sentence.text
    for date in reversed(sentence.dates):
        if start <= date.start and date.end <= end:
            text = text[: date.start] + text[date.end : end] + text[end:]
            end -= date.end - date.start
    return re.sub(r"#\s*\d", "", text[start:end])


def _lowering(sentence: Sentence, start: int, end: int, dose: Match | None) -> Match | None:
    """The word that lowers a dose; "relapsed at 12.5 mg" implies one, "worse on 40 mg" does not."""
    for m in LOWERING.finditer(sentence.text):
        follows = m.start() >= end and TAPER_FOLLOWS.search(sentence.text[end : m.start()])
        if follows and (dose is None or dose.start < m.start()):
            continue
        left, right = sentence.clause(m.end())
        near = sentence.text[
            max(left, m.start() - LOWERING_REACH) : min(right, m.end() + LOWERING_REACH)
        ]
        if re.fullmatch(TAPERING, m.group(0), re.IGNORECASE) or DOSE_WORD.search(near):
            return Match(m.start(), m.end(), "lowering", "")
    step = next((d for d in sentence.doses if d.code == "taper"), None)
    if step is not None and dose is not None and step.start < dose.start < step.end:
        return Match(step.start, step.end, "lowering", "")
    if dose is None or not RELAPSE.search(sentence.text[start:end]):
        return None
    if start < dose.start and re.fullmatch(
        r"\s*(?:(?:again|twice|once|back|early|late|last|this|in|on|during|of)\s+)*at\s+(?:about\s+)?",
        _undated(sentence, end, dose.start),
        re.IGNORECASE,
    ):
        return Match(end, dose.start, "lowering", "")
    fronted = re.search(
        r"(?:^|[,;]\s*)at\s+(?:about\s+)?$", sentence.text[: dose.start], re.IGNORECASE
    )
    return Match(fronted.start(), dose.start, "lowering", "") if fronted else None


# "Despite methotrexate, tapering ...": a drug that goes on is not the one that is lowered.
GOING_ON = re.compile(
    r"\b(?:despite|while\s+on|on|with|plus|added|adding)\s+(?:\w+\s+)?$", re.IGNORECASE
)


# What was told of another drug, and a comma after it.
ENTRY_BETWEEN = re.compile(
    r"\s+(?:(?:has|had|was|is|not|did)\s+)*(?:fail\w*|stopped|tolerated|ineffective|contraindicated|tried|help\w*)\b[^,;]{0,30}[,;]",
    re.IGNORECASE,
)


def _lowered_drug(sentence: Sentence, lowering: Match, models: Path) -> Match | None:
    """The drug of the sentence that is lowered: the one named nearest to the word of lowering.

    In a row of results ("weak on prednisone, methotrexate failed, flares below 15 mg") it is the
    corticosteroid, wherever that stands.
    """
    drugs = [
        Match(n.start, n.end, "drug", n.code)
        for n in sentence.names
        if n.kind in ("drug", "drug_class") and not GOING_ON.search(sentence.text[: n.start])
    ]
    drugs += [
        Match(m.start(), m.end(), "drug", CORTICOSTEROID)
        for m in STEROID_WORD.finditer(sentence.text)
        if not any(d.start < m.end() and m.start() < d.end for d in drugs)
    ]
    nearest = min(
        drugs,
        key=lambda d: max(d.start - lowering.end, lowering.start - d.end),
        default=None,
    )
    if nearest is not None and ENTRY_BETWEEN.match(sentence.text, nearest.end, lowering.start):
        known = load_lexicon(models).drugs
        steroids = [
            Match(n.start, n.end, "drug", n.code)
            for n in sentence.names
            if n.code == CORTICOSTEROID
            or (n.code in known and known[n.code].drug_class == CORTICOSTEROID)
        ]
        return steroids[-1] if steroids else nearest
    return nearest
