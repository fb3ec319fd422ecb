"""Analysts' corrections: from a CSV file of OUT through a spreadsheet and back."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.corrections import cells_in
from pipeline.criteria import choose_policy, evaluate, load_policies
from pipeline.edited_file import read_tables
from pipeline.edits import edits_of
from pipeline.errors import UsageError
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.normalize import build_case
from pipeline.normalize.corrections import corrected
from pipeline.run import Options, apply_corrections, reprocess
from pipeline.schema import (
    About,
    Assertion,
    Case,
    CellChange,
    Correction,
    CriterionResult,
    Diagnosis,
    Document,
    GapReport,
    Medication,
    Mentions,
    Reason,
    Standing,
    Status,
)
from pipeline.spreadsheets import is_same, neutralise
from tests.conftest import NOTE, REQUEST, run_chartgap, write_pdf

LABS = (
    "LABORATORY REPORT   Collected: 08/20/2026",
    "Patient: Testa Sampleton    DOB: 01/02/1960",
    "Creatine kinase 4,812 U/L (reference 30 - 223)",
    "Aldolase 12.5 U/L (reference 1.0 - 7.5)",
    "ANA 1:160",
)
Table = list[dict[str, str]]


def rows_of(path: Path) -> Table:
    return list(csv.DictReader(StringIO(path.read_text(encoding="utf-8"), newline="")))


def save(path: Path, rows: Table) -> Path:
    """As LibreOffice saves: a BOM, every cell quoted, LF."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0], quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    base = tmp_path_factory.mktemp("corrections")
    write_pdf(base / "inbox" / "packet" / "1_request.pdf", REQUEST)
    write_pdf(base / "inbox" / "packet" / "2_note.pdf", NOTE, LABS)
    result = run_chartgap("run", base / "inbox", "--out", base / "out")
    assert result.returncode == 0, result.stderr
    return base / "inbox", base / "out"


@pytest.fixture
def out(read_once: tuple[Path, Path], tmp_path: Path) -> Path:
    shutil.copytree(read_once[1], tmp_path / "out")
    return tmp_path / "out"


def apply(out: Path, file: Path) -> list[Correction]:
    """What the command does, without starting another Python; raises UsageError."""
    return apply_corrections(file, out, "anna", options=Options(workers=1))[1]


def tree(out: Path) -> dict[str, bytes]:
    paths = [*out.glob("submissions/*/*"), *out.glob("*.csv")]
    return {str(path.relative_to(out)): path.read_bytes() for path in paths}


def find(rows: Table, **cells: str) -> dict[str, str]:
    (row,) = [row for row in rows if all(row[name] == cells[name] for name in cells)]
    return row


def edit(out: Path, table: str, change: Callable[[Table], object]) -> Path:
    rows = rows_of(out / f"{table}.csv")
    change(rows)
    return save(out.parent / f"{table}.csv", rows)


def case_of(out: Path) -> Case:
    (path,) = out.glob("submissions/*/case.json")
    return Case.model_validate_json(path.read_bytes())


def test_an_unchanged_file_gives_no_corrections(out: Path) -> None:
    before = tree(out)
    for table in ("medications", "labs", "diagnoses", "findings"):
        assert apply(out, save(out.parent / f"{table}.csv", rows_of(out / f"{table}.csv"))) == []
    assert tree(out) == before
    assert not (out / "corrections.jsonl").exists()


