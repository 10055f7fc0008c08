"""A real pseudo-terminal with a program in it: press keys, read the screen, see what is left behind.

Nothing runs in the background: what the program wrote is read, counted, drawn and its queries are
answered while a method waits. The answers are those of a plain xterm: no, to every newer protocol.
"""

import fcntl
import os
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyte

from tests.drivers.forked import Forked

PATIENCE = 40.0
"""Seconds that anything may take on a busy machine before a test gives up."""

_KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "pagedown": "\x1b[6~",
    "pageup": "\x1b[5~",
    "f2": "\x1bOQ",
    "f10": "\x1b[21~",
}
_LOOKS_AT_REST = 4
"""Looks in a row that have to find the program at rest."""
_LAST_STEPS = {
    "a": "a apply",
    "y": "y confirm",
    "t": "t resume",
    "d": "d discard",
    "g": "g go on",
}
_PAUSE = 0.4
"""Seconds without a key before one that confirms."""
_BETWEEN_CHARACTERS = 0.06
"""Seconds that a fluent typist takes."""
_QUERY = re.compile(rb"\x1b\[(?:\?(?P<mode>\d+)\$p|(?P<da>0?c)|(?P<dsr>6n)|(?P<xtversion>>0?q))")
_SYNCHRONISED = b"2026"
_PRIVATE_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_KITTY = re.compile(rb"\x1b\[[<>=][\d;]*u")
_POINTER = re.compile(rb"\x1b\]22;[^\x07\x1b]*(?:\x07|\x1b\\)")
_TO_MULTIPLEXER = re.compile(rb"\x1bP.*?\x1b\\", re.DOTALL)
_UNFINISHED = re.compile(rb"\x1b(?:\[[\d;?<>=$ ]*|P(?:(?!\x1b\\).)*)?\Z", re.DOTALL)
_MODE_WORDS = {
    1: "application cursor keys",
    1000: "mouse",
    1002: "mouse",
    1003: "mouse",
    1006: "mouse",
    1015: "mouse",
    1016: "mouse",
    1004: "focus reports",
    1049: "alternate screen",
    2004: "bracketed paste",
    2026: "synchronised output",
    2048: "resize reports",
}


def _start(
    argv: Sequence[str], environment: Mapping[str, str], slave: int, folder: Path | None
) -> "subprocess.Popen[bytes] | Forked":
    return subprocess.Popen(
        list(argv),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        cwd=folder,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )


def _fork(
    argv: Sequence[str], environment: Mapping[str, str], slave: int, folder: Path | None
) -> "subprocess.Popen[bytes] | Forked":
    return Forked(argv, environment, [slave] * 3, folder, at_terminal=True)


def look_of(cell: Any) -> tuple[Any, ...]:
    is_blank = cell.data == " " and not (cell.reverse or cell.underscore or cell.strikethrough)
    return (cell.data, cell.bg) if is_blank else tuple(cell)


