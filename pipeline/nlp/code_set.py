"""ICD-10-CM as names: what the code set calls each disease, and what our own table adds.

Names are compared folded: case, accents, hyphens, possessives, plurals, British spelling
and Roman numerals of types and stages make no difference, the order of the words does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from pipeline.icd10cm import code_set, title_of

# What a diagnosis of a patient in such a packet may be. Left out: pregnancy (O) and the newborn (P),
# whose terms leave out what the chapter says; injuries and poisoning (S, T), which need the episode
# of care; external causes (V to Y); reasons for an encounter (Z), but for latent tuberculosis; and
# infarctions, strokes, emboli and thromboses, whose name in a list does not say whether they are
# past, when other codes hold (ICD-10-CM guidelines, section I.C.9).
DISEASES = re.compile(r"(?!I2[126]|I6[0-3]|I82|G45)[A-NQR]|U07\.1|U09|Z22\.7")
SYMPTOMS = re.compile(r"R")  # chapter 18: they may be named, but are no disease

# American spelling by British; a prefix that ends in o meets "oesophageal" once its hyphen is gone.
AMERICAN = {
    "oesoph": "esoph", "oede": "ede", "oestr": "estr", "rrhoe": "rrhe", "coel": "cel", "haem": "hem",
    "aem": "em", "caec": "cec", "paed": "ped", "tumour": "tumor", "fibre": "fiber", "colour": "color",
    "isation": "ization", "ising": "izing", "pnoe": "pne", "anaes": "anes",
}  # fmt: skip
BRITISH = re.compile(r"(?:(?<=o)|\b)oesoph|" + "|".join(k for k in AMERICAN if k != "oesoph"))
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
GRADED = re.compile(r"\b(type|stage|class|grade|bipolar) (iv|v|i{1,3})\b")


def fold_name(name: str) -> str:
    """The words of a name in the form in which they are compared, with single spaces."""
    text = unicodedata.normalize("NFKD", name.casefold())
    text = re.sub(r"[\u0300-\u036f]|['\u2019\u2018]s\b|['\u2019\u2018]", "", text)
    text = re.sub(r"(?<=\w)[-\u2010-\u2013](?=\w)", "", text)
    text = BRITISH.sub(lambda m: AMERICAN[m[0]], text)
    text = " ".join(_singular(word) for word in re.findall(r"[a-z0-9]+", text))
    return GRADED.sub(lambda m: f"{m[1]} {ROMAN[m[2]]}", text)


def _singular(word: str) -> str:
    """Without a plural ending; "pancreatitis", "lupus" and "illness" have none."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "is", "us"))
    return word[:-1] if plural else word


# Words that another code may hang on even where ICD-10-CM puts them in brackets as words that may
# be absent: "Hepatitis B (acute) (viral) NOS" is not what a chart means by hepatitis B.
ESSENTIAL = re.compile(r"\b(?:sub)?acute|chronic|secondary|acquired|congenital", re.I)
UNSPECIFIED = re.compile(r"(?:,?\s+(?:\(?NOS\)?|unspecified))$|^Unspecified\s+", re.IGNORECASE)


def wordings(term: str) -> Iterator[str]:
    """A title or inclusion term, and the ways to say it that its punctuation stands for.

    By the conventions of ICD-10-CM (section I.A of its guidelines) words in parentheses may be
    absent, brackets hold other wordings, and NOS means unspecified. A bracket counts only where it
    stands for the whole title: at its end and in small letters ("Varicella [chickenpox]").
    """
    bracket = re.search(r"\s\[([a-z][^\]]*)\]$", term)
    if bracket:
        yield bracket[1]
    plain = re.sub(r"\s*\[[^\]]*\]", "", term)
    short = plain
    for word in re.findall(r"\s*\([^)]*\)", plain):
        if not ESSENTIAL.search(word):
            short = short.replace(word, "", 1)
    for wording in dict.fromkeys((plain, short)):
        yield wording
        if UNSPECIFIED.search(wording):
            yield UNSPECIFIED.sub("", wording)


# Terms under "Other cysts of oral region" leave out the region, as the title has told it.
LEANS_ON_TITLE = re.compile(r"Other\b.*\b(?:of|in|due to|with|following|affecting)\b")
# What a title may claim and a wording leave out: "Asthma NOS" stands under "uncomplicated".
CLAIM = re.compile(
    r"\b(?:with|without|(?:un)?complicated|intractable|acute|subacute|chronic|single episode|recurrent|"
    r"initial|right|left|bilateral|unilateral|adult|juvenile|mild|moderate|severe|active|in remission)\b",
    re.IGNORECASE,
)


def names_of_codes() -> Iterator[tuple[str, str]]:
    """(wording, code) of all categories and codes in `DISEASES`, by code.

    A code whose title claims what a wording of it does not say gives way to the one above it.
    """
    whole = code_set()
    for code in whole.titles:
        if not DISEASES.match(code) or code in whole.extended:
            continue
        for wording in dict.fromkeys(_wordings_of(code)):
            backed = _backed(code, _claims(wording))
            if backed:
                yield wording, backed


def _backed(code: str, said: set[str]) -> str:
    """The code, or the nearest above it, whose title claims no more than was said; '' if none."""
    while code and _claims(title_of(code)) - said:
        code = code[:-1].rstrip(".") if len(code) > 3 else ""
    return code


def _claims(term: str) -> set[str]:
    """Words of a term that may not be added; those in parentheses may be absent."""
    return {claim.lower() for claim in CLAIM.findall(re.sub(r"\([^)]*\)", "", term))}


def _wordings_of(code: str) -> Iterator[str]:
    """All wordings of a code.

    A term "X NOS" tells where a coder puts what is only called X. It is a name of the code where the
    title says X too; "Arthritis NOS" under "Unspecified osteoarthritis" would be a guess.
    """
    title = title_of(code)
    yield from wordings(title)
    if LEANS_ON_TITLE.match(title):
        return
    told = set(fold_name(title).split())
    for term in code_set().terms.get(code, ()):
        for wording in wordings(term):
            if not UNSPECIFIED.search(term) or told.issuperset(fold_name(wording).split()):
                yield wording


def common_code(codes: Iterable[str]) -> str:
    """Of codes in one line of descent the one that claims least; '' where they part."""
    ordered = sorted(set(codes), key=lambda code: (len(code), code))
    if not ordered:
        return ""
    least = ordered[0]
    return least if all(code.startswith(least) for code in ordered) else ""
