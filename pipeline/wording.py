"""Words of a document as they may be shown to people, and whose document it is."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

from pipeline.schema import Document, Speaker

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


def patient(document: Document) -> dict[str, str]:
    """Name and birth date that most pages bear, as printed."""
    own = [page.identity for page in document.pages if page.speaker is Speaker.PATIENT]
    names = Counter(identity.name for identity in own if identity.name)
    births = Counter(identity.birth_date for identity in own if identity.birth_date)
    return {
        "name": names.most_common(1)[0][0] if names else "",
        "birth": births.most_common(1)[0][0] if births else "",
    }
