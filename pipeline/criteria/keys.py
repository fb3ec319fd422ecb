"""The keys of policy files as tables of the guide, made from the models that check the files."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from pipeline.criteria.base import Criterion
from pipeline.criteria.courses import Continuity
from pipeline.criteria.parameters import Group
from pipeline.criteria.policy import AnyCriterion, Indication, Policy, Source

COMMON = ("id", "title", "required", "source", "when", "answers", "no_decides", "missing")
HIDDEN = {"equivalents", "branch"}


def key_tables() -> str:
    """Markdown: the file, its parts, what all criteria have, then each kind with its keys."""
    lines = ["# Keys of a policy file", ""]
    lines += ["Made from the models that check the files (`chartgap policy schema --keys`);"]
    lines += ["`docs/write-a-policy.md` is the guide.", ""]
    parts: list[type[BaseModel]] = [Policy, Source, Group, Indication, Continuity]
    for model in parts:
        lines += [f"## {model.__name__}", "", *_table(model, tuple(model.model_fields)), ""]
    lines += ["## All criteria", "", *_table(Criterion, COMMON), ""]
    for model in sorted(get_args(get_args(AnyCriterion)[0]), key=_kind):
        own = [name for name in model.model_fields if name not in COMMON]
        parts_of = f" Under `missing`: {', '.join(model.PARTS)}." if model.PARTS else ""
        lines += [f"## `{_kind(model)}`", "", f"{_summary(model)}{parts_of}", ""]
        lines += [*_table(model, tuple(own)), ""]
    return "\n".join(lines).rstrip() + "\n"


def _kind(model: type[BaseModel]) -> str:
    return ", ".join(get_args(model.model_fields["kind"].annotation))


def _summary(model: type[BaseModel]) -> str:
    return " ".join((inspect.getdoc(model) or "").split("\n\n")[0].split())


def _table(model: type[BaseModel], names: tuple[str, ...]) -> Iterator[str]:
    told = _meanings(model)
    is_one = issubclass(model, Criterion)  # its heading says its kind
    shown = [name for name in names if name not in HIDDEN and not (is_one and name == "kind")]
    if not shown:
        return
    yield "| key | holds | |"
    yield "| --- | --- | --- |"
    root = model.model_json_schema()
    own = root["$defs"][root["$ref"].rpartition("/")[2]] if "$ref" in root else root
    for name in shown:
        field = model.model_fields[name]
        schema = own["properties"].get(name, {})
        need = "needed" if field.is_required() else ""
        yield f"| `{name}` | {_type(schema, root)} | {' '.join(filter(None, (need, told.get(name, ''))))} |"


def _meanings(model: type[BaseModel]) -> dict[str, str]:
    """What the docstrings of a model and of those that it extends say of each key."""
    found: dict[str, str] = {}
    for one in reversed(model.__mro__):
        _, _, attributes = (inspect.getdoc(one) or "").partition("Attributes:")
        for m in re.finditer(r"^    (\w[\w, ]*): (.+(?:\n {8,}.+)*)", attributes, re.MULTILINE):
            for name in m[1].split(", "):
                found[name] = " ".join(m[2].split())
    return found


def _type(schema: dict[str, Any], root: dict[str, Any]) -> str:
    """A JSON Schema in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        target = root["$defs"][name]
        if name == "Threshold":
            return "`{value, unit, source}`"
        if name.startswith("Listed"):
            return f"`{{value: [...], source}}`, of {_type(target['properties']['value']['items'], root)}"
        held = target.get("properties", {})
        return "a criterion" if "missing" in held else "an alert" if "message" in held else name
    if "enum" in schema:
        return " or ".join(f"`{one}`" for one in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    ways = [one for key in ("anyOf", "oneOf") for one in schema.get(key, ())]
    if ways:
        words = [_type(one, root) for one in ways if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(words))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}), root)}"
    if schema.get("type") == "object":
        return f"by name: {_type(schema.get('additionalProperties') or {}, root)}"
    names = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
    }
    return "day" if schema.get("format") == "date" else names.get(schema.get("type", ""), "text")
