"""Programs that print a secret: without a shell, and without the secrets of our own environment.

On its own such a program has its own session, no input, and at most 10 s. At the terminal it may ask
for what it needs there, and takes as long as the operator does; whoever starts it so has given the
terminal away before.

Invariants: no more is read than a secret may be long; the output is complete once the program itself
ended, whatever it left behind keeps open.
"""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, Process, create_subprocess_exec
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Any

from tui.api.unresolved import Unresolved
from tui.children import environment
from tui.domain.terminal import DEVICE

DEADLINE = 10.0
"""Seconds that a program on its own may take."""
MOST_BYTES = 65_536
"""Bytes of a secret at most."""
_LAST_WAIT = 0.2
"""Seconds that a killed program may still take."""


async def printed(argv: Sequence[str], withheld: Collection[str]) -> bytes:
    """What the program prints on its own.

    Raises:
        Unresolved: it did not start, failed, took too long, or printed too much.
    """
    streams = {"stdin": DEVNULL, "stderr": DEVNULL, "start_new_session": True}
    try:
        async with asyncio.timeout(DEADLINE):
            code, output = await _run(argv, withheld, os.killpg, **streams)
    except TimeoutError:
        raise Unresolved(
            f"gave nothing within {DEADLINE:.0f} s", "Run it by hand: it must not ask for anything"
        ) from None
    _check(code, "Run it by hand to see why")
    return output


async def printed_at_terminal(argv: Sequence[str], withheld: Collection[str]) -> bytes:
    """What the program prints where it may ask at the terminal; ctrl+c there ends it.

    Raises:
        Unresolved: there is no terminal, or the program did not start, failed, or printed too much.
    """
    try:
        terminal = os.open(DEVICE, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        raise Unresolved("needs a terminal, and there is none", "Start syncdeck at one") from None
    try:
        # It is in our own process group: it alone may be killed.
        code, output = await _run(argv, withheld, os.kill, stdin=terminal, stderr=terminal)
    finally:
        os.close(terminal)
    _check(code, "It said why on the terminal; try again")
    return output


async def _run(
    argv: Sequence[str], withheld: Collection[str], kill: Callable[[int, int], None], **streams: Any
) -> tuple[int, bytes]:
    """Its exit code and its output; `kill` ends it where it is not waited for any longer."""
    source, sink = os.pipe()
    try:
        running = await _started(argv, withheld, sink, **streams)
        try:
            output = await _collected(running, source)
        finally:
            await _end(running, kill)
    finally:
        os.close(source)
    return running.returncode or 0, output


async def _started(argv: Sequence[str], withheld: Collection[str], sink: int, **streams: Any) -> Process:
    """`sink` is its output, and is closed here."""
    try:
        return await create_subprocess_exec(*argv, stdout=sink, env=environment(withheld), **streams)
    except (OSError, ValueError, TypeError) as error:
        why = (getattr(error, "strerror", None) or "it cannot be run").lower()
        step = "Check the program's name and path"
        if len(argv) == 1 and len(argv[0].split()) > 1:
            step = 'There is no shell: write each argument apart, ["program", "argument"]'
        raise Unresolved(f"did not start: {why}", step) from None
    finally:
        os.close(sink)


async def _collected(running: Process, source: int) -> bytes:
    """What the program printed until it ended, as far as it is not too much."""
    loop, content, ended = asyncio.get_running_loop(), bytearray(), asyncio.Event()
    os.set_blocking(source, False)

    def read() -> None:
        with suppress(BlockingIOError):
            while len(content) <= MOST_BYTES:
                chunk = os.read(source, MOST_BYTES)
                if not chunk:
                    loop.remove_reader(source)
                    return
                content.extend(chunk)
            ended.set()

    waiting = asyncio.ensure_future(running.wait())
    waiting.add_done_callback(lambda _: ended.set())
    loop.add_reader(source, read)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(source)
        waiting.cancel()
    # What it printed right before its end may still be in the pipe.
    read()
    if len(content) > MOST_BYTES:
        raise Unresolved(f"printed more than {MOST_BYTES // 1024} kB", "It must print the secret alone")
    return bytes(content)


def _check(code: int, step: str) -> None:
    if code == -signal.SIGINT:
        raise Unresolved("was interrupted", "Try again")
    if code:
        how = f"exit code {code}" if code > 0 else f"signal {-code}"
        raise Unresolved(f"ended with {how}", step)


async def _end(command: Process, kill: Callable[[int, int], None]) -> None:
    """Kill what still runs; it is gone when this returns. What it left behind by its own end stays."""
    if command.returncode is not None:
        return
    with suppress(ProcessLookupError, PermissionError):
        kill(command.pid, signal.SIGKILL)
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WAIT):
            await command.wait()
