"""The target of a write as a thing of its own kind, and what of it the write rests on. Pure."""

from typing import TypeAlias

from tui.domain import basis
from tui.domain.basis import Basis
from tui.domain.changes import (
    ChangeEngineInterval,
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    SavePriorities,
    ToggleConnection,
    UpdateExtension,
    Write,
)
from tui.domain.connections import Priorities
from tui.domain.engine import Connection, EngineStatus
from tui.domain.extensions import Extension, ExtensionStatus
from tui.domain.intervals import Interval
from tui.domain.workers import Worker, WorkerStatus, WorkerSync

Thing: TypeAlias = WorkerSync | WorkerStatus | Extension | Connection | EngineStatus | Priorities


def basis_of(write: Write, thing: Thing | None) -> Basis:
    """What `write` rests on, of its target as it is; empty where there is none."""
    match thing:
        case WorkerSync():
            return basis.of_sync(thing)
        case Extension():
            return basis.of_extension(thing)
        case Connection():
            return basis.of_connection(thing)
        case Priorities():
            return basis.of_priorities(thing)
        case EngineStatus() if isinstance(write, ChangeEngineInterval):
            return basis.of_engine_interval(thing)
        case EngineStatus():
            return basis.of_engine_state(thing)
        case WorkerStatus():
            return basis.of_state(Worker(thing.id, thing.sync, thing))
        case None if isinstance(write, ControlWorker):
            return basis.of_state(Worker(write.sync_id, None, None))
        case None:
            return ()


def asked(write: Write) -> dict[str, str]:
    """The values that `write` asks for, in words, by the keys of its basis."""
    match write:
        case ConfigureWorker(interval=interval, options=options):
            given = {} if interval is None else {"Interval": Interval.read(interval).shown}
            return {**given, **{key: basis.value_word(value) for key, value in options}}
        case CreateExtension(version=version, manifest_hash=manifest_hash):
            return {"Version": version, "ManifestHash": manifest_hash}
        case UpdateExtension(version=version, manifest_hash=manifest_hash, status=status):
            word = None if status is None else ExtensionStatus(status).word
            values = {"Version": version, "ManifestHash": manifest_hash, "Status": word}
            return {key: value for key, value in values.items() if value is not None}
        case ChangeEngineInterval(interval=text):
            return {"Interval": Interval.read(text).shown}
        case ToggleConnection(active=active):
            return {"State": "active" if active else "inactive"}
        case SavePriorities(connection_ids=ids):
            return {"Order": Priorities(ids).shown}
        case _:
            return {}


def is_same(key: str, one: str, other: str) -> bool:
    """Whether two values in words mean the same; a hash has no case (jtl-erp-api §3)."""
    return one.lower() == other.lower() if key == "ManifestHash" else one == other
