"""A second engine, of another kind, reads again what the first may have misread.

Confidence does not tell a wrong number from a right one: at 204 x 98 dots a quarter of
Tesseract's wrong numbers come with a confidence over 0.8 (`1.5` read as `15` at 0.94). Two
engines that know nothing of each other are right in 99 of 100 numbers that they read alike
(`docs/measurements.md`), so a number is sure when both read it, and doubtful when they differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ToolMissing
from pipeline.ingest.ocr import Reading, spent
from pipeline.ingest.raster import Gray

if TYPE_CHECKING:
    import onnxruntime

MODEL = "models/PP-OCRv6_rec_small.onnx"  # in the rapidocr package: PaddleOCR, Apache-2.0
HEIGHT = 48  # pixels of a line that the model was trained for
GAP = 1.2  # widest space between words of a line, as a share of their height
BESIDE, ABOVE = 3, 0.2  # what is cut out around a word: pixels, and share of its height
LEGIBLE = 0.95  # certainty from which the second reading is taken whatever the first one's is
SURER_BY = 0.2  # or by how much it must be surer than the first
WORDS_BELOW = 0.85  # words without digits are read again below this confidence of the first
STROKES = frozenset("|l{}![]")  # what a lone 1 or I is taken for
MARKS = ".,;:()[]{}'\"*\u2022"  # around a number they do not change it
NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
WELL_FORMED = re.compile(rf"[<>\u2264\u2265~]?{NUMBER}(?:[-/]{NUMBER})*[+-]?%?")
DASHES = re.compile(r"[\u2010-\u2015\u2212~]")


class Second(NamedTuple):
    """What the second engine read; `certainty` from 0 to 1."""

    text: str
    certainty: float


@lru_cache(maxsize=1)
def _engine() -> tuple[onnxruntime.InferenceSession, NDArray[np.int64], list[str]]:
    """The network, the outputs that stand for letters of our languages, and those letters."""
    import onnxruntime  # slow to import, and most packets are not scans

    package = find_spec("rapidocr")
    folders = package.submodule_search_locations if package else None
    path = Path(next(iter(folders or ()), "")) / MODEL
    if not path.is_file():
        raise ToolMissing("no model of the second engine: install rapidocr")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    known = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    letters = ["", *known, " "]  # the first output is "no letter", the last a blank
    western = [i for i, c in enumerate(letters) if c < "\u0250" or c in "\u2013\u2014\u2264\u2265"]
    return session, np.array(western), [letters[i] for i in western]


def read_line(part: Gray) -> Second:
    """The words of a picture that holds one line."""
    session, western, letters = _engine()
    width = max(8, round(part.shape[1] * HEIGHT / part.shape[0]))
    line = cv2.resize(part, (width, HEIGHT)).astype(np.float32) / 127.5 - 1
    fed = np.broadcast_to(line, (1, 3, HEIGHT, width))
    (output,) = session.run(None, {session.get_inputs()[0].name: np.ascontiguousarray(fed)})
    chances = np.asarray(output)[0][:, western]
    best = chances.argmax(axis=1)
    new = (best > 0) & (best != np.concatenate([[0], best[:-1]]))  # CTC: repeats are one letter
    if not new.any():
        return Second("", 0.0)
    text = "".join(letters[i] for i in best[new])
    return Second(text.strip(), float(chances.max(axis=1)[new].mean()))


def checked(clean: Gray, readings: list[Reading]) -> list[Reading]:
    """The readings, with numbers and unsure words read again; numbers read alike are `sure`."""
    again = [after for reading in readings for after in _checked(clean, reading, readings)]
    return [
        r._replace(sure=False)
        if r.text.endswith("/") or (at and again[at - 1].text[-1] == "/")
        else r
        for at, r in enumerate(again)
    ]  # of a date that a speck broke in two, no part is sure


def _checked(clean: Gray, first: Reading, readings: list[Reading]) -> Iterator[Reading]:
    number = any(c.isdigit() for c in first.text)
    if spent():
        yield first
        return
    if not number and first.text not in STROKES and first.confidence >= WORDS_BELOW:
        yield first
        return
    second = _read(clean, [first])
    if _alike(first.text, second.text) or (number and _alike_in_its_line(clean, first, readings)):
        yield first._replace(sure=True)
    elif _is_better(second, first):
        yield from _split(second, first)
    else:
        yield first


def _read(clean: Gray, words: list[Reading]) -> Second:
    """What the second engine reads where neighbouring words stand."""
    y0, y1 = min(r.y0 for r in words), max(r.y1 for r in words)
    x0, x1 = min(r.x0 for r in words) - BESIDE, max(r.x1 for r in words) + BESIDE
    above = int(ABOVE * (y1 - y0)) + 1
    part = clean[max(0, y0 - above) : y1 + above, max(0, x0) : x1]
    if min(part.shape) < 4:
        return Second("", 0.0)
    return read_line(np.pad(part, 4, constant_values=255))


def _alike_in_its_line(clean: Gray, first: Reading, readings: list[Reading]) -> bool:
    """Whether the engines agree on a word between its neighbours: a digit alone is hard to read."""
    level = [r for r in readings if r.y0 < (first.y0 + first.y1) / 2 < r.y1]
    gap = GAP * (first.y1 - first.y0)
    left = [r for r in level if 0 <= first.x0 - r.x1 < gap][-1:]
    right = [r for r in level if 0 <= r.x0 - first.x1 < gap][:1]
    if not left and not right:
        return False
    words = _read(clean, [*left, first, *right]).text.split()
    return len(words) == len(left) + 1 + len(right) and _alike(first.text, words[len(left)])


def _alike(first: str, second: str) -> bool:
    """Whether two readings are the same but for marks around them and a neighbour's edge."""
    wanted = _bare(first)
    return wanted in (_bare(second), *map(_bare, second.split()))


SPECK = re.compile(r"(?<=[A-Za-z])\u00b7(?=\d)")  # in a gap: "September·13"; no decimal point


def _bare(text: str) -> str:
    return SPECK.sub("", DASHES.sub("-", text).replace(" ", "")).strip(MARKS)


def _is_better(second: Second, first: Reading) -> bool:
    """Whether the second reading is taken: sure, and with nothing of the first one lost."""
    if _is_number(first.text) and not _is_number(second.text):
        return False
    certain = second.certainty >= LEGIBLE or second.certainty > first.confidence + SURER_BY
    return certain and _weight(second.text) >= _weight(first.text) > 0


def _is_number(text: str) -> bool:
    """Whether it is written as numbers, ranges, ratios and dates are."""
    return WELL_FORMED.fullmatch(_bare(text)) is not None


def _weight(text: str) -> int:
    return sum(c.isalnum() or c == "|" for c in text)


def _split(second: Second, first: Reading) -> Iterator[Reading]:
    """The second reading in the place of the first, cut at its blanks."""
    width, length = first.x1 - first.x0, len(second.text)
    for word in re.finditer(r"\S+", second.text):
        x0, x1 = (first.x0 + round(width * at / length) for at in word.span())
        yield first._replace(text=word.group(), x0=x0, x1=x1, confidence=second.certainty)
