"""Medication mentions -> treatment episodes: one for each drug, dose and standing."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from datetime import timedelta

from pipeline.normalize import amounts, dates
from pipeline.normalize.reading import Reading, assertion_of, best_first, part, parts
from pipeline.quantities import DateRange, Quantity, days_between
from pipeline.schema import Assertion, Medication, Mention, PageKind, Place

PER_DAY = {
    "daily": 1.0, "twice daily": 2.0, "three times daily": 3.0, "four times daily": 4.0,
}  # fmt: skip
# Fills closer than this many days after the last one ran out are one course (late refills).
REFILL_GAP = 21


@dataclass
class Draft:
    """An episode while its statements are joined.

    Attributes:
        told: How the text puts it: a status of the contract, `stopped`, or '' when it only tells.
        current_since: When the latest statement that it is taken was written.
    """

    ingredient: str
    told: str
    assertion: Assertion
    stated: DateRange
    section: str
    page_kind: PageKind
    origin: str
    product: str = ""
    dose: amounts.Dose | None = None
    low_dose: float | None = None
    per_kg: float | None = None
    route: str = ""
    frequency: str = ""
    stepped: bool = False  # one of the steps of a course whose frequency no statement gives
    usual_frequency: str = ""  # of the drug's other statements, when they all agree
    duration: Quantity | None = None
    start: DateRange | None = None
    stop: DateRange | None = None
    outcomes: list[str] = field(default_factory=list)
    reason: str = ""
    days_supply: int | None = None
    doubtful: bool = False
    stands: bool = True  # two readings say that it is stated of the patient
    agreed: set[str] = field(default_factory=set)  # outcomes that two readings see
    read: str = ""  # the status that the trained reader sees
    explicit: bool = False  # the rules have words for the status
    listed: bool = False  # an entry of a list of what is taken
    places: list[Place] = field(default_factory=list)
    order: int = 0
    absent: bool = False  # "no prednisone": not now, whatever was taken before
    begin: int = 0  # offsets of the mention with its parts in the text
    end: int = 0

    @property
    def milligrams(self) -> float | None:
        return self.dose.milligrams if self.dose else None

    @property
    def aside(self) -> bool:
        """Not a course the patient took: planned, refused, a relative's, requested."""
        return self.told in ("planned", "not_taken", "requested") or self.assertion in (
            Assertion.FAMILY,
            Assertion.HYPOTHETICAL,
        )


def build_medications(
    mentions: list[Mention], requested: set[str], reading: Reading
) -> list[Medication]:
    """All treatment episodes; `requested` names the ingredients that the submission asks for."""
    drafts = [
        _draft(m, i, requested, reading) for i, m in enumerate(mentions) if m.label == "medication"
    ]
    _heed_reader(drafts, requested)
    drafts = _join_fills(drafts, reading)
    _spread_class_outcomes(drafts, mentions, reading)
    _start_after(drafts, reading)
    episodes: list[Draft] = []
    for ingredient in dict.fromkeys(d.ingredient for d in drafts):
        own = [d for d in drafts if d.ingredient == ingredient]
        episodes += _episodes(own, ingredient in requested)
    return [_medication(e, reading) for e in episodes]


# ---------------------------------------------------------------------------- drafts


