"""Programs that print a secret: without a shell, and without the secrets of our own environment.

Unattended, such a program has its own session, no input, and at most 10 s. At the terminal it may
prompt there, without a time limit; the caller has released the terminal before.

Invariants: reads no more bytes than a secret may have; the output is complete once the program itself
ended, even if a child of it keeps the pipe open.
"""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, Process, create_subprocess_exec
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Any

from tui.child_environment import environment
from tui.domain.terminal import DEVICE

DEADLINE = 10.0
"""Seconds that an unattended program may take."""
MOST_BYTES = 65_536
"""Maximum bytes of a secret."""
_LAST_WAIT = 0.2
"""Seconds that a killed program may still take."""


async def printed(argv: Sequence[str], hidden: Collection[str]) -> bytes:
    """The output of an unattended program.

    Raises Unresolved: it did not start, failed, took too long, or printed too much.
    """
    streams = {"stdin": DEVNULL, "stderr": DEVNULL, "start_new_session": True}
    try:
        async with asyncio.timeout(DEADLINE):
            code, output = await _run(argv, hidden, os.killpg, **streams)
    except TimeoutError:
        raise Unresolved(
            f"printed nothing within {DEADLINE:.0f} s", "Run it by hand: it must not prompt"
        ) from None
    _check(code, "Run it by hand to see why")
    return output


async def printed_at_terminal(argv: Sequence[str], hidden: Collection[str]) -> bytes:
    """The output of a program that may prompt at the terminal; ctrl+c there ends it.

    Raises Unresolved: there is no terminal, or the program did not start, failed, or printed too much.
    """
    try:
        terminal = os.open(DEVICE, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        raise Unresolved("needs a terminal, and there is none", "Start syncdeck in one") from None
    try:
        # It is in our own process group: kill only the program itself.
        code, output = await _run(argv, hidden, os.kill, stdin=terminal, stderr=terminal)
    finally:
        os.close(terminal)
    _check(code, "It printed the reason on the terminal; try again")
    return output


async def _run(
    argv: Sequence[str], hidden: Collection[str], kill: Callable[[int, int], None], **streams: Any
) -> tuple[int, bytes]:
    """Its exit code and its output; `kill` ends it once nobody waits for it."""
    source, sink = os.pipe()
    try:
        starting = asyncio.ensure_future(_started(argv, hidden, sink, **streams))
        try:
            running = await asyncio.shield(starting)
        except asyncio.CancelledError:
            # It may have children by now, and asyncio would kill the program alone.
            with suppress(Unresolved):
                await _end(await starting, kill)
            raise
        try:
            output = await _collected(running, source)
        finally:
            await _end(running, kill)
    finally:
        os.close(source)
    return running.returncode or 0, output


async def _started(argv: Sequence[str], hidden: Collection[str], sink: int, **streams: Any) -> Process:
    """`sink` is the write end for its output, and is closed here."""
    try:
        return await create_subprocess_exec(*argv, stdout=sink, env=environment(hidden), **streams)
    except (OSError, ValueError, TypeError) as error:
        why = (getattr(error, "strerror", None) or "it cannot be executed").lower()
        step = "Check the program's name and path"
        if len(argv) == 1 and len(argv[0].split()) > 1:
            step = 'There is no shell: write each argument separately, ["program", "argument"]'
        raise Unresolved(f"did not start: {why}", step) from None
    finally:
        os.close(sink)


async def _collected(running: Process, source: int) -> bytes:
    """The program's output until its end, up to the limit."""
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
    # Its last output may still be in the pipe.
    read()
    if len(content) > MOST_BYTES:
        raise Unresolved(f"printed more than {MOST_BYTES // 1024} kB", "It must print only the secret")
    return bytes(content)


def _check(code: int, step: str) -> None:
    if code == -signal.SIGINT:
        raise Unresolved("was interrupted", "Try again")
    if code:
        how = f"exit code {code}" if code > 0 else f"signal {-code}"
        raise Unresolved(f"ended with {how}", step)


async def _end(command: Process, kill: Callable[[int, int], None]) -> None:
    """Kill a running program and wait for its end; children of a program that ended stay."""
    if command.returncode is not None:
        return
    with suppress(ProcessLookupError, PermissionError):
        kill(command.pid, signal.SIGKILL)
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WAIT):
            await command.wait()


class Unresolved(Exception):
    """The rest of a sentence after the reference's name, and the next step."""

    def __init__(self, why: str, next_step: str) -> None:
        super().__init__(why)
        self.next_step = next_step
