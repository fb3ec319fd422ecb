"""Kinds that ask what is requested, for which disease, and whether a drug caused it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal, Self

from pipeline.criteria.base import Criterion, Verdict, View, met, not_met, unclear
from pipeline.criteria.facts import (
    affirmed,
    asserted,
    findings,
    is_code_of,
    is_never,
    is_on_form,
    is_taken,
    of_group,
    unique,
)
from pipeline.criteria.parameters import DiagnosisKey, GroupName, Icd10, Knowledge, Listed
from pipeline.schema import (
    Assertion,
    Diagnosis,
    Fact,
    Medication,
    Reason,
    Stated,
    Status,
)


class Request(Criterion):
    """A product of the policy, with dose and schedule."""

    PARTS: ClassVar[tuple[str, ...]] = ("product", "dose", "schedule")

    kind: Literal["request"]

    def judge(self, view: View) -> Verdict:
        """Judge what the request states; past courses are not the request."""
        asked = view.case.request
        stated = (*asked.products, *asked.hcpcs, *asked.dose, *asked.schedule)
        if _differ(asked.products) or _differ(asked.hcpcs):
            named = ", ".join(unique(s.text for s in (*asked.products, *asked.hcpcs)))
            return unclear(
                Reason.CONFLICTING, f"Different products are requested: {named}", stated=stated
            )
        given = {
            "product": asked.products or asked.hcpcs,
            "dose": asked.dose,
            "schedule": asked.schedule,
        }
        lacking = [part for part in self.PARTS if not given[part]]
        if len(lacking) == len(self.PARTS):
            return self.silent("No product, dose or schedule is requested")
        said = ", ".join(unique(s.text for part in self.PARTS for s in given[part][:1]))
        if lacking:
            verdict = self.partial(f"Requested: {said}", (), *lacking)
            return verdict._replace(stated=stated)
        if asked.doubtful:
            planned = f"Only planned or named, in no form or letter asked for: {said}"
            return unclear(Reason.AMBIGUOUS, planned, stated=stated)
        return met(f"Requested: {said}", stated=stated)


def _differ(stated: Sequence[Stated]) -> bool:
    return len({_plain(s.text) for s in stated}) > 1


def _plain(text: str) -> str:
    return "".join(text.casefold().split())


class Disease(Knowledge):
    """Diseases that count as the one that is meant.

    Attributes:
        diagnoses: Keys of the diseases; their codes begin with one of `codes`.
        instead: Diseases that exclude it.
    """

    diagnoses: Listed[DiagnosisKey] | None = None
    codes: Listed[Icd10] | None = None
    instead: Listed[DiagnosisKey] | None = None

    @property
    def names_one(self) -> bool:
        """Whether it says which disease is meant."""
        return self.diagnoses is not None or self.codes is not None

    @property
    def excluding(self) -> tuple[str, ...]:
        """Keys of the diseases that exclude it."""
        return self.instead.value if self.instead is not None else ()

    def is_served(self, diagnosis: Diagnosis) -> bool:
        """By its key, or by the code that is printed with it."""
        if diagnosis.key and self.diagnoses is not None:
            return diagnosis.key in self.diagnoses.value
        return self.is_code(diagnosis.icd10)

    def is_code(self, text: str) -> bool:
        """Whether a printed ICD-10-CM code is one of the diseases."""
        return is_code_of(text, self.codes.value if self.codes is not None else ())


def joined(diseases: Iterable[Disease]) -> Disease:
    """Diseases that count as one of several; what one of them serves, excludes none of them."""
    several = list(diseases)

    def all_of(name: str) -> Listed[str] | None:
        lists = [listed for one in several if (listed := getattr(one, name)) is not None]
        keys = unique(key for listed in lists for key in listed.value)
        return Listed[str](value=tuple(keys), source=lists[0].source) if keys else None

    diagnoses, codes, instead = map(all_of, ("diagnoses", "codes", "instead"))
    if instead is not None and diagnoses is not None:
        left = tuple(key for key in instead.value if key not in diagnoses.value)
        instead = instead.model_copy(update={"value": left}) if left else None
    return Disease.model_construct(diagnoses=diagnoses, codes=codes, instead=instead)


class DiagnosisStated(Disease, Criterion):
    """One of the diseases, affirmed by name or code: what all kinds that ask for a disease share.

    Where it names none, those of the indication that it stands in are meant.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("diagnosis",)
    WEIGHS_CONFLICTS: ClassVar[bool] = True

    def of_indication(self, indication: Knowledge) -> Self:
        """With the diseases of the indication, where it names none."""
        found = super().of_indication(indication)
        if self.names_one or not isinstance(indication, Disease):
            return found
        of = {name: getattr(indication, name) for name in Disease.model_fields}
        return found.model_copy(update=of)

    def judge(self, view: View) -> Verdict:
        """Notes outweigh the form that they contradict."""
        case = view.case
        known = [d for d in case.diagnoses if self.is_served(d)]
        yes, maybe = affirmed(known), asserted(known, Assertion.POSSIBLE)
        others = affirmed(d for d in case.diagnoses if d.key in self.excluding)
        coded = [s for s in case.request.diagnosis_codes if self.is_code(s.text)]
        notes = [d for d in yes if not is_on_form(d)]
        other_notes = [d for d in others if not is_on_form(d)]
        if notes and _is_after(other_notes, notes):
            said = f"A later note states another disease: {_names(others)}"
            return not_met(said, [*other_notes, *yes], coded)
        if others and (notes or ((coded or yes) and not other_notes)):
            said = f"{_names(yes) or _codes(coded)} and {_names(others)} are both stated"
            return unclear(Reason.CONFLICTING, said, [*yes, *others], stated=coded)
        if others:
            said = f"Another disease is stated: {_names(others)}"
            return not_met(said, [*others, *yes], coded)
        return self._without_others(yes, notes, maybe, known, coded)

    def _without_others(
        self,
        yes: Sequence[Diagnosis],
        notes: Sequence[Diagnosis],
        maybe: Sequence[Diagnosis],
        known: Sequence[Diagnosis],
        coded: Sequence[Stated],
    ) -> Verdict:
        if notes:
            return met(f"Stated: {_names(notes)}", [*notes, *yes], coded)
        if maybe:
            return unclear(
                Reason.AMBIGUOUS, f"Only suspected: {_names(maybe)}", [*maybe, *yes], stated=coded
            )
        denied = [d for d in asserted(known, Assertion.NEGATED) if not is_on_form(d)]
        if denied and (yes or coded):
            said = "The notes deny the disease that the form states"
            return unclear(Reason.CONFLICTING, said, [*denied, *yes], stated=coded)
        if denied:
            return not_met(f"Denied: {_names(denied)}", denied)
        if yes or coded:
            said = ", ".join(part for part in (_names(yes), _codes(coded)) if part)
            return met(f"Stated: {said}", yes, coded)
        past = asserted(known, Assertion.HISTORICAL)
        if past:
            return unclear(Reason.AMBIGUOUS, f"Only as history: {_names(past)}", past)
        return self.silent("The disease is not stated")

    def is_overruled(self, verdict: Verdict) -> bool:
        """Whether form or code state the disease that the notes say it is not."""
        known = [f for f in verdict.facts if isinstance(f, Diagnosis) and self.is_served(f)]
        return verdict.status is Status.NOT_MET and bool(verdict.stated or affirmed(known))


