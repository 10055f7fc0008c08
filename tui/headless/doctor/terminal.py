"""Reads the environment, the controlling terminal and tmux for `doctor`."""

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE, create_subprocess_exec
from collections.abc import Collection, Mapping
from contextlib import suppress

from tui.child_environment import environment
from tui.domain.checks.terminal_checks import TerminalFacts
from tui.domain.terminal import DEVICE
from tui.startup.encoding import operator_environment

_TMUX_OPTIONS = ("escape-time", "set-clipboard", "allow-passthrough")
_TMUX_SECONDS = 2.0


async def terminal_facts(hidden: Collection[str]) -> TerminalFacts:
    """Read everything; runs tmux only inside tmux, without the variables in `hidden`."""
    tmux = await _tmux(environment(hidden)) if os.environ.get("TMUX") else None
    return TerminalFacts(dict(operator_environment()), _size(), tmux)


def _size() -> tuple[int, int] | None:
    """Columns and lines of the controlling terminal; None if there is none."""
    try:
        handle = os.open(DEVICE, os.O_RDONLY | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        columns, lines = os.get_terminal_size(handle)
    except OSError:
        return None
    finally:
        os.close(handle)
    return columns, lines


async def _tmux(environment: Mapping[str, str]) -> Mapping[str, str] | None:
    answers = await asyncio.gather(*(_tmux_option(name, environment) for name in _TMUX_OPTIONS))
    known = {name: text for name, text in zip(_TMUX_OPTIONS, answers, strict=True) if text is not None}
    return known or None


async def _tmux_option(name: str, environment: Mapping[str, str]) -> str | None:
    """The option's value; None if tmux does not have it, or does not respond."""
    try:
        asked = await create_subprocess_exec(
            *("tmux", "show-options", "-gv", name),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=DEVNULL,
            env=environment,
            start_new_session=True,
        )
    except OSError:
        return None
    try:
        async with asyncio.timeout(_TMUX_SECONDS):
            output, _ = await asked.communicate()
    except TimeoutError:
        with suppress(ProcessLookupError):
            asked.kill()
        await asked.wait()
        return None
    return output.decode(errors="replace").strip() if asked.returncode == 0 else None
