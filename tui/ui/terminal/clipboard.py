"""Copying: OSC 52 for the terminal, and always a private file as well, because a terminal may ignore the
sequence silently.

A multiplexer passes a sequence on only if it is wrapped. tmux gets it twice, bare (for `set-clipboard
on`) and wrapped (for `allow-passthrough on`); GNU screen only wrapped and in pieces: it would print a
text that is longer than its buffer.
"""

import base64
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from tui.domain.text import counted
from tui.frozen import frozen

MOST_BYTES = 74_994
"""Longest text that is sent: the whole sequence stays within 100,000 bytes, which terminals accept."""
COPY = "copied.txt"
"""The file in the state directory."""
_PIECE = 250
"""Bytes that every GNU screen accepts in one string; older ones hold 256."""
_ESC, _END = "\x1b", "\x1b\\"


class Way(StrEnum):
    """What is between us and the terminal."""

    BARE = "nothing"
    TMUX = "tmux"
    SCREEN = "screen"


@frozen
class CopyObstacle:
    """A copy that does not reach the terminal's clipboard."""

    why: str
    hint: str = ""
    """Where the fix is described, appended to a sentence."""


def way(environment: Mapping[str, str]) -> Way:
    term = environment.get("TERM", "")
    if environment.get("TMUX") or term.startswith("tmux"):
        return Way.TMUX
    return Way.SCREEN if term.startswith("screen") else Way.BARE


def fits(text: str) -> bool:
    """Whether `text` is short enough to be sent."""
    return len(text.encode(errors="replace")) <= MOST_BYTES


def sequence(text: str, through: Way) -> str:
    """The sequence that puts `text` on the terminal's clipboard; check `fits` first."""
    coded = base64.b64encode(text.encode(errors="replace")).decode()
    bare = f"{_ESC}]52;c;{coded}\a"
    match through:
        case Way.BARE:
            return bare
        case Way.TMUX:
            return f"{bare}{_ESC}Ptmux;{bare.replace(_ESC, _ESC * 2)}{_END}"
        case Way.SCREEN:
            pieces = (bare[at : at + _PIECE] for at in range(0, len(bare), _PIECE))
            return "".join(f"{_ESC}P{piece}{_END}" for piece in pieces)


def is_in_tmux(environment: Mapping[str, str]) -> bool:
    """Whether there is a tmux that can report what it does with a copy."""
    return bool(environment.get("TMUX")) and way(environment) is Way.TMUX


def kept_by_tmux() -> CopyObstacle | None:
    """Whether tmux keeps copies from the terminal's clipboard. Waits for its response."""
    from tui.domain.checks.terminal_checks import forwards_copies
    from tui.ui.terminal.tmux import copy_options

    options = copy_options()
    if options is None or forwards_copies(
        options.get("set-clipboard", ""), options.get("allow-passthrough")
    ):
        return None
    return CopyObstacle("tmux keeps the copy", " (`doctor` shows the fix)")


def kept_by_terminal(environment: Mapping[str, str]) -> CopyObstacle | None:
    """Whether the terminal is known to have no such clipboard."""
    from tui.domain.checks.terminal_checks import without_clipboard

    program = without_clipboard(environment)
    return None if program is None else CopyObstacle(f"{program} has no clipboard for OSC 52")


def copy_message(
    what: str, text: str, kept: CopyObstacle | None, file: str, *, has_file: bool = True
) -> str:
    """The result in one sentence; `file` is the result of writing the file, such as `written to …`."""
    size = counted(len(text), "character")
    if not fits(text):
        return f"Not copied to the terminal: {what} ({size}) is above {MOST_BYTES:,} bytes; {file}"
    if kept is not None:
        where = f": see {COPY}" if has_file else ""
        return f"{kept.why}{where}{kept.hint}; {file}"
    return f"Copied {what} ({size}) by OSC 52; {file}"


def write_copy(directory: Path, text: str) -> Path:
    """Write `text` to the copy file, 0600, replacing the last one; returns its path.

    Raises OSError: it cannot be written.
    """
    from tui.paths import replace_private

    path = directory / COPY
    replace_private(path, text.encode("utf-8", "replace"), durable=False)
    return path
