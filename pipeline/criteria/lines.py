"""YAML files as plain data with the line of every entry, and errors told at these lines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pipeline.criteria.parameters import suggestion
from pipeline.errors import KnowledgeError

Lines = dict[tuple[str | int, ...], int]
# No policy comes near any of these; what does is a mistake, or meant to do harm.
MAX_BYTES = 1 << 20
MAX_DEPTH = 40
MAX_ENTRIES = 50_000


class _Loader(yaml.SafeLoader):
    """Refuses what is nested too deeply where it becomes so."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=mark)
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_yaml(path: Path) -> tuple[Any, Lines]:
    """A YAML file as plain data, and the line of every key and entry.

    Raises KnowledgeError for a missing file, one that is too large, wrong syntax, a key that stands
    twice, and entries that are nested too deeply or multiply by their aliases.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise KnowledgeError(path.name, 0, f"is larger than {MAX_BYTES >> 20} MiB")
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(path.name, 0, "cannot be read as UTF-8 text") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise KnowledgeError(path.name, line, f"YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise KnowledgeError(path.name, 0, "is not YAML") from error
    if node is None:
        raise KnowledgeError(path.name, 0, "is empty")
    lines: Lines = {(): 1}
    return _plain(node, (), lines, path.name), lines


def _plain(node: yaml.Node, at: tuple[str | int, ...], lines: Lines, name: str) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(at, line)
    if len(at) > MAX_DEPTH:  # by an alias of what it stands in
        raise KnowledgeError(name, line, "nested too deeply")
    if len(lines) > MAX_ENTRIES:
        raise KnowledgeError(name, line, "more entries than a policy can have")
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise KnowledgeError(name, line, "a key must be a word")
            if key.value in found:
                raise KnowledgeError(name, line, f"{key.value!r} stands twice")
            lines[(*at, key.value)] = line
            found[key.value] = _plain(value, (*at, key.value), lines, name)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*at, i), lines, name) for i, child in enumerate(node.value)]
    try:
        return yaml.SafeLoader("").construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError) as error:  # a tag of no plain data, 2026-02-31, ...
        raise KnowledgeError(name, line, "is neither text, number nor date") from error


def knowledge_error(
    name: str, error: ValidationError, lines: Lines, keys: Iterable[str]
) -> KnowledgeError:
    """One of pydantic's complaints, at its line; a misspelt key explains a missing one."""
    told = error.errors(include_url=False, include_context=False)
    first = next((one for one in told if one["type"] == "extra_forbidden"), told[0])
    place: tuple[str | int, ...] = ()
    for step in first["loc"]:  # the location also names the kinds of unions: skip these
        if (*place, step) in lines:
            place = (*place, step)
    if first["type"] == "union_tag_invalid" and (*place, "kind") in lines:
        place = (*place, "kind")
    key = str(first["loc"][-1]) if first["loc"] else ""
    reason = first["msg"].removeprefix("Value error, ")
    where = ".".join(str(step) for step in place)
    if first["type"] == "extra_forbidden":
        reason = f"unknown key {key!r}{suggestion(key, keys)}"
    elif first["type"] == "missing":
        reason = f"{key!r} is missing"
    return KnowledgeError(name, lines.get(place, 0), f"{where}: {reason}" if where else reason)
