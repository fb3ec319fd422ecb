"""Results of genes, chromosomes and receptors told in words: "both copies of SMN1 are missing"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.lexicon import read_table
from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match, compiled
from pipeline.notation.numbers import number, worded
from pipeline.schema import Mention

# Words of denial before a result: what is denied so is left to a person.
DENIED = re.compile(
    r"\b(?:no|not|never|without|negative\s+for|absence\s+of|lacks?|rule[sd]?\s+out)\s+(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)
NOT_SO = re.compile(r"(?<!^)\b(?:no(?!\s+cop)|not|neither|never)\b", re.IGNORECASE)


@cache
def load_markers(models: Path) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """The rows of `markers.csv`: (test, result, pattern); `count` is the number that it names."""
    path = models / "lexicon" / "markers.csv"
    return tuple(
        (row["analyte"], row["result"], compiled(path, line, row["pattern"]))
        for line, row in read_table(path)
    )


def find_markers(sentence: Sentence, models: Path) -> Iterator[Mention]:
    """Results whose words are no values that a test is followed by."""
    for analyte, result, pattern in load_markers(models):
        for m in pattern.finditer(sentence.text):
            own = re.match(r"(?:no|without|0|zero)\b", m.group(0), re.IGNORECASE)
            if own is None and DENIED.search(sentence.text[: m.start()]):
                continue
            if result == "positive" and NOT_SO.search(m.group(0)):
                continue
            start, end = m.span("count") if result == "count" else m.span()
            worth = sentence.text[start:end]
            known = number(worth) or worded(worth) if result == "count" else None
            code = f"{known:g}" if known is not None else result
            value = Match(start, end, "value", code)
            near = [d for d in sentence.dates if abs(d.start - m.end()) < 40]
            parts = [sentence.part("value", value, code)]
            parts += [sentence.part("date", d) for d in near[:1]]
            found = sentence.mention("lab", *m.span(), analyte, parts=tuple(parts))
            yield found.model_copy(update={"negated": False})
