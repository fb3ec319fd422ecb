"""Pronouns after another person was spoken of: what they tell is left open."""

from __future__ import annotations

import re

import pytest

from pipeline.nlp import extract_mentions
from pipeline.nlp.persons import with_persons
from pipeline.schema import About, Mention
from tests.notes import MODELS, note


def is_sure(text: str, code: str) -> bool:
    """Whether a thing is told of the patient without doubt."""
    found = [m for m in extract_mentions(note(text), MODELS).mentions if m.code == code]
    assert found
    return all(m.about is About.PATIENT and not m.doubted for m in found)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Message from: Dagny (sister)\n\nHer own blood work is back: HBsAg negative.", "hbsag"),
        ("His son rang; his own QuantiFERON was negative.", "igra"),
        ("The patient's sister has lupus. She takes azathioprine 100 mg daily.", "azathioprine"),
        ("His father had psoriasis. He took methotrexate 15 mg weekly.", "methotrexate"),
        ("The wife phoned at noon. Her hepatitis C antibody was negative.", "anti_hcv"),
        ("Her brother had lymphoma. Then he was on rituximab 375 mg/m2.", "rituximab"),
    ],
)
def test_a_pronoun_that_fits_another_person_leaves_it_open(text: str, code: str) -> None:
    assert not is_sure(text, code)


@pytest.mark.parametrize(
    "text",
    [
        "Her brother has [psoriasis]. She takes <azathioprine>.",
        "His daughter rang. His <HBsAg> was negative.",
        "The daughter rang. The patient's <HBsAg> was negative.",
        "Her daughter helps her wash. She takes <azathioprine>.",
        "Her sister has [lupus].\n\nShe takes <azathioprine>.",
        "Her sister has [lupus]. The visit was long. She takes <azathioprine>.",
        "Her mother has [asthma]. Ms. Sorley is well. She takes <azathioprine>.",
    ],
)
def test_what_is_plainly_the_patients_stays_so(text: str) -> None:
    plain = re.sub(r"[\[\]<>]", "", text)
    marked = [(m[1] or m[2], bool(m[1])) for m in re.finditer(r"\[(.+?)\]|<(.+?)>", text)]
    mentions = [
        Mention(
            label="diagnosis" if other else "medication",
            start=plain.index(words),
            end=plain.index(words) + len(words),
            text=words,
            about=About.RELATIVE if other else About.PATIENT,
        )
        for words, other in marked
    ]
    assert with_persons(mentions, note(plain)) == mentions
