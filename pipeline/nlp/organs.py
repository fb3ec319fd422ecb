"""Organ involvement in prose: which organ, denied or not, and how severe."""

from __future__ import annotations

import re

from pipeline.nlp.cues import Match
from pipeline.nlp.sentence import Sentence
from pipeline.schema import Mention

INVOLVEMENT = re.compile(
    r"(?P<lead>(?:no|without|nor|denies|absence\s+of|free\s+of)\s+(?:(?:any|evidence\s+of|clinical|overt|known|obvious|current)\s+)*)?"
    r"(?P<organs>(?:(?:pulmonary|lung|(?<!upper\s)respiratory|cardiac|heart|cardiopulmonary|swallowing|bulbar|oropharyngeal|esophageal|oesophageal|pharyngeal|skin|renal|joint|gi|organ)\b[\s,/]*(?:and|or|nor|&)?[\s,/]*)+)"
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


def find_involvement(sentence: Sentence, known: list[Mention]) -> list[Mention]:
    """ "No pulmonary, cardiac or swallowing involvement" says three things."""
    found = []
    for m in INVOLVEMENT.finditer(sentence.text):
        for finding, organ in ORGANS.items():
            if not re.search(rf"\b(?:{organ})\b", m["organs"], re.IGNORECASE):
                continue
            mention = sentence.mention("finding", m.start("organs"), m.end(), finding)
            if any(
                k.code == finding and k.start < mention.end and mention.start < k.end for k in known
            ):
                continue
            if m["lead"] or NORMAL_AFTER.match(sentence.text[m.end() :]):
                mention = mention.model_copy(update={"negated": True})
            elif m["noun"].lower() == "disease":
                continue  # "heart disease" may be a disease of its own
            found.append(mention)
    return found


def find_severity(sentence: Sentence, start: int, end: int) -> list[Mention]:
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
