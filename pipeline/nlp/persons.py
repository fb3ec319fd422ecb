"""Pronouns that may stand for another person: what they tell is doubted, of whom it is open.

"Her sister has lupus. She takes azathioprine."; "Caller: the daughter. Her own tests were
negative.": a pronoun goes on about the person who was spoken of last, if it fits her or him.
And what a clause tells of another person is no part of what stands before it: "she did well on
azathioprine; her brother took it for 3 years".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.schema import About, Document, Mention

WOMEN = r"mother|sister|daughter|aunt|grandmother|niece|wife|girlfriend|mother-in-law|sister-in-law"
MEN = r"father|brother|son|uncle|grandfather|nephew|husband|boyfriend|father-in-law|brother-in-law"
EITHER = r"cousin|sibling|twin|spouse|partner|friend|neighbou?r|room-?mate|caregiver|donor"
PERSON = re.compile(
    rf"\b(?:(?P<she>{WOMEN})|(?P<he>{MEN})|(?P<either>{EITHER}))\b(?!['\u2019]s)", re.IGNORECASE
)
PRONOUN = re.compile(
    r"(?:(?:and|but|then|now|today|also)\W+)?(?:(?P<she>she|her|hers)|(?P<he>he|his|him))\b",
    re.IGNORECASE,
)
OWN = re.compile(r"\b(?:(?P<she>her)|(?P<he>his))\s+own\b", re.IGNORECASE)
PATIENT = re.compile(r"\b(?:patient|pt|mr|mrs|ms|miss)\b", re.IGNORECASE)
# Who turned to the practice may tell of herself until the patient is named.
TURNED = re.compile(
    r"\b(?:called|phoned|telephoned|rang|wrote|e-?mailed|texted|messaged|visited|came by|left (?:a )?(?:message|voicemail))\b"
    r"|(?:^|\n)\W*(?:caller|call(?:ed)? (?:from|by)|message (?:from|by)|from|spoke (?:with|to)|contact)\b",
    re.IGNORECASE,
)
# Another person who takes it too, had it, did well: the subject of the rest of its clause.
TAKES = re.compile(
    rf"[;,]\s*(?:and|but|while|whereas|although)?\s*(?:her|his|the|a|an)\s+(?:\w+\s+)?(?:{WOMEN}|{MEN}|{EITHER})\s+"
    r"(?:also\s+|only\s+|once\s+|has\s+|had\s+|was\s+|is\s+|been\s+|did\s+|does\s+)*"
    r"(?:took|takes|taken|taking|used|uses|using|had|has|on|received|got|stopped|tolerated|responded|did|does|well|lasted)\b[^;.\n]*",
    re.IGNORECASE,
)
CLAUSE = re.compile(r"[^;.\n]+(?:\.(?!\s)[^;.\n]+)*")


@dataclass(frozen=True)
class _Person:
    """Somebody else who was spoken of: by which pronouns, and whether until the patient is named."""

    pronouns: frozenset[str]
    stays: bool


def with_persons(mentions: Sequence[Mention], document: Document) -> list[Mention]:
    """The mentions, those doubted that stand behind a pronoun that may be another person's."""
    told = [m for m in mentions if m.about is not About.PATIENT or m.family]
    open_ = [
        (page.start + start, page.start + end)
        for page in document.pages
        for start, end in _of_another(
            document.text[page.start : page.end], [m.start - page.start for m in told]
        )
    ]
    takes = [(m.start(), m.end()) for m in TAKES.finditer(document.text)]
    return [
        _doubted(m) if any(s <= m.start < e for s, e in open_) else _without_others(m, takes)
        for m in mentions
    ]


def _without_others(m: Mention, clauses: Sequence[tuple[int, int]]) -> Mention:
    """A mention without the parts that a clause tells of another person, unless it stands there."""
    told = [(s, e) for s, e in clauses if not s <= m.start < e]
    parts = tuple(p for p in m.parts if not any(s <= p.start < e for s, e in told))
    return m if len(parts) == len(m.parts) else m.model_copy(update={"parts": parts})


def _doubted(m: Mention) -> Mention:
    if m.about is not About.PATIENT or "standing" in m.doubted:
        return m
    return m.model_copy(update={"doubted": (*m.doubted, "standing")})


def _of_another(text: str, told: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Clauses that may go on about the other person who was spoken of last.

    Args:
        told: Offsets of what is told of other people.
    """
    places = list(told)
    person: _Person | None = None
    paragraph = 0
    for clause in CLAUSE.finditer(text):
        words = clause.group().lstrip()
        if not words:
            continue
        start = clause.end() - len(words)
        fresh = "\n\n" in text[paragraph:start]
        paragraph = start
        if fresh and person is not None and not person.stays:
            person = None
        other = PERSON.search(words)
        begins = PRONOUN.match(words) or OWN.search(words)
        named = PATIENT.search(words)
        turned = TURNED.search(text[max(0, start - 1) : clause.end()])
        tells = any(start <= at < clause.end() for at in places)
        if other is not None and (tells or turned):
            person = _Person(_pronouns(other), bool(turned))
        elif named is not None:
            person = None
        elif begins is not None and person is not None and _pronouns(begins) & person.pronouns:
            yield start, clause.end()
        elif person is not None and not person.stays:
            person = None


def _pronouns(found: re.Match[str]) -> frozenset[str]:
    groups = {name for name, text in found.groupdict().items() if text}
    return frozenset({"she", "he"}) if "either" in groups else frozenset(groups)
