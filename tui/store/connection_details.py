"""Details of connections beside their list, and since when they were seen inactive.

Invariant: configuration values are not stored here; they are read for one display and forgotten.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from datetime import datetime

from tui.api.service import ErpService
from tui.domain.elapsed import elapsed
from tui.domain.superoffice.connections import ConfigField, ConnectionSummary, Connector
from tui.store.connection_sightings import SeenConnections
from tui.store.on_demand import Asking, OnDemandValues
from tui.store.snapshot import Topic
from tui.store.store import Store

_AT_ONCE = 4
"""Concurrent requests."""
_CONNECTORS = "connectors"


class ConnectionsBook:
    """Summaries, connectors, their fields, and tests, each by its subject."""

    def __init__(
        self,
        service: ErpService,
        store: Store,
        every: float,
        *,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        elapsed: Callable[[], float] = elapsed,
        seen: SeenConnections | None = None,
    ) -> None:
        """`every`: seconds after which a visible summary is requested again; `seen`: earlier
        sightings."""
        self._store = store
        self._seen = seen
        asking = Asking(self._notify, clock, monotonic, asyncio.Semaphore(_AT_ONCE))
        self.version = 0
        """Incremented with every change."""
        self.summaries: OnDemandValues[int, ConnectionSummary] = OnDemandValues(
            lambda key: service.superoffice.connection_summary(key), asking, every
        )
        self.fields: OnDemandValues[int, tuple[ConfigField, ...]] = OnDemandValues(
            lambda key: service.superoffice.config_fields(key), asking, every
        )
        """By connector."""
        self.tests: OnDemandValues[int, bool] = OnDemandValues(
            lambda key: service.superoffice.test_connection(key), asking
        )
        self._connectors: OnDemandValues[str, tuple[Connector, ...]] = OnDemandValues(
            lambda _key: service.superoffice.connectors(), asking, every
        )
        self._elapsed = elapsed
        self._inactive_from: dict[int, float] = {}
        """Since when every response has shown these inactive, by the clock that nobody can set."""
        store.subscribe(self._observe)

    # Connectors.

    def want(self, connection_ids: Iterable[int]) -> None:
        """Request the summaries of these, and the connectors' names, if due."""
        self._connectors.want([_CONNECTORS])
        self.summaries.want(connection_ids)

    def ask_again(self, connection_ids: Iterable[int]) -> None:
        """Request the same now, by a key that may be held down."""
        self._connectors.ask_again([_CONNECTORS])
        self.summaries.ask_again(connection_ids)

    def connector(self, number: int | None) -> Connector | None:
        """The connector with that id, if it is known."""
        known = self._connectors.of(_CONNECTORS).data or ()
        return next((one for one in known if one.id == number), None)

    # Observing.

    @property
    def expected(self) -> frozenset[int]:
        """The ids of connections that are inactive for a known reason."""
        return self._seen.expected if self._seen else frozenset()

    def inactive_for(self, connection_id: int) -> float | None:
        """Seconds for which every response has shown it inactive; None: it is not."""
        since = self._inactive_from.get(connection_id)
        return None if since is None else self._elapsed() - since

    def _observe(self, topic: Topic) -> None:
        snapshot = self._store.snapshot(Topic.CONNECTIONS)
        if topic is not Topic.CONNECTIONS or snapshot.data is None:
            return
        inactive = [one.id for one in snapshot.data if one.active is False and not one.deleted]
        if self._seen is not None:
            self._seen.saw(snapshot.data)
        heard = self._elapsed()
        self._inactive_from = {key: self._inactive_from.get(key, heard) for key in inactive}

    def _notify(self) -> None:
        self.version += 1
        self._store.announce(Topic.CONNECTIONS)

    async def aclose(self) -> None:
        everything = (self.summaries, self.fields, self.tests, self._connectors)
        await asyncio.gather(*(answers.aclose() for answers in everything))
