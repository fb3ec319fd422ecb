"""What the words about a study say it showed: abnormal, normal, pending, not done."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.nlp.findings import load_studies
from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match

PRECEDENCE = ("not_done", "abnormal", "normal", "pending")
# "To look for myositis", "for suspected myopathy": what a study is for is not what it showed.
PURPOSE = re.compile(
    r"\b(?:to\s+(?:further\s+)?(?:evaluate|look|assess|check|screen|exclude|rule\s+out|confirm|document|determine|establish|see|support|characteri[sz]e|differentiate)|"
    # "should it show edema", "may show", "expected to confirm": what a study may yet show.
    r"should\s+(?!be\b)(?:\w+\s+){1,3}?(?:show|reveal|demonstrate|confirm|find)|(?:will|may|might|could|would|(?:expected|hoped|likely)\s+to)\s+(?:\w+\s+)?(?:show|reveal|demonstrate|confirm)|"
    # What it cannot tell: "alone cannot rule out inclusion body myositis".
    r"(?:cannot|(?:can|could|does|did|do|would)\s*(?:not|n't)|unable\s+to|fail(?:s|ed)?\s+to)\s+(?:\w+\s+){0,4}?(?:exclu\w+|rule\s+out|confirm|prove|establish|distinguish|differentiate|settle)|"
    r"in\s+case|unless|whether|were\s+(?:it|they|the\s+\w+)\s+to|"
    r"for\s+(?:the\s+)?(?:evaluation|assessment|suspected|possible|suspicion|concern|workup|work-up|query|question)|if)\b[^.;:]*$",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"\b(?:no|without|not|never|lacks?|absence\s+of)\s+(?:\w+\s+){0,4}$", re.IGNORECASE
)
TOLD = re.compile(
    r"show|reveal|demonstrat|confirm|consistent|found|finding|positive|\bread|report|suggest|indicat|diagnos|:|=|\(",
    re.IGNORECASE,
)


def read_result(
    sentence: Sentence, study: str, start: int, end: int, models: Path
) -> tuple[str, Match] | None:
    """What a stretch says of a study: (result, the words that say it)."""
    hits: dict[str, Match] = {}
    for kind, value, pattern in load_studies(models):
        if kind not in (study, "any"):
            continue
        for m in pattern.finditer(sentence.text, start, end):
            told = value
            if value in ("abnormal", "normal") and PURPOSE.search(sentence.text[start : m.start()]):
                continue
            if value == "abnormal" and _is_denied(sentence, m.start(), m.end()):
                told = "normal"
            hits.setdefault(told, Match(m.start(), m.end(), "value", told))
    pending = hits.get("pending")
    for value in PRECEDENCE:
        hit = hits.get(value)
        if hit is None:
            continue
        shown = value in ("abnormal", "normal")
        if (
            shown
            and pending is not None
            and pending.end <= hit.start
            and not TOLD.search(sentence.text, pending.end, hit.start)
        ):
            continue  # "EMG ordered for myopathy" shows nothing yet
        return value, hit
    return None


def _is_denied(sentence: Sentence, start: int, end: int) -> bool:
    """ "Without fibrillations", "edema has resolved": an abnormal sign that is not there."""
    flags = sentence.contexts.of(start, end)
    gone = re.match(
        r"\s+(?:has\s+|have\s+|had\s+)?(?:completely\s+)?(?:resolved|disappeared|cleared)\b",
        sentence.text[end:],
    )
    return bool("negated" in flags or DENIED.search(sentence.text[:start]) or gone)
