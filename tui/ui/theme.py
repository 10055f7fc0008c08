"""The theme: one of ours for dark and light, Textual's ANSI theme for poor terminals.

Must be chosen before textual is imported, because `TEXTUAL_*` is read at import.
"""

import os
from collections.abc import Mapping, MutableMapping

DARK, LIGHT = "syncdeck-dark", "syncdeck-light"
_POOR = ("linux", "vt100", "vt220", "ansi", "xterm-mono")


def choose(environment: MutableMapping[str, str] = os.environ) -> None:
    """Choose the theme by `TEXTUAL_THEME`, unless the operator already has."""
    environment.setdefault("TEXTUAL_THEME", "ansi-dark" if is_poor(environment) else DARK)
    environment.setdefault("TEXTUAL_ANIMATIONS", "none")


def is_poor(environment: Mapping[str, str]) -> bool:
    """Whether the terminal has no more than the 16 colours of its own palette."""
    term = environment.get("TERM", "")
    return term in _POOR or (term in ("xterm", "screen") and "COLORTERM" not in environment)
