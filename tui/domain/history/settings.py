"""`[history]` of the config; `[profiles.X.history]` overrides it."""

from pathlib import Path
from typing import Literal

from tui.frozen import frozen


@frozen
class HistorySettings:
    enabled: bool = True
    directory: Path | None = None
    """None: `history` in the state directory."""
    group: str = ""
    """The group that may read the files; empty: nobody but the user."""
    keep: float = 14 * 86_400.0
    """Seconds for which changes are kept."""
    keep_days_totals: float = 400 * 86_400.0
    """Seconds for which daily sums are kept."""
    max_mb: float = 256.0
    """MB on disk per profile; the oldest day goes first, never today's."""
    messages: Literal["masked", "none"] = "masked"
    """Whether the servers' messages are kept."""
