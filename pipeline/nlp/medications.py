"""Drugs with what belongs to each: dose, frequency, route, duration, dates, status, outcome.

A sentence is read as a row of events. An event is one drug with one dose; what stands between
its words and the next event belongs to it. A dose without a drug belongs to the drug that the
text is about (its focus): the one named last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.nlp.lengths import is_of_other
from pipeline.nlp.names import Name
from pipeline.nlp.objects import SaidOf, said_of
from pipeline.nlp.sentence import Sentence
from pipeline.notation.matches import Match
from pipeline.notation.numbers import WORD
from pipeline.schema import About, Mention, Standing

PER_KG = re.compile(r"/\s*(?:kg|m2|m\u00b2)|per\s+(?:kg|kilogram|m2)", re.IGNORECASE)
PRONOUN = re.compile(
    r"\b(?:it|this|that|these|they|both|the\s+(?:drug|dose|medication|agent|combination|two\s+drugs|same\s+dose)|"
    r"this\s+(?:drug|dose|agent|combination))\b",
    re.IGNORECASE,
)
# "He has had it for 27 days", "she stayed on this for eight weeks".
TAKEN = re.compile(
    r"\b(?:had|has|have|took|taken|takes|been\s+on|stayed\s+on|remained\s+on|kept\s+on|given|received|on)\s+(?:it|this|that|them|both|"
    r"the\s+(?:drug|dose|same\s+dose|full\s+dose|combination))\b[^.;]{0,20}$",
    re.IGNORECASE,
)
# "She stayed on this until April 13", "kept to all six until May": the last day of what was named.
KEPT_UNTIL = re.compile(
    r"\b(?:took|had|stay(?:ed|ing)|remain(?:ed|ing)|kept|continued|held|went\s+on)\s+(?:going\s+)?(?:on|to|at|with)?\s*"
    r"(?:it|this|that|them|both|(?:the|this|that)\s+(?:same\s+|full\s+|high\s+)?(?:drug|dose|amount|combination)|"
    rf"all\s+(?:of\s+(?:it|them)|{WORD})(?:\s+(?:tablets|pills|capsules))?)\s+(?:until|till|through)\s+(?:about\s+)?$",
    re.IGNORECASE,
)
OF_IT = re.compile(
    r"\s+(?:of|on)\s+(?:it|this|that|the\s+(?:drug|dose|medication|agent))\b", re.IGNORECASE
)
# "Stopped 9/2025.", "Rash, off at two weeks": a stop without a subject is of the drug named before.
BARE_STOP = re.compile(
    r"(?:^|[,;:]|\band|\bthen)\s*(?:(?:was|were|had|been|then|so|she|he|they|i|we|patient|pt)\s+)*(?:stopp?ed|off|quit|discontinued|d/c'?d|dropped)\s*"
    r"(?:(?:on|in|at|after|by|since)\s*)?$",
    re.IGNORECASE,
)
BOTH = re.compile(r"\b(?:both|two\s+drugs|combination|these)\b", re.IGNORECASE)
NOT_A_DATE_OF_DOSE = re.compile(
    r"(?:diagnosed|presented|seen|visit|dx|onset|biops\w+|\bCK\b|\bMRI\b|\bEMG\b|admitted|hospital\w*|report\w*)"
    r"[^.;,]{0,25}$|\b(?:d\.?o\.?b\.?|b\.|born(?:\s+on)?|birth\s*(?:date|day)|date\s+of\s+birth)\s*[:=(]?\s*$"
    r"|\b(?:due|scheduled|booked|upcoming|next\s+\w+)(?:\s+(?:on|for|date))?\s*:?\s*(?:[\d/.,-]+\s*|and\s+|[A-Z][a-z]{2,8}\.?\s+)*$",
    re.IGNORECASE,
)


# How a sentence begins that goes on about the drug named before; another subject may be a drug
# that the lexicon does not know.
BORROWS = re.compile(
    r"\W*(?:\w+ing|it|this|that|she|he|they|we|i|the\s+(?:dose|drug|patient|medication|agent|same)|patient|pt|dose|then|now|on|at|in|after|by|from|since|"
    r"before|during|until|within|over|with|every|each|any|currently|presently|subsequently|later|again|first|next|thereafter|however|"
    r"(?:was\s+|were\s+)?(?:started|added|introduced|commenced|initiated|increased|reduced|lowered|tapered|decreased|raised|escalated|titrated|cut|continued|stopped|resumed|"
    r"restarted|switched|weaned|taken|taking|begun|began|attempts?|flared?|relapsed?|when|while|but|and|mr|mrs|ms|down|up|back)|\d[\d,.]*"
    rf"|(?!an?\b){WORD})\b",
    re.IGNORECASE,
)


@dataclass
class Event:
    """One drug with one dose, while it is put together; offsets are those of the sentence."""

    drug: Name | None
    code: str
    kind: str
    start: int
    end: int
    dose: Match | None = None
    parts: list[tuple[str, Match, str]] = field(default_factory=list)
    borrowed: bool = False  # the drug was named in an earlier sentence
    shared: bool = False  # an earlier event has the same drug word
    doubted: bool = False  # whether its outcome is the patient's
    general: bool = False  # named in a rule that holds for anybody

    @property
    def told(self) -> set[tuple[str, str]]:
        """Labels and codes of its parts."""
        return {(label, code) for label, _, code in self.parts}

    def has(self, label: str) -> bool:
        return any(part[0] == label for part in self.parts)


@dataclass
class Focus:
    """The drugs that the text is about, the last named one last; (code, kind, mention)."""

    drugs: list[tuple[str, str]] = field(default_factory=list)

    def name(self, code: str, kind: str) -> None:
        self.drugs = [d for d in self.drugs if d[0] != code] + [(code, kind)]

    def referred(self, text: str) -> list[tuple[str, str]]:
        """The drugs that a sentence without a drug speaks of."""
        return self.drugs[-2:] if BOTH.search(text) else self.drugs[-1:]


def find_medications(
    sentence: Sentence, focus: Focus, ambiguous: frozenset[str] = frozenset()
) -> list[Mention]:
    """All medication mentions of a sentence; updates the focus.

    Drugs whose names are `ambiguous` (calcium, oxygen) count in a list of medications or with a
    dose beside them.
    """
    drugs = [
        n
        for n in sentence.names
        if n.kind in ("drug", "drug_class")
        and _is_drug(sentence, n)
        and (n.code not in ambiguous or _as_medication(sentence, n))
    ]
    events = _events(sentence, drugs, focus)
    for drug in drugs:
        focus.name(drug.code, drug.kind)
    if not events:
        return _lengths_taken_back(sentence, events, focus)
    _attach_expressions(sentence, events)
    _share_in_regimen(sentence, events)
    _attach_status(sentence, events)
    _attach_outcomes(sentence, events)
    _attach_harms(sentence, events)
    _give_to_stopped(events)
    taken_up = _take_up(sentence, events)
    if taken_up is not None:
        focus.name(taken_up.code, taken_up.kind)
    _drop_dates_of_reasons(events)
    taken_back = _lengths_taken_back(sentence, events, focus)
    _deny_listed(sentence, events)
    _mark_listed(sentence, events)
    told = [_mention(sentence, event) for event in events if _says_something(sentence, event)]
    return [*told, *taken_back]


# "Three doses and not twelve weeks", "12 days rather than 10 weeks": so long it was not taken.
NOT_SO_LONG = re.compile(
    r"(?:\bnot|\brather\s+than|\binstead\s+of|\bin\s+place\s+of)\s+(?:for\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)


def _lengths_taken_back(sentence: Sentence, events: list[Event], focus: Focus) -> list[Mention]:
    """Lengths that a sentence denies of a drug, as statements that do not stand; they leave the events."""
    found = []
    for length in sentence.durations:
        if NOT_SO_LONG.search(sentence.text[: length.start]) is None:
            continue
        told = [e for e in events if any(m == length for _, m, _ in e.parts)]
        for event in told:
            event.parts = [p for p in event.parts if p[1] != length]
        drugs = [(e.code, e.kind) for e in told or events[-1:]] or focus.drugs[-1:]
        found += [
            sentence.mention(
                "medication",
                length.start,
                length.end,
                code,
                parts=(sentence.part("duration", length, ""),),
                standing=Standing.WITHDRAWN,
                negated=False,
            )
            for code, kind in drugs
            if kind == "drug"
        ]
    return found


WITH_IT = re.compile(r"\b(?:with|alongside|plus)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
TAKES_UP = re.compile(r";\s*(?:s?he|they|(?:the\s+)?(?:patient|pt))\b[^;]*?\bit\b", re.IGNORECASE)


def _take_up(sentence: Sentence, events: list[Event]) -> Event | None:
    """ "X was added, with Y; she took it until May": it is X, which the sentence is about.

    What the later clause tells moves from Y to X, which is returned.
    """
    if len(events) < 2 or events[-1].drug is None:
        return None
    head, companion = events[-2:]
    between = sentence.text[head.end : companion.start]
    again = TAKES_UP.search(sentence.text, companion.end)
    if head.drug is None or head.code == companion.code or again is None:
        return None
    if WITH_IT.search(between) is None:
        return None
    moved = [p for p in companion.parts if p[1].start >= again.start()]
    companion.parts = [p for p in companion.parts if p not in moved]
    head.parts += [p for p in moved if not head.has(p[0])]
    return head


LAB_AFTER = re.compile(
    r"\s*(?:level|of\s+\d|was\s+\d|is\s+\d|:?\s*\d+(?:\.\d+)?\s*(?:mg/dl|mmol|meq|ng|g/dl))", re.I
)


def _as_medication(sentence: Sentence, name: Name) -> bool:
    listed = sentence.passage.section in ("current_medications", "past_medications")
    return listed or any(0 <= d.start - name.end < 20 for d in sentence.doses)


def _is_drug(sentence: Sentence, name: Name) -> bool:
    """A name that is also a test's is a drug unless a result follows it."""
    same = any(
        n.kind == "lab" and n.start < name.end and name.start < n.end for n in sentence.names
    )
    if same and (
        LAB_AFTER.match(sentence.text[name.end :]) or sentence.passage.section == "results"
    ):
        return False
    before, after = sentence.text[: name.start], sentence.text[name.end :]
    if re.match(
        r"[\s-]*(?:related|induced|associated|antibod|resistan|level|nucleotide|metabolite)",
        after,
        re.I,
    ):
        return False  # "durvalumab-related polymyositis" is an attribution, not a course
    if name.kind == "drug_class" and re.match(
        r"[\s-]*(?:taper|sparing|depend|hyperglyc|induced|bone|related|myopathy|refractory|responsive|naive|dose\b)",
        after,
        re.I,
    ):
        return False
    return not re.search(r"(?:allerg\w+\s+to|anti-?|serum)\s*$", before, re.I)


