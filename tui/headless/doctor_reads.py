"""The read calls that `doctor` tries: those that the console makes by itself, and what came in words."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil

from tui.api.service import ErpService
from tui.domain.attention import of_all_connections, of_all_syncs
from tui.domain.doctor import Check, warn
from tui.domain.extensions import ExtensionPage
from tui.domain.moments import by_server
from tui.domain.systems import System
from tui.domain.times import clock_meant, times_note
from tui.domain.workers import join
from tui.headless.lists import counted
from tui.store.snapshot import Topic


@dataclass(frozen=True, slots=True)
class Came:
    """What a call was answered with."""

    words: str
    pages: int = 1
    """Requests that the whole of it takes."""
    doubt: Check | None = None
    """What is odd about what came."""


NOTHING = Came("nothing")


@dataclass(frozen=True, slots=True)
class Call:
    """A read call."""

    name: str
    ask: Callable[[], Awaitable[Came]]
    topic: Topic
    """What the console asks it for."""


def calls_of(system: System, service: ErpService) -> tuple[Call, ...]:
    """All read calls that the console makes by itself."""
    if system is System.JTL:
        return (
            Call("GET /workers", lambda: _workers(service), Topic.WORKERS),
            Call("GET /workers/status", lambda: _status(service), Topic.STATUS),
            Call("GET /extensions", lambda: _extensions(service), Topic.EXTENSIONS),
        )
    return (
        Call("GetEngineStatus", lambda: _engine(service), Topic.ENGINE),
        Call("GetAllConnections", lambda: _connections(service), Topic.CONNECTIONS),
    )


async def _workers(service: ErpService) -> Came:
    found = join(await service.workers(), ())
    empty = of_all_syncs(found)
    remedy = "Check the scopes, the mandant in base_url, and that the worker was set up"
    doubt = warn("syncs", empty[0].reason, remedy) if empty else None
    return Came(counted(len(found), "sync"), doubt=doubt)


async def _status(service: ErpService) -> Came:
    found = join((), await service.worker_status())
    offset = service.clock_offset(System.JTL)
    note = times_note(found, by_server(datetime.now(UTC), offset), clock_meant(offset))
    remedy = "Check the clock and the time zone of the server that JTL-Wawi runs on"
    return Came(f"of {counted(len(found), 'sync')}", doubt=warn("times", note, remedy) if note else None)


async def _extensions(service: ErpService) -> Came:
    """The first page alone: it tells how many there are."""
    async for page in service.extensions():
        return _first(page)
    return NOTHING


def _first(page: ExtensionPage) -> Came:
    if page.last:
        return Came(counted(len(page.items), "extension"))
    if page.total_items is None or not page.items:
        return Came("several pages of extensions", 2)
    return Came(counted(page.total_items, "extension"), ceil(page.total_items / len(page.items)))


async def _engine(service: ErpService) -> Came:
    return Came(f"engine {(await service.engine_status()).word}")


async def _connections(service: ErpService) -> Came:
    found = await service.connections()
    empty = of_all_connections(found)
    remedy = "Check the rights of this login, and that the tenant is the one that is meant"
    doubt = warn("connections", empty[0].reason, remedy) if empty else None
    return Came(counted(len(found), "connection"), doubt=doubt)
