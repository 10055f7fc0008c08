"""What an operation is, and the grade that decides the last step of its dialog."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from tui.domain.systems import Environment, System

if TYPE_CHECKING:
    from tui.domain.changes import Write


class Danger(IntEnum):
    """What it takes to do it, from at once to typing the profile's name."""

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
        """The system that must be configured for it; None: either."""
        return _SYSTEMS.get(self)


_SYSTEMS = {
    Scope.WORKER: System.JTL,
    Scope.EXTENSION: System.JTL,
    Scope.ENGINE: System.SUPEROFFICE,
    Scope.CONNECTION: System.SUPEROFFICE,
    Scope.LOG: System.SUPEROFFICE,
}

MOST_TARGETS = 10
"""Above this, anything that writes is irreversible."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be done."""

    id: str
    title: str
    scope: Scope
    danger: Danger
    key: str
    """As it is printed on the keyboard: `e`, `/`, `enter`."""
    short: str
    """The footer's word."""
    help: str
    """One sentence for help and documentation."""
    inverse: str | None = None
    """The id of the operation that takes it back, for undo; None: nothing does."""
    consequence: str = ""
    """In the ERP's own terms; only for writes."""
    on_bar: bool = True
    """Whether the footer offers it; help shows all."""
    shows_effect: bool = True
    """Whether its effect can be observed; if not, *accepted* is all that can be known of it."""


def effect_shows(operation: Operation, write: "Write") -> bool:
    """Whether the effect of this command can be observed."""
    from tui.domain.changes import ForceResync

    return operation.shows_effect and not (isinstance(write, ForceResync) and write.as_batch)


def grade(
    operation: Operation, *, environment: Environment, targets: int = 1, write: "Write | None" = None
) -> Danger:
    """The grade that decides the last step of the dialog."""
    danger = operation.danger
    if danger is Danger.READ:
        return danger
    from tui.domain.changes import UpdateExtension
    from tui.domain.extensions import ExtensionStatus

    if isinstance(write, UpdateExtension) and write.status == ExtensionStatus.DISABLED:
        danger = max(danger, Danger.DISRUPTIVE)
    if targets > MOST_TARGETS:
        return Danger.IRREVERSIBLE
    if danger is Danger.DISRUPTIVE and environment is Environment.PRODUCTION:
        return Danger.IRREVERSIBLE
    return danger