def _draft(m: Mention, order: int, requested: set[str], reading: Reading) -> Draft:
    page = reading.page(m)
    product = part(m, "product")
    dose_part = part(m, "dose")
    dose, low = _dose(m)
    per_kg = _per_kg(m, dose)
    frequency = part(m, "frequency")
    schedule = part(m, "schedule")
    route = part(m, "route")
    duration = part(m, "duration")
    outcome_parts = parts(m, "outcome")
    reason = part(m, "reason")
    supply = part(m, "days_supply")
    draft = Draft(
        ingredient=m.code,
        told="",
        assertion=assertion_of(m),
        stated=reading.written(m),
        section=m.section,
        page_kind=page.kind,
        origin=m.origin,
        product=reading.lexicon.brand(product.text) if product is not None else "",
        dose=None if per_kg is not None and dose is not None and dose.per else dose,
        low_dose=low,
        per_kg=per_kg,
        route=route.code if route is not None else "",
        frequency=re.sub(r"^on\s+", "", " ".join(schedule.text.split()), flags=re.I)
        if schedule is not None
        else frequency.code
        if frequency is not None
        else "",
        duration=amounts.duration(duration.text) if duration is not None else None,
        start=_started(m, reading),
        stop=_stopped(m, reading),
        outcomes=[p.code for p in outcome_parts],
        reason=reason.text
        if reason is not None
        else outcome_parts[0].text
        if outcome_parts
        else "",
        days_supply=int(amounts.number(supply.text) or 0) if supply is not None else None,
        places=[reading.place(m)],
        order=order,
        begin=min([m.start, *(p.start for p in m.parts if p.label == "dose")]),
        end=max(
            [m.end, *(p.end for p in m.parts if p.label in ("dose", "duration", "stop", "start"))]
        ),
    )
    if draft.dose is None and dose is not None:
        draft.dose = dose
    if draft.dose is not None and draft.dose.per and draft.per_kg is None:
        draft.per_kg = (
            draft.dose.value if draft.dose.unit == "mg" and draft.dose.per == "kg" else None
        )
    draft.absent = m.negated and bool(
        re.search(r"\b(?:no|off)\s+$", reading.document.text[max(0, m.start - 6) : m.start], re.I)
    )
    draft.stands = "standing" not in m.doubted
    draft.agreed = set() if "outcome" in m.doubted else set(draft.outcomes)
    status_read = part(m, "status_read")
    draft.read = status_read.code if status_read is not None else ""
    draft.listed = m.section == "current_medications" or any(
        p.code == "listed" for p in parts(m, "status")
    )
    draft.explicit = any(p.code in EXPLICIT for p in parts(m, "status"))
    fill = part(m, "fill_date")
    if fill is not None:
        draft.start = reading.when(fill, m)
    told_by = [p for p in (dose_part, duration, part(m, "start"), part(m, "stop")) if p is not None]
    draft.doubtful = reading.doubtful(*told_by) if told_by else False
    draft.told = _told(m, draft, requested)
    if draft.told == "not_taken" and draft.assertion is Assertion.AFFIRMED:
        draft.assertion = _of_untaken(draft)
    elif (
        draft.assertion in (Assertion.NEGATED, Assertion.HISTORICAL, Assertion.POSSIBLE)
        and draft.told != "not_taken"
    ):
        draft.assertion = Assertion.NEGATED if m.negated else Assertion.AFFIRMED
        draft.told = "not_taken" if m.negated and not draft.outcomes else draft.told
    return draft


def _started(m: Mention, reading: Reading) -> DateRange | None:
    """The first day; where no year is printed, the last such day before the day of the end."""
    start, stop = reading.when(part(m, "start"), m), _stopped(m, reading)
    told = part(m, "start")
    if told is None or start is None or stop is None or YEAR.search(told.text):
        return start
    late = start.earliest and stop.latest and start.earliest > stop.latest
    return dates.parse(told.text, stop.latest) if late else start


def _stopped(m: Mention, reading: Reading) -> DateRange | None:
    """The last day; of "May 4-11, 2026" the second day has the month of the first."""
    start, stop = part(m, "start"), part(m, "stop")
    if start is not None and stop is not None and BARE_DAY.fullmatch(stop.text):
        month = re.match(r"[A-Za-z]+", start.text)
        return dates.parse(f"{month[0]} {stop.text}") if month else None
    return reading.when(stop, m)


YEAR = re.compile(r"(?:19|20)\d\d")
BARE_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)?,?\s*(?:19|20)\d\d")


def _of_untaken(draft: Draft) -> Assertion:
    """Denied; of a drug that must not be taken it is stated that it must not."""
    unfit = "contraindicated" in draft.outcomes
    return Assertion.AFFIRMED if unfit else Assertion.NEGATED


def _dose(m: Mention) -> tuple[amounts.Dose | None, float | None]:
    """The dose as taken, and the lower end of a printed range; tablets times their strength."""
    main, strength, count = part(m, "dose"), part(m, "strength"), part(m, "count")
    printed = "" if main is None else f"{main.text} mg" if main.code == "mg" else main.text
    dose = amounts.dose(printed) if main is not None else None
    unit_strength = amounts.dose(strength.text) if strength is not None else None
    counted = amounts.dose(count.text) if count is not None else None
    if (
        dose is not None
        and dose.unit in ("tablet", "capsule")
        and unit_strength is not None
        and unit_strength.milligrams
    ):
        return amounts.Dose(dose.value * unit_strength.value, unit_strength.unit), None
    strengths = m.origin == "table" and dose is not None and counted is not None
    if (
        strengths
        and dose is not None
        and counted is not None
        and counted.value > 1
        and dose.milligrams
        and m.section == "fills"
    ):
        return amounts.Dose(round(dose.value * counted.value, 6), dose.unit), None
    if dose is None and counted is not None:
        if unit_strength is not None and unit_strength.milligrams:
            return amounts.Dose(
                round(counted.value * unit_strength.value, 6), unit_strength.unit
            ), None
        return counted, None
    if dose is None and unit_strength is not None and m.origin == "table":
        return unit_strength, None
    if m.section == "fills" and counted is None:
        return None, None  # "taper as directed": the strength of the tablet is not the dose
    low = None
    if main is not None and re.search(r"\d\s*(?:-|\u2013|to)\s*\d", main.text):
        first, second = amounts.numbers(main.text)[:2]
        low = first if first < second else None
    return dose, low


