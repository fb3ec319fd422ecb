"""EMG, MRI of muscle, biopsy, lung and heart studies: done or not, and what they showed.

In a note the result stands in the sentence that names the study. In a report the study is
named by a title, and its impression gives the result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.nlp.cues import Match
from pipeline.nlp.findings import STUDIES, load_findings, load_studies
from pipeline.nlp.sentence import Sentence
from pipeline.nlp.strength import region_pattern
from pipeline.schema import Mention, PageKind, Span

TITLE_LENGTH = 90  # characters; titles of reports are short


@dataclass
class Report:
    """The study report that is being read: which study, and its date."""

    study: str = ""
    page: int = -1
    title: Sentence | None = None
    place: Match | None = None
    date: Mention | None = None
    concluded: bool = False


def find_studies(sentence: Sentence, report: Report, models: Path) -> list[Mention]:
    """Study findings of a sentence; updates the report that it is part of."""
    mentions = _named(sentence, models)
    if sentence.passage.page != report.page and sentence.passage.kind is not PageKind.IMAGING:
        report.study = ""
    if len(mentions) == 1 and _is_title(sentence, mentions[0], models):
        report.study, report.page, report.concluded = mentions[0].code, sentence.passage.page, False
        report.title, report.place, report.date = sentence, mentions[0], None
        if sentence.dates:
            report.date = sentence.part("date", sentence.dates[0])
        return []
    if report.study and sentence.passage.page == report.page:
        if (
            report.date is None
            and sentence.dates
            and re.search(
                r"(?:date|exam|study|performed|test|of)\b[^.]{0,20}$",
                sentence.text[: sentence.dates[0].start],
                re.I,
            )
        ):
            report.date = sentence.part("date", sentence.dates[0])
        concluding = sentence.passage.section == "assessment" or re.match(
            r"(?:impression|interpretation|conclusion|summary|diagnosis)\b", sentence.text, re.I
        )
        if concluding and not report.concluded and not mentions:
            found = _report_result(sentence, report, models)
            if found is not None:
                report.concluded = True
                return [found]
    return _in_sentence(sentence, mentions, models)


def _named(sentence: Sentence, models: Path) -> list[Match]:
    """Places that name a study, one for each study and stretch."""
    found: list[Match] = []
    for cue in load_findings(models):
        if cue.finding not in STUDIES:
            continue
        for m in cue.pattern.finditer(sentence.text):
            if _is_elsewhere(sentence.text, cue.finding, m.start(), m.end(), models):
                continue
            if not any(f.start < m.end() and m.start() < f.end for f in found):
                found.append(Match(m.start(), m.end(), "study", cue.finding))
    return sorted(found, key=lambda f: f.start)


def _is_elsewhere(text: str, study: str, start: int, end: int, models: Path) -> bool:
    """Whether an MRI or biopsy is said to be of another part of the body than muscle."""
    if study not in ("mri", "biopsy"):
        return False
    before = re.split(r"[.,;:]", text[max(0, start - 30) : start])[-1]
    after = re.split(r"[.;:]|\b(?:show|reveal|was|is|with|demonstrat)", text[start : end + 45])[0]
    near = f"{before} {after}"
    muscle = re.search(rf"\b(?:muscles?|{region_pattern(models, 'muscle')})\b", near, re.I)
    elsewhere = re.search(rf"\b(?:{region_pattern(models, 'elsewhere')})\b", near, re.I)
    return elsewhere is not None and muscle is None


def _is_title(sentence: Sentence, study: Match, models: Path) -> bool:
    text = sentence.text
    if (
        len(text) > TITLE_LENGTH
        or text.endswith(".")
        or _result(sentence, study.code, 0, len(text), models)
    ):
        return False
    wordy = re.search(
        r"report|study|exam|contrast|nerve\s+conduction|laboratory|bilateral|EMG\s*/\s*NCS|testing|of\s+(?:the\s+)?(?:both|left|right)",
        text,
        re.I,
    )
    return text.isupper() or bool(wordy) or (study.start < 5 and len(text.split()) <= 8)


PRECEDENCE = ("not_done", "abnormal", "normal", "pending")
# "To look for myositis", "for suspected myopathy": what a study is for is not what it showed.
PURPOSE = re.compile(
    r"\b(?:to\s+(?:further\s+)?(?:evaluate|look|assess|check|screen|exclude|rule\s+out|confirm|document|determine|establish|see|support|characteri[sz]e|differentiate)|"
    r"for\s+(?:the\s+)?(?:evaluation|assessment|suspected|possible|suspicion|concern|workup|work-up|query|question)|if)\b[^.;:]*$",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"\b(?:no|without|not|never|lacks?|absence\s+of)\s+(?:\w+\s+){0,4}$", re.IGNORECASE
)
TOLD = re.compile(
    r"show|reveal|demonstrat|confirm|consistent|found|finding|positive|\bread|report|suggest|indicat|diagnos|:|=|\(",
    re.IGNORECASE,
)


def _result(
    sentence: Sentence, study: str, start: int, end: int, models: Path
) -> tuple[str, Match] | None:
    """What a stretch says of a study: (result, the words that say it)."""
    hits: dict[str, Match] = {}
    for kind, value, pattern in load_studies(models):
        if kind not in (study, "any"):
            continue
        for m in pattern.finditer(sentence.text, start, end):
            told = value
            if value in ("abnormal", "normal") and PURPOSE.search(sentence.text[start : m.start()]):
                continue
            if value == "abnormal" and _is_denied(sentence, m.start(), m.end()):
                told = "normal"
            hits.setdefault(told, Match(m.start(), m.end(), "value", told))
    pending = hits.get("pending")
    for value in PRECEDENCE:
        hit = hits.get(value)
        if hit is None:
            continue
        shown = value in ("abnormal", "normal")
        if (
            shown
            and pending is not None
            and pending.end <= hit.start
            and not TOLD.search(sentence.text, pending.end, hit.start)
        ):
            continue  # "EMG ordered for myopathy" shows nothing yet
        return value, hit
    return None


def _is_denied(sentence: Sentence, start: int, end: int) -> bool:
    """ "Without fibrillations", "edema has resolved": an abnormal sign that is not there."""
    flags = sentence.contexts.of(start, end)
    gone = re.match(
        r"\s+(?:has\s+|have\s+|had\s+)?(?:completely\s+)?(?:resolved|disappeared|cleared)\b",
        sentence.text[end:],
    )
    return bool("negated" in flags or DENIED.search(sentence.text[:start]) or gone)


def _in_sentence(sentence: Sentence, studies: list[Match], models: Path) -> list[Mention]:
    """Each study takes the result after it, or shares that of the study it is joined to."""
    if not studies:
        return []
    found: list[Mention] = []
    results: list[tuple[str, Match] | None] = []
    ends = [s.start for s in studies[1:]] + [len(sentence.text)]
    starts = [0 if i == 0 else s.start for i, s in enumerate(studies)]
    for study, start, end in zip(studies, starts, ends, strict=True):
        results.append(_result(sentence, study.code, start, end, models))
    for i in range(len(studies) - 2, -1, -1):
        gap = sentence.text[studies[i].end : studies[i + 1].start]
        joined = re.search(r"(?:\band\b|,|&|/|\bor\b)", gap) and ";" not in gap
        if results[i] is None and joined and results[i + 1] is not None:
            results[i] = _result(
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
    result = _result(sentence, report.study, 0, len(sentence.text), models)
    if result is None or report.title is None or report.place is None:
        return None
    value, words = result
    parts = [sentence.part("value", words, value)]
    if report.date is not None:
        parts.append(report.date)
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
