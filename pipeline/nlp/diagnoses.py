"""Diseases by name and by printed ICD-10-CM code."""

from __future__ import annotations

import re

from pipeline.icd10cm import is_code
from pipeline.nlp.names import Name
from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match
from pipeline.schema import Mention

CODE = re.compile(r"(?<![\w-])[A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?(?![\w-])")
BILLED = re.compile(r"[JQ]\d{4}")  # HCPCS: "Rituxan (J9312)" is no pneumothorax, J93.12
MEANT_FOR_CODES = re.compile(
    r"(?:ICD|\bcodes?\b|dx|\($|\[$|diagnos|[A-Z]\d\w\.\w{1,4}\s*[,;/|]\s*$)", re.IGNORECASE
)


def find_codes(text: str, *, coded_place: bool = False) -> list[Match]:
    """ICD-10-CM codes as printed.

    A category without a dot ("T36", "B12") is also an ordinary word or a room: it counts only in
    a place meant for codes.
    """
    found = []
    for m in CODE.finditer(text):
        plain = "." not in m.group(0)
        if (
            plain
            and not coded_place
            and not MEANT_FOR_CODES.search(text[max(0, m.start() - 14) : m.start()])
        ):
            continue
        if plain and re.match(r"(?:B12|B6|D[23]|T[34]|C[34]|A1C|E2)$", m.group(0)):
            continue
        if plain and not coded_place and BILLED.fullmatch(m.group(0)):
            continue
        if is_code(m.group(0)):
            found.append(Match(m.start(), m.end(), "code", m.group(0)))
    return found


