"""Names of the lexicon in a text: drugs, classes of drugs, tests, diseases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from pipeline.lexicon import Term, load_lexicon

LEAST_BROKEN, LEAST_HALF = 8, 3  # letters of a name that may be broken, and of either half
NAME_KINDS = ("drug", "drug_class", "lab", "diagnosis")


@dataclass(frozen=True)
class Name:
    """A name in a text; `code` is the lexicon's key."""

    start: int
    end: int
    kind: str
    code: str


@Language.factory("chartgap_names", default_config={"models": ""})
def make_names(nlp: Language, name: str, models: str) -> Names:
    """Build the component that marks names of the lexicon under `models`."""
    return Names(nlp, Path(models))


class Names:
    """Sets `doc.spans[kind]` for each of NAME_KINDS; a span's `kb_id_` is the lexicon's key."""

    def __init__(self, nlp: Language, models: Path) -> None:
        lexicon = load_lexicon(models)
        terms = {
            "drug": lexicon.drug_terms,
            "drug_class": lexicon.drug_class_terms,
            "lab": lexicon.lab_terms,
            "diagnosis": lexicon.disease_terms,
        }
        self._matchers = [
            (kind, self._matcher(nlp, rows, exact))
            for kind, rows in terms.items()
            for exact in (True, False)
        ]

        self._phrases = {term.text.lower(): term.key for term in lexicon.drug_terms}
        self._drugs = {
            term.text.lower(): term.key
            for term in lexicon.drug_terms
            if term.text.isalpha() and len(term.text) >= LEAST_BROKEN
        }

    def _broken(self, doc: Doc) -> Iterator[Span]:
        """Names of drugs that a line's end broke in two: "azathio-prine", "Mycophe nolate mofetil".

        Neither half is a name; a word or two that belong to the name may follow.
        """
        tokens = [t for t in doc if t.text != "-" and not t.is_space]
        for first, second in pairwise(tokens):
            if not (first.is_alpha and second.is_alpha and second.text.islower()):
                continue
            if min(len(first), len(second)) < LEAST_HALF or second.i - first.i > 2:
                continue
            whole = (first.text + second.text).lower()
            if whole not in self._drugs or {first.lower_, second.lower_} & self._drugs.keys():
                continue
            key, end = self._drugs[whole], second.i + 1
            for last in range(second.i + 2, min(second.i + 3, len(doc)) + 1):
                longer = f"{whole} {doc[second.i + 1 : last].text}".lower()
                if longer in self._phrases:
                    key, end = self._phrases[longer], last
            yield Span(doc, first.i, end, label="drug", kb_id=key)

    @staticmethod
    def _matcher(nlp: Language, terms: tuple[Term, ...], exact: bool) -> PhraseMatcher:
        matcher = PhraseMatcher(nlp.vocab, attr="ORTH" if exact else "LOWER")
        for term in terms:
            if term.case_sensitive is exact:
                matcher.add(term.key, [nlp.make_doc(term.text)])
        return matcher

    def __call__(self, doc: Doc) -> Doc:
        found: list[Span] = []
        for kind, matcher in self._matchers:
            for match_id, start, end in matcher(doc):
                key = doc.vocab.strings[match_id]
                span = Span(doc, start, end, label=kind, kb_id=key)
                if not (kind == "diagnosis" and _begins_a_number(span)):
                    found.append(span)
        found += self._broken(doc)
        for kind in NAME_KINDS:
            doc.spans[kind] = filter_spans([s for s in found if s.label_ == kind])
        return doc


def names_of(
    doc: Doc,
    models: Path,
    explained: Mapping[str, str] | None = None,
    more: Iterable[Name] = (),
) -> tuple[Name, ...]:
    """The names of a text by start; a longer name hides those inside it.

    Of two kinds over the same words ("calcium") both stand: the reader of each kind decides.

    Args:
        doc: A text that `Names` has read.
        explained: Abbreviations that the document itself explains, with their long forms.
        more: Names from elsewhere; they count where none of these stand.
    """
    names = [
        Name(s.start_char, s.end_char, s.label_, s.kb_id_)
        for kind in NAME_KINDS
        for s in doc.spans[kind]
    ]
    names += [n for n in _explained(doc.text, explained or {}, models) if not _taken(n, names)]
    kept = [n for n in names if not any(_hides(o, n) for o in names)]
    kept += [n for n in more if not _taken(n, kept)]
    return tuple(sorted(kept, key=lambda n: (n.start, n.end)))


NUMBERED = re.compile(r"-\d{3}")


def _begins_a_number(span: Span) -> bool:
    """Whether an abbreviation is the first part of a number: "MRN OA-338102", "PM-2231"."""
    return span.text.isupper() and NUMBERED.match(span.doc.text, span.end_char) is not None


def _hides(longer: Name, name: Name) -> bool:
    inside = longer.start <= name.start and name.end <= longer.end
    return inside and longer.end - longer.start > name.end - name.start


def _taken(name: Name, names: list[Name]) -> bool:
    return any(n.start < name.end and name.start < n.end for n in names)


def _explained(text: str, explained: Mapping[str, str], models: Path) -> Iterator[Name]:
    """Uses of the document's own abbreviations whose long forms the lexicon knows."""
    lexicon = load_lexicon(models)
    for short, long in explained.items():
        drug, disease = lexicon.drug(long), lexicon.disease(long)
        kind, code = (
            ("drug", drug.ingredient)
            if drug
            else ("diagnosis", disease.key)
            if disease
            else ("", "")
        )
        if code:
            for m in re.finditer(rf"(?<![\w-]){re.escape(short)}(?![\w-])", text):
                yield Name(m.start(), m.end(), kind, code)
