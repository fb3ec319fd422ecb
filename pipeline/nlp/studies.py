"""EMG, MRI of muscle, biopsy, lung and heart studies: done or not, and what they showed.

In a note the result stands in the sentence that names the study. In a report the study is
named by a title, and its impression gives the result.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.lexicon import load_lexicon
from pipeline.nlp.findings import STUDIES, load_findings, load_studies
from pipeline.nlp.flares import OWN_GROUP
from pipeline.nlp.sentence import Sentence
from pipeline.nlp.strength import region_pattern
from pipeline.nlp.study_results import PRECEDENCE, read_result
from pipeline.notation.matches import Match
from pipeline.schema import Document, Mention, PageKind, Span

TITLE_LENGTH = 90  # characters; titles of reports are short


@dataclass
class Report:
    """The study report that is being read: which study, and its date.

    Attributes:
        dated: The page whose head gives `date`; -1 if none.
        body: Where the text below the title has been read to; -1 when another heading ended it,
            and in reports that conclude in an impression.
        conclusions: Where the last impression of each page begins.
        techniques: Pages of reports whose tables tell by what technique they were made, with
            its study and where it stands.
    """

    study: str = ""
    page: int = -1
    title: Sentence | None = None
    place: Match | None = None
    date: Mention | None = None
    dated: int = -1
    concluded: bool = False
    body: int = -1
    conclusions: Mapping[int, int] = field(default_factory=dict)
    techniques: Mapping[int, tuple[str, int]] = field(default_factory=dict)


STUDY_DATE = re.compile(
    r"(?:date|exam(?:ination)?|study|performed|test(?:ed)?|procedure|recorded|of)\b[^.]{0,20}$",
    re.IGNORECASE,
)
HEAD_DATE = re.compile(
    r"\b(?:(?:study|exam(?:ination)?|test|procedure|scan|recording)\s+date|date\s+of\s+(?:the\s+)?(?:study|exam\w*|test|procedure|scan)|"
    r"(?:examined|performed|recorded|scanned)(?:\s+on)?)\s*:?\s*$",
    re.IGNORECASE,
)
# "Outside EMG 04/10/2026": the line over a report names the study and its day.
TITLED_DATE = re.compile(
    r"^(?:[^\W\d]+\W+){0,4}?(?:EMG|NCS|MRI|electromyogra\w+|electrodiagnostics?)\W{1,3}$",
    re.IGNORECASE,
)
CONCLUDING = re.compile(
    r"(?:impression|interpretation|conclusion|summary|diagnosis|opinion)\b", re.IGNORECASE
)
CONCLUSION = re.compile(rf"(?:^|[\n\t]|[.;]\s)\s*{CONCLUDING.pattern}\W*[:\n]", re.IGNORECASE)
# Sentences of a report that tell why it was asked for, how it was done, or of earlier ones.
NOT_FOUND_HERE = re.compile(
    r"\b(?:indications?|history|reason|clinical(?:ly)?|known|referred|request\w*|quer(?:y|ied)|suspected|suspicion|questions?|"
    r"compar\w+|prior|previous\w*|earlier|technique|protocol|evaluate|rule\s+out)\b|\?",
    re.IGNORECASE,
)


def conclusions(document: Document) -> dict[int, int]:
    """Where the last impression of each page begins, by index of the page."""
    found = {}
    for index, page in enumerate(document.pages):
        for m in CONCLUSION.finditer(document.text, page.start, page.end):
            found[index] = m.start()
    return found


def techniques(document: Document, models: Path) -> dict[int, tuple[str, int]]:
    """The study whose technique the tables of a report's page tell, by index of the page."""
    found = {}
    for index, page in enumerate(document.pages):
        if page.kind is not PageKind.IMAGING:
            continue
        told = [
            (study, cell.start)
            for table in page.tables
            for cell in table.cells
            for study, value, pattern in load_studies(models)
            if value == "technique" and pattern.search(document.text, cell.start, cell.end)
        ]
        if len({study for study, _ in told}) == 1:
            found[index] = told[0]
    return found


SERVICE = re.compile(
    r"electrodiagnostic\s+(?:laboratory|lab|medicine|service)s?\b(?!\s+(?:report|show|reveal|found|study|studies))",
    re.IGNORECASE,
)
NO_REPORTS = (PageKind.NOTE, PageKind.LETTER, PageKind.REQUEST)