def _per_kg(m: Mention, dose: amounts.Dose | None) -> float | None:
    stated = part(m, "dose_per_kg")
    found = amounts.dose(stated.text) if stated is not None else dose
    if found is not None and found.per == "kg" and found.unit == "mg":
        return found.value
    return None


ASIDE = ("requested", "planned", "not_taken")
EXPLICIT = ("current", "stopped")


def _heed_reader(drafts: list[Draft], requested: set[str]) -> None:
    """Let the trained reader say how the text puts a course, where the rules only assume it.

    It may say that a drug was not taken, or not yet, but of an entry of a list of what is taken;
    whether what was taken still is, only of a drug with one dose: of steps it sees the name alone.
    """
    doses: dict[str, set[amounts.Dose]] = {}
    for d in drafts:
        if d.dose is not None:
            doses.setdefault(d.ingredient, set()).add(d.dose)
    for d in drafts:
        if not d.read or d.told in ASIDE or d.listed:
            continue
        dated = (d.start or d.stop or d.duration) if d.origin == "table" else d.start and d.stop
        if dated:
            continue
        if d.read in ASIDE:
            wanted = d.ingredient in requested
            d.told = "planned" if d.read == "requested" and not wanted else d.read
            if d.told == "not_taken" and d.assertion is Assertion.AFFIRMED:
                d.assertion = _of_untaken(d)
        elif d.read == "current" and d.agreed & {"failed", "intolerant", "contraindicated"}:
            continue
        elif d.read == "current" and d.duration is not None:
            continue  # "15 mg weekly x 2 weeks": a course of a length is over
        elif d.read == "past" and d.dose and d.frequency and not (d.stop or d.outcomes):
            continue  # with its dose and times and nothing else: an entry of what is taken
        elif not d.explicit and len(doses.get(d.ingredient, ())) < 2:
            d.told = d.read


def _told(m: Mention, draft: Draft, requested: set[str]) -> str:
    """By explicit words first, then by the section it stands in."""
    cues = [p.code for p in parts(m, "status")]
    code = cues[0] if cues else ""
    if code == "listed":
        # A bare list entry is of what is taken now, unless its section lists something else.
        code = (
            ""
            if m.section in ("plan", "premedication", "past_medications", "assessment_and_plan")
            else "current"
        )
        if draft.page_kind in (PageKind.ORDER, PageKind.REQUEST) and m.section in (
            "",
            "premedication",
            "form",
        ):
            code = "planned"
    if m.negated:
        code = "not_taken"
    wanted = m.code in requested
    earlier = (
        draft.start is not None
        and draft.start.latest is not None
        and draft.stated.latest is not None
        and (draft.start.latest < draft.stated.latest)
    )
    if (
        code in ("requested", "planned", "")
        and wanted
        and not m.family
        and draft.stop is None
        and not earlier
    ):
        return "requested"
    if code == "requested":
        code = ""
    if code:
        if (
            code in ("past", "begun", "current")
            and wanted
            and not (code == "current" and m.section == "current_medications")
            and not draft.outcomes
            and draft.start is None
        ):
            return "requested"
        if code == "current" and draft.stop is not None:
            return "past"
        if (
            code == "current"
            and m.section == "plan"
            and part(m, "dose") is None
            and "intolerant" in draft.outcomes
        ):
            return ""
        return code
    if m.hypothetical:
        return "planned"
    if draft.stop is not None and not draft.outcomes:
        return ""
    match m.section:
        case "current_medications":
            return "current"
        case "premedication":
            return "planned"
        case "plan" if not draft.outcomes:
            return "planned"
        case "assessment_and_plan" if (
            not draft.outcomes and draft.dose is None and draft.start is None
        ):
            return "planned"
        case "past_medications":
            return "past"
        case "fills":
            return ""
    if (
        draft.page_kind in (PageKind.ORDER, PageKind.REQUEST)
        and m.origin == "prose"
        and draft.start is None
    ):
        return "planned"
    return ""


