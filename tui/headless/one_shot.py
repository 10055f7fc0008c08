"""Runs a one-shot command: reads, prints, and returns the exit code. Loads no Textual.

SIGINT and SIGTERM end it at once with 128 + n and without a traceback.
"""

import contextlib
import sys
from collections.abc import Awaitable, Callable, Mapping

from tui.core import ServiceHandle
from tui.domain.elapsed import utc_now
from tui.headless import output
from tui.headless.deadline import time_limit
from tui.headless.event_loop import own_loop
from tui.headless.fetch import Clock
from tui.headless.report import Report
from tui.headless.reports import lists
from tui.headless.reports.status import status

COMMANDS: Mapping[str, Callable[[ServiceHandle, Clock], Awaitable[Report]]] = {
    "status": status,
    "workers": lists.workers,
    "extensions": lists.extensions,
    "engine": lists.engine,
    "connections": lists.connections,
    "log": lists.log,
}


def run(
    command: str,
    make_line: Callable[[], ServiceHandle],
    *,
    as_json: bool,
    timeout: float | None = None,
) -> int:
    """Read what `command` needs, print it, return the exit code. `timeout`: seconds for all requests.

    Raises: tui.config.file.ConfigError: from `make_line`; nothing was requested. OSError: the output
    could not be written.
    """
    profile = make_line()
    with own_loop() as loop:
        report, number = loop.run(asked(COMMANDS[command], profile, timeout))
    for warning in (*profile.warnings, *profile.service.warnings):
        print(f"syncdeck: {warning}", file=sys.stderr)
    if report is None:
        return 128 + number
    _write(report, as_json=as_json)
    return report.exit_code


async def asked(
    ask: Callable[[ServiceHandle, Clock], Awaitable[Report]],
    profile: ServiceHandle,
    timeout_s: float | None,
) -> Report:
    """The report of a profile, whose service is closed then."""
    try:
        with time_limit(timeout_s):
            return await ask(profile, utc_now)
    finally:
        await profile.service.aclose()


def _write(report: Report, *, as_json: bool) -> None:
    text = output.as_json(report) if as_json else output.as_text(report, output.screen_width())
    print(text, flush=True)
    with contextlib.suppress(OSError):
        for text in output.diagnostics(report):
            print(text, file=sys.stderr)
