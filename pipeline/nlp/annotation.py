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
        codes: For each span the ICD-10-CM code that its name is linked to, '' where none is safe.
    """

    spans: tuple[LabelledSpan, ...]
    relations: tuple[Relation, ...]
    contexts: tuple[frozenset[str], ...] = ()
    codes: tuple[str, ...] = ()


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
    spans = tuple(chosen(doc))
    contexts = _contexts(doc, spans)
    linked = {(s.start_char, s.end_char): s.id_ for s in doc.spans["diagnosis"]}
    return Annotation(
        spans,
        doc._.links,
        tuple(contexts[span] for span in spans),
        tuple(linked.get((span.start, span.end), "") for span in spans),
    )


def _contexts(doc: Doc, spans: tuple[LabelledSpan, ...]) -> dict[LabelledSpan, frozenset[str]]:
    """What the cues of its sentence, and the section that it stands in, say of each span."""
    found: dict[LabelledSpan, frozenset[str]] = dict.fromkeys(spans, frozenset())
    cues = matches_by_sentence(doc, ("context",))
    for sentence, matches in zip(doc.spans["sentence"], cues, strict=True):
        told = Contexts(sentence.text, matches["context"])
        start = sentence.start_char
        for span in spans:
            if start <= span.start < sentence.end_char:
                found[span] = told.of(span.start - start, span.end - start)
    for part in doc.spans["section"]:
        if part.kb_id_ == "family_history":
            for span in spans:
                if part.start_char <= span.start < part.end_char:
                    found[span] |= {"family"}
    return found
