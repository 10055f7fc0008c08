"""Intervals: read leniently from servers, strictly from people, sent as .NET TimeSpan.

Source: jtl PROTOCOL §1.4 (`00:05:00`), superoffice PROTOCOL §3 (TimeSpan, ISO 8601, free text).
"""

import re

from tui.domain.text import brief, cited
from tui.frozen import frozen

_TIMESPAN = re.compile(
    r"(?P<sign>-)?(?:(?P<d>\d{1,8})\.)?(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?P<f>\.\d{1,7})?)?",
    re.ASCII,
)
_ISO = re.compile(
    r"(?P<sign>-)?P(?=.)(?:(?P<w>\d{1,12})W)?(?:(?P<d>\d{1,12})D)?"
    r"(?:T(?=.)(?:(?P<h>\d{1,12})H)?(?:(?P<m>\d{1,12})M)?(?:(?P<s>\d{1,12})(?P<f>\.\d{1,12})?S)?)?",
    re.ASCII | re.IGNORECASE,
)
UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
"""Seconds."""
_SHORT = re.compile(r"(?:\d{1,8}[dhms]\s*)+", re.ASCII | re.IGNORECASE)
_SHORT_PART = re.compile(r"(\d+)([dhms])", re.IGNORECASE)
_LONGEST = 10_675_199 * 86_400
"""The range of a .NET TimeSpan, in seconds."""


class IntervalInputError(ValueError):
    """An interval that a person typed is invalid; the message says what would be right."""


@frozen
class Interval:
    """An interval as a server reported it."""

    raw: str | None = None
    """The server's text; None: not reported."""
    seconds: float | None = None
    """None if `raw` cannot be parsed."""

    @classmethod
    def read(cls, text: str | None) -> "Interval":
        """Read TimeSpan `[-][d.]hh:mm[:ss[.fffffff]]` or ISO 8601; keeps any other text unchanged."""
        if text is None or not text.strip():
            return cls()
        seconds = _timespan_seconds(text.strip(), lenient=True)
        return cls(text, _iso_seconds(text.strip()) if seconds is None else seconds)

    @property
    def unread(self) -> str | None:
        """The server's text if it cannot be parsed."""
        return self.raw if self.seconds is None else None

    @property
    def shown(self) -> str:
        """`5m`, `1d 2h`, the server's text, or `not reported`."""
        if self.raw is None:
            return "not reported"
        return self.raw if self.seconds is None else short(self.seconds)


NOT_REPORTED = Interval()


def short(seconds: float) -> str:
    """Write seconds as `5m`, `1d 2h`, `1m 30s`, `0.5s`."""
    if seconds < 0:
        return f"-{short(-seconds)}"
    left, parts = round(seconds, 7), []
    for unit in "dhm":
        count, left = divmod(left, UNITS[unit])
        if count:
            parts.append(f"{int(count)}{unit}")
    if left or not parts:
        parts.append(f"{left:.7f}".rstrip("0").rstrip(".") + "s")
    return " ".join(parts)


def timespan(seconds: float) -> str:
    """Write whole seconds as `hh:mm:ss`, from one day up as `d.hh:mm:ss`."""
    minutes, secs = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return (f"{days}." if days else "") + f"{hours:02}:{minutes:02}:{secs:02}"


def parse_input(text: str) -> float:
    """Read what a person typed: `hh:mm:ss`, `d.hh:mm:ss`, `90s 10m 2h 1d`, ISO 8601. Seconds.

    Raises IntervalInputError: for anything else; bare numbers and `a:b` are refused with both readings.
    """
    given = text.strip()
    shown = brief(given)
    if given.isascii() and given.isdecimal():
        raise IntervalInputError(f"{shown} is ambiguous: write {shown}s, {shown}m or {shown}h")
    if re.fullmatch(r"\d{1,2}:\d{2}", given, re.ASCII):
        first, second = (int(part) for part in given.split(":"))
        raise IntervalInputError(
            f"{given} is ambiguous: write {first:02}:{second:02}:00 for hours and minutes,"
            f" 00:{first:02}:{second:02} for minutes and seconds"
        )
    seconds = _timespan_seconds(given, lenient=False)
    if seconds is None:
        seconds = _iso_seconds(given)
    if seconds is None and _SHORT.fullmatch(given):
        seconds = float(sum(int(n) * UNITS[u.lower()] for n, u in _SHORT_PART.findall(given)))
    if seconds is None:
        raise IntervalInputError(
            f"{cited(given)} is not an interval: write 00:05:00, 5m, 1h 30m or PT5M"
        )
    return _in_range(seconds, given)


def _in_range(seconds: float, given: str) -> float:
    given = brief(given)
    if seconds <= 0:
        raise IntervalInputError(f"{given} is not longer than zero: write 00:05:00 or 5m")
    if seconds != int(seconds):
        raise IntervalInputError(f"{given} has a fraction of a second: write whole seconds")
    if seconds > _LONGEST:
        raise IntervalInputError(f"{given} is longer than a TimeSpan can hold: at most 10675199d")
    return seconds


def _timespan_seconds(text: str, *, lenient: bool) -> float | None:
    match = _TIMESPAN.fullmatch(text)
    if match is None or (match["s"] is None and not lenient):
        return None
    hours, minutes, secs = int(match["h"]), int(match["m"]), int(match["s"] or 0)
    if hours > 23 or minutes > 59 or secs > 59:
        return None
    total = int(match["d"] or 0) * 86_400 + hours * 3_600 + minutes * 60 + secs
    return _signed(match, total)


def _iso_seconds(text: str) -> float | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    return _signed(match, sum(int(match[unit] or 0) * size for unit, size in UNITS.items()))


def _signed(match: re.Match[str], whole: int) -> float:
    value = whole + float(match["f"] or 0)
    return -value if match["sign"] else value
