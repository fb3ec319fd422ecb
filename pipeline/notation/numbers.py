"""Numbers in digits, words and fractions, and what they are worth."""

from __future__ import annotations

import re

# Thousands stand apart by commas ("1,050") or by a blank that no two numbers have between them:
# before a group that begins with 0 ("1 000"), or a blank made for it (thin, or not to be broken).
_THIN = "[\u00a0\u2009\u202f]"
NUMBER = (
    rf"\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d{{1,3}}(?:{_THIN}\d{{3}})+(?:\.\d+)?(?!\d)"
    r"|\d{1,3} 0\d\d(?![\d.,/:-]*\d)|\d+(?:\.\d+)?"
)
"""A number in digits, as results and doses print it."""

_GLYPHS = {"\u00bd": 0.5, "\u00bc": 0.25, "\u00be": 0.75, "\u2153": 1 / 3, "\u2154": 2 / 3}
_GLYPH = "[" + "".join(_GLYPHS) + "]"
FRACTION = rf"(?:{_GLYPH}|(?:1\s?[/\u2044]\s?[234]|[23]\s?[/\u2044]\s?[34])(?![\d/]|\.\d))"
AMOUNT = rf"(?:\d{{1,3}}(?:\s?{_GLYPH}|[\s-]+{FRACTION})|{FRACTION}|(?:{NUMBER})|\.\d+)"
"""A number in digits that may be mixed or a fraction: "1 1/2", "2\u00bd", "1/2"."""

_ONES = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORTH = {
    **{word: i + 1.0 for i, word in enumerate(_ONES)},
    **{word: 10.0 * (i + 2) for i, word in enumerate(_TENS)},
    "a": 1.0, "an": 1.0, "dozen": 12.0, "hundred": 100.0, "half": 0.5, "quarter": 0.25, "quarters": 0.25,
    "couple": 2.0,
}  # fmt: skip
_WHOLE = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[\s-]+(?:{'|'.join(_ONES[:9])}))?|{'|'.join(sorted(_ONES, key=len, reverse=True))})"
    r"(?:[\s-]+hundred)?|(?:a[\s-]+)?(?:dozen|hundred)"
)
_PART = r"(?:(?:one|an?)[\s-]+)?(?:half|quarter)(?:\s+an?(?!\w))?|three[\s-]+quarters(?:\s+of\s+an?(?!\w))?"
HALF_MORE = (
    r"[\s-]+and[\s-]+(?:an?[\s-]+|one[\s-]+)?(?:half|quarter)|[\s-]+and[\s-]+three[\s-]+quarters"
)
WORD = (
    rf"(?:{_PART}|(?:{_WHOLE})(?:{HALF_MORE})?|(?:an?\s+)?couple(?:\s+of)?|several|an?)(?![A-Za-z])"
)
"""A number in words: "twenty-one", "one and a half", "half a", "a couple of"."""

# "1,050" has a thousands comma; "5,0" a decimal one (a faxed point often reads as a comma).
_PRINTED = re.compile(
    rf"(?P<whole>\d{{1,3}})(?:\s?|[\s-]+)(?P<part>{FRACTION})|(?P<fraction>(?<![\d/.]){FRACTION})"
    rf"|(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+,\d{{1,2}}(?!\d)|{NUMBER}|\.\d+)"
)
_WORDED = re.compile(rf"(?<![A-Za-z]){WORD}", re.IGNORECASE)
# How pharmacies count in a sig: "ss" (semis) is a half, "iv tabs" are four. Source: Remington,
# The Science and Practice of Pharmacy, table of Latin abbreviations.
LATIN = r"(?:(?:i{1,3}|iv|vi{0,3}|ix)(?:ss)?|ss)"
_LATIN = re.compile(rf"\s*(?P<count>{LATIN})\s+(?=tab|cap|pill|gtt|drop|puff)", re.IGNORECASE)
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")


def number(text: str) -> float | None:
    """The first number of a text: in digits, else Latin or in words."""
    if m := _PRINTED.search(text):
        return _value(m)
    if m := _LATIN.match(text):
        count = m["count"].lower()
        return _ROMAN.index(count.removesuffix("ss")) + 0.5 * count.endswith("ss")
    found = [worded(m.group(0)) for m in _WORDED.finditer(text)]
    return next((value for value in found if value is not None), None)


def numbers(text: str) -> list[float]:
    """All numbers in digits."""
    return [_value(m) for m in _PRINTED.finditer(text)]


def worded(text: str) -> float | None:
    """What a number in words is worth; None for "several"."""
    value, grown = None, text.lower()
    for i, piece in enumerate(re.split(r"[\s-]+and[\s-]+", grown)):
        words = [_WORTH[w] for w in re.findall("[a-z]+", piece) if w in _WORTH]
        if not words:
            continue
        parts = [w for w in words if w < 1]
        if parts:  # "half a", "three quarters of a", "one half"
            worth = parts[0] * (words[0] if words[0] > 1 else 1)
        elif words[-1] >= 12 and len(words) > 1 and words[-1] in (12.0, 100.0):
            worth = sum(words[:-1]) * words[-1]  # "a dozen", "two hundred"
        elif words[0] == 1.0 and words[-1] == 2.0 and "couple" in piece:
            worth = 2.0
        else:
            worth = sum(words)
        value = worth if i == 0 or value is None else value + worth
    return value


def _value(m: re.Match[str]) -> float:
    if m["digits"]:
        plain = re.sub(rf"(?<=\d)[ {_THIN[1:-1]}](?=\d)", "", m["digits"])
        return float(re.sub(r"^(\d+),(\d{1,2})$", r"\1.\2", plain).replace(",", ""))
    printed = m["part"] or m["fraction"]
    if printed in _GLYPHS:
        worth = _GLYPHS[printed]
    else:
        above, below = re.split(r"\s?[/\u2044]\s?", printed)
        worth = int(above) / int(below)
    return round(int(m["whole"] or 0) + worth, 4)
