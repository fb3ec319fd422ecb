"""Artifacts on disk, each under a key of all that it was made from.

A key covers the code of the stage and all that the code imports, the versions of the libraries,
the tables that the stage reads, and the artifacts that it starts from. So a change that somebody
forgot to declare cannot leave a stale artifact in use.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from pipeline.compiled import compiled

ARTIFACTS = {
    "ingest": "document.json",
    "nlp": "mentions.json",
    "normalize": "case.json",
    "criteria": "gap_report.json",
    "send": "what_to_send.json",
    "letter": "request_for_information.txt",
    "letter_pdf": "request_for_information.pdf",
    "report": "gap_report.html",
}
STAGES = tuple(ARTIFACTS)

# The artifacts that a stage starts from, by the stage that makes them.
INPUTS: Mapping[str, tuple[str, ...]] = {
    "ingest": (),
    "nlp": ("ingest",),
    "normalize": ("ingest", "nlp"),
    "criteria": ("normalize",),
    "send": ("criteria",),
    "letter": ("ingest", "normalize", "criteria", "send"),
    "letter_pdf": ("letter",),
    "report": ("ingest", "normalize", "criteria", "send"),
}

# What ingest reads of models/; the stages after it may read all of it but the policies. Reading
# scans takes by far the longest, so a new row in the table of drugs must not repeat it.
INGEST_TABLES = (
    "lexicon/page_kinds.csv",
    "lexicon/field_labels.csv",
    "lexicon/sections.csv",
)

_PACKAGE = Path(__file__).parent
_REMNANT = re.compile(r"\..+\.[a-z0-9_]{8}")


class Made(NamedTuple):
    """An artifact that was made: under which key, the SHA-256 of its bytes, and at what cost.

    Attributes:
        seconds: Wall time.
        peak_mib: Highest resident memory of the process during the stage, MiB.
    """

    key: str
    digest: str
    seconds: float
    peak_mib: float


# ------------------------------------------------------------------------------ files


def submission_folder(out: Path, submission_id: str) -> Path:
    """Where the artifacts of a submission lie."""
    return out / "submissions" / submission_id


def make_private_folder(path: Path) -> None:
    """Make `path` and what is missing above it, open to the owner only, whatever the umask."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)


def write_atomically(path: Path, content: bytes, mode: int = 0o600) -> str:
    """Replace `path` durably and as a whole, open to the owner only; SHA-256 of `content`."""
    # mkstemp makes the file 0600 whatever the umask.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return hashlib.sha256(content).hexdigest()


@contextlib.contextmanager
def scratch(out: Path) -> Iterator[Path]:
    """A private folder for temporary files, gone afterwards; a killed run's is removed too."""
    folder = out.absolute() / ".scratch"
    shutil.rmtree(folder, ignore_errors=True)
    make_private_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def digest_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal; '' when there is no such file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, IsADirectoryError):
        return ""


def discard(folder: Path, since: str) -> None:
    """Remove the artifacts of the stage `since` and of those after it."""
    for stage in STAGES[STAGES.index(since) :]:
        (folder / ARTIFACTS[stage]).unlink(missing_ok=True)
    sweep_folder(folder)
    with contextlib.suppress(OSError):
        folder.rmdir()


def sweep(out: Path) -> None:
    """Remove what killed writes left; only while nobody else writes there."""
    for folder in (out, out / "records", *(out / "submissions").glob("*")):
        sweep_folder(folder)


def sweep_folder(folder: Path) -> None:
    """Remove what killed writes left in a folder."""
    for remnant in folder.glob(".*.????????"):  # as `write_atomically` names them
        if _REMNANT.fullmatch(remnant.name):
            remnant.unlink(missing_ok=True)


# ------------------------------------------------------------------------------- keys


def stage_key(recipe: str, content: str, inputs: Iterable[str]) -> str:
    """Key of an artifact: of its stage's recipe, the submission's hash and its inputs' digests."""
    return hashlib.sha256("\n".join((recipe, content, *inputs)).encode()).hexdigest()


def is_fresh(folder: Path, stage: str, key: str, made: Made | None) -> bool:
    """Whether the artifact lies there untouched and was made under `key`."""
    return made is not None and made.key == key and is_intact(folder, stage, made)


def is_intact(folder: Path, stage: str, made: Made | None) -> bool:
    """Whether the artifact that the ledger knows of lies there untouched."""
    return made is not None and made.digest == digest_of(folder / ARTIFACTS[stage])


