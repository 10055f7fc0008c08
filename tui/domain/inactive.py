"""Whether an inactive connection is a problem: the server says neither why nor since when. Pure.

One that was deactivated from here, or was inactive when it was first seen, is off. One that became
inactive otherwise needs attention: somebody, or an interrupted change, did it (superoffice-erpsync §14).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tui.domain.engine import Connection

Deactivated = Mapping[int, datetime]
"""When a connection was last deactivated from here, by its number."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was seen of one connection, by our own clock."""

    first_at: datetime
    active: bool
    """As it was seen last."""
    active_at: datetime | None = None
    """When it was last seen to be active after it was not, or at first sight; None: never."""


Sightings = Mapping[int, Sighting]
"""By the connection's number."""


def sighted(
    known: Sightings, connections: Iterable[Connection], deactivated: Deactivated, at: datetime
) -> Sightings:
    """`known` with what was seen `at` this time; the same object where nothing is new."""
    news: dict[int, Sighting] = {}
    for one in connections:
        if one.active is None or one.deleted or one.problem is not None:
            continue
        before = known.get(one.id)
        if before is None:
            news[one.id] = Sighting(at, one.active, at if one.active else None)
        elif one.active and _is_news(before, deactivated.get(one.id)):
            news[one.id] = replace(before, active=True, active_at=at)
        elif one.active != before.active:
            news[one.id] = replace(before, active=one.active)
    return {**known, **news} if news else known


def _is_news(before: Sighting, deactivated_at: datetime | None) -> bool:
    """Whether it is worth keeping that it is active: it was not, or was to be off since."""
    if not before.active or before.active_at is None:
        return True
    return deactivated_at is not None and deactivated_at > before.active_at


def expected(known: Sightings, deactivated: Deactivated) -> frozenset[int]:
    """Those of which it is no news that they are inactive."""
    return frozenset(
        number for number, seen in known.items() if _is_expected(seen, deactivated.get(number))
    )


def _is_expected(seen: Sighting, deactivated_at: datetime | None) -> bool:
    if seen.active_at is None:
        return True
    return deactivated_at is not None and deactivated_at >= seen.active_at
