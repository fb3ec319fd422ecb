"""How right links to ICD-10-CM are, and what they cost: `python -m tests.measure_links`.

Labelled: `tests/nlp/linking.csv`. Slipped: every name of `diagnoses.csv` that has a link, with one
and with two letters left out, added, changed or swapped at random (seed 7); right is the code of the
name itself, or one above or below it. Times are CPU seconds of this process.
"""

from __future__ import annotations

import csv
import random
import resource
import string
import time
from pathlib import Path

from pipeline.lexicon import load_lexicon, models_dir
from pipeline.nlp import linking
from pipeline.nlp.code_set import fold_name

LABELLED = Path(__file__).with_name("nlp") / "linking.csv"


def main() -> None:
    """Print the figures."""
    load_lexicon(models_dir())
    used, began = _mebibytes(), time.process_time()
    linker = linking.Linker(models_dir())
    print(f"names: {time.process_time() - began:.2f} s, {_mebibytes() - used} MiB")
    used, began = _mebibytes(), time.process_time()
    from scispacy import candidate_generation  # noqa: F401  to know its share

    print(f"import of scispaCy's candidates: {time.process_time() - began:.2f} s")
    began = time.process_time()
    linker.candidates("polymyositis")
    print(f"index: {time.process_time() - began:.2f} s, both {_mebibytes() - used} MiB")
    _labelled(linker)
    _slipped(linker)


def _mebibytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _labelled(linker: linking.Linker) -> None:
    with LABELLED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = ["", *dict.fromkeys(row["kind"] for row in rows)]
    for kind in kinds:
        right, linked, coded = 0, 0, 0
        for row in rows:
            if kind and row["kind"] != kind:
                continue
            known = linker.link(row["wording"])
            linked += known is not None
            right += known is not None and known.code in row["codes"].split("|")
            coded += bool(row["codes"])
        print(f"{kind or 'all'}: {right} right of {linked} linked, {coded} have a code")


def _slipped(linker: linking.Linker) -> None:
    chance = random.Random(7)
    names = [n for d in load_lexicon(models_dir()).diseases.values() for n in d.names]
    codes = {name: known.code for name in names if (known := linker.link(name))}
    cases: list[tuple[str, str]] = []
    for name in codes:
        once = _slip(name, chance)
        slipped = (once, _slip(once, chance))
        cases += [(name, text) for text in slipped if fold_name(text) != fold_name(name)]
    began = time.process_time()
    for least in (0.0, 0.3, 0.4, 0.5, 0.6, 0.7):
        linking.SIMILAR = least
        found = [(codes[name], known.code) for name, text in cases if (known := linker.link(text))]
        right = sum(a.startswith(b) or b.startswith(a) for a, b in found)
        print(
            f"similarity {least}: {right} right of {len(found)} linked, {len(cases)} slipped names"
        )
    each = (time.process_time() - began) / 6 / len(cases)
    print(f"{1000 * each:.1f} ms for a slipped name")


def _slip(name: str, chance: random.Random) -> str:
    """A name with one letter left out, added, changed or swapped with the next."""
    at, letter = chance.randrange(len(name)), chance.choice(string.ascii_lowercase)
    left, here, rest = name[:at], name[at], name[at + 1 :]
    return chance.choice(
        (left + rest, left + letter + here + rest, left + letter + rest, left + rest[:1] + here + rest[1:])
    )  # fmt: skip


if __name__ == "__main__":
    main()
