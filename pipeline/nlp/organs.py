"""Organ involvement in prose: which organ, denied or not, and how severe."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match
from pipeline.schema import Mention

INVOLVEMENT = re.compile(
    r"(?P<lead>(?:no|without|nor|denies|absence\s+of|free\s+of)\s+(?:(?:any|evidence\s+of|clinical|overt|known|obvious|current)\s+)*)?"
    r"(?P<organs>(?:(?:pulmonary|lung|(?<!upper\s)respiratory|cardiac|heart|cardiopulmonary|swallowing|bulbar|oropharyngeal|esophageal|oesophageal|pharyngeal|throat|skin|renal|joint|gi|organ)\b[\s,/]*(?:and|or|nor|&)?[\s,/]*)+)"
    r"(?P<noun>involvement|compromise|disease|manifestations?|symptoms?)",
    re.IGNORECASE,
)
ORGANS = {
    "ild": r"pulmonary|lung|cardiopulmonary",
    "respiratory_compromise": r"respiratory",
    "cardiac_involvement": r"cardiac|heart|cardiopulmonary",
    "dysphagia": r"swallowing|bulbar|oropharyngeal|o?esophageal|pharyngeal|throat",
}
# "No involvement of lung, heart or esophagus": all that is named up to the end of the clause.
INVOLVEMENT_OF = re.compile(
    r"\b(?:no|without|nor|denies|absence\s+of|free\s+of|found\s+no)\s+(?:(?:any|evidence\s+of|sign\s+of|signs\s+of|"
    r"clinical|overt|known|obvious|current)\s+)*(?:involvement|compromise)\s+of\s+(?P<organs>[^.;:()]+)(?P<listed>)",
    re.IGNORECASE,
)
# "Heart and lungs uninvolved"; that an organ is involved needs plainer words than these.
ORGAN_WORD = r"(?:lungs?|heart|chest|breathing|swallow(?:ing)?|pharynx|throat|o?esophagus|internal\s+organs|skin|joints?|kidneys?|muscles?)"
ASIDE = r"(?:\s*\([^()]*\))?"  # "her lungs (FVC 94 % in July), heart and swallowing are spared"
NEXT_ORGAN = rf"(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*[/&]\s*)(?:(?:the|her|his|their)\s+)?{ORGAN_WORD}{ASIDE})"
LINKING = r"(?:(?:is|are|was|were|remains?|all|both|each|entirely|completely|clinically|exam(?:ination)?s?|function)\s+)*"
# Looked at with nothing to show for it: "were examined in May and nothing was found".
NOTHING_FOUND = (
    r"(?:look(?:ed)?\s+(?:at|into)|examined|checked|assessed|investigated|evaluated|studied|reviewed|screened)\b"
    r"(?:\s+(?:and|in|on|by|with)\s+\w+|\s+\w+|\s*[,;:\u2013-]){0,6}?[\s,;:\u2013-]+"
    r"(?:nothing\s+(?:(?:wrong|amiss|abnormal)\s+)?(?:was\s+|has\s+been\s+)?(?:found|seen|turned\s+up|came\s+of\s+it)"
    r"|found\s+(?:nothing|normal|clear|to\s+be\s+(?:normal|clear|free|well))|without\s+(?:any\s+)?(?:finding|abnormality)s?|normal|clear)"
)
UNINVOLVED = re.compile(
    rf"\b(?:(?P<organs>{ORGAN_WORD}{ASIDE}{NEXT_ORGAN}*)\s+{LINKING}(?:uninvolved|unaffected|spared|not\s+(?:involved|affected))"
    # Said of a list, plainer words do: "lungs clear" alone is what the stethoscope tells.
    rf"|(?P<listed>{ORGAN_WORD}{ASIDE}{NEXT_ORGAN}{{2,}}|swallow(?:ing)?{ASIDE}{NEXT_ORGAN}|(?:heart|breathing){ASIDE}\s+and\s+swallow(?:ing)?)\s+{LINKING}"
    rf"(?:normal|ordinary|clear|unremarkable|healthy|fine|sound|quiet|free\s+of\s+(?:the\s+)?disease|{NOTHING_FOUND}))\b"
    r"(?!\s+(?:except|but|until|before|apart|save|for)\b)",
    re.IGNORECASE,
)
SPARED = {
    "ild": r"lungs?|chest",
    "respiratory_compromise": r"breathing",
    "cardiac_involvement": r"heart|myocardium",
    "dysphagia": r"swallow(?:ing)?|pharynx|throat|o?esophagus",
    "organ_involvement": r"internal\s+organs",
}
# "Swallowing: mild, pills only", "Breathing - severe": an organ as a label, and how bad it is.
GRADED = re.compile(
    r"(?:^|[.;]\s+)\W*(?P<organ>swallow(?:ing)?|breathing|throat|pharynx)\s*(?::|\s[-\u2013])\s*(?:still\s+|now\s+)?"
    r"(?P<degree>(?:mild|moderate|severe|marked)(?:ly)?)\b"
    r"(?!\s+(?:improve\w*|recover\w*|better)|[^.;]{0,40}\b(?:resolved|gone|in\s+the\s+past|until)\b)",
    re.IGNORECASE,
)
ORGAN_FINDINGS = (*ORGANS, "organ_involvement")
SEVERITY = re.compile(
    r"\b(?:mild|moderate(?:ly)?(?:[\s-]+(?:to[\s-]+)?severe)?|severe(?:ly)?|marked|profound|life-threatening|"
    r"requir\w+\s+(?:(?:home|supplemental|nocturnal|\d(?:\.\d)?\s*L(?:/min)?(?:\s+of)?)\s+)*(?:oxygen|O2|intubation|feeding|ventilation|BiPAP)|"
    r"PEG|NPO|feeding\s+tube|\d(?:\.\d)?\s*L\b|(?:FVC|DLCO|FEV1|(?:LV)?EF|ejection\s+fraction)\s*(?:(?:is|was|of|now|only|about|:)\s*)*\d+\s*%|"
    r"at\s+rest|(?:on|with)\s+(?:minimal|mild|moderate|any)\s+(?:exertion|effort)|NYHA\s+(?:class\s+)?[IV]+|aspirat\w+|choking|solids?|liquids?)",
    re.IGNORECASE,
)
LUNGS = ("ild", "respiratory_compromise", "organ_involvement")
MEASURES = (
    (r"EF\b|ejection|NYHA", ("cardiac_involvement", "organ_involvement")),
    (r"FVC|DLCO|FEV1|oxygen|O2|\dL|\sL\b|BiPAP|ventilat|intubat", LUNGS),
    (r"PEG|NPO|feeding|aspirat|choking|solids?|liquids?", ("dysphagia", "organ_involvement")),
    (r"at\s+rest|exertion|effort", (*LUNGS, "cardiac_involvement")),
)
SEVERITY_REACH = 60  # characters between an organ and words that tell how severely it is involved
NORMAL_AFTER = re.compile(
    r"\s*(?:is|are|was|were|has\s+been|[:\u2013-])?\s*(?:normal|clear|unremarkable|negative|none|absent|denie[sd]|no\b(?!\s+(?:better|improv|change))|not\s+(?:present|noted|reported|seen))",
    re.IGNORECASE,
)


def is_title_of_code(sentence: Sentence, start: int) -> bool:
    """ "M33.21 polymyositis with respiratory involvement" repeats what the code is called.

    The code stands for itself; its official title beside it is no further statement.
    """
    head = re.compile(r"\b[A-Z]\d\d\.\w{1,4}\b[\s:,(-]*(?:[a-z]+\s+){1,3}with\s+$", re.IGNORECASE)
    return head.search(sentence.text[:start]) is not None


def find_involvement(sentence: Sentence, known: list[Mention]) -> list[Mention]:
    """ "No pulmonary, cardiac or swallowing involvement" says three things."""
    found = _find_spared(sentence, known)
    for m in GRADED.finditer(sentence.text):
        for finding, organ in SPARED.items():
            if re.fullmatch(organ, m["organ"], re.IGNORECASE):
                mention = sentence.mention("finding", m.start(), m.end(), finding)
                degree = sentence.part("severity", Match(*m.span("degree"), "severity", ""))
                found.append(mention.model_copy(update={"parts": (degree,), "negated": False}))
    for m in INVOLVEMENT.finditer(sentence.text):
        for finding, organ in ORGANS.items():
            if not re.search(rf"\b(?:{organ})\b", m["organs"], re.IGNORECASE):
                continue
            mention = sentence.mention("finding", m.start("organs"), m.end(), finding)
            if _is_known(mention, known) or is_title_of_code(sentence, m.start("organs")):
                continue
            if m["lead"] or NORMAL_AFTER.match(sentence.text[m.end() :]):
                mention = mention.model_copy(update={"negated": True})
            elif m["noun"].lower() == "disease":
                continue  # "heart disease" may be a disease of its own
            else:
                severity = find_severity(sentence, finding, m.start("organs"), m.end())
                mention = mention.model_copy(update={"parts": tuple(severity)})
            found.append(mention)
    return found


def _find_spared(sentence: Sentence, known: list[Mention]) -> list[Mention]:
    """ "Heart and lungs uninvolved" says two things."""
    found = []
    for m in (*UNINVOLVED.finditer(sentence.text), *INVOLVEMENT_OF.finditer(sentence.text)):
        for finding, organ in SPARED.items():
            mention = sentence.mention("finding", m.start(), m.end(), finding)
            organs = m["organs"] or m["listed"]
            named = re.search(rf"\b(?:{organ})\b", organs, re.IGNORECASE)
            if named and not _is_known(mention, known):
                found.append(mention.model_copy(update={"negated": True}))
    return found


def spared(sentence: Sentence) -> list[Mention]:
    """The organs that a cell names, each as one that is not involved."""
    whole = sentence.text.strip()
    return [
        sentence.mention("finding", 0, len(whole), finding).model_copy(update={"negated": True})
        for finding, organ in SPARED.items()
        if re.fullmatch(rf"(?:the\s+)?(?:{organ})\W*", whole, re.IGNORECASE)
    ]


def _is_known(mention: Mention, known: list[Mention]) -> bool:
    return any(
        k.code == mention.code and k.start < mention.end and mention.start < k.end for k in known
    )


# "His breathlessness is his COPD", "dyspnea from heart failure": signs of another disease.
OF_DISEASE = re.compile(
    r"\s*,?\s*(?:(?:is|was|are|were|which|that|has|have|been|being|now|all|entirely|long|clearly)\s+)*"
    r"(?:(?:due|secondary|owing|attributed|attributable|related|down)\s+to|because\s+of|caused\s+by|explained\s+by|from|is|was)?\s*"
    r"(?:(?:his|her|the|their|a|known|chronic|mild|moderate|severe|long-?\s?standing|underlying|old|existing)\s+)*$",
    re.IGNORECASE,
)
SYMPTOMS = ("respiratory_compromise", "dysphagia")


def is_of_other_disease(sentence: Sentence, finding: str, end: int, own: Iterable[str]) -> bool:
    """Whether a symptom that ends at `end` is put down to a disease other than those of `own`."""
    if finding not in SYMPTOMS:
        return False
    blamed = (n for n in sentence.names if n.kind == "diagnosis" and n.start >= end)
    first = min(blamed, key=lambda n: n.start, default=None)
    if first is None or first.code in own:
        return False
    gap = sentence.text[end : first.start]
    return bool(gap.strip(" ,")) and OF_DISEASE.fullmatch(gap) is not None


# What is done where an organ fails, and what a failing lung needs.
SUPPORT = re.compile(r"ventilat|BiPAP|intubat|\bPEG\b|feeding\s+tube|\bNPO\b", re.IGNORECASE)
OXYGEN = re.compile(r"oxygen|O2\b", re.IGNORECASE)


def without_measures(found: list[Mention]) -> list[Mention]:
    """Findings but those that deny a measure: "no intubation" says how severe it is, not that it is not.

    Of lung disease "not on oxygen" says the same; alone it says that breathing is not affected.
    """
    lungs = any(m.code == "ild" and not m.negated for m in found)
    return [
        m
        for m in found
        if not (
            m.code in SYMPTOMS
            and m.negated
            and (SUPPORT.search(m.text) or (lungs and OXYGEN.search(m.text)))
        )
    ]


def find_severity(sentence: Sentence, finding: str, start: int, end: int) -> list[Mention]:
    """The nearest words in the clause of an organ that tell how severely it is involved."""
    left, right = sentence.clause(start)
    near = [
        (max(m.start() - end, start - m.end()), m)
        for m in SEVERITY.finditer(sentence.text, left, max(right, end))
        if not sentence.flags(m.start(), m.end())["negated"]
        and not (m.start() >= end and _is_of_next(sentence.text, m))
    ]
    near = [
        (gap, m)
        for gap, m in near
        if (gap < SEVERITY_REACH or "%" in m.group(0)) and _may_measure(m.group(0), finding)
    ]
    if not near:
        return []
    m = min(near, key=lambda pair: pair[0])[1]
    return [sentence.part("severity", Match(m.start(), m.end(), "severity", ""))]


DEGREE = re.compile(r"(?:mild|moderate|severe|marked|profound)\w*$", re.IGNORECASE)
NO_NOUN = re.compile(
    r"\s*(?:$|[^\sA-Za-z]|(?:and|or|but|with|in|on|at|to|for|by|enough|requir\w+|since|as|is|was)\b)"
)


def _is_of_next(text: str, degree: re.Match[str]) -> bool:
    """Whether a degree that follows a finding is of what comes next: ", with severe dysphagia"."""
    return DEGREE.match(degree.group(0)) is not None and not NO_NOUN.match(text, degree.end())


def _may_measure(words: str, finding: str) -> bool:
    """Whether words of severity are of this organ; most may be of any."""
    of = [organs for pattern, organs in MEASURES if re.search(pattern, words, re.IGNORECASE)]
    return not of or any(finding in organs for organs in of)
