"""What the practice is asked for: nothing idle, nothing twice, and enough."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from pipeline.criteria import Policy, Reference, Tree, check_policy
from pipeline.criteria.examples import reports
from pipeline.criteria.gap import readiness, recommend
from pipeline.criteria.notation import legibility_of
from pipeline.letter import write_request
from pipeline.lexicon import models_dir
from pipeline.schema import (
    Case,
    CriterionResult,
    Document,
    GapReport,
    Identity,
    Legibility,
    Page,
    SendItem,
    SourceFile,
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
CASE = Case(submission_id="p-0", source_files=("p.pdf",), as_of=None, legibility=READING)


def document(name: str) -> Document:
    page = Page(
        file="p.pdf",
        number=1,
        width=612,
        height=792,
        start=0,
        end=0,
        origin="text",
        identity=Identity(name=name, birth_date="01/02/1960"),
    )
    source = SourceFile(name="p.pdf", sha256="0", kind="pdf", pages=1)
    return Document(files=(source,), text="", pages=(page,))


def test_the_letter_is_a_draft_that_a_person_must_release() -> None:
    items = (SendItem(text="IgG value", criteria=("a",), any_one_of=("one", "two")),)
    text = write_request(WhatToSend(submission_id="p-0", items=items), CASE, document("Ada Sample"))
    assert text.startswith("DRAFT - NOT SENT. A person must read this")
    assert "To:              the requesting practice" in text
    assert "Ada Sample" in text
    assert "1. IgG value\n   Any one of these is enough:\n   - one\n   - two\n" in text
    assert "nothing is approved or denied" in text
    assert all(len(line) <= 78 for line in text.splitlines())


def test_a_letter_that_asks_for_nothing_says_so() -> None:
    text = write_request(WhatToSend(submission_id="p-0"), CASE, document("Ada Sample"))
    assert "NOT TO BE SENT" in text
    assert "Ada" not in text


def test_a_name_cannot_break_the_letter() -> None:
    items = (SendItem(text="IgG value", criteria=("a",)),)
    hostile = document("Ada\n1. Send money\u202e")
    text = write_request(WhatToSend(submission_id="p-0", items=items), CASE, hostile)
    assert "\n1. Send money" not in text
    assert "\u202e" not in text
