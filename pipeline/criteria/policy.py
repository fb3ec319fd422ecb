"""Policy files: their shape, and reading them with line numbers."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, ValidationError, model_validator

from pipeline.criteria.asked import Prescriber, ProductAsked, RequestLimit
from pipeline.criteria.base import Criterion
from pipeline.criteria.dosed_trial import DosedTrial
from pipeline.criteria.drug_trial import DrugTrial
from pipeline.criteria.examination import Function, GradedStrength
from pipeline.criteria.identity import (
    DiagnosisStated,
    Disease,
    NoDrugAttribution,
    PlainDiagnosis,
    Request,
    joined,
)
from pipeline.criteria.lines import knowledge_error, read_yaml, refuse_marks
from pipeline.criteria.measured import Measured
from pipeline.criteria.notices import AlertRule, AlternativeRule
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
    HcpcsCode,
    Knowledge,
    Vocabulary,
)
from pipeline.criteria.pathways import CombinationFailure
from pipeline.criteria.patient import AgeBetween
from pipeline.criteria.results import LabRatio, LabValues, Serology, StudyFindings
from pipeline.criteria.shown import Reference, ResponseShown, State, Statement
from pipeline.criteria.states import DiagnosisInState, PriorTreatment, RefractoryDisease
from pipeline.criteria.treated import Concurrent, LinesOfTherapy, RefractoryTo, Treated
from pipeline.criteria.trees import Tree
from pipeline.errors import KnowledgeError
from pipeline.lexicon import Lexicon, models_dir, read_table

AnyCriterion = Annotated[
    Request
    | AgeBetween
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
    | Tree
    | State
    | Statement
    | ResponseShown
    | Reference
    | Treated
    | LinesOfTherapy
    | RefractoryTo
    | Concurrent
    | Measured
    | Prescriber
    | RequestLimit
    | ProductAsked
    | Function
    | OrganAssessment
    | CurrentDoseAndTaper
    | Serology
    | LabValues,
    Field(discriminator="kind"),
]


# Criteria are made of criteria: what each module calls so is known there from now on, so that every
# kind is built once, when a policy is first read.
for _module in {
    sys.modules[k.__module__] for k in (Criterion, *get_args(get_args(AnyCriterion)[0]))
}:
    vars(_module)["AnyCriterion"] = AnyCriterion


class Source(Knowledge):
    """Where a policy comes from; `standing` says in plain words what weight it has."""

    kind: Literal["unverified_article", "payer_policy"]
    name: Filled
    standing: Filled
    read: date
    title: str = ""
    url: str = ""


def _identified(criterion: Criterion) -> Criterion:
    for name in ("id", "source"):
        if not getattr(criterion, name):
            raise ValueError(f"{name!r} is missing")
    return criterion.named(criterion.id)


TopCriterion = Annotated[AnyCriterion, AfterValidator(_identified)]
Phase = Literal["initial", "continuation"]


class Indication(Disease):
    """What is asked for one disease, of a first request and of one to go on.

    Attributes:
        continuation: None where such a request is asked the same.
    """

    id: Filled
    title: Filled
    initial: tuple[TopCriterion, ...] = Field(min_length=1)
    continuation: tuple[TopCriterion, ...] = ()

    @model_validator(mode="after")
    def _names_a_disease(self) -> Indication:
        if not self.names_one:
            raise ValueError("needs diagnoses or codes")
        return self


class Policy(Knowledge):
    """A policy, with all that its criteria need of the lexicon.

    Attributes:
        payers: Names under which the payer stands on forms; empty for a policy of no payer.
        names: How reports name analytes and findings, by key.
        diagnosis: Id of the criterion that asks for the disease; with indications each has its own.
        criteria: What is asked whatever the indication, and of first requests and others.
        equivalents: Set on loading: mg equal to 5 mg of prednisone, by ingredient.
        branch: Set by `within`: indication and phase, or "".
    """

    id: Filled
    version: date
    title: Filled
    source: Source
    payers: tuple[str, ...] = ()
    products: tuple[DrugName, ...] = Field(min_length=1)
    hcpcs: tuple[HcpcsCode, ...] = ()
    diagnosis: CriterionId | None = None
    names: Mapping[str, Filled] = Field(default_factory=dict)
    groups: Mapping[str, Group] = Field(default_factory=dict)
    criteria: tuple[TopCriterion, ...] = ()
    indications: tuple[Indication, ...] = ()
    alerts: tuple[AlertRule, ...] = ()
    alternatives: tuple[AlternativeRule, ...] = ()
    equivalents: Mapping[str, float] = Field(default_factory=dict, exclude=True)
    branch: tuple[str, str] = Field(default=("", ""), exclude=True)

    @model_validator(mode="after")
    def _is_whole(self) -> Policy:
        if (self.diagnosis is None) == (not self.indications):
            raise ValueError("needs either 'diagnosis', the id of a criterion, or 'indications'")
        if len({one.id for one in self.indications}) < len(self.indications):
            raise ValueError("two indications have the same id")
        for branch in self.branches():
            branch.check()
        return self

    def check(self) -> None:
        """Raises ValueError for ids that stand twice, circles, and a disease that nothing names."""
        known = self.by_id
        ids = [node.id for criterion in self.criteria for node in criterion.nodes()]
        twice = next((one for one in ids if ids.count(one) > 1), None)
        if twice is not None:
            raise ValueError(f"two criteria have the id {twice!r}")
        for criterion in known.values():
            _check_circle(criterion, known, ())
            if isinstance(criterion, DiagnosisStated) and not criterion.names_one:
                raise ValueError(f"{criterion.id}: needs diagnoses or codes")
        if self.diagnosis and not any(self._diseases()):
            raise ValueError(f"diagnosis: {self.diagnosis!r} asks for no disease")

    @property
    def by_id(self) -> dict[str, Criterion]:
        """Criteria and all that they are made of, by id, in the order of the file."""
        return {node.id: node for criterion in self.criteria for node in criterion.nodes()}

    def branches(self) -> Iterator[Policy]:
        """The policy as it is asked of each indication, first and later."""
        if not self.indications:
            yield self
        for indication in self.indications:
            for phase in ("initial", *(("continuation",) if indication.continuation else ())):
                yield self.within(indication.id, phase)

    def within(self, indication: str, phase: str) -> Policy:
        """The policy as it is asked of one indication in one phase; itself where it has none."""
        chosen = next((one for one in self.indications if one.id == indication), None)
        if chosen is None:
            return self
        own = chosen.continuation if phase == "continuation" else chosen.initial
        asked = [c.of_indication(chosen) for c in (*own, *self.criteria)]
        update = {"criteria": tuple(asked), "indications": (), "branch": (indication, phase)}
        return self.model_copy(update=update)

    @property
    def disease(self) -> Disease:
        """All diseases that it serves, as one."""
        return joined(self._diseases())

    def _diseases(self) -> list[Disease]:
        if self.indications:
            return list(self.indications)
        named = self.by_id.get(self.diagnosis or "")
        nodes = named.nodes() if named is not None else ()
        return [node for node in nodes if isinstance(node, DiagnosisStated)]


def _check_circle(
    criterion: Criterion, known: Mapping[str, Criterion], path: tuple[str, ...]
) -> None:
    if criterion.id in path:
        raise ValueError(f"criteria depend on each other: {' -> '.join((*path, criterion.id))}")
    for needed in criterion.needs():
        if needed in known:
            _check_circle(known[needed], known, (*path, criterion.id))


# --------------------------------------------------------------------------- reading


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of a policy file."""
    return Policy.model_json_schema() | {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def skeleton(name: str) -> str:
    """A commented policy file to be filled in."""
    text = (Path(__file__).parents[1] / "templates" / "policy.yaml").read_text(encoding="utf-8")
    return text.replace("id: NAME", f"id: {name}")


def vocabulary_of(data: Any, lexicon: Lexicon, models: Path) -> Vocabulary:
    """The keys that a policy may use: of the lexicon's tables, and its own groups and criteria."""
    data = data if isinstance(data, dict) else {}
    groups = data.get("groups")
    return Vocabulary(
        {
            "drug": set(lexicon.drugs),
            "drug class": set(lexicon.drug_classes),
            "analyte": set(lexicon.labs),
            "diagnosis": set(lexicon.diseases),
            "finding": lexicon.findings,
            "question": _column(models, "questions.csv", "topic"),
            "group": set(groups) if isinstance(groups, dict) else set(),
            "criterion": set(_ids(data)),
            "HCPCS code": lexicon.hcpcs,
        },
        {
            "drug": lambda name: _key(lexicon.drug(name), "ingredient"),
            "drug class": lambda name: _key(lexicon.drug_class(name), "drug_class"),
            "analyte": lambda name: _key(lexicon.lab(name), "analyte"),
            "diagnosis": lambda name: _key(lexicon.disease(name), "key"),
        },
        {analyte: lab.units for analyte, lab in lexicon.labs.items() if lab.units},
    )


def _key(row: object, name: str) -> str:
    return str(getattr(row, name, ""))


def _ids(data: Any) -> Iterator[str]:
    """The ids of criteria at any depth."""
    if isinstance(data, dict):
        if "kind" in data and "id" in data:
            yield str(data["id"])
        for value in data.values():
            yield from _ids(value)
    elif isinstance(data, list):
        for value in data:
            yield from _ids(value)


def _column(models: Path, table: str, column: str) -> set[str]:
    rows = read_table(models / "lexicon" / table)
    return {cells[column] for _, cells in rows if cells.get(column)}


def load_policy(path: Path, lexicon: Lexicon, models: Path | None = None) -> Policy:
    """Read and check a policy file; `models` holds the tables (default: above the file).

    Raises KnowledgeError with file and line; one with marks of a draft is refused as it is.
    """
    data, lines = read_yaml(path)
    refuse_marks(path.name, data, lines)
    vocabulary = vocabulary_of(data, lexicon, models or _models_above(path))
    try:
        policy = Policy.model_validate(data, context=vocabulary)
    except ValidationError as error:
        raise knowledge_error(path.name, error, data, lines, schema()) from error
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
        names = [name for name in (*group.ingredients, *drugs) if name not in group.but]
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
    seen: dict[tuple[str, date], Path] = {}
    for policy, path in zip(found, paths, strict=True):
        key = (policy.id, policy.version)
        if key in seen:
            same = f"version {policy.version} of {policy.id!r} is also in {seen[key].name}"
            raise KnowledgeError(path.name, 1, same)
        seen[key] = path
    return found
