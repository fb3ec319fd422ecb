"""What is still read when a packet is told in other words of the same meaning.

    python -m tests.perturb [--kinds KIND ...] [--packets N] [--workers N] [--verbose]

A kept script, not a test. The packets' own sources (`sample_docs/packets`, `tests/packets/drawn`)
are drawn twice, as they are and with their text exchanged, and both are run through the real
command. Counted is the share of facts and of criteria of the first run that the second gives too.
One kind of exchange at a time, by `perturb.csv` (columns `kind`, `printed`, `instead`; written by
somebody who had not read the tables under `models/`):

    head      heads of columns, where they are the whole cell
    label     labels of forms and of lines ("Date of birth:"), where a string begins with them
    section   headings, likewise
    linking   words between a thing and what is said of it, anywhere in a sentence
    copied    marks of text that was copied forward, anywhere

and three that need no list: `date` (every day of the month in another spelling), `number`
(thousands and units set otherwise), `columns` (the columns behind the first turned round).
"""

from __future__ import annotations

import argparse
import ast
import csv
import json
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from tests.conftest import run_chartgap

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "sample_docs"
LISTED = ("head", "label", "section", "linking", "copied")
Exchange = Callable[[str], str]

# What of a row says whether the same was read; places are not compared, they move.
FACTS = {
    "medications.csv": [
        "ingredient",
        "dose_value",
        "dose_unit",
        "route",
        "frequency",
        "duration_days",
        "start_date",
        "stop_date",
        "status",
        "outcome",
        "about",
        "standing",
    ],
    "labs.csv": [
        "analyte",
        "value",
        "unit",
        "ref_low",
        "ref_high",
        "interpretation",
        "collected_date",
        "standing",
    ],
    "diagnoses.csv": ["name", "icd10", "assertion", "about", "standing"],
    "findings.csv": ["finding", "value", "site", "assertion", "of", "standing"],
    "gaps.csv": ["criterion", "status"],
}
DAY = re.compile(r"(?<![\d/.-])(\d{1,2})/(\d{1,2})/(20\d\d|19\d\d)(?![\d/])")
THOUSANDS = re.compile(r"(?<![\d,./-])(\d{1,2}),(\d{3})(?![\d,/-])")
AMOUNT = re.compile(r"(?<![\d/.,])(\d+(?:\.\d+)?) (mg|kg|mL|cm)\b(?!/)")
SPELLINGS = ("{d:%d %B %Y}", "{d:%d-%b-%Y}", "{d:%Y-%m-%d}", "{d:%b} {d.day}, {d:%Y}")


def _chosen(choices: list[str] | tuple[str, ...], *of: str) -> str:
    """One of the choices, the same for the same words."""
    return choices[int(sha256("|".join(of).encode()).hexdigest(), 16) % len(choices)]


def _as_printed(instead: str, printed: str) -> str:
    if len(printed) > 3 and printed.isupper():
        return instead.upper()
    return instead[:1].upper() + instead[1:] if printed[:1].isupper() else instead


