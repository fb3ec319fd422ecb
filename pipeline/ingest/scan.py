"""A picture of a page -> words, rules and boxes: recognition with all that it needs."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.ingest import apart, contrast, raster, rulings
from pipeline.ingest.glyphs import without_boxes
from pipeline.ingest.misread import repaired
from pipeline.ingest.ocr import BLOCK, COLUMN, SPARSE, Reading, page_budget, recognise
from pipeline.ingest.raster import Gray, Sheet
from pipeline.ingest.raw import RawPage, RawWord, Square
from pipeline.ingest.reread import (
    NOISE,
    legibility,
    looked_at_again,
    merit,
    quality,
    with_cells,
    with_missed,
    without_noise,
)
from pipeline.ingest.second import checked
from pipeline.ingest.strikes import struck_out
from pipeline.schema import Box, Tick

GOOD_READING = 0.75  # mean confidence above which the page is taken to be upright
PROBE_WORDS = 12  # least words for the same of a part of a page
PROBE_MERIT = 8.0  # that of some four sure words: with less, a page of few words is read each way
PROBE_INCHES = 3.0  # side of that part
UNREADABLE_BELOW = 0.5  # mean confidence under which a page counts as unreadable
ILLEGIBLE, FALLING_APART = 0.65, 0.85  # share of letters in words: of the page, of its numbers
STRIP_INCHES = 0.4  # height of the band in which fax machines print their header line
INK_PER_WORD = 0.012  # square inches of ink of an average word at 10 points, a generous bound


FAX_LINE = re.compile(
    r"(?:\d{1,2}[:.]\d\d|\b\d{4}\b).*(?:\b[Pp](?:age)?\.? ?\d|\d{3}[-. ]\d{4})|[Pp]\. ?\d+ ?/ ?\d+"
)


def read_scan(gray: Gray, size: tuple[float, float]) -> RawPage:
    """Recognise a picture of a page that is `size` points as displayed."""
    with page_budget() as budget:
        page = _read_picture(raster.to_print(raster.sheet_of(gray, size)), size)
    if budget.cut:
        page.unreadable = True
        page.warnings.append("recognition_cut")
    return page


def _read_picture(sheet: Sheet, size: tuple[float, float]) -> RawPage:
    if not raster.is_photo(sheet.gray):
        return _read_sheet(contrast.strengthened(sheet), size)[0]
    cut = raster.paper_only(sheet)
    page, readings = _read_sheet(_lit(cut), size)
    if quality(readings) < GOOD_READING:  # it may be neither a photo nor a sheet on a table
        others = [_read_sheet(other, size) for other in (_lit(sheet), sheet)]
        page, _ = max([(page, readings), *others], key=lambda read: merit(read[1]))
    return page


def _lit(sheet: Sheet) -> Sheet:
    return replace(sheet, gray=raster.flattened(sheet.gray, sheet.dpi))


def _read_sheet(sheet: Sheet, size: tuple[float, float]) -> tuple[RawPage, list[Reading]]:
    sheet = raster.without_border(sheet)
    if contrast.is_blank(sheet):
        return RawPage(size=size, frame=size, origin="blank"), []
    strip, sheet = _fax_line(sheet)
    if strip and contrast.is_blank(sheet):  # the sender's machine printed its line on nothing
        return RawPage(size=size, frame=size, origin="blank", margin=[strip]), []
    page, readings, turn = _upright(sheet, size)
    page.turned = turn
    page.margin = [strip] if strip else []
    return page, readings


def _fax_line(sheet: Sheet) -> tuple[list[RawWord], Sheet]:
    """The sender's line that a fax machine printed at the top, and the sheet without it.

    It stands upright and level even on a page that was put in upside down or askew.
    """
    height = int(STRIP_INCHES * sheet.dpi)
    readings = recognise(sheet.gray[:height], sheet.dpi, BLOCK)
    readings = without_noise(readings)
    lowest = max((r.y1 for r in readings), default=0)
    line = " ".join(r.text for r in readings)
    if not FAX_LINE.search(line) or lowest >= height - 2:
        return [], sheet
    words = [
        replace(word, box=word.shown or word.box)
        for word in (_word(sheet, r, sheet.points(r[1:5])) for r in readings)
    ]
    gray = sheet.gray.copy()
    gray[: lowest + 3] = 255
    return words, replace(sheet, gray=gray)


def _upright(sheet: Sheet, size: tuple[float, float]) -> tuple[RawPage, list[Reading], int]:
    """The page read the way up in which it reads best, its readings, and how it was turned."""
    tries: list[tuple[RawPage, list[Reading], int]] = []
    for degrees in _likely_turns(sheet):
        page, readings = _read(raster.turned(sheet, degrees), size)
        tries.append((page, readings, degrees))
        if quality(readings) >= GOOD_READING and len(readings) > 5:
            return tries[-1]
    return max(tries, key=lambda attempt: merit(attempt[1]))


def _likely_turns(sheet: Sheet) -> list[int]:
    """The turns worth a full reading, the best first, by reading the densest part of the page."""
    part = raster.densest(sheet, PROBE_INCHES)
    merits: dict[int, float] = {}
    most = 0
    for degrees in (0, 180, 90, 270) if raster.is_level(part.gray) else (90, 270, 0, 180):
        readings = _probe(raster.turned(part, degrees))
        merits[degrees], most = merit(readings), max(most, len(readings))
        if quality(readings) >= GOOD_READING and len(readings) > PROBE_WORDS:
            return [degrees]
    turns = sorted(merits, key=lambda turn: -merits[turn])
    best, second = (merits[turn] for turn in turns[:2])
    if best < PROBE_MERIT and most < PROBE_WORDS:
        return turns
    return turns[:2] if second > 0.3 * best else turns[:1]


def _probe(part: Sheet) -> list[Reading]:
    """Words of a part of a page, but for those that its edges cut in two."""
    part = raster.straightened(part)
    clean = rulings.erased(part.gray, rulings.rules_in(part.gray, part.dpi)[2])
    width = clean.shape[1]
    readings = without_noise(recognise(clean, part.dpi, BLOCK))
    return [r for r in readings if r.x0 > 8 and r.x1 < width - 8]


def _read(sheet: Sheet, size: tuple[float, float]) -> tuple[RawPage, list[Reading]]:
    sheet = raster.straightened(sheet)
    rows, stems, mask = rulings.rules_in(sheet.gray, sheet.dpi)
    squares = rulings.squares_in(sheet.gray, sheet.dpi)
    clean = rulings.erased(sheet.gray, mask)
    clean = rulings.without_squares(clean, [box for box, _ in squares])
    readings = without_noise(_enough(clean, sheet.dpi))
    readings = [r for r in readings if not _is_rule(r, rows)]
    page = RawPage(
        size=size,
        frame=sheet.frame,
        origin="ocr",
        rules=[sheet.points(rule) for rule in (*rows, *stems)],
        squares=[Square(sheet.points(box), state) for box, state in squares],
        shown=sheet.shown,
    )
    readings = with_cells(sheet, clean, page, readings)
    readings = with_missed(clean, sheet.dpi, readings)
    readings = looked_at_again(clean, sheet.dpi, readings)
    readings = checked(clean, readings)
    words = repaired([_word(sheet, r, sheet.points(r[1:5])) for r in readings])
    words = apart.doubted(apart.rejoined(words))
    words, page.rules = struck_out(words, page.rules, [])
    page.words, typed = without_boxes(words, typed=False)
    page.squares += [_by_ink(square, clean, sheet.dpi) for square in typed]
    legible = legibility(readings)
    page.unreadable = legible < ILLEGIBLE or quality(readings) < UNREADABLE_BELOW
    if page.unreadable:
        page.warnings.append("illegible")
    if legible < FALLING_APART:  # where words fall apart, points of numbers are lost as well
        page.words = [_doubted(word) for word in page.words]
    return page, readings


def _doubted(word: RawWord) -> RawWord:
    return replace(word, doubtful=True) if any(c.isdigit() for c in word.text) else word


def _enough(clean: Gray, dpi: float) -> list[Reading]:
    """Readings of a page; again in other ways when there are far fewer words than ink."""
    readings = recognise(clean, dpi, COLUMN)
    ink = float((raster.ink_of(clean) > 0).sum()) / dpi**2
    if len(without_noise(readings)) * INK_PER_WORD * 4 < ink:
        others = [recognise(clean, dpi, SPARSE, 1.0), recognise(clean, dpi, BLOCK, 0.8)]
        readings = max([readings, *others], key=lambda r: merit(without_noise(r)))
    return readings


def _is_rule(reading: Reading, rows: list[rulings.PixelBox]) -> bool:
    """Whether a dash is a remainder of a level rule."""
    if not NOISE.fullmatch(reading.text):
        return False
    y = (reading.y0 + reading.y1) / 2
    return any(row[1] - 5 < y < row[3] + 5 and row[0] - 30 < reading.x1 for row in rows)


def _by_ink(square: Square, clean: Gray, dpi: float) -> Square:
    """A box typed in brackets; where its ink says other than its letters, it cannot be read."""
    x0, y0, x1, y1 = (round(edge * dpi / 72) for edge in square.box)
    side = (x1 - x0) // 4  # a bracket
    inside = raster.ink_of(clean)[y0:y1, x0 + side : x1 - side]
    seen = rulings.tick_state(inside) if inside.size else Tick.UNREADABLE
    return square if seen is square.state else replace(square, state=Tick.UNREADABLE)


def _word(sheet: Sheet, reading: Reading, box: Box) -> RawWord:
    return RawWord(
        text=reading.text,
        box=box,
        size=box[3] - box[1],
        confidence=min(1.0, max(0.0, reading.confidence)),
        shown=sheet.shown(box),
        doubtful=not reading.sure and any(c.isdigit() for c in reading.text),
    )
