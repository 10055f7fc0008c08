"""From a change that was carried out to the proposal that takes it back.

An inverse is built against the present thing, so that its review shows present → old. What was not
known before the change cannot be restored, and that is said instead of guessed.
"""

from tui.domain.changes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    ForceResync,
    ForceResyncExternal,
    PushManifest,
    SavePriorities,
    SyncAll,
    ToggleConnection,
    UpdateConnectionFields,
    UpdateExtension,
)
from tui.domain.workers import ControlAction
from tui.ops.carried_out import NOT_KNOWN, Before, CarriedOut
from tui.ops.inverses_jtl import (
    LOOK_FIRST,
    configured_back,
    controlled_back,
    deleted,
    updated_back,
)
from tui.ops.inverses_superoffice import engine_back, ordered_back, pace_back, toggled_back
from tui.ops.proposal import Proposal
from tui.store.store import Store

__all__ = ["LOOK_FIRST", "Before", "CarriedOut", "inverse_of"]

_OVERWRITTEN = "a resync cannot be taken back: the overwritten values are not kept"
_NO_WAY_BACK = {
    DeleteExtension: "a deleted extension cannot be restored: created again, it is a new one",
    PushManifest: "a pushed manifest cannot be taken back: the old one cannot be read",
    ForceResync: _OVERWRITTEN,
    ForceResyncExternal: _OVERWRITTEN,
    SyncAll: "a sync cannot be taken back: the overwritten values are not kept",
    UpdateConnectionFields: "what the fields were before is not known",
}


def inverse_of(change: CarriedOut, store: Store) -> Proposal | str:
    """The proposal that takes `change` back, on what is known now; or why there is none."""
    match change.proposal.write:
        case ConfigureWorker() as write:
            return configured_back(change, write, store)
        case ControlWorker(action=action) as control:
            if action is ControlAction.RESTART:
                return "a restart cannot be taken back"
            return controlled_back(change, control, store)
        case UpdateExtension() as update:
            return updated_back(change, update, store)
        case CreateExtension():
            return deleted(change, store)
        case ChangeEngineStatus() as asked:
            return engine_back(change, asked, store)
        case ChangeEngineInterval() as paced:
            return pace_back(change, paced, store)
        case ToggleConnection() as toggle:
            return toggled_back(change, toggle, store)
        case SavePriorities() as order:
            return ordered_back(change, order, store)
        case write:
            return _NO_WAY_BACK.get(type(write), NOT_KNOWN)
