"""From a connection, or the order of all of them, to a proposal. Nothing is sent here.

Every function returns the reason, in words, where there is nothing to propose.
"""

from collections.abc import Iterator, Sequence

from tui.domain import basis
from tui.domain.changes import FieldChange, SavePriorities, ToggleConnection, UpdateConnectionFields
from tui.domain.connections import Priorities, priorities_of
from tui.domain.engine import Connection
from tui.ops.consequences import consequence_for
from tui.ops.proposal import Proposal
from tui.ops.registry import OPERATIONS
from tui.ops.unfit import unfit
from tui.store.snapshot import Snapshot

_FEWEST = 2
_INFERRED = "as the server lists them; that its order is their priority is inferred, no call reads it"

_EXPECTED = "you said that it is {}: an earlier toggle that has no known result is not waited for"
_SAME = f"the same, {_INFERRED}"


def toggle(
    connection: Connection,
    rests_on: Snapshot[object] | None = None,
    *,
    active: bool | None = None,
    expect: bool | None = None,
) -> Proposal | str:
    """Deactivate a connection that is active, activate any other; or what `active` says.

    `expect`: whether the operator knows it to be active: an earlier toggle without a result is settled.
    """
    reason = _unfit(connection)
    if reason:
        return reason
    if connection.active is None:
        return "the server did not report whether it is active, so what a toggle leads to is not known"
    if expect not in (None, connection.active):
        return f"expected {_word(not connection.active)}, but the server says {_word(connection.active)}"
    wanted = not connection.active if active is None else active
    if wanted is connection.active:
        return f"it is {_word(wanted)} already"
    operation = OPERATIONS["connection.toggle"]
    write = ToggleConnection(connection.id, active=wanted)
    return Proposal(
        operation,
        write,
        named(connection),
        changes=(FieldChange("State", _word(connection.active), _word(wanted)),),
        consequences=(consequence_for(operation, write=write),),
        warnings=() if expect is None else (_EXPECTED.format(_word(expect)),),
        rests_on=rests_on,
        basis=basis.of_connection(connection),
        expects="" if expect is None else _word(expect),
    )


def update_fields(connection: Connection, rests_on: Snapshot[object] | None = None) -> Proposal | str:
    """Have actor types and fields of a connection read anew."""
    reason = _unfit(connection)
    if reason:
        return reason
    operation = OPERATIONS["connection.update-fields"]
    return Proposal(
        operation,
        UpdateConnectionFields(connection.id),
        named(connection),
        changes=(FieldChange("Fields", "", "read from the connector anew"),),
        consequences=(operation.consequence,),
        rests_on=rests_on,
        basis=basis.of_connection(connection),
    )


def priorities(
    ids: Sequence[int],
    connections: Sequence[Connection] | None,
    rests_on: Snapshot[object] | None = None,
) -> Proposal | str:
    """Give all connections this order, the highest priority first; `connections` as they are listed.

    The order that is listed can be sent too: it may not be the priority that the server keeps.
    """
    reason = unordered(connections)
    if reason or connections is None:
        return reason
    now = priorities_of(connections)
    wrong = _wrong_order(ids, now)
    if wrong:
        return wrong
    operation, wanted = OPERATIONS["connection.priorities"], Priorities(tuple(ids))
    return Proposal(
        operation,
        SavePriorities(wanted.ids),
        now.name,
        changes=(
            FieldChange("Order", now.shown, wanted.shown, _SAME if wanted == now else _INFERRED),
            *_moved(now, wanted, {one.id: one for one in connections}),
        ),
        consequences=(operation.consequence,),
        rests_on=rests_on,
        basis=basis.of_priorities(now),
    )


def unordered(connections: Sequence[Connection] | None) -> str:
    """Why no other order can be given to what is listed; empty: one can."""
    if connections is None:
        return "the connections are not known at the moment"
    now = priorities_of(connections)
    if len(now.ids) < _FEWEST:
        return "there are not two connections to be put in an order"
    return f"{now.problem}, so their order cannot be told" if now.problem else ""


def named(connection: Connection) -> str:
    """What a person calls it; names need not be unique, so its number goes with it."""
    number = f"connection {connection.id}"
    return f"{connection.name} ({number})" if connection.name else number


def _unfit(connection: Connection) -> str:
    reason = unfit(connection)
    if reason is not None:
        return reason
    return "it is deleted" if connection.deleted else ""


def _word(active: bool) -> str:
    return "active" if active else "inactive"


def _wrong_order(ids: Sequence[int], now: Priorities) -> str:
    listed = f"name each of {now.shown} once"
    for number in ids:
        if number not in now.ids:
            return f"there is no connection {number}: {listed}"
        if ids.count(number) > 1:
            return f"connection {number} is named twice: {listed}"
    missing = [str(number) for number in now.ids if number not in ids]
    return f"missing: {', '.join(missing)}; {listed}" if missing else ""


def _moved(now: Priorities, wanted: Priorities, known: dict[int, Connection]) -> Iterator[FieldChange]:
    for place, number in enumerate(wanted.ids):
        before = now.ids.index(number)
        if before != place:
            yield FieldChange(named(known[number]), f"place {before + 1}", f"place {place + 1}")
