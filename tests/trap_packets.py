"""A law at scale: a page that tells nothing of the patient decides nothing in the packet's favour.

    python -m tests.trap_packets [--packets N] [--traps NAME ...] [--workers N] [--joined]

A kept script, not a test: every trap of `traps.txt`, digital and as a fax picture, is put into
every sample and test packet, and the report is compared with that of the packet alone. No
criterion may become `met` or `not_applicable`, no recommendation more favourable, no policy
another, and no alert may vanish. That a criterion which was satisfied is so no longer is allowed,
and counted. Exit code 1 when the law is broken.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import store
from pipeline.criteria import Policy, choose_policy, evaluate, load_policies
from pipeline.errors import DocumentError
from pipeline.ingest import files_of, submission
from pipeline.ingest.limits import MAX_PAGES
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.nlp import extract_mentions
from pipeline.normalize import build_case
from pipeline.schema import Document, Evidence, GapReport, Page, Speaker, Status
from tests.trap_pages import Trap, Whose, fax_of, pdf_of, traps, words_of

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "build" / "traps"  # pages as read, by content: recognising them takes longest
MODELS = models_dir()
SATISFIED = frozenset({Status.MET, Status.NOT_APPLICABLE})
FAVOUR = {"no_policy": 0, "clinician_review": 1, "request_information": 1, "criteria_met": 2}
FORMS: dict[str, Callable[[str], bytes]] = {"pdf": pdf_of, "tif": fax_of}
ASKED_ON = date(2026, 6, 15)  # where a packet bears no date at all

RawFiles = list[Any]  # of ingest, before their pages become one text


class Broken(NamedTuple):
    """A break of the law; `words` are the evidence's, those of the trap first."""

    trap: str
    form: str
    packet: str
    what: str
    words: tuple[str, ...] = ()


class Tally(NamedTuple):
    """What became of one packet with its traps.

    Attributes:
        skipped: Traps that bear the patient's name, where the packet bears none.
        doubted: Of (trap, criterion, old, new), how often it was satisfied before and is no longer.
    """

    packet: str
    runs: int
    skipped: int
    broken: tuple[Broken, ...]
    doubted: Counter[tuple[str, str, str, str]]


def packets() -> list[Path]:
    """All packets, the barest first, since it has most to lose; then some of each set in turn."""
    bare = ROOT / "sample_docs" / "inbox" / "05_bare_request.pdf"
    folders = [ROOT / "sample_docs" / "inbox", *sorted((ROOT / "tests/packets").glob("packets*"))]
    sets = [sorted(folder.iterdir()) for folder in folders if folder.is_dir()]
    longest = max(map(len, sets))
    mixed = [those[n] for n in range(longest) for those in sets if n < len(those)]
    return [bare, *(path for path in mixed if path != bare)]


# ------------------------------------------------------------------------------ reading


# Modules of ingest that make text of what was read, and say what a page is and of whom it speaks.
AFTER_READING = {
    "assemble", "bars", "columns", "flow", "forms", "goes_on", "identity", "layout", "names",
    "numbering", "page_kinds", "paragraphs", "several", "sheets", "speakers", "submission",
    "tables", "ticks",
}  # fmt: skip


@cache
def _reader() -> str:
    """The code that reads the words of files, as a digest."""
    files = (ROOT / "pipeline" / "ingest").glob("*.py")
    reading = sorted(file for file in files if file.stem not in AFTER_READING)
    return hashlib.sha256(b"".join(file.read_bytes() for file in reading)).hexdigest()


def read_file(name: str, data: bytes) -> Any:
    """A file as ingest reads it, from an earlier reading where there is one.

    Raises:
        DocumentError: If it cannot be read.
    """
    key = hashlib.sha256(f"{_reader()} {name} ".encode() + data).hexdigest()
    kept = KEPT / key
    if kept.exists():
        return pickle.loads(kept.read_bytes())
    read = submission._read_file(name, data, MAX_PAGES)
    KEPT.mkdir(parents=True, exist_ok=True)
    store.write_atomically(kept, pickle.dumps(read))
    return read


def read_packet(path: Path) -> RawFiles:
    """Its files in name order.

    Raises:
        DocumentError: If one of them cannot be read.
    """
    return [read_file(file.name, file.read_bytes()) for file in files_of(path)]


def with_page(files: RawFiles, trap: Any, joined: bool) -> RawFiles:
    """The packet with a file more, or with the pages at the end of its last file."""
    if not joined:
        return [*files, trap]
    return [*files[:-1], replace(files[-1], pages=[*files[-1].pages, *trap.pages])]


# ------------------------------------------------------------------------------ judging


@cache
def policies() -> tuple[Policy, ...]:
    return load_policies(MODELS, load_lexicon(MODELS))


def judged(files: RawFiles) -> tuple[Document, date | None, date | None, GapReport]:
    """Document, request date, birth date and report."""
    document = submission._document(files, [], MODELS)
    case = build_case("packet", document, extract_mentions(document, MODELS), MODELS)
    chosen = choose_policy(policies(), case)
    return document, case.as_of, case.birth_date, evaluate(chosen.policy, case, chosen.why)


def whose(pages: Sequence[Page], birth: date | None, asked_on: date | None) -> Whose:
    """The patient by the commonest name on the packet's own pages."""
    own = [page.identity for page in pages if page.speaker is Speaker.PATIENT]
    names = Counter(identity.name for identity in own if identity.name)
    name = names.most_common(1)[0][0] if names else ""
    return Whose(name, birth, asked_on or ASKED_ON)


