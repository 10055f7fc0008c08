"""An app that survives its own bugs: a redacted report, a short message, and the screens go on.

A fault in a handler of the app leaves everything as it was; one that broke a widget, a timer or a worker
has the screens rebuilt, because their messages may no longer be processed. Repeated faults end the app.
"""

import time
from collections import deque
from pathlib import Path
from tempfile import mkdtemp

from textual.app import App
from textual.driver import Driver
from textual.message import Message
from textual.worker import WorkerFailed

from tui.paths import state_dir

_MOST, _WITHIN = 3, 10.0
"""This many faults within this many seconds end the app."""
_HUNG_UP, _BUG = 129, 70
"""Exit codes: as if by SIGHUP, and of a bug."""


class ResilientApp(App[int]):
    """The base of the console."""

    keeps_reports = True
    """False: nothing is written into the state directory; a report goes to a temporary folder."""
    is_up = False
    """Whether there is a screen that can show a bug message."""

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class)
        self.survived: list[Exception] = []
        """The faults that did not end it."""
        self._faulted_at: deque[float] = deque(maxlen=_MOST)
        self._is_recovering = False
        """While true, further faults are consequences of the known one."""

    @property
    def fault(self) -> Exception | None:
        """The bug that ended the console, if one did; of a failed worker the failure itself."""
        return None if self._exception is None else _inner(self._exception)

    def report(self, fault: Exception) -> str:
        """Write a redacted report of a fault that did not end the console; return where it is."""
        from tui import crash_report as bugreport

        try:
            kept = self.keeps_reports
            folder = state_dir() / "reports" if kept else Path(mkdtemp(prefix="syncdeck-"))
            return f"the report is {bugreport.write(fault, folder)}"
        except OSError:
            return "the report could not be written"

    async def rebuild(self) -> None:
        """Replace screens that may be broken by fresh ones."""

    def input_ended(self, fault: BaseException | None) -> None:
        """No more input is possible: leave, with a report unless the terminal is only closed."""
        if fault is not None:
            self._exception = _inner(fault)
        self.leave(_HUNG_UP if fault is None else _BUG)

    def leave(self, code: int) -> None:
        self.exit(return_code=code)

    async def _dispatch_message(self, message: Message) -> None:
        """The message boundary: a bug in a handler ends its action, not the console."""
        try:
            await super()._dispatch_message(message)
        except Exception as fault:
            if self._is_recovering:
                return
            if not self._survives(fault):
                raise
            self._tell_bug(fault)

    def _handle_exception(self, error: Exception) -> None:
        """A widget, a timer or a worker broke."""
        fault = _inner(error)
        # A widget that the end kept from being built is not a bug.
        if self._is_recovering or self._exit:
            return
        if self._survives(fault):
            self._is_recovering = True
            self.call_later(self._recover, fault)
        else:
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Close without Textual's own traceback: it prints locals, which may hold a secret."""
        self._close_messages_no_wait()

    def _survives(self, fault: Exception) -> bool:
        """Whether the console can go on after this one; counted."""
        self._faulted_at.append(time.monotonic())
        at = self._faulted_at
        if not self.is_up or (len(at) == _MOST and at[-1] - at[0] < _WITHIN):
            return False
        self.survived.append(fault)
        return True

    async def _recover(self, fault: Exception) -> None:
        try:
            await self.rebuild()
        finally:
            self._is_recovering = False
        self._tell_bug(fault)

    def _tell_bug(self, fault: Exception) -> None:
        """Show the message; the fault's own words could hold a secret."""
        from tui.ui.modals.bug_report import FaultDialog

        self.push_screen(FaultDialog(type(fault).__name__, self.report(fault)))


def _inner(error: BaseException) -> Exception:
    """The fault itself, of a failed worker."""
    inner = error.error if isinstance(error, WorkerFailed) else error
    return inner if isinstance(inner, Exception) else RuntimeError(type(error).__name__)
