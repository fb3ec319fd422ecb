"""The tables of `models/lexicon` as typed rows: drugs, laboratory tests, diseases, units, codes.

Names match whatever their case; abbreviations only as written. A row that breaks a rule of its
table raises KnowledgeError(file, line, reason).
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, NamedTuple, Protocol, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import KnowledgeError


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|")) if cell else ()


def _pairs(cell: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(item.split("=")) for item in _split(cell))


def _check_loinc(cell: str) -> str:
    """The last digit of a LOINC code is a Mod 10 check (LOINC Users' Guide)."""
    if cell and re.fullmatch(r"\d{1,5}-\d", cell) is None:
        raise ValueError(f"{cell!r} is no LOINC code")
    weighed = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(cell.replace("-", "")))]
    if sum(d // 10 + d % 10 for d in weighed) % 10:
        raise ValueError(f"{cell!r} has a wrong check digit")
    return cell


Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
Filled = Annotated[str, Field(min_length=1)]
Names = Annotated[tuple[Filled, ...], BeforeValidator(_split)]
Pairs = Annotated[tuple[tuple[Filled, Filled], ...], BeforeValidator(_pairs)]
Number = Annotated[float | None, BeforeValidator(lambda cell: cell or None)]
Yes = Annotated[bool, BeforeValidator(lambda cell: cell or False)]
Loinc = Annotated[str, BeforeValidator(_check_loinc)]
Icd10 = Annotated[str, Field(pattern=r"^[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?$")]
Icd10s = Annotated[tuple[Icd10, ...], BeforeValidator(_split)]


class Row(BaseModel):
    """A row of a table; `source` names where its facts come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Filled


class Drug(Row):
    """A drug by its generic name.

    Attributes:
        biosimilars: (brand, suffixed generic name), e.g. ("Truxima", "rituximab-abbs").
        prednisone_equivalent_mg: Milligrams that equal 5 mg of prednisone; systemic
            corticosteroids only.
        ambiguous: The name is also that of a laboratory test, a food or an ordinary word.
    """

    ingredient: Annotated[str, Field(pattern=r"^[a-z0-9][^A-Z]*$")]
    synonyms: Names
    abbreviations: Names
    brands: Names
    biosimilars: Pairs
    drug_class: Key
    prednisone_equivalent_mg: Number
    rxcui: Annotated[str, Field(pattern=r"^\d*$")]
    usual_unit: str
    ambiguous: Yes

    @property
    def names(self) -> tuple[str, ...]:
        """All names but the abbreviations, the generic one first."""
        products = (name for pair in self.biosimilars for name in pair)
        return (self.ingredient, *self.synonyms, *self.brands, *products)


class DrugClass(Row):
    """A class of drugs, or a procedure, and the terms that name it without naming a drug."""

    drug_class: Key
    name: Filled
    terms: Names
    abbreviations: Names

    @property
    def names(self) -> tuple[str, ...]:
        """The terms; `name` is for reports only."""
        return self.terms


class LabTest(Row):
    """A laboratory test.

    Attributes:
        units: UCUM, the usual one first.
        low, high: Values beyond these are misreadings (in the first unit); no reference range.
    """

    analyte: Key
    loinc: Loinc
    aliases: Names
    abbreviations: Names
    units: Names
    low: Number
    high: Number
    kind: Literal["quantitative", "qualitative", "either"]

    @property
    def names(self) -> tuple[str, ...]:
        """All names but the abbreviations."""
        return self.aliases

    @model_validator(mode="after")
    def _is_range(self) -> Self:
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("low is not below high")
        return self


class Unit(Row):
    """A printed spelling of a unit and its UCUM code."""

    printed: Filled
    ucum: Filled
    dimension: Key


class Disease(Row):
    """A disease; `icd10` are the ICD-10-CM codes, or beginnings of codes, that mean it."""

    key: Key
    name: Filled
    icd10: Icd10s
    aliases: Names
    abbreviations: Names
    group: Key

    @property
    def names(self) -> tuple[str, ...]:
        """All names but the abbreviations."""
        return (self.name, *self.aliases)


class Icd10Name(Row):
    """What charts call a code of ICD-10-CM otherwise than the code set does."""

    icd10: Icd10
    names: Names
    abbreviations: Names


class Hcpcs(Row):
    """A billing code of a drug; `product` is '' when the code names no brand."""

    code: Annotated[str, Field(pattern=r"^[A-Z]\d{4}$")]
    ingredient: Filled
    product: str
    description: str


class Named(Protocol):
    """A row that text may name."""

    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def abbreviations(self) -> tuple[str, ...]: ...


class Term(NamedTuple):
    """A name to look for, the key of its row, and whether its case must be as written."""

    text: str
    key: str
    case_sensitive: bool = False


RowT = TypeVar("RowT", bound=Row)
Table = Mapping[str, RowT]
NameIndex = Mapping[tuple[str, bool], str]


class Lexicon:
    """All tables by key, the terms to look for in text, and look-ups by any name."""

    def __init__(self, folder: Path) -> None:
        self.drug_classes: Table[DrugClass] = _load(folder / "drug_classes.csv", DrugClass)
        self.drugs: Table[Drug] = _load(folder / "drugs.csv", Drug, self.drug_classes)
        self.hcpcs: Table[Hcpcs] = _load(folder / "hcpcs.csv", Hcpcs, self.drugs)
        self.labs: Table[LabTest] = _load(folder / "labs.csv", LabTest)
        self.units: Table[Unit] = _load(folder / "units.csv", Unit)
        self.diseases: Table[Disease] = _load(folder / "diagnoses.csv", Disease)
        self.findings = _findings(folder / "findings.csv")
        self.icd10_names: Table[Icd10Name] = _load(folder / "icd10_names.csv", Icd10Name)
        self.drug_terms = _terms(self.drugs)
        self.drug_class_terms = _terms(self.drug_classes)
        self.lab_terms = _terms(self.labs)
        self.disease_terms = _terms(self.diseases)
        self._drug_keys = _keys_by_name(self.drug_terms)
        self._class_keys = _keys_by_name(self.drug_class_terms)
        self._lab_keys = _keys_by_name(self.lab_terms)
        self._disease_keys = _keys_by_name(self.disease_terms)
        self._brands = _brands_by_name(self.drugs.values())
        # Where spellings differ only in case, the first of the table wins.
        self._folded_units = {u.printed.lower(): u for u in reversed(list(self.units.values()))}
        self._coded = {c.replace(".", ""): d for d in self.diseases.values() for c in d.icd10}

    def drug(self, name: str) -> Drug | None:
        """The drug of a generic name, synonym, brand, biosimilar or abbreviation."""
        return self.drugs.get(_look_up(self._drug_keys, name))

    def drug_class(self, name: str) -> DrugClass | None:
        """The class or procedure of a term such as "checkpoint inhibitor"."""
        return self.drug_classes.get(_look_up(self._class_keys, name))

    def lab(self, name: str) -> LabTest | None:
        """The laboratory test of an alias or abbreviation."""
        return self.labs.get(_look_up(self._lab_keys, name))

    def disease(self, name: str) -> Disease | None:
        """The disease of a name, alias or abbreviation."""
        return self.diseases.get(_look_up(self._disease_keys, name))

    def disease_of_code(self, icd10: str) -> Disease | None:
        """The disease of the longest beginning of an ICD-10-CM code, with or without its dot."""
        code = icd10.upper().replace(".", "").strip()
        prefixes = (code[:length] for length in range(len(code), 2, -1))
        return next((self._coded[p] for p in prefixes if p in self._coded), None)

    def unit(self, printed: str) -> Unit | None:
        """The unit of a printed spelling, as written or else whatever the case."""
        text = printed.replace("\N{GREEK SMALL LETTER MU}", "\N{MICRO SIGN}")
        text = "".join(re.sub(r"\s+per\s+", "/", text).split())
        return self.units.get(text) or self._folded_units.get(text.lower())

    def ucum(self, printed: str) -> str:
        """The UCUM code of a printed unit, or the text itself when it is unknown."""
        unit = self.unit(printed)
        return unit.ucum if unit is not None else printed

    def brand(self, name: str) -> str:
        """A brand as its label spells it ("TRUXIMA", "rituximab-abbs": Truxima), or ''."""
        return self._brands.get(fold(name), "")

    def drugs_of_class(self, drug_class: str) -> tuple[Drug, ...]:
        """The drugs of a class, in the order of the table."""
        return tuple(d for d in self.drugs.values() if d.drug_class == drug_class)


def fold(text: str) -> str:
    """Lower case, single spaces: the form in which names are compared."""
    return " ".join(text.casefold().split())


def models_dir(given: Path | None = None) -> Path:
    """The folder of tables and policies: `given`, else `models` beside the package."""
    return given if given is not None else Path(__file__).resolve().parent.parent / "models"


def digest(models: Path) -> str:
    """SHA-256 over the names and contents of all tables of the lexicon, in name order."""
    total = hashlib.sha256()
    for path in sorted((models / "lexicon").glob("*.csv")):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.name}\0{content}\n".encode())
    return total.hexdigest()


# Findings that are read by their meaning rather than found by a pattern of their own.
DERIVED_FINDINGS = frozenset(
    {
        "age",
        "muscle_strength",
        "taper_failure",
        "treatment_response",
        "drug_attribution",
        "exposure",
        "weight",
        "height",
        "prescriber_specialty",
        "consulted_specialty",
        "request_phase",
        "severity",
        "prior_lines",
        "lesion_count",
        "steroid_bursts",
    }
)


def _findings(path: Path) -> frozenset[str]:
    """Keys of all findings that a case may hold and a policy may ask for."""
    return DERIVED_FINDINGS | {cells["finding"] for _, cells in read_table(path)}


@cache
def load_lexicon(models: Path) -> Lexicon:
    """Read and check all tables; the same folder is read once per process."""
    return Lexicon(models / "lexicon")


def read_table(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Rows of a CSV file as (line number, cells without outer blanks).

    Raises KnowledgeError for a missing file and for a row of another length than the header.
    """
    try:
        reader = csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), strict=True)
        header, *rows = [(reader.line_num, row) for row in reader]
    except (OSError, ValueError, csv.Error) as error:
        raise KnowledgeError(path.name, 0, "is no table in UTF-8") from error
    for line, row in rows:
        if len(row) != len(header[1]):
            raise KnowledgeError(path.name, line, f"{len(row)} cells, not {len(header[1])}")
    return [(n, {k: v.strip() for k, v in zip(header[1], r, strict=True)}) for n, r in rows]


