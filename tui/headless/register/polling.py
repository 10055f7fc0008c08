"""Polls until somebody in JTL-Wawi has decided; JTL's own clients poll every 5 s (jtl PROTOCOL §4.2).

Invariant: the key is reported only once, so a signal waits for a running response, and `keep` is called
before anything else can happen.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tui.api.errors import BadAnswer, ErpError, ServerFailed, Throttled, TimedOut, Unreachable
from tui.api.registrar import Registrar, Verdict
from tui.domain.jtl.registration import Decision
from tui.frozen import frozen
from tui.headless.event_loop import seen_through, stop_if_ending
from tui.ops.pending_registration import Registration

if TYPE_CHECKING:
    from pydantic import SecretStr

EVERY = 5.0
"""Seconds between two polls."""
_MOST_NONSENSE = 3
"""Unreadable responses in a row before it gives up."""
_PASSING = (Unreachable, TimedOut, Throttled, ServerFailed)


@frozen
class Pace:
    """The clocks of the wait; tests pass their own."""

    patience: float
    """Seconds after which it gives up for now."""
    monotonic: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@frozen
class Waited:
    """The end of the wait: a verdict, an error, or neither in time."""

    verdict: Verdict | None = None
    error: ErpError | None = None


async def wait(
    registrar: Registrar,
    registration: Registration,
    keep: "Callable[[SecretStr], None]",
    say: Callable[[str], None],
    pace: Pace,
) -> Waited:
    """Poll until there is a decision; passes the key to `keep` at once, failures meanwhile to `say`."""
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
                say("it responds again, and nobody has decided yet")
            failure, nonsense = None, 0
        except ErpError as error:
            nonsense = nonsense + 1 if isinstance(error, BadAnswer) else 0
            if not isinstance(error, (*_PASSING, BadAnswer)) or nonsense >= _MOST_NONSENSE:
                return Waited(error=error)
            if failure is None or failure.sentence != error.sentence:
                say(f"{error.sentence}; trying again")
            failure = error
        if pace.monotonic() >= end:
            return Waited(error=failure)
        stop_if_ending()
        await pace.sleep(_pause(failure))


def _pause(failure: ErpError | None) -> float:
    asked = failure.retry_after if isinstance(failure, Throttled) else None
    return max(EVERY, asked or 0.0)