def _is_after(later: Sequence[Diagnosis], earlier: Sequence[Diagnosis]) -> bool:
    """Whether all that `earlier` says was written before the last that `later` says."""
    days = [d.stated.earliest for d in later if d.stated.earliest is not None]
    before = [d.stated.latest for d in earlier]
    return bool(days) and all(day is not None and day < max(days) for day in before)


class PlainDiagnosis(DiagnosisStated):
    """The disease, and nothing else of it."""

    kind: Literal["diagnosis"]


def _names(diagnoses: Iterable[Diagnosis]) -> str:
    return ", ".join(unique(d.name or d.icd10 for d in diagnoses))


def _codes(stated: Iterable[Stated]) -> str:
    return ", ".join(unique(s.text for s in stated))


class NoDrugAttribution(Criterion):
    """The disease is not attributed to a drug of the group; met while none is mentioned.

    Attributes:
        attributed: Diseases that are by definition due to the drug.
    """

    kind: Literal["no_drug_attribution"]
    group: GroupName
    attributed: Listed[DiagnosisKey]

    def judge(self, view: View) -> Verdict:
        """Attribution first, then exposure, then silence."""
        label = view.groups[self.group].label
        blamed = self.attributions(view, Assertion.AFFIRMED)
        denied = self.attributions(view, Assertion.NEGATED)
        says = {a.value: a for a in view.answers(self.answers)}
        yes, no = says.get("yes"), says.get("no")
        if (blamed or yes) and (no or denied):
            facts = [f for f in (*blamed, yes, *denied, no) if f is not None]
            return unclear(Reason.CONFLICTING, f"Both due and not due to a {label}", facts)
        if blamed or yes:
            return not_met(f"Attributed to a {label}", [*blamed, *([yes] if yes else [])])
        exposures = self.exposures(view)
        suspected = self.attributions(view, Assertion.POSSIBLE)
        if suspected or (exposures and not denied and not no):
            said = f"{label} taken, without a stated link" if exposures else "Only suspected"
            return unclear(Reason.AMBIGUOUS, said, [*suspected, *exposures])
        if "unreadable" in says:
            return unclear(
                Reason.UNREADABLE, "The form's answer cannot be read", [says["unreadable"]]
            )
        return self._absent(view, label, [*denied, *([no] if no else [])])

    def _absent(self, view: View, label: str, said: Sequence[Fact]) -> Verdict:
        never: list[Fact] = [*said, *self._denials(view)]
        if never:
            return met(f"Stated not to be due to a {label}, or none was taken", never)
        return met(f"No {label} is mentioned", ())._replace(by_absence=True)

    def attributions(self, view: View, assertion: Assertion) -> list[Fact]:
        """Statements that the disease is (not, possibly) due to a drug of the group."""
        group = view.groups[self.group]
        linked = [
            finding
            for finding in asserted(findings(view.case, {"drug_attribution"}), assertion)
            if group.named_in(finding.of)
        ]
        named = [d for d in view.case.diagnoses if d.key in self.attributed.value]
        return [*linked, *asserted(named, assertion)]

    def exposures(self, view: View) -> list[Fact]:
        """Drugs of the group that were taken."""
        group = view.groups[self.group]
        drugs: list[Medication] = [d for d in of_group(view.case, group) if is_taken(d)]
        said = [
            finding
            for finding in view.case.findings
            if finding.finding == "exposure"
            and group.named_in(finding.of)
            and finding.assertion in (Assertion.AFFIRMED, Assertion.HISTORICAL)
            and finding.value not in ("planned", "not_taken")
        ]
        return [*drugs, *said]

    def _denials(self, view: View) -> list[Fact]:
        group = view.groups[self.group]
        said = [
            finding
            for finding in asserted(findings(view.case, {"exposure"}), Assertion.NEGATED)
            if group.named_in(finding.of)
        ]
        return [*said, *(drug for drug in of_group(view.case, group) if is_never(drug))]

    def weigh_answers(self, verdict: Verdict, view: View) -> Verdict:
        """Answers are part of the judgement here: "no" speaks for the criterion."""
        return verdict
