"""What an operation acts on, as a name finds it: a row, the engine, the order of all connections."""

from enum import Enum, auto
from typing import ClassVar, TypeAlias

from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker
from tui.domain.superoffice.connections import Priorities
from tui.domain.superoffice.engine import ENGINE_NAME, Connection, EngineStatus
from tui.domain.writes import ENGINE
from tui.frozen import frozen
from tui.ops.targets.fitness import DOUBLED, unfit


class ActsOn(Enum):
    """What a kind of operation acts on."""

    ROW = auto()
    """A row of the list of its scope; an operation of the engine: a connection, or CRM."""
    NEW_ROW = auto()
    ENGINE = auto()
    ORDER = auto()
    """The order of all connections."""


@frozen
class NewExtension:
    extension_id: str


@frozen
class TheEngine:
    """The one engine; it exists even without a response."""

    status: EngineStatus | None = None
    """The last reported status, if any."""

    id: ClassVar[str] = ENGINE
    name: ClassVar[str] = ENGINE_NAME


Target: TypeAlias = Worker | Extension | Connection | TheEngine | Priorities | NewExtension

CRM = Connection(0, "CRM", active=True)
"""A source of a resync, besides the connections."""


def identifier(target: Target) -> str:
    """Identifier on the server; for a new extension its name."""
    return target.extension_id if isinstance(target, NewExtension) else str(target.id)


def name_of(target: Target) -> str:
    return target.extension_id if isinstance(target, NewExtension) else target.name or str(target.id)


def unchangeable(target: Target, *, syncs_listed: bool = True) -> str | None:
    """Why the data about `target` is not sufficient to change it, or None.

    `syncs_listed`: whether the server responded with a list of syncs.
    """
    if isinstance(target, NewExtension | TheEngine | Priorities):
        return None
    if isinstance(target, Worker) and target.sync is None:
        why = "listed no configuration for it" if syncs_listed else "did not list the syncs"
        return f"{target.name}: the server {why}"
    row = target.sync if isinstance(target, Worker) and target.sync is not None else target
    reason = DOUBLED if doubled(target) else unfit(row)
    return None if reason is None else f"{name_of(target)}: {reason}"


def doubled(target: Target) -> str | None:
    """Why not even its identifier is reliable, or None."""
    if isinstance(target, Worker | Extension | Connection) and target.doubled:
        return f"{name_of(target)}: {DOUBLED}"
    return None