# "Hepatitis B, hepatitis C and tuberculosis results are enclosed" names tests.
TESTED = re.compile(
    r"[\s,/&()]*(?:(?:and|or|hepatitis\s+[abc]|hep\s+[bc]|tuberculosis|tb|hiv|immunoglobulins?|[bc]\b)[\s,/&()]*)*"
    r"(?:results?|serolog\w*|screen\w*|tests?|testing|status|panel|labs?|titers?|(?<!,\s)(?:negative|non-?reactive))\b",
    re.IGNORECASE,
)
# "Hep B / hep C / QuantiFERON ordered today": so are the infections that are screened for.
SCREENED = ("hepatitis_a", "hepatitis_b", "hepatitis_c", "hiv", "tuberculosis", "syphilis")
TO_BE_TESTED = re.compile(
    r"[\s,/&()+]*(?:(?:and|or|[abc]|immunoglobulins?|quantiferon|gold|plus|cbc|cmp|labs?|levels?|igg|serum)\b[\s,/&()+]*)*"
    r"(?:(?:was|were|are|is|have\s+been|has\s+been|all|also)\s+)*"
    r"(?:order\w*|sent|drawn|pending|check\w*|request\w*|collected|repeated|awaited|results?|serolog\w*|screen\w*|tests?|testing|tested|titers?|status)\b",
    re.IGNORECASE,
)
# "Hep C: none on file" tells of a test that nobody has seen.
NO_RECORD = re.compile(
    r"\s*:?\s*(?:none|nothing|not|never|no\s+\w+)\s+(?:yet\s+)?(?:on\s+file|done|drawn|sent|back|available|found|checked|tested|received|"
    r"in\s+(?:the\s+|our\s+)?(?:charts?|records?))\b|\s*:\s*(?:pending|ordered|awaited|unknown)\b",
    re.IGNORECASE,
)
LOOKED_FOR = re.compile(
    r"\b(?:repeat|recheck|check|order|obtain|get|screen(?:ed|ing)?\s+for|test(?:ed|ing)?\s+for)\s+(?:the\s+|for\s+)?$",
    re.IGNORECASE,
)
# Risks of a treatment that are talked of, not diseases of the patient.
TALKED_OF = re.compile(
    r"discuss|review|explain|counsel|talked|spoke|d/w|@/w|went\s+(?:over|through)|gone\s+(?:over|through)|inform|educat|warn|"
    r"consent|aware|understand|read\s+about|leaflet|brochure|handout|risk|side\s+effect|adverse|complication|benefits",
    re.IGNORECASE,
)
RISKS = ("pml", "infusion_reaction")  # named in charts of infusions, hardly ever had
GENERAL_RISKS = (*RISKS, "active_infection")
HAD = re.compile(
    r"\b(?:diagnos\w+|developed|develops|has|had|history\s+of|h/o|hx\s+of|confirmed|known|from|due\s+to|suspected|possible|with|treated\s+for)"
    r"(?:\s+(?:as|with|of|a|an|the|mild|severe|prior|previous|possible|confirmed|probable))*\s*$",
    re.IGNORECASE,
)
# "PM" is also a time of day: it is polymyositis beside words that are said of diseases.
POLYMYOSITIS = re.compile(
    r"(?:\b(?i:idiopathic|refractory|relapsing|seronegative|steroid-dependent|diagnosis:?|dx:?|known|"
    r"possible|probable|suspected|definite|h/o|hx\s+of|(?:with|has)(?=\s+PM\s*(?:[.,;)]|$)))\s+|"
    r"(?<![\d.:])(?<!\d\s)(?<!\bthe\s)(?<!\bin\s))"
    r"(?P<name>\bPM\b)(?P<after>(?i:,?\s*(?:f/u|follow-?up|dx\w*|diagnosed|flare|relapse|idiopathic|\(idiopathic|"
    r"vs\.?\s+(?:DM|IBM)|w/|since\s+(?:\d|early|late|[A-Z])|M33))?)"
)
# Two names, or whose it is: "Rheumatic Disease" in a letterhead is no disease of anybody.
EPONYM = re.compile(
    r"\b[A-Z][a-z\u00df-\u00ff]+(?:-[A-Z][a-z\u00df-\u00ff]+|['\u2019]s)\s+(?i:syndrome|disease|disorder)\b"
)
NOT_THE_PATIENT = re.compile(
    r"(?:(?:and|or|&)[\s,/&]+)*(?:care|clinic|office|program(?:me)?|department|division|&?\s*rheumatology|practice|partners|group|medicine|consultants|associates|specialists|institute|association|foundation|society|center|specialist|nurse|research)\b",
    re.IGNORECASE,
)
MEDICATION_FOR = re.compile(r"anti-?\s?$", re.IGNORECASE)


def find_diagnoses(sentence: Sentence, *, coded_place: bool = False) -> list[Mention]:
    """Mentions of diseases; a code in brackets after a name belongs to the name."""
    codes = find_codes(sentence.text, coded_place=coded_place)
    names = [n for n in sentence.names if n.kind == "diagnosis" and _is_diagnosis(sentence, n)]
    names += [*_abbreviated(sentence), *_eponyms(sentence)]
    names.sort(key=lambda n: n.start)
    mentions, used = [], set()
    for name in names:
        beside = [c for c in codes if c not in used and _beside(sentence, name, c)]
        parts = []
        if beside:
            used.add(beside[0])
            parts.append(sentence.part("code", beside[0]))
        mention = sentence.mention("diagnosis", name.start, name.end, name.code, parts=tuple(parts))
        if not parts and _is_risk(sentence, name):
            mention = mention.model_copy(update={"hypothetical": True})
        mentions.append(mention)
    for code in codes:
        if code not in used:
            mentions.append(
                sentence.mention(
                    "diagnosis", code.start, code.end, "", parts=(sentence.part("code", code),)
                )
            )
    return mentions


def _abbreviated(sentence: Sentence) -> list[Name]:
    """ "PM f/u", "idiopathic PM", but not "3 PM" or "in the PM"."""
    found = []
    for m in POLYMYOSITIS.finditer(sentence.text):
        lead = sentence.text[m.start() : m.start("name")].strip()
        known = any(n.start < m.end("name") and m.start("name") < n.end for n in sentence.names)
        if (lead or m["after"]) and not known:
            found.append(Name(m.start("name"), m.end("name"), "diagnosis", "polymyositis"))
    return found


