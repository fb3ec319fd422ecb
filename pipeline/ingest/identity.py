"""Whose page it is, as it prints: names, birth dates and record numbers, labelled or in a head."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from pipeline.ingest.names import Name, name_of
from pipeline.schema import Identity

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = rf"(?:{'|'.join(MONTHS)})[a-z]*"
DAY = re.compile(
    rf"(?P<iso>\d{{4}}[-/]\d\d?[-/]\d\d?)\b"
    rf"|(?P<a>\d{{1,2}})\s?[/.-]\s?(?P<b>\d{{1,2}})\s?[/.-]\s?(?P<y>\d{{4}}|\d{{2}})\b"
    rf"|(?P<month>{MONTH})\.?\s?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}})\b"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?[\s.-]?(?P<month2>{MONTH})[\s.,-]*(?P<year2>\d{{4}}|\d{{2}})\b",
    re.IGNORECASE,
)
BIRTH = re.compile(
    r"(?:\b(?:d\.?\s?o\.?\s?b\b\.?|date\s+of\s+birth|birth\s?date|d\.o\.b\.)(?:\s*/\s*(?:age|sex))?"
    r"|(?:(?<=[\n\t,|(;])|(?<=[\n\t,|(;] )|^)(?:birth|born)(?:\s+on)?\b)"
    r"(?:\s*\((?:[mdy][mdy/ -]+|patient)\))?(?P<mark>[\s:.()|#-]*)(?:patient\s+)?",
    re.IGNORECASE,
)
RECORD = re.compile(
    r"\b(?:(?P<record>m\.?r\.?n\b\.?|(?:medical\s+)?record\s+(?:no\b\.?|number|#)|med\.?\s+rec\.?(?:\s+(?:no\b\.?|number|#))?"
    r"|chart(?:\s+(?:no\b\.?|number|#|id))?|(?:patient|pt\.?)\s+(?:id|no\b\.?|number|#))"
    r"|(?P<member>(?:member|enrollee|subscriber)\s+(?:id|no\b\.?|number|#)))"
    r"[\s:.#]*(?P<number>(?=[A-Z-]{0,6}\d)[A-Z0-9][A-Z0-9-]{3,}|\d{2,3}(?: \d{2,4}){1,3}(?![/.-]?\d))\b",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"(?:^|(?<=[\s|(;,]))(?P<label>(?:patient|pt\.?|member|enrollee|(?P<client>client)|beneficiary)(?:['\u2019]s)?(?:\s+(?:full\s+|legal\s+)?name)?"
    r"|name\s+of\s+(?:patient|member|enrollee)|(?P<bare>name)|(?P<subject>re|regarding|concerning))"
    r"[ \t]{0,3}(?:\([^)\n]{1,30}\)[ \t]{0,2})?(?P<mark>:|\t)[ \t]*",
    re.IGNORECASE,
)
SURNAME = re.compile(r"(?:last name|surname)(?:\s?:[ \t]*|\t)(?P<name>[^\t\n]+)", re.IGNORECASE)
GIVEN = re.compile(
    r"(?:first name(?: ?/ ?MI)?|given name)(?:\s?:[ \t]*|\t)(?P<name>[^\t\n]+)", re.IGNORECASE
)
UNDER_HEADING = re.compile(
    r"^(?:[A-Z0-9][.)]? |Section \w+[ .:-]+)?(?:patient|member)(?: (?:information|details|data))?:?[ \t]*(?:provider|prescriber)?[ \t]*\n"
    r"(?:[^\n]*\n){0,3}?(?:(?:full |legal )?name)(?::[ \t]*|\t)(?P<name>[^\t\n]+)",
    re.MULTILINE | re.IGNORECASE,
)
"""A name that is only called so, in a section about the patient."""
NAME_WORD = r"(?:[A-Z][A-Za-z'\u2019-]+|[A-Z]\.?)"
LAST_FIRST = rf"[A-Z][A-Za-z'\u2019-]+, ?{NAME_WORD}(?: {NAME_WORD})?"
FIRST_LAST = rf"{NAME_WORD}(?: {NAME_WORD}){{1,3}}"
BEFORE_BIRTH = re.compile(
    rf"(?P<name>{LAST_FIRST}|{FIRST_LAST})[,_.|]*[ \t]+(?:\|[ \t]*)?(?:(?:MRN|ID)\s*\S+\s+)?"
    r"(?=(?i:d\.?o\.?b\b|date of birth)|\d{1,2}/\d{1,2}/(?:19|20)\d\d\s+[MF]\b"
    rf"|(?:born(?: on)?|b\.)[ \t]+(?i:{DAY.pattern.replace('?P<', '?P<of_')}))"
)
BANNER = re.compile(
    r"^(?P<name>[A-Z][A-Z'\u2019-]+, ?[A-Z][A-Z'\u2019-]+(?: [A-Z]\b)?)(?=[\t\n ])", re.MULTILINE
)
HEAD = re.compile(
    rf"(?P<name>{LAST_FIRST}|{FIRST_LAST})[,_.|]*[ \t(]+(?:[|/,][ \t]*)?(?:(?i:male|female|[mf])\b[,\s|/]+)?(?={DAY.pattern.replace('?P<', '?P<at_')})",
)
"""A name before a date, with no label: a head of a page, or "Office Visit 03/10/2026"."""
IN_CELL = re.compile(
    r"(?:^|(?<=\t))(?i:patient|pt\.?|member|enrollee|beneficiary|child)(?i:\s+name)?[ .]*[ ]"
    rf"(?P<name>{LAST_FIRST}|{NAME_WORD}(?: (?:[\"\u201c(][A-Z][a-z]+[\"\u201d)]|{NAME_WORD})){{1,3}})[ ]*(?=\t|$)",
    re.MULTILINE,
)
"""A cell "Patient Jane Roe", with no sign behind its label."""
PROVIDER = re.compile(
    r"\b(?:provider|physician|prescriber|doctor|pharmacy|facility|plan|drug|product|clinic|subscriber|contact|guardian|"
    r"policy\s?holder|guarantor|insured|spouse|mother|father|parent|ordering|referring|emergency|test|generic|brand|user|file)(?:['\u2019]s)?\s*$",
    re.IGNORECASE,
)
WHOSE_LABEL = re.compile(
    r"(?:patient|pt\.?|member|enrollee)(?:\s+(?:full\s+|legal\s+)?name|\s+(?:id|no\.?|number|#))?|name of patient"
    r"|d\.?o\.?b\.?|date of birth|birth\s?date|m\.?r\.?n\.?|(?:medical )?record (?:no\.?|number|#)|chart(?: (?:no\.?|number|#))?",
    re.IGNORECASE,
)
NEXT_LABEL = re.compile(r"[A-Za-z][A-Za-z /.#]{0,24}:")


@dataclass
class Marks:
    """What a page prints of whose it is.

    Attributes:
        names: The labelled ones, and those of heads.
        subjects: Names that only a subject line ("RE:") or a single word gives.
        births: Birth dates by day, as printed.
        records: Record numbers as (kind, number without signs).
        unread: A label has an answer that is no name or no date.
    """

    names: list[Name] = field(default_factory=list)
    subjects: list[Name] = field(default_factory=list)
    births: dict[date, str] = field(default_factory=dict)
    records: dict[tuple[str, str], str] = field(default_factory=dict)
    unread: bool = False

    @property
    def any(self) -> bool:
        """Whether anything can be compared."""
        return bool(self.names or self.subjects or self.births or self.records)

    @property
    def identity(self) -> Identity:
        """The first of each, as printed."""
        names = [*self.names, *self.subjects]
        return Identity(
            name=names[0].printed if names else "",
            birth_date=next(iter(self.births.values()), ""),
            record_number=next((n for (k, _), n in self.records.items() if k == "record"), ""),
        )


def identity_of(text: str) -> Identity:
    """Name, birth date and record number as a page prints them; '' where it does not."""
    return marks_of(text).identity


def marks_of(text: str) -> Marks:
    """All that a page prints of whose it is."""
    marks = Marks()
    _read_names(text, marks)
    for label in BIRTH.finditer(text):
        if PROVIDER.search(_before(text, label)):
            continue
        found = DAY.match(text, label.end())
        day = day_of(found)
        if found is not None and day is not None:
            marks.births.setdefault(day, found.group())
        elif _is_answered(text, label):
            marks.unread = True
    for m in RECORD.finditer(text):
        kind = "record" if m["record"] else "member"
        number = plain_number(m["number"])
        if not DAY.fullmatch(m["number"]):
            marks.records.setdefault((kind, number), m["number"])
    return marks


def plain_number(printed: str) -> str:
    """A record number without signs and leading zeros."""
    return re.sub(r"[^A-Z0-9]", "", printed.upper()).lstrip("0")


def _is_answered(text: str, label: re.Match[str]) -> bool:
    """Whether digits or a word, but no other label, stand behind the label of a birth date."""
    if ":" not in label["mark"] and "\t" not in label["mark"]:
        return False
    if "\n" in label["mark"]:
        return False
    answer = re.split(r"[\t\n]", text[label.end() : label.end() + 40])[0].strip(" _-./()")
    return bool(re.search(r"\d", answer)) and not NEXT_LABEL.match(answer)


def _read_names(text: str, marks: Marks) -> None:
    surname, given = SURNAME.search(text), GIVEN.search(text)
    if surname and given:
        name = name_of(f"{surname['name'].strip()}, {given['name'].strip()}")
        if name is not None:
            marks.names.append(name)
    for label in LABEL.finditer(text):
        _read_label(text, label, marks)
    for found in IN_CELL.finditer(text):
        name = name_of(found["name"])
        beside = text[found.end() :].split("\n")[0]
        if name is not None and len(name.words) > 1 and BIRTH.search(beside):
            marks.names.append(name)
    for pattern in (UNDER_HEADING, BEFORE_BIRTH, BANNER):
        for found in pattern.finditer(text):
            name = name_of(found["name"])
            if name is not None and len(name.words) > 1:
                marks.names.append(name)


def _before(text: str, label: re.Match[str]) -> str:
    """What stands before a label in its cell."""
    start = max(text.rfind("\n", 0, label.start()), text.rfind("\t", 0, label.start())) + 1
    return text[start : label.start()]


def _read_label(text: str, label: re.Match[str], marks: Marks) -> None:
    if PROVIDER.search(_before(text, label)):
        return
    answer = re.split(r"[\t\n|;]|\s{3,}", text[label.end() : label.end() + 70])[0]
    name = name_of(answer)
    if label["bare"]:
        behind = text[label.end() : label.end() + 80].split("\n")[0]
        if (
            name is not None
            and len(name.words) > 1
            and (BIRTH.search(behind) or "born" in behind.lower())
        ):
            marks.names.append(name)
        return
    if label["subject"] and label["mark"] != ":":
        return
    if name is not None:
        # A laboratory calls those who send it specimens its clients.
        weak = bool(label["subject"] or label["client"]) or len(name.words) < 2
        (marks.subjects if weak else marks.names).append(name)
    elif (
        not (label["subject"] or label["client"])
        and label["mark"] == ":"
        and _says_something(answer)
    ):
        marks.unread = True


def _says_something(answer: str) -> bool:
    answer = answer.strip(" _-./()")
    return bool(re.search(r"[A-Za-z0-9]", answer)) and not NEXT_LABEL.match(answer)


def under_labels(text: str) -> Iterator[str]:
    """Answers that stand under their labels, as lines of label and answer.

    A line of nothing but labels, at least one of them of a name, birth date or record number:
    "Patient", or "Patient / DOB / MRN" side by side.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    for above, below in itertools.pairwise(lines):
        labels = [cell.strip(" :") for cell in above.split("\t")]
        answers = below.split("\t")
        if len(labels) != len(answers) or ":" in below:
            continue
        if any(WHOSE_LABEL.fullmatch(answer.strip()) for answer in answers):
            continue
        if any(WHOSE_LABEL.fullmatch(x) for x in labels) and all(
            len(x.split()) < 5 for x in labels
        ):
            for label, answer in zip(labels, answers, strict=True):
                if WHOSE_LABEL.fullmatch(label):
                    yield f"{label}:\t{answer}\n"


