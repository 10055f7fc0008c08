"""Whether the terminal shows more than ASCII: as every curses program, by the locale of its environment.

Python sets `LC_CTYPE` by itself where the locale is C, or is not installed (PEP 538); that is not what
the operator gave.
"""

import os
from collections.abc import Mapping

from tui.domain.terminal import is_utf8, locale_of

_TOUCHED, _SET_BY_PYTHON = "LC_CTYPE", ("C.UTF-8", "C.utf8", "UTF-8")
_START = "/proc/self/environ"
"""The environment as the process got it; there is none on macOS, whose terminals all show UTF-8."""


def given() -> Mapping[str, str]:
    """The environment without what Python put into it."""
    found = os.environ
    if found.get("LC_ALL") or found.get(_TOUCHED) not in _SET_BY_PYTHON:
        return found
    return {**found, _TOUCHED: _at_the_start(_TOUCHED)}


def shows_utf8() -> bool:
    """Whether characters beyond ASCII come out as they are meant."""
    _, locale = locale_of(given())
    return is_utf8(locale)


def _at_the_start(name: str) -> str:
    try:
        with open(_START, "rb") as file:
            variables = os.fsdecode(file.read()).split("\0")
    except OSError:
        return os.environ[name]
    return next((one.partition("=")[2] for one in variables if one.startswith(f"{name}=")), "")
