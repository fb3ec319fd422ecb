"""Findings in sentences, as `findings.txt` marks them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.schema import Assertion, Case, Finding, PageKind
from tests.notes import case_of

MARKED = Path(__file__).with_name("findings.txt")
SAID_OF_DRUGS = {"treatment_response", "exposure"}
SILENT = {Assertion.HYPOTHETICAL, Assertion.FAMILY}
EXPECTED = re.compile(
    r"(?P<maybe>\()?(?P<name>\w+)(?:=(?P<value>[^@]*?))?(?:\s*@(?P<site>.*?))?"
    r"(?:\s+(?P<assertion>negated|possible|historical|hypothetical|family))?\)?"
)


def marked(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line number, sentence and expectation of each line of a marked file."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            text, _, expected = line.partition(" => ")
            yield number, text.replace("| ", "\n"), expected.strip()


def is_meant(found: Finding, expected: re.Match[str]) -> bool:
    """Whether a finding is what a line of the file lists."""
    value = f"{found.value} {found.unit}".strip()
    wanted = expected["value"]
    if found.finding == "adl_limitation":
        same = (wanted or "") in value
    else:
        same = wanted is None or value == wanted
    sited = expected["site"] is None or found.site.lower() == expected["site"]
    assertion = expected["assertion"] or "affirmed"
    return found.finding == expected["name"] and same and sited and found.assertion == assertion


# The keys that the file marks; other findings may stand in its sentences too.
LISTED = {
    e["name"]
    for _, _, expected in marked(MARKED)
    for part in expected.split(";")
    if (e := EXPECTED.fullmatch(part.strip()))
}


def differences(case: Case, text: str) -> tuple[list[str], list[str]]:
    """What should have come out and did not; what came out and should not."""
    expected = [e for part in text.split(";") if (e := EXPECTED.fullmatch(part.strip()))]
    found = [f for f in case.findings if f.finding not in SAID_OF_DRUGS and f.finding in LISTED]
    missed = [e[0] for e in expected if not e["maybe"] and not any(is_meant(f, e) for f in found)]
    wrong = [
        f"{f.finding}={f.value} {f.unit} @{f.site} {f.assertion.value}"
        for f in found
        if f.assertion not in SILENT and not any(is_meant(f, e) for e in expected)
    ]
    return missed, wrong


@pytest.mark.parametrize(("line", "text", "expected"), marked(MARKED))
def test_sentence(line: int, text: str, expected: str) -> None:
    """A sentence states what the file lists, and nothing else."""
    missed, wrong = differences(case_of(text), expected)
    assert not missed and not wrong, f"findings.txt:{line}: {text} - missed {missed}, wrong {wrong}"


@pytest.mark.parametrize(
    ("report", "study", "value"),
    [
        ("EMG March 4, 2026, Dr. Ansa Brill\n\nFibrillation potentials in the left deltoid. Irritable myopathy.\n", "emg", "abnormal"),
        ("MRI of both arms\n\nStudy date: 3/4/2026\n\nPatchy STIR edema of the triceps on both sides.\n", "mri", "abnormal"),
        ("MRI OF THE PELVIS AND THIGHS\n\nTechnique: axial STIR.\n\nOpinion: edema of the adductors, as in active myositis.\n", "mri", "abnormal"),
        ("MRI thighs\n\nReferred for known polymyositis.\n\nFatty marrow.\n", "mri", ""),
        ("MRI thighs\n\nComparison: 2023, with edema of the quadriceps.\n\nFatty marrow.\n", "mri", ""),
        ("EMG\n\nQuestion: myopathy?\n\nSensory studies done.\n", "emg", ""),
    ],
)  # fmt: skip
def test_reports_that_end_without_an_impression(report: str, study: str, value: str) -> None:
    found = case_of(report, PageKind.IMAGING).findings
    told = [f.value for f in found if f.finding == study and f.assertion is Assertion.AFFIRMED]
    assert told == ([value] if value else [])
