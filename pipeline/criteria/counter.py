"""Counter-evidence: facts that cannot be true beside those on which a verdict rests.

A fact of the same day or later speaks against another of its topic: a disease, a finding, a test,
a drug, or how the disease does on treatment. What is known to be older does not: a disease that
was suspected and is now established, an examination before the latest one, a drug that had not
been taken until then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.criteria.facts import (
    PERSISTENCE,
    RESPONSE,
    all_facts,
    is_never,
    is_on_form,
    is_taken,
    ratio_of,
    stated_on,
    unique,
)
from pipeline.quantities import DateRange
from pipeline.schema import (
    Assertion,
    Case,
    Diagnosis,
    Fact,
    Finding,
    LabResult,
    Medication,
    PageKind,
)

REMISSION = frozenset({"disease_remission", "symptom_free"})
HOLDS = frozenset({Assertion.AFFIRMED, Assertion.HISTORICAL})
OPPOSED = frozenset({Assertion.NEGATED, Assertion.POSSIBLE})
CONTRARY = (frozenset({"positive", "negative"}), frozenset({"abnormal", "normal"}))
# What asks for a study names what it looks for: a reason to look, no doubt of later notes.
INDICATIONS = frozenset({PageKind.LABORATORY, PageKind.IMAGING})
FULL = re.compile(r"\s*5\s*/\s*5\s*$")
# Strength that is full in these places says nothing of the others.
SOME_MUSCLES = re.compile(
    r"\b(?:distal|upper|lower|arms?|legs?|hands?|grip|neck|fac(?:e|ial)|left|right|"
    r"other(?:wise)?|elsewhere|remain(?:ing|der)|rest)\w*",
    re.IGNORECASE,
)
# "No" and the name of a drug may be of now; with these words it is of the past.
LIMITATION = "adl_limitation"
# The stem of a word that may name an activity.
ACTIVITY = re.compile(
    r"\b(?!with|diff|trou|prob|help|assi|unab|abil|able|from|more|long|need|that|this|ease|unai|inde|does|have)[a-z]{4}"
)
NONE = re.compile(r"\bno\b", re.IGNORECASE)
EVER = re.compile(
    r"\b(?:never|naive|declin\w+|refus\w+|no\s+(?:prior|previous|history|exposure|trials?)|untried|"
    r"not\s+(?:\w+\s+)?(?:tried|taken|given|started|begun|used|received|had|prescribed|initiated)|"
    r"(?:has|have|had|did|was|were)(?:\s+not|n.t))\b",
    re.IGNORECASE,
)
# "No other immunosuppressant" leaves those out that are named; "no prior treatment" is of the time
# before the present one.
OTHER_THAN = re.compile(
    r"\b(?:no|not|never|nor|without|any)\s+(?:\w+\s+)?(?:other|further|additional|second|else)\b",
    re.IGNORECASE,
)
BEFORE_NOW = re.compile(r"\b(?:prior|previous(?:ly)?|earlier|before)\b", re.IGNORECASE)
# What is not taken at present may have been taken before.
AT_PRESENT = re.compile(
    r"\b(?:now|current(?:ly)?|present(?:ly)?|at\s+this\s+time|today|any\s?more|any\s+longer|"
    r"no\s+longer|off|since|without|(?:is|are|was)\s+not\s+(?:on|taking))\b",
    re.IGNORECASE,
)


def contested(
    facts: Iterable[Fact], case: Case, outcomes: bool = True
) -> tuple[list[Fact], list[Fact]]:
    """Those of `facts` against which something speaks, and what does.

    A statement that is older than one of those that it opposes opposes none: it was overtaken.

    Args:
        outcomes: Whether it matters what came of a treatment, and not only that it was taken.
    """
    supports = unique(facts)
    against: dict[Fact, list[Fact]] = {}
    for other in all_facts(case):
        opposed = [
            fact
            for fact in supports
            if other is not fact
            and _oppose(other, fact)
            and (outcomes or not _is_of_outcome(other, fact))
        ]
        if other in supports or any(_is_before(other, fact) for fact in opposed):
            continue
        for fact in opposed:
            against.setdefault(fact, []).append(other)
    return list(against), unique(one for found in against.values() for one in found)


def _is_of_outcome(other: Fact, fact: Fact) -> bool:
    """Whether it says of a treatment what came of it, not that it was not taken."""
    if not isinstance(fact, Medication):
        return isinstance(other, Medication)
    if isinstance(other, Medication):
        return not is_never(other) and fact.outcome != "contraindicated"
    return isinstance(other, Finding) and other.finding != "exposure"


def _is_before(one: Fact, other: Fact) -> bool:
    """Whether it is known to have been so on an earlier day."""
    first, second = _told_on(one).latest, _told_on(other).earliest
    return first is not None and second is not None and first < second


def _told_on(fact: Fact) -> DateRange:
    on = stated_on(fact)
    return on if on.latest is not None else fact.stated


def _oppose(other: Fact, fact: Fact) -> bool:
    if isinstance(other, Diagnosis) and isinstance(fact, Diagnosis):
        return _oppose_disease(other, fact)
    if isinstance(other, LabResult) and isinstance(fact, LabResult):
        return other.analyte == fact.analyte and _oppose_result(other, fact)
    if isinstance(other, Medication) and isinstance(fact, Medication):
        return other.ingredient == fact.ingredient and _oppose_course(other, fact)
    if isinstance(other, Finding) and isinstance(fact, Medication):
        return _oppose_drug(other, fact)
    if isinstance(other, Medication) and isinstance(fact, Finding):
        is_failure = fact.assertion is Assertion.AFFIRMED and _is_failure(fact)
        is_never_taken = _denies_course(other) and _is_of_ever(other) and fact.finding == RESPONSE
        return is_failure and _concerns(fact, other) and (_is_response(other) or is_never_taken)
    if isinstance(other, Finding) and isinstance(fact, Finding):
        return _oppose_finding(other, fact)
    return False


# --------------------------------------------------------------------------- disease


def _oppose_disease(other: Diagnosis, fact: Diagnosis) -> bool:
    """One disease, possible or denied where it is affirmed; notes outweigh the form."""
    is_same = other.key == fact.key and bool(other.key or other.icd10 == fact.icd10 != "")
    if not is_same or fact.assertion is not Assertion.AFFIRMED or other.assertion not in OPPOSED:
        return False
    if other.assertion is Assertion.POSSIBLE and _only_on(other, INDICATIONS):
        return False
    return not is_on_form(other) or is_on_form(fact)


def _only_on(fact: Fact, kinds: frozenset[PageKind]) -> bool:
    return bool(fact.places) and all(place.page_kind in kinds for place in fact.places)


# --------------------------------------------------------------------------- results


def _oppose_result(other: LabResult, fact: LabResult) -> bool:
    if other.assertion not in HOLDS:
        return False
    if other.interpretation == "pending":
        return _is_open(other.collected, fact.collected)
    if frozenset({other.interpretation, fact.interpretation}) in CONTRARY:
        return True
    if other.collected is not None:
        return False  # the latest result counts, and a criterion looks at all of its day
    one, two = ratio_of(other), ratio_of(fact)
    if one is None or two is None or one.high is None or two.low is None:
        return False
    return one.high <= 1 < two.low


def _is_open(pending: DateRange | None, known: DateRange | None) -> bool:
    """Whether a test that is not back may be the one that is told as known, or a later one."""
    if known is None or known.latest is None:
        return True  # of a test without a day: it may be this one
    return pending is not None and pending.latest is not None


# ---------------------------------------------------------------------------- drugs


def _oppose_course(other: Medication, fact: Medication) -> bool:
    """Said never to have been taken, taken though contraindicated, answered though failed."""
    if is_taken(fact) and is_never(other):
        is_over = fact.status == "past" or fact.stop is not None
        of_another_time = (is_over and not _is_of_ever(other)) or _is_past_it(other, fact)
        return _denies_course(other) and not of_another_time
    if fact.outcome == "contraindicated" and other.status == "current":
        return is_taken(other) and other.outcome != "intolerant"
    if fact.outcome != "failed" or not _is_response(other) or not is_taken(other):
        return False
    if None not in (fact.dose_value, other.dose_value) and fact.dose_value != other.dose_value:
        return False  # an answer at one dose, a failure at another
    return not _is_over_before(other, fact)


def _denies_course(drug: Medication) -> bool:
    """Whether it says that a drug was not taken, and nothing of a course of it."""
    undated = drug.start in (None, drug.stated) and drug.stop is None
    is_bare = drug.dose_value is None and undated
    return is_never(drug) and is_bare and drug.outcome == "unknown"


def _is_of_ever(drug: Medication) -> bool:
    """Whether its words deny that it was ever taken, not only that it is taken at present."""
    texts = [place.text for place in drug.places[:1]]
    return any(
        not AT_PRESENT.search(text) and (EVER.search(text) or not NONE.search(text))
        for text in texts
    )


def _is_past_it(denial: Fact, fact: Medication) -> bool:
    """Whether a denial is of other drugs, or of the time before a treatment that still goes on."""
    texts = [place.text for place in denial.places]
    if not texts:
        return False
    if isinstance(denial, Finding) and all(OTHER_THAN.search(text) for text in texts):
        return True
    return fact.status == "current" and all(BEFORE_NOW.search(text) for text in texts)


def _is_over_before(one: Medication, other: Medication) -> bool:
    ended, begun = one.stop or one.start, other.start
    if ended is None or begun is None or ended.latest is None or begun.earliest is None:
        return False
    return ended.latest < begun.earliest


def _oppose_drug(other: Finding, fact: Medication) -> bool:
    """Said never to have been given; answered, or in remission, on what is said to fail."""
    names = {fact.ingredient, fact.drug_class} & set(other.of)
    if other.finding == "exposure":
        is_denied = other.assertion is Assertion.NEGATED or other.value == "not_taken"
        return is_denied and bool(names) and is_taken(fact) and not _is_past_it(other, fact)
    if fact.outcome != "failed" or other.assertion is not Assertion.AFFIRMED:
        return False
    if _is_remission(other):
        return fact.status == "current" and (bool(names) or not other.of)
    return other.finding == RESPONSE and other.value == "responded" and bool(names)


# -------------------------------------------------------------------------- findings


def _oppose_finding(other: Finding, fact: Finding) -> bool:
    if _is_weak(fact):
        return _is_full(other) and not _same_words(other, fact)
    if _is_failure(fact) and fact.assertion is Assertion.AFFIRMED:
        is_answer = _is_response(other) or _is_remission(other)
        # Of a drug that failed before, a remission now says nothing.
        is_apt = bool(set(fact.of) & set(other.of)) or not fact.of
        if is_answer and (is_apt or (fact.finding == PERSISTENCE and not other.of)):
            return True
    if other.finding != fact.finding or not _same(other.site, fact.site):
        return False
    if fact.of and other.of and not set(fact.of) & set(other.of):
        return False
    if fact.assertion in HOLDS and other.assertion is Assertion.AFFIRMED:
        if frozenset({other.value, fact.value}) in CONTRARY:
            return True
        is_open = other.value == "pending" and fact.value in ("abnormal", "normal")
        return is_open and (fact.date is None or other.date == fact.date)
    if not _same(other.value, fact.value) and not _same_activity(other, fact):
        return False
    if fact.assertion is Assertion.NEGATED:
        return other.assertion in (Assertion.AFFIRMED, Assertion.POSSIBLE)
    return fact.assertion in HOLDS and other.assertion in OPPOSED


def _same(one: str, other: str) -> bool:
    """The same, or one of them not stated."""
    return not one or not other or one.casefold() == other.casefold()


def _same_activity(one: Finding, other: Finding) -> bool:
    """ "Climbs stairs with ease" is against "unable to climb stairs", not against "cannot shave"."""
    told = [set(ACTIVITY.findall(finding.value.casefold())) for finding in (one, other)]
    return one.finding == LIMITATION and bool(told[0] & told[1])


def _same_words(one: Fact, other: Fact) -> bool:
    """One line states both: what it says of some muscles it does not say of the others."""
    return bool({p.text for p in one.places} & {p.text for p in other.places})


def _is_weak(finding: Finding) -> bool:
    return finding.finding == "muscle_strength" and not FULL.match(finding.value)


def _is_full(finding: Finding) -> bool:
    """Full strength, and not only of some muscles."""
    if finding.assertion is not Assertion.AFFIRMED or finding.site:
        return False
    if finding.finding == "muscle_strength" and not FULL.match(finding.value):
        return False
    if finding.finding not in ("muscle_strength", "normal_strength"):
        return False
    return not any(SOME_MUSCLES.search(place.text) for place in finding.places[:1])


def _is_failure(finding: Finding) -> bool:
    is_failed = finding.finding == RESPONSE and finding.value == "failed"
    return is_failed or finding.finding == PERSISTENCE


def _is_response(fact: Medication | Finding) -> bool:
    if isinstance(fact, Medication):
        return fact.outcome == "responded" and fact.assertion in HOLDS
    is_good = fact.finding == RESPONSE and fact.value == "responded"
    return is_good and fact.assertion is Assertion.AFFIRMED


def _is_remission(finding: Finding) -> bool:
    return finding.finding in REMISSION and finding.assertion is Assertion.AFFIRMED


def _concerns(finding: Finding, drug: Medication) -> bool:
    return bool({drug.ingredient, drug.drug_class} & set(finding.of))


def tell(against: Sequence[Fact]) -> str:
    """What speaks against it, in the words of the pages."""
    words = unique(" ".join(fact.places[0].text.split()) for fact in against if fact.places)
    return "; ".join(f"\u201c{one[:120]}\u201d" for one in words[:3])
