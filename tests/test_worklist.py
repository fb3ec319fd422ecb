"""The work list and the description of the tables, as people and warehouses take them."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest

from pipeline import worklist
from tests.conftest import run_chartgap

INBOX = Path(__file__).resolve().parent.parent / "sample_docs" / "inbox"
NAMES = ("01_refractory.pdf", "05_bare_request.pdf", "08_other_disease.pdf", "09_truncated.pdf")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worklist")
    (folder / "inbox").mkdir()
    for name in NAMES:
        shutil.copy(INBOX / name, folder / "inbox")
    run_chartgap("run", folder / "inbox", "--out", folder / "out")
    return folder / "out"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_worst_comes_first_and_all_is_there(out: Path) -> None:
    listed = rows(out / "worklist.csv")
    assert [int(row["rank"]) for row in listed] == list(range(1, len(NAMES) + 1))
    assert {r["submission_id"] for r in listed} == {
        r["submission_id"] for r in rows(out / "summary.csv")
    }
    ranks = [worklist.RANKS[row["recommendation"]] for row in listed]
    assert ranks == sorted(ranks)
    assert listed[0]["state"] == "quarantined"
    assert listed[-1]["recommendation"] == "criteria_met"
    assert listed[-1]["patient"] and listed[-1]["requested_on"] and not listed[-1]["open"]


def test_every_line_leads_to_its_report(out: Path) -> None:
    page = (out / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="(submissions/[^"]+)"', page)
    assert len(links) == sum(bool(row["report"]) for row in rows(out / "worklist.csv"))
    assert all((out / link).is_file() for link in links)
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")
    assert (out / "index.html").stat().st_mode & 0o077 == 0


def test_words_of_a_packet_are_words_on_the_page() -> None:
    line = worklist.without_report("a", "done", "") | {
        "recommendation": "no_policy", "patient": "<script>alert(1)</script>", "birth_date": "",
        "product": "{{ 7 * 7 }}", "payer": "", "policy_id": "", "open": "", "alerts": "",
        "conflicts": 0, "incomplete": "", "pages": 1, "ocr_pages": 0, "corrected": 0,
        "requested_on": "", "previous": "", "report": "submissions/a/gap_report.html",
    }  # fmt: skip
    page = worklist.page(worklist.ordered([line]))
    assert "<script" not in page
    assert "{{ 7 * 7 }}" in page


def test_the_description_fits_the_tables(out: Path) -> None:
    package = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        with (out / resource["path"]).open(encoding="utf-8", newline="") as lines:
            table = csv.DictReader(lines)
            assert list(fields) == table.fieldnames
            for row in table:
                for name, cell in row.items():
                    _fits(cell, fields[name])


def _fits(cell: str, field: dict) -> None:  # type: ignore[type-arg]
    if not cell:
        return
    rules = field.get("constraints", {})
    if field["type"] == "integer":
        assert int(cell) >= rules.get("minimum", int(cell)), field["name"]
    elif field["type"] == "number":
        float(cell)
    elif field["type"] == "boolean":
        assert cell in ("true", "false")
    assert cell in rules.get("enum", [cell]), (field["name"], cell)
    assert re.fullmatch(rules.get("pattern", ".*"), cell, re.DOTALL), (field["name"], cell)
