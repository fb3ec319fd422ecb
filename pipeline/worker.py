"""One submission through the stages, in a child process with limits."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import logging
import os
import resource
import signal
import tempfile
import time
import traceback
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from pipeline import store
from pipeline.criteria import Policy, applied_in, choose_policy, evaluate, load_policies
from pipeline.errors import ChartgapError, DocumentError, EmptyDocument, TooLargeDocument
from pipeline.intake import content_hash, members, printable_name
from pipeline.lexicon import load_lexicon
from pipeline.schema import (
    Case,
    Correction,
    Document,
    GapReport,
    Mentions,
    Record,
    Speaker,
    WhatToSend,
)
from pipeline.store import ARTIFACTS, INPUTS, STAGES, Made

# Address space of a child: some 20 times what a packet of 50 scanned pages takes.
MEMORY_BYTES = 8 << 30
_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>

# They only show what the stages before them found, and stay while that stays.
VIEWS = ("send", "letter", "letter_pdf", "report")

# Of whom a page speaks where a person has to look at it.
FOREIGN = frozenset({Speaker.OTHER, Speaker.DOUBTFUL})

_RECORDS: Mapping[str, type[Record]] = {
    "ingest": Document,
    "nlp": Mentions,
    "normalize": Case,
    "criteria": GapReport,
    "send": WhatToSend,
}
RecordT = TypeVar("RecordT", bound=Record)


class SourceMissing(ChartgapError):
    """The submitted file has been moved, removed or changed since it was hashed."""

    code = "source.missing"


class Task(NamedTuple):
    """What a child needs to know to bring one submission up to date.

    Attributes:
        made: Artifacts that earlier runs left.
        due: The first stage that is not up to date.
        forced: Redo `due` and all after it but `VIEWS`, whatever their keys; reuse all before it.
        payer: Whose policies are used first, '' for the payer that each request names.
        corrections: What people changed of the submission's facts, in the order of time.
        until: The last stage to bring up to date.
    """

    submission_id: str
    sha256: str
    source: Path
    folder: Path
    models: Path
    policies: Path
    recipes: Mapping[str, str]
    made: Mapping[str, Made]
    due: str
    forced: bool = False
    payer: str = ""
    corrections: tuple[Correction, ...] = ()
    until: str = STAGES[-1]


class Outcome(NamedTuple):
    """What became of a submission.

    Attributes:
        stage: Where the error arose, '' if none or unknown.
        frames: Places in the code, or a message that holds nothing of the submission.
        made: All artifacts that are there now; `redone` are those made just now.
        changes: What was otherwise before: `criterion: old -> new`, or the state of the submission.
        sizes: Of each stage that was run: bytes, pages, facts and the like.
    """

    submission_id: str
    state: str
    made: dict[str, Made]
    redone: tuple[str, ...] = ()
    error_class: str = ""
    stage: str = ""
    frames: str = ""
    policy_id: str = ""
    policy_version: str = ""
    changes: tuple[str, ...] = ()
    sizes: Mapping[str, Mapping[str, int]] = {}


def prepare(scratch: str, parent: int) -> None:
    """Limit and silence this process: libraries print and keep what they read."""
    with contextlib.suppress(AttributeError):  # Linux: end with the parent, even a killed one
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it was killed before that
            os._exit(1)
    os.umask(0o077)
    os.environ.update(OMP_THREAD_LIMIT="1", OMP_NUM_THREADS="1", TMPDIR=scratch)
    tempfile.tempdir = scratch
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold the submission
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    logging.disable()
    warnings.simplefilter("ignore")


def process(task: Task) -> Outcome:
    """Bring one submission up to date; every error becomes part of the outcome."""
    made: dict[str, Made] = {}
    redone: list[str] = []
    records: dict[str, Record] = {}
    sizes: dict[str, dict[str, int]] = {}
    stage = STAGES[0]
    try:
        store.make_private_folder(task.folder)
        store.sweep_folder(task.folder)  # of what a killed worker left
        before = _last_report(task)
        for stage in STAGES[: STAGES.index(task.until) + 1]:
            key = stage_key(stage, task.recipes, task.sha256, made, task.corrections)
            if _is_reused(task, stage, key, records):
                made[stage] = task.made[stage]
                continue
            made[stage], length = _make(task, stage, key, records)
            sizes[stage] = {"bytes": length} | _counts(records.get(stage))
            redone.append(stage)
    except Exception as error:
        store.discard(task.folder, stage)
        return failure(task.submission_id, error, stage, made, tuple(redone), sizes)
    report = _the(GapReport, records["criteria"])
    return Outcome(
        task.submission_id,
        "flagged" if _is_flagged(task, _the(Document, records["ingest"])) else "done",
        made,
        tuple(redone),
        policy_id=report.policy.id if report.policy else "",
        policy_version=report.policy.version if report.policy else "",
        changes=changed(before, report) if before is not None else (),
        sizes=sizes,
    )


def stage_key(
    stage: str,
    recipes: Mapping[str, str],
    content: str,
    made: Mapping[str, Made],
    corrections: Sequence[Correction],
) -> str:
    """Key of an artifact of a submission: of all that it is made from."""
    inputs = [made[name].digest for name in INPUTS[stage]]
    if stage == "normalize" and corrections:
        inputs.append("\n".join(correction.model_dump_json() for correction in corrections))
    return store.stage_key(recipes[stage], content, inputs)


def _counts(record: Record | None) -> dict[str, int]:
    """How much a stage found."""
    if isinstance(record, Document):
        read = sum(page.origin == "ocr" for page in record.pages)
        return {"files": len(record.files), "pages": len(record.pages), "ocr_pages": read}
    if isinstance(record, Mentions):
        return {"mentions": len(record.mentions)}
    if isinstance(record, Case):
        facts = (record.medications, record.labs, record.diagnoses, record.findings)
        return {"facts": sum(map(len, facts)), "conflicts": len(record.conflicts)}
    return {"criteria": len(record.criteria)} if isinstance(record, GapReport) else {}


def _last_report(task: Task) -> GapReport | None:
    """The report that an earlier run left, if it can still be read."""
    try:
        content = (task.folder / ARTIFACTS["criteria"]).read_bytes()
        return GapReport.model_validate_json(content)
    except (OSError, ValidationError):
        return None


def changed(before: GapReport, after: GapReport) -> tuple[str, ...]:
    """Policy, recommendation and statuses that differ, as `what: old -> new`."""
    old, new = _standing(before), _standing(after)
    return tuple(
        f"{what}: {old.get(what, 'none')} -> {new.get(what, 'none')}"
        for what in dict.fromkeys((*old, *new))
        if old.get(what) != new.get(what)
    )


def _standing(report: GapReport) -> dict[str, str]:
    head = {"policy": report.policy.id if report.policy else "none"}
    head["recommendation"] = report.recommendation
    return head | {result.id: result.status.value for result in report.criteria}


def _is_reused(task: Task, stage: str, key: str, records: dict[str, Record]) -> bool:
    """Load what an earlier run left, if it may be used."""
    is_before = STAGES.index(stage) < STAGES.index(task.due)
    if task.forced and stage not in VIEWS:
        usable = is_before and store.is_intact(task.folder, stage, task.made.get(stage))
    else:
        usable = store.is_fresh(task.folder, stage, key, task.made.get(stage))
    if not usable or stage not in _RECORDS:
        return usable
    content = (task.folder / ARTIFACTS[stage]).read_bytes()
    try:
        records[stage] = _RECORDS[stage].model_validate_json(content)
    except ValidationError:  # written by another version
        return False
    return True


def _make(task: Task, stage: str, key: str, records: dict[str, Record]) -> tuple[Made, int]:
    """Run a stage and store what it makes; also its length in bytes."""
    _reset_peak()
    began = time.perf_counter()
    content: str | bytes
    if stage == "report":
        content = _render(task, records)
    elif stage == "letter":
        content = _write_letter(task, records)
    elif stage == "letter_pdf":
        content = _print_letter(task)
    else:
        records[stage] = _compute(task, stage, records)
        indent = 2 if stage in ("criteria", "send") else None
        content = records[stage].model_dump_json(indent=indent)
    stored = content.encode() if isinstance(content, str) else content
    digest = store.write_atomically(task.folder / ARTIFACTS[stage], stored)
    return Made(key, digest, round(time.perf_counter() - began, 3), _peak_mib()), len(stored)


def _compute(task: Task, stage: str, records: Mapping[str, Record]) -> Record:
    # The stages are imported when they are first needed: they load models, and most runs
    # redo only some of them.
    if stage == "ingest":
        return _ingest(task)
    document = _the(Document, records["ingest"])
    if stage == "nlp":
        from pipeline.nlp import extract_mentions

        return extract_mentions(document, task.models)
    if stage == "normalize":
        from pipeline.normalize import build_case

        mentions = _the(Mentions, records["nlp"])
        return build_case(task.submission_id, document, mentions, task.models, task.corrections)
    case = _the(Case, records["normalize"])
    policies = _policies(task.policies, task.models)
    if stage == "send":
        from pipeline.send import what_to_send

        return what_to_send(policies, _the(GapReport, records["criteria"]))
    chosen = choose_policy(policies, case, task.payer)
    return evaluate(chosen.policy, case, chosen.why)


def _ingest(task: Task) -> Document:
    from pipeline.ingest import read_submission

    if not task.source.exists() or content_hash(task.source) != task.sha256:
        raise SourceMissing("the submitted file is no longer there, or has changed")
    files = members(task.source)[0]
    if not files:
        raise EmptyDocument("the folder holds no files")
    document = read_submission(_readable(files), task.models)
    if content_hash(task.source) != task.sha256:
        raise SourceMissing("the submitted file changed while it was read")
    return document


def _write_letter(task: Task, records: Mapping[str, Record]) -> str:
    from pipeline.announced import announcements
    from pipeline.letter import write_request

    document = _the(Document, records["ingest"])
    return write_request(
        _the(WhatToSend, records["send"]),
        _the(Case, records["normalize"]),
        document,
        _the(GapReport, records["criteria"]),
        announcements(document, task.models),
        task.models,
    )


def _print_letter(task: Task) -> bytes:
    from pipeline.letter_pdf import print_letter

    return print_letter((task.folder / ARTIFACTS["letter"]).read_text(encoding="utf-8"))


def _render(task: Task, records: Mapping[str, Record]) -> str:
    from pipeline.announced import announcements
    from pipeline.report import write_html

    report, document = _the(GapReport, records["criteria"]), _the(Document, records["ingest"])

    # Without the very files that were read, the report shows text instead of pictures.
    is_there = task.source.exists() and content_hash(task.source) == task.sha256
    files = _readable(members(task.source)[0]) if is_there else []
    return write_html(
        report,
        _the(Case, records["normalize"]),
        document,
        {path.name: path for path in files},
        _the(WhatToSend, records["send"]).items,
        applied_in(report, _policies(task.policies, task.models)),
        announcements(document, task.models),
    )


def _readable(files: tuple[Path, ...]) -> list[Path]:
    """The files, by way of a link where a name is not UTF-8 and could not be written down."""
    readable = []
    for path in files:
        name = printable_name(path)
        if name != path.name:
            link = Path(tempfile.mkdtemp()) / name
            link.symlink_to(path.absolute())
            path = link
        readable.append(path)
    return readable


@cache
def _policies(policies: Path, models: Path) -> tuple[Policy, ...]:
    return load_policies(policies, load_lexicon(models))


def _the(kind: type[RecordT], record: Record) -> RecordT:
    assert isinstance(record, kind)
    return record


def _is_flagged(task: Task, document: Document) -> bool:
    """Whether a person should know that not all that was submitted was read as the patient's."""
    skipped = members(task.source)[1] if task.source.is_dir() else 0
    return bool(
        skipped
        or document.unread
        or any(f.missing_pages or f.attachments or f.repaired for f in document.files)
        or any(p.unreadable or p.speaker in FOREIGN for p in document.pages)
    )


