"""Analysts' corrections: from a CSV file of OUT through a spreadsheet and back."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.normalize.corrections import corrected
from pipeline.run import Options, apply_corrections, reprocess
from pipeline.schema import Case, CellChange, Correction, Diagnosis
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
        assert "Corrected by people" in page.read_text("utf-8")
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
