"""Who asks, and for what kind of request: specialty and consultation, first request or continuation.

A field or ticked box of the form says it outright, and so does the signature of a letter. The
signature of a note is that of whoever wrote it, who need not be the prescriber: possible only.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline.lexicon import fold, read_table
from pipeline.nlp.cells import Filled, Pair, filled, rows_of
from pipeline.nlp.findings import load_findings
from pipeline.nlp.labels import ONLY_LENGTH, kind_of
from pipeline.nlp.language import names_in
from pipeline.nlp.pairs import FORMS, is_asking
from pipeline.nlp.passages import Passage, prose_passages, readable_pages
from pipeline.nlp.passages import sentences as sentences_in
from pipeline.nlp.question_tables import replied
from pipeline.notation.dates import find_dates
from pipeline.notation.matches import compiled
from pipeline.schema import Document, Mention, Page, PageKind, Span, Standing, Tick

SPECIALTY, CONSULTED = "prescriber_specialty", "consulted_specialty"
PHASE_ASKED = "request_phase"
PHASE = re.compile(
    r"(?:type|kind|reason|nature)\s+of\s+(?:request|review|authori[sz]ation|therapy|prescription)"
    r"|(?:request|review|authori[sz]ation)\s+type|is\s+this\s+(?:request\s+)?(?:a|an|for)\b|"
    r"(?:new\s+start|initial)\b.{0,40}\bcontinu",
    re.IGNORECASE,
)
# A label of what is asked, or of where it stands: "Request", "PA type", "Status", "Therapy".
ASKS_KIND = re.compile(
    r"\b(?:request|review|auth\w*|re-?auth\w*|PA|approval|status|type|phase|stage|therapy|treatment|note)\b",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"[,;:.()\[\]\"|/\t\u2013\u2014]|\s-+\s|\b(?:for|and)\b")
TITLE_LINES = 4  # at the head of a form, among which its title stands
# "We ask for renewal of X", "I ask to keep her on it", "this is a reauthorization request".
GOES_ON = re.compile(
    r"\b(?:I|we|practice|office|team)\s+(?:\w+\s+){0,3}?(?:ask(?:ing)?|request(?:ing)?|seek(?:ing)?|appl(?:y|ying)|write|writing)\b"
    r"[^.;?]{0,60}?\b(?:continu(?:e(?!\s+to\b)|ed|ing|ation)|renew\w*|re-?auth\w*|re-?approv\w*|extend\w*|extension|"
    r"keep\s+(?:him|her|them|the\s+patient|\w+)\s+on|(?:go|goes|going|stay|remain)\s+on)\b"
    r"|\b(?:request|application|authori[sz]ation)\s+(?:is\s+)?(?:for|to)\s+(?:the\s+)?(?:continu(?:e|ed|ation)|renew\w*|re-?auth\w*)\b"
    r"|\b(?:continuation|renewal|re-?authori[sz]ation)\s+request\b",
    re.IGNORECASE,
)
OF_SPECIALTY = re.compile(
    r"(?:(?:prescriber|provider|physician|doctor|requesting\s+provider|practice)(?:'s|s)?\s+|medical\s+|practi[cs]e\s+)?"
    r"(?:specialty|speciality|specialization|spec)\.?(?:\s+(?:type|code))?|type\s+of\s+specialist",
    re.IGNORECASE,
)
OF_PRESCRIBER = re.compile(
    r"(?:name\s+of\s+(?:the\s+)?)?(?:(?:requesting|ordering|prescribing|treating)\s+)?(?:prescriber|physician|provider|doctor|clinician|"
    r"oncologist)(?:'s)?(?:\s+name)?(?:\s*(?:,|/|and|&)\s*specialty)?",
    re.IGNORECASE,
)
WORDS = 12  # of a box or an answer that chooses; more is a sentence
SIGNED = re.compile(r"\b(?:M\.?D\.?|D\.?O\.?|MBBS|NP|PA-?C|APRN|FAC[GPR]|FAA[NDP])\b")
DEPARTMENT = re.compile(r"\b(?:department|division|section|board[\s-]+certified)\b", re.IGNORECASE)
ADVISED = re.compile(
    r"\bin\s+consultation\s+with\b|\bconsult(?:ed|ation|s|ing)?\b|\bco-?manag\w+|\bseen\s+by\b|"
    r"\b(?:recommended|advised|confirmed|evaluated)\s+by\b|\bunder\s+the\s+care\s+of\b|\banswered\s+by\b",
    re.IGNORECASE,
)
INVOLVED = re.compile(r"\b(?:involved|consulted|seen|co-?manag\w+|agrees?)\b", re.IGNORECASE)
TO_COME = re.compile(
    r"\b(?:will|would|plan\w*|refer(?:red|ral)?|await\w*|pending|scheduled?|to\s+be|consider\w*|recommend\s+a|"
    r"if|should|request(?:ed|s)?\s+a|no|not|never|without|declin\w+|or\s+in\s+consultation|by\s+or)\b",
    re.IGNORECASE,
)
PROMISED = re.compile(
    r"(?:\bI\b|(?<!\S)\|(?=\s)|\b(?:we|our\s+(?:team|center|centre|practice|clinic|program)|(?:the\s+)?prescriber)\b)[^.;]{0,40}?\b(?:will|shall|agrees?|attests?|commit\w*|confirms?)\b",
    re.IGNORECASE,
)
NO_PROMISE = re.compile(
    r"\?\s*$|\b(?:if|unless|must|should|would|could|may|might)\b", re.IGNORECASE
)
NOT = re.compile(r"\b(?:not|never|unable|cannot|decline\w*)\b", re.IGNORECASE)
FOOT = 6  # lines at the end of a letter in which it is signed


class Choice(NamedTuple):
    """A row of `request_choices.csv`."""

    finding: str
    value: str
    label: re.Pattern[str] | None
    pattern: re.Pattern[str]


@cache
def load_specialties(models: Path) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The rows of `specialties.csv`; an earlier row that covers the same words wins."""
    path = models / "lexicon" / "specialties.csv"
    return tuple(
        (row["specialty"], compiled(path, line, row["pattern"])) for line, row in read_table(path)
    )


