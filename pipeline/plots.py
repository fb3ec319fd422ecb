"""Treatments over time, and results against what decides them, as shapes that a template draws.

Lengths are in units of the drawing, `WIDTH` across; x grows with time, y downwards. What is shown is
what was read, never more: an end that was counted from a stated length is `counted`, one that
nobody states is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pydantic import BaseModel

from pipeline.criteria import Policy
from pipeline.criteria.dosed_trial import DosedTrial
from pipeline.criteria.drug_trial import DrugTrial
from pipeline.criteria.pathways import CombinationFailure
from pipeline.criteria.results import LabRatio, LabValues
from pipeline.quantities import DateRange
from pipeline.schema import STANDS, About, Assertion, Case, FactBase, LabResult, Medication

WIDTH = 920.0
LEFT, RIGHT = 150.0, 16.0  # the names of rows; room for the last label
ROW, BARS, HEAD = 58.0, 30.0, 22.0  # a row; the tallest bar in it; above the first row
LETTER = 6.2  # width of a letter of a label
CHART, FOOT = 170.0, 24.0  # height of a chart of results; of the dates below
LONGEST = 3 * 366  # days before the request that are shown

OUTCOMES: Mapping[str, tuple[str, str]] = {
    "failed": ("✗", "failed"),
    "intolerant": ("!", "not tolerated"),
    "contraindicated": ("–", "contraindicated"),
    "partial_response": ("~", "partial response"),
    "responded": ("✓", "responded"),
    "unknown": ("", ""),
}


@dataclass(frozen=True)
class Bar:
    """A treatment episode: its height is its dose, as a share of the highest in its row.

    Attributes:
        start_sure, end_sure: Stated as a day; else counted from a stated length, or only a month.
        disputed: The packet contradicts itself on it.
        open: Nobody states when it ended, or for how long it was taken.
        label: What fits on it; `says` is all of it.
    """

    x: float
    top: float
    width: float
    height: float
    start_sure: bool
    end_sure: bool
    open: bool
    disputed: bool
    outcome: str
    sign: str
    label: str
    says: str
    row_id: str


@dataclass(frozen=True)
class Need:
    """How long a treatment has to be taken, drawn from where it began."""

    x: float
    y: float
    width: float
    label: str


@dataclass(frozen=True)
class Track:
    """One drug."""

    name: str
    base: float
    bars: tuple[Bar, ...]
    need: Need | None


@dataclass(frozen=True)
class Tick:
    """A label of an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Together:
    """When treatments of two groups were both taken, as far as days are known."""

    x: float
    width: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """Treatments over time; `undated` are those of which no day is known."""

    height: float
    tracks: tuple[Track, ...]
    ticks: tuple[Tick, ...]
    together: Together | None
    request: Tick | None
    undated: tuple[str, ...]


@dataclass(frozen=True)
class Point:
    """A result; `sign` is `met`, `not_met` or '' where it bears no range of its own."""

    x: float
    y: float
    label: str
    anchor: str
    sign: str
    says: str


@dataclass(frozen=True)
class Span:
    """A stretch of an axis, between two edges."""

    low: float
    high: float
    label: str


@dataclass(frozen=True)
class Chart:
    """Results of one test over time, against a bound and a window.

    Attributes:
        usual: Of each printed range: x from and to, and y of its ends.
        bounds: Of each printed range: x from and to, and y of what is needed.
    """

    title: str
    unit: str
    height: float
    bottom: float
    points: tuple[Point, ...]
    usual: tuple[tuple[float, float, float, float], ...]
    bounds: tuple[tuple[float, float, float], ...]
    bound_label: str
    window: Span | None
    ticks: tuple[Tick, ...]
    scale: tuple[Tick, ...]
    apart: tuple[str, ...]


@dataclass(frozen=True)
class Strip:
    """One value against its own printed range; `mark` and the range are x."""

    name: str
    value: str
    low: float
    high: float
    low_label: str
    high_label: str
    mark: float
    says: str
    is_out: bool


# ------------------------------------------------------------------------- treatments


