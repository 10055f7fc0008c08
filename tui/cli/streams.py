"""The standard streams of every command: they are open, they take every character, and they say why a
command does not run.
"""

import codecs
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from tui.domain.text import clean
from tui.startup.encoding import shows_utf8

UNUSABLE = 2
"""The exit code of wrong usage and of a config that cannot be used."""
_STOOD_IN = "syncdeck.ascii"
_ENCODING = "PYTHONIOENCODING"


def is_terminal(stream: TextIO | None) -> bool:
    """Python gives None where the descriptor is closed."""
    return stream is not None and stream.isatty()


def refuse(sentence: str) -> int:
    print(f"syncdeck: {clean(sentence)}", file=sys.stderr)
    return UNUSABLE


def fill_closed() -> None:
    """Open /dev/null in place of closed streams: the next opened file would get their number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - open as long as the process runs


def forgive_encodings() -> None:
    """Replace characters that the output's encoding cannot express, instead of failing. For a pipe,
    Python chooses the encoding.
    """
    codecs.register_error(_STOOD_IN, _stand_in)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            is_plain = stream.isatty() and _ENCODING not in os.environ and not shows_utf8()
            stream.reconfigure(encoding="ascii" if is_plain else None, errors=_STOOD_IN)


def _stand_in(failure: UnicodeError) -> tuple[str, int]:
    from tui.domain.ascii_fallback import in_ascii
    from tui.headless.output import width

    if not isinstance(failure, UnicodeEncodeError):
        raise failure
    return in_ascii(failure.object[failure.start : failure.end], width), failure.end


def silence_output() -> None:
    """The reader has closed the pipe: discard what is still buffered instead of failing again."""
    if sys.stdout is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
