"""The sample submissions through the real command, against what a careful reader writes of them."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

SAMPLES = Path(__file__).parent.parent / "sample_docs"
INBOX = SAMPLES / "inbox"
EXPECTED = {path.stem: json.loads(path.read_text()) for path in SAMPLES.glob("expected/*.json")}
READABLE = sorted(name for name, gold in EXPECTED.items() if "state" not in gold)
KINDS = ("medications", "labs", "diagnoses", "findings")
SLACK = 3.0  # points by which glyphs may stick out of the box of their word

Row = dict[str, Any]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Result:
    """What the command left behind."""

    out: Path
    code: int
    stderr: str

    def folder(self, name: str) -> Path:
        found = list((self.out / "submissions").glob(f"{name}*-????????"))
        assert len(found) == 1, f"{name} left {len(found)} reports: {self.stderr}"
        return found[0]

    def read(self, name: str, artifact: str) -> Any:
        return json.loads((self.folder(name) / artifact).read_text(encoding="utf-8"))

    def rows(self, kind: str, name: str = "") -> list[Row]:
        with (self.out / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return [row for row in rows if row["submission_id"].startswith(name)]


@pytest.fixture(scope="session")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    out = tmp_path_factory.mktemp("samples") / "out"
    command = [sys.executable, "-m", "pipeline", "run", str(INBOX), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)
    assert (out / "gaps.csv").exists(), done.stderr
    return Result(out, done.returncode, done.stderr)


# ---------------------------------------------------------------------------- comparing


def squash(value: object) -> str:
    return re.sub(r"[^a-z0-9.+/%<>-]+", "", str(value if value is not None else "").lower())


def number(value: object) -> float | None:
    try:
        return float(str(value).replace(",", ""))
    except ValueError:
        return None


def close(gold: object, got: object) -> bool:
    a, b = number(gold), number(got)
    return a is not None and b is not None and abs(a - b) <= 0.005 * max(abs(a), abs(b), 1.0)


def same(field: str, gold: Any, got: Any) -> bool:
    """Equal as a reader would say: a longer name, or a more exact date, is still the same."""
    if field == "duration_days" and number(got) is not None:
        return abs(float(gold) - float(got)) <= max(3, 0.1 * float(gold))
    if isinstance(gold, int | float):
        return close(gold, got)
    if field.endswith("_date") or field == "date":
        return str(got).startswith(str(gold))
    a, b = squash(gold), squash(got)
    if field in {"value", "site", "name", "product", "dose", "schedule", "ingredient"}:
        return bool(b) and (a in b or b in a)
    return a == b


def differing(gold: Row, got: Row) -> list[str]:
    fields = [field for field in gold if field not in {"page", "file"}]
    return [field for field in fields if not same(field, gold[field], got.get(field, ""))]


def named_alike(kind: str, gold: Row, got: Row) -> bool:
    """Whether a row can be of the gold entry at all."""
    if kind == "medications":
        return same("ingredient", gold["ingredient"], got["ingredient"])
    if kind == "labs":
        return str(gold["analyte"]) == got["analyte"]
    if kind == "diagnoses":
        coded = bool(gold.get("icd10")) and gold["icd10"] == got["icd10"]
        return coded or same("name", gold["name"], got["name"])
    return str(gold["finding"]) == got["finding"]


def brief(entry: Row) -> str:
    """An entry by what names it."""
    names = ("ingredient", "analyte", "name", "finding", "dose_value", "value", "site")
    return " ".join(str(entry[name]) for name in names if entry.get(name))


def compare_facts(kind: str, gold: Row, rows: list[Row]) -> Iterator[str]:
    """Pair expected facts with the likest rows; tell what is missing, differs or is spurious."""
    free = list(rows)
    for entry in gold[kind]:
        alike = [row for row in free if named_alike(kind, entry, row)]
        if not alike:
            yield f"{kind}: missing {brief(entry)} of page {entry['page']}"
            continue
        best = min(alike, key=lambda row: len(differing(entry, row)))
        free.remove(best)
        for field in differing(entry, best):
            found = f"{best.get(field)!r}, expected {entry[field]!r}, in {best['text']!r}"
            yield f"{kind}: {brief(entry)}: {field} {found}"
    known = gold[kind] + gold.get(f"{kind}_optional", [])
    for row in free:
        stray = not any(named_alike(kind, entry, row) for entry in known)
        if stray and kind != "findings" and row["assertion"] == "affirmed":
            yield f"{kind}: spurious {brief(row)} on page {row['page']}: {row['text']!r}"


def compare_report(gold: Row, report: Row) -> Iterator[str]:
    """Statuses, recommendation, missing items, alerts, alternatives and request."""
    if report["recommendation"] != gold["recommendation"]:
        yield f"recommendation {report['recommendation']}, expected {gold['recommendation']}"
    got = {criterion["id"]: criterion for criterion in report["criteria"]}
    for id_, wanted in (gold.get("criteria") or {}).items():
        accepted = wanted if isinstance(wanted, list) else [wanted]
        status = got.get(id_, {}).get("status", "absent")
        if status not in accepted:
            yield f"{id_} {status}, expected {' or '.join(accepted)}: {got[id_]['rationale']}"
    for id_, words in (gold.get("missing") or {}).items():
        asked = squash(" ".join(got[id_]["missing"]))
        yield from (f"{id_} does not ask for {w}" for w in words if squash(w) not in asked)
    alerts = {alert["id"] for alert in report["alerts"]}
    for id_ in sorted(alerts ^ set(gold.get("alerts") or [])):
        yield f"alert {id_} is {'spurious' if id_ in alerts else 'missing'}"
    ways = {way["id"]: way["status"] for way in report["alternatives"]}
    for id_, status in (gold.get("alternatives") or {}).items():
        if ways.get(id_) != status:
            yield f"alternative {id_} {ways.get(id_)}, expected {status}"
    foreign = [item["page"] for item in report["legibility"]["foreign_pages"]]
    if foreign != gold.get("foreign_pages", []):
        yield f"pages of other patients {foreign}, expected {gold.get('foreign_pages', [])}"
    for field, value in gold["request"].items():
        found = report["request"][field]
        wrong = set(value) != set(found) if field == "diagnosis_codes" else True
        if wrong and (field == "diagnosis_codes" or not same(field, value, found)):
            yield f"request: {field} {found!r}, expected {value!r}"


def show(name: str, differences: Iterable[str]) -> str:
    found = list(differences)
    return "\n".join([f"{name}: {len(found)} differences", *found]) if found else ""


@pytest.mark.parametrize("name", READABLE)
def test_report_says_what_a_reader_says(result: Result, name: str) -> None:
    message = show(name, compare_report(EXPECTED[name], result.read(name, "gap_report.json")))
    assert not message, message


@pytest.mark.parametrize("name", READABLE)
def test_facts_are_those_a_reader_lists(result: Result, name: str) -> None:
    gold = EXPECTED[name]
    rows = {kind: result.rows(kind, name) for kind in KINDS}
    message = show(name, (d for kind in KINDS for d in compare_facts(kind, gold, rows[kind])))
    assert not message, message


def test_broken_file_is_named_and_costs_only_itself(result: Result) -> None:
    assert result.code == 1
    assert "09_truncated" in result.stderr
    states = {row["submission_id"]: row["state"] for row in result.rows("summary")}
    done = [id_ for id_, state in states.items() if state in {"done", "flagged"}]
    assert len(done) == len(READABLE), states
    assert not any(id_.startswith("09_truncated") for id_ in done)


# ---------------------------------------------------------------------------- provenance


@dataclass(frozen=True)
class Source:
    """The submitted pages of one submission, read again without the software."""

    name: str
    document: Row

    def path(self, file: str) -> Path:
        member = INBOX / self.name / file
        return member if member.exists() else INBOX / file

    def inside(self, file: str, page: int, box: Box) -> str:
        """Everything printed inside a box, without spaces: from the file, or as recognised."""
        (entry,) = (p for p in self.document["pages"] if (p["file"], p["number"]) == (file, page))
        if entry["origin"] == "ocr":
            return bare("".join(w["text"] for w in entry["words"] if holds(box, tuple(w["box"]))))
        glyphs, widgets = page_content(self.path(file), page)
        inside = [text for text, edges in glyphs if holds(box, edges)]
        values = [text for text, edges in widgets if meet(edges, box)]
        return bare("".join(inside + values))


@cache
def page_content(path: Path, page: int) -> tuple[list[tuple[str, Box]], list[tuple[str, Box]]]:
    """Glyphs of a page and values of its form fields, each with its box."""
    with pdfplumber.open(path) as pdf:
        shown = pdf.pages[page - 1]
        glyphs = [(char["text"], edges(char)) for char in shown.chars]
        return glyphs, [(widget_value(a), edges(a)) for a in shown.annots]


def edges(item: Mapping[str, Any]) -> Box:
    return (item["x0"], item["top"], item["x1"], item["bottom"])


def holds(outer: Box, inner: Box) -> bool:
    """Whether the middle of `inner` lies in `outer`."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    wide = outer[0] - SLACK <= x <= outer[2] + SLACK
    return wide and outer[1] - SLACK <= y <= outer[3] + SLACK


