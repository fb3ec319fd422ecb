"""Train the recogniser: `python -m pipeline.training.train --corpora FOLDER --out models/recogniser`.

Several networks, each of which leaves out another fifth of every corpus; what runs is their mean.
So all texts are learned from, and yet a text of the first folds can be scored by a network that
never saw it (`trained_on.json` says which). Texts that also stand in a corpus for evaluation only
are never trained on. The same seed, texts, tables and libraries give the same bytes on one kind of
machine, if it multiplies in one thread (`OPENBLAS_NUM_THREADS=1`).
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from thinc.api import Adam, Model, fix_random_seed

from pipeline.lexicon import load_lexicon, models_dir
from pipeline.nlp.recogniser import (
    SETTINGS,
    Keys,
    Scores,
    Settings,
    build_model,
    save_weights,
    softmax,
)
from pipeline.training.corpora import (
    IGNORED,
    LEFT_OUT,
    TRAINED,
    TRAINED_ON,
    Example,
    SharedText,
    digest_of,
    example,
    fold_of,
    read_records,
    tags_of,
)
from pipeline.training.generated import Writer

EVALUATE_ONLY = ("kiwi_mtsamples", "e3c_en")
# The share of each corpus that an epoch sees: the larger ones only help.
SHARES = {"notes_gold": 1.0, "maccrobat2020": 1.0, "phee": 1.0, "bc5cdr": 0.4, "ncbi_disease": 0.4}
EPOCHS = 10
GENERATED = 30  # records of ten lines
BATCH = 1200  # tokens
CHUNK = 300  # tokens of a text that are learned from at once
RATE, WARM_UP, DROPOUT, WORD_DROPOUT = 0.002, 100, 0.3, 0.1


def load_examples(corpora: Path) -> list[Example]:
    """Everything to learn from."""
    shared = SharedText(
        record for name in EVALUATE_ONLY for record in read_records(corpora / f"{name}.jsonl")
    )
    found = [
        example(record, corpus)
        for corpus in TRAINED_ON
        for record in read_records(corpora / f"{corpus}.jsonl")
        if not shared.holds(record)
    ]
    writer = Writer(load_lexicon(models_dir()), seed=1)
    return found + [example(writer.record(n), "notes_gold") for n in range(GENERATED)]


def batches(
    examples: list[Example], random: np.random.Generator
) -> list[list[tuple[str, Keys, NDArray[np.int64]]]]:
    """The batches of an epoch: pieces of texts, each with its corpus."""
    pieces = []
    for one in examples:
        if random.random() < SHARES[one.corpus]:
            cuts = range(int(random.integers(0, CHUNK)) - CHUNK, len(one.tags), CHUNK)
            for cut in cuts:
                start, end = max(cut, 0), min(cut + CHUNK, len(one.tags))
                if end > start:
                    pieces.append((one.corpus, one.keys[start:end], one.tags[start:end]))
    order = random.permutation(len(pieces))
    found: list[list[tuple[str, Keys, NDArray[np.int64]]]] = [[]]
    size = 0
    for i in order:
        if size > BATCH:
            found.append([])
            size = 0
        found[-1].append(pieces[i])
        size += len(pieces[i][2])
    return found


def gradient(scores: Scores, tags: NDArray[np.int64], columns: slice) -> tuple[Scores, float]:
    """Gradient of the cross entropy in the columns of the text's own corpus, and the loss."""
    change = np.zeros_like(scores)
    known = np.nonzero(tags != IGNORED)[0]
    probabilities = softmax(scores[:, columns])
    loss = -float(np.log(probabilities[known, tags[known]] + 1e-9).sum())
    probabilities[known, tags[known]] -= 1.0
    probabilities[tags == IGNORED] = 0.0
    change[:, columns] = probabilities
    return change, loss


def train(
    examples: list[Example], settings: Settings, epochs: int, seed: int
) -> Model[list[Keys], list[Scores]]:
    """A trained network."""
    fix_random_seed(seed)
    random = np.random.default_rng(seed)
    model = build_model(settings)
    model.initialize([examples[0].keys], None)
    for node in model.walk():
        if "dropout_rate" in node.attrs:
            node.attrs["dropout_rate"] = DROPOUT
    plan = [batches(examples, random) for _ in range(epochs)]
    total = sum(map(len, plan))
    optimizer = Adam(RATE, L2=0.01, grad_clip=1.0, use_averages=False)
    step = 0
    for number, epoch in enumerate(plan):
        began, losses, tokens = time.time(), 0.0, 0
        for batch in epoch:
            step += 1
            optimizer.learn_rate = RATE * min(step / WARM_UP, 1.0) * max(1 - step / total, 0.01)
            keys = [_masked(k, random) for _, k, _ in batch]
            outputs, backprop = model.begin_update(keys)
            changes = []
            size = sum(len(k) for k in keys)
            for (corpus, _, tags), output in zip(batch, outputs, strict=True):
                change, loss = gradient(output, tags, settings.columns(corpus))
                changes.append(change / np.float32(size) * np.float32(100))
                losses += loss
                tokens += len(tags)
            backprop(changes)
            model.finish_update(optimizer)
        print(
            f"epoch {number + 1}: loss {losses / tokens:.4f}, {time.time() - began:.0f} s",
            flush=True,
        )
    for node in model.walk():
        if "dropout_rate" in node.attrs:
            node.attrs["dropout_rate"] = 0.0
    return model


def _masked(keys: Keys, random: np.random.Generator) -> Keys:
    """The same tokens, some of whose words and headings are not known."""
    keys = keys.copy()
    keys[random.random(len(keys)) < WORD_DROPOUT, 0] = 0
    keys[random.random(len(keys)) < WORD_DROPOUT, 8] = 0
    if random.random() < 0.3:
        keys[:, -1] = 0
    return keys


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--folds", type=int, nargs="+", default=list(LEFT_OUT))
    arguments = parser.parse_args()
    began = time.time()
    examples = load_examples(arguments.corpora)
    print(f"{len(examples)} texts, {time.time() - began:.0f} s", flush=True)
    settings = Settings({corpus: tags_of(labels) for corpus, labels in TRAINED_ON.items()})
    arguments.out.mkdir(parents=True, exist_ok=True)
    _write_json(arguments.out / SETTINGS, asdict(settings))
    texts = sorted(digest_of(one.id) for one in examples)
    left_out = {
        f"fold{fold}": sorted(digest_of(one.id) for one in examples if fold_of(one.id) == fold)
        for fold in LEFT_OUT
    }
    _write_json(arguments.out / TRAINED, {"texts": texts, "left_out": left_out})
    for fold in arguments.folds:
        chosen = [one for one in examples if fold_of(one.id) != fold]
        model = train(chosen, settings, arguments.epochs, seed=fold + 1)
        save_weights(model, arguments.out / f"fold{fold}.npz")


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
