"""Changes the priority order of the connections."""

from collections.abc import Iterator, Mapping, Sequence

from tui.api.service import ErpService
from tui.domain.baseline import of_priorities
from tui.domain.superoffice.connections import Priorities, order_of, priorities_of
from tui.domain.superoffice.engine import Connection
from tui.domain.writes import FieldChange, SavePriorities
from tui.ops.audit.json_values import Sent, text
from tui.ops.execution.verification import APPLIED, UNKNOWN, Judgement
from tui.ops.operations.base import OperationKind
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.proposal import MADE_ELSEWHERE, Planned, Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.fitness import named
from tui.ops.targets.from_server import Reread
from tui.ops.targets.from_store import Present
from tui.ops.targets.operand import ActsOn
from tui.ops.targets.target import TargetRow
from tui.ops.text_commands import parameter_values as values
from tui.ops.text_commands.request import Request
from tui.ops.text_commands.setting import Setting
from tui.ops.undo.applied_change import NOT_KNOWN, NOT_READ, AppliedChange, is_newer, with_notes
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

_FEWEST = 2
_INFERRED = "as listed; that the list order is the priority is inferred: no call reads it"
_SAME = f"the same, {_INFERRED}"


class SavePrioritiesKind(OperationKind[SavePriorities, Priorities]):
    operations = (OPERATIONS["connection.priorities"],)
    commands = (SavePriorities,)
    row = Priorities
    topics = (Topic.CONNECTIONS,)
    acts_on = ActsOn.ORDER
    settings = (
        Setting(
            "order",
            "The number of every connection, the highest priority first.",
            "order=2,1,3",
            required=True,
        ),
    )
    is_read_after = True

    async def send(self, service: ErpService, write: SavePriorities) -> object:
        return await service.superoffice.save_priorities(write)

    def wanted(self, write: SavePriorities) -> Mapping[str, str]:
        return {"Order": Priorities(write.connection_ids).shown}

    def in_store(self, write: SavePriorities, store: Store) -> Present | None:
        listed = store.snapshot(Topic.CONNECTIONS)
        return None if listed.data is None else Present(priorities_of(listed.data), False, listed)

    async def on_server(self, write: SavePriorities, server: Reread, since: float) -> Priorities:
        return priorities_of(await server.connections(since))

    def verify(
        self, write: SavePriorities, row: TargetRow | None, before: Mapping[str, str]
    ) -> Judgement:
        """A list in another order proves nothing: that it is sorted by priority is [inferred]."""
        result, words = super().verify(write, row, before)
        if row is None or result == APPLIED:
            return result, words
        return (
            UNKNOWN,
            f"{words}: another order; it is not documented whether the list is sorted by priority",
        )

    def rebased(self, proposal: Proposal, write: SavePriorities, row: Priorities) -> Planned:
        if write.connection_ids == row.ids:
            return MADE_ELSEWHERE
        known = proposal.rests_on.data if proposal.rests_on else None
        listed = known if isinstance(known, tuple) else None
        return priorities(write.connection_ids, listed, proposal.rests_on)

    def row_before(self, proposal: Proposal, write: SavePriorities) -> object:
        return next((facet.value for facet in proposal.baseline if facet.key == "Order"), None)

    def values(self, write: SavePriorities, row: object) -> Sent:
        order = row.shown if isinstance(row, Priorities) else row
        return {"order": order} if isinstance(order, str) else {}

    def invert(self, change: AppliedChange, write: SavePriorities, store: Store) -> Planned:
        """Restores the listed order; the actual previous priorities are unknown."""
        snapshot = store.snapshot(Topic.CONNECTIONS)
        if not change.was:
            return NOT_KNOWN
        if not is_newer(snapshot, change):
            return NOT_READ
        now = priorities_of(snapshot.data or ())
        back = priorities(order_of(text(change.was["order"])), snapshot.data, snapshot)
        if isinstance(back, Refusal):
            return back
        drift = () if now.ids == write.connection_ids else (f"the order is {now.shown}",)
        return with_notes(back, [], iter(drift))

    def propose(self, request: Request) -> Planned:
        listed = request.store.snapshot(Topic.CONNECTIONS).data
        return priorities(values.order(request.texts["order"]), listed, request.rests_on)


def priorities(
    ids: Sequence[int],
    connections: Sequence[Connection] | None,
    rests_on: Snapshot[object] | None = None,
) -> Planned:
    """Give all connections this order, the highest priority first; `connections` in list order.

    The listed order may be sent too: the server may keep another one as the priority.
    """
    reason = unordered(connections)
    if reason or connections is None:
        return Refusal(reason)
    now = priorities_of(connections)
    wrong = _wrong_order(ids, now)
    if wrong:
        return Refusal(wrong)
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
        baseline=of_priorities(now),
    )


def unordered(connections: Sequence[Connection] | None) -> str:
    """Why the order cannot be changed; empty if it can."""
    if connections is None:
        return "the connections are currently unknown"
    now = priorities_of(connections)
    if len(now.ids) < _FEWEST:
        return "an order needs at least two connections"
    return f"{now.problem}, so their order is unknown" if now.problem else ""


def _wrong_order(ids: Sequence[int], now: Priorities) -> str:
    listed = f"name each of {now.shown} once"
    for id_ in ids:
        if id_ not in now.ids:
            return f"there is no connection {id_}: {listed}"
        if ids.count(id_) > 1:
            return f"connection {id_} is named twice: {listed}"
    missing = [str(id_) for id_ in now.ids if id_ not in ids]
    return f"missing: {', '.join(missing)}; {listed}" if missing else ""


def _moved(now: Priorities, wanted: Priorities, known: dict[int, Connection]) -> Iterator[FieldChange]:
    for place, id_ in enumerate(wanted.ids):
        before = now.ids.index(id_)
        if before != place:
            yield FieldChange(named(known[id_]), f"place {before + 1}", f"place {place + 1}")
