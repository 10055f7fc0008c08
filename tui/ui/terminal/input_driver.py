"""Textual's driver with an input that nothing can end: all input goes through `InputParser`.

The input thread sleeps until there is input; at the end it is woken instead of waited for. At the end
the responses that the terminal still owes are read: the shell would take them for typed text.
"""

import os
import re
import selectors
import signal
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from tui.startup.foreground import in_foreground
from tui.ui.messages import LineMeasured
from tui.ui.terminal import round_trip
from tui.ui.terminal.input_parser import InputParser

if TYPE_CHECKING:
    from textual.app import App

    from tui.ui.resilient_app import ResilientApp

_SUSPENDS = "ctrl+z"
MEASURED_MODE = "2026"
"""The mode whose query measures the line."""
_QUERY = re.compile(r"\x1b\[\?(\d+)\$p")
_READ = 4_096
_GIVEN_UP = 8.0
"""Seconds after which a terminal will not respond any more: it does not know the query."""
_UNMEASURED_WAIT = 0.5
_LONGEST_WAIT = 0.7
"""Seconds that the end waits for a response: within those of a clean end."""


class _Waking(threading.Event):
    """An event that also wakes a thread that waits for input."""

    def __init__(self) -> None:
        super().__init__()
        self.end, self._start = os.pipe()

    def set(self) -> None:
        super().set()
        os.write(self._start, b".")


