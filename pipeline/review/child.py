"""What the review pages have done in child processes: whatever opens a submitted file."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from pipeline.criteria import load_policies
from pipeline.intake import members, printable_name
from pipeline.lexicon import load_lexicon, models_dir

DPI = 130
QUALITY = 70


def ready() -> bool:
    """Load what a correction needs, so that the first one does not wait for it."""
    import pipeline.edits
    import pipeline.letter
    import pipeline.send  # noqa: F401

    models = models_dir()
    load_policies(models / "policies", load_lexicon(models))
    return True


def ready_to_compute() -> bool:
    """Load what a child needs to make a case anew."""
    from pipeline.icd10cm import title_of

    title_of("M33.20")
    return ready()


def ready_to_draw() -> bool:
    """Load what draws pages."""
    import pipeline.ingest  # noqa: F401

    return True


@lru_cache(maxsize=64)
def drawn(source: Path, file: str, sha256: str, number: int) -> bytes | None:
    """A page of a submitted file as JPEG; None where it is not the file that was read."""
    from pipeline.ingest import page_picture

    found = {printable_name(path): path for path in members(source)[0]}
    path = found.get(file)
    if path is None or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        return None
    content = BytesIO()
    page_picture(path, number, DPI).convert("RGB").save(content, "JPEG", quality=QUALITY)
    return content.getvalue()
