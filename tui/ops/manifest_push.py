"""What is proposed of two files that are to be pushed: told by name, size and hash, never by content."""

from tui.domain.changes import FieldChange
from tui.domain.extensions import Extension
from tui.ops import plans
from tui.ops.manifests import HashedFile, compared
from tui.ops.proposal import Proposal
from tui.store.snapshot import Snapshot

_WILL_BE_REFUSED = (
    "the manifest differs from the stored ManifestHash: the server will answer 412;"
    " update the hash first (e, Hash a file)"
)


def push(
    extension: Extension,
    manifest: HashedFile,
    signature: HashedFile,
    rests_on: Snapshot[object] | None = None,
) -> Proposal:
    """Send both files as they were read."""
    verdict = compared(manifest, extension.manifest_hash)
    changes = (
        FieldChange("Manifest", "", manifest.told),
        FieldChange("SHA-512", "", manifest.sha512, verdict or "no ManifestHash is stored"),
        FieldChange("Signature", "", signature.told),
    )
    differs = verdict.startswith("differs")
    return plans.push_manifest(
        extension,
        manifest.content,
        signature.content,
        changes,
        rests_on,
        warnings=(_WILL_BE_REFUSED,) if differs else (),
    )
