"""Pages that speak of several people: the patient stands in a list, a table or columns of persons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from pipeline.ingest.identity import DAY, WHOSE_LABEL, Marks, heads_of
from pipeline.ingest.names import CREDENTIALS, TITLES, Likeness, Name, folded, likeness, name_of

ENTRY = re.compile(
    r"\s*(?:(?:#?\d{1,4}[A-Za-z]?|[-\u2022*\u00b7])[.):]?[ \t]+)?(?P<name>[^\t\n:;(\d]+)"
)
"""The start of a line of a list of persons: a room or a number, and what may be a name."""
SEX = re.compile(r"(?:male|female|[mf])\b[ \t,|/]*", re.IGNORECASE)
DASH = re.compile(r"\s[-\u2013]\s")
LONGEST = 4  # words of a name


def another_named(own: Marks, of: Marks, misread: bool) -> bool:
    """Whether a page labels a name of another person, in whatever other words."""
    return any(all(likeness(n, s, misread) >= Likeness.GIVEN for s in of.names) for n in own.names)


def another_numbered(own: Marks, of: Marks) -> bool:
    """Whether it bears a second record number of the kind by which the patient is known there."""
    kinds = {kind for kind, number in own.records if (kind, number) in of.records}
    return any(kind in kinds and (kind, n) not in of.records for kind, n in own.records)


def another_listed(text: str, of: Marks, known: set[str], misread: bool) -> bool:
    """Whether somebody else stands on a page in the way in which the patient does.

    Beside a date as the patient beside the birth date, or at the head of a line of a list.

    Args:
        of: What the pages of the patient print.
        known: Words that the submission prints in lower case: no names.
    """
    return _beside_dates(text, of, misread) or _in_lines(text, of, known, misread)


def _is_other(name: Name, of: Sequence[Name], misread: bool) -> bool:
    return all(likeness(name, one, misread) >= Likeness.GIVEN for one in of)


def _beside_dates(text: str, of: Marks, misread: bool) -> bool:
    heads = [(name, day) for name, day, _ in heads_of(text)]
    if not any(day in of.births for _, day in heads):
        return False
    return any(_is_other(name, of.names, misread) and _is_birth(day, of) for name, day in heads)


def _is_birth(day: date, of: Marks) -> bool:
    """Whether a day other than the patient's birth is as long ago as that of a grown person.

    Days of visits stand beside titles and signatures in the same way.
    """
    return day not in of.births and day.year <= max(born.year for born in of.births) + CLOSE


CLOSE = 25  # years by which another's birth may be later than the patient's


def _in_lines(text: str, of: Marks, known: set[str], misread: bool) -> bool:
    runs: list[list[Name]] = [[]]
    for line in text.split("\n"):
        name = _heading_a_line(line)
        if name is not None:
            runs[-1].append(name)
        elif line.strip():
            runs.append([])
    for run in runs:
        own = [n for n in run if any(likeness(n, s, misread) is Likeness.SAME for s in of.names)]
        if own and any(_is_other(n, of.names, misread) and _is_person(n, own, known) for n in run):
            return True
    return False


def _heading_a_line(line: str) -> Name | None:
    """The name with which a line of a list begins, before its other cells or a colon."""
    entry = ENTRY.match(line)
    if entry is None:
        return None
    rest = line[entry.end() :]
    if not DASH.search(entry["name"]) and (not rest or rest[0].isdigit()):
        return None  # a line of nothing else, or "Folic Acid 1 mg"
    after = SEX.sub("", rest.lstrip(" \t,("))
    if WHOSE_LABEL.match(after) or DAY.match(after):
        return None  # a head of a page, or a visit: labels and dates tell of whom
    printed = DASH.split(entry["name"])[0].strip(" ,-\u2013")
    words = re.findall(r"[^\W\d_]+", printed)
    titled = {folded(word) for word in words} & (CREDENTIALS | TITLES)
    if not 1 < len(words) <= LONGEST or titled or not all(w[0].isupper() for w in words):
        return None
    return name_of(printed)


def _is_person(name: Name, own: Sequence[Name], known: set[str]) -> bool:
    """Whether it is printed surname first as the patient's, or of words that are no others."""
    surname_first = "," in name.printed and any("," in one.printed for one in own)
    return surname_first or not set(name.words) & known
