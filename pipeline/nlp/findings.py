"""Findings in prose: strength, studies, function, organs, tapers, weight, counselling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.lexicon import load_lexicon, read_table
from pipeline.nlp.cues import Match, compiled
from pipeline.nlp.expressions import NUMBER
from pipeline.nlp.sentence import Sentence
from pipeline.nlp.strength import find_strength
from pipeline.schema import Mention

STUDIES = ("emg", "mri", "biopsy", "pft", "echocardiogram")
OWN_GROUP = "inflammatory_myopathy"  # flares of diseases of other groups are not of the disease


@dataclass(frozen=True)
class FindingCue:
    """A row of `findings.csv`.

    Attributes:
        assertion: `negated` or `affirmed` when the words themselves say so, whatever words of
            denial they bear ("cannot climb stairs"); '' when the context decides.
    """

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
    found += _involvement(sentence, found)
    found += find_strength(sentence, models)
    found += _weights(sentence)
    flares = _flares(sentence, models)
    if any(m.code == "steroid_dependence" and not m.negated for m in found):
        # "Unable to taper below 10 mg without a flare" denies no flare.
        flares = [m for m in flares if not m.negated]
    return found + flares


INVOLVEMENT = re.compile(
    r"(?P<lead>(?:no|without|nor|denies|absence\s+of|free\s+of)\s+(?:(?:any|evidence\s+of|clinical|overt|known|obvious|current)\s+)*)?"
    r"(?P<organs>(?:(?:pulmonary|lung|respiratory|cardiac|heart|cardiopulmonary|swallowing|bulbar|oropharyngeal|esophageal|oesophageal|pharyngeal|skin|renal|joint|gi|organ)\b[\s,/]*(?:and|or|nor|&)?[\s,/]*)+)"
    r"(?P<noun>involvement|compromise|disease|manifestations?|symptoms?)",
    re.IGNORECASE,
)
ORGANS = {
    "ild": r"pulmonary|lung|cardiopulmonary",
    "respiratory_compromise": r"respiratory",
    "cardiac_involvement": r"cardiac|heart|cardiopulmonary",
    "dysphagia": r"swallowing|bulbar|oropharyngeal|o?esophageal|pharyngeal",
}
ORGAN_FINDINGS = (*ORGANS, "organ_involvement")


def _involvement(sentence: Sentence, known: list[Mention]) -> list[Mention]:
    """ "No pulmonary, cardiac or swallowing involvement" says three things."""
    found = []
    for m in INVOLVEMENT.finditer(sentence.text):
        for finding, organ in ORGANS.items():
            if not re.search(rf"\b(?:{organ})\b", m["organs"], re.IGNORECASE):
                continue
            mention = sentence.mention("finding", m.start("organs"), m.end(), finding)
            if any(k.code == finding and k.start < mention.end and mention.start < k.end for k in known):
                continue
            if m["lead"] or NORMAL_AFTER.match(sentence.text[m.end() :]):
                mention = mention.model_copy(update={"negated": True})
            found.append(mention)
    return found


SEVERITY = re.compile(
    r"\b(?:mild|moderate(?:ly)?(?:[\s-]+(?:to[\s-]+)?severe)?|severe(?:ly)?|marked|profound|life-threatening|"
    r"requir\w+\s+(?:(?:home|supplemental|nocturnal|\d(?:\.\d)?\s*L(?:/min)?(?:\s+of)?)\s+)*(?:oxygen|O2|intubation|feeding|ventilation|BiPAP)|"
    r"PEG|NPO|feeding\s+tube|\d(?:\.\d)?\s*L\b|FVC\s*(?:of\s+)?\d+\s*%|DLCO\s*(?:of\s+)?\d+\s*%|LVEF\s*(?:of\s+)?\d+\s*%|aspirat\w+|choking|solids?|liquids?)",
    re.IGNORECASE,
)
SEVERITY_REACH = 60  # characters between an organ and words that tell how severely it is involved
NORMAL_AFTER = re.compile(
    r"\s*(?:is|are|was|were|has\s+been|[:\u2013-])?\s*(?:normal|clear|unremarkable|negative|none|absent|denie[sd]|no\b(?!\s+(?:better|improv|change))|not\s+(?:present|noted|reported|seen))",
    re.IGNORECASE,
)
# Whose limitation it is: "her mother needs help", but not "her daughter helps her dress".
RELATIVE_BEFORE = re.compile(
    r"(?<!with )(?<!by )(?<!from )\b(?:her|his|the)\s+(?:mother|father|sister|brother|aunt|uncle|grandmother|grandfather)\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
DEPENDENT_ON = re.compile(r"depend|steroid|pred|glucocortic|\d\s*mg|taper|wean", re.IGNORECASE)
# A taper that is still to come: "will taper", "taper by 5 mg if stable", "goal: taper below 10".
TO_COME = re.compile(
    r"\b(?:will|plan(?:s|ned|ning)?|goal|intend\w*|hop(?:e|es|ing)|aim\w*|would|should|may|might|once|allow\w*|permit\w*|facilitat\w+|enabl\w+|in\s+order\s+to|so\s+that|then|recommend\w*|propos\w+|consider\w*|discuss\w*)\b[^.;]*$",
    re.IGNORECASE,
)
BARE_VERB = re.compile(r"\s*(?:taper|reduce|lower|decrease|wean)\b", re.IGNORECASE)


def _by_cue(sentence: Sentence, models: Path) -> list[Mention]:
    found: list[Mention] = []
    seen: list[tuple[str, int, int]] = []
    for cue in load_findings(models):
        if cue.finding in STUDIES:
            continue
        for m in cue.pattern.finditer(sentence.text):
            if any(f == cue.finding and s < m.end() and m.start() < e for f, s, e in seen):
                continue
            mention = _read_cue(sentence, cue, m.start(), m.end())
            if mention is not None:
                seen.append((cue.finding, m.start(), m.end()))
                found.append(mention)
    return _without_contained(found)


def _read_cue(sentence: Sentence, cue: FindingCue, start: int, end: int) -> Mention | None:
    """The mention that a cue makes, None where its words mean something else there."""
    mention = sentence.mention("finding", start, end, cue.finding)
    negated = mention.negated
    if cue.assertion:
        negated = cue.assertion == "negated"
    elif cue.finding in ORGAN_FINDINGS and NORMAL_AFTER.match(sentence.text[end:]):
        negated = True
    mention = mention.model_copy(update={"negated": negated})
    match cue.finding:
        case "adl_limitation":
            return _limitation(sentence, cue, mention, start, end)
        case "steroid_dependence" if not DEPENDENT_ON.search(sentence.text):
            return None
        case "taper_attempt":
            return _taper(sentence, cue, mention, start, end)
    parts = []
    if cue.finding in ORGAN_FINDINGS:
        parts += _severity(sentence, start, end)
    near = [d for d in sentence.dates if abs(d.start - end) < 40 or abs(start - d.end) < 40]
    parts += [sentence.part("date", d) for d in near[:1]]
    return mention.model_copy(update={"parts": tuple(parts)})


def _limitation(
    sentence: Sentence, cue: FindingCue, mention: Mention, start: int, end: int
) -> Mention | None:
    """A limitation, or independence; one activity that is no trouble says nothing of the others."""
    if any(n.kind in ("drug", "drug_class") and start <= n.start < end for n in sentence.names):
        return None
    outside = sentence.flags(start, min(start + 4, end))["negated"]
    if outside and cue.assertion != "negated":
        return None
    negated = cue.assertion == "negated" and not outside
    family = mention.family and RELATIVE_BEFORE.search(sentence.text[:start]) is not None
    return mention.model_copy(update={"negated": negated, "family": family})


def _taper(
    sentence: Sentence, cue: FindingCue, mention: Mention, start: int, end: int
) -> Mention | None:
    """A taper that was tried, or said not to have been; a planned one is hypothetical."""
    if cue.assertion != "negated" and mention.negated:
        return None
    ahead = TO_COME.search(sentence.text[:start]) is not None
    order = BARE_VERB.match(sentence.text, start) and re.fullmatch(
        r"(?:[-\u2022*\d.)\s]|and|slowly|slow|gradually)*", sentence.text[:start], re.IGNORECASE
    )
    planned = sentence.passage.section in ("plan", "instructions") and BARE_VERB.match(sentence.text, start)
    hypothetical = mention.hypothetical or (cue.assertion != "negated" and bool(ahead or order or planned))
    return mention.model_copy(update={"hypothetical": hypothetical})


def _severity(sentence: Sentence, start: int, end: int) -> list[Mention]:
    """The nearest words of severity in the clause of an organ."""
    left, right = sentence.clause(start)
    near = [
        (max(m.start() - end, start - m.end()), m)
        for m in SEVERITY.finditer(sentence.text, left, max(right, end))
        if not sentence.flags(m.start(), m.end())["negated"]
    ]
    near = [(gap, m) for gap, m in near if gap < SEVERITY_REACH]
    if not near:
        return []
    m = min(near, key=lambda pair: pair[0])[1]
    return [sentence.part("severity", Match(m.start(), m.end(), "severity", ""))]


def _without_contained(found: list[Mention]) -> list[Mention]:
    """Drop plain weakness where a more telling finding covers the same words."""
    telling = ("normal_strength", "ctcae_grade")
    return [
        m
        for m in found
        if m.code != "weakness"
        or not any(o.code in telling and o.start <= m.start and m.end <= o.end for o in found)
    ]


WEIGHT = re.compile(
    rf"\b(?:weight|weighs?|wt)\b\.?\s*(?:is|was|of|today|:|=|,|\()?\s*(?:about\s+)?(?P<value>{NUMBER})\s*(?P<unit>kg|kilograms?|lbs?|[Il1]bs?|pounds?)\b"
    rf"|(?<=for\s)(?P<value2>{NUMBER})\s*(?P<unit2>pounds|kilograms)\b",
    re.IGNORECASE,
)

NO_BODY_WEIGHT = re.compile(
    r"(?:gain|loss|lost|gained|change|lift|carry|ideal|target|goal|usual|lean|adjusted|birth|previous|prior)\w*\s*(?:of\s+|body\s+)*$",
    re.IGNORECASE,
)


def _weights(sentence: Sentence) -> list[Mention]:
    found = []
    for m in WEIGHT.finditer(sentence.text):
        tag = "" if m["value"] else "2"
        if NO_BODY_WEIGHT.search(sentence.text[: m.start()]):
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
    r"\s*(?:\w+\s+){0,3}?(?:at|on|below|when|while|after|to|each\s+time|with|whenever|upon|under|\()", re.IGNORECASE
)


def _flares(sentence: Sentence, models: Path) -> list[Mention]:
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
        gap = sentence.text[end : name.start] if name.start >= end else sentence.text[name.end : start]
        beside = name.kind == "diagnosis" and re.fullmatch(r"\s*(?:(?:of|in|the|her|his|an?|acute)\s+)*", gap)
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
            r"\s*(?:daily|a\s+day|/d|/day)?\s*(?:to|->|\u2192)\s*", sentence.text[after[0].end : after[1].start]
        )
        return after[1] if to else after[0]
    return None


def _lowering(sentence: Sentence, start: int, end: int, dose: Match | None) -> Match | None:
    """The word that lowers a dose; "relapsed at 12.5 mg" implies one, "worse on 40 mg" does not."""
    for m in LOWERING.finditer(sentence.text):
        left, right = sentence.clause(m.end())
        near = sentence.text[max(left, m.start() - LOWERING_REACH) : min(right, m.end() + LOWERING_REACH)]
        if re.fullmatch(TAPERING, m.group(0), re.IGNORECASE) or DOSE_WORD.search(near):
            return Match(m.start(), m.end(), "lowering", "")
    if dose is None or not RELAPSE.search(sentence.text[start:end]):
        return None
    if start < dose.start and re.fullmatch(r"\s*(?:again\s+)?at\s+(?:about\s+)?", sentence.text[end : dose.start]):
        return Match(end, dose.start, "lowering", "")
    fronted = re.search(r"(?:^|[,;]\s*)at\s+(?:about\s+)?$", sentence.text[: dose.start], re.IGNORECASE)
    return Match(fronted.start(), dose.start, "lowering", "") if fronted else None
