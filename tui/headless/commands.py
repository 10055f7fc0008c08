"""Runs a one-shot command: asks, writes, and says the exit code. Loads no Textual.

SIGINT and SIGTERM end it at once with 128 + n and without a traceback.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from tui.headless import lists, output
from tui.headless.asking import Clock
from tui.headless.overview import status
from tui.headless.report import Report
from tui.wiring import Line

T = TypeVar("T")

COMMANDS: Mapping[str, Callable[[Line, Clock], Awaitable[Report]]] = {
    "status": status,
    "workers": lists.workers,
    "extensions": lists.extensions,
    "engine": lists.engine,
    "connections": lists.connections,
}


def run(command: str, make_line: Callable[[], Line], *, as_json: bool) -> int:
    """Ask what `command` is about, write it, return the exit code.

    Raises:
        tui.config.file.ConfigError: from `make_line`; nothing was asked.
        OSError: the output could not be written.
    """
    profile = make_line()
    report, number = _in_own_loop(_interruptible(COMMANDS[command], profile))
    for warning in (*profile.warnings, *profile.service.warnings):
        print(f"syncdeck: {warning}", file=sys.stderr)
    if report is None:
        return 128 + number
    _write(report, as_json=as_json)
    return report.exit_code


def _in_own_loop(work: Coroutine[object, object, T]) -> T:
    """Run `work`; unlike `asyncio.run` not waiting for threads that still look up a name."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


async def _interruptible(
    ask: Callable[[Line, Clock], Awaitable[Report]], profile: Line
) -> tuple[Report | None, int]:
    """The report, or None and the signal that came first."""
    loop = asyncio.get_running_loop()
    caught: list[int] = []
    task = asyncio.ensure_future(ask(profile, lambda: datetime.now(UTC)))

    def end(number: int) -> None:
        caught.append(number)
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end, number)
    try:
        return await task, 0
    except asyncio.CancelledError:
        return None, caught[0] if caught else signal.SIGINT
    finally:
        await profile.service.aclose()


def _write(report: Report, *, as_json: bool) -> None:
    text = output.as_json(report) if as_json else output.as_text(report, output.screen_width())
    print(text, flush=True)
    with contextlib.suppress(OSError):
        for text in output.diagnostics(report):
            print(text, file=sys.stderr)
