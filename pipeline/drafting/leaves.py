"""The leaves of a draft: what kind of criterion a text asks for, and with which numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pipeline.criteria import MARK
from pipeline.drafting.words import Drugs, Words, without_asides
from pipeline.notation.numbers import NUMBER, number
from pipeline.notation.results import UNIT

TITLE_WORDS = 12
BETWEEN = 10  # words between that something is approved and for how long
SHARE = 0.5  # of the letters of a text that the name of a disease takes up
OBJECTS = ("treated", "concurrent", "diagnosis", "prescriber", "serology", "refractory_to")
"""Kinds whose words may stand above a list and the names in it."""

OPEN = "(which?)"  # in titles; the mark itself stands where a person must write
Threshold = dict[str, Any]


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


class Asked(NamedTuple):
    """A text that asks for something, and what is known of it.

    Attributes:
        notes: Remarks under it.
        phase: Of the list in which it stands; "" for both.
    """

    text: str
    page: int
    phase: str = "initial"
    notes: tuple[str, ...] = ()


SPELLED = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_COUNTED = rf"(?:{NUMBER}|(?:{SPELLED})(?:\s*\(\d+\))?)"
_LENGTH = re.compile(
    rf"(?P<n>{_COUNTED})[\s-]*(?:consecutive\s+|full\s+|calendar\s+)?(?P<unit>day|week|month|year)s?\b(?!\s+(?:of\s+age|old))(?!-old)",
    re.IGNORECASE,
)
_EVERY = re.compile(
    rf"(?:every|each|per|q)\s*(?P<n>{_COUNTED})?[\s-]*(?P<unit>days?|weeks?|months?|years?)\b|\b(?:once\s+|a\s+)?(?P<adverb>week|month)ly\b",
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
    rf"(?P<n>\b(?:{SPELLED}|[2-9])\b)(?:\s*\(\d\))?(?:\s+or\s+more|\s+different|\s+other|\s+prior|\s+previous)*(?!\s*(?:[-x\u00d7%/.]|\d|times|days?|weeks?|months?|years?|mg|g\b|mcg|hours?|points?))",
    re.IGNORECASE,
)
_AGE = re.compile(
    rf"(?P<before>\u2265|>=?|\u2264|<=?|(?:greater|older|more)\s+than(?:\s+or\s+equal\s+to)?|(?:less|younger|fewer)\s+than(?:\s+or\s+equal\s+to)?|at\s+least|under|below|over|between|up\s+to|from)?\s*"
    rf"(?P<n>{_COUNTED})(?:[\s-]*(?P<unit>years?|yrs?|months?)\b)?(?:\s*(?P<to>to|through|-|\u2013|and)\s*(?P<short><|less\s+than|under)?\s*(?P<m>\d+)(?:[\s-]*(?P<units>years?|yrs?|months?)\b)?)?"
    r"(?![\w%/.]|\s*(?:days?|weeks?|mg)\b)[\s-]*(?:of\s+age|old)?(?:\s*(?:\(\w+\)\s*)?(?:and|or)\s+(?P<after>older|above|over|greater|up|younger|under|less|below))?",
    re.IGNORECASE,
)
OF_AGE = re.compile(
    r"\bage[ds]?\b|\byears?\s+old\b|\bor\s+older\b|\bor\s+younger\b|\badults?\b", re.IGNORECASE
)
_BOUNDS = {
    "at_least": r"\u2265|>\s*=|(?:greater|more|higher)\s+than\s+or\s+equal\s+to|at\s+or\s+above|at\s+least|(?:a\s+)?minimum\s+of|no(?:t)?\s+(?:less|fewer|lower)\s+than",
    "at_most": r"\u2264|<\s*=|(?:less|fewer|lower)\s+than\s+or\s+equal\s+to|at\s+or\s+below|at\s+most|(?:a\s+)?maximum\s+of|no(?:t)?\s+(?:more|greater|higher)\s+than|(?:does\s+|do\s+|must\s+)?not\s+(?:to\s+)?exceed(?:ing)?|up\s+to",
    "above": r">|(?:greater|more|higher)\s+than|over|above|exceed(?:s|ing)?",
    "under": r"<|(?:less|fewer|lower)\s+than|below|under",
}
_RESULT = re.compile(
    "(?:"
    + "|".join(f"(?P<{key}>{pattern})" for key, pattern in _BOUNDS.items())
    + rf")?\s*\b(?P<n>{NUMBER}|(?:two|three|four|five|six)\b)(?:\s*(?:-|\u2013|to)\s*(?P<m>{NUMBER}))?(?:\s*(?P<unit>{UNIT}|%|[A-Za-z]*\s*/\s*[A-Za-z\u00b5][A-Za-z0-9]*))?(?:\s*(?:(?:points?|predicted)\s+)?(?:or|and)\s+(?P<after>higher|greater|more|above|older|less|lower|fewer|below))?",
    re.IGNORECASE,
)
_TIMES = re.compile(
    rf"(?P<n>{NUMBER})\s*(?:x|\u00d7|times)\s*(?:the\s+)?(?:ULN|upper\s+limits?)", re.IGNORECASE
)
_ONLY_FOR = re.compile(r"^(?:for|if|in|when)\s+(?P<whom>[^:,;]{2,60}?)\s*[:,]\s*", re.IGNORECASE)
# Another clause that begins with a comma and is more than a name in a list.
_CLAUSE = re.compile(
    r"(?:[,;]\s*(?:or|and|unless|except|if)|\s(?:unless|except))\s+(?:\S+\s+){3}", re.I
)
_DAILY = re.compile(r"\bdaily\s+dos", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:no|not|without|never)\b[^.;,]*$", re.IGNORECASE)
_NOT_TAKING = re.compile(
    r"\bnot\s+(?:currently\s+|also\s+)?(?:taking|receiving|using|on)\b", re.IGNORECASE
)
_LIMITS = re.compile(
    f"{_BOUNDS['at_least']}|{_BOUNDS['at_most']}|no\\s+more\\s+\\w+\\s+than", re.IGNORECASE
)
_PRINTED = re.compile(
    rf"(?<![\w.,^/-])(?P<n>{NUMBER}|(?:two|three|four|five|six|eight|ten|twelve))(?![\w^])(?:[\s-]*(?:days?|weeks?|months?|years?|mg|g|%|times|x)\b)?",
    re.IGNORECASE,
)
_OF_ONE_THING = (
    "age",
    "prescriber",
    "measured",
    "request_limit",
    "concurrent",
    "diagnosis",
    "state",
)


def unknown(words: str, page: int) -> Node:
    """A criterion of which nothing is known but its words."""
    return Node(MARK, MARK, page, words)


def short(text: str) -> str:
    """The first words of a text."""
    words = text.rstrip(" :;,.").split()
    return " ".join(words[:TITLE_WORDS]) + (" ..." if words[TITLE_WORDS:] else "")


def value_of(printed: str) -> float | int:
    """What a number is worth in digits or words: "three (3)"."""
    found = number(printed.split("(")[0]) or 0.0
    return int(found) if found == int(found) else found


def threshold(value: float, unit: str, page: int) -> Threshold:
    """A number as a policy holds it."""
    return {"value": value, "unit": unit, "source": f"page {page}"}


def listed(values: Sequence[str], page: int) -> dict[str, Any]:
    """A list as a policy holds it."""
    return {"value": list(values), "source": f"page {page}"}


def _denies(node: Node) -> bool:
    """Whether what a criterion asks may well be printed with a "no" or "not"."""
    keys = {"absent", "never", "not_together", "outcome"}
    kinds = ("request_limit", "response", "statement", "reference")
    return all(one.kind in kinds for one in node.walk() if not one.parts) or any(
        keys & one.keys.keys() or one.keys.get("results") == ["negative"] for one in node.walk()
    )


def _numbers_in(held: Any) -> Iterator[float]:
    """All numbers at any depth."""
    if isinstance(held, Mapping):
        held = list(held.values())
    if isinstance(held, (int, float)):
        yield held
    elif isinstance(held, list):
        for one in held:
            yield from _numbers_in(one)


def _time(m: re.Match[str], page: int) -> Threshold:
    unit = m["unit"] or m["adverb"]
    return threshold(value_of(m["n"] or "1"), unit.lower().rstrip("s") + "s", page)


def _counted_in(unit: str, bounds: Mapping[str, Threshold]) -> dict[str, Threshold]:
    """With a unit for bounds that are printed without one."""
    return {
        key: one | {"unit": unit} if one["unit"] == MARK else one for key, one in bounds.items()
    }


def _told(bounds: Mapping[str, Threshold]) -> str:
    said = (f"{key.replace('_', ' ')} {one['value']} {one['unit']}" for key, one in bounds.items())
    return " ".join(said).replace(MARK, OPEN)


class Leaves:
    """Recognises leaves, and gathers the groups of treatments that they name."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.groups: dict[str, dict[str, Any]] = {}

    def leaf(self, asked: Asked, lead: str = "") -> Node:
        """The criterion that a text asks for; kind `todo` where it is not recognised.

        `lead` are the words above its list, which it may need: "Failure of ...".
        """
        text = " ".join(asked.text.split()).rstrip(" ;,.")
        only = _ONLY_FOR.match(text)
        told = text[only.end() :] if only else text
        node = self._recognised(asked._replace(text=told))
        taken = node is not None and node.kind == "treated" and "outcome" not in node.keys
        if lead and (node is None or taken):  # "Failure of one of: ... for 8 weeks"
            led = self._recognised(asked._replace(text=f"{lead} {told}"))
            if led is not None and self._may_lead(lead, told, led.kind):
                node = led
        if node is None:
            return unknown(f"{lead} {text}".strip(), asked.page)
        node.words = text
        node.doubts += self._unsaid(told, node)
        if self.words.told(_LIMITS.sub(" ", told), "not") and not _denies(node):
            node.doubts.append("a denial is printed: is it read rightly?")
        node.doubts += self._left_over(told) if node.kind in _OF_ONE_THING else []
        for name in node.keys.get("groups", ()):
            if {"classes", "ingredients"} <= self.groups.get(name, {}).keys():
                node.doubts.append("a whole class beside drugs by name: are only these meant?")
        if only:
            node.doubts.append(f"asked only where: {only['whom']} (see `when`)")
        return node

    def _may_lead(self, lead: str, text: str, kind: str) -> bool:
        """Whether words above a list make what stands in it a criterion of that kind."""
        if kind == "diagnosis":
            return self.words.told(lead, "diagnosed") and bool(self.words.keys(text, "diagnosis"))
        return kind in (*OBJECTS, "lines", "response")

    def _unsaid(self, text: str, node: Node) -> list[str]:
        """Printed numbers that the criterion does not hold."""
        held = set(_numbers_in([one.keys for one in node.walk()]))
        plain = without_asides(text)
        for name in reversed(self.words.names(plain)):
            plain = plain[: name.start] + "_" * (name.end - name.start) + plain[name.end :]
        lacking = [
            m[0]
            for m in _PRINTED.finditer(plain)
            if not {value_of(m["n"]) + more for more in (-1, 0, 1)} & held
        ]
        return [f"printed too: {', '.join(lacking)}"] if lacking else []

    def _left_over(self, text: str) -> list[str]:
        """Another clause beside what was recognised: "or ...", "unless ..."."""
        for m in _CLAUSE.finditer(text):
            clause = text[m.start() :].lstrip(" ,;")
            if not self.words.names(clause) and not self.words.specialists(clause):
                return [f"{short(clause)!r} is printed too"]
        return []

    def _recognised(self, asked: Asked) -> Node | None:
        for read in (
            self._limit,
            self._age,
            self._prescriber,
            self._concurrent,
            self._promise,
            self._lines,
            self._refractory,
            self._measured,
            self._treated,
            self._response,
            self._disease,
            self._score,
            self._reference,
            self._state,
            self._counted,
        ):
            node = read(asked)
            if node is not None:
                return node
        return None

    def length(self, text: str, page: int) -> Node | None:
        """For how long the payer approves, where the text says it."""
        cue = self.words.cues["length"].search(text)
        length = _LENGTH.search(text, cue.start()) if cue else None
        if cue is None or length is None:
            return None
        between = text[cue.end() : length.start()]
        if len(between.split()) > BETWEEN or self.words.told(
            text[: length.start()][-25:], "within"
        ):
            return None
        most = _time(length, page)
        said = f"at most {most['value']} {most['unit']} asked for"
        node = Node("request_limit", said, page, text, {"length": most})
        node.doubts += self._unsaid(text, node)
        return node

    def _limit(self, asked: Asked) -> Node | None:
        """A dose, an interval and a quantity that the request may not pass."""
        text, page = asked.text, asked.page
        others = [
            d for d in self.words.keys(text, "drug", "drug class") if d not in self.words.products
        ]
        if not self.words.told(text, "dose") or others:
            return self.length(text, page) if not others else None
        found: list[Node] = []
        amount, packs = _AMOUNT.search(text), _PACKS.search(text)
        if packs and _EVERY.match(
            text[packs.end() :].lstrip(" /")
        ):  # "100 mg capsules: 2 capsules per day"
            amount = None
        if amount:
            unit = {"gram": "g", "grams": "g", "\u00b5g": "mcg"}.get(
                amount["unit"].lower(), amount["unit"]
            )
            per = re.sub(r"\s|per", "", amount["per"] or "").replace("\u00b2", "2").strip("/")
            unit += (f"/{per}" if per else "") + (
                "/d" if amount["day"] or _DAILY.search(text) else ""
            )
            value = value_of(amount["n"])
            keys = {"dose": threshold(value, unit, page)}
            found.append(
                Node("request_limit", f"at most {value} {unit} for one time", page, "", keys)
            )
        elif packs:
            value = value_of(packs["n"])
            keys = {"quantity": threshold(value, packs["unit"].lower(), page)}
            found.append(Node("request_limit", f"at most {value} {packs['unit']}", page, "", keys))
        every = _EVERY.search(text)
        if every and found:
            least = _time(every, page)
            said = f"{least['value']} {least['unit']} or more apart"
            found.append(Node("request_limit", said, page, "", {"every": least}))
        if not found:
            return self.length(text, page)
        if len(_AMOUNT.findall(text)) > 1:
            found[0].doubts.append("more than one amount is printed")
        if found[1:]:
            return Node("all_of", "dose and interval within the limit", page, text, parts=found)
        found[0].words = text
        return found[0]

    def _age(self, asked: Asked) -> Node | None:
        text, page = asked.text, asked.page
        if not OF_AGE.search(text):
            return None
        keys: dict[str, Threshold] = {}
        for m in _AGE.finditer(text):
            near = text[max(0, m.start() - 12) : m.end() + 10]
            if not (m["before"] or m["after"] or m["to"] or OF_AGE.search(near)):
                continue
            printed, ahead = m["unit"] or m["units"], text[: m.start("n")]
            if not printed and not re.search(r"\bage[ds]?\b\D{0,25}$", ahead, re.I):
                continue
            before, after = (m["before"] or "").lower(), (m["after"] or "").lower()
            unit, n = (
                ("months" if (printed or "years")[0].lower() == "m" else "years"),
                value_of(m["n"]),
            )
            inclusive = (
                "\u2264" in before or "equal" in before or "=" in before or before == "up to"
            )
            upper = before.startswith(
                ("<", "\u2264", "less", "younger", "fewer", "under", "below", "up")
            )
            if upper or after in ("younger", "under", "less", "below"):
                keys["end"] = threshold(n + (inclusive or bool(after)), unit, page)
            elif before in (">", "older than", "more than", "greater than", "over"):
                keys["start"] = threshold(n + 1, unit, page)
            else:
                keys.setdefault("start", threshold(n, unit, page))
            if m["m"] and not upper:
                keys["end"] = threshold(value_of(m["m"]) + (not m["short"]), unit, page)
        if not keys:
            return None
        ages = ", ".join(
            f"{'from' if key == 'start' else 'under'} {one['value']} {one['unit']}"
            for key, one in keys.items()
        )
        return Node("age", f"age {ages}", page, text, dict(keys))

    def _prescriber(self, asked: Asked) -> Node | None:
        text, page = asked.text, asked.page
        found = self.words.specialists(text)
        cue = self.words.told(text, "prescribed")
        if not cue or not (found or re.search(r"specialist|consultation\s+with", text, re.I)):
            return None
        consulted = self.words.told(text, "consultation")
        keys: dict[str, Any] = {"specialties": listed(found or [MARK], page)}
        if consulted:
            keys["consultation"] = True
        title = " or ".join(found).replace("_", " ") or "specialist"
        node = Node("prescriber", f"{title}{', or in consultation' * consulted}", page, text, keys)
        if not found:
            node.doubts.append("the specialty is not in models/lexicon/specialties.csv")
        return node

    def _promise(self, asked: Asked) -> Node | None:
        text, page = asked.text, asked.page
        cue = self.words.cues["promise"].search(text)
        if cue is None or cue.start() > len(text) / 2:
            return None
        doubts = ["which finding is it read as?"]
        return Node(
            "statement", "stated by the prescriber", page, text, {"findings": [MARK]}, doubts
        )

    # ------------------------------------------------------------------ leaves of drugs

    def group(self, drugs: Drugs, page: int) -> str:
        """The name of a group of treatments; the same treatments are one group."""
        known = self.words.lexicon
        whole = [one for one in drugs.classes if known.drugs_of_class(one)]
        members = {drug.ingredient for one in whole for drug in known.drugs_of_class(one)}
        holds: dict[str, Any] = {
            "ingredients": drugs.ingredients,
            "classes": whole,
            "also_called": drugs.classes,
            "but": [one for one in self.words.products if one in members],
        }
        holds = {"label": str(drugs)} | {key: value for key, value in holds.items() if value}
        for name, group in self.groups.items():
            if group | {"source": ""} == holds | {"source": ""}:
                return name
        first = re.sub(r"\W+", "_", "_".join([*drugs.classes, *drugs.ingredients][:2]))
        same = sum(name.startswith(first) for name in self.groups)
        name = f"{first}_{same + 1}" if same else first
        self.groups[name] = holds | {"source": f"page {page}"}
        return name

    def _concurrent(self, asked: Asked) -> Node | None:
        text, page = asked.text, asked.page
        drugs = self.words.drugs(text, asked.notes)
        if not self.words.told(text, "together") and not (drugs and _NOT_TAKING.search(text)):
            return None
        denied = self.words.told(text, "not") and not re.search(r"\bnot\s+only\b", text)
        if not drugs and not denied:
            return None
        groups = [self.group(drugs, page)] if drugs else [MARK]
        if groups == [MARK]:
            drugs.doubts.append("which drugs?")
        key = "not_together" if denied else "together"
        said = str(drugs) or OPEN
        title = f"{'not ' * denied}together with {said}"
        return Node("concurrent", title, page, text, {key: groups}, drugs.doubts)

    def _lines(self, asked: Asked) -> Node | None:
        text, page = asked.text, asked.page
        m = re.search(
            rf"(?P<n>{_COUNTED})(?:\s*\(\d\))?(?:\s+or\s+more)?\s+(?:{self.words.cues['lines'].pattern})",
            text,
            re.IGNORECASE,
        )
        if m is None:
            return None
        drugs = self.words.drugs(text, asked.notes)
        n = value_of(m["n"])
        keys: dict[str, Any] = {"at_least": threshold(n, "lines", page)}
        if drugs:
            each = [Drugs([one], [], []) for one in drugs.ingredients]
            each += [Drugs([], [one], []) for one in drugs.classes]
            keys["including"] = [self.group(one, page) for one in each]
        keys |= {"counted_by": "prior_lines", "therapies": [MARK]}
        doubts = [*drugs.doubts, "which treatments count as a line?"]
        return Node("lines", f"{n} or more earlier lines", page, text, keys, doubts)

    def _refractory(self, asked: Asked) -> Node | None:
        text, page = asked.text, asked.page
        if not self.words.told(text, "refractory"):
            return None
        drugs = self.words.drugs(text, asked.notes)
        if not drugs or (self.words.told(text, "response") and self.words.told(text, "not")):
            return None
        keys: dict[str, Any] = {"groups": [self.group(drugs, page)]}
        if (
            len([*drugs.ingredients, *drugs.classes]) > 1
            and re.search(r"\band\b", text)
            and not re.search(r"\bor\b", text)
        ):
            drugs.doubts.append("to one of them, or to each?")
        if length := _LENGTH.search(text):
            within = _time(length, page)
            keys |= {"relapse": ["relapsed"], "within": within}
        return Node("refractory_to", f"refractory to {drugs}", page, text, keys, drugs.doubts)

    def _treated(self, asked: Asked) -> Node | None:
        text, page = asked.text, asked.page
        outcomes = [
            c for c in ("failed", "intolerant", "contraindicated") if self.words.told(text, c)
        ]
        if not (outcomes or self.words.told(text, "treated")):
            return None
        drugs = self.words.drugs(text, asked.notes)
        own = self.words.told(text, "requested") or any(
            name.key in self.words.products for name in self.words.names(text)
        )
        lengths = [m for m in _LENGTH.finditer(text) if not _EVERY.search(text[: m.end()][-30:])]
        if not drugs:
            timed = own or self.words.told(text, "treated")
            if (self.words.told(text, "response") and not outcomes) or not timed:
                return None
            if not lengths and not outcomes and not (own and asked.phase == "continuation"):
                return None
        keys: dict[str, Any] = {}
        if drugs:
            keys["groups"] = [self.group(drugs, page)]
        elif outcomes:
            keys["groups"] = [MARK]
            drugs.doubts.append("which treatments?")
        never = bool(re.search(r"\bnever\b", text, re.I)) or (
            self.words.told(text, "previous")
            and (
                self.words.told(text, "absent")
                or bool(
                    re.search(r"\b(?:no|not)\b[^.;]*\b(?:prior|previous\w*|been)\b", text, re.I)
                )
            )
        )
        if never and "failed" not in outcomes:
            keys["never"] = True
        elif outcomes:
            keys["outcome"] = outcomes
        if self.words.told(text, "absent") and not never and not (outcomes and drugs):
            return None  # "no disease that requires treatment"
        counted = _COUNT.search(self.words.cues["unless"].sub(" ", text))
        if counted and value_of(counted["n"]) > 1 and not never:
            keys["count"] = value_of(counted["n"])
        elif (
            outcomes == ["contraindicated"]
            and len(drugs.ingredients) > 1
            and re.search(r"\band\b", text)
        ):
            keys["count"] = len(drugs.ingredients)
        for m in lengths:
            before = text[: m.start()].rstrip()
            within = any(
                w.end() >= len(before) - 1 for w in self.words.cues["within"].finditer(before)
            )
            one = _time(m, page)
            keys.setdefault("within" if within else "duration", one)
        if _AMOUNT.search(text):
            drugs.doubts.append("a dose is asked too; the kind `treated` cannot say it")
        said = str(drugs) or ("the requested drug" if own else OPEN)
        what = "never" if keys.get("never") else ", ".join(outcomes) or "taken"
        node = Node("treated", f"{said}: {what}", page, text, keys, drugs.doubts)
        return self._waived(node) if outcomes and "outcome" in keys else node

    def _waived(self, node: Node) -> Node:
        """ "Tried for 8 weeks, or contraindicated" are two ways: the first asks for no outcome."""
        waiver = self.words.cues["unless"].search(node.words)
        before = node.words[: waiver.start()] if waiver else ""
        outcomes = ("failed", "intolerant", "contraindicated")
        if not self.words.told(before, "treated") or self.words.told(before, *outcomes):
            return node
        tried = {key: value for key, value in node.keys.items() if key != "outcome"}
        waived = {
            key: value
            for key, value in node.keys.items()
            if key in ("groups", "outcome", "count", "of")
        }
        what = node.title.partition(":")[0]
        ways = [
            Node("treated", f"{what}: taken", node.page, keys=tried),
            Node("treated", node.title, node.page, keys=waived),
        ]
        said = f"{what}: taken, or {', '.join(node.keys['outcome'])}"
        return Node("any_of", said, node.page, node.words, {}, node.doubts, ways)

    # ------------------------------------------------------------------ leaves of results

    def _measured(self, asked: Asked) -> Node | None:
        text, page = asked.text, asked.page
        tests = self.words.keys(text, "analyte")
        if not tests or (
            self.words.told(text, "failed") and self.words.keys(text, "drug", "drug class")
        ):
            return None
        bounds, doubts = self._bounds(text, page)
        if not bounds and asked.phase == "continuation" and self.words.told(text, "response"):
            return None
        within = self._within(text, page)
        plain = text
        for name in self.words.names(text):  # "reactive" in the name of a test is no result
            plain = plain.replace(text[name.start : name.end], " ")
        said = [w for w in ("negative", "positive") if not bounds and self.words.told(plain, w)]
        if "negative" in said and not self.words.told(
            self.words.cues["negative"].sub(" ", plain), "positive"
        ):
            said = ["negative"]
        if not bounds and not said and len(tests) > 1 and self.words.told(text, "tested"):
            asked_of: dict[str, Any] = {"all_of": listed(tests, page)} | within
            return Node("serology", " and ".join(tests), page, text, asked_of)
        if not bounds and not said and re.match(r"(?:no|without)\b", text, re.I):
            said, doubts = ["negative"], ["is a negative result meant?"]
        if not bounds and not said and not self.words.told(text, "tested"):
            return None
        if said[1:]:
            doubts.append("positive or negative?")
        if len({one["unit"] for one in bounds.values()}) > 1 or len(tests) > 1 < len(bounds):
            doubts.append("which number belongs to which test?")
        unit = next((one["unit"] for one in bounds.values()), "")
        tests = [self.words.test_in(test, unit) for test in tests] if unit else tests
        keys: dict[str, Any] = (
            {"analytes": tests} | bounds | ({"results": said} if said else {}) | within
        )
        title = f"{', '.join(tests).replace('_', ' ')} {_told(bounds)}{' or '.join(said)}".strip()
        if len(tests) > 1 and not re.search(r"\bor\b", text):
            parts = [
                Node(
                    "measured",
                    f"{test} {_told(bounds)}{' or '.join(said)}".strip().replace("_", " "),
                    page,
                    "",
                    keys | {"analytes": [test]},
                )
                for test in tests
            ]
            return Node("all_of", title, page, text, {}, doubts, parts)
        return Node("measured", title, page, text, keys, doubts)

    def _score(self, asked: Asked) -> Node | None:
        """A number of something that the lexicon does not know."""
        text, page = asked.text, asked.page
        cue = self.words.cues["score"].search(text)
        bounds, _ = self._bounds(text, page)
        if cue and not bounds and re.search(r"(?<!\w)[-\u2212]\s?\d", text):
            doubts = ["a bound below zero: no key holds it"]
            return Node("measured", cue[0].strip(), page, text, {"findings": [MARK]}, doubts)
        if not cue or not bounds:
            return None
        doubts = [f"which finding or test is {cue[0].strip()!r}?"]
        bounds = _counted_in("{score}", bounds)
        keys = {"findings": [MARK]} | bounds | self._within(text, page)
        return Node(
            "measured", f"{cue[0].strip()} {_told(bounds)}".strip(), page, text, keys, doubts
        )

    def _counted(self, asked: Asked) -> Node | None:
        """At least so many of something: which finding tells it, a person must say."""
        bounds, _ = self._bounds(asked.text, asked.page)
        if not bounds or not re.search(
            r"at\s+least|\bor\s+more\b|more\s+than|[<>\u2264\u2265]", asked.text, re.I
        ):
            return None
        bounds = _counted_in("{count}", bounds)
        keys = {"findings": [MARK]} | bounds | self._within(asked.text, asked.page)
        doubts = ["a number of what?"]
        return Node("measured", _told(bounds), asked.page, asked.text, keys, doubts)

    def _within(self, text: str, page: int) -> dict[str, Threshold]:
        for m in _LENGTH.finditer(text):
            before = text[: m.start()].rstrip()
            if any(w.end() >= len(before) - 1 for w in self.words.cues["within"].finditer(before)):
                return {"within": _time(m, page)}
        return {}

    def _bounds(self, text: str, page: int) -> tuple[dict[str, Threshold], list[str]]:
        """The bounds of a result, by the key of each."""
        plain = text
        for name in reversed(self.words.names(text)):  # "HLA-B27", "anti-CD20": digits of names
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
            ucum = "x ULN" if times else self.words.ucum(unit) if unit else ""
            first = threshold(value_of(m["n"]), ucum or MARK, page)
            if m["m"]:
                if first["value"]:
                    found["at_least"] = first
                found["at_most"] = first | {"value": value_of(m["m"])}
            elif key or unit or times:
                found.setdefault(key or "at_least", first)
            else:
                found.setdefault("at_least", first)
        doubts = ["the unit?" for one in found.values() if one["unit"] == MARK]
        return found, doubts[:1] + (["which of the bounds?"] if len(found) > 2 else [])

    # ------------------------------------------------------------------ leaves of the disease

    def _response(self, asked: Asked) -> Node | None:
        text, page = asked.text, asked.page
        if not self.words.told(text, "response") or (
            asked.phase != "continuation" and self.words.told(text, "failed")
        ):
            return None
        if asked.phase != "continuation" and not re.search(
            r"\bto\s+(?:therapy|treatment)|\bon\s+(?:therapy|treatment)", text, re.I
        ):
            return None
        return Node("response", "better on the requested drug, or not worse", page, text)

    def diagnosis(self, text: str, keys: list[str], page: int) -> Node:
        """That one of these diseases is stated."""
        codes = [c for key in keys for c in self.words.lexicon.diseases[key].icd10]
        holds: dict[str, Any] = {"diagnoses": listed(keys, page)}
        if codes:
            holds["codes"] = {"value": codes, "source": "ICD-10-CM"}
        title = " or ".join(self.words.lexicon.diseases[key].name for key in keys)
        node = Node("diagnosis", title, page, text, holds)
        if self.words.told(text, "study"):
            node.doubts.append("a study that shows it is asked for, not the diagnosis alone?")
        severe = self.words.cues["severity"].search(text)
        if severe and self.words.lexicon.disease(text) is None:
            node.doubts.append(f"{severe[0]!r} is asked too (see `state`)")
        return node

    def _disease(self, asked: Asked) -> Node | None:
        text, page = asked.text, asked.page
        names = [n for n in self.words.names(without_asides(text)) if n.sort == "diagnosis"]
        if not names:
            return None
        keys = list(dict.fromkeys(n.key for n in names))
        if self.words.told(text, "absent") or _DENIED.search(
            without_asides(text)[: names[0].start]
        ):
            title = f"no {' or '.join(self.words.lexicon.diseases[k].name for k in keys)}"
            return Node("state", title, page, text, {"diagnoses": keys, "absent": True})
        letters = len(re.sub(r"\W", "", self.words.cues["severity"].sub("", without_asides(text))))
        taken = sum(n.end - n.start for n in names)
        if self.words.told(text, "diagnosis") or taken >= SHARE * letters:
            return self.diagnosis(text, keys, page)
        if re.search(r"history\s+of|prior|previous", text, re.I):
            return Node(
                "state",
                " or ".join(keys).replace("_", " "),
                page,
                text,
                {"diagnoses": keys, "past": True},
                ["is this what the words ask?"],
            )
        return None

    def _state(self, asked: Asked) -> Node | None:
        """What the words that state a finding in notes say; the policy may mean another thing."""
        text, page = asked.text, asked.page
        finding = self.words.finding(text)
        if not finding and not self.words.told(text, "absent"):
            return None
        doubts = ["is this what the words ask?" if finding else "which finding or diagnosis is it?"]
        finding = finding or MARK
        keys: dict[str, Any] = {"findings": [finding]}
        if self.words.told(text, "absent"):
            keys["absent"] = True
        title = f"{'no ' * ('absent' in keys)}{finding.replace('_', ' ').replace(MARK, OPEN)}"
        return Node("state", title, page, text, keys, doubts)

    def _reference(self, asked: Asked) -> Node | None:
        text, page = asked.text, asked.page
        if not self.words.told(text, "reference"):
            return None
        return Node("reference", "what another source says", page, text, {"look_up": short(text)})
