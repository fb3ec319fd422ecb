"""Whether a length of time in a sentence about a drug is of something else than its taking.

The words that govern a length say what lasted so long. A clause of its own ("because the legs had
ached for half a year") is about the treatment only if it has a word of treating; otherwise what
counts is the last thing named before the length: a complaint, an illness, a supply, a pause.
"""

from __future__ import annotations

import re

from pipeline.notation.lengths import OF_GAIN
from pipeline.notation.matches import Match

# Where another clause begins. Behind a word of reason or time stands what was so before the drug;
# behind the others, what came of it may stand too.
_OF_REASON = (
    r"after|because|since|when|while|as|where|although|though|until|before|in\s+whom|who|whose"
)
_CLAUSE = re.compile(
    rf"[,;:(]|\b(?:(?P<reason>{_OF_REASON})|and|but|then|so|(?<!on\s)(?<!under\s)which|that)\b",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"\b(?:he|she|they|it|is|was|were|are|be|been|being|has|have|had|could|can|did|does)\b",
    re.IGNORECASE,
)
_TREATING = re.compile(
    r"\b(?:tak(?:e|es|en|ing)|took|on|giv(?:en|ing|es?)|gave|receiv\w+|continu\w+|treat(?!ment\s+of\b)\w*|us(?:ed?|ing)|stay(?:ed|s)\s+on|"
    r"maintain\w*|kept|tolerat\w+|borne?|bore|tri(?:ed|al)|course|therapy|dos(?:ed?|es|ing)|\d\s*mg|mg|ran|run|lasted|administered|"
    r"infus\w+|inject\w+|completed|finished|(?:had|has|have|having)\s+(?:it|them|both|this|that)|drugs?|medication|combination|regimen)\b",
    re.IGNORECASE,
)
_COMPLAINT = re.compile(
    r"\b(?:\w{3,}(?:ness|algias?|itis|opath(?:y|ies)|phagia|pn(?:o)?ea)|pains?|painful|ach(?:e[sd]?|ing)|fatigued?|tired|symptom\w*|"
    r"complain\w*|disease|illness|disorder|condition|weak(?:er)?|sick|ill|unwell|bedridden|bed-?bound|unable|trouble|difficult\w*|rash|fevers?|"
    r"cough\w*|swelling|swollen|diarrhea|leave|hospital\w*|admi(?:tted|ssion)|history|smok\w+|married|pregnan\w+|retired|employ\w*|"
    r"work(?:ed|ing|s)?|follow-?up|followed)\b",
    re.IGNORECASE,
)
_SUPPLY_BEFORE = re.compile(
    r"\b(?:suppl(?:y|ies|ied)|dispens\w*|disp|qty|quantity|refill\w*|re-?fills?|fill(?:ed)?|script|written|authori[sz]\w+|approv\w+)\b[^,;]{0,20}$",
    re.IGNORECASE,
)
_SUPPLY_AFTER = re.compile(
    r"(?:['\u2019]s?)?[\s(-]*(?:supply|supplies|worth|dispensed|supplied|at\s+a\s+time|d\.?s\.?\b|per\s+(?:fill|refill))",
    re.IGNORECASE,
)
_PAUSED = re.compile(
    r"\b(?:held|withheld|paused|interrupted|suspended|stopped|discontinued|off|on\s+hold|out\s+of)\b"
    r"(?:\s+(?:it|again|once|twice|briefly))?\s*(?:for|x)\s*(?:(?:the\s+(?:past|last)|only|about|just)\s+)?$",
    re.IGNORECASE,
)
_INDICATION = re.compile(rf"\bfor\s+(?:\w+\s+){{0,2}}{_COMPLAINT.pattern}", re.IGNORECASE)
_OF_IT = re.compile(
    r"\s+(?:of|on)\s+(?:it|this|that|both|the\s+(?:drug|dose|combination)|therapy|treatment)\b",
    re.IGNORECASE,
)
_LEADS = re.compile(r"\s*(?:of|on|into|with)\b", re.IGNORECASE)


def is_of_other(text: str, m: Match, start: int, end: int, outcomes: tuple[Match, ...]) -> bool:
    """Whether the length `m` is of something else than the drug whose words are `text[start:end]`.

    Args:
        outcomes: What the sentence says came of treatments.
    """
    if _SUPPLY_AFTER.match(text, m.end) or _SUPPLY_BEFORE.search(text[: m.start]):
        return True
    if _OF_IT.match(text, m.end):
        return False
    if start >= m.end:
        between = text[m.end : start]
        if _COMPLAINT.search(between) or _FINITE.search(between):
            return True
        leads = _LEADS.match(between) or OF_GAIN.match(text, m.end)
        return not leads and _names_other(text, 0, m, outcomes)
    return _names_other(text, end, m, outcomes)


def _names_other(text: str, start: int, m: Match, outcomes: tuple[Match, ...]) -> bool:
    """Whether the words from `start` up to a length name something else that lasts."""
    if _PAUSED.search(text, start, m.start):
        return True
    opened = list(_CLAUSE.finditer(text, start, m.start))
    at = opened[-1].end() if opened else start
    words = text[at : m.start]
    if m.code.startswith("for"):
        words = _INDICATION.sub(lambda found: " " * len(found[0]), words)
    treating = [t.end() for t in _TREATING.finditer(words)]
    named = [c.end() for c in _COMPLAINT.finditer(words)]
    if named and named[-1] > max(treating, default=0):
        return True
    if not opened or treating or not _FINITE.search(words):
        return False
    told = any(at <= o.start < m.start for o in outcomes)
    return opened[-1]["reason"] is not None or not told
