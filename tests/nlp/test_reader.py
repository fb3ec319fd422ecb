"""The reader of statements: whom they are about, how they stand, what came of a treatment."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.lexicon import models_dir
from pipeline.nlp import extract_mentions
from pipeline.nlp.pieces import Statement
from pipeline.nlp.reader import Opinion, load_reader
from pipeline.nlp.standing import with_standing
from tests.notes import case_of, note

HEAD = "Patient: Fennimore, Ottilie    DOB: 02/11/1964    MRN: 88121\nVisit date: 05/04/2026"


def opinion(text: str, name: str, kind: str = "drug") -> Opinion:
    reader = load_reader(models_dir(None))
    assert reader is not None
    start = text.index(name)
    return reader.read([Statement(text, start, start + len(name), kind)])[0]


@pytest.mark.parametrize(
    ("text", "name", "outcome"),
    [
        ("Five months of azathioprine and she still cannot lift the kettle.", "azathioprine", "failed"),
        ("On methotrexate she vomited every weekend, so we gave it up.", "methotrexate", "intolerant"),
        ("Since the first course of rituximab he is back at work and climbs the stairs alone.", "rituximab", "responded"),
        ("She takes lisinopril 10 mg daily.", "lisinopril", ""),
        ("Adalimumab was stopped when her insurance changed.", "Adalimumab", ""),
    ],
)  # fmt: skip
def test_an_outcome_is_told_by_what_happened(text: str, name: str, outcome: str) -> None:
    assert opinion(text, name).best("outcome")[0] == outcome


@pytest.mark.parametrize(
    ("text", "name", "stands"),
    [
        ("He has taken mycophenolate 1 g twice daily since March.", "mycophenolate", True),
        ("His sister took mycophenolate for three years.", "mycophenolate", False),
        ("The plan wants twelve weeks of mycophenolate before it will pay.", "mycophenolate", False),
        ("If the enzymes rise again we would turn to mycophenolate.", "mycophenolate", False),
        ("Mycophenolate was charted in error; that line belongs to another patient.", "Mycophenolate", False),
        ("Did he ever take mycophenolate?", "mycophenolate", False),
    ],
)  # fmt: skip
def test_whose_it_is_and_how_it_stands(text: str, name: str, stands: bool) -> None:
    assert (opinion(text, name).stands("drug") >= 0.5) is stands


def test_the_name_of_a_drug_changes_nothing() -> None:
    text = (
        "Started on {0} last fall. {0} did nothing for her hands, and by May it was off the list."
    )
    told = [opinion(text.format(name), name) for name in ("methotrexate", "Imuran", "xyzumab")]
    assert told[0].probabilities == told[1].probabilities == told[2].probabilities


def test_what_else_is_read_changes_nothing() -> None:
    reader = load_reader(models_dir(None))
    assert reader is not None
    one = Statement("Prednisone brought him no relief.", 0, 10)
    other = Statement("CK 1,240 on 04/02/2026.", 0, 2, "lab")
    assert reader.read([other, one, other])[1] == reader.read([one])[0]


def test_what_only_the_reader_sees_is_doubted() -> None:
    case = case_of(
        f"{HEAD}\nAfter five months of azathioprine 150 mg daily the kettle is beyond her.\n"
    )
    drug = next(m for m in case.medications if m.ingredient == "azathioprine")
    assert (drug.outcome, drug.doubted) == ("failed", ("outcome",))
    assert case.weights


def test_what_both_readings_see_is_not_doubted() -> None:
    case = case_of(
        f"{HEAD}\nAzathioprine 150 mg daily for five months failed; her weakness did not improve at all.\n"
    )
    drug = next(m for m in case.medications if m.ingredient == "azathioprine")
    assert (drug.outcome, drug.doubted) == ("failed", ())


@pytest.mark.parametrize(
    "sentence",
    [
        "Her brother took methotrexate 20 mg weekly for a year.",
        "Your letter says that she must have taken methotrexate 20 mg weekly for 12 weeks.",
        "Methotrexate 20 mg weekly was prescribed in March; she never picked it up.",
        "Should the enzymes rise, we would give methotrexate 20 mg weekly for 12 weeks.",
        "We will start her on methotrexate 20 mg weekly for 12 weeks.",
        "Methotrexate 20 mg weekly for 12 weeks: entered in error, wrong chart.",
    ],
)
def test_nothing_of_this_is_a_course_of_the_patient(sentence: str) -> None:
    case = case_of(f"{HEAD}\n{sentence}\n")
    for drug in case.medications:
        claimed = drug.about == "patient" and drug.standing in ("stated", "copied")
        taken = drug.status in ("current", "past") and drug.assertion in ("affirmed", "historical")
        assert not (claimed and taken) or "standing" in drug.doubted


def test_without_weights_the_rules_speak_alone(tmp_path: Path) -> None:
    shutil.copytree(models_dir(None) / "lexicon", tmp_path / "lexicon")
    assert load_reader(tmp_path) is None
    document = note(f"{HEAD}\nHer brother took methotrexate.\n")
    found = extract_mentions(document, models_dir(None)).mentions
    bare = with_standing([m.model_copy(update={"doubted": ()}) for m in found], document, tmp_path)
    assert all(not m.doubted for m in bare)
