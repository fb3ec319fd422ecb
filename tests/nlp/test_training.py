"""Training of the recogniser, on a few generated lines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pipeline.lexicon import load_lexicon
from pipeline.nlp.language import load_language
from pipeline.nlp.recogniser import Recogniser, Settings, feature_keys, load_recogniser
from pipeline.training.corpora import IGNORED, TRAINED_ON, example, tags_of
from pipeline.training.generated import Writer
from pipeline.training.silver import Unannotated, labelled
from pipeline.training.train import train
from tests.notes import MODELS

SMALL = Settings({"notes_gold": tags_of(TRAINED_ON["notes_gold"])}, width=16, depth=1)
NOTE = "MEDICATIONS: Lisinopril 10 mg p.o. daily.\nHemoglobin was 11.2 g/dL.\n"


def trained(epochs: int) -> tuple[Recogniser, Unannotated]:
    nlp = load_language(MODELS)
    writer = Writer(load_lexicon(MODELS), seed=1)
    examples = [example(writer.record(n), "notes_gold", nlp) for n in range(3)]
    doc = nlp(NOTE, disable=["chartgap_recogniser"])
    note = Unannotated("note", doc, feature_keys(doc))
    return Recogniser(SMALL, [train(examples, [note], SMALL, epochs, seed=1)]), note


def test_only_what_a_network_is_sure_of_is_a_label() -> None:
    beginner, note = trained(epochs=1)
    (unsure,) = labelled([note], beginner, "notes_gold")
    assert (unsure.tags == IGNORED).all()
    reader = load_recogniser(MODELS / "recogniser")
    assert reader is not None
    (found,) = labelled([note], reader, "notes_gold")
    tags = {t.text: reader.tags[i] for t, i in zip(note.doc, found.tags, strict=True) if i >= 0}
    assert (tags["Lisinopril"], tags["Hemoglobin"]) == ("B-DRUG", "B-LAB_NAME")
    assert not found.by_hand


TRAIN = """
import sys
from pathlib import Path
from pipeline.nlp.recogniser import save_weights
from tests.nlp.test_training import trained
reader, _ = trained(epochs=7)
save_weights(reader.networks[0], Path(sys.argv[1]))
"""


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.npz"
        subprocess.run(
            [sys.executable, "-c", TRAIN, str(path)],
            check=True,
            cwd=Path(__file__).resolve().parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": "1"},
        )
        made.append(path.read_bytes())
    assert made[0] == made[1]
