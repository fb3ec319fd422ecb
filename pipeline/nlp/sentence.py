"""One sentence with all that was found in it; extractors read from it and add mentions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.nlp.context import Contexts, load_context
from pipeline.nlp.cues import Match, find_cues, load_cues
from pipeline.nlp.expressions import find_dates, find_doses, find_durations, find_terms
from pipeline.nlp.language import Name
from pipeline.nlp.passages import Passage
from pipeline.schema import Mention, Span


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage; all offsets inside are relative to its own text.

    Attributes:
        offset: Of the sentence in `Document.text`.
        names: Drugs, classes, tests and diseases of the lexicon.
        cues: Treatment cues (outcome, status) by start.
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
    origin: str = "prose"

    def mention(self, label: str, start: int, end: int, code: str = "", **more: object) -> Mention:
        """A mention at [start, end) of this sentence, with its context flags."""
        flags = self.flags(start, end)
        values = {
            "label": label,
            "start": self.offset + start,
            "end": self.offset + end,
            "text": self.text[start:end],
            "code": code,
            "scope": Span(start=self.offset, end=self.offset + len(self.text)),
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

    def flags(self, start: int, end: int) -> dict[str, bool]:
        """Context flags of a stretch of the sentence."""
        found = self.contexts.of(start, end)
        family = "family" in found or self.passage.section == "family_history"
        return {
            "negated": "negated" in found,
            "possible": "possible" in found,
            "hypothetical": "hypothetical" in found or self.passage.section == "instructions",
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
    ]


def read_sentence(
    text: str,
    offset: int,
    passage: Passage,
    names: tuple[Name, ...],
    models: Path,
    origin: str = "prose",
) -> Sentence:
    """Find all expressions and cues of a sentence; `names` are relative to it."""
    dates = tuple(find_dates(text))

    def free(matches: list[Match]) -> tuple[Match, ...]:
        return tuple(
            m for m in matches if not any(d.start < m.end and m.start < d.end for d in dates)
        )

    return Sentence(
        text=text,
        offset=offset,
        passage=passage,
        names=names,
        doses=free(find_doses(text)),
        durations=free(find_durations(text)),
        dates=dates,
        frequencies=tuple(find_terms(text, models, "frequency")),
        schedules=tuple(find_terms(text, models, "schedule")),
        routes=tuple(find_terms(text, models, "route")),
        cues=tuple(find_cues(text, load_cues(models, "treatment_cues.csv", "kind", "code"))),
        contexts=Contexts(text, load_context(models)),
        origin=origin,
    )
