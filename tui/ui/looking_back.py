"""A look at the targets of what an earlier console left without an outcome."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tui.api.errors import ErpError
from tui.ui.messages import LookedBack

if TYPE_CHECKING:
    from tui.ops.history import Entry
    from tui.ops.trail import Finding
    from tui.wiring import Core

_LATELY = timedelta(days=1)
"""After this, the target's values say little about one attempt."""
_MOST = 20


def worth_a_look(unseen: "Sequence[Entry]", now: datetime) -> "Sequence[Entry]":
    """Of the attempts of which nothing is known, those whose targets can still tell something."""
    return [one for one in unseen if now - one.at < _LATELY][:_MOST]


async def look_back(
    core: "Core", entries: "Sequence[Entry]", clock: Callable[[], datetime]
) -> LookedBack:
    """Look at each target once, and keep in the trail what was found; not at what belongs elsewhere."""
    from tui.ops.places import elsewhere

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
    return LookedBack(found, len(entries), left)


async def _found_now(core: "Core", entry: "Entry", clock: Callable[[], datetime]) -> "Finding | None":
    """What its target tells; None where it cannot be looked at now, but perhaps at another start."""
    from tui.ops.findings import UNKNOWN
    from tui.ops.trail import Finding

    if entry.write is None:
        return Finding(clock(), UNKNOWN, "what was sent cannot be told from the trail")
    try:
        return await core.conduct.look(entry.write, entry.before, entry.at)
    except ErpError:
        return None
