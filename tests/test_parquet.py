"""The tables as Parquet: the same content, with types."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import pytest

from pipeline.datapackage import datapackage
from pipeline.errors import UsageError
from pipeline.export import COLUMNS, to_csv
from pipeline.parquet import write_parquet

ROWS = {
    "labs": [
        {
            "row_id": "l1",
            "page": 2,
            "value": 61.5,
            "value_number": 61.5,
            "collected_date": "2026-03",
        },
        {"row_id": "l2", "page": 1, "value": '=1+1, "quoted"\nnext', "text": "\u00b5"},
    ],
    "worklist": [{"rank": 1, "birth_date": "1960-01-02", "received": "2026-05-04"}],
    "gaps": [{"criterion": "age", "required": True}],
}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    for table, columns in COLUMNS.items():
        (tmp_path / f"{table}.csv").write_text(to_csv(ROWS.get(table, []), columns), newline="")
    (tmp_path / "datapackage.json").write_text(datapackage(COLUMNS))
    return tmp_path


def test_rows_come_back_with_types(out: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    made = {path.stem: path for path in write_parquet(out)}
    assert set(made) == set(COLUMNS)
    asked = "select row_id, page, value, value_number, collected_date, text from "
    rows = duckdb.sql(f"{asked} '{made['labs']}' order by row_id").fetchall()
    assert rows == [
        ("l1", 2, "61.5", 61.5, "2026-03", None),
        ("l2", 1, '\'=1+1, "quoted"\nnext', None, None, "\u00b5"),
    ]
    (work,) = duckdb.sql(f"select rank, birth_date from '{made['worklist']}'").fetchall()
    assert work == (1, datetime.date(1960, 1, 2))
    assert duckdb.sql(f"select required from '{made['gaps']}'").fetchall() == [(True,)]
    assert made["labs"].stat().st_mode & 0o077 == 0


def test_without_the_extra_or_tables_it_says_so(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UsageError, match="chartgap\\[parquet\\]"):
        write_parquet(out)


def test_columns_keep_their_type_whatever_the_rows(out: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    (empty,) = [path for path in write_parquet(out) if path.stem == "medications"]
    described = {
        row[0]: row[1] for row in duckdb.sql(f"describe select * from '{empty}'").fetchall()
    }
    assert described["dose_value"] == "DOUBLE" and described["page"] == "BIGINT"
    assert described["start_date"] == "VARCHAR"
