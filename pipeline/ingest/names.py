"""Names of people as printed, and whether two are of one person."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sr", "sra"}
SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
CREDENTIALS = {"md", "do", "np", "rn", "pa", "pac", "phd", "dds", "pharmd", "aprn", "fnp", "lpn", "mbbs", "crnp", "dnp", "facr"}  # fmt: skip
NOT_NAMES = {
    "prior", "authorization", "information", "member", "patient", "request", "date", "birth", "born",
    "name", "section", "health", "plan", "clinic", "center", "hospital", "rheumatology", "fax", "notes",
    "letter", "the", "first", "last", "id", "dob", "mrn", "sex", "age", "phone", "re", "group", "note", "visit",
    "office", "results", "see", "below", "above", "attached", "unknown", "none", "same", "provider", "physician",
    "is", "has", "was", "will", "and", "or", "of", "to", "for", "in", "on", "with", "your", "you", "my", "education",
    "number", "account", "address", "signature", "weight", "height", "gender", "male", "female", "insurance", "type",
    "new", "established", "appeal", "denial", "medical", "necessity", "infusion", "order", "policy", "page", "mri", "emg",
    "ct", "exam", "study", "report", "review", "collected", "received", "reported", "seen", "today", "history",
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
    "immunology", "serology", "microbiology", "pathology", "result", "test", "tests",
}  # fmt: skip
# Words that end the answer to "Patient:", and begin what is asked next.
NEXT = re.compile(
    r"\b(?:d\.?o\.?b|date|birth|born|mrn|m\.r\.n|id|sex|age|gender|chart|acct|account|phone|ssn|plan|tel|acc|pid|male|female|med(?:ical)?\s+rec)\b"
    r"|[\d(#\[]|\s-\s|:",
    re.IGNORECASE,
)
WORD = re.compile(r"[a-z]+")


class Likeness(IntEnum):
    """How two names agree."""

    SAME = 0
    NEAR = 1  # a word differs by few letters
    SURNAME = 2  # the given name agrees, the surname does not
    GIVEN = 3  # the surname agrees, the given name does not
    OTHER = 4


@dataclass(frozen=True)
class Name:
    """A name as printed.

    Attributes:
        words: Its words of two letters and more, folded; parts of compound names apart.
        given: The word by which the person is called, as far as the order tells.
        initials: Its single letters.
        suffix: `jr`, `sr`, `ii`; '' if none.
    """

    printed: str
    words: tuple[str, ...]
    given: str
    initials: tuple[str, ...] = ()
    suffix: str = ""


def folded(text: str) -> str:
    """Lower case, without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"['\u2019`]", "", "".join(c for c in plain if not unicodedata.combining(c)))


def name_of(answer: str) -> Name | None:
    """The name that stands at the start of an answer, or None where it is none."""
    cut = NEXT.search(answer)
    text = (answer[: cut.start()] if cut else answer).strip(" ,.;_-/")
    if not text or len(text.split()) > 6:
        return None
    parts = [
        [w for w in WORD.findall(folded(part)) if w not in CREDENTIALS] for part in text.split(",")
    ]
    parts = [
        [w for at, w in enumerate(part) if w not in TITLES or (w in SUFFIXES and at)]
        for part in parts
    ]
    suffix = next((w for part in parts for w in part if w in SUFFIXES), "")
    parts = [kept for part in parts if (kept := [w for w in part if w not in SUFFIXES])]
    if len(parts) > 1 and parts[1] in (["m"], ["f"]):  # the sex
        del parts[1]
    words = [w for part in parts for w in part]
    long = tuple(w for w in words if len(w) > 1)
    if not long or set(words) & NOT_NAMES or set(long) & OF_TESTS or max(map(len, long)) < 3:
        return None
    first = parts[1] if len(parts) > 1 else parts[0]
    printed = re.sub(r"^(?:(?:mr|mrs|ms|miss|mx|dr|prof)\.?\s+)", "", text, flags=re.IGNORECASE)
    return Name(
        printed=printed,
        words=long,
        given=first[0],
        initials=tuple(w for w in words if len(w) == 1),
        suffix=suffix,
    )


def likeness(a: Name, b: Name, misread: bool) -> Likeness:
    """How two names agree; words that may be misread agree to one letter in five."""
    if a.suffix and b.suffix and a.suffix != b.suffix:
        return Likeness.GIVEN
    left, right, shared, near = _unmatched(a, b, misread)
    left = [w for w in left if not _initial(w, b.initials)]
    right = [w for w in right if not _initial(w, a.initials)]
    if not left or not right:
        if not shared:
            return Likeness.OTHER
        if _other_initial(a, b, right) or _other_initial(b, a, left):
            return Likeness.NEAR
        return Likeness.NEAR if near else Likeness.SAME
    if not shared:
        return Likeness.OTHER
    given_differs = (a.given in left or len(a.given) == 1) and (
        b.given in right or len(b.given) == 1
    )
    if given_differs:
        if any(_nearly(x, y) for x in left for y in right):
            return Likeness.NEAR
        return Likeness.GIVEN
    if a.given not in left and b.given not in right:
        if shared > 1:
            return Likeness.NEAR if near else Likeness.SAME
        return (
            Likeness.NEAR if any(_nearly(x, y) for x in left for y in right) else Likeness.SURNAME
        )
    return Likeness.NEAR if shared > 1 else Likeness.GIVEN


def _unmatched(a: Name, b: Name, misread: bool) -> tuple[list[str], list[str], int, bool]:
    """Words of either that the other lacks, how many are shared, and whether any only nearly."""
    left, right, shared, near = list(a.words), list(b.words), 0, False
    for same in (lambda x, y: x == y, lambda x, y: alike(x, y, misread), _shortened):
        for word in list(left):
            match = next((w for w in right if same(word, w)), None)
            if match is not None:
                near = near or (same is not _shortened and word != match and not misread)
                left.remove(word)
                right.remove(match)
                shared += 1
    if not misread and "".join(a.words) == "".join(b.words):
        return [], [], len(a.words), False
    return left, right, shared, near


def alike(a: str, b: str, misread: bool) -> bool:
    """Equal, or where letters may be misread but for one in five."""
    if not misread:
        return a == b
    allowed = min(len(a), len(b)) // 5
    return abs(len(a) - len(b)) <= allowed and _distance(a, b) <= allowed


def _nearly(a: str, b: str) -> bool:
    """Whether one may be the other with a letter in four misread or mistyped."""
    return _distance(a, b) <= max(1, min(len(a), len(b)) // 4)


def _shortened(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return len(short) >= 3 and long.startswith(short)


def _other_initial(a: Name, b: Name, left_over: list[str]) -> bool:
    """Whether the initial by which `a` calls the person is that of no name of `b`."""
    return (
        len(a.given) == 1
        and bool(left_over)
        and a.given not in {w[0] for w in left_over}
        and (a.given not in b.initials)
    )


def _initial(word: str, initials: tuple[str, ...]) -> bool:
    return word[0] in initials


def _distance(a: str, b: str) -> int:
    """Letters to change, add or leave out to make one word the other."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]
