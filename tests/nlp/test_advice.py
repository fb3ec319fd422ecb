"""What is said of people in general, asked for, or left to be filled in is no fact of the patient."""

from __future__ import annotations

import pytest

from pipeline.schema import STANDS, About, Assertion, Case
from tests.notes import case_of


def stated(case: Case) -> set[str]:
    """Names of what stands of the patient without doubt."""
    facts = [*case.medications, *case.labs, *case.findings]
    return {
        getattr(f, "ingredient", "") or getattr(f, "analyte", "") or getattr(f, "finding", "")
        for f in facts
        if f.about is About.PATIENT and f.standing in STANDS and not f.doubted
        and f.assertion is Assertion.AFFIRMED
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Adults whose disease did not respond to prednisone 60 mg daily for 8 weeks are given it.",
        "Some people weaken below 15 mg of prednisone; others took azathioprine without benefit.",
        "Many have had a CK of 4,000 U/L.",
        "Inclusion: CK 4,000 U/L; failed methotrexate 20 mg weekly for 14 weeks; HBsAg negative.",
        "Criteria that we look at: prednisone 60 mg for 8 weeks failed; HBsAg negative.",
        "We pay for it only after prednisone 60 mg daily was taken for 8 weeks without response.",
        "Patient failed [prednisone/methylprednisolone] 60 mg daily for 8 weeks.",
        "HBsAg [negative|positive], anti-HCV [negative|positive].",
        "Power of the deltoids is graded (2/5, 3/5 or 4/5).",
        "The nurse will check the hip flexors, 4/5.",
        "IgG of 700 to 1600 and IgA of 70 to 400 mg/dL are normal.",
        "We talked about adverse reactions to methotrexate: hepatotoxicity.",
        "The index case was tested: HBsAg negative, anti-HCV negative.",
        "LABORATORY\nHBsAg: negative\nAnti-HCV: negative\nWRONG SPECIMEN, wrong patient: this report must "
        "not be used by anybody for any purpose, and a new one follows.",
        "The CK of 3,700 U/L and IgG of 900 mg/dL were drawn from somebody else.",
        "HOUSEHOLD CONTACTS\nHBsAg: negative\nAnti-HCV: negative",
        "SMARTPHRASE\nFailed prednisone 60 mg daily for 8 weeks. HBsAg negative.",
        "About your treatment\nFailed prednisone 60 mg daily for 8 weeks. HBsAg negative.",
        "WELCOME\nWhen you come to us, methotrexate 20 mg has failed. "
        "Your nurse sees that the HBsAg is negative.",
    ],
)
def test_nothing_of_the_patient_is_stated(text: str) -> None:
    assert stated(case_of(text)) == set()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Most of the weakness is at the hips, 4/5.", {"weakness", "muscle_strength"}),
        ("Her CK rose from 900 to 4,000 U/L.", {"creatine_kinase"}),
        ("HBsAg [mg/dL] negative.", {"hbsag"}),
        ("Thank you for your review. You will find that her HBsAg was negative.", {"hbsag"}),
        ("Deltoids 3/5 to 4/5, hips 3/5.", {"muscle_strength"}),
    ],
)
def test_what_is_told_of_the_patient_stands(text: str, names: set[str]) -> None:
    assert names <= stated(case_of(text))