def meet(a: Box, b: Box) -> bool:
    """Whether two boxes overlap."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def widget_value(annotation: Mapping[str, Any]) -> str:
    value = annotation["data"].get("V", b"")
    return value.decode("latin-1") if isinstance(value, bytes) else ""


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def unfound(text: str, printed: str) -> list[str]:
    """Words of `text` that are not among what is printed there."""
    plain = text.removeprefix("'")  # what neutralises a formula in a cell
    return [word for word in plain.split() if word not in printed]


def cited(report: Row) -> Iterator[Row]:
    for part in ("criteria", "alerts", "alternatives"):
        for holder in report[part]:
            yield from holder["evidence"]
    for conflict in report["conflicts"]:
        yield from conflict["sides"]


@pytest.mark.parametrize("name", READABLE)
def test_every_row_stands_where_it_says(result: Result, name: str) -> None:
    source = Source(name, result.read(name, "document.json"))
    wrong = []
    for kind in KINDS:
        for row in result.rows(kind, name):
            box = (float(row["x0"]), float(row["top"]), float(row["x1"]), float(row["bottom"]))
            lost = unfound(row["text"], source.inside(row["file"], int(row["page"]), box))
            if lost or not row["text"]:
                wrong.append(f"{kind} {row['row_id']} page {row['page']}: {row['text']!r}: {lost}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", READABLE)
def test_all_evidence_stands_where_it_says(result: Result, name: str) -> None:
    source = Source(name, result.read(name, "document.json"))
    report = result.read(name, "gap_report.json")
    wrong = []
    for item in cited(report):
        lost = unfound(item["text"], source.inside(item["file"], item["page"], tuple(item["bbox"])))
        if lost or not item["text"]:
            wrong.append(f"{item['file']} page {item['page']}: {item['text']!r}: {lost}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", READABLE)
def test_nothing_is_decided_without_evidence(result: Result, name: str) -> None:
    criteria = result.read(name, "gap_report.json")["criteria"]
    decided = [c for c in criteria if c["status"] in {"met", "not_met"} and not c["evidence"]]
    from_absence = [("clinical_context", "met")]
    assert [c for c in decided if (c["id"], c["status"]) not in from_absence] == []


# ------------------------------------------------------------------------------ the page


class Tags(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, "", ""))
        self.seen += [(tag, name, value or "") for name, value in attrs]


def is_active(tag: str, attribute: str, value: str) -> bool:
    """Whether an element or attribute runs code or fetches something."""
    # A link leads to the original and to the letter beside the page; nothing is fetched for it.
    leads = tag == "a" and value.startswith(("file:///", "request_for_information."))
    fetches = attribute in {"href", "src", "srcset", "action"} and not leads
    return (
        tag in {"script", "iframe", "object", "embed", "link", "form"}
        or attribute.startswith("on")
        or (fetches and not value.startswith(("#", "data:image/")))
    )


@pytest.mark.parametrize("name", READABLE)
def test_page_for_people_is_inert_and_self_contained(result: Result, name: str) -> None:
    page = (result.folder(name) / "gap_report.html").read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(page)
    assert [item for item in tags.seen if is_active(*item)] == []
    assert "http" not in page.replace("http-equiv", "")
    assert len(page) < 3_000_000
