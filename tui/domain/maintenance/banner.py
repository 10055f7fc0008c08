"""The sentences that keep a maintenance from being forgotten. Pure; times are UTC."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from tui.domain.maintenance.records import Maintenance, NotedTarget, Step
from tui.domain.maintenance.rules import Seen
from tui.domain.result import Result

SeenNow = Callable[[NotedTarget], Seen | None]
"""What a target is doing by now; None: nothing was read of it since its stop."""
_NOT_OFF = {Seen.ON: "on again", Seen.IDLE: "suspended", Seen.LOCKED: "locked"}


def banner(one: Maintenance, now: datetime, seen: SeenNow = lambda _: None) -> str:
    """`maintenance nightly · 4 off since 01:00 · until 03:00`; what is known to be on is not counted."""
    pending = [target for target in one.in_doubt if not _is_settled(target, seen)]
    moving = [target for target in one.under_way if not _is_settled(target, seen)]
    certain = [target for target in one.off if target.was_seen_off or _is_settled(target, seen)]
    unseen = {*pending, *moving}
    known = (each for each in certain if each not in unseen)
    words = [_NOT_OFF.get(seen(each) or Seen.OFF, "off") for each in known]
    off = _off_words(words.count("off"), len(pending), moving)
    begun = f"{off} since {_clock(one.opened_at, now)}"
    others = (f"{words.count(word)} {word}" for word in _NOT_OFF.values() if word in words)
    parts = (f"maintenance {one.name}", begun, *others, *rest_words(one), end_words(one, now))
    return " · ".join(parts)


def _is_settled(target: NotedTarget, seen: SeenNow) -> bool:
    """Whether what is seen by now ends the doubt: a stop that the server accepted had its effect, or a
    start had it."""
    if target.is_start_in_doubt:
        return is_known_on(seen(target))
    is_taken = target.stop is not None and target.stop.result is Result.ACCEPTED
    return is_taken and seen(target) is Seen.OFF


def is_known_on(seen: Seen | None) -> bool:
    """Whether it is certainly not off."""
    return seen in _NOT_OFF


def end_words(one: Maintenance, now: datetime) -> str:
    """`until 03:00`, `overdue since 03:00`."""
    end = _clock(one.until, now)
    return f"overdue since {end}" if one.is_overdue(now) else f"until {end}"


def off_words(one: Maintenance) -> str:
    """`4 off`; `0 to 3 off, 3 in doubt` where it is not known of all."""
    doubt, moving = one.in_doubt, one.under_way
    unseen = {*doubt, *moving}
    certain = sum(each.was_seen_off and each not in unseen for each in one.off)
    return _off_words(certain, len(doubt), moving)


def _off_words(off: int, doubt: int, moving: Sequence[NotedTarget]) -> str:
    """`moving`: what is stopped or started now."""
    starting = sum(each.is_start_in_doubt for each in moving)
    counts = ((doubt, "in doubt"), (len(moving) - starting, "stopping"), (starting, "starting"))
    said = [f"{off} to {off + doubt} off" if doubt else f"{off} off"]
    said += [f"{count} {word}" for count, word in counts if count]
    # Before its first stop has ended, nothing is off yet.
    return ", ".join(said[1:] if moving and not (off or doubt) else said)


def rest_words(one: Maintenance) -> tuple[str, ...]:
    """What went wrong, or is under way: `2 not stopped`, `3 not started`."""
    if one.holder is not None:
        return ("closing…" if one.is_closing else "opening…",)
    certain = sum(target not in one.in_doubt for target in one.not_stopped)
    counts = ((certain, "not stopped"), (len(one.not_started), "not started"))
    return tuple(f"{count} {word}" for count, word in counts if count)


def banners(known: Sequence[Maintenance], now: datetime, seen: SeenNow = lambda _: None) -> str:
    """One line for all open ones: the most urgent in full, and how many more there are; empty: none."""
    still = sorted(
        (one for one in known if one.closed_at is None),
        key=lambda one: (not needs_attention(one, now), one.until, one.id),
    )
    if not still:
        return ""
    more = f" · {len(still) - 1} more" if len(still) > 1 else ""
    return banner(still[0], now, seen) + more


def summary(one: Maintenance, *, opening: bool, before: Maintenance | None = None) -> str:
    """What became of opening or closing it: `maintenance nightly: 12 stopped, 1 not stopped`.

    `before`: as it was when this began; what was done earlier is counted apart.
    """
    verb, yet = ("stopped", "stopping") if opening else ("started", "starting")
    known = {target.id: _step(target, opening) for target in before.targets} if before else {}
    steps = [(known.get(each.id), _step(each, opening)) for each in one.targets if not each.left]
    results = [step.result for was, step in steps if step is not None and step != was]
    earlier = sum(
        was is not None and was == step and was.result is Result.APPLIED for was, step in steps
    )
    # Once nobody waits for its effect, what was accepted is in doubt as well.
    under_way = (None, Result.ACCEPTED) if one.holder else ()
    accepted = sum(step is not None and step.result is Result.ACCEPTED for _, step in steps)
    pending = accepted if one.holder else 0
    last = [_step(each, opening) for each in one.in_doubt if opening or each.is_start_in_doubt]
    doubt = sum(step is not None and step.result not in under_way for step in last)
    left = one.not_stopped if opening else (*one.not_started, *one.in_doubt)
    missing = len(left) - doubt - pending
    counts = [f"{results.count(Result.APPLIED)} {verb}"]
    if earlier:
        counts.append(f"{earlier} {verb} earlier")
    if pending:
        counts.append(f"{pending} still {yet}")
    if doubt:
        counts.append(f"{doubt} in doubt")
    if opening and (as_were := sum(bool(target.left) for target in one.targets)):
        counts.append(f"{as_were} left as they were")
    elif unchanged := results.count(Result.UNCHANGED):
        counts.append(f"{unchanged} left as they are")
    if missing:
        counts.append(f"{missing} not {verb}")
    closed = " · closed" if one.closed_at is not None else ""
    return f"maintenance {one.name}: {', '.join(counts)}{closed}"


def _step(target: NotedTarget, opening: bool) -> Step | None:
    return target.stop if opening else target.start


def needs_attention(one: Maintenance, now: datetime) -> bool:
    """Whether it is overdue, or was opened or closed only in part."""
    return one.is_overdue(now) or one.is_interrupted


def _clock(at: datetime, now: datetime) -> str:
    """The time of day, with the date on other days."""
    at, today = at.astimezone(UTC), now.astimezone(UTC).date()
    return f"{at:%H:%M}" if at.date() == today else f"{at:%m-%d %H:%M}"
