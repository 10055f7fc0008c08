"""From the engine or a connection and what is wanted of it to a proposal. Nothing is sent here."""

from collections.abc import Sequence

from tui.domain import basis
from tui.domain.changes import FieldChange, ForceResync, ForceResyncExternal, Resync
from tui.domain.engine import Connection
from tui.domain.resync_keys import counted
from tui.ops.proposal import Proposal
from tui.ops.registry import OPERATIONS, consequence_for
from tui.store.snapshot import Snapshot

_LISTED_KEYS = 12


def resync(
    write: Resync, connections: Sequence[Connection] | None, rests_on: Snapshot[object] | None = None
) -> Proposal:
    """Force a resync; `connections` are the known ones, None where they are not."""
    source = write.connection_id
    known = {connection.id: connection for connection in connections or ()}
    name = "CRM" if source == 0 else f"connection {source}"
    if source in known:
        name = f"{known[source].name} (connection {source})"
    operation = OPERATIONS["engine.force-resync"]
    inactive = source in known and not known[source].active
    return Proposal(
        operation,
        write,
        f"{name} → {'the connected ERP systems' if source == 0 else 'CRM'}",
        changes=(
            FieldChange("Source", "", name),
            FieldChange("Keys", "", reach(write)),
            FieldChange("Call", "", write.method),
        ),
        consequences=(consequence_for(operation, write=write),),
        warnings=(f"connection {source} is not active",) if inactive else (),
        rests_on=rests_on,
        basis=basis.of_connection(known[source]) if source in known else (),
    )


def reach(write: Resync) -> str:
    """How much a resync reaches, in words."""
    keys = write.keys
    if not keys:
        all_of_it = "EVERYTHING" if isinstance(write, ForceResync) else f"ALL of type {write.actor_type}"
        return f"{all_of_it}: the request carries []"
    listed = ", ".join(str(key) for key in keys[:_LISTED_KEYS])
    more = f" and {len(keys) - _LISTED_KEYS:,} more" if len(keys) > _LISTED_KEYS else ""
    of_type = f" of type {write.actor_type}" if isinstance(write, ForceResyncExternal) else ""
    return f"{counted(len(keys), 'key')}{of_type}: {listed}{more}"
