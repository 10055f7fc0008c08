"""The input as Textual's messages: Textual's parser, given only what it understands.

The parser fails at unexpected sequences, and takes unknown ones for keys. Here each sequence is checked
first, pastes never reach it, and a parser that fails is replaced.
"""

import re
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import FOCUSIN, FOCUSOUT, XTermParser
from textual.message import Message

from tui.ui.messages import Pasted
from tui.ui.terminal.input_frames import PASTE_BEGIN, Framer
from tui.ui.terminal.paste_reader import PasteReader

_MOUSE = re.compile(r"\x1b\[<\d{1,3};-?\d{1,5};-?\d{1,5}[Mm]")
_MODE = re.compile(r"\x1b\[\?(\d{1,4});[0-4]\$y")
_SIZE = re.compile(r"\x1b\[48;([1-9]\d{0,4});([1-9]\d{0,4});([1-9]\d{0,4});([1-9]\d{0,4})(?:;[\d;]*)?t")
_KEY = re.compile(
    r"\x1b\[(?P<code>\d{0,7})"
    r"(?:;(?P<modifiers>\d{0,3})(?::(?P<kind>\d?))?(?:;(?P<text>[\d:]{0,200}))?)?(?P<end>[u~A-FHPQRS])"
)
"""A key by the keyboard protocol of kitty, of which the older forms are a part."""
_PRESSED = ("", "1", "2")
_CONTROLS = frozenset((*range(32), *range(127, 160)))
_KEYS_OF_CONTROLS = frozenset((9, 13, 27, 127))


class InputParser:
    """Call `feed` with the input, and `tick` when it is due."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")("surrogateescape")
        self._framer = Framer()
        self._pastes = PasteReader()
        self._parser = XTermParser()
        self.reported: list[str] = []
        """Modes that the terminal has reported on, in order."""

    @property
    def wakes_at(self) -> float | None:
        """When `tick` is due, by the clock of `now`; None: nothing is pending."""
        due = [at for at in (self._framer.wakes_at, self._pastes.wakes_at) if at is not None]
        return min(due, default=None)

    def feed(self, typed: bytes, now: float) -> Iterator[Message]:
        """The messages of one read, all of its time: what came together was not typed."""
        yield from _at(now, self._fed(typed, now))

    def _fed(self, typed: bytes, now: float) -> Iterator[Message]:
        rest = self._decoder.decode(typed)
        while rest:
            if self._pastes.is_open:
                taken, rest = self._pastes.take(rest, now)
                yield from self._taken(taken, now)
            else:
                yield from self._typed(rest, now)
                rest = self._framer.take_rest() if self._pastes.is_open else ""

    def tick(self, now: float) -> Iterator[Message]:
        """The messages that are certain because no further input came."""
        yield from _at(now, self._ticked(now))

    def _ticked(self, now: float) -> Iterator[Message]:
        for unit in self._framer.tick(now):
            yield from self._parsed(unit)
        yield from self._taken(self._pastes.tick(now), now)

    def _typed(self, text: str, now: float) -> Iterator[Message]:
        """The messages up to the beginning of a paste."""
        for unit in self._framer.feed(text, now):
            if unit == PASTE_BEGIN:
                self._pastes.begin(now)
                return
            yield from self._unit(unit)

    def _taken(self, taken: Iterable[str | Pasted], now: float) -> Iterator[Message]:
        for one in taken:
            if isinstance(one, Pasted):
                if not one.is_whole:
                    # Half a character at its end would be taken for the first half of a key.
                    self._decoder.reset()
                yield one
            else:
                for unit in self._framer.feed(one, now):
                    yield from self._unit(unit)

    def _unit(self, unit: str) -> Iterator[Message]:
        for sequence in _accepted(unit):
            if report := _MODE.fullmatch(sequence):
                self.reported.append(report[1])
            yield from self._parsed(sequence)

    def _parsed(self, sequence: str) -> list[Message]:
        """Textual's messages for a key or a report; empty where it fails, or waits for more."""
        parser = self._parser
        try:
            messages = list(parser.feed(sequence))
            if parser._timeout_time is not None:
                if len(sequence) > 2:
                    self._restart()
                    return []
                # An escape, or an escape and a letter: nothing else belongs to it.
                parser._timeout_time = 0.0
                messages += parser.tick()
        except Exception:  # noqa: BLE001 - whatever it is, it is one sequence of many
            self._restart()
            return []
        return [message for message in messages if not isinstance(message, events.CursorPosition)]

    def _restart(self) -> None:
        """A new parser with the old one's knowledge of the window."""
        old, new = self._parser, XTermParser()
        new.last_x, new.last_y, new.mouse_pixels = old.last_x, old.last_y, old.mouse_pixels
        new.terminal_size, new.terminal_pixel_size = old.terminal_size, old.terminal_pixel_size
        self._parser = new


def _at(now: float, messages: Iterable[Message]) -> Iterator[Message]:
    """Textual stamps a message when it is made, which on a busy machine is some time later."""
    for message in messages:
        message.time = now
        yield message


def _accepted(unit: str) -> Iterator[str]:
    """What Textual's parser gets for a unit: nothing where it is unknown or invalid."""
    if len(unit) < 3 or unit in (FOCUSIN, FOCUSOUT) or _MOUSE.fullmatch(unit) or _MODE.fullmatch(unit):
        yield unit
    elif size := _SIZE.fullmatch(unit):
        yield f"\x1b[48;{';'.join(size.groups())}t"
    elif key := _KEY.fullmatch(unit):
        yield from _pressed(key)
    elif unit in ANSI_SEQUENCES_KEYS:
        yield unit


def _pressed(key: re.Match[str]) -> Iterator[str]:
    """The key as often as it was pressed: once for each character of its text."""
    code, modifiers, end = key["code"], key["modifiers"] or "", key["end"]
    texts = [int(part) for part in (key["text"] or "").split(":") if part]
    texts = texts if all(map(_is_text, texts)) else []
    is_only_text = end == "u" and code == "0" and bool(texts)
    if (key["kind"] or "") not in _PRESSED or not (is_only_text or _is_key(int(code or 1), end)):
        return
    if not texts:
        yield f"\x1b[{code};{modifiers}{end}" if modifiers else f"\x1b[{code}{end}"
    for text in texts:
        yield f"\x1b[{code};{modifiers};{text}{end}"


def _is_key(code: int, end: str) -> bool:
    if f"{code}{end}" in FUNCTIONAL_KEYS:
        return True
    return end == "u" and _is_character(code) and (code not in _CONTROLS or code in _KEYS_OF_CONTROLS)


def _is_text(code: int) -> bool:
    return _is_character(code) and code not in _CONTROLS


def _is_character(code: int) -> bool:
    return code < 0xD800 or 0xDFFF < code <= 0x10FFFF
