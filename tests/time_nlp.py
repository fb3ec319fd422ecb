"""Words per second of the nlp stage on one core, by component: `python -m tests.time_nlp FILE...`.

FILE holds JSON lines with a "text". Times are CPU seconds of this process. Beside it runs a blank
spaCy pipeline and, with `--medspacy PYTHON`, medspaCy's default pipeline under the Python of an
environment of its own (it needs an older spaCy).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import spacy

from pipeline.lexicon import models_dir
from pipeline.nlp import extract_mentions
from pipeline.nlp.annotation import annotate
from pipeline.nlp.language import load_language
from pipeline.nlp.passages import Passage
from pipeline.nlp.recogniser import load_recogniser
from pipeline.nlp.sentence import Setting
from pipeline.nlp.statements import Thread
from pipeline.schema import PageKind
from tests.notes import note

MEDSPACY = """
import json, sys, time, medspacy
from loguru import logger
logger.remove()
nlp = medspacy.load()
texts = [json.loads(line)["text"] for path in sys.argv[1:] for line in open(path, encoding="utf-8")]
nlp(texts[0])
began = time.process_time()
for text in texts:
    nlp(text)
words = sum(len(t.split()) for t in texts)
print(f"{words / (time.process_time() - began):9.0f}  medspaCy, default pipeline ({', '.join(nlp.pipe_names)})")
"""


def main() -> None:
    """Print a line for each component."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--medspacy", type=Path, help="Python of an environment with medspaCy")
    arguments = parser.parse_args()
    texts = [
        json.loads(line)["text"]
        for path in arguments.files
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    words = sum(len(text.split()) for text in texts)
    print(f"{len(texts)} texts, {words} words; words per CPU second:")

    def timed(name: str, run: Callable[[], object]) -> None:
        began = time.process_time()
        run()
        print(f"{words / (time.process_time() - began):9.0f}  {name}", flush=True)

    began = time.process_time()
    nlp = load_language(models_dir())
    load_recogniser(models_dir() / "recogniser")
    annotate(texts[0])
    print(f"{time.process_time() - began:9.1f}  seconds to load")
    blank = spacy.blank("en")
    timed("blank spaCy", lambda: [blank(text) for text in texts])
    timed("tokenizer", lambda: [nlp.make_doc(text) for text in texts])
    docs = [nlp.make_doc(text) for text in texts]
    for doc in docs:
        whole = Passage(0, len(doc.text), "", 0, PageKind.NOTE)
        doc._.setting, doc._.thread = Setting(whole, 0), Thread()
    for name, component in nlp.pipeline:
        began = time.process_time()
        docs = [component(doc) for doc in docs]
        print(f"{words / (time.process_time() - began):9.0f}  {name}", flush=True)
    timed(
        "the stage (extract_mentions)",
        lambda: [extract_mentions(note(text), models_dir()) for text in texts],
    )
    if arguments.medspacy:
        command = [str(arguments.medspacy), "-W", "ignore", "-c", MEDSPACY]
        subprocess.run([*command, *map(str, arguments.files)], check=True)


if __name__ == "__main__":
    main()
