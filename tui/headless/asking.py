"""Asks a service once, everything at the same time. A part that fails leaves the others whole."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from tui.api.errors import ErpError
from tui.api.service import ErpService
from tui.domain.engine import Connection, EngineStatus
from tui.domain.extensions import Extension
from tui.domain.moments import by_server
from tui.domain.systems import System
from tui.domain.times import clock_meant
from tui.domain.workers import Worker, join
from tui.headless import exitcodes
from tui.headless.report import SystemAnswer

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Answer(Generic[T_co]):
    """What came of one question; partial where pages came before the failure."""

    data: T_co
    error: ErpError | None = None
    at: datetime | None = None


async def ask(question: Awaitable[T], nothing: T, clock: Clock) -> Answer[T]:
    """Await one call; a failure is an answer with `nothing`."""
    try:
        return Answer(await question, at=clock())
    except ErpError as error:
        return Answer(nothing, error)


async def ask_workers(
    service: ErpService, clock: Clock
) -> tuple[tuple[Worker, ...], tuple[Answer[object], ...]]:
    """The syncs joined with their status, and the two answers."""
    syncs, statuses = await asyncio.gather(
        ask(service.workers(), (), clock), ask(service.worker_status(), (), clock)
    )
    return join(syncs.data, statuses.data), (syncs, statuses)


async def ask_extensions(service: ErpService, clock: Clock) -> Answer[tuple[Extension, ...]]:
    """Every page; those that came before a failure are kept."""
    found: list[Extension] = []
    error: ErpError | None = None
    try:
        async for page in service.extensions():
            found += page.items
    except ErpError as failure:
        error = failure
    return Answer(tuple(found), error, clock() if found or error is None else None)


async def ask_engine(service: ErpService, clock: Clock) -> Answer[EngineStatus | None]:
    """The engine's status, or None."""
    return await ask(service.engine_status(), None, clock)


async def ask_connections(service: ErpService, clock: Clock) -> Answer[tuple[Connection, ...]]:
    """The connections that are not deleted."""
    return await ask(service.connections(), (), clock)


def summed(answers: Sequence[Answer[object]]) -> SystemAnswer:
    """How a system answered, from its answers: the gravest failure says its state."""
    errors = tuple(answer.error for answer in answers if answer.error is not None)
    times = [answer.at for answer in answers if answer.at is not None]
    return SystemAnswer(exitcodes.state_of(exitcodes.gravest(errors)), errors, max(times, default=None))


def clock_of(service: ErpService, system: System) -> str:
    """Whose clock `server_now` is, in words."""
    return clock_meant(service.clock_offset(system))


def server_now(service: ErpService, system: System, clock: Clock) -> datetime:
    """The time by the server's clock, so that ages are right where ours is off."""
    return by_server(clock(), service.clock_offset(system))
