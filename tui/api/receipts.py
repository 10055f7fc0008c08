"""Records which responses came during an operation, for the audit trail.

A caller opens `receipts` around the work; the transport notes every response whose headers arrived,
also of logins and version probes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from tui.frozen import frozen


@frozen
class Receipt:
    method: str
    path: str
    """Without host and query."""
    status: int
    request_id: str = ""
    """Identifies it in the server's log; empty if the server gave none."""


_open: ContextVar[list[Receipt] | None] = ContextVar("receipts", default=None)


@contextmanager
def receipts() -> Iterator[list[Receipt]]:
    """Collect the responses noted inside, in order."""
    noted: list[Receipt] = []
    token = _open.set(noted)
    try:
        yield noted
    finally:
        _open.reset(token)


def note(receipt: Receipt) -> None:
    noted = _open.get()
    if noted is not None:
        noted.append(receipt)
