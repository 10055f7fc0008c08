"""The sentences that keep a maintenance from being forgotten. Pure; times in the reader's zone."""

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo

from tui.domain.maintenance.records import Maintenance, NotedTarget, SetState
from tui.domain.maintenance.rules import Seen
from tui.domain.result import Result

SeenNow = Callable[[NotedTarget], Seen | None]
"""What a target is doing by now; None: nothing was read of it since its stop."""
_NOT_OFF = {Seen.ON: "on again", Seen.IDLE: "suspended", Seen.LOCKED: "locked"}


def banner(one: Maintenance, now: datetime, zone: tzinfo, seen: SeenNow = lambda _: None) -> str:
    """`maintenance nightly · 4 off since 01:00 · until 03:00`; what is known to be on is not counted."""
    words = [
        _NOT_OFF.get(seen(target) or Seen.OFF, "off") for target in one.off if not target.is_to_stop
    ]
    begun = f"{words.count('off')} off since {_clock(one.opened_at, now, zone)}"
    others = (f"{words.count(word)} {word}" for word in _NOT_OFF.values() if word in words)
    parts = (f"maintenance {one.name}", begun, *others, *rest_words(one), end_words(one, now, zone))
    return " · ".join(parts)


def end_words(one: Maintenance, now: datetime, zone: tzinfo) -> str:
    """`until 03:00`, `overdue since 03:00`."""
    end = _clock(one.until, now, zone)
    return f"overdue since {end}" if one.is_overdue(now) else f"until {end}"


def rest_words(one: Maintenance) -> tuple[str, ...]:
    """What went wrong, or is under way: `2 not stopped`, `3 not started`."""
    if one.holder is not None:
        return ("closing…" if one.is_closing else "opening…",)
    counts = ((len(one.not_stopped), "not stopped"), (len(one.not_started), "not started"))
    return tuple(f"{count} {word}" for count, word in counts if count)


def banners(
    known: Sequence[Maintenance], now: datetime, zone: tzinfo, seen: SeenNow = lambda _: None
) -> str:
    """One line for all open ones: the most urgent in full, and how many more there are; empty: none."""
    still = sorted(
        (one for one in known if one.closed_at is None),
        key=lambda one: (not needs_attention(one, now), one.until, one.id),
    )
    if not still:
        return ""
    more = f" · {len(still) - 1} more" if len(still) > 1 else ""
    return banner(still[0], now, zone, seen) + more


def summary(one: Maintenance, *, opening: bool) -> str:
    """What became of opening or closing it: `maintenance nightly: 12 stopped, 1 not stopped`."""
    steps = [target.stop if opening else target.start for target in one.targets if not target.left]
    verb = "stopped" if opening else "started"
    results = [step.result for step in steps if step is not None]
    done = sum(result in (Result.APPLIED, Result.ACCEPTED) for result in results)
    missing = len(one.not_stopped if opening else one.off)
    counts = [f"{done} {verb}"]
    if opening and (left := sum(bool(target.left) for target in one.targets)):
        counts.append(f"{left} left as they were")
    elif unchanged := results.count(Result.UNCHANGED):
        counts.append(f"{unchanged} left as they are")
    if missing:
        counts.append(f"{missing} not {verb}")
    closed = " · closed" if one.closed_at is not None else ""
    return f"maintenance {one.name}: {', '.join(counts)}{closed}"


def needs_attention(one: Maintenance, now: datetime) -> bool:
    """Whether it is overdue, or was opened or closed only in part."""
    return one.is_overdue(now) or one.state is SetState.PARTLY


def _clock(at: datetime, now: datetime, zone: tzinfo) -> str:
    """The time of day, with the date on other days."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%m-%d %H:%M}"