# ----------------------------------------------------------------------------- errors


def failure(
    submission_id: str,
    error: Exception,
    stage: str,
    made: dict[str, Made],
    redone: tuple[str, ...],
    sizes: Mapping[str, Mapping[str, int]] | None = None,
) -> Outcome:
    """The outcome of an error. A message from outside the project may quote the submission."""
    state, frames = "failed", _frames(error)
    if isinstance(error, DocumentError):
        state, code = "quarantined", error.code
    elif isinstance(error, MemoryError):
        state, code = "quarantined", TooLargeDocument.code
    elif isinstance(error, SourceMissing):
        state, code, frames = "waiting", error.code, ""
    elif isinstance(error, ChartgapError):
        code, frames = error.code, error.message
    elif isinstance(error, OSError):
        code = f"os.{errno.errorcode.get(error.errno or 0, type(error).__name__)}"
    else:
        code = f"error.{type(error).__name__}"
    return Outcome(submission_id, state, made, redone, code, stage, frames, sizes=sizes or {})


def _frames(error: Exception) -> str:
    """Where an error arose, innermost last, one place per line."""
    places = []
    for frame in traceback.extract_tb(error.__traceback__):
        # From the package on: where the project is installed is nobody's business.
        parts = Path(frame.filename).parts[-4:]
        start = next((parts.index(p) for p in ("pipeline", "site-packages") if p in parts), -1)
        places.append(f"{'/'.join(parts[start:])}:{frame.lineno} in {frame.name}")
    return "\n".join(places[-12:])


# ----------------------------------------------------------------------------- memory


def _reset_peak() -> None:
    with contextlib.suppress(OSError):  # elsewhere than on Linux, and in some containers
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_mib() -> float:
    """Highest resident memory since `_reset_peak`, or of the process where that is unknown."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) / 1024, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
