"""ICD-10-CM: which codes there are, and their titles.

From the files of the package simple-icd-10-cm (the edition that it ships: the tabular list of the
National Center for Health Statistics and the list of valid codes). The package itself builds a
tree of all notes when it is imported, which takes each new worker two seconds; only the titles
are needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

from pipeline.errors import ToolMissing


def title(code: str) -> str:
    """The title of a category or code, written with or without its dot; '' of what is none."""
    dotted = f"{code[:3]}.{code[3:]}" if code[3:] and code[3] != "." else code
    return _titles().get(dotted, "")


@cache
def _titles() -> Mapping[str, str]:
    package = find_spec("simple_icd_10_cm")
    folders = package.submodule_search_locations if package else None
    data = Path(next(iter(folders or ()), "")) / "data"
    try:
        (tabular,), (listed,) = data.glob("icd10c-tabular-*.xml"), data.glob("code-list-*.txt")
    except ValueError as error:
        raise ToolMissing("no codes of ICD-10-CM: install simple-icd-10-cm") from error
    valid = set(listed.read_text(encoding="utf-8").split())
    found: dict[str, str] = {}
    for section in ElementTree.parse(tabular).iter("section"):
        for category in section.iterfind("diag"):
            found.update(_below(category, {}, valid))
    return found


def _below(
    diag: ElementTree.Element, letters: Mapping[str, str], valid: set[str]
) -> Iterator[tuple[str, str]]:
    """Codes and titles of an entry and of all under it.

    Args:
        letters: Seventh characters that the entries above ask for, and what each means. They are
            added to codes that have no finer ones, after as many X as it takes; the list of valid
            codes says which of these there are.
    """
    code, name = diag.findtext("name", ""), diag.findtext("desc", "")
    own = diag.iterfind("sevenChrDef/extension")
    letters = {e.attrib["char"]: e.text or "" for e in own} or letters
    yield code, name
    finer = diag.findall("diag")
    for entry in finer:
        yield from _below(entry, letters, valid)
    if not finer:
        stem = f"{code}.".ljust(7, "X") if len(code) == 3 else code.ljust(7, "X")
        for letter, meaning in letters.items():
            if (stem + letter).replace(".", "") in valid:
                yield stem + letter, f"{name}, {meaning}"
