"""How amounts, frequencies and routes of drugs are printed: where they stand, not what they mean.

Wider than the sig terms of `models/lexicon/sig_terms.csv`, which name a meaning: whatever reads
like "1 to 2 tablets", "q.4-6h. p.r.n." or "into both eyes" is found, whoever takes it.
"""

from __future__ import annotations

import re

from pipeline.nlp.cues import Match

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.\d+|\d+(?:\.\d+)?"
_WORD = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|"
    r"one[\s-]half|half|quarter|\u00bd|1/2"
)
_JOIN = r"\s*(?:-|\u2013|to|or|/)\s*"
_AMOUNT = rf"(?:{_NUMBER})(?:{_JOIN}(?:{_NUMBER}))*"
_WORDS = rf"(?:{_WORD})(?:(?:{_JOIN}|\s+and\s+(?:a\s+)?)(?:{_WORD}))?"
_MASS = (
    r"mg|mgs|mcg|\u00b5g|\u03bcg|ug|g|gm|gms|grams?|milligrams?|micrograms?|kg|"
    r"(?:million\s+|international\s+)?units?|iu|mu|ml|mls|cc|liters?|m?eq|mmol|mci|gy|u"
)
_FORM = (
    r"tablets?|tabs?|capsules?|caps?|caplets?|pills?|puffs?|drops?|gtts?|sprays?|squirts?|"
    r"inhalations?|patch(?:es)?|vials?|ampoules?|amps?|ampules?|suppositor(?:y|ies)|lozenges?|packets?|scoops?|"
    r"tablespoons?|teaspoons?|tbsp|tsp|doses?|bolus(?:es)?|pumps?|applications?|bottles?|bags?|"
    r"ounces?|oz|syringes?|pens?"
)
_PER = (
    r"(?:\s*/\s*|\s+per\s+)(?:\d+\s*)?(?:kg|kilogram|m2|m\u00b2|lb|ml|mls|cc|actuation|act|puff|dose|"
    r"tablet|tab|hour|hr|h|min(?:ute)?)"
)
# Concentrations in blood and other results of tests are no doses.
_NO_RESULT = r"(?![A-Za-z0-9])(?!\s*/\s*(?:dl|l|mm3?|mol|ul|\u00b5l|24)\b)"
_PERCENT = r"\d+(?:\.\d+)?\s*%(?=\s+(?:[a-z]+\s+){0,2}(?:cream|ointment|gel|lotion|solution|drops?|shampoo|spray|patch|eye|with|saline))"
STRENGTH = re.compile(
    rf"(?<![\w.,/$#])(?:{_AMOUNT})[\s-]*(?:{_MASS})(?:{_PER})*{_NO_RESULT}"
    rf"|(?<![\w.,/])(?:{_PERCENT})"
    rf"|(?<![\w.-])(?:{_WORDS})\s+(?:grams?|milligrams?|units?){_NO_RESULT}",
    re.IGNORECASE,
)
COUNT = re.compile(
    rf"(?<![\w.,/#$-])(?:{_AMOUNT}|{_WORDS}|(?:a|an)(?=\s+(?:half|single|tablet|puff|dose\b)))\s*(?:of\s+an?\s+|an?\s+|extra\s+|single\s+|more\s+)?"
    rf"(?:double[\s-]strength\s+)?(?:{_FORM})(?![A-Za-z])",
    re.IGNORECASE,
)
# A bare number between a drug (or its strength) and how it is taken: "Multivitamin 1 daily".
BARE = re.compile(
    rf"(?<![\w.,/-])(?:\d(?:\.5)?(?:{_JOIN}\d)?|one(?:\s+to\s+two)?|two|three|half)(?=\s+(?:by\s+mouth|p\.?\s?o\b|po\b|tab|q\.?\s?\d|q\.?[dhaw]|b\.?i\.?d|t\.?i\.?d|"
    r"daily|every|once|twice|at\s+bedtime|at\s+night|nightly|a\s+day|each|in\s+the\s+(?:morning|evening)|per\s+day|sublingual|inhaled?))",
    re.IGNORECASE,
)

