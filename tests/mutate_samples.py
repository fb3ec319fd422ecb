"""Sample packets with one thing changed, and what the rules then say of them.

`python -m tests.mutate_samples` tells how many of the changes move the statuses as they should.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf

from pipeline.criteria import choose_policy, evaluate, load_policies
from pipeline.ingest import read_submission
from pipeline.lexicon import load_lexicon, models_dir
from pipeline.nlp import extract_mentions
from pipeline.normalize import build_case
from pipeline.schema import GapReport

SAMPLES = Path(__file__).resolve().parent.parent / "sample_docs"
MODELS = models_dir()

MET, NOT_MET, SILENT, REVIEW = "met", "not_met", "not_documented", "needs_review"
RESULTS = {"ck_level", "hepatitis_b", "hepatitis_c", "tuberculosis", "immunoglobulins"}
Swap = tuple[str, str]


class Mutation(NamedTuple):
    """One change to a sample.

    Attributes:
        packet: Module of `sample_docs/packets` that draws it.
        swaps: Printed words and what stands there instead, wherever they stand.
        page: Where the swaps apply; 0 for every page.
        deleted: Number of the page that is left out, 0 for none.
        expect: Statuses, several where the rules leave a choice.
    """

    packet: str
    name: str
    expect: Mapping[str, str | tuple[str, ...]]
    swaps: tuple[Swap, ...] = ()
    page: int = 0
    deleted: int = 0


def all_of(names: set[str], status: str) -> dict[str, str]:
    return dict.fromkeys(sorted(names), status)


STRANGER = (
    ("BRACKWATER, OTTOLINE", "FENWORTH, HUGO"),
    ("Ottoline Brackwater", "Hugo Fenworth"),
    ("05/22/1968", "11/09/1949"),
)
EXAMINED = ("4-/5, hip flexors 3+/5, neck flexors 4/5", "5/5, hip flexors 5/5, neck flexors 5/5")
FORM_STOP, NOTE_COURSE = "06/14/2026", "3 weeks only, from 03/16/2026 to 04/05/2026"


def steroid(dose: str) -> tuple[Swap, ...]:
    """The high dose of the first sample, on form and in the note."""
    return (("70 mg daily", f"{dose} mg daily"), ("(1 mg/kg) ", ""))


def conventional(form_stop: str, note: str) -> tuple[Swap, ...]:
    """The methotrexate course of the contradictory sample, on form and in the note."""
    return ((FORM_STOP, form_stop), (NOTE_COURSE, note))


MUTATIONS = (
    # a page is deleted
    Mutation("refractory", "no laboratory page", all_of(RESULTS, SILENT), deleted=3),
    Mutation("refractory", "no EMG page", {"emg_or_mri": SILENT, "ck_level": MET}, deleted=4),
    Mutation(
        "refractory",
        "no note",
        {
            "diagnosis": MET,
            "muscle_strength": SILENT,
            "functional_impairment": SILENT,
            "organ_involvement": SILENT,
            "current_corticosteroid": SILENT,
        },
        deleted=2,
    ),
    Mutation("dependent", "no laboratory page", all_of(RESULTS, SILENT), deleted=3),
    # a value is blanked
    Mutation("refractory", "no IgG", {"immunoglobulins": SILENT}, (("1045", ""),)),
    Mutation("refractory", "no IgA", {"immunoglobulins": SILENT}, (("188", ""),)),
    Mutation(
        "refractory", "no CK", {"ck_level": (SILENT, REVIEW)}, (("2210 H", ""), ("1640 H", ""))
    ),
    Mutation("refractory", "no latest CK", {"ck_level": MET}, (("1640 H", ""),)),
    Mutation(
        "refractory",
        "no HBsAg",
        {"hepatitis_b": SILENT, "hepatitis_c": MET},
        (("Hepatitis B surface antigen", "Lipase"),),
    ),
    Mutation("refractory", "no dose", {"requested_product": SILENT}, (("1,000 mg IV", ""),)),
    Mutation(
        "refractory",
        "no schedule",
        {"requested_product": SILENT},
        (("Day 1 and day 15", ""), (" on day 1 and day 15", ""), ("until the second infusion", "")),
    ),
    Mutation(
        "refractory",
        "no code and no name on the form",
        {"diagnosis": MET},
        (("M33.22", ""), ("Polymyositis with myopathy", "")),
        page=1,
    ),
    # another patient's name and birth date on one page
    Mutation("refractory", "a stranger's results", all_of(RESULTS, SILENT), STRANGER, page=3),
    Mutation("refractory", "a stranger's EMG", {"emg_or_mri": SILENT}, STRANGER, page=4),
    Mutation(
        "refractory",
        "a stranger's note",
        {"muscle_strength": SILENT, "functional_impairment": SILENT, "ck_level": MET},
        STRANGER,
        page=2,
    ),
    Mutation(
        "dependent",
        "a stranger's results",
        all_of(RESULTS, SILENT),
        (("THACKRAH, EMMELINE", "FENWORTH, HUGO"), ("08/30/1974", "11/09/1949")),
        page=3,
    ),
    # a duration is halved
    Mutation(
        "contradiction",
        "six weeks on form and in the note",
        {"immunosuppressant_trial": MET},
        conventional("04/26/2026", "6 weeks, from 03/16/2026 to 04/26/2026"),
    ),
    Mutation(
        "contradiction",
        "three weeks on form and in the note",
        {"immunosuppressant_trial": NOT_MET, "refractory_disease": NOT_MET},
        conventional("04/05/2026", NOTE_COURSE),
    ),
    Mutation(
        "contradiction",
        "six weeks on the form, three in the note",
        {"immunosuppressant_trial": REVIEW, "treatment_failure": MET},
        conventional("04/26/2026", NOTE_COURSE),
    ),
    Mutation(
        "contradiction",
        "28 days are enough",
        {"immunosuppressant_trial": MET},
        conventional("04/12/2026", "4 weeks, from 03/16/2026 to 04/12/2026"),
    ),
    Mutation(
        "contradiction",
        "27 days are not",
        {"immunosuppressant_trial": NOT_MET},
        conventional("04/11/2026", "27 days, from 03/16/2026 to 04/11/2026"),
    ),
    # a value is moved past its bound
    Mutation("refractory", "CK 3.0 x ULN", {"ck_level": MET}, (("1640 H", "540 H"),)),
    Mutation("refractory", "CK 2.9 x ULN", {"ck_level": NOT_MET}, (("1640 H", "530 H"),)),
    Mutation("refractory", "CK 90 days old", {"ck_level": MET}, (("07/20/2026", "10/04/2026"),)),
    Mutation("refractory", "CK 91 days old", {"ck_level": SILENT}, (("07/20/2026", "10/05/2026"),)),
    Mutation("refractory", "full strength", {"muscle_strength": NOT_MET}, (EXAMINED,)),
    Mutation("refractory", "0.9 mg/kg", {"corticosteroid_trial": MET}, steroid("63")),
    Mutation(
        "refractory",
        "less than 0.9 mg/kg",
        {"corticosteroid_trial": NOT_MET, "refractory_disease": NOT_MET},
        steroid("62"),
    ),
    Mutation(
        "refractory",
        "a positive core antibody",
        {"hepatitis_b": MET},
        (("Nonreactive", "Reactive"),),
    ),
    Mutation(
        "refractory",
        "an indeterminate IGRA",
        {"tuberculosis": REVIEW},
        (("Negative", "Indeterminate"),),
    ),
    Mutation(
        "dependent",
        "flares only below 10 mg",
        {"steroid_dependence": NOT_MET},
        (
            ("12.5 mg", "7.5 mg"),
            (", but she is steroid-dependent", ""),
            (" and cannot go below 10 mg", ""),
            (", steroid-dependent", ""),
        ),
    ),
    Mutation("dependent", "flares at 10 mg", {"steroid_dependence": MET}, (("12.5 mg", "10 mg"),)),
)


def draw(mutation: Mutation, folder: Path) -> Path:
    """The changed packet as a file."""
    if str(SAMPLES) not in sys.path:
        sys.path.insert(0, str(SAMPLES))
    paper: Any = importlib.import_module("paper")
    packet: Any = importlib.import_module(f"packets.{mutation.packet}")

    class Changed(paper.Paper):  # type: ignore[misc]
        def changed(self, text: str) -> str:
            if mutation.page in (0, self.page):
                for old, new in mutation.swaps:
                    text = text.replace(old, new)
            return text

        def prose(self, text: str, *more: Any, **named: Any) -> None:
            super().prose(self.changed(text), *more, **named)

        def write(self, x: float, y: float, text: str, *more: Any, **named: Any) -> float:
            return float(super().write(x, y, self.changed(text), *more, **named))

    target = folder / "packet.pdf"
    drawn, packet.Paper = packet.Paper, Changed
    try:
        packet.draw(target)
    finally:
        packet.Paper = drawn
    if mutation.deleted:
        with pikepdf.open(target, allow_overwriting_input=True) as pdf:
            del pdf.pages[mutation.deleted - 1]
            pdf.save(target)
    return target


@cache
def policies() -> tuple[Any, ...]:
    return load_policies(MODELS, load_lexicon(MODELS))


def report_of(mutation: Mutation) -> GapReport:
    """What the stages say of the changed packet."""
    with tempfile.TemporaryDirectory() as folder:
        document = read_submission([draw(mutation, Path(folder))], MODELS)
    case = build_case("packet", document, extract_mentions(document, MODELS), MODELS)
    return evaluate(choose_policy(policies(), case).policy, case)


def failures(mutation: Mutation) -> Iterator[str]:
    """Statuses that are not what the rules say."""
    found = {result.id: result for result in report_of(mutation).criteria}
    for name, status in mutation.expect.items():
        if found[name].status.value not in ((status,) if isinstance(status, str) else status):
            yield f"{name} is {found[name].status.value}, not {status}: {found[name].rationale}"


def main() -> None:
    wrong = [list(failures(mutation)) for mutation in MUTATIONS]
    for mutation, told in zip(MUTATIONS, wrong, strict=True):
        print("wrong" if told else "right", mutation.packet, mutation.name, *told, sep=" | ")
    print(f"{wrong.count([])} of {len(wrong)} as the rules say")


if __name__ == "__main__":
    main()
