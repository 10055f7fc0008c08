"""Files are hashed as `sha512sum` does it, and refused in a sentence where they cannot be read."""

import hashlib
import os
from pathlib import Path

import pytest

from tui.domain.jtl.extensions import Extension
from tui.ops.files import manifest_files as manifests
from tui.ops.files.manifest_files import FileRefused, HashedFile, compared, hash_file, read_file
from tui.ops.operations.push_manifest import push


async def refusal(path: object) -> str:
    """Why a file is not hashed."""
    with pytest.raises(FileRefused) as caught:
        await hash_file(str(path))
    return str(caught.value)


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 3 * 1024 * 1024 + 7])
async def test_the_hash_is_that_of_the_whole_file(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    (tmp_path / "manifest.json").write_bytes(content)
    file = await hash_file(f" {tmp_path}/manifest.json ")
    assert (file.size, file.sha512) == (size, hashlib.sha512(content).hexdigest())
    assert file.content == b""


async def test_what_is_read_for_sending_is_what_was_hashed(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b"{}\r\n\x00\xff")
    file = await read_file(str(tmp_path / "manifest.json"))
    assert file.content == b"{}\r\n\x00\xff"
    assert file.sha512 == hashlib.sha512(file.content).hexdigest()
    assert file.summary == "6 bytes · manifest.json"
    assert "\\x00" not in repr(file)


async def test_a_tilde_is_the_home_directory(private_places: Path) -> None:
    (private_places / "home" / "manifest.json").write_text("{}")
    assert (await hash_file("~/manifest.json")).size == 2
    assert await refusal("~/missing.json") == "~/missing.json cannot be read: No such file or directory"


async def test_what_is_no_regular_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert (await refusal(tmp_path / "pipe")).endswith("pipe is not a regular file: name a file")
    assert (await refusal(tmp_path)).endswith("is a directory: name a file")
    assert (await refusal("/dev/null")).endswith("is not a regular file: name a file")
    assert "null" in await refusal("a\0b")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_a_file_without_the_right_to_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "secret").chmod(0)
    assert (await refusal(tmp_path / "secret")).endswith("cannot be read: Permission denied")


async def test_a_file_above_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(manifests.LARGEST_HASHED + 1)
    assert await refusal(large) == "large.bin is larger than 256 MiB, the maximum"
    os.truncate(large, manifests.LARGEST_PUSHED + 1)
    with pytest.raises(FileRefused, match="larger than 16 MiB"):
        await read_file(str(large))


async def test_an_empty_file_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(FileRefused, match="empty is empty"):
        await read_file(str(tmp_path / "empty"))


MANIFEST = HashedFile(Path("/x/manifest.json"), 12_345, "ab" * 64, b"content")
SIGNATURE = HashedFile(Path("/x/manifest.sig"), 1, "cd" * 64, b"s")


def test_a_hash_is_compared_whatever_its_case() -> None:
    assert compared(MANIFEST, "AB" * 64) == "same as stored"
    assert compared(MANIFEST, "ab" * 63) == "differs from stored"
    assert compared(MANIFEST, "") == ""


def test_a_push_tells_of_sizes_and_hash_and_never_of_the_content() -> None:
    proposal = push(Extension("e1", manifest_hash="AB" * 64), MANIFEST, SIGNATURE)
    told = {change.field: (change.after, change.note) for change in proposal.changes}
    assert told == {
        "Manifest": ("12,345 bytes · manifest.json", ""),
        "SHA-512": ("ab" * 64, "same as stored"),
        "Signature": ("1 byte · manifest.sig", ""),
    }
    assert proposal.warnings == ()


def test_a_push_that_will_be_refused_names_the_next_step() -> None:
    (warning,) = push(Extension("e1", manifest_hash="00" * 64), MANIFEST, SIGNATURE).warnings
    assert "the server will return 412" in warning
    assert "update the hash first" in warning
    assert push(Extension("e1"), MANIFEST, SIGNATURE).warnings == ()
