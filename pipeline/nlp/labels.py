"""What a printed label asks for: a drug, its code, dose, schedule, a diagnosis, the plan.

A label is looked up among the known ones of `request_fields.csv`, else taken for the kind of those
that it is most like in the letters of its words, where no other kind comes near.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from pipeline.lexicon import fold, read_table
from pipeline.nlp.diagnoses import find_codes
from pipeline.nlp.language import names_in
from pipeline.notation.amounts import find_doses
from pipeline.notation.dates import find_dates

HCPCS = re.compile(r"(?<![A-Za-z0-9])[JQCA]\d{4}(?![0-9])")

# Kinds whose fields say what is requested.
REQUEST_KINDS = {
    "drug",
    "hcpcs",
    "dose",
    "dose_and_schedule",
    "schedule",
    "icd10",
    "diagnosis",
    "request_date",
    "payer",
    "quantity",
    "length",
}


@cache
def load_labels(models: Path) -> dict[str, str]:
    """Kinds of field by folded label; earlier rows of `request_fields.csv` win."""
    labels: dict[str, str] = {}
    for _, row in read_table(models / "lexicon" / "request_fields.csv"):
        for label in row["labels"].split("|"):
            labels.setdefault(fold(label), row["field"])
    return labels


LONGEST = 60  # letters of a label; more is a question or a sentence
SAYS_NOTHING = {"route", "quantity", "qty", "form", "units", "name", "ndc", "number"}
# "Drug and HCPCS", "Dose, route", "Diagnosis and ICD-10-CM": what a field of several parts is.
COMPOSITE = {
    "dose": {"dose"},
    "schedule": {"schedule"},
    "dose_and_schedule": {"dose", "schedule", "dose_and_schedule"},
    "icd10": {"icd10", "diagnosis"},
    "hcpcs": {"hcpcs"},
    "drug": {"drug", "hcpcs", "dose", "schedule", "dose_and_schedule"},
}


@lru_cache(maxsize=4096)
def kind_of(label: str, models: Path) -> str:
    """Which kind of field a printed label is, '' if unknown."""
    text = _bare(label)
    labels = load_labels(models)
    plain = re.sub(r"\s*\([^)]*\)", "", text).strip()
    numbered = re.sub(r"\s*#?\s*\d+$", "", plain).strip()
    for candidate in (text, plain, re.sub(r"\(s\)", "", text), numbered):
        if candidate in labels:
            return labels[candidate]
    parts = [p for p in re.split(r"(?:\s*(?:/|&|,|\band\b|\bor\b))+\s*", plain) if p]
    kinds = {labels.get(part, "") for part in parts if part not in SAYS_NOTHING}
    composite = next((kind for kind, of in COMPOSITE.items() if kinds and kinds <= of), "")
    if not composite and QUANTITY_ASKED.fullmatch(plain):
        return "quantity"
    if not composite and LENGTH_ASKED.fullmatch(plain):
        return "length"
    if composite or len(text) > LONGEST or text in _headings(models):
        return composite  # "Medications" heads a list: it is not like "Medication", which asks
    return _near(text, models)


@cache
def _headings(models: Path) -> frozenset[str]:
    """The headings of sections of notes."""
    rows = read_table(models / "lexicon" / "sections.csv")
    return frozenset(name for _, row in rows for name in row["headings"].split("|"))


def inner_labels(text: str, models: Path) -> Iterator[tuple[int, int]]:
    """Where known labels in the middle of a line begin and end: capitalised, before a colon."""
    for colon in re.finditer(r"(?<=[\w)]):(?=\s|$)", text):
        begins = [w.start() for w in re.finditer(r"(?<!\S)\S+", text[: colon.start()])][-6:]
        known = (
            b for b in begins if text[b].isupper() and kind_of(text[b : colon.start()], models)
        )
        begin = next(known, None)
        if begin is not None:
            yield begin, colon.start()


def kind_of_pair(label: str, value: str, models: Path) -> str:
    """Which kind of field a label with its answer is: a label of other words by what answers it."""
    kind, text = kind_of(label, models), _bare(label)
    if ASKED.fullmatch(text) and load_labels(models).get(text, "") in ("", "drug"):
        told = next((k for k in ("length", "quantity") if is_of_kind(k, value, models)), "")
        if told or text not in load_labels(models):
            return told
    if kind == "hcpcs" and is_of_kind("icd10", value, models) and not HCPCS.match(value):
        return "icd10"  # "Code" beside "Diagnosis"
    if kind:
        known = text in load_labels(models) or kind not in REQUEST_KINDS - {"payer"}
        if known or is_of_kind(kind, value, models):
            return kind
    for kind, like in _ranked(text, models):
        if like < HEARD or kind not in TOLD_BY_ANSWER:
            break
        if is_of_kind(kind, value, models):
            return kind
    return ""


# What is asked of the payer, by labels that say that it is a length: "Approval sought for".
_PAYER_GIVES = r"(?:(?:re-?)?authori[sz]ation|approval|coverage|certification)"
_ASKED_FOR = r"(?:(?:asked|requested|sought|wanted|needed|desired)(?:\s+for)?)"
_TIME = r"(?:length|duration|period|term|time|span|months|how\s+long)"
_OF = r"(?:\s+(?:of|for|is|the|in))*\s+"
LENGTH_ASKED = re.compile(
    rf"{_PAYER_GIVES}(?:{_OF}{_ASKED_FOR}|\s+for)|{_ASKED_FOR}{_OF}{_TIME}|{_TIME}{_OF}{_ASKED_FOR}|"
    rf"{_ASKED_FOR}{_OF}{_PAYER_GIVES}(?:\s+{_TIME})?|"
    rf"{_TIME}{_OF}(?:therapy|treatment|course|use)\s+(?:(?:is|being)\s+)?{_ASKED_FOR}|"
    rf"{_TIME}{_OF}(?:{_ASKED_FOR}\s+)?{_PAYER_GIVES}(?:\s+{_ASKED_FOR})?|{_PAYER_GIVES}\s+{_TIME}(?:\s+{_ASKED_FOR})?"
)
_COUNTED = r"(?:doses?|infusions?|injections?|vials?|syringes?|pens?|cycles?|units?|administrations?|quantity|qty)"
QUANTITY_ASKED = re.compile(
    rf"(?:(?:no\.?|number|how\s+many|quantity|count)(?:\s+of)?\s+)?{_COUNTED}\s+(?:(?:are|is|being)\s+)?{_ASKED_FOR}|"
    rf"{_ASKED_FOR}\s+{_COUNTED}"
)
# Labels that leave open what they ask for: a length or a number answers them.
ASKED = re.compile(rf"(?:we\s+)?(?:ask|request|{_ASKED_FOR})(?:\s+for)?|{_TIME}")
# The whole of an answer: "18 weeks (126 days)"; "4 doses (20 mL) in 3 months".
_WHOLE = r"(?:up\s+to\s+)?(?:\d+|[lI|]|an?|[a-z]+(?:-[a-z]+)?)"
ONLY_LENGTH = re.compile(
    rf"{_WHOLE}[\s-]*(?:days?|weeks?|wks?|months?|mos?|years?|yrs?)\b\s*(?:\([^)]*\)|from\b.*|\Z)",
    re.IGNORECASE,
)
ONLY_NUMBER = re.compile(
    rf"{_WHOLE}\s+(?:loading\s+|single\s+)?(?:doses?|infusions?|injections?|vials?|syringes?|pens?|cycles?|"
    r"units?|tablets?|capsules?|administrations?)\b.*",
    re.IGNORECASE,
)


def leaves_open(label: str) -> bool:
    """Whether a label does not say by itself of what its length or number is: "Length"."""
    return ASKED.fullmatch(_bare(label)) is not None


def _bare(label: str) -> str:
    return fold(re.sub(r"^[\W\d]*[.)]\s*", "", label)).strip(" :*#?.")


# Kinds that an answer shows by itself, whatever else its label might ask.
TOLD_BY_ANSWER = {"drug", "hcpcs", "dose", "dose_and_schedule", "schedule", "icd10", "diagnosis"}
NEAR, APART = 0.62, 0.06  # cosine with the nearest known label, and by how much it leads
HEARD = 0.3  # cosine from which a label may ask for what its answer is
EMPTY_WORDS = re.compile(
    r"\b(?:the|a|an|of|for|to|is|are|be|being|your|please|enter|list|specify|provide|required|optional|s)\b"
)


def _grams(text: str) -> Counter[str]:
    """Groups of 2 to 4 letters within the words of a label, the empty words left out."""
    words = re.findall(r"[a-z0-9]+", EMPTY_WORDS.sub(" ", text))
    return Counter(
        f" {word} "[at : at + size]
        for word in words
        for size in (2, 3, 4)
        for at in range(len(word) + 3 - size)
    )


@cache
def _known(models: Path) -> tuple[dict[str, float], list[tuple[str, dict[str, float]]]]:
    """How much each group of letters tells, and (kind, weights) of the known labels."""
    counted = [(kind, _grams(label)) for label, kind in load_labels(models).items()]
    holding = Counter(gram for _, grams in counted for gram in grams)
    telling = {gram: 1 + math.log(len(counted) / n) for gram, n in holding.items()}
    return telling, [(kind, _weighed(grams, telling)) for kind, grams in counted]


def _weighed(grams: Counter[str], telling: dict[str, float]) -> dict[str, float]:
    usual = max(telling.values(), default=1.0)
    weights = {gram: n * telling.get(gram, usual) for gram, n in grams.items()}
    length = math.sqrt(sum(w * w for w in weights.values())) or 1.0
    return {gram: w / length for gram, w in weights.items()}


def _near(text: str, models: Path) -> str:
    """The kind of the known labels that a label is most like, '' where none is near or two are."""
    first, second = ([*_ranked(text, models), ("", 0.0), ("", 0.0)])[:2]
    return first[0] if first[1] >= NEAR and first[1] - second[1] >= APART else ""


@lru_cache(maxsize=4096)
def _ranked(text: str, models: Path) -> list[tuple[str, float]]:
    """(kind, cosine with its most alike label), the nearest first."""
    telling, known = _known(models)
    own = _weighed(_grams(text), telling)
    best: dict[str, float] = {}
    for kind, weights in known:
        like = sum(w * weights[gram] for gram, w in own.items() if gram in weights)
        best[kind] = max(best.get(kind, 0.0), like)
    return sorted(best.items(), key=lambda b: -b[1])


SCHEDULED = re.compile(
    r"\b(?:daily|weekly|monthly|once|twice|every|days?|weeks?|months?|q\s?\d+|\d+\s*(?:x|times|doses|infusions))\b",
    re.IGNORECASE,
)


def is_of_kind(kind: str, value: str, models: Path) -> bool:
    """Whether a value is such as a field of a kind holds."""
    if kind in ("drug", "diagnosis"):
        return any(n.kind == kind and n.start < 3 for n in names_in(value, models))
    if kind == "hcpcs":
        return HCPCS.match(value) is not None
    if kind == "icd10":
        codes = find_codes(value, coded_place=True)
        return bool(codes) and codes[0].start < 3
    if kind in ("dose", "dose_and_schedule"):
        return any(d.start < 3 for d in find_doses(value))
    if kind == "schedule":
        return len(value) < 80 and SCHEDULED.search(value) is not None
    if kind in ("quantity", "length"):
        whole = ONLY_LENGTH if kind == "length" else ONLY_NUMBER
        return len(value) < 40 and whole.match(value.strip()) is not None
    return kind == "request_date" and any(d.start < 3 for d in find_dates(value))


def is_answer(kind: str, value: str, models: Path) -> bool:
    """Whether a value answers a field of a kind; a disease may be named or coded."""
    kinds = ("icd10", "diagnosis") if kind in ("icd10", "diagnosis") else (kind,)
    return any(is_of_kind(k, value, models) for k in kinds)
