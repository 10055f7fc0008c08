"""The change log of ErpSync: which field was changed where, from what to what, and when.

Source: superoffice-erpsync §14. A log is read in pages, the newest first. What was read stays in its
place: a newer reading puts new entries above it, or, where the two do not meet, takes its place.
"""

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from tui.domain.moments import ABSENT, Moment
from tui.domain.workers import Raw


@dataclass(frozen=True, slots=True)
class SyncLogEntry:
    """One change of one field. A value is None where none was reported, and empty where it is blank."""

    connection: str | None = None
    """As the server writes it: a number or a name."""
    source: str | None = None
    target: str | None = None
    field: str | None = None
    """The field's key in CRM."""
    old: str | None = None
    new: str | None = None
    at: Moment = ABSENT
    problem: str | None = None
    raw: Raw = dataclasses.field(default_factory=dict, repr=False, hash=False)
    number: int = 0
    """Its place in what was read, ascending in the server's order; it never means another entry."""

    @property
    def identity(self) -> str:
        """All that came of it: the log has no identifier that is documented."""
        return json.dumps(self.raw, sort_keys=True, default=str)


@dataclass(frozen=True, slots=True)
class SyncLogPage:
    """One page as it came."""

    entries: tuple[SyncLogEntry, ...] = ()
    next: str = ""
    """What to ask for next; empty: this was the last page."""
    sorted: bool = True
    """False where the server did not sort by time: its own order is then unknown."""


@dataclass(frozen=True, slots=True)
class SyncLog:
    """What was read so far, in the server's order."""

    entries: tuple[SyncLogEntry, ...] = ()
    next: str = ""
    """What to ask for next; empty: there is no older page."""
    sorted: bool = True
    moved: bool = False
    """The last page showed that the log has changed since its first one was read."""

    def refreshed(self, page: SyncLogPage) -> "SyncLog":
        """With the first page read anew; what was read of older pages stays where the two meet."""
        fresh = tuple(_unknown(page.entries, self.entries))
        first = self.entries[0].number if self.entries else 0
        if len(fresh) == len(page.entries):
            return SyncLog(_numbered(page.entries, first - len(fresh)), page.next, page.sorted)
        entries = (*_numbered(fresh, first - len(fresh)), *self.entries)
        following = self.next or (page.next if self.moved else "")
        return SyncLog(entries, following, page.sorted)

    def extended(self, page: SyncLogPage) -> "SyncLog":
        """With the next page below; one that would leave a gap is not taken."""
        fresh = tuple(_unknown(page.entries, self.entries))
        if self.sorted and self._is_newer(fresh):
            return replace(self, moved=True)
        last = self.entries[-1].number if self.entries else -1
        moved = self.moved or len(fresh) < len(page.entries)
        entries = (*self.entries, *_numbered(fresh, last + 1))
        return replace(self, entries=entries, next=page.next if fresh else "", moved=moved)

    def _is_newer(self, entries: Iterable[SyncLogEntry]) -> bool:
        newest = next((entry.at.at for entry in self.entries if entry.at.at), None)
        return newest is not None and any(entry.at.at and entry.at.at > newest for entry in entries)


def is_newest_first(entries: Iterable[SyncLogEntry]) -> bool:
    """Whether the times that can be read descend."""
    times = [entry.at.at for entry in entries if entry.at.at]
    return all(older <= newer for newer, older in pairwise(times))


def _unknown(entries: Iterable[SyncLogEntry], known: Iterable[SyncLogEntry]) -> Iterator[SyncLogEntry]:
    """Those that are not known yet; of equal ones as many as there are more."""
    left = Counter(entry.identity for entry in known)
    for entry in entries:
        left[entry.identity] -= 1
        if left[entry.identity] < 0:
            yield entry


def _numbered(entries: Iterable[SyncLogEntry], first: int) -> tuple[SyncLogEntry, ...]:
    return tuple(replace(entry, number=number) for number, entry in enumerate(entries, first))
