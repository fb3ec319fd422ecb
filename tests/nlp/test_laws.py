"""What holds for every text: mentions stand where they say, and no text breaks the stage."""

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.nlp import extract_mentions
from pipeline.normalize import build_case
from pipeline.schema import Mention, PageKind
from tests.notes import MODELS, note

PIECES = (
    "prednisone 60 mg daily", "MTX 15 mg qwk", "AZA", "IVIG", "rituximab", "Truxima", "Q5115", "M33.20",
    "CK 3,120 U/L (26-192)", "HBsAg negative", "QuantiFERON indeterminate", "IgA <7 mg/dL", "1:80",
    "polymyositis", "no dysphagia", "ILD", "deltoids 4-/5", "flared at 15 mg", "EMG normal", "MRI thighs",
    "on 03/02/2026", "since March", "x 6 wks", "for the past three months", "stopped", "despite", "because of nausea",
    "not tried", "never", "will start", "if", "possible", "mother", "was", "and", "or", "but", ",", ".", ";", ":", "(",
    ")", "->", "\t", "\n", "- ", "Plan:", "Medications:", "Yes", "[X] No", "?", "%", "0", "1,", "µg", "\u2192", "é",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join)


def every(mention: Mention) -> list[Mention]:
    return [mention, *(inner for part in mention.parts for inner in every(part))]


@given(
    TEXTS, st.sampled_from([PageKind.NOTE, PageKind.REQUEST, PageKind.LETTER, PageKind.LABORATORY])
)
def test_a_mention_is_the_words_at_its_place(text: str, kind: PageKind) -> None:
    document = note(text + "\n", kind)
    mentions = extract_mentions(document, MODELS)
    for mention in (inner for m in mentions.mentions for inner in every(m)):
        there = document.text[mention.start : mention.end]
        assert re.sub(r"\s", " ", there) == re.sub(r"\s", " ", mention.text)


@given(TEXTS)
def test_every_fact_has_a_place_with_words(text: str) -> None:
    document = note("Date of service: 09/02/2026\n" + text + "\n")
    case = build_case("x-00000000", document, extract_mentions(document, MODELS), MODELS)
    facts = (*case.medications, *case.labs, *case.diagnoses, *case.findings, *case.answers)
    for fact in facts:
        assert fact.places
        assert all(place.text for place in fact.places)
