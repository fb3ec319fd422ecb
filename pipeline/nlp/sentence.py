"""One sentence with all that was found in it; extractors read from it and add mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, Span

from pipeline.nlp.context import Contexts
from pipeline.nlp.cues import load_cues
from pipeline.nlp.expressions import EXPRESSIONS
from pipeline.nlp.names import Name, names_of
from pipeline.nlp.passages import Passage
from pipeline.nlp.spans import matches_by_sentence
from pipeline.notation.matches import Match
from pipeline.schema import About, Mention, Standing
from pipeline.schema import Span as Stretch


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage; all offsets inside are relative to its own text.

    Attributes:
        offset: Of the sentence in `Document.text`.
        names: Drugs, classes, tests and diseases of the lexicon.
        cues: Treatment cues (outcome, status) by start.
        frames: On which side of a cue stands what it is said of (`cue_objects.csv`).
    """

    text: str
    offset: int
    passage: Passage
    names: tuple[Name, ...]
    doses: tuple[Match, ...]
    durations: tuple[Match, ...]
    dates: tuple[Match, ...]
    frequencies: tuple[Match, ...]
    schedules: tuple[Match, ...]
    routes: tuple[Match, ...]
    cues: tuple[Match, ...]
    contexts: Contexts = field(compare=False)
    frames: Mapping[Match, str] = field(default_factory=dict, compare=False)
    origin: str = "prose"

    def mention(self, label: str, start: int, end: int, code: str = "", **more: object) -> Mention:
        """A mention at [start, end) of this sentence, with its context flags."""
        flags = self.flags(start, end, of_drug=label in DRUGS)
        values = {
            "label": label,
            "start": self.offset + start,
            "end": self.offset + end,
            "text": self.text[start:end],
            "code": code,
            "scope": Stretch(start=self.offset, end=self.offset + len(self.text)),
            "section": self.passage.section,
            "origin": self.origin,
            "copied_from": self.passage.copied_from,
            **flags,
            **more,
        }
        return Mention.model_validate(values)

    def part(self, label: str, match: Match, code: str | None = None) -> Mention:
        """A part of a mention; parts have no context of their own."""
        return Mention(
            label=label,
            start=self.offset + match.start,
            end=self.offset + match.end,
            text=self.text[match.start : match.end],
            code=match.code if code is None else code,
        )

    def flags(self, start: int, end: int, *, of_drug: bool = False) -> dict[str, Any]:
        """Context flags of a stretch of the sentence; a drug that prevents a disease is taken."""
        found = self.contexts.of(start, end)
        unreal = {"hypothetical"} if of_drug else {"hypothetical", "prevented"}
        family = "family" in found or self.passage.section == "family_history"
        whose = set(found)
        asks = self.text.rstrip(" )\"'\u201d").endswith("?") or ASKS.match(self.text)
        if asks or BLANKS.search(self.text):
            whose.add("asked")
        return {
            "about": next((ABOUT[w] for w in sorted(ABOUT) if w in whose), About.PATIENT),
            "standing": next((STANDING[w] for w in STANDING if w in whose), Standing.STATED),
            "negated": "negated" in found,
            "possible": "possible" in found,
            "hypothetical": bool(unreal & found) or self.passage.section in UNREAL,
            "historical": "historical" in found,
            "family": family,
        }

    def clause(self, position: int) -> tuple[int, int]:
        """The clause around `position`: bounded by semicolons, `but` and `however`."""
        cuts = [m.start for m in find_clause_borders(self.text)]
        start = max([c for c in cuts if c < position], default=0)
        end = min([c for c in cuts if c >= position], default=len(self.text))
        return start, end


def find_clause_borders(text: str) -> list[Match]:
    """Where a new clause begins."""
    return [
        Match(m.start(), m.end(), "border", "")
        for m in re.finditer(r";|,?\s+(?:but|however|whereas|while|although|though)\b", text)
        if not (m[0].endswith("but") and NOT_ONLY.search(text[: m.start()]))
    ]


# "Not only X but Y failed" is one clause.
NOT_ONLY = re.compile(r"\bnot\s+(?:only|just|merely|simply|alone)\b[^.;]*$", re.IGNORECASE)


