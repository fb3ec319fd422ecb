"""How well faxes are read: `python -m tests.measure_ocr [FILE.pdf ...]`.

Digital pages (by default those of the samples and of the test packets) are drawn, worn as fax
machines wear them, and read; their text layer says what should have been read. A table line for
each resolution and wear gives the recall of words and of tokens with digits, the share of the
wrongly read ones that are marked as doubtful, that of the rightly read ones that are marked all
the same, and seconds per page; "engine alone" is the recognition engine on the same picture
without anything done to it.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import pypdfium2 as pdfium

from pipeline.ingest.assemble import TextBuilder
from pipeline.ingest.layout import pieces_of
from pipeline.ingest.ocr import recognise
from pipeline.ingest.raster import Gray
from pipeline.ingest.scan import read_scan

ROOT = Path(__file__).resolve().parents[1]
PAGES_FROM = ("sample_docs/inbox", "tests/packets/packets", "tests/packets/packets2")
FINE, STANDARD = (204, 196), (204, 98)
LEAST_WORDS = 80  # of a page that is worth reading


class Wear(NamedTuple):
    """What a fax machine does to a page: skew in degrees, a turn, and noise of the scanner."""

    name: str
    dpi: tuple[int, int]
    skew: float = 0.0
    turn: int = 0
    noise: float = 0.0


WEARS = (
    Wear("fine, clean", FINE),
    Wear("fine, noise, skew 1.5", FINE, 1.5, 0, 0.004),
    Wear("fine, noise, skew 3.5", FINE, -3.5, 0, 0.004),
    Wear("fine, noise, upside down", FINE, 0.7, 180, 0.004),
    Wear("fine, noise, on its side", FINE, -0.7, 90, 0.004),
    Wear("standard, clean", STANDARD),
    Wear("standard, noise, skew 1.5", STANDARD, 1.5, 0, 0.004),
    Wear("standard, noise, upside down", STANDARD, 0.7, 180, 0.004),
)


class Page(NamedTuple):
    """A digital page: its picture at 300 dots per inch, and the words of its text layer."""

    gray: Gray
    words: tuple[str, ...]


def digital_pages(files: Sequence[Path]) -> Iterator[Page]:
    """Pages whose whole text stands in their text layer: no fields, no pictures."""
    for path in files:
        try:
            document = pdfium.PdfDocument(path)
        except pdfium.PdfiumError:  # one sample is broken, one locked
            continue
        for page in document:
            text = page.get_textpage().get_text_range()
            kinds = {item.type for item in page.get_objects(max_depth=3)}
            fields = pdfium.raw.FPDFPage_GetAnnotCount(page)
            if len(text.split()) < LEAST_WORDS or fields or pdfium.raw.FPDF_PAGEOBJ_IMAGE in kinds:
                continue
            gray = np.array(page.render(scale=300 / 72, grayscale=True).to_numpy())
            yield Page(gray.reshape(gray.shape[:2]), tuple(text.split()))


def worn(gray: Gray, wear: Wear, seed: int) -> tuple[Gray, tuple[float, float]]:
    """The page as it arrives: a bilevel picture, and its size in points as displayed."""
    chance = np.random.default_rng(seed)
    height, width = gray.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), wear.skew, 1)
    picture = cv2.warpAffine(gray, matrix, (width, height), borderValue=(255,))
    picture = np.rot90(picture, wear.turn // 90)
    high, wide = picture.shape
    size = (wide * 72 / 300, high * 72 / 300)
    target = (round(wide * wear.dpi[0] / 300), round(high * wear.dpi[1] / 300))
    picture = cv2.resize(np.ascontiguousarray(picture), target, interpolation=cv2.INTER_AREA)
    if wear.noise:
        picture = picture + chance.normal(0, 25, picture.shape)
    ink = np.asarray(picture) < 150
    if wear.noise:
        ink ^= chance.random(ink.shape) < wear.noise
    return np.where(ink, 0, 255).astype(np.uint8), size


def tokens(text: str) -> list[str]:
    """Words without marks around them; ranges by their ends, as spaces around dashes vary."""
    pieces = re.split(r"[\s\u2010-\u2015\u2212-]+", text)
    return [t for t in (p.strip(".,;:()[]{}|*\u2022'\"") for p in pieces) if t]


def has_digit(token: str) -> bool:
    return any(c.isdigit() for c in token)


class Tally:
    """Counts over pages."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.seconds = 0.0
        self.wrong: list[str] = []

    def add(self, page: Page, read: list[tuple[str, bool]]) -> None:
        """Compare what was read, each word with whether it is doubtful, with a page's words."""
        said = tokens(" ".join(page.words))
        joined = {a + b for a, b in pairwise(said)}  # "15mg" for "15 mg" misleads nobody
        gold = Counter(said)
        found = [(t, doubtful) for word, doubtful in read for t in tokens(word)]
        both = gold & Counter(t for t, _ in found)
        self.counts["words"] += gold.total()
        self.counts["words found"] += both.total()
        self.counts["numbers"] += sum(n for t, n in gold.items() if has_digit(t))
        self.counts["numbers found"] += sum(n for t, n in both.items() if has_digit(t))
        left = Counter(gold)
        for token, doubtful in sorted(found, key=lambda f: f[1]):
            if not has_digit(token):
                continue
            right = left[token] > 0 or token in joined
            left[token] -= left[token] > 0
            self.counts["right" if right else "wrong"] += 1
            self.counts["right doubtful" if right else "wrong doubtful"] += doubtful
            if not right and not doubtful:
                self.wrong.append(token)

    def share(self, part: str, whole: str) -> str:
        return f"{self.counts[part] / self.counts[whole]:.3f}" if self.counts[whole] else "-"


