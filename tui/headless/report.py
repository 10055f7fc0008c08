"""What a one-shot command found: the items, and how each system responded. Frozen."""

from collections.abc import Mapping
from datetime import datetime

from tui.api.errors import ErpError
from tui.domain.profile import System
from tui.frozen import frozen
from tui.headless import exit_codes as exitcodes
from tui.headless.exit_codes import SystemState
from tui.presentation.columns import Column
from tui.presentation.item import Item


@frozen
class SystemAnswer:
    """How one system responded; a system that the command does not read has no state."""

    state: SystemState | None = None
    errors: tuple[ErpError, ...] = ()
    fetched_at: datetime | None = None
    """When the last valid response arrived; None where none did."""


@frozen
class Report:
    profile: str
    systems: Mapping[System, SystemAnswer]
    items: tuple[Item, ...]
    """As `--json` writes them; their keys are a contract."""
    columns: tuple[Column, ...]
    """Those without `printed` are left out."""
    rows: tuple[Mapping[str, str], ...]
    """As the text table shows them, by column key."""
    summary: str
    attention: int
    notes: tuple[str, ...] = ()
    """What concerns a whole list and is none of its items."""

    @property
    def exit_code(self) -> int:
        codes = [answer.state.code for answer in self.systems.values() if answer.state is not None]
        return exitcodes.worst([*codes, exitcodes.ATTENTION if self.attention else exitcodes.HEALTHY])