def find_studies(sentence: Sentence, report: Report, models: Path) -> list[Mention]:
    """Study findings of a sentence; updates the report that it is part of."""
    studies = _named(sentence, models)
    page = sentence.passage.page
    if page != report.page and sentence.passage.kind is not PageKind.IMAGING:
        report.study = ""
    _read_date(sentence, report)
    if SERVICE.search(sentence.text) and sentence.passage.kind is not PageKind.IMAGING:
        return []  # the letterhead of who does such studies
    if len(studies) == 1 and _is_title(sentence, studies[0], models):
        first = report.page != page  # a date before a second title is that of the first report
        report.date = report.date if first and report.dated == page else None
        report.study, report.page, report.concluded = studies[0].code, page, False
        report.title, report.place = sentence, studies[0]
        in_note = sentence.passage.kind is not PageKind.IMAGING
        open_ended = report.conclusions.get(page, -1) < sentence.offset
        report.body = sentence.offset + len(sentence.text) if in_note or open_ended else -1
        if sentence.dates:
            report.date, report.dated = sentence.part("date", sentence.dates[0]), page
        return []
    if not studies:
        _open_by_technique(sentence, report, models)
    # The impression of a note is the physician's, of the disease, unless it closes a study there.
    apart = sentence.passage.kind in NO_REPORTS and not _follows(sentence, report)
    concluding = not apart and (
        sentence.passage.section == "assessment" or CONCLUDING.match(sentence.text)
    )
    telling = concluding or _in_body(sentence, report, models)
    if report.study and page == report.page and telling and not report.concluded and not studies:
        found = _report_result(sentence, report, models)
        if found is not None:
            report.concluded = True
            return [found]
    return [_dated(m, sentence, report) for m in _in_sentence(sentence, studies, models)]


def _open_by_technique(sentence: Sentence, report: Report, models: Path) -> None:
    """A report without a title is of the study whose technique it tells ("Needle: ...")."""
    page = sentence.passage.page
    if sentence.passage.kind is not PageKind.IMAGING or (report.study and report.page == page):
        return
    study, at = report.techniques.get(page, ("", 0))
    if study and at < sentence.offset:
        report.study, report.page, report.concluded, report.body = study, page, False, -1
        report.title, report.place = sentence, Match(0, 0, "study", study)
        return
    for study, value, pattern in load_studies(models):
        m = pattern.search(sentence.text) if value == "technique" else None
        if m is not None:
            report.study, report.page, report.concluded, report.body = study, page, False, -1
            report.title, report.place = sentence, Match(m.start(), m.end(), "study", study)
            report.date = report.date if report.dated == page else None
            return


BODY_GAP = 12  # characters between a title and the text below it, or between its sentences
HEADING_WORDS = 6
# Parts of a study that may be normal beside a muscle that is not.
BESIDE_MUSCLE = re.compile(
    r"conduction|\bnerves?\b|sensory|\bNCS\b|marrow|fasci|\bfat|bones?\b|joints?\b|skin\b",
    re.IGNORECASE,
)


# "See attached report": the result stands elsewhere.
ELSEWHERE = re.compile(
    r"\b(?:see|attached|enclosed|scanned|separate(?:ly)?|on\s+file|in\s+(?:the\s+)?chart|reviewed)\b",
    re.IGNORECASE,
)
IMPRESSION_GAP = 30  # characters, the heading of the impression included


def _follows(sentence: Sentence, report: Report) -> bool:
    """Whether nothing but the heading of an impression stands between a study and a sentence."""
    return report.body >= 0 and 0 <= sentence.offset - report.body <= IMPRESSION_GAP


def _in_body(sentence: Sentence, report: Report, models: Path) -> bool:
    """Whether a sentence stands below the title of a study in a note, before another heading."""
    if report.body < 0 or report.title is None or sentence.passage.page != report.page:
        return False
    text = sentence.text
    near = 0 <= sentence.offset - report.body <= BODY_GAP
    same = sentence.passage.section in (report.title.passage.section, "")
    silent = read_result(sentence, report.study, 0, len(text), models) is None
    heading = len(text.split()) <= HEADING_WORDS and text[-1] not in ".;,)" and not sentence.dates
    if not near or not same or (silent and (heading or ELSEWHERE.search(text))):
        report.body = -1
        return False
    report.body = sentence.offset + len(text)
    return True


def _read_date(sentence: Sentence, report: Report) -> None:
    """The date in the head of a report: "Study date: 06/03/2026"."""
    page = sentence.passage.page
    if not sentence.dates or sentence.passage.kind in NO_REPORTS:
        return
    first = sentence.dates[0]
    before = sentence.text[: first.start]
    in_report = bool(report.study) and page == report.page and report.date is None
    titled = (
        report.dated != page and TITLED_DATE.match(before) and not NOT_FOUND_HERE.search(before)
    )
    if (in_report and STUDY_DATE.search(before)) or HEAD_DATE.search(before) or titled:
        report.date, report.dated = sentence.part("date", first), page


