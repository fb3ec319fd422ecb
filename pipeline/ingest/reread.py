"""Second looks at a recognised page: cells alone, ink without words, words of low confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator

import cv2
import numpy as np

from pipeline.ingest import raster, rulings
from pipeline.ingest.grids import GridCell, grids_of
from pipeline.ingest.ocr import BLOCK, BLUR, LINE, Reading, recognise
from pipeline.ingest.raster import Gray, Sheet
from pipeline.ingest.raw import RawPage

CELL_REREAD_BELOW = 0.85  # least confidence of a word below which its table cell is read alone
UNSURE = 0.6  # confidence given to a number that was read in two ways
SECOND_LOOK_BELOW = 0.7  # confidence below which a word is read again in its line alone
MOST_SECOND_LOOKS, MOST_MISSED = 40, 60  # a page of scribbles is not worth more time
OTHER_WAYS = ((1.0, 0.6), (1.5, BLUR))
"""Enlargement and blur of further readings of a cell: small labels want less, bold type more."""
NOISE_BELOW = 0.4  # confidence of what is read in dotted shading
CODE = re.compile(r"[A-Z]\d{4}|[A-TV-Z]\d\d(?:\.\d{1,4})?")  # HCPCS, ICD-10-CM
PAD = 20  # white around a part, in pixels: Tesseract wants some
MEANT = re.compile(r"[-–—•*+%<>=&/:]|[<>]=|->|>=|\+/-|±|≤|≥")
DASHES = {"-", "–", "—", "~", "_", "=", "--"}
NOISE = re.compile(r"[\W_]+")
LETTERS_OF_A_WORD, FEW_WORDS = 3, 3  # fewer words tell nothing
CERTAIN = 0.85  # confidence of a word that is in no dictionary, and yet one


def with_cells(sheet: Sheet, clean: Gray, page: RawPage, readings: list[Reading]) -> list[Reading]:
    """The readings, with cells of ruled grids read alone where that reads better."""
    for cell in _cells(sheet, page, readings):
        box = tuple(round(edge * sheet.dpi / 72) for edge in cell.box)
        there = [r for r in readings if _within(r, box)]
        if not there and not _has_ink(clean, box, sheet.dpi):
            continue
        whole = [r for r in there if _fits(r, box)]
        if len(whole) == len(there) > 0 and _surest(there) >= CELL_REREAD_BELOW:
            continue
        again = _read_cell(clean, box, sheet.dpi)
        if again:
            readings = [r for r in readings if not _within(r, box)] + _merged(whole, again, True)
    return readings


def _surest(readings: list[Reading]) -> float:
    return min(r.confidence for r in readings)


def _merged(first: list[Reading], again: list[Reading], codes: bool = False) -> list[Reading]:
    """Of two readings of one place the surer one, or (`codes`) the one that has a code.

    Where they differ in a number, no number there is sure, whatever the engine says, unless
    the other reading is hardly one.
    """
    better = _as_much(again, first) and quality(again) > quality(first)
    if codes and _codes(first) != _codes(again):
        better = _codes(again) > _codes(first)
    chosen, other = (again, first) if not first or better else (first, again)
    if quality(other) < UNSURE or _numbers(chosen) == _numbers(other):
        return chosen
    return [
        r._replace(confidence=min(r.confidence, UNSURE)) if _has_digit(r.text) else r
        for r in chosen
    ]


def _codes(readings: list[Reading]) -> int:
    """How many words look like a code of a product or a diagnosis."""
    return sum(bool(CODE.fullmatch(r.text)) for r in readings)


def _numbers(readings: list[Reading]) -> str:
    return "".join(c for r in readings for c in r.text if _has_digit(r.text) and c.isalnum())


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _cells(sheet: Sheet, page: RawPage, readings: list[Reading]) -> Iterator[GridCell]:
    words = [sheet.points(r[1:5]) for r in readings]
    for grid in grids_of(page.rules, broken=True, words=words):
        if len(grid.cells) > 1:
            yield from grid.cells


def _within(reading: Reading, box: tuple[int, ...]) -> bool:
    x, y = (reading.x0 + reading.x1) / 2, (reading.y0 + reading.y1) / 2
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def _fits(reading: Reading, box: tuple[int, ...]) -> bool:
    slack = max(4.0, 0.3 * (reading.x1 - reading.x0))
    return box[0] - slack <= reading.x0 and reading.x1 <= box[2] + slack


def _has_ink(clean: Gray, box: tuple[int, ...], dpi: float) -> bool:
    """Whether more than specks stand in a cell."""
    inset = max(2, int(0.02 * dpi))
    x0, y0, x1, y1 = box
    part = clean[y0 + inset : y1 - inset, x0 + inset : x1 - inset]
    return part.size > 0 and float((part < 128).sum()) > 0.0012 * dpi**2


def _read_cell(clean: Gray, box: tuple[int, ...], dpi: float) -> list[Reading]:
    """Words of one cell, in pixels of the page: the surest of several readings."""
    mode = LINE if box[3] - box[1] < 0.24 * dpi else BLOCK
    inner = (box[0] + 4, box[1] + 4, box[2] - 4, box[3] - 4)
    best = _of_cell(_read_part(clean, inner, dpi, mode))
    if best and _surest(best) >= CELL_REREAD_BELOW:
        return best
    for scale, blur in OTHER_WAYS:
        other = _of_cell(_read_part(clean, inner, dpi, mode, scale, blur))
        best = _merged(best, other, codes=True) if best else other
    return best


def _of_cell(readings: list[Reading]) -> list[Reading]:
    """The words of a cell; in an empty one of dotted shading only noise is read, unsurely."""
    readings = without_noise(readings)
    readings = [r for r in readings if len(r.text) > 1 or r.confidence > 0.6 or len(readings) < 3]
    if any(r.confidence > NOISE_BELOW and len(r.text) > 2 for r in readings):
        return [
            r for r in readings if r.confidence > NOISE_BELOW or sum(map(str.isalnum, r.text)) > 2
        ]
    return [r for r in readings if r.confidence > NOISE_BELOW or _has_digit(r.text)]


def _read_part(
    clean: Gray, box: tuple[int, ...], dpi: float, mode: int, scale: float = 1, blur: float = BLUR
) -> list[Reading]:
    """Words in a part of the page, in pixels of the page; read `scale` times as large."""
    x0, y0, x1, y1 = max(0, box[0] - 2), max(0, box[1] - 2), box[2] + 2, box[3] + 2
    part = clean[y0:y1, x0:x1]
    if part.shape[0] < 10 or part.shape[1] < 6:
        return []
    part = np.pad(part, PAD, constant_values=255)
    if scale != 1:
        part = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC))
    readings = recognise(np.ascontiguousarray(part, np.uint8), dpi * scale, mode, blur * scale)
    dx, dy = x0 - PAD, y0 - PAD
    return [
        Reading(
            r.text,
            round(r.x0 / scale) + dx,
            round(r.y0 / scale) + dy,
            round(r.x1 / scale) + dx,
            round(r.y1 / scale) + dy,
            r.confidence,
        )
        for r in readings
    ]


def with_missed(clean: Gray, dpi: float, readings: list[Reading]) -> list[Reading]:
    """The readings, and those of stretches of ink the height of a line that had none."""
    ink = raster.ink_of(clean)
    for r in readings:
        ink[max(0, r.y0 - 3) : r.y1 + 3, max(0, r.x0 - 4) : r.x1 + 4] = 0
    found = []
    for box in rulings.text_boxes(ink, dpi)[:MOST_MISSED]:
        part = _read_part(clean, box, dpi, LINE)
        good = [r for r in part if r.confidence > 0.6 and sum(map(str.isalnum, r.text)) > 1]
        found += [r for r in good if not any(_overlap(r, other) for other in readings)]
    return readings + found


def _overlap(a: Reading, b: Reading) -> bool:
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    return width > 0.3 * (a.x1 - a.x0) and height > 0.3 * (a.y1 - a.y0)


def looked_at_again(clean: Gray, dpi: float, readings: list[Reading]) -> list[Reading]:
    """The readings, with words of low confidence read anew in the line where they stand."""
    weak = [r for r in readings if r.confidence < SECOND_LOOK_BELOW or r.text == "|"]
    done: set[Reading] = set()
    for word in weak[:MOST_SECOND_LOOKS]:
        if word in done:
            continue
        group = _neighbours(word, readings, dpi)
        done |= set(group)
        box = (
            min(r.x0 for r in group), min(r.y0 for r in group),
            max(r.x1 for r in group), max(r.y1 for r in group),
        )  # fmt: skip
        again = without_noise(_read_part(clean, box, dpi, LINE))
        if again and _as_much(again, group):
            readings = [r for r in readings if r not in set(group)] + _merged(group, again)
    return readings


def _as_much(again: list[Reading], first: list[Reading]) -> bool:
    """Whether a second reading has no fewer words with digits, and letters, than the first."""
    numbers = [sum(_has_digit(r.text) or r.text == "|" for r in part) for part in (again, first)]
    letters = [sum(len(r.text) for r in part) for part in (again, first)]
    return numbers[0] >= numbers[1] and letters[0] >= 0.8 * letters[1]


def _neighbours(word: Reading, readings: list[Reading], dpi: float) -> list[Reading]:
    """The word and those next to it in its line, up to wide gaps."""
    group = [word]
    gap = 0.13 * dpi
    level = [r for r in readings if r.y0 < (word.y0 + word.y1) / 2 < r.y1]
    for r in sorted(level, key=lambda r: r.x0):
        if r.x0 + r.x1 > word.x0 + word.x1 and r.x0 <= max(g.x1 for g in group) + gap:
            group.append(r)
    for r in sorted(level, key=lambda r: -r.x1):
        if r.x0 + r.x1 < word.x0 + word.x1 and min(g.x0 for g in group) - gap <= r.x1:
            group.append(r)
    return group


def quality(readings: list[Reading]) -> float:
    """Mean confidence over words of letters and digits, longer words counting more."""
    weights = [len(r.text) for r in readings]
    return float(np.average([r.confidence for r in readings], weights=weights)) if weights else 0


def legibility(readings: list[Reading]) -> float:
    """Share of the letters that belong to words: known ones, or read without doubt (names).

    The engine is sure of much that is none: of print too small for its resolution, handwriting
    and noise it makes 0.2 to 0.5, of the worst faxes 0.9 (docs/measurements.md).
    """
    words = [r for r in readings if sum(c.isalpha() for c in r.text) >= LETTERS_OF_A_WORD]
    weights = [len(r.text) for r in words]
    if len(words) < FEW_WORDS:
        return quality(readings)
    meant = [r.known or r.sure or r.confidence >= CERTAIN for r in words]
    return float(np.average(meant, weights=weights))


def without_noise(readings: list[Reading]) -> list[Reading]:
    """Readings without what specks and remains of rules are taken for."""
    kept = []
    for reading in readings:
        text = reading.text.strip("|_~`‘'¢°") or reading.text
        opened = text[0] in "[{(" and text[1:2].isdigit() and not text.endswith(("]", "}"))
        if opened and (text[0] != "(" or not _is_closed(reading, readings)):
            left = reading.x0 + (reading.x1 - reading.x0) // len(text)
            text, reading = text[1:], reading._replace(x0=left)  # remainder of an upright rule
        if NOISE.fullmatch(text):
            bar = text == "|" and _in_a_line(reading, readings)
            dash = text in DASHES and _between_numbers(reading, readings)
            if not bar and not dash and not (MEANT.fullmatch(text) and reading.confidence > 0.6):
                continue
        if reading.confidence < 0.15 and sum(c.isalnum() for c in text) < 3:
            continue
        kept.append(reading._replace(text=text))
    return kept


def _is_closed(opening: Reading, readings: list[Reading]) -> bool:
    """Whether a bracket that a word opens is closed by it or by a later word of the line."""
    return any(
        ")" in r.text and r.x0 >= opening.x0 and r.y0 < opening.y1 and opening.y0 < r.y1
        for r in readings
    )


def _in_a_line(bar: Reading, readings: list[Reading]) -> bool:
    """Whether words stand close on both sides of an upright stroke: a misread 1 or I."""
    height = bar.y1 - bar.y0
    level = [
        r for r in readings
        if r is not bar and min(r.y1, bar.y1) - max(r.y0, bar.y0) > 0.5 * height
        and height < 1.6 * (r.y1 - r.y0)
    ]  # fmt: skip
    left = any(0 <= bar.x0 - r.x1 < height for r in level)
    return left and any(0 <= r.x0 - bar.x1 < height for r in level)


def _between_numbers(dash: Reading, readings: list[Reading]) -> bool:
    """Whether numbers stand close on both sides of a dash: a range, however faint the dash."""
    level = [r for r in readings if r.y0 - 3 < (dash.y0 + dash.y1) / 2 < r.y1 + 3 and r is not dash]
    left = [r for r in level if r.x1 <= dash.x0 + 2 and dash.x0 - r.x1 < 1.5 * (r.y1 - r.y0)]
    right = [r for r in level if r.x0 >= dash.x1 - 2 and r.x0 - dash.x1 < 1.5 * (r.y1 - r.y0)]
    return any(r.text[-1].isdigit() for r in left) and any(r.text[0].isdigit() for r in right)


def merit(readings: list[Reading]) -> float:
    return sum(len(r.text) * (r.confidence - 0.4) for r in readings if len(r.text) > 2)
