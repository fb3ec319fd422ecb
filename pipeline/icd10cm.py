"""The code set of ICD-10-CM: categories and codes with their titles and terms.

It is that of `simple_icd_10_cm` (its tabular list; docs/measurements.md names the edition), which
takes seconds to load: what is asked of it is kept compiled. Codes may stand without their dot.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import metadata
from typing import NamedTuple

from pipeline.compiled import compiled

CATEGORY = 3  # characters before the dot


class CodeSet(NamedTuple):
    """Attributes:
    titles: By category or code, in the order of the tabular list.
    terms: Inclusion terms and "includes" notes, of what has any.
    extended: Codes that only add a seventh character, for the episode of care.
    """

    titles: Mapping[str, str]
    terms: Mapping[str, tuple[str, ...]]
    extended: frozenset[str]


@cache
def code_set() -> CodeSet:
    """The whole of it."""
    return compiled("icd10cm", metadata.version("simple-icd-10-cm"), _read)


def _read() -> CodeSet:
    import simple_icd_10_cm as icd  # reads the whole tabular list when it is imported

    codes = [c for c in icd.get_all_codes(True) if icd.is_category(c) or icd.is_subcategory(c)]
    terms = {c: (*icd.get_inclusion_term(c), *icd.get_includes(c)) for c in codes}
    return CodeSet(
        {code: str(icd.get_description(code)) for code in codes},
        {code: told for code, told in terms.items() if told},
        frozenset(code for code in codes if icd.is_extended_subcategory(code)),
    )


def _dotted(code: str) -> str:
    plain = "." not in code and len(code) > CATEGORY
    return f"{code[:CATEGORY]}.{code[CATEGORY:]}" if plain else code


def is_code(code: str) -> bool:
    """Whether this is a category or a code of the set."""
    return _dotted(code) in code_set().titles


def title_of(code: str) -> str:
    """The title of a category or code, '' of what is none."""
    return code_set().titles.get(_dotted(code), "")


def codes_under(code: str) -> list[str]:
    """The codes below a category or code."""
    return [one for one in code_set().titles if one.startswith(code) and one != code]
