"""Lab mentions -> results: one for each analyte, value and date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from pipeline.lexicon import LabTest, models_dir, read_table
from pipeline.normalize.reading import RANK, Reading, assertion_of, best_first, part
from pipeline.notation import dates, numbers, results
from pipeline.quantities import DateRange
from pipeline.schema import Assertion, LabResult, Mention, Page, PageKind, Place

Panels = Mapping[str, tuple[str, ...]]

DENIED = r"(?:not|never|no\s+longer)\s.*"
WORDS = (
    ("pending", r"pending|ordered|awaited|awaiting|outstanding|in\s+pro(?:cess|gress)|to\s+follow|to\s+be\s+drawn|qns|tnp|test\s+not\s+performed|quantity\s+not\s+sufficient|cancel+ed|"
     r"(?:not|never)\s+(?:yet\s+|been\s+)*(?:done|drawn|sent|obtained|available|performed|resulted|back|returned|received)"),
    ("negative", rf"{results.NON_REACTIVE}|undetect\w*|neg(?:ative)?|\(\s?[-\u2212\u2013]\s?\)|{DENIED}(?:reactive|detected|positive)"),
    ("indeterminate", r"indeterminate|borderline|equivocal|invalid"),
    ("positive", r"reactive|pos(?:itive)?|detected|immune|\+|\(\s?\+\s?\)"),
    ("normal", rf"normal(?:i[sz]ed)?|unremarkable|within\s+(?:the\s+)?normal\s+(?:limits|range)|wnl|{DENIED}(?:elevated|high)"),
    ("high", r"elevated|high"),
    ("low", r"low"),
)  # fmt: skip
OF_RANGE = r"(?:\s+(?:the\s+)?(?:normal|reference)?\s*(?:range|limits?|normal)?)?"
FLAGS = (
    ("high", rf"\*?\s*\(?(?:HH?|HI|high|crit\w*\s*h\w*|above{OF_RANGE})\*?\)?\*?|\u2191+"),
    ("low", rf"\*?\s*\(?(?:LL?|LO|low|below{OF_RANGE})\*?\)?\*?|\u2193+"),
    ("normal", rf"\(?normal\)?|N|(?:with)?in{OF_RANGE}"),
)
LIMITS = ("range", "low_limit", "high_limit")
# Kinds of unit that no result is given in: amounts of a drug.
NOT_OF_RESULTS = {
    "mass",
    "volume",
    "dose_form",
    "mass_per_weight",
    "mass_rate",
    "mass_per_weight_rate",
    "mass_per_area",
}


@dataclass
class Draft:
    """A result while its statements are joined."""

    analyte: str
    value: float | None
    value_text: str
    comparator: str
    unit: str
    low: float | None
    high: float | None
    ratio: float | None
    interpretation: str
    collected: DateRange | None
    assertion: Assertion
    stated: DateRange
    doubtful: bool
    stands: bool = True  # two readings say that it is stated of the patient
    places: list[Place] = field(default_factory=list)
    table: bool = False


def build_labs(
    mentions: list[Mention], reading: Reading, panels: Panels | None = None
) -> list[LabResult]:
    """All results of a submission; what is said of a panel is said of its tests."""
    panels = load_panels(models_dir()) if panels is None else panels
    told = [m for m in mentions if m.label == "lab"]
    several = _several_days(mentions, reading)
    drafts = [d for m in told for d in _members(_draft(m, reading, several), panels)]
    # Tables first: they carry range, unit and date, and prose repeats them; of tables that say
    # the same, the laboratory's own before what was copied from it.
    drafts.sort(
        key=lambda d: (not d.table, dates.width(d.collected), RANK.get(d.places[0].page_kind, 9))
    )
    joined: list[Draft] = []
    for draft in drafts:
        same = next((j for j in joined if _same(j, draft)), None)
        if same is None:
            joined.append(draft)
        else:
            _join(same, draft)
    return [_result(d, reading) for d in joined]


@cache
def load_panels(models: Path) -> Panels:
    """The tests of each panel, by the rows of `panels.csv`."""
    rows = read_table(models / "lexicon" / "panels.csv")
    return {row["panel"]: tuple(row["analytes"].split("|")) for _, row in rows}


def _members(draft: Draft | None, panels: Panels) -> list[Draft]:
    """A negative or pending panel says so of each of its tests; a positive one not of which."""
    if draft is None:
        return []
    members = panels.get(draft.analyte, ())
    if not members or draft.interpretation not in ("negative", "pending"):
        return [draft]
    return [replace(draft, analyte=analyte, places=list(draft.places)) for analyte in members]


def word_of(text: str) -> str:
    """The interpretation that a qualitative word means, '' if it is none."""
    return next((name for name, pattern in WORDS if re.fullmatch(pattern, text.strip(), re.I)), "")


def _several_days(mentions: list[Mention], reading: Reading) -> set[int]:
    """Where the pages begin that print several days of collection: none of them is the page's."""
    days: dict[int, set[str]] = {}
    for m in mentions:
        found = reading.day(m) if m.label == "date" and m.code == "collected" else None
        if found is not None:
            days.setdefault(reading.page(m).start, set()).add(found.iso)
    return {page for page, found in days.items() if len(found) > 1}