def _dated(mention: Mention, sentence: Sentence, report: Report) -> Mention:
    """A finding of the report's own study, which was done on the date in its head."""
    if any(p.label == "date" for p in mention.parts) or report.date is None:
        return mention
    page = sentence.passage.page
    own = report.study and page == report.page
    if report.dated != page or (own and mention.code != report.study):
        return mention
    return mention.model_copy(update={"parts": (*mention.parts, report.date)})


def _named(sentence: Sentence, models: Path) -> list[Match]:
    """Places that name a study, one for each study and stretch."""
    found: list[Match] = []
    for cue in load_findings(models):
        if cue.finding not in STUDIES:
            continue
        for m in cue.pattern.finditer(sentence.text):
            if _is_elsewhere(sentence, cue.finding, m.start(), m.end(), models):
                continue
            if not any(f.start < m.end() and m.start() < f.end for f in found):
                found.append(Match(m.start(), m.end(), "study", cue.finding))
    found.sort(key=lambda f: f.start)
    return [f for f in found if not _is_signal(sentence.text, f, found)]


MEASURED = re.compile(r"STIR|(?:LV)?EF|FVC|DLCO|ejection\s+fraction", re.IGNORECASE)


def _is_signal(text: str, study: Match, named: list[Match]) -> bool:
    """What a study measures ("STIR edema", "EF 60%") is no further study beside its name."""
    if not MEASURED.fullmatch(text, study.start, study.end):
        return False
    return any(
        f.code == study.code
        and f is not study
        and not (MEASURED.fullmatch(text, f.start, f.end) and f.start > study.start)
        and ";" not in text[min(f.end, study.end) : max(f.start, study.start)]
        for f in named
    )


PROVEN = re.compile(r"[\s-]*(?:proven|confirmed|supported|verified|documented)\b", re.IGNORECASE)
PROVEN_REACH = 25  # characters from "biopsy" to the disease that it proved


def _proves_other_disease(sentence: Sentence, end: int, models: Path) -> bool:
    """ "Biopsy-proven giant cell arteritis" speaks of no muscle."""
    diseases = load_lexicon(models).diseases
    proved = [
        diseases[n.code].group
        for n in sentence.names
        if n.kind == "diagnosis" and n.code in diseases and end <= n.start < end + PROVEN_REACH
    ]
    return bool(proved) and not any(group.startswith(OWN_GROUP) for group in proved)


def _is_elsewhere(sentence: Sentence, study: str, start: int, end: int, models: Path) -> bool:
    """Whether an MRI or biopsy is said to be of another part of the body than muscle."""
    text = sentence.text
    if study not in ("mri", "biopsy"):
        return False
    if PROVEN.match(text, end) and _proves_other_disease(sentence, end, models):
        return True
    before = re.split(r"[.,;:]", text[max(0, start - 30) : start])[-1]
    after = re.split(r"[.;:]|\b(?:show|reveal|was|is|with|demonstrat)", text[start : end + 45])[0]
    near = f"{before} {after}"
    muscle = re.search(rf"\b(?:muscles?|{region_pattern(models, 'muscle')})\b", near, re.I)
    elsewhere = re.search(rf"\b(?:{region_pattern(models, 'elsewhere')})\b", near, re.I)
    return elsewhere is not None and muscle is None


# "Exam: MRI both thighs." names the study of a report whatever sign it ends with.
NAMES_STUDY = re.compile(
    r"(?:exam(?:ination)?|study|procedure|test|type\s+of\s+(?:study|exam)|exam\s+type)\s*:\s*",
    re.IGNORECASE,
)


def _is_title(sentence: Sentence, study: Match, models: Path) -> bool:
    text = sentence.text
    lead = NAMES_STUDY.match(text)
    if lead and study.start - lead.end() < 25 and len(text) <= TITLE_LENGTH:
        return read_result(sentence, study.code, 0, len(text), models) is None
    if (
        len(text) > TITLE_LENGTH
        or text.endswith(".")
        or read_result(sentence, study.code, 0, len(text), models)
    ):
        return False
    wordy = re.search(
        r"report|study|exam|contrast|nerve\s+conduction|laboratory|bilateral|EMG\s*/\s*NCS|testing|of\s+(?:the\s+)?(?:both|left|right)",
        text,
        re.I,
    )
    if sentence.passage.kind in (PageKind.IMAGING, PageKind.OTHER) and len(text.split()) <= 3:
        return True
    return text.isupper() or bool(wordy) or (study.start < 5 and len(text.split()) <= 8)


