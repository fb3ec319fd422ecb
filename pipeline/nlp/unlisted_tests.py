"""Tests that no table names, found by their shape: "Contactin-1 antibody negative", "Milk IgE 14.2".

A test is a noun phrase with the head of one (antibody, titer, level, PCR ...), or whose result can
only be a laboratory's: a unit of concentration, a flag, a reference range, a titer, a place in a
list of results. It is kept under its printed name; no criterion asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.lexicon import load_lexicon, models_dir
from pipeline.nlp.names import Name
from pipeline.nlp.sentence import Sentence
from pipeline.notation.dates import MONTH
from pipeline.notation.results import COMPARATOR, QUALITATIVE, RANGE, VALUE

# The specimens whose tests are not those of blood.
SPECIMEN = r"(?:urine|urinary|csf|cerebrospinal|spinal|pleural|synovial|ascitic|peritoneal|joint|stool|f[a]?ecal|saliva|sputum|cord|sweat|bal)"
# Heads that only tests have.
HEAD = (
    r"anti[\s-]?bod(?:y|ies)|Abs?|antigens?|Ag(?:/Ab)?|Ig[GAMDE]|tit(?:er|re)s?|PCR|NAAT|cultures?|serolog(?:y|ies)|genotyp(?:e|ing)|"
    r"precipitins?|toxin|smear|gram\s+stain|electrophoresis|immunofixation|assay|trough|mutation|rearrangement|translocation|deletion|"
    r"(?:(?:iron|coagulation|thyroid|fluid)\s+)studies|(?:blood|white|red|cell|lymphocyte|neutrophil|eosinophil|colony)\s+counts?|"
    r"(?:breath|skin\s+prick|patch|blood|antigen|antibody)\s+test|(?:antibody|virus|avidity)\s+index|(?:enzyme|factor|complement|\w+ase)\s+activity|"
    r"(?:drug|antibody|toxicology|thrombophilia|celiac|ENA|hepatitis|antigen)\s+screen|panel|levels?"
)
# Words beside such heads that make them something else.
NO_TEST = re.compile(
    r"\b(?:monoclonal|pain|energy|activity|stress|oxygen|functional|education|sedation|dose|strength|sea|vertebral|care|"
    r"review|appeals?|external|expert|advisory|patch\s+panel|control|disability|body|same|high|low|this|that)\s+(?:level|panel|antibod\w+)|"
    r"\banti-?(?:CD\d+|TNF|IL-?\d+\w*|VEGF|CGRP|BCMA|PD-?1|HER2|FcRn|integrin|C5)\b|^(?:drug|the|panel|levels?|assay|ab|ag|blood\s+test)$",
    re.IGNORECASE,
)
NOT_BLOOD = re.compile(rf"\b(?:{SPECIMEN}|urinalysis|UA)\b", re.IGNORECASE)
# Words that end a noun phrase to the left.
BORDER = re.compile(
    r"(?:the|an?|her|his|their|my|our|its|this|that|these|those|of|for|with|without|by|in|on|at|to|from|and|or|but|as|was|is|were|are|be|been|has|"
    r"have|had|did|no|not|than|then|when|while|last|first|second|next|repeat|latest|recent|prior|previous|initial|baseline|new|old|today|"
    r"yesterday|since|after|before|until|labs?|results?|showed|shows?|show|negative|positive|elevated|normal|high|low|pending|ordered|"
    r"sent|drawn|awaiting|reactive|abnormal|both|all|any|also|please|check(?:ed|ing)?|recheck|draw|send|order|including|include[sd]?|still|out|"
    r"she|he|they|it|who|which|if|see|per|plus|via|due|because|found|had|detected|undetectable|raised|weakly|strongly|up|down|now|only|"
    rf"{MONTH})",
    re.IGNORECASE,
)
TOKEN = re.compile(r"[A-Za-z][\w'/*:+.-]*[\w+*]|[A-Za-z]|\d+-[\w-]*[A-Za-z][\w-]*")
MODIFIERS = 4  # words before a head at most
HEADED = re.compile(rf"(?<![\w-])(?:{HEAD})(?![\w-])", re.IGNORECASE)
AGAINST = re.compile(r"\s+(?:to|against)\s+[A-Za-z][\w-]+", re.IGNORECASE)
# A name that is one by its form: an antibody by its prefix, an allele, a variant, a karyotype.
FORMED = re.compile(
    r"(?<![\w-])(?:[Aa]nti-[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:\s+(?:[Aa]bs?|[Aa]ntibod(?:y|ies)|Ig[GAM]))?|[A-Z][A-Z0-9]{1,6}-(?:Ig[GAM]|ANCA|Ab)|"
    r"HLA-[A-Z]+\d*(?:\*\d+(?::\d+)?)?|[A-Z][A-Z0-9]{1,6}\s+[A-Z]\d{2,4}[A-Z]|del\(\w+\)|t\(\d+;\d+\))(?![\w-])"
)
OF_SPECIMEN = re.compile(
    rf"(?<![\w-]){SPECIMEN}(?:\s+fluid)?\s+(?!output|frequency|flow|softener|urgency|retention|incontinence|volume|and\b|or\b|tap\b|count\b|pain|fluid\b|cord\b)"
    r"[A-Za-z][\w&/-]*(?:\s+(?:cells?|count|cytology|stain|culture|antigen|test|protein|index|bands))?(?![\w-])",
    re.IGNORECASE,
)
# A short name, and right after it a result that only laboratories give.
SHORT = r"[A-Za-z][A-Za-z0-9+/-]*(?:\s[A-Z][A-Za-z0-9-]*)?|\d+-[A-Z]{2,4}(?:\s[A-Z])?"
PER_VOLUME = r"(?:(?:[munpk\u00b5]|mc)?(?:g|mol|iu|u|eq|kat)|cells|copies)\s*/\s*(?:[dmu\u00b5]|mc)?L(?![A-Za-z])|/\s*(?:u|\u00b5|mc)L(?![A-Za-z])"
SURE_RESULT = re.compile(
    rf"(?<![\w/.-])(?P<name>{SHORT})(?:\s*[:=]\s*|\s+(?:(?:is|was|of)\s+)?)(?:{COMPARATOR}\s*)?"
    rf"(?:1\s?:\s?\d{{2,5}}(?!\d)|\d[\d,.]*(?<![,.])\s*(?:(?P<concentration>(?i:{PER_VOLUME}))|(?:HH?|LL?|(?i:high|low))(?![\w/-]|\s*\d)|"
    r"\(\s*\d[\d.,]*\s*-\s*\d[\d.,]*\s*\)))"
)
SENT_OUT = re.compile(
    r"(?<![\w/.-])(?P<name>[A-Z][A-Z0-9][A-Z0-9-]{0,6})\s+(?:(?:was|is|has\s+been)\s+)?(?:sent|drawn|collected)\b"
    r"(?=\s*(?:[.;,]|$|today\b|to\s+(?:the|an?)\s+(?:\w+\s+)?lab))"
)
# Measures of the body and scores, which stand in such lists too; also what is no name at all.
NO_NAME = re.compile(
    r"(?:BP|HR|RR|P|R|T|temp\w*|pulse|wt|weight|ht|height|BMI|BSA|SpO2|sats?|O2|EF|LVEF|FEV1?|FVC|TLC|RV|FRC|VC|PEF|DLCO|MMT\w*|HAQ\w*|VAS|DAS\w*|CDAI|SLEDAI|PASI|DLQI|"
    r"EASI|EDSS|MRC|IGA|PGA|Mayo|MELD|score|scale|grade|stage|age[ds]?|yo|F|M|day|week|wk|month|mo|year|yr|visit|cycle|dose|page|pg|room|suite|"
    r"phone|fax|ext|box|MRN|DOB|NPI|DEA|ID|NDC|CPT|ICD|Dr|item|line|step|lot|no|ref|units?|mg|mcg|kg|lb|ml|x|q\w*|of|to|at|in|on|for|from|with|and|or|by|"
    r"values?|results?|tests?|labs?|reference|nil|tb\d|mitogen|antigen|control|cut-?off|range|total|limit|"
    r"reads?|reading|fact|measured|came|stood|returned|reached|actually|really|be|been|"
    r"was|is|are|were|he|she|it|her|his|than|about|over|under|above|below|between|past|last|every|only|after|before|since|until|now|up|down|"
    rf"around|nearly|then|again|still|not|some|all|the|an?|{MONTH})",
    re.IGNORECASE,
)
PIECE = re.compile(r"(?:[^,;()]|(?<=\d),(?=\d{3})|\([^()]*\))+")
LISTED = re.compile(
    rf"\s*(?:and\s+)?(?P<name>{SHORT})\s*[:=]?\s*(?:(?:{COMPARATOR}\s*)?\d[\d,.]*(?<![,.])\s*(?:[A-Za-z%/]+/[A-Za-z\d]+|%|K)?\s*(?:HH?|LL?|HIGH|LOW)?|"
    r"(?:neg(?:ative)?|pos(?:itive)?|normal|non-?reactive|reactive))\s*(?:\([^()]*\))?\s*(?:HH?|LL?|HIGH|LOW)?\s*\.?\s*"
)


def tests_by_shape(sentence: Sentence, known: Sequence[Name]) -> list[Name]:
    """Names of tests in a sentence that are none of the `known`, each under its printed name.

    A name counts only where nothing of the lexicon stands in its place.
    """
    taken = [n for n in sentence.names if n.kind in ("diagnosis", "drug_class")]
    found: list[Name] = []
    for start, end in _candidates(sentence, known):
        place = Name(start, end, "lab", _code(sentence.text[start:end]))
        if not any(_meet(place, n) for n in (*known, *taken, *found)):
            found.append(place)
    if NOT_BLOOD.search(sentence.text):  # what follows in the list is of that specimen too
        return found
    return found + [
        n for n in _listed(sentence, [*known, *found]) if not any(_meet(n, o) for o in taken)
    ]


def _meet(a: Name, b: Name) -> bool:
    return a.start < b.end and b.start < a.end


def _code(printed: str) -> str:
    """The analyte of a name that is only spelled otherwise, else the name itself."""
    plain = re.sub(r"(?i)\banti[\s-](bod)", r"anti\1", printed)
    plain = re.sub(r"(?i)\b(?:cerebro-?)?spinal\s+fluid\b", "CSF", plain)
    test = load_lexicon(models_dir()).lab(plain)
    return test.analyte if test else re.sub(r"[^a-z0-9]+", "_", printed.lower()).strip("_")


def _candidates(sentence: Sentence, known: Sequence[Name]) -> Iterator[tuple[int, int]]:
    """Stretches that look like names of tests, the surest first."""
    text = sentence.text
    for m in FORMED.finditer(text):
        if not NO_TEST.search(m.group()):
            yield m.span()
    for m in HEADED.finditer(text):
        start, end = _begin(text, m.start()), m.end()
        against = AGAINST.match(text, end)
        end = against.end() if against else end
        alone = m.group().lower() == "trough" or " " in text[m.start() : end]
        if (start < m.start() or alone) and not NO_TEST.search(text[start:end]):
            yield start, end
    for m in OF_SPECIMEN.finditer(text):
        yield m.span()
    drugs = [n for n in sentence.names if n.kind == "drug"]
    for m in (*SURE_RESULT.finditer(text), *SENT_OUT.finditer(text)):
        start, end = m.span("name")
        solution = m.groupdict().get("concentration") is not None
        of_drug = solution and any(d.start < end and start < d.end for d in drugs)
        if not of_drug and not _is_no_name(m["name"]) and not _is_link(text, start, end, known):
            yield start, end
    for drug in drugs:  # "phenytoin 18.4 mcg/mL (10-20)": how much of it was in the blood
        if LEVEL.match(text, drug.end):
            yield drug.start, drug.end


def _is_link(text: str, start: int, end: int, known: Sequence[Name]) -> bool:
    """Whether an ordinary word only leads from a known test to its result: "CK settled near 640"."""
    before = [n for n in known if n.end <= start]
    if not before or not text[start:end].islower():
        return False
    return re.search(r"[,;:]|\band\b", text[max(n.end for n in before) : start]) is None


LEVEL = re.compile(
    r"\s*(?:of|at|was|[:=])?\s*[<>]?\s*\d[\d.]*\s*(?:ng/mL|(?:m|u|n)?mol/L|mcg/mL\s*\()",
    re.IGNORECASE,
)


def _is_no_name(text: str) -> bool:
    measured = load_lexicon(models_dir()).unit(text) is not None
    return measured or any(NO_NAME.fullmatch(word) for word in text.split())


def _begin(text: str, head: int) -> int:
    """Where the noun phrase begins that ends in a head at `head`."""
    start = head
    for _ in range(MODIFIERS):
        before = re.search(r"(\S+)\s$", text[:start])
        if before is None:
            break
        word = before[1]
        bare = word.lstrip("([\"'")
        if (
            not TOKEN.fullmatch(bare)
            or (len(bare) == 1 and re.search(r"\b(?:and|or|/|,)\s+$", text[: before.start()]))
            or BORDER.fullmatch(bare)
            or QUALITATIVE.fullmatch(bare)
            or VALUE.fullmatch(bare)
        ):
            break
        start = before.start() + len(word) - len(bare)
        if bare != word:
            break
    return start


def _listed(sentence: Sentence, tests: Sequence[Name]) -> Iterator[Name]:
    """Short names with a result that stand in a list beside a test: "CRP 31 (0-8) H, calpro 1,840"."""
    text = sentence.text
    pieces = list(PIECE.finditer(text))
    sure = [
        any(p.start() <= t.start < p.end() and _has_result(text[t.end : p.end()]) for t in tests)
        for p in pieces
    ]
    for order in (range(len(pieces)), reversed(range(len(pieces)))):
        for n in order:
            m = LISTED.fullmatch(text, *pieces[n].span())
            beside = any(0 <= k < len(pieces) and sure[k] for k in (n - 1, n + 1))
            if m is None or sure[n] or not beside or _is_no_name(m["name"]):
                continue
            name = Name(*m.span("name"), "lab", _code(m["name"]))
            if any(_meet(name, o) for o in sentence.names):
                continue
            sure[n] = True
            yield name


def _has_result(rest: str) -> bool:
    return (
        RANGE.search(rest) is not None
        or re.match(
            rf"\s*[:=]?\s*(?:{COMPARATOR}\s*)?\d|\s*[:=]?\s*(?:neg|pos|normal|non-?react)",
            rest,
            re.I,
        )
        is not None
    )
