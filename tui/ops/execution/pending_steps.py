"""Starts and stops with an unknown result: while one may still arrive, nothing else is sent that starts
or stops its target. A late one would undo that, and what is seen then would be taken for its effect.
One that was accepted holds an equal one back for some seconds, unless its effect was seen: of two people
who restart at once, one does.
Any other write is not sent a second time, to the letter, while its first request has no response yet.

Attempts are taken from the audit trail, so that this holds for every console, `run` and maintenance of
this user, and after a restart. Toggles: `pending_toggles.py`.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from tui.domain.jtl.workers import OFF, ON
from tui.domain.result import Result
from tui.domain.text import one_line
from tui.domain.writes import Write, target_of
from tui.ops.audit.entries import Entry, History
from tui.ops.audit.file_trail import AuditTrail
from tui.ops.audit.plan import HELD, RECALLED
from tui.ops.execution.pending_toggles import HELD_FOR, is_young
from tui.ops.operations.kinds import kind_of
from tui.ops.refusal import Refusal
from tui.ops.targets.target import TargetRow

_MOST = 10_000
_EVERY = 1.0
"""Seconds for which the trails of other profiles are not read again: a bulk has thousands of targets."""
_AT_ONCE = timedelta(seconds=3)
"""Equal ones that are sent within this were confirmed without knowledge of each other."""
_MINUTE = timedelta(minutes=1)
"""Times in sentences have no seconds."""


class PendingSteps:
    def __init__(self, trail: AuditTrail) -> None:
        self._trail = trail
        self._others: tuple[History, ...] = ()
        self._read_at = 0.0

    async def hindrance(
        self, write: Write, row: TargetRow | None, address: str, now: datetime, own: str = ""
    ) -> Refusal | None:
        """Why `write` must wait; None if it need not. `row`: its target as just read.

        `own`: its own attempt, if already recorded, with the target as it was read for it; of two at
        once, the one recorded first is sent.

        A trail that cannot be read hinders nothing: then no attempt can be recorded in it either.
        """
        mine = await self._mine(now)
        seen = kind_of(write).values(write, row)
        noted = next((one for one in mine.entries if one.id == own), None)
        if noted is not None:
            seen = noted.baseline or {}
            before = tuple(one for one in mine.entries if one.line < noted.line)
            mine = replace(mine, entries=before)
        for history in (mine, *await self._beside(now)):
            here = _sent_to(address, history, is_own=history is mine)
            found = _held_by(write, here, seen, history, now)
            if found is not None:
                return found
        return None

    async def late_starts(
        self, starts: Sequence[tuple[Write, TargetRow | None]], address: str, now: datetime
    ) -> Sequence[Refusal | None]:
        """Which earlier start may turn on each target yet, which is off by its row; None: there is none.

        `starts`: what would start it, and its row. One that was accepted counts as well.
        """
        mine = await self._mine(now)
        known = [
            (_sent_to(address, history, is_own=history is mine), history)
            for history in (mine, *await self._beside(now))
        ]

        def late(write: Write, row: TargetRow | None) -> Refusal | None:
            seen = kind_of(write).values(write, row)
            found = (
                _waiting(one, history, now)
                for here, history in known
                for one in _open_ones([each for each in here if _is_alike(each, write)], seen)
                if is_young(one, history, now) and one.write and kind_of(one.write).turns_on(one.write)
            )
            return next(found, None)

        return [late(write, row) for write, row in starts]

    async def _mine(self, now: datetime) -> History:
        with suppress(OSError):
            return await self._trail.newest(HELD, now - RECALLED)
        return History()

    async def _beside(self, now: datetime) -> tuple[History, ...]:
        time = asyncio.get_running_loop().time()
        if not self._read_at or time - self._read_at >= _EVERY:
            self._read_at, found = time, []
            for one in self._trail.beside():
                with suppress(OSError):
                    found.append(await one.entries(_MOST, now - HELD_FOR))
            self._others = tuple(found)
        return self._others


def _sent_to(address: str, history: History, *, is_own: bool) -> list[Entry]:
    """A record without a server address only counts in its own profile."""
    return [one for one in history.entries if one.address == address or (is_own and not one.address)]


def _held_by(
    write: Write, here: list[Entry], seen: Mapping[str, object], history: History, now: datetime
) -> Refusal | None:
    if not _is_step(write):
        same = (one for one in here if history.is_in_flight(one, now) and _is_same(one, write))
        return next((_running(one) for one in same if is_young(one, history, now)), None)
    alike = [one for one in here if _is_alike(one, write)]
    found = (one for one in _open_ones(alike, seen) if is_young(one, history, now))
    held = (one for one in found if one.result is not Result.ACCEPTED or _is_twin(one, write, now))
    return next((_waiting(one, history, now) for one in held), None)


def _is_twin(entry: Entry, write: Write, now: datetime) -> bool:
    return _is_same(entry, write) and abs(now - entry.at) < _AT_ONCE


def _is_same(entry: Entry, write: Write) -> bool:
    return entry.targets == (target_of(write),) and entry.write == write


def _is_step(write: Write) -> bool:
    """Whether it is a start or stop; a resync lets its target run, and is none."""
    kind = kind_of(write)
    return kind.is_watched and kind.turns_on(write) is not None


def _is_alike(entry: Entry, write: Write) -> bool:
    """Whether it is a start or stop of the same target."""
    is_same = [key.casefold() for key in entry.targets] == [target_of(write).casefold()]
    if not is_same or entry.write is None:
        return False
    return _is_step(entry.write) and kind_of(entry.write) is kind_of(write)


def _open_ones(alike: list[Entry], seen: Mapping[str, object]) -> Iterator[Entry]:
    """Those without a known result, newest first, unless the state shows by now that it arrived."""
    sights = [_is_on(seen)]
    for entry in alike:
        was = _is_on(entry.baseline or {})
        write = entry.write
        wanted = None if write is None else kind_of(write).turns_on(write)
        shows = bool(entry.baseline) and was is not wanted and wanted in sights
        if _has_no_known_result(entry) and not shows:
            yield entry
        # What a later one was sent to was seen right before it.
        sights.append(was)


def _has_no_known_result(entry: Entry) -> bool:
    is_seen = any(check.result is Result.APPLIED for check in entry.checks)
    return entry.result in (None, Result.UNKNOWN, Result.ACCEPTED) and not is_seen


def _is_on(values: Mapping[str, object]) -> bool | None:
    """By the values that the audit trail keeps of a sync or the engine; None: neither on nor off."""
    if isinstance(running := values.get("running"), bool):
        return running
    state = values.get("state")
    return True if state in ON else False if state in OFF else None


def _running(entry: Entry) -> Refusal:
    who = f" by {one_line(entry.user)}" if entry.user else ""
    said = f"the same request at {entry.at:%H:%M:%S} UTC{who} has no response yet"
    return Refusal(said, "Wait for its response, then check before you send it again")


def _waiting(entry: Entry, history: History, now: datetime) -> Refusal:
    verb = entry.operation.rpartition(".")[2]
    who = f" by {one_line(entry.user)}" if entry.user else ""
    begun = f"a {verb} at {entry.at:%H:%M:%S} UTC{who}"
    if entry.result is Result.ACCEPTED:
        return Refusal(
            f"{begun} was accepted, and its effect was not seen yet", "Look at its effect first"
        )
    open_yet = "no response yet" if history.is_in_flight(entry, now) else "an unknown result"
    said = f"{begun} has {open_yet}, and may take effect yet"
    return Refusal(said, f"Try again after {entry.at + HELD_FOR + _MINUTE:%H:%M} UTC")
