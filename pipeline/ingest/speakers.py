"""Of whom each page speaks: the patient, another person, perhaps another, or nobody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum

from pipeline.ingest.goes_on import Continuations
from pipeline.ingest.identity import Marks, days_in, heads_of, marks_of, plain_number, under_labels
from pipeline.ingest.names import TITLES, Likeness, Name, alike, folded, likeness
from pipeline.ingest.several import another_listed, another_named, another_numbered
from pipeline.schema import Page, PageKind, Speaker

OF_THE_PACKET = {PageKind.REQUEST, PageKind.COVER}
REACH = 3  # words between given name and surname
LEAST_ALONE = 4  # letters of a surname that says by itself of whom a page speaks
GROWN = 15  # years since a day beside a name that is that of a birth, and of no visit
LEAST_NUMBER = 5  # signs of a record number that does
_NOT_LETTERS = re.compile(r"[^A-Za-z\u00c0-\u024f.'\u2019]+")


class Agreement(IntEnum):
    """How what a page prints of one kind agrees with the patient's."""

    SILENT = 0
    SAME = 1
    NEAR = 2
    OTHER = 3


@dataclass
class Person:
    """What the pages of one person print."""

    marks: Marks = field(default_factory=Marks)
    pages: list[int] = field(default_factory=list)

    def add(self, index: int, marks: Marks) -> None:
        """Count a page as this person's; what it bears of others, too, is not."""
        self.pages.append(index)
        names, births = marks.names or marks.subjects, marks.births
        if not (names and self.marks.names and another_named(marks, self.marks, True)):
            self.marks.names += names
        if not set(births) & set(self.marks.births):
            self.marks.births |= births
        self.marks.records |= marks.records


def speakers(pages: Sequence[Page], text: str) -> tuple[list[Marks], list[Speaker]]:
    """What each page prints of whose it is, and of whom it speaks."""
    texts = [_with_fields(page, text) for page in pages]
    marks = [marks_of(part) for part in texts]
    _add_heads(texts, marks)
    person = _patient(pages, texts, marks)
    if person is None:
        return marks, [Speaker.PATIENT] * len(pages)
    goes_on = Continuations(pages, text, [m.any for m in marks])
    seen = _Seen(person, text)
    found: list[Speaker] = []
    for index, page in enumerate(pages):
        before = found[-1] if index and pages[index - 1].file == page.file else None
        found.append(_speaker(page, texts[index], marks[index], seen, goes_on.how(index), before))
    return marks, found


def _with_fields(page: Page, text: str) -> str:
    """A page's text, with its fields as lines of label and answer."""
    lines = [text[page.start : page.end]]
    for asked in page.fields:
        if asked.value is not None:
            label = text[asked.label.start : asked.label.end].strip(" :")
            lines.append(f"{label}:\t{text[asked.value.start : asked.value.end]}\n")
    return "\n".join([*lines, *under_labels(lines[0])])


def _add_heads(texts: Sequence[str], marks: list[Marks]) -> None:
    """Names before one date on several pages are heads, and the date is that of a birth."""
    heads = [list(heads_of(part)) for part in texts]
    counted = Counter(
        (day, frozenset(name.words))
        for found in heads
        for day, name in {(d, n) for n, d, _ in found}
    )
    for found, own in zip(heads, marks, strict=True):
        for name, day, printed in found:
            if counted[day, frozenset(name.words)] > 1 and not own.any:
                own.names.append(name)
                own.births.setdefault(day, printed)


# ------------------------------------------------------------------- who the patient is


