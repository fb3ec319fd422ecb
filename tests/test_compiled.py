"""What is kept for the next start: used while nothing has changed, made anew when it is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import compiled


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    compiled._folder.cache_clear()
    return tmp_path / "chartgap"


@pytest.fixture(autouse=True)
def forget() -> object:
    yield
    compiled._folder.cache_clear()


def never() -> int:
    raise AssertionError("was kept")


def test_made_once_and_again_when_what_it_rests_on_changes(folder: Path) -> None:
    assert compiled.compiled("sums", "a table", lambda: 3) == 3
    assert compiled.compiled("sums", "a table", never) == 3
    assert compiled.compiled("sums", "a changed table", lambda: 4) == 4
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


@pytest.mark.parametrize("content", [b"", b"x" * 100])
def test_what_is_damaged_is_made_anew(folder: Path, content: bytes) -> None:
    compiled.compiled("sums", "a table", lambda: 3)
    (kept,) = folder.iterdir()
    kept.write_bytes(content)
    assert compiled.compiled("sums", "a table", lambda: 5) == 5
    assert compiled.compiled("sums", "a table", never) == 5


def test_no_more_is_kept_than_needed(folder: Path) -> None:
    for number in range(compiled.KEPT + 5):
        compiled.compiled("sums", str(number), lambda: 1)
    assert len(list(folder.iterdir())) == compiled.KEPT


def test_a_folder_that_others_may_write_to_is_not_used(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    assert compiled.compiled("sums", "a table", lambda: 3) == 3
    assert list(folder.iterdir()) == []
