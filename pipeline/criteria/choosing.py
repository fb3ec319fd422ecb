"""Which policy serves a case, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from pipeline.criteria.facts import affirmed, asserted, findings, is_on_form, is_taken
from pipeline.criteria.identity import Disease
from pipeline.criteria.policy import Indication, Policy
from pipeline.schema import Assertion, Case, GapReport


class Choice(NamedTuple):
    """The policy that serves a case, None when none does, and why it was taken, in words."""

    policy: Policy | None
    why: str = ""


def select_policy(policies: Sequence[Policy], case: Case, payer: str = "") -> Policy | None:
    """The policy of `choose_policy`."""
    return choose_policy(policies, case, payer).policy


def choose_policy(policies: Sequence[Policy], case: Case, payer: str = "") -> Choice:
    """The policy for what a case requests: its payer's, else that of no payer.

    Policies that serve a disease of the case come before those that serve the product alone.
    `payer` is named on the command line; without it the payers printed in the packet count. A
    payer's policy is applied to another payer's packet never, to one that names no payer only
    where no other fits. None when no policy fits, or several do and nothing says which.
    """
    policies = in_force(policies, case.as_of)
    printed = [payer] if payer else [stated.text for stated in case.request.payer]
    named = "on the command line" if payer else "on the request"
    for is_fit, what in ((serves, "requested product and disease"), (fits, "requested product")):
        fitting = [policy for policy in policies if is_fit(policy, case)]
        own = [policy for policy in fitting if any(is_of_payer(policy, p) for p in printed)]
        free = [policy for policy in fitting if not policy.payers]
        others = ", ".join(policy.id for policy in fitting if policy.payers)
        beside = f"; these payers' policies serve it too: {others}" if others else ""
        if own:
            why = f"it serves the {what}, and its payer is named {named}"
            return Choice(own[0], why) if len(own) == 1 else Choice(None)
        if len(free) == 1:
            why = f"it serves the {what}, and no payer is named whose policy is here{beside}"
            return Choice(free[0], why)
        if not free and not printed and len(fitting) == 1:
            why = f"no payer is named, and it is the only policy here that serves the {what}"
            return Choice(fitting[0], why)
    return Choice(None)


def in_force(policies: Sequence[Policy], day: date | None) -> list[Policy]:
    """Of several versions of a policy the one that was in force on a day, else the first."""
    versions: dict[str, list[Policy]] = {}
    for policy in sorted(policies, key=lambda policy: policy.version):
        versions.setdefault(policy.id, []).append(policy)
    begun = {
        name: [one for one in several if day is None or one.version <= day] or several[:1]
        for name, several in versions.items()
    }
    return [policy for policy in policies if policy is begun[policy.id][-1]]


def is_of_payer(policy: Policy, printed: str) -> bool:
    """Whether a printed name holds one of the payer's names, or is the policy's id."""
    words = _words(printed)
    return words == _words(policy.id) or any(
        f" {_words(name)} " in f" {words} " for name in policy.payers
    )


def _words(name: str) -> str:
    """The words of a name without small ones; "BlueCross" is two."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(w for w in re.findall(r"[a-z0-9]+", apart.casefold()) if w not in SMALL)


SMALL = {"and", "of", "the"}


def _letters(code: str) -> str:
    return re.sub(r"\W", "", code).upper()


def _serves_product(policy: Policy, case: Case) -> bool:
    codes = {stated.text.strip().upper() for stated in case.request.hcpcs}
    return case.request.ingredient in policy.products or bool(codes & set(policy.hcpcs))


def serves(policy: Policy, case: Case) -> bool:
    """Whether it serves the requested product and a disease that the case codes or affirms."""
    disease = policy.disease
    if not _serves_product(policy, case):
        return False
    if any(disease.is_code(stated.text) for stated in case.request.diagnosis_codes):
        return True
    if _is_for_another(disease, case):
        return False
    return any(disease.is_served(d) for d in affirmed(case.diagnoses))


def _is_for_another(disease: Disease, case: Case) -> bool:
    """Whether the request is coded for a disease that the packet states, and its own is denied.

    What a first reading, an earlier form or another office called it is then no reason to judge it.
    """
    codes = {_letters(s.text) for s in case.request.diagnosis_codes if not s.place.doubtful}
    others = (d for d in affirmed(case.diagnoses) if d.key and not disease.is_served(d))
    coded = any(_letters(d.icd10) in codes and d.key not in disease.excluding for d in others)
    denied = asserted(case.diagnoses, Assertion.NEGATED)
    return coded and any(disease.is_served(d) for d in denied)


def fits(policy: Policy, case: Case) -> bool:
    """Whether it serves the requested product, and the request is for no other disease.

    A request that bears a code, or whose form names a disease, is for that: what the notes suspect,
    deny or had before is no reason to judge it as one for their disease.
    """
    if not _serves_product(policy, case):
        return False
    disease = policy.disease
    if serves(policy, case):
        return True
    if any(not stated.place.doubtful for stated in case.request.diagnosis_codes):
        return False
    named = [d for d in affirmed(case.diagnoses) if is_on_form(d) and d.key]
    is_thought_of = any(disease.is_served(d) for d in case.diagnoses)
    return not (is_thought_of and named) or any(d.key in disease.excluding for d in named)


def applied_in(report: GapReport, policies: Sequence[Policy]) -> Policy | None:
    """The policy by which a report was made: the version that it names, as asked of its branch."""
    used = report.policy
    for policy in policies if used is not None else ():
        if used and (policy.id, policy.version.isoformat()) == (used.id, used.version):
            return policy.within(used.indication, used.phase)
    return None


PHASE = "request_phase"


def branch_of(policy: Policy, case: Case) -> tuple[Policy, str]:
    """The policy as it is asked of what a case requests, and why so, in words.

    The indication is the one whose disease is coded on the request, else the one that a note
    affirms; the phase is what the request says, else to go on where the drug is taken already.
    """
    if not policy.indications:
        return policy, ""
    indication, by = _indication(policy.indications, case)
    phase, because = _phase(policy, case)
    words = {"initial": "first request", "continuation": "request to go on"}[phase]
    return policy.within(indication.id, phase), f"{indication.title} ({by}), {words} ({because})"


def _indication(indications: Sequence[Indication], case: Case) -> tuple[Indication, str]:
    codes = [s.text for s in case.request.diagnosis_codes]
    coded = [one for one in indications if any(map(one.is_code, codes))]
    if coded:
        return coded[0], "coded on the request"
    affirmations = sorted(affirmed(case.diagnoses), key=lambda d: not is_on_form(d))
    for diagnosis in affirmations:
        served = [one for one in indications if one.is_served(diagnosis)]
        if served:
            return served[0], "stated in the packet"
    thought_of = [one for one in indications if any(map(one.is_served, case.diagnoses))]
    return (thought_of or list(indications))[0], "no disease of the policy is affirmed"


def _phase(policy: Policy, case: Case) -> tuple[str, str]:
    said = {f.value for f in affirmed(findings(case, {PHASE})) if not f.doubted and not f.doubtful}
    if len(said) == 1 and said <= {"initial", "continuation"}:
        return said.pop(), "as the request says"
    taken = [
        drug
        for drug in case.medications
        if drug.ingredient in policy.products
        and drug.status == "current"
        and drug.assertion is Assertion.AFFIRMED
        and is_taken(drug)
        and not (drug.doubtful or "standing" in drug.doubted)
    ]
    if taken and not said:
        return "continuation", "the drug is taken already"
    return "initial", "nothing says that it is to go on" if not said else "the request says both"
