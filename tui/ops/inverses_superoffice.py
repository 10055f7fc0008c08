"""What takes a change of SuperOffice back: of the engine, a connection, the order of them."""

from collections.abc import Iterator

from tui.domain.changes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    SavePriorities,
    ToggleConnection,
)
from tui.domain.connections import order_of, priorities_of
from tui.domain.engine import Connection, EngineStatus
from tui.domain.intervals import Interval
from tui.domain.text import one_line
from tui.ops import plans_connections
from tui.ops.carried_out import AS_BEFORE, NOT_KNOWN, CarriedOut, is_newer, present, told
from tui.ops.plans_superoffice import engine_interval, run_engine
from tui.ops.proposal import Proposal
from tui.store.snapshot import Topic
from tui.store.store import Store

# The engine.


def engine_back(change: CarriedOut, write: ChangeEngineStatus, store: Store) -> Proposal | str:
    """Running or stopped, as it was."""
    was = change.before.running if isinstance(change.before, EngineStatus) else None
    if was is None:
        return "the state that it had before is not known"
    word = "running" if was else "stopped"
    if was is write.run:
        return f"it was {word} before, so there is nothing to take back"
    snapshot = store.snapshot(Topic.ENGINE)
    if snapshot.data is not None and snapshot.data.running is was and is_newer(snapshot, change):
        return AS_BEFORE
    return run_engine(snapshot.data, was, snapshot)


def pace_back(change: CarriedOut, write: ChangeEngineInterval, store: Store) -> Proposal | str:
    """To the interval that it had."""
    was = change.before.interval if isinstance(change.before, EngineStatus) else None
    if was is None or was.raw is None:
        return NOT_KNOWN
    if was.seconds is None or was.seconds <= 0 or was.seconds != int(was.seconds):
        return f"it was {one_line(was.raw)} before, which cannot be sent as an interval"
    snapshot = store.snapshot(Topic.ENGINE)
    answer = change.outcome.result
    now = snapshot.data
    if not is_newer(snapshot, change):
        now = answer if isinstance(answer, EngineStatus) else None
    if now is None:
        return "the engine has not answered since the change: press r"
    left = answer.interval if isinstance(answer, EngineStatus) else Interval.read(write.interval)
    return told(engine_interval(now, was.seconds, snapshot), [], _pace_drift(left, now.interval))


def _pace_drift(left: Interval, now: Interval) -> Iterator[str]:
    if now.seconds != left.seconds:
        yield f"Interval is {now.shown}, not {left.shown}"


# Connections.


def toggled_back(change: CarriedOut, write: ToggleConnection, store: Store) -> Proposal | str:
    """Active or inactive, as it was."""
    snapshot = store.snapshot(Topic.CONNECTIONS)
    now = present(change, snapshot, write.connection_id, Connection)
    if isinstance(now, str):
        return now
    if now.active is not write.active and now.active is not None and not now.deleted:
        return AS_BEFORE
    return plans_connections.toggle(now, snapshot, active=not write.active)


def ordered_back(change: CarriedOut, write: SavePriorities, store: Store) -> Proposal | str:
    """To the order that was listed; what the priorities were is not known from it."""
    was = next((facet.value for facet in change.proposal.basis if facet.key == "Order"), "")
    snapshot = store.snapshot(Topic.CONNECTIONS)
    if not was:
        return NOT_KNOWN
    if not is_newer(snapshot, change):
        return "the list has not been read since the change: press r"
    now = priorities_of(snapshot.data or ())
    back = plans_connections.priorities(order_of(was), snapshot.data, snapshot)
    if isinstance(back, str):
        return back
    drift = () if now.ids == write.connection_ids else (f"the order is {now.shown}",)
    return told(back, [], iter(drift))
