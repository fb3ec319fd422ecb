"""Whom statements are about and how they stand: what is the patient's and stands is kept apart.

Nothing that is told of somebody else, or does not stand, joins an episode, a result or a finding
of the patient: it makes facts of its own, which are shown and decide nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeVar

from pipeline.normalize.labs import word_of
from pipeline.schema import (
    About,
    Assertion,
    FactBase,
    LabResult,
    Medication,
    Mention,
    Standing,
    TableFact,
)

Whose = tuple[About, Standing]
FactT = TypeVar("FactT", bound=FactBase)

# Of the patient, and told as having been so, being so or about to be: one story.
OWN = frozenset({Standing.STATED, Standing.COPIED, Standing.PLANNED, Standing.ORDERED})
# Whose facts the contract's assertions call those of the family.
OTHERS = (About.RELATIVE, About.OTHER_PERSON)
FACTS = frozenset({"medication", "medication_class", "lab", "diagnosis", "finding", "allergy"})


def by_standing(mentions: Iterable[Mention]) -> tuple[list[Mention], dict[Whose, list[Mention]]]:
    """The mentions that make the patient's case, and all others by whose and how they stand."""
    own: list[Mention] = []
    asides: dict[Whose, list[Mention]] = {}
    for m in mentions:
        if m.standing is Standing.ORDERED and _has_result(m):
            asides.setdefault((m.about, m.standing), []).append(m)
        elif m.about is About.PATIENT and (m.label == "date" or m.standing in OWN):
            own.append(m)
        elif m.label in FACTS:
            asides.setdefault((m.about, m.standing), []).append(m)
    return own, asides


def _has_result(m: Mention) -> bool:
    """Whether an ordered test or examination names a result: one that is wanted, not one that came."""
    told = [p.text for p in m.parts if p.label in ("value", "word") and p.code != "pending"]
    graded = m.label == "finding" and any(c.isdigit() for text in told for c in text)
    return graded or (m.label == "lab" and any(word_of(text) != "pending" for text in told))


def with_standing(fact: FactT) -> FactT:
    """A fact of the patient's story with its place in the contract's words."""
    about, standing = fact.about, fact.standing
    if fact.assertion is Assertion.FAMILY:
        about = About.RELATIVE
    elif fact.assertion is Assertion.HYPOTHETICAL:
        standing = Standing.CONDITIONAL
    if getattr(fact, "status", "") in ("requested", "planned"):
        standing = Standing.PLANNED
    elif getattr(fact, "interpretation", "") == "pending":
        standing = Standing.ORDERED
    return fact.model_copy(update={"about": about, "standing": standing})


def put(fact: FactT, whose: Whose) -> FactT:
    """A fact that decides nothing: whose it is, how it stands, and the assertion that says so."""
    about, standing = whose
    update: dict[str, object] = {"about": about, "standing": standing}
    if about in OTHERS:
        update["assertion"] = Assertion.FAMILY
    elif about is About.GENERAL:
        update["assertion"] = Assertion.HYPOTHETICAL
    elif standing is Standing.WITHDRAWN and getattr(fact, "interpretation", "") != "pending":
        update["assertion"] = Assertion.NEGATED
    elif standing is Standing.ASKED:
        update["assertion"] = Assertion.POSSIBLE
    elif standing in (Standing.CONDITIONAL, Standing.DEMANDED):
        update["assertion"] = Assertion.HYPOTHETICAL
    if hasattr(fact, "status") and standing in UNTOLD:
        update["status"] = ""
    if hasattr(fact, "interpretation") and standing is Standing.DEMANDED:
        update["interpretation"] = ""  # which result is wanted is none
    return fact.model_copy(update=update)


def one_row_each(facts: list[TableFact], stray: Collection[tuple[str, int]]) -> list[TableFact]:
    """Without questions and conditions that only name a drug of the patient's own rows.

    "Should rituximab be refused ..." is another place of the request for it, not a course. What is
    told of a drug in general is nobody's course: beside rows of the patient's own it is left out.
    A line that stands alone on a page is no leaflet: `stray` are such pages, by file and number.
    """
    own = {
        fact.ingredient
        for fact in facts
        if isinstance(fact, Medication)
        and fact.about is About.PATIENT
        and fact.standing in OWN
        and fact.status in ("current", "past", "requested")
    }
    return [
        f
        for f in facts
        if not (isinstance(f, Medication) and _only_names(f, own))
        or any((p.file, p.page) in stray for p in f.places)
    ]


