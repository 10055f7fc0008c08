"""Counts what needs attention on each tab of a profile, for the tab line and the window's title."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from tui.domain.health.counts import Counts
from tui.domain.profile import System
from tui.store.snapshot import Topic

if TYPE_CHECKING:
    from tui.domain.health.problems import Problems
    from tui.domain.health.rules import Verdict
    from tui.session.past_store import Past
    from tui.session.session_view import SessionView

_TOPICS = {
    "Workers": (Topic.WORKERS, Topic.STATUS),
    "Extensions": (Topic.EXTENSIONS,),
    "Engine": (Topic.ENGINE,),
    "Connections": (Topic.CONNECTIONS,),
}
"""The topics that each tab's targets come from."""
TABS_COUNTED = tuple(_TOPICS)
_SLICE = 500
"""Targets judged without a pause: a key that arrives meanwhile waits for less than a frame."""
_Found = Iterator[tuple[str, "Verdict"]]


def tabs_of(topic: Topic) -> tuple[str, ...]:
    """The tabs whose counts depend on a topic."""
    return tuple(tab for tab, topics in _TOPICS.items() if topic in topics)


class TabAttention:
    def __init__(self, session: "SessionView") -> None:
        self._session = session
        self._now: dict[str, Problems] = {}
        """The results of the tabs that were counted."""
        self._then: tuple[Past | None, dict[str, Problems]] = (None, {})
        """The same of the time that is looked at."""

    def counting(self, tab: str) -> Iterator[None]:
        """Count one tab, a slice per step; nothing changes before the last step."""
        from tui.domain.health.problems import Problems

        problems = self._problems
        found: list[tuple[str, Verdict]] = []
        judged = self._judged(tab)
        if judged is None:
            return
        for number, one in enumerate(judged, 1):
            if one[1].needs_attention:
                found.append(one)
            if number % _SLICE == 0:
                yield
        problems.setdefault(tab, Problems()).follow(found)

    @property
    def _problems(self) -> "dict[str, Problems]":
        """Of now, or of the time that is looked at: what is new now stays new meanwhile."""
        past = self._session.past
        if past is None:
            return self._now
        if self._then[0] is not past:
            self._then = past, {}
        return self._then[1]

    def mark_seen(self, tab: str) -> None:
        """The operator has seen the tab: nothing on it is new."""
        if tab in self._problems:
            self._problems[tab].look()

    def counts(self) -> Mapping[str, Counts]:
        return {tab: self._counts(tab) for tab in _TOPICS}

    def _counts(self, tab: str) -> Counts:
        problems, is_unread = self._problems.get(tab), self._is_unread(tab)
        return Counts(is_unread=is_unread) if problems is None else problems.counts(is_unread=is_unread)

    @property
    def total(self) -> int:
        """How many targets of the profile need attention."""
        return sum(one.counts().total for one in self._problems.values())

    def _is_unread(self, tab: str) -> bool:
        found = (self._session.snapshot(topic).error for topic in _TOPICS[tab])
        errors = [error for error in found if error is not None]
        if not errors:
            return False
        from tui.api.errors import Absent

        return not all(isinstance(error, Absent) for error in errors)

    def _judged(self, tab: str) -> _Found | None:
        """The verdicts on everything known; None while the data is missing or incomplete."""
        known = [self._session.snapshot(topic) for topic in _TOPICS[tab]]
        if all(one.data is None for one in known):
            return None
        if not known[0].complete or any(one.data is None and one.error is None for one in known):
            return None
        judges: dict[str, Callable[[], _Found]] = {
            "Workers": self._workers,
            "Extensions": self._extensions,
            "Engine": self._engine,
            "Connections": self._connections,
        }
        return judges[tab]()

    def _workers(self) -> _Found:
        from tui.domain.health.attention import of_all_syncs
        from tui.domain.health.rules import assess

        store, now = self._session.store, self._session.now(System.JTL)
        syncs, statuses = (store.snapshot(topic).data is not None for topic in _TOPICS["Workers"])
        workers = store.workers()
        for verdict in of_all_syncs(workers, sync_asked=syncs):
            yield "", verdict
        for worker in workers:
            verdict = assess(worker, now, status_asked=statuses, sync_asked=syncs)
            yield worker.id, self._session.excused(verdict, "sync", worker)

    def _extensions(self) -> _Found:
        from tui.domain.health.rules import assess_extension

        known = self._session.store.snapshot(Topic.EXTENSIONS).data or ()
        return ((one.id, assess_extension(one)) for one in known)

    def _engine(self) -> _Found:
        from tui.domain.health.rules import assess_engine

        status = self._session.store.snapshot(Topic.ENGINE).data
        return iter([("engine", self._session.excused(assess_engine(status), "engine", status))])

    def _connections(self) -> _Found:
        from tui.domain.health.attention import of_all_connections
        from tui.domain.health.problems import assess_tested

        core = self._session.core
        if core is None:
            return
        known, past = self._session.store.snapshot(Topic.CONNECTIONS).data or (), self._session.past
        book = core.connections
        all_expected = book.expected if past is None else past.expected
        for verdict in of_all_connections(known):
            yield "", verdict
        for one in known:
            passed = book.tests.of(one.id).data if past is None else None
            verdict = assess_tested(one, passed, expected=one.id in all_expected)
            yield str(one.id), self._session.excused(verdict, "connection", one)