@cache
def load_choices(models: Path) -> tuple[Choice, ...]:
    """The rows of `request_choices.csv`."""
    path = models / "lexicon" / "request_choices.csv"
    return tuple(
        Choice(
            row["finding"],
            row["value"],
            compiled(path, line, row["label"]) if row["label"] else None,
            compiled(path, line, row["pattern"]),
        )
        for line, row in read_table(path)
    )


def asked_mentions(
    document: Document, models: Path, pairs: Mapping[int, Sequence[Pair]]
) -> Iterator[Mention]:
    """Specialty, consultation, kind of request and sex, as findings with a coded value.

    `pairs` are those of `pairs_of`, by index of the page.
    """
    for index, page in readable_pages(document):
        answered = [(p.label, p.value) for p in pairs[index] if p.value]
        told = {label.start for label, _ in answered}
        answered += [one for one in _lines(page, document) if one[0].start not in told]
        answered += [one for one in _rows(page, document) if one[0].start not in told]
        drugs = [
            n.code
            for pair in pairs[index]
            if pair.kind == "drug" and pair.value
            for n in names_in(pair.value.text, models)
            if n.kind == "drug"
        ]
        boxed = [b.label for b in page.checkboxes if b.label is not None]
        for label, value in answered:
            if not any(b.start < value.end and value.start < b.end for b in boxed):
                yield from _phase_told(label, value, models)
            yield from _of_field(label, value, models)
            yield from _promised(value, models)
        asks = page.kind in FORMS or is_asking(page, document, models)
        if asks or page.kind is PageKind.LETTER:
            yield from _length_told(page, document, models)
        if drugs:
            yield from _first_dose(drugs[0], page, document)
        yield from _ticked(page, document, models)
        if asks:
            yield from _titled(page, document, models)
        if page.kind in (PageKind.LETTER, PageKind.NOTE, *FORMS):
            yield from _signed(page, document, models, index)
    for passage in prose_passages(document, models):
        if passage.kind is not PageKind.REQUEST:
            yield from _advice(passage, document, models)
            yield from _promises(passage, document, models)
            yield from _going_on(passage, document)


