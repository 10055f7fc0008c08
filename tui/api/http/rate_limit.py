"""What a server reports of its rate limit, and when reads must pause because of it.

Source: jtl PROTOCOL §5. The interval may be a rolling one, so once nothing remains, reads wait for a
whole interval. [inferred]
"""

from collections.abc import Mapping

from tui.frozen import frozen

_LONGEST_REST = 300.0
"""Seconds: a server's mistake must not stop the polling."""


@frozen
class RateLimit:
    limit: int
    """Requests in an interval."""
    interval: float
    """Seconds."""
    remaining: int
    reported_at: float
    """By the monotonic clock."""

    def rest(self, now: float) -> float:
        """Seconds until the next read may be sent; 0: now."""
        if self.remaining > 0:
            return 0.0
        return max(0.0, self.reported_at + min(self.interval, _LONGEST_REST) - now)

    @property
    def words(self) -> str:
        """`300 requests in 60s`."""
        return f"{self.limit} requests in {self.interval:.0f}s"


def read_rate_limit(headers: Mapping[str, str], now: float) -> RateLimit | None:
    """The limit in a response's headers; None if they are incomplete."""
    numbers = [
        _whole(headers.get(name, ""))
        for name in (
            "x-ratelimit-limit",
            "x-ratelimit-interval-length-seconds",
            "x-ratelimit-remaining",
        )
    ]
    limit, interval, remaining = numbers
    if limit is None or interval is None or remaining is None:
        return None
    return RateLimit(limit, float(interval), remaining, now)


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
