"""Score negation and the other contexts: `python -m tests.score_context FOLDER`.

FOLDER holds JSON lines files `*_context.jsonl`: a text, the targets in it, and for each target
the contexts that hold. Files of fifty or more records are also scored by halves (records
counted from 0, A: even, B: odd), so that cues can be improved on A and reported on B.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.lexicon import models_dir
from pipeline.nlp.context import Contexts, find_context, load_context
from pipeline.nlp.passages import prose_passages, sentences
from tests.notes import note

LABELS = {
    "negated": "NEGATED",
    "possible": "POSSIBLE",
    "historical": "HISTORICAL",
    "hypothetical": "HYPOTHETICAL",
    "family": "OTHER_EXPERIENCER",
}
Mark = tuple[int, int, str]  # start, end, label


def predict(record: dict[str, Any]) -> set[Mark]:
    """The contexts that the program sees for each target of a record."""
    models = models_dir()
    text = record["text"]
    document = note(text)
    found: set[Mark] = set()
    for passage in prose_passages(document, models):
        piece = passage.text(document)
        for start, end in sentences(piece):
            contexts = Contexts(
                piece[start:end], find_context(piece[start:end], load_context(models))
            )
            offset = passage.start + start
            for target in record["targets"]:
                s, e = target["start"] - offset, target["end"] - offset
                if 0 <= s < end - start:
                    flags = contexts.of(s, min(e, end - start))
                    if passage.section == "family_history":
                        flags |= {"family"}
                    found |= {
                        (target["start"], target["end"], LABELS[f]) for f in flags if f in LABELS
                    }
    return found


def marks(record: dict[str, Any]) -> set[Mark]:
    """The contexts that were annotated."""
    return {(e["start"], e["end"], e["label"]) for e in record["entities"]}


def score(records: list[dict[str, Any]]) -> Iterator[tuple[str, int, float, float, float]]:
    """Per label: how many were annotated, precision, recall, F1."""
    hits, said, true = Counter[str](), Counter[str](), Counter[str]()
    for record in records:
        predicted, annotated = predict(record), marks(record)
        hits.update(label for *_, label in predicted & annotated)
        said.update(label for *_, label in predicted)
        true.update(label for *_, label in annotated)
    for label in LABELS.values():
        if true[label]:
            precision = hits[label] / said[label] if said[label] else 0.0
            recall = hits[label] / true[label]
            f1 = 2 * hits[label] / (said[label] + true[label])
            yield label, true[label], precision, recall, f1


def print_errors(records: list[dict[str, Any]], label: str, most: int) -> None:
    """What was missed (-) and wrongly said (+), at random but always the same."""
    lines = []
    for record in records:
        predicted, annotated = predict(record), marks(record)
        for start, end, name in predicted ^ annotated:
            if name == label:
                sign = "+" if (start, end, name) in predicted else "-"
                text = record["text"]
                around = text[max(0, start - 110) : start], text[end : end + 60]
                lines.append(f"{sign} {around[0]}[[{text[start:end]}]]{around[1]}")
    random.Random(1).shuffle(lines)
    print("\n".join(" ".join(line.split()) for line in lines[:most]))


def main() -> None:
    """Print the figures of every file; with --errors LABEL, those of half A to read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", choices=LABELS.values())
    parser.add_argument("--corpus", default="")
    arguments = parser.parse_args()
    for path in sorted(arguments.folder.glob(f"{arguments.corpus}*_context.jsonl")):
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        if arguments.errors:
            print_errors(records[::2], arguments.errors, 80)
            continue
        parts = [("all", records)]
        if len(records) >= 50:
            parts += [("A", records[::2]), ("B", records[1::2])]
        for part, chosen in parts:
            for label, count, precision, recall, f1 in score(chosen):
                figures = f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}"
                print(f"{path.stem:16} {part:4} {label:18} {count:5}  {figures}")


if __name__ == "__main__":
    main()
