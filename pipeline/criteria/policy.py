"""Policy files: their shape, and reading them with line numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from pipeline.criteria.base import Criterion
from pipeline.criteria.dosed_trial import DosedTrial
from pipeline.criteria.drug_trial import DrugTrial
from pipeline.criteria.examination import Function, GradedStrength
from pipeline.criteria.identity import (
    NoDrugAttribution,
    PlainDiagnosis,
    Request,
)
from pipeline.criteria.lines import knowledge_error, read_yaml
from pipeline.criteria.notices import AlertBase, AlertRule, AlternativeRule
from pipeline.criteria.organs import OrganAssessment, OrganCompromise
from pipeline.criteria.outcomes import (
    CurrentDoseAndTaper,
    DrugIntolerance,
    TaperDependence,
    TreatmentOutcome,
)
from pipeline.criteria.parameters import (
    CriterionId,
    DrugName,
    Filled,
    Group,
    Knowledge,
    Vocabulary,
    suggestion,
)
from pipeline.criteria.pathways import AnyOf, CombinationFailure
from pipeline.criteria.patient import Age
from pipeline.criteria.results import LabRatio, LabValues, Serology, StudyFindings
from pipeline.criteria.states import DiagnosisInState, PriorTreatment, RefractoryDisease
from pipeline.errors import KnowledgeError
from pipeline.lexicon import Lexicon, models_dir, read_table

AnyCriterion = Annotated[
    Request
    | Age
    | PlainDiagnosis
    | DiagnosisInState
    | NoDrugAttribution
    | LabRatio
    | GradedStrength
    | StudyFindings
    | DosedTrial
    | DrugTrial
    | TreatmentOutcome
    | PriorTreatment
    | RefractoryDisease
    | OrganCompromise
    | CombinationFailure
    | TaperDependence
    | DrugIntolerance
    | AnyOf
    | Function
    | OrganAssessment
    | CurrentDoseAndTaper
    | Serology
    | LabValues,
    Field(discriminator="kind"),
]


class Source(Knowledge):
    """Where a policy comes from; `standing` says in plain words what weight it has."""

    kind: Literal["unverified_article", "payer_policy"]
    name: Filled
    standing: Filled
    read: date
    title: str = ""
    url: str = ""


class Policy(Knowledge):
    """A policy, with all that its criteria need of the lexicon.

    Attributes:
        payers: Names under which the payer stands on forms; empty for a policy of no payer.
        names: How reports name analytes and findings, by key.
        diagnosis: Id of the criterion that asks for the disease.
        equivalents: Set on loading: mg equal to 5 mg of prednisone, by ingredient.
    """

    id: Filled
    version: date
    title: Filled
    source: Source
    payers: tuple[str, ...] = ()
    products: tuple[DrugName, ...] = Field(min_length=1)
    hcpcs: tuple[Filled, ...]
    diagnosis: CriterionId
    names: Mapping[str, Filled] = Field(default_factory=dict)
    groups: Mapping[str, Group] = Field(default_factory=dict)
    criteria: tuple[AnyCriterion, ...] = Field(min_length=1)
    alerts: tuple[AlertRule, ...] = ()
    alternatives: tuple[AlternativeRule, ...] = ()
    equivalents: Mapping[str, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _depends_on_no_circle(self) -> Policy:
        known = {criterion.id: criterion for criterion in self.criteria}
        if len(known) < len(self.criteria):
            raise ValueError("two criteria have the same id")
        for criterion in self.criteria:
            _check_circle(criterion, known, ())
        return self

    @property
    def by_id(self) -> dict[str, Criterion]:
        """Criteria by id, in the order of the file."""
        return {criterion.id: criterion for criterion in self.criteria}


def _check_circle(
    criterion: Criterion, known: Mapping[str, Criterion], path: tuple[str, ...]
) -> None:
    if criterion.id in path:
        raise ValueError(f"criteria depend on each other: {' -> '.join((*path, criterion.id))}")
    for needed in criterion.needs():
        if needed in known:
            _check_circle(known[needed], known, (*path, criterion.id))


# --------------------------------------------------------------------------- reading


def _all_keys() -> set[str]:
    """Keys that some part of a policy may have: enough to suggest the one that was meant."""
    models = [*Criterion.__subclasses__(), *AlertBase.__subclasses__(), *Knowledge.__subclasses__()]
    return {name for model in models for name in model.model_fields}


def vocabulary_of(data: Any, lexicon: Lexicon, models: Path) -> Vocabulary:
    """The keys that a policy may use: of the lexicon's tables, and its own groups and criteria."""
    data = data if isinstance(data, dict) else {}
    groups = data.get("groups")
    criteria = data.get("criteria")
    ids = (
        [c.get("id") for c in criteria if isinstance(c, dict)] if isinstance(criteria, list) else []
    )
    return Vocabulary(
        {
            "drug": set(lexicon.drugs),
            "drug class": set(lexicon.drug_classes),
            "analyte": set(lexicon.labs),
            "diagnosis": set(lexicon.diseases),
            "finding": lexicon.findings,
            "question": _column(models, "questions.csv", "topic"),
            "group": set(groups) if isinstance(groups, dict) else set(),
            "criterion": {str(one) for one in ids},
        }
    )


