"""A report as headings, paragraphs, lists and tables, before it is Markdown or HTML. Pure.

Invariant: what a server or a person wrote is `Foreign`; every format shows it as code, never as markup.
"""

import re
from datetime import datetime, timedelta, tzinfo
from typing import TypeAlias

from tui.domain.history.clock_text import long_age
from tui.frozen import frozen

_QUIET = re.compile(r"[\w →·?-]+")
_LOUD = re.compile(r"_|--")
_SHORT_WINDOW = timedelta(hours=24, minutes=1)
"""In which a time of day stands for itself, unless it is there twice."""
_DAY = timedelta(days=1)


@frozen
class Foreign:
    """One line that we did not write."""

    text: str
    is_struck: bool = False


Piece: TypeAlias = str | Foreign
Line: TypeAlias = tuple[Piece, ...]


@frozen
class Paragraph:
    line: Line


@frozen
class Items:
    lines: tuple[Line, ...]


@frozen
class Table:
    titles: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


Block: TypeAlias = Paragraph | Items | Table


@frozen
class Section:
    title: str
    blocks: tuple[Block, ...]
    """Empty: a person fills it in."""


@frozen
class Document:
    title: Line
    head: tuple[Block, ...]
    sections: tuple[Section, ...]


def quiet(text: str) -> Piece:
    """A word as it is where no format reads it as markup, else as code."""
    return text if _QUIET.fullmatch(text) and not _LOUD.search(text) else Foreign(text)


def listed(pieces: "tuple[Piece, ...]") -> Line:
    return tuple(one for piece in pieces for one in (", ", piece))[1:]


@frozen
class Times:
    """Writes all times of a document: in one zone, and with the date where they could be mistaken."""

    zone: tzinfo
    since: datetime
    until: datetime

    def day(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%Y-%m-%d}"

    @property
    def is_one_day(self) -> bool:
        return self.day(self.since) == self.day(self.until)

    def full(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def short(self, at: datetime, *, seconds: bool = False) -> str:
        """`01:14` of a time in a window of a day at most, else with its date."""
        local = at.astimezone(self.zone)
        clock = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
        is_clear = self.since <= at <= self.until and self.until - self.since <= _SHORT_WINDOW
        is_clear = is_clear and not self._is_twice(at)
        return clock if is_clear else f"{local:%Y-%m-%d} {clock}"

    def _is_twice(self, at: datetime) -> bool:
        """Whether the window has the same time of day on another day."""
        first, this, last = (
            one.replace(second=0, microsecond=0) for one in (self.since, at, self.until)
        )
        return this + _DAY <= last or this - _DAY >= first

    def span(self, start: datetime, end: datetime) -> str:
        """`00:41 to 00:47 (6m)`."""
        lasting = long_age((end - start).total_seconds())
        is_short = (end - start).total_seconds() < 60
        first, last = (self.short(at, seconds=is_short) for at in (start, end))
        return f"{first} to {last} ({lasting})"

    @property
    def name(self) -> str:
        """`UTC+01:00`."""
        offset = self.until.astimezone(self.zone).utcoffset() or timedelta(0)
        minutes = round(offset.total_seconds() / 60)
        sign = "-" if minutes < 0 else "+"
        hours, rest = divmod(abs(minutes), 60)
        return "UTC" if not minutes else f"UTC{sign}{hours:02}:{rest:02}"
