"""Boxes to tick that are drawn by characters: ☒, a tick over ❏, [X], ( )."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2

from pipeline.ingest.raster import Gray, ink_of
from pipeline.ingest.raw import RawWord, Square
from pipeline.schema import Tick

TICKED_GLYPHS, EMPTY_GLYPHS = "☒☑✓✔✕✖✗✘⊠", "☐□❏❐❑❒▢◻"
# A filled square is a bullet, or a box that was blackened: a box where an empty one stands beside it.
FILLED_GLYPHS = "■◼⬛"
# Rounds of a radio group, empty and chosen: bullets too, so one counts beside another.
RADIO_EMPTY, RADIO_FILLED, RADIO_CHOSEN = "○◯⚪", "●⚫", "◉⦿🔘"
NEXT = 2.5  # type sizes to the next line of options
BRACKETED = re.compile(r"^(?:[\[(]([XxVv✓✔✗✘☒]?)[\])]|[\[{]([xX]{1,2})[\]}])")
"""A fax doubles a mark, and bends a bracket."""
ROUND_CHOSEN = re.compile(r"^\([oO0*\u2022\u25cf]\)")
"""A round of a radio group as it is typed; it counts beside an empty one."""
OVERPRINTED = 1.6  # two characters that are no wider than this share of their height are one box

# Fonts of signs hold them under the codes of letters; readers hand on the letters. Codes by the
# fonts' encodings: Adobe's ZapfDingbats (PDF 32000-1, annex D), Microsoft's Wingdings.
ZAPF = {"o": "❏", "p": "❐", "q": "❑", "r": "❒", "n": "■", "3": "✓", "4": "✔", "5": "✕", "6": "✖", "7": "✗", "8": "✘"}  # fmt: skip
WINGDINGS = {"o": "□", "q": "❑", "\xa8": "◻", "x": "☒", "n": "■", "\xfb": "✗", "\xfc": "✓", "\xfd": "☒", "\xfe": "☑"}  # fmt: skip
SIGNS = {"zapfdingbats": ZAPF, "wingdings": WINGDINGS}
PRIVATE_USE = 0xF000  # where Word puts the codes of such fonts


def symbol(text: str, font: str) -> str:
    """The sign that a character of a font of signs draws; other characters as they are."""
    name = re.sub(r"\W", "", font).lower()
    for family, signs in SIGNS.items():
        if family in name and not name.endswith(("wingdings2", "wingdings3")):
            code = ord(text) - PRIVATE_USE if len(text) == 1 else -1
            return signs.get(chr(code) if 0 <= code < 256 else text, text)
    return text


def without_boxes(
    words: Sequence[RawWord], *, typed: bool = True
) -> tuple[list[RawWord], list[Square]]:
    """Words without the characters that draw boxes to tick, and these boxes.

    Args:
        typed: Whether the characters are certain; "(o)" may else be an empty round, misread.
    """
    kept: list[RawWord] = []
    squares: list[Square] = []
    empty = _beginning(words, EMPTY_GLYPHS + RADIO_EMPTY)
    chosen = _beginning(words, RADIO_FILLED + RADIO_CHOSEN)
    rounds = [*_beginning(words, RADIO_EMPTY), *chosen]
    opened = [w for w, after in pairwise(words) if w.text == "(" and _open_bracket(w, after)]
    opened += [w for w in words if w.text.startswith("()")]
    at = 0
    while at < len(words):
        word = words[at]
        following = words[at + 1] if at + 1 < len(words) else None
        if following is not None and _open_bracket(word, following):
            squares.append(Square((word.x0, word.top, following.x1, word.bottom), Tick.EMPTY))
            at += 2
            continue
        length, state = _box_prefix(word)
        marked = _begins(word, FILLED_GLYPHS + RADIO_FILLED + RADIO_CHOSEN)
        if marked and _is_beside(word, empty, empty, NEXT):
            length, state = 1, Tick.TICKED
        if _begins(word, RADIO_EMPTY) and _is_beside(word, rounds, chosen, NEXT * len(rounds)):
            length, state = 1, Tick.EMPTY
        chosen_round = ROUND_CHOSEN.match(word.text) if typed else None
        if chosen_round is not None and _is_beside(word, opened, opened, NEXT):
            length, state = chosen_round.end(), Tick.TICKED
        if length:
            cut = word.x0 + (word.x1 - word.x0) * length / len(word.text)
            squares.append(Square((word.x0, word.top, cut, word.bottom), state))
            if len(word.text) > length:
                rest = (cut, word.top, word.x1, word.bottom)
                kept.append(replace(word, text=word.text[length:], box=rest))
        else:
            kept.append(word)
        at += 1
    return kept, squares


def _begins(word: RawWord, signs: str) -> bool:
    return bool(word.text) and word.text[0] in signs


def _beginning(words: Sequence[RawWord], signs: str) -> list[RawWord]:
    return [word for word in words if _begins(word, signs)]


def _is_beside(
    word: RawWord, in_line: Sequence[RawWord], stacked: Sequence[RawWord], reach: float
) -> bool:
    """Whether another sign of the same size stands in the line, or above or below within a reach.

    Args:
        reach: Type sizes.
    """

    def fits(other: RawWord) -> bool:
        return other is not word and abs(other.size - word.size) < 1

    return any(fits(other) and abs(other.middle - word.middle) < 2 for other in in_line) or any(
        fits(other)
        and abs(other.x0 - word.x0) < 2
        and abs(other.middle - word.middle) < reach * word.size
        for other in stacked
    )


def _open_bracket(word: RawWord, following: RawWord) -> bool:
    """`[ ]` and `( )` come as two words."""
    return (
        (word.text, following.text) in (("[", "]"), ("(", ")"))
        and following.x0 - word.x1 < 3 * word.size
        and abs(following.middle - word.middle) < 2
    )


def _box_prefix(word: RawWord) -> tuple[int, Tick]:
    """Length and state of the box that a word begins with; length 0 if none."""
    text = word.text
    pair = text[:2]
    printed_over = len(pair) == 2 and all(c in TICKED_GLYPHS + EMPTY_GLYPHS for c in pair)
    if printed_over and (word.x1 - word.x0) * 2 / len(text) < OVERPRINTED * word.size:
        return 2, Tick.TICKED if any(c in TICKED_GLYPHS for c in pair) else Tick.EMPTY
    if text[0] in TICKED_GLYPHS:
        return 1, Tick.TICKED
    if text[0] in EMPTY_GLYPHS:
        return 1, Tick.EMPTY
    bracketed = BRACKETED.match(text)
    if bracketed:
        return bracketed.end(), Tick.TICKED if any(bracketed.groups()) else Tick.EMPTY
    return 0, Tick.EMPTY


SOLID_GLYPH, ANSWERS = "■", {"yes", "no", "y", "n"}
SQUARE_SHAPE, SQUARE_FULL = (0.85, 1.18), 0.97  # sides of a solid square; ink within them
MORE_INK, SAME_INK = (
    1.12,
    1.04,
)  # ink of a marked glyph, and of one that is not, by the least of all


def solid_boxes(
    words: Sequence[RawWord], gray: Gray, dpi: float
) -> tuple[list[RawWord], list[Square]]:
    """Words without the solid squares that stand for boxes before Yes and No, and these boxes.

    A font without a hollow box draws a solid one. Whether it was marked is told by strokes
    beside it, if one without any shows how it is printed; else it cannot be read. Beside
    a hollow one in its line it is a box filled in.
    """
    answers = [word for word in words if word.text.lower().strip(".,;:") in ANSWERS]
    boxes = [
        word
        for word in words
        if word.text == SOLID_GLYPH and any(_stands_before(word, answer) for answer in answers)
    ]
    if len(boxes) < 2:
        return list(words), []
    hollow = [word for word in words if word.text[0] in EMPTY_GLYPHS]
    if hollow:
        beside = [any(abs(b.middle - h.middle) < 0.5 * b.size for h in hollow) for b in boxes]
        states = [Tick.TICKED if filled else Tick.UNREADABLE for filled in beside]
    else:
        states = _marked([_shape(word, gray, dpi) for word in boxes])
    kept = [word for word in words if not any(word is box for box in boxes)]
    return kept, [Square(box.box, state) for box, state in zip(boxes, states, strict=True)]


def _stands_before(word: RawWord, answer: RawWord) -> bool:
    """Whether a word stands right before another in its line."""
    gap = answer.x0 - word.x1
    return -1 < gap < 1.5 * word.size and abs(answer.middle - word.middle) < 0.5 * word.size


def _shape(word: RawWord, gray: Gray, dpi: float) -> tuple[int, bool]:
    """The ink of what stands at a glyph, in pixels, and whether it is a solid square alone."""
    scale = dpi / 72
    width = word.x1 - word.x0
    x0, y0, x1, y1 = (
        max(0, round(edge * scale))
        for edge in (word.x0 - width, word.top - width, word.x1 + width, word.bottom + width)
    )
    ink = ink_of(gray[y0:y1, x0:x1])
    labels, stats = cv2.connectedComponentsWithStats(ink, connectivity=8)[1:3]
    at = labels[(y1 - y0) // 2, round((word.x0 + word.x1) / 2 * scale) - x0]
    if at == 0:
        return 0, False
    _, _, w, h, area = (int(number) for number in stats[at])
    alone = SQUARE_SHAPE[0] < w / h < SQUARE_SHAPE[1] and area >= SQUARE_FULL * w * h
    return area, alone


def _marked(shapes: list[tuple[int, bool]]) -> list[Tick]:
    """Whether each of glyphs that are printed alike was marked."""
    printed = min((area for area, alone in shapes if alone), default=0)
    states = []
    for area, alone in shapes:
        empty = alone and area <= SAME_INK * printed
        ticked = not alone and printed and area > MORE_INK * printed
        states.append(Tick.EMPTY if empty else Tick.TICKED if ticked else Tick.UNREADABLE)
    return states