def _patient(pages: Sequence[Page], texts: Sequence[str], marks: Sequence[Marks]) -> Person | None:
    """The person of the request form, unless it may be misread; else that of most pages."""
    people: list[Person] = []
    told = [i for i, own in enumerate(marks) if own.any and pages[i].kind is not PageKind.CRITERIA]
    # Pages that label a number alone are put to the names and birth dates of the others; those
    # that bear several birth dates, perhaps of several people, come last.
    for index in sorted(
        told, key=lambda i: (len(marks[i].births) > 1, not (marks[i].names or marks[i].births))
    ):
        match = next(
            (p for p in people if _is_of(pages[index], texts[index], marks[index], p)), None
        )
        if match is None:
            people.append(match := Person())
        match.add(index, marks[index])
    if not people:
        return None
    most = max(people, key=lambda p: len(p.pages))
    forms = [p for p in people if any(pages[i].kind in OF_THE_PACKET for i in p.pages)]
    if not forms or most in forms:
        return most
    asked = max(forms, key=lambda p: len(p.pages))
    borne = _Seen(most, "")
    for index in asked.pages:
        misread = pages[index].origin == "ocr"
        doubtful = _verdict(marks[index], most.marks, misread) is not Speaker.OTHER
        if doubtful or borne.on(texts[index], misread) is not None:
            return most
    return asked


def _is_of(page: Page, text: str, own: Marks, person: Person) -> bool:
    seen = _with_head(own, text, person.marks)
    return _verdict(seen, person.marks, page.origin == "ocr") is Speaker.PATIENT


def _with_head(own: Marks, text: str, of: Marks) -> Marks:
    """What a page prints, with a name beside the birth date of a person where no label says either."""
    heads = [] if own.names else [n for n, day, _ in heads_of(text) if day in of.births]
    births = {} if own.births else {d: of.births[d] for d in days_in(text) if d in of.births}
    return replace(own, names=[*own.names, *heads], births=own.births | births)


def _name_agreement(own: Marks, of: Marks, misread: bool) -> Likeness | None:
    """The best likeness of any name of a page; None where either bears none."""
    names = own.names or own.subjects
    return min((likeness(a, b, misread) for a in names for b in of.names), default=None)


def _birth_agreement(own: Marks, of: Marks, misread: bool) -> Agreement:
    if not own.births or not of.births:
        return Agreement.SILENT
    if set(own.births) & set(of.births):
        return Agreement.SAME
    near = any(_misread_day(a, b, misread) for a in own.births for b in of.births)
    return Agreement.NEAR if near else Agreement.OTHER


def _misread_day(a: date, b: date, misread: bool) -> bool:
    """Whether two digits were misread, or day and month stand the other way round."""
    swapped = (a.year, a.month, a.day) == (b.year, b.day, b.month)
    wrong = sum(x != y for x, y in zip(a.isoformat(), b.isoformat(), strict=True))
    return swapped or (misread and wrong <= 2)


def _record_agreement(own: Marks, of: Marks, misread: bool) -> Agreement:
    pairs = [(a, b) for kind, a in own.records for other, b in of.records if kind == other]
    if not pairs:
        return Agreement.SILENT
    if any(
        a == b or (min(len(a), len(b)) >= LEAST_NUMBER and (a.endswith(b) or b.endswith(a)))
        for a, b in pairs
    ):
        return Agreement.SAME
    if misread and any(
        len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1 for a, b in pairs
    ):
        return Agreement.NEAR
    return Agreement.OTHER


