"""What the practice is asked for: nothing idle, nothing twice, and enough."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest

from pipeline.criteria import Policy, Reference, Tree, check_policy
from pipeline.criteria.examples import reports
from pipeline.criteria.gap import readiness, recommend
from pipeline.criteria.notation import legibility_of
from pipeline.errors import KnowledgeError
from pipeline.letter import write_request
from pipeline.letter_pdf import print_letter
from pipeline.lexicon import models_dir, read_table
from pipeline.schema import (
    Case,
    CriterionResult,
    Document,
    Evidence,
    FormField,
    GapReport,
    Identity,
    Legibility,
    Page,
    PageKind,
    Place,
    Reason,
    ReportedConflict,
    SendItem,
    SourceFile,
    Span,
    Stated,
    Status,
    WhatToSend,
)
from pipeline.send import OPEN, what_to_send

POLICY = models_dir() / "policies" / "rituximab-polymyositis.yaml"
POLICIES = sorted((models_dir() / "policies").glob("*.yaml"))


def every_example(path: Path) -> Iterator[tuple[Policy, GapReport, tuple[SendItem, ...]]]:
    policy = check_policy(path)
    for _, report, _ in reports(path, policy):
        assert report.policy is not None
        branch = policy.within(report.policy.indication, report.policy.phase)
        yield branch, report, what_to_send([policy], report).items


def parts(results: Iterable[CriterionResult]) -> Iterator[CriterionResult]:
    """Criteria and what they are made of."""
    for result in results:
        yield result
        yield from parts(result.parts)


def granted(report: GapReport, names: set[str]) -> tuple[str, int]:
    """Recommendation and readiness if these criteria were met."""
    results: list[CriterionResult] = [
        r.model_copy(update={"status": Status.MET}) if r.id in names else r for r in report.criteria
    ]
    return recommend(results, False, report.legibility), readiness(results)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_thing_asked_for_can_change_the_outcome(path: Path) -> None:
    """By brute force: of every example, every item, every criterion that it is asked for."""
    tried = 0
    for _, report, items in every_example(path):
        for item in items:
            for name in item.criteria:
                tried += 1
                assert granted(report, {name}) != granted(report, set()), item
    assert tried > 5


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_all_of_it_leaves_no_required_criterion_open(path: Path) -> None:
    for policy, report, items in every_example(path):
        is_open = {
            r.id
            for r in report.criteria
            if r.required and r.status in OPEN and not isinstance(policy.by_id[r.id], Reference)
        }
        assert {name for item in items for name in item.criteria} == is_open


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_nothing_is_asked_twice_and_the_most_telling_comes_first(path: Path) -> None:
    for _, report, items in every_example(path):
        texts = [item.text.casefold() for item in items]
        assert len(texts) == len(set(texts))
        effects = [len(item.criteria) for item in items]
        assert effects == sorted(effects, reverse=True)
        settled = {r.id for r in report.criteria if r.status not in OPEN}
        assert not settled & {name for item in items for name in item.criteria}


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_way_offered_leads_to_the_criterion(path: Path) -> None:
    for policy, report, items in every_example(path):
        missing = {"; ".join(r.missing): r.id for r in parts(report.criteria) if r.missing}
        for item in items:
            for option in item.any_one_of:
                trees = [policy.by_id[name] for name in item.criteria]
                ways = [one for tree in trees if isinstance(tree, Tree) for one in tree.part_ids]
                assert any(
                    "; ".join(r.missing) == option for r in parts(report.criteria) if r.id in ways
                )
                assert option in missing


def test_without_a_policy_nothing_is_asked() -> None:
    policy = check_policy(POLICIES[0])
    _, report, _ = next(iter(reports(POLICIES[0], policy)))
    alone = report.model_copy(update={"policy": None, "criteria": ()})
    assert what_to_send([policy], alone).items == ()


@pytest.mark.parametrize(
    ("unread", "asked"),
    [
        ({"missing_pages": [3]}, "page 3 of packet.pdf"),
        ({"unreadable": [3]}, "legible copy of page 3 of packet.pdf"),
        ({"attachments": ["labs.pdf"]}, "labs.pdf"),
    ],
)
def test_what_was_not_read_is_asked_for_though_every_criterion_is_met(
    unread: dict[str, list[object]], asked: str
) -> None:
    policy = check_policy(POLICY)
    _, report, _ = next(iter(reports(POLICY, policy)))
    legibility = legibility_of(unread)
    (item,) = what_to_send([policy], report.model_copy(update={"legibility": legibility})).items
    assert asked in item.text
    assert item.criteria == ()


# ------------------------------------------------------------------------- the letter

READING = Legibility(pages=1, ocr_pages=0, mean_confidence=1.0)
BOX = (0.0, 0.0, 9.0, 9.0)


def case(**more: object) -> Case:
    values = {"submission_id": "p-0", "source_files": ("p.pdf",), "as_of": None, **more}
    return Case.model_validate({"legibility": READING, **values})


def stated(text: str, page: int = 1) -> Stated:
    return Stated(text=text, place=Place(file="p.pdf", page=page, box=BOX, text=text, confidence=1))


def document(name: str = "Ada Sample", form: str = "") -> Document:
    """A page; each `label: value` line of `form` is a field."""
    fields, at = [], 0
    for line in form.splitlines():
        cut = line.index(": ")
        value = Span(start=at + cut + 2, end=at + len(line))
        fields.append(FormField(label=Span(start=at, end=at + cut), value=value, origin="box"))
        at += len(line) + 1
    page = Page(
        file="p.pdf",
        number=1,
        width=612,
        height=792,
        start=0,
        end=len(form),
        origin="text",
        kind=PageKind.REQUEST,
        fields=tuple(fields),
        identity=Identity(name=name, birth_date="01/02/1960"),
    )
    source = SourceFile(name="p.pdf", sha256="0", kind="pdf", pages=1)
    return Document(files=(source,), text=form, pages=(page,))


def result(name: str, **more: object) -> CriterionResult:
    values = {"id": name, "title": name.title(), "required": True, "rationale": "-", **more}
    return CriterionResult.model_validate({"status": Status.NOT_DOCUMENTED, **values})


def evidence(text: str, page: int) -> Evidence:
    return Evidence(file="p.pdf", page=page, bbox=BOX, text=text)


def letter(
    *items: SendItem,
    criteria: tuple[CriterionResult, ...] = (),
    conflicts: tuple[ReportedConflict, ...] = (),
    asking: Case | None = None,
    paper: Document | None = None,
    announced: tuple[Stated, ...] = (),
    models: Path | None = None,
) -> str:
    policy = check_policy(POLICY)
    _, report, _ = next(iter(reports(POLICY, policy)))
    report = report.model_copy(
        update={"criteria": criteria, "conflicts": conflicts, "source_files": ("p.pdf",)}
    )
    send = WhatToSend(submission_id="p-0", items=items)
    return write_request(
        send, asking or case(), paper or document(), report, announced, models or models_dir()
    )


IGG = SendItem(text="IgG value", criteria=("a",), kind="lab_values")


def test_the_letter_is_a_draft_that_a_person_must_release() -> None:
    text = letter(IGG.model_copy(update={"any_one_of": ("one", "two")}))
    assert text.startswith("DRAFT - NOT SENT. A person must read this")
    assert "To:              the requesting practice" in text
    assert "Ada Sample" in text
    assert "1. Laboratory report\n   - IgG value\n     Any one of these is enough:\n" in text
    assert "     - one\n     - two\n" in text
    assert "nothing is approved or denied" in text
    assert all(len(line) <= 78 for line in text.splitlines())


def test_a_letter_that_asks_for_nothing_says_so() -> None:
    text = letter()
    assert "NOT TO BE SENT" in text
    assert "Ada" not in text


@pytest.mark.parametrize("name", ["Ada\n1. Send money\u202e", "{{ 7 * 191 }}{% for %}"])
def test_words_of_the_packet_cannot_break_the_letter(name: str) -> None:
    text = letter(IGG, paper=document(name), announced=(stated(name),))
    assert "\n1. Send money" not in text
    assert "\u202e" not in text
    assert "1337" not in text


def test_what_one_document_shows_is_asked_for_once_with_what_was_found() -> None:
    items = (
        IGG,
        SendItem(text="graded strength", criteria=("b",), kind="graded_strength"),
        SendItem(text="HBsAg result", criteria=("c",), kind="serology"),
        SendItem(text="page 3 of p.pdf, which did not arrive", criteria=()),
    )
    criteria = (
        result("a", evidence=(evidence("IgG - see next page", 2),)),
        result("b"),
        result("c"),
    )
    text = letter(*items, criteria=criteria)
    labs = text[text.index("1. Laboratory report") : text.index("2. Clinic note")]
    assert "- IgG value" in labs and "- HBsAg result" in labs
    assert 'page 2: "IgG - see next page"' in labs
    assert "3. Pages and attachments that did not arrive" in text


def test_contradicting_statements_are_quoted_with_their_pages() -> None:
    open_ = result("a", status=Status.NEEDS_REVIEW, reason=Reason.CONFLICTING)
    sides = (evidence("taken for nine weeks", 2), evidence("taken for two weeks", 4))
    dispute = ReportedConflict(about="how long it was taken", sides=sides, criteria=("a",))
    text = letter(IGG, criteria=(open_,), conflicts=(dispute,))
    told = text[text.index("contradict each other (how long it was taken)") :]
    assert told.index('page 2: "taken for nine weeks"') < told.index(
        'page 4: "taken for two weeks"'
    )


def test_the_answer_is_due_and_what_was_pending_is_named() -> None:
    asked = case(as_of=date(2026, 3, 20))
    text = letter(IGG, asking=asked, announced=(stated("MRI report will follow.", 3),))
    assert "Please answer by 2026-04-03." in text
    assert 'page 3: "MRI report will follow."' in text
    assert "within 14 days" in letter(IGG)


def test_fax_and_contact_of_the_practice_come_from_one_field_of_the_form() -> None:
    form = "7. Prescriber: Ida Quill, MD\nFax: 555-0101\nContact person: Moe"
    text = letter(IGG, paper=document(form=form))
    assert "Attention:       Ida Quill, MD" in text
    assert "Fax:             555-0101 (from page 1; please check)" in text
    assert "Contact:         Moe" in text
    two = letter(IGG, paper=document(form="Fax: 555-0101\nOffice fax: 555-0202"))
    assert "555-0" not in two


def test_a_payer_may_have_a_template_of_its_own(tmp_path: Path) -> None:
    copy = tmp_path / "models"
    shutil.copytree(models_dir() / "letters", copy / "letters")
    head = "{template: own.txt, payers: [North Star Plan], due_days: 5, fax: 555-0199}"
    table = copy / "letters" / "letters.yaml"
    table.write_text(table.read_text().replace("  - template:", f"  - {head}\n  - template:", 1))
    (copy / "letters" / "own.txt").write_text("Star letter, fax {{ fax }}, {{ due_days }} days")
    star = case(request={"payer": (stated("NORTH STAR PLAN"),)})
    assert letter(IGG, asking=star, models=copy) == "Star letter, fax 555-0199, 5 days\n"
    assert letter(IGG, models=copy).startswith("DRAFT")
    (copy / "letters" / "own.txt").write_text("{{ fax ")
    with pytest.raises(KnowledgeError):
        letter(IGG, asking=star.model_copy(), models=_moved(copy, tmp_path))


def _moved(models: Path, tmp_path: Path) -> Path:
    shutil.copytree(models, tmp_path / "moved")
    return tmp_path / "moved"


def test_every_kind_of_criterion_is_settled_by_a_document() -> None:
    rows = read_table(models_dir() / "letters" / "documents.csv")
    named = {cells["kind"] for _, cells in rows}
    kinds = {criterion.kind for path in POLICIES for criterion in check_policy(path).criteria}
    assert kinds - named == set()


def test_the_letter_on_paper_says_the_same() -> None:
    text = letter(IGG, announced=tuple(stated(f"Report {i} will follow.", i) for i in range(1, 60)))
    made = print_letter(text)
    assert made == print_letter(text)
    with pdfplumber.open(BytesIO(made)) as pdf:
        words = [word["text"] for page in pdf.pages for word in page.extract_words()]
        count = len(pdf.pages)
    assert count > 1 and f"{count}" in words
    assert set(text.split()) <= set(words)
    assert print_letter("Łukasz Žák Šimůnek\n")  # no character stops the fax
