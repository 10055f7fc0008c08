"""Reads a service once, everything at the same time. A part that fails leaves the others intact."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from tui.api.errors import ErpError
from tui.api.service import ErpService
from tui.domain.health.server_times import clock_meant
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker, WorkerStatus, WorkerSync, join
from tui.domain.profile import System
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.timestamps import by_server
from tui.frozen import frozen
from tui.headless import exit_codes as exitcodes
from tui.headless.deadline import in_time
from tui.headless.report import SystemAnswer

T = TypeVar("T")
N = TypeVar("N")
T_co = TypeVar("T_co", covariant=True)
Clock = Callable[[], datetime]


@frozen
class ReadResult(Generic[T_co]):
    """The response to one read; partial where pages arrived before the failure."""

    data: T_co
    error: ErpError | None = None
    at: datetime | None = None
    took_s: float | None = None
    """Seconds until the response, the login included; None: it failed."""


async def read(
    system: System, question: Callable[[], Coroutine[Any, Any, T]], nothing: N, clock: Clock
) -> ReadResult[T | N]:
    """Make one call; a failure becomes an answer with `nothing`."""
    began = time.monotonic()
    try:
        data = await in_time(system, question())
        return ReadResult(data, at=clock(), took_s=time.monotonic() - began)
    except ErpError as error:
        return ReadResult(nothing, error)


async def read_worker_lists(
    service: ErpService, clock: Clock
) -> tuple[ReadResult[tuple[WorkerSync, ...]], ReadResult[tuple[WorkerStatus, ...]]]:
    return await asyncio.gather(
        read(System.JTL, lambda: service.jtl.workers(), (), clock),
        read(System.JTL, lambda: service.jtl.worker_status(), (), clock),
    )


async def read_workers(
    service: ErpService, clock: Clock
) -> tuple[tuple[Worker, ...], tuple[ReadResult[object], ...]]:
    """The syncs joined with their status, and the two answers."""
    syncs, statuses = await read_worker_lists(service, clock)
    return join(syncs.data, statuses.data), (syncs, statuses)


async def read_extensions(service: ErpService, clock: Clock) -> ReadResult[tuple[Extension, ...]]:
    """Every page; pages that arrived before a failure are kept."""
    found: list[Extension] = []
    error: ErpError | None = None

    async def collect() -> None:
        async for page in service.jtl.extensions():
            found.extend(page.items)

    try:
        await in_time(System.JTL, collect())
    except ErpError as failure:
        error = failure
    return ReadResult(tuple(found), error, clock() if found or error is None else None)


async def read_engine(service: ErpService, clock: Clock) -> ReadResult[EngineStatus | None]:
    return await read(System.SUPEROFFICE, lambda: service.superoffice.engine_status(), None, clock)


async def read_connections(service: ErpService, clock: Clock) -> ReadResult[tuple[Connection, ...]]:
    """The connections that are not deleted."""
    return await read(System.SUPEROFFICE, lambda: service.superoffice.connections(), (), clock)


def summed(answers: Sequence[ReadResult[object]]) -> SystemAnswer:
    """How a system responded, from all its answers: the worst failure decides its state."""
    errors = tuple(answer.error for answer in answers if answer.error is not None)
    times = [answer.at for answer in answers if answer.at is not None]
    return SystemAnswer(exitcodes.state_of(exitcodes.gravest(errors)), errors, max(times, default=None))


def clock_of(service: ErpService, system: System) -> str:
    """Whose clock `server_now` uses, as text."""
    return clock_meant(service.clock_offset(system))


def server_now(service: ErpService, system: System, clock: Clock) -> datetime:
    """The time by the server's clock, so that ages are right where our clock is wrong."""
    return by_server(clock(), service.clock_offset(system))
