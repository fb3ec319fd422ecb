"""The component that finds the amounts, times and sigs of each sentence by the one notation."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.nlp.spans import mark, shifted
from pipeline.notation.amounts import find_doses
from pipeline.notation.dates import find_dates
from pipeline.notation.lengths import find_durations
from pipeline.notation.matches import Match, apart_from, barred
from pipeline.notation.numbers import LATIN
from pipeline.notation.sigs import find_sigs, frequency_parts

EXPRESSIONS = ("date", "dose", "duration", "frequency", "schedule", "route")


@Language.factory("chartgap_expressions", default_config={"models": ""})
def make_expressions(nlp: Language, name: str, models: str) -> Callable[[Doc], Doc]:
    """Build the component that sets `doc.spans` of each of EXPRESSIONS, sentence by sentence."""

    def read(doc: Doc) -> Doc:
        found: dict[str, list[Match]] = {kind: [] for kind in EXPRESSIONS}
        for sentence in doc.spans["sentence"]:
            for kind, matches in find_expressions(sentence.text, Path(models)).items():
                found[kind] += shifted(matches, sentence.start_char)
        return mark(doc, found)

    return read


def find_expressions(text: str, models: Path) -> dict[str, list[Match]]:
    """All expressions of a sentence; digits of a date are neither dose nor duration.

    The count of "iv tabs" is no route.
    """
    dates = find_dates(text)
    rest = barred(text, dates)
    doses = find_doses(rest)
    frequencies = [m for m in frequency_parts(text, models) if m.code]
    counts = [d for d in doses if re.match(rf"{LATIN}\s", text[d.start : d.end], re.IGNORECASE)]
    return {
        "date": dates,
        "dose": doses,
        # "60 mg a day": what tells how often is no length.
        "duration": [
            d
            for d in find_durations(rest)
            if not any(f.start <= d.start and d.end <= f.end for f in frequencies)
        ],
        "frequency": frequencies,
        "schedule": find_sigs(text, models, "schedule"),
        "route": apart_from(counts, find_sigs(text, models, "route", "form")),
    }