def test_a_corrected_cell_wins_is_shown_and_survives(
    read_once: tuple[Path, Path], out: Path
) -> None:
    def lower(rows: Table) -> None:
        find(rows, analyte="creatine_kinase").update(value="180")

    before = tree(out)
    file = edit(out, "labs", lower)
    result = run_chartgap("corrections", "apply", file, "--out", out, "--by", "anna")
    assert result.returncode == 0, result.stderr
    assert "1 correction taken" in result.stdout
    assert "4812" not in result.stdout + result.stderr
    for again in (False, True):
        if again:  # reading everything anew changes nothing of it
            assert run_chartgap("reprocess", "--out", out, "--from", "nlp").returncode == 0
        row = find(rows_of(out / "labs.csv"), analyte="creatine_kinase")
        # What follows from the value follows the corrected one.
        assert (row["value"], row["interpretation"]) == ("180", "normal")
        assert float(row["ratio_to_uln"]) == pytest.approx(180 / 223, abs=1e-4)
        assert row["correction"] == "corrected: value"
        (page,) = out.glob("submissions/*/gap_report.html")
        verdict, _, rest = page.read_text("utf-8").partition("</section>")
        assert "Rests on 1 cell that people corrected" in verdict
        assert "Corrected by people" in rest
        assert [row["corrected"] for row in rows_of(out / "summary.csv")] == ["1"]
        (kept,) = rows_of(out / "corrections.csv")
        assert (kept["before"], kept["after"], kept["by"]) == ("4812", "180", "anna")
    assert "1 unchanged" in run_chartgap("run", read_once[0], "--out", out).stdout
    # The same file again is no second correction; withdrawn, all is as it was.
    assert apply(out, file) == []
    assert "anna" in run_chartgap("corrections", "list", "--out", out).stdout
    assert run_chartgap("corrections", "withdraw", "c1", "--out", out).returncode == 0
    after = tree(out)
    assert {n for n in before if before[n] != after[n]} == {"corrections.csv"}
    assert ", withdrawn " in run_chartgap("corrections", "list", "--out", out).stdout


def test_a_row_not_in_the_packet_is_no_fact_any_more(out: Path) -> None:
    def deny(rows: Table) -> None:
        find(rows, ingredient="methotrexate").update(status="not in packet")

    assert len(apply(out, edit(out, "medications", deny))) == 1
    names = [row["ingredient"] for row in rows_of(out / "medications.csv")]
    assert "methotrexate" not in names and "prednisone" in names
    assert [gone.subject for gone in case_of(out).removed] == ["methotrexate"]
    (page,) = out.glob("submissions/*/gap_report.html")
    assert "not in packet" in page.read_text("utf-8")
    assert apply(out, out.parent / "medications.csv") == []


def test_a_row_added_by_hand_counts_with_its_page(out: Path) -> None:
    def add(rows: Table) -> None:
        row = dict.fromkeys(rows[0], "") | {"submission_id": rows[0]["submission_id"]}
        row |= {"file": "2_note.pdf", "page": "1", "ingredient": "Azathioprine"}
        row |= {"text": "methotrexate 20 mg weekly"}  # whatever stands there
        row |= {"dose_value": "100", "dose_unit": "mg", "frequency": "daily", "status": "past"}
        row |= {"start_date": "2026-01-05", "stop_date": "3/31/2026", "outcome": "failed"}
        rows.append(row)

    file = edit(out, "medications", add)
    assert len(apply(out, file)) == 1
    row = find(rows_of(out / "medications.csv"), ingredient="azathioprine")
    assert (row["page"], row["daily_dose_mg"], row["duration_days"]) == ("1", "100", "86")
    assert (row["stop_date"], row["correction"]) == ("2026-03-31", "added")
    assert apply(out, file) == []  # not twice


def test_wrong_cells_are_named_and_nothing_is_applied(out: Path) -> None:
    before = tree(out)

    def spoil(rows: Table) -> None:
        find(rows, ingredient="prednisone").update(dose_value="60", start_date="soon")
        find(rows, ingredient="methotrexate").update(ingredient="metotrexat", text="MTX")
        extra = dict.fromkeys(rows[0], "") | {"submission_id": rows[0]["submission_id"]}
        rows.append(extra | {"file": "2_note.pdf", "page": "9", "ingredient": "azathioprine"})

    file = edit(out, "medications", spoil)
    numbers = {row["ingredient"]: n for n, row in enumerate(rows_of_bom(file), start=2)}
    result = run_chartgap("corrections", "apply", file, "--out", out)
    assert result.returncode == 2
    assert f"row {numbers['prednisone']}, column start_date: not a date" in result.stderr
    assert f"row {numbers['metotrexat']}, column ingredient: not a drug" in result.stderr
    assert f"row {numbers['metotrexat']}, column text: cannot be corrected" in result.stderr
    assert f"row {numbers['azathioprine']}, column page: not a page" in result.stderr
    assert "metotrexat" not in result.stderr and "soon" not in result.stderr
    assert tree(out) == before
    with pytest.raises(UsageError, match="conclusions"):
        apply(out, out / "gaps.csv")


def report_of(out: Path) -> dict[str, Any]:
    (path,) = out.glob("submissions/*/gap_report.json")
    report: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return report


def asked(rows: Table) -> dict[str, str]:
    return find(rows, ingredient="rituximab", status="requested")


Recompute = Callable[[str, Callable[[Table], object]], tuple[Case, GapReport]]


