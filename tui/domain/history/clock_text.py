"""Times of day as the history says them, in UTC as everywhere. Pure."""

from datetime import datetime, timedelta

_TODAY = timedelta(hours=24)


def clock_text(at: datetime, now: datetime, *, seconds: bool = False) -> str:
    """`01:14` within the last 24 hours, else `11-29 01:14`."""
    time = f"{at:%H:%M:%S}" if seconds else f"{at:%H:%M}"
    return time if timedelta(0) <= now - at < _TODAY else f"{at:%m-%d} {time}"


def long_age(seconds: float) -> str:
    """The two largest units: `16h 2m`, `3d 4h`, `40s`."""
    left = int(max(0.0, seconds))
    if left < 60:
        return f"{left}s"
    parts: list[str] = []
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        count, left = divmod(left, size)
        if count or parts:
            parts.append(f"{count}{unit}" if count else "")
    return " ".join(filter(None, parts[:2]))
