"""Questions with their answers: which topic a question is about, and what a row of a table answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.lexicon import read_table
from pipeline.nlp.cells import Filled, Row
from pipeline.nlp.columns import Roles
from pipeline.schema import Mention, Span


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
    """One mention for each topic of a question; `code` is `topic=value`, `scope` holds the answer too."""
    last = answer or question
    for topic in topics_of(question.text, models):
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
    cells = [row[c] for c in sorted(row)]
    if len(cells) < 2:
        return
    question, answer = cells[0], cells[1]
    m = re.match(r"(yes|no)\b(?!\W+(?:yes|no)\b)", answer.text, re.IGNORECASE)
    if m is None:
        return
    yield from answer_mentions(question, answer, m.group(1).lower(), "table", models)


def _marked(row: Row, marks: dict[str, int], models: Path) -> Iterator[Mention]:
    """A question with a mark under Yes or No; both, or a mark that is none, cannot be read."""
    asked = row[min(row)]
    if min(row) in marks.values():
        return
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
