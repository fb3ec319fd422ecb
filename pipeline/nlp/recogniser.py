"""The trained recogniser: which tokens name a drug, a dose, a test, a value, a disease.

A window network over hashed features of each token: the word, its beginnings and endings, its
shape, the names of the lexicon and the expressions of the grammar that it stands in, and where in
its line and under which heading it stands. One output layer for each corpus that it was trained
on, because their annotation guidelines differ; read is that of our own guideline. The weights lie
under `models/recogniser/`; `pipeline/training/` makes them.

Source of the embedding of hashed features: L. Miranda et al., Multi hash embeddings in spaCy.
arXiv:2212.09255 (2022).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from murmurhash import hash_unicode
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span
from thinc.api import (
    HashEmbed,
    Linear,
    Maxout,
    Model,
    chain,
    clone,
    concatenate,
    expand_window,
    residual,
    use_ops,
    with_array,
)

from pipeline.notation.amounts import find_amounts
from pipeline.notation.dates import find_dates
from pipeline.notation.lengths import find_durations
from pipeline.notation.sigs import find_frequencies, find_routes

SETTINGS = "settings.json"
PIECE = 4000  # tokens that are read at once, which bounds the memory

Keys = NDArray[np.uint64]  # tokens x features
Scores = NDArray[np.float32]  # tokens x tags

# (feature, rows of its table, width of its rows)
FEATURES = (
    ("word", 6000, 64),
    ("prefix2", 500, 16),
    ("prefix3", 2000, 32),
    ("prefix5", 3000, 32),
    ("suffix2", 500, 16),
    ("suffix3", 2000, 32),
    ("suffix5", 3000, 32),
    ("shape", 500, 16),
    ("names", 100, 32),
    ("expressions", 100, 32),
    ("line", 100, 16),
    ("heading", 500, 16),
)


@dataclass(frozen=True)
class Settings:
    """The shape of the network and the tags of each of its output layers.

    Attributes:
        heads: Per corpus, its BIO tags in the order of the output; the first corpus is read.
    """

    heads: dict[str, list[str]]
    width: int = 128
    depth: int = 4
    pieces: int = 3

    def columns(self, head: str) -> slice:
        """The columns of the output that belong to a corpus."""
        start = 0
        for name, tags in self.heads.items():
            if name == head:
                return slice(start, start + len(tags))
            start += len(tags)
        raise KeyError(head)


def build_model(settings: Settings) -> Model[list[Keys], list[Scores]]:
    """The network without weights: keys of the tokens of each text -> scores of all tags.

    It multiplies with NumPy's BLAS: on matrices of this size three times as fast as thinc's own.
    """
    with use_ops("numpy", use_blis=False):
        return _network(settings)


def _network(settings: Settings) -> Model[list[Keys], list[Scores]]:
    embeddings: list[Any] = [
        HashEmbed(width, rows, column=i, seed=i + 1) for i, (_, rows, width) in enumerate(FEATURES)
    ]
    total = sum(width for _, _, width in FEATURES)
    wide, pieces = settings.width, settings.pieces
    layer = residual(
        chain(
            expand_window(window_size=1),
            Maxout(nO=wide, nI=3 * wide, nP=pieces, normalize=True, dropout=0.0),
        )
    )
    outputs = sum(len(tags) for tags in settings.heads.values())
    network: Any = chain(
        concatenate(*embeddings),
        Maxout(nO=wide, nI=total, nP=pieces, normalize=True, dropout=0.0),
        clone(layer, settings.depth),
        Linear(nO=outputs, nI=wide),
    )
    return with_array(network, pad=settings.depth)


def save_weights(model: Model[list[Keys], list[Scores]], path: Path) -> None:
    """Write the weights as a NumPy archive, in half precision: half the size, the same tags."""
    arrays = {
        f"{i}.{name}": np.asarray(node.get_param(name), dtype=np.float16)
        for i, node in enumerate(model.walk())
        for name in node.param_names
        if node.has_param(name)
    }
    np.savez(path, **arrays)


def load_weights(model: Model[list[Keys], list[Scores]], path: Path) -> None:
    """Read what `save_weights` wrote into a network of the same shape."""
    model.initialize()
    with np.load(path, allow_pickle=False) as arrays:
        for i, node in enumerate(model.walk()):
            for name in node.param_names:
                if f"{i}.{name}" in arrays:
                    node.set_param(name, arrays[f"{i}.{name}"].astype(np.float32))


# --------------------------------------------------------------------------- features


@lru_cache(maxsize=100_000)
def _word_keys(word: str) -> tuple[int, ...]:
    """Keys of what a word looks like, whatever stands around it."""
    lower = re.sub(r"\d", "0", word.lower())
    shape = re.sub(r"[A-Z]", "X", re.sub(r"[a-z]", "x", re.sub(r"\d", "d", word)))
    shape = re.sub(r"(.)\1{3,}", r"\1\1\1\1", shape)
    parts = (lower, lower[:2], lower[:3], lower[:5], lower[-2:], lower[-3:], lower[-5:], shape)
    return tuple(hash_unicode(f"{i}{part}") for i, part in enumerate(parts))


HEADING = re.compile(
    r"^[^\w\n]*(?:\d+[.)]\s*)?(?P<name>[A-Z][A-Za-z /,&'-]{1,45}?)\s*(?P<sign>:|$)", re.MULTILINE
)


def feature_keys(doc: Doc) -> Keys:
    """The features of every token of `doc`, whose names of the lexicon are in `doc.spans`."""
    text = doc.text
    names = [""] * len(doc)
    for kind in ("drug", "drug_class", "lab", "diagnosis"):
        for span in doc.spans[kind]:
            for i in range(span.start, span.end):
                names[i] += f"{'B' if i == span.start else 'I'}{kind}"
    expressions = [""] * len(doc)
    found = [
        *find_amounts(text),
        *find_frequencies(text),
        *find_routes(text),
        *find_durations(text),
        *find_dates(text),
    ]
    starts = np.fromiter((token.idx for token in doc), dtype=np.int64, count=len(doc))
    for match in found:
        first, last = np.searchsorted(starts, [match.start, match.end])
        for i in range(first, last):
            expressions[i] += f"{'B' if i == first else 'I'}{match.kind}"
    lines, headings = _places(text, starts)
    rows = [
        (
            *_word_keys(token.text),
            hash_unicode(names[token.i]),
            hash_unicode(expressions[token.i]),
            lines[token.i],
            headings[token.i],
        )
        for token in doc
    ]
    return np.asarray(rows, dtype=np.uint64).reshape((len(doc), len(FEATURES)))


def _places(text: str, starts: NDArray[np.int64]) -> tuple[list[int], list[int]]:
    """Per token: where in its line it stands, and the heading above or before it."""
    borders = [0, *(m.end() for m in re.finditer(r"\n", text)), len(text) + 1]
    heads = [(0, ""), *((m.start(), m["name"].lower()) for m in HEADING.finditer(text))]
    heads_at = np.searchsorted([start for start, _ in heads], starts, side="right") - 1
    headings = [hash_unicode("h" + heads[i][1]) for i in heads_at]
    lines: list[int] = []
    for start, end in pairwise(borders):
        first, last = np.searchsorted(starts, [start, end])
        length = min(int(last - first) // 8, 4)
        colon = text.find(":", start, end)
        for place, i in enumerate(range(first, last)):
            after = colon >= 0 and starts[i] > colon
            lines.append(hash_unicode(f"l{min(place, 4)} {length} {after}"))
    return lines, headings


# --------------------------------------------------------------------------- decoding


def best_tags(scores: Scores, tags: Sequence[str]) -> list[int]:
    """The best row of tags in which every I- follows a B- or I- of its own label (Viterbi)."""
    count = len(tags)
    allowed = np.zeros((count, count), dtype=np.float32)
    for j, tag in enumerate(tags):
        if tag.startswith("I-"):
            for i, before in enumerate(tags):
                if before[2:] != tag[2:]:
                    allowed[i, j] = -np.inf
    best = scores[0].copy()
    for j, tag in enumerate(tags):
        if tag.startswith("I-"):
            best[j] = -np.inf
    back = np.zeros((len(scores), count), dtype=np.int32)
    for t in range(1, len(scores)):
        reach = best[:, None] + allowed
        back[t] = reach.argmax(axis=0)
        best = reach[back[t], np.arange(count)] + scores[t]
    path = [int(best.argmax())]
    for t in range(len(scores) - 1, 0, -1):
        path.append(int(back[t, path[-1]]))
    return path[::-1]


def softmax(scores: Scores) -> Scores:
    """Probabilities of each row."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)