@pytest.fixture
def recomputed(read_once: tuple[Path, Path], tmp_path: Path) -> Recompute:
    """What an edited table makes of the packet, without a child process."""
    (folder,) = (read_once[1] / "submissions").iterdir()
    document = Document.model_validate_json((folder / "document.json").read_bytes())
    mentions = Mentions.model_validate_json((folder / "mentions.json").read_bytes())
    lexicon = load_lexicon(models_dir())
    policies = load_policies(models_dir() / "policies", lexicon)

    def recompute(table: str, change: Callable[[Table], object]) -> tuple[Case, GapReport]:
        before = build_case(folder.name, document, mentions)
        rows = rows_of(read_once[1] / f"{table}.csv")
        change(rows)
        known = {folder.name: (before, document)}
        file = save(tmp_path / f"{table}.csv", rows)
        made = edits_of(
            file.name, read_tables(file), known, [], lexicon, "anna", "2026-09-09T00:00:00Z"
        )
        case = build_case(folder.name, document, mentions, corrections=made)
        chosen = choose_policy(policies, case)
        return case, evaluate(chosen.policy, case, chosen.why)

    return recompute


def judged(report: GapReport, criterion: str) -> CriterionResult:
    (result,) = [c for c in report.criteria if c.id == criterion]
    return result


def added(rows: Table, **cells: str) -> None:
    old = rows[0]
    known = {name: old[name] for name in ("submission_id", "file", "page", "text")}
    rows.append(dict.fromkeys(old, "") | known | cells)


def test_what_is_requested_follows_its_row(recomputed: Recompute) -> None:
    def change(rows: Table) -> None:
        asked(rows).update(product="Ruxience", dose_value="500", frequency="every 6 months")

    _, report = recomputed("medications", change)
    assert (report.request.product, report.request.dose) == ("Ruxience", "500 mg")
    assert report.request.schedule == "every 6 months"
    found = judged(report, "requested_product")
    assert found.rationale.endswith("Requested: Ruxience, 500 mg, every 6 months")
    # The code has no column: it stays as printed, and is seen to be that of another product.
    assert report.request.hcpcs == "Q5115"
    assert [c.about for c in report.conflicts] == ["product and HCPCS code requested"]


def test_a_dose_taken_out_of_the_request_is_missing_from_it(recomputed: Recompute) -> None:
    def empty(rows: Table) -> None:
        asked(rows).update(dose_value="", dose_unit="")

    _, report = recomputed("medications", empty)
    assert report.request.dose is None
    assert judged(report, "requested_product").status is Status.NOT_DOCUMENTED


@pytest.mark.parametrize(
    "cells", [{"correction": "not in packet"}, {"status": "past"}, {"assertion": "negated"}]
)
def test_a_request_that_is_none_is_not_reported(
    recomputed: Recompute, cells: dict[str, str]
) -> None:
    _, report = recomputed("medications", lambda rows: asked(rows).update(cells))
    said = report.request
    assert {said.product, said.ingredient, said.hcpcs, said.dose, said.schedule} == {None}
    assert (report.recommendation, report.policy) == ("no_policy", None)


def test_another_drug_requested_is_another_request(recomputed: Recompute) -> None:
    def other(rows: Table) -> None:
        asked(rows).update(ingredient="infliximab", product="")

    case, report = recomputed("medications", other)
    assert case.request.ingredient == "infliximab"
    assert [s.text for s in case.request.products] == ["infliximab"]
    # Of the same row, and not corrected: as printed.
    assert (report.request.dose, report.request.hcpcs) == ("1000 mg IV", "Q5115")


def test_a_request_added_by_hand_is_reported(recomputed: Recompute) -> None:
    def replace(rows: Table) -> None:
        asked(rows).update(status="not in packet")
        cells = {"ingredient": "rituximab", "product": "Riabni", "status": "requested"}
        added(rows, **cells, dose_value="1000", dose_unit="mg")

    _, report = recomputed("medications", replace)
    said = report.request
    assert (said.product, said.dose, said.schedule) == ("Riabni", "1000 mg", None)


def test_a_second_product_requested_is_a_contradiction(recomputed: Recompute) -> None:
    def add(rows: Table) -> None:
        added(rows, ingredient="rituximab", product="Riabni", status="requested")

    _, report = recomputed("medications", add)
    found = judged(report, "requested_product")
    assert found.reason is Reason.CONFLICTING and "Riabni, Truxima" in found.rationale
    assert (report.request.dose, report.request.hcpcs) == ("1000 mg IV", "Q5115")


