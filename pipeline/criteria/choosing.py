"""Which policy serves a case, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.criteria.facts import affirmed
from pipeline.criteria.identity import DiagnosisStated
from pipeline.criteria.policy import Policy
from pipeline.schema import Assertion, Case


class Choice(NamedTuple):
    """The policy that serves a case, None when none does, and why it was taken, in words."""

    policy: Policy | None
    why: str = ""


def select_policy(policies: Sequence[Policy], case: Case, payer: str = "") -> Policy | None:
    """The policy of `choose_policy`."""
    return choose_policy(policies, case, payer).policy


def choose_policy(policies: Sequence[Policy], case: Case, payer: str = "") -> Choice:
    """The policy for what a case requests: its payer's, else one of no payer, else the only one.

    Policies that serve a disease of the case come before those that serve the product alone.
    `payer` is named on the command line; without it the payers printed on the forms count.
    None when no policy fits, or several payers' policies do and none is named.
    """
    printed = [payer] if payer else [stated.text for stated in case.request.payer]
    serving = [policy for policy in policies if serves(policy, case)]
    near = [policy for policy in policies if fits(policy, case)]
    for fitting in (serving, near):
        of_payer = [policy for policy in fitting if any(is_of_payer(policy, p) for p in printed)]
        free = [policy for policy in fitting if not policy.payers]
        what = "requested product and disease" if fitting is serving else "requested product"
        named = "on the command line" if payer else "on the request"
        others = ", ".join(policy.id for policy in fitting if policy.payers)
        beside = f"; these payers' policies serve it too: {others}" if others else ""
        for choice, why in (
            (of_payer, f"it serves the {what}, and its payer is named {named}"),
            (free, f"it serves the {what}, and no payer is named whose policy is here{beside}"),
            (fitting, f"it is the only policy here that serves the {what}"),
        ):
            if len(choice) == 1:
                return Choice(choice[0], why)
    return Choice(None)


def is_of_payer(policy: Policy, printed: str) -> bool:
    """Whether a printed name holds one of the payer's names, or is the policy's id."""
    words = _words(printed)
    return words == _words(policy.id) or any(
        f" {_words(name)} " in f" {words} " for name in policy.payers
    )


def _words(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", name.casefold()))


def _serves_product(policy: Policy, case: Case) -> bool:
    codes = {stated.text.strip().upper() for stated in case.request.hcpcs}
    return case.request.ingredient in policy.products or bool(codes & set(policy.hcpcs))


def serves(policy: Policy, case: Case) -> bool:
    """Whether it serves the requested product and a disease that the case codes or affirms."""
    disease = policy.by_id[policy.diagnosis]
    if not _serves_product(policy, case) or not isinstance(disease, DiagnosisStated):
        return False
    if any(disease.is_code(stated.text) for stated in case.request.diagnosis_codes):
        return True
    return any(disease.is_served(d) for d in affirmed(case.diagnoses))


def fits(policy: Policy, case: Case) -> bool:
    """Whether it serves the requested product and a disease that anything states or suspects."""
    if not _serves_product(policy, case):
        return False
    disease = policy.by_id[policy.diagnosis]
    if serves(policy, case) or not isinstance(disease, DiagnosisStated):
        return True
    stated = [
        d
        for d in case.diagnoses
        if d.assertion in (Assertion.AFFIRMED, Assertion.POSSIBLE, Assertion.HISTORICAL)
    ]
    near = any(disease.is_served(d) or d.key in disease.instead.value for d in stated)
    return near or not case.request.diagnosis_codes