class Stretch(NamedTuple):
    """Tokens [start, end) of a text that bear a label."""

    start: int
    end: int
    label: str


def stretches(probabilities: Scores, tags: Sequence[str]) -> list[Stretch]:
    """The stretches of the best tags of one text."""
    path = [tags[i] for i in best_tags(np.log(probabilities + 1e-9), tags)]
    found = []
    start = -1
    for i, tag in enumerate([*path, "O"]):
        if start >= 0 and not tag.startswith("I-"):
            found.append(Stretch(start, i, path[start][2:]))
            start = -1
        if tag.startswith("B-"):
            start = i
    return found


def _scores(model: Model[list[Keys], list[Scores]], pieces: Sequence[Keys]) -> Iterator[Scores]:
    for piece in pieces:
        yield model.predict([piece])[0]


class Recogniser:
    """The networks of a weights folder, read as one by the mean of their probabilities.

    Args:
        only: Names of the networks to read; all by default.
    """

    def __init__(self, folder: Path, only: Sequence[str] = ()) -> None:
        given = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        settings = Settings(**given)
        head = next(iter(settings.heads))
        self.tags = settings.heads[head]
        self.labels = sorted({tag[2:] for tag in self.tags if tag != "O"})
        self._columns = settings.columns(head)
        self._models = []
        for path in sorted(folder.glob("*.npz")):
            if not only or path.stem in only:
                model = build_model(settings)
                load_weights(model, path)
                self._models.append(model)

    def probabilities(self, doc: Doc) -> Scores:
        """Probabilities of `tags` for each token of a text."""
        keys = feature_keys(doc)
        pieces = [keys[start : start + PIECE] for start in range(0, len(keys), PIECE)]
        found = [
            np.concatenate([softmax(s[:, self._columns]) for s in _scores(model, pieces)])
            for model in self._models
        ]
        return np.asarray(np.mean(found, axis=0), dtype=np.float32)

    def read(self, doc: Doc) -> None:
        """Leave the stretches in `doc.spans["recognised"]` and how sure they are in `doc.tensor`.

        `doc.tensor` holds, per token, the probability of each of `labels`, which are kept in
        `doc.user_data["labels"]`.
        """
        doc.spans["recognised"] = []
        doc.user_data["labels"] = self.labels
        doc.tensor = np.zeros((len(doc), len(self.labels)), dtype=np.float32)
        if not len(doc):
            return
        probabilities = self.probabilities(doc)
        doc.spans["recognised"] = [
            Span(doc, s.start, s.end, label=s.label) for s in stretches(probabilities, self.tags)
        ]
        for j, label in enumerate(self.labels):
            columns = [i for i, tag in enumerate(self.tags) if tag[2:] == label]
            doc.tensor[:, j] = probabilities[:, columns].sum(axis=1)


def sureness(doc: Doc, start: int, end: int, label: str) -> float:
    """Mean probability of a label over the tokens [start, end) of a text that was read."""
    column = doc.user_data["labels"].index(label)
    return float(doc.tensor[start:end, column].mean())


@cache
def load_recogniser(folder: Path, only: tuple[str, ...] = ()) -> Recogniser | None:
    """The recogniser of a weights folder, read once per process; None where there is none."""
    return Recogniser(folder, only) if (folder / SETTINGS).is_file() else None


@Language.factory("chartgap_recogniser", default_config={"models": ""})
def make_recogniser(nlp: Language, name: str, models: str) -> Callable[[Doc], Doc]:
    """Build the component that reads with the weights under `models`, if they are there.

    It sets `doc.spans["recognised"]` and `doc.tensor`. The weights are read with the first text.
    """

    def recognise(doc: Doc) -> Doc:
        reader = load_recogniser(Path(models) / "recogniser")
        if reader is not None:
            reader.read(doc)
        return doc

    return recognise