def timeline(case: Case, policy: Policy | None) -> Timeline | None:
    """The treatments that the policy speaks of (without one: all); None where no day is known."""
    kinds = tuple(_kinds(policy))
    groups = policy.groups if policy else {}
    wanted = {name for group in groups.values() for name in group.ingredients}
    taken = [
        drug
        for drug in case.medications
        if _is_shown(drug)
        and drug.status in ("current", "past", "")
        and (policy is None or drug.ingredient in wanted)
    ]
    spans = {drug.id: span for drug in taken if (span := _span(drug, case.as_of)) is not None}
    drawn = [drug for drug in taken if drug.id in spans]
    undated = tuple(dict.fromkeys(told(drug) for drug in taken if drug.id not in spans))
    if not drawn:
        return None
    last = max([*(spans[drug.id].end for drug in drawn), *([case.as_of] if case.as_of else [])])
    first = max(min(spans[drug.id].start for drug in drawn), last - timedelta(days=LONGEST))
    drawn = [drug for drug in drawn if spans[drug.id].end >= first]
    disputed = frozenset(side for conflict in case.conflicts for side in conflict.sides)
    axis = _Axis(first, last)
    needs = _needs(kinds, groups)
    order = sorted({d.ingredient for d in drawn}, key=lambda name: _first(name, drawn, spans))
    tracks = tuple(
        _track(name, i, [d for d in drawn if d.ingredient == name], spans, axis, needs, disputed)
        for i, name in enumerate(order)
    )
    request = case.as_of and Tick(axis.at(case.as_of), f"request {case.as_of.isoformat()}")
    return Timeline(
        height=HEAD + ROW * len(tracks) + FOOT,
        tracks=tracks,
        ticks=axis.ticks(),
        together=_together(
            kinds, groups, [drug for drug in drawn if drug.id not in disputed], spans, axis
        ),
        request=request or None,
        undated=undated,
    )


@dataclass(frozen=True)
class _Span:
    start: date
    end: date
    start_sure: bool
    end_sure: bool
    open: bool = False


def _span(drug: Medication, as_of: date | None) -> _Span | None:
    """From when to when a treatment was taken, as far as the packet determines it."""
    days = drug.duration_days
    start, stop = _surely(drug.start, last=True), _surely(drug.stop, last=False)
    ongoing = drug.ongoing or drug.status == "current"
    told_on = _surely(drug.stated, last=False) or as_of
    if start is None and days and (stop or (ongoing and told_on)):
        end = stop or told_on
        assert end is not None
        return _Span(end - timedelta(days=days - 1), end, False, stop is not None)
    if start is None:
        return None
    exact = drug.start is not None and drug.start.earliest == drug.start.latest
    if stop is not None and stop >= start:
        return _Span(
            start, stop, exact, drug.stop is not None and drug.stop.earliest == drug.stop.latest
        )
    if days:
        return _Span(start, start + timedelta(days=days - 1), exact, False)
    if ongoing and as_of is not None and as_of >= start:
        return _Span(start, as_of, exact, False)
    return _Span(start, start, exact, False, open=True)


def _surely(day: DateRange | None, last: bool) -> date | None:
    """The end of a range of days that claims least: of a start its last day, of a stop its first."""
    if day is None or day.earliest is None or day.latest is None:
        return None
    return day.latest if last else day.earliest


def _is_shown(fact: FactBase) -> bool:
    """Stated of the patient, and not denied."""
    is_said = fact.assertion in (Assertion.AFFIRMED, Assertion.HISTORICAL)
    return is_said and fact.about is About.PATIENT and fact.standing in STANDS


def _kinds(part: object) -> Iterator[BaseModel]:
    """A policy and all that it is made of, however deep."""
    if isinstance(part, BaseModel):
        yield part
        for name in type(part).model_fields:
            yield from _kinds(getattr(part, name))
    elif isinstance(part, tuple | list):
        for one in part:
            yield from _kinds(one)


def _needs(kinds: Sequence[BaseModel], groups: Mapping[str, object]) -> dict[str, float]:
    """Days that each ingredient has to be taken for, the longest that is asked for."""
    found: dict[str, float] = {}
    for kind in kinds:
        if isinstance(kind, DosedTrial | DrugTrial) and kind.group in groups:
            for name in getattr(groups[kind.group], "ingredients", ()):
                found[name] = max(found.get(name, 0), kind.duration.value)
    return found


