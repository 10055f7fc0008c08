"""The collector rests while the console starts: what is made then stays. So does what a list holds that
has become long: to look through it again and again would stop everything for many frames, and rows go
by themselves.

Invariant: once the first frame is shown, garbage is collected again, of all but what was set apart.
"""

import gc

_LONG, _LONGER = 2_000, 1.2
"""Rows from which a list is set apart, and how many times as many it must have to be set apart again:
what is garbage at that moment stays for good."""

_apart: dict[str, int] = {}
"""By list: the rows that it had when it was set apart."""


def rest() -> None:
    """Collect nothing from now on."""
    gc.disable()


def resume() -> None:
    """Collect again, and never look through what has been made so far."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def grown(name: str, rows: int) -> None:
    """A list has so many rows now."""
    if rows >= max(_LONG, _LONGER * _apart.get(name, 0)):
        _apart[name] = rows
        gc.freeze()
