"""Toggles of which nobody knows the result: while one is young, no other toggle follows it unasked.

A toggle flips what is there. One that is still under way at the server would be undone by a second one,
or undo it, whatever a look in between shows. The audit trail is the memory, so that it counts for every
console and every `run` on the profile, and after a restart.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tui.domain.changes import ToggleConnection, target_of
from tui.domain.result import Result
from tui.domain.text import one_line
from tui.ops.history import Entry, History
from tui.ops.target import Thing, basis_of
from tui.ops.trail import AuditTrail

HELD_FOR = timedelta(seconds=120)
"""For so long a server may still be at a toggle: our own longest wait for one (§5)."""
TOGGLE = "connection.toggle"
_UNDER_WAY = "has no response yet; a second one may undo it"
_MOST = 10_000
"""Attempts of the trail that are looked through; more are not made while one is held."""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a toggle must not be sent now."""

    sentence: str
    requested: str = ""
    """The state that the earlier toggle requested: `active`, `inactive`; empty where that is unknown."""
    is_under_way: bool = False
    """Whether the response of the earlier toggle may still come."""

    def next_step(self, write: ToggleConnection, thing: Thing | None) -> str:
        """What to do about it, the connection being `thing` as just read."""
        if self.is_under_way:
            return "Wait for its response, or 2 minutes"
        state = next((one.value for one in basis_of(write, thing) if one.key == "State"), "")
        if state not in ("active", "inactive"):
            return "Read its state, or wait 2 minutes"
        if state == self.requested or not self.requested:
            return (
                f"It is {state} now: if right, :toggle expect={state} (`run`: --set expect={state}),"
                " else wait 2 minutes"
            )
        return f"It is still {state}: the earlier toggle may yet take effect. Wait 2 minutes"


async def hindrance(
    trail: AuditTrail,
    write: ToggleConnection,
    address: str,
    now: datetime,
    own: str = "",
    expects: str = "",
) -> Hindrance | None:
    """Why `write` must not be sent to the server at `address` now; None: nothing is in its way.

    `own`: its own attempt, where that was noted already; of two at once the one noted first goes on.
    `expects`: the state as the operator knows it and as it was just read; where it is what the earlier
    toggle requested, that one took effect and is no longer in the way.
    """
    try:
        history = await trail.entries(_MOST)
        others = [await one.entries(_MOST) for one in trail.beside()]
    except OSError as failure:
        why = failure.strerror or str(failure)
        return Hindrance(
            f"the audit trail cannot be read ({why}), so an earlier toggle may have no known result"
        )
    for other in others:
        for entry in other.entries:
            # A record without its server counts in its own profile only.
            is_here = bool(entry.address) and _is_open_toggle(entry, write, address)
            if is_here and _is_young(entry, other, now) and _holds(entry, other, now, expects):
                return _told(entry, other, now)
    first = next((one.line for one in history.entries if one.id == own), None)
    for entry in history.entries:
        noted_before = first is None or entry.line < first
        is_open = noted_before and _is_open_toggle(entry, write, address)
        if is_open and _is_young(entry, history, now) and _holds(entry, history, now, expects):
            return _told(entry, history, now)
    # Its own record is the newest of the file: whether a line before it is old was asked before that.
    return None if own or expects else _broken(history, now)


def _holds(entry: Entry, history: History, now: datetime, expects: str) -> bool:
    """A state that nobody requested proves nothing: the server may be about to flip it."""
    requested = entry.after.get("State", "")
    return not expects or history.is_in_flight(entry, now) or requested not in ("", expects)


def _is_open_toggle(entry: Entry, write: ToggleConnection, address: str) -> bool:
    """Whether it is a toggle of the same connection whose response nobody has.

    A later look settles nothing here: it shows what is there, not what is still under way.
    """
    return (
        entry.operation == TOGGLE
        and entry.targets == (target_of(write),)
        and entry.address in ("", address)
        and _has_no_known_result(entry)
    )


def _has_no_known_result(entry: Entry) -> bool:
    seen = any(check.result is Result.APPLIED for check in entry.checks)
    if entry.result is Result.ACCEPTED:
        return not seen
    if entry.result is Result.FAILED:
        return seen  # It was rejected, and yet its effect is there.
    return entry.result in (None, Result.UNKNOWN)


def _is_young(entry: Entry, history: History, now: datetime) -> bool:
    """A time that is ahead of ours counts as young, unless something noted later is old: then the
    clock was set back meanwhile."""
    return now - entry.at < HELD_FOR and not _is_old_since(entry.line, history, now)


def _is_old_since(line: int, history: History, now: datetime) -> bool:
    """Whether what stands in that line was surely written long ago."""
    later = (one.at for one in history.entries if one.line > line)
    known = (*later, *([history.written_at] if history.written_at else []))
    return any(now - at >= HELD_FOR for at in known)


def _told(entry: Entry, history: History, now: datetime) -> Hindrance:
    asked = entry.after.get("State", "")
    what = f"a toggle{f' to {asked}' if asked else ''} at {entry.at:%H:%M:%S} UTC"
    who = f" by {one_line(entry.user)}" if entry.user else ""
    if history.is_in_flight(entry, now):
        return Hindrance(f"{what}{who} {_UNDER_WAY}", asked, is_under_way=True)
    return Hindrance(f"{what}{who} has no known result; a second one may undo it", asked)


def _broken(history: History, now: datetime) -> Hindrance | None:
    """Why a line that cannot be read may be such a toggle; None: none was written lately."""
    lines = [
        one.line
        for one in history.broken
        if (one.at is None or now - one.at < HELD_FOR) and not _is_old_since(one.line, history, now)
    ]
    if not lines:
        return None
    return Hindrance(
        f"line {lines[-1]} of the audit trail cannot be read; it may be a toggle of this connection"
        " that has no known result"
    )
