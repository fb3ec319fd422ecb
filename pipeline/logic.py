"""Kleene's strong three-valued logic, in which a question may stay undecided.

Source: S. C. Kleene, Introduction to Metamathematics (1952), section 64.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NoReturn


class Truth(StrEnum):
    """Whether the record shows that something holds."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    def __bool__(self) -> NoReturn:
        # `if truth:` would silently read UNKNOWN as true, `not truth` as false.
        raise TypeError("a Truth has three values; compare it with `is`")


def all_of(truths: Iterable[Truth]) -> Truth:
    """FALSE if any is, else UNKNOWN if any is, else TRUE (also when empty)."""
    seen = set(truths)
    if Truth.FALSE in seen:
        return Truth.FALSE
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.TRUE


def negate(truth: Truth) -> Truth:
    """Swap TRUE and FALSE; UNKNOWN stays."""
    return {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE}.get(truth, truth)


def any_of(truths: Iterable[Truth]) -> Truth:
    """TRUE if any is, else UNKNOWN if any is, else FALSE (also when empty)."""
    return negate(all_of(negate(truth) for truth in truths))
