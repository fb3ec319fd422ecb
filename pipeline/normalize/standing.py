"""Whom statements are about and how they stand: what is the patient's and stands is kept apart.

Nothing that is told of somebody else, or does not stand, joins an episode, a result or a finding
of the patient: it makes facts of its own, which are shown and decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from pipeline.schema import (
    About,
    Assertion,
    FactBase,
    Mention,
    Standing,
)

Whose = tuple[About, Standing]
FactT = TypeVar("FactT", bound=FactBase)

# Of the patient, and told as having been so, being so or about to be: one story.
OWN = frozenset({Standing.STATED, Standing.COPIED, Standing.PLANNED, Standing.ORDERED})
FACTS = frozenset({"medication", "medication_class", "lab", "diagnosis", "finding", "allergy"})


def by_standing(mentions: Iterable[Mention]) -> tuple[list[Mention], dict[Whose, list[Mention]]]:
    """The mentions that make the patient's case, and all others by whose and how they stand."""
    own: list[Mention] = []
    asides: dict[Whose, list[Mention]] = {}
    for m in mentions:
        if m.about is About.PATIENT and (m.label == "date" or m.standing in OWN):
            own.append(m)
        elif m.label in FACTS:
            asides.setdefault((m.about, m.standing), []).append(m)
    return own, asides


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
    if about is About.RELATIVE:
        update["assertion"] = Assertion.FAMILY
    elif standing is Standing.WITHDRAWN:
        update["assertion"] = Assertion.NEGATED
    elif standing is Standing.ASKED:
        update["assertion"] = Assertion.POSSIBLE
    elif standing in (Standing.CONDITIONAL, Standing.DEMANDED):
        update["assertion"] = Assertion.HYPOTHETICAL
    if hasattr(fact, "status") and standing in UNTOLD:
        update["status"] = ""
    return fact.model_copy(update=update)


# Nothing of these says whether the drug was taken.
UNTOLD = frozenset({Standing.ASKED, Standing.DEMANDED, Standing.CONDITIONAL})
