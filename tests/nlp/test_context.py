"""Whether a named thing is denied, doubted, conditional, past or about a relative."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.nlp.context import Contexts, find_context, load_context
from tests.notes import MODELS

CUES = load_context(MODELS)
WORDS = st.sampled_from(
    [
        "no",
        "not",
        "denies",
        "possible",
        "her mother",
        "history of",
        "ruled out",
        "ILD",
        ",",
        ":",
        "?",
    ]
)


def contexts(text: str) -> set[str]:
    """The contexts of the words in square brackets."""
    start, end = text.index("["), text.index("]") - 1
    plain = text.replace("[", "").replace("]", "")
    return set(Contexts(plain, find_context(plain, CUES)).of(start, end))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She has [ILD].", set()),
        ("It will be reviewed after a trial of [prednisone] for 28 days.", {"demanded"}),
        ("Rituximab can only be covered once [methotrexate] has failed.", {"demanded"}),
        ("No [ILD].", {"negated"}),
        ("Denies: [dyspnea], chest pain.", {"negated"}),
        ("Denies chest pain, palpitations, or [dyspnea].", {"negated"}),
        ("No fever but [dyspnea].", set()),
        ("This is [sarcoidosis], and the former diagnosis was withdrawn.", set()),
        ("The diagnosis of [ILD] was withdrawn.", {"negated"}),
        ("She was said to have [ILD], and that former diagnosis was withdrawn.", {"negated"}),
        ("We told her and her sons that it is [sarcoidosis].", set()),
        ("I explained to his sister what [ILD] means.", set()),
        ("She told me that her sister had [ILD].", {"family"}),
        ("He told us his father has [ILD].", {"family"}),
        ("No fever; [dyspnea].", set()),
        ("No fever, and she has [dyspnea].", set()),
        ("Negative fever, negative [dyspnea].", {"negated"}),
        ("[ILD] was ruled out.", {"negated"}),
        ("Rule out [ILD].", {"possible"}),
        ("Cannot exclude [ILD].", {"possible"}),
        ("[ILD] has not been excluded.", {"possible"}),
        ("[ILD] versus infection.", {"possible"}),
        ("Hypertension, weakness and neuropathy versus [myopathy].", {"possible"}),
        ("[Hypertension], weakness and neuropathy versus myopathy.", set()),
        ("No further improvement of [dysphagia].", set()),
        ("Not only [dysphagia] but also weakness.", set()),
        ("No history of [stroke].", {"negated"}),
        ("History of [stroke].", {"historical"}),
        ("Mother: [lupus].", {"family"}),
        ("Mother has lupus, and she has [myositis].", set()),
        ("If [dyspnea] develops, call.", {"hypothetical"}),
        ("Prior authorization for [myositis].", set()),
        ("Throat: neg [dysphagia].", {"negated"}),
        ("HIV: neg. [Dysphagia] to bread.", set()),
        ("Absent laryngeal elevation, gross [aspiration] of thin fluids.", set()),
        ("No epiglottic inversion, frank [aspiration].", set()),
        ("No fever, [aspiration] or cough.", {"negated"}),
        ("[Sarcoidosis], which his aunt died of, was ruled out.", {"negated"}),
        (
            "[Sarcoidosis], suspected at first by the referring office, has been excluded.",
            {"negated"},
        ),
        ("[Sarcoidosis] (her sister has it) was excluded.", {"negated"}),
        ("[Sarcoidosis] - and here I disagree with the resident - is ruled out.", {"negated"}),
        ("[Myositis], which a biopsy proved, and lupus is ruled out.", set()),
        ("[Myositis], suspected in May and proven in June, is active.", set()),
        ("Criteria for [sarcoidosis] are not fulfilled.", {"negated"}),
        ("[Sarcoidosis] was asked about, chest film clear.", {"possible"}),
        ("Exclusions: [sarcoidosis] by chest film.", {"negated"}),
        ("The notes sent do not show that the member has [myositis].", {"demanded"}),
        ("The chart does not show any [dysphagia].", {"negated"}),
    ],
)
def test_contexts(text: str, expected: set[str]) -> None:
    """Scope ends at clauses; longer cues win over those inside them."""
    assert contexts(text) == expected


@given(st.lists(WORDS, max_size=12))
def test_semicolon_ends_denial(words: list[str]) -> None:
    """What stands before a semicolon never denies or doubts what stands after it."""
    left = " ".join(words) + "; "
    found = Contexts(left + "ILD", find_context(left + "ILD", CUES)).of(len(left), len(left) + 3)
    assert not found & {"negated", "possible"}
