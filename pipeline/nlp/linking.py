"""Links from names of diseases to ICD-10-CM, and none where no code is safe.

First the name as it stands, in the code set and in our own `icd10_names.csv`; then, for names in
another order, misspelt or misread, the candidates of scispaCy over the same knowledge base. Of
the candidates one counts only when it says word for word what the name says.

The index is a product of sparse vectors instead of scispaCy's own: that one cannot be built with
our scipy, and its graph comes out differently at every build.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.compiled import compiled
from pipeline.icd10cm import title_of
from pipeline.lexicon import digest, load_lexicon
from pipeline.nlp.code_set import common_code, fold_name, names_of_codes
from pipeline.schema import Document, Mention, Span

NEIGHBOURS = 40  # candidates of a name, most of them wordings of a few codes
# The least cosine similarity of character 3-grams; measured by tests/measure_links.py.
SIMILAR = 0.4
LONGEST = 14  # words of a name; the code set's own longest that charts repeat
MISSPELT = 2  # words of a name; with more the line is something else
SHORTEST, LONG = 6, 9  # letters of a word that may have one slip, and two


class Link(NamedTuple):
    """A code of ICD-10-CM that a name means, with its title."""

    code: str
    title: str


class Neighbours:
    """The nearest rows of a matrix of unit vectors by cosine, in the shape of an nmslib index."""

    def __init__(self, vectors: Any) -> None:
        self._transposed = vectors.T.tocsr()

    def knnQueryBatch(self, queries: Any, k: int) -> list[tuple[Any, Any]]:  # noqa: N802
        """(row numbers, distances) of the `k` nearest to each query, of equals the first."""
        found = []
        for similarities in (queries @ self._transposed).toarray():
            nearest = np.lexsort((np.arange(similarities.size), -similarities))[:k]
            found.append((nearest, 1 - similarities[nearest]))
        return found


class Linker:
    """Codes by name; `models` holds the lexicon whose names are added to those of the code set."""

    def __init__(self, models: Path) -> None:
        self._abbreviations: dict[str, str] = {}
        own: dict[str, str] = {}
        for code, row in load_lexicon(models).icd10_names.items():
            own |= {fold_name(name): code for name in row.names}
            self._abbreviations |= dict.fromkeys(row.abbreviations, code)
        codes: dict[str, set[str]] = defaultdict(set)
        for wording, code in names_of_codes():
            codes[fold_name(wording)].add(code)
        self._codes = {name: common_code(found) for name, found in codes.items()} | own
        self._exact = _by_letters(self._codes)
        self._words = frozenset(word for name in self._codes for word in name.split())
        self._orders = frozenset(_unordered(name) for name in self._codes)

    def link(self, wording: str, *, misspelt: bool = True) -> Link | None:
        """The code that a name means, None where none is safe; `misspelt`: it may have slips."""
        name = fold_name(wording)
        code = self._abbreviations.get(wording.strip(), "")
        if not code and name and name.count(" ") < LONGEST:
            code = self._exact.get(name.replace(" ", ""), "")
            code = code or self._safe_candidate(name, misspelt)
        return Link(code, title_of(code)) if code else None

    def _safe_candidate(self, name: str, misspelt: bool) -> str:
        """The one code, or line of codes, of the candidates that say what the name says."""
        words = name.split()
        unknown = [word for word in words if word not in self._words]
        if not unknown and _unordered(name) not in self._orders:
            return ""  # well spelt, and no name of a disease
        if len(unknown) > (MISSPELT if misspelt else 0) or any(
            len(word) < SHORTEST - 1 for word in unknown
        ):
            return ""
        said = {
            candidate.concept_id: max(candidate.similarities)
            for candidate in self.candidates(name)
            if any(self._says(words, alias.split()) for alias in candidate.aliases)
        }
        code = common_code(said)
        return code if code and max(said.values()) >= SIMILAR else ""

    def candidates(self, name: str) -> list[Any]:
        """scispaCy's candidates for a folded name: concepts, with their names and similarities."""
        return list(self._generator([name], k=NEIGHBOURS)[0])

    @cached_property
    def _generator(self) -> Any:
        """Built with the first name that needs it: scikit-learn is slow to load."""
        from scispacy.candidate_generation import CandidateGenerator
        from scispacy.linking_utils import Entity, KnowledgeBase
        from sklearn.feature_extraction.text import TfidfVectorizer

        aliases: dict[str, list[str]] = defaultdict(list)
        for name, code in self._codes.items():
            if code and not SIDED.search(name):
                aliases[code].append(name)
        base = KnowledgeBase([Entity(code, title_of(code), a) for code, a in aliases.items()])
        names = sorted(name for listed in aliases.values() for name in listed)
        vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), dtype=np.float32)
        index = Neighbours(vectorizer.fit_transform(names))
        return CandidateGenerator(index, vectorizer, names, base)

    def _says(self, words: Sequence[str], official: Sequence[str]) -> bool:
        """Whether two wordings say the same: each word of one is a word of the other, or a slip of it."""
        if BOUND.intersection(official):
            pairs = zip(words, official, strict=False)
            return len(words) == len(official) and all(self._is_meant(w, o) for w, o in pairs)
        left, right = _differing(words, official)
        if len(left) != len(right):
            return False
        for word in left:
            meant = [other for other in right if self._is_meant(word, other)]
            if not meant:
                return False
            right.remove(meant[0])
        return True

    def _is_meant(self, word: str, official: str) -> bool:
        """Whether a word is another one misspelt or misread: no word of its own, and near."""
        if word == official:
            return True
        if word in self._words or len(official) < SHORTEST:
            return False
        if any(letter.isdigit() for letter in official):
            return False
        return slips(word, official) <= (1 if len(official) < LONG else 2)