def heads_of(text: str) -> Iterator[tuple[Name, date, str]]:
    """Names before a date without any label, which may be heads of pages; the date as printed."""
    for found in HEAD.finditer(text):
        name = name_of(found["name"])
        after = DAY.match(text, found.end())
        day = day_of(after)
        if name is not None and day is not None and after is not None and len(name.words) > 1:
            yield name, day, after.group()


def days_in(text: str) -> Iterator[date]:
    """All days that a text names."""
    for found in DAY.finditer(text):
        day = day_of(found)
        if day is not None:
            yield day


def day_of(found: re.Match[str] | None) -> date | None:
    """The day of a match of `DAY`; two-digit years are those of a birth."""
    if found is None:
        return None
    try:
        if found["iso"]:
            year, month, day = map(int, re.split(r"[-/]", found["iso"]))
        elif found["month"]:
            year, month, day = int(found["year"]), _month(found["month"]), int(found["day"])
        elif found["month2"]:
            year, month, day = int(found["year2"]), _month(found["month2"]), int(found["day2"])
        else:
            year, month, day = int(found["y"]), int(found["a"]), int(found["b"])
            if month > 12:
                month, day = day, month
        if year < 100:
            year += 1900 if year > 26 else 2000
        return date(year, month, day)
    except ValueError:
        return None


def _month(name: str) -> int:
    return MONTHS.index(name[:3].lower()) + 1
