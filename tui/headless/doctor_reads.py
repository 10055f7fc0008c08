"""The read calls that `doctor` tries: those that the console makes by itself, and what came in words."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import ceil

from tui.api.service import ErpService
from tui.domain.extensions import ExtensionPage
from tui.domain.systems import System
from tui.headless.lists import counted
from tui.store.snapshot import Topic


@dataclass(frozen=True, slots=True)
class Came:
    """What a call was answered with."""

    words: str
    pages: int = 1
    """Requests that the whole of it takes."""


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
    return Came(counted(len(await service.workers()), "sync"))


async def _status(service: ErpService) -> Came:
    return Came(f"of {counted(len(await service.worker_status()), 'sync')}")


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
    return Came(counted(len(await service.connections()), "connection"))