def _verdict(own: Marks, of: Marks, misread: bool) -> Speaker | None:
    """Of whom a page speaks by what it prints; None where nothing can be compared.

    The same name with another record number is the patient's if the birth date agrees: each
    institution has numbers of its own.
    """
    name = _name_agreement(own, of, misread)
    birth = _birth_agreement(own, of, misread)
    record = _record_agreement(own, of, misread)
    same_birth, same_record = birth is Agreement.SAME, record is Agreement.SAME
    if name is None and Agreement.SILENT is birth is record:
        return None
    if name is None:
        return _without_name(birth, record)
    if birth in (Agreement.NEAR, Agreement.OTHER):
        if name is Likeness.SAME and same_record:
            return Speaker.PATIENT if misread and birth is Agreement.NEAR else Speaker.DOUBTFUL
        may_be = birth is Agreement.NEAR and name <= Likeness.NEAR
        return Speaker.DOUBTFUL if may_be or same_record else Speaker.OTHER
    if name is Likeness.SAME:
        if same_birth or record in (Agreement.SILENT, Agreement.SAME):
            return Speaker.PATIENT
        return Speaker.DOUBTFUL if record is Agreement.NEAR else Speaker.OTHER
    if same_birth and same_record:
        return Speaker.DOUBTFUL if name is Likeness.OTHER else Speaker.PATIENT
    if name is Likeness.NEAR and record is not Agreement.OTHER:
        return Speaker.PATIENT if misread and (same_birth or same_record) else Speaker.DOUBTFUL
    weak = not own.names  # of a subject line or a single word
    if (
        weak
        or (name is Likeness.NEAR)
        or (name is Likeness.SURNAME and (same_birth or same_record))
    ):
        return Speaker.DOUBTFUL
    return Speaker.OTHER


def _without_name(birth: Agreement, record: Agreement) -> Speaker:
    if birth is Agreement.SAME:
        return Speaker.DOUBTFUL if record is Agreement.OTHER else Speaker.PATIENT
    if birth is Agreement.SILENT:
        told = {Agreement.SAME: Speaker.PATIENT, Agreement.NEAR: Speaker.DOUBTFUL}
        return told.get(record, Speaker.OTHER)
    if birth is Agreement.NEAR or record is Agreement.SAME:
        return Speaker.DOUBTFUL
    return Speaker.OTHER


# ---------------------------------------------------------------- of whom a page speaks


class _Seen:
    """Looks for the patient on a page that labels nobody."""

    def __init__(self, person: Person, text: str) -> None:
        self.names = person.marks.names
        self.births = set(person.marks.births)
        self.numbers = {n for _, n in person.marks.records if len(n) >= LEAST_NUMBER}
        self.lower = set(_lower_words(text))
        self.marks = person.marks
        latest = max((day.year for day in days_in(text)), default=0)
        self.adults = latest - GROWN if self.births else 0

    def on(self, text: str, misread: bool) -> Speaker | None:
        """Patient or doubtful; None where the page bears nothing of the patient.

        It is doubtful where it bears the surname, or the birth date, beside another given name,
        or heads a line with a name like the patient's and another birth date.
        """
        born = bool(self.births & set(days_in(text)))
        if not born and self._is_headed_by_a_namesake(text, misread):
            return Speaker.DOUBTFUL
        if self.in_full(text, misread):
            return Speaker.PATIENT
        words = _words(text)
        another = any(
            likeness(name, own, misread) is Likeness.GIVEN
            for name, _, _ in heads_of(text)
            for own in self.names
        )
        numbered = bool(self.numbers & {plain_number(w) for w in text.split()})
        alone = any(self._stands_alone(name, words, misread) for name in self.names)
        if another and (born or alone):
            return Speaker.DOUBTFUL
        return Speaker.PATIENT if born or numbered or alone else None

    def _is_headed_by_a_namesake(self, text: str, misread: bool) -> bool:
        """Whether a name like the patient's stands before another birth date than the patient's."""
        return any(
            likeness(name, own, misread) < Likeness.OTHER
            and not any(_misread_day(day, born, misread) for born in self.births)
            for name, day, _ in heads_of(text)
            if day.year <= self.adults
            for own in self.names
        )

    def in_full(self, text: str, misread: bool) -> bool:
        """Whether a page bears given name and surname of the patient."""
        words = _words(text)
        return any(_stands_full(name, words, misread) for name in self.names)

    def _stands_alone(self, name: Name, words: list[str], misread: bool) -> bool:
        """Whether the surname stands there, and is no word of the language."""
        surnames = [w for w in name.words if w != name.given and len(w) >= LEAST_ALONE]
        for at, printed in enumerate(words):
            word = folded(printed)
            if not printed[:1].isupper() or not any(alike(word, s, misread) for s in surnames):
                continue
            before = folded(words[at - 1]).strip(".") if at else ""
            if before == "dr":
                continue
            if before in TITLES or word not in self.lower:
                return True
        return False


