"""Diseases by name and by printed ICD-10-CM code; drugs that a disease is attributed to."""

from __future__ import annotations

import re
from functools import cache

import simple_icd_10_cm as icd10cm

from pipeline.nlp.cues import Match
from pipeline.nlp.language import Name
from pipeline.nlp.sentence import Sentence
from pipeline.schema import Mention

CODE = re.compile(r"(?<![\w-])[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?![\w-])")


@cache
def is_code(text: str) -> bool:
    """Whether ICD-10-CM (the edition that simple-icd-10-cm ships) has this code."""
    return bool(icd10cm.is_valid_item(text)) and not icd10cm.is_chapter_or_block(text)


@cache
def code_title(text: str) -> str:
    """The official description of a code."""
    return str(icd10cm.get_description(text))


def find_codes(text: str, *, coded_place: bool = False) -> list[Match]:
    """ICD-10-CM codes as printed.

    A category without a dot ("T36", "B12") is also an ordinary word or a room: it counts only in
    a place meant for codes.
    """
    found = []
    for m in CODE.finditer(text):
        plain = "." not in m.group(0)
        if plain and not coded_place and not re.search(r"ICD|\bcode|dx|\($|diagnos", text[max(0, m.start() - 14) : m.start()], re.I):
            continue
        if plain and re.match(r"(?:B12|B6|D[23]|T[34]|C[34]|A1C|E2)$", m.group(0)):
            continue
        if is_code(m.group(0)):
            found.append(Match(m.start(), m.end(), "code", m.group(0)))
    return found


# "Hepatitis B, hepatitis C and tuberculosis results are enclosed" names tests.
TESTED = re.compile(
    r"[\s,/&()]*(?:(?:and|or|hepatitis\s+[abc]|hep\s+[bc]|tuberculosis|tb|hiv|immunoglobulins?|[bc]\b)[\s,/&()]*)*"
    r"(?:results?|serolog\w*|screen\w*|tests?|testing|status|panel|labs?|titers?|negative|non-?reactive)\b",
    re.IGNORECASE,
)
NOT_THE_PATIENT = re.compile(r"(?:care|clinic|consultants|associates|specialists|institute|association|foundation|society|center|specialist|nurse|research)\b", re.IGNORECASE)
MEDICATION_FOR = re.compile(r"anti-?\s?$", re.IGNORECASE)


def find_diagnoses(sentence: Sentence, *, coded_place: bool = False) -> list[Mention]:
    """Mentions of diseases; a code in brackets after a name belongs to the name."""
    codes = find_codes(sentence.text, coded_place=coded_place)
    names = [n for n in sentence.names if n.kind == "diagnosis" and _is_diagnosis(sentence, n)]
    mentions, used = [], set()
    for name in names:
        beside = [c for c in codes if c not in used and _beside(sentence, name, c)]
        parts = []
        if beside:
            used.add(beside[0])
            parts.append(sentence.part("code", beside[0]))
        mentions.append(sentence.mention("diagnosis", name.start, name.end, name.code, parts=tuple(parts)))
    for code in codes:
        if code not in used:
            mentions.append(
                sentence.mention("diagnosis", code.start, code.end, "", parts=(sentence.part("code", code),))
            )
    return mentions


def _beside(sentence: Sentence, name: Name, code: Match) -> bool:
    gap = sentence.text[name.end : code.start] if code.start >= name.end else sentence.text[code.end : name.start]
    return len(gap) < 45 and re.search(r"[;.\n]", gap) is None and not any(
        n.kind == "diagnosis" and n is not name and min(name.start, code.start) < n.start < max(name.start, code.start)
        for n in sentence.names
    )


def _is_diagnosis(sentence: Sentence, name: Name) -> bool:
    after = sentence.text[name.end : name.end + 40]
    before = sentence.text[max(0, name.start - 12) : name.start]
    if re.search(r"(?:%|\d)\s*(?:on\s+)?$", before) and sentence.text[name.start : name.end] == "RA":
        return False  # "SpO2 98% RA": room air
    if NOT_THE_PATIENT.match(after.strip()) or MEDICATION_FOR.search(before):
        return False
    if re.match(r"\s+(?:virus\s+)?(?:surface|core|antibod|serolog|screen|vaccin|antigen|ab\b|ag\b|virus|reactivation|panel|test)", after, re.I):
        return False
    if TESTED.match(sentence.text[name.end :]):
        return False
    if re.match(r"\s*(?:score|scale|questionnaire|panel|specific|antibod)", after, re.I):
        return False
    return not any(
        n.kind == "lab" and n.start <= name.start and name.end <= n.end for n in sentence.names
    )


RELATED = re.compile(r"[\s-]*(?:related|induced|associated|mediated|triggered)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
DUE_TO = re.compile(
    r"\s*(?:(?:is|was|felt|thought|believed|to\s+be|most|likely|probably|clearly|,)\s*)*"
    r"(?:due\s+to|secondary\s+to|caused\s+by|induced\s+by|attribut(?:ed|able)\s+to|from|because\s+of|related\s+to|associated\s+with|"
    r"triggered\s+by|following|after)\s+(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)


def find_attributions(sentence: Sentence) -> list[Mention]:
    """A disease said to come from a drug: "durvalumab-related myositis", "myositis due to it"."""
    drugs = [n for n in sentence.names if n.kind in ("drug", "drug_class")]
    diseases = [n for n in sentence.names if n.kind == "diagnosis"]
    found = []
    for drug in drugs:
        for disease in diseases:
            if drug.end <= disease.start and RELATED.fullmatch(sentence.text[drug.end : disease.start]):
                found.append((drug, disease))
            elif disease.end <= drug.start and DUE_TO.fullmatch(sentence.text[disease.end : drug.start]):
                found.append((drug, disease))
    return [
        sentence.mention(
            "finding",
            min(drug.start, disease.start),
            max(drug.end, disease.end),
            "drug_attribution",
            parts=(
                sentence.part("drug", Match(drug.start, drug.end, "drug", drug.code)),
                sentence.part("disease", Match(disease.start, disease.end, "disease", disease.code)),
            ),
        )
        for drug, disease in found
    ]
