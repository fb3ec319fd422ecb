"""What people may correct: the columns of the tables, and what a cell of each may say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pipeline.lexicon import Lexicon
from pipeline.normalize.labs import NOT_OF_RESULTS, word_of
from pipeline.notation import amounts, dates
from pipeline.quantities import DateRange
from pipeline.schema import About, Assertion, Standing, TableName

# Above it nothing of the tables can be measured.
LARGEST = 1e12
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?", re.IGNORECASE)
# A result that is neither number nor word: 1:160, 2+, 0-2.
GRADED = re.compile(
    r"[<>]?=?\s*1:[0-9]{1,6}|[1-4]\+|trace|none|[0-9]{1,4}\s*-\s*[0-9]{1,4}", re.IGNORECASE
)
SIGN = re.compile(r"\s*(<=|>=|<|>)?\s*")
# What findings may say whose value criteria weigh; of all others it is the words of the text.
STUDY = r"abnormal|normal|pending|not_done"
VALUES: Mapping[str, str] = {
    **dict.fromkeys(("emg", "mri", "biopsy", "pft", "echocardiogram"), STUDY),
    "muscle_strength": r"[0-5][+-]?(?:/5)?",
    "ctcae_grade": r"[0-5]",
    "weight": r"[0-9]{1,3}(?:\.[0-9]+)?",
    "age": r"[0-9]{1,3}",
}


class WrongCell(ValueError):
    """A cell that means nothing; says why, without quoting it."""


class Column(NamedTuple):
    """A column that people may correct.

    Attributes:
        read: The value of a cell that is not empty, and how it is written; raises WrongCell.
        needed: A row cannot do without it.
        words: All that it may say, where these are few.
    """

    read: Callable[[str, Lexicon], tuple[Any, str]]
    needed: bool = False
    words: tuple[str, ...] = ()


def _number(text: str, _: Lexicon) -> tuple[float, str]:
    if not NUMBER.fullmatch(text):
        raise WrongCell("not a number")
    value = float(text)
    if abs(value) > LARGEST:
        raise WrongCell("not a number that can be measured")
    return value, plain_number(value)


def _amount(text: str, lexicon: Lexicon) -> tuple[float, str]:
    value, written = _number(text, lexicon)
    if value < 0:
        raise WrongCell("less than nothing")
    return value, written


def _result(text: str, lexicon: Lexicon) -> tuple[str, str]:
    """A number, perhaps after a sign of comparison, or one of the words for results."""
    if not word_of(text) and not GRADED.fullmatch(text):
        sign = SIGN.match(text)
        try:
            _number(text[sign.end() if sign else 0 :], lexicon)
        except WrongCell:
            why = "neither a number that can be measured nor a word such as negative or pending"
            raise WrongCell(why) from None
    return text, text


def _result_unit(text: str, lexicon: Lexicon) -> tuple[str, str]:
    unit = lexicon.unit(text)
    if unit is None or unit.dimension in NOT_OF_RESULTS:
        raise WrongCell("not a unit of results in models/lexicon/units.csv")
    return unit.ucum, unit.ucum


def _dose_unit(text: str, lexicon: Lexicon) -> tuple[str, str]:
    if lexicon.unit(text) is None:
        raise WrongCell("not a unit of models/lexicon/units.csv")
    short = amounts.SHORT_UNITS.get(text.casefold(), text)
    return short, short


def _whole(text: str, lexicon: Lexicon) -> tuple[int, str]:
    value, _ = _amount(text, lexicon)
    if not value.is_integer():
        raise WrongCell("not a whole number of days")
    return int(value), str(int(value))


_DAY = r"\d{4}(-\d{1,2}){0,2}|\d{1,2}/\d{1,2}/(\d\d|\d{4})"


def _day(text: str, _: Lexicon) -> tuple[DateRange, str]:
    if not re.fullmatch(_DAY, text, re.ASCII):
        raise WrongCell("not a date such as 2026-03-09, 2026-03 or 2026")
    when = dates.parse(text)
    if when is None or not when.iso:
        raise WrongCell("not a date of the calendar")
    return when, when.iso


def _text(text: str, _: Lexicon) -> tuple[str, str]:
    if not text.isprintable():
        raise WrongCell("holds characters that cannot be printed")
    return text, text


def _key(text: str, lexicon: Lexicon) -> tuple[str, str]:
    return _one_of(*sorted(lexicon.findings))(text, lexicon)


def _ingredient(text: str, lexicon: Lexicon) -> tuple[str, str]:
    drug = lexicon.drug(text)
    if drug is None and lexicon.drug_class(text) is None:
        raise WrongCell("not a drug of models/lexicon/drugs.csv")
    name = drug.ingredient if drug is not None else text.casefold()
    return name, name


def _analyte(text: str, lexicon: Lexicon) -> tuple[str, str]:
    test = lexicon.labs.get(text) or lexicon.lab(text.replace("_", " "))
    if test is None:
        raise WrongCell("not a test of models/lexicon/labs.csv")
    return test.analyte, test.analyte


def _code(text: str, _: Lexicon) -> tuple[str, str]:
    code = text.upper()
    if not re.fullmatch(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?", code):
        raise WrongCell("not an ICD-10-CM code such as M33.20")
    return code, code


def _one_of(*words: str) -> Callable[[str, Lexicon], tuple[str, str]]:
    def read(text: str, _: Lexicon) -> tuple[str, str]:
        word = "_".join(text.casefold().split())
        if word not in words:
            raise WrongCell(f"none of: {', '.join(words)}")
        return word, word

    return read


def _words(*words: str, needed: bool = False) -> Column:
    return Column(_one_of(*words), needed, words)


def check_finding(finding: str, value: str) -> None:
    """Raise WrongCell for a value that no finding of this kind can have."""
    if value and finding in VALUES and not re.fullmatch(VALUES[finding], value):
        raise WrongCell("not a value of this finding, such as 4-/5, abnormal, normal or 70")


_ASSERTION = _words(*(assertion.value for assertion in Assertion), needed=True)
# Whom a fact is about and how it stands; only what is stated of the patient decides.
_WHOSE: Mapping[str, Column] = {
    "about": _words(*(about.value for about in About), needed=True),
    "standing": _words(*(standing.value for standing in Standing), needed=True),
}
# What an added row says unless it says otherwise.
USUAL = frozenset({"assertion", "outcome", "about", "standing"})
CORRECTABLE: Mapping[TableName, Mapping[str, Column]] = {
    "medications": {
        "assertion": _ASSERTION,
        "ingredient": Column(_ingredient, needed=True),
        "product": Column(_text),
        "dose_value": Column(_amount),
        "dose_unit": Column(_dose_unit),
        "route": Column(_text),
        "frequency": Column(_text),
        "daily_dose_mg": Column(_amount),
        "duration_days": Column(_whole),
        "start_date": Column(_day),
        "stop_date": Column(_day),
        "status": _words("current", "past", "requested", "planned", "not_taken"),
        "outcome": _words(
            *("failed", "intolerant", "contraindicated", "partial_response", "responded"),
            "unknown",
            needed=True,
        ),
        "outcome_reason": Column(_text),
        **_WHOSE,
    },
    "labs": {
        "assertion": _ASSERTION,
        "analyte": Column(_analyte, needed=True),
        "value": Column(_result),
        "comparator": _words("<", "<=", ">", ">="),
        "unit": Column(_result_unit),
        "ref_low": Column(_number),
        "ref_high": Column(_number),
        "ratio_to_uln": Column(_amount),
        "interpretation": _words(
            "positive", "negative", "indeterminate", "high", "low", "normal", "pending"
        ),
        "collected_date": Column(_day),
        **_WHOSE,
    },
    "diagnoses": {
        "assertion": _ASSERTION,
        "name": Column(_text, needed=True),
        "icd10": Column(_code),
        **_WHOSE,
    },
    "findings": {
        "assertion": _ASSERTION,
        "finding": Column(_key, needed=True),
        "value": Column(_text),
        "unit": Column(_dose_unit),
        "site": Column(_text),
        "date": Column(_day),
        **_WHOSE,
    },
}
SUBJECT: Mapping[TableName, str] = {
    "medications": "ingredient",
    "labs": "analyte",
    "diagnoses": "name",
    "findings": "finding",
}


def plain_number(value: float) -> str:
    """A number as the CSV files have it."""
    return str(int(value)) if value.is_integer() else repr(value)
