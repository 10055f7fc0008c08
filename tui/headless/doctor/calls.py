"""`doctor` checks one system's calls: every read once, then the fastest again to measure latency.

The first call runs alone: if it fails (no connection, no login), the others would fail the same way.
Invariant: nothing exceeds its own time limit, whatever the server does; no write is sent.
"""

import asyncio
import time
from collections.abc import Sequence

from tui.api.errors import (
    CredentialFailed,
    ErpError,
    Forbidden,
    NotAuthorised,
    TimedOut,
    TlsFailed,
    Unreachable,
)
from tui.domain.check import Check, Trouble, fail, ok, skipped
from tui.domain.profile import System
from tui.frozen import frozen
from tui.headless.deadline import in_time
from tui.headless.doctor.reads import NOTHING, Call, CallSummary
from tui.headless.exit_codes import SystemState, state_of
from tui.store.snapshot import Topic

CALL_SECONDS = 5.5
"""Seconds for one call, with the login that it may need."""
_READS = 3
"""Number of reads for the latency."""
_ENOUGH = 2.0
"""Seconds after which the latency uses only the finished reads."""
_NO_LOGIN = (NotAuthorised, CredentialFailed)
_STANDS_FOR_ALL = (*_NO_LOGIN, Unreachable, TimedOut, TlsFailed)
_TROUBLES = {
    SystemState.UNREACHABLE: Trouble.UNREACHABLE,
    SystemState.UNAUTHORISED: Trouble.UNAUTHORISED,
    SystemState.BAD_ANSWER: Trouble.BAD_ANSWER,
}


@frozen
class CallResult:
    call: Call
    seconds: float = 0.0
    response: CallSummary = NOTHING
    error: ErpError | None = None


@frozen
class Findings:
    asked: tuple[CallResult, ...]
    left: tuple[Call, ...]
    """Not sent, because the first one failed in a way that applies to them too."""
    seconds: tuple[float, ...]
    """Durations of reads on an open connection."""


async def examine(calls: Sequence[Call], system: System) -> Findings:
    """Send all of `calls`, and measure the latency."""
    first = await _ask(calls[0], system)
    if isinstance(first.error, _STANDS_FOR_ALL):
        return Findings((first,), tuple(calls[1:]), ())
    others = await asyncio.gather(*(_ask(call, system) for call in calls[1:]))
    answered = [one for one in (first, *others) if one.error is None]
    if not answered:
        return Findings((first, *others), (), ())
    quickest = min(answered, key=lambda one: one.seconds)
    return Findings((first, *others), (), await _measured(quickest.call, system))


async def _ask(call: Call, system: System) -> CallResult:
    began = time.monotonic()
    try:
        async with asyncio.timeout(CALL_SECONDS):
            came = await in_time(system, call.ask())
    except TimeoutError:
        why = TimedOut(
            system=system,
            sentence=f"no response within {CALL_SECONDS:g} s",
            next_step="Check the server's load and the network",
        )
        return CallResult(call, error=why)
    except ErpError as error:
        return CallResult(call, error=error)
    return CallResult(call, time.monotonic() - began, came)


async def _measured(call: Call, system: System) -> tuple[float, ...]:
    """Send one after the other; those that finish in time count."""
    done: list[float] = []
    try:
        async with asyncio.timeout(_ENOUGH):
            while len(done) < _READS:
                began = time.monotonic()
                await in_time(system, call.ask())
                done.append(time.monotonic() - began)
    except (TimeoutError, ErpError):
        pass
    return tuple(done)


def call_checks(findings: Findings) -> tuple[Check, ...]:
    first, error = findings.asked[0].call.name, findings.asked[0].error
    why = "the login failed" if isinstance(error, _NO_LOGIN) else f"{first} failed"
    return (
        _login(findings.asked),
        *(_check(one) for one in findings.asked),
        *(skipped(call.name, f"not requested: {why}") for call in findings.left),
    )


def _login(asked: Sequence[CallResult]) -> Check:
    """A call that succeeded, or was refused for its scope, proves the login."""
    refused = next((one.error for one in asked if isinstance(one.error, _NO_LOGIN)), None)
    if refused is not None:
        return fail("login", refused.sentence, refused.next_step, Trouble.UNAUTHORISED)
    if any(one.error is None or isinstance(one.error, Forbidden) for one in asked):
        return ok("login", "accepted")
    return skipped("login", "not tested: no call had a usable response")


def _check(asked: CallResult) -> Check:
    if isinstance(asked.error, _NO_LOGIN):
        return skipped(asked.call.name, "no response: the login failed")
    if asked.error is not None:
        trouble = _TROUBLES.get(state_of(asked.error), Trouble.ATTENTION)
        return fail(asked.call.name, asked.error.sentence, asked.error.next_step, trouble)
    return ok(asked.call.name, f"{asked.seconds * 1000:.0f} ms, {asked.response.words}")


def doubts(findings: Findings) -> tuple[Check, ...]:
    """Oddities in the responses."""
    return tuple(one.response.doubt for one in findings.asked if one.response.doubt is not None)


def pages(findings: Findings) -> dict[Topic, int]:
    """Requests that one poll needs, by topic."""
    return {one.call.topic: one.response.pages for one in findings.asked}
