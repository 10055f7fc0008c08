"""Sightings of each connection since it was first seen, stored for the next start: 0600 in the state
directory, per profile and address of the server.

Invariant: a read or write error only loses knowledge; consoles and one-shot commands that run at the
same time only ever add to the file.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tui.domain.superoffice.engine import Connection
from tui.domain.superoffice.inactive_connections import (
    Deactivated,
    Sighting,
    Sightings,
    expected,
    sighted,
)
from tui.frozen import frozen
from tui.paths import read_object, replace_private, set_aside

_LARGEST = 8_000_000
_UNUSABLE = (OSError, ValueError, TypeError, KeyError, RecursionError)


@dataclass(slots=True)
class MemorySightings:
    """Keeps them for this run only; for the demo, which leaves no trace."""

    known: Sightings = field(default_factory=dict)

    def read(self) -> Sightings:
        return self.known

    def write(self, sightings: Sightings) -> None:
        self.known = sightings


@frozen
class FileSightings:
    """Stores those of one address in the file of a profile; those of other addresses stay."""

    path: Path
    address: str

    def read(self) -> Sightings:
        """The sightings of the address; nothing if the file is unusable."""
        try:
            mine = read_object(self.path, _LARGEST).get(self.address)
            entries = mine.items() if isinstance(mine, dict) else ()
            return {int(number): _sighting(entry) for number, entry in entries}
        except _UNUSABLE:
            return {}

    def write(self, sightings: Sightings) -> None:
        """Replace the file, if possible."""
        try:
            known = read_object(self.path, _LARGEST)
        except _UNUSABLE:
            known = {}
            with suppress(OSError):
                set_aside(self.path)
        known[self.address] = {str(number): _entry(one) for number, one in sightings.items()}
        with suppress(OSError):
            replace_private(self.path, json.dumps(known).encode(), durable=False)


def _entry(one: Sighting) -> Mapping[str, object]:
    active_at = one.active_at and one.active_at.isoformat()
    return {"first_at": one.first_at.isoformat(), "active": one.active, "active_at": active_at}


def _sighting(entry: object) -> Sighting:
    if not isinstance(entry, dict):
        raise TypeError("not an object")
    active_at = entry["active_at"]
    return Sighting(
        _aware(entry["first_at"]),
        entry["active"] is True,
        None if active_at is None else _aware(active_at),
    )


def _aware(text: object) -> datetime:
    at = datetime.fromisoformat(str(text))
    if at.tzinfo is None:
        raise ValueError("no offset")
    return at


class SeenConnections:
    """Follows the connections of one profile, and knows which are inactive for a known reason."""

    def __init__(
        self,
        keeper: "MemorySightings | FileSightings",
        deactivated: Callable[[], Deactivated],
        clock: Callable[[], datetime],
    ) -> None:
        """`deactivated` reads the audit trail: it is called only after a change."""
        self._keeper, self._read_trail, self._clock = keeper, deactivated, clock
        self._deactivated: Deactivated | None = None
        self._unexplained: frozenset[int] = frozenset()
        self.expected: frozenset[int] = frozenset()
        """The ids of connections that are inactive for a known reason."""

    def saw(self, connections: Iterable[Connection]) -> frozenset[int]:
        """Record the server's list; returns `expected` after it."""
        listed = tuple(connections)
        if self._deactivated is None:
            self._deactivated = self._read_trail()
        before = self._keeper.read()
        known = sighted(before, listed, self._deactivated, self._clock())
        if known is not before:
            self._keeper.write(known)
        self.expected = expected(known, self._deactivated)
        inactive = {one.id for one in listed if one.active is False and not one.deleted}
        unexplained = frozenset(inactive - self.expected)
        if unexplained - self._unexplained:
            self._deactivated = self._read_trail()
            self.expected = expected(known, self._deactivated)
        self._unexplained = unexplained
        return self.expected
