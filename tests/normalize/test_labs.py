"""Statements of results joined to facts, and the readings that a person must check."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicon import load_lexicon, models_dir
from pipeline.normalize.labs import build_labs, word_of
from pipeline.normalize.reading import Reading
from pipeline.schema import Document, LabResult, Mention, Page, PageKind, SourceFile, Word

LEXICON = load_lexicon(models_dir())


def results(*rows: str, origin: str = "ocr", misread: str = "") -> list[LabResult]:
    """Facts of rows written as `analyte value=4512 range=30-200 flag=H date=08/14/2026 word=low`."""
    text, words, mentions = "", [], []
    for row in rows:
        analyte, *pairs = row.split(" ")
        start, parts = len(text), []
        for pair in pairs:
            label, _, value = pair.partition("=")
            value = value.replace("_", " ")
            parts.append(
                Mention(label=label, start=len(text), end=len(text) + len(value), text=value)
            )
            words.append(
                Word(
                    text=value,
                    start=len(text),
                    box=(len(text), 0, len(text) + 1, 1),
                    doubtful=value == misread,
                )
            )
            text += value + " "
        mentions.append(
            Mention(
                label="lab", start=start, end=len(text), text=analyte, code=analyte,
                origin="table", parts=tuple(parts),
            )
        )  # fmt: skip
    page = Page.model_validate(
        {"file": "a.pdf", "number": 1, "width": 612, "height": 792, "start": 0, "end": len(text) + 1,
         "origin": origin, "kind": PageKind.LABORATORY, "words": words}
    )  # fmt: skip
    source = SourceFile(name="a.pdf", sha256="0" * 64, kind="pdf", pages=1)
    document = Document(files=(source,), text=text + "\n", pages=(page,))
    return build_labs(mentions, Reading("sample", document, LEXICON))


@pytest.mark.parametrize(
    ("row", "doubtful"),
    [
        ("creatine_kinase value=4512 flag=H range=30-200", False),
        ("creatine_kinase value=145 flag=H range=30-200", True),  # high within its range
        ("creatine_kinase value=4512 flag=L range=30-200", True),
        ("creatine_kinase value=145 flag=L range=30-200", True),
        ("hemoglobin value=131 unit=g/dL", True),  # a point was lost
        ("hemoglobin value=131 unit=g/L", False),
        ("hemoglobin value=13.1 unit=g/dL", False),
        ("creatine_kinase value=4512 range=30-200", False),
    ],
)
def test_readings_that_cannot_be_right_are_doubtful(row: str, doubtful: bool) -> None:
    (lab,) = results(row)
    assert lab.doubtful is doubtful


def test_a_misread_range_matters_only_where_no_flag_says_the_same() -> None:
    (flagged,) = results("creatine_kinase value=4512 flag=H range=30-200", misread="30-200")
    (plain,) = results("creatine_kinase value=4512 range=30-200", misread="30-200")
    assert (flagged.doubtful, plain.doubtful) == (False, True)


@pytest.mark.parametrize(
    ("printed", "unit"),
    [("mg/dL", "mg/dL"), ("mog/dt", "mg/dL"), ("me/dt", "mg/dL"), ("xyz", "xyz")],
)
def test_a_unit_misread_by_a_letter_or_two_is_that_of_the_test(printed: str, unit: str) -> None:
    (lab,) = results(f"igg value=890 unit={printed}")
    assert lab.unit == unit


def test_a_misspelt_unit_of_a_text_layer_stays_as_printed() -> None:
    (lab,) = results("igg value=890 unit=mog/dt", origin="text")
    assert lab.unit == "mog/dt"


def test_the_same_result_told_twice_is_one_fact_with_both_places() -> None:
    (lab,) = results(
        "creatine_kinase value=4512 range=30-200 date=08/14/2026",
        "creatine_kinase value=4,512 flag=H",
    )
    assert (lab.value, lab.ref_high, lab.interpretation) == (4512, 200, "high")


def test_results_of_two_days_are_two_facts() -> None:
    labs = results(
        "creatine_kinase value=4512 date=08/14/2026", "creatine_kinase value=4512 date=07/14/2026"
    )
    assert len(labs) == 2


def test_a_negative_panel_is_negative_for_each_of_its_tests() -> None:
    labs = results("hepatitis_b_panel value=negative date=03/04/2026")
    assert {(lab.analyte, lab.interpretation) for lab in labs} == {
        ("hbsag", "negative"),
        ("anti_hbc", "negative"),
    }


def test_a_positive_panel_does_not_say_which_test_was_positive() -> None:
    assert [lab.analyte for lab in results("hepatitis_b_panel value=positive")] == [
        "hepatitis_b_panel"
    ]


def test_an_amount_of_a_drug_is_no_result() -> None:
    assert results("calcium value=600 unit=mg", "creatine_kinase value=50 unit=%") == []


def test_an_antibody_word_says_nothing_of_a_quantity() -> None:
    assert results("cd8 value=positive", "glucose value=negative") == []


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("Non-Reactive", "negative"), ("NONREACTIVE", "negative"), ("Not Detected", "negative"),
        ("not reactive", "negative"), ("Reactive", "positive"), ("not elevated", "normal"),
        ("no longer elevated", "normal"), ("Elevated", "high"), ("WNL", "normal"),
        ("Borderline", "indeterminate"), ("not done", "pending"), ("TNP", "pending"), ("(-)", "negative"),
        ("seen", ""),
    ],
)  # fmt: skip
def test_words_of_results(word: str, meaning: str) -> None:
    assert word_of(word) == meaning


@given(st.floats(1, 9e4), st.floats(1, 5e3), st.floats(1, 5e3))
def test_interpretation_and_multiple_follow_from_the_printed_range(
    value: float, a: float, b: float
) -> None:
    shown, low, high = round(value, 1), round(min(a, b), 1), round(max(a, b), 1)
    (lab,) = results(f"creatine_kinase value={shown} range={low}-{high}")
    expected = "high" if shown > high else "low" if shown < low else "normal"
    assert lab.interpretation == expected
    assert lab.ratio_to_uln == pytest.approx(shown / high, abs=1e-4)
