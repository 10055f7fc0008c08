"""Operations, and the grade that decides how an operation is confirmed."""

from enum import IntEnum, StrEnum

from tui.domain.profile import Environment, System
from tui.frozen import frozen


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
    PAST = "past"
    """Only while looking back, and in the history."""

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


@frozen
class Operation:
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
    consequence: str = ""
    """In the ERP's terms; only for writes."""
    on_bar: bool = True
    """Whether the footer shows it; help shows all."""


def grade(danger: Danger, environment: Environment, targets: int = 1) -> Danger:
    """How an operation of that danger is confirmed."""
    if danger is Danger.READ:
        return danger
    if targets > MOST_TARGETS or (danger is Danger.DISRUPTIVE and environment is Environment.PRODUCTION):
        return Danger.IRREVERSIBLE
    return danger
