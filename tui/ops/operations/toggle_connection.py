"""Activating and deactivating a connection."""

from collections.abc import Mapping, Sequence

from tui.api.service import ErpService
from tui.domain.baseline import of_connection
from tui.domain.superoffice.engine import Connection
from tui.domain.text import one_line
from tui.domain.writes import FieldChange, ToggleConnection
from tui.ops.operations.base import ConnectionKind
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.proposal import MADE_ELSEWHERE, Planned, Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.fitness import named, unfit_connection
from tui.ops.text_commands import parameter_values as values
from tui.ops.text_commands.request import Request
from tui.ops.text_commands.setting import Setting
from tui.ops.undo.applied_change import AS_BEFORE, AppliedChange, present
from tui.store.snapshot import Snapshot, Topic
from tui.store.store import Store

_EXPECTED = "stated to be {}: not waiting for an earlier toggle with an unknown result"
_DEACTIVATED = (
    "Deactivates the connection. It does not synchronise until it is activated again. Its"
    " configuration can only be changed while it is inactive."
)
_ACTIVATED = (
    "Activates the connection. The engine synchronises it again. Mandatory fields need a sync"
    " direction; if one lacks it, the server returns the reasons and leaves the connection inactive."
)


class ToggleConnectionKind(ConnectionKind[ToggleConnection]):
    operations = (OPERATIONS["connection.toggle"],)
    commands = (ToggleConnection,)
    is_read_after = True
    flips = True
    settings = (
        Setting(
            "active",
            "true or false; default: the opposite of the current state.",
            "active=false",
            values=("true", "false"),
        ),
        Setting(
            "expect",
            "active or inactive: the state that you know it has, if the result of an earlier toggle is"
            " unknown.",
            "expect=inactive",
            values=("active", "inactive"),
        ),
    )

    async def send(self, service: ErpService, write: ToggleConnection) -> object:
        return await service.superoffice.toggle_connection(write)

    def wanted(self, write: ToggleConnection) -> Mapping[str, str]:
        return {"State": _word(write.active)}

    def turns_on(self, write: ToggleConnection) -> bool:
        return write.active

    def rebased(self, proposal: Proposal, write: ToggleConnection, row: Connection) -> Planned:
        if row.active is write.active:
            return MADE_ELSEWHERE
        return toggle(row, proposal.rests_on, active=write.active)

    def invert(self, change: AppliedChange, write: ToggleConnection, store: Store) -> Planned:
        snapshot = store.snapshot(Topic.CONNECTIONS)
        now = present(change, snapshot, write.connection_id)
        if isinstance(now, Refusal):
            return now
        if now.active is not write.active and now.active is not None and not now.deleted:
            return AS_BEFORE
        return toggle(now, snapshot, active=not write.active)

    def propose(self, request: Request) -> Planned:
        connection, texts = request.target_as(Connection), request.texts
        active = values.truth("active", texts["active"]) if "active" in texts else None
        expect = values.state("expect", texts["expect"]) if "expect" in texts else None
        return toggle(connection, request.rests_on, active=active, expect=expect)

    def refused(self, result: object) -> Refusal | None:
        """All reasons in full, one a line."""
        if not isinstance(result, Sequence) or isinstance(result, str | bytes) or not result:
            return None
        reasons = "\n".join(f"· {one_line(str(reason))}" for reason in result)
        return Refusal(
            f"not done; reasons of the server:\n{reasons}",
            "Correct this in SuperOffice, then try again",
        )


def toggle(
    connection: Connection,
    rests_on: Snapshot[object] | None = None,
    *,
    active: bool | None = None,
    expect: bool | None = None,
) -> Planned:
    """Deactivate an active connection, activate any other; `active` overrides this.

    `expect`: the state that the operator states; an earlier toggle without a result then does not block.
    """
    reason = unfit_connection(connection)
    if reason:
        return Refusal(reason)
    if connection.active is None:
        return Refusal(
            "the server did not report whether it is active, so the effect of a toggle is unknown"
        )
    if expect not in (None, connection.active):
        return Refusal(
            f"expected {_word(not connection.active)}, but the server says {_word(connection.active)}"
        )
    wanted = not connection.active if active is None else active
    if wanted is connection.active:
        return Refusal(f"it is already {_word(wanted)}")
    operation = OPERATIONS["connection.toggle"]
    return Proposal(
        operation,
        ToggleConnection(connection.id, active=wanted),
        named(connection),
        changes=(FieldChange("State", _word(connection.active), _word(wanted)),),
        consequences=(_ACTIVATED if wanted else _DEACTIVATED,),
        warnings=() if expect is None else (_EXPECTED.format(_word(expect)),),
        rests_on=rests_on,
        baseline=of_connection(connection),
        expects="" if expect is None else _word(expect),
    )


def _word(active: bool) -> str:
    return "active" if active else "inactive"
