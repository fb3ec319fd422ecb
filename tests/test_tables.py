"""Every row of every table of the lexicon, and what a reader of charts would miss if it broke."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import simple_icd_10_cm as icd10cm
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import KnowledgeError
from pipeline.lexicon import Lexicon, Term, digest, load_lexicon, models_dir

LEXICON = load_lexicon(models_dir())

CLASSES = {
    "corticosteroid": ("prednisone", "methylprednisolone", "dexamethasone", "deflazacort"),
    "conventional_immunosuppressant": ("methotrexate", "azathioprine", "mycophenolate mofetil"),
    "calcineurin_inhibitor": ("cyclosporine", "tacrolimus"),
    "alkylating_agent": ("cyclophosphamide",),
    "antimalarial": ("hydroxychloroquine",),
    "immune_globulin": ("immune globulin",),
    "anti_cd20": ("rituximab",),
    "immune_checkpoint_inhibitor": ("nivolumab", "pembrolizumab", "ipilimumab", "durvalumab"),
    "tnf_inhibitor": ("adalimumab", "infliximab"),
    "statin": ("atorvastatin", "rosuvastatin"),
}


def test_every_code_of_a_disease_exists() -> None:
    codes = [code for disease in LEXICON.diseases.values() for code in disease.icd10]
    assert [code for code in codes if not icd10cm.is_valid_item(code)] == []


def test_every_unit_of_a_laboratory_test_is_known() -> None:
    units = {unit for test in LEXICON.labs.values() for unit in test.units}
    assert {unit for unit in units if LEXICON.ucum(unit) != unit} == set()
    assert {unit for unit in units if LEXICON.unit(unit) is None} == set()


def test_every_product_of_a_billing_code_is_a_brand_of_its_ingredient() -> None:
    for row in LEXICON.hcpcs.values():
        drug = LEXICON.drug(row.product or row.ingredient)
        assert drug is not None and drug.ingredient == row.ingredient, row.code


def test_only_names_marked_ambiguous_are_both_drug_and_laboratory_test() -> None:
    shared = {drug.ingredient for drug in LEXICON.drugs.values() if LEXICON.lab(drug.ingredient)}
    assert {name for name in shared if not LEXICON.drugs[name].ambiguous} == set()


def test_no_name_is_both_a_drug_and_a_class() -> None:
    assert [t for t in LEXICON.drug_class_terms if LEXICON.drug(t.text) is not None] == []


@pytest.mark.parametrize(
    ("drug_class", "ingredient"),
    [(key, name) for key, names in CLASSES.items() for name in names],
)
def test_drugs_that_policies_ask_for_are_in_their_class(drug_class: str, ingredient: str) -> None:
    assert LEXICON.drugs[ingredient].drug_class == drug_class


def test_prednisone_equivalents() -> None:
    """Milligrams equal to 5 mg of prednisone."""
    given_mg = {
        drug.ingredient: drug.prednisone_equivalent_mg
        for drug in LEXICON.drugs_of_class("corticosteroid")
    }
    assert given_mg["prednisone"] == given_mg["prednisolone"] == 5
    assert given_mg["methylprednisolone"] == 4
    assert given_mg["hydrocortisone"] == 20
    assert given_mg["dexamethasone"] == 0.75
    assert None not in given_mg.values()


@pytest.mark.parametrize(
    ("printed", "ingredient", "brand"),
    [
        ("TRUXIMA", "rituximab", "Truxima"),
        ("rituximab-pvvr", "rituximab", "Ruxience"),
        ("Riabni", "rituximab", "Riabni"),
        ("MTX", "methotrexate", ""),
        ("pred", "prednisone", ""),
        ("Cellcept", "mycophenolate mofetil", "CellCept"),
        ("mycophenolic acid", "mycophenolate mofetil", ""),
        ("IVIG", "immune globulin", ""),
        ("GAMUNEX-C", "immune globulin", "Gamunex-C"),
        ("Solu-Medrol", "methylprednisolone", "Solu-Medrol"),
        ("Bactrim DS", "sulfamethoxazole-trimethoprim", "Bactrim DS"),
        ("TMP/SMX", "sulfamethoxazole-trimethoprim", ""),
        ("adalimumab-adaz", "adalimumab", "Hyrimoz"),
        ("Lantus", "insulin glargine", "Lantus"),
        ("fluticasone/salmeterol", "fluticasone-salmeterol", ""),
        ("Imfinzi", "durvalumab", "Imfinzi"),
    ],
)
def test_drug_names(printed: str, ingredient: str, brand: str) -> None:
    drug = LEXICON.drug(printed)
    assert drug is not None and drug.ingredient == ingredient
    assert LEXICON.brand(printed) == brand


@pytest.mark.parametrize("word", ["aza", "PRED", "ensure", "one a day", "boost", "align", "ipi."])
def test_ordinary_words_are_no_drugs(word: str) -> None:
    assert LEXICON.drug(word) is None


@pytest.mark.parametrize(
    ("printed", "analyte"),
    [
        ("CK", "creatine_kinase"),
        ("CREATINE KINASE, TOTAL", "creatine_kinase"),
        ("CPK", "creatine_kinase"),
        ("CK-MB", "ck_mb"),
        ("Creatinine", "creatinine"),
        ("AST (SGOT)", "ast"),
        ("Hep B Core Ab, Tot", "anti_hbc"),
        ("HBc Ab total", "anti_hbc"),
        ("anti-HBc", "anti_hbc"),
        ("Hepatitis B core IgM", "anti_hbc_igm"),
        ("Hepatitis B surface antibody", "anti_hbs"),
        ("HBsAg", "hbsag"),
        ("HCV Ab", "anti_hcv"),
        ("QuantiFERON-TB Gold Plus", "igra"),
        ("T-SPOT.TB", "igra"),
        ("PPD", "tst"),
        ("Immunoglobulin A, Qn", "iga"),
        ("tTG IgA", "ttg_iga"),
        ("IgG subclass 4", "igg4"),
        ("Sed Rate", "esr"),
        ("anti-HMGCR", "anti_hmgcr"),
        ("Hgb A1c", "hemoglobin_a1c"),
        ("hs-troponin T", "troponin_t"),
    ],
)
def test_laboratory_names(printed: str, analyte: str) -> None:
    test = LEXICON.lab(printed)
    assert test is not None and test.analyte == analyte


@pytest.mark.parametrize("word", ["ca", "alt", "ast", "na", "mg", "rest"])
def test_ordinary_words_are_no_laboratory_tests(word: str) -> None:
    assert LEXICON.lab(word) is None


@pytest.mark.parametrize(
    ("printed", "ucum"),
    [
        ("K/uL", "10*3/uL"),
        ("x10E3/uL", "10*3/uL"),
        ("10^3 / µL", "10*3/uL"),
        ("10^3/μL", "10*3/uL"),
        ("IU/L", "U/L"),
        ("mm/hr", "mm/h"),
        ("MG/DL", "mg/dL"),
        ("mcg", "ug"),
        ("mIU/mL", "m[IU]/mL"),
        ("mL/min/1.73 m2", "mL/min/{1.73_m2}"),
        ("mg per kg", "mg/kg"),
        ("lbs", "[lb_av]"),
        ("weeks", "wk"),
        ("tabs", "{tablet}"),
        ("furlong", "furlong"),
    ],
)
def test_units(printed: str, ucum: str) -> None:
    assert LEXICON.ucum(printed) == ucum


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("M33.20", "polymyositis"),
        ("M3322", "polymyositis"),
        ("m33.12", "dermatomyositis"),
        ("M33.13", "amyopathic_dermatomyositis"),
        ("G72.41", "inclusion_body_myositis"),
        ("E11.9", "type_2_diabetes"),
        ("I50.22", "hfref"),
        ("K50.90", "crohn_disease"),
        ("D80.2", "selective_iga_deficiency"),
    ],
)
def test_the_longest_beginning_of_a_code_counts(code: str, key: str) -> None:
    disease = LEXICON.disease_of_code(code)
    assert disease is not None and disease.key == key


def test_inflammatory_myopathies_are_told_apart() -> None:
    specific = {d.key for d in LEXICON.diseases.values() if d.group == "inflammatory_myopathy"}
    assert {"polymyositis", "dermatomyositis", "inclusion_body_myositis"} <= specific
    assert "inflammatory_myopathy" not in specific
    assert LEXICON.disease("myositis") is not LEXICON.disease("polymyositis")


@given(st.text(max_size=12))
def test_look_ups_take_any_text(text: str) -> None:
    for look_up in (LEXICON.drug, LEXICON.lab, LEXICON.disease, LEXICON.disease_of_code):
        look_up(text)
    assert LEXICON.ucum(LEXICON.ucum(text)) == LEXICON.ucum(text)


@given(st.sampled_from(LEXICON.disease_terms), st.sampled_from([str.upper, str.lower]))
def test_names_match_whatever_their_case(term: Term, change: Callable[[str], str]) -> None:
    found = LEXICON.disease(term.text if term.case_sensitive else change(term.text))
    assert found is not None and found.key == term.key


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A copy of the tables, to be broken."""
    shutil.copytree(models_dir() / "lexicon", tmp_path / "lexicon")
    return tmp_path


