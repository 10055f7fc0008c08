"""A driver that sends only what differs from what the terminal shows already.

Frames are taken at once and sent when the terminal has taken the last ones: on a slow line several
become one. The input thread sleeps until there is input, and is woken at the end instead of waited for.
"""

import os
import re
import selectors
import sys
import threading
import time
from codecs import getincrementaldecoder
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO, cast

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.domain.terminal import locale_of
from tui.ui.messages import LineMeasured
from tui.ui.shadow import Shadow

if TYPE_CHECKING:
    from textual.app import App

_SYNC_ON, _SYNC_OFF = "\x1b[?2026h", "\x1b[?2026l"
_MOVE = re.compile(r"\x1b\[\d+;\d+H")
_SHORT = 512
"""Characters that a terminal draws in one go anyway."""
_MODE_ASKED = "\x1b[?2026$p"
_MODE_TOLD = re.compile(rb"\x1b\[\?2026;\d\$y")
_UP, _DOWN = "\x1b[?1049h", "\x1b[?1049l"
"""To the screen of full-screen programs, and back to the shell's."""
_EAST_ASIAN = ("ja", "ko", "zh")
_ERASING = ("xterm", "rxvt", "linux", "alacritty", "foot", "vte")
_READ = 4_096
_LONE_ESCAPE = 0.1
"""Seconds between looks while the parser waits whether an escape is a key by itself."""


class Outlet:
    """What the writer thread writes to: the difference, each time that it has caught up."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._aside: list[str] = []
        self._is_frame_whole = True
        self._is_up = False
        """Whether the terminal is ours: nothing is drawn on the shell's screen."""
        self._syncs = False
        self.is_awaited = False
        """Whether the writer has been told that there is something."""
        self.asked_at: float | None = None
        """When the last question that terminals answer was sent, by the monotonic clock."""
        _, locale = locale_of(os.environ)
        self.shadow = Shadow(
            wide_ambiguous=locale.startswith(_EAST_ASIAN), erases_in_colour=_erases_in_colour()
        )

    def fileno(self) -> int:
        return self._file.fileno()

    def take(self, data: str, columns: int, lines: int) -> None:
        """Follow what Textual writes on a screen of that size."""
        with self._lock:
            if (columns, lines) != self.shadow.size:
                self.shadow.resize(columns, lines)
            elif _UP in data:
                self.shadow.forget()
            self._is_up = _UP in data or (self._is_up and _DOWN not in data)
            # Only frames move the cursor; what else is written may hold any sequence.
            aside = self.shadow.take(data) if _MOVE.search(data) else data
            if aside in (_SYNC_ON, _SYNC_OFF):
                self._syncs, self._is_frame_whole = True, aside == _SYNC_OFF
            elif aside:
                self._aside.append(aside)

    def forget(self) -> None:
        with self._lock:
            self.shadow.forget()

    def write(self, _nothing: str) -> None:
        """The writer's own text only wakes it."""

    def flush(self) -> None:
        """Send what differs now."""
        with self._lock:
            self.is_awaited = False
            aside, self._aside = "".join(self._aside), []
            # Half a frame is never shown; its end comes with a call of its own.
            drawn = self.shadow.diff() if self._is_up and self._is_frame_whole else ""
            if self._syncs and len(drawn) > _SHORT:
                drawn = f"{_SYNC_ON}{drawn}{_SYNC_OFF}"
        if aside or drawn:
            if _MODE_ASKED in aside:
                self.asked_at = time.monotonic()
            self._file.write(aside + drawn)
            self._file.flush()


class _Waking(threading.Event):
    """An event that also wakes a thread that waits for input."""

    def __init__(self) -> None:
        super().__init__()
        self.end, self._start = os.pipe()

    def set(self) -> None:
        super().set()
        os.write(self._start, b".")


class SlimDriver(LinuxDriver):
    """Textual's own driver, with less to write and nothing to wait for."""

    def __init__(self, app: "App[Any]", **options: Any) -> None:
        super().__init__(app, **options)
        assert sys.__stderr__ is not None  # noqa: S101 - a console without a terminal is refused before
        self._outlet = Outlet(sys.__stderr__)
        self._file = cast("Any", self._outlet)
        self.exit_event = self._waking = _Waking()
        self._is_line_measured = False

    def write(self, data: str) -> None:
        """Follow it, and have the writer send what differs."""
        self._outlet.take(data, *self._app.size)
        if not self._outlet.is_awaited and self._writer_thread is not None:
            self._outlet.is_awaited = True
            self._writer_thread.write("")

    def repaint(self) -> None:
        """Something may have drawn on the terminal: everything is sent again."""
        self._outlet.forget()
        self.write("")

    def start_application_mode(self) -> None:
        """Start, or take up again."""
        self._outlet.forget()
        self._outlet.is_awaited = False
        super().start_application_mode()  # type: ignore[no-untyped-call] # Textual leaves it so

    def run_input_thread(self) -> None:
        """Wait for input and hand on what it means."""
        parser = XTermParser(self._debug)
        # What is no UTF-8 comes from a line that drops bytes: it must not end the console.
        decode = getincrementaldecoder("utf-8")("replace").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._waking.end, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                waits = None if parser._timeout_time is None else _LONE_ESCAPE
                if any(key.fd == self.fileno for key, _ in selector.select(waits)):
                    typed = self._typed()
                    if not typed:
                        return
                    self._hand_on(parser.feed(decode(typed)))
                self._hand_on(parser.tick())
            os.read(self._waking.end, _READ)
        with suppress(EOFError, ParseError):
            self._hand_on(parser.feed(""))

    def _typed(self) -> bytes:
        """What was typed; nothing once the terminal is gone, of which a signal tells."""
        try:
            typed = os.read(self.fileno, _READ)
        except OSError:
            return b""
        if not self._is_line_measured and _MODE_TOLD.search(typed):
            self._measure_line()
        return typed

    def _measure_line(self) -> None:
        """The terminal's first answer tells how long a round trip takes."""
        asked_at = self._outlet.asked_at
        if asked_at is not None:
            self._is_line_measured = True
            self.send_message(LineMeasured(time.monotonic() - asked_at))

    def _hand_on(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)


def _erases_in_colour() -> bool:
    """What terminfo calls bce; screen and tmux do not promise it."""
    return os.environ.get("TERM", "").startswith(_ERASING)