def ours(gray: Gray, size: tuple[float, float]) -> list[tuple[str, bool]]:
    """Words as ingest hands them on."""
    raw = read_scan(gray, size)
    page = TextBuilder().page(raw, pieces_of(raw, frozenset(), frozenset()), "page", 1)
    return [(word.text, word.doubtful) for word in page.words]


def alone(gray: Gray, size: tuple[float, float]) -> list[tuple[str, bool]]:
    """Words of the engine on the bare picture."""
    return [(r.text, False) for r in recognise(gray, 204, blur=0)]


def measured(
    pages: Sequence[Page], wear: Wear, read: Callable[..., list[tuple[str, bool]]]
) -> Tally:
    """One way of reading, over all pages worn in one way."""
    tally = Tally()
    for seed, page in enumerate(pages):
        picture, size = worn(page.gray, wear, seed)
        began = time.process_time()
        words = read(picture, size)
        tally.seconds += time.process_time() - began
        tally.add(page, words)
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take only each n-th page")
    parser.add_argument("--wrong", action="store_true", help="show wrong numbers without a mark")
    options = parser.parse_args()
    files = options.files or [f for d in PAGES_FROM for f in sorted((ROOT / d).rglob("*.pdf"))]
    pages = list(digital_pages(files))[:: options.every]
    print(f"{len(pages)} pages, {sum(len(p.words) for p in pages)} words")
    print("| wear | way | words | numbers | wrong marked | right marked | s/page |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for wear in WEARS:
        for name, read in (("engine alone", alone), ("chartgap", ours)):
            tally = measured(pages, wear, read)
            shares = (
                tally.share("words found", "words"),
                tally.share("numbers found", "numbers"),
                f"{tally.share('wrong doubtful', 'wrong')} of {tally.counts['wrong']}",
                tally.share("right doubtful", "right"),
                f"{tally.seconds / len(pages):.2f}",
            )
            print("| " + " | ".join((wear.name, name, *shares)) + " |", flush=True)
            if options.wrong:
                print("   ", *tally.wrong)


if __name__ == "__main__":
    main()
