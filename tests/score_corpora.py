"""Score spans, relations and contexts: `python -m tests.score_corpora [FOLDER] [--out FOLDER]`.

FOLDER holds annotated corpora as JSON lines. Predictions are written in the same shape, and scored
label by label by the corpora's own `score.py`, where it lies in FOLDER or above it.

A text that the recogniser was trained on is read by the networks that never saw it; texts that
all networks saw are left out. Spans are put as the guideline of each corpus puts them
(`pipeline/nlp/notations.py`); `--as-is` leaves that out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.lexicon import models_dir
from pipeline.nlp.annotation import Annotation, annotate_with
from pipeline.nlp.notations import in_notation
from pipeline.nlp.recogniser import Recogniser, load_recogniser
from pipeline.training.corpora import TRAINED, digest_of
from tests.score_context import predict

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "corpora" / "dev"


def networks_for(record: dict[str, Any], trained: dict[str, Any]) -> tuple[str, ...] | None:
    """The networks that may read a record: () for all, None if every one was trained on it."""
    digest = digest_of(str(record["id"]))
    if digest not in trained["texts"]:
        return ()
    return tuple(name for name, out in trained["left_out"].items() if digest in out) or None


def prediction(record: dict[str, Any], found: Annotation) -> dict[str, Any]:
    """An annotation in the shape of the corpora."""
    return {
        "id": record["id"],
        "text": record["text"],
        "entities": [{"start": s.start, "end": s.end, "label": s.label} for s in found.spans],
        "relations": [
            {"type": r.type, "head": r.head[:2], "tail": r.tail[:2]} for r in found.relations
        ],
    }


def contexts(record: dict[str, Any]) -> dict[str, Any]:
    """The contexts of the given targets in the shape of the corpora."""
    marks = [{"start": s, "end": e, "label": label} for s, e, label in sorted(predict(record))]
    return {"id": record["id"], "text": record["text"], "entities": marks}


def write_lines(path: Path, records: Iterable[dict[str, Any]]) -> None:
    """Write JSON lines."""
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text("".join(lines), encoding="utf-8")


def print_scores(scorer: Path, gold: Path, said: Path) -> None:
    """The scorer's tables; then those of laboratory values with digits alone."""
    command = [sys.executable, str(scorer), "--gold", str(gold), "--pred", str(said)]
    print(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    numeric = subprocess.run(
        [*command, "--numeric-labs"], check=True, capture_output=True, text=True
    )
    print("\n".join(x for x in numeric.stdout.splitlines() if x.startswith("==") or "LAB" in x))


def main() -> None:
    """Predict every corpus of the folder and print the scorer's tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DEFAULT)
    parser.add_argument("--out", type=Path, help="where the predictions are kept")
    parser.add_argument("--corpus", default="", help="only files whose names begin so")
    parser.add_argument("--weights", type=Path, default=models_dir() / "recogniser")
    parser.add_argument("--no-weights", action="store_true", help="lexicon and grammars alone")
    parser.add_argument("--as-is", action="store_true", help="our own notation everywhere")
    arguments = parser.parse_args()

    def reader(networks: tuple[str, ...]) -> Recogniser | None:
        return None if arguments.no_weights else load_recogniser(arguments.weights, networks)

    trained: dict[str, Any] = {"texts": [], "left_out": {}}
    if (arguments.weights / TRAINED).is_file() and not arguments.no_weights:
        trained = json.loads((arguments.weights / TRAINED).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        gold, said = Path(scratch) / "gold", arguments.out or Path(scratch) / "said"
        gold.mkdir()
        said.mkdir(parents=True, exist_ok=True)
        for path in sorted(arguments.folder.glob(f"{arguments.corpus}*.jsonl")):
            records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            fair = [(r, n) for r in records if (n := networks_for(r, trained)) is not None]
            if len(fair) < len(records):
                print(
                    f"{path.stem}: {len(fair)} of {len(records)} texts, by networks that never saw them"
                )
            found = []
            for record, networks in fair:
                if "targets" in record:
                    found.append(contexts(record))
                    continue
                own = annotate_with(reader(networks), record["text"], models_dir())
                corpus = "" if arguments.as_is else record.get("meta", {}).get("corpus", path.stem)
                found.append(prediction(record, in_notation(corpus, record["text"], own)))
            write_lines(said / path.name, found)
            write_lines(gold / path.name, (record for record, _ in fair))
        for folder in (arguments.folder, arguments.folder.parent):
            if (folder / "score.py").is_file():
                print_scores(folder / "score.py", gold, said)
                break


if __name__ == "__main__":
    main()