@pytest.mark.parametrize(
    ("cells", "codes"),
    [({"icd10": "M33.22"}, ("M33.22",)), ({"icd10": ""}, ()), ({"icd10": "not in packet"}, ())],
)
def test_a_code_of_the_request_follows_its_diagnosis(
    recomputed: Recompute, cells: dict[str, str], codes: tuple[str, ...]
) -> None:
    _, report = recomputed("diagnoses", lambda rows: find(rows, icd10="M33.20").update(cells))
    assert report.request.diagnosis_codes == codes


def test_evidence_says_that_a_person_corrected_what_it_shows(out: Path) -> None:
    assert '"corrected"' not in json.dumps(report_of(out))
    apply(out, edit(out, "medications", lambda rows: asked(rows).update(dose_value="500")))
    row_id = asked(rows_of(out / "medications.csv"))["row_id"]
    report = report_of(out)
    shown = [e for c in report["criteria"] for e in c["evidence"]]
    assert {e["row_id"] for e in shown if e.get("corrected")} == {row_id}
    assert all(e.get("corrected", True) is True for e in shown)
    # The page says so too: at its top, beside the criterion, and in the list of facts.
    (page,) = out.glob("submissions/*/gap_report.html")
    assert page.read_text("utf-8").count('href="#corrections"') == 3


def test_a_finding_that_nothing_uses_is_refused(recomputed: Recompute, tmp_path: Path) -> None:
    def name(key: str) -> Callable[[Table], object]:
        return lambda rows: find(rows, finding="muscle_strength").update(finding=key)

    with pytest.raises(UsageError) as caught:
        recomputed("findings", name("muscle_strenght"))
    keys = [row["finding"] for row in rows_of_bom(tmp_path / "findings.csv")]
    number = keys.index("muscle_strenght") + 2
    assert f"row {number}, column finding: none of: active_infection, " in str(caught.value)
    assert "muscle_strength" in str(caught.value) and "strenght" not in str(caught.value)
    case, _ = recomputed("findings", name("Normal strength"))
    assert [f.finding for f in case.findings if f.corrected] == ["normal_strength"]


@pytest.mark.parametrize(
    ("table", "cells", "told"),
    [
        ("labs", {"value": "1e400"}, "value: neither a number"),
        ("labs", {"value": "9" * 400}, "value: neither a number"),
        ("labs", {"value": "eight hundred"}, "value: neither a number"),
        ("labs", {"value": "5000", "unit": "U/furlong"}, "unit: not a unit"),
        ("labs", {"value": "5000", "unit": "kg"}, "unit: not a unit of results"),
        ("labs", {"collected_date": "2026-09-10"}, "collected_date: a day that is still to come"),
        ("labs", {"page": "\u0661"}, "page: not a page"),
        ("labs", {"text": "words that nobody printed"}, "text: not on the page"),
        ("labs", {"text": ""}, "text: an added row must have it, or a box"),
        ("labs", {"text": "", "x0": "0", "top": "0", "x1": "9000", "bottom": "9"}, "x0: "),
        ("labs", {"about": "uncle"}, "about: none of: patient, relative"),
        ("labs", {"standing": "perhaps"}, "standing: none of: stated, copied"),
        ("medications", {"dose_value": "-5"}, "dose_value: less than nothing"),
        ("medications", {"dose_value": "\u0665"}, "dose_value: not a number"),
        ("medications", {"dose_value": "5", "dose_unit": "spoons"}, "dose_unit: not a unit"),
        ("medications", {"outcome_reason": "rash\x1b[31m"}, "outcome_reason: holds characters"),
        ("medications", {"start_date": "2027-01-01", "status": "past"}, "start_date: a day"),
        ("findings", {"value": "rather weak"}, "value: not a value of this finding"),
    ],
)
def test_what_cannot_be_is_refused_by_row_and_column(
    recomputed: Recompute, table: str, cells: dict[str, str], told: str
) -> None:
    subject = {
        "labs": "creatine_kinase",
        "medications": "azathioprine",
        "findings": "muscle_strength",
    }
    name = {"labs": "analyte", "medications": "ingredient", "findings": "finding"}[table]
    count = 0

    def add(rows: Table) -> None:
        nonlocal count
        added(rows, **{name: subject[table], **cells})
        count = len(rows) + 1

    with pytest.raises(UsageError) as caught:
        recomputed(table, add)
    assert f"row {count}, column {told}" in str(caught.value)