def _spread_class_outcomes(drafts: list[Draft], mentions: list[Mention], reading: Reading) -> None:
    """ "No response to three weeks of corticosteroids" is told of each corticosteroid taken."""
    for m in mentions:
        outcomes = [p for p in m.parts if p.label == "outcome"]
        if m.label != "medication_class" or not outcomes or m.family or m.hypothetical:
            continue
        for d in drafts:
            drug = reading.lexicon.drugs.get(d.ingredient)
            if (
                drug is None
                or drug.drug_class != m.code
                or d.aside
                or d.section == "fills"
                or d.outcomes
            ):
                continue
            if d.dose is None and d.per_kg is None:
                continue
            d.outcomes += [p.code for p in outcomes if p.code not in d.outcomes]
            d.agreed |= set() if "outcome" in m.doubted else {p.code for p in outcomes}
            d.reason = d.reason or outcomes[0].text
            d.places.append(reading.place(m))


THEN = re.compile(
    r"\b(?:then|followed\s+by|thereafter|switched\s+to|changed\s+to)\b", re.IGNORECASE
)


def _start_after(drafts: list[Draft], reading: Reading) -> None:
    """ "500 mg daily for 3 days from 07/14, then 40 mg daily": the second begins where the first ends."""
    for first, second in itertools.pairwise(drafts):
        if (
            second.start is not None
            or second.origin != "prose"
            or not set(first.places) & set(second.places)
        ):
            continue
        if first.end > second.begin or not THEN.search(
            reading.document.text[first.end : second.begin]
        ):
            continue
        classes = {
            d.drug_class
            for d in map(reading.lexicon.drugs.get, (first.ingredient, second.ingredient))
            if d
        }
        end = first.stop or _after_duration(first)
        if len(classes) == 1 and end is not None and end.earliest and end.latest:
            second.start = DateRange(
                earliest=end.earliest + timedelta(days=1), latest=end.latest + timedelta(days=1)
            )


def _after_duration(d: Draft) -> DateRange | None:
    if d.start is None or d.duration is None or not d.start.earliest or not d.start.latest:
        return None
    if d.duration.low is None or d.duration.high is None:
        return None
    return DateRange(
        earliest=d.start.earliest + timedelta(days=int(d.duration.low) - 1),
        latest=d.start.latest + timedelta(days=int(d.duration.high) - 1),
    )


def _join_fills(drafts: list[Draft], reading: Reading) -> list[Draft]:
    """Successive fills of one dose are one course, from the first to the last one's end."""
    fills = [d for d in drafts if d.section == "fills"]
    kept = [d for d in drafts if d.section != "fills"]
    for key in dict.fromkeys((d.ingredient, d.milligrams, d.frequency) for d in fills):
        rows = sorted(
            (d for d in fills if (d.ingredient, d.milligrams, d.frequency) == key),
            key=lambda d: d.start.earliest.toordinal() if d.start and d.start.earliest else 0,
        )
        course: Draft | None = None
        for row in rows:
            end = _end_of_fill(row)
            if course is not None and _continues(course, row):
                course.places += row.places
                course.stop = end or course.stop
                continue
            course = row
            course.stop = end
            kept.append(course)
    for d in kept:
        if d.section == "fills" and d.stop and d.stop.latest and reading.as_of:
            # Its supply reaches the request: it may still be taken, the fill record cannot tell.
            d.told = (
                "current" if d.stop.latest >= reading.as_of - timedelta(days=REFILL_GAP) else "past"
            )
            if d.told == "current":
                d.stop = None
    return kept


def _end_of_fill(row: Draft) -> DateRange | None:
    if row.start is None or row.start.latest is None or not row.days_supply:
        return None
    return DateRange.day(row.start.latest + timedelta(days=row.days_supply - 1))


def _continues(course: Draft, row: Draft) -> bool:
    if (
        course.stop is None
        or course.stop.latest is None
        or row.start is None
        or row.start.earliest is None
    ):
        return False
    return (row.start.earliest - course.stop.latest).days <= REFILL_GAP


# --------------------------------------------------------------------------- joining


def _episodes(drafts: list[Draft], requested: bool) -> list[Draft]:
    """Join the statements of one ingredient."""
    episodes: list[Draft] = []
    frequency = _usual_frequency(drafts)
    stepped = _is_stepped(drafts)
    # Dosed and dated statements first: looser ones join what is there.
    for draft in sorted(
        drafts, key=lambda d: (d.dose is None and d.per_kg is None, d.aside, d.order)
    ):
        same = next((e for e in episodes if _same_episode(e, draft)), None)
        if same is None:
            episodes.append(draft)
        else:
            _join(same, draft)
    _spread_outcomes(episodes)
    episodes = _carried_out(_drop_empty(episodes))
    _settle(episodes)
    for e in episodes:
        e.usual_frequency = frequency
        e.stepped = stepped
    return episodes


