"""What the composition root builds: a running profile, or its service alone."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.domain.profile import ProfileFacts
from tui.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from tui.api.service import ErpService
    from tui.domain.history.lasting import Lasting
    from tui.domain.history.records import Event
    from tui.domain.maintenance.coverage import Covered
    from tui.domain.runbooks import Runbook
    from tui.history.history import History
    from tui.ops.audit.file_trail import AuditTrail
    from tui.ops.drafts.autosave import DraftKeeper
    from tui.ops.execution.executor import Executor
    from tui.ops.execution.guard import Guard
    from tui.ops.maintenance.journals import Journals
    from tui.store.connection_details import ConnectionsBook
    from tui.store.connection_sightings import SeenConnections
    from tui.store.poller import Poller
    from tui.store.snapshot import Topic
    from tui.store.store import Store


@dataclass(slots=True)
class LateHistory:
    """Builds the history when it is first wanted: the first data must not wait for it."""

    make: "Callable[[], History]"
    made: "History | None" = None
    opens_at: "datetime | None" = None
    """Of a replayed file: the time that the console looks at first."""
    is_closed: bool = False
    """Whether the profile was left: what is built later is closed at once."""
    inbox: "Callable[[Event], object] | None" = None
    """Keeps an event for the program that records, without building the history; blocking. None:
    only the built one keeps events. Raises OSError."""

    def get(self) -> "History":
        if self.made is None:
            self.made = self.make()
        return self.made

    async def aclose(self) -> None:
        self.is_closed = True
        if self.made is not None:
            await self.made.aclose()


@frozen
class Core:
    """One running profile, without a screen."""

    facts: ProfileFacts
    service: "ErpService"
    store: "Store"
    poller: "Poller"
    connections: "ConnectionsBook"
    guard: "Guard"
    executor: "Executor"
    trail: "AuditTrail"
    drafts: "DraftKeeper"
    intervals: "Mapping[Topic, float]"
    """Seconds between two polls of each topic."""
    elapsed: "Callable[[], float]"
    """The clock for ages, which nobody can set."""
    warnings: tuple[str, ...] = ()
    """Settings of the config that are allowed but need attention."""
    late_history: "LateHistory | None" = None
    runbooks: "tuple[Runbook, ...]" = ()
    maintenances: "Journals | None" = None
    """None: nothing is kept, so no maintenance can be opened."""

    @property
    def history(self) -> "History | None":
        """Built at the first call; it records once it was started."""
        return self.late_history.get() if self.late_history is not None else None

    @property
    def notices(self) -> tuple[str, ...]:
        """What an operator should know of the service and the history, oldest first."""
        made = self.late_history.made if self.late_history is not None else None
        return (*self.service.warnings, *(made.notices if made is not None else ()))

    async def aclose(self) -> None:
        """Save drafts and history, stop polling and drop every connection at once."""
        await self.drafts.aclose()
        await self.poller.aclose()
        if self.late_history is not None:
            await self.late_history.aclose()
        await self.connections.aclose()
        await self.service.aclose()


@frozen
class ServiceHandle:
    """A profile's service alone, for commands that send a few requests."""

    facts: ProfileFacts
    service: "ErpService"
    warnings: tuple[str, ...] = ()
    seen: "SeenConnections | None" = None
    """Earlier sightings of its connections; None: they are not stored."""
    lasting: "Callable[[datetime], Lasting] | None" = None
    """Reads since when its rows are as they are; blocking. None: nothing is kept."""
    runbooks: "tuple[Runbook, ...]" = ()
    covered: "Callable[[], Covered] | None" = None
    """Reads what is in maintenance; blocking. None: nothing is kept."""
