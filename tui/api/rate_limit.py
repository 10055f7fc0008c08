"""What a server says of its rate limit, and when reads must rest because of it.

Source: jtl-erp-api §5. Nothing says whether the interval is a rolling one, so once nothing remains a
whole one is waited for. [inferred]
"""

from collections.abc import Mapping
from dataclasses import dataclass

_LONGEST_REST = 300.0
"""Seconds: a slip of the server must not end the watch."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The limit as the last answer told it."""

    limit: int
    """Requests in an interval."""
    interval: float
    """Seconds."""
    remaining: int
    told_at: float
    """By the monotonic clock."""

    def rest(self, now: float) -> float:
        """Seconds until a read may go out again; 0: now."""
        if self.remaining > 0:
            return 0.0
        return max(0.0, self.told_at + min(self.interval, _LONGEST_REST) - now)

    @property
    def words(self) -> str:
        """`300 requests in 60s`."""
        return f"{self.limit} requests in {self.interval:.0f}s"


def read_rate_limit(headers: Mapping[str, str], now: float) -> RateLimit | None:
    """The limit that an answer tells; None where it does not tell all of it."""
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
