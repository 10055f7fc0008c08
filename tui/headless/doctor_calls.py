"""`doctor` asks one system: every read call once, then the quickest again for its latency.

The first call goes alone: what it fails with (no connection, no login) the others would repeat.
Invariant: nothing takes longer than its own limit, whatever the server does; no write is sent.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tui.api.errors import (
    CredentialFailed,
    ErpError,
    Forbidden,
    NotAuthorised,
    TimedOut,
    TlsFailed,
    Unreachable,
)
from tui.domain.doctor import Check, Trouble, fail, ok, skipped
from tui.domain.systems import System
from tui.headless.doctor_reads import NOTHING, Call, Came
from tui.headless.exitcodes import SystemState, state_of
from tui.store.snapshot import Topic

CALL_SECONDS = 5.5
"""For one call, with the login that it may need."""
_READS = 3
"""How many the latency is taken from."""
_ENOUGH = 2.0
"""Seconds after which the latency is taken from those that are done."""
_NO_LOGIN = (NotAuthorised, CredentialFailed)
_TROUBLES = {
    SystemState.UNREACHABLE: Trouble.UNREACHABLE,
    SystemState.UNAUTHORISED: Trouble.UNAUTHORISED,
    SystemState.BAD_ANSWER: Trouble.BAD_ANSWER,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a call went."""

    call: Call
    seconds: float = 0.0
    came: Came = NOTHING
    error: ErpError | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """How one system answered."""

    asked: tuple[Asked, ...]
    left: tuple[Call, ...]
    """Not asked, because the first one failed in a way that they would share."""
    seconds: tuple[float, ...]
    """What reads took on a connection that was open."""


async def examine(calls: Sequence[Call], system: System) -> Findings:
    """Ask all of `calls`, and measure."""
    first = await _ask(calls[0], system)
    if first.error is not None and _stands_for_all(first.error):
        return Findings((first,), tuple(calls[1:]), ())
    others = await asyncio.gather(*(_ask(call, system) for call in calls[1:]))
    answered = [one for one in (first, *others) if one.error is None]
    if not answered:
        return Findings((first, *others), (), ())
    quickest = min(answered, key=lambda one: one.seconds)
    return Findings((first, *others), (), await _measured(quickest.call))


async def _ask(call: Call, system: System) -> Asked:
    began = time.monotonic()
    try:
        async with asyncio.timeout(CALL_SECONDS):
            came = await call.ask()
    except TimeoutError:
        why = TimedOut(
            system=system,
            sentence=f"no answer within {CALL_SECONDS:g} s",
            next_step="Check the server's load and the network",
        )
        return Asked(call, error=why)
    except ErpError as error:
        return Asked(call, error=error)
    return Asked(call, time.monotonic() - began, came)


async def _measured(call: Call) -> tuple[float, ...]:
    """Ask one after the other; those that are done in time count."""
    done: list[float] = []
    try:
        async with asyncio.timeout(_ENOUGH):
            while len(done) < _READS:
                began = time.monotonic()
                await call.ask()
                done.append(time.monotonic() - began)
    except (TimeoutError, ErpError):
        pass
    return tuple(done)


def _stands_for_all(error: ErpError) -> bool:
    return isinstance(error, (*_NO_LOGIN, Unreachable, TimedOut, TlsFailed))


def call_checks(findings: Findings) -> tuple[Check, ...]:
    """The login, each call, and what was not asked."""
    first, error = findings.asked[0].call.name, findings.asked[0].error
    why = "the login failed" if isinstance(error, _NO_LOGIN) else f"{first} was not answered"
    return (
        _login(findings.asked),
        *(_check(one) for one in findings.asked),
        *(skipped(call.name, f"not asked: {why}") for call in findings.left),
    )


def _login(asked: Sequence[Asked]) -> Check:
    """A call that was answered, or refused for its scope, was let in."""
    refused = next((one.error for one in asked if isinstance(one.error, _NO_LOGIN)), None)
    if refused is not None:
        return fail("login", refused.sentence, refused.next_step, Trouble.UNAUTHORISED)
    if any(one.error is None or isinstance(one.error, Forbidden) for one in asked):
        return ok("login", "accepted")
    return skipped("login", "not tested: no call was answered as it should be")


def _check(asked: Asked) -> Check:
    if isinstance(asked.error, _NO_LOGIN):
        return skipped(asked.call.name, "not answered: the login failed")
    if asked.error is not None:
        trouble = _TROUBLES.get(state_of(asked.error), Trouble.ATTENTION)
        return fail(asked.call.name, asked.error.sentence, asked.error.next_step, trouble)
    return ok(asked.call.name, f"{asked.seconds * 1000:.0f} ms, {asked.came.words}")


def doubts(findings: Findings) -> tuple[Check, ...]:
    """What is odd about what came."""
    return tuple(one.came.doubt for one in findings.asked if one.came.doubt is not None)


def pages(findings: Findings) -> dict[Topic, int]:
    """Requests that one poll takes, by topic."""
    return {one.call.topic: one.came.pages for one in findings.asked}
