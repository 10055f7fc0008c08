"""A time as a row of cells, one character each. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from tui.domain.health.rules import Level
from tui.domain.history.gaps import Gap, unseen_seconds
from tui.domain.history.records import SubjectKind
from tui.frozen import frozen

_MOSTLY = 0.5
"""Part of a cell that has to be unseen before the cell says so; a problem is always shown."""


class Cell(StrEnum):
    """What a part of the time was; also the style class."""

    ERROR = "error"
    LOCKED = "locked"
    OVERDUE = "overdue"
    RAN = "ran"
    OK = "ok"
    OFF = "off"
    UNSEEN = "not seen"


SIGNS: Mapping[Cell, str] = MappingProxyType(
    dict(zip(Cell, ("█", "▆", "▅", "▂", "▁", "─", "·"), strict=True))
)
ASCII_SIGNS: Mapping[Cell, str] = MappingProxyType(
    dict(zip(Cell, ("#", "L", "=", "r", "_", "-", "."), strict=True))
)
"""For terminals with ASCII alone: the general replacements would draw several of them alike."""
_OF_LEVEL = {
    Level.ERROR: Cell.ERROR,
    Level.LOCKED: Cell.LOCKED,
    Level.WARNING: Cell.OVERDUE,
    Level.RUNNING: Cell.RAN,
    Level.OK: Cell.OK,
    Level.OFF: Cell.OFF,
}


@frozen
class Strip:
    since: datetime
    until: datetime
    cells: tuple[Cell, ...]

    def text(self, *, ascii_only: bool = False) -> str:
        signs = ASCII_SIGNS if ascii_only else SIGNS
        return "".join(signs[cell] for cell in self.cells)


_WITHOUT_RUNS = (SubjectKind.EXTENSION, SubjectKind.CONNECTION)


def strip_of(
    levels: Sequence[Level | None],
    gaps: Iterable[Gap],
    since: datetime,
    until: datetime,
    kind: SubjectKind = SubjectKind.SYNC,
) -> Strip:
    """`levels` as `HistoryReader.strips` has them, the gaps of the subject's topic. A problem that was
    seen is drawn even where most of the cell was not."""
    missing = tuple(gaps)
    width = (until - since) / max(1, len(levels))
    cells: list[Cell] = []
    for number, level in enumerate(levels):
        start = since + number * width
        unseen = unseen_seconds(missing, start, start + width) / max(width.total_seconds(), 1e-6)
        is_problem = level is not None and level.needs_attention and unseen < 1
        if level is None or (unseen > _MOSTLY and not is_problem):
            cells.append(Cell.UNSEEN)
        else:
            cells.append(_cell(level, kind))
    return Strip(since, until, tuple(cells))


def _cell(level: Level, kind: SubjectKind) -> Cell:
    """What has no runs never ran: an extension that is pending does nothing yet."""
    return Cell.OFF if level is Level.RUNNING and kind in _WITHOUT_RUNS else _OF_LEVEL[level]


def legend(*, ascii_only: bool = False) -> str:
    """`█ error ▆ locked ▅ overdue ▂ ran ▁ ok ─ off · not seen`."""
    signs = ASCII_SIGNS if ascii_only else SIGNS
    return " ".join(f"{signs[cell]} {cell}" for cell in Cell)
