"""The trained reader of statements: of a name in its text, whom it is about, how it stands, what came of it.

A small encoder (6 layers of 384, 8-bit weights) that `pipeline/training/statements.py` tuned on
marked statements. Each statement is read alone, so what stands elsewhere in a document changes
nothing. Without the weights, `load_reader` gives None and everything works by rules.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.pieces import Statement, load_tokenizer, pieces_of

HEADS: Mapping[str, tuple[str, ...]] = {
    "about": ("patient", "relative", "other_person", "general"),
    "standing": (
        *("stated", "copied", "planned", "ordered"),
        *("asked", "demanded", "conditional", "withdrawn"),
    ),
    "assertion": ("affirmed", "negated", "possible", "hypothetical", "historical", "family"),
    "status": ("", "current", "past", "requested", "planned", "not_taken"),
    "outcome": ("", "failed", "partial_response", "responded", "intolerant", "contraindicated"),
}
NOT_TAKEN = ("requested", "planned", "not_taken")
WORD = 0.5  # probability from which a piece belongs to the words of an outcome


@dataclass(frozen=True)
class Opinion:
    """What the reader makes of a statement.

    Attributes:
        probabilities: Of each word of each head, calibrated on hands left out of training.
        words: The stretch of the statement's text that tells the outcome, None if none does.
    """

    probabilities: Mapping[str, Mapping[str, float]]
    words: tuple[int, int] | None

    def best(self, head: str) -> tuple[str, float]:
        """The likeliest word of a head, and its probability."""
        options = self.probabilities[head]
        word = max(options, key=options.__getitem__)
        return word, options[word]

    def stands(self, kind: str) -> float:
        """The probability that it is stated of the patient; of a drug, that it was or is taken."""
        p = self.probabilities
        standing = p["about"]["patient"] * (p["standing"]["stated"] + p["standing"]["copied"])
        if kind == "drug":
            return standing * (1 - sum(p["status"][word] for word in NOT_TAKEN))
        return standing


class Reader:
    """The encoder with its word pieces; `folder` holds model.onnx, tokenizer.json, settings.json.

    Attributes:
        bounds: From which probabilities on it is believed (`standing.Bounds`).
        digest: The first digits of the SHA-256 of the weights.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = load_tokenizer(folder)
        self.digest = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()[:8]
        settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
        self._temperature: Mapping[str, float] = settings["temperature"]
        self.bounds: Mapping[str, float] = settings["bounds"]

    def read(self, statements: Iterable[Statement]) -> list[Opinion]:
        """An opinion on each statement."""
        return [self._opinion(statement) for statement in statements]

    def _opinion(self, statement: Statement) -> Opinion:
        pieces = pieces_of(statement, self._tokenizer)
        ids = np.array([pieces.ids], dtype=np.int64)
        name = np.zeros(ids.shape, dtype=np.float32)
        name[0, pieces.name[0] : pieces.name[1]] = 1
        found = dict(
            zip((*HEADS, "words"), self._session.run(None, {"ids": ids, "name": name}), strict=True)
        )
        return Opinion(
            {
                head: dict(
                    zip(words, _softmax(found[head][0] / self._temperature[head]), strict=True)
                )
                for head, words in HEADS.items()
            },
            _stretch(found["words"][0], pieces.places),
        )


@cache
def load_reader(models: Path) -> Reader | None:
    """The reader under `models/statements`, None where there are no weights; once per process."""
    folder = models / "statements"
    return Reader(folder) if (folder / "model.onnx").is_file() else None


def _softmax(scores: NDArray[np.float32]) -> list[float]:
    powers = np.exp(scores - scores.max())
    return [round(float(p), 6) for p in powers / powers.sum()]


def _stretch(
    scores: NDArray[np.float32], places: tuple[tuple[int, int], ...]
) -> tuple[int, int] | None:
    """The longest run of pieces that tell the outcome; a piece between two of them joins them."""
    likely = [
        s > np.log(WORD / (1 - WORD)) and p[0] >= 0 for s, p in zip(scores, places, strict=True)
    ]
    for n in range(1, len(likely) - 1):
        likely[n] = likely[n] or (likely[n - 1] and likely[n + 1] and places[n][0] >= 0)
    best: tuple[int, int] | None = None
    start = None
    for n, told in enumerate([*likely, False]):
        if told and start is None:
            start = n
        elif not told and start is not None:
            if best is None or n - start > best[1] - best[0]:
                best = (start, n)
            start = None
    return (places[best[0]][0], places[best[1] - 1][1]) if best else None
