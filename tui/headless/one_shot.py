"""Runs a one-shot command: reads, prints, and returns the exit code. Loads no Textual.

SIGINT and SIGTERM end it at once with 128 + n and without a traceback.
"""

import contextlib
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from tui.core import ServiceHandle
from tui.domain.elapsed import utc_now
from tui.headless import output
from tui.headless.deadline import asked
from tui.headless.event_loop import OwnLoop
from tui.headless.fetch import Clock
from tui.headless.report import Report
from tui.headless.reports import lists
from tui.headless.reports.status import status

COMMANDS: Mapping[str, Callable[[ServiceHandle, Clock], Coroutine[Any, Any, Report]]] = {
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

    Raises tui.config.file.ConfigError: from `make_line`; nothing was requested. OSError: the output
    could not be written.
    """
    profile = make_line()
    with OwnLoop() as loop:
        report, number = loop.run(asked(COMMANDS[command](profile, utc_now), profile.service, timeout))
    for warning in (*profile.warnings, *profile.service.warnings):
        output.say(warning)
    if report is None:
        return 128 + number
    _write(report, as_json=as_json)
    return report.exit_code


def _write(report: Report, *, as_json: bool) -> None:
    if as_json:
        print(output.json_text(output.document(report)), flush=True)
    else:
        print(output.as_text(report, output.screen_width()), flush=True)
    with contextlib.suppress(OSError):
        for sentence in output.diagnostics(report):
            output.say(sentence)
