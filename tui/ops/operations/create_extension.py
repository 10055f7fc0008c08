"""Registers a new extension."""

from collections.abc import Collection, Mapping

from tui.api.service import ErpService
from tui.domain.baseline import LISTED, BaselineValue
from tui.domain.jtl.extensions import Extension
from tui.domain.result import Result
from tui.domain.writes import CreateExtension, FieldChange
from tui.ops.audit.json_values import Sent, text
from tui.ops.execution.verification import NOT_APPLIED, UNKNOWN, Judgement
from tui.ops.operations.base import OperationKind
from tui.ops.operations.delete_extension import delete_extension
from tui.ops.operations.registry import OPERATIONS
from tui.ops.operations.update_extension import hash_warning
from tui.ops.proposals.proposal import Planned, Proposal
from tui.ops.refusal import Refusal
from tui.ops.targets.from_server import Reread
from tui.ops.targets.operand import ActsOn, NewExtension
from tui.ops.targets.target import TargetRow
from tui.ops.text_commands.request import Reading, Request, filled
from tui.ops.text_commands.setting import Setting
from tui.ops.undo.applied_change import LOOK_FIRST, NOT_KNOWN, AppliedChange, present
from tui.store.snapshot import Topic
from tui.store.store import Store


class CreateExtensionKind(OperationKind[CreateExtension, Extension]):
    operations = (OPERATIONS["extension.create"],)
    commands = (CreateExtension,)
    row = Extension
    topics = (Topic.EXTENSIONS,)
    acts_on = ActsOn.NEW_ROW
    settings = (
        Setting("version", "The extension's version.", "version=1.4.0", required=True),
        Setting(
            "manifest_hash",
            "SHA-512 of the manifest, in hexadecimal.",
            "manifest_hash=9b71d2…",
            required=True,
            also=("hash",),
        ),
    )
    creates = True

    async def send(self, service: ErpService, write: CreateExtension) -> object:
        return await service.jtl.create_extension(write)

    def wanted(self, write: CreateExtension) -> Mapping[str, str]:
        return {"Version": write.version, "ManifestHash": write.manifest_hash}

    async def on_server(self, write: CreateExtension, server: Reread, since: float) -> Extension | None:
        known = await server.extensions(since)
        return next((one for one in known if one.extension_id == write.extension_id), None)

    def verify(
        self, write: CreateExtension, row: TargetRow | None, before: Mapping[str, str]
    ) -> Judgement:
        if row is None:
            return NOT_APPLIED, "it is not listed"
        if before.get(LISTED[0]):
            return UNKNOWN, "an extension of that name was listed before"
        return super().verify(write, row, before)

    def renamed(self, write: CreateExtension, row: object) -> Mapping[str, str]:
        now = row.extension_id if isinstance(row, Extension) else ""
        if not now or now.casefold() == write.extension_id.casefold():
            return {}
        return {"ExtensionId": f"ExtensionId: requested {write.extension_id}, the server has {now}"}

    def values(self, write: CreateExtension, row: object) -> Sent:
        """The identifier that the server gave it."""
        return {"id": row.id} if isinstance(row, Extension) else {}

    def invert(self, change: AppliedChange, write: CreateExtension, store: Store) -> Planned:
        if "id" not in change.left:
            return Refusal(LOOK_FIRST) if change.result is Result.UNKNOWN else NOT_KNOWN
        snapshot = store.snapshot(Topic.EXTENSIONS)
        now = present(change, snapshot, text(change.left["id"]))
        return now if isinstance(now, Refusal) else delete_extension(now, snapshot)

    def propose(self, request: Request) -> Proposal:
        new = request.target_as(NewExtension)
        listed = request.store.snapshot(Topic.EXTENSIONS).data or ()
        known = {extension.extension_id for extension in listed}
        texts = filled(request.texts, Reading())
        return create_extension(
            new.extension_id, texts["version"] or "", texts["manifest_hash"] or "", known
        )


def create_extension(
    extension_id: str, version: str, manifest_hash: str, known: Collection[str] = ()
) -> Proposal:
    """Register an extension; `known`: the listed ExtensionIds."""
    operation = OPERATIONS["extension.create"]
    write = CreateExtension(extension_id, version, manifest_hash)
    warnings = hash_warning(manifest_hash)
    if extension_id in known:
        warnings = (*warnings, f"{extension_id} is already in the list")
    return Proposal(
        operation,
        write,
        extension_id,
        changes=(
            FieldChange("ExtensionId", "", extension_id),
            FieldChange("Version", "", version),
            FieldChange("ManifestHash", "", manifest_hash),
        ),
        consequences=(operation.consequence,),
        warnings=warnings,
        baseline=(BaselineValue(*LISTED, extension_id),) if extension_id in known else (),
    )
