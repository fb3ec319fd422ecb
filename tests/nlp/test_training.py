"""Training of the recogniser, on a few generated lines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TRAIN = """
import sys
from pathlib import Path
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.nlp.recogniser import Settings, save_weights
from pipeline.training.corpora import TRAINED_ON, example, tags_of
from pipeline.training.generated import Writer
from pipeline.training.train import train
writer = Writer(load_lexicon(models_dir()), seed=1)
examples = [example(writer.record(n), "notes_gold") for n in range(3)]
settings = Settings({"notes_gold": tags_of(TRAINED_ON["notes_gold"])}, width=16, depth=1)
save_weights(train(examples, settings, 3, seed=1), Path(sys.argv[1]))
"""


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):  # of the hashes of strings, which put sets in another order
        path = tmp_path / f"{seed}.npz"
        subprocess.run(
            [sys.executable, "-c", TRAIN, str(path)],
            check=True,
            cwd=Path(__file__).resolve().parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": "1"},
        )
        made.append(path.read_bytes())
    assert made[0] == made[1]
