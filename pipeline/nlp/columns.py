"""What the columns of a table hold: the vote of their cells, with the head as a prior.

A head is looked up in `column_headers.csv`, else found by likeness there; where it is unknown or
missing, or the cells are of another kind, the cells tell. So no value of a typed column rests on
the wording of its head or the order of columns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from pipeline.lexicon import fold, read_table
from pipeline.nlp.cells import EMPTY, Row, days_in
from pipeline.nlp.cues import find_cues, load_cues
from pipeline.nlp.expressions import find_expressions
from pipeline.nlp.lab_cells import is_range, is_result, is_unit, lab_of
from pipeline.nlp.language import names_in
from pipeline.nlp.likeness import Nearest

Roles = dict[int, list[str]]
SIG_HEADS = frozenset(
    [
        "dose",
        "dosage",
        "strength",
        "amount",
        "route",
        "freq",
        "frequency",
        "schedule",
        "sig",
        "directions",
    ]
)
OPEN_END = re.compile(
    r"\b(?:present|ongoing|current(?:ly)?|now|today|to\s+date|continu\w*|active)\b", re.IGNORECASE
)
# Kinds of cells that a head of each role may stand over; over others, the cells tell.
BEARS = {
    "dose": {"dose", "sig", "number"},
    "sig": {"sig", "dose", "route", "number"},
    "strength": {"dose", "number"},
    "route": {"route", "sig"},
    "start": {"day", "dates"},
    "stop": {"day", "dates", "open"},
    "dates": {"day", "dates", "duration"},
    "duration": {"duration", "number", "dates"},
    "fill_date": {"day"},
    "quantity": {"number", "dose"},
    "days_supply": {"number", "duration"},
}


# ---------------------------------------------------------------------------- heads


@cache
def known_heads(models: Path) -> dict[str, list[str]]:
    """Roles by folded column head; a head may have several ("Result", "Response")."""
    roles: dict[str, list[str]] = {}
    for _, row in read_table(models / "lexicon" / "column_headers.csv"):
        for head in row["headers"].split("|"):
            roles.setdefault(fold(head), []).append(row["role"])
    return roles


@cache
def _heads_alike(models: Path) -> Nearest:
    return Nearest((head, roles[0]) for head, roles in known_heads(models).items())


def head_roles(row: Row, models: Path) -> Roles:
    """Roles of the columns whose heads are known; `dated` where the head is a day."""
    found = {c: _roles_of_head(cell.text, models) for c, cell in row.items()}
    return {c: roles for c, roles in found.items() if roles}


@lru_cache(maxsize=4096)
def _roles_of_head(text: str, models: Path) -> list[str]:
    known, folded = known_heads(models), fold(text)
    head = re.sub(r"\s*\([^)]*\)\s*$", "", folded).strip(" :*#.")
    roles = known.get(folded) or known.get(head)
    if roles:
        return roles
    parts = re.split(r"\s*(?:/|&|,|\band\b)\s*", head)
    if len(parts) > 1 and set(parts) <= SIG_HEADS:
        return known["dose"]  # "Dose / route / freq"
    return ["dated"] if len(text) < 40 and days_in(text) else []


def head_row(rows: list[Row], models: Path) -> tuple[Roles, int]:
    """Roles by the heads alone, and how many rows the heads take (0 when there are none)."""
    best: tuple[Roles, int] = ({}, 0)
    named = 0  # columns of the best row that words head, not days
    for index, row in enumerate(rows[:3]):
        roles = head_roles(row, models)
        worded = sum(names != ["dated"] for names in roles.values())
        if not worded and (named or _is_data(row, models)):
            continue  # a row of days below the heads, or of what a drug or test had then
        more = len(roles) > len(best[0]) or (worded and not named)
        if more and len(roles) >= min(2, len(row)):
            best, named = (roles, index + 1), worded
    roles, heads = best
    if 0 < heads < len(rows) and _heads_again(rows[heads], roles, models):
        roles = {**roles, **head_roles(rows[heads], models)}  # "Dates" over "Begun" and "Ended"
        heads += 1
    if heads:
        for column, cell in rows[heads - 1].items():
            alike = _heads_alike(models).key(cell.text) if column not in roles else ""
            if alike and alike not in {name for names in roles.values() for name in names}:
                roles = {**roles, column: [alike]}
    elif len(rows) > 1 and len(rows[0]) > 1 and _names_columns(rows, models):
        roles, heads = head_roles(rows[0], models), 1
    return roles, heads


def _heads_again(row: Row, roles: Roles, models: Path) -> bool:
    """Whether a row below heads holds nothing but heads, some of columns that those above left open."""
    told = head_roles(row, models)
    worded = not any(re.search(r"\d", cell.text) for cell in row.values())
    return worded and len(told) == len(row) > 0 and not told.keys() <= roles.keys()


def _is_data(row: Row, models: Path) -> bool:
    """Whether a row names a drug or a test: its days are no heads."""
    return any(names_drug(c.text, models) or lab_of(c.text, models) for c in row.values())


def _names_columns(rows: list[Row], models: Path) -> bool:
    """Whether the first row holds words alone over columns of drugs, days, doses or numbers.

    One head that is known speaks for the others, be they long, and for a table of one row.
    """
    first, body = rows[0], rows[1:]
    known = bool(head_roles(first, models))
    wordy = any(
        re.search(r"\d", cell.text) or len(cell.text) > (120 if known else 40)
        for cell in first.values()
    )
    if wordy or _is_data(first, models) or not (known or len(body) > 1):
        return False
    typed = {
        c
        for c in first
        if kind_of_column(texts := column(body, c), models) not in ("", "text")
        or (known and any(names_drug(text, models) for text in texts))
    }
    return len(typed) * 2 >= len(first)


# ---------------------------------------------------------------------------- cells


@lru_cache(maxsize=4096)
def names_drug(text: str, models: Path) -> bool:
    """Whether a cell begins with the name of a drug or of a class of drugs."""
    if not re.search("[A-Za-z]{3}", text):
        return False
    drugs = [n for n in names_in(text, models) if n.kind in ("drug", "drug_class")]
    return bool(drugs) and re.search(r"\w.*\s", text[: drugs[0].start]) is None


@lru_cache(maxsize=4096)
def kind_of_cell(text: str, models: Path) -> str:
    """What a cell of a table of treatments is: `dates`, `day`, `open`, `sig`, `dose`, `route`,
    `duration`, `number`, `text`, or '' for one that says nothing."""
    if EMPTY.fullmatch(text):
        return ""
    found = find_expressions(text, models)
    rest = _without(text, [m for matches in found.values() for m in matches])
    words = re.findall(r"[A-Za-z]{3,}", OPEN_END.sub(" ", rest))
    if re.fullmatch(r"\W*(?:19|20)\d\d\W*", text):
        return "number"  # a year alone may be of anything
    if found["date"] and len(words) <= 1:
        several = len(found["date"]) > 1 or OPEN_END.search(rest)
        return "dates" if several else "day"
    if OPEN_END.search(rest) and not words:
        return "open"
    if len(words) > 5:
        return "text"
    if found["frequency"] or found["schedule"]:
        return "sig"
    if found["dose"]:
        return "sig" if found["route"] else "dose"
    if found["duration"] and len(words) <= 1:
        return "duration"
    if found["route"] and len(words) <= 1:
        return "route"
    return "number" if re.fullmatch(r"\W*\d[\d,.]*\W*", text) else "text"


def _without(text: str, matches: Iterable[object]) -> str:
    for m in sorted(matches, key=lambda m: -m.start):  # type: ignore[attr-defined]
        text = text[: m.start] + " " + text[m.end :]  # type: ignore[attr-defined]
    return text


def column(rows: list[Row], index: int) -> list[str]:
    """The filled cells of a column."""
    return [row[index].text for row in rows if index in row]


def kind_of_column(texts: list[str], models: Path) -> str:
    """The kind of most cells of a column; '' where none has a majority."""
    votes = Counter(kind for text in texts if (kind := kind_of_cell(text, models)))
    for broad, narrow in (("sig", "dose"), ("dates", "day"), ("dates", "open"), ("day", "open")):
        if votes[broad]:  # "10 mg" among "10 mg daily"
            votes[broad] += votes.pop(narrow, 0)
    kind, count = next(iter(votes.most_common(1)), ("", 0))
    return kind if count * 2 > sum(votes.values()) else ""


# ---------------------------------------------------------------------------- roles


def column_roles(rows: list[Row], models: Path) -> tuple[Roles, int]:
    """Roles of each column, and how many rows the heads take (0 when there are none)."""
    roles, heads = head_row(rows, models)
    body = [row for row in rows[heads:] if row]
    drugs = _drug_column(body, roles, models)
    return (_of_treatments(body, roles, drugs, models) if drugs is not None else roles), heads


def _drug_column(body: list[Row], roles: Roles, models: Path) -> int | None:
    """The column that names drugs: by most of its cells, or by its head and one of them."""
    named = {role for names in roles.values() for role in names}
    others = {"test", "question", "diagnosis", "muscle"}
    if any(set(names) <= others for names in roles.values()) and "drug" not in named:
        return None
    width = max((max(row, default=0) for row in body), default=0) + 1
    votes = {c: sum(names_drug(text, models) for text in column(body, c)) for c in range(width)}
    best = max(votes, key=lambda c: (votes[c], "drug" in roles.get(c, ()), -c), default=0)
    filled = len(column(body, best))
    tests = sum(bool(lab_of(text, models)) for text in column(body, best))
    if not votes.get(best) or votes[best] <= tests:
        return None
    headed = "drug" in roles.get(best, ())
    return (
        best if headed or (votes[best] >= min(2, len(body)) and votes[best] * 2 >= filled) else None
    )


def _of_treatments(body: list[Row], roles: Roles, drugs: int, models: Path) -> Roles:
    """Roles in a table of drugs: heads that their cells bear out, and the cells' own kinds."""
    kept: Roles = {drugs: ["drug"]}
    kinds: dict[int, str] = {}
    for c in sorted({c for row in body for c in row} | set(roles)):
        names = [n for n in roles.get(c, ()) if n != "drug"]
        if c == drugs:
            continue
        kinds[c] = kind_of_column(column(body, c), models)
        borne = [
            n for n in names if kinds[c] in ("", "text") or kinds[c] in BEARS.get(n, {kinds[c]})
        ]
        borne = [n for n in borne if n not in ("reference", "units") or kinds[c] != "number"]
        if borne:
            kept[c] = borne
    texts = {c: column(body, c) for c in kinds}
    for c, names in kept.items():
        if "flag" in names or (names == ["outcome"] and _all_status(texts.get(c, []))):
            kept[c] = ["status"]
    for c in [c for c in kinds if c not in kept]:
        present = {name for names in kept.values() for name in names}
        role = _role_of(kinds[c], present)
        if not role and kinds[c] in ("", "text") and "status" not in present:
            role = "status" if _all_status(texts[c]) else ""
        if not role and kinds[c] in ("", "text") and "outcome" not in present:
            cues = load_cues(models, "treatment_cues.csv", "kind", "code")
            told = [m for text in texts[c] for m in find_cues(text, cues) if m.kind == "outcome"]
            role = "outcome" if told else ""
        if role:
            kept[c] = [role]
    return kept


