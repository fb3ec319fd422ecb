"""Findings in prose: strength, studies, function, organs, tapers, weight, counselling."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pipeline.lexicon import load_lexicon, read_table
from pipeline.nlp.diagnoses import is_of_practice
from pipeline.nlp.flares import DOSE_WORD, OWN_GROUP, TAPERING, find_flares
from pipeline.nlp.organs import (
    NORMAL_AFTER,
    ORGAN_FINDINGS,
    find_involvement,
    find_severity,
    is_of_other_disease,
    is_title_of_code,
    without_measures,
)
from pipeline.nlp.sentence import Sentence
from pipeline.nlp.strength import find_strength
from pipeline.notation.matches import Match, compiled
from pipeline.notation.numbers import AMOUNT, NUMBER, WORD, number, worded
from pipeline.schema import Mention

STUDIES = ("emg", "mri", "biopsy", "pft", "echocardiogram")


@dataclass(frozen=True)
class FindingCue:
    """A row of `findings.csv`.

    Attributes:
        value: What the words say of it; `count` for the number that they name, `activity`
            where no more than one activity is meant ("climbs stairs with ease").
        assertion: `negated` or `affirmed` when the words themselves say so, whatever words of
            denial they bear ("cannot climb stairs"); `promised` for what the prescriber says to
            do; '' when the context decides.
    """

    finding: str
    value: str
    assertion: str
    pattern: re.Pattern[str]


@cache
def load_findings(models: Path) -> tuple[FindingCue, ...]:
    """The rows of `findings.csv`."""
    path = models / "lexicon" / "findings.csv"
    return tuple(
        FindingCue(
            row["finding"], row["value"], row["assertion"], compiled(path, line, row["pattern"])
        )
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


def find_findings(
    sentence: Sentence,
    models: Path,
    of_steroid: bool = False,
    previous: Sentence | None = None,
) -> list[Mention]:
    """All findings of a sentence but studies, which need the sentences around them.

    `of_steroid` tells that the text before speaks of a corticosteroid: "We did not try to lower it".
    """
    strength = find_strength(sentence, models)
    sentence = _without_graded_dates(sentence, strength)
    found = _by_cue(sentence, models, of_steroid)
    found += find_involvement(sentence, found)
    found = without_measures(found)
    found += strength
    found += _weights(sentence, previous)
    flares = find_flares(sentence, models)
    if any(m.code == "steroid_dependence" and not m.negated for m in found):
        # "Unable to taper below 10 mg without a flare" denies no flare.
        flares = [m for m in flares if not m.negated]
    return _without_denied_signs(found) + flares


def _without_graded_dates(sentence: Sentence, strength: list[Mention]) -> Sentence:
    """ "Weakness of the hip flexors 3/5": a grade of strength is no day of March."""
    grades = [part for m in strength for part in m.parts if part.label == "value"]
    dates = tuple(
        d
        for d in sentence.dates
        if not any(
            g.start < sentence.offset + d.end and sentence.offset + d.start < g.end for g in grades
        )
    )
    return sentence if dates == sentence.dates else replace(sentence, dates=dates)


def _without_denied_signs(found: list[Mention]) -> list[Mention]:
    """ "Slight dysphagia, no choking": another sign that is denied does not deny the finding."""
    there = {m.code: m.text.lower() for m in found if not m.negated and not m.hypothetical}
    return [
        m for m in found if not m.negated or there.get(m.code, m.text.lower()) == m.text.lower()
    ]


# What a clinic may be named after.
NAMES_OF_CLINICS = (*ORGAN_FINDINGS, "esophageal_dysfunction")
# Whose limitation it is: "her mother needs help", but not "her daughter helps her dress".
RELATIVE_BEFORE = re.compile(
    r"(?<!with )(?<!by )(?<!from )\b(?:her|his|the)\s+(?:mother|father|sister|brother|aunt|uncle|grandmother|grandfather)\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
STEROID = re.compile(r"steroid|pred|medrol|glucocortic|cort(?:isone|ef)|dexameth", re.IGNORECASE)
DEPENDENT_ON = re.compile(r"depend|steroid|pred|glucocortic|\d\s*mg|taper|wean", re.IGNORECASE)
# A taper that is still to come: "will taper", "taper by 5 mg if stable", "goal: taper below 10".
TO_COME = re.compile(
    r"\b(?:will|plan(?:s|ned|ning)?|goal|intend\w*|hop(?:e|es|ing)|aim\w*|would|should|may|might|once|allow\w*|permit\w*|facilitat\w+|enabl\w+|in\s+order\s+to|so\s+that|recommend\w*|propos\w+|consider\w*|discuss\w*)\b[^.;]*$",
    re.IGNORECASE,
)
BARE_VERB = re.compile(r"\s*(?:taper|reduce|lower|decrease|wean)\b", re.IGNORECASE)
THEN = re.compile(
    r"\bthen\b[^.;]*$", re.IGNORECASE
)  # "then taper" is to come, "then tapered" is not
# What is hardly done, or wished for, is not done with ease.
HARDLY = re.compile(
    r"\b(?:hardly|barely|scarcely|rarely|seldom|goals?|aims?|hop(?:es?|ing)|want\w*|wish\w*|would|will|should|until|unless|if|before|used\s+to)\b[^.;]*$",
    re.IGNORECASE,
)
PLANS = ("plan", "assessment_and_plan", "instructions")


def _by_cue(sentence: Sentence, models: Path, of_steroid: bool) -> list[Mention]:
    found: list[Mention] = []
    seen: list[tuple[str, int, int]] = []
    for cue in load_findings(models):
        if cue.finding in STUDIES or cue.assertion == "promised":
            continue  # a promise counts in the first person only
        for m in cue.pattern.finditer(sentence.text):
            if any(f == cue.finding and s < m.end() and m.start() < e for f, s, e in seen):
                continue
            mention = _read_cue(sentence, cue, m.start(), m.end(), models, of_steroid)
            if mention is not None:
                seen.append((cue.finding, m.start(), m.end()))
                found.append(mention)
    return _without_contained(found)


def _read_cue(
    sentence: Sentence, cue: FindingCue, start: int, end: int, models: Path, of_steroid: bool
) -> Mention | None:
    """The mention that a cue makes, None where its words mean something else there."""
    mention = sentence.mention("finding", start, end, cue.finding)
    negated = mention.negated
    if cue.assertion:
        negated = cue.assertion == "negated"
    elif cue.finding in ORGAN_FINDINGS and NORMAL_AFTER.match(sentence.text[end:]):
        negated = True
    mention = mention.model_copy(update={"negated": negated})
    match cue.finding:
        case name if name in NAMES_OF_CLINICS and is_of_practice(sentence, end):
            return None
        case "persistent_disease" if _is_result_of_study(sentence, start, models):
            return None
        case "respiratory_compromise" | "cardiac_involvement" | "organ_involvement" if (
            is_title_of_code(sentence, start)
        ):
            return None
        case "respiratory_compromise" | "dysphagia" if not negated and is_of_other_disease(
            sentence, cue.finding, end, _organ_diseases(models)
        ):
            return None
        case "adl_limitation":
            return _limitation(sentence, cue, mention, start, end)
        case "steroid_dependence" if not DEPENDENT_ON.search(sentence.text):
            return None
        case "taper_attempt":
            return _taper(sentence, cue, mention, start, end, of_steroid)
    parts = []
    if cue.value:
        words = sentence.text[start:end]
        value = _count(words) if cue.value == "count" else cue.value
        parts.append(sentence.part("value", Match(start, end, "value", value)))
    if cue.finding in ORGAN_FINDINGS:
        parts += find_severity(sentence, cue.finding, start, end)
    near = [d for d in sentence.dates if abs(d.start - end) < 40 or abs(start - d.end) < 40]
    parts += [sentence.part("date", d) for d in near[:1]]
    return mention.model_copy(update={"parts": tuple(parts)})


def _count(words: str) -> str:
    """The first number of some words, in digits: "three prior lines", "BMI 31"."""
    first = re.search(rf"{AMOUNT}|{WORD}", words, re.IGNORECASE)
    known = number(first.group(0)) or worded(first.group(0)) if first is not None else None
    return f"{known:g}" if known is not None else ""


@cache
def _organ_diseases(models: Path) -> frozenset[str]:
    """The myositis, what belongs to it, and the diseases by which it involves an organ."""
    organs = [c.pattern for c in load_findings(models) if c.finding in ORGAN_FINDINGS]
    organs.append(re.compile(r"failure|aspiration", re.IGNORECASE))
    return frozenset(
        key
        for key, disease in load_lexicon(models).diseases.items()
        if disease.group.startswith((OWN_GROUP, "symptom", "connective"))
        or any(organ.search(disease.name) for organ in organs)
    )


def _is_result_of_study(sentence: Sentence, start: int, models: Path) -> bool:
    """ "EMG: active myositis" is what a study showed, on its day; no course under treatment."""
    if not re.match(r"active", sentence.text[start:], re.IGNORECASE):
        return False
    return any(
        cue.finding in ("emg", "mri", "biopsy") and cue.pattern.search(sentence.text[:start])
        for cue in load_findings(models)
    )


# A limitation told in the past tense; "no longer" and "became" tell of what came to stay.
WAS = re.compile(r"\b(?:was|were|had\s+been)\s+(?:\w+\s+)?$", re.IGNORECASE)
DID = re.compile(
    r"(?:could\s+not|couldn't|had\s+to|needed|required|used|struggled)\b", re.IGNORECASE
)
NOW = re.compile(
    r"[;.,]\s*(?:and\s+|but\s+|yet\s+|whereas\s+)?(?:s?he\s+|they\s+)?"
    r"(?:today|now|at\s+present|currently|presently|these\s+days|nowadays|by\s+now|since\s+then|no\s+longer\s+(?:does|do|needs?|has))\b",
    re.IGNORECASE,
)
# Days without a date that lie before the present: what was so then may not be so still.
EARLIER = re.compile(
    r"\b(?:before|until|till|prior\s+to|back\s+then|at\s+(?:that\s+time|first|onset|diagnosis|presentation)|in\s+those\s+days|formerly|"
    r"initially|originally)\b[^.;]*$",
    re.IGNORECASE,
)
NO_BETTER = re.compile(
    r"\b(?:not?|nor|neither|un\w+|cannot|still|same|worse\w*|weak\w*|only|needs?|help\w*|assist\w*|even|less|limited|difficult\w*|"
    r"trouble|hardly|barely)\b|n't\b",
    re.IGNORECASE,
)


def _past(sentence: Sentence, start: int) -> tuple[bool, bool, tuple[Mention, ...]]:
    """Whether a limitation is over by what follows ("today she climbs two flights"), or may be, and its day.

    Of one that is told in the past tense; where only its day, or a word for it, tells that it was
    earlier, it may be so still.
    """
    before = sentence.text[:start]
    if WAS.search(before) is None and DID.match(sentence.text, start) is None:
        return False, False, ()
    now = NOW.search(sentence.text, start)
    over = now is not None and NO_BETTER.search(sentence.text, now.end()) is None
    days = [d for d in sentence.dates if sentence.clause(start)[0] <= d.start and d.end <= start]
    earlier = not over and EARLIER.search(before) is not None
    return over, earlier, tuple(sentence.part("date", d) for d in days[-1:])


# A statement with its own subject and verb, which a denial in the statement before does not turn.
OWN_SUBJECT = re.compile(
    r"(?:\band\b|[,;]|\b(?:tells?|told)\s+\w+|\b(?:says?|said|reports?|states?))\s+(?:that\s+)?"
    r"(?:he|she|they)\s+(?:is|are|remains?|was)\s+(?:\w+ly\s+)?$",
    re.IGNORECASE,
)


def _limitation(
    sentence: Sentence, cue: FindingCue, mention: Mention, start: int, end: int
) -> Mention | None:
    """A limitation, or independence; one activity that is no trouble says nothing of the others."""
    if any(n.kind in ("drug", "drug_class") and start <= n.start < end for n in sentence.names):
        return None
    outside = sentence.flags(start, min(start + 4, end))["negated"]
    if outside and cue.assertion != "negated":
        return None
    if OWN_SUBJECT.search(sentence.text[:start]):  # "walks without a cane and says she is ..."
        outside = False
    negated = cue.assertion == "negated" and not outside
    if cue.value and (not negated or HARDLY.search(sentence.text[:start])):
        return None  # "cannot rise unaided"
    parts: tuple[Mention, ...] = ()
    if cue.value:
        parts = (sentence.part(cue.value, Match(start, end, cue.value, "")),)
    family = mention.family and RELATIVE_BEFORE.search(sentence.text[:start]) is not None
    update: dict[str, object] = {"negated": negated, "family": family}
    if not negated:
        over, earlier, days = _past(sentence, start)
        update |= {
            "historical": mention.historical or over,
            "possible": mention.possible or earlier,
        }
        parts += days
    return mention.model_copy(update=update | {"parts": parts})


def _taper(
    sentence: Sentence, cue: FindingCue, mention: Mention, start: int, end: int, of_steroid: bool
) -> Mention | None:
    """A taper that was tried, or said not to have been; a planned one is hypothetical."""
    if cue.assertion != "negated" and mention.negated:
        return None
    denied = cue.assertion == "negated" and of_steroid
    tapering = denied or re.search(TAPERING, sentence.text[start:end], re.IGNORECASE)
    if _is_of_other_drug(sentence, start, end):
        return None
    other_drug = any(n.kind == "drug" for n in sentence.names)
    if not (STEROID if other_drug else DOSE_WORD).search(sentence.text) and (
        other_drug or not tapering
    ):
        return None  # another drug is tapered, or something else is lowered
    before = sentence.text[:start]
    ahead = TO_COME.search(before) is not None or (
        THEN.search(before) is not None
        and (sentence.passage.section in PLANS or BARE_VERB.match(sentence.text, start) is not None)
    )
    order = BARE_VERB.match(sentence.text, start) and re.fullmatch(
        r"(?:[-\u2022*\d.)\s]|and|slowly|slow|gradually)*", sentence.text[:start], re.IGNORECASE
    )
    planned = sentence.passage.section in ("plan", "instructions") and BARE_VERB.match(
        sentence.text, start
    )
    hypothetical = mention.hypothetical or (
        cue.assertion != "negated" and bool(ahead or order or planned)
    )
    return mention.model_copy(update={"hypothetical": hypothetical})


def _is_of_other_drug(sentence: Sentence, start: int, end: int) -> bool:
    """ "Azathioprine was cut to 50 mg", "taper of gabapentin": no corticosteroid is lowered."""
    for name in sentence.names:
        if name.kind not in ("drug", "drug_class"):
            continue
        if STEROID.search(sentence.text[name.start : name.end]):
            continue
        if name.start >= end:
            beside = re.fullmatch(r"\s*(?:of|the|her|his|\s)*", sentence.text[end : name.start])
        else:
            beside = re.fullmatch(
                r"\s*(?:(?:dose|was|were|is|has|been|being|then|slowly|gradually)\s+)*",
                sentence.text[name.end : start],
            )
        if beside:
            return True
    return False


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
    rf"\b(?:weight|weigh(?:s|ed)?|wt)\b\.?\s*(?:is|was|of|today|:|=|,|\()?\s*(?:about\s+)?(?P<value>{NUMBER})\s*(?P<unit>kg|kilograms?|lbs?|[Il1]bs?|pounds?)\b"
    rf"|(?<=for\s)(?P<value2>{NUMBER})\s*(?P<unit2>pounds|kilograms)\b"
    # What a scale shows now: "74 kg on the clinic scale today".
    rf"|(?<![\w/.-])(?P<value3>{NUMBER})\s*(?P<unit3>kg|kilograms?|lbs?|pounds?)\b(?=\s+(?:(?:today|now)\b|on\s+(?:the|our)\s+(?:\w+\s+)?scales?\b))",
    re.IGNORECASE,
)

NO_BODY_WEIGHT = re.compile(
    r"(?:gain|loss|lost|gained|change|lift|carry|ideal|target|goal|usual|lean|adjusted|birth|previous|prior)\w*\s*(?:of\s+|body\s+)*$",
    re.IGNORECASE,
)


# A bare weight: first in an examination ("70 kg, BP 120/70"), or in brackets after a dose, which
# was reckoned from it ("70 mg daily (70 kg)").
BARE_WEIGHT = re.compile(
    rf"^\s*(?P<value>{NUMBER})\s*(?P<unit>kg)(?=\s*(?:[.,;]|$))", re.IGNORECASE
)
DOSED_WEIGHT = re.compile(rf"\(\s*(?P<value>{NUMBER})\s*(?P<unit>kg)\s*\)", re.IGNORECASE)
PER_KG_DOSE = re.compile(r"\bmg\b[^.;()]{0,40}$", re.IGNORECASE)


def _weights(sentence: Sentence, previous: Sentence | None) -> list[Mention]:
    found = [_weight(sentence, m) for m in _bare_weights(sentence)]
    for m in WEIGHT.finditer(sentence.text):
        tag = next(tag for tag in ("", "2", "3") if m[f"value{tag}"])
        past = m.group(0)[:7].lower() == "weighed"
        day = _day_weighed(sentence, previous, m) if past else None
        if past and day is None:
            continue  # nobody knows when
        changed = re.match(
            r"\s*(?:increase|gain|loss|decrease|heavier|lighter)", sentence.text[m.end() :]
        )
        if changed or NO_BODY_WEIGHT.search(sentence.text[: m.start()]):
            continue
        weight = _weight(sentence, m, tag)
        parts = (*weight.parts, day) if day is not None else weight.parts
        found.append(weight.model_copy(update={"parts": parts}))
    return found


THAT_DAY = re.compile(
    r"\b(?:that\s+(?:same\s+)?day|that\s+date|then|at\s+(?:that|the)\s+time)\b", re.IGNORECASE
)


def _day_weighed(sentence: Sentence, previous: Sentence | None, m: re.Match[str]) -> Mention | None:
    """The only day in the clause of a weight of the past; "that day" is the one of the sentence before."""
    left, right = sentence.clause(m.start())
    days = [d for d in sentence.dates if left <= d.start < right]
    if days:
        return sentence.part("date", days[0]) if len(days) == 1 else None
    then = THAT_DAY.search(sentence.text, m.end())
    if then is None or sentence.dates or previous is None or len(previous.dates) != 1:
        return None
    return previous.part("date", previous.dates[0])


def _bare_weights(sentence: Sentence) -> list[re.Match[str]]:
    dosed = DOSED_WEIGHT.finditer(sentence.text)
    bare = [m for m in dosed if PER_KG_DOSE.search(sentence.text[: m.start()])]
    first = BARE_WEIGHT.match(sentence.text)
    if first is not None and sentence.passage.section == "examination":
        bare.append(first)
    return bare


def _weight(sentence: Sentence, m: re.Match[str], tag: str = "") -> Mention:
    parts = tuple(
        sentence.part(name, Match(m.start(f"{name}{tag}"), m.end(f"{name}{tag}"), name, ""))
        for name in ("value", "unit")
    )
    return sentence.mention("finding", m.start(), m.end(), "weight", parts=parts)


__all__ = ["STUDIES", "find_findings", "load_findings", "load_studies"]
