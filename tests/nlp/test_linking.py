"""Names of diseases and the codes of ICD-10-CM that they link to, and those that link to none."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import spacy

from pipeline.lexicon import load_lexicon
from pipeline.nlp.code_set import fold_name
from pipeline.nlp.linking import link, slips
from pipeline.schema import Diagnosis
from tests.notes import MODELS, case_of

LABELLED = Path(__file__).with_name("linking.csv")


def diagnoses(text: str) -> dict[str, Diagnosis]:
    return {d.name: d for d in case_of(text).diagnoses}


def links(text: str) -> dict[str, str]:
    return {name: d.linked_icd10 for name, d in diagnoses(text).items()}


def test_links_are_right_and_most_names_have_one() -> None:
    """`linking.csv`: wordings as charts have them, and the codes that are right; without: none is safe."""
    with LABELLED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {row["wording"]: link(row["wording"], MODELS) for row in rows}
    right = {row["wording"]: set(filter(None, row["codes"].split("|"))) for row in rows}
    linked = {wording: known.code for wording, known in found.items() if known}
    wrong = {w: code for w, code in linked.items() if code not in right[w]}
    missed = [w for w, codes in right.items() if codes and w not in linked]
    assert 1 - len(wrong) / len(linked) >= 0.98, wrong
    assert 1 - len(missed) / sum(map(bool, right.values())) >= 0.85, missed


def test_our_names_agree_with_our_diseases() -> None:
    """A name of `icd10_names.csv` that `diagnoses.csv` has too means a code of that disease."""
    lexicon = load_lexicon(MODELS)
    wrong = []
    for code, row in lexicon.icd10_names.items():
        for name in (*row.names, *row.abbreviations):
            known = link(name, MODELS)
            disease = lexicon.disease(name)
            own = disease.icd10 if disease is not None and disease.icd10 else (code,)
            if known is None or not any(code.startswith(o) or o.startswith(code) for o in own):
                wrong.append((code, name))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("She has polymyositis.", "polymyositis", "M33.2"),
        ("PMH: HTN, GERD and hypothyroidism.", "hypertension", "I10"),
        ("1. Moderate persistent asthma", "asthma", "J45.4"),
        ("3. Hypertension, controlled.", "hypertension", "I10"),
        ("Hypothyroidism, levothyroxine 50 mcg daily.", "hypothyroidism", "E03.9"),
        ("Arthritis, rheumatoid", "rheumatoid arthritis", "M06.9"),
        (
            "2. Gastro-oesophageal reflux disease without oesophagitis",
            "gastroesophageal reflux disease",
            "K21.9",
        ),
    ],
)
def test_a_name_on_its_own_is_linked(text: str, name: str, code: str) -> None:
    assert links(text)[name] == code


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Arthritis, rheumatoid", "arthritis"),
        ("Gestational hypertension.", "hypertension"),
        ("Hepatitis, alcoholic.", "hepatitis"),
        ("Osteoarthritis of the left ankle.", "osteoarthritis"),
        ("Type 2 diabetes mellitus with neuropathy.", "peripheral neuropathy"),
        ("Anemia of chronic kidney disease.", "anemia"),
        ("Ischemic stroke 2021.", "stroke"),
        ("Mother has hypertension.", "hypertension"),
        ("No hypertension.", "hypertension"),
        ("Possible polymyositis.", "polymyositis"),
        ("History of asthma as a child.", "asthma"),
        ("Immune-mediated necrotizing myopathy.", "immune-mediated necrotizing myopathy"),
        ("Seropositive rheumatoid arthritis. Seronegative rheumatoid arthritis.", "rheumatoid arthritis"),
    ],
)  # fmt: skip
def test_where_no_code_is_safe_none_is_given(text: str, name: str) -> None:
    assert links(text)[name] == ""


def test_a_printed_code_wins_wherever_it_stands() -> None:
    for text in ("Polymyositis.\nDiagnosis: M33.22", "Diagnosis: M33.22\nPolymyositis."):
        found = diagnoses(text)["polymyositis"]
        assert (found.icd10, found.linked_icd10) == ("M33.22", "")


def test_a_code_beside_the_name_that_means_it_is_printed() -> None:
    """Elsewhere "I10" is an ordinary word."""
    found = diagnoses("Essential hypertension I10 2014")["hypertension"]
    assert (found.icd10, found.linked_icd10) == ("I10", "")


def test_an_entry_of_a_problem_list_that_no_table_names_is_a_diagnosis_as_printed() -> None:
    text = "Past medical history\n1. Vitreous degeneration\n2. Impingement syndrome of left shoulder - stable."
    found = {d.name: (d.key, d.icd10, d.linked_icd10) for d in case_of(text).diagnoses}
    assert found == {
        "Vitreous degeneration": ("", "", "H43.81"),
        "Impingement syndrome of left shoulder": ("", "", "M75.42"),
    }


def test_a_misread_entry_is_linked_but_is_no_disease_of_our_tables() -> None:
    """What is guessed from letters may be looked up by people; criteria do not see it."""
    (found,) = case_of("Problem list\n1. Polyrnyositis").diagnoses
    assert (found.name, found.key, found.icd10) == ("Polyrnyositis", "", "")
    assert found.linked_icd10 == "M33.2"


@pytest.mark.parametrize(
    "text",
    [
        "Plan\n1. Vitreous degeneration",
        "History\n1. Vitreous degeneration",
        "Past medical history\nShe asked about vitreous degeneration.",
        "Past medical history\n1. No vitreous degeneration",
        "Past medical history\n1. Weakness",
        "Assessment and plan\n1. Continue prednisone 10 mg daily\n2. Labs in 4 weeks\n3. Weight loss",
    ],
)
def test_elsewhere_only_our_tables_name_diseases(text: str) -> None:
    assert case_of(text).diagnoses == ()


def test_the_component_leaves_codes_on_the_spans_of_diseases() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("chartgap_names", config={"models": str(MODELS)})
    nlp.add_pipe("chartgap_linker", config={"models": str(MODELS)})
    doc = nlp("Hypertension, gout and drug-induced lupus. Gestational hypertension.")
    assert [span.id_ for span in doc.spans["diagnosis"]] == ["I10", "M10", "M32.0", ""]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gastro-oesophageal reflux", "gastroesophageal reflux"),
        ("Sjögren's syndrome", "Sjogren syndrome"),
        ("Coeliac disease; anaemia", "celiac disease anemia"),
        ("Type II diabetes", "type 2 diabetes"),
        ("inflammatory myopathies", "Inflammatory Myopathy"),
    ],
)
def test_spellings_of_a_name_fold_alike(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("word", "meant", "count"),
    [
        ("rheumatoid", "rheumatoid", 0),
        ("rheumatiod", "rheumatoid", 1),
        ("polyrnyositis", "polymyositis", 0),
        ("hypocalcemia", "hypercalcemia", 2),
        ("colits", "colitis", 1),
    ],
)
def test_slips_are_counted(word: str, meant: str, count: int) -> None:
    assert slips(word, meant) == count
