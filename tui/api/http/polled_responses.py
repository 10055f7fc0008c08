"""The last response of each polled list: what did not change is neither sent nor decoded again.

A server that gives a validator (`ETag`, or `Last-Modified`) is asked with it, and may answer 304 without
a body.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from tui.api.http.bounded_cache import BoundedCache
from tui.api.http.decode import in_thread_if_large, tree_of
from tui.frozen import frozen

_WORTH_KNOWING = 8_192
"""Bytes from which a response is compared with the last one instead of being decoded again."""


@frozen
class Known:
    digest: bytes
    tree: object
    size: int
    """Bytes of the body."""
    validator: tuple[str, str] | None = None
    """The header with which to ask whether it changed."""


@dataclass(slots=True)
class PolledResponses:
    """Those of one system, by their addresses."""

    _known: BoundedCache[str, Known] = field(default_factory=BoundedCache)

    def get(self, url: str) -> Known | None:
        """The last one, if it was worth keeping."""
        return self._known.get(url)

    def validator(self, url: str) -> tuple[tuple[str, str], ...]:
        """The header that asks for it only if it changed; none if the server gave no validator."""
        known = self._known.get(url)
        return (known.validator,) if known is not None and known.validator else ()

    async def decoded(
        self, url: str, content: bytes, content_type: str, headers: Mapping[str, str]
    ) -> object:
        """The tree; the same object if the content is byte for byte that of the last one.

        Raises NotJson: as `tree_of`.
        """
        size, validator = len(content), _validator(headers)
        if size < _WORTH_KNOWING and validator is None:
            return await in_thread_if_large(size, tree_of, content, content_type)
        digest = await in_thread_if_large(size, _digest, content + content_type.encode())
        known = self._known.get(url)
        tree = known.tree if known is not None else None
        if known is None or known.digest != digest:
            tree = await in_thread_if_large(size, tree_of, content, content_type)
        self._known.put(url, Known(digest, tree, size, validator))
        return tree


def _validator(headers: Mapping[str, str]) -> tuple[str, str] | None:
    if etag := headers.get("etag"):
        return "If-None-Match", etag
    changed = headers.get("last-modified")
    return ("If-Modified-Since", changed) if changed else None


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).digest()
