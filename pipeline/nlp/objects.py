"""What a treatment cue is said of: "not a candidate for transplant" is not said of the drug before it.

Each cue of `cue_objects.csv` has its object behind it ("refractory to X") or its subject before it
("X is contraindicated"). Where that is named and is neither a drug nor a word for one, the cue
says nothing of the drugs around it; nor does a rule ("contraindicated in pregnancy", "alcohol is a
contraindication to X"), which holds for anybody.
"""

from __future__ import annotations

import re
from enum import StrEnum

from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match


class SaidOf(StrEnum):
    """What a cue is said of: a drug, another thing, or anybody; UNSURE may be the last."""

    DRUG = "drug"
    OTHER = "other"
    ANYBODY = "anybody"
    UNSURE = "unsure"


# Words for a drug that was named before, with what may stand beside them.
REFERRING = re.compile(
    r"(?:(?:the|this|that|these|those|such|its|their|any|both|either|neither|each|further|more|continued|long[\s-]term|same|other|two|three|all|"
    r"use|re-?use|re-?challenge|re-?exposure|another|first|second|last|initial|latter|former|a|an|of|to|with|full|higher|lower|increased)\s+)*"
    r"(?:it|this|that|which|they|them|these|those|both|either|neither|all|any|one|drugs?|agents?|medications?|medicines?|therapy|therapies|"
    r"treatments?|doses?|course|combination|regimen|use|re-?challenge|re-?exposure|latter|former|trials?|two|three|pair)"
    r"(?:\s+(?:of\s+(?:them|these|those)|together|combined|alike|alone|in\s+combination|above|so\s+far))?",
    re.IGNORECASE,
)
PERSON = re.compile(
    r"(?:(?:the|this|our|my)\s+)?(?:patient|pt|member|s?he|they|who|there|mr|mrs|ms|miss)\b\.?(?:\s+[A-Z][\w-]+)?",
    re.IGNORECASE,
)
# The patient, or what is the patient's.
HERS = re.compile(
    r"\b(?:her|his|their|him|them|my|our|s?he)\b|\bpatient'?s?\b(?<!patients)", re.IGNORECASE
)
COPULA = re.compile(
    r"(?:\b(?:is|was|were|are|be|been|being|has|have|had|would|will|may|might|must|could|should|to|remains?|remained|became|felt|considered|"
    r"deemed|thought|judged|regarded|as|relatively|absolutely|strictly|strongly|therefore|thus|hence|also|too|now|currently|medically|"
    r"absolute|relative|strict|major|clinically|still|not|an?|both|known|formally|generally)\s+)+$",
    re.IGNORECASE,
)
# Where a clause begins, to the left of its verb.
CLAUSE_START = re.compile(
    r"[.,;:()\[\]\t\n\u2013\u2014]|\s-\s|\b(?:and|but|or|so|while|because|since|that|where|when)\b",
    re.IGNORECASE,
)
# Where an object ends, to the right of its cue.
OBJECT_END = re.compile(
    r"[.,;:()?\t\n\u2013\u2014]|\s-\s|\b(?:because|due|given|as|since|after|from|by|in|on|at|when|if|which|who|that|but|owing|secondary|is|was|"
    r"were|has|had|have|at|until|before|despite|while|so|she|he|without)\b",
    re.IGNORECASE,
)
TO = re.compile(r"\s+to\b", re.IGNORECASE)
LED = re.compile(
    r"\s*(?:(?:to|for|of|with|on)\s+)(?!\d|(?:\w+\s+)?(?:days?|weeks?|months?|years?)\b)",
    re.IGNORECASE,
)
ENDS_LED = re.compile(r"\b(?:to|for|of|with|on|take|receive|tolerate)$", re.IGNORECASE)
# Of whom or with what a drug must not be given: "in pregnancy", "with allopurinol".
RULE = re.compile(
    r"\s*(?:in\s+combination\s+with|(?:together|concurrently|concomitantly|along)\s+with|in|during|among|with|if|when|unless|for)\s+"
    r"(?!(?:the\s+)?(?:setting|context|light|view|case|presence)\b)(?P<rest>[^.,;:()]*)",
    re.IGNORECASE,
)
ANYBODYS = re.compile(
    r"(?:(?:all|most|many|some|any|other|adult|older|elderly|pediatric|pregnant|nursing|lactating|breast-?feeding)\s+)*"
    r"(?:patients|people|persons|individuals|those|anyone|anybody|women|men|adults|children|members|pregnancy|lactation|breast-?feeding)\b",
    re.IGNORECASE,
)
FITNESS = re.compile(r"\b(?:an?\s+)?(?P<for>\w+\s+)?(?:candidate|eligible)$", re.IGNORECASE)
GOOD = re.compile(
    r"an?|not|good|safe|suitable|ideal|appropriate|reasonable|viable|acceptable|longer|medical",
    re.IGNORECASE,
)
THIS = re.compile(r"(?:the|this|that|such)\b", re.IGNORECASE)
NOMINAL = re.compile(r"contra-?indication", re.IGNORECASE)
SHORT = 4  # words of a subject that needs no verb: "Transplant contraindicated"


