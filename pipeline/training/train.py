"""Train the recogniser: `python -m pipeline.training.train --corpora FOLDER --out models/recogniser`.

Several networks, each of which leaves out another fifth of every corpus; what runs is their mean.
So all texts are learned from, and yet every text can be scored by a network that never saw it
(`trained_on.json` says which). Halfway each network labels the notes that nobody annotated, and
learns from what it is sure of. Texts that also stand in a corpus for evaluation only are never
trained on. The same bytes for the same seed, data, tables and libraries on one kind of machine.
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
from pipeline.nlp.language import load_language
from pipeline.nlp.recogniser import (
    SETTINGS,
    Keys,
    Recogniser,
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
from pipeline.training.silver import Unannotated, labelled, read_unannotated

EVALUATE_ONLY = ("kiwi_mtsamples", "e3c_en")
# The share of each corpus that an epoch sees: the larger ones only help.
SHARES = {"notes_gold": 1.0, "maccrobat2020": 1.0, "phee": 1.0, "bc5cdr": 0.4, "ncbi_disease": 0.4}
EPOCHS = 10
SILVER_FROM, SILVER_SHARE = 5, 0.6  # from this epoch on, and the share of the texts in each
GENERATED = 30  # records of ten lines
BATCH = 1200  # tokens
CHUNK = 300  # tokens of a text that are learned from at once
RATE, WARM_UP, DROPOUT, WORD_DROPOUT = 0.002, 100, 0.3, 0.1


def load_examples(corpora: Path) -> list[Example]:
    """Everything annotated to learn from."""
    nlp = load_language(models_dir())
    shared = _texts_of(corpora, *EVALUATE_ONLY)
    found = [
        example(record, corpus, nlp)
        for corpus in TRAINED_ON
        for record in read_records(corpora / f"{corpus}.jsonl")
        if not shared.holds(record)
    ]
    writer = Writer(load_lexicon(models_dir()), seed=1)
    return found + [example(writer.record(n), "notes_gold", nlp) for n in range(GENERATED)]


def _texts_of(corpora: Path, *names: str) -> SharedText:
    return SharedText(r for name in names for r in read_records(corpora / f"{name}.jsonl"))


def batches(
    examples: list[Example], random: np.random.Generator
) -> list[list[tuple[str, Keys, NDArray[np.int64]]]]:
    """The batches of an epoch: pieces of texts, each with its corpus."""
    pieces = []
    for one in examples:
        if random.random() < (SHARES[one.corpus] if one.by_hand else SILVER_SHARE):
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
    examples: list[Example],
    unannotated: list[Unannotated],
    settings: Settings,
    epochs: int,
    seed: int,
) -> Model[list[Keys], list[Scores]]:
    """A trained network."""
    fix_random_seed(seed)
    random = np.random.default_rng(seed)
    model = build_model(settings)
    model.initialize([examples[0].keys], None)
    for node in model.walk():
        if "dropout_rate" in node.attrs:
            node.attrs["dropout_rate"] = DROPOUT
    optimizer = Adam(RATE, L2=0.01, grad_clip=1.0, use_averages=False)
    step = 0
    for number in range(epochs):
        began, losses, tokens = time.time(), 0.0, 0
        if number == SILVER_FROM:
            reader = Recogniser(settings, [model])
            examples = examples + labelled(unannotated, reader, next(iter(settings.heads)))
        epoch = batches(examples, random)
        for at, batch in enumerate(epoch):
            step += 1
            left = 1 - (number + at / len(epoch)) / epochs
            optimizer.learn_rate = RATE * min(step / WARM_UP, 1.0) * max(left, 0.01)
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
    parser.add_argument("--unannotated", type=Path, help="notes without labels; beside CORPORA")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--folds", type=int, nargs="+", default=list(LEFT_OUT))
    arguments = parser.parse_args()
    began = time.time()
    examples = load_examples(arguments.corpora)
    unannotated = read_unannotated(
        arguments.unannotated or arguments.corpora.parent / "unannotated",
        _texts_of(arguments.corpora, *EVALUATE_ONLY, *TRAINED_ON),
    )
    print(f"{len(examples)} + {len(unannotated)} texts, {time.time() - began:.0f} s", flush=True)
    settings = Settings({corpus: tags_of(labels) for corpus, labels in TRAINED_ON.items()})
    arguments.out.mkdir(parents=True, exist_ok=True)
    _write_json(arguments.out / SETTINGS, asdict(settings))
    identifiers = [*(one.id for one in examples), *(one.id for one in unannotated)]
    texts = sorted(map(digest_of, identifiers))
    left_out = {
        f"fold{fold}": sorted(digest_of(one.id) for one in examples if fold_of(one.id) == fold)
        for fold in LEFT_OUT
    }
    _write_json(arguments.out / TRAINED, {"texts": texts, "left_out": left_out})
    for fold in arguments.folds:
        chosen = [one for one in examples if fold_of(one.id) != fold]
        model = train(chosen, unannotated, settings, arguments.epochs, seed=fold + 1)
        save_weights(model, arguments.out / f"fold{fold}.npz")


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
