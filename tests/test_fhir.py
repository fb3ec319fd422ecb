"""FHIR bundles of the sample submissions, as a FHIR server would take them.

The two validators of npm are asked where `make check-fhir` has installed them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import fhir
from pipeline.schema import Case, SendItem, WhatToSend
from tests.conftest import run_chartgap

ROOT = Path(__file__).resolve().parent.parent
NODE = ROOT / "build" / "node"
SAMPLES = ("01_refractory.pdf", "02_severe_organ_compromise.pdf", "11_contradiction.pdf")

# Required value sets of FHIR 4.0.1, which the models of `fhir.resources` do not check.
REQUIRED = {
    ("MedicationStatement", "status"): {
        "active",
        "completed",
        "entered-in-error",
        "intended",
        "stopped",
        "on-hold",
        "unknown",
        "not-taken",
    },
    ("Observation", "status"): {
        "registered",
        "preliminary",
        "final",
        "amended",
        "corrected",
        "cancelled",
        "entered-in-error",
        "unknown",
    },
    ("DocumentReference", "status"): {"current", "superseded", "entered-in-error"},
    ("Bundle", "type"): {"collection"},
}
VERIFICATION = {"unconfirmed", "provisional", "differential", "confirmed", "refuted"}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fhir")
    inbox = folder / "inbox"
    inbox.mkdir()
    for name in SAMPLES:
        shutil.copy(ROOT / "sample_docs" / "inbox" / name, inbox)
    assert run_chartgap("run", inbox, "--out", folder / "out").returncode == 0
    done = run_chartgap("export", "fhir", "--all", "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    return folder / "out"


def bundles(out: Path) -> Iterator[tuple[Case, list[dict[str, Any]]]]:
    for path in sorted((out / "fhir").glob("*.json")):
        case = (out / "submissions" / path.stem / "case.json").read_text(encoding="utf-8")
        whole = json.loads(path.read_text(encoding="utf-8"))
        yield Case.model_validate_json(case), [entry["resource"] for entry in whole["entry"]]


def of(kind: str, resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [resource for resource in resources if resource["resourceType"] == kind]


def test_each_submission_is_a_bundle_with_its_patient_files_and_facts(out: Path) -> None:
    found = list(bundles(out))
    assert len(found) == len(SAMPLES)
    for case, resources in found:
        (patient,) = of("Patient", resources)
        assert patient["name"][0]["text"]
        assert patient["birthDate"] == str(case.birth_date)
        assert [r["content"][0]["attachment"]["title"] for r in of("DocumentReference", resources)]
        names = {
            s["medicationCodeableConcept"]["text"] for s in of("MedicationStatement", resources)
        }
        assert "prednisone" in names
        assert of("Condition", resources) and of("Observation", resources)


def test_facts_of_others_and_hypothetical_ones_are_left_out(out: Path) -> None:
    for case, resources in bundles(out):
        ids = {resource["id"] for resource in resources}
        names = fhir._Ids(case.submission_id)
        for fact in (*case.diagnoses, *case.labs, *case.findings):
            told = fact.about == "patient" and fact.assertion not in ("hypothetical", "family")
            stands = fact.standing in ("stated", "copied")
            assert (names.uuid(fact.id) in ids) == (told and stands), fact


def test_every_fact_has_a_provenance_with_page_and_box(out: Path) -> None:
    for _, resources in bundles(out):
        facts = [
            r for k in ("Condition", "MedicationStatement", "Observation") for r in of(k, resources)
        ]
        told = {p["target"][0]["reference"]: p for p in of("Provenance", resources)}
        for fact in facts:
            entity = told[f"urn:uuid:{fact['id']}"]["entity"][0]
            place = {part["url"]: part for part in entity["extension"][0]["extension"]}
            assert place["page"]["valueInteger"] >= 1
            assert len(place["box"]["valueString"].split()) == 4
            assert place["words"]["valueString"]


def test_words_of_required_value_sets(out: Path) -> None:
    for _, resources in bundles(out):
        for resource in resources:
            for (kind, key), allowed in REQUIRED.items():
                if resource["resourceType"] == kind:
                    assert resource[key] in allowed
        for condition in of("Condition", resources):
            assert condition["verificationStatus"]["coding"][0]["code"] in VERIFICATION


def test_a_code_that_is_not_printed_is_marked_as_linked(out: Path) -> None:
    for case, resources in bundles(out):
        printed = {d.icd10 for d in case.diagnoses if d.icd10}
        for condition in of("Condition", resources):
            for coding in condition["code"].get("coding", []):
                linked = [e for e in coding.get("extension", []) if e["url"] == fhir.LINKED]
                assert bool(linked) != (coding["code"] in printed)


def test_a_task_asks_for_what_is_missing() -> None:
    send = WhatToSend(
        submission_id="x-1",
        items=(SendItem(text="Hepatitis B core antibody", criteria=("hepatitis_b",)),),
    )
    ask = fhir.Ask("https://payer.example/attach", "payer-1", "practice-2", "Claim/7", 2)
    task = fhir.task(send, ask)
    assert task["input"][0]["valueUrl"] == ask.payer_url
    assert task["input"][1]["valueCodeableConcept"]["text"] == "Hepatitis B core antibody"
    assert task["input"][1]["extension"][0]["valueInteger"] == 2
    assert task["reasonReference"]["reference"] == "Claim/7"


@pytest.mark.parametrize(
    "arguments", [(), ("01", "--all"), ("--all", "--payer-url", "https://payer.example")]
)
def test_an_unclear_command_is_refused(out: Path, arguments: tuple[str, ...]) -> None:
    done = run_chartgap("export", "fhir", *arguments, "--out", out)
    assert done.returncode == 2
    assert done.stderr.startswith("chartgap: ")


def _asked(*files: Path) -> subprocess.CompletedProcess[str]:
    validate = ["node", str(ROOT / "tests/fhir/validate.mjs"), str(NODE), *map(str, files)]
    return subprocess.run(validate, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.skipif(not (NODE / "node_modules").is_dir(), reason="make check-fhir installs them")
def test_two_validators_find_nothing_wrong_and_find_what_is(out: Path, tmp_path: Path) -> None:
    done = _asked(*sorted((out / "fhir").glob("*.json")))
    assert done.returncode == 0, done.stdout
    good = json.loads(next((out / "fhir").glob("*.json")).read_text(encoding="utf-8"))
    statement = next(
        e["resource"]
        for e in good["entry"]
        if e["resource"]["resourceType"] == "MedicationStatement"
    )
    for key, wrong in (
        ("status", "past"),
        ("subject", None),
        ("effectivePeriod", {"start": "31.12.2026"}),
    ):
        broken = statement | {key: wrong}
        if wrong is None:
            del broken[key]
        file = tmp_path / f"{key}.json"
        file.write_text(json.dumps(broken), encoding="utf-8")
        assert _asked(file).returncode == 1, key