def listed(kind: str, packet: str) -> Exchange:
    """The exchange of one kind by the table, one wording in one packet."""
    rows: dict[str, list[str]] = defaultdict(list)
    with (HERE / "perturb.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["kind"] == kind:
                rows[row["printed"].lower()].append(row["instead"])
    longest = sorted(map(re.escape, rows), key=len, reverse=True)
    either = "|".join(longest) or r"(?!)"
    bounds = {
        "head": rf"\A(?P<w>{either})\Z",
        "label": rf"\A(?P<w>{either})(?=\s*[:?*]|\s*\Z)",
        "section": rf"\A(?P<w>{either})(?=\s*:|\s*\Z)",
    }
    pattern = re.compile(bounds.get(kind, rf"(?<!\w)(?P<w>{either})(?!\w)"), re.IGNORECASE)

    def exchange(text: str) -> str:
        if kind in ("linking", "copied") and text.count(" ") < 3:
            return text
        return pattern.sub(
            lambda m: _as_printed(_chosen(rows[m["w"].lower()], packet, m["w"].lower()), m["w"]),
            text,
        )

    return exchange


def days(packet: str) -> Exchange:
    spelling = _chosen(SPELLINGS, packet)

    def spelt(m: re.Match[str]) -> str:
        try:
            return spelling.format(d=date(int(m[3]), int(m[1]), int(m[2])))
        except ValueError:  # written day first, or no day
            return m[0]

    return lambda text: DAY.sub(spelt, text)


def numbers(packet: str) -> Exchange:
    """`4,512` as `4512`, `20 mg` as `20mg`."""
    return lambda text: AMOUNT.sub(r"\1\2", THOUSANDS.sub(r"\1\2", text))


def as_they_are(_: str) -> Exchange:
    return lambda text: text


KINDS: dict[str, Callable[[str], Exchange]] = {
    "none": as_they_are,
    **{kind: lambda packet, kind=kind: listed(kind, packet) for kind in LISTED},  # type: ignore[misc]
    "date": days,
    "number": numbers,
    "columns": as_they_are,
}


class _Exchanged(ast.NodeTransformer):
    """The strings of a source exchanged; with `turn`, its tables' columns turned round."""

    def __init__(self, exchange: Exchange, turn: bool) -> None:
        self.exchange, self.turn, self.count = exchange, turn, 0

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if not isinstance(node.value, str):
            return node
        lines = [self.exchange(line) for line in node.value.split("\n")]
        text = "\n".join(lines)
        self.count += text != node.value
        return ast.copy_location(ast.Constant(text), node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if self.turn and len(node.args) >= 2:
            rows, widths = node.args[:2]
            if isinstance(rows, ast.List) and isinstance(widths, ast.List) and _is_table(rows):
                columns = len(rows.elts[0].elts)  # type: ignore[attr-defined]
                if len(widths.elts) == columns:
                    for row in (*rows.elts, widths):
                        row.elts[1:] = row.elts[:0:-1]  # type: ignore[attr-defined]
                    self.count += 1
        return node


def _is_table(rows: ast.List) -> bool:
    """Rows of one length, with a head that names no column twice (panels side by side keep order)."""
    cells = [row.elts for row in rows.elts if isinstance(row, ast.List)]
    if len(cells) != len(rows.elts) or len(cells) < 2 or len({len(c) for c in cells}) != 1:
        return False
    head = [c.value for c in cells[0] if isinstance(c, ast.Constant)]
    return len(head) == len(cells[0]) == len(set(head)) and len(head) >= 3


def sources() -> list[Path]:
    drawn = sorted((HERE / "packets" / "drawn").glob("[a-z][0-9]*.py"))
    own = sorted(p for p in (SAMPLES / "packets").glob("*.py") if p.stem != "__init__")
    return [*own, *drawn]


def draw(source: Path, exchange: Exchange, turn: bool, folder: Path) -> int:
    """Draw one packet with its strings exchanged; the number of strings that are others now."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    other = _Exchanged(exchange, turn)
    for node in tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            other.visit(node)
    module = ModuleType(source.stem)
    module.__file__ = str(source)
    sys.modules[source.stem] = module  # dataclasses look it up
    exec(compile(ast.fix_missing_locations(tree), str(source), "exec"), module.__dict__)
    of_samples = source.parent.parent == SAMPLES
    module.draw(folder / f"{source.stem}{_kept_as(source)}" if of_samples else folder)
    return other.count


def _kept_as(source: Path) -> str:
    """How a sample is kept: a folder of files, a fax picture, else a PDF."""
    return {"intolerance": "", "faxed": ".tif"}.get(source.stem, ".pdf")


def read(folder: Path, workers: int) -> dict[str, dict[str, Counter[tuple[str, ...]]]]:
    """What a run gives: by packet and table, its facts."""
    with tempfile.TemporaryDirectory() as out:
        done = run_chartgap("run", folder, "--out", out, "--workers", workers)
        if done.returncode not in (0, 1):
            raise RuntimeError(done.stderr)
        found: dict[str, dict[str, Counter[tuple[str, ...]]]] = defaultdict(
            lambda: defaultdict(Counter)
        )
        for table, columns in FACTS.items():
            with (Path(out) / table).open(encoding="utf-8", newline="") as lines:
                for row in csv.DictReader(lines):
                    packet = row["submission_id"].rpartition("-")[0]
                    found[packet][table][tuple(row[c] for c in columns)] += 1
    return found


def differences(
    before: Counter[tuple[str, ...]], after: Counter[tuple[str, ...]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for row in (before - after).elements():
        yield "-", row
    for row in (after - before).elements():
        yield "+", row


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--kinds", nargs="+", choices=[k for k in KINDS if k != "none"])
    parser.add_argument("--packets", type=int, help="only every so many-th, that many in all")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--verbose", action="store_true", help="print what was lost and what came")
    given = parser.parse_args()
    sys.path[:0] = [str(SAMPLES), str(HERE / "packets")]
    chosen = sources()
    if given.packets:
        chosen = chosen[:: max(1, len(chosen) // given.packets)][: given.packets]
    results = {}
    exchanged: Counter[str] = Counter()
    for kind in ("none", *(given.kinds or [k for k in KINDS if k != "none"])):
        with tempfile.TemporaryDirectory() as folder:
            for source in chosen:
                name = source.stem
                exchanged[kind] += draw(source, KINDS[kind](name), kind == "columns", Path(folder))
            results[kind] = read(Path(folder), given.workers)
    whole = {"kept": 0, "of": 0}
    print("kind       strings  " + "  ".join(f"{t.removesuffix('.csv'):>12}" for t in FACTS))
    for kind, found in results.items():
        if kind == "none":
            continue
        cells = []
        for table in FACTS:
            of = kept = 0
            for packet, tables in results["none"].items():
                before, after = tables[table], found[packet][table]
                of += before.total()
                kept += (before & after).total()
                if given.verbose:
                    for sign, row in differences(before, after):
                        print(f"  {kind} {packet} {table} {sign} {json.dumps(row)}")
            whole["kept"] += kept
            whole["of"] += of
            cells.append(f"{kept / of:12.3f}" if of else f"{'-':>12}")
        print(f"{kind:10} {exchanged[kind]:7}  " + "  ".join(cells))
    print(f"kept in all: {whole['kept']} of {whole['of']}, {whole['kept'] / whole['of']:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