# Codes for a side of the body are as good as never misspelt as a whole, and are a third of all.
SIDED = re.compile(r"\b(?:right|left|bilateral)\b")
# Where these stand, the order of the words tells what belongs to what.
BOUND = frozenset(
    ("with", "without", "due", "in", "by", "from", "following", "after", "to", "secondary", "and", "or", "not")
)  # fmt: skip
FILLERS = frozenset(("of", "the"))


def _by_letters(codes: dict[str, str]) -> dict[str, str]:
    """Codes by names without blanks: "gastro esophageal" is no other word."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, code in codes.items():
        found[name.replace(" ", "")].add(code)
    return {letters: common_code(several) for letters, several in found.items()}


def _unordered(name: str) -> tuple[str, ...]:
    return tuple(sorted(word for word in name.split() if word not in FILLERS))


def _differing(one: Sequence[str], other: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words of each that the other has not, fillers left out."""
    left, right = [w for w in one if w not in FILLERS], [w for w in other if w not in FILLERS]
    for word in list(left):
        if word in right:
            left.remove(word)
            right.remove(word)
    return left, right


# Letters that scans take for others: what is read, and what was printed.
MISREAD = (("rn", "m"), ("cl", "d"), ("vv", "w"), ("0", "o"), ("1", "l"), ("5", "s"))


def slips(word: str, meant: str) -> int:
    """How many slips turn one word into the other, misread letters put right where that helps.

    A slip is a letter changed, left out, added or swapped with its neighbour.
    """
    printed = word
    for read, letter in MISREAD:
        printed = printed.replace(read, letter)
    return min(_distance(form, meant) for form in {word, printed})


def _distance(one: str, other: str) -> int:
    """Optimal string alignment distance."""
    above: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row = row, [i]
        for j, b in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, above[j - 2] + 1)
            row.append(best)
        above = before
    return row[-1]


@cache
def load_linker(models: Path) -> Linker:
    """The linker over the lexicon of `models`; built with the first name that is linked."""
    return compiled("linker", digest(models), lambda: Linker(models))


@lru_cache(maxsize=50_000)
def link(wording: str, models: Path, *, misspelt: bool = True) -> Link | None:
    """The code that a name means, None where none is safe; each wording is linked once.

    Args:
        misspelt: It may have slips; not so where a table has named it already.
    """
    return load_linker(models).link(wording, misspelt=misspelt)


# What may stand right before and right after a name without changing what it means: nothing,
# punctuation, and these words. "Gestational hypertension", "hepatitis due to alcohol" and "diabetes
# with neuropathy" do change.
BEFORE = re.compile(
    r"(?:^|[\n\t:;.(\[,/*#\u2022\u2013-]|\b(?:has|have|had|having|of|for|and|or|the|an?|is|was|are|be|her|his|"
    r"their|this|these|PMHx?|known|established|confirmed|diagnosed|diagnosis|diagnoses|dx|includ(?:es?|ing)|treat(?:s|ing)?|(?:(?:wo)?man|(?:fe)?male|patient|pt|diagnosed|present(?:s|ed|ing)?)\s+with))\s*$",
    re.IGNORECASE,
)
AFTER = re.compile(
    r"\s*(?:$|[\n\t.;:)\]/]|(?-i:[A-TV-Z]\d[0-9A-Z])(?:\.\w+)?\b|\((?=[A-Z]{2,6}\))|\s[\u2013-]|,?\s*(?:(?:(?:un|(?:well|poorly)[\s-])?controlled|stable)\b|and|since|diagnosed|who|which|treated|on|is|was|has|remains)\b)",
    re.IGNORECASE,
)
NEXT = re.compile(r"\s*,\s*")
# What bounds the words that belong to a name: "2. Asthma, moderate persistent - stable".
BORDER = re.compile(
    r"[\n\t;:()\[\]]|[.!?](?=\s|$)|\s[\u2013-]\s|\u2022|(?:^|(?<=\n))\s*(?:#?\d{1,2}[.)]|#\d{1,2}|[-*#])\s"
)


