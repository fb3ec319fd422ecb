"""Every command line that the documents show is one that the program takes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from distributed.cli.dask_scheduler import main as dask_scheduler
from distributed.cli.dask_worker import main as dask_worker

from pipeline.__main__ import app

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# What stands for a value that must be one of several.
VALUES = {"STAGE": "nlp", "SECONDS": "60", "N": "2"}


def shown(path: Path, program: str) -> Iterator[str]:
    """The command lines of a program: in `code`, and lines and ExecStart= of blocks."""
    text = path.read_text("utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()]
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))
    for line in [*inline, *lines]:
        found = re.match(
            rf"(?:\s*(?:ExecStart=|command: |\$ ))?(?:\S*/)?({program}(?: .*)?)$", line
        )
        if found:
            yield re.split(r"\s+# |\s*<|\s*&&|\s+\|", found[1])[0]


COMMANDS = sorted({line for path in DOCUMENTS for line in shown(path, "chartgap")} - {"chartgap"})
DASK = sorted({line for path in DOCUMENTS for line in shown(path, "dask (?:worker|scheduler)")})
MAKE = sorted({line for path in DOCUMENTS for line in shown(path, "make")} - {"make"})


def words_of(line: str) -> list[str]:
    """Its words, with what is optional, and a value for each name of one."""
    words = shlex.split(line.replace("[", "").replace("]", "").replace("...", ""))
    return [VALUES.get(word, word) for word in words]


@pytest.mark.parametrize("line", COMMANDS)
def test_chartgap_takes_it(line: str) -> None:
    _, *words = words_of(line)
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands") and words:
        command = command.commands[words.pop(0)]
    if words:  # else the command is only named
        command.make_context("chartgap", words)


@pytest.mark.parametrize("line", DASK)
def test_dask_takes_it(line: str) -> None:
    _, which, *words = words_of(line)
    command: click.Command = dask_worker if which == "worker" else dask_scheduler
    command.make_context(which, words)


@pytest.mark.parametrize("line", MAKE)
def test_the_makefile_has_it(line: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for word in words_of(line)[1:]:
        name = word.partition("=")[0]
        assert re.search(rf"^{name} \?=" if "=" in word else rf"^{name}:", makefile, re.M), word


def test_there_are_commands_to_look_at() -> None:
    assert len(COMMANDS) > 10 and len(DASK) == 4 and len(MAKE) > 5


LINKS = sorted(
    {
        (path.relative_to(ROOT).as_posix(), target)
        for path in DOCUMENTS
        for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8"))
        if not target.startswith(("http:", "https:"))
    }
)


@pytest.mark.parametrize(("name", "target"), LINKS)
def test_what_a_document_links_to_is_there(name: str, target: str) -> None:
    file, _, anchor = target.partition("#")
    linked = (ROOT / name).parent / file if file else ROOT / name
    assert linked.is_file()
    if anchor:
        heads = re.findall(r"^#+ (.+)$", linked.read_text("utf-8"), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}


def test_every_file_that_the_map_of_the_code_names_is_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    modules = {
        path.name
        for folder in ("pipeline", "models", "tests")
        for path in (ROOT / folder).rglob("*.*")
    }
    named = re.findall(r"`(?:[\w/.-]*/)?([\w-]+\.(?:py|csv|yaml))`", text)
    assert len(named) > 50
    assert [name for name in named if name not in modules] == []
