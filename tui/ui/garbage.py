"""The collector rests while the console starts: what is made then stays. Later it looks at what is
young; at all there is only once in hours, for with tens of thousands of rows that stops everything
for many frames, and rows go by themselves.

Invariant: once the first frame is shown, garbage is collected again.
"""

import gc

_YOUNG, _OLDER, _ALL = 1_000, 10, 1_000
"""New objects, collections of them, and collections of older ones until the next kind is due."""


def rest() -> None:
    """Collect nothing from now on."""
    gc.disable()


def resume() -> None:
    """Collect again, and never look through what has been made so far."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(_YOUNG, _OLDER, _ALL)
        gc.enable()
