"""The cue tables of `models/lexicon` as compiled patterns.

A pattern column holds a regular expression without groups that match case unaware, between
word borders where it begins or ends with a letter or digit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.lexicon import read_table
from pipeline.notation.matches import Match, compiled


@dataclass(frozen=True)
class Cue:
    """A row of a cue table: what it means, and the pattern that shows it."""

    kind: str
    code: str
    pattern: re.Pattern[str]


@cache
def load_cues(models: Path, table: str, kind: str, code: str) -> tuple[Cue, ...]:
    """Rows of a cue table; `kind` and `code` name the columns that say what a cue means."""
    path = models / "lexicon" / table
    return tuple(
        Cue(row[kind], row[code], compiled(path, line, row["pattern"]))
        for line, row in read_table(path)
    )


def find_cues(text: str, cues: tuple[Cue, ...]) -> list[Match]:
    """All places of all cues in `text`, by start; those inside a longer one of a kind left out."""
    found = [
        Match(m.start(), m.end(), cue.kind, cue.code)
        for cue in cues
        for m in cue.pattern.finditer(text)
        if m.end() > m.start()
    ]
    found.sort(key=lambda m: (m.start, m.start - m.end))
    kept: list[Match] = []
    for match in found:
        if not any(
            k.kind == match.kind and k.start <= match.start and match.end <= k.end for k in kept
        ):
            kept.append(match)
    return kept
