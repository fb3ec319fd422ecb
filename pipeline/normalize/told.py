"""Medication mentions -> what each statement tells of a treatment: drug, dose, days, how it is put."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from pipeline.normalize.reading import Reading, assertion_of, part, parts
from pipeline.notation import amounts, dates, lengths, numbers
from pipeline.quantities import DateRange, Quantity
from pipeline.schema import Assertion, Mention, PageKind, Place, Standing

ASIDE = ("requested", "planned", "not_taken")
SURE = ("current", "stopped")  # what the rules have words for
HARM = frozenset({"intolerant", "contraindicated"})
FORMS = (PageKind.ORDER, PageKind.REQUEST)
OFF = re.compile(r"\b(?:no|off)\s+$", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d\d")
BARE_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)?,?\s*(?:19|20)\d\d")
# Before a dose: what it was left for another one, what was not reached, what it was not lowered to.
LEFT = re.compile(r"\bfrom\s+(?:about\s+)?$", re.IGNORECASE)
LIMIT = re.compile(
    r"\b(?:below|under|less\s+than|(?:more|higher|greater)\s+than|above|over|beyond)\s+(?:about\s+)?$",
    re.IGNORECASE,
)
STEP = re.compile(r"\bby\s+[\d.]+\s*-?(?:mg|milligrams?)?\b", re.IGNORECASE)
NEVER = re.compile(
    r"\b(?:never|not|cannot|can['\u2019]?t|no|unable|fail(?:s|ed)|impossible)\b[^.;,]*$",
    re.IGNORECASE,
)
VIALS = re.compile(r"\s*(?:single[- ]\w+\s+)?vials?\b", re.IGNORECASE)
RANGE = re.compile(r"\d\s*(?:-|\u2013|to)\s*\d")


@dataclass(frozen=True)
class Told:
    """What one place tells of one drug.

    Attributes:
        how: How it is put: a status of the contract, `begun`, `stopped`, or '' when it only tells.
        assertion: Whether it is affirmed, of a relative, denied, on condition.
        written: When the text was written.
        low_dose: Lower end of a printed range, in the unit of `dose`.
        per_kg: mg/kg/day as stated.
        outcomes, agreed: Outcomes told, and those of them that two readings see.
        stands: Two readings say that it is stated of the patient.
        listed: It is an entry of a list of what is taken.
        absent: "No prednisone": not now, whatever was taken before.
        begin, end: Offsets of the words with their dose and days in the text.
    """

    ingredient: str
    how: str
    assertion: Assertion
    written: DateRange
    section: str
    page_kind: PageKind
    origin: str
    place: Place
    order: int
    product: str = ""
    dose: amounts.Dose | None = None
    low_dose: float | None = None
    per_kg: float | None = None
    route: str = ""
    frequency: str = ""
    duration: Quantity | None = None
    start: DateRange | None = None
    stop: DateRange | None = None
    outcomes: tuple[str, ...] = ()
    agreed: frozenset[str] = frozenset()
    reason: str = ""
    more: tuple[Place, ...] = ()  # places that tell more of it: its class, its further fills
    days_supply: int = 0
    doubtful: bool = False
    stands: bool = True
    read: str = ""  # the status that the trained reader sees
    sure: bool = False  # the rules have words for the status
    listed: bool = False
    absent: bool = False
    begin: int = 0
    end: int = 0

    @property
    def places(self) -> tuple[Place, ...]:
        """Where it is told."""
        return (self.place, *self.more)

    @property
    def amount(self) -> tuple[float, str] | None:
        """The dose, in mg where it is a mass; None for one that is not told or is by weight."""
        if self.dose is None:
            return None
        milligrams = self.dose.milligrams
        if milligrams is not None:
            return round(milligrams, 6), "mg"
        return self.dose.value, self.dose.printed_unit

    @property
    def milligrams(self) -> float | None:
        """The dose in mg."""
        return self.dose.milligrams if self.dose else None

    @property
    def dosed(self) -> bool:
        """Whether it tells a dose."""
        return self.dose is not None or self.per_kg is not None

    @property
    def dated(self) -> bool:
        """Whether it tells when or how long."""
        return not (self.start is None and self.stop is None and self.duration is None)

    @property
    def kind(self) -> str:
        """`taken`, `if_taken` (on a condition), `requested`, `planned`, `not_taken` or `family`."""
        if self.assertion is Assertion.FAMILY:
            return "family"
        bare = not self.dosed and self.start is None and self.duration is None
        if bare and self.how in ("", "past") and "contraindicated" in self.outcomes:
            return "not_taken"
        if self.how in ASIDE:
            return self.how
        return "if_taken" if self.assertion is Assertion.HYPOTHETICAL else "taken"

    @property
    def first_day(self) -> int | None:
        """The earliest first day, as an ordinal."""
        return self.start.earliest.toordinal() if self.start and self.start.earliest else None


def statements(mentions: Sequence[Mention], requested: set[str], reading: Reading) -> list[Told]:
    """What is told of each drug; `requested` names the ingredients that the submission asks for."""
    told = [
        _told(m, i, requested, reading) for i, m in enumerate(mentions) if m.label == "medication"
    ]
    return _heed_reader(told, requested)


def _told(m: Mention, order: int, requested: set[str], reading: Reading) -> Told:
    product, duration = part(m, "product"), part(m, "duration")
    told_by = [p for label in ("dose", "duration", "start", "stop") for p in parts(m, label)[:1]]
    outcomes = parts(m, "outcome")
    reason, supply, read = part(m, "reason"), part(m, "days_supply"), part(m, "status_read")
    route, fill = part(m, "route"), part(m, "fill_date")
    bound = _is_limit(m, reading)
    if bound:  # "never on more than 40 mg", "not below 15 mg": no dose, and no denial of the drug
        m = m.model_copy(update={"negated": False, "parts": _without_dose(m)})
    dose, low = (None, None) if _is_package(m, reading) else _dose(m)
    words = reason or (outcomes[0] if outcomes else None)
    told = Told(
        ingredient=m.code,
        how="",
        assertion=assertion_of(m),
        written=reading.written(m),
        section=m.section,
        page_kind=reading.page(m).kind,
        origin=m.origin,
        place=reading.place(m),
        order=order,
        product=reading.lexicon.brand(product.text) if product is not None else "",
        dose=dose,
        low_dose=low,
        per_kg=_per_kg(m, dose),
        route=route.code if route is not None else "",
        frequency=_frequency(m, reading),
        duration=lengths.duration(duration.text) if duration is not None else None,
        start=reading.when(fill, m) if fill is not None else _started(m, reading),
        stop=_stopped(m, reading),
        outcomes=tuple(p.code for p in outcomes),
        agreed=frozenset() if "outcome" in m.doubted else frozenset(p.code for p in outcomes),
        reason=words.text if words is not None else "",
        days_supply=int(numbers.number(supply.text) or 0) if supply is not None else 0,
        doubtful=bool(told_by) and reading.doubtful(*told_by),
        stands="standing" not in m.doubted,
        read=read.code if read is not None else "",
        sure=any(p.code in SURE for p in parts(m, "status")),
        listed=m.section == "current_medications"
        or any(p.code == "listed" for p in parts(m, "status")),
        absent=m.negated
        and OFF.search(reading.document.text[max(0, m.start - 6) : m.start]) is not None,
        begin=min([m.start, *(p.start for p in m.parts if p.label == "dose")]),
        end=max([m.end, *(p.end for p in told_by)]),
    )
    how = _how(m, told, requested)
    if bound:
        how = "" if how in ASIDE else how
    elif how == "current" and _precedes_dose(LEFT, m, reading):
        how = "past"
    return _put(replace(told, how=how, read="" if bound else told.read), m)


def _precedes_dose(words: re.Pattern[str], m: Mention, reading: Reading) -> bool:
    main = part(m, "dose")
    if main is None:
        return False
    before = reading.document.text[max(0, main.start - 30) : main.start]
    return words.search(before) is not None


def _is_limit(m: Mention, reading: Reading) -> bool:
    """Whether it is denied that the dose was ever passed, in either direction."""
    if m.origin != "prose" or not _precedes_dose(LIMIT, m, reading):
        return False
    denied = m.negated or any(p.code == "not_taken" for p in parts(m, "status_read"))
    return denied or _precedes_dose(NEVER, m, reading)


def _without_dose(m: Mention) -> tuple[Mention, ...]:
    of_dose = ("dose", "frequency", "schedule", "start", "stop", "duration", "outcome")
    return tuple(p for p in m.parts if p.label not in of_dose)


def _is_package(m: Mention, reading: Reading) -> bool:
    """Whether what looks like a dose is what a vial holds."""
    main = part(m, "dose")
    return main is not None and VIALS.match(reading.document.text, main.end) is not None


def _put(t: Told, m: Mention) -> Told:
    """What is denied and what came to something; of what was taken, only denials are kept."""
    if t.how == "not_taken" and t.assertion is Assertion.AFFIRMED:
        return replace(t, assertion=_of_untaken(t))
    loose = (Assertion.NEGATED, Assertion.HISTORICAL, Assertion.POSSIBLE)
    if t.assertion in loose and t.how != "not_taken":
        return replace(
            t,
            assertion=Assertion.NEGATED if m.negated else Assertion.AFFIRMED,
            how="not_taken" if m.negated and not t.outcomes else t.how,
        )
    return t


def _of_untaken(t: Told) -> Assertion:
    """Denied; of a drug that must not be taken it is stated that it must not."""
    return Assertion.AFFIRMED if "contraindicated" in t.outcomes else Assertion.NEGATED


# ------------------------------------------------------------------------ dose and days


def _frequency(m: Mention, reading: Reading) -> str:
    schedule, frequency, dose = part(m, "schedule"), part(m, "frequency"), part(m, "dose")
    if frequency is not None and dose is not None and m.origin == "prose":
        between = reading.document.text[dose.end : frequency.start]
        if STEP.search(between):  # "40 mg, lower by 5 mg weekly": how often it is lowered
            frequency = None
    if schedule is not None:
        return re.sub(r"^on\s+", "", " ".join(schedule.text.split()), flags=re.IGNORECASE)
    return frequency.code if frequency is not None else ""


def _started(m: Mention, reading: Reading) -> DateRange | None:
    """The first day; where no year is printed, the last such day before the day of the end."""
    told = part(m, "start")
    start, stop = reading.when(told, m), _stopped(m, reading)
    if start is not None and start.iso in reading.births:
        return None  # "Jane Roe, 14 January 1969 - X": nobody is treated from birth
    if told is None or start is None or stop is None or YEAR.search(told.text):
        return start
    late = start.earliest and stop.latest and start.earliest > stop.latest
    return reading.parse(told.text, told.start, stop.latest) if late else start


def _stopped(m: Mention, reading: Reading) -> DateRange | None:
    """The last day; of "May 4-11, 2026" the second day has the month of the first."""
    start, stop = part(m, "start"), part(m, "stop")
    if start is not None and stop is not None and BARE_DAY.fullmatch(stop.text):
        month = re.match(r"[A-Za-z]+", start.text)
        return dates.parse(f"{month[0]} {stop.text}") if month else None
    end, begun = reading.when(stop, m), reading.when(start, m)
    known = m.origin == "prose" and stop is not None and YEAR.search(stop.text) is None
    if known and end and begun and end.latest and begun.earliest and end.latest < begun.earliest:
        return None  # "X from 07/02 to 07/04 and Y from 07/05": the end of X is none of Y
    return end


def _dose(m: Mention) -> tuple[amounts.Dose | None, float | None]:
    """The dose as taken, and the lower end of a printed range; tablets times their strength."""
    main, strength, count = part(m, "dose"), part(m, "strength"), part(m, "count")
    printed = "" if main is None else f"{main.text} mg" if main.code == "mg" else main.text
    dose = amounts.dose(printed) if main is not None else None
    each = amounts.dose(strength.text) if strength is not None else None
    counted = amounts.dose(count.text) if count is not None else None
    fill, solid = m.section == "fills", each is not None and each.milligrams is not None
    if dose is not None and dose.unit in ("tablet", "capsule") and each is not None and solid:
        return amounts.Dose(dose.value * each.value, each.unit), None
    if dose is None and counted is not None:
        return (_times(counted, each) if each is not None and solid else counted), None
    several = counted is not None and counted.value > 1 and m.origin == "table"
    if fill and several and counted is not None and dose is not None and dose.milligrams:
        # "3 tablets (60 mg)" of 20 mg each: what is printed behind the count is the whole.
        whole = _times(counted, each) if each is not None and solid else None
        is_whole = whole is not None and whole.milligrams == dose.milligrams
        return (dose if is_whole else _times(counted, dose)), None
    if dose is None and each is not None and m.origin == "table":
        return each, None
    if fill and counted is None:
        return None, None  # "taper as directed": the strength of the tablet is not the dose
    low = None
    if main is not None and RANGE.search(main.text):
        first, second = numbers.numbers(main.text)[:2]
        low = first if first < second else None
    return dose, low


def _times(count: amounts.Dose, each: amounts.Dose) -> amounts.Dose:
    return amounts.Dose(round(count.value * each.value, 6), each.unit)


def _per_kg(m: Mention, dose: amounts.Dose | None) -> float | None:
    stated = part(m, "dose_per_kg")
    found = amounts.dose(stated.text) if stated is not None else dose
    by_weight = found is not None and found.per == "kg" and found.unit == "mg"
    return found.value if found is not None and by_weight else None


# ------------------------------------------------------------------------- how it is put


def _how(m: Mention, t: Told, requested: set[str]) -> str:
    """By explicit words first, then by the section it stands in."""
    code = "not_taken" if m.negated else _cue(m, t)
    wanted = m.code in requested
    begun, written = t.start.latest if t.start else None, t.written.latest
    earlier = begun is not None and written is not None and begun < written
    open_ended = t.stop is None and not earlier and not m.family
    if wanted and open_ended and code in ("requested", "planned", ""):
        return "requested"
    if code == "requested":
        code = ""
    if code == "past" and m.standing is Standing.ORDERED and open_ended and t.start is None:
        return "planned"  # "will be looked at after a trial of X": a trial still to come
    if code:
        entry = code == "current" and m.section == "current_medications"
        told_before = bool(t.outcomes) or t.start is not None
        if code in ("past", "begun", "current") and wanted and not (entry or told_before):
            return "requested"
        if code == "current" and t.stop is not None:
            return "past"
        if code == "planned" and earlier and _is_over(t):
            return "past"  # "we chose to begin X on 03/23, kept for eight weeks"
        in_plan = code == "current" and m.section == "plan" and part(m, "dose") is None
        return "" if in_plan and "intolerant" in t.outcomes else code
    if m.hypothetical:
        return "planned"
    if t.stop is not None and not t.outcomes:
        return ""
    return _by_section(m, t)


def _is_over(t: Told) -> bool:
    """Whether what is told with its first day was over when it was written."""
    end = t.stop or last_of(t.start, t.duration)
    written = t.written.latest
    return bool(end and end.latest and written and end.latest <= written)


def _cue(m: Mention, t: Told) -> str:
    """The status that words tell; a bare list entry is taken, unless its list is of other things."""
    cues = [p.code for p in parts(m, "status")]
    code = cues[0] if cues else ""
    if code != "listed":
        return code
    if t.page_kind in FORMS and m.section in ("", "premedication", "form"):
        return "planned"
    others = ("plan", "premedication", "past_medications", "assessment_and_plan")
    return "" if m.section in others else "current"


def _by_section(m: Mention, t: Told) -> str:
    match m.section:
        case "current_medications":
            return "current" if t.stop is None else "past"
        case "premedication":
            return "planned"
        case "plan" if not t.outcomes:
            return "planned"
        case "assessment_and_plan" if not t.outcomes and t.dose is None and t.start is None:
            return "planned"
        case "past_medications":
            return "past"
        case "fills":
            return ""
    ordered = t.page_kind in FORMS and m.origin == "prose" and t.start is None
    return "planned" if ordered and not t.outcomes else ""


def _heed_reader(told: list[Told], requested: set[str]) -> list[Told]:
    """Let the trained reader say how the text puts a course, where the rules only assume it.

    It may say that a drug was not taken, or not yet, but of an entry of a list of what is taken;
    whether what was taken still is, only of a drug with one dose: of steps it sees the name alone.
    """
    doses: dict[str, set[amounts.Dose]] = {}
    for t in told:
        if t.dose is not None:
            doses.setdefault(t.ingredient, set()).add(t.dose)
    return [_as_read(t, len(doses.get(t.ingredient, ())), t.ingredient in requested) for t in told]


def _as_read(t: Told, doses: int, wanted: bool) -> Told:
    if _is_only_named(t):
        t = replace(t, stands=False)  # nothing but the reader says that it was taken
    if not t.read or t.how in ASIDE or t.listed:
        return t
    if t.dated if t.origin == "table" else t.start and t.stop:
        return t
    if t.read in ASIDE:
        how = "planned" if t.read == "requested" and not wanted else t.read
        denied = how == "not_taken" and t.assertion is Assertion.AFFIRMED
        return replace(t, how=how, assertion=_of_untaken(t) if denied else t.assertion)
    if t.read == "current" and (t.agreed & (HARM | {"failed"}) or t.duration is not None):
        return t  # "15 mg weekly x 2 weeks": a course of a length is over
    if t.read == "past" and t.dose and t.frequency and not (t.stop or t.outcomes):
        return t  # with its dose and times and nothing else: an entry of what is taken
    return t if t.sure or doses > 1 else replace(t, how=t.read)


def _is_only_named(t: Told) -> bool:
    """Whether the rules find no word on a drug: no status, no section, dose, days or outcome."""
    return not (t.how or t.dosed or t.dated or t.outcomes or t.listed or t.frequency)


# -------------------------------------------------------------------------------- days


def last_of(start: DateRange | None, length: Quantity | None) -> DateRange | None:
    """The last day of a course of a length, both known within bounds."""
    if start is None or length is None or start.earliest is None or start.latest is None:
        return None
    if length.low is None or length.high is None:
        return None
    return DateRange(
        earliest=start.earliest + timedelta(days=int(length.low) - 1),
        latest=start.latest + timedelta(days=int(length.high) - 1),
    )
