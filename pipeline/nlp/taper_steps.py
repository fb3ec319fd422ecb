"""Flares told by what happened: a lower dose of the corticosteroid, worse, and back up again.

No word says "flare" in "We got to 15 mg in June; she could not leave her chair, and went back to
20 mg". The doses tell it: a step down, a worsening, and the return to a higher dose (or a word that
ties the worsening to the step: "each time"). Worse on a steady dose is none, nor is a lowering
without trouble.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.lexicon import load_lexicon
from pipeline.nlp.flares import CORTICOSTEROID, GOING_ON, STEROID_WORD, of_other_disease
from pipeline.nlp.names import Name
from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match
from pipeline.notation.numbers import NUMBER, numbers
from pipeline.schema import About, Mention

REACH = 320  # characters from a step down to the worsening that it brought, and on to the return
MOST = 100.0  # mg: a bare number above is no daily dose of a corticosteroid
MILLIGRAMS = re.compile(
    rf"(?:{NUMBER}\s*(?:to|->|\u2192)\s*)?({NUMBER})\s*-?\s*(?:mg|milligrams?)", re.IGNORECASE
)
NOT_DAILY = re.compile(r"\s*(?:/|per|a|every|once\s+a|x)\s*(?:kg|m2|week\w*|dose)\b", re.IGNORECASE)
# A number without its unit after words that lead to a dose: "went to 10", "back at 17.5".
BARE = re.compile(
    r"\b(?:to|at|on|tried|reach(?:ed|ing)|below|under|pred\w*)\s+(?:about\s+)?(?P<dose>\d{1,2}(?:\.\d)?)"
    r"(?![\d.,]*\d)(?!\s*(?:/\s*\d|%|-|:|days?\b|d\b|weeks?\b|wks?\b|w\b|months?\b|mos?\b|years?\b|times\b|x\b|mg|mcg|g\b|kg|lb|steps?\b|"
    r"points?\b|percent\b|of\s+the\b|st\b|nd\b|rd\b|th\b|am\b|pm\b))",
    re.IGNORECASE,
)
# What may stand between the name of a test and a bare number that is none of its results.
NEW_SUBJECT = re.compile(r"[,;.:]|\b(?:so|we|i|he|she|they|then|put|pred\w*)\b", re.IGNORECASE)
DOWN = re.compile(
    r"\b(?:reduc\w+|lower\w*|taper\w*|wean\w*|decreas\w+|cut|dropp?\w*|down|below|under|reach(?:ed|ing|es)|less\s+than)\b"
    r"[^.;:\d]{0,40}$",
    re.IGNORECASE,
)
REACHED = re.compile(r"reach", re.IGNORECASE)  # from below or from above
GONE_TO = re.compile(
    r"\b(?:went|gone|going|got|getting|came|moved|tried|brought)\b[^.;:\d]{0,40}$", re.IGNORECASE
)
FROM = re.compile(
    rf"\b(?:from\s+)?(?:{NUMBER})\s*(?:mg)?\s*(?:daily\s+|a\s+day\s+|/d(?:ay)?\s+)?(?:to|->|\u2192)\s*$",
    re.IGNORECASE,
)
RANGE_DOWN = re.compile(
    rf"(?P<high>{NUMBER})\s*(?:mg\s*)?(?:to|->|\u2192)\s*(?P<low>{NUMBER})", re.IGNORECASE
)
STEP = re.compile(rf"(?:\bfrom\s+)?{NUMBER}\s*(?:mg\s*)?(?:to|->|\u2192)\s*$", re.IGNORECASE)
FROM_WORD = re.compile(r"\bfrom\s+(?:about\s+)?$", re.IGNORECASE)
BACK = re.compile(
    r"\b(?:back|return\w*|resum\w+|restor\w+|re-?escalat\w*|again\s+(?:on|at|to))\b[^.;:\d]{0,40}$",
    re.IGNORECASE,
)
RAISED = re.compile(
    r"\b(?:rais\w+|increas\w+|up|put\s+(?:\w+\s+)?on|escalat\w+)\b[^.;:\d]{0,40}$", re.IGNORECASE
)
BACK_UP = re.compile(
    r"\b(?:back\s+up|up\s+again|(?:raised|increased|put\s+up)\s+again|back\s+to\s+(?:the\s+)?(?:previous|earlier|former|higher|old|prior)\b)",
    re.IGNORECASE,
)
# Words that tie what happened to the step itself.
TIED = re.compile(
    r"\b(?:(?:each|every|both|either|all\s+\w+)\s+(?:times?|occasions?|attempts?)|on\s+(?:each|both)\b|whenever)",
    re.IGNORECASE,
)
WHEN = re.compile(r"\b(?:when(?:ever)?|once|as\s+soon\s+as|(?:each|every)\s+time)\b[^.;]*$", re.I)
TO_COME = re.compile(
    r"\b(?:if|should|would|will|(?-i:may)|might|unless|plan\w*|goal|hop(?:e|es|ing)|consider|aim\w*|to\s+be)\b[^.;]*$",
    re.IGNORECASE,
)
DENIED = re.compile(r"\b(?:no|not|without|never|nor|denies|neither)\s+(?:\w+\s+){0,2}$", re.I)


@dataclass(frozen=True)
class Step:
    """A dose of the corticosteroid in the order of telling; `at` is its offset in the document."""

    sentence: Sentence
    place: Match
    value: float
    drug: str
    at: int
    down: Match | None = None  # the words that lower the dose to it
    fell: bool = False  # an earlier dose of the telling is higher
    tied: bool = False  # "each time the dose reached ..."


@dataclass
class Steps:
    """What goes on from sentence to sentence of a page: the drug, the doses, the last step down."""

    drug: str = ""
    page: int = -1
    highest: float = 0.0
    last: Step | None = None
    worse: tuple[Sentence, Match] | None = None
    tied: bool = False
    told: set[int] = field(default_factory=set)  # steps that have brought a flare


def find_step_flares(sentence: Sentence, steps: Steps, models: Path) -> Iterator[Mention]:
    """Flares of a sentence (and the steps before it), as mentions of `flare` with their dose."""
    if steps.page != sentence.passage.page:
        steps.__init__(page=sentence.passage.page)  # type: ignore[misc]
    names = _drugs(sentence, models)
    # A dose that names no drug may be of any that is told of: it ends the telling of the steps.
    events: list[tuple[int, str, Match]] = [
        (m.start, "dose" if is_steroid(drug, models) else "unclear", m)
        for m in _doses(sentence)
        for drug in [_drug_of(sentence, m, names, steps)]
        if is_steroid(drug, models) or not names
    ]
    events += [
        (c.start, "worse", c)
        for c in sentence.cues
        if c.kind == "worsening"
        and not _set_aside(sentence, c)
        and not of_other_disease(sentence, c.start, c.end, models)
    ]
    events += [
        (m.start(), "back", Match(m.start(), m.end(), "back", ""))
        for m in BACK_UP.finditer(sentence.text)
    ]
    for _, kind, match in sorted(events, key=lambda e: e[0]):
        if kind == "dose":
            yield from _dose(sentence, match, steps, names, models)
        elif kind == "unclear":
            steps.last, steps.worse = None, None
        elif kind == "worse":
            yield from _worse(sentence, match, steps)
        elif _is_near(steps, sentence.offset + match.start):
            yield from _flare(steps, match, sentence)
    steps.drug = names[-1].code if names else steps.drug


def _drugs(sentence: Sentence, models: Path) -> list[Name]:
    """The drugs of a sentence; words for a corticosteroid that the lexicon lacks are its class."""
    found = [n for n in sentence.names if n.kind in ("drug", "drug_class")]
    found += [
        Name(m.start(), m.end(), "drug_class", CORTICOSTEROID)
        for m in STEROID_WORD.finditer(sentence.text)
        if not any(n.start < m.end() and m.start() < n.end for n in found)
    ]
    return sorted(
        (
            n
            for n in found
            if is_steroid(n.code, models) or not GOING_ON.search(sentence.text[: n.start])
        ),
        key=lambda n: n.start,
    )


def is_steroid(code: str, models: Path) -> bool:
    """Whether a drug or class is a corticosteroid."""
    known = load_lexicon(models).drugs
    return code == CORTICOSTEROID or (code in known and known[code].drug_class == CORTICOSTEROID)


def _doses(sentence: Sentence) -> list[Match]:
    """Daily doses, with their unit or after words that lead to a dose."""
    text = sentence.text
    found = [
        d
        for d in sentence.doses
        if (d.code == "mg" or MILLIGRAMS.fullmatch(text[d.start : d.end]))
        and not NOT_DAILY.match(text[d.end :])
    ]
    taken = (*found, *sentence.doses, *sentence.dates, *sentence.durations)
    for m in BARE.finditer(text):
        start, end = m.span("dose")
        tests = [n.end for n in sentence.names if n.kind == "lab" and n.end <= start]
        if tests and not NEW_SUBJECT.search(text[tests[-1] : start]):
            continue
        if not any(t.start < end and start < t.end for t in taken):
            found.append(Match(start, end, "dose", "mg"))
    return found


def _drug_of(sentence: Sentence, dose: Match, names: list[Name], steps: Steps) -> str:
    """The drug that a dose is of: named right after it, else before it, else in focus."""
    after = next((n for n in names if n.start >= dose.end), None)
    if after is not None and re.fullmatch(
        r"\s*(?:to\s+\d[\d.]*\s*mg\s+)?(?:of\s+|oral\s+|daily\s+|a\s+day\s+)*",
        sentence.text[dose.end : after.start],
    ):
        return after.code
    before = [n for n in names if n.end <= dose.start]
    return before[-1].code if before else steps.drug


def _set_aside(sentence: Sentence, place: Match) -> bool:
    """Whether words are denied, still to come, or of someone else."""
    flags = sentence.flags(place.start, place.end)
    other = flags["hypothetical"] or flags["family"] or flags["about"] is not About.PATIENT
    before = sentence.text[: place.start]
    return bool(other or DENIED.search(before) or TO_COME.search(before))


def _is_near(steps: Steps, at: int) -> bool:
    start = steps.last.at if steps.last is not None else 0
    if steps.worse is not None:
        start = steps.worse[0].offset + steps.worse[1].end
    return steps.last is not None and 0 <= at - start <= REACH


def _dose(
    sentence: Sentence, place: Match, steps: Steps, names: list[Name], models: Path
) -> Iterator[Mention]:
    """A dose is the return that ends a flare, or a new step."""
    lower = RANGE_DOWN.match(sentence.text, place.start, place.end)
    span = lower is not None and _is_down(lower)
    if lower is not None and span:  # "from 15 to 12.5 mg": a step down to the second
        place = Match(lower.start("low"), place.end, place.kind, place.code)
    value = next(iter(numbers(sentence.text[place.start : place.end])), 0.0)
    before = sentence.text[: place.start]
    at = sentence.offset + place.start
    if not 0 < value <= MOST and place.code == "mg":
        return
    back, raised = BACK.search(before), RAISED.search(before)
    last = steps.last
    if last is not None and value > last.value and _is_near(steps, at) and (back or raised):
        sure = back is not None or last.down is not None
        if sure:
            word = (back or raised).span()  # type: ignore[union-attr]
            yield from _flare(steps, Match(word[0], word[1], "lowering", ""), sentence)
    if _set_aside(sentence, place):
        steps.last, steps.worse = None, None  # "could not get below 15 mg", "if he is on 15 mg"
        return
    starts = FROM_WORD.search(before) is not None  # "lowered from 20 mg to 15 mg"
    down = DOWN.search(before) if not starts else None
    if down is None and span:
        down = STEP.search(before)
    if down is None and not starts and steps.highest > value:
        down = GONE_TO.search(before) or FROM.search(before)
    ahead = sentence.text[: down.start() if down else place.start]
    steps.last = Step(
        sentence,
        place,
        value,
        _drug_of(sentence, place, names, steps),
        at,
        down=Match(down.start(), down.end(), "lowering", "") if down and not back else None,
        fell=steps.highest > value,
        tied=WHEN.search(ahead) is not None,
    )
    steps.highest = max(steps.highest, value)
    worse, steps.worse, steps.tied = steps.worse, None, False
    told_before = (
        worse is not None
        and worse[1].code != "flare"
        and worse[0] is sentence
        and worse[1].end <= place.start
    )
    # "Could no longer climb stairs once prednisone was lowered to 15 mg."
    lowered = steps.last.down
    if (
        told_before
        and worse is not None
        and lowered is not None
        and WHEN.search(sentence.text[worse[1].end : lowered.start])
    ):
        steps.worse = worse
        yield from _flare(steps, lowered, sentence)


def _is_down(span: re.Match[str]) -> bool:
    high, low = (next(iter(numbers(span[name])), 0.0) for name in ("high", "low"))
    return 0 < low < high


def _worse(sentence: Sentence, cue: Match, steps: Steps) -> Iterator[Mention]:
    at = sentence.offset + cue.start
    steps.worse = (sentence, cue) if steps.worse is None or not _is_near(steps, at) else steps.worse
    last = steps.last
    if last is None or not 0 <= at - last.at <= REACH:
        return
    same = last.sentence is sentence
    between = sentence.text[last.place.end if same else 0 : cue.start]
    tied = TIED.search(between) or (same and last.tied)
    rose = last.down is not None and REACHED.match(last.sentence.text, last.down.start)
    if last.down is not None and tied and (last.fell or not rose):
        yield from _flare(steps, last.down, last.sentence)


def _flare(steps: Steps, word: Match, sentence: Sentence) -> Iterator[Mention]:
    """The flare of the last step, once; `word` is what shows that the step was one down."""
    last, worse = steps.last, steps.worse
    if last is None or worse is None or last.at in steps.told:
        return
    if _set_aside(last.sentence, last.place):
        return
    steps.told.add(last.at)
    where, cue = worse
    shown = last.sentence.part("lowering", last.down) if last.down else None
    drug = Match(last.place.start, last.place.end, "drug", last.drug)
    parts = (
        last.sentence.part("dose", last.place),
        shown or sentence.part("lowering", word, "lowering"),
        last.sentence.part("drug", drug),
    )
    mention = where.mention("finding", cue.start, cue.end, "flare", parts=parts)
    yield mention.model_copy(update={"negated": False})
