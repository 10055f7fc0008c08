"""Times as servers write them, and ages as people read them.

A text that is not a time is kept and shown unchanged; the years 1 and 1760 read as never.
"""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from tui.frozen import frozen

_FRACTION = re.compile(r"(\.\d{6})\d+")
NEVER_YEARS = (1, 1760)
"""Year 1 is .NET's empty date, 1760 that of a SuperOffice database (superoffice PROTOCOL §16)."""
_OPEN_ENDED_YEAR = 9999
_MOST_BELIEVED = 366 * 86_400.0
"""Seconds that a server's clock may differ from ours. Ours may be days off as well; one that is years
off was never set."""


class MomentKind(StrEnum):
    ABSENT = "absent"
    NEVER = "never"
    OPEN = "open"
    INSTANT = "instant"
    LOCAL = "local"
    """A time without offset: in the tenant's own zone, which we do not know."""
    UNREADABLE = "unreadable"


@frozen
class Moment:
    """A time reported by a server."""

    kind: MomentKind = MomentKind.ABSENT
    text: str = ""
    """The server's text."""
    at: datetime | None = None
    """UTC; only for `INSTANT`."""

    @classmethod
    def read(cls, text: str | None) -> "Moment":
        """Read ISO 8601 with up to 7 fraction digits, with offset, `Z` or neither."""
        if not text:
            return ABSENT
        try:
            moment = datetime.fromisoformat(_FRACTION.sub(r"\1", text.strip()))
        except ValueError:
            return cls(MomentKind.UNREADABLE, text)
        if moment.year in NEVER_YEARS:
            return cls(MomentKind.NEVER, text)
        if moment.year == _OPEN_ENDED_YEAR:
            return cls(MomentKind.OPEN, text)
        if moment.tzinfo is None:
            return cls(MomentKind.LOCAL, text)
        return cls(MomentKind.INSTANT, text, moment.astimezone(UTC))

    def age(self, now: datetime) -> float | None:
        """Seconds from this instant to `now`; None if it is not an instant."""
        return None if self.at is None else (now - self.at).total_seconds()

    def ago(self, now: datetime) -> str:
        """`4m ago`, `now`, `in 3m`, `never`, or the server's text."""
        if self.at is not None:
            return ago_text((now - self.at).total_seconds())
        if self.kind is MomentKind.ABSENT:
            return "not reported"
        if self.kind in (MomentKind.NEVER, MomentKind.OPEN):
            return "never" if self.kind is MomentKind.NEVER else "open"
        return self.text

    @property
    def plain(self) -> str:
        """The instant in UTC, or the server's text; empty if `ago` says everything."""
        if self.at is not None:
            return f"{self.at:%Y-%m-%d %H:%M:%S} UTC"
        return self.text if self.kind in (MomentKind.LOCAL, MomentKind.UNREADABLE) else ""

    def full(self, now: datetime) -> str:
        """The instant in UTC with its age, or a description."""
        if self.at is not None:
            return f"{self.plain} ({self.ago(now)})"
        if self.kind is MomentKind.LOCAL:
            return f"{self.text} (tenant time, no offset given)"
        if self.kind is MomentKind.UNREADABLE:
            return f"{self.text} (unreadable time)"
        if self.kind is MomentKind.OPEN:
            return f"{self.text} (open)"
        return self.ago(now)


ABSENT = Moment()


def by_server(now: datetime, offset: float | None) -> datetime:
    """Our `now` by a server's clock that is `offset` seconds ahead, by its `Date` headers. A header that
    is years off is ignored: then our clock counts."""
    return now + timedelta(seconds=offset) if offset is not None and is_believed(offset) else now


def is_believed(offset: float | None) -> bool:
    """Whether a server's clock that is `offset` seconds ahead is plausible; None: unknown."""
    return offset is not None and abs(offset) <= _MOST_BELIEVED


def age_text(seconds: float) -> str:
    """The largest whole unit: `12s`, `4m`, `2h`, `3d`."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return f"{int(seconds)}s"


def seen_text(moment: Moment, now: datetime) -> str:
    """As `Moment.ago` for past times: a future one is marked `ahead`, one without an offset `?`."""
    age = moment.age(now)
    if age is not None and age <= -60:
        return f"{age_text(-age)} ahead"
    if moment.kind is MomentKind.OPEN:
        return "ahead"
    if moment.kind is not MomentKind.LOCAL:
        return moment.ago(now)
    local = datetime.fromisoformat(_FRACTION.sub(r"\1", moment.text.strip()))
    return f"{local:%H:%M} ?" if local.date() == now.date() else f"{local:%m-%d} ?"


def ago_text(seconds: float) -> str:
    """`now` within a minute either way, else `4m ago` or `in 4m`."""
    if abs(seconds) < 60:
        return "now"
    return f"{age_text(seconds)} ago" if seconds > 0 else f"in {age_text(-seconds)}"


def iso(at: datetime) -> str:
    """UTC in ISO 8601 to the second: `2026-03-02T03:07:12Z`."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def stamp(at: datetime | None) -> str | None:
    """The same; None stays None."""
    return None if at is None else iso(at)