def _eponyms(sentence: Sentence) -> list[Name]:
    """Diseases that no table knows, under their printed name: "Lambert-Eaton syndrome"."""
    shaped = [Name(m.start(), m.end(), "diagnosis", "") for m in EPONYM.finditer(sentence.text)]
    return [
        name
        for name in shaped
        if not any(n.start < name.end and name.start < n.end for n in sentence.names)
        and _is_diagnosis(sentence, name)
    ]


def _is_risk(sentence: Sentence, name: Name) -> bool:
    """ "PML and infection discussed": what was explained to the patient, who does not have it."""
    left, right = sentence.clause(name.start)
    before = sentence.text[left : name.start]
    if name.code in RISKS:
        return HAD.search(before) is None
    if TALKED_OF.search(sentence.text, left, right) is None:
        return False
    beside = any(
        n.code in RISKS and left <= n.start < right for n in sentence.names if n.kind == "diagnosis"
    )
    return beside or name.code in GENERAL_RISKS


def _beside(sentence: Sentence, name: Name, code: Match) -> bool:
    gap = (
        sentence.text[name.end : code.start]
        if code.start >= name.end
        else sentence.text[code.end : name.start]
    )
    return (
        len(gap) < 45
        and re.search(r"[;.\n]", gap) is None
        and not any(
            n.kind == "diagnosis"
            and n is not name
            and min(name.start, code.start) < n.start < max(name.start, code.start)
            for n in sentence.names
        )
    )


def _is_diagnosis(sentence: Sentence, name: Name) -> bool:
    after = sentence.text[name.end : name.end + 40]
    before = sentence.text[max(0, name.start - 12) : name.start]
    if (
        re.search(r"(?:%|\d)\s*(?:on\s+)?$", before)
        and sentence.text[name.start : name.end] == "RA"
    ):
        return False  # "SpO2 98% RA": room air
    if is_of_practice(sentence, name.end) or MEDICATION_FOR.search(before):
        return False
    if re.match(
        r"\s+(?:virus\s+)?(?:surface|core|antibod|serolog|screen|vaccin|series|booster|shots?\b|antigen|ab\b|ag\b|virus|reactivation|panel|test)",
        after,
        re.I,
    ):
        return False
    if TESTED.match(sentence.text[name.end :]):
        return False
    if name.code in SCREENED and (
        TO_BE_TESTED.match(_unnamed(sentence, name.end))
        or NO_RECORD.match(sentence.text, name.end)
        or LOOKED_FOR.search(sentence.text[: name.start])
    ):
        return False
    if _is_label(sentence, name):
        return False
    if re.match(r"\s*(?:score|scale|questionnaire|panel|specific|antibod)", after, re.I):
        return False
    return not any(
        n.kind == "lab" and n.start <= name.start and name.end <= n.end for n in sentence.names
    )


def is_of_practice(sentence: Sentence, end: int) -> bool:
    """Whether a disease whose name ends at `end` is what a clinic or a society is named after."""
    return NOT_THE_PATIENT.match(_unnamed(sentence, end).lstrip(" ,/&-")) is not None


def _unnamed(sentence: Sentence, start: int) -> str:
    """The text from `start` on without the tests and diseases that it names."""
    text = sentence.text
    for n in sorted(sentence.names, key=lambda n: -n.start):
        if n.start >= start and n.kind in ("diagnosis", "lab"):
            text = text[: n.start] + text[n.end :]
    return text[start:]


def _is_label(sentence: Sentence, name: Name) -> bool:
    """ "Infection: cultures negative, no active infection": the line says itself what is so."""
    label = re.match(r"\s*:", sentence.text[name.end :]) and not sentence.text[: name.start].strip()
    return bool(label) and any(
        n.kind == "diagnosis" and n.code == name.code and n.start > name.start
        for n in sentence.names
    )
