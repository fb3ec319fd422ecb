"""Muscle strength in prose: grades of the Medical Research Council scale (0 to 5) by muscle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.lexicon import read_table
from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match
from pipeline.schema import Mention

MINUS = "\u2010-\u2015\u2212"  # the dashes that stand for it
ONE = rf"[0-5](?:[-+{MINUS}]|\s?(?:minus|plus)\b)?"
SPAN = rf"{ONE}(?:\s*(?:to|[-{MINUS}])\s*{ONE})?"
IN_WORDS = {"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
GRADES = re.compile(
    rf"\b(?P<worded>(?:{'|'.join(IN_WORDS)})(?:\s(?:minus|plus))?)\s+(?:out\s+of|over)\s+(?:5|five)(?![\w/]|\s+times\b)|"
    rf"(?<![\w/.+-])(?P<of_five>{SPAN}|[0-5]\s[+-])\s*(?:/|out\s+of)\s*(?:5|five)(?![\w/]|\.\d)"
    rf"|\b(?:MRC|Medical\s+Research\s+Council)\b\s*:?\s*(?:(?:grade|score|scale|power)\s*:?\s*)?(?P<mrc>{ONE})(?![\w/+]|\s*(?:-|to)\s*\d|\.\d)"
    rf"|\bgrade\s+(?P<graded>{ONE})(?=\s+(?:strength|power))"
    rf"|\b(?:strength|power)\s+(?:is\s+|was\s+)?grade\s+(?P<grade>{ONE})(?![\w/])",
    re.IGNORECASE,
)
# "Deltoid (R/L): 4/4-" gives both sides.
PAIR = re.compile(
    rf"\(?\bR(?:ight)?\s*/\s*L(?:eft)?\b\)?\s*[:=]?\s*(?P<right>{ONE})(?:/5)?\s*[/,|]\s*(?P<left>{ONE})(?:/5)?(?![\w/])",
    re.IGNORECASE,
)
# On a stated scale the muscles may follow with bare grades: "MMT (0-5): deltoid 4, biceps 4".
SCALE = re.compile(r"\b(?:MRC|MMT|manual\s+muscle)\b|\b0\s*(?:-|\u2013|to)\s*5\b", re.IGNORECASE)
# In a run of muscles each has its grade, bare, as a fraction of five, or right and left:
# "power: neck flexion 4, deltoids 4-", "strength R/L: biceps 4+/4+, hip flexors 3/3".
RUN_GRADE = (
    rf"\s*[:=]?\s*(?:grade\s+)?(?P<one>{ONE}(?:\s+(?:minus|plus)\b)?)(?:\s*/\s*(?P<two>{ONE}))?"
    r"(?=\s*(?:[,;.)]|$|and\b|&))(?!\.\d)"
)
RUN_GAP = re.compile(r"\s*(?:[,;]|,?\s*and|&)\s*(?:the\s+)?", re.IGNORECASE)
BOTH_SIDES = re.compile(
    r"\bR(?:ight|t)?\s*/\s*L(?:eft|t)?\b|\bright\s*(?:and|then|,)\s*left\b", re.IGNORECASE
)

# "3/5, 4/5 or 5/5" says what may be found; a range of one muscle has two grades.
CHOICE = re.compile(rf"{SPAN}\s*/\s*5(?:\s*,\s*{SPAN}\s*/\s*5)+\s*,?\s+or\s+{SPAN}\s*/\s*5")
# A fraction of five is also a date, a pain score or a count.
SPEAKS_OF_STRENGTH = re.compile(
    r"strength|power|\bmotor\b|\bMRC\b|\bMMT\b|muscle|weak|throughout|extremit|bilateral|symmetric|all\s+(?:\w+\s+)?groups",
    re.IGNORECASE,
)
OTHER_BEFORE = re.compile(
    r"(?:\bpain\b|reflex\w*|\bDTRs?|\bon|\bdated?|\bscore|\bdoses?|\bcycles?|\bseen|\bsince|\buntil|Likert|VAS|murmur|pulses?)\s*(?:of|is|was|are|were|:|at)?\s*$",
    re.IGNORECASE,
)
OTHER_AFTER = re.compile(
    r"\s*(?:[.,]?\s*\d{2,4}\b|=\s*[a-z]|means\b|denotes\b|(?:is|as)\s+(?:the\s+|a\s+|our\s+)?(?:goal|target|example)|\(\s*(?:goal|target|example)|doses?|cycles?|infusions?|pain|stars|points|visits|criteria|murmur|days)",
    re.IGNORECASE,
)
# The scale explained: "normal strength is 5/5", "(normal = 5/5)".
NORMAL_IS = re.compile(
    r"(?:\(\s*normal\s*|\bnormal\s+(?:strength\s+)?(?:is|=|being)\s*)$", re.IGNORECASE
)
# What strength shall reach, would be or is for example: no grade of an examination.
AIMED = re.compile(
    r"(?:\b(?:goals?|targets?|(?<!than\s)(?<!as\s)expected|anticipated|projected|desired|sample\s+(?:entry|answer|text|wording|note))\b|"
    r"\b(?:examples?|(?:key|legend)(?:\s*\([^)]*\))?)\s*:|"
    r"\b(?:to|will|should|would|aim(?:s|ing)?\s+(?:to|for))\s+(?:improve|increase|raise|regain|restore|recover)\s+(?:[\w-]+\s+){0,5}(?:strength|power|to|grade)\b)"
    r"(?:\s+(?:for|of|in)\s+(?:\w+\s+){0,2}?\w+)?(?:\s+(?:is|are|was|remains?))?"
    r"(?:(?!\b(?:today|now|current(?:ly)?|present(?:ly)?|found|exam\w*|is|are|was|were|remains?)\b)[^.;])*$"
    r"|\b(?:to|will|should|would)\s+(?:reach|achieve|attain)\s+(?:(?:at|least|an?|grade|MRC|of|strength|power)\s+)*$",
    re.IGNORECASE,
)
EARLIER = re.compile(
    r"(?:\bfrom|\b(?:at|on)\s+(?:presentation|diagnosis|onset|baseline|admission)\b[\w\s]{0,20}|\binitial(?:ly)?\b[\w\s]{0,25}|\boriginally\b[\w\s]{0,25}|"
    r"\bpreviously\b[\w\s]{0,25}|\((?:was|previously|prior|from|formerly)|\b(?:compared\s+(?:to|with)|versus|vs\.?)|\b(?:last|prior|previous)\s+(?:visit|exam\w*|year|month)\b[\w\s,]{0,15})\s*:?\s*$",
    re.IGNORECASE,
)
JOINED = re.compile(r"\s*(?:,|/|&|,?\s*and)\s*(?:the\s+)?", re.IGNORECASE)
SIDE = re.compile(
    r"(?<![A-Za-z])(?P<side>right|left|R|L|rt|lt)\.?(?![A-Za-z])(?!\s*/)", re.IGNORECASE
)
ON_SIDE = re.compile(
    r"\s*(?:strength\s+)?(?:on|in)\s+(?:the\s+)?(?P<side>right|left)(?:\s+side)?\b(?!\s+\w+(?:oid|ceps|ors?|ion)\b)",
    re.IGNORECASE,
)
BEFORE_SITE = re.compile(
    r"\s*(?:strength|power)?\s*(?:in|of|at|with|for|on)?\s*(?:(?:the|her|his|both|bilateral|b/l|bilat\.?)\s+)*",
    re.IGNORECASE,
)


@cache
def region_pattern(models: Path, region: str) -> str:
    """All names of one kind of body region, the longest first."""
    table = read_table(models / "lexicon" / "muscles.csv")
    rows = [row["pattern"] for _, row in table if row["region"] == region]
    return "|".join(sorted(rows, key=len, reverse=True))


@dataclass(frozen=True)
class Site:
    """Where a sentence names a muscle group."""

    start: int
    end: int


def find_strength(sentence: Sentence, models: Path) -> list[Mention]:
    """Grades with the muscles they are of; each muscle of "deltoids and biceps 4/5" has its own."""
    muscle = _named_region(models, "muscle", "extremity")
    grades = _grades(sentence, muscle, _named_region(models, "muscle"))
    found: list[Mention] = []
    position = 0
    last: tuple[Site, ...] = ()
    leading = bool(grades) and not _sites(sentence.text, 0, grades[0][0].start, muscle)
    for index, (grade, side) in enumerate(grades):
        end = grades[index + 1][0].start if index + 1 < len(grades) else len(sentence.text)
        sites = _sites_after(sentence.text, grade.end, end, muscle)
        if not (leading and sites):
            before = _sites(sentence.text, position, grade.start, muscle)
            # "Proximal weakness, 4-/5 at the hips": what a comma parts is not graded here.
            apart = before and sites and "," in sentence.text[before[-1].end : grade.start]
            sites = sites if apart else before or sites
        marks = list(SIDE.finditer(sentence.text[position : grade.start]))
        beside = ON_SIDE.match(sentence.text, grade.end)  # "4/5 on the right and 3/5 on the left"
        side = side or _side(beside["side"] if beside else marks[-1]["side"] if marks else "")
        if not sites and side:
            sites = list(last)
        last = tuple(sites)
        if not sites and beside:
            sites, side = [Site(beside.start("side"), beside.end("side"))], ""
        position = beside.end() if beside else grade.end
        found += [_mention(sentence, grade, site, side) for site in sites or (None,)]
    return found


@cache
def _named_region(models: Path, *regions: str) -> re.Pattern[str]:
    """A muscle group, or a part of a limb, with its side."""
    names = "|".join(region_pattern(models, region) for region in regions)
    side = r"(?:(?:right|left|bilateral|bilat|b/l|R|L)\.?\s+)?"
    return re.compile(rf"(?<![A-Za-z]){side}(?:{names})(?![A-Za-z])", re.IGNORECASE)


def _grades(
    sentence: Sentence, muscle: re.Pattern[str], telling: re.Pattern[str]
) -> list[tuple[Match, str]]:
    """Places of grades, each with the side that its notation gives; `code` is the grade.

    Args:
        telling: Muscles whose mention says that a fraction of five is a strength; "knee" does not.
    """
    text = sentence.text
    found: list[tuple[Match, str]] = []
    for m in PAIR.finditer(text):
        for side in ("right", "left"):
            found.append((Match(m.start(side), m.end(side), "value", _grade(m[side])), side))
    for m in GRADES.finditer(text):
        name = next(k for k, v in m.groupdict().items() if v)
        if not any(m.start() < g.end and g.start < m.end() for g, _ in found):
            start = m.start() if name in ("of_five", "worded") else m.start(name)
            told = re.sub(r"[a-z]+", lambda w: IN_WORDS.get(w[0], w[0]), m[name].lower())
            found.append((Match(start, m.end(), "value", _grade(told)), ""))
    for place, side in _runs(text, muscle, scaled=SCALE.search(text) is not None):
        found = [(g, s) for g, s in found if g.end <= place.start or place.end <= g.start]
        found.append((place, side))
    choices = [m.span() for m in CHOICE.finditer(text)]
    found = [
        (g, s)
        for g, s in found
        if _is_strength(sentence, g, telling, paired=bool(s))
        and not any(start <= g.start < end for start, end in choices)
    ]
    return sorted(found, key=lambda pair: pair[0].start)


def _runs(text: str, muscle: re.Pattern[str], *, scaled: bool) -> Iterator[tuple[Match, str]]:
    """The grades of muscles that follow each other; on a stated scale one is enough.

    A second number is the left side's, unless all are five, which is the scale.
    """
    runs: list[list[re.Match[str]]] = []
    for m in re.finditer(rf"(?:{muscle.pattern}){RUN_GRADE}", text, re.IGNORECASE):
        follows = runs and RUN_GAP.fullmatch(text, runs[-1][-1].end(), m.start())
        runs.append([*runs.pop(), m] if follows else [m])
    for run in runs:
        if len(run) < 2 and not scaled:
            continue
        seconds = {m["two"] for m in run if m["two"]}
        sided = bool(seconds) and (seconds != {"5"} or BOTH_SIDES.search(text) is not None)
        for m in run:
            if sided and m["two"]:
                yield Match(m.start("one"), m.end("one"), "value", _grade(m["one"])), "right"
                yield Match(m.start("two"), m.end("two"), "value", _grade(m["two"])), "left"
            else:
                yield Match(m.start("one"), m.end(), "value", _grade(m["one"])), ""


def _grade(text: str) -> str:
    text = re.sub(r"\s*minus", "-", re.sub(r"\s*plus", "+", text, flags=re.I), flags=re.I)
    return re.sub(r"\s+", "", re.sub(rf"\s*(?:\bto\b|[{MINUS}])\s*", "-", text))


def _is_strength(
    sentence: Sentence, grade: Match, muscle: re.Pattern[str], *, paired: bool
) -> bool:
    before, after = sentence.text[: grade.start], sentence.text[grade.end :]
    if OTHER_BEFORE.search(before) or OTHER_AFTER.match(after) or NORMAL_IS.search(before):
        return False
    if AIMED.search(before) or sentence.passage.section == "goals":
        return False
    if not paired and any(d.start <= grade.start and grade.end < d.end for d in sentence.dates):
        return False
    return (
        sentence.passage.section == "examination"
        or SPEAKS_OF_STRENGTH.search(sentence.text) is not None
        or muscle.search(sentence.text) is not None
    )


def _sites(text: str, start: int, end: int, muscle: re.Pattern[str]) -> list[Site]:
    """The muscle nearest before `end`, and those joined to it."""
    found = [Site(m.start(), m.end()) for m in muscle.finditer(text, start, end)]
    chain: list[Site] = []
    for site in reversed(found):
        if chain and JOINED.fullmatch(text, site.end, chain[0].start) is None:
            break
        chain.insert(0, site)
    return chain


def _sites_after(text: str, start: int, end: int, muscle: re.Pattern[str]) -> list[Site]:
    """The muscle that directly follows a grade, and those joined to it."""
    lead = BEFORE_SITE.match(text, start)
    first = muscle.match(text, lead.end() if lead else start)
    chain: list[Site] = []
    while first is not None and first.end() <= end:
        chain.append(Site(first.start(), first.end()))
        joined = JOINED.match(text, first.end())
        first = muscle.match(text, joined.end()) if joined else None
    return chain


def _side(text: str) -> str:
    return {"r": "right", "l": "left"}.get(text[:1].lower(), "")


def _mention(sentence: Sentence, grade: Match, site: Site | None, side: str) -> Mention:
    parts = [sentence.part("value", grade)]
    start, end = grade.start, grade.end
    if site is not None:
        named = SIDE.match(sentence.text, site.start)
        code = "" if named else side
        parts.append(sentence.part("site", Match(site.start, site.end, "site", code)))
        start, end = min(start, site.start), max(end, site.end)
    after = list(_dates_after(sentence, grade))
    mention = sentence.mention("finding", start, end, "muscle_strength", parts=(*parts, *after[:1]))
    flags = sentence.flags(grade.start, grade.end)
    earlier = EARLIER.search(sentence.text[: grade.start]) is not None
    return mention.model_copy(
        update={"negated": False, "possible": False, "historical": flags["historical"] or earlier}
    )


def _dates_after(sentence: Sentence, grade: Match) -> Iterator[Mention]:
    """A date beside the grade: "3/5 on 03/02/2026"."""
    for date in sentence.dates:
        gap = sentence.text[grade.end : date.start]
        if date.start >= grade.end and re.fullmatch(r"\s*\(?(?:on|in)?\s*", gap):
            yield sentence.part("date", date)
