"""Makes a connection read its actor types and fields from the connector again."""

from tui.api.service import ErpService
from tui.domain.baseline import of_connection
from tui.domain.superoffice.engine import Connection
from tui.domain.writes import FieldChange, UpdateConnectionFields
from tui.ops.audit.json_values import Sent
from tui.ops.execution.verification import WITHOUT_REASON
from tui.ops.operations.base import ConnectionKind
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.proposal import GONE, Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.connections import named, unfit_connection
from tui.ops.targets.target import TargetRow
from tui.ops.text_commands.request import Request
from tui.store.snapshot import Snapshot


class UpdateFieldsKind(ConnectionKind[UpdateConnectionFields]):
    operations = (OPERATIONS["connection.update-fields"],)
    commands = (UpdateConnectionFields,)
    no_way_back = Refusal("the previous fields are unknown")
    unseen = "nothing shows whether the fields were read again"

    async def send(self, service: ErpService, write: UpdateConnectionFields) -> object:
        return await service.superoffice.update_connection_fields(write)

    def to_json(self, write: UpdateConnectionFields) -> Sent:
        return {}

    def from_json(self, operation_id: str, target: str, sent: Sent) -> UpdateConnectionFields:
        return UpdateConnectionFields(int(target))

    def rebase(
        self,
        proposal: Proposal,
        write: UpdateConnectionFields,
        row: TargetRow | None,
        rests_on: Snapshot[object],
    ) -> Proposal | Refusal:
        if not isinstance(row, Connection):
            return GONE
        return update_fields(row, rests_on)

    def propose(self, request: Request) -> Proposal | Refusal:
        return update_fields(request.target_as(Connection), request.rests_on)

    def refused(self, result: object) -> Refusal | None:
        return WITHOUT_REASON if result is False else None


def update_fields(
    connection: Connection, rests_on: Snapshot[object] | None = None
) -> Proposal | Refusal:
    reason = unfit_connection(connection)
    if reason:
        return Refusal(reason)
    operation = OPERATIONS["connection.update-fields"]
    return Proposal(
        operation,
        UpdateConnectionFields(connection.id),
        named(connection),
        changes=(FieldChange("Fields", "", "read from the connector again"),),
        consequences=(operation.consequence,),
        rests_on=rests_on,
        baseline=of_connection(connection),
    )