def _is_stepped(drafts: list[Draft]) -> bool:
    """Whether doses of a drug follow one another in steps, over told stretches of time, and no
    statement gives any frequency: "80 mg from May to July, then 15 mg, back up to 30 mg"."""
    told = [d for d in drafts if d.milligrams is not None and _group(d) == "taken"]
    lasting = any(d.duration or (d.start and d.stop) for d in told)
    oral = all(d.route in ("", "oral") for d in told)
    printed = any(d.frequency for d in drafts)
    return lasting and oral and not printed and len({d.milligrams for d in told}) > 1


def _usual_frequency(drafts: list[Draft]) -> str:
    """The one frequency that all dosed statements of a drug give, else ''."""
    told = [d for d in drafts if d.frequency and d.dose is not None]
    given = {d.frequency for d in told if not d.aside}
    # "Begin 60 mg daily", and later "60 mg from March to May": what was ordered is what was taken.
    given = given or {d.frequency for d in told if d.told == "planned" and d.milligrams}
    return given.pop() if len(given) == 1 else ""


def _group(d: Draft) -> str:
    if d.assertion is Assertion.FAMILY:
        return "family"
    bare = d.dose is None and d.per_kg is None and d.start is None and d.duration is None
    if bare and d.told in ("", "past") and "contraindicated" in d.outcomes:
        return "not_taken"
    return d.told if d.told in ("requested", "planned", "not_taken") else "taken"


def _same_episode(e: Draft, d: Draft) -> bool:
    if _group(e) != _group(d):
        return False
    if _group(d) == "requested" and d.product and e.product and d.product != e.product:
        return False
    if _group(d) in ("requested", "not_taken"):
        return e.dose is None or d.dose is None or e.milligrams == d.milligrams
    if d.dose is None and d.per_kg is None:
        if e.dose is None and e.per_kg is None:
            return dates.compatible(e.start, d.start) and dates.compatible(e.stop, d.stop)
        return False
    if d.dose is None or e.dose is None:
        return d.per_kg == e.per_kg and dates.compatible(e.start, d.start)
    if d.milligrams is not None and e.milligrams is not None:
        if abs(d.milligrams - e.milligrams) > 1e-6:
            return False
    elif d.dose != e.dose:
        return False
    if (
        d.frequency
        and e.frequency
        and d.frequency != e.frequency
        and {d.frequency, e.frequency} & set(PER_DAY)
    ):
        return False
    apart = d.start is not None and e.start is not None and not dates.compatible(d.start, e.start)
    return not (apart and _far(d.start, e.start))


def _far(a: DateRange | None, b: DateRange | None) -> bool:
    """Starts more than two months apart are two courses."""
    if a is None or b is None or a.earliest is None or b.earliest is None:
        return False
    return abs((a.earliest - b.earliest).days) > 61


def _join(e: Draft, d: Draft) -> None:
    e.places += d.places
    e.doubtful = e.doubtful and d.doubtful
    e.product = e.product or d.product
    e.dose = e.dose or d.dose
    e.per_kg = e.per_kg if e.per_kg is not None else d.per_kg
    e.route = e.route or d.route
    if not e.frequency or (
        e.frequency in PER_DAY and "day" in d.frequency and d.frequency not in PER_DAY
    ):
        e.frequency = d.frequency or e.frequency
    if e.duration is None or (d.duration is not None and _span(d.duration) < _span(e.duration)):
        e.duration = d.duration if d.duration is not None else e.duration
    if dates.width(d.start) < dates.width(e.start):
        e.start = d.start
    if dates.width(d.stop) < dates.width(e.stop):
        e.stop = d.stop
    e.outcomes += [o for o in d.outcomes if o not in e.outcomes]
    e.agreed |= d.agreed
    e.stands = e.stands or d.stands
    e.reason = e.reason or d.reason
    e.told = _later_told(e, d)
    e.stated = max((e.stated, d.stated), key=lambda s: s.latest.toordinal() if s.latest else 0)


def _span(q: Quantity) -> float:
    return (q.high if q.high is not None else 10**6) - (q.low or 0)


def _later_told(e: Draft, d: Draft) -> str:
    """What is told last counts; of what is told at one time, the more definite."""
    weight = {"stopped": 3, "current": 2, "begun": 1, "past": 1, "": 0}
    if e.told not in weight or d.told not in weight:
        return e.told or d.told
    a, b = e.stated.latest, d.stated.latest
    if a is not None and b is not None and a != b and e.told and d.told:
        return d.told if b > a else e.told
    return d.told if weight[d.told] > weight[e.told] else e.told


