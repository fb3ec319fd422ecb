"""What is drawn of treatments and results: what was read, and no more."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.criteria import Policy, load_policies
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.plots import charts, strips, timeline
from pipeline.quantities import DateRange
from pipeline.report import write_html
from pipeline.schema import (
    Case,
    Conflict,
    LabResult,
    Legibility,
    Medication,
    Standing,
)
from tests.test_report import document, report

POLICY: Policy = next(
    policy
    for policy in load_policies(models_dir() / "policies", load_lexicon(models_dir()))
    if policy.id == "rituximab-polymyositis"
)
READ = Legibility(pages=1, ocr_pages=0, mean_confidence=1.0)
REQUEST = date(2026, 6, 30)


def case(*facts: Medication | LabResult, **more: object) -> Case:
    drugs = tuple(fact for fact in facts if isinstance(fact, Medication))
    labs = tuple(fact for fact in facts if isinstance(fact, LabResult))
    values = {"medications": drugs, "labs": labs, "as_of": REQUEST, "legibility": READ, **more}
    return Case.model_validate({"submission_id": "x", "source_files": ("x.pdf",), **values})


def drug(name: str, start: date | None, stop: date | None = None, **more: object) -> Medication:
    days = {"start": start and DateRange.day(start), "stop": stop and DateRange.day(stop)}
    values = {"id": f"{name}{start}{more.get('dose_value')}", "ingredient": name, **days, **more}
    return Medication.model_validate({"status": "past", **values})


def ck(value: float, on: date | None, high: float | None = 200) -> LabResult:
    return LabResult(
        id=f"ck{value}", analyte="creatine_kinase", value=value, unit="U/L", ref_low=30, ref_high=high,
        collected=on and DateRange.day(on),
    )  # fmt: skip


PREDNISONE = drug(
    "prednisone", date(2026, 2, 1), date(2026, 4, 30),
    dose_value=60, dose_unit="mg", daily_dose_mg=60, outcome="failed",
)  # fmt: skip
TAPERED = drug(
    "prednisone", date(2026, 5, 1), date(2026, 6, 20), dose_value=15, dose_unit="mg", daily_dose_mg=15
)  # fmt: skip
METHOTREXATE = drug("methotrexate", date(2026, 4, 1), duration_days=60)


def test_height_is_dose_and_ends_are_as_sure_as_they_were_stated() -> None:
    plot = timeline(case(PREDNISONE, TAPERED, METHOTREXATE), POLICY)
    assert plot
    first, second = plot.tracks
    high, low = first.bars
    assert high.height == pytest.approx(4 * low.height)
    assert (high.start_sure, high.end_sure, high.sign) == (True, True, "✗")
    (course,) = second.bars
    assert (course.start_sure, course.end_sure, course.open) == (True, False, False)
    assert "2026-04-01 to about 2026-05-30" in course.says


def test_needed_time_and_overlap_are_to_scale() -> None:
    plot = timeline(case(PREDNISONE, METHOTREXATE), POLICY)
    assert plot and plot.together
    assert "30 days" in plot.together.label and "needed: 28" in plot.together.label
    (track,) = (track for track in plot.tracks if track.name == "methotrexate")
    assert track.need
    assert track.need.width / track.bars[0].width == pytest.approx(27 / 59, abs=0.01)


def test_a_disputed_course_makes_no_overlap() -> None:
    conflict = Conflict(about="how long", sides=(METHOTREXATE.id, "other"))
    plot = timeline(case(PREDNISONE, METHOTREXATE, conflicts=(conflict,)), POLICY)
    assert plot and plot.together is None
    assert [bar.disputed for track in plot.tracks for bar in track.bars] == [False, True]


def test_what_nobody_dated_or_took_is_not_drawn() -> None:
    undated = drug("azathioprine", None, dose_value=50, dose_unit="mg")
    planned = drug("methotrexate", date(2026, 7, 1), status="planned", standing=Standing.PLANNED)
    relative = drug("methotrexate", date(2020, 1, 1), about="relative")
    begun = drug("prednisone", date(2026, 3, 1))
    plot = timeline(case(undated, planned, relative, begun), POLICY)
    assert plot
    assert [track.name for track in plot.tracks] == ["prednisone"]
    assert plot.tracks[0].bars[0].open and "end not stated" in plot.tracks[0].bars[0].says
    assert plot.undated == ("azathioprine 50 mg",)
    assert timeline(case(undated), POLICY) is None


def test_result_against_its_bound_and_window() -> None:
    old, recent, bare = (
        ck(900, date(2026, 1, 1)),
        ck(500, date(2026, 6, 1)),
        ck(700, date(2026, 6, 9), None),
    )
    (chart,) = charts(case(old, recent, bare, ck(1234, None)), POLICY)
    first, second, third = chart.points
    assert (first.sign, second.sign, third.sign) == ("met", "not_met", "")
    assert chart.window and first.x < chart.window.low < second.x < third.x
    (bound,) = {at for _, _, at in chart.bounds}
    assert first.y < bound < second.y, "900 is above 3 x 200, 500 is below"
    assert "1234" in chart.apart[0] and "day not stated" in chart.apart[0]


def test_value_outside_its_printed_range_is_marked() -> None:
    low = LabResult(
        id="g", analyte="igg", value=400, unit="mg/dL", ref_low=600, ref_high=1600,
        collected=DateRange.day(date(2026, 6, 1)),
    )  # fmt: skip
    (strip,) = strips(case(low), POLICY)
    assert strip.is_out and strip.mark < strip.low


def test_everything_drawn_is_said_in_words() -> None:
    told = case(PREDNISONE, METHOTREXATE, ck(900, date(2026, 6, 1)))
    html = write_html(report(), told, document(), {}, (), POLICY)
    labels = [part.split('"')[0] for part in html.split('role="img" aria-label="')[1:]]
    assert any("prednisone 60 mg: 2026-02-01 to 2026-04-30, failed" in label for label in labels)
    assert any("900 U/L" in label and "3 × upper limit" in label for label in labels)


def test_nothing_in_a_drawing_becomes_markup() -> None:
    bad = "<script>x</script>"
    hostile = drug(
        bad, date(2026, 2, 1), date(2026, 3, 1), dose_value=1, dose_unit=bad, frequency=bad
    )
    html = write_html(report(), case(hostile), document(), {}, (), None)
    assert "&lt;script&gt;" in html and "<script" not in html
