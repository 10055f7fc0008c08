"""One profile as the one-shot commands get it: what they read is made when it is needed."""

from collections.abc import Callable
from dataclasses import dataclass

from tui.core import ServiceHandle
from tui.domain.profile import System
from tui.headless.history.recorded import Recorded


@dataclass(frozen=True, slots=True)
class ProfileAccess:
    """Each call raises `tui.config.file.ConfigError` where the config cannot be used."""

    name: str
    service: Callable[[], ServiceHandle]
    recorded: Callable[[], Recorded]
    systems: Callable[[], frozenset[System]]
    """Those that it configures."""
