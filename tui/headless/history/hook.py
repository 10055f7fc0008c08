"""`watch --exec`: runs a program for each change, one at a time, without a shell.

It gets the change as one JSON object on stdin, our environment without the secrets of the config, and
10 s. Its output goes where ours goes, but never to our stdout: there are the changes.
"""

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections import deque
from collections.abc import Collection, Sequence
from contextlib import suppress

from tui.child_environment import environment
from tui.domain.text import cited
from tui.headless.output import say

DEADLINE = 10.0
"""Seconds that the program may take for one change."""
_MOST_WAITING = 1_000
"""Changes that wait for the program; older ones are given up and counted."""
_ERRORS = 2


class Hook:
    def __init__(self, argv: Sequence[str], hidden: Collection[str], deadline: float = DEADLINE) -> None:
        self._argv, self._hidden, self._deadline = argv, hidden, deadline
        self._waiting: deque[str] = deque()
        self._working: asyncio.Task[None] | None = None
        self._lost = 0

    def put(self, text: str) -> None:
        """Have it run for one JSON object, after those before. Never blocks."""
        if len(self._waiting) >= _MOST_WAITING:
            self._waiting.popleft()
            self._lost += 1
        self._waiting.append(text)
        if self._working is None or self._working.done():
            self._working = asyncio.ensure_future(self._work())

    async def settled(self) -> None:
        """Wait until it has run for every change."""
        if self._working is not None:
            await self._working

    async def aclose(self) -> None:
        """End the running program, and give up what waits."""
        self._waiting.clear()
        if self._working is not None:
            self._working.cancel()
            with suppress(asyncio.CancelledError):
                await self._working

    async def _work(self) -> None:
        while self._waiting:
            trouble = await self._run(self._waiting.popleft())
            if self._lost:
                trouble = f"{trouble or 'is too slow'}; {self._lost} changes were not passed to it"
                self._lost = 0
            if trouble:
                say(f"{cited(self._argv[0])} {trouble}")

    async def _run(self, text: str) -> str:
        """What went wrong, or empty."""
        try:
            running = await create_subprocess_exec(
                *self._argv,
                stdin=PIPE,
                stdout=_ERRORS,
                env=environment(self._hidden),
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return f"did not start: {getattr(error, 'strerror', None) or 'it cannot be executed'}"
        try:
            async with asyncio.timeout(self._deadline):
                await running.communicate(f"{text}\n".encode())
        except TimeoutError:
            return f"was ended: it took longer than {self._deadline:g} s"
        finally:
            await _end(running)
        return f"ended with {running.returncode}" if running.returncode else ""


async def _end(running: Process) -> None:
    """It and its children, if it still runs."""
    if running.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        await running.wait()
