"""Reads the current target of a write from the server.

`since` (monotonic clock): only a response that was requested after it is used.
"""

from collections.abc import Callable
from dataclasses import replace

from tui.api.errors import ErpError, NotFound, NotOffered
from tui.api.service import ErpService
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import WorkerStatus, WorkerSync
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.ops.targets.from_store import by_id
from tui.ops.targets.single_flight import SingleFlight
from tui.ops.targets.target import TargetRow


class Reread:
    """Reads from the service; simultaneous callers share one list.

    Raises, in each call:
        ErpError: it cannot be read.
    """

    def __init__(self, service: ErpService, monotonic: Callable[[], float]) -> None:
        self._service = service
        self._workers = SingleFlight(lambda: service.jtl.workers(), monotonic)
        self._connections = SingleFlight(lambda: service.superoffice.connections(), monotonic)
        self._engine = SingleFlight(lambda: service.superoffice.engine_status(), monotonic)
        self._extensions = SingleFlight(self._all_extensions, monotonic)

    async def sync(self, sync_id: str, since: float) -> WorkerSync | None:
        return by_id(await self._workers.answer(since), sync_id)

    async def named(self, row: TargetRow | None, since: float) -> TargetRow | None:
        """The row with its name: the name of a sync is in another response than its status.

        If that cannot be read, the name stays unknown; the identifier decides.
        """
        if not isinstance(row, WorkerStatus):
            return row
        try:
            return replace(row, sync=await self.sync(row.id, since))
        except ErpError:
            return row

    async def status(self, sync_id: str) -> WorkerStatus | None:
        """The status of a sync; None if it reports none."""
        try:
            return by_id(await self._service.jtl.worker_status(sync_id), sync_id)
        except NotFound as error:
            if not error.sent:
                raise
            return None

    async def extension(self, id_: str, since: float) -> Extension | None:
        """By the single call, or from the list: 404 may mean that the call or the row is missing."""
        try:
            return await self._service.jtl.extension(id_)
        except (NotFound, NotOffered) as error:
            if not error.sent:
                raise
        return by_id(await self._extensions.answer(since), id_)

    async def extensions(self, since: float) -> tuple[Extension, ...]:
        return await self._extensions.answer(since)

    async def engine(self, since: float) -> EngineStatus:
        return await self._engine.answer(since)

    async def connection(self, number: int, since: float) -> Connection | None:
        return by_id(await self.connections(since), str(number))

    async def connections(self, since: float) -> tuple[Connection, ...]:
        return await self._connections.answer(since)

    async def _all_extensions(self) -> tuple[Extension, ...]:
        return tuple([item async for page in self._service.jtl.extensions() for item in page.items])