def _load(path: Path, kind: type[RowT], others: Mapping[str, Row] | None = None) -> Table[RowT]:
    """Rows by their first column; `others` are the rows that a drug or code must refer to."""
    rows: dict[str, RowT] = {}
    lines: dict[str, int] = {}
    for line, cells in read_table(path):
        try:
            row = kind.model_validate(cells)
        except ValidationError as error:
            raise KnowledgeError(path.name, line, _reason(error)) from error
        referred = cells["drug_class"] if isinstance(row, Drug) else cells.get("ingredient")
        if others is not None and referred not in others:
            raise KnowledgeError(path.name, line, f"{referred!r} is unknown")
        key = next(iter(cells.values()))
        for name in _unique_names(key, row):
            if name in lines:
                raise KnowledgeError(path.name, line, f"{name!r} is also in line {lines[name]}")
            lines[name] = line
        rows[key] = row
    return MappingProxyType(rows)


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    return f"{first['loc'][0] if first['loc'] else 'row'}: {first['msg']}"


def _unique_names(key: str, row: Row) -> list[str]:
    """What may stand only once in a table: names whatever their case, and ICD-10-CM codes."""
    if not isinstance(row, (Drug, DrugClass, LabTest, Disease, Icd10Name)):
        return [key]
    codes = row.icd10 if isinstance(row, Disease) else ()
    codes = (row.icd10,) if isinstance(row, Icd10Name) else codes
    return [*map(fold, row.names), *{fold(short) for short in row.abbreviations}, *codes]


def _terms(table: Mapping[str, Named]) -> tuple[Term, ...]:
    return tuple(
        term
        for key, row in table.items()
        for term in (
            *(Term(name, key) for name in row.names),
            *(Term(short, key, case_sensitive=True) for short in row.abbreviations),
        )
    )


def _keys_by_name(terms: Iterable[Term]) -> NameIndex:
    return {(t.text if t.case_sensitive else fold(t.text), t.case_sensitive): t.key for t in terms}


def _look_up(index: NameIndex, name: str) -> str:
    return index.get((name.strip(), True)) or index.get((fold(name), False), "")


def _brands_by_name(drugs: Iterable[Drug]) -> Mapping[str, str]:
    pairs = [(name, pair[0]) for d in drugs for pair in d.biosimilars for name in pair]
    brands = [(brand, brand) for d in drugs for brand in d.brands]
    return {fold(name): brand for name, brand in (*brands, *pairs)}