def _spread_outcomes(episodes: list[Draft]) -> None:
    """An outcome stated of a drug without a dose is that of every course of it."""
    loose = [
        e
        for e in episodes
        if e.dose is None and e.per_kg is None and _group(e) == "taken" and e.outcomes
    ]
    dosed = [
        e for e in episodes if (e.dose is not None or e.per_kg is not None) and _group(e) == "taken"
    ]
    for whole in loose:
        for e in dosed:
            if "intolerant" in whole.outcomes and e.outcomes:
                continue
            e.outcomes += [o for o in whole.outcomes if o not in e.outcomes]
            e.agreed |= whole.agreed
            if not e.reason:
                e.reason = whole.reason
            e.places += [p for p in whole.places if p not in e.places]
            if len(dosed) == 1:
                e.duration = e.duration or whole.duration
                e.start = e.start or whole.start
                e.stop = e.stop or whole.stop
                if whole.told == "stopped":
                    e.told = "stopped"


def _drop_empty(episodes: list[Draft]) -> list[Draft]:
    """A mention that adds nothing to a dosed course of the same drug is only another place of it."""
    kept = []
    for e in episodes:
        others = [
            o for o in episodes if o is not e and _group(o) == _group(e) and (o.dose or o.per_kg)
        ]
        bare = e.dose is None and e.per_kg is None and _group(e) != "not_taken"
        if (
            bare
            and others
            and (e.duration is None or len(others) == 1)
            and ((e.start is None and e.stop is None) or len(others) == 1)
        ):
            for o in others[:1]:
                o.places += [p for p in e.places if p not in o.places]
                if len(others) == 1:
                    o.duration = o.duration or e.duration
                    o.start = o.start or e.start
                    o.stop = o.stop or e.stop
                    tells = e.told in ("current", "stopped") and o.told in ("", "past", "begun")
                    if tells or (e.told == "stopped" and o.told == "current" and _as_late(e, o)):
                        o.told = e.told
            continue
        same = next((o for o in others if bare and len(others) > 1 and _within(o, e)), None)
        if same is not None:
            same.places += [p for p in e.places if p not in same.places]
            continue
        kept.append(e)
    return kept


def _within(course: Draft, stretch: Draft) -> bool:
    """Whether a dosed course was begun in a stretch that is told without its dose."""
    if stretch.outcomes and not set(stretch.outcomes) <= set(course.outcomes):
        return False
    begun, since, until = _first(course), _first(stretch), stretch.stop
    if begun is None or since is None or stretch.duration is not None:
        return False
    last = until.latest.toordinal() if until is not None and until.latest else None
    if until is None and stretch.told != "current":
        return begun == since
    return since <= begun and (last is None or begun <= last)


def _carried_out(episodes: list[Draft]) -> list[Draft]:
    """What was planned and then taken is one course; a plan without a dose is a place of one.

    So is the word, after a course ended, that there is none now.
    """
    kept = []
    for e in episodes:
        plan = e.told == "planned" and e.assertion is not Assertion.FAMILY
        course = next(
            (o for o in episodes if (plan and _is_plan_of(e, o)) or (e.absent and _ended(o, e))),
            None,
        )
        if course is None:
            kept.append(e)
            continue
        course.places += [p for p in e.places if p not in course.places]
        course.frequency = course.frequency or (e.frequency if e.dose is not None else "")
        course.route = course.route or e.route
    return kept


def _ended(course: Draft, absence: Draft) -> bool:
    """Whether a course was over when a text says "no prednisone"."""
    over, day = course.stop, absence.stated.earliest
    taken = _group(course) == "taken" and course.told != "current"
    return bool(taken and over and over.latest and day and over.latest <= day)


def _is_plan_of(plan: Draft, course: Draft) -> bool:
    """Whether a course is the one that was planned: same dose and start, or no dose to tell."""
    if _group(course) not in ("taken", "requested") or course.aside != (
        _group(course) == "requested"
    ):
        return False
    if plan.dose is None and plan.per_kg is None:
        bare = plan.duration is None and plan.start is None and plan.stop is None
        return bare and not plan.frequency and not plan.outcomes
    same = plan.milligrams is not None and plan.milligrams == course.milligrams
    begun = plan.start is not None and course.start is not None
    return same and begun and dates.compatible(plan.start, course.start)