def recipes(models: Path, policies: Path, payer: str = "") -> dict[str, str]:
    """Digest, per stage, of its code, libraries, knowledge and settings."""
    lexicon = _digest_files(models, _knowledge(models, policies))
    rules = lexicon + _digest_files(policies, sorted(policies.rglob("*.yaml")))
    knowledge = {
        "ingest": _digest_files(models, [models / name for name in INGEST_TABLES]),
        "nlp": lexicon,
        "normalize": lexicon,
        "criteria": rules + payer,
        "send": rules,
        "letter": _digest_files(
            models,
            [*models.glob("lexicon/announcements.csv"), *sorted((models / "letters").glob("*"))],
        ),
        "letter_pdf": "",
        "report": lexicon
        + _digest_without_remarks(
            sorted(path for path in policies.rglob("*.yaml") if path.parent.name != "examples")
        )
        + _digest_files(_PACKAGE, sorted((_PACKAGE / "templates").iterdir())),
    }
    libraries = _library_versions()
    return {
        stage: stage_key(code_digest(f"pipeline.{stage}"), knowledge[stage], [libraries])
        for stage in STAGES
    }


def _knowledge(models: Path, policies: Path) -> Iterator[Path]:
    """All tables and weights under `models`, without policies and explanations."""
    for path in sorted(models.rglob("*")):
        # What training learns from, and letters, which no stage but theirs reads.
        if "marked" in path.parts or path.is_relative_to(models / "letters"):
            continue
        is_policy = path.is_relative_to(models / "policies") or path.is_relative_to(policies)
        if path.is_file() and path.suffix != ".md" and not is_policy:
            yield path


def _digest_files(root: Path, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(root)}\0{digest_of(path)}\n".encode())
    return digest.hexdigest()


def _digest_without_remarks(paths: Iterable[Path]) -> str:
    """Digest of YAML files that stays when only lines of remarks change."""
    digest = hashlib.sha256()
    for path in paths:
        for line in path.read_bytes().splitlines():
            if not line.lstrip().startswith(b"#") and line.strip():
                digest.update(line + b"\n")
    return digest.hexdigest()


@cache
def code_digest(module: str) -> str:
    """Digest of a module (a package: with all its files) and of the project code it imports."""
    return _digest_files(_PACKAGE, (_PACKAGE / path for path in code_files(module)))


def code_files(module: str) -> list[Path]:
    """The files that `code_digest` covers, relative to the package."""
    imports = _all_imports()
    found: set[Path] = set()
    queue = ["pipeline", module]
    while queue:
        new = set(_files_of(queue.pop())) - found
        found |= new
        queue.extend(name for path in new for name in imports.get(path, ()))
    return sorted(path.relative_to(_PACKAGE) for path in found)


def _files_of(module: str) -> list[Path]:
    """Files of a module; empty for what is no module of the project."""
    if module == "pipeline":
        return [_PACKAGE / "__init__.py"]
    path = _PACKAGE.joinpath(*module.split(".")[1:])
    if path.is_dir():
        return sorted(p for p in path.rglob("*") if p.is_file() and p.suffix != ".pyc")
    source = path.with_suffix(".py")
    return [source] if source.is_file() else []


@cache
def _all_imports() -> dict[Path, list[str]]:
    """What each Python file of the package imports of it."""
    return compiled(
        "imports", str(_PACKAGE), lambda: {p: _imports(p) for p in sorted(_PACKAGE.rglob("*.py"))}
    )


def _imports(path: Path) -> list[str]:
    """Names in the project that a file imports, at whatever depth."""
    names = []
    queue: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while queue:
        node = queue.pop()
        # No expression holds an import: to look into all of them takes as long as to parse.
        queue += [n for n in ast.iter_child_nodes(node) if not isinstance(n, ast.expr)]
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return [name for name in names if name.startswith("pipeline.")]


@cache
def _library_versions() -> str:
    """Versions of Python and of the libraries that pyproject.toml names, as installed."""
    versions = [f"python {platform.python_version()}"]
    with contextlib.suppress(metadata.PackageNotFoundError):
        for requirement in metadata.requires("chartgap") or []:
            if "extra ==" not in requirement:
                name = requirement.partition("==")[0]
                versions.append(f"{name} {metadata.version(name)}")
    return ", ".join(sorted(versions))
