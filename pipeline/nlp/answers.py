"""Printed questions with their bare answers in running text: "[X] Yes [ ] No", "...: No"."""

from __future__ import annotations

import re

MARK = re.compile(
    r"[\[(]\s*(?P<tick>[xX\u2713\u2714]?)\s*[\])]\s*(?P<word>Yes|No)\b|(?P<bare>\b(?:Yes|No)\b)"
)
REPLY = re.compile(
    r"^\s*(?:[a-z0-9]{1,2}[.)]\s*)?(?P<asked>[^:\n]{12,140}?)\s*[:?]\s*(?P<reply>yes|no)\s*[.;]?\s*$",
    re.IGNORECASE,
)


def is_written_answer(text: str) -> bool:
    """Whether a sentence is a printed question or statement with a bare yes or no."""
    return REPLY.match(text) is not None or (
        "?" in text and MARK.search(text.partition("?")[2]) is not None
    )
