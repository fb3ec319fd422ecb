"""What to send: the smallest set of documents that would settle the open criteria."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.criteria import Policy, Reference, Tree, not_arrived
from pipeline.schema import (
    CriterionResult,
    GapReport,
    Legibility,
    PageReference,
    Reason,
    SendItem,
    Status,
    WhatToSend,
)

OPEN = frozenset({Status.NOT_DOCUMENTED, Status.NEEDS_REVIEW})


def what_to_send(policies: Iterable[Policy], report: GapReport) -> WhatToSend:
    """Each thing once, that which settles most required criteria first; empty without a policy.

    Pages and attachments that were not read come last, if no criterion asks for them.
    """
    used = report.policy
    policy = next(
        (p for p in policies if used and (p.id, p.version.isoformat()) == (used.id, used.version)),
        None,
    )
    if policy is not None and used is not None:
        policy = policy.within(used.indication, used.phase)
    items = _items(policy, report) if policy is not None else ()
    return WhatToSend(submission_id=report.submission_id, items=items)


def _items(policy: Policy, report: GapReport) -> tuple[SendItem, ...]:
    """Only required criteria are asked for; others count through those that rest on them."""
    results = dict(_by_id(report.criteria))
    unread = report.legibility.unreadable_pages
    asked: dict[str, SendItem] = {}
    # What another source must tell is nothing that the practice can send.
    needed = [
        r
        for r in report.criteria
        if r.required and r.status in OPEN and not isinstance(policy.by_id[r.id], Reference)
    ]
    # What rests on other criteria may be settled by what is asked for these: it comes last.
    for result in sorted(needed, key=lambda r: isinstance(policy.by_id[r.id], Tree)):
        is_settled = any(result.id in item.criteria for item in asked.values())
        if is_settled and not result.missing:
            continue
        settles = _settled_by(result.id, policy, results)
        options = _options(policy, result.id, results)
        for text in result.missing or _words_for(result, unread):
            known = asked.get(text.casefold())
            for_criteria = (*known.criteria, *settles) if known else settles
            asked[text.casefold()] = SendItem(
                text=text,
                criteria=tuple(dict.fromkeys(for_criteria)),
                any_one_of=options,
                kind=known.kind if known else str(getattr(policy.by_id[result.id], "kind", "")),
            )
    for text in _unread(report.legibility):  # nothing is complete without it
        asked.setdefault(text.casefold(), SendItem(text=text, criteria=()))
    places = {result.id: i for i, result in enumerate(report.criteria)}
    return tuple(
        sorted(
            asked.values(),
            key=lambda item: (-len(item.criteria), *(places[one] for one in item.criteria[:1])),
        )
    )


def _by_id(results: Iterable[CriterionResult]) -> Iterator[tuple[str, CriterionResult]]:
    """Criteria and the parts that they are made of."""
    for result in results:
        yield from _by_id(result.parts)
        yield result.id, result


def _unread(legibility: Legibility) -> tuple[str, ...]:
    """What asks for the pages and attachments that did not come or could not be read."""
    legible = (_legible_copy(legibility.unreadable_pages),) if legibility.unreadable_pages else ()
    return (*not_arrived(legibility), *legible)


def _legible_copy(pages: Sequence[PageReference]) -> str:
    told = ", ".join(f"page {page.page} of {page.file}" for page in pages)
    return f"a legible copy of {told}"


def _settled_by(
    criterion: str, policy: Policy, results: Mapping[str, CriterionResult]
) -> tuple[str, ...]:
    """The criterion, then the open required ones that rest on it, directly or not."""
    found = [criterion]
    for name in found:
        found += [
            other.id
            for other in policy.criteria
            if name in other.needs() and other.id not in found and results[other.id].status in OPEN
        ]
    return tuple(name for name in found if results[name].required)


def _options(
    policy: Policy, criterion: str, results: Mapping[str, CriterionResult]
) -> tuple[str, ...]:
    """For a criterion that one of several satisfies: what each open one lacks, the least first."""
    asked = policy.by_id[criterion]
    if not isinstance(asked, Tree) or asked.kind not in ("any_of", "at_least"):
        return ()
    lacking = [results[one].missing for one in asked.part_ids if results[one].status in OPEN]
    return tuple("; ".join(parts) for parts in sorted(filter(None, lacking), key=len))


def _words_for(result: CriterionResult, unread: Sequence[PageReference]) -> tuple[str, ...]:
    """What settles a criterion that lacks nothing, but cannot be decided as it stands."""
    if result.reason is Reason.UNREADABLE:
        if unread:
            return (_legible_copy(unread),)
        return (f"a legible copy of what the packet says of: {result.title}",)
    if result.reason is Reason.CONFLICTING:
        return (
            f"a dated note that says which of the contradicting statements holds: {result.title}",
        )
    return (f"a dated note that makes this clear: {result.title}",)