def _column(models: Path, table: str, column: str) -> set[str]:
    rows = read_table(models / "lexicon" / table)
    return {cells[column] for _, cells in rows if cells.get(column)}


def load_policy(path: Path, lexicon: Lexicon, models: Path | None = None) -> Policy:
    """Read and check a policy file; `models` holds the tables (default: above the file).

    Raises KnowledgeError with file and line.
    """
    data, lines = read_yaml(path)
    vocabulary = vocabulary_of(data, lexicon, models or _models_above(path))
    try:
        policy = Policy.model_validate(data, context=vocabulary)
    except ValidationError as error:
        raise knowledge_error(path.name, error, lines, _all_keys()) from error
    for i, code in enumerate(policy.hcpcs):
        if code not in lexicon.hcpcs:
            line = lines.get(("hcpcs", i), 0)
            near = suggestion(code, lexicon.hcpcs)
            raise KnowledgeError(path.name, line, f"unknown HCPCS code {code!r}{near}")
    return _resolved(policy, lexicon)


def _models_above(path: Path) -> Path:
    above = [parent for parent in path.resolve().parents if (parent / "lexicon").is_dir()]
    return above[0] if above else models_dir()


def _resolved(policy: Policy, lexicon: Lexicon) -> Policy:
    """With the lexicon's ingredients of each group and its table of equivalents."""
    equivalents = {
        drug.ingredient: float(drug.prednisone_equivalent_mg)
        for drug in lexicon.drugs.values()
        if drug.prednisone_equivalent_mg
    }
    groups = {}
    for name, group in policy.groups.items():
        drugs = [drug.ingredient for key in group.classes for drug in lexicon.drugs_of_class(key)]
        names = [*group.ingredients, *drugs]
        if group.systemic:
            names = [one for one in names if one in equivalents]
        groups[name] = group.model_copy(update={"ingredients": tuple(dict.fromkeys(names))})
    return policy.model_copy(update={"groups": groups, "equivalents": equivalents})


def load_policies(folder: Path, lexicon: Lexicon) -> tuple[Policy, ...]:
    """All policies directly in a folder (or in its `policies`), by file name."""
    inner = folder / "policies"
    paths = sorted((inner if inner.is_dir() else folder).glob("*.yaml"))
    if not paths:
        raise KnowledgeError(folder.name, 0, "holds no policy files")
    found = tuple(load_policy(path, lexicon) for path in paths)
    seen: dict[str, Path] = {}
    for policy, path in zip(found, paths, strict=True):
        if policy.id in seen:
            raise KnowledgeError(
                path.name, 1, f"id {policy.id!r} is also in {seen[policy.id].name}"
            )
        seen[policy.id] = path
    return found