def _first(name: str, drugs: Sequence[Medication], spans: Mapping[str, _Span]) -> tuple[date, str]:
    return min(spans[drug.id].start for drug in drugs if drug.ingredient == name), name


def _track(
    name: str,
    number: int,
    drugs: Sequence[Medication],
    spans: Mapping[str, _Span],
    axis: _Axis,
    needs: Mapping[str, float],
    disputed: frozenset[str],
) -> Track:
    base = HEAD + ROW * number + BARS + 8
    highest = max((dose for drug in drugs if (dose := _dose(drug)[0])), default=0.0)
    bars = [_bar(drug, spans[drug.id], base, highest, axis, drug.id in disputed) for drug in drugs]
    need = None
    if name in needs:
        begin = min(spans[drug.id].start for drug in drugs)
        x, end = axis.at(begin), axis.at(begin + timedelta(days=needs[name] - 1))
        need = Need(x, base + 5, max(end - x, 2), f"needed: {needs[name]:.0f} days")
    return Track(name, base, tuple(_legible(bars)), need)


def _legible(bars: Iterable[Bar]) -> Iterator[Bar]:
    """The highest first, so that none hides another; labels only where they overlap no other."""
    labelled: list[tuple[float, float]] = []
    for bar in sorted(bars, key=lambda bar: (-bar.height, bar.x)):
        edges = (bar.x, bar.x + len(bar.label) * LETTER)
        if any(edges[0] < right and left < edges[1] for left, right in labelled):
            bar = replace(bar, label="")
        labelled += [edges] if bar.label else []
        yield bar


def _dose(drug: Medication) -> tuple[float | None, str]:
    """What the height stands for: milligrams a day, or the dose as printed."""
    if drug.daily_dose_mg is not None:
        return drug.daily_dose_mg, "mg/d"
    return (drug.dose_value, drug.dose_unit) if drug.dose_unit != "g/kg" else (None, "")


def _bar(
    drug: Medication, span: _Span, base: float, highest: float, axis: _Axis, disputed: bool
) -> Bar:
    x, end = axis.at(span.start), axis.at(span.end)
    width = max(end - x, 3.0)
    dose = _dose(drug)[0]
    height = BARS * max(dose / highest, 0.12) if dose and highest else BARS * 0.5
    sign, word = OUTCOMES[drug.outcome]
    text = dosed(drug)
    return Bar(
        x=x,
        top=base - height,
        width=width,
        height=height,
        start_sure=span.start_sure,
        end_sure=span.end_sure,
        open=span.open,
        disputed=disputed,
        outcome=drug.outcome,
        sign=sign,
        label=text if len(text) * LETTER + 6 <= width else "",
        says=f"{told(drug)}: {_dates(drug, span)}{f', {word}' if word else ''}"
        f"{', disputed' if disputed else ''}",
        row_id=drug.id,
    )


def _dates(drug: Medication, span: _Span) -> str:
    start = span.start.isoformat() if span.start_sure else f"about {span.start.isoformat()}"
    if span.open:
        return f"from {start}, end not stated"
    if drug.ongoing or drug.status == "current":
        return f"from {start}, still taken"
    return f"{start} to {'' if span.end_sure else 'about '}{span.end.isoformat()}"


def dosed(drug: Medication) -> str:
    """Dose and how often, as far as they are stated."""
    amount = f"{drug.dose_value:g} {drug.dose_unit}" if drug.dose_value is not None else ""
    return f"{amount} {drug.frequency}".strip()


def told(drug: Medication) -> str:
    """Drug, dose and how often."""
    return f"{drug.ingredient} {dosed(drug)}".strip()


