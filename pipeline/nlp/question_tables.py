"""Questions with their answers: which topic a question is about, and what a row of a table answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.lexicon import read_table
from pipeline.nlp.cells import Filled, Row
from pipeline.nlp.columns import Roles
from pipeline.nlp.findings import STUDIES, load_findings
from pipeline.nlp.language import names_in
from pipeline.schema import Mention, Span, Standing

# "Y", "Yes, since May", "N - never"; "Yes No" as printed is none, and "N/A" is not "no".
REPLIED = re.compile(r"\W*(y(?:es)?|no?)\b(?![/.]?\w)(?!\W+(?:yes|no|y|n)\b)", re.IGNORECASE)
TOGETHER = re.compile(
    r"\b(?:together|combin\w+|concurrent\w*|concomitant\w*|simultaneous\w*|along(?:side)?|same\s+time|in\s+addition)\b",
    re.IGNORECASE,
)
RECEIVED = re.compile(
    r"\b(?:receiv\w+|given|treated|had|tried|taken|used|undergone|exposed|prior|previous(?:ly)?|ever)\b",
    re.IGNORECASE,
)
OUTCOME = re.compile(
    r"\b(?:respon\w+|fail\w*|toler\w+|intoler\w+|improv\w+|effect\w*|benefi\w+|contra-?indicat\w*|allerg\w*|adequate|reaction)\b",
    re.IGNORECASE,
)
# "Does the patient have X?", "Any evidence of X?": the disease itself is asked for.
HAS = re.compile(
    r"\b(?:ha(?:ve|s|d)|with|evidence\s+of|history\s+of|diagnos(?:ed|is)\s+(?:with|of)|presence\s+of|is\s+there|any|active|known)\s+"
    r"(?:(?:an?|any|the|known|current|active|primary|been|diagnosed|with|evidence|history|of)\s+)*$",
    re.IGNORECASE,
)
DENIES = re.compile(r"\b(?:no|not|never|without|none|free\s+of)\b", re.IGNORECASE)


def replied(text: str) -> str:
    """`yes` or `no` where an answer begins with it, else ''."""
    m = REPLIED.match(text)
    return {"y": "yes", "n": "no"}[m.group(1)[0].lower()] if m is not None else ""


@cache
def load_questions(models: Path) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The rows of `questions.csv`: (topic, pattern)."""
    path = models / "lexicon" / "questions.csv"
    return tuple((r["topic"], re.compile(r["pattern"], re.IGNORECASE)) for _, r in read_table(path))


def topics_of(question: str, models: Path) -> list[str]:
    """What a question asks about; the first row that fits wins, but for the two hepatitides."""
    places = {t: m.start() for t, p in load_questions(models) if (m := p.search(question))}
    found = list(places)
    # "Swallowing affected, and no better after two weeks of steroid": the drug is the condition.
    if found[:1] == ["corticosteroid_trial"] and "organ_compromise" in places:
        return [min(("corticosteroid_trial", "organ_compromise"), key=lambda t: places[t])]
    paired = [t for t in found if t in ("hepatitis_b", "hepatitis_c")]
    if found and found[0] in paired:
        return paired
    return found[:1]


def answer_mentions(
    question: Filled, answer: Filled | None, value: str, origin: str, models: Path
) -> Iterator[Mention]:
    """One mention for each topic of a question; `code` is `topic=value`, `scope` holds the answer too.

    A question of no known topic states what it asks, or denies it: "Enrolled in a trial? No".
    """
    last = answer or question
    topics = topics_of(question.text, models)
    if not topics and value in ("yes", "no") and answer is not None:
        yield from _stated(question, answer, value == "no", origin, models)
    for topic in topics:
        parts = (answer.part("detail"),) if answer is not None else ()
        yield Mention.model_validate(
            {
                "label": "answer",
                "start": question.start,
                "end": question.end,
                "text": question.text,
                "code": f"{topic}={value}",
                "scope": Span(
                    start=min(question.start, last.start), end=max(question.end, last.end)
                ),
                "section": "form",
                "origin": origin,
                "parts": parts,
            }
        )


