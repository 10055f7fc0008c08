"""The worker boundary: a fault of ours ends the work that it is in, not the console."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def contained(work: Awaitable[T], result_of: Callable[[Exception], T]) -> T:
    """What `work` returns; after a fault what `result_of` makes of it."""
    try:
        return await work
    except Exception as fault:  # noqa: BLE001 - a named place, see tests/test_structure.py
        return result_of(fault)
