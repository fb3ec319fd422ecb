"""A payer's policy as printed -> a draft in the policy language, for a person to finish.

The outline gives the tree; a leaf is recognised by what it names (drugs, tests, diseases,
specialties, numbers) and by the cues of `models/drafting.csv`. Whatever is not sure bears the key
or the value `todo`, and so does every draft as a whole: no file with such a mark is ever loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import simple_icd_10_cm as icd10cm
import yaml

from pipeline.errors import UsageError
from pipeline.ingest import read_submission
from pipeline.lexicon import DERIVED_FINDINGS, Lexicon, load_lexicon, models_dir, read_table
from pipeline.nlp.findings import load_findings
from pipeline.notation import dates
from pipeline.notation.matches import compiled
from pipeline.notation.numbers import NUMBER, number
from pipeline.notation.results import RATIO, UNIT
from pipeline.outline import Item, outline
from pipeline.schema import Document

TODO = "todo"
HEAD_WORDS, HEADING_WORDS = 12, 10
LONGEST_NAME = 7  # words
STATED = 0.2  # of a text, what the words of a finding must be of it
SHARE = 0.5  # of the letters of a heading that the name of a disease takes up
AT_FIRST = 25  # characters in which a line must say that it tells how long is approved
SERVED = 200  # characters of a policy's beginning that name what it is about

Threshold = dict[str, Any]


class Name(NamedTuple):
    """A name of the lexicon in a text: `drug`, `drug class`, `analyte` or `diagnosis`, and its key."""

    start: int
    end: int
    sort: str
    key: str


@dataclass
class Node:
    """A criterion of the draft.

    Attributes:
        keys: What it holds beside kind, title and source.
        words: As printed; shown above it.
        doubts: What a person must settle.
    """

    kind: str
    title: str
    page: int
    words: str = ""
    keys: dict[str, Any] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    parts: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """Itself and its parts at any depth."""
        yield self
        for part in self.parts:
            yield from part.walk()


def draft(path: Path, name: str, models: Path | None = None) -> str:
    """The draft of a payer's PDF as the YAML of a policy file of that name.

    Raises:
        DocumentError: If the file cannot be read.
        UsageError: If it is no PDF, or a page has no text layer.
    """
    document = read_submission([path])
    if document.files[0].kind != "pdf":
        raise UsageError(f"{path.name}: is no PDF")
    scanned = [str(page.number) for page in document.pages if page.origin == "ocr"]
    if scanned:
        told = f"page{'s' if scanned[1:] else ''} {', '.join(scanned)}"
        raise UsageError(f"{path.name}: {told}: a picture without text; a misread number would not be seen")  # fmt: skip
    drafter = _Drafter(document, models_dir(models))
    drafter.collect(outline(document))
    if not drafter.branches:
        raise UsageError(f"{path.name}: holds no list of criteria")
    return drafter.written(name)


# ------------------------------------------------------------------------------ cues


@cache
def _cues(models: Path) -> Mapping[str, re.Pattern[str]]:
    path = models / "drafting.csv"
    return {row["cue"]: compiled(path, line, row["pattern"]) for line, row in read_table(path)}


_SPELLED = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_COUNTED = rf"(?:{NUMBER}|(?:{_SPELLED})(?:\s*\(\d+\))?)"
_LENGTH = re.compile(
    rf"(?P<n>{_COUNTED})[\s-]*(?:consecutive\s+|full\s+|calendar\s+)?(?P<unit>day|week|month|year)s?\b(?!\s+(?:of\s+age|old))(?!-old)",
    re.IGNORECASE,
)
_EVERY = re.compile(
    rf"(?:every|each|per|q)\s*(?P<n>{_COUNTED})?[\s-]*(?P<unit>days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    rf"(?P<n>{NUMBER})\s*(?P<unit>mg|mcg|\u00b5g|g|grams?|units?|iu|ml|meq)(?P<per>\s*(?:/|per)\s*(?:kg|m2|m\u00b2))?(?P<day>\s*(?:/|per\s+)\s*(?:day|d)\b|\s+(?:daily|a\s+day|once\s+daily)\b)?(?![A-Za-z/])",
    re.IGNORECASE,
)
_PACKS = re.compile(
    rf"(?P<n>{_COUNTED})\s*(?P<unit>doses?|infusions?|injections?|vials?|syringes?|pens?|tablets?|capsules?|kits?|cartons?)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"(?P<n>\b(?:{_SPELLED}|[2-9])\b)(?:\s*\(\d\))?(?:\s+or\s+more|\s+different|\s+other|\s+prior|\s+previous)*(?!\s*(?:[-x\u00d7%/.]|\d|times|days?|weeks?|months?|years?|mg|g\b|mcg|hours?|points?))",
    re.IGNORECASE,
)
_AGE = re.compile(
    rf"(?P<before>\u2265|>=?|\u2264|<=?|(?:greater|older|more)\s+than(?:\s+or\s+equal\s+to)?|(?:less|younger|fewer)\s+than(?:\s+or\s+equal\s+to)?|at\s+least|under|below|over|between|up\s+to|from)?\s*"
    rf"(?P<n>{_COUNTED})(?:\s*(?:years?|months?))?(?:\s*(?P<to>to|through|-|\u2013|and)\s*(?P<short><|less\s+than|under)?\s*(?P<m>\d+))?[\s-]*(?P<unit>years?|yrs?|months?)[\s-]*(?:of\s+age|old)?(?:\s*(?:\(\w+\)\s*)?(?:and|or)\s+(?P<after>older|above|over|greater|up|younger|under|less|below))?",
    re.IGNORECASE,
)
_OF_AGE = re.compile(r"\bage[ds]?\b|\byears?\s+old\b|\bor\s+older\b|\bor\s+younger\b|\badults?\b", re.IGNORECASE)  # fmt: skip
_BOUNDS = {
    "at_least": r"\u2265|>\s*=|(?:greater|more|higher)\s+than\s+or\s+equal\s+to|at\s+or\s+above|at\s+least|(?:a\s+)?minimum\s+of|no(?:t)?\s+(?:less|fewer|lower)\s+than",
    "at_most": r"\u2264|<\s*=|(?:less|fewer|lower)\s+than\s+or\s+equal\s+to|at\s+or\s+below|at\s+most|(?:a\s+)?maximum\s+of|no(?:t)?\s+(?:more|greater|higher)\s+than|(?:does\s+|do\s+|must\s+)?not\s+(?:to\s+)?exceed(?:ing)?|up\s+to",
    "above": r">|(?:greater|more|higher)\s+than|over|above|exceed(?:s|ing)?",
    "under": r"<|(?:less|fewer|lower)\s+than|below|under",
}
_RESULT = re.compile(
    "(?:"
    + "|".join(f"(?P<{key}>{pattern})" for key, pattern in _BOUNDS.items())
    + rf")?\s*\b(?P<n>{NUMBER})(?:\s*(?:-|\u2013|to)\s*(?P<m>{NUMBER}))?(?:\s*(?P<unit>{UNIT}|%|[A-Za-z]*\s*/\s*[A-Za-z\u00b5][A-Za-z0-9]*))?(?:\s*(?:points?\s+)?(?:or|and)\s+(?P<after>higher|greater|more|above|older|less|lower|fewer|below))?",
    re.IGNORECASE,
)
_TIMES = re.compile(
    rf"(?P<n>{NUMBER})\s*(?:x|\u00d7|times)\s*(?:the\s+)?(?:ULN|upper\s+limits?)", re.IGNORECASE
)
_QUANTIFIER = re.compile(
    rf"(?:(?:must\s+)?(?:meets?|have|has|satisf(?:y|ies))\s+)?(?:\b(?P<how>all|both|each|every|any|either|one|(?:at\s+least\s+|a\s+minimum\s+of\s+)?(?:{_SPELLED}|\d))\b(?:\s*\(\d\))?(?P<more>\s+or\s+more)?)?\s*(?:of\s+)?(?:the\s+)?\bfollowing\b(?:\s+(?:criteria|conditions|requirements|options))?(?:\s+(?:is|are|criteria)\s+(?:met|true|satisfied))?"
    rf"|must\s+meet\s+(?P<must>all|both|any|one|either|each)\b|meets\s+(?P<meets>ALL|BOTH|ANY|ONE|EITHER)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(
    r"\s*\(\s*(?:[A-Za-z0-9]{1,4}\s*(?:,|or|and|,\s*(?:or|and))\s*)+[A-Za-z0-9]{1,4}\s*\)"
)
_ONLY_FOR = re.compile(r"^(?:for|if|in|when)\s+(?P<whom>[^:,;]{2,60}?)\s*[:,]\s*", re.IGNORECASE)
_ASIDE = re.compile(r"\((?P<round>[^()]*)\)|\[(?P<square>[^\[\]]*)\]")
_TOKEN = re.compile(r"[A-Za-z0-9](?:[\w'\u2019/+-]*\w|\.(?=\d)|)*")
_CODE = re.compile(r"\b[A-Z]\d{4}\b")
_ICD = re.compile(r"\b[A-TV-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})?\b")
_EFFECTIVE = re.compile(
    r"(?:effective|last\s+(?:review|revis)\w*|revised|reviewed|version)(?:\s+date)?\s*:?\s*(?P<day>[\w/., -]{6,20})",
    re.IGNORECASE,
)
_VERB = re.compile(r"\b(?:has|have|had|is|are|was|were|does|will|must|tried|trial|tested)\b", re.I)
_ENDED = re.compile(r"(?<=[.;)\]])\s+(?=[A-Z])")
_HEADERS = {"treated": "prior_treatment", "concurrent": "not_with", "request_limit": "limit", "measured": "result", "statement": "attestation", "any_of": "one_of", "reference": "look_up"}  # fmt: skip
_OBJECTS = ("treated", "concurrent", "diagnosis", "prescriber", "serology", "refractory_to")


def _value(printed: str) -> float | int:
    found = number(printed.split("(")[0]) or 0.0
    return int(found) if found == int(found) else found


def _plural(unit: str) -> str:
    return unit.lower().rstrip("s") + "s"


# ------------------------------------------------------------------------------ drafting


class _Drafter:
    """What is gathered of one policy, and the tables by which it is read."""

    def __init__(self, document: Document, models: Path) -> None:
        self.text = document.text
        self.lexicon: Lexicon = load_lexicon(models)
        self.cues = _cues(models)
        self.models = models
        path = models / "lexicon" / "specialties.csv"
        self.specialties = [
            (row["specialty"], compiled(path, line, row["pattern"]))
            for line, row in read_table(path)
        ]
        self.products = self._products()
        self.groups: dict[tuple[Any, ...], tuple[str, dict[str, Any]]] = {}
        self.branches: list[tuple[str, str, list[Node]]] = []  # disease, phase, criteria
        self.disease, self.phase, self.read = "", "initial", True
        self.last: tuple[str, str] | None = None  # the branch of the list that has just ended

    def told(self, cue: str, text: str) -> bool:
        """Whether the text has words of that cue."""
        return self.cues[cue].search(text) is not None

    # -------------------------------------------------------------------------- names

    def names(self, text: str) -> list[Name]:
        """The names of the lexicon in a text, by start; a longer one hides those inside it."""
        tokens = list(_TOKEN.finditer(text))
        found: list[Name] = []
        for size in range(min(LONGEST_NAME, len(tokens)), 0, -1):
            for at in range(len(tokens) - size + 1):
                start, end = tokens[at].start(), tokens[at + size - 1].end()
                if any(name.start < end and start < name.end for name in found):
                    continue
                if named := self._named(text[start:end]):
                    found.append(Name(start, end, *named))
        return sorted(found)

    def _named(self, printed: str) -> tuple[str, str] | None:
        for said in (printed, printed.removesuffix("s")):
            if (drug := self.lexicon.drug(said)) and not drug.ambiguous:
                return "drug", drug.ingredient
            if drug_class := self.lexicon.drug_class(said):
                return "drug class", drug_class.drug_class
            if test := self.lexicon.lab(said):
                return "analyte", test.analyte
            disease = self.lexicon.disease(said)
            if disease and disease.group not in ("symptom", "health_status"):
                return "diagnosis", disease.key
        return None

    def keys(self, text: str, *sorts: str) -> list[str]:
        """The keys of the names of these sorts, each once."""
        return list(dict.fromkeys(name.key for name in self.names(text) if name.sort in sorts))

    def _products(self) -> list[str]:
        drugs = self.keys(self.text[:SERVED], "drug")
        return drugs[:1] or self.keys(self.text, "drug")[:1]

    # -------------------------------------------------------------------------- sections

    def collect(self, item: Item) -> None:
        """Gather the criteria under an item, each under its disease and phase."""
        before = self.disease, self.phase, self.read
        heading = self._enter(item)
        hard = not self.read
        if heading:
            self.last = None
        quantifier = _QUANTIFIER.search(item.text)
        if item.children and not hard and (quantifier or self._is_criteria(item)):
            if any(self._opens(child) for child in item.children):
                for child in item.children:
                    self.collect(child)
            else:
                self._list(item)
        elif item.children:
            for child in item.children:
                self.collect(child)
        elif not hard and not heading and item.text:
            self._stray(item)
        if item.mark and item.children:  # the text of a heading may also follow it, not set in
            self.disease, self.phase = before[:2]
            self.read = before[2] or not hard

    def _enter(self, item: Item) -> bool:
        """Heed what a heading says of all that follows; whether it is one."""
        text = _LETTERS.sub("", item.text)
        head = re.split(r"[.:(]\s|[.:(]?$", text, maxsplit=1)[0].strip(" :")
        words = len(head.split())
        if not words or words > HEAD_WORDS:
            return self._names_disease(item, "")
        short = words <= HEADING_WORDS and (len(head) >= len(text.rstrip(" :.")) - 2)
        whole = short or bool(item.children) or self.told("length", text[len(head) :])
        if whole and self.told("not_criteria", head):
            self.read = False
            return True
        if whole and self.told("continuation", head):
            self.phase, self.read = "continuation", True
        elif whole and self.told("initial", head):
            self.phase, self.read = "initial", True
        elif short and self.told("criteria", head):
            self.read = True
        elif short and self.told("passed_over", head) and not item.children:
            self.read = False
            return True
        elif short and self.told("passed_over", head) and not self.told("criteria", text):
            self.read = False
            return True
        elif short and self.told("other_section", head) and not self._numbers(head):
            self.read = True
            if self.phase == "continuation":
                self.phase = ""
        else:
            return self._names_disease(item, head)
        self._names_disease(item, head)
        return short

    def _numbers(self, text: str) -> bool:
        return bool(re.search(r"\d", text))

    def _names_disease(self, item: Item, head: str) -> bool:
        """Whether it is a heading that names a disease, or a list's first words do."""
        found = [name for name in self.names(head) if name.sort == "diagnosis"]
        taken = sum(len(re.sub(r"\W", "", head[name.start : name.end])) for name in found)
        rest = self.cues["severity"].sub("", head)
        letters = len(re.sub(r"\W|\d", "", rest))
        if found and letters and taken >= SHARE * letters:
            intro = bool(item.children) or not re.search(r"[a-z]\.$|;$", item.text)
            if intro and (item.children or item.text.strip(" :") == head):
                self.disease, self.read = found[0].key, True
                return True
        if item.children and _QUANTIFIER.search(item.text):
            named = self.keys(_QUANTIFIER.split(item.text)[0], "diagnosis")
            if named and self.told("diagnosis", item.text):
                self.disease = named[0]
        return False

    def _opens(self, item: Item) -> bool:
        """Whether an item of a list is a branch of its own: a phase or a disease with its list."""
        head = re.split(r"[.:(]\s", item.text, maxsplit=1)[0]
        if len(head.split()) > HEAD_WORDS:
            return False
        inside = bool(item.children) or self.told("length", item.text[len(head) :])
        phase = self.told("continuation", head) or self.told("initial", head)
        saved = self.disease, self.read
        disease = bool(item.children) and self._names_disease(item, head)
        self.disease, self.read = saved
        return inside and (phase or disease)

    def _is_criteria(self, item: Item) -> bool:
        return self.told("criteria", item.text) and all(
            not child.children or _QUANTIFIER.search(child.text) for child in item.children
        )

    # -------------------------------------------------------------------------- lists

    def _list(self, item: Item) -> None:
        """The criteria of a list, with what its first words ask beside it."""
        nodes: list[Node] = []
        quantifier = _QUANTIFIER.search(item.text)
        intro = item.text[: quantifier.start()] if quantifier else item.text
        tree = self.tree(item, intro if self.told("response", intro) else "", whole=True)
        if tree.kind == "all_of" and not tree.doubts:
            nodes += tree.parts
        else:
            nodes.append(tree)
        # An inner list of a heading "must have": its parts are asked one by one too.
        nodes = [part for node in nodes for part in (node.parts if node.kind == "all_of" and not node.doubts and all(p.words for p in node.parts) else [node])]  # fmt: skip
        if self.told("length", intro) and (limit := self._length(intro, item.page)):
            nodes.append(limit)
        asked = self.keys(intro, "diagnosis") if self.told("diagnosis", intro) else []
        if asked and not any(n.kind == "diagnosis" for node in nodes for n in node.walk()):
            nodes.insert(0, self._diagnosis(intro, asked[:1], item.page))
        self.last = self.disease, self.phase
        self.branches.append((*self.last, nodes))

    def _stray(self, item: Item) -> None:
        """A line outside all lists: only what is plainly a criterion, or says that it must be."""
        found: list[Node] = []
        head, _, rest = item.text.partition(". ")
        condition = re.search(r"\bif\s+(?:the\s+)?(?P<what>.+)", rest or item.text)
        if self.told("length", item.text) and (limit := self._length(item.text, item.page)):
            found.append(limit)
            if condition:
                found.insert(0, self.leaf(condition["what"], "", item))
        else:
            node = self.leaf(item.text, "", item)
            leaves = [one for one in node.walk() if not one.parts]
            sure = all(one.kind in ("age", "request_limit", "concurrent", "prescriber") for one in leaves)  # fmt: skip
            if sure and not node.keys.get("together"):
                found.append(node)
            elif self.told("needed", item.text) and len(item.text.split()) > HEAD_WORDS // 2:
                if self.branches:  # what comes before any list is how to submit
                    found.append(self._unknown(item.text, item.page))
        if found:
            here = self.disease, self.phase
            limits = all("length" in node.keys for node in found)
            self.branches.append((*((self.last or here) if limits else here), found))

    def tree(self, item: Item, lead: str, *, whole: bool = False) -> Node:
        """An item with all that is under it; `lead` are the words that hold for all its parts.

        `whole`: it is a list of criteria as such; its first words ask for nothing themselves.
        """
        children = [c for c in item.children if c.text]
        limits = [
            (c, limit)
            for c in children
            if not c.children
            and self.told("length", c.text[:AT_FIRST])
            and (limit := self._length(c.text, c.page))
        ]
        children = [c for c in children if not any(c is one for one, _ in limits)]
        text = _LETTERS.sub("", item.text).strip()
        for end in _ENDED.finditer(text):
            first = self.cues["length"].match(text, end.end())
            if first and (limit := self._length(text[end.end() :], item.page)):
                limits.append((item, limit))
                text = text[: end.start()]
                break
        if not children:
            own = self.leaf(text, lead, item)
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
        if quantifier is None and not whole:
            own = self.leaf(text, lead, item)
            if own.kind != TODO:
                parts.insert(0, own)
        kind, count, doubts = self._how(quantifier, item.joins, len(children))
        node = Node(kind, _short(text), item.page, text, {"count": count} if count else {}, doubts, parts)  # fmt: skip
        return self._with(node, [limit for _, limit in limits], text, item.page)

    def _with(self, node: Node, limits: list[Node], text: str, page: int) -> Node:
        if not limits:
            return node
        if node.kind == "all_of" and not node.doubts:
            node.parts += limits
            return node
        return Node("all_of", _short(text), page, "", parts=[node, *limits])

    def _how(
        self, quantifier: re.Match[str] | None, joins: Sequence[str], size: int
    ) -> tuple[str, int, list[str]]:
        """The kind of a list by its first words and the words between its items, the count, doubts."""
        said = ""
        if quantifier:
            said = (quantifier["how"] or quantifier["must"] or quantifier["meets"] or "").lower()
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
            kind, count = "at_least", int(_value(re.sub(r"^(?:at\s+least|a\s+minimum\s+of)\s+", "", said)))  # fmt: skip
        else:
            return (joined or "all_of"), 0, []
        if joined and kind != "at_least" and joined != kind and size > 1:
            return kind, 0, [f"the list says {said!r}, between its items stands {joins[0]!r}"]
        return kind, count, []

    def _merged(
        self, item: Item, stem: str, quantifier: re.Match[str] | None, children: Sequence[Item]
    ) -> Node | None:
        """ "Failure of two of: A, B, C" is one leaf: the list names objects of what is asked above."""
        if not quantifier or any(child.children for child in children):
            return None
        asks = ("treated", "failed", "intolerant", "contraindicated", "together", "prescribed", "diagnosis", "refractory", "tested")  # fmt: skip
        if not any(self.told(cue, stem) for cue in asks):
            return None
        if not all(self._is_object(child.text) for child in children):
            return None
        listed = "; ".join(child.text.rstrip(" ;,.") for child in children)
        notes = [note for child in children for note in child.notes]
        said = (quantifier["how"] or "").lower()
        joining = Item(f"{stem} {listed}", item.page, item.x, notes=[*item.notes, *notes])
        node = self.leaf(joining.text, "", joining)
        if node.kind not in _OBJECTS:
            return None
        _, count, doubts = self._how(quantifier, item.joins, len(children))
        if node.kind == "treated":
            every = said in ("all", "both", "each")
            if count or every:
                node.keys["count"] = count or len(children)
        elif said in ("all", "both", "each") and node.kind == "diagnosis":
            return None
        node.doubts += doubts
        node.words = f"{item.text} {listed}"
        return node

    def _is_object(self, text: str) -> bool:
        """Whether an item only names something: what is asked of it stands above the list."""
        plain = _ASIDE.sub("", text)
        asks = ("failed", "intolerant", "contraindicated", "prescribed", "promise", "response")
        if any(self.told(cue, plain) for cue in asks) or _OF_AGE.search(plain):
            return False
        if _VERB.search(plain):
            return False
        return bool(self.names(text)) or bool(self._specialists(text))

    # -------------------------------------------------------------------------- leaves

    def leaf(self, text: str, lead: str, item: Item) -> Node:
        """The criterion that a text asks for; kind `todo` where it is not recognised."""
        text = " ".join(text.split()).rstrip(" ;,.")
        only = _ONLY_FOR.match(text)
        asked = text[only.end() :] if only else text
        page = item.page
        node = self._recognised(asked, item.notes, page)
        if node is None and lead:
            node = self._recognised(f"{lead} {asked}", item.notes, page)
            if node is not None and node.kind not in (*_OBJECTS, "lines", "response"):
                node = None
            if node is not None and node.kind == "diagnosis" and not self.told("diagnosed", lead):
                node = None
        if node is None:
            return self._unknown(f"{lead} {text}".strip() if lead else text, page)
        node.words = text
        if only:
            node.doubts.append(f"asked only where: {only['whom']} (see `when`)")
        return node

    def _unknown(self, words: str, page: int) -> Node:
        return Node(TODO, TODO, page, words)

    def _recognised(self, text: str, notes: Sequence[str], page: int) -> Node | None:
        for read in (
            self._limit,
            self._age,
            self._prescriber,
            self._promise,
            self._concurrent,
            self._lines,
            self._refractory,
            self._measured,
            self._treated,
            self._response,
            self._disease,
            self._score,
            self._state,
            self._reference,
        ):
            node = read(text, notes, page)
            if node is not None:
                return node
        return None

    def _threshold(self, value: float, unit: str, page: int) -> Threshold:
        return {"value": value, "unit": unit, "source": f"page {page}"}

    def _listed(self, values: list[str], page: int) -> dict[str, Any]:
        return {"value": values, "source": f"page {page}"}

    def _length(self, text: str, page: int) -> Node | None:
        cue = self.cues["length"].search(text)
        length = _LENGTH.search(text, cue.start()) if cue else None
        if cue is None or length is None:
            return None
        between = text[cue.end() : length.start()]
        if len(between.split()) > HEADING_WORDS or self.told("within", text[: length.start()][-25:]):  # fmt: skip
            return None
        n, unit = _value(length["n"]), _plural(length["unit"])
        keys = {"length": self._threshold(n, unit, page)}
        return Node("request_limit", f"at most {n} {unit} asked for", page, text, keys)

    def _limit(self, text: str, notes: Sequence[str], page: int) -> Node | None:
        """A dose, an interval and a quantity that the request may not pass."""
        others = [d for d in self.keys(text, "drug", "drug class") if d not in self.products]
        if not self.told("dose", text) or others:
            return self._length(text, page) if not others else None
        found: list[Node] = []
        amount = _AMOUNT.search(text)
        if amount:
            unit = {"gram": "g", "grams": "g", "\u00b5g": "mcg"}.get(amount["unit"].lower(), amount["unit"])  # fmt: skip
            per = re.sub(r"\s|per", "", amount["per"] or "").replace("\u00b2", "2").strip("/")
            unit += (f"/{per}" if per else "") + ("/d" if amount["day"] else "")
            value = _value(amount["n"])
            keys = {"dose": self._threshold(value, unit, page)}
            found.append(Node("request_limit", f"at most {value} {unit} for one time", page, "", keys))  # fmt: skip
        elif packs := _PACKS.search(text):
            value = _value(packs["n"])
            keys = {"quantity": self._threshold(value, packs["unit"].lower(), page)}
            found.append(Node("request_limit", f"at most {value} {packs['unit']}", page, "", keys))
        every = _EVERY.search(text)
        if every and found:
            value, unit = _value(every["n"] or "1"), _plural(every["unit"])
            keys = {"every": self._threshold(value, unit, page)}
            found.append(Node("request_limit", f"{value} {unit} or more apart", page, "", keys))
        if not found:
            return self._length(text, page)
        if len(_AMOUNT.findall(text)) > 1:
            found[0].doubts.append("more than one amount is printed")
        if found[1:]:
            return Node("all_of", "dose and interval within the limit", page, text, parts=found)
        found[0].words = text
        return found[0]

    def _age(self, text: str, notes: Sequence[str], page: int) -> Node | None:
        if not _OF_AGE.search(text):
            return None
        keys: dict[str, Threshold] = {}
        for m in _AGE.finditer(text):
            near = text[max(0, m.start() - 12) : m.end() + 10]
            if not (m["before"] or m["after"] or m["to"] or _OF_AGE.search(near)):
                continue
            before, after = (m["before"] or "").lower(), (m["after"] or "").lower()
            unit, n = ("months" if m["unit"][0].lower() == "m" else "years"), _value(m["n"])
            inclusive = "\u2264" in before or "equal" in before or "=" in before or before == "up to"  # fmt: skip
            upper = before.startswith(("<", "\u2264", "less", "younger", "fewer", "under", "below", "up"))  # fmt: skip
            if upper or after in ("younger", "under", "less", "below"):
                keys["end"] = self._threshold(n + (inclusive or bool(after)), unit, page)
            elif before in (">", "older than", "more than", "greater than", "over"):
                keys["start"] = self._threshold(n + 1, unit, page)
            else:
                keys.setdefault("start", self._threshold(n, unit, page))
            if m["m"] and not upper:
                keys["end"] = self._threshold(_value(m["m"]) + (not m["short"]), unit, page)
        if not keys:
            return None
        ages = ", ".join(
            f"{'from' if key == 'start' else 'under'} {one['value']} {one['unit']}"
            for key, one in keys.items()
        )
        return Node("age", f"age {ages}", page, text, dict(keys))

    def _specialists(self, text: str) -> list[str]:
        found: list[tuple[int, int, str]] = []
        for key, pattern in self.specialties:
            for m in re.finditer(pattern, text):
                if not any(start < m.end() and m.start() < end for start, end, _ in found):
                    found.append((*m.span(), key))
        return list(dict.fromkeys(key for _, _, key in sorted(found)))

    def _prescriber(self, text: str, notes: Sequence[str], page: int) -> Node | None:
        found = self._specialists(text)
        cue = self.told("prescribed", text)
        if not cue or not (found or re.search(r"specialist|consultation\s+with", text, re.I)):
            return None
        consulted = self.told("consultation", text)
        keys: dict[str, Any] = {"specialties": self._listed(found or [TODO], page)}
        if consulted:
            keys["consultation"] = True
        title = " or ".join(found).replace("_", " ") or "specialist"
        node = Node("prescriber", f"{title}{', or in consultation' * consulted}", page, text, keys)
        if not found:
            node.doubts.append("the specialty is not in models/lexicon/specialties.csv")
        return node

    def _promise(self, text: str, notes: Sequence[str], page: int) -> Node | None:
        cue = self.cues["promise"].search(text)
        if cue is None or cue.start() > len(text) / 2:
            return None
        doubts = ["which finding is it read as?"]
        return Node("statement", "stated by the prescriber", page, text, {"findings": [TODO]}, doubts)  # fmt: skip

    # ------------------------------------------------------------------ leaves of drugs

    def _named_drugs(self, text: str, notes: Sequence[str]) -> tuple[list[str], list[str], list[str]]:  # fmt: skip
        """Ingredients, classes and doubts: a class counts before its examples."""
        whole = " ".join([text, *(note for note in notes if self.told("examples", note))])
        names = [n for n in self.names(whole) if n.sort in ("drug", "drug class")]
        names = [n for n in names if n.key not in self.products]
        marks = [m.end() for m in self.cues["examples"].finditer(whole)]

        closed = [n for n in names if not self._in_example(whole, n, marks)]
        given = [n for n in names if n not in closed]
        classes = list(dict.fromkeys(n.key for n in closed if n.sort == "drug class"))
        drugs = list(dict.fromkeys(n.key for n in closed if n.sort == "drug"))
        doubts = []
        of_class = {key: self.lexicon.drugs_of_class(key) for key in classes}
        bare = [key for key in classes if not of_class[key]]
        examples = list(dict.fromkeys(n.key for n in given if n.sort == "drug"))
        if bare:
            doubts.append(f"which drugs are {', '.join(bare).replace('_', ' ')}?")
            drugs += examples
        elif examples and not classes and not drugs:
            drugs, classes = examples, [n.key for n in given if n.sort == "drug class"]
            doubts.append("only examples are named: is a class meant?")
        return list(dict.fromkeys(drugs)), list(dict.fromkeys(classes)), doubts

    def _in_example(self, text: str, name: Name, marks: Sequence[int]) -> bool:
        """Whether a name stands in a list of examples: until its bracket closes, or the text ends."""
        before = [mark for mark in marks if mark <= name.start]
        if not before:
            return False
        opened = 0
        for letter in text[before[-1] : name.start]:
            opened += {"(": 1, "[": 1, ")": -1, "]": -1}.get(letter, 0)
            if opened < 0:
                return False
        return True

    def _group(self, drugs: Sequence[str], classes: Sequence[str], page: int) -> str:
        key = (tuple(drugs), tuple(classes))
        if key not in self.groups:
            label = ", ".join([*classes, *drugs]).replace("_", " ")
            name = re.sub(r"\W+", "_", "_".join([*classes, *drugs][:2]).lower()).strip("_")
            taken = {name for name, _ in self.groups.values()}
            while name in taken:
                name += "_"
            whole = [one for one in classes if self.lexicon.drugs_of_class(one)]
            holds: dict[str, Any] = {"label": label, "source": f"page {page}"}
            holds |= {"ingredients": list(drugs)} if drugs else {}
            holds |= {"classes": whole} if whole else {}
            holds |= {"also_called": list(classes)} if classes else {}
            of = {d.ingredient for one in whole for d in self.lexicon.drugs_of_class(one)}
            own = [one for one in self.products if one in of]
            holds |= {"but": own} if own else {}
            self.groups[key] = (name.strip("_") if name.strip("_") not in taken else name.replace("__", "_2"), holds)  # fmt: skip
        return self.groups[key][0]

    def _concurrent(self, text: str, notes: Sequence[str], page: int) -> Node | None:
        if not self.told("together", text):
            return None
        drugs, classes, doubts = self._named_drugs(text, notes)
        cue = self.cues["together"].search(text)
        denied = self.told("not", text) and not re.search(r"\bnot\s+only\b", text)
        if not (drugs or classes) and not denied:
            return None
        groups = [self._group(drugs, classes, page)] if drugs or classes else [TODO]
        if groups == [TODO]:
            doubts.append("which drugs?")
        key = "not_together" if denied else "together"
        said = ", ".join([*classes, *drugs]).replace("_", " ") or TODO
        assert cue is not None
        title = f"{'not ' * denied}together with {said}"
        return Node("concurrent", title, page, text, {key: groups}, doubts)

    def _lines(self, text: str, notes: Sequence[str], page: int) -> Node | None:
        m = re.search(
            rf"(?P<n>{_COUNTED})(?:\s*\(\d\))?(?:\s+or\s+more)?\s+(?:{self.cues['lines'].pattern})",
            text,
            re.IGNORECASE,
        )
        if m is None:
            return None
        drugs, classes, doubts = self._named_drugs(text, notes)
        n = _value(m["n"])
        keys: dict[str, Any] = {"at_least": self._threshold(n, "lines", page)}
        if drugs or classes:
            keys["including"] = [self._group([d], [], page) for d in drugs]
            keys["including"] += [self._group([], [c], page) for c in classes]
        keys |= {"counted_by": "prior_lines", "therapies": [TODO]}
        doubts.append("which treatments count as a line?")
        return Node("lines", f"{n} or more earlier lines", page, text, keys, doubts)

    def _refractory(self, text: str, notes: Sequence[str], page: int) -> Node | None:
        if not self.told("refractory", text):
            return None
        drugs, classes, doubts = self._named_drugs(text, notes)
        if not (drugs or classes) or self.told("response", text) and self.told("not", text):
            return None
        keys: dict[str, Any] = {"groups": [self._group(drugs, classes, page)]}
        if len(drugs) + len(classes) > 1 and re.search(r"\band\b", text) and not re.search(r"\bor\b", text):  # fmt: skip
            doubts.append("to one of them, or to each?")
        if length := _LENGTH.search(text):
            within = self._threshold(_value(length["n"]), _plural(length["unit"]), page)
            keys |= {"relapse": ["relapsed"], "within": within}
        said = ", ".join([*classes, *drugs]).replace("_", " ")
        return Node("refractory_to", f"refractory to {said}", page, text, keys, doubts)

    def _treated(self, text: str, notes: Sequence[str], page: int) -> Node | None:
        outcomes = [c for c in ("failed", "intolerant", "contraindicated") if self.told(c, text)]
        if not (outcomes or self.told("treated", text)):
            return None
        drugs, classes, doubts = self._named_drugs(text, notes)
        own = self.told("requested", text) or any(
            name.key in self.products for name in self.names(text)
        )
        lengths = [m for m in _LENGTH.finditer(text) if not _EVERY.search(text[: m.end()][-30:])]
        if not (drugs or classes):
            timed = own or self.told("treated", text)
            if self.told("response", text) and not outcomes or not timed:
                return None
            if not lengths and not outcomes and not (own and self.phase == "continuation"):
                return None
        keys: dict[str, Any] = {}
        if drugs or classes:
            keys["groups"] = [self._group(drugs, classes, page)]
        elif outcomes:
            keys["groups"] = [TODO]
            doubts.append("which treatments?")
        never = (
            self.told("absent", text)
            or bool(re.search(r"\b(?:no|not|never)\b[^.;]*\b(?:prior|previous\w*|ever|never|been)\b|\bnever\b", text, re.I))  # fmt: skip
        ) and self.told("previous", text)
        if never and "failed" not in outcomes:
            keys["never"] = True
        elif outcomes:
            keys["outcome"] = outcomes
        counted = _COUNT.search(self.cues["unless"].sub(" ", text))
        if counted and _value(counted["n"]) > 1 and not never:
            keys["count"] = _value(counted["n"])
        elif outcomes == ["contraindicated"] and len(drugs) > 1 and re.search(r"\band\b", text):
            keys["count"] = len(drugs)
        for m in lengths:
            before = text[: m.start()].rstrip()
            within = any(w.end() >= len(before) - 1 for w in self.cues["within"].finditer(before))
            one = self._threshold(_value(m["n"]), _plural(m["unit"]), page)
            keys.setdefault("within" if within else "duration", one)
        if _AMOUNT.search(text):
            doubts.append("a dose is asked too; the kind `treated` cannot say it")
        said = ", ".join([*classes, *drugs]).replace("_", " ") or ("the requested drug" if own else TODO)  # fmt: skip
        what = "never" if keys.get("never") else ", ".join(outcomes) or "taken"
        return Node("treated", f"{said}: {what}", page, text, keys, doubts)

    # ------------------------------------------------------------------ leaves of results

    def _measured(self, text: str, notes: Sequence[str], page: int) -> Node | None:
        tests = self.keys(text, "analyte")
        if not tests or self.told("failed", text) and self.keys(text, "drug", "drug class"):
            return None
        keys: dict[str, Any] = {}
        bounds, doubts = self._bounds(text, page)
        within = self._within(text, page)
        plain = text
        for name in self.names(text):  # "reactive" in the name of a test is no result
            plain = plain.replace(text[name.start : name.end], " ")
        words = [w for w in ("negative", "positive") if not bounds and self.told(w, plain)]
        if "negative" in words and not self.told("positive", self.cues["negative"].sub(" ", plain)):
            words = ["negative"]
        if not bounds and not words and len(tests) > 1 and self.told("tested", text):
            listed = self._listed(tests, page)
            return Node("serology", " and ".join(tests), page, text, {"all_of": listed} | within)
        if words[1:]:
            doubts.append("positive or negative?")
        unit = next((one["unit"] for one in bounds.values()), "")
        tests = [self._test_in(test, unit) for test in tests] if unit else tests
        keys = {"analytes": tests} | bounds | ({"results": words} if words else {}) | within
        title = f"{', '.join(tests).replace('_', ' ')} {_told(bounds)}{' or '.join(words)}".strip()
        if len(tests) > 1 and not re.search(r"\bor\b", text):
            parts = [
                Node("measured", f"{test} {_told(bounds)}{' or '.join(words)}".strip().replace("_", " "), page, "", keys | {"analytes": [test]})  # fmt: skip
                for test in tests
            ]
            return Node("all_of", title, page, text, {}, doubts, parts)
        return Node("measured", title, page, text, keys, doubts)

    def _score(self, text: str, notes: Sequence[str], page: int) -> Node | None:
        """A number of something that the lexicon does not know."""
        cue = self.cues["score"].search(text)
        bounds, _ = self._bounds(text, page)
        if not cue or not bounds:
            return None
        doubts = [f"which finding or test is {cue[0].strip()!r}?"]
        bounds = {key: one | {"unit": "{score}" if one["unit"] == TODO else one["unit"]} for key, one in bounds.items()}  # fmt: skip
        keys = {"findings": [TODO]} | bounds | self._within(text, page)
        return Node("measured", f"{cue[0].strip()} {_told(bounds)}".strip(), page, text, keys, doubts)  # fmt: skip

    def _ucum(self, printed: str) -> str:
        """The UCUM code of a unit, also of one whose parts alone are known: "cells/microliter"."""
        counted, over, volume = printed.partition("/")
        if over and self.lexicon.unit(printed) is None:
            printed = f"{counted.strip()}/{self.lexicon.ucum(volume.strip())}"
        return self.lexicon.ucum(printed)

    def _test_in(self, test: str, unit: str) -> str:
        """Of the tests of one name that which has results in such a unit."""
        if unit in self.lexicon.labs[test].units:
            return test
        longer = (k for k, lab in self.lexicon.labs.items() if k.startswith(f"{test}_") and unit in lab.units)  # fmt: skip
        return next(longer, test)

    def _within(self, text: str, page: int) -> dict[str, Threshold]:
        for m in _LENGTH.finditer(text):
            before = text[: m.start()].rstrip()
            if any(w.end() >= len(before) - 1 for w in self.cues["within"].finditer(before)):
                return {"within": self._threshold(_value(m["n"]), _plural(m["unit"]), page)}
        return {}

    def _bounds(self, text: str, page: int) -> tuple[dict[str, Threshold], list[str]]:
        """The bounds of a result, by the key of each."""
        plain = text
        for name in reversed(self.names(text)):  # "HLA-B27", "anti-CD20": digits of names
            plain = plain[: name.start] + "_" * (name.end - name.start) + plain[name.end :]
        plain = _LENGTH.sub(lambda m: " " * len(m[0]), plain)
        found: dict[str, Threshold] = {}
        for m in _RESULT.finditer(plain):
            if re.search(r"[A-Za-z_^-]$", plain[: m.start("n")]) or plain[m.end("n") :][:1] == "^":
                continue
            key = next((one for one in _BOUNDS if m[one]), "")
            after = (m["after"] or "").lower()
            if after:
                key = "at_most" if after in ("less", "lower", "fewer", "below") else "at_least"
            unit = (m["unit"] or "").strip()
            times = _TIMES.match(plain, m.start("n"))
            ucum = "x ULN" if times else self._ucum(unit) if unit else ""
            first = self._threshold(_value(m["n"]), ucum or TODO, page)
            if m["m"]:
                if first["value"]:
                    found["at_least"] = first
                found["at_most"] = first | {"value": _value(m["m"])}
            elif key or unit or times:
                found.setdefault(key or "at_least", first)
            else:
                found.setdefault("at_least", first)
        doubts = ["the unit?" for one in found.values() if one["unit"] == TODO]
        return found, doubts[:1] + (["which of the bounds?"] if len(found) > 2 else [])

    # ------------------------------------------------------------------ leaves of the disease

    def _response(self, text: str, notes: Sequence[str], page: int) -> Node | None:
        if not self.told("response", text) or self.phase != "continuation" and self.told("failed", text):  # fmt: skip
            return None
        if self.phase != "continuation" and not re.search(r"\bto\s+(?:therapy|treatment)|\bon\s+(?:therapy|treatment)", text, re.I):  # fmt: skip
            return None
        return Node("response", "better on the requested drug, or not worse", page, text)

    def _diagnosis(self, text: str, keys: list[str], page: int) -> Node:
        codes = [c for key in keys for c in self.lexicon.diseases[key].icd10]
        holds: dict[str, Any] = {"diagnoses": self._listed(keys, page)}
        if codes:
            holds["codes"] = {"value": codes, "source": "ICD-10-CM"}
        title = " or ".join(self.lexicon.diseases[key].name for key in keys)
        node = Node("diagnosis", title, page, text, holds)
        if severe := self.cues["severity"].search(text):
            if self.lexicon.disease(text) is None:
                node.doubts.append(f"{severe[0]!r} is asked too (see `state`)")
        return node

    def _disease(self, text: str, notes: Sequence[str], page: int) -> Node | None:
        names = [n for n in self.names(_outside(text)) if n.sort == "diagnosis"]
        if not names:
            return None
        keys = list(dict.fromkeys(n.key for n in names))
        if self.told("absent", text):
            title = f"no {' or '.join(self.lexicon.diseases[k].name for k in keys)}"
            return Node("state", title, page, text, {"diagnoses": keys, "absent": True})
        letters = len(re.sub(r"\W", "", self.cues["severity"].sub("", _outside(text))))
        taken = sum(n.end - n.start for n in names)
        if self.told("diagnosis", text) or taken >= SHARE * letters:
            return self._diagnosis(text, keys, page)
        if re.search(r"history\s+of|prior|previous", text, re.I):
            return Node("state", " or ".join(keys).replace("_", " "), page, text, {"diagnoses": keys, "past": True}, ["is this what the words ask?"])  # fmt: skip
        return None

    def _state(self, text: str, notes: Sequence[str], page: int) -> Node | None:
        """What the words that state a finding in notes say; the policy may mean another thing."""
        found = [
            (len(m[0]), cue.finding)
            for cue in load_findings(self.models)
            if cue.finding not in DERIVED_FINDINGS and (m := cue.pattern.search(text))
        ]
        size, finding = max(found, default=(0, ""))
        if size < STATED * len(text):
            return None
        keys: dict[str, Any] = {"findings": [finding]}
        if self.told("absent", text):
            keys["absent"] = True
        title = f"{'no ' * ('absent' in keys)}{finding.replace('_', ' ')}"
        return Node("state", title, page, text, keys, ["is this what the words ask?"])

    def _reference(self, text: str, notes: Sequence[str], page: int) -> Node | None:
        if not self.told("reference", text):
            return None
        return Node("reference", "what another source says", page, text, {"look_up": _short(text)})

    # -------------------------------------------------------------------------- writing

    def written(self, name: str) -> str:
        """The YAML of all that was gathered."""
        codes = [c for c in dict.fromkeys(_CODE.findall(self.text)) if c in self.lexicon.hcpcs]
        effective = _EFFECTIVE.search(self.text)
        day = dates.parse(effective["day"]) if effective else None
        version = str(day.earliest) if day and day.earliest and day.earliest == day.latest else TODO
        product = self.products[0] if self.products else TODO
        lines = [
            "# A draft made from a payer's print: the words above each criterion are the payer's.",
            "# What each key means: docs/write-a-policy.md. State facts in your own words.",
            "todo: compare every criterion with the page it names, settle what is marked todo, then delete these marks",
            *_entries({"id": name, "version": version, "title": f"{product} ({TODO})"}),
            "source:",
            *_entries({"kind": "payer_policy", "name": TODO, "standing": "A payer's policy, as it was read on the day given here. It may have changed since; the payer's own text decides.", "read": TODO}, 2),  # fmt: skip
            *_entries({"payers": [TODO], "products": [product]}),
            *(_entries({"hcpcs": codes}) if codes else []),
        ]
        indications = list(self._indications())
        if self.groups:
            lines += ["", "groups:"]
            lines += [line for key, holds in self.groups.values() for line in _entries({key: holds}, 2)]  # fmt: skip
        lines += ["", "indications:"]
        for entry, phases in indications:
            lines += [f"  - id: {entry['id']}", *_entries({k: v for k, v in entry.items() if k != "id"}, 4)]  # fmt: skip
            for phase, nodes in phases.items():
                lines.append(f"    {phase}:")
                lines += [line for node in _identified(nodes) for line in _criterion(node, 6)]
        return "\n".join(lines) + "\n"

    def _indications(self) -> Iterator[tuple[dict[str, Any], dict[str, list[Node]]]]:
        """The branches, a disease at a time; what names no disease is asked of each."""
        named = [(self._disease_of(disease, nodes), phase, nodes) for disease, phase, nodes in self.branches]  # fmt: skip
        diseases = list(dict.fromkeys(disease for disease, _, _ in named if disease))
        if not diseases:
            diseases = self.keys(self.text[:SERVED], "diagnosis")[:1] or [TODO]
        for disease in diseases:
            known = self.lexicon.diseases.get(disease)
            printed = [c for c in dict.fromkeys(_ICD.findall(self.text)) if icd10cm.is_valid_item(c)]  # fmt: skip
            own = [c for c in printed if (d := self.lexicon.disease_of_code(c)) and d.key == disease]  # fmt: skip
            codes = own or (list(known.icd10) if known else [])
            pages = [n.page for d, _, nodes in named if d in (disease, "") for n in nodes]
            entry: dict[str, Any] = {
                "id": disease,
                "title": known.name if known else TODO,
                "diagnoses": self._listed([disease], min(pages, default=1)),
            }
            if codes:
                source = f"page {self._page_of(own[0])}" if own else "ICD-10-CM"
                entry["codes"] = {"value": codes, "source": source}
            phases: dict[str, list[Node]] = {}
            for phase in ("initial", "continuation"):
                asked = [
                    node
                    for d, p, nodes in named
                    if d in (disease, "") and p in (phase, "")
                    for node in nodes
                ]
                if any(p == phase and d in (disease, "") for d, p, _ in named) and asked:
                    phases[phase] = asked
            if "initial" not in phases:
                phases = {"initial": [self._unknown("no list of a first request was found", 1)], **phases}  # fmt: skip
            yield entry, phases

    def _page_of(self, code: str) -> int:
        return next((page for page, text in self._pages if code in text), 1)

    @property
    def _pages(self) -> list[tuple[int, str]]:
        return [(1, self.text)]

    def _disease_of(self, disease: str, nodes: Iterable[Node]) -> str:
        if disease:
            return disease
        asked = [n for node in nodes for n in node.walk() if n.kind == "diagnosis"]
        return str(asked[0].keys["diagnoses"]["value"][0]) if asked else ""


