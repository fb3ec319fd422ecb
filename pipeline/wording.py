"""Words of a document as they may be shown to people, and whose document it is."""

from __future__ import annotations

from collections import Counter

from pipeline.schema import Document, Speaker


def printable(text: object) -> str:
    """Text without control and direction-changing characters, which could hide or reorder it."""
    kept = (c if c.isprintable() else " " for c in str(text))
    return " ".join("".join(kept).split())


def patient(document: Document) -> dict[str, str]:
    """Name and birth date that most pages bear, as printed."""
    own = [page.identity for page in document.pages if page.speaker is Speaker.PATIENT]
    names = Counter(identity.name for identity in own if identity.name)
    births = Counter(identity.birth_date for identity in own if identity.birth_date)
    return {
        "name": names.most_common(1)[0][0] if names else "",
        "birth": births.most_common(1)[0][0] if births else "",
    }
