"""Replaces the manifest of an extension by a signed file."""

from collections.abc import Sequence

from tui.api.service import ErpService
from tui.domain.baseline import of_extension
from tui.domain.jtl.extension_versions import same_hash
from tui.domain.jtl.extensions import Extension
from tui.domain.writes import FieldChange, PushManifest
from tui.ops.audit.json_values import Sent, fingerprint
from tui.ops.files.manifest_files import HashedFile, compared
from tui.ops.operations.base import ExtensionKind
from tui.ops.operations.registry import OPERATIONS
from tui.ops.proposals.proposal import Planned, Proposal
from tui.ops.refusal import Refusal
from tui.ops.text_commands import parameter_values as values
from tui.ops.text_commands.request import Reading, Request
from tui.ops.text_commands.setting import Setting
from tui.store.snapshot import Snapshot

_WILL_BE_REFUSED = (
    "the manifest differs from the stored ManifestHash: the server will return 412;"
    " update the hash first (e, Hash a file)"
)


class PushManifestKind(ExtensionKind[PushManifest]):
    operations = (OPERATIONS["extension.push-manifest"],)
    commands = (PushManifest,)
    no_way_back = Refusal("a pushed manifest cannot be undone: the old one cannot be read")
    settings = (
        Setting("manifest", "The manifest file.", "manifest=manifest.json", required=True),
        Setting("signature", "The file with its signature.", "signature=manifest.sig", required=True),
    )
    unseen = "a manifest cannot be read back"
    before_again = "Check the extension in JTL-Wawi before you push it again"

    async def send(self, service: ErpService, write: PushManifest) -> None:
        await service.jtl.push_manifest(write)

    def to_json(self, write: PushManifest) -> Sent:
        return {"manifest": fingerprint(write.manifest), "signature": fingerprint(write.signature)}

    def rebased(self, proposal: Proposal, write: PushManifest, row: Extension) -> Proposal:
        files, changes = (write.manifest, write.signature), proposal.changes
        return push_manifest(row, *files, changes, proposal.rests_on, warnings=proposal.warnings)

    def propose(self, request: Request) -> Planned:
        extension = request.target_as(Extension)
        reading = Reading()
        manifest = reading.take(lambda: values.file("manifest", request.texts["manifest"]))
        signature = reading.take(lambda: values.file("signature", request.texts["signature"]))
        reading.end()
        if manifest is None or signature is None:
            return Refusal("the files could not be read")
        return push(extension, manifest, signature, request.rests_on)


def push(
    extension: Extension,
    manifest: HashedFile,
    signature: HashedFile,
    rests_on: Snapshot[object] | None = None,
) -> Proposal:
    verdict = compared(manifest, extension.manifest_hash)
    changes = (
        FieldChange("Manifest", "", manifest.summary),
        FieldChange("SHA-512", "", manifest.sha512, verdict or "no ManifestHash is stored"),
        FieldChange("Signature", "", signature.summary),
    )
    stored = extension.manifest_hash
    differs = bool(stored) and not same_hash(manifest.sha512, stored)
    return push_manifest(
        extension,
        manifest.content,
        signature.content,
        changes,
        rests_on,
        warnings=(_WILL_BE_REFUSED,) if differs else (),
    )


def push_manifest(
    extension: Extension,
    manifest: bytes,
    signature: bytes,
    changes: Sequence[FieldChange],
    rests_on: Snapshot[object] | None = None,
    *,
    warnings: Sequence[str] = (),
) -> Proposal:
    """Replace the manifest; `changes` describe the files without their content."""
    operation = OPERATIONS["extension.push-manifest"]
    return Proposal(
        operation,
        PushManifest(extension.id, manifest, signature),
        extension.name,
        changes=tuple(changes),
        consequences=(operation.consequence,),
        warnings=tuple(warnings),
        rests_on=rests_on,
        baseline=of_extension(extension),
    )
