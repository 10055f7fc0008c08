"""Takes keys out of the files of earlier resyncs once they were sent in another way: by naming the file,
or in a list of their own.

Invariant: only a resync that sends no more loses keys so, and its audit record says how many are left.
"""

import asyncio
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from tui.domain.superoffice.resync_keys import as_lines
from tui.domain.writes import ForceResync, ForceResyncExternal, Write, target_of
from tui.ops.audit.entries import History
from tui.ops.audit.file_trail import AuditTrail
from tui.ops.audit.plan import HELD, OVER, RECALLED, UNSENT, Plan
from tui.paths import read_regular, replace_private, state_dir


async def strike_out(trail: AuditTrail, write: Write, now: datetime) -> None:
    """Forget the keys of a call that was sent, wherever an earlier resync kept them; where that cannot
    be recorded, they stay."""
    if not isinstance(write, ForceResync | ForceResyncExternal) or not write.keys:
        return
    sent = frozenset(as_lines(write.keys).split("\n"))
    found = History()
    with suppress(OSError):
        found = await trail.newest(HELD, now - RECALLED)
    for plan in found.plans:
        is_over = plan.is_running(found.own) is False
        if not (is_over and plan.files and _is_about(plan, write)):
            continue
        # A file that somebody removed keeps no key in the others.
        with suppress(OSError):
            left = 0
            for source, path in plan.files_left:
                lines = sent if source == target_of(write) else frozenset()
                left += await asyncio.to_thread(_without, path, lines)
            if left != plan.keys_left:
                await trail.end_plan(plan.id, now, UNSENT if left else OVER, left or None)


def _is_about(plan: Plan, write: ForceResync | ForceResyncExternal) -> bool:
    """Whether its keys are of the same source and kind."""
    types = [one.partition("=")[2] for one in plan.settings if one.startswith("actor_type=")]
    of_type = [write.actor_type] if isinstance(write, ForceResyncExternal) else []
    return types == of_type and target_of(write) in plan.targets


def _without(path: Path, sent: frozenset[str]) -> int:
    """Remove these lines, or the file if no key is left; how many keys are left. Blocking."""
    if path.parent != state_dir() / "resync":
        raise OSError("it is not a file of ours")
    with read_regular(path) as file:
        lines = file.read().decode("utf-8", "surrogateescape").split("\n")
    kept = [line for line in lines if line not in sent]
    left = sum(bool(line) and not line.startswith("#") for line in kept)
    if not left:
        path.unlink()
    elif len(kept) < len(lines):
        replace_private(path, "\n".join(kept).encode("utf-8", "surrogateescape"))
    return left
