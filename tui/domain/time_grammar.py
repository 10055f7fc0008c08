"""The one grammar of times that people write, for every command and dialog. Pure.

A time without an offset is one in UTC, as all times that are shown. Results are in UTC.
"""

import re
from datetime import UTC, datetime, time, timedelta

from tui.domain.intervals import UNITS
from tui.domain.text import cited

FORMS = "now, 2h, 2h ago, 01:00, yesterday 14:30, mon 01:00 or 2026-03-01T02:00Z"
_FORMS_AHEAD = "2h, 03:00, tomorrow 06:00, mon 01:00 or {:%Y-%m-%d}T02:00Z"
_DURATION = re.compile(r"((?:\d{1,6}[smhd]\s*)+)(\sago)?", re.ASCII)
_PART = re.compile(r"(\d+)([smhd])", re.ASCII)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RELATIVE = {"yesterday": -1, "today": 0, "tomorrow": 1}
_CLOCK = re.compile(
    r"(?:(?P<day>yesterday|today|tomorrow"
    r"|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b)?"
    r"\s*(?P<time>\d{1,2}:\d{2}(?::\d{2})?)?",
    re.ASCII,
)
_FIRST_YEAR = 2000
"""Before it there was nothing to observe, and days before year 1 cannot be counted."""
_AROUND = range(-7, 8)
"""Days from today within which each weekday lies before it and after it."""


def past_time(text: str, now: datetime) -> datetime:
    """The instant of something that was: of the same times the last one, a duration back from now.

    A date in the future is not an error here.

    Raises ValueError: it names no time, or one before 2000; the message shows the right forms.
    """
    return _read(text, now, ahead=False)


def planned_end(text: str, now: datetime) -> datetime:
    """The instant at which something is to end: of the same times the next one, a duration from now.

    Raises ValueError: it names no time, or one that has passed.
    """
    at = _read(text, now, ahead=True)
    if at <= now:
        raise ValueError(f"{cited(text)} has already passed: write {_ahead_of(now)}")
    return at


def _read(text: str, now: datetime, *, ahead: bool) -> datetime:
    given = text.strip().casefold()
    try:
        at = _said(given, now, ahead=ahead) or _iso(text.strip())
    except (ValueError, OverflowError):
        forms = _ahead_of(now) if ahead else FORMS
        raise ValueError(f"{cited(text)} is not a time: write {forms}") from None
    if at.year < _FIRST_YEAR:
        raise ValueError(f"{cited(text)} is before the year {_FIRST_YEAR}: write a later time")
    return at


def _ahead_of(now: datetime) -> str:
    """Forms that lie after `now`, whenever that is."""
    return _FORMS_AHEAD.format(now + timedelta(days=7))


def _said(given: str, now: datetime, *, ahead: bool) -> datetime | None:
    """None: it is not in our own words."""
    if given == "now":
        return now
    if duration := _DURATION.fullmatch(given):
        seconds = sum(int(count) * UNITS[unit] for count, unit in _PART.findall(duration[1]))
        forward = ahead and not duration[2]
        return now + timedelta(seconds=seconds if forward else -seconds)
    named = _CLOCK.fullmatch(given)
    if not given or named is None:
        return None
    hour, minute, second = map(int, f"{named['time'] or '0:0'}:0".split(":")[:3])
    clock = time(hour, minute, second)
    today = now.astimezone(UTC).date()
    if named["day"] in _RELATIVE:
        return datetime.combine(today + timedelta(_RELATIVE[named["day"]]), clock, UTC)
    found = [
        datetime.combine(today + timedelta(days), clock, UTC)
        for days in _AROUND
        if not named["day"] or _DAYS[(today + timedelta(days)).weekday()] == named["day"][:3]
    ]
    return min(at for at in found if at > now) if ahead else max(at for at in found if at <= now)


def _iso(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
