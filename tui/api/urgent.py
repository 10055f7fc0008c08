"""Calls that belong to a write which an operator confirmed: the read before it, the look after it.

They are sent also while the server's rate limit is used up: a poll can wait, a stop at night cannot.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_urgent: ContextVar[bool] = ContextVar("urgent", default=False)


@contextmanager
def for_a_write() -> Iterator[None]:
    """Whatever is called in here, and by tasks that are begun in here, belongs to a confirmed write."""
    token = _urgent.set(True)
    try:
        yield
    finally:
        _urgent.reset(token)


def is_urgent() -> bool:
    """Whether this call belongs to one."""
    return _urgent.get()
