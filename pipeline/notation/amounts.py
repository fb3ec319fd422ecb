"""Amounts of drugs: strengths, counts of tablets, and what both make together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from pipeline.lexicon import models_dir
from pipeline.notation.matches import Match, apart_from
from pipeline.notation.numbers import AMOUNT, LATIN, NUMBER, WORD, number, numbers, worded
from pipeline.notation.sigs import frequency_parts

# Spelled-out units of dose become their usual short form; all others stay as printed.
SHORT_UNITS = {
    "milligram": "mg", "milligrams": "mg", "mgs": "mg", "gram": "g", "grams": "g", "gm": "g", "gms": "g",
    "microgram": "mcg", "micrograms": "mcg", "ug": "mcg", "\u00b5g": "mcg", "\u03bcg": "mcg", "unit": "units",
    "iu": "units", "tab": "tablet", "tabs": "tablet", "tablets": "tablet", "cap": "capsule", "caps": "capsule",
    "capsules": "capsule", "pills": "tablet", "pill": "tablet", "puff": "puffs", "cc": "mL", "ml": "mL",
    "gtt": "drops", "gtts": "drops", "t": "tablet", "c": "capsule",
}  # fmt: skip
MILLIGRAMS = {"mg": 1.0, "g": 1000.0, "mcg": 0.001}

_DIGITS = rf"(?:{AMOUNT})"
_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty)"
    r"(?:\s+and\s+(?:an?\s+|one[\s-])?(?:half|quarter))?|(?:an?\s+|one[\s-])?half|quarter"
)
_JOIN = r"\s*(?:-|\u2013|to|or|/)\s*"
_STEP = r"\s*(?:-|\u2013|to|or|->|\u2192|/)\s*"
# Any number in words but an article: "seventy milligrams", "twenty-five mg".
_SPELLED = rf"(?!(?:an?|several|couple)\b(?!\s+(?:and\s+a\s+)?(?:half|quarter)))(?:{_WORD}|{WORD})"
_MASS = (
    r"mg|mgs|mcg|\u00b5g|\u03bcg|ug|g|gm|gms|grams?|milligrams?|micrograms?|kg|"
    r"(?:million\s+|international\s+)?units?|iu|mu|ml|mls|cc|liters?|m?eq|mmol|mci|gy|u"
)
_TAKEN = r"tablets?|tabs?|capsules?|caps?|caplets?|pills?"  # what is counted to make a dose
_FORM = (
    rf"{_TAKEN}|puffs?|drops?|gtts?|sprays?|squirts?|"
    r"inhalations?|patch(?:es)?|vials?|ampoules?|amps?|ampules?|suppositor(?:y|ies)|lozenges?|packets?|scoops?|"
    r"tablespoons?|teaspoons?|tbsp|tsp|doses?|bolus(?:es)?|pumps?|applications?|bottles?|bags?|"
    r"ounces?|oz|syringes?|pens?|"
    r"[tc](?=\s+(?:po|p\.o\.?|by\s+mouth)(?![A-Za-z]))"  # pharmacies print "TK 3 T PO QD"
)
_PER = (
    r"(?:(?:\s*/\s*|\s+per\s+)(?:(?:\d*\.)?\d+\s*)?(?:kg|kilogram|m2|m\u00b2|lb|mls?|cc|actuation|act|puff|dose|tablet|tab)(?![A-Za-z])"
    r"|(?:\s*/\s*|\s+per\s+|\s+an?\s+)(?:hour|hr|h|min(?:ute)?)(?![A-Za-z]))"
)
# Concentrations in blood and other results of tests are no doses.
_NO_RESULT = r"(?![A-Za-z0-9])(?!\s*/\s*(?:dl|l|mm3?|mol|ul|\u00b5l|24)\b)"
_STRENGTH = re.compile(
    rf"(?<![\w.,/$#])(?:(?P<count>{_DIGITS}|{_WORD})(?:\s+(?:an?\s+|x\s*)?|x\s*)(?=(?:{NUMBER})[\s-]*(?:mg|mcg|g)[\s-]*(?:{_TAKEN})(?![A-Za-z])))?"
    rf"(?P<amount>{_DIGITS}(?:{_STEP}(?:{_DIGITS}))*)[\s-]*(?P<unit>{_MASS})(?P<per>(?:{_PER})*){_NO_RESULT}"
    rf"(?P<form>[\s-]*(?:{_TAKEN})(?![A-Za-z]))?"
    # "Six ten-milligram tablets": both the count and the strength in words.
    rf"|(?<![\w.-])(?:(?P<word_count>{_DIGITS}|{_WORD})\s+(?=(?:{_SPELLED})[\s-]+(?:mgs?|milligrams?|mcg|micrograms?|grams?)[\s-]+(?:{_TAKEN})(?![A-Za-z])))?"
    rf"(?P<word>{_SPELLED})[\s-]+(?P<word_unit>grams?|milligrams?|mgs?|micrograms?|mcg|units?){_NO_RESULT}"
    rf"(?(word_count)[\s-]+(?:{_TAKEN})(?![A-Za-z]))",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"(?<![\w.,/])\d+(?:\.\d+)?\s*%(?=\s+(?:[a-z]+\s+){0,2}(?:cream|ointment|gel|lotion|solution|drops?|shampoo|spray|patch|eye|with|saline))",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"(?<![\w.,/#$-])(?P<amount>{_DIGITS}(?:{_JOIN}(?:{_DIGITS}))*|(?:{_WORD})(?:{_JOIN}(?:{_WORD}))?|"
    rf"{LATIN}(?=\s+(?:{_TAKEN}|puffs?|drops?|gtts?)(?![A-Za-z]))|(?:a|an)(?=\s+(?:single|tablet|puff|dose\b)))"
    rf"\s*(?:of\s+an?\s+|an?\s+|extra\s+|single\s+|more\s+)?(?:double[\s-]strength\s+|DS\s+)?(?P<form>{_FORM})(?![A-Za-z])",
    re.IGNORECASE,
)
_COUNT_ALONE = re.compile(rf"(?:{_DIGITS}|{_WORD})\s*[tc]", re.IGNORECASE)
# A bare number between a drug (or its strength) and how it is taken: "Multivitamin 1 daily".
_BARE = re.compile(
    rf"(?<![\w.,/-])(?:\d(?:\.5)?(?:{_JOIN}\d)?|(?:one|two)(?:\s+to\s+(?:two|three|four))?|three|half)(?=\s+(?:by\s+mouth|p\.?\s?o\b|po\b|tab|q\.?\s?\d|q\.?[dhaw]|b\.?i\.?d|t\.?i\.?d|"
    r"daily|every|once|twice|at\s+bedtime|at\s+night|nightly|a\s+day|each|in\s+the\s+(?:morning|evening)|per\s+day|sublingual|inhaled?))",
    re.IGNORECASE,
)
_TAPER = re.compile(
    rf"(?<![\w.,/])(?P<steps>(?:{NUMBER})(?:\s*(?:mg)?\s*(?:->|\u2192|=>|,\s*then|then|>)\s*(?:{NUMBER}))+)\s*(?P<unit>mg)\b",
    re.IGNORECASE,
)
# "Pred 60 for", "on 15 of prednisone", "80/d": prednisone is written without its unit, which is
# always mg; the code of the match says so.
_UNITLESS = re.compile(
    r"\bpred(?:nis(?:ol)?one)?\.?\s+(?:at\s+|now\s+|to\s+)?(?P<named>\d{1,3}(?:\.\d)?)(?!\d|[.,]\d)(?P<rest>\s*)"
    r"|(?<![\w./-])(?P<of>\d{1,3}(?:\.\d)?)(?=\s+of\s+(?:oral\s+)?pred(?:nis(?:ol)?one)?\b)"
    rf"|\b(?:stay(?:ed|s)?|remain(?:ed|s)?|kept|held|was|been)\s+(?:on|at)\s+(?P<stay>\d{{1,3}}(?:\.\d)?|{_SPELLED})(?=\s+(?:until|till|through|from|since)\b)"
    r"|(?<![\w./-])(?P<day>\d{1,3}(?:\.\d)?)(?=\s?/\s?d(?:ay)?\b)",
    re.IGNORECASE,
)
# "50 mg in the morning and 100 mg at night": one dose a day in two parts.
_PART_OF_DAY = (
    r"\s*(?:po\s+|by\s+mouth\s+)?(?:q\.?\s?(?:a\.?m|p\.?m|h\.?s)\b\.?|(?:a\.?m|p\.?m)\b\.?"
    r"|(?:in\s+the|each|every|at|with)\s+(?:morning|noon|midday|afternoon|evening|night|bedtime|breakfast|lunch|dinner|supper)\b)"
)
_IN_PARTS = re.compile(
    rf"(?<![\w.,/$#])(?P<first>{_DIGITS})[\s-]*(?P<unit>mg|mcg|g){_PART_OF_DAY}\s*(?:,\s*(?:and\s+)?|and\s+|plus\s+|\+\s*|/\s*)"
    rf"(?P<second>{_DIGITS})[\s-]*(?P=unit)(?={_PART_OF_DAY})",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?:on\s+)?alternate\b|for\s|from\s|since\s|[.,;)]|$", re.IGNORECASE)
# Units in which doses of patients are told; others are of solutions, devices and rays.
_OF_PATIENTS = re.compile(
    r"(?:mg|mgs|mcg|\u00b5g|\u03bcg|ug|g|gm|gms|grams?|milligrams?|micrograms?|units?|iu|ml|cc|meq|mmol|"
    r"tablets?|tabs?|t|capsules?|caps?|c|pills?|puffs?|drops?|gtts?|sprays?|patch(?:es)?|"
    r"vials?|ampoules?|suppositor(?:y|ies)|lozenges?|packets?|scoops?|tablespoons?|teaspoons?)",
    re.IGNORECASE,
)
_BY_BODY = re.compile(r"(?:\s*/\s*|\s+per\s+)(?:kg|kilogram|m2|m\u00b2|lb)", re.IGNORECASE)
# "1 200 mg": one tablet of 200 mg, or 1,200 mg.
_COUNT_OR_THOUSAND = re.compile(r"(?<![\w.,/#])\d{1,3} $")
_BY_STEP = re.compile(r"\bby\s+(?:about\s+)?$", re.IGNORECASE)
# What is drunk, passed, transfused or weighed is no dose.
_OF_OTHER = re.compile(
    r"\s*(?:of\s+)?(?:water|juice|stool|urine|wine|beer|(?:packed|red|blood|plasma|platelets|prbc)\b|(?:baby|infant|newborn)\b)",
    re.IGNORECASE,
)
_WEIGHED = re.compile(r"\d\s*(?:lbs?|pounds?)\.?\s*$", re.IGNORECASE)  # "136 lb 4 oz"


def strength_at(text: str, start: int) -> bool:
    """Whether an amount with a unit of doses begins at `start`."""
    return _STRENGTH.match(text, start) is not None


def find_amounts(text: str) -> list[Match]:
    """Strengths ("600 to 800 mg"), counts ("two tablets") and bare counts ("1" daily), by start."""
    found = []
    for m in _STRENGTH.finditer(text):
        end = m.end() if m["count"] or not m["form"] else m.start("form")
        if not _OF_OTHER.match(text, end):
            found.append(Match(m.start(), end, "strength", ""))
    for kind, pattern in (("strength", _PERCENT), ("count", _COUNT), ("bare", _BARE)):
        told = [m for m in pattern.finditer(text) if not _WEIGHED.search(text, 0, m.start())]
        found += apart_from(found, [Match(*m.span(), kind, "") for m in told])
    return sorted(found, key=lambda m: m.start)


def find_doses(text: str) -> list[Match]:
    """Doses and tapers; `code` is `taper` for a list of descending doses, `mg` where no unit stands."""
    found = [Match(*m.span(), "dose", "taper") for m in _TAPER.finditer(text)]
    found += [Match(*m.span(), "dose", "") for m in _IN_PARTS.finditer(text)]
    for pattern in (_STRENGTH, _COUNT):
        told = [m for m in pattern.finditer(text) if _is_dose(text, m)]
        found += apart_from(found, [Match(*m.span(), "dose", "") for m in told])
    bare = [
        Match(*m.span(_which(m)), "dose", "mg")
        for m in _UNITLESS.finditer(text)
        if _is_led(text, m)
    ]
    return sorted([*found, *apart_from(found, bare)], key=lambda m: m.start)


def _which(m: re.Match[str]) -> str:
    return next(name for name in ("named", "of", "stay", "day") if m[name])


def _is_led(text: str, m: re.Match[str]) -> bool:
    """Whether a number without a unit is a dose: how often, how long or nothing more follows."""
    after = text[m.end() : m.end() + 40]
    if not m["named"] or _ENDS.match(after):
        return True
    return any(f.start == 0 for f in frequency_parts(after, models_dir()))


def _is_dose(text: str, m: re.Match[str]) -> bool:
    """Whether an amount is one that a patient takes."""
    told = m.groupdict()
    unit = told.get("unit") or told.get("word_unit") or told.get("form") or ""
    per = told.get("per") or ""
    if not _OF_PATIENTS.fullmatch(unit.strip(" -")) or (per and not _BY_BODY.fullmatch(per)):
        return False
    open_count = re.match(r"\d{3}(?!\d)", m.group(0)) and not told.get("count")
    if open_count and _COUNT_OR_THOUSAND.search(text[: m.start()]):
        return False
    return not _BY_STEP.search(text[: m.start()]) and not _OF_OTHER.match(text, m.end())


@dataclass(frozen=True)
class Dose:
    """An amount; `per` is `kg` or `m2` for one by weight or surface."""

    value: float
    unit: str
    per: str = ""

    @property
    def milligrams(self) -> float | None:
        """In mg, when it is a mass that depends on nothing else."""
        factor = MILLIGRAMS.get(self.unit)
        return round(self.value * factor, 6) if factor is not None and not self.per else None

    @property
    def printed_unit(self) -> str:
        return f"{self.unit}/{self.per}" if self.per else self.unit


def dose(text: str) -> Dose | None:
    """A printed dose: of a range the upper end, of a taper the first step, tablets multiplied.

    "six 10-mg tablets" is 60 mg; "10 to 20 mg" is a titration up to 20 mg.
    """
    if m := _TAPER.search(text):
        steps = numbers(m["steps"])
        return Dose(steps[-1] if steps == sorted(steps) else steps[0], "mg")
    if m := re.match(_IN_PARTS.pattern.rpartition("(?=")[0], text, re.IGNORECASE):
        total = (number(m["first"]) or 0.0) + (number(m["second"]) or 0.0)
        return Dose(total, _short(m["unit"]))
    m = _STRENGTH.search(text)
    if m is None:
        m = _COUNT.search(f"{text} PO" if _COUNT_ALONE.fullmatch(text) else text)
        value = _reached(m["amount"]) if m is not None else None
        return Dose(value, _short(m["form"])) if m is not None and value is not None else None
    if m["word"]:
        value = worded(m["word"])
        count = number(m["word_count"]) if m["word_count"] else 1.0
        if value is None or count is None:
            return None
        return Dose(round(value * count, 6), _short(m["word_unit"]))
    value, count = _reached(m["amount"]), number(m["count"]) if m["count"] else 1.0
    if value is None or count is None:
        return None
    per = (
        re.sub(r"[\s/]|per", "", m["per"].lower()).replace("kilogram", "kg").replace("\u00b2", "2")
    )
    return Dose(round(value * count, 6), _short(m["unit"]), per)


def _short(unit: str) -> str:
    name = unit.strip(" -").lower()
    return SHORT_UNITS.get(name, name)


def _reached(amount: str) -> float | None:
    """The upper end of a range; the first of a combination ("24/26", "20-12.5") or a way down."""
    printed = list(re.finditer(_DIGITS, amount)) or list(re.finditer(_WORD, amount, re.IGNORECASE))
    values = [value for m in printed if (value := number(m.group(0))) is not None]
    if not values:
        return number(f"{amount} tab")  # Latin
    combined = any("/" in amount[a.end() : b.start()] for a, b in pairwise(printed))
    return values[0] if combined or values != sorted(values) else values[-1]
