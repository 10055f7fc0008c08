"""Checks the targets of attempts that a previous console left without an outcome."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tui.api.errors import ErpError
from tui.domain.text import one_line
from tui.ops.operations.registry import OPERATIONS, title_of
from tui.session.events import AttemptsChecked

if TYPE_CHECKING:
    from tui.core import Core
    from tui.ops.audit.entries import Entry
    from tui.ops.audit.record import Finding
    from tui.session.audit_view import AuditView

_LATELY = timedelta(days=1)
"""After this, a target's values say little about one attempt."""
_MOST = 20


def worth_checking(unseen: "Sequence[Entry]", now: datetime) -> "Sequence[Entry]":
    """The attempts without outcome whose targets can still show it."""
    return [one for one in unseen if now - one.at < _LATELY][:_MOST]


async def check_open_attempts(
    core: "Core", entries: "Sequence[Entry]", clock: Callable[[], datetime]
) -> AttemptsChecked:
    """Check each target once and record the findings in the audit trail; targets on another server are
    skipped."""
    from tui.ops.server_binding import elsewhere

    found: list[tuple[Entry, Finding]] = []
    left: list[tuple[Entry, str]] = []
    for entry in entries:
        reason = elsewhere(entry.operation, entry.address, core.facts)
        if reason:
            left.append((entry, reason))
            continue
        finding = await _found_now(core, entry, clock)
        if finding is not None:
            with suppress(OSError):
                await core.trail.check(entry.id, finding)
            found.append((entry, finding))
    return AttemptsChecked(tuple(found), len(entries), tuple(left))


async def _found_now(core: "Core", entry: "Entry", clock: Callable[[], datetime]) -> "Finding | None":
    """What the target shows; None where it cannot be checked now, but perhaps at another start."""
    from tui.ops.audit.record import Finding
    from tui.ops.execution.verification import UNKNOWN

    if entry.write is None:
        return Finding(clock(), UNKNOWN, "the audit trail does not hold what was sent")
    try:
        return await core.executor.look(entry.write, entry.before, entry.at)
    except ErpError:
        return None


_ENDED = "the console ended before the response arrived"


def reminder(trail: "AuditView", now: datetime) -> str:
    """What to report after the first reading of the audit trail; empty where nothing is open."""
    if trail.trouble:
        return f"the audit trail cannot be read: {trail.trouble}"
    unseen = trail.unseen(now)
    if not unseen:
        return ""
    last, key = unseen[0], OPERATIONS["screen.activity"].key
    named = f"{title_of(last.operation)} · {one_line(last.target)} ({last.at:%Y-%m-%d %H:%M} UTC)"
    if len(unseen) == 1:
        return f"{named}: its outcome is unknown, {_why(last)} · {key} shows it"
    return f"{len(unseen)} outcomes are unknown · last {named}: {_why(last)} · {key} shows them"


def checked_text(found: Sequence[tuple["Entry", "Finding"]], of: int) -> str:
    """What the targets show, newest first; `of`: how many attempts there are."""
    (last, finding), others = found[0], of - 1
    named = _named(last)
    result = f"{finding.result}, {finding.sentence}"
    message = f"{named}: no response; at {finding.at:%H:%M} UTC: {result}"
    more = f" · {others} more" if others else ""
    return f"{message}{more} · {OPERATIONS['screen.activity'].key} shows it"


def unchecked_text(elsewhere: Sequence[tuple["Entry", str]]) -> str:
    """Why these targets were not checked, newest first; empty where there are none."""
    if not elsewhere:
        return ""
    (last, reason), others = elsewhere[0], len(elsewhere) - 1
    more = f" · {others} more" if others else ""
    return f"{_named(last)}: not checked, {one_line(reason)}{more}"


def _named(entry: "Entry") -> str:
    return f"{title_of(entry.operation)} · {one_line(entry.target)} ({entry.at:%m-%d %H:%M} UTC)"


def _why(entry: "Entry") -> str:
    return _ENDED if entry.result is None else "its response never arrived"
