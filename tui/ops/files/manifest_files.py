"""Manifest files: read and hashed in a thread, or refused with a sentence.

Invariant: only regular files are read, and never more than the limit for the purpose.
"""

import asyncio
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path

from tui.domain.jtl.extension_versions import same_hash
from tui.frozen import frozen
from tui.paths import shown

LARGEST_HASHED = 256 * 1024 * 1024
"""Maximum bytes of a file that is only hashed."""
LARGEST_PUSHED = 16 * 1024 * 1024
"""Maximum bytes of a file that is sent: with a third more as base64, below the usual 30 MB limit."""
_CHUNK = 1024 * 1024
_UNITS = ((1024 * 1024, "MiB"), (1024, "KiB"))


class FileRefused(Exception):
    """Why a file cannot be used, in a sentence."""


@frozen
class HashedFile:
    path: Path
    size: int
    """Bytes."""
    sha512: str
    """Lower-case hexadecimal."""
    content: bytes = field(default=b"", repr=False)
    """Empty if only the hash was requested."""

    @property
    def summary(self) -> str:
        """Size and name, for a note or a review."""
        return f"{self.size:,} {'byte' if self.size == 1 else 'bytes'} · {self.path.name}"


async def hash_file(path: str) -> HashedFile:
    """The SHA-512 of a file; `~` is the home directory.

    Raises FileRefused: it is unreadable, or larger than `LARGEST_HASHED`.
    """
    return await asyncio.to_thread(_read, _expanded(path), LARGEST_HASHED, keep=False)


async def read_file(path: str) -> HashedFile:
    """The same with its content, for sending.

    Raises FileRefused: it is unreadable, empty, or larger than `LARGEST_PUSHED`.
    """
    return await asyncio.to_thread(read_now, path)


def read_now(path: str, most: int = LARGEST_PUSHED) -> HashedFile:
    """The same, blocking; for a file of at most `most` bytes. Raises FileRefused: as `read_file`."""
    file = _read(_expanded(path), most, keep=True)
    if not file.size:
        raise FileRefused(f"{file.path.name} is empty")
    return file


def _expanded(path: str) -> Path:
    # expanduser keeps a `~` that it cannot resolve; the file is then not found.
    return Path(os.path.expanduser(path.strip()))  # noqa: PTH111 - Path's own raises instead


def _read(path: Path, most: int, *, keep: bool) -> HashedFile:
    digest, kept, size = hashlib.sha512(), bytearray(), 0
    try:
        for chunk in _chunks(path, most):
            size += len(chunk)
            digest.update(chunk)
            if keep:
                kept += chunk
    except (OSError, ValueError) as failure:
        why = getattr(failure, "strerror", None) or str(failure)
        raise FileRefused(f"{shown(path)} cannot be read: {why}") from None
    return HashedFile(path, size, digest.hexdigest(), bytes(kept))


def _chunks(path: Path, most: int) -> Iterator[bytes]:
    # Without O_NONBLOCK, opening a pipe blocks.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            kind = "a directory" if stat.S_ISDIR(facts.st_mode) else "not a regular file"
            raise FileRefused(f"{shown(path)} is {kind}: name a file")
        # A file may grow while it is read.
        size = facts.st_size
        while size <= most and (chunk := os.read(handle, _CHUNK)):
            yield chunk
            size = max(size, os.lseek(handle, 0, os.SEEK_CUR))
        if size > most:
            raise FileRefused(f"{path.name} is larger than {_size(most)}, the maximum")
    finally:
        os.close(handle)


def _size(count: int) -> str:
    unit, word = next(((unit, word) for unit, word in _UNITS if count >= unit), (1, "bytes"))
    return f"{count / unit:g} {word}"


def compared(file: HashedFile, stored: str) -> str:
    """How a file compares to a stored hash, in words; empty without a stored hash."""
    if not stored:
        return ""
    return "same as stored" if same_hash(file.sha512, stored) else "differs from stored"
