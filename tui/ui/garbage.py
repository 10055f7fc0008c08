"""The collector rests while the console starts: what is made then stays.

Invariant: once the first frame is shown, or the console ends without one, garbage is collected again.
"""

import gc


def rest() -> None:
    """Collect nothing from now on."""
    gc.disable()


def resume() -> None:
    """Collect again, and never look through what has been made so far."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
