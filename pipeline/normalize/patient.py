"""What the packet says of the patient: birth date and age."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from pipeline.normalize.findings import Draft
from pipeline.normalize.reading import Reading
from pipeline.places import locate
from pipeline.schema import Mention, PageKind, Place, Speaker, Stated

AGE = re.compile(
    r"\b(?P<old>\d{1,3})[\s-]*(?:years?|yrs?|y)\b[\s./-]*(?:old\b|o\b)"
    r"|(?<!at )(?<!At )\b(?:Age|AGE)\b\s*[:=]?\s*(?P<age>\d{1,3})\b[\s-]*(?P<unit>months?|mos?|weeks?|wks?|days?)?\b(?!\s*(?:years?\s+)?(?:and|or)\s+(?:older|above|over|up))"
)
RELATIVE = re.compile(
    r"\b(?:mother|father|parent|sister|brother|sibling|aunt|uncle|son|daughter|child(?:ren)?|"
    r"cousin|husband|wife|spouse|partner|grand\w+|niece|nephew|twin|when|until)\b",
    re.IGNORECASE,
)
RELATIVE_REACH = 30  # characters beside an age within which a word of kinship claims it
A_YEAR = {"m": 12, "w": 52, "d": 365}  # of the units in which the age of infants is told
OLDEST = 120  # years


def build_birth_dates(
    mentions: list[Mention], reading: Reading
) -> tuple[date | None, tuple[Stated, ...]]:
    """The birth date that most pages print, and the best place of each one printed."""
    places: dict[date, list[Place]] = {}
    for m in mentions:
        if m.label == "date" and m.code == "born":
            when = reading.day(m)
            if when is not None and when.earliest is not None and when.earliest == when.latest:
                day = _past(when.earliest, reading.as_of)
                places.setdefault(day, []).append(locate(reading.document, m.start, m.end))
    counted = Counter({day: len(found) for day, found in places.items()})
    days = [day for day, _ in counted.most_common()]
    stated = tuple(
        Stated(text=day.isoformat(), place=min(places[day], key=lambda p: p.doubtful))
        for day in days
    )
    return (days[0] if days else None), stated


def _past(day: date, as_of: date | None) -> date:
    """A two-digit year of birth is never in the future."""
    return day.replace(year=day.year - 100) if as_of is not None and day > as_of else day


def age_drafts(reading: Reading) -> list[Draft]:
    """Ages as stated of the patient, in years, when the text was written."""
    text = reading.document.text
    drafts = []
    for page in reading.document.pages:
        if page.speaker is not Speaker.PATIENT or page.kind is PageKind.CRITERIA:
            continue
        for m in AGE.finditer(text, page.start, page.end):
            around = text[max(page.start, m.start() - RELATIVE_REACH) : m.end() + RELATIVE_REACH]
            years = int(m["old"] or m["age"]) // A_YEAR.get((m["unit"] or "y")[0].lower(), 1)
            if years > OLDEST or RELATIVE.search(around):
                continue
            place = locate(reading.document, m.start(), m.end())
            drafts.append(
                Draft(
                    finding="age",
                    value=str(years),
                    unit="a",
                    stated=reading.page_written(page),
                    doubtful=place.doubtful,
                    places=[place],
                )
            )
    return drafts
