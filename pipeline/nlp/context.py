"""Whether a mention is denied, doubted, conditional, past or about a relative.

The ConText algorithm over `models/lexicon/context_cues.csv`. Source: H. Harkema et al.,
ConText: an algorithm for determining negation, experiencer, and temporal status from clinical
reports. J Biomed Inform 2009;42(5):839-851.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.lexicon import read_table
from pipeline.nlp.cues import find_cues, load_cues
from pipeline.nlp.spans import mark, shifted
from pipeline.notation.matches import Match, compiled

# Colons and semicolons end the scope of all but these: "Mother: lupus", "Risk of: PML".
ACROSS_COLON = {
    "family",
    "historical",
    "hypothetical",
    "demanded",
    "withdrawn",
    "other_person",
    "general",
}
# "Her cirrhosis is a contraindication": what is somebody's is said of nobody else.
POSSESSED = re.compile(
    r"\b(?:her|his|their|my|our|this|patient's)\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE
)
# "Her donor had X and was positive for Y": a verb alone goes on about the same person.
SAME_PERSON = {"family", "other_person"}
SAME_SUBJECT = re.compile(r"and\s+(?!she|he|they|it|the\s+patient)", re.IGNORECASE)
# "Her sister has X, Y failed; on Z a year, doing well": a clause without a person goes on, too.
SAME_ON = re.compile(
    r";\s*(?:now\s+|currently\s+|still\s+|then\s+|also\s+)*(?:on|off|doing|taking|treated|well|better|stable|improved|responded|remains?)\b",
    re.IGNORECASE,
)
QUERY = re.compile(r"\?(?=[A-Za-z])")  # "?polymyositis"
COLON = re.compile(r"(?:\s*:)?")
# "PM vs DM", "myositis?": such cues reach over two words at most, and over no comma.
BESIDE = "beside"
# "Raynaud's: no." answers the label before it.
ANSWER = re.compile(r":\s*(?:no|none|denied|denies|absent|never)(?=\s*(?:[.,;)]|$))", re.IGNORECASE)
ANSWERS = "answers"
# "Covered when (1) ...; (2) ...", "Inclusion: ...; ...": a demand reaches to the end of its list.
NUMBERED = re.compile(r"(?<!\w)\(?(?:\d|[a-h]|i{1,3}|iv|v)\)\s", re.IGNORECASE)
# A specimen that is no good takes the results before it with it, whatever sign stands between.
SPECIMEN = re.compile(r"(?:specimen|sample|results?|please|recollect|redraw)\b", re.IGNORECASE)
# "X, which we had feared, is ruled out", "X (his father has it) was excluded": what is said of X
# stands behind what is put in.
ASIDE = re.compile(
    r"\s*,\s*(?:which|who|whose|although|though|as|long|once|first|initially|originally|"
    r"(?:at\s+first|earlier)?\s*(?:raised|suspected|considered|feared|queried|suggested|proposed|favou?red))\b[^;:()]*,\s*|\s*\([^()]*\)\s*|"
    r"\s+[-\u2013\u2014]\s+[^;:()\u2013\u2014]*\s[-\u2013\u2014]\s+",
    re.IGNORECASE,
)
# "While she denies a rash, weakness is worse": a clause put in front denies nothing of what it is
# put in front of, which begins behind a comma and has a verb of its own.
FRONTED = re.compile(
    r"\W*(?:even\s+)?(?:while|although|though|whereas|as|because|since|when|once|after|now\s+that)\b[^;:]*?"
    r"(?P<comma>,)(?=\s*(?:[\w'-]+\s+){1,4}?(?:is|are|was|were|has|have|had|does|did|can|cannot|could|remain\w*|persist\w*|"
    r"continue\w*|worsen\w*|progress\w*|return\w*|go(?:es)?|went|came|began|started|developed|appeared)\b)",
    re.IGNORECASE,
)
# "Her sugars would not permit it (type 2 diabetes)": what is denied is told; the bracket gives why.
REMARK = re.compile(r"\b(?:it|this|that|them|these|so)\s*(?P<bracket>\()", re.IGNORECASE)
OF_CLAUSE = ("negated", "possible")
NEAR = re.compile(r"\s*(?:[\w()/-]+\s+){0,2}|(?:\s+[\w()/-]+){0,2}\s*")


@dataclass(frozen=True)
class ContextCue:
    """A row of the table: `direction` (forward, backward, beside) is where its targets stand."""

    category: str
    direction: str
    pattern: re.Pattern[str]


@cache
def load_context(models: Path) -> tuple[ContextCue, ...]:
    """The rows of `context_cues.csv`."""
    path = models / "lexicon" / "context_cues.csv"
    return tuple(
        ContextCue(
            row["category"],
            row["direction"],
            compiled(path, line, row["pattern"].replace(" ", r"\s+")),
        )
        for line, row in read_table(path)
    )


@Language.factory("chartgap_context", default_config={"models": ""})
def make_context(nlp: Language, name: str, models: str) -> Callable[[Doc], Doc]:
    """Build the component that sets the cues of every sentence.

    `doc.spans["context"]` holds those of `context_cues.csv` (category, direction),
    `doc.spans["cue"]` those of `treatment_cues.csv` (kind, code).
    """

    def read(doc: Doc) -> Doc:
        found: dict[str, list[Match]] = {"context": [], "cue": []}
        cues = load_cues(Path(models), "treatment_cues.csv", "kind", "code")
        for sentence in doc.spans["sentence"]:
            text, at = sentence.text, sentence.start_char
            found["context"] += shifted(find_context(text, load_context(Path(models))), at)
            found["cue"] += shifted(find_cues(text, cues), at)
        return mark(doc, found)

    return read


def find_context(text: str, cues: tuple[ContextCue, ...]) -> list[Match]:
    """The context cues of a sentence: `kind` is the category, `code` the direction."""
    hits = [
        Match(m.start(), m.end(), cue.category, cue.direction)
        for cue in cues
        for m in cue.pattern.finditer(text)
        if m.end() > m.start()
    ]
    hits += [Match(m.start(), m.end(), "possible", BESIDE) for m in QUERY.finditer(text)]
    hits += [Match(m.start(), m.end(), "negated", ANSWERS) for m in ANSWER.finditer(text)]
    return _longest(hits)


class Contexts:
    """The context cues of one sentence, asked for each of its mentions."""

    def __init__(self, text: str, cues: Iterable[Match]) -> None:
        hits = [(m.start, m.end, m.kind, m.code) for m in cues]
        # What ends the reach of all cues, or only of those of one category.
        self._stops = [(s, e, only) for s, e, category, only in hits if category == "terminate"]
        signs = re.finditer(r"[;:]|\s[-\u2013]\s", text)
        self._stops += [(m.start(), m.end(), "") for m in signs]
        self._stops += [(*m.span("bracket"), "negated") for m in REMARK.finditer(text)]
        fronted = FRONTED.match(text)
        if fronted is not None:
            self._stops += [(*fronted.span("comma"), only) for only in OF_CLAUSE]
        self._text = text
        # "Differential: PM, IBM" and "Denies: dyspnea" reach over the colon that they end with.
        self._hits = [
            (s, e + len(COLON.match(text, e)[0]), category, direction)  # type: ignore[index]
            for s, e, category, direction in hits
            if category not in ("pseudo", "terminate")
        ]

    def of(self, start: int, end: int) -> frozenset[str]:
        """Categories that hold for the target at [start, end) of the sentence."""
        found = set()
        for s, e, category, direction in self._hits:
            if s < end and start < e:
                continue
            gap = (e, start) if e <= start else (end, self._without_aside(end, s))
            if direction == ANSWERS:
                holds = end <= s and NEAR.fullmatch(self._text, *gap) is not None
            elif direction == BESIDE:
                holds = NEAR.fullmatch(self._text, *gap) is not None
            else:
                holds = direction == ("forward" if e <= start else "backward")
            whole = category == "withdrawn" and SPECIMEN.match(self._text, s)
            if category == "general" and POSSESSED.search(self._text[:start]):
                continue
            if holds and (whole or not self._stopped(*gap, category)):
                found.add(category)
        return frozenset(found)

    def _without_aside(self, left: int, right: int) -> int:
        """Where the text before a word ends when what is only put in before it is left out."""
        aside = ASIDE.search(self._text, left, right)
        return aside.start() if aside is not None and aside.end() == right else right

    def _stopped(self, left: int, right: int, category: str) -> bool:
        listed = ":" in self._text[left - 1 : right] or NUMBERED.search(self._text, left, right)
        if category == "demanded" and listed:
            return False
        for s, e, only in self._stops:
            if left <= s and e <= right and only in ("", category):
                if category in SAME_PERSON and SAME_SUBJECT.match(self._text, s, e):
                    continue
                if category in SAME_PERSON and SAME_ON.match(self._text, s):
                    continue
                sign = self._text[s:e].strip()
                if category in ACROSS_COLON and sign in (":", "-", "\u2013", "which", "who"):
                    continue
                return True
        return False


def _longest(hits: list[Match]) -> list[Match]:
    """Hits that stand in no longer one: "cannot exclude" is a doubt, "exclude" a denial."""
    return [
        hit
        for hit in hits
        if not any(
            o.start <= hit.start and hit.end <= o.end and o.end - o.start > hit.end - hit.start
            for o in hits
        )
    ]
