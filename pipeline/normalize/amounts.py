"""Printed numbers, doses and lengths of time as values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.quantities import Quantity

WORDS = {
    "half": 0.5, "a": 1, "an": 1, "one": 1, "two": 2, "couple of": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty": 20, "twenty-four": 24, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60,
}  # fmt: skip
# "1,050" has a thousands comma; "5,0" a decimal one (a faxed point often reads as a comma).
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+,\d{1,2}(?!\d)|\d+(?:\.\d+)?|\.\d+")
# Spelled-out units of dose become their usual short form; all others stay as printed.
SHORT_UNITS = {
    "milligram": "mg", "milligrams": "mg", "gram": "g", "grams": "g", "gm": "g", "gms": "g", "microgram": "mcg",
    "micrograms": "mcg", "ug": "mcg", "\u00b5g": "mcg", "unit": "units", "iu": "units", "tab": "tablet", "tabs": "tablet",
    "tablets": "tablet", "cap": "capsule", "caps": "capsule", "capsules": "capsule", "pills": "tablet", "pill": "tablet",
    "puff": "puffs", "cc": "mL", "ml": "mL", "gtt": "drops", "gtts": "drops",
}  # fmt: skip
# How pharmacies count in a sig: "ss" (semis) is a half, "iv tabs" are four. Source: Remington,
# The Science and Practice of Pharmacy, table of Latin abbreviations.
LATIN = re.compile(
    r"\s*(?P<count>(?:i{1,3}|iv|vi{0,3}|ix)?(?P<half>ss)?)(?<=\w)\s+(?=tab|cap|pill|gtt|drop|puff)",
    re.IGNORECASE,
)
LATIN_COUNTS = {
    "": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9,
}  # fmt: skip
MILLIGRAMS = {"mg": 1.0, "g": 1000.0, "mcg": 0.001}


def number(text: str) -> float | None:
    """The first number of a text, in digits or as a word."""
    m = NUMBER.search(text)
    if m is not None:
        return _value(m.group(0))
    if latin := LATIN.match(text):
        half = latin["half"] or ""
        return LATIN_COUNTS[latin["count"].lower().removesuffix("ss")] + (0.5 if half else 0.0)
    for word in sorted(WORDS, key=len, reverse=True):
        if re.search(rf"\b{word}\b", text, re.IGNORECASE):
            return float(WORDS[word])
    return None


def numbers(text: str) -> list[float]:
    """All numbers in digits."""
    return [_value(m.group(0)) for m in NUMBER.finditer(text)]


def _value(digits: str) -> float:
    return float(re.sub(r"^(\d+),(\d{1,2})$", r"\1.\2", digits).replace(",", ""))


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


UNIT = re.compile(
    r"([A-Za-z\u00b5]+)(?:\s*(?:/|per)\s*(kg|kilogram|m2|m\u00b2|lb))?", re.IGNORECASE
)


def dose(text: str) -> Dose | None:
    """A printed dose: of a range the upper end, of a taper the first step, tablets multiplied.

    "six 10-mg tablets" is 60 mg; "10 to 20 mg" is a titration up to 20 mg.
    """
    text = re.sub(r"\bm2\b", "m\u00b2", text, flags=re.IGNORECASE)  # the 2 is no number
    counted = re.match(
        r"\s*([\w-]+)\s+(?:x\s*)?((?:\d[\d,.]*))[\s-]*(mg|mcg|g)[\s-]*(?:tab|cap|pill)", text, re.I
    )
    if counted and number(counted[1]) is not None:
        return Dose(
            round((number(counted[1]) or 0) * float(counted[2].replace(",", "")), 6),
            counted[3].lower(),
        )
    values = numbers(text)
    taper = re.search(r"->|\u2192|=>|then|>", text)
    if not values:
        worded = number(text)
        values = [worded] if worded is not None else []
    if not values:
        return None
    if len(values) > 1 and values[1] < values[0]:
        taper = taper or re.search("-", text)  # "20-12.5 mg" is a combination, not a range
    if re.search(r"\d\s*/\s*\d", text):
        values = values[:1]  # "24/26 mg" is a combination
    if taper and values == sorted(values):
        values = values[::-1]  # "50 -> 100 -> 150 mg" is a titration up to 150 mg
    value = (
        values[0]
        if taper or len(values) == 1
        else values[1]
        if re.search(r"\d\s*(?:-|\u2013|to)\s*\d", text)
        else values[0]
    )
    tail = text[[m.end() for m in NUMBER.finditer(text)][-1] :] if NUMBER.search(text) else text
    unit = UNIT.search(
        re.sub(r"^[\s-]+", "", tail) if NUMBER.search(text) else re.sub(r"^\s*\w+\s+", "", text)
    )
    if unit is None:
        return None
    name = unit[1].lower()
    per = (unit[2] or "").lower().replace("kilogram", "kg").replace("m\u00b2", "m2")
    return Dose(value, SHORT_UNITS.get(name, name), per)


NEAR = 0.8  # of a length that is nearly reached, the share that surely was
ALMOST = re.compile(r"\s*(?:almost|nearly|close\s+to|just\s+(?:under|short\s+of))\b", re.IGNORECASE)
AT_MOST = re.compile(
    r"\s*(?:(?:not?\s+(?:more|longer)|less|fewer)\s+than|under|<|at\s+most|up\s+to)(?!\w)",
    re.IGNORECASE,
)
HALF = re.compile(r"\s+and\s+a\s+half\b", re.IGNORECASE)
DAYS = {
    "d": (1, 1),
    "n": (1, 1),
    "w": (7, 7),
    "m": (28, 31),
    "y": (365, 366),
}  # a month has 28 to 31 days


def duration(text: str) -> Quantity | None:
    """A length of time in days, as an interval: "2-3 weeks" is 14 to 21 d, "6 months" 168 to 186 d."""
    if day := re.fullmatch(r"day\s+(\d+)", text.strip(), re.IGNORECASE):
        return Quantity.exactly(float(day[1]), "d")
    text, half = HALF.sub("", text), 0.5 if HALF.search(text) else 0.0
    m = re.search(
        r"(?P<low>\d+(?:\.\d+)?|[a-z-]+(?:\s+of)?)(?:\s*(?:-|\u2013|to|or)\s*(?P<high>\d+(?:\.\d+)?|[a-z-]+))?\+?[\s-]*"
        r"(?:full\s+|consecutive\s+|total\s+|entire\s+|more\s+)?(?<![A-Za-z])(?P<unit>days?|nights?|d|weeks?|wks?|wk|w|months?|mos?|mo|m|years?|yrs?|yr|y)\b",
        ALMOST.sub("", text),
        re.IGNORECASE,
    )
    if m is None:
        return None
    low = number(m["low"])
    if low is None:
        return None
    high = number(m["high"]) if m["high"] else low
    short, long = DAYS[m["unit"][0].lower()]
    low, high = low + half, (low if high is None else high) + half
    if re.match(r"\s*(?:more\s+than|over|at\s+least|>|\u2265|longer\s+than)", text, re.IGNORECASE):
        return Quantity(low=min(low, high) * short, high=None, unit="d")
    if AT_MOST.match(text):
        return Quantity(low=0, high=max(low, high) * long, unit="d")
    if ALMOST.match(text):
        return Quantity(low=min(low, high) * short * NEAR, high=max(low, high) * long, unit="d")
    return Quantity(low=min(low, high) * short, high=max(low, high) * long, unit="d")


SIGNS = (
    ("<=", r"<\s?(?:or\s?)?=|\u2264|up\s+to|at\s+most"),
    (">=", r">\s?(?:or\s?)?=|\u2265|at\s+least"),
    ("<", r"<|less\s+than|under|below"),
    (">", r">|greater\s+than|more\s+than|over|above|exceed\w*"),
)


def comparator(text: str) -> str:
    """The sign before a value, in characters or words, as `<`, `>`, `<=`, `>=` or ''."""
    return next((s for s, pattern in SIGNS if re.match(rf"\s*(?:{pattern})", text, re.I)), "")


def reference_range(text: str) -> tuple[float | None, float | None]:
    """(low, high) of a printed reference range; a single bound leaves the other None.

    Of several ranges (one for women, one for men) none is taken: which one holds is not said.
    """
    clean = re.sub(r"(\d),(\d{1,2})(?!\d)", r"\1.\2", text).replace(",", "")
    clean = re.sub(r"\b1\s?:\s?(\d)", r"\1", clean)  # of titers, the dilutions
    spans = {
        (float(m[1]), float(m[2]))
        for m in re.finditer(
            r"(?<![\d.])(-?\d+(?:\.\d+)?)\s*(?:-|\u2013|\u2014|to)\s*(\d+(?:\.\d+)?)", clean
        )
    }
    if spans:
        low, high = spans.pop()
        return (low, high) if low <= high and not spans else (None, None)
    m = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s+(\d+(?:\.\d+)?)\s*", clean)
    if m and float(m[1]) < float(m[2]):  # "61 437": a fax lost the dash
        return float(m[1]), float(m[2])
    m = re.search(
        r"(<\s?(?:or\s?)?=?|\u2264|>\s?(?:or\s?)?=?|\u2265|up\s+to|under|ULN\s*(?:of|is|=|:)?|upper\s+limit[\w\s]*)\s*(\d+(?:\.\d+)?)",
        clean,
        re.IGNORECASE,
    )
    if m:
        return (float(m[2]), None) if m[1][0] in ">\u2265" else (None, float(m[2]))
    m = re.fullmatch(r"\D*(\d+(?:\.\d+)?)\D*", clean)
    return (None, float(m[1])) if m else (None, None)