def test_a_plan_may_begin_on_a_day_to_come(recomputed: Recompute) -> None:
    cells = {"ingredient": "azathioprine", "status": "planned", "start_date": "2026-12"}
    case, _ = recomputed("medications", lambda rows: added(rows, **cells))
    assert [m.standing for m in case.medications if m.ingredient == "azathioprine"] == ["planned"]


def test_an_added_row_stands_where_its_words_are_printed(recomputed: Recompute) -> None:
    def add(rows: Table) -> None:
        cells = {"file": "2_note.pdf", "page": "2", "analyte": "aldolase", "value": "99"}
        added(rows, **cells, text=" aldolase 12.5 u/l (Reference")

    case, _ = recomputed("labs", add)
    (lab,) = [lab for lab in case.labs if lab.value == 99]
    (printed,) = [lab for lab in case.labs if lab.analyte == "aldolase" and lab.value != 99]
    assert lab.places[0].text == "Aldolase 12.5 U/L (reference"
    assert lab.places[0].box[:2] == pytest.approx(printed.places[0].box[:2], abs=1)
    assert lab.places[0].box[2] < 400  # the words, not the page


def test_a_header_with_a_name_twice_is_refused(
    read_once: tuple[Path, Path], tmp_path: Path
) -> None:
    text = (read_once[1] / "labs.csv").read_text("utf-8").replace("row_version", "value", 1)
    (tmp_path / "labs.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="row 1, column value: stands twice"):
        read_tables(tmp_path / "labs.csv")


def ck(rows: Table, **cells: str) -> None:
    find(rows, analyte="creatine_kinase").update(cells)


@pytest.mark.parametrize(
    "cells", [{"about": "relative"}, {"standing": "withdrawn"}, {"assertion": "family"}]
)
def test_a_fact_that_a_person_says_is_not_the_patients_does_not_count(
    recomputed: Recompute, cells: dict[str, str]
) -> None:
    _, before = recomputed("labs", lambda rows: None)
    case, after = recomputed("labs", lambda rows: ck(rows, **cells))
    assert judged(before, "ck_level").status is Status.MET
    assert judged(after, "ck_level").status is Status.NOT_DOCUMENTED
    (lab,) = [lab for lab in case.labs if lab.analyte == "creatine_kinase"]
    if "standing" not in cells:
        assert (lab.about, lab.assertion) == ("relative", "family")


ASIDE = Diagnosis(id="d", name="gout", about=About.RELATIVE, assertion=Assertion.FAMILY)
STRUCK = Diagnosis(
    id="d", name="gout", standing=Standing.WITHDRAWN, assertion=Assertion.NEGATED
)  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "told", "cells", "expected"),
    [
        (ASIDE, "affirmed", {"about": "patient"}, "patient stated affirmed"),
        (ASIDE, None, {"about": "patient"}, "patient stated affirmed"),
        (ASIDE, "affirmed", {"assertion": "affirmed"}, "patient stated affirmed"),
        (ASIDE, "negated", {"about": "patient"}, "patient stated negated"),
        (STRUCK, "affirmed", {"standing": "stated"}, "patient stated affirmed"),
        # Where nobody knows any more how it was put, the row's word stays.
        (STRUCK, None, {"standing": "stated"}, "patient stated negated"),
        (STRUCK, "affirmed", {"standing": "stated", "assertion": "possible"}, "patient stated possible"),
        (Diagnosis(name="gout"), None, {"standing": "asked"}, "patient asked possible"),
        (Diagnosis(name="gout"), None, {"assertion": "hypothetical"}, "patient conditional hypothetical"),
        (Diagnosis(name="gout"), None, {"about": "other_person"}, "other_person stated family"),
    ],
)  # fmt: skip
def test_whose_a_fact_is_and_how_it_stands_follow_what_a_person_says(
    fact: Diagnosis, told: str | None, cells: dict[str, str], expected: str
) -> None:
    changes = tuple(CellChange(column=c, before="x", after=after) for c, after in cells.items())
    made = Correction(
        id="c1", submission_id="s", table="diagnoses", row_id="d", what="changed", cells=changes,
        fact=fact, by="nurse", at="2026-09-01T00:00:00Z",
    )  # fmt: skip
    original = Diagnosis(id="d", name="gout", assertion=Assertion(told)) if told else None
    now = corrected(fact, made, load_lexicon(models_dir()), original)
    assert f"{now.about} {now.standing} {now.assertion}" == expected


