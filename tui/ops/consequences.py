"""What an operation leads to, in the ERP's own terms: the table's sentence, refined by what is known."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.domain.changes import (
    ForceResync,
    ForceResyncExternal,
    Resync,
    ToggleConnection,
    UpdateExtension,
    Write,
)
from tui.domain.extensions import ExtensionStatus
from tui.domain.workers import SyncState

if TYPE_CHECKING:
    from tui.ops.operation import Operation


def consequence_for(
    operation: "Operation", worker_state: SyncState | None = None, write: Write | None = None
) -> str:
    """What `operation` leads to, given the sync's state and the command where they are known."""
    special = _of_command(write) or _of_state(operation.id, worker_state)
    return f"{operation.consequence} {special}".strip()


def _of_state(operation_id: str, state: SyncState | None) -> str:
    return "" if state is None else _OF_STATE.get((operation_id, state), "")


_OF_STATE = {
    ("worker.start", SyncState.LOCKED): "It is locked, and a start does not unlock it:"
    " unlock the account first; the lock is checked again before the run.",
    ("worker.start", SyncState.RUNNING): "It is running already.",
    ("worker.start", SyncState.STARTING): "It is being started already.",
    ("worker.start", SyncState.FINISHED): "It is on and waits for its next run;"
    " a start is documented for suspended, off and locked syncs only.",
    ("worker.start", SyncState.FAILED): "It is on and waits for its next run;"
    " a start is documented for suspended, off and locked syncs only.",
    ("worker.start", SyncState.SUSPENDED): "It also starts by itself when the JTL-Worker starts.",
    ("worker.stop", SyncState.RUNNING): "A run is in progress.",
    ("worker.stop", SyncState.DEACTIVATED): "It is off already.",
    ("worker.stop", SyncState.LOCKED): "It is locked and does not run anyway.",
    ("worker.restart", SyncState.LOCKED): "It is locked, and a restart does not unlock it:"
    " unlock the account first.",
    ("worker.restart", SyncState.DEACTIVATED): "A user stopped it on purpose; this starts it again.",
}


def _of_command(write: Write | None) -> str:
    match write:
        case ForceResync() | ForceResyncExternal():
            return f"{overwritten(write)} {_reach(write)}"
        case UpdateExtension(status=status) if status is not None:
            return _OF_STATUS.get(status, "")
        case ToggleConnection(active=active):
            return _ACTIVATED if active else _DEACTIVATED
        case _:
            return ""


_DEACTIVATED = (
    "It is deactivated: nothing is synchronised over it until it is activated again. Its configuration"
    " can only be changed while it is inactive."
)
_ACTIVATED = (
    "It is activated: the engine synchronises over it again. Mandatory fields need a sync direction;"
    " where they lack one, the server answers with its reasons and leaves it inactive."
)
_OF_STATUS: Mapping[int, str] = {
    ExtensionStatus.DISABLED: "It is disabled: it stops working for everyone.",
    ExtensionStatus.PENDING: "It is set to pending: it does nothing until it is activated.",
    ExtensionStatus.ACTIVE: "It is activated: it works for everyone from then on.",
}


def overwritten(write: Resync) -> str:
    """Which side is overwritten (superoffice-erpsync §5)."""
    source = "CRM" if write.connection_id == 0 else f"Connection {write.connection_id}"
    side = "the connected ERP systems" if write.connection_id == 0 else "CRM"
    blanks = "; its blanks overwrite nothing" if write.no_blanks else ", also by its blanks"
    return f"{source} is the source: values in {side} are overwritten{blanks}."


def _reach(write: Resync) -> str:
    if write.keys:
        return f"{len(write.keys):,} {'key is' if len(write.keys) == 1 else 'keys are'} sent."
    if isinstance(write, ForceResyncExternal):
        return f"No keys are given: everything of type {write.actor_type} is resynced."
    return "No keys are given: everything is resynced."