def _as_late(e: Draft, other: Draft) -> bool:
    """Whether a statement was written on the day of another one outside of a list, or later."""
    if other.section == "current_medications" or e.stated.latest is None:
        return False
    return other.stated.latest is None or e.stated.latest >= other.stated.latest


def _settle(episodes: list[Draft]) -> None:
    """Which of several courses is past; where a dose ended because the next one began."""
    dosed = [
        e
        for e in episodes
        if _group(e) == "taken" and (e.dose or e.per_kg) and _first(e) is not None
    ]
    dosed.sort(key=lambda e: _first(e) or 0)
    for earlier, later in itertools.pairwise(dosed):
        if earlier.told == "current" and later.told != "current":
            later.told, earlier.stop = "past", None  # put back on the earlier dose, or still on it
        elif (
            earlier.told in ("", "past", "begun", "current")
            and later.milligrams != earlier.milligrams
        ):
            started_same = _first(earlier) == _first(later)
            if earlier.told != "current" or not started_same:
                earlier.told = "past"
            if (
                (
                    earlier.stop is None
                    and earlier.duration is None
                    and not started_same
                    and later.start is not None
                )
                and later.start.earliest is not None
                and later.start.earliest == later.start.latest
            ):
                earlier.stop = DateRange.day(later.start.earliest - timedelta(days=1))
    current = [e for e in episodes if _group(e) == "taken" and e.told == "current"]
    latest = max((e.stated.latest for e in current if e.stated.latest and e.dose), default=None)
    for e in current:
        # A dose called current in an older text is past when a newer text gives another one.
        if latest and e.stated.latest and e.stated.latest < latest and e.dose:
            e.told = "past"
    current = [e for e in current if e.told == "current"]
    # One drug has one present dose: the one begun or named last.
    doses = sorted((e for e in current if e.dose), key=_recency)
    for e in doses[:-1]:
        if e.milligrams != doses[-1].milligrams:
            e.told = "past"
    current = [e for e in current if e.told == "current"]
    if not any(e.dose or e.per_kg for e in current):
        _assume_last_goes_on(episodes)
    current = [e for e in episodes if _group(e) == "taken" and e.told == "current"]
    for e in episodes:
        other = any(c.milligrams != e.milligrams for c in current if c.dose and e.dose)
        if _group(e) == "taken" and e.told in ("", "begun") and other:
            e.told = "past"


def _assume_last_goes_on(episodes: list[Draft]) -> None:
    """A drug that a text says was begun, or names with its dose and times, is taken when it was
    written, unless it says that it ended or how long it lasted."""
    open_ended = [
        e
        for e in episodes
        if _group(e) == "taken"
        and e.told in ("", "begun")
        and e.stop is None
        and e.section not in ("past_medications", "fills")
        and not {"intolerant", "contraindicated"} & set(e.outcomes)
        and not (e.told == "" and "failed" in e.outcomes)
        and (e.dose is not None or e.per_kg is not None)
        and (e.frequency or (e.told == "begun" and e.start is not None))
        and e.duration is None
    ]
    if not open_ended:
        return
    last = max(open_ended, key=lambda e: (_first(e) or 0, e.order))
    past = [e for e in episodes if _group(e) == "taken" and e.told == "past"]
    if any((_first(e) or 0) > (_first(last) or 0) for e in past):
        return
    if not any(_outlasted(last, e) for e in episodes if e is not last and _group(e) == "taken"):
        last.told = "current"


def _outlasted(e: Draft, other: Draft) -> bool:
    """Whether another course of the drug, begun no earlier, is told to have ended."""
    begun, later = _first(e), _first(other)
    ended = other.told in ("stopped", "past") or other.stop is not None
    return ended and begun is not None and later is not None and later >= begun


def _recency(e: Draft) -> tuple[int, bool, int]:
    """Which of several present doses was stated last."""
    stated = e.stated.latest.toordinal() if e.stated.latest else 0
    return stated, e.section == "current_medications", e.order


def _first(e: Draft) -> int | None:
    return (
        e.start.earliest.toordinal()
        if e.start is not None and e.start.earliest is not None
        else None
    )


# ----------------------------------------------------------------------------- facts


OUTCOME_ORDER = ("contraindicated", "intolerant", "failed", "partial_response", "responded")


