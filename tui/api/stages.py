"""In which stage the calls of a command are, so that its deadline can say what was waited for.

A command opens `stages` around its calls; resolving a secret and sending a request note theirs.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from tui.domain.profile import System


class Stage(StrEnum):
    """In their order; the value follows `while`."""

    SECRET = "resolving the secret"  # noqa: S105 - words, and no secret
    CONNECTING = "connecting"
    LOGIN = "logging in"
    READING = "reading"


class Stages:
    """The stages that are open now."""

    def __init__(self) -> None:
        self.open: dict[object, tuple[System, Stage]] = {}

    def earliest(self, system: System) -> Stage:
        """The one that the system's other calls wait for."""
        order = list(Stage)
        found = [stage for of, stage in self.open.values() if of is system]
        return min(found, key=order.index, default=Stage.READING)


_noted: ContextVar[Stages | None] = ContextVar("stages", default=None)


@contextmanager
def stages() -> Iterator[Stages]:
    """Collect the stages of everything called inside, and by tasks begun inside."""
    found = Stages()
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)


@contextmanager
def at_stage(system: System, stage: Stage) -> Iterator[None]:
    """Note that a call is in this stage until the end of the block."""
    noted, mark = _noted.get(), object()
    if noted is not None:
        noted.open[mark] = system, stage
    try:
        yield
    finally:
        if noted is not None:
            noted.open.pop(mark, None)


def connection_trace(system: System) -> Callable[[str, object], Awaitable[None]] | None:
    """Follows a request (httpcore's `trace` extension) to note while it is connecting; None where
    nobody collects stages."""
    noted, mark = _noted.get(), object()
    if noted is None:
        return None

    async def trace(event: str, _info: object) -> None:
        if event.startswith("connection.") and event.endswith(".started"):
            noted.open[mark] = system, Stage.CONNECTING
        else:
            noted.open.pop(mark, None)

    return trace