class Terminal:
    """A context manager: `with Terminal(argv, environment) as terminal: …`."""

    def __init__(
        self,
        argv: Sequence[str],
        environment: Mapping[str, str],
        *,
        size: tuple[int, int] = (80, 24),
        cwd: Path | None = None,
        answers_after: float | None = None,
        forks: bool = False,
    ) -> None:
        """`size` in columns and lines; `environment` is all that the program gets, TERM aside.

        `forks`: the program is `syncdeck` with `argv`, and need not import first.
        `answers_after`: seconds from which a question for synchronised output is answered; None: never,
        so that a busy machine does not look like a slow line.
        """
        self._answers_after = answers_after
        self._late: list[tuple[float, bytes]] = []
        """Answers that are still to be given, and when."""
        self.bytes_received = 0
        self.read_at = 0.0
        """When the last output came, by the monotonic clock."""
        self.raw = bytearray()
        """Everything that the program wrote."""
        self.modes: set[str] = set()
        """Modes that are on now and were not at the start, in words."""
        self._held = b""
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._lines: list[str] | None = None
        """What is on the screen, once it was looked at and until something is drawn."""
        self._master, self._slave = os.openpty()
        termios.tcsetwinsize(self._slave, (size[1], size[0]))
        self.settings_before = termios.tcgetattr(self._slave)
        self.started = time.monotonic()
        self.program = (_fork if forks else _start)(
            argv, {"TERM": "xterm-256color", **environment}, self._slave, cwd
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.program.poll() is None:
            self.program.kill()
            self.program.wait()
        for descriptor in (self._master, self._slave):
            if descriptor >= 0:
                os.close(descriptor)

    # What the operator sees.

    def screen(self) -> str:
        """The screen as text, lines without trailing blanks."""
        return "\n".join(line.rstrip() for line in self._display())

    def _display(self) -> list[str]:
        if self._lines is None:
            self._lines = self._screen.display
        return self._lines

    def line(self, part: str) -> str:
        """The first line of the screen with `part` in it, or nothing."""
        return next((line for line in self.screen().split("\n") if part in line), "")

    def cells(self) -> list[list[Any]]:
        """The screen cell by cell, with characters and styles."""
        screen = self._screen
        return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]

    def looks(self) -> list[list[tuple[Any, ...]]]:
        """The same, as an eye sees it: of a blank only its ground."""
        return [[look_of(cell) for cell in row] for row in self.cells()]

    def disturb(self, text: str) -> None:
        """Somebody else writes on the terminal."""
        self._draw(text.encode())

    def _draw(self, output: bytes) -> None:
        self._lines = None
        self._stream.feed(output)

    @property
    def title(self) -> str:
        """What stands on the window."""
        return str(self._screen.title)

    @property
    def hues(self) -> set[str]:
        """The colours on the screen that are no grey."""
        cells = (cell for row in self._screen.buffer.values() for cell in row.values())
        colours = {colour for cell in cells for colour in (cell.fg, cell.bg)}
        greys = {"default", "white", "black", *(f"{level:02x}" * 3 for level in range(256))}
        return colours - greys

    @property
    def text(self) -> str:
        """Everything that the program wrote, escape sequences included."""
        return self.raw.decode(errors="replace")

    @property
    def said_at_the_end(self) -> str:
        """What was written after the alternate screen was left, as plain text."""
        end = self.text.rpartition("\x1b[?1049l")[2]
        plain = re.sub(r"\x1b\[[0-9;?<>=]*[a-zA-Z]|\x1b\][^\x07]*\x07", "", end)
        return plain.replace("\r\n", "\n").strip()

    # Waiting.

    def pump(self, seconds: float) -> int:
        """Read what comes within `seconds`, or until something came; the number of bytes."""
        while self._late and self._late[0][0] <= time.monotonic():
            os.write(self._master, self._late.pop(0)[1])
        if self._master < 0 or not select.select([self._master], [], [], seconds)[0]:
            return 0
        try:
            chunk = os.read(self._master, 65_536)
        except OSError:
            return 0
        self.read_at = time.monotonic()
        self.bytes_received += len(chunk)
        self.raw += chunk
        self._take(chunk)
        return len(chunk)

    def wait_until(self, holds: Callable[[], Any], what: str, seconds: float = PATIENCE) -> None:
        """Read on until something holds."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"{what} did not happen; on the screen:\n{self.screen()}"
            self.pump(0.05)

    def wait_for(self, text: str, seconds: float = PATIENCE) -> None:
        """Read on until `text` is on the screen."""
        self.wait_until(lambda: text in self.screen(), f"{text!r}", seconds)

    def wait_gone(self, text: str, seconds: float = PATIENCE) -> None:
        """Read on until `text` is no longer on the screen."""
        self.wait_until(lambda: text not in self.screen(), f"the end of {text!r}", seconds)

    def settle(self, quiet: float = 0.4, seconds: float = PATIENCE) -> None:
        """Read on until for a while nothing has come and the program has had nothing to do."""
        end = time.monotonic() + seconds
        looks = 0
        while looks < _LOOKS_AT_REST:
            assert time.monotonic() < end, f"it never came to rest:\n{self.screen()}"
            came = self.pump(quiet / _LOOKS_AT_REST)
            looks = 0 if came or self._late or self._is_working() else looks + 1

    def _is_working(self) -> bool:
        """Whether a process of it wants the processor (Linux only): on a busy machine what it draws is
        long in coming.
        """
        return any(state == "R" for _, state in self._session())

    def choke(self) -> None:
        """Read nothing and make it draw, until the kernel takes no more from it."""
        columns, waiting = self._screen.columns, -1
        while (now := self._unread()) != waiting:
            waiting = now
            for _ in range(10):
                columns += 1
                self.resize(columns, self._screen.lines)
                time.sleep(0.05)

    def _unread(self) -> int:
        count = bytearray(4)
        fcntl.ioctl(self._master, termios.FIONREAD, count)
        return int.from_bytes(count, sys.byteorder)

    # Acting.

    def press(self, *keys: str) -> None:
        """Press keys by name; a single character is itself."""
        for key in keys:
            name, _, letter = key.partition("ctrl+")
            self.send(chr(ord(letter) & 0x1F) if letter and not name else _KEYS.get(key, key))

    def confirm(self, key: str) -> None:
        """Press the key of a last step, once the dialog shows that it counts; scroll to that."""
        what = _LAST_STEPS[key]
        scrolled, at = "", 0.0

        def counts() -> bool:
            nonlocal scrolled, at
            is_bold, shown = self._is_bold(what), self.screen()
            if not is_bold and what in shown and "more" in shown and shown != scrolled:
                self.press("pagedown")
                scrolled, at = shown, time.monotonic()
            return is_bold

        self.wait_until(counts, f"{what!r} that counts")
        self._pause_after(at, _PAUSE)
        self.press(key)

    def _pause_after(self, at: float, seconds: float) -> None:
        while time.monotonic() < at + seconds:
            self.pump(seconds)

    def confirm_by_name(self, name: str, *, enter: bool = True) -> None:
        """Type the profile's name as a person does, once the dialog shows that it counts."""
        what = "and press enter"
        self.wait_until(lambda: self._is_bold(what), f"{what!r} that counts")
        for character in (*name, *(("enter",) if enter else ())):
            self.press(character)
            self._pause_after(time.monotonic(), _BETWEEN_CHARACTERS)

    def _is_bold(self, text: str) -> bool:
        """Whether `text` is on the screen and stands out: what does not count yet is dim."""
        found = ((y, line.find(text)) for y, line in enumerate(self._display()))
        return any(self._screen.buffer[y][x].bold for y, x in found if x >= 0)

    def send(self, text: str) -> None:
        """Type or paste text as it is."""
        os.write(self._master, text.encode())

    def resize(self, columns: int, lines: int) -> None:
        """Give the window another size; the kernel tells the program."""
        self._lines = None
        self._screen.resize(lines, columns)
        termios.tcsetwinsize(self._slave, (lines, columns))

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.program.send_signal(number)

    def close(self) -> None:
        """Close the window: the kernel hangs up."""
        os.close(self._master)
        self._master = -1

    # The end.

    def wait_ended(self, seconds: float = PATIENCE, *, reading: bool = True) -> float:
        """Wait until the program is gone, reading on unless told otherwise; the seconds that took."""
        began = time.monotonic()
        while self.program.poll() is None:
            assert time.monotonic() < began + seconds, f"it is still there:\n{self.screen()}"
            if reading and self._master >= 0:
                self.pump(0.01)
            else:
                time.sleep(0.01)
        took = time.monotonic() - began
        while self.pump(0.05):
            pass
        return took

    @property
    def exit_code(self) -> int | None:
        """As a shell tells it: 128+n for a program that signal n ended; None while it runs."""
        code = self.program.poll()
        return None if code is None else code if code >= 0 else 128 - code

    @property
    def settings_now(self) -> list[Any]:
        """The terminal's line settings, to be compared with `settings_before`."""
        return termios.tcgetattr(self._slave)

    @property
    def blocking(self) -> bool:
        """Whether the shell, which shares the terminal with the program, can still wait for it."""
        return os.get_blocking(self._slave)

    @property
    def is_stopped(self) -> bool:
        """Whether the program is suspended (Linux only)."""
        stat = Path(f"/proc/{self.program.pid}/stat").read_text()
        return stat.rpartition(") ")[2].startswith("T")

    @property
    def left_behind(self) -> list[str]:
        """Processes of the program's session that are still there (Linux only)."""
        return [process for process, state in self._session() if state != "Z"]

    def _session(self) -> Iterator[tuple[str, str]]:
        """Number and name of each process of the program's session, and its state."""
        for entry in os.scandir("/proc"):
            try:
                # Of all processes on the machine, those of other sessions are not read.
                if not entry.name.isdigit() or os.getsid(int(entry.name)) != self.program.pid:
                    continue
                stat = Path(entry.path, "stat").read_text()
            except OSError:
                continue
            number, _, rest = stat.partition(" (")
            name, _, fields = rest.rpartition(") ")
            yield f"{number} {name}", fields.split()[0]

    # Drawing and answering.

    def _take(self, chunk: bytes) -> None:
        taken = self._held + chunk
        unfinished = _UNFINISHED.search(taken)
        cut = unfinished.start() if unfinished else len(taken)
        taken, self._held = taken[:cut], taken[cut:]
        for query in _QUERY.finditer(taken):
            if query["mode"] != _SYNCHRONISED:
                os.write(self._master, self._answer(query))
            elif self._answers_after is not None:
                self._late.append((time.monotonic() + self._answers_after, self._answer(query)))
        for change in _PRIVATE_MODE.finditer(taken):
            self._note_modes(change[1], on=change[2] == b"h")
        for change in _KITTY.finditer(taken):
            self._note("kitty keyboard", on=change[0].startswith(b"\x1b[>"))
        # The emulator draws what it does not know, so that its cursor is somewhere else, and takes the
        # shape of the mouse pointer for a title.
        for unknown in (_KITTY, _POINTER, _TO_MULTIPLEXER):
            taken = unknown.sub(b"", taken)
        self._draw(taken)

    def _answer(self, query: re.Match[bytes]) -> bytes:
        if query["mode"]:
            return b"\x1b[?%s;0$y" % query["mode"]
        if query["dsr"]:
            cursor = self._screen.cursor
            return b"\x1b[%d;%dR" % (cursor.y + 1, cursor.x + 1)
        return b"\x1b[?1;2c" if query["da"] else b""

    def _note_modes(self, numbers: bytes, *, on: bool) -> None:
        for number in map(int, numbers.split(b";")):
            if number == 25:
                self._note("hidden cursor", on=not on)
            elif number == 7:
                self._note("no wrapping", on=not on)
            else:
                self._note(_MODE_WORDS.get(number, f"mode {number}"), on=on)

    def _note(self, word: str, *, on: bool) -> None:
        if on:
            self.modes.add(word)
        else:
            self.modes.discard(word)