LABELLED = re.compile(
    r"(?:^|(?<=\t)|(?<=  ))[ ]*(?P<label>[A-Za-z][A-Za-z /'-]{1,40}?)[ ]*(?::|\.{2,}(?=[ ]))[ \t]*(?P<value>[^\n\t]+?)(?=[ ]{2,}|\t|$)",
    re.MULTILINE,
)


def _rows(page: Page, document: Document) -> Iterator[tuple[Filled, Filled]]:
    """ "Prescriber's specialty | Pulmonology": rows of tables that hold a label and its answer."""
    for table in page.tables:
        for row in rows_of(table, document):
            if len(row) == 2:
                yield row[min(row)], row[max(row)]


def _lines(page: Page, document: Document) -> Iterator[tuple[Filled, Filled]]:
    """ "DOB: 02/03/1961    Sex: F": labels with their answers in running lines."""
    text = document.text[page.start : page.end]
    for m in LABELLED.finditer(text):
        label, value = (
            Filled(m[name], page.start + m.start(name), page.start + m.end(name))
            for name in ("label", "value")
        )
        yield label, value


def specialties_in(text: str, models: Path) -> list[tuple[str, int, int]]:
    """(specialty, start, end) of a text; of two that overlap the earlier row of the table."""
    found: list[tuple[str, int, int]] = []
    for name, pattern in load_specialties(models):
        for m in pattern.finditer(text):
            if not any(start < m.end() and m.start() < end for _, start, end in found):
                found.append((name, m.start(), m.end()))
    return sorted(found, key=lambda one: one[1])


def _of_field(label: Filled, value: Filled, models: Path) -> Iterator[Mention]:
    """ "Specialty: Gastroenterology", "Type of request: renewal", "Sex: F"."""
    if OF_SPECIALTY.fullmatch(label.text.strip(" :*")):
        yield from _named(value, SPECIALTY, models)
    elif ADVISED.search(label.text) and not re.search(r"\?|\bor\b", label.text):
        yield from _named(value, CONSULTED, models)
    elif label.text.rstrip().endswith("?") and INVOLVED.search(label.text):
        # "Neurologist involved? Yes, T. Roe, MD, child neurology": who is named with the specialty.
        if replied(value.text) == "yes" and SIGNED.search(value.text):
            yield from _named(value, CONSULTED, models)
    elif OF_PRESCRIBER.fullmatch(label.text.strip(" :*")):
        yield from _beside_name(value, models)
    if len(value.text.split()) > WORDS:
        return
    for choice in load_choices(models):
        is_asked = (
            choice.label.fullmatch(fold(label.text).strip(" :*"))
            if choice.label is not None
            else PHASE.search(label.text)
        )
        found = choice.pattern.search(value.text) if is_asked else None
        if found is not None and not _chooses_two(value.text, choice.finding, models):
            yield _mention(value, choice.finding, choice.value)
            return


# A label of the day on which the drug that is asked for was first given, with its answer.
FIRST_DOSE = re.compile(
    r"(?:^|\t|  )[ ]*(?:(?:date\s+of\s+)?(?:the\s+)?(?:first|initial)\s+(?:dose|injection|infusion|administration)(?:\s+(?:date|given|on|was))*|"
    r"(?:taking|on|receiving|using)\s+(?:it|drug|therapy|treatment|(?:this|the)\s+(?:drug|medication))\s+since|"
    r"(?:date\s+)?(?:therapy|treatment|drug|medication)\s+(?:was\s+)?(?:begun|started)(?:\s+on)?|date\s+(?:started|begun))"
    r"[ ]*[:\t][ \t]*(?P<told>[^\n\t]+)",
    re.IGNORECASE | re.MULTILINE,
)


