"""Running the console: signals, the exit code, and an end that never blocks.

A signal that finds the event loop blocked (a terminal that accepts no more output) still ends the
process: a watchdog does it after the time that a clean end has.
"""

import os
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

from tui.domain.terminal import MODES_OFF, TITLE_BACK, in_screen, is_poor
from tui.launch import Launch
from tui.startup import first_frame as early
from tui.ui import lean_imports
from tui.ui import theme_choice as theme
from tui.ui.terminal import gc_policy as garbage

if TYPE_CHECKING:
    import asyncio

    from textual.driver import Driver

    from tui.ui.app import SyncdeckApp

_WAKE = signal.SIGUSR2
"""Does nothing but interrupt a blocking call."""
_CLEAN_END = 0.8
"""Seconds that a clean end has."""
_LAST_WORD = threading.Lock()
"""Its holder restores the terminal, and nothing ends the process meanwhile."""
_TRIES, _BETWEEN_TRIES = 20, 0.01
"""How often, and with how many seconds between, a full terminal gets the sequence that ends its modes.
"""


def run(launch: Launch) -> int:
    """Run the console; the exit code is 0, 2 on a bad config, 128+n after signal n.

    Raises Exception: a bug, for the one place that reports it without its locals.
    """
    garbage.rest()
    theme.choose(slow=launch.slow)
    lean_imports.load()
    import asyncio

    from tui.ui.app import SyncdeckApp

    app = SyncdeckApp(launch, driver_class=_driver(launch))
    early.hand_over()
    terminal = _saved_terminal()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    app.last_resort = partial(_end_soon, app, terminal)
    signal.signal(_WAKE, lambda _number, _frame: None)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, _ending(app, loop, terminal))
    early.forget()
    mouse = launch.mouse and not launch.slow and not in_screen(os.environ)
    loop.run_until_complete(app.run_async(mouse=mouse))
    # A watchdog that has started may finish, because what was written here was lost; one that has not
    # still ends a process whose threads do not end.
    with _LAST_WORD:
        words, app.last_words = _last_words(app), {}
    if app.fault is not None:
        raise app.fault
    if not app.return_code:
        print(words, end="")
    if app.trouble is not None:
        print(app.trouble, file=sys.stderr)
    return app.return_code or 0


def _last_words(app: "SyncdeckApp") -> str:
    """What was not said yet, in lines."""
    return "".join(f"{sentences}\n" for sentences in app.last_words.values() if sentences)


def _driver(launch: Launch) -> "type[Driver]":
    if launch.stock_driver:
        from tui.ui.terminal.input_driver import InputDriver

        return InputDriver
    from tui.ui.terminal.driver import DiffingDriver

    return DiffingDriver


def _ending(
    app: "SyncdeckApp", loop: "asyncio.AbstractEventLoop", terminal: Callable[[str], None]
) -> Callable[[int, FrameType | None], None]:
    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal module's shape
        # The loop may be blocked, so the watchdog must not wait for its turn.
        _end_soon(app, terminal, 128 + number)
        loop.call_soon_threadsafe(app.leave, 128 + number)

    return end


def _end_soon(app: "SyncdeckApp", terminal: Callable[[str], None], code: int) -> None:
    """Start the watchdog; the last words are said where the code is 0."""

    def give_up() -> None:
        with _LAST_WORD:
            terminal("" if code else _last_words(app))
            os._exit(code)

    watchdog = threading.Timer(_CLEAN_END + app.grace_s, give_up)
    watchdog.daemon = True
    watchdog.start()


def _wake_writers() -> None:
    """Interrupt threads blocked in write(2); their output now goes to /dev/null."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.ident is not None:
            signal.pthread_kill(thread.ident, _WAKE)


def _saved_terminal() -> Callable[[str], None]:
    """Restores the terminal to its current state, even if the screen can no longer do it, and writes a
    text there."""
    fd = sys.__stdin__.fileno() if sys.__stdin__ else 0
    saved = termios.tcgetattr(fd)
    modes_off = (MODES_OFF + ("" if is_poor(os.environ) else TITLE_BACK)).encode()

    def restore(text: str) -> None:
        with suppress(OSError, termios.error):
            termios.tcsetattr(fd, termios.TCSANOW, saved)
            tty = os.dup(1)
            os.set_blocking(tty, False)
            # The screen's own thread may be blocked in a write: its remaining output is discarded.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            _wake_writers()
            for _ in range(_TRIES):
                # Output that the terminal did not accept is a picture that is no longer needed; the
                # modes come after it.
                termios.tcflush(fd, termios.TCOFLUSH)
                time.sleep(_BETWEEN_TRIES)
                termios.tcflush(fd, termios.TCOFLUSH)
                # A partial write must not count: the next flush would take its beginning away.
                with suppress(BlockingIOError):
                    if os.write(tty, modes_off) == len(modes_off):
                        os.write(tty, text.encode(sys.stdout.encoding, "replace"))
                        break
            # The shell shares this setting.
            os.set_blocking(tty, True)

    return restore
