"""Whether a short or ordinary word is meant as a drug: what stands beside it has to say so.

Abbreviations, brands in small letters and brands that begin a sentence may be other words ("ASA
class", "luminal narrowing", "% Pred"). They name a drug where a dose, how it is taken, a word of
treatment or another drug stands by them, and never where the context of another meaning does.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pipeline.lexicon import fold, load_lexicon, read_table
from pipeline.nlp.names import Name
from pipeline.nlp.sentence import Sentence

NEAR = 60  # characters between a name and its dose or how it is taken
SHORT = 4  # letters of a name that may always be another word
LISTS = ("current_medications", "past_medications", "premedication", "fills")
OF_TREATMENT = re.compile(
    r"\b(?:on|off|with|of|to|plus|takes?|taking|took|taken|given|gave|received|receiv\w+|start\w*|began|begun|stop\w*|"
    r"resum\w*|continu\w*|h[eo]ld|add(?:ed|ing)?|increas\w*|decreas\w*|taper\w*|wean\w*|switch\w*|failed|prior|previous|tried|"
    r"daily|oral|po|iv|prn|despite|including|and|or)\s+$|[/+,&]\s*$",
    re.IGNORECASE,
)
GOES_ON = re.compile(
    r"\s*(?:[/+,&]\s*\w|(?:was|were|is|are|has|had|did|will|started|stopped|held|given|failed|taper\w*|therapy|treatment|"
    r"caus\w+|allerg\w+|intoleran\w+|use|trial|dose|tablets?|infusions?|injections?)\b)",
    re.IGNORECASE,
)


@cache
def weak_names(models: Path) -> frozenset[str]:
    """Abbreviations of drugs as printed, and brands in small letters."""
    drugs = load_lexicon(models).drugs.values()
    return frozenset(s for d in drugs for s in d.abbreviations) | frozenset(
        fold(brand) for d in drugs for brand in d.brands
    )


@cache
def other_meanings(models: Path) -> dict[str, list[tuple[re.Pattern[str], re.Pattern[str]]]]:
    """The rows of `other_meanings.csv`: patterns before and after, by name in small letters."""
    found: dict[str, list[tuple[re.Pattern[str], re.Pattern[str]]]] = {}
    for _, row in read_table(models / "lexicon" / "other_meanings.csv"):
        never = "(?!)"
        pair = (row["before"] or never, row["after"] or never)
        before, after = (re.compile(pattern, re.IGNORECASE) for pattern in pair)
        found.setdefault(fold(row["name"]), []).append((before, after))
    return found


def is_meant(sentence: Sentence, name: Name, models: Path) -> bool:
    """Whether a drug's name is meant as one."""
    text = sentence.text[name.start : name.end]
    before, after = sentence.text[: name.start], sentence.text[name.end :]
    if any(
        b.search(before) or a.match(after) for b, a in other_meanings(models).get(fold(text), ())
    ):
        return False
    weak = weak_names(models)
    begins = not re.search(r"\w", before) and fold(text) in weak
    if not (text in weak or begins or len(text) <= SHORT):
        return True
    if sentence.origin != "prose" or sentence.passage.section in LISTS:
        return True
    # "Imuran. Started in March at ...": a brand that is a sentence by itself heads what follows.
    if len(text) > SHORT and text[0].isupper() and not re.sub(r"\W", "", before + after):
        return True
    taken = (sentence.doses, sentence.frequencies, sentence.schedules, sentence.routes)
    return (
        any(_near(m.start, m.end, name) for found in taken for m in found)
        or any(c.kind in ("outcome", "status") for c in sentence.cues)
        or any(n.kind in ("drug", "drug_class") and n.code != name.code for n in sentence.names)
        or OF_TREATMENT.search(before) is not None
        or GOES_ON.match(after) is not None
    )


def _near(start: int, end: int, name: Name) -> bool:
    return max(start - name.end, name.start - end) < NEAR
