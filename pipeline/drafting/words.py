"""The words of a payer's policy: what the lexicon knows in them, and cues of what they ask."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline.lexicon import DERIVED_FINDINGS, load_lexicon, read_table
from pipeline.nlp.findings import load_findings
from pipeline.notation.matches import compiled

LONGEST_NAME = 7  # words
SERVED = 200  # characters of a policy's beginning that name what it is about
STATED = 0.2  # of a text, what the words of a finding must be of it

_TOKEN = re.compile(r"[A-Za-z0-9](?:[\w'\u2019/+-]*\w|\.(?=\d)|)*")
# A word by itself between commas, or the capitalised one that begins such a list.
_ENTRY = re.compile(
    r"(?:(?<=,\s)|(?<=\bor\s)|(?<=\band\s)|(?<=[(\[]))(?P<word>(?!(?:or|and)\b)[A-Za-z][\w-]{4,})(?=\s*(?:[,;.)\]]|$|or\b|and\b))"
    r"|(?<=[a-z]\s)(?P<first>[A-Z][a-z][\w-]{3,})(?=,|\s+or\b|\s+and\b)"
)
_THAT_IS = re.compile(r"\bi\.\s?e\.", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


class Name(NamedTuple):
    """A name of the lexicon in a text: `drug`, `drug class`, `analyte` or `diagnosis`, and its key."""

    start: int
    end: int
    sort: str
    key: str


class Drugs(NamedTuple):
    """The treatments that a text names: ingredients, classes, and what is not sure of them."""

    ingredients: list[str]
    classes: list[str]
    doubts: list[str]

    def __bool__(self) -> bool:
        return bool(self.ingredients or self.classes)

    def __str__(self) -> str:
        return ", ".join([*self.classes, *self.ingredients]).replace("_", " ")


@cache
def _cues(models: Path) -> Mapping[str, re.Pattern[str]]:
    path = models / "drafting.csv"
    return {row["cue"]: compiled(path, line, row["pattern"]) for line, row in read_table(path)}


def without_asides(text: str) -> str:
    """The text without what stands in brackets."""
    return _ASIDE.sub(" ", text)


class Words:
    """The tables under `models`, and the products that the policy is about."""

    def __init__(self, models: Path, text: str) -> None:
        path = models / "lexicon" / "specialties.csv"
        self.lexicon = load_lexicon(models)
        self.cues = _cues(models)
        self.findings = load_findings(models)
        self.specialties = [
            (row["specialty"], compiled(path, line, row["pattern"]))
            for line, row in read_table(path)
        ]
        self.products: list[str] = []
        self.products = (self.keys(text[:SERVED], "drug") or self.keys(text, "drug"))[:1]

    def told(self, text: str, *cues: str) -> bool:
        """Whether the text has words of one of these cues."""
        return any(self.cues[cue].search(text) for cue in cues)

    def names(self, text: str) -> list[Name]:
        """The names of the lexicon in a text, by start; a longer one hides those inside it."""
        tokens = list(_TOKEN.finditer(text))
        found: list[Name] = []
        for size in range(min(LONGEST_NAME, len(tokens)), 0, -1):
            for at in range(len(tokens) - size + 1):
                start, end = tokens[at].start(), tokens[at + size - 1].end()
                if any(name.start < end and start < name.end for name in found):
                    continue
                if named := self._named(text[start:end]):
                    found.append(Name(start, end, *named))
        return sorted(found)

    def _named(self, printed: str) -> tuple[str, str] | None:
        for said in (printed, printed.removesuffix("s")):
            if (drug := self.lexicon.drug(said)) and not drug.ambiguous:
                return "drug", drug.ingredient
            if drug_class := self.lexicon.drug_class(said):
                return "drug class", drug_class.drug_class
            if test := self.lexicon.lab(said):
                return "analyte", test.analyte
            disease = self.lexicon.disease(said)
            if disease and disease.group not in ("symptom", "health_status"):
                return "diagnosis", disease.key
        return None

    def keys(self, text: str, *sorts: str) -> list[str]:
        """The keys of the names of these sorts, each once."""
        return list(dict.fromkeys(name.key for name in self.names(text) if name.sort in sorts))

    def specialists(self, text: str) -> list[str]:
        """The keys of the specialties that a text names."""
        found: list[tuple[int, int, str]] = []
        for key, pattern in self.specialties:
            for m in re.finditer(pattern, text):
                if not any(start < m.end() and m.start() < end for start, end, _ in found):
                    found.append((*m.span(), key))
        return list(dict.fromkeys(key for _, _, key in sorted(found)))

    def drugs(self, text: str, notes: Sequence[str] = ()) -> Drugs:
        """The treatments that a text names; a class counts before its examples."""
        whole = " ".join([text, *(note for note in notes if self.told(note, "examples"))])
        names = [n for n in self.names(whole) if n.sort in ("drug", "drug class")]
        names = [n for n in names if n.key not in self.products]
        if that_is := _THAT_IS.search(whole):  # "a statin (i.e., ...)": these and no others
            meant = [n for n in names if n.start > that_is.end() and n.sort == "drug"]
            names = meant or names
        marks = [m.end() for m in self.cues["examples"].finditer(whole)]

        closed = [n for n in names if not _in_example(whole, n, marks)]
        given = [n for n in names if n not in closed]
        classes = list(dict.fromkeys(n.key for n in closed if n.sort == "drug class"))
        drugs = list(dict.fromkeys(n.key for n in closed if n.sort == "drug"))
        doubts = []
        of_class = {key: self.lexicon.drugs_of_class(key) for key in classes}
        bare = [key for key in classes if not of_class[key]]
        examples = list(dict.fromkeys(n.key for n in given if n.sort == "drug"))
        if bare:
            doubts.append(f"which drugs are {', '.join(bare).replace('_', ' ')}?")
            drugs += examples
        elif examples and not classes and not drugs:
            drugs, classes = examples, [n.key for n in given if n.sort == "drug class"]
            doubts.append("only examples are named: is a class meant?")
        if strange := self._unnamed(whole):
            doubts.append(f"not in models/lexicon: {', '.join(strange)}")
        return Drugs(list(dict.fromkeys(drugs)), list(dict.fromkeys(classes)), doubts)

    def _unnamed(self, text: str) -> list[str]:
        """What seems to be a name in a list of treatments and is not known: "Xyzra, or ..."."""
        names = [(name.start, name.end) for name in self.names(text)]
        found: list[str] = []
        for m in reversed(list(_ENTRY.finditer(text))):
            known = any(start < m.end() and m.start() < end for start, end in names)
            beside = any(
                -4 <= start - m.end() <= 6 or -4 <= m.start() - end <= 6 for start, end in names
            )
            printed = m["word"] or m["first"]
            if not known and beside and not printed.isupper():
                found.append(printed)
                names.append(m.span())
        return list(dict.fromkeys(reversed(found)))

    def ucum(self, printed: str) -> str:
        """The UCUM code of a unit, also of one whose parts alone are known: "cells/microliter"."""
        counted, over, volume = printed.partition("/")
        if over and self.lexicon.unit(printed) is None:
            printed = f"{counted.strip()}/{self.lexicon.ucum(volume.strip())}"
        return self.lexicon.ucum(printed)

    def test_in(self, test: str, unit: str) -> str:
        """Of the tests of one name that which has results in such a unit."""
        if unit in self.lexicon.labs[test].units:
            return test
        longer = (
            k
            for k, lab in self.lexicon.labs.items()
            if k.startswith(f"{test}_") and unit in lab.units
        )
        return next(longer, test)

    def finding(self, text: str) -> str:
        """The finding that these words would state in a note, where they are much of the text."""
        found = [
            (len(m[0]), cue.finding)
            for cue in self.findings
            if cue.finding not in DERIVED_FINDINGS and (m := cue.pattern.search(text))
        ]
        size, finding = max(found, default=(0, ""))
        return finding if size >= STATED * len(text) else ""


def _in_example(text: str, name: Name, marks: Sequence[int]) -> bool:
    """Whether a name stands in a list of examples: until its bracket closes, or the text ends."""
    before = [mark for mark in marks if mark <= name.start]
    if not before:
        return False
    opened = 0
    for letter in text[before[-1] : name.start]:
        opened += {"(": 1, "[": 1, ")": -1, "]": -1}.get(letter, 0)
        if opened < 0:
            return False
    return True