def _draft(mention: Mention, reading: Reading, several: set[int]) -> Draft | None:
    value_part, flag, word = part(mention, "value"), part(mention, "flag"), part(mention, "word")
    value, sign, text, interpretation = None, "", "", ""
    unit = _unit(mention, reading)
    if value_part is not None:
        text = value_part.text
        said = value_part.code in ("pending", "positive", "negative")
        interpretation = value_part.code if said else word_of(text)
        if value_part.code.isdigit():  # a number in words
            value = float(value_part.code)
        elif not interpretation:
            sign = results.comparator(text)
            value, unit = _value(text, unit, reading.lexicon.labs.get(mention.code))
            if _is_dose(unit, mention, reading):
                return None
    if word is not None:
        interpretation = word_of(word.text) or interpretation
    low, high = _range(mention)
    if flag is not None and not interpretation:
        interpretation = next((n for n, p in FLAGS if re.fullmatch(p, flag.text.strip(), re.I)), "")
    ratio_part = part(mention, "ratio")
    ratio = numbers.number(ratio_part.text) if ratio_part is not None else None
    if ratio_part is not None and not text:
        text, sign = ratio_part.text, results.comparator(ratio_part.text)
    if value is None and not interpretation and ratio is None:
        return None
    test = reading.lexicon.labs.get(mention.code)
    if (
        interpretation in ("positive", "negative")
        and test is not None
        and test.kind == "quantitative"
    ):
        return None  # "CD8+ infiltrate", "urine: glucose negative"
    if not interpretation and value is not None:
        interpretation = against_range(value, sign, low, high)
        printed = part(mention, "range")
        if printed is not None and results.bounds_negative(printed.text):
            # From the bound on it may be positive or still open: a person has to say.
            interpretation = (
                "negative" if interpretation == "normal" and value != high else "indeterminate"
            )
    if not interpretation and mention.code == "tst" and value is not None and unit == "mm":
        interpretation = of_induration(value, sign)
    if (
        not interpretation
        and ratio is not None
        and ratio > 1
        and ratio_part is not None
        and not results.comparator(ratio_part.text).startswith("<")
    ):
        interpretation = "high"  # "12 times the upper limit"
    collected = reading.when(part(mention, "date"), mention)
    if (
        collected is None or collected.iso in reading.births
    ):  # which stands in a head beside the name
        collected = _page_collected(mention, reading, several)
    flagged = interpretation in ("high", "low") and flag is not None
    labels = (
        ("value", "ratio")
        if flagged or (low is None and high is None)
        else ("value", "ratio", *LIMITS)
    )
    read = [p for p in mention.parts if p.label in labels]
    if not re.search("[A-Za-z]", mention.text):
        read.append(mention)  # a name that was misread is as doubtful as its letters
    return Draft(
        analyte=_counted(mention.code, value, unit, reading),
        value=value,
        value_text=text,
        comparator=sign,
        unit=unit,
        low=low,
        high=high,
        ratio=ratio,
        interpretation=interpretation,
        collected=collected,
        assertion=_assertion(mention, interpretation),
        stated=reading.written(mention),
        doubtful=reading.doubtful(*read) or "value" in mention.doubted,
        stands="standing" not in mention.doubted,
        places=[reading.place(mention)],
        table=mention.origin == "table",
    )


def _counted(analyte: str, value: float | None, unit: str, reading: Reading) -> str:
    """The count of cells where a share of them is named with a unit that only the count has."""
    own, count = (reading.lexicon.labs.get(a) for a in (analyte, f"{analyte}_absolute"))
    if value is None or not unit or own is None or count is None:
        return analyte
    return count.analyte if unit not in own.units and unit in count.units else analyte


