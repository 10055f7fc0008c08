"""What the console says at its start of the audit trail: attempts whose outcome nobody knows."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.text import one_line
from tui.ops.registry import OPERATIONS

if TYPE_CHECKING:
    from tui.ops.history import Entry
    from tui.ops.trail import Finding
    from tui.ui.trail_reading import TrailReading

_ENDED = "the console ended before the answer came"


def title_of(entry: "Entry") -> str:
    """The operation's title, or its id where this version does not know it."""
    operation = OPERATIONS.get(entry.operation)
    return operation.title if operation else one_line(entry.operation)


def reminder(trail: "TrailReading", now: datetime) -> str:
    """What the first reading left to say; empty where nothing is open."""
    if trail.trouble:
        return f"the audit trail cannot be read: {trail.trouble}"
    unseen = trail.unseen(now)
    if not unseen:
        return ""
    last, key = unseen[0], OPERATIONS["screen.activity"].key
    named = f"{title_of(last)} · {one_line(last.target)} ({last.at:%Y-%m-%d %H:%M} UTC)"
    if len(unseen) == 1:
        return f"{named}: its outcome is not known, {_why(last)} · {key} shows it"
    return f"{len(unseen)} outcomes are not known · last {named}: {_why(last)} · {key} shows them"


def looked_back(found: Sequence[tuple["Entry", "Finding"]], of: int) -> str:
    """What the targets of such attempts tell, the newest first; there are `of` of them."""
    (last, finding), others = found[0], of - 1
    named = _named(last)
    told = f"{finding.result}, {finding.sentence}"
    said = f"{named}: no answer came; seen {finding.at:%H:%M} UTC: {told}"
    more = f" · {others} more" if others else ""
    return f"{said}{more} · {OPERATIONS['screen.activity'].key} shows it"


def left_alone(elsewhere: Sequence[tuple["Entry", str]]) -> str:
    """Why nobody looked at the targets of such attempts, the newest first; empty: there are none."""
    if not elsewhere:
        return ""
    (last, reason), others = elsewhere[0], len(elsewhere) - 1
    more = f" · {others} more" if others else ""
    return f"{_named(last)}: not checked, {one_line(reason)}{more}"


def _named(entry: "Entry") -> str:
    return f"{title_of(entry)} · {one_line(entry.target)} ({entry.at:%m-%d %H:%M} UTC)"


def _why(entry: "Entry") -> str:
    return _ENDED if entry.result is None else "its answer never came"
