"""A policy is edited, or a payer named: which submissions change, by the command that users type."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.lexicon import models_dir
from tests.conftest import NOTE, REQUEST, Chartgap, write_pdf

PAYER = "Blue Cross Blue Shield of North Dakota"


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    shutil.copytree(models_dir() / "policies", folder)
    return folder


def report(out: Path, artifact: str = "gap_report.json") -> str:
    (path,) = (out / "submissions").glob(f"*/{artifact}")
    return path.read_text(encoding="utf-8")


def test_reprocess_tells_what_a_policy_edit_changes(
    tmp_path: Path, policies: Path, chartgap: Chartgap
) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    write_pdf(inbox / "a.pdf", REQUEST, NOTE)
    assert chartgap("run", inbox, "--out", out, "--policy", policies).returncode == 0
    (name,) = (path.name for path in (out / "submissions").iterdir())

    same = chartgap("reprocess", "--out", out, "--from", "criteria")
    assert same.returncode == 0
    assert "Changed: 0 of 1" in same.stdout

    edited = policies / "rituximab-polymyositis.yaml"
    text = edited.read_text(encoding="utf-8")
    line = "    duration: {value: 28, unit: d, source: second-line indications}"
    assert line in text
    edited.write_text(text.replace(line, line.replace("28", "280"), 1), encoding="utf-8")
    changed = chartgap("reprocess", "--out", out, "--from", "criteria")
    assert f"{name}: corticosteroid_trial: met -> not_met" in changed.stdout
    assert "Changed: 1 of 1" in changed.stdout
    assert "Sampleton" not in changed.stdout + changed.stderr


def test_the_payer_named_on_the_command_line_is_kept(
    tmp_path: Path, policies: Path, chartgap: Chartgap
) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    write_pdf(inbox / "a.pdf", REQUEST, NOTE)
    plain = ("run", inbox, "--out", out, "--policy", policies)
    assert chartgap(*plain).returncode == 0
    assert json.loads(report(out))["policy"]["id"] == "rituximab-polymyositis"
    assert "IgG value" in report(out, "request_for_information.txt")

    assert chartgap(*plain, "--payer", PAYER).returncode == 0
    for _ in range(2):
        told = json.loads(report(out))
        assert told["policy"]["id"] == "bcbsnd-rituximab-inflammatory-myopathy"
        assert told["recommendation"] == "criteria_met"
        assert json.loads(report(out, "what_to_send.json"))["items"] == []
        assert chartgap("reprocess", "--out", out, "--from", "criteria").returncode == 0


def test_a_payer_without_a_policy_is_a_mistake(
    tmp_path: Path, policies: Path, chartgap: Chartgap
) -> None:
    inbox = tmp_path / "inbox"
    write_pdf(inbox / "a.pdf", REQUEST)
    result = chartgap("run", inbox, "--out", tmp_path / "out", "--payer", "Northwind Mutul")
    assert result.returncode == 2
    assert PAYER in result.stderr
