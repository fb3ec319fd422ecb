"""Rows between the results of a sheet: a day for those below, an earlier result of the test above."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.nlp.cells import Filled, Row
from pipeline.nlp.lab_cells import part_of_date
from pipeline.nlp.lab_shapes import lab_mention
from pipeline.notation.numbers import NUMBER
from pipeline.notation.results import COMPARATOR
from pipeline.schema import Mention, Span

LONGEST_HEADING = 80  # characters of a line between rows; a longer one is a comment


def tells_day(row: Row) -> bool:
    """Whether a row speaks of a specimen and when it was taken."""
    return any(
        re.search(r"\b(?:collect|drawn|specimen|sample)", cell.text, re.IGNORECASE)
        for cell in row.values()
    )


COMMENT = re.compile(
    r"\b(?:previous|prior|last|repeat|comment|note|see|due|next|called|compared)\b", re.IGNORECASE
)


def day_of_heading(row: Row, otherwise: Mention | None) -> Mention | None:
    """The day that a heading between rows gives those below it."""
    for cell in row.values():
        if len(cell.text) < LONGEST_HEADING and not COMMENT.search(cell.text):
            day = part_of_date(cell.text, cell.start)
            if day is not None:
                return day
    return otherwise


PREVIOUS = re.compile(
    rf"(?:previous|prior|last)\s+(?:result|value)?\s*\(?(?P<date>\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{2,4}})\)?\s*:?\s*(?P<value>{COMPARATOR}?\s*(?:{NUMBER}))\s*(?P<flag>high|low|H|L)?",
    re.IGNORECASE,
)


def previous_result(row: Row, analyte: str) -> Iterator[Mention]:
    """ "Previous result 05/13/2026: 1420 High" under a test is a result of that test."""
    for cell in row.values():
        m = PREVIOUS.search(cell.text)
        if m is None or not analyte:
            continue
        parts = [
            Mention(
                label=label,
                start=cell.start + m.start(label),
                end=cell.start + m.end(label),
                text=m[label],
            )
            for label in ("value", "date", "flag")
            if m[label]
        ]
        held = Filled(m.group(0), cell.start + m.start(), cell.start + m.end())
        yield lab_mention(analyte, held, Span(start=cell.start, end=cell.end), parts)
