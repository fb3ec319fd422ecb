"""Words of a document as they may be shown to people, and names that are safe everywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

# Longest safe name, so that an id fits every file system (255 bytes) with room to spare.
MAX_NAME = 60


def printable(text: object) -> str:
    """Text without control and direction-changing characters, which could hide or reorder it."""
    kept = (c if c.isprintable() else " " for c in str(text))
    return " ".join("".join(kept).split())


def safe_name(path: Path) -> str:
    """A file name's stem, or a folder's name, in characters that are safe everywhere."""
    name = path.name if path.is_dir() else path.stem
    decomposed = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", decomposed).strip("._-")
    return safe[:MAX_NAME].rstrip("._-") or "submission"


@cache
def template(
    name: str, *filters: tuple[str, Callable[..., str]], package: str = "pipeline"
) -> Template:
    """A page of `templates/` of a package with the filter `words` and others; what is filled in is escaped.

    Compiled once: that takes longer than filling it in.
    """
    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update((("words", printable), *filters))
    return environment.get_template(name)