def _first_dose(drug: str, page: Page, document: Document) -> Iterator[Mention]:
    """ "Date of first dose: 05/11/2026" is of the drug that the form names."""
    for m in FIRST_DOSE.finditer(document.text, page.start, page.end):
        for day in find_dates(m["told"])[:1]:
            start, end = m.start("told") + day.start, m.start("told") + day.end
            text = document.text[start:end]
            yield Mention(
                label="medication",
                start=start,
                end=end,
                text=text,
                code=drug,
                scope=Span(start=m.start(), end=m.end()),
                section="form",
                origin="field",
                parts=(
                    Mention(label="start", start=start, end=end, text=text),
                    Mention(label="status", start=start, end=end, text=text, code="begun"),
                ),
            )
            return


# "Renewal asked for 12 months", "we ask for approval for one year"; not what was asked once.
LASTS = re.compile(
    r"\b(?:(?:renewal|(?:re-?)?(?:authori[sz]ation|approval|certification)|coverage)\s+(?:is\s+)?(?:asked|requested|sought|wanted|needed)"
    r"|(?:I|we)\s+(?:ask|request|seek)\s+(?:for\s+)?(?:(?:an?|the|its|this|her|his|their)\s+)?(?:renewal|(?:re-?)?(?:authori[sz]ation|approval|certification)|coverage))"
    r"\s+(?:for|of)\s+(?:a\s+(?:period|term)\s+of\s+|another\s+|the\s+next\s+)?"
    r"(?P<value>(?:\d{1,2}|an?|one|two|three|four|six|nine|twelve|eighteen|twenty-four)\s+(?:days|weeks?|months?|years?))\b",
    re.IGNORECASE,
)
INSIDE = re.compile(r"(?<=[.;]\s)(?P<label>[A-Z][A-Za-z ]{3,45}):\s*(?P<value>[^\n\t.;]{3,30})")


def _length_told(page: Page, document: Document, models: Path) -> Iterator[Mention]:
    """ "... every 2 weeks. Authorization asked for: 6 months": a label inside a line of a form."""
    for m in INSIDE.finditer(document.text, page.start, page.end):
        if kind_of(m["label"], models) == "length" and ONLY_LENGTH.match(m["value"]):
            value = Filled(m["value"], m.start("value"), m.end("value"))
            yield _length(value, Filled(m.group(0), m.start(), m.end()))
    for m in LASTS.finditer(document.text, page.start, page.end):
        value = Filled(m["value"], m.start("value"), m.end("value"))
        yield _length(value, Filled(m.group(0), m.start(), m.end()))


def _length(value: Filled, around: Filled) -> Mention:
    """How long what is asked for is to last."""
    scope = Span(start=min(value.start, around.start), end=max(value.end, around.end))
    return Mention(
        label="request",
        start=value.start,
        end=value.end,
        text=value.text,
        code="length",
        scope=scope,
        section="form",
        origin="field",
    )


def _phase_told(label: Filled, value: Filled, models: Path) -> Iterator[Mention]:
    """ "Status: RENEWAL - expires 12/03", "Is this a continuation of therapy? Yes"."""
    asked, reply = _phases(label.text, models), replied(value.text)
    if "?" in label.text and re.match(r"\W*(?:\w+\W+)?(?:is|are)\b", label.text, re.IGNORECASE):
        if len(asked) == 1 and reply and ASKS_KIND.search(label.text):
            other = {"initial": "continuation", "continuation": "initial"}[min(asked)]
            yield _mention(value, PHASE_ASKED, min(asked) if reply == "yes" else other, label)
    elif ASKS_KIND.search(label.text) and not PHASE.search(label.text):
        said = _phases(value.text, models)
        if len(said) == 1 and not _chooses_two(value.text, PHASE_ASKED, models):
            yield _mention(value, PHASE_ASKED, said.pop(), label)


