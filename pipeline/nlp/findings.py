"""Findings in prose: strength, studies, function, organs, tapers, weight, counselling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.lexicon import read_table
from pipeline.nlp.cues import Match, compiled
from pipeline.nlp.expressions import NUMBER
from pipeline.nlp.sentence import Sentence
from pipeline.nlp.strength import find_strength
from pipeline.schema import Mention

STUDIES = ("emg", "mri", "biopsy", "pft", "echocardiogram")
# These bear words of denial as part of what they say.
SELF_NEGATING = {"adl_limitation", "steroid_dependence", "persistent_disease", "flare", "taper_failure", "normal_strength"}


@dataclass(frozen=True)
class FindingCue:
    """A row of `findings.csv`."""

    finding: str
    assertion: str
    pattern: re.Pattern[str]


@cache
def load_findings(models: Path) -> tuple[FindingCue, ...]:
    """The rows of `findings.csv`."""
    path = models / "lexicon" / "findings.csv"
    return tuple(
        FindingCue(row["finding"], row["assertion"], compiled(path, line, row["pattern"]))
        for line, row in read_table(path)
    )


@cache
def load_studies(models: Path) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """The rows of `studies.csv`: (study, result, pattern)."""
    path = models / "lexicon" / "studies.csv"
    return tuple(
        (row["study"], row["value"], compiled(path, line, row["pattern"]))
        for line, row in read_table(path)
    )


def find_findings(sentence: Sentence, models: Path) -> list[Mention]:
    """All findings of a sentence but studies, which need the sentences around them."""
    found = _by_cue(sentence, models)
    found += _involvement(sentence)
    found += find_strength(sentence, models)
    found += _weights(sentence)
    found += _flares(sentence)
    return found


INVOLVEMENT = re.compile(
    r"(?P<lead>(?:no|without|nor|denies|absence\s+of|free\s+of)\s+(?:(?:any|evidence\s+of|clinical|overt|known|obvious|current)\s+)*)?"
    r"(?P<organs>(?:(?:pulmonary|lung|respiratory|cardiac|heart|cardiopulmonary|swallowing|bulbar|oropharyngeal|esophageal|oesophageal|pharyngeal|skin|renal|joint|gi|organ)\b[\s,/]*(?:and|or|nor|&)?[\s,/]*)+)"
    r"(?P<noun>involvement|compromise|disease|manifestations?|symptoms?)",
    re.IGNORECASE,
)
ORGANS = {
    "ild": r"pulmonary|lung|respiratory|cardiopulmonary",
    "cardiac_involvement": r"cardiac|heart|cardiopulmonary",
    "dysphagia": r"swallowing|bulbar|oropharyngeal|o?esophageal|pharyngeal",
}


def _involvement(sentence: Sentence) -> list[Mention]:
    """ "No pulmonary, cardiac or swallowing involvement" says three things."""
    found = []
    for m in INVOLVEMENT.finditer(sentence.text):
        for finding, organ in ORGANS.items():
            if re.search(rf"\b(?:{organ})\b", m["organs"], re.IGNORECASE):
                mention = sentence.mention("finding", m.start("organs"), m.end(), finding)
                if m["lead"]:
                    mention = mention.model_copy(update={"negated": True})
                found.append(mention)
    return found


SEVERITY = re.compile(
    r"\b(?:mild|moderate(?:ly)?(?:\s+severe)?|severe(?:ly)?|marked|profound|life-threatening|requir\w+\s+(?:oxygen|intubation|feeding)|"
    r"PEG|NPO|feeding\s+tube|\d\s*L\b|FVC\s*\d+\s*%|DLCO\s*\d+\s*%|LVEF\s*\d+\s*%|aspirat\w+|choking|solids?|liquids?)",
    re.IGNORECASE,
)
NORMAL_AFTER = re.compile(r"\s*(?:is|are|was|were|:)?\s*(?:normal|clear|unremarkable|negative|none|absent|denied|no\b)", re.IGNORECASE)


def _by_cue(sentence: Sentence, models: Path) -> list[Mention]:
    found: list[Mention] = []
    seen: list[tuple[str, int, int]] = []
    for cue in load_findings(models):
        if cue.finding in STUDIES or cue.finding == "flare":
            continue
        for m in cue.pattern.finditer(sentence.text):
            if any(f == cue.finding and s < m.end() and m.start() < e for f, s, e in seen):
                continue
            seen.append((cue.finding, m.start(), m.end()))
            mention = sentence.mention("finding", m.start(), m.end(), cue.finding)
            if cue.finding in SELF_NEGATING:
                mention = mention.model_copy(update={"negated": False})
            if cue.finding == "adl_limitation":
                mention = mention.model_copy(update={"family": False})
                if sentence.flags(m.start(), min(m.start() + 4, m.end()))["negated"]:
                    mention = mention.model_copy(update={"negated": True})
            if cue.assertion == "negated":
                mention = mention.model_copy(update={"negated": True})
            elif NORMAL_AFTER.match(sentence.text[m.end() :]) and cue.finding in (*ORGANS, "organ_involvement"):
                mention = mention.model_copy(update={"negated": True})
            parts = []
            severity = SEVERITY.search(sentence.text)
            if severity and cue.finding in (*ORGANS, "organ_involvement", "respiratory_compromise"):
                parts.append(sentence.part("severity", Match(severity.start(), severity.end(), "severity", "")))
            date = [d for d in sentence.dates if abs(d.start - m.end()) < 40 or abs(m.start() - d.end) < 40]
            if date:
                parts.append(sentence.part("date", date[0]))
            found.append(mention.model_copy(update={"parts": tuple(parts)}))
    return _without_contained(found)


def _without_contained(found: list[Mention]) -> list[Mention]:
    """Drop plain weakness where a more telling finding covers the same words."""
    return [
        m
        for m in found
        if not (
            m.code == "weakness"
            and any(o.code in ("normal_strength",) and o.start <= m.start and m.end <= o.end for o in found)
        )
    ]


WEIGHT = re.compile(
    rf"\b(?:weight|weighs?|wt)\b\.?\s*(?:is|was|of|today|:|=|,|\()?\s*(?:about\s+)?(?P<value>{NUMBER})\s*(?P<unit>kg|kilograms?|lbs?|[Il1]bs?|pounds?)\b"
    rf"|(?<=for\s)(?P<value2>{NUMBER})\s*(?P<unit2>pounds|kilograms)\b",
    re.IGNORECASE,
)


def _weights(sentence: Sentence) -> list[Mention]:
    found = []
    for m in WEIGHT.finditer(sentence.text):
        tag = "" if m["value"] else "2"
        if re.search(r"(?:gain|loss|lost|gained|change)\w*\s*(?:of\s*)?$", sentence.text[: m.start()], re.I):
            continue
        parts = (
            sentence.part("value", Match(m.start(f"value{tag}"), m.end(f"value{tag}"), "value", "")),
            sentence.part("unit", Match(m.start(f"unit{tag}"), m.end(f"unit{tag}"), "unit", "")),
        )
        found.append(sentence.mention("finding", m.start(), m.end(), "weight", parts=parts))
    return found


FLARE = re.compile(
    r"\b(?:flar(?:e[ds]?|ing)|relaps(?:e[ds]?|ing)|recurr(?:ed|ence)|exacerbat\w+|"
    r"(?:weakness|symptoms?|myositis|disease|strength|CK|weak)\b[\s\w]{0,25}?(?:recurred|returned|came\s+back|worsened|deteriorated|rebounded|rose|climbed|worse)|"
    r"(?:worsening|recurrent|return\s+of|rebound)\b[\s\w]{0,20}?(?:weakness|symptoms?|myositis|disease|CK|strength))",
    re.IGNORECASE,
)
NO_FLARE = re.compile(r"\b(?:no|without|never|not|denies)\s+(?:\w+\s+){0,3}$", re.IGNORECASE)
LOWERING = re.compile(
    r"\b(?:taper\w*|reduc\w*|lower\w*|decreas\w*|wean\w*|cut\b|drop\w*|below|down\s+to|reach(?:ed|ing)|came\s+off|go\s+lower|attempts?|"
    r"(?:at|on|to)\s+\d+(?:\.\d+)?\s*mg|stepp\w+\s+down|less\s+than|withdraw\w*)",
    re.IGNORECASE,
)


def _flares(sentence: Sentence) -> list[Mention]:
    """Flares, with the dose at which they came when the sentence lowers a dose to it."""
    found = []
    for m in FLARE.finditer(sentence.text):
        denied = NO_FLARE.search(sentence.text[: m.start()]) is not None
        lowering = LOWERING.search(sentence.text)
        parts = []
        before = [d for d in sentence.doses if d.end <= m.start()]
        after = [d for d in sentence.doses if d.start >= m.end()]
        named = after and re.match(r"\s*\(\s*(?:at\s+)?$", sentence.text[m.end() : after[0].start])
        dose = after[0] if named else before[-1] if before else None
        if dose is None and after and re.match(
            r"\s*(?:\w+\s+){0,3}?(?:at|on|below|when|while|after|to|each\s+time|with|whenever|upon|under|\()", sentence.text[m.end() :], re.I
        ):
            dose = after[0]
        if dose is not None:
            parts.append(sentence.part("dose", dose))
        if lowering is not None:
            parts.append(sentence.part("lowering", Match(lowering.start(), lowering.end(), "lowering", "")))
        mention = sentence.mention("finding", m.start(), m.end(), "flare", parts=tuple(parts))
        found.append(mention.model_copy(update={"negated": denied}))
    return found[:1]