def _events(sentence: Sentence, drugs: list[Name], focus: Focus) -> list[Event]:
    doses = [
        d
        for d in sentence.doses
        if not _inside_name(sentence, d)
        and (d.code != "mg" or _unit_is_known(sentence, d, drugs, focus))
    ]
    per_kg = [d for d in doses if PER_KG.search(sentence.text[d.start : d.end])]
    if per_kg:
        doses = [d for d in doses if d in per_kg or not AT_MOST.search(sentence.text[: d.start])]
    main = [d for d in doses if d not in per_kg or not _beside_amount(sentence, d, doses, per_kg)]
    main = [d for d in main if not _explains(sentence, d, main)]
    events: list[Event] = []
    taken: set[int] = set()
    for dose in main:
        owner = _owner(sentence, dose, drugs, main)
        if owner is not None:
            events.append(
                Event(
                    owner,
                    owner.code,
                    owner.kind,
                    min(owner.start, dose.start),
                    max(owner.end, dose.end),
                    dose,
                )
            )
            taken.add(owner.start)
        elif (
            focus.drugs
            and not drugs
            and BORROWS.match(sentence.text)
            and _may_borrow(sentence, dose)
        ):
            code, kind = focus.drugs[-1]
            events.append(Event(None, code, kind, dose.start, dose.end, dose, borrowed=True))
    events += [Event(d, d.code, d.kind, d.start, d.end) for d in drugs if d.start not in taken]
    if not events and focus.drugs:
        refers = PRONOUN.search(sentence.text) is not None
        speaks = [
            c
            for c in sentence.cues
            if (c.kind == "outcome" and said_of(sentence, c) is not SaidOf.OTHER)
            or (
                (c.code in ("stopped", "not_taken") and (refers or _is_remark(sentence, c)))
                and not OF_MORE.search(sentence.text[: c.start])
            )
        ]
        lasted = [
            d
            for d in sentence.durations
            if (refers and TAKEN.search(sentence.text[: d.start]))
            or OF_IT.match(sentence.text, d.end)
            or (d.code == "stopped" and (refers or BARE_STOP.search(sentence.text[: d.start])))
        ]
        speaks += [c for c in sentence.cues if c not in speaks and _is_bare_stop(sentence, c)]
        until = [d for d in sentence.dates if KEPT_UNTIL.search(sentence.text[: d.start])]
        spoken = sorted([*speaks, *lasted[:1], *until[:1]], key=lambda m: m.start)
        if spoken:
            parts = [("duration", d, "") for d in lasted[:1]]
            for code, kind in focus.referred(sentence.text):
                told = Event(None, code, kind, spoken[0].start, spoken[0].end, borrowed=True)
                told.parts += parts
                events.append(told)
    events += _stopped_before(sentence, drugs, focus)
    events.sort(key=lambda e: e.dose.start if e.dose else e.start)
    for index, event in enumerate(events):
        event.shared = _shares(events, index)
    return events


# "I stopped it in March and began X": it is the drug of the sentence before.
STOPPED_IT = re.compile(
    r"\b(?:stopped|discontinued|dropped|abandoned|withdrew|ended|quit|gave\s+up|came\s+off|took\s+(?:her|him)\s+off)\s+(?P<it>it|this|that)\b"
    r"|\b(?P<it_was>it|this|that)\s+(?:was|had\s+to\s+be|has\s+been|had\s+been)\s+(?:then\s+)?(?:stopped|discontinued|withdrawn|abandoned|dropped)\b",
    re.IGNORECASE,
)


def _stopped_before(sentence: Sentence, drugs: list[Name], focus: Focus) -> list[Event]:
    """The drug named before, where a sentence ends it before it names another one."""
    told = STOPPED_IT.search(sentence.text, 0, drugs[0].start) if drugs else None
    if told is None or not focus.drugs:
        return []
    code, kind = focus.drugs[-1]
    if kind != "drug" or code in {d.code for d in drugs}:
        return []
    return [Event(None, code, kind, told.start(), told.end(), borrowed=True)]


def _give_to_stopped(events: list[Event]) -> None:
    """What stands between "stopped it" and the next drug is told of what was stopped."""
    stopped = next((e for e in events if e.borrowed and e.drug is None and e.dose is None), None)
    named = [e for e in events if e.drug is not None]
    if stopped is None or not named or named[0].drug is None:
        return
    border = min(e.start for e in named)
    for event in named:
        moved = [p for p in event.parts if stopped.start <= p[1].start and p[1].end <= border]
        event.parts = [p for p in event.parts if p not in moved]
        stopped.parts += [p for p in moved if p not in stopped.parts]


