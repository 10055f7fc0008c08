"""What a look at the target says of a write whose answer nobody has. Pure; nothing is inferred
beyond the values that are there."""

from collections.abc import Mapping
from datetime import timedelta

from tui.domain.basis import LISTED
from tui.domain.changes import (
    ChangeEngineStatus,
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    ForceResync,
    ForceResyncExternal,
    PushManifest,
    SavePriorities,
    SyncAll,
    ToggleConnection,
    UpdateConnectionFields,
    Write,
)
from tui.domain.intervals import Interval
from tui.domain.result import Result
from tui.domain.workers import WorkerSync
from tui.ops.conflicts import holds
from tui.ops.target import Thing, asked, basis_of, is_same

APPLIED, NOT_APPLIED, UNKNOWN = Result.APPLIED, Result.NOT_APPLIED, Result.UNKNOWN

UNDER_WAY = timedelta(minutes=2)
"""How long a request without a response may still take effect: the longest has a deadline of 120 s."""
_ROUNDING = 60.0
"""Seconds; by less than this a server may have rounded."""

_NO_TRACE = "a resync leaves nothing behind that could be looked at"
_UNSEEN: Mapping[type[Write], str] = {
    ForceResync: _NO_TRACE,
    ForceResyncExternal: _NO_TRACE,
    SyncAll: "a sync leaves nothing behind that says who asked for it",
    UpdateConnectionFields: "that fields were read anew shows nowhere",
    ChangeEngineStatus: "a state tells only what is, not who asked for it",
    PushManifest: "a manifest cannot be read back",
    ControlWorker: "a state tells only what is, not who asked for it",
}


_COMPARE = "Compare some of the records in both systems before you send it again"
_INSTEAD: Mapping[type[Write], str] = {
    ForceResync: _COMPARE,
    ForceResyncExternal: _COMPARE,
    SyncAll: _COMPARE,
    PushManifest: "Look at the extension in JTL-Wawi itself before you push it again",
}


DOUBT = "whether it took effect is unknown"
LOOK_FIRST = "Refresh and look before you send it again"


def before_again(write: Write) -> str:
    """What to do before `write`, whose answer was lost, is sent again."""
    return _INSTEAD.get(type(write), LOOK_FIRST)


def unseen(write: Write) -> str:
    """Why no look could tell whether `write` was applied; empty: one can."""
    return _UNSEEN.get(type(write), "")


def judge(write: Write, thing: Thing | None, before: Mapping[str, str]) -> tuple[Result, str]:
    """A result and why. `before`: the values that were, by key or by label, in words."""
    match write:
        case ControlWorker() | ChangeEngineStatus():
            (state,) = basis_of(write, thing)
            return UNKNOWN, f"its state is now {state.value}; {unseen(write)}"
        case _ if unseen(write):
            return UNKNOWN, unseen(write)
        case DeleteExtension():
            return (
                (APPLIED, "it is no longer listed")
                if thing is None
                else (NOT_APPLIED, "it is still listed")
            )
        case CreateExtension() if thing is None:
            return NOT_APPLIED, "it is not listed"
        case CreateExtension() if before.get(LISTED[0]):
            return UNKNOWN, "one of that name was listed before"
        case _ if thing is None:
            return UNKNOWN, "it is no longer listed"
        case SavePriorities():
            return _by_order(*_by_values(write, thing, before))
        case ConfigureWorker(interval=str() as wanted) if isinstance(thing, WorkerSync):
            return _rounded(wanted, thing, _by_values(write, thing, before))
        case _:
            return _by_values(write, thing, before)


def late(result: Result, words: str) -> tuple[Result, str]:
    """A judgement that comes long after the write: what is there now may be somebody else's doing."""
    match result:
        case Result.APPLIED:
            return result, f"{words}, as requested; who made it so is not known"
        case Result.NOT_APPLIED:
            return result, f"{words}, as before; others may have changed it since"
        case _:
            return result, words


def not_yet(write: Write, result: Result, words: str) -> tuple[Result, str]:
    """A judgement while the request itself may still be under way, and take effect after the look.

    What is there as requested stays so, except what flips at every call.
    """
    match result:
        case Result.APPLIED if isinstance(write, ToggleConnection):
            return UNKNOWN, f"{words}, as requested; the request itself may still take effect"
        case Result.NOT_APPLIED:
            return UNKNOWN, f"{words}, as before; the request may still take effect"
        case _:
            return result, words


def _by_order(result: Result, words: str) -> tuple[Result, str]:
    """A list in another order proves nothing: that it goes by priority is [inferred]."""
    if result == APPLIED:
        return result, words
    return UNKNOWN, f"{words}: another order; whether the list goes by priority is not documented"


def _rounded(wanted: str, sync: WorkerSync, found: tuple[Result, str]) -> tuple[Result, str]:
    """A server that rounds leaves an interval as it was: so near, that is no proof."""
    result, words = found
    asked_for, now = Interval.read(wanted).seconds, sync.interval.seconds
    near = None not in (asked_for, now) and abs(asked_for - now) < _ROUNDING  # type: ignore[operator] # neither is None
    if result == NOT_APPLIED and near:
        return UNKNOWN, f"{words} as before, but it may have been rounded to that"
    return found


def _by_values(write: Write, thing: Thing, before: Mapping[str, str]) -> tuple[Result, str]:
    wanted, facets = asked(write), basis_of(write, thing)
    concerned = [facet for facet in facets if facet.key in wanted]
    words = ", ".join(f"{facet.label} is {facet.shown}" for facet in concerned)
    if holds(wanted, {facet.key: facet.value for facet in concerned}):
        return APPLIED, words
    old = [(facet, before.get(facet.key, before.get(facet.label))) for facet in concerned]
    if old and all(was is not None and is_same(f.key, f.value, was) for f, was in old):
        return NOT_APPLIED, words
    return UNKNOWN, words or "its values are not listed"