def _stated(
    question: Filled, answer: Filled, denied: bool, origin: str, models: Path, lead: str = ""
) -> Iterator[Mention]:
    """Findings that a question asks for, as answered; and of drugs that none is given with it.

    `lead` is how the question begins where it goes on in another row.
    """
    asked = f"{lead} {question.text}".strip()
    scope = Span(
        start=min(question.start, answer.start),
        end=max(question.end, answer.end),
    )

    def mention(label: str, start: int, end: int, code: str, negated: bool) -> Mention:
        return Mention(
            label=label,
            start=question.start + start,
            end=question.start + end,
            text=question.text[start:end],
            code=code,
            negated=negated,
            scope=scope,
            section="form",
            origin=origin,
        )

    seen: set[str] = set()
    for cue in load_findings(models):
        m = cue.pattern.search(question.text)
        if m is None or cue.value or cue.finding in seen or cue.finding in STUDIES:
            continue
        own = cue.assertion == "negated" or (
            not cue.assertion and DENIES.search(question.text, 0, m.start()) is not None
        )
        if denied and (own or DENIES.search(m.group(0))):
            continue  # "Free of infection? No": what is denied twice is not told
        seen.add(cue.finding)
        found = mention("finding", m.start(), m.end(), cue.finding, own or denied)
        promised = {"standing": Standing.PLANNED} if cue.assertion == "promised" else {}
        yield found.model_copy(update=promised)
    names = names_in(question.text, models)
    classed = any(n.kind == "drug_class" for n in names)
    with_it = TOGETHER.search(asked) is not None
    received = RECEIVED.search(asked) is not None and not (with_it or OUTCOME.search(asked))
    for name in names if denied and not DENIES.search(question.text) else ():
        told = name.kind == "drug" and (received or (with_it and not classed))
        if told or (name.kind == "drug_class" and received):
            kind = "medication" if name.kind == "drug" else "medication_class"
            found = mention(kind, name.start, name.end, name.code, negated=True)
            yield found.model_copy(update={"parts": (answer.part("status", "not_taken"),)})
    diseases = [n for n in names if n.kind == "diagnosis"]
    for name in diseases if denied or len(diseases) == 1 else ():
        around = question.text[: name.start] + question.text[name.end :]
        has = HAS.search(question.text[: name.start]) or not re.search(r"\w", around)
        if has and not DENIES.search(question.text):
            yield mention("diagnosis", name.start, name.end, name.code, negated=denied)


MARKED = re.compile(
    r"[\[(]?[xX\u2713\u2714\u2717\u2718\u25cf\u2612*]{1,2}[\])]?"
)  # a fax doubles a mark


def question_mentions(row: Row, roles: Roles, models: Path) -> Iterator[Mention]:
    """The answer of a row: a word beside its question, or a mark under Yes or No."""
    if not row:
        return
    marks = {name: c for c, names in roles.items() for name in names if name in ("yes", "no")}
    if len(marks) == 2:
        yield from _marked(row, marks, models)
        return
    cells = asked_and_told(row)
    if len(cells) < 2:
        return
    question, answer = cells[0], cells[1]
    if value := replied(answer.text):
        yield from answer_mentions(question, answer, value, "table", models)


def rest_of_question(row: Row, before: Row, models: Path) -> Iterator[Mention]:
    """A question that goes on in a row of its own is answered where it begins."""
    cells = asked_and_told(before)
    if len(row) != 1 or len(cells) < 2 or "?" in cells[0].text:
        return
    rest, value = next(iter(row.values())), replied(cells[1].text)
    if rest.text.rstrip().endswith("?") and value and not topics_of(rest.text, models):
        yield from _stated(rest, cells[1], value == "no", "table", models, cells[0].text)


NUMBERED = re.compile(r"\W*(?:Q(?:uestion)?\W*)?(?:\d{1,2}[A-Za-z]?|[A-Za-z])\W*", re.IGNORECASE)


def asked_and_told(row: Row) -> list[Filled]:
    """The cells of a row without the number of its question."""
    cells = [row[c] for c in sorted(row)]
    return cells[1:] if len(cells) > 2 and NUMBERED.fullmatch(cells[0].text) else cells


def _marked(row: Row, marks: dict[str, int], models: Path) -> Iterator[Mention]:
    """A question with a mark under Yes or No; both, or a mark that is none, cannot be read."""
    beside = asked_and_told({c: cell for c, cell in row.items() if c not in marks.values()})
    if not beside or min(row) in marks.values():
        return
    asked = beside[-1] if NUMBERED.fullmatch(beside[0].text) else beside[0]
    given = {
        name: row[c]
        for name, c in marks.items()
        if c in row and not re.fullmatch(r"[-\u2010-\u2015_.\s]*", row[c].text)
    }
    value = next(iter(given), "blank")
    if len(given) > 1 or any(
        not MARKED.fullmatch(cell.text) and cell.text.lower() != name
        for name, cell in given.items()
    ):
        value = "unreadable"
    yield from answer_mentions(asked, given.get(value), value, "table", models)
