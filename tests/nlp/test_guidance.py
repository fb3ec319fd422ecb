"""What tells a submitter what to write, or gives an example of it, speaks of no patient."""

import pytest

from pipeline.nlp import extract_mentions
from pipeline.schema import About, Document, Standing
from tests.notes import MODELS, note


def deciding(document: Document) -> list[str]:
    """The codes of what may be claimed of the patient."""
    return [
        m.code
        for m in extract_mentions(document, MODELS).mentions
        if m.label in ("medication", "finding", "lab")
        and m.about is About.PATIENT
        and m.standing is Standing.STATED
        and not m.hypothetical
        and "standing" not in m.doubted
    ]


def paged(*texts: str) -> Document:
    """A document of one file with a page for each text."""
    document = note("".join(texts))
    whole, pages, start = document.pages[0], [], 0
    for number, text in enumerate(texts, start=1):
        end = start + len(text)
        pages.append(
            whole.model_copy(
                update={
                    "number": number,
                    "start": start,
                    "end": end,
                    "words": tuple(w for w in whole.words if start <= w.start < end),
                    "blocks": tuple(b for b in whole.blocks if start <= b.start < end),
                }
            )
        )
        start = end
    return document.model_copy(update={"pages": tuple(pages)})


@pytest.mark.parametrize(
    "text",
    [
        'Examples of a complete answer: "Prednisone 60 mg daily for 8 weeks, hip flexors 3/5."',
        "Example of a helpful reply: azathioprine 150 mg daily from March to June without benefit.",
        "Sample wording for this box: methotrexate 20 mg weekly for 12 weeks, still 3/5 at the hips.",
        "A good answer reads: prednisone 80 mg daily for five weeks.",
        "Example: mycophenolate 1,000 mg twice daily since April.",
        "The reviewer will look for: prednisone of 60 mg daily; methotrexate for one month; hip flexors 3/5.",
        "Our clinical reviewers expect prednisone 60 mg daily for six weeks and azathioprine for one month.",
        "Please state the following: prednisone 60 mg daily for four weeks; methotrexate for two months.",
    ],
)  # fmt: skip
def test_guidance_claims_nothing(text: str) -> None:
    assert deciding(note(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "An example of her decline: she took prednisone 60 mg daily for eight weeks and still fell.",
        "Complete response: none. Prednisone 60 mg daily was taken for eight weeks.",
        "The reviewer asked about steroids. She took prednisone 60 mg daily for eight weeks.",
    ],
)
def test_what_a_note_tells_stands(text: str) -> None:
    assert "prednisone" in deciding(note(text))


HEAD = "Plan of the Lower Valley, case 00-117\nPrinted by the desk, sheet {}\n"


@pytest.mark.parametrize(
    ("title", "stands"),
    [
        ("Hints for answering these questions", False),
        ("Instructions for prescribers", False),
        ("How to complete this request", False),
        ("Visit of the spring", True),
    ],
)
def test_title_below_running_heads(title: str, stands: bool) -> None:
    """Lines that head several pages are not the title of any: that stands below them."""
    first = HEAD.format(1) + "She was seen with her husband.\n"
    second = HEAD.format(2) + title + "\nPrednisone 60 mg daily was taken for eight weeks.\n"
    assert ("prednisone" in deciding(paged(first, second))) is stands
