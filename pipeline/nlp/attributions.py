"""Drugs that a disease is attributed to, or said not to come from."""

from __future__ import annotations

import re

from pipeline.nlp.names import Name
from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match
from pipeline.schema import Mention

DOUBT = r"possibl\w+|probabl\w+|presum\w+|potential\w*|likely|may|might|could|suspect\w*|thought|concern\w*|question\w*"
RELATED = re.compile(
    r"[\s-]*(?:related|induced|associated|mediated|triggered|provoked)\s+(?:\w+\s+){0,2}",
    re.IGNORECASE,
)
FILLER = rf"(?:is|was|were|has|been|be|to|felt|believed|considered|judged|not|un|most|clearly|not\s+\w+|{DOUBT}|,)"
DUE_TO = re.compile(
    rf"\s*(?:{FILLER}\s*)*"
    r"(?:due\s+to|secondary\s+to|caused\s+by|induced\s+by|triggered\s+by|provoked\s+by|(?:attribut(?:ed|able)|put\s+down|ascribed|traced|laid|pinned|blamed)\s+(?:to|on)|because\s+of|"
    r"(?:un)?related\s+to|associated\s+with|from)\s+(?:\w+\s+){0,3}",
    re.IGNORECASE,
)
CAUSED = re.compile(
    r"\s*(?:therapy\s+|treatment\s+)?(?:(?:has|have|had|may|might|could|possibly|probably|likely|did|not)\s+)*(?:caused?|induced?|triggered?|provoked?)\s+(?:\w+\s+){0,2}",
    re.IGNORECASE,
)
# Only in time: an improvement or flare after a drug does not make the drug the cause.
AFTER = re.compile(
    r"\s*(?:(?:is|was|developed|arose|began|occurred|that)\s+)*(?:following|after)\s+(?:\w+\s+){0,4}",
    re.IGNORECASE,
)
DURING = re.compile(
    r"\s*(?:(?:\w+\s+){0,3})(?:developed|arose|began|started|occurred|onset|appeared|diagnosed|set\s+in|came\s+on)\b[^.;]{0,40}?\b(?:while\s+(?:on|taking|receiving)|during|after|following)\s+(?:\w+\s+){0,4}",
    re.IGNORECASE,
)
TREATED = re.compile(
    r"improv|respon[ds]|resol|remission|flare|relaps|recur|persist|worse|better|treat|refractory|despite|active|ongoing|fail|control|stable",
    re.IGNORECASE,
)
BEFORE_IT = re.compile(
    r"\s*(?:(?:long|clearly|was|is|that|which|diagnosis)\s+)*(?:predat\w+|preced\w+|antedat\w+|(?:began|arose|started|diagnosed|was\s+present)\s+(?:\w+\s+){0,3}before)\s+(?:\w+\s+){0,4}",
    re.IGNORECASE,
)
TO_IT = re.compile(
    r"[\s,]*(?:and|which|,)\s*(?:(?:is|was|has\s+been|been|clearly|therefore|thus|so|not|by\s+\w+)\s+)*"
    r"(?:(?:attributed|put\s+down|ascribed|traced|laid|pinned|blamed)\s+(?:to|on)|(?:due|secondary)\s+to|caused\s+by)\s+"
    r"(?:it|this|that|(?:the|this|that)\s+(?:drug|agent|infusion|antibody|treatment|therapy|medication))\b",
    re.IGNORECASE,
)
DENIAL = re.compile(r"\b(?:not|never|no|unrelated)\b", re.IGNORECASE)


def find_attributions(sentence: Sentence) -> list[Mention]:
    """A disease said to come from a drug, or not: "durvalumab-related myositis"."""
    drugs = [n for n in sentence.names if n.kind in ("drug", "drug_class")]
    diseases = [n for n in sentence.names if n.kind == "diagnosis"]
    found = []
    for drug in drugs:
        for disease in diseases:
            first, second = sorted((drug, disease), key=lambda n: n.start)
            link = _link(sentence, first.end, second.start, second.end, drug is first)
            if link is not None:
                found.append(_attribution(sentence, drug, disease, link))
    return found


def _link(sentence: Sentence, start: int, end: int, after: int, drug_first: bool) -> str | None:
    """What the words between a drug and a disease say: affirmed, negated, possible or nothing.

    `after` is where the second of the two names ends: "... after nivolumab, and is put down to it".
    """
    gap = sentence.text[start:end]
    if start > end or re.search(r"[.;]", gap):
        return None
    if drug_first:
        if not (RELATED.fullmatch(gap) or CAUSED.fullmatch(gap)):
            return None
    elif BEFORE_IT.fullmatch(gap):
        return "negated"
    elif not DUE_TO.fullmatch(gap):
        if TREATED.search(sentence.text):
            return None
        if AFTER.fullmatch(gap):
            return "affirmed"
        if DURING.fullmatch(gap) is None:
            return None
        blamed = TO_IT.match(sentence.text, after)
        return "affirmed" if blamed and not DENIAL.search(blamed[0]) else "possible"
    if DENIAL.search(gap):
        return "negated"
    return "possible" if re.search(rf"\b(?:{DOUBT})\b", gap, re.IGNORECASE) else "affirmed"


def _attribution(sentence: Sentence, drug: Name, disease: Name, link: str) -> Mention:
    mention = sentence.mention(
        "finding",
        min(drug.start, disease.start),
        max(drug.end, disease.end),
        "drug_attribution",
        parts=(
            sentence.part("drug", Match(drug.start, drug.end, "drug", drug.code)),
            sentence.part("disease", Match(disease.start, disease.end, "disease", disease.code)),
        ),
    )
    # How the drug was taken ("her prior nivolumab") says nothing of the link.
    return mention.model_copy(
        update={
            "negated": mention.negated or link == "negated",
            "possible": mention.possible or link == "possible",
            "historical": False,
        }
    )
