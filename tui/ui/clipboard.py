"""Copying: OSC 52 for the terminal, and always a private file beside it, because a terminal may
take the sequence and say nothing.

A multiplexer hands a sequence on only if it is wrapped. tmux gets it twice, bare (for `set-clipboard
on`) and wrapped (for `allow-passthrough on`); GNU screen only wrapped and in pieces: it would print
what is longer than its buffer.
"""

import base64
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

MOST_BYTES = 74_994
"""Longest text that is sent: the whole sequence stays within 100,000 bytes, which terminals take."""
_PIECE = 250
"""Bytes that GNU screen is sure to take in one string; older ones hold 256."""
_ESC, _END = "\x1b", "\x1b\\"


class Way(StrEnum):
    """What stands between us and the terminal, in the notice's words."""

    BARE = ""
    TMUX = "through tmux"
    SCREEN = "through screen"


def way(environment: Mapping[str, str]) -> Way:
    """What `environment` says we run in."""
    term = environment.get("TERM", "")
    if environment.get("TMUX") or term.startswith("tmux"):
        return Way.TMUX
    return Way.SCREEN if term.startswith("screen") else Way.BARE


def fits(text: str) -> bool:
    """Whether `text` is short enough to be sent."""
    return len(text.encode(errors="replace")) <= MOST_BYTES


def sequence(text: str, through: Way) -> str:
    """What puts `text` on the terminal's clipboard; ask `fits` first."""
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


def told(what: str, text: str, through: Way, file: str) -> str:
    """What was done, in one sentence; `file` is what became of the file, such as `written to …`."""
    size = len(text)
    counted = f"{what}, {size:,} character{'' if size == 1 else 's'},"
    if not fits(text):
        return f"{counted} not sent to the terminal: above {MOST_BYTES:,} bytes; {file}"
    how = ", ".join(filter(None, ("OSC 52", through.value)))
    return f"{counted} sent to the terminal's clipboard ({how}); {file}"


def write_copy(directory: Path, text: str) -> Path:
    """Write `text` to the copy file, 0600, replacing the last one; returns its path.

    Raises:
        OSError: it cannot be written.
    """
    from tui.paths import private_dir

    path = private_dir(directory) / "copied.txt"
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
        fresh.replace(path)
    except OSError:
        fresh.unlink()
        raise
    return path
