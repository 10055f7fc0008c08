"""Write commands as frozen data: exactly what to change, and its before and after."""

from typing import TypeAlias

from tui.domain.jtl.workers import ControlAction
from tui.frozen import frozen


@frozen
class FieldChange:
    """A line of a review or a report."""

    field: str
    before: str
    after: str
    note: str = ""
    """A consequence worth a line, such as `shared by all syncs of this type`."""


@frozen
class ConfigureWorker:
    """POST /workers/{syncId}; values that are None or empty are not sent (jtl PROTOCOL §1.2)."""

    sync_id: str
    interval: str | None = None
    """TimeSpan text."""
    options: tuple[tuple[str, str], ...] = ()
    """(option identifier, new value), only the changed ones."""
    secret: tuple[str, ...] = ()
    """Identifiers of options whose value may be a secret, and is not recorded."""


@frozen
class ControlWorker:
    """PUT /workers/{syncId}; 204 means accepted, not finished."""

    sync_id: str
    action: ControlAction


@frozen
class CreateExtension:
    """POST /v1/extensions."""

    extension_id: str
    version: str
    manifest_hash: str


@frozen
class UpdateExtension:
    """PATCH /extensions/{extensionId}; values that are None are not sent."""

    id: str
    version: str | None = None
    manifest_hash: str | None = None
    status: int | None = None


@frozen
class DeleteExtension:
    """DELETE /extensions/{extensionId}."""

    id: str


@frozen
class PushManifest:
    """PUT /extensions/{extensionId}/manifest; 412 means the signature is invalid."""

    id: str
    manifest: bytes
    signature: bytes


@frozen
class ForceResync:
    """POST …/ForceResync, …NoBlankValues or …BatchTask; no keys means **everything**
    (superoffice PROTOCOL §5)."""

    connection_id: int
    """The connection that is the source; 0: CRM is."""
    keys: tuple[int, ...] = ()
    """ErpInternalKey ids, not company ids."""
    no_blanks: bool = False
    """Whether empty source values leave values unchanged, instead of overwriting them."""
    as_batch: bool = False
    """Whether it is queued as a batch task, whose id is not reported."""

    def __post_init__(self) -> None:
        if self.no_blanks and self.as_batch:
            raise ValueError("a batch task cannot ignore empty source values: there is no such call")

    @property
    def method(self) -> str:
        if self.as_batch:
            return "ForceResyncBatchTask"
        return "ForceResyncNoBlankValues" if self.no_blanks else "ForceResync"


@frozen
class ForceResyncExternal:
    """POST …/ForceResyncExternal or …NoBlankValues; no keys means all of that actor type."""

    connection_id: int
    """The connection that is the source; its keys are meant."""
    actor_type: str
    """The name of an ErpActorType, such as `Customer`."""
    keys: tuple[str, ...] = ()
    """The ERP's own keys."""
    no_blanks: bool = False
    """Whether empty source values leave values unchanged, instead of overwriting them."""

    @property
    def method(self) -> str:
        return "ForceResyncExternalNoBlankValues" if self.no_blanks else "ForceResyncExternal"


@frozen
class ChangeEngineStatus:
    """POST …/ChangeEngineStatus; the response may still show the old state."""

    run: bool


@frozen
class ChangeEngineInterval:
    """POST …/ChangeEngineInterval."""

    interval: str
    """TimeSpan text."""


@frozen
class SyncAll:
    """POST …/SyncAll, or …/ForceSyncAll: also while automatic sync is off."""

    forced: bool = False


@frozen
class ToggleConnection:
    """POST …/ToggleErpConnectionActive; it inverts the current state, so it is not idempotent."""

    connection_id: int
    active: bool
    """The state that it should get; not sent."""


@frozen
class UpdateConnectionFields:
    """POST …/UpdateConnectionFields: the server reads actor types and fields from the connector
    again."""

    connection_id: int


@frozen
class SavePriorities:
    """POST …/SaveErpConnectionSyncPriorities."""

    connection_ids: tuple[int, ...]
    """In order of priority, the highest first."""


JtlWrite: TypeAlias = (
    ConfigureWorker | ControlWorker | CreateExtension | UpdateExtension | DeleteExtension | PushManifest
)
Resync: TypeAlias = ForceResync | ForceResyncExternal
EngineWrite: TypeAlias = ChangeEngineStatus | ChangeEngineInterval | SyncAll
ConnectionWrite: TypeAlias = ToggleConnection | UpdateConnectionFields | SavePriorities
SuperOfficeWrite: TypeAlias = Resync | EngineWrite | ConnectionWrite
Write: TypeAlias = JtlWrite | SuperOfficeWrite

IDENTIFIERS = frozenset({"sync_id", "extension_id", "id", "connection_id"})
"""The fields that name a target."""
ENGINE = "engine"
"""The engine's name in audit and `run`."""
ALL_CONNECTIONS = "connections"
"""The order of the connections in audit and `run`."""


def target_of(write: Write) -> str:
    """The identifier of the target of `write`, for audit and watching."""
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
