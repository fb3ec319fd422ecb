"""Whose birth date stands in the head of a sheet is no day of collection."""

from __future__ import annotations

from pathlib import Path

from pipeline.ingest import read_submission
from pipeline.nlp import extract_mentions
from pipeline.normalize import build_case
from tests.ingest.pages import lines, pdf
from tests.notes import MODELS


def test_a_birth_date_over_results_is_no_day_of_collection(tmp_path: Path) -> None:
    sheet = [
        "Harbor Laboratory",
        "QUIST, ADA          04/09/1958 F          collected 08/14/2026 07:10",
        "C-reactive protein          38 mg/L (H)          under 8",
        "WBC          11.6 K/uL (H)          4.0 to 11.0",
        "Creatinine          0.81 mg/dL          0.70 to 1.30",
        "Albumin          3.1 g/dL (L)          3.5 to 5.0",
    ]
    first = lines("Office note", "Patient: Ada Quist   DOB: 04/09/1958", "She is well.")
    document = read_submission([pdf(tmp_path / "p.pdf", first, lines(*sheet))])
    case = build_case("x-00000000", document, extract_mentions(document, MODELS), MODELS)
    assert {lab.analyte for lab in case.labs} >= {"crp", "wbc", "creatinine"}
    assert {lab.collected.iso for lab in case.labs if lab.collected} == {"2026-08-14"}
    assert [lab.value for lab in case.labs if lab.analyte == "crp"] == [38]
