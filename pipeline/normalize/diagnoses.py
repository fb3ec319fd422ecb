"""Diagnosis mentions -> diagnoses: one for each disease and assertion."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.icd10cm import title_of
from pipeline.normalize.reading import Reading, assertion_of, best_first, part
from pipeline.quantities import DateRange
from pipeline.schema import Assertion, Diagnosis, Mention, PageKind, Place

NO_DISEASES = {"symptom", "health_status"}
# Pages that repeat what others say: the claim that is made, the reason for a test.
REPEATS = frozenset(
    {PageKind.REQUEST, PageKind.COVER, PageKind.ORDER, PageKind.LABORATORY, PageKind.IMAGING}
)
GENERIC = "_unspecified"  # ending of the group of a disease's general words


@dataclass
class Draft:
    """A diagnosis while its statements are joined."""

    key: str
    name: str
    assertion: Assertion
    codes: list[str] = field(default_factory=list)
    linked: set[str] = field(default_factory=set)
    places: list[tuple[bool, Place]] = field(default_factory=list)  # (coded there, place)
    stated: DateRange = field(default_factory=DateRange)
    own: bool = False  # `stated` is the day of a clinician's text
    doubtful: bool = True
    stands: bool = False  # somewhere two readings say that it is stated of the patient


def build_diagnoses(mentions: list[Mention], reading: Reading) -> list[Diagnosis]:
    """All diagnoses of a submission. A code stands alone only where no disease of it is named."""
    drafts: dict[tuple[str, Assertion], Draft] = {}
    for mention in mentions:
        is_code = mention.label == "request" and mention.code == "icd10"
        if mention.label != "diagnosis" and not is_code:
            continue
        code_part = mention if is_code else part(mention, "code")
        code = code_part.text.strip() if code_part is not None else ""
        disease = reading.lexicon.disease_of_code(code) if code else None
        key = mention.code if not is_code else ""
        if not key and disease is not None:
            key = disease.key
        named = reading.lexicon.diseases.get(key)
        if named is not None and named.group in NO_DISEASES:
            continue
        name = named.name if named is not None else title_of(code) or mention.text
        assertion = assertion_of(mention)
        if is_code and assertion is Assertion.NEGATED:
            assertion = (
                Assertion.AFFIRMED
            )  # "... without complications (K50.10)": part of its title
        draft = drafts.setdefault(
            (key or code or name.lower(), assertion), Draft(key, name, assertion)
        )
        if code and code not in draft.codes and (not key or disease is None or disease.key == key):
            draft.codes.append(code)
        link = part(mention, "linked_code")
        if link is not None:
            draft.linked.add(link.code)
        draft.places.append((bool(code), reading.place(mention)))
        _tell_when(draft, mention, reading)
        draft.stands = draft.stands or "standing" not in mention.doubted
        stretches = [mention, *([code_part] if code_part is not None else [])]
        draft.doubtful = draft.doubtful and reading.doubtful(*stretches)
    return [_diagnosis(d, reading) for d in drafts.values() if not _is_generic(d, drafts, reading)]


def _tell_when(draft: Draft, mention: Mention, reading: Reading) -> None:
    """The latest day on which a clinician's text says so; if none does, the first of all days.

    What only repeats it, later, overtakes nothing.
    """
    on = reading.written(mention)
    if on.latest is None:
        return
    own = reading.page(mention).kind not in REPEATS
    known = draft.stated.latest
    better = known is None or (on.latest > known if own else on.latest < known)
    if (own and not draft.own) or (own is draft.own and better):
        draft.stated, draft.own = on, own


def _is_generic(draft: Draft, drafts: dict[tuple[str, Assertion], Draft], reading: Reading) -> bool:
    """A general word ("myopathy") for a disease that the submission names is no further disease."""
    disease = reading.lexicon.diseases.get(draft.key)
    if disease is None or not disease.group.endswith(GENERIC):
        return False
    specific = disease.group.removesuffix(GENERIC)
    groups = [
        reading.lexicon.diseases[d.key].group
        for d in drafts.values()
        if d.key in reading.lexicon.diseases
    ]
    return specific in groups


def _diagnosis(d: Draft, reading: Reading) -> Diagnosis:
    # The most specific printed code; a request form's statement comes first as the claim made.
    code = max(d.codes, key=len) if d.codes else ""
    coded = [p for has_code, p in d.places if has_code]
    forms = [p for p in coded if p.page_kind is PageKind.REQUEST]
    first = (forms or coded or [p for _, p in d.places])[0]
    others = [p for p in best_first([p for _, p in d.places]) if p != first]
    linked = _linked(d)
    return Diagnosis(
        id=reading.row_id("diagnosis", d.key or d.name, d.assertion),
        assertion=d.assertion,
        doubtful=d.doubtful,
        doubted=() if d.stands else ("standing",),
        stated=d.stated,
        places=(first, *others),
        key=d.key,
        name=d.name,
        icd10=code,
        icd10_description=title_of(code),
        linked_icd10=linked,
        linked_description=title_of(linked),
    )


def _linked(d: Draft) -> str:
    """The most specific code that the names of a disease link to, '' where none is safe.

    A printed code wins. What is suspected, denied, past or a relative's has other codes than the
    disease (ICD-10-CM guidelines, sections I.C.21.c and IV.H), a doubtful reading has none, and
    names whose codes are not in one line of descent leave open which is meant.
    """
    if d.codes or d.doubtful or d.assertion is not Assertion.AFFIRMED or not d.linked:
        return ""
    most = max(sorted(d.linked), key=len)
    return most if all(most.startswith(code) for code in d.linked) else ""