DRUGS = ("medication", "medication_class")
# A question whose mark stands on another line: "9. Has the member had no response to (for example".
ASKS = re.compile(
    r"\W*(?:\d{1,2}[a-z]?[.):]?\s*|[a-z][.)]\s*)?(?:has|have|had|is|are|was|were|does|do|did|will|can|could|should)\s+"
    r"(?:the\s+|this\s+|your\s+)?(?:member|patient|enrollee|recipient|beneficiary|applicant|request(?:ed)?|drug|medication|"
    r"diagnosis|disease|treatment|there|any|he|she|they)\b",
    re.IGNORECASE,
)
# What a template leaves to be filled in or chosen: "*** mg", "[dose]", "[negative/positive]".
BLANKS = re.compile(
    r"\*{3}|@[A-Z]{3,}@|\[[^\]\n]*\|[^\]\n]*\]|\[[A-Za-z -]{3,}(?:/[A-Za-z -]{3,})+\]"
    r"|[\[{<](?:dose|number|name|date|drug|medication|value|result|side|weeks|months|strength)[\]}>]",
    re.IGNORECASE,
)
# Sections that say what shall be done or reached.
UNREAL = ("instructions", "goals")
# Categories of context cues that say whom a statement is about, and how it stands.
ABOUT = {"other_person": About.OTHER_PERSON, "general": About.GENERAL}
STANDING = {
    "asked": Standing.ASKED,
    "demanded": Standing.DEMANDED,
    "withdrawn": Standing.WITHDRAWN,
    "ordered": Standing.ORDERED,
}


@dataclass(frozen=True)
class Setting:
    """Where a text stands that the pipeline is given; `doc._.setting`.

    Attributes:
        offset: Of the text in `Document.text`.
        one_sentence: Whether the text is one cell or answer.
        asked: The outcome that a field asks of the drugs in its answer, '' if none.
        label: What the text answers: the label of a field, the question of a row; '' if none.
        about: The drugs that the label names, (code, kind); of a taper, the corticosteroid.
        explained: Abbreviations that the document explains, with their long forms.
        unknown_drugs: Drugs in the text that the lexicon does not know.
    """

    passage: Passage
    offset: int
    origin: str = "prose"
    one_sentence: bool = False
    asked: str = ""
    label: str = ""
    about: tuple[tuple[str, str], ...] = ()
    explained: Mapping[str, str] = field(default_factory=dict)
    unknown_drugs: tuple[Name, ...] = ()


Doc.set_extension("setting", default=None, force=True)


def sentences_of(doc: Doc, models: Path) -> list[Sentence]:
    """The sentences of a text that the pipeline has read, each with what was found in it."""
    names = names_of(doc, models, doc._.setting.explained, doc._.setting.unknown_drugs)
    found = matches_by_sentence(doc, (*EXPRESSIONS, "cue", "context"))
    return [
        _sentence(span, names, matches, doc._.setting, models)
        for span, matches in zip(doc.spans["sentence"], found, strict=True)
    ]


def _sentence(
    span: Span,
    names: tuple[Name, ...],
    matches: dict[str, list[Match]],
    setting: Setting,
    models: Path,
) -> Sentence:
    start, end = span.start_char, span.end_char
    found = {kind: tuple(listed) for kind, listed in matches.items()}
    text = span.text
    return Sentence(
        text=text,
        offset=setting.offset + start,
        passage=setting.passage,
        names=tuple(
            Name(n.start - start, n.end - start, n.kind, n.code)
            for n in names
            if start <= n.start and n.end <= end
        ),
        doses=found["dose"],
        durations=found["duration"],
        dates=found["date"],
        frequencies=found["frequency"],
        schedules=found["schedule"],
        routes=found["route"],
        cues=found["cue"],
        contexts=Contexts(text, found["context"]),
        frames=dict(_frames(text, found["cue"], models)),
        origin=setting.origin,
    )


def _frames(text: str, cues: tuple[Match, ...], models: Path) -> Iterator[tuple[Match, str]]:
    frames = load_cues(models, "cue_objects.csv", "frame", "source")
    for cue in cues:
        words = " ".join(text[cue.start : cue.end].split())
        frame = next((f.kind for f in frames if f.pattern.fullmatch(words)), "")
        if frame:
            yield cue, frame
