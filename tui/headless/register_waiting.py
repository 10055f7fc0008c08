"""Waits until somebody in JTL-Wawi has decided; the clients of JTL ask every 5 s (jtl-erp-api §4.2).

Invariant: the key is told once, so an answer on its way is waited for when a signal comes, and `keep`
is called before anything else can happen.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.api.errors import BadAnswer, ErpError, ServerFailed, Throttled, TimedOut, Unreachable
from tui.api.registration import Registrar, Verdict
from tui.domain.registration import Decision
from tui.headless.loop import seen_through, stop_if_ending
from tui.ops.registration import Registration

if TYPE_CHECKING:
    from pydantic import SecretStr

EVERY = 5.0
"""Seconds between two questions."""
_MOST_NONSENSE = 3
"""Answers in a row that cannot be read until it is given up."""
_PASSING = (Unreachable, TimedOut, Throttled, ServerFailed)


@dataclass(frozen=True, slots=True)
class Pace:
    """The clocks of the waiting; tests hand in their own."""

    patience: float
    """Seconds until it is given up for now."""
    monotonic: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True, slots=True)
class Waited:
    """How the waiting ended: with a verdict, with an error, or with neither in time."""

    verdict: Verdict | None = None
    error: ErpError | None = None


async def wait(
    registrar: Registrar,
    registration: Registration,
    keep: "Callable[[SecretStr], None]",
    say: Callable[[str], None],
    pace: Pace,
) -> Waited:
    """Ask until there is a decision; `keep` gets the key at once, `say` what fails meanwhile."""
    end = pace.monotonic() + pace.patience
    failure: ErpError | None = None
    nonsense = 0
    while True:
        try:
            verdict = await seen_through(
                registrar.verdict(registration.request_id, registration.challenge)
            )
            if verdict.key is not None:
                keep(verdict.key)
            if verdict.decision is not Decision.PENDING:
                return Waited(verdict)
            if failure is not None:
                say("it answers again, and nobody has decided yet")
            failure, nonsense = None, 0
        except ErpError as error:
            nonsense = nonsense + 1 if isinstance(error, BadAnswer) else 0
            if not isinstance(error, (*_PASSING, BadAnswer)) or nonsense >= _MOST_NONSENSE:
                return Waited(error=error)
            if failure is None or failure.sentence != error.sentence:
                say(f"{error.sentence}; it is asked again")
            failure = error
        if pace.monotonic() >= end:
            return Waited(error=failure)
        stop_if_ending()
        await pace.sleep(_pause(failure))


def _pause(failure: ErpError | None) -> float:
    asked = failure.retry_after if isinstance(failure, Throttled) else None
    return max(EVERY, asked or 0.0)
