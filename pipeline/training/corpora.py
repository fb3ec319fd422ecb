"""The annotated corpora as token features and tags; what may be trained on, and what is held out.

Records are JSON lines: {"id", "text", "entities": [{"start", "end", "label", "ignore"?}]}.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language

from pipeline.nlp.language import NAMES_ONLY
from pipeline.nlp.recogniser import Keys, feature_keys

# Per corpus that may train weights that ship: the labels to learn. Our own guideline first.
TRAINED_ON = {
    "notes_gold": (
        "DRUG", "DOSE", "FORM", "FREQUENCY", "ROUTE", "DURATION", "LAB_NAME", "LAB_VALUE",
        "DIAGNOSIS", "FINDING",
    ),
    "maccrobat2020": (
        "DRUG", "DOSE", "FREQUENCY", "ROUTE", "DURATION", "LAB_NAME", "LAB_VALUE", "DIAGNOSIS",
    ),
    "phee": ("DRUG", "DOSE", "FREQUENCY", "ROUTE", "DURATION", "DIAGNOSIS"),
    "bc5cdr": ("DRUG", "DIAGNOSIS"),
    "ncbi_disease": ("DIAGNOSIS",),
}  # fmt: skip
FOLDS = 5
LEFT_OUT = (0, 1, 2)  # a network for each of these folds, trained on all the others
TRAINED = "trained_on.json"
SHARED_WORDS = 12  # a run of so many words in common is the same text
IGNORED = -1


def read_records(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def fold_of(identifier: str) -> int:
    """The fold of a record, from 0: by its identifier alone, whatever else is in the corpus."""
    return int(hashlib.sha256(identifier.encode()).hexdigest(), 16) % FOLDS


def digest_of(identifier: str) -> str:
    """A short name of a record that is no part of its corpus."""
    return hashlib.sha256(identifier.encode()).hexdigest()[:10]


def _runs(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[i : i + SHARED_WORDS]) for i in range(len(words) - SHARED_WORDS + 1)}


class SharedText:
    """Tells records whose text also stands in a corpus that is for evaluation only.

    MTS-Dialog and kiwi both took sections from MTSamples, so some texts are in both.
    """

    def __init__(self, records: Iterable[dict[str, Any]]) -> None:
        self._runs = set[str]().union(*(_runs(r["text"]) for r in records))

    def holds(self, record: dict[str, Any]) -> bool:
        """Whether more than a tenth of the record's runs of words stand there."""
        runs = _runs(record["text"])
        return len(runs & self._runs) > len(runs) / 10


@dataclass(frozen=True)
class Example:
    """A text ready to learn from: features and, per token, the index of its tag or IGNORED."""

    id: str
    corpus: str
    keys: Keys
    tags: NDArray[np.int64]


def tags_of(labels: Iterable[str]) -> list[str]:
    """The BIO tags of some labels."""
    return ["O", *(f"{border}-{label}" for label in labels for border in "BI")]


def example(record: dict[str, Any], corpus: str, nlp: Language) -> Example:
    """Features and tags of a record; a token that is partly in an entity is in it."""
    doc = nlp(record["text"], disable=NAMES_ONLY)
    names = tags_of(TRAINED_ON[corpus])
    tags = np.zeros(len(doc), dtype=np.int64)
    starts = np.asarray([t.idx for t in doc])
    ends = np.asarray([t.idx + len(t) for t in doc])
    for entity in sorted(record["entities"], key=lambda e: e["start"] - e["end"]):
        if entity["label"] not in TRAINED_ON[corpus]:
            continue
        inside = np.nonzero((starts < entity["end"]) & (ends > entity["start"]))[0]
        if entity.get("ignore"):
            tags[inside] = IGNORED
        elif len(inside):
            tags[inside] = names.index("I-" + entity["label"])
            tags[inside[0]] = names.index("B-" + entity["label"])
    return Example(str(record["id"]), corpus, feature_keys(doc), tags)
