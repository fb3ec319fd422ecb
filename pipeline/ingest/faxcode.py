"""Rows that data of CCITT fax codes hold: readers fill up with white what breaks off.

Sources: ITU-T T.4 (group 3) and T.6 (group 4); parameters as in PDF 32000-1, table 11.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress

from pdfminer.ccitt import CCITTG4Parser

ROW = re.compile(r"0{11,}1(?![01]?0{11,}1)")
"""An end of line and more than that: six of them, each with or without a bit that says how the
next row is coded, end a page of group 3."""
LEAST_SHARE = 0.99  # of the rows declared; encoders round the height up to whole strips


class _Rows(CCITTG4Parser):
    """Decodes group 4 and only counts."""

    rows = 0

    def output_line(self, y: int, bits: Sequence[int]) -> None:
        self.rows = y + 1


def rows_of(data: bytes, columns: int, k: int, byte_aligned: bool = False) -> int:
    """Rows before the data end or cannot be decoded; `k` is negative for group 4.

    Group 3 begins every row anew after an end-of-line code, so those are counted.
    """
    if k < 0:
        parser = _Rows(columns, byte_aligned)
        with suppress(Exception):  # what the codes are broken by is of no interest
            parser.feedbytes(data)
        return parser.rows
    return len(ROW.findall(bin(int.from_bytes(b"\1" + data))[3:]))


def breaks_off(data: bytes, columns: int, rows: int, k: int, byte_aligned: bool = False) -> bool:
    """Whether the data hold fewer rows than they should; False where it cannot be told."""
    if rows <= 0 or columns <= 0:
        return False
    found = rows_of(data, columns, k, byte_aligned)
    if k >= 0 and found <= 0:  # group 3 without end-of-line codes
        return False
    return found < LEAST_SHARE * rows - 1


def mirrored(data: bytes) -> bytes:
    """Bytes with their bits in reverse, as TIFF's FillOrder 2 stores them."""
    return data.translate(MIRROR)


MIRROR = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