@pytest.mark.parametrize(
    ("table", "row", "reason"),
    [
        ("drugs.csv", "newdrug,,,,,statin,,,mg,,", "source"),
        ("drugs.csv", "newdrug,,,,,no_such_class,,,mg,,label", "no_such_class"),
        ("drugs.csv", "newdrug,,MTX,,,statin,,,mg,,label", "mtx"),
        ("drugs.csv", "newdrug,,,,,statin", "cells"),
        ("labs.csv", "new_test,2157-5,new test,,U/L,1,2,quantitative,LOINC", "check digit"),
        ("labs.csv", "new_test,,new test,,U/L,2,2,quantitative,LOINC", "low"),
        ("labs.csv", "new_test,,new test|ck,,U/L,1,2,quantitative,LOINC", "ck"),
        ("diagnoses.csv", "new_disease,new disease,33.20,,,other,ICD", "icd10"),
        ("diagnoses.csv", "new_disease,new disease,M33.2,,,other,ICD", "M33.2"),
        ("hcpcs.csv", "J99,rituximab,,,CMS", "code"),
        ("hcpcs.csv", "J9999,no such drug,,,CMS", "no such drug"),
        ("units.csv", "mg,mg,mass,UCUM", "mg"),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(
    tables: Path, table: str, row: str, reason: str
) -> None:
    path = tables / "lexicon" / table
    with path.open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    lines = len(path.read_text(encoding="utf-8").splitlines())
    with pytest.raises(KnowledgeError, match=reason) as caught:
        Lexicon(tables / "lexicon")
    assert (caught.value.file, caught.value.line) == (table, lines)


def test_a_missing_table_is_named(tables: Path) -> None:
    (tables / "lexicon" / "labs.csv").unlink()
    with pytest.raises(KnowledgeError, match=r"labs\.csv"):
        Lexicon(tables / "lexicon")


def test_the_digest_changes_with_any_table(tables: Path) -> None:
    before = digest(tables)
    assert before == digest(models_dir())
    with (tables / "lexicon" / "units.csv").open("a", encoding="utf-8") as file:
        file.write("stone,[stone_av],mass,UCUM\n")
    assert digest(tables) != before
