"""Whether the options of `open` say the same as the journal of what it goes on with."""

from collections.abc import Sequence
from datetime import datetime

from tui.domain.history.observing import kept_text
from tui.domain.intervals import short
from tui.domain.maintenance.records import Maintenance, NotedTarget
from tui.domain.profile import suggested_command
from tui.domain.text import cited, clean, one_line
from tui.ops.refusal import Refusal


def differing(
    one: Maintenance,
    targets: Sequence[NotedTarget],
    reason: str | None,
    until: datetime | None,
    drain_s: float | None,
) -> Refusal | None:
    """Which option differs, what the journal has, and what to do; an option that is None is not given.

    `targets`: what the filters mean now.
    """
    differences = []
    if (which := _other_target(one, targets)) is not None:
        differences.append(f"--target means {len(targets)}, noted are {len(one.targets)}: {which}")
    if reason is not None and (now := one_line(clean(kept_text(reason)))) != one.reason:
        differences.append(f"--reason is {cited(now)}, noted is {cited(one.reason)}")
    if until is not None and _shown(until) != _shown(one.until):
        differences.append(f"--until is {_shown(until)}, noted is {_shown(one.until)}")
    if drain_s is not None and drain_s != one.drain_s:
        differences.append(f"--drain is {short(drain_s)}, noted is {short(one.drain_s)}")
    if not differences:
        return None
    go_on = suggested_command(one.profile, "maintenance", "open", one.id)
    close = suggested_command(one.profile, "maintenance", "close", one.id)
    return Refusal(
        f"{one.name} was interrupted, and going on changes nothing of it: {'; '.join(differences)}",
        f"Go on as it is noted: {go_on}; or close it first: {close}",
    )


def _other_target(one: Maintenance, targets: Sequence[NotedTarget]) -> str | None:
    """The first target that only one of both has; None: they are the same."""
    noted = {(each.kind, each.id.casefold()): each.name for each in one.targets}
    meant = {(each.kind, each.id.casefold()): each.name for each in targets}
    more = [name for key, name in meant.items() if key not in noted]
    fewer = [name for key, name in noted.items() if key not in meant]
    if more:
        return f"{more[0]} is not noted"
    return f"{fewer[0]} is noted only" if fewer else None


def _shown(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
