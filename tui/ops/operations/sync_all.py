"""Syncs all active connections now."""

from collections.abc import Iterator, Sequence

from tui.api.service import ErpService
from tui.domain.superoffice.engine import ENGINE_NAME, Connection, EngineStatus
from tui.domain.writes import FieldChange, SyncAll
from tui.ops.execution.verification import COMPARE_RECORDS
from tui.ops.operations.base import EngineKind
from tui.ops.operations.operation import Operation
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.operand import TheEngine
from tui.ops.text_commands.request import Request
from tui.store.snapshot import Snapshot, Topic

_LISTED_NAMES = 8
_MAY_DO_NOTHING = (
    "the engine is stopped: the effect of this call is then not documented;"
    " use force sync all while automatic sync is off"
)


class SyncAllKind(EngineKind[SyncAll]):
    operations = (
        OPERATIONS["engine.sync-all"],
        OPERATIONS["engine.force-sync-all"],
    )
    commands = (SyncAll,)
    topics = (Topic.CONNECTIONS,)
    no_way_back = Refusal("a sync cannot be undone: the overwritten values are not kept")
    unseen = "a sync leaves no trace of who requested it"
    before_again = COMPARE_RECORDS

    def operation_of(self, write: SyncAll) -> Operation:
        return OPERATIONS["engine.force-sync-all" if write.forced else "engine.sync-all"]

    async def send(self, service: ErpService, write: SyncAll) -> object:
        return await service.superoffice.sync_all(write)

    def shows_effect(self, write: SyncAll) -> bool:
        return False

    def requested(self, write: SyncAll) -> str:
        return "force sync all" if write.forced else "sync all"

    def turns_on(self, write: SyncAll) -> bool:
        return True

    def propose(self, request: Request) -> Proposal:
        status = request.target_as(TheEngine).status
        known = request.store.snapshot(Topic.CONNECTIONS).data
        forced = request.operation.id == "engine.force-sync-all"
        return sync_all(forced, known, status, request.rests_on)


def sync_all(
    forced: bool,
    connections: Sequence[Connection] | None,
    status: EngineStatus | None = None,
    rests_on: Snapshot[object] | None = None,
) -> Proposal:
    """Sync all active connections now; `connections`: the known ones, None if unknown."""
    operation = OPERATIONS["engine.force-sync-all" if forced else "engine.sync-all"]
    stopped = not forced and status is not None and status.running is False
    return Proposal(
        operation,
        SyncAll(forced),
        ENGINE_NAME,
        changes=tuple(_synced(connections)),
        consequences=(operation.consequence,),
        warnings=(_MAY_DO_NOTHING,) if stopped else (),
        rests_on=rests_on if connections is not None else None,
    )


def _synced(connections: Sequence[Connection] | None) -> Iterator[FieldChange]:
    if connections is None:
        yield FieldChange("Active", "", "the connections are currently unknown")
        return
    listed = [one for one in connections if not one.deleted]
    yield FieldChange("Active", "", _names([one for one in listed if one.active]))
    inactive = [one for one in listed if one.active is False]
    unknown = [one for one in listed if one.active is None]
    if inactive:
        yield FieldChange("Inactive", "", _names(inactive), "these are skipped")
    if unknown:
        yield FieldChange("Not known", "", _names(unknown), "the server did not report their state")


def _names(connections: Sequence[Connection]) -> str:
    if not connections:
        return "none"
    names = ", ".join(one.name or f"connection {one.id}" for one in connections[:_LISTED_NAMES])
    more = len(connections) - _LISTED_NAMES
    return f"{len(connections)}: {names}{f' and {more} more' if more > 0 else ''}"
