"""A payer's policy as printed -> a draft in the policy language, for a person to finish.

The outline gives the tree; a leaf is recognised by what it names (drugs, tests, diseases,
specialties, numbers) and by the cues of `models/drafting.csv`. Whatever is not sure bears the key
or the value `todo`, and so does every draft as a whole: no file with such a mark is ever loaded.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.drafting.outline import outline
from pipeline.drafting.sections import Sections
from pipeline.drafting.words import Words
from pipeline.drafting.writing import written
from pipeline.errors import DocumentError, UsageError
from pipeline.ingest import read_submission
from pipeline.lexicon import models_dir

__all__ = ["draft"]


def draft(path: Path, name: str, models: Path | None = None) -> str:
    """The draft of a payer's PDF as the YAML of a policy file of that name.

    Raises:
        UsageError: If it cannot be read, is no PDF, has a page without a text layer, or holds no
            list of criteria.
    """
    try:
        document = read_submission([path])
    except DocumentError as error:
        raise UsageError(f"{path}: {error.message} ({error.code})") from error
    if document.files[0].kind != "pdf":
        raise UsageError(f"{path}: is no PDF")
    scanned = dict.fromkeys(str(page.number) for page in document.pages if page.origin == "ocr")
    if scanned:
        raise UsageError(
            f"{path}: page {', '.join(scanned)} is a picture without text; a number that is"
            " misread there would not be seen: draft from the payer's own file"
        )
    sections = Sections(Words(models_dir(models), document.text))
    sections.collect(outline(document))
    if not sections.branches:
        raise UsageError(f"{path}: no list of criteria was found")
    return written(name, document, sections)