def _together(
    kinds: Sequence[BaseModel],
    groups: Mapping[str, object],
    drugs: Sequence[Medication],
    spans: Mapping[str, _Span],
    axis: _Axis,
) -> Together | None:
    """The longest time on both groups that a criterion combines, by what is not disputed."""
    asked = next((kind for kind in kinds if isinstance(kind, CombinationFailure)), None)
    if asked is None:
        return None
    first, second = (
        [
            spans[drug.id]
            for drug in drugs
            if drug.ingredient in getattr(groups.get(name), "ingredients", ())
            and not spans[drug.id].open
        ]
        for name in (asked.first, asked.second)
    )
    both = [
        (max(a.start, b.start), min(a.end, b.end))
        for a in _joined(first)
        for b in _joined(second)
        if max(a.start, b.start) <= min(a.end, b.end)
    ]
    if not both:
        return None
    start, end = max(both, key=lambda pair: pair[1] - pair[0])
    x = axis.at(start)
    days = (end - start).days + 1
    label = f"both: at least {days} days (needed: {asked.together.value:.0f})"
    return Together(x, max(axis.at(end) - x, 2), label)


def _joined(spans: Iterable[_Span]) -> list[_Span]:
    """Spans that follow each other at once or overlap are one."""
    found: list[_Span] = []
    for span in sorted(spans, key=lambda one: one.start):
        if found and span.start <= found[-1].end + timedelta(days=1):
            end = max(found[-1].end, span.end)
            found[-1] = _Span(found[-1].start, end, found[-1].start_sure, span.end_sure)
        else:
            found.append(span)
    return found


class _Axis:
    """Days from left to right."""

    def __init__(self, first: date, last: date) -> None:
        self.first = first
        self.days = max((last - first).days, 27) + 1

    def at(self, day: date) -> float:
        """Where a day begins; what lies outside stands at the edge."""
        share = (day - self.first).days / self.days
        return LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT)

    def ticks(self) -> tuple[Tick, ...]:
        """First days of months, as many as can be told apart."""
        step = next((n for n in (1, 2, 3, 6, 12) if self.days / 30.4 / n <= 11), 12)
        found = []
        year, month = self.first.year, self.first.month
        while (day := date(year, month, 1)) <= self.first + timedelta(days=self.days):
            if day >= self.first and (month - 1) % step == 0:
                found.append(Tick(self.at(day), f"{day:%Y-%m}"))
            year, month = year + month // 12, month % 12 + 1
        return tuple(found)


# ---------------------------------------------------------------------------- results


def charts(case: Case, policy: Policy | None) -> tuple[Chart, ...]:
    """Of each result that has to reach a multiple of its upper limit, its values over time."""
    asked = {kind.analyte: kind for kind in _kinds(policy) if isinstance(kind, LabRatio)}
    made = (_chart(case, kind) for kind in asked.values())
    return tuple(chart for chart in made if chart is not None)


def _chart(case: Case, asked: LabRatio) -> Chart | None:
    labs = [lab for lab in case.labs if lab.analyte == asked.analyte and _is_shown(lab)]
    dated = [lab for lab in labs if lab.value is not None and _on(lab) is not None]
    if not dated:
        return None
    dated.sort(key=lambda lab: (_on(lab) or date.min, lab.id))
    unit = dated[-1].unit
    drawn = [lab for lab in dated if lab.unit == unit]
    apart = tuple(dict.fromkeys(_result(lab) for lab in labs if lab not in drawn and _result(lab)))
    days = [day for lab in drawn if (day := _on(lab))]
    last = max([*days, *([case.as_of] if case.as_of else [])])
    opening = case.as_of - timedelta(days=asked.within.value) if case.as_of else None
    axis = _Axis(min([*days, *([opening] if opening else [])]) - timedelta(days=5), last)
    times = asked.at_least.value
    top = max([lab.value or 0 for lab in drawn] + [(lab.ref_high or 0) * times for lab in drawn])
    bottom = HEAD + CHART

    def y(value: float) -> float:
        return bottom - value / (top * 1.12 or 1) * CHART

    ranges = {(lab.ref_low or 0.0, lab.ref_high) for lab in drawn if lab.ref_high}
    usual, bounds = [], []
    for lab in drawn:
        if not lab.ref_high:
            continue
        at = axis.at(_on(lab) or last)
        edges = (LEFT, WIDTH - RIGHT) if len(ranges) == 1 else (at - 14, at + 14)
        usual.append((*edges, y(lab.ref_low or 0.0), y(lab.ref_high)))
        bounds.append((*edges, y(lab.ref_high * times)))
    window = None
    if case.as_of and opening:
        label = f"{asked.within.value:.0f} days before the request"
        window = Span(axis.at(opening), axis.at(case.as_of), label)
    return Chart(
        title=asked.label,
        unit=unit,
        height=bottom + FOOT,
        bottom=bottom,
        points=tuple(_point(lab, axis.at(_on(lab) or last), y, times) for lab in drawn),
        usual=tuple(dict.fromkeys(usual)),
        bounds=tuple(dict.fromkeys(bounds)),
        bound_label=f"{times:g} × upper limit" if bounds else "",
        window=window,
        ticks=axis.ticks(),
        scale=tuple(Tick(y(value), f"{value:g}") for value in _steps(top)),
        apart=apart,
    )


