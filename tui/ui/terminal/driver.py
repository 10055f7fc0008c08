"""A driver that sends only what differs from what the terminal shows already.

Frames are accepted at once and sent when the terminal has taken the previous ones: on a slow line
several become one.
"""

import os
import re
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO, cast

from tui.domain.terminal import locale_of
from tui.ui.terminal import round_trip
from tui.ui.terminal.input_driver import MEASURED_MODE, InputDriver
from tui.ui.terminal.pacing import LONGEST, Pacing
from tui.ui.terminal.screen_buffer import ScreenBuffer

if TYPE_CHECKING:
    from textual.app import App

_SYNC_ON, _SYNC_OFF = "\x1b[?2026h", "\x1b[?2026l"
_MOVE = re.compile(r"\x1b\[\d+;\d+H")
_SHORT = 512
"""Characters that a terminal draws in one step anyway."""
_MEASURING = f"\x1b[?{MEASURED_MODE}$p"
_UP, _DOWN = "\x1b[?1049h", "\x1b[?1049l"
"""Switch to the screen of full-screen programs, and back to the shell's."""
_EAST_ASIAN = ("ja", "ko", "zh")
_ERASING = ("xterm", "rxvt", "linux", "alacritty", "foot", "vte")
"""Terminals with what terminfo calls bce; screen and tmux do not promise it."""


class Outlet:
    """What the writer thread writes to: the difference, each time it has caught up."""

    def __init__(self, file: TextIO, asked: Callable[[], object] = lambda: None) -> None:
        """`asked` is called when a query follows a frame."""
        self._file = file
        self._asked = asked
        self.pacing = Pacing()
        self._later: threading.Timer | None = None
        self._lock = threading.Lock()
        self._aside: list[str] = []
        self._is_frame_whole = True
        self._is_up = False
        """Whether the terminal is ours: nothing is drawn on the shell's screen."""
        self._syncs = False
        self.is_awaited = False
        """Whether the writer knows that there is something to send."""
        _, locale = locale_of(os.environ)
        self.shadow = ScreenBuffer(
            wide_ambiguous=locale.startswith(_EAST_ASIAN),
            erases_in_colour=os.environ.get("TERM", "").startswith(_ERASING),
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
            # Only frames move the cursor; other writes may hold any sequence.
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
        """Send the current difference."""
        with self._lock:
            self.is_awaited = False
            aside, self._aside = "".join(self._aside), []
            now = time.monotonic()
            is_held = self.pacing.holds(now)
            # Half a frame is never shown; its end comes in a call of its own.
            drawn = self.shadow.diff() if self._is_up and self._is_frame_whole and not is_held else ""
            asks = bool(drawn) and self.pacing.asks(len(drawn), now)
            if self._syncs and len(drawn) > _SHORT:
                drawn = f"{_SYNC_ON}{drawn}{_SYNC_OFF}"
        if is_held:
            self._flush_later()
        if asks:
            self._asked()
            drawn += _MEASURING
        if aside or drawn:
            if _MEASURING in aside:
                round_trip.asked(time.monotonic())
            self._file.write(aside + drawn)
            self._file.flush()

    def _flush_later(self) -> None:
        """A response that is lost must not keep the last frame back."""
        if self._later is None or not self._later.is_alive():
            self._later = threading.Timer(LONGEST, self.flush)
            self._later.daemon = True
            self._later.start()


class DiffingDriver(InputDriver):
    """Writes less than Textual's driver, and never blocks."""

    def __init__(self, app: "App[Any]", **options: Any) -> None:
        super().__init__(app, **options)
        assert sys.__stderr__ is not None  # noqa: S101 - a console without a terminal is refused before
        self._outlet = Outlet(sys.__stderr__, self._frame_asked)
        self._file = cast("Any", self._outlet)

    def write(self, data: str) -> None:
        self._note_queries(data)
        self._outlet.take(data, *self._app.size)
        self._wake_writer()

    def _wake_writer(self) -> None:
        if not self._outlet.is_awaited and self._writer_thread is not None:
            self._outlet.is_awaited = True
            self._writer_thread.write("")

    def _frame_asked(self) -> None:
        self._awaited[MEASURED_MODE] = time.monotonic()

    def line_responded(self) -> None:
        """What was drawn meanwhile can be sent."""
        self._outlet.pacing.arrived()
        self._wake_writer()

    def repaint(self) -> None:
        """Send everything again: another program may have drawn on the terminal."""
        self._outlet.forget()
        self.write("")

    def start_application_mode(self) -> None:
        self._outlet.forget()
        self._outlet.pacing.arrived()
        self._outlet.is_awaited = False
        super().start_application_mode()
