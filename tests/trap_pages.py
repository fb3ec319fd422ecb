"""Pages that must decide nothing in a packet's favour, drawn for a packet's own patient.

Their words stand in `traps.txt`, whose head explains them. All persons are invented.
"""

from __future__ import annotations

import importlib
import re
import sys
import tempfile
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

SAMPLES = Path(__file__).resolve().parent.parent / "sample_docs"
WORDS = Path(__file__).with_name("traps.txt")

Bearer = Literal["own", "twin", "namesake", "stranger", "nobody"]
STRANGER = ("Gisella Overwyn", date(1956, 3, 19))
GIVEN = ("Ferelith", "Bardolph")  # of twins


class Trap(NamedTuple):
    """A kind of page.

    Attributes:
        tells: Alerts that may vanish, since the page rightly tells what they miss.
    """

    name: str
    bearer: Bearer
    wordings: tuple[str, ...]
    tells: frozenset[str]


class Whose(NamedTuple):
    """The patient of a packet: name as printed and birth date, '' and None where unknown."""

    name: str
    birth: date | None
    asked_on: date


@cache
def traps() -> tuple[Trap, ...]:
    """All traps, in the order of their file.

    Raises:
        ValueError: If a trap has no wording or an unknown bearer.
    """
    _, *parts = re.split(r"^== ", WORDS.read_text("utf-8"), flags=re.MULTILINE)
    return tuple(map(_parsed, parts))


def _parsed(part: str) -> Trap:
    head, _, body = part.partition("\n")
    name, _, bearer = head.partition(": ")
    tells = re.match(r"tells: (.+)\n", body)
    body = body[tells.end() :] if tells else body
    wordings = tuple(w.strip() for w in re.split(r"^--$", body, flags=re.MULTILINE))
    known: dict[str, Bearer] = {one: one for one in get_args(Bearer)}
    if bearer not in known or not all(wordings):
        raise ValueError(f"{WORDS.name}: {head}")
    return Trap(name, known[bearer], wordings, frozenset(tells[1].split() if tells else ()))


def words_of(trap: Trap, whose: Whose, wording: int) -> str | None:
    """A wording (counted round) for a packet; None where the packet lacks what the page bears."""
    name, birth = STRANGER
    if trap.bearer in ("own", "twin", "namesake"):
        if not whose.name or whose.birth is None:
            return None
        name, birth = whose.name, whose.birth
    if trap.bearer == "twin":
        name = _sibling(name)
    if trap.bearer == "namesake":
        birth = date(birth.year + 13, (birth.month + 4) % 12 + 1, (birth.day + 11) % 28 + 1)
    days = {"day": -7, "before": -35, "old": -730, "later": 14}
    return trap.wordings[wording % len(trap.wordings)].format(
        name=name,
        dob=_printed(birth),
        **{key: _printed(whose.asked_on + timedelta(days=shift)) for key, shift in days.items()},
    )


def _printed(day: date) -> str:
    return f"{day:%m/%d/%Y}"


def _sibling(name: str) -> str:
    """The same surname with another given name."""
    last = name.partition(",")[0] if "," in name else name.split()[-1]
    given = next(one for one in GIVEN if one.lower() not in name.lower())
    return f"{last}, {given}" if "," in name else f"{given} {last}"


def pdf_of(words: str) -> bytes:
    """The page as a digital PDF."""
    out = BytesIO()
    paper = _sample("paper").Paper(out)
    for mark, lines in groupby(words.splitlines(), key=_mark):
        _draw(paper, mark, [line[len(mark) :].strip() for line in lines])
    paper.save()
    return out.getvalue()


def fax_of(words: str) -> bytes:
    """The page as a fax machine sends it: one bit, 204 x 196 dots per inch, a little skewed."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "page.tif"
        _sample("fax").write_fax(pdf_of(words), target, upside_down=(), skews=(0.3,))
        return target.read_bytes()


def _sample(module: str) -> Any:
    if str(SAMPLES) not in sys.path:
        sys.path.insert(0, str(SAMPLES))
    return importlib.import_module(module)


def _mark(line: str) -> str:
    found = re.match(r"##? |\| |: |~ |\[ \] ", line)
    return found.group() if found else ""


def _draw(paper: Any, mark: str, lines: list[str]) -> None:
    """Lines of one kind."""
    if mark in ("| ", ": "):
        rows = [[cell.strip() for cell in line.split("|")] for line in lines]
        _draw_rows(paper, rows, ruled=mark == "| ")
        return
    for line in lines:
        if mark == "# ":
            paper.title(line)
        elif mark == "## ":
            paper.heading(line)
        elif mark == "~ ":
            paper.lines(line)
            end = paper.left + paper.canvas.stringWidth(line, paper.family, 10)
            paper.rule(paper.left, end, paper.y - 3, weight=0.9)
        elif mark == "[ ] ":
            paper.ticks("", ((line, False),))
        elif "   " in line:  # a head of labels and values, with its gaps
            paper.lines(line)
            paper.gap(5)
        else:
            paper.prose(line)


def _draw_rows(paper: Any, rows: list[list[str]], ruled: bool) -> None:
    """A ruled table whose first row is its head, or columns of plain lines."""
    columns = max(map(len, rows))
    full = paper.right - paper.left
    first = 0.4 * full if columns > 2 else full / columns
    widths = (first, *[(full - first) / (columns - 1)] * (columns - 1))
    if ruled:
        paper.table(widths, rows, size=8.5)
        return
    for row in rows:
        paper.y += 15
        for number, cell in enumerate(row):
            paper.write(paper.left + sum(widths[:number]), paper.y, cell, 9.5)
    paper.y += 6
