"""Facts in the headers of a response that an error carries."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from tui.api.error_body import short

_LONGEST_WAIT = 3_600.0
"""Limit in seconds for Retry-After: a server's mistake must not stop the polling."""


def request_id(headers: httpx.Headers) -> str:
    """The identifier of this call in the server's log."""
    for name in (
        "x-request-id",
        "request-id",
        "x-correlation-id",
        "x-ms-request-id",
        "traceid",
        "traceparent",
    ):
        if value := headers.get(name):
            return short(value)[:100]
    return ""


def retry_after(text: str, now: float) -> float | None:
    """Seconds to wait, from seconds or an HTTP date; never negative."""
    if text.strip().isascii() and text.strip().isdecimal() and len(text.strip()) < 9:
        return min(float(text), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.fromtimestamp(now, UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(0.0, seconds), _LONGEST_WAIT)
