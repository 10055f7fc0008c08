"""Whether the terminal shows more than ASCII: by the environment's locale, as in every curses program.

Python sets `LC_CTYPE` itself if the locale is C or not installed (PEP 538); that is not the operator's
setting.
"""

import os
from collections.abc import Mapping

from tui.domain.terminal import is_utf8, locale_of

_TOUCHED, _SET_BY_PYTHON = "LC_CTYPE", ("C.UTF-8", "C.utf8", "UTF-8")
_START = "/proc/self/environ"
"""The environment at the process's start; missing on macOS, whose terminals all show UTF-8."""


def operator_environment() -> Mapping[str, str]:
    """The environment without Python's own changes."""
    found = os.environ
    if found.get("LC_ALL") or found.get(_TOUCHED) not in _SET_BY_PYTHON:
        return found
    return {**found, _TOUCHED: _at_the_start(_TOUCHED)}


def shows_utf8() -> bool:
    """Whether the terminal shows characters beyond ASCII correctly."""
    _, locale = locale_of(operator_environment())
    return is_utf8(locale)


def _at_the_start(name: str) -> str:
    try:
        with open(_START, "rb") as file:
            variables = os.fsdecode(file.read()).split("\0")
    except OSError:
        return os.environ[name]
    return next((one.partition("=")[2] for one in variables if one.startswith(f"{name}=")), "")
