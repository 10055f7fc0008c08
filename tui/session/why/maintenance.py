"""Which open maintenance stopped a target, in words."""

from collections.abc import Callable, Iterable
from datetime import datetime

from tui.domain.history.clock_text import clock_text
from tui.domain.history.observing import kept_text
from tui.domain.history.records import Subject
from tui.domain.maintenance.records import Maintenance
from tui.session.why.known import StoppedBy


def stopped_by(known: Iterable[Maintenance], now: datetime) -> Callable[[Subject], StoppedBy]:
    """Which maintenance stopped it: `nightly (database move) since 01:00, until 03:00`. Times are in
    UTC."""
    ones = tuple(known)

    def of(subject: Subject) -> StoppedBy:
        wanted = subject.kind.value, subject.key
        for one in ones:
            for it in one.targets:
                if it.is_off and (it.kind.value, it.id) == wanted:
                    return StoppedBy(_words(one, now), it.was_seen_off)
        return StoppedBy()

    return of


def _words(one: Maintenance, now: datetime) -> str:
    form = "%H:%M" if one.until.date() == now.date() else "%m-%d %H:%M"
    end = f"{'overdue since' if one.is_overdue(now) else 'until'} {one.until:{form}}"
    since = clock_text(one.opened_at, now)
    return f"{kept_text(one.name)} ({kept_text(one.reason)}) since {since}, {end}"