# "Larger amounts were not used": what was not taken is more of it.
OF_MORE = re.compile(
    r"\b(?:larger|higher|bigger|greater|stronger|heavier|increased|more|further|additional|extra)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)


def _is_remark(sentence: Sentence, cue: Match) -> bool:
    """ "Not taking." behind an entry of a list is said of it."""
    before = sentence.text[: cue.start]
    return re.fullmatch(r"\W*(?:(?:patient|pt)\b\.?\s+(?:is\s+)?)?", before, re.I) is not None


def _is_bare_stop(sentence: Sentence, cue: Match) -> bool:
    """Whether a sentence begins with a stop and its day: "Stopped 9/2025.", "Quit in May 2024"."""
    if cue.code != "stopped" or sentence.text[: cue.start].strip(" -\u2022*"):
        return False
    return any(
        re.fullmatch(r"\s*(?:(?:on|in|at|after|by)\s+)?[(:]?", sentence.text[cue.end : d.start])
        for d in (*sentence.dates, *sentence.durations)
        if d.start >= cue.end
    )


# Whose doses are written without a unit, which is then mg.
UNITLESS_DRUGS = ("prednisone", "prednisolone")


def _unit_is_known(sentence: Sentence, dose: Match, drugs: list[Name], focus: Focus) -> bool:
    after = [d for d in drugs if d.start >= dose.end]
    if after and re.fullmatch(r"\s+of\s+(?:oral\s+)?", sentence.text[dose.end : after[0].start]):
        return after[0].code in UNITLESS_DRUGS
    before = [d for d in drugs if d.end <= dose.start]
    if before or drugs:
        return bool(before) and before[-1].code in UNITLESS_DRUGS
    return bool(focus.drugs) and focus.drugs[-1][0] in UNITLESS_DRUGS


def _inside_name(sentence: Sentence, dose: Match) -> bool:
    return any(n.start <= dose.start and dose.end <= n.end for n in sentence.names)


def _beside_amount(
    sentence: Sentence, dose: Match, doses: list[Match], per_kg: list[Match]
) -> bool:
    """A dose by weight explains an amount near it: "60 mg daily (1 mg/kg)"."""
    return any(
        d not in per_kg and (abs(d.start - dose.end) < 90 or abs(dose.start - d.end) < 60)
        for d in doses
    )


# The most that a dose by weight may come to: "750 mg/m2 up to 1,000 mg".
AT_MOST = re.compile(
    r"\b(?:up\s+to|max(?:imum)?\.?(?:\s+(?:of|dose))?:?|(?:not\s+to\s+|never\s+to\s+)exceed(?:ing)?|capp?(?:ed)?(?:\s+(?:at|of))?)\s*$",
    re.IGNORECASE,
)
# "12.5 mg oral tablet, 12.5 mg, 1 tab, Oral, BID": systems print the strength with its form,
# then the dose, then the count that makes it up.
PRODUCT_FORM = re.compile(
    r"[\s-]*(?:(?:oral|extended|delayed|immediate|sustained|modified|release|enteric|coated|chewable|disintegrating|"
    r"injectable|subcutaneous|intravenous|intramuscular|nasal|topical|ophthalmic|rectal|er|xr|xl|dr|sr|odt|hr)[\s-]+)*"
    r"(?:tablets?|tabs?|capsules?|caps?|solution|suspension|syrup|liquid|pen|injection|injector|syringe|vial|kit|"
    r"inhaler|spray|patch|powder)?(?:[\s,]+(?:extended|delayed)[\s-]release)?\s*,\s*",
    re.IGNORECASE,
)
COUNTED = re.compile(r"tab|cap|pill|\d\s*[tc]$", re.IGNORECASE)
VOLUME = re.compile(r"\d\s*(?:ml|cc)\b", re.IGNORECASE)
MASS = re.compile(r"\d\s*-?\s*(?:mg|mcg|g|units?)\b", re.IGNORECASE)


def _dose_of_entry(sentence: Sentence, dose: Match, doses: list[Match]) -> bool:
    """Whether a dose is the one that a system's list entry prints after the product."""
    text = sentence.text
    if not MASS.search(text[dose.start : dose.end]):
        return False
    for product in (d for d in doses if d.end <= dose.start):
        form = text[product.end : dose.start]
        named = len(form.strip(" ,")) > 1 or COUNTED.search(text[product.start : product.end])
        if (
            MASS.search(text[product.start : product.end])
            and named
            and PRODUCT_FORM.fullmatch(form)
        ):
            return True
    return False


def _explains(sentence: Sentence, dose: Match, doses: list[Match]) -> bool:
    """A strength or tablet count beside the amount it makes up: "8 tabs (20 mg)", "20 mg tab, 1 tab"."""
    text = sentence.text[dose.start : dose.end]
    entries = [d for d in doses if _dose_of_entry(sentence, d, doses)]
    if dose in entries:
        return False
    if any(PRODUCT_FORM.fullmatch(sentence.text[dose.end : e.start]) for e in entries):
        return True  # the strength of the product
    if _is_strength(sentence, dose, doses):
        return True
    if (COUNTED.search(text) or VOLUME.search(text)) and not MASS.search(text):
        return any(
            d is not dose
            and (d in entries or not _is_strength(sentence, d, doses))
            and (
                re.fullmatch(r"\W{0,3}|[^,;.()]{0,25}\(\s*=?\s*", sentence.text[dose.end : d.start])
                if d.start >= dose.end
                else d in entries and re.fullmatch(r"[\s,]*", sentence.text[d.end : dose.start])
            )
            for d in doses
        )
    return False


COUNT_OF = re.compile(r"\s*(?:of\s+(?:the\s+)?|[^,;.()]{0,25}\(\s*)", re.IGNORECASE)
TO_COUNT = re.compile(
    r"[\s.,;:-]*(?:(?:tab|cap)\w*[\s.,;:-]*)?(?:(?:#|qty\.?:?|disp(?:ense)?\.?:?)\s*\d+[\s.,;:]*)?(?:(?:take|tk)\s+|sig[:.]?\s*){0,2}",
    re.IGNORECASE,
)


def _is_strength(sentence: Sentence, dose: Match, doses: list[Match]) -> bool:
    """Whether a mass is that of one tablet, of which a count is taken.

    "2 tablets of 20 mg", "2 caps (100 mg caps)", "20 mg tab, 1.5 tabs"; of "8 tabs (20 mg)" it is not.
    """
    text = sentence.text[dose.start : dose.end]
    counts = [d for d in doses if COUNTED.search(sentence.text[d.start : d.end])]
    counts = [
        d for d in counts if d is not dose and not MASS.search(sentence.text[d.start : d.end])
    ]
    if not MASS.search(text):
        return False
    for count in counts:
        if count.end <= dose.start:
            lead = sentence.text[count.end : dose.start]
            if COUNT_OF.fullmatch(lead) and ("(" not in lead or COUNTED.search(text)):
                return True
        elif TO_COUNT.fullmatch(sentence.text[dose.end : count.start]):
            return True
    return False


def _owner(sentence: Sentence, dose: Match, drugs: list[Name], doses: list[Match]) -> Name | None:
    """The drug that a dose belongs to."""
    before = [d for d in drugs if d.end <= dose.start]
    after = [d for d in drugs if d.start >= dose.end]
    if after:
        gap = sentence.text[dose.end : after[0].start]
        direct = re.fullmatch(
            r"\s*(?:(?:daily|weekly|/\s*day|/\s*week|po|iv|oral|per\s+day|a\s+day|twice\s+daily|once\s+weekly|bid)\s+)*(?:of\s+|dose\s+of\s+)?(?:oral\s+|iv\s+|pulse\s+|high[\s-]dose\s+)?",
            gap,
            re.I,
        )
        if direct:
            nearest = before[-1] if before else None
            filled = nearest is not None and any(nearest.end <= d.start < dose.start for d in doses)
            if nearest is None or filled:
                return after[0]
            if gap.strip().lower().endswith("of"):
                return after[0]
    if before and _at_flare(sentence, before[-1], dose):
        return None
    if before and not _unknown_item(sentence, dose, before[-1], doses):
        return before[-1]
    return None


AT_FLARE = re.compile(
    r"[,;]\s*(?:\w+\s+){0,2}(?:flare|relapse)\w*\s+(?:again\s+)?(?:below|under|at|on|if|when)(?:\s+\w+)?\s*$",
    re.IGNORECASE,
)


def _at_flare(sentence: Sentence, drug: Name, dose: Match) -> bool:
    """Whether a dose is that of a flare, told after what came of a drug: "X failed, flares below 15 mg"."""
    told = any(c.kind == "outcome" and drug.end <= c.start <= dose.start for c in sentence.cues)
    return told and AT_FLARE.search(sentence.text[drug.end : dose.start]) is not None


ITEM = re.compile(
    r"(?:^|[,;]|\band\b|\bplus\b|&)\s*(?:and\s+|also\s+)?(?P<word>[A-Za-z][\w/-]{3,})(?:\s+[A-Za-z][\w-]+)?\s*$"
)
LINKING = re.compile(
    r"(?:then|now|later|from|about|with|once|twice|daily|weekly|monthly|oral|orally|after|until|through|increas\w*|decreas\w*|reduc\w*|"
    r"lower\w*|taper\w*|rais\w*|titrat\w*|escalat\w*|currently|dose|doses|dosed|given|taken|take|total|maximum|followed|subsequently|"
    r"maintain\w*|continu\w*|start\w*|added|since|before|when|currently|presently|back|down|again|restart\w*|resum\w*|stopp?\w*|held|"
    r"tablets?|tabs?|capsules?|caps|cut|over|slowly|gradually|intravenous\w*|subcutaneous\w*|initially|alternating|every)",
    re.IGNORECASE,
)


def _unknown_item(sentence: Sentence, dose: Match, drug: Name, doses: list[Match]) -> bool:
    """Whether a dose follows a list item that the lexicon does not know: "MTX 15 mg, folvite 1 mg"."""
    earlier = [d.end for d in doses if drug.end <= d.start < dose.start]
    if not earlier:
        return False
    item = ITEM.search(sentence.text[max(earlier) : dose.start])
    return item is not None and LINKING.fullmatch(item["word"]) is None


def _may_borrow(sentence: Sentence, dose: Match) -> bool:
    """Whether a dose in a sentence without a drug is one of the drug in focus."""
    unit = sentence.text[dose.start : dose.end].lower()
    if dose.code != "mg" and not re.search(r"mg|mcg|g\b|gram|tab|unit", unit):
        return False
    return not any(n.kind == "lab" and 0 <= dose.start - n.end < 12 for n in sentence.names)


def _region(events: list[Event], index: int, length: int) -> tuple[int, int]:
    """What belongs to an event: from the end of the one before to the start of the next."""
    event = events[index]
    start = 0
    if index:
        previous = events[index - 1]
        same = previous.drug is not None and previous.drug is event.drug
        start = previous.dose.end if same and previous.dose else previous.end
    end = length
    if index + 1 < len(events):
        following = events[index + 1]
        same = following.drug is not None and following.drug is event.drug
        end = following.dose.start if same and following.dose else following.start
    return start, max(end, event.end)


def _attach_expressions(sentence: Sentence, events: list[Event]) -> None:
    for index, event in enumerate(events):
        _, end = _region(events, index, len(sentence.text))
        start = event.drug.start if event.drug and not _shares(events, index) else event.start
        if event.dose is not None and _shares(events, index):
            start = event.dose.start
        if index == 0 and event.dose is None:
            start = event.start
        for label, matches in (
            ("frequency", sentence.frequencies),
            ("schedule", sentence.schedules),
            ("route", sentence.routes),
        ):
            near = [m for m in matches if start <= m.start < end]
            if label == "frequency":  # how often a dose is lowered is not how often it is taken
                near = [m for m in near if not STEP_DOWN.search(sentence.text[: m.start])]
            if label == "route" and event.drug is not None and not event.shared:
                near += [
                    m
                    for m in matches
                    if m.end <= event.drug.start
                    and _before_drug(sentence.text[m.end : event.drug.start])
                ]
            if near:
                anchor = event.dose.end if event.dose else event.end
                best = min(near, key=lambda m: abs(m.start - anchor))
                event.parts.append((label, best, best.code))
        for d in sentence.doses:
            if d is not event.dose and start <= d.start < end:
                text = sentence.text[d.start : d.end]
                label = "dose_per_kg" if PER_KG.search(text) else "strength"
                event.parts.append((label, d, ""))
        for m in sentence.durations:
            if ("duration", m, "") in event.parts:
                continue
            led = _leads(sentence.text[m.end : event.start], m, events, index)
            if (start <= m.start < end or led) and not _lasts_otherwise(sentence, event, m):
                _attach_duration(sentence, event, m)
        _attach_dates(sentence, events, index, end)
    _attach_lengths(sentence, events)
    _share_strength(sentence, events)
    _share_lengths(sentence, events)


STEP_DOWN = re.compile(
    r"\b(?:by|down)\s+(?:by\s+)?(?:about\s+)?(?:\d+(?:\.\d+)?|"
    + WORD
    + r")\s*(?:mg|milligrams?)?\s*$",
    re.IGNORECASE,
)


def _share_strength(sentence: Sentence, events: list[Event]) -> None:
    """ "20 mg tablets: 3 tablets daily, then 2 tablets": each count is of the tablets named first."""
    for index, event in enumerate(events):
        if not _shares(events, index) or event.dose is None or event.has("strength"):
            continue
        text = sentence.text[event.dose.start : event.dose.end]
        if COUNTED.search(text) and not MASS.search(text):
            event.parts += [p for p in events[index - 1].parts if p[0] == "strength"]


# "A/B/C", "A + B": a regimen; "A and B" is one where brackets with its days follow.
IN_REGIMEN, LISTED_TOGETHER = (
    re.compile(
        r"\s*[/+&]\s*|\s*(?:(?:daily|weekly|once|twice|a|per|each|every|day|week|bid|qd|po|by\s+mouth|orally)\s+)*"
        r"(?:plus|(?:together|along|combined)\s+with|in\s+combination\s+with)\s+",
        re.IGNORECASE,
    ),
    re.compile(r"\s*(?:,|,?\s*(?:and|plus|with))\s*", re.IGNORECASE),
)
ITS_DAYS = re.compile(r"\s*(?:\([^()]*\)\s*)?\([^()]*\d{4}[^()]*\)|\s*\([^()]*\d[^()]*\)")


def _share_in_regimen(sentence: Sentence, events: list[Event]) -> None:
    """Days and length of a regimen, which stand behind its last drug, are those of all its drugs."""
    for last in reversed(range(1, len(events))):
        shared = [p for p in events[last].parts if p[0] in TIMES]
        bracketed = ITS_DAYS.match(sentence.text, events[last].end) is not None
        behind = [m.start for _, m, _ in shared if m.start >= events[last].end]
        told = bool(behind) and (
            AT_ONCE.fullmatch(sentence.text, events[last].end, min(behind)) is not None
            or OF_EACH.match(sentence.text, max(m.end for _, m, _ in shared)) is not None
        )
        at = last
        while shared and at:
            event, following = events[at - 1], events[at]
            listed = told and _in_list(sentence, event, following)
            if not listed and not _in_regimen(sentence, event, following, bracketed):
                break
            at -= 1
            if not any(event.has(label) for label in TIMES):
                event.parts += shared
    _share_start(sentence, events)
    _share_course(sentence, events)


TIMES = ("start", "stop", "duration")
# "X and Y given together 2/3 through 5/6", "X with Y, both from March to June".
AT_ONCE = re.compile(
    r"[^.;:]{0,40}?\b(?:together|combined|in\s+combination|at\s+once|simultaneously|concurrently|concomitantly|both|all\s+(?:two|three|four))\b"
    r"[^.;:]{0,25}",
    re.IGNORECASE,
)
OF_EACH = re.compile(r"[\s,:;)-]*(?:both|neither|each)\b", re.IGNORECASE)
SINCE_THEN = re.compile(
    r"\b(?:since|from|as\s+of|beginning|starting)(?:\s+(?:about|around|early|mid|late|the))*\s*$",
    re.IGNORECASE,
)


def _share_start(sentence: Sentence, events: list[Event]) -> None:
    """ "Since May 4 she has been on two drugs: X and Y": the day before the list is that of each."""
    for event, following in pairwise(events):
        led = [
            p
            for p in event.parts
            if p[0] == "start"
            and p[1].end <= event.start
            and SINCE_THEN.search(sentence.text[: p[1].start])
        ]
        told = any(following.has(label) for label in TIMES)
        ended = any(label == "status" and code in NOT_GOING_ON for label, code in following.told)
        if led and not told and not ended and _in_list(sentence, event, following):
            following.parts += led


# "X 15 mg weekly with Y 1 mg daily: first dose May 11, last dose June 29": the days of both.
WITH = re.compile(r"[^.;:\d]{0,30}\b(?:together\s+|along\s+)?with\s+(?:\w+\s+)?", re.IGNORECASE)
OF_BOTH = re.compile(
    r"[^.;:]{0,40}(?::\s*|\bfrom\s+|\bbetween\s+)(?:first\b|started\b|begun\b)?", re.IGNORECASE
)


def _share_course(sentence: Sentence, events: list[Event]) -> None:
    for event, following in pairwise(events):
        if event.drug is None or following.drug is None or event.drug is following.drug:
            continue
        if any(event.has(label) for label in TIMES):
            continue
        days = [p for p in following.parts if p[0] in ("start", "stop")]
        first = min((p[1].start for p in days), default=0)
        known = [p for p in event.parts if p[1].end <= following.drug.start]
        end = max([event.end, *(p[1].end for p in known)])
        if (
            len(days) == 2
            and WITH.fullmatch(sentence.text[end : following.drug.start])
            and OF_BOTH.match(sentence.text[following.drug.end : first] + " ")
        ):
            event.parts += days


NOT_GOING_ON = ("stopped", "not_taken", "planned", "requested")


def _in_list(sentence: Sentence, event: Event, following: Event) -> bool:
    """Whether nothing but how each is taken stands between two drugs and what joins them."""
    if event.drug is None or following.drug is None or event.drug is following.drug:
        return False
    return TOGETHER.fullmatch(sentence.text[event.end : following.drug.start]) is not None


def _in_regimen(sentence: Sentence, event: Event, following: Event, bracketed: bool) -> bool:
    """Whether two drugs stand in one regimen."""
    if event.drug is None or following.drug is None or event.drug is following.drug:
        return False
    gap = sentence.text[event.end : following.drug.start]
    return IN_REGIMEN.fullmatch(gap) is not None or (
        bracketed and event.dose is None and LISTED_TOGETHER.fullmatch(gap) is not None
    )


# What a length of time that no word ties to a drug may be of instead: how often, from or until
# when, an age, a symptom, another person's treatment.
OTHER_BEFORE = re.compile(
    r"(?:\b(?:every|each|q|within|in|after|over|next|another|aged?|by|until|before|than|first|interval|"
    r"follow-?up|recheck|visit|return|wait(?:ed)?|see)|[(/]\s*q)\s*$",
    re.IGNORECASE,
)
OTHER_AFTER = re.compile(
    r"[\s-]*(?:ago|later|old|apart|before|after|prior|earlier|from\s+now|history|post|interval|follow-?up|supply|"
    r"(?:of|with)\s+(?!it\b|this\b|that\b|the\s+(?:drug|dose)|therapy|treatment|each\b))\b",
    re.IGNORECASE,
)
# "Since May 4, ten weeks by now": the length from the first day to that of the text.
SO_FAR = re.compile(
    r"[\s,]*(?:by\s+now|so\s+far|to\s+date|until\s+(?:now|today)|as\s+of\s+(?:now|today))\b",
    re.IGNORECASE,
)
SINCE = re.compile(r"\bsince\b", re.IGNORECASE)
BETWEEN = re.compile(
    r"\b(?:sister|brother|mother|father|mom|dad|aunt|uncle|cousin|son|daughter|wife|husband|twin|neighbou?r|friend|donor|"
    r"symptoms?|weakness|pain|fatigue|tired\w*|rash|fever|cough|swelling|weak|diarrh\w+|sick|ill|admitted|hospital\w*|"
    r"relaps\w+|flar\w+|disease|born|since|off|without|stopped|held|will|plan\w*|would)\b",
    re.IGNORECASE,
)


def _attach_lengths(sentence: Sentence, events: list[Event]) -> None:
    """A length of time without a word of its own belongs to the nearest drug before it.

    "60 mg daily, ten weeks: useless", "1 g twice a day for most of a year". Nothing else that
    it could be of may stand between or beside.
    """
    told = [p[1] for e in events for p in e.parts if p[0] in ("duration", "response_after")]
    for m in sentence.durations:
        before, after = sentence.text[: m.start], sentence.text[m.end :]
        if m in told or m.code in ("within", "after", "over") or OTHER_BEFORE.search(before):
            continue
        clause = sentence.clause(m.start)
        near = [e for e in events if clause[0] <= e.start and e.end <= m.start]
        if OTHER_AFTER.match(after) or not near:
            continue
        event = near[-1]
        gap = sentence.text[event.end : m.start]
        if event.has("start") and SO_FAR.match(after):
            gap = SINCE.sub("", gap, count=1)
        other = any(
            event.end <= n.start < m.start and n.kind in ("lab", "diagnosis")
            for n in sentence.names
        )
        other = other or BETWEEN.search(gap) is not None or _lasts_otherwise(sentence, event, m)
        if not other and not event.has("duration"):
            event.parts.append(("duration", m, ""))


def _lasts_otherwise(sentence: Sentence, event: Event, m: Match) -> bool:
    """Whether a length is of a complaint, a supply or a pause, not of the taking of a drug."""
    outcomes = tuple(c for c in sentence.cues if c.kind == "outcome")
    return is_of_other(sentence.text, m, event.start, event.end, outcomes)


RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
APIECE = re.compile(r"[\s,]*(?:each|apiece)\b", re.IGNORECASE)


def _share_lengths(sentence: Sentence, events: list[Event]) -> None:
    """ "X and Y, 3 and 5 months respectively", "X and Y, eight weeks each", "X with Y for ten weeks"."""
    for m in sentence.durations:
        named = [e for e in events if e.drug is not None and e.end <= m.start]
        if APIECE.match(sentence.text, m.end):
            for event in _joined(sentence, named):
                _replace_length(event, m)
        elif named and named[-1].dose is None and ("duration", m, "") in named[-1].parts:
            for event in _joined(sentence, named):
                if event.dose is None and not event.has("duration"):
                    event.parts.append(("duration", m, ""))
    told = RESPECTIVELY.search(sentence.text)
    if told is None:
        return
    clause = sentence.clause(told.start())
    lengths = [d for d in sentence.durations if clause[0] <= d.start and d.end <= told.start()]
    named = [e for e in events if e.drug is not None and clause[0] <= e.start < told.start()]
    if len(lengths) == len(named) and len({e.code for e in named}) == len(named) > 1:
        for event, length in zip(named, lengths, strict=True):
            _replace_length(event, length)


def _joined(sentence: Sentence, events: list[Event]) -> list[Event]:
    """The last event and those before it that are told of together with it."""
    kept = events[-1:]
    for event in reversed(events[:-1]):
        gap = sentence.text[event.end : kept[-1].start]
        if not TOGETHER.fullmatch(gap) or event.drug is kept[-1].drug:
            break
        kept.append(event)
    return kept


# What may stand between two drugs that one length of time is said of: how each was taken.
TOGETHER = re.compile(
    r"(?:[\s,]*(?:[\w./]+\s+){0,3}[\s,]*)?(?:\band|\bwith|\bplus|&|\+|/|,)\s*(?:then\s+)?",
    re.IGNORECASE,
)


def _replace_length(event: Event, m: Match) -> None:
    event.parts = [p for p in event.parts if p[0] != "duration"]
    event.parts.append(("duration", m, ""))


def _before_drug(gap: str) -> bool:
    """ "IV Solu-Medrol", "oral high-dose prednisone"."""
    return (
        re.fullmatch(r"\s*(?:(?:pulse|high-dose|low-dose|daily|weekly)\s+)?", gap, re.IGNORECASE)
        is not None
    )


def _leads(gap: str, m: Match, events: list[Event], index: int) -> bool:
    """Whether a length of time before a drug is its own: "8 weeks of high-dose prednisone"."""
    event = events[index]
    if m.end > event.start or m.start < _previous_end(events, index):
        return False
    return re.fullmatch(
        r"[\s-]*(?:of|on|into)?\s*(?:[\w-]+\s+){0,3}", gap
    ) is not None and not re.search(r"\b(?:then|and|plus|with|after|before|since|until)\b", gap)


def _shares(events: list[Event], index: int) -> bool:
    """Whether the event before is of the same drug word."""
    return (
        index > 0
        and events[index - 1].drug is not None
        and events[index - 1].drug is events[index].drug
    )


def _previous_end(events: list[Event], index: int) -> int:
    if index == 0:
        return -1
    previous = events[index - 1]
    return previous.dose.end if previous.dose else previous.end


DOSE_LEAD = {
    "x",
    "for",
    "total of",
    "course of",
    "course",
    "completed",
    "lasted",
    "lasting",
    "duration",
    "duration:",
    "had",
    "has had",
    "took",
    "throughout",
    "only",
    "over",
    "since",
}


# "He dropped methotrexate after a week".
GIVES_UP = re.compile(
    r"\b(?:dropped|quit|gave\s+up|abandoned|stopped|discontinued)\s+(?:(?:the|his|her|my|their)\s+)?$",
    re.IGNORECASE,
)


def _attach_duration(sentence: Sentence, event: Event, m: Match) -> None:
    """A length of time is the drug's when its words say so; others are of symptoms or plans."""
    lead = m.code
    after = sentence.text[m.end :]
    before = sentence.text[: m.start]
    if lead == "stopped":
        event.parts.append(("duration", m, ""))
        return
    if lead.startswith(("for the", "over the", "during the", "the past", "the last")):
        event.parts.append(("duration", m, ""))
        return
    if lead == "within":
        event.parts.append(("response_after", m, ""))
        return
    of_drug = re.match(
        r"\s*(?:of|on|into)\s+(?:(?:the|a|oral|iv|high[\s-]dose|daily|full[\s-]dose|combined|combination|both|adequate|continuous)\s+)*$",
        sentence.text[m.end : event.start] if event.start >= m.end else "x",
        re.I,
    )
    of_it = re.match(
        r"\s*(?:of|on|into)\s+(?:it|this|that|both|the\s+(?:drug|combination|two|dose)|therapy|treatment)\b",
        after,
        re.I,
    )
    adjective = event.start >= m.end and re.fullmatch(
        r"\s*(?:of\s+|on\s+)?(?:\w+[\s-]){0,3}", sentence.text[m.end : event.start]
    )
    if lead in DOSE_LEAD or of_drug or of_it:
        if lead in ("over",):
            return
        symptom = re.match(
            r"\s*(?:of|with)\s+(?:\w+\s+){0,2}(?:weakness|pain|fatigue|difficult|symptom|myalgia|rash|fever)",
            after,
            re.I,
        )
        if not symptom:
            event.parts.append(("duration", m, ""))
    elif lead in ("after", "despite", "into") or adjective:
        stopped = any(c.code == "stopped" for c in sentence.cues)
        if GIVES_UP.search(sentence.text[: event.start]):
            event.parts.append(("duration", m, ""))
            return
        if lead == "after" and any(
            c.code in ("failed", "responded", "partial_response") for c in sentence.cues
        ):
            event.parts.append(("response_after", m, ""))
            return
        if stopped or of_drug or adjective or lead in ("despite", "into"):
            label = (
                "duration"
                if (stopped or lead != "after" or of_drug or adjective)
                else "response_after"
            )
            event.parts.append((label, m, ""))
    elif re.search(r"(?:\(|,)\s*$", before) and re.match(r"\s*[),]", after):
        event.parts.append(("duration", m, ""))


def _attach_dates(sentence: Sentence, events: list[Event], index: int, end: int) -> None:
    event = events[index]
    floor = _previous_end(events, index)
    shared = _shares(events, index)
    drug_start = event.drug.start if event.drug is not None and not shared else event.start
    if shared and event.dose is not None:
        drug_start = event.dose.start
    own = [d for d in sentence.dates if max(floor, drug_start) <= d.start < end]
    near = 12 if shared else 45
    leading = [
        d for d in sentence.dates if floor <= d.start < drug_start and drug_start - d.end < near
    ]
    leading = [
        d
        for d in leading
        if index == 0 or not re.search(r"[),;]|then", sentence.text[d.end : drug_start])
    ]
    if index == 0 and not own:
        leading = [d for d in sentence.dates if d.end <= drug_start and drug_start - d.end < 60]
    for d in own + [d for d in leading if d not in own]:
        before = sentence.text[max(0, d.start - 45) : d.start]
        if sentence.text[d.start : d.end].lower() in ("today", "this week"):
            continue
        if NOT_A_DATE_OF_DOSE.search(before) or _of_a_test(sentence, event, d):
            continue
        label = _date_role(sentence, event, d, before)
        if label and not event.has(label):
            event.parts.append((label, d, d.code))


def _of_a_test(sentence: Sentence, event: Event, d: Match) -> bool:
    """Whether a test or an outcome stands between a drug and a date, which is then not the drug's."""
    return any(
        event.end <= n.start and n.end <= d.start and ";" not in sentence.text[n.end : d.start]
        for n in sentence.names
        if n.kind in ("lab", "diagnosis")
    ) or any(
        c.kind == "outcome" and event.end <= c.start and c.end <= d.start and d.start - c.end > 20
        for c in sentence.cues
    )


# "60 mg a day, lowered from 1 July": the day ends the dose, whatever came next.
LOWERED_ON = re.compile(
    r"\b(?:lowered|reduced|decreased|tapered|weaned|cut|brought\s+down|came\s+down|coming\s+down|going\s+down|went\s+down|taper(?:ing)?|then\s+(?:slowly\s+)?down(?:wards?)?)"
    r"(?:\s+(?:slowly|gradually|stepwise|again))?\s+(?:from|on|since|starting|beginning|after|in|as\s+of|by)\s+(?:the\s+(?:end|middle|beginning)\s+of\s+|early\s+|mid-?\s*|late\s+)?$",
    re.IGNORECASE,
)
# "She stopped walking in June": what was stopped is no drug, and the day none of its days.
OTHER_ACT = re.compile(
    r"\bstopped\s+(?!(?:taking|using|giving|receiving|prescribing|dosing|having|being|treating|during|following|owing)\b)\w+ing\b"
    r"(?:\s+\w+){0,3}\s*$",
    re.IGNORECASE,
)


def _date_role(sentence: Sentence, event: Event, d: Match, before: str) -> str:
    if OTHER_ACT.search(before):
        return ""
    if LOWERED_ON.search(before) and event.dose is not None and event.dose.end <= d.start:
        return "" if re.match(r"[\s,]*(?:down\s+)?from\b", sentence.text[d.end :]) else "stop"
    dates = [x for x in sentence.dates if x.start < d.start]
    previous = dates[-1] if dates else None
    if previous is not None and re.fullmatch(
        r"\s*(?:-|\u2013|to|through|thru|until|till|and)\s*(?:the\s+)?",
        sentence.text[previous.end : d.start],
        re.I,
    ):
        return "stop"
    if re.search(
        r"(?:through|thru|until|till|\bto|last\s+dose(?:\s+on)?|end(?:ed|ing)?(?:\s+on)?|completed(?:\s+on)?|stopped(?:\s+\w+){0,2}|discontinued(?:\s+\w+){0,2}|d/c'?d?(?:\s+on)?|ceased(?:\s+\w+)?|held(?:\s+\w+)?|finish\w*|quit|"
        r"(?<!signed )(?<!sign )(?<!drop )(?<!days )(?<!day )off(?:\s+(?:it|since|in|on|by|as\s+of|from))*|"
        r"\blast\b[^.;,:]{0,30}\b(?:dose|shot|infusion|injection|cycle|fill)\s+(?:was|given|taken|on|in|\s)*|"
        r"\blast(?:\s+(?:dose|shot|infusion|injection|cycle|fill|one|was|given|taken|on|in))*)\s*[(:]?\s*(?:the\s+(?:end\s+of\s+)?)?$",
        before,
        re.I,
    ):
        return "stop"
    clause_start, _ = sentence.clause(d.start)
    clause = sentence.text[clause_start : d.start]
    following = next((x for x in sentence.dates if x.start >= d.end), None)
    if following is not None and re.fullmatch(
        r"\s*(?:-|\u2013|to|through|thru|until|till)\s*(?:the\s+)?",
        sentence.text[d.end : following.start],
        re.I,
    ):
        return "start"
    if _is_fronted_stop(sentence, d, before):
        return "stop"
    head = _list_head(sentence)
    if head is not None and head.code == "stopped":
        clause = sentence.text[head.start : head.end] + " " + clause.lstrip("; ")
    ended = any(
        c.kind == "status" and c.code == "stopped" and clause_start <= c.start and c.end <= d.start
        for c in sentence.cues
        if event.borrowed or event.end <= c.start
    ) and not SINCE_THEN.search(before)
    if (
        ended
        or re.search(
            r"\b(?:stopped|discontinued|d/c'?d|ceased|withdrawn|ended)\b[^;]*$", clause, re.I
        )
    ) and not re.search(r"\b(?:start|beg[au]n|initiat|added)\w*\b[^;]*$", clause, re.I):
        return "stop"
    return "start"


# What between a day and a stop says that the stop was not on it.
APART_FROM_STOP = re.compile(
    r"\b(?:start\w*|beg[au]n|initiat\w*|added|rais\w*|increas\w*|lower\w*|reduc\w*|later|then|since|eventually|"
    r"subsequently|afterwards|before|after|until|has|not|never|if|may|might|would|could)\b|;",
    re.IGNORECASE,
)
# Where a day stands in front of its clause: "On 5 October", "; by early July", "and in May".
FRONT = re.compile(
    r"(?:^|[.;:,(]\s*|\b(?:but|and|then)\s+)(?:(?:on|in|by|at|around|about|early|late|mid|the|end|middle|beginning|of)[\s-]+)*$",
    re.IGNORECASE,
)
LATER = re.compile(r",[^,;]{0,30}\blater\s*,", re.IGNORECASE)  # counts from the day of the start
STOP_REACH = 60  # characters from a day to the stop that came on it


def _is_fronted_stop(sentence: Sentence, d: Match, before: str) -> bool:
    """ "On 5 October it was stopped": the day stands before the stop, and nothing comes between."""
    if SINCE_THEN.search(before) or not FRONT.search(sentence.text[: d.start]):
        return False
    stop = next(
        (
            c
            for c in sentence.cues
            if c.kind == "status" and c.code == "stopped" and 0 <= c.start - d.end <= STOP_REACH
        ),
        None,
    )
    if stop is None or any(d.end <= x.start < stop.start for x in sentence.dates):
        return False
    return APART_FROM_STOP.search(LATER.sub(" ", sentence.text[d.end : stop.start])) is None


COORDINATION = re.compile(r"\s*(?:,|and|or|nor|/|&|,\s*and|,\s*or)\s*", re.IGNORECASE)
# Verbs that only tell of a past act give way to words that say how things stand.
WEAK = {"past": 60, "begun": 60, "requested": 10}


def _passive(sentence: Sentence, cue: Match) -> bool:
    """ "X was stopped with Y": a passive verb is about what stands before it."""
    onward = re.match(
        r"(?:continues?|goes\s+on|remains?)$", sentence.text[cue.start : cue.end], re.IGNORECASE
    )
    if onward is not None and re.search(r"\band\s+$", sentence.text[: cue.start], re.IGNORECASE):
        return True  # "was started in May and continues with Y": X continues
    passive = re.search(
        r"\b(?:was|were|been|is|are)\s+$", sentence.text[: cue.start], re.IGNORECASE
    )
    return passive is not None and cue.code in ("stopped", "not_taken")


def _is_asked_before(sentence: Sentence, cue: Match, others: list[Event]) -> bool:
    """ "X is asked for because Y ...": what is asked for is named before the verb."""
    passive = re.search(
        r"\b(?:was|were|been|is|are)\s+(?:\w+ly\s+)?$", sentence.text[: cue.start], re.I
    )
    return (
        cue.code == "requested"
        and passive is not None
        and any(o.drug is not None and o.end <= cue.start for o in others)
    )


def _gap(cue: Match, event: Event) -> int:
    """Characters between a cue and the words that an event is about."""
    start = (
        event.dose.start
        if event.dose is not None and event.drug is not None and event.shared
        else event.start
    )
    if cue.end <= start:
        return start - cue.end
    return max(0, cue.start - event.end)


def _distance(cue: Match, event: Event) -> int:
    """The gap, more for weaker cues."""
    return _gap(cue, event) + WEAK.get(cue.code, 0)


def _ends(sentence: Sentence, cue: Match, event: Event) -> bool:
    """Whether a cue tells, after an event, that its drug was stopped."""
    before = sentence.text[: cue.start]
    passive = re.search(r"\b(?:was|were|been|then|and)\s+$", before, re.IGNORECASE)
    return cue.code == "stopped" and cue.start >= event.end and passive is not None


def _in_reach(sentence: Sentence, cue: Match, event: Event) -> bool:
    """ "X (stopped in May), Y": what stands in brackets is not said of a drug behind them."""
    bracket = _bracket(sentence.text, cue.start)
    return bracket is None or event.start < bracket[1]


def _list_head(sentence: Sentence) -> Match | None:
    """The status cue that a sentence begins with as the head of a list: "Stopped: X; Y 1 mg"."""
    return next(
        (
            c
            for c in sentence.cues
            if c.kind == "status"
            and c.code in ("stopped", "not_taken", "current")
            and not sentence.text[: c.start].strip(" \t-\u2022*")
            and re.match(r"\s*:", sentence.text[c.end :])
        ),
        None,
    )


def _attach_status(sentence: Sentence, events: list[Event]) -> None:
    cues = [c for c in sentence.cues if c.kind == "status"]
    head = _list_head(sentence)
    last: Match | None = None
    for index, event in enumerate(events):
        start, end = _region(events, index, len(sentence.text))
        told_at = event.dose.start if event.shared and event.dose is not None else event.start
        clause = sentence.clause(told_at)
        start = max(start, clause[0])
        others = [e for e in events if e is not event]
        near = [
            (_distance(c, event), c)
            for c in cues
            if _in_reach(sentence, c, event)
            and start <= c.start < min(end, clause[1])
            and not (_passive(sentence, c) and c.end <= event.start)
            and not (c.end <= event.start and _is_asked_before(sentence, c, others))
            and all(
                _gap(c, event) <= _gap(c, o)
                for o in others
                if _in_reach(sentence, c, o) and not (_passive(sentence, c) and c.end <= o.start)
            )
        ]
        chosen = min(near, key=lambda n: n[0])[1] if near else None
        if chosen is not None and chosen.code in ("begun", "past"):
            # "was begun in March and given for 18 days; then it was stopped"
            chosen = next((c for _, c in near if _ends(sentence, c, event)), chosen)
        joined = index and re.fullmatch(
            r"[\s,]*(?:and|plus|\+|/|&|with|or|then)?[\s,]*(?:\w+[\s/]+)?",
            sentence.text[events[index - 1].end : event.start],
        )
        named = index and _is_brand_of(sentence, events[index - 1], event)
        if chosen is None and (joined or named):
            chosen = last
        if chosen is None and event.drug is not None:
            chosen = head or _never_without(sentence, event.drug.start)
        if chosen is not None:
            event.parts.append(("status", chosen, chosen.code))
        last = chosen
    for event, following in zip(reversed(events[:-1]), reversed(events[1:]), strict=True):
        # "X and Y were never tried" says it of both.
        told = next(
            (
                p
                for p in following.parts
                if p[0] == "status" and p[2] in ("not_taken", "stopped", "planned")
            ),
            None,
        )
        gap = sentence.text[event.end : following.start]
        if (
            told is not None
            and told[1].start >= following.end
            and not event.has("status")
            and COORDINATION.fullmatch(gap)
        ):
            event.parts.append(told)
    _deny_all(sentence, events, cues)


def _is_brand_of(sentence: Sentence, event: Event, brand: Event) -> bool:
    """ "Rituximab-abbs (Truxima)": one drug by two names."""
    gap = sentence.text[event.end : brand.start]
    return event.code == brand.code and re.fullmatch(r"\s*[(,]?\s*", gap) is not None


OF_ALL = re.compile(r"\b(?:either|neither|any|both|them|these)$", re.IGNORECASE)


OFFERED = re.compile(r"\b(?:offered|proposed|suggested|recommended|advised)\b", re.IGNORECASE)


def _deny_all(sentence: Sentence, events: list[Event], cues: list[Match]) -> None:
    """ "Offered X and Y; has never taken either" says it of every drug named before."""
    for cue in cues:
        if cue.code != "not_taken" or not OF_ALL.search(sentence.text[cue.start : cue.end]):
            continue
        for event in events:
            offered = OFFERED.search(sentence.text[: event.start]) is not None
            if event.end <= cue.start and (event.dose is None or offered):
                event.parts = [p for p in event.parts if p[0] != "status"]
                event.parts.append(("status", cue, cue.code))


# "Prior gene therapy: none", "X, Y or otherwise: never before"; of "Response to X: none" it is not said.
LISTED_NONE = re.compile(
    r"(?:^|[.;]\s*|\t)\W*(?P<of>(?:(?:prior|previous|past|earlier|other|any|history\s+of|exposure\s+to|use\s+of)\s+)*[^.;:\t]{2,60}?)"
    r"(?:\s+(?:exposure|use|therapy|treatment))?\s*[:\t]\s*(?P<none>none|nil|never)\b(?:\s+(?:at\s+all|before|ever|given|had|taken|tried|used|so\s+far|to\s+date))*"
    r"\s*(?:[.;,]|$)",
    re.IGNORECASE,
)
OF_WHAT = re.compile(
    r"\b(?:respon\w+|outcomes?|results?|effects?|benefi\w+|improv\w+|reactions?|allerg\w+|intoleran\w*|toler\w+|contra-?indicat\w*|"
    r"change\w*|reasons?|doses?|levels?|missed|refills?|interactions?|toxicit\w+|complications?|problems?|issues?|side)\b",
    re.IGNORECASE,
)


def _deny_listed(sentence: Sentence, events: list[Event]) -> None:
    """What is listed before a colon and "none" was not taken."""
    for m in LISTED_NONE.finditer(sentence.text):
        if OF_WHAT.search(m["of"]):
            continue
        told = Match(m.start("none"), m.end("none"), "status", "not_taken")
        for event in events:
            if m.start("of") <= event.start < m.end("of") and event.drug is not None:
                event.parts = [("status", told, "not_taken")]


LIST_WORDS = re.compile(
    r"\b(?:take|takes|tablets?|tabs?|capsules?|caps?|inhaler|pen|patch|cream|drops?|spray|injection|solution|as|needed|prn|by|mouth|po|with|"
    r"food|at|night|bedtime|in|the|each|eye|and|for|of|x|mg|mcg|g|units|daily|once|twice|er|xr|sr|dr|xl|hcl|ds|ss|po|plus|now|then|"
    r"otc|sc|sq|iv|puffs?|tab|about|also|to|on|dose|strength|a|an|day|week|month)\b|[^A-Za-z]+",
    re.IGNORECASE,
)


def _mark_listed(sentence: Sentence, events: list[Event]) -> None:
    """A drug with its dose and nothing else said ("Lisinopril 20 mg once daily") is a list entry."""
    if sentence.origin == "field":
        return  # a form's field may ask of earlier treatment
    for index, event in enumerate(events):
        if event.drug is None or event.has("status") or event.has("outcome"):
            continue
        if event.has("start") or event.has("stop") or event.has("duration"):
            continue
        if not (event.has("frequency") or (event.has("route") and event.dose is not None)):
            continue
        start, end = _region(events, index, len(sentence.text))
        rest = list(sentence.text[event.start : end])
        for m in (
            Match(event.drug.start, event.drug.end, "", ""),
            *(p[1] for p in event.parts),
            *([event.dose] if event.dose else []),
        ):
            for i in range(max(m.start, event.start), min(m.end, end)):
                rest[i - event.start] = " "
        before = sentence.text[start : event.start]
        told = LIST_WORDS.sub("", "".join(rest) + before)
        if len(told) <= 3:
            event.parts.append(
                ("status", Match(event.drug.start, event.drug.end, "status", "listed"), "listed")
            )


NEGATED_OUTCOME = re.compile(
    r"(?:\bno|\bnot|\bwithout|\bdenies|\bany|\bno\s+known|\bnever|\bneither|\bnor)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
# "She is not refractory to it", "has never failed": but "not only failed".
NOT_FAILED = re.compile(
    r"(?:\b(?:not|never)|n[\u2019']t)\s+(?:(?:been|considered|truly|really|yet|a|an)\s+)*$",
    re.IGNORECASE,
)
# "Complete response, then relapsed": what was reached was lost.
TURNED = re.compile(
    r"[\s,;]*(?:but\s+|and\s+)?(?:then|later|followed\s+by|with\s+(?:later|subsequent))\s+"
    r"(?:an?\s+|\w+ly\s+)?(?:relaps|flar|recur|lost|loss|worsen|progress)\w*",
    re.IGNORECASE,
)
# "In remission until May, then a flare": what was reached did not last; whether it was lost under
# the drug, or after it, is told apart.
LOST = re.compile(
    r"[^.]*?(?:;|\b(?:until|till|before|then|but|yet|later|thereafter|afterwards?)\b)(?:(?!\b(?:no|not|never|without|denies)\b)[^.])*?"
    r"\b(?:relaps\w*|flar\w*|recur\w*|los(?:t|s)|wore\s+off|waned|faded|worsen\w*|progress\w*|came\s+back|returned)\b",
    re.IGNORECASE,
)
ON_IT = re.compile(
    r"\b(?:while|when|despite|though|although|whilst)\b[^.;]{0,25}\b(?:taking|taken|on|it|drug|dose|treatment|therapy)\b|\bon\s+(?:it|the\s+(?:drug|same\s+dose|full\s+dose|dose))\b|"
    r"\b(?:under|in\s+spite\s+of|despite)\s+(?:it|treatment|therapy|the\s+drug)\b",
    re.IGNORECASE,
)
# "Contraindication to methotrexate? No", "contraindications: none": asked, and not answered by yes.
UNANSWERED = re.compile(
    r"[^.;?]{0,60}\?(?!\s*(?:\W\s*)?(?:yes|y)\b)|[^.;:?]{0,60}:\s*(?:none|no|nil|denied|n/a)\b",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"\b(?:if|unless|should|whether|in\s+case|would\s+be|(?:exception|exemption|waiver|provision|allowance|room|clause|rule|criteri(?:on|a))s?\s+(?:for|on|of|in))\b",
    re.IGNORECASE,
)


# Harm named right after a drug is the drug's: "methotrexate pneumonitis", "azathioprine
# hypersensitivity". Viral hepatitis and what is only watched for are not.
HARM_OF = re.compile(
    r"\s+(?:-?\s*(?:induced|related|associated)\s+)?(?:pneumonitis|lung\b(?!\s+\w)|hepatotoxicity|nephrotoxicity|toxicity|"
    r"hypersensitivity(?!\s+pneumonitis)|intolerance|allergy|pancreatitis|stomatitis|mucositis|transaminitis|"
    r"hepatitis(?!\s+[A-E]\b)|myelosuppression|(?:pan|leuko|neutro|thrombo)?cytopenia|psychosis|retinopathy|meningitis|"
    r"(?:hypersensitivity|allergic|infusion)\s+reaction|rash)\b(?!\s*(?:\?|monitor\w*|labs?\b|screen\w*|surveillance|risk|precaution\w*))",
    re.IGNORECASE,
)


def _attach_harms(sentence: Sentence, events: list[Event]) -> None:
    for event in events:
        told = HARM_OF.match(sentence.text, event.drug.end) if event.drug is not None else None
        if told is not None and _is_warning(sentence, Match(*told.span(), "outcome", "intolerant")):
            continue
        if told is None or any(p[0] == "outcome" and p[2] == "intolerant" for p in event.parts):
            continue
        flags = sentence.flags(*told.span())
        if not any(flags[f] for f in ("negated", "possible", "hypothetical", "family")):
            harm = Match(*told.span(), "outcome", "intolerant")
            event.parts.append(("outcome", harm, harm.code))
            event.parts.append(("reason", harm, ""))


def _drop_dates_of_reasons(events: list[Event]) -> None:
    """ "Contraindicated: liver disease, sober since 2021" tells no day of a drug that was not taken."""
    for event in events:
        barred = [m.end for label, m, code in event.parts if code == "contraindicated"]
        if barred and event.dose is None:
            event.parts = [
                p
                for p in event.parts
                if p[0] not in ("start", "stop", "duration", "status") or p[1].start < barred[0]
            ]


# "Not refractory to", "has never failed": said before words of failure, which may hold a denial.
DENIED = re.compile(
    r"\b(?:not|never|neither|nor)\s+(?:been\s+|yet\s+|currently\s+)?$", re.IGNORECASE
)
# "We told her about mouth sores", "made aware of": what was explained, to anybody but the writer.
EXPLAINED = (
    r"\b(?:(?:told|advised|reminded|cautioned|alerted|informed|(?:talked|spoke|spoken)\s+(?:to|with))\s+(?!me\b|us\b)(?:[\w'.]+\s+){1,5}?"
    r"(?:about|of|regarding|concerning)|(?:is|was|are|were|made)\s+(?:\w+\s+){0,3}aware\s+of|(?:went|gone|going)\s+over|knows?\s+(?:about|of|that))\b"
)
# What is only watched for, explained or warned of did not happen, unless something was stopped.
WARNED = re.compile(
    r"\b(?:watch\w*|monitor\w*|screen\w*|look(?:ed|ing)?\s+(?:out\s+)?for|(?:side|adverse)\s+effects?|toxicit\w+\s+of|risks?|"
    r"discuss\w*|review\w*|counsel\w*|warn\w*|educat\w*|explain\w*|precaution\w*|may\s+cause|can\s+cause|known\s+to)\b|"
    + EXPLAINED,
    re.IGNORECASE,
)
HAPPENED = re.compile(
    r"\b(?:stop\w*|discontinu\w*|held|halt\w*|withdrawn|d/c\w*|off|quit|ceas\w*|intoleran\w*|could\s+not|unable|had\s+to|"
    r"develop\w*|caused|because|due\s+to|led\s+to|resulted|switched|reduced|experienced|suffered|complicated)\b",
    re.IGNORECASE,
)
TOLD_OF = re.compile(EXPLAINED + r"[^.;]*", re.IGNORECASE)
ABSENT = re.compile(
    r"\s*(?::\s*)?(?:absent|none|not\s+(?:seen|present|noted|observed)|denied|no\b)", re.IGNORECASE
)


def _is_warning(sentence: Sentence, cue: Match) -> bool:
    """Whether an adverse effect is named as what may come, or as what did not."""
    if cue.code != "intolerant":
        return False
    if ABSENT.match(sentence.text, cue.end):
        return True
    warned = WARNED.search(sentence.text[: cue.end])
    return warned is not None and HAPPENED.search(sentence.text) is None


def _attach_outcomes(sentence: Sentence, events: list[Event]) -> None:
    """Outcomes with their reasons; what a cue denies, or says of something else, as `not_outcome`."""
    reasons = [m.span() for m in NO_REASON.finditer(sentence.text)]
    if HAPPENED.search(sentence.text) is None:
        reasons += [m.span() for m in TOLD_OF.finditer(sentence.text)]
    for event in events:
        event.parts += [("not_outcome", Match(*span, "outcome", ""), "") for span in reasons]
    for cue in (c for c in sentence.cues if c.kind == "outcome"):
        if any(start < cue.end and cue.start < end for start, end in reasons):
            continue
        clause = sentence.clause(cue.start)
        code = _outcome_told(sentence, cue, clause)
        object_ = said_of(sentence, cue)
        concerned = _concerned(sentence, events, cue, clause)
        if not code or object_ in (SaidOf.OTHER, SaidOf.ANYBODY):
            for event in events if object_ is SaidOf.ANYBODY else concerned:
                event.parts.append(("not_outcome", cue, cue.code))
                event.general = event.general or object_ is SaidOf.ANYBODY
            continue
        if cue.code == "responded" and code == "failed":
            # "Requests X for a disease not having achieved remission" tells nothing of X.
            concerned = [e for e in concerned if ("status", "requested") not in e.told]
        for event in concerned:
            if not any(p[0] == "outcome" and p[2] == code for p in event.parts):
                event.parts.append(("outcome", cue, code))
                event.doubted = event.doubted or object_ is SaidOf.UNSURE
                if code in ("intolerant", "contraindicated"):
                    event.parts.append(("reason", _with_reason(sentence, cue), ""))


# "Not due to progression": a reason that is denied tells no outcome.
NO_REASON = re.compile(
    r"\b(?:not|never|rather\s+than)\s+(?:(?:simply|merely|primarily|mainly|at\s+all|stopped|discontinued|held|changed|switched)\s+)?(?:due\s+to|because(?:\s+of)?|owing\s+to|on\s+account\s+of|as\s+a\s+result\s+of|"
    r"for\s+reasons\s+of|for(?=\s+(?:\w+\s+)?(?:intoleran|toxic|failure|progress|inefficac|lack|loss|side|adverse)))\b[^.;]*",
    re.IGNORECASE,
)


def _outcome_told(sentence: Sentence, cue: Match, clause: tuple[int, int]) -> str:
    """What an outcome cue tells where it stands, '' if it is denied, asked or only warned of."""
    before = sentence.text[: cue.start]
    if CONDITION.search(sentence.text[clause[0] : cue.start]) or _is_warning(sentence, cue):
        return ""
    if UNANSWERED.match(sentence.text, cue.end):
        return ""
    if cue.code in ("failed", "partial_response") and DENIED.search(before[-16:]):
        return ""
    if cue.code == "failed" and NOT_FAILED.search(before[-40:]):
        return ""
    if cue.code == "responded" and TURNED.match(sentence.text, cue.end):
        return "failed"
    if cue.code == "responded" and (lost := LOST.match(sentence.text, cue.end)):
        return "failed" if ON_IT.search(sentence.text, lost.end()) else ""
    negated = NEGATED_OUTCOME.search(before[-30:]) is not None
    if cue.code == "responded" and negated:
        return "failed" if re.search(r"(?:\bno|\bnot|\bwithout)\s", before[-30:], re.I) else ""
    return "" if negated and cue.code in ("intolerant", "contraindicated") else cue.code


def _concerned(
    sentence: Sentence, events: list[Event], cue: Match, clause: tuple[int, int]
) -> list[Event]:
    """The events that an outcome cue speaks of."""
    inside = [e for e in events if clause[0] <= e.start < clause[1] or e.borrowed]
    inside = inside or [e for e in events if e.end <= cue.start]
    bracket = _bracket(sentence.text, cue.start)
    if bracket is not None:  # "prednisone (60 mg, partial response), methotrexate (...)"
        named = [e for e in events if e.drug is not None and e.drug.end <= bracket[0]]
        owners = [
            e
            for e in events
            if bracket[0] <= e.start < bracket[1] or (named and e.drug is named[-1].drug)
        ]
        if owners:
            return owners
    if cue.code in ("intolerant", "contraindicated"):
        if re.search(r"\b(?:to|of)\s*$", sentence.text[: cue.end]) or re.match(
            r"\s+(?:to|of|for|with)\b", sentence.text[cue.end :]
        ):
            following = [e for e in inside if e.start >= cue.start]
            if following:
                return _coordinated(sentence, following)
        preceding = [e for e in inside if e.start <= cue.start]
        if preceding:
            return list(reversed(_coordinated(sentence, list(reversed(preceding)))))
        return inside[:1]
    if re.fullmatch(
        r"(?:(?:has|have|had)\s+)?fail(?:ed|ing|s)(?:\s+on)?",
        sentence.text[cue.start : cue.end],
        re.I,
    ):
        # "Failed" alone may be of a limb or a plan: the drug must stand beside it.
        inside = [
            e
            for e in inside
            if _gap(cue, e) <= 40 or BARE_FAILURE.search(sentence.text[e.end : cue.start])
        ]
    covered = [e for e in inside if cue.start <= e.start < cue.end]
    if covered:
        following = [e for e in inside if e.start >= cue.start]
        return covered + [e for e in _coordinated(sentence, following) if e not in covered]
    if re.search(r"\b(?:to|despite|of|on|with)\s*$", sentence.text[cue.start : cue.end], re.I):
        following = [e for e in inside if e.start >= cue.end]
        if following:
            return _coordinated(sentence, following)
    return inside


REASON = re.compile(
    r"\s*(?:\w+\s+){0,3}?(?:[:(\u2013-]|because(?:\s+of)?|due\s+to|d/t|owing\s+to|secondary\s+to|given|since|as|for|by|with|from|after|when)\s*[^.;()]{3,90}",
    re.IGNORECASE,
)


# "With an eGFR of 24, methotrexate is contraindicated".
REASON_BEFORE = re.compile(
    r"(?:^|[.;:]\s*|\b(?:and|but|so)\s+)(?P<reason>(?:with|given|because\s+of|due\s+to|owing\s+to|in\s+(?:view|light)\s+of|on\s+account\s+of|"
    r"considering|as|since|for)\s+(?!\w+\s*,)[^.;]{4,80}?)\s*,\s*[^,.;]*$",
    re.IGNORECASE,
)


def _with_reason(sentence: Sentence, cue: Match) -> Match:
    """An intolerance or contraindication with the words after it that say why."""
    told = REASON.match(sentence.text, cue.end)
    if told is None:
        lead = REASON_BEFORE.search(sentence.text[: cue.start])
        if lead is not None:
            return Match(*lead.span("reason"), "reason", "")
    return Match(cue.start, told.end() if told else cue.end, "reason", "")


BARE_FAILURE = re.compile(r"^[^.;]*\b(?:and|also|both|then|,)\s*$", re.IGNORECASE)


def _bracket(text: str, position: int) -> tuple[int, int] | None:
    """The brackets around a position."""
    for opening, closing in ("()", "[]"):
        start = text.rfind(opening, 0, position)
        if start >= 0 and closing not in text[start:position]:
            end = text.find(closing, position)
            return start, end if end >= 0 else len(text)
    return None


def _coordinated(sentence: Sentence, events: list[Event]) -> list[Event]:
    """The first event and those joined to it by `and`, `or`, a comma."""
    kept = events[:1]
    for event in events[1:]:
        a, b = sorted((kept[-1], event), key=lambda e: e.start)
        if not re.fullmatch(
            r"[\s,(\[\]'\"]*(?:and|or|/|&|\+|nor|plus|with)?[\s,'\"]*(?:[\w-]+\s){0,2}",
            sentence.text[a.end : b.start],
        ):
            break
        kept.append(event)
    return kept


def _says_something(sentence: Sentence, event: Event) -> bool:
    told = any(label != "not_outcome" for label, _, _ in event.parts)
    return not event.borrowed or told or event.dose is not None


def _mention(sentence: Sentence, event: Event) -> Mention:
    parts = [sentence.part(label, match, code) for label, match, code in event.parts]
    if event.dose is not None:
        parts.insert(0, sentence.part("dose", event.dose))
    if event.drug is not None:
        start, end = event.drug.start, event.drug.end
        product = sentence.text[start:end]
        parts.append(
            Mention(
                label="product",
                start=sentence.offset + start,
                end=sentence.offset + end,
                text=product,
            )
        )
    elif event.dose is not None:
        start, end = event.dose.start, event.dose.end
    else:
        start, end = event.start, event.end
    label = "medication" if event.kind == "drug" else "medication_class"
    mention = sentence.mention(label, start, end, event.code, parts=tuple(parts))
    # Whether a drug was taken is told by its status cues, not by words that deny something else.
    # "Neither X nor Y helped": what did not help was taken.
    tried = any(p[0] == "outcome" and p[1].start <= start < p[1].end for p in event.parts)
    denied = mention.negated and not tried and _directly_denied(sentence, start)
    update: dict[str, object] = {"negated": denied}
    if event.doubted:
        update["doubted"] = ("outcome",)
    if event.general and event.dose is None and not any(event.has(w) for w in COURSE):
        update["about"] = About.GENERAL
    return mention.model_copy(update=update)


# What tells of a drug that somebody took it.
COURSE = ("start", "stop", "duration", "status", "outcome")


# "Not a day without X", "she has never been without X": it was taken all the time.
NEVER_WITHOUT = re.compile(
    r"\b(?:(?:not|never|hardly|scarcely)\s+(?:for\s+)?(?:an?\s+|one\s+)?(?:single\s+)?(?:day|night|morning|week|month|moment)\b[^.,;:]{0,40}"
    r"|(?:never|not)\s+(?:once\s+)?(?:been|gone)\s+|cannot\s+do\s+)\bwithout\s+(?:(?:her|his|the|taking)\s+)?$",
    re.IGNORECASE,
)


def _never_without(sentence: Sentence, start: int) -> Match | None:
    """The words that deny that a drug was ever lacking."""
    m = NEVER_WITHOUT.search(sentence.text[:start])
    return Match(*m.span(), "status", "current") if m is not None else None


# What is not taken, given or begun, now or ever; "is not taking X" leaves open whether it once was.
DENIED = re.compile(
    r"\b(?:(?:did|will|shall|would)\s+(?:not|never)\s+(?:take|receive|use|get|have|try|start|begin|need|be)"
    r"|not\s+to\s+(?:be|receive|take|start)|no|not|never|without|denies|neither|nor|none\s+of)\s+"
    r"(?:(?:prior|previous|taken|received|on|a|an|the|had|any|been|given|known|current|use|of|history|exposure|to|treated|with|"
    r"treatment|ever|tried|yet|started|prescribed|has|have|was|were|is|used|combined|added|immune|systemic|oral|other)\s+)*"
    r"(?:[\w-]+\s*(?:(?:,|/|\bor\b|\band\b|\bnor\b)\s*)+(?:(?:any\s+)?other\s+)?)*$",
    re.IGNORECASE,
)


# "She did not take X, Y helped little": what has a verb of its own is no further item of the list.
OWN_VERB = re.compile(
    r"[\w-]+(?:\s+(?!and\b|or\b|nor\b)[\w./%]+){0,5}?\s+(?:helped|did|does|was|is|has|had|gave|made|caused|failed|worked|brought|kept|held|lost)\b"
)
MUST = re.compile(r"\b(?:must|should|ought|may|can)\s*$", re.IGNORECASE)


def _directly_denied(sentence: Sentence, start: int) -> bool:
    denied = DENIED.search(sentence.text[:start])
    if sentence.text[:start].endswith(", ") and OWN_VERB.match(sentence.text, start):
        return False
    if _never_without(sentence, start) is not None:
        return False
    # "X must not be given with Y" warns of the two together: neither is said not to be taken.
    if denied is not None and MUST.search(sentence.text[: denied.start()]):
        return False
    # "Not polymyositis, prednisone daily": what is denied is a disease, not the drug after it.
    return denied is not None and not any(
        n.kind in ("diagnosis", "lab") and denied.start() <= n.start < start for n in sentence.names
    )
