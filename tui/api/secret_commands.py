"""Programs that print a secret: without a shell, and without the secrets of our own environment.

On its own such a program has its own session, no input, and at most 10 s. At the terminal it may ask
for what it needs there, and takes as long as the operator does; whoever starts it so has given the
terminal away before.
"""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process, create_subprocess_exec
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

from tui.api.unresolved import Unresolved
from tui.children import environment
from tui.domain.terminal import DEVICE

DEADLINE = 10.0
"""Seconds that a program on its own may take."""
_LAST_WAIT = 0.2
"""Seconds that a killed program may still take."""


async def printed(argv: Sequence[str], withheld: Collection[str]) -> bytes:
    """What the program prints on its own.

    Raises:
        Unresolved: it did not start, failed, or took too long.
    """
    running = await _started(argv, withheld, stdin=DEVNULL, stderr=DEVNULL, start_new_session=True)
    try:
        async with asyncio.timeout(DEADLINE):
            output, _ = await running.communicate()
    except TimeoutError:
        await _end(running)
        raise Unresolved(
            f"gave nothing within {DEADLINE:.0f} s", "Run it by hand: it must not ask for anything"
        ) from None
    except asyncio.CancelledError:
        await _end(running)
        raise
    return _outcome(running, output, "Run it by hand to see why")


async def printed_at_terminal(argv: Sequence[str], withheld: Collection[str]) -> bytes:
    """What the program prints where it may ask at the terminal; ctrl+c there ends it.

    Raises:
        Unresolved: there is no terminal, or the program did not start or failed.
    """
    try:
        terminal = os.open(DEVICE, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        raise Unresolved("needs a terminal, and there is none", "Start syncdeck at one") from None
    try:
        running = await _started(argv, withheld, stdin=terminal, stderr=terminal)
    finally:
        os.close(terminal)
    try:
        output, _ = await running.communicate()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            running.kill()
        raise
    return _outcome(running, output, "It said why on the terminal; try again")


async def _started(argv: Sequence[str], withheld: Collection[str], **streams: Any) -> Process:
    try:
        return await create_subprocess_exec(*argv, stdout=PIPE, env=environment(withheld), **streams)
    except (OSError, ValueError, TypeError) as error:
        why = (getattr(error, "strerror", None) or "it cannot be run").lower()
        raise Unresolved(f"did not start: {why}", "Check the program's name and path") from None


def _outcome(ended: Process, output: bytes, step: str) -> bytes:
    code = ended.returncode or 0
    if code == -signal.SIGINT:
        raise Unresolved("was interrupted", "Try again")
    if code:
        how = f"exit code {code}" if code > 0 else f"signal {-code}"
        raise Unresolved(f"ended with {how}", step)
    return output


async def _end(command: Process) -> None:
    """Kill the program and the children that it left in its session; it is gone when this returns."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(command.pid, signal.SIGKILL)
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WAIT):
            await command.wait()
