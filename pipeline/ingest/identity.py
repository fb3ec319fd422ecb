"""Whose pages they are: names and birth dates as printed, and pages of somebody else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from pipeline.schema import Identity, Page

DAY = re.compile(
    r"(?P<m>\d{1,2})[/.-](?P<d>\d{1,2})[/.-](?P<y>\d{4}|\d{2})\b|(?P<iso>\d{4}-\d\d-\d\d)"
    r"|(?P<month>[A-Z][a-z]{2,8})\.? (?P<day>\d{1,2}),? (?P<year>\d{4})"
)
BIRTH = re.compile(
    r"\b(?:DOB|D\.O\.B\.?|[Dd]ate of [Bb]irth|DATE OF BIRTH|[Bb]irth ?[Dd]ate|BIRTH ?DATE"
    r"|[Bb]orn)\b(?: ?/ ?Sex)?[\s:.()]*(?:[Pp]atient)?\s*"
)
RECORD = re.compile(
    r"\b(?:MRN|Chart|Medical record (?:no|number))\b[\s:.#]*([A-Z0-9][A-Z0-9-]{3,})"
)
NAME_WORD = r"(?:[A-Z][A-Za-z'’-]+|[A-Z]\.?)"
LAST_FIRST = rf"[A-Z][A-Za-z'’-]+, ?{NAME_WORD}(?: {NAME_WORD})?"
FIRST_LAST = rf"{NAME_WORD}(?: {NAME_WORD}){{1,3}}"
LABELLED = re.compile(
    r"(?:^|[\t\n]|\s{1,3})(?:[Pp]atient(?: [Nn]ame)?|PATIENT(?: NAME)?|[Mm]ember(?: [Nn]ame)?"
    rf"|MEMBER(?: NAME)?|RE|Re)(?::[ \t]*|\t)(?P<name>{LAST_FIRST}|{FIRST_LAST})"
)
SURNAME = re.compile(r"(?:[Ll]ast [Nn]ame|LAST NAME|[Ss]urname)(?::[ \t]*|\t)(?P<name>[^\t\n]+)")
GIVEN = re.compile(r"(?:[Ff]irst [Nn]ame(?: ?/ ?MI)?|FIRST NAME)(?::[ \t]*|\t)(?P<name>[^\t\n]+)")
UNDER_HEADING = re.compile(
    r"^(?:[A-Z0-9][.)]? |Section \w+[ .:-]+|SECTION \w+[ .:-]+)?(?:[Pp]atient|PATIENT|[Mm]ember|MEMBER)"
    r"(?: (?:[Ii]nformation|INFORMATION|[Dd]etails|DETAILS|[Dd]ata))?:?\n(?:[^\n]*\n){0,3}?"
    rf"(?:(?:Full |Legal )?[Nn]ame|NAME)(?::[ \t]*|\t)(?P<name>{LAST_FIRST}|{FIRST_LAST})",
    re.MULTILINE,
)
"""A name that is only called so, in a section about the patient."""
BEFORE_BIRTH = re.compile(
    rf"(?P<name>{LAST_FIRST}|{FIRST_LAST})[,_.]*[ \t]+(?:(?:MRN|ID)\s*\S+\s+)?"
    r"(?=DOB|[Dd]ate of [Bb]irth|\d{1,2}/\d{1,2}/(?:19|20)\d\d\s+[MF]\b)"
)
BANNER = re.compile(
    r"^(?P<name>[A-Z][A-Z'’-]+, ?[A-Z][A-Z'’-]+(?: [A-Z]\b)?)(?=[\t\n ])", re.MULTILINE
)
NOT_NAMES = {
    "prior", "authorization", "information", "member", "patient", "request", "date", "birth",
    "name", "section", "health", "plan", "clinic", "center", "hospital", "rheumatology", "fax",
    "letter", "the", "first", "last", "id", "dob", "mrn", "sex", "age", "phone", "re", "group",
}  # fmt: skip
# Words of tests, which a laboratory prints as others print a name: "CK, TOTAL", "AST, ALT".
OF_TESTS = {
    "total", "serum", "plasma", "urine", "blood", "whole", "csf", "fasting", "random", "free", "direct", "quant",
    "quantitative", "qualitative", "qn", "ql", "screen", "reflex", "count", "ratio", "level", "panel", "profile",
    "ab", "abs", "antibody", "antibodies", "antigen", "ag", "igg", "iga", "igm", "ige", "immunoglobulin", "hepatitis",
    "hep", "hbsag", "ck", "cpk", "creatine", "kinase", "creatinine", "aldolase", "ast", "alt", "sgot", "sgpt", "ldh",
    "alp", "ggt", "bun", "crp", "esr", "tsh", "cbc", "cmp", "wbc", "rbc", "hgb", "hct", "hemoglobin", "hematocrit",
    "plt", "platelet", "platelets", "glucose", "sodium", "potassium", "calcium", "albumin", "bilirubin", "protein",
    "troponin", "ferritin", "vitamin", "quantiferon", "laboratory", "lab", "labs", "chemistry", "hematology",
    "immunology", "serology", "microbiology", "pathology", "results", "result", "test", "tests",
}  # fmt: skip
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def identity_of(text: str) -> Identity:
    """Name, birth date and record number as a page prints them; '' where it does not."""
    birth = ""
    for label in BIRTH.finditer(text):
        day = DAY.match(text, label.end())
        if day:
            birth = day.group()
            break
    record = RECORD.search(text)
    return Identity(
        name=_name(text), birth_date=birth, record_number=record.group(1) if record else ""
    )


def _name(text: str) -> str:
    surname, given = SURNAME.search(text), GIVEN.search(text)
    if surname and given and _tokens(surname["name"]):
        return f"{surname['name'].strip()}, {given['name'].strip()}"
    for pattern in (LABELLED, UNDER_HEADING, BEFORE_BIRTH, BANNER):
        for found in pattern.finditer(text):
            name = found["name"].strip(" ,.")
            if _tokens(name) and not _tokens(name) & (NOT_NAMES | OF_TESTS):
                return name
    return ""


def _tokens(name: str) -> set[str]:
    """The words of a name of at least two letters, in lower case."""
    return {t for t in re.findall(r"[a-z]+", name.lower().replace("’", "'")) if len(t) > 1}


def _day(text: str) -> date | None:
    """A birth date; two-digit years lie in the past."""
    found = DAY.search(text)
    if not found:
        return None
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        if found["month"]:
            month = MONTHS.index(found["month"][:3].lower()) + 1
            return date(int(found["year"]), month, int(found["day"]))
        year = int(found["y"])
        if year < 100:
            year += 1900 if year > 26 else 2000
        return date(year, int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def foreign_pages(pages: Sequence[Page]) -> list[bool]:
    """For each page whether it bears another patient's birth date or name.

    A page is another's when its birth date differs in more than a misread digit, or when it
    shares no word of the name and its birth date does not agree.
    """
    births = Counter(d for p in pages if (d := _day(p.identity.birth_date)) is not None)
    names = Counter(t for p in pages for t in _tokens(p.identity.name))
    if not births and not names:
        return [False] * len(pages)
    usual_birth = births.most_common(1)[0][0] if births else None
    usual = _usual_name(pages, usual_birth, names)
    return [_is_foreign(page, usual_birth, usual) for page in pages]


def _usual_name(pages: Sequence[Page], birth: date | None, names: Counter[str]) -> set[str]:
    """Words of the patient's name: those beside the usual birth date, else the commonest."""
    beside = {
        token
        for page in pages
        if birth is not None and _day(page.identity.birth_date) == birth
        for token in _tokens(page.identity.name)
    }
    if beside:
        return beside
    top = max(names.values(), default=0)
    return {token for token, count in names.items() if count == top}


def _is_foreign(page: Page, usual_birth: date | None, usual: set[str]) -> bool:
    birth, own = _day(page.identity.birth_date), _tokens(page.identity.name)
    shares = any(_alike(token, other) for token in own for other in usual)
    if birth is not None and usual_birth is not None:
        if birth == usual_birth:
            return False
        return not (shares and (page.origin == "ocr" or _one_digit_off(birth, usual_birth)))
    return bool(own) and bool(usual) and len(own) > 1 and not shares


def _alike(a: str, b: str) -> bool:
    """Equal but for one misread letter in five."""
    if abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < 3:
        return a == b
    wrong = sum(x != y for x, y in zip(a, b, strict=False)) + abs(len(a) - len(b))
    return wrong <= len(a) // 5


def _one_digit_off(a: date, b: date) -> bool:
    return sum(x != y for x, y in zip(a.isoformat(), b.isoformat(), strict=True)) <= 1
