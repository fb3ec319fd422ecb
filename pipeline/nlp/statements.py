"""What the sentences of a passage state: the component that relates what the others found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.lexicon import load_lexicon
from pipeline.nlp.answers import is_written_answer
from pipeline.nlp.attributions import find_attributions
from pipeline.nlp.changes import find_changes
from pipeline.nlp.cues import find_cues, load_cues
from pipeline.nlp.degrees import find_degrees
from pipeline.nlp.diagnoses import find_diagnoses
from pipeline.nlp.findings import find_findings
from pipeline.nlp.flares import CORTICOSTEROID, LOWERING, TAPERING
from pipeline.nlp.labs import find_labs
from pipeline.nlp.markers import find_markers
from pipeline.nlp.meant import is_meant
from pipeline.nlp.medications import Focus, find_medications
from pipeline.nlp.names import Name
from pipeline.nlp.sentence import Sentence, sentences_of
from pipeline.nlp.studies import Report, find_studies
from pipeline.nlp.taper_steps import Steps, find_step_flares, is_steroid
from pipeline.notation.matches import Match
from pipeline.notation.numbers import numbers
from pipeline.schema import About, Mention, PageKind


@dataclass
class Thread:
    """What goes on from passage to passage of a document: `doc._.thread`.

    Attributes:
        focus: The drugs that the last passage was about.
        page: Index of its page.
        last: The drug that was named last on that page.
    """

    focus: Focus = field(default_factory=Focus)
    page: int = -1
    last: str = ""
    report: Report = field(default_factory=Report)
    steps: Steps = field(default_factory=Steps)


Doc.set_extension("thread", default=None, force=True)
Doc.set_extension("mentions", default=(), force=True)


@Language.factory("chartgap_statements", default_config={"models": ""})
def make_statements(nlp: Language, name: str, models: str) -> Callable[[Doc], Doc]:
    """Build the component that sets `doc._.mentions` of a passage and moves `doc._.thread` on."""

    def state(doc: Doc) -> Doc:
        doc._.mentions = tuple(_statements(doc, Path(models)))
        return doc

    return state


def _statements(doc: Doc, models: Path) -> Iterator[Mention]:
    setting, thread = doc._.setting, doc._.thread
    # A line that begins with a dose, or asks for one, goes on about the drug of the line before.
    only = len(thread.focus.drugs) == 1
    goes_on = setting.passage.page == thread.page and (
        GOES_ON.match(doc.text) or (only and TELLS_ON.match(doc.text))
    )
    thread.focus = thread.focus if goes_on else Focus()
    if setting.passage.page != thread.page:
        thread.last = ""
    thread.page = setting.passage.page
    _turn_to_label(setting.about, thread, models)
    previous: Sentence | None = None
    other = False
    for sentence in sentences_of(doc, models):
        # "My brother has it too. He was on 80 mg": perhaps still the brother.
        other = OTHER.match(sentence.text) is not None or (
            other and PRONOUN.match(sentence.text) is not None
        )
        if _is_question(sentence):
            continue
        carried = other and PRONOUN.match(sentence.text) is not None
        for mention in _read(sentence, previous, thread, models):
            if carried and mention.about is About.PATIENT:
                mention = mention.model_copy(update={"doubted": ("standing",)})
            yield _with_outcome(mention, setting.asked, sentence) if setting.asked else mention
        yield from find_degrees(sentence, setting.label)
        if asks_limits(setting.label) and not NO_LIMIT.match(sentence.text):
            yield sentence.mention("finding", 0, len(sentence.text), "adl_limitation")
        previous = sentence


# "What the patient cannot do: lift a pan". Of "Function: ..." the answer itself must tell a limit.
LIMITS = re.compile(
    r"\b(?:cannot|can\s*not|can't|no\s+longer|unable|not\s+able|needs?\s+help|limit(?:s|ed|ations?)?|difficult(?:y|ies)?|trouble|impair\w*|disabilit\w*)\b",
    re.IGNORECASE,
)
DAILY = re.compile(
    r"\b(?:do|does|doing|daily|activit\w*|function\w*|ADLs?|self[\s-]care|tasks?|chores|perform)\b",
    re.IGNORECASE,
)
NO_LIMIT = re.compile(
    r"\W*(?:none|nothing|no\b|nil|not\b|n/?a|unknown|unlimited|normal|fully|independent|see\b|as\b|per\b|refer|attached|he\s+can\b|she\s+can\b|can\b|\W*$)",
    re.IGNORECASE,
)


def asks_limits(label: str) -> bool:
    """Whether a label asks what somebody cannot do in daily life."""
    return LIMITS.search(label) is not None and DAILY.search(label) is not None


def _turn_to_label(drugs: Iterable[tuple[str, str]], thread: Thread, models: Path) -> None:
    """An answer goes on about the drugs that its label names."""
    for code, kind in drugs:
        thread.focus.name(code, kind)
        if is_steroid(code, models):
            thread.steps = Steps(drug=code, page=thread.page)


OTHER = re.compile(
    r"(?:[^.:;]{0,40}:\s*)?(?:(?:my|her|his|the|a|an|our|their|one)\s+)?(?:\w+[\s-]+){0,2}?(?:\w+'s\s+)?"
    r"(?:mother|father|sister|brother|aunt|uncle|cousin|son|daughter|niece|nephew|twin|grand\w+|husband|wife|spouse|"
    r"partner|neighbou?r|friend|co-?worker|colleague|room-?mate|donor|boyfriend|girlfriend)\b",
    re.IGNORECASE,
)
PRONOUN = re.compile(r"(?:he|she|they|his|her|their)\b", re.IGNORECASE)


def _is_question(sentence: Sentence) -> bool:
    """A printed question says nothing about the patient."""
    if is_written_answer(sentence.text):
        return True
    return sentence.text.rstrip().endswith("?") and sentence.passage.kind is not PageKind.NOTE


def outcome_asked(label: str, models: Path) -> str:
    """What a field asks of the drugs in its answer: "Agents that cannot be used, and why"."""
    cues = find_cues(label, load_cues(models, "treatment_cues.csv", "kind", "code"))
    codes = {c.code for c in cues if c.kind == "outcome"} & {"intolerant", "contraindicated"}
    if any(c.code == "not_taken" for c in cues):
        return "not_taken"
    return "contraindicated" if "contraindicated" in codes else "intolerant" if codes else ""


def _with_outcome(mention: Mention, outcome: str, sentence: Sentence) -> Mention:
    """A drug named in answer to such a question, with the words after it as the reason."""
    if outcome == "not_taken":
        return (
            mention.model_copy(update={"negated": True})
            if mention.label.startswith("medication")
            else mention
        )
    if mention.label != "medication" or any(p.label == "outcome" for p in mention.parts):
        return mention
    end = mention.end - sentence.offset
    rest = re.match(r"[\s,:;(\u2013-]*([^.;]{0,80})", sentence.text[end:])
    last = end + rest.end() if rest else end
    whole = Match(mention.start - sentence.offset, last, "outcome", outcome)
    reason = Match(end, last, "reason", "")
    parts = (*mention.parts, sentence.part("outcome", whole), sentence.part("reason", reason))
    return mention.model_copy(update={"parts": parts, "negated": False})


def _read(
    sentence: Sentence, previous: Sentence | None, thread: Thread, models: Path
) -> Iterator[Mention]:
    if sentence.passage.section == "allergies":
        yield from _allergies(sentence)
        return
    if sentence.passage.section != "instructions" and not ADVICE.search(sentence.text):
        kinds = _kinds_meant(sentence, thread.last, models)
        drugs = replace(sentence, names=(*_meant(sentence, models), *kinds))
        _turn_to_taper(drugs, thread.focus, models)
        yield from find_medications(drugs, thread.focus, ambiguous_drugs(models))
        thread.last = next((n.code for n in reversed(drugs.names) if n.kind == "drug"), thread.last)
    yield from find_labs(sentence, previous)
    yield from find_markers(sentence, models)
    yield from find_diagnoses(sentence)
    yield from find_attributions(sentence)
    yield from _findings(sentence, previous, thread, models)
    yield from find_changes(sentence, models)
    yield from find_studies(sentence, thread.report, models)


# "Nor any drug of that kind": the class of the drug named before.
OF_THAT_KIND = re.compile(
    r"\b(?:drugs?|agents?|medicines?|medications?|treatments?)\s+of\s+(?:that|this|the\s+same|its)\s+(?:kind|class|sort|type|group)\b",
    re.IGNORECASE,
)


def _kinds_meant(sentence: Sentence, last: str, models: Path) -> Iterator[Name]:
    """The class that a sentence refers to by a drug of it."""
    known = load_lexicon(models).drugs
    for m in OF_THAT_KIND.finditer(sentence.text):
        before = [n.code for n in sentence.names if n.kind == "drug" and n.end <= m.start()]
        drug = known.get((before or [last])[-1])
        if drug is not None and drug.drug_class:
            yield Name(m.start(), m.end(), "drug_class", drug.drug_class)


def _meant(sentence: Sentence, models: Path) -> Iterator[Name]:
    """The names of a sentence without those that only look like drugs."""
    for name in sentence.names:
        if name.kind != "drug" or is_meant(sentence, name, models):
            yield name


def _findings(
    sentence: Sentence, previous: Sentence | None, thread: Thread, models: Path
) -> Iterator[Mention]:
    """Findings of a sentence; a flare whose dose it does not name takes that of the steps."""
    by_steps = list(find_step_flares(sentence, thread.steps, models))
    yield from by_steps
    for finding in find_findings(sentence, models, is_steroid(thread.steps.drug, models), previous):
        if finding.code == "flare":
            finding = _with_focus(
                _with_earlier_dose(finding, previous), sentence, thread.focus, models
            )
            if by_steps and not any(p.label == "dose" for p in finding.parts):
                continue
        yield finding


# Leaflets speak to the reader of what will be done; a summary for the patient of what was done.
ADVICE = re.compile(
    r"\b(?:you|patients)\s+(?:will|should|may|must|can|need\s+to)\b|\bif\s+you\b", re.IGNORECASE
)


GOES_ON = re.compile(
    r"\s*(?:\d[\d,.]*\s*(?:mg|g|mcg|milligrams?|grams?)\b|"
    r"(?:I|we)\s+(?:propose|request|ask|plan|would\s+like|intend)\b|the\s+(?:proposed|planned|requested)\s+dose)",
    re.IGNORECASE,
)


# "He began in November with 70 mg a day": of the one drug that the paragraph before is about.
TELLS_ON = re.compile(
    r"\s*(?:he|she|they|it|I|we)\s+(?:(?:then|first|had|has|was|were|have|initially|soon)\s+)*(?:began|begun|start(?:s|ed)|commenced|takes|took|"
    r"reached|got\s+(?:down\s+)?to|c[ao]me\s+down|stepped|went|put|raised|lowered|reduced|cut|tapered|increased)\b"
    r"[^.;]{0,60}?\b\d[\d,.]*\s*(?:mg|milligrams?)\b",
    re.IGNORECASE,
)


@cache
def ambiguous_drugs(models: Path) -> frozenset[str]:
    """Drugs whose names are also those of tests, foods or ordinary words."""
    return frozenset(k for k, drug in load_lexicon(models).drugs.items() if drug.ambiguous)


def _allergies(sentence: Sentence) -> Iterator[Mention]:
    """Entries of an allergy list are no trials; they are kept apart."""
    for name in sentence.names:
        if name.kind in ("drug", "drug_class"):
            yield sentence.mention("allergy", name.start, name.end, name.code)


def _with_earlier_dose(flare: Mention, previous: Sentence | None) -> Mention:
    """ "We reached 15 mg in June; ..." or the sentence before may name the dose of a flare."""
    if previous is None:
        return flare
    own = next((p for p in flare.parts if p.label == "dose"), None)
    if own is not None:
        steps = previous.doses[-2:]
        told = any(p.label == "lowering" for p in flare.parts)
        if told or len(steps) < 2 or not _steps_down(previous, own.text):
            return flare
        return flare.model_copy(
            update={"parts": (*flare.parts, previous.part("lowering", steps[-1]))}
        )
    lowered = LOWERING.search(previous.text)
    if lowered is None or not previous.doses:
        return flare
    parts = (
        *flare.parts,
        previous.part("dose", previous.doses[-1]),
        previous.part("lowering", Match(lowered.start(), lowered.end(), "lowering", "")),
    )
    return flare.model_copy(update={"parts": parts})


def _steps_down(sentence: Sentence, reached: str) -> bool:
    """Whether a sentence ends in a lower dose than it names before, the one that was `reached`."""
    before, last = (sentence.text[d.start : d.end] for d in sentence.doses[-2:])
    amounts = [numbers(text)[-1:] for text in (before, last, reached)]
    if not all(amounts) or not all("mg" in text.lower() for text in (before, last, reached)):
        return False
    high, low, flared = (found[0] for found in amounts)
    return low < high and low == flared


def _turn_to_taper(sentence: Sentence, focus: Focus, models: Path) -> None:
    """A taper without a drug's name is the corticosteroid's: what follows goes on about that."""
    named = any(n.kind in ("drug", "drug_class") for n in sentence.names)
    if not named and re.search(rf"\b(?:{TAPERING})\b", sentence.text, re.IGNORECASE):
        for steroid in _steroids(focus, models)[-1:]:
            focus.name(*steroid)


def _steroids(focus: Focus, models: Path) -> list[tuple[str, str]]:
    """The corticosteroids that the text is about."""
    known = load_lexicon(models).drugs
    return [d for d in focus.drugs if d[0] in known and known[d[0]].drug_class == CORTICOSTEROID]


def _with_focus(flare: Mention, sentence: Sentence, focus: Focus, models: Path) -> Mention:
    """The drug that was lowered: the last one that the text is about.

    What is tapered or weaned is the corticosteroid, where the text is about one.
    """
    if not focus.drugs:
        return flare
    code = focus.drugs[-1][0]
    if any(p.label == "lowering" and re.match(TAPERING, p.text, re.I) for p in flare.parts):
        steroids = _steroids(focus, models)
        code = steroids[-1][0] if steroids else code
    place = Match(0, len(sentence.text), "drug", code)
    return flare.model_copy(update={"parts": (*flare.parts, sentence.part("drug", place))})
