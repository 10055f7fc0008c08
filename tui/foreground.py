"""Whether a terminal is ours to draw on and to read. Loaded before the first sign of life."""

import os
import time

_TRIES, _BETWEEN_TRIES = 10, 0.01
"""How often, and with how many seconds between, it is looked whether a shell is still about to."""


def in_foreground(handle: int) -> bool:
    """Whether the shell has given us its terminal; True as well where no shell decides about that."""
    try:
        # 0: its foreground is in another container.
        return os.tcgetpgrp(handle) in (0, os.getpgrp())
    except OSError:
        return True


def gets_foreground(handle: int) -> bool:
    """The same, for a shell that gives its terminal away only after it has started us."""
    for _ in range(_TRIES):
        if in_foreground(handle):
            return True
        time.sleep(_BETWEEN_TRIES)
    return False
