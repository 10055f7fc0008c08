"""A headless driver with two emulated terminals behind it: one is sent everything that Textual writes,
the other only what our driver sends. They must never differ, and stories read the second one.

Switched on by `pytest --through-driver tests/ui`.
"""

import io
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any
from unicodedata import combining, normalize

import pyte
from textual.drivers.headless_driver import HeadlessDriver

from tests.drivers.terminal import look_of
from tui.ui.terminal.driver import Outlet

_NOT_EMULATED = re.compile(
    r"\x1b\](?:8;|22;)[^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[<>=][\d;]*u|\x1bP(?:\x1b[^\\]|[^\x1b])*\x1b\\"
)
"""Hyperlinks, the shape of the mouse pointer, keyboard protocols, what goes through tmux and screen."""
_UP, _DOWN = "\x1b[?1049h", "\x1b[?1049l"


def _bare(text: str) -> str:
    """Without marks: where Textual cuts a letter from its marks, ours leaves them out."""
    if text.isascii():
        return text
    return "".join(letter for letter in normalize("NFD", text) if not combining(letter))


def _differing(line: int, stock: list[Any], ours: list[Any]) -> Iterator[str]:
    for column, (one, other) in enumerate(zip(stock, ours, strict=True)):
        if look_of(one._replace(data=_bare(one.data))) != look_of(
            other._replace(data=_bare(other.data))
        ):
            yield f"line {line}, column {column}: {other} instead of {one}"


class _Emulated:
    """A terminal without wrapping, as Textual asks for."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.Stream(self.screen)

    def fit(self, columns: int, lines: int) -> None:
        if (columns, lines) != (self.screen.columns, self.screen.lines):
            self.screen.resize(lines, columns)
        self.screen.reset_mode(pyte.modes.DECAWM)

    def feed(self, text: str) -> None:
        self._stream.feed(_NOT_EMULATED.sub("", text))

    def row(self, line: int) -> list[Any]:
        cells = self.screen.buffer[line]
        return [cells[column] for column in range(self.screen.columns)]

    def lines(self) -> list[str]:
        return list(self.screen.display)


class ThroughDriver(HeadlessDriver):
    """Textual draws for it as for a terminal."""

    differences: list[str]
    """Of the test that runs: what the two did not show alike."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._sent = io.StringIO()
        self._outlet = Outlet(self._sent)
        self._stock, self._ours = _Emulated(), _Emulated()

    @property
    def is_headless(self) -> bool:
        """Textual would not draw."""
        return False

    def write(self, data: str) -> None:
        """As `DiffingDriver.write`, with a terminal that takes everything at once."""
        size = self._app.size
        for emulated in (self._stock, self._ours):
            emulated.fit(*size)
        self._stock.feed(data)
        self._outlet.take(data, *size)
        self._outlet.flush()
        self._ours.feed(self._sent.getvalue())
        self._sent.seek(0)
        self._sent.truncate()
        self._compare()

    def repaint(self) -> None:
        """As `DiffingDriver.repaint`."""
        self._outlet.forget()
        self.write("")

    def start_application_mode(self) -> None:
        """Take the terminal."""
        self.write(_UP)
        super().start_application_mode()

    def stop_application_mode(self) -> None:
        """Give it back."""
        self.write(_DOWN)

    def lines(self) -> list[str]:
        """What our terminal shows."""
        return self._ours.lines()

    def shows(self, lines: list[str]) -> bool:
        """Whether our terminal shows that, as Textual has it."""
        pairs = zip_longest(self.lines(), lines, fillvalue="")
        return all(_bare(one).rstrip() == _bare(other).rstrip() for one, other in pairs)

    def _is_laid_out(self) -> bool:
        """Whether frames have the window's size: larger ones garble a terminal."""
        stack = self._app.screen_stack
        return bool(stack) and stack[-1]._compositor.size == self._app.size

    def _compare(self) -> None:
        if not self._is_laid_out():
            return
        touched = self._stock.screen.dirty | self._ours.screen.dirty
        for line in sorted(touched):
            stock, ours = self._stock.row(line), self._ours.row(line)
            if stock != ours:
                self.differences.extend(_differing(line, stock, ours))
        for emulated in (self._stock, self._ours):
            emulated.screen.dirty.clear()
