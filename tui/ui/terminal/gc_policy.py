"""Garbage collection is off while the console starts: objects made then stay. So do the entries of a
long list: scanning it again and again would stop everything for many frames, and rows are freed by
reference counting.

Invariant: once the first response is there, or a moment after the first frame, garbage is collected
again, except for the frozen objects.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_LONG, _LONGER = 2_000, 1.2
"""Entries from which a list is frozen, and the factor by which it must grow to be frozen again: garbage
of that moment stays for good."""

_YOUNG, _OLDER, _ALL = 1_000, 10, 30
"""New objects, collections of them, and collections of older ones until the next kind is due."""

_apart: dict[str, int] = {}
"""By list, of data or of its rows: its number of entries when it was frozen."""


def rest() -> None:
    """Collect nothing from now on."""
    gc.disable()


def resume() -> None:
    """Collect again, and never scan the objects made so far."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(_YOUNG, _OLDER, _ALL)
        gc.enable()


@contextmanager
def resting() -> Iterator[None]:
    """Collect nothing while many objects are made that stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def grown(name: str, entries: int) -> None:
    """A list has this many entries now."""
    if entries >= max(_LONG, _LONGER * _apart.get(name, 0)):
        _apart[name] = entries
        gc.freeze()
