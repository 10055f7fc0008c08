"""Toggles with an unknown result: while one is recent, another one is blocked.

A toggle inverts the current state. If one is still in progress on the server, a second one would undo it
or be undone by it, whatever a check in between shows. Attempts are taken from the audit trail, so that
this holds for every console and every `run` on the profile, and after a restart.
"""

from datetime import datetime, timedelta

from tui.domain.result import Result
from tui.domain.text import one_line
from tui.domain.writes import Write, target_of
from tui.frozen import frozen
from tui.ops.audit.entries import Entry, History
from tui.ops.audit.file_trail import AuditTrail
from tui.ops.operations.kinds import kind_of
from tui.ops.targets.target import TargetRow
from tui.paths import reason_of

HELD_FOR = timedelta(seconds=120)
"""How long a server may still work on a toggle: our timeout for one (superoffice PROTOCOL §5)."""
TOGGLE = "connection.toggle"
_UNDER_WAY = "has no response yet; a second one may undo it"
_MOST = 10_000
"""Maximum of attempts searched; fewer are made while one is pending."""


@frozen
class Hindrance:
    sentence: str
    requested: str = ""
    """The state requested by the earlier toggle: `active`, `inactive`; empty if unknown."""
    is_under_way: bool = False
    """Whether the response to the earlier toggle may still come."""

    def next_step(self, write: Write, row: TargetRow | None) -> str:
        """The next step; `row` is the connection as just read."""
        if self.is_under_way:
            return "Wait for its response, or 2 minutes"
        state = next(
            (one.value for one in kind_of(write).baseline(write, row) if one.key == "State"), ""
        )
        if state not in ("active", "inactive"):
            return "Read its state, or wait 2 minutes"
        if state == self.requested or not self.requested:
            return (
                f"It is {state} now. If this is right, use :toggle expect={state}"
                f" (`run`: --set expect={state}); else wait 2 minutes"
            )
        return f"It is still {state}: the earlier toggle may yet take effect. Wait 2 minutes"


async def hindrance(
    trail: AuditTrail,
    write: Write,
    address: str,
    now: datetime,
    own: str = "",
    expects: str = "",
) -> Hindrance | None:
    """Why `write` must not be sent to the server at `address` now; None if it may.

    `own`: its own attempt, if already recorded; of two at once, the one recorded first is sent.
    `expects`: the state as stated by the operator and as just read; if it is the state that the earlier
    toggle requested, that toggle took effect and no longer blocks.
    """
    try:
        # A toggle before a record that is too old is too old as well, whatever its time says.
        history = await trail.entries(_MOST, now - HELD_FOR)
        others = [await one.entries(_MOST, now - HELD_FOR) for one in trail.beside()]
    except OSError as failure:
        return Hindrance(
            f"the audit trail cannot be read ({reason_of(failure)}), so an earlier toggle may have an"
            " unknown result"
        )
    for other in others:
        for entry in other.entries:
            # A record without a server address only counts in its own profile.
            is_here = bool(entry.address) and _is_open_toggle(entry, write, address)
            if is_here and is_young(entry, other, now) and _holds(entry, other, now, expects):
                return _hindrance(entry, other, now)
    first = next((one.line for one in history.entries if one.id == own), None)
    for entry in history.entries:
        noted_before = first is None or entry.line < first
        is_open = noted_before and _is_open_toggle(entry, write, address)
        if is_open and is_young(entry, history, now) and _holds(entry, history, now, expects):
            return _hindrance(entry, history, now)
    # Its own record is the newest of the file: the age of earlier lines was checked before it.
    return None if own or expects else _broken(history, now)


def _holds(entry: Entry, history: History, now: datetime, expects: str) -> bool:
    """A state that was not requested proves nothing: the server may be about to invert it."""
    requested = entry.after.get("State", "")
    return not expects or history.is_in_flight(entry, now) or requested not in ("", expects)


def _is_open_toggle(entry: Entry, write: Write, address: str) -> bool:
    """Whether it is a toggle of the same connection without a response.

    A later check settles nothing here: it shows the current state, not what is still in progress.
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
        return seen  # It was rejected, but its effect is there.
    return entry.result in (None, Result.UNKNOWN)


def is_young(entry: Entry, history: History, now: datetime) -> bool:
    """A time in the future counts as recent, unless a later record is old: then the clock was set
    back meanwhile. The time of the file says nothing here: the clock of its disk may be behind ours."""
    return now - entry.at < HELD_FOR and not _is_old_since(entry.line, history, now)


def _is_old_since(line: int, history: History, now: datetime) -> bool:
    """Whether that line was certainly written long ago."""
    return any(now - one.at >= HELD_FOR for one in history.entries if one.line > line)


def _hindrance(entry: Entry, history: History, now: datetime) -> Hindrance:
    asked = entry.after.get("State", "")
    what = f"a toggle{f' to {asked}' if asked else ''} at {entry.at:%H:%M:%S} UTC"
    who = f" by {one_line(entry.user)}" if entry.user else ""
    if history.is_in_flight(entry, now):
        return Hindrance(f"{what}{who} {_UNDER_WAY}", asked, is_under_way=True)
    return Hindrance(f"{what}{who} has an unknown result; a second one may undo it", asked)


def _broken(history: History, now: datetime) -> Hindrance | None:
    """A hindrance if an unreadable line may be such a toggle; None if no such line is recent."""
    lines = [
        one.line
        for one in history.broken
        if now - (one.at or history.written_at or now) < HELD_FOR
        and not _is_old_since(one.line, history, now)
    ]
    if not lines:
        return None
    return Hindrance(
        f"line {lines[-1]} of the audit trail is unreadable; it may be a toggle of this connection"
        " with an unknown result"
    )
