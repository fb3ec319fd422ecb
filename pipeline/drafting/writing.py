"""A draft as the YAML of a policy file, with the payer's words and page above each criterion."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import simple_icd_10_cm as icd10cm
import yaml

from pipeline.criteria import MARK
from pipeline.drafting.leaves import Node, listed, unknown
from pipeline.drafting.sections import Branch, Sections
from pipeline.drafting.words import SERVED
from pipeline.notation import dates
from pipeline.places import page_at
from pipeline.schema import Document

STANDING = (
    "A payer's policy, as it was read on the day given here. It may have changed since; the payer's"
    " own text decides."
)
IDS = {
    "treated": "prior_treatment", "concurrent": "given_with", "request_limit": "limit", "measured": "result",
    "statement": "attestation", "any_of": "one_of", "reference": "look_up", MARK: "open",
}  # fmt: skip

_CODE = re.compile(r"\b[A-Z]\d{4}\b")
_ICD = re.compile(r"\b[A-TV-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})?\b")
_EFFECTIVE = re.compile(
    r"(?:effective|last\s+(?:review|revis)\w*|revised|reviewed|version)(?:\s+date)?\s*:?\s*(?P<day>[\w/., -]{6,20})",
    re.IGNORECASE,
)


def written(name: str, document: Document, sections: Sections) -> str:
    """The policy file of that name."""
    words = sections.words
    codes = list(dict.fromkeys(_CODE.findall(document.text)))
    codes = [code for code in codes if code in words.lexicon.hcpcs]
    product = words.products[0] if words.products else MARK
    lines = [
        "# A draft from a payer's print: above each criterion stand the payer's words and their page.",
        "# What each key means: docs/write-a-policy.md. State facts in your own words.",
        *_entries({MARK: "compare each criterion with the page it names"}),
        *_entries({"id": name, "version": _version(document), "title": MARK}),
        "source:",
        *_entries({"kind": "payer_policy", "name": MARK, "standing": STANDING, "read": MARK}, 2),
        *_entries({"payers": [MARK], "products": [product]}),
        *(_entries({"hcpcs": codes}) if codes else []),
    ]
    branches = list(indications(document, sections))
    if groups := _used(sections.leaves.groups, branches):
        lines += ["", "groups:", *_entries(groups, 2)]
    lines += ["", "indications:"]
    for indication, phases in branches:
        first, *others = _entries(indication)
        lines += [f"  - {first}", *(f"    {line}" for line in others)]
        for phase, nodes in phases.items():
            lines.append(f"    {phase}:")
            for key, node in zip(_ids(nodes), nodes, strict=True):
                lines += _criterion(node, 6, {"id": key})
    return "\n".join(lines) + "\n"


def _used(
    groups: Mapping[str, Any], branches: Sequence[tuple[Any, Mapping[str, list[Node]]]]
) -> dict[str, Any]:
    """The groups that a criterion names."""
    asked = [
        n
        for _, phases in branches
        for nodes in phases.values()
        for one in nodes
        for n in one.walk()
    ]
    named = {
        name
        for node in asked
        for key in ("groups", "together", "not_together", "including")
        for name in node.keys.get(key, ())
    }
    return {name: held for name, held in groups.items() if name in named}


def _version(document: Document) -> Any:
    effective = _EFFECTIVE.search(document.text)
    day = dates.parse(effective["day"]) if effective else None
    return day.earliest if day and day.earliest and day.earliest == day.latest else MARK


def indications(
    document: Document, sections: Sections
) -> Iterator[tuple[dict[str, Any], dict[str, list[Node]]]]:
    """Each disease as the policy names it, and its criteria by phase; what names none is of each."""
    words = sections.words
    named = [branch._replace(disease=_disease_of(branch)) for branch in sections.branches]
    diseases = list(dict.fromkeys(branch.disease for branch in named if branch.disease))
    named = _of_all(named, diseases)
    for key in diseases or words.keys(document.text[:SERVED], "diagnosis")[:1] or [MARK]:
        own = [branch for branch in named if branch.disease in (key, "")]
        phases = {
            phase: [n for b in own if b.phase in (phase, "") for n in b.nodes]
            for phase in ("initial", "continuation")
            if any(branch.phase == phase for branch in own)
        }
        if "initial" not in phases:
            phases = {"initial": [unknown("what a first request must show", 1)], **phases}
        known = words.lexicon.diseases.get(key)
        printed = _codes_of(key, document, sections)
        codes = list(printed) or (list(known.icd10) if known else [MARK])
        source = f"page {next(iter(printed.values()))}" if printed else "ICD-10-CM"
        first = min((node.page for branch in own for node in branch.nodes), default=1)
        yield (
            {
                "id": key,
                "title": known.name if known else MARK,
                "diagnoses": listed([key], first),
                "codes": {"value": codes, "source": source},
            },
            phases,
        )


def _of_all(branches: list[Branch], diseases: Sequence[str]) -> list[Branch]:
    """What is said of renewals once, after the last of several diseases, is of all of them."""
    later = {branch.disease for branch in branches if branch.phase == "continuation"}
    if len(diseases) < 2 or later - {""} != {diseases[-1]}:
        return branches
    for node in (n for b in branches if b.phase == "continuation" and b.disease for n in b.nodes):
        node.doubts.append("asked for each of the diseases, or for the last alone?")
    return [b._replace(disease="") if b.phase == "continuation" else b for b in branches]


def _codes_of(disease: str, document: Document, sections: Sections) -> dict[str, int]:
    """The printed codes of a disease, with their pages."""
    found: dict[str, int] = {}
    for m in _ICD.finditer(document.text):
        known = sections.words.lexicon.disease_of_code(m[0])
        if known is not None and known.key == disease and icd10cm.is_valid_item(m[0]):
            found.setdefault(m[0], page_at(document, m.start()).number)
    return found


def _disease_of(branch: Branch) -> str:
    """The disease of a heading, else that which one of the criteria asks for."""
    asked = [n for node in branch.nodes for n in node.walk() if n.kind == "diagnosis"]
    return branch.disease or (str(asked[0].keys["diagnoses"]["value"][0]) if asked else "")


def _ids(nodes: Sequence[Node]) -> Iterator[str]:
    """An id for each, of its kind; the same kind again is numbered."""
    seen: dict[str, int] = {}
    for node in nodes:
        kinds = {part.kind for part in node.parts} if node.kind == "all_of" else set()
        kind = kinds.pop() if len(kinds) == 1 else node.kind
        key = "approval_length" if "length" in node.keys else IDS.get(kind, kind)
        seen[key] = seen.get(key, 0) + 1
        yield key if seen[key] == 1 else f"{key}_{seen[key]}"


def _criterion(node: Node, indent: int, first: Mapping[str, str]) -> Iterator[str]:
    pad = " " * indent
    if node.words:
        yield f"{pad}# page {node.page}: {' '.join(node.words.split())}"
    source = f"page {node.page}"
    held = {**first, "title": node.title, "kind": node.kind, "source": source, **node.keys}
    if node.doubts:
        held[MARK] = "; ".join(node.doubts)
    opening, *others = _entries(held)
    yield f"{pad}- {opening}"
    yield from (f"{pad}  {line}" for line in others)
    if node.parts:
        yield f"{pad}  of:"
        for part in node.parts:
            yield from _criterion(part, indent + 4, {})


def _entries(held: Mapping[str, Any], indent: int = 0) -> list[str]:
    return [f"{' ' * indent}{key}: {_flow(value)}" for key, value in held.items()]


def _flow(value: Any) -> str:
    """A value on one line."""
    text: str = yaml.safe_dump(
        value, default_flow_style=True, width=10**6, allow_unicode=True, sort_keys=False
    )
    return text.removesuffix("\n").removesuffix("\n...")