def _outside(text: str) -> str:
    """The text without what stands in brackets."""
    return _ASIDE.sub(" ", text)


def _told(bounds: Mapping[str, Threshold]) -> str:
    return "".join(f"{key.replace('_', ' ')} {one['value']} {one['unit']} " for key, one in bounds.items())  # fmt: skip


def _short(text: str) -> str:
    words = text.rstrip(" :;,.").split()
    return " ".join(words[:HEAD_WORDS]) + (" ..." if words[HEAD_WORDS:] else "")


def _identified(nodes: Sequence[Node]) -> list[Node]:
    """With an id for each, of its kind; the same kind again is numbered."""
    seen: dict[str, int] = {}
    for node in nodes:
        base = _HEADERS.get(node.kind, node.kind)
        if "length" in node.keys:
            base = "approval_length"
        seen[base] = seen.get(base, 0) + 1
        node.keys = {"id": base if seen[base] == 1 else f"{base}_{seen[base]}", **{k: v for k, v in node.keys.items() if k != "id"}}  # fmt: skip
    return list(nodes)


def _entries(data: Mapping[str, Any], indent: int = 0) -> list[str]:
    return [f"{' ' * indent}{key}: {_flow(value)}" for key, value in data.items()]


def _flow(value: Any) -> str:
    """A value on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, width=10**6, allow_unicode=True, sort_keys=False)  # fmt: skip
    return text.removesuffix("\n").removesuffix("\n...")


def _criterion(node: Node, indent: int) -> Iterator[str]:
    pad = " " * indent
    if node.words:
        yield f"{pad}# page {node.page}: {' '.join(node.words.split())}"
    keys = dict(node.keys)
    head = {"id": keys.pop("id")} if "id" in keys else {}
    entries = {**head, "title": node.title, "kind": node.kind, "source": f"page {node.page}", **keys}  # fmt: skip
    if node.doubts:
        entries[TODO] = "; ".join(node.doubts)
    first, *others = _entries(entries)
    yield f"{pad}- {first}"
    yield from (f"{pad}  {line}" for line in others)
    if node.parts:
        yield f"{pad}  of:"
        for part in node.parts:
            yield from _criterion(part, indent + 4)
