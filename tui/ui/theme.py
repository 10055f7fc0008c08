"""The theme: one of ours for dark and light, Textual's ANSI theme for poor terminals.

Must be chosen before textual is imported, because `TEXTUAL_*` is read at import.
"""

import os
from collections.abc import MutableMapping

from tui.domain.terminal import is_poor

DARK, LIGHT = "syncdeck-dark", "syncdeck-light"


def choose(environment: MutableMapping[str, str] = os.environ) -> None:
    """Choose the theme by `TEXTUAL_THEME`, unless the operator already has."""
    environment.setdefault("TEXTUAL_THEME", "ansi-dark" if is_poor(environment) else DARK)
    environment.setdefault("TEXTUAL_ANIMATIONS", "none")