def _phases(text: str, models: Path) -> set[str]:
    """The kinds of request that pieces of a text are, or a whole question names."""
    choices = [c for c in load_choices(models) if c.finding == PHASE_ASKED]
    if "?" in text:
        return {c.value for c in choices if c.pattern.search(text)}
    pieces = [piece.strip() for piece in BETWEEN.split(text)]
    return {c.value for c in choices if any(c.pattern.fullmatch(p) for p in pieces)}


def _titled(page: Page, document: Document, models: Path) -> Iterator[Mention]:
    """ "Biologics: REAUTHORIZATION" as the title of a form; a form for both says nothing."""
    text = document.text[page.start : page.end]
    for m in itertools.islice(re.finditer(r"[^\n\t]+", text), TITLE_LINES):
        words = m.group(0).strip()
        if len(words.split()) > WORDS or _phases(words, models) != {"continuation"}:
            continue
        if not any(c.value == "initial" and c.pattern.search(words) for c in load_choices(models)):
            start = page.start + m.start()
            yield _mention(Filled(words, start, page.start + m.end()), PHASE_ASKED, "continuation")
            return


def _going_on(passage: Passage, document: Document) -> Iterator[Mention]:
    """ "We ask to keep her on it": what a letter or a note asks for."""
    text = passage.text(document)
    for start, end in sentences_in(text):
        found = GOES_ON.search(text, start, end)
        if found is not None and not NO_PROMISE.search(text[start:end]):
            begin = passage.start + found.start()
            told = Filled(found.group(0), begin, passage.start + found.end())
            yield _mention(told, PHASE_ASKED, "continuation")


def _beside_name(value: Filled, models: Path) -> Iterator[Mention]:
    """ "Jane Roe, MD, Dermatology": the specialty that stands right behind a prescriber's degree."""
    degree = list(SIGNED.finditer(value.text))
    for mention in _named(value, SPECIALTY, models):
        before = value.text[degree[-1].end() : mention.start - value.start] if degree else "-"
        if not re.search(r"\w", before):
            yield mention


def _chooses_two(text: str, finding: str, models: Path) -> bool:
    """Whether the words name several values: "Initial / Continuation" is printed, not chosen."""
    named = {
        c.value for c in load_choices(models) if c.finding == finding and c.pattern.search(text)
    }
    return len(named) > 1 and re.search(r"/|\bor\b|\[", text) is not None


def _ticked(page: Page, document: Document, models: Path) -> Iterator[Mention]:
    """A ticked box "Continuation of therapy", or one specialty of several."""
    for box in page.checkboxes:
        if box.label is None or box.state is not Tick.TICKED:
            continue
        label = filled(box.label, document)
        asked = filled(box.question, document) if box.question else None
        if len(label.text.split()) > 3 * WORDS:
            continue
        if asked is not None and OF_SPECIALTY.search(asked.text):
            yield from _named(label, SPECIALTY, models)
        if (
            asked is not None
            and kind_of(asked.text, models) == "length"
            and ONLY_LENGTH.fullmatch(label.text.strip())
        ):
            yield _length(label, asked)
        for cue in load_findings(models):
            if cue.assertion == "promised" and cue.pattern.search(label.text):
                yield _mention(label, cue.finding, "")
        for choice in load_choices(models):
            if choice.label is not None and (
                asked is None or not choice.label.search(fold(asked.text))
            ):
                continue
            if choice.pattern.match(label.text.strip()):
                yield _mention(label, choice.finding, choice.value)
                break


