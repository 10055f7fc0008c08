"""Which responses came while something was done, for the audit trail.

Whoever wants to know opens `receipts` around the work; the transport notes every response whose
headers came, also of the logins and version probes on the way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Receipt:
    """One HTTP response."""

    method: str
    path: str
    """Without host and query."""
    status: int
    request_id: str = ""
    """By which the server's own log knows it; empty where it gave none."""


_open: ContextVar[list[Receipt] | None] = ContextVar("receipts", default=None)


@contextmanager
def receipts() -> Iterator[list[Receipt]]:
    """Collect what is noted inside, in order."""
    noted: list[Receipt] = []
    token = _open.set(noted)
    try:
        yield noted
    finally:
        _open.reset(token)


def note(receipt: Receipt) -> None:
    """Keep it for whoever collects."""
    noted = _open.get()
    if noted is not None:
        noted.append(receipt)
