"""Case and policy to gap report: what a submission shows of each criterion of a policy.

`policy` reads policy files, `choosing` chooses one; the kinds of criteria are in `identity`, `patient`,
`results`, `examination`, `dosed_trial`, `drug_trial`, `outcomes`, `states`, `organs` and
`pathways`; general ones in `shown`, `treated`, `measured` and `asked`, and `trees` joins them;
`gap` applies what holds for all of them. No module here
names a drug or a disease: these stand in the policy.
"""

from pipeline.criteria.base import not_arrived
from pipeline.criteria.choosing import (
    Choice,
    applied_in,
    choose_policy,
    fits,
    is_of_payer,
    select_policy,
)
from pipeline.criteria.coverage import coverage, untried
from pipeline.criteria.examples import check_policy, run_examples
from pipeline.criteria.gap import evaluate
from pipeline.criteria.keys import key_tables
from pipeline.criteria.lines import MARK
from pipeline.criteria.policy import Policy, load_policies, load_policy, schema, skeleton
from pipeline.criteria.shown import Reference
from pipeline.criteria.trees import Tree

VERSION = 1

__all__ = [
    "MARK",
    "VERSION",
    "Choice",
    "Policy",
    "Reference",
    "Tree",
    "applied_in",
    "check_policy",
    "choose_policy",
    "coverage",
    "evaluate",
    "fits",
    "is_of_payer",
    "key_tables",
    "load_policies",
    "load_policy",
    "not_arrived",
    "run_examples",
    "schema",
    "select_policy",
    "skeleton",
    "untried",
]
