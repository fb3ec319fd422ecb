"""What only the whole document tells: its own abbreviations, and drugs that no table names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Doc

from pipeline.lexicon import load_lexicon
from pipeline.nlp.language import RECOGNISING, SURVEYING, run
from pipeline.nlp.names import NAME_KINDS, Name
from pipeline.nlp.recogniser import sureness
from pipeline.notation.sigs import find_frequencies, find_routes


@dataclass(frozen=True)
class Survey:
    """What only the whole document tells.

    Attributes:
        abbreviations: Those that the document itself explains, with their long forms.
        unknown_drugs: Names of drugs that the lexicon does not know as printed; the code is the
            drug that differs by one letter, else the name as printed, in lower case.
    """

    abbreviations: Mapping[str, str]
    unknown_drugs: tuple[Name, ...]


def survey(text: str, models: Path) -> Survey:
    """Abbreviations that `text` itself explains, and drugs that only the recogniser sees.

    Abbreviations by scispaCy's detector. Source: A. Schwartz, M. Hearst, A simple algorithm for
    identifying abbreviation definitions in biomedical text. Pac Symp Biocomput 2003:451-462.
    """
    doc = run(text, models, SURVEYING)
    abbreviations = {
        a["short_text"]: a["long_text"]
        for a in doc._.abbreviations
        if re.search("[A-Z]", a["short_text"]) and len(a["short_text"]) > 1
    }
    return Survey(abbreviations, tuple(_unknown_drugs(doc, models)))


# A name that nobody checked counts only with a strength right after it, and with how often or by
# which way it is taken after that.
SURE = 0.9
UNKNOWN = re.compile(
    r"(?<![\w-])(?P<name>(?:[A-Za-z][a-z]{3,}|[A-Z]{5,}|[A-Za-z]{7,}))\s{1,2}"
    r"\d[\d,.]*(?:\s?[-/]\s?\d[\d,.]*)?\s?(?:mg|mcg|g|units?)(?![A-Za-z/])"
    r"\s*(?:(?:tablets?|tabs?|capsules?|caps?)\b)?[\s,]*(?:1|one|2|two)?\s*",
)
TAKEN = 40  # characters within which it says how it is taken
LINES_BEFORE = 3  # the recogniser sees the heading of a short list
# Letters of a name that may be misread in one of them; most pairs of shorter names of two drugs
# are too near each other ("Zantac", "Xanax").
LEAST_MISREAD = 8


def _unknown_drugs(doc: Doc, models: Path) -> Iterator[Name]:
    """Drugs that no table names; the recogniser reads only the lines where one may stand."""
    text = doc.text
    named = [(s.start_char, s.end_char) for kind in NAME_KINDS for s in doc.spans[kind]]
    for m in UNKNOWN.finditer(text):
        start, end = m.span("name")
        if any(s < end and start < e for s, e in named):
            continue
        after = text[m.end() : m.end() + TAKEN]
        if not any(f.start == 0 for f in (*find_frequencies(after), *find_routes(after))):
            continue
        known = _misread(m["name"], models)
        if known:
            yield Name(start, end, "drug", known)
            continue
        first = end
        for _ in range(LINES_BEFORE):
            first = text.rfind("\n", 0, max(first - 1, 0)) + 1
        last = text.find("\n", end)
        piece = run(text[first : last if last >= 0 else len(text)], models, RECOGNISING)
        for span in piece.spans.get("recognised", []):
            here = first + span.start_char == start and first + span.end_char == end
            if (
                here
                and span.label_ == "DRUG"
                and sureness(piece, span.start, span.end, "DRUG") >= SURE
            ):
                yield Name(start, end, "drug", m["name"].lower())


def _misread(name: str, models: Path) -> str:
    """The drug whose name differs from `name` by one letter ("Carvediiol"), '' if none or several do."""
    if len(name) < LEAST_MISREAD:
        return ""
    near = {
        term.key
        for term in load_lexicon(models).drug_terms
        if not term.case_sensitive and _one_letter_apart(name.lower(), term.text.lower())
    }
    return near.pop() if len(near) == 1 else ""


def _one_letter_apart(a: str, b: str) -> bool:
    """Whether one letter was put in the place of another, added or lost."""
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    short, long = sorted((a, b), key=len)
    return len(long) == len(short) + 1 and any(
        long[:i] + long[i + 1 :] == short for i in range(len(long))
    )
