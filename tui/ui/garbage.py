"""The collector rests while the console starts: what is made then stays. So does what a list holds that
has become long: to look through it again and again would stop everything for many frames, and rows go
by themselves.

Invariant: once the first frame is shown, garbage is collected again, of all but what was set apart.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_LONG, _LONGER = 2_000, 1.2
"""Entries from which a list is set apart, and how many times as many it must have to be set apart again:
what is garbage at that moment stays for good."""

_YOUNG, _OLDER, _ALL = 1_000, 10, 30
"""New objects, collections of them, and collections of older ones until the next kind is due."""

_apart: dict[str, int] = {}
"""By list, of data or of its rows: the entries that it had when it was set apart."""


def rest() -> None:
    """Collect nothing from now on."""
    gc.disable()


def resume() -> None:
    """Collect again, and never look through what has been made so far."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(_YOUNG, _OLDER, _ALL)
        gc.enable()


@contextmanager
def resting() -> Iterator[None]:
    """Collect nothing while many things are made that stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def grown(name: str, entries: int) -> None:
    """A list has so many entries now."""
    if entries >= max(_LONG, _LONGER * _apart.get(name, 0)):
        _apart[name] = entries
        gc.freeze()