def _in_sentence(sentence: Sentence, studies: list[Match], models: Path) -> list[Mention]:
    """Each study takes the result after it, or shares that of the study it is joined to."""
    if not studies:
        return []
    found: list[Mention] = []
    results: list[tuple[str, Match] | None] = []
    ends = [s.start for s in studies[1:]] + [len(sentence.text)]
    starts = [sentence.clause(studies[0].start)[0], *(s.start for s in studies[1:])]
    for study, start, end in zip(studies, starts, ends, strict=True):
        results.append(read_result(sentence, study.code, start, end, models))
    for i in range(len(studies) - 2, -1, -1):
        gap = sentence.text[studies[i].end : studies[i + 1].start]
        joined = re.search(r"(?:\band\b|,|&|/|\bor\b)", gap) and ";" not in gap
        if results[i] is None and joined and results[i + 1] is not None:
            results[i] = read_result(
                sentence, studies[i].code, studies[i].start, len(sentence.text), models
            )
    told = {(s.code, r[0]) for s, r in zip(studies, results, strict=True) if r is not None}
    for i, (study, result) in enumerate(zip(studies, results, strict=True)):
        if result is None:
            continue
        value, words = result
        if study.code == "pft" and value == "normal" and ("pft", "abnormal") in told:
            continue  # one low volume makes the whole test abnormal
        ahead = sentence.passage.section in ("plan", "instructions") and value in PRECEDENCE[1:3]
        if ahead and "hypothetical" in sentence.contexts.of(study.start, study.end):
            continue
        start, end = min(study.start, words.start), max(study.end, words.end)
        found.append(
            _mention(
                sentence, study, words, value, _date(sentence, study, ends[i]), start, end, models
            )
        )
    return found


def _date(sentence: Sentence, study: Match, end: int) -> Mention | None:
    after = [d for d in sentence.dates if study.end <= d.start < end]
    return sentence.part("date", after[0]) if after else None


def _mention(
    sentence: Sentence,
    study: Match,
    words: Match,
    value: str,
    date: Mention | None,
    start: int,
    end: int,
    models: Path,
) -> Mention:
    parts = [sentence.part("value", words, value)]
    site = re.search(
        rf"\b(?:{region_pattern(models, 'muscle')})(?:\s+and\s+(?:{region_pattern(models, 'muscle')}))?\b",
        sentence.text[study.start :],
        re.I,
    )
    if site is not None and study.code in ("mri", "biopsy"):
        parts.append(
            sentence.part(
                "site", Match(study.start + site.start(), study.start + site.end(), "site", "")
            )
        )
    if date is not None:
        parts.append(date)
    mention = sentence.mention("finding", start, end, study.code, parts=tuple(parts))
    # The result says whether it was normal; "no" in it denies a sign, not the study.
    possible = (
        mention.possible
        and re.search(r"possib|suspic|cannot|question|suspect", sentence.text, re.I) is not None
    )
    return mention.model_copy(update={"negated": False, "possible": possible})


def _report_result(sentence: Sentence, report: Report, models: Path) -> Mention | None:
    result = read_result(sentence, report.study, 0, len(sentence.text), models)
    if result is None or report.title is None or report.place is None:
        return None
    value, words = result
    if sentence.passage.kind is PageKind.IMAGING and report.body >= 0:
        named = sentence.text[words.start - 1 : words.start].isalpha()  # "myositis" of a disease
        if NOT_FOUND_HERE.search(sentence.text) or named:
            return None
    if value == "normal" and report.body >= 0 and BESIDE_MUSCLE.search(sentence.text):
        return None
    parts = [sentence.part("value", words, value)]
    own = [d for d in sentence.dates if report.body >= 0 and d.end <= words.start]
    if own or report.date is not None:  # "EMG", and below it "10/02/2025: fibrillations"
        parts.append(sentence.part("date", own[0]) if own else report.date)  # type: ignore[arg-type]
    site = re.search(
        rf"\b(?:{region_pattern(models, 'muscle')})(?:\s+and\s+(?:{region_pattern(models, 'muscle')}))?\b",
        report.title.text,
        re.I,
    )
    if site is not None:
        parts.append(report.title.part("site", Match(site.start(), site.end(), "site", "")))
    mention = sentence.mention("finding", 0, len(sentence.text), report.study, parts=tuple(parts))
    possible = (
        mention.possible
        and re.search(r"possib|suspic|cannot|question|suspect", sentence.text, re.I) is not None
    )
    return mention.model_copy(
        update={
            "negated": False,
            "possible": possible,
            "scope": Span(start=sentence.offset, end=sentence.offset + len(sentence.text)),
        }
    )
