"""Misreadings that their neighbours in the line give away, put right."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.ingest.lines import lines_of
from pipeline.ingest.raw import RawWord

UNSURE = 0.6  # confidence of a number that was put right: it is marked as doubtful
STROKES = {"|", "{", "!", "l", "{|"}  # what 1 and I are taken for
BEFORE_ONE = re.compile(
    r"(?:day|days|week|weeks|month|months|dose|doses|cycle|course|step|page|item|line|no\.?|x|take"
    r"|dispense|section|part|level|visit|infusion)", re.IGNORECASE,
)  # fmt: skip
AFTER_ONE = re.compile(
    r"(?:mg|mcg|g|kg|ml|l|tabs?|tablets?|caps?|capsules?|units?|doses?|puffs?|drops?|hours?|hrs?|h"
    r"|days?|weeks?|wks?|months?|mos?|years?|yrs?|times?|x|injections?|vials?|infusions?|of)[.,;]?"
    r"|mg/\S+|g/\S+", re.IGNORECASE,
)  # fmt: skip
BEFORE_ROMAN = re.compile(r"(?:troponin|type|factor|bipolar|phase)", re.IGNORECASE)
ROUTE = re.compile(r"[\[|{l1!](V|M)([.,;)]?)")  # IV, IM
NUMBER = re.compile(r"\(?[\d.,]*\d")
UNITS = (
    (re.compile(r"m[egoq9]{1,2}/d[LltI1i]"), "mg/dL"),
    (re.compile(r"me/L"), "mg/L"),
    (re.compile(r"UAL|UIL|[UV]/[tl1I]|V/L"), "U/L"),
    (re.compile(r"(?:ke|Ku|Kl)/[uµ]L|K/ul|K/ulL"), "K/uL"),
    (re.compile(r"[xX]10[*°%4\"'^~]{0,2}3/[uµ]L"), "x10^3/uL"),
)
"""Units as fax type is misread, where no other unit looks alike."""
MASS = {"mq": "mg", "kq": "kg", "Ib": "lb", "Ibs": "lbs", "m9": "mg", "rng": "mg"}
UNIT = re.compile(r"[A-Za-z%]+/[A-Za-z]+")
CLOSING = re.compile(r"(.*?)([.,;)]*)")
LIKE_DIGITS = re.compile(r"(?=.*\d)(?=.*[OIl])[\dOIl.,]{2,}")


def repaired(words: list[RawWord]) -> list[RawWord]:
    """Recognised words with strokes, routes and units read as what alone they can be."""
    read: list[RawWord] = []
    for line in lines_of(words, []):
        row = line.words
        for at, word in enumerate(row):
            before = row[at - 1] if at and _near(row[at - 1], word) else None
            after = row[at + 1] if at + 1 < len(row) and _near(word, row[at + 1]) else None
            read.append(_word(word, before.text if before else "", after.text if after else ""))
    return read


def _near(left: RawWord, right: RawWord) -> bool:
    return right.x0 - left.x1 < 1.5 * max(left.size, right.size)


def _word(word: RawWord, before: str, after: str) -> RawWord:
    text = word.text
    if text in STROKES:
        if BEFORE_ROMAN.fullmatch(before):
            return replace(word, text="I")
        if BEFORE_ONE.fullmatch(before) or AFTER_ONE.fullmatch(after):
            return _unsure(replace(word, text="1"))
        return word
    route = ROUTE.fullmatch(text)
    if route:
        return replace(word, text=f"I{route.group(1)}{route.group(2)}")
    stem, close = CLOSING.fullmatch(text).groups()  # type: ignore[union-attr]
    if stem in MASS and NUMBER.fullmatch(before):
        return replace(word, text=MASS[stem] + close)
    for pattern, unit in UNITS:
        if pattern.fullmatch(stem):
            stem = unit
    if close == "." and not before and not after and UNIT.fullmatch(stem):
        close = ""  # a speck behind a unit that fills its cell alone
    if stem + close != text:
        return replace(word, text=stem + close)
    if LIKE_DIGITS.fullmatch(text):
        return _unsure(word)
    return word


def _unsure(word: RawWord) -> RawWord:
    return replace(word, confidence=min(word.confidence, UNSURE), doubtful=True)
