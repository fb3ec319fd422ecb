"""Labels that a network in training gives to notes that nobody annotated ("silver" labels).

What the network and the choice with lexicon and grammars agree on is learned from, in the head of
our own guideline; where they differ, or the network is not sure, the tokens are left out of the
loss.

Source of self-training: D. Yarowsky, Unsupervised word sense disambiguation rivaling supervised
methods. ACL 1995:189-196.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from pipeline.lexicon import models_dir
from pipeline.nlp.annotation import combine
from pipeline.nlp.language import load_language
from pipeline.nlp.recogniser import Keys, Recogniser, feature_keys
from pipeline.training.corpora import IGNORED, Example, SharedText, read_records

SURE = 0.8  # least probability of the network's tag of a token


@dataclass(frozen=True)
class Unannotated:
    """A text without labels, with the names of the lexicon and the features of its tokens."""

    id: str
    doc: Doc
    keys: Keys


def read_unannotated(folder: Path, shared: SharedText) -> list[Unannotated]:
    """The texts of a folder of JSON lines, without those of which `shared` holds a part."""
    nlp = load_language(models_dir())
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for record in read_records(path):
            if record["text"].strip() and not shared.holds(record):
                doc = nlp(record["text"], disable=["chartgap_recogniser"])
                found.append(Unannotated(f"{path.stem}:{record['id']}", doc, feature_keys(doc)))
    return found


def labelled(texts: Iterable[Unannotated], reader: Recogniser, corpus: str) -> list[Example]:
    """The texts with what `reader` is sure of as tags; all else is IGNORED."""
    return [
        Example(text.id, corpus, text.keys, _tags(text.doc, reader), by_hand=False)
        for text in texts
    ]


def _tags(doc: Doc, reader: Recogniser) -> NDArray[np.int64]:
    reader.read(doc)
    probabilities = reader.probabilities(doc)
    seen = [(s.start, s.end, s.label_) for s in doc.spans["recognised"]]
    chosen = [
        (tokens.start, tokens.end, span.label)
        for span in combine(doc, reader, models_dir())
        if (tokens := doc.char_span(span.start, span.end, alignment_mode="expand"))
    ]
    tags = _as_tags(chosen, reader.tags, len(doc))
    network = _as_tags(seen, reader.tags, len(doc))
    sure = probabilities[np.arange(len(doc)), network] >= SURE
    return np.where((tags == network) & sure, tags, IGNORED)


def _as_tags(
    spans: Iterable[tuple[int, int, str]], names: Sequence[str], count: int
) -> NDArray[np.int64]:
    tags = np.zeros(count, dtype=np.int64)
    for start, end, label in spans:
        tags[start:end] = names.index("I-" + label)
        tags[start] = names.index("B-" + label)
    return tags
