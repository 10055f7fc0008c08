"""Write commands as frozen data: exactly what is to be changed, and the before and after of it."""

from dataclasses import dataclass
from typing import TypeAlias

from tui.domain.workers import ControlAction


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One line of a review."""

    field: str
    before: str
    after: str
    note: str = ""
    """A consequence worth a line, such as `shared by all syncs of this type`."""


@dataclass(frozen=True, slots=True)
class ConfigureWorker:
    """POST /workers/{syncId}; what is None or empty is not sent and stays (jtl-erp-api §1.2)."""

    sync_id: str
    interval: str | None = None
    """TimeSpan text."""
    options: tuple[tuple[str, str], ...] = ()
    """(option identifier, new value), only the changed ones."""
    secret: tuple[str, ...] = ()
    """Identifiers of those whose value may be a secret, and is not recorded."""


@dataclass(frozen=True, slots=True)
class ControlWorker:
    """PUT /workers/{syncId}; 204 means accepted, not finished."""

    sync_id: str
    action: ControlAction


@dataclass(frozen=True, slots=True)
class CreateExtension:
    """POST /v1/extensions."""

    extension_id: str
    version: str
    manifest_hash: str


@dataclass(frozen=True, slots=True)
class UpdateExtension:
    """PATCH /extensions/{extensionId}; what is None is not sent."""

    id: str
    version: str | None = None
    manifest_hash: str | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class DeleteExtension:
    """DELETE /extensions/{extensionId}."""

    id: str


@dataclass(frozen=True, slots=True)
class PushManifest:
    """PUT /extensions/{extensionId}/manifest; 412 means the signature is invalid."""

    id: str
    manifest: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class ForceResync:
    """POST …/ForceResync, …NoBlankValues or …BatchTask; no keys means **everything**
    (superoffice-erpsync §5)."""

    connection_id: int
    """That connection is the source; 0: CRM is."""
    keys: tuple[int, ...] = ()
    """ErpInternalKey ids, not company ids."""
    no_blanks: bool = False
    """Whether blanks of the source leave values as they are, instead of overwriting them."""
    as_batch: bool = False
    """Whether it is queued as a batch task, whose id is not told."""

    def __post_init__(self) -> None:
        if self.no_blanks and self.as_batch:
            raise ValueError(
                "a batch task cannot keep what blanks would overwrite: there is no such call"
            )

    @property
    def method(self) -> str:
        """The call that does it."""
        if self.as_batch:
            return "ForceResyncBatchTask"
        return "ForceResyncNoBlankValues" if self.no_blanks else "ForceResync"


@dataclass(frozen=True, slots=True)
class ForceResyncExternal:
    """POST …/ForceResyncExternal or …NoBlankValues; no keys means all of that actor type."""

    connection_id: int
    """That connection is the source; its keys are meant."""
    actor_type: str
    """The name of an ErpActorType, such as `Customer`."""
    keys: tuple[str, ...] = ()
    """The ERP's own keys."""
    no_blanks: bool = False
    """Whether blanks of the source leave values as they are, instead of overwriting them."""

    @property
    def method(self) -> str:
        """The call that does it."""
        return "ForceResyncExternalNoBlankValues" if self.no_blanks else "ForceResyncExternal"


@dataclass(frozen=True, slots=True)
class ChangeEngineStatus:
    """POST …/ChangeEngineStatus; the answer may still show the old state."""

    run: bool


@dataclass(frozen=True, slots=True)
class ChangeEngineInterval:
    """POST …/ChangeEngineInterval."""

    interval: str
    """TimeSpan text."""


@dataclass(frozen=True, slots=True)
class SyncAll:
    """POST …/SyncAll, or …/ForceSyncAll: also while automatic sync is off."""

    forced: bool = False


@dataclass(frozen=True, slots=True)
class ToggleConnection:
    """POST …/ToggleErpConnectionActive; it flips what is there, so it is not idempotent."""

    connection_id: int
    active: bool
    """What it is to become; not sent."""


@dataclass(frozen=True, slots=True)
class UpdateConnectionFields:
    """POST …/UpdateConnectionFields: actor types and fields are read from the connector anew."""

    connection_id: int


@dataclass(frozen=True, slots=True)
class SavePriorities:
    """POST …/SaveErpConnectionSyncPriorities."""

    connection_ids: tuple[int, ...]
    """The order is the priority, the highest first."""


JtlWrite: TypeAlias = (
    ConfigureWorker | ControlWorker | CreateExtension | UpdateExtension | DeleteExtension | PushManifest
)
Resync: TypeAlias = ForceResync | ForceResyncExternal
EngineWrite: TypeAlias = ChangeEngineStatus | ChangeEngineInterval | SyncAll
ConnectionWrite: TypeAlias = ToggleConnection | UpdateConnectionFields | SavePriorities
SuperOfficeWrite: TypeAlias = Resync | EngineWrite | ConnectionWrite
Write: TypeAlias = JtlWrite | SuperOfficeWrite

STATE_CHANGES = (ControlWorker, ChangeEngineStatus)
"""Writes whose answer says no more than *requested*: the state is watched to see the effect."""
SEEN_AFTER = (ToggleConnection, SavePriorities, DeleteExtension)
"""Writes whose answer proves little: the target is read again after it."""

SILENT = (ChangeEngineInterval,)
"""Writes whose answer tells nothing of what is there now: it is read again and compared."""

ENGINE = "engine"
"""The one engine, as audit and `run` name it."""
ALL_CONNECTIONS = "connections"
"""Their order, as audit and `run` name it."""


def target_of(write: Write) -> str:
    """The identifier of what `write` changes, as audit and watch name it."""
    match write:
        case ConfigureWorker(sync_id=target) | ControlWorker(sync_id=target):
            return target
        case CreateExtension(extension_id=target):
            return target
        case UpdateExtension(id=target) | DeleteExtension(id=target) | PushManifest(id=target):
            return target
        case ChangeEngineStatus() | ChangeEngineInterval() | SyncAll():
            return ENGINE
        case SavePriorities():
            return ALL_CONNECTIONS
        case (
            ForceResync(connection_id=connection)
            | ForceResyncExternal(connection_id=connection)
            | ToggleConnection(connection_id=connection)
            | UpdateConnectionFields(connection_id=connection)
        ):
            return str(connection)
