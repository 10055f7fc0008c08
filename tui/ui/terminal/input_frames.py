"""Where one key, report or control string of the terminal ends and the next begins (ECMA-48).

Invariant: a part of a sequence is never passed on as keys. A sequence that breaks off, never ends or is
malformed is dropped, and the keyboard works again after at most `_STRING_SILENCE` seconds without input.
Ctrl+c and ctrl+q end whatever is unfinished.
"""

import re
from collections.abc import Iterator

from textual import constants

ESC = "\x1b"
PASTE_BEGIN, PASTE_END = "\x1b[200~", "\x1b[201~"

_SEQUENCE_SILENCE = 0.5
"""Seconds after which the rest of a sequence no longer comes."""
_STRING_SILENCE = 1.0
"""The same for a control string (OSC, DCS, APC, PM, SOS)."""
_MOST_HELD = 128
"""Characters of an unfinished sequence that are kept; no valid one is longer."""

_BODY = r"[^@-~\x03\x11\x18\x1a\x1b]*"
"""The characters between the beginning and the final letter, junk included."""
_ANY = r"[^\x03\x11\x18\x1a\x1b]"
_WHOLE = re.compile(
    r"[^\x1b]"
    r"|\x1b(?=\x1b)"
    r"|\x1b[^\x1b\[OPX\]^_]"
    rf"|\x1b\[(?:\[[@-~]|(?:[378]|2[34])\$|M{_ANY}{{3}}|(?![M\[]){_BODY}[@-~])"
    rf"|\x1bO{_BODY}[@-~]"
)
"""A key, a report, or an escape that another one follows. Linux's console and rxvt have keys of their
own shape; a mouse report of the first kind is `M` and three characters."""
_OPEN = re.compile(rf"\x1b(?:\[(?:\[|M{_ANY}{{0,2}}|(?![M\[]){_BODY})|O{_BODY}|[PX\]^_])?\Z")
"""What may still become complete."""
_BROKEN = re.compile(rf"\x1b\[(?:\[|M{_ANY}{{0,2}}|{_BODY})|\x1bO{_BODY}|\x1b")
_STRING = re.compile(r"\x1b[PX\]^_](?=.)", re.DOTALL)
_STRING_END = re.compile(r"\x07|\x1b\\|[\x18\x1a]|(?=[\x03\x11])|(?=\x1b[^\\])")
"""Its terminators; keys that leave and other sequences end it too."""
_INTRODUCERS = tuple(f"{ESC}{letter}" for letter in "PX]^_")


def _seven_bit(code: int) -> str:
    """A C1 control of one character as its two-character form; empty where that begins no sequence."""
    letter = chr(code - 0x40)
    return f"{ESC}{letter}" if letter in "OPX[\\]^_" else ""


_EIGHT_BIT = {
    **dict.fromkeys(range(0xDC80, 0xDD00), "\ufffd"),
    **{code: _seven_bit(code) for code in range(0x80, 0xA0)},
    **{0xDC00 + code: _seven_bit(code) or "\ufffd" for code in range(0x80, 0xA0)},
}
"""C1 controls, also as single bytes that are not UTF-8 (decoded with `surrogateescape`)."""


def is_one(text: str) -> bool:
    """Whether this is exactly one key or report."""
    return text == ESC or _WHOLE.fullmatch(text) is not None


class Framer:
    """Cuts the input into units: a character, an escape, an escape and a character, a sequence."""

    def __init__(self) -> None:
        self._buffer = ""
        self._read = ""
        """The input of the last call of `feed`."""
        self._in_string = False
        self.wakes_at: float | None = None
        """When `tick` is due, by the clock of `now`; None: nothing is pending."""

    def feed(self, text: str, now: float) -> Iterator[str]:
        """The units that are complete by now."""
        self._read = text
        self._buffer += text if text.isascii() else text.translate(_EIGHT_BIT)
        self.wakes_at = None
        while self._buffer and (unit := self._next()) is not None:
            if unit:
                yield unit
        if self._buffer or self._in_string:
            self.wakes_at = now + self._silence()

    def take_rest(self) -> str:
        """The input after the unit that was yielded last, as it was read; it is removed here."""
        start, size, self._buffer = len(self._read), len(self._buffer), ""
        while size > 0:
            start -= 1
            size -= len(self._read[start].translate(_EIGHT_BIT))
        return self._read[start:]

    def tick(self, now: float) -> Iterator[str]:
        """The key that an unfinished sequence was, as nothing followed it; usually nothing."""
        if self.wakes_at is not None and now >= self.wakes_at:
            held, is_key = self._buffer, self._is_key
            self._buffer, self._in_string, self.wakes_at = "", False, None
            if is_key:
                yield held

    def _next(self) -> str | None:
        """A unit; empty: something was dropped; None: the rest has to be waited for."""
        if self._in_string:
            return self._skip_string()
        if whole := _WHOLE.match(self._buffer):
            self._buffer = self._buffer[whole.end() :]
            return whole[0]
        if _OPEN.match(self._buffer):
            self._buffer = self._buffer[:_MOST_HELD]
            return None
        string = _STRING.match(self._buffer)
        dropped = string or _BROKEN.match(self._buffer)
        self._in_string = string is not None
        self._buffer = self._buffer[dropped.end() if dropped else 1 :]
        return ""

    def _skip_string(self) -> str | None:
        if end := _STRING_END.search(self._buffer):
            self._in_string, self._buffer = False, self._buffer[end.end() :]
            return ""
        # This may be the first half of a terminator.
        self._buffer = ESC if self._buffer.endswith(ESC) else ""
        return None

    @property
    def _is_key(self) -> bool:
        """Whether the pending input is a key if nothing follows it."""
        return not self._in_string and (self._buffer == ESC or self._buffer in _INTRODUCERS)

    def _silence(self) -> float:
        if self._is_key:
            return constants.ESCAPE_DELAY
        return _STRING_SILENCE if self._in_string else _SEQUENCE_SILENCE
