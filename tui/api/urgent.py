"""Calls that belong to a write which an operator confirmed: the read before it, the check after it.

They are sent even while the server's rate limit is used up: a poll can wait, a stop at night cannot.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_urgent: ContextVar[bool] = ContextVar("urgent", default=False)


@contextmanager
def for_a_write() -> Iterator[None]:
    """Everything called inside, and by tasks begun inside, belongs to a confirmed write."""
    token = _urgent.set(True)
    try:
        yield
    finally:
        _urgent.reset(token)


def is_urgent() -> bool:
    """Whether the current call belongs to a confirmed write."""
    return _urgent.get()
