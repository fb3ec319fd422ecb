"""Spans and relations of a plain text, for measuring: what the stage sees, label by label.

`annotate(text)` gives DRUG, DOSE, FORM, FREQUENCY, ROUTE, DURATION, LAB_NAME, LAB_VALUE, DIAGNOSIS
and FINDING spans, the context of each, and which dose, frequency, route, duration belongs to which
drug and which value to which test. The lexicon and the grammars say what is known, the recogniser
what is not; how they are weighed is in docs/recogniser.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Doc

from pipeline.lexicon import models_dir
from pipeline.nlp.choice import LabelledSpan, Relation, chosen
from pipeline.nlp.context import Contexts
from pipeline.nlp.language import ANNOTATING, PIPELINE, RECOGNISING, load_language, run
from pipeline.nlp.recogniser import Recogniser
from pipeline.nlp.spans import matches_by_sentence


@dataclass(frozen=True)
class Annotation:
    """What stands in a text, by start.

    Attributes:
        contexts: For each span what holds of it: negated, possible, hypothetical, historical,
            family.
    """

    spans: tuple[LabelledSpan, ...]
    relations: tuple[Relation, ...]
    contexts: tuple[frozenset[str], ...] = ()


def annotate(text: str, models: Path | None = None) -> Annotation:
    """The spans and relations of `text`; line ends matter, as in notes.

    Args:
        models: The folder of knowledge and weights; that of the installation by default.
    """
    return _annotation(run(text, models_dir(models), ANNOTATING))


def annotate_with(reader: Recogniser | None, text: str, models: Path) -> Annotation:
    """The same with a given recogniser; None: by the lexicon and the grammars alone."""
    doc = run(text, models, RECOGNISING - {"chartgap_recogniser"})
    if reader is not None:
        reader.read(doc)
    for name in PIPELINE:
        if name in ANNOTATING - RECOGNISING:
            doc = load_language(models).get_pipe(name)(doc)
    return _annotation(doc)


def _annotation(doc: Doc) -> Annotation:
    spans = chosen(doc)
    contexts: dict[LabelledSpan, frozenset[str]] = {}
    found = matches_by_sentence(doc, ("context",))
    for sentence, matches in zip(doc.spans["sentence"], found, strict=True):
        told = Contexts(sentence.text, matches["context"])
        for s in spans:
            if sentence.start_char <= s.start < sentence.end_char:
                start = s.start - sentence.start_char
                contexts[s] = told.of(start, s.end - sentence.start_char)
    related = {
        s
        for part in doc.spans["section"]
        if part.kb_id_ == "family_history"
        for s in spans
        if part.start_char <= s.start < part.end_char
    }
    return Annotation(
        tuple(spans),
        doc._.links,
        tuple(
            contexts.get(s, frozenset()) | (frozenset({"family"}) if s in related else frozenset())
            for s in spans
        ),
    )
