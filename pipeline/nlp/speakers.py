"""What stands on a page that does not speak of the patient is told of nobody, or of another."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.places import page_at
from pipeline.schema import About, Document, Mention, Speaker

WHOSE = {
    Speaker.GENERAL: About.GENERAL,
    Speaker.DOUBTFUL: About.OTHER_PERSON,
    Speaker.OTHER: About.OTHER_PERSON,
}


def with_speakers(mentions: Iterable[Mention], document: Document) -> list[Mention]:
    """The mentions, those of general and doubtful pages marked as about nobody or another."""
    return [_of_its_page(mention, document) for mention in mentions]


def _of_its_page(mention: Mention, document: Document) -> Mention:
    about = WHOSE.get(page_at(document, mention.start).speaker)
    return mention if about is None else mention.model_copy(update={"about": about})
