"""Warnings about new values of an extension; no value is refused."""

from collections.abc import Iterator

from tui.domain.jtl.extension_versions import HASH_DIGITS, goes_down, is_hash, same_hash
from tui.domain.jtl.extensions import Extension


def version_warnings(
    extension: Extension, version: str | None, manifest_hash: str | None
) -> Iterator[str]:
    """Warn about a lower version, and about a new version with the old hash."""
    if version is None:
        return
    if goes_down(extension.version, version):
        yield f"the version goes down: {extension.version} → {version}"
    stored = extension.manifest_hash
    if stored and (manifest_hash is None or same_hash(manifest_hash, stored)):
        yield "the version changes, but ManifestHash stays the same"


def hash_warning(manifest_hash: str | None) -> tuple[str, ...]:
    """Warn about a hash that is not 128 hexadecimal digits."""
    if manifest_hash is None or is_hash(manifest_hash):
        return ()
    return (f"ManifestHash is not {HASH_DIGITS} hexadecimal digits ({len(manifest_hash)} characters)",)
