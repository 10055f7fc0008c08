"""The theme: one of ours for dark and light, Textual's ANSI theme for poor terminals.

Must be chosen before textual is imported, because `TEXTUAL_*` is read at import.
"""

import os
from collections.abc import MutableMapping

from tui.domain.terminal import is_poor

ANSI = "ansi-dark"
_FRAMES_IF_SLOW = "10"
"""A second."""
DARK, LIGHT = "syncdeck-dark", "syncdeck-light"


def choose(environment: MutableMapping[str, str] = os.environ, *, slow: bool = False) -> None:
    """Choose the theme by `TEXTUAL_THEME`, unless the operator already has; on a slow line the shortest
    colours, and few frames."""
    if slow:
        environment["TEXTUAL_THEME"] = ANSI
        environment.setdefault("TEXTUAL_FPS", _FRAMES_IF_SLOW)
    # Where no colour is wanted Textual would still send greys of its own for any other theme.
    plain = is_poor(environment) or bool(environment.get("NO_COLOR"))
    environment.setdefault("TEXTUAL_THEME", ANSI if plain else DARK)
    environment.setdefault("TEXTUAL_ANIMATIONS", "none")
