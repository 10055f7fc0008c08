"""The theme: one of ours for dark and light, Textual's ANSI themes for terminals with 16 colours.

It must be chosen before textual is imported, because `TEXTUAL_*` is read at import.
"""

import os
from collections.abc import MutableMapping

from tui.domain.terminal import palette_size

ANSI, ANSI_LIGHT = "ansi-dark", "ansi-light"
_FRAMES_IF_SLOW = "10"
"""Frames a second."""
DARK, LIGHT = "syncdeck-dark", "syncdeck-light"


def choose(environment: MutableMapping[str, str] = os.environ, *, slow: bool = False) -> None:
    """Set `TEXTUAL_THEME` unless the operator already has; on a slow line the shortest colours and few
    frames.

    With 16 colours, without colour and on a slow line any theme becomes an ANSI theme: Textual would
    round its blends to 16 colours, and send greys of its own where no colour is wanted.
    """
    if slow:
        environment.setdefault("TEXTUAL_FPS", _FRAMES_IF_SLOW)
    if not environment.get("NO_COLOR"):
        # Textual treats an empty NO_COLOR as set; https://no-color.org does not.
        environment.pop("NO_COLOR", None)
    chosen = environment.get("TEXTUAL_THEME", DARK)
    if slow or palette_size(environment) == 16 or environment.get("NO_COLOR"):
        chosen = ANSI_LIGHT if "light" in chosen else ANSI
    environment["TEXTUAL_THEME"] = chosen
    environment.setdefault("TEXTUAL_ANIMATIONS", "none")
