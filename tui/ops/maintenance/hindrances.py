"""Why a maintenance is not opened, gone on with, closed or forgotten now."""

import socket
from collections.abc import Sequence
from datetime import datetime

from tui.domain.maintenance.doubt import ARRIVES_WITHIN, Clocks, arriving
from tui.domain.maintenance.records import Maintenance, NotedTarget
from tui.domain.profile import suggested_command
from tui.ops.refusal import Refusal

_TOLD = 3
"""Targets that are named, where more changed."""


def already_open(one: Maintenance) -> Refusal:
    since = f"{one.opened_at:%Y-%m-%d %H:%M} UTC"
    step = f"Close it first: {suggested_command(one.profile, 'maintenance', 'close', one.id)}"
    return Refusal(f"{one.name} is open since {since}, by {one.user}", step)


def being_closed(one: Maintenance) -> Refusal | None:
    """What closing has settled must not be stopped again: nobody would start it."""
    if not one.is_closing:
        return None
    close = suggested_command(one.profile, "maintenance", "close", one.id)
    return Refusal(f"closing {one.name} has begun, so nothing more is stopped", f"Close it: {close}")


def changed_since(reviewed: Sequence[NotedTarget], one: Maintenance) -> Refusal | None:
    """What was noted since a review, which then decides nothing any more."""
    before = {target.id: target for target in reviewed}
    changed = [target for target in one.targets if before.get(target.id) != target]
    if not changed and len(before) == len(one.targets):
        return None
    words = "; ".join(map(_standing, changed[:_TOLD]))
    more = f"; {len(changed) - _TOLD} more" if len(changed) > _TOLD else ""
    step = "Nothing was sent. Open the review again"
    return Refusal(f"changed since the review: {words}{more}", step)


def _standing(target: NotedTarget) -> str:
    steps = (("stop", target.stop_word), ("start", target.start_word))
    words = ", ".join(f"{verb} {word}" for verb, word in steps if word)
    return f"{target.name}: {words or 'not stopped yet'}"


def busy(one: Maintenance) -> Refusal | None:
    """Who works on it now, or None."""
    holder = one.holder
    if holder is None:
        return None
    who = f"{holder.user or 'somebody'} (pid {holder.pid} on {holder.host})"
    doing = "closing" if one.is_closing else "opening"
    step = "Wait until it ends"
    if holder.host != socket.gethostname():
        forget = suggested_command(one.profile, "maintenance", "forget", one.id)
        step = f"If that host is dead: {forget}"
    return Refusal(f"{who} is {doing} {one.name} now", step)


def still_arriving(one: Maintenance, now: datetime) -> Refusal | None:
    """While a step may still arrive, only the journal holds back what it would undo."""
    clocks = Clocks(now)
    open_yet = (target for target in one.targets if not target.is_settled)
    late = [(step, target) for target in open_yet if (step := arriving(target, clocks)) is not None]
    if not late:
        return None
    step, target = max(late, key=lambda each: each[0].at)
    said = f"{one.name} cannot be forgotten yet: what was sent to {target.name} may still arrive"
    return Refusal(said, f"Forget it {clocks.then(step, ARRIVES_WITHIN)}")


def shared(one: Maintenance, other: Maintenance) -> str:
    """The name of a target that both would stop; empty: there is none."""
    stopped = {target.id for target in other.targets if not target.is_settled}
    return next((each.name for each in one.targets if not each.left and each.id in stopped), "")