def said_of(sentence: Sentence, cue: Match) -> SaidOf:
    """What an outcome cue of a sentence is said of; DRUG too where its words do not tell."""
    frame = sentence.frames.get(cue, "")
    if not frame:
        return SaidOf.DRUG
    words = sentence.text[cue.start : cue.end]
    subject, verb = _subject(sentence, cue)
    person = PERSON.fullmatch(subject) is not None
    if NOMINAL.match(words) and verb and subject and not person:
        known = HERS.search(subject) or THIS.match(subject) or REFERRING.fullmatch(subject)
        return SaidOf.DRUG if known else SaidOf.ANYBODY
    if frame == "object_to":
        behind = TO.match(sentence.text, cue.end)
        return _of_object(sentence, cue, person) if behind else SaidOf.DRUG
    if frame == "object" or person:
        return _of_object(sentence, cue, person)
    if subject and not _is_treatment(sentence, cue.start, subject):
        named = verb or len(subject.split()) <= SHORT
        return SaidOf.OTHER if named else SaidOf.DRUG
    return _of_rule(sentence, cue)


def _subject(sentence: Sentence, cue: Match) -> tuple[str, bool]:
    """The words before a cue in its clause, and whether a verb links them with it."""
    before = sentence.text[: cue.start]
    borders = [m.end() for m in CLAUSE_START.finditer(before)]
    left = before[max(borders, default=0) :]
    linked = COPULA.search(left)
    return (left[: linked.start()] if linked else left).strip(), linked is not None


def _of_object(sentence: Sentence, cue: Match, person: bool) -> SaidOf:
    text, start = sentence.text, cue.end
    if not ENDS_LED.search(text[: cue.end]):
        led = LED.match(text, cue.end)
        fitness = FITNESS.search(text[cue.start : cue.end])
        if led is None and fitness is not None:
            if fitness["for"] and not GOOD.fullmatch(fitness["for"].strip()):
                return SaidOf.OTHER  # "not a transplant candidate"
            return SaidOf.UNSURE if person else SaidOf.DRUG
        if led is None:
            return SaidOf.DRUG
        start = led.end()
    end = OBJECT_END.search(text, start)
    right = end.start() if end else len(text)
    named = text[start:right].strip(" '\"[]")
    if not named or _is_treatment(sentence, right, text[start:right]):
        return SaidOf.DRUG
    return SaidOf.OTHER


def _is_treatment(sentence: Sentence, end: int, words: str) -> bool:
    """Whether words that end before `end` name a drug or refer to one."""
    start = sentence.text.rfind(words, 0, end)
    named = _names_drug(sentence, start, start + len(words))
    return named or REFERRING.fullmatch(words.strip(" '\"[]")) is not None


def _names_drug(sentence: Sentence, start: int, end: int) -> bool:
    """Whether a drug or a class of drugs is named there."""
    return any(n.kind in ("drug", "drug_class") and start <= n.start < end for n in sentence.names)


def _of_rule(sentence: Sentence, cue: Match) -> SaidOf:
    """Whether what stands behind "contraindicated" makes it a rule for anybody."""
    rule = RULE.match(sentence.text, cue.end)
    if rule is None or HERS.search(rule["rest"]):
        return SaidOf.DRUG
    if _names_drug(sentence, *rule.span("rest")) or ANYBODYS.match(rule["rest"]):
        return SaidOf.ANYBODY
    return SaidOf.UNSURE
