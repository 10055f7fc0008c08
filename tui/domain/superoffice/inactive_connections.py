"""Whether an inactive connection is a problem: the server reports neither why nor since when. Pure.

A connection that was deactivated from here, or was inactive when first seen, is off. One that became
inactive otherwise needs attention: a person or an interrupted change did it (superoffice PROTOCOL
§14).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from tui.domain.superoffice.engine import Connection
from tui.frozen import frozen

Deactivated = Mapping[int, datetime]
"""When a connection was last deactivated from here, by its id."""


@frozen
class Sighting:
    """What was seen of one connection, by our own clock."""

    first_at: datetime
    active: bool
    """As last seen."""
    active_at: datetime | None = None
    """When it last became active, or was active when first seen; None: never."""


Sightings = Mapping[int, Sighting]
"""By the connection's id."""


def sighted(
    known: Sightings, connections: Iterable[Connection], deactivated: Deactivated, at: datetime
) -> Sightings:
    """`known` updated with what was seen `at` this time; the same object if nothing changed."""
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
    """Whether seeing it active must be stored: it was inactive, or was deactivated from here since."""
    if not before.active or before.active_at is None:
        return True
    return deactivated_at is not None and deactivated_at > before.active_at


def expected(known: Sightings, deactivated: Deactivated) -> frozenset[int]:
    """The ids of connections that are inactive for a known reason."""
    return frozenset(
        number for number, seen in known.items() if _is_expected(seen, deactivated.get(number))
    )


def _is_expected(seen: Sighting, deactivated_at: datetime | None) -> bool:
    if seen.active_at is None:
        return True
    return deactivated_at is not None and deactivated_at >= seen.active_at
