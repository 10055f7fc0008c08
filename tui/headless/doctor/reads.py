"""The reads that `doctor` tries: those that the console polls, with each response in words."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from math import ceil

from tui.api.service import ErpService
from tui.domain.check import Check, ok, warn
from tui.domain.health.attention import of_all_connections, of_all_syncs
from tui.domain.health.server_times import clock_meant, times_note
from tui.domain.jtl.extensions import ExtensionPage
from tui.domain.jtl.server_info import REMEDY, other_database
from tui.domain.jtl.workers import join
from tui.domain.profile import System
from tui.domain.text import counted
from tui.domain.timestamps import by_server
from tui.frozen import frozen
from tui.headless.doctor.target import DoctorTarget
from tui.store.snapshot import Topic


@frozen
class CallSummary:
    words: str
    pages: int = 1
    """Requests that all of its pages need."""
    doubt: Check | None = None
    """A check that warns of an oddity in the response."""


NOTHING = CallSummary("nothing")


@frozen
class Call:
    name: str
    ask: Callable[[], Awaitable[CallSummary]]
    topic: Topic


def calls_of(system: System, service: ErpService) -> tuple[Call, ...]:
    """All reads that the console polls."""
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


async def about_server(target: DoctorTarget, system: System) -> tuple[Check, ...]:
    """The build and the database of JTL-Wawi; nothing where it does not report them."""
    if system is not System.JTL or (info := await target.service.jtl.server_info()) is None:
        return ()
    other = other_database(info, target.probe.address(System.JTL))
    return (warn("server", f"{info.text}: {other}", REMEDY) if other else ok("server", info.text),)


async def _workers(service: ErpService) -> CallSummary:
    found = join(await service.jtl.workers(), ())
    empty = of_all_syncs(found)
    remedy = "Check the scopes, the mandant in base_url, and that the worker was set up"
    doubt = warn("syncs", empty[0].reason, remedy) if empty else None
    return CallSummary(counted(len(found), "sync"), doubt=doubt)


async def _status(service: ErpService) -> CallSummary:
    found = join((), await service.jtl.worker_status())
    offset = service.clock_offset(System.JTL)
    note = times_note(found, by_server(datetime.now(UTC), offset), clock_meant(offset))
    remedy = "Check the clock and the time zone of the server that JTL-Wawi runs on"
    return CallSummary(
        f"the status of {counted(len(found), 'sync')}",
        doubt=warn("times", note, remedy) if note else None,
    )


async def _extensions(service: ErpService) -> CallSummary:
    """Only the first page: it shows how many there are."""
    async for page in service.jtl.extensions():
        return _first(page)
    return NOTHING


def _first(page: ExtensionPage) -> CallSummary:
    if page.last:
        return CallSummary(counted(len(page.items), "extension"))
    if page.total_items is None or not page.items:
        return CallSummary("several pages of extensions", 2)
    return CallSummary(counted(page.total_items, "extension"), ceil(page.total_items / len(page.items)))


async def _engine(service: ErpService) -> CallSummary:
    return CallSummary(f"engine {(await service.superoffice.engine_status()).word}")


async def _connections(service: ErpService) -> CallSummary:
    found = await service.superoffice.connections()
    empty = of_all_connections(found)
    remedy = "Check the permissions of this login, and that it is the right tenant"
    doubt = warn("connections", empty[0].reason, remedy) if empty else None
    return CallSummary(counted(len(found), "connection"), doubt=doubt)
