"""Operations, and the grade that decides how an operation is confirmed."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from tui.domain.profile import Environment, System

if TYPE_CHECKING:
    from tui.domain.writes import Write


class Danger(IntEnum):
    """How an operation is confirmed, from not at all to typing the profile name."""

    READ = 0
    REVERSIBLE = 1
    DISRUPTIVE = 2
    IRREVERSIBLE = 3


class Scope(StrEnum):
    """Where an operation applies."""

    APP = "app"
    LIST = "list"
    WORKER = "worker"
    EXTENSION = "extension"
    ENGINE = "engine"
    CONNECTION = "connection"
    LOG = "log"

    @property
    def system(self) -> System | None:
        """The system that must be configured for it; None: any."""
        return _SYSTEMS.get(self)


_SYSTEMS = {
    Scope.WORKER: System.JTL,
    Scope.EXTENSION: System.JTL,
    Scope.ENGINE: System.SUPEROFFICE,
    Scope.CONNECTION: System.SUPEROFFICE,
    Scope.LOG: System.SUPEROFFICE,
}

MOST_TARGETS = 10
"""With more targets, every write is graded irreversible."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the operation table."""

    id: str
    title: str
    scope: Scope
    danger: Danger
    key: str
    """As printed on the keyboard: `e`, `/`, `enter`."""
    short: str
    """Label in the footer."""
    help: str
    """One sentence for help and documentation."""
    inverse: str | None = None
    """The id of the operation that undoes it; None if there is none."""
    consequence: str = ""
    """In the ERP's terms; only for writes."""
    on_bar: bool = True
    """Whether the footer shows it; help shows all."""
    shows_effect: bool = True
    """Whether its effect can be observed; if not, its best result is *accepted*."""


def effect_shows(operation: Operation, write: "Write") -> bool:
    from tui.domain.writes import ForceResync

    return operation.shows_effect and not (isinstance(write, ForceResync) and write.as_batch)


def grade(
    operation: Operation, *, environment: Environment, targets: int = 1, write: "Write | None" = None
) -> Danger:
    """The grade that decides how the operation is confirmed."""
    danger = operation.danger
    if danger is Danger.READ:
        return danger
    from tui.domain.jtl.extensions import ExtensionStatus
    from tui.domain.writes import UpdateExtension

    if isinstance(write, UpdateExtension) and write.status == ExtensionStatus.DISABLED:
        danger = max(danger, Danger.DISRUPTIVE)
    if targets > MOST_TARGETS:
        return Danger.IRREVERSIBLE
    if danger is Danger.DISRUPTIVE and environment is Environment.PRODUCTION:
        return Danger.IRREVERSIBLE
    return danger
