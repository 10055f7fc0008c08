"""What an operation on several rows acts on."""

from typing import Generic

from tui.frozen import frozen
from tui.ui.screens.row_cache import TargetRow


@frozen
class MarkedTargets(Generic[TargetRow]):
    """The marked targets with their current values."""

    targets: tuple[TargetRow, ...]
    """In list order; those that the filter hides come last."""
    missing: tuple[str, ...]
    """The names of those that are no longer listed."""
