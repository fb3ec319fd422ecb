"""Contradictions as a report shows them: both sides, and the criteria that they touch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.criteria.base import Criterion, Verdict, View, is_touched
from pipeline.criteria.facts import all_facts
from pipeline.criteria.identity import DiagnosisStated
from pipeline.schema import (
    Case,
    Conflict,
    Evidence,
    Fact,
    Medication,
    Place,
    Reason,
    ReportedConflict,
    Stated,
)


def evidence_of(facts: Iterable[Fact], stated: Iterable[Stated]) -> tuple[Evidence, ...]:
    """Best places, without repetition."""
    found = [_told(one, None) for one in stated]
    found += [_of_fact(fact, fact.places[0]) for fact in facts if fact.places]
    return tuple(dict.fromkeys(found))


def _told(stated: Stated, fact: Fact | None) -> Evidence:
    """The place of a statement, which is that of `fact` if there is one."""
    if fact is not None:
        return _of_fact(fact, stated.place)
    return _place(stated.place, stated.row_id, bool(stated.row_id))


def _of_fact(fact: Fact, place: Place) -> Evidence:
    step_of = fact.step_of if isinstance(fact, Medication) else ""
    return _place(place, step_of or fact.id, bool(fact.corrected))


def _place(place: Place, row_id: str, corrected: bool) -> Evidence:
    return Evidence(
        file=place.file,
        page=place.page,
        bbox=place.box,
        text=place.text,
        row_id=row_id,
        corrected=corrected,
    )


def reported_conflicts(
    case: Case, view: View | None, verdicts: Mapping[str, Verdict]
) -> tuple[ReportedConflict, ...]:
    """Those of the case, then those that the criteria of `view` came upon."""
    found = [_of_case(conflict, case, view, verdicts) for conflict in case.conflicts]
    criteria = view.criteria if view is not None else {}
    for name, verdict in verdicts.items():
        if not _is_contradiction(criteria[name], verdict):
            continue
        sides = evidence_of(verdict.facts, verdict.stated)
        same = next((i for i, c in enumerate(found) if set(c.sides) & set(sides)), None)
        if same is None:
            found.append(
                ReportedConflict(about=criteria[name].title, sides=sides, criteria=(name,))
            )
        elif name not in found[same].criteria:
            touched = (*found[same].criteria, name)
            found[same] = found[same].model_copy(update={"criteria": touched})
    return tuple(found)


def _is_contradiction(criterion: Criterion, verdict: Verdict) -> bool:
    if isinstance(criterion, DiagnosisStated) and criterion.is_overruled(verdict):
        return True
    return verdict.reason is Reason.CONFLICTING


def _of_case(
    conflict: Conflict, case: Case, view: View | None, verdicts: Mapping[str, Verdict]
) -> ReportedConflict:
    facts = [fact for fact in all_facts(case) if fact.id in conflict.sides]
    told = tuple(_told(stated, _fact_at(stated.place, facts)) for stated in conflict.stated)
    touched = tuple(
        name
        for name, verdict in verdicts.items()
        if view is not None and is_touched(view.criteria[name], verdict, conflict, view)
    )
    sides = tuple(dict.fromkeys(told)) or evidence_of(facts, ())
    return ReportedConflict(about=conflict.about, sides=sides, criteria=touched)


def _fact_at(place: Place, facts: Iterable[Fact]) -> Fact | None:
    return next((fact for fact in facts if place in fact.places), None)