def test_a_plan_that_was_carried_out_counts() -> None:
    plan = Medication(ingredient="azathioprine", status="planned", standing=Standing.PLANNED)
    change = CellChange(column="status", before="planned", after="past")
    made = Correction(
        id="c1", submission_id="s", table="medications", row_id="m", what="changed",
        cells=(change,), fact=plan, by="nurse", at="2026-09-01T00:00:00Z",
    )  # fmt: skip
    assert corrected(plan, made, load_lexicon(models_dir())).standing is Standing.STATED


def test_a_newer_correction_is_not_overwritten_by_an_older_file(
    read_once: tuple[Path, Path], tmp_path: Path
) -> None:
    (folder,) = (read_once[1] / "submissions").iterdir()
    document = Document.model_validate_json((folder / "document.json").read_bytes())
    mentions = Mentions.model_validate_json((folder / "mentions.json").read_bytes())
    lexicon, old = load_lexicon(models_dir()), read_once[1] / "labs.csv"

    def edited(by: str, earlier: list[Correction], **cells: str) -> list[Correction]:
        case = build_case(folder.name, document, mentions, corrections=earlier)
        rows = rows_of(old)
        ck(rows, **cells)
        file, at = save(tmp_path / "labs.csv", rows), "2026-09-09T00:00:00Z"
        return edits_of(
            file.name, read_tables(file), {folder.name: (case, document)}, earlier, lexicon, by, at
        )

    first = edited("bert", [], value="1400")
    assert edited("anna", first, value="1400") == []  # says the same
    for cells in (
        {"value": "1300"}, {"ratio_to_uln": "5"}, {"correction": "not in packet"},
        {"value": "1300", "row_version": ""},
    ):  # fmt: skip
        with pytest.raises(UsageError, match="changed since this file was written"):
            edited("anna", first, **cells)
    (second,) = edited("anna", first, collected_date="2026-08-19")
    assert [cell.column for cell in second.cells] == ["collected_date"]


def test_a_report_says_how_much_of_it_people_wrote(recomputed: Recompute) -> None:
    def count(table: str, change: Callable[[Table], object]) -> int:
        case, report = recomputed(table, change)
        return cells_in(report, case)

    assert count("labs", lambda rows: None) == 0
    assert count("labs", lambda rows: ck(rows, value="180", collected_date="2026-08-19")) == 2
    # Nothing of the report rests on an antibody that no criterion asks for.
    assert count("labs", lambda rows: find(rows, analyte="aldolase").update(value="7")) == 0
    assert count("labs", lambda rows: ck(rows, about="relative")) == 1
    assert count("labs", lambda rows: ck(rows, correction="not in packet")) == 1
    assert count("labs", lambda rows: added(rows, analyte="igg", value="900")) >= 2


def rows_of_bom(path: Path) -> Table:
    return list(csv.DictReader(StringIO(path.read_text("utf-8-sig"), newline="")))


def test_a_cell_that_nobody_typed_is_none_however_old_the_file(out: Path) -> None:
    old = rows_of(out / "labs.csv")

    def lower(rows: Table) -> None:
        find(rows, analyte="aldolase").update(value="5")

    assert len(apply(out, edit(out, "labs", lower))) == 1
    # A copy from before says 12.5 still; what was typed in it counts all the same.
    assert apply(out, save(out.parent / "old.csv", old)) == []
    find(old, analyte="aldolase").update(collected_date="2026-08-19")
    (made,) = apply(out, save(out.parent / "old.csv", old))
    assert [cell.column for cell in made.cells] == ["collected_date"]
    row = find(rows_of(out / "labs.csv"), analyte="aldolase")
    assert (row["value"], row["collected_date"]) == ("5", "2026-08-19")
    # Where nobody knows what the row said when the file was written, it must be taken anew.
    find(old, analyte="creatine_kinase").update(value="1", row_version="v0000000000")
    with pytest.raises(UsageError, match="has changed since"):
        apply(out, save(out.parent / "old.csv", old))