def breaks(
    before: GapReport, after: GapReport, trap: Trap, file: str
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a trap in `file` changed against the law, and the words that it rests on."""
    old, new = (report.policy.id if report.policy else "" for report in (before, after))
    if new and new != old:
        yield f"policy: {old or 'none'} -> {new}", ()
        return
    if FAVOUR[after.recommendation] > FAVOUR[before.recommendation]:
        yield f"recommendation: {before.recommendation} -> {after.recommendation}", ()
    was = {result.id: result.status for result in before.criteria}
    for result in after.criteria:
        if result.status in SATISFIED and was[result.id] not in SATISFIED:
            change = f"{result.id}: {was[result.id].value} -> {result.status.value}"
            yield change, _words(result.evidence, file)
    left = {alert.id for alert in after.alerts} | trap.tells
    for alert in before.alerts if new else ():
        if alert.id not in left:
            yield f"alert {alert.id} vanished", ()


def _words(evidence: Sequence[Evidence], file: str) -> tuple[str, ...]:
    """At most three, those of the trap first."""
    ordered = sorted(evidence, key=lambda e: e.file != file)
    return tuple(f"{e.file}#{e.page}: {' '.join(e.text.split())}" for e in ordered[:3])


def lost(before: GapReport, after: GapReport) -> Iterator[tuple[str, str, str]]:
    """Criteria that were satisfied and are no longer, with both statuses."""
    now = {result.id: result.status for result in after.criteria}
    for result in before.criteria:
        if result.status in SATISFIED and now.get(result.id) not in SATISFIED:
            new = now.get(result.id)
            yield result.id, result.status.value, new.value if new else "no_policy"


def try_packet(
    path: Path, names: frozenset[str], forms: tuple[str, ...], joined: bool, number: int
) -> Tally:
    """One packet with each of the named traps; `number` chooses the wordings."""
    broken: list[Broken] = []
    doubted: Counter[tuple[str, str, str, str]] = Counter()
    runs = skipped = 0
    try:
        files = read_packet(path)
    except DocumentError:  # quarantined, with a trap or without
        return Tally(path.name, 0, 0, (), doubted)
    document, asked_on, birth, before = judged(files)
    patient = whose(document.pages, birth, asked_on)
    for place, trap in enumerate(traps()):
        if trap.name not in names:
            continue
        words = words_of(trap, patient, number + place)
        if words is None:
            skipped += 1
            continue
        for form in forms:
            page = read_file(f"zz_page.{form}", FORMS[form](words))
            after = judged(with_page(files, page, joined))[-1]
            runs += 1
            name = files[-1].name if joined else page.name
            for what, told in breaks(before, after, trap, name):
                broken.append(Broken(trap.name, form, path.name, what, told))
            doubted.update((trap.name, *change) for change in lost(before, after))
    return Tally(path.name, runs, skipped, tuple(broken), doubted)


# ------------------------------------------------------------------------------ telling


def main() -> int:
    known = [trap.name for trap in traps()]
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--packets", type=int, default=0, metavar="N", help="only the first N")
    parser.add_argument("--traps", nargs="+", choices=known, default=known, metavar="NAME")
    parser.add_argument("--forms", nargs="+", choices=list(FORMS), default=list(FORMS))
    parser.add_argument("--joined", action="store_true", help="pages at the end of the last file")
    parser.add_argument("--workers", type=int, default=2, metavar="N")
    given = parser.parse_args()
    chosen = packets()[: given.packets or None]
    job = partial(
        try_packet,
        names=frozenset(given.traps),
        forms=tuple(given.forms),
        joined=given.joined,
    )
    tallies = []
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(given.workers, mp_context=spawn) as pool:
        jobs = [pool.submit(job, path, number=number) for number, path in enumerate(chosen)]
        for done in jobs:
            tallies.append(done.result())
            print(_line(tallies[-1]), file=sys.stderr, flush=True)
    tell(tallies)
    return int(any(tally.broken for tally in tallies))


def _line(tally: Tally) -> str:
    doubted = sum(tally.doubted.values())
    return f"{tally.packet}: {tally.runs} runs, {len(tally.broken)} broken, {doubted} doubted"


def tell(tallies: Sequence[Tally]) -> None:
    """Breaks by trap and packet, then what was doubted, then the counts."""
    broken = sorted(one for tally in tallies for one in tally.broken)
    for one in broken:
        print(f"{one.trap}.{one.form} | {one.packet} | {one.what}")
        for words in one.words:
            print(f"    {words}")
    doubted: Counter[tuple[str, str, str, str]] = sum((t.doubted for t in tallies), Counter())
    for (trap, criterion, old, new), count in sorted(doubted.items()):
        print(f"doubted: {trap} | {criterion}: {old} -> {new} | {count}")
    by_trap = Counter(one.trap for one in broken)
    print("broken by trap:", ", ".join(f"{t} {n}" for t, n in by_trap.most_common()) or "none")
    print(
        f"{sum(t.runs for t in tallies)} runs, {sum(t.skipped for t in tallies)} traps skipped, "
        f"{len(broken)} breaks of the law, {sum(doubted.values())} doubted"
    )


if __name__ == "__main__":
    sys.exit(main())
