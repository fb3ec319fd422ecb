"""Boxes to tick that are drawn by characters: ☒, a tick over ❏, [X], ( )."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.ingest.raw import RawWord, Square
from pipeline.schema import Tick

TICKED_GLYPHS, EMPTY_GLYPHS = "☒☑✓✔✕✖✗✘⊠", "☐□❏❐❑❒▢◻"
# A filled square is a bullet, or a box that was blackened: a box where an empty one stands beside it.
FILLED_GLYPHS = "■◼⬛"
BRACKETED = re.compile(r"^(?:[\[(]([XxVv✓✔✗✘☒]?)[\])]|[\[{]([xX]{1,2})[\]}])")
"""A fax doubles a mark, and bends a bracket."""
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


def without_boxes(words: Sequence[RawWord]) -> tuple[list[RawWord], list[Square]]:
    """Words without the characters that draw boxes to tick, and these boxes."""
    kept: list[RawWord] = []
    squares: list[Square] = []
    empty = [w for w in words if w.text[:1] and w.text[0] in EMPTY_GLYPHS]
    at = 0
    while at < len(words):
        word = words[at]
        following = words[at + 1] if at + 1 < len(words) else None
        if following is not None and _open_bracket(word, following):
            squares.append(Square((word.x0, word.top, following.x1, word.bottom), Tick.EMPTY))
            at += 2
            continue
        length, state = _box_prefix(word)
        if word.text[:1] and word.text[0] in FILLED_GLYPHS and _is_beside(word, empty):
            length, state = 1, Tick.TICKED
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


def _is_beside(word: RawWord, empty: Sequence[RawWord]) -> bool:
    """Whether an empty square of the same size stands in the line, or right above or below."""
    return any(
        abs(other.size - word.size) < 1
        and (
            abs(other.middle - word.middle) < 2
            or (abs(other.x0 - word.x0) < 2 and abs(other.middle - word.middle) < 2.5 * word.size)
        )
        for other in empty
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