def _point(lab: LabResult, x: float, y: object, times: float) -> Point:
    assert callable(y) and lab.value is not None
    sign = ""
    if lab.ref_high and lab.comparator in ("", "="):
        sign = "met" if lab.value >= times * lab.ref_high else "not_met"
    anchor = "end" if x > WIDTH - 90 else "start" if x < LEFT + 40 else "middle"
    label = f"{lab.comparator}{lab.value:g}"
    return Point(x, y(lab.value), label, anchor, sign, _result(lab))


def _steps(top: float) -> Iterator[float]:
    """Round numbers from 0 to the highest value, at most five."""
    power = 10 ** max(len(f"{top:.0f}") - 1, 0)
    step = next(s for s in (power / 4, power / 2, power, 2 * power, 5 * power) if top / s <= 5)
    value = 0.0
    while value <= top * 1.1:
        yield value
        value += step


def _on(lab: LabResult) -> date | None:
    return _surely(lab.collected, last=False)


def _result(lab: LabResult) -> str:
    """A result with its range and day, in words."""
    value = f"{lab.comparator}{lab.value:g} {lab.unit}" if lab.value is not None else lab.value_text
    if lab.value is None and not value and lab.ratio_to_uln is not None:
        value = f"{lab.comparator}{lab.ratio_to_uln:g} × upper limit"
    if not value:
        return ""
    low, high = lab.ref_low, lab.ref_high
    of = (
        f" (printed range {_edge(low)}–{_edge(high)})"
        if low is not None or high is not None
        else ""
    )
    ratio = f" = {lab.value / high:.3g} × upper limit" if lab.value is not None and high else ""
    on = f" on {lab.collected.iso}" if lab.collected and lab.collected.iso else ", day not stated"
    return f"{value.strip()}{of}{ratio}{on}"


def _edge(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def strips(case: Case, policy: Policy | None) -> tuple[Strip, ...]:
    """Of each value that is asked for, the latest against its own printed range."""
    found = []
    for kind in _kinds(policy):
        for analyte in kind.analytes.value if isinstance(kind, LabValues) else ():
            labs = [
                lab
                for lab in case.labs
                if lab.analyte == analyte and _is_shown(lab) and lab.value is not None and _on(lab)
            ]
            if labs and policy:
                name = policy.names.get(analyte, analyte)
                found.append(_strip(name, max(labs, key=lambda lab: _on(lab) or date.min)))
    return tuple(strip for strip in found if strip is not None)


def _strip(name: str, lab: LabResult) -> Strip | None:
    """The range fills the middle half; a value far outside stands at the edge."""
    if lab.value is None or lab.ref_low is None or not lab.ref_high or lab.ref_low >= lab.ref_high:
        return None
    quarter = (WIDTH - LEFT - 180) / 4
    low, high = LEFT + quarter, LEFT + 3 * quarter
    share = (lab.value - lab.ref_low) / (lab.ref_high - lab.ref_low)
    mark = min(max(low + share * (high - low), LEFT), LEFT + 4 * quarter)
    return Strip(
        name=name,
        value=f"{lab.comparator}{lab.value:g} {lab.unit}, {lab.collected.iso if lab.collected else ''}",
        low=low,
        high=high,
        low_label=_edge(lab.ref_low),
        high_label=_edge(lab.ref_high),
        mark=mark,
        says=f"{name} {_result(lab)}",
        is_out=not lab.ref_low <= lab.value <= lab.ref_high,
    )
