"""The spaCy pipeline, declared in one place: tokens, sentences, names, abbreviations, recogniser.

Spans are left in `doc.spans`; nothing of spaCy leaves this stage.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
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
from pipeline.nlp.recogniser import load_recogniser, sureness
from pipeline.nlp.sigs import FREQUENCY, ROUTE

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


@Language.factory("chartgap_recogniser", default_config={"models": ""})
def make_recogniser(nlp: Language, name: str, models: str) -> Callable[[Doc], Doc]:
    """Build the component that reads with the weights under `models`, if they are there.

    It sets `doc.spans["recognised"]` and `doc.tensor`. The weights are read with the first text.
    """

    def recognise(doc: Doc) -> Doc:
        reader = load_recogniser(Path(models) / "recogniser")
        if reader is not None:
            reader.read(doc)
        return doc

    return recognise


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
    nlp.add_pipe("chartgap_recogniser", config={"models": str(models)})
    return nlp


# What names alone need; the other components look at the whole document once.
NAMES_ONLY = ["chartgap_sentences", "abbreviation_detector", "chartgap_recogniser"]


# "Elevated CK" is a diagnosis and also says the result of a test.
RESULT_WORD = re.compile(r"\s*(?:elevated|high|low|abnormal|increased|decreased)\s*", re.IGNORECASE)


def names_in(text: str, models: Path, explained: Mapping[str, str] | None = None) -> list[Name]:
    """Names of the lexicon in `text`, by start; a longer name hides those inside it.

    Args:
        explained: Abbreviations that the document itself explains, with their long forms.
    """
    doc = load_language(models)(text, disable=NAMES_ONLY)
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


@dataclass(frozen=True)
class Survey:
    """What only the whole document tells.

    Attributes:
        abbreviations: Those that the document itself explains, with their long forms.
        unknown_drugs: Names of drugs that the lexicon does not know; the code is the name as
            printed, in lower case.
    """

    abbreviations: Mapping[str, str]
    unknown_drugs: tuple[Name, ...]


def survey(text: str, models: Path) -> Survey:
    """Abbreviations that `text` itself explains, and drugs that only the recogniser sees.

    Abbreviations by scispaCy's detector. Source: A. Schwartz, M. Hearst, A simple algorithm for
    identifying abbreviation definitions in biomedical text. Pac Symp Biocomput 2003:451-462.
    """
    doc = load_language(models)(text, disable=["chartgap_recogniser"])
    abbreviations = {
        a["short_text"]: a["long_text"]
        for a in doc._.abbreviations
        if re.search("[A-Z]", a["short_text"]) and len(a["short_text"]) > 1
    }
    return Survey(abbreviations, tuple(_unknown_drugs(doc, models)))


# A name that nobody checked counts only with a strength right after it, and with how often or by
# which way it is taken after that.
SURE = 0.9
UNKNOWN = re.compile(
    r"(?<![\w-])(?P<name>(?:[A-Za-z][a-z]{3,}|[A-Z]{5,}))\s{1,2}"
    r"\d[\d,.]*(?:\s?[-/]\s?\d[\d,.]*)?\s?(?:mg|mcg|g|units?)(?![A-Za-z/])"
    r"\s*(?:(?:tablets?|tabs?|capsules?|caps?)\b)?[\s,]*(?:1|one|2|two)?\s*",
)
LINES_BEFORE = 3  # the recogniser sees the heading of a short list


def _unknown_drugs(doc: Doc, models: Path) -> Iterator[Name]:
    """Drugs that no table names; the recogniser reads only the lines where one may stand."""
    text = doc.text
    named = [(s.start_char, s.end_char) for kind in NAME_KINDS for s in doc.spans[kind]]
    for m in UNKNOWN.finditer(text):
        start, end = m.span("name")
        if any(s < end and start < e for s, e in named):
            continue
        if not (FREQUENCY.match(text, m.end()) or ROUTE.match(text, m.end())):
            continue
        first = end
        for _ in range(LINES_BEFORE):
            first = text.rfind("\n", 0, max(first - 1, 0)) + 1
        last = text.find("\n", end)
        piece = load_language(models)(text[first : last if last >= 0 else len(text)])
        for span in piece.spans.get("recognised", []):
            here = first + span.start_char == start and first + span.end_char == end
            if (
                here
                and span.label_ == "DRUG"
                and sureness(piece, span.start, span.end, "DRUG") >= SURE
            ):
                yield Name(start, end, "drug", m["name"].lower())