STATUS = (
    ("not_taken", r"never\s+(?:filled|taken|started|dispensed|given|begun|picked\s+up)|not\s+(?:started|filled|dispensed|given|begun)|(?:entered\s+)?(?:in\s+)?error|erroneous|cancel+ed|declined|refused"),
    ("stopped", r"not\s+taking|no\s+longer(?:\s+taking)?|discontinued|d/?c'?d?|dc|stopped|inactive|completed|complete|ended|finished|past|expired"),
    ("current", r"active|current(?:ly\s+taking)?|taking(?:\s+as\s+(?:prescribed|directed))?|continu(?:ed?|ing)|ongoing|yes"),
    ("planned", r"planned|pending|ordered|proposed|to\s+(?:start|begin)"),
)  # fmt: skip


def status_of(text: str) -> str:
    """The contract's word for what a cell of a column of status says, '' if it says another thing."""
    clean = re.sub(r"[\W\d]+$|^\W+", "", text)
    return next(
        (code for code, pattern in STATUS if re.match(rf"(?:{pattern})\b", clean, re.IGNORECASE)),
        "",
    )


def _all_status(texts: list[str]) -> bool:
    return bool(texts) and all(status_of(text) and len(text.split()) <= 4 for text in texts)


def _role_of(kind: str, present: set[str]) -> str:
    """The role of a column without a known head; days come as start and stop."""
    if kind == "day" and not present & {"dates", "fill_date"}:
        return "start" if "start" not in present else "stop" if "stop" not in present else ""
    if kind == "open":
        return "" if "stop" in present else "stop"
    role = kind if kind in ("sig", "dose", "route", "duration", "dates") else ""
    return "" if role in present else role


