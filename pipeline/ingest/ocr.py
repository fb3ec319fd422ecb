"""Recognition: a gray picture in, words with boxes and confidence out (Tesseract)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # more threads make Tesseract far slower

import cv2
import tesserocr
from PIL import Image

from pipeline.errors import ToolMissing
from pipeline.ingest.limits import MOST_SECONDS
from pipeline.ingest.raster import Gray

BLUR = 1.2
"""Gaussian sigma in pixels at 204 dpi: the largest single gain on faxes (toolchain notes)."""
LONGEST_LOOK_MS = 240_000  # by the clock, on whatever a busy machine leaves
LOWEST_LETTER = 2.0  # points; what is lower is a piece of a ruling line, read as "7" or "ee"
COLUMN, BLOCK, LINE, SPARSE = 4, 6, 7, 11  # Tesseract's page segmentation modes


class Reading(NamedTuple):
    """A recognised word; the box in pixels of the picture.

    `sure`: two engines read it alike. `known`: it is a word of the engine's dictionary.
    """

    text: str
    x0: int
    y0: int
    x1: int
    y1: int
    confidence: float
    sure: bool = False
    known: bool = False


def tessdata() -> str:
    """Folder of Tesseract's language data.

    Raises:
        ToolMissing: If English data is not installed.
    """
    named = os.environ.get("TESSDATA_PREFIX", "")
    folders = [Path(named)] if named else []
    folders += sorted(Path("/usr/share/tesseract-ocr").glob("*/tessdata"), reverse=True)
    folders.append(Path("/usr/share/tessdata"))
    for folder in folders:
        if (folder / "eng.traineddata").is_file():
            return str(folder)
    raise ToolMissing("no Tesseract data: install tesseract-ocr and tesseract-ocr-eng")


@dataclass
class Budget:
    """Processor time that reading a page may take; `cut` when it did not suffice."""

    until: float = float("inf")
    cut: bool = False

    @property
    def spent(self) -> bool:
        """Whether nothing is left; a page of which anything is left out is `cut`."""
        self.cut = self.cut or time.process_time() > self.until
        return self.cut


_budget: ContextVar[Budget] = ContextVar("budget")


@contextmanager
def page_budget() -> Iterator[Budget]:
    """A new budget, which all reading within draws upon, and nothing after it."""
    budget = Budget(time.process_time() + MOST_SECONDS)
    token = _budget.set(budget)
    try:
        yield budget
    finally:
        _budget.reset(token)


def spent() -> bool:
    """Whether the budget of the page that is being read is spent."""
    return _budget.get(Budget()).spent


@lru_cache(maxsize=1)
def _engine() -> tesserocr.PyTessBaseAPI:
    return tesserocr.PyTessBaseAPI(path=tessdata(), lang="eng", psm=COLUMN)


def recognise(gray: Gray, dpi: float, mode: int = COLUMN, blur: float = BLUR) -> list[Reading]:
    """Words in the order in which Tesseract finds them; none when the page's budget is spent."""
    if spent():
        return []
    soft = cv2.GaussianBlur(gray, (0, 0), blur) if blur else gray
    engine = _engine()
    engine.SetPageSegMode(mode)
    engine.SetImage(Image.fromarray(soft))
    engine.SetSourceResolution(int(dpi))
    if not engine.Recognize(LONGEST_LOOK_MS):
        _budget.get(Budget()).cut = True
        return []
    words = []
    results = engine.GetIterator()
    level = tesserocr.RIL.WORD
    if results is None:
        return []
    for item in tesserocr.iterate_level(results, level):
        if item.Empty(level):
            continue
        text = item.GetUTF8Text(level).strip()
        box = item.BoundingBox(level)
        if text and box:
            x0, y0, x1, y1 = box
            if any(c.isalnum() for c in text) and (y1 - y0) * 72 / dpi < LOWEST_LETTER:
                continue
            sure, known = item.Confidence(level) / 100, item.WordIsFromDictionary()
            words.append(Reading(text, x0, y0, x1, y1, sure, known=known))
    engine.Clear()
    return words
