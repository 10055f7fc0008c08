"""What needs attention on each tab of a profile: for the line of tabs and the window's title."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from tui.domain.counts import Counts
from tui.store.snapshot import Topic

if TYPE_CHECKING:
    from tui.domain.health import Verdict
    from tui.domain.problems import Problems
    from tui.ui.reading import Reading

_TOPICS = {
    "Workers": (Topic.WORKERS, Topic.STATUS),
    "Extensions": (Topic.EXTENSIONS,),
    "Engine": (Topic.ENGINE,),
    "Connections": (Topic.CONNECTIONS,),
}
"""By tab, what its things come from."""
TABS_COUNTED = tuple(_TOPICS)
_SLICE = 500
"""Things judged in one go: a key that comes meanwhile waits for less than a frame."""
_Found = Iterator[tuple[str, "Verdict"]]


def tabs_of(topic: Topic) -> tuple[str, ...]:
    """The tabs whose counts depend on a topic."""
    return tuple(tab for tab, topics in _TOPICS.items() if topic in topics)


class Attention:
    """The problems of one profile by tab."""

    def __init__(self, desk: "Reading") -> None:
        self._desk = desk
        self._problems: dict[str, Problems] = {}
        """Of the tabs that were counted."""

    def counting(self, tab: str) -> Iterator[None]:
        """Count what needs attention on a tab, a slice a step; nothing changes before the last step."""
        from tui.domain.problems import Problems

        found: list[tuple[str, Verdict]] = []
        judged = self._judged(tab)
        if judged is None:
            return
        for number, one in enumerate(judged, 1):
            if one[1].needs_attention:
                found.append(one)
            if number % _SLICE == 0:
                yield
        self._problems.setdefault(tab, Problems()).follow(found)

    def look(self, tab: str) -> None:
        """The operator sees the tab."""
        if tab in self._problems:
            self._problems[tab].look()

    def counts(self) -> Mapping[str, Counts]:
        """By tab."""
        return {tab: self._counts(tab) for tab in _TOPICS}

    def _counts(self, tab: str) -> Counts:
        problems, is_unread = self._problems.get(tab), self._is_unread(tab)
        return Counts(is_unread=is_unread) if problems is None else problems.counts(is_unread=is_unread)

    @property
    def total(self) -> int:
        """How many things of the profile need attention."""
        return sum(one.counts().total for one in self._problems.values())

    def _is_unread(self, tab: str) -> bool:
        from tui.api.errors import Absent

        errors = (self._desk.snapshot(topic).error for topic in _TOPICS[tab])
        return any(error is not None and not isinstance(error, Absent) for error in errors)

    def _judged(self, tab: str) -> _Found | None:
        """The verdicts on all that is known; None while that is nothing, or not all of it."""
        known = [self._desk.snapshot(topic) for topic in _TOPICS[tab]]
        if self._desk.core is None or all(one.data is None for one in known):
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
        from tui.domain.attention import of_all_syncs
        from tui.domain.systems import System
        from tui.ui.screens.worker_rows import Asked

        assert self._desk.core is not None  # noqa: S101 - `_judged` looked
        store, now = self._desk.core.store, self._desk.now(System.JTL)
        syncs, statuses = (store.snapshot(topic).data is not None for topic in _TOPICS["Workers"])
        asked = Asked(syncs, statuses)
        workers = store.workers()
        for verdict in of_all_syncs(workers, sync_asked=syncs):
            yield "", verdict
        for worker in workers:
            yield worker.id, asked.assess(worker, now)

    def _extensions(self) -> _Found:
        from tui.domain.health import assess_extension

        assert self._desk.core is not None  # noqa: S101 - `_judged` looked
        known = self._desk.core.store.snapshot(Topic.EXTENSIONS).data or ()
        return ((one.id, assess_extension(one)) for one in known)

    def _engine(self) -> _Found:
        from tui.domain.health import assess_engine

        assert self._desk.core is not None  # noqa: S101 - `_judged` looked
        return iter([("engine", assess_engine(self._desk.core.store.snapshot(Topic.ENGINE).data))])

    def _connections(self) -> _Found:
        from tui.domain.attention import of_all_connections
        from tui.domain.problems import assess_tested

        assert self._desk.core is not None  # noqa: S101 - `_judged` looked
        known = self._desk.core.store.snapshot(Topic.CONNECTIONS).data or ()
        book = self._desk.core.connections
        for verdict in of_all_connections(known):
            yield "", verdict
        for one in known:
            passed, expected = book.tests.of(one.id).data, one.id in book.expected
            yield str(one.id), assess_tested(one, passed, expected=expected)
