"""The grammar of amounts, sigs, durations and dates: what stands where, not what it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.lexicon import read_table
from pipeline.nlp.cues import Match, bordered, compiled
from pipeline.nlp.spans import mark, shifted

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
WORD_NUMBER = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|eighteen|twenty|twenty-four|thirty|forty|fifty|sixty|half|a|an|several|couple of"
)
DOSE_UNIT = (
    r"mg|mcg|\u00b5g|ug|g|gm|gms|grams?|milligrams?|micrograms?|units?|iu|ml|cc|meq|mmol|"
    r"tablets?|tabs?|capsules?|caps?|pills?|puffs?|drops?|gtts?|sprays?|patch(?:es)?|"
    r"vials?|ampoules?|suppositor(?:y|ies)|lozenges?|packets?|scoops?|tablespoons?|teaspoons?"
)
PER = r"(?:\s*/\s*|\s+per\s+)(?:kg|kilogram|m2|m\u00b2|lb)"
DOSE = re.compile(
    rf"(?<![\w.,/])(?:(?P<count>{NUMBER}|{WORD_NUMBER})\s*(?:x\s*)?(?=(?:{NUMBER})[\s-]*mg[\s-]*"
    rf"(?:tab|cap|pill)))?(?P<low>{NUMBER})(?:\s*(?:-|\u2013|to|->|\u2192|/)\s*(?P<high>{NUMBER}))?"
    rf"[\s-]*(?P<unit>(?:{DOSE_UNIT})(?:{PER})?)(?![A-Za-z0-9])"
    rf"(?P<form>[\s-]*(?:tablets?|tabs?|capsules?|caps?|pills?)\b)?"
    r"(?!\s*/\s*(?:dl|l\b|ml|mm|h\b|hr|min))",
    re.IGNORECASE,
)
WORD_DOSE = re.compile(
    r"(?<![\w.,-])(?P<low>one|two|three|four|five|six|eight|ten|half|1/2|\u00bd)\s+(?:a\s+)?"
    r"(?P<unit>(?:double[\s-]strength\s+|DS\s+)?(?:tablets?|tabs?|capsules?|caps?|pills?|puffs?|grams?|drops?|sprays?))(?![A-Za-z])",
    re.IGNORECASE,
)
LATIN_COUNT = re.compile(
    r"(?<![\w.,-])(?P<low>(?:i{1,3}|iv|vi{0,3}|ix)(?:ss)?|ss)\s+"
    r"(?P<unit>tablets?|tabs?|capsules?|caps?|pills?|puffs?|drops?|gtts?)(?![A-Za-z])",
    re.IGNORECASE,
)
"""Counts of a Latin sig: "ii tabs", "ss tab" (a half), "i gtt"."""
TAPER = re.compile(
    rf"(?<![\w.,/])(?P<steps>(?:{NUMBER})(?:\s*(?:mg)?\s*(?:->|\u2192|=>|,\s*then|then|>)\s*(?:{NUMBER}))+)\s*(?P<unit>mg)\b",
    re.IGNORECASE,
)

# "Pred 60 for", "on 15 of prednisone", "80/d": prednisone is written without its unit, which is
# always mg; the code of the match says so.
UNITLESS = re.compile(
    r"\bpred(?:nis(?:ol)?one)?\.?\s+(?:at\s+|now\s+|to\s+)?(?P<named>\d{1,3}(?:\.\d)?)(?=\s*(?:/\s*d(?:ay)?\b|daily\b|qd\b|a\s+day\b|for\s|from\s|since\s|[.,;)]|$))(?!\.\d|,\d)"
    r"|(?<![\w./-])(?P<of>\d{1,3}(?:\.\d)?)(?=\s+of\s+(?:oral\s+)?pred(?:nis(?:ol)?one)?\b)"
    r"|(?<![\w./-])(?P<day>\d{1,3}(?:\.\d)?)(?=\s?/\s?d(?:ay)?\b)",
    re.IGNORECASE,
)

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
PARTLY = r"(?:(?:early|mid|late|the\s+(?:end|beginning|middle|start)\s+of|end\s+of)[\s-]*)?"
DATE_FORMS = (
    r"(?:19|20)\d{2}-\d{1,2}-\d{1,2}",
    r"(?:19|20)\d{2}/(?:0[1-9]|1[0-2])/(?:0[1-9]|[12]\d|3[01])(?![\d/])",
    rf"\d{{1,2}}-{MONTH}-\d{{2}}(?![\d-])",
    rf"{MONTH}-\d{{1,2}}-(?:(?:19|20)\d{{2}}|\d{{2}})(?![\d-])",
    r"\d{1,2}/\d{1,2}/(?:(?:19|20)\d{2}|\d{2})(?![\d/])",
    r"\d{1,2}-\d{1,2}-(?:(?:19|20)\d{2}|\d{2})(?![\d-])",
    r"\d{1,2}\.\d{1,2}\.(?:19|20)\d{2}(?![\d.])",
    rf"{MONTH}[\s:\u00b7]*\d{{1,2}}(?:st|nd|rd|th)?,?\s*(?:of\s+)?(?:19|20)\d{{2}}",
    rf"\d{{1,2}}(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{MONTH}[\s,-]*(?:19|20)\d{{2}}",
    rf"{PARTLY}{MONTH},?\s+(?:of\s+)?(?:19|20)\d{{2}}",
    r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])(?!\d)",
    r"(?:0?[1-9]|1[0-2])/(?:19|20)\d{2}",
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?:-{MONTH}|\s+(?!may\b){MONTH})(?![-\s,]*(?:19|20)\d\d)",
    rf"{MONTH}\s*\d{{1,2}}(?:st|nd|rd|th)?(?![\d,]*\d)(?!\s*(?:mg|mcg|g\b|units?|%)|[:.]\d)",
    r"(?<![\d/])(?:0?[1-9]|1[0-2])/(?:0[1-9]|[12]\d|3[01]|[1-9])(?![\d/]|\s*(?:mg|tab|of\b))",
    rf"{PARTLY}(?:january|february|march|april|june|july|august|september|october|november|december|(?<=in )may|(?<=from )may|(?<=since )may|(?<=late )may|(?<=early )may|(?<=mid-)may|(?<=of )may|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?",
    r"(?:19|20)\d{2}(?![\d-])",
    r"yesterday|today|last\s+(?:week|month)|this\s+(?:week|month)",
)
DATE = re.compile(
    r"(?<![\w/.,])(?:" + "|".join(f"(?:{form})" for form in DATE_FORMS) + r")(?![A-Za-z])",
    re.IGNORECASE,
)
# A bare year or month is a date only after a word that makes it one.
BARE = re.compile(r"(?:19|20)\d{2}|[A-Za-z .-]+", re.IGNORECASE)
BEFORE_BARE = re.compile(
    r"(?:in|since|from|until|till|through|of|by|on|to|between|and|before|after|during|late|early|mid|"
    r"[(,;:/-]|->|summer|fall|spring|winter)\s*$",
    re.IGNORECASE,
)

NAMED_DAY = re.compile(rf"^{MONTH}\s*\d{{1,2}}(?:st|nd|rd|th)?$", re.IGNORECASE)
# "May 4-11, 2026": two days of one month.
SAME_MONTH = re.compile(
    r"\s*(?:-|\u2013|to)\s*(?P<day>\d{1,2}(?:st|nd|rd|th)?,?\s*(?:19|20)\d\d)(?!\d)"
)
TIME_UNIT = r"days?|nights?|d|weeks?|wks?|wk|w|months?|mos?|mo|m|years?|yrs?|yr|y"
LONG_TIME_UNIT = r"days?|nights?|weeks?|wks?|months?|years?|yrs?"
ABOUT = (
    r"(?:(?:not?\s+(?:more|longer)|less|fewer)\s+than\s+|just\s+(?:under|short\s+of)\s+|under\s+|<\s*|"
    r"at\s+most\s+|up\s+to\s+|close\s+to\s+|~\s*|about\s+|approximately\s+|approx\.?\s+|nearly\s+|almost\s+|over\s+|more\s+than\s+|>\s*|"
    r"at\s+least\s+|around\s+|only\s+|roughly\s+|a\s+total\s+of\s+)?"
)
LENGTH = (
    rf"{ABOUT}(?:(?:{NUMBER})(?:\s*(?:-|\u2013|to)\s*(?:{NUMBER}))?\+?[\s-]*"
    rf"(?:full\s+|consecutive\s+|total\s+)?(?:{TIME_UNIT})"
    rf"|(?:{WORD_NUMBER})(?:[\s-]+(?:to|or)[\s-]+(?:{WORD_NUMBER})|\s+and\s+a\s+half)?[\s-]+"
    rf"(?:full\s+|consecutive\s+|total\s+|more\s+)?(?:{LONG_TIME_UNIT}))(?:\s+and\s+a\s+half)?(?![A-Za-z/])"
)
DURATION = re.compile(
    rf"(?<![\w.,/])(?P<lead>(?:x|for|for\s+the\s+(?:past|last)|over\s+the\s+(?:past|last)|during\s+the\s+(?:past|last)|"
    rf"after|despite|within|total\s+of|course\s+of|trial\s+of|completed|had|has\s+had|took|lasted|lasting|duration:?|"
    rf"only|since|into|of|the\s+(?:past|last)|throughout)\s*)?"
    rf"(?P<length>{LENGTH})(?P<tail>\s+(?:of|on|into|at|trial|course|later|ago|history|old|supply|period|high|with|without|apart|after|before|in|and\s+counting))?",
    re.IGNORECASE,
)


@cache
def sig_terms(models: Path, kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(contract's word, pattern) of one kind of sig term: frequency, schedule, route."""
    path = models / "lexicon" / "sig_terms.csv"
    return tuple(
        (row["term"], compiled(path, line, row["pattern"]))
        for line, row in read_table(path)
        if row["kind"] == kind
    )


