"""Who may import whom, and whether a change can leave stale artifacts in use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import store
from pipeline.lexicon import models_dir
from tests.conftest import REQUEST, write_pdf

ROOT = Path(__file__).parents[1]

# Prints what ingest opens under models/ while it reads a packet.
WATCH = """
import sys
from pathlib import Path
models = Path(sys.argv[2]).resolve()
opened = set()
def note(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, Path)):
        path = Path(arguments[0]).resolve()
        if path.is_relative_to(models) and path.is_file():
            opened.add(path.relative_to(models).as_posix())
sys.addaudithook(note)
from pipeline.ingest import read_submission
read_submission([Path(sys.argv[1])], models)
print("\\n".join(sorted(opened)))
"""


def test_imports_keep_to_the_contracts() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_ingest_reads_only_the_tables_that_its_key_covers(tmp_path: Path) -> None:
    packet = write_pdf(tmp_path / "a.pdf", REQUEST)
    command = [sys.executable, "-c", WATCH, str(packet), str(models_dir())]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(result.stdout.split()) <= set(store.INGEST_TABLES)


def test_a_stages_code_includes_what_it_imports_but_no_other_stage() -> None:
    digests = {stage: store.code_digest(f"pipeline.{stage}") for stage in store.STAGES}
    assert len(set(digests.values())) == len(digests)
    for stage in store.STAGES[:4]:
        names = {path.as_posix() for path in store.code_files(f"pipeline.{stage}")}
        assert {"schema.py", "__init__.py", f"{stage}/__init__.py"} <= names
        others = {name.split("/")[0] for name in names if "/" in name} - {stage, "notation"}
        assert others == set()


@pytest.mark.parametrize(
    ("changed", "redone"),
    [
        ("lexicon/drugs.csv", {"nlp", "normalize", "criteria", "send", "report"}),
        ("lexicon/field_labels.csv", {"ingest", "nlp", "normalize", "criteria", "send", "report"}),
        ("policies/new.yaml", {"criteria", "send", "report"}),
        ("letters/new.txt", {"letter"}),
        ("README.md", set()),
    ],
)
def test_a_changed_table_changes_the_keys_of_the_stages_that_read_it(
    tmp_path: Path, changed: str, redone: set[str]
) -> None:
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "policies").mkdir()
    (tmp_path / "letters").mkdir()
    before = store.recipes(tmp_path, tmp_path / "policies")
    (tmp_path / changed).write_text("new", encoding="utf-8")
    after = store.recipes(tmp_path, tmp_path / "policies")
    assert {stage for stage in before if before[stage] != after[stage]} == redone


def test_a_write_that_fails_leaves_the_old_artifact(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    store.write_atomically(path, b"old")
    with pytest.raises(TypeError):
        store.write_atomically(path, "not bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["case.json"]


def test_a_command_starts_without_what_reads_pages() -> None:
    """Every command would else take as long to start as a child that reads."""
    told = "import sys, pipeline.__main__; print(*{'spacy', 'pandas', 'cv2', 'sklearn', 'simple_icd_10_cm'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
