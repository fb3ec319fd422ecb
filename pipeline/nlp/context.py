"""Whether a mention is denied, doubted, conditional, past or about a relative.

The ConText algorithm over `models/lexicon/context_cues.csv`. Source: H. Harkema et al.,
ConText: an algorithm for determining negation, experiencer, and temporal status from clinical
reports. J Biomed Inform 2009;42(5):839-851.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.lexicon import read_table
from pipeline.nlp.cues import compiled

Hit = tuple[int, int, str, str]  # start, end, category, direction

# Colons and semicolons end the scope of all but these: "Mother: lupus", "Risk of: PML".
ACROSS_COLON = {"family", "historical", "hypothetical"}
QUERY = re.compile(r"\?(?=[A-Za-z])")  # "?polymyositis"
COLON = re.compile(r"(?:\s*:)?")
# "PM vs DM", "myositis?": such cues reach over two words at most, and over no comma.
BESIDE = "beside"
NEAR = re.compile(r"\s*(?:[\w()/-]+\s+){0,2}|(?:\s+[\w()/-]+){0,2}\s*")


@dataclass(frozen=True)
class ContextCue:
    """A row of the table: `direction` (forward, backward, beside) is where its targets stand."""

    category: str
    direction: str
    pattern: re.Pattern[str]


@cache
def load_context(models: Path) -> tuple[ContextCue, ...]:
    """The rows of `context_cues.csv`."""
    path = models / "lexicon" / "context_cues.csv"
    return tuple(
        ContextCue(
            row["category"],
            row["direction"],
            compiled(path, line, row["pattern"].replace(" ", r"\s+")),
        )
        for line, row in read_table(path)
    )


class Contexts:
    """The context cues of one sentence, found once, asked for each of its mentions."""

    def __init__(self, text: str, cues: tuple[ContextCue, ...]) -> None:
        hits = [
            (m.start(), m.end(), cue.category, cue.direction)
            for cue in cues
            for m in cue.pattern.finditer(text)
        ]
        hits += [(m.start(), m.end(), "possible", BESIDE) for m in QUERY.finditer(text)]
        hits = _longest(hits)
        self._stops = [(s, e) for s, e, category, _ in hits if category == "terminate"]
        self._stops += [(m.start(), m.end()) for m in re.finditer(r"[;:]|\s[-\u2013]\s", text)]
        self._text = text
        # "Differential: PM, IBM" and "Denies: dyspnea" reach over the colon that they end with.
        self._hits = [
            (s, e + len(COLON.match(text, e)[0]), category, direction)  # type: ignore[index]
            for s, e, category, direction in hits
            if category not in ("pseudo", "terminate")
        ]

    def of(self, start: int, end: int) -> frozenset[str]:
        """Categories that hold for the target at [start, end) of the sentence."""
        found = set()
        for s, e, category, direction in self._hits:
            if s < end and start < e:
                continue
            gap = (e, start) if e <= start else (end, s)
            if direction == BESIDE:
                holds = NEAR.fullmatch(self._text, *gap) is not None
            else:
                holds = direction == ("forward" if e <= start else "backward")
            if holds and not self._stopped(*gap, category):
                found.add(category)
        return frozenset(found)

    def _stopped(self, left: int, right: int, category: str) -> bool:
        for s, e in self._stops:
            if left <= s and e <= right:
                sign = self._text[s:e].strip()
                if category in ACROSS_COLON and sign in (":", "-", "\u2013", "which", "who"):
                    continue
                return True
        return False


def _longest(hits: list[Hit]) -> list[Hit]:
    """Hits that stand in no longer one: "cannot exclude" is a doubt, "exclude" a denial."""
    return [
        hit
        for hit in hits
        if not any(s <= hit[0] and hit[1] <= e and e - s > hit[1] - hit[0] for s, e, *_ in hits)
    ]
