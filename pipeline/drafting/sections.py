"""Which lists of a payer's policy are its criteria, of which disease and of which phase."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from pipeline.criteria import MARK
from pipeline.drafting.leaves import (
    OBJECTS,
    OF_AGE,
    SHARE,
    SPELLED,
    Asked,
    Leaves,
    Node,
    short,
    unknown,
    value_of,
)
from pipeline.drafting.outline import HEADING_WORDS, Item
from pipeline.drafting.words import Words, without_asides

HEAD_WORDS = 12  # of the head of a list
AT_FIRST = 25  # characters in which a line must say that it tells how long is approved
PLAIN = (
    "age",
    "request_limit",
    "concurrent",
    "prescriber",
)  # kinds that are told outside lists too

_QUANTIFIER = re.compile(
    rf"(?:(?:must\s+)?(?:meets?|have|has|satisf(?:y|ies))\s+)?(?:\b(?P<how>all|both|each|every|any|either|one|(?:at\s+least\s+|a\s+minimum\s+of\s+)?(?:{SPELLED}|\d))\b(?:\s*\(\d\))?(?P<more>\s+or\s+more)?)?\s*(?:of\s+)?(?:the\s+)?\bfollowing\b(?:\s+(?:criteria|conditions|requirements|options))?(?:\s+(?:is|are|criteria)\s+(?:met|true|satisfied))?"
    rf"|must\s+meet\s+(?P<must>all|both|any|one|either|each)\b|meets\s+(?P<meets>ALL|BOTH|ANY|ONE|EITHER)\b|\b(?P<these>all|both|any|one|either)\s+must\s+be\s+met\b",
    re.IGNORECASE,
)
_ENUM = r"(?:[A-Za-z]|\d{1,2}|[ivx]{2,5})"
_LETTERS = re.compile(rf"\s*\(\s*(?:{_ENUM}\s*(?:,\s*(?:or|and)|,|or|and)\s*)+{_ENUM}\s*\)")
_VERB = re.compile(r"\b(?:has|have|had|is|are|was|were|does|will|must|tried|trial|tested)\b", re.I)
_ENDED = re.compile(r"(?<=[.;)\]])\s+(?=[A-Z])")


class Reading(Enum):
    """What the part of the policy holds that is being read."""

    CRITERIA = "criteria"
    EXCLUSIONS = "exclusions"
    NOTHING = "nothing"


class Branch(NamedTuple):
    """Criteria of a disease ("" for all) and of a phase ("" for both)."""

    disease: str
    phase: str
    nodes: list[Node]


def _one_by_one(node: Node) -> list[Node]:
    """The parts of a list of which all are asked, as criteria by themselves."""
    listed = node.kind == "all_of" and not node.doubts and all(part.words for part in node.parts)
    return node.parts if listed else [node]


class Sections:
    """Gathers `branches` from an outline; what a heading says holds until the next one."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.leaves = Leaves(words)
        self.branches: list[Branch] = []
        self.disease, self.phase, self.reading = "", "initial", Reading.CRITERIA
        self.heading = ""
        self.last: tuple[str, str] | None = None  # the branch of the list that has just ended

    def collect(self, item: Item) -> None:
        """Gather the criteria under an item, each under its disease and phase."""
        before = self.disease, self.phase, self.reading
        heading = self._enter(item)
        if heading:
            self.last, self.heading = None, item.text
        reading = self.reading
        listed = (
            _QUANTIFIER.search(item.text) or self._is_criteria(item) or (item.joins and item.text)
        )
        opening = any(self._opens(child) for child in item.children)
        if item.children and reading is Reading.CRITERIA and listed and not opening:
            self._list(item)
        elif item.children:
            for child in item.children:
                self.collect(child)
        elif reading is Reading.EXCLUSIONS and not heading:
            self._exclusion(item)
        elif reading is Reading.CRITERIA and not heading and item.text:
            self._stray(item)
        if item.mark and item.children:  # the text of a heading may also follow it, not set in
            self.disease, self.phase = before[:2]
            self.reading = Reading.CRITERIA if reading is Reading.CRITERIA else before[2]
        elif not heading and not item.children:
            self.disease, self.phase, self.reading = before

    def _enter(self, item: Item) -> bool:
        """Heed what the head of an item says of what follows; whether it is a heading by itself."""
        text = _LETTERS.sub("", item.text)
        head = re.split(r"[.:]\s|\s\(|[.:]?$", text, maxsplit=1)[0].strip(" :")
        alone = len(head) >= len(re.sub(r"\s*\([^()]*\)", "", text).rstrip(" :.")) - 2
        short = (
            alone
            and not text.endswith(".")
            and len(head.split()) <= HEADING_WORDS
            and not self._tells_length(text)
        )
        inline = text[len(head) :][:1] == ":" or self.words.told(text[len(head) :], "length")
        if not head or not (short or item.children or inline):
            return False
        if item.children:
            head = " ".join(text.split()[:HEAD_WORDS])
        elif len(head.split()) > HEAD_WORDS:
            return False
        told = self.words.told
        if told(head, "exclusion"):
            self.reading = Reading.EXCLUSIONS
        elif told(head, "not_criteria"):
            self.reading = Reading.NOTHING
        elif phase := self._phase_of(head):
            self.phase, self.reading = phase, Reading.CRITERIA
        elif short and told(head, "criteria"):
            self.reading = Reading.CRITERIA
        elif short and told(head, "passed_over"):
            self.reading = Reading.NOTHING
        elif (short or inline) and told(head, "other_section") and not re.search(r"\d", head):
            self.reading = Reading.CRITERIA
            self.phase = "" if self.phase == "continuation" else self.phase
        else:
            return self._names_disease(item, head) and short
        self._names_disease(item, head)
        return short

    def _phase_of(self, text: str) -> str:
        """The phase that a text names first, "" if none."""
        found = [
            (m.start(), phase)
            for phase in ("continuation", "initial")
            if (m := self.words.cues[phase].search(text))
        ]
        return min(found, default=(0, ""))[1]

    def _tells_length(self, text: str) -> bool:
        return self.words.told(text, "length") and self.leaves.length(text, 0) is not None

    def _exclusion(self, item: Item) -> None:
        """What must not be so, whatever the phase."""
        node = self._leaf(item.text, item)
        if node.kind == "treated" and "groups" not in node.keys:
            node = unknown(item.text, item.page)
        denied = node.keys.keys() & {"not_together", "never", "absent"}
        if node.kind != MARK and not denied:
            node = Node("not", f"not: {node.title}", item.page, item.text, parts=[node])
            node.parts[0].words = ""
        node.doubts.append("an exclusion: is it read rightly?")
        self.branches.append(Branch(self.disease, "", [node]))

    def _names_disease(self, item: Item, head: str) -> bool:
        """Whether it is a heading that names a disease, or a list's first words do."""
        found = [name for name in self.words.names(head) if name.sort == "diagnosis"]
        taken = sum(len(re.sub(r"\W", "", head[name.start : name.end])) for name in found)
        rest = self.words.cues["severity"].sub("", head)
        letters = len(re.sub(r"\W|\d", "", rest))
        if found and letters and taken >= SHARE * letters:
            intro = bool(item.children) or not re.search(r"[a-z]\.$|;$", item.text)
            if intro and (item.children or item.text.strip(" :") == head):
                self.disease, self.reading = found[0].key, Reading.CRITERIA
                return True
        if item.children and _QUANTIFIER.search(item.text):
            named = self.words.keys(_QUANTIFIER.split(item.text)[0], "diagnosis")
            if named and self.words.told(item.text, "diagnosis"):
                self.disease = named[0]
        return False

    def _opens(self, item: Item) -> bool:
        """Whether an item of a list is a branch of its own: a phase or a disease with its list."""
        head = re.split(r"[.:(]\s", item.text, maxsplit=1)[0]
        if len(head.split()) > HEAD_WORDS:
            return False
        inside = bool(item.children) or self.words.told(item.text[len(head) :], "length")
        phase = bool(self._phase_of(head))
        saved = self.disease, self.reading
        disease = bool(item.children) and self._names_disease(item, head)
        self.disease, self.reading = saved
        return inside and (phase or disease)

    def _is_criteria(self, item: Item) -> bool:
        """Whether a heading's items are criteria, rather than lists of criteria each."""
        return (
            len(item.children) > 1
            and self.words.told(item.text, "criteria")
            and all(
                not child.children
                or (_QUANTIFIER.search(child.text) and not self._tells_length(child.text))
                for child in item.children
            )
        )

    # -------------------------------------------------------------------------- lists

    def _list(self, item: Item) -> None:
        """The criteria of a list, with what its first words ask beside it."""
        quantifier = _QUANTIFIER.search(item.text)
        intro = item.text[: quantifier.start()] if quantifier else item.text
        tree = self.tree(item, intro if self.words.told(intro, "response") else "", whole=True)
        nodes = [part for node in _one_by_one(tree) for part in _one_by_one(node)]
        if self.words.told(intro, "length") and (limit := self.leaves.length(intro, item.page)):
            nodes.append(limit)
        asked = self.words.keys(intro, "diagnosis") if self.words.told(intro, "diagnosis") else []
        if asked and not any(n.kind == "diagnosis" for node in nodes for n in node.walk()):
            nodes.insert(0, self.leaves.diagnosis(intro, asked[:1], item.page))
        self.last = self.disease, self.phase
        self.branches.append(Branch(*self.last, nodes))

    def _stray(self, item: Item) -> None:
        """A line outside all lists: only what is plainly a criterion, or says that it must be."""
        found: list[Node] = []
        if self.words.told(item.text, "exclusion"):
            self._exclusion(item)
            return
        rest = item.text.partition(". ")[2]
        condition = re.search(r"\bif\s+(?:the\s+)?(?P<what>.+)", rest or item.text)
        if self._tells_length(item.text):
            if condition:
                found.append(self._leaf(condition["what"], item))
            found += self._lengths(item)
        else:
            node = self._leaf(item.text, item)
            if node.kind == MARK and self.words.told(self.heading, "dose"):
                node = self._leaf(f"{self.heading}: {item.text}", item)
            leaves = [one for one in node.walk() if not one.parts]
            sure = all(
                one.kind in ("age", "request_limit", "concurrent", "prescriber") for one in leaves
            )
            if sure and not node.keys.get("together"):
                found.append(node)
            elif (  # what comes before any list is how to submit
                self.branches
                and self.words.told(item.text, "needed")
                and len(item.text.split()) > HEAD_WORDS // 2
            ):
                found.append(unknown(item.text, item.page))
        if found:
            here = self.disease, self.phase
            limits = all("length" in node.keys for node in found)
            self.branches.append(Branch(*((self.last or here) if limits else here), found))

    def _leaf(self, text: str, item: Item, lead: str = "") -> Node:
        return self.leaves.leaf(Asked(text, item.page, self.phase, tuple(item.notes)), lead)

    def _lengths(self, item: Item) -> list[Node]:
        """For how long is approved, here or, where both are told in one line, in each phase."""
        found = []
        for part in re.split(r"(?<=[a-z0-9])[;.,]\s+", item.text):
            if limit := self.leaves.length(part, item.page) or self.leaves.length(
                f"{item.text.partition(' ')[0]} {part}", item.page
            ):
                phase = self._phase_of(part)
                if phase and phase != self.phase:
                    self.branches.append(Branch(self.disease, phase, [limit]))
                else:
                    found.append(limit)
        return found

    def tree(self, item: Item, lead: str, *, whole: bool = False) -> Node:
        """An item with all that is under it; `lead` are the words that hold for all its parts.

        `whole`: it is a list of criteria as such; its first words ask for nothing themselves.
        """
        children = [c for c in item.children if c.text]
        limits = [
            (c, limit)
            for c in children
            if not c.children
            and self.words.told(c.text[:AT_FIRST], "length")
            and (limit := self.leaves.length(c.text, c.page))
        ]
        children = [c for c in children if not any(c is one for one, _ in limits)]
        text = _LETTERS.sub("", item.text).strip()
        for end in () if whole else _ENDED.finditer(text):
            first = self.words.cues["length"].match(text, end.end())
            if first and (limit := self.leaves.length(text[end.end() :], item.page)):
                limits.append((item, limit))
                text = text[: end.start()]
                break
        if not children:
            own = self._leaf(text, item, lead)
            return self._with(own, [limit for _, limit in limits], text, item.page)
        quantifier = _QUANTIFIER.search(text)
        stem = f"{text[: quantifier.start()]} {text[quantifier.end() :]}" if quantifier else text
        stem = stem.strip(" :,;.")
        if whole:
            stem = ""
        merged = self._merged(item, stem, quantifier, children)
        if merged is not None:
            return self._with(merged, [limit for _, limit in limits], text, item.page)
        parts = [self.tree(child, stem or lead) for child in children]
        above = None if whole else self._above(item, text, stem, quantifier, parts, lead)
        if set(item.joins) == {"and", "or"} and len(item.joins) == len(parts) - 1:
            node = self._ways(item, text, parts)
        else:
            kind, count, doubts = self._how(quantifier, item.joins, len(children))
            keys = {"count": count} if count else {}
            node = Node(kind, short(text), item.page, text, keys, doubts, parts)
            if quantifier is None and above is None and not whole:
                node.doubts.append("do the words above the list ask for something?")
        if above is not None:
            rest = parts if node.kind == "all_of" and not node.doubts else [node]
            node = Node("all_of", short(text), item.page, text, parts=[above, *rest])
        return self._with(node, [limit for _, limit in limits], text, item.page)

    def _above(
        self,
        item: Item,
        text: str,
        stem: str,
        quantifier: re.Match[str] | None,
        parts: Sequence[Node],
        lead: str,
    ) -> Node | None:
        """What the words above a list ask for beside what it holds: "Two lines, with: A; B"."""
        if quantifier is None:
            own = self._leaf(text, item, lead)
            return own if own.kind != MARK else None
        named = self.words.keys(stem, "diagnosis") if self.words.told(stem, "diagnosed") else []
        if named and not any(n.kind == "diagnosis" for part in parts for n in part.walk()):
            return self.leaves.diagnosis(stem, named, item.page)
        return None

    def _ways(self, item: Item, text: str, parts: Sequence[Node]) -> Node:
        """ "A; and B; or C; and D": and binds closer."""
        ways: list[list[Node]] = [[parts[0]]]
        for joined, part in zip(item.joins, parts[1:], strict=True):
            if joined == "or":
                ways.append([])
            ways[-1].append(part)
        grouped = [
            way[0] if len(way) == 1 else Node("all_of", short(way[0].title), way[0].page, parts=way)
            for way in ways
        ]
        doubts = ["AND and OR stand in one list: read as alternatives parted by OR"]
        return Node("any_of", short(text), item.page, text, {}, doubts, grouped)

    def _with(self, node: Node, limits: list[Node], text: str, page: int) -> Node:
        if not limits:
            return node
        if node.kind == "all_of" and not node.doubts:
            node.parts += limits
            return node
        return Node("all_of", short(text), page, "", parts=[node, *limits])

    def _how(
        self, quantifier: re.Match[str] | None, joins: Sequence[str], size: int
    ) -> tuple[str, int, list[str]]:
        """The kind of a list by its first words and the words between its items, the count, doubts."""
        said = ""
        if quantifier:
            said = (
                quantifier["how"]
                or quantifier["must"]
                or quantifier["meets"]
                or quantifier["these"]
                or ""
            ).lower()
        words = set(joins)
        if words == {"and", "or"}:
            return "all_of", 0, ["AND and OR stand in one list: which belong together?"]
        joined = {"and": "all_of", "or": "any_of"}.get(next(iter(words), ""), "")
        count = 0
        if said in ("all", "both", "each", "every"):
            kind = "all_of"
        elif said in ("any", "either", "one", "at least one", "1"):
            kind = "any_of"
        elif said:
            kind, count = (
                "at_least",
                int(value_of(re.sub(r"^(?:at\s+least|a\s+minimum\s+of)\s+", "", said))),
            )
        else:
            return (joined or "all_of"), 0, []
        if joined and kind != "at_least" and joined != kind and size > 1:
            return kind, 0, [f"the list says {said!r}, between its items stands {joins[0]!r}"]
        return kind, count, []

    def _merged(
        self, item: Item, stem: str, quantifier: re.Match[str] | None, children: Sequence[Item]
    ) -> Node | None:
        """ "Failure of two of: A, B, C" is one leaf: the list names objects of what is asked above."""
        if any(child.children for child in children):
            return None
        asks = (
            "treated",
            "failed",
            "intolerant",
            "contraindicated",
            "together",
            "prescribed",
            "diagnosis",
            "refractory",
            "tested",
        )
        if not self.words.told(stem, *asks):
            return None
        if not all(self._is_object(child.text) for child in children):
            return None
        listed = "; ".join(child.text.rstrip(" ;,.") for child in children)
        notes = [note for child in children for note in child.notes]
        said = (quantifier["how"] or "").lower() if quantifier else ""
        joining = Item(f"{stem} {listed}", item.page, item.x, notes=[*item.notes, *notes])
        node = self._leaf(joining.text, joining)
        if node.kind not in OBJECTS:
            return None
        _, count, doubts = self._how(quantifier, item.joins, len(children))
        if node.kind == "treated":
            every = said in ("all", "both", "each")
            count = count or (len(children) if every else node.keys.get("count", 1))
            if count > 1:
                node.keys |= {"count": count, "of": "groups"}
                named = [self.words.drugs(child.text) for child in children]
                node.keys["groups"] = [self.leaves.group(one, item.page) for one in named if one]
        elif said in ("all", "both", "each") and node.kind == "diagnosis":
            return None
        node.doubts += doubts
        node.words = f"{item.text} {listed}"
        return node

    def _is_object(self, text: str) -> bool:
        """Whether an item only names something: what is asked of it stands above the list."""
        plain = without_asides(text)
        asks = ("failed", "intolerant", "contraindicated", "prescribed", "promise", "response")
        if self.words.told(plain, *asks) or OF_AGE.search(plain):
            return False
        if _VERB.search(plain) or re.search(r"\d\s*(?:mg|day|week|month|year)", plain):
            return False
        return bool(self.words.names(text)) or bool(self.words.specialists(text))
