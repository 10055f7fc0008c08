"""Running the console: signals, the exit code, and an end that waits for nobody.

A signal that finds the event loop blocked (a terminal that takes no more output) still ends the
process: a watchdog does it after the time that a clean end is given.
"""

import asyncio
import os
import signal
import sys
import termios
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

from tui.launch import Launch
from tui.ui import theme

if TYPE_CHECKING:
    from tui.ui.app import SyncdeckApp

_CLEAN_END = 0.8
"""Seconds that a clean end is given."""


def run(launch: Launch) -> int:
    """Run the console; the exit code is 0, 2 on a bad config, 128+n after signal n.

    Raises:
        Exception: a bug, for the one place that reports it without its locals.
    """
    if launch.slow:
        os.environ["TEXTUAL_THEME"] = "ansi-dark"
    theme.choose()
    from tui.ui.app import SyncdeckApp

    app = SyncdeckApp(launch)
    terminal = _saved_terminal()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _ending(app, loop, terminal))
    loop.run_until_complete(app.run_async(mouse=launch.mouse and not launch.slow))
    if app.fault is not None:
        raise app.fault
    if app.trouble is not None:
        print(app.trouble, file=sys.stderr)
    return app.return_code or 0


def _ending(
    app: "SyncdeckApp", loop: asyncio.AbstractEventLoop, terminal: Callable[[], None]
) -> Callable[[int, FrameType | None], None]:
    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal module's shape
        code = 128 + number

        def give_up() -> None:
            terminal()
            os._exit(code)

        watchdog = threading.Timer(_CLEAN_END, give_up)
        watchdog.daemon = True
        watchdog.start()
        loop.call_soon_threadsafe(app.leave, code)

    return end


def _saved_terminal() -> Callable[[], None]:
    """What restores the terminal as it is now, even if the screen can no longer do it."""
    fd = sys.__stdin__.fileno() if sys.__stdin__ else 0
    saved = termios.tcgetattr(fd)
    modes_off = b"\x1b[?1049l\x1b[?25h\x1b[?1000;1002;1003;1006;1015;2004;1004l\x1b[<u\x1b[m"

    def restore() -> None:
        try:
            os.set_blocking(1, False)
            os.write(1, modes_off)
            termios.tcsetattr(fd, termios.TCSANOW, saved)
        except (OSError, termios.error):
            return

    return restore