def _assertion(mention: Mention, interpretation: str) -> Assertion:
    """ "No" before a test denies its result, which the interpretation already says."""
    found = assertion_of(mention)
    if found in (Assertion.NEGATED, Assertion.HISTORICAL, Assertion.POSSIBLE):
        return Assertion.AFFIRMED
    return found


def _range(mention: Mention) -> tuple[float | None, float | None]:
    """The reference range, printed in one place or as two limits."""
    cell, low, high = (part(mention, label) for label in LIMITS)
    if cell is not None:
        return results.reference_range(cell.text)
    return (numbers.number(low.text) if low else None, numbers.number(high.text) if high else None)


def _value(text: str, unit: str, test: LabTest | None) -> tuple[float | None, str]:
    """The number of a printed value, and its unit where the value implies one.

    "1:160" is a titer of 160; "2.3K" is 2300, but "245K" platelets are 245 thousand per uL.
    """
    titer = re.fullmatch(r"\D*1\s?:\s?(\d+)", text)
    if titer:
        return float(titer[1]), "{titer}"
    value = numbers.number(text.replace(" ", "") if results.THOUSANDS.fullmatch(text) else text)
    if value is not None and re.search(r"\d\s?k$", text, re.IGNORECASE):
        if test is not None and "10*3/uL" in test.units and value < 1000:
            return value, "10*3/uL"
        return value * 1000, unit
    return value, unit


def _unit(mention: Mention, reading: Reading) -> str:
    """The UCUM code of the printed unit; of one that other results share, only if it fits."""
    own, shared = part(mention, "unit"), part(mention, "shared_unit")
    if own is not None:
        return _ucum(own.text, mention, reading)
    test = reading.lexicon.labs.get(mention.code)
    code = reading.lexicon.ucum(shared.text.strip()) if shared is not None else ""
    return code if test is not None and code in test.units else ""


def _is_dose(unit: str, mention: Mention, reading: Reading) -> bool:
    """Whether a unit is one of doses or changes, not of results: "calcium 600 mg", "CK fell 50 %"."""
    test, known = reading.lexicon.labs.get(mention.code), reading.lexicon.unit(unit)
    if known is None or test is None or known.ucum in test.units or not test.units:
        return False
    return known.dimension in NOT_OF_RESULTS or known.ucum == "%"


def _ucum(text: str, mention: Mention, reading: Reading) -> str:
    """The UCUM code; on a recognised page, the nearest unit of the test is meant."""
    clean = text.strip(" .*|")
    known = reading.lexicon.unit(clean)
    test = reading.lexicon.labs.get(mention.code)
    cut_short = (
        known is not None
        and known.dimension == "mass_rate"
        and test is not None
        and known.ucum not in test.units
    )
    # A volume is no result: "UL" is what a fax left of "U/L", "mL" of "m/L".
    lost_stroke = (
        known is not None
        and known.dimension == "volume"
        and mention.origin == "table"
        and reading.page(mention).origin == "ocr"
    )
    if known is not None and not cut_short and not lost_stroke:  # "g/d": left of "g/dL"
        return known.ucum
    if test is not None and reading.page(mention).origin == "ocr":
        whole = [u for u in test.units if cut_short and u.lower().startswith(clean.lower())]
        if len(whole) == 1:
            return whole[0]
        near = sorted((_distance(clean.lower(), u.lower()), u) for u in test.units if len(u) > 2)
        if near and near[0][0] <= MISREAD and near[0][0] < min([d for d, _ in near[1:]], default=9):
            return near[0][1]
    return known.ucum if known is not None else clean


MISREAD = 2  # letters of a unit that a recogniser may get wrong


def _distance(a: str, b: str) -> int:
    """Letters to put in, leave out or replace (Levenshtein 1966)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]


def against_range(value: float, sign: str, low: float | None, high: float | None) -> str:
    """Where a value stands in the laboratory's own printed range; '' where its sign leaves it open."""
    below, above = sign in ("<", "<="), sign in (">", ">=")
    if high is not None and not below and (value > high or (value == high and sign == ">")):
        return "high"
    if low is not None and not above and (value < low or (value == low and sign == "<")):
        return "low"
    if low is None and high is None:
        return ""
    if below:
        return "normal" if not low and high is not None and value <= high else ""
    if above:
        return "normal" if high is None and low is not None and value >= low else ""
    return "normal"


