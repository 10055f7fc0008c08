"""Deleting an extension."""

from collections.abc import Mapping

from tui.api.service import ErpService
from tui.domain.baseline import of_extension
from tui.domain.jtl.extensions import Extension
from tui.domain.writes import DeleteExtension, FieldChange
from tui.ops.execution.verification import APPLIED, NOT_APPLIED, Judgement
from tui.ops.operations.base import ExtensionKind
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.target import TargetRow
from tui.ops.text_commands.request import Request
from tui.store.snapshot import Snapshot


class DeleteExtensionKind(ExtensionKind[DeleteExtension]):
    operations = (OPERATIONS["extension.delete"],)
    commands = (DeleteExtension,)
    no_way_back = Refusal("a deleted extension cannot be restored: creating it again gives a new one")
    is_read_after = True
    needs_whole_row = False

    async def send(self, service: ErpService, write: DeleteExtension) -> None:
        await service.jtl.delete_extension(write)

    def verify(
        self, write: DeleteExtension, row: TargetRow | None, before: Mapping[str, str]
    ) -> Judgement:
        return (
            (APPLIED, "it is no longer listed") if row is None else (NOT_APPLIED, "it is still listed")
        )

    def rebased(self, proposal: Proposal, write: DeleteExtension, row: Extension) -> Proposal:
        return delete_extension(row, proposal.rests_on)

    def propose(self, request: Request) -> Proposal:
        return delete_extension(request.target_as(Extension), request.rests_on)


def delete_extension(extension: Extension, rests_on: Snapshot[object] | None = None) -> Proposal:
    operation = OPERATIONS["extension.delete"]
    return Proposal(
        operation,
        DeleteExtension(extension.id),
        extension.name,
        changes=(FieldChange("Status", extension.status_word, "deleted"),),
        consequences=(operation.consequence,),
        rests_on=rests_on,
        baseline=of_extension(extension),
    )
