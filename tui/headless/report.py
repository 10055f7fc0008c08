"""What a one-shot command found out: the items, and how each system answered. Frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from tui.api.errors import ErpError
from tui.domain.systems import System
from tui.headless import exitcodes
from tui.headless.exitcodes import SystemState

Value: TypeAlias = str | int | float | bool | None
Item: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class SystemAnswer:
    """How one system answered; one that the command does not concern has no state."""

    state: SystemState | None = None
    errors: tuple[ErpError, ...] = ()
    fetched_at: datetime | None = None
    """When the last answer that could be used came; None where none did."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the text table."""

    title: str
    key: str
    """Of the cell in a row."""
    width: int = 0
    """Most columns on a screen; 0: as many as there are."""
    right: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """All that is printed."""

    profile: str
    systems: Mapping[System, SystemAnswer]
    items: tuple[Item, ...]
    """As `--json` writes them (design §5)."""
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, str], ...]
    """As the text table shows them, by column key."""
    summary: str
    attention: int
    """How many things need attention."""
    notes: tuple[str, ...] = ()
    """What concerns a whole list and is none of its items."""

    @property
    def exit_code(self) -> int:
        """By the worst of what happened."""
        codes = [answer.state.code for answer in self.systems.values() if answer.state is not None]
        return exitcodes.worst([*codes, exitcodes.ATTENTION if self.attention else exitcodes.HEALTHY])
