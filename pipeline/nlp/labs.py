"""Laboratory results in prose: a test, and the values, ranges, flags and dates that belong to it."""

from __future__ import annotations

import re

from pipeline.nlp.lab_dates import add_dates
from pipeline.nlp.lab_grammar import COMPARATOR, WORDED
from pipeline.nlp.lab_tests import CONDITION, Group, Result, find_groups
from pipeline.nlp.lab_values import read_multiple, read_series, read_values
from pipeline.nlp.lab_words import read_words, word_before
from pipeline.nlp.language import Name
from pipeline.nlp.sentence import Sentence
from pipeline.schema import Mention

REACH = 110  # characters after a test within which its results stand


def find_labs(sentence: Sentence) -> list[Mention]:
    """Mentions of tests with a result; a test without one says nothing."""
    groups = find_groups(sentence)
    taken = 0
    for group in groups:
        _find_results(sentence, group, taken)
        taken = max([taken, *(r.end for r in group.results)])
    _share_units(sentence, groups)
    add_dates(sentence, groups)
    return [
        _mention(sentence, test, result)
        for group in groups
        for i, test in enumerate(group.tests)
        for result in (group.results[i : i + 1] if group.zipped else group.results)
    ]


def _mention(sentence: Sentence, test: Name, result: Result) -> Mention:
    parts = tuple(sentence.part(label, m, m.code) for label, m in result.parts)
    flags: dict[str, object] = {}
    tested = re.search(r"\b(?:screen|test)(?:ed|ing)?\s+for\b", sentence.text[: test.start], re.I)
    if tested and not CONDITION.search(sentence.text[: test.start]):
        flags["hypothetical"] = False  # "screened for tuberculosis with QuantiFERON: negative"
    return sentence.mention("lab", test.start, test.end, test.code, parts=parts, **flags)


def _find_results(sentence: Sentence, group: Group, taken: int) -> None:
    start, end = group.end, min(group.limit, group.end + REACH)
    if len(group.tests) > 1 and read_series(sentence, group, start, end):
        return
    results = read_values(sentence, start, end)
    if results and len(group.tests) > 1:
        signed = len(results) == 1 and re.match(rf"{COMPARATOR}|{WORDED}", _text(sentence, results[0]), re.I)
        slashed = "/" in sentence.text[group.tests[-2].end : group.tests[-1].start]
        if not signed:
            group.tests = [] if slashed else group.tests[-1:]
    results = results or read_multiple(sentence, start, end)
    before = word_before(sentence, group, taken)
    if results:
        if before is not None:
            results[0].add("word", before.start, before.end)
    else:
        results = read_words(sentence, start, end)
        if not results and before is not None and not _is_disease(sentence, group):
            results = [Result(before.start, group.end, [("value", before)])]
    group.results = results


def _is_disease(sentence: Sentence, group: Group) -> bool:
    """ "Elevated CK" without a number is a diagnosis: studies that link it, relatives that have it."""
    return any(n.kind == "diagnosis" and n.start < group.start < n.end for n in sentence.names)


def _text(sentence: Sentence, result: Result) -> str:
    return sentence.text[result.start : result.end]


def _share_units(sentence: Sentence, groups: list[Group]) -> None:
    """ "IgG 890, IgA 110, IgM 75 mg/dL": the unit of an enumeration stands at its end."""
    for group, following in zip(reversed(groups[:-1]), reversed(groups[1:]), strict=False):
        if len(group.results) != 1 or not following.results:
            continue
        unit = following.results[0].get("unit") or following.results[0].get("shared_unit")
        gap = sentence.text[group.results[0].end : following.start]
        if unit is not None and not group.results[0].has("unit") and re.fullmatch(r"[\s,/]*(?:and\s+)?", gap):
            group.results[0].parts.append(("shared_unit", unit))
