"""What an update of an extension is warned of, whichever face proposes it."""

import pytest

from tui.domain.jtl.extensions import Extension, ExtensionStatus
from tui.ops.operations.update_extension import update_extension
from tui.ops.proposals.proposal import Proposal

OLD, NEW = "ab" * 64, "cd" * 64
STAYS = "the version changes, but ManifestHash stays the same"


def warnings(extension: Extension, version: str | None, manifest_hash: str | None) -> tuple[str, ...]:
    """The warnings of an update."""
    proposal = update_extension(extension, version=version, manifest_hash=manifest_hash)
    assert isinstance(proposal, Proposal)
    return proposal.warnings


@pytest.mark.parametrize(
    ("version", "manifest_hash", "expected"),
    [
        ("1.11.0", NEW, ()),
        ("1.11.0", None, (STAYS,)),
        ("1.11.0", OLD, (STAYS,)),
        ("1.11.0", OLD.upper(), (STAYS,)),
        ("1.9.0", NEW, ("the version goes down: 1.10.0 → 1.9.0",)),
        ("next", NEW, ()),
        (None, NEW, ()),
        (None, "nonsense", ("ManifestHash is not 128 hexadecimal digits (8 characters)",)),
        (None, "ab" * 63, ("ManifestHash is not 128 hexadecimal digits (126 characters)",)),
        (None, "zz" * 64, ("ManifestHash is not 128 hexadecimal digits (128 characters)",)),
    ],
)
def test_an_update_is_warned_of(
    version: str | None, manifest_hash: str | None, expected: tuple[str, ...]
) -> None:
    extension = Extension("e1", "de.muster.zoll", "1.10.0", 2, OLD)
    assert warnings(extension, version, manifest_hash) == expected


def test_without_a_known_hash_none_is_said_to_stay() -> None:
    assert warnings(Extension("e1", version="1"), "2", None) == ()


def test_a_status_alone_is_not_warned_of() -> None:
    proposal = update_extension(Extension("e1", version="1"), status=ExtensionStatus.ACTIVE)
    assert isinstance(proposal, Proposal)
    assert proposal.warnings == ()
