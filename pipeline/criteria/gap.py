"""Case and policy to gap report: central rules, alerts, alternatives, recommendation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from pipeline import __version__
from pipeline.criteria.base import (
    SATISFIED,
    Criterion,
    Verdict,
    View,
    not_arrived,
    unasked,
    unclear,
)
from pipeline.criteria.choosing import branch_of
from pipeline.criteria.contradictions import evidence_of, reported_conflicts
from pipeline.criteria.facts import all_facts
from pipeline.criteria.policy import Policy
from pipeline.criteria.trees import Tree
from pipeline.schema import (
    STANDS,
    About,
    Alert,
    Alternative,
    Assertion,
    Case,
    CriterionResult,
    Fact,
    Finding,
    GapReport,
    LabResult,
    Legibility,
    Medication,
    PageKind,
    PolicyReference,
    Reason,
    ReportedRequest,
    RequestedDrug,
    Standing,
    Stated,
    Status,
)

UNSETTLED = frozenset({Status.NOT_MET, Status.NEEDS_REVIEW})
Recommendation = Literal["no_policy", "clinician_review", "request_information", "criteria_met"]


def view_of(policy: Policy, case: Case) -> View:
    """The case as the criteria of a policy see it."""
    return View(case, policy.by_id, policy.groups, policy.equivalents, policy.names)


def deciding(case: Case) -> Case:
    """The case as criteria may see it: what is said of the patient and stands.

    A treatment that is asked for or planned stays, as such, and so does a test that is not back:
    criteria ask what was requested, and which results are awaited.
    """

    def counts(fact: Fact) -> bool:
        planned = isinstance(fact, Medication) and fact.status in ("requested", "planned")
        awaited = fact.standing is Standing.ORDERED and _is_pending(fact)
        return fact.about is About.PATIENT and (fact.standing in STANDS or planned or awaited)

    return case.model_copy(
        update={
            name: tuple(fact for fact in getattr(case, name) if counts(fact))
            for name in ("medications", "labs", "diagnoses", "findings", "answers")
        }
    )


def with_unclaimed(case: Case) -> Case:
    """The case as `deciding`, with what stands on pages that bear nobody's name as the patient's.

    Such a page decides nothing; but while it names what is said to be absent, silence is none.
    """
    unclaimed = {(page.file, page.page) for page in case.legibility.general_pages}

    def claimed(fact: Fact) -> Fact:
        bare = fact.about is About.GENERAL and fact.standing in STANDS
        here = fact.places and all(
            (p.file, p.page) in unclaimed and p.page_kind is not PageKind.CRITERIA
            for p in fact.places
        )
        if not bare or not here:
            return fact
        claim: dict[str, object] = {"about": About.PATIENT}
        if isinstance(fact, Medication):  # told of nobody, it was put down as hypothetical
            claim["assertion"] = Assertion.AFFIRMED
        return fact.model_copy(update=claim)

    parts = ("medications", "labs", "diagnoses", "findings", "answers")
    return deciding(
        case.model_copy(update={name: tuple(map(claimed, getattr(case, name))) for name in parts})
    )


def _is_pending(fact: Fact) -> bool:
    is_lab = isinstance(fact, LabResult) and fact.interpretation == "pending"
    return is_lab or (isinstance(fact, Finding) and fact.value == "pending")


def without_doubt(case: Case) -> Case:
    """The case as it reads when nothing doubtful is read at all.

    Of a doubtful result it stays known that there is one, and of when: an older result is not
    the latest only because the latest is hard to read.
    """
    blank = {"value": None, "value_text": "", "ratio_to_uln": None, "interpretation": ""}
    return case.model_copy(
        update={
            "medications": tuple(fact for fact in case.medications if not fact.doubtful),
            "diagnoses": tuple(fact for fact in case.diagnoses if not fact.doubtful),
            "findings": tuple(fact for fact in case.findings if not fact.doubtful),
            "answers": tuple(fact for fact in case.answers if not fact.doubtful),
            "labs": tuple(
                lab.model_copy(update=blank) if lab.doubtful else lab for lab in case.labs
            ),
            "request": _clear_request(case.request),
            **_clear_birth(case),
        }
    )


def without_doubted(case: Case, planned: bool = False) -> Case:
    """The case by what both readings of the words see.

    A fact whose standing is doubted is no fact; of a treatment whose outcome is doubted the
    outcome is not known, and a finding that tells only an outcome is none. With `planned`, a
    treatment that is planned stays: the plan is the request, whatever it is thought to be of.
    """
    unknown = {"outcome": "unknown", "outcome_reason": ""}
    return case.model_copy(
        update={
            "medications": tuple(
                drug.model_copy(update=unknown) if "outcome" in drug.doubted else drug
                for drug in case.medications
                if "standing" not in drug.doubted or (planned and drug.status == "planned")
            ),
            **{
                name: tuple(fact for fact in getattr(case, name) if not fact.doubted)
                for name in ("labs", "diagnoses", "findings", "answers")
            },
        }
    )


def _clear_birth(case: Case) -> dict[str, object]:
    clear = tuple(s for s in case.birth_dates if not s.place.doubtful)
    is_clear = any(case.birth_date and s.text == case.birth_date.isoformat() for s in clear)
    return {"birth_dates": clear, "birth_date": case.birth_date if is_clear else None}


def _clear_request(request: RequestedDrug) -> RequestedDrug:
    """Without doubtful statements; of a schedule in words only the digits can be in doubt."""
    parts = ("products", "hcpcs", "dose", "schedule", "diagnosis_codes")
    clear = {p: tuple(s for s in getattr(request, p) if not s.place.doubtful) for p in parts}
    clear["schedule"] = tuple(
        s for s in request.schedule if not s.place.doubtful or re.search(r"[A-Za-z]{3}", s.text)
    )
    return request.model_copy(update=clear)


def judge(
    criterion: Criterion,
    view: View,
    legible: View,
    sure: View,
    wide: View,
    judged: Callable[[str], Verdict],
) -> Verdict:
    """A verdict stands only if it needs no doubtful reading; that of a tree, by those of its parts.

    `wide` sees besides what stands on pages that bear nobody's name; it only breaks a silence.

    `legible` sees nothing that is hard to read, `sure` besides only what both readings of the
    words see. What only one of them sees makes a decision a question for a person, and is no
    ground for a question where without it nothing is documented.
    """
    if isinstance(criterion, Tree):
        condition = judged(criterion.when.id) if criterion.when is not None else None
        by_condition = unasked(criterion, condition) if condition is not None else None
        return by_condition or criterion.joined(judged, view.criteria)
    verdict = view.verdict(criterion.id)
    told = wide.verdict(criterion.id)
    if verdict.by_absence and told.status is not verdict.status:
        said = f"A page that bears no patient's name says otherwise. {told.rationale}"
        return unclear(Reason.AMBIGUOUS, said, told.facts, told.missing)
    clear, certain = legible.verdict(criterion.id), sure.verdict(criterion.id)
    if clear.status is not verdict.status:
        return _doubt(verdict, clear, Reason.UNREADABLE, "Rests on words that are hard to read", ())
    if certain.status is verdict.status or verdict.status is Status.NOT_DOCUMENTED:
        return verdict
    conflicting = verdict.reason is Reason.CONFLICTING  # with one side doubted: for a person
    if (
        certain.status is Status.NOT_DOCUMENTED
        and verdict.status not in SATISFIED
        and not conflicting
    ):
        return certain
    doubted = [fact for fact in all_facts(view.case) if fact.doubted]
    return _doubt(verdict, certain, Reason.AMBIGUOUS, "Two readings of the words differ", doubted)


def _doubt(
    verdict: Verdict, other: Verdict, reason: Reason, said: str, doubted: Sequence[Fact]
) -> Verdict:
    """A question for a person in place of a verdict that without doubt would be `other`."""
    facts = verdict.facts or other.facts
    if not any(fact in doubted for fact in facts):
        facts = (*facts, *doubted)
    return verdict._replace(
        status=Status.NEEDS_REVIEW,
        reason=reason,
        rationale=f"{said}. {verdict.rationale}",
        missing=verdict.missing or other.missing,
        facts=facts,
        by_absence=False,
    )


def evaluate(policy: Policy | None, case: Case, why: str = "") -> GapReport:
    """What a case shows of each criterion, where, and what is missing.

    `why` says in words why this policy was taken.
    """
    if policy is None:
        return GapReport(
            submission_id=case.submission_id,
            source_files=case.source_files,
            software_version=__version__,
            weights=case.weights,
            policy=None,
            request=reported_request(case.request),
            recommendation="no_policy",
            readiness=None,
            conflicts=reported_conflicts(case, None, {}),
            legibility=case.legibility,
        )
    wider, case = with_unclaimed(case), deciding(case)
    policy, branch = branch_of(policy, case)
    wide, case = view_of(policy, in_order(wider)), in_order(case)
    clear = without_doubt(case)
    view, legible = view_of(policy, case), view_of(policy, clear)
    criteria, verdicts = view.criteria, dict[str, Verdict]()
    asking = {criterion.asks_plans for criterion in criteria.values()}
    sure = {asks: view_of(policy, without_doubted(clear, asks)) for asks in asking}

    def judged(name: str) -> Verdict:
        if name not in verdicts:
            certain = sure[criteria[name].asks_plans]
            verdicts[name] = judge(criteria[name], view, legible, certain, wide, judged)
        return verdicts[name]

    results = tuple(_result(c, criteria, judged) for c in policy.criteria)
    top = {c.id: judged(c.id) for c in policy.criteria}
    alerts = _alerts(policy, view_of(policy, without_doubted(case)))
    must_look = {rule.id for rule in policy.alerts if rule.review}
    return GapReport(
        submission_id=case.submission_id,
        source_files=case.source_files,
        software_version=__version__,
        weights=case.weights,
        policy=PolicyReference(
            id=policy.id,
            version=policy.version.isoformat(),
            source=_source(policy, why, branch),
            indication=policy.branch[0],
            phase=policy.branch[1],
        ),
        request=reported_request(case.request),
        recommendation=recommend(
            results, any(alert.id in must_look for alert in alerts), case.legibility
        ),
        readiness=readiness(results),
        criteria=results,
        alerts=alerts,
        alternatives=_alternatives(policy, view),
        conflicts=reported_conflicts(case, view, top),
        legibility=case.legibility,
    )


def _source(policy: Policy, why: str, branch: str) -> str:
    """Where the policy comes from, what weight it has, and why it was taken."""
    source = policy.source
    title = f": {source.title}" if source.title else ""
    taken = f" Used because {why}." if why else ""
    asked = f" Judged as: {branch}." if branch else ""
    return f"{source.standing} Source: {source.name}{title}, read {source.read}.{taken}{asked}"


def in_order(case: Case) -> Case:
    """The same facts in an order that does not depend on how they came."""

    def key(fact: Fact) -> tuple[object, ...]:
        first = fact.places[0] if fact.places else None
        where = (first.file, first.page, first.box[1], first.box[0]) if first else ("", 0, 0.0, 0.0)
        return (*where, fact.id, fact.model_dump_json())

    parts = ("medications", "labs", "diagnoses", "findings", "answers")
    return case.model_copy(update={p: tuple(sorted(getattr(case, p), key=key)) for p in parts})


def recommend(
    results: Sequence[CriterionResult], must_look: bool, legibility: Legibility
) -> Recommendation:
    """What to do next; never an approval or a denial.

    While something of the submission is unread, nothing is complete: what came and cannot be
    read is for a person, what did not come is asked for. Another patient's page is neither.
    """
    required = {result.status for result in results if result.required}
    if required & UNSETTLED:
        return "clinician_review"
    if Status.NOT_DOCUMENTED in required:
        return "request_information"
    if must_look or legibility.unreadable_pages:
        return "clinician_review"
    return "request_information" if not_arrived(legibility) else "criteria_met"


def readiness(results: Sequence[CriterionResult]) -> int:
    """Share of required criteria that are satisfied, in whole percent, never rounded up to 100."""
    required = [result for result in results if result.required]
    done = sum(result.status in SATISFIED for result in required)
    return 100 * done // len(required) if required else 100


def _result(
    criterion: Criterion,
    criteria: Mapping[str, Criterion],
    judged: Callable[[str], Verdict],
    is_part: bool = False,
) -> CriterionResult:
    """With the parts of a tree, and theirs; a criterion that has one of its own is not repeated."""
    verdict = judged(criterion.id)
    parts: list[CriterionResult] = []
    if isinstance(criterion, Tree):
        parts = [_result(criteria[one], criteria, judged, True) for one in criterion.part_ids]
    return CriterionResult(
        kind=str(getattr(criterion, "kind", "")) if is_part or parts else "",
        parts=tuple(parts),
        id=criterion.id,
        title=criterion.title,
        required=criterion.required,
        status=verdict.status,
        reason=verdict.reason,
        rationale=verdict.rationale,
        missing=verdict.missing,
        evidence=evidence_of(verdict.facts, verdict.stated),
    )


def _alerts(policy: Policy, sure: View) -> tuple[Alert, ...]:
    """Those that are raised without what only one reading of the words sees.

    What is there must be seen by both; what is missing is missed where one does not see it.
    """
    raised = [(rule, rule.raised(sure)) for rule in policy.alerts]
    return tuple(
        Alert(id=rule.id, message=rule.message, evidence=evidence_of(*shown))
        for rule, shown in raised
        if shown is not None
    )


def _alternatives(policy: Policy, view: View) -> tuple[Alternative, ...]:
    found = []
    for rule in policy.alternatives:
        standing, facts = rule.standing(view)
        found.append(
            Alternative(
                id=rule.id, status=standing, note=rule.title, evidence=evidence_of(facts, ())
            )
        )
    return tuple(found)


def reported_request(request: RequestedDrug) -> ReportedRequest:
    """The first statement of each part; all diagnosis codes."""

    def first(stated: Sequence[Stated]) -> str | None:
        return stated[0].text if stated else None

    return ReportedRequest(
        product=first(request.products),
        ingredient=request.ingredient or None,
        hcpcs=first(request.hcpcs),
        dose=first(request.dose),
        schedule=first(request.schedule),
        diagnosis_codes=tuple(dict.fromkeys(s.text for s in request.diagnosis_codes)),
    )
