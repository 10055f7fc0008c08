"""Whether a terminal is ours to draw on and to read. Loaded before the first sign of life."""

import os


def in_foreground(handle: int) -> bool:
    """Whether the shell has given us its terminal; True as well where no shell decides about that."""
    try:
        # 0: its foreground is in another container.
        return os.tcgetpgrp(handle) in (0, os.getpgrp())
    except OSError:
        return True
