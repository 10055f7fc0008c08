"""The change log of ErpSync: which field was changed where, from what to what, and when.

Source: superoffice PROTOCOL §14. Pages come newest first. Entries that were read stay: a newer page adds
entries above them or, if there is a gap between the two, replaces them.
"""

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from tui.domain.jtl.workers import Raw
from tui.domain.timestamps import ABSENT, Moment
from tui.frozen import frozen


@frozen
class SyncLogEntry:
    """One change of one field. A value is None if not reported, and empty if it is empty."""

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
    """Its position, ascending in the server's order; it never refers to another entry."""

    @property
    def identity(self) -> str:
        """All its values: the log has no documented identifier."""
        return json.dumps(self.raw, sort_keys=True, default=str)


@frozen
class SyncLogPage:
    entries: tuple[SyncLogEntry, ...] = ()
    next: str = ""
    """Where the next page is; empty: this is the last one."""
    sorted: bool = True
    """False if the server did not sort by time: its own order is then unknown."""


@frozen
class SyncLog:
    """The entries read so far, in the server's order."""

    entries: tuple[SyncLogEntry, ...] = ()
    next: str = ""
    """Where the next page is; empty: there is no older page."""
    sorted: bool = True
    moved: bool = False
    """Whether the last page showed that the log changed after its first page was read."""

    def refreshed(self, page: SyncLogPage) -> "SyncLog":
        """With the first page read again; older pages stay if there is no gap."""
        fresh = tuple(_unknown(page.entries, self.entries))
        first = self.entries[0].number if self.entries else 0
        if len(fresh) == len(page.entries):
            return SyncLog(_numbered(page.entries, first - len(fresh)), page.next, page.sorted)
        entries = (*_numbered(fresh, first - len(fresh)), *self.entries)
        following = self.next or (page.next if self.moved else "")
        return SyncLog(entries, following, page.sorted)

    def extended(self, page: SyncLogPage) -> "SyncLog":
        """With the next page below; a page that would leave a gap is dropped."""
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
    """Whether the readable times descend."""
    times = [entry.at.at for entry in entries if entry.at.at]
    return all(older <= newer for newer, older in pairwise(times))


def _unknown(entries: Iterable[SyncLogEntry], known: Iterable[SyncLogEntry]) -> Iterator[SyncLogEntry]:
    """Entries that are not known yet; of equal ones only the additional ones."""
    left = Counter(entry.identity for entry in known)
    for entry in entries:
        left[entry.identity] -= 1
        if left[entry.identity] < 0:
            yield entry


def _numbered(entries: Iterable[SyncLogEntry], first: int) -> tuple[SyncLogEntry, ...]:
    return tuple(replace(entry, number=number) for number, entry in enumerate(entries, first))
