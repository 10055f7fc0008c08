"""Which open maintenance stopped a target, in words."""

from collections.abc import Callable, Iterable
from datetime import datetime

from tui.domain.history.clock_text import clock_text
from tui.domain.history.observing import kept_text
from tui.domain.history.records import Subject
from tui.domain.maintenance.records import Maintenance


def stopped_by(known: Iterable[Maintenance], now: datetime) -> Callable[[Subject], str]:
    """`nightly (database move) since 01:00, until 03:00`; empty: none stopped it. Times are in UTC."""
    ones = tuple(known)

    def of(subject: Subject) -> str:
        wanted = subject.kind.value, subject.key
        for one in ones:
            if any(it.is_off and (it.kind.value, it.id) == wanted for it in one.targets):
                return _words(one, now)
        return ""

    return of


def _words(one: Maintenance, now: datetime) -> str:
    form = "%H:%M" if one.until.date() == now.date() else "%m-%d %H:%M"
    end = f"{'overdue since' if one.is_overdue(now) else 'until'} {one.until:{form}}"
    since = clock_text(one.opened_at, now)
    return f"{kept_text(one.name)} ({kept_text(one.reason)}) since {since}, {end}"
