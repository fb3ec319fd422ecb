"""Where an expression stands, and patterns that neither begin nor end inside a word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import KnowledgeError


@dataclass(frozen=True)
class Match:
    """Characters [start, end) of a text, of what kind they are and what they mean ('' if open)."""

    start: int
    end: int
    kind: str
    code: str


def bordered(pattern: str) -> str:
    """`pattern` so that it neither begins nor ends inside a word."""
    return rf"(?:(?<![A-Za-z0-9])|(?=/))(?:{pattern})(?![A-Za-z])"


def compiled(file: Path, line: int, pattern: str) -> re.Pattern[str]:
    """Compile a cell of a table; raises KnowledgeError with its line."""
    try:
        return re.compile(bordered(pattern), re.IGNORECASE)
    except re.error as error:
        raise KnowledgeError(file.name, line, f"pattern: {error.msg}") from error


def apart_from(found: list[Match], matches: list[Match]) -> list[Match]:
    """Those of `matches` that share no character with one of `found`."""
    return [m for m in matches if not any(f.start < m.end and m.start < f.end for f in found)]


def barred(text: str, matches: list[Match]) -> str:
    """`text` with a bar for each character of the matches: all else keeps its place, nothing joins."""
    for m in matches:
        text = text[: m.start] + "|" * (m.end - m.start) + text[m.end :]
    return text
