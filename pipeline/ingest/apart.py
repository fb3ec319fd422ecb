"""Words and numbers that stand apart: letters of a spaced word, thousands, a lost point."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from statistics import median

from pipeline.ingest.lines import lines_of
from pipeline.ingest.raw import RawWord, union

LEADING, THOUSANDS = re.compile(r"[<>≤≥]?[1-9]\d{0,2}"), re.compile(r"\d{3}(?:\.\d+)?")
NUMBER = re.compile(r"[<>≤≥(]?\d[\d.,–-]*[)%HL*]*[.,;]?")
UNIT = re.compile(r"[^\W\d]+\S*[/%]\S*|%|\[?i?u\]?|[mµu]?g|[mdµ]?l", re.IGNORECASE)
THIN = 0.23  # widest thin blank within a number, in type sizes; between words stand 0.25 and more
DIGIT = 0.62  # white less wide than a digit, in heights of recognised digits
BLANK = 0.6  # widest blank after a comma of thousands, in type sizes

SPACED, LEAST_SPACED = 0.8, 6  # share and number of single letters in a line that is set apart
WORD_GAP, LETTER_GAP = 1.7, 1.2  # times the gap between letters; widest such gap, in type sizes


def closed_up(words: list[RawWord]) -> list[RawWord]:
    """Words with lines whose letters are set apart (`C K  4 , 5 1 2`) as words again.

    The gaps alone tell where words end, so numbers made so are doubtful.
    """
    if sum(len(word.text) == 1 for word in words) < LEAST_SPACED:
        return words
    made: list[RawWord] = []
    gone: set[int] = set()
    for line in lines_of(words, []):
        row = line.words
        single = [w for w in row if len(w.text) == 1]
        gaps = [b.x0 - a.x1 for a, b in pairwise(row) if b in single]
        letters = sum(w.text.isalpha() for w in single)
        if len(single) < max(LEAST_SPACED, SPACED * len(row)) or letters < 2 or not gaps:
            continue
        usual = median(gaps)
        if not 0 < usual < LETTER_GAP * line.size:
            continue
        gone |= {id(w) for w in row}
        run = [row[0]]
        for word in row[1:]:
            if word.x0 - run[-1].x1 > WORD_GAP * usual or len(word.text) > 1:
                made.append(_one_of(run))
                run = []
            run.append(word)
        made.append(_one_of(run))
    return [w for w in words if id(w) not in gone] + made


def _one_of(run: list[RawWord]) -> RawWord:
    if len(run) == 1:
        return run[0]
    text = "".join(word.text for word in run)
    doubtful = any(c.isdigit() for c in text)
    return replace(
        run[0], text=text, box=union([w.box for w in run]), shown=None, doubtful=doubtful
    )


def rejoined(words: list[RawWord]) -> list[RawWord]:
    """Words with thousands that a thin blank, or a blank after their comma, set apart, as one.

    A number that stood alone before a unit is one number whatever its blanks; it is doubtful.
    """
    if not any(THOUSANDS.fullmatch(word.text) for word in words):
        return words
    joined: dict[int, RawWord] = {}
    gone: set[int] = set()
    for line in lines_of(words, []):
        row = line.words
        for at in range(len(row) - 1):
            first, second = row[at], row[at + 1]
            before = row[at - 1] if at else None
            after = row[at + 2] if at + 2 < len(row) else None
            if id(first) not in gone and _is_one(before, first, second, after):
                text = first.text + second.text
                box = union([first.box, second.box])
                joined[id(first)] = replace(first, text=text, box=box, shown=None, doubtful=True)
                gone.add(id(second))
    return [joined.get(id(word), word) for word in words if id(word) not in gone]


def _is_one(before: RawWord | None, first: RawWord, second: RawWord, after: RawWord | None) -> bool:
    if not THOUSANDS.fullmatch(second.text):
        return False
    gap = second.x0 - first.x1
    if LEADING.fullmatch(first.text):
        return 0 <= gap <= THIN * min(first.size, second.size)
    if not first.text.endswith(",") or not LEADING.fullmatch(first.text[:-1]):
        return False
    listed = before is not None and (before.text[-1:] in ",;&" or before.text.lower() in LISTING)
    measured = after is not None and UNIT.fullmatch(after.text.rstrip(".,;")) is not None
    return gap <= BLANK * first.size and measured and not listed


LISTING = {"and", "or", "to", "day", "days", "of"}


def doubted(words: list[RawWord]) -> list[RawWord]:
    """Recognised words; two numbers nearer than a digit is wide may be one that lost its point."""
    doubtful: set[int] = set()
    for line in lines_of(words, []):
        for left, right in pairwise(line.words):
            if NUMBER.fullmatch(left.text) and NUMBER.fullmatch(right.text):
                height = min(left.bottom - left.top, right.bottom - right.top)
                if right.x0 - left.x1 < DIGIT * height:
                    doubtful |= {id(left), id(right)}
    return [replace(w, doubtful=True) if id(w) in doubtful else w for w in words]
