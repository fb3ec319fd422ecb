"""YAML files as plain data with the line of every entry, and errors told at these lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipeline.criteria.parameters import suggestion
from pipeline.errors import KnowledgeError

Lines = dict[tuple[str | int, ...], int]
# No policy comes near any of these; what does is a mistake, or meant to do harm.
MAX_BYTES = 1 << 20
MAX_DEPTH = 40
MAX_ENTRIES = 50_000
MARK = "todo"
"""Key or value by which a draft says what it is not sure of; a file with one is not loaded."""


# The parser of libyaml, eight times as fast, where PyYAML was built with it.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _composed(text: str) -> yaml.Node | None:
    """The nodes of a YAML text; what is nested too deeply is refused before it is composed."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            mark = event.start_mark
            raise yaml.MarkedYAMLError(None, None, "nested too deeply", mark)  # type: ignore[arg-type]
    node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    return node


def read_yaml(path: Path) -> tuple[Any, Lines]:
    """A YAML file as plain data, and the line of every key and entry.

    Raises KnowledgeError for a missing file, one that is too large, wrong syntax, a key that stands
    twice, and entries that are nested too deeply or multiply by their aliases.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise KnowledgeError(path.name, 0, f"is larger than {MAX_BYTES >> 20} MiB")
        node = _composed(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise KnowledgeError(
            path.name, 0, f"there is no such file in {path.parent.name}/"
        ) from error
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
    return _plain(node, (), lines, path.name, yaml.SafeLoader("")), lines


def _plain(
    node: yaml.Node, at: tuple[str | int, ...], lines: Lines, name: str, loader: yaml.SafeLoader
) -> Any:
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
            found[key.value] = _plain(value, (*at, key.value), lines, name, loader)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*at, i), lines, name, loader) for i, child in enumerate(node.value)]
    try:
        return loader.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError) as error:  # a tag of no plain data, 2026-02-31, ...
        raise KnowledgeError(name, line, "is neither text, number nor date") from error


def refuse_marks(name: str, data: Any, lines: Lines) -> None:
    """Raises KnowledgeError with every line that bears the key or the value `todo`."""
    told: dict[int, str] = {}
    for place in sorted(lines, key=lambda place: (lines[place], -len(place))):
        value = _at(data, place)
        if place and place[-1] == MARK:
            told[lines[place]] = f"todo: {value}"
        elif value == MARK:
            where = ".".join(str(step) for step in place)
            told.setdefault(lines[place], f"{where}: todo")
    if told:
        reason = "; settle it and delete the mark"
        wrong = [KnowledgeError(name, line, said + reason) for line, said in told.items()]
        raise KnowledgeError(name, wrong[0].line, wrong[0].reason, tuple(wrong[1:]))


def knowledge_error(
    name: str, error: ValidationError, data: Any, lines: Lines, schema: Mapping[str, Any]
) -> KnowledgeError:
    """All of pydantic's complaints, each at its line, the first with the others.

    A misspelt key explains a missing one. `schema` is the JSON Schema of what was read: it tells
    which keys there are at a place.
    """
    told = [_told(name, one, data, lines, schema) for one in error.errors(include_url=False)]
    meant = {(one.line, key) for one in told for key in _MEANT.findall(one.reason)}
    kept = [
        one
        for one in told
        if not any(f"{key!r} is missing" in one.reason for _, key in meant)
        or not one.reason.endswith("is missing")
    ]
    unique = {(one.line, one.reason): one for one in kept or told}
    first, *others = sorted(unique.values(), key=lambda one: one.line)
    return KnowledgeError(name, first.line, first.reason, tuple(others))


_MEANT = re.compile(r"unknown key .*did you mean '(\w+)'")
_QUOTED = re.compile(r"the id '([^']+)'")


def _told(
    name: str, one: ErrorDetails, data: Any, lines: Lines, schema: Mapping[str, Any]
) -> KnowledgeError:
    place: tuple[str | int, ...] = ()
    for step in one["loc"]:  # the location also names the kinds of unions: skip these
        if (*place, step) in lines:
            place = (*place, step)
    kind = one["type"]
    reason = one["msg"].removeprefix("Value error, ")
    if kind.startswith("union_tag"):
        kinds = sorted(_kinds_at(schema, data, place))
        given = str(_at(data, place).get("kind", "")) if isinstance(_at(data, place), dict) else ""
        place = (*place, "kind") if (*place, "kind") in lines else place
        known = suggestion(given, kinds) or f"; one of {', '.join(kinds)}"
        reason = f"unknown kind {given!r}{known}" if given else "'kind' is missing"
    key = str(one["loc"][-1]) if one["loc"] else ""
    where = ".".join(str(step) for step in place)
    if kind == "extra_forbidden":
        keys = _keys_at(schema, data, place[:-1])
        near = suggestion(key, keys) or f"; here may stand {', '.join(keys)}"
        reason = f"unknown key {key!r}{near}"
    elif kind == "missing":
        reason = f"{key!r} is missing"
    quoted = _QUOTED.search(reason)
    if not place and quoted is not None:
        ids = [p for p in lines if p and p[-1] == "id" and _at(data, p) == quoted[1]]
        place = max(ids, key=lambda p: lines[p], default=())
    return KnowledgeError(name, lines.get(place, 0), f"{where}: {reason}" if where else reason)


def _at(data: Any, place: Sequence[str | int]) -> Any:
    for step in place:
        data = data[step]
    return data


def _keys_at(schema: Mapping[str, Any], data: Any, place: Sequence[str | int]) -> list[str]:
    """The keys that may stand at a place, by the JSON Schema and the kinds that the data name."""
    return [key for one in _schemas_at(schema, data, place) for key in one.get("properties", ())]


def _kinds_at(schema: Mapping[str, Any], data: Any, place: Sequence[str | int]) -> set[str]:
    found = set()
    for step in _unfolded(schema, _walked(schema, data, place), None):
        kind = step.get("properties", {}).get("kind", {})
        found |= {*kind.get("enum", ()), *([kind["const"]] if "const" in kind else [])}
    return found


def _schemas_at(
    schema: Mapping[str, Any], data: Any, place: Sequence[str | int]
) -> list[Mapping[str, Any]]:
    return _unfolded(schema, _walked(schema, data, place), _at(data, place))


def _walked(
    schema: Mapping[str, Any], data: Any, place: Sequence[str | int]
) -> list[Mapping[str, Any]]:
    """The schemas of a place, before its references and alternatives are followed."""
    here: list[Mapping[str, Any]] = [schema]
    for n, step in enumerate(place):
        below: list[Mapping[str, Any]] = []
        for one in _unfolded(schema, here, _at(data, place[:n])):
            if isinstance(step, int):
                below += [one["items"]] if "items" in one else []
            elif step in one.get("properties", {}):
                below.append(one["properties"][step])
            elif isinstance(one.get("additionalProperties"), dict):
                below.append(one["additionalProperties"])
        here = below
    return here


def _unfolded(
    schema: Mapping[str, Any], found: Iterable[Mapping[str, Any]], data: Any
) -> list[Mapping[str, Any]]:
    """References followed, alternatives taken apart; of kinds the one that the data name."""
    whole: list[Mapping[str, Any]] = []
    for one in found:
        if "$ref" in one:
            whole += _unfolded(schema, [schema["$defs"][one["$ref"].rpartition("/")[2]]], data)
        elif "oneOf" in one or "anyOf" in one:
            kind = data.get("kind") if isinstance(data, dict) else None
            named = one.get("discriminator", {}).get("mapping", {}).get(kind)
            ways = [{"$ref": named}] if named else one.get("oneOf", one.get("anyOf", ()))
            whole += _unfolded(schema, ways, data)
        else:
            whole.append(one)
    return whole