def _medication(e: Draft, reading: Reading) -> Medication:
    drug = reading.lexicon.drugs.get(e.ingredient)
    status = _status(e)
    outcome = next((o for o in OUTCOME_ORDER if o in e.outcomes), "unknown")
    if status == "requested":
        outcome = "unknown"  # what was not given yet came to nothing: the words are of another
    if outcome == "contraindicated" and status in ("past", ""):
        status = "past" if e.dose else "not_taken"
    return Medication.model_validate(
        {
            "id": reading.row_id(
                "medication",
                e.ingredient,
                e.dose,
                e.frequency,
                status,
                e.assertion,
                e.start.iso if e.start else "",
                e.places[0].page,
            ),
            "assertion": e.assertion,
            "doubtful": e.doubtful,
            "doubted": _doubted(e, outcome),
            "stated": e.stated,
            "places": _showing_dose(
                best_first(e.places) if status != "requested" else _request_first(e.places), e
            ),
            "ingredient": e.ingredient,
            "product": e.product,
            "drug_class": drug.drug_class if drug is not None else "",
            "dose_value": e.dose.value if e.dose else None,
            "dose_unit": e.dose.printed_unit if e.dose else "",
            "route": e.route,
            "frequency": e.frequency or _implied(e),
            "daily_dose_mg": _daily(e, drug is not None and drug.drug_class == "corticosteroid"),
            "dose_per_kg": e.per_kg,
            "stated_duration": e.duration,
            "duration_days": course_days(e.duration, e.start, _reaches(e, status)),
            "start": e.start,
            "stop": e.stop,
            "ongoing": status == "current",
            "status": status,
            "outcome": outcome,
            "outcome_reason": e.reason,
        }
    )


def _reaches(e: Draft, status: str) -> DateRange | None:
    """The end of a course; one that goes on reaches to the latest page that says so."""
    told = e.stated if e.stated.earliest is not None else None
    return e.stop or (told if status == "current" else None)


def _doubted(e: Draft, outcome: str) -> tuple[str, ...]:
    """What only one of two readings says of an episode."""
    alone = outcome != "unknown" and outcome not in e.agreed
    return (*(() if e.stands else ("standing",)), *(("outcome",) if alone else ()))


def _showing_dose(places: tuple[Place, ...], e: Draft) -> tuple[Place, ...]:
    """Words that print the dose lead: the row must be checkable by its first place."""
    if e.dose is None:
        return places
    value = rf"(?<![\d.,]){e.dose.value:g}(?![\d,]|\.\d)"
    return tuple(sorted(places, key=lambda p: re.search(value, p.text.replace(",", "")) is None))


def _request_first(places: list[Place]) -> tuple[Place, ...]:
    form_first = {PageKind.REQUEST: 0, PageKind.ORDER: 1, PageKind.LETTER: 2, PageKind.NOTE: 3}
    return tuple(sorted(best_first(places), key=lambda p: form_first.get(p.page_kind, 4)))


def _status(e: Draft) -> str:
    if e.told in ("requested", "planned", "not_taken", "current"):
        return e.told
    if e.told in ("stopped", "past") or e.stop is not None:
        return "past"
    return "past" if e.assertion is not Assertion.FAMILY else "current"


def _implied(e: Draft) -> str:
    """`daily` of a dose whose drug is daily in every statement that gives a frequency."""
    taken = _group(e) == "taken" and e.milligrams is not None and e.route in ("", "oral")
    return e.usual_frequency if taken and e.usual_frequency == "daily" else ""


def _daily(e: Draft, steroid: bool) -> float | None:
    """Milligrams a day; the lower end of a range. None unless taken every day."""
    milligrams = e.milligrams
    if milligrams is None or e.dose is None:
        return None
    if e.low_dose is not None:
        milligrams = milligrams * e.low_dose / e.dose.value
    frequency = e.frequency or ("" if e.aside else e.usual_frequency)
    if not frequency and e.stepped and not e.aside and steroid:
        frequency = "daily"  # a corticosteroid that goes up and down in steps is taken every day
    factor = PER_DAY.get(frequency)
    return round(milligrams * factor, 6) if factor is not None else None


def course_days(
    duration: Quantity | None, start: DateRange | None, stop: DateRange | None
) -> int | None:
    """Days as stated, else from the dates when these bound it closely.

    Within 31 days and twofold; two months as such ("from March to December") within 62 days and
    by half. Of a length that was exceeded ("more than a year") the number that is said.
    """
    if duration is not None and duration.low is not None:
        high = duration.low if duration.high is None else duration.high
        return round((duration.low + high) / 2)
    if start is not None and stop is not None and start.earliest and stop.latest:
        counted = days_between(start, stop)
        if (
            counted.low is not None
            and counted.high is not None
            and counted.high - counted.low <= 62
            and (counted.high - counted.low <= 31 or 2 * counted.high <= 3 * counted.low)
            and counted.high <= 2 * counted.low
        ):
            return round((counted.low + counted.high) / 2)
    return None