def _signed(page: Page, document: Document, models: Path, index: int) -> Iterator[Mention]:
    """The specialty under or beside the name of who signed, and of a letter that of its head."""
    text = document.text[page.start : page.end]
    lines = [m for m in re.finditer(r"[^\n]+", text) if m.group(0).strip()]
    for n, line in enumerate(lines):
        words = line.group(0)
        before = lines[n - 1].group(0) if n else ""
        at_foot = n >= len(lines) - FOOT
        named = SIGNED.search(words) or (SIGNED.search(before) and len(before.split()) < 10)
        headed = DEPARTMENT.search(words) and (n < FOOT or at_foot)
        if len(words.split()) > WORDS or not (named or headed) or ":" in words:
            continue
        if re.search(r"\b(?:cc|referr\w+|consult\w*|PCP)\b", words, re.IGNORECASE):
            continue
        filled = Filled(words, page.start + line.start(), page.start + line.end())
        signs = at_foot or _name_of(words) in text[lines[-min(FOOT, len(lines))].start() :]
        sure = (
            page.kind is PageKind.LETTER
            and bool(SIGNED.search(words) or at_foot)
            and signs
            and bool(named)
        )
        for mention in _named(filled, SPECIALTY, models):
            yield mention if sure else mention.model_copy(update={"possible": True})


def _name_of(line: str) -> str:
    """Who a line names before the degree: the head of a letter, and its foot where it is signed."""
    degree = SIGNED.search(line)
    words = (
        re.findall(r"[A-Z][\w'-]+(?:\s+[A-Z][\w.'-]*)*\s+[A-Z][\w'-]+", line[: degree.start()])
        if degree
        else []
    )
    return words[-1] if words else "\n"  # no line holds a line's end


def _advice(passage: Passage, document: Document, models: Path) -> Iterator[Mention]:
    """ "In consultation with Dr. Roe, gastroenterology": advice that was had, not that is to come."""
    text = passage.text(document)
    for start, end in sentences_in(text):
        said = text[start:end]
        advised = ADVISED.search(said)
        if advised is None or said.rstrip().endswith("?"):
            continue
        filled = Filled(said, passage.start + start, passage.start + end)
        for mention in _named(filled, CONSULTED, models):
            near = abs(mention.start - filled.start - advised.start()) < 80
            if near:
                open_ = TO_COME.search(said) is not None
                yield mention.model_copy(update={"possible": True}) if open_ else mention


def _promises(passage: Passage, document: Document, models: Path) -> Iterator[Mention]:
    """What the prescriber says in the first person to do: a promise stands as one is planned.

    What somebody must do, or would, is no promise.
    """
    text = passage.text(document)
    yield from _promised(Filled(text, passage.start, passage.start + len(text)), models)


def _promised(told: Filled, models: Path) -> Iterator[Mention]:
    for start, end in sentences_in(told.text):
        said = told.text[start:end]
        if not PROMISED.search(said) or NO_PROMISE.search(said):
            continue
        for cue in load_findings(models):
            found = cue.pattern.search(said) if cue.assertion == "promised" else None
            if found is not None:
                begin = told.start + start
                words = Filled(found.group(0), begin + found.start(), begin + found.end())
                mention = _mention(words, cue.finding, "", Filled(said, begin, told.start + end))
                yield mention.model_copy(
                    update={
                        "standing": Standing.PLANNED,
                        "negated": NOT.search(said, 0, found.end()) is not None,
                    }
                )


def _named(filled: Filled, finding: str, models: Path) -> Iterator[Mention]:
    for name, start, end in specialties_in(filled.text, models):
        inner = Filled(filled.text[start:end], filled.start + start, filled.start + end)
        yield _mention(inner, finding, name, filled)


def _mention(filled: Filled, finding: str, value: str, scope: Filled | None = None) -> Mention:
    around = scope or filled
    return Mention(
        label="finding",
        start=filled.start,
        end=filled.end,
        text=filled.text,
        code=finding,
        scope=Span(start=around.start, end=around.end),
        origin="field",
        parts=(filled.part("value", value),) if value else (),
    )
