"""A bracketed paste, also one whose end never comes, comes late, or that holds the marks itself.

Invariant: nothing of a paste is passed on as a key, and no paste locks the operator out. While one is
open, ctrl+c and ctrl+q count once nothing has followed them for `_PAUSE`: in the text they are text.
After one that did not end, the first input is dropped up to a pause; a single key with a pause after it
is a key again.
"""

import re
from enum import Enum, auto

from tui.ui.messages import Pasted
from tui.ui.terminal.input_frames import PASTE_BEGIN, PASTE_END, is_one

MOST = 250_000
"""Characters that are kept of one paste; more than any field accepts."""
_SILENCE = 1.0
"""Seconds without input after which a paste has ended."""
_PAUSE = 0.3
"""Seconds without input after which what comes is no longer its rest."""
_MARK = re.compile(f"{re.escape(PASTE_BEGIN)}|{re.escape(PASTE_END)}")
_PART = re.compile(r"\x1b(?:\[(?:2(?:0[01]?)?)?)?\Z")
"""A mark that a read has cut."""
_LEAVING = re.compile(r"(?:\x03|\x11|\x1b\[(?:99|113);(?:5|69|133|197)(?::[12]?)?(?:;[\d:]*)?u)+")
"""Ctrl+c and ctrl+q, also by the keyboard protocol, whatever the locks are."""
_REPORTS = re.compile(
    r"(?:\x1b\[(?:<\d+;-?\d+;-?\d+[Mm]|[IO]|\?\d+;\d+\$y|48;[\d:;]*t|\d+;\d*:3[u~A-S]))+"
)
"""What a terminal sends by itself: mouse, focus, mode and size reports, released keys."""


class _State(Enum):
    SHUT = auto()
    OPEN = auto()
    DROPPING = auto()
    """After its end, until a pause."""
    DOUBTFUL = auto()
    """After one that did not end: what comes may be its rest."""


class PasteReader:
    """`begin` is called when a paste begins; then all input goes through it until `is_open` is false."""

    def __init__(self) -> None:
        self._state = _State.SHUT
        self._parts: list[str] = []
        self._total = 0
        self._cut = ""
        """The first part of a mark."""
        self._leaving = ""
        """Keys that leave, or text."""
        self._key = ""
        """One key after a paste that did not end; it counts if a pause follows."""
        self._is_nested = False
        self._is_doubtful = False
        """Whether its rest may still come."""
        self.wakes_at: float | None = None
        """When `tick` is due, by the clock of `now`."""

    @property
    def is_open(self) -> bool:
        """Whether the input is, or may be, pasted."""
        return self._state is not _State.SHUT

    def begin(self, now: float) -> None:
        self._parts, self._total, self._cut, self._leaving, self._key = [], 0, "", "", ""
        self._is_nested = self._is_doubtful = False
        self._enter(_State.OPEN, now + _SILENCE)

    def take(self, text: str, now: float) -> tuple[list[str | Pasted], str]:
        """The typed and pasted parts of `text`, one read, in order; the text after the paste's end."""
        if _REPORTS.fullmatch(text):
            return [text], ""
        leaving = _LEAVING.fullmatch(text) is not None
        if self._state is _State.OPEN:
            if leaving:
                self._leaving += text
                self.wakes_at = now + _PAUSE
                return [], ""
            return self._read(text, now)
        if leaving:
            return [text], ""
        if self._state is _State.DOUBTFUL and is_one(text) and text != PASTE_BEGIN:
            self._key, self._is_doubtful = text, False
            self._enter(_State.DROPPING, now + _PAUSE)
            return [], ""
        return self._drop(text, now)

    def tick(self, now: float) -> list[str | Pasted]:
        """What is certain after the silence."""
        if self.wakes_at is None or now < self.wakes_at:
            return []
        if self._state is _State.OPEN:
            keys, self._leaving, self._cut = self._leaving, "", ""
            self._is_doubtful = True
            self._enter(_State.DROPPING, now + _PAUSE)
            pasted = self._pasted(is_whole=False)
            return [keys] if keys else [pasted]
        key, self._key, self._cut = self._key, "", ""
        self._enter(_State.DOUBTFUL if self._is_doubtful else _State.SHUT, None)
        return [key] if key else []

    def _read(self, text: str, now: float) -> tuple[list[str | Pasted], str]:
        text = self._cut + self._leaving + text
        self._cut = self._leaving = ""
        while mark := _MARK.search(text):
            self._keep(text[: mark.start()])
            text = text[mark.end() :]
            if mark[0] == PASTE_BEGIN:
                self._is_nested = True
                continue
            pasted = self._pasted(is_whole=True)
            if self._is_nested:
                # The end was that of the inner one: the rest of the outer one follows.
                self._enter(_State.DROPPING, now + _PAUSE)
                dropped, rest = self._drop(text, now) if text else ([], "")
                return [pasted, *dropped], rest
            self._enter(_State.SHUT, None)
            return [pasted], text
        if part := _PART.search(text):
            text, self._cut = text[: part.start()], part[0]
        self._keep(text)
        self.wakes_at = now + _SILENCE
        return [], ""

    def _drop(self, text: str, now: float) -> tuple[list[str | Pasted], str]:
        self._key, self._is_doubtful = "", False
        text = self._cut + text
        self._cut = ""
        if mark := _MARK.search(text):
            if mark[0] == PASTE_BEGIN:
                self.begin(now)
                return self._read(text[mark.end() :], now)
            self._enter(_State.SHUT, None)
            return [], text[mark.end() :]
        part = _PART.search(text)
        self._cut = part[0] if part else ""
        self._enter(_State.DROPPING, now + _PAUSE)
        return [], ""

    def _keep(self, text: str) -> None:
        room = MOST - min(self._total, MOST)
        self._total += len(text)
        if room and text:
            self._parts.append(text[:room])

    def _pasted(self, *, is_whole: bool) -> Pasted:
        text, self._parts = "".join(self._parts), []
        return Pasted(text, self._total, is_whole=is_whole)

    def _enter(self, state: _State, wakes_at: float | None) -> None:
        self._state, self.wakes_at = state, wakes_at
