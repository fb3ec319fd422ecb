"""Seconds per digital page: `python -m tests.measure_pages [FILE.pdf ...]`.

Files of the samples and test packets whose pages all have a text layer are read whole (words,
tables, forms, boxes, kinds, identity, by two readers and with a picture of each page), and by
pdfplumber's `extract_words` alone; processor time, the second of two rounds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pdfplumber

from pipeline.errors import DocumentError
from pipeline.ingest import read_submission
from tests.measure_ocr import PAGES_FROM, ROOT


def digital(files: list[Path]) -> Iterator[tuple[Path, int]]:
    """Files of text pages only, and how many."""
    for path in files:
        try:
            pages = read_submission([path]).pages
        except DocumentError:
            continue
        if all(page.origin == "text" for page in pages):
            yield path, len(pages)


def words_alone(path: Path) -> None:
    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_words()
            page.close()


def timed(read: Callable[[Path], object], files: list[Path]) -> float:
    for _ in range(2):
        began = time.process_time()
        for path in files:
            read(path)
        seconds = time.process_time() - began
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    files = options.files or [f for d in PAGES_FROM for f in sorted((ROOT / d).rglob("*.pdf"))]
    chosen = dict(digital(files))
    pages = sum(chosen.values())
    whole = timed(lambda path: read_submission([path]), list(chosen)) / pages
    words = timed(words_alone, list(chosen)) / pages
    print(f"{pages} pages: {whole:.3f} s a page, extract_words alone {words:.3f} s")
    print(f"ratio {whole / words:.2f}")


if __name__ == "__main__":
    main()