def test_a_correction_is_found_again_under_another_row_id(out: Path) -> None:
    def slower(rows: Table) -> None:
        find(rows, ingredient="methotrexate").update(outcome="intolerant")

    assert len(apply(out, edit(out, "medications", slower))) == 1
    path = out / "corrections.jsonl"
    kept = json.loads(path.read_text("utf-8"))
    kept["row_id"] = "med-000000000000"  # as after a change of the software
    path.write_text(json.dumps(kept) + "\n", encoding="utf-8")
    reprocess(out, options=Options(workers=1))
    rows = [r for r in rows_of(out / "medications.csv") if r["ingredient"] == "methotrexate"]
    assert [row["outcome"] for row in rows] == ["intolerant"]


# What LibreOffice 7.4 saved for each of these, with "detect special numbers" (measured), and Excel.
REWRITTEN = [
    ("1.0", "1"), ("1.50", "1.5"), ("12.333333333333334", "12.3333333333333"), ("1e-05", "0.00001"),
    ("1,200.5", "1200.5"), ("007", "7"), ("100000000000000000000", "1E+020"), ("$5", "5"),
    ("4/5", "04/05/2026"), ("5/5", "05/05/2026"), ("12/5/2026", "12/05/2026"), ("1 1/2", "1.5"),
    ("1:40", "01:40:00 AM"), ("10:30", "10:30:00 AM"), ("12:30 PM", "12:30:00 PM"),
    ("Mar 2026", "03/01/2026"), ("May-26", "05/26/2026"), ("5/26", "05/26/2026"), ("1/2", "01/02/2026"),
    ("true", "TRUE"), ("a\r\nb", "a\nb"), ("2026-03-09", "3/9/2026"), ("4/5", "5-Apr"),
    ("2157-6", "Jun-57"), ("2026-03", "Mar-26"), ("12.5%", "12.50%"), ("1:40", "1:40:00"),
]  # fmt: skip
TYPED = [
    ("4/5", "5/4"), ("4/5", "4-/5"), ("4/5", "3/5"), ("1:40", "1:80"), ("2026-03-09", "2026-09-03"),
    ("2026-03-09", "2026-03"), ("12.5", "12.6"), ("1.5", "15"), ("4812", "4813"), ("mg", "mcg"),
    ("", "0"), ("0", ""), ("5/26", "5/27"), ("<", "<="), ("negative", "positive"), ("-3", "3"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_what_a_spreadsheet_rewrites_is_no_change(before: str, after: str) -> None:
    assert is_same(before, after)


@pytest.mark.parametrize(("before", "after"), TYPED)
def test_what_a_person_types_is_a_change(before: str, after: str) -> None:
    assert not is_same(before, after)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_neutralised_text_comes_back_unchanged(text: str) -> None:
    assert is_same(neutralise(text), neutralise(text))
    assert is_same(text, neutralise(text))


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
@pytest.mark.parametrize("special", ["false", "true"])
def test_a_round_trip_through_libreoffice_changes_nothing(out: Path, special: str) -> None:
    for table in ("medications", "labs", "diagnoses", "findings"):
        command = [
            "soffice",
            f"--infilter=CSV:44,34,76,1,,1033,false,{special},false",
            "--headless",
        ]
        folder = out.parent / "saved"
        command += ["--convert-to", "csv", "--outdir", str(folder), str(out / f"{table}.csv")]
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            env={"HOME": str(out.parent), "PATH": "/usr/bin:/bin"},
        )
        assert apply(out, folder / f"{table}.csv") == []


@pytest.mark.parametrize(
    ("column", "after"), [("name", "gout"), ("icd10", "I15.0"), ("assertion", "negated")]
)
def test_what_was_linked_is_gone_when_a_person_corrects_the_diagnosis(
    column: str, after: str
) -> None:
    linked = Diagnosis(name="hypertension", linked_icd10="I10", linked_description="Essential")
    change = CellChange(column=column, before="x", after=after)
    correction = Correction(
        id="c1", submission_id="s", table="diagnoses", row_id="r", what="changed", cells=(change,),
        fact=linked, by="nurse", at="2026-09-01T00:00:00Z",
    )  # fmt: skip
    changed = corrected(linked, correction, load_lexicon(models_dir()))
    assert isinstance(changed, Diagnosis)
    assert (changed.linked_icd10, changed.linked_description) == ("", "")


def test_a_correction_kept_from_before_links_is_still_read() -> None:
    fact = {"kind": "diagnosis", "name": "gout", "icd10": "M10.9", "linked": False}
    assert Diagnosis.model_validate(fact).icd10 == "M10.9"
