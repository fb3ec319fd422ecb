"""What is worked out from the code and the tables once, and kept for the next start.

Kept in the user's cache folder (`$XDG_CACHE_HOME/chartgap`, else `~/.cache/chartgap`), readable by
its owner alone, under a digest of all that it rests on. Nothing of a submission is ever kept there.
Where the folder cannot be used, or holds what is damaged, everything is worked out anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import platform
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
KEPT = 12  # of each sort: several checkouts, and changes that are tried and taken back
_PACKAGE = Path(__file__).resolve().parent


def compiled(sort: str, rests_on: str, make: Callable[[], T]) -> T:
    """What `make` gives; `rests_on` names all but the code of this package that it depends on."""
    key = hashlib.sha256(f"{package_digest()}\0{rests_on}".encode()).hexdigest()
    folder = _folder()
    if folder is None:
        return make()
    path = folder / f"{sort}-{key[:32]}"
    with contextlib.suppress(Exception):  # not there, or damaged
        content = path.read_bytes()
        if hashlib.sha256(content[32:]).digest() == content[:32]:
            kept: T = pickle.loads(content[32:])  # the folder is the user's alone
            return kept
    made = make()
    with contextlib.suppress(OSError):  # no room, or no right to write
        _write(path, pickle.dumps(made))
        kept_files = sorted(folder.glob(f"{sort}-*"), key=lambda p: p.stat().st_mtime)
        for old in kept_files[:-KEPT]:
            old.unlink(missing_ok=True)
    return made


@cache
def package_digest() -> str:
    """SHA-256 of all Python files of the package, and of the version of Python."""
    total = hashlib.sha256(platform.python_version().encode())
    for path in sorted(_PACKAGE.rglob("*.py")):
        total.update(f"{path.relative_to(_PACKAGE)}\0".encode() + path.read_bytes())
    return total.hexdigest()


@cache
def _folder() -> Path | None:
    """The cache folder, None where there is none that is the user's alone."""
    try:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(base, "chartgap")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        alone = found.st_uid == os.geteuid() and not found.st_mode & 0o022
        return folder if alone and folder.is_dir() and not folder.is_symlink() else None
    except (OSError, RuntimeError):  # no home
        return None


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(content).digest() + content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