def link_in(
    text: str, start: int, end: int, key: str, starts: Collection[int], models: Path
) -> Link | None:
    """The code of the disease `key` of the lexicon, which is named at [start, end) of a text.

    All words up to the next border are linked where they are a name together, else the name alone
    where nothing beside it changes its meaning. A code that our table of diseases does not have for
    the disease is not safe.

    Args:
        starts: Where names of diseases and drugs begin: after a comma, one of them ends the name.
    """
    first = max((m.end() for m in BORDER.finditer(text, 0, start)), default=0)
    border = BORDER.search(text, end)
    last = border.start() if border else len(text)
    whole = link(text[first:last].strip(" ,."), models, misspelt=False)
    if whole is not None:
        # "Arthritis, rheumatoid": two names, and the code is that of one of them.
        several = any(first <= s < last and s != start for s in starts)
        return whole if _agrees(whole.code, key, models, unknown=not several) else None
    comma = NEXT.match(text, end)
    followed = AFTER.match(text, end) or (comma and comma.end() in starts)
    if not followed or not BEFORE.search(text, 0, start):
        return None
    alone = link(text[start:end], models, misspelt=False)
    return alone if alone and _agrees(alone.code, key, models, unknown=True) else None


def _agrees(code: str, key: str, models: Path, *, unknown: bool) -> bool:
    """Whether a code is one of the disease as our table has it; `unknown` where it has none."""
    disease = load_lexicon(models).diseases.get(key)
    if disease is None or not disease.icd10:
        return unknown
    return any(code.startswith(own) or own.startswith(code) for own in disease.icd10)


def with_links(mentions: Sequence[Mention], document: Document, models: Path) -> list[Mention]:
    """The mentions; those that name a disease without a printed code bear a part `linked_code`."""
    starts = sorted({m.start for m in mentions if m.label in ("diagnosis", "medication")})
    return [
        _with_link(m, starts, document.text, models)
        if m.label == "diagnosis" and not m.parts and m.scope is not None
        else m
        for m in mentions
    ]


def _with_link(mention: Mention, starts: Sequence[int], text: str, models: Path) -> Mention:
    scope = mention.scope or Span(start=mention.start, end=mention.end)
    found = link_in(
        text[scope.start : scope.end],
        mention.start - scope.start,
        mention.end - scope.start,
        mention.code,
        {s - scope.start for s in starts if scope.start <= s < scope.end},
        models,
    )
    return bearing(mention, found, text) if found is not None else mention


def bearing(mention: Mention, known: Link, text: str) -> Mention:
    """A mention with the part `linked_code`, or `code` where that code is printed beside the name."""
    end = mention.scope.end if mention.scope is not None else mention.end
    printed = _printed(known.code, text, mention.end, end)
    label, place = ("code", printed) if printed else ("linked_code", (mention.start, mention.end))
    part = Mention(
        label=label, start=place[0], end=place[1], text=text[slice(*place)], code=known.code
    )
    return mention.model_copy(update={"parts": (part,)})


def _printed(code: str, text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the code itself stands beside its name: "Essential hypertension I10 2014".

    A code without a dot is also an ordinary word, and is read as one unless the name says the same.
    """
    m = re.compile(rf"[^;.\n]{{0,44}}?(?<![\w-])(?P<code>{re.escape(code)})(?![\w-])").match(
        text, start, end
    )
    return m.span("code") if m else None


@Language.factory("chartgap_linker", default_config={"models": ""})
def make_linker(nlp: Language, name: str, models: str) -> Callable[[Doc], Doc]:
    """Build the component that sets `id_` of the spans of `doc.spans["diagnosis"]` to their codes.

    It stands after `chartgap_names`; the code set is read with the first name.
    """

    def link_names(doc: Doc) -> Doc:
        spans = list(doc.spans.get("diagnosis", []))
        starts = frozenset(span.start_char for span in (*spans, *doc.spans.get("drug", [])))
        for span in spans:
            place = (span.start_char, span.end_char)
            found = link_in(doc.text, *place, span.kb_id_, starts, Path(models))
            span.id_ = found.code if found is not None else ""
        doc.spans["diagnosis"] = spans
        return doc

    return link_names