_N = rf"(?:\d+|{_WORD}|several|few)"
_RANGE = rf"{_N}(?:\s*(?:-|\u2013|to|or)\s*{_N})?"
_HOURS = r"(?:hours?|hrs?|h)\b\.?"
_PERIOD = r"(?:hours?|hrs?|days?|weeks?|wks?|months?|mos?|years?|minutes?|mins?|nights?|mornings?|evenings?|afternoons?)"
_DAYPART = r"(?:morning|evening|night|afternoon|day|bedtime)"
_ONE_FREQUENCY = (
    rf"q\.?\s?{_RANGE}\s?(?:[-.]\s?)?(?:{_HOURS}|d(?:ays?)?\b|w(?:ee)?ks?\b|weeks?\b|w\b|mo(?:nths?)?\b|min\w*)"
    r"|q\.?\s?(?:o\.?d\.?|h\.?s\.?|a\.?m\.?|p\.?m\.?|i\.?d\.?|d\.?(?:ay|aily)?|h\.?(?:our)?|w(?:ee)?k|week|month|shift|noon)(?![A-Za-z])\.?"
    r"|[bt]\.?\s?i\.?\s?d\.?(?![A-Za-z])|[bt]\.?i\.?w(?![A-Za-z])"
    r"|p\.?\s?r\.?\s?n(?![A-Za-z])\.?|(?<![A-Za-z])h\.\s?s\.?|a\.c\.?(?![A-Za-z])|o\.d\.(?![A-Za-z])"
    rf"|(?:every|each)\s+(?:other\s+|single\s+)?(?:{_RANGE}[\s-]*)?{_PERIOD}"
    rf"|every\s+(?:other\s+)?(?:day|{_DAYPART})|each\s+{_DAYPART}|every\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    rf"|(?:once|twice|thrice|one\s+time|{_RANGE}\s*(?:times|x))(?:\s+or\s+(?:twice|{_N}\s+times))?\s*(?:an?\s+|per\s+|each\s+|every\s+|/\s*)?(?:day|daily|week|weekly|wk|month|monthly|night|nightly|year|yearly)(?![A-Za-z])"
    rf"|once\s+(?:at\s+night|at\s+bedtime|every\s+{_PERIOD})"
    r"|(?:once|twice|thrice)[\s-](?:daily|weekly|monthly|nightly)"
    r"|(?:daily|nightly|weekly|monthly|hourly|biweekly|bi-weekly|yearly|annually|semiannually|quarterly)(?![A-Za-z])"
    r"|at\s+(?:bed\s?time|night|noon|h\.?s\b\.?)|(?:in|for)\s+the\s+(?:morning|evening|afternoon)"
    r"|(?:with|before|after)\s+(?:each\s+)?(?:meals?|breakfast|lunch|dinner|supper)"
    r"|(?:as|when|if)[\s-](?:needed|necessary|required)"
    r"|(?:an?|per)\s+(?:day|week|month)(?![A-Za-z])|/\s*(?:day|week|wk)(?![A-Za-z])"
    r"|around\s+the\s+clock|(?:[1-6]x|x[1-6])\s*/?\s*(?:day|daily|week|weekly|wk)(?![A-Za-z])"
)
FREQUENCY = re.compile(
    rf"(?<![A-Za-z0-9.])(?:{_ONE_FREQUENCY})(?![A-Za-z])|(?<=[A-Za-z])/\s*(?:day|week|wk)(?![A-Za-z])",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\.?[\s-]*(?:,\s*)?(?:and\s+|on\s+an?\s+|or\s+|only\s+)?", re.IGNORECASE)

ROUTE = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"p\.\s?o\b\.?|po\b|p\.?\s?r\b\.(?!\s?n)|oral(?:ly)?|by\s+mouth|per\s+os|"
    r"i\.\s?v\b\.?|iv\b|ivpb|intravenous(?:ly)?|"
    r"i\.\s?m\b\.?|intramuscular(?:ly)?|im\b(?=\W)|"
    r"s\.?\s?c\b\.|s\.?\s?q\b\.?|sub-?\s?q\b\.?|sub-?cu(?:t|taneous(?:ly)?)?\b\.?|subcut\w*|subcu\b|"
    r"s\.?\s?l\b\.|sublingual(?:ly)?|under\s+the\s+tongue|"
    r"(?:by\s+)?(?:inhalation|nebuli[sz]er|nebuli[sz]ed)|inhaled|via\s+(?:nebuli[sz]er|inhaler)|"
    r"topical(?:ly)?|transdermal(?:ly)?|intrathecal(?:ly)?|intra-?articular(?:ly)?|epidural(?:ly)?|"
    r"intranasal(?:ly)?|nasal(?:ly)?|rectal(?:ly)?|per\s+rectum|vaginal(?:ly)?|intravitreal|ophthalmic|otic|buccal|"
    r"(?:in|into|to)\s+(?:each|both|the\s+(?:left|right)|affected)\s+(?:eyes?|nostrils?|ears?)|"
    r"(?:each|both)\s+(?:eyes?|nostrils?|ears?)|(?:per|via|by)\s+(?:g-?tube|peg|ng(?:\s*tube)?|feeding\s+tube)"
    r")(?![A-Za-z0-9])",
    re.IGNORECASE,
)


def find_amounts(text: str) -> list[Match]:
    """Strengths ("600 to 800 mg"), counts ("two tablets") and bare counts ("1" daily), by start."""
    found: list[Match] = []
    for kind, pattern in (("strength", STRENGTH), ("count", COUNT), ("bare", BARE)):
        found += [
            Match(m.start(), m.end(), kind, "")
            for m in pattern.finditer(text)
            if not any(f.start < m.end() and m.start() < f.end for f in found)
        ]
    return sorted(found, key=lambda m: m.start)


def find_frequencies(text: str) -> list[Match]:
    """Frequencies by start; parts that go together are one: "every 6 hours as needed".

    The full stop of an abbreviation stays outside, as the annotation guideline asks.
    """
    found: list[Match] = []
    for m in FREQUENCY.finditer(text):
        start, end = m.start(), m.end()
        if text[end - 1] == ".":
            end -= 1
        if found and _JOINED.fullmatch(text, found[-1].end, start):
            found[-1] = Match(found[-1].start, end, "frequency", "")
        else:
            found.append(Match(start, end, "frequency", ""))
    return found


def find_routes(text: str) -> list[Match]:
    """Routes by start, without the full stop of an abbreviation."""
    found = []
    for m in ROUTE.finditer(text):
        word = m.group(0)
        if word.lower() == "im" and word != "IM":
            continue
        end = m.end() - 1 if word.endswith(".") else m.end()
        found.append(Match(m.start(), end, "route", ""))
    return found
