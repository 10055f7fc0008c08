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
    """PUT /workers/{syncId}; 204 means handed over, not finished."""

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
    """POST …/ForceResync; no keys means **everything** (superoffice-erpsync §5)."""

    connection_id: int
    """That connection is the source; 0: CRM is."""
    keys: tuple[int, ...] = ()
    """ErpInternalKey ids, not company ids."""


Write: TypeAlias = (
    ConfigureWorker
    | ControlWorker
    | CreateExtension
    | UpdateExtension
    | DeleteExtension
    | PushManifest
    | ForceResync
)


def target_of(write: Write) -> str:
    """The identifier of what `write` changes, as audit and watch name it."""
    match write:
        case ConfigureWorker(sync_id=target) | ControlWorker(sync_id=target):
            return target
        case CreateExtension(extension_id=target):
            return target
        case UpdateExtension(id=target) | DeleteExtension(id=target) | PushManifest(id=target):
            return target
        case ForceResync(connection_id=connection):
            return str(connection)
