"""The spaCy pipeline, declared in one place; its components stand in the modules of their subject.

A text goes in, spans are left in `doc.spans`, records come out; nothing of spaCy leaves this stage.
The texts are the paragraphs, cells and answers of a document, or a plain text (`annotate`).
"""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path

import spacy
from scispacy.abbreviation import AbbreviationDetector  # noqa: F401  registers the component
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_suffix_regex

from pipeline.nlp import choice, context, expressions, linking, passages, recogniser, statements  # noqa: F401
from pipeline.nlp.names import Name, names_of
from pipeline.nlp.passages import Passage
from pipeline.nlp.sentence import Sentence, Setting, sentences_of
from pipeline.nlp.statements import Thread
from pipeline.schema import Mention

# Every document without an abbreviation would warn.
warnings.filterwarnings("ignore", message=r".*W036.*")

# What each component leaves, in the order in which they run.
PIPELINE = (
    "chartgap_sections",  # doc.spans["section"], of plain texts
    "chartgap_sentences",  # doc.spans["sentence"], doc.sents
    "chartgap_expressions",  # "date", "dose", "duration", "frequency", "schedule", "route"
    "chartgap_names",  # "drug", "drug_class", "lab", "diagnosis", by the lexicon
    "abbreviation_detector",  # doc._.abbreviations, by scispaCy
    "chartgap_recogniser",  # "recognised", by the trained networks
    "chartgap_choice",  # "chosen": who wins of lexicon, grammars and networks
    "chartgap_context",  # "context", "cue"
    "chartgap_links",  # doc._.links: which dose is of which drug in "chosen"
    "chartgap_linker",  # the ICD-10-CM code of a "diagnosis" as its `id_`, '' where none is safe
    "chartgap_statements",  # doc._.mentions: what the sentences of a passage state
)
# What runs for which purpose. The networks are asked about whole texts only by `annotate`.
NAMING = {"chartgap_names"}
SURVEYING = {"chartgap_names", "abbreviation_detector"}
RECOGNISING = {"chartgap_sections", "chartgap_sentences", "chartgap_names", "chartgap_recogniser"}
READING = {
    "chartgap_sentences",
    "chartgap_expressions",
    "chartgap_names",
    "chartgap_context",
}
STATING = {*READING, "chartgap_statements"}
ANNOTATING = {
    *RECOGNISING,
    "chartgap_choice",
    "chartgap_context",
    "chartgap_links",
    "chartgap_linker",
}


@cache
def load_language(models: Path) -> Language:
    """The pipeline over the tables and weights of `models`; built once per process."""
    nlp = spacy.blank("en")
    _number_borders(nlp)
    nlp.max_length = 5_000_000
    own = {"models": str(models)}
    for name in PIPELINE:
        takes_models = "models" in (nlp.get_factory_meta(name).default_config or {})
        given = {"make_serializable": True} if name == "abbreviation_detector" else {}
        nlp.add_pipe(name, config=own if takes_models else given)
    return nlp


def run(
    text: str,
    models: Path,
    wanted: set[str],
    setting: Setting | None = None,
    thread: Thread | None = None,
) -> Doc:
    """A text as read by the components `wanted`.

    Args:
        setting: Where the text stands, for READING.
        thread: What goes on from passage to passage of a document, for STATING.
    """
    nlp = load_language(models)
    doc = nlp.make_doc(text)
    doc._.setting, doc._.thread = setting, thread
    return nlp(doc, disable=[name for name in PIPELINE if name not in wanted])


def names_in(text: str, models: Path) -> tuple[Name, ...]:
    """Names of the lexicon in `text`, by start; a longer name hides those inside it."""
    return names_of(run(text, models, NAMING), models)


def read_sentence(
    text: str, offset: int, passage: Passage, models: Path, origin: str = "prose"
) -> Sentence:
    """A cell or an answer as one sentence, with all that was found in it."""
    setting = Setting(passage, offset, origin, one_sentence=True)
    return sentences_of(run(text or " ", models, READING, setting), models)[0]


def mentions_in(text: str, models: Path, setting: Setting, thread: Thread) -> tuple[Mention, ...]:
    """What the sentences of a passage state."""
    mentions: tuple[Mention, ...] = run(text, models, STATING, setting, thread)._.mentions
    return mentions


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