# Induration of a tuberculin skin test in mm: below 5 it is negative in everybody, from 15 on
# positive in everybody; between them that depends on the patient's risks (CDC, Core Curriculum on
# Tuberculosis, 7th edition 2021, chapter 3).
NEGATIVE_BELOW, POSITIVE_FROM = 5.0, 15.0


def of_induration(millimetres: float, sign: str) -> str:
    """What a tuberculin skin test of so many millimetres means in any patient; '' where risks decide."""
    if millimetres < NEGATIVE_BELOW and not sign.startswith(">"):
        return "negative"
    if millimetres >= POSITIVE_FROM and not sign.startswith("<"):
        return "positive"
    return ""


def _page_collected(mention: Mention, reading: Reading, several: set[int]) -> DateRange | None:
    """The date of collection that a laboratory page prints in its head, if it is the only one."""
    page: Page = reading.page(mention)
    if page.start in several:
        return None
    if mention.origin != "table" and page.kind is not PageKind.LABORATORY:
        return None
    return reading.page_dates.get(page.start, {}).get("collected")


def _same(a: Draft, b: Draft) -> bool:
    if a.analyte != b.analyte or a.assertion is not b.assertion:
        return False
    if not dates.compatible(a.collected, b.collected):
        return False
    if a.value is not None and b.value is not None:
        return abs(a.value - b.value) < 1e-9 and (not a.unit or not b.unit or a.unit == b.unit)
    if (a.value is None) != (b.value is None) and (a.ratio is not None or b.ratio is not None):
        return _fits_ratio(a, b) if a.value is not None else _fits_ratio(b, a)
    if (a.value is None) != (b.value is None) and a.interpretation == b.interpretation:
        return a.interpretation in ("high", "low", "normal")  # "CK was high" repeats a result
    if a.value is None and b.value is None:
        if a.ratio is not None or b.ratio is not None:
            return a.ratio == b.ratio
        return a.interpretation == b.interpretation
    return False


def _fits_ratio(result: Draft, told: Draft) -> bool:
    """Whether "> 15 x ULN" is said of a result, by the result's own range."""
    if told.ratio is None or told.value is not None or result.value is None or not result.high:
        return False
    ratio = result.value / result.high
    sign = results.comparator(told.value_text)
    return (
        ratio >= told.ratio and ratio < 1.5 * told.ratio
        if sign.startswith(">")
        else abs(ratio - told.ratio) <= 0.1 * told.ratio
    )


def _join(kept: Draft, other: Draft) -> None:
    kept.places += other.places
    kept.doubtful = kept.doubtful and other.doubtful
    kept.stands = kept.stands or other.stands
    kept.unit = kept.unit or other.unit
    if kept.low is None and kept.high is None:
        kept.low, kept.high = other.low, other.high
    if kept.ratio is None and kept.value is None:
        kept.ratio = other.ratio
    kept.interpretation = kept.interpretation or other.interpretation
    if dates.width(other.collected) < dates.width(kept.collected):
        kept.collected = other.collected


def _result(d: Draft, reading: Reading) -> LabResult:
    test = reading.lexicon.labs.get(d.analyte)
    ratio = d.ratio
    if ratio is None and d.value is not None and d.high:
        ratio = round(d.value / d.high, 4)
    implausible = (
        d.value is not None
        and test is not None
        and (
            (test.high is not None and d.value > test.high)
            or (test.low is not None and d.value < test.low)
        )
        and (not d.unit or d.unit in test.units[:1])
    )
    return LabResult(
        id=reading.row_id(
            "lab",
            d.analyte,
            d.value_text or d.ratio,
            d.collected.iso if d.collected else "",
            d.places[0].page,
        ),
        assertion=d.assertion,
        doubtful=d.doubtful or implausible or _contradicted(d),
        doubted=() if d.stands else ("standing",),
        stated=d.stated,
        places=tuple(dict.fromkeys((d.places[0], *best_first(d.places)))),
        analyte=d.analyte,
        loinc=test.loinc if test is not None else "",
        value=d.value,
        value_text=d.value_text,
        comparator=d.comparator,
        unit=d.unit,
        ref_low=d.low,
        ref_high=d.high,
        ratio_to_uln=ratio,
        interpretation=d.interpretation,
        collected=d.collected,
    )


def _contradicted(d: Draft) -> bool:
    """Whether flag or word and the printed range cannot both be read right."""
    if d.value is None or d.interpretation not in ("high", "low", "normal"):
        return False
    placed = against_range(d.value, d.comparator, d.low, d.high)
    return bool(placed) and placed != d.interpretation
