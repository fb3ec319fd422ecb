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


def read_yaml(path: Path) -> tuple[Any, Lines]:
    """A YAML file as plain data, and the line of every key and entry.

    Raises KnowledgeError for a missing file, wrong syntax, and a key that stands twice.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
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
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in found:
                raise KnowledgeError(name, line, f"{key.value!r} stands twice")
            lines[(*at, key.value)] = line
            found[key.value] = _plain(value, (*at, key.value), lines, name)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*at, i), lines, name) for i, child in enumerate(node.value)]
    return yaml.SafeLoader("").construct_object(node, deep=True)


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
