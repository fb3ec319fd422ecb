"""The tables as Parquet files with the types that `datapackage.json` gives them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.store import make_private_folder

FOLDER = "parquet"
# By the type of a column in the description; dates of which only a month is known stay text.
TYPES: Mapping[str, str] = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "string": "VARCHAR",
}


def write_parquet(out: Path) -> list[Path]:
    """Write `OUT/parquet/TABLE.parquet` for each CSV file that OUT describes.

    Raises UsageError where the extra is not installed or OUT has no tables.
    """
    try:
        import duckdb
    except ImportError as error:
        raise UsageError("Parquet needs an extra: pip install 'chartgap[parquet]'") from error
    described = out / "datapackage.json"
    if not described.is_file():
        raise UsageError(f"{out}: no tables are there; run the queue first")
    folder = out / FOLDER
    make_private_folder(folder)
    with duckdb.connect() as database:
        return [
            _write(database, out, folder, resource)
            for resource in json.loads(described.read_bytes())["resources"]
        ]


def _write(database: Any, out: Path, folder: Path, resource: Mapping[str, Any]) -> Path:
    types = {field["name"]: TYPES[field["type"]] for field in resource["schema"]["fields"]}
    made = folder / f"{resource['name']}.parquet"
    new = folder / f".{resource['name']}.new"
    rows = database.read_csv(
        str(out / resource["path"]), header=True, dtype=types, na_values="", quotechar='"',
        escapechar='"', all_varchar=False, parallel=False,
    )  # fmt: skip
    rows.write_parquet(str(new), compression="zstd")
    new.chmod(0o600)
    new.replace(made)
    return made
