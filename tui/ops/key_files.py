"""Files with resync keys: text, read whole; bytes that are no UTF-8 stay to be told by their line."""

import asyncio

from tui.ops.manifests import read_now

LARGEST_KEY_FILE = 5 * 1024 * 1024
"""Bytes; the most keys that one resync takes need a fifth of it."""


def read_keys_now(path: str) -> str:
    """The text of a key file, waiting for the disk; what cannot be decoded is a lone surrogate.

    Raises:
        FileRefused: it is no regular file that can be read, empty, or too large.
    """
    return read_now(path, LARGEST_KEY_FILE).content.decode("utf-8", "surrogateescape")


async def read_keys(path: str) -> str:
    """The same in a thread."""
    return await asyncio.to_thread(read_keys_now, path)
