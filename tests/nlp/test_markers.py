"""Results of genes, chromosomes and receptors in words, and how severe a disease is said to be."""

import pytest

from tests.notes import case_of


@pytest.mark.parametrize(
    ("text", "analyte", "result"),
    [
        ("Both copies of SMN1 are missing.", "smn1_deletion", "positive"),
        ("SMN1: homozygous deletion of exons 7 and 8.", "smn1_deletion", "positive"),
        ("She has no copy of SMN1.", "smn1_deletion", "positive"),
        ("SMN1: two copies.", "smn1_deletion", "negative"),
        ("There are three copies of SMN2.", "smn2_copies", "3"),
        ("SMN2 copy number: 4.", "smn2_copies", "4"),
        ("The tumour is PIK3CA wild type.", "pik3ca_mutation", "negative"),
        ("PIK3CA E545K in plasma.", "pik3ca_mutation", "positive"),
        ("Karyotype with t(9;22).", "philadelphia_chromosome", "positive"),
        ("Ph-negative leukemia.", "philadelphia_chromosome", "negative"),
        ("HER2 2+ by IHC, FISH not amplified.", "her2", "negative"),
    ],
)
def test_a_result_told_in_words(text: str, analyte: str, result: str) -> None:
    labs = [lab for lab in case_of(f"{text}\n").labs if lab.analyte == analyte]
    told = {lab.interpretation or f"{lab.value:g}" for lab in labs}
    assert result in told
    assert not {"positive", "negative"} <= told


@pytest.mark.parametrize(
    "text",
    [
        "No homozygous deletion of SMN1 was found.",
        "SMN1: no homozygous deletion.",
        "PIK3CA has been sent and is not back.",
        "There is no t(9;22).",
    ],
)
def test_what_is_denied_or_not_back_is_not_positive(text: str) -> None:
    assert all(lab.interpretation != "positive" for lab in case_of(f"{text}\n").labs)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Atopic dermatitis, severe, since infancy.", {"moderate_to_severe"}),
        ("Eczema for years and it is moderate to severe by any measure.", {"moderate_to_severe"}),
        ("Moderate persistent asthma.", {"moderate_to_severe"}),
        ("Her eczema is mild to moderate.", {"mild"}),
        ("Severity of the condition: moderate to severe.", {"moderate_to_severe"}),
        ("Asthma with severe itch of the arms.", set()),
        ("Severe back pain; also has asthma.", set()),
    ],
)
def test_severity_belongs_to_the_disease_it_is_said_of(text: str, value: set[str]) -> None:
    found = [f for f in case_of(f"{text}\n").findings if f.finding == "severity"]
    skin_or_lung = {"atopic_dermatitis", "asthma"}
    assert {f.value for f in found if not f.of or set(f.of) & skin_or_lung} == value
