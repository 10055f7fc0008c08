"""Judges a write without a response by reading its target; nothing is inferred beyond the values that
are there. What differs by kind of write is in its kind (`verify`)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TypeAlias

from tui.domain.baseline import Baseline
from tui.domain.result import Result
from tui.ops.refusal import Refusal
from tui.ops.targets.target import holds, is_same

APPLIED, NOT_APPLIED, UNKNOWN = Result.APPLIED, Result.NOT_APPLIED, Result.UNKNOWN

Judgement: TypeAlias = tuple[Result, str]
"""A result and its reason."""

UNDER_WAY = timedelta(minutes=2)
"""How long a request without a response may still take effect: the longest timeout is 120 s."""

STATE_ONLY = "the current state does not show whether this request caused it"
WITHOUT_REASON = Refusal(
    "the server returned false (not done) without a reason", "Check the log of the server"
)
NO_TRACE = "nothing shows whether it was applied"
LOOK_FIRST = "Refresh and check before you send it again"
COMPARE_RECORDS = "Compare some of the records in both systems before you send it again"


def by_values(wanted: Mapping[str, str], now: Baseline, before: Mapping[str, str]) -> Judgement:
    """Judge by the current values; `before`: the previous values in words, by key or label."""
    if not wanted:
        return UNKNOWN, NO_TRACE
    concerned = [facet for facet in now if facet.key in wanted]
    words = ", ".join(f"{facet.label} is {facet.shown}" for facet in concerned)
    if holds(wanted, {facet.key: facet.value for facet in concerned}):
        return APPLIED, words
    old = [(facet, before.get(facet.key, before.get(facet.label))) for facet in concerned]
    if old and all(was is not None and is_same(f.key, f.value, was) for f, was in old):
        return NOT_APPLIED, words
    return UNKNOWN, words or "its values are not listed"


def by_state(now: Baseline, unseen: str) -> Judgement:
    """For a start or stop: the current state, which proves nothing."""
    (state,) = now
    return UNKNOWN, f"its state is now {state.value}; {unseen}"


def not_seen(verb: str, now: Baseline) -> Judgement:
    """For a `start` or `stop` whose target is in the opposite state: it may have come and gone."""
    (state,) = now
    return UNKNOWN, f"no {verb} was seen: its state is {state.value}"


def late(result: Result, words: str) -> Judgement:
    """A judgement long after the write: someone else may have made the current values."""
    match result:
        case Result.APPLIED:
            return result, f"{words}, as requested; it is unknown who changed it"
        case Result.NOT_APPLIED:
            return result, f"{words}, as before; others may have changed it since"
        case _:
            return result, words


def not_yet(result: Result, words: str, *, flips: bool) -> Judgement:
    """A judgement while the request may still be in progress, and take effect after the check.

    Requested values that are already there stay, except if every call inverts them.
    """
    match result:
        case Result.APPLIED if flips:
            return UNKNOWN, f"{words}, as requested; the request itself may still take effect"
        case Result.NOT_APPLIED:
            return UNKNOWN, f"{words}, as before; the request may still take effect"
        case _:
            return result, words