def find_terms(text: str, models: Path, kind: str) -> list[Match]:
    """Sig terms of one kind, by start, without overlaps; earlier rows of the table win."""
    found: list[Match] = []
    for term, pattern in sig_terms(models, kind):
        for m in pattern.finditer(text):
            if not any(f.start < m.end() and m.start() < f.end for f in found):
                found.append(Match(m.start(), m.end(), kind, term or m.group(0)))
    return sorted(found, key=lambda m: m.start)


def find_dates(text: str) -> list[Match]:
    """Dates, absolute or partial, as printed."""
    found = []
    for m in DATE.finditer(text):
        if BARE.fullmatch(m.group(0)) and not re.match(r"yester|today|last|this", m.group(0), re.I):
            if m.start() > 0 and not BEFORE_BARE.search(text[: m.start()]):
                continue
            if re.fullmatch(r"[a-z][A-Za-z]{2}\.?", m.group(0)):  # "may", "sat"
                continue
        found.append(Match(m.start(), m.end(), "date", ""))
        ends = SAME_MONTH.match(text, m.end()) if NAMED_DAY.search(m.group(0)) else None
        if ends is not None:
            found.append(Match(ends.start("day"), ends.end(), "date", ""))
    return found


def find_doses(text: str) -> list[Match]:
    """Doses and tapers; `code` is `taper` for a list of descending doses, `mg` where no unit stands."""
    found = [Match(m.start(), m.end(), "dose", "taper") for m in TAPER.finditer(text)]
    for pattern in (DOSE, WORD_DOSE, LATIN_COUNT):
        for m in pattern.finditer(text):
            inside = any(f.start < m.end() and m.start() < f.end for f in found)
            by_step = re.search(r"\bby\s+(?:about\s+)?$", text[: m.start()], re.I)
            per_length = re.match(
                r"\s*(?:of\s+)?(?:water|juice|stool|urine|wine|beer)", text[m.end() :]
            )
            if not inside and not by_step and not per_length:
                found.append(Match(m.start(), m.end(), "dose", ""))
    for m in UNITLESS.finditer(text):
        start, end = m.span(m.lastgroup or 0)
        if not any(f.start < end and start < f.end for f in found):
            found.append(Match(start, end, "dose", "mg"))
    return sorted(found, key=lambda m: m.start)


