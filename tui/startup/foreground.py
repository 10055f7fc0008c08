"""Whether we may draw on and read from a terminal. Loaded before the first frame."""

import os
import time

_TRIES, _BETWEEN_TRIES = 10, 0.01
"""How often, and with how many seconds between, to check whether the shell hands over its terminal."""


def in_foreground(handle: int) -> bool:
    """Whether the shell has given us its terminal; True also without job control."""
    try:
        # 0: its foreground is in another container.
        return os.tcgetpgrp(handle) in (0, os.getpgrp())
    except OSError:
        return True


def gets_foreground(handle: int) -> bool:
    """The same, for a shell that hands over its terminal only after it has started us."""
    for _ in range(_TRIES):
        if in_foreground(handle):
            return True
        time.sleep(_BETWEEN_TRIES)
    return False
