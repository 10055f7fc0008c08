"""Reads a service once, everything at the same time. A part that fails leaves the others intact."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from tui.api.errors import ErpError
from tui.api.service import ErpService
from tui.domain.health.server_times import clock_meant
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker, join
from tui.domain.profile import System
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.timestamps import by_server
from tui.headless import exit_codes as exitcodes
from tui.headless.report import SystemAnswer

T = TypeVar("T")
N = TypeVar("N")
T_co = TypeVar("T_co", covariant=True)
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class ReadResult(Generic[T_co]):
    """The response to one read; partial where pages arrived before the failure."""

    data: T_co
    error: ErpError | None = None
    at: datetime | None = None


async def read(question: Callable[[], Awaitable[T]], nothing: N, clock: Clock) -> ReadResult[T | N]:
    """Make one call; a failure becomes an answer with `nothing`."""
    try:
        return ReadResult(await question(), at=clock())
    except ErpError as error:
        return ReadResult(nothing, error)


async def read_workers(
    service: ErpService, clock: Clock
) -> tuple[tuple[Worker, ...], tuple[ReadResult[object], ...]]:
    """The syncs joined with their status, and the two answers."""
    syncs, statuses = await asyncio.gather(
        read(lambda: service.jtl.workers(), (), clock),
        read(lambda: service.jtl.worker_status(), (), clock),
    )
    return join(syncs.data, statuses.data), (syncs, statuses)


async def read_extensions(service: ErpService, clock: Clock) -> ReadResult[tuple[Extension, ...]]:
    """Every page; pages that arrived before a failure are kept."""
    found: list[Extension] = []
    error: ErpError | None = None
    try:
        async for page in service.jtl.extensions():
            found += page.items
    except ErpError as failure:
        error = failure
    return ReadResult(tuple(found), error, clock() if found or error is None else None)


async def read_engine(service: ErpService, clock: Clock) -> ReadResult[EngineStatus | None]:
    return await read(lambda: service.superoffice.engine_status(), None, clock)


async def read_connections(service: ErpService, clock: Clock) -> ReadResult[tuple[Connection, ...]]:
    """The connections that are not deleted."""
    return await read(lambda: service.superoffice.connections(), (), clock)


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