# ---------------------------------------------------------------------------- panels


def panels(rows: list[Row], models: Path) -> list[list[Row]]:
    """Tables that stand side by side in one grid: cut where its heads, or its tests, begin anew."""
    starts = _starts_of_heads(rows, models) or _starts_of_tests(rows, models)
    if len(starts) < 2:
        return [rows]
    borders = [*starts, max((max(row, default=0) for row in rows), default=0) + 1]
    first = borders[0]
    cut = []
    for start, end in pairwise(borders):
        low = 0 if start == first else start
        cut.append([{c - low: cell for c, cell in row.items() if low <= c < end} for row in rows])
    return cut


def _starts_of_heads(rows: list[Row], models: Path) -> list[int]:
    """Where in the row of heads the first head stands again, with another one after it."""
    _, heads = head_row(rows, models)
    if not heads:
        return []
    row = rows[heads - 1]
    texts = {c: fold(cell.text) for c, cell in row.items()}
    order = sorted(texts)
    if not order or re.search(r"\d", texts[order[0]]):
        return []
    starts = [c for c in order if texts[c] == texts[order[0]]]
    runs = [
        [texts[c] for c in order if a <= c < b]
        for a, b in zip(starts, [*starts[1:], 999], strict=True)
    ]
    return starts if all(len(run) > 1 for run in runs) and runs[0][1] in runs[-1] else []


def _starts_of_tests(rows: list[Row], models: Path) -> list[int]:
    """Columns of tests, each with results of its own to the right, in a grid without heads."""
    width = max((max(row, default=0) for row in rows), default=0) + 1
    tests = []
    for c in range(width if width >= 4 else 0):
        texts = column(rows, c)
        if sum(bool(lab_of(text, models)) for text in texts) >= max(2, len(texts) // 2):
            tests.append(c)
    if len(tests) < 2:
        return []
    ends = [*tests[1:], width]
    full = all(
        any(
            sum(bool(is_result(text)) for text in column(rows, c)) >= 2
            and not any(is_range(text, models) or is_unit(text, models) for text in column(rows, c))
            for c in range(start + 1, end)
        )
        for start, end in zip(tests, ends, strict=True)
    )
    return tests if full else []
