"""The same change on a target that has moved on: what is wanted stays, what it starts from is new."""

from dataclasses import replace

from tui.domain.basis import NAME, Basis, Facet
from tui.domain.changes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    ConfigureWorker,
    ControlWorker,
    DeleteExtension,
    ForceResync,
    ForceResyncExternal,
    PushManifest,
    SavePriorities,
    ToggleConnection,
    UpdateConnectionFields,
    UpdateExtension,
)
from tui.domain.connections import Priorities
from tui.domain.engine import Connection, EngineStatus
from tui.domain.extensions import Extension, ExtensionStatus
from tui.domain.intervals import Interval
from tui.domain.workers import Worker, WorkerStatus, WorkerSync
from tui.ops import plans, plans_connections
from tui.ops.plans_superoffice import engine_interval, resync, run_engine
from tui.ops.proposal import Proposal
from tui.ops.target import Thing
from tui.store.snapshot import Snapshot

MADE_ELSEWHERE = "the same change was made elsewhere meanwhile: there is nothing left to send"


def rebase(proposal: Proposal, thing: Thing | None, rests_on: Snapshot[object]) -> Proposal | str:
    """The proposal on `thing` as it is now; the reason where nothing is left of it."""
    anew = _anew(proposal, thing, rests_on)
    if isinstance(anew, str):
        return MADE_ELSEWHERE if anew == plans.NOTHING_CHANGED else anew
    name = _name(proposal.basis)
    renamed = None not in (name, _name(anew.basis)) and _name(anew.basis) != name
    basis = anew.basis if name is None or _name(anew.basis) else (name, *anew.basis)
    return replace(
        anew,
        target=anew.target if renamed else proposal.target,
        basis=basis,
        expects=proposal.expects,
        reviewed=proposal.reviewed,
    )


def _name(basis: Basis) -> Facet | None:
    """What a person calls the target; None: it is not told."""
    return next((facet for facet in basis if facet.key in (NAME, "Connection")), None)


def _anew(proposal: Proposal, thing: Thing | None, rests_on: Snapshot[object]) -> Proposal | str:
    match proposal.write, thing:
        case ConfigureWorker() as write, WorkerSync() as sync:
            return _configured(proposal, write, sync, rests_on)
        case ControlWorker(action=action, sync_id=sync_id), WorkerStatus() | None as status:
            worker = Worker(sync_id, status.sync if status else None, status)
            return plans.control(worker, action, worker.state_word, rests_on)
        case UpdateExtension() as write, Extension() as extension:
            return plans.update_extension(
                extension,
                rests_on,
                version=write.version,
                manifest_hash=write.manifest_hash,
                status=None if write.status is None else ExtensionStatus(write.status),
                operation_id=proposal.operation.id,
            )
        case DeleteExtension(), Extension() as extension:
            return plans.delete_extension(extension, rests_on)
        case PushManifest(manifest=manifest, signature=signature), Extension() as extension:
            return plans.push_manifest(
                extension, manifest, signature, proposal.changes, rests_on, warnings=proposal.warnings
            )
        case ChangeEngineStatus(run=run), EngineStatus() as status:
            return run_engine(status, run, rests_on)
        case ChangeEngineInterval(interval=text), EngineStatus() as status:
            return engine_interval(status, Interval.read(text).seconds or 0.0, rests_on)
        case ForceResync() | ForceResyncExternal() as write, Connection() as connection:
            return resync(write, (connection,), rests_on)
        case ToggleConnection(active=active), Connection() as connection:
            if connection.active is active:
                return MADE_ELSEWHERE
            return plans_connections.toggle(connection, rests_on, active=active)
        case UpdateConnectionFields(), Connection() as connection:
            return plans_connections.update_fields(connection, rests_on)
        case SavePriorities(connection_ids=ids), Priorities() as now:
            if ids == now.ids:
                return MADE_ELSEWHERE
            listed = rests_on.data if isinstance(rests_on.data, tuple) else None
            return plans_connections.priorities(ids, listed, rests_on)
        case _:
            return "it is no longer in the server's list"


def _configured(
    proposal: Proposal, write: ConfigureWorker, sync: WorkerSync, rests_on: Snapshot[object]
) -> Proposal | str:
    known = {option.id for option in sync.options}
    gone = [key for key, _ in write.options if key not in known]
    if gone:
        names = {facet.key: facet.label for facet in proposal.basis}
        return f"no longer an option of it: {', '.join(names.get(key, key) for key in gone)}"
    seconds = None if write.interval is None else Interval.read(write.interval).seconds
    return plans.configure(sync, seconds, dict(write.options), rests_on, sharing=proposal.sharing)
