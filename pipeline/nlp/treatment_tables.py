"""Tables of treatments: a drug in each row, with what the row says of dose, dates and outcome."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.nlp.cells import EMPTY, Filled, Row, row_span
from pipeline.nlp.columns import Roles, kind_of_column, status_of
from pipeline.nlp.columns import column as cells_of
from pipeline.nlp.language import names_in, read_sentence
from pipeline.nlp.medications import VOLUME
from pipeline.nlp.names import Name
from pipeline.nlp.outcome_answers import outcome_parts
from pipeline.nlp.passages import Passage
from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match
from pipeline.schema import Document, Mention

COURSE_ROLES = {"dose", "sig", "dates", "start", "duration"}


def treatment_rows(
    rows: list[Row],
    roles: dict[int, list[str]],
    heads: int,
    passage: Passage,
    document: Document,
    models: Path,
    *,
    fills: bool,
) -> Iterator[Mention]:
    """All drugs of a table; rows that go on about the drug above belong to it."""
    drug_column = next((c for c, names in sorted(roles.items()) if "drug" in names), 0)
    titles = {c: rows[heads - 1][c].text for c in rows[heads - 1]} if heads else {}
    days = _days_of_record(roles)
    roles = {c: names for c, names in roles.items() if c not in days}
    groups: list[list[Row]] = []
    for row in rows[heads:]:
        held = {c: cell for c, cell in row.items() if not EMPTY.fullmatch(cell.text)}
        if not held:
            continue
        above = groups[-1] if groups else None
        if above is not None and not fills and _names_none(held, drug_column, models):
            if _is_course(held, roles) and drug_column not in held and drug_column in above[0]:
                groups.append(
                    [{**held, drug_column: above[0][drug_column]}]
                )  # another course of it
            elif _goes_on(held, drug_column, roles):
                above.append(held)
            continue
        groups.append([held])
    for first, *more in groups:
        yield from treatment_row(
            first,
            roles,
            passage,
            document,
            models,
            fills=fills,
            more=more,
            titles=titles,
            days=days,
        )


def dose_log(
    rows: list[Row], roles: Roles, heads: int, caption: Filled | None, models: Path
) -> tuple[list[Row], Roles] | None:
    """Rows of doses of the one drug that a head or the title names, with it in column -1.

    "From | To | Prednisone per day"; each row is a step. None for another table.
    """
    body = [row for row in rows[heads:] if row]
    head = rows[heads - 1] if heads else {}
    kinds = {c: kind_of_column(cells_of(body, c), models) for c in {c for r in body for c in r}}
    dosed = [c for c, kind in kinds.items() if kind in ("dose", "sig")]
    titles = [(c, head[c]) for c in dosed if c in head]
    if len(dosed) == 1 and caption is not None and len(caption.text) < LONGEST_TITLE:
        titles.append((dosed[0], caption))
    named = [(c, t, d) for c, t in titles if len(d := _drugs_of(t, models)) == 1]
    days = [c for c, kind in sorted(kinds.items()) if kind in ("day", "dates")]
    if not named or not days or len({d[0].code for _, _, d in named}) > 1:
        return None
    dose, title, (drug, *_) = named[0]
    name = Filled(
        title.text[drug.start : drug.end], title.start + drug.start, title.start + drug.end
    )
    told: Roles = {-1: ["drug"], -2: ["sig"], dose: ["dose"]}
    told |= {
        c: names for c, names in roles.items() if {"start", "stop", "dates", "outcome"} & set(names)
    }
    if not {"start", "dates"} & {n for names in told.values() for n in names}:
        if len(days) < 2 and kinds[days[0]] == "day" and len(kinds) > 2 + len(told) - 3:
            return None  # what is taken on a day on which something else is measured
        spans = ["dates"] if kinds[days[0]] == "dates" else ["start"]
        told[days[0]] = spans
        told |= {days[1]: ["stop"]} if len(days) > 1 and spans == ["start"] else {}
    rest = Filled(title.text[drug.end :], name.end, title.end)
    return [{-1: name, -2: rest, **row} for row in body if dose in row], told


LONGEST_TITLE = 80  # characters of a title that names the drug of a log


def _drugs_of(cell: Filled, models: Path) -> list[Name]:
    return [n for n in names_in(cell.text, models) if n.kind == "drug"]


def _days_of_record(roles: dict[int, list[str]]) -> list[int]:
    """The columns of a record of administrations, each headed by a day; one alone may be a visit."""
    columns = sorted(c for c, names in roles.items() if names == ["dated"])
    return columns if len(columns) > 1 else []


def _names_none(row: Row, drug_column: int, models: Path) -> bool:
    cell = row.get(drug_column)
    return cell is None or not any(
        n.kind in ("drug", "drug_class") for n in names_in(cell.text, models)
    )


def _is_course(row: Row, roles: dict[int, list[str]]) -> bool:
    """Whether a row says when or how much: a course of its own."""
    cells = [cell for c, cell in row.items() if COURSE_ROLES & set(roles.get(c, ()))]
    return any(re.search(r"\d", cell.text) for cell in cells)


def _goes_on(row: Row, drug_column: int, roles: dict[int, list[str]]) -> bool:
    """Whether a row is the rest of the one above; one of a drug that the lexicon lacks is not."""
    name = row.get(drug_column)
    return name is None or (
        re.match(r"[a-z(]", name.text) is not None and not _is_course(row, roles)
    )


def treatment_row(
    row: Row,
    roles: dict[int, list[str]],
    passage: Passage,
    document: Document,
    models: Path,
    *,
    fills: bool,
    more: Sequence[Row] = (),
    titles: dict[int, str] | None = None,
    days: Sequence[int] = (),
) -> Iterator[Mention]:
    """A drug and what its row says of dose, dates and outcome.

    Args:
        more: Rows below that go on with this one.
        titles: Heads of the columns.
        days: Columns that say when it was given, in a record of administrations.
    """
    by_role = _by_role(row, roles)
    drug_cell = by_role.get("drug") or (row.get(min(row)) if row else None)
    if drug_cell is None:
        return
    drugs = [n for n in names_in(drug_cell.text, models) if n.kind in ("drug", "drug_class")]
    if not drugs:
        return
    agents = _agents(drug_cell.text, drugs)
    sentences = {
        role: _sentence(cell, passage, models)
        for role, cell in by_role.items()
        if role not in ("prescriber", "quantity", "test")
    }
    drug_sentence = sentences.setdefault("drug", _sentence(drug_cell, passage, models))
    parts = list(_sig_parts(sentences, drug_sentence))
    parts += _date_parts(by_role, sentences)
    if fills:
        for label, role in (("fill_date", "fill_date"), ("days_supply", "days_supply")):
            if role in by_role:
                parts.append(by_role[role].part(label))
    told = [row, *more]
    title = next(
        (t for c, t in (titles or {}).items() if set(roles.get(c, ())) & {"outcome", "result"}), ""
    )
    outcomes = [
        _sentence(cell, passage, models)
        for r in told
        if (cell := _by_role(r, roles).get("outcome"))
    ]
    parts += _with_reason_beside(outcome_parts(outcomes, title), row, roles)
    stated = by_role.get("status")
    code = status_of(stated.text) if stated is not None else ""
    if stated is not None and code:
        parts.insert(0, stated.part("status", code))
    parts += _status_parts(
        [
            *outcomes,
            *(s for role, s in sentences.items() if role in ("dose", "dates", "start", "duration")),
        ]
    )
    refused = next(
        (
            cell
            for c, cell in row.items()
            if NO.fullmatch(cell.text) and WAS_TAKEN.search((titles or {}).get(c, ""))
        ),
        None,
    )
    if refused is not None:
        parts.insert(0, refused.part("status", "not_taken"))
    undispensed = _undispensed(row, by_role)
    if undispensed is not None:
        supplied = ("fill_date", "days_supply", "start", "stop", "duration", "status")
        parts = [p for p in parts if p.label not in supplied]
        parts.insert(0, undispensed.part("status", "not_taken"))
    if days:
        on_days = [row[c] for c in days if c in row]
        parts += _administered(drug_sentence, on_days, row.get(days[-1]))
    doses = [p for p in parts if p.label == "dose"]
    of_one = ("dose",) if len(agents) < 2 else ("dose", "strength", "count")
    rest = [p for p in parts if p.label not in of_one]
    for name, own in zip(agents, _doses_of(agents, doses, drug_sentence), strict=True):
        start, end = drug_cell.start + name.start, drug_cell.start + name.end
        words = drug_cell.text[name.start : name.end]
        product = Mention(label="product", start=start, end=end, text=words)
        for dose in own or [None]:  # type: ignore[list-item]
            later = dose is not None and dose is not own[0] and _is_later_dose(dose, document)
            told_of = [p for p in rest if p.label not in ("start", "duration")] if later else rest
            yield Mention(
                label="medication" if name.kind == "drug" else "medication_class",
                start=start,
                end=end,
                text=document.text[start:end],
                code=name.code,
                scope=row_span({c: cell for c, cell in row.items() if c >= 0}),
                section="fills" if fills else passage.section,
                origin="table",
                parts=(*([dose] if dose is not None else []), *told_of, product),
            )


# "Given? no" of a drug in its row.
WAS_TAKEN = re.compile(r"^\W*(?:given|taken|tried|used|received|had)\W*$", re.IGNORECASE)
NO = re.compile(r"\W*(?:no|n)\W*", re.IGNORECASE)
# What a pharmacy writes of what nobody took home.
UNCOLLECTED = re.compile(
    r"\b(?:return(?:ed|s)?\s+to\s+(?:stock|shelf)|(?:not|never|n't)\s+(?:yet\s+)?(?:been\s+)?(?:picked\s+up|collected|dispensed|filled|claimed|released)|"
    r"un(?:claimed|collected|filled)|(?:claim|fill|rx)\s+(?:was\s+)?reversed|reversed\s+claim|no\s+fills?|did\s+not\s+(?:fill|collect|pick\s+up))\b",
    re.IGNORECASE,
)
NO_DAY = re.compile(r"\W*(?:none|never|nil|no\s+fills?|not\s+filled)\W*", re.IGNORECASE)


def _undispensed(row: Row, by_role: dict[str, Filled]) -> Filled | None:
    """The cell that says that a drug was never handed out: of a row of fills without a day, or taken back."""
    day = by_role.get("fill_date")
    if day is None:
        return None
    if NO_DAY.fullmatch(day.text):
        return day
    return next((cell for cell in row.values() if UNCOLLECTED.search(cell.text)), None)


# "60 mg daily, now 30 mg": the first day and the length of a row are not those of the later dose.
LATER_DOSE = re.compile(
    r"\b(?:now|currently|at\s+present|then|later|since|today|(?:reduced|lowered|tapered|cut|raised|increased|down|up)\s+to)\s*:?\s*$",
    re.IGNORECASE,
)


def _is_later_dose(dose: Mention, document: Document) -> bool:
    return LATER_DOSE.search(document.text[max(0, dose.start - 25) : dose.start]) is not None


SAYS_NOTHING = re.compile(r"\W*(?:none|no|not|nil|n/?a|unknown|unclear|see)\b", re.IGNORECASE)


def _with_reason_beside(
    told: list[Mention], row: Row, roles: dict[int, list[str]]
) -> list[Mention]:
    """The parts of an outcome; of a bare "not tolerated" the words of the next cell say why."""
    outcome = next((p for p in told if p.label == "outcome"), None)
    reason = next((p for p in told if p.label == "reason"), None)
    if outcome is None or reason is None or outcome.code not in ("intolerant", "contraindicated"):
        return told
    beside = [
        cell
        for c, cell in sorted(row.items())
        if cell.start >= reason.end and set(roles.get(c, ())) <= {"outcome", "result"}
    ]
    bare = outcome.text.strip(" .") == reason.text.strip(" .")
    if not bare or not beside or SAYS_NOTHING.match(beside[0].text):
        return told
    if not re.search("[A-Za-z]{3}", beside[0].text):
        return told
    return [p if p is not reason else beside[0].part("reason") for p in told]


TOGETHER = re.compile(r"[^A-Za-z]*(?:/|\+|&|,|;|\b(?:and|with|plus)\b)[^A-Za-z]*", re.IGNORECASE)


def _agents(text: str, drugs: Sequence[Name]) -> list[Name]:
    """The drug of a cell; several where they are given together ("A/B", "A 15 mg + B")."""
    first = next((n for n in drugs if n.kind == "drug"), drugs[0])
    found = [first]
    for name in drugs:
        gap = re.sub(r"\d\s*(?:mg|mcg|g|ml|units?)\b", " ", text[found[-1].end : name.start])
        known = {n.code for n in found}
        if name.start >= found[-1].end and name.code not in known and TOGETHER.fullmatch(gap):
            found.append(name)
    return found


def _doses_of(agents: list[Name], doses: list[Mention], cell: Sentence) -> list[list[Mention]]:
    """The doses of each drug of a cell: of several, those behind their names, or as many in order."""
    if len(agents) == 1:
        return [doses]
    ends = [*(n.start for n in agents[1:]), len(cell.text)]
    own = [
        [cell.part("dose", d) for d in cell.doses if n.end <= d.start < end]
        for n, end in zip(agents, ends, strict=True)
    ]
    if not any(own) and len(doses) == len(agents):
        return [[dose] for dose in doses]
    return own


ENDED = re.compile(r"\b(?:d/?c'?d?|discontinued|stopped|ended|completed)\b", re.IGNORECASE)
NOT_GIVEN = re.compile(
    r"(?:\d{3,4}\s*)?\b(?:held|hold|refused|not\s+given|missed)\b", re.IGNORECASE
)


def _administered(order: Sentence, given: list[Filled], last: Filled | None) -> list[Mention]:
    """Whether an order of a record of administrations still stands on the record's last day.

    Args:
        given: What stands under the days of the record.
        last: What stands under the last of them.
    """
    ended = next((cell for cell in given if ENDED.search(cell.text)), None)
    if ended is not None:
        return [ended.part("status", "stopped")]
    if last is not None and not EMPTY.fullmatch(last.text):
        # An order of which a dose is held still stands, unless no dose was ever given.
        taken = any(re.search(r"\w", NOT_GIVEN.sub("", cell.text)) for cell in given)
        return [last.part("status", "current")] if taken else []
    as_needed = next((f for f in order.frequencies if f.code == "as needed"), None)
    needed = as_needed or re.search(r"\bprn\b|as\s+needed", order.text, re.IGNORECASE)
    return [order.part("status", Match(0, len(order.text), "status", "current"))] if needed else []


def _by_role(row: Row, roles: dict[int, list[str]]) -> dict[str, Filled]:
    """Cells by what their columns hold."""
    found: dict[str, Filled] = {}
    for column, cell in row.items():
        for role in roles.get(column, []):
            role = {"result": "outcome", "dated": "outcome", "answer": "outcome"}.get(role, role)
            found.setdefault(role, cell)
    return found


NEVER = re.compile(
    r"\b(?:never|not)\s+(?:yet\s+)?(?:given|tried|used|taken|started|begun|received|done|attempted)\b|\bdeclined\b|\brefused\b|^never$|^not\s+yet$",
    re.IGNORECASE,
)


def _status_parts(cells: list[Sentence]) -> list[Mention]:
    """Whether a drug was stopped, goes on, or was never given."""
    for sentence in cells:
        never = NEVER.search(sentence.text)
        if never is not None:
            return [sentence.part("status", Match(*never.span(), "status", "not_taken"))]
    codes = ("stopped", "not_taken", "current", "planned")
    told = [
        s.part("status", c)
        for s in cells[:1]
        for c in s.cues
        if c.kind == "status" and c.code in codes
    ]
    return told[:1]


def _sentence(cell: Filled, passage: Passage, models: Path) -> Sentence:
    return read_sentence(cell.text, cell.start, passage, models, "table")


def _sig_parts(sentences: dict[str, Sentence], drug: Sentence) -> Iterator[Mention]:
    """Dose, frequency, route and duration from the cells that hold them, the most telling first."""
    order = [sentences[r] for r in ("dose", "sig", "strength", "dates") if r in sentences]
    dosed = False
    for sentence in order:
        amounts = [d for d in sentence.doses if "(" not in sentence.text[: d.start] or not dosed]
        mass = [
            d
            for d in amounts
            if re.search(r"mg|mcg|g\b|unit|ml", sentence.text[d.start : d.end], re.I)
        ]
        counts = [d for d in amounts if d not in mass]
        if mass and not dosed:
            inside = [d for d in mass if "(" in sentence.text[: d.start]]
            outside = [
                d
                for d in mass
                if d not in inside and not (inside and VOLUME.search(sentence.text, d.start, d.end))
            ]  # of "1 mL (25 mg)" the 25 mg
            for d in outside or inside:
                yield sentence.part("dose", d)
            dosed = True
        elif mass:
            yield from (sentence.part("strength", d) for d in mass)
        yield from (sentence.part("count", d) for d in counts[:1])
    strengths = list(drug.doses)
    yield from (
        drug.part("strength" if dosed or any(True for s in order if s.doses) else "dose", d)
        for d in strengths[:1]
    )
    for label, find in (
        ("frequency", "frequencies"),
        ("schedule", "schedules"),
        ("route", "routes"),
        ("duration", "durations"),
    ):
        for role in ("sig", "dose", "route", "duration", "dates", "drug", "outcome"):
            matches = getattr(sentences[role], find) if role in sentences else ()
            if role == "outcome":  # "stopped after 6 weeks", but not "better for a week"
                matches = [
                    m
                    for m in matches
                    if label == "duration"
                    and not OF_BENEFIT.search(sentences[role].text[: m.start])
                ]
            if matches:
                yield sentences[role].part(label, matches[0])
                break


OF_BENEFIT = re.compile(
    r"\b(?:benefit\w*|better|relief|respon\w+|improve\w*|help\w*|effect\w*)\b", re.IGNORECASE
)


FROM_TO = re.compile(r"\s*(?:-|\u2013|\u2014|to|through|thru|until|till)\s*", re.IGNORECASE)


def _with_course(sentences: dict[str, Sentence]) -> Sentence | None:
    """A cell of another kind that gives one course from day to day: "02/03/2025 to 06/02/2025, no effect"."""
    return next(
        (
            s
            for role in ("outcome", "dose", "sig", "drug")
            if (s := sentences.get(role)) is not None
            and len(s.dates) == 2
            and FROM_TO.fullmatch(s.text[s.dates[0].end : s.dates[1].start])
        ),
        None,
    )


def _date_parts(by_role: dict[str, Filled], sentences: dict[str, Sentence]) -> list[Mention]:
    parts = []
    for role in ("start", "stop"):
        sentence = sentences.get(role)
        if sentence is None:
            continue
        last_given = role == "stop" and re.search(r"\b(?:active|ongoing)\b", sentence.text, re.I)
        if sentence.dates and not last_given:  # "25-Mar 08:41 Active" is no end
            parts.append(sentence.part(role, sentence.dates[0]))
            if role == "start" and len(sentence.dates) > 1:
                parts.append(sentence.part("stop", sentence.dates[1]))
        ongoing = re.search(
            r"ongoing|present|current|continu\w*|now\b|today|active|to\s+date", sentence.text, re.I
        )
        if role == "stop" and ongoing and re.search(r"\d", sentence.text) and not sentence.dates:
            continue  # "ongoing, now 20": the drug goes on, at another dose than the row's
        if role == "stop" and ongoing:
            parts.append(
                sentence.part("status", Match(ongoing.start(), ongoing.end(), "status", "current"))
            )
        elif role == "stop" and sentence.dates:
            d = sentence.dates[0]
            parts.append(sentence.part("status", Match(d.start, d.end, "status", "stopped")))
    dates = sentences.get("dates") or sentences.get("duration") or _with_course(sentences)
    if dates is not None and not any(p.label == "start" for p in parts):
        for d, role in zip(dates.dates, ("start", "stop"), strict=False):
            parts.append(dates.part(role, d))
        ongoing = re.search(r"ongoing|present|current|now\b|to\s+date", dates.text, re.I)
        if ongoing:
            parts.append(
                dates.part("status", Match(ongoing.start(), ongoing.end(), "status", "current"))
            )
    return parts