def _words(text: str) -> list[str]:
    return [w for w in _split(text) if w]


def _split(text: str) -> list[str]:
    return [w.strip(".'\u2019") for w in _NOT_LETTERS.split(text)]


def _lower_words(text: str) -> list[str]:
    return [w for w in _words(text) if w.islower()]


def _stands_full(name: Name, words: list[str], misread: bool) -> bool:
    """Whether given name and surname stand near each other."""
    surnames = [w for w in name.words if w != name.given]
    plain = [folded(w) for w in words]
    if len(name.given) < 2 or not surnames:
        return False
    given = [
        i for i, w in enumerate(plain) if alike(w, name.given, misread) and words[i][:1].isupper()
    ]
    return any(
        alike(plain[j], surname, misread)
        for i in given
        for surname in surnames
        for j in range(max(0, i - REACH), min(len(plain), i + REACH + 1))
        if j != i
    )


def _speaker(
    page: Page, text: str, own: Marks, seen: _Seen, goes_on: str, before: Speaker | None
) -> Speaker:
    if page.kind is PageKind.BLANK:
        return Speaker.PATIENT
    told = _told(page, text, own, seen, goes_on, before)
    if told is Speaker.PATIENT and _with_another(page, text, own, seen):
        return Speaker.DOUBTFUL
    return told


def _told(
    page: Page, text: str, own: Marks, seen: _Seen, goes_on: str, before: Speaker | None
) -> Speaker:
    """Of whom a page speaks by what it labels, else by whom it bears, else by the page before."""
    misread = page.origin == "ocr"
    if own.any:
        own = _with_head(own, text, seen.marks)
    told = _verdict(own, seen.marks, misread) if own.any else None
    if told is not None:
        if _no_name(own, seen, text, misread):
            return Speaker.PATIENT
        named = any(likeness(n, s, False) is Likeness.SAME for n in own.names for s in seen.names)
        of_two = told is Speaker.OTHER and named and len(own.births) > 1
        return Speaker.DOUBTFUL if of_two else told
    borne = seen.on(text, misread)
    if goes_on and before is not None:
        if before is Speaker.OTHER and borne is not None:
            return Speaker.DOUBTFUL
        if before in (Speaker.OTHER, Speaker.DOUBTFUL, Speaker.PATIENT):
            return before if borne is not Speaker.DOUBTFUL else borne
    if borne is not None:
        return borne
    if own.unread:
        return Speaker.DOUBTFUL
    return Speaker.PATIENT if page.kind in OF_THE_PACKET else Speaker.GENERAL


def _no_name(own: Marks, seen: _Seen, text: str, misread: bool) -> bool:
    """Whether what a label calls a name is none: the page bears birth date and name of the patient."""
    unlike = _name_agreement(own, seen.marks, misread) is Likeness.OTHER
    agrees = _birth_agreement(own, seen.marks, misread) is Agreement.SAME
    only_subject = not (own.names or own.births or own.records)
    return unlike and (agrees or only_subject) and seen.in_full(text, misread)


def _with_another(page: Page, text: str, own: Marks, seen: _Seen) -> bool:
    """Whether a page of the patient also bears somebody else as its own: which says what is open.

    A form asks for the birth dates of others too, those of subscribers and guardians.
    """
    misread = page.origin == "ocr"
    born = bool(seen.births) and any(
        day not in seen.births and not any(_misread_day(day, b, True) for b in seen.births)
        for day in own.births
    )
    named = another_named(own, seen.marks, misread)
    if page.kind in OF_THE_PACKET:
        return named and born
    spread = page.sheet is None and page.width > page.height
    return (
        born
        or (named and (spread or another_numbered(own, seen.marks)))
        or another_listed(text, seen.marks, seen.lower, misread)
    )
