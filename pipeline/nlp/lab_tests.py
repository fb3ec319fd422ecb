"""Tests named in a sentence, those that share a result together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.lexicon import load_lexicon, models_dir
from pipeline.nlp.names import Name
from pipeline.nlp.sentence import Sentence
from pipeline.nlp.unlisted_tests import SPECIMEN, tests_by_shape
from pipeline.notation.matches import Match
from pipeline.notation.results import COUNTED_IN


@dataclass
class Result:
    """A value or word of a test, with what stands beside it."""

    start: int
    end: int
    parts: list[tuple[str, Match]] = field(default_factory=list)

    def add(self, label: str, start: int, end: int) -> None:
        self.parts.append((label, Match(start, end, label, "word" if label == "word" else "")))

    def has(self, label: str) -> bool:
        return any(name == label for name, _ in self.parts)

    def get(self, label: str) -> Match | None:
        return next((match for name, match in self.parts if name == label), None)


@dataclass
class Group:
    """Tests that share what follows them: "HBsAg, anti-HBc and anti-HCV negative"."""

    tests: list[Name]
    limit: int  # where the next group begins
    results: list[Result] = field(default_factory=list)
    zipped: bool = False  # one result for each test, in their order

    @property
    def start(self) -> int:
        return self.tests[0].start

    @property
    def end(self) -> int:
        return self.tests[-1].end


# What an assay measures on its way to its result; these values are none of its own.
STEPS = {"igra": ("igra_nil", "igra_tb1", "igra_tb2", "igra_mitogen")}

JOINED = re.compile(
    r"\s*\)?\s*(?:,|and|&|/|\+|or|,\s*and)\s*(?:(?:serum|total|also|the|a|her|his)\s+)?",
    re.IGNORECASE,
)
# What stands before a test that is wanted, not resulted.
WANTED = re.compile(
    r"\b(?:goal|target|threshold|cut-?off|range\s+(?:for|of)|limits?\s+(?:for|of)|"
    r"(?:re)?check(?:ing)?|monitor(?:ing)?|follow(?:ing)?)\s+(?:(?:for|of|is|the|her|his|a|an)\s+)*$",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"\b(?:if|unless|until|hold|stop|call|notify|goal|target|keep|maintain|threshold|must|should|requires?|"
    r"required|requirement|criteri\w+|when(?:ever)?)\b",
    re.IGNORECASE,
)


def find_groups(sentence: Sentence) -> list[Group]:
    groups: list[Group] = []
    tests = [
        t
        for n in sentence.names
        for t in _test_of(sentence, n)
        if not _of_another_kind(sentence, t)
    ]
    bracketed = _in_brackets(sentence)
    tests = [t for t in tests if not any(t.start < b.end and b.start < t.end for b in bracketed)]
    tests += bracketed
    tests += _genomes(sentence, tests)
    tests += tests_by_shape(sentence, tests)
    for test in sorted(tests, key=lambda t: t.start):
        if groups:
            gap = sentence.text[groups[-1].end : test.start]
            if JOINED.fullmatch(gap):
                groups[-1].tests.append(test)
                continue
            groups[-1].limit = test.start
        groups.append(Group([test], len(sentence.text)))
    return [g for g in groups if not WANTED.search(sentence.text[: g.start])]


# "Hepatitis B (surface antigen, core antibody)": what was tested for, and in brackets its tests.
BRACKETED = re.compile(
    r"\b(?P<of>hep(?:atitis)?\.?\s+[A-E]|H[ABCDE]V)\s*(?:serolog\w+|screen\w*|tests?|panel|markers)?\s*\((?P<tests>[^()]+)\)",
    re.IGNORECASE,
)


def _in_brackets(sentence: Sentence) -> list[Name]:
    lexicon, found = load_lexicon(models_dir()), []
    for m in BRACKETED.finditer(sentence.text):
        for item in re.finditer(r"(?:(?!\s+and\s)[^,;/&+])+", m["tests"]):
            words = re.sub(r"^\s*and\s+", "", item[0])
            test = lexicon.lab(f"{m['of']} {words.strip()}")
            if test is not None:
                end = m.start("tests") + item.end()
                start = end - len(words)
                found.append(
                    Name(start + len(words) - len(words.lstrip()), end, "lab", test.analyte)
                )
    return found


# "Hepatitis C antibody was reactive with RNA 1,200,000 IU/mL": whose genome is said before.
GENOME = re.compile(r"(?<![A-Za-z-])(?P<acid>RNA|DNA|viral\s+load)(?:\s+PCR)?(?![A-Za-z-])")


def _genomes(sentence: Sentence, tests: list[Name]) -> list[Name]:
    found = []
    for m in GENOME.finditer(sentence.text):
        before = [t for t in tests if t.end <= m.start()]
        if not before or any(n.start < m.end() and m.start() < n.end for n in sentence.names):
            continue
        virus = {
            "anti_hcv": ("hcv_rna", "DNA"),
            "hbsag": ("hbv_dna", "RNA"),
            "anti_hbc": ("hbv_dna", "RNA"),
        }.get(before[-1].code)
        if virus is not None and m["acid"] != virus[1]:
            found.append(Name(m.start(), m.end(), "lab", virus[0]))
    return found


# "Per 8x10^8 RBC": what stands after a power of ten is part of a unit.
EXPONENT_BEFORE = re.compile(r"[x\u00d7*]\s?10\s?[\^*eE]?\s?\d{1,2}\s*$")
RESULT_WORD = re.compile(r"(?:elevated|high|low|increased|decreased)\s+", re.IGNORECASE)
# Tests of another specimen, and classes of antibody against something else ("VZV IgG").
SPECIMEN_BEFORE = re.compile(rf"\b{SPECIMEN}(?:\s+fluid)?\s+$", re.IGNORECASE)
SPECIMEN_AFTER = re.compile(rf"\s*[,(]?\s*(?:in\s+(?:the\s+)?)?{SPECIMEN}\b", re.IGNORECASE)
CLASS_OF_ANTIBODY = re.compile(r"Ig[ADEGM]", re.IGNORECASE)
OWN_CLASS = re.compile(
    r"(?:^\W*|[^\w\s-]|\b(?:and|or|the|her|his|a|an|of|for|with|but|by|is|was|were|on|in|total|serum|quant(?:itative)?|immunoglobulins?|"
    r"level|levels|normal|low|high|elevated|decreased|reduced|negative|recent|repeat|latest|last|baseline|initial|current|check\w*|labs?|"
    r"her|ordered|pending|results?|include[ds]?|including|showed|shows?|had|has|mg/dL|g/L|H|L))\s*$",
    re.IGNORECASE,
)


def _test_of(sentence: Sentence, name: Name) -> list[Name]:
    """The test that a name is, also the one inside of a diagnosis such as "elevated CK"."""
    text = sentence.text[name.start : name.end]
    cut = re.fullmatch(r"(.*[A-Za-z])\s*\d+", text)
    if name.kind == "lab" and cut and re.match(r"[,.]\d", sentence.text[name.end :]):
        test = load_lexicon(models_dir()).lab(cut[1])  # "IgG 1,044" is no "IgG 1"
        return [Name(name.start, name.start + cut.end(1), "lab", test.analyte)] if test else []
    if name.kind == "lab":
        return [name]
    m = RESULT_WORD.match(text) if name.kind == "diagnosis" else None
    test = load_lexicon(models_dir()).lab(text[m.end() :]) if m is not None else None
    return (
        [Name(name.start + m.end(), name.end, "lab", test.analyte)]
        if m is not None and test is not None
        else []
    )


def _of_another_kind(sentence: Sentence, test: Name) -> bool:
    """Whether the words beside a test make it another test."""
    before, after = sentence.text[: test.start], sentence.text[test.end :]
    if EXPONENT_BEFORE.search(before):
        return True
    named = sentence.text[test.start : test.end]
    if re.search(r"\b(?:low|high)[\s-]+$", before, re.I) and re.match(
        r"[^.;]{0,60}\bdiets?\b", after, re.I
    ):
        return True
    if COUNTED_IN.search(before):
        return True
    if SPECIMEN_BEFORE.search(before) or SPECIMEN_AFTER.match(after):
        return True
    return bool(CLASS_OF_ANTIBODY.fullmatch(named)) and not OWN_CLASS.search(before)