class InputDriver(LinuxDriver):
    """Input only; output is left to Textual."""

    def __init__(self, app: "App[Any]", **options: Any) -> None:
        super().__init__(app, **options)
        self.exit_event = self._waking = _Waking()
        self._size = self._size or self._get_terminal_size()
        self._awaited: dict[str, float] = {}
        """The modes that were queried and not reported yet, and when they were queried."""
        self._is_line_measured = False
        self._is_away = True
        """Whether the terminal is as it was before the console."""
        self._is_stop_due = False
        """Whether a stop was asked for that has not come yet."""

    # The window.

    def _get_terminal_size(self) -> tuple[int, int]:
        """The window's own size; COLUMNS and LINES count only where it has none."""
        for handle in (self.fileno, 1, 2):
            with suppress(OSError):
                columns, lines = os.get_terminal_size(handle)
                if columns > 0 and lines > 0:
                    return columns, lines
        return super()._get_terminal_size()

    def _send_size(self, *_signal: object) -> None:
        size = Size(*self._get_terminal_size())
        self.send_message(events.Resize(size, size))

    def process_message(self, message: Message) -> None:
        """Pass a message on; a report of the window's size only means that it may have changed."""
        if not isinstance(message, events.Resize):
            super().process_message(message)
        elif Size(*self._get_terminal_size()) != self._app.size:
            self._send_size()

    # The terminal comes and goes.

    def write(self, data: str) -> None:
        """Write, and note the queries in it."""
        if self._note_queries(data):
            round_trip.asked(time.monotonic())
        super().write(data)

    def _note_queries(self, data: str) -> bool:
        """Whether one of the queries measures the line."""
        modes = _QUERY.findall(data)
        self._awaited.update(dict.fromkeys(modes, time.monotonic()))
        return MEASURED_MODE in modes

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call] # Textual leaves it so
        self._is_away = self._key_thread is None or not self._key_thread.is_alive()
        if not self._is_away:
            # Textual's own handler relies on size reports once a terminal promised them.
            signal.signal(signal.SIGWINCH, self._send_size)

    def stop_application_mode(self) -> None:
        super().stop_application_mode()
        self._is_away = True

    def _sigtstp_application(self, *_signal: object) -> None:
        """Leave the terminal and stop, once the loop comes to it.

        A signal interrupts the code that draws, perhaps while it holds what leaving needs.
        """
        if self._auto_restart and self._loop.is_running():
            self._is_stop_due = True
            self._loop.call_soon_threadsafe(self._stop)
        else:
            self._stop_process()

    def _stop(self) -> None:
        if self._is_stop_due and self._auto_restart and not self._is_away:
            self.suspend_application_mode()
            self._must_signal_resume = True
        if self._is_stop_due:
            self._is_stop_due = False
            self._stop_process()

    def _sigcont_application(self, *_signal: object) -> None:
        """Resume if the terminal is ours; in the background stop again, before anything is drawn."""
        if not self._auto_restart:
            return
        if not in_foreground(self.fileno):
            self._stop_process()
            return
        # As the kernel has it: a process that is continued is not stopped any more.
        self._is_stop_due = False
        if self._loop.is_running():
            self._loop.call_soon_threadsafe(self._resume)

    def _resume(self) -> None:
        if not self._auto_restart:
            return
        if not self._is_away:
            # SIGSTOP gives no notice, and the shell may have changed everything.
            self.suspend_application_mode()
        self.resume_application_mode()

    def _stop_process(self) -> None:
        os.kill(os.getpid(), signal.SIGSTOP)

    # Input.

    def _run_input_thread(self) -> None:
        fault: BaseException | None = None
        try:
            self.run_input_thread()
        except BaseException as error:  # noqa: BLE001 - whatever ends it, the console cannot stay
            fault = error
        if not self.exit_event.is_set():
            app = cast("ResilientApp", self._app)
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(app.input_ended, fault)

    def run_input_thread(self) -> None:
        """Wait for input and pass its meaning on, until the end or until the terminal is closed."""
        parser = InputParser()
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._waking.end, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if self._is_typed(selector, parser.wakes_at):
                    typed = self._typed()
                    if not typed:
                        return
                    self._hand_on(parser.feed(typed, time.monotonic()))
                    self._note_reports(parser)
                self._hand_on(parser.tick(time.monotonic()))
            os.read(self._waking.end, _READ)
            self._take_in_responses(selector, parser)

    def _is_typed(self, selector: selectors.BaseSelector, until: float | None) -> bool:
        waits = None if until is None else max(0.0, until - time.monotonic())
        return any(key.fd == self.fileno for key, _ in selector.select(waits))

    def _typed(self) -> bytes:
        """The input; empty once the terminal is closed."""
        try:
            return os.read(self.fileno, _READ)
        except OSError:
            return b""

    def _note_reports(self, parser: InputParser) -> None:
        """Note a response as received; the first one gives the length of a round trip."""
        while parser.reported:
            mode = parser.reported.pop()
            if self._awaited.pop(mode, None) is None or mode != MEASURED_MODE:
                continue
            round_trip.answered(time.monotonic())
            self.line_responded()
            seconds = round_trip.measured()
            if not self._is_line_measured and seconds is not None:
                self._is_line_measured = True
                self.send_message(LineMeasured(seconds))

    def line_responded(self) -> None:
        """The terminal has drawn what was sent before the last query."""

    def _take_in_responses(self, selector: selectors.BaseSelector, parser: InputParser) -> None:
        """Wait for the responses that the terminal still owes, and for nothing else."""
        seconds = round_trip.measured()
        longest = _UNMEASURED_WAIT if seconds is None else min(2 * seconds, _LONGEST_WAIT)
        until = time.monotonic() + longest
        while self._owes() and time.monotonic() < until and self._is_typed(selector, until):
            typed = self._typed()
            if not typed:
                return
            for _ in parser.feed(typed, time.monotonic()):
                pass
            self._note_reports(parser)

    def _owes(self) -> bool:
        now = time.monotonic()
        return any(now - asked_at < _GIVEN_UP for asked_at in tuple(self._awaited.values()))

    def _hand_on(self, messages: Iterable[Message]) -> None:
        """Pass on what was read together; what was typed behind a stop was meant for the shell."""
        is_for_shell = False
        for message in messages:
            if not (is_for_shell and isinstance(message, events.Key | events.Paste)):
                self.process_message(message)
            is_for_shell |= isinstance(message, events.Key) and message.key == _SUSPENDS
