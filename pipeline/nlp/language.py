"""The spaCy pipeline, declared in one place: tokens, sentences, names, abbreviations.

Spans are left in `doc.spans`; nothing of spaCy leaves this stage.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import spacy
from scispacy.abbreviation import AbbreviationDetector  # noqa: F401  registers the component
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, Span
from spacy.util import compile_infix_regex, compile_suffix_regex, filter_spans

from pipeline.lexicon import Term, load_lexicon
from pipeline.nlp.passages import sentences

# Every document without an abbreviation would warn.
warnings.filterwarnings("ignore", message=r".*W036.*")

NAME_KINDS = ("drug", "drug_class", "lab", "diagnosis")


@dataclass(frozen=True)
class Name:
    """A lexicon name in a text; offsets are those of the text given to `read`."""

    start: int
    end: int
    kind: str
    code: str


@Language.component("chartgap_sentences")
def set_sentences(doc: Doc) -> Doc:
    """Set sentence starts by `passages.sentences`."""
    starts = {start for start, _ in sentences(doc.text)}
    for token in doc:
        token.is_sent_start = token.idx in starts or token.i == 0
    return doc


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
            (kind, exact, self._matcher(nlp, rows, exact))
            for kind, rows in terms.items()
            for exact in (True, False)
        ]

    @staticmethod
    def _matcher(nlp: Language, terms: tuple[Term, ...], exact: bool) -> PhraseMatcher:
        matcher = PhraseMatcher(nlp.vocab, attr="ORTH" if exact else "LOWER")
        for term in terms:
            if term.case_sensitive is exact:
                matcher.add(term.key, [nlp.make_doc(term.text)])
        return matcher

    def __call__(self, doc: Doc) -> Doc:
        found: list[Span] = []
        for kind, _, matcher in self._matchers:
            for match_id, start, end in matcher(doc):
                key = doc.vocab.strings[match_id]
                found.append(Span(doc, start, end, label=kind, kb_id=key))
        for kind in NAME_KINDS:
            doc.spans[kind] = filter_spans([s for s in found if s.label_ == kind])
        return doc


def _number_borders(nlp: Language) -> None:
    """Split `20mg`, `CK3,120`, `anti-Jo-1/SRP` where a number or a slash begins or ends."""
    tokenizer = nlp.tokenizer
    if not isinstance(tokenizer, Tokenizer):
        raise TypeError("a blank pipeline has spaCy's own tokenizer")
    infixes = [
        *(nlp.Defaults.infixes or []),
        r"(?<=\d)(?=[A-Za-z%])",
        r"[/+;:()\[\]\u2192=,]",
        r"(?<=[A-Za-z])-(?=[A-Za-z0-9])",
        r"(?<=[A-Za-z])\.(?=[A-Za-z])",
    ]
    suffixes = [*(nlp.Defaults.suffixes or []), r"\.", r"-", r"\+"]
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    tokenizer.suffix_search = compile_suffix_regex(suffixes).search
    tokenizer.url_match = None
    tokenizer.rules = {}


@cache
def load_language(models: Path) -> Language:
    """The pipeline over the lexicon of `models`; built once per process."""
    nlp = spacy.blank("en")
    _number_borders(nlp)
    nlp.max_length = 5_000_000
    nlp.add_pipe("chartgap_sentences")
    nlp.add_pipe("chartgap_names", config={"models": str(models)})
    nlp.add_pipe("abbreviation_detector", config={"make_serializable": True})
    return nlp


# "Elevated CK" is a diagnosis and also says the result of a test.
RESULT_WORD = re.compile(r"\s*(?:elevated|high|low|abnormal|increased|decreased)\s*", re.IGNORECASE)


def names_in(text: str, models: Path, explained: Mapping[str, str] | None = None) -> list[Name]:
    """Names of the lexicon in `text`, by start; a longer name hides those inside it.

    Args:
        explained: Abbreviations that the document itself explains, with their long forms.
    """
    doc = load_language(models)(text)
    spans = [span for kind in NAME_KINDS for span in doc.spans[kind]]
    # Of two kinds over the same words ("calcium") the reader of each kind decides by context.
    names = [Name(s.start_char, s.end_char, s.label_, s.kb_id_) for s in spans]
    names += [n for n in _explained(text, explained or {}, models) if not _taken(n, names)]
    kept = [
        n
        for n in names
        if not any(
            o.start <= n.start and n.end <= o.end and (o.end - o.start) > (n.end - n.start)
            for o in names
            if o is not n
        )
    ]
    return sorted(kept, key=lambda n: (n.start, n.end))


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


def abbreviations_in(text: str, models: Path) -> dict[str, str]:
    """Abbreviations that `text` itself explains, with their long forms.

    By scispaCy's detector. Source: A. Schwartz, M. Hearst, A simple algorithm for identifying
    abbreviation definitions in biomedical text. Pac Symp Biocomput 2003:451-462.
    """
    doc = load_language(models)(text)
    return {
        a["short_text"]: a["long_text"]
        for a in doc._.abbreviations
        if re.search("[A-Z]", a["short_text"]) and len(a["short_text"]) > 1
    }
