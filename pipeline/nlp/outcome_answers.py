"""Answers to "Outcome", "Response", "Reason stopped": in a column, behind a label, in a word or two."""

from __future__ import annotations

import re

from pipeline.nlp.objects import SaidOf, said_of
from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match
from pipeline.schema import Mention

# Answers of a word or two to "Outcome", "Response".
SHORT = (
    ("failed", r"(?:progress(?:ive|ion|ed)(?:\s+(?:of\s+)?(?!improv|recover|gain|better)\w+)?|none|nil|no|failed|failure|fail|poor|ineffective|inadequate|insufficient|no\s+(?:effect|change|help|benefit|response)|unchanged|not\s+effective|did\s+not\s+help)"),
    ("partial_response", r"(?:partial(?:ly)?|incomplete|some|slight|modest)"),
    ("responded", r"(?:good|excellent|very\s+good|effective|complete|full|remission|helped|worked|responded|improved)"),
)  # fmt: skip
# What may follow such a word without changing it: "progressed after 3 months", "failed with a rash".
HOW = r"(?:with|after|at|by|despite|while|within|on|in)\b[^;,.()]*"
# "Helped, then wore off": a gain that did not last is a failure; any other turn is left to the reader.
LOST = re.compile(
    r"\b(?:benefit\w*|better|relief|respon\w+|improve\w*|help\w*|effect\w*|good)\b[^.]{0,40}\b(?:only|wore\s+off|waned|lost|not\s+sustained|short[\s-]lived|faded|decline[sd]?|worse\w*)\b",
    re.IGNORECASE,
)
TURNS = re.compile(
    r"\b(?:but|then|until|relaps\w*|flare\w*|lost|later|initial\w*|except|though)\b", re.IGNORECASE
)
SHORT_ANSWER = re.compile(r"[^;,.()]*")
ASKS_RESPONSE = re.compile(
    r"response|outcome|result|effect|benefit|efficacy|happened|came\s+of", re.IGNORECASE
)
ASKS_END = re.compile(
    r"stop|discontinu|reason|\bwhy\b|side|adverse|tolera|ended|happened|outcome|result",
    re.IGNORECASE,
)
HARM = re.compile(
    r"\b(?:nausea|vomit\w*|diarrh\w*|rash|hives|urticaria|anaphyla\w*|\w*penia|pancreatitis|stomatitis|mouth\s+(?:sores|ulcers)|mucositis|"
    r"pneumonitis|hepato\w+|hepatitis|transaminitis|(?:elevated|raised|high|abnormal|rising)\s+(?:lfts?|liver\s+\w+|transaminases|alt|ast)|"
    r"(?:lfts?|liver\s+(?:enzymes|tests)|transaminases|alt|ast)\s+(?:(?:went|shot|crept|was|were)\s+up|elevat\w*|rais\w*|rise|rose|up|high|(?:went|climb\w*|jump\w*|soar\w*|shot)\b|doubl\w*|tripl\w*|trebl\w*)|gi\s+(?:upset|intolerance|distress)|"
    r"(?:lfts?|liver\s+(?:enzymes|tests)|transaminases|alt|ast)\b[^.;\n]{0,30}?(?:\d|two|three|four|five|six|seven|eight|ten|several)[\d.]*\s*(?:-?\s*fold|x|\u00d7|times)\s*(?:the\s+)?(?:upper|uln|normal|limit)|"
    r"abdominal\s+pain|hair\s+loss|alopecia|headaches?|meningitis|thrombosis|allerg\w*|infusion\s+reaction|intoleran\w*|toxicity)\b",
    re.IGNORECASE,
)
NO_HARM = re.compile(r"\b(?:no|without|denies|tolerated\s+well|well\s+tolerated)\b", re.IGNORECASE)


def outcome_parts(cells: list[Sentence], title: str) -> list[Mention]:
    """What the outcome cells of a drug say, in the words of notes or in a word alone, and the cell that says it."""
    for sentence in cells:
        told = outcome_of(sentence, title)
        if told is not None:
            return [sentence.part("outcome", told), _whole(sentence)]
    return [_whole(sentence) for sentence in cells[:1]]


def _whole(sentence: Sentence) -> Mention:
    return sentence.part("reason", Match(0, len(sentence.text), "reason", ""))


def outcome_of(sentence: Sentence, title: str) -> Match | None:
    """The outcome that an answer under a title, or behind a label, tells; None if it tells none."""
    cue = next(
        (
            c
            for c in sentence.cues
            if c.kind == "outcome" and said_of(sentence, c) not in (SaidOf.OTHER, SaidOf.ANYBODY)
        ),
        None,
    )
    if cue is not None and cue.code == "responded" and TURNS.search(sentence.text[cue.end :]):
        lost = LOST.search(sentence.text)
        return Match(*lost.span(), "outcome", "failed") if lost is not None else None
    if cue is not None:
        return cue
    if not title or ASKS_RESPONSE.search(title):
        lost = LOST.search(sentence.text)
        if lost is not None:
            return Match(*lost.span(), "outcome", "failed")
        words = SHORT_ANSWER.match(sentence.text)
        for code, pattern in SHORT:
            told = rf"(?:{pattern})(?:\s+{HOW})?"
            if words is not None and re.fullmatch(told, words.group(0).strip(), re.IGNORECASE):
                turned = code == "responded" and TURNS.search(sentence.text)
                return None if turned else Match(0, words.end(), "outcome", code)
    harm = HARM.search(sentence.text)
    if (
        harm
        and (not title or ASKS_END.search(title))
        and not NO_HARM.search(sentence.text[: harm.start()])
    ):
        return Match(*harm.span(), "outcome", "intolerant")
    return None
