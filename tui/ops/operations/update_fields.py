"""Makes a connection read its actor types and fields from the connector again."""

from tui.api.service import ErpService
from tui.domain.baseline import of_connection
from tui.domain.superoffice.engine import Connection
from tui.domain.writes import FieldChange, UpdateConnectionFields
from tui.ops.operations.base import ConnectionKind
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.proposal import Planned, Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.fitness import named, unfit_connection
from tui.ops.text_commands.request import Request
from tui.store.snapshot import Snapshot


class UpdateFieldsKind(ConnectionKind[UpdateConnectionFields]):
    operations = (OPERATIONS["connection.update-fields"],)
    commands = (UpdateConnectionFields,)
    no_way_back = Refusal("the previous fields are unknown")
    unseen = "nothing shows whether the fields were read again"

    async def send(self, service: ErpService, write: UpdateConnectionFields) -> object:
        return await service.superoffice.update_connection_fields(write)

    def rebased(self, proposal: Proposal, write: UpdateConnectionFields, row: Connection) -> Planned:
        return update_fields(row, proposal.rests_on)

    def propose(self, request: Request) -> Planned:
        return update_fields(request.target_as(Connection), request.rests_on)


def update_fields(connection: Connection, rests_on: Snapshot[object] | None = None) -> Planned:
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
