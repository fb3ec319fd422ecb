"""Whether words that tell what came of a treatment tell that it went badly: a grammar of few parts.

It stands beside the trained reader, which says of *which* drug an outcome is told; of the words
themselves this says whether they name a lack of gain, what persists, or what grew worse. Neither
alone is believed.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pipeline.lexicon import read_table
from pipeline.notation.matches import compiled

INVERTED = re.compile(
    r"\b(?:no|not|never|nowhere|neither|nor|hardly|scarcely|barely|seldom|rarely)\b[^.;,:]{0,60}?\s"
    r"(?P<verb>(?:has|have|had|did|does|do|was|were|is|are|could|can|would)\s+(?:s?he|they|we|it|the\s+(?:patient|disease|member))\b)",
    re.IGNORECASE,
)
NEAR = 4  # words between a lack and what is lacking, between what persists and that it does


@cache
def _words(models: Path) -> dict[str, re.Pattern[str]]:
    path = models / "lexicon" / "outcome_words.csv"
    return {row["category"]: compiled(path, line, row["pattern"]) for line, row in read_table(path)}


def is_setback(text: str, models: Path) -> bool:
    """Whether the words tell a lack of gain, a persisting ailment or a worsening, and no gain."""
    words = _words(models)
    places = {kind: [m.span() for m in p.finditer(text)] for kind, p in words.items()}
    # "At no dose has she regained the stairs": verb and person change places behind a denial.
    places["lack"] += [m.span("verb") for m in INVERTED.finditer(text)]

    def near(one: str, other: str, either: bool = False) -> list[tuple[int, int]]:
        """Places of `other` with one of `one` before it (`either`: or behind it)."""
        return [
            b
            for b in places[other]
            if any(
                _apart(text, a, b) <= NEAR if a[0] < b[0] else either and _apart(text, b, a) <= NEAR
                for a in places[one]
                if a != b
            )
        ]

    # "It gained her nothing": what was got was nothing.
    lacked = near("lack", "gain") + [b for b in places["gain"] if _inside(b, places["setback"])]
    denied = near("lack", "setback")
    if any(b not in lacked for b in places["gain"]) or denied:
        return False
    persisting = near("persistence", "ailment", either=True)
    return bool(lacked or persisting or places["setback"])


# A good answer that names no gain: what the patient can do, or what is gone.
GOOD = re.compile(
    r"\b(?:normal\w*|resolv\w+|clear(?:s|ed|ing)?|regain\w*|able\s+to|no\s+longer|without\s+symptoms|asymptomatic|symptom-?free|full\s+strength|"
    r"5/5|again|unaided|independent\w*|back\s+(?:to|at)|return(?:ed|s)?\s+to|strong\w*|well|fine|excellent|great|fell|fallen|down|inactive|stable)\b",
    re.IGNORECASE,
)


def is_gain(text: str, models: Path) -> bool:
    """Whether the words may tell a good answer: they name a gain, and no lack alone."""
    words = _words(models)
    if words["gain"].search(text):
        return not is_setback(text, models)
    return GOOD.search(text) is not None and words["lack"].search(text) is None


def _inside(place: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in others)


def _apart(text: str, one: tuple[int, int], other: tuple[int, int]) -> int:
    return len(text[one[1] : other[0]].split()) + 9 * bool(
        re.search(r"[.;]\s", text[one[1] : other[0]])
    )