# "Stopped after ten weeks", "he quit it on day 9", "off at two weeks": so long was it taken.
STOPPED_IN = re.compile(
    r"\b(?:stopp?ed|discontinued|dropped|quit|ended|ceased|abandoned|withdrawn|d/c'?d|(?:came|taken|took\s+(?:her|him|me))\s+off|"
    r"(?<=[,;:(]\s)off|g[ai]ven?\s+(?:it\s+)?up|threw\s+(?:it\s+)?(?:out|away))\s+(?:(?:it|this|that|them)\s+)?(?:only\s+|just\s+)?"
    r"(?:after|within|in|at|by|on)\s+(?:only\s+|just\s+)?$",
    re.IGNORECASE,
)
DAY_OF = re.compile(r"\bday\s+\d{1,3}(?!\d)", re.IGNORECASE)
NO_DURATION_TAIL = {"later", "ago", "history", "old", "apart", "before", "supply", "after"}


def find_durations(text: str) -> list[Match]:
    """Lengths of time; `code` is the word that leads to it, lower case ('' if none)."""
    found = []
    for m in DURATION.finditer(text):
        tail = (m["tail"] or "").strip().lower()
        before = text[: m.start("length")]
        if STOPPED_IN.search(before) and tail not in NO_DURATION_TAIL:
            found.append(Match(m.start("length"), m.end("length"), "duration", "stopped"))
            continue
        led = (m["lead"] or "").split()[:1] in (["for"], ["x"], ["completed"], ["took"], ["after"])
        if (tail in NO_DURATION_TAIL and not (led and tail in ("before", "after"))) or re.search(
            r"(?:every|q|each|recheck|rtc|return|in)\s*$", before, re.I
        ):
            continue
        length = m["length"]
        bare = re.fullmatch(rf"(?:a|an)[\s-]+(?:{TIME_UNIT})", length, re.I) and not m["lead"]
        if bare and tail != "on":  # but "a year on tofacitinib"
            continue
        apart = re.search(r"[,;|(]\s*$", before) and re.match(r"\s*(?:[,;|.)]|$)", text[m.end() :])
        if (
            re.search(r"\d\s*[mdwy]$", length, re.I)
            and not m["lead"]
            and not (apart and re.search(r"\d\s+d$", length))  # "62M": an age and a sex
        ):
            continue
        if re.match(r"[\s-]*(?:old|year)", text[m.end("length") :], re.I):
            continue
        lead = " ".join((m["lead"] or "").lower().split())
        code = lead or ("of" if tail in ("of", "on", "at", "into") else "")
        if tail in ("trial", "course", "high", "into"):
            code = tail if tail == "into" else "course"
        found.append(Match(m.start("length"), m.end("length"), "duration", code))
    for m in DAY_OF.finditer(text):
        if STOPPED_IN.search(text[: m.start()]):
            found.append(Match(m.start(), m.end(), "duration", "stopped"))
        elif re.match(r"\s+of\s+(?!the\b)", text[m.end() :], re.IGNORECASE):
            found.append(Match(m.start(), m.end(), "duration", "into"))
    return sorted(found, key=lambda m: m.start)