def _only_names(fact: Medication, own: Collection[str]) -> bool:
    """Whether a row tells nothing but a name: of nobody, or one that another row bears."""
    told = (fact.dose_value, fact.dose_per_kg, fact.stated_duration, fact.start, fact.stop)
    if fact.about is About.GENERAL and fact.ingredient in own:
        return True
    if fact.outcome != "unknown" or fact.frequency or any(value is not None for value in told):
        return False
    asked = fact.standing in (Standing.ASKED, Standing.CONDITIONAL)
    if fact.about is About.PATIENT:
        return fact.ingredient in own and asked
    return fact.about is About.GENERAL


def heeding_withdrawn(facts: Iterable[FactT]) -> list[FactT]:
    """The facts, with a doubt on those that another place takes back: the same course or result.

    A result that was retracted may still stand in a letter, a length that was wrong in the note
    that is corrected.
    """
    told = list(facts)
    gone = [f for f in told if f.standing is Standing.WITHDRAWN and f.about is About.PATIENT]
    return [
        fact.model_copy(update={"doubted": (*fact.doubted, "standing")})
        if fact.standing in OWN
        and fact.about is About.PATIENT
        and "standing" not in fact.doubted
        and any(_is_same(fact, other) for other in gone)
        else fact
        for fact in told
    ]


def _is_same(fact: FactBase, other: FactBase) -> bool:
    """Whether a fact tells what another one that was taken back does."""
    if isinstance(fact, Medication) and isinstance(other, Medication):
        if fact.ingredient != other.ingredient:
            return False
        if other.stated_duration is not None:
            return other.stated_duration == fact.stated_duration
        # "The duration of X in my note is wrong": whatever was told of how long it was.
        return other.dose_value is None and fact.stated_duration is not None
    if isinstance(fact, LabResult) and isinstance(other, LabResult):
        days = {lab.collected for lab in (fact, other) if lab.collected is not None}
        told = fact.value if fact.value is not None else fact.value_text
        gone = other.value if other.value is not None else other.value_text
        return fact.analyte == other.analyte and told == gone and told != "" and len(days) < 2
    return False


def restood(fact: FactT, typed: Collection[str], told: FactT | None = None) -> FactT:
    """A corrected fact, whose it is and how it stands: as typed, else as its other cells say.

    Args:
        typed: The columns that a person wrote.
        told: The fact as the text tells it, whoever it is about and however it stands.
    """
    about, standing = fact.about, fact.standing
    if "assertion" in typed and "about" not in typed:
        if fact.assertion is Assertion.FAMILY:
            about = About.RELATIVE
        elif about in OTHERS:
            about = About.PATIENT
    if "standing" not in typed:
        standing = _standing_of(fact, typed)
    fact = fact.model_copy(update={"about": about, "standing": standing})
    if "assertion" in typed or not {"about", "standing"} & set(typed):
        return fact
    if about is not About.PATIENT or standing not in OWN:
        return put(fact, (about, standing))
    # It is the patient's and stands: what only said that it is not, or does not, goes.
    written = any(cell.column == "assertion" for made in fact.corrected[:-1] for cell in made.cells)
    assertion = fact.assertion if told is None or written else told.assertion
    if assertion in (Assertion.FAMILY, Assertion.HYPOTHETICAL):
        assertion = Assertion.AFFIRMED
    update: dict[str, object] = {"assertion": assertion}
    if "status" not in typed and not getattr(fact, "status", "-") and told is not None:
        update["status"] = getattr(told, "status", "")
    return fact.model_copy(update=update)


def _standing_of(fact: FactBase, typed: Collection[str]) -> Standing:
    """How a fact stands by the cells that a person wrote."""
    standing = fact.standing
    if "status" in typed:
        if getattr(fact, "status", "") in ("requested", "planned"):
            return Standing.PLANNED
        standing = Standing.STATED if standing is Standing.PLANNED else standing
    if {"value", "interpretation"} & set(typed) and hasattr(fact, "interpretation"):
        if fact.interpretation == "pending":
            return Standing.ORDERED
        standing = Standing.STATED if standing is Standing.ORDERED else standing
    if "assertion" in typed:
        if fact.assertion is Assertion.HYPOTHETICAL:
            return Standing.CONDITIONAL
        standing = Standing.STATED if standing is Standing.CONDITIONAL else standing
    return standing


# Nothing of these says whether the drug was taken.
UNTOLD = frozenset({Standing.ASKED, Standing.DEMANDED, Standing.CONDITIONAL})
