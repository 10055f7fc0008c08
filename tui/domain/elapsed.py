"""The clock for ages: nobody can set it, and it counts the time that the machine slept.

`time.monotonic` stops in sleep on Linux, and the wall clock may be set back: with either, old data
could look new.
"""

import sys
import time
from datetime import UTC, datetime

if sys.platform == "linux":
    _CLOCK: int | None = getattr(time, "CLOCK_BOOTTIME", None)
elif sys.platform == "darwin":
    _CLOCK = getattr(time, "CLOCK_MONOTONIC", None)
else:
    _CLOCK = None


def elapsed() -> float:
    """Seconds since some moment in the past."""
    if _CLOCK is None:
        return time.monotonic()
    return time.clock_gettime(_CLOCK)


def utc_now() -> datetime:
    """The wall clock, for what is shown and recorded."""
    return datetime.now(UTC)