@Language.factory("chartgap_expressions", default_config={"models": ""})
def make_expressions(nlp: Language, name: str, models: str) -> Callable[[Doc], Doc]:
    """Build the component that sets `doc.spans` of each of EXPRESSIONS, sentence by sentence."""

    def read(doc: Doc) -> Doc:
        found: dict[str, list[Match]] = {kind: [] for kind in EXPRESSIONS}
        for sentence in doc.spans["sentence"]:
            for kind, matches in find_expressions(sentence.text, Path(models)).items():
                found[kind] += shifted(matches, sentence.start_char)
        return mark(doc, found)

    return read


EXPRESSIONS = ("date", "dose", "duration", "frequency", "schedule", "route")


def find_expressions(text: str, models: Path) -> dict[str, list[Match]]:
    """All expressions of a sentence; digits of a date are neither dose nor duration.

    The count of "iv tabs" is no route.
    """
    dates = find_dates(text)
    latin = [m.span("low") for m in LATIN_COUNT.finditer(text)]

    def free(matches: list[Match]) -> list[Match]:
        return [m for m in matches if not any(d.start < m.end and m.start < d.end for d in dates)]

    return {
        "date": dates,
        "dose": free(find_doses(text)),
        "duration": free(find_durations(text)),
        "frequency": find_terms(text, models, "frequency"),
        "schedule": find_terms(text, models, "schedule"),
        "route": [m for m in find_terms(text, models, "route") if (m.start, m.end) not in latin],
    }


__all__ = [
    "DATE",
    "LENGTH",
    "NUMBER",
    "WORD_NUMBER",
    "bordered",
    "find_dates",
    "find_doses",
    "find_durations",
    "find_terms",
]
